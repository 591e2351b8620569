//! Checks of events that several people recorded at once, and of a status beside them.

use std::collections::{BTreeMap, VecDeque};

use chrono::TimeDelta;

use super::partial::{KIND, MARKS, STATUS, ZONE};
use super::{Case, Check, Finding, Findings, Run, Trait};
use crate::archive::EventPlace;
use crate::diagnostic::Level;
use crate::facts::Facts;
use crate::source::Path;
use crate::timeline::{Event, Mark};

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "entry-repeated",
        level: Level::Warning,
        traits: &[],
        summary: "two events say the same within a minute",
        why: "Two people recorded the same event, and the report prints it twice.",
        example: "`14:32 Restarted the workers` in one clone and `14:33 Restarted the workers` in another: delete one of the two.",
        reads: &[&["timeline.events", "timeline.date", "timeline.tz"]],
        run: Run::Incident(entry_repeated),
    },
    Check {
        code: "mark-repeated",
        level: Level::Warning,
        traits: &[Trait::OfMarks],
        summary: "two entries set the same mark",
        why: "The earlier entry keeps the mark, and it may be the wrong one.",
        example: "`detected` at 14:23 in one clone and at 14:25 in another: run `afterword log --move detected --at TIME`.",
        reads: &[MARKS, ZONE],
        run: Run::Incident(mark_repeated),
    },
    Check {
        code: "status-contradicts-marks",
        level: Level::Warning,
        traits: &[],
        summary: "`status` is an open status, but the marks say that the incident has ended",
        why: "The report prints an open status together with an end time.",
        example: "Remove `status = \"monitoring\"` once an event is marked as `ended`: without the key, the status follows the marks.",
        reads: &[MARKS, STATUS, KIND, ZONE],
        run: Run::Incident(status_contradicts_marks),
    },
];

fn event(index: usize) -> Path {
    Path::new().key("events").index(index)
}

/// The time within which two events with the same text are one.
const SAME: TimeDelta = TimeDelta::minutes(1);

fn entry_repeated(case: &Case, findings: &mut Findings) {
    let record = case.record;
    let events = &record.timeline.events;
    let is_entry = |index: usize| matches!(record.source.place(index), EventPlace::Entry(_));
    // Systems may report the same again and again; nobody records that twice in one file.
    let is_recorded = |index: usize, event: &Event| is_entry(index) || !event.automated;
    // The events with one text: all of them, and those that a person recorded.
    let mut before: BTreeMap<String, [VecDeque<(usize, i64)>; 2]> = BTreeMap::new();
    for (index, entry) in events.iter().enumerate() {
        let Some(at) = record.began(entry).filter(|at| !at.is_day()) else {
            continue;
        };
        let second = at.at.timestamp();
        let lists = before.entry(words(&entry.text)).or_default();
        for list in &mut *lists {
            let is_over = |earlier: &(usize, i64)| second - earlier.1 > SAME.num_seconds();
            while list.front().is_some_and(is_over) {
                list.pop_front();
            }
        }
        let [all, recorded] = lists;
        let is_recorded = is_recorded(index, entry);
        let list = if is_recorded { &*all } else { &*recorded };
        let is_near = |earlier: i64| (second - earlier).abs() <= SAME.num_seconds();
        if let Some((other, _)) = list.iter().find(|(_, earlier)| is_near(*earlier)) {
            let message = format!("two events say `{}` within a minute", entry.text.trim());
            let finding = Finding::new(message)
                .at(case.timeline_file(), event(index).key("text"), "again here")
                .at(
                    case.timeline_file(),
                    event(*other).key("text"),
                    "first here",
                );
            findings.add(finding.help("delete one of the two if they are about the same"));
        }
        all.push_back((index, second));
        if is_recorded {
            recorded.push_back((index, second));
        }
    }
}

/// Returns the words of a text in lowercase, with single spaces.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            words.push(c.to_ascii_lowercase());
        } else if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    words.truncate(words.trim_end().len());
    if words.is_ascii() {
        return words;
    }
    words.to_lowercase()
}

fn mark_repeated(case: &Case, findings: &mut Findings) {
    let record = case.record;
    let zone = record.zone(case.config);
    for repeated in &record.source.entries.repeated {
        let mark = repeated.mark.as_str();
        let time = |index: usize| {
            let event = record.timeline.events.get(index)?;
            record.marked_at(event, repeated.mark)
        };
        let (Some(kept), Some(later)) = (time(repeated.kept), time(repeated.event)) else {
            continue;
        };
        let is_same = kept.is_same(&later);
        let (kept, later) = (kept.in_full(zone), later.in_full(zone));
        let (message, help) = if is_same {
            (
                format!("`{mark}` is set twice at {kept}"),
                "remove the mark from one of the events".to_owned(),
            )
        } else {
            (
                format!("`{mark}` is set twice, at {kept} and at {later}; the earlier counts"),
                format!(
                    "set the right time with `afterword log {} --move {mark} --at TIME`",
                    record.id
                ),
            )
        };
        let finding = Finding::new(message)
            .at(
                case.timeline_file(),
                event(repeated.event).key("marks"),
                "again here",
            )
            .at(
                case.timeline_file(),
                event(repeated.kept).key("marks"),
                "first here",
            );
        findings.add(finding.help(help));
    }
}

fn status_contradicts_marks(case: &Case, findings: &mut Findings) {
    let stated = case.record.incident.status;
    let Some(stated) = stated.filter(|stated| stated.is_going_on()) else {
        return;
    };
    let mut record = case.record.clone();
    record.incident.status = None;
    let facts = Facts::compute(&record, case.config);
    if facts.status.is_open() {
        return;
    }
    let marks = record.marks();
    let end = marks.iter().rfind(|marked| {
        matches!(
            marked.mark,
            Mark::Ended | Mark::Resolved | Mark::ImpactEnded
        )
    });
    let Some(end) = end else { return };
    let (stated, mark) = (stated.as_str(), end.mark.as_str());
    let time = end.moment.in_full(record.zone(case.config));
    let (file, path) = case.mark_location(end.mark, end.event);
    findings.add(
        Finding::new(format!(
            "`status` is `{stated}`, but `{mark}` is marked at {time}"
        ))
        .at(case.file(), Path::new().key("status"), "an open status")
        .at(file, path, "the end")
        .help("remove `status`, which then follows the marks"),
    );
}
