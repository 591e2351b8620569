//! The commands, one file each, and their shared parts: finding the archive, printing, the exit code.
//!
//! Only commands print, and only commands read the clock.

#![expect(
    clippy::disallowed_methods,
    reason = "commands print, read the clock and the environment, and resolve paths"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use crate::audience::Audience;
use crate::cache::Cache;
use crate::diagnostic::{self, Diagnostic, Level, Sources, text};
use crate::load::{self, Loaded};
use crate::moment::parse_day;
use crate::publish::PublishError;
use crate::publish::write::WriteError;
use crate::source;

pub mod actions;
pub mod affects;
pub mod assign;
pub mod audit;
pub mod availability;
pub mod build;
pub mod cause;
mod change;
pub mod check;
mod clock;
mod columns;
pub mod comms;
pub mod completions;
pub mod explain;
mod fix;
pub mod fold;
mod format;
mod git;
pub mod import;
mod incident;
pub mod init;
pub mod list;
pub mod log;
pub mod man;
pub mod memory;
pub mod metrics;
pub mod new;
pub mod overview;
mod progress;
pub mod rename;
pub mod schema;
mod scope;
pub mod severity;
pub mod show;
pub mod sign_off;
mod spoken;
pub mod status;
mod summaries;
pub mod terminal;
mod tracker;
mod typed;
pub mod undo;
mod vocabulary;

pub use clock::Today;
use terminal::{detail, style};

/// The result of a command that ran to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The command succeeded.
    Done,
    /// The input has problems, which were reported.
    Problems,
}

/// An audience given on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum AudienceArg {
    /// Anyone.
    Public,
    /// Your customers.
    Customers,
    /// Everyone in your organization.
    Internal,
    /// Named people only.
    Confidential,
}

impl From<AudienceArg> for Audience {
    fn from(audience: AudienceArg) -> Self {
        match audience {
            AudienceArg::Public => Self::Public,
            AudienceArg::Customers => Self::Customers,
            AudienceArg::Internal => Self::Internal,
            AudienceArg::Confidential => Self::Confidential,
        }
    }
}

/// Finds the archive that a command works on.
///
/// # Errors
/// Returns an error if neither the directory nor any of its parents is an archive.
pub fn root(directory: Option<&Utf8Path>) -> anyhow::Result<Utf8PathBuf> {
    let from = match directory {
        Some(directory) => directory.to_path_buf(),
        None => Utf8PathBuf::from_path_buf(
            std::env::current_dir().context("cannot determine the current directory")?,
        )
        .map_err(|path| {
            anyhow!(
                "the path of the current directory is not UTF-8: {}",
                path.display()
            )
        })?,
    };
    let absolute =
        std::path::absolute(&from).with_context(|| format!("cannot resolve `{from}`"))?;
    let absolute = Utf8PathBuf::from_path_buf(absolute)
        .map_err(|_| anyhow!("the absolute path of `{from}` is not UTF-8"))?;
    if !absolute.is_dir() {
        return Err(anyhow!("directory `{from}` not found"));
    }
    let root = load::find_root(&absolute).ok_or_else(|| {
        anyhow!(
            "no archive found in `{from}` or its parent directories (looked for `{}/` and `{}`)",
            load::INCIDENTS,
            load::CONFIG
        )
    })?;
    detail(|| format!("archive: `{root}`"));
    Ok(root)
}

/// Opens the cache of an archive; with `--no-cache`, one that stores nothing.
#[must_use]
pub fn cache(root: &Utf8Path, no_cache: bool) -> Cache {
    if no_cache {
        detail(|| "cache: not used".to_owned());
        Cache::none()
    } else {
        Cache::open(root)
    }
}

/// Returns the question whether the nearest name was meant, as the end of a sentence, or nothing if none is similar.
fn or_meant<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let question = source::did_you_mean(word, names);
    question
        .map(|question| format!("; {question}"))
        .unwrap_or_default()
}

/// Parses a date of the command line.
///
/// # Errors
/// Returns an error if the text is not a date; its message shows the expected format.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    parse_day(text).map_err(|reason| format!("{reason}; write it as `2026-03-31`"))
}

/// Parses a date in the past on the command line, which may be said in words, such as `yesterday`.
///
/// # Errors
/// Returns an error if the text is not a date.
pub fn past_day(text: &str) -> Result<NaiveDate, String> {
    let now = clock::now().map_err(|reason| reason.to_string())?;
    spoken::past(text, now.date_naive())
}

/// Prints the problems of the settings and the templates; returns `true` if the settings that a command needs are known.
///
/// `rules` are the parts of the settings that the command needs, in the patterns of
/// [`Unread`](crate::source::Unread). The first one that could not be read is printed.
pub fn has_rules(loaded: &mut Loaded, rules: &[&str]) -> bool {
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    diagnostic::sort(&mut diagnostics, &loaded.sources);
    report(&diagnostics, &loaded.sources);
    let unread = rules.iter().find(|rule| loaded.unread.touches(rule));
    if let Some(rule) = unread {
        let rule = rule.trim_end_matches(['?', '*', '.']);
        eprint_line(&format!(
            "nothing done: `{rule}` in `{}` cannot be read",
            load::CONFIG
        ));
    }
    unread.is_none()
}

