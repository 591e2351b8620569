//! Reads a time of day at the start of a text, as people and logs write it.
//!
//! This is the one tolerant reader of times of day. Input files are read by the strict one, `moment::Written`.

use chrono::NaiveTime;

use super::time::{WORDS, weekday};
use super::{Languages, NumberWords};

/// The text in which a time of day is, which says what else is one besides `14:23`, `14:23:47`, `2:23 PM` and `2 pm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockStyle {
    /// Prose with other numbers and words.
    Prose,
    /// A message after words that announce a time: also `10.30`, `14h23`, `15 Uhr` and `noon`.
    Message,
    /// A text that somebody typed as a time: also `9:5` and `14,23`.
    Typed,
    /// The start of an entry in a report: also `1423`, `15h ` and `13 h 15`, but a bare `9.20` is a number.
    Report,
}

/// A time of day at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockTime {
    /// The time.
    pub at: NaiveTime,
    /// Whether it has seconds.
    pub has_seconds: bool,
    /// Its length, in bytes.
    pub end: usize,
}

/// The part of the day that a time of 12 hours is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DayHalf {
    Morning,
    Afternoon,
    /// Before midnight or after it.
    Night,
}

impl DayHalf {
    /// Returns the hour of 24, which a late one may be already: `17:14 PM`; `None` for another hour.
    fn hour(self, hour: u32) -> Option<u32> {
        let is_late = match self {
            Self::Morning => false,
            Self::Afternoon => true,
            Self::Night => (6..12).contains(&hour),
        };
        match hour {
            1..=12 => Some(hour % 12 + if is_late { 12 } else { 0 }),
            0 if !is_late => Some(0),
            13..=23 if self != Self::Morning => Some(hour),
            _ => None,
        }
    }
}

impl ClockTime {
    /// Reads the time of day at the start of a text.
    #[must_use]
    pub fn read(text: &str, style: ClockStyle) -> Option<Self> {
        if style.has_words()
            && let Some(named) = Self::named(text, NumberWords::english())
        {
            return Some(named);
        }
        let (typed, rest) = digits(text)?;
        if typed.len() == 4 && style == ClockStyle::Report {
            return Self::four_digits(text, typed, rest);
        }
        let hour = number(typed)?;
        let (minute, tail) = style.minute(typed, rest).unzip();
        let separator = rest.chars().next();
        let second = tail.and_then(|tail| style.second(separator, tail));
        let tail = second.map_or(tail, |(.., tail)| Some(tail));
        if tail.is_some_and(is_cut) {
            return None;
        }
        let rest = tail.unwrap_or(rest);
        if hour == 12
            && minute.is_none_or(|minute| minute == 0)
            && let Some(twelve) = Self::twelve(text, rest)
        {
            return Some(twelve);
        }
        let named = clock_word(rest, tail.is_some()).filter(|_| style.has_words());
        let half = tail.and_then(short_half);
        let half = half.or_else(|| day_half(named.unwrap_or(rest)));
        // `We paged 14 in the afternoon` has a count.
        let half = half.filter(|_| tail.is_some() || hour <= 12);
        let (hour, rest) = match half {
            Some((half, rest)) => match half.hour(hour) {
                Some(hour) => (hour, rest),
                // In `14:23 am Montag` it is another word.
                None if is_date(rest) => (hour, named.or(tail)?),
                None => return None,
            },
            None => (hour, named.or(tail)?),
        };
        let (seconds, nanos, _) = second.unwrap_or_default();
        let at = NaiveTime::from_hms_nano_opt(hour, minute.unwrap_or(0), seconds, nanos)?;
        let has_seconds = second.is_some();
        Some(Self {
            has_seconds,
            ..Self::new(at, text, rest)
        })
    }

    /// Reads the word of a time at the start of a text: `noon`.
    #[must_use]
    pub fn named(text: &str, words: &NumberWords) -> Option<Self> {
        let times = words.times.iter();
        let read = |word: &str| whole(strip_phrase(text, word)?);
        let found = times.filter_map(|(word, at)| Some(Self::new(*at, text, read(word)?)));
        found.max_by_key(|found| found.end)
    }

