//! `afterword actions --against`, `actions plan` and `actions apply`: action items that live in an issue tracker.

use std::collections::BTreeMap;

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::change::Change;
use super::terminal::remark;
use super::{Outcome, actions, eprint_line, nearest, print, report, root};
use crate::archive::Record;
use crate::cache::Digest;
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Level, Sources, visible_line};
use crate::facts::counted;
use crate::incident::{ActionItem, Progress};
use crate::kind::{Day, Url};
use crate::load::{self, Loaded};
use crate::source::{Path, Source, SourceError};
use crate::tracker::{self, Difference, Export, Issue};

/// The arguments of `actions plan`.
#[derive(Debug, clap::Args)]
pub struct PlanArguments {
    /// Tracker to plan for.
    #[arg(long, value_enum)]
    tracker: PlanTracker,
}

/// A tracker for which issues can be planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum PlanTracker {
    /// GitHub, by `gh issue create`.
    Github,
}

/// The arguments of `actions apply`.
#[derive(Debug, clap::Args)]
pub struct ApplyArguments {
    /// JSON file with the `key` of the plan and the `url` of the issue for each issue that was created.
    results: Utf8PathBuf,
}

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
    let source = load::outside(path, config).with_context(|| format!("cannot read `{path}`"))?;
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
    tracker: &'static str,
    differences: Vec<ComparedDifference<'a>>,
    not_in_export: Vec<String>,
}

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
    let mut found: Vec<(Item, &Issue, Vec<Difference>)> = Vec::new();
    let mut missing = Vec::new();
    for item in items(&loaded.archive.records) {
        let Some(url) = item.item.url.as_deref() else {
            continue;
        };
        match export.issues.iter().find(|issue| issue.is_linked(url)) {
            None => missing.push(item.id()),
            Some(issue) => {
                let differences = issue.differences(item.item, |owner| names(item.record, owner));
                if !differences.is_empty() {
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

fn as_text(export: &Export, found: &[(Item, &Issue, Vec<Difference>)]) -> String {
    if found.is_empty() {
        return format!("no differences from {}\n", export.tracker.name());
    }
    let mut text = String::new();
    for (item, _, differences) in found {
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
                "  {key}: {} here, {} in {}\n",
                value(here),
                value(there),
                export.tracker.name()
            ));
        }
    }
    text
}

fn as_json(
    export: &Export,
    found: &[(Item, &Issue, Vec<Difference>)],
    not_in_export: Vec<String>,
) -> anyhow::Result<String> {
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
    let compared = Compared {
        tracker: export.tracker.name(),
        differences: differences.collect(),
        not_in_export,
    };
    Ok(serde_json::to_string_pretty(&compared)? + "\n")
}

/// Changes `status` and `done_on` of the items whose status differs; returns `false` if a change makes an error.
fn write_status(
    root: &Utf8Path,
    found: &[(Item, &Issue, Vec<Difference>)],
) -> anyhow::Result<bool> {
    let mut edits: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
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
        }
    }
    let count = edits.values().map(Vec::len).sum::<usize>();
    if !write_edits(root, &edits, "actions --against --write")? {
        return Ok(false);
    }
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    remark(&format!(
        "changed the status of {}",
        counted(count, "action item")
    ));
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

/// Writes the edits of each incident; returns `false` if one makes an error, which was printed.
fn write_edits(
    root: &Utf8Path,
    edits: &BTreeMap<&str, Vec<Edit>>,
    what: &str,
) -> anyhow::Result<bool> {
    for (id, edits) in edits {
        let Some(mut change) = Change::begin(root, id)? else {
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
        if change.write(what)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

#[derive(Serialize)]
struct Plan<'a> {
    tracker: &'static str,
    issues: Vec<Planned<'a>>,
}

/// An issue to create.
#[derive(Serialize)]
struct Planned<'a> {
    /// The key by which `apply` finds the action item.
    key: String,
    incident: &'a str,
    title: &'a str,
    body: String,
    labels: Vec<&'a str>,
    owners: Vec<&'a str>,
    due: Option<String>,
    /// The command that creates the issue, as a list of arguments.
    command: Vec<String>,
}

/// Prints the issues to create for the open action items without a `url`.
///
/// # Errors
/// Returns an error if the archive cannot be found or the output cannot be written.
pub fn plan(root: &Utf8Path, arguments: &PlanArguments) -> anyhow::Result<Outcome> {
    let Some(loaded) = loaded(root) else {
        return Ok(Outcome::Problems);
    };
    let PlanTracker::Github = arguments.tracker;
    let config = &loaded.archive.config;
    let is_open = |item: &Item| {
        let status = item.item.status.unwrap_or(Progress::Planned);
        matches!(status, Progress::Planned | Progress::InProgress)
    };
    let items = items(&loaded.archive.records).filter(|item| item.item.url.is_none());
    let issues: Vec<Planned> = items
        .filter(is_open)
        .map(|item| planned(&item, config))
        .collect();
    let mut keys: Vec<&str> = issues.iter().map(|issue| issue.key.as_str()).collect();
    keys.sort_unstable();
    let mut pairs = keys.windows(2);
    if let Some([key, _]) = pairs.find(|pair| matches!(pair, [one, other] if one == other)) {
        eprint_line(&format!(
            "error: two action items have the key `{key}`; give each an `id` of its own"
        ));
        return Ok(Outcome::Problems);
    }
    let plan = Plan {
        tracker: "github",
        issues,
    };
    print(&(serde_json::to_string_pretty(&plan)? + "\n"))?;
    Ok(Outcome::Done)
}

fn planned<'a>(item: &Item<'a>, config: &Config) -> Planned<'a> {
    let (record, action) = (item.record, item.item);
    let key = item.key();
    let base_url = config.site.base_url.as_deref();
    let incident = match base_url {
        Some(url) => format!(
            "[{id}]({}/incidents/{id}.html)",
            url.trim_end_matches('/'),
            id = record.id
        ),
        None => record.id.clone(),
    };
    let due = action.due.map(|day| day.0.to_string());
    let owners = action.owners().join(", ");
    let mut body = String::new();
    if let Some(notes) = &action.notes {
        body.push_str(&format!("{}\n\n", notes.trim_end()));
    }
    body.push_str(&format!("- Incident: {incident}\n"));
    for (name, value) in [
        (
            "Owner",
            Some(owners.as_str()).filter(|owners| !owners.is_empty()),
        ),
        ("Due", due.as_deref()),
        ("Priority", action.priority.as_deref()),
    ] {
        if let Some(value) = value {
            body.push_str(&format!("- {name}: {value}\n"));
        }
    }
    body.push_str(&format!("- Action item: {key}\n"));
    let labels: Vec<&str> = std::iter::once("incident")
        .chain(action.purpose.as_deref())
        .collect();
    let mut command: Vec<String> = [
        "gh",
        "issue",
        "create",
        "--title",
        &action.action,
        "--body",
        &body,
    ]
    .map(str::to_owned)
    .to_vec();
    for label in &labels {
        command.extend(["--label".to_owned(), (*label).to_owned()]);
    }
    Planned {
        key,
        incident: &record.id,
        title: &action.action,
        body,
        labels,
        owners: action.owners(),
        due,
        command,
    }
}

