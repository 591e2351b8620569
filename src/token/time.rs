//! The words of dates and times. The English names of months and of days are those that `chrono` parses, and a few more.

use std::sync::LazyLock;

use chrono::{Month, Weekday};
use serde::Deserialize;

use super::Languages;
use super::clock::strip_phrase;

/// The words of dates and times. A test parses them, so they are never empty.
pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("time.toml")).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Words {
    months: Vec<Vec<String>>,
    weekdays: Vec<Vec<String>>,
    short_weekdays: Vec<String>,
    about: Vec<String>,
    pub after_hours: Vec<String>,
    pub after_minutes: Vec<String>,
    pub am: Vec<String>,
    pub pm: Vec<String>,
    pub morning: Vec<String>,
    pub afternoon: Vec<String>,
    pub night: Vec<String>,
}

/// Returns the index of the names that have a word.
fn index(names: &[Vec<String>], word: &str, languages: Languages) -> Option<u8> {
    let word = (languages == Languages::All).then(|| word.to_lowercase())?;
    let index = names.iter().position(|names| names.contains(&word))?;
    u8::try_from(index).ok()
}

/// Returns the month that a word names, in full or shortened, in any case.
#[must_use]
pub fn month(word: &str, languages: Languages) -> Option<Month> {
    let is_sept = word.eq_ignore_ascii_case("sept");
    let english = if is_sept { "sep" } else { word }.parse();
    let other = || Month::try_from(index(&WORDS.months, word, languages)? + 1).ok();
    english.ok().or_else(other)
}

/// Returns the day of the week that a word names, in full or shortened, in any case.
#[must_use]
pub fn weekday(word: &str, languages: Languages) -> Option<Weekday> {
    let longer = ["tues", "weds", "thur", "thurs"];
    let is_longer = longer.iter().any(|name| word.eq_ignore_ascii_case(name));
    let english = if is_longer { word.get(..3)? } else { word }.parse();
    let other = || Weekday::try_from(index(&WORDS.weekdays, word, languages)?).ok();
    english.ok().or_else(other)
}

/// Returns `true` if a word beside a date may be a day of the week: `So`, `Mar`.
#[must_use]
pub fn may_be_weekday(word: &str) -> bool {
    weekday(word, Languages::All).is_some() || WORDS.short_weekdays.contains(&word.to_lowercase())
}

/// Parses the number of a day in a date: `4`, `04.`, `4th`, `1er`.
#[must_use]
pub fn day_number(word: &str) -> Option<u32> {
    let word = word.trim_end_matches([',', '.']);
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic() || matches!(c, 'º' | '°'));
    let ordinal = matches!(
        word.get(digits.len()..).unwrap_or_default(),
        "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "°"
    );
    let is_short = (1..=2).contains(&digits.len());
    (ordinal && is_short).then(|| digits.parse().ok())?
}

/// Strips a word for "about" from the start of a text, in any case; returns whether there was one.
#[must_use]
pub fn strip_about(text: &str) -> (bool, &str) {
    let mut words = WORDS.about.iter();
    let rest = words.find_map(|word| strip_phrase(text, word));
    (rest.is_some(), rest.map_or(text, str::trim_start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_and_days_are_named_in_several_languages() {
        let words = toml::from_str::<Words>(include_str!("time.toml")).expect("words");
        assert_eq!((words.months.len(), words.weekdays.len()), (12, 7));
        for (word, english, all) in [
            ("Sept", Some(9), Some(9)),
            ("march", Some(3), Some(3)),
            ("März", None, Some(3)),
            ("out", None, Some(10)),
            ("", None, None),
        ] {
            let number = |languages| month(word, languages).map(|month| month.number_from_month());
            assert_eq!(number(Languages::English), english, "{word}");
            assert_eq!(number(Languages::All), all, "{word}");
        }
        assert_eq!(weekday("Tues", Languages::English), Some(Weekday::Tue));
        assert_eq!(weekday("Sonntag", Languages::All), Some(Weekday::Sun));
        assert_eq!(weekday("so", Languages::All), None);
        assert!(may_be_weekday("So") && !may_be_weekday("soon"));
    }
}
