//! The phases of an incident as a band, to scale, from its start to its recovery.
//!
//! The times are those of the marks, as for the response metrics: a span counts with its
//! end for an end mark, and `[times]` is included. A mark on an event that the audience
//! does not see is left out.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{Anchors, since};
use crate::archive::{Marked, Record};
use crate::config::Config;
use crate::facts::{Facts, Length, Unit, between};
use crate::moment::{Calendar, Moment};
use crate::timeline::{Event, Mark};
use crate::view::{Word, label};

/// The phases in their usual order: the key and label of each, and the marks that end it.
const PHASES: &[(&str, &str, &[Mark])] = &[
    (
        "early",
        "Before the Start",
        &[Mark::ImpactStarted, Mark::Started],
    ),
    ("unnoticed", "Unnoticed", &[Mark::Detected]),
    ("cause", "Finding the Cause", &[Mark::Identified]),
    ("fixing", "Mitigating", &[Mark::Mitigated]),
    (
        "recovering",
        "Recovering",
        &[Mark::Resolved, Mark::ImpactEnded, Mark::Ended],
    ),
];

/// The whole width, in thousandths.
const WIDTH: i64 = 1000;

/// The space between two phases, and the smallest width of one.
const SPACE: i64 = 3;

/// The maximum number of dots: more of them are a line.
const MOST_DOTS: usize = 60;

/// The distance of a label from the edges below which it would be cut off.
const EDGE: i64 = 20;

/// The distances between two labels in seconds, up to a day.
const STEPS: &[i64] = &[
    1, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200,
];

/// The phases of an incident to scale.
#[derive(Debug, Clone, Serialize)]
pub struct StripView {
    /// The labels of the axis.
    pub ticks: Vec<TickView>,
    /// The impact windows.
    pub impact: Vec<StretchView>,
    /// The positions of the entries: `37.5%`.
    pub dots: Vec<String>,
    /// The phases, in order of time.
    pub phases: Vec<PhaseView>,
}

/// A label of the axis: a time since the start.
#[derive(Debug, Clone, Serialize)]
pub struct TickView {
    /// The position: `37.5%`.
    pub x: String,
    /// The label: `T+15m`.
    pub label: String,
}

/// A part of the width.
#[derive(Debug, Clone, Serialize)]
pub struct StretchView {
    /// The start: `37.5%`.
    pub x: String,
    /// The width.
    pub width: String,
}

/// A phase of an incident.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseView {
    /// The phase; the key of one that has not ended is `ongoing`.
    pub phase: Word<'static>,
    /// The part of the width; `None` if it took no time.
    pub stretch: Option<StretchView>,
    /// The duration: `4 minutes 30 seconds`, or `ongoing`.
    pub text: String,
    /// The duration for tables: `4m 30s`.
    pub short: String,
    /// The mark that ended it.
    pub end: Option<PhaseEndView>,
}

/// The end of a phase.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseEndView {
    /// The mark: `detected`.
    pub label: String,
    /// The anchor of its event, if it has one.
    pub anchor: Option<String>,
    /// The time in ISO 8601.
    pub iso: String,
    /// The time of day, with the date if that is not the date of the start.
    pub clock: String,
    /// The time since the start: `T+00:47`.
    pub offset: Option<String>,
}

/// A mark that ends a phase.
struct Found {
    /// The position of the phase in [`PHASES`].
    phase: usize,
    mark: Mark,
    event: Option<usize>,
    moment: Moment,
}

/// The axis: its first instant and its length in seconds.
pub(in crate::view) struct Axis {
    first: DateTime<Utc>,
    span: i64,
}

impl StripView {
    /// Creates the band, or returns `None` if fewer than two phases are known or all have the same time.
    pub(super) fn new(
        record: &Record,
        facts: &Facts,
        config: &Config,
        events: &[(usize, &Event, Moment)],
        anchors: &Anchors,
        calendar: &Calendar,
    ) -> Option<Self> {
        let found = found(record, anchors);
        let timed = events.iter().filter(|(_, _, moment)| moment.is_timed());
        let latest = timed.clone().map(|(_, _, moment)| *moment);
        let latest = latest.max_by_key(|moment| moment.at);
        let (start, last) = (found.first()?.moment, found.last()?);
        // Of an open incident, the phase after the last mark is ongoing.
        let is_open = facts.status.is_open() && last.phase + 1 < PHASES.len();
        let ongoing = latest.filter(|latest| is_open && latest.at > last.moment.at);
        if found.len() + usize::from(ongoing.is_some()) < 3 {
            return None;
        }
        let end = ongoing.unwrap_or(last.moment);
        let span = (end.at - start.at).num_seconds();
        if span <= 0 {
            return None;
        }
        // Entries close to the phases are on the band, too; distant ones would leave no room for them.
        let near = timed.map(|(_, _, moment)| moment.at).filter(|at| {
            let before = (start.at - *at).num_seconds();
            (*at - end.at).num_seconds().max(before) <= span / 4
        });
        let near: Vec<DateTime<Utc>> = near.collect();
        let first = near.iter().copied().min().unwrap_or(start.at).min(start.at);
        let until = near.iter().copied().max().unwrap_or(end.at).max(end.at);
        let axis = Axis::new(first, until);
        let mut dots: Vec<i64> = near.iter().map(|at| axis.position(*at)).collect();
        dots.dedup();
        let is_shown =
            |event: Option<usize>| event.is_none_or(|event| anchors.get(event).is_some());
        let impact = facts.windows.iter().filter_map(|window| {
            let mut ends = [Some(window.from), window.to].into_iter().flatten();
            let shown = ends.all(|end| is_shown(end.event) && end.moment.is_timed());
            let to = window.to.map_or(until, |to| to.moment.at);
            let stretch = axis.stretch(window.from.moment.at, to, 0);
            stretch.filter(|_| shown)
        });
        let origin = facts.started.map(|end| end.moment);
        let phase = |pair: &[Found]| {
            let [from, to] = pair else { return None };
            let (key, label, _) = PHASES.get(to.phase)?;
            let length = between(&from.moment, &to.moment, calendar.zone())?;
            Some(PhaseView {
                phase: Word::new(key, *label),
                stretch: axis.stretch(from.moment.at, to.moment.at, SPACE),
                text: length.to_string(),
                short: length.short(),
                end: Some(PhaseEndView {
                    label: label::mark(to.mark, config).to_lowercase(),
                    anchor: to.event.and_then(|event| anchors.get(event)).cloned(),
                    iso: calendar.iso(&to.moment),
                    clock: calendar.dated(&to.moment),
                    offset: since(origin, to.moment, calendar.zone()),
                }),
            })
        };
        let open = ongoing.and_then(|latest| {
            let (_, label, _) = PHASES.get(last.phase + 1)?;
            Some(PhaseView {
                phase: Word::new("ongoing", *label),
                stretch: axis.stretch(last.moment.at, latest.at, SPACE),
                text: "ongoing".to_owned(),
                short: "ongoing".to_owned(),
                end: None,
            })
        });
        Some(Self {
            ticks: axis.ticks(origin.filter(Moment::is_timed).unwrap_or(start).at),
            impact: impact.collect(),
            dots: match dots.len() {
                ..=MOST_DOTS => dots.into_iter().map(percent).collect(),
                _ => Vec::new(),
            },
            phases: found.windows(2).filter_map(phase).chain(open).collect(),
        })
    }
}

