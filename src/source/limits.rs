//! Refuses a text that is too large or too deep before any parser sees it.
//!
//! Parsers and everything after them recurse once for each level and allocate
//! for each value, so a hostile file must be stopped by a scan that does neither.

mod json;
mod toml;

use super::{Fault, LIMIT, Span, Syntax};

/// What one input file may hold; the fields are the options of `[limits]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub file_bytes: usize,
    /// Tables and lists inside one another.
    pub depth: usize,
    /// Of one string, as written.
    pub string_bytes: usize,
    /// Values in one list or keys in one table; a file may hold ten times as many in all.
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

/// Names the first limit that a text exceeds; empty means that it may be parsed.
pub fn check(text: &str, syntax: Syntax, limits: &Limits) -> Vec<Fault> {
    let checked = match bytes(text.len(), limits) {
        Ok(()) => match syntax {
            Syntax::Toml => toml::check(text, limits),
            Syntax::Json => json::check(text, limits),
        },
        Err(fault) => Err(fault),
    };
    checked.err().into_iter().collect()
}

/// Refuses a file by its size, which a caller knows before it reads the file.
pub fn bytes(found: usize, limits: &Limits) -> Result<(), Fault> {
    if found <= limits.file_bytes {
        return Ok(());
    }
    let message = format!(
        "the file has {found} bytes, more than {}",
        limits.file_bytes
    );
    Err(Fault::of_file(LIMIT, message).help(option("file_bytes")))
}

/// How many tokens a file may hold for each entry that one list may hold.
///
/// Two a value, so that a file holds ten times the values of its longest list.
const TOKENS_PER_ENTRY: usize = 20;

/// Counts what a file holds, and the containers that are open at a place in it.
struct Counter<'a> {
    limits: &'a Limits,
    tokens: usize,
    open: Vec<Container>,
}

/// A list or table that is not closed yet.
struct Container {
    /// How deep its values lie.
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

    fn token(&mut self, span: Span) -> Result<(), Fault> {
        self.tokens += 1;
        let most = self.limits.entries.saturating_mul(TOKENS_PER_ENTRY);
        if self.tokens <= most {
            return Ok(());
        }
        let message = format!("the file has more than {most} values, marks and lines");
        Err(Fault::new(LIMIT, span, message).help(option("entries")))
    }

    fn open(&mut self, depth: usize, span: Span) -> Result<(), Fault> {
        self.depth(depth, span)?;
        self.open.push(Container { depth, entries: 0 });
        Ok(())
    }

    fn depth(&self, depth: usize, span: Span) -> Result<(), Fault> {
        if depth <= self.limits.depth {
            return Ok(());
        }
        let message = format!("nested more than {} deep", self.limits.depth);
        Err(Fault::new(LIMIT, span, message).help(option("depth")))
    }

    fn string(&self, span: Span) -> Result<(), Fault> {
        if span.end - span.start <= self.limits.string_bytes {
            return Ok(());
        }
        let message = format!("a string of more than {} bytes", self.limits.string_bytes);
        let start = Span::new(span.start, span.start + 1);
        Err(Fault::new(LIMIT, start, message).help(option("string_bytes")))
    }

    fn entries(&self, found: usize, span: Span) -> Result<(), Fault> {
        if found <= self.limits.entries {
            return Ok(());
        }
        let message = format!(
            "more than {} entries in one list or table",
            self.limits.entries
        );
        Err(Fault::new(LIMIT, span, message).help(option("entries")))
    }

    /// Counts one entry of the innermost open container.
    fn entry(&mut self, span: Span) -> Result<(), Fault> {
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

fn option(name: &str) -> String {
    format!("set `{name}` under `[limits]` in `afterword.toml` if the file is meant to be so")
}
