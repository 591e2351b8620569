//! What is wrong, where, and what to write instead.
//!
//! A diagnostic names its places by file and path or span. Printing turns them into
//! lines and columns with the `Sources` that the caller gives; it never reads a file,
//! and a tree is made only for a file that has a place named by path.

pub mod github;
pub mod json;
pub mod sarif;
mod snippet;
mod sources;
pub mod text;
mod visible;

pub use sources::Sources;
pub use visible::{is_hidden, line as visible_line};

use crate::cache;
use crate::source::{Fault, Path, Span};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

/// How grave a diagnostic is; errors sort before warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The file cannot be published as it is.
    Error,
    /// It can, but something is missing or doubtful.
    Warning,
}

impl Level {
    /// Gives its word: `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// The name of what is wrong: `action-without-owner`.
pub type Code = &'static str;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The name of what is wrong, as settings and `afterword explain` know it.
    #[serde(deserialize_with = "cache::interned")]
    pub code: Code,
    /// How grave it is.
    pub level: Level,
    /// A lower-case phrase without a full stop, with backticks around values.
    pub message: String,
    /// The first one is where the fault is; the others explain it.
    pub locations: Vec<Location>,
    /// What to write instead, in words.
    pub help: Option<String>,
    /// What to write instead, for a program.
    pub suggestion: Option<Suggestion>,
}

/// A part of a file, and a few words about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The file, relative to the archive.
    pub file: Utf8PathBuf,
    /// Where in it.
    pub at: Locator,
    /// May be empty.
    pub label: String,
}

/// Where in a file.
///
/// A path that the file does not have is shown at its nearest ancestor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Locator {
    /// The file as a whole.
    File,
    /// These bytes of its text.
    Span(Span),
    /// The value of a path.
    Path(Path),
    /// The key of a path rather than its value.
    Key(Path),
    /// A path whose span is known already.
    Known(Path, Span),
}

impl Locator {
    /// Gives the path, where the place has one.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) | Self::Key(path) | Self::Known(path, _) => Some(path),
            Self::File | Self::Span(_) => None,
        }
    }
}

/// A change of the file that would mend the fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The file, relative to the archive.
    pub file: Utf8PathBuf,
    /// What to replace.
    pub at: Locator,
    /// The text to write in the place's stead; empty removes it.
    pub replacement: String,
}

impl Diagnostic {
    /// Makes an error without a place.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Level::Error, message)
    }

    /// Makes a warning without a place.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Level::Warning, message)
    }

    /// Makes a diagnostic without a place.
    pub fn new(code: &'static str, level: Level, message: impl Into<String>) -> Self {
        Self {
            code,
            level,
            message: message.into(),
            locations: Vec::new(),
            help: None,
            suggestion: None,
        }
    }

    /// Adds a place.
    pub fn at(mut self, file: &Utf8Path, at: Locator, label: impl Into<String>) -> Self {
        self.locations.push(Location {
            file: file.to_owned(),
            at,
            label: label.into(),
        });
        self
    }

    /// Says what to write instead.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Gives the text to write in a place's stead.
    pub fn suggest(mut self, file: &Utf8Path, at: Locator, replacement: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion {
            file: file.to_owned(),
            at,
            replacement: replacement.into(),
        });
        self
    }

    /// Makes an error of what is wrong with a file's text.
    pub fn fault(file: &Utf8Path, fault: Fault) -> Self {
        let at = |span: Option<Span>| span.map_or(Locator::File, Locator::Span);
        let mut diagnostic = Self::error(fault.code, fault.message);
        diagnostic.help = fault.help;
        diagnostic = diagnostic.at(file, at(fault.span), fault.label);
        if let Some((span, label)) = fault.related {
            diagnostic = diagnostic.at(file, Locator::Span(span), label);
        }
        match fault.replacement {
            Some((span, text)) => diagnostic.suggest(file, Locator::Span(span), text),
            None => diagnostic,
        }
    }

    /// Gives the place where the fault is; absent when it is of no one file.
    pub fn primary(&self) -> Option<&Location> {
        self.locations.first()
    }
}

/// A code with its documentation, for the formats that carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code.
    pub code: &'static str,
    /// What is wrong, as a phrase.
    pub summary: &'static str,
    /// What to write instead.
    pub help: &'static str,
}

/// Sorts by file, then by position, so that the order depends on nothing else.
pub fn sort(diagnostics: &mut [Diagnostic], sources: &Sources) {
    diagnostics.sort_by_cached_key(|diagnostic| {
        let location = diagnostic.primary();
        (
            location.map(|location| location.file.clone()),
            location.and_then(|location| sources.span(&location.file, &location.at)),
            diagnostic.level,
            diagnostic.code,
            diagnostic.message.clone(),
        )
    });
}
