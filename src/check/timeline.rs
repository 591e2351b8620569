//! Checks of timelines: order, completeness, and impossible times.

mod alert;
mod gap;

use std::cmp::Reverse;

use camino::Utf8Path;
use chrono::{DateTime, TimeDelta, Utc};

use super::governance::signing_dates;
use super::partial::{AS_OF, DURATIONS, EACH_TIME, KIND, MARKS, STATUS, ZONE};
use super::{Case, Check, Finding, Findings, Run, Trait};
use crate::diagnostic::Level;
use crate::facts::{Endpoint, EndpointSource, Length, State, Unit, Window, between};
use crate::incident::{Kind, Status};
use crate::kind::Duration;
use crate::moment::{Moment, Precision, Zone};
use crate::source::{Path, Segment};
use crate::timeline::{EventKind, Mark};
use crate::token::{DAY, Languages, TimeUnit};
use alert::alert_too_early;
use gap::gap;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "timeline-out-of-order",
        level: Level::Warning,
        traits: &[],
        summary: "the events of a timeline are out of order",
        why: "The report sorts them, but wrong order in the file often means a wrong date or time zone.",
        example: "An event at 00:04 after one at 23:58 needs its date: `2025-01-15 00:04`.",
        reads: &[MARKS, ZONE],
        run: Run::Incident(out_of_order),
    },
    Check {
        code: "in-the-future",
        level: Level::Warning,
        traits: &[],
        summary: "a recorded time is in the future",
        why: "Recorded times are in the past, so the date or the time zone is wrong.",
        example: "`2025-01-14` instead of `2052-01-14`.",
        reads: &[
            EACH_TIME,
            ZONE,
            AS_OF,
            &["incident.status", "timeline.events[].until"],
        ],
        run: Run::Incident(in_the_future),
    },
    Check {
        code: "acknowledged-before-paged",
        level: Level::Warning,
        traits: &[],
        summary: "the incident was acknowledged before anyone was paged",
        why: "One of the two marks is on the wrong event.",
        example: "Mark the first page as `paged`, and the first answer to it as `acknowledged`.",
        reads: &[MARKS, DURATIONS],
        run: Run::Incident(acknowledged_before_paged),
    },
    Check {
        code: "resolved-without-end",
        level: Level::Warning,
        traits: &[Trait::OfFinished],
        summary: "an incident has ended without a recorded end",
        why: "Without a recorded end, the duration is unknown and metrics cannot include the incident.",
        example: "Mark the event that ended it: `\"marks\": [\"ended\"]`.",
        reads: &[MARKS, STATUS, KIND],
        run: Run::Incident(resolved_without_end),
    },
    Check {
        code: "impact-after-end",
        level: Level::Warning,
        traits: &[],
        summary: "impact starts after the incident ended, or ends after it and lasts longer than the incident; or that on a service \
                  ends after the incident and all other impact",
        why: "The official duration leaves out time in which users were affected.",
        example: "`ended` at 10:30 with impact from 09:00 to 11:10: set `ended` to 11:10 or later, or correct `impact_ended`.",
        reads: &[
            MARKS,
            DURATIONS,
            STATUS,
            ZONE,
            &["incident.impact.services", "timeline.events.id"],
        ],
        run: Run::Incident(|case, findings| {
            impact_after_end(case, findings);
            service_after_end(case, findings);
        }),
    },
    Check {
        code: "mark-after-end",
        level: Level::Warning,
        traits: &[],
        summary: "the incident was declared, mitigated or resolved after it ended, declared or mitigated after it was resolved, or mitigated after its impact ended",
        why: "What is over needs no mitigation and no response, so a date, time zone or mark is wrong.",
        example: "Mark as `declared` the event that started the response, not the one for writing the report.",
        reads: &[MARKS, STATUS, ZONE],
        run: Run::Incident(mark_after_end),
    },
    Check {
        code: "event-marks-nothing",
        level: Level::Warning,
        traits: &[],
        summary: "an `ack` or `closed` event has no mark",
        why: "An event's `kind` does not set a mark. Without the mark, the time to acknowledge or the end is unknown.",
        example: "`\"kind\": \"ack\", \"marks\": [\"acknowledged\"]`",
        reads: &[&[
            "incident.times",
            "timeline.events.marks",
            "timeline.events.kind",
        ]],
        run: Run::Incident(marks_nothing),
    },
    Check {
        code: "alert-too-early",
        level: Level::Warning,
        traits: &[],
        summary: "the alert cannot have fired that early",
        why: "An alert with `for: 1m` fires a minute after its condition became true, so impact started earlier than stated.",
        example: "Set `impact_started` to when the condition became true, not to when it was first noticed.",
        reads: &[MARKS, DURATIONS, &["incident.detection.alert"]],
        run: Run::Incident(alert_too_early),
    },
    Check {
        code: "gap-in-timeline",
        level: Level::Warning,
        traits: &[],
        summary: "a long gap between events during impact",
        why: "Long gaps during impact look like inaction and are the first thing reviewers ask about.",
        example: "Add what was tried, or who you were waiting for.",
        reads: &[MARKS, &["timeline.events", "settings.checks"]],
        run: Run::Incident(gap),
    },
    Check {
        code: "mark-on-hidden-event",
        level: Level::Warning,
        traits: &[],
        summary: "a mark is on an event that is never printed",
        why: "The report states a number that no entry of its timeline explains.",
        example: "Show the event, or set the time in `[times]`.",
        reads: &[&["timeline.events[].marks"]],
        run: Run::Incident(mark_on_hidden),
    },
];

