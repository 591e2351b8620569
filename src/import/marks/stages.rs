//! Reads the marks of the updates of a status page from their stages.

use super::super::open::{are_updates, stage};
use super::super::statement::{Rank, Statement};
use super::super::vocabulary::WORDS;
use super::super::words::folded;
use super::Finder;
use crate::incident::Status;
use crate::timeline::Mark;

impl Finder<'_> {
    /// Sets what the updates of a status page state to what their stages state.
    ///
    /// The text of an update says what the stage means in other words: `Monitoring: all printers work again`.
    pub(super) fn use_stages(&mut self) {
        if !are_updates(self.draft) {
            return;
        }
        for entry in &mut self.draft.events {
            let Some(stage) = stage(&entry.event.text) else {
                continue;
            };
            // An `Update` is of the stage before it, and may state more.
            let Some(status) = WORDS.values.status.get(stage) else {
                continue;
            };
            let mark = match status {
                Status::Resolved | Status::Closed => Some(Mark::Resolved),
                Status::Identified => Some(Mark::Identified),
                _ => None,
            };
            let stated = mark.map(|mark| Statement {
                mark,
                rank: Rank::Sure,
                clause: folded(stage),
            });
            entry.cue.statements = stated.into_iter().collect();
            entry.cue.trouble = false;
            entry.cue.relapse = matches!(status, Status::Investigating | Status::Identified);
        }
    }
}
