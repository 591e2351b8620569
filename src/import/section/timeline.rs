//! Timeline: entries of a time and a text, with what stands below each.

use chrono::{NaiveDate, TimeDelta};
use pulldown_cmark::{Event, Parser, Tag};

use super::super::block::{self, Block, DIALECT, Kind, Part, span};
use super::super::clock::{self, Spoken};
use super::super::draft::{Draft, Entry};
use super::super::sign;
use super::super::words::{bracket, link, unbroken, unescaped};
use super::{evidence, lines, subsection, tail};

/// Reads the section.
pub(super) fn read(draft: &mut Draft, part: &Part) {
    let form = Form::of(&part.flat);
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
    pub fn of(blocks: &[Block]) -> Self {
        let bold = |block: &Block| block.text.starts_with("**") && Self::Bold.begins(block);
        if blocks.iter().any(bold) {
            Self::Bold
        } else {
            Self::Any
        }
    }

    /// Says whether a block begins with an entry.
    fn begins(self, block: &Block) -> bool {
        let entry = |text: &str| clock::entry(first_line(text)).is_some();
        match (self, block.kind) {
            (Self::Bold, Kind::Paragraph) => block.text.starts_with("**") && entry(block.text),
            (Self::Any, Kind::Paragraph) => entry(block.text),
            (Self::Any, Kind::List) => block::items(block).iter().any(|item| entry(&item.text)),
            _ => false,
        }
    }
}

/// Reads entries in their order, each on the day of the one before where it has none.
pub(in super::super) struct Reader<'d> {
    pub draft: &'d mut Draft,
    form: Form,
    day: Option<NaiveDate>,
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
            open: false,
        }
    }

    /// Reads a block of entries; says whether it was one.
    pub fn block(&mut self, block: &Block) -> bool {
        if !self.form.begins(block) {
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
        let (actor, links) = trailing_links(inner);
        if !links.is_empty() {
            let actor = unescaped(actor);
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

/// Takes links from the end of words, and gives what stands before them.
fn trailing_links(words: &str) -> (&str, Vec<(String, String)>) {
    let mut rest = words;
    let mut links = Vec::new();
    loop {
        let start = rest
            .rfind(", [")
            .map(|at| (at, at + 2))
            .or_else(|| rest.starts_with('[').then_some((0, 0)));
        let found = start.and_then(|(end, at)| {
            Some((end, link(rest.get(at..)?).filter(|(_, url)| is_url(url))?))
        });
        let Some((end, found)) = found else { break };
        links.insert(0, found);
        rest = rest.get(..end).unwrap_or_default();
    }
    (rest, links)
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
        return (unescaped(text.trim()), Vec::new());
    }
    let words = words.strip_prefix("x ").unwrap_or(&words);
    (words.trim().to_owned(), links)
}
