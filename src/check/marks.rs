//! Checks of marks: repeated ones, contradicting ones, and their order.

use camino::Utf8Path;

use super::partial::{EACH_TIME, EVERYTHING, MARKS, ZONE};
use super::{ArchiveCase, Case, Check, Finding, Findings, Run, Trait};
use crate::diagnostic::Level;
use crate::facts::{Endpoint, between};
use crate::kind::MarkName;
use crate::moment::Moment;
use crate::source::Path;
use crate::timeline::{Mark, Point};

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "duplicate-mark",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfFacts],
        summary: "two events have the same mark",
        why: "Durations that start or end at this mark would have two possible values.",
        example: "Keep `detected` on the first event that was a sign of the incident. Only impact may start and end more than once, \
                  and an incident may end again after it was `reopened`.",
        reads: &[],
        run: Run::Incident(duplicate_mark),
    },
    Check {
        code: "mark-disagrees",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfFacts, Trait::OfMarks],
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
        code: "unpaired-impact-mark",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfFacts, Trait::OfMarks],
        summary: "impact starts or ends twice in a row",
        why: "Impact windows can only be computed if each start has a matching end.",
        example: "`impact_started` and `impact_ended` alternate, beginning with a start.",
        reads: &[MARKS],
        run: Run::Incident(unpaired_impact_mark),
    },
    Check {
        code: "reopened-without-end",
        level: Level::Error,
        traits: &[Trait::Fixed, Trait::OfMarks],
        summary: "an incident was reopened that had not ended",
        why: "Only the ends after the last `reopened` count, so the duration would be wrong.",
        example: "Mark as `resolved` or `ended` the event at which the incident seemed to be over, before the one marked as `reopened`.",
        reads: &[MARKS],
        run: Run::Incident(reopened_without_end),
    },
    Check {
        code: "mark-out-of-order",
        level: Level::Error,
        traits: &[Trait::OfMarks],
        summary: "a custom mark is before a mark that it must follow, or after one that it must precede",
        why: "One of the two times is wrong, or one of the marks is on the wrong event.",
        example: "With `after = \"detected\"` in `[marks.regulator_notified]`, nobody can be notified before the detection.",
        reads: &[MARKS, ZONE, &["settings.marks"]],
        run: Run::Incident(mark_out_of_order),
    },
    Check {
        code: "invalid-mark-name",
        level: Level::Error,
        traits: &[Trait::Fixed],
        summary: "a custom mark has a name that no event can use",
        why: "The settings of the mark have no effect.",
        example: "`[marks.regulator_notified]`, not `[marks.detected]`, which is built in, nor `[marks.\"Regulator Notified\"]`.",
        reads: EVERYTHING,
        run: Run::Archive(invalid_mark_name),
    },
];

fn duplicate_mark(case: &Case, findings: &mut Findings) {
    let events = &case.record.timeline.events;
    let marks_of = |event: usize| events.get(event).map_or(&[][..], |event| &event.marks);
    let mark_path = |event: usize, mark: usize| {
        let path = Path::new().key("events").index(event);
        path.key("marks").index(mark)
    };
    let mut add = |mark: Mark, again: (usize, usize), first: (usize, usize), help: &str| {
        let finding = Finding::new(format!("duplicate mark `{}`", mark.as_str()))
            .at(
                case.timeline_file(),
                mark_path(again.0, again.1),
                "again here",
            )
            .at(
                case.timeline_file(),
                mark_path(first.0, first.1),
                "first here",
            );
        findings.add(finding.help(help));
    };
    for index in 0..events.len() {
        let marks = marks_of(index);
        for (at, mark) in marks.iter().enumerate() {
            let first = marks.iter().position(|other| other == mark);
            if let Some(first) = first.filter(|first| *first < at) {
                add(*mark, (index, at), (index, first), "remove one of the two");
            }
        }
    }
    let place = |event: usize, mark: Mark| {
        let at = marks_of(event).iter().position(|other| *other == mark)?;
        Some((event, at))
    };
    // What is not read may be between two of them.
    let is_single = |mark: &Mark| mark.alternates_with().is_empty() || !case.is_partial;
    let marks = case.record.marks_used().into_iter();
    for mark in marks.filter(|mark| !mark.is_impact()).filter(is_single) {
        let help = match mark {
            Mark::Resolved | Mark::Ended => {
                "keep the mark on one of the events, or mark an event between them as `reopened`"
            }
            Mark::Reopened => "keep the mark on one of the events, or mark the end between them",
            _ => "keep the mark on one of the events",
        };
        for (kept, later) in case.record.repeated(mark) {
            if let (Some(again), Some(first)) = (place(later, mark), place(kept, mark)) {
                add(mark, again, first, help);
            }
        }
    }
}

