//! Reads the durations and counts that a text states by a label, and compares durations with the recorded times.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use serde::Deserialize;

use super::Length;
use super::words::label_words;
use crate::config::{CheckWords, LabelWords};
use crate::kind::Line;
use crate::moment::Zone;
use crate::token::{NumberWords, folded, labelled, plain_label};

mod count;
mod times;
mod value;

pub use count::{Counted, LabelledCount};
pub use times::{Differing, Measure, RecordedTimes, on_clock};
use value::StatedLength;

/// The parsed labels. A test parses them, so they are never empty.
static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("labelled.toml")).unwrap_or_default());

/// The measures of the built-in labels of durations, by the words that identify the label.
static MEASURES: LazyLock<HashMap<String, Measure>> =
    LazyLock::new(|| measures(&WORDS.labels).collect());

/// A list of labels.
type List = fn(&LabelWords) -> &Vec<Line>;

/// The labels of each measure, with the key of their list.
const LABELS: &[(&str, Measure, List)] = &[
    ("detect", Measure::Detect, |labels| &labels.detect),
    ("acknowledge", Measure::Acknowledge, |labels| {
        &labels.acknowledge
    }),
    ("identify", Measure::Identify, |labels| &labels.identify),
    ("mitigate", Measure::Mitigate, |labels| &labels.mitigate),
    ("resolve", Measure::Resolve, |labels| &labels.resolve),
    ("recover", Measure::Recover, |labels| &labels.recover),
    ("whole", Measure::Whole, |labels| &labels.whole),
    ("impact", Measure::Impact, |labels| &labels.impact),
];

/// Returns the measures of labels, by the words that identify the label.
fn measures(labels: &LabelWords) -> impl Iterator<Item = (String, Measure)> {
    let lists = LABELS
        .iter()
        .map(|(_, measure, list)| (measure, list(labels)));
    let each = lists.flat_map(|(measure, list)| list.iter().map(|label| (label, *measure)));
    each.map(|(label, measure)| (telling(label), measure))
}

/// A label that an archive adds, and that is the label of something else already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenLabel<'a> {
    /// The label, as written.
    pub label: &'a str,
    /// The key of its list in `[words] labels`.
    pub key: &'static str,
    /// Its index in the list.
    pub index: usize,
    /// The key of the list that has it already; `None` if it is the label of a count.
    pub other: Option<&'static str>,
}

/// Returns the labels that an archive adds, and that are labels of something else already.
#[must_use]
pub fn taken(added: &LabelWords) -> Vec<TakenLabel<'_>> {
    let built_in = LABELS.iter().flat_map(|(key, _, list)| {
        let labels = list(&WORDS.labels).iter();
        labels.map(|label| (telling(label), *key))
    });
    let mut known: HashMap<String, &str> = built_in.collect();
    let mut taken = Vec::new();
    for (key, _, list) in LABELS {
        for (index, label) in list(added).iter().enumerate() {
            let counts = [&WORDS.counts, &WORDS.bare_counts];
            let is_count = counts.iter().any(|table| names(table, label).is_some());
            let other = (!is_count).then(|| *known.entry(telling(label)).or_insert(*key));
            if other != Some(*key) {
                taken.push(TakenLabel {
                    label,
                    key,
                    index,
                    other,
                });
            }
        }
    }
    taken
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Words {
    about: Vec<String>,
    at_most: Vec<String>,
    at_least: Vec<String>,
    remarks: Vec<String>,
    label_units: Vec<String>,
    label_fillers: Vec<String>,
    labels: LabelWords,
    counts: BTreeMap<Counted, Vec<String>>,
    bare_counts: BTreeMap<Counted, Vec<String>>,
}

/// The labels by which the texts of an archive state durations and counts: the built-in ones, and those of its settings.
#[derive(Debug, Clone)]
pub struct Labels {
    /// The measures, by the words that identify the label.
    measures: Cow<'static, HashMap<String, Measure>>,
    /// The words that durations are written with.
    words: Cow<'static, NumberWords>,
}

impl Default for Labels {
    fn default() -> Self {
        Self::new(&CheckWords::default())
    }
}

/// A duration that a text states by a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledDuration<'a> {
    /// The label, as written.
    pub label: &'a str,
    /// The value, as written.
    pub value: &'a str,
    /// What it measures.
    pub measure: Measure,
    /// Whether the value has several durations, or one of a part: `12 minutes for some users`.
    pub is_divided: bool,
    /// The duration; `None` unless the value is one.
    length: Option<StatedLength>,
}

