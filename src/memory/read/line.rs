//! Parses single lines of a memory file, and detects incomplete entries.

use super::{Entry, error};
use crate::diagnostic::Diagnostic;
use crate::memory::EntryForm;
use crate::source::Source;

/// Returns the text after `## M-`, or `None` if the line is not the header of an entry.
pub(super) fn parse_header(row: &str) -> Option<&str> {
    row.strip_prefix("##")
        .filter(|rest| rest.starts_with([' ', '\t']))
        .and_then(|rest| rest.trim_start().strip_prefix("M-"))
}

/// Returns the delimiter that closes the fence a line opens, or `None` if it opens none.
pub fn fence(bare: &str) -> Option<String> {
    let c = bare.chars().next().filter(|c| "`~".contains(*c))?;
    let rest = bare.trim_start_matches(c);
    let length = bare.len() - rest.len();
    (length >= 3 && !(c == '`' && rest.contains('`'))).then(|| c.to_string().repeat(length))
}

/// Parses `- key: value`; the key must be one word.
pub(super) fn key_and_value(bare: &str) -> Option<(&str, &str)> {
    let (key, value) = bare
        .strip_prefix("- ")
        .or_else(|| bare.strip_prefix("* "))?
        .split_once(':')?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (!key.is_empty() && key.chars().all(is_word)).then(|| (key, value.trim()))
}

/// Parses a line that is only a bold title.
pub fn title(row: &str) -> Option<&str> {
    let inner = row.trim_end().strip_prefix("**")?;
    let inner = inner.strip_suffix(':').unwrap_or(inner);
    let inner = inner.strip_suffix("**")?;
    let title = inner.strip_suffix(':').unwrap_or(inner).trim();
    (!title.is_empty() && !inner.contains("**")).then_some(title)
}

/// Returns an error if an entry lacks a required key or any text, as at the end of a truncated file.
pub(super) fn incomplete(source: &Source, entry: &Entry) -> Option<Diagnostic> {
    let has = |key: &str| entry.metadata.iter().any(|meta| meta.key == key);
    let missing = ["type", "tags", "schema_version"]
        .into_iter()
        .find(|key| !has(key));
    if let Some(key) = missing {
        let message = format!("missing key `{key}`; the file may be truncated");
        let problem = error(source, entry.line, "memory-missing-key", message);
        return Some(problem.help(format!("add `- {key}: …` below the header")));
    }
    if entry.form == EntryForm::Full && entry.sections.is_empty() {
        let message = "the entry is empty; the file may be truncated".to_owned();
        let problem = error(source, entry.line, "memory-truncated", message);
        return Some(problem.help("add a `**Summary**` below its keys"));
    }
    None
}