fn mark_disagrees(case: &Case, findings: &mut Findings) {
    let record = case.record;
    for mark in Mark::ALL.iter().filter(|mark| !mark.is_impact()) {
        let Some(stated) = record.stated(*mark).map(|stated| stated.moment) else {
            continue;
        };
        let events = record.timeline.events.iter().enumerate();
        let marked = events.filter_map(|(index, event)| {
            let mark_index = event.marks.iter().position(|other| other == mark)?;
            Some((index, mark_index, record.marked_at(event, *mark)?))
        });
        let marked: Vec<(usize, usize, Moment)> = marked.collect();
        let agrees = |(.., moment): &(_, _, Moment)| record.time_defaults().agree(moment, &stated);
        if let Some((event, mark_index, moment)) = marked.first().copied()
            && !marked.iter().any(agrees)
        {
            let (here, there) = case.full_times(&stated, &moment);
            findings.add(
                Finding::new(format!(
                    "`{}` is at {here} in `[times]`, but at {there} in the timeline",
                    mark.as_str()
                ))
                .at(
                    case.file(),
                    Path::new().key("times").key(mark.as_str()),
                    "in `[times]`",
                )
                .at(
                    case.timeline_file(),
                    Path::new()
                        .key("events")
                        .index(event)
                        .key("marks")
                        .index(mark_index),
                    "in the timeline",
                )
                .help("remove one of the two"),
            );
        }
    }
}

fn unpaired_impact_mark(case: &Case, findings: &mut Findings) {
    let marks = case.record.marks();
    let count = |mark: Mark| marks.iter().filter(|marked| marked.mark == mark).count();
    // Impact that ends once without a start started with the incident, and an end before the only
    // start is reported by `end-before-start`.
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
            let (file, path) = case.mark_location(marked.mark, marked.event);
            let message = match marked.mark {
                Mark::ImpactStarted => "impact starts again without a preceding end",
                _ => "impact ends without a preceding start",
            };
            findings.add(
                Finding::new(message)
                    .at(file, path, "")
                    .help("`impact_started` and `impact_ended` must alternate"),
            );
        }
    }
}

fn reopened_without_end(case: &Case, findings: &mut Findings) {
    let marks = case.record.marks();
    let known = &case.facts.reopenings;
    let reopened = marks.iter().filter(|marked| marked.mark == Mark::Reopened);
    for marked in
        reopened.filter(|marked| known.iter().all(|one| one.at != Endpoint::from(*marked)))
    {
        let (file, path) = case.mark_location(marked.mark, marked.event);
        findings.add(
            Finding::new("the incident was reopened without a preceding end")
                .at(file, path, "")
                .help("mark as `resolved` or `ended` the event at which it seemed to be over"),
        );
    }
}

fn mark_out_of_order(case: &Case, findings: &mut Findings) {
    let marks = case.record.marks();
    let zone = case.record.zone(case.config);
    // Of the ends of an incident that was reopened, the last one counts, and none before it was reopened.
    let reopened = marks
        .iter()
        .rposition(|marked| marked.mark == Mark::Reopened);
    let since = marks
        .get(reopened.unwrap_or_default()..)
        .unwrap_or_default();
    let counting = |mark: Mark| {
        if matches!(mark, Mark::Resolved | Mark::Ended) {
            since.iter().rfind(|marked| marked.mark == mark)
        } else {
            marks.iter().find(|marked| marked.mark == mark)
        }
    };
    for (name, settings) in &case.config.marks.0 {
        let Some(own) = counting(Mark::named(name)) else {
            continue;
        };
        let orders = settings.after.0.iter().map(|other| (other, true));
        let orders = orders.chain(settings.before.0.iter().map(|other| (other, false)));
        for (other, is_after) in orders {
            let Some(other) = counting(*other) else {
                continue;
            };
            let (early, late) = if is_after { (other, own) } else { (own, other) };
            let length = between(&late.moment, &early.moment, zone);
            // Of times that are not exact, it is only reported what is certain.
            if length.is_none_or(|length| length.seconds == 0) {
                continue;
            }
            let (at, there) = case.full_times(&own.moment, &other.moment);
            let relation = if is_after { "before" } else { "after" };
            let ((file, path), (other_file, other_path)) = (
                case.mark_location(own.mark, own.event),
                case.mark_location(other.mark, other.event),
            );
            findings.add(
                Finding::new(format!(
                    "`{name}` at {at} is {relation} `{}` at {there}",
                    other.mark.as_str()
                ))
                .at(file, path, "")
                .at(other_file, other_path, "the other mark")
                .help("correct the time or the mark that is wrong"),
            );
        }
    }
}

fn invalid_mark_name(archive: &ArchiveCase, findings: &mut Findings) {
    for name in archive.config.mark_names() {
        let message = match Mark::named(name) {
            _ if MarkName::new(name).is_err() => format!("`{name}` is not the name of a mark"),
            Mark::Custom(_) if name != Point::FIRST_MESSAGE => continue,
            _ => format!("`{name}` is a built-in mark"),
        };
        findings.add(
            Finding::new(message)
                .at_key(
                    Utf8Path::new("afterword.toml"),
                    Path::new().key("marks").key(name),
                    "",
                )
                .help("use another name, of letters, digits and `_`"),
        );
    }
}
