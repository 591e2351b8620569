//! `afterword status`: prints the status of an incident, or records a new one by its mark.

use anyhow::bail;
use camino::Utf8Path;

use super::change::{Recorder, refused};
use super::clock::exactly;
use super::log::{self, value};
use super::terminal::{echo, remark};
use super::typed::line;
use super::{Outcome, fold, incident, overview, print, root};
use crate::archive::Record;
use crate::config::Config;
use crate::facts::{Facts, Length, Unit};
use crate::incident::{Kind, Status};
use crate::kind::Line;
use crate::load;
use crate::moment::Moment;
use crate::source::Path;
use crate::timeline::{Event, EventKind, Mark};

mod next;

use next::{gives, is_impact_open, mark_of, next_mark};

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

    /// Description of the event; `-` reads it from standard input [default: the name of the status].
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
    let status = |word: &String| {
        let status = value::<Status>(word.to_lowercase()).ok();
        status.filter(|status| STATUSES.contains(&status.as_str()))
    };
    let (id, new) = match arguments.words.as_slice() {
        [] => {
            return match arguments.of_a_change() {
                Some(option) => Ok(needs_status(option)),
                None if named.is_none() => overview::run(&root),
                None => show(&root, named),
            };
        }
        [only] => match status(only) {
            Some(new) => {
                let found = incident::to_change(&root, named, &[])?;
                let Some((id, _)) = found else {
                    return Ok(Outcome::Problems);
                };
                (id, new)
            }
            None if named.is_some() || !is_an_incident(&root, only) => return Ok(unknown(only)),
            None => {
                return match arguments.of_a_change() {
                    Some(option) => Ok(needs_status(option)),
                    None => show(&root, Some(only)),
                };
            }
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
                rest if arguments.text.is_some() => {
                    return Ok(refused(format!(
                        "expected one status, found `{}`; put a text of several words in quotes",
                        rest.join(" ")
                    )));
                }
                rest => return Ok(unknown(&rest.join(" "))),
            }
        }
    };
    set(&root, &id, new, arguments)
}

impl Arguments {
    /// Returns an option that was given and is for a new status.
    fn of_a_change(&self) -> Option<&'static str> {
        let given = [
            ("--fold", self.fold),
            ("--at", self.at.is_some()),
            ("--text", self.text.is_some()),
        ];
        let mut given = given.into_iter().filter(|(_, is_given)| *is_given);
        given.next().map(|(option, _)| option)
    }
}

fn needs_status(option: &str) -> Outcome {
    let fold = match option {
        "--fold" => "; to join the entries only, use `afterword fold`",
        _ => "",
    };
    refused(format!(
        "`{option}` needs a new status, one of `{}`{fold}",
        STATUSES.join("`, `")
    ))
}

fn is_an_incident(root: &Utf8Path, word: &str) -> bool {
    let has_number = word.contains(|c: char| c.is_ascii_digit());
    has_number || incident::by_any_name(root, word).is_ok()
}

