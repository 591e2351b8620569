//! Loads what an import made as any other input, and compares the report that it gives with the one that was read.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::Imported;
use super::words::labelled;
use crate::archive::Archive;
use crate::audience::Audience;
use crate::diagnostic::{Diagnostic, Sources};
use crate::load::{self, Loaded};
use crate::publish::Site;
use crate::render::TemplateError;

/// How many lines of the new report are tried as what it says in place of another.
const PAIRED: usize = 1_000;

/// A line of the report that the new one does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its line, from 1.
    pub line: usize,
    /// What it says.
    pub said: String,
    /// What the new report says in its place, where there is such a line.
    pub gives: Option<String>,
}

/// What came of loading.
pub struct RoundTrip {
    /// The archive with the incident alone, and those that it names.
    pub archive: Archive,
    /// The report that it gives; absent where it has faults.
    pub markdown: Option<String>,
    /// The faults.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that they point into.
    pub sources: Sources,
}

/// Loads what was made, before it is written, and renders its report.
///
/// # Errors
/// A template of the archive is at fault.
pub fn compare(
    root: &Utf8Path,
    settings: Loaded,
    imported: &Imported,
) -> Result<RoundTrip, TemplateError> {
    let read = load::unwritten(
        root,
        &settings.archive.config,
        &imported.id,
        &imported.incident,
        imported.timeline.as_deref(),
    );
    let mut archive = settings.archive;
    let mut markdown = None;
    if let Some(record) = read.record {
        let names = record.names();
        if imported.related || !names.is_empty() {
            archive.records = load::archive(root).archive.records;
            archive
                .records
                .retain(|other| names.contains(&other.id) || other.names().contains(&record.id));
        }
        let id = record.id.clone();
        archive.records.push(record);
        archive
            .records
            .sort_by(|left, right| left.id.cmp(&right.id));
        let site = Site::new(&archive, &settings.templates, Audience::Confidential)?;
        let found = archive.records.iter().find(|record| record.id == id);
        markdown = found
            .map(|record| site.with_report(record, |report| site.renderer().markdown(report)))
            .transpose()?;
    }
    Ok(RoundTrip {
        archive,
        markdown,
        diagnostics: read.diagnostics,
        sources: read.sources,
    })
}

/// Lists the lines of a report that another does not have, but for the padding of tables and the spaces at line ends.
#[must_use]
pub fn differences(said: &str, gives: &str) -> Vec<Difference> {
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for line in gives.lines() {
        *left.entry(normal(line)).or_default() += 1;
    }
    let mut missing = Vec::new();
    for (at, line) in said.lines().enumerate() {
        let line = normal(line);
        match left.get_mut(&line) {
            Some(count) if *count > 0 => *count -= 1,
            _ if line.is_empty() => {}
            _ => missing.push((at + 1, line)),
        }
    }
    let mut others: Vec<&String> = left
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(line, _)| line)
        .collect();
    let mut found = Vec::new();
    for (line, said) in missing {
        let same_label = |other: &&String| {
            let label = |line: &str| {
                labelled(line.trim_start_matches("- ")).map(|found| found.label.to_owned())
            };
            label(&said).is_some_and(|said| label(other) == Some(said))
        };
        // Beyond this many, the report is another one, and pairing its lines says nothing.
        let place = others.iter().take(PAIRED).position(same_label);
        let gives = place.map(|place| others.remove(place).clone());
        found.push(Difference { line, said, gives });
    }
    found
}

/// Lists the lines of a report in another layout that have words which the new one lacks.
#[must_use]
pub fn lost(said: &str, gives: &str) -> Vec<Difference> {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words
            .filter(|word| word.chars().count() > 3)
            .map(str::to_lowercase)
            .collect()
    };
    let there: BTreeSet<String> = words(gives).into_iter().collect();
    let lacks = |line: &str| words(line).iter().any(|word| !there.contains(word));
    let lines = said
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.starts_with('#') && lacks(line));
    lines
        .map(|(at, line)| Difference {
            line: at + 1,
            said: line.trim().to_owned(),
            gives: None,
        })
        .collect()
}

/// Gives a line without what may differ: spaces at its end, the padding of cells.
#[must_use]
pub fn normal(line: &str) -> String {
    let line = line.trim_end();
    if !line.starts_with('|') {
        return line.to_owned();
    }
    let cells = line.trim_matches('|').split('|').map(|cell| {
        let cell = cell.trim();
        let rule = cell.len() > 1 && cell.chars().all(|c| matches!(c, '-' | ':'));
        if rule { "---" } else { cell }
    });
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}
