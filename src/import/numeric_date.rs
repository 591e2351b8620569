//! Days such as `03/11/2025`, which stand for two days until the report says for which.
//!
//! Where a number above twelve, or a day that the report also writes in full, tells the order,
//! those that stand where a time does are written in full: at the start of a line or a cell,
//! and behind a label. What stands in a sentence stays as it is.

use std::collections::BTreeSet;
use std::ops::Range;

use chrono::NaiveDate;

use super::draft::Draft;

/// Three numbers that are a day, and where they stand.
struct NumericDate {
    span: Range<usize>,
    line: usize,
    first: u32,
    second: u32,
    year: i32,
    /// Whether a point parts them: then the day is the first.
    pointed: bool,
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

/// Writes such days in full, and says how they were read; `known` is the day that a person told.
pub(super) fn in_full(text: String, known: Option<NaiveDate>, draft: &mut Draft) -> String {
    let found = all(&text);
    let Some(first) = found.iter().find(|day| !day.pointed).or(found.first()) else {
        return text;
    };
    let Some(day_first) = order(&text, &found, known) else {
        let both = [true, false].map(|order| first.day(order).unwrap_or_default().to_string());
        draft.note(
            first.line,
            format!(
                "`{}` may be {} or {}, and nothing in the report says which; `--date` does",
                text.get(first.span.clone()).unwrap_or_default(),
                both[0],
                both[1]
            ),
        );
        return text;
    };
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut told = false;
    for slashed in &found {
        let typed = text.get(slashed.span.clone()).unwrap_or_default();
        let Some(day) = slashed.day(day_first || slashed.pointed) else {
            continue;
        };
        out.push_str(text.get(at..slashed.span.start).unwrap_or_default());
        out.push_str(&day.to_string());
        at = slashed.span.end;
        if !told {
            draft.note(
                slashed.line,
                format!("`{typed}` is read as {day}, and others likewise"),
            );
            told = true;
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Says whether the day stands before the month; nothing where that is open.
fn order(text: &str, found: &[NumericDate], known: Option<NaiveDate>) -> Option<bool> {
    let open: Vec<&NumericDate> = found.iter().filter(|day| !day.pointed).collect();
    if open.is_empty() {
        return Some(true);
    }
    let fits = |day_first: bool| open.iter().all(|day| day.day(day_first).is_some());
    if fits(true) != fits(false) {
        return Some(fits(true));
    }
    let written: BTreeSet<NaiveDate> = text
        .match_indices("20")
        .filter_map(|(at, _)| text.get(at..at + 10)?.parse().ok())
        .chain(known)
        .collect();
    let says = |day_first: bool| {
        let mut days = open.iter().filter_map(|day| day.day(day_first));
        days.any(|day| written.contains(&day))
    };
    (fits(true) && says(true) != says(false)).then(|| says(true))
}

/// Finds the days that stand where a time does.
fn all(text: &str) -> Vec<NumericDate> {
    let mut found = Vec::new();
    let mut start = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
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
            if let Some((first, second, year, pointed)) = numbers(word)
                && line.get(..from).is_some_and(is_place_of_a_time)
            {
                let span = start + from..start + at;
                let line = number + 1;
                found.push(NumericDate {
                    span,
                    line,
                    first,
                    second,
                    year,
                    pointed,
                });
            }
        }
        start += line.len();
    }
    found
}

/// Reads `03/11/2025`, `3.11.2025`, `03-11-2025`.
fn numbers(word: &str) -> Option<(u32, u32, i32, bool)> {
    let mark = ['/', '.', '-']
        .into_iter()
        .find(|mark| word.contains(*mark))?;
    let parts: Vec<&str> = word.split(mark).collect();
    let [first, second, year] = parts.as_slice() else {
        return None;
    };
    let short = |part: &str| (1..=2).contains(&part.len()).then(|| part.parse().ok())?;
    let year = (year.len() == 4).then(|| year.parse().ok())??;
    Some((short(first)?, short(second)?, year, mark == '.'))
}

/// Says whether what stands in front of a day in its line leaves it in the place of a time.
fn is_place_of_a_time(before: &str) -> bool {
    let bare = |c: char| c.is_ascii_digit() || " \t|*_#`>[(-–.)~".contains(c);
    let label = before.trim_end_matches(['*', '_', ' ', '`', '~']);
    let in_a_cell = before.trim_start().starts_with('|') && label.ends_with('|');
    before.chars().all(bare) || in_a_cell || label.ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, known: Option<&str>) -> (String, usize) {
        let mut draft = Draft::default();
        let known = known.map(|day| day.parse().expect("a day"));
        let text = in_full(text.to_owned(), known, &mut draft);
        (text, draft.notes.len())
    }

    #[test]
    fn a_day_is_written_in_full_where_its_order_is_told() {
        for (typed, expected) in [
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
                "| ~04/03/2025 |\nEnd: 2025-04-03",
                "| ~2025-04-03 |\nEnd: 2025-04-03",
            ),
        ] {
            assert_eq!(read(typed, None).0, expected);
        }
        assert_eq!(
            read("- 04/03/2025 x", Some("2025-03-04")).0,
            "- 2025-03-04 x"
        );
    }

    #[test]
    fn a_day_whose_order_is_open_stays_and_is_told() {
        for typed in ["- 04/03/2025 x", "- 25/03/2025 x\n- 03/25/2025 y"] {
            assert_eq!(read(typed, None), (typed.to_owned(), 1));
        }
    }
}
