//! Compares the times of day that a text states for the impact with the recorded ones.

use chrono::{NaiveTime, TimeDelta, Timelike};

use super::{Coverage, Statement};
use crate::check::stated::{Context, Span, Stated, StatedMetric, StatedTimes};
use crate::check::{Case, Finding};
use crate::facts::{Endpoint, EndpointSource};
use crate::incident::{Kind, Stage};
use crate::moment::{Calendar, Zone};
use crate::timeline::Mark;
use crate::token::Bound;

/// A start and an end, or one time twice.
type Times = (Endpoint, Endpoint);

/// Compares the times of day that a text states; `None` if they agree with recorded ones, or are of something else.
pub(super) fn finding(
    case: &Case,
    statement: &Statement,
    stated: &Stated,
    times: &StatedTimes,
) -> Option<Finding> {
    if case.record.incident.kind == Kind::Maintenance || !is_comparable(case, statement, times) {
        return None;
    }
    let recorded = recorded(case, statement, times.span);
    // Of a date without a time and of a range, no time of day is known.
    if recorded
        .iter()
        .any(|(from, to)| !from.moment.is_timed() || !to.moment.is_timed())
    {
        return None;
    }
    let zones = zones(case, times, &recorded.first()?.0);
    let (from, to) = match times.span {
        Span::Window(from, to) => (from, to),
        Span::Start(time) | Span::End(time) | Span::Since(time) | Span::Reached(_, time) => {
            (time, time)
        }
    };
    let is_near = |time: NaiveTime, is: &Endpoint, zone: Zone| {
        let is_about = is.moment.about || stated.bound == Bound::About;
        near(time, zone.wall_clock(is.moment.at).time(), is_about)
    };
    // A window that an early message states was not the whole yet.
    let is_early = statement
        .message(case)
        .is_some_and(|message| message.stage < Stage::Monitoring);
    let is_within = |time: NaiveTime, (start, end): &Times, zone: Zone| {
        let apart = |is: &Endpoint| seconds_between(time, zone.wall_clock(is.moment.at).time());
        (is_early || stated.is_part) && apart(start) >= 0 && apart(end) <= 0
    };
    let is_same = |zone: &Zone| {
        let mut recorded = recorded.iter();
        recorded.any(|window| {
            (is_near(from, &window.0, *zone) || is_within(from, window, *zone))
                && (is_near(to, &window.1, *zone) || is_within(to, window, *zone))
        })
    };
    if zones.is_empty() || zones.iter().any(is_same) {
        return None;
    }
    let zone = *zones.first()?;
    // The official times are right as well, but the impact is what a text should state.
    let is_of_impact = |(start, end): &&Times| is_impact(start) && is_impact(end);
    let is_any = recorded.iter().any(|times| is_of_impact(&times));
    let named = recorded
        .iter()
        .filter(|times| !is_any || is_of_impact(times));
    let (start, end) = named.min_by_key(|(start, end)| {
        let apart = |stated: NaiveTime, is: &Endpoint| {
            seconds_between(stated, zone.wall_clock(is.moment.at).time()).abs()
        };
        apart(from, start) + apart(to, end)
    })?;
    Some(differs(case, statement, stated, times.span, (start, end)))
}

/// Returns `true` if times are those of the incident as far as the sentence and its place tell.
fn is_comparable(case: &Case, statement: &Statement, times: &StatedTimes) -> bool {
    match (times.context, statement.message(case)) {
        (Context::Label, _) => statement.is_overview(case),
        (Context::Impact, Some(_)) => true,
        (Context::Bare, Some(message)) => message.audience().is_external(),
        (Context::Impact, None) => statement.coverage != Coverage::SoFar,
        (Context::Bare, None) => false,
    }
}

/// Returns the recorded times that a text may mean; none while the impact goes on.
fn recorded(case: &Case, statement: &Statement, span: Span) -> Vec<Times> {
    let (facts, marks) = (case.facts, case.record.marks());
    let windows = || facts.windows.iter();
    let closed: Vec<Times> = windows()
        .filter_map(|window| Some((window.from, window.to?)))
        .collect();
    let single = |end: Endpoint| (end, end);
    let marked = |wanted: &'static [Mark]| {
        let marks = marks
            .iter()
            .filter(move |marked| wanted.contains(&marked.mark));
        marks.map(|marked| single(Endpoint::from(marked)))
    };
    match span {
        Span::Window(..) if closed.len() < facts.windows.len() => Vec::new(),
        Span::Window(..) => {
            let (first, last) = (closed.first().copied(), closed.last().copied());
            let whole = first.zip(last).map(|(first, last)| (first.0, last.1));
            // The official times are those of the report, but not those of the customers.
            let official = facts.started.zip(facts.ended);
            let official = official.filter(|_| closed.is_empty() || !statement.is_of_impact(case));
            closed.into_iter().chain(whole).chain(official).collect()
        }
        Span::Start(_) => {
            let started = facts.started.map(single).into_iter();
            windows()
                .map(|window| single(window.from))
                .chain(started)
                .collect()
        }
        Span::Since(_) => marked(&[
            Mark::ImpactStarted,
            Mark::Started,
            Mark::Detected,
            Mark::Declared,
            Mark::Paged,
            Mark::Acknowledged,
        ])
        .collect(),
        Span::Reached(metric, _) => {
            let messages = case.updates().iter();
            let messages = messages.filter(|_| metric == StatedMetric::Notify);
            let sent = messages.map(|update| Endpoint {
                source: EndpointSource::Message(update.index),
                moment: update.sent,
                event: None,
            });
            marked(reached_by(metric)).chain(sent.map(single)).collect()
        }
        Span::End(_) if facts.status.is_open() => Vec::new(),
        Span::End(_) => marked(&[
            Mark::ImpactEnded,
            Mark::Ended,
            Mark::Resolved,
            Mark::Mitigated,
        ])
        .collect(),
    }
}

