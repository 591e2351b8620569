//! Splits a Markdown document into blocks with line numbers, and groups them by heading.
//!
//! The parser only determines where blocks start and end; their text is kept as written
//! so that it can be printed unchanged. Text for which the parser reports no block, such
//! as a link definition, becomes a block too: no text is lost here.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// CommonMark with the GitHub extensions that reports use.
pub(super) const DIALECT: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// The type of a block.
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

/// A block of a document, as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block<'a> {
    pub kind: Kind,
    /// Its first line, from 1.
    pub line: usize,
    /// Its lines, without the final line break.
    pub text: &'a str,
    /// Whether it follows a blank line or starts the document.
    pub after_blank: bool,
}

/// A heading with the blocks below it and its subparts, one level deeper.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    /// The text of the heading, as written.
    pub title: &'a str,
    /// The line of the heading, from 1.
    pub line: usize,
    /// The blocks before the first subpart.
    pub blocks: Vec<Block<'a>>,
    pub parts: Vec<Self>,
    head: Block<'a>,
    /// The text of the heading and everything below it, as written.
    full_text: &'a str,
    /// All blocks below the heading in document order, including headings.
    pub flat: Vec<Block<'a>>,
    level: u8,
    /// The text of everything below the heading, as written.
    pub body: &'a str,
}

/// Splits a document into blocks.
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
    let mut splitter = Splitter::new(text);
    for (kind, start, end) in ranges {
        let start = text
            .get(..start)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        splitter.gap(start);
        splitter.block(kind, end);
    }
    splitter.gap(text.len());
    splitter.blocks
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

/// A pass through a document that counts lines.
struct Splitter<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    after_blank: bool,
    blocks: Vec<Block<'a>>,
}

impl<'a> Splitter<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            after_blank: true,
            blocks: Vec::new(),
        }
    }

    /// Consumes the text before a block; its non-blank lines become blocks of kind `Other`.
    fn gap(&mut self, until: usize) {
        let gap = self.text.get(self.at..until).unwrap_or_default();
        for line in gap.split_inclusive('\n') {
            if line.trim().is_empty() {
                self.after_blank = true;
            } else {
                self.push(Kind::Other, line);
            }
            self.line += line.matches('\n').count();
        }
        self.at = self.at.max(until);
    }

    fn block(&mut self, kind: Kind, end: usize) {
        let text = self.text.get(self.at..end).unwrap_or_default();
        let trimmed = text.trim_end();
        match (kind, trimmed.rsplit_once('\n')) {
            // CommonMark reads several lines followed by `---` as a heading, but authors mean a rule.
            (Kind::Heading(_), Some((lines, _))) if lines.contains('\n') => {
                self.push(Kind::Paragraph, lines);
                let line = self.line;
                self.line += lines.matches('\n').count() + 1;
                self.push(
                    Kind::Rule,
                    trimmed.get(lines.len() + 1..).unwrap_or_default(),
                );
                self.line = line;
            }
            _ => self.push(kind, text),
        }
        self.line += text.matches('\n').count();
        // The range of a list includes the blank lines after it.
        self.after_blank = text.ends_with("\n\n") || text.ends_with("\n \n");
        self.at = self.at.max(end);
    }

    fn push(&mut self, kind: Kind, text: &'a str) {
        self.blocks.push(Block {
            kind,
            line: self.line,
            text: text.trim_end_matches(['\n', ' ', '\t']),
            after_blank: std::mem::take(&mut self.after_blank),
        });
    }
}

/// Returns the text of a heading, as written.
pub(super) fn heading<'a>(block: &Block<'a>) -> &'a str {
    let line = block.text.trim_start();
    if line.starts_with('#') {
        let text = line.trim_start_matches('#').trim();
        let bare = text.trim_end_matches('#');
        return if bare.is_empty() || bare.ends_with([' ', '\t']) {
            bare.trim_end()
        } else {
            text
        };
    }
    // Of an underlined heading with several lines, only the first is used.
    line.lines().next().unwrap_or_default().trim()
}

/// Groups blocks into parts by the headings of `level`, each with subparts one level deeper.
///
/// Returns the blocks before the first heading separately. Deeper headings stay blocks.
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
        let (content, next) = tail.split_at(end);
        let (blocks, inner) = match level {
            ..=5 => parts(text, content, level + 1),
            _ => (content.to_vec(), Vec::new()),
        };
        found.push(Part {
            title: heading(head),
            line: head.line,
            head: *head,
            full_text: span(text, rest.get(..=end).unwrap_or_default()),
            blocks,
            parts: inner,
            flat: content.to_vec(),
            level,
            body: span(text, content),
        });
        rest = next;
    }
    (before.to_vec(), found)
}

