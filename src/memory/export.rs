//! Updates the memory file from the incidents.
//!
//! The entry of an unchanged incident keeps its bytes. If an incident changed, a section is
//! rewritten only if the current incident prints it differently from the incident that the
//! entry describes. Sections that the format does not know are kept.

use std::ops::Range;

use super::ledger::{Ledger, Row, Style};
use super::print::{self, sections, tags};
use super::read::Entry;
use super::redactions::{READERS, Redactions, is_exportable};
use super::{ARCHIVE, ARCHIVED_TO, incident, incident_digest, pointer};
use crate::archive::{Record, RecordSource};
use crate::config::Config;
use crate::kind::Line;

/// The text above the entries of a new file.
pub const HEAD: &str =
    "# Incidents\n\nPast incident summaries, learnings, and playbooks.\n\n---\n\n";

/// The separator between two entries.
const RULE: &str = "\n\n---\n\n";

/// The start of a link from the memory to a file of the archive.
const LINK: &str = "](../";

/// The settings of an export.
#[derive(Debug, Clone, Copy)]
pub struct Export<'a> {
    /// The settings.
    pub config: &'a Config,
    /// The rows of `memory.toml`.
    pub ledger: &'a Ledger,
    /// The name style of new entries.
    pub style: Style,
}

/// The result of an export.
#[derive(Debug, Clone, Default)]
pub struct Exported {
    /// The text of the memory file.
    pub text: String,
    /// The current rows of the incidents that have an entry.
    pub rows: Vec<(String, Row)>,
    /// The incidents without an entry, each with the reason.
    pub excluded: Vec<(String, &'static str)>,
    /// The redactions of all incidents.
    pub redactions: Redactions,
}

/// The contribution of one incident to an export.
#[derive(Debug, Clone)]
pub struct Part {
    id: String,
    redactions: Redactions,
    change: Change,
}

#[derive(Debug, Clone)]
enum Change {
    /// Edits of its entry.
    Edited(Row, Vec<Edit>),
    /// A new entry.
    New(Row, String),
    /// No entry, with the reason.
    Excluded(&'static str),
}

/// An edit of the file's text: the bytes to replace and their replacement.
type Edit = (Range<usize>, String);

impl Export<'_> {
    /// Returns the row of an incident, creating one if it has none.
    #[must_use]
    pub fn row(&self, record: &Record) -> Option<Row> {
        let kept = self.ledger.get(&record.id).cloned();
        kept.or_else(|| Row::new(record, self.config, self.style))
    }

    /// Computes the contribution of an incident to a file with these entries.
    #[must_use]
    pub fn part(&self, entries: &[Entry], record: &Record) -> Part {
        let redactions = Redactions::from_record(record);
        let phrases = record.phrases(READERS);
        let record = &*record.seen_by(READERS, self.config);
        let row = self.row(record);
        // What was written before a phrase was redacted must not stay.
        let current = row.clone().map(|row| row.redacted(&phrases));
        let change = match row.zip(current) {
            _ if !is_exportable(record) => Change::Excluded("it is confidential"),
            None => Change::Excluded("it is open, has no recorded end, or is not an incident"),
            Some((row, current)) => {
                let mut entries = entries.iter();
                let entry = entries.find(|entry| entry.matches(&row.written_at, &row.name));
                let now = Row {
                    incident: Line::new(incident_digest(record)).ok(),
                    ..current.clone()
                };
                match entry {
                    Some(entry) => Change::Edited(now, self.entry_edits(entry, record, &current)),
                    None => Change::New(now, print::entry(record, self.config, &current)),
                }
            }
        };
        Part {
            id: record.id.clone(),
            redactions,
            change,
        }
    }

    /// Returns the file with the contributions of all incidents.
    #[must_use]
    pub fn file(&self, text: &str, entries: &[Entry], parts: Vec<Part>) -> Exported {
        let mut exported = Exported::default();
        let mut edits: Vec<Edit> = Vec::new();
        let mut new: Vec<(Line, String)> = Vec::new();
        exported.redactions = parts.iter().map(|part| part.redactions.clone()).collect();
        edits.extend(self.removals(text, entries, &exported.redactions));
        edits.extend(self.replacements(entries, &exported.redactions));
        for Part { id, change, .. } in parts {
            match change {
                Change::Edited(row, entry_edits) => {
                    edits.extend(entry_edits);
                    exported.rows.push((id, row));
                }
                Change::New(row, entry) => {
                    new.push((row.written_at.clone(), entry));
                    exported.rows.push((id, row));
                }
                Change::Excluded(reason) => exported.excluded.push((id, reason)),
            }
        }
        new.sort_by(|left, right| right.0.cmp(&left.0));
        let new: Vec<String> = new.into_iter().map(|(_, entry)| entry).collect();
        edits.extend(insertion(text, entries, &new.join(RULE)));
        exported.text = apply(text, edits);
        exported
    }

