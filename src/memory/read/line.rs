//! What one line of a memory file is, and what an entry of lines lacks.

use super::{Entry, error};
use crate::diagnostic::Diagnostic;
use crate::memory::EntryForm;
use crate::source::Source;

/// Gives what stands behind `## M-`.
pub(super) fn header(row: &str) -> Option<&str> {
    row.strip_prefix("##")
        .filter(|rest| rest.starts_with([' ', '\t']))
        .and_then(|rest| rest.trim_start().strip_prefix("M-"))
}

/// Gives what closes a fence that a line opens.
pub fn fence(bare: &str) -> Option<String> {
    let mark = bare.chars().next().filter(|mark| "`~".contains(*mark))?;
    let rest = bare.trim_start_matches(mark);
    let length = bare.len() - rest.len();
    (length >= 3 && !(mark == '`' && rest.contains('`'))).then(|| mark.to_string().repeat(length))
}

/// Reads `- key: value`, whose key is one word.
pub(super) fn key_and_value(bare: &str) -> Option<(&str, &str)> {
    let (key, value) = bare
        .strip_prefix("- ")
        .or_else(|| bare.strip_prefix("* "))?
        .split_once(':')?;
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    (!key.is_empty() && key.chars().all(word)).then(|| (key, value.trim()))
}

/// Reads a line that is one bold title.
pub fn title(row: &str) -> Option<&str> {
    let inside = row.trim_end().strip_prefix("**")?;
    let inside = inside.strip_suffix(':').unwrap_or(inside);
    let inside = inside.strip_suffix("**")?;
    let title = inside.strip_suffix(':').unwrap_or(inside).trim();
    (!title.is_empty() && !inside.contains("**")).then_some(title)
}

/// Names what an entry lacks that every entry has: so ends a file that was cut off.
pub(super) fn incomplete(source: &Source, entry: &Entry) -> Option<Diagnostic> {
    let has = |key: &str| entry.metadata.iter().any(|meta| meta.key == key);
    let lacks = ["type", "tags", "schema_version"]
        .into_iter()
        .find(|key| !has(key));
    if let Some(key) = lacks {
        let message = format!("the entry has no `{key}`; is the file cut off?");
        let fault = error(source, entry.line, "memory-missing-key", message);
        return Some(fault.help(format!("write `- {key}: …` below its header")));
    }
    if entry.form == EntryForm::Full && entry.sections.is_empty() {
        let message = "the entry tells nothing; is the file cut off?".to_owned();
        let fault = error(source, entry.line, "memory-truncated", message);
        return Some(fault.help("write a `**Summary**` below its keys"));
    }
    None
}
