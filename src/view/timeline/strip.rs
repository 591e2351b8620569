//! The phases of an incident on one line, to scale, from its start to its recovery.
//!
//! The times are those of the marks, as for the response metrics: a span counts with its
//! end for an end mark, and `[times]` is included. A mark on an event that the audience
//! does not see is left out.

use serde::Serialize;

use super::{Anchors, since};
use crate::archive::{Marked, Record};
use crate::facts::Facts;
use crate::moment::{Calendar, Moment};
use crate::timeline::Mark;
use crate::view::{Word, label};

/// The phases in their usual order, each with the marks that define it.
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

/// The distance below which two shapes are stacked.
const NEAR: i64 = 45;

/// The vertical positions of the shapes, from the lowest.
const HEIGHTS: &[u32] = &[50, 30, 10];

/// The phases of an incident on one line.
#[derive(Debug, Clone, Serialize)]
pub struct StripView {
    /// The phases, in order of time.
    pub phases: Vec<PhaseView>,
    /// The impact windows, if there are several.
    pub windows: Vec<StretchView>,
}

/// A part of the line.
#[derive(Debug, Clone, Serialize)]
pub struct StretchView {
    /// The start: `37.5%`.
    pub from: String,
    /// The end.
    pub to: String,
}

/// A phase of an incident.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseView {
    /// The phase, with the label of the mark that started it.
    pub phase: Word<'static>,
    /// The anchor of its event, if it has one.
    pub anchor: Option<String>,
    /// The time in ISO 8601.
    pub iso: String,
    /// The time of day, with the date if that is not the date of the start.
    pub clock: String,
    /// The time since the start: `T+00:47`.
    pub offset: Option<String>,
    /// The horizontal position: `37.5%`.
    pub x: String,
    /// The vertical position, from the top.
    pub y: u32,
}

impl StripView {
    /// Creates the line, or returns `None` if fewer than three phases are known or all have the same time.
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
            // Recurring impact ended with its last window.
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
        let position =
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
            let to = window.to.map_or(LAST, |to| position(&to.moment));
            shown.then(|| StretchView {
                from: percent(position(&window.from.moment).clamp(FIRST, LAST)),
                to: percent(to.clamp(FIRST, LAST)),
            })
        });
        let windows = windows.collect();
        let mut rows = Rows::default();
        let start = facts.started.map(|end| end.moment);
        let phases = found
            .into_iter()
            .map(|(key, mark, index, moment)| {
                let x = position(&moment);
                PhaseView {
                    phase: Word::new(key, label::mark(mark)),
                    anchor: index.and_then(|index| anchors.get(index)).cloned(),
                    iso: calendar.iso(&moment),
                    clock: calendar.dated(&moment),
                    offset: since(start, moment, calendar.zone()),
                    x: percent(x),
                    y: rows.assign(x),
                }
            })
            .collect();
        Some(Self { phases, windows })
    }
}

/// The position of the last shape in each row.
#[derive(Default)]
struct Rows(Vec<i64>);

impl Rows {
    /// Assigns a shape to the lowest row where it touches no other.
    fn assign(&mut self, x: i64) -> u32 {
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
    fn shapes_that_would_touch_are_stacked() {
        let cases: &[(&[i64], &[u32])] = &[
            (&[20, 500, 980], &[50, 50, 50]),
            (&[20, 30, 40, 50], &[50, 30, 10, 10]),
            (&[20, 30, 65, 76], &[50, 30, 50, 30]),
        ];
        for (positions, expected) in cases {
            let mut rows = Rows::default();
            let heights: Vec<u32> = positions.iter().map(|x| rows.assign(*x)).collect();
            assert_eq!(heights, *expected, "{positions:?}");
        }
    }
}
