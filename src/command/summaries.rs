//! The summaries of an archive's incidents, for the commands that print numbers over all of them.

use camino::Utf8Path;

use super::{Outcome, eprint_line, has_rules, incident, report, root};
use crate::audience::Audience;
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Level, visible_line};
use crate::facts::{Facts, Summary, note_superseded};
use crate::load;

/// The incidents that an audience may see, with the settings.
pub(super) struct Loaded {
    pub config: Config,
    summaries: Vec<Summary>,
    has_errors: bool,
}

/// Loads the incidents that an internal audience may see; `None` if one of `rules` cannot be read.
///
/// Problems are reported. Incidents that cannot be read, and those whose facts do not hold, are left out, and the outcome
/// says so.
pub(super) fn load(
    directory: Option<&Utf8Path>,
    audience: Audience,
    rules: &[&str],
) -> anyhow::Result<Option<Loaded>> {
    let root = root(directory)?;
    let mut loaded = load::archive(&root);
    let mut diagnostics = std::mem::take(&mut loaded.diagnostics);
    let contradicted = contradicted(&loaded, audience, &mut diagnostics)?;
    diagnostic::sort(&mut diagnostics, &loaded.sources);
    report(&diagnostics, &loaded.sources);
    if !contradicted.is_empty() {
        eprint_line(&format!("not counted: {}", contradicted.join(", ")));
    }
    if !has_rules(&mut loaded, rules) {
        return Ok(None);
    }
    let config = loaded.archive.config;
    let records = loaded.archive.records.iter();
    let shown = records.filter(|record| {
        audience.may_read(record.audience()) && !contradicted.contains(&record.id)
    });
    let mut summaries: Vec<Summary> = shown
        .map(|record| Summary::from_record(&record.seen_by(audience, &config), &config))
        .collect();
    note_superseded(&mut summaries, audience);
    Ok(Some(Loaded {
        config,
        summaries,
        has_errors: diagnostics.iter().any(|found| found.level == Level::Error),
    }))
}

/// Returns the IDs of the incidents whose facts do not hold, and adds the errors.
fn contradicted(
    loaded: &load::Loaded,
    audience: Audience,
    errors: &mut Vec<Diagnostic>,
) -> anyhow::Result<Vec<String>> {
    let config = &loaded.archive.config;
    let checker = incident::fact_checker(config)?;
    let records = loaded.archive.records.iter();
    let mut ids = Vec::new();
    for record in records.filter(|record| audience.may_read(record.audience())) {
        let found = checker.fact_errors(record, &Facts::compute(record, config));
        if !found.is_empty() {
            ids.push(record.id.clone());
            errors.extend(found);
        }
    }
    Ok(ids)
}

impl Loaded {
    pub(super) fn shown(&self) -> Vec<&Summary> {
        self.summaries.iter().collect()
    }

    pub(super) fn outcome(&self) -> Outcome {
        if self.has_errors {
            Outcome::Problems
        } else {
            Outcome::Done
        }
    }
}

/// Parses an audience that may see numbers over all incidents.
pub(super) fn audience(word: &str) -> Result<Audience, String> {
    let found = Audience::named(word).filter(|audience| !audience.is_external());
    found.ok_or_else(|| "expected `internal` or `confidential`".to_owned())
}

/// Prints rows in columns as wide as their longest cell.
pub(super) fn columns(mut rows: Vec<Vec<String>>) -> String {
    for cell in rows.iter_mut().flatten() {
        *cell = visible_line(cell).into_owned();
    }
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    let mut text = String::new();
    for row in &rows {
        let padded = row.iter().zip(&widths);
        let padded = padded.map(|(cell, width)| format!("{cell:width$}"));
        let joined = padded.collect::<Vec<_>>().join("  ");
        text.push_str(joined.trim_end());
        text.push('\n');
    }
    text
}
