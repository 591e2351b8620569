//! The memory file, what is kept of each incident, and the incidents in; the file with what changed out.
//!
//! An entry whose incident is as it was keeps its bytes. In one that changed, a section is
//! written anew where the incident that the entry tells of would give another than the one
//! that is there; what has no section of ours is left alone.

use std::ops::Range;

use super::ledger::{Ledger, Row, Style};
use super::print::{self, sections, tags};
use super::read::Entry;
use super::redactions::{Redactions, is_exportable};
use super::{incident, incident_digest};
use crate::archive::{Record, RecordSource};
use crate::config::Config;
use crate::kind::Line;
use crate::load::strict;

/// What stands above the entries of a new file.
pub const HEAD: &str =
    "# Incidents\n\nPast incident summaries, learnings, and playbooks.\n\n---\n\n";

/// What parts two entries.
const RULE: &str = "\n\n---\n\n";

/// What an export is made of.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// The settings.
    pub config: &'a Config,
    /// What is kept of each incident.
    pub ledger: &'a Ledger,
    /// How the names of new entries are written.
    pub style: Style,
}

/// The file that an export gives.
#[derive(Debug, Clone, Default)]
pub struct Exported {
    /// Its text.
    pub text: String,
    /// What is kept of the incidents that have an entry in it, with what they are now.
    pub rows: Vec<(String, Row)>,
    /// The incidents that have no entry, each with the reason.
    pub left_out: Vec<(String, &'static str)>,
    /// What is not told of the incidents.
    pub secrecy: Redactions,
}

/// What one incident gives to an export.
#[derive(Debug, Clone)]
pub struct Part {
    id: String,
    secrecy: Redactions,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    /// Changes of its entry.
    Changed(Row, Vec<Edit>),
    /// An entry that was not there.
    New(Row, String),
    /// No entry.
    LeftOut(&'static str),
}

/// A change of the file's text.
type Edit = (Range<usize>, String);

impl Export<'_> {
    /// Gives what is kept of an incident, or what would be.
    #[must_use]
    pub fn row(&self, record: &Record) -> Option<Row> {
        let kept = self.ledger.get(&record.id).cloned();
        kept.or_else(|| Row::new(record, self.config, self.style))
    }

    /// Finds out what an incident gives to a file with these entries.
    #[must_use]
    pub fn part(&self, entries: &[Entry], record: &Record) -> Part {
        let what = match self.row(record) {
            // Whatever the file tells of it goes.
            _ if !is_exportable(record) => What::LeftOut("it is confidential"),
            None => What::LeftOut("it is not over, has no end, or is no incident"),
            Some(row) => {
                let mut entries = entries.iter();
                let entry = entries.find(|entry| entry.is(&row.written_at, &row.name));
                let now = Row {
                    incident: Line::new(incident_digest(record)).ok(),
                    ..row.clone()
                };
                match entry {
                    Some(entry) => What::Changed(now, self.changed(entry, record, &row)),
                    None => What::New(now, print::entry(record, self.config, &row)),
                }
            }
        };
        Part {
            id: record.id.clone(),
            secrecy: Redactions::from_record(record),
            what,
        }
    }

    /// Gives the file with what incidents give to it.
    #[must_use]
    pub fn file(&self, text: &str, entries: &[Entry], parts: Vec<Part>) -> Exported {
        let mut exported = Exported::default();
        let mut edits: Vec<Edit> = Vec::new();
        let mut new: Vec<(Line, String)> = Vec::new();
        exported.secrecy = parts.iter().map(|part| part.secrecy.clone()).collect();
        edits.extend(self.gone(text, entries, &exported.secrecy));
        for Part { id, what, .. } in parts {
            match what {
                What::Changed(row, changes) => {
                    edits.extend(changes);
                    exported.rows.push((id, row));
                }
                What::New(row, entry) => {
                    new.push((row.written_at.clone(), entry));
                    exported.rows.push((id, row));
                }
                What::LeftOut(reason) => exported.left_out.push((id, reason)),
            }
        }
        new.sort_by(|left, right| right.0.cmp(&left.0));
        let new: Vec<String> = new.into_iter().map(|(_, entry)| entry).collect();
        edits.extend(in_front(text, entries, &new.join(RULE)));
        exported.text = apply(text, edits);
        exported
    }

    /// Gives a file without the entries that tell of confidential incidents.
    #[must_use]
    pub fn without(&self, text: &str, entries: &[Entry], secrecy: &Redactions) -> String {
        apply(text, self.gone(text, entries, secrecy).collect())
    }

    fn gone(
        &self,
        text: &str,
        entries: &[Entry],
        secrecy: &Redactions,
    ) -> impl Iterator<Item = Edit> {
        let told = entries
            .iter()
            .filter(|entry| secrecy.confidential(self.ledger, entry).is_some());
        told.map(|entry| (whole(text, entry), String::new()))
    }

