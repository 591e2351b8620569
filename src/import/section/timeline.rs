//! Imports the section Timeline: entries with a time, a text and optional prose below.

use chrono::{NaiveDate, TimeDelta};

use super::super::block::{self, Block, Kind, Part, span};
use super::super::calendar;
use super::super::draft::{Draft, Entry};
use super::super::entry_time::{self, EntryTime};
use super::super::statement::cue;
use super::super::words::{line as one_line, prose, unbroken};
use super::super::zone;
use super::{evidence, remainder, subsections};
use crate::incident::Section;
use crate::moment::{Moment, Written};
use crate::timeline::Event;

mod table;
mod text;

use text::{parts, plain};

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
                entry(block.text) || bare_date(block.text).is_some() || is_preface(block)
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
            }
            (Self::Any, Kind::Table) => table::is_timeline(block),
            _ => false,
        }
    }
}

/// Imports entries in order; an entry without a date has that of the previous one.
pub(in super::super) struct Reader<'d> {
    pub draft: &'d mut Draft,
    form: Form,
    day: Option<NaiveDate>,
    /// Whether the current blocks are nested in a list item that is a date.
    nested: bool,
    /// Whether following blocks may still belong to the last entry.
    open: bool,
    /// Whether an event is earlier than the one above it.
    is_reordered: bool,
    /// Whether a time says which half of the day it is in.
    has_halves: bool,
}

impl<'d> Reader<'d> {
    pub fn new(draft: &'d mut Draft, form: Form) -> Self {
        let day = draft.times.day;
        Self {
            draft,
            form,
            day,
            nested: false,
            open: false,
            is_reordered: false,
            has_halves: false,
        }
    }

    /// Imports a block of entries; returns `false` if it contains none.
    pub fn block(&mut self, block: &Block) -> bool {
        if !self.form.starts_entry(block) {
            return false;
        }
        if is_preface(block) {
            self.draft.note(
                block.line,
                format!(
                    "read as the date or time zone of all times: `{}`",
                    block.text
                ),
            );
            if let Some(day) = preface_day(block) {
                self.set_day(day);
            }
            return true;
        }
        let text = if let Kind::Heading(_) = block.kind {
            block::heading(block)
        } else {
            block.text
        };
        if let Some(day) = bare_date(text) {
            self.set_day(day);
            return true;
        }
        match block.kind {
            Kind::Heading(_) => {
                let found = entry_time::entry(text).or_else(|| Some((bare_time(text)?, "")));
                match found {
                    Some((time, text)) => self.add(block.line, &time, text),
                    None => self.unread(block.line, text),
                }
                return true;
            }
            Kind::Table => {
                table::read(self, block);
                return true;
            }
            _ => {}
        }
        if block.kind == Kind::List {
            for item in block::items(block) {
                if let Some(day) = bare_date(first_line(&item.text)) {
                    self.set_day(day);
                    let rest = item.text.split_once('\n').map_or("", |(_, rest)| rest);
                    for inner in block::blocks(rest) {
                        let inner = Block {
                            line: item.line + inner.line,
                            ..inner
                        };
                        // Dates nested in dates are not supported; this also bounds the recursion.
                        let nested = std::mem::replace(&mut self.nested, true);
                        let imported = !nested && self.block(&inner);
                        self.nested = nested;
                        if !imported {
                            self.draft.keep_unmapped_block("Timeline", &inner);
                        }
                    }
                    continue;
                }
                let (first, rest) = first_paragraph(&item.text);
                match entry_time::entry(&first).or_else(|| entry_time::trailing(&first)) {
                    Some((time, _)) if self.is_half_missing(&first, &time) => {
                        self.unread(item.line, &item.text);
                    }
                    Some((time, text)) => {
                        self.add(item.line, &time, text);
                        if !rest.trim().is_empty() {
                            self.body(rest.trim_matches('\n'));
                        }
                    }
                    None if entry_time::is_unread(&first) => self.unread(item.line, &item.text),
                    None => {
                        if !self.body(&item.text) {
                            self.draft.keep_unmapped("Timeline", item.line, &item.text);
                        }
                    }
                }
            }
            return true;
        }
        for (index, line) in block.text.lines().enumerate() {
            match entry_time::entry(line) {
                Some((time, _)) if self.is_half_missing(line, &time) => {
                    self.unread(block.line + index, line);
                }
                Some((time, text)) => self.add(block.line + index, &time, text),
                None if entry_time::is_unread(line) => self.unread(block.line + index, line),
                // A line without a time continues the entry above.
                None => match self.draft.events.last_mut() {
                    Some(Entry { event, .. }) => {
                        let more = plain(unbroken(line)).0;
                        event.text = one_line(&format!("{} {more}", event.text));
                    }
                    None => self
                        .draft
                        .keep_unmapped("Timeline", block.line + index, line),
                },
            }
        }
        true
    }

    /// Adds prose to the last entry; returns `false` without an open entry.
    pub fn body(&mut self, text: &str) -> bool {
        // A list mark without a text, as templates leave it.
        if ["", "-", "*", "+"].contains(&text.trim()) {
            return true;
        }
        match self.draft.events.last_mut().filter(|_| self.open) {
            // The text of an entry whose heading is only a time is below it.
            Some(Entry {
                event, cue: found, ..
            }) if event.text.is_empty() => {
                let (first, rest) = first_paragraph(text);
                let (first, links) = plain(&first);
                event.text =
                    one_line(first.trim_start_matches(['-', '*', '+', '>', '#', '`', ' ']));
                event.links.extend(links);
                event.body = Some(prose(rest.trim_matches('\n'))).filter(|body| !body.is_empty());
                *found = cue(&event.text);
                true
            }
            Some(Entry { event, .. }) => {
                event.body = Some(match event.body.take() {
                    Some(body) => prose(&format!("{}\n\n{text}", body.trim_end())),
                    None => prose(text),
                });
                true
            }
            None => false,
        }
    }

