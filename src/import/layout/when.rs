//! Finds the date and the time zone that a report states once for all its times.

use chrono::NaiveDate;

use super::super::block::{self, Block, Kind, Part};
use super::super::entry_time::{self, calendar_day};
use super::super::moment::{self, Full, full};
use super::super::vocabulary::{SummaryLabel, WORDS};
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
pub(super) fn stated_zone(text: &str, sections: &[Part]) -> Option<String> {
    let is_about_times = |line: &&str| {
        let folded = line.to_lowercase();
        let mut phrases = WORDS.preface.iter().map(String::as_str);
        phrases.any(|phrase| folded.contains(phrase))
            || ["timezone", "time zone"]
                .iter()
                .any(|phrase| folded.contains(phrase))
            || line.starts_with('|') && folded.contains("time (")
    };
    let in_heading = sections
        .iter()
        .map(|part| part.title)
        .filter(|title| folded(title).starts_with("timeline"));
    let named = text
        .lines()
        .filter(is_about_times)
        .chain(in_heading)
        .find_map(zone_in);
    let first = || {
        let bare = |line: &'_ str| {
            line.trim_start_matches(['#', ' '])
                .trim_start_matches("- ")
                .trim_start_matches("* ")
                .to_owned()
        };
        text.lines()
            .find_map(|line| entry_time::entry(&bare(line))?.0.zone)
    };
    named.map(ToOwned::to_owned).or_else(first)
}

fn zone_in(line: &str) -> Option<&str> {
    let words = line.split(|c: char| !(c.is_ascii_alphanumeric() || "/_+:-".contains(c)));
    { words }.find(|word| {
        word.len() > 1
            && word.starts_with(|c: char| c.is_ascii_uppercase() || c == '+')
            && moment::zone(word, None).is_some()
    })
}