/// Returns the marks whose time a text may mean as the end of a metric.
const fn reached_by(metric: StatedMetric) -> &'static [Mark] {
    match metric {
        // Who noticed first may be an alert, a customer or a responder.
        StatedMetric::Detect => &[
            Mark::Detected,
            Mark::Paged,
            Mark::Acknowledged,
            Mark::Declared,
        ],
        StatedMetric::Acknowledge => &[Mark::Acknowledged],
        StatedMetric::Identify => &[Mark::Identified],
        StatedMetric::Mitigate => &[Mark::Mitigated, Mark::ImpactEnded],
        StatedMetric::Notify => &[Mark::CustomerNotified],
        StatedMetric::Resolve | StatedMetric::Last | StatedMetric::Impact => &[],
    }
}

/// Returns the time zones in which times may be meant: those of the timeline and the report, or the one that is named.
///
/// None if it is unknown.
fn zones(case: &Case, times: &StatedTimes, at: &Endpoint) -> Vec<Zone> {
    let own = [
        case.record.time_defaults().zone,
        case.record.zone(case.config),
    ];
    let Some(stated) = &times.zone else {
        return own.to_vec();
    };
    let is_named = |zone: &Zone| {
        let abbreviation = zone.abbreviation(at.moment.at);
        abbreviation.eq_ignore_ascii_case(&stated.abbreviation)
    };
    let fixed = stated.offset.and_then(|minutes| {
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
        format!("{sign}{hours:02}:{minutes:02}").parse().ok()
    });
    own.into_iter().filter(is_named).chain(fixed).collect()
}

fn differs(
    case: &Case,
    statement: &Statement,
    stated: &Stated,
    span: Span,
    (start, end): (&Endpoint, &Endpoint),
) -> Finding {
    let zone = case.record.zone(case.config);
    let (from, to) = (start.moment, end.moment);
    let calendar = Calendar::from_times(zone, None, [from, to]);
    let what = |end: &Endpoint| {
        if is_impact(end) {
            "impact"
        } else {
            "the incident"
        }
    };
    let recorded = match span {
        Span::Window(..) => {
            let whole = if is_impact(start) {
                what(end)
            } else {
                what(start)
            };
            format!("{whole} lasted from {}", calendar.span(&from, &to))
        }
        Span::Start(_) | Span::Since(_) => {
            format!("{} started at {}", what(start), calendar.full(&from))
        }
        Span::Reached(metric, _) => format!("{} at {}", done(metric), calendar.full(&from)),
        Span::End(_) => format!("{} ended at {}", what(end), calendar.full(&to)),
    };
    let message = format!("text says `{}`, but {recorded}", statement.quote(stated));
    let mut finding =
        Finding::new(message).at(statement.text.file, statement.text.path(), "stated here");
    let ends = match span {
        Span::Window(..) => vec![(start, "started here"), (end, "ended here")],
        Span::Start(_) | Span::Since(_) => vec![(start, "started here")],
        Span::Reached(..) => vec![(start, "recorded here")],
        Span::End(_) => vec![(end, "ended here")],
    };
    for (end, label) in ends {
        let (file, path) = case.endpoint_location(end);
        finding = finding.at(file, path, label);
    }
    finding.help("state the recorded times, or correct the marks")
}

/// Returns what the end of a metric is.
const fn done(metric: StatedMetric) -> &'static str {
    match metric {
        StatedMetric::Detect => "the incident was detected",
        StatedMetric::Acknowledge => "the page was acknowledged",
        StatedMetric::Identify => "the cause was identified",
        StatedMetric::Mitigate => "the impact was mitigated",
        StatedMetric::Notify => "customers were notified",
        StatedMetric::Resolve | StatedMetric::Last | StatedMetric::Impact => "the incident ended",
    }
}

/// Returns `true` for the start or the end of an impact window.
fn is_impact(end: &Endpoint) -> bool {
    matches!(end.source, EndpointSource::Mark(mark) if mark.is_impact())
}

/// Returns `true` if a stated time is the actual one, rounded down or up to the minute.
fn near(stated: NaiveTime, is: NaiveTime, is_about: bool) -> bool {
    let minute = is.with_second(0).unwrap_or(is);
    let difference = seconds_between(stated, minute);
    stated == is
        || difference == 0
        || (difference == 60 && is.second() > 0)
        || (is_about && difference.abs() <= 600)
}

/// Returns the seconds from one time of day to another, across midnight if that is shorter.
fn seconds_between(stated: NaiveTime, is: NaiveTime) -> i64 {
    const DAY: i64 = 86_400;
    let seconds = TimeDelta::num_seconds(&(stated - is));
    match seconds {
        seconds if seconds > DAY / 2 => seconds - DAY,
        seconds if seconds < -DAY / 2 => seconds + DAY,
        seconds => seconds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stated_time_may_be_rounded_down_or_up_to_the_minute() {
        let time = |text: &str| text.parse::<NaiveTime>().expect("a time");
        let cases = [
            ("14:55", "14:55:33", true),
            ("14:56", "14:55:33", true),
            ("14:55:33", "14:55:33", true),
            ("14:54", "14:55:33", false),
            ("14:57", "14:55:33", false),
            ("14:23", "14:23:00", true),
            ("14:24", "14:23:00", false),
            ("00:00", "23:59:30", true),
        ];
        for (stated, is, expected) in cases {
            assert_eq!(
                near(time(stated), time(is), false),
                expected,
                "{stated} for {is}"
            );
        }
    }
}
