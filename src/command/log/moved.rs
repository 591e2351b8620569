//! `afterword log --move`: moves a mark to another time.

use camino::Utf8Path;

use super::super::change::{Change, aligned, refused};
use super::super::terminal::{echo, remark};
use super::super::{Outcome, eprint_line};
use super::order::check_order;
use super::{known, line, mark_text, new_event};
use crate::kind::When;
use crate::moment::TimeDefaults;
use crate::source::Path;
use crate::timeline::{Event, Mark};

/// Moves a mark to another time.
///
/// An event with this mark alone is moved. From an event with several marks only this one is taken: the event at that
/// time gets it, or a new one. Entries of other clones that set the same mark lose it, and keep their other marks.
///
/// # Errors
/// Returns an error if the time is not one, or a mark would be before the start of its duration.
pub(super) fn move_mark(
    root: &Utf8Path,
    id: &str,
    mark: Mark,
    typed: &str,
) -> anyhow::Result<Outcome> {
    let Some(mut change) = Change::begin(root, id)? else {
        eprint_line(&format!(
            "to record an event all the same, use `afterword log {id} TEXT`"
        ));
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
    let without = |mut event: Event| {
        event.marks.retain(|other| *other != mark);
        event
    };
    let repeated = record.source.entries.repeated.iter();
    for one in repeated.filter(|one| one.mark == mark) {
        if let Some(event) = change.event_in_file(one.event)
            && let Some(began) = record.began(&event)
        {
            change.change_event(one.event, Some((&began, without(event))))?;
        }
    }
    if is_stated {
        let defaults = TimeDefaults { day: None, zone };
        let written = When::Written(defaults.shortest(&at));
        change.edit(|text| text.set(&Path::new().key("times").key(name), &written))?;
    }
    let carrier =
        carrier.and_then(|(index, event)| Some((index, event, change.event_in_file(index)?)));
    match carrier {
        None if is_stated => {}
        None => {
            return Ok(refused(format!(
                "`{name}` is not marked; mark an event with `afterword log {id} --mark {name} --at TIME TEXT`"
            )));
        }
        Some((_, event, _)) if record.began(event).is_some_and(|began| began.is_same(&at)) => {}
        Some((index, event, in_file)) if in_file.marks.len() == 1 => {
            done.push_str(&format!(", with its event: {}", event.text.trim()));
            change.change_event(index, Some((&at, in_file)))?;
        }
        Some((index, event, in_file)) => {
            let began = record.began(event).unwrap_or(at);
            change.change_event(index, Some((&began, without(in_file))))?;
            let there = events().find(|(other, event)| {
                *other != index && record.began(event).is_some_and(|began| began.is_same(&at))
            });
            let there = there.and_then(|(other, _)| Some((other, change.event_in_file(other)?)));
            match there {
                Some((other, there)) => {
                    let mut there = without(there);
                    there.marks.push(mark);
                    done.push_str(&format!(", on the event: {}", there.text.trim()));
                    change.change_event(other, Some((&at, there)))?;
                }
                None => {
                    let text = line(&mark_text(mark, change.config()), "text")?;
                    done.push_str(&format!(", on a new event: {}", text.trim()));
                    let event = Event {
                        marks: vec![mark],
                        ..new_event(&at, text)
                    };
                    change.add_event(&at, event)?;
                }
            }
        }
    }
    check_order(&change, Some(typed))?;
    let Some(written) = change.write(&format!("log {id} --move {name}"))? else {
        return Ok(Outcome::Problems);
    };
    echo(&format!("{done}\n{}", aligned(&written.effects())))?;
    if let Some(note) = reading.note(typed, &at) {
        remark(&note);
    }
    Ok(Outcome::Done)
}
