//! What changes what is kept of an entry: `touch`, `pin`, `unpin`, `summarize`, `archive`.

use anyhow::{anyhow, bail};
use chrono::{NaiveDate, TimeDelta};

use super::{
    ArchiveArguments, MemoryFiles, SummarizeArguments, TouchArguments, entries, noted, put,
};
use crate::archive::Record;
use crate::command::incident::Changed;
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

/// Reads `90d`.
pub(super) fn days(text: &str) -> Result<u32, String> {
    let count = text.strip_suffix('d').and_then(|count| count.parse().ok());
    count
        .filter(|days| (1..=36_500).contains(days))
        .ok_or_else(|| format!("`{text}` is no count of days; write `90d`"))
}

pub(super) fn touch(
    memory_files: &MemoryFiles,
    arguments: &TouchArguments,
) -> anyhow::Result<Outcome> {
    let today = Today::resolve(arguments.date, &memory_files.loaded.archive.config)?;
    let Some(inside) = entries(memory_files.file.as_ref()) else {
        return Ok(Outcome::Problems);
    };
    change(memory_files, &arguments.incident, |row| {
        // The format's own tools count in the file.
        let entry = inside
            .iter()
            .find(|entry| entry.is(&row.written_at, &row.name));
        let counted = entry.and_then(|entry| entry.get("used")?.parse().ok());
        row.used = row.used.max(counted.unwrap_or_default()).saturating_add(1);
        row.last_used = row.last_used.max(Some(Day(today.0)));
        format!("used {}, last on {}", row.used, today.0)
    })
}

pub(super) fn pin(
    memory_files: &MemoryFiles,
    incident: &Changed,
    pinned: bool,
) -> anyhow::Result<Outcome> {
    change(memory_files, incident, |row| {
        row.pinned = pinned;
        if pinned { "pinned" } else { "not pinned" }.to_owned()
    })
}

/// Changes what is kept of one incident, and prints what came of it.
fn change(
    memory_files: &MemoryFiles,
    incident: &Changed,
    with: impl FnOnce(&mut Row) -> String,
) -> anyhow::Result<Outcome> {
    let id = incident.id(&memory_files.root)?;
    let Some(record) = memory_files.record(&id)? else {
        return Ok(Outcome::Problems);
    };
    may_tell(&record)?;
    let mut row = row(&memory_files.exporter(Style::default()), &record)?;
    let said = with(&mut row);
    put(
        &memory_files.root,
        LEDGER,
        &memory_files.with(&[(&id, &row)])?,
    )?;
    print(&format!("{id}  {said}\n"))?;
    Ok(Outcome::Done)
}

fn may_tell(record: &Record) -> anyhow::Result<()> {
    if is_exportable(record) {
        return Ok(());
    }
    bail!(
        "`{}` is confidential, and the memory does not tell of it; `afterword memory export --out {FILE}` takes out what it tells",
        record.id
    )
}

