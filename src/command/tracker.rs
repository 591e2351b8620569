//! `afterword actions --against`, `actions plan` and `actions apply`: action items that live in an issue tracker.

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde::Serialize;
use serde_json::Value;

use super::change::{self, Change};
use super::terminal::remark;
use super::typed;
use super::{Outcome, actions, eprint_line, print, report, root};
use crate::archive::Record;
use crate::cache::Digest;
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Level, Sources, visible_line};
use crate::edit::history::Change as Kept;
use crate::facts::counted;
use crate::incident::{ActionItem, Progress};
use crate::kind::Day;
use crate::load::{self, Loaded};
use crate::source::{Path, Source, SourceError};
use crate::tracker::{self, Difference, Export, Issue, Tracker, UnknownValue};

mod apply;
mod plan;

pub(super) use apply::{ApplyArguments, apply};
pub(super) use plan::{PlanArguments, plan};

/// An action item with its incident.
struct Item<'a> {
    record: &'a Record,
    index: usize,
    item: &'a ActionItem,
}

impl Item<'_> {
    fn id(&self) -> String {
        self.record.action_id(self.index)
    }

    /// Returns the key of the item in a plan: its ID, or else a digest of its text, which stays the same if others are
    /// added before it.
    fn key(&self) -> String {
        match &self.item.id {
            Some(id) => id.to_string(),
            None => {
                let digest = Digest::new(self.item.action.as_bytes());
                let bytes = digest.bytes().iter().take(4);
                let hex: Vec<String> = bytes.map(|byte| format!("{byte:02x}")).collect();
                format!("{}-{}", self.record.id, hex.concat())
            }
        }
    }
}

/// Returns the action items of an archive.
fn items(records: &[Record]) -> impl Iterator<Item = Item<'_>> {
    records.iter().flat_map(|record| {
        let items = record.incident.action_items.iter().enumerate();
        items.map(move |(index, item)| Item {
            record,
            index,
            item,
        })
    })
}

/// Loads the archive; `None` if it has errors, which were printed.
fn loaded(root: &Utf8Path) -> Option<Loaded> {
    let mut loaded = load::archive(root);
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    diagnostics.retain(|found| found.level == Level::Error);
    if diagnostics.is_empty() {
        return Some(loaded);
    }
    diagnostic::sort(&mut diagnostics, &loaded.sources);
    report(&diagnostics, &loaded.sources);
    eprint_line("nothing done: the archive has errors");
    None
}

/// Reads a file that the user named, which may be anywhere; `None` if it is not what it should be, which was printed.
fn outside<T>(
    path: &Utf8Path,
    config: &Config,
    read: impl FnOnce(&Source) -> Result<T, SourceError>,
) -> anyhow::Result<Option<T>> {
    let source = typed::file(path, config)?;
    match read(&source) {
        Ok(read) => Ok(Some(read)),
        Err(error) => {
            let found = [Diagnostic::in_file(path, error)];
            let sources: Sources = std::iter::once(source).collect();
            report(&found, &sources);
            Ok(None)
        }
    }
}

#[derive(Serialize)]
struct Compared<'a> {
    tracker: Option<&'static str>,
    differences: Vec<ComparedDifference<'a>>,
    unknown: Vec<ComparedUnknown<'a>>,
    not_in_export: Vec<String>,
}

#[derive(Serialize)]
struct ComparedUnknown<'a> {
    id: String,
    incident: &'a str,
    url: &'a str,
    #[serde(flatten)]
    value: &'a UnknownValue,
}

/// An action item with its issue, and how they differ.
type Pair<'a> = (Item<'a>, &'a Issue, Vec<Difference>);

#[derive(Serialize)]
struct ComparedDifference<'a> {
    id: String,
    incident: &'a str,
    url: &'a str,
    key: &'static str,
    here: &'a Option<String>,
    there: &'a Option<String>,
}

/// Compares the action items that have a `url` with an export of their tracker.
///
/// # Errors
/// Returns an error if a file cannot be read or written.
pub fn against(
    directory: Option<&Utf8Path>,
    file: &Utf8Path,
    arguments: &actions::Arguments,
) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let Some(loaded) = loaded(&root) else {
        return Ok(Outcome::Problems);
    };
    let config = &loaded.archive.config;
    let zone = config.site.timezone.unwrap_or_default();
    let Some(export) = outside(file, config, |source| tracker::read(source, zone))? else {
        return Ok(Outcome::Problems);
    };
    let mut found: Vec<Pair> = Vec::new();
    let mut missing = Vec::new();
    for item in items(&loaded.archive.records) {
        let Some(url) = item.item.url.as_deref() else {
            continue;
        };
        match export.issues.iter().find(|issue| issue.is_linked(url)) {
            None => missing.push(item.id()),
            Some(issue) => {
                let differences = issue.differences(item.item, |owner| names(item.record, owner));
                if !differences.is_empty() || !issue.unknown.is_empty() {
                    found.push((item, issue, differences));
                }
            }
        }
    }
    if !missing.is_empty() {
        remark(&format!("note: not in the export: {}", missing.join(", ")));
    }
    print(&if arguments.is_json() {
        as_json(&export, &found, missing)?
    } else {
        as_text(&export, &found)
    })?;
    let is_same = found.is_empty();
    if arguments.write && !write_status(&root, &found)? {
        return Ok(Outcome::Problems);
    }
    Ok(if arguments.fail && !is_same {
        Outcome::Problems
    } else {
        Outcome::Done
    })
}