fn event(index: usize) -> Path {
    Path::new().key("events").index(index)
}

fn out_of_order(case: &Case, findings: &mut Findings) {
    let mut before: Option<(usize, Moment)> = None;
    for (index, entry) in case.record.timeline.events.iter().enumerate() {
        let Some(moment) = case.record.began(entry) else {
            continue;
        };
        if let Some((earlier, last)) = before.filter(|(_, last)| moment.order() < last.order()) {
            let (later, sooner) = case.full_times(&moment, &last);
            let message = format!("events out of order: {later} is listed after {sooner}");
            findings.add(
                Finding::new(message)
                    .at(
                        case.timeline_file(),
                        event(index).key("at"),
                        "listed later",
                    )
                    .at(case.timeline_file(), event(earlier).key("at"), "listed first")
                    .help("correct the date or time zone, or move the event; the report sorts events by time"),
            );
            return;
        }
        before = Some((index, moment));
    }
}

fn in_the_future(case: &Case, findings: &mut Findings) {
    if case.facts.status == Status::Planned {
        return;
    }
    let incident = &case.record.incident;
    let zone = case.record.zone(case.config);
    let time_defaults = case.record.time_defaults();
    let key = |name: &str| Path::new().key(name);
    let times = case.written_times().iter();
    let times = times.filter(|(_, path, _)| !is_planned(path));
    let times = times.filter_map(|(file, path, written)| {
        let day = time_defaults.resolve(written).ok()?.last().day(zone);
        case.as_of
            .is_before(day)
            .then(|| (*file, path.clone(), day))
    });
    let done = incident.action_items.iter().enumerate();
    let done = done.filter_map(|(index, item)| {
        let path = key("action_items").index(index).key("done_on");
        Some((path, item.done_on?.0))
    });
    let analyzed = incident
        .analysis
        .as_ref()
        .and_then(|analysis| analysis.date);
    let analyzed = analyzed.map(|date| (key("analysis").key("date"), date.0));
    let days = done.chain(signing_dates(case)).chain(analyzed);
    let days = days.map(|(path, day)| (case.file(), path, day));
    for (file, path, day) in times
        .chain(days)
        .filter(|(.., day)| case.as_of.is_before(*day))
    {
        findings.add(
            Finding::new(format!(
                "recorded time is in the future: {day} is after {}",
                case.as_of.day()
            ))
            .at(file, path, "")
            .help("correct the date or the time zone"),
        );
    }
}

/// Returns `true` for the key path of a time that was planned rather than recorded.
fn is_planned(path: &Path) -> bool {
    let planned = ["next_update_at", "review_on"];
    let is_schedule =
        matches!(path.segments().first(), Some(Segment::Key(key)) if key == "schedule");
    is_schedule
        || matches!(path.segments().last(), Some(Segment::Key(key)) if planned.contains(&key.as_str()))
}

