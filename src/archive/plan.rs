//! The times of a maintenance that are only planned.

use super::*;
use crate::incident::{Kind, Message, Schedule, Stage, Status};

impl Record {
    /// Returns `true` if something says that a maintenance has started: a mark of an event, or a message other than an
    /// announcement.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        let mut events = self.timeline.events.iter();
        let mut messages = self.incident.messages.iter();
        events.any(|event| !event.marks.is_empty()) || messages.any(Message::is_notice)
    }

    /// Returns `true` if the start or the end of a maintenance in `[times]` is that of the plan.
    ///
    /// Without `[schedule]`, they are planned until the record says that the work is over, and reaches their end. A start
    /// or an end in the timeline is always the real one.
    #[must_use]
    pub fn is_only_planned(&self, mark: Mark) -> bool {
        let incident = &self.incident;
        let is_plan = incident.kind == Kind::Maintenance
            && incident.report.is_none()
            && incident.schedule == Schedule::default()
            && matches!(incident.times.get(mark), Some(When::Written(_)));
        if !is_plan {
            return false;
        }
        match mark {
            Mark::Started if self.carries(&[Mark::Started, Mark::Ended]) => true,
            Mark::Ended if self.carries(&[Mark::Ended]) => true,
            Mark::Started | Mark::Ended => self.is_still_planned(mark),
            _ => false,
        }
    }

    fn carries(&self, marks: &[Mark]) -> bool {
        let mut events = self.timeline.events.iter();
        events.any(|event| event.marks.iter().any(|mark| marks.contains(mark)))
    }

    fn is_still_planned(&self, mark: Mark) -> bool {
        let end = &self.incident.times.ended;
        match self.incident.status {
            Some(Status::Planned) => true,
            // The end of work that goes on is still to come.
            Some(status) => status.is_open() && mark == Mark::Ended,
            None if !self.has_begun() => true,
            None => end.as_ref().is_some_and(|end| !self.is_over_after(end)),
        }
    }

    /// Returns `true` if a mark or a message says that the work is over, and something is recorded at or after a time.
    fn is_over_after(&self, end: &When) -> bool {
        let messages = &self.incident.messages;
        let is_over = self.carries(&[Mark::Resolved, Mark::ImpactEnded, Mark::Ended])
            || messages
                .iter()
                .any(|message| message.is_notice() && message.stage >= Stage::Resolved);
        let events = self.timeline.events.iter();
        let recorded = events.flat_map(|event| [self.began(event), self.finished(event)]);
        let sent = messages
            .iter()
            .map(|message| self.when(message.sent_at.as_ref(), message.event.as_ref()));
        let last = recorded.chain(sent).flatten().max_by_key(Moment::order);
        let end = self.when(Some(end), None);
        is_over
            && last
                .zip(end)
                .is_some_and(|(last, end)| last.order() >= end.order())
    }
}
