//! Finds the bytes of a text that CommonMark may read as inline markup.
//!
//! Several values are printed in one paragraph, so a delimiter without a partner in its own value is found too: the
//! partner may be in the next value.

#![expect(
    clippy::indexing_slicing,
    reason = "a table of 256 has an entry for every byte"
)]

use std::ops::Range;

/// The way in which a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Plain except for code spans.
    Text,
    /// Plain: backticks are shown too.
    Typed,
    /// The text that a parser found in Markdown: its backslashes and entities are resolved.
    Leftover,
}

/// The other values in the paragraph of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParagraphContext {
    /// None, so the only asterisk of a value stays if it could open as well as close, as in `count(*)`.
    Alone,
    /// Some, which may have asterisks.
    Shared,
}

/// The bytes that may be markup.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &[u8] = b"\\`*_~<&[]\n\r";
    while let [byte, after @ ..] = rest {
        table[*byte as usize] = true;
        rest = after;
    }
    table
};

/// Returns `true` if `value` has a byte that may be markup.
pub(super) fn has_special(value: &str) -> bool {
    value.bytes().any(|byte| SPECIAL[usize::from(byte)])
}

/// A scan of a value, or of several parts of it in order.
pub(super) struct Scan<'v> {
    value: &'v str,
    start: usize,
    reading: Reading,
    context: ParagraphContext,
    tilde_seen: bool,
    /// The end of the last escaped byte, which belongs to no run.
    escaped_end: usize,
    run: Range<usize>,
}

impl<'v> Scan<'v> {
    /// Creates a scan of `value`, which starts at byte `start` and ends with the text.
    pub(super) fn new(value: &'v str, start: usize, reading: Reading) -> Self {
        Self {
            value,
            start,
            reading,
            context: ParagraphContext::Shared,
            tilde_seen: false,
            escaped_end: start,
            run: 0..0,
        }
    }

    /// Sets the context of the value.
    pub(super) fn in_context(self, context: ParagraphContext) -> Self {
        Self { context, ..self }
    }

    /// Skips a byte that the author escaped.
    pub(super) fn skip_escaped(&mut self, at: usize) {
        self.escaped_end = at + 1;
    }

    /// Calls `escape` with the index of each byte in `range` that needs a backslash.
    pub(super) fn over(&mut self, range: Range<usize>, mut escape: impl FnMut(usize)) {
        let mut at = range.start;
        while let Some(&byte) = self.bytes().get(at).filter(|_| at < range.end) {
            if !SPECIAL[usize::from(byte)] {
                at += 1;
                continue;
            }
            let end = match byte {
                b'*' | b'_' | b'~' | b'`' => self.run_at(at, byte).end.min(range.end),
                _ => at + 1,
            };
            if byte == b'`'
                && self.reading == Reading::Text
                && let Some(after) = self.code_end(at..end)
            {
                at = after;
                continue;
            }
            if self.is_markup(at, byte) {
                (at..end).for_each(&mut escape);
            }
            at = end;
        }
    }

