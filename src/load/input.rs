//! One input file into its type, or every fault of it.

use camino::Utf8Path;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{files, shape};
use crate::diagnostic::{Diagnostic, Locator};
use crate::kind;
use crate::source::limits::{self, Limits};
use crate::source::{DUPLICATE_KEY, Source};

/// What is wrong with some files, and their texts.
#[derive(Default)]
pub(super) struct Faults {
    pub diagnostics: Vec<Diagnostic>,
    pub sources: Vec<Source>,
}

impl Faults {
    pub fn add(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// What an input file was when it was read.
pub(super) struct FileDigest {
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

/// Reads an input file into its type, or names every fault of it.
pub(super) fn input<T: DeserializeOwned, E: std::fmt::Display>(
    root: &Utf8Path,
    path: &Utf8Path,
    schema: fn() -> &'static Value,
    parse: fn(&str) -> Result<T, E>,
    limits: &Limits,
    faults: &mut Faults,
) -> Option<(T, FileDigest)> {
    let bytes = match files::read(root, path, limits.file_bytes as u64) {
        Ok(bytes) => bytes,
        Err(error) => {
            faults.add(Diagnostic::error("unreadable", error.to_string()).at(
                path,
                Locator::File,
                "",
            ));
            return None;
        }
    };
    let source = match Source::decode(path, &bytes) {
        Ok(source) => source,
        Err(fault) => {
            faults.add(Diagnostic::fault(path, *fault));
            return None;
        }
    };
    let mut found: Vec<Diagnostic> = limits::check(source.text(), source.syntax(), limits)
        .into_iter()
        .map(|fault| Diagnostic::fault(path, fault))
        .collect();
    if found.is_empty() {
        match parse(source.text()) {
            Ok(value) => {
                let digest = FileDigest {
                    sha256: format!("{:x}", HexDigest(Sha256::digest(&bytes).into())),
                    bytes: bytes.len() as u64,
                };
                return Some((value, digest));
            }
            Err(error) => found = every_fault(&source, schema(), &error),
        }
    }
    faults.diagnostics.extend(found);
    faults.sources.push(source);
    None
}

/// Names every fault of a text that serde refused.
pub(super) fn every_fault(
    source: &Source,
    schema: &Value,
    error: &dyn std::fmt::Display,
) -> Vec<Diagnostic> {
    let (tree, faults) = source.syntax().tree(source.text());
    // After a syntax error the tree is what could be guessed: what it lacks says nothing.
    let whole = faults.iter().all(|fault| fault.code == DUPLICATE_KEY);
    let mut found: Vec<Diagnostic> = faults
        .into_iter()
        .map(|fault| Diagnostic::fault(source.path(), fault))
        .collect();
    if whole {
        for fault in shape::walk(schema, &tree, source.path(), kind::FORMATS) {
            if fault.code != DUPLICATE_KEY {
                found.push(fault);
            }
        }
    }
    if !found.is_empty() {
        return found;
    }
    // Serde and the walk agree, by a property test; should they not, the file is still refused.
    let words = error.to_string();
    let words = words.lines().last().unwrap_or_default();
    vec![
        Diagnostic::error("invalid-file", format!("the file cannot be read: {words}")).at(
            source.path(),
            Locator::File,
            "",
        ),
    ]
}

struct HexDigest([u8; 32]);

impl std::fmt::LowerHex for HexDigest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}
