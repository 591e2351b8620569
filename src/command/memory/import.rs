//! `afterword memory import`: makes incidents of entries; all is understood before anything is written.

use std::collections::BTreeSet;

use anyhow::{Context, bail};

use super::{ImportArguments, MemoryFiles, entries};
use crate::command::{Outcome, eprint_line, print, report};
use crate::diagnostic::{Diagnostic, Sources};
use crate::edit;
use crate::kind::Id;
use crate::load::{self, Verbatim};
use crate::memory::incident::{self, Made};
use crate::memory::ledger::{LEDGER, Row};
use crate::memory::read::{self, Entry};
use crate::memory::{ARCHIVE, EntryForm, FILE};

/// What is made of one entry.
struct Import {
    id: String,
    row: Row,
    made: Made,
}

pub(super) fn run(
    memory_files: &MemoryFiles,
    arguments: &ImportArguments,
) -> anyhow::Result<Outcome> {
    let config = &memory_files.loaded.archive.config;
    let file = match Verbatim::outside(&arguments.file, config) {
        Ok(file) => file,
        Err(fault) => return Ok(refused(&[*fault], Sources::new())),
    };
    let Some(found) = entries(Some(&file)) else {
        eprint_line("nothing was written");
        return Ok(Outcome::Problems);
    };
    if found.is_empty() {
        eprint_line(&format!(
            "error: {}: there is no entry in it; an entry begins with `## M-2025-01-05T16:00:00Z INC-1234-orders-api-outage`\nnothing was written",
            arguments.file
        ));
        return Ok(Outcome::Problems);
    }
    let archive = match full_texts(memory_files, arguments) {
        Ok(archive) => archive,
        Err(fault) => return Ok(refused(&[*fault], Sources::new())),
    };
    for (path, old, new) in [
        (FILE, &memory_files.file, Some(&file)),
        (ARCHIVE, &memory_files.archive, archive.as_ref()),
    ] {
        if let (Some(old), Some(new)) = (old, new)
            && old.text != new.text
        {
            bail!(
                "`{path}` is there and says something else than `{}`; put into the first what it lacks, then import it; nothing was written",
                new.source.path()
            );
        }
    }
    let Some(full) = entries(archive.as_ref()) else {
        eprint_line("nothing was written");
        return Ok(Outcome::Problems);
    };
    let (imports, mut faults) = all(memory_files, arguments, &file, &found, &full);
    // What was imported before may have become confidential since.
    if !memory_files.ledger.0.is_empty() {
        let Some(secrecy) = memory_files.secrecy() else {
            eprint_line("nothing was written");
            return Ok(Outcome::Problems);
        };
        for entry in &found {
            if let Some(id) = secrecy.confidential(&memory_files.ledger, entry) {
                let message = format!("`{id}` is confidential, and no memory may tell of it");
                let code = "memory-confidential";
                faults.push(read::error(&file.source, entry.line, code, message));
            }
        }
    }
    if !faults.is_empty() {
        return Ok(refused(&faults, std::iter::once(file.source).collect()));
    }
    let rows: Vec<(&str, &Row)> = imports
        .iter()
        .map(|import| (import.id.as_str(), &import.row))
        .collect();
    let kept = memory_files.with(&rows)?;
    let mut new: Vec<(String, &str)> = imports.iter().flat_map(files).collect();
    if memory_files.file.is_none() {
        new.push((FILE.to_owned(), &file.text));
    }
    if let (None, Some(archive)) = (&memory_files.archive, &archive) {
        new.push((ARCHIVE.to_owned(), &archive.text));
    }
    if arguments.dry_run {
        let files = new.iter().map(|(path, text)| (path.as_str(), *text));
        for (path, text) in files.chain([(LEDGER, kept.as_str())]) {
            print(&format!("# {path}\n{text}\n"))?;
        }
        return Ok(Outcome::Done);
    }
    write(memory_files, &new, &kept, !rows.is_empty())
}

fn write(
    memory_files: &MemoryFiles,
    new: &[(String, &str)],
    kept: &str,
    has_rows: bool,
) -> anyhow::Result<Outcome> {
    for (path, _) in new {
        if memory_files.root.join(path).symlink_metadata().is_ok() {
            bail!("`{path}` is there already, and nothing is written over; nothing was written");
        }
    }
    for (place, (path, text)) in new.iter().enumerate() {
        edit::create(&memory_files.root.join(path), text).with_context(|| {
            let before: Vec<&str> = new
                .iter()
                .take(place)
                .map(|(path, _)| path.as_str())
                .collect();
            let before = if before.is_empty() {
                "nothing".to_owned()
            } else {
                before.join(", ")
            };
            format!("cannot write `{path}`; made before it: {before}")
        })?;
        print(&format!("made {path}\n"))?;
    }
    if has_rows {
        super::put(&memory_files.root, LEDGER, kept)?;
        print(&format!("wrote {LEDGER}\n"))?;
    } else {
        eprint_line("no incident was made");
    }
    Ok(Outcome::Done)
}

