//! The status of an incident, and since when it is open again.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Endpoint, Endpoints, Length, between};
use crate::archive::{Marked, Record};
use crate::audience::Audience;
use crate::incident::{AnalysisStatus, CauseStatus, Kind, Schedule, Stage, Status};
use crate::moment::{Moment, Zone};
use crate::timeline::Mark;

/// The time at which an incident was open again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    /// The end that did not last.
    pub ended: Endpoint,
    /// The reopening.
    pub at: Endpoint,
    /// The time between them.
    pub length: Option<Length>,
    /// Whether all who may read the incident may know these times: none of their events is confidential or hidden.
    pub is_shown: bool,
}

impl Endpoints {
    /// Returns `true` if the last impact window started after impact, the fix or the incident had ended, or after a
    /// message had said so.
    pub(super) fn came_back(&self) -> bool {
        let last = self.windows.last();
        self.windows.len() > 1 || last.is_some_and(|last| self.was_over_before(last))
    }

    /// Returns the start of impact that came back and is ongoing, or the last reopening, whichever is later.
    fn relapse(&self) -> Option<Moment> {
        let last = self.windows.last();
        let back = last.filter(|last| last.to.is_none() && self.came_back());
        let back = back.map(|last| last.from.moment);
        let reopened = self.mark(Mark::Reopened).map(|at| at.moment);
        back.into_iter().chain(reopened).max_by_key(Moment::order)
    }

    /// Returns `true` if the incident was marked as open again after an end.
    ///
    /// Within one minute or second, the event that is recorded later is the later one.
    pub(super) fn is_reopened_after(&self, end: &Endpoint) -> bool {
        let mut marks = self.marks.iter().enumerate();
        let Some((reopened, at)) = marks.rfind(|(_, marked)| marked.mark == Mark::Reopened) else {
            return false;
        };
        let is_end = |marked: &Marked| Endpoint::from(marked) == *end;
        match end.moment.order().cmp(&at.moment.order()) {
            Ordering::Equal => self.marks.iter().take(reopened).any(is_end),
            order => order.is_lt(),
        }
    }

    /// Returns the reopenings, each with the last end before it. Without one it reopens nothing; a check reports it.
    pub(super) fn reopenings(&self, record: &Record, zone: Zone) -> Vec<Reopening> {
        let readers = record.audience().max(Audience::Internal);
        let mut ended: Option<Endpoint> = None;
        let mut reopenings = Vec::new();
        for marked in &self.marks {
            let at = Endpoint::from(marked);
            match marked.mark {
                Mark::Resolved | Mark::Ended | Mark::ImpactEnded => ended = Some(at),
                Mark::Reopened => reopenings.extend(ended.take().map(|ended| Reopening {
                    ended,
                    at,
                    length: between(&ended.moment, &at.moment, zone),
                    is_shown: [ended, at].iter().all(|end| end.is_seen(record, readers)),
                })),
                _ => {}
            }
        }
        reopenings
    }

    /// Returns the status: as recorded, otherwise computed from the marks and the analysis.
    ///
    /// If impact came back or the incident was reopened, earlier marks no longer count, and the analysis closes nothing.
    pub(super) fn status(&self, record: &Record) -> Status {
        if let Some(status) = record.incident.status {
            return status;
        }
        let relapse = self.relapse();
        let last = self.windows.last().filter(|_| self.came_back());
        let counts = |mark: Mark| {
            // An official end does not count either once users have recovered again.
            let since = match mark {
                Mark::Ended => {
                    let impact = last.map(|last| last.from.moment);
                    impact.into_iter().chain(relapse).max_by_key(Moment::order)
                }
                _ => relapse,
            };
            let is_past = self.mark(mark).is_some_and(|end| {
                let is_before = since.is_some_and(|from| end.moment.order() < from.order());
                is_before || self.is_reopened_after(&end)
            });
            record.is_marked(mark) && !is_past
        };
        let impact_ended = || {
            let last = self.marks.iter().rfind(|marked| marked.mark.is_impact());
            last.is_some_and(|last| {
                let end = Endpoint::from(last);
                last.mark == Mark::ImpactEnded && !self.is_reopened_after(&end)
            })
        };
        let analysis = analysis_status(record);
        match () {
            // The times of planned maintenance are those of the plan.
            () if is_planned(record) => Status::Planned,
            () if counts(Mark::Ended) => Status::Closed,
            () if analysis == Some(Status::Closed) && relapse.is_none() => Status::Closed,
            () if counts(Mark::Resolved) || impact_ended() => Status::Resolved,
            () if counts(Mark::Mitigated) => Status::Monitoring,
            () if counts(Mark::Identified) || analysis.is_some() => Status::Identified,
            // An existing report describes an incident that has ended.
            () if record.incident.report.is_some() => Status::Closed,
            () => Status::Investigating,
        }
    }

