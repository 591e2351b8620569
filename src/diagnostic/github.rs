//! Prints diagnostics as GitHub workflow commands, which become annotations of the code.
//!
//! Format and escapes: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>
//! and the `@actions/core` package.

use super::{Diagnostic, Sources, by_file, visible};

/// Prints one `::error` or `::warning` line for each diagnostic.
pub fn print(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    by_file(diagnostics, sources, |diagnostic, sources| {
        text.push_str(&one(diagnostic, sources));
    });
    text
}

fn one(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let mut properties = Vec::new();
    if let Some(location) = diagnostic.primary() {
        properties.push(("file", sources.shown(&location.file).into_string()));
        if let Some((start, end)) = sources.region(&location.file, &location.at) {
            properties.push(("line", start.line.to_string()));
            properties.push(("endLine", end.line.to_string()));
            // GitHub rejects columns for an annotation of several lines.
            if start.line == end.line {
                properties.push(("col", start.column.to_string()));
                properties.push(("endColumn", end.column.to_string()));
            }
        }
    }
    properties.push(("title", diagnostic.code.to_owned()));
    let properties = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", property(value)));
    let message = match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", visible::line(&diagnostic.message)),
        None => visible::line(&diagnostic.message).into_owned(),
    };
    format!(
        "::{} {}::{}\n",
        diagnostic.level.name(),
        properties.collect::<Vec<_>>().join(","),
        data(&visible::lines(&message)),
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(&visible::line(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}
