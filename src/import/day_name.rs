//! Reads days that a report names without a date: `Thursday`, `Day 2`, `the next day`, `+1d`.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use super::vocabulary::WORDS;
use crate::token::{self, Languages, TimeUnit, digits, strip_phrase};

/// A day without a date, as a report names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DayName {
    /// The name, as written.
    pub text: String,
    meaning: Meaning,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// A day of the week.
    Weekday(Weekday),
    /// The day after that of the entry above.
    Next,
    /// The number of days after the first one.
    After(i64),
}

/// The days that a name is relative to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Days {
    /// The day that the times start on.
    pub first: Option<NaiveDate>,
    /// The day of the entry above, or the first one.
    pub current: Option<NaiveDate>,
    /// Whether there is an entry above.
    pub has_entry: bool,
}

impl DayName {
    /// Parses a name at the start of a text.
    pub fn leading(text: &str) -> Option<(Self, &str)> {
        let (meaning, rest) = next_day(text)
            .or_else(|| weekday(text))
            .or_else(|| numbered(text))?;
        let text = text.get(..text.len() - rest.len())?.trim().to_owned();
        Some((Self { text, meaning }, rest))
    }

    /// Parses a name before a time: `Thursday, 23:30`, `Next day 01:30`.
    pub fn before_time(text: &str) -> Option<(Self, &str)> {
        let (found, rest) = Self::leading(text)?;
        let rest = rest.trim_start_matches([',', ':', ' ', '-', '–', '—', '@']);
        let rest = rest.strip_prefix("at ").unwrap_or(rest);
        rest.starts_with(|c: char| c.is_ascii_digit() || c == '~')
            .then_some((found, rest))
    }

    /// Parses a name after a time: ` (+1d) x`, ` on Thursday: x`.
    ///
    /// Without brackets it must be followed by punctuation: `09:00 Thursday deploys start` names none.
    pub fn after_time(text: &str) -> Option<(Self, &str)> {
        let tail = text.trim_start();
        if let Some((inner, rest)) = tail
            .strip_prefix(['(', '['])
            .and_then(|inner| inner.split_once([')', ']']))
        {
            let inner = inner.trim();
            let (found, after) = Self::leading(inner).or_else(|| bare_number(inner))?;
            return after.trim().is_empty().then_some((found, rest));
        }
        let bare = tail.strip_prefix("on ").unwrap_or(tail);
        let (found, rest) = Self::leading(bare)?;
        let next = rest.trim_start();
        let is_sign = found.text.starts_with('+');
        (is_sign || next.is_empty() || next.starts_with([':', '-', '–', '—', '|']))
            .then_some((found, rest))
    }

    /// Returns `true` if a date is on this day of the week.
    pub fn is_weekday_of(&self, day: NaiveDate) -> bool {
        self.meaning == Meaning::Weekday(day.weekday())
    }

    /// Returns `true` for a name relative to the day of the entry above.
    pub fn is_next(&self) -> bool {
        self.meaning == Meaning::Next
    }

    /// Returns the date of this day, or `None` if it may be one of several.
    pub fn date(&self, days: Days) -> Option<NaiveDate> {
        let current = days.current?;
        match self.meaning {
            Meaning::Next => current.succ_opt(),
            Meaning::After(count) => days.first?.checked_add_signed(TimeDelta::days(count)),
            Meaning::Weekday(day) => {
                let ahead = day.days_since(current.weekday());
                // Far ahead of an entry it may be a day before it, in a list that is not sorted.
                let ahead = match (ahead, days.has_entry) {
                    (0..=3, _) | (4, true) => i64::from(ahead),
                    (_, true) => return None,
                    (_, false) => i64::from(ahead) - 7,
                };
                current.checked_add_signed(TimeDelta::days(ahead))
            }
        }
    }
}

/// Parses the longest phrase for the day after.
fn next_day(text: &str) -> Option<(Meaning, &str)> {
    let rests = { WORDS.next_day.iter() }.filter_map(|phrase| strip_phrase(text, phrase));
    let rest = rests.min_by_key(|rest| rest.len())?;
    let is_whole = !rest.starts_with(char::is_alphabetic);
    is_whole.then_some((Meaning::Next, rest))
}

/// Parses the name of a day of the week.
fn weekday(text: &str) -> Option<(Meaning, &str)> {
    let is_part = |c: char| c.is_alphabetic() || c == '-';
    let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    let day = token::weekday(word, Languages::All)?;
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    Some((Meaning::Weekday(day), rest))
}

