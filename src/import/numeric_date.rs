//! Resolves numeric dates such as `03/11/2025`, which are ambiguous on their own.
//!
//! A number above twelve, or a date that the report also states unambiguously, determines the
//! order of day, month and year. Then the dates at the start of a line or a cell and after a label
//! are replaced by ISO dates. Dates in sentences are not changed.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;

use super::calendar::days;
use super::draft::Draft;
use super::entry_time::single_time;

/// The start of the note about a date that cannot be read.
pub(super) const AMBIGUOUS: &str = "ambiguous date";

/// The first of the numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Day,
    Month,
    Year,
}

const ORDERS: [Order; 3] = [Order::Day, Order::Month, Order::Year];

/// The three numbers of a date.
#[derive(Debug, Clone, Copy)]
struct Numbers {
    first: u32,
    second: u32,
    third: u32,
    separator: char,
    /// Whether the year has two digits.
    is_short: bool,
}

impl Numbers {
    fn day(&self, order: Order) -> Option<NaiveDate> {
        let (year, month, day) = match order {
            Order::Day => (self.third, self.second, self.first),
            Order::Month => (self.third, self.first, self.second),
            Order::Year if self.is_short => (self.first, self.second, self.third),
            Order::Year => return None,
        };
        let century = if self.is_short { 2000 } else { 0 };
        NaiveDate::from_ymd_opt(i32::try_from(century + year).ok()?, month, day)
    }

    /// Returns `true` for a date with points, in which the day comes first.
    const fn is_dotted(&self) -> bool {
        self.separator == '.'
    }

    /// Returns the dates that the numbers may be.
    fn days(&self) -> BTreeSet<NaiveDate> {
        let orders = ORDERS.get(..if self.is_dotted() { 1 } else { 3 });
        let orders = orders.into_iter().flatten();
        orders.filter_map(|order| self.day(*order)).collect()
    }
}

/// A date of three numbers, with its location.
struct NumericDate {
    span: Range<usize>,
    line: usize,
    numbers: Numbers,
}

/// Returns the date of three numbers in a text that can be only one: `Printers offline 5-26-21`.
pub(super) fn find(text: &str) -> Option<NaiveDate> {
    let is_version = |found: &Numbers| found.is_dotted() && found.is_short;
    let words = text.split([' ', ',', '(', ')']).filter_map(numbers);
    let days = { words }.find(|found| !is_version(found))?.days();
    days.first().copied().filter(|_| days.len() == 1)
}