impl<'a> Part<'a> {
    /// Returns a part that contains this one as its only subpart.
    pub fn nested_under(&self, title: &'a str) -> Self {
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
            body: self.full_text,
            full_text: self.full_text,
            level: self.level.saturating_sub(1),
        }
    }

    /// Returns the part with other subparts.
    pub fn with_parts(&self, parts: Vec<Self>) -> Self {
        Self {
            parts,
            ..self.clone()
        }
    }

    /// Returns the part with headings that skip a level as its subparts.
    pub fn deepened(&self) -> Self {
        let level = |block: &Block| match block.kind {
            Kind::Heading(level) => Some(level),
            _ => None,
        };
        let Some(level) = self.blocks.iter().filter_map(level).min() else {
            return self.clone();
        };
        let (blocks, found) = parts(self.body, &self.blocks, level);
        let parts = [found, self.parts.clone()].concat();
        Self {
            blocks,
            parts,
            ..self.clone()
        }
    }

    /// Returns the part with other blocks and without subparts.
    pub fn with_blocks(&self, blocks: &[Block<'a>]) -> Self {
        Self {
            blocks: blocks.to_vec(),
            flat: blocks.to_vec(),
            parts: Vec::new(),
            body: span(self.body, blocks),
            ..self.clone()
        }
    }

    /// Returns the text above the subparts as a part with a title, and the subparts.
    pub fn opened(&self, title: &'a str) -> Vec<Self> {
        let [_, above] = self.split_at(0, title);
        let above = Some(above).filter(|above| !above.blocks.is_empty());
        above
            .into_iter()
            .chain(self.parts.iter().cloned())
            .collect()
    }

    /// Splits the blocks above the subparts; those from the index `at` become a part with a title.
    pub fn split_at(&self, at: usize, title: &'a str) -> [Self; 2] {
        let (above, below) = self.blocks.split_at(at.min(self.blocks.len()));
        let below = Self {
            title,
            ..self.with_blocks(below)
        };
        let above = self.with_blocks(above);
        [above.with_parts(self.parts.clone()), below]
    }

    /// Splits the part at the first heading after the block at index `last`.
    ///
    /// Returns the blocks before that heading and the parts from there on.
    pub fn split_after(&self, last: Option<usize>) -> (&[Block<'a>], Vec<Self>) {
        let is_heading =
            |block: &Block| matches!(block.kind, Kind::Heading(found) if found <= self.level + 1);
        let after = last.map_or(0, |last| last + 1);
        let rest = self.flat.get(after..).unwrap_or_default();
        let end = after + rest.iter().position(is_heading).unwrap_or(rest.len());
        let (flat, rest) = self.flat.split_at(end.min(self.flat.len()));
        (flat, parts(self.body, rest, self.level + 1).1)
    }
}

/// Returns the text from the first of the blocks to the last.
pub(super) fn span<'a>(text: &'a str, blocks: &[Block<'a>]) -> &'a str {
    let start = text.as_ptr() as usize;
    let offset = |part: &str| (part.as_ptr() as usize).saturating_sub(start);
    match (blocks.first(), blocks.last()) {
        (Some(first), Some(last)) => text
            .get(offset(first.text)..offset(last.text) + last.text.len())
            .unwrap_or_default(),
        _ => "",
    }
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its first line, from 1.
    pub line: usize,
    /// Its text, without the list marker and indentation.
    pub text: String,
}

/// Splits a list into its items.
pub(super) fn items(block: &Block) -> Vec<Item> {
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let (mut at, mut line) = (0, block.line);
    for (event, range) in Parser::new_ext(block.text, DIALECT).into_offset_iter() {
        match event {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) => depth = depth.saturating_sub(1),
            Event::Start(Tag::Item) if depth == 1 => {
                // Count lines from item to item; counting from the top each time is quadratic.
                let passed = block.text.get(at..range.start).unwrap_or_default();
                line += passed.matches('\n').count();
                at = at.max(range.start);
                let source = block.text.get(range).unwrap_or_default();
                items.push(Item {
                    line,
                    text: unlisted(source),
                });
            }
            _ => {}
        }
    }
    items
}

/// Strips the list marker from an item, and the same indentation from its further lines.
fn unlisted(source: &str) -> String {
    let source = source.trim_start_matches([' ', '\t', '\n']);
    let after_marker = source.trim_start_matches(|c: char| c.is_ascii_digit());
    let after_marker = after_marker.get(1..).unwrap_or_default();
    let content = after_marker.trim_start_matches([' ', '\t']);
    // Five or more spaces after the marker start an indented code block one space after it.
    let content = if after_marker.len() - content.len() > 4 {
        after_marker.get(1..).unwrap_or_default()
    } else {
        content
    };
    let width = source.len() - content.len();
    let mut lines = content.trim_end().split('\n');
    let mut text = lines.next().unwrap_or_default().trim_end().to_owned();
    for line in lines {
        text.push('\n');
        let indent = line.len() - line.trim_start_matches(' ').len();
        let line = line.get(indent.min(width)..).unwrap_or_default();
        text.push_str(line);
    }
    text.trim_matches('\n').to_owned()
}

/// A table: its columns, and its rows with their line numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Splits a table into cells.
pub(super) fn table(block: &Block) -> Table {
    let mut lines = block.text.lines().enumerate();
    let columns = lines.next().map(|(_, line)| cells(line));
    let rows = lines
        .skip(1)
        .map(|(index, line)| (block.line + index, cells(line)));
    Table {
        columns: columns.unwrap_or_default(),
        rows: rows.collect(),
    }
}

fn cells(line: &str) -> Vec<String> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let mut cells = vec![String::new()];
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, cells.last_mut()) {
            ('\\', Some(cell)) if chars.peek() == Some(&'|') => {
                chars.next();
                cell.push('|');
            }
            ('\\', Some(cell)) if chars.peek() == Some(&'\\') => {
                chars.next();
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

/// Returns a code block as the lines in it.
pub(super) fn code_lines<'a>(block: &Block<'a>) -> Block<'a> {
    let is_fence = |line: &str| super::truncation::opened_fence(line.trim_start()).is_some();
    let (line, text) = match block.text.split_once('\n') {
        Some((first, rest)) if is_fence(first) => (
            block.line + 1,
            rest.rsplit_once('\n').map_or("", |(code, _)| code),
        ),
        _ => (block.line, block.text),
    };
    Block {
        line,
        text,
        ..*block
    }
}

/// Returns the language and the code of a code block.
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