impl LabelledDuration<'_> {
    /// Returns `true` if the value is one duration, which can be compared.
    #[must_use]
    pub const fn is_comparable(&self) -> bool {
        self.length.is_some()
    }

    /// Returns `true` unless the value is one duration and another than a computed one.
    #[must_use]
    pub fn fits(&self, computed: Length) -> bool {
        self.length
            .as_ref()
            .is_none_or(|length| length.fits(computed))
    }

    /// Returns what the duration differs from; `None` if two recorded times are as far apart.
    #[must_use]
    pub fn differing(&self, times: &RecordedTimes, zone: Zone) -> Option<Differing> {
        let stated = self.length.as_ref()?;
        let fits = |length| stated.fits(length);
        times.differing(self.measure, stated.typed(), zone, fits)
    }

    /// Describes the difference: `` `Duration: 2 hours`, but from `started` to `ended` are 45 minutes ``.
    #[must_use]
    pub fn describe(&self, differing: &Differing) -> String {
        format!(
            "`{}: {}`, but {}",
            self.label,
            self.value,
            differing.describe()
        )
    }
}

/// Returns `false` for a text without a label: a fast test before its lines are split.
///
/// A label has a bar, a colon, a question mark, `=` or a dash behind it, or is an abbreviation such as `MTTD`.
#[must_use]
pub fn may_label(text: &str) -> bool {
    let is_label = |pair: &[u8]| match *pair {
        [b'|' | b':' | b'?', _] | [b' ', b'=' | b'-'] => true,
        [first, next] if first.is_ascii() => {
            first.is_ascii_uppercase() && next.is_ascii_uppercase()
        }
        // Wide colons and long dashes are not ASCII.
        _ => true,
    };
    text.as_bytes().windows(2).any(is_label)
}

impl Labels {
    /// Prepares the built-in labels and words, and those that an archive adds.
    #[must_use]
    pub fn new(added: &CheckWords) -> Self {
        let mut labels = Self {
            measures: Cow::Borrowed(&MEASURES),
            words: label_words(added),
        };
        for (label, measure) in measures(&added.labels).filter(|(label, _)| !label.is_empty()) {
            labels.measures.to_mut().entry(label).or_insert(measure);
        }
        labels
    }

