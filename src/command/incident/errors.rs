//! The errors of one incident, and those by which an output would lack or misstate one of its times.

use anyhow::bail;
use camino::Utf8Path;

use super::super::clock::now;
use super::super::{Today, report};
use crate::archive::Record;
use crate::check::{Checker, FACT_ERRORS};
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Level};
use crate::facts::Facts;
use crate::incident::Status;
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

/// Prints the errors of an incident by which an output would lack or misstate a time; returns `true` if there are any.
///
/// # Errors
/// Returns an error if the clock is not valid.
pub fn has_false_facts(root: &Utf8Path, loaded: &Loaded, record: &Record) -> anyhow::Result<bool> {
    let mut errors = findings(root, &loaded.archive.config, record)?;
    errors.retain(|error| error.level == Level::Error && FACT_ERRORS.contains(&error.code));
    diagnostic::sort(&mut errors, &loaded.sources);
    report(&errors, &loaded.sources);
    Ok(!errors.is_empty())
}

/// Refuses an incident whose end is still to come, which nobody can be told of.
///
/// # Errors
/// Returns an error if the end is in the future, or the clock is not valid.
pub fn refuse_future_end(record: &Record, config: &Config) -> anyhow::Result<()> {
    let facts = Facts::compute(record, config);
    let now = now()?;
    let ended = facts.ended.filter(|_| facts.status != Status::Planned);
    if let Some(end) = ended.filter(|end| end.moment.first().at > now) {
        bail!(
            "`{}` is recorded as over at {}, which is in the future; correct that time",
            record.id,
            end.moment.in_full(record.zone(config))
        );
    }
    Ok(())
}
