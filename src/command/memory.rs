//! `afterword memory`: manages the incident memory that AI agents read.
//!
//! Every command reads, checks and computes all files before it writes any. It holds one lock
//! throughout, and writes the memory archive first and `memory.toml` last.

#![expect(
    clippy::disallowed_methods,
    reason = "a command checks whether a user's file exists"
)]

use anyhow::{Context, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use super::change::lock;
use super::incident::Changed;
use super::terminal::echo;
use super::{Outcome, eprint_line, has_rules, incident, report, root};
use crate::archive::Record;
use crate::diagnostic::{self, Diagnostic, Level, Sources};
use crate::edit;
use crate::load::{self, Loaded, Verbatim};
use crate::memory::check::{self, Memory};
use crate::memory::export::{Export, HEAD};
use crate::memory::ledger::{self, LEDGER, Ledger, Row, Style};
use crate::memory::read::{self, Entry};
use crate::memory::redactions::Redactions;
use crate::memory::{ARCHIVE, FILE, incident_digest};

mod change;
mod export;
mod import;

/// The arguments of `memory`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Create incidents from a memory file.
    Import(ImportArguments),
    /// Print the memory file, updated from the incidents.
    Export(ExportArguments),
    /// Record a use of an entry.
    Touch(TouchArguments),
    /// Protect an entry from archiving.
    Pin(PinArguments),
    /// Remove an entry's protection from archiving.
    Unpin(PinArguments),
    /// Reduce an entry to its summary and key learning, keeping the full text in the memory archive.
    Summarize(SummarizeArguments),
    /// Move unused entries to the memory archive.
    Archive(ArchiveArguments),
    /// Check the memory for problems.
    Check(CheckArguments),
}

#[derive(Debug, clap::Args)]
struct ImportArguments {
    /// Memory file to import.
    file: Utf8PathBuf,

    /// Date of the incidents [default: each entry's timestamp, marked as approximate].
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    date: Option<NaiveDate>,

    /// Also import examples in comments.
    #[arg(long)]
    examples: bool,

    /// Print the files without writing them.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct ExportArguments {
    /// Write to FILE; fails if FILE has entries that the memory lacks.
    #[arg(long, value_name = "FILE")]
    out: Option<Utf8PathBuf>,

    /// Name style of new entries.
    #[arg(long, value_enum, default_value_t)]
    style: Style,
}

#[derive(Debug, clap::Args)]
struct PinArguments {
    #[command(flatten)]
    incident: Changed,
}

#[derive(Debug, clap::Args)]
struct TouchArguments {
    #[command(flatten)]
    incident: Changed,

    /// Date of the use [default: today].
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    date: Option<NaiveDate>,
}

#[derive(Debug, clap::Args)]
struct SummarizeArguments {
    #[command(flatten)]
    incident: Changed,

    /// Key learning [default: the incident's first learning].
    #[arg(long, value_name = "TEXT")]
    learning: Option<String>,

    /// Print the shortened entries without writing them.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct ArchiveArguments {
    /// Minimum time since last use, such as `90d`.
    #[arg(long, value_name = "DAYS", value_parser = change::days)]
    unused: u32,

    /// Reference date for `--unused` [default: today].
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<NaiveDate>,

    /// Print the shortened entries without writing them.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, clap::Args)]
struct CheckArguments {
    /// Exit with status 1 if there are warnings.
    #[arg(long)]
    deny_warnings: bool,
}

/// Runs a `memory` command.
///
/// # Errors
/// Returns an error if the archive or an incident is not found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    // Hold the lock from reading to writing, so that no concurrent use count is lost.
    let _lock = lock(&root)?;
    let Some(memory_files) = MemoryFiles::open(root) else {
        return Ok(Outcome::Problems);
    };
    match &arguments.command {
        Command::Import(arguments) => import::run(&memory_files, arguments),
        Command::Export(arguments) => export::run(&memory_files, arguments),
        Command::Touch(arguments) => change::touch(&memory_files, arguments),
        Command::Pin(arguments) => change::pin(&memory_files, &arguments.incident, true),
        Command::Unpin(arguments) => change::pin(&memory_files, &arguments.incident, false),
        Command::Summarize(arguments) => change::summarize(&memory_files, arguments),
        Command::Archive(arguments) => change::archive(&memory_files, arguments),
        Command::Check(arguments) => memory_files.check(arguments),
    }
}

/// The settings that memory entries and uses depend on.
const RULES: &[&str] = &[
    "site.as_of",
    "site.timezone",
    "site.severities",
    "severity",
    "metrics",
    "limits",
];

/// The files of the memory at the start of the command.
struct MemoryFiles {
    root: Utf8PathBuf,
    loaded: Loaded,
    file: Option<Verbatim>,
    archive: Option<Verbatim>,
    ledger_file: Option<Verbatim>,
    ledger: Ledger,
}