fn unknown(word: &str) -> Outcome {
    let hint = match load::meant(word, STATUSES).as_slice() {
        [] => format!("; expected one of `{}`", STATUSES.join("`, `")),
        near => format!("; did you mean `{}`?", near.join("` or `")),
    };
    refused(format!("unknown status `{word}`{hint}"))
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
    if incident::has_false_facts(&loaded, record)? {
        return Ok(Outcome::Problems);
    }
    let config = &loaded.archive.config;
    let facts = Facts::compute(record, config);
    let zone = record.zone(config);
    let now = super::clock::now()?;
    let since = since(record, &facts).map(|since| {
        let at = since.in_full(zone);
        if facts.status == Status::Planned {
            return format!("  for {at}");
        }
        let length = Length {
            seconds: (now - since.at).num_seconds().max(0),
            unit: Unit::Minute,
            about: since.about,
            most: None,
        };
        format!("  since {at} ({})", length.short())
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

/// Returns since when an incident has its status, or for when it is planned; `None` if no mark says so.
fn since(record: &Record, facts: &Facts) -> Option<Moment> {
    if matches!(facts.status, Status::Planned | Status::Investigating) {
        return facts.reopened.or(facts.started.map(|start| start.moment));
    }
    let window = facts.windows.last().filter(|_| facts.came_back);
    let window = window.map(|window| window.from.moment.order());
    let again = window.max(facts.reopened.map(|again| again.order()));
    let marks = record.marks();
    let giving = marks
        .iter()
        .filter(|marked| gives(marked.mark) == Some(facts.status));
    // What was marked before the incident was open again does not count.
    let mut giving = giving.map(|marked| marked.moment);
    giving.find(|at| again.is_none_or(|again| at.order() >= again))
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
fn computed(record: &Record, config: &Config) -> Status {
    let mut record = record.clone();
    record.incident.status = None;
    Facts::compute(&record, config).status
}

/// Returns the text of the event that records a status by a mark.
fn default_text(new: Status, mark: Mark, config: &Config) -> String {
    match new {
        Status::Investigating if mark == Mark::ImpactStarted => {
            "Users are affected again".to_owned()
        }
        Status::Closed => "Incident closed".to_owned(),
        _ => log::mark_text(mark, config),
    }
}

fn set(root: &Utf8Path, id: &str, new: Status, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let text = arguments.text.as_deref();
    let text = text.map(|text| line(text, "text")).transpose()?;
    let recorder = Recorder::begin(root, id)?;
    let mut change = match recorder {
        Recorder::Change(change) => *change,
        Recorder::Unread(_) => return set_unread(recorder, id, new, (text, arguments)),
    };
    let is_stated = change.record().incident.status.is_some();
    let old = computed(change.record(), change.config());
    let name = new.as_str();
    let what = format!("status {id} {name}");
    if is_stated {
        change.edit(|text| text.remove(&Path::new().key("status")))?;
    }
    let mut joined = None;
    if old == new && (arguments.text.is_some() || arguments.at.is_some()) {
        return Ok(refused(format!(
            "`{id}` is already {name}; to record an event, use `afterword log {id} TEXT`"
        )));
    }
    if old == new {
        if arguments.fold {
            joined = fold::join(&mut change)?;
        }
        if change.write(&what)?.is_none() {
            return Ok(Outcome::Problems);
        }
        let done = if is_stated {
            format!("{id}  {name}, as its marks say; removed `status`\n")
        } else {
            format!("{id}  is already {name}\n")
        };
        echo(&(done + &joined.unwrap_or_default()))?;
        return Ok(Outcome::Done);
    }
    if change.record().incident.kind == Kind::Investigation {
        bail!(
            "an investigation is closed by its analysis: set `status = \"final\"` in `[analysis]`"
        );
    }
    let mark = match next_mark(&change, old, new) {
        Ok(mark) => mark,
        Err(reason) => return Ok(refused(reason)),
    };
    let at = match &arguments.at {
        None => exactly(change.now()),
        Some(at) => change.reading().moment(at)?,
    };
    let event = event(&at, new, mark, text, change.config())?;
    let is_impact_open = is_impact_open(&change);
    log::place(&mut change, &at, &event, arguments.at.as_deref())?;
    if let Some(after) = change.after()? {
        let found = computed(&after, change.config());
        if found != new {
            return Ok(refused(format!(
                "with `{}` at {}, `{id}` would be {}, not {name}; use another `--at`",
                mark.as_str(),
                at.in_full(change.shown_zone()),
                found.as_str()
            )));
        }
    }
    if arguments.fold {
        joined = fold::join(&mut change)?;
    }
    let Some(done) = log::write(change, &at, &event, &what)? else {
        return Ok(Outcome::Problems);
    };
    echo(&(done + &joined.unwrap_or_default()))?;
    if is_impact_open && !new.is_open() && mark != Mark::ImpactEnded {
        remark(&format!(
            "note: the impact has no end yet; when users have recovered, run `afterword log {id} --mark impact_ended --at TIME`"
        ));
    }
    Ok(Outcome::Done)
}

/// Records the mark of a status in an entry of an incident that cannot be read.
fn set_unread(
    recorder: Recorder,
    id: &str,
    new: Status,
    (text, arguments): (Option<Line>, &Arguments),
) -> anyhow::Result<Outcome> {
    if arguments.fold {
        return Ok(refused(format!(
            "`{id}` has errors, so its entries cannot be joined; leave out `--fold`, or run `afterword check {id}` and fix it first"
        )));
    }
    let Some(mark) = mark_of(new) else {
        return Ok(refused(format!(
            "`{id}` has errors, so its status is not known; record what happens with `afterword log {id} TEXT`"
        )));
    };
    let at = recorder.moment(arguments.at.as_deref())?;
    let event = event(&at, new, mark, text, recorder.config())?;
    match recorder {
        Recorder::Unread(unread) => {
            unread.add(&at, &event, &format!("status {id} {}", new.as_str()))
        }
        Recorder::Change(_) => Ok(Outcome::Problems),
    }
}

/// Creates the event that records a status.
fn event(
    at: &Moment,
    new: Status,
    mark: Mark,
    text: Option<Line>,
    config: &Config,
) -> anyhow::Result<Event> {
    let default = || line(&default_text(new, mark, config), "text");
    let text = text.map_or_else(default, Ok)?;
    Ok(Event {
        kind: kind_of(new),
        marks: vec![mark],
        ..log::new_event(at, text)
    })
}