    /// Returns a file without the entries of confidential incidents and without redacted phrases.
    #[must_use]
    pub fn without_confidential(
        &self,
        text: &str,
        entries: &[Entry],
        redactions: &Redactions,
    ) -> String {
        let mut edits: Vec<Edit> = self.removals(text, entries, redactions).collect();
        edits.extend(self.replacements(entries, redactions));
        apply(text, edits)
    }

    /// Returns the edits that replace redacted phrases. The name of an entry stays that of its row.
    fn replacements(&self, entries: &[Entry], redactions: &Redactions) -> Vec<Edit> {
        let mut edits = Vec::new();
        for entry in entries {
            let name = entry.name_span();
            let new = redactions.name(self.ledger, entry);
            edits.extend(new.map(|new| (name.clone(), new)));
            for (span, new) in redactions.phrases(self.ledger, entry) {
                let range = entry.span.start + span.start..entry.span.start + span.end;
                if range.start >= name.end {
                    edits.push((range, new));
                }
            }
        }
        edits
    }

    /// Returns the edits that remove the entries of confidential incidents.
    fn removals(
        &self,
        text: &str,
        entries: &[Entry],
        redactions: &Redactions,
    ) -> impl Iterator<Item = Edit> {
        let confidential = entries
            .iter()
            .filter(|entry| redactions.confidential(self.ledger, entry).is_some());
        confidential.map(|entry| (entry_range(text, entry), String::new()))
    }