    /// Returns the durations that a text states by labels, each with the bytes of its line.
    ///
    /// A label is before its value, or above it in a table with one row.
    #[must_use]
    pub fn find<'t>(&self, text: &'t str) -> Vec<(Range<usize>, LabelledDuration<'t>)> {
        let mut found = Vec::new();
        let mut end = 0;
        let lines = text.split_inclusive('\n').map(|line| {
            let start = end;
            end += line.len();
            (start..end, line.trim_end())
        });
        let lines: Vec<(Range<usize>, &str)> = lines.collect();
        for (span, line) in &lines {
            let bare = line.trim_start_matches(['>', ' ']);
            found.extend(
                self.parts(bare)
                    .filter_map(|part| Some((span.clone(), self.parse(part)?))),
            );
        }
        for table in lines.windows(3) {
            let [(_, head), (_, rule), (span, row)] = table else {
                continue;
            };
            let follows = lines.iter().find(|(next, _)| next.start == span.end);
            let is_only = follows.is_none_or(|(_, next)| !next.starts_with('|'));
            if is_only && row.starts_with('|') && is_rule(rule) {
                let cells = cells(head).zip(cells(row));
                let stated = cells.filter_map(|(label, value)| self.duration(label, value));
                found.extend(stated.map(|stated| (span.clone(), stated)));
            }
        }
        found
    }

    /// Parses a line such as `- **Time to repair**: 0h 50m` or `| Duration | 50 minutes |`.
    #[must_use]
    pub fn parse<'t>(&self, line: &'t str) -> Option<LabelledDuration<'t>> {
        let (label, value) = self.label_and_value(line)?;
        self.duration(label, value)
    }

    /// Reads a duration by its label and its value; `None` if the label is not one of a duration.
    fn duration<'t>(&self, label: &'t str, value: &'t str) -> Option<LabelledDuration<'t>> {
        let measure = self.measure_of(label)?;
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        let length = match unit_of(label).filter(|_| is_number) {
            Some(unit) => StatedLength::read(&format!("{value} {unit}"), &self.words),
            None => StatedLength::read(value, &self.words),
        };
        Some(LabelledDuration {
            label,
            value,
            measure,
            is_divided: length.is_none() && self.is_divided(value),
            length,
        })
    }

    /// Splits a line that may have several labels: `**Severity**: P1 · **Duration**: 2 h`, `MTTD: 2 min, MTTR: 40 min`.
    pub fn parts<'t>(&self, line: &'t str) -> impl Iterator<Item = &'t str> {
        let is_row = line.trim_start().starts_with('|');
        let parts = line.split(if is_row { "\n" } else { " · " });
        let parts = parts.flat_map(move |part| part.split(if is_row { "\n" } else { " | " }));
        parts.flat_map(|part| self.at_labels(part))
    }

    /// Splits a text before each label that follows a comma or a semicolon.
    fn at_labels<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut parts = Vec::new();
        let mut rest = text;
        let has_label = |text: &str| self.label_and_value(text).is_some();
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
    fn label_and_value<'t>(&self, line: &'t str) -> Option<(&'t str, &'t str)> {
        let line = line.trim();
        let Some(row) = line.strip_prefix('|') else {
            let bare = line.trim_start_matches(['-', '+', '>', ' ']);
            let bare = bare.strip_prefix("* ").unwrap_or(bare).trim();
            let found = labelled(bare).or_else(|| plain_label(bare));
            let found = found.filter(|found| !found.value.is_empty());
            return match found {
                Some(found) => Some((found.label, found.value)),
                None => self.separated(bare).or_else(|| self.abbreviated(bare)),
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
    fn separated<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
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
        let (label, value) = found.find(|(label, _)| self.measure_of(label).is_some())?;
        Some((label.trim_matches('*'), value))
    }

    /// Splits an abbreviation from its value: `**MTTD 31 min**`.
    fn abbreviated<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let (label, value) = text.trim_matches('*').split_once(' ')?;
        let is_capital = label.len() < 5 && label.bytes().all(|byte| byte.is_ascii_uppercase());
        (is_capital && self.is_length(value) && self.measure_of(label).is_some())
            .then_some((label, value))
    }

    /// Returns what a label measures.
    fn measure_of(&self, label: &str) -> Option<Measure> {
        // `Time to resolve (TTR)` names it twice.
        let bare = label.split('(').next().unwrap_or_default();
        let mut measures = [label, bare].into_iter();
        measures.find_map(|label| self.measures.get(&telling(label)).copied())
    }
}

/// Returns `true` for the line between the head and the rows of a table.
fn is_rule(line: &str) -> bool {
    line.starts_with('|') && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '))
}

/// Returns the cells of a row without their emphasis.
fn cells(row: &str) -> impl Iterator<Item = &str> {
    let row = row.trim().trim_start_matches('|');
    let row = row.strip_suffix('|').unwrap_or(row);
    row.split('|').map(|cell| cell.trim().trim_matches('*'))
}

/// Returns the telling words of a label in the order of the alphabet, so that `Total duration of the outage` is `duration`.
fn telling(label: &str) -> String {
    let folded = folded(label);
    let bare = match folded.split_once(" of ") {
        Some((unit, rest)) if WORDS.label_units.iter().any(|known| known == unit) => rest,
        _ => &folded,
    };
    let is_filler = |word: &&str| WORDS.label_fillers.iter().any(|filler| filler == word);
    let mut words: Vec<&str> = bare.split(' ').filter(|word| !is_filler(word)).collect();
    // Alone, such a word may be anything: `Total time` is a duration, and `Time` a time of day.
    if matches!(words.as_slice(), [] | ["time" | "impact"]) {
        words = bare.split(' ').collect();
    }
    words.sort_unstable();
    words.join(" ")
}

/// Returns what a label names in a table of labels.
fn names<T: Copy>(table: &BTreeMap<T, Vec<String>>, label: &str) -> Option<T> {
    let bare = label.split('(').next().unwrap_or_default();
    let wanted = [folded(label), folded(bare)];
    let mut table = table.iter();
    let (named, _) = table.find(|(_, labels)| wanted.iter().any(|label| labels.contains(label)))?;
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

#[cfg(test)]
mod tests;
