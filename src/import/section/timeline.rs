//! Timeline: entries of a time and a text, with what stands below each.

use chrono::{NaiveDate, TimeDelta};

use super::super::block::{self, Block, Kind, Part, span};
use super::super::cue;
use super::super::draft::{Draft, Entry};
use super::super::entry_time::{self, EntryTime};
use super::super::words::unbroken;
use super::{evidence, lines, subsection, tail};

mod table;
mod text;

use text::{parts, plain};

/// Reads the section.
pub(super) fn read(draft: &mut Draft, part: &Part) {
    let form = Form::detect(&part.flat);
    // A heading before the last entry is of the text below another one.
    let last = part.flat.iter().rposition(|block| form.begins(block));
    let (flat, parts) = part.split_after(last);
    let mut reader = Reader::new(draft, form);
    let end = flat.len() - evidence::trailing(reader.draft, "timeline", flat);
    let (blocks, proof) = flat.split_at(end);
    let mut rest = blocks;
    while let Some((first, others)) = rest.split_first() {
        if reader.block(first) {
            rest = others;
            continue;
        }
        let count = 1 + others
            .iter()
            .take_while(|block| !form.begins(block))
            .count();
        let (body, next) = rest.split_at(count);
        if !reader.body(span(part.body, body)) {
            for block in body {
                reader.draft.leave_block(part.title, block);
            }
        }
        rest = next;
    }
    let draft = reader.draft;
    tail(draft, "timeline", part.title, proof);
    for inner in &parts {
        subsection(draft, "timeline", inner);
    }
}

/// How the entries of a timeline are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Form {
    /// As reports print them: lines with the time in bold; lists are of the text below.
    Bold,
    /// In any way that is known.
    Any,
}

impl Form {
    pub fn detect(blocks: &[Block]) -> Self {
        let bold =
            |block: &Block| first_line(block.text).contains("** - ") && Self::Bold.begins(block);
        if blocks.iter().any(bold) {
            Self::Bold
        } else {
            Self::Any
        }
    }

    /// Says whether a block begins with an entry.
    fn begins(self, block: &Block) -> bool {
        let entry = |text: &str| entry_time::entry(first_line(text)).is_some();
        match (self, block.kind) {
            (Self::Bold, Kind::Paragraph) => {
                block.text.starts_with("**") && entry(block.text) || is_preface(block)
            }
            (Self::Any, Kind::Paragraph) => {
                entry(block.text) || day_alone(block.text).is_some() || is_preface(block)
            }
            (Self::Any, Kind::List) => block::items(block).iter().any(|item| entry(&item.text)),
            (Self::Any, Kind::Heading(_)) => {
                let words = block::heading(block);
                entry(words) || day_alone(words).is_some() || time_alone(words).is_some()
            }
            (Self::Any, Kind::Table) => table::is_one(block),
            _ => false,
        }
    }
}

