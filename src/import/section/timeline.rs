//! Imports the section Timeline: entries with a time, a text and optional prose below.

use chrono::NaiveDate;

use super::super::block::{self, Block, Kind, Part};
use super::super::calendar;
use super::super::draft::{Draft, Entry};
use super::super::entry_time::{self, EntryTime};
use super::super::zone;
use super::{evidence, remainder, subsections};
use crate::incident::Section;

mod days;
mod reader;
mod table;
mod text;

pub(in super::super) use reader::Reader;

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let known = draft.events.len();
    let form = Form::detect(draft.is_native, &part.flat);
    // A heading before the last entry belongs to the prose below an earlier entry.
    let starts = |at: &usize| form.starts_entry(part.flat.get(*at..).unwrap_or_default());
    let last = (0..part.flat.len()).rev().find(starts);
    let (flat, parts) = part.split_after(last);
    let mut reader = Reader::new(draft, form);
    let end = flat.len() - evidence::trailing(reader.draft, Section::Timeline, flat);
    let (blocks, evidence_blocks) = flat.split_at(end);
    let mut rest = blocks;
    while let Some((_, others)) = rest.split_first() {
        if reader.block(rest) {
            rest = others;
            continue;
        }
        let is_between = |at: &usize| !form.starts_entry(rest.get(*at..).unwrap_or_default());
        let count = 1 + (1..rest.len()).take_while(is_between).count();
        let (between, next) = rest.split_at(count);
        reader.between(part, between, next.is_empty());
        rest = next;
    }
    let draft = reader.draft;
    if !draft.is_native {
        drop_empty(draft, known);
    }
    remainder(draft, Section::Timeline, part.title, evidence_blocks);
    subsections(draft, Section::Timeline, &parts);
}

/// The notation of a timeline's entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Form {
    /// Our own: lines with the time in bold; lists belong to the prose below an entry.
    Bold,
    /// Any known notation.
    Any,
    /// Any known notation, in blocks of code.
    Code,
}

impl Form {
    /// Returns the notation of a timeline: our own only in a report of our own, and code only without other times.
    fn detect(is_native: bool, blocks: &[Block]) -> Self {
        let bold = |block: &Block| {
            first_line(block.text).contains("** - ")
                && Self::Bold.starts_entry(std::slice::from_ref(block))
        };
        // Beside other entries, code with times is a log.
        let is_timed = |block: &Block| {
            let time = days::first_time(block);
            block.kind != Kind::Code && time.is_some_and(|time| time.at.time.is_some())
        };
        match is_native {
            true if blocks.iter().any(bold) => Self::Bold,
            false if !blocks.iter().any(is_timed) => Self::Code,
            _ => Self::Any,
        }
    }

    /// Returns `true` if the first of some blocks starts with an entry or states the day of the entries below.
    fn starts_entry(self, blocks: &[Block]) -> bool {
        let Some(block) = blocks.first() else {
            return false;
        };
        let entry = |text: &str| entry_time::entry(first_line(text)).is_some();
        match (self, block.kind) {
            (Self::Bold, Kind::Paragraph) => {
                block.text.starts_with("**") && entry(block.text) || is_preface(block)
            }
            (_, Kind::Paragraph) => {
                entry(block.text)
                    || is_time(first_line(block.text))
                    || is_log_text(block.text)
                    || bare_date(first_line(block.text)).is_some()
                    || is_preface(block)
                    || days::is_day_line(blocks)
            }
            (Self::Any | Self::Code, Kind::List) => block::items(block).iter().any(|item| {
                let first = first_line(&item.text);
                timed(first).is_some()
                    || entry_time::trailing(first).is_some()
                    || bare_date(first).is_some()
                    || nested_entries(&item.text).is_some()
            }),
            (Self::Any | Self::Code, Kind::Heading(_)) => {
                let heading = block::heading(block);
                entry(heading)
                    || bare_date(heading).is_some()
                    || bare_time(heading).is_some()
                    || entry_time::is_unread(heading)
                    || days::is_day_line(blocks)
            }
            (Self::Any | Self::Code, Kind::Table) => table::is_timeline(block),
            (Self::Code, Kind::Code) => days::first_time(block).is_some(),
            _ => false,
        }
    }
}

/// Returns `true` if a line states the time zone or the date of all times and nothing else.
pub(in super::super) fn is_preface(block: &Block) -> bool {
    let text = block.text;
    let is_sentence = ![". ", "; "].iter().any(|end| text.contains(end));
    let is_short = text.len() < 100 && is_sentence && zone::preface(text).is_some();
    is_short && (zone::within(text).is_some() || calendar::days(text).next().is_some())
}

/// Returns the date in a line about all times.
pub(in super::super) fn preface_day(block: &Block) -> Option<NaiveDate> {
    calendar::days(block.text)
        .next()
        .filter(|_| is_preface(block))
}

/// Parses a text that is only a date, in bold or not.
pub(in super::super) fn bare_date(text: &str) -> Option<NaiveDate> {
    let bare = text.trim().trim_matches(['*', '_', ':', ' ']);
    let (day, rest) = calendar::calendar_day(bare)?;
    let rest = rest.trim_matches([':', ' ', '-', '–', '—']);
    if zone::is_zone(rest) {
        return Some(day);
    }
    let zone = { rest.strip_prefix(['(', '（']) }.and_then(|rest| rest.strip_suffix([')', '）']));
    let is_zone = |zone: &str| zone::leading(zone).is_some();
    (rest.is_empty() || zone.is_some_and(is_zone)).then_some(day)
}

