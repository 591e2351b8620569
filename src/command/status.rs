//! `afterword status`: prints the status of an incident, or records a new one by its mark.

use anyhow::bail;
use camino::Utf8Path;

use super::change::{Change, refused};
use super::clock::exactly;
use super::log::{self, line, value};
use super::terminal::{echo, remark};
use super::{Outcome, fold, incident, nearest, overview, print, root};
use crate::archive::Record;
use crate::facts::{Facts, Length, Unit};
use crate::incident::{Kind, Status};
use crate::source::Path;
use crate::timeline::{Event, EventKind, Mark};

/// The arguments of `status`.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "afterword status\n       afterword status [INCIDENT]\n       afterword status [OPTIONS] [ID] <STATUS>"
)]
pub struct Arguments {
    /// Incident ID in full [default to change: the only current incident], and the new status: `investigating`, `identified`,
    /// `monitoring`, `resolved` or `closed`. Without a status, that of the incident is printed, and without an incident,
    /// what is open and what it needs next.
    #[arg(value_name = "STATUS")]
    words: Vec<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,

    /// Time of the change, as for `log` [default: now].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,

    /// Description of the event [default: the name of the status].
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,

    /// Also join the entries of the timeline in one file.
    #[arg(long)]
    fold: bool,
}

/// The statuses that can be set, as incidents write them.
pub(super) const STATUSES: &[&str] = &[
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "closed",
];

/// Prints or changes the status.
///
/// # Errors
/// Returns an error if the incident cannot be found, or a file cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let named = arguments.incident.as_deref();
    let status = |word: &String| value::<Status>(word.to_lowercase()).ok();
    let (id, new) = match arguments.words.as_slice() {
        [] if named.is_none() => return overview::run(&root),
        [] => return show(&root, named),
        [only] => match status(only) {
            Some(new) => {
                let found = incident::to_change(&root, named, &[])?;
                let Some((id, _)) = found else {
                    return Ok(Outcome::Problems);
                };
                (id, new)
            }
            None if named.is_some() || !is_an_incident(&root, only) => return Ok(unknown(only)),
            None => return show(&root, Some(only)),
        },
        words => {
            let found = incident::to_change(&root, named, words)?;
            let Some((id, rest)) = found else {
                return Ok(Outcome::Problems);
            };
            match rest {
                [only] => match status(only) {
                    Some(new) => (id, new),
                    None => return Ok(unknown(only)),
                },
                rest => return Ok(unknown(&rest.join(" "))),
            }
        }
    };
    let done = set(&root, &id, new, arguments)?;
    if done == Outcome::Done && arguments.fold {
        return fold::fold(&root, &id);
    }
    Ok(done)
}

fn is_an_incident(root: &Utf8Path, word: &str) -> bool {
    let has_number = word.contains(|c: char| c.is_ascii_digit());
    has_number || incident::by_any_name(root, word).is_ok()
}

fn unknown(word: &str) -> Outcome {
    let near = nearest(word, STATUSES).map(|near| format!("; did you mean `{near}`?"));
    refused(format!(
        "unknown status `{word}`{}",
        near.unwrap_or_else(|| format!("; expected one of `{}`", STATUSES.join("`, `")))
    ))
}

/// Prints the status of an incident, since when it is so, and what it is computed from.
fn show(root: &Utf8Path, named: Option<&str>) -> anyhow::Result<Outcome> {
    let Some(id) = incident::to_read(root, named)? else {
        return Ok(Outcome::Problems);
    };
    let loaded = incident::load(root, &id)?;
    super::report(&loaded.diagnostics, &loaded.sources);
    let mut records = loaded.archive.records.iter();
    let Some(record) = records.find(|record| record.id == id) else {
        return Ok(Outcome::Problems);
    };
    let config = &loaded.archive.config;
    let facts = Facts::compute(record, config);
    let zone = record.zone(config);
    let now = super::clock::now()?;
    let marks = record.marks();
    let since = marks
        .iter()
        .rfind(|marked| mark_of(facts.status) == Some(marked.mark));
    let since = since
        .map(|marked| marked.moment)
        .or(facts.started.map(|start| start.moment));
    let since = since.map(|since| {
        let length = Length {
            seconds: (now - since.at).num_seconds().max(0),
            unit: Unit::Minute,
            about: since.about,
            most: None,
        };
        format!("  since {} ({})", since.in_full(zone), length.short())
    });
    let stated = record.incident.status.map(|_| "  (stated in the file)");
    print(&format!(
        "{id}  {}{}{}  {}\n",
        facts.status.as_str(),
        since.unwrap_or_default(),
        stated.unwrap_or_default(),
        record.incident.title.trim()
    ))?;
    Ok(Outcome::Done)
}