    /// Drops the ends before the incident was reopened, and those before impact came back: a fix that did not hold, and any
    /// end unless the incident is closed.
    pub(super) fn drop_past_ends(&mut self, status: Status) {
        let reopened = |marked: &Marked| marked.mark == Mark::Reopened;
        if let Some(last) = self.marks.iter().rposition(reopened) {
            let mut index = 0..;
            self.marks.retain(|marked| {
                let is_past = index.next() < Some(last);
                !is_past || !matches!(marked.mark, Mark::Resolved | Mark::Ended)
            });
        }
        let Some(last) = self.windows.last().filter(|_| self.came_back()) else {
            return;
        };
        let from = last.from.moment.order();
        self.marks.retain(|marked| {
            let is_end = match marked.mark {
                Mark::Resolved => true,
                Mark::Ended => status != Status::Closed,
                _ => false,
            };
            !is_end || marked.moment.order() >= from
        });
    }
}

/// Returns `true` for maintenance that nothing says has started.
fn is_planned(record: &Record) -> bool {
    let is_scheduled = record.incident.schedule != Schedule::default();
    // An existing report describes maintenance that has ended.
    record.incident.kind == Kind::Maintenance
        && record.incident.report.is_none()
        && !(is_scheduled && record.incident.times.started.is_some())
        && !record.has_begun()
}

/// Returns `true` for closed maintenance that nothing says has started: it was cancelled.
///
/// A message that it is closed may say so, and is no sign of a start.
pub(super) fn is_cancelled(record: &Record, status: Status, started: Option<Endpoint>) -> bool {
    let incident = &record.incident;
    let mut messages = incident.messages.iter();
    let mut events = record.timeline.events.iter();
    incident.kind == Kind::Maintenance
        && status == Status::Closed
        && started.is_none()
        && incident.report.is_none()
        && !events.any(|event| !event.marks.is_empty())
        && !messages.any(|message| message.is_notice() && message.stage <= Stage::Resolved)
}

/// Returns the status that final findings with a confirmed cause give, or `None` without them.
///
/// An investigation is closed, unless its fix is not deployed yet. Of other kinds only the cause is known.
fn analysis_status(record: &Record) -> Option<Status> {
    let incident = &record.incident;
    let analysis = incident.analysis.as_ref()?;
    let cause = incident.root_cause.as_ref()?;
    let is_confirmed = cause.primary.is_some() && cause.status == CauseStatus::Confirmed;
    if analysis.status != AnalysisStatus::Final || !is_confirmed {
        return None;
    }
    Some(
        if record.is_fixed() && incident.kind == Kind::Investigation {
            Status::Closed
        } else {
            Status::Identified
        },
    )
}

/// Returns the last time at which the incident was open again: when it was reopened, when impact came back, or when a
/// message said so after another had announced that it was resolved. Only messages that the audience sees count.
pub(super) fn reopened(record: &Record, ends: &Endpoints, audience: Audience) -> Option<Moment> {
    let mut sent: Vec<(Moment, Stage)> = record
        .incident
        .messages
        .iter()
        .filter(|message| message.is_notice() && audience.may_read(message.audience()))
        .filter_map(|message| {
            let at = record.when(message.sent_at.as_ref(), message.event.as_ref())?;
            Some((at, message.stage))
        })
        .collect();
    sent.sort_by_key(|(at, stage)| (at.order(), *stage));
    let sent_again = sent.windows(2).filter_map(|pair| match pair {
        [(_, before), (at, stage)] if *before >= Stage::Resolved && *stage < Stage::Resolved => {
            Some(*at)
        }
        _ => None,
    });
    let last = ends.windows.last().filter(|_| ends.came_back());
    sent_again
        .chain(last.map(|window| window.from.moment))
        .chain(ends.mark(Mark::Reopened).map(|at| at.moment))
        .max_by_key(Moment::order)
}
