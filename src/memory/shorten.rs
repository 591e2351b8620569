//! Shortens an entry and moves its full text to the memory archive.

use super::export::apply;
use super::ledger::Row;
use super::print;
use super::read::Entry;
use super::{ARCHIVED_TO, EntryForm};

/// The text above the entries of a new memory archive.
const HEAD: &str = "# Archived incidents\n";

/// Returns the memory file with one entry in its short form.
///
/// `text` is the key learning of a summarized entry, or the reason why an entry was archived.
#[must_use]
pub fn shortened(file: &str, entry: &Entry, row: &Row, text: &str) -> String {
    let mut lines = vec![print::header(row), String::new()];
    let replaced = |key: &str| {
        row.form == EntryForm::Archived && matches!(key, "status" | "archived_to" | "reason")
    };
    let kept = entry.metadata.iter().filter(|meta| !replaced(meta.key));
    lines.extend(kept.map(|meta| format!("- {}: {}", meta.key, meta.value)));
    if row.form == EntryForm::Archived {
        lines.push("- status: archived".to_owned());
        lines.push(format!("- archived_to: {ARCHIVED_TO}"));
        lines.push(format!("- reason: {text}"));
    } else {
        if let Some(summary) = entry.section("Summary") {
            lines.push(format!(
                "\n{}",
                print::section("Summary", &entry.section_text(summary))
            ));
        }
        lines.push(format!("\n{}", print::section("Key Learning", text)));
        let pointer = format!("See {ARCHIVED_TO}#M-{}", entry.stamp);
        lines.push(format!("\n{}", print::section("Full Details", &pointer)));
    }
    apply(file, vec![(entry.span.clone(), lines.join("\n"))])
}

/// Returns `true` if the memory archive contains the full text of an entry.
#[must_use]
pub fn has_full_text(archived: &[Entry], entry: &Entry) -> bool {
    archived
        .iter()
        .any(|other| other.form == EntryForm::Full && other.matches(entry.stamp, entry.name))
}

/// Returns the memory archive with an entry added, or unchanged if it contains the entry.
#[must_use]
pub fn archived(text: Option<&str>, archived: &[Entry], entry: &Entry) -> String {
    let text = text.unwrap_or(HEAD);
    if has_full_text(archived, entry) {
        return text.to_owned();
    }
    let full = entry.as_written().replace("\r\n", "\n");
    let blank = if text.ends_with('\n') { "" } else { "\n" };
    let at = text.len()..text.len();
    apply(text, vec![(at, format!("{blank}\n---\n\n{full}\n"))])
}