/// Returns the mark that gives a status.
const fn mark_of(status: Status) -> Option<Mark> {
    match status {
        Status::Planned | Status::Investigating => None,
        Status::Identified => Some(Mark::Identified),
        Status::Monitoring => Some(Mark::Mitigated),
        Status::Resolved => Some(Mark::Resolved),
        Status::Closed => Some(Mark::Ended),
    }
}

const fn kind_of(status: Status) -> EventKind {
    match status {
        Status::Planned | Status::Investigating => EventKind::Note,
        Status::Identified => EventKind::Diagnosis,
        Status::Monitoring => EventKind::Mitigation,
        Status::Resolved => EventKind::Verified,
        Status::Closed => EventKind::Closed,
    }
}

/// Returns the status that an incident has by its marks.
fn computed(change: &Change) -> Status {
    let mut record: Record = change.record().clone();
    record.incident.status = None;
    Facts::compute(&record, change.config()).status
}

fn set(root: &Utf8Path, id: &str, new: Status, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let Some(mut change) = Change::begin(root, id)? else {
        return Ok(Outcome::Problems);
    };
    let is_stated = change.record().incident.status.is_some();
    let old = computed(&change);
    let name = new.as_str();
    if is_stated {
        change.edit(|text| text.remove(&Path::new().key("status")))?;
    }
    if old == new {
        if !is_stated {
            echo(&format!("{id}  is already {name}\n"))?;
            return Ok(Outcome::Done);
        }
        if change.write(&format!("status {id} {name}"))?.is_none() {
            return Ok(Outcome::Problems);
        }
        echo(&format!(
            "{id}  {name}, as its marks say; removed `status`\n"
        ))?;
        return Ok(Outcome::Done);
    }
    let is_marked = |mark: Mark| !change.record().may_mark_again(mark);
    let mark = match mark_of(new) {
        // Users are affected again.
        None if !old.is_open() => Mark::ImpactStarted,
        Some(mark) if new > old && !is_marked(mark) => mark,
        // The fix of the first time did not hold.
        Some(Mark::Resolved) if new > old => Mark::ImpactEnded,
        _ => {
            let fix = if new > old {
                format!(
                    "use `afterword log {id} --move {} --at TIME`",
                    mark_of(new).unwrap_or(Mark::Ended).as_str()
                )
            } else {
                "take back the event that says so with `afterword undo`, or remove its mark from the timeline".to_owned()
            };
            return Ok(refused(format!(
                "the marks say that `{id}` is {}; {fix}",
                old.as_str()
            )));
        }
    };
    if change.record().incident.kind == Kind::Investigation {
        bail!(
            "an investigation is closed by its analysis: set `status = \"final\"` in `[analysis]`"
        );
    }
    let reading = change.reading();
    let at = match &arguments.at {
        None => exactly(change.now()),
        Some(at) => reading.moment(at)?,
    };
    let default = match new {
        Status::Investigating => "Users are affected again".to_owned(),
        Status::Closed => "Incident closed".to_owned(),
        _ => log::mark_text(mark, change.config()),
    };
    let text = line(arguments.text.as_deref().unwrap_or(&default), "text")?;
    let windows = Facts::compute(change.record(), change.config()).windows;
    let is_impact_open = windows.last().is_some_and(|window| window.to.is_none());
    if is_impact_open && mark == Mark::ImpactStarted {
        return Ok(refused(format!(
            "the impact of `{id}` has no end yet, so it cannot start again; first record when users had recovered: `afterword log {id} --mark impact_ended --at TIME`"
        )));
    }
    let event = Event {
        kind: kind_of(new),
        marks: vec![mark],
        ..log::new_event(&at, text)
    };
    let what = format!("status {id} {name}");
    let Some(done) = log::add(change, &at, event, arguments.at.as_deref(), &what)? else {
        return Ok(Outcome::Problems);
    };
    echo(&done)?;
    if is_impact_open && !new.is_open() && mark != Mark::ImpactEnded {
        remark(&format!(
            "note: the impact has no end yet; when users have recovered, run `afterword log {id} --mark impact_ended --at TIME`"
        ));
    }
    Ok(Outcome::Done)
}
