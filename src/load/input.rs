//! Reads one input file into its type as far as possible, and reports all of its problems.

use camino::Utf8Path;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::files;
use super::partial::{self, partial};
use crate::diagnostic::{Diagnostic, Locator};
use crate::source::limits::{self, Limits};
use crate::source::{Source, Syntax, Unread};

/// The problems of some files, and the texts of these files.
#[derive(Default)]
pub(super) struct Problems {
    pub diagnostics: Vec<Diagnostic>,
    pub sources: Vec<Source>,
}

impl Problems {
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// An input file that was read.
pub(super) struct Input<T> {
    /// The value as far as it could be read; of a file without errors, all of it.
    pub value: T,
    /// The parts that could not be read.
    pub unread: Unread,
    /// The digest of its bytes; empty if they cannot be read.
    pub digest: FileDigest,
}

/// The digest of an input file as it was when it was read.
#[derive(Debug, Default)]
pub(super) struct FileDigest {
    /// The SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// The size in bytes.
    pub bytes: u64,
}

/// Reads an input file into its type as far as possible, and reports all of its problems.
pub(super) fn input<T: DeserializeOwned, E: std::fmt::Display>(
    root: &Utf8Path,
    path: &Utf8Path,
    schema: fn() -> &'static Value,
    parse: fn(&str) -> Result<T, E>,
    limits: &Limits,
    problems: &mut Problems,
) -> Option<Input<T>> {
    let nothing = || {
        let (value, unread) = partial::nothing(Syntax::from_path(path), schema());
        Some(Input {
            value: value?,
            unread,
            digest: FileDigest::default(),
        })
    };
    let bytes = match files::read(root, path, limits.file_bytes as u64) {
        Ok(bytes) => bytes,
        Err(error) => {
            problems.add(Diagnostic::error("unreadable", error.to_string()).at(
                path,
                Locator::File,
                "",
            ));
            return nothing();
        }
    };
    let source = match Source::decode(path, &bytes) {
        Ok(source) => source,
        Err(problem) => {
            problems.add(Diagnostic::in_file(path, *problem));
            return nothing();
        }
    };
    let digest = FileDigest {
        sha256: format!("{:x}", HexDigest(Sha256::digest(&bytes).into())),
        bytes: bytes.len() as u64,
    };
    let found: Vec<Diagnostic> = limits::check(source.text(), source.syntax(), limits)
        .into_iter()
        .map(|problem| Diagnostic::in_file(path, problem))
        .collect();
    if !found.is_empty() {
        problems.diagnostics.extend(found);
        problems.sources.push(source);
        return nothing();
    }
    let (value, unread) = match parsed(&source, parse) {
        Ok(value) => (Some(value), Unread::default()),
        Err(error) => {
            let partial = partial(&source, schema(), &error);
            problems.diagnostics.extend(partial.diagnostics);
            problems.sources.push(source);
            (partial.value, partial.unread)
        }
    };
    Some(Input {
        value: value?,
        unread,
        digest,
    })
}

/// Parses a text into its type.
///
/// # Errors
/// Returns every error of the text.
pub fn typed<T: DeserializeOwned, E: std::fmt::Display>(
    source: &Source,
    schema: fn() -> &'static Value,
    parse: fn(&str) -> Result<T, E>,
    limits: &Limits,
) -> Result<T, Vec<Diagnostic>> {
    let over = limits::check(source.text(), source.syntax(), limits);
    if !over.is_empty() {
        let over = over.into_iter();
        return Err(over
            .map(|problem| Diagnostic::in_file(source.path(), problem))
            .collect());
    }
    parsed(source, parse).map_err(|error| partial::<T>(source, schema(), &error).diagnostics)
}

fn parsed<T, E: std::fmt::Display>(
    source: &Source,
    parse: fn(&str) -> Result<T, E>,
) -> Result<T, String> {
    match parse(source.text()) {
        // In a string of several lines a merge conflict breaks no grammar.
        Ok(_) if source.conflict().is_some() => Err("unresolved merge conflict".to_owned()),
        parsed => parsed.map_err(|error| error.to_string()),
    }
}

struct HexDigest([u8; 32]);

impl std::fmt::LowerHex for HexDigest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}
