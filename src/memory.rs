//! The incident memory that AI agents read: a Markdown file with one entry per incident.
//!
//! [`read`] parses the entries of a file, [`incident`] converts an entry to an incident,
//! [`print`] an incident to an entry, and [`export`] updates the file from the incidents.
//! [`ledger`] holds data that only the memory has, such as use counts, so that recording a
//! use changes no incident. The file is never reformatted: only what differs is replaced.

use macro_rules_attribute::apply;
use sha2::{Digest, Sha256};

use crate::archive::Record;
use crate::kind::Choice;

pub mod check;
pub mod export;
pub mod incident;
pub mod ledger;
pub mod print;
pub mod read;
pub mod redactions;
pub mod shorten;

/// The path of the memory file.
pub const FILE: &str = "memory/incidents.md";
/// The path of the memory archive, which holds the full text of shortened entries.
pub const ARCHIVE: &str = "memory/archive/incidents.md";
/// The path of the memory archive as entries refer to it.
pub const ARCHIVED_TO: &str = "archive/incidents.md";

/// Returns the path of the memory archive in the full details of a shortened entry, `See PATH#ANCHOR`; `None` for another text.
fn pointer(text: &str) -> Option<&str> {
    let (path, _) = text.strip_prefix("See ")?.split_once('#')?;
    let is_path = path.ends_with(ARCHIVED_TO) && !path.contains(char::is_whitespace);
    is_path.then_some(path)
}

/// The form of an entry: how much of the incident it contains.
#[apply(Choice!)]
#[derive(Default)]
pub enum EntryForm {
    /// The full entry.
    #[default]
    Full,
    /// The summary and the key learning.
    Summarized,
    /// A pointer to the memory archive.
    Archived,
}

impl EntryForm {
    /// Returns the suffix of the entry's header.
    const fn suffix(self) -> &'static str {
        match self {
            Self::Full => "",
            Self::Summarized => " (summarized)",
            Self::Archived => " (archived)",
        }
    }
}

/// Returns the SHA-256 of a text, in hexadecimal.
fn digest(text: &str) -> String {
    let bytes: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let mut digits = String::with_capacity(64);
    for byte in bytes {
        digits.push_str(&format!("{byte:02x}"));
    }
    digits
}

/// Returns one digest of both files of an incident.
#[must_use]
pub fn incident_digest(record: &Record) -> String {
    let timeline = record.source.timeline_digest.as_deref();
    files_digest(&record.source.incident_digest, timeline)
}

fn files_digest(incident: &str, timeline: Option<&str>) -> String {
    digest(&format!("{incident} {}", timeline.unwrap_or_default()))
}

/// Splits the name of an entry into an incident ID and a slug, which may be empty.
///
/// `INC-1234 orders-api-outage` and `INC-1234-orders-api-outage` both have the ID `INC-1234`:
/// a prefix and the numbers after it. A name of one word without a number is an ID.
#[must_use]
pub fn id_and_slug(name: &str) -> (&str, &str) {
    if let Some((id, slug)) = name.split_once(char::is_whitespace) {
        return (id, slug.trim());
    }
    let mut end = name.find('-').unwrap_or(name.len());
    let mut has_number = false;
    while let Some(rest) = name.get(end + 1..) {
        let part = rest.split('-').next().unwrap_or_default();
        if !is_number(part) {
            break;
        }
        has_number = true;
        end += 1 + part.len();
    }
    match name.split_at_checked(end) {
        Some((id, slug)) if has_number => (id, slug.trim_start_matches('-')),
        _ => (name, ""),
    }
}

/// Returns a slug without the numbers at its start.
fn without_numbers(slug: &str) -> &str {
    match slug.split_once('-') {
        Some((first, rest)) if is_number(first) => without_numbers(rest),
        None if is_number(slug) => "",
        _ => slug,
    }
}

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_name_is_its_prefix_with_numbers() {
        for (name, id, slug) in [
            (
                "INC-1234 orders-api-outage",
                "INC-1234",
                "orders-api-outage",
            ),
            (
                "INC-2025-0023-database-pool",
                "INC-2025-0023",
                "database-pool",
            ),
            ("INC-1200", "INC-1200", ""),
            ("cache-stampede", "cache-stampede", ""),
            ("cache-2-stampede", "cache-2", "stampede"),
            ("redis", "redis", ""),
            ("-", "-", ""),
            ("ü-1-é", "ü-1", "é"),
        ] {
            assert_eq!(id_and_slug(name), (id, slug), "{name}");
        }
    }
}
