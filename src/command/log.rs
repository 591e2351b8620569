//! `afterword log`: adds an event to an incident's timeline, or moves a mark.

use std::ffi::OsStr;

use anyhow::{anyhow, bail};
use camino::Utf8Path;
use clap::builder::{
    NonEmptyStringValueParser, PossibleValue, PossibleValuesParser, TypedValueParser,
};
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::change::{Change, Recorder, aligned};
use super::terminal::{echo, remark};
use super::typed::{self, line, name};
use super::{Outcome, eprint_line, incident, root};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{EndpointSource, Facts};
use crate::kind::{Block, Line};
use crate::load;
use crate::moment::{Moment, Zone};
use crate::timeline::{Event, EventKind, Mark};
use crate::view::label;

mod moved;
mod order;

use moved::move_mark;
use order::check_order;

/// The arguments of `log`.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "afterword log [OPTIONS] [ID] <TEXT>...\n       afterword log [ID] --move <MARK> --at <TIME>"
)]
pub struct Arguments {
    /// Incident ID in full [default: the only current incident], and the description of the event, which need not be
    /// quoted. `-`, or nothing in a script, reads it from standard input.
    #[arg(value_name = "TEXT")]
    words: Vec<String>,

    /// Incident, by its ID, the start or end of its ID, or its file.
    #[arg(long, value_name = "INCIDENT")]
    incident: Option<String>,

    /// Time of the event, such as `14:32`, `2025-01-14 14:32`, `-5m`, `10 minutes ago` or `yesterday 23:50`
    /// [default: now].
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,

    /// Type of event.
    #[arg(long, value_name = "KIND", value_parser = one_of(EventKind::KEYS).try_map(value::<EventKind>))]
    kind: Option<EventKind>,

    /// Milestone that this event marks (repeatable, or separated by commas): one of these, or of `[marks]` in the settings.
    #[arg(long = "mark", value_name = "MARK", value_delimiter = ',', value_parser = MarkParser)]
    marks: Vec<Mark>,

    /// Move a mark to the time `--at`: its event moves with it, unless that has other marks.
    #[arg(long = "move", value_name = "MARK", requires = "at", conflicts_with_all = ["kind", "marks", "actor", "visibility"], value_parser = MarkParser)]
    moved: Option<Mark>,

    /// Person or system that acted.
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,

    /// Restrict the event to this audience [default: same as the timeline].
    #[arg(long, value_name = "AUDIENCE", value_parser = one_of(Audience::KEYS).try_map(value::<Audience>))]
    visibility: Option<Audience>,
}

/// Parses the name of a mark. It may be a custom one, which only the settings of the archive define.
#[derive(Debug, Clone)]
struct MarkParser;

impl TypedValueParser for MarkParser {
    type Value = Mark;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Mark, clap::Error> {
        let name = NonEmptyStringValueParser::new().parse_ref(command, argument, value)?;
        Ok(Mark::named(name.trim()))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let names = Mark::ALL.iter().map(|mark| mark.as_str());
        Some(Box::new(names.map(PossibleValue::new)))
    }
}

/// Checks that a mark is a built-in one, or that the settings define it.
fn known(mark: Mark, config: &Config) -> anyhow::Result<()> {
    let name = mark.as_str();
    if !mark.is_custom() || config.mark_names().any(|known| known == name) {
        return Ok(());
    }
    let built_in = Mark::ALL.iter().map(|mark| mark.as_str());
    let all: Vec<&str> = built_in.chain(config.mark_names()).collect();
    match load::meant(name, &all).as_slice() {
        [] => bail!(
            "unknown mark `{name}`; expected one of `{}`, or a mark that `[marks]` in `afterword.toml` defines",
            all.join("`, `")
        ),
        near => bail!(
            "unknown mark `{name}`; did you mean `{}`?",
            near.join("` or `")
        ),
    }
}

pub(super) fn one_of(names: &'static [&'static str]) -> PossibleValuesParser {
    PossibleValuesParser::new(names)
}

/// Reads a value as timelines write it.
pub(super) fn value<T: DeserializeOwned>(name: String) -> Result<T, serde::de::value::Error> {
    T::deserialize(name.into_deserializer())
}

