//! Finds what a report says of an incident that is not over.

use super::draft::Draft;
use super::statement::open_part;
use super::vocabulary::{SummaryLabel, WORDS};
use super::words::{bare_heading, folded, labelled, plain_label};
use crate::incident::Status;
use crate::timeline::Mark;

/// What says that the incident is not over.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Open {
    /// The words, in the form used for lookups.
    pub phrase: String,
    /// The status that they name.
    pub status: Option<Status>,
}

impl Open {
    fn new(phrase: &str) -> Self {
        Self {
            phrase: folded(phrase),
            status: WORDS.values.status.get(phrase),
        }
    }
}

/// Returns what says that the incident is not over: the title, a label, the newest event, or the prose of the summary.
///
/// Other sections tell of the past, and of what is done afterwards: `Next steps: we continue to monitor`.
pub(super) fn said_open(draft: &Draft, heading: &str, text: &str) -> Option<Open> {
    let unread = || {
        let parts = draft.unmapped.iter();
        parts.filter(|part| ["Heading", "Incident Summary"].contains(&part.section.as_str()))
    };
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let label = || {
        let lines = unread().flat_map(|part| part.text.lines());
        lines.chain(headings).find_map(state_of_label)
    };
    if let Some(state) = state_in_title(heading)
        .or_else(|| last_stage(draft))
        .or_else(label)
        .or_else(|| state_below_heading(text))
    {
        return Some(Open::new(state));
    }
    // What the report says of a time before its end is no longer true.
    if has_end(draft) {
        return None;
    }
    let last = draft.events.last().map(|entry| &*entry.event.text);
    let texts = [
        Some(&*draft.incident.title),
        draft.incident.summary.as_deref(),
        last,
    ];
    let unread = unread().map(|part| part.text.as_str());
    { texts.into_iter().flatten().chain(unread) }
        .find_map(open_part)
        .map(|phrase| Open::new(&phrase))
}

/// Returns the line and the value of a label that names a status which is not known.
pub(super) fn unknown_status(draft: &Draft) -> Option<(usize, String)> {
    draft.unmapped.iter().find_map(|part| {
        let found = labelled(&part.text).or_else(|| plain_label(&part.text))?;
        let is_status = WORDS.labels.summary.get(found.label) == Some(SummaryLabel::Status);
        is_status.then(|| (part.line, found.value.to_owned()))
    })
}

/// Returns `true` if the report states its end, or a label says that there was one: `resolved: true`.
fn has_end(draft: &Draft) -> bool {
    let marks = [Mark::Resolved, Mark::Ended];
    let mut marked = draft.events.iter().flat_map(|entry| &entry.event.marks);
    let is_confirmed = |text: &str| {
        let found = labelled(text).or_else(|| plain_label(text));
        found.is_some_and(|found| {
            let mark = WORDS.labels.marks.get(found.label);
            mark.is_some_and(|mark| marks.contains(&mark))
                && WORDS.yes.contains(&folded(found.value))
        })
    };
    draft.facts.ended.is_some()
        || marked.any(|mark| marks.contains(mark))
        || marks
            .iter()
            .any(|mark| draft.incident.times.get(*mark).is_some())
        || draft.unmapped.iter().any(|part| is_confirmed(&part.text))
}

/// Returns `true` for the value of an end or a duration that is not over: `ongoing`, `TBD`.
pub(super) fn is_open_value(value: &str) -> bool {
    let folded = folded(value);
    is_open_state(value)
        || open_part(value).is_some()
        || WORDS.open_values.iter().any(|phrase| {
            let rest = folded.strip_prefix(phrase.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        })
}

fn is_open_state(text: &str) -> bool {
    WORDS.values.status.get(text).is_some_and(Status::is_open)
}

/// Returns the state that a bold line or a heading states: `**Current status: Monitoring**`, `## Status: Ongoing`.
fn state_of_label(line: &str) -> Option<&str> {
    let found = plain_label(line.trim_matches(['#', '*', '_', ' ']))?;
    let is_status = WORDS.labels.summary.get(found.label) == Some(SummaryLabel::Status);
    (is_status && is_open_state(found.value)).then_some(found.value)
}

/// Returns the state that the text below a heading states: `## Status`, `Monitoring the situation.`
fn state_below_heading(text: &str) -> Option<&str> {
    let mut lines = text.lines();
    lines.find(|line| {
        let title = bare_heading(line.trim_start_matches('#'));
        line.starts_with('#') && WORDS.labels.summary.get(title) == Some(SummaryLabel::Status)
    })?;
    let below = lines.find(|line| !line.trim().is_empty())?;
    let state = below.split(". ").find_map(state_of_sentence);
    state.filter(|state| is_open_state(state))
}

/// Returns the state that a sentence is, or starts with: `Monitoring the situation`.
fn state_of_sentence(sentence: &str) -> Option<&str> {
    let sentence = sentence.trim_matches(['*', '_', '.', ' ']);
    let first = sentence.split([' ', ',']).next();
    let first = first.filter(|word| word.ends_with("ing"));
    let mut texts = [Some(sentence), first].into_iter().flatten();
    texts.find(|text| WORDS.values.status.get(text).is_some())
}

/// Returns the state in a title: `[Ongoing] Printers offline`.
fn state_in_title(title: &str) -> Option<&str> {
    let mut parts = title.split(['[', ']', '(', ')', ':']);
    parts.find(|part| part.len() < title.len() && is_open_state(part))
}

/// Returns the stage of an update of a status page: `Resolved` of `Resolved: all printers work`.
pub(super) fn stage(text: &str) -> Option<&str> {
    let (stage, _) = text.split_once(':')?;
    let is_stage = WORDS.update_stages.contains(&folded(stage));
    is_stage.then_some(stage)
}

/// Returns `true` if all events are updates of a status page.
pub(super) fn are_updates(draft: &Draft) -> bool {
    let mut events = draft.events.iter();
    !draft.events.is_empty() && events.all(|entry| stage(&entry.event.text).is_some())
}

/// Returns the stage of the newest update of a status page, if the incident is not over.
///
/// The stage `Update` is that of the update before it.
fn last_stage(draft: &Draft) -> Option<&str> {
    let mut newest = draft.events.iter().rev();
    let found = newest.find_map(|entry| {
        let stage = stage(&entry.event.text)?;
        WORDS.values.status.get(stage).map(|_| stage)
    })?;
    (are_updates(draft) && is_open_state(found)).then_some(found)
}
