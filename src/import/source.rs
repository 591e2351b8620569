//! Reads the exports of other systems into drafts of timeline events.
//!
//! The content of a file is recognized by its shape, never by its name: each value is offered to
//! all [`IMPORTERS`], then the elements of a list, then the lists in the usual envelopes of APIs
//! and webhooks. What no importer recognizes is returned, so that the command can reject it.
//! Nothing is read from disk here, and no input makes it panic. [`merge`] adds the drafts to a timeline.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::config::ImportSettings;
use crate::incident::{HealingAction, Stage};
use crate::moment::{Moment, Zone};
use crate::timeline::{EventKind, Mark};

mod alertmanager;
mod argocd;
mod clean;
mod datadog;
mod firehydrant;
mod github;
mod gitlab;
mod google_cloud;
mod grafana;
mod honeycomb;
mod incident_io;
mod item;
mod jira;
mod kubernetes;
pub mod merge;
mod new_relic;
mod opsgenie;
mod pagerduty;
pub mod payload;
mod rootly;
mod self_healing;
mod sentry;
mod slack;
mod squadcast;
mod statuspage;
mod table;
mod time;
mod victorops;

pub use item::Item;

/// A system whose exports can be imported.
#[derive(Debug)]
pub struct Importer {
    /// The system's name, as the events' `source`.
    pub name: &'static str,
    /// The start of the events' IDs, before the system's own ID.
    pub prefix: &'static str,
    /// What identifies its exports, for the message about a file that nothing recognizes.
    pub shape: &'static str,
    /// Returns `true` for a value that [`Importer::read`] understands.
    pub recognizes: fn(Item) -> bool,
    /// Adds the events of a value.
    pub read: fn(Item, &mut Reading),
    /// Combines the events that the system records several times.
    pub collapse: fn(Vec<Draft>) -> Vec<Draft>,
}

/// All importers, in the order in which they are asked.
pub const IMPORTERS: &[Importer] = &[
    grafana::WEBHOOK,
    alertmanager::IMPORTER,
    grafana::IMPORTER,
    pagerduty::IMPORTER,
    statuspage::IMPORTER,
    statuspage::SLACK_STATUS,
    google_cloud::IMPORTER,
    opsgenie::IMPORTER,
    github::IMPORTER,
    gitlab::IMPORTER,
    argocd::IMPORTER,
    kubernetes::IMPORTER,
    jira::IMPORTER,
    sentry::IMPORTER,
    incident_io::IMPORTER,
    firehydrant::IMPORTER,
    rootly::IMPORTER,
    datadog::IMPORTER,
    victorops::IMPORTER,
    squadcast::IMPORTER,
    honeycomb::IMPORTER,
    new_relic::IMPORTER,
    self_healing::IMPORTER,
    slack::IMPORTER,
];

/// The importer of tables, which are recognized by their columns.
pub const TABLE: &Importer = &table::IMPORTER;

/// The keys under which APIs and webhooks wrap what an importer recognizes.
const ENVELOPES: &[&str] = &[
    "data",
    "payload",
    "body",
    "result",
    "results",
    "items",
    "values",
    "nodes",
    "node",
    "edges",
    "entries",
    "escalation",
    "escalations",
    "messages",
    "event",
    "events",
    "alert",
    "alerts",
    "incident",
    "incidents",
    "issue",
    "issues",
    "activityItem",
    "activityItems",
    "active_incidents",
    "annotations",
    "deployments",
    "deployment_statuses",
    "incident_updates",
    "incidentManagementTimelineEvents",
    "log_entries",
    "log_entry",
    "notes",
    "project",
    "releases",
    "timelines",
    "workflow_runs",
];

/// The number of envelopes inside each other that are opened.
const MOST_ENVELOPES: usize = 8;

/// The number of events in all files of an import, before any is left out.
pub const MOST_EVENTS: usize = 200_000;

