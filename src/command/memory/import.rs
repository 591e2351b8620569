//! `afterword memory import`: creates incidents from entries, either all of them or none.

use std::collections::BTreeSet;

use anyhow::bail;

use super::{ImportArguments, MemoryFiles, entries};
use crate::command::change::write_texts;
use crate::command::new::has_no_timeline;
use crate::command::terminal::{echo, remark};
use crate::command::{Outcome, eprint_line, print, report};
use crate::diagnostic::{Diagnostic, Sources};
use crate::kind::Id;
use crate::load::{self, Verbatim};
use crate::memory::incident::{self, ConvertedEntry};
use crate::memory::ledger::{LEDGER, Row};
use crate::memory::read::{self, Entry};
use crate::memory::{ARCHIVE, EntryForm, FILE};

/// The incident of one entry.
struct Import {
    id: String,
    row: Row,
    converted: ConvertedEntry,
}

pub(super) fn run(
    memory_files: &MemoryFiles,
    arguments: &ImportArguments,
) -> anyhow::Result<Outcome> {
    let config = &memory_files.loaded.archive.config;
    let file = match Verbatim::outside(&arguments.file, config) {
        Ok(file) => file,
        Err(diagnostic) => return Ok(rejected(&[*diagnostic], Sources::new())),
    };
    let Some(found) = entries(Some(&file)) else {
        eprint_line("nothing written");
        return Ok(Outcome::Problems);
    };
    if found.is_empty() {
        eprint_line(&format!(
            "error: {}: no entries found; an entry starts with `## M-2025-01-05T16:00:00Z INC-1234-orders-api-outage`\nnothing written",
            arguments.file
        ));
        return Ok(Outcome::Problems);
    }
    let archive = match full_texts(memory_files, arguments) {
        Ok(archive) => archive,
        Err(diagnostic) => return Ok(rejected(&[*diagnostic], Sources::new())),
    };
    for (path, old, new) in [
        (FILE, &memory_files.file, Some(&file)),
        (ARCHIVE, &memory_files.archive, archive.as_ref()),
    ] {
        if let (Some(old), Some(new)) = (old, new)
            && old.text != new.text
        {
            bail!(
                "`{path}` exists and differs from `{}`; add the missing entries to `{path}` and import that; nothing written",
                new.source.path()
            );
        }
    }
    let Some(archived) = entries(archive.as_ref()) else {
        eprint_line("nothing written");
        return Ok(Outcome::Problems);
    };
    let (imports, mut problems) = convert_all(memory_files, arguments, &file, &found, &archived);
    // An incident that was imported before may have become confidential since.
    if !memory_files.ledger.0.is_empty() {
        let Some(redactions) = memory_files.redactions() else {
            eprint_line("nothing written");
            return Ok(Outcome::Problems);
        };
        for entry in &found {
            if let Some(id) = redactions.confidential(&memory_files.ledger, entry) {
                let message = format!("`{id}` is confidential and must not be in a memory file");
                let code = "memory-confidential";
                problems.push(read::error(&file.source, entry.line, code, message));
            }
        }
    }
    if !problems.is_empty() {
        return Ok(rejected(&problems, std::iter::once(file.source).collect()));
    }
    let rows: Vec<(&str, &Row)> = imports
        .iter()
        .map(|import| (import.id.as_str(), &import.row))
        .collect();
    let ledger = memory_files.updated_ledger(&rows)?;
    let mut new: Vec<(String, String)> = imports.iter().flat_map(files).collect();
    if memory_files.file.is_none() {
        new.push((FILE.to_owned(), file.text.clone()));
    }
    if let (None, Some(archive)) = (&memory_files.archive, &archive) {
        new.push((ARCHIVE.to_owned(), archive.text.clone()));
    }
    if arguments.dry_run {
        let files = new
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()));
        for (path, text) in files.chain([(LEDGER, ledger.as_str())]) {
            print(&format!("# {path}\n{text}\n"))?;
        }
        return Ok(Outcome::Done);
    }
    write(memory_files, &new, &ledger, !rows.is_empty())
}

fn write(
    memory_files: &MemoryFiles,
    new: &[(String, String)],
    ledger: &str,
    has_rows: bool,
) -> anyhow::Result<Outcome> {
    for (path, _) in new {
        if memory_files.root.join(path).symlink_metadata().is_ok() {
            bail!("`{path}` already exists; nothing written");
        }
    }
    let texts = new
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let ledger = has_rows.then_some((LEDGER, ledger));
    write_texts(
        &memory_files.root,
        "memory import".to_owned(),
        texts.chain(ledger),
    )?;
    for (path, _) in new {
        echo(&format!("created {path}\n"))?;
    }
    if has_rows {
        echo(&format!("wrote {LEDGER}\n"))?;
    } else {
        remark("no incidents created");
    }
    Ok(Outcome::Done)
}

