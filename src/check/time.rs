//! Checks of times: unresolved times, contradicting marks, and ends before starts.

use std::borrow::Cow;

use camino::Utf8Path;

use super::partial::{EACH_TIME, EVERYTHING, KIND, ZONE};
use super::{Case, Check, Finding, Findings, Run, Trait};
use crate::diagnostic::Level;
use crate::facts::{Endpoint, EndpointSource, State, definitions};
use crate::incident::{Kind, Schedule, Status};
use crate::kind::When;
use crate::moment::{Unresolved, Written, Zone};
use crate::source::Path;
use crate::timeline::{Mark, Point};

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "time-without-day",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfFacts],
        summary: "a time of day has no date",
        why: "A time of day without a date cannot be placed on the timeline, so no duration can be computed.",
        example: "Write `\"date\": \"2025-01-14\"` at the top of the timeline, or write the time with the date.",
        reads: &[&["timeline.date"]],
        run: Run::Incident(|case, findings| {
            unresolved(case, findings, |reason, _, _| {
                matches!(reason, Unresolved::NoDay).then(|| {
                    (
                        "has no date".to_owned(),
                        "add `date` at the top of the timeline, or write the time with the date"
                            .to_owned(),
                    )
                })
            });
        }),
    },
    Check {
        code: "ambiguous-time",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfFacts],
        summary: "a local time is ambiguous because of a daylight-saving change",
        why: "The two possible times are an hour apart, and so would be every duration.",
        example: "`2025-10-26T02:30+02:00` instead of `2025-10-26 02:30` in Berlin.",
        reads: &[EACH_TIME],
        run: Run::Incident(|case, findings| {
            unresolved(case, findings, |reason, written, zone| match reason {
                Unresolved::Ambiguous(..) if written.latest.is_some() => Some((
                    format!("is ambiguous in {zone}: it occurred twice when clocks went back"),
                    EACH_OFFSET.to_owned(),
                )),
                Unresolved::Ambiguous(early, late) => Some((
                    format!("is ambiguous in {zone}: it occurred twice when clocks went back"),
                    format!(
                        "write `{}` or `{}`",
                        with_offset(written, zone, early),
                        with_offset(written, zone, late)
                    ),
                )),
                _ => None,
            });
        }),
    },
    Check {
        code: "impossible-time",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfFacts],
        summary: "a local time does not exist because of a daylight-saving change",
        why: "The intended time is unclear.",
        example: "`2025-03-30T03:30+02:00` instead of `2025-03-30 02:30` in Berlin.",
        reads: &[EACH_TIME],
        run: Run::Incident(|case, findings| {
            unresolved(case, findings, |reason, written, zone| match reason {
                Unresolved::Skipped(..) if written.latest.is_some() => Some((
                    format!("does not exist in {zone}: clocks skipped it"),
                    EACH_OFFSET.to_owned(),
                )),
                Unresolved::Skipped(before, after) => Some((
                    format!("does not exist in {zone}: clocks skipped it"),
                    format!(
                        "write `{}` or `{}`",
                        with_offset(written, zone, before),
                        with_offset(written, zone, after)
                    ),
                )),
                _ => None,
            });
        }),
    },
    Check {
        code: "end-before-start",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfFacts, Trait::OfMarks],
        summary: "an end is before its start",
        why: "The duration would be negative, so one of the two times is wrong.",
        example: "Check both times: one of them has the wrong date, time zone or mark.",
        reads: &[
            EACH_TIME,
            ZONE,
            KIND,
            &[
                // Without it, the schedule counts.
                "incident.times.started",
                "timeline.events[].until",
                "timeline.events[].approx",
                "settings.metrics",
            ],
        ],
        run: Run::Incident(end_before_start),
    },
    Check {
        code: "mark-in-the-future",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfFacts],
        summary: "the start, the end or another time of the response is still to come",
        why: "Nobody can know it: the report would say that the incident is over while it is ongoing.",
        example: "`ended` at 23:00, typed at noon, was 11:00. A reference date given by `--as-of` or `[site] as_of` has no time, so \
                  only `in-the-future` uses it.",
        reads: EVERYTHING,
        run: Run::Incident(mark_in_the_future),
    },
];

/// The help for a range of which one time is not one point in time.
const EACH_OFFSET: &str = "write both times of the range with the date and the UTC offset";

/// Formats a written local time with the UTC offset of one of its possible times.
pub(crate) fn with_offset(
    written: Written,
    zone: Zone,
    reading: chrono::DateTime<chrono::Utc>,
) -> String {
    let wall = zone.wall_clock(reading);
    let minutes = (wall - reading.naive_utc()).num_minutes();
    let sign = if minutes < 0 { '-' } else { '+' };
    let form = if written.time.is_some_and(|time| time.seconds) {
        "%Y-%m-%dT%H:%M:%S"
    } else {
        "%Y-%m-%dT%H:%M"
    };
    format!(
        "{}{sign}{:02}:{:02}",
        wall.format(form),
        minutes.abs() / 60,
        minutes.abs() % 60
    )
}

