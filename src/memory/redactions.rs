//! The content that a memory must not contain: confidential incidents, and confidential events.
//!
//! `memory.toml` records the incident of an entry. An entry that was not imported belongs to
//! the incident whose ID its name starts with, so that manual copies are found too.

use std::collections::BTreeMap;

use super::ledger::Ledger;
use super::read::Entry;
use crate::archive::Record;
use crate::audience::Audience;

/// The audience of a memory.
pub(super) const READERS: Audience = Audience::Internal;

/// The incidents of an archive, each with its redaction.
#[derive(Debug, Clone, Default)]
pub struct Redactions(BTreeMap<String, Redaction>);

/// The redacted part of one incident.
#[derive(Debug, Clone)]
enum Redaction {
    /// The whole incident.
    Incident,
    /// The events with these texts.
    Events(Vec<String>),
}

impl Redactions {
    /// Creates the redaction of one incident.
    #[must_use]
    pub fn from_record(record: &Record) -> Self {
        let redaction = if is_exportable(record) {
            let events = record.timeline.events.iter();
            let redacted = events.filter(|event| !READERS.may_read(record.event_audience(event)));
            Redaction::Events(redacted.map(|event| event.text.to_string()).collect())
        } else {
            Redaction::Incident
        };
        Self(BTreeMap::from([(record.id.clone(), redaction)]))
    }

    /// Returns `true` if the archive has an incident with this ID.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// Returns the ID of an entry's incident if the incident is confidential.
    #[must_use]
    pub fn confidential<'a>(&'a self, ledger: &'a Ledger, entry: &Entry) -> Option<&'a str> {
        let id = self.incident_id(ledger, entry)?;
        matches!(self.0.get(id), Some(Redaction::Incident)).then_some(id)
    }

    /// Returns the confidential events in an entry, each with its line in the file.
    #[must_use]
    pub fn events<'a>(&'a self, ledger: &Ledger, entry: &Entry) -> Vec<(usize, &'a str)> {
        let redaction = self
            .incident_id(ledger, entry)
            .and_then(|id| self.0.get(id));
        let Some(Redaction::Events(texts)) = redaction else {
            return Vec::new();
        };
        let lines = entry.as_written().lines().zip(entry.line..);
        lines
            .filter_map(|(line, number)| {
                let found = texts.iter().find(|text| line.contains(text.as_str()));
                found.map(|text| (number, text.as_str()))
            })
            .collect()
    }

    /// Returns the ID of the incident that an entry is about.
    fn incident_id<'a>(&'a self, ledger: &'a Ledger, entry: &Entry) -> Option<&'a str> {
        let mut rows = ledger.0.iter();
        let row = rows.find(|(_, row)| entry.matches(&row.written_at, &row.name));
        let is_prefix = |id: &&String| {
            let (start, rest) = entry.name.split_at_checked(id.len()).unwrap_or_default();
            let is_complete = !rest.starts_with(|next: char| next.is_ascii_alphanumeric());
            start.eq_ignore_ascii_case(id) && is_complete
        };
        let by_name = || self.0.keys().filter(is_prefix).max_by_key(|id| id.len());
        row.map(|(id, _)| &**id)
            .or_else(|| by_name().map(String::as_str))
    }
}

impl FromIterator<Self> for Redactions {
    fn from_iter<I: IntoIterator<Item = Self>>(all: I) -> Self {
        Self(all.into_iter().flat_map(|one| one.0).collect())
    }
}

/// Returns `true` if a memory may contain an incident.
#[must_use]
pub fn is_exportable(record: &Record) -> bool {
    READERS.may_read(record.audience())
}
