//! The commands, one file each, and what they share: finding the archive, printing, the exit code.
//!
//! Only commands print, and only commands read the clock.

#![expect(
    clippy::disallowed_methods,
    reason = "commands print, read the clock and the environment, and find their paths"
)]

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use crate::audience::Audience;
use crate::diagnostic::{self, Diagnostic, Level, Sources, text};
use crate::load::{self, Loaded};
use crate::moment::parse_day;
use crate::publish::PublishError;
use crate::render::TemplateError;
use crate::source;

pub mod actions;
pub mod audit;
pub mod build;
pub mod check;
mod clock;
pub mod comms;
pub mod explain;
pub mod import;
mod incident;
pub mod init;
pub mod log;
pub mod memory;
pub mod new;
pub mod schema;
pub mod show;

pub use clock::Today;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is well.
    Done,
    /// The input has faults, which were named.
    Faults,
}

/// An audience, as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum AudienceArg {
    /// Anyone.
    Public,
    /// Customers of the organization.
    Customers,
    /// The organization.
    Internal,
    /// Those who are named.
    Confidential,
}

impl From<AudienceArg> for Audience {
    fn from(readers: AudienceArg) -> Self {
        match readers {
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
/// There is none in the folder or above it.
pub fn root(directory: Option<&Utf8Path>) -> anyhow::Result<Utf8PathBuf> {
    let from = match directory {
        Some(directory) => directory.to_path_buf(),
        None => Utf8PathBuf::from_path_buf(
            std::env::current_dir().context("cannot find the current folder")?,
        )
        .map_err(|path| anyhow!("the current folder's name is not UTF-8: {}", path.display()))?,
    };
    let whole = std::path::absolute(&from).with_context(|| format!("cannot find `{from}`"))?;
    let whole = Utf8PathBuf::from_path_buf(whole)
        .map_err(|_| anyhow!("`{from}` lies in a folder whose name is not UTF-8"))?;
    if !whole.is_dir() {
        return Err(anyhow!("there is no folder `{from}`"));
    }
    load::find_root(&whole).ok_or_else(|| {
        anyhow!("there is no archive in `{from}` or above it; an archive has a folder `{}` or a file `{}`", load::INCIDENTS, load::CONFIG)
    })
}

/// Finds the name that some words most likely mean.
fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    source::nearest(word, names.iter().copied()).map(|(name, _)| name)
}

/// Reads a day of the command line.
///
/// # Errors
/// Says what is wrong with it, and what to write.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    parse_day(text).map_err(|reason| format!("{reason}; write it as `2026-03-31`"))
}

/// Prints what is wrong with the settings and the templates; returns whether some rules were read all the same.
///
/// A rule is a part of the settings, in the patterns of [`Unread`](crate::source::Unread). The
/// first one that could not be read is named.
pub fn has_rules(loaded: &mut Loaded, rules: &[&str]) -> bool {
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    diagnostic::sort(&mut diagnostics, &loaded.sources);
    report(&diagnostics, &loaded.sources);
    let unread = rules.iter().find(|rule| loaded.unread.touches(rule));
    if let Some(rule) = unread {
        let rule = rule.trim_end_matches(['?', '*', '.']);
        eprint_line(&format!(
            "nothing was done, because `{rule}` in `{}` cannot be read",
            load::CONFIG
        ));
    }
    unread.is_none()
}

/// Returns the files that the errors of a load point into: what they hold is not known.
fn unreadable(diagnostics: &[Diagnostic]) -> BTreeSet<Utf8PathBuf> {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == Level::Error);
    errors
        .filter_map(|error| Some(error.primary()?.file.clone()))
        .collect()
}

/// Says that nothing is made for external readers while a file cannot be read.
///
/// Whatever they get is searched for the names that they must not see, and those in that file are not known.
fn refuse_unreadable(audience: Audience, unreadable: &BTreeSet<Utf8PathBuf>) {
    let mut files = unreadable.iter();
    let first = files.next().map(|file| format!("`{file}`"));
    let named = match (first, files.count()) {
        (None, _) => "a file".to_owned(),
        (Some(first), 0) => first,
        (Some(first), 1) => format!("{first} and another file"),
        (Some(first), others) => format!("{first} and {others} other files"),
    };
    eprint_line(&format!(
        "nothing written for the audience `{audience}`: the names that it must not see are unknown until {named} can be read"
    ));
}

/// Prints diagnostics to standard error as text.
pub fn report(diagnostics: &[Diagnostic], sources: &Sources) {
    if diagnostics.is_empty() {
        return;
    }
    let printed = text::print(diagnostics, sources, style(io::stderr()));
    // Nobody is left to tell when standard error is closed.
    let _ = io::stderr().write_all(printed.as_bytes());
}

/// Chooses colours for a terminal whose user wants them.
fn style(stream: impl IsTerminal) -> text::Style {
    let plain =
        !stream.is_terminal() || std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty());
    if plain {
        text::Style::Plain
    } else {
        text::Style::Coloured
    }
}

/// Prints a result to standard output.
///
/// # Errors
/// The output is full. A closed pipe is no error: its reader has seen enough.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

/// Prints a line for the person who runs the command to standard error.
pub fn eprint_line(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Turns the result of a command into the code to exit with.
#[must_use]
pub fn finish(result: anyhow::Result<Outcome>) -> ExitCode {
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Faults) => ExitCode::from(1),
        Err(error) => {
            eprint_line(&format!("error: {error:#}"));
            // A template is input too.
            let published = matches!(error.downcast_ref(), Some(PublishError::Template(_)));
            let template = published || error.is::<TemplateError>();
            ExitCode::from(if template { 1 } else { 2 })
        }
    }
}
