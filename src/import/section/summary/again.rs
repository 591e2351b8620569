//! Imports when work was scheduled, when an incident was open again, and which incidents it has to do with.

use super::super::super::draft::{Draft, Stated};
use super::super::super::moment::full;
use super::super::super::vocabulary::SummaryLabel;
use super::super::super::words::bracket;
use super::{incident, is_known_zone};
use crate::kind::When;
use crate::moment::Written;
use crate::timeline::Mark;

/// Parses two times in full: `2025-01-14 09:55 UTC to 2025-01-14 10:10 UTC`, or one of them after `from` or `until`.
fn two_times(draft: &Draft, value: &str) -> Option<(Option<Written>, Option<Written>)> {
    let placed = |text: &str| {
        let found = full(text).filter(|found| is_known_zone(found.zone))?;
        draft.times.placed(found.written, found.zone)
    };
    if let Some(from) = value.strip_prefix("from ") {
        return Some((Some(placed(from)?), None));
    }
    if let Some(until) = value.strip_prefix("until ") {
        return Some((None, Some(placed(until)?)));
    }
    let (from, until) = value.split_once(" to ")?;
    Some((Some(placed(from)?), Some(placed(until)?)))
}

/// Imports when work was scheduled; returns `false` if the value is no span.
pub(super) fn scheduled(draft: &mut Draft, label: &str, value: &str) -> bool {
    let Some((from, until)) = two_times(draft, value) else {
        return false;
    };
    if let Some(from) = from {
        draft.set(
            label,
            |draft| &mut draft.incident.schedule.from,
            When::Written(from),
        );
    }
    if let Some(until) = until {
        draft.set(
            label,
            |draft| &mut draft.incident.schedule.until,
            When::Written(until),
        );
    }
    true
}

/// Imports the time from an end to the reopening after it; returns `false` for a second one, whose marks would repeat.
pub(super) fn reopened(draft: &mut Draft, line: usize, value: &str) -> bool {
    let has = |mark: Mark| draft.facts.marks.iter().any(|(other, _)| *other == mark);
    let (times, _) = bracket(value);
    let Some((Some(ended), Some(at))) = two_times(draft, times) else {
        return false;
    };
    if has(Mark::Reopened) || has(Mark::Resolved) {
        return false;
    }
    let marks = [(Mark::Resolved, ended), (Mark::Reopened, at)];
    let stated = marks.map(|(mark, value)| (mark, Stated { line, value }));
    draft.facts.marks.extend(stated);
    true
}

/// Notes that links to other incidents are derived from these.
pub(super) fn linked_from(draft: &mut Draft, line: usize, meaning: SummaryLabel) {
    draft.related = true;
    let what = match meaning {
        SummaryLabel::Investigations => "investigations",
        SummaryLabel::Merged => "merged incidents",
        _ => "incidents that were split off",
    };
    draft.note(
        line,
        format!("link to {what} not imported; it is derived from those that name this incident"),
    );
}

/// Imports the incident from which this one was split off; returns `false` if the archive does not have it.
pub(super) fn split_from(draft: &mut Draft, label: &str, value: &str) -> bool {
    let Some(id) = incident(draft, value) else {
        return false;
    };
    draft.set(label, |draft| &mut draft.incident.split_from, id);
    true
}