fn acknowledged_before_paged(case: &Case, findings: &mut Findings) {
    let fact = case
        .facts
        .response_metric("page_to_acknowledge")
        .filter(|fact| fact.state == State::Invalid);
    if let Some((from, to)) = fact.and_then(|fact| Some((fact.from?, fact.to?))) {
        let ((paged_file, paged), (taken_file, taken)) =
            (case.endpoint_location(&from), case.endpoint_location(&to));
        findings.add(
            Finding::new("the incident was acknowledged before anyone was paged")
                .at(taken_file, taken, "acknowledged here")
                .at(paged_file, paged, "paged here")
                .help(
                    "mark the first page as `paged`, and the first answer to it as `acknowledged`",
                ),
        );
    }
}

fn resolved_without_end(case: &Case, findings: &mut Findings) {
    let counts = matches!(case.record.incident.kind, Kind::Incident | Kind::NearMiss);
    if counts && case.facts.status >= Status::Resolved && case.facts.ended.is_none() {
        findings.add(
            Finding::new("the incident has ended, but no event marks the end")
                .at(case.file(), Path::new().key("status"), "")
                .help("mark an event as `impact_ended`, `resolved` or `ended`, or set the time in `[times]`"),
        );
    }
    let last = case.facts.windows.last();
    let open = last.filter(|window| window.to.is_none() && case.facts.ended.is_some());
    if let Some(window) = open.filter(|_| counts && case.facts.status >= Status::Resolved) {
        let (file, path) = case.endpoint_location(&window.from);
        findings.add(
            Finding::new("the incident has ended, but no event marks the end of the impact")
                .at(file, path, "the impact starts here")
                .help(format!(
                    "record when users had recovered: `afterword log {} --mark impact_ended --at TIME`",
                    case.record.id
                )),
        );
    }
}

/// Returns the official end: the one that the report prints, or else the mark `ended`.
fn official_end(case: &Case) -> Option<Endpoint> {
    let marks = case.record.marks();
    let marked = marks.iter().rfind(|marked| marked.mark == Mark::Ended);
    let printed = case.facts.ended;
    printed
        .filter(|end| end.source != EndpointSource::Mark(Mark::ImpactEnded))
        .or_else(|| marked.map(Endpoint::from))
}

/// Returns how much later a time is, or `None` if it is not later or both may be the same.
fn after(earlier: &Moment, later: &Moment, zone: Zone) -> Option<Length> {
    let length = between(earlier, later, zone)?;
    let least = if length.about { 10 * 60 } else { 0 };
    (length.seconds > least).then_some(length)
}

fn impact_after_end(case: &Case, findings: &mut Findings) {
    let (facts, zone) = (case.facts, case.record.zone(case.config));
    let Some(end) = official_end(case) else {
        return;
    };
    let started_after = facts
        .windows
        .iter()
        .find(|window| after(&end.moment, &window.from.moment, zone).is_some());
    let ended = end.moment.in_full(zone);
    let (message, at, label) = if let Some(window) = started_after {
        let from = window.from.moment.in_full(zone);
        (
            format!("impact started at {from}, after the incident ended at {ended}"),
            window.from,
            "impact started here",
        )
    } else {
        let length = |key: &str| facts.response_metric(key).and_then(|fact| fact.length);
        let lengths = length("customer_impact").zip(length("duration"));
        let last = facts.windows.last().and_then(|window| window.to);
        let last = last.filter(|to| after(&end.moment, &to.moment, zone).is_some());
        let (Some((impact, duration)), Some(to)) = (
            lengths.filter(|(impact, duration)| impact.seconds > duration.longest()),
            last,
        ) else {
            return;
        };
        let until = to.moment.in_full(zone);
        (
            format!(
                "impact lasted {impact} until {until}, but the incident ended at {ended} after {duration}"
            ),
            to,
            "impact ended here",
        )
    };
    let ((file, path), (end_file, end_path)) =
        (case.endpoint_location(&at), case.endpoint_location(&end));
    findings.add(
        Finding::new(message)
            .at(file, path, label)
            .at(end_file, end_path, "the incident ended here")
            .help(
                "move the end of the incident to the end of impact or later, or correct the time of the impact",
            ),
    );
}

