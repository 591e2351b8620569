//! Compares the durations that a text states by a label with the recorded times.
//!
//! `Time to repair: 0h 50m` may be measured from the start, the detection or the declaration, and nobody says
//! which. So a duration is wrong only if its start and its end are known and no two times that it may mean are
//! as far apart.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use super::between;
use crate::moment::{Moment, Zone};
use crate::timeline::Mark;
use crate::token::{folded, labelled, plain_label};

mod count;
mod value;

pub use count::{Counted, LabelledCount, parse as parse_count};
use value::Length;
pub use value::seconds;

/// The parsed labels. A test parses them, so they are never empty.
static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("labelled.toml")).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Words {
    about: Vec<String>,
    remarks: Vec<String>,
    label_units: Vec<String>,
    units: BTreeMap<String, Vec<String>>,
    words: BTreeMap<String, Vec<String>>,
    labels: BTreeMap<LabelledLength, Vec<String>>,
    counts: BTreeMap<Counted, Vec<String>>,
    bare_counts: BTreeMap<Counted, Vec<String>>,
}

/// What a labelled duration measures, by its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LabelledLength {
    Detect,
    Acknowledge,
    Mitigate,
    Recover,
    Resolve,
    /// From start to end.
    Whole,
    /// From start to end, or as long as users were affected.
    Impact,
}

impl LabelledLength {
    /// Returns `true` if the duration lasts until the end.
    const fn is_last(self) -> bool {
        matches!(self, Self::Whole | Self::Impact)
    }
}

/// A duration that a line states by a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelledDuration<'a> {
    /// The label, as written.
    pub label: &'a str,
    /// The value, as written.
    pub value: &'a str,
    /// The unit that the label names.
    unit: Option<&'static str>,
    length: LabelledLength,
}

impl LabelledDuration<'_> {
    /// Returns `true` if the value is one duration, which can be compared.
    #[must_use]
    pub fn is_comparable(&self) -> bool {
        self.read().is_some()
    }

    /// Returns `true` for the duration of the whole incident, or of its impact.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.length.is_last()
    }

    fn read(&self) -> Option<Length> {
        let is_number = |value: &str| value.bytes().all(|byte| byte.is_ascii_digit());
        match self.unit.filter(|_| is_number(self.value)) {
            Some(unit) => Length::read(&format!("{} {unit}", self.value)),
            None => Length::read(self.value),
        }
    }

    /// Returns `true` if the value has several durations, or one of a part: `12 minutes for some users`.
    #[must_use]
    pub fn is_divided(&self) -> bool {
        !self.is_comparable() && value::parts(self.value) > 0
    }
}

/// The times that an incident records.
#[derive(Debug, Default)]
pub struct RecordedTimes {
    /// The times of its marks, each with whether the mark occurs once.
    pub marks: BTreeMap<Mark, (Moment, bool)>,
    /// The times of its events, in their order.
    pub events: Vec<Moment>,
    /// The times of events that may be the end of something, with the marks that they may be.
    pub ends: Vec<(Moment, Vec<Mark>)>,
    /// Whether the start and the end are stated by labels, so that a duration beside them can only be theirs.
    pub is_span_stated: bool,
}

/// A stated duration that follows from no two recorded times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// The start of the duration that is the nearest.
    pub start: Mark,
    /// Its end.
    pub end: Mark,
    /// The duration itself.
    pub computed: String,
}

impl Differing {
    /// Describes the difference: `` `Duration: 2 hours`, but from `started` to `ended` are 45 minutes ``.
    #[must_use]
    pub fn describe(&self, stated: &LabelledDuration) -> String {
        format!(
            "`{}: {}`, but from `{}` to `{}` are {}",
            stated.label,
            stated.value,
            self.start.as_str(),
            self.end.as_str(),
            self.computed
        )
    }
}

impl RecordedTimes {
    fn at(&self, mark: Mark) -> Option<Moment> {
        Some(self.marks.get(&mark)?.0)
    }

    /// Returns the times of some marks.
    fn all(&self, marks: &[Mark]) -> Vec<(Mark, Moment)> {
        marks
            .iter()
            .filter_map(|mark| Some((*mark, self.at(*mark)?)))
            .collect()
    }
}

/// Parses a line such as `- **Time to repair**: 0h 50m` or `| Duration | 50 minutes |`.
#[must_use]
pub fn parse(line: &str) -> Option<LabelledDuration<'_>> {
    let (label, value) = label_and_value(line)?;
    Some(LabelledDuration {
        label,
        value,
        unit: unit_of(label),
        length: length_of(label)?,
    })
}

