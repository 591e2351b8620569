//! Times as people write them in front of what happened.
//!
//! Beside the forms that reports print it knows zones behind the time, twelve-hour
//! clocks, days in words, spans with a hyphen or `to`, and words for about.

use chrono::NaiveDate;

use super::moment::{day, time};
use super::words::unbroken;
use crate::moment::{TimeOfDay, Written, parse_day};

/// A time, or a span, as it stands in front of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EntryTime {
    pub at: Written,
    pub until: Option<Written>,
    /// The word for the zone behind it.
    pub zone: Option<String>,
    /// The word for the zone of its end.
    pub until_zone: Option<String>,
}

/// Reads a line that begins with a time: the time and what stands behind it.
pub(super) fn entry(line: &str) -> Option<(EntryTime, &str)> {
    let line = unbroken(line).trim();
    // In bold, with the colon in it or behind.
    for mark in ["**", "__", "`"] {
        if let Some((inner, rest)) = line
            .strip_prefix(mark)
            .and_then(|rest| rest.split_once(mark))
        {
            let (spoken, tail) = spoken(inner.trim_end_matches([':', ' ', '-', '–', '—']))?;
            return tail.trim().is_empty().then(|| (spoken, separated(rest)));
        }
    }
    let line = line
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
        .map_or((line, None), |(inner, rest)| (inner, Some(rest)));
    let (found, tail) = spoken(line.0)?;
    match line.1 {
        Some(rest) => tail.trim().is_empty().then(|| (found, separated(rest))),
        // Words right behind a time without a mark between are its text only after a space.
        None => {
            let apart = tail.starts_with([' ', ':', ',', '|', '\t', '-', '–', '—', '*']);
            (apart && !separated(tail).is_empty()).then(|| (found, separated(tail)))
        }
    }
}

/// Takes the mark between a time and its text.
fn separated(rest: &str) -> &str {
    let rest = rest.trim_start();
    for mark in ["- ", "– ", "— ", ": ", "| ", "-- ", ", "] {
        if let Some(text) = rest.strip_prefix(mark) {
            return text.trim();
        }
    }
    rest.trim()
}

/// Reads the time that a text begins with, and gives the rest.
pub(super) fn spoken(text: &str) -> Option<(EntryTime, &str)> {
    let (at, mut zone, mut rest) = one(text.trim_start())?;
    let (mut until, mut until_zone) = (None, None);
    let dash = |rest: &'_ str| -> Option<usize> {
        let tail = rest.trim_start();
        let mark = ["–", "—", "-", "to ", "until "]
            .iter()
            .find(|mark| tail.starts_with(**mark))?;
        Some(rest.len() - tail.len() + mark.len())
    };
    if let Some((end, end_zone, tail)) =
        dash(rest).and_then(|end| one(rest.get(end..)?.trim_start()))
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

/// Reads one time: about, day, clock, zone.
pub(super) fn one(text: &str) -> Option<(Written, Option<&str>, &str)> {
    let (mut about, mut rest) = rough(text);
    let mut found_day = None;
    if let Some((day, tail)) = calendar_day(rest) {
        found_day = Some(day);
        rest = tail.strip_prefix(['T', ',']).unwrap_or(tail);
        let (more, tail) = rough(rest.trim_start());
        about |= more;
        // Only a clock may follow a space; words after the day are the entry's.
        rest = if time_of_day(tail).is_some() {
            tail
        } else {
            rest
        };
    }
    match time_of_day(rest) {
        Some((clock, tail)) => {
            let (zone, tail) = zone_word(tail);
            Some((time(found_day, clock, about), zone, tail))
        }
        None => found_day.map(|found| (day(found, about), None, rest)),
    }
}

