//! Compares a duration with the times of an incident that it may be measured between.
//!
//! A duration may be measured from the start, the detection or the declaration, and often nobody says which. So it is
//! wrong only if no two times that it may mean are as far apart.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveTime, TimeDelta};

use crate::facts::{Length, Unit, between};
use crate::moment::{Moment, Zone};
use crate::timeline::Mark;
use crate::token::DAY;

/// What a duration measures, by its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Until the detection.
    Detect,
    /// Until the acknowledgement.
    Acknowledge,
    /// Until the cause was identified.
    Identify,
    /// Until the mitigation.
    Mitigate,
    /// Until the mitigation or the end.
    Recover,
    /// Until the end.
    Resolve,
    /// From start to end.
    Whole,
    /// From start to end, or as long as users were affected.
    Impact,
}

impl Measure {
    /// Returns `true` if the duration lasts until the end.
    #[must_use]
    pub const fn is_last(self) -> bool {
        matches!(self, Self::Whole | Self::Impact)
    }

    /// Returns the marks that may be its start, and those that may be its end.
    const fn endpoints(self) -> (&'static [Mark], &'static [Mark]) {
        match self {
            Self::Detect => (&[Mark::Started, Mark::ImpactStarted], &[Mark::Detected]),
            Self::Acknowledge => (
                &[Mark::Detected, Mark::Paged, Mark::Started],
                &[Mark::Acknowledged],
            ),
            Self::Identify => (STARTS, &[Mark::Identified]),
            Self::Mitigate => (STARTS, &[Mark::Mitigated]),
            Self::Recover => (STARTS, ENDS),
            Self::Resolve => (STARTS, &[Mark::Resolved, Mark::Ended, Mark::ImpactEnded]),
            Self::Whole | Self::Impact => {
                (&[Mark::Started, Mark::ImpactStarted, Mark::Detected], ENDS)
            }
        }
    }
}

const STARTS: &[Mark] = &[
    Mark::Started,
    Mark::ImpactStarted,
    Mark::Detected,
    Mark::Declared,
];

const ENDS: &[Mark] = &[
    Mark::Ended,
    Mark::Resolved,
    Mark::ImpactEnded,
    Mark::Mitigated,
];

/// The number of events that are tried as the start or the end of a stated duration.
const TRIED: usize = 200;

/// The times that an incident records.
#[derive(Debug, Default)]
pub struct RecordedTimes {
    /// The times of its marks, in the order of the timeline.
    pub marks: BTreeMap<Mark, Vec<Moment>>,
    /// The times of its events, in their order.
    pub events: Vec<Moment>,
    /// The times of events that may be the end of something, with the marks that they may be.
    pub ends: Vec<(Moment, Vec<Mark>)>,
    /// Whether the start and the end are stated by labels, so that a duration beside them can only be theirs.
    pub is_span_stated: bool,
    /// The times of day that its texts name.
    pub named: BTreeSet<NaiveTime>,
}

/// What a stated duration differs from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Differing {
    /// The duration between two marks.
    Between(Mark, Mark, Length),
    /// The sum of the durations between the marks of several windows.
    Sum(Mark, Mark, Length),
    /// The durations between any two times.
    Any,
}

impl Differing {
    /// Describes what the duration should be: ``from `started` to `ended` are 45 minutes``.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Between(start, end, length) => {
                format!(
                    "from `{}` to `{}` are {length}",
                    start.as_str(),
                    end.as_str()
                )
            }
            Self::Sum(start, end, length) => format!(
                "the windows from `{}` to `{}` add up to {length}",
                start.as_str(),
                end.as_str()
            ),
            Self::Any => "no two times of the report are as far apart".to_owned(),
        }
    }

    /// Returns the marks that the duration was compared with.
    #[must_use]
    pub fn marks(&self) -> Vec<(Mark, &'static str)> {
        match self {
            Self::Between(start, end, _) | Self::Sum(start, end, _) => {
                vec![(*start, "the start"), (*end, "the end")]
            }
            Self::Any => Vec::new(),
        }
    }

    /// Returns what to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Between(.., length) | Self::Sum(.., length) => {
                format!("write `{length}`, or correct the wrong time")
            }
            Self::Any => {
                "correct the duration, or add the event that it is measured to or from".to_owned()
            }
        }
    }
}

/// A mark and its time.
type MarkedTime = (Mark, Moment);

impl RecordedTimes {
    /// Returns the times of some marks.
    fn all(&self, marks: &[Mark]) -> Vec<MarkedTime> {
        let of = |mark: &Mark| {
            let times = self.marks.get(mark).into_iter().flatten();
            times.map(|at| (*mark, *at)).collect::<Vec<_>>()
        };
        marks.iter().flat_map(of).collect()
    }

    /// Returns the times that a duration may be measured from, and those to which.
    fn endpoints(&self, measure: Measure) -> (Vec<MarkedTime>, Vec<MarkedTime>) {
        let (starts, ends) = measure.endpoints();
        let mut last = self.all(ends);
        if last.is_empty() && measure == Measure::Mitigate {
            last = self.all(ENDS);
        }
        (self.all(starts), last)
    }

