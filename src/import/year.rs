//! Adds the year to dates without one: `Mar 4 14:05` in a report of 2025 becomes `2025-03-04 14:05`.
//!
//! Only dates at the start of a line are changed, where a timeline has them. Without a full date in the
//! report the year is unknown, unless it is behind the time: `Tue Mar  4 14:05:00 UTC 2025`.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::calendar::{calendar_day, days, month_day};
use super::draft::Draft;
use super::entry_time::single_time;
use super::truncation::opened_fence;
use crate::token::digits;

/// The number of lines in which the date of the report is looked for.
const SEARCHED: usize = 400;

/// Adds the year to the dates at the start of lines.
pub(super) fn expand(text: String, known: Option<NaiveDate>, draft: &mut Draft) -> String {
    let near = known
        .or_else(|| first_day(&text))
        .or_else(|| year_at_top(&text));
    let mut out = String::with_capacity(text.len());
    let mut is_noted = false;
    let mut fence = false;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let is_fence = opened_fence(line.trim()).is_some();
        fence ^= is_fence;
        if fence
            || is_fence
            || line.starts_with("    ") && !line.trim_start().starts_with(['-', '*'])
        {
            out.push_str(line);
            continue;
        }
        let markup = line.len() - line.trim_start_matches(is_markup).len();
        let (before, rest) = line.split_at_checked(markup).unwrap_or(("", line));
        let (rest, line_end) = match rest.strip_suffix('\n') {
            Some(rest) => (rest, "\n"),
            None => (rest, ""),
        };
        if let Some((time, tail)) = year_at_end(rest) {
            out.push_str(&format!("{before}{time}{tail}{line_end}"));
            continue;
        }
        let Some((day, tail)) = near.and_then(|near| without_year(rest, near)) else {
            out.push_str(line);
            continue;
        };
        out.push_str(&format!("{before}{day}{tail}{line_end}"));
        if !is_noted {
            let original = rest.get(..rest.len() - tail.len()).unwrap_or_default();
            draft.note(
                index + 1,
                format!("date `{original}` read as {day}, and other dates without a year in the same way"),
            );
            is_noted = true;
        }
    }
    out
}

fn is_markup(c: char) -> bool {
    " \t-*+#>|[(_`~".contains(c)
}

/// Returns the first full date of a text.
pub(super) fn first_day(text: &str) -> Option<NaiveDate> {
    { text.lines().take(SEARCHED) }.find_map(|line| days(line).next())
}

/// Returns a day of the month or the year that the first lines name: `Storage outage, May 2025`.
///
/// Only a year that they agree on counts.
fn year_at_top(text: &str) -> Option<NaiveDate> {
    let words = || {
        let lines = text.lines().filter(|line| !line.trim().is_empty()).take(6);
        lines.flat_map(|line| line.split(|c: char| !c.is_alphanumeric()))
    };
    let year = |word: &str| -> Option<i32> {
        let year = (word.len() == 4).then(|| word.parse().ok())??;
        (1990..=2100).contains(&year).then_some(year)
    };
    let mut years = words().filter_map(year);
    let first = years.next()?;
    if years.any(|other| other != first) {
        return None;
    }
    let mut named = words().zip(words().skip(1));
    let month = named.find_map(|(month, next)| {
        let (month, ..) = month_day(&format!("{month} 15")).filter(|_| year(next).is_some())?;
        Some((month, 15))
    });
    let (month, day) = month.unwrap_or((7, 1));
    NaiveDate::from_ymd_opt(first, month, day)
}

/// Parses a time as the command `date` prints it, `Tue Mar  4 14:05:00 UTC 2025`; returns it as others write it.
fn year_at_end(text: &str) -> Option<(String, &str)> {
    let (month, day, rest) = month_day(text)?;
    let clock = rest.trim_start();
    let (time, _, tail) = single_time(clock)?;
    time.time.filter(|_| time.day.is_none())?;
    let clock = clock.get(..clock.len() - tail.len())?;
    let (year, tail) = digits(tail.strip_prefix(' ')?).filter(|(year, _)| year.len() == 4)?;
    let day = NaiveDate::from_ymd_opt(year.parse().ok()?, month, day)?;
    (!tail.starts_with(char::is_alphanumeric)).then(|| (format!("{day} {clock}"), tail))
}

