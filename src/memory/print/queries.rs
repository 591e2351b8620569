//! Prints the evidence of an incident as the table of key queries.
//!
//! A cell holds code of one line. Code of several lines, which would mean something else on one,
//! and code with a warning follow the table as a block.

use std::borrow::Cow;

use super::prose;
use crate::archive::{Record, url_path};
use crate::incident::Evidence;
use crate::kind::FilePath;
use crate::view::NOT_RECORDED;

/// The cell of a query whose block is below the table.
pub const BELOW: &str = "below";
/// The text after the title of evidence that has no finding.
pub const NO_FINDING: &str = " (finding not recorded)";
/// The text before the finding of a block.
pub const LABEL: &str = "Query: ";

const HEAD: &str = "| Finding | Query | Link |\n|---------|-------|------|";

/// Prints the evidence, each under its finding or else its title.
pub(super) fn print(record: &Record) -> String {
    let evidence = &record.incident.evidence;
    if evidence.is_empty() {
        return String::new();
    }
    let rows = evidence.iter().map(|evidence| row(record, evidence));
    let mut lines = vec![HEAD.to_owned()];
    lines.extend(rows);
    let blocks = evidence.iter().filter(|evidence| has_block(evidence));
    lines.extend(blocks.map(block));
    lines.join("\n")
}

fn row(record: &Record, evidence: &Evidence) -> String {
    let code = match evidence.code.as_deref() {
        _ if has_block(evidence) => BELOW.to_owned(),
        Some(code) => span(code.trim()),
        None => String::new(),
    };
    let cells = [&*finding(evidence), &code, &links(record, evidence)].map(escape_cell);
    format!("| {} |", cells.join(" | "))
}

/// Returns the finding, or else the title, marked so that an import does not take it for a finding.
pub fn finding(evidence: &Evidence) -> Cow<'_, str> {
    match (&evidence.finding, &evidence.title) {
        (Some(finding), _) => Cow::Borrowed(finding),
        (None, Some(title)) => Cow::Owned(format!("{title}{NO_FINDING}")),
        (None, None) => Cow::Borrowed(NOT_RECORDED),
    }
}

fn has_block(evidence: &Evidence) -> bool {
    let code = evidence.code.as_deref();
    code.is_some_and(|code| code.trim().contains('\n')) || evidence.warning.is_some()
}

/// Prints the URL, and the file by its path from the folder of the memory.
fn links(record: &Record, evidence: &Evidence) -> String {
    let source = evidence.source.as_deref();
    let view = |other: &str| source.map_or(other.to_owned(), |source| format!("View in {source}"));
    let url = evidence.url.as_deref().map(|url| link(&view("View"), url));
    let file = evidence.file.as_ref().map(|file: &FilePath| {
        let name = file.rsplit('/').next().unwrap_or(file);
        let label = if url.is_some() {
            name.to_owned()
        } else {
            view(name)
        };
        let inside = record.resolve(file).map(|path| format!("../{path}"));
        link(&label, &url_path(inside.as_deref().unwrap_or(file)))
    });
    let links: Vec<String> = url.clone().into_iter().chain(file).collect();
    links.join(", ")
}

fn link(label: &str, target: &str) -> String {
    let target = target.replace('(', "%28").replace(')', "%29");
    format!(
        "[{}]({})",
        label.replace(']', "\\]"),
        target.replace(' ', "%20")
    )
}

fn block(evidence: &Evidence) -> String {
    let mut parts = vec![format!("\n{LABEL}{}", finding(evidence))];
    parts.extend(evidence.warning.as_deref().map(prose));
    parts.extend(evidence.code.as_deref().map(|code| {
        let fence = "`".repeat(longest_run(code).max(2) + 1);
        let language = evidence.language.as_deref().unwrap_or_default();
        let code = code.strip_suffix('\n').unwrap_or(code);
        format!("{fence}{language}\n{code}\n{fence}")
    }));
    parts.join("\n\n")
}

/// Prints code as a code span.
fn span(code: &str) -> String {
    let longest = longest_run(code);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{code}{pad}{fence}")
}

/// Returns the largest number of backticks in a row.
fn longest_run(code: &str) -> usize {
    let runs = code.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or_default()
}

/// Escapes pipes, which would end a cell.
fn escape_cell(text: &str) -> String {
    text.replace('|', "\\|")
}