    /// Reads the word after `12` or `12:00`, which says whether that is noon or midnight.
    fn twelve(text: &str, rest: &str) -> Option<Self> {
        let tail = without_spaces(rest);
        let is_name = tail.starts_with(char::is_lowercase);
        let named = Self::named(tail, NumberWords::english()).filter(|_| is_name)?;
        Some(Self::new(named.at, text, tail.get(named.end..)?))
    }

    fn new(at: NaiveTime, text: &str, rest: &str) -> Self {
        let end = text.len() - rest.len();
        Self {
            at,
            has_seconds: false,
            end,
        }
    }

    /// Reads `1423`, which may be another number too.
    fn four_digits(text: &str, typed: &str, rest: &str) -> Option<Self> {
        let (hour, minute) = typed.split_at_checked(2)?;
        let at = NaiveTime::from_hms_opt(number(hour)?, number(minute)?, 0)?;
        let rest = clock_word(rest, true).unwrap_or(rest);
        let is_whole = !rest.starts_with(|c: char| c.is_alphanumeric() && c != 'Z');
        is_whole.then_some(Self::new(at, text, rest))
    }
}

impl ClockStyle {
    /// Returns `true` if words such as `noon` and `Uhr` make a time.
    fn has_words(self) -> bool {
        self != Self::Prose
    }

    /// Reads the minute after an hour: `:23`, `.23`, `h23`, ` h 23`.
    fn minute<'t>(self, hour: &str, rest: &'t str) -> Option<(u32, &'t str)> {
        if let Some(tail) = rest.strip_prefix('.') {
            let (minute, tail) = digits(tail).filter(|(minute, _)| minute.len() == 2)?;
            let is_named = if self.has_words() {
                day_half(tail).is_some() || clock_word(tail, false).is_some()
            } else {
                // `From 1.20 in the morning to 3.40` has numbers.
                half_sign(tail).is_some()
            };
            let is_time = match self {
                Self::Prose => false,
                // `09.12. Deploy` has a date.
                Self::Report => hour.len() == 2 && !tail.starts_with(['.', '%']),
                Self::Message | Self::Typed => !tail.starts_with('%'),
            };
            let is_whole =
                !tail.starts_with(char::is_alphanumeric) || clock_word(tail, true).is_some();
            return (is_named || is_time && is_whole).then(|| Some((number(minute)?, tail)))?;
        }
        let separators: &[char] = match self {
            Self::Prose => &[':'],
            Self::Typed => &[':', 'h', 'H', '時', ','],
            Self::Message | Self::Report => &[':', 'h', 'H', '時'],
        };
        if let Some(tail) = rest.strip_prefix(separators)
            && let Some((minute, tail)) = digits(tail)
        {
            let is_short = self == Self::Typed && rest.starts_with(':');
            let is_minute = minute.len() == 2 || is_short;
            return is_minute.then(|| Some((number(minute)?, tail)))?;
        }
        if self != Self::Report {
            return None;
        }
        let hour_alone = || rest.strip_prefix("h ").or_else(|| rest.strip_prefix('時'));
        spaced_h(rest).or_else(|| Some((0, hour_alone()?)))
    }

    /// Reads the second after a minute, and its nanoseconds; a typed one is after the same sign as the minute.
    fn second(self, separator: Option<char>, rest: &str) -> Option<(u32, u32, &str)> {
        let typed = separator.filter(|sign| self == Self::Typed && ".,".contains(*sign));
        let (second, rest) = digits(rest.strip_prefix(typed.unwrap_or(':'))?)?;
        let is_second = second.len() == 2 || self == Self::Typed && typed.is_none();
        let second = number(second).filter(|_| is_second)?;
        let fraction = rest.strip_prefix(['.', ',']).and_then(digits);
        let (nanos, rest) = match fraction {
            Some((fraction, rest)) => (format!("{fraction:0<9.9}").parse().ok()?, rest),
            None => (0, rest),
        };
        Some((second, nanos, rest))
    }
}