/// Parses a date without a year and before a time, or alone in its line; returns it and the rest.
fn without_year(text: &str, near: NaiveDate) -> Option<(NaiveDate, &str)> {
    if calendar_day(text).is_some() {
        return None;
    }
    let (day, rest) = match month_day(text) {
        Some((month, day, rest)) => (nearest(month, day, near)?, rest),
        None => numeric(text, near)?,
    };
    let tail = rest.trim_start_matches([',', ' ']);
    let tail = tail
        .strip_prefix("at ")
        .or_else(|| tail.strip_prefix("- "))
        .unwrap_or(tail);
    let is_timed = single_time(tail).is_some_and(|(written, ..)| written.time.is_some());
    let bare = rest.trim_start_matches(['*', '_', '`', ' ']);
    // A cell, a date in bold, and one that is set off from a text: `| Mar 4 |`, `**Mar 4** - x`, `Mar 4: x`.
    let is_set_off = [": ", "- ", "– ", "— "]
        .iter()
        .any(|sign| bare.starts_with(sign));
    let is_apart = bare.starts_with('|') || rest.starts_with('*') || is_set_off;
    let is_alone = is_apart || !rest.contains(char::is_alphanumeric);
    if is_timed {
        // Keep one space before the time.
        return rest
            .get(rest.len() - tail.len() - 1..)
            .map(|rest| (day, rest));
    }
    is_alone.then_some((day, rest))
}

/// Returns the date with this month and day that is nearest to another.
pub(super) fn nearest(month: u32, day: u32, near: NaiveDate) -> Option<NaiveDate> {
    let years = [near.year() - 1, near.year(), near.year() + 1];
    let dates = years
        .into_iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
    dates.min_by_key(|date| (*date - near).abs())
}

/// Parses `03-04 09:10` if one order of month and day is near the date of the report.
fn numeric(text: &str, near: NaiveDate) -> Option<(NaiveDate, &str)> {
    let (first, rest) = text.split_at_checked(5)?;
    let (left, right) = first.split_once(['-', '/'])?;
    let (left, right): (u32, u32) = (left.parse().ok()?, right.parse().ok()?);
    let is_near = |date: &NaiveDate| (*date - near).abs() <= TimeDelta::days(7);
    let month_first = nearest(left, right, near).filter(is_near);
    let day_first = nearest(right, left, near).filter(is_near);
    let is_separate = rest.starts_with([' ', ',']);
    match (month_first, day_first) {
        (Some(day), None) | (None, Some(day)) if is_separate => Some((day, rest)),
        (Some(day), Some(other)) if is_separate && day == other => Some((day, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_without_a_year_has_that_of_the_report() {
        for (line, expected) in [
            ("- Mar 4 14:05 - x", "- 2025-03-04 14:05 - x"),
            ("### Feb 28, 13:00", "### 2025-02-28 13:00"),
            ("- [03-04 09:10] x", "- [2025-03-04 09:10] x"),
            ("**Tue 4 March**", "**2025-03-04**"),
            ("| March 5 | 00:30 | x |", "| 2025-03-05 | 00:30 | x |"),
            ("- Mar 4 2025 14:05 - x", "- Mar 4 2025 14:05 - x"),
            ("- Dec 30 23:00 x", "- 2024-12-30 23:00 x"),
            ("March 4 was a bad day", "March 4 was a bad day"),
            ("- 10-20 printers", "- 10-20 printers"),
        ] {
            let text = format!("Date: 2025-03-04\n{line}");
            let expected = format!("Date: 2025-03-04\n{expected}");
            assert_eq!(expand(text, None, &mut Draft::default()), expected);
        }
        let text = "- Tue Mar  4 04:13:00 PM PST 2025: x";
        let expected = "- 2025-03-04 04:13:00 PM PST: x";
        assert_eq!(
            expand(text.to_owned(), None, &mut Draft::default()),
            expected
        );
        let text = "- Mar 4 14:05 - x";
        assert_eq!(expand(text.to_owned(), None, &mut Draft::default()), text);
    }
}
