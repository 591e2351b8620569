//! Converts a memory entry to an incident with a timeline.
//!
//! Content without a matching key is kept as written in a custom section, with a note. Nothing
//! is guessed except the date, which entries lack: if the user passes none, it is that of the
//! entry's timestamp, and all times are marked as approximate.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::EntryForm;
use super::read::{Entry, Section};
use crate::incident::Incident;
use crate::kind::{Id, Line, Url};
use crate::load::strict;
use crate::moment::{Written, parse_day};
use crate::source::Syntax;
use crate::timeline::Timeline;

mod impact;
mod query;
mod timeline;

use timeline::Event;
pub(super) use timeline::next_date;

/// The result of converting an entry.
#[derive(Debug, Clone)]
pub struct ConvertedEntry {
    /// The text of the incident file.
    pub incident: String,
    /// The text of the timeline file; `None` if it is not needed.
    pub timeline: Option<String>,
    /// The notes for the person who imports, each with its line.
    pub notes: Vec<(usize, String)>,
}

/// Returns the incident ID for the name of an entry, with `-` for characters that an ID cannot have.
///
/// # Errors
/// Returns an error if the name contains no valid ID.
pub fn id(name: &str) -> Result<Id, String> {
    let (id, _) = super::id_and_slug(name);
    let slugify = |c: char| {
        if c.is_ascii_alphanumeric() { c } else { '-' }
    };
    let id: String = id.chars().map(slugify).take(60).collect();
    Id::new(id.trim_matches('-'))
}

/// Converts an entry, or the full text of a shortened one, to an incident.
///
/// `day` is the date of the incident, if it is known.
///
/// # Errors
/// Returns an error if the incident would be invalid.
pub fn from_entry(
    entry: &Entry,
    id: &str,
    day: Option<NaiveDate>,
) -> Result<ConvertedEntry, String> {
    let stamped = entry.stamp.get(..10).unwrap_or_default();
    let mut draft = Draft {
        day: day.map_or_else(|| parse_day(stamped), Ok)?,
        approximate: day.is_none(),
        ..Draft::default()
    };
    draft.import(entry);
    let converted = draft.finish(entry, id);
    // Validate the result before anything is written.
    strict::text::<Incident>(&converted.incident, Syntax::Toml)?;
    if let Some(timeline) = &converted.timeline {
        strict::text::<Timeline>(timeline, Syntax::Json)?;
    }
    Ok(converted)
}

/// Returns a title for the name of an entry: `orders-api-outage` becomes `Orders api outage`.
fn title(name: &str) -> String {
    let (id, slug) = super::id_and_slug(name);
    let words = if slug.is_empty() { id } else { slug };
    let words = words.replace(['-', '_'], " ");
    let mut chars = words.trim().chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => "Untitled".to_owned(),
    }
}

#[derive(Default)]
struct Draft {
    day: NaiveDate,
    /// Whether the date is only that of the entry's timestamp.
    approximate: bool,
    zone: Option<String>,
    incident: Map<String, Value>,
    times: Map<String, Value>,
    impact: Map<String, Value>,
    evidence: Vec<Value>,
    learnings: Vec<String>,
    actions: Vec<Value>,
    sections: Vec<Value>,
    events: Vec<Event>,
    /// The start, the end and their line.
    span: Option<(Written, Written, usize)>,
    notes: Vec<(usize, String)>,
}

impl Draft {
    fn import(&mut self, entry: &Entry) {
        // Import the impact first: it may state the date, which the timeline needs.
        if let Some(section) = entry.section("Impact") {
            self.impact(entry, section);
        }
        let mut seen = BTreeSet::new();
        for section in &entry.sections {
            match section.title.as_str() {
                // A repeated section is kept as a custom section.
                title if !seen.insert(title) => self.custom(entry, section),
                "Summary" => {
                    let text = entry.section_text(section);
                    self.prose("summary", text);
                }
                "Impact" => {}
                "Timeline" => self.timeline(entry, section),
                "Root Cause" => {
                    let text = entry.section_text(section);
                    if !text.is_empty() {
                        self.incident
                            .insert("root_cause".to_owned(), json!({ "primary": text }));
                    }
                }
                "Key Queries" => self.queries(entry, section),
                "Learnings" => {
                    let (items, unmapped) = items(entry, section);
                    self.learnings
                        .extend(items.into_iter().map(|(_, item)| item));
                    self.keep_unmapped(section, "lessons", &unmapped);
                }
                "Key Learning" => self.learnings.push(entry.section_text(section)),
                "Action Items" => self.actions(entry, section),
                // The pointer to the memory archive is not part of the incident.
                "Full Details" if entry.section_text(section).starts_with("See archive/") => {}
                _ => self.custom(entry, section),
            }
        }
        self.set_start_and_end();
    }

    /// Keeps a section without a matching key as a custom section.
    fn custom(&mut self, entry: &Entry, section: &Section) {
        let title = Some(section.title.as_str()).filter(|title| !title.is_empty());
        let title = title.unwrap_or("Notes");
        let note = format!("section `{title}` has no matching key; kept as a custom section");
        self.notes.push((section.line, note));
        let body = entry.section_text(section);
        self.sections.push(json!({ "title": title, "body": body }));
    }

    fn prose(&mut self, key: &str, text: String) {
        if !text.is_empty() {
            self.incident.insert(key.to_owned(), Value::from(text));
        }
    }