/// Returns the names of an owner: as written, and those of the person in the timeline.
fn names(record: &Record, owner: &str) -> Vec<String> {
    let mut names = vec![owner.to_owned()];
    for (handle, person) in &record.timeline.people.0 {
        let own = [&**handle, &*person.name];
        let aliases = person.aliases.iter().map(|alias| &**alias);
        let all: Vec<&str> = own.into_iter().chain(aliases).collect();
        if all.iter().any(|name| name.eq_ignore_ascii_case(owner)) {
            names.extend(all.into_iter().map(str::to_owned));
        }
    }
    names
}

fn as_text(export: &Export, found: &[Pair]) -> String {
    let Some(tracker) = export.tracker.filter(|_| !export.issues.is_empty()) else {
        return "no issues in the export\n".to_owned();
    };
    let tracker = tracker.name();
    if found.is_empty() {
        return format!("no differences from {tracker}\n");
    }
    let mut text = String::new();
    for (item, issue, differences) in found {
        let url = item.item.url.as_deref().unwrap_or_default();
        text.push_str(&format!(
            "{}  {}  {url}\n",
            item.id(),
            visible_line(&item.item.action)
        ));
        for Difference { key, here, there } in differences {
            let value = |value: &Option<String>| match value {
                Some(value) => format!("`{}`", visible_line(value)),
                None => "none".to_owned(),
            };
            text.push_str(&format!(
                "  {key}: {} here, {} in {tracker}\n",
                value(here),
                value(there)
            ));
        }
        for UnknownValue { what, value } in &issue.unknown {
            text.push_str(&format!(
                "  {what}: `{}` in {tracker} is not known, so it is not compared\n",
                visible_line(value)
            ));
        }
    }
    text
}

fn as_json(export: &Export, found: &[Pair], not_in_export: Vec<String>) -> anyhow::Result<String> {
    let differences = found.iter().flat_map(|(item, _, differences)| {
        differences.iter().map(|difference| ComparedDifference {
            id: item.id(),
            incident: &item.record.id,
            url: item.item.url.as_deref().unwrap_or_default(),
            key: difference.key,
            here: &difference.here,
            there: &difference.there,
        })
    });
    let unknown = found.iter().flat_map(|(item, issue, _)| {
        issue.unknown.iter().map(|value| ComparedUnknown {
            id: item.id(),
            incident: &item.record.id,
            url: item.item.url.as_deref().unwrap_or_default(),
            value,
        })
    });
    let compared = Compared {
        tracker: export.tracker.map(Tracker::name),
        differences: differences.collect(),
        unknown: unknown.collect(),
        not_in_export,
    };
    Ok(serde_json::to_string_pretty(&compared)? + "\n")
}

/// Changes `status` and `done_on` of the items whose status differs; returns `false` if a change makes an error.
fn write_status(root: &Utf8Path, found: &[Pair]) -> anyhow::Result<bool> {
    let mut edits: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    let mut kept = Vec::new();
    for (item, issue, differences) in found {
        let differs = differences
            .iter()
            .any(|difference| difference.key == "status");
        if let Some(state) = issue.state.filter(|_| differs) {
            let status = state.status();
            let done_on = issue.closed.filter(|_| status == Progress::Done);
            let is_done = status == Progress::Done;
            let mut set = vec![("status", json(status))];
            match done_on {
                Some(day) => set.push(("done_on", json(Day(day)))),
                // A date that is recorded for an item that is done stays.
                None if is_done => {}
                None => set.push(("done_on", None)),
            }
            edits.entry(&item.record.id).or_default().push(Edit {
                index: item.index,
                set,
            });
            if let Some(reason) = item
                .item
                .reason
                .as_ref()
                .filter(|_| status != Progress::Cancelled)
            {
                kept.push(format!(
                    "note: `{}` is not cancelled any more, but keeps its `reason`: {}",
                    item.id(),
                    visible_line(reason)
                ));
            }
        }
    }
    let count = edits.values().map(Vec::len).sum::<usize>();
    if !write_edits(root, &edits, "actions --against --write")? {
        return Ok(false);
    }
    remark(&format!(
        "changed the status of {}",
        counted(count, "action item")
    ));
    for note in &kept {
        remark(note);
    }
    Ok(true)
}

/// Returns a value as the editor of TOML takes it.
fn json(value: impl Serialize) -> Option<Value> {
    serde_json::to_value(value).ok()
}

/// The keys of an action item to set, or to remove.
struct Edit {
    index: usize,
    set: Vec<(&'static str, Option<Value>)>,
}

/// Writes the edits of all incidents as one change; returns `false` if one makes an error, which was printed.
fn write_edits(
    root: &Utf8Path,
    edits: &BTreeMap<&str, Vec<Edit>>,
    what: &str,
) -> anyhow::Result<bool> {
    let lock = change::lock(root)?;
    let mut files = Vec::new();
    for (id, edits) in edits {
        let Some(mut change) = Change::begin_under(root, id, &lock)? else {
            eprint_line("nothing written");
            return Ok(false);
        };
        change.edit(|toml| {
            for edit in edits {
                let item = Path::new().key("action_items").index(edit.index);
                for (key, value) in &edit.set {
                    let path = item.clone().key(*key);
                    match value {
                        Some(value) => toml.set(&path, value)?,
                        None => toml.remove(&path)?,
                    }
                }
            }
            Ok(())
        })?;
        let Some((_, changed)) = change.files()? else {
            return Ok(false);
        };
        files.extend(changed);
    }
    let (what, id) = (what.to_owned(), String::new());
    change::write(root, &Kept { what, id, files })?;
    Ok(true)
}
