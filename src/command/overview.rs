//! `afterword status` without an incident: what is open, and what each open incident needs next.

use std::collections::BTreeSet;

use camino::Utf8Path;
use chrono::{DateTime, Utc};

use super::clock::{exactly, now};
use super::summaries::ListedArchive;
use super::{Outcome, print, unread_line};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::diagnostic::visible_line;
use crate::facts::{Facts, Summary, between};
use crate::incident::Status;
use crate::load;
use crate::moment::{Moment, Zone};
use crate::timeline::Mark;
use crate::view::label;

/// Prints the open incidents, the longest open first.
///
/// # Errors
/// Returns an error if the archive cannot be found or the output cannot be written.
pub fn run(root: &Utf8Path) -> anyhow::Result<Outcome> {
    let now = now()?;
    let ListedArchive {
        loaded,
        summaries,
        broken,
        contradicted,
        errors,
    } = ListedArchive::read(root, Audience::Confidential)?;
    let config = &loaded.archive.config;
    let of = |wanted: fn(Status) -> bool| {
        let summaries = summaries.iter();
        summaries.filter(move |summary| wanted(summary.course.status) && !summary.is_superseded)
    };
    let mut open: Vec<&Summary> = of(Status::is_open).collect();
    open.sort_by_key(|summary| (summary.started.map(|start| start.at), &summary.id));
    let mut blocks: Vec<String> = Vec::new();
    let rules = load::Rules::new(config);
    for summary in &open {
        // A file that was removed meanwhile is no longer an incident.
        if let Some(record) = load::again(root, &rules, &summary.source) {
            blocks.push(block(&record, summary, config, now));
        }
    }
    if open.is_empty() {
        let line = match (broken.is_empty(), contradicted.is_empty()) {
            (true, true) => "no incident is open\n",
            (false, true) => "no incident that can be read is open\n",
            (_, false) => "no incident without errors is open\n",
        };
        blocks.push(line.to_owned());
    }
    let resolved: Vec<&str> = of(|status| status == Status::Resolved)
        .filter(|summary| !contradicted.contains(&summary.id))
        .map(|summary| summary.id.as_str())
        .collect();
    if !resolved.is_empty() {
        blocks.push(format!("resolved, not closed: {}\n", resolved.join(", ")));
    }
    let is_listed = |id: &String| open.iter().any(|summary| summary.id == *id);
    let unlisted = contradicted.into_iter().filter(|id| !is_listed(id));
    let unlisted: BTreeSet<String> = broken.into_iter().chain(unlisted).collect();
    if !unlisted.is_empty() {
        blocks.push(unread_line(&unlisted));
    }
    print(&blocks.join("\n"))?;
    Ok(if errors {
        Outcome::Problems
    } else {
        Outcome::Done
    })
}

/// Returns the lines about one open incident.
fn block(record: &Record, summary: &Summary, config: &Config, now: DateTime<Utc>) -> String {
    let facts = Facts::compute(record, config);
    let zone = record.zone(config);
    let incident = &record.incident;
    let mut lines = vec![format!("{}  {}", record.id, visible_line(&incident.title))];
    let mut line = |label: &str, value: &str| {
        lines.push(format!("  {label:<13}{}", visible_line(value)));
    };
    let severity = summary.severity.as_deref().unwrap_or("no severity");
    line(
        "Status",
        &format!(
            "{}, {severity}",
            label::status(incident.kind, facts.status).1
        ),
    );
    if let Some(started) = facts.started.map(|start| start.moment) {
        let label = if facts.status == Status::Planned {
            "Planned for"
        } else {
            "Since"
        };
        line(label, &timed(&started, zone, now));
    }
    // The one who took over last leads.
    if let Some(commander) = incident.people.commanders().last() {
        line("Commander", commander);
    }
    if let Some((at, text)) = last_entry(record) {
        line("Last entry", &format!("{}: {text}", timed(&at, zone, now)));
    }
    if let Some(due) = summary.due {
        line("Next update", &timed(&due, zone, now));
    }
    let missing = missing(record, &facts);
    if !missing.is_empty() {
        line("Missing", &missing.join(", "));
    }
    lines.join("\n") + "\n"
}

/// Returns a time with how long ago it was, or how long it still is.
pub(super) fn timed(at: &Moment, zone: Zone, now: DateTime<Utc>) -> String {
    let now = exactly(now);
    let text = at.in_full(zone);
    if let Some(length) = between(at, &now, zone) {
        return format!("{text} ({} ago)", length.in_minutes());
    }
    match between(&now, at, zone) {
        Some(length) => format!("{text} (in {})", length.in_minutes()),
        None => text,
    }
}

/// Returns the event with the latest time, and its text.
fn last_entry(record: &Record) -> Option<(Moment, String)> {
    let events = record.timeline.events.iter().filter(|event| !event.hidden);
    let timed = events.filter_map(|event| Some((record.began(event)?, event.text.to_string())));
    timed.max_by_key(|(at, _)| at.order())
}

/// Lists what the incident lacks: what is needed at any time, then what leads to the next status.
fn missing(record: &Record, facts: &Facts) -> Vec<String> {
    let incident = &record.incident;
    let mut missing = Vec::new();
    let mut need = |is_there: bool, what: &str| {
        if !is_there {
            missing.push(what.to_owned());
        }
    };
    need(incident.severity.is_some(), "severity");
    if facts.status == Status::Planned {
        return missing;
    }
    need(incident.people.commanders().next().is_some(), "commander");
    need(facts.started.is_some(), "mark `started`");
    let messages = incident.messages.iter();
    let is_told = messages
        .clone()
        .any(|message| message.audience().is_external());
    need(
        is_told || !record.audience().is_external(),
        "first message to customers",
    );
    let mut next = |mark: Mark, status: Status| {
        if !record.is_marked(mark) {
            let status = label::status(incident.kind, status).1;
            missing.push(format!("mark `{}` (gives {status})", mark.as_str()));
        }
    };
    match facts.status {
        Status::Investigating => next(Mark::Identified, Status::Identified),
        Status::Identified => next(Mark::Mitigated, Status::Monitoring),
        Status::Monitoring => next(Mark::Resolved, Status::Resolved),
        Status::Planned | Status::Resolved | Status::Closed => {}
    }
    let is_known = incident
        .root_cause
        .as_ref()
        .is_some_and(|cause| cause.primary.is_some());
    if facts.status >= Status::Identified && !is_known {
        missing.push("root cause".to_owned());
    }
    missing
}
