//! `afterword rename`: gives an incident another ID, such as if two clones took the same one.
//!
//! What another clone recorded meanwhile is left under the old ID when both are merged. The same command moves it.

use std::collections::BTreeMap;

use anyhow::Context;
use camino::{Utf8Path, Utf8PathBuf};
use chrono::Datelike;

use super::change::{self, Change, refused};
use super::terminal::{echo, remark};
use super::{Outcome, incident, new, report, root};
use crate::archive::entries_folder;
use crate::diagnostic::Level;
use crate::edit::history::{Change as Kept, ChangedFile};
use crate::edit::spliced;
use crate::edit::toml::TomlText;
use crate::facts::Facts;
use crate::load::{self, Unwritten};
use crate::source::{Path, Source, Syntax};

/// The arguments of `rename`.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "afterword rename [OPTIONS] <ID> [NEW]\n       afterword rename [OPTIONS] --incident <INCIDENT> [NEW]"
)]
pub struct Arguments {
    /// Incident ID in full, and the new ID [default: the next one of the pattern `[site] ids`].
    #[arg(value_name = "ID", required_unless_present = "incident", num_args = 0..=2)]
    words: Vec<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,
}

/// Renames the incident.
///
/// # Errors
/// Returns an error if the incident cannot be found, the new ID is taken or not valid, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    match (arguments.incident.as_deref(), arguments.words.as_slice()) {
        (Some(name), []) => rename(&root, &incident::by_any_name(&root, name)?, None),
        (Some(name), [new]) => rename(&root, &incident::by_any_name(&root, name)?, Some(new)),
        (None, [old]) => rename(&root, &incident::in_full(&root, old)?, None),
        (None, [old, new]) => match incident::in_full(&root, old) {
            Ok(old) => rename(&root, &old, Some(new)),
            Err(_) if !load::timeline_files(&root, old).is_empty() => move_entries(&root, old, new),
            Err(reason) => Err(reason),
        },
        (_, words) => Ok(refused(format!(
            "expected one new ID, found `{}`",
            words.join(" ")
        ))),
    }
}

fn rename(root: &Utf8Path, old: &str, new: Option<&str>) -> anyhow::Result<Outcome> {
    let Some(mut change) = Change::begin(root, old)? else {
        return Ok(Outcome::Problems);
    };
    let record = change.record();
    let started = Facts::compute(record, change.config()).started;
    let at = started.map_or(change.now(), |started| started.moment.at);
    let year = change.shown_zone().wall_clock(at).year();
    let new = new::new_id(root, change.config(), new, year)?;
    let files = renamed(&mut change, old, &new)?;
    if !write(root, &new, format!("rename {old} {}", &*new), files)? {
        return Ok(refused(format!("`{old}` cannot be renamed to `{new}`")));
    }
    echo(&format!("{}  renamed from {old}\n", &*new))?;
    let others = load::incident_files(root).into_iter();
    let others = incident::naming(root, others, |text| text.contains(old));
    if !others.is_empty() {
        remark(&format!("note: `{old}` is still named in {others}"));
    }
    Ok(Outcome::Done)
}

/// Returns the changes that give an incident another ID.
fn renamed(change: &mut Change, old: &str, new: &str) -> anyhow::Result<Vec<ChangedFile>> {
    let record = change.record().clone();
    let timeline = change.timeline();
    // A timeline with another name is kept; only what it says of its incident changes.
    let is_own = timeline.file_stem() == Some(old);
    let new_timeline = if is_own {
        timeline.with_file_name(format!("{new}.json"))
    } else {
        timeline.clone()
    };
    let file = record.source.incident.clone();
    let mut moved = BTreeMap::from([(file.clone(), file.with_file_name(format!("{new}.toml")))]);
    moved.insert(timeline.clone(), new_timeline.clone());
    for (entry, _) in &record.source.entries.files {
        let name = entry.file_name().unwrap_or_default();
        moved.insert(entry.clone(), entries_folder(&new_timeline).join(name));
    }
    let mut files = Vec::new();
    for (from, to) in moved {
        let Some(before) = change.text(&from)? else {
            continue;
        };
        let text = if from == file {
            let text = if is_own {
                before.replace(&format!("/{old}.json"), &format!("/{new}.json"))
            } else {
                before.clone()
            };
            with_id(text, new)?
        } else if from == timeline {
            timeline_of(&before, new).unwrap_or_else(|| before.clone())
        } else {
            before.clone()
        };
        files.extend(changed(from, to, before, text));
    }
    Ok(files)
}

