//! A Markdown document as its blocks, each with its line, and those in parts by heading.
//!
//! The parser says where blocks begin and end; what is in them stays as typed, so
//! that it can be printed again as it was. What the parser gives no block for, such
//! as the definition of a link, is a block too: nothing of a document is lost here.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// CommonMark with what reports use of GitHub's.
pub(super) const DIALECT: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Heading(u8),
    Paragraph,
    List,
    Code,
    Table,
    Quote,
    Rule,
    Other,
}

/// A block of a document, as typed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    pub kind: Kind,
    /// Its first line, from 1.
    pub line: usize,
    /// Its lines, without a line end behind the last.
    pub text: &'a str,
    /// Whether a blank line, or nothing, stands before it.
    pub apart: bool,
}

/// A heading with the blocks under it, and the parts that stand a level lower.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    /// The words of the heading, as typed.
    pub title: &'a str,
    /// The line of the heading, from 1.
    pub line: usize,
    /// The blocks before the first part.
    pub blocks: Vec<Block<'a>>,
    pub parts: Vec<Self>,
    /// The heading itself.
    head: Block<'a>,
    /// The heading with all that stands under it, as typed.
    whole: &'a str,
    /// All of them, headings too, as they stand.
    pub flat: Vec<Block<'a>>,
    level: u8,
    /// All that stands under the heading, as typed.
    pub body: &'a str,
}

/// Cuts a document into its blocks.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut ranges: Vec<(Kind, usize, usize)> = Vec::new();
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(text, DIALECT).into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    ranges.push((kind(&tag), range.start, range.end));
                }
                depth += 1;
            }
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Rule if depth == 0 => ranges.push((Kind::Rule, range.start, range.end)),
            _ => {}
        }
    }
    let mut cutter = Cutter::new(text);
    for (kind, start, end) in ranges {
        let start = text
            .get(..start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        cutter.rest(start);
        cutter.block(kind, end);
    }
    cutter.rest(text.len());
    cutter.blocks
}

fn kind(tag: &Tag) -> Kind {
    match tag {
        Tag::Heading { level, .. } => Kind::Heading(level_of(*level)),
        Tag::Paragraph => Kind::Paragraph,
        Tag::List(_) => Kind::List,
        Tag::CodeBlock(_) => Kind::Code,
        Tag::Table(_) => Kind::Table,
        Tag::BlockQuote(_) => Kind::Quote,
        _ => Kind::Other,
    }
}

const fn level_of(level: HeadingLevel) -> u8 {
    level as u8
}

/// Walks through a document and counts its lines.
struct Cutter<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    apart: bool,
    blocks: Vec<Block<'a>>,
}

impl<'a> Cutter<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            apart: true,
            blocks: Vec::new(),
        }
    }

    /// Takes what stands before a block; lines with words in it are blocks of no kind.
    fn rest(&mut self, until: usize) {
        let gap = self.text.get(self.at..until).unwrap_or_default();
        for line in gap.split_inclusive('\n') {
            if line.trim().is_empty() {
                self.apart = true;
            } else {
                self.push(Kind::Other, line);
            }
            self.line += line.matches('\n').count();
        }
        self.at = self.at.max(until);
    }

    fn block(&mut self, kind: Kind, end: usize) {
        let text = self.text.get(self.at..end).unwrap_or_default();
        let words = text.trim_end();
        match (kind, words.rsplit_once('\n')) {
            // Lines above a rule that touches them are no heading to whoever wrote them.
            (Kind::Heading(_), Some((lines, _))) if lines.contains('\n') => {
                self.push(Kind::Paragraph, lines);
                let line = self.line;
                self.line += lines.matches('\n').count() + 1;
                self.push(Kind::Rule, words.get(lines.len() + 1..).unwrap_or_default());
                self.line = line;
            }
            _ => self.push(kind, text),
        }
        self.line += text.matches('\n').count();
        // A list takes in the blank lines behind it.
        self.apart = text.ends_with("\n\n") || text.ends_with("\n \n");
        self.at = self.at.max(end);
    }

    fn push(&mut self, kind: Kind, text: &'a str) {
        self.blocks.push(Block {
            kind,
            line: self.line,
            text: text.trim_end_matches(['\n', ' ', '\t']),
            apart: std::mem::take(&mut self.apart),
        });
    }
}

/// Gives the words of a heading, as typed.
pub(super) fn heading<'a>(block: &Block<'a>) -> &'a str {
    let line = block.text.trim_start();
    if line.starts_with('#') {
        let words = line.trim_start_matches('#').trim();
        let bare = words.trim_end_matches('#');
        return if bare.is_empty() || bare.ends_with([' ', '\t']) {
            bare.trim_end()
        } else {
            words
        };
    }
    // An underlined heading of several lines is as good as none.
    line.lines().next().unwrap_or_default().trim()
}

/// Puts blocks in parts: those of `level`, and in them those one level lower.
///
/// What stands before the first heading is given apart; a heading that is deeper stays a block.
pub(super) fn parts<'a>(
    text: &'a str,
    blocks: &[Block<'a>],
    level: u8,
) -> (Vec<Block<'a>>, Vec<Part<'a>>) {
    let is_part = |block: &Block| matches!(block.kind, Kind::Heading(found) if found <= level);
    let first = blocks.iter().position(is_part).unwrap_or(blocks.len());
    let (before, mut rest) = blocks.split_at(first);
    let mut found = Vec::new();
    while let Some((head, tail)) = rest.split_first() {
        let end = tail.iter().position(is_part).unwrap_or(tail.len());
        let (own, next) = tail.split_at(end);
        let (blocks, inner) = match level {
            ..=5 => parts(text, own, level + 1),
            _ => (own.to_vec(), Vec::new()),
        };
        found.push(Part {
            title: heading(head),
            line: head.line,
            head: *head,
            whole: span(text, rest.get(..=end).unwrap_or_default()),
            blocks,
            parts: inner,
            flat: own.to_vec(),
            level,
            body: span(text, own),
        });
        rest = next;
    }
    (before.to_vec(), found)
}