/// Returns the marks that end a phase, in order of time.
fn found(record: &Record, anchors: &Anchors) -> Vec<Found> {
    let marks: &[Marked] = &record.marks();
    let carries = |mark: Mark| {
        let mut timed = marks.iter().filter(move |marked| {
            let is_seen = marked
                .event
                .is_none_or(|event| anchors.get(event).is_some());
            marked.mark == mark && marked.moment.is_timed() && is_seen
        });
        // Recurring impact ended with its last window, and a reopened incident with its last end.
        if mark == Mark::ImpactEnded || mark.counts_last() {
            timed.next_back()
        } else {
            timed.next()
        }
    };
    let mut found: Vec<Found> = PHASES
        .iter()
        .enumerate()
        .filter_map(|(phase, (_, _, marks))| {
            let marked = marks.iter().find_map(|mark| carries(*mark))?;
            Some(Found {
                phase,
                mark: marked.mark,
                event: marked.event,
                moment: marked.moment,
            })
        })
        .collect();
    found.sort_by_key(|found| found.moment.order());
    found
}

impl Axis {
    /// Returns the position of an instant in thousandths.
    fn position(&self, at: DateTime<Utc>) -> i64 {
        ((at - self.first).num_seconds() * WIDTH / self.span).clamp(0, WIDTH)
    }

    /// Creates the axis between two instants, of which the second is later.
    pub(in crate::view) fn new(first: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        Self {
            first,
            span: (until - first).num_seconds().max(1),
        }
    }

    /// Returns the part between two instants, without a space at its end; `None` if it has no length.
    pub(in crate::view) fn stretch(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        space: i64,
    ) -> Option<StretchView> {
        let x = self.position(from);
        (to > from).then(|| StretchView {
            x: percent(x),
            width: percent((self.position(to) - x - space).max(SPACE)),
        })
    }

    /// Returns labels at round distances from an instant.
    fn ticks(&self, origin: DateTime<Utc>) -> Vec<TickView> {
        let fits = |step: &i64| self.span / step <= 5;
        let days = (self.span / 5 / 86_400 + 1) * 86_400;
        let step = STEPS.iter().copied().find(fits).unwrap_or(days);
        let offset = (self.first - origin).num_seconds();
        let (from, to) = (offset / step, (offset + self.span) / step);
        let ticks = (from..=to).map(|count| {
            let at = origin + chrono::Duration::seconds(count * step);
            (count * step, self.position(at))
        });
        let inside = ticks.filter(|(_, x)| (EDGE..=WIDTH - EDGE).contains(x));
        inside
            .map(|(seconds, x)| TickView {
                x: percent(x),
                label: tick(seconds),
            })
            .collect()
    }
}

/// Labels a distance from the start: `T`, `T+1h 30m`.
fn tick(seconds: i64) -> String {
    let length = Length {
        seconds: seconds.abs(),
        unit: Unit::Second,
        about: false,
        most: None,
    };
    match seconds {
        0 => "T".to_owned(),
        1.. => format!("T+{}", length.short()),
        _ => format!("T-{}", length.short()),
    }
}

fn percent(x: i64) -> String {
    format!("{}.{}%", x / 10, x % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(before: i64, span: i64) -> Vec<String> {
        let origin = DateTime::<Utc>::UNIX_EPOCH;
        let axis = Axis {
            first: origin - chrono::Duration::seconds(before),
            span,
        };
        let ticks = axis.ticks(origin).into_iter();
        ticks
            .map(|tick| format!("{} {}", tick.x, tick.label))
            .collect()
    }

    #[test]
    fn labels_are_at_round_distances_from_the_start() {
        assert_eq!(labels(0, 60), ["50.0% T+30s"]);
        assert_eq!(labels(600, 5400), ["11.1% T", "44.4% T+30m", "77.7% T+1h"]);
        assert_eq!(
            labels(0, 20 * 86_400),
            ["25.0% T+5d", "50.0% T+10d", "75.0% T+15d"]
        );
    }
}
