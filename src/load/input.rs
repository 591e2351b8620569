//! One input file into its type, or every fault of it.

use camino::Utf8Path;
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{files, shape};
use crate::diagnostic::{Diagnostic, Location, Locator};
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

/// Reads an input file into its type, or names every fault of it.
pub(super) fn input<T: DeserializeOwned, E: std::fmt::Display>(
    root: &Utf8Path,
    path: &Utf8Path,
    schema: fn() -> &'static Value,
    parse: fn(&str) -> Result<T, E>,
    limits: &Limits,
    faults: &mut Faults,
) -> Option<(T, String)> {
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
    match typed(&source, schema, parse, limits) {
        Ok(value) => Some((
            value,
            format!("{:x}", HexDigest(Sha256::digest(&bytes).into())),
        )),
        Err(found) => {
            faults.diagnostics.extend(found);
            faults.sources.push(source);
            None
        }
    }
}

/// Parses a text into its type.
///
/// # Errors
/// Returns every error of the text.
pub fn typed<T, E: std::fmt::Display>(
    source: &Source,
    schema: fn() -> &'static Value,
    parse: fn(&str) -> Result<T, E>,
    limits: &Limits,
) -> Result<T, Vec<Diagnostic>> {
    let over = limits::check(source.text(), source.syntax(), limits);
    if !over.is_empty() {
        let over = over.into_iter();
        return Err(over
            .map(|fault| Diagnostic::fault(source.path(), fault))
            .collect());
    }
    match parse(source.text()) {
        // In a string of several lines a merge conflict breaks no grammar.
        Ok(value) if source.conflict().is_none() => Ok(value),
        Ok(_) => Err(every_fault(source, schema(), &"unresolved merge conflict")),
        Err(error) => Err(every_fault(source, schema(), &error)),
    }
}

/// Names every fault of a text that serde refused.
fn every_fault(source: &Source, schema: &Value, error: &dyn std::fmt::Display) -> Vec<Diagnostic> {
    let (tree, faults) = source.syntax().tree(source.text());
    // After a syntax error the tree is what could be guessed: what it lacks says nothing.
    let whole = faults.iter().all(|fault| fault.code == DUPLICATE_KEY);
    let mut found: Vec<Diagnostic> = faults
        .into_iter()
        .map(|fault| Diagnostic::fault(source.path(), fault))
        .collect();
    if whole {
        let mut walked = shape::walk(schema, &tree, source.path(), kind::FORMATS);
        walked.retain(|fault| fault.code != DUPLICATE_KEY);
        found.retain(|twice| !is_entry(twice, &mut walked));
        found.extend(walked);
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

/// Returns whether a table is repeated because it should be a list, and adds its first header there.
fn is_entry(twice: &Diagnostic, walked: &mut [Diagnostic]) -> bool {
    let span = |place: &Location| match place.at {
        Locator::Span(span) | Locator::Known(_, span) => Some(span),
        Locator::File | Locator::Path(_) | Locator::Key(_) => None,
    };
    let Some(key) = twice.primary().and_then(span) else {
        return false;
    };
    let mut lists = walked.iter_mut().filter(|fault| {
        let suggestion = fault.suggestion.as_ref();
        suggestion.is_some_and(|new| new.replacement.starts_with("[["))
    });
    let is_around = |fault: &&mut Diagnostic| {
        let header = fault.primary().and_then(span);
        header.is_some_and(|header| header.contains(key))
    };
    let Some(list) = lists.find(is_around) else {
        return false;
    };
    list.places
        .extend(twice.places.get(1).map(|first| Location {
            label: "and this one".to_owned(),
            ..first.clone()
        }));
    true
}

struct HexDigest([u8; 32]);

impl std::fmt::LowerHex for HexDigest {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}
