//! Reads the headings of days in a timeline: `Tuesday`, `Day 2`, `The next day`, `2025-03-04 (Tuesday)`.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::super::super::block::{self, Block, Kind};
use super::super::super::calendar::{calendar_day, days, month_day};
use super::super::super::entry_time;
use super::super::super::vocabulary::WORDS;
use super::super::super::words::folded;
use super::super::super::year::nearest;
use super::super::super::zone;

/// The date in the heading of a day.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DayLine<'t> {
    pub day: NaiveDate,
    /// The text after the date, if it is more than the day of the week or a time zone.
    pub remark: &'t str,
}

/// Returns the text of a heading, or of a line that is bold or italic as a whole.
fn title<'a>(block: &Block<'a>) -> Option<&'a str> {
    let bare = match block.kind {
        Kind::Heading(_) => block::heading(block),
        Kind::Paragraph if !block.text.contains('\n') => {
            let text = block.text.trim();
            let is_marked =
                text.starts_with(['*', '_']) && text.trim_end_matches(':').ends_with(['*', '_']);
            Some(text).filter(|_| is_marked)?
        }
        _ => return None,
    };
    Some(bare.trim_matches(['*', '_', ':', ' ']))
}

/// Returns `true` for the heading of a day.
pub(super) fn is_day_line(block: &Block) -> bool {
    let any = NaiveDate::from_yo_opt(2000, 1);
    day_line(block, any, any).is_some()
}

/// Parses the heading of a day; `first` is the day that the times start on, and `current` that of the last one.
pub(super) fn day_line<'a>(
    block: &Block<'a>,
    first: Option<NaiveDate>,
    current: Option<NaiveDate>,
) -> Option<DayLine<'a>> {
    let text = title(block)?.trim_matches(['(', ')']);
    if entry_time::entry(text).is_some_and(|(time, _)| time.at.time.is_some()) {
        return None;
    }
    dated(text, current).or_else(|| {
        let day = relative(text, first, current)?;
        Some(DayLine { day, remark: "" })
    })
}

/// Parses a date with a remark after it: `2025-03-04 (Tuesday)`, `3月6日(木)`, `March 4, 2025: the first day`.
fn dated(text: &str, current: Option<NaiveDate>) -> Option<DayLine<'_>> {
    let without_year = || {
        let (month, day, rest) = month_day(text)?;
        Some((nearest(month, day, current?)?, rest))
    };
    let (day, rest) = calendar_day(text).or_else(without_year)?;
    let is_separate = !rest.starts_with(char::is_alphanumeric);
    let remark = rest.trim_matches(|c: char| !c.is_alphanumeric());
    let is_known =
        weekday(remark).is_some() || zone::is_zone(remark) || remark.chars().count() == 1;
    let has_remark = rest
        .trim_start()
        .starts_with([':', '(', '（', '-', '–', '—']);
    let remark = if is_known { "" } else { remark };
    (is_separate && (remark.is_empty() || has_remark)).then_some(DayLine { day, remark })
}

/// Parses a day without a date: `Tuesday`, `Day 2`, `The next day`.
fn relative(text: &str, first: Option<NaiveDate>, current: Option<NaiveDate>) -> Option<NaiveDate> {
    if let Some(index) = weekday(text) {
        let current = current?;
        let ahead = (index + 7 - current.weekday().num_days_from_monday()) % 7;
        return current.checked_add_signed(TimeDelta::days(i64::from(ahead)));
    }
    let folded = folded(text);
    if WORDS.next_day.contains(&folded) {
        return current?.succ_opt();
    }
    let (word, number) = folded.split_once(' ')?;
    let (number, _) = number.split_once(' ').unwrap_or((number, ""));
    let number: i64 = number
        .parse()
        .ok()
        .filter(|number| (1..100).contains(number))?;
    let is_day = WORDS.day_words.iter().any(|known| known == word);
    let counted = || first?.checked_add_signed(TimeDelta::days(number - 1));
    is_day.then(|| days(text).next().or_else(counted))?
}

/// Returns the index of a day of the week, from Monday.
fn weekday(text: &str) -> Option<u32> {
    let lower = text.to_lowercase();
    let index = { WORDS.weekday_names.iter() }.position(|names| names.contains(&lower))?;
    u32::try_from(index).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heading_of_a_day_is_read_in_many_forms() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        for (text, expected) in [
            ("### Wednesday", Some("2025-03-05 |")),
            ("**Thursday**", Some("2025-03-06 |")),
            ("**Wednesday, March 5**", Some("2025-03-05 |")),
            ("**Quinta-feira, 6 de março**", Some("2025-03-06 |")),
            ("**2025年3月4日(火)**", Some("2025-03-04 |")),
            ("**3月6日(木)**", Some("2025-03-06 |")),
            ("### Day 3", Some("2025-03-06 |")),
            ("### Day 1 (2025-03-04)", Some("2025-03-04 |")),
            ("**The following day**", Some("2025-03-06 |")),
            ("*(the next morning)*", Some("2025-03-06 |")),
            ("#### 2025-03-04 (Tuesday)", Some("2025-03-04 |")),
            (
                "#### March 4, 2025: the first day",
                Some("2025-03-04 | the first day"),
            ),
            (
                "**March 4th, 2025 — Pacific Standard Time**",
                Some("2025-03-04 |"),
            ),
            ("### 09:00 Alert fired", None),
            ("### Monitoring", None),
            ("### 2025-03-04 Printer dies", None),
            ("### Two days of silence", None),
            ("Wednesday was quiet", None),
        ] {
            let blocks = block::blocks(text);
            let found = blocks
                .first()
                .and_then(|block| day_line(block, day("2025-03-04"), day("2025-03-05")));
            let found = found.map(|found| {
                format!("{} | {}", found.day, found.remark)
                    .trim_end()
                    .to_owned()
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
