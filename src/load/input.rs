//! Reads one input file into its type as far as possible, and reports all of its problems.

use camino::Utf8Path;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::files::Files;
use super::partial;
use super::rules::{self, Form};
use crate::diagnostic::Diagnostic;
use crate::source::{Limits, Source, Unread};

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
pub(super) fn input<T: rules::Input>(
    files: Files,
    path: &Utf8Path,
    form: Form,
    limits: &Limits,
    problems: &mut Problems,
) -> Option<Input<T>> {
    let unreadable =
        |error: std::io::Error| Diagnostic::error("unreadable", error.to_string()).of_file(path);
    let bytes = files
        .read(path, limits.file_bytes as u64)
        .map_err(unreadable);
    let decoded = bytes.and_then(|bytes| {
        let source =
            Source::decode(path, &bytes).map_err(|problem| Diagnostic::in_file(path, *problem))?;
        Ok((source, bytes))
    });
    let (source, bytes) = match decoded {
        Ok(decoded) => decoded,
        Err(problem) => {
            problems.add(problem);
            let (value, unread) = partial::nothing(path, form.schema());
            let digest = FileDigest::default();
            return Some(Input {
                value: value?,
                unread,
                digest,
            });
        }
    };
    let digest = FileDigest {
        sha256: sha256(&bytes),
        bytes: bytes.len() as u64,
    };
    let schema = || form.schema();
    let read = partial::read(&source, &schema, limits, &|value| form.allows(value));
    if !read.diagnostics.is_empty() {
        problems.diagnostics.extend(read.diagnostics);
        problems.sources.push(source);
    }
    let unread = read.unread;
    Some(Input {
        value: read.value?,
        unread,
        digest,
    })
}

/// Reads a text into its type.
///
/// # Errors
/// Returns every error of the text.
pub fn typed<T: DeserializeOwned>(
    source: &Source,
    schema: fn() -> &'static Value,
    limits: &Limits,
) -> Result<T, Vec<Diagnostic>> {
    let read = partial::read(source, &schema, limits, &|_| true);
    match read.value.filter(|_| read.diagnostics.is_empty()) {
        Some(value) => Ok(value),
        None => Err(read.diagnostics),
    }
}

/// Returns the SHA-256 of some bytes, in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    format!("{:x}", HexDigest(Sha256::digest(bytes).into()))
}

struct HexDigest([u8; 32]);

impl std::fmt::LowerHex for HexDigest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}