/// An issue that was created.
#[derive(Deserialize)]
struct Created {
    key: String,
    url: String,
}

/// Writes the URLs of created issues to their action items.
///
/// # Errors
/// Returns an error if a file cannot be read or written.
pub fn apply(root: &Utf8Path, arguments: &ApplyArguments) -> anyhow::Result<Outcome> {
    let Some(loaded) = loaded(root) else {
        return Ok(Outcome::Problems);
    };
    let file = &arguments.results;
    let Some(created) = outside(file, &loaded.archive.config, created)? else {
        return Ok(Outcome::Problems);
    };
    let items: BTreeMap<String, Item> = items(&loaded.archive.records)
        .map(|item| (item.key(), item))
        .collect();
    let mut edits: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
    let mut errors = Vec::new();
    let mut given: BTreeMap<&str, &str> = BTreeMap::new();
    for Created { key, url } in &created {
        let Some(item) = items.get(key) else {
            let known: Vec<&str> = items.keys().map(String::as_str).collect();
            let near = nearest(key, &known).map(|near| format!("; did you mean `{near}`?"));
            let near = near.unwrap_or_default();
            errors.push(format!(
                "no action item has the key `{key}`{near}; was its text changed since the plan?"
            ));
            continue;
        };
        if let Err(reason) = Url::new(url.as_str()) {
            errors.push(format!("`{key}`: {reason}"));
            continue;
        }
        if let Some(first) = given
            .insert(key, url)
            .filter(|first| *first != url.as_str())
        {
            errors.push(format!(
                "`{key}` has two URLs: `{first}` and `{url}`; keep one of them"
            ));
            continue;
        }
        match item.item.url.as_deref() {
            Some(own) if own == url.as_str() => {}
            Some(own) => errors.push(format!(
                "`{key}` already links to `{own}`; remove that `url` if `{url}` replaces it"
            )),
            None => {
                let set = vec![("url", Some(Value::from(url.as_str())))];
                edits.entry(&item.record.id).or_default().push(Edit {
                    index: item.index,
                    set,
                });
            }
        }
    }
    if !errors.is_empty() {
        for error in errors {
            eprint_line(&format!("error: `{file}`: {error}"));
        }
        eprint_line("nothing written");
        return Ok(Outcome::Problems);
    }
    let count = edits.values().map(Vec::len).sum::<usize>();
    if !write_edits(root, &edits, "actions apply")? {
        return Ok(Outcome::Problems);
    }
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    remark(&format!(
        "added the URL of {}",
        counted(count, "action item")
    ));
    Ok(Outcome::Done)
}

/// Reads the results: a list, or an object with the list `issues` as a plan has it.
fn created(source: &Source) -> Result<Vec<Created>, SourceError> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Results {
        List(Vec<Created>),
        Plan { issues: Vec<Created> },
    }
    let help = "write a list with the `key` and the `url` of each issue, as in `[{ \"key\": \"INC-2026-0001-A1\", \"url\": \"https://…\" }]`";
    let value = tracker::parsed(source.text(), help)?;
    let results = serde_json::from_value(value).map_err(|_| {
        SourceError::of_file(tracker::CODE, "not a list of created issues").help(help)
    })?;
    Ok(match results {
        Results::List(list) | Results::Plan { issues: list } => list,
    })
}
