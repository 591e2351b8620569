//! The commands that change an entry or its data: `touch`, `pin`, `unpin`, `summarize`, `archive`.

use anyhow::{anyhow, bail};
use chrono::{NaiveDate, TimeDelta};

use super::{
    ArchiveArguments, MemoryFiles, SummarizeArguments, TouchArguments, entries, record_digests,
};
use crate::archive::Record;
use crate::command::change::write_texts;
use crate::command::incident::Changed;
use crate::command::terminal::{echo, remark};
use crate::command::{Outcome, Today, eprint_line, print};
use crate::kind::{Block, Day, Line};
use crate::load::{self, Verbatim};
use crate::memory::export::Export;
use crate::memory::ledger::{LEDGER, Row, Style};
use crate::memory::print::learning;
use crate::memory::read::Entry;
use crate::memory::redactions::is_exportable;
use crate::memory::{ARCHIVE, ARCHIVED_TO, EntryForm, FILE, shorten};
use crate::moment::parse_day;

/// Parses a number of days such as `90d`.
pub(super) fn days(text: &str) -> Result<u32, String> {
    let count = text.strip_suffix('d').and_then(|count| count.parse().ok());
    count
        .filter(|days| (1..=36_500).contains(days))
        .ok_or_else(|| format!("invalid number of days `{text}`; use a value such as `90d`"))
}

pub(super) fn touch(
    memory_files: &MemoryFiles,
    arguments: &TouchArguments,
) -> anyhow::Result<Outcome> {
    let today = Today::resolve(arguments.date, &memory_files.loaded.archive.config)?;
    let Some(current) = entries(memory_files.file.as_ref()) else {
        return Ok(Outcome::Problems);
    };
    change(memory_files, "touch", &arguments.incident, |row| {
        // The format's own tools record uses in the memory file.
        let entry = current
            .iter()
            .find(|entry| entry.matches(&row.written_at, &row.name));
        let recorded = entry.and_then(|entry| entry.get("used")?.parse().ok());
        row.used = row.used.max(recorded.unwrap_or_default()).saturating_add(1);
        row.last_used = row.last_used.max(Some(Day(today.0)));
        format!("uses: {}, last used: {}", row.used, today.0)
    })
}

pub(super) fn pin(
    memory_files: &MemoryFiles,
    incident: &Changed,
    pinned: bool,
) -> anyhow::Result<Outcome> {
    let verb = if pinned { "pin" } else { "unpin" };
    change(memory_files, verb, incident, |row| {
        row.pinned = pinned;
        if pinned { "pinned" } else { "not pinned" }.to_owned()
    })
}

/// Changes the row of one incident and prints the result.
///
/// `verb` is how `afterword undo` names the change.
fn change(
    memory_files: &MemoryFiles,
    verb: &str,
    incident: &Changed,
    change_row: impl FnOnce(&mut Row) -> String,
) -> anyhow::Result<Outcome> {
    let id = incident.id(&memory_files.root)?;
    let Some(record) = memory_files.record(&id)? else {
        return Ok(Outcome::Problems);
    };
    ensure_exportable(&record)?;
    let mut row = row(&memory_files.exporter(Style::default()), &record)?;
    let result = change_row(&mut row);
    let ledger = memory_files.updated_ledger(&[(&id, &row)])?;
    write_texts(
        &memory_files.root,
        format!("memory {verb} {id}"),
        [(LEDGER, ledger.as_str())],
    )?;
    echo(&format!("{id}  {result}\n"))?;
    Ok(Outcome::Done)
}

fn ensure_exportable(record: &Record) -> anyhow::Result<()> {
    if is_exportable(record) {
        return Ok(());
    }
    bail!(
        "`{}` is confidential and must not be in the memory; remove its entry with `afterword memory export --out {FILE}`",
        record.id
    )
}

fn row(exporter: &Export, record: &Record) -> anyhow::Result<Row> {
    exporter.row(record).ok_or_else(|| {
        anyhow!(
            "`{}` has no memory entry yet: it is open, has no recorded end, or is not an incident",
            record.id
        )
    })
}

