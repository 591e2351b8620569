//! Finds the incident that a command works on: the one given, or the only current one.
//!
//! A command that reads takes any form that names one incident. A command that writes takes
//! a positional ID only in full, because a number at the start of an event text must never select
//! an incident; its option `--incident` takes the short forms.

use anyhow::{anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, Utc};

use super::terminal::remark;
use super::{or_meant, report};
use crate::archive::{Record, entries_folder};
use crate::config::Config;
use crate::diagnostic::{self, Level};
use crate::facts::Facts;
use crate::load::{self, Loaded};

mod current;
mod errors;
mod leading;
mod orphans;

pub use current::only_current;
pub use errors::{fact_checker, findings, has_false_facts};

/// The incident that a command changes.
#[derive(Debug, Clone, clap::Args)]
pub struct Changed {
    /// Incident ID, in full.
    #[arg(required_unless_present = "incident")]
    id: Option<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT", conflicts_with = "id")]
    incident: Option<String>,
}

impl Changed {
    /// Finds the incident's ID.
    ///
    /// # Errors
    /// Returns an error if no incident, or more than one, is named.
    pub fn id(&self, root: &Utf8Path) -> anyhow::Result<String> {
        match (&self.id, &self.incident) {
            (Some(id), _) => in_full(root, id),
            (None, Some(name)) => by_any_name(root, name),
            (None, None) => Err(anyhow!("missing incident ID")),
        }
    }
}

/// Finds the incident that a command changes, and the arguments after it.
///
/// The first argument is the incident only if it is an ID in full; `named` is the value of `--incident`. Without either,
/// it is the only current one. `None` if none can be chosen; the reason was printed.
///
/// # Errors
/// Returns an error if the first argument looks like an ID but is none, or if no incident, or more than one, is meant.
pub fn to_change<'w>(
    root: &Utf8Path,
    named: Option<&str>,
    words: &'w [String],
) -> anyhow::Result<Option<(String, &'w [String])>> {
    let found = |id: String, rest| Ok(Some((id, rest)));
    match (named, words.split_first()) {
        (Some(name), first) => {
            let id = by_any_name(root, name)?;
            let ids = load::taken_ids(root);
            let is_id = |word: &String| ids.iter().any(|taken| taken.eq_ignore_ascii_case(word));
            match first.filter(|(first, _)| is_id(first)) {
                Some((first, rest)) if first.eq_ignore_ascii_case(&id) => found(id, rest),
                Some((first, _)) => Err(anyhow!(
                    "`{first}` and `--incident {name}` name two incidents"
                )),
                None => found(id, words),
            }
        }
        (None, Some((first, rest))) if is_like_an_id(&load::taken_ids(root), first) => {
            found(in_full(root, first)?, rest)
        }
        (None, _) => {
            let Some(id) = only_current(root)? else {
                return Ok(None);
            };
            let ids = load::taken_ids(root);
            let text = words.join(" ");
            if let Some(other) = leading::id(&ids, &text).filter(|other| *other != id) {
                bail!(
                    "`{text}` starts with `{other}`, but `{id}` is the current incident; add `--incident {other}` or `--incident {id}`; nothing written"
                );
            }
            // A number in front may be the short ID of another incident, or a word such as `0141 errors seen`.
            let short = leading::number(words);
            let other = short.and_then(|short| by_any_name(root, short).ok());
            if let (Some(short), Some(other)) = (short, other.filter(|other| *other != id)) {
                remark(&format!(
                    "note: `{short}` is taken as text, for `{id}`; for `{other}`, use `--incident {short}`"
                ));
            }
            Ok(Some((id, words)))
        }
    }
}

/// Returns `true` for an ID, and for what starts as an ID of the archive does and has a number: `inc-2026-1`.
fn is_like_an_id(ids: &[String], word: &str) -> bool {
    let word = word.trim_end_matches(".toml").trim_end_matches(".json");
    let prefix = |id: &str| {
        id.split_once('-')
            .map(|(prefix, _)| prefix.to_ascii_lowercase())
    };
    let starts = prefix(word).filter(|_| {
        word.contains(|c: char| c.is_ascii_digit())
            && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    let is_id = |id: &String| {
        id.eq_ignore_ascii_case(word)
            || starts
                .as_ref()
                .is_some_and(|starts| prefix(id).as_ref() == Some(starts))
    };
    ids.iter().any(is_id)
}

/// Returns the first word that is the ID of an incident, which belongs in front of the other arguments.
pub fn misplaced_id<'w>(root: &Utf8Path, words: &'w [String]) -> Option<&'w str> {
    let ids = load::taken_ids(root);
    let is_id = |word: &&String| leading::id(&ids, word).is_some();
    words.iter().find(is_id).map(String::as_str)
}