    /// Returns the durations between the marks that a duration may be measured between.
    pub fn pairs(&self, measure: Measure, zone: Zone) -> Vec<(Mark, Mark, Length)> {
        let (first, last) = self.endpoints(measure);
        let to = |(mark, start): &MarkedTime| {
            let lengths = last.iter().filter_map(|(end, at)| {
                let length = between(start, at, zone)?;
                Some((*mark, *end, length))
            });
            lengths.collect::<Vec<_>>()
        };
        first.iter().flat_map(to).collect()
    }

    /// Returns what a duration differs from; `None` if it fits two times that it may be measured between.
    ///
    /// `fits` decides whether a computed duration agrees, and `typed` is the stated one in seconds.
    pub fn differing(
        &self,
        measure: Measure,
        typed: i64,
        zone: Zone,
        fits: impl Fn(Length) -> bool,
    ) -> Option<Differing> {
        let (first, last) = self.endpoints(measure);
        let is_rough = |(_, at): &MarkedTime| at.is_day() || at.about;
        if first.iter().chain(&last).any(is_rough) {
            return None;
        }
        let pairs = self.pairs(measure, zone);
        let distance = |length: Length| (length.known() - typed).abs();
        let Some((start, end, length)) =
            { pairs.iter() }.min_by_key(|(.., length)| distance(*length))
        else {
            return self
                .has_none(measure, typed, zone, fits)
                .then_some(Differing::Any);
        };
        let differing = match self.sum(measure, zone) {
            Ok(None) => Differing::Between(*start, *end, *length),
            Ok(Some((start, end, length))) if !fits(length) => Differing::Sum(start, end, length),
            _ => return None,
        };
        if pairs.iter().any(|(.., length)| fits(*length)) {
            return None;
        }
        let is_stated = measure == Measure::Whole && self.is_span_stated;
        let is_of_others = self.has_between_events(measure, zone, &fits)
            || self.has_from_first(measure, &first, zone, &fits);
        (is_stated || !is_of_others).then_some(differing)
    }

    /// Returns `true` if a duration fits the first event and one below its marked starts, none of which is that of the incident.
    fn has_from_first(
        &self,
        measure: Measure,
        starts: &[MarkedTime],
        zone: Zone,
        fits: impl Fn(Length) -> bool,
    ) -> bool {
        let is_start = |mark: Mark| matches!(mark, Mark::Started | Mark::ImpactStarted);
        let is_known = starts.iter().any(|(mark, _)| is_start(*mark));
        let is_response = matches!(measure, Measure::Detect | Measure::Acknowledge);
        let first = self.events.iter().min_by_key(|at| at.order());
        !is_known
            && !is_response
            && first.is_some_and(|first| {
                let latest = starts.iter().map(|(_, at)| at.order()).max();
                let events = self.events.iter().take(TRIED);
                let later = events.filter(|at| Some(at.order()) > latest);
                has_pair(&[*first], &later.copied().collect::<Vec<_>>(), zone, fits)
            })
    }

    /// Returns the sum of several windows; `None` if there is one window.
    ///
    /// # Errors
    ///
    /// Returns an error if marks are repeated and form no windows.
    fn sum(&self, measure: Measure, zone: Zone) -> Result<Option<(Mark, Mark, Length)>, ()> {
        let (starts, ends) = measure.endpoints();
        let times = |mark: &Mark| self.marks.get(mark).map_or(&[][..], Vec::as_slice);
        let repeats = |mark: &&Mark| times(mark).len() > 1;
        let mut repeated = starts.iter().chain(ends).filter(repeats);
        if !measure.is_last() || repeated.next().is_none() {
            return Ok(None);
        }
        let windows = |start: &Mark, end: &Mark| {
            let (from, to) = (times(start), times(end));
            let lengths = from
                .iter()
                .zip(to)
                .map(|(from, to)| between(from, to, zone));
            let lengths: Option<Vec<Length>> = lengths.collect();
            let sum = lengths?.into_iter().reduce(Length::plus);
            Some((
                *start,
                *end,
                sum.filter(|_| from.len() == to.len() && from.len() > 1)?,
            ))
        };
        let mut found = starts
            .iter()
            .flat_map(|start| ends.iter().filter_map(move |end| windows(start, end)));
        found.next().map(Some).ok_or(())
    }

    /// Returns `true` if a duration fits events that may be its start and its end.
    ///
    /// Any event before the detection may be the start, and any that may be an end the end.
    fn has_between_events(
        &self,
        measure: Measure,
        zone: Zone,
        fits: impl Fn(Length) -> bool,
    ) -> bool {
        let (first, _) = self.endpoints(measure);
        let detected = self.marks.get(&Mark::Detected).into_iter().flatten();
        let starts = first.iter().map(|(_, start)| start);
        let latest = detected
            .chain(starts.clone().take(1))
            .map(Moment::order)
            .max();
        let events = self.events.iter().take(TRIED);
        let before = events.filter(|at| Some(at.order()) <= latest);
        let may_start: Vec<Moment> = before.chain(starts).copied().collect();
        has_pair(&may_start, &self.may_end(measure), zone, fits)
    }