/// Takes words for about from the front.
fn rough(text: &str) -> (bool, &str) {
    for mark in [
        "~",
        "≈",
        "about ",
        "About ",
        "around ",
        "Around ",
        "approx. ",
        "Approx. ",
        "approximately ",
        "approx ",
        "Approx ",
        "ca. ",
        "roughly ",
        "Roughly ",
        "Approximately ",
        "c. ",
        "circa ",
    ] {
        if let Some(rest) = text.strip_prefix(mark) {
            return (true, rest.trim_start());
        }
    }
    (false, text)
}

/// Months by the letters that tell them apart.
const MONTHS: &[&str] = &[
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads the day that a text begins with: `2025-01-14`, `2025/01/14`, `14 January 2025`, `January 14, 2025`.
pub(super) fn calendar_day(text: &str) -> Option<(NaiveDate, &str)> {
    if let Some((first, rest)) = text.split_at_checked(10) {
        let form = first.replace('/', "-");
        if let Ok(day) = parse_day(&form)
            && !rest.starts_with(|c: char| c.is_ascii_digit())
        {
            return Some((day, rest));
        }
    }
    let text = weekday(text);
    let (first, rest) = word(text)?;
    let (second, rest) = word(rest)?;
    let (third, rest) = word(rest)?;
    let number = |word: &str| -> Option<u32> {
        let word = word.trim_end_matches(',');
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let ordinal = matches!(
            word.get(digits.len()..).unwrap_or_default(),
            "" | "st" | "nd" | "rd" | "th"
        );
        (ordinal && !digits.is_empty()).then(|| digits.parse().ok())?
    };
    let month = |word: &str| -> Option<u32> {
        let word = word.trim_end_matches([',', '.']).to_lowercase();
        let place = MONTHS.iter().position(|month| word.starts_with(month))?;
        (word.len() == 3 || word.chars().count() > 3 && word.chars().all(char::is_alphabetic))
            .then(|| u32::try_from(place + 1).ok())?
    };
    let (day, month) = match (number(first), month(first)) {
        (Some(day), _) => (day, month(second)?),
        (None, Some(month)) => (number(second)?, month),
        _ => return None,
    };
    let year = third.trim_end_matches([',', ':']);
    let behind = third.len() - year.len();
    let year: i32 = (year.len() == 4).then(|| year.parse().ok())??;
    // What was trimmed from the year stands before the rest.
    let rest = text.get(text.len() - rest.len() - behind..)?;
    Some((
        NaiveDate::from_ymd_opt(year, month, day)?,
        rest.strip_prefix(',').unwrap_or(rest),
    ))
}

fn weekday(text: &str) -> &str {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    match word(text) {
        Some((first, rest))
            if days.iter().any(|day| first.to_lowercase().starts_with(day))
                && first.ends_with(',') =>
        {
            rest.trim_start()
        }
        _ => text,
    }
}

fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(' ').unwrap_or(text.len());
    text.split_at_checked(end)
        .filter(|(word, _)| !word.is_empty())
}

/// Reads the clock that a text begins with: `14:23`, `14:23:47`, `2:23 PM`, `14:23Z` without the `Z`.
fn time_of_day(text: &str) -> Option<(TimeOfDay, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != ':')
        .unwrap_or(text.len());
    let (clock, mut rest) = text.split_at_checked(end)?;
    let (clock, colon) = match clock.strip_suffix(':') {
        Some(clock) => (clock, true),
        None => (clock, false),
    };
    if colon {
        rest = text.get(clock.len()..)?;
    }
    let mut parts = clock.split(':');
    let number =
        |part: &str| -> Option<u32> { (1..=2).contains(&part.len()).then(|| part.parse().ok())? };
    let hour = number(parts.next()?)?;
    let minute = parts.next();
    let second = parts.next();
    if parts.next().is_some() || minute.is_some_and(|minute| minute.len() != 2) {
        return None;
    }
    let mut nanos = 0;
    if let Some(tail) = rest.strip_prefix('.').filter(|_| second.is_some()) {
        let after = tail.trim_start_matches(|c: char| c.is_ascii_digit());
        let digits = tail.get(..tail.len() - after.len()).unwrap_or_default();
        if !digits.is_empty() {
            nanos = format!("{digits:0<9.9}").parse().ok()?;
            rest = after;
        }
    }
    let (half, tail) = meridiem(rest);
    let hour = match half {
        None => {
            minute?;
            hour
        }
        Some(evening) if (1..=12).contains(&hour) => hour % 12 + if evening { 12 } else { 0 },
        Some(_) => return None,
    };
    let minute = minute.map_or(Some(0), number)?;
    let seconds = second.is_some();
    let second = second.map_or(Some(0), number)?;
    let at = chrono::NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
    Some((
        TimeOfDay { at, seconds },
        if half.is_some() { tail } else { rest },
    ))
}