/// Returns `true` for lines that start with a time, below a line that is a date or another text.
fn is_log_text(text: &str) -> bool {
    let is_timed =
        |line: &&str| entry_time::entry(line).is_some_and(|(time, _)| time.at.time.is_some());
    let mut lines = text.lines();
    let is_dated = lines.next().and_then(bare_date).is_some();
    // A single one may be a wrapped sentence.
    lines.filter(is_timed).count() > usize::from(!is_dated)
}

/// Splits an item with entries below it; returns its first line and the others.
fn nested_entries(text: &str) -> Option<(&str, &str)> {
    let (first, rest) = text.split_once('\n')?;
    let is_entry = entry_time::entry(first).is_some() || entry_time::trailing(first).is_some();
    let mut blocks = block::blocks(rest);
    blocks.retain(|block| block.kind == Kind::List);
    let is_timed = |item: &block::Item| {
        let time = entry_time::entry(first_line(&item.text));
        time.is_some_and(|(time, _)| time.at.time.is_some())
    };
    let has_entries = blocks
        .iter()
        .flat_map(block::items)
        .any(|item| is_timed(&item));
    (has_entries && !is_entry).then_some((first, rest))
}

/// Parses a text that is only a time, in bold or not.
fn bare_time(text: &str) -> Option<EntryTime> {
    let (time, rest) = entry_time::leading_time(text.trim_matches(['*', '_', ':', ' ']))?;
    rest.trim().is_empty().then_some(time)
}

/// Parses a line that starts with a time or is nothing else.
fn timed(line: &str) -> Option<(EntryTime, &str)> {
    let alone = || Some((bare_time(line).filter(|time| time.at.time.is_some())?, ""));
    entry_time::entry(line).or_else(alone)
}

/// Removes entries without a text, such as a lone `-` or a row of dots.
fn drop_empty(draft: &mut Draft, known: usize) {
    let has_text = |entry: &Entry| entry.event.text.contains(char::is_alphanumeric);
    let mut events = draft.events.split_off(known.min(draft.events.len()));
    for entry in events.iter().filter(|entry| !has_text(entry)) {
        draft.note(
            entry.line,
            format!("time without a text not imported: {}", entry.event.at),
        );
        if let Some(body) = entry.event.body.as_ref() {
            draft.keep_unmapped("Timeline", entry.line, body);
        }
    }
    events.retain(has_text);
    draft.events.extend(events);
}

/// Splits the first paragraph from a text; returns it on one line, and the rest.
pub(in super::super) fn first_paragraph(text: &str) -> (String, &str) {
    let mut end = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_start();
        let opens = ["- ", "* ", "+ ", "> ", "```", "~~~", "|", "#", "![", "1. "]
            .iter()
            .any(|marker| bare.starts_with(marker));
        if index > 0 && (bare.trim().is_empty() || opens) {
            break;
        }
        end += line.len();
    }
    let (first, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (super::super::words::one_line(first), rest)
}

/// Returns `true` if most items of a part's first list, or most of its paragraphs, start with a time.
pub(in super::super) fn is_log(part: &Part) -> bool {
    let is_entry = |text: &str| {
        entry_time::entry(first_line(text)).is_some_and(|(time, _)| time.at.time.is_some())
    };
    let most = |texts: &[&str]| {
        let entries = texts.iter().filter(|text| is_entry(text)).count();
        entries > 1 && entries * 2 > texts.len()
    };
    let is_head = |block: &&Block| {
        let is_day = bare_date(block.text).is_some() || days::is_bold_title(block);
        block.kind == Kind::Paragraph && (is_day || is_preface(block))
    };
    let mut blocks = part.blocks.iter().skip_while(is_head).peekable();
    match blocks.peek() {
        Some(first) if first.kind == Kind::List => {
            let items = block::items(first);
            let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
            most(&texts)
        }
        Some(first) if first.kind == Kind::Paragraph => {
            let lines: Vec<&str> = first.text.lines().collect();
            let texts: Vec<&str> = blocks.map(|block| block.text).collect();
            most(&texts) || most(&lines)
        }
        Some(first) => table::is_timeline(first) && table::has_times(first),
        None => false,
    }
}

/// Returns `true` for a block of at least two entries with a time, and nothing else.
pub(in super::super) fn is_rows(block: &Block) -> bool {
    let is_entry = |text: &String| {
        let found = entry_time::entry(first_line(text));
        found.is_some_and(|(time, _)| time.at.time.is_some())
    };
    let texts: Vec<String> = match block.kind {
        Kind::List => { block::items(block).into_iter() }
            .map(|item| item.text)
            .collect(),
        Kind::Paragraph => block.text.lines().map(ToOwned::to_owned).collect(),
        Kind::Table => return table::is_timeline(block) && table::has_times(block),
        _ => return false,
    };
    texts.len() > 1 && texts.iter().all(is_entry)
}

/// Returns `true` if a heading is a time, alone or before a text.
pub(in super::super) fn is_time(heading: &str) -> bool {
    bare_time(heading).is_some_and(|time| time.at.time.is_some())
        || entry_time::entry(heading).is_some_and(|(time, _)| time.at.time.is_some())
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
