//! Converts several values in one paragraph, such as the lines of a timeline.

use super::line::{line_in, text_in};
use super::scan::ParagraphContext;
use crate::dialect::DIALECT;
use pulldown_cmark::{Event, Parser, Tag};
use std::borrow::Cow;

/// The delimiters that values of a paragraph have left open.
///
/// A lone asterisk is not markup and stays as typed, but a second one in the same paragraph would pair with it. So every
/// value of a paragraph must be converted by the same instance, in the order in which they are printed.
#[derive(Debug, Default)]
pub struct Paragraph {
    has_star: bool,
}

impl Paragraph {
    /// Returns the next value, of the kind Text.
    pub fn text<'v>(&mut self, value: &'v str) -> Cow<'v, str> {
        self.next(value, text_in)
    }

    /// Returns the next value, of the kind Line.
    pub fn line<'v>(&mut self, value: &'v str) -> Cow<'v, str> {
        let had_star = self.has_star;
        let line = self.next(value, line_in);
        if had_star && line.contains('*') && closes_star(&line) {
            return text_in(value, ParagraphContext::Shared);
        }
        line
    }

    fn next<'v>(
        &mut self,
        value: &'v str,
        convert: fn(&'v str, ParagraphContext) -> Cow<'v, str>,
    ) -> Cow<'v, str> {
        let shared = convert(value, ParagraphContext::Shared);
        if self.has_star || !value.contains('*') {
            return shared;
        }
        let alone = convert(value, ParagraphContext::Alone);
        self.has_star = alone != shared;
        alone
    }
}

/// Returns `true` if an asterisk in a line closes one of another value.
fn closes_star(line: &str) -> bool {
    let prefixed = [STAR, line].concat();
    Parser::new_ext(&prefixed, DIALECT)
        .into_offset_iter()
        .any(|(event, range)| {
            matches!(event, Event::Start(Tag::Emphasis)) && range.start < STAR.len()
        })
}

const STAR: &str = "a*b ";
