//! `afterword log`: adds an event to an incident's timeline.

use anyhow::{Context, anyhow, bail};
use camino::Utf8Path;
use chrono::{DateTime, NaiveDate, Utc};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::clock::{Reading, exactly, now};
use super::{Outcome, eprint_line, incident, print, report, root};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::edit::{self, Lock};
use crate::facts::{EndpointSource, Fact, Facts, State};
use crate::kind::{Day, Id, Line};
use crate::load;
use crate::moment::{Moment, TimeDefaults};
use crate::timeline::{Event, EventKind, Mark, Timeline};

/// The arguments of `log`.
#[derive(Debug, clap::Args)]
#[command(allow_missing_positional = true)]
pub struct Arguments {
    /// Incident ID, in full [default: the only current incident].
    #[arg(conflicts_with = "incident")]
    id: Option<String>,

    /// Description of the event.
    #[arg(required = true)]
    text: String,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,

    /// Time of the event, such as `14:32` or `2025-01-14 14:32` [default: now].
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    /// Type of event.
    #[arg(long, value_name = "KIND", value_parser = one_of(&[
        "alert", "page", "ack", "diagnosis", "action", "mitigation", "deploy", "communication", "monitoring", "verified",
        "closed", "note",
    ]).try_map(value::<EventKind>))]
    kind: Option<EventKind>,

    /// Milestone that this event marks (repeatable, or separated by commas).
    #[arg(long = "mark", value_name = "MARK", value_delimiter = ',', value_parser = one_of(&[
        "started", "impact_started", "impact_ended", "detected", "declared", "paged", "acknowledged", "identified",
        "mitigated", "resolved", "ended", "customer_notified",
    ]).try_map(value::<Mark>))]
    marks: Vec<Mark>,

    /// Person or system that acted.
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,

    /// Restrict the event to this audience [default: same as the timeline].
    #[arg(long, value_name = "AUDIENCE", value_parser = one_of(&["public", "customers", "internal", "confidential"]).try_map(value::<Audience>))]
    visibility: Option<Audience>,
}

fn one_of(names: &'static [&'static str]) -> PossibleValuesParser {
    PossibleValuesParser::new(names)
}

/// Reads a value as timelines write it.
fn value<T: DeserializeOwned>(name: String) -> Result<T, serde::de::value::Error> {
    T::deserialize(name.into_deserializer())
}

/// Adds the event.
///
/// # Errors
/// Returns an error if the incident cannot be found, or its timeline has errors or cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let Some(id) = meant(&root, arguments)? else {
        eprint_line("nothing written");
        return Ok(Outcome::Problems);
    };
    let text = line(&arguments.text, "text")?;
    let actor = arguments
        .actor
        .as_deref()
        .map(|actor| line(actor, "actor"))
        .transpose()?;
    // Reading, changing and writing happen under one lock, so that no call overwrites an event added by another.
    let _lock = Lock::acquire(&root).with_context(|| format!("cannot lock `{root}`"))?;
    let loaded = incident::load(&root, &id)?;
    report(&loaded.diagnostics, &loaded.sources);
    let Some(record) = loaded.archive.records.iter().find(|record| record.id == id) else {
        eprint_line("nothing written");
        return Ok(Outcome::Problems);
    };
    let config = &loaded.archive.config;
    let mut marks: Vec<Mark> = Vec::new();
    for mark in &arguments.marks {
        if is_taken(record, *mark) {
            bail!(
                "`{}` is already marked; edit the timeline to move it",
                mark.as_str()
            );
        }
        if !marks.contains(mark) {
            marks.push(*mark);
        }
    }
    let zone = record.timeline.tz.unwrap_or_default();
    let now = now()?;
    let reading = Reading {
        option: "--at ",
        zone,
        now,
        recorded: recorded(record, config, now),
    };
    let at = match &arguments.at {
        None => exactly(now),
        Some(at) => reading.moment(at)?,
    };
    let first_day = record
        .timeline
        .date
        .map_or_else(|| at.day(zone), |day| day.0);
    let mut changed = record.clone();
    // A timeline without a date needs it in each of its times.
    let day = match (record.timeline.date, &record.source.timeline) {
        (None, Some(_)) => None,
        _ => Some(first_day),
    };
    let written = TimeDefaults { day, zone }.shortest(&at);
    let event = Event {
        kind: arguments.kind.unwrap_or_default(),
        marks,
        actor,
        visibility: arguments.visibility,
        ..Event::new(written, text.clone())
    };
    changed.timeline.events.push(event.clone());
    if record.source.timeline.is_none() {
        changed.timeline.date = Some(Day(first_day));
    }
    if let Some(fact) = reversed(&changed, config) {
        bail!("{}", wrong_order(&fact, &reading, arguments.at.as_deref()));
    }
    write(&root, record, &at, first_day, event)?;
    let note = arguments
        .at
        .as_deref()
        .and_then(|typed| reading.note(typed, &at));
    let shown = if note.is_some() {
        let day = Some(exactly(now).day(zone));
        TimeDefaults { day, zone }.shortest(&at)
    } else {
        written
    };
    print(&format!("{id}  {shown}  {text}\n"))?;
    if let Some(note) = note {
        eprint_line(&note);
    }
    Ok(Outcome::Done)
}