/// Reads `AM` or `PM`: whether it is the second half of the day.
fn meridiem(text: &str) -> (Option<bool>, &str) {
    let tail = text.trim_start();
    for (mark, evening) in [
        ("AM", false),
        ("am", false),
        ("a.m.", false),
        ("PM", true),
        ("pm", true),
        ("p.m.", true),
    ] {
        if let Some(rest) = tail.strip_prefix(mark)
            && !rest.starts_with(char::is_alphanumeric)
        {
            return (Some(evening), rest);
        }
    }
    (None, text)
}

/// Takes the word for a zone from behind a time, in brackets or not.
fn zone_word(text: &str) -> (Option<&str>, &str) {
    let tail = text.trim_start();
    let bare = tail.strip_prefix('(').unwrap_or(tail);
    let end = bare
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+') || c == '-'))
        .unwrap_or(bare.len());
    let Some((mut name, mut rest)) = bare.split_at_checked(end) else {
        return (None, text);
    };
    // `+02:00` has a colon in it.
    if let Some(minutes) = rest.strip_prefix(':')
        && name.starts_with(['+', '-'])
        && minutes
            .get(..2)
            .is_some_and(|minutes| minutes.bytes().all(|byte| byte.is_ascii_digit()))
    {
        name = bare.get(..end + 3).unwrap_or(name);
        rest = bare.get(end + 3..).unwrap_or_default();
    }
    let near_time = tail.len() == text.len();
    let known = matches!(name, "Z" | "UTC")
        || (!name.is_empty() && super::moment::zone(name, None).is_some());
    let is_zone = known && (name.len() > 1 || near_time);
    if !is_zone {
        return (None, text);
    }
    (
        Some(name),
        if bare.len() < tail.len() {
            rest.strip_prefix(')').unwrap_or(rest)
        } else {
            rest
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<String> {
        let (spoken, text) = entry(line)?;
        let until = spoken
            .until
            .map(|until| format!("–{until}"))
            .unwrap_or_default();
        let zone = spoken
            .zone
            .map(|zone| format!(" {zone}"))
            .unwrap_or_default();
        let other = spoken
            .until_zone
            .map(|other| format!(" {other}"))
            .filter(|other| *other != zone)
            .unwrap_or_default();
        Some(format!("{}{until}{zone}{other} | {text}", spoken.at))
    }

    #[test]
    fn entries_begin_with_a_time_in_many_forms() {
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
            ("14:23 to 14:31 - Span", "14:23–14:31 | Span"),
            ("14:23-14:31 Span", "14:23–14:31 | Span"),
            ("approx. 14:23 - About", "~14:23 | About"),
            (
                "2025-01-14T14:23:47Z - Alert",
                "2025-01-14 14:23:47 Z | Alert",
            ),
            ("January 14, 2025 14:23 - Alert", "2025-01-14 14:23 | Alert"),
            ("14 Jan 2025, 14:23 - Alert", "2025-01-14 14:23 | Alert"),
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
            assert_eq!(read(line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn what_begins_with_no_time_is_no_entry() {
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
            "**bold** - text",
            "12:34:56:78 x",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }
}
