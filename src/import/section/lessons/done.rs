//! Finds the status that a sentence or a word before action items states.

use super::super::super::block::{Block, Kind};
use super::super::super::vocabulary::WORDS;
use super::super::super::words::folded;
use crate::incident::Progress;

/// The status that a line above a list states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Above {
    pub status: Progress,
    /// Whether the line says nothing else.
    pub is_whole: bool,
}

/// Returns the status of the items below a line: `**Completed**`, `We have already taken these measures:`.
pub(super) fn stated_above(block: &Block) -> Option<Above> {
    let text = Some(block.text.trim()).filter(|_| block.kind == Kind::Paragraph)?;
    let bare = text.trim_matches(['*', '_', ':', '：', ' ']);
    let whole = WORDS.values.progress.get(bare);
    let is_lead = text.trim_end_matches(['*', '_']).ends_with([':', '：']);
    let told = || is_done(bare).then_some(Progress::Done).filter(|_| is_lead);
    Some(Above {
        status: whole.or_else(told)?,
        is_whole: whole.is_some(),
    })
}

/// Strips the status before an action: `Completed: Remove the query`. `Open: the door` states none.
pub(super) fn in_front(text: &str) -> (Option<Progress>, &str) {
    let found = text.split_once(':').and_then(|(word, rest)| {
        let status = WORDS.values.progress.get(word.trim_matches('*'))?;
        let is_word = status != Progress::Planned && word.contains(char::is_alphabetic);
        is_word.then(|| (Some(status), rest.trim_start_matches(['*', ' '])))
    });
    found
        .filter(|(_, rest)| !rest.is_empty())
        .unwrap_or((None, text))
}

/// Returns `Done` for an action that is told as done: `We have rolled back the change`.
pub(super) fn told(action: &str) -> Option<Progress> {
    let text = folded(action);
    let mut starts = WORDS.perfect_starts.iter();
    let is_told = starts.any(|start| text.starts_with(start.as_str()));
    let words: Vec<&str> = text.split(' ').collect();
    let is_past = matches!(words.as_slice(), ["we" | "i", verb, rest @ ..]
        if verb.ends_with("ed") && is_participle(verb) && !rest.iter().any(|word| is(&WORDS.not_done, word)));
    (is_told && is_done(action) || is_past).then_some(Progress::Done)
}

fn is(list: &[String], word: &str) -> bool {
    list.iter().any(|known| known == word)
}

/// Returns `true` for a verb of completed work in its past form.
fn is_participle(word: &str) -> bool {
    word.ends_with("ed") && !is(&WORDS.unfinished, word) || is(&WORDS.participles, word)
}

/// Returns `true` for a sentence in the perfect tense about completed work.
fn is_done(text: &str) -> bool {
    let text = folded(text);
    let words: Vec<&str> = text.split(' ').collect();
    if words.iter().any(|word| is(&WORDS.not_done, word)) {
        return false;
    }
    let is_perfect = words.iter().enumerate().any(|(at, word)| {
        let mut after = words
            .iter()
            .skip(at + 1)
            .skip_while(|word| is(&WORDS.between_perfect, word));
        is(&WORDS.perfect_verbs, word) && after.next().is_some_and(|word| is_participle(word))
    });
    is_perfect
        || WORDS
            .done_phrases
            .iter()
            .any(|phrase| text.contains(phrase.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_above_a_list_may_say_that_its_items_are_done() {
        for text in [
            "We have already implemented the following measures:",
            "The following changes have been made:",
            "We've put these in place:",
            "Folgende Maßnahmen wurden bereits umgesetzt:",
            "**Completed**",
            "Done:",
        ] {
            let status = above(text);
            assert_eq!(status, Some(Progress::Done), "{text}");
        }
        for text in [
            "We will be implementing the following changes:",
            "We have planned the following changes:",
            "We have not implemented these:",
            "Once we have implemented the cache:",
            "We have to do this:",
            "We have several plans:",
            "We have implemented the cache.",
            "Actions:",
        ] {
            assert_eq!(above(text), None, "{text}");
        }
        assert_eq!(above("In progress:"), Some(Progress::InProgress));
    }

    fn above(text: &str) -> Option<Progress> {
        let blocks = crate::import::block::blocks(text);
        blocks
            .first()
            .and_then(stated_above)
            .map(|found| found.status)
    }

    #[test]
    fn an_action_may_be_told_as_done() {
        for (text, expected) in [
            ("We have rolled back the change.", true),
            ("We've since rewritten the check", true),
            ("We tweaked the limit", true),
            ("We added an alert", true),
            ("We needed an alert", false),
            ("We run a drill", false),
            ("We have to roll back", false),
            ("We have started a review", false),
            ("We are adding monitoring.", false),
            ("Check that all hosts have been upgraded", false),
        ] {
            assert_eq!(told(text).is_some(), expected, "{text}");
        }
        assert_eq!(
            in_front("Completed: Remove it"),
            (Some(Progress::Done), "Remove it")
        );
        assert_eq!(in_front("Open: the door"), (None, "Open: the door"));
        assert_eq!(in_front("Fix: the door"), (None, "Fix: the door"));
    }
}
