//! Resolves numeric dates such as `03/11/2025`, which are ambiguous on their own.
//!
//! A number above twelve, or a date that the report also states unambiguously, determines the
//! order of day and month. Then the dates at the start of a line or a cell and after a label
//! are replaced by ISO dates. Dates in sentences are not changed.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;

use super::calendar::days;
use super::draft::Draft;

/// The start of the note about a date that cannot be read.
pub(super) const AMBIGUOUS: &str = "ambiguous date";

/// A date of three numbers, with its location.
struct NumericDate {
    span: Range<usize>,
    line: usize,
    first: u32,
    second: u32,
    year: i32,
    /// Whether the separator is a point; then the day comes first.
    dotted: bool,
}

impl NumericDate {
    fn day(&self, day_first: bool) -> Option<NaiveDate> {
        let (day, month) = if day_first {
            (self.first, self.second)
        } else {
            (self.second, self.first)
        };
        NaiveDate::from_ymd_opt(self.year, month, day)
    }
}

/// Replaces numeric dates by ISO dates and notes how they were read.
///
/// `known` is the date of the incident, if the user passed it.
pub(super) fn expand(text: String, known: Option<NaiveDate>, draft: &mut Draft) -> String {
    let found = find_all(&text);
    let Some(first) = found.iter().find(|date| !date.dotted).or(found.first()) else {
        return text;
    };
    let Some(day_first) = is_day_first(&text, &found, known) else {
        let both = [true, false].map(|order| first.day(order).unwrap_or_default().to_string());
        draft.note(
            first.line,
            format!(
                "{AMBIGUOUS} `{}`: {} or {}; pass `--date` to decide",
                text.get(first.span.clone()).unwrap_or_default(),
                both[0],
                both[1]
            ),
        );
        return text;
    };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut is_noted = false;
    for date in &found {
        let original = text.get(date.span.clone()).unwrap_or_default();
        let Some(day) = date.day(day_first || date.dotted) else {
            continue;
        };
        out.push_str(text.get(at..date.span.start).unwrap_or_default());
        out.push_str(&day.to_string());
        at = date.span.end;
        if !is_noted {
            draft.note(
                date.line,
                format!("date `{original}` read as {day}, and other dates in the same way"),
            );
            is_noted = true;
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Returns whether the day comes before the month, or `None` if the order is unknown.
fn is_day_first(text: &str, found: &[NumericDate], known: Option<NaiveDate>) -> Option<bool> {
    let ambiguous: Vec<&NumericDate> = found.iter().filter(|date| !date.dotted).collect();
    if ambiguous.is_empty() {
        return Some(true);
    }
    let fits = |day_first: bool| ambiguous.iter().all(|date| date.day(day_first).is_some());
    if fits(true) != fits(false) {
        return Some(fits(true));
    }
    let stated_dates: BTreeSet<NaiveDate> = text.lines().flat_map(days).chain(known).collect();
    let is_confirmed = |day_first: bool| {
        let mut days = ambiguous.iter().filter_map(|date| date.day(day_first));
        days.any(|day| stated_dates.contains(&day))
    };
    (fits(true) && is_confirmed(true) != is_confirmed(false)).then(|| is_confirmed(true))
}

/// Returns the numeric dates at positions where a time is expected.
fn find_all(text: &str) -> Vec<NumericDate> {
    let mut found = Vec::new();
    let mut start = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let mut at = 0;
        while let Some(next) = line
            .get(at..)
            .and_then(|rest| rest.find(|c: char| c.is_ascii_digit()))
        {
            let from = at + next;
            let rest = line.get(from..).unwrap_or_default();
            let word = rest.find(|c: char| !(c.is_ascii_digit() || "/.-".contains(c)));
            let word = rest.get(..word.unwrap_or(rest.len())).unwrap_or_default();
            at = from + word.len();
            if let Some((first, second, year, dotted)) = numbers(word)
                && line.get(..from).is_some_and(is_time_position)
            {
                let span = start + from..start + at;
                let line = index + 1;
                found.push(NumericDate {
                    span,
                    line,
                    first,
                    second,
                    year,
                    dotted,
                });
            }
        }
        start += line.len();
    }
    found
}

/// Parses `03/11/2025`, `3.11.2025` and `03-11-2025`.
fn numbers(word: &str) -> Option<(u32, u32, i32, bool)> {
    let separator = ['/', '.', '-']
        .into_iter()
        .find(|separator| word.contains(*separator))?;
    let parts: Vec<&str> = word.split(separator).collect();
    let [first, second, year] = parts.as_slice() else {
        return None;
    };
    let short = |part: &str| (1..=2).contains(&part.len()).then(|| part.parse().ok())?;
    let year = (year.len() == 4).then(|| year.parse().ok())??;
    Some((short(first)?, short(second)?, year, separator == '.'))
}

/// Returns `true` if the text before a date in its line puts it where a time is expected.
fn is_time_position(before: &str) -> bool {
    let is_markup = |c: char| c.is_ascii_digit() || " \t|*_#`>[(-–.)~".contains(c);
    let label = before.trim_end_matches(['*', '_', ' ', '`', '~']);
    let in_a_cell = before.trim_start().starts_with('|') && label.ends_with('|');
    // `## Timeline (all times PST) 01/27/2025 - 01/28/2025`
    let heading = before
        .strip_prefix('#')
        .and_then(|heading| heading.rsplit_once(')'));
    let in_a_heading =
        heading.is_some_and(|(_, after)| after.chars().all(|c| is_markup(c) || c == '/'));
    before.chars().all(is_markup) || in_a_cell || in_a_heading || label.ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str, known: Option<&str>) -> (String, usize) {
        let mut draft = Draft::default();
        let known = known.map(|day| day.parse().expect("a date"));
        let text = expand(text.to_owned(), known, &mut draft);
        (text, draft.notes.len())
    }

    #[test]
    fn a_numeric_date_is_replaced_if_its_order_is_known() {
        for (text, expected) in [
            ("**Date:** 25/03/2025", "**Date:** 2025-03-25"),
            ("- 3/25/2025 14:00 - x", "- 2025-03-25 14:00 - x"),
            ("| 14.3.2025 | x |", "| 2025-03-14 | x |"),
            (
                "| x | 04/03/2025 |\nDate: 2025-03-04",
                "| x | 2025-03-04 |\nDate: 2025-03-04",
            ),
            (
                "1. 04/03/2025 a\n2. 13/03/2025 b",
                "1. 2025-03-04 a\n2. 2025-03-13 b",
            ),
            ("on 25/03/2025 we slept", "on 25/03/2025 we slept"),
            ("version 1.2.2025", "version 1.2.2025"),
            ("192.168.1.2025", "192.168.1.2025"),
            (
                "| 04/03/2025 |\nEnd: 4 March 2025",
                "| 2025-03-04 |\nEnd: 4 March 2025",
            ),
            (
                "| ~04/03/2025 |\nEnd: 2025-04-03",
                "| ~2025-04-03 |\nEnd: 2025-04-03",
            ),
        ] {
            assert_eq!(expanded(text, None).0, expected);
        }
        assert_eq!(
            expanded("- 04/03/2025 x", Some("2025-03-04")).0,
            "- 2025-03-04 x"
        );
    }

    #[test]
    fn an_ambiguous_date_is_kept_and_noted() {
        for text in ["- 04/03/2025 x", "- 25/03/2025 x\n- 03/25/2025 y"] {
            assert_eq!(expanded(text, None), (text.to_owned(), 1));
        }
    }
}
