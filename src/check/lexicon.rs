//! The words that checks look for: the built-in English ones, and those that an archive adds.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, Match};
use chrono::NaiveTime;
use foldhash::{HashMap, HashMapExt};

use crate::config::CheckWords;
use crate::facts::labelled::Labels;
use crate::facts::number_words;
use crate::kind::Line;
use crate::moment::ABBREVIATIONS;
use crate::token::{Kind, NumberWords, Tokens};

mod class;

use class::CLASSES;
pub(super) use class::{Class, Classes};

/// The built-in words.
static BUILT_IN: LazyLock<CheckWords> =
    LazyLock::new(|| toml::from_str(include_str!("words.toml")).unwrap_or_default());

/// A list of words.
pub(super) type List = fn(&CheckWords) -> &Vec<Line>;

/// The words of an archive, prepared for searches.
pub struct Lexicon<'a> {
    added: &'a CheckWords,
    /// The classes of each word and phrase, by its tokens.
    known: HashMap<String, Known>,
    /// The offsets of time zones from UTC in minutes, by their abbreviations.
    zones: HashMap<String, i32>,
    numbers: Cow<'static, NumberWords>,
    /// The labels by which texts state durations and counts.
    pub(super) labels: Labels,
    placeholders: Option<AhoCorasick>,
    blame: Option<AhoCorasick>,
}

/// The classes of a word or a phrase.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    classes: Classes,
    /// The number of tokens of the longest phrase that begins with the word.
    longest: usize,
}

impl<'a> Lexicon<'a> {
    /// Prepares the built-in words and those that an archive adds.
    #[must_use]
    pub fn new(added: &'a CheckWords) -> Self {
        let search = |words: List| {
            let mut builder = AhoCorasick::builder();
            builder.ascii_case_insensitive(true);
            builder.kind(Some(AhoCorasickKind::DFA));
            builder.build(list(added, words)).ok()
        };
        let known = ABBREVIATIONS.iter();
        let known = known.filter_map(|(name, minutes)| Some(((*name).to_owned(), (*minutes)?)));
        let own = added.zones.0.iter();
        let own = own.map(|(name, minutes)| (name.to_lowercase(), *minutes));
        let mut lexicon = Self {
            added,
            known: HashMap::new(),
            zones: known.chain(own).collect(),
            numbers: number_words(added),
            labels: Labels::new(added),
            placeholders: search(|words| &words.placeholders),
            blame: search(|words| &words.blame),
        };
        for (class, words) in CLASSES {
            for word in list(added, *words) {
                lexicon.add(word, *class);
            }
        }
        lexicon
    }

    /// Adds a word or a phrase to a class.
    fn add(&mut self, word: &str, class: Class) {
        let tokens = Tokens::tokenize(word, &self.numbers);
        let Some(last) = tokens.len().checked_sub(1) else {
            return;
        };
        if last > 0 {
            let first = self.known.entry(key(&tokens, 0, 0)).or_default();
            first.longest = tokens.len().max(first.longest);
        }
        let known = self.known.entry(key(&tokens, 0, last)).or_default();
        known.classes.add(class);
    }

    /// Splits a text into tokens, of which each word and phrase of a list is one, and returns them with their classes.
    pub(super) fn read(&self, text: &str) -> (Tokens, Vec<Classes>) {
        let mut classes = Vec::with_capacity(text.len() / 5 + 2);
        let mut joined_at = Vec::new();
        let tokens = Tokens::tokenize(text, &self.numbers).joined(|tokens, at| {
            let known = self.known(&lower(tokens, at));
            let mut lengths = (2..=known.longest).rev();
            let is_phrase = |count: &usize| {
                !self
                    .known(&key(tokens, at, at + count - 1))
                    .classes
                    .is_empty()
            };
            let word = || tokens.kind(at) == Kind::Other && !self.classes_at(tokens, at).is_empty();
            let joined = lengths.find(is_phrase).or_else(|| word().then_some(1));
            joined_at.extend(joined.map(|_| classes.len()));
            let is_word = tokens.kind(at) == Kind::Word;
            classes.push(if is_word {
                known.classes
            } else {
                Classes::default()
            });
            joined
        });
        // The classes of a joined word are those of its text.
        for at in joined_at {
            if let Some(classes) = classes.get_mut(at) {
                *classes = self.classes_at(&tokens, at);
            }
        }
        (tokens, classes)
    }