/// A file of an export.
#[derive(Debug, Clone)]
pub struct ExportFile {
    /// The path, as the user gave it or as it is in a folder or an archive.
    pub path: String,
    /// The content.
    pub text: String,
}

/// The options of an import.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The `[import]` settings of the archive.
    pub config: ImportSettings,
    /// The time zone of times without a UTC offset.
    pub zone: Option<Zone>,
    /// The time of events whose system states none.
    pub at: Option<Moment>,
    /// The Slack channels to read; all if empty.
    pub channels: Vec<String>,
}

/// An event as its system recorded it, not yet cleaned.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The system's own ID.
    pub id: String,
    /// Other IDs under which an earlier import may have added the same event.
    pub also: Vec<String>,
    /// Which of several versions of the event this is; the greatest is the last.
    pub version: String,
    /// The time.
    pub at: Moment,
    /// The end time, if the event lasted.
    pub until: Option<Moment>,
    /// The type of event.
    pub kind: EventKind,
    /// The description, in one or more lines.
    pub text: Markup,
    /// The name of the person or system that acted, then the handles of that person.
    pub actor: Vec<String>,
    /// Whether a system acted without a person.
    pub automated: bool,
    /// Where the event can be seen.
    pub url: Option<String>,
    /// More links: title and URL.
    pub links: Vec<(String, String)>,
    /// Whether anyone can read the event already.
    pub is_public: bool,
    /// The milestones that the system states.
    pub stated: Vec<Mark>,
    /// The milestones that the event probably marks, each with the reason.
    pub candidates: Vec<(Mark, &'static str)>,
    /// Why the event is left out by default.
    pub left_out: Option<&'static str>,
    /// The incident, alert or channel that the event belongs to in its system.
    pub group: Option<String>,
    /// What else the export says, for the incident's file.
    pub extra: Option<Extra>,
}

/// A text in the markup of its system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Markup {
    /// Plain text with `` `code` ``.
    Plain(String),
    /// HTML, or plain text with HTML in it.
    Html(String),
    /// Markdown.
    Markdown(String),
}

/// What an export says about the incident besides its events.
#[derive(Debug, Clone, PartialEq)]
pub enum Extra {
    /// A message that the public has read.
    Message {
        /// The stage that it announces.
        stage: Stage,
        /// The text.
        body: Markup,
    },
    /// A finished deployment.
    Deployment {
        /// The version.
        version: String,
        /// How it was deployed.
        method: &'static str,
    },
    /// An action of automation.
    Action {
        /// The action.
        action: Box<HealingAction>,
        /// The path of the file that records its run.
        path: String,
    },
}

impl Draft {
    /// Creates the draft of an event.
    fn new(id: impl Into<String>, at: Moment, kind: EventKind, text: Markup) -> Self {
        Self {
            id: id.into(),
            also: Vec::new(),
            version: String::new(),
            at,
            until: None,
            kind,
            text,
            actor: Vec::new(),
            automated: false,
            url: None,
            links: Vec::new(),
            is_public: false,
            stated: Vec::new(),
            candidates: Vec::new(),
            left_out: None,
            group: None,
            extra: None,
        }
    }

    /// Sets the actor: the name, then handles. Missing ones are skipped.
    fn by<'a>(mut self, names: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let names = names.into_iter().flatten().filter(|name| !name.is_empty());
        self.actor = names.map(str::to_owned).collect();
        self
    }

    /// Sets the system that acted without a person.
    fn by_system(mut self, name: &str) -> Self {
        self.actor = vec![name.to_owned()];
        self.automated = true;
        self
    }

    fn at_url(mut self, url: Option<&str>) -> Self {
        self.url = url.map(str::to_owned);
        self
    }

    fn in_group(mut self, group: Option<String>) -> Self {
        self.group = group;
        self
    }

    fn marking(mut self, mark: Mark, reason: &'static str) -> Self {
        self.candidates.push((mark, reason));
        self
    }

    fn left_out_if(mut self, is_left_out: bool, reason: &'static str) -> Self {
        if is_left_out {
            self.left_out = Some(reason);
        }
        self
    }

    fn with(mut self, extra: Option<Extra>) -> Self {
        self.extra = extra;
        self
    }
}