/// Finds the incident that a command reads; the only current one if none is named.
///
/// # Errors
/// Returns an error if no incident, or more than one, is meant.
pub fn to_read(root: &Utf8Path, name: Option<&str>) -> anyhow::Result<Option<String>> {
    match name {
        Some(name) => by_any_name(root, name).map(Some),
        None => only_current(root),
    }
}

/// Finds the incident that a command changes: one named by its ID in full, by `--incident`, or the only current one.
///
/// # Errors
/// Returns an error if no incident, or more than one, is meant.
pub fn to_write(
    root: &Utf8Path,
    id: Option<&str>,
    named: Option<&str>,
) -> anyhow::Result<Option<String>> {
    match id {
        Some(id) => in_full(root, id).map(Some),
        None => to_read(root, named),
    }
}

/// The maximum number of matching IDs to list.
const LISTED: usize = 20;

/// Finds the incident with this ID; case makes no difference.
///
/// # Errors
/// Returns an error if no incident has this ID; the message suggests similar IDs.
pub fn in_full(root: &Utf8Path, id: &str) -> anyhow::Result<String> {
    let ids = load::taken_ids(root);
    let mut same = ids.iter().filter(|taken| taken.eq_ignore_ascii_case(id));
    if let (Some(only), None) = (same.next(), same.next()) {
        return Ok(only.clone());
    }
    let hint = match alike(&ids, id).as_slice() {
        [] => None,
        [only] => Some(format!("; for `{only}`, use `--incident {id}`")),
        several => Some(format!("; {} incidents have an ID like it", several.len())),
    };
    Err(not_found(root, &ids, id, hint))
}

/// Finds the incident that a text names: by its ID, the start or end of its ID, or its file.
///
/// # Errors
/// Returns an error if no incident matches, or if several do, which are then listed.
pub fn by_any_name(root: &Utf8Path, text: &str) -> anyhow::Result<String> {
    let files = load::incident_files(root);
    if let Some(id) = by_file(root, &files, Utf8Path::new(text)) {
        return Ok(id);
    }
    let ids = load::taken_ids(root);
    match alike(&ids, text).as_slice() {
        [] => Err(not_found(root, &ids, text, None)),
        [only] => Ok((*only).to_owned()),
        several => {
            let mut lines: Vec<String> = several
                .iter()
                .take(LISTED)
                .map(|id| format!("\n  {id}"))
                .collect();
            if several.len() > LISTED {
                lines.push(format!("\n  … and {} more", several.len() - LISTED));
            }
            Err(anyhow!(
                "`{text}` matches {} incidents; pass one of these IDs:{}",
                several.len(),
                lines.concat()
            ))
        }
    }
}

/// Finds the only incident that a file belongs to: its own file, its timeline, an entry of that, or a file that it refers to.
///
/// The name of its own file or of its timeline is enough.
fn by_file(root: &Utf8Path, files: &[Utf8PathBuf], path: &Utf8Path) -> Option<String> {
    // An entry belongs to its folder.
    let folder = path.ancestors().take(2);
    let folder = folder
        .into_iter()
        .find(|part| part.extension() == Some("d"));
    let own = folder.unwrap_or(path);
    let extension = own.extension()?;
    let file = files
        .iter()
        .find(|file| file.file_stem() == own.file_stem());
    let found = file.and_then(|file| {
        let id = file.file_stem()?;
        let timeline = load::default_timeline(id);
        let candidates = match extension {
            "toml" => vec![file.clone()],
            "json" => vec![timeline],
            "d" => vec![entries_folder(&timeline)],
            _ => Vec::new(),
        };
        let is_it = |known: &Utf8PathBuf| {
            let whole = || {
                Some(own.canonicalize_utf8().ok()? == root.join(known).canonicalize_utf8().ok()?)
            };
            // A path from the archive's root is right wherever the command is run.
            known.ends_with(own) || whole().unwrap_or_default()
        };
        candidates.iter().any(is_it).then(|| id.to_owned())
    });
    found.or_else(|| by_referred_file(root, path))
}

