//! Compares an import with the timeline: what differs, what is gone, what may be there twice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Difference, Known, Placed};
use crate::archive::Record;
use crate::moment::rfc3339;
use crate::timeline::{Event, EventKind};

/// Lists the fields of known events that differ from the export.
pub fn differences(record: &Record, placed: &[Placed]) -> Vec<Difference> {
    let mut found = Vec::new();
    for (index, placed) in placed.iter().enumerate() {
        let Some(event) = placed
            .existing
            .and_then(|index| record.timeline.events.get(index))
        else {
            continue;
        };
        let defaults = record.timeline.time_defaults();
        let until = |event: &Event| Some(defaults.resolve(event.until.as_ref()?).ok()?.at);
        let fields = [
            ("text", event.text != placed.event.text),
            ("body", event.body != placed.event.body),
            (
                "at",
                record
                    .began(event)
                    .is_none_or(|began| began.at != placed.at.at),
            ),
            ("until", until(event) != until(&placed.event)),
        ];
        for (field, differs) in fields {
            let is_edited = event.edited.iter().any(|edited| &**edited == field);
            if differs && !is_edited {
                found.push(Difference { index, field });
            }
        }
    }
    found
}

/// Lists the events of the exports' sources and time that no export has any more.
pub fn gone(record: &Record, known: &BTreeMap<&'static str, Known>) -> Vec<String> {
    let events = record.timeline.events.iter().filter_map(|event| {
        let id = event.id.as_ref()?;
        let (prefix, _) = id.split_once(':')?;
        let known = known.get(prefix)?;
        let (first, last) = known.span?;
        let at = record.began(event)?.at;
        // A single event says nothing about others.
        let is_covered = first < at && at < last;
        (is_covered && !known.ids.contains(&**id) && !is_numbered(id, &known.ids))
            .then(|| id.to_string())
    });
    events.collect()
}

/// Returns `true` for an ID to which a digest was added because it repeats.
fn is_numbered(id: &str, ids: &BTreeSet<String>) -> bool {
    id.rsplit_once(':').is_some_and(|(id, _)| ids.contains(id))
}

/// The time within which two sources may have recorded the same moment.
const SAME: TimeDelta = TimeDelta::seconds(90);

/// The time within which one source exports the same moment in several shapes.
const ONE_SECOND: TimeDelta = TimeDelta::seconds(1);

/// Returns what distinguishes the IDs of a system's kinds of records: the number of their parts, and
/// for one part in capitals whether it starts with a digit.
fn shape(event: &Event) -> (usize, bool) {
    let id = event.id.as_deref().map_or("", |id| id);
    let own = id.split_once(':').map_or(id, |(_, own)| own);
    let is_short = !own.contains(|c: char| !c.is_ascii_uppercase() && !c.is_ascii_digit());
    let has_letter = own.contains(|c: char| c.is_ascii_uppercase());
    let starts_with_digit = own.starts_with(|c: char| c.is_ascii_digit());
    (
        own.split(':').count(),
        is_short && has_letter && starts_with_digit,
    )
}

/// Lists pairs of events that may have recorded the same moment, of different sources or different
/// records of one.
pub fn pairs(record: &Record, placed: &[Placed]) -> Vec<(String, String)> {
    struct Told<'a> {
        at: DateTime<Utc>,
        event: &'a Event,
        is_new: bool,
    }
    let old = record.timeline.events.iter().filter_map(|event| {
        Some(Told {
            at: record.began(event)?.at,
            event,
            is_new: false,
        })
    });
    let new = placed.iter().filter(|placed| placed.existing.is_none());
    let new = new.map(|placed| Told {
        at: placed.at.at,
        event: &placed.event,
        is_new: true,
    });
    let mut told: Vec<Told> = old.chain(new).collect();
    told.sort_by_key(|told| told.at);
    let class = |kind: EventKind| match kind {
        EventKind::Note | EventKind::Action | EventKind::Communication => None,
        // An alert and its page are the same moment.
        EventKind::Page => Some(EventKind::Alert),
        // A page is resolved when its alert is.
        EventKind::Closed | EventKind::Verified => Some(EventKind::Monitoring),
        kind => Some(kind),
    };
    let line = |told: &Told| {
        let source = told
            .event
            .source
            .as_ref()
            .map(|source| format!(" ({source})"));
        format!(
            "{} {}{}",
            rfc3339(told.at),
            told.event.text,
            source.unwrap_or_default()
        )
    };
    let mut pairs = Vec::new();
    for (index, first) in told.iter().enumerate() {
        let later = told
            .iter()
            .skip(index + 1)
            .take_while(|second| second.at - first.at <= SAME);
        let same = later.filter(|second| {
            let is_same = class(first.event.kind)
                .is_some_and(|kind| class(second.event.kind).is_some_and(|other| other == kind));
            let is_other = if first.event.source == second.event.source {
                // One system exports the same moment in several shapes.
                first.event.kind == second.event.kind
                    && second.at - first.at < ONE_SECOND
                    && shape(first.event) != shape(second.event)
            } else {
                true
            };
            is_same && is_other && (first.is_new || second.is_new)
        });
        pairs.extend(same.map(|second| (line(first), line(second))));
    }
    pairs
}
