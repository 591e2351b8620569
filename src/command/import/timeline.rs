//! `afterword import timeline`: adds the events of other systems' exports to an incident's timeline.
//!
//! All files are read and everything is planned before the first file is written. What is left out
//! is counted, and the counts say how to get it.

use std::collections::BTreeSet;

use anyhow::{anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, TimeDelta, Utc};

use super::super::change::Change;
use super::super::clock::{Reading, now};
use super::super::terminal::echo;
use super::super::{Outcome, eprint_line, has_rules, incident, print, root};
use super::additions::Additions;
use super::files::Files;
use super::print_sanitized;
use super::summary;
use crate::archive::{EventPlace, Record};
use crate::config::Config;
use crate::edit;
use crate::import::source::merge::{self, Options, Placed, Plan};
use crate::import::source::{self, Exports, IMPORTERS};
use crate::kind::{Day, Id};
use crate::load;
use crate::moment::{Moment, Zone};
use crate::source::Limits;
use crate::timeline::{Event, Timeline};

/// The arguments of `import timeline`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Exports to import: files, folders, or ZIP archives.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<Utf8PathBuf>,

    /// Incident, by its ID, the start or end of its ID, or its file [default: the only current incident].
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,

    /// Leave out events before this time [default for chat: 10 minutes before the incident].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,

    /// Leave out events after this time [default for chat: 30 minutes after the incident].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,

    /// Slack channel to read, if the export has several (repeatable).
    #[arg(long = "channel", value_name = "NAME")]
    channels: Vec<String>,

    /// Incident, alert or channel of the export to import, by its name there (repeatable) [default: all].
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,

    /// Keep the events that are left out by default, such as all messages of a channel.
    #[arg(long)]
    all: bool,

    /// Set the proposed marks.
    #[arg(long)]
    marks: bool,

    /// Take over changes of events that were imported before, except for the fields in `edited`.
    #[arg(long)]
    update: bool,

    /// Record the last deployment in `[technical.deployment]`.
    #[arg(long)]
    deployment: bool,

    /// Time zone of times without a UTC offset: `UTC`, `+02:00` or `Europe/Berlin`.
    #[arg(long, value_name = "ZONE")]
    tz: Option<Zone>,

    /// Time of alerts that state none.
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,

    /// Print what would change without writing it.
    #[arg(long)]
    dry_run: bool,
}

/// The settings that an import depends on.
const RULES: &[&str] = &["import", "site.timezone", "metrics", "limits"];

/// Imports the exports.
///
/// # Errors
/// Returns an error if the archive or the incident is not found, or a file cannot be read or written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let mut settings = load::settings(&root);
    if !has_rules(&mut settings, RULES) {
        return Ok(Outcome::Problems);
    }
    let Some(id) = incident::to_read(&root, arguments.incident.as_deref())? else {
        return Ok(nothing_written());
    };
    let config = settings.archive.config;
    let files = Files::read(&arguments.paths, &config, &arguments.channels)?;
    let Some(mut change) = Change::begin(&root, &id)? else {
        return Ok(Outcome::Problems);
    };
    let record = &change.record().clone();
    let (since, until, at) = times(arguments, record, &config)?;
    let exports = source::read(
        &files,
        &source::Settings {
            config: config.import.clone(),
            zone: arguments.tz,
            at,
            channels: arguments.channels.clone(),
        },
    );
    if !are_readable(&exports, arguments) {
        return Ok(nothing_written());
    }
    check_channels(&exports, arguments)?;
    for note in &exports.notes {
        print_sanitized(&format!("note: {note}"));
    }
    for unplaced in &exports.unplaced {
        print_sanitized(&format!(
            "not placed: {} ({}): {}",
            unplaced.importer, unplaced.reason, unplaced.text
        ));
    }
    let (since, until) = match (since, until) {
        (None, None) => window(&exports, record),
        given => given,
    };
    let options = Options {
        since,
        until,
        all: arguments.all,
        marks: arguments.marks,
        only: arguments.only.clone(),
    };
    let plan = merge::plan(exports, record, &config, &options);
    check_size(&plan, record, load::limits(&config.limits))?;
    let zone = record.zone(&config);
    let deployment = arguments.deployment.then_some(zone);
    let additions = Additions::new(&plan, record, &root, deployment);
    let described = summary::describe(&plan, zone, arguments.update);
    let described = described + &additions.describe();
    if arguments.dry_run {
        print(&described)?;
    } else {
        echo(&described)?;
    }
    write(&mut change, record, &plan, arguments.update)?;
    additions.write(&mut change)?;
    let is_valid = if arguments.dry_run {
        change.checked()?.is_some()
    } else {
        change
            .write(&format!("import timeline into {id}"))?
            .is_some()
    };
    Ok(if is_valid {
        Outcome::Done
    } else {
        Outcome::Problems
    })
}

