//! Compares the durations that a report states by a label with its own times.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use crate::edit;
use crate::facts::labelled::{self, RecordedTimes};
use crate::kind::When;
use crate::moment::Moment;
use crate::timeline::Mark;

mod anywhere;
mod beside;

/// A stated duration with its line, and what it differs from.
struct Difference {
    line: usize,
    label: String,
    value: String,
    text: String,
}

/// Adds a note for each stated duration that follows from no two times of the report.
///
/// The duration is kept as it was written, so that `check` names it until somebody corrects it.
pub(super) fn compare(draft: &mut Draft, text: &str) {
    let mut found = beside::differences(draft, text);
    if !draft.facts.is_several {
        found.extend(by_marks(draft, text));
        found.extend(anywhere::differences(draft, text));
    }
    if found.is_empty() {
        return;
    }
    let kept = kept(draft);
    let mut told: BTreeSet<String> = BTreeSet::new();
    for found in found {
        let note = format!("{DIFFERS}: {}", found.text);
        if !told.insert(note.clone()) {
            continue;
        }
        draft.note(found.line, note);
        let pair = (found.label, found.value);
        if !kept.contains(&pair) {
            let (label, value) = pair;
            draft.keep_unmapped("Facts", found.line, &format!("{label}: {value}"));
        }
    }
}

/// Returns the labelled durations that follow from no two times of the report.
fn by_marks(draft: &Draft, text: &str) -> Vec<Difference> {
    let times = times(draft);
    let zone = draft.times.zone;
    let found = text.lines().enumerate().flat_map(|(index, line)| {
        let bare = line.trim_start_matches(['>', ' ']);
        labelled::parts(bare).map(move |part| (index + 1, part))
    });
    let found = found.filter_map(|(line, part)| {
        let stated = labelled::parse(part)?;
        let differing = labelled::differs(stated, &times, zone)?;
        Some(Difference {
            line,
            label: stated.label.to_owned(),
            value: stated.value.to_owned(),
            text: differing.describe(&stated),
        })
    });
    found.collect()
}

/// Returns the labelled durations that are in the incident or in the unmapped content.
fn kept(draft: &Draft) -> BTreeSet<(String, String)> {
    let printed = edit::incident::print(&draft.incident);
    let unmapped = draft
        .unmapped
        .iter()
        .flat_map(|content| content.text.lines());
    // A short text is on the line of its key.
    let values = printed.lines().map(|line| match line.split_once(" = ") {
        Some((_, value)) => value,
        None => line,
    });
    let kept = unmapped.chain(values).filter_map(|line| {
        let line = line.trim().trim_matches(['"', '\'', ',', '[', ']']);
        let stated = labelled::parse(line)?;
        Some((stated.label.to_owned(), stated.value.to_owned()))
    });
    kept.collect()
}

/// The start of the note about a stated duration that differs.
pub(super) const DIFFERS: &str = "stated duration differs";

/// Returns the times of the marks and of the events, with the marks that the events may be.
fn times(draft: &Draft) -> RecordedTimes {
    let mark = |mark: &Mark| {
        let mut marked = { draft.events.iter() }.filter(|entry| entry.event.marks.contains(mark));
        let first = marked.next().map(|entry| entry.moment(*mark));
        let is_single = marked.next().is_none();
        let moment: Option<Moment> = match (first, draft.incident.times.get(*mark)) {
            (Some(at), _) => Some(at),
            (None, Some(When::Written(written))) => draft.times.moment(written),
            _ => None,
        };
        Some((*mark, (moment?, is_single)))
    };
    let marks: BTreeMap<Mark, (Moment, bool)> = Mark::ALL.iter().filter_map(mark).collect();
    let last = draft.events.len().saturating_sub(1);
    let events = { draft.events.iter().enumerate() }
        .map(|(index, entry)| {
            if index == last {
                entry.end.unwrap_or(entry.start)
            } else {
                entry.start
            }
        })
        .collect();
    let ends = { draft.events.iter() }
        .map(|entry| {
            let may_be =
                |mark: &&Mark| entry.cue.hints.contains(mark) || entry.cue.states(**mark).is_some();
            (
                entry.end.unwrap_or(entry.start),
                Mark::ALL.iter().filter(may_be).copied().collect(),
            )
        })
        .collect();
    let facts = &draft.facts;
    RecordedTimes {
        marks,
        events,
        ends,
        is_span_stated: facts.started.is_some() && facts.ended.is_some() && !facts.is_span_in_text,
    }
}
