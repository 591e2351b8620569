//! Parses dates as reports write them, with the names of months in several languages.

use chrono::NaiveDate;

use crate::moment::parse_day;
use crate::token::{self, Languages, day_number, digits, may_be_weekday, number};

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
    if let Some(found) = with_signs(text).or_else(|| with_dashes(text)) {
        return Some(found);
    }
    // `Tuesday, 2025-03-04`
    if let Some((first, rest)) = text.split_once(' ')
        && may_be_weekday(first.trim_end_matches([',', '.']))
        && month(first).is_none()
        && rest.starts_with(|c: char| c.is_ascii_digit())
    {
        return calendar_day(rest);
    }
    let (month, day, rest) = month_day(text)?;
    let rest = strip_of(rest);
    let (third, rest) = word(rest)?;
    let year = third.trim_end_matches(|c: char| !c.is_alphanumeric());
    let trimmed = third.len() - year.len();
    let year: i32 = (year.len() == 4).then(|| year.parse().ok())??;
    // Put the punctuation that was trimmed from the year back before the rest.
    let rest = text.get(text.len() - rest.len() - trimmed..)?;
    Some((
        NaiveDate::from_ymd_opt(year, month, day)?,
        rest.strip_prefix(',').unwrap_or(rest),
    ))
}

/// Returns the full dates in a line.
pub(super) fn days(line: &str) -> impl Iterator<Item = NaiveDate> {
    days_at(line).map(|(_, day)| day)
}

/// Returns the full dates in a line, each with its byte position.
pub(super) fn days_at(line: &str) -> impl Iterator<Item = (usize, NaiveDate)> {
    let starts = line.char_indices().scan(' ', |last, (at, c)| {
        // A script without spaces may be before the digits of a date.
        let is_new = !last.is_alphanumeric() || c.is_ascii_digit() && !last.is_ascii();
        let is_start = is_new && c.is_alphanumeric();
        *last = c;
        Some(is_start.then_some(at))
    });
    { starts.flatten() }.filter_map(|at| {
        let text = line.get(at..)?;
        let (day, _) = calendar_day(text).or_else(|| first_of_range(text))?;
        Some((at, day))
    })
}

/// Parses dates that share a year; returns the first: `March 4–5, 2025`, `4–5 March 2025`, `March 4 to March 5, 2025`.
pub(super) fn first_of_range(text: &str) -> Option<(NaiveDate, &str)> {
    let number = text.find(|c: char| c.is_ascii_digit())?;
    let ordinal = |text: &str| text.find(|c: char| !c.is_ascii_alphanumeric());
    let first = number + ordinal(text.get(number..)?)?;
    let tail = text.get(first..)?.trim_start();
    let joints = ["-", "–", "—", "/", "to ", "and ", "& "];
    let last = joints
        .iter()
        .find_map(|joint| tail.strip_prefix(joint))?
        .trim_start();
    let last = match word(last) {
        Some((name, rest)) if month(name).is_some() => rest.trim_start(),
        _ => last,
    };
    day_number(last.get(..ordinal(last)?)?)?;
    // `04 and 01-Oct-2025` are no range.
    let rest = last
        .get(ordinal(last)?..)
        .filter(|rest| rest.starts_with([' ', ',']))?;
    let (day, after) = calendar_day(&format!("{}{rest}", text.get(..first)?))
        .map(|(day, after)| (day, after.len()))?;
    Some((day, text.get(text.len() - after..)?))
}

/// Parses a date without its year at the start of a text: `4 March`, `March 4th`, `Tue, Mar. 4`.
pub(super) fn month_day(text: &str) -> Option<(u32, u32, &str)> {
    let text = strip_weekday(text);
    if let Some((month, rest)) = digits(text)
        && let Some(rest) = rest.strip_prefix('月')
    {
        let (day, rest) = digits(rest)?;
        return Some((number(month)?, number(day)?, rest.strip_prefix('日')?));
    }
    let (first, rest) = word(text)?;
    let (second, rest) = word(strip_of(rest))?;
    // Markup and a colon after the date belong to what follows.
    let bare = second.trim_end_matches([':', '*', '_', '`', ']', ')']);
    let rest = text.get(text.len() - rest.len() - (second.len() - bare.len())..)?;
    match (day_number(first), month(first)) {
        (Some(day), _) => Some((month(bare)?, day, rest)),
        (None, Some(month)) => Some((month, day_number(bare)?, rest)),
        _ => None,
    }
}