/// Splits a line that may have several labels: `**Severity**: P1 · **Duration**: 2 h`, `MTTD: 2 min, MTTR: 40 min`.
pub fn parts(line: &str) -> impl Iterator<Item = &str> {
    let is_row = line.trim_start().starts_with('|');
    let parts = line.split(if is_row { "\n" } else { " · " });
    let parts = parts.flat_map(move |part| part.split(if is_row { "\n" } else { " | " }));
    parts.flat_map(at_labels)
}

/// Splits a text before each label that stands behind a comma or a semicolon.
fn at_labels(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    let has_label = |text: &str| label_and_value(text).is_some();
    while let Some(at) = { rest.match_indices([',', ';']) }
        .map(|(at, _)| at)
        .find(|at| rest.get(at + 1..).is_some_and(has_label))
    {
        parts.extend(rest.get(..at));
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    parts.push(rest);
    parts
}

/// Splits a line into its label and its value, also a list item or a table row.
fn label_and_value(line: &str) -> Option<(&str, &str)> {
    let line = line.trim();
    let Some(row) = line.strip_prefix('|') else {
        let bare = line.trim_start_matches(['-', '+', '>', ' ']);
        let bare = bare.strip_prefix("* ").unwrap_or(bare).trim();
        return match labelled(bare).or_else(|| plain_label(bare)) {
            Some(found) => Some((found.label, found.value)),
            None => separated(bare),
        };
    };
    let (label, value) = row.strip_suffix('|').unwrap_or(row).split_once('|')?;
    if value.contains('|') {
        return None;
    }
    let label = label.trim().trim_matches('*');
    Some((label.strip_suffix(':').unwrap_or(label), value.trim()))
}

/// Splits a label without a colon from its value: `TTR - 90 minutes`, `**How long did it last?** 2 hours`.
fn separated(text: &str) -> Option<(&str, &str)> {
    let separators = [": ", " = ", " - ", " – ", "?** ", "? "];
    // Six searches are slow, and few lines have the start of a separator. The dash is not ASCII.
    let starts = |pair: &[u8]| match *pair {
        [b':' | b'?', next] => next == b' ' || next == b'*',
        [b' ', next] => next == b'=' || next == b'-' || !next.is_ascii(),
        _ => false,
    };
    if !text.as_bytes().windows(2).any(starts) {
        return None;
    }
    let mut found = separators
        .iter()
        .filter_map(|separator| text.split_once(separator));
    let (label, value) = found.find(|(label, _)| length_of(label).is_some())?;
    Some((label.trim_matches('*'), value))
}

/// Returns what a label measures.
fn length_of(label: &str) -> Option<LabelledLength> {
    names(&WORDS.labels, label)
}

/// Returns what a label names in a table of labels.
fn names<T: Copy>(table: &BTreeMap<T, Vec<String>>, label: &str) -> Option<T> {
    // `Time to resolve (TTR)` names it twice, and `Minutes of downtime` with its unit.
    let bare = label.split('(').next().unwrap_or_default();
    let mut wanted = vec![folded(label), folded(bare)];
    if let Some((unit, rest)) = folded(label).split_once(" of ")
        && WORDS.label_units.iter().any(|known| known == unit)
    {
        wanted.push(rest.to_owned());
    }
    let is_known = |labels: &[String]| wanted.iter().any(|wanted| labels.contains(wanted));
    let mut table = table.iter();
    let (named, _) = table.find(|(_, labels)| is_known(labels))?;
    Some(*named)
}

/// Returns the unit that a label names: `Duration (minutes)`, `Minutes of downtime`.
fn unit_of(label: &str) -> Option<&'static str> {
    let folded = folded(label);
    let mut units = WORDS.label_units.iter();
    let has = |unit: &&String| {
        label.contains(&format!("({unit})")) || folded.starts_with(&format!("{unit} "))
    };
    units.find(has).map(String::as_str)
}

/// Returns how a stated duration differs from the recorded times; `None` if two of them are as far apart.
#[must_use]
pub fn differs(stated: LabelledDuration, times: &RecordedTimes, zone: Zone) -> Option<Differing> {
    let value = stated.read()?;
    // It differs if none of its readings fits.
    let found: Option<Vec<Differing>> = { value.readings.iter() }
        .map(|typed| differs_by(stated.length, *typed, value.tolerance(*typed), times, zone))
        .collect();
    found?.into_iter().next()
}

