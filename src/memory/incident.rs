//! An entry of the memory in; the incident and the timeline that it tells of out.
//!
//! What has no key of its own is kept as typed, in a section of its own, and noted; nothing is
//! guessed but the day, which entries do not have: one that is not told is the stamp's, and
//! every time on it is marked as rough.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::{Map, Value, json};

use super::EntryForm;
use super::read::{Entry, Section};
use crate::incident::Incident;
use crate::kind::{Id, Line, Url};
use crate::load::strict;
use crate::moment::{Written, parse_day};
use crate::timeline::Timeline;

mod impact;
mod query;
mod timeline;

use timeline::Event;
pub(super) use timeline::read_on;

/// What was made of an entry.
#[derive(Debug, Clone)]
pub struct Made {
    /// The text of the incident's file.
    pub incident: String,
    /// The text of its timeline, where it has events.
    pub timeline: Option<String>,
    /// What whoever imports should know, each with its line.
    pub notes: Vec<(usize, String)>,
}

/// Gives an incident's id for the name of an entry, with a dash for what no id may have.
///
/// # Errors
/// Says why nothing of the name can be one.
pub fn id(name: &str) -> Result<Id, String> {
    let (id, _) = super::id_and_slug(name);
    let slugify = |c: char| {
        if c.is_ascii_alphanumeric() { c } else { '-' }
    };
    let id: String = id.chars().map(slugify).take(60).collect();
    Id::new(id.trim_matches('-'))
}

/// Makes an incident of an entry, or of the full text of one that is shortened.
///
/// `day` is the incident's, where it is known.
///
/// # Errors
/// Says why an incident cannot hold what the entry tells.
pub fn from_entry(entry: &Entry, id: &str, day: Option<NaiveDate>) -> Result<Made, String> {
    let stamped = entry.stamp.get(..10).unwrap_or_default();
    let mut draft = Draft {
        day: day.map_or_else(|| parse_day(stamped), Ok)?,
        rough: day.is_none(),
        ..Draft::default()
    };
    draft.read(entry);
    let made = draft.made(entry, id);
    // What is made is proved here, before a file of it is.
    strict::toml::<Incident>(&made.incident).map_err(|error| last_line(&error.to_string()))?;
    if let Some(timeline) = &made.timeline {
        strict::json::<Timeline>(timeline).map_err(|error| error.to_string())?;
    }
    Ok(made)
}

/// Makes the name of a text as it is shown where nothing else is known: `orders-api-outage` is `Orders api outage`.
fn title(name: &str) -> String {
    let (id, slug) = super::id_and_slug(name);
    let words = if slug.is_empty() { id } else { slug };
    let words = words.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Untitled".to_owned(),
    }
}

fn last_line(text: &str) -> String {
    text.lines().last().unwrap_or_default().to_owned()
}

#[derive(Default)]
struct Draft {
    day: NaiveDate,
    /// Whether the day is only that of the stamp.
    rough: bool,
    zone: Option<String>,
    incident: Map<String, Value>,
    times: Map<String, Value>,
    impact: Map<String, Value>,
    evidence: Vec<Value>,
    learnings: Vec<String>,
    actions: Vec<Value>,
    sections: Vec<Value>,
    events: Vec<Event>,
    /// When it started and ended, and on which line that stands.
    span: Option<(Written, Written, usize)>,
    notes: Vec<(usize, String)>,
}

impl Draft {
    fn read(&mut self, entry: &Entry) {
        // The one section that may tell the day, which the others count on.
        if let Some(section) = entry.section("Impact") {
            self.impact(entry, section);
        }
        let mut seen = BTreeSet::new();
        for section in &entry.sections {
            match section.title.as_str() {
                // What is said twice is not lost: the second has no key.
                title if !seen.insert(title) => self.own(entry, section),
                "Summary" => {
                    let words = entry.words(section);
                    self.prose("summary", words);
                }
                "Impact" => {}
                "Timeline" => self.timeline(entry, section),
                "Root Cause" => {
                    let words = entry.words(section);
                    if !words.is_empty() {
                        self.incident
                            .insert("root_cause".to_owned(), json!({ "primary": words }));
                    }
                }
                "Key Queries" => self.queries(entry, section),
                "Learnings" => {
                    let (items, left) = items(entry, section);
                    self.learnings
                        .extend(items.into_iter().map(|(_, item)| item));
                    self.left(section, "lessons", &left);
                }
                "Key Learning" => self.learnings.push(entry.words(section)),
                "Action Items" => self.actions(entry, section),
                // A pointer to the archive, not something that happened.
                "Full Details" if entry.words(section).starts_with("See archive/") => {}
                _ => self.own(entry, section),
            }
        }
        self.span();
    }

