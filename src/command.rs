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
use std::time::SystemTime;

use anyhow::{Context, anyhow};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, NaiveDate, Utc};

use crate::archive::Record;
use crate::audience::Audience;
use crate::cache::Cache;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Sources, text};
use crate::facts::Facts;
use crate::incident::Status;
use crate::load::{self, Loaded, shape};
use crate::moment::parse_day;
use crate::publish::PublishError;
use crate::render::TemplateError;

pub mod actions;
pub mod audit;
pub mod build;
pub mod check;
pub mod comms;
pub mod explain;
pub mod import;
pub mod init;
pub mod log;
pub mod memory;
pub mod new;
mod progress;
pub mod schema;
pub mod show;

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

/// Opens the cache of an archive, unless the command shall do without.
#[must_use]
pub fn cache(root: &Utf8Path, without: bool) -> Cache {
    if without {
        Cache::none()
    } else {
        Cache::open(root)
    }
}

/// Loads one incident with what concerns it.
///
/// # Errors
/// There is none of that id; the nearest one is named.
pub fn incident(root: &Utf8Path, id: &str) -> anyhow::Result<Loaded> {
    load::one(root, id).ok_or_else(|| {
        let ids = load::taken_ids(root);
        let names: Vec<&str> = ids.iter().map(String::as_str).collect();
        let near = nearest(id, &names).map(|near| format!("; did you mean `{near}`?"));
        anyhow!(
            "there is no incident `{id}` in `{root}`{}",
            near.unwrap_or_default()
        )
    })
}

/// Finds the name that some words most likely mean.
fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    shape::nearest(word, names).map(|(name, _)| name)
}

/// Reads a day of the command line.
///
/// # Errors
/// Says what is wrong with it, and what to write.
pub fn day(text: &str) -> Result<NaiveDate, String> {
    parse_day(text).map_err(|reason| format!("{reason}; write it as `2026-03-31`"))
}

/// Finds the one incident that is open.
///
/// # Errors
/// There is none, or there are several.
pub fn only_open(root: &Utf8Path) -> anyhow::Result<String> {
    let loaded = load::archive(root);
    let records = &loaded.archive.records;
    // What another report takes the place of keeps the status that it had then.
    let superseded: BTreeSet<String> = records.iter().flat_map(Record::supersedes).collect();
    let open: Vec<&Record> = records
        .iter()
        .filter(|record| {
            let status = Facts::compute(record, &loaded.archive.config).status;
            let is_open = status.is_open() && status != Status::Planned;
            is_open && !superseded.contains(&record.id)
        })
        .collect();
    match open.as_slice() {
        [one] => Ok(one.id.clone()),
        [] => Err(anyhow!(
            "no incident is open; name one by its id, or start one with `afterword new`"
        )),
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|record| format!("\n  {}  {}", record.id, record.incident.title))
                .collect();
            Err(anyhow!(
                "several incidents are open; name one of them:{}",
                lines.concat()
            ))
        }
    }
}

/// Prints diagnostics to standard error as text.
pub fn report(diagnostics: &[Diagnostic], sources: &Sources) {
    if diagnostics.is_empty() {
        return;
    }
    eprint(&text::print(diagnostics, sources, style(io::stderr())));
}

/// Prints a text for the person who runs the command to standard error.
pub fn eprint(text: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = io::stderr().write_all(text.as_bytes());
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

/// The day that `overdue` and `future` are measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today(pub NaiveDate);

impl Today {
    /// Finds the day: as told, else `SOURCE_DATE_EPOCH`, else `[site] as_of`, else today in UTC.
    ///
    /// # Errors
    /// `SOURCE_DATE_EPOCH` is not a count of seconds.
    pub fn resolve(told: Option<NaiveDate>, config: &Config) -> anyhow::Result<Self> {
        if let Some(day) = told {
            return Ok(Self(day));
        }
        match (pinned_clock()?, config.site.as_of) {
            (Some(pinned), _) => Ok(Self(pinned.date_naive())),
            (None, Some(day)) => Ok(Self(day.0)),
            (None, None) => Ok(Self(now()?.date_naive())),
        }
    }
}

/// Gives the moment that `SOURCE_DATE_EPOCH` pins the clock to, if it does.
fn pinned_clock() -> anyhow::Result<Option<DateTime<Utc>>> {
    let Some(epoch) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|epoch| !epoch.is_empty())
    else {
        return Ok(None);
    };
    let seconds = epoch.to_str().and_then(|text| text.parse().ok());
    let moment = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    moment.map(Some).ok_or_else(|| {
        anyhow!(
            "SOURCE_DATE_EPOCH is not a count of seconds: {}",
            epoch.display()
        )
    })
}

/// Reads the clock.
///
/// # Errors
/// `SOURCE_DATE_EPOCH` is not a count of seconds.
pub fn now() -> anyhow::Result<DateTime<Utc>> {
    if let Some(pinned) = pinned_clock()? {
        return Ok(pinned);
    }
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    Ok(DateTime::from_timestamp(seconds, 0).unwrap_or_default())
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
