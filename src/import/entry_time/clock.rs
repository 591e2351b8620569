//! Parses times of day as reports write them: of 12 hours or 24, with colons, points, `h` or four digits.

use super::super::calendar::calendar_day;
use super::super::vocabulary::{DayHalf, WORDS};
use super::super::zone;
use crate::moment::TimeOfDay;

/// Parses the time of day at the start of a text: `14:23`, `14:23:47`, `2:23 PM`, `14h23`, `1423 UTC`.
///
/// `dated` says that a date is before it, so that four digits are a time.
pub(super) fn time_of_day(text: &str, dated: bool) -> Option<(TimeOfDay, &str)> {
    for noon in ["Noon", "noon", "12 noon", "12:00 noon"] {
        if let Some(rest) = text.strip_prefix(noon)
            && !rest.starts_with(char::is_alphanumeric)
        {
            let at = chrono::NaiveTime::from_hms_opt(12, 0, 0)?;
            return Some((TimeOfDay { at, seconds: false }, rest));
        }
    }
    let (hour, rest) = digits(text)?;
    if hour.len() == 4 {
        return four_digits(hour, rest, dated);
    }
    let hour = number(hour)?;
    let mut rest = rest;
    let (mut minute, mut second) = (None, None);
    let mut nanos = 0;
    let after = |rest: &'_ str, separators: &[char]| -> Option<(u32, usize)> {
        let tail = rest.strip_prefix(separators)?;
        let (digits, _) = digits(tail)?;
        let length = rest.len() - tail.len() + digits.len();
        (digits.len() == 2).then(|| Some((number(digits)?, length)))?
    };
    // `9.20am` has a time, and so has `09.20`; a bare `9.20` is a number.
    let is_dotted = rest.starts_with('.')
        && (text.len() - rest.len() == 2
            || rest.get(3..).is_some_and(|rest| day_half(rest).0.is_some()));
    let separators: &[char] = if is_dotted {
        &['.']
    } else {
        &[':', 'h', '時']
    };
    if let Some((found, length)) = after(rest, separators) {
        minute = Some(found);
        rest = rest.get(length..)?;
        let goes_on = rest.starts_with(|c: char| c == '.' || c == '%' || c.is_alphanumeric());
        if is_dotted && goes_on && day_half(rest).0.is_none() {
            return None;
        }
        if let Some((found, length)) = after(rest, &[':']) {
            second = Some(found);
            rest = rest.get(length..)?;
            if let Some(tail) = rest.strip_prefix('.')
                && let Some((fraction, tail)) = digits(tail)
            {
                nanos = format!("{fraction:0<9.9}").parse().ok()?;
                rest = tail;
            }
        }
        if rest.starts_with(|c: char| c.is_ascii_digit())
            || rest
                .strip_prefix(':')
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            return None;
        }
    } else if let Some((found, tail)) = after_spaced_h(rest) {
        minute = Some(found);
        rest = tail;
    } else if let Some(tail) = rest.strip_prefix("h ").or_else(|| rest.strip_prefix('時')) {
        minute = Some(0);
        rest = tail;
    }
    let (half, tail) = match short_half(rest).filter(|_| minute.is_some()) {
        Some((half, tail)) => (Some(half), tail),
        None => day_half(rest),
    };
    let hour = match half {
        None => {
            minute?;
            hour
        }
        Some(half) => half.hour(hour)?,
    };
    let at = chrono::NaiveTime::from_hms_nano_opt(
        hour,
        minute.unwrap_or(0),
        second.unwrap_or(0),
        nanos,
    )?;
    let time = TimeOfDay {
        at,
        seconds: second.is_some(),
    };
    let rest = if half.is_some() {
        tail
    } else {
        strip_clock_word(rest)
    };
    Some((time, rest))
}

/// Parses `1423 UTC`, `1423Z`, and `1423` after a date.
fn four_digits<'t>(text: &str, rest: &'t str, dated: bool) -> Option<(TimeOfDay, &'t str)> {
    let (hour, minute) = text.split_at_checked(2)?;
    let bare = strip_clock_word(rest);
    let is_time = dated || bare.len() < rest.len() || zone::leading(rest).is_some();
    let at = chrono::NaiveTime::from_hms_opt(number(hour)?, number(minute)?, 0)?;
    (is_time && !bare.starts_with(|c: char| c.is_alphanumeric() && c != 'Z'))
        .then_some((TimeOfDay { at, seconds: false }, bare))
}

/// Strips a word after a time: `14:23 Uhr`, `1423 hrs`, `14時23分`.
fn strip_clock_word(rest: &str) -> &str {
    let tail = rest.trim_start();
    let words = ["Uhr", "uhr", "hrs", "Hrs", "hours", "h", "分"];
    words
        .iter()
        .filter_map(|word| tail.strip_prefix(word))
        .find(|tail| !tail.starts_with(char::is_alphanumeric))
        .unwrap_or(rest)
}

pub(in super::super) fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at_checked(end)
        .filter(|(digits, _)| !digits.is_empty())
}

pub(in super::super) fn number(text: &str) -> Option<u32> {
    (1..=2).contains(&text.len()).then(|| text.parse().ok())?
}

/// Parses `AM`, `PM` and the like at the start of a text; returns which half of the day it is, and the rest.
fn day_half(text: &str) -> (Option<DayHalf>, &str) {
    let tail = text.trim_start();
    let found = { WORDS.day_halves.phrases() }.find_map(|phrase| {
        let rest = strip_phrase(tail, phrase)?;
        let is_whole = !rest.starts_with(char::is_alphanumeric);
        Some((WORDS.day_halves.exact(phrase).filter(|_| is_whole)?, rest))
    });
    found.map_or((None, text), |(half, rest)| (Some(half), rest))
}

/// Parses the letter of a half of the day directly after a time: `12:28p`.
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

/// Strips a phrase in lowercase from the start of a text in any case and with any spaces.
pub(in super::super) fn strip_phrase<'t>(text: &'t str, phrase: &str) -> Option<&'t str> {
    let mut chars = text.chars();
    for wanted in phrase.chars() {
        let found = chars.next()?;
        let is_same = found.to_lowercase().eq([wanted]) || wanted == ' ' && found.is_whitespace();
        if !is_same {
            return None;
        }
    }
    Some(chars.as_str())
}

/// Parses the hour sign and the minute of a French time: the rest of `13 h 15` and of `15 h : reprise`.
fn after_spaced_h(rest: &str) -> Option<(u32, &str)> {
    let tail = rest.strip_prefix(' ')?.strip_prefix('h')?;
    let bare = tail.strip_prefix(' ')?;
    match digits(bare) {
        Some((minute, rest)) if minute.len() == 2 => Some((number(minute)?, rest)),
        Some(_) => None,
        // `5 h later` is a duration.
        None => bare.starts_with([':', '-', '–', '—']).then_some((0, tail)),
    }
}

/// Returns `true` if the time at the start of an entry says which half of the day it is in: `2:10 PM`.
pub(in super::super) fn has_day_half(line: &str) -> bool {
    let bare = line.trim_start_matches(['*', '_', '`', '[', ' ']);
    let time = calendar_day(bare).map_or(bare, |(_, rest)| rest.trim_start_matches([',', ' ']));
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
    day_half(time.trim_start_matches(is_part)).0.is_some()
}
