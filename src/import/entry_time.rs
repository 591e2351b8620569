//! Parses the time at the start of a timeline entry.
//!
//! Besides the notation of our reports it accepts time zones after the time, 12-hour times,
//! dates with month names, spans with a hyphen or `to`, and words for "about".

use chrono::NaiveDate;

use super::calendar::calendar_day;
use super::day_name::DayName;
use super::moment::{day, time};
use super::words::unbroken;
use super::zone::{self, Named};
use crate::moment::{TimeOfDay, Written, WrittenEnd, Zone};
use crate::token::{digits, number, strip_about};

mod clock;
mod prose;
mod unread;

pub(super) use clock::says_day_half;
use clock::time_of_day;
pub(super) use prose::spans_in_prose;
pub(super) use unread::{is_date_like, is_unread};

/// The time or span at the start of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EntryTime {
    pub at: Written,
    pub until: Option<Written>,
    /// The name of the time zone after the time.
    pub zone: Option<String>,
    /// The name of the time zone after the end.
    pub until_zone: Option<String>,
    /// The day that is named beside the time instead of a date.
    pub day: Option<DayName>,
    /// The day that is named after the end.
    pub until_day: Option<DayName>,
}

impl EntryTime {
    /// Creates the time of an entry of which only the day is known.
    pub fn of_day(found: NaiveDate) -> Self {
        Self {
            at: day(found, false),
            until: None,
            zone: None,
            until_zone: None,
            day: None,
            until_day: None,
        }
    }
}

/// Parses a line that starts with a time; returns the time and the text after it.
pub(super) fn entry(line: &str) -> Option<(EntryTime, &str)> {
    let line = unbroken(line).trim();
    // A time in bold, in italics or in code; a colon may be inside or after the markup.
    for delimiter in ["**", "__", "`", "*", "_"] {
        if let Some((inner, rest)) = line
            .strip_prefix(delimiter)
            .and_then(|rest| rest.split_once(delimiter))
            .filter(|(inner, _)| !inner.starts_with(' '))
        {
            let (time, tail) = leading_time(inner.trim_end_matches([':', ' ', '-', '–', '—']))?;
            // The whole line is marked.
            if rest.trim().is_empty() && !tail.trim().is_empty() {
                return entry(inner);
            }
            return tail
                .trim()
                .is_empty()
                .then(|| (time, strip_separator(rest)));
        }
    }
    let line = line
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or((line, None), |(inner, rest)| (inner, Some(rest)));
    let (mut found, tail) = leading_time(line.0)?;
    if found.zone.is_none() {
        found.zone = offset_from_brackets(&found.at, tail);
    }
    match line.1 {
        Some(rest) => tail
            .trim()
            .is_empty()
            .then(|| (found, strip_separator(rest))),
        // The time must be separated from the text by punctuation or a space.
        None => {
            let is_separated = tail.starts_with([' ', ':', ',', '|', '\t', '-', '–', '—', '*']);
            let text = strip_separator(tail);
            // Of two times in a row, neither is known to be that of the entry.
            let second = text.split(' ').next().filter(|word| word.contains(':'));
            let is_double = found.at.time.is_some()
                && found.zone.is_none()
                && text == tail.trim()
                && second.is_some_and(|word| time_of_day(word, true).is_some());
            (is_separated && !is_double && !text.is_empty()).then_some((found, text))
        }
    }
}

/// Returns the UTC offset of a time that has its UTC time in brackets after it: `16:10 (14:10 UTC)`.
fn offset_from_brackets(at: &Written, tail: &str) -> Option<String> {
    let inner = tail.trim_start().strip_prefix(['(', '['])?;
    let (utc, name, rest) = single_time(inner)?;
    let is_utc =
        matches!(zone::named(name?, None), Some(Named::One(zone)) if zone == Zone::default());
    if !is_utc || !rest.starts_with([')', ']']) {
        return None;
    }
    let minutes = (at.time?.at - utc.time?.at).num_minutes();
    let minutes = (minutes + 12 * 60).rem_euclid(24 * 60) - 12 * 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    Some(format!(
        "{sign}{:02}:{:02}",
        minutes.abs() / 60,
        minutes.abs() % 60
    ))
}