/// Why the content of a file is not fully known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// It has errors.
    Broken,
    /// It is a timeline that no incident uses.
    Unused,
}

impl Unread {
    /// Returns why the file that a diagnostic of a load points into is not fully known; `None` if it is.
    fn from_diagnostic(diagnostic: &Diagnostic) -> Option<Self> {
        match diagnostic.level {
            Level::Error => Some(Self::Broken),
            Level::Warning => (diagnostic.code == load::TIMELINE_UNUSED).then_some(Self::Unused),
        }
    }
}

/// The files whose content is not fully known.
pub type UnreadFiles = BTreeMap<Utf8PathBuf, Unread>;

/// Returns the files whose content is not fully known after a load.
fn unreadable(diagnostics: &[Diagnostic]) -> UnreadFiles {
    let unread = diagnostics.iter().filter_map(|found| {
        let reason = Unread::from_diagnostic(found)?;
        Some((found.primary()?.file.clone(), reason))
    });
    unread.collect()
}

/// Prints that nothing is written for an external audience while a file is not read.
///
/// Everything that external readers get is scanned for confidential terms, and the terms in that file are unknown.
fn refuse_unreadable(audience: Audience, unread: &UnreadFiles) {
    let of = |reason: Unread| {
        let files = unread.iter().filter(move |(_, own)| **own == reason);
        let mut files = files.map(|(file, _)| file);
        let first = files.next().map(|file| format!("`{file}`"));
        match (first, files.count()) {
            (None, _) => None,
            (Some(first), 0) => Some(first),
            (Some(first), 1) => Some(format!("{first} and another file")),
            (Some(first), others) => Some(format!("{first} and {others} other files")),
        }
    };
    let reason = match (of(Unread::Broken), of(Unread::Unused)) {
        (None, Some(unused)) => format!("no incident uses {unused}"),
        (broken, _) => {
            let broken = broken.unwrap_or_else(|| "a file".to_owned());
            format!("{broken} cannot be read")
        }
    };
    eprint_line(&format!(
        "nothing written for the `{audience}` audience: {reason}, so not all confidential terms are known"
    ));
}

/// Returns a line that names the incidents that an output lacks, which may be read without the errors; empty if it lacks none.
fn unread_line(broken: &BTreeSet<String>) -> String {
    /// The maximum number of incidents to name.
    const NAMED: usize = 5;
    let named: Vec<&str> = broken.iter().take(NAMED).map(String::as_str).collect();
    match (named.as_slice(), broken.len().saturating_sub(NAMED)) {
        ([], _) => String::new(),
        (named, 0) => format!("not included, because of errors: {}\n", named.join(", ")),
        (named, more) => format!(
            "not included, because of errors: {} and {more} more\n",
            named.join(", ")
        ),
    }
}

/// Prints diagnostics to standard error as text.
pub fn report(diagnostics: &[Diagnostic], sources: &Sources) {
    if diagnostics.is_empty() {
        return;
    }
    eprint(&text::print(diagnostics, sources, style(io::stderr())));
}

/// Prints a text to standard error.
pub fn eprint(text: &str) {
    // A closed standard error cannot report its own failure.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Prints a result to standard output.
///
/// # Errors
/// Returns an error if standard output cannot be written to. A closed pipe is not an error: its reader has what it
/// needs, as in `afterword check | head`.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

/// Prints a line to standard error.
pub fn eprint_line(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Converts the result of a command to its exit code, and prints its error.
#[must_use]
pub fn finish(result: anyhow::Result<Outcome>) -> ExitCode {
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(1),
        Err(error) => {
            eprint_line(&format!("error: {error:#}"));
            ExitCode::from(if is_failure_of_the_system(&error) {
                2
            } else {
                1
            })
        }
    }
}

/// Prints help, the version, or what is wrong with the command line, and returns the exit code.
#[must_use]
pub fn usage(error: &clap::Error) -> ExitCode {
    match error.print().and_then(|()| io::stdout().flush()) {
        // A closed pipe is one whose reader has seen enough.
        Err(failure) if failure.kind() != io::ErrorKind::BrokenPipe => finish(Err(failure.into())),
        _ => ExitCode::from(u8::from(error.use_stderr())),
    }
}

/// Returns `true` if the operating system refused, rather than that something was wrong with the input.
///
/// A path that leads nowhere is input: somebody typed it.
fn is_failure_of_the_system(error: &anyhow::Error) -> bool {
    use io::ErrorKind::{
        AlreadyExists, DirectoryNotEmpty, InvalidFilename, IsADirectory, NotADirectory, NotFound,
    };
    let of_site = match error.downcast_ref() {
        Some(PublishError::Read { error, .. }) => Some(error),
        Some(PublishError::Write(error)) => error.cause(),
        _ => error.downcast_ref().and_then(WriteError::cause),
    };
    let causes = error.chain().filter_map(|cause| cause.downcast_ref());
    of_site.into_iter().chain(causes).any(|cause: &io::Error| {
        let is_input = matches!(
            cause.kind(),
            NotFound
                | NotADirectory
                | IsADirectory
                | AlreadyExists
                | DirectoryNotEmpty
                | InvalidFilename
        );
        cause.raw_os_error().is_some() && !is_input
    })
}
