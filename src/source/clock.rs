//! Parses dates and times as people and logs write them, and returns them in the input's format.
//!
//! Messages suggest what was most likely meant. Commands and imports of exports read a text that can mean one time
//! only: an ambiguous date such as `03/04/2025` has two readings. Input files are never read with it.

use chrono::{DateTime, NaiveDate};

use super::character::ascii;
use crate::token::{ClockStyle, ClockTime, Languages, day_number, month, number, strip_about};

/// The formats of days other than that of input files.
const DAYS: &[&str] = &[
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %B %Y",
    "%d-%B-%Y",
    "%B %d, %Y",
    "%B %d %Y",
];

/// Returns the days that a text may mean, as `2025-01-14`; a time after the day is left out.
pub fn days(text: &str) -> Vec<String> {
    let text = ascii(text);
    let text = text.trim();
    match text.split_once(['T', ' ']) {
        Some((day, time)) if day.len() == 10 && time_of_day(zone(time).0).is_some() => {
            without_time(day)
        }
        _ => without_time(text),
    }
}

fn without_time(text: &str) -> Vec<String> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let forms = if digits { &["%Y%m%d"][..] } else { DAYS };
    let text = in_english(text);
    let mut found: Vec<NaiveDate> = forms
        .iter()
        .filter_map(|form| NaiveDate::parse_from_str(&text, form).ok())
        .collect();
    found.sort_unstable();
    found.dedup();
    let days = found.iter().map(NaiveDate::to_string);
    days.filter(|day| day.len() == 10 && (day.starts_with("19") || day.starts_with("20")))
        .collect()
}

