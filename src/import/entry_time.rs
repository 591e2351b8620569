//! Parses the time at the start of a timeline entry.
//!
//! Besides the notation of our reports it accepts time zones after the time, 12-hour times,
//! dates with month names, spans with a hyphen or `to`, and words for "about".

use chrono::NaiveDate;

use super::moment::{day, time};
use super::vocabulary::WORDS;
use super::words::unbroken;
use crate::moment::{TimeOfDay, Written, parse_day};

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
    let (found, tail) = leading_time(line.0)?;
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
    let (at, mut zone, mut rest) = single_time(text.trim_start())?;
    let (mut until, mut until_zone) = (None, None);
    let dash = |rest: &'_ str| -> Option<usize> {
        let tail = rest.trim_start();
        let separator = ["–", "—", "-", "to ", "until "]
            .iter()
            .find(|separator| tail.starts_with(**separator))?;
        Some(rest.len() - tail.len() + separator.len())
    };
    if let Some((end, end_zone, tail)) =
        dash(rest).and_then(|end| single_time(rest.get(end..)?.trim_start()))
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

/// Parses one time: a word for "about", date, time of day and time zone, most of them optional.
pub(super) fn single_time(text: &str) -> Option<(Written, Option<&str>, &str)> {
    let (mut about, mut rest) = strip_about(text);
    let mut found_day = None;
    if let Some((day, tail)) = calendar_day(rest) {
        found_day = Some(day);
        rest = tail.strip_prefix(['T', ',']).unwrap_or(tail);
        let (is_about, tail) = strip_about(rest.trim_start());
        about |= is_about;
        // Skip the space only before a time of day; other text belongs to the entry.
        rest = if time_of_day(tail).is_some() {
            tail
        } else {
            rest
        };
    }
    match time_of_day(rest) {
        Some((time_of_day, tail)) => {
            let (zone, tail) = zone_name(tail);
            Some((time(found_day, time_of_day, about), zone, tail))
        }
        None => found_day.map(|found| (day(found, about), None, rest)),
    }
}

/// Strips a word for "about" from the start of a text; returns whether there was one.
fn strip_about(text: &str) -> (bool, &str) {
    let mut prefixes = WORDS.about.iter();
    match prefixes.find_map(|prefix| text.strip_prefix(prefix.as_str())) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    }
}

/// Parses the date at the start of a text: `2025-01-14`, `2025/01/14`, `14 January 2025`, `January 14, 2025`.
pub(super) fn calendar_day(text: &str) -> Option<(NaiveDate, &str)> {
    if let Some((first, rest)) = text.split_at_checked(10) {
        let form = first.replace('/', "-");
        if let Ok(day) = parse_day(&form)
            && !rest.starts_with(|c: char| c.is_ascii_digit())
        {
            return Some((day, rest));
        }
    }
    let text = strip_weekday(text);
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
        let mut months = WORDS.months.iter();
        let index = months.position(|month| word.starts_with(month.as_str()))?;
        (word.len() == 3 || word.chars().count() > 3 && word.chars().all(char::is_alphabetic))
            .then(|| u32::try_from(index + 1).ok())?
    };
    let (day, month) = match (number(first), month(first)) {
        (Some(day), _) => (day, month(second)?),
        (None, Some(month)) => (number(second)?, month),
        _ => return None,
    };
    let year = third.trim_end_matches([',', ':']);
    let trimmed = third.len() - year.len();
    let year: i32 = (year.len() == 4).then(|| year.parse().ok())??;
    // Put the punctuation that was trimmed from the year back before the rest.
    let rest = text.get(text.len() - rest.len() - trimmed..)?;
    Some((
        NaiveDate::from_ymd_opt(year, month, day)?,
        rest.strip_prefix(',').unwrap_or(rest),
    ))
}

fn strip_weekday(text: &str) -> &str {
    let mut days = WORDS.weekdays.iter();
    let is_day = |word: &str| days.any(|day| word.to_lowercase().starts_with(day.as_str()));
    match word(text).filter(|(first, _)| first.ends_with(',')) {
        Some((first, rest)) if { is_day }(first) => rest.trim_start(),
        _ => text,
    }
}

fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(' ').unwrap_or(text.len());
    text.split_at_checked(end)
        .filter(|(word, _)| !word.is_empty())
}

/// Parses the time of day at the start of a text: `14:23`, `14:23:47`, `2:23 PM`, `14:23Z` without the `Z`.
fn time_of_day(text: &str) -> Option<(TimeOfDay, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != ':')
        .unwrap_or(text.len());
    let (digits, mut rest) = text.split_at_checked(end)?;
    let (digits, colon) = match digits.strip_suffix(':') {
        Some(digits) => (digits, true),
        None => (digits, false),
    };
    if colon {
        rest = text.get(digits.len()..)?;
    }
    let mut parts = digits.split(':');
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
    let (is_pm, tail) = meridiem(rest);
    let hour = match is_pm {
        None => {
            minute?;
            hour
        }
        Some(is_pm) if (1..=12).contains(&hour) => hour % 12 + if is_pm { 12 } else { 0 },
        Some(_) => return None,
    };
    let minute = minute.map_or(Some(0), number)?;
    let seconds = second.is_some();
    let second = second.map_or(Some(0), number)?;
    let at = chrono::NaiveTime::from_hms_nano_opt(hour, minute, second, nanos)?;
    Some((
        TimeOfDay { at, seconds },
        if is_pm.is_some() { tail } else { rest },
    ))
}

/// Parses `AM` or `PM` at the start of a text; returns whether it is PM, and the rest.
fn meridiem(text: &str) -> (Option<bool>, &str) {
    let tail = text.trim_start();
    for (name, is_pm) in [
        ("AM", false),
        ("am", false),
        ("a.m.", false),
        ("PM", true),
        ("pm", true),
        ("p.m.", true),
    ] {
        if let Some(rest) = tail.strip_prefix(name)
            && !rest.starts_with(char::is_alphanumeric)
        {
            return (Some(is_pm), rest);
        }
    }
    (None, text)
}

/// Parses the name of a time zone at the start of a text, in brackets or not.
fn zone_name(text: &str) -> (Option<&str>, &str) {
    let tail = text.trim_start();
    let bare = tail.strip_prefix('(').unwrap_or(tail);
    let end = bare
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '+') || c == '-'))
        .unwrap_or(bare.len());
    let Some((mut name, mut rest)) = bare.split_at_checked(end) else {
        return (None, text);
    };
    // `+02:00` contains a colon.
    if let Some(minutes) = rest.strip_prefix(':')
        && name.starts_with(['+', '-'])
        && minutes
            .get(..2)
            .is_some_and(|minutes| minutes.bytes().all(|byte| byte.is_ascii_digit()))
    {
        name = bare.get(..end + 3).unwrap_or(name);
        rest = bare.get(end + 3..).unwrap_or_default();
    }
    let is_adjacent = tail.len() == text.len();
    let known = matches!(name, "Z" | "UTC")
        || (!name.is_empty() && super::moment::zone(name, None).is_some());
    let is_zone = known && (name.len() > 1 || is_adjacent);
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
            assert_eq!(parsed(line).as_deref(), Some(expected), "{line}");
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
            "**bold** - text",
            "12:34:56:78 x",
        ] {
            assert_eq!(parsed(line), None, "{line}");
        }
    }
}
