//! The mark that gives an incident its next status, or why no mark does and what helps.

use crate::archive::{EventPlace, Record};
use crate::command::change::Change;
use crate::facts::Facts;
use crate::incident::Status;
use crate::timeline::Mark;

/// Returns the mark that gives a status.
pub(super) const fn mark_of(status: Status) -> Option<Mark> {
    match status {
        Status::Planned | Status::Investigating => None,
        Status::Identified => Some(Mark::Identified),
        Status::Monitoring => Some(Mark::Mitigated),
        Status::Resolved => Some(Mark::Resolved),
        Status::Closed => Some(Mark::Ended),
    }
}

/// The marks that give a status, with it.
const GIVING: &[(Mark, Status)] = &[
    (Mark::Identified, Status::Identified),
    (Mark::Mitigated, Status::Monitoring),
    (Mark::Resolved, Status::Resolved),
    (Mark::ImpactEnded, Status::Resolved),
    (Mark::Ended, Status::Closed),
];

/// Returns the status that a mark gives.
pub(super) fn gives(mark: Mark) -> Option<Status> {
    let mut giving = GIVING.iter();
    giving
        .find(|(own, _)| *own == mark)
        .map(|(_, status)| *status)
}

/// Returns the mark to record so that an incident has a new status.
///
/// # Errors
/// Returns why no mark gives it the status, with commands that lead there.
pub(super) fn next_mark(change: &Change, old: Status, new: Status) -> Result<Mark, String> {
    let record = change.record();
    let id = &record.id;
    match mark_of(new) {
        None if old == Status::Planned && !record.is_marked(Mark::Started) => Ok(Mark::Started),
        None if old == Status::Planned => Err(format!(
            "`started` in `{}` is the planned start of `{id}`; remove it, then use `afterword status {id} investigating`",
            record.source.incident
        )),
        None if !old.is_open() => open_again(change),
        // The fix of the first time did not hold, so the impact that came back needs an end.
        Some(Mark::Resolved) if new > old && has_come_back(change) => Ok(Mark::ImpactEnded),
        Some(mark) if new > old && record.may_mark_again(mark) => Ok(mark),
        Some(mark) if new > old => Err(marked_before(change, mark)),
        _ => Err(held_by(change, old, new)),
    }
}

/// Returns the mark of an incident that is open again: users are affected again, or without recorded impact, it was reopened.
///
/// An impact that starts without one before would make the durations of the whole incident start there.
fn open_again(change: &Change) -> Result<Mark, String> {
    let record = change.record();
    let id = &record.id;
    let windows = Facts::compute(record, change.config()).windows;
    match windows.last() {
        Some(last) if last.to.is_some() => Ok(Mark::ImpactStarted),
        None if record.may_mark_again(Mark::Reopened) => Ok(Mark::Reopened),
        None => Err(marked_before(change, Mark::Reopened)),
        Some(_) => Err(format!(
            "the impact of `{id}` has no end yet, so it cannot start again; first record when users had recovered: `afterword log {id} --mark impact_ended --at TIME`"
        )),
    }
}

/// Returns `true` if users are affected, as far as that is recorded.
pub(super) fn is_impact_open(change: &Change) -> bool {
    let windows = Facts::compute(change.record(), change.config()).windows;
    windows.last().is_some_and(|window| window.to.is_none())
}

/// Returns `true` if users are affected again.
fn has_come_back(change: &Change) -> bool {
    is_impact_open(change) && Facts::compute(change.record(), change.config()).came_back
}

/// Describes a mark that was recorded already, such as before users were affected again.
fn marked_before(change: &Change, mark: Mark) -> String {
    let record = change.record();
    let (id, name) = (&record.id, mark.as_str());
    let marks = record.marks();
    let at = marks.iter().find(|marked| marked.mark == mark);
    let at = at.map(|marked| format!(" at {}", marked.moment.in_full(change.shown_zone())));
    let at = at.unwrap_or_default();
    let resolved = match mark {
        Mark::Ended | Mark::Reopened => String::new(),
        _ => format!("once users have recovered, use `afterword status {id} resolved`, or "),
    };
    format!(
        "`{name}` is already marked{at}; {resolved}if the time is wrong, move it: `afterword log {id} --move {name} --at TIME`"
    )
}

/// Describes which marks say that an incident has a later status, and how to take that back.
fn held_by(change: &Change, old: Status, new: Status) -> String {
    let record = change.record();
    let id = &record.id;
    let facts = Facts::compute(record, change.config());
    // Marks from before users were affected again no longer count.
    let last = facts.windows.last().filter(|_| facts.came_back);
    let marks = record.marks();
    let counts = |wanted: Mark| {
        let mut own = marks.iter().filter(|marked| marked.mark == wanted);
        own.any(|own| last.is_none_or(|last| own.moment.order() >= last.from.moment.order()))
    };
    let later = GIVING.iter().filter(|(_, status)| *status > new);
    let held: Vec<(Mark, String)> = later
        .filter(|(mark, _)| counts(*mark))
        .filter_map(|(mark, _)| Some((*mark, file_of(record, *mark)?)))
        .collect();
    let says = format!("says that `{id}` is {}", old.as_str());
    let again = if !old.is_open() {
        format!(
            "if users are affected again, use `afterword status {id} investigating`; otherwise "
        )
    } else if new == Status::Investigating && is_impact_open(change) {
        format!(
            "if users had recovered in between, record that: `afterword log {id} --mark impact_ended --at TIME`; otherwise "
        )
    } else {
        String::new()
    };
    let [(first, _), ..] = held.as_slice() else {
        return format!("`{}` {says}; change it there", record.source.incident);
    };
    let marks = held
        .iter()
        .map(|(mark, file)| format!("`{}` in `{file}`", mark.as_str()));
    let marks: Vec<String> = marks.collect();
    let only = match marks.as_slice() {
        [_] => format!("the mark `{}` {says}", first.as_str()),
        _ => format!("the marks say that `{id}` is {}", old.as_str()),
    };
    format!(
        "{only}; {again}take back what set it with `afterword undo`, or remove the mark {}",
        marks.join(" and ")
    )
}

/// Returns the file that sets a mark; `None` if none does.
fn file_of(record: &Record, mark: Mark) -> Option<String> {
    if record.is_in_times(mark) {
        return Some(record.source.incident.to_string());
    }
    let mut events = record.timeline.events.iter();
    let index = events.rposition(|event| event.marks.contains(&mark))?;
    let source = &record.source;
    match source.place(index) {
        EventPlace::Entry(entry) => source.entries.files.get(entry).map(|(path, _)| path),
        EventPlace::Timeline(_) => source.timeline.as_ref(),
    }
    .map(ToString::to_string)
}
