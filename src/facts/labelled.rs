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

mod value;

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
    units: BTreeMap<String, Vec<String>>,
    words: BTreeMap<String, Vec<String>>,
    labels: BTreeMap<LabelledLength, Vec<String>>,
}

/// What a labelled duration measures, by its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LabelledLength {
    Detect,
    Acknowledge,
    Mitigate,
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
    length: LabelledLength,
}

impl LabelledDuration<'_> {
    /// Returns `true` if the value is one duration, which can be compared.
    #[must_use]
    pub fn is_comparable(&self) -> bool {
        Length::read(self.value).is_some()
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
    let line = line.trim();
    let (label, value) = match line.strip_prefix('|') {
        Some(row) => {
            let (label, value) = row.strip_suffix('|').unwrap_or(row).split_once('|')?;
            if value.contains('|') {
                return None;
            }
            let label = label.trim().trim_matches('*');
            (label.strip_suffix(':').unwrap_or(label), value.trim())
        }
        None => {
            let bare = line.trim_start_matches(['-', '+', '>', ' ']);
            let bare = bare.strip_prefix("* ").unwrap_or(bare).trim();
            let found = labelled(bare).or_else(|| plain_label(bare))?;
            (found.label, found.value)
        }
    };
    // `Time to resolve (TTR)` names it twice.
    let bare = label.split('(').next().unwrap_or_default();
    let wanted = [folded(label), folded(bare)];
    let mut labels = WORDS.labels.iter();
    let is_known = |labels: &[String]| wanted.iter().any(|wanted| labels.contains(wanted));
    let (length, _) = labels.find(|(_, labels)| is_known(labels))?;
    Some(LabelledDuration {
        label,
        value,
        length: *length,
    })
}

/// Returns how a stated duration differs from the recorded times; `None` if two of them are as far apart.
#[must_use]
pub fn differs(stated: LabelledDuration, times: &RecordedTimes, zone: Zone) -> Option<Differing> {
    let value = Length::read(stated.value)?;
    // It differs if none of its readings fits.
    let found: Option<Vec<Differing>> = { value.readings.iter() }
        .map(|typed| {
            let tolerance = if value.is_about {
                typed / 10 + 300
            } else {
                60.max(value.step)
            };
            differs_by(stated.length, *typed, tolerance, times, zone)
        })
        .collect();
    found?.into_iter().next()
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
        Some(((computed.known() - typed).abs(), computed))
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
mod tests {
    use super::*;
    use crate::moment::{TimeDefaults, Written};

    #[test]
    fn durations_are_parsed_in_common_notations() {
        let cases = [
            ("47 seconds", Some(47)),
            ("44 minutes 35 seconds", Some(2675)),
            ("1m 51s", Some(111)),
            ("2h", Some(7200)),
            ("1 hour and 5 min", Some(3900)),
            ("about 2 days", Some(172_800)),
            ("~5m", Some(300)),
            ("5", None),
            ("soon", None),
            ("minutes", None),
            ("", None),
            ("99999999999999999999 d", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn durations_are_parsed_in_other_languages() {
        let cases = [
            ("45 Minuten", Some(2_700)),
            ("1 Std. 5 Min.", Some(3_900)),
            ("1 Stunde und 5 Minuten", Some(3_900)),
            ("1,5 Stunden", Some(5_400)),
            ("2 heures 10 minutes", Some(7_800)),
            ("3 horas y 2 minutos", Some(10_920)),
            ("1時間5分", Some(3_900)),
            ("45分", Some(2_700)),
            ("1,500 minutes", Some(90_000)),
            ("Minuten", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }

    #[test]
    fn labelled_durations_are_parsed_from_lines_items_and_rows() {
        let words = toml::from_str::<Words>(include_str!("labelled.toml")).expect("labels");
        for label in words.labels.values().flatten() {
            // An apostrophe joins two words: `l'incident` is `lincident`.
            let is_elided = label.split(' ').any(|word| matches!(word, "d" | "l"));
            assert!(*label == folded(label) && !is_elided, "{label}");
        }
        for line in [
            "Duration: 45 min",
            "**Duration:** 45 min",
            "- **Duration**: 45 min",
            "* Duration: 45 min",
            "> Duration: 45 min",
            "| Duration | 45 min |",
            "| **Duration:** | 45 min |",
        ] {
            let found = parse(line).map(|found| (found.label, found.value));
            assert_eq!(found, Some(("Duration", "45 min")), "{line}");
        }
        for line in [
            "Duration",
            "| Duration | 45 min | 50 min |",
            "Owner: Lena",
            "",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn a_duration_differs_if_no_two_times_are_as_far_apart() {
        let at = |text: &str| {
            let written: Written = text.parse().expect("a time");
            TimeDefaults::default().resolve(&written).expect("a moment")
        };
        let marks = [
            (Mark::ImpactStarted, "2026-03-04T09:00:00Z"),
            (Mark::Detected, "2026-03-04T09:10:00Z"),
            (Mark::Resolved, "2026-03-04T10:00:00Z"),
        ];
        let times = RecordedTimes {
            marks: marks.map(|(mark, text)| (mark, (at(text), true))).into(),
            ..RecordedTimes::default()
        };
        let differing = |line: &str| {
            let stated = parse(line).expect("a labelled duration");
            differs(stated, &times, Zone::default()).map(|found| found.computed)
        };
        for line in [
            "Duration: 1h",
            "Dauer: 60 Minuten",
            "TTD: 10 min",
            "TTR: 50m",
            "Duration: ~55 min",
        ] {
            assert_eq!(differing(line), None, "{line}");
        }
        for line in [
            // `1:00` may be an hour.
            "Duration: 1:00",
            "Duration: 1:00:00",
            "Duration: PT1H",
            "Duration: 1 hour, 0 minutes",
            "Duration: 60 minutes (09:00 - 10:00 UTC)",
            // They state several durations, or that of something else.
            "Duration: 20 minutes (web), 3 hours (API)",
            "Duration: 20 minutes, 3 hours in total",
            "Time to detect: 45 minutes (target)",
            "Time to resolve: 3 hours (30-day average)",
        ] {
            assert_eq!(differing(line), None, "{line}");
        }
        for line in [
            "Duration: 1 hour, 44 minutes",
            "Duration: 1:44",
            "Duration: 1:44:00",
            "Durée : 2h30",
            "Durée de l'incident : 2 h 30",
            "**Durée de l'incident** : 2\u{a0}h\u{202f}17\u{a0}min",
            "**Total duration of the incident**: 2 hours & 30 minutes",
            "Time to resolve (TTR): 3h",
            "Duration: 2½ hours",
            "Duration: PT2H30M",
            "Duration: 2 hours 30 minutes (in total)",
            "Duration: 2 days, 11 hours",
        ] {
            assert!(differing(line).is_some(), "{line}");
        }
        assert_eq!(differing("Duration: 2h 10m").as_deref(), Some("1 hour"));
        assert_eq!(
            differing("Dauer: 45 Minuten").as_deref(),
            Some("50 minutes")
        );
        assert_eq!(differing("障害時間: 35分").as_deref(), Some("50 minutes"));
        assert_eq!(differing("TTD: 25 min").as_deref(), Some("10 minutes"));
    }
}