/// Moves the entries of an incident that was renamed in another clone to those of its new ID.
fn move_entries(root: &Utf8Path, old: &str, new: &str) -> anyhow::Result<Outcome> {
    let new = incident::in_full(root, new)?;
    let Some(mut change) = Change::begin(root, &new)? else {
        return Ok(Outcome::Problems);
    };
    let folder = entries_folder(&change.timeline());
    let mut files = Vec::new();
    for from in load::timeline_files(root, old) {
        let is_entry = from.parent().and_then(Utf8Path::extension) == Some("d");
        let (true, Some(name)) = (is_entry, from.file_name()) else {
            return Ok(refused(format!(
                "`{from}` is a whole timeline; move its events to `{}` by hand",
                change.timeline()
            )));
        };
        let (to, text) = (folder.join(name), change.text(&from)?.unwrap_or_default());
        files.extend(changed(from, to, text.clone(), text));
    }
    let count = files.len() / 2;
    if !write(root, &new, format!("rename {old} {new}"), files)? {
        return Ok(refused(format!(
            "the entries of `{old}` cannot be moved to `{new}`"
        )));
    }
    let entries = if count == 1 { "entry" } else { "entries" };
    echo(&format!(
        "{new}  moved {count} {entries} of {old} to {folder}\n"
    ))?;
    Ok(Outcome::Done)
}

/// Writes the files of an incident under its new ID; returns `false` if they would have errors, which were printed.
fn write(
    root: &Utf8Path,
    new: &str,
    what: String,
    mut files: Vec<ChangedFile>,
) -> anyhow::Result<bool> {
    // Files are removed last, so that nothing is lost if the program is stopped in between.
    files.sort_by_key(|file: &ChangedFile| file.after.is_none());
    let texts = files
        .iter()
        .map(|file| (file.path.clone(), file.after.clone()));
    let after = load::one_with(root, new, &texts.collect::<Unwritten>());
    let after = after.with_context(|| format!("incident `{new}` not found"))?;
    let mut found = after.diagnostics.iter();
    if found.any(|found| found.level == Level::Error) {
        report(&after.diagnostics, &after.sources);
        return Ok(false);
    }
    let id = new.to_owned();
    change::write(root, &Kept { what, id, files })?;
    Ok(true)
}

/// Returns the changes that move a file and give it another text.
fn changed(from: Utf8PathBuf, to: Utf8PathBuf, before: String, after: String) -> Vec<ChangedFile> {
    let file = |path, before, after| ChangedFile {
        path,
        before,
        after,
    };
    if from == to {
        return vec![file(from, Some(before), Some(after))];
    }
    vec![file(to, None, Some(after)), file(from, Some(before), None)]
}

/// Returns the text of an incident's file with another `id`, if it states one.
fn with_id(text: String, id: &str) -> anyhow::Result<String> {
    let path = Path::new().key("id");
    let mut text = TomlText::new(text);
    if text.has(&path) {
        text.set(&path, id).context("cannot change `id`")?;
    }
    Ok(text.text().to_owned())
}

/// Returns the text of a timeline with another `incident`; `None` if it states none.
fn timeline_of(text: &str, id: &str) -> Option<String> {
    let source = Source::new("", text);
    let (tree, _) = Syntax::Json.tree(source.text());
    let stated = tree.get("incident")?.span;
    spliced(text, stated, &format!("\"{id}\""))
}
