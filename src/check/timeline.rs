//! Timelines that are out of order, incomplete, or say what cannot have been.

use super::{Case, Check, Finding, Findings, Run, Settable};
use crate::diagnostic::Level;
use crate::facts::State;
use crate::incident::{Kind, Status};
use crate::moment::{Moment, Precision};
use crate::source::Path;
use crate::timeline::{EventKind, Mark};

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "timeline-out-of-order",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "the events of a timeline are out of order",
        why: "The report sorts them; in the file, disorder often means a wrong day or zone.",
        example: "An event at 00:04 after one at 23:58 needs its day in front: `2025-01-15 00:04`.",
        run: Run::Incident(out_of_order),
    },
    Check {
        code: "in-the-future",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "something has happened after today",
        why: "What has happened lies in the past: the day or the zone is wrong.",
        example: "`2025-01-14` instead of `2052-01-14`.",
        run: Run::Incident(in_the_future),
    },
    Check {
        code: "acknowledged-before-paged",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "somebody took the incident before anybody was called",
        why: "One of the two marks stands on the wrong event.",
        example: "Mark as `paged` the first call, and as `acknowledged` the first answer to it.",
        run: Run::Incident(acknowledged_before_paged),
    },
    Check {
        code: "resolved-without-end",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "an incident is over and its end is not recorded",
        why: "Without an end there is no duration, and no statistics count it.",
        example: "Mark the event with which it was over: `\"marks\": [\"ended\"]`.",
        run: Run::Incident(resolved_without_end),
    },
    Check {
        code: "event-marks-nothing",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "an `ack` or `closed` event marks nothing",
        why: "A kind sets no mark, so the time to acknowledge or the end stays unknown.",
        example: "`\"kind\": \"ack\", \"marks\": [\"acknowledged\"]`",
        run: Run::Incident(marks_nothing),
    },
    Check {
        code: "alert-too-early",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "the alert cannot have fired that early",
        why: "An alert with `for: 1m` fires a minute after its condition began, so impact began earlier than stated.",
        example: "Set `impact_started` to when the condition began, not to when it was first noticed.",
        run: Run::Incident(alert_too_early),
    },
    Check {
        code: "gap-in-timeline",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "more than 30 minutes without an event while impact lasted",
        why: "Readers ask first about the time in which nothing seems to have been done.",
        example: "Add what was tried, or who was waited for.",
        run: Run::Incident(gap),
    },
    Check {
        code: "mark-on-hidden-event",
        level: Level::Warning,
        settable: Settable::Yes,
        summary: "a mark stands on an event that is never printed",
        why: "The report states a number that no entry of its timeline explains.",
        example: "Show the event, or state the time in `[times]`.",
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
            let zone = case.record.zone(case.config);
            let message = format!(
                "{} comes after {} in the file",
                moment.in_full(zone),
                last.in_full(zone)
            );
            findings.add(
                Finding::new(message)
                    .at(
                        case.timeline_file(),
                        event(index).key("at"),
                        "this is earlier",
                    )
                    .at(case.timeline_file(), event(earlier).key("at"), "than this")
                    .help("the report sorts events; look whether a day or a zone is wrong"),
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
    let record = case.record;
    let zone = record.zone(case.config);
    let mut look = |file: &camino::Utf8Path, path: Path, what: &str, day: chrono::NaiveDate| {
        if day > case.as_of {
            let finding = Finding::new(format!("{what} is on {day}, after {}", case.as_of));
            findings.add(finding.at(file, path, ""));
        }
    };
    for (index, entry) in record.timeline.events.iter().enumerate() {
        if let Some(moment) = record.began(entry) {
            look(
                case.timeline_file(),
                event(index).key("at"),
                "the event",
                moment.day(zone),
            );
        }
    }
    for mark in Mark::ALL {
        if let Some(stated) = record.stated(*mark) {
            look(
                case.file(),
                Path::new().key("times").key(mark.as_str()),
                mark.as_str(),
                stated.moment.day(zone),
            );
        }
    }
    for (index, message) in record.incident.messages.iter().enumerate() {
        if let Some(moment) = record.when(message.sent_at.as_ref(), None) {
            look(
                case.file(),
                Path::new().key("messages").index(index).key("sent_at"),
                "the message",
                moment.day(zone),
            );
        }
    }
    for (index, item) in record.incident.action_items.iter().enumerate() {
        if let Some(day) = item.done_on {
            look(
                case.file(),
                Path::new().key("action_items").index(index).key("done_on"),
                "`done_on`",
                day.0,
            );
        }
    }
    if let Some(day) = record
        .incident
        .sign_off
        .as_ref()
        .and_then(|sign_off| sign_off.date)
    {
        look(
            case.file(),
            Path::new().key("sign_off").key("date"),
            "the sign-off",
            day.0,
        );
    }
    if let Some(day) = record
        .incident
        .analysis
        .as_ref()
        .and_then(|analysis| analysis.date)
    {
        look(
            case.file(),
            Path::new().key("analysis").key("date"),
            "the analysis",
            day.0,
        );
    }
}

fn acknowledged_before_paged(case: &Case, findings: &mut Findings) {
    let fact = case
        .facts
        .response_metric("page_to_acknowledge")
        .filter(|fact| fact.state == State::Invalid);
    if let Some((from, to)) = fact.and_then(|fact| Some((fact.from?, fact.to?))) {
        let ((paged_file, paged), (taken_file, taken)) = (case.place(&from), case.place(&to));
        findings.add(
            Finding::new("it was acknowledged before anybody was paged")
                .at(taken_file, taken, "acknowledged here")
                .at(paged_file, paged, "paged here"),
        );
    }
}

fn resolved_without_end(case: &Case, findings: &mut Findings) {
    let counts = matches!(case.record.incident.kind, Kind::Incident | Kind::NearMiss);
    if counts && case.facts.status >= Status::Resolved && case.facts.ended.is_none() {
        findings.add(
            Finding::new("the incident is over, but nothing marks its end")
                .at(case.file(), Path::new().key("status"), "")
                .help("mark an event of the timeline as `impact_ended`, `resolved` or `ended`, or state it in `[times]`"),
        );
    }
}

fn marks_nothing(case: &Case, findings: &mut Findings) {
    let record = case.record;
    let marked = |mark: Mark| {
        record.incident.times.get(mark).is_some()
            || record
                .timeline
                .events
                .iter()
                .any(|entry| entry.marks.contains(&mark))
    };
    for (kind, word, mark) in [
        (EventKind::Ack, "ack", Mark::Acknowledged),
        (EventKind::Closed, "closed", Mark::Ended),
    ] {
        let first = record
            .timeline
            .events
            .iter()
            .position(|entry| entry.kind == kind);
        if let Some(index) = first.filter(|_| !marked(mark)) {
            findings.add(
                Finding::new(format!(
                    "an event of kind `{word}`, but nothing is marked `{}`",
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

fn alert_too_early(case: &Case, findings: &mut Findings) {
    let alert = case
        .record
        .incident
        .detection
        .as_ref()
        .and_then(|detection| detection.alert.as_ref());
    let Some(code) = alert.and_then(|alert| alert.code.as_deref()) else {
        return;
    };
    let waits = code.lines().find_map(|line| {
        let value = line.trim().trim_start_matches("- ").strip_prefix("for:")?;
        let value = value.trim().trim_matches(['"', '\'']);
        Some((value, prometheus_duration(value)?))
    });
    let detect = case.facts.response_metric("time_to_detect");
    let Some((typed, waits)) = waits else { return };
    let Some((fact, seconds)) = detect.and_then(|fact| Some((fact, fact.seconds()?))) else {
        return;
    };
    // Only an alert's own moment says when it fired, and only to the second.
    let to_the_second = fact
        .to
        .is_some_and(|to| to.moment.precision == Precision::Second);
    if waits > seconds && to_the_second && !fact.length.is_some_and(|length| length.about) {
        let (Some(from), Some(to)) = (fact.from, fact.to) else {
            return;
        };
        let ((from_file, from_place), (to_file, to_place)) = (case.place(&from), case.place(&to));
        let length = fact
            .length
            .map(|length| length.to_string())
            .unwrap_or_default();
        findings.add(
            Finding::new(format!(
                "the alert waits `for: {typed}`, but detection came {length} after the start"
            ))
            .at(
                case.file(),
                Path::new().key("detection").key("alert").key("code"),
                "the alert's definition",
            )
            .at(from_file, from_place, "starts here")
            .at(to_file, to_place, "detected here")
            .help("impact began earlier, or something else than this alert was the first sign"),
        );
    }
}

/// Reads a duration as Prometheus writes it (`1h30m`), in seconds.
fn prometheus_duration(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut seconds: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, after) = rest.split_at(digits);
        let units = [
            ("ms", 0),
            ("s", 1),
            ("m", 60),
            ("h", 3_600),
            ("d", 86_400),
            ("w", 604_800),
            ("y", 31_536_000),
        ];
        let (length, behind) = units.into_iter().find_map(|(unit, length)| {
            let behind = after.strip_prefix(unit)?;
            (!behind.starts_with(|c: char| c.is_ascii_alphabetic())).then_some((length, behind))
        })?;
        seconds = seconds.checked_add(number.parse::<i64>().ok()?.checked_mul(length)?)?;
        rest = behind;
    }
    (seconds > 0).then_some(seconds)
}

fn gap(case: &Case, findings: &mut Findings) {
    const LONGEST: i64 = 30 * 60;
    let record = case.record;
    let mut moments: Vec<(usize, Moment, Moment)> = record
        .timeline
        .events
        .iter()
        .enumerate()
        .filter(|(_, entry)| !entry.hidden)
        .filter_map(|(index, entry)| {
            let began = record.began(entry)?;
            Some((index, began, record.finished(entry).unwrap_or(began)))
        })
        .filter(|(_, began, _)| !matches!(began.precision, Precision::Day(_)))
        .collect();
    moments.sort_by_key(|(_, began, _)| began.order());
    for window in &case.facts.windows {
        let Some(to) = window.to else { continue };
        let (start, end) = (window.from.moment.at, to.moment.at);
        // An end of `14:23` may follow a start of 14:23:47: there is nothing in between.
        if end < start {
            continue;
        }
        let mut busy_until = None;
        for (index, began, finished) in &moments {
            let (from, until) = (began.at.clamp(start, end), finished.at.clamp(start, end));
            if let Some((before, last)) = busy_until {
                let length: chrono::TimeDelta = from - last;
                if length.num_seconds() > LONGEST {
                    let minutes = crate::facts::counted(length.num_minutes(), "minute");
                    findings.add(
                        Finding::new(format!(
                            "nothing is recorded for {minutes} while impact lasted"
                        ))
                        .at(
                            case.timeline_file(),
                            event(*index).key("at"),
                            "the next event",
                        )
                        .at(
                            case.timeline_file(),
                            event(before).key("at"),
                            "the event before",
                        )
                        .help("add what was tried in between, or who was waited for"),
                    );
                }
            }
            if busy_until.is_none_or(|(_, last)| until > last) {
                busy_until = Some((*index, until));
            }
        }
    }
}

fn mark_on_hidden(case: &Case, findings: &mut Findings) {
    for (index, entry) in case.record.timeline.events.iter().enumerate() {
        if let Some(mark) = entry.marks.first().filter(|_| entry.hidden) {
            findings.add(
                Finding::new(format!("`{}` is marked on a hidden event", mark.as_str()))
                    .at(case.timeline_file(), event(index).key("marks"), "")
                    .help("show the event, or state the time in `[times]`"),
            );
        }
    }
}
