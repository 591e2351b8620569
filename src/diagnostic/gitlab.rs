//! Prints diagnostics as a Code Quality report, which GitLab shows in merge requests.
//!
//! Format: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use std::collections::HashMap;

use super::{Diagnostic, Level, Sources, by_file, visible};
use crate::cache::Hasher;
use serde_json::{Value, json};

/// Prints a JSON array with one issue on each line.
///
/// GitLab compares the fingerprints of two reports to find what is new, so a fingerprint depends on the code, the file
/// and the words of the message: not on the line, and not on numbers, such as the days that an action item is overdue.
/// The digits of what is quoted count, such as those of an ID. Equal problems of one file are counted.
pub fn print(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut lines = Vec::with_capacity(diagnostics.len());
    by_file(diagnostics, sources, |diagnostic, sources| {
        lines.push(one(diagnostic, sources, &mut seen).to_string());
    });
    match lines.as_slice() {
        [] => "[]\n".to_owned(),
        lines => format!("[\n{}\n]\n", lines.join(",\n")),
    }
}

fn one(diagnostic: &Diagnostic, sources: &Sources, seen: &mut HashMap<String, usize>) -> Value {
    let location = diagnostic.primary();
    // An issue without a file is not accepted; what concerns the whole archive stands at its folder.
    let path = location.map_or_else(
        || sources.shown("".into()),
        |location| sources.shown(&location.file),
    );
    let path = if path.as_str().is_empty() {
        ".".into()
    } else {
        path
    };
    let region = location.and_then(|location| sources.region(&location.file, &location.at));
    let message = visible::line(&diagnostic.message);
    let mut is_quoted = false;
    let words = message.chars().filter(|c| {
        is_quoted ^= *c == '`';
        is_quoted || !c.is_ascii_digit()
    });
    let words: String = words.collect();
    let identity = [diagnostic.code, path.as_str(), &words].join("\n");
    let count = seen.entry(identity.clone()).or_default();
    *count += 1;
    let fingerprint = Hasher::default().with(&(&identity, *count)).finish();
    let description = match &diagnostic.help {
        Some(help) => format!("{message}\nhelp: {}", visible::lines(help)),
        None => message.into_owned(),
    };
    json!({
        "description": description,
        "check_name": diagnostic.code,
        "fingerprint": format!("{fingerprint:?}"),
        "severity": match diagnostic.level {
            Level::Error => "major",
            Level::Warning => "minor",
        },
        "location": {
            "path": path,
            "lines": { "begin": region.map_or(1, |(start, _)| start.line) },
        },
    })
}
