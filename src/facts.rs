//! Turns an incident and its timeline into the numbers that its report states.
//!
//! Everything here is a pure function: no clock, no files, no failure. A moment
//! that nobody recorded gives a state, never a zero and never a guess. Every
//! number of a report, a page or a check is computed here and nowhere else.

use std::borrow::Cow;

use chrono::{NaiveDate, Timelike};

use serde::{Deserialize, Serialize};

use crate::archive::{Marked, Record, named};
use crate::audience::Audience;
use crate::config::Config;
use crate::incident::Status;
use crate::moment::{Moment, Precision, Zone};
use crate::timeline::Mark;

mod actions;
mod interval;
mod length;
mod neighbor;
mod response_metrics;
mod summary;

pub use actions::{ActionSummary, Actions};
pub use interval::interval;
pub use length::{Length, Unit, counted, separated};
pub use neighbor::Neighbor;
pub use response_metrics::{
    FIRST_MESSAGE, Point, RESPONSE_METRICS, ResponseMetricDefinition, all as definitions,
};
pub use summary::{
    HealingSummary, LessonKind, MessageSummary, PackedSummary, PublicMessage, RuledOutSummary,
    Summary,
};

/// The numbers of one incident.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Facts {
    /// How far the incident has come.
    pub status: Status,
    /// The start that the report prints, and the mark that it comes from.
    pub started: Option<Endpoint>,
    /// The end that the report prints.
    pub ended: Option<Endpoint>,
    /// The clocks, in the order of [`RESPONSE_METRICS`], then those of the configuration alone.
    pub response_metrics: Vec<Fact>,
    /// The windows in which users were harmed, in order.
    pub windows: Vec<Window>,
    /// The totals over customers.
    pub totals: Totals,
    /// How many false signals an investigation ruled out.
    pub false_signals: u64,
    /// The day until which the report is kept; absent without an end or a period.
    pub retain_until: Option<NaiveDate>,
}

/// One clock: a length between two moments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Its key: `time_to_detect`.
    pub key: Cow<'static, str>,
    /// Its name: `Time to Detect`.
    pub label: Cow<'static, str>,
    /// Whether it is known.
    pub state: State,
    /// How long it was; present when it is recorded.
    pub length: Option<Length>,
    /// Where it starts.
    pub from: Option<Endpoint>,
    /// Where it ends.
    pub to: Option<Endpoint>,
}

/// Whether a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Both ends are recorded.
    Recorded,
    /// The incident goes on, and an end is still to come.
    Pending,
    /// An end is missing.
    NotRecorded,
    /// The end is before the start.
    Invalid,
}

/// An end of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// What it is.
    pub source: EndpointSource,
    /// When it was.
    pub moment: Moment,
    /// The place of its event in the timeline, if it has one.
    pub event: Option<usize>,
}

impl Endpoint {
    fn from_marked(marked: &Marked) -> Self {
        Self {
            source: EndpointSource::Mark(marked.mark),
            moment: marked.moment,
            event: marked.event,
        }
    }

    /// Says whether an audience may know when it was: a message is told by itself, a mark by its event.
    ///
    /// How long a clock took, and the official start and end, are the incident's own and for all its readers.
    #[must_use]
    pub fn is_seen(&self, record: &Record, audience: Audience) -> bool {
        match (self.source, self.event) {
            (EndpointSource::Message(place), _) => {
                let message = record.incident.messages.get(place);
                message.is_some_and(|message| audience.may_read(message.audience()))
            }
            (EndpointSource::Mark(_), Some(place)) => {
                let event = record.timeline.events.get(place);
                event.is_some_and(|event| record.shows(event, audience))
            }
            (EndpointSource::Mark(_), None) => true,
        }
    }
}

/// What an end of a clock is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndpointSource {
    /// A mark.
    Mark(Mark),
    /// A message, by its place among all.
    Message(usize),
}

/// A window in which users were harmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its start.
    pub from: Endpoint,
    /// Its end, once it is over.
    pub to: Option<Endpoint>,
    /// How long it was, once it is over.
    pub length: Option<Length>,
}

