//! What of an archive no memory may tell: confidential incidents, and confidential events of the others.
//!
//! An entry tells of the incident that `memory.toml` says it was made from. One that nobody
//! imported tells of the incident that its name begins with, so that a copy by hand is found.

use std::collections::BTreeMap;

use super::ledger::Ledger;
use super::read::Entry;
use crate::archive::Record;
use crate::audience::Audience;

/// Who those are that read a memory.
const READERS: Audience = Audience::Internal;

/// The incidents of an archive, each with what is not told of it.
#[derive(Debug, Clone, Default)]
pub struct Redactions(BTreeMap<String, Redaction>);

/// What is not told of one incident.
#[derive(Debug, Clone)]
enum Redaction {
    /// All of it.
    Whole,
    /// These events.
    Events(Vec<String>),
}

impl Redactions {
    /// Notes what is not told of an incident.
    #[must_use]
    pub fn from_record(record: &Record) -> Self {
        let kept = if is_exportable(record) {
            let events = record.timeline.events.iter();
            let kept = events.filter(|event| !READERS.may_read(record.event_audience(event)));
            Redaction::Events(kept.map(|event| event.text.to_string()).collect())
        } else {
            Redaction::Whole
        };
        Self(BTreeMap::from([(record.id.clone(), kept)]))
    }

    /// Says whether there is an incident of this id.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// Finds the confidential incident that an entry tells of.
    #[must_use]
    pub fn confidential<'a>(&'a self, ledger: &'a Ledger, entry: &Entry) -> Option<&'a str> {
        let id = self.told(ledger, entry)?;
        matches!(self.0.get(id), Some(Redaction::Whole)).then_some(id)
    }

    /// Finds the confidential events that an entry tells, each with its line in the file.
    #[must_use]
    pub fn events<'a>(&'a self, ledger: &Ledger, entry: &Entry) -> Vec<(usize, &'a str)> {
        let kept = self.told(ledger, entry).and_then(|id| self.0.get(id));
        let Some(Redaction::Events(kept)) = kept else {
            return Vec::new();
        };
        let lines = entry.as_written().lines().zip(entry.line..);
        lines
            .filter_map(|(line, number)| {
                let told = kept.iter().find(|text| line.contains(text.as_str()));
                told.map(|text| (number, text.as_str()))
            })
            .collect()
    }

    fn told<'a>(&'a self, ledger: &'a Ledger, entry: &Entry) -> Option<&'a str> {
        let mut rows = ledger.0.iter();
        let row = rows.find(|(_, row)| entry.is(&row.written_at, &row.name));
        let begins = |id: &&String| {
            let (start, rest) = entry.name.split_at_checked(id.len()).unwrap_or_default();
            let is_whole = !rest.starts_with(|next: char| next.is_ascii_alphanumeric());
            start.eq_ignore_ascii_case(id) && is_whole
        };
        let named = || self.0.keys().filter(begins).max_by_key(|id| id.len());
        row.map(|(id, _)| &**id)
            .or_else(|| named().map(String::as_str))
    }
}

impl FromIterator<Self> for Redactions {
    fn from_iter<I: IntoIterator<Item = Self>>(all: I) -> Self {
        Self(all.into_iter().flat_map(|one| one.0).collect())
    }
}

/// Says whether a memory may tell of an incident.
#[must_use]
pub fn is_exportable(record: &Record) -> bool {
    READERS.may_read(record.audience())
}
