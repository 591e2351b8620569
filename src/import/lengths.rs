//! Compares the durations that a report states by a label with its own times.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use crate::edit;
use crate::facts::labelled::{self, RecordedTimes};
use crate::kind::When;
use crate::moment::Moment;
use crate::timeline::Mark;

/// Adds a note for each stated duration that follows from no two times of the report.
///
/// The duration is kept as it was written, so that `check` names it until somebody corrects it.
pub(super) fn compare(draft: &mut Draft, text: &str) {
    let times = times(draft);
    let zone = draft.times.zone;
    let found = text.lines().enumerate().flat_map(|(index, line)| {
        let bare = line.trim_start_matches(['>', ' ']);
        labelled::parts(bare).map(move |part| (index + 1, part))
    });
    let found = found.filter_map(|(line, part)| {
        let stated = labelled::parse(part)?;
        Some((line, stated, labelled::differs(stated, &times, zone)?))
    });
    let found: Vec<_> = found.collect();
    if found.is_empty() {
        return;
    }
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
    let kept: BTreeSet<(String, String)> = kept.collect();
    let mut told: BTreeSet<String> = BTreeSet::new();
    for (line, stated, differing) in found {
        let note = format!("{DIFFERS}: {}", differing.describe(&stated));
        if !told.insert(note.clone()) {
            continue;
        }
        draft.note(line, note);
        if !kept.contains(&(stated.label.to_owned(), stated.value.to_owned())) {
            let text = format!("{}: {}", stated.label, stated.value);
            draft.keep_unmapped("Facts", line, &text);
        }
    }
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
