//! `afterword log`: adds an event to an incident's timeline, or moves a mark.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Read};

use anyhow::{Context, anyhow, bail};
use camino::Utf8Path;
use clap::builder::{
    NonEmptyStringValueParser, PossibleValue, PossibleValuesParser, TypedValueParser,
};
use serde::de::{DeserializeOwned, IntoDeserializer};

use super::change::{Change, aligned, refused};
use super::clock::{Reading, exactly};
use super::terminal::{echo, remark};
use super::{Outcome, eprint_line, incident, nearest, root};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{EndpointSource, Fact, Facts, State};
use crate::kind::{Block, Line, When};
use crate::load;
use crate::moment::{Moment, TimeDefaults, Zone};
use crate::source::Path;
use crate::timeline::{Event, EventKind, Mark};
use crate::view::label;

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
    #[arg(long, value_name = "KIND", value_parser = one_of(&[
        "alert", "page", "ack", "diagnosis", "action", "mitigation", "deploy", "communication", "monitoring", "verified",
        "closed", "note",
    ]).try_map(value::<EventKind>))]
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
    #[arg(long, value_name = "AUDIENCE", value_parser = one_of(&["public", "customers", "internal", "confidential"]).try_map(value::<Audience>))]
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
        Ok(Mark::named(&name))
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
    match nearest(name, &all) {
        Some(near) => bail!("unknown mark `{name}`; did you mean `{near}`?"),
        None => bail!(
            "unknown mark `{name}`; expected one of `{}`, or a mark that `[marks]` in `afterword.toml` defines",
            all.join("`, `")
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
        [] if arguments.marks.is_empty() => standard_input(&id)?,
        [] => {
            let config = load::settings(&root).archive.config;
            let marks = arguments.marks.iter();
            let marks = marks.map(|mark| mark_text(*mark, &config));
            marks.collect::<Vec<_>>().join(", ")
        }
        [dash] if dash == "-" => standard_input(&id)?,
        words => words.join(" "),
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
        .map(|actor| line(actor, "actor"))
        .transpose()?;
    let Some(change) = Change::begin(&root, &id)? else {
        return Ok(Outcome::Problems);
    };
    let mut marks: Vec<Mark> = Vec::new();
    for mark in &arguments.marks {
        known(*mark, change.config())?;
        if !change.record().may_mark_again(*mark) {
            bail!(
                "`{}` is already marked; to move it, use `afterword log {id} --move {0} --at TIME`",
                mark.as_str()
            );
        }
        if !marks.contains(mark) {
            marks.push(*mark);
        }
    }
    let reading = change.reading();
    let at = match &arguments.at {
        None => exactly(change.now()),
        Some(at) => reading.moment(at)?,
    };
    let event = Event {
        kind: arguments.kind.unwrap_or_default(),
        marks,
        body,
        actor,
        visibility: arguments.visibility,
        ..new_event(&at, text)
    };
    let note = arguments
        .at
        .as_deref()
        .and_then(|typed| reading.note(typed, &at));
    let what = format!("log {id} {}", event.text.trim());
    let Some(done) = add(change, &at, event, arguments.at.as_deref(), &what)? else {
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
    if let Some(after) = change.after()?
        && let Some(fact) = reversed(change.record(), &after, change.config())
    {
        bail!("{}", wrong_order(&fact, &reading, zone, typed));
    }
    let id = change.record().id.clone();
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

/// Moves a mark to another time.
///
/// An event with this mark alone is moved. From an event with several marks only this one is taken: the event at that
/// time gets it, or a new one.
fn move_mark(root: &Utf8Path, id: &str, mark: Mark, typed: &str) -> anyhow::Result<Outcome> {
    let Some(mut change) = Change::begin(root, id)? else {
        return Ok(Outcome::Problems);
    };
    known(mark, change.config())?;
    let reading = change.reading();
    let at = reading.moment(typed)?;
    let (zone, shown) = (change.zone(), change.shown_zone());
    let record = change.record().clone();
    let name = mark.as_str();
    let events = || record.timeline.events.iter().enumerate();
    let mut carriers = events().filter(|(_, event)| event.marks.contains(&mark));
    let (carrier, other) = (carriers.next(), carriers.next());
    if other.is_some() {
        return Ok(refused(format!(
            "`{name}` is marked more than once; edit the timeline"
        )));
    }
    let is_stated = record.incident.times.get(mark).is_some();
    let mut done = format!("{id}  `{name}` is at {}", at.in_full(shown));
    // Entries of other clones that set the same mark lose it.
    let repeated = || record.source.entries.repeated.iter();
    for one in repeated().filter(|one| one.mark == mark) {
        if let Some(event) = record.timeline.events.get(one.event)
            && let Some(began) = record.began(event)
        {
            let mut event = event.clone();
            // Its other marks are only left out of the record, because an earlier entry has them.
            let others = repeated().filter(|other| other.event == one.event && other.mark != mark);
            event.marks.extend(others.map(|other| other.mark));
            change.change_event(one.event, Some((&began, event)))?;
        }
    }
    if is_stated {
        let defaults = TimeDefaults { day: None, zone };
        let written = When::Written(defaults.shortest(&at));
        change.edit(|text| text.set(&Path::new().key("times").key(name), &written))?;
    }
    match carrier {
        None if is_stated => {}
        None => {
            return Ok(refused(format!(
                "`{name}` is not marked; mark an event with `afterword log --mark {name} --at TIME TEXT`"
            )));
        }
        Some((_, event)) if record.began(event).is_some_and(|began| began.is_same(&at)) => {}
        Some((index, event)) if event.marks.len() == 1 => {
            done.push_str(&format!(", with its event: {}", event.text.trim()));
            change.change_event(index, Some((&at, event.clone())))?;
        }
        Some((index, event)) => {
            let mut without = event.clone();
            without.marks.retain(|other| *other != mark);
            let began = record.began(event).unwrap_or(at);
            let there = events().find(|(other, event)| {
                *other != index && record.began(event).is_some_and(|began| began.is_same(&at))
            });
            match there {
                Some((other, there)) => {
                    let mut there = there.clone();
                    there.marks.push(mark);
                    done.push_str(&format!(", on the event: {}", there.text.trim()));
                    change.change_event(index, Some((&began, without)))?;
                    change.change_event(other, Some((&at, there)))?;
                }
                None => {
                    let text = line(&mark_text(mark, change.config()), "text")?;
                    done.push_str(&format!(", on a new event: {}", text.trim()));
                    change.change_event(index, Some((&began, without)))?;
                    let event = Event {
                        marks: vec![mark],
                        ..new_event(&at, text)
                    };
                    change.add_event(&at, event)?;
                }
            }
        }
    }
    if let Some(after) = change.after()?
        && let Some(fact) = reversed(change.record(), &after, change.config())
    {
        bail!("{}", wrong_order(&fact, &reading, shown, Some(typed)));
    }
    let Some(written) = change.write(&format!("log {id} --move {name}"))? else {
        return Ok(Outcome::Problems);
    };
    echo(&format!("{done}\n{}", aligned(&written.effects())))?;
    if let Some(note) = reading.note(typed, &at) {
        remark(&note);
    }
    Ok(Outcome::Done)
}

/// Returns the text of an event about which only its mark is known, such as `Cause identified`.
pub(super) fn mark_text(mark: Mark, config: &Config) -> String {
    let label = label::mark(mark, config);
    let first: String = label.chars().take(1).collect();
    let rest: String = label.chars().skip(1).collect();
    first + &rest.to_lowercase()
}

/// Reads the text of an event from standard input, unless that is a terminal.
fn standard_input(id: &str) -> anyhow::Result<String> {
    let mut text = String::new();
    if !io::stdin().is_terminal() {
        let mut input = io::stdin().lock();
        input
            .read_to_string(&mut text)
            .context("cannot read standard input")?;
    }
    if text.trim().is_empty() {
        bail!("missing event text for `{id}`");
    }
    Ok(text)
}

/// Parses a line of text that must not be empty.
pub(super) fn line(text: &str, what: &str) -> anyhow::Result<Line> {
    let line = Line::new(text.trim()).map_err(|reason| anyhow!("invalid {what}: {reason}"))?;
    if line.is_empty() {
        Err(anyhow!("empty {what}"))
    } else {
        Ok(line)
    }
}

/// Finds a duration that is negative after a change, and was not before.
fn reversed(before: &Record, after: &Record, config: &Config) -> Option<Fact> {
    let invalid = |record: &Record| {
        let facts = Facts::compute(record, config).response_metrics.into_iter();
        // An acknowledgment before the page is a warning of its own.
        facts.filter(|fact| fact.state == State::Invalid && fact.key != "page_to_acknowledge")
    };
    let known: Vec<_> = invalid(before).map(|fact| fact.key).collect();
    invalid(after).find(|fact| !known.contains(&fact.key))
}

/// Describes which mark would precede which, with the time that was probably meant.
fn wrong_order(fact: &Fact, reading: &Reading, zone: Zone, at: Option<&str>) -> String {
    let (Some(from), Some(to)) = (fact.from, fact.to) else {
        return format!("{} would end before it starts", fact.label.to_lowercase());
    };
    let name = |source: EndpointSource| match source {
        EndpointSource::Mark(mark) => format!("`{}`", mark.as_str()),
        EndpointSource::Message(_) => "the first message".to_owned(),
    };
    let plain = |source: EndpointSource| match source {
        EndpointSource::Mark(mark) => mark.as_str(),
        EndpointSource::Message(_) => "MARK",
    };
    let next = at.and_then(|typed| reading.next_day(typed, &to.moment, from.moment.at));
    format!(
        "{} at {} is before {} at {}{}",
        name(to.source),
        to.moment.in_full(zone),
        name(from.source),
        from.moment.in_full(zone),
        next.map_or_else(
            || format!(
                "; to move a mark, use `afterword log --move {} --at TIME`",
                plain(from.source)
            ),
            |next| format!("; for the next day, use {next}")
        )
    )
}
