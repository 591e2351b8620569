//! `afterword memory`: the Markdown memory of incidents that agents read, and what is counted in it.
//!
//! What a command changes is read, checked and made in memory first; then it is written under
//! one lock, the archive of entries first and `memory.toml` last.

#![expect(
    clippy::disallowed_methods,
    reason = "a command finds out whether a file of the user's is there"
)]

use anyhow::{Context, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use super::incident::Changed;
use super::{Outcome, eprint_line, has_rules, incident, print, report, root};
use crate::archive::Record;
use crate::diagnostic::{self, Diagnostic, Level, Sources};
use crate::edit::{self, Lock};
use crate::load::{self, Loaded, Verbatim};
use crate::memory::check::{self, Memory};
use crate::memory::export::{Export, HEAD};
use crate::memory::ledger::{self, LEDGER, Ledger, Row, Style};
use crate::memory::read::{self, Entry};
use crate::memory::redactions::Redactions;
use crate::memory::{ARCHIVE, FILE, incident_digest};
use crate::source::Source;

mod change;
mod export;
mod import;

/// What `memory` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Make incidents of the entries of a memory file, and keep the file.
    Import(ImportArguments),
    /// Print the memory file with what changed in the incidents.
    Export(ExportArguments),
    /// Count that an entry has helped.
    Touch(TouchArguments),
    /// Keep an entry from being archived for lack of use.
    Pin(OneArguments),
    /// Let an entry be archived again.
    Unpin(OneArguments),
    /// Shorten an entry to its summary and what was learned; the full text goes to the archive.
    Summarize(SummarizeArguments),
    /// Move entries that were not used for long to the archive, and leave a pointer.
    Archive(ArchiveArguments),
    /// Name what is wrong with the memory.
    Check(CheckArguments),
}

#[derive(Debug, clap::Args)]
struct ImportArguments {
    /// The memory file.
    file: Utf8PathBuf,

    /// The day of the incidents; without it that of each entry's stamp, marked as rough.
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    date: Option<NaiveDate>,

    /// Read the examples inside comments too.
    #[arg(long)]
    examples: bool,

    /// Print the files instead of making them.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct ExportArguments {
    /// Write it to this file, which may only have entries that the memory has.
    #[arg(long, value_name = "FILE")]
    out: Option<Utf8PathBuf>,

    /// How the names of new entries are written; the format's own tools lose those of two words.
    #[arg(long, value_enum, default_value_t)]
    style: Style,
}

#[derive(Debug, clap::Args)]
struct OneArguments {
    #[command(flatten)]
    incident: Changed,
}

#[derive(Debug, clap::Args)]
struct TouchArguments {
    #[command(flatten)]
    incident: Changed,

    /// The day on which it helped; today when absent.
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    date: Option<NaiveDate>,
}

#[derive(Debug, clap::Args)]
struct SummarizeArguments {
    #[command(flatten)]
    incident: Changed,

    /// What was learned; the first of its learnings when absent.
    #[arg(long, value_name = "TEXT")]
    learning: Option<String>,

    /// Print what would be written.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct ArchiveArguments {
    /// For how long nobody used them: `90d`.
    #[arg(long, value_name = "DAYS", value_parser = change::days)]
    unused: u32,

    /// Count the days to this one; today when absent.
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<NaiveDate>,

    /// Print what would be written.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct CheckArguments {
    /// Exit with 1 on warnings too.
    #[arg(long)]
    deny_warnings: bool,
}

/// Does what is asked of the memory.
///
/// # Errors
/// The archive or an incident cannot be found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    // Counts are read, changed and written under one lock, so that none is lost.
    let _lock = Lock::acquire(&root).with_context(|| format!("cannot lock `{root}`"))?;
    let Some(memory_files) = MemoryFiles::open(root) else {
        return Ok(Outcome::Problems);
    };
    match &arguments.what {
        What::Import(arguments) => import::run(&memory_files, arguments),
        What::Export(arguments) => export::run(&memory_files, arguments),
        What::Touch(arguments) => change::touch(&memory_files, arguments),
        What::Pin(arguments) => change::pin(&memory_files, &arguments.incident, true),
        What::Unpin(arguments) => change::pin(&memory_files, &arguments.incident, false),
        What::Summarize(arguments) => change::summarize(&memory_files, arguments),
        What::Archive(arguments) => change::archive(&memory_files, arguments),
        What::Check(arguments) => memory_files.check(arguments),
    }
}

/// The settings that entries and uses follow from.
const RULES: &[&str] = &[
    "site.as_of",
    "site.timezone",
    "site.severities",
    "severity",
    "metrics",
    "limits",
];

/// The files of the memory, as they were when the command began.
struct MemoryFiles {
    root: Utf8PathBuf,
    loaded: Loaded,
    file: Option<Verbatim>,
    archive: Option<Verbatim>,
    kept: Option<Verbatim>,
    ledger: Ledger,
}

