//! `afterword import timeline`: adds the events of other systems' exports to an incident's timeline.
//!
//! All files are read and everything is planned before the first file is written. What is left out
//! is counted, and the counts say how to get it.

use std::collections::BTreeSet;

use anyhow::{Context, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, TimeDelta, Utc};

use super::super::clock::{Reading, now};
use super::super::{Outcome, eprint_line, has_rules, incident, log, print, report, root};
use super::files::Files;
use super::print_sanitized;
use super::summary;
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::edit::toml::TomlText;
use crate::edit::{self, Lock};
use crate::import::source::merge::{self, Options, Placed, Plan};
use crate::import::source::{self, Exports, Extra, IMPORTERS, payload};
use crate::incident::{Deployment, HealingAction, Message};
use crate::kind::{Block, Day, EventId, FilePath, Id, Line};
use crate::load;
use crate::moment::{Moment, Zone};
use crate::source::{Path, Source};
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
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Leave out events after this time [default for chat: 30 minutes after the incident].
    #[arg(long, value_name = "TIME")]
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
    #[arg(long, value_name = "TIME")]
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
    let _lock = Lock::acquire(&root).with_context(|| format!("cannot lock `{root}`"))?;
    let loaded = incident::load(&root, &id)?;
    report(&loaded.diagnostics, &loaded.sources);
    let Some(record) = loaded.archive.records.iter().find(|record| record.id == id) else {
        return Ok(nothing_written());
    };
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
    let additions = Additions::new(&plan, record, &root, arguments);
    let zone = record.incident.timezone.or(config.site.timezone);
    print(&summary::describe(
        &plan,
        zone.unwrap_or_default(),
        arguments.update,
    ))?;
    additions.print()?;
    if !arguments.dry_run {
        write(&root, record, &plan, arguments.update, &config)?;
        additions.write(&root, record)?;
    }
    Ok(Outcome::Done)
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
            recorded: log::recorded(record, config, now),
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

/// Writes the timeline, if anything changes.
fn write(
    root: &Utf8Path,
    record: &Record,
    plan: &Plan,
    update: bool,
    config: &Config,
) -> anyhow::Result<()> {
    let new: Vec<&Placed> = plan
        .placed
        .iter()
        .filter(|placed| placed.existing.is_none())
        .collect();
    let Some(path) = &record.source.timeline else {
        let Some(first) = new.first() else {
            return Ok(());
        };
        let path = load::default_timeline(&record.id);
        let zone = config.site.timezone.unwrap_or_default();
        let text = edit::timeline::print(&Timeline {
            incident: Id::new(&*record.id).ok(),
            date: Some(Day(first.at.day(zone))),
            tz: Some(zone).filter(|zone| *zone != Zone::default()),
            events: new.iter().map(|placed| placed.event.clone()).collect(),
            ..Timeline::default()
        });
        edit::create(&root.join(&path), &text).with_context(|| format!("cannot write `{path}`"))?;
        return print(&format!("created {path}\n"));
    };
    let source = load::text(root, path).with_context(|| format!("cannot read `{path}`"))?;
    let invalid = || anyhow!("`{path}` has errors; run `afterword check`");
    let mut changed = source.text().to_owned();
    for (index, key, value) in changes(record, plan, update) {
        let source = Source::new(path.clone(), changed.as_str());
        changed = edit::timeline::set(&source, index, key, &value).ok_or_else(invalid)?;
    }
    let events: Vec<(usize, &Event)> = new
        .iter()
        .map(|placed| (log::index(record, &placed.at), &placed.event))
        .collect();
    let source = Source::new(path.clone(), changed.as_str());
    let text = edit::timeline::insert_all(&source, &events).ok_or_else(invalid)?;
    if text
        == load::text(root, path)
            .with_context(|| format!("cannot read `{path}`"))?
            .text()
    {
        return Ok(());
    }
    edit::replace(&root.join(path), &text).with_context(|| format!("cannot write `{path}`"))?;
    print(&format!("changed {path}\n"))
}

/// Lists the keys to set in events that are there already.
fn changes(
    record: &Record,
    plan: &Plan,
    update: bool,
) -> Vec<(usize, &'static str, serde_json::Value)> {
    let mut changes = Vec::new();
    for (index, placed) in plan.placed.iter().enumerate() {
        let Some(existing) = placed.existing else {
            continue;
        };
        let old = record.timeline.events.get(existing);
        if !placed.event.marks.is_empty() {
            let mut marks = old.map(|event| event.marks.clone()).unwrap_or_default();
            marks.extend(&placed.event.marks);
            changes.push((
                existing,
                "marks",
                serde_json::to_value(marks).unwrap_or_default(),
            ));
        }
        let fields = plan
            .differences
            .iter()
            .filter(|difference| update && difference.index == index);
        let event = serde_json::to_value(&placed.event).unwrap_or_default();
        for difference in fields {
            // A field that the export does not have any more stays.
            if let Some(value) = event.get(difference.field).filter(|value| !value.is_null()) {
                changes.push((existing, difference.field, value.clone()));
            }
        }
    }
    changes
}