/// The event of an export that has no time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The importer.
    pub importer: &'static str,
    /// The reason.
    pub reason: &'static str,
    /// What it says.
    pub text: String,
}

/// The events of one importer.
#[derive(Debug)]
pub struct Found {
    /// The importer.
    pub importer: &'static Importer,
    /// The events, in the order of their times; equal times in the order in which they happened.
    pub drafts: Vec<Draft>,
    /// The number of events in the exports.
    pub count: usize,
}

/// A file, or a part of one, that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The path of the file.
    pub path: String,
    /// The reason.
    pub reason: String,
    /// Whether nothing of the file can be imported.
    pub is_whole: bool,
}

/// The result of reading exports.
#[derive(Debug, Default)]
pub struct Exports {
    /// The events, by importer.
    pub found: Vec<Found>,
    /// The events without a time.
    pub unplaced: Vec<Unplaced>,
    /// The files, or parts of them, that nothing recognizes.
    pub rejected: Vec<Rejected>,
    /// What the user should know.
    pub notes: Vec<String>,
}

impl Exports {
    fn reject(&mut self, file: &ExportFile, reason: String, is_whole: bool) {
        self.rejected.push(Rejected {
            path: file.path.clone(),
            reason,
            is_whole,
        });
    }
}

/// What the importers share while files are read.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The options.
    pub settings: &'a Settings,
    /// The path of the file.
    path: &'a str,
    /// The people and channels of Slack exports.
    directory: &'a slack::Directory,
    importer: &'static Importer,
    /// What every event that is added next belongs to.
    group: Option<String>,
    drafts: Vec<Draft>,
    /// Why the last time could not be read.
    reason: &'static str,
    unplaced: Vec<Unplaced>,
    notes: Vec<String>,
}

impl Reading<'_> {
    /// Returns the first of several times that is set.
    fn time(&mut self, item: Item, paths: &[&str]) -> Option<Moment> {
        self.reason = "no time";
        for path in paths {
            let Some(value) = item.get(path) else {
                continue;
            };
            match time::moment(value.0, self.settings.zone) {
                Ok(at) => return Some(at),
                Err(reason) => self.reason = reason,
            }
        }
        None
    }

    /// Adds an event, or records why it has no place in the timeline.
    fn add(
        &mut self,
        at: Option<Moment>,
        text: Markup,
        draft: impl FnOnce(Moment, Markup) -> Draft,
    ) {
        match at {
            Some(at) => {
                let mut draft = draft(at, text);
                if draft.group.is_none() {
                    draft.group = self.group.clone();
                }
                self.drafts.push(draft);
            }
            None => self.unplaced.push(Unplaced {
                importer: self.importer.name,
                reason: self.reason,
                text: clean::one_line(text),
            }),
        }
    }

    fn note(&mut self, text: String) {
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }
}

