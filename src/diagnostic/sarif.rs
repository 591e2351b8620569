//! Prints diagnostics as SARIF 2.1.0, which code-scanning services read.
//!
//! Files are relative to `%SRCROOT%`, which the consumer of the log resolves.

#![expect(
    clippy::indexing_slicing,
    reason = "assigning to a missing key of a JSON object adds it"
)]

use super::{Diagnostic, Location, Locator, Rule, Sources, by_file};
use camino::Utf8Path;
use serde_json::{Value, json};
use std::fmt::Write;

/// The maximum number of results in a log. Code scanning shows no more, and rejects much longer logs.
const MOST: usize = 5000;

/// Prints a log of one run; `rules` documents the codes of the diagnostics.
pub fn print(diagnostics: &[Diagnostic], sources: &Sources, rules: &[Rule]) -> String {
    let rule = |rule: &Rule| {
        json!({
            "id": rule.code,
            "shortDescription": { "text": rule.summary },
            "help": { "text": rule.help },
        })
    };
    let mut results = Vec::new();
    let most = diagnostics.get(..MOST).unwrap_or(diagnostics);
    by_file(most, sources, |diagnostic, sources| {
        results.push(result(diagnostic, sources, rules));
    });
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "afterword",
                "rules": rules.iter().map(rule).collect::<Vec<_>>(),
            } },
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "the directory that the file names are relative to" } } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn result(diagnostic: &Diagnostic, sources: &Sources, rules: &[Rule]) -> Value {
    let message = match &diagnostic.help {
        Some(help) => format!("{}\n{help}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let mut result = json!({
        "ruleId": diagnostic.code,
        "level": diagnostic.level.name(),
        "message": { "text": message },
    });
    if let Some(index) = rules.iter().position(|rule| rule.code == diagnostic.code) {
        result["ruleIndex"] = index.into();
    }
    if let Some((first, others)) = diagnostic.locations.split_first() {
        result["locations"] = json!([location_json(first, sources)]);
        if !others.is_empty() {
            let others = others
                .iter()
                .map(|location| location_json(location, sources));
            result["relatedLocations"] = others.collect::<Vec<_>>().into();
        }
    }
    if let Some(suggestion) = &diagnostic.suggestion
        && let Some(region) = region(&suggestion.file, &suggestion.at, sources)
    {
        result["fixes"] = json!([{ "artifactChanges": [{
            "artifactLocation": artifact(&suggestion.file, sources),
            "replacements": [{
                "deletedRegion": region,
                "insertedContent": { "text": suggestion.replacement },
            }],
        }] }]);
    }
    result
}

fn location_json(location: &Location, sources: &Sources) -> Value {
    let mut physical = json!({ "artifactLocation": artifact(&location.file, sources) });
    if let Some(region) = region(&location.file, &location.at, sources) {
        physical["region"] = region;
    }
    let mut json = json!({ "physicalLocation": physical });
    if !location.label.is_empty() {
        json["message"] = json!({ "text": location.label });
    }
    if let Some(path) = location.at.path().filter(|path| !path.is_root()) {
        json["logicalLocations"] = json!([{ "fullyQualifiedName": path.to_string() }]);
    }
    json
}

fn region(file: &Utf8Path, at: &Locator, sources: &Sources) -> Option<Value> {
    let (start, end) = sources.region(file, at)?;
    Some(json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }))
}

fn artifact(file: &Utf8Path, sources: &Sources) -> Value {
    json!({ "uri": uri(sources.shown(file).as_str()), "uriBaseId": "%SRCROOT%" })
}

/// Converts a relative path to a URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
