//! Sets the marks that a report states by labels: times, windows of impact, and a duration that two events fit.

use super::super::draft::{Entry, Stated};
use super::{Finder, TRIED};
use crate::moment::Moment;
use crate::timeline::Mark;

impl Finder<'_> {
    /// Returns the reason that names a line of the source.
    fn stated_on(&self, line: usize) -> String {
        format!("stated on line {}", self.draft.lines.of(line))
    }

    /// Sets the start, the end and other marks that the summary states.
    pub(super) fn mark_stated_times(&mut self) {
        let facts = self.draft.facts.clone();
        for (mark, stated) in [(Mark::Started, &facts.started), (Mark::Ended, &facts.ended)] {
            if let (Some(moment), Some(line)) = (
                self.moment(stated.as_ref()),
                stated.as_ref().map(|stated| stated.line),
            ) {
                self.set(mark, moment, self.stated_on(line));
            }
        }
        for (mark, stated) in &facts.marks {
            if let Some(moment) = self.moment(Some(stated)) {
                self.set(*mark, moment, self.stated_on(stated.line));
            }
        }
    }

    /// Marks the start and end of every stated impact window, or of none so that no total is wrong.
    pub(super) fn mark_stated_windows(&mut self) {
        let windows = std::mem::take(&mut self.draft.facts.windows);
        let mut marks = Vec::new();
        for Stated { line, value } in &windows {
            let endpoints = [
                (Mark::ImpactStarted, Some(value.start)),
                (Mark::ImpactEnded, value.end),
            ];
            for (mark, written) in endpoints {
                let moment = written.and_then(|written| self.draft.times.moment(&written));
                marks.extend(moment.map(|moment| (mark, moment, *line)));
            }
        }
        // `[times]` can hold only one start and one end.
        let has_event = |mark: Mark, moment: &Moment| {
            let mut events = self.draft.events.iter();
            events.any(|entry| entry.moment(mark) == *moment)
        };
        let fits = [Mark::ImpactStarted, Mark::ImpactEnded]
            .into_iter()
            .all(|mark| {
                let same_mark = marks.iter().filter(|(other, ..)| *other == mark);
                same_mark
                    .filter(|(_, moment, _)| !has_event(mark, moment))
                    .count()
                    < 2
            });
        if fits {
            for (mark, moment, line) in marks {
                self.add(mark, moment, self.stated_on(line));
            }
            return;
        }
        for Stated { line, value } in windows {
            self.draft
                .keep_unmapped("Incident Summary", line, &value.text);
        }
    }

    /// Sets the start and end to two events that match a stated duration, if the report states neither.
    ///
    /// The first event may be the start, and an event that may be an end the end. If several pairs match,
    /// chance may have made them match.
    pub(super) fn mark_stated_duration(&mut self) {
        let facts = &self.draft.facts;
        let Some(stated) = facts
            .duration
            .clone()
            .filter(|_| !facts.start_stated && !facts.end_stated)
        else {
            return;
        };
        let events = || self.draft.events.iter().take(TRIED);
        let is_start = |entry: &&Entry| {
            entry.cue.states(Mark::Started).is_some()
                || entry.cue.states(Mark::ImpactStarted).is_some()
        };
        let is_end = |entry: &&Entry| {
            let ends = [
                Mark::Ended,
                Mark::Resolved,
                Mark::ImpactEnded,
                Mark::Mitigated,
            ];
            ends.iter()
                .any(|mark| entry.cue.states(*mark).is_some() || entry.cue.hints.contains(mark))
        };
        let starts = events().take(1).chain(events().skip(1).filter(is_start));
        let mut pairs: Vec<(Moment, Moment)> = Vec::new();
        for start in starts {
            let ends = events().filter(is_end).chain(self.draft.events.last());
            for end in ends.map(|end| end.moment(Mark::Ended)) {
                let length = (end.at - start.start.at).num_seconds();
                // Times to the minute are off by up to a minute.
                if (length - stated.value).abs() < 60 && !pairs.contains(&(start.start, end)) {
                    pairs.push((start.start, end));
                }
            }
        }
        if let [(start, end)] = pairs.as_slice() {
            let reason = format!("matches the duration {}", self.stated_on(stated.line));
            self.set(Mark::Started, *start, reason.clone());
            self.set(Mark::Ended, *end, reason);
        }
    }
}
