//! A text with its repaired form, of the same length.

use super::*;

/// A text as it was typed, and its repaired copy, which has only characters of the syntax.
///
/// Both have the same length. A word that is shorter in the repaired copy is followed by blanks.
pub struct Typed<'a> {
    pub(super) text: &'a str,
    pub(super) repaired: Cow<'a, str>,
    pub(super) words: Vec<(Span, String)>,
}

impl<'a> Typed<'a> {
    /// Wraps a text that needs no repair.
    pub fn plain(text: &'a str) -> Self {
        Self {
            text,
            repaired: Cow::Borrowed(text),
            words: Vec::new(),
        }
    }

    /// Returns the text that parsers see.
    pub fn repaired(&self) -> &str {
        &self.repaired
    }

    /// Returns the typed text at a span of the repaired text.
    pub fn slice(&self, span: Span) -> &str {
        self.original_span(span).slice(self.text)
    }

    /// Returns the span in the typed text for one in the repaired text.
    pub fn original_span(&self, span: Span) -> Span {
        let (mut start, mut end) = (self.offset(span.start), self.offset(span.end));
        // A blank that pads a replacement may be in the middle of a typed character.
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        if span.start == span.end {
            return Span::at(start);
        }
        while end < self.text.len() && !self.text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(start, end.max(start))
    }

    fn offset(&self, offset: usize) -> usize {
        let next = self.words.partition_point(|(span, _)| span.start < offset);
        let word = next.checked_sub(1).and_then(|at| self.words.get(at));
        let Some((span, written)) = word.filter(|(span, _)| offset < span.end) else {
            return offset;
        };
        let mut remaining = offset - span.start;
        if remaining >= written.len() {
            return span.end;
        }
        for (at, character) in span.slice(self.text).char_indices() {
            if remaining == 0 {
                return span.start + at;
            }
            remaining -= written_as(character)
                .map_or(0, char::len_utf8)
                .min(remaining);
        }
        span.end
    }
}
