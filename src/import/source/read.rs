//! Reads the files of exports: each value by the importer that recognizes it, also within envelopes.

use std::collections::BTreeMap;

use serde_json::Value;

use super::merge::{OTHER_CHANNEL, REPLACED};
use super::pages::Pages;
use super::{
    Draft, ExportFile, Exports, Found, IMPORTERS, Importer, Item, MOST_EVENTS, Markup, Reading,
    Settings, TABLE, clean, github, slack, table,
};

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
    let mut directory = slack::Directory::new(&settings.config.people);
    let mut deployments = github::Deployments::default();
    for (file, content) in &parsed {
        if let Content::Json(values) = content {
            for value in values {
                directory.learn(&file.path, Item(value));
                deployments.learn(Item(value), MOST_ENVELOPES);
            }
        }
    }
    let mut drafts: BTreeMap<usize, Vec<Vec<Draft>>> = BTreeMap::new();
    let mut total = 0;
    let mut pages = Pages::default();
    for (file, content) in &parsed {
        let mut reader = FileReader {
            settings,
            pages: &mut pages,
            path: &file.path,
            directory: &directory,
            deployments: &deployments,
            drafts: BTreeMap::new(),
            exports: &mut exports,
            unknown: 0,
            first_unknown: None,
        };
        reader.content(content);
        let (unknown, first) = (reader.unknown, reader.first_unknown);
        let by_importer = reader.drafts;
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
                Content::Json(values) if count == 0 => match values.as_slice() {
                    [value] => error_answer(value),
                    values => table::missing(values, &settings.config.csv),
                },
                Content::Json(_) => None,
            };
            let reason = reason.unwrap_or_else(|| unrecognized(unknown, count, first));
            exports.reject(file, reason, count == 0);
        }
        for (importer, found) in by_importer {
            drafts.entry(importer).or_default().push(in_order(found));
        }
    }
    exports.notes.extend(pages.notes());
    for (index, files) in drafts {
        let importer = IMPORTERS.get(index).unwrap_or(TABLE);
        let mut all: Vec<Draft> = files.into_iter().flatten().collect();
        let count = all.len();
        all.sort_by_key(|draft| draft.at.order());
        leave_out_old_versions(importer, &mut all);
        exports.notes.extend(slack::unnamed(importer, &all));
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

/// Leaves out the versions of events that were edited or deleted later.
///
/// A version without a group may be of any: an answer of Slack's API does not name its channel.
fn leave_out_old_versions(importer: &Importer, drafts: &mut [Draft]) {
    let key = |draft: &Draft| {
        let at = importer.repeats_ids.then_some(draft.at.at);
        (draft.id.clone(), at)
    };
    let mut last: BTreeMap<_, BTreeMap<Option<String>, _>> = BTreeMap::new();
    for draft in drafts.iter().filter(|draft| draft.version.is_some()) {
        let groups = last.entry(key(draft)).or_default();
        let version = groups.entry(draft.group.clone()).or_insert(draft.version);
        *version = draft.version.max(*version);
    }
    for draft in drafts {
        let is_old = last.get(&key(draft)).is_some_and(|groups| {
            let same = groups.iter().filter(|(group, _)| {
                **group == draft.group || group.is_none() || draft.group.is_none()
            });
            let last = same.map(|(_, version)| *version).max();
            last.is_some_and(|last| draft.version < last)
        });
        if is_old && draft.left_out != Some(OTHER_CHANNEL) {
            draft.left_out = Some(REPLACED);
        }
    }
}

/// The keys under which APIs say why they give no data.
const ERRORS: &[&str] = &[
    "error.message",
    "error_description",
    "error",
    "message",
    "detail",
    "title",
    "reason",
];

/// Describes the answer of an API that says why it gives no data; `None` for any other value.
fn error_answer(value: &Value) -> Option<String> {
    let item = Item(value);
    let stated = |item: Item| item.first(ERRORS).map(str::to_owned);
    let listed = ["errors", "errorMessages"].iter().find_map(|key| {
        let first = item.list(key).next()?;
        first
            .0
            .as_str()
            .map(str::to_owned)
            .or_else(|| stated(first))
    });
    let named = || {
        let (_, first) = item.entries("errors").next()?;
        first.0.as_str().map(str::to_owned)
    };
    let failed = item.has("error")
        || item.word("ok").is_some_and(|ok| ok == "false")
        || item.is("kind", "Status");
    // An answer without anything in it but words and numbers has no events.
    let is_flat = || {
        let mut values = value.as_object()?.values();
        values
            .all(|value| !value.is_object() && !value.is_array())
            .then_some(())
    };
    let error = listed.or_else(named).or_else(|| {
        if failed {
            stated(item)
        } else {
            is_flat().and_then(|()| stated(item))
        }
    })?;
    Some(format!(
        "an error answer of an API, not an export: {}",
        clean::one_line(Markup::Plain(error))
    ))
}

/// Describes what was looked for in values that nothing recognizes; `first` is the first of them.
fn unrecognized(unknown: usize, known: usize, first: Option<String>) -> String {
    let first = first.unwrap_or_default();
    match (unknown, known) {
        (1, 1..) => return format!("one part is not an export of a known system: {first}"),
        (count, 1..) => {
            return format!(
                "{count} parts are not exports of a known system; the first one is {first}"
            );
        }
        _ => {}
    }
    let shapes: Vec<String> = IMPORTERS
        .iter()
        .chain([TABLE])
        .map(|importer| format!("\n    {}: {}", importer.name, importer.shape))
        .collect();
    let what = match unknown {
        1 => "not an export of a known system".to_owned(),
        count => format!("none of its {count} parts is an export of a known system"),
    };
    format!("{what}; looked for{}", shapes.concat())
}

/// The number of keys by which a value that nothing recognizes is described.
const MOST_KEYS: usize = 6;

/// Describes a value that nothing recognizes: by its keys, or as it is.
fn described(value: &Value) -> String {
    let Some(table) = value.as_object() else {
        let text: String = value.to_string().chars().take(40).collect();
        return format!("`{text}`");
    };
    let keys: Vec<String> = { table.keys().take(MOST_KEYS) }
        .map(|key| format!("`{}`", clean::name(key)))
        .collect();
    match keys.as_slice() {
        [] => "an empty object".to_owned(),
        [one] => format!("an object with the key {one}"),
        keys => format!("an object with the keys {}", keys.join(", ")),
    }
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
        Err(_) if whole.is_eof() => Err(
            "invalid JSON: the file ends in the middle of a value; export or download it again"
                .to_owned(),
        ),
        Err(_) => Err(format!("invalid JSON: {whole}")),
    }
}

/// Reads one file.
struct FileReader<'a> {
    settings: &'a Settings,
    pages: &'a mut Pages,
    path: &'a str,
    directory: &'a slack::Directory,
    deployments: &'a github::Deployments<'a>,
    /// The events, by the index of their importer.
    drafts: BTreeMap<usize, Vec<Draft>>,
    exports: &'a mut Exports,
    /// The number of values that nothing recognizes.
    unknown: usize,
    /// The first of them.
    first_unknown: Option<String>,
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
                    if !known {
                        self.reject(value);
                    }
                }
            }
            Content::Table(rows) => {
                for row in rows {
                    if !self.try_row(Item(row)) {
                        self.reject(row);
                    }
                }
            }
        }
    }

    /// Counts a value that nothing recognizes.
    fn reject(&mut self, value: &Value) {
        self.unknown += 1;
        self.first_unknown.get_or_insert_with(|| described(value));
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
        self.pages.learn(self.path, item, ENVELOPES);
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
                        self.reject(element);
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
            deployments: self.deployments,
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