fn row(exporter: &Export, record: &Record) -> anyhow::Result<Row> {
    exporter.row(record).ok_or_else(|| {
        anyhow!(
            "`{}` is not over, has no end, or is no incident, so the memory has no entry of it yet",
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
    may_tell(&record)?;
    let row = row(&memory_files.exporter(Style::default()), &record)?;
    if row.form != EntryForm::Full {
        bail!(
            "the entry of `{}` is {} already",
            record.id,
            row.form.as_str()
        );
    }
    let told = arguments
        .learning
        .clone()
        .or_else(|| learning(&record, &row));
    let told = told.filter(|told| !told.trim().is_empty()).ok_or_else(|| {
        anyhow!(
            "`{}` has no learnings; say what was learned with `--learning`",
            record.id
        )
    })?;
    let kept = arguments.learning.as_ref().map(Block::new).transpose();
    let kept = kept.map_err(|reason| anyhow!("the learning cannot be used: {reason}"))?;
    let mut work = Work::new(memory_files);
    let row = Row {
        form: EntryForm::Summarized,
        key_learning: kept,
        ..row
    };
    if !work.shorten(&record, row, &told)? {
        return Ok(Outcome::Problems);
    }
    work.finish(arguments.dry_run)
}

pub(super) fn archive(
    memory_files: &MemoryFiles,
    arguments: &ArchiveArguments,
) -> anyhow::Result<Outcome> {
    let today = Today::resolve(arguments.as_of, &memory_files.loaded.archive.config)?;
    let long_ago = today.0 - TimeDelta::days(i64::from(arguments.unused));
    let mut work = Work::new(memory_files);
    let Some(inside) = entries(memory_files.file.as_ref()) else {
        return Ok(Outcome::Problems);
    };
    let ids = load::taken_ids(&memory_files.root);
    for (id, row) in &memory_files.ledger.0 {
        let entry = inside
            .iter()
            .find(|entry| entry.is(&row.written_at, &row.name));
        let Some(entry) = entry else { continue };
        let pinned = row.pinned || entry.get("pinned") == Some("true");
        let used = last_used(row, entry);
        let old = used.is_some_and(|day| day <= long_ago);
        if row.form == EntryForm::Archived
            || pinned
            || !old
            || !ids.iter().any(|other| **id == **other)
        {
            continue;
        }
        let Some(record) = memory_files.record(id)? else {
            return Ok(Outcome::Problems);
        };
        if let Err(reason) = may_tell(&record) {
            eprint_line(&format!("note: {reason}"));
            continue;
        }
        let archived = Row {
            form: EntryForm::Archived,
            archived_to: Line::new(ARCHIVED_TO).ok(),
            status: Line::new("archived").ok(),
            ..row.clone()
        };
        let reason = format!("not used since {}", used.unwrap_or(long_ago));
        if !work.shorten(&record, archived, &reason)? {
            return Ok(Outcome::Problems);
        }
    }
    if work.rows.is_empty() {
        print("nothing to archive\n")?;
        return Ok(Outcome::Done);
    }
    work.finish(arguments.dry_run)
}

/// Gives the day on which an entry last helped, else that on which it was written.
fn last_used(row: &Row, entry: &Entry) -> Option<NaiveDate> {
    let day = |text: Option<&str>| text.and_then(|text| parse_day(text).ok());
    let known = row
        .last_used
        .map(|day| day.0)
        .max(day(entry.get("last_used")));
    known.or_else(|| day(entry.stamp.get(..10)))
}

/// The files that are being changed, before any is written.
struct Work<'a> {
    memory_files: &'a MemoryFiles,
    text: String,
    archive: Option<String>,
    rows: Vec<(String, Row)>,
    said: Vec<String>,
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
            said: Vec::new(),
        }
    }

    /// Puts the full entry into the archive and the short one in its place; says whether it could.
    fn shorten(&mut self, record: &Record, row: Row, words: &str) -> anyhow::Result<bool> {
        let file = Verbatim::new(FILE.as_ref(), &self.text);
        let Some(inside) = entries(Some(&file)) else {
            return Ok(false);
        };
        // What changed in the incident since is told in the archive too.
        let exporter = self.memory_files.exporter(Style::default());
        let part = exporter.part(&inside, record);
        let now = exporter.file(&file.text, &inside, vec![part]);
        let now = Verbatim::new(FILE.as_ref(), &now.text);
        let (Some(inside), old) = (entries(Some(&now)), self.archive.as_deref()) else {
            return Ok(false);
        };
        let archive = old.map(|text| Verbatim::new(ARCHIVE.as_ref(), text));
        let Some(archived) = entries(archive.as_ref()) else {
            return Ok(false);
        };
        let found = inside
            .iter()
            .find(|entry| entry.is(&row.written_at, &row.name));
        let entry = found.ok_or_else(|| anyhow!("`{FILE}` has no entry of `{}`", record.id))?;
        let full = shorten::archived(old, &archived, entry);
        let short = shorten::shortened(&now.text, entry, &row, words);
        let file = Verbatim::new(FILE.as_ref(), &short);
        let Some(inside) = entries(Some(&file)) else {
            return Ok(false);
        };
        let found = inside
            .iter()
            .find(|entry| entry.is(&row.written_at, &row.name));
        let entry = found.ok_or_else(|| anyhow!("`{}` cannot be shortened", record.id))?;
        let mut row = row;
        noted(&mut row, record, entry);
        self.said.push(entry.as_written().to_owned());
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
        let kept = self.memory_files.with(&rows)?;
        if dry_run {
            eprint_line(&format!("`{FILE}` would say this; nothing was written"));
            print(&(self.said.join("\n\n") + "\n"))?;
            return Ok(Outcome::Done);
        }
        let root = &self.memory_files.root;
        // The full text is safe before the short one takes its place.
        put(root, ARCHIVE, &self.archive.unwrap_or_default())?;
        put(root, FILE, &self.text)?;
        put(root, LEDGER, &kept)?;
        for (id, row) in &self.rows {
            print(&format!(
                "{id}  {}; the full text is in {ARCHIVE}\n",
                row.form.as_str()
            ))?;
        }
        Ok(Outcome::Done)
    }
}
