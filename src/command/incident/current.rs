//! Chooses the only current incident.
//!
//! An incident is current while it is open, and for some hours after users have recovered: the
//! events until its official end are still to come. If several are current, none is chosen.

use std::collections::BTreeSet;

use anyhow::anyhow;
use camino::Utf8Path;
use chrono::{DateTime, TimeDelta, Utc};

use super::super::clock::now;
use super::super::terminal::remark;
use super::super::{eprint_line, report};
use super::{fact_checker, orphans, times};
use crate::archive::Record;
use crate::audience::Audience;
use crate::check::Checker;
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, Level, visible_line};
use crate::facts::{Facts, Neighbor, replaced_by};
use crate::incident::Status;
use crate::load;

/// The facts that decide whether an incident is current.
struct Known {
    last: Option<DateTime<Utc>>,
    neighbor: Neighbor,
    status: Status,
    is_current: bool,
    /// The errors by which its facts do not hold, so that it may be open although it seems to be over.
    errors: Vec<Diagnostic>,
}

impl Known {
    fn new(record: &Record, config: &Config, checker: &Checker, now: DateTime<Utc>) -> Self {
        let facts = Facts::compute(record, config);
        let last = times(record).into_iter().max();
        let is_current = is_current(record, facts.status, now);
        let may_be_open = !is_current && last.is_some_and(|last| now - last <= CURRENT);
        let errors = may_be_open.then(|| checker.fact_errors(record, &facts));
        Self {
            last,
            is_current,
            errors: errors.unwrap_or_default(),
            status: facts.status,
            neighbor: Neighbor::new(record, &facts, config),
        }
    }
}

/// The time for which an incident stays current after its last event, once users have recovered.
const CURRENT: TimeDelta = TimeDelta::hours(12);

/// Returns `true` if an incident is open, or if users recovered recently and nobody has ended it.
fn is_current(record: &Record, status: Status, now: DateTime<Utc>) -> bool {
    match status {
        Status::Planned | Status::Closed => false,
        Status::Investigating | Status::Identified | Status::Monitoring => true,
        // A person who writes the status down has finished.
        Status::Resolved => {
            let last = times(record).into_iter().max();
            record.incident.status.is_none() && last.is_some_and(|last| now - last <= CURRENT)
        }
    }
}

/// The maximum number of incidents that cannot be read to list.
const BROKEN: usize = 5;

/// Prints which incidents may be open although nobody can tell, and the IDs to choose from.
fn refuse_doubtful(unread: &BTreeSet<String>, doubtful: &[String], choices: &[String]) {
    let mut named: Vec<String> = { unread.iter().take(BROKEN) }
        .map(|id| format!("`{id}`"))
        .collect();
    match unread.len() {
        0 if doubtful.is_empty() => named.push("an incident".to_owned()),
        count if count > BROKEN => named.push("others".to_owned()),
        _ => {}
    }
    let reasons = [
        (named.join(", "), "cannot be read"),
        (doubtful.join(", "), "has errors in its times"),
    ];
    let reasons = { reasons.iter() }
        .filter(|(named, _)| !named.is_empty())
        .map(|(named, reason)| format!("{named} {reason}"));
    let reasons: Vec<String> = reasons.collect();
    let or = match choices {
        [] => String::new(),
        _ => format!(", or pass one of these IDs:{}", choices.concat()),
    };
    eprint_line(&format!(
        "error: {} and may be open; fix the errors{or}",
        reasons.join(", ")
    ));
    if let Some(first) = unread.first() {
        eprint_line(&format!(
            "to record an event all the same, use `afterword log {first} TEXT`"
        ));
    }
}

/// Finds the only current incident.
///
/// An incident that cannot be read may be current. If there is one, its errors are printed with
/// the IDs to choose from, and `None` is returned.
///
/// # Errors
/// Returns an error if no incident or more than one is current.
pub fn only_current(root: &Utf8Path) -> anyhow::Result<Option<String>> {
    let now = now()?;
    let mut loaded = load::settings(root);
    let config = &loaded.archive.config;
    let checker = fact_checker(config)?;
    let known = |record: Record| Known::new(&record, config, &checker, now);
    let mut read = load::inputs(root).each(config, known);
    let mut errors = std::mem::take(&mut read.diagnostics);
    let mut doubtful: Vec<String> = Vec::new();
    for known in read
        .kept
        .iter_mut()
        .filter(|known| !known.errors.is_empty())
    {
        errors.append(&mut known.errors);
        doubtful.push(format!("`{}`", known.neighbor.id));
    }
    let neighbors = read.kept.iter().map(|known| &known.neighbor);
    // A superseded report may still have an open status.
    let superseded = replaced_by(neighbors, Audience::Confidential);
    let current: Vec<&Known> = read
        .kept
        .iter()
        .filter(|known| known.is_current)
        .filter(|known| !superseded.contains_key(known.neighbor.id.as_str()))
        .collect();
    let choice = |known: &&Known| {
        let Neighbor { id, title, .. } = &known.neighbor;
        let state = match known.status {
            Status::Resolved => "  (resolved)",
            _ => "",
        };
        format!("\n  {id}  {}{state}", visible_line(title))
    };
    let choices: Vec<String> = current.iter().map(choice).collect();
    let orphans = orphans::timelines_of_today(root, &errors, now);
    errors.retain(|diagnostic| diagnostic.level == Level::Error);
    if !errors.is_empty() {
        errors.append(&mut loaded.diagnostics);
        diagnostic::sort(&mut errors, &loaded.sources);
        report(&errors, &loaded.sources);
        refuse_doubtful(&read.broken, &doubtful, &choices);
        return Ok(None);
    }
    if current.len() != 1 {
        // With exactly one, its command prints these when it loads the incident.
        report(&loaded.diagnostics, &loaded.sources);
    }
    for timeline in orphans {
        remark(&format!(
            "note: `{timeline}` has events of today, but no incident uses it; its incident may be open"
        ));
    }
    let are_open = current.iter().all(|known| known.status.is_open());
    match current.as_slice() {
        [one] => {
            let id = &one.neighbor.id;
            if !are_open {
                remark(&format!(
                    "note: no incident is open; `{id}` was resolved last"
                ));
            }
            Ok(Some(id.clone()))
        }
        [] => {
            let latest = read.kept.iter().max_by_key(|known| known.last);
            let latest = latest.map(|latest| format!("; the latest is `{}`", latest.neighbor.id));
            Err(anyhow!(
                "no open incident; pass an ID, or create one with `afterword new`{}",
                latest.unwrap_or_default()
            ))
        }
        _ => Err(anyhow!(
            "several incidents are open{}; pass one of these IDs:{}",
            if are_open {
                ""
            } else {
                " or were resolved recently"
            },
            choices.concat()
        )),
    }
}
