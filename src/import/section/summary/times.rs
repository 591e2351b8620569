//! Imports the times that labels state: the start, the end, windows of impact and marks.

use super::super::super::calendar::{self, calendar_day};
use super::super::super::draft::{Draft, Stated, StatedWindow};
use super::super::super::entry_time;
use super::super::super::moment::{self, full};
use super::super::super::open::is_open_value;
use super::super::super::vocabulary::WORDS;
use super::super::super::words::{Labelled, bracket, folded, recorded};
use super::super::super::{year, zone};
use crate::moment::Written;
use crate::timeline::Mark;

/// Records the time of a labelled mark; returns `false` if it is not known or differs from the one before.
pub(super) fn labelled_mark(draft: &mut Draft, number: usize, mark: Mark, value: &str) -> bool {
    if mark.is_end() && (is_open_value(value) || WORDS.open_answers.contains(&folded(value))) {
        set_open(draft, number, value);
        return false;
    }
    let first = draft.facts.started.as_ref().map(|stated| stated.value);
    let first = first.or_else(|| draft.facts.marks.first().map(|(_, stated)| stated.value));
    let found = stated(draft, value, first).filter(|found| is_known_zone(found.zone));
    let written = found.and_then(|found| draft.times.placed(found.written, found.zone));
    let mut marks = draft.facts.marks.iter();
    if let Some((_, known)) = marks.find(|(other, _)| *other == mark) {
        return Some(known.value) == written;
    }
    let line = number;
    let marks = &mut draft.facts.marks;
    marks.extend(written.map(|value| (mark, Stated { line, value })));
    written.is_some()
}

/// Returns `true` if the time zone is absent or its name is known.
pub(super) fn is_known_zone(name: Option<&str>) -> bool {
    match name {
        None => true,
        Some(name) => zone::is_zone(name),
    }
}

pub(super) fn time(draft: &mut Draft, line: usize, value: &str, start: bool) -> bool {
    if start {
        draft.facts.start_stated = true;
    } else {
        draft.facts.end_stated = true;
    }
    if recorded(value).is_none() {
        return true;
    }
    if !start && is_open_value(value) {
        set_open(draft, line, value);
        return false;
    }
    let started = draft.facts.started.as_ref().map(|stated| stated.value);
    let (value, is_about) = match bracket(value) {
        (time, Some(note)) if WORDS.about_remarks.contains(&folded(note)) => (time, true),
        _ => (value, false),
    };
    // A remark after the time is kept as text.
    let before_remark = || match bracket(value) {
        (time, Some(_)) => full(time),
        _ => None,
    };
    let whole = stated(draft, value, started.filter(|_| !start));
    let Some(found) = whole.or_else(before_remark) else {
        // An end that cannot be read does not say that it is not recorded.
        if !start {
            draft.facts.end_stated = draft.facts.ended.is_some();
        }
        return false;
    };
    let written = Written {
        about: found.written.about || is_about,
        ..found.written
    };
    let Some(value) = draft.times.placed(written, found.zone) else {
        return false;
    };
    let place = if start {
        &mut draft.facts.started
    } else {
        &mut draft.facts.ended
    };
    // The first of several times counts; another one is kept as text.
    let known = place.get_or_insert(Stated { line, value });
    known.value == value && whole.is_some() && is_known_zone(found.zone)
}

/// Parses the value of a label of a time; one without its date is on the date of the report or on that of the start.
fn stated<'v>(draft: &Draft, value: &'v str, start: Option<Written>) -> Option<moment::Full<'v>> {
    let with_day = |written: Written, zone, day| {
        let day = Some(day);
        let written = Written { day, ..written };
        written.time.map(|_| moment::Full { written, zone })
    };
    // The date may be in brackets: `12:20 AM EDT (September 9)`.
    let in_brackets = || {
        let (time, note) = bracket(value);
        let (written, zone, rest) = entry_time::single_time(time)?;
        let without_year = || {
            let (month, day, after) = calendar::month_day(note?)?;
            Some((year::nearest(month, day, draft.times.day?)?, after))
        };
        let (day, after) = calendar_day(note?).or_else(without_year)?;
        let is_whole = rest.trim().is_empty() && after.trim().is_empty();
        with_day(written, zone, day).filter(|_| is_whole)
    };
    // An end before the start is on the next day.
    let of_day = || {
        let (written, zone, rest) = entry_time::single_time(value)?;
        let known = start.and_then(|start| start.day);
        let mut day = written.day.or(known).or(draft.times.day)?;
        if written.day.is_none() && is_next_day(start, &written) {
            day = day.succ_opt()?;
        }
        with_day(written, zone, day).filter(|_| rest.trim().is_empty())
    };
    full(value).or_else(of_day).or_else(in_brackets)
}

/// Records that the report says of its incident that it is not over.
pub(super) fn set_open(draft: &mut Draft, line: usize, value: &str) {
    draft.facts.open = true;
    draft.note(line, format!("read as not over, because it says `{value}`"));
}

/// Returns `true` if a time of day is that of the day after the start: `Start: 23:30`, `End: 01:10`.
fn is_next_day(started: Option<Written>, end: &Written) -> bool {
    let start = started.and_then(|started| started.time);
    let (Some(start), Some(end)) = (start, end.time) else {
        return false;
    };
    // An end shortly before the start is more likely to be a mistake.
    end.at < start.at && (start.at - end.at).num_hours() >= 12
}

/// Imports an impact window: `2025-01-14 09:55 UTC to 2025-01-14 10:10 UTC (15 minutes)`.
pub(super) fn window(draft: &mut Draft, line: usize, found: &Labelled) -> bool {
    let (times, _) = bracket(found.value);
    let (start, end) = match times.split_once(" to ") {
        Some((start, end)) => (full(start), full(end)),
        None => (full(times), None),
    };
    let Some(start) = start.filter(|start| is_known_zone(start.zone)) else {
        return false;
    };
    let placed = |found: moment::Full| draft.times.placed(found.written, found.zone);
    let Some(start) = placed(start) else {
        return false;
    };
    let value = StatedWindow {
        start,
        end: end.and_then(placed),
        text: format!("**{}**: {}", found.label, found.value),
    };
    draft.facts.windows.push(Stated { line, value });
    true
}
