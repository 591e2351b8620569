//! Patterns of words, as `cues.toml` writes them.

use super::{CUES, is_tail};

/// A pattern of words.
#[derive(Debug, serde::Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern(Vec<Item>);

#[derive(Debug)]
enum Item {
    /// One of several words, which may be missing.
    Word(Vec<String>, bool),
    /// One word of any kind, which may be missing.
    Any(bool),
    /// A number, which may be missing.
    Number(bool),
    /// A word of a set, which may be missing.
    Set(String, bool),
    /// Nothing, or words that take nothing back.
    Tail,
    /// One to four words for all that was affected.
    Subject,
    /// Up to four words of any kind.
    Some,
    /// Any rest.
    Rest,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        let items = text.split(' ').map(|item| match item {
            "&" => Item::Subject,
            "*" => Item::Some,
            "..." => Item::Rest,
            "~" => Item::Tail,
            "_" | "_?" => Item::Any(item.len() > 1),
            "#" | "#?" => Item::Number(item.len() > 1),
            set if set.starts_with('$') => {
                let name = set.trim_matches(['$', '?']);
                Item::Set(name.to_owned(), set.ends_with('?'))
            }
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
    pub fn covers(&self, words: &[&str]) -> bool {
        covers(&self.0, words)
    }
}

/// Returns `true` if the next word fits or may be missing, and the other items cover the words after it.
fn next(items: &[Item], words: &[&str], may_be_missing: bool, fits: impl Fn(&str) -> bool) -> bool {
    let is_next =
        { words.split_first() }.is_some_and(|(word, rest)| fits(word) && covers(items, rest));
    is_next || may_be_missing && covers(items, words)
}

fn covers(items: &[Item], words: &[&str]) -> bool {
    let Some((item, items)) = items.split_first() else {
        return words.is_empty();
    };
    match item {
        Item::Rest => true,
        Item::Subject => (1..=4.min(words.len())).any(|count| {
            let (subject, rest) = words.split_at(count);
            let is_subject = |word: &&str| CUES.subjects.iter().any(|known| known == word);
            subject.iter().all(is_subject) && covers(items, rest)
        }),
        Item::Some => (0..=4.min(words.len())).any(|count| {
            // A word before the phrase may make it a condition: `after the alert fired`.
            let (skipped, rest) = words.split_at(count);
            let is_plain = !skipped
                .iter()
                .any(|word| CUES.doubt_before.iter().any(|doubt| doubt == word));
            is_plain && covers(items, rest)
        }),
        Item::Tail => is_tail(words),
        Item::Any(may_be_missing) => next(items, words, *may_be_missing, |_| true),
        Item::Number(may_be_missing) => next(items, words, *may_be_missing, |word| {
            word.bytes().all(|byte| byte.is_ascii_digit())
        }),
        Item::Set(name, may_be_missing) => {
            let set = CUES.sets.get(name).map(Vec::as_slice).unwrap_or_default();
            next(items, words, *may_be_missing, |word| {
                set.iter().any(|known| known == word)
            })
        }
        Item::Word(choices, may_be_missing) => next(items, words, *may_be_missing, |word| {
            choices.iter().any(|choice| choice == word)
        }),
    }
}
