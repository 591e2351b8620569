//! The memory that agents read, as a page: what is counted of each entry, with the incident that it tells of.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::facts::Summary;

/// What is kept of an incident's entry.
#[derive(Debug, Clone, Serialize)]
pub struct MemoryEntrySummary {
    /// The incident's id.
    pub id: String,
    /// When the entry was written: `2025-01-05T16:00:00Z`.
    pub written_at: String,
    /// How much it tells: `Full`.
    pub form: &'static str,
    /// How often it helped.
    pub used: u32,
    /// The day on which it last helped.
    pub last_used: Option<String>,
    /// Whether it is never archived for lack of use.
    pub pinned: bool,
    /// What was learned, as the entry says it.
    pub learning: Option<String>,
}

/// Everything that the templates of the page of the memory see.
#[derive(Debug, Clone, Serialize)]
pub struct MemoryView<'a> {
    /// The entries, the latest first.
    pub entries: Vec<RememberedView<'a>>,
}

/// An entry of the memory.
#[derive(Debug, Clone, Serialize)]
pub struct RememberedView<'a> {
    /// By what the entries name it: `M-2025-01-05T16:00:00Z`; absent where another has it, or where it is no moment.
    pub anchor: Option<String>,
    /// When it was written.
    pub written_at: &'a str,
    /// The incident's id.
    pub id: &'a str,
    /// What happened.
    pub title: &'a str,
    /// How much it tells.
    pub form: &'static str,
    /// How often it helped.
    pub used: u32,
    /// The day on which it last helped.
    pub last_used: Option<&'a str>,
    /// Whether it is never archived for lack of use.
    pub pinned: bool,
    /// What was learned.
    pub learning: Option<&'a str>,
}

impl<'a> MemoryView<'a> {
    /// Builds the page of what is kept of some incidents; the others have no entry in it.
    #[must_use]
    pub fn new(kept: &'a [MemoryEntrySummary], summaries: &[&'a Summary]) -> Self {
        let titles: BTreeMap<&str, &'a str> = summaries
            .iter()
            .map(|summary| (summary.id.as_str(), summary.title.as_str()))
            .collect();
        let shown = kept
            .iter()
            .filter_map(|entry| Some((entry, *titles.get(entry.id.as_str())?)));
        let mut shown: Vec<_> = shown.collect();
        shown.sort_by_key(|(entry, _)| std::cmp::Reverse((&entry.written_at, &entry.id)));
        let mut anchors = BTreeSet::new();
        let entries = shown.into_iter().map(|(entry, title)| {
            let written_at = entry.written_at.as_str();
            let is_free = is_stamp(written_at) && anchors.insert(written_at);
            RememberedView {
                anchor: is_free.then(|| format!("M-{written_at}")),
                written_at,
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

/// Says whether a text may stand in an address as it is.
fn is_stamp(text: &str) -> bool {
    let of_a_stamp = |c: u8| c.is_ascii_alphanumeric() || matches!(c, b'-' | b':');
    !text.is_empty() && text.bytes().all(of_a_stamp)
}