/// Adds the event, or moves the mark.
///
/// # Errors
/// Returns an error if the incident cannot be found, or its timeline has errors or cannot be written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let Some((id, words)) =
        incident::to_change(&root, arguments.incident.as_deref(), &arguments.words)?
    else {
        eprint_line("nothing written");
        return Ok(Outcome::Problems);
    };
    if let Some(mark) = arguments.moved {
        if !words.is_empty() {
            bail!("`--move` takes no text: `{}`", words.join(" "));
        }
        let at = arguments.at.as_deref().unwrap_or_default();
        return move_mark(&root, &id, mark, at);
    }
    let typed = match words {
        [] if arguments.marks.is_empty() => typed::piped(&format!("event text for `{id}`"))?,
        [] => {
            let config = load::settings(&root).archive.config;
            let marks = arguments.marks.iter();
            let marks = marks.map(|mark| mark_text(*mark, &config));
            marks.collect::<Vec<_>>().join(", ")
        }
        words => typed::joined(words, &format!("event text for `{id}`"))?,
    };
    let (first, more) = typed.trim().split_once('\n').unwrap_or((typed.trim(), ""));
    let text = line(first, "text")?;
    let body = Some(more.trim())
        .filter(|more| !more.is_empty())
        .map(Block::new);
    let body = body
        .transpose()
        .map_err(|reason| anyhow!("invalid text: {reason}"))?;
    let actor = arguments
        .actor
        .as_deref()
        .map(|actor| name(actor, "actor"))
        .transpose()?;
    let recorder = Recorder::begin(&root, &id)?;
    let mut marks: Vec<Mark> = Vec::new();
    for mark in &arguments.marks {
        known(*mark, recorder.config())?;
        let is_marked = match &recorder {
            Recorder::Change(change) => !change.record().may_mark_again(*mark),
            Recorder::Unread(_) => false,
        };
        if is_marked {
            bail!(
                "`{}` is already marked; to move it, use `afterword log {id} --move {0} --at TIME`",
                mark.as_str()
            );
        }
        if !marks.contains(mark) {
            marks.push(*mark);
        }
    }
    let typed_at = arguments.at.as_deref();
    let at = recorder.moment(typed_at)?;
    let event = Event {
        kind: arguments.kind.unwrap_or_default(),
        marks,
        body,
        actor,
        visibility: arguments.visibility,
        ..new_event(&at, text)
    };
    let what = format!("log {id} {}", event.text.trim());
    let change = match recorder {
        Recorder::Change(change) => *change,
        Recorder::Unread(unread) => return unread.add(&at, &event, &what),
    };
    let note = typed_at.and_then(|typed| change.reading().note(typed, &at));
    let Some(done) = add(change, &at, event, typed_at, &what)? else {
        return Ok(Outcome::Problems);
    };
    echo(&done)?;
    if let Some(note) = note {
        remark(&note);
    }
    Ok(Outcome::Done)
}

/// Creates an event; its time is written when it is added.
pub(super) fn new_event(at: &Moment, text: Line) -> Event {
    Event::new(at.written(Zone::default()), text)
}

/// Adds an event, and describes what that changed; `None` if it makes an error, which was printed.
///
/// `typed` is its time on the command line, and `what` is how `afterword undo` names the change.
///
/// # Errors
/// Returns an error if a mark would be before the start of its duration, or a file cannot be written.
pub(super) fn add(
    mut change: Change,
    at: &Moment,
    event: Event,
    typed: Option<&str>,
    what: &str,
) -> anyhow::Result<Option<String>> {
    place(&mut change, at, &event, typed)?;
    write(change, at, &event, what)
}

/// Adds an event to a change.
///
/// # Errors
/// Returns an error if a mark would be before the start of its duration, or a file cannot be read.
pub(super) fn place(
    change: &mut Change,
    at: &Moment,
    event: &Event,
    typed: Option<&str>,
) -> anyhow::Result<()> {
    let (reading, zone) = (change.reading(), change.shown_zone());
    // Facts leave out an end before the start, so no duration would be negative.
    let start = Facts::compute(change.record(), change.config()).started;
    let early = start.filter(|start| at.order() < start.moment.order());
    let mut ends = event.marks.iter();
    let end = ends.find(|mark| matches!(mark, Mark::Ended | Mark::Resolved | Mark::ImpactEnded));
    if let (Some(start), Some(end)) = (early, end) {
        let next = typed.and_then(|typed| reading.next_day(typed, at, start.moment.at));
        bail!(
            "`{}` at {} is before {} at {}{}",
            end.as_str(),
            at.in_full(zone),
            match start.source {
                EndpointSource::Mark(mark) => format!("`{}`", mark.as_str()),
                EndpointSource::Message(_) => "the first message".to_owned(),
            },
            start.moment.in_full(zone),
            next.map_or_else(String::new, |next| format!(
                "; for the next day, use {next}"
            ))
        );
    }
    change.add_event(at, event.clone())?;
    check_order(change, typed, None)
}

/// Writes a change with a new event, and describes what that changed; `None` if it makes an error, which was printed.
///
/// # Errors
/// Returns an error if a file cannot be written.
pub(super) fn write(
    change: Change,
    at: &Moment,
    event: &Event,
    what: &str,
) -> anyhow::Result<Option<String>> {
    let (id, zone) = (change.record().id.clone(), change.shown_zone());
    let Some(written) = change.write(what)? else {
        return Ok(None);
    };
    let mut lines = Vec::new();
    if !event.marks.is_empty() {
        let marks: Vec<&str> = event.marks.iter().map(|mark| mark.as_str()).collect();
        lines.push(("marks".to_owned(), marks.join(", ")));
    }
    lines.extend(written.effects());
    Ok(Some(format!(
        "{id}  {}  {}\n{}",
        at.in_full(zone),
        event.text.trim(),
        aligned(&lines)
    )))
}

/// Returns the text of an event about which only its mark is known, such as `Cause identified`.
pub(super) fn mark_text(mark: Mark, config: &Config) -> String {
    let label = label::mark(mark, config);
    let first: String = label.chars().take(1).collect();
    let rest: String = label.chars().skip(1).collect();
    first + &rest.to_lowercase()
}
