//! Timeline: entries of a time and a text, with what stands below each.

use chrono::{NaiveDate, TimeDelta};
use pulldown_cmark::{Event, Parser, Tag};

use super::super::block::{self, Block, DIALECT, Kind, Part, span};
use super::super::clock::{self, Spoken};
use super::super::draft::{Draft, Entry};
use super::super::sign;
use super::super::words::{bracket, link, one_line, unbroken, unescaped};
use super::{evidence, lines, subsection, tail};

/// Reads the section.
pub(super) fn read(draft: &mut Draft, part: &Part) {
    let mut reader = Reader::new(draft);
    let end = part.blocks.len() - evidence::trailing(reader.draft, "timeline", &part.blocks);
    let (blocks, proof) = part.blocks.split_at(end);
    let mut rest = blocks;
    while let Some((first, others)) = rest.split_first() {
        if reader.block(first) {
            rest = others;
            continue;
        }
        let count = 1 + others
            .iter()
            .take_while(|block| !Reader::begins(block))
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
    for inner in &part.parts {
        subsection(draft, "timeline", inner);
    }
}

/// Reads entries in their order, each on the day of the one before where it has none.
pub(in super::super) struct Reader<'d> {
    pub draft: &'d mut Draft,
    day: Option<NaiveDate>,
    /// Whether the last entry may still be followed by what belongs to it.
    open: bool,
}

impl<'d> Reader<'d> {
    pub fn new(draft: &'d mut Draft) -> Self {
        let day = draft.times.day;
        Self {
            draft,
            day,
            open: false,
        }
    }

    /// Says whether a block begins with an entry.
    pub fn begins(block: &Block) -> bool {
        match block.kind {
            Kind::Paragraph => block
                .text
                .lines()
                .next()
                .is_some_and(|line| clock::entry(line).is_some()),
            Kind::List => block::items(block)
                .iter()
                .any(|item| clock::entry(first_line(&item.text)).is_some()),
            _ => false,
        }
    }

    /// Reads a block of entries; says whether it was one.
    pub fn block(&mut self, block: &Block) -> bool {
        if !Self::begins(block) {
            return false;
        }
        if block.kind == Kind::List {
            for item in block::items(block) {
                let (first, rest) = item.text.split_once('\n').unwrap_or((&item.text, ""));
                match clock::entry(first) {
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
            match clock::entry(line) {
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
    pub fn add(&mut self, line: usize, spoken: &Spoken, text: &str) {
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
        let Some(began) = times.moment(&at) else {
            self.draft.without_day.get_or_insert(line);
            return;
        };
        let day = day.unwrap_or_default();
        self.set_day(day);
        let until = spoken.until.map(|mut until| {
            until.day = until.day.or(Some(day));
            // An end that is earlier in the day is on the next one.
            if until
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
            sign: sign::of(&text),
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

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Takes actor and links from the end of an entry's text.
fn parts(text: &str) -> (String, Option<String>, Vec<(String, String)>) {
    let text = unbroken(text).trim();
    if let (before, Some(inner)) = bracket(text)
        && inner.contains("](")
    {
        let pieces = comma_parts(inner);
        let first = pieces
            .iter()
            .position(|piece| link(piece).is_some())
            .unwrap_or(pieces.len());
        let (actor, rest) = pieces.split_at(first);
        let links: Option<Vec<(String, String)>> = rest
            .iter()
            .map(|piece| link(piece).filter(|(_, url)| is_url(url)))
            .collect();
        if let Some(links) = links.filter(|links| !links.is_empty()) {
            let actor = unescaped(&actor.join(", "));
            return (
                plain(before).0,
                Some(actor).filter(|actor| !actor.is_empty()),
                links,
            );
        }
    }
    let (text, links) = plain(text);
    (text, None, links)
}

fn is_url(text: &str) -> bool {
    crate::kind::Url::new(text).is_ok()
}

/// Splits at the commas that stand outside of links.
fn comma_parts(words: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut escaped) = (0, 0_usize, false);
    for (at, letter) in words.char_indices() {
        match letter {
            _ if escaped => {}
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(words.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
        escaped = letter == '\\' && !escaped;
    }
    parts.extend(words.get(start..));
    parts.into_iter().map(str::trim).collect()
}

/// Gives the words of inline Markdown as plain text with its code, and the links in it.
pub(in super::super) fn plain(text: &str) -> (String, Vec<(String, String)>) {
    let mut words = String::new();
    let mut links: Vec<(String, String)> = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut marked = false;
    let placed = format!("x {text}");
    for event in Parser::new_ext(&placed, DIALECT) {
        match event {
            Event::Text(text) => words.push_str(&text),
            Event::Code(code) => words.extend(["`", &code, "`"]),
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            Event::Start(Tag::Paragraph) | Event::End(_) if open.is_none() => {}
            Event::Start(Tag::Link { dest_url, .. }) => {
                marked = true;
                open = Some((dest_url.into_string(), words.len()));
            }
            Event::End(pulldown_cmark::TagEnd::Link) => {
                if let Some((url, from)) = open.take().filter(|(url, _)| is_url(url)) {
                    links.push((words.get(from..).unwrap_or_default().to_owned(), url));
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => words.push_str(&html),
            Event::Start(_) => marked = true,
            _ => {}
        }
    }
    if !marked {
        return (one_line(&unescaped(text)), Vec::new());
    }
    let words = words.strip_prefix("x ").unwrap_or(&words);
    (one_line(words), links)
}