/// A written time, with its file and key path.
pub(super) type WrittenTime<'a> = (&'a Utf8Path, Path, Written);

/// Returns every written time of an incident and its timeline, with its file and key path.
pub(super) fn written<'a>(case: &Case<'a>) -> Vec<WrittenTime<'a>> {
    let incident = &case.record.incident;
    let mut times = Vec::new();
    for (index, event) in case.record.timeline.events.iter().enumerate() {
        let path = Path::new().key("events").index(index);
        times.push((case.timeline_file(), path.clone().key("at"), event.at));
        if let Some(until) = event.until {
            times.push((case.timeline_file(), path.key("until"), until));
        }
    }
    let mut add = |path: Path, when: Option<&When>| {
        if let Some(When::Written(written)) = when {
            times.push((case.file(), path, *written));
        }
    };
    let key = |name: &str| Path::new().key(name);
    for mark in Mark::ALL {
        add(key("times").key(mark.as_str()), incident.times.get(*mark));
    }
    add(key("schedule").key("from"), incident.schedule.from.as_ref());
    add(
        key("schedule").key("until"),
        incident.schedule.until.as_ref(),
    );
    let people = key("people");
    for (index, next) in incident.people.command.iter().enumerate() {
        add(
            people.clone().key("command").index(index).key("from"),
            next.from.as_ref(),
        );
    }
    for (index, step) in incident.people.escalations.iter().enumerate() {
        add(
            people.clone().key("escalations").index(index).key("at"),
            step.at.as_ref(),
        );
    }
    let impact = incident.impact.iter();
    for (index, service) in impact.flat_map(|impact| &impact.services).enumerate() {
        let path = key("impact").key("services").index(index);
        add(path.clone().key("from"), service.from.as_ref());
        add(path.key("until"), service.until.as_ref());
    }
    for (index, evidence) in incident.evidence.iter().enumerate() {
        add(key("evidence").index(index).key("at"), evidence.at.as_ref());
    }
    for (index, message) in incident.messages.iter().enumerate() {
        add(
            key("messages").index(index).key("sent_at"),
            message.sent_at.as_ref(),
        );
        add(
            key("messages").index(index).key("next_update_at"),
            message.next_update_at.as_ref(),
        );
    }
    if let Some(internal) = incident
        .communication
        .as_ref()
        .and_then(|talk| talk.internal.as_ref())
    {
        add(
            key("communication").key("internal").key("review_on"),
            internal.review_on.as_ref(),
        );
    }
    if let Some(deployment) = &incident.technical.deployment {
        add(
            key("technical").key("deployment").key("at"),
            deployment.at.as_ref(),
        );
    }
    for (index, signal) in incident
        .analysis
        .iter()
        .flat_map(|analysis| &analysis.ruled_out)
        .enumerate()
    {
        add(
            key("analysis").key("ruled_out").index(index).key("at"),
            signal.at.as_ref(),
        );
    }
    if let Some(fix) = &incident.fix {
        for (index, reverted) in fix.reverted.iter().enumerate() {
            add(
                key("fix").key("reverted").index(index).key("at"),
                reverted.at.as_ref(),
            );
        }
        for (index, rollout) in fix.rollout.iter().enumerate() {
            add(
                key("fix").key("rollout").index(index).key("since"),
                rollout.since.as_ref(),
            );
        }
    }
    times
}

/// A written time that is not one point in time.
pub(super) struct UnresolvedTime<'a> {
    file: &'a Utf8Path,
    path: Path,
    written: Written,
    reason: Unresolved,
}

/// Returns the written times of an incident that are not one point in time.
pub(super) fn unresolved_times<'a>(case: &Case<'a>) -> Vec<UnresolvedTime<'a>> {
    let time_defaults = case.record.time_defaults();
    let times = case.written_times().iter();
    let unresolved = times.filter_map(|(file, path, written)| {
        let reason = time_defaults.resolve(written).err()?;
        Some(UnresolvedTime {
            file,
            path: path.clone(),
            written: *written,
            reason,
        })
    });
    unresolved.collect()
}

fn unresolved(
    case: &Case,
    findings: &mut Findings,
    name: impl Fn(Unresolved, Written, Zone) -> Option<(String, String)>,
) {
    let zone = case.record.time_defaults().zone;
    for time in case.unresolved_times() {
        if let Some((message, help)) = name(time.reason, time.written, zone) {
            findings.add(
                Finding::new(format!("`{}` {message}", time.written))
                    .at(time.file, time.path.clone(), "")
                    .help(help),
            );
        }
    }
}

