//! The page of the incident memory that AI agents read: each entry with its usage and its incident.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;
use serde::Serialize;

use crate::facts::Summary;

/// The data of an incident's memory entry.
#[derive(Debug, Clone, Serialize)]
pub struct MemoryEntrySummary {
    /// The incident's ID.
    pub id: String,
    /// The timestamp of the entry: `2025-01-05T16:00:00Z`.
    pub written_at: String,
    /// The form: `Full`.
    pub form: &'static str,
    /// The number of successful runs.
    pub used: u32,
    /// The date of the last use.
    pub last_used: Option<String>,
    /// Whether it is protected from archiving.
    pub pinned: bool,
    /// The key learning.
    pub learning: Option<String>,
}

/// The data for the templates of the memory page.
#[derive(Debug, Clone, Serialize)]
pub struct MemoryView<'a> {
    /// The entries, newest first.
    pub entries: Vec<MemoryEntryView<'a>>,
}

/// A memory entry.
#[derive(Debug, Clone, Serialize)]
pub struct MemoryEntryView<'a> {
    /// The anchor, as other entries refer to it: `M-2025-01-05T16:00:00Z`; `None` for a duplicate or invalid timestamp.
    pub anchor: Option<String>,
    /// The timestamp of the entry.
    pub written_at: &'a str,
    /// The same to the minute: `2025-01-05 16:00 UTC`; `None` if it is not a timestamp.
    pub written: Option<String>,
    /// The incident's ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The form.
    pub form: &'static str,
    /// The number of successful runs.
    pub used: u32,
    /// The date of the last use.
    pub last_used: Option<&'a str>,
    /// Whether it is protected from archiving.
    pub pinned: bool,
    /// The key learning.
    pub learning: Option<&'a str>,
}

impl<'a> MemoryView<'a> {
    /// Creates the page from the entries of the given incidents, and skips all other entries.
    #[must_use]
    pub fn new(memory: &'a [MemoryEntrySummary], summaries: &[&'a Summary]) -> Self {
        let titles: BTreeMap<&str, &'a str> = summaries
            .iter()
            .map(|summary| (summary.id.as_str(), summary.title.as_str()))
            .collect();
        let shown = memory
            .iter()
            .filter_map(|entry| Some((entry, *titles.get(entry.id.as_str())?)));
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by_key(|(entry, _)| std::cmp::Reverse((&entry.written_at, &entry.id)));
        let mut anchors = BTreeSet::new();
        let entries = shown.into_iter().map(|(entry, title)| {
            let written_at = entry.written_at.as_str();
            let is_unique = is_stamp(written_at) && anchors.insert(written_at);
            MemoryEntryView {
                anchor: is_unique.then(|| format!("M-{written_at}")),
                written_at,
                written: DateTime::parse_from_rfc3339(written_at)
                    .ok()
                    .map(|at| at.to_utc().format("%Y-%m-%d %H:%M UTC").to_string()),
                id: &entry.id,
                title,
                form: entry.form,
                used: entry.used,
                last_used: entry.last_used.as_deref(),
                pinned: entry.pinned,
                learning: entry.learning.as_deref(),
            }
        });
        Self {
            entries: entries.collect(),
        }
    }
}

/// Returns `true` if a text needs no escaping in a URL.
fn is_stamp(text: &str) -> bool {
    let is_plain = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b':');
    !text.is_empty() && text.bytes().all(is_plain)
}
