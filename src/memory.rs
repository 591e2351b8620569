//! The memory of incidents that agents read: a Markdown file of entries, each made from an incident.
//!
//! [`read`] finds the entries of a file and leaves its text alone; [`incident`] makes an
//! incident of an entry, [`print`] an entry of an incident, and [`export`] the file of both.
//! What the format counts and words in its own way is kept by [`ledger`], so that counting a
//! use touches no incident. The file is never laid out anew: only what differs is replaced.

use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::archive::Record;

pub mod check;
pub mod export;
pub mod incident;
pub mod ledger;
pub mod print;
pub mod read;
pub mod redactions;
pub mod shorten;

/// The file of entries.
pub const FILE: &str = "memory/incidents.md";
/// The file of what was taken out of it.
pub const ARCHIVE: &str = "memory/archive/incidents.md";
/// The same, as entries name it.
pub const ARCHIVED_TO: &str = "archive/incidents.md";

/// How much of an incident an entry tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryForm {
    /// All of it.
    #[default]
    Full,
    /// Its summary and what was learned.
    Summarized,
    /// That it is in the archive.
    Archived,
}

impl EntryForm {
    /// Gives the word that `memory.toml` uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Summarized => "summarized",
            Self::Archived => "archived",
        }
    }

    /// Gives the word that a page uses.
    const fn label(self) -> &'static str {
        match self {
            Self::Full => "Full",
            Self::Summarized => "Summarized",
            Self::Archived => "Archived",
        }
    }

    /// Gives what stands behind an entry's name.
    const fn ending(self) -> &'static str {
        match self {
            Self::Full => "",
            Self::Summarized => " (summarized)",
            Self::Archived => " (archived)",
        }
    }
}

/// Gives the SHA-256 of a text, in hexadecimal.
fn digest(text: &str) -> String {
    let bytes: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    let mut digits = String::with_capacity(64);
    for byte in bytes {
        digits.push_str(&format!("{byte:02x}"));
    }
    digits
}

/// Gives one digest of both files of an incident.
#[must_use]
pub fn incident_digest(record: &Record) -> String {
    let timeline = record.source.timeline_digest.as_deref();
    files_digest(&record.source.incident_digest, timeline)
}

fn files_digest(incident: &str, timeline: Option<&str>) -> String {
    digest(&format!("{incident} {}", timeline.unwrap_or_default()))
}

/// Cuts the words behind a stamp into an incident's id and what is left of them.
///
/// `INC-1234 orders-api-outage` and `INC-1234-orders-api-outage` are both `INC-1234`:
/// letters, then numbers. A name without a number is an id as a whole.
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

fn is_number(part: &str) -> bool {
    !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_is_the_letters_and_numbers_in_front() {
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