/// Reads the files of exports.
#[must_use]
pub fn read(files: &[ExportFile], settings: &Settings) -> Exports {
    let mut exports = Exports::default();
    let mut parsed: Vec<(&ExportFile, Content)> = Vec::new();
    for file in files {
        match parse(&file.text) {
            Ok(content) => parsed.push((file, content)),
            Err(reason) => exports.reject(file, reason, true),
        }
    }
    let mut directory = slack::Directory::default();
    for (file, content) in &parsed {
        if let Content::Json(values) = content {
            for value in values {
                directory.learn(&file.path, Item(value));
            }
        }
    }
    let mut drafts: BTreeMap<usize, Vec<Vec<Draft>>> = BTreeMap::new();
    let mut total = 0;
    for (file, content) in &parsed {
        let mut reader = FileReader {
            settings,
            path: &file.path,
            directory: &directory,
            drafts: BTreeMap::new(),
            exports: &mut exports,
            unknown: 0,
        };
        reader.content(content);
        let (unknown, by_importer) = (reader.unknown, reader.drafts);
        let count: usize = by_importer.values().map(Vec::len).sum();
        total += count;
        if total > MOST_EVENTS {
            let reason = format!("the import has more than {MOST_EVENTS} events; pass fewer files");
            exports.reject(file, reason, true);
            break;
        }
        if unknown > 0 && !directory.is_known(&file.path) {
            let reason = match content {
                Content::Table(rows) => table::missing(rows, &settings.config.csv),
                Content::Empty => Some("the file is empty".to_owned()),
                Content::Json(values) if count == 0 => values.iter().find_map(error_answer),
                Content::Json(_) => None,
            };
            let reason = reason.unwrap_or_else(|| unrecognized(unknown, count));
            exports.reject(file, reason, count == 0);
        }
        for (importer, found) in by_importer {
            drafts.entry(importer).or_default().push(in_order(found));
        }
    }
    for (index, files) in drafts {
        let importer = IMPORTERS.get(index).unwrap_or(TABLE);
        let mut all: Vec<Draft> = files.into_iter().flatten().collect();
        let count = all.len();
        all.sort_by_key(|draft| draft.at.order());
        exports.found.push(Found {
            importer,
            drafts: (importer.collapse)(all),
            count,
        });
    }
    if total == 0
        && exports.unplaced.is_empty()
        && exports.rejected.is_empty()
        && exports.notes.is_empty()
    {
        for file in files {
            exports.reject(file, "it has no events".to_owned(), true);
        }
    }
    exports
}

/// Describes the answer of an API that says why it gives no data; `None` for any other value.
fn error_answer(value: &Value) -> Option<String> {
    let item = Item(value);
    let failed = item.word("ok").is_some_and(|ok| ok == "false");
    let error = item.first(&["error.message", "error", "error_description"]);
    let error = error.or_else(|| item.text("message").filter(|_| failed));
    let first = || item.list("errors").next();
    let error = error.or_else(|| first()?.text("message"));
    let error = error.or_else(|| first()?.0.as_str())?;
    Some(format!(
        "an error answer of an API, not an export: {}",
        clean::one_line(Markup::Plain(error.to_owned()))
    ))
}

/// Describes what was looked for in values that nothing recognizes.
fn unrecognized(unknown: usize, known: usize) -> String {
    let shapes: Vec<String> = IMPORTERS
        .iter()
        .chain([TABLE])
        .map(|importer| format!("\n    {}: {}", importer.name, importer.shape))
        .collect();
    let what = match (unknown, known) {
        (1, 0) => "not an export of a known system".to_owned(),
        (count, 0) => format!("none of its {count} parts is an export of a known system"),
        (1, _) => "one part is not an export of a known system".to_owned(),
        (count, _) => format!("{count} parts are not exports of a known system"),
    };
    format!("{what}; looked for{}", shapes.concat())
}

/// Returns the events of a file with the first one first, also at equal times.
fn in_order(mut drafts: Vec<Draft>) -> Vec<Draft> {
    let ends = drafts.first().zip(drafts.last());
    if ends.is_some_and(|(first, last)| first.at.order() > last.at.order()) {
        // Several events share a second, and the list is the newest first.
        drafts.reverse();
    }
    drafts
}

/// The content of a file.
#[derive(Debug)]
enum Content {
    /// JSON values: one, or one in each line.
    Json(Vec<Value>),
    /// A table with a header.
    Table(Vec<Value>),
    /// A file that nothing can be read from.
    Empty,
}

