//! Reads the headings of days in a timeline: `Tuesday`, `Day 2`, `The next day`, `2025-03-04 (Tuesday)`.

use chrono::NaiveDate;

use super::super::super::block::{self, Block, Kind};
use super::super::super::calendar::{calendar_day, days, month_day};
use super::super::super::day_name::{DayName, Days};
use super::super::super::entry_time::{self, EntryTime};
use super::super::super::year::nearest;
use super::super::super::zone;
use super::{first_line, is_time};

/// The heading of a day.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DayLine<'t> {
    /// Its date, or `None` if the day may be one of several.
    pub day: Option<NaiveDate>,
    /// The text after the date, if it is more than the day of the week or a time zone.
    pub remark: &'t str,
}

/// Returns the text of a heading, or of a line that is bold or italic as a whole.
fn title<'a>(block: &Block<'a>) -> Option<&'a str> {
    match block.kind {
        Kind::Heading(_) => Some(block::heading(block)),
        Kind::Paragraph if !block.text.contains('\n') => {
            let text = block.text.trim();
            let is_marked =
                text.starts_with(['*', '_']) && text.trim_end_matches(':').ends_with(['*', '_']);
            Some(text).filter(|_| is_marked)
        }
        _ => None,
    }
}

/// Returns `true` for a line that is bold as a whole, which serves as a heading.
pub(super) fn is_bold_title(block: &Block) -> bool {
    let is_bold = block.text.starts_with("**") || block.text.starts_with("__");
    block.kind == Kind::Paragraph && is_bold && title(block).is_some()
}

/// Returns `true` for the heading of a day; `blocks` start with it.
pub(super) fn is_day_line(blocks: &[Block]) -> bool {
    let any = NaiveDate::from_yo_opt(2000, 1);
    let days = Days {
        first: any,
        current: any,
        has_entry: false,
    };
    day_line(blocks, days).is_some()
}

/// Parses the heading of a day; `blocks` start with it.
///
/// Above times without a date it may be any line that starts with a day.
pub(super) fn day_line<'a>(blocks: &[Block<'a>], days: Days) -> Option<DayLine<'a>> {
    let (block, rest) = blocks.split_first()?;
    let is_above = rest.first().and_then(first_time).is_some_and(is_undated);
    let is_line = block.kind == Kind::Paragraph && !block.text.contains('\n');
    let plain = || Some(block.text).filter(|_| is_above && is_line);
    day_text(title(block).or_else(plain)?, is_above, days)
}

/// Parses the text of the heading of a day, which may be any text after a day if it is above times.
pub(super) fn day_text(text: &str, is_above: bool, days: Days) -> Option<DayLine<'_>> {
    let text = text.trim_matches(['*', '_', ':', ' ']);
    let text = match text.strip_prefix('(') {
        Some(inner) => inner.trim_end_matches(')'),
        None => text,
    };
    if is_time(text) {
        return None;
    }
    // The rows below a date that no calendar has are on no day.
    let impossible = || {
        let (day, remark) = (None, text);
        entry_time::is_date_like(text).then_some(DayLine { day, remark })
    };
    dated(text, is_above, days.current)
        .or_else(|| named(text, days))
        .or_else(impossible)
}

/// Returns `true` for a time of day without a date.
pub(super) fn is_undated(time: EntryTime) -> bool {
    time.at.time.is_some() && time.at.day.is_none()
}

/// Returns the time at the start of the first line, item or row of a block.
pub(super) fn first_time(block: &Block) -> Option<EntryTime> {
    let entry = |text: &str| Some(entry_time::entry(first_line(text))?.0);
    match block.kind {
        Kind::Paragraph => entry(block.text),
        Kind::Code => entry(block::code(block).1.trim_start()),
        Kind::Heading(_) => entry(block::heading(block)),
        Kind::List => entry(&block::items(block).first()?.text),
        Kind::Table => {
            let table = block::table(block);
            let (_, row) = table.rows.first()?;
            Some(entry_time::leading_time(row.first()?)?.0)
        }
        _ => None,
    }
}

/// Parses a date with a remark after it: `2025-03-04 (Tuesday)`, `3月6日(木)`, `March 4, 2025: the first day`.
fn dated(text: &str, is_above: bool, current: Option<NaiveDate>) -> Option<DayLine<'_>> {
    let without_year = || {
        let (month, day, rest) = month_day(text)?;
        Some((nearest(month, day, current?)?, rest))
    };
    let (day, rest) = calendar_day(text).or_else(without_year)?;
    let is_separate = !rest.starts_with(char::is_alphanumeric);
    let is_alone = !rest.contains(char::is_alphanumeric);
    (is_separate && (is_alone || is_above || is_remark(rest))).then(|| DayLine {
        day: Some(day),
        remark: remark(rest),
    })
}

/// Returns `true` if a text is set off from the day before it.
fn is_remark(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.starts_with([':', '(', '（', '-', '–', '—', ','])
}

/// Returns the remark after a day, without its brackets; a day of the week and a time zone are none.
fn remark(rest: &str) -> &str {
    let remark = rest.trim_matches(|c: char| !c.is_alphanumeric());
    let is_day = DayName::leading(remark).is_some_and(|(_, rest)| rest.is_empty());
    let is_known = is_day || zone::is_zone(remark) || remark.chars().count() == 1;
    if is_known { "" } else { remark }
}

/// Parses a day without a date: `Tuesday`, `Day 2 (2025-03-05)`, `The next day: recovery`.
fn named(text: &str, known: Days) -> Option<DayLine<'_>> {
    let (name, rest) = DayName::leading(text)?;
    let day = days(rest).next();
    let remark = if day.is_some() { "" } else { remark(rest) };
    (remark.is_empty() || is_remark(rest)).then(|| DayLine {
        day: day.or_else(|| name.date(known)),
        remark,
    })
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
            (
                "**Thursday (night shift)**",
                Some("2025-03-06 | night shift"),
            ),
            ("#### Thu — recovery", Some("2025-03-06 | recovery")),
            ("**Tuesday**", Some("unclear |")),
            (
                "March 4, 2025, a long day\n\n- 14:00 x",
                Some("2025-03-04 | a long day"),
            ),
            ("**March 4, 2025** (PST)\n\n14:00 x", Some("2025-03-04 |")),
            (
                "Thursday\n\n| 14:00 | x |\n|---|---|\n| 14:10 | y |",
                Some("2025-03-06 |"),
            ),
            ("**31.06.2025**", Some("unclear | 31.06.2025")),
            ("March 4, 2025, a long day", None),
            ("March 4, 2025, a long day\n\n- 2025-03-05 14:00 x", None),
            ("### 09:00 Alert fired", None),
            ("### Tuesday 2025-03-04 - 08:35", None),
            ("### Monitoring", None),
            ("### 2025-03-04 Printer dies", None),
            ("### Two days of silence", None),
            ("Wednesday was quiet", None),
        ] {
            let blocks = block::blocks(text);
            let days = Days {
                first: day("2025-03-04"),
                current: day("2025-03-05"),
                has_entry: true,
            };
            let found = day_line(&blocks, days).map(|found| {
                let day = found.day.map(|day| day.to_string());
                let day = day.as_deref().unwrap_or("unclear");
                format!("{day} | {}", found.remark).trim_end().to_owned()
            });
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
