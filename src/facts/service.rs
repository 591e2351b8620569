//! The windows in which each service was affected.

use serde::{Deserialize, Serialize};

use super::{Endpoint, Length, Reopening, State, Window, between, missing};
use crate::archive::{Record, named};
use crate::incident::{ImpactLevel, ServiceImpact, Status};
use crate::kind::When;
use crate::moment::{Moment, Zone};

/// A window in which a service was affected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceWindow {
    /// The service.
    pub service: String,
    /// The position of its entry in the file.
    pub entry: usize,
    /// How much it was affected.
    pub level: Option<ImpactLevel>,
    /// Its start.
    pub from: Option<Bound>,
    /// Its end; `None` while it is open, or if it is not recorded.
    pub until: Option<Bound>,
    /// Whether its duration is recorded.
    pub state: State,
    /// Its duration; `Some` if it is recorded.
    pub length: Option<Length>,
}

/// The start or the end of a service's window, or of a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// Its time.
    pub moment: Moment,
    /// The index of its event in the timeline, if it has one.
    pub event: Option<usize>,
}

impl From<Endpoint> for Bound {
    fn from(end: Endpoint) -> Self {
        Self {
            moment: end.moment,
            event: end.event,
        }
    }
}

impl Bound {
    pub(super) fn from_when(record: &Record, when: Option<&When>) -> Option<Self> {
        Some(Self {
            moment: record.when(when, None)?,
            event: named(when, None).and_then(|id| record.event_index(id)),
        })
    }
}

/// The times of an incident that a window without times of its own takes.
pub(super) struct Defaults<'a> {
    pub windows: &'a [Window],
    pub reopenings: &'a [Reopening],
    pub started: Option<Endpoint>,
    pub ended: Option<Endpoint>,
    pub status: Status,
    pub zone: Zone,
}

/// Returns the windows of the services, in the order of the file.
///
/// A window without times is that of the impact, or each of its windows; without any, each time that the incident was open.
/// A start alone leaves out what was before it, and an end alone what was after it.
pub(super) fn windows(record: &Record, defaults: &Defaults) -> Vec<ServiceWindow> {
    let impact = record.incident.impact.iter();
    let stated = impact.flat_map(|impact| &impact.services).enumerate();
    stated
        .flat_map(|(entry, service)| of(record, entry, service, defaults))
        .collect()
}

fn of(
    record: &Record,
    entry: usize,
    service: &ServiceImpact,
    defaults: &Defaults,
) -> Vec<ServiceWindow> {
    let window = |from: Option<Bound>, until: Option<Bound>| {
        let ends = from.zip(until);
        let length =
            ends.and_then(|(from, until)| between(&from.moment, &until.moment, defaults.zone));
        ServiceWindow {
            service: service.name.to_string(),
            entry,
            level: service.level,
            from,
            until,
            state: match (ends, length) {
                (_, Some(_)) => State::Recorded,
                (Some(_), None) => State::Invalid,
                (None, None) => missing(defaults.status),
            },
            length,
        }
    };
    let stated = |when: &Option<When>| {
        when.as_ref()
            .map(|when| Bound::from_when(record, Some(when)))
    };
    let (from, until) = (stated(&service.from), stated(&service.until));
    let all = spans(defaults);
    let ends = (
        all.first().and_then(|(from, _)| *from),
        all.last().and_then(|(_, until)| *until),
    );
    let is_before = |one: Option<Bound>, other: Option<Bound>| {
        let ends = one.zip(other);
        ends.is_none_or(|(one, other)| one.moment.order() < other.moment.order())
    };
    let mut own: Vec<_> = all
        .into_iter()
        .filter(|(start, end)| {
            is_before(from.flatten(), *end) && is_before(*start, until.flatten())
        })
        .collect();
    if own.is_empty() || (from.is_some() && until.is_some()) {
        own = vec![ends];
    }
    if let (Some(from), Some((start, _))) = (from, own.first_mut()) {
        *start = from;
    }
    if let (Some(until), Some((_, end))) = (until, own.last_mut()) {
        *end = until;
    }
    own.into_iter()
        .map(|(from, until)| window(from, until))
        .collect()
}

/// Returns the windows of the impact; without any, each time that the incident was open.
fn spans(defaults: &Defaults) -> Vec<Span> {
    if defaults.windows.is_empty() {
        let [from, until] = [defaults.started, defaults.ended].map(|end| end.map(Bound::from));
        return open_spans(from, defaults.reopenings, until);
    }
    let windows = defaults.windows.iter();
    let windows = windows.map(|impact| (Some(impact.from.into()), impact.to.map(Bound::from)));
    windows.collect()
}

/// The start and the end of a window, as far as they are known.
pub(super) type Span = (Option<Bound>, Option<Bound>);

/// Returns each time that an incident was open: from its start to its end, without the times between an end and a reopening.
pub(super) fn open_spans(
    started: Option<Bound>,
    reopenings: &[Reopening],
    ended: Option<Bound>,
) -> Vec<Span> {
    let starts = reopenings.iter().map(|one| Some(one.at.into()));
    let ends = reopenings.iter().map(|one| Some(one.ended.into()));
    let ends = ends.chain([ended]);
    std::iter::once(started).chain(starts).zip(ends).collect()
}

/// Returns the duration for which services were affected, where windows that overlap count once; `None` if one is open.
///
/// If only a range is known of a time, it is at least the time that the windows certainly cover, and at most the time that
/// they may cover.
#[must_use]
pub fn together<'a>(
    windows: impl Iterator<Item = &'a ServiceWindow>,
    zone: Zone,
) -> Option<Length> {
    let spans = windows.map(|window| Some((window.from?.moment, window.until?.moment)));
    let spans: Vec<(Moment, Moment)> = spans.collect::<Option<_>>()?;
    let possible = { spans.iter() }.map(|(from, until)| (from.first(), until.last()));
    let longest = covered(possible, zone)?;
    if { spans.iter() }.all(|(from, until)| from.latest.or(until.latest).is_none()) {
        return Some(longest);
    }
    let certain = { spans.iter() }.map(|(from, until)| (from.last(), until.first()));
    let certain = certain.filter(|(from, until)| from.order() < until.order());
    let shortest = covered(certain, zone).map_or(0, |length| length.seconds);
    Some(Length {
        seconds: shortest.min(longest.seconds),
        most: Some(longest.seconds),
        about: { spans.iter() }.any(|(from, until)| from.about || until.about),
        ..longest
    })
}

/// Returns the duration that spans cover, each moment once; `None` without spans.
fn covered(spans: impl Iterator<Item = (Moment, Moment)>, zone: Zone) -> Option<Length> {
    let mut spans: Vec<(Moment, Moment)> = spans.collect();
    spans.sort_by_key(|(from, _)| from.order());
    let mut joined: Vec<(Moment, Moment)> = Vec::new();
    for (from, until) in spans {
        match joined.last_mut() {
            Some((_, last)) if from.at <= last.at => {
                if last.at < until.at {
                    *last = until;
                }
            }
            _ => joined.push((from, until)),
        }
    }
    let lengths = joined
        .iter()
        .map(|(from, until)| between(from, until, zone));
    lengths.reduce(|sum, next| Some(sum?.plus(next?))).flatten()
}

#[cfg(test)]
mod tests;
