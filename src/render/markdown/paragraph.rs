//! Several values in one paragraph, as the lines of a timeline.

use super::line::{line_in, text_in};
use super::scan::ParagraphContext;
use crate::render::dialect::DIALECT;
use pulldown_cmark::{Event, Parser, Tag};
use std::borrow::Cow;

/// What the values of a paragraph have left open, from the first one on.
///
/// A lone asterisk is no markup and stays as typed, but a second one in the
/// same paragraph makes a pair of them. So every value of a paragraph is taken
/// through one of these, in the order in which they are printed.
#[derive(Debug, Default)]
pub struct Paragraph {
    has_star: bool,
}

impl Paragraph {
    /// Gives the next value, of the kind Text.
    pub fn text<'v>(&mut self, value: &'v str) -> Cow<'v, str> {
        self.next(value, text_in)
    }

    /// Gives the next value, of the kind Line.
    pub fn line<'v>(&mut self, value: &'v str) -> Cow<'v, str> {
        let had_star = self.has_star;
        let given = self.next(value, line_in);
        if had_star && given.contains('*') && closes_star(&given) {
            return text_in(value, ParagraphContext::Shared);
        }
        given
    }

    fn next<'v>(
        &mut self,
        value: &'v str,
        give: fn(&'v str, ParagraphContext) -> Cow<'v, str>,
    ) -> Cow<'v, str> {
        let shared = give(value, ParagraphContext::Shared);
        if self.has_star || !value.contains('*') {
            return shared;
        }
        let alone = give(value, ParagraphContext::Alone);
        self.has_star = alone != shared;
        alone
    }
}

/// Says whether an asterisk in a line ends what another value began.
fn closes_star(line: &str) -> bool {
    let placed = [STAR, line].concat();
    Parser::new_ext(&placed, DIALECT)
        .into_offset_iter()
        .any(|(event, range)| {
            matches!(event, Event::Start(Tag::Emphasis)) && range.start < STAR.len()
        })
}

const STAR: &str = "a*b ";
