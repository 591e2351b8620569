//! Finds the bytes of a text that CommonMark could read as inline markup.
//!
//! A value is printed between others, in one paragraph with them, so a mark
//! that has no partner in its own value is found as well: the partner may
//! stand in the next one.

#![expect(clippy::indexing_slicing, reason = "a table of 256 answers every byte")]

use std::ops::Range;

/// How the text is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// Plain, but for code spans.
    Text,
    /// Plain throughout: backticks are shown too.
    Typed,
    /// What a parser left over of Markdown that an author typed: its
    /// backslashes and entities have done their work.
    Leftover,
}

/// Whether a value has its paragraph for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ParagraphContext {
    /// The only asterisk of a value stays when it opens as well as it closes,
    /// as in `count(*)`: nothing is there that it could pair with.
    Alone,
    /// Others may have one, too.
    Shared,
}

/// Bytes that a text without markup has none of.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut rest: &[u8] = b"\\`*_~<&[]\n\r";
    while let [byte, after @ ..] = rest {
        table[*byte as usize] = true;
        rest = after;
    }
    table
};

/// Says whether `value` has a byte that a closer look must be taken at.
pub(super) fn has_special(value: &str) -> bool {
    value.bytes().any(|byte| SPECIAL[usize::from(byte)])
}

/// A walk over a value, or over several parts of it in order.
pub(super) struct Scan<'v> {
    value: &'v str,
    start: usize,
    reading: Reading,
    company: ParagraphContext,
    tilde_seen: bool,
    /// Where the last escaped byte ends; it belongs to no run.
    escaped_end: usize,
    run: Range<usize>,
}

impl<'v> Scan<'v> {
    /// Prepares a walk over `value`, which begins at byte `start` and ends with the text.
    pub(super) fn new(value: &'v str, start: usize, reading: Reading) -> Self {
        Self {
            value,
            start,
            reading,
            company: ParagraphContext::Shared,
            tilde_seen: false,
            escaped_end: start,
            run: 0..0,
        }
    }

    /// Prepares for a value in this company.
    pub(super) fn in_company(self, company: ParagraphContext) -> Self {
        Self { company, ..self }
    }

    /// Steps over a byte that the author escaped.
    pub(super) fn skip_escaped(&mut self, at: usize) {
        self.escaped_end = at + 1;
    }

    /// Calls `mark` with the place of each byte in `range` that needs a backslash.
    pub(super) fn over(&mut self, range: Range<usize>, mut mark: impl FnMut(usize)) {
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
                (at..end).for_each(&mut mark);
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
            b'*' => !self.stands_free() && !self.is_sole_star(),
            b'_' => !self.stands_free() && !self.stands_in_word(),
            b'~' => self.strikes(),
            b'<' => self.starts_tag(at + 1),
            b'&' => self.reading != Reading::Leftover && self.starts_entity(at + 1),
            b']' => next == Some(b'('),
            _ => false,
        }
    }

    /// Gives the whole run of equal bytes that `at` is in.
    fn run_at(&mut self, at: usize, byte: u8) -> Range<usize> {
        // A parser hands out a run byte by byte; without the memory of the
        // last one a long run would be measured once for each of its bytes.
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

    /// Gives the end of the code span that the backticks in `open` begin.
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

    /// Says whether the run has a space on both sides, so that it opens and closes nothing.
    fn stands_free(&self) -> bool {
        self.before().is_some_and(is_space) && self.after().is_some_and(is_space)
    }

    /// Says whether the run is the value's one asterisk, and may stay.
    fn is_sole_star(&mut self) -> bool {
        let sides = self.before().zip(self.after());
        if self.company == ParagraphContext::Shared
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
            self.company = ParagraphContext::Shared;
        }
        sole
    }

    /// Says whether the run is within a word, where underscores are letters.
    fn stands_in_word(&self) -> bool {
        self.before().is_some_and(char::is_alphanumeric)
            && self.after().is_some_and(char::is_alphanumeric)
    }

    /// Says whether a run of tildes could be part of a strikethrough, or begin a fence.
    ///
    /// A single one that only opens stays, because `~5` means "about five"; so
    /// does the first of a value when it is one as in `(~$150)`, for want of a
    /// partner.
    fn strikes(&mut self) -> bool {
        let first = !std::mem::replace(&mut self.tilde_seen, true);
        match (self.run.len(), self.before()) {
            (3.., before) => before.is_none(),
            (2, _) => !self.stands_free(),
            (_, None) => false,
            (_, Some(before)) => {
                let word_after = self.after().is_some_and(char::is_alphanumeric);
                let opens = before.is_ascii_punctuation() && (word_after || first);
                !is_space(before) && !opens
            }
        }
    }

    /// Says whether a `<` in front of `at` could begin a tag, a comment or an autolink.
    fn starts_tag(&self, at: usize) -> bool {
        let rest = self.bytes().get(at..).unwrap_or_default();
        match rest {
            [b'/', c, ..] => c.is_ascii_alphabetic(),
            [b'!', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'-' | b'['),
            [b'?', ..] => true,
            [c, ..] if c.is_ascii_alphabetic() => true,
            // The name in an address may begin with a digit or a mark.
            _ => rest
                .iter()
                .take_while(|b| !b.is_ascii_whitespace() && !matches!(b, b'<' | b'>'))
                .any(|b| *b == b'@'),
        }
    }

    /// Says whether an `&` in front of `at` could begin an entity.
    fn starts_entity(&self, at: usize) -> bool {
        let rest = self.bytes().get(at..).unwrap_or_default();
        let name = rest.strip_prefix(b"#").unwrap_or(rest);
        let length = name
            .iter()
            .take(LONGEST_ENTITY)
            .take_while(|b| b.is_ascii_alphanumeric())
            .count();
        length > 0 && name.get(length) == Some(&b';')
    }
}

/// No entity of HTML has a name of more letters.
const LONGEST_ENTITY: usize = 31;

/// Says whether `c` is a space in every reading of Unicode.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n')
}
