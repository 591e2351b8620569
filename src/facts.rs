//! Computes the numbers that a report states from an incident and its timeline.
//!
//! Pure functions: no clock, no file access, no errors. A missing mark produces a state, never a
//! zero or an estimate. Every number of a report, a page or a check is computed here and nowhere
//! else.

use std::borrow::Cow;
use std::ops::Deref;

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};

use serde::{Deserialize, Serialize};

use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::incident::{Customer, Kind, Stage, Status};
use crate::moment::{Moment, Precision, Zone};
use crate::timeline::{Mark, Point};

mod actions;
mod endpoint;
pub mod labelled;
mod length;
mod neighbor;
mod promise;
mod response_metrics;
mod schedule;
mod service;
mod speed;
mod status;
mod summary;
mod updates;
mod window;
mod words;

pub use actions::{ActionSummary, ActionTexts, Actions};
pub(crate) use endpoint::Endpoints;
pub use endpoint::{Endpoint, EndpointSource};
pub use length::{Length, Unit, capitalized, counted, separated};
pub use neighbor::{Neighbor, Replaced, replaced_by};
pub use promise::{Promise, promise};
pub use response_metrics::{RESPONSE_METRICS, ResponseMetricDefinition, all as definitions};
pub use schedule::Scheduled;
pub use service::{Bound, ServiceWindow, together};
pub use speed::{Speed, is_time};
pub use status::Reopening;
pub use summary::{
    HealingSummary, LessonKind, MessageSummary, Outage, PackedSummary, PublicMessage,
    RuledOutSummary, SentMessage, Summaries, Summary, SummaryTexts, due, messages,
};
pub use updates::{
    Due, DueSource, Update, is_same_promise, stated_interval, stated_length, updates,
};
pub use window::Window;
use window::{customer_impact, window_sum};
pub use words::number_words;

/// The course of an incident: whether it is open, when it started and ended, and whether it was open again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Course {
    /// The status.
    pub status: Status,
    /// The last time at which the incident was open again, as far as the public knows: messages to customers do not count.
    pub reopened_in_public: Option<Moment>,
    /// The times at which it was marked as open again after an end, in order.
    pub reopenings: Vec<Reopening>,
    /// The scheduled start and end.
    pub scheduled: Scheduled,
    /// The start that the report prints, with the mark that it comes from. The detection is none.
    pub started: Option<Endpoint>,
    /// The end that the report prints.
    pub ended: Option<Endpoint>,
    /// Whether it is maintenance that was cancelled: it is closed, and nothing says that it started.
    pub is_cancelled: bool,
}

/// The numbers of an incident.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Its course.
    pub course: Course,
    /// Whether the last impact window started after impact, the fix or the incident had ended.
    pub came_back: bool,
    /// The last time at which the incident was open again, or `None`.
    pub reopened: Option<Moment>,
    /// The detection.
    pub noticed: Option<Endpoint>,
    /// The response times, in the order of [`RESPONSE_METRICS`], then those that only the settings define.
    pub response_metrics: Vec<Fact>,
    /// The windows in which users were affected, in order.
    pub windows: Vec<Window>,
    /// The windows in which services were affected, in the order of the file.
    pub services: Vec<ServiceWindow>,
    /// The totals of the customer table.
    pub totals: Totals,
    /// The number of false signals that an investigation ruled out.
    pub false_signals: u64,
    /// The date until which the report is retained; `None` without an end or a period.
    pub retain_until: Option<NaiveDate>,
}

impl Deref for Facts {
    type Target = Course;

    fn deref(&self) -> &Course {
        &self.course
    }
}

/// How far a recorded time may be in the future, because the clocks of two machines differ and people round up.
pub const GRACE: TimeDelta = TimeDelta::minutes(1);

impl Facts {
    /// Returns a time of the incident that is still to come, so that nobody can know it: its start, its end, or another
    /// mark of a response time or a window.
    ///
    /// That of planned work is no error, nor are the times of open maintenance that are in no event, which may be a plan.
    #[must_use]
    pub fn still_to_come(&self, kind: Kind, now: DateTime<Utc>) -> Option<Endpoint> {
        let mut recorded = self.recorded(kind);
        recorded.find(|end| end.moment.first().at > now + GRACE)
    }

    /// Returns the latest time of these, before which the incident has a time that is still to come.
    #[must_use]
    pub fn latest(&self, kind: Kind) -> Option<DateTime<Utc>> {
        self.recorded(kind).map(|end| end.moment.first().at).max()
    }