fn refused(faults: &[Diagnostic], sources: Sources) -> Outcome {
    report(faults, &sources);
    eprint_line("nothing was written");
    Outcome::Problems
}

/// Reads the archive of entries that lies beside the file, if there is one.
fn full_texts(
    memory_files: &MemoryFiles,
    arguments: &ImportArguments,
) -> Result<Option<Verbatim>, Box<Diagnostic>> {
    let beside = arguments
        .file
        .with_file_name("archive")
        .join("incidents.md");
    if beside.symlink_metadata().is_err() {
        return Ok(memory_files.archive.clone());
    }
    Verbatim::outside(&beside, &memory_files.loaded.archive.config).map(Some)
}

/// Makes an incident of every entry that has none, and names what stands in the way.
fn all(
    memory_files: &MemoryFiles,
    arguments: &ImportArguments,
    file: &Verbatim,
    found: &[Entry],
    full: &[Entry],
) -> (Vec<Import>, Vec<Diagnostic>) {
    let path = &arguments.file;
    let there: BTreeSet<String> = load::taken_ids(&memory_files.root)
        .iter()
        .map(|id| id.to_ascii_lowercase())
        .collect();
    let (mut given, mut seen) = (BTreeSet::new(), BTreeSet::new());
    let (mut imports, mut faults): (Vec<Import>, Vec<Diagnostic>) = (Vec::new(), Vec::new());
    for entry in found {
        let known = memory_files
            .ledger
            .0
            .iter()
            .any(|(_, row)| entry.is(&row.written_at, &row.name));
        let kind = entry.get("type").unwrap_or_default();
        if known {
            continue;
        }
        if !seen.insert((entry.stamp, entry.name)) {
            eprint_line(&format!(
                "{path}:{}: `{}` stands above with the same moment, and is read there",
                entry.line, entry.name
            ));
            continue;
        }
        if entry.example && !arguments.examples {
            eprint_line(&format!(
                "{path}:{}: `{}` stands in a comment, and is passed over as an example; `--examples` reads it",
                entry.line, entry.name
            ));
            continue;
        }
        if kind != "incident" {
            eprint_line(&format!(
                "{path}:{}: `{}` is of the type `{kind}`, and is passed over",
                entry.line, entry.name
            ));
            continue;
        }
        let mut fault = |line: usize, message: String| {
            faults.push(read::error(&file.source, line, "memory-import", message));
        };
        let wanted = match incident::id(entry.name) {
            Ok(id) => id,
            Err(reason) => {
                fault(
                    entry.line,
                    format!("`{}` gives no id: {reason}", entry.name),
                );
                continue;
            }
        };
        let id = own(&wanted, &mut given);
        if there.contains(&id.to_ascii_lowercase()) {
            let message =
                format!("the incident `{id}` is there already, and nothing is written over");
            fault(entry.line, message);
            continue;
        }
        if *id != *wanted {
            eprint_line(&format!(
                "{path}:{}: another entry is `{}` too; this one becomes `{id}`",
                entry.line, entry.name
            ));
        }
        // A shortened entry has its story in the archive.
        let story = full
            .iter()
            .find(|other| entry.form != EntryForm::Full && other.is(entry.stamp, entry.name))
            .unwrap_or(entry);
        let made = match incident::from_entry(story, &id, arguments.date) {
            Ok(made) => made,
            Err(reason) => {
                fault(
                    entry.line,
                    format!("no incident can hold this entry: {reason}"),
                );
                continue;
            }
        };
        match Row::from_entry(entry, &made) {
            Ok(row) => {
                for (line, note) in &made.notes {
                    eprint_line(&format!("{path}:{line}: {note}"));
                }
                imports.push(Import { id, row, made });
            }
            Err((line, message)) => fault(line, message),
        }
    }
    (imports, faults)
}

/// Gives an id with a number where another entry of the file has it.
fn own(id: &Id, given: &mut BTreeSet<String>) -> String {
    let numbered = (2_u64..).map(|number| format!("{}-{number}", &**id));
    let free = std::iter::once(id.to_string())
        .chain(numbered)
        .find(|id| !given.contains(&id.to_ascii_lowercase()))
        .unwrap_or_default();
    given.insert(free.to_ascii_lowercase());
    free
}

fn files(import: &Import) -> impl Iterator<Item = (String, &str)> {
    let timeline = import
        .made
        .timeline
        .as_deref()
        .map(|text| (format!("{}/{}.json", load::TIMELINES, import.id), text));
    let incident = (
        format!("{}/{}.toml", load::INCIDENTS, import.id),
        import.made.incident.as_str(),
    );
    timeline.into_iter().chain([incident])
}