fn nothing_written() -> Outcome {
    eprint_line("nothing written");
    Outcome::Problems
}

/// The times of the options `--since`, `--until` and `--at`.
type Times = (Option<DateTime<Utc>>, Option<DateTime<Utc>>, Option<Moment>);

fn times(arguments: &Arguments, record: &Record, config: &Config) -> anyhow::Result<Times> {
    let now = now()?;
    let read = |option, typed: &Option<String>| -> anyhow::Result<Option<Moment>> {
        let reading = Reading {
            option,
            zone: arguments.tz.or(record.timeline.tz).unwrap_or_default(),
            now,
            recorded: incident::recorded(record, config, now),
        };
        typed
            .as_deref()
            .map(|typed| reading.moment(typed))
            .transpose()
    };
    let since = read("--since ", &arguments.since)?.map(|moment| moment.at);
    let until = read("--until ", &arguments.until)?;
    // A minute or a date ends with its last instant.
    let until = until.map(|moment| record.timeline.time_defaults().until(&moment));
    if since
        .zip(until)
        .is_some_and(|(since, until)| until <= since)
    {
        bail!("`--until` is before `--since`");
    }
    Ok((since, until, read("--at ", &arguments.at)?))
}

/// Prints the parts that nothing recognizes; returns `false` if a file that the user names is one.
fn are_readable(exports: &Exports, arguments: &Arguments) -> bool {
    let mut readable = true;
    let is_alone = exports.found.is_empty();
    for rejected in &exports.rejected {
        let is_named = arguments
            .paths
            .iter()
            .any(|path| path == rejected.path.as_str());
        let is_error = rejected.is_whole && (is_named || is_alone);
        readable &= !is_error;
        let level = if is_error { "error" } else { "skipped" };
        print_sanitized(&format!("{level}: {}: {}", rejected.path, rejected.reason));
    }
    readable
}

/// Rejects an export of several channels, of which most have nothing to do with the incident.
fn check_channels(exports: &Exports, arguments: &Arguments) -> anyhow::Result<()> {
    let slack = exports
        .found
        .iter()
        .filter(|found| found.importer.prefix == "slack");
    let groups = slack.flat_map(|found| {
        found
            .drafts
            .iter()
            .filter_map(|draft| draft.group.as_deref())
    });
    let channels: BTreeSet<&str> = groups.collect();
    if channels.len() > 1 && arguments.channels.is_empty() {
        let names: Vec<String> = channels
            .iter()
            .take(20)
            .map(|name| format!("\n  {name}"))
            .collect();
        bail!(
            "the export has messages of {} channels; pass one with `--channel`:{}",
            channels.len(),
            names.concat()
        );
    }
    Ok(())
}

/// Rejects an import after which the timeline's file could not be read.
fn check_size(plan: &Plan, record: &Record, limits: Limits) -> anyhow::Result<()> {
    let new = { plan.placed.iter() }
        .filter(|placed| placed.existing.is_none())
        .count();
    let total = record.timeline.events.len() + new;
    if total > limits.entries {
        bail!(
            "the timeline would have {total} events, over the limit of {}; leave some out with `--since`, `--until` or `--only`, or raise `[limits] entries` in `afterword.toml`",
            limits.entries
        );
    }
    Ok(())
}

/// The time before an incident that belongs to it.
const BEFORE: TimeDelta = TimeDelta::minutes(10);
/// The time after an incident that belongs to it.
const AFTER: TimeDelta = TimeDelta::minutes(30);

