//! An entry in; its short form out, and the archive with its full text.

use super::export::apply;
use super::ledger::Row;
use super::print;
use super::read::Entry;
use super::{ARCHIVED_TO, EntryForm};

/// What stands above the entries of a new archive.
const HEAD: &str = "# Archived incidents\n";

/// Gives a file's text with an entry in its short form.
///
/// `learning` is what a summarized entry keeps, `reason` why an archived one is gone.
#[must_use]
pub fn shortened(text: &str, entry: &Entry, row: &Row, words: &str) -> String {
    let mut lines = vec![print::header(row), String::new()];
    let replaced = |key: &str| {
        row.form == EntryForm::Archived && matches!(key, "status" | "archived_to" | "reason")
    };
    let kept = entry.metadata.iter().filter(|meta| !replaced(meta.key));
    lines.extend(kept.map(|meta| format!("- {}: {}", meta.key, meta.value)));
    if row.form == EntryForm::Archived {
        lines.push("- status: archived".to_owned());
        lines.push(format!("- archived_to: {ARCHIVED_TO}"));
        lines.push(format!("- reason: {words}"));
    } else {
        if let Some(summary) = entry.section("Summary") {
            lines.push(format!(
                "\n{}",
                print::section("Summary", &entry.words(summary))
            ));
        }
        lines.push(format!("\n{}", print::section("Key Learning", words)));
        let pointer = format!("See {ARCHIVED_TO}#M-{}", entry.stamp);
        lines.push(format!("\n{}", print::section("Full Details", &pointer)));
    }
    apply(text, vec![(entry.span.clone(), lines.join("\n"))])
}

/// Gives the archive's text with an entry added; as it was where it has the entry already.
#[must_use]
pub fn archived(text: Option<&str>, inside: &[Entry], entry: &Entry) -> String {
    let text = text.unwrap_or(HEAD);
    if inside.iter().any(|other| other.is(entry.stamp, entry.name)) {
        return text.to_owned();
    }
    let full = entry.as_written().replace("\r\n", "\n");
    let blank = if text.ends_with('\n') { "" } else { "\n" };
    let at = text.len()..text.len();
    apply(text, vec![(at, format!("{blank}\n---\n\n{full}\n"))])
}
