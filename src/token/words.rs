//! The words that numbers and durations are written with.

use std::sync::LazyLock;

use chrono::NaiveTime;
use foldhash::HashMap;
use serde::Deserialize;

use super::{Languages, TimeUnit};

/// The English words. A test parses them, so they are never empty.
static ENGLISH: LazyLock<NumberWords> =
    LazyLock::new(|| toml::from_str(include_str!("words.toml")).unwrap_or_default());

/// The English words, with the units of all languages.
static ALL: LazyLock<NumberWords> = LazyLock::new(|| ENGLISH.clone().and_all_languages());

/// The words that numbers and durations are written with, in lowercase.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NumberWords {
    /// The numbers, by their words.
    pub numbers: HashMap<String, u64>,
    /// The times of day, by their words.
    pub times: HashMap<String, NaiveTime>,
    /// The units of time, by words that are not those of [`TimeUnit::named`].
    #[serde(skip)]
    pub units: HashMap<String, TimeUnit>,
    /// Words that form a larger number with the next number word.
    pub multiples: Vec<String>,
    /// Words before `an hour` as a duration.
    pub measuring: Vec<String>,
    /// Words between `an` and `hour` that do not change how long it is.
    pub whole: Vec<String>,
    /// The languages of units, and of what is between numbers.
    #[serde(skip)]
    pub(super) languages: Languages,
}

impl NumberWords {
    /// Returns the English words.
    #[must_use]
    pub fn english() -> &'static Self {
        &ENGLISH
    }

    /// Returns the unit of time that a word means.
    #[must_use]
    pub fn unit(&self, word: &str) -> Option<TimeUnit> {
        let own = || self.units.get(&word.to_lowercase()).copied();
        TimeUnit::named(word, self.languages).or_else(own)
    }

    /// Returns the English words, with which durations in all languages are parsed: `1,5 Stunden`, `1時間5分`.
    #[must_use]
    pub fn in_all_languages() -> &'static Self {
        &ALL
    }

    /// Adds the units of all languages.
    #[must_use]
    pub fn and_all_languages(self) -> Self {
        Self {
            languages: Languages::All,
            ..self
        }
    }

    /// Parses the word for a number, such as `seventeen` and `twenty-five`.
    pub(super) fn number(&self, word: &str) -> Option<u64> {
        // Most words have no hyphen, and are shorter than what it takes to set up a search for one.
        if !word.bytes().any(|byte| byte == b'-') {
            return self.single(word);
        }
        let (tens, ones) = word.split_once('-')?;
        let ones = self.single(ones).filter(|ones| *ones < 10)?;
        Some(self.single(tens).filter(|tens| is_tens(*tens))? + ones)
    }

    /// Returns `true` if a word forms a larger number with the next one, as `hundred` and `twenty` do.
    pub(super) fn continues(&self, word: &str) -> bool {
        has(&self.multiples, word) || self.single(word).is_some_and(is_tens)
    }

    fn single(&self, word: &str) -> Option<u64> {
        // The shortest and the longest built-in word have 3 and 9 bytes, and most words of a text need no lookup.
        if word.len() < 3 || !word.starts_with(char::is_alphabetic) {
            return None;
        }
        if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return self.numbers.get(&word.to_ascii_lowercase()).copied();
        }
        self.numbers.get(word).copied()
    }
}

/// Returns `true` for a number such as 20 and 90, whose word is followed by that of a smaller one.
fn is_tens(number: u64) -> bool {
    (20..100).contains(&number) && number.is_multiple_of(10)
}

/// Returns `true` if a list has a word, in any case.
pub(super) fn has(list: &[String], word: &str) -> bool {
    list.iter().any(|other| other.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_in_words() {
        let english = toml::from_str::<NumberWords>(include_str!("words.toml")).expect("words");
        for (word, number) in [
            ("one", Some(1)),
            ("Twelve", Some(12)),
            ("seventeen", Some(17)),
            ("forty", Some(40)),
            ("twenty-five", Some(25)),
            ("ninety-nine", Some(99)),
            ("twenty-ten", None),
            ("five-twenty", None),
            ("hundred", None),
            ("tenth", None),
        ] {
            assert_eq!(english.number(word), number, "{word}");
        }
    }
}
