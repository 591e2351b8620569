//! Times that mean no moment, marks that contradict each other, and ends before starts.

use std::borrow::Cow;

use camino::Utf8Path;

use super::partial::{EACH_TIME, KIND, MARKS, ZONE};
use super::{Case, Check, Finding, Findings, Run, Settable};
use crate::diagnostic::Level;
use crate::facts::{Endpoint, EndpointSource, Point, State, definitions};
use crate::incident::Kind;
use crate::kind::When;
use crate::moment::{Unresolved, Written, Zone};
use crate::source::Path;
use crate::timeline::Mark;

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "time-without-day",
        level: Level::Error,
        settable: Settable::Never,
        summary: "a time of day has no date",
        why: "A time of day without a date cannot be placed on the timeline, so no duration can be computed.",
        example: "Write `\"date\": \"2025-01-14\"` at the top of the timeline, or write the time with the date.",
        reads: &[&["timeline.date"]],
        run: Run::Incident(|case, findings| {
            unresolved(case, findings, |reason, _, _| {
                matches!(reason, Unresolved::NoDay).then(|| {
                    (
                        "has no day".to_owned(),
                        "write `date` at the top of the timeline, or the day in front".to_owned(),
                    )
                })
            });
        }),
    },
    Check {
        code: "ambiguous-time",
        level: Level::Error,
        settable: Settable::Never,
        summary: "a local time is ambiguous because of a daylight-saving change",
        why: "The two possible times are an hour apart, and so would be every duration.",
        example: "`2025-10-26T02:30+02:00` instead of `2025-10-26 02:30` in Berlin.",
        reads: &[EACH_TIME],
        run: Run::Incident(|case, findings| {
            unresolved(case, findings, |reason, written, zone| match reason {
                Unresolved::Ambiguous(early, late) => Some((
                    format!("happened twice in {zone}, because clocks went back"),
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
        settable: Settable::Never,
        summary: "a local time does not exist because of a daylight-saving change",
        why: "The intended time is unclear.",
        example: "`2025-03-30T03:30+02:00` instead of `2025-03-30 02:30` in Berlin.",
        reads: &[EACH_TIME],
        run: Run::Incident(|case, findings| {
            unresolved(case, findings, |reason, written, zone| match reason {
                Unresolved::Skipped(before, after) => Some((
                    format!("never was in {zone}, because clocks went forward over it"),
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
        code: "duplicate-mark",
        level: Level::Error,
        settable: Settable::Never,
        summary: "two events have the same mark",
        why: "Durations that start or end at this mark would have two possible values.",
        example: "Keep `detected` on the first event that was a sign of the incident. Only impact may start and end more than once.",
        reads: &[],
        run: Run::Incident(duplicate_mark),
    },
    Check {
        code: "mark-disagrees",
        level: Level::Error,
        settable: Settable::Never,
        summary: "`[times]` and the timeline give different times for a mark",
        why: "Two different times for one mark cannot both be right.",
        example: "Remove the one in `[times]`: the timeline has it.",
        reads: &[
            EACH_TIME,
            ZONE,
            &["timeline.events[].until", "timeline.events[].approx"],
        ],
        run: Run::Incident(mark_disagrees),
    },
    Check {
        code: "end-before-start",
        level: Level::Error,
        settable: Settable::Never,
        summary: "an end is before its start",
        why: "The duration would be negative, so one of the two times is wrong.",
        example: "Check both times: one of them has the wrong date, time zone or mark.",
        reads: &[
            EACH_TIME,
            ZONE,
            KIND,
            &[
                "timeline.events[].until",
                "timeline.events[].approx",
                "settings.metrics",
            ],
        ],
        run: Run::Incident(end_before_start),
    },
    Check {
        code: "unpaired-impact-mark",
        level: Level::Error,
        settable: Settable::Never,
        summary: "impact starts or ends twice in a row",
        why: "Impact windows can only be computed if each start has a matching end.",
        example: "`impact_started` and `impact_ended` alternate, beginning with a start.",
        reads: &[MARKS],
        run: Run::Incident(unpaired_impact_mark),
    },
];

/// Prints a local time with the offset that one of its readings has.
fn with_offset(written: Written, zone: Zone, reading: chrono::DateTime<chrono::Utc>) -> String {
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

/// Lists every written time of an incident and its timeline, with its file and place.
fn written<'a>(case: &Case<'a>) -> Vec<(&'a Utf8Path, Path, Written)> {
    let incident = &case.record.incident;
    let mut times = Vec::new();
    for (index, event) in case.record.timeline.events.iter().enumerate() {
        let place = Path::new().key("events").index(index);
        times.push((case.timeline_file(), place.clone().key("at"), event.at));
        if let Some(until) = event.until {
            times.push((case.timeline_file(), place.key("until"), until));
        }
    }
    let mut add = |place: Path, when: Option<&When>| {
        if let Some(When::Written(written)) = when {
            times.push((case.file(), place, *written));
        }
    };
    let key = |name: &str| Path::new().key(name);
    for mark in Mark::ALL {
        add(key("times").key(mark.as_str()), incident.times.get(*mark));
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

/// A written time that means no moment.
pub(super) struct UnresolvedTime<'a> {
    file: &'a Utf8Path,
    place: Path,
    written: Written,
    reason: Unresolved,
}

/// Lists the written times of an incident that mean no moment.
pub(super) fn no_moments<'a>(case: &Case<'a>) -> Vec<UnresolvedTime<'a>> {
    let time_defaults = case.record.time_defaults();
    let times = written(case).into_iter();
    let unresolved = times.filter_map(|(file, place, written)| {
        let reason = time_defaults.resolve(&written).err()?;
        Some(UnresolvedTime {
            file,
            place,
            written,
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
    for time in case.no_moments() {
        if let Some((message, help)) = name(time.reason, time.written, zone) {
            findings.add(
                Finding::new(format!("`{}` {message}", time.written))
                    .at(time.file, time.place.clone(), "")
                    .help(help),
            );
        }
    }
}

fn duplicate_mark(case: &Case, findings: &mut Findings) {
    let events = &case.record.timeline.events;
    let place = |event: usize, mark: usize| {
        Path::new()
            .key("events")
            .index(event)
            .key("marks")
            .index(mark)
    };
    let mut first: Vec<(Mark, usize, usize)> = Vec::new();
    for (index, event) in events.iter().enumerate() {
        for (at, mark) in event.marks.iter().enumerate() {
            match first.iter().find(|(other, ..)| other == mark) {
                Some((_, other, other_at)) if !mark.may_repeat() || *other == index => findings
                    .add(
                        Finding::new(format!("`{}` is marked twice", mark.as_str()))
                            .at(case.timeline_file(), place(index, at), "marked again here")
                            .at(
                                case.timeline_file(),
                                place(*other, *other_at),
                                "first marked here",
                            )
                            .help("keep the mark on one of the events"),
                    ),
                Some(_) => {}
                None => first.push((*mark, index, at)),
            }
        }
    }
}

fn mark_disagrees(case: &Case, findings: &mut Findings) {
    let record = case.record;
    for mark in Mark::ALL.iter().filter(|mark| !mark.may_repeat()) {
        let Some(stated) = record.stated(*mark).map(|stated| stated.moment) else {
            continue;
        };
        let marked = record
            .timeline
            .events
            .iter()
            .enumerate()
            .find_map(|(index, event)| {
                let place = event.marks.iter().position(|other| other == mark)?;
                Some((index, place, record.marked_at(event, *mark)?))
            });
        if let Some((event, place, moment)) = marked
            && !moment.is_same(&stated)
        {
            let (here, there) = case.told_apart(&stated, &moment);
            findings.add(
                Finding::new(format!(
                    "`{}` is {here} here, but {there} in the timeline",
                    mark.as_str()
                ))
                .at(
                    case.file(),
                    Path::new().key("times").key(mark.as_str()),
                    "stated here",
                )
                .at(
                    case.timeline_file(),
                    Path::new()
                        .key("events")
                        .index(event)
                        .key("marks")
                        .index(place),
                    "marked here",
                )
                .help("remove one of the two"),
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
            let place = Path::new().key("events").index(index);
            findings.add(
                Finding::new("the event ends before it begins")
                    .at(case.timeline_file(), place.clone().key("until"), "its end")
                    .at(case.timeline_file(), place.key("at"), "its beginning")
                    .help("an end on the next day needs that day in front"),
            );
        }
    }
    let mut named: Vec<(Path, Path)> = Vec::new();
    // Planned work is announced before it begins.
    let announced = record.incident.kind == Kind::Maintenance;
    // That somebody took it before the page is a check of its own, and a warning.
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
        let ends = [(&to, "this is earlier"), (&from, "than this")];
        let places: Vec<_> = ends
            .iter()
            .map(|(end, label)| (case.place(end), *label))
            .collect();
        let [
            ((to_file, to_place), to_label),
            ((from_file, from_place), from_label),
        ] = places.as_slice()
        else {
            continue;
        };
        if named.contains(&(from_place.clone(), to_place.clone())) {
            continue;
        }
        named.push((from_place.clone(), to_place.clone()));
        let (ends, starts) = case.told_apart(&to.moment, &from.moment);
        findings.add(
            Finding::new(format!(
                "{} ends before it starts: {ends} is before {starts}",
                fact.label.to_lowercase()
            ))
            .at(to_file, to_place.clone(), *to_label)
            .at(from_file, from_place.clone(), *from_label)
            .help("one of the two has the wrong time, day, zone or mark"),
        );
    }
}

/// Lists the durations that no further event, time or message could change; `None` if all was read.
///
/// Both ends are the marks that count first, and of these there is one each.
fn certain<'a>(case: &'a Case) -> Option<Vec<Cow<'a, str>>> {
    let is_first =
        |end: Option<Endpoint>, points: &[Point]| match (end.map(|end| end.source), points) {
            (Some(EndpointSource::Mark(mark)), [Point::Mark(first), ..]) => {
                mark == *first && !mark.may_repeat()
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

fn unpaired_impact_mark(case: &Case, findings: &mut Findings) {
    let marks = case.record.marks();
    let count = |mark: Mark| marks.iter().filter(|marked| marked.mark == mark).count();
    // Impact that ends once and starts nowhere started with the incident, and an end that is
    // before the only start is an error of its own.
    if count(Mark::ImpactStarted) <= 1 && count(Mark::ImpactEnded) == 1 {
        return;
    }
    let mut open = false;
    for marked in marks {
        let wrong = match marked.mark {
            Mark::ImpactStarted => std::mem::replace(&mut open, true),
            Mark::ImpactEnded => !std::mem::replace(&mut open, false),
            _ => false,
        };
        if wrong {
            let (file, place) = case.mark_location(marked.mark, marked.event);
            let message = match marked.mark {
                Mark::ImpactStarted => "impact starts again without having ended",
                _ => "impact ends without having started",
            };
            findings.add(
                Finding::new(message)
                    .at(file, place, "")
                    .help("`impact_started` and `impact_ended` take turns"),
            );
        }
    }
}