/// Parses a text that ends with its time: `First detected 2025-03-04 09:10`, `Mitigated: 15:00 UTC`.
///
/// A time without a date counts only after a few words and a colon or `at`.
pub(super) fn trailing(line: &str) -> Option<(EntryTime, &str)> {
    let line = unbroken(line).trim();
    let line = line.strip_suffix('.').unwrap_or(line);
    let starts = line.match_indices(' ').map(|(at, _)| at).filter(|at| {
        line.get(at + 1..)
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || c == '~'))
    });
    { starts }.find_map(|at| {
        let (text, time) = line.split_at_checked(at)?;
        let (time, rest) = leading_time(time)?;
        let text = text.trim_end();
        let bare = text
            .strip_suffix([':', '-', '–', '—'])
            .or_else(|| text.strip_suffix(" at"))
            .or_else(|| text.strip_suffix(" on"));
        let is_short = text.split(' ').count() <= 6;
        let is_time =
            time.at.time.is_some() && (time.at.day.is_some() || bare.is_some() && is_short);
        let text = bare
            .unwrap_or(text)
            .trim_end_matches([' ', ':', '*', '-'])
            .trim_start_matches('*');
        (is_time && rest.trim().is_empty() && !text.is_empty()).then_some((time, text))
    })
}

/// Strips the separator between a time and its text.
fn strip_separator(rest: &str) -> &str {
    let rest = rest.trim_start();
    for separator in ["- ", "– ", "— ", ": ", "| ", "-- ", ", ", "/ "] {
        if let Some(text) = rest.strip_prefix(separator) {
            return text.trim();
        }
    }
    rest.trim()
}

/// Parses the time or span at the start of a text; returns it and the rest.
pub(super) fn leading_time(text: &str) -> Option<(EntryTime, &str)> {
    let text = text.trim_start();
    let before = DayName::before_time(text);
    let (mut named, text) = before.map_or((None, text), |(name, rest)| (Some(name), rest));
    let (at, mut zone, mut rest) = time_or_range(text)?;
    let (mut until, mut until_zone, mut until_day) = (None, None, None);
    let dash = |rest: &'_ str| -> Option<usize> {
        let tail = rest.trim_start();
        let separator = ["–", "—", "-", "to ", "until "]
            .iter()
            .find(|separator| tail.starts_with(**separator))?;
        Some(rest.len() - tail.len() + separator.len())
    };
    if let Some((end, end_zone, tail)) =
        dash(rest).and_then(|end| time_or_range(rest.get(end..)?.trim_start()))
    {
        until = Some(end);
        until_zone = end_zone.or(zone);
        zone = zone.or(end_zone);
        rest = tail;
    }
    // A day of the week that contradicts the date stays in the text.
    let fits = |name: &DayName| match at.day {
        Some(day) => until.is_none() && name.is_weekday_of(day),
        None => at.time.is_some(),
    };
    match DayName::after_time(rest).filter(|(name, _)| fits(name)) {
        Some((name, tail)) if until.is_some() => (until_day, rest) = (Some(name), tail),
        Some((name, tail)) if named.is_none() => (named, rest) = (Some(name), tail),
        _ => {}
    }
    Some((
        EntryTime {
            at,
            until,
            zone: zone.map(ToOwned::to_owned),
            until_zone: until_zone.map(ToOwned::to_owned),
            day: named.filter(|_| at.day.is_none()),
            until_day,
        },
        rest,
    ))
}

/// Parses one time or a range of them: `14:20..14:35 UTC`.
fn time_or_range(text: &str) -> Option<(Written, Option<&str>, &str)> {
    let (first, zone, rest) = single_time(text)?;
    let range = rest.strip_prefix("..").and_then(single_time);
    let range = range.and_then(|(last, end_zone, tail)| {
        let at = Written {
            latest: Some(WrittenEnd {
                day: last.day,
                time: last.time,
                offset: last.offset,
            }),
            ..first
        };
        // A range that the input refuses, such as one of a date and a time, is none.
        let at: Written = at.to_string().parse().ok()?;
        Some((at, zone.or(end_zone), tail))
    });
    Some(range.unwrap_or((first, zone, rest)))
}

