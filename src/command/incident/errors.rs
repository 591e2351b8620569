//! The errors of one incident, and those by which its facts do not hold.

use camino::Utf8Path;

use super::super::clock::now;
use super::super::{Today, report};
use crate::archive::Record;
use crate::check::Checker;
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic};
use crate::facts::Facts;
use crate::load::{self, Loaded};

/// Returns what the checks of an incident find.
///
/// # Errors
/// Returns an error if the clock is not valid.
pub fn findings(
    root: &Utf8Path,
    config: &Config,
    record: &Record,
) -> anyhow::Result<Vec<Diagnostic>> {
    let ids = load::taken_ids(root);
    let today = Today::resolve(None, config)?;
    let checker = Checker::new(config, today.0, ids.iter().map(String::as_str));
    let facts = Facts::compute(record, config);
    Ok(checker.incident(record, &facts).diagnostics)
}

/// Creates a checker that finds the errors by which the facts of an incident do not hold, by the clock.
///
/// # Errors
/// Returns an error if the clock is not valid.
pub fn fact_checker(config: &Config) -> anyhow::Result<Checker<'_>> {
    let now = now()?;
    Ok(Checker::new(config, now.date_naive(), std::iter::empty()).at_time(Some(now)))
}

/// Prints the errors by which the facts of an incident do not hold; returns `true` if there are any.
///
/// # Errors
/// Returns an error if the clock is not valid.
pub fn has_false_facts(loaded: &Loaded, record: &Record) -> anyhow::Result<bool> {
    let config = &loaded.archive.config;
    let mut errors = fact_checker(config)?.fact_errors(record, &Facts::compute(record, config));
    diagnostic::sort(&mut errors, &loaded.sources);
    report(&errors, &loaded.sources);
    Ok(!errors.is_empty())
}
