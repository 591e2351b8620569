//! Finds what a report says of an incident that is not over.

use super::draft::Draft;
use super::vocabulary::WORDS;
use super::words::folded;
use crate::incident::Status;

/// Returns the phrase by which the report says that the incident is not over.
pub(super) fn said_open(draft: &Draft, heading: &str) -> Option<String> {
    if let Some(state) = state_in_title(heading).or_else(|| last_stage(draft)) {
        return Some(folded(state));
    }
    let last = draft.events.last().map(|entry| &*entry.event.text);
    let summary = draft.incident.summary.as_deref();
    { [Some(&*draft.incident.title), summary, last] }
        .into_iter()
        .flatten()
        .flat_map(|text| text.split(['.', ';', '!', '\n']))
        .find_map(open_phrase)
}

/// Returns the phrase of a sentence that says that the incident is not over.
///
/// A claim, a dispute or a ticket may stay open for longer.
fn open_phrase(sentence: &str) -> Option<String> {
    let text = format!(" {} ", folded(sentence));
    let padded = |phrase: &String| format!(" {phrase} ");
    let mut whole = WORDS.open.iter().map(padded);
    if let Some(phrase) = whole.find(|phrase| text.contains(phrase)) {
        return Some(phrase);
    }
    { WORDS.open_states.iter() }.map(padded).find(|phrase| {
        text.split_once(phrase).is_some_and(|(before, _)| {
            let is_verb = |word: &&str| matches!(*word, "is" | "are" | "was" | "has" | "been");
            let before: Vec<&str> = before.split_whitespace().collect();
            let subject = before.iter().rev().find(|word| !is_verb(word));
            let subjects = before.iter().take(2).chain(subject);
            before.is_empty() || { subjects }
                .any(|word| WORDS.open_subjects.iter().any(|subject| subject == word))
        })
    })
}

/// Returns `true` for the value of an end or a duration that is not over: `ongoing`, `TBD`.
pub(super) fn is_open_value(value: &str) -> bool {
    let folded = folded(value);
    is_open_state(value)
        || WORDS.open_values.iter().any(|phrase| {
            let rest = folded.strip_prefix(phrase.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
}

fn is_open_state(text: &str) -> bool {
    WORDS.values.status.get(text).is_some_and(Status::is_open)
}

/// Returns the state in a title: `[Ongoing] Printers offline`.
fn state_in_title(title: &str) -> Option<&str> {
    let mut parts = title.split(['[', ']', '(', ')', ':']);
    parts.find(|part| part.len() < title.len() && is_open_state(part))
}

/// Returns the stage of the newest update of a status page.
fn last_stage(draft: &Draft) -> Option<&str> {
    let stage = |text: &'_ str| -> Option<usize> {
        let (stage, _) = text.split_once(':')?;
        WORDS
            .update_stages
            .contains(&folded(stage))
            .then_some(stage.len())
    };
    let mut events = draft.events.iter();
    let last = &*draft.events.last()?.event.text;
    let are_updates = events.all(|entry| stage(&entry.event.text).is_some());
    let found = last.get(..stage(last)?)?;
    (are_updates && is_open_state(found)).then_some(found)
}