    /// Keeps what has no key in a section of its own.
    fn own(&mut self, entry: &Entry, section: &Section) {
        let title = Some(section.title.as_str()).filter(|title| !title.is_empty());
        let title = title.unwrap_or("Notes");
        let note = format!("`{title}` has no key, and is kept in a section of its own");
        self.notes.push((section.line, note));
        let body = entry.words(section);
        self.sections.push(json!({ "title": title, "body": body }));
    }

    fn prose(&mut self, key: &str, words: String) {
        if !words.is_empty() {
            self.incident.insert(key.to_owned(), Value::from(words));
        }
    }

    /// Keeps lines that have no key in a subsection of the report.
    fn left(&mut self, section: &Section, of: &str, lines: &[(usize, String)]) {
        let Some((line, _)) = lines.first() else {
            return;
        };
        let body: Vec<&str> = lines.iter().map(|(_, line)| line.as_str()).collect();
        self.notes.push((
            *line,
            format!(
                "`{}` has words without a key, and they are kept in a subsection",
                section.title
            ),
        ));
        let title = format!("{} (as typed)", section.title);
        self.sections
            .push(json!({ "section": of, "title": title, "body": body.join("\n") }));
    }

    fn queries(&mut self, entry: &Entry, section: &Section) {
        let mut left = Vec::new();
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
                            left.push((line, row.to_owned()));
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
                _ => left.push((line, row.to_owned())),
            }
        }
        self.left(section, "technical", &left);
    }

    fn actions(&mut self, entry: &Entry, section: &Section) {
        let (items, left) = items(entry, section);
        for (_, item) in items {
            let item = item.replace('\n', " ");
            let boxed = |mark: &str| item.strip_prefix(mark).map(str::trim);
            let action = match (boxed("[x]").or_else(|| boxed("[X]")), boxed("[ ]")) {
                (Some(done), _) => json!({ "action": done, "status": "done" }),
                (None, open) => json!({ "action": open.unwrap_or(&item) }),
            };
            self.actions.push(action);
        }
        self.left(section, "lessons", &left);
    }

    fn made(mut self, entry: &Entry, id: &str) -> Made {
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
        let timeline = (!self.events.is_empty() || (has_times && zone.is_some()))
            .then(|| timeline::print(id, self.day, zone.as_deref(), self.rough, &self.events));
        let stated = toml::to_string_pretty(&incident).unwrap_or_default();
        Made {
            incident: format!("#:schema ../schema/incident.json\n\n{stated}"),
            timeline,
            notes: self.notes,
        }
    }
}

/// Gives the tags of an entry.
#[must_use]
pub fn tags<'a>(entry: &Entry<'a>) -> Vec<&'a str> {
    let tags = entry.get("tags").unwrap_or_default().split(',');
    tags.map(str::trim).filter(|tag| !tag.is_empty()).collect()
}

/// Gives the learning that a summarized entry keeps.
#[must_use]
pub fn key_learning(entry: &Entry) -> Option<String> {
    let section = entry.section("Key Learning")?;
    Some(entry.words(section))
        .filter(|words| entry.form == EntryForm::Summarized && !words.is_empty())
}

/// Lines with their numbers.
type Numbered = Vec<(usize, String)>;

/// Gives the entries of a list with their further lines, and the lines that are in none.
fn items(entry: &Entry, section: &Section) -> (Numbered, Numbered) {
    let (mut items, mut left): (Numbered, Numbered) = (Vec::new(), Vec::new());
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
            _ => left.push((line, row.to_owned())),
        }
    }
    (items, left)
}
