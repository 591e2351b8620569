//! Compares the duration of the whole incident with all times of day in the report, if its start or its end is not known.

use std::collections::BTreeSet;

use chrono::{NaiveTime, TimeDelta};

use super::{Difference, beside};
use crate::facts::labelled;
use crate::import::draft::Draft;
use crate::import::entry_time;
use crate::import::vocabulary::WORDS;
use crate::import::words::folded;
use crate::timeline::Mark;

/// The number of times that are compared with each other.
const TRIED: usize = 200;

/// Returns the durations of the whole incident that no two times of the report are apart.
pub(super) fn differences(draft: &Draft, text: &str) -> Vec<Difference> {
    let is_marked = |mark: &Mark| {
        draft.incident.times.get(*mark).is_some() || { draft.events.iter() }
            .any(|entry| entry.event.marks.contains(mark))
    };
    let starts = [Mark::Started, Mark::ImpactStarted, Mark::Detected];
    let ends = [
        Mark::Ended,
        Mark::Resolved,
        Mark::ImpactEnded,
        Mark::Mitigated,
    ];
    if starts.iter().any(is_marked) && ends.iter().any(is_marked) {
        return Vec::new();
    }
    let times: BTreeSet<NaiveTime> = text.lines().flat_map(times).take(TRIED).collect();
    // With a single time, the others are told in another way.
    if times.len() < 3 {
        return Vec::new();
    }
    let fits = |value: &str| {
        times.iter().any(|start| {
            let mut ends = times.iter().filter(|end| *end != start);
            ends.any(|end| {
                let length = *end - *start;
                let length = if length < TimeDelta::zero() {
                    length + TimeDelta::days(1)
                } else {
                    length
                };
                !labelled::contradicts(value, length.num_seconds())
            })
        })
    };
    let found = { text.lines().enumerate() }
        .flat_map(|(index, line)| stated(line).map(move |stated| (index + 1, stated)));
    found
        .filter(|(_, (_, _, value))| !fits(value))
        .map(|(line, (label, joint, value))| Difference {
            line,
            label: label.to_owned(),
            value: value.to_owned(),
            text: format!(
                "`{label}{joint}{value}`, but no two times of the report are as far apart"
            ),
        })
        .collect()
}

/// Returns the duration of the whole incident that a line states by a label, or in `The outage lasted 2 hours`.
///
/// Each is a label, what joins it to its value, and the value, which is shorter than a day.
fn stated(line: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let is_subject = |word: &str| WORDS.open_subjects.contains(&folded(word));
    let in_text = beside::lengths(line).filter(move |(label, _)| {
        let before = line.split_once(*label).map_or("", |(before, _)| before);
        *label == "lasted" && before.trim_end().rsplit(' ').next().is_some_and(is_subject)
    });
    let in_text = in_text.map(|(label, value)| (label, " ", value));
    let by_label = labelled::parse(line).filter(labelled::LabelledDuration::is_whole);
    let by_label = by_label.map(|found| (found.label, ": ", found.value));
    let is_short = |value: &str| {
        labelled::seconds(value).is_some_and(|seconds| (1..86_400).contains(&seconds))
    };
    { by_label.into_iter().chain(in_text) }.filter(move |(_, _, value)| is_short(value))
}

/// Returns the times of day in a line.
fn times(line: &str) -> impl Iterator<Item = NaiveTime> {
    let mut last = ' ';
    let starts = line.char_indices().filter(move |(_, c)| {
        let is_start = c.is_ascii_digit() && !last.is_alphanumeric() && !":.".contains(last);
        last = *c;
        is_start
    });
    { starts.collect::<Vec<_>>().into_iter() }.filter_map(|(at, _)| {
        let (written, ..) = entry_time::single_time(line.get(at..)?)?;
        Some(written.time?.at)
    })
}