    /// Keeps an entry whose time cannot be read.
    fn unread(&mut self, line: usize, text: &str) {
        self.open = false;
        self.draft
            .note(line, format!("time not read: `{}`", first_line(text)));
        self.draft.keep_unmapped("Timeline", line, text);
    }

    /// Sets the date of entries without one.
    pub fn set_day(&mut self, day: NaiveDate) {
        self.day = Some(day);
        self.draft.times.day = self.draft.times.day.or(Some(day));
    }

    /// Adds an entry.
    pub fn add(&mut self, line: usize, time: &EntryTime, text: &str) {
        self.open = false;
        let mut at = time.at;
        let day = at.day.or_else(|| self.next_day(line, &at));
        at.day = day;
        let times = self.draft.times;
        if time.zone.is_none()
            && let Some(name) = zone::unknown_before_text(text)
        {
            self.draft
                .unclear_zone
                .get_or_insert((line, name.to_owned()));
            return;
        }
        let Some(placed) = times.placed(at, time.zone.as_deref()) else {
            let name = time.zone.clone().unwrap_or_default();
            self.draft.unclear_zone.get_or_insert((line, name));
            return;
        };
        let is_moved = placed.offset.is_some() && at.offset.is_none();
        if let Some(zone) = time
            .zone
            .as_deref()
            .filter(|_| is_moved && !self.draft.is_native)
        {
            self.draft
                .note(line, format!("{at} {zone} read as {placed}"));
        }
        at = placed;
        let Some(start) = times.moment(&at) else {
            self.draft.without_date.get_or_insert(line);
            return;
        };
        let day = day.unwrap_or_default();
        self.set_day(day);
        self.note_order(line, &start);
        let until = time.until.map(|mut until| {
            until.day = until.day.or(Some(day));
            until = times
                .placed(until, time.until_zone.as_deref())
                .unwrap_or(until);
            // An end time before the start time is on the next day.
            if until.offset.is_some() {
            } else if until
                .time
                .zip(at.time)
                .is_some_and(|(end, start)| until.day == Some(day) && end.at < start.at)
            {
                until.day = day.succ_opt();
            }
            until
        });
        let end = until.as_ref().and_then(|until| times.moment(until));
        let (text, actor, mut links) = parts(text);
        let is_evidence = links.first().is_some_and(|link| *link.title == *"evidence");
        let mut event = Event::new(at, one_line(&text));
        if is_evidence {
            event.url = links.remove(0).url;
        }
        event.actor = actor.as_deref().map(one_line);
        event.links = links;
        self.draft.events.push(Entry {
            line,
            start,
            end,
            cue: cue(&event.text),
            event,
        });
        self.open = true;
    }

    /// Returns `true` if a time would follow the one above only in the other half of the day: `1:50 PM`, `2:20`.
    fn is_half_missing(&mut self, line: &str, time: &EntryTime) -> bool {
        if entry_time::has_day_half(line) {
            self.has_halves = true;
            return false;
        }
        let last = self.draft.events.last().map(|last| last.event.at);
        let (Some(last), Some(at)) = (last.and_then(|last| last.time), time.at.time) else {
            return false;
        };
        let hours = (last.at - at.at).num_minutes();
        self.has_halves && time.at.day.is_none() && (1..=12 * 60).contains(&hours)
    }

    /// Notes the first event that is earlier than the one above.
    fn note_order(&mut self, line: usize, start: &Moment) {
        let is_earlier =
            { self.draft.events.last() }.is_some_and(|last| start.order() < last.start.order());
        if is_earlier && !self.is_reordered && !self.draft.is_native {
            self.is_reordered = true;
            self.draft.note(
                line,
                "the time is earlier than that of the event above; events are sorted by time",
            );
        }
    }

    /// Returns the date of a time without one: that of the previous entry, or the next day after midnight.
    fn next_day(&mut self, line: usize, at: &Written) -> Option<NaiveDate> {
        let day = self.day?;
        let (Some(time), Some(last)) = (at.time, self.draft.events.last()) else {
            return Some(day);
        };
        let (time, last) = (time.at, last.event.at);
        let is_past_midnight = last
            .time
            .filter(|_| last.day == Some(day))
            .is_some_and(|last| last.at - time > TimeDelta::hours(12));
        if is_past_midnight && let Some(next) = day.succ_opt() {
            self.draft.note(
                line,
                format!("the time is earlier than that of the previous entry: read as {next}"),
            );
            return Some(next);
        }
        Some(day)
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
    let rest = rest.trim_matches([':', ' ']);
    let zone = { rest.strip_prefix(['(', '（']) }.and_then(|rest| rest.strip_suffix([')', '）']));
    let is_zone = |zone: &str| zone::leading(zone).is_some();
    (rest.is_empty() || zone.is_some_and(is_zone)).then_some(day)
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
    match part.blocks.first() {
        Some(first) if first.kind == Kind::List => {
            let items = block::items(first);
            let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
            most(&texts)
        }
        Some(first) if first.kind == Kind::Paragraph => {
            let texts: Vec<&str> = part.blocks.iter().map(|block| block.text).collect();
            most(&texts)
        }
        _ => false,
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
