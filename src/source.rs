//! Texts, locations in them, and the spanned tree for both TOML and JSON.
//!
//! A `Source` is always valid UTF-8 with LF line endings and no byte order mark, so that a file
//! gives the same output however an editor saved it. Offsets count bytes of that text; lines and
//! columns count from 1, columns in characters.

mod bare;
mod character;
pub mod clock;
mod conflict;
pub mod csv;
mod foreign;
mod json;
mod limits;
mod near;
pub mod number;
mod path;
mod repair;
mod text;
mod toml;
mod tree;
mod unread;

pub(crate) use bare::truth;
pub use character::{ascii, is_hidden, is_unspaced_script};
pub use conflict::{has_certain_sides, sides};
pub use limits::Limits;
pub use near::{ask, did_you_mean, folded, is_misspelling, nearest};
pub(crate) use path::Key;
pub use path::{Path, Segment};
pub use text::Source;
pub(crate) use text::{literal, quoted};
pub use tree::{Found, Member, Node, Value};
pub(crate) use unread::original;
pub use unread::{Gap, Step, Unread};

use camino::Utf8Path;
use limits::Budget;
use repair::Typed;
use serde::{Deserialize, Serialize};

/// A range of bytes in a source's text.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The first byte after it.
    pub end: usize,
}

impl Span {
    /// Creates a span from its start and end.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Returns the empty span at an offset.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Returns `true` if `other` is completely inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns `true` if the span is a complete word of a text: no letter or digit is next to it.
    pub fn is_word(self, text: &str) -> bool {
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let before = text
            .get(..self.start)
            .and_then(|text| text.chars().next_back());
        let after = text.get(self.end..).and_then(|text| text.chars().next());
        !is_letter(before) && !is_letter(after)
    }

    /// Returns the text of the span; empty if the span does not fit the text.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A line and a column as editors show them: both count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters rather than bytes.
    pub column: usize,
}

/// The two languages of input files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// TOML: incidents and settings.
    Toml,
    /// JSON: timelines.
    Json,
}

impl Syntax {
    /// Returns a file's syntax by its extension; everything but `.json` is TOML.
    pub fn from_path(file: &Utf8Path) -> Self {
        match file.extension() {
            Some(ending) if ending.eq_ignore_ascii_case("json") => Self::Json,
            _ => Self::Toml,
        }
    }

    /// Parses a text into a tree, and reports its errors. A text over a limit has only that error.
    ///
    /// The tree of a text with a `SYNTAX` error is good for locating diagnostics, but values that
    /// the author wrote may be missing from it.
    pub fn parse<'a>(self, text: &'a str, limits: &Limits) -> (Node<'a>, Vec<SourceError>) {
        if let Some(error) = limits::bytes(text.len(), limits) {
            return (Node::empty(), vec![error]);
        }
        let (kept, mut found) = conflict::resolved(text, self);
        let mut budget = Budget::new(limits);
        let mut read = None;
        if found.is_empty() {
            let (node, errors) = self.nodes(text, &Typed::plain(text), &mut budget);
            if errors.is_empty() && budget.excess.is_none() {
                return (node, errors);
            }
            read = Some((node, errors));
        }
        let (typed, unusual) = repair::repaired(&kept, self);
        let (node, parsed) = match read.filter(|_| unusual.is_empty()) {
            Some(read) => read,
            None => {
                budget = Budget::new(limits);
                let (node, errors) = self.nodes(typed.repaired(), &typed, &mut budget);
                (node.into_owned(), errors)
            }
        };
        if let Some(error) = budget.excess {
            return (Node::empty(), vec![error]);
        }
        if found.is_empty()
            && parsed.iter().any(|error| error.code == SYNTAX)
            && let Some(error) = foreign::error(text, self)
        {
            return (node, vec![error]);
        }
        let others = repair::joined(&typed, unusual, parsed);
        if found.is_empty() {
            return (node, others);
        }
        found.extend(others);
        found.sort_by_key(|error| error.span);
        (node, found)
    }

    /// Parses a text that is known to be within the limits, or of which nothing more is read.
    pub fn tree(self, text: &str) -> (Node<'_>, Vec<SourceError>) {
        self.parse(text, &Limits::depth_only())
    }

    fn nodes<'t>(
        self,
        text: &'t str,
        typed: &Typed,
        budget: &mut Budget<'_>,
    ) -> (Node<'t>, Vec<SourceError>) {
        match self {
            Self::Toml => toml::tree(text, typed, budget),
            Self::Json => json::tree(text, typed, budget),
        }
    }
}

/// The code of a file that is not valid UTF-8.
pub const ENCODING: &str = "encoding";
/// The code of a syntax error in TOML or JSON.
pub const SYNTAX: &str = "syntax";
/// The code of a merge conflict that was left in a file.
pub const CONFLICT: &str = "merge-conflict";
/// The code of a key that occurs twice in one table.
pub const DUPLICATE_KEY: &str = "duplicate-key";
/// The code of a file over one of the limits.
pub const LIMIT: &str = "limit";

/// An error of a text, found without knowing its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceError {
    /// The code, one of the constants of this module.
    pub code: &'static str,
    /// The span; `None` if the error concerns the whole file.
    pub span: Option<Span>,
    /// The message: a lowercase phrase without a full stop.
    pub message: String,
    /// The label of the span; may be empty.
    pub label: String,
    /// The help: what to write instead.
    pub help: Option<String>,
    /// Another span that explains the error, and its label.
    pub related: Option<(Span, String)>,
    /// A span and the text that replaces it, if that is certain: `check --fix` applies it unasked.
    pub replacement: Option<(Span, String)>,
}

impl SourceError {
    /// Creates an error at a span.
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            span: Some(span),
            ..Self::of_file(code, message)
        }
    }

    /// Creates an error that concerns the whole file.
    pub fn of_file(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            span: None,
            message: message.into(),
            label: String::new(),
            help: None,
            related: None,
            replacement: None,
        }
    }

    /// Creates the error of a number that no value can hold.
    fn too_large(number: &str, span: Span) -> Self {
        let message = format!("{} is too large for a number", quoted(number));
        Self::new(SYNTAX, span, message)
            .help("write a number with fewer digits, or put it in quotes if it is text")
    }

    /// Adds a label to its span.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Adds what to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the text to write instead of a span, as its help and its replacement.
    fn write(self, span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        self.help(format!("write {}", quoted(&text)))
            .replace(span, text)
    }

    /// Removes the replacement unless it is certain; the help stays.
    fn certain_if(mut self, is_certain: bool) -> Self {
        self.replacement = self.replacement.filter(|_| is_certain);
        self
    }

    /// Adds another span that explains the error.
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related = Some((span, label.into()));
        self
    }

    /// Adds the text that replaces a span.
    pub fn replace(mut self, span: Span, text: impl Into<String>) -> Self {
        self.replacement = Some((span, text.into()));
        self
    }
}