    /// Keeps lines without a matching key as a subsection of the report section `parent`.
    fn keep_unmapped(&mut self, section: &Section, parent: &str, lines: &[(usize, String)]) {
        let Some((line, _)) = lines.first() else {
            return;
        };
        let body: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
        self.notes.push((
            *line,
            format!(
                "section `{}` has content without a matching key; kept as a subsection",
                section.title
            ),
        ));
        let title = format!("{} (as typed)", section.title);
        self.sections
            .push(json!({ "section": parent, "title": title, "body": body.join("\n") }));
    }

    fn queries(&mut self, entry: &Entry, section: &Section) {
        let mut unmapped = Vec::new();
        for (line, row) in entry
            .lines(section)
            .filter(|(_, row)| !row.trim().is_empty())
        {
            match query::row(row) {
                query::Row::Head => {}
                query::Row::Query {
                    finding,
                    code,
                    link,
                } if Line::new(finding.as_str()).is_ok() => {
                    let mut evidence = Map::new();
                    evidence.insert("title".to_owned(), Value::from(finding.as_str()));
                    evidence.insert("finding".to_owned(), Value::from(finding));
                    evidence.insert("code".to_owned(), Value::from(code));
                    match link {
                        Some((_, url)) if Url::new(url.as_str()).is_err() => {
                            unmapped.push((line, row.to_owned()));
                        }
                        Some((source, url)) => {
                            if let Some(source) = source {
                                evidence.insert("source".to_owned(), Value::from(source));
                            }
                            evidence.insert("url".to_owned(), Value::from(url));
                        }
                        None => {}
                    }
                    self.evidence.push(Value::Object(evidence));
                }
                _ => unmapped.push((line, row.to_owned())),
            }
        }
        self.keep_unmapped(section, "technical", &unmapped);
    }

    fn actions(&mut self, entry: &Entry, section: &Section) {
        let (items, unmapped) = items(entry, section);
        for (_, item) in items {
            let item = item.replace('\n', " ");
            let after = |checkbox: &str| item.strip_prefix(checkbox).map(str::trim);
            let action = match (after("[x]").or_else(|| after("[X]")), after("[ ]")) {
                (Some(done), _) => json!({ "action": done, "status": "done" }),
                (None, open) => json!({ "action": open.unwrap_or(&item) }),
            };
            self.actions.push(action);
        }
        self.keep_unmapped(section, "lessons", &unmapped);
    }

    fn finish(mut self, entry: &Entry, id: &str) -> ConvertedEntry {
        let mut incident = Map::new();
        incident.insert("title".to_owned(), Value::from(title(entry.name)));
        incident.insert("status".to_owned(), Value::from("closed"));
        incident.insert("classification".to_owned(), Value::from("internal"));
        let tags = tags(entry);
        if !tags.is_empty() {
            incident.insert("tags".to_owned(), json!(tags));
        }
        if let Some(summary) = self.incident.remove("summary") {
            incident.insert("summary".to_owned(), summary);
        }
        let mut table = |key: &str, value: Map<String, Value>| {
            if !value.is_empty() {
                incident.insert(key.to_owned(), Value::Object(value));
            }
        };
        table("times", self.times);
        table("impact", self.impact);
        incident.append(&mut self.incident);
        if !self.learnings.is_empty() {
            incident.insert("lessons".to_owned(), json!({ "learnings": self.learnings }));
        }
        for (key, list) in [
            ("evidence", self.evidence),
            ("action_items", self.actions),
            ("sections", self.sections),
        ] {
            if !list.is_empty() {
                incident.insert(key.to_owned(), Value::Array(list));
            }
        }
        let zone = self.zone.filter(|zone| zone != "UTC");
        let has_times = incident.contains_key("times");
        let timeline = (!self.events.is_empty() || (has_times && zone.is_some())).then(|| {
            timeline::print(
                id,
                self.day,
                zone.as_deref(),
                self.approximate,
                &self.events,
            )
        });
        let body = toml::to_string_pretty(&incident).unwrap_or_default();
        ConvertedEntry {
            incident: format!("#:schema ../schema/incident.json\n\n{body}"),
            timeline,
            notes: self.notes,
        }
    }
}

/// Returns the tags of an entry.
#[must_use]
pub fn tags<'a>(entry: &Entry<'a>) -> Vec<&'a str> {
    let tags = entry.get("tags").unwrap_or_default().split(',');
    tags.map(str::trim).filter(|tag| !tag.is_empty()).collect()
}

/// Returns the key learning of a summarized entry.
#[must_use]
pub fn key_learning(entry: &Entry) -> Option<String> {
    let section = entry.section("Key Learning")?;
    Some(entry.section_text(section))
        .filter(|text| entry.form == EntryForm::Summarized && !text.is_empty())
}

/// Lines with their numbers.
type Numbered = Vec<(usize, String)>;

/// Returns the items of a list, including their continuation lines, and the lines outside of items.
fn items(entry: &Entry, section: &Section) -> (Numbered, Numbered) {
    let (mut items, mut others): (Numbered, Numbered) = (Vec::new(), Vec::new());
    for (line, row) in entry
        .lines(section)
        .filter(|(_, row)| !row.trim().is_empty())
    {
        let item = row.strip_prefix("- ").or_else(|| row.strip_prefix("* "));
        match (item, items.last_mut()) {
            (Some(item), _) => items.push((line, item.trim().to_owned())),
            (None, Some((_, item))) if row.starts_with([' ', '\t']) => {
                item.push('\n');
                item.push_str(row.strip_prefix("  ").unwrap_or(row));
            }
            _ => others.push((line, row.to_owned())),
        }
    }
    (items, others)
}