    /// Returns the times of the marks and of the events that may be the end of a duration.
    fn may_end(&self, measure: Measure) -> Vec<Moment> {
        let (_, last) = self.endpoints(measure);
        let (_, marks) = measure.endpoints();
        let is_end = |marked: &[Mark]| marked.iter().any(|mark| marks.contains(mark));
        let stated = self.ends.iter().take(TRIED);
        let stated = stated
            .filter(|(_, marked)| is_end(marked))
            .map(|(at, _)| at);
        let final_event = self.events.last().filter(|_| measure.is_last());
        let marked = last.iter().map(|(_, at)| at);
        marked.chain(stated).chain(final_event).copied().collect()
    }

    /// Returns `true` if no two times are as far apart as a duration whose start or end is not known.
    ///
    /// Few times decide nothing: the one that it is measured to may not be among them.
    pub fn has_none(
        &self,
        measure: Measure,
        typed: i64,
        zone: Zone,
        fits: impl Fn(Length) -> bool,
    ) -> bool {
        let (starts, ends) = self.known(measure);
        let marked = self.marks.values().flatten();
        let events = self.events.iter().take(TRIED);
        let all: Vec<Moment> = events.chain(marked).copied().collect();
        let clock = |at: &Moment| zone.wall_clock(at.at).time();
        let mut named = self.named.clone();
        named.extend(all.iter().map(clock));
        let needed = self.needed(measure, ends.is_some());
        let is_long = typed >= DAY && all.len() < needed;
        let is_rough = all.iter().any(|at| at.is_day() || at.about);
        let is_late = starts.is_none() && self.may_begin_late(measure);
        if named.len() < needed || is_long || is_rough || is_late {
            return false;
        }
        let clocks = |known: Option<&Vec<Moment>>| -> BTreeSet<NaiveTime> {
            known.map_or_else(|| named.clone(), |known| known.iter().map(clock).collect())
        };
        let (from, to) = (clocks(starts.as_ref()), clocks(ends.as_ref()));
        let is_on_clock =
            { from.iter() }.any(|from| to.iter().any(|to| fits(on_clock(*from, *to))));
        let starts = starts.unwrap_or_else(|| all.clone());
        !is_on_clock && !has_pair(&starts, &ends.unwrap_or(all), zone, fits)
    }

    /// Returns the times that a duration is measured from, and those to which, each `None` if it may be any.
    fn known(&self, measure: Measure) -> (Option<Vec<Moment>>, Option<Vec<Moment>>) {
        let (first, last) = self.endpoints(measure);
        // After a detection or before a full recovery, there is another time that the duration may mean.
        let late: &[Mark] = match measure {
            Measure::Acknowledge => &[],
            _ => &[Mark::Detected, Mark::Declared],
        };
        let early: &[Mark] = match measure {
            Measure::Recover | Measure::Whole | Measure::Impact => &[Mark::Mitigated],
            _ => &[],
        };
        let is_known = |times: &[(Mark, Moment)], doubtful: &[Mark]| {
            times.iter().any(|(mark, _)| !doubtful.contains(mark))
        };
        let starts = || first.iter().map(|(_, at)| *at).collect();
        (
            is_known(&first, late).then(starts),
            is_known(&last, early).then(|| self.may_end(measure)),
        )
    }

    /// Returns the number of times without which a duration cannot be compared with any two of them.
    fn needed(&self, measure: Measure, is_end_known: bool) -> usize {
        let may_be_end =
            |(_, marks): &(Moment, Vec<Mark>)| marks.iter().any(|mark| ENDS.contains(mark));
        match measure.is_last() {
            true if is_end_known || self.ends.last().is_some_and(may_be_end) => 2,
            true => 3,
            false => 4,
        }
    }

    /// Returns `true` if the first event may be the detection, before which there is a start that is not recorded.
    fn may_begin_late(&self, measure: Measure) -> bool {
        let first = self.ends.first();
        measure == Measure::Detect
            && first.is_some_and(|(_, marks)| marks.contains(&Mark::Detected))
    }
}

/// Returns `true` if a duration fits a start and an end.
fn has_pair(starts: &[Moment], ends: &[Moment], zone: Zone, fits: impl Fn(Length) -> bool) -> bool {
    let is_fit = |start: &Moment, end: &Moment| {
        let length = between(start, end, zone);
        length.is_some_and(|length| length.known() > 0 && fits(length))
    };
    { starts.iter() }.any(|start| ends.iter().any(|end| is_fit(start, end)))
}

/// Returns the duration from one time of day to the next time that it is another.
#[must_use]
pub fn on_clock(from: NaiveTime, to: NaiveTime) -> Length {
    let apart = to - from;
    let apart = if apart < TimeDelta::zero() {
        apart + TimeDelta::days(1)
    } else {
        apart
    };
    Length {
        seconds: apart.num_seconds(),
        unit: Unit::Minute,
        about: false,
        most: None,
    }
}