/// Returns `true` if a number goes on after what was read of it: `10:30.5`, `1:25:3`.
fn is_cut(rest: &str) -> bool {
    let rest = rest.strip_prefix(['.', ':']).unwrap_or(rest);
    rest.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns a rest with which a word has ended.
fn whole(rest: &str) -> Option<&str> {
    (!rest.starts_with(char::is_alphanumeric)).then_some(rest)
}

fn without_spaces(text: &str) -> &str {
    text.trim_start_matches(|c: char| c.is_whitespace() && c != '\n')
}

/// Strips a word after a time: `14:23 Uhr`, `1423 hrs`, `14時23分`; `15 hours` without a minute is a duration.
fn clock_word(rest: &str, has_minute: bool) -> Option<&str> {
    let tail = without_spaces(rest);
    let mut words = WORDS.after_hours.iter();
    let word = words.find_map(|word| whole(strip_phrase(tail, word)?));
    let mut units = WORDS.after_minutes.iter().filter(|_| has_minute);
    word.or_else(|| units.find_map(|unit| whole(tail.strip_prefix(unit.as_str())?)))
}

/// Returns `true` if a text goes on with a date or a day of the week.
fn is_date(rest: &str) -> bool {
    let tail = without_spaces(rest);
    let end = tail.find(|c: char| !c.is_alphabetic());
    let word = tail.get(..end.unwrap_or(tail.len())).unwrap_or_default();
    tail.starts_with(|c: char| c.is_ascii_digit()) || weekday(word, Languages::All).is_some()
}

/// Reads `AM`, `in the evening` and the like.
fn day_half(rest: &str) -> Option<(DayHalf, &str)> {
    let is_word = || without_spaces(rest).starts_with(char::is_lowercase);
    let words = || {
        let halves = [
            (DayHalf::Morning, &WORDS.morning),
            (DayHalf::Afternoon, &WORDS.afternoon),
            (DayHalf::Night, &WORDS.night),
        ];
        longest(rest, &halves)
    };
    half_sign(rest).or_else(|| is_word().then(words)?)
}

/// Reads `AM`, `p.m.` and the like.
fn half_sign(rest: &str) -> Option<(DayHalf, &str)> {
    let halves = [
        (DayHalf::Morning, &WORDS.am),
        (DayHalf::Afternoon, &WORDS.pm),
    ];
    longest(rest, &halves)
}

/// Reads the longest of the phrases for the halves of a day.
fn longest<'t>(rest: &'t str, halves: &[(DayHalf, &Vec<String>)]) -> Option<(DayHalf, &'t str)> {
    let tail = without_spaces(rest);
    // Most numbers have no letter after them.
    tail.chars().next().filter(|c| c.is_alphabetic())?;
    let phrases = halves.iter();
    let phrases = phrases.flat_map(|(half, words)| words.iter().map(|word| (*half, word)));
    let found = phrases.filter_map(|(half, word)| Some((half, whole(strip_phrase(tail, word)?)?)));
    found.min_by_key(|(_, rest)| rest.len())
}

/// Returns `true` if a text starts with a half of the day.
#[must_use]
pub fn has_day_half(text: &str) -> bool {
    day_half(text).is_some()
}

/// Reads the letter of a half of the day directly after a time: `12:28p`.
fn short_half(text: &str) -> Option<(DayHalf, &str)> {
    let rest = text.strip_prefix(['a', 'p'])?;
    let half = if text.starts_with('a') {
        DayHalf::Morning
    } else {
        DayHalf::Afternoon
    };
    let is_whole = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '.');
    is_whole.then_some((half, rest))
}

/// Reads the hour sign and the minute of a French time: the rest of `13 h 15` and of `15 h : reprise`.
fn spaced_h(rest: &str) -> Option<(u32, &str)> {
    let tail = rest.strip_prefix(' ')?.strip_prefix('h')?;
    let bare = tail.strip_prefix(' ')?;
    match digits(bare) {
        Some((minute, rest)) if minute.len() == 2 => Some((number(minute)?, rest)),
        Some(_) => None,
        // `5 h later` is a duration.
        None => bare.starts_with([':', '-', '–', '—']).then_some((0, tail)),
    }
}

/// Splits the digits off the start of a text.
#[must_use]
pub fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at_checked(end).filter(|_| end > 0)
}

