//! Names the events that may be one of the marks that were not found.

use super::super::draft::Entry;
use super::Finder;
use crate::facts::between;
use crate::timeline::Mark;

impl Finder<'_> {
    /// Names the events that may be one of the marks that were not found, and what is odd about the others.
    pub(super) fn note_candidates(&mut self) {
        let mut notes = Vec::new();
        for mark in Mark::ALL.iter().filter(|mark| !self.has(**mark)) {
            let may_be = |entry: &&Entry| {
                entry.cue.hints.contains(mark) || entry.cue.states(*mark).is_some()
            };
            let mut lines: Vec<usize> = { self.draft.events.iter().filter(may_be) }
                .map(|entry| self.draft.lines.of(entry.line))
                .collect();
            lines.sort_unstable();
            let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
            match lines.as_slice() {
                [] => {}
                [line] => notes.push(format!(
                    "no `{}` mark; the event on line {line} may be it",
                    mark.as_str()
                )),
                [lines @ .., last] => notes.push(format!(
                    "no `{}` mark; the events on lines {} and {last} may be it",
                    mark.as_str(),
                    lines.join(", ")
                )),
            }
        }
        if let (Some(ended), Some(detected)) = (self.at(Mark::ImpactEnded), self.at(Mark::Detected))
            && between(&detected, &ended, self.zone).is_none()
        {
            notes.push(
                "impact ends before the detection: check that both are of the same outage"
                    .to_owned(),
            );
        }
        for note in notes {
            self.draft.note(None, note);
        }
    }
}