    fn bytes(&self) -> &'v [u8] {
        self.value.as_bytes()
    }

    fn is_markup(&mut self, at: usize, byte: u8) -> bool {
        let next = self.bytes().get(at + 1).copied();
        match byte {
            b'\\' => match self.reading {
                Reading::Leftover => next.is_none(),
                Reading::Text | Reading::Typed => {
                    next.is_none_or(|next| next.is_ascii_punctuation() || next == b'\n')
                }
            },
            b'`' => true,
            b'*' => !self.is_spaced() && !self.is_sole_star(),
            b'_' => !self.is_spaced() && !self.is_in_word(),
            b'~' => self.strikes(),
            b'<' => self.starts_tag(at + 1),
            b'&' => self.reading != Reading::Leftover && self.starts_entity(at + 1),
            b']' => next == Some(b'('),
            _ => false,
        }
    }

    /// Returns the run of equal bytes that `at` is in.
    fn run_at(&mut self, at: usize, byte: u8) -> Range<usize> {
        // A parser returns a run byte by byte; without caching, a long run would be measured once for each byte.
        if !self.run.contains(&at) || self.run.start < self.escaped_end {
            let bytes = self.bytes();
            let before = bytes.get(self.escaped_end..at).unwrap_or_default();
            let after = bytes.get(at..).unwrap_or_default();
            let start = at - before.iter().rev().take_while(|b| **b == byte).count();
            let end = at + after.iter().take_while(|b| **b == byte).count();
            self.run = start..end;
        }
        self.run.clone()
    }

    /// Returns the end of the code span that the backticks in `open` start.
    fn code_end(&self, open: Range<usize>) -> Option<usize> {
        let bytes = self.bytes();
        let mut at = open.end;
        while let Some(skipped) = bytes.get(at..)?.iter().position(|b| *b == b'`') {
            let start = at + skipped;
            let length = bytes
                .get(start..)?
                .iter()
                .take_while(|b| **b == b'`')
                .count();
            at = start + length;
            if length == open.len() {
                return Some(at);
            }
        }
        None
    }

    fn before(&self) -> Option<char> {
        self.value
            .get(self.start..self.run.start)?
            .chars()
            .next_back()
    }

    fn after(&self) -> Option<char> {
        self.value.get(self.run.end..)?.chars().next()
    }

    /// Returns `true` if the run has a space on both sides, so that it opens and closes nothing.
    fn is_spaced(&self) -> bool {
        self.before().is_some_and(is_space) && self.after().is_some_and(is_space)
    }

    /// Returns `true` if the run is the only asterisk of the value, and may stay.
    fn is_sole_star(&mut self) -> bool {
        let sides = self.before().zip(self.after());
        if self.context == ParagraphContext::Shared
            || self.run.len() > 1
            || !sides.is_some_and(|(before, after)| {
                (before.is_alphanumeric() && after.is_alphanumeric())
                    || (before.is_ascii_punctuation() && after.is_ascii_punctuation())
            })
        {
            return false;
        }
        let value = self.value.get(self.start..).unwrap_or_default();
        let sole = value.bytes().filter(|byte| *byte == b'*').nth(1).is_none();
        if !sole {
            self.context = ParagraphContext::Shared;
        }
        sole
    }

    /// Returns `true` if the run is within a word, where underscores are not markup.
    fn is_in_word(&self) -> bool {
        self.before().is_some_and(char::is_alphanumeric)
            && self.after().is_some_and(char::is_alphanumeric)
    }

    /// Returns `true` if a run of tildes could be part of a strikethrough, or open a fence.
    ///
    /// A single one that only opens stays, because `~5` means "about five"; so does the first of a value if it is one as
    /// in `(~$150)`, which has no partner.
    fn strikes(&mut self) -> bool {
        let first = !std::mem::replace(&mut self.tilde_seen, true);
        match (self.run.len(), self.before()) {
            (3.., before) => before.is_none(),
            (2, _) => !self.is_spaced(),
            (_, None) => false,
            (_, Some(before)) => {
                let word_after = self.after().is_some_and(char::is_alphanumeric);
                let opens = before.is_ascii_punctuation() && (word_after || first);
                !is_space(before) && !opens
            }
        }
    }

    /// Returns `true` if a `<` before `at` could start a tag, a comment or an autolink.
    pub(super) fn starts_tag(&self, at: usize) -> bool {
        let rest = self.bytes().get(at..).unwrap_or_default();
        match rest {
            [b'/', c, ..] => c.is_ascii_alphabetic(),
            [b'!', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'-' | b'['),
            [b'?', ..] => true,
            [c, ..] if c.is_ascii_alphabetic() => true,
            // The name in an address may start with a digit or punctuation.
            _ => rest
                .iter()
                .take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'<' | b'>'))
                .any(|b| *b == b'@'),
        }
    }

    /// Returns `true` if an `&` before `at` could start an entity.
    pub(super) fn starts_entity(&self, at: usize) -> bool {
        let rest = self.bytes().get(at..).unwrap_or_default();
        let name = rest.strip_prefix(b"#").unwrap_or(rest);
        let length = name
            .iter()
            .take(MAX_ENTITY_LENGTH)
            .take_while(|b| b.is_ascii_alphanumeric())
            .count();
        length > 0 && name.get(length) == Some(&b';')
    }
}

/// The maximum length of the name of an HTML entity.
const MAX_ENTITY_LENGTH: usize = 31;

/// Returns `true` if every parser takes `c` for a space.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n')
}