/// Reads entries in their order, each on the day of the one before where it has none.
pub(in super::super) struct Reader<'d> {
    pub draft: &'d mut Draft,
    form: Form,
    day: Option<NaiveDate>,
    /// Whether what is read stands in an entry that is a day.
    nested: bool,
    /// Whether the last entry may still be followed by what belongs to it.
    open: bool,
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
        }
    }

    /// Reads a block of entries; says whether it was one.
    pub fn block(&mut self, block: &Block) -> bool {
        if !self.form.begins(block) {
            return false;
        }
        if is_preface(block) {
            self.draft
                .note(block.line, "read as the day or the zone of all times");
            if let Some(day) = preface_day(block) {
                self.set_day(day);
            }
            return true;
        }
        let words = if let Kind::Heading(_) = block.kind {
            block::heading(block)
        } else {
            block.text
        };
        if let Some(day) = day_alone(words) {
            self.set_day(day);
            return true;
        }
        match block.kind {
            Kind::Heading(_) => {
                let found = entry_time::entry(words).or_else(|| Some((time_alone(words)?, "")));
                if let Some((spoken, text)) = found {
                    self.add(block.line, &spoken, text);
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
                if let Some(day) = day_alone(first_line(&item.text)) {
                    self.set_day(day);
                    let rest = item.text.split_once('\n').map_or("", |(_, rest)| rest);
                    for inner in block::blocks(rest) {
                        let inner = Block {
                            line: item.line + inner.line,
                            ..inner
                        };
                        // Days inside of days are no days; and a text may nest them without end.
                        let nested = std::mem::replace(&mut self.nested, true);
                        let read = !nested && self.block(&inner);
                        self.nested = nested;
                        if !read {
                            self.draft.leave_block("Timeline", &inner);
                        }
                    }
                    continue;
                }
                let (first, rest) = item.text.split_once('\n').unwrap_or((&item.text, ""));
                match entry_time::entry(first) {
                    Some((spoken, text)) => {
                        self.add(item.line, &spoken, text);
                        if !rest.trim().is_empty() {
                            self.body(rest.trim_matches('\n'));
                        }
                    }
                    None => {
                        if !self.body(&item.text) {
                            self.draft.leave("Timeline", item.line, &item.text);
                        }
                    }
                }
            }
            return true;
        }
        for (at, line) in block.text.lines().enumerate() {
            match entry_time::entry(line) {
                Some((spoken, text)) => self.add(block.line + at, &spoken, text),
                // A line that was broken goes on.
                None => match self.draft.events.last_mut() {
                    Some(last) => last.text = format!("{} {}", last.text, plain(unbroken(line)).0),
                    None => self.draft.leave("Timeline", block.line + at, line),
                },
            }
        }
        true
    }

    /// Adds prose to the last entry; says whether there is one.
    pub fn body(&mut self, text: &str) -> bool {
        match self.draft.events.last_mut().filter(|_| self.open) {
            // A heading of nothing but a time has its words below.
            Some(last) if last.text.is_empty() => {
                let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
                last.text = plain(first).0;
                last.body = Some(rest.trim_matches('\n'))
                    .filter(|rest| !rest.is_empty())
                    .map(lines);
                last.sign = cue::find(&last.text);
                true
            }
            Some(last) => {
                let whole = match last.body.take() {
                    Some(body) => format!("{}\n\n{text}", body.trim_end()),
                    None => text.to_owned(),
                };
                last.body = Some(lines(&whole));
                true
            }
            None => false,
        }
    }

    /// Sets the day of entries that have none.
    pub fn set_day(&mut self, day: NaiveDate) {
        self.day = Some(day);
        self.draft.times.day = self.draft.times.day.or(Some(day));
    }

    /// Adds an entry.
    pub fn add(&mut self, line: usize, spoken: &EntryTime, text: &str) {
        self.open = false;
        let mut at = spoken.at;
        let day = at.day.or_else(|| self.next_day(line, &at));
        at.day = day;
        let other = spoken
            .zone
            .as_deref()
            .and_then(|word| super::super::moment::zone(word, None));
        let times = super::super::moment::Times {
            zone: other.unwrap_or(self.draft.times.zone),
            ..self.draft.times
        };
        at = times.placed(at, spoken.zone.as_deref());
        let Some(began) = times.moment(&at) else {
            self.draft.without_day.get_or_insert(line);
            return;
        };
        let day = day.unwrap_or_default();
        self.set_day(day);
        let until = spoken.until.map(|mut until| {
            until.day = until.day.or(Some(day));
            until = times.placed(until, spoken.until_zone.as_deref());
            // An end that is earlier in the day is on the next one.
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
        let ended = until.as_ref().and_then(|until| times.moment(until));
        let (text, actor, mut links) = parts(text);
        let evidence = links
            .iter()
            .position(|(title, _)| title == "evidence")
            .filter(|place| *place == 0);
        let url = evidence.map(|place| links.remove(place).1);
        self.draft.events.push(Entry {
            line,
            at,
            began,
            ended,
            id: None,
            sign: cue::find(&text),
            marks: Vec::new(),
            text,
            body: None,
            actor,
            url,
            links,
        });
        self.open = true;
    }

    /// Gives the day of a time that has none: the one before, or the next where its clock starts anew.
    fn next_day(&mut self, line: usize, at: &crate::moment::Written) -> Option<NaiveDate> {
        let day = self.day?;
        let (Some(time), Some(last)) = (at.time, self.draft.events.last()) else {
            return Some(day);
        };
        let (time, last) = (time.at, last.at);
        let passed = last
            .time
            .filter(|_| last.day == Some(day))
            .is_some_and(|last| last.at - time > TimeDelta::hours(12));
        if passed && let Some(next) = day.succ_opt() {
            self.draft
                .note(line, format!("the clock starts anew: read as {next}"));
            return Some(next);
        }
        Some(day)
    }
}

/// Says whether a line says the zone of all times, with a day or without.
pub(in super::super) fn is_preface(block: &Block) -> bool {
    let lower = block.text.to_lowercase();
    let says = ["all times", "times are", "times in"];
    block.text.len() < 100 && says.iter().any(|words| lower.contains(words))
}

/// Finds the day that a line about all times says.
pub(in super::super) fn preface_day(block: &Block) -> Option<NaiveDate> {
    let words = Some(block.text).filter(|_| is_preface(block))?;
    let mut places = words.char_indices();
    let day = places.find_map(|(at, _)| entry_time::calendar_day(words.get(at..)?));
    day.map(|(day, _)| day)
}

/// Reads a day with nothing else, in bold or not.
fn day_alone(text: &str) -> Option<NaiveDate> {
    let bare = text.trim().trim_matches(['*', '_', ':', ' ']);
    let (day, rest) = entry_time::calendar_day(bare)?;
    rest.trim_matches([':', ' ']).is_empty().then_some(day)
}

/// Reads a time with nothing else.
fn time_alone(text: &str) -> Option<EntryTime> {
    let (spoken, rest) = entry_time::spoken(text.trim_matches(['*', '_', ':', ' ']))?;
    rest.trim().is_empty().then_some(spoken)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