/// Replaces numeric dates by ISO dates and notes how they were read.
///
/// `known` is the date of the incident, if the user passed it.
pub(super) fn expand(text: String, known: Option<NaiveDate>, draft: &mut Draft) -> String {
    let found = find_all(&text);
    let undotted = found.iter().find(|date| !date.numbers.is_dotted());
    let Some(first) = undotted.or(found.first()) else {
        return text;
    };
    let Some(order) = order(&text, &found, known) else {
        let days = first.numbers.days().into_iter();
        let days: Vec<String> = days.map(|day| day.to_string()).collect();
        draft.note(
            first.line,
            format!(
                "{AMBIGUOUS} `{}`: {}; pass `--date` to decide",
                text.get(first.span.clone()).unwrap_or_default(),
                days.join(" or ")
            ),
        );
        return text;
    };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut is_noted = false;
    for date in &found {
        let original = text.get(date.span.clone()).unwrap_or_default();
        let order = Some(order).filter(|_| !date.numbers.is_dotted());
        let Some(day) = date.numbers.day(order.unwrap_or(Order::Day)) else {
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

/// Returns the order of the numbers of all dates, or `None` if it is unknown.
fn order(text: &str, found: &[NumericDate], known: Option<NaiveDate>) -> Option<Order> {
    let dates = found.iter().map(|date| date.numbers);
    let ambiguous: Vec<Numbers> = dates.filter(|date| !date.is_dotted()).collect();
    if ambiguous.is_empty() {
        return Some(Order::Day);
    }
    let fits = |order: &Order| ambiguous.iter().all(|date| date.day(*order).is_some());
    let stated_dates: BTreeSet<NaiveDate> = text.lines().flat_map(days).chain(known).collect();
    let is_confirmed = |order: &Order| {
        let mut days = ambiguous.iter().filter_map(|date| date.day(*order));
        days.any(|day| stated_dates.contains(&day))
    };
    let possible: Vec<Order> = ORDERS.into_iter().filter(fits).collect();
    let confirmed = || possible.iter().copied().filter(is_confirmed);
    match possible.as_slice() {
        [order] => Some(*order),
        _ => confirmed().next().filter(|_| confirmed().count() == 1),
    }
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
            // `4/21/2023-4/25/2023`
            let is_span = word.contains('/');
            let word = word.split('-').next().filter(|_| is_span).unwrap_or(word);
            let word = word.trim_end_matches('.');
            at = from + word.len();
            let is_date = |numbers: &Numbers| {
                let after = rest.get(word.len()..).unwrap_or_default();
                let is_certain = !numbers.is_short || is_span || is_before_time(after);
                is_certain && line.get(..from).is_some_and(is_time_position)
            };
            if let Some(mut numbers) = numbers(word).filter(is_date) {
                // Also written with slashes, it may have the month first.
                if numbers.is_dotted() && text.contains(&word.replace('.', "/")) {
                    numbers.separator = '/';
                }
                found.push(NumericDate {
                    span: start + from..start + at,
                    line: index + 1,
                    numbers,
                });
            }
        }
        start += line.len();
    }
    found
}

/// Returns `true` if a text starts with a time of day, so that three short numbers before it are no version.
fn is_before_time(text: &str) -> bool {
    let time = single_time(text.trim_start_matches([' ', ',', '-', '–', '|', '*']));
    time.is_some_and(|(time, ..)| time.time.is_some())
}

/// Parses `03/11/2025`, `3.11.2025`, `03-11-2025` and `03/11/25`.
fn numbers(word: &str) -> Option<Numbers> {
    let separator = ['/', '.', '-']
        .into_iter()
        .find(|separator| word.contains(*separator))?;
    let parts: Vec<&str> = word.split(separator).collect();
    let [first, second, third] = parts.as_slice() else {
        return None;
    };
    let short = |part: &str| (1..=2).contains(&part.len()).then(|| part.parse().ok())?;
    let is_year = |part: &&str| matches!(part.len(), 2 | 4);
    Some(Numbers {
        first: short(first)?,
        second: short(second)?,
        third: Some(*third).filter(is_year)?.parse().ok()?,
        separator,
        is_short: third.len() == 2,
    })
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
    // `Fixed: 5:55 AM EST, 8/30/2025`
    let time = before
        .strip_suffix(", ")
        .and_then(|before| before.rsplit(": ").next());
    let after_time = time.and_then(single_time);
    let after_time =
        after_time.is_some_and(|(time, _, rest)| time.time.is_some() && rest.is_empty());
    before.chars().all(is_markup) || in_a_cell || in_a_heading || after_time || label.ends_with(':')
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
                "## Timeline (PST) 4/21/23-4/25/23\n\n- 4/5/23 11:12 AM: x",
                "## Timeline (PST) 2023-04-21-2023-04-25\n\n- 2023-04-05 11:12 AM: x",
            ),
            (
                "- x: 4:45 AM EST, 3/25/2025",
                "- x: 4:45 AM EST, 2025-03-25",
            ),
            (
                "# 8.12.2022 A\n\n- 8/12/2022 x\n- 8/30/2022 y",
                "# 2022-08-12 A\n\n- 2022-08-12 x\n- 2022-08-30 y",
            ),
            ("- 21.04.23 11:12 - x", "- 2023-04-21 11:12 - x"),
            ("- 5-26-21 9:10 AM - x", "- 2021-05-26 9:10 AM - x"),
            (
                "- 23/04/21 09:10 x\n\nOn 21 April 2023",
                "- 2023-04-21 09:10 x\n\nOn 21 April 2023",
            ),
            ("- 1.2.25 is installed", "- 1.2.25 is installed"),
            ("Version: 22.04.01", "Version: 22.04.01"),
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
        for text in [
            "- 04/03/2025 x",
            "- 25/03/2025 x\n- 03/25/2025 y",
            "- 21/04/23 09:10 x",
        ] {
            assert_eq!(expanded(text, None), (text.to_owned(), 1));
        }
    }
}
