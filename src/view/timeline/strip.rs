//! The phases of an incident on one line, to scale: from its start to its recovery.
//!
//! Its moments are those of the marks, as the clocks have them: a span gives its
//! end to an end mark, and `[times]` counts. A mark on an event that the audience
//! does not see is left out.

use serde::Serialize;

use super::{Anchors, SinceStart};
use crate::archive::{Marked, Record};
use crate::facts::Facts;
use crate::moment::{Calendar, Moment};
use crate::timeline::Mark;
use crate::view::{Word, label};

/// The phases, in the order in which an incident meets them, each with the marks that stand for it.
const PHASES: &[(&str, &[Mark])] = &[
    ("started", &[Mark::Started, Mark::ImpactStarted]),
    ("detected", &[Mark::Detected]),
    ("acknowledged", &[Mark::Acknowledged]),
    ("identified", &[Mark::Identified]),
    ("mitigated", &[Mark::Mitigated]),
    (
        "resolved",
        &[Mark::Resolved, Mark::ImpactEnded, Mark::Ended],
    ),
];

/// The ends of the line, in thousandths of its width.
const FIRST: i64 = 20;
const LAST: i64 = 980;

/// Two shapes that are nearer than this stand one above the other.
const NEAR: i64 = 45;

/// How high the shapes stand, from the lowest.
const HEIGHTS: &[u32] = &[50, 30, 10];

/// The phases of an incident on one line.
#[derive(Debug, Clone, Serialize)]
pub struct StripView {
    /// The phases, in order of time.
    pub phases: Vec<PhaseView>,
    /// The windows of impact, where there are several.
    pub windows: Vec<StretchView>,
}

/// A part of the line.
#[derive(Debug, Clone, Serialize)]
pub struct StretchView {
    /// Where it starts: `37.5%`.
    pub from: String,
    /// Where it ends.
    pub to: String,
}

/// A phase of an incident.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseView {
    /// The phase, with the words of the mark that began it.
    pub phase: Word<'static>,
    /// The anchor of its entry, where it has one.
    pub anchor: Option<String>,
    /// When, for machines.
    pub iso: String,
    /// The time, with the date if it is not the day of the start.
    pub clock: String,
    /// The time since the start: `T+00:47`.
    pub offset: Option<String>,
    /// The time since the start, in words.
    pub offset_words: Option<String>,
    /// Where it stands on the line: `37.5%`.
    pub x: String,
    /// How far below the top it stands.
    pub y: u32,
}

impl StripView {
    /// Draws the line; nothing where fewer than three phases are known, or all at one moment.
    pub(super) fn new(
        record: &Record,
        facts: &Facts,
        anchors: &Anchors,
        calendar: &Calendar,
    ) -> Option<Self> {
        let marks: &[Marked] = &record.marks();
        let is_seen = |event: Option<usize>| event.is_none_or(|event| anchors.get(event).is_some());
        let carries = |mark: Mark| {
            let mut timed = marks.iter().filter(move |marked| {
                marked.mark == mark && !marked.moment.is_day() && is_seen(marked.event)
            });
            // Impact that came back ended for good at its last end.
            if mark == Mark::ImpactEnded {
                timed.next_back()
            } else {
                timed.next()
            }
        };
        let mut found: Vec<_> = PHASES
            .iter()
            .filter_map(|(key, marks)| {
                let marked = marks.iter().find_map(|mark| carries(*mark))?;
                Some((*key, marked.mark, marked.event, marked.moment))
            })
            .collect();
        found.sort_by_key(|(_, _, _, moment)| moment.order());
        let [(_, _, _, first), _, .., (_, _, _, last)] = found.as_slice() else {
            return None;
        };
        let (first, span) = (first.at, (last.at - first.at).num_seconds());
        if span <= 0 {
            return None;
        }
        let place =
            |moment: &Moment| FIRST + (moment.at - first).num_seconds() * (LAST - FIRST) / span;
        let percent = |x: i64| format!("{}.{}%", x / 10, x % 10);
        let windows = match facts.windows.as_slice() {
            [_, _, ..] => facts.windows.iter(),
            _ => [].iter(),
        };
        let windows = windows.filter_map(|window| {
            let ends = [Some(window.from), window.to].into_iter().flatten();
            let shown = ends
                .clone()
                .all(|end| is_seen(end.event) && !end.moment.is_day());
            let to = window.to.map_or(LAST, |to| place(&to.moment));
            shown.then(|| StretchView {
                from: percent(place(&window.from.moment).clamp(FIRST, LAST)),
                to: percent(to.clamp(FIRST, LAST)),
            })
        });
        let windows = windows.collect();
        let mut rows = Rows::default();
        let start = facts.started.map(|end| end.moment);
        let phases = found
            .into_iter()
            .map(|(key, mark, index, moment)| {
                let x = place(&moment);
                let since = start.and_then(|start| SinceStart::new(start, moment, calendar.zone()));
                PhaseView {
                    phase: Word::new(key, label::mark(mark)),
                    anchor: index.and_then(|index| anchors.get(index)).cloned(),
                    iso: calendar.iso(&moment),
                    clock: calendar.dated(&moment),
                    offset: since.map(SinceStart::short),
                    offset_words: since.map(SinceStart::words),
                    x: percent(x),
                    y: rows.place(x),
                }
            })
            .collect();
        Some(Self { phases, windows })
    }
}

/// Where the last shape of each height stands.
#[derive(Default)]
struct Rows(Vec<i64>);

impl Rows {
    /// Gives the lowest height at which a shape touches no other.
    fn place(&mut self, x: i64) -> u32 {
        let free = self.0.iter_mut().position(|last| x - *last >= NEAR);
        let row = free.unwrap_or(self.0.len()).min(HEIGHTS.len() - 1);
        match self.0.get_mut(row) {
            Some(last) => *last = x,
            None => self.0.push(x),
        }
        HEIGHTS.get(row).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_would_touch_stand_one_above_the_other() {
        let cases: &[(&[i64], &[u32])] = &[
            (&[20, 500, 980], &[50, 50, 50]),
            (&[20, 30, 40, 50], &[50, 30, 10, 10]),
            (&[20, 30, 65, 76], &[50, 30, 50, 30]),
        ];
        for (places, expected) in cases {
            let mut rows = Rows::default();
            let heights: Vec<u32> = places.iter().map(|x| rows.place(*x)).collect();
            assert_eq!(heights, *expected, "{places:?}");
        }
    }
}
