//! Compares the durations that a report states by a label with its own times.
//!
//! `Time to repair: 0h 50m` may be measured from the start, the detection or the declaration, and nobody says
//! which. So a duration is wrong only if its start and its end are known and no two events that it may mean
//! are as far apart.

use super::draft::Draft;
use super::vocabulary::{StatedLength, WORDS};
use super::words::{self, labelled, plain_label};
use crate::facts::between;
use crate::kind::When;
use crate::moment::Moment;
use crate::timeline::Mark;

/// Adds a note for each stated duration that follows from no two times of the report.
pub(super) fn compare(draft: &mut Draft, text: &str) {
    let mut notes = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(note) =
            stated(line).and_then(|(label, value, length)| differs(draft, label, value, length))
        {
            notes.push((index + 1, note));
        }
    }
    for (line, note) in notes {
        if !draft.notes.iter().any(|other| other.text == note) {
            draft.note(line, note);
        }
    }
}

/// Parses a line such as `- **Time to repair**: 0h 50m` or `| Duration | 50 minutes |`.
fn stated(line: &str) -> Option<(&str, &str, StatedLength)> {
    let line = line.trim();
    if let Some(row) = line.strip_prefix('|').and_then(|row| row.strip_suffix('|')) {
        let (label, value) = row
            .split_once('|')
            .filter(|(_, value)| !value.contains('|'))?;
        let label = label.trim().trim_matches('*');
        return Some((label, value.trim(), WORDS.lengths.get(label)?));
    }
    let bare = line.trim_start_matches(['-', '+', '>', ' ']);
    let bare = bare.strip_prefix("* ").unwrap_or(bare).trim();
    let found = labelled(bare).or_else(|| plain_label(bare))?;
    Some((found.label, found.value, WORDS.lengths.get(found.label)?))
}

fn differs(draft: &Draft, label: &str, value: &str, length: StatedLength) -> Option<String> {
    let value = value.trim_matches(['*', '`', ' ', '.']);
    let is_about = value.starts_with(['~', '<', '>', '≈'])
        || value.contains("about")
        || value.contains("approx");
    let bare = value
        .split([',', '(', ';'])
        .next()
        .unwrap_or_default()
        .trim();
    let bare = bare.trim_start_matches(['~', '<', '>', '≈', ' ']);
    let seconds = words::seconds(bare)?;
    let (starts, ends): (&[Mark], &[Mark]) = match length {
        StatedLength::Detect => (&[Mark::Started, Mark::ImpactStarted], &[Mark::Detected]),
        StatedLength::Acknowledge => (
            &[Mark::Detected, Mark::Paged, Mark::Started],
            &[Mark::Acknowledged],
        ),
        StatedLength::Mitigate => (STARTS, &[Mark::Mitigated]),
        StatedLength::Resolve => (STARTS, &[Mark::Resolved, Mark::Ended]),
        StatedLength::Last => (
            &[Mark::Started, Mark::ImpactStarted, Mark::Detected],
            &[
                Mark::Ended,
                Mark::Resolved,
                Mark::ImpactEnded,
                Mark::Mitigated,
            ],
        ),
    };
    let found = |marks: &[Mark]| -> Vec<(Mark, Moment)> {
        marks
            .iter()
            .filter_map(|mark| Some((*mark, at(draft, *mark)?)))
            .collect()
    };
    let mut last = found(ends);
    if last.is_empty() && length == StatedLength::Mitigate {
        last = found(&[Mark::ImpactEnded, Mark::Resolved, Mark::Ended]);
    }
    let first = found(starts);
    let tolerance = if is_about {
        seconds / 10 + 300
    } else {
        60.max(step(bare))
    };
    let mut nearest: Option<(i64, String)> = None;
    let apart = |start: &Moment, end: &Moment| {
        let computed = between(start, end, draft.times.zone)?;
        Some(((computed.known() - seconds).abs(), computed))
    };
    for (from, start) in &first {
        for (to, end) in &last {
            if start.is_day() || end.is_day() || start.about || end.about {
                return None;
            }
            let Some((apart, computed)) = apart(start, end) else {
                continue;
            };
            if nearest.as_ref().is_none_or(|(other, _)| apart < *other) {
                let text = format!(
                    "from `{}` to `{}` are {computed}",
                    from.as_str(),
                    to.as_str()
                );
                nearest = Some((apart, text));
            }
        }
    }
    let (_, computed) = nearest.filter(|(apart, _)| *apart > tolerance)?;
    // The text may mean other events: any before the detection may be the start, and any that may be
    // an end the end.
    let known = first.iter().map(|(_, start)| start.order()).min()?;
    let detected = at(draft, Mark::Detected).map_or(known, |at| at.order().max(known));
    let events = || draft.events.iter().take(TRIED);
    let mut may_start: Vec<Moment> = events()
        .map(|entry| entry.start)
        .filter(|start| start.order() <= detected)
        .collect();
    may_start.extend(first.iter().map(|(_, start)| *start));
    let may_end: Vec<Moment> = { events() }
        .filter(|entry| {
            ends.iter()
                .any(|mark| entry.cue.hints.contains(mark) || entry.cue.states(*mark).is_some())
        })
        .chain(draft.events.last().filter(|_| length == StatedLength::Last))
        .map(|entry| entry.end.unwrap_or(entry.start))
        .chain(last.iter().map(|(_, end)| *end))
        .collect();
    let fits = |start: &Moment| {
        { may_end.iter() }.any(|end| apart(start, end).is_some_and(|(apart, _)| apart <= tolerance))
    };
    (!may_start.iter().any(fits)).then(|| format!("{DIFFERS}: `{label}: {value}`, but {computed}"))
}

/// The start of the note about a stated duration that differs.
pub(super) const DIFFERS: &str = "stated duration differs";

/// The number of events that are tried as the start or the end of a stated duration.
const TRIED: usize = 200;

const STARTS: &[Mark] = &[
    Mark::Started,
    Mark::ImpactStarted,
    Mark::Detected,
    Mark::Declared,
];

/// Returns the precision of a stated duration in seconds: `2 hours` may be rounded.
fn step(text: &str) -> i64 {
    let has = |units: &[&str]| units.iter().any(|unit| text.contains(unit));
    match () {
        () if has(&["m", "s"]) => 0,
        () if has(&["h"]) => 1_800,
        () => 43_200,
    }
}

/// Returns the time of a mark.
fn at(draft: &Draft, mark: Mark) -> Option<Moment> {
    let mut events = draft.events.iter();
    let marked = events.find(|entry| entry.event.marks.contains(&mark));
    match (marked, draft.incident.times.get(mark)) {
        (Some(entry), _) => Some(entry.moment(mark)),
        (None, Some(When::Written(written))) => draft.times.moment(written),
        _ => None,
    }
}