/// Writes the event to the incident's timeline, or to a new one.
fn write(
    root: &Utf8Path,
    record: &Record,
    at: &Moment,
    first_day: NaiveDate,
    event: Event,
) -> anyhow::Result<()> {
    match &record.source.timeline {
        Some(path) => {
            let source = load::text(root, path).with_context(|| format!("cannot read `{path}`"))?;
            let new = edit::timeline::insert(&source, index(record, at), &event)
                .ok_or_else(|| anyhow!("`{path}` has errors; run `afterword check`"))?;
            edit::replace(&root.join(path), &new)
                .with_context(|| format!("cannot write `{path}`"))?;
        }
        None => {
            let path = load::default_timeline(&record.id);
            let new = edit::timeline::print(&Timeline {
                incident: Id::new(&*record.id).ok(),
                date: Some(Day(first_day)),
                events: vec![event],
                ..Timeline::default()
            });
            edit::create(&root.join(&path), &new)
                .with_context(|| format!("cannot write `{path}`"))?;
        }
    }
    Ok(())
}

/// Finds the incident that is meant, or `None` if it is unknown; the reason was printed.
fn meant(root: &Utf8Path, arguments: &Arguments) -> anyhow::Result<Option<String>> {
    let ids = load::taken_ids(root);
    let is_id = |word: &str| ids.iter().any(|id| id.eq_ignore_ascii_case(word));
    match (&arguments.id, &arguments.incident) {
        (_, Some(name)) => incident::by_any_name(root, name).map(Some),
        // The text was not quoted, so its first word was taken for the ID.
        (Some(word), None) if !word.contains(|c: char| c.is_ascii_digit()) && !is_id(word) => {
            bail!(
                "incident `{word}` not found; if it is part of the event text, quote the whole text"
            )
        }
        (Some(id), None) => incident::in_full(root, id).map(Some),
        // Only an ID was given: the text was forgotten.
        (None, None) if is_id(&arguments.text) => {
            bail!("missing event text for `{}`", arguments.text)
        }
        (None, None) => incident::only_current(root),
    }
}

fn line(text: &str, what: &str) -> anyhow::Result<Line> {
    let line = Line::new(text.trim()).map_err(|reason| anyhow!("invalid {what}: {reason}"))?;
    if line.is_empty() {
        Err(anyhow!("empty {what}"))
    } else {
        Ok(line)
    }
}

fn is_taken(record: &Record, mark: Mark) -> bool {
    let mut events = record.timeline.events.iter();
    !mark.may_repeat()
        && (record.incident.times.get(mark).is_some()
            || events.any(|event| event.marks.contains(&mark)))
}

/// Returns the first and the last time recorded for an incident; the last is the current time while it is open.
///
/// Without times, both are noon of the timeline's date; `None` if it has no date either.
pub(super) fn recorded(
    record: &Record,
    config: &Config,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let times = incident::times(record);
    let noon = || {
        let noon = record.timeline.date?.0.and_hms_opt(12, 0, 0)?;
        Some(noon.and_utc())
    };
    let first = times.iter().min().copied().or_else(noon)?;
    let last = times.iter().max().copied().unwrap_or(first);
    let is_open = Facts::compute(record, config).status.is_open();
    Some((first, if is_open { last.max(now) } else { last }))
}

/// Returns the index of the first later event, before which a new one is inserted.
pub(super) fn index(record: &Record, at: &Moment) -> usize {
    let mut events = record.timeline.events.iter();
    let is_later = |event: &Event| {
        let began = record.began(event);
        began.is_some_and(|began| began.order() > at.order())
    };
    events.position(is_later).unwrap_or(usize::MAX)
}

/// Finds a duration that is negative because of the start or the end that the last event marks.
fn reversed(record: &Record, config: &Config) -> Option<Fact> {
    let last = record.timeline.events.len().checked_sub(1);
    let is_end =
        |source: EndpointSource| matches!(source, EndpointSource::Mark(mark) if mark.is_end());
    Facts::compute(record, config)
        .response_metrics
        .into_iter()
        .find(|fact| {
            let ends = fact.from.zip(fact.to);
            let is_last = ends.is_some_and(|(from, to)| {
                is_end(to.source) && (from.event == last || to.event == last)
            });
            fact.state == State::Invalid && is_last
        })
}

/// Describes which mark would precede which, with the time that was probably meant.
fn wrong_order(fact: &Fact, reading: &Reading, at: Option<&str>) -> String {
    let (Some(from), Some(to)) = (fact.from, fact.to) else {
        return format!("{} would end before it starts", fact.label.to_lowercase());
    };
    let name = |source: EndpointSource| match source {
        EndpointSource::Mark(mark) => format!("`{}`", mark.as_str()),
        EndpointSource::Message(_) => "the first message".to_owned(),
    };
    let zone = reading.zone;
    let next = at.and_then(|typed| reading.next_day(typed, &to.moment, from.moment.at));
    format!(
        "{} at {} is before {} at {}{}",
        name(to.source),
        to.moment.in_full(zone),
        name(from.source),
        from.moment.in_full(zone),
        next.map(|next| format!("; for the next day, use {next}"))
            .unwrap_or_default()
    )
}