fn rejected(problems: &[Diagnostic], sources: Sources) -> Outcome {
    report(problems, &sources);
    eprint_line("nothing written");
    Outcome::Problems
}

/// Reads the memory archive next to the file, or else that of the archive.
fn full_texts(
    memory_files: &MemoryFiles,
    arguments: &ImportArguments,
) -> Result<Option<Verbatim>, Box<Diagnostic>> {
    let path = arguments
        .file
        .with_file_name("archive")
        .join("incidents.md");
    if path.symlink_metadata().is_err() {
        return Ok(memory_files.archive.clone());
    }
    Verbatim::outside(&path, &memory_files.loaded.archive.config).map(Some)
}

/// Converts every entry that has no incident; returns the incidents and all problems.
fn convert_all(
    memory_files: &MemoryFiles,
    arguments: &ImportArguments,
    file: &Verbatim,
    found: &[Entry],
    archived: &[Entry],
) -> (Vec<Import>, Vec<Diagnostic>) {
    let path = &arguments.file;
    let existing: BTreeSet<String> = load::taken_ids(&memory_files.root)
        .iter()
        .map(|id| id.to_ascii_lowercase())
        .collect();
    let (mut assigned, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let (mut imports, mut problems): (Vec<Import>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    for entry in found {
        let known = memory_files
            .ledger
            .0
            .iter()
            .any(|(_, row)| entry.matches(&row.written_at, &row.name));
        let kind = entry.get("type").unwrap_or_default();
        if known {
            continue;
        }
        if !seen.insert((entry.stamp, entry.name)) {
            eprint_line(&format!(
                "{path}:{}: skipped `{}`: duplicate of an entry above with the same timestamp",
                entry.line, entry.name
            ));
            continue;
        }
        if entry.example && !arguments.examples {
            eprint_line(&format!(
                "{path}:{}: skipped `{}`: it is an example in a comment; pass `--examples` to import it",
                entry.line, entry.name
            ));
            continue;
        }
        if kind != "incident" {
            eprint_line(&format!(
                "{path}:{}: skipped `{}` (type `{kind}`)",
                entry.line, entry.name
            ));
            continue;
        }
        let mut problem = |line: usize, message: String| {
            problems.push(read::error(&file.source, line, "memory-import", message));
        };
        let wanted = match incident::id(entry.name) {
            Ok(id) => id,
            Err(reason) => {
                problem(
                    entry.line,
                    format!("no valid incident ID in `{}`: {reason}", entry.name),
                );
                continue;
            }
        };
        let id = assign_id(&wanted, &mut assigned);
        if existing.contains(&id.to_ascii_lowercase()) {
            let message = format!("incident `{id}` already exists");
            problem(entry.line, message);
            continue;
        }
        if let Err(reason) = has_no_timeline(&memory_files.root, &id) {
            problem(entry.line, reason.to_string());
            continue;
        }
        if *id != *wanted {
            eprint_line(&format!(
                "{path}:{}: another entry has the ID of `{}`; imported as `{id}`",
                entry.line, entry.name
            ));
        }
        // The full text of a shortened entry is in the memory archive.
        let full = archived
            .iter()
            .find(|other| entry.form != EntryForm::Full && other.matches(entry.stamp, entry.name))
            .unwrap_or(entry);
        let converted = match incident::from_entry(full, &id, arguments.date) {
            Ok(converted) => converted,
            Err(reason) => {
                problem(
                    entry.line,
                    format!("cannot convert this entry to an incident: {reason}"),
                );
                continue;
            }
        };
        match Row::from_entry(entry, &converted) {
            Ok(row) => {
                for (line, note) in &converted.notes {
                    eprint_line(&format!("{path}:{line}: {note}"));
                }
                imports.push(Import { id, row, converted });
            }
            Err((line, message)) => problem(line, message),
        }
    }
    (imports, problems)
}

/// Returns an ID that no other entry of the file has, appending a number if needed.
fn assign_id(id: &Id, assigned: &mut BTreeSet<String>) -> String {
    let numbered = (2_u64..).map(|number| format!("{}-{number}", &**id));
    let free = std::iter::once(id.to_string())
        .chain(numbered)
        .find(|id| !assigned.contains(&id.to_ascii_lowercase()))
        .unwrap_or_default();
    assigned.insert(free.to_ascii_lowercase());
    free
}

fn files(import: &Import) -> impl Iterator<Item = (String, String)> {
    let timeline = import.converted.timeline_text();
    let timeline = timeline.map(|text| (load::default_timeline(&import.id).to_string(), text));
    let incident = format!("{}/{}.toml", load::INCIDENTS, import.id);
    let incident = (incident, import.converted.incident_text());
    timeline.into_iter().chain([incident])
}
