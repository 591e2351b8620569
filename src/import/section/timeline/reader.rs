//! Reads the entries of a timeline, one block after another.

use chrono::NaiveDate;

use super::super::super::block::{self, Block, Kind, Part, span};
use super::super::super::day_name::Days;
use super::super::super::draft::{Draft, Entry};
use super::super::super::entry_time::{self, EntryTime};
use super::super::super::statement::cue;
use super::super::super::words::{labelled, line as one_line, prose, unbroken};
use super::text::plain;
use super::{
    Form, bare_date, bare_time, days, first_line, first_paragraph, is_preface, nested_entries,
    preface_day, remainder, table, timed,
};
use crate::incident::Section;

mod place;

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
    /// Whether the last entry names its day as the next one.
    is_next_day: bool,
    /// The level of the heading that the last entry is.
    heading: Option<u8>,
    /// Whether the day was named by a line of its own that no time follows.
    is_untimed: bool,
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
            is_next_day: false,
            heading: None,
            is_untimed: false,
        }
    }

    /// Imports the first of some blocks; returns `false` if it contains no entries.
    pub fn block(&mut self, blocks: &[Block]) -> bool {
        let Some(block) = blocks.first().filter(|_| self.form.starts_entry(blocks)) else {
            return false;
        };
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
        let is_day = match bare_date(text) {
            Some(day) => {
                self.set_day(day);
                true
            }
            None => self.form != Form::Bold && self.day_line(blocks, block.line, text),
        };
        if is_day {
            let is_entry = |at: &usize| {
                self.form
                    .starts_entry(blocks.get(*at..).unwrap_or_default())
            };
            let next = (1..blocks.len())
                .find(is_entry)
                .and_then(|at| blocks.get(at));
            self.is_untimed = !next
                .and_then(days::first_time)
                .is_some_and(days::is_undated);
            return true;
        }
        match block.kind {
            Kind::Heading(level) => {
                let found = entry_time::entry(text).or_else(|| Some((bare_time(text)?, "")));
                match found {
                    Some((time, entry)) => self.add_clear(block.line, text, &time, entry),
                    None => self.unread(block.line, text),
                }
                self.heading = Some(level);
            }
            Kind::Table => table::read(self, block),
            Kind::List => self.items(block),
            Kind::Code => self.lines(&block::code_lines(block)),
            _ => self.lines(block),
        }
        true
    }

    /// Sets the date that the heading of a day states; returns `false` for another block.
    fn day_line(&mut self, blocks: &[Block], line: usize, text: &str) -> bool {
        let found = days::day_line(blocks, self.days());
        found.is_some_and(|found| self.set_day_line(line, text, &found))
    }

    /// Sets the date of a row that is only the name of a day; returns `false` for another row.
    pub fn day_row(&mut self, line: usize, text: &str) -> bool {
        let found = days::day_text(text, false, self.days());
        found.is_some_and(|found| self.set_day_line(line, text, &found))
    }

    /// Sets the date of the heading of a day; the times below one that may be several have none.
    fn set_day_line(&mut self, line: usize, text: &str, found: &days::DayLine) -> bool {
        self.open = false;
        self.day = None;
        if let Some(day) = found.day {
            self.set_day(day);
            let note = format!("`{}` read as {day}", text.trim_matches('*'));
            self.draft.note(line, note);
        }
        if !found.remark.is_empty() {
            self.draft.keep_unmapped("Timeline", line, text);
        }
        true
    }

    /// Returns the days that the name of a day is relative to.
    fn days(&self) -> Days {
        Days {
            first: self.draft.times.day,
            current: self.day,
            has_entry: !self.draft.events.is_empty(),
        }
    }

    /// Keeps blocks without an entry: up to the next title they are the body of the last entry.
    pub fn between(&mut self, part: &Part, blocks: &[Block], is_last: bool) {
        let title = { blocks.iter() }.position(|block| self.is_title(block));
        let (body, rest) = blocks.split_at(title.unwrap_or(blocks.len()));
        let body = self.of_day(self.without_rules(body));
        if !body.is_empty() && !self.body(span(part.body, body)) {
            for block in body {
                self.draft.keep_unmapped_block(part.title, block);
            }
        }
        if rest.is_empty() {
            return;
        }
        self.open = false;
        if is_last {
            remainder(self.draft, Section::Timeline, part.title, rest);
            return;
        }
        for block in rest {
            self.draft.keep_unmapped_block(part.title, block);
        }
    }

    /// Imports the first of the blocks below a day without times as an event of that day, or each of its items.
    ///
    /// Returns the blocks that are left.
    fn of_day<'b, 'a>(&mut self, blocks: &'b [Block<'a>]) -> &'b [Block<'a>] {
        let (Some((first, rest)), Some(day)) = (blocks.split_first(), self.untimed_day()) else {
            return blocks;
        };
        match first.kind {
            // A fact is no event.
            Kind::Paragraph if labelled(first_line(first.text)).is_some() => return blocks,
            Kind::Paragraph | Kind::Quote => self.add_to_day(first.line, day, first.text),
            Kind::List => {
                for item in block::items(first) {
                    self.add_to_day(item.line, day, &item.text);
                }
            }
            _ => return blocks,
        }
        rest
    }

    /// Returns the day that was named by a line of its own that no time follows.
    fn untimed_day(&self) -> Option<NaiveDate> {
        self.day.filter(|_| self.is_untimed)
    }

    /// Adds a text without a time as an event of a day.
    fn add_to_day(&mut self, line: usize, day: NaiveDate, text: &str) {
        if entry_time::is_unread(text) {
            self.unread(line, text);
        } else {
            self.add(line, &EntryTime::of_day(day), "");
            self.body(text);
        }
    }

    /// Returns blocks without the rules around them, which belong to no event.
    fn without_rules<'b, 'a>(&self, blocks: &'b [Block<'a>]) -> &'b [Block<'a>] {
        let is_text = |block: &Block| block.kind != Kind::Rule || self.draft.is_native;
        let start = blocks.iter().position(is_text).unwrap_or(blocks.len());
        let end = blocks.iter().rposition(is_text).map_or(start, |at| at + 1);
        blocks.get(start..end).unwrap_or_default()
    }

    /// Returns `true` for the title of the entries below it: `### Phase 2`, `**Recovery**`.
    ///
    /// Below an entry that is a heading itself, deeper headings and bold lines belong to it.
    fn is_title(&self, block: &Block) -> bool {
        let is_title = match (block.kind, self.heading) {
            (Kind::Heading(level), Some(entry)) => level <= entry,
            (Kind::Heading(_), None) => true,
            (Kind::Paragraph, None) => days::is_bold_title(block) || is_label(block.text),
            _ => false,
        };
        is_title && !self.draft.is_native
    }

    /// Imports the items of a list.
    fn items(&mut self, block: &Block) {
        for item in block::items(block) {
            if self.group(&item) {
                continue;
            }
            let (first, rest) = first_paragraph(&item.text);
            match timed(&first).or_else(|| entry_time::trailing(&first)) {
                Some((time, _)) if self.is_unclear(&first, &time) => {
                    self.unread(item.line, &item.text);
                }
                Some((time, text)) => {
                    self.add(item.line, &time, text);
                    let passed = item.text.len() - rest.len();
                    let above = item.text.get(..passed).unwrap_or_default();
                    self.below(item.line + above.matches('\n').count(), rest);
                }
                None if entry_time::is_unread(&first) => self.unread(item.line, &item.text),
                None => {
                    if is_label(&item.text) || !self.body(&item.text) {
                        self.draft.keep_unmapped("Timeline", item.line, &item.text);
                    }
                }
            }
        }
    }

    /// Imports the text below the first line of an item: a list of entries, or the body of the entry.
    fn below(&mut self, line: usize, text: &str) {
        let inner = block::blocks(text);
        let is_list = |block: &Block| {
            let items = block::items(block);
            let is_entry = |item: &block::Item| {
                let found = entry_time::entry(first_line(&item.text));
                found.is_some_and(|(time, _)| time.at.time.is_some())
            };
            block.kind == Kind::List && items.iter().all(is_entry)
        };
        if !inner.iter().any(is_list) {
            if !text.trim().is_empty() {
                self.body(text.trim_matches('\n'));
            }
            return;
        }
        for inner in inner {
            let inner = Block {
                line: line + inner.line - 1,
                ..inner
            };
            // Entries are nested once; this also bounds the recursion.
            let nested = std::mem::replace(&mut self.nested, true);
            if !nested && is_list(&inner) {
                self.items(&inner);
            } else if !self.body(inner.text) {
                self.draft.keep_unmapped_block("Timeline", &inner);
            }
            self.nested = nested;
        }
    }

    /// Imports an item that is a day or another title above the entries in it; returns `false` for another item.
    fn group(&mut self, item: &block::Item) -> bool {
        let (first, rest) = item.text.split_once('\n').unwrap_or((&item.text, ""));
        let has_entries = nested_entries(&item.text).is_some();
        if let Some(day) = bare_date(first) {
            self.set_day(day);
            self.is_untimed = !has_entries;
        } else if !has_entries {
            return false;
        } else if let Some(found) = days::day_text(first, true, self.days()) {
            self.set_day_line(item.line, first, &found);
        } else {
            self.draft.keep_unmapped("Timeline", item.line, first);
        }
        self.open = false;
        let inner: Vec<Block> = { block::blocks(rest).into_iter() }
            .map(|inner| Block {
                line: item.line + inner.line,
                ..inner
            })
            .collect();
        for at in 0..inner.len() {
            let blocks = inner.get(at..).unwrap_or_default();
            // Groups in groups are not supported; this also bounds the recursion.
            let nested = std::mem::replace(&mut self.nested, true);
            let imported = !nested && self.block(blocks);
            self.nested = nested;
            let left = blocks.get(..1).filter(|_| !imported).unwrap_or_default();
            for block in self.of_day(left) {
                self.draft.keep_unmapped_block("Timeline", block);
            }
        }
        true
    }

    /// Imports the lines of a paragraph.
    fn lines(&mut self, block: &Block) {
        let mut lines = block.text.lines().zip(block.line..).peekable();
        while let Some((line, number)) = lines.next() {
            let next = lines.peek().and_then(|(next, _)| entry_time::entry(next));
            let is_above = next.is_some_and(|(time, _)| days::is_undated(time));
            let is_above = is_above && self.form != Form::Bold;
            let day = || days::day_text(line, true, self.days()).filter(|_| is_above);
            let untimed = { self.untimed_day() }.filter(|_| !is_above && !is_label(line));
            if line.trim().is_empty() {
            } else if let Some(day) = bare_date(line) {
                self.set_day(day);
                self.is_untimed = !is_above;
            } else if let Some(found) = day() {
                self.set_day_line(number, line, &found);
            } else if let Some((time, text)) = timed(line) {
                self.add_clear(number, line, &time, text);
            } else if entry_time::is_unread(line) {
                self.unread(number, line);
            } else if let Some(day) = untimed {
                self.add_to_day(number, day, line);
            } else {
                self.continuation(number, line, number == block.line);
            }
        }
    }

    /// Adds a line without a time to the entry above, unless it is the first line of its paragraph.
    fn continuation(&mut self, number: usize, line: &str, is_first: bool) {
        let last = self.draft.events.last_mut();
        match last.filter(|_| self.open && !is_first && !is_label(line)) {
            // The text of a time that is alone in its line.
            Some(Entry { event, .. }) if event.text.is_empty() => {
                self.body(unbroken(line));
            }
            Some(Entry { event, .. }) => {
                let more = plain(unbroken(line)).0;
                event.text = one_line(&format!("{} {more}", event.text));
            }
            None => {
                self.open = false;
                self.draft.keep_unmapped("Timeline", number, line);
            }
        }
    }

    /// Adds an entry, or keeps its line if its time is unclear.
    fn add_clear(&mut self, number: usize, line: &str, time: &EntryTime, text: &str) {
        if self.is_unclear(line, time) {
            self.unread(number, line);
        } else {
            self.add(number, time, text);
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
                // A link alone in its paragraph does not say what happened.
                let is_link = matches!(links.as_slice(), [link] if *link.title == *first);
                if is_link && !rest.trim().is_empty() {
                    event.links.extend(links);
                    return self.body(rest.trim_matches('\n'));
                }
                event.text =
                    one_line(first.trim_start_matches(['-', '*', '+', '>', '#', ':', ' ']));
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
        self.is_untimed = false;
        self.draft
            .note(line, format!("time not read: `{}`", first_line(text)));
        self.draft.keep_unmapped("Timeline", line, text);
    }

    /// Sets the date of entries without one.
    pub fn set_day(&mut self, day: NaiveDate) {
        self.open = false;
        self.day = Some(day);
        self.draft.times.day = self.draft.times.day.or(Some(day));
    }
}

/// Returns `true` for a short line that names what the entries below it are about: `Frankfurt:`.
fn is_label(text: &str) -> bool {
    let text = text.trim();
    let is_short = text.split(' ').count() < 6 && !text.contains('\n');
    is_short && text.trim_end_matches(['*', '_']).ends_with(':')
}
