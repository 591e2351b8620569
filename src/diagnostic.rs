//! Diagnostics: problems in the input, with their locations and a fix.
//!
//! A location is a file and a key path or span. Printing converts it to lines and
//! columns with the `Sources` of the caller. It never reads a file, and it parses a
//! file only if one of its locations is a key path.

pub mod github;
pub mod gitlab;
pub mod json;
pub mod junit;
pub mod sarif;
mod snippet;
mod sources;
pub mod text;
mod visible;

pub use sources::Sources;
pub use visible::line as visible_line;

use crate::cache;
use crate::source::{Path, SourceError, Span};
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

/// The severity of a diagnostic; errors sort before warnings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The file cannot be published as it is.
    Error,
    /// The file can be published, but something is missing or doubtful.
    Warning,
}

impl Level {
    /// Returns `error` or `warning`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A check code, such as `action-without-owner`.
pub type Code = &'static str;

/// One problem in the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The check code, as used in settings and by `afterword explain`.
    #[serde(deserialize_with = "cache::interned")]
    pub code: Code,
    /// The severity.
    pub level: Level,
    /// The message: a lowercase phrase without a full stop, with backticks around values.
    pub message: String,
    /// The location of the problem, followed by related locations that explain it.
    pub locations: Vec<Location>,
    /// The fix, described for a person.
    pub help: Option<String>,
    /// The fix, as an edit that a program can apply.
    pub suggestion: Option<Suggestion>,
}

/// A part of a file, with a label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// The file, relative to the archive.
    pub file: Utf8PathBuf,
    /// The position in the file.
    pub at: Locator,
    /// The label; may be empty.
    pub label: String,
}

/// A position in a file.
///
/// A key path that the file does not contain is shown at its nearest ancestor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Locator {
    /// The file as a whole.
    File,
    /// These bytes of its text.
    Span(Span),
    /// The value of a key path.
    Path(Path),
    /// The key of a key path, rather than its value.
    Key(Path),
    /// A key path whose span is already known.
    Known(Path, Span),
}

impl Locator {
    /// Returns the key path, or `None` if the position has none.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Self::Path(path) | Self::Key(path) | Self::Known(path, _) => Some(path),
            Self::File | Self::Span(_) => None,
        }
    }
}

/// An edit of a file that would fix the problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The file, relative to the archive.
    pub file: Utf8PathBuf,
    /// The part to replace.
    pub at: Locator,
    /// The replacement text; empty to remove the part.
    pub replacement: String,
}

impl Diagnostic {
    /// Creates an error without a location.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Level::Error, message)
    }

    /// Creates a warning without a location.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, Level::Warning, message)
    }

    /// Creates a diagnostic without a location.
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

    /// Adds a location.
    pub fn at(mut self, file: &Utf8Path, at: Locator, label: impl Into<String>) -> Self {
        self.locations.push(Location {
            file: file.to_owned(),
            at,
            label: label.into(),
        });
        self
    }

    /// Adds a file without a position in it.
    pub fn of_file(self, file: &Utf8Path) -> Self {
        self.at(file, Locator::File, "")
    }

    /// Sets the help text.
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Sets the suggested edit.
    pub fn suggest(mut self, file: &Utf8Path, at: Locator, replacement: impl Into<String>) -> Self {
        self.suggestion = Some(Suggestion {
            file: file.to_owned(),
            at,
            replacement: replacement.into(),
        });
        self
    }

    /// Creates an error from a problem in a file's text.
    pub fn in_file(file: &Utf8Path, problem: SourceError) -> Self {
        let at = |span: Option<Span>| span.map_or(Locator::File, Locator::Span);
        let mut diagnostic = Self::error(problem.code, problem.message);
        diagnostic.help = problem.help;
        diagnostic = diagnostic.at(file, at(problem.span), problem.label);
        if let Some((span, label)) = problem.related {
            diagnostic = diagnostic.at(file, Locator::Span(span), label);
        }
        match problem.replacement {
            Some((span, text)) => diagnostic.suggest(file, Locator::Span(span), text),
            None => diagnostic,
        }
    }

    fn file(&self) -> Option<&Utf8Path> {
        self.primary().map(|location| location.file.as_path())
    }

    /// Returns the location of the problem, or `None` if it is not in a single file.
    pub fn primary(&self) -> Option<&Location> {
        self.locations.first()
    }
}

/// A check code with its documentation, for output formats that include it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code.
    pub code: &'static str,
    /// The problem, as a phrase.
    pub summary: &'static str,
    /// The fix.
    pub help: &'static str,
}

/// Sorts by file, then by position, so that the order does not depend on that of the checks.
///
/// Key paths are resolved at the same time, one file after another, so that only one syntax tree is in memory.
pub fn sort(diagnostics: &mut [Diagnostic], sources: &Sources) {
    diagnostics.sort_by(|one, other| one.file().cmp(&other.file()));
    for part in diagnostics.chunk_by_mut(|one, other| one.file() == other.file()) {
        let sources = sources.of(part);
        for diagnostic in &mut *part {
            let locations = diagnostic.locations.iter_mut();
            let locations = locations.map(|location| (&location.file, &mut location.at));
            let suggestion = diagnostic.suggestion.iter_mut();
            let suggestion = suggestion.map(|suggestion| (&suggestion.file, &mut suggestion.at));
            for (file, at) in locations.chain(suggestion) {
                let span = sources.span(file, at);
                if let (Locator::Path(path) | Locator::Key(path), Some(span)) = (&*at, span) {
                    *at = Locator::Known(path.clone(), span);
                }
            }
        }
        part.sort_by_cached_key(|diagnostic| {
            let location = diagnostic.primary();
            let span = location.and_then(|location| sources.span(&location.file, &location.at));
            // Those of one check at one position stay in its order, such as that of the lines of a text.
            (span, diagnostic.level, diagnostic.code)
        });
    }
}

/// Calls a function with the diagnostics of each file and the texts that they point into.
///
/// Sorted diagnostics need the texts of one file at a time.
fn by_file<'d>(
    diagnostics: &'d [Diagnostic],
    sources: &Sources,
    mut print: impl FnMut(&'d Diagnostic, &Sources),
) {
    for part in diagnostics.chunk_by(|one, other| one.file() == other.file()) {
        let sources = sources.of(part);
        for diagnostic in part {
            print(diagnostic, &sources);
        }
    }
}

#[cfg(test)]
mod tests;