    fn known(&self, text: &str) -> Known {
        self.known.get(text).copied().unwrap_or_default()
    }

    fn classes_at(&self, tokens: &Tokens, at: usize) -> Classes {
        let text = lower(tokens, at);
        // A phrase may be spaced in any way.
        if text.contains(char::is_whitespace) {
            let words: Vec<_> = text.split_whitespace().collect();
            return self.known(&words.join(" ")).classes;
        }
        self.known(&text).classes
    }

    /// Returns `false` if a text contains no number.
    pub(super) fn may_count(&self, text: &str) -> bool {
        crate::token::may_count(text, &self.numbers)
    }

    /// Returns the offset from UTC, in minutes, of the time zone with an abbreviation; `None` if it is unknown.
    pub(super) fn zone(&self, abbreviation: &str) -> Option<i32> {
        self.zones.get(abbreviation).copied()
    }

    /// Returns the time of day that a lowercase word names, such as `noon`.
    pub(super) fn time(&self, word: &str) -> Option<NaiveTime> {
        self.numbers.times.get(word).copied()
    }

    /// Returns `true` for a lowercase word before a duration that does not change it, such as `full`.
    pub(super) fn is_whole(&self, word: &str) -> bool {
        self.numbers.whole.iter().any(|whole| whole == word)
    }

    /// Returns the words of a list.
    pub(super) fn list(&self, words: List) -> impl Iterator<Item = &'a str> {
        list(self.added, words)
    }

    /// Returns `true` if a list has a word, in any case.
    pub(super) fn has(&self, words: List, word: &str) -> bool {
        has(self.added, words, word)
    }

    /// Returns `true` if a lowercase word is of a class.
    pub(super) fn is(&self, word: &str, class: Class) -> bool {
        self.known(word).classes.includes(class)
    }

    /// Returns `false` if a text contains none of the placeholders, in any case: a fast test before it is read.
    pub(super) fn may_have_placeholder(&self, text: &str) -> bool {
        let search = self.placeholders.as_ref();
        search.is_none_or(|search| search.is_match(text))
    }

    /// Returns the placeholder in a text that is first in the list.
    ///
    /// A single word is one in this case only: a text may be about a list of todos.
    pub(super) fn placeholder(
        &self,
        text: &str,
        is: impl Fn(usize, usize) -> bool,
    ) -> Option<&'a str> {
        let word = |index: usize| self.list(|words| &words.placeholders).nth(index);
        let index = first(self.placeholders.as_ref(), text, |found| {
            let word = word(found.pattern().as_usize());
            let is_exact =
                word.is_some_and(|word| word.contains(' ')) || word == text.get(found.range());
            is_exact && is(found.start(), found.end())
        });
        word(index?)
    }

    /// Returns the phrase of blame in a text that is first in the list.
    pub(super) fn blame(&self, text: &str, is: impl Fn(usize, usize) -> bool) -> Option<&'a str> {
        let index = first(self.blame.as_ref(), text, |found| {
            is(found.start(), found.end())
        })?;
        self.list(|words| &words.blame).nth(index)
    }
}

/// Returns the words of a list: the built-in ones, and those that an archive adds.
pub(super) fn list(added: &CheckWords, list: List) -> impl Iterator<Item = &str> {
    list(&BUILT_IN)
        .iter()
        .chain(list(added))
        .map(|word| &**word)
}

/// Returns `true` if a list has a word, in any case.
pub(super) fn has(added: &CheckWords, words: List, word: &str) -> bool {
    list(added, words).any(|other| other.eq_ignore_ascii_case(word))
}