/// Parses one time: a word for "about", date, time of day and time zone, most of them optional.
pub(super) fn single_time(text: &str) -> Option<(Written, Option<&str>, &str)> {
    let (mut about, mut rest) = strip_about(text);
    let (mut found_day, mut is_iso) = (None, false);
    if let Some((day, tail)) = calendar_day(rest) {
        found_day = Some(day);
        is_iso = tail.starts_with('T');
        rest = tail.strip_prefix(['T', ',']).unwrap_or(tail);
        let (is_about, tail) = strip_about(rest.trim_start());
        about |= is_about;
        // Skip the space only before a time of day; other text belongs to the entry.
        // No span is from a date to a time of day: `Sep 07, 2017 - 09:36 UTC`.
        let joints = ["at ", "à ", "um ", "a las ", "às ", "@ ", "- ", "– ", "— "];
        let joined = joints.iter().find_map(|joint| tail.strip_prefix(joint));
        let mut tails = [tail, joined.unwrap_or(tail)].into_iter();
        rest = { tails }
            .find(|tail| time_of_day(tail, true).is_some())
            .unwrap_or(rest);
    }
    match time_of_day(rest, found_day.is_some()) {
        Some((time_of_day, tail)) => {
            // `10:45~`, `12:00+` and `10:00-ish` are approximate.
            let ish = tail
                .strip_prefix("-ish")
                .or_else(|| tail.strip_prefix("ish"));
            let bare = ish
                .or_else(|| tail.strip_prefix(['~', '+']))
                .filter(|rest| !rest.starts_with(char::is_alphanumeric));
            about |= bare.is_some();
            let bare = bare.unwrap_or(tail);
            let (zone, tail) = match bare.strip_prefix(['-', '–']) {
                Some(end) if !is_iso && !is_offset(&time_of_day, end) => (None, bare),
                _ => zone_name(bare),
            };
            // `14:00 UTC on 4 March 2025`
            let joints = [" on ", ", ", " "];
            let joined = joints.iter().find_map(|joint| tail.strip_prefix(joint));
            let (found_day, tail) = match joined.and_then(calendar_day) {
                Some((day, rest)) if found_day.is_none() => (Some(day), rest),
                _ => (found_day, tail),
            };
            Some((time(found_day, time_of_day, about), zone, tail))
        }
        None => found_day.map(|found| (day(found, about), None, rest)),
    }
}

/// Returns `true` if the text after a time and a hyphen is a UTC offset: `10:10-08:00`, `09:10-0800`.
///
/// `14:23-14:31` is a span, and so is one over midnight, `23:40-02:00`; half a day or more is none.
fn is_offset(start: &TimeOfDay, end: &str) -> bool {
    let Some((first, rest)) = digits(end) else {
        return false;
    };
    let is_cut = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit() || c == ':');
    if first.len() == 4 {
        return !is_cut(rest) && number(first.get(..2).unwrap_or_default()) <= Some(12);
    }
    let minutes = rest.strip_prefix(':').and_then(digits);
    let Some((minute, rest)) = minutes.filter(|_| first.len() == 2) else {
        return false;
    };
    let (Some(hour), Some(minute)) = (number(first), number(minute)) else {
        return false;
    };
    let Some(end) = chrono::NaiveTime::from_hms_opt(hour, minute, 0) else {
        return false;
    };
    let is_quarter = minute % 15 == 0 && hour <= 12;
    let hours = (start.at - end).num_hours();
    is_quarter && end < start.at && hours < 12 && !is_cut(rest) && zone::leading(rest).is_none()
}

/// Parses the name of a time zone after a time, in brackets or not.
///
/// A name that is another word too must be followed by punctuation: `09:10 MSK consumers lag` states none.
fn zone_name(text: &str) -> (Option<&str>, &str) {
    match zone::leading(text).filter(|(name, rest)| !zone::is_word(name, rest)) {
        Some((name, rest)) => (Some(name), rest),
        None => (None, text),
    }
}

/// Returns the word after a time that may be a time zone or the start of the text.
pub(super) fn doubtful_zone(line: &str) -> Option<&str> {
    let (_, text) = entry(line)?;
    let (name, rest) = zone::leading(text)?;
    zone::is_word(name, rest).then_some(name)
}

#[cfg(test)]
mod tests;
