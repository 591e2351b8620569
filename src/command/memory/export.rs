//! `afterword memory export`: prints the memory file, or writes it if no entry would be lost.

#![expect(
    clippy::disallowed_methods,
    reason = "a command checks whether a file is the archive's memory file"
)]

use anyhow::{Context, anyhow, bail};
use camino::Utf8Path;

use super::{ExportArguments, MemoryFiles, entries, readable, write_file};
use crate::archive::url_path;
use crate::command::terminal::remark;
use crate::command::{Outcome, eprint_line, incident, print, report};
use crate::diagnostic::{self, Sources};
use crate::edit;
use crate::facts::Facts;
use crate::kind::Line;
use crate::load::{self, Verbatim};
use crate::memory::export::{Exported, moved};
use crate::memory::ledger::{LEDGER, Row, Style};
use crate::memory::read::{self, Entry};
use crate::memory::{ARCHIVE, FILE};

pub(super) fn run(
    memory_files: &MemoryFiles,
    arguments: &ExportArguments,
) -> anyhow::Result<Outcome> {
    let Some(current) = entries(memory_files.file.as_ref()) else {
        return Ok(Outcome::Problems);
    };
    let exporter = memory_files.exporter(arguments.style);
    let checker = incident::fact_checker(exporter.config)?;
    let read = load::inputs(&memory_files.root).each(exporter.config, |record| {
        let facts = Facts::compute(&record, exporter.config);
        let errors = checker.fact_errors(&record, &facts);
        (exporter.part(&current, &record), errors)
    });
    let (parts, errors): (Vec<_>, Vec<_>) = read.kept.into_iter().unzip();
    let mut errors = errors.concat();
    let sources = &memory_files.loaded.sources;
    diagnostic::sort(&mut errors, sources);
    report(&errors, sources);
    if !readable(read.diagnostics, sources) || !errors.is_empty() {
        eprint_line("nothing exported");
        return Ok(Outcome::Problems);
    }
    let exported = exporter.file(memory_files.text(), &current, parts);
    for (id, reason) in &exported.excluded {
        remark(&format!("note: skipped `{id}`: {reason}"));
    }
    let Some(out) = &arguments.out else {
        print(&exported.text)?;
        return Ok(Outcome::Done);
    };
    if is_memory_file(memory_files, out) {
        if !update(memory_files, exported)? {
            return Ok(Outcome::Problems);
        }
    } else if !write_elsewhere(out, &exported, memory_files, &current)? {
        return Ok(Outcome::Problems);
    }
    remark(&format!("wrote {out}"));
    Ok(Outcome::Done)
}

/// Returns `true` if a file is the archive's memory file.
fn is_memory_file(memory_files: &MemoryFiles, out: &Utf8Path) -> bool {
    let memory_file = memory_files.root.join(FILE);
    let is_same_path = std::path::absolute(out).is_ok_and(|path| path == memory_file);
    is_same_path
        || out
            .canonicalize_utf8()
            .is_ok_and(|path| memory_file.canonicalize_utf8().ok() == Some(path))
}

/// Writes the memory file and the digests of its entries.
///
/// Returns `false` if the memory archive has errors, after printing them.
fn update(memory_files: &MemoryFiles, mut exported: Exported) -> anyhow::Result<bool> {
    let Some(archived) = entries(memory_files.archive.as_ref()) else {
        return Ok(false);
    };
    let file = Verbatim::new(FILE.as_ref(), &exported.text);
    let current = read::entries(&file).map_err(|_| anyhow!("the exported memory is invalid"))?;
    for (_, row) in &mut exported.rows {
        let mut current = current.iter();
        let entry = current.find(|entry| entry.matches(&row.written_at, &row.name));
        row.entry = entry.and_then(|entry| Line::new(entry.digest()).ok());
    }
    let rows = exported.rows.iter();
    let rows: Vec<(&str, &Row)> = rows.map(|(id, row)| (id.as_str(), row)).collect();
    let ledger = memory_files.updated_ledger(&rows)?;
    if let Some(archive) = &memory_files.archive {
        let exporter = memory_files.exporter(Style::default());
        let cleaned = exporter.without_confidential(&archive.text, &archived, &exported.redactions);
        if cleaned != archive.text {
            write_file(&memory_files.root, ARCHIVE, &cleaned)?;
            eprint_line(&format!(
                "removed confidential text from {ARCHIVE}; the incidents are unchanged"
            ));
        }
    }
    write_file(&memory_files.root, FILE, &exported.text)?;
    write_file(&memory_files.root, LEDGER, &ledger)?;
    Ok(true)
}

/// Returns the path from the folder of a file to the archive as it stands in a URL, with a slash at its end.
///
/// If it cannot be known, the path is that from the archive's own memory.
fn to_root(out: &Utf8Path, root: &Utf8Path) -> String {
    let folder = out.parent().filter(|folder| !folder.as_str().is_empty());
    let folder = folder.unwrap_or(Utf8Path::new(".")).canonicalize_utf8();
    let (Ok(folder), Ok(root)) = (folder, root.canonicalize_utf8()) else {
        return "../".to_owned();
    };
    let common = folder.components().zip(root.components());
    let common = common.take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(common).map(|_| "..".to_owned());
    let down = root
        .components()
        .skip(common)
        .map(|part| url_path(part.as_str()));
    up.chain(down).map(|part| part + "/").collect()
}

/// Writes the memory to another file; the links to files of the archive are relative to it.
///
/// Returns `false` if that file exists and has errors, after printing them.
fn write_elsewhere(
    out: &Utf8Path,
    exported: &Exported,
    memory_files: &MemoryFiles,
    current: &[Entry],
) -> anyhow::Result<bool> {
    let written = Verbatim::new(FILE.as_ref(), &exported.text);
    let text = read::entries(&written).map_or_else(
        |_| exported.text.clone(),
        |entries| moved(&exported.text, &entries, &to_root(out, &memory_files.root)),
    );
    let text = text.as_str();
    if out.symlink_metadata().is_err() {
        edit::create(out, text).with_context(|| format!("cannot write `{out}`"))?;
        return Ok(true);
    }
    let old = match Verbatim::outside(out, &memory_files.loaded.archive.config) {
        Ok(old) => old,
        Err(diagnostic) => {
            report(&[*diagnostic], &Sources::new());
            return Ok(false);
        }
    };
    let Some(old_entries) = entries(Some(&old)) else {
        return Ok(false);
    };
    let new = Verbatim::new(out, text);
    let new = read::entries(&new).unwrap_or_default();
    // Entries that the memory has but does not export, such as confidential ones, may be removed.
    let is_known = |entry: &&Entry| {
        let mut known = new.iter().chain(current);
        known.any(|other| other.matches(entry.stamp, entry.name))
            || exported
                .redactions
                .confidential(&memory_files.ledger, entry)
                .is_some()
    };
    let lost = old_entries.iter().find(|entry| !is_known(entry));
    if let Some(entry) = lost {
        bail!(
            "{out}:{}: entry `{}` is not in the archive's memory and would be lost; nothing written",
            entry.line,
            entry.name
        );
    }
    if old_entries.is_empty() && !old.text.trim().is_empty() {
        bail!("`{out}` exists and is not a memory file; nothing written");
    }
    edit::replace(out, text).with_context(|| format!("cannot write `{out}`"))?;
    Ok(true)
}
