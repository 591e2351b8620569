//! Files whose bytes matter: the unchanged text, and the text that diagnostics point into.

use std::io;

use camino::Utf8Path;

use super::{Files, files, limits};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::source::Source;

/// A text with its original line endings and byte order mark.
#[derive(Debug, Clone)]
pub struct Verbatim {
    /// The unchanged text.
    pub text: String,
    /// The text as diagnostics show it, with the same line numbers.
    pub source: Source,
}

impl Verbatim {
    /// Creates the text of a file that will have this path.
    #[must_use]
    pub fn new(path: &Utf8Path, text: &str) -> Self {
        Self {
            text: text.to_owned(),
            source: Source::new(path, text),
        }
    }

    /// Reads a file of the archive; `None` if it does not exist.
    ///
    /// # Errors
    /// Returns an error if it is not a regular file, is over the archive's size limit, or is not UTF-8 text.
    pub fn inside<'a>(
        files: impl Into<Files<'a>>,
        path: &Utf8Path,
        config: &Config,
    ) -> Result<Option<Self>, Box<Diagnostic>> {
        let files = files.into();
        if !files.is_there(path) {
            return Ok(None);
        }
        let limit = limits(&config.limits).file_bytes as u64;
        Self::read(path, files.read(path, limit)).map(Some)
    }

    /// Reads a file by the path that the user gave, from anywhere.
    ///
    /// # Errors
    /// Returns an error if it does not exist, is not a regular file, is over the size limit, or is not UTF-8 text.
    pub fn outside(path: &Utf8Path, config: &Config) -> Result<Self, Box<Diagnostic>> {
        let limit = limits(&config.limits).file_bytes as u64;
        Self::read(path, files::regular(path, path, limit))
    }

    fn read(path: &Utf8Path, read: io::Result<Vec<u8>>) -> Result<Self, Box<Diagnostic>> {
        let unreadable =
            |error: io::Error| Diagnostic::error("unreadable", error.to_string()).of_file(path);
        let bytes = read.map_err(unreadable)?;
        let source =
            Source::decode(path, &bytes).map_err(|problem| Diagnostic::in_file(path, *problem))?;
        if let Some(problem) = source.conflict() {
            // The text goes with the error, so the message has the line.
            let line = source.position(problem.span.unwrap_or_default().start).line;
            let message = format!("{}, at line {line}", problem.message);
            let diagnostic = Diagnostic::error(problem.code, message).of_file(path);
            return Err(Box::new(diagnostic.help(problem.help.unwrap_or_default())));
        }
        let text = String::from_utf8(bytes)
            .map_err(|error| unreadable(io::Error::other(error.to_string())))?;
        Ok(Self { text, source })
    }
}