/// Returns how many of some words are in a list, alone or in a phrase, in any case.
pub(super) fn count<'w>(list: impl Iterator<Item = &'w str>, words: &[&str]) -> usize {
    let mut listed = vec![false; words.len()];
    for entry in list {
        // Few entries begin as one of the words does.
        let begins = |word: &&str| {
            let start = entry.trim_start().get(..word.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        if !words.iter().any(begins) {
            continue;
        }
        let mut later = entry.split_whitespace();
        let Some(first) = later.next() else { continue };
        let is_first = |(_, word): &(usize, &&str)| word.eq_ignore_ascii_case(first);
        for (at, _) in words.iter().enumerate().filter(is_first) {
            let mut near = words.iter().skip(at + 1);
            let mut is_next = |other| {
                near.next()
                    .is_some_and(|word| word.eq_ignore_ascii_case(other))
            };
            if later.clone().all(&mut is_next) {
                let found = listed.iter_mut().skip(at);
                let found = found.take(1 + later.clone().count());
                found.for_each(|word| *word = true);
            }
        }
    }
    listed.into_iter().filter(|is_listed| *is_listed).count()
}

/// Returns the lowest index of a phrase that a text has where a test allows it.
fn first(search: Option<&AhoCorasick>, text: &str, is: impl Fn(&Match) -> bool) -> Option<usize> {
    // To find that there is none takes less than to find all that overlap.
    let search = search.filter(|search| search.is_match(text))?;
    let found = search.find_overlapping_iter(text).filter(is);
    found.map(|found| found.pattern().as_usize()).min()
}

/// Returns the text of a token in lowercase, with straight apostrophes.
fn lower(tokens: &Tokens, at: usize) -> Cow<'_, str> {
    let text = tokens.lower(at);
    if !text.is_ascii() && text.contains('’') {
        return text.replace('’', "'").into();
    }
    text.into()
}

/// Returns the key of a word or a phrase by its tokens.
fn key(tokens: &Tokens, first: usize, last: usize) -> String {
    let parts: Vec<_> = (first..=last).map(|at| lower(tokens, at)).collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_built_in_words_are_read() {
        let words = toml::from_str::<CheckWords>(include_str!("words.toml"));
        assert_eq!(words.map(|words| words.blame.is_empty()), Ok(false));
    }

    #[test]
    fn an_archive_adds_words() {
        let added =
            toml::from_str("incident = [\"Brownfield\"]\nblame = [\"was lazy\"]").expect("words");
        let lexicon = Lexicon::new(&added);
        assert!(lexicon.is("brownfield", Class::Incident) && lexicon.is("outage", Class::Incident));
        assert!(!lexicon.is("brownfield", Class::Users));
        assert_eq!(lexicon.blame("He was Lazy", |_, _| true), Some("was lazy"));
        assert_eq!(
            lexicon.blame("a careless error", |_, _| true),
            Some("careless")
        );
    }

    #[test]
    fn a_phrase_is_one_word_however_it_is_spaced() {
        let added =
            toml::from_str("users = [\"pay stations\", \"k8s hosts\", \"s3\"]").expect("words");
        let lexicon = Lexicon::new(&added);
        for (text, expected) in [
            ("40 pay stations failed", vec!["pay stations"]),
            ("40 Pay\n  stations failed", vec!["pay\n  stations"]),
            ("40 k8s hosts and s3 failed", vec!["k8s hosts", "s3"]),
            ("40 stations to pay at", vec![]),
        ] {
            let (tokens, classes) = lexicon.read(text);
            let users = (0..tokens.len()).filter(|at| classes[*at].includes(Class::Users));
            let users: Vec<_> = users.map(|at| tokens.word(at)).collect();
            assert_eq!(users, expected, "{text}");
        }
    }

    #[test]
    fn words_of_a_phrase_count_only_together() {
        let list = ["Pay stations", "rest"];
        for (words, expected) in [
            (["pay", "Stations", "other"], 2),
            (["pay", "other", "stations"], 0),
            (["the", "REST", "pay"], 1),
        ] {
            assert_eq!(count(list.into_iter(), &words), expected, "{words:?}");
        }
    }
}