/// Lists those of some files whose text names something, quoted; empty if none does.
pub fn naming(
    root: &Utf8Path,
    files: impl Iterator<Item = Utf8PathBuf>,
    is_named: impl Fn(&str) -> bool,
) -> String {
    let naming = files.filter(|file| {
        let bytes = load::referred_file(root, file).unwrap_or_default();
        is_named(&String::from_utf8_lossy(&bytes))
    });
    let naming: Vec<String> = naming.map(|file| format!("`{file}`")).collect();
    naming.join(", ")
}

/// Finds the only incident that refers to a file of the archive.
fn by_referred_file(root: &Utf8Path, path: &Utf8Path) -> Option<String> {
    let inside = load::inside(root, path).or_else(|| load::inside(root, &root.join(path)))?;
    let config = &load::settings(root).archive.config;
    let read = load::inputs(root).each(config, |record: Record| {
        load::looked_at(&record)
            .contains(&inside)
            .then_some(record.id)
    });
    let mut ids = read.kept.into_iter().flatten();
    ids.next().filter(|_| ids.next().is_none())
}

/// Lists the IDs that a text is the whole, the start or the end of; case makes no difference.
fn alike<'a>(ids: &'a [String], text: &str) -> Vec<&'a str> {
    let text = text.to_ascii_lowercase();
    let same: Vec<&str> = ids
        .iter()
        .filter(|id| id.eq_ignore_ascii_case(&text))
        .map(String::as_str)
        .collect();
    if !same.is_empty() || text.is_empty() {
        return same;
    }
    ids.iter()
        .filter(|id| {
            let id = id.to_ascii_lowercase();
            id.starts_with(&text) || id.ends_with(&text)
        })
        .map(String::as_str)
        .collect()
}

fn not_found(root: &Utf8Path, ids: &[String], text: &str, hint: Option<String>) -> anyhow::Error {
    let near = || or_meant(text, ids.iter().map(String::as_str));
    let hint = hint.unwrap_or_else(near);
    anyhow!("incident `{text}` not found in `{root}`{hint}")
}

/// Loads one incident with everything that it refers to.
///
/// # Errors
/// Returns an error if no incident has this ID.
pub fn load(root: &Utf8Path, id: &str) -> anyhow::Result<Loaded> {
    load::one(root, id).ok_or_else(|| not_found(root, &load::taken_ids(root), id, None))
}

/// Loads an incident, prints the problems with it, and returns whether one is an error.
///
/// # Errors
/// Returns an error as [`load`] does.
pub fn reported(root: &Utf8Path, id: &str) -> anyhow::Result<(Loaded, bool)> {
    let mut loaded = load(root, id)?;
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    diagnostic::sort(&mut diagnostics, &loaded.sources);
    report(&diagnostics, &loaded.sources);
    let errors = diagnostics.iter().any(|found| found.level == Level::Error);
    Ok((loaded, errors))
}

/// Returns the times that are recorded for an incident: of its events and marks.
fn times(record: &Record) -> Vec<DateTime<Utc>> {
    let events = record.timeline.events.iter();
    let events = events.flat_map(|event| [record.began(event), record.finished(event)]);
    let marks = record.marks().into_iter().map(|marked| marked.moment);
    let times = events.flatten().chain(marks);
    times.map(|moment| moment.at).collect()
}

/// Returns the first and the last time recorded for an incident; the last is the current time while it is open.
///
/// Without times, both are noon of the timeline's date; `None` if it has no date either.
pub(super) fn recorded(
    record: &Record,
    config: &Config,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let times = times(record);
    let noon = || {
        let noon = record.timeline.date?.0.and_hms_opt(12, 0, 0)?;
        Some(noon.and_utc())
    };
    let first = times.iter().min().copied().or_else(noon)?;
    let last = times.iter().max().copied().unwrap_or(first);
    let is_open = Facts::compute(record, config).status.is_open();
    Some((first, if is_open { last.max(now) } else { last }))
}

#[cfg(test)]
mod tests;
