//! Parses the time at the start of a timeline entry.
//!
//! Besides the notation of our reports it accepts time zones after the time, 12-hour times,
//! dates with month names, spans with a hyphen or `to`, and words for "about".

use super::calendar::calendar_day;
use super::moment::{day, time};
use super::vocabulary::{DayHalf, WORDS};
use super::words::unbroken;
use super::zone::{self, Named};
use crate::moment::{TimeOfDay, Written, WrittenEnd, Zone};

/// The time or span at the start of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EntryTime {
    pub at: Written,
    pub until: Option<Written>,
    /// The name of the time zone after the time.
    pub zone: Option<String>,
    /// The name of the time zone after the end.
    pub until_zone: Option<String>,
}

/// Parses a line that starts with a time; returns the time and the text after it.
pub(super) fn entry(line: &str) -> Option<(EntryTime, &str)> {
    let line = unbroken(line).trim();
    // A time in bold or in code; a colon may be inside or after the markup.
    for delimiter in ["**", "__", "`"] {
        if let Some((inner, rest)) = line
            .strip_prefix(delimiter)
            .and_then(|rest| rest.split_once(delimiter))
        {
            let (time, tail) = leading_time(inner.trim_end_matches([':', ' ', '-', '–', '—']))?;
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
            (is_separated && !strip_separator(tail).is_empty())
                .then(|| (found, strip_separator(tail)))
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

/// Returns `true` if the time at the start of an entry says which half of the day it is in: `2:10 PM`.
pub(super) fn has_day_half(line: &str) -> bool {
    let bare = line.trim_start_matches(['*', '_', '`', '[', ' ']);
    let time = calendar_day(bare).map_or(bare, |(_, rest)| rest.trim_start_matches([',', ' ']));
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
    day_half(time.trim_start_matches(is_part)).0.is_some()
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
    for separator in ["- ", "– ", "— ", ": ", "| ", "-- ", ", "] {
        if let Some(text) = rest.strip_prefix(separator) {
            return text.trim();
        }
    }
    rest.trim()
}

/// Parses the time or span at the start of a text; returns it and the rest.
pub(super) fn leading_time(text: &str) -> Option<(EntryTime, &str)> {
    let (at, mut zone, mut rest) = time_or_range(text.trim_start())?;
    let (mut until, mut until_zone) = (None, None);
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
    Some((
        EntryTime {
            at,
            until,
            zone: zone.map(ToOwned::to_owned),
            until_zone: until_zone.map(ToOwned::to_owned),
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
        let joints = ["at ", "à ", "um ", "a las ", "às ", "@ "];
        let joined = joints.iter().find_map(|joint| tail.strip_prefix(joint));
        let mut tails = [tail, joined.unwrap_or(tail)].into_iter();
        rest = { tails }
            .find(|tail| time_of_day(tail, true).is_some())
            .unwrap_or(rest);
    }
    match time_of_day(rest, found_day.is_some()) {
        Some((time_of_day, tail)) => {
            // `10:45~` and `12:00+` are approximate.
            let bare = tail
                .strip_prefix(['~', '+'])
                .filter(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
            about |= bare.is_some();
            let bare = bare.unwrap_or(tail);
            let (zone, tail) = match bare.strip_prefix(['-', '–']) {
                Some(end) if !is_iso && !is_offset(&time_of_day, end) => (None, bare),
                _ => zone_name(bare),
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

/// Returns the spans of times in a text, with the rest after each: `between 14:10 and 15:25 UTC`.
pub(super) fn spans_in_prose(text: &str) -> impl Iterator<Item = (EntryTime, &str)> {
    let starts = [
        "from ",
        "between ",
        "From ",
        "Between ",
        "von ",
        "zwischen ",
        "Zwischen ",
        "entre ",
        "Entre ",
        "entre las ",
        "Entre las ",
        "entre as ",
        "desde las ",
        "das ",
        "de ",
    ];
    let found = starts
        .into_iter()
        .flat_map(|word| text.match_indices(word).map(move |(at, _)| at + word.len()));
    found.filter_map(|at| {
        let (at, zone, rest) = single_time(text.get(at..)?)?;
        let tail = rest.trim_start();
        let joint = [
            "to ",
            "and ",
            "until ",
            "till ",
            "–",
            "—",
            "- ",
            "bis ",
            "und ",
            "y las ",
            "hasta las ",
            "y ",
            "et ",
            "e as ",
            "às ",
            "e ",
            "à ",
        ];
        let tail = joint.iter().find_map(|joint| tail.strip_prefix(joint))?;
        let (until, until_zone, rest) = single_time(tail.trim_start())?;
        at.time?;
        until.time?;
        let until_zone = until_zone.or(zone).map(ToOwned::to_owned);
        let time = EntryTime {
            at,
            until: Some(until),
            zone: zone.map(ToOwned::to_owned).or_else(|| until_zone.clone()),
            until_zone,
        };
        Some((time, rest))
    })
}

/// Strips a word for "about" from the start of a text; returns whether there was one.
fn strip_about(text: &str) -> (bool, &str) {
    let mut prefixes = WORDS.about.iter();
    match prefixes.find_map(|prefix| text.strip_prefix(prefix.as_str())) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    }
}

/// Parses the time of day at the start of a text: `14:23`, `14:23:47`, `2:23 PM`, `14h23`, `1423 UTC`.
///
/// `dated` says that a date is before it, so that four digits are a time.
fn time_of_day(text: &str, dated: bool) -> Option<(TimeOfDay, &str)> {
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
    let (half, tail) = day_half(rest);
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

pub(super) fn digits(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at_checked(end)
        .filter(|(digits, _)| !digits.is_empty())
}

pub(super) fn number(text: &str) -> Option<u32> {
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

/// Strips a phrase in lowercase from the start of a text in any case and with any spaces.
fn strip_phrase<'t>(text: &'t str, phrase: &str) -> Option<&'t str> {
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

/// Returns `true` if a text starts as a time does, although it is none that can be read: `2X:XX`, `T+5m`.
pub(super) fn is_unread(text: &str) -> bool {
    let bare = text.trim_start_matches(['*', '_', '`', '[', '(', '~', ' ']);
    let first = bare
        .split([' ', ']', ')', '*', '`', '|'])
        .next()
        .unwrap_or_default();
    let (before, after) = first.split_once([':', 'h', '+']).unwrap_or((first, ""));
    let is_clock = |part: &str| {
        let part = part.trim_end_matches([':', ',', '-']);
        (1..=2).contains(&part.len())
            && part
                .chars()
                .all(|c| c.is_ascii_digit() || matches!(c, 'X' | 'x' | '?'))
    };
    let is_relative = matches!(before, "T" | "t" | "t0" | "T0" | "")
        && after.starts_with(|c: char| c.is_ascii_digit());
    // `5 minutes later: …`
    let words: Vec<&str> = bare.split([' ', ':']).take(3).collect();
    let is_later = matches!(words.as_slice(), [number, _, "later" | "after" | "später"]
        if number.bytes().all(|byte| byte.is_ascii_digit()) && !number.is_empty());
    let is_date = first.len() >= 8
        && first.starts_with(|c: char| c.is_ascii_digit())
        && first
            .chars()
            .filter(|c| matches!(c, '-' | '/' | '.'))
            .count()
            == 2
        && first
            .chars()
            .all(|c| c.is_ascii_digit() || "-/.,:".contains(c));
    let is_word = WORDS
        .unread_times
        .iter()
        .any(|word| first.trim_end_matches([':', ',']).to_lowercase() == *word);
    is_word
        || is_clock(before)
            && is_clock(after.split([':', '-', '–', '/']).next().unwrap_or_default())
        || is_relative
        || is_later
        || is_date
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Option<String> {
        let (time, text) = entry(line)?;
        let until = time
            .until
            .map(|until| format!("–{until}"))
            .unwrap_or_default();
        let zone = time.zone.map(|zone| format!(" {zone}")).unwrap_or_default();
        let end_zone = time
            .until_zone
            .map(|end_zone| format!(" {end_zone}"))
            .filter(|end_zone| *end_zone != zone)
            .unwrap_or_default();
        Some(format!("{}{until}{zone}{end_zone} | {text}", time.at))
    }

    #[test]
    fn the_time_of_an_entry_is_parsed_in_many_notations() {
        let cases = [
            (
                "**14:23:47** - Alert fired: \"x > 95%\"  ",
                "14:23:47 | Alert fired: \"x > 95%\"",
            ),
            ("**14:23:00–14:31:10** - Span", "14:23:00–14:31:10 | Span"),
            ("**2025-01-15 ~00:04** - About", "~2025-01-15 00:04 | About"),
            ("**2025-01-14** - A day", "2025-01-14 | A day"),
            (
                "**~2025-01-14–2025-01-16** - Days",
                "~2025-01-14–2025-01-16 | Days",
            ),
            (
                "**14:23–2025-01-15 00:04** - Over midnight",
                "14:23–2025-01-15 00:04 | Over midnight",
            ),
            ("14:51 News reports", "14:51 | News reports"),
            ("**14:51:** Traffic grows", "14:51 | Traffic grows"),
            ("14:51 UTC - Traffic", "14:51 UTC | Traffic"),
            ("**14:51 (UTC)**: Traffic", "14:51 UTC | Traffic"),
            ("2:23 PM PST: Paged", "14:23 PST | Paged"),
            ("12 am - Midnight", "00:00 | Midnight"),
            ("2:10 p. m. – Alert", "14:10 | Alert"),
            ("2:10\u{a0}p.\u{a0}m. – Alert", "14:10 | Alert"),
            ("8:20 de la noche: Alert", "20:20 | Alert"),
            ("2:10 de la tarde: Alert", "14:10 | Alert"),
            ("2:10 Uhr nachmittags: Alert", "14:10 | Alert"),
            ("8:20 in the evening: Alert", "20:20 | Alert"),
            ("12:30 at night: Alert", "00:30 | Alert"),
            ("13 h 15 : Alert", "13:15 | Alert"),
            ("15 h : Alert", "15:00 | Alert"),
            ("01-Oct-2025 10:40 AM - Alert", "2025-10-01 10:40 | Alert"),
            ("4 mars 2025 à 9h00 : Alert", "2025-03-04 09:00 | Alert"),
            (
                "Tuesday, 2025-03-04 09:00 UTC Alert",
                "2025-03-04 09:00 UTC | Alert",
            ),
            (
                "16:10 (14:10 UTC) Alert",
                "16:10 +02:00 | (14:10 UTC) Alert",
            ),
            (
                "01:10 (23:10 UTC) Alert",
                "01:10 +02:00 | (23:10 UTC) Alert",
            ),
            ("14:23 to 14:31 - Span", "14:23–14:31 | Span"),
            ("14:23-14:31 Span", "14:23–14:31 | Span"),
            ("approx. 14:23 - About", "~14:23 | About"),
            (
                "2025-01-14T14:23:47Z - Alert",
                "2025-01-14 14:23:47 Z | Alert",
            ),
            ("January 14, 2025 14:23 - Alert", "2025-01-14 14:23 | Alert"),
            ("14 Jan 2025, 14:23 - Alert", "2025-01-14 14:23 | Alert"),
            ("2.23pm - Alert", "14:23 | Alert"),
            ("14.23 Uhr: Alert", "14:23 | Alert"),
            ("14:51 MSK: Traffic", "14:51 MSK | Traffic"),
            ("14:51 MSK consumers lag", "14:51 | MSK consumers lag"),
            (
                "14:51 Central logging stops",
                "14:51 | Central logging stops",
            ),
            ("14:51 UTC Traffic", "14:51 UTC | Traffic"),
            ("[14:23] Alert", "14:23 | Alert"),
            ("`14:23` Alert", "14:23 | Alert"),
            ("14:23:47.123 Alert", "14:23:47.123 | Alert"),
            ("**02:50 CEST** - Alert", "02:50 CEST | Alert"),
            (
                "**02:50 CEST–02:10 CET** - Span",
                "02:50–02:10 CEST CET | Span",
            ),
            ("14:23 | Alert", "14:23 | Alert"),
        ];
        for (line, expected) in cases {
            assert_eq!(parsed(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn spans_are_found_in_sentences() {
        for (text, expected) in [
            ("down from 09:10 to 10:31 UTC on Monday", "09:10–10:31 UTC"),
            ("slow between 9.20am and 11.05am (BST).", "09:20–11:05 BST"),
            (
                "zwischen 9:05 und 11:30 Uhr (MESZ) gestört",
                "09:05–11:30 MESZ",
            ),
            ("caída entre las 12:20 y las 13:45", "12:20–13:45"),
            (
                "indisponible de 9h00 à 10h45 (heure de Paris)",
                "09:00–10:45 heure de Paris",
            ),
            ("lento das 14:00 às 14:50", "14:00–14:50"),
            ("between 9 and 10 printers", ""),
            ("from 09:10 on", ""),
        ] {
            let spans = spans_in_prose(text).map(|(time, _)| {
                let until = time.until.map(|until| until.to_string());
                let zone = time.zone.map(|zone| format!(" {zone}"));
                let (until, zone) = (until.unwrap_or_default(), zone.unwrap_or_default());
                format!("{}–{until}{zone}", time.at)
            });
            assert_eq!(spans.collect::<Vec<_>>().join(", "), expected, "{text}");
        }
    }

    #[test]
    fn a_line_without_a_leading_time_is_not_an_entry() {
        for line in [
            "",
            "Alert fired at 14:23",
            "**Query**:",
            "4 tickets opened",
            "25:00 - no",
            "14:75 no",
            "1. first",
            "14",
            "14:23",
            "2.23 releases",
            "**bold** - text",
            "12:34:56:78 x",
        ] {
            assert_eq!(parsed(line), None, "{line}");
        }
    }
}
