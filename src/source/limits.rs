//! The limits of an input file. Both parsers count against one `Budget` while they parse.
//!
//! Everything after the parsers recurses for each level and allocates for each value, so a parser
//! stops at the first limit that its text exceeds.

use super::{LIMIT, SourceError, Span};

/// The limits of an input file; the fields are the keys of `[limits]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The number of bytes in a file.
    pub file_bytes: usize,
    /// The depth of nested tables and lists.
    pub depth: usize,
    /// The number of bytes in a string, as written.
    pub string_bytes: usize,
    /// The number of values in a list or keys in a table. A file may hold ten times as many in all.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 16 << 20,
            depth: 64,
            string_bytes: 64 << 10,
            entries: 100_000,
        }
    }
}

impl Limits {
    /// The limits of a text that was read before: only the depth, for which parsers recurse.
    pub fn depth_only() -> Self {
        Self {
            file_bytes: usize::MAX,
            string_bytes: usize::MAX,
            entries: usize::MAX,
            ..Self::default()
        }
    }
}

/// Reports a file by its size, which is known before the file is read.
///
/// `None` if the file is within the limits.
pub fn bytes(found: usize, limits: &Limits) -> Option<SourceError> {
    let most = limits.file_bytes;
    let message = format!("the file is {found} bytes, over the limit of {most}");
    (found > most).then(|| SourceError::of_file(LIMIT, message).help(option("file_bytes")))
}

fn option(name: &str) -> String {
    format!("raise `[limits] {name}` in `afterword.toml` if the file is correct")
}

/// The number of tokens that a file may hold for each entry that one list may hold.
///
/// Two for each value, so that a file may hold ten times the values of its longest list.
const TOKENS_PER_ENTRY: usize = 20;

/// The budget that a parser has left. Each method returns `true` if the text is within the limits so far.
pub(super) struct Budget<'a> {
    limits: &'a Limits,
    tokens: usize,
    /// The first limit that the text exceeds.
    pub excess: Option<SourceError>,
}

impl<'a> Budget<'a> {
    pub fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            tokens: 0,
            excess: None,
        }
    }

    pub fn most_depth(&self) -> usize {
        self.limits.depth
    }

    pub fn token(&mut self, span: Span) -> bool {
        self.tokens += 1;
        let most = self.limits.entries.saturating_mul(TOKENS_PER_ENTRY);
        self.within(self.tokens, most, span, "entries", |most| {
            format!("the file has more than {most} values, punctuation marks and lines")
        })
    }

    pub fn depth(&mut self, depth: usize, span: Span) -> bool {
        self.within(depth, self.limits.depth, span, "depth", |most| {
            format!("nested more than {most} deep")
        })
    }

    pub fn string(&mut self, span: Span) -> bool {
        let (length, start) = (span.end - span.start, Span::new(span.start, span.start + 1));
        self.within(
            length,
            self.limits.string_bytes,
            start,
            "string_bytes",
            |most| format!("a string of more than {most} bytes"),
        )
    }

    pub fn entries(&mut self, entries: usize, span: Span) -> bool {
        self.within(entries, self.limits.entries, span, "entries", |most| {
            format!("more than {most} entries in one list or table")
        })
    }

    fn within(
        &mut self,
        found: usize,
        most: usize,
        span: Span,
        name: &str,
        message: fn(usize) -> String,
    ) -> bool {
        if found > most && self.excess.is_none() {
            let error = SourceError::new(LIMIT, span, message(most)).help(option(name));
            self.excess = Some(error);
        }
        self.excess.is_none()
    }
}