    /// Gives what is to be changed in the entry of an incident.
    fn changed(&self, entry: &Entry, record: &Record, row: &Row) -> Vec<Edit> {
        let same = row.incident.as_deref() == Some(incident_digest(record).as_str());
        let mut edits = counts(entry, row);
        if same {
            return edits;
        }
        let made = incident::tags(entry);
        let told = tags(record);
        if !record.incident.tags.is_empty() && made != told {
            edits.extend(key(entry, "tags", &told.join(", ")));
        }
        let new = sections(record, self.config, row);
        let old = incident_from_entry(entry, record)
            .map(|old| sections(&old, self.config, row))
            .unwrap_or_default();
        let words = |list: &[(&'static str, String)], title: &str| {
            let found = list.iter().find(|(name, _)| *name == title);
            found.map(|(_, words)| words.clone())
        };
        let mut before = header_end(entry);
        for title in ORDER {
            let (was, is) = (words(&old, title), words(&new, title));
            let section = entry.section(title);
            match (section, is) {
                (Some(section), is) if was != is => {
                    let text = is.map(|is| print::section(title, &is));
                    let span = section.span.clone();
                    edits.push(match text {
                        Some(text) => (span, text),
                        None => (gone(entry, &span), String::new()),
                    });
                }
                (None, Some(is)) if was.as_ref() != Some(&is) => {
                    let text = format!("\n\n{}", print::section(title, &is));
                    edits.push((before..before, text));
                }
                _ => {}
            }
            before = section.map_or(before, |section| section.span.end);
        }
        edits
    }
}

/// The sections that an incident gives, in the order of an entry.
const ORDER: &[&str] = &[
    "Summary",
    "Key Learning",
    "Impact",
    "Timeline",
    "Root Cause",
    "Key Queries",
    "Learnings",
    "Action Items",
    "Full Details",
];

/// Gives the incident that an entry tells of, as an import would make it.
fn incident_from_entry(entry: &Entry, record: &Record) -> Option<Record> {
    let day = record.timeline.date.map(|day| day.0);
    let made = incident::from_entry(entry, &record.id, day).ok()?;
    let timeline = made.timeline.as_deref().map(strict::json).transpose();
    Some(Record {
        id: record.id.clone(),
        incident: strict::toml(&made.incident).ok()?,
        timeline: timeline.ok()?.unwrap_or_default(),
        source: RecordSource::default(),
        files: Default::default(),
    })
}

/// Gives the changes of what is counted about an entry. Nothing lowers a count.
fn counts(entry: &Entry, row: &Row) -> Vec<Edit> {
    let mut edits = Vec::new();
    let used: Option<u32> = entry.get("used").and_then(|used| used.parse().ok());
    if row.used > used.unwrap_or_default() {
        edits.extend(key(entry, "used", &row.used.to_string()));
    }
    if let Some(day) = row.last_used.map(|day| day.0.to_string())
        && entry.get("last_used").is_none_or(|typed| *typed < *day)
    {
        edits.extend(key(entry, "last_used", &day));
    }
    if (entry.get("pinned") == Some("true")) != row.pinned {
        edits.extend(key(entry, "pinned", &row.pinned.to_string()));
    }
    if let Some(status) = row
        .status
        .as_deref()
        .filter(|status| entry.get("status") != Some(status))
    {
        edits.extend(key(entry, "status", status));
    }
    edits
}

/// Sets one `- key: value` line.
fn key(entry: &Entry, key: &str, value: &str) -> Option<Edit> {
    let line = format!("- {key}: {value}");
    match entry.metadata.iter().find(|meta| meta.key == key) {
        Some(meta) => Some((meta.span.clone(), line)),
        None => {
            let end = entry.metadata.last()?.span.end;
            Some((end..end, format!("\n{line}")))
        }
    }
}

/// Gives where what an entry tells begins, behind its keys.
fn header_end(entry: &Entry) -> usize {
    let last = entry.metadata.last();
    last.map_or(entry.span.end, |meta| meta.span.end)
}

/// Gives the bytes of a section that goes, with the blank lines in front of it.
fn gone(entry: &Entry, span: &Range<usize>) -> Range<usize> {
    let ends = entry.sections.iter().map(|section| section.span.end);
    let before = ends.filter(|end| *end <= span.start).max();
    before.unwrap_or_else(|| header_end(entry))..span.end
}

/// Gives the bytes of an entry that goes, with the blank lines and the rule behind it.
fn whole(text: &str, entry: &Entry) -> Range<usize> {
    let rest = text.get(entry.span.end..).unwrap_or_default();
    let mut end = entry.span.end;
    for line in rest.split_inclusive('\n') {
        if !matches!(line.trim(), "" | "---") {
            break;
        }
        end += line.len();
    }
    entry.span.start..end
}

/// Puts new entries in front of the first, or of the comment with the examples.
fn in_front(text: &str, entries: &[Entry], new: &str) -> Option<Edit> {
    if new.is_empty() {
        return None;
    }
    let first = entries.iter().find(|entry| !entry.example);
    let comment = || {
        let example = entries.first()?.span.start;
        text.get(..example)?.rfind("<!--")
    };
    let at = first.map(|entry| entry.span.start).or_else(comment);
    Some(match at {
        Some(at) => (at..at, format!("{new}{RULE}")),
        None => {
            let blank = if text.is_empty() || text.ends_with("\n\n") {
                ""
            } else if text.ends_with('\n') {
                "\n"
            } else {
                "\n\n"
            };
            (text.len()..text.len(), format!("{blank}{new}\n"))
        }
    })
}

/// Makes changes to a text, in its line ends.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    let crlf = text.contains("\r\n");
    // Stable: what is inserted at one place stays in order.
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for (span, new) in edits {
        if span.start < at {
            continue;
        }
        changed.push_str(text.get(at..span.start).unwrap_or_default());
        if crlf {
            changed.push_str(&new.replace('\n', "\r\n"));
        } else {
            changed.push_str(&new);
        }
        at = span.end;
    }
    changed.push_str(text.get(at..).unwrap_or_default());
    changed
}