impl<'a> Part<'a> {
    /// Gives a part of which this one is the only part.
    pub fn inside(&self, title: &'a str) -> Self {
        Self {
            title,
            line: self.line,
            blocks: Vec::new(),
            parts: vec![self.clone()],
            head: self.head,
            flat: [self.head]
                .into_iter()
                .chain(self.flat.iter().copied())
                .collect(),
            body: self.whole,
            whole: self.whole,
            level: self.level.saturating_sub(1),
        }
    }

    /// Cuts the part at the first heading behind one of its blocks: what stands before, and the parts after.
    pub fn split_after(&self, last: Option<usize>) -> (&[Block<'a>], Vec<Self>) {
        let is_heading =
            |block: &Block| matches!(block.kind, Kind::Heading(found) if found <= self.level + 1);
        let behind = last.map_or(0, |last| last + 1);
        let rest = self.flat.get(behind..).unwrap_or_default();
        let end = behind + rest.iter().position(is_heading).unwrap_or(rest.len());
        let (flat, rest) = self.flat.split_at(end.min(self.flat.len()));
        (flat, parts(self.body, rest, self.level + 1).1)
    }
}

/// Gives the text from the first of some blocks to the last.
pub(super) fn span<'a>(text: &'a str, blocks: &[Block<'a>]) -> &'a str {
    let start = text.as_ptr() as usize;
    let place = |part: &str| (part.as_ptr() as usize).saturating_sub(start);
    match (blocks.first(), blocks.last()) {
        (Some(first), Some(last)) => text
            .get(place(first.text)..place(last.text) + last.text.len())
            .unwrap_or_default(),
        _ => "",
    }
}

/// An entry of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its first line, from 1.
    pub line: usize,
    /// Its words, as they would stand without the list.
    pub text: String,
}

/// Cuts a list into its entries.
pub(super) fn items(block: &Block) -> Vec<Item> {
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let (mut at, mut line) = (0, block.line);
    for (event, range) in Parser::new_ext(block.text, DIALECT).into_offset_iter() {
        match event {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) => depth = depth.saturating_sub(1),
            Event::Start(Tag::Item) if depth == 1 => {
                // Lines are counted from entry to entry: from the top each time, a long list takes for ever.
                let passed = block.text.get(at..range.start).unwrap_or_default();
                line += passed.matches('\n').count();
                at = at.max(range.start);
                let typed = block.text.get(range).unwrap_or_default();
                items.push(Item {
                    line,
                    text: unlisted(typed),
                });
            }
            _ => {}
        }
    }
    items
}

/// Takes the mark of a list from an entry, and as much space from its further lines.
fn unlisted(typed: &str) -> String {
    let typed = typed.trim_start_matches([' ', '\t', '\n']);
    let mark = typed.trim_start_matches(|c: char| c.is_ascii_digit());
    let mark = mark.get(1..).unwrap_or_default();
    let words = mark.trim_start_matches([' ', '\t']);
    // Five spaces and more begin a block of code, one behind the mark.
    let words = if mark.len() - words.len() > 4 {
        mark.get(1..).unwrap_or_default()
    } else {
        words
    };
    let width = typed.len() - words.len();
    let mut lines = words.trim_end().split('\n');
    let mut text = lines.next().unwrap_or_default().trim_end().to_owned();
    for line in lines {
        text.push('\n');
        let indent = line.len() - line.trim_start_matches(' ').len();
        let line = line.get(indent.min(width)..).unwrap_or_default();
        text.push_str(line);
    }
    text.trim_matches('\n').to_owned()
}

/// A table: its columns, and its rows with their lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Cuts a table into its cells.
pub(super) fn table(block: &Block) -> Table {
    let mut lines = block.text.lines().enumerate();
    let columns = lines.next().map(|(_, line)| cells(line));
    let rows = lines
        .skip(1)
        .map(|(at, line)| (block.line + at, cells(line)));
    Table {
        columns: columns.unwrap_or_default(),
        rows: rows.collect(),
    }
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut letters = line.chars().peekable();
    while let Some(c) = letters.next() {
        match (c, cells.last_mut()) {
            ('\\', Some(cell)) if letters.peek() == Some(&'|') => {
                letters.next();
                cell.push('|');
            }
            ('\\', Some(cell)) if letters.peek() == Some(&'\\') => {
                letters.next();
                cell.push_str("\\\\");
            }
            ('|', _) => cells.push(String::new()),
            (c, Some(cell)) => cell.push(c),
            (_, None) => {}
        }
    }
    if cells.last().is_some_and(|last| last.trim().is_empty()) && cells.len() > 1 {
        cells.pop();
    }
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

/// Gives language and code of a block of code.
pub(super) fn code(block: &Block) -> (String, String) {
    let mut language = String::new();
    let mut code = String::new();
    for event in Parser::new_ext(block.text, DIALECT) {
        match event {
            Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Fenced(info))) => {
                language = info
                    .split_whitespace()
                    .next()
                    .unwrap_or_default()
                    .to_owned();
            }
            Event::Text(text) => code.push_str(&text),
            _ => {}
        }
    }
    (language, code)
}
