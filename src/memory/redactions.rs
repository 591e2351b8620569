//! The content that a memory must not contain: confidential incidents, confidential events and parts, and redacted phrases.
//!
//! `memory.toml` records the incident of an entry. An entry that was not imported belongs to
//! the incident whose ID its name starts with, so that manual copies are found too.

use std::collections::BTreeMap;

use super::ledger::Ledger;
use super::read::Entry;
use crate::archive::{Phrases, Record};
use crate::audience::Audience;
use crate::source::Span;

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
    /// The events and the parts with these texts, and phrases.
    Parts(Vec<String>, Phrases),
}

impl Redactions {
    /// Creates the redaction of one incident.
    #[must_use]
    pub fn from_record(record: &Record) -> Self {
        let redaction = if is_exportable(record) {
            let events = record.timeline.events.iter();
            let redacted = events.filter(|event| !READERS.may_read(record.event_audience(event)));
            let events = redacted.map(|event| event.text.to_string());
            let texts = events.chain(record.withheld_texts(READERS));
            Redaction::Parts(texts.collect(), record.phrases(READERS))
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

    /// Returns the lines of the file at which an entry has the text of a confidential event or part, in whole words.
    #[must_use]
    pub fn texts(&self, ledger: &Ledger, entry: &Entry) -> Vec<usize> {
        let Some((texts, _)) = self.parts(ledger, entry) else {
            return Vec::new();
        };
        // A cell of a table has `\|` for a bar.
        let text = entry.as_written().replace("\\|", "|");
        let lines: Vec<(&str, usize)> = text.lines().zip(entry.line..).collect();
        let has = |lines: &[(&str, usize)], text: &str| {
            let mut lines = lines.iter();
            text.lines().all(|part| {
                let line = lines.next().map_or("", |(line, _)| *line);
                let mut found = line.match_indices(part.trim());
                found.any(|(at, part)| Span::new(at, at + part.len()).is_word(line))
            })
        };
        let starts = (0..lines.len()).filter_map(|start| lines.get(start..));
        starts
            .filter(|lines| texts.iter().any(|text| has(lines, text)))
            .filter_map(|lines| Some(lines.first()?.1))
            .collect()
    }

    /// Returns the bytes of an entry, from its start, that have a redacted phrase, with the texts that replace them.
    #[must_use]
    pub fn phrases(&self, ledger: &Ledger, entry: &Entry) -> Vec<(Span, String)> {
        let parts = self.parts(ledger, entry);
        parts.map_or_else(Vec::new, |(_, phrases)| phrases.edits(entry.as_written()))
    }

    /// Returns the name of an entry without redacted phrases, or `None` if it has none.
    #[must_use]
    pub fn name(&self, ledger: &Ledger, entry: &Entry) -> Option<String> {
        self.parts(ledger, entry)?.1.replaced_in_name(entry.name)
    }

    fn parts(&self, ledger: &Ledger, entry: &Entry) -> Option<(&[String], &Phrases)> {
        match self.0.get(self.incident_id(ledger, entry)?)? {
            Redaction::Parts(texts, phrases) => Some((texts, phrases)),
            Redaction::Incident => None,
        }
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