/// What an import adds to the incident's file.
#[derive(Debug, Default)]
struct Additions {
    messages: Vec<Message>,
    actions: Vec<HealingAction>,
    deployment: Option<Deployment>,
}

impl Additions {
    /// Collects what the events that are added say besides.
    fn new(plan: &Plan, record: &Record, root: &Utf8Path, arguments: &Arguments) -> Self {
        let mut additions = Self::default();
        let new = plan
            .placed
            .iter()
            .filter(|placed| placed.existing.is_none());
        for placed in new {
            let id = placed
                .event
                .id
                .as_ref()
                .and_then(|id| EventId::new(&**id).ok());
            match &placed.extra {
                Some(Extra::Message { stage, body }) => {
                    let is_there = record.incident.messages.iter().any(|message| {
                        let sent = record.when(message.sent_at.as_ref(), message.event.as_ref());
                        message.stage == *stage && sent.is_some_and(|sent| sent.is_same(&placed.at))
                    });
                    if !is_there {
                        additions.messages.push(Message {
                            audience: Some(Audience::Public),
                            channel: Line::new("status").ok(),
                            event: id,
                            subject: placed
                                .group
                                .as_ref()
                                .and_then(|subject| Line::new(payload::subject(subject)).ok()),
                            body: Block::new(payload::published(body)).ok(),
                            url: placed.event.url.clone(),
                            ..Message::new(*stage)
                        });
                    }
                }
                Some(Extra::Action { action, path }) => {
                    let is_there = record
                        .incident
                        .self_healing
                        .iter()
                        .flat_map(|healing| &healing.actions)
                        .any(|other| {
                            other.event == action.event
                                || (other.run.is_some()
                                    && other.run == run_file(root, record, path))
                        });
                    if !is_there {
                        additions.actions.push(HealingAction {
                            run: run_file(root, record, path),
                            ..(**action).clone()
                        });
                    }
                }
                Some(Extra::Deployment { version, method }) if arguments.deployment => {
                    if record.incident.technical.deployment.is_none() {
                        additions.deployment = Some(Deployment {
                            version: Line::new(version.as_str()).ok(),
                            event: id,
                            method: Line::new(*method).ok(),
                            ..Deployment::default()
                        });
                    }
                }
                Some(Extra::Deployment { .. }) | None => {}
            }
        }
        let subjects: BTreeSet<Option<&str>> = additions
            .messages
            .iter()
            .map(|message| message.subject.as_deref())
            .collect();
        if subjects.len() > 1 {
            eprint_line(
                "note: the messages are of several incidents and are not added to `[[messages]]`; pass one with `--only`",
            );
            additions.messages.clear();
        }
        additions
    }

    fn print(&self) -> anyhow::Result<()> {
        let mut out = String::new();
        for message in &self.messages {
            let body = message.body.as_deref().unwrap_or_default();
            let first = body.lines().next().unwrap_or_default();
            out.push_str(&format!(
                "+ [[messages]] {}\n",
                crate::diagnostic::visible_line(first)
            ));
        }
        for action in &self.actions {
            out.push_str(&format!("+ [[self_healing.actions]] {}\n", action.name));
        }
        if let Some(version) = self
            .deployment
            .as_ref()
            .and_then(|deployment| deployment.version.as_ref())
        {
            out.push_str(&format!("+ [technical.deployment] {version}\n"));
        }
        print(&out)
    }

    fn write(&self, root: &Utf8Path, record: &Record) -> anyhow::Result<()> {
        let path = &record.source.incident;
        let old = load::text(root, path).with_context(|| format!("cannot read `{path}`"))?;
        let mut text = TomlText::new(old.text());
        for message in &self.messages {
            text.append(&Path::new().key("messages"), message)?;
        }
        for action in &self.actions {
            text.append(&Path::new().key("self_healing").key("actions"), action)?;
        }
        if let Some(deployment) = &self.deployment {
            text.set(&Path::new().key("technical").key("deployment"), deployment)?;
        }
        if text.text() == old.text() {
            return Ok(());
        }
        edit::replace(&root.join(path), text.text())
            .with_context(|| format!("cannot write `{path}`"))?;
        print(&format!("changed {path}\n"))
    }
}

/// Returns the path of a file of the archive as the incident's file refers to it.
fn run_file(root: &Utf8Path, record: &Record, path: &str) -> Option<FilePath> {
    let inside = load::inside(root, Utf8Path::new(path))?;
    let depth = record
        .source
        .incident
        .components()
        .count()
        .saturating_sub(1);
    FilePath::new(format!("{}{inside}", "../".repeat(depth))).ok()
}
