//! Patterns that cover the words of a clause.

use super::CUES;

/// A pattern of words.
#[derive(Debug, serde::Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern(Vec<Item>);

#[derive(Debug)]
enum Item {
    /// One of several words, which may be missing.
    Word(Vec<String>, bool),
    /// Up to four words of any kind.
    Some,
    /// Any rest.
    Rest,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        let items = text.split(' ').map(|item| match item {
            "*" => Item::Some,
            "..." => Item::Rest,
            word => {
                let bare = word.strip_suffix('?');
                let words = bare.unwrap_or(word).split('|').map(ToOwned::to_owned);
                Item::Word(words.collect(), bare.is_some())
            }
        });
        Self(items.collect())
    }
}

impl Pattern {
    /// Returns `true` if the pattern covers all words.
    pub(super) fn covers(&self, words: &[&str]) -> bool {
        covers(&self.0, words)
    }
}

fn covers(items: &[Item], words: &[&str]) -> bool {
    let Some((item, items)) = items.split_first() else {
        return words.is_empty();
    };
    match item {
        Item::Rest => true,
        Item::Some => (0..=4.min(words.len())).any(|count| {
            // A word before the phrase may make it a condition: `after the alert fired`.
            let (skipped, rest) = words.split_at(count);
            let is_plain = !skipped
                .iter()
                .any(|word| CUES.doubt_before.iter().any(|doubt| doubt == word));
            is_plain && covers(items, rest)
        }),
        Item::Word(choices, may_be_missing) => {
            let is_next = words.split_first().is_some_and(|(word, rest)| {
                choices.iter().any(|choice| choice == word) && covers(items, rest)
            });
            is_next || *may_be_missing && covers(items, words)
        }
    }
}