fn month(word: &str) -> Option<u32> {
    let month = token::month(word.trim_end_matches([',', '.']), Languages::All)?;
    Some(month.number_from_month())
}

/// Strips `de` or `of` between the parts of a date: `4 de março de 2025`.
fn strip_of(text: &str) -> &str {
    let tail = text.trim_start();
    ["de ", "of ", "del "]
        .iter()
        .find_map(|of| tail.strip_prefix(of))
        .unwrap_or(text)
}

/// Parses `2025年3月4日`.
fn with_signs(text: &str) -> Option<(NaiveDate, &str)> {
    let (year, rest) = digits(text)?;
    let (month, rest) = digits(rest.strip_prefix('年')?.trim_start())?;
    let (day, rest) = digits(rest.strip_prefix('月')?.trim_start())?;
    let day = NaiveDate::from_ymd_opt(year.parse().ok()?, number(month)?, number(day)?)?;
    let rest = rest.strip_prefix('日')?;
    // `2025年3月4日(火)13:05`
    let in_brackets = rest.strip_prefix(['(', '（']).and_then(|rest| {
        let (name, rest) = rest.split_once([')', '）'])?;
        (name.chars().count() == 1).then_some(rest)
    });
    Some((day, in_brackets.unwrap_or(rest)))
}

/// Parses `01-Oct-2025`.
fn with_dashes(text: &str) -> Option<(NaiveDate, &str)> {
    let (day, rest) = digits(text)?;
    let (name, rest) = rest.strip_prefix('-')?.split_once('-')?;
    let (year, rest) = digits(rest)?;
    let year = (year.len() == 4).then(|| year.parse().ok())??;
    Some((
        NaiveDate::from_ymd_opt(year, month(name)?, number(day)?)?,
        rest,
    ))
}

fn strip_weekday(text: &str) -> &str {
    match word(text) {
        // `Mar 4` is a date, and `mar. 4 mars` starts with a day of the week.
        Some((first, rest)) if month(first).is_none() || first.ends_with([',', '.']) => {
            let bare = first.trim_end_matches([',', '.']);
            let next = word(rest).map_or("", |(next, _)| next);
            let is_date = day_number(next).is_some() || month(next).is_some();
            if is_date && may_be_weekday(bare) {
                rest.trim_start()
            } else {
                text
            }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dates_of_a_line_are_found_in_its_text() {
        for (line, expected) in [
            ("On March 6, 2025, from 18:04 UTC", &["2025-03-06"][..]),
            (
                "Tuesday, 2025-03-04 and 01-Oct-2025",
                &["2025-03-04", "2025-03-04", "2025-10-01"],
            ),
            ("in the morning of December 5th, 2024.", &["2024-12-05"]),
            ("_All times UTC, October 30, 2025_", &["2025-10-30"]),
            (
                "entre el 4 de marzo de 2025 y 2025-03-05",
                &["2025-03-04", "2025-03-05"],
            ),
            ("障害は2025年3月4日に発生", &["2025-03-04"]),
            ("2025年13月4日", &[]),
            ("On March 4–5, 2025 and on", &["2025-03-04"]),
            ("4th - 5th March 2025", &["2025-03-04", "2025-03-05"]),
            ("March 31 to April 1, 2025", &["2025-03-31", "2025-04-01"]),
            ("Tue 2025-03-04", &["2025-03-04", "2025-03-04"]),
            ("March 4, 5 printers", &[]),
            ("in 2025", &[]),
            ("from 4 March, more than 2025-03-05", &["2025-03-05"]),
            ("", &[]),
        ] {
            let found: Vec<String> = days(line).map(|day| day.to_string()).collect();
            assert_eq!(found, expected, "{line}");
        }
    }
}
