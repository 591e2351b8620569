//! Prints diagnostics as one JSON document.

use super::{Diagnostic, Location, Locator, Sources, by_file};
use camino::Utf8Path;
use serde_json::{Map, Value};

/// Prints `{"diagnostics": […], "errors": 1, "warnings": 0}`, one diagnostic per line.
///
/// Each diagnostic has
///
/// - `code`, `level` (`error` or `warning`), `message`, and `help` or null;
/// - the location of the problem: `file`, `line`, `column`, `end_line`, `end_column` (all count
///   from 1, columns in characters, the end just after the last one), `path` (such as
///   `action_items[1].owner`) and `label`; null if unknown;
/// - `related`: further locations that explain the problem, with the same keys;
/// - `suggestion`: null, or a location as above without `label`, and `replacement`, the text
///   to write there.
pub fn print(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let count = |level| {
        diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.level == level)
            .count()
    };
    // Printed one by one, because a document of many diagnostics takes ten times the memory of its text.
    let mut lines = Vec::with_capacity(diagnostics.len());
    by_file(diagnostics, sources, |diagnostic, sources| {
        lines.push(one(diagnostic, sources).to_string());
    });
    format!(
        "{{\n\"diagnostics\": [\n{}\n],\n\"errors\": {},\n\"warnings\": {}\n}}\n",
        lines.join(",\n"),
        count(super::Level::Error),
        count(super::Level::Warning),
    )
}

fn one(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let mut object = Map::new();
    object.insert("code".into(), diagnostic.code.into());
    object.insert("level".into(), diagnostic.level.name().into());
    object.insert("message".into(), diagnostic.message.as_str().into());
    object.insert("help".into(), diagnostic.help.clone().into());
    match diagnostic.primary() {
        Some(first) => object.extend(location_json(first, sources)),
        None => object.extend(KEYS.iter().map(|key| (key.to_string(), Value::Null))),
    }
    let others = diagnostic.locations.iter().skip(1);
    let others: Vec<Value> = others
        .map(|other| location_json(other, sources).into())
        .collect();
    object.insert("related".into(), others.into());
    let suggestion = diagnostic.suggestion.as_ref().map(|suggestion| {
        let mut object = region(&suggestion.file, &suggestion.at, sources);
        object.insert("replacement".into(), suggestion.replacement.as_str().into());
        Value::Object(object)
    });
    object.insert("suggestion".into(), suggestion.unwrap_or_default());
    Value::Object(object)
}

/// The keys of a location.
const KEYS: &[&str] = &[
    "file",
    "line",
    "column",
    "end_line",
    "end_column",
    "path",
    "label",
];

fn location_json(location: &Location, sources: &Sources) -> Map<String, Value> {
    let mut object = region(&location.file, &location.at, sources);
    object.insert("label".into(), location.label.as_str().into());
    object
}

fn region(file: &Utf8Path, at: &Locator, sources: &Sources) -> Map<String, Value> {
    let region = sources.region(file, at);
    let (start, end) = (region.map(|region| region.0), region.map(|region| region.1));
    let values: [Value; 6] = [
        sources.shown(file).into_string().into(),
        start.map(|start| start.line).into(),
        start.map(|start| start.column).into(),
        end.map(|end| end.line).into(),
        end.map(|end| end.column).into(),
        at.path().map(ToString::to_string).into(),
    ];
    KEYS.iter().map(ToString::to_string).zip(values).collect()
}