impl Window {
    /// Says whether its length is known, in an incident of that status.
    #[must_use]
    pub fn state(&self, status: Status) -> State {
        match (self.to, self.length) {
            (_, Some(_)) => State::Recorded,
            (Some(_), None) => State::Invalid,
            (None, None) => missing(status),
        }
    }
}

/// Totals over the customers of an incident. Absent where nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// Users who were affected.
    pub users: Option<u64>,
    /// Whether some rows have no users, so that the total is a lower bound.
    pub at_least: bool,
    /// Whether the users are estimates.
    pub estimated: bool,
    /// Customer accounts; a row without `accounts` is one.
    pub accounts: Option<u64>,
    /// Rows of the customer table; one may stand for several accounts.
    pub customers: u64,
    /// Complaints.
    pub complaints: Option<u64>,
}

impl Facts {
    /// Computes the facts of an incident.
    #[must_use]
    pub fn compute(record: &Record, config: &Config) -> Self {
        let status = record.status();
        let zone = record.zone(config);
        let ends = Endpoints::collect(record, zone);
        let response_metrics = response_metrics::all(config)
            .map(|definition| {
                if definition.is_impact() {
                    customer_impact(definition, &ends, status, zone)
                } else {
                    definition.fact(&ends, status, zone)
                }
            })
            .collect();
        let ended = ends.first(&[
            Point::Mark(Mark::Ended),
            Mark::Resolved.into(),
            Mark::ImpactEnded.into(),
        ]);
        let period = record
            .incident
            .governance
            .retention
            .as_ref()
            .or(config.retention.default.as_ref());
        Self {
            status,
            started: ends.first(&[
                Mark::Started.into(),
                Mark::ImpactStarted.into(),
                Mark::Detected.into(),
            ]),
            retain_until: ended.and_then(|end| period?.after(end.moment.day(zone))),
            ended,
            response_metrics,
            windows: ends.windows,
            totals: totals(record),
            false_signals: record
                .incident
                .analysis
                .iter()
                .flat_map(|analysis| &analysis.ruled_out)
                .map(|signal| u64::from(signal.count.unwrap_or(1)))
                .sum(),
        }
    }

    /// Finds a clock by its key.
    #[must_use]
    pub fn response_metric(&self, key: &str) -> Option<&Fact> {
        self.response_metrics.iter().find(|fact| fact.key == key)
    }
}

impl Fact {
    /// Gives the length in seconds, at the precision of its ends; present when it is recorded.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        self.length.map(Length::known)
    }
}

/// The moments of an incident that clocks may start and end at.
pub(crate) struct Endpoints {
    marks: Vec<Marked>,
    windows: Vec<Window>,
    first_message: Option<Endpoint>,
}

impl Endpoints {
    fn collect(record: &Record, zone: Zone) -> Self {
        let told = record
            .incident
            .messages
            .iter()
            .enumerate()
            .filter_map(|(index, message)| {
                let (at, event) = (message.sent_at.as_ref(), message.event.as_ref());
                let end = Endpoint {
                    source: EndpointSource::Message(index),
                    moment: record.when(at, event)?,
                    event: named(at, event).and_then(|id| record.place(id)),
                };
                message.audience().is_external().then_some(end)
            });
        let marks = record.marks();
        Self {
            first_message: told.min_by_key(|end| end.moment.order()),
            windows: windows(&marks, zone),
            marks,
        }
    }

    fn mark(&self, mark: Mark) -> Option<Endpoint> {
        if mark == Mark::ImpactEnded {
            match self.windows.as_slice() {
                // An end that is before the only start belongs to no window.
                [] | [Window { to: None, .. }] => {}
                // Impact that came back is over when its last window is.
                [.., last] => return last.to,
            }
        }
        let marked = self.marks.iter().find(|marked| marked.mark == mark);
        marked.map(Endpoint::from_marked)
    }