    /// Returns the times that must have passed.
    fn recorded(&self, kind: Kind) -> impl Iterator<Item = Endpoint> {
        let may_be_plan = kind == Kind::Maintenance && self.status.is_open();
        let is_planned = move |end: &Endpoint| may_be_plan && end.event.is_none();
        let recorded = [self.started, self.ended, self.noticed];
        let recorded = recorded.into_iter().flatten().chain(self.ends());
        let recorded = recorded.filter(|_| self.status != Status::Planned);
        let is_mark = |end: &Endpoint| matches!(end.source, EndpointSource::Mark(_));
        recorded.filter(move |end| is_mark(end) && !is_planned(end))
    }

    /// Changes the facts to those of a superseded report: nothing of it is still to come.
    pub fn supersede(&mut self) {
        self.course.status = Status::Closed;
        for fact in &mut self.response_metrics {
            fact.state = fact.state.superseded();
        }
    }
}

/// A response time: the duration between two times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The key, such as `time_to_detect`.
    pub key: Cow<'static, str>,
    /// The name, such as `Time to Detect`.
    pub label: Cow<'static, str>,
    /// Whether it is recorded.
    pub state: State,
    /// The duration; `Some` if it is recorded.
    pub length: Option<Length>,
    /// The start.
    pub from: Option<Endpoint>,
    /// The end.
    pub to: Option<Endpoint>,
}

/// Whether a fact is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Both its start and its end are recorded.
    Recorded,
    /// The incident is ongoing, and one of the two is still to come.
    Pending,
    /// Its start or its end is missing.
    NotRecorded,
    /// The end is before the start.
    Invalid,
}

/// The totals of an incident's customer table. `None` if nothing is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// The number of affected users.
    pub users: Option<u64>,
    /// Whether some rows have no `users`, so that the total is a lower bound.
    pub at_least: bool,
    /// Whether the numbers of users are estimates.
    pub estimated: bool,
    /// The number of customer accounts; a row without `accounts` counts as one.
    pub accounts: Option<u64>,
    /// The number of rows in the customer table; one row may cover several accounts.
    pub customers: u64,
    /// The number of complaints.
    pub complaints: Option<u64>,
}

