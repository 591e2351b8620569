//! `afterword memory export`: prints the memory file, or writes it where no entry would be lost.

#![expect(
    clippy::disallowed_methods,
    reason = "a command finds out whether a file is the archive's own"
)]

use anyhow::{Context, anyhow, bail};
use camino::Utf8Path;

use super::{ExportArguments, MemoryFiles, entries, put, readable};
use crate::command::{Outcome, eprint_line, print, report};
use crate::diagnostic::Sources;
use crate::edit;
use crate::kind::Line;
use crate::load::{self, Verbatim};
use crate::memory::export::Exported;
use crate::memory::ledger::{LEDGER, Row, Style};
use crate::memory::read::{self, Entry};
use crate::memory::{ARCHIVE, FILE};

pub(super) fn run(
    memory_files: &MemoryFiles,
    arguments: &ExportArguments,
) -> anyhow::Result<Outcome> {
    let Some(inside) = entries(memory_files.file.as_ref()) else {
        return Ok(Outcome::Problems);
    };
    let exporter = memory_files.exporter(arguments.style);
    let read = load::inputs(&memory_files.root)
        .each(exporter.config, |record| exporter.part(&inside, &record));
    if !readable(&read.diagnostics, read.sources) {
        eprint_line("nothing was exported");
        return Ok(Outcome::Problems);
    }
    let exported = exporter.file(memory_files.text(), &inside, read.kept);
    for (id, reason) in &exported.left_out {
        eprint_line(&format!("note: `{id}` is left out: {reason}"));
    }
    let Some(out) = &arguments.out else {
        print(&exported.text)?;
        return Ok(Outcome::Done);
    };
    if is_own(memory_files, out) {
        if !keep(memory_files, exported)? {
            return Ok(Outcome::Problems);
        }
    } else if !put_external(out, &exported, memory_files, &inside)? {
        return Ok(Outcome::Problems);
    }
    eprint_line(&format!("wrote {out}"));
    Ok(Outcome::Done)
}

/// Says whether a file is the archive's own memory.
fn is_own(memory_files: &MemoryFiles, out: &Utf8Path) -> bool {
    let own = memory_files.root.join(FILE);
    let whole = std::path::absolute(out).is_ok_and(|whole| whole == own);
    whole
        || out
            .canonicalize_utf8()
            .is_ok_and(|whole| own.canonicalize_utf8().ok() == Some(whole))
}

/// Writes the memory file, and notes what each entry was made from; says whether it could.
fn keep(memory_files: &MemoryFiles, mut exported: Exported) -> anyhow::Result<bool> {
    let Some(archived) = entries(memory_files.archive.as_ref()) else {
        return Ok(false);
    };
    let file = Verbatim::new(FILE.as_ref(), &exported.text);
    let inside = read::entries(&file).map_err(|_| anyhow!("the memory cannot be read again"))?;
    for (_, row) in &mut exported.rows {
        let mut inside = inside.iter();
        let entry = inside.find(|entry| entry.is(&row.written_at, &row.name));
        row.entry = entry.and_then(|entry| Line::new(entry.digest()).ok());
    }
    let rows = exported.rows.iter();
    let rows: Vec<(&str, &Row)> = rows.map(|(id, row)| (id.as_str(), row)).collect();
    let kept = memory_files.with(&rows)?;
    if let Some(archive) = &memory_files.archive {
        let exporter = memory_files.exporter(Style::default());
        let told = exporter.without(&archive.text, &archived, &exported.secrecy);
        if told != archive.text {
            put(&memory_files.root, ARCHIVE, &told)?;
            eprint_line(&format!(
                "what is confidential was taken out of {ARCHIVE}; the incidents stay as they are"
            ));
        }
    }
    put(&memory_files.root, FILE, &exported.text)?;
    put(&memory_files.root, LEDGER, &kept)?;
    Ok(true)
}

/// Writes a memory file elsewhere; says whether no entry of one that is there would be lost.
fn put_external(
    out: &Utf8Path,
    exported: &Exported,
    memory_files: &MemoryFiles,
    own: &[Entry],
) -> anyhow::Result<bool> {
    let text = exported.text.as_str();
    if out.symlink_metadata().is_err() {
        edit::create(out, text).with_context(|| format!("cannot write `{out}`"))?;
        return Ok(true);
    }
    let old = match Verbatim::outside(out, &memory_files.loaded.archive.config) {
        Ok(old) => old,
        Err(fault) => {
            report(&[*fault], &Sources::new());
            return Ok(false);
        }
    };
    let Some(inside) = entries(Some(&old)) else {
        return Ok(false);
    };
    let new = Verbatim::new(out, text);
    let new = read::entries(&new).unwrap_or_default();
    // What the memory has and does not tell, such as a confidential incident, may go.
    let is_known = |entry: &&Entry| {
        let mut known = new.iter().chain(own);
        known.any(|other| other.is(entry.stamp, entry.name))
            || exported
                .secrecy
                .confidential(&memory_files.ledger, entry)
                .is_some()
    };
    let lost = inside.iter().find(|entry| !is_known(entry));
    if let Some(entry) = lost {
        bail!(
            "{out}:{}: the entry `{}` is not in the memory of the archive, and would be lost; nothing was written",
            entry.line,
            entry.name
        );
    }
    if inside.is_empty() && !old.text.trim().is_empty() {
        bail!("`{out}` is there and is no memory; nothing was written");
    }
    edit::replace(out, text).with_context(|| format!("cannot write `{out}`"))?;
    Ok(true)
}
