//! Drops marks that would make a duration negative.

use super::super::draft::Stated;
use super::{Finder, SAYS};
use crate::facts::between;
use crate::moment::Moment;
use crate::timeline::Mark;

impl Finder<'_> {
    /// Returns `true` if a mark is not before one that it follows, and not after one that it precedes.
    pub(super) fn is_in_order(&self, mark: Mark, moment: &Moment) -> bool {
        Mark::ALL.iter().all(|other| {
            let Some(at) = self.at(*other) else {
                return true;
            };
            let (first, last) = match (precedes(mark, *other), precedes(*other, mark)) {
                (true, _) => (moment, &at),
                (_, true) => (&at, moment),
                _ => return true,
            };
            between(first, last, self.zone).is_some()
        })
    }

    /// Drops the marks that make a duration negative: those of a text before those that the report states.
    pub(super) fn drop_contradictions(&mut self) {
        let mut dropped: Vec<(Mark, Mark)> = Vec::new();
        let pairs: Vec<(Mark, Mark)> = { Mark::ALL.iter() }
            .flat_map(|first| Mark::ALL.iter().map(move |last| (*first, *last)))
            .filter(|(first, last)| precedes(*first, *last))
            .collect();
        for (first, last) in pairs {
            let (Some(start), Some(end)) = (self.at(first), self.at(last)) else {
                continue;
            };
            if between(&start, &end, self.zone).is_some() {
                continue;
            }
            let is_by_text = |mark: Mark| {
                { self.found.iter() }
                    .any(|found| found.mark == mark && found.reason.starts_with(SAYS))
            };
            // What a report calls the start may be the start of the response.
            let is_start = matches!(first, Mark::Started | Mark::ImpactStarted);
            let (drop_first, drop_last) = match (is_by_text(first), is_by_text(last)) {
                (true, true) => (true, !is_start),
                (false, false) => (is_start, !is_start),
                sides => sides,
            };
            let marks = [(first, last, drop_first), (last, first, drop_last)];
            dropped.extend(
                marks
                    .iter()
                    .filter(|(.., drop)| *drop)
                    .map(|(mark, other, _)| (*mark, *other)),
            );
            for (mark, ..) in marks.iter().filter(|(.., drop)| *drop) {
                self.keep_stated(*mark);
                self.remove(*mark);
            }
        }
        for (mark, other) in dropped {
            let text = format!(
                "no `{}` mark: it would contradict the time of `{}`",
                mark.as_str(),
                other.as_str()
            );
            self.draft.note(None, text);
        }
    }

    /// Keeps the line that states the time of a mark.
    fn keep_stated(&mut self, mark: Mark) {
        let facts = &self.draft.facts;
        let stated = match mark {
            Mark::Started => facts.started.as_ref(),
            Mark::Ended => facts.ended.as_ref(),
            _ => { facts.marks.iter() }
                .find(|(other, _)| *other == mark)
                .map(|(_, stated)| stated),
        };
        let mut labelled = facts.labelled.iter();
        let found = stated.and_then(|stated| labelled.find(|text| text.line == stated.line));
        if let Some(Stated { line, value }) = found.cloned() {
            self.draft.keep_unmapped("Facts", line, &value);
        }
    }

    /// Removes a mark.
    fn remove(&mut self, mark: Mark) {
        self.found.retain(|found| found.mark != mark);
        if let Some(place) = self.draft.incident.times.get_mut(mark) {
            *place = None;
        }
        for entry in &mut self.draft.events {
            entry.event.marks.retain(|other| *other != mark);
        }
    }
}

/// Returns `true` if one mark is never after the other. Users may recover before anybody notices.
const fn precedes(mark: Mark, other: Mark) -> bool {
    use Mark::{
        Acknowledged, Declared, Detected, Ended, Identified, ImpactEnded, ImpactStarted, Mitigated,
        Paged, Resolved, Started,
    };
    matches!(
        (mark, other),
        (
            Started | ImpactStarted,
            Detected
                | Declared
                | Paged
                | Acknowledged
                | Identified
                | Mitigated
                | ImpactEnded
                | Resolved
                | Ended
        ) | (
            Detected,
            Declared | Paged | Acknowledged | Identified | Resolved | Ended
        ) | (
            Declared | Paged | Acknowledged | Mitigated,
            Resolved | Ended
        ) | (ImpactEnded | Resolved, Ended)
    )
}