fn service_after_end(case: &Case, findings: &mut Findings) {
    let (facts, zone) = (case.facts, case.record.zone(case.config));
    let Some(end) = official_end(case) else {
        return;
    };
    let impact = facts.windows.iter().filter_map(|window| window.to);
    let latest = impact.chain([end]).max_by_key(|end| end.moment.order());
    for window in &facts.services {
        let Some((until, latest)) = window.until.zip(latest) else {
            continue;
        };
        let Some(length) = after(&latest.moment, &until.moment, zone) else {
            continue;
        };
        let service = Path::new().key("impact").key("services");
        let (end_file, end_path) = case.endpoint_location(&latest);
        findings.add(
            Finding::new(format!(
                "the impact on `{}` ended {length} after the incident and its impact, which ended by {}",
                window.service,
                latest.moment.in_full(zone)
            ))
            .at(case.file(), service.index(window.entry).key("until"), "")
            .at(end_file, end_path, "the last other end")
            .help("correct `until`, or move the end of the impact and of the incident"),
        );
    }
}

/// Marks that cannot be later than another one.
const ORDER: &[(Mark, Mark)] = &[
    (Mark::Declared, Mark::Ended),
    (Mark::Declared, Mark::Resolved),
    (Mark::Mitigated, Mark::Ended),
    (Mark::Resolved, Mark::Ended),
    (Mark::Mitigated, Mark::Resolved),
    (Mark::Mitigated, Mark::ImpactEnded),
];

fn mark_after_end(case: &Case, findings: &mut Findings) {
    let zone = case.record.zone(case.config);
    let marks = case.record.marks();
    // Of an incident that was open again, only what followed counts.
    let again = case.facts.reopened.map(|again| again.order());
    let is_past = |end: &Endpoint| again.is_some_and(|again| end.moment.order() < again);
    let last = |mark: Mark| {
        let marked = marks.iter().rfind(|marked| marked.mark == mark)?;
        Some(Endpoint::from(marked)).filter(|end| !is_past(end))
    };
    for (mark, limit) in ORDER {
        let Some((late, end)) = last(*mark).zip(last(*limit)) else {
            continue;
        };
        let Some(length) = after(&end.moment, &late.moment, zone) else {
            continue;
        };
        let ((file, path), (end_file, end_path)) =
            (case.endpoint_location(&late), case.endpoint_location(&end));
        let (mark, limit) = (mark.as_str(), limit.as_str());
        findings.add(
            Finding::new(format!(
                "the incident was {mark} {length} after {} at {}",
                match limit {
                    "ended" => "it ended",
                    "impact_ended" => "its impact ended",
                    _ => "it was resolved",
                },
                end.moment.in_full(zone)
            ))
            .at(file, path, format!("{mark} here"))
            .at(end_file, end_path, format!("{limit} here"))
            .help("correct the date, time, time zone or mark that is wrong"),
        );
    }
}

fn marks_nothing(case: &Case, findings: &mut Findings) {
    let record = case.record;
    for (kind, word, mark) in [
        (EventKind::Ack, "ack", Mark::Acknowledged),
        (EventKind::Closed, "closed", Mark::Ended),
    ] {
        let first = record
            .timeline
            .events
            .iter()
            .position(|entry| entry.kind == kind);
        if let Some(index) = first.filter(|_| !record.is_marked(mark)) {
            findings.add(
                Finding::new(format!(
                    "event of kind `{word}`, but no event is marked as `{}`",
                    mark.as_str()
                ))
                .at(case.timeline_file(), event(index).key("kind"), "")
                .help(format!(
                    "add `\"marks\": [\"{}\"]` to the event",
                    mark.as_str()
                )),
            );
        }
    }
}

fn mark_on_hidden(case: &Case, findings: &mut Findings) {
    for (index, entry) in case.record.timeline.events.iter().enumerate() {
        if let Some(mark) = entry.marks.first().filter(|_| entry.hidden) {
            findings.add(
                Finding::new(format!("mark `{}` is on a hidden event", mark.as_str()))
                    .at(case.timeline_file(), event(index).key("marks"), "")
                    .help("show the event, or set the time in `[times]`"),
            );
        }
    }
}