/// Returns `November 5, 2026` for `Nov 5th, 2026`, and `14 March 2025` for `14. März 2025`.
fn in_english(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let bare = word.trim_end_matches(',');
        let comma = word.get(bare.len()..).unwrap_or_default();
        let name = month(bare, Languages::All).map(|month| month.name().to_owned());
        let name = name.or_else(|| Some(day_number(bare)?.to_string()));
        name.map_or_else(|| word.to_owned(), |name| name + comma)
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns the times that a text may mean: a day, a time of day, or both.
///
/// Returns an empty list for a time with a time zone but without a day, which has no equivalent in the input format.
pub fn times(text: &str) -> Vec<String> {
    let text = ascii(text);
    let (is_about, rest) = strip_about(text.trim());
    let mut found = exact(rest);
    for time in found.iter_mut().filter(|_| is_about) {
        time.insert(0, '~');
    }
    found
}

/// Returns the start and the end of a text such as `14:23-14:31` or `14:23 to 14:31`.
pub fn span(text: &str) -> Option<(String, String)> {
    let text = ascii(text);
    let split = |between: &str| {
        let (start, end) = text.split_once(between)?;
        Some((time_of_day(start)?, time_of_day(end)?))
    };
    ["-", " to ", " until "]
        .iter()
        .find_map(|between| split(between))
}

/// Returns the time of day of a text that consists of it and `UTC` or `Z`.
pub fn in_utc(text: &str) -> Option<String> {
    match zone(ascii(text).trim()) {
        (rest, Some(zone)) if zone == "Z" => time_of_day(rest),
        _ => None,
    }
}

fn exact(text: &str) -> Vec<String> {
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits(text);
    }
    let (rest, offset) = zone(text);
    let offset = offset.as_deref();
    match (time_of_day(rest), offset) {
        (Some(time), None) => return vec![time],
        (Some(_), Some(_)) => return Vec::new(),
        _ => {}
    }
    let alone = if offset.is_none() {
        without_time(rest)
    } else {
        Vec::new()
    };
    if !alone.is_empty() {
        return alone;
    }
    if let Some(day) = rest.strip_suffix("24:00").filter(|_| offset.is_none()) {
        // The end of a day is the start of the next one.
        let days = without_time(day.trim_end_matches(['T', ' ', ',']));
        let next = days
            .iter()
            .filter_map(|day| day.parse::<NaiveDate>().ok()?.succ_opt());
        return next.map(|day| format!("{day} 00:00")).collect();
    }
    for (at, _) in rest.match_indices(['T', ' ', ',']) {
        let (before, after) = (rest.get(..at), rest.get(at + 1..));
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let after = after.trim().trim_start_matches("at ");
        let both = match (time_of_day(after), time_of_day(before)) {
            (Some(time), _) => Some((before.trim().trim_end_matches(','), time)),
            (None, Some(time)) => Some((after, time)),
            (None, None) => None,
        };
        let Some((day, time)) = both else { continue };
        let found: Vec<String> = without_time(day)
            .into_iter()
            .map(|day| match offset {
                Some(offset) => format!("{day}T{time}{offset}"),
                None => format!("{day} {time}"),
            })
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Parses `912`, `093015`, `20250114`, `202501141423`, and seconds since 1970.
fn digits(text: &str) -> Vec<String> {
    let clock = |text: &str| {
        let (hours, rest) =
            text.split_at_checked(text.len() - if text.len() > 4 { 4 } else { 2 })?;
        let (minutes, seconds) = rest.split_at_checked(2)?;
        let parts = [hours, minutes, seconds];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        time_of_day(&parts.join(":"))
    };
    let both = || {
        let (day, time) = text.split_at_checked(8)?;
        Some(format!("{} {}", without_time(day).first()?, clock(time)?))
    };
    let since_1970 = |per_second: i64| {
        let seconds = text.parse::<i64>().ok()? / per_second;
        let moment = DateTime::from_timestamp(seconds, 0)?;
        Some(moment.format("%Y-%m-%dT%H:%M:%SZ").to_string())
    };
    match text.len() {
        3..=6 => clock(text).into_iter().collect(),
        8 => without_time(text),
        10 => since_1970(1).into_iter().collect(),
        13 => since_1970(1000).into_iter().collect(),
        12 | 14 => both().into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Splits the time zone off the end of a time, and returns the zone as RFC 3339 writes it.
fn zone(text: &str) -> (&str, Option<String>) {
    for name in ["utc", "gmt", "z"] {
        let start = text.len().saturating_sub(name.len());
        if let Some((rest, end)) = text.split_at_checked(start)
            && end.eq_ignore_ascii_case(name)
            && rest
                .trim_end()
                .ends_with(|character: char| character.is_ascii_digit())
        {
            return (rest.trim_end(), Some("Z".to_owned()));
        }
    }
    let split = || {
        let (rest, end) = text.split_at_checked(text.rfind(['+', '-'])?)?;
        // Without a colon before it, this is the end of a date.
        let offset = offset(end).filter(|_| rest.contains(':'))?;
        Some((rest.trim_end(), Some(offset)))
    };
    split().unwrap_or((text, None))
}

/// Returns a UTC offset such as `+2`, `+5:30` or `-0330` as `+02:00`, `+05:30` or `-03:30`.
pub fn offset(text: &str) -> Option<String> {
    let sign = text.get(..1).filter(|sign| matches!(*sign, "+" | "-"))?;
    let rest = text.get(1..)?.trim_start();
    let parts = rest.split_once(':').or_else(|| rest.split_at_checked(2));
    let (hours, minutes) = parts.unwrap_or((rest, ""));
    number(hours)?;
    let is_minute = minutes.is_empty() || minutes.len() == 2 && number(minutes).is_some();
    is_minute.then(|| format!("{sign}{hours:0>2}:{minutes:0<2}"))
}

/// Reads a text that is a time of day.
fn time_of_day(text: &str) -> Option<String> {
    let text = text.trim();
    let found = ClockTime::read(text, ClockStyle::Typed).filter(|found| found.end == text.len())?;
    let form = if found.has_seconds {
        "%H:%M:%S%.f"
    } else {
        "%H:%M"
    };
    Some(found.at.format(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_parsed_in_any_usual_format() {
        for typed in [
            "2025/01/14",
            "2025.01.14",
            "2025-1-14",
            "20250114",
            "14.01.2025",
            "14.1.2025",
            "14/01/2025",
            "01/14/2025",
            "14 January 2025",
            "14 Jan 2025",
            "14-Jan-2025",
            "January 14, 2025",
            "jan 14 2025",
            "2025-01-14T00:00:00Z",
            "2025-01-14 14:23",
            " 2025-01-14 ",
            "2025–01–14",
            "２０２５-01-14",
        ] {
            assert_eq!(days(typed), ["2025-01-14"], "{typed}");
        }
        assert_eq!(days("03/04/2025"), ["2025-03-04", "2025-04-03"]);
        for typed in [
            "",
            "next week",
            "14.01.25",
            "2025-02-30",
            "2025",
            "14:23",
            "99999999",
        ] {
            assert_eq!(days(typed), Vec::<String>::new(), "{typed}");
        }
    }

    #[test]
    fn a_time_is_parsed_in_any_usual_format() {
        for (typed, time) in [
            ("912", "09:12"),
            ("0912", "09:12"),
            ("1432", "14:32"),
            ("93015", "09:30:15"),
            ("9:12", "09:12"),
            ("9:5", "09:05"),
            ("9:5:7", "09:05:07"),
            ("2025-12-31 24:00", "2026-01-01 00:00"),
            ("9:5pm", "21:05"),
            ("2026-11-05T9:5", "2026-11-05 09:05"),
            ("5 Nov 2026 9:5", "2026-11-05 09:05"),
            ("Nov 5th, 2026", "2026-11-05"),
            ("14. März 2025", "2025-03-14"),
            ("17:14 pm", "17:14"),
            ("15 Uhr", "15:00"),
            ("noon", "12:00"),
            ("09:12h", "09:12"),
            ("9.12 Uhr", "09:12"),
            ("14,23", "14:23"),
            ("9h12", "09:12"),
            ("9:12pm", "21:12"),
            ("０９：１２", "09:12"),
            ("9.12", "09:12"),
            ("14h23", "14:23"),
            ("2:23 pm", "14:23"),
            ("2:23PM", "14:23"),
            ("12:05 a.m.", "00:05"),
            ("2 pm", "14:00"),
            ("14:23:47,123", "14:23:47.123"),
            ("14：23", "14:23"),
            ("14:23\u{a0}", "14:23"),
            ("approx 14:23", "~14:23"),
            ("≈ 14:23", "~14:23"),
            ("2025-01-14 14:23 UTC", "2025-01-14T14:23Z"),
            ("2025-01-14T14:23:47+0100", "2025-01-14T14:23:47+01:00"),
            ("2025-01-14 14:23:47 -05", "2025-01-14T14:23:47-05:00"),
            ("2025-01-14 14:23:47,123", "2025-01-14 14:23:47.123"),
            ("2025/01/14 14:23", "2025-01-14 14:23"),
            ("14.01.2025 14:23", "2025-01-14 14:23"),
            ("14.01.2025, 14:23", "2025-01-14 14:23"),
            ("14 January 2025 at 2:23 pm", "2025-01-14 14:23"),
            ("14:23 14.01.2025", "2025-01-14 14:23"),
            ("202501141423", "2025-01-14 14:23"),
            ("1736864627", "2025-01-14T14:23:47Z"),
            ("1736864627123", "2025-01-14T14:23:47Z"),
            ("20250114", "2025-01-14"),
        ] {
            assert_eq!(times(typed), [time], "{typed}");
        }
        for typed in [
            "",
            "soon",
            "2575",
            "12",
            "9.5",
            "9h",
            "24:00",
            "9,5",
            "14:23 UTC",
            "14:23 CET",
            "13:00 am",
            "first-alert",
            "25:00",
        ] {
            assert_eq!(times(typed), Vec::<String>::new(), "{typed}");
        }
        assert_eq!(in_utc("14:23 UTC").as_deref(), Some("14:23"));
        for (typed, expected) in [
            ("+2", Some("+02:00")),
            ("- 5", Some("-05:00")),
            ("+5:30", Some("+05:30")),
            ("-0330", Some("-03:30")),
            ("+2:3", None),
            ("+200", None),
            ("2", None),
        ] {
            assert_eq!(offset(typed).as_deref(), expected, "{typed}");
        }
        assert_eq!(
            span("14:23–14:31"),
            Some(("14:23".to_owned(), "14:31".to_owned()))
        );
    }
}
