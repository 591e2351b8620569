//! The times at which response times and windows start and end.

use serde::{Deserialize, Serialize};

use super::window::{Window, windows};
use crate::archive::{Marked, Record, named};
use crate::audience::Audience;
use crate::incident::Stage;
use crate::moment::{Moment, Zone};
use crate::timeline::{Mark, Point};

/// The start or the end of a response time or a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// The mark or message that it comes from.
    pub source: EndpointSource,
    /// Its time.
    pub moment: Moment,
    /// The index of its event in the timeline, if it has one.
    pub event: Option<usize>,
}

impl From<&Marked> for Endpoint {
    fn from(marked: &Marked) -> Self {
        Self {
            source: EndpointSource::Mark(marked.mark),
            moment: marked.moment,
            event: marked.event,
        }
    }
}

impl Endpoint {
    /// Returns `true` if an audience may see its time, because it sees the message or the event.
    ///
    /// Everyone who reads the incident sees its durations, its official start and its official end.
    #[must_use]
    pub fn is_seen(&self, record: &Record, audience: Audience) -> bool {
        match (self.source, self.event) {
            (EndpointSource::Message(index), _) => {
                let message = record.incident.messages.get(index);
                message.is_some_and(|message| audience.may_read(message.audience()))
            }
            (EndpointSource::Mark(_), Some(index)) => {
                let event = record.timeline.events.get(index);
                event.is_some_and(|event| record.shows(event, audience))
            }
            (EndpointSource::Mark(_), None) => true,
        }
    }
}

/// The mark or message that a start or an end comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndpointSource {
    /// A mark.
    Mark(Mark),
    /// A message, by its index among all messages.
    Message(usize),
}

/// The times of an incident at which response times may start and end.
pub(crate) struct Endpoints {
    pub(super) marks: Vec<Marked>,
    pub(super) windows: Vec<Window>,
    pub(super) first_message: Option<Endpoint>,
    /// The first time at which the incident seemed to be over: an end, or a message that said so.
    pub(super) first_end: Option<Moment>,
    /// Whether all recorded impact is that of a relapse, so that its start is not when the incident began.
    pub(super) has_only_relapse: bool,
}

impl Endpoints {
    pub(super) fn collect(record: &Record, zone: Zone) -> Self {
        let messages = record.incident.messages.iter().enumerate();
        let sent = messages.filter_map(|(index, message)| {
            let (at, event) = (message.sent_at.as_ref(), message.event.as_ref());
            let end = Endpoint {
                source: EndpointSource::Message(index),
                moment: record.when(at, event)?,
                event: named(at, event).and_then(|id| record.event_index(id)),
            };
            message.is_notice().then_some((end, message.stage))
        });
        let sent: Vec<(Endpoint, Stage)> = sent.collect();
        let marks = record.marks();
        let over = marks
            .iter()
            .filter(|marked| matches!(marked.mark, Mark::Resolved | Mark::Ended))
            .map(|marked| marked.moment);
        let said = sent.iter().filter(|(_, stage)| *stage >= Stage::Resolved);
        let first_end = over
            .chain(said.map(|(end, _)| end.moment))
            .min_by_key(Moment::order);
        let sent = sent.into_iter().map(|(end, _)| end);
        let mut ends = Self {
            first_message: sent.min_by_key(|end| end.moment.order()),
            windows: windows(&marks, zone),
            marks,
            first_end,
            has_only_relapse: false,
        };
        ends.has_only_relapse = ends
            .windows
            .first()
            .is_some_and(|first| ends.was_over_before(first));
        ends
    }

    /// Returns `true` if the incident seemed to be over before an impact window started.
    pub(super) fn was_over_before(&self, window: &Window) -> bool {
        let from = window.from.moment.order();
        self.first_end.is_some_and(|end| end.order() < from)
    }

    pub(super) fn mark(&self, mark: Mark) -> Option<Endpoint> {
        if mark == Mark::ImpactEnded {
            match self.windows.as_slice() {
                // An end before the only start belongs to no window.
                [] | [Window { to: None, .. }] => {}
                // If impact came back, it ends with its last window.
                [.., last] => return last.to,
            }
        }
        let mut marked = self.marks.iter().filter(|marked| marked.mark == mark);
        let marked = if mark.counts_last() {
            marked.next_back()
        } else {
            marked.next()
        };
        marked.map(Endpoint::from)
    }

    pub(super) fn first(&self, points: &[Point]) -> Option<Endpoint> {
        points
            .iter()
            .enumerate()
            .find_map(|(rank, point)| match point {
                Point::Mark(Mark::ImpactStarted) if self.has_only_relapse => None,
                // An end that stands in for another is none if the incident was open again after it.
                Point::Mark(mark) => self
                    .mark(*mark)
                    .filter(|end| rank == 0 || !mark.is_end() || !self.is_reopened_after(end)),
                Point::FirstMessage => self.first_message,
            })
    }
}
