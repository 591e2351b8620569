//! Imports the section Timeline: entries with a time, a text and optional prose below.

use chrono::NaiveDate;

use super::super::block::{self, Block, Kind, Part, span};
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
    let form = Form::detect(&part.flat);
    // A heading before the last entry belongs to the prose below an earlier entry.
    let last = part.flat.iter().rposition(|block| form.starts_entry(block));
    let (flat, parts) = part.split_after(last);
    let mut reader = Reader::new(draft, form);
    let end = flat.len() - evidence::trailing(reader.draft, Section::Timeline, flat);
    let (blocks, evidence_blocks) = flat.split_at(end);
    let mut rest = blocks;
    while let Some((first, others)) = rest.split_first() {
        if reader.block(first) {
            rest = others;
            continue;
        }
        let count = 1 + others
            .iter()
            .take_while(|block| !form.starts_entry(block))
            .count();
        let (body, next) = rest.split_at(count);
        if !reader.body(span(part.body, body)) {
            for block in body {
                reader.draft.keep_unmapped_block(part.title, block);
            }
        }
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
}

impl Form {
    pub fn detect(blocks: &[Block]) -> Self {
        let bold = |block: &Block| {
            first_line(block.text).contains("** - ") && Self::Bold.starts_entry(block)
        };
        if blocks.iter().any(bold) {
            Self::Bold
        } else {
            Self::Any
        }
    }

    /// Returns `true` if a block starts with an entry.
    fn starts_entry(self, block: &Block) -> bool {
        let entry = |text: &str| entry_time::entry(first_line(text)).is_some();
        match (self, block.kind) {
            (Self::Bold, Kind::Paragraph) => {
                block.text.starts_with("**") && entry(block.text) || is_preface(block)
            }
            (Self::Any, Kind::Paragraph) => {
                entry(block.text)
                    || is_dated_log(block.text)
                    || bare_date(block.text).is_some()
                    || is_preface(block)
                    || days::is_day_line(block)
            }
            (Self::Any, Kind::List) => block::items(block).iter().any(|item| {
                let first = first_line(&item.text);
                entry(first) || entry_time::trailing(first).is_some() || bare_date(first).is_some()
            }),
            (Self::Any, Kind::Heading(_)) => {
                let heading = block::heading(block);
                entry(heading)
                    || bare_date(heading).is_some()
                    || bare_time(heading).is_some()
                    || entry_time::is_unread(heading)
                    || days::is_day_line(block)
            }
            (Self::Any, Kind::Table) => table::is_timeline(block),
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

/// Returns `true` for a line that is only a date above lines that start with a time.
fn is_dated_log(text: &str) -> bool {
    let mut lines = text.lines();
    lines.next().and_then(bare_date).is_some()
        && lines.any(|line| entry_time::entry(line).is_some())
}

/// Parses a text that is only a time, in bold or not.
fn bare_time(text: &str) -> Option<EntryTime> {
    let (time, rest) = entry_time::leading_time(text.trim_matches(['*', '_', ':', ' ']))?;
    rest.trim().is_empty().then_some(time)
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
        block.kind == Kind::Paragraph && (bare_date(block.text).is_some() || is_preface(block))
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

/// Returns `true` if a heading is a time, alone or before a text.
pub(in super::super) fn is_time(heading: &str) -> bool {
    bare_time(heading).is_some_and(|time| time.at.time.is_some())
        || entry_time::entry(heading).is_some_and(|(time, _)| time.at.time.is_some())
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