pub(super) fn summarize(
    memory_files: &MemoryFiles,
    arguments: &SummarizeArguments,
) -> anyhow::Result<Outcome> {
    let Some(record) = memory_files.record(&arguments.incident.id(&memory_files.root)?)? else {
        return Ok(Outcome::Problems);
    };
    ensure_exportable(&record)?;
    let row = row(&memory_files.exporter(Style::default()), &record)?;
    if row.form != EntryForm::Full {
        bail!(
            "the entry of `{}` is already {}",
            record.id,
            row.form.as_str()
        );
    }
    let text = arguments
        .learning
        .clone()
        .or_else(|| learning(&record, &row));
    let text = text.filter(|text| !text.trim().is_empty()).ok_or_else(|| {
        anyhow!(
            "`{}` has no learnings; pass one with `--learning`",
            record.id
        )
    })?;
    let custom = arguments.learning.as_ref().map(Block::new).transpose();
    let custom = custom.map_err(|reason| anyhow!("invalid learning: {reason}"))?;
    let mut work = Work::new(memory_files);
    let row = Row {
        form: EntryForm::Summarized,
        key_learning: custom,
        ..row
    };
    if !work.shorten(&record, row, &text)? {
        return Ok(Outcome::Problems);
    }
    work.finish(arguments.dry_run)
}

pub(super) fn archive(
    memory_files: &MemoryFiles,
    arguments: &ArchiveArguments,
) -> anyhow::Result<Outcome> {
    let today = Today::resolve(arguments.as_of, &memory_files.loaded.archive.config)?;
    let cutoff = today.0 - TimeDelta::days(i64::from(arguments.unused));
    let mut work = Work::new(memory_files);
    let Some(current) = entries(memory_files.file.as_ref()) else {
        return Ok(Outcome::Problems);
    };
    let ids = load::taken_ids(&memory_files.root);
    let mut all_archived = true;
    for (id, row) in &memory_files.ledger.0 {
        let entry = current
            .iter()
            .find(|entry| entry.matches(&row.written_at, &row.name));
        let Some(entry) = entry else { continue };
        let pinned = row.pinned || entry.get("pinned") == Some("true");
        let last_used = last_used(row, entry);
        let is_unused = last_used.is_some_and(|day| day <= cutoff);
        if row.form == EntryForm::Archived
            || pinned
            || !is_unused
            || !ids.iter().any(|other| **id == **other)
        {
            continue;
        }
        let Some(record) = memory_files.record(id)? else {
            return Ok(Outcome::Problems);
        };
        if let Err(reason) = ensure_exportable(&record) {
            remark(&format!("note: {reason}"));
            continue;
        }
        let archived = Row {
            form: EntryForm::Archived,
            archived_to: Line::new(ARCHIVED_TO).ok(),
            status: Line::new("archived").ok(),
            ..row.clone()
        };
        let reason = format!("not used since {}", last_used.unwrap_or(cutoff));
        // The other entries are archived even if one must stay as it is.
        all_archived &= work.shorten(&record, archived, &reason)?;
    }
    let outcome = match work.rows.as_slice() {
        [] => {
            echo("nothing to archive\n")?;
            Outcome::Done
        }
        _ => work.finish(arguments.dry_run)?,
    };
    Ok(if all_archived {
        outcome
    } else {
        Outcome::Problems
    })
}

/// Returns the date of an entry's last use, or else the date of its timestamp.
fn last_used(row: &Row, entry: &Entry) -> Option<NaiveDate> {
    let day = |text: Option<&str>| text.and_then(|text| parse_day(text).ok());
    let known = row
        .last_used
        .map(|day| day.0)
        .max(day(entry.get("last_used")));
    known.or_else(|| day(entry.stamp.get(..10)))
}

