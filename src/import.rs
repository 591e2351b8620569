//! A Markdown report in; the two files of an incident out, and what could not be placed.
//!
//! It reads what the templates of a report print, section by section, and keeps no
//! number that the product computes: marks take their place. Nothing is written here.
//! [`proof`] loads what was made as any other input and compares the report that it
//! gives with the one that was read, so what differs is told, never lost.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::{Map, Value};

use crate::config::Config;
use crate::diagnostic::Sources;
use crate::edit::timeline as file;
use crate::kind::{Block as Visible, Id};
use crate::load::{INCIDENTS, TIMELINES};
use crate::moment::Zone;
use crate::source::Source;

mod block;
mod cue;
mod draft;
mod entry_time;
mod headings;
mod layout;
mod marks;
mod moment;
mod numeric_date;
pub mod proof;
mod section;
mod toml;
mod vocabulary;
mod whole;
mod words;

pub use draft::Note;
pub use marks::Proposal;

use draft::Draft;

/// What an import is told.
#[derive(Debug, Clone, Default)]
pub struct Settings<'a> {
    /// The incident's id, where the report names none or another is wanted.
    pub id: Option<&'a str>,
    /// The day of times that have none, where the report does not say.
    pub day: Option<NaiveDate>,
    /// The zone of times, where the report does not say.
    pub zone: Option<Zone>,
    /// The files that the report links and the archive has, by their path in it.
    pub files: BTreeSet<String>,
    /// The ids of the archive's incidents.
    pub ids: BTreeSet<String>,
}

/// What was made of a report.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// The incident's id.
    pub id: String,
    /// The text of its file.
    pub incident: String,
    /// The text of its timeline, where it has events.
    pub timeline: Option<String>,
    /// Whether the report is laid out as ours are, so that it comes back line by line.
    pub own_layout: bool,
    /// Whether other incidents say something of this one.
    pub related: bool,
    /// The marks that were found, each with its reason.
    pub marks: Vec<Proposal>,
    /// What whoever imports should know.
    pub notes: Vec<Note>,
    /// What has no key, and was kept in a section of its own.
    pub left: Vec<Note>,
}

impl Imported {
    /// Lists the files that it makes, by their path in the archive.
    pub fn files(&self) -> impl Iterator<Item = (String, &str)> {
        let timeline = self.timeline.as_deref();
        let timeline = timeline.map(|text| (format!("{TIMELINES}/{}.json", self.id), text));
        let incident = (
            format!("{INCIDENTS}/{}.toml", self.id),
            self.incident.as_str(),
        );
        timeline.into_iter().chain([incident])
    }

    /// Gives its files as texts that diagnostics point into.
    #[must_use]
    pub fn sources(&self) -> Sources {
        self.files()
            .map(|(path, text)| Source::new(path, text))
            .collect()
    }
}

/// Why a text is no report that can be imported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ImportError {
    /// The line that it is about, from 1.
    pub line: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// The heading under which is kept what has no key.
const NOT_PLACED: &str = "Not Placed by the Import";

/// Lists the files that a report links, by their path in the archive.
#[must_use]
pub fn linked_files(text: &str) -> BTreeSet<String> {
    let targets = text
        .split("](../")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    targets
        .map(|(target, _)| words::unescaped(target))
        .collect()
}

/// Reads a report.
///
/// # Errors
/// The text is no report, or lacks what nothing can be made without.
pub fn report(
    source: &Source,
    config: &Config,
    settings: &Settings,
) -> Result<Imported, ImportError> {
    let mut draft = Draft {
        files: settings.files.clone(),
        ids: settings.ids.clone(),
        ..Draft::default()
    };
    draft.severities = config
        .severities()
        .into_iter()
        .map(|severity| (severity.key, severity.label))
        .collect();
    let text = visible(source.text(), &mut draft);
    let text = numeric_date::in_full(text, settings.day, &mut draft);
    if let Some((line, what)) = whole::cut_off(&text) {
        return Err(ImportError {
            line: Some(line),
            message: format!("this {what} does not end; is the file cut off?"),
            help: "end it, or take the whole file",
        });
    }
    let blocks = block::blocks(&text);
    let layout = layout::Layout::detect(&text, &blocks, source.path(), settings)?;
    draft.id = layout.id.clone();
    draft.times = layout.times(config, settings);
    layout.read(config, &mut draft);
    if let Some(line) = draft.without_day {
        return Err(ImportError {
            line: Some(line),
            message: "this time has no day, and nothing in the report says which it was".to_owned(),
            help: "say which with `--date 2025-01-14`",
        });
    }
    let marks = marks::find(&mut draft);
    if draft.get("title").is_none() {
        draft.set("title", layout.title);
    }
    let site = config.site.timezone.unwrap_or_default();
    if draft.times.zone != site {
        draft.set("timezone", draft.times.zone.to_string());
    }
    let own_layout = layout.own;
    Ok(Imported {
        own_layout,
        ..finish(draft, marks)
    })
}