    /// Returns the edits that update the entry of an incident.
    fn entry_edits(&self, entry: &Entry, record: &Record, row: &Row) -> Vec<Edit> {
        let is_unchanged = row.incident.as_deref() == Some(incident_digest(record).as_str());
        let mut edits = metadata_edits(entry, row);
        if is_unchanged {
            return edits;
        }
        let old_tags = incident::tags(entry);
        let new_tags = tags(record);
        if !record.incident.tags.is_empty() && old_tags != new_tags {
            edits.extend(key_edit(entry, "tags", &new_tags.join(", ")));
        }
        let new = sections(record, self.config, row);
        let old = incident_from_entry(entry, record)
            .map(|old| sections(&old, self.config, row))
            .unwrap_or_default();
        let find = |list: &[(&'static str, String)], title: &str| {
            let found = list.iter().find(|(name, _)| *name == title);
            found.map(|(_, text)| text.clone())
        };
        let mut previous_end = metadata_end(entry);
        for title in ORDER {
            let (old, new) = (find(&old, title), find(&new, title));
            let section = entry.section(title);
            match (section, new) {
                (Some(section), new) if old != new => {
                    let text = new.map(|new| print::section(title, &new));
                    let span = section.span.clone();
                    edits.push(match text {
                        Some(text) => (span, text),
                        None => (section_range(entry, &span), String::new()),
                    });
                }
                (None, Some(new)) if old.as_ref() != Some(&new) => {
                    let text = format!("\n\n{}", print::section(title, &new));
                    edits.push((previous_end..previous_end, text));
                }
                _ => {}
            }
            previous_end = section.map_or(previous_end, |section| section.span.end);
        }
        edits
    }
}

/// The sections of an entry, in order.
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

/// Returns the incident that an entry describes, as an import would create it.
fn incident_from_entry(entry: &Entry, record: &Record) -> Option<Record> {
    let day = record.timeline.date.map(|day| day.0);
    let converted = incident::from_entry(entry, &record.id, day).ok()?;
    Some(Record {
        id: record.id.clone(),
        incident: converted.incident,
        timeline: converted.timeline.unwrap_or_default(),
        source: RecordSource::default(),
        files: Default::default(),
        customers_file: None,
        withheld: Default::default(),
    })
}

/// Returns the edits of an entry's `- key: value` lines; they never lower a count.
fn metadata_edits(entry: &Entry, row: &Row) -> Vec<Edit> {
    let mut edits = Vec::new();
    let used: Option<u32> = entry.get("used").and_then(|used| used.parse().ok());
    if row.used > used.unwrap_or_default() {
        edits.extend(key_edit(entry, "used", &row.used.to_string()));
    }
    if let Some(day) = row.last_used.map(|day| day.0.to_string())
        && entry
            .get("last_used")
            .is_none_or(|recorded| *recorded < *day)
    {
        edits.extend(key_edit(entry, "last_used", &day));
    }
    if (entry.get("pinned") == Some("true")) != row.pinned {
        edits.extend(key_edit(entry, "pinned", &row.pinned.to_string()));
    }
    if let Some(status) = row
        .status
        .as_deref()
        .filter(|status| entry.get("status") != Some(status))
    {
        edits.extend(key_edit(entry, "status", status));
    }
    edits
}

/// Returns the edit that sets one `- key: value` line.
fn key_edit(entry: &Entry, key: &str, value: &str) -> Option<Edit> {
    let line = format!("- {key}: {value}");
    match entry.metadata.iter().find(|meta| meta.key == key) {
        Some(meta) => Some((meta.span.clone(), line)),
        None => {
            let end = entry.metadata.last()?.span.end;
            Some((end..end, format!("\n{line}")))
        }
    }
}

/// Returns the end of an entry's `- key: value` lines.
fn metadata_end(entry: &Entry) -> usize {
    let last = entry.metadata.last();
    last.map_or(entry.span.end, |meta| meta.span.end)
}

/// Returns the bytes of a section with the blank lines before it.
fn section_range(entry: &Entry, span: &Range<usize>) -> Range<usize> {
    let ends = entry.sections.iter().map(|section| section.span.end);
    let previous_end = ends.filter(|end| *end <= span.start).max();
    previous_end.unwrap_or_else(|| metadata_end(entry))..span.end
}

/// Returns the bytes of an entry with the blank lines and the rule after it.
fn entry_range(text: &str, entry: &Entry) -> Range<usize> {
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

/// Returns the edit that inserts new entries before the first entry or the comment with examples.
fn insertion(text: &str, entries: &[Entry], new: &str) -> Option<Edit> {
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

/// Returns a memory file as another folder needs it, from which `to_root` leads to the archive: `../../`.
///
/// The links of key queries lead to files of the archive, and shortened entries name the memory archive.
#[must_use]
pub fn moved(text: &str, entries: &[Entry], to_root: &str) -> String {
    let sections = entries.iter().flat_map(|entry| &entry.sections);
    let queries = sections.filter(|section| section.title == "Key Queries");
    let links = queries.flat_map(|section| {
        let body = text.get(section.span.clone()).unwrap_or_default();
        let links = body
            .match_indices(LINK)
            .map(|(at, _)| section.span.start + at);
        links
            .map(|at| (at..at + LINK.len(), format!("]({to_root}")))
            .collect::<Vec<Edit>>()
    });
    let archived = entries.iter().flat_map(|entry| archive_paths(text, entry));
    let pointers = archived.map(|at| (at..at + ARCHIVED_TO.len(), format!("{to_root}{ARCHIVE}")));
    apply(text, links.chain(pointers).collect())
}

/// Returns where a shortened entry names the memory archive.
fn archive_paths(text: &str, entry: &Entry) -> Vec<usize> {
    let named = entry
        .metadata
        .iter()
        .filter(|meta| meta.key == "archived_to" && meta.value == ARCHIVED_TO);
    let named = named.map(|meta| meta.span.end.saturating_sub(meta.value.len()));
    let details = entry.section("Full Details").and_then(|section| {
        let body = text.get(section.span.clone())?;
        let pointer = pointer(&entry.section_text(section)).is_some_and(|path| path == ARCHIVED_TO);
        let at = body.find(ARCHIVED_TO).filter(|_| pointer)?;
        Some(section.span.start + at)
    });
    named.chain(details).collect()
}

/// Applies edits to a text, using its line endings.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> String {
    let crlf = text.contains("\r\n");
    // The sort must be stable, so that insertions at the same offset keep their order.
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
