//! `afterword rename`: gives an incident another ID, such as if two clones took the same one.

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
pub struct Arguments {
    /// Incident ID, in full.
    id: String,

    /// New ID [default: the next one of the pattern `[site] ids`].
    new: Option<String>,
}

/// Renames the incident.
///
/// # Errors
/// Returns an error if the incident cannot be found, the new ID is taken or not valid, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let old = incident::in_full(&root, &arguments.id)?;
    let Some(mut change) = Change::begin(&root, &old)? else {
        return Ok(Outcome::Problems);
    };
    let record = change.record().clone();
    let started = Facts::compute(&record, change.config()).started;
    let at = started.map_or(change.now(), |started| started.moment.at);
    let year = change.shown_zone().wall_clock(at).year();
    let new = new::new_id(&root, change.config(), arguments.new.as_deref(), year)?;
    let timeline = change.timeline();
    // A timeline with another name is kept; only what it says of its incident changes.
    let is_own = timeline.file_stem() == Some(&old);
    let new_timeline = if is_own {
        timeline.with_file_name(format!("{}.json", &*new))
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
                before.replace(&format!("/{old}.json"), &format!("/{}.json", &*new))
            } else {
                before.clone()
            };
            with_id(text, &new)?
        } else if from == timeline {
            timeline_of(&before, &new).unwrap_or_else(|| before.clone())
        } else {
            before.clone()
        };
        files.extend(changed(from, to, before, text));
    }
    // Files are removed last, so that nothing is lost if the program is stopped in between.
    files.sort_by_key(|file: &ChangedFile| file.after.is_none());
    let texts: Unwritten = files
        .iter()
        .map(|file| (file.path.clone(), file.after.clone()))
        .collect();
    let after = load::one_with(&root, &new, &texts);
    let after = after.with_context(|| format!("incident `{new}` not found"))?;
    if after
        .diagnostics
        .iter()
        .any(|found| found.level == Level::Error)
    {
        report(&after.diagnostics, &after.sources);
        return Ok(refused(format!("`{old}` cannot be renamed to `{new}`")));
    }
    let kept = Kept {
        what: format!("rename {old} {}", &*new),
        id: new.to_string(),
        files,
    };
    change::write(&root, &kept)?;
    echo(&format!("{}  renamed from {old}\n", &*new))?;
    let others = load::incident_files(&root).into_iter();
    let others: Vec<String> = others
        .filter(|other| {
            let text = load::referred_file(&root, other).unwrap_or_default();
            String::from_utf8_lossy(&text).contains(&old)
        })
        .map(|other| format!("`{other}`"))
        .collect();
    if !others.is_empty() {
        remark(&format!(
            "note: `{old}` is still named in {}",
            others.join(", ")
        ));
    }
    Ok(Outcome::Done)
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
