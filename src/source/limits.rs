//! Rejects a text that is too large or too deep before it is parsed.
//!
//! Parsers and everything after them recurse for each level and allocate for each value, so a
//! hostile file must be stopped by a scan that does neither.

mod json;
mod toml;

use super::{LIMIT, SourceError, Span, Syntax};

/// The limits of an input file; the fields are the keys of `[limits]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The number of bytes in a file.
    pub file_bytes: usize,
    /// The depth of nested tables and lists.
    pub depth: usize,
    /// The number of bytes in a string, as written.
    pub string_bytes: usize,
    /// The number of values in a list or keys in a table. A file may hold ten times as many in all,
    /// and a tenth as many TOML headers.
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

/// Reports the first limit that a text exceeds; empty if it may be parsed.
pub fn check(text: &str, syntax: Syntax, limits: &Limits) -> Vec<SourceError> {
    let size = bytes(text.len(), limits);
    let content = || match syntax {
        Syntax::Toml => toml::check(text, limits),
        Syntax::Json => json::check(text, limits),
    };
    let excess = || content().err().map(|excess| excess.error(limits));
    size.or_else(excess).into_iter().collect()
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

/// A limit that is exceeded, and its location.
struct Excess {
    kind: Kind,
    span: Span,
}

enum Kind {
    Depth,
    StringBytes,
    Entries,
    Headers,
    Tokens,
}

impl Excess {
    fn error(self, limits: &Limits) -> SourceError {
        let (name, message) = match self.kind {
            Kind::Depth => ("depth", format!("nested more than {} deep", limits.depth)),
            Kind::StringBytes => (
                "string_bytes",
                format!("a string of more than {} bytes", limits.string_bytes),
            ),
            Kind::Entries => (
                "entries",
                format!("more than {} entries in one list or table", limits.entries),
            ),
            Kind::Headers => (
                "entries",
                format!("the file has more than {} headers", headers(limits)),
            ),
            Kind::Tokens => (
                "entries",
                format!(
                    "the file has more than {} values, punctuation marks and lines",
                    tokens(limits)
                ),
            ),
        };
        SourceError::new(LIMIT, self.span, message).help(option(name))
    }
}

/// The number of tokens that a file may hold for each entry that one list may hold.
///
/// Two for each value, so that a file may hold ten times the values of its longest list.
const TOKENS_PER_ENTRY: usize = 20;

/// Counts the content of a file, and the containers that are open at a position.
struct Counter<'a> {
    limits: &'a Limits,
    tokens: usize,
    open: Vec<Container>,
}

/// A list or table that is not closed yet.
struct Container {
    /// The depth of its values.
    depth: usize,
    entries: usize,
}

impl<'a> Counter<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            tokens: 0,
            open: Vec::new(),
        }
    }

    fn token(&mut self, span: Span) -> Result<(), Excess> {
        self.tokens += 1;
        within(self.tokens, tokens(self.limits), Kind::Tokens, span)
    }

    fn open(&mut self, depth: usize, span: Span) -> Result<(), Excess> {
        self.depth(depth, span)?;
        self.open.push(Container { depth, entries: 0 });
        Ok(())
    }

    fn depth(&self, depth: usize, span: Span) -> Result<(), Excess> {
        within(depth, self.limits.depth, Kind::Depth, span)
    }

    fn string(&self, span: Span) -> Result<(), Excess> {
        let start = Span::new(span.start, span.start + 1);
        within(
            span.end - span.start,
            self.limits.string_bytes,
            Kind::StringBytes,
            start,
        )
    }

    fn entries(&self, found: usize, span: Span) -> Result<(), Excess> {
        within(found, self.limits.entries, Kind::Entries, span)
    }

    fn headers(&self, found: usize, span: Span) -> Result<(), Excess> {
        within(found, headers(self.limits), Kind::Headers, span)
    }

    /// Counts one entry of the innermost open container.
    fn entry(&mut self, span: Span) -> Result<(), Excess> {
        let Some(container) = self.open.last_mut() else {
            return Ok(());
        };
        container.entries += 1;
        let found = container.entries;
        self.entries(found, span)
    }

    fn inner_depth(&self) -> usize {
        self.open.last().map_or(0, |container| container.depth)
    }
}

/// The TOML parser needs quadratic time in the number of headers if a table comes after its inner
/// tables.
fn headers(limits: &Limits) -> usize {
    limits.entries / 10
}

fn tokens(limits: &Limits) -> usize {
    limits.entries.saturating_mul(TOKENS_PER_ENTRY)
}

fn within(found: usize, most: usize, kind: Kind, span: Span) -> Result<(), Excess> {
    if found <= most {
        Ok(())
    } else {
        Err(Excess { kind, span })
    }
}