    fn first(&self, points: &[Point]) -> Option<Endpoint> {
        points.iter().find_map(|point| match point {
            Point::Mark(mark) => self.mark(*mark),
            Point::FirstMessage => self.first_message,
        })
    }
}

fn windows(marks: &[Marked], zone: Zone) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    for marked in marks {
        let end = Endpoint::from_marked(marked);
        let open = windows.last_mut().filter(|window| window.to.is_none());
        match (marked.mark, open) {
            (Mark::ImpactStarted, None) => windows.push(Window {
                from: end,
                to: None,
                length: None,
            }),
            (Mark::ImpactEnded, Some(window)) => {
                window.to = Some(end);
                window.length = between(&window.from.moment, &end.moment, zone);
            }
            // A second start or end in a row says nothing new; a check names it.
            _ => {}
        }
    }
    windows
}

fn customer_impact(
    definition: ResponseMetricDefinition,
    ends: &Endpoints,
    status: Status,
    zone: Zone,
) -> Fact {
    let [first, .., last] = ends.windows.as_slice() else {
        return definition.fact(ends, status, zone);
    };
    let lengths = ends.windows.iter().map(|window| window.length);
    let length = lengths.reduce(|sum, next| Some(sum?.plus(next?))).flatten();
    Fact {
        state: ends
            .windows
            .iter()
            .map(|window| window.state(status))
            .find(|state| *state != State::Recorded)
            .unwrap_or(State::Recorded),
        length,
        from: Some(first.from),
        to: last.to,
        key: definition.key,
        label: definition.label,
    }
}

/// Gives the state of a fact that lacks an end.
fn missing(status: Status) -> State {
    if status.is_open() {
        State::Pending
    } else {
        State::NotRecorded
    }
}

/// Measures from one moment to another, at the coarser precision of the two.
///
/// Both are cut to that precision first, so that the number agrees with the times
/// that are printed: from 14:23:47 to 14:40 it is 17 minutes. Nothing when the
/// second is before the first.
pub(crate) fn between(from: &Moment, to: &Moment, zone: Zone) -> Option<Length> {
    let unit = Unit::from_precision(from.precision).max(Unit::from_precision(to.precision));
    let about = from.about || to.about || unit == Unit::Day;
    let cut = |moment: &Moment| match moment.precision {
        _ if unit == Unit::Second => moment.at.timestamp(),
        _ => moment.at.timestamp() - i64::from(moment.at.second()),
    };
    let seconds = match unit {
        Unit::Day => (to.day(zone) - from.day(zone)).num_seconds(),
        _ => cut(to) - cut(from),
    };
    (seconds >= 0).then_some(Length {
        seconds,
        unit,
        about,
    })
}

impl Unit {
    fn from_precision(precision: Precision) -> Self {
        match precision {
            Precision::Second => Self::Second,
            Precision::Minute => Self::Minute,
            Precision::Day(_) => Self::Day,
        }
    }
}

fn totals(record: &Record) -> Totals {
    let Some(impact) = &record.incident.impact else {
        return Totals::default();
    };
    let rows = &impact.customers;
    if rows.is_empty() {
        return Totals {
            users: impact.users.map(u64::from),
            accounts: impact.accounts.map(u64::from),
            estimated: impact.users_estimated,
            ..Totals::default()
        };
    }
    let sum = |counts: &mut dyn Iterator<Item = Option<u32>>| {
        counts
            .flatten()
            .map(u64::from)
            .reduce(|sum, next| sum + next)
    };
    let in_rows = sum(&mut rows.iter().map(|row| row.users));
    Totals {
        users: in_rows.or(impact.users.map(u64::from)),
        at_least: in_rows.is_some() && rows.iter().any(|row| row.users.is_none()),
        estimated: impact.users_estimated,
        accounts: sum(&mut rows.iter().map(|row| row.accounts.or(Some(1)))),
        customers: rows.len() as u64,
        complaints: sum(&mut rows.iter().map(|row| row.complaints)),
    }
}

#[cfg(test)]
mod tests;