fn end_before_start(case: &Case, findings: &mut Findings) {
    let record = case.record;
    for (index, event) in record.timeline.events.iter().enumerate() {
        if let (Some(began), Some(finished)) = (record.began(event), record.finished(event))
            && crate::facts::between(&began, &finished, record.zone(case.config)).is_none()
        {
            let path = Path::new().key("events").index(index);
            findings.add(
                Finding::new("the event ends before it starts")
                    .at(case.timeline_file(), path.clone().key("until"), "the end")
                    .at(case.timeline_file(), path.key("at"), "the start")
                    .help("if it ends on another day, write the end time with the date"),
            );
        }
    }
    let reversed = case.facts.services.iter();
    for window in reversed.filter(|window| window.state == State::Invalid) {
        let (Some(from), Some(until)) = (window.from, window.until) else {
            continue;
        };
        let (ends, starts) = case.full_times(&until.moment, &from.moment);
        let path = Path::new()
            .key("impact")
            .key("services")
            .index(window.entry);
        let message = format!(
            "the impact on `{}` ends at {ends}, before it starts at {starts}",
            window.service
        );
        findings.add(
            Finding::new(message)
                .at(case.file(), path, "")
                .help("correct `from` or `until`; without one of them, that of the impact is used"),
        );
    }
    let (from, until) = (case.facts.scheduled.from, case.facts.scheduled.until);
    // The times of work that has not started are those of its response times, which are checked below.
    let is_in_times = record.incident.schedule == Schedule::default();
    let is_checked_below = is_in_times && case.facts.status == Status::Planned;
    if !is_checked_below
        && let (Some(from), Some(until)) = (from, until)
        && crate::facts::between(&from.moment, &until.moment, record.zone(case.config)).is_none()
    {
        let (table, starts, ends) = if is_in_times {
            ("times", "started", "ended")
        } else {
            ("schedule", "from", "until")
        };
        let path = Path::new().key(table);
        findings.add(
            Finding::new("the schedule ends before it starts")
                .at(case.file(), path.clone().key(ends), "the end")
                .at(case.file(), path.key(starts), "the start")
                .help("correct one of the two times"),
        );
    }
    let mut named: Vec<(Path, Path)> = Vec::new();
    // Maintenance is announced before it starts.
    let announced = record.incident.kind == Kind::Maintenance;
    // `acknowledged-before-paged` reports this as a warning.
    let invalid = case
        .facts
        .response_metrics
        .iter()
        .filter(|fact| fact.state == State::Invalid);
    let certain = certain(case);
    let invalid =
        invalid.filter(|fact| certain.as_ref().is_none_or(|keys| keys.contains(&fact.key)));
    for fact in invalid.filter(|fact| {
        !(fact.key == "page_to_acknowledge" || announced && fact.key == "time_to_notify")
    }) {
        let (Some(from), Some(to)) = (fact.from, fact.to) else {
            continue;
        };
        let ends = [(&to, "the end"), (&from, "the start")];
        let locations: Vec<_> = ends
            .iter()
            .map(|(end, label)| (case.endpoint_location(end), *label))
            .collect();
        let [
            ((to_file, to_path), to_label),
            ((from_file, from_path), from_label),
        ] = locations.as_slice()
        else {
            continue;
        };
        if named.contains(&(from_path.clone(), to_path.clone())) {
            continue;
        }
        named.push((from_path.clone(), to_path.clone()));
        let (ends, starts) = case.full_times(&to.moment, &from.moment);
        findings.add(
            Finding::new(format!(
                "{} is negative: it ends at {ends}, before it starts at {starts}",
                fact.label.to_lowercase()
            ))
            .at(to_file, to_path.clone(), *to_label)
            .at(from_file, from_path.clone(), *from_label)
            .help("correct the time, date, time zone or mark that is wrong"),
        );
    }
}

fn mark_in_the_future(case: &Case, findings: &mut Findings) {
    let kind = case.record.incident.kind;
    let end = case.now.and_then(|now| case.facts.still_to_come(kind, now));
    let Some(end) = end else {
        return;
    };
    let what = match end.source {
        _ if case.facts.started == Some(end) => "the incident started".to_owned(),
        _ if case.facts.ended == Some(end) => "the incident ended".to_owned(),
        EndpointSource::Mark(mark) => format!("`{}` is", mark.as_str()),
        EndpointSource::Message(_) => return,
    };
    let (file, path) = case.endpoint_location(&end);
    let at = end.moment.in_full(case.record.zone(case.config));
    findings.add(
        Finding::new(format!("{what} at {at}, which is in the future"))
            .at(file, path, "")
            .help(match kind {
                Kind::Maintenance => "correct the time, or write the plan of maintenance that was cancelled in `[schedule]`",
                _ => "correct the time, date or time zone",
            }),
    );
}

/// Returns the metrics that no unread event, time or message could change, or `None` if all was read.
///
/// Their start and end are the first choice of the metric, and marks that do not repeat.
fn certain<'a>(case: &'a Case) -> Option<Vec<Cow<'a, str>>> {
    let is_first =
        |end: Option<Endpoint>, points: &[Point]| match (end.map(|end| end.source), points) {
            (Some(EndpointSource::Mark(mark)), [Point::Mark(first), ..]) => {
                mark == *first && !mark.is_impact()
            }
            _ => false,
        };
    case.is_partial.then(|| {
        let definitions = definitions(case.config);
        let facts = definitions
            .zip(&case.facts.response_metrics)
            .filter(|(definition, fact)| {
                is_first(fact.from, &definition.from) && is_first(fact.to, &definition.to)
            });
        facts.map(|(_, fact)| fact.key.clone()).collect()
    })
}
