//! `afterword log --move`: moves a mark to another time.

use camino::Utf8Path;

use super::super::change::{Change, aligned, refused};
use super::super::terminal::{echo, remark};
use super::super::{Outcome, eprint_line};
use super::order::check_order;
use super::{known, line, mark_text, new_event};
use crate::archive::{Marked, Record};
use crate::kind::When;
use crate::moment::{Moment, TimeDefaults};
use crate::source::Path;
use crate::timeline::{Event, Mark};

/// Returns the event whose mark is moved, by its index: of several, the one whose mark passes no other that it alternates
/// with, or else the nearest one.
fn carrier(record: &Record, mark: Mark, to: &Moment) -> Option<usize> {
    let marks = record.marks();
    let way = |marked: &&Marked| {
        let (first, last) = (marked.moment.at.min(to.at), marked.moment.at.max(to.at));
        let others = marks.iter().filter(|other| {
            let is_passed = first < other.moment.at && other.moment.at < last;
            is_passed && mark.alternates_with().contains(&other.mark)
        });
        (others.count(), last - first)
    };
    let carries = |index: &usize| {
        let event = record.timeline.events.get(*index);
        event.is_some_and(|event| event.marks.contains(&mark))
    };
    let own = marks.iter().filter(|marked| marked.mark == mark);
    let own = own.filter(|marked| marked.event.as_ref().is_some_and(carries));
    own.min_by_key(way)?.event
}

/// Takes a mark from the entries that set it although the event that is moved has it.
fn unmark_repeated(
    change: &mut Change,
    record: &Record,
    mark: Mark,
    kept: Option<usize>,
    without: impl Fn(Event) -> Event,
) -> anyhow::Result<()> {
    let repeated = record.source.entries.repeated.iter();
    for one in repeated.filter(|one| one.mark == mark && Some(one.kept) == kept) {
        if let Some(event) = change.event_in_file(one.event)
            && let Some(began) = record.began(&event)
        {
            change.change_event(one.event, Some((&began, without(event))))?;
        }
    }
    Ok(())
}

/// Moves a mark to another time.
///
/// If another event is at that time, it gets the mark, and no event is moved. Otherwise an event with this mark alone is
/// moved, and of one with several marks a new event gets it. Entries of other clones that set the same mark lose it, and
/// keep their other marks.
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
    let carrier = carrier(&record, mark, &at);
    // Of several windows of impact, only one may be stated.
    let is_stated = record.is_in_times(mark) && (carrier.is_none() || !mark.is_impact());
    let mut done = format!("{id}  `{name}` is at {}", at.in_full(shown));
    // An end is at the end of an event that lasted.
    let lasts = |event: &Event| mark.is_end() && event.until.is_some();
    let without = |mut event: Event| {
        event.marks.retain(|other| *other != mark);
        event
    };
    unmark_repeated(&mut change, &record, mark, carrier, without)?;
    if is_stated {
        let defaults = TimeDefaults { day: None, zone };
        let written = When::Written(defaults.shortest(&at));
        change.edit(|text| text.set(&Path::new().key("times").key(name), &written))?;
    }
    let carrier = carrier.and_then(|index| {
        let event = record.timeline.events.get(index)?;
        Some((index, event, change.event_in_file(index)?))
    });
    let there = events().find(|(other, event)| {
        carrier.as_ref().is_none_or(|(index, ..)| index != other)
            && !lasts(event)
            && record.began(event).is_some_and(|began| began.is_same(&at))
    });
    let there = there.and_then(|(other, _)| Some((other, change.event_in_file(other)?)));
    match carrier {
        None if is_stated => {}
        None => {
            return Ok(refused(format!(
                "`{name}` is not marked; mark an event with `afterword log {id} --mark {name} --at TIME TEXT`"
            )));
        }
        Some((_, event, _))
            if record
                .marked_at(event, mark)
                .is_some_and(|old| old.is_same(&at)) => {}
        Some((index, event, in_file)) if in_file.marks.len() == 1 && lasts(event) => {
            let began = record.began(event).unwrap_or(at);
            if at.order() <= began.order() {
                return Ok(refused(format!(
                    "`{name}` is the end of an event that starts at {}; use a later time, or edit the timeline",
                    began.in_full(shown)
                )));
            }
            done.push_str(&format!(", the end of its event: {}", event.text.trim()));
            let until = Some(change.written(index, &at));
            change.change_event(index, Some((&began, Event { until, ..in_file })))?;
        }
        Some((index, event, in_file)) if in_file.marks.len() == 1 && there.is_none() => {
            done.push_str(&format!(", with its event: {}", event.text.trim()));
            change.change_event(index, Some((&at, in_file)))?;
        }
        Some((index, event, in_file)) => {
            let began = record.began(event).unwrap_or(at);
            change.change_event(index, Some((&began, without(in_file))))?;
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
    check_order(&change, Some(typed), Some(mark))?;
    let Some(written) = change.write(&format!("log {id} --move {name}"))? else {
        return Ok(Outcome::Problems);
    };
    echo(&format!("{done}\n{}", aligned(&written.effects())))?;
    if let Some(note) = reading.note(typed, &at) {
        remark(&note);
    }
    Ok(Outcome::Done)
}