/// Returns the time window of chat, and of exports of several incidents: that of the incident.
///
/// Only what people recorded counts, so that an import does not change the window of the next one.
/// There is none if no event is in it: then the incident's times are not those of the export.
fn window(exports: &Exports, record: &Record) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let drafts = || exports.found.iter().flat_map(|found| &found.drafts);
    let is_chat = exports
        .found
        .iter()
        .any(|found| found.importer.prefix == "slack");
    let groups: BTreeSet<&str> = drafts()
        .filter_map(|draft| draft.group.as_deref())
        .collect();
    if !is_chat && groups.len() < 2 {
        return (None, None);
    }
    let is_imported = |event: &Event| {
        let prefix = event
            .id
            .as_ref()
            .and_then(|id| id.split_once(':'))
            .map(|(prefix, _)| prefix);
        prefix.is_some_and(|prefix| {
            IMPORTERS
                .iter()
                .chain([source::TABLE])
                .any(|importer| importer.prefix == prefix)
        })
    };
    let marks = record.marks();
    let own = marks.iter().filter(|marked| {
        let event = marked
            .event
            .and_then(|index| record.timeline.events.get(index));
        event.is_none_or(|event| !is_imported(event))
    });
    let times: Vec<(bool, DateTime<Utc>)> = own
        .map(|marked| (marked.mark.is_end(), marked.moment.at))
        .collect();
    let Some(first) = times.iter().map(|(_, at)| *at).min() else {
        return (None, None);
    };
    let since = first - BEFORE;
    let until = times
        .iter()
        .filter(|(is_end, _)| *is_end)
        .map(|(_, at)| *at + AFTER)
        .max();
    let is_inside = |at: DateTime<Utc>| at >= since && until.is_none_or(|until| at <= until);
    if drafts().any(|draft| is_inside(draft.at.at)) {
        (Some(since), until)
    } else {
        (None, None)
    }
}

/// Adds the new events to the timeline's file, and changes those that are there.
fn write(change: &mut Change, record: &Record, plan: &Plan, update: bool) -> anyhow::Result<()> {
    let path = change.timeline();
    let invalid = || anyhow!("`{path}` has errors; run `afterword check`");
    for (index, at, event) in changes(change, record, plan, update) {
        match record.source.place(index) {
            EventPlace::Timeline(own) => {
                let text = change.text(&path)?.ok_or_else(invalid)?;
                let text = edit::timeline::replace(&text, own, Some(&event));
                change.set_text(&path, Some(text.ok_or_else(invalid)?))?;
            }
            EventPlace::Entry(_) => change.change_event(index, Some((&at, event)))?,
        }
    }
    let new = plan
        .placed
        .iter()
        .filter(|placed| placed.existing.is_none());
    let new: Vec<(usize, &Placed)> = new
        .map(|placed| (change.index_in_file(&placed.at), placed))
        .collect();
    let Some((_, first)) = new.first() else {
        return Ok(());
    };
    let text = match change.text(&path)? {
        Some(text) => {
            let events: Vec<(usize, &Event)> = new
                .iter()
                .map(|(index, placed)| (*index, &placed.event))
                .collect();
            edit::timeline::insert(&text, &events).ok_or_else(invalid)?
        }
        None => {
            let zone = change.config().site.timezone.unwrap_or_default();
            edit::timeline::print(&Timeline {
                incident: Id::new(&*record.id).ok(),
                date: Some(Day(first.at.day(zone))),
                tz: Some(zone).filter(|zone| *zone != Zone::default()),
                events: new.iter().map(|(_, placed)| placed.event.clone()).collect(),
                ..Timeline::default()
            })
        }
    };
    change.set_text(&path, Some(text))
}

/// Lists the events that are there already and change, by their index.
fn changes(
    change: &Change,
    record: &Record,
    plan: &Plan,
    update: bool,
) -> Vec<(usize, Moment, Event)> {
    let mut changes = Vec::new();
    for (index, placed) in plan.placed.iter().enumerate() {
        let Some(existing) = placed.existing else {
            continue;
        };
        let Some(old) = change.event_in_file(existing) else {
            continue;
        };
        let mut event = old.clone();
        let new = placed.event.marks.iter();
        event
            .marks
            .extend(new.filter(|mark| !old.marks.contains(mark)));
        let mut at = record.began(&old);
        let fields = plan
            .differences
            .iter()
            .filter(|difference| update && difference.index == index);
        for difference in fields {
            let new = &placed.event;
            // A field that the export does not have any more stays.
            match difference.field {
                "text" => event.text = new.text.clone(),
                "body" => event.body = new.body.clone().or(event.body),
                "at" => {
                    event.at = new.at;
                    at = Some(placed.at);
                }
                _ => event.until = new.until.or(event.until),
            }
        }
        if event != old {
            changes.push((existing, at.unwrap_or(placed.at), event));
        }
    }
    changes
}
