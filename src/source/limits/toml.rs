//! Counts levels, entries and string lengths of a TOML text.

use super::{Counter, Excess, Limits};
use crate::source::Span;
use crate::source::toml::lexer::{Kind, Lexer};

pub fn check(text: &str, limits: &Limits) -> Result<(), Excess> {
    let mut counter = Counter::new(limits);
    let mut line = Line::default();
    let mut section = Section::default();
    for token in Lexer::new(text) {
        let (kind, span) = (token.kind, token.span);
        counter.token(span)?;
        let in_value = !counter.open.is_empty();
        match kind {
            Kind::Newline if !in_value => line = Line::default(),
            Kind::Open if !in_value && line.is_empty => line.is_header = true,
            Kind::Open if line.is_header => {}
            Kind::Close if line.is_header => {
                section.start(&line, &counter, span)?;
                line.is_header = false;
            }
            Kind::Dot if line.is_key => {
                line.dots += 1;
                let outer = if in_value {
                    counter.inner_depth()
                } else {
                    section.depth(&line)
                };
                counter.depth(outer + line.dots, span)?;
            }
            Kind::Equals if in_value => {
                line.is_key = false;
            }
            Kind::Equals => {
                line.is_key = false;
                section.keys += 1;
                counter.entries(section.keys, span)?;
            }
            Kind::Open => {
                let outer = if in_value {
                    counter.inner_depth()
                } else {
                    section.depth
                };
                counter.open(outer + line.dots + 1, span)?;
                line = Line::default();
            }
            Kind::Comma => {
                counter.entry(span)?;
                line = Line::default();
            }
            Kind::Close => {
                counter.open.pop();
                line.is_key = false;
            }
            Kind::Text => counter.string(span)?,
            // The parser reports an open string, whose length is the rest of the file.
            Kind::OpenText | Kind::Newline | Kind::Comment | Kind::Dot | Kind::Word => {}
        }
        line.is_empty &= matches!(kind, Kind::Newline | Kind::Comment);
    }
    Ok(())
}

/// The possible meaning of the tokens since the last line ending, comma or bracket.
struct Line {
    is_empty: bool,
    is_header: bool,
    /// Whether no `=` has occurred yet, so that a dot joins keys.
    is_key: bool,
    dots: usize,
}

impl Default for Line {
    fn default() -> Self {
        Self {
            is_empty: true,
            is_header: false,
            is_key: true,
            dots: 0,
        }
    }
}

/// The keys below one header.
#[derive(Default)]
struct Section {
    depth: usize,
    keys: usize,
    headers: usize,
}

impl Section {
    fn start(&mut self, line: &Line, counter: &Counter<'_>, span: Span) -> Result<(), Excess> {
        self.depth = line.dots + 1;
        self.keys = 0;
        self.headers += 1;
        counter.headers(self.headers, span)
    }

    /// Returns the depth of a key of this line; a header starts from the top.
    fn depth(&self, line: &Line) -> usize {
        if line.is_header { 1 } else { self.depth }
    }
}