/// Parses a file: JSON, a JSON value in each line, or a table.
fn parse(text: &str) -> Result<Content, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        return Ok(Content::Empty);
    }
    if !text.trim_start().starts_with(['{', '[']) {
        return table::parse(text).map(Content::Table);
    }
    let whole = match serde_json::from_str(text) {
        Ok(value) => return Ok(Content::Json(vec![value])),
        Err(error) => error,
    };
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let values: Result<Vec<Value>, _> = lines.map(serde_json::from_str).collect();
    match values {
        Ok(values) => Ok(Content::Json(values)),
        Err(_) => Err(format!("invalid JSON: {whole}")),
    }
}

/// Reads one file.
struct FileReader<'a> {
    settings: &'a Settings,
    path: &'a str,
    directory: &'a slack::Directory,
    /// The events, by the index of their importer.
    drafts: BTreeMap<usize, Vec<Draft>>,
    exports: &'a mut Exports,
    /// The number of values that nothing recognizes.
    unknown: usize,
}

impl FileReader<'_> {
    fn content(&mut self, content: &Content) {
        match content {
            Content::Empty => self.unknown += 1,
            Content::Json(values) => {
                let are_rows = values.len() > 1;
                for value in values {
                    let known = self.value(Item(value), MOST_ENVELOPES)
                        || (are_rows && self.try_row(Item(value)));
                    self.unknown += usize::from(!known);
                }
            }
            Content::Table(rows) => {
                for row in rows {
                    if !self.try_row(Item(row)) {
                        self.unknown += 1;
                    }
                }
            }
        }
    }

    /// Reads a row of a table; returns `false` unless it has the columns of an event.
    fn try_row(&mut self, row: Item) -> bool {
        let is_event = table::is_row(row, &self.settings.config.csv);
        if is_event {
            self.read(IMPORTERS.len(), TABLE, row);
        }
        is_event
    }

    /// Reads a value, or what its envelope contains; returns `false` if nothing recognizes it.
    fn value(&mut self, item: Item, depth: usize) -> bool {
        let index = IMPORTERS
            .iter()
            .position(|importer| (importer.recognizes)(item));
        if let Some((index, importer)) =
            index.and_then(|index| Some((index, IMPORTERS.get(index)?)))
        {
            self.read(index, importer, item);
            return true;
        }
        if depth == 0 {
            return false;
        }
        match item.0 {
            Value::Array(list) => {
                let mut known = list.is_empty();
                for element in list {
                    if self.value(Item(element), depth - 1) {
                        known = true;
                    } else if !self.directory.is_known(self.path) {
                        self.unknown += 1;
                    }
                }
                // The elements that nothing recognizes have been counted.
                known || !list.is_empty()
            }
            Value::Object(_) => {
                let mut known = false;
                let wrapped: Vec<Item> = ENVELOPES.iter().filter_map(|key| item.get(key)).collect();
                for inner in wrapped {
                    if inner.0.is_object() || inner.0.is_array() {
                        known |= self.value(inner, depth - 1);
                    }
                }
                known
            }
            _ => false,
        }
    }

    fn read(&mut self, index: usize, importer: &'static Importer, item: Item) {
        let mut reading = Reading {
            settings: self.settings,
            path: self.path,
            directory: self.directory,
            importer,
            group: None,
            drafts: std::mem::take(self.drafts.entry(index).or_default()),
            reason: "no time",
            unplaced: std::mem::take(&mut self.exports.unplaced),
            notes: std::mem::take(&mut self.exports.notes),
        };
        (importer.read)(item, &mut reading);
        self.exports.unplaced = reading.unplaced;
        self.exports.notes = reading.notes;
        self.drafts.insert(index, reading.drafts);
    }
}

/// Combines nothing.
fn all(drafts: Vec<Draft>) -> Vec<Draft> {
    drafts
}

/// Combines the text of a label and a value: `label: value`, or the label.
fn labelled(label: &str, value: Option<&str>) -> String {
    match value.map(str::trim).filter(|value| !value.is_empty()) {
        Some(value) => format!("{label}: {value}"),
        None => label.to_owned(),
    }
}
