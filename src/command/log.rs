//! `afterword log`: adds an event to the timeline of an incident, in one step.

use anyhow::{Context, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};

use super::new::{moment, typed};
use super::{Outcome, eprint_line, now, only_open, print, report, root};
use crate::archive::Record;
use crate::edit::{self, Lock, timeline::NewEvent};
use crate::kind::Line;
use crate::load;
use crate::moment::{Moment, Precision};
use crate::timeline::Mark;

/// What `log` is told.
#[derive(Debug, clap::Args)]
#[command(allow_missing_positional = true)]
pub struct Arguments {
    /// The incident; the one that is open when absent.
    id: Option<String>,

    /// What happened.
    #[arg(required = true)]
    text: String,

    /// When: `14:32`, `2025-01-14 14:32` or the like; now when absent.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    /// What kind of event it was.
    #[arg(long, value_name = "KIND", value_parser = [
        "alert", "page", "ack", "diagnosis", "action", "mitigation", "deploy", "communication", "monitoring", "verified",
        "closed", "note",
    ])]
    kind: Option<String>,

    /// A moment of the incident that the event is; may be given several times.
    #[arg(long = "mark", value_name = "MARK", value_parser = [
        "started", "impact_started", "impact_ended", "detected", "declared", "paged", "acknowledged", "identified",
        "mitigated", "resolved", "ended", "customer_notified",
    ])]
    marks: Vec<String>,

    /// Who did it.
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,

    /// Who may see it, when not everybody who sees the timeline.
    #[arg(long, value_name = "AUDIENCE", value_parser = ["public", "customers", "internal", "confidential"])]
    visibility: Option<String>,
}

/// Adds the event.
///
/// # Errors
/// The incident cannot be found, its timeline has faults, or it cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let text = &arguments.text;
    let ids = load::taken_ids(&root);
    let is_id = |word: &str| ids.iter().any(|id| id.eq_ignore_ascii_case(word));
    let id = match &arguments.id {
        // Words without quotes: the first of them is no id.
        Some(word) if !word.contains(|c: char| c.is_ascii_digit()) && !is_id(word) => {
            bail!("there is no incident `{word}`; put what happened in quotes")
        }
        Some(id) => id.clone(),
        // An incident that is named and nothing else: the text was forgotten.
        None if is_id(text) => bail!("say what happened in `{text}`"),
        None => only_open(&root)?,
    };
    let text = line(text, "the text")?;
    let actor = arguments
        .actor
        .as_deref()
        .map(|actor| line(actor, "the actor"))
        .transpose()?;
    // Read, change and write under one lock, so that no call overwrites what another added.
    let _lock = Lock::acquire(&root).with_context(|| format!("cannot lock `{root}`"))?;
    let loaded = super::incident(&root, &id)?;
    let Some(record) = loaded.archive.records.iter().find(|record| record.id == id) else {
        report(&loaded.diagnostics, &loaded.sources);
        eprint_line("nothing was written");
        return Ok(Outcome::Faults);
    };
    if let Some(mark) = arguments.marks.iter().find(|mark| is_taken(record, mark)) {
        bail!("`{mark}` is marked already; change it in the timeline if it was wrong");
    }
    let event = |at: &str| -> anyhow::Result<(Utf8PathBuf, String)> {
        let event = NewEvent {
            at,
            kind: arguments.kind.as_deref(),
            marks: &arguments.marks,
            text: &text,
            actor: actor.as_deref(),
            visibility: arguments.visibility.as_deref(),
        };
        changed(&root, record, &event)
    };
    let zone = record.timeline.tz.unwrap_or_default();
    let now = now()?;
    let at = match &arguments.at {
        None => Moment {
            at: now,
            precision: Precision::Second,
            about: false,
        },
        // A time alone is today's, whatever day the timeline began on.
        Some(at) => moment(at, zone, now)?,
    };
    let first_day = record
        .timeline
        .date
        .map_or_else(|| at.day(zone), |day| day.0);
    let first = Moment {
        precision: Precision::Day(first_day),
        ..at
    };
    let written = match record.timeline.date {
        Some(_) => typed(&at, &first, zone),
        None if record.source.timeline.is_some() => at.iso(),
        None => typed(&at, &at, zone),
    };
    let (path, new) = event(&written)?;
    let whole = root.join(&path);
    let result = if record.source.timeline.is_some() {
        edit::replace(&whole, &new)
    } else {
        edit::create(&whole, &new)
    };
    result.with_context(|| format!("cannot write `{path}`"))?;
    print(&format!("{id}  {written}  {text}\n"))?;
    Ok(Outcome::Done)
}

fn line(text: &str, what: &str) -> anyhow::Result<Line> {
    let line =
        Line::new(text.trim()).map_err(|reason| anyhow!("{what} cannot be used: {reason}"))?;
    if line.is_empty() {
        Err(anyhow!("{what} is empty"))
    } else {
        Ok(line)
    }
}

fn is_taken(record: &Record, mark: &str) -> bool {
    let mark = Mark::ALL
        .iter()
        .find(|known| known.as_str() == mark && !known.may_repeat());
    mark.is_some_and(|mark| {
        record.incident.times.get(*mark).is_some()
            || record
                .timeline
                .events
                .iter()
                .any(|event| event.marks.contains(mark))
    })
}

/// Gives the timeline's file with the event added.
fn changed(
    root: &Utf8Path,
    record: &Record,
    event: &NewEvent,
) -> anyhow::Result<(Utf8PathBuf, String)> {
    match &record.source.timeline {
        Some(path) => {
            let source = load::text(root, path).with_context(|| format!("cannot read `{path}`"))?;
            let new = edit::timeline::append(&source, event);
            Ok((
                path.clone(),
                new.ok_or_else(|| anyhow!("`{path}` has a fault; `afterword check` names it"))?,
            ))
        }
        None => {
            let path = Utf8PathBuf::from(format!("{}/{}.json", load::TIMELINES, record.id));
            let zone = record.incident.timezone.unwrap_or_default();
            let day = match event
                .at
                .get(..10)
                .filter(|day| crate::moment::parse_day(day).is_ok())
            {
                Some(day) => day.to_owned(),
                None => zone.wall_clock(now()?).date().to_string(),
            };
            Ok((
                path,
                edit::timeline::new(&record.id, &day, None, std::slice::from_ref(event)),
            ))
        }
    }
}