/// Parses a number of one or two digits.
#[must_use]
pub fn number(digits: &str) -> Option<u32> {
    let is_number = digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// Strips a phrase in lowercase from the start of a text in any case and with any spaces.
#[must_use]
pub fn strip_phrase<'t>(text: &'t str, phrase: &str) -> Option<&'t str> {
    let mut chars = text.chars();
    for wanted in phrase.chars() {
        let found = chars.next()?;
        let is_same = found == wanted
            || found.to_lowercase().eq([wanted])
            || wanted == ' ' && found.is_whitespace();
        if !is_same {
            return None;
        }
    }
    Some(chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::ClockStyle::{Message, Prose, Report, Typed};
    use super::*;

    #[test]
    fn a_time_of_day_is_read_with_the_text_after_it() {
        let all: &[ClockStyle] = &[Prose, Message, Typed, Report];
        let (not_prose, none): (&[_], &[_]) = (&[Message, Typed, Report], &[]);
        for (text, expected, styles) in [
            ("14:23 x", "14:23 | x", all),
            ("9:05, x", "09:05 |, x", all),
            ("14:23:47.5 x", "14:23:47.500 | x", all),
            ("14:23:47,123 x", "14:23:47.123 | x", all),
            ("2:23 PM x", "14:23 | x", all),
            ("2 p.m. x", "14:00 | x", all),
            ("12:28p x", "12:28 | x", all),
            ("0:30 am", "00:30 |", all),
            ("12:05 a.m.", "00:05 |", all),
            ("17:14 PM", "17:14 |", all),
            ("3:30 in the afternoon", "15:30 |", all),
            ("9.20am x", "09:20 | x", all),
            // `am` is no half of a day in `14:23 am Montag`.
            ("14:23 am Montag", "14:23 | am Montag", all),
            ("14h23 x", "14:23 | x", not_prose),
            ("15 Uhr x", "15:00 | x", not_prose),
            ("9 Uhr abends", "21:00 |", not_prose),
            ("3 o'clock", "03:00 |", not_prose),
            ("Noon: x", "12:00 |: x", not_prose),
            ("12 noon x", "12:00 | x", all),
            ("09.20 x", "09:20 | x", not_prose),
            ("9.20 x", "09:20 | x", &[Message, Typed]),
            ("10.30.", "10:30 |.", &[Message, Typed]),
            ("9:5", "09:05 |", &[Typed]),
            ("14,23", "14:23 |", &[Typed]),
            ("1423 x", "14:23 | x", &[Report]),
            ("15h x", "15:00 |x", &[Report]),
            ("13 h 15 x", "13:15 | x", &[Report]),
            ("14時23分 x", "14:23 | x", not_prose),
            ("14.23.47", "14:23:47 |", &[Typed]),
            ("11:15 Midday batch", "11:15 | Midday batch", all),
            ("10:30 midnight", "10:30 | midnight", all),
            ("12:00 midnight", "00:00 |", all),
            ("12:30 Noon deploy", "12:30 | Noon deploy", all),
            ("14:23 Hours later", "14:23 | Hours later", all),
            ("14:30 H: x", "14:30 | H: x", all),
            ("9:30 Früh entdeckt", "09:30 | Früh entdeckt", all),
            ("1.20 in the morning", "01:20 |", not_prose),
            // A half of the day that contradicts the hour says nothing.
            ("13:00 am errors", "", none),
            ("00:15 pm", "", none),
            ("10.30%", "", none),
            ("1.25.3", "", none),
            ("10:30.5", "", none),
            ("25:00", "", none),
            ("14 in the afternoon", "", none),
            ("15 hours", "", none),
            ("nooners", "", none),
            ("2", "", none),
            ("", "", none),
        ] {
            for style in all {
                let read = ClockTime::read(text, *style).map(|found| {
                    let form = if found.has_seconds {
                        "%H:%M:%S%.f"
                    } else {
                        "%H:%M"
                    };
                    let (_, rest) = text.split_at(found.end);
                    format!("{} |{rest}", found.at.format(form))
                });
                let expected = styles.contains(style).then_some(expected);
                assert_eq!(read.as_deref(), expected, "{text} {style:?}");
            }
        }
        // In prose, `14:23 hours` may be a duration.
        let end = |style| ClockTime::read("14:23 hrs", style).map(|found| found.end);
        assert_eq!((end(Prose), end(Report)), (Some(5), Some(9)));
    }
}
