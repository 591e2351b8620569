//! Marks the windows of several outages that one report is about.

use super::super::statement::Rank;
use super::{Finder, says};
use crate::timeline::Mark;

impl Finder<'_> {
    /// Marks the windows of several outages; returns `true` if the report describes more than one.
    ///
    /// From the first start to the last end are days, of which most were quiet.
    pub(super) fn mark_outages(&mut self) -> bool {
        let mut windows: Vec<(usize, Mark)> = Vec::new();
        let (mut is_over, mut came_back) = (false, false);
        for (index, entry) in self.draft.events.iter().enumerate() {
            let states = |mark: Mark| {
                entry
                    .cue
                    .states(mark)
                    .is_some_and(|found| found.rank > Rank::Weak)
            };
            came_back |= is_over && (states(Mark::ImpactStarted) || states(Mark::Started));
            is_over |= states(Mark::ImpactEnded) || states(Mark::Resolved) || states(Mark::Ended);
            let marks = [Mark::ImpactStarted, Mark::ImpactEnded];
            windows.extend(
                marks
                    .into_iter()
                    .filter(|mark| states(*mark))
                    .map(|mark| (index, mark)),
            );
        }
        came_back |= self.draft.facts.is_several;
        if !came_back {
            return false;
        }
        let alternates = windows.iter().enumerate().all(|(index, (_, mark))| {
            *mark
                == if index % 2 == 0 {
                    Mark::ImpactStarted
                } else {
                    Mark::ImpactEnded
                }
        });
        self.found
            .retain(|found| found.mark != Mark::ImpactStarted || found.line.is_none());
        for entry in &mut self.draft.events {
            entry
                .event
                .marks
                .retain(|mark| *mark != Mark::ImpactStarted);
        }
        if alternates && windows.len() > 2 {
            for (index, mark) in windows {
                let entry = self.draft.events.get(index);
                let found = entry.and_then(|entry| {
                    Some((entry.moment(mark), says(&entry.cue.states(mark)?.clause)))
                });
                if let Some((moment, reason)) = found {
                    self.add(mark, moment, reason);
                }
            }
            self.draft
                .note(None, "several outages read as windows of impact");
        } else {
            self.draft.note(
                None,
                "the report describes several outages; their ends are not marked, so that no duration covers the time between them",
            );
        }
        true
    }
}
