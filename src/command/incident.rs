//! Finds the incident that a command works on: the one given, or the only open one.
//!
//! A command that reads takes any form that names one incident. A command that writes takes
//! a positional ID only in full, because a number at the start of an unquoted event text must
//! never select an incident; its option `--incident` takes the short forms.

use std::collections::BTreeSet;

use anyhow::anyhow;
use camino::{Utf8Path, Utf8PathBuf};

use super::{eprint_line, nearest, report};
use crate::archive::Record;
use crate::diagnostic::{self, Level, visible_line};
use crate::facts::Facts;
use crate::incident::Status;
use crate::load::{self, Loaded};

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

/// Finds the incident that a command reads; the only open one if none is named.
///
/// # Errors
/// Returns an error if no incident, or more than one, is meant.
pub fn to_read(root: &Utf8Path, name: Option<&str>) -> anyhow::Result<Option<String>> {
    match name {
        Some(name) => by_any_name(root, name).map(Some),
        None => only_open(root),
    }
}

/// The maximum number of matching IDs to list.
const LISTED: usize = 20;

/// Finds the incident with exactly this ID.
///
/// # Errors
/// Returns an error if no incident has this ID; the message suggests similar IDs.
pub fn in_full(root: &Utf8Path, id: &str) -> anyhow::Result<String> {
    let ids = load::taken_ids(root);
    if ids.iter().any(|taken| taken == id) {
        return Ok(id.to_owned());
    }
    let hint = match alike(&ids, id).as_slice() {
        [] => None,
        [only] if only.eq_ignore_ascii_case(id) => None,
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

/// Finds the incident whose file, or whose timeline's file, is at a path; a name alone is enough.
fn by_file(root: &Utf8Path, files: &[Utf8PathBuf], path: &Utf8Path) -> Option<String> {
    let is_file = matches!(path.extension(), Some("toml" | "json"));
    let stem = path.file_stem().filter(|_| is_file)?;
    let file = files.iter().find(|file| file.file_stem() == Some(stem))?;
    let timeline = load::default_timeline(stem);
    let is_it = |own: &Utf8Path| {
        let whole =
            || Some(path.canonicalize_utf8().ok()? == root.join(own).canonicalize_utf8().ok()?);
        // A path from the archive's root is right wherever the command is run.
        own.ends_with(path) || whole().unwrap_or_default()
    };
    (is_it(file) || is_it(&timeline)).then(|| stem.to_owned())
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
    let names: Vec<&str> = ids.iter().map(String::as_str).collect();
    let near = || nearest(text, &names).map(|near| format!("; did you mean `{near}`?"));
    let hint = hint.or_else(near).unwrap_or_default();
    anyhow!("incident `{text}` not found in `{root}`{hint}")
}

/// Loads one incident with everything that it refers to.
///
/// # Errors
/// Returns an error if no incident has this ID.
pub fn load(root: &Utf8Path, id: &str) -> anyhow::Result<Loaded> {
    load::one(root, id).ok_or_else(|| not_found(root, &load::taken_ids(root), id, None))
}

/// The facts that decide whether an incident is open.
struct Known {
    id: String,
    title: String,
    is_open: bool,
    supersedes: Vec<String>,
}

/// Finds the only open incident.
///
/// An incident that cannot be read may be open. If there is one, its errors are printed with
/// the IDs to choose from, and `None` is returned.
///
/// # Errors
/// Returns an error if no incident or more than one is open.
pub fn only_open(root: &Utf8Path) -> anyhow::Result<Option<String>> {
    let mut loaded = load::settings(root);
    let config = &loaded.archive.config;
    let read = load::inputs(root).each(config, |record: Record| {
        let status = Facts::compute(&record, config).status;
        Known {
            is_open: status.is_open() && status != Status::Planned,
            supersedes: record.supersedes().collect(),
            title: record.incident.title.to_string(),
            id: record.id,
        }
    });
    // A superseded report may still have an open status.
    let superseded: BTreeSet<&String> = read
        .kept
        .iter()
        .flat_map(|known| &known.supersedes)
        .collect();
    let open: Vec<&Known> = read
        .kept
        .iter()
        .filter(|known| known.is_open && !superseded.contains(&known.id))
        .collect();
    let mut choices: Vec<String> = open
        .iter()
        .map(|known| format!("\n  {}  {}", known.id, visible_line(&known.title)))
        .collect();
    let mut errors = read.diagnostics;
    errors.retain(|diagnostic| diagnostic.level == Level::Error);
    if !errors.is_empty() {
        errors.append(&mut loaded.diagnostics);
        diagnostic::sort(&mut errors, &loaded.sources);
        report(&errors, &loaded.sources);
        let broken = read.broken.iter();
        choices.extend(broken.map(|id| format!("\n  {id}  (has errors)")));
        eprint_line(&format!(
            "error: an incident that cannot be read may be open; fix it, or pass one of these IDs:{}",
            choices.concat()
        ));
        return Ok(None);
    }
    if open.len() != 1 {
        // With exactly one, its command prints these when it loads the incident.
        report(&loaded.diagnostics, &loaded.sources);
    }
    match open.as_slice() {
        [one] => Ok(Some(one.id.clone())),
        [] => Err(anyhow!(
            "no open incident; pass an ID, or create one with `afterword new`"
        )),
        _ => Err(anyhow!(
            "several incidents are open; pass one of these IDs:{}",
            choices.concat()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_by_its_start_or_end() {
        let ids = ["INC-2025-0141", "INC-2026-0141", "INC-2026-0014", "OPS-14"];
        let ids = ids.map(str::to_owned);
        let cases: &[(&str, &[&str])] = &[
            ("INC-2026-0014", &["INC-2026-0014"]),
            ("inc-2026-0014", &["INC-2026-0014"]),
            ("0014", &["INC-2026-0014"]),
            ("0141", &["INC-2025-0141", "INC-2026-0141"]),
            ("INC-2026", &["INC-2026-0141", "INC-2026-0014"]),
            ("14", &["INC-2026-0014", "OPS-14"]),
            ("2026", &[]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            assert_eq!(alike(&ids, text), *expected, "{text}");
        }
        // An ID in full is never taken for the start of another.
        let ids = ["OPS-1", "OPS-14"].map(str::to_owned);
        assert_eq!(alike(&ids, "OPS-1"), ["OPS-1"]);
    }
}