/// The changed files, before any is written.
struct Work<'a> {
    memory_files: &'a MemoryFiles,
    text: String,
    archive: Option<String>,
    rows: Vec<(String, Row)>,
    previews: Vec<String>,
}

impl<'a> Work<'a> {
    fn new(memory_files: &'a MemoryFiles) -> Self {
        Self {
            memory_files,
            text: memory_files.text().to_owned(),
            archive: memory_files
                .archive
                .as_ref()
                .map(|archive| archive.text.clone()),
            rows: Vec::new(),
            previews: Vec::new(),
        }
    }

    /// Moves the full entry to the memory archive and replaces it by its short form.
    ///
    /// Returns `false` if a file has errors or the full text is missing, after printing why.
    fn shorten(&mut self, record: &Record, row: Row, text: &str) -> anyhow::Result<bool> {
        let file = Verbatim::new(FILE.as_ref(), &self.text);
        let Some(current) = entries(Some(&file)) else {
            return Ok(false);
        };
        // Update the entry first, so that the memory archive has the latest version.
        let exporter = self.memory_files.exporter(Style::default());
        let part = exporter.part(&current, record);
        let updated = exporter.file(&file.text, &current, vec![part]);
        let updated = Verbatim::new(FILE.as_ref(), &updated.text);
        let (Some(current), old_archive) = (entries(Some(&updated)), self.archive.as_deref())
        else {
            return Ok(false);
        };
        let archive = old_archive.map(|text| Verbatim::new(ARCHIVE.as_ref(), text));
        let Some(archived) = entries(archive.as_ref()) else {
            return Ok(false);
        };
        let found = current
            .iter()
            .find(|entry| entry.matches(&row.written_at, &row.name));
        let entry = found.ok_or_else(|| anyhow!("`{FILE}` has no entry for `{}`", record.id))?;
        if entry.form != EntryForm::Full && !shorten::has_full_text(&archived, entry) {
            eprint_line(&format!(
                "error: the full text of `{}` is not in `{ARCHIVE}`, so its entry must not become shorter; restore it from git",
                record.id
            ));
            return Ok(false);
        }
        let full = shorten::archived(old_archive, &archived, entry);
        let short = shorten::shortened(&updated.text, entry, &row, text);
        let file = Verbatim::new(FILE.as_ref(), &short);
        let Some(current) = entries(Some(&file)) else {
            return Ok(false);
        };
        let found = current
            .iter()
            .find(|entry| entry.matches(&row.written_at, &row.name));
        let entry = found.ok_or_else(|| anyhow!("cannot shorten the entry of `{}`", record.id))?;
        let mut row = row;
        record_digests(&mut row, record, entry);
        self.previews.push(entry.as_written().to_owned());
        self.rows.push((record.id.clone(), row));
        self.archive = Some(full);
        self.text = short;
        Ok(true)
    }

    fn finish(self, dry_run: bool) -> anyhow::Result<Outcome> {
        let rows: Vec<(&str, &Row)> = self
            .rows
            .iter()
            .map(|(id, row)| (id.as_str(), row))
            .collect();
        let ledger = self.memory_files.updated_ledger(&rows)?;
        if dry_run {
            eprint_line(&format!("`{FILE}` would contain this; nothing written"));
            print(&(self.previews.join("\n\n") + "\n"))?;
            return Ok(Outcome::Done);
        }
        let root = &self.memory_files.root;
        // Write the full text before it is removed from the memory file.
        let archive = self.archive.unwrap_or_default();
        let texts = [
            (ARCHIVE, archive.as_str()),
            (FILE, &self.text),
            (LEDGER, &ledger),
        ];
        let ids: Vec<&str> = self.rows.iter().map(|(id, _)| id.as_str()).collect();
        write_texts(root, format!("memory: shortened {}", ids.join(", ")), texts)?;
        for (id, row) in &self.rows {
            echo(&format!(
                "{id}  {}; the full text is in {ARCHIVE}\n",
                row.form.as_str()
            ))?;
        }
        Ok(Outcome::Done)
    }
}
