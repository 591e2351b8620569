//! Loads an imported incident like any other input and compares its report with the original.

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

/// The number of generated lines that are tried as the counterpart of an original line.
const PAIRED: usize = 1_000;

/// A line of the original report that the generated one lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The line number, from 1.
    pub line: usize,
    /// The text of the original line.
    pub original: String,
    /// The corresponding line of the generated report, if there is one.
    pub generated: Option<String>,
}

/// The result of loading an imported incident and rendering its report.
pub struct RoundTrip {
    /// The archive with only the incident and the incidents related to it.
    pub archive: Archive,
    /// The generated report; `None` if the incident has errors.
    pub markdown: Option<String>,
    /// The diagnostics of the incident.
    pub diagnostics: Vec<Diagnostic>,
    /// The sources of the diagnostics.
    pub sources: Sources,
}

/// Loads an imported incident from memory and renders its report.
///
/// # Errors
/// Returns an error if a template of the archive is invalid.
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

/// Returns the lines of the original report that the generated one lacks.
///
/// Table padding and trailing spaces are ignored.
#[must_use]
pub fn differences(original: &str, generated: &str) -> Vec<Difference> {
    let mut unmatched: BTreeMap<String, usize> = BTreeMap::new();
    for line in generated.lines() {
        *unmatched.entry(normal(line)).or_default() += 1;
    }
    let mut missing = Vec::new();
    for (index, line) in original.lines().enumerate() {
        let line = normal(line);
        match unmatched.get_mut(&line) {
            Some(count) if *count > 0 => *count -= 1,
            _ if line.is_empty() => {}
            _ => missing.push((index + 1, line)),
        }
    }
    let mut candidates: Vec<&String> = unmatched
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(line, _)| line)
        .collect();
    let mut found = Vec::new();
    for (line, original) in missing {
        let same_label = |other: &&String| {
            let label = |line: &str| {
                labelled(line.trim_start_matches("- ")).map(|found| found.label.to_owned())
            };
            label(&original).is_some_and(|original| label(other) == Some(original))
        };
        // With more unmatched lines than this, the reports are unrelated and pairing is pointless.
        let index = candidates.iter().take(PAIRED).position(same_label);
        let generated = index.map(|index| candidates.remove(index).clone());
        found.push(Difference {
            line,
            original,
            generated,
        });
    }
    found
}

/// Returns the lines of a report in a foreign layout with a word that the generated report lacks.
#[must_use]
pub fn lost(original: &str, generated: &str) -> Vec<Difference> {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        words
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    let known: BTreeSet<String> = words(generated).into_iter().collect();
    let lacks = |line: &str| words(line).iter().any(|word| !known.contains(word));
    let lines = original.lines().enumerate().filter(|(_, line)| lacks(line));
    lines
        .map(|(index, line)| Difference {
            line: index + 1,
            original: line.trim().to_owned(),
            generated: None,
        })
        .collect()
}

/// Normalizes a line for comparison: without trailing spaces and cell padding.
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
