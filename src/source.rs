//! Texts, the places in them, and the spanned tree that TOML and JSON both become.
//!
//! A `Source` is always valid UTF-8 with LF line ends and no byte order mark, so
//! that a file gives the same output however an editor saved it. Offsets count
//! bytes of that text; lines and columns count from 1, columns in characters.

mod json;
pub mod limits;
mod path;
mod text;
mod toml;
mod tree;

pub use limits::Limits;
pub(crate) use path::Key;
pub use path::{Path, Segment};
pub use text::Source;
pub(crate) use text::{literal, quoted};
pub use tree::{Found, Member, Node, Value};

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

/// A range of bytes in a source's text.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The first byte that is no longer in it.
    pub end: usize,
}

impl Span {
    /// Makes a span from its two ends.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// Gives the empty span at an offset.
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// Tells whether `other` lies wholly inside.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Says whether these bytes of a text are a whole word: no letter or digit touches them.
    pub fn is_word(self, text: &str) -> bool {
        let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let before = text
            .get(..self.start)
            .and_then(|text| text.chars().next_back());
        let after = text.get(self.end..).and_then(|text| text.chars().next());
        !is_letter(before) && !is_letter(after)
    }

    /// Gives the text that the span covers, empty where the span does not fit it.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A place as editors show it: both numbers count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// In characters, not bytes.
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
    /// Takes a file's syntax from its ending; everything that is not `.json` is TOML.
    pub fn from_path(file: &Utf8Path) -> Self {
        match file.extension() {
            Some(ending) if ending.eq_ignore_ascii_case("json") => Self::Json,
            _ => Self::Toml,
        }
    }

    /// Parses a text into a tree and names its faults.
    ///
    /// The tree of a text with a `SYNTAX` fault is good for placing diagnostics
    /// but may lack values, so it says nothing about what the author left out.
    pub fn tree(self, text: &str) -> (Node, Vec<Fault>) {
        match self {
            Self::Toml => toml::tree(text),
            Self::Json => json::tree(text),
        }
    }
}

/// The code of a fault of bytes that are no text.
pub const ENCODING: &str = "encoding";
/// The code of a fault that breaks the grammar of TOML or JSON.
pub const SYNTAX: &str = "syntax";
/// The code of a key that stands twice in one table.
pub const DUPLICATE_KEY: &str = "duplicate-key";
/// The code of a file that is larger or deeper than the limits allow.
pub const LIMIT: &str = "limit";

/// What is wrong with a text, whatever it should have meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its code, one of the constants of this module.
    pub code: &'static str,
    /// Absent when the fault is of the whole file.
    pub span: Option<Span>,
    /// A lower-case phrase without a full stop.
    pub message: String,
    /// A few words for under the span; may be empty.
    pub label: String,
    /// What to write instead.
    pub help: Option<String>,
    /// Another place that explains the fault, and its label.
    pub related: Option<(Span, String)>,
    /// The text to write in place of a span.
    pub replacement: Option<(Span, String)>,
}

impl Fault {
    /// Makes a fault of one place.
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            span: Some(span),
            ..Self::of_file(code, message)
        }
    }

    /// Makes a fault that has no one place.
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

    /// Puts a few words under its span.
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says what to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds another place that explains it.
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related = Some((span, label.into()));
        self
    }

    /// Gives the text to write in a span's place.
    pub fn replace(mut self, span: Span, text: impl Into<String>) -> Self {
        self.replacement = Some((span, text.into()));
        self
    }
}