impl Facts {
    /// Computes the facts of an incident.
    #[must_use]
    pub fn compute(record: &Record, config: &Config) -> Self {
        let zone = record.zone(config);
        let mut ends = Endpoints::collect(record, zone);
        let status = ends.status(record);
        let came_back = ends.came_back();
        let reopened_for = |audience| status::reopened(record, &ends, audience);
        let reopened = reopened_for(Audience::Customers);
        let reopened_in_public = reopened_for(Audience::Public);
        let reopenings = ends.reopenings(record, zone);
        ends.drop_past_ends(status);
        let scheduled = Scheduled::new(record);
        if status == Status::Planned {
            ends.plan(scheduled);
        }
        let response_metrics = response_metrics::all(config)
            .map(|definition| {
                if definition.is_impact() {
                    customer_impact(definition, &ends, status, zone)
                } else {
                    definition.fact(&ends, status, zone)
                }
            })
            .map(|fact| match fact.state {
                // What is planned has not lasted yet.
                State::Recorded if status == Status::Planned => Fact {
                    state: State::Pending,
                    length: None,
                    ..fact
                },
                _ => fact,
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
        let started = ends.first(&[Mark::Started.into(), Mark::ImpactStarted.into()]);
        let defaults = service::Defaults {
            windows: &ends.windows,
            reopenings: &reopenings,
            started,
            ended,
            status,
            zone,
        };
        let retain_until = ended
            .filter(|_| status != Status::Planned)
            .and_then(|end| period?.after(end.moment.last().day(zone)));
        Self {
            came_back,
            reopened,
            services: service::windows(record, &defaults),
            course: Course {
                status,
                reopened_in_public,
                is_cancelled: status::is_cancelled(record, status, started),
                reopenings,
                scheduled,
                started,
                ended,
            },
            noticed: ends.first(&[Mark::Detected.into()]),
            retain_until,
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

    /// Returns `true` if a message still holds: the incident was not open again after it was sent.
    #[must_use]
    pub fn is_current(&self, stage: Stage, sent: Option<Moment>) -> bool {
        self.holds(stage, sent, self.reopened)
    }

    /// Returns the starts and ends of all response times and windows.
    pub(crate) fn ends(&self) -> impl Iterator<Item = Endpoint> {
        let response_metrics = self
            .response_metrics
            .iter()
            .flat_map(|fact| [fact.from, fact.to]);
        let windows = self.windows.iter();
        let windows = windows.flat_map(|window| [Some(window.from), window.to]);
        response_metrics.chain(windows).flatten()
    }

    /// Returns the sum of the impact windows, and whether it is recorded; without a window it is not.
    #[must_use]
    pub fn impact(&self) -> (State, Option<Length>) {
        window_sum(&self.windows, self.status)
    }

    /// Returns the first known time: the start, or else the detection. Lists are sorted by it.
    #[must_use]
    pub fn since(&self) -> Option<Endpoint> {
        self.started.or(self.noticed)
    }

    /// Returns the official duration, and whether it is recorded.
    #[must_use]
    pub fn duration(&self) -> (State, Option<Length>) {
        let fact = self.response_metric("duration");
        fact.map_or((State::NotRecorded, None), |fact| (fact.state, fact.length))
    }

    /// Returns the response time with a key, or `None`.
    #[must_use]
    pub fn response_metric(&self, key: &str) -> Option<&Fact> {
        self.response_metrics.iter().find(|fact| fact.key == key)
    }
}

impl Course {
    /// Returns `true` if a message to the public still holds as far as the public knows.
    #[must_use]
    pub fn is_current_in_public(&self, stage: Stage, sent: Option<Moment>) -> bool {
        self.holds(stage, sent, self.reopened_in_public)
    }

    fn holds(&self, stage: Stage, sent: Option<Moment>, reopened: Option<Moment>) -> bool {
        // If the incident has ended, the messages before its end are history and stay as they were sent.
        let is_history = stage < Stage::Resolved && !self.status.is_open();
        let is_since = |from: Moment| sent.is_some_and(|sent| sent.order() >= from.order());
        is_history || reopened.is_none_or(is_since)
    }

    /// Returns how long it was closed before it was reopened; `None` if it was not, or if a time of that is not shown.
    #[must_use]
    pub fn closed(&self) -> Option<Length> {
        let lengths = self
            .reopenings
            .iter()
            .map(|one| one.length.filter(|_| one.is_shown));
        lengths.reduce(|sum, next| Some(sum?.plus(next?))).flatten()
    }
}

impl State {
    /// Returns the state in a superseded report, of which nothing is still to come.
    #[must_use]
    pub fn superseded(self) -> Self {
        match self {
            Self::Pending => Self::NotRecorded,
            other => other,
        }
    }
}

impl Fact {
    /// Returns the duration in seconds, at the precision of its start and end; `None` if it is not recorded, or only as a range.
    #[must_use]
    pub fn seconds(&self) -> Option<i64> {
        self.length?.exact()
    }
}

/// Returns the state of a fact whose start or end is missing.
fn missing(status: Status) -> State {
    if status.is_open() {
        State::Pending
    } else {
        State::NotRecorded
    }
}

/// Returns the duration between two times, at the coarser precision of the two.
///
/// Both are truncated to that precision first, so that the number agrees with the times that are
/// printed: from 14:23:47 to 14:40 it is 17 minutes. `None` if the second is before the first.
///
/// If one of the two is a range, so is the duration: from the end of the first to the start of the second at least, and
/// from the start of the first to the end of the second at most.
pub(crate) fn between(from: &Moment, to: &Moment, zone: Zone) -> Option<Length> {
    let times = [from.first(), from.last(), to.first(), to.last()];
    let units = times.map(|time| Unit::from_precision(time.precision));
    let unit = units.into_iter().max().unwrap_or(Unit::Second);
    let cut = |moment: &Moment| match moment.precision {
        _ if unit == Unit::Second => moment.at.timestamp(),
        _ => moment.at.timestamp() - i64::from(moment.at.second()),
    };
    let seconds = |from: &Moment, to: &Moment| match unit {
        Unit::Day => (to.day(zone) - from.day(zone)).num_seconds(),
        _ => cut(to) - cut(from),
    };
    let longest = seconds(&from.first(), &to.last());
    let shortest = seconds(&from.last(), &to.first()).max(0);
    let most = (longest > shortest).then_some(longest);
    (longest >= 0).then_some(Length {
        seconds: shortest,
        unit,
        // A date without a time may be any time of it; a range says so itself.
        about: from.about || to.about || unit == Unit::Day && most.is_none(),
        most,
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
    let rows: Vec<&Customer> = record.customers().collect();
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
