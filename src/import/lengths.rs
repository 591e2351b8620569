//! Compares the durations that a report states with its own times.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Draft;
use super::entry_time;
use super::vocabulary::WORDS;
use super::words::folded;
use crate::edit;
use crate::facts::labelled::{Differing, Measure, RecordedTimes};
use crate::kind::When;
use crate::moment::{Moment, Written};
use crate::timeline::Mark;

mod beside;
mod prose;

/// How a stated duration differs, with its line.
struct Difference {
    line: usize,
    text: String,
    /// The label and the value of a fact, which is kept if the incident has it nowhere.
    fact: Option<(String, String)>,
}

/// Adds a note for each stated duration that follows from no two times of the report.
///
/// The duration is kept as it was written, so that `check` names it until somebody corrects it.
pub(super) fn compare(draft: &mut Draft, text: &str) {
    let mut found = beside::differences(draft, text);
    let times = times(draft, text);
    found.extend(by_labels(draft, text, &times));
    found.extend(in_sentences(draft, text, &times));
    if found.is_empty() {
        return;
    }
    let kept = kept(draft);
    let mut told = BTreeSet::new();
    for found in found {
        // One duration may differ from the row that it is in and from the marks.
        let quote = found.text.split("`, but ").next().unwrap_or_default();
        if !told.insert((found.line, quote.to_owned())) {
            continue;
        }
        draft.note(found.line, format!("{DIFFERS}: {}", found.text));
        if let Some((label, value)) = found.fact.filter(|fact| !kept.contains(fact)) {
            draft.keep_unmapped("Facts", found.line, &format!("{label}: {value}"));
        }
    }
}

/// Returns the labelled durations that follow from no two times of the report.
///
/// Of several outages, nothing but the sum of their windows can be compared.
fn by_labels(draft: &Draft, text: &str, times: &RecordedTimes) -> Vec<Difference> {
    let zone = draft.times.zone;
    let found = draft.labels.find(text).into_iter();
    let found = found.filter_map(|(span, stated)| {
        let differing = stated.differing(times, zone)?;
        let is_sum = matches!(differing, Differing::Sum(..));
        (is_sum || !draft.facts.is_several).then(|| Difference {
            line: text
                .get(..span.start)
                .map_or(1, |before| before.matches('\n').count() + 1),
            text: stated.describe(&differing),
            fact: Some((stated.label.to_owned(), stated.value.to_owned())),
        })
    });
    found.collect()
}

/// Returns the durations in sentences such as `The outage lasted 2 hours` that no two times of the report are apart.
fn in_sentences(draft: &Draft, text: &str, times: &RecordedTimes) -> Vec<Difference> {
    let zone = draft.times.zone;
    let is_subject = |word: &str| WORDS.open_subjects.contains(&folded(word));
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let stated = prose::lengths(line, &draft.labels).filter(|(quote, _)| {
            let before = line.split_once(*quote).map_or("", |(before, _)| before);
            let subject = before.trim_end().rsplit(' ').next();
            // `The incident affected printing, lasting 2 hours`
            let sentence = before.rsplit(". ").next().unwrap_or_default();
            let is_clause = quote.starts_with("lasting") && before.ends_with(", ");
            quote.starts_with("lasted") && subject.is_some_and(is_subject)
                || is_clause && sentence.split(' ').any(is_subject)
        });
        let differing = stated.filter(|(_, value)| {
            let fits = |length| draft.labels.fits(value, length);
            let typed = draft.labels.seconds(value).unwrap_or_default();
            let has_none = || times.has_none(Measure::Whole, typed, zone, fits);
            !draft.facts.is_several && times.pairs(Measure::Whole, zone).is_empty() && has_none()
        });
        found.extend(differing.map(|(quote, _)| Difference {
            line: index + 1,
            text: format!("`{quote}`, but {}", Differing::Any.describe()),
            fact: None,
        }));
    }
    found
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
        let stated = draft.labels.parse(line)?;
        Some((stated.label.to_owned(), stated.value.to_owned()))
    });
    kept.collect()
}

/// Returns the times of the marks and of the events, with the marks that the events may be.
fn times(draft: &Draft, text: &str) -> RecordedTimes {
    let mark = |mark: &Mark| {
        let marked = { draft.events.iter() }.filter(|entry| entry.event.marks.contains(mark));
        let mut moments: Vec<Moment> = marked.map(|entry| entry.moment(*mark)).collect();
        if moments.is_empty()
            && let Some(When::Written(written)) = draft.incident.times.get(*mark)
        {
            moments.extend(draft.times.moment(written));
        }
        (!moments.is_empty()).then_some((*mark, moments))
    };
    let marks: BTreeMap<Mark, Vec<Moment>> = Mark::ALL.iter().filter_map(mark).collect();
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
        named: text
            .lines()
            .flat_map(times_of_day)
            .filter_map(|(written, _)| Some(written.time?.at))
            .collect(),
    }
}

/// Returns the times of day in a line, each with the name of its time zone.
fn times_of_day(line: &str) -> impl Iterator<Item = (Written, Option<&str>)> {
    let mut last = ' ';
    let starts = line.char_indices().filter(move |(_, c)| {
        let is_start = c.is_ascii_digit() && !last.is_alphanumeric() && !":.".contains(last);
        last = *c;
        is_start
    });
    { starts.collect::<Vec<_>>().into_iter() }.filter_map(|(at, _)| {
        let (written, zone, _) = entry_time::single_time(line.get(at..)?)?;
        written.time?;
        Some((written, zone))
    })
}

/// The start of the note about a stated duration that differs.
pub(super) const DIFFERS: &str = "stated duration differs";
