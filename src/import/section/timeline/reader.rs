//! Reads the entries of a timeline, one block after another.

use chrono::{NaiveDate, TimeDelta};

use super::super::super::block::{self, Block, Kind};
use super::super::super::draft::{Draft, Entry};
use super::super::super::entry_time::{self, EntryTime};
use super::super::super::statement::cue;
use super::super::super::words::{line as one_line, prose, unbroken};
use super::super::super::zone;
use super::text::{parts, plain};
use super::{
    Form, bare_date, bare_time, days, first_line, first_paragraph, is_preface, preface_day, table,
};
use crate::moment::{Moment, Written};
use crate::timeline::Event;

/// Imports entries in order; an entry without a date has that of the previous one.
pub(in super::super::super) struct Reader<'d> {
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
        if self.day_line(block, text) {
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
            self.items(block);
        } else {
            self.lines(block);
        }
        true
    }

    /// Sets the date that the heading of a day states; returns `false` for another block.
    fn day_line(&mut self, block: &Block, text: &str) -> bool {
        let Some(found) = days::day_line(block, self.draft.times.day, self.day) else {
            return false;
        };
        self.set_day(found.day);
        self.open = false;
        let note = format!("`{}` read as {}", text.trim_matches('*'), found.day);
        self.draft.note(block.line, note);
        if !found.remark.is_empty() {
            self.draft.keep_unmapped("Timeline", block.line, text);
        }
        true
    }

    /// Imports the items of a list.
    fn items(&mut self, block: &Block) {
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
    }

    /// Imports the lines of a paragraph.
    fn lines(&mut self, block: &Block) {
        for (index, line) in block.text.lines().enumerate() {
            if let Some(day) = bare_date(line) {
                self.set_day(day);
                continue;
            }
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
