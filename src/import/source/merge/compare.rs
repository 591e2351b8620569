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

/// The number of pairs that are listed.
pub const MOST_PAIRS: usize = 200;

/// What decides whether two events may have recorded the same moment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Group<'a> {
    class: EventKind,
    kind: EventKind,
    source: Option<&'a str>,
    shape: (usize, bool),
    is_new: bool,
}

impl Group<'_> {
    /// Returns how long after an event of this group one of the other group may have recorded the same moment.
    fn within(&self, other: &Self) -> Option<TimeDelta> {
        let is_comparable = self.class == other.class && (self.is_new || other.is_new);
        if self.source != other.source {
            return is_comparable.then_some(SAME);
        }
        // One system exports the same moment in several shapes.
        let is_other = self.kind == other.kind && self.shape != other.shape;
        (is_comparable && is_other).then_some(ONE_SECOND - TimeDelta::nanoseconds(1))
    }
}

/// Returns what kinds of events record the same moment; `None` for those that are compared with none.
fn class(kind: EventKind) -> Option<EventKind> {
    match kind {
        EventKind::Note | EventKind::Action | EventKind::Communication => None,
        // An alert and its page are the same moment.
        EventKind::Page => Some(EventKind::Alert),
        // A page is resolved when its alert is.
        EventKind::Closed | EventKind::Verified => Some(EventKind::Monitoring),
        kind => Some(kind),
    }
}

/// Lists pairs of events that may have recorded the same moment, of different sources or different
/// records of one, and at most [`MOST_PAIRS`].
pub fn pairs(record: &Record, placed: &[Placed]) -> Vec<(String, String)> {
    let old = record.timeline.events.iter();
    let old = old.filter_map(|event| Some((record.began(event)?.at, event, false)));
    let new = placed.iter().filter(|placed| placed.existing.is_none());
    let new = new.map(|placed| (placed.at.at, &placed.event, true));
    let told = old.chain(new).filter_map(|(at, event, is_new)| {
        let group = Group {
            class: class(event.kind)?,
            kind: event.kind,
            source: event.source.as_deref(),
            shape: shape(event),
            is_new,
        };
        Some((at, event, group))
    });
    let mut told: Vec<(DateTime<Utc>, &Event, Group)> = told.collect();
    told.sort_by_key(|(at, ..)| *at);
    // Events of one group are never compared with each other: they may be many in one second.
    let mut groups: BTreeMap<&Group, Vec<usize>> = BTreeMap::new();
    for (index, (_, _, group)) in told.iter().enumerate() {
        groups.entry(group).or_default().push(index);
    }
    let line = |at: DateTime<Utc>, event: &Event| {
        let source = event.source.as_ref().map(|source| format!(" ({source})"));
        format!(
            "{} {}{}",
            rfc3339(at),
            event.text,
            source.unwrap_or_default()
        )
    };
    let mut pairs = Vec::new();
    for (index, (first, event, group)) in told.iter().enumerate() {
        let mut later: Vec<usize> = Vec::new();
        for (other, members) in &groups {
            let Some(within) = group.within(other) else {
                continue;
            };
            let start = members.partition_point(|member| *member <= index);
            let members = members.iter().skip(start).copied();
            let is_near = |member: &usize| {
                told.get(*member)
                    .is_some_and(|(second, ..)| *second - *first <= within)
            };
            later.extend(members.take_while(is_near).take(MOST_PAIRS));
        }
        later.sort_unstable();
        let later = later.into_iter().filter_map(|member| told.get(member));
        pairs.extend(later.map(|(at, second, _)| (line(*first, event), line(*at, second))));
        if pairs.len() >= MOST_PAIRS {
            pairs.truncate(MOST_PAIRS);
            break;
        }
    }
    pairs
}