impl MemoryFiles {
    /// Reads the files; returns `None` if they have errors, after printing them.
    fn open(root: Utf8PathBuf) -> Option<Self> {
        let mut loaded = load::settings(&root);
        if !has_rules(&mut loaded, RULES) {
            return None;
        }
        let config = &loaded.archive.config;
        let read_file = |path: &str| Verbatim::inside(&root, path.as_ref(), config);
        let read = || -> Result<_, Box<Diagnostic>> {
            Ok((read_file(FILE)?, read_file(ARCHIVE)?, read_file(LEDGER)?))
        };
        let (file, archive, ledger_file) = match read() {
            Ok(files) => files,
            Err(diagnostic) => {
                report(&[*diagnostic], &Sources::new());
                return None;
            }
        };
        let ledger = match ledger_file.as_ref().map(|file| ledger::parse(&file.source)) {
            None => Ledger::default(),
            Some(Ok(ledger)) => ledger,
            Some(Err(diagnostics)) => {
                let sources = ledger_file.into_iter().map(|file| file.source).collect();
                report(&diagnostics, &sources);
                return None;
            }
        };
        Some(Self {
            root,
            loaded,
            file,
            archive,
            ledger_file,
            ledger,
        })
    }

    /// Returns the text of the memory file, or that of a new one.
    fn text(&self) -> &str {
        self.file.as_ref().map_or(HEAD, |file| &file.text)
    }

    /// Loads one incident; returns `None` if it has errors, after printing them.
    fn record(&self, id: &str) -> anyhow::Result<Option<Record>> {
        let loaded = incident::load(&self.root, id)?;
        let record = loaded
            .archive
            .records
            .into_iter()
            .find(|record| record.id == id);
        if record.is_none() {
            report(&loaded.diagnostics, &loaded.sources);
            eprint_line("nothing written");
        }
        Ok(record)
    }

    /// Collects the redactions of all incidents; returns `None` if an incident has errors, after
    /// printing them.
    fn redactions(&self) -> Option<Redactions> {
        let config = &self.loaded.archive.config;
        let read = load::inputs(&self.root).each(config, |record| Redactions::from_record(&record));
        readable(read.diagnostics, &self.loaded.sources).then(|| read.kept.into_iter().collect())
    }

    fn exporter(&self, style: Style) -> Export<'_> {
        Export {
            config: &self.loaded.archive.config,
            ledger: &self.ledger,
            style,
        }
    }

    /// Returns the text of `memory.toml` with rows changed or added.
    fn updated_ledger(&self, rows: &[(&str, &Row)]) -> anyhow::Result<String> {
        let source = self.ledger_file.as_ref().map(|file| &file.source);
        ledger::updated(source, rows).ok_or_else(|| {
    anyhow!("cannot edit `{LEDGER}` in its current layout; use a table `[ID]` for each incident, with one key per line")
        })
    }

    fn check(&self, arguments: &CheckArguments) -> anyhow::Result<Outcome> {
        let Some(file) = &self.file else {
            bail!("`{FILE}` not found; create it with `afterword memory import`");
        };
        let (Some(current), Some(archived)) = (entries(Some(file)), entries(self.archive.as_ref()))
        else {
            return Ok(Outcome::Problems);
        };
        let Some(redactions) = self.redactions() else {
            return Ok(Outcome::Problems);
        };
        let memory = Memory {
            file: (file, &current),
            archive: self.archive.as_ref().map(|archive| (archive, &*archived)),
            ledger: &self.ledger,
            redactions: &redactions,
        };
        let mut found = check::check(&memory);
        let files = [Some(file), self.archive.as_ref(), self.ledger_file.as_ref()];
        let files = files.into_iter().flatten();
        let sources: Sources = files.map(|file| file.source.clone()).collect();
        diagnostic::sort(&mut found, &sources);
        report(&found, &sources);
        let denied = |found: &Diagnostic| found.level == Level::Error || arguments.deny_warnings;
        if found.is_empty() {
            let count = current.len();
            let noun = if count == 1 { "entry" } else { "entries" };
            echo(&format!("checked {count} {noun}: no problems found\n"))?;
        }
        Ok(if found.iter().any(denied) {
            Outcome::Problems
        } else {
            Outcome::Done
        })
    }
}

/// Returns `true` if every incident could be read; else prints the errors.
fn readable(mut found: Vec<Diagnostic>, sources: &Sources) -> bool {
    let readable = found
        .iter()
        .all(|diagnostic| diagnostic.level != Level::Error);
    if !readable {
        diagnostic::sort(&mut found, sources);
        report(&found, sources);
        eprint_line("an incident that cannot be read may be confidential; fix its errors first");
    }
    readable
}

/// Records the current digests of an entry and its incident.
fn record_digests(row: &mut Row, record: &Record, entry: &Entry) {
    row.incident = crate::kind::Line::new(incident_digest(record)).ok();
    row.entry = crate::kind::Line::new(entry.digest()).ok();
}

/// Parses the entries of a file; returns `None` if it has errors, after printing them.
fn entries(file: Option<&Verbatim>) -> Option<Vec<Entry<'_>>> {
    let Some(file) = file else {
        return Some(Vec::new());
    };
    match read::entries(file) {
        Ok(entries) => Some(entries),
        Err(diagnostics) => {
            report(
                &diagnostics,
                &std::iter::once(file.source.clone()).collect(),
            );
            None
        }
    }
}

/// Writes a file of the archive, replacing an existing one.
fn write_file(root: &Utf8Path, path: &str, text: &str) -> anyhow::Result<()> {
    let full_path = root.join(path);
    let written = if full_path.symlink_metadata().is_ok() {
        edit::replace(&full_path, text)
    } else {
        edit::create(&full_path, text)
    };
    written.with_context(|| format!("cannot write `{path}`"))
}
