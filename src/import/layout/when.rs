//! Finds the date and the time zone that a report states once for all its times.

use chrono::NaiveDate;

use super::super::block::{self, Block, Kind, Part};
use super::super::entry_time::{self, calendar_day};
use super::super::moment::{self, Full, full};
use super::super::vocabulary::{SummaryLabel, WORDS};
use super::super::words::{folded, labelled};
use super::super::zone;
use super::title::{is_label, labels};
use super::{lines, section, section_of};
use crate::config::Config;
use crate::incident::Section;

/// Returns the time that determines a report's date and time zone: its start, or else its first full time.
pub(super) fn anchor<'a>(text: &'a str, blocks: &[Block<'a>]) -> Option<Full<'a>> {
    let times = || {
        let bold = lines(blocks).filter_map(labelled);
        let bold = bold.map(|found| (folded(found.label), found.value));
        let all = bold.chain(labels(text));
        all.filter_map(|(label, value)| Some((label, full(value)?)))
    };
    let start = times()
        .find(|(label, _)| is_label(label, SummaryLabel::Start))
        .map(|(_, found)| found);
    let end = || {
        times()
            .map(|(_, found)| found)
            .find(|found| found.zone.is_some())
    };
    match start {
        // A date has no time zone; take it from another time.
        Some(start) if start.zone.is_none() => Some(Full {
            zone: end().and_then(|end| end.zone),
            ..start
        }),
        Some(start) => Some(start),
        // The end states the time zone, but not the date that the report starts on.
        None => end().map(|end| Full {
            written: moment::without_date(end.written),
            ..end
        }),
    }
}

/// Returns the date of a report without a full time.
///
/// It comes from a label, the title, or the line about all times, in this order. The date of
/// a sign-off is skipped, because it is the date of the document.
pub(super) fn anchor_day(text: &str, title: &str, blocks: &[Block]) -> Option<NaiveDate> {
    let is_heading = |block: &&Block| matches!(block.kind, Kind::Heading(_));
    let is_sign_off = |block: &&Block| {
        is_heading(block)
            && section_of(block::heading(block), &Config::default())
                == Some((Section::SignOff, false))
    };
    let signed = blocks.iter().find(is_sign_off);
    let signed = signed.map_or(usize::MAX, |block| block.line);
    let mut headings = blocks.iter().filter(is_heading);
    let next = headings.find(|block| block.line > signed);
    let next = next.map_or(usize::MAX, |block| block.line);
    let unsigned = blocks
        .iter()
        .filter(|block| !(signed..next).contains(&block.line));
    let above = text
        .split_inclusive('\n')
        .take(signed.saturating_sub(1))
        .map(str::len)
        .sum();
    let above = text.get(..above).unwrap_or(text);
    let bold = lines(unsigned).filter_map(labelled);
    let bold = bold.map(|found| (folded(found.label), found.value));
    let mut stated = bold.chain(labels(above));
    let is_day = |label: &str| is_label(label, SummaryLabel::Date);
    let labelled = stated.find_map(|(label, value)| calendar_day(value).filter(|_| is_day(&label)));
    let labelled = labelled.map(|(day, _)| day);
    let in_title = || {
        title
            .char_indices()
            .find_map(|(at, _)| calendar_day(title.get(at..)?))
            .map(|(day, _)| day)
    };
    let in_preface = || blocks.iter().find_map(section::timeline::preface_day);
    labelled.or_else(in_title).or_else(in_preface)
}

/// Returns the time zone that a report states for all its times, or else that of its first entry.
///
/// # Errors
/// Returns the line and the name if the report states a time zone that cannot be read.
pub(super) fn stated_zone(
    text: &str,
    sections: &[Part],
) -> Result<Option<(String, usize)>, (String, usize)> {
    let mut unread = None;
    for (index, line) in text.lines().enumerate() {
        let lower = line.to_lowercase();
        let phrase = WORDS.preface.iter().find_map(|phrase| {
            let (_, after) = lower.split_once(phrase.as_str())?;
            line.get(line.len().checked_sub(after.len())?..)
        });
        let label = || {
            let (_, after) = lower
                .split_once("timezone")
                .or_else(|| lower.split_once("time zone"))?;
            line.get(line.len().checked_sub(after.len())?..)
                .filter(|_| line.len() < 100)
        };
        let column = || (line.starts_with('|') && lower.contains("time")).then_some(line);
        let is_timeline = || {
            sections
                .iter()
                .any(|part| part.line == index + 1 && folded(part.title).contains("timeline"))
        };
        let heading = || (line.starts_with('#') && is_timeline()).then_some(line);
        let is_statement = phrase.is_some();
        let Some(rest) = phrase.or_else(label).or_else(column).or_else(heading) else {
            continue;
        };
        if let Some(name) = zone::within(rest) {
            return Ok(Some((name.to_owned(), index + 1)));
        }
        let name = rest.trim_start_matches([' ', ':', '*', '_']);
        let name = ["in ", "are in ", "are ", "shown in ", "listed in "]
            .iter()
            .find_map(|word| name.strip_prefix(word))
            .unwrap_or(name);
        let end = name
            .find(['.', ')', ',', '*', '_', '(', ';'])
            .unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default().trim();
        let is_name = name.starts_with(char::is_uppercase) || name.starts_with("local");
        if is_statement && is_name && unread.is_none() && calendar_day(name).is_none() {
            unread = Some((name.to_owned(), index + 1));
        }
    }
    if let Some(unread) = unread {
        return Err(unread);
    }
    let bare = |line: &'_ str| {
        line.trim_start_matches(['#', ' ', '|'])
            .trim_start_matches("- ")
            .trim_start_matches("* ")
            .to_owned()
    };
    Ok(text.lines().enumerate().find_map(|(index, line)| {
        let zone = entry_time::entry(&bare(line))?.0.zone?;
        Some((zone, index + 1))
    }))
}