/// Takes out characters that nobody sees, which no input of an archive may have.
fn visible(text: &str, draft: &mut Draft) -> String {
    let text = text.replace('\r', "\n");
    let hidden = |c: char| !(' '..='~').contains(&c) && Visible::new(String::from(c)).is_err();
    if !text.contains(hidden) {
        return text;
    }
    for (at, line) in text.lines().enumerate() {
        if let Some(c) = line.chars().find(|c| hidden(*c)) {
            draft.note(
                at + 1,
                format!("took out the invisible character U+{:04X}", u32::from(c)),
            );
        }
    }
    text.replace(hidden, "")
}

/// The order of the keys at the top of an incident's file.
const ORDER: &[&str] = &[
    "title",
    "kind",
    "severity",
    "status",
    "classification",
    "timezone",
    "summary",
    "environment",
    "services",
    "teams",
    "tags",
];

fn finish(mut draft: Draft, marks: Vec<Proposal>) -> Imported {
    let left = keep_left(&mut draft);
    for (key, value) in &mut draft.incident {
        draft::collapse_lines(value, key, "");
    }
    let mut incident = Map::new();
    for key in ORDER {
        if let Some(value) = draft.incident.shift_remove(*key) {
            incident.insert((*key).to_owned(), value);
        }
    }
    incident.extend(std::mem::take(&mut draft.incident));
    draft.notes.sort_by_key(|note| note.line);
    Imported {
        timeline: timeline(&draft),
        incident: toml::print(&incident),
        own_layout: false,
        related: draft.related,
        id: draft.id,
        marks,
        notes: draft.notes,
        left,
    }
}

/// Keeps what has no key in a section of its own, by the sections that it came from.
fn keep_left(draft: &mut Draft) -> Vec<Note> {
    let mut left = std::mem::take(&mut draft.left);
    left.sort_by_key(|left| left.line);
    let mut body = String::new();
    let mut section = String::new();
    for left in &left {
        if left.section != section {
            section.clone_from(&left.section);
            body.push_str(&format!("### {section}\n\n"));
        }
        body.push_str(&left.text);
        body.push_str("\n\n");
    }
    if !body.is_empty() {
        section::push_section(draft, None, NOT_PLACED, &body);
    }
    let note = |left: draft::Unmapped| {
        let first = left.text.lines().next().unwrap_or_default();
        Note {
            line: Some(left.line).filter(|line| *line > 0),
            text: format!("{}: {first}", left.section),
        }
    };
    left.into_iter().map(note).collect()
}

fn timeline(draft: &Draft) -> Option<String> {
    let day = draft.times.day.filter(|_| !draft.events.is_empty())?;
    let events: Vec<String> = draft
        .events
        .iter()
        .map(|entry| event(entry, draft))
        .collect();
    let zone = (draft.times.zone != Zone::default()).then(|| draft.times.zone.to_string());
    Some(file::printed(
        &draft.id,
        &day.to_string(),
        zone.as_deref(),
        &events,
    ))
}

fn event(entry: &draft::Entry, draft: &Draft) -> String {
    let mut event = Map::new();
    let mut add = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            event.insert(key.to_owned(), value);
        }
    };
    let text = |text: &Option<String>| text.as_deref().map(Value::from);
    add("at", Some(draft.times.local(&entry.began).into()));
    add(
        "until",
        entry.ended.map(|ended| draft.times.local(&ended).into()),
    );
    add("id", text(&entry.id));
    add(
        "kind",
        (entry.sign.kind != "note").then(|| entry.sign.kind.into()),
    );
    add(
        "marks",
        (!entry.marks.is_empty()).then(|| entry.marks.clone().into()),
    );
    add("automated", entry.sign.automated.then(|| true.into()));
    add("actor", text(&entry.actor));
    add("text", Some(entry.text.as_str().into()));
    add("body", text(&entry.body));
    add("url", text(&entry.url));
    let links: Vec<Value> = entry
        .links
        .iter()
        .map(|(title, url)| serde_json::json!({ "title": title, "url": url }))
        .collect();
    add("links", (!links.is_empty()).then(|| links.into()));
    file::one_line(&event)
}

/// Says whether some words are an id.
fn is_id(words: &str) -> bool {
    Id::new(words).is_ok()
}