/// Returns `true` if a value is one duration, and not that of some seconds.
#[must_use]
pub fn contradicts(value: &str, seconds: i64) -> bool {
    Length::read(value).is_some_and(|value| {
        let differs = |typed: &i64| value::apart(*typed, seconds) > value.tolerance(*typed);
        value.readings.iter().all(differs)
    })
}

/// Returns how a duration of some seconds differs from the recorded times.
fn differs_by(
    length: LabelledLength,
    typed: i64,
    tolerance: i64,
    times: &RecordedTimes,
    zone: Zone,
) -> Option<Differing> {
    let (starts, ends) = endpoints(length);
    // The duration of several windows is their sum.
    let repeats = |mark: &Mark| {
        times
            .marks
            .get(mark)
            .is_some_and(|(_, is_single)| !is_single)
    };
    if length.is_last() && starts.iter().chain(ends).any(repeats) {
        return None;
    }
    let mut last = times.all(ends);
    // Without its own mark, the end may be any event.
    let is_end_unknown = last.is_empty();
    if is_end_unknown && length == LabelledLength::Mitigate {
        last = times.all(&[Mark::ImpactEnded, Mark::Resolved, Mark::Ended]);
    }
    let first = times.all(starts);
    let apart = |start: &Moment, end: &Moment| {
        let computed = between(start, end, zone)?;
        Some((value::apart(typed, computed.known()), computed))
    };
    let mut nearest: Option<(i64, Differing)> = None;
    for (from, start) in &first {
        for (to, end) in &last {
            if start.is_day() || end.is_day() || start.about || end.about {
                return None;
            }
            let Some((apart, computed)) = apart(start, end) else {
                continue;
            };
            if nearest.as_ref().is_none_or(|(other, _)| apart < *other) {
                let found = Differing {
                    start: *from,
                    end: *to,
                    computed: computed.to_string(),
                };
                nearest = Some((apart, found));
            }
        }
    }
    let (_, differing) = nearest.filter(|(apart, _)| *apart > tolerance)?;
    if length == LabelledLength::Whole && times.is_span_stated {
        return Some(differing);
    }
    // The text may mean other events: any before the detection may be the start, and any that may be an
    // end the end.
    let known = first.iter().map(|(_, start)| start.order()).min()?;
    let detected = times
        .at(Mark::Detected)
        .map_or(known, |at| at.order().max(known));
    let events = || times.events.iter().take(TRIED).copied();
    let mut may_start: Vec<Moment> = events().filter(|start| start.order() <= detected).collect();
    may_start.extend(first.iter().map(|(_, start)| *start));
    let stated_ends = times.ends.iter().take(TRIED);
    let stated_ends = stated_ends.filter(|(_, marks)| marks.iter().any(|mark| ends.contains(mark)));
    let may_end: Vec<Moment> = { stated_ends }
        .map(|(end, _)| *end)
        .chain(times.events.last().copied().filter(|_| length.is_last()))
        .chain(events().filter(|_| is_end_unknown))
        .chain(last.iter().map(|(_, end)| *end))
        .collect();
    let fits = |start: &Moment| {
        { may_end.iter() }.any(|end| apart(start, end).is_some_and(|(apart, _)| apart <= tolerance))
    };
    (!may_start.iter().any(fits)).then_some(differing)
}

/// Returns the marks that may be the start of a duration, and those that may be its end.
const fn endpoints(length: LabelledLength) -> (&'static [Mark], &'static [Mark]) {
    match length {
        LabelledLength::Detect => (&[Mark::Started, Mark::ImpactStarted], &[Mark::Detected]),
        LabelledLength::Acknowledge => (
            &[Mark::Detected, Mark::Paged, Mark::Started],
            &[Mark::Acknowledged],
        ),
        LabelledLength::Mitigate => (STARTS, &[Mark::Mitigated]),
        LabelledLength::Recover => (
            STARTS,
            &[
                Mark::Mitigated,
                Mark::ImpactEnded,
                Mark::Resolved,
                Mark::Ended,
            ],
        ),
        LabelledLength::Resolve => (STARTS, &[Mark::Resolved, Mark::Ended]),
        LabelledLength::Whole | LabelledLength::Impact => (
            &[Mark::Started, Mark::ImpactStarted, Mark::Detected],
            &[
                Mark::Ended,
                Mark::Resolved,
                Mark::ImpactEnded,
                Mark::Mitigated,
            ],
        ),
    }
}

/// The number of events that are tried as the start or the end of a stated duration.
const TRIED: usize = 200;

const STARTS: &[Mark] = &[
    Mark::Started,
    Mark::ImpactStarted,
    Mark::Detected,
    Mark::Declared,
];

#[cfg(test)]
mod tests;