impl MemoryFiles {
    /// Reads the files; nothing where they have faults, which are printed.
    fn open(root: Utf8PathBuf) -> Option<Self> {
        let mut loaded = load::settings(&root);
        if !has_rules(&mut loaded, RULES) {
            return None;
        }
        let config = &loaded.archive.config;
        let inside = |path: &str| Verbatim::inside(&root, path.as_ref(), config);
        let read = || -> Result<_, Box<Diagnostic>> {
            Ok((inside(FILE)?, inside(ARCHIVE)?, inside(LEDGER)?))
        };
        let (file, archive, kept) = match read() {
            Ok(files) => files,
            Err(fault) => {
                report(&[*fault], &Sources::new());
                return None;
            }
        };
        let ledger = match kept.as_ref().map(|kept| ledger::read(&kept.source)) {
            None => Ledger::default(),
            Some(Ok(ledger)) => ledger,
            Some(Err(faults)) => {
                report(&faults, &kept.into_iter().map(|kept| kept.source).collect());
                return None;
            }
        };
        Some(Self {
            root,
            loaded,
            file,
            archive,
            kept,
            ledger,
        })
    }

    /// Gives the text of the memory file, or that of a new one.
    fn text(&self) -> &str {
        self.file.as_ref().map_or(HEAD, |file| &file.text)
    }

    /// Loads one incident; nothing where it has faults, which are printed.
    fn record(&self, id: &str) -> anyhow::Result<Option<Record>> {
        let loaded = incident::load(&self.root, id)?;
        let record = loaded
            .archive
            .records
            .into_iter()
            .find(|record| record.id == id);
        if record.is_none() {
            report(&loaded.diagnostics, &loaded.sources);
            eprint_line("nothing was written");
        }
        Ok(record)
    }

    /// Finds out what a memory may not tell; nothing where an incident has faults, which are printed.
    fn secrecy(&self) -> Option<Redactions> {
        let config = &self.loaded.archive.config;
        let read = load::inputs(&self.root).each(config, |record| Redactions::from_record(&record));
        readable(&read.diagnostics, read.sources).then(|| read.kept.into_iter().collect())
    }

    fn exporter(&self, style: Style) -> Export<'_> {
        Export {
            config: &self.loaded.archive.config,
            ledger: &self.ledger,
            style,
        }
    }

    /// Gives the text of `memory.toml` with some rows changed.
    fn with(&self, rows: &[(&str, &Row)]) -> anyhow::Result<String> {
        let source = self.kept.as_ref().map(|kept| &kept.source);
        ledger::with(source, rows).ok_or_else(|| {
            anyhow!("`{LEDGER}` has a layout that cannot be changed: give each incident a table, `[ID]`, and each key a line")
        })
    }

    fn check(&self, arguments: &CheckArguments) -> anyhow::Result<Outcome> {
        let Some(file) = &self.file else {
            bail!("there is no `{FILE}`; `afterword memory import` brings one in");
        };
        let (Some(inside), Some(archived)) = (entries(Some(file)), entries(self.archive.as_ref()))
        else {
            return Ok(Outcome::Problems);
        };
        let Some(secrecy) = self.secrecy() else {
            return Ok(Outcome::Problems);
        };
        let memory = Memory {
            file: (file, &inside),
            archive: self.archive.as_ref().map(|archive| (archive, &*archived)),
            ledger: &self.ledger,
            secrecy: &secrecy,
        };
        let mut found = check::check(&memory);
        let files = [Some(file), self.archive.as_ref(), self.kept.as_ref()];
        let files = files.into_iter().flatten();
        let sources: Sources = files.map(|file| file.source.clone()).collect();
        diagnostic::sort(&mut found, &sources);
        report(&found, &sources);
        let denied = |found: &Diagnostic| found.level == Level::Error || arguments.deny_warnings;
        if found.is_empty() {
            let count = i64::try_from(inside.len()).unwrap_or(i64::MAX);
            let noun = if count == 1 { "entry" } else { "entries" };
            print(&format!("checked {count} {noun}: no problems found\n"))?;
        }
        Ok(if found.iter().any(denied) {
            Outcome::Problems
        } else {
            Outcome::Done
        })
    }
}

/// Says whether every incident could be read, else what stands in the way.
fn readable(found: &[Diagnostic], sources: Vec<Source>) -> bool {
    let readable = found.iter().all(|fault| fault.level != Level::Error);
    if !readable {
        report(found, &sources.into_iter().collect());
        eprint_line("an incident that cannot be read may be one that must not be told of");
    }
    readable
}

/// Notes what an entry and its incident are now.
fn noted(row: &mut Row, record: &Record, entry: &Entry) {
    row.incident = crate::kind::Line::new(incident_digest(record)).ok();
    row.entry = crate::kind::Line::new(entry.digest()).ok();
}

/// Finds the entries of a file; nothing where it has faults, which are printed.
fn entries(file: Option<&Verbatim>) -> Option<Vec<Entry<'_>>> {
    let Some(file) = file else {
        return Some(Vec::new());
    };
    match read::entries(file) {
        Ok(entries) => Some(entries),
        Err(faults) => {
            report(&faults, &std::iter::once(file.source.clone()).collect());
            None
        }
    }
}

/// Writes a file of the archive, in the place of an old one if there is one.
fn put(root: &Utf8Path, path: &str, text: &str) -> anyhow::Result<()> {
    let whole = root.join(path);
    let written = if whole.symlink_metadata().is_ok() {
        edit::replace(&whole, text)
    } else {
        edit::create(&whole, text)
    };
    written.with_context(|| format!("cannot write `{path}`"))
}
