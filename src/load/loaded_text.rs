//! Texts that are not in an archive yet: a file from elsewhere, and an incident before it is written.

use std::io;

use super::files::Files;
use super::input::typed;
use super::record::{default_timeline, record};
use super::rules::Rules;
use super::{CONFIG, INCIDENTS, files, limits, schema};
use crate::archive::Record;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Sources};
use crate::incident::Incident;
use crate::source::{Limits, Source, SourceError};
use crate::timeline::{Event, Timeline};
use camino::{Utf8Path, Utf8PathBuf};

/// An incident that was loaded from texts.
#[derive(Debug, Default)]
pub struct LoadedText {
    /// The incident; `None` if its texts have problems.
    pub record: Option<Record>,
    /// All problems.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics point into.
    pub sources: Sources,
}

/// Loads an incident from the texts of files that are not written yet.
#[must_use]
pub fn unwritten(
    root: &Utf8Path,
    config: &Config,
    id: &str,
    incident: &str,
    timeline: Option<&str>,
) -> LoadedText {
    let path = Utf8PathBuf::from(format!("{INCIDENTS}/{id}.toml"));
    let timeline = timeline.map(str::to_owned);
    let texts = [
        (path.clone(), Some(incident.to_owned())),
        (default_timeline(id), timeline),
    ];
    let texts = texts.into_iter().collect();
    let read = record(Files::with(root, &texts), &path, &Rules::new(config));
    let is_complete = read.problems.diagnostics.is_empty();
    LoadedText {
        record: read.record.filter(|_| is_complete),
        diagnostics: read.problems.diagnostics,
        sources: read.problems.sources.into_iter().collect(),
    }
}

/// Returns all problems of the text of an input file, whose path says what it is.
#[must_use]
pub fn problems(source: &Source) -> Vec<Diagnostic> {
    let limits = Limits::default();
    let path = source.path();
    let problems = if path == CONFIG {
        typed::<Config>(source, schema::config, &limits).err()
    } else if path.extension() == Some("json") && is_entry(path) {
        typed::<Event>(source, schema::event, &limits).err()
    } else if path.extension() == Some("json") {
        timeline(source).err()
    } else {
        typed::<Incident>(source, schema::incident, &limits).err()
    };
    problems.unwrap_or_default()
}

/// Returns `true` if a path is that of an entry of a timeline, in its folder `ID.d`.
fn is_entry(path: &Utf8Path) -> bool {
    let mut folders = path.ancestors().skip(1);
    folders.any(|folder| folder.extension() == Some("d"))
}

/// Reads the text of a timeline.
///
/// # Errors
/// Returns every error of the text.
pub fn timeline(source: &Source) -> Result<Timeline, Vec<Diagnostic>> {
    typed(source, schema::timeline, &Limits::default())
}

/// Returns `true` if the path is a regular file inside the archive, without a symbolic link on the way.
#[must_use]
pub fn is_file(root: &Utf8Path, path: &Utf8Path) -> bool {
    files::exists(root, path)
}

/// Reads a text by the path that the user gave, from anywhere.
///
/// # Errors
/// Returns an error if the file cannot be read, is not a regular file, is over the archive's size
/// limit, or is not UTF-8 text.
pub fn outside(path: &Utf8Path, config: &Config) -> io::Result<Source> {
    decoded(path, &outside_bytes(path, config)?)
}

/// Reads the bytes of a file that the user names, wherever it is.
///
/// # Errors
/// Returns an error if the file cannot be read, is not a regular file, or is over the archive's size limit.
pub fn outside_bytes(path: &Utf8Path, config: &Config) -> io::Result<Vec<u8>> {
    let limit = limits(&config.limits).file_bytes as u64;
    files::regular(path, path, limit)
}

/// Decodes a text that the user gave; `path` is its name in messages.
///
/// # Errors
/// Returns an error if the bytes are not UTF-8 text, or have merge conflicts.
pub fn decoded(path: &Utf8Path, bytes: &[u8]) -> io::Result<Source> {
    let refuse = |problem: SourceError, line: Option<usize>| {
        let line = line
            .map(|line| format!(", at line {line}"))
            .unwrap_or_default();
        let help = problem
            .help
            .map(|help| format!("; {help}"))
            .unwrap_or_default();
        io::Error::other(format!("{}{line}{help}", problem.message))
    };
    let source = Source::decode(path, bytes).map_err(|problem| refuse(*problem, None))?;
    match source.conflict() {
        Some(problem) => {
            let start = problem.span.unwrap_or_default().start;
            Err(refuse(problem, Some(source.position(start).line)))
        }
        None => Ok(source),
    }
}