/// Parses `Day 2`, `D+1` and `+1 day`.
fn numbered(text: &str) -> Option<(Meaning, &str)> {
    let mut words = WORDS.day_words.iter();
    let word = words.find_map(|word| strip_phrase(text, word)?.strip_prefix(' '));
    if let Some((count, rest)) = word.and_then(count) {
        let is_whole = !rest.starts_with(|c: char| c.is_alphanumeric() || c == ':');
        return (is_whole && count > 0).then_some((Meaning::After(count - 1), rest));
    }
    let sign = text.strip_prefix(['D', 'd']).unwrap_or(text);
    let (count, rest) = count(sign.strip_prefix('+')?)?;
    let bare = rest.trim_start();
    let tail = bare.trim_start_matches(char::is_alphabetic);
    let unit = bare.get(..bare.len() - tail.len()).unwrap_or_default();
    let is_day = TimeUnit::named(&unit.to_lowercase(), Languages::All) == Some(TimeUnit::Day);
    let rest = if is_day {
        Some(tail)
    } else {
        (sign.len() < text.len()).then_some(rest)
    }?;
    let is_whole = !rest.starts_with(|c: char| c.is_alphanumeric() || c == ':');
    is_whole.then_some((Meaning::After(count), rest))
}

/// Parses `+1`, which is a number of days only in brackets after a time.
fn bare_number(text: &str) -> Option<(DayName, &str)> {
    let (count, rest) = count(text.strip_prefix('+')?)?;
    let meaning = Meaning::After(count);
    let text = text.to_owned();
    rest.is_empty().then_some((DayName { text, meaning }, rest))
}

fn count(text: &str) -> Option<(i64, &str)> {
    let (number, rest) = digits(text)?;
    (number.len() < 3).then(|| Some((number.parse().ok()?, rest)))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(has_entry: bool) -> Days {
        Days {
            first: "2025-03-04".parse().ok(),
            current: "2025-03-05".parse().ok(),
            has_entry,
        }
    }

    #[test]
    fn the_day_beside_a_time_is_read() {
        for (text, expected) in [
            (" (+1d) x", Some("2025-03-05 | x")),
            (" (+1) x", Some("2025-03-05 | x")),
            (" +2 days x", Some("2025-03-06 | x")),
            (" (+2 Tage) x", Some("2025-03-06 | x")),
            (" (Thursday) x", Some("2025-03-06 | x")),
            (" on Thursday: x", Some("2025-03-06 |: x")),
            (" the next day - x", Some("2025-03-06 | - x")),
            (" [Day 2] x", Some("2025-03-05 | x")),
            (" Thursday deploys start", None),
            (" (Thursday deploys) start", None),
            (" on Thursdays: x", None),
            (" +1 x", None),
            (" (UTC) x", None),
        ] {
            let found = DayName::after_time(text).map(|(name, rest)| {
                let day = name.date(days(true)).expect(text);
                format!("{day} |{rest}")
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        }
        for (text, expected) in [
            ("Thursday, 23:30 x", Some("2025-03-06 | 23:30 x")),
            ("Fri. 01:30 x", Some("2025-03-07 | 01:30 x")),
            ("Next day 01:30 x", Some("2025-03-06 | 01:30 x")),
            ("D+2 01:30 x", Some("2025-03-06 | 01:30 x")),
            ("Day 3, 09:00 x", Some("2025-03-06 | 09:00 x")),
            ("Thursday was quiet", None),
            ("Days 09:00", None),
        ] {
            let found = DayName::before_time(text).map(|(name, rest)| {
                let day = name.date(days(true)).expect(text);
                format!("{day} | {rest}")
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_day_of_the_week_far_ahead_is_unclear_below_an_entry() {
        let date = |text: &str, has_entry| {
            let (name, _) = DayName::leading(text).expect(text);
            name.date(days(has_entry)).map(|day| day.to_string())
        };
        assert_eq!(date("Sunday", true).as_deref(), Some("2025-03-09"));
        assert_eq!(date("Tuesday", true), None);
        assert_eq!(date("Tuesday", false).as_deref(), Some("2025-03-04"));
        assert_eq!(date("Saturday", false).as_deref(), Some("2025-03-08"));
    }
}
