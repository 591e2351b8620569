//! Finds the date that a report states once for all its times.

use chrono::NaiveDate;

use super::super::block::{self, Block, Kind};
use super::super::entry_time::calendar_day;
use super::super::moment::{self, Full, full};
use super::super::vocabulary::SummaryLabel;
use super::super::words::{folded, labelled};
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
        all.filter_map(|(label, value)| {
            Some((label, full(value).or_else(|| moment::start_of_span(value))?))
        })
    };
    let start = times()
        .find(|(label, _)| {
            is_label(label, SummaryLabel::Start) || is_label(label, SummaryLabel::Window)
        })
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
