//! When planned work is scheduled.

use serde::{Deserialize, Serialize};

use super::{Bound, Endpoints};
use crate::archive::{Marked, Record};
use crate::kind::When;
use crate::timeline::Mark;

/// When planned work is scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Scheduled {
    /// The scheduled start.
    pub from: Option<Bound>,
    /// The scheduled end.
    pub until: Option<Bound>,
}

impl Scheduled {
    pub(super) fn new(record: &Record) -> Self {
        let (schedule, times) = (&record.incident.schedule, &record.incident.times);
        let bound = |scheduled: &Option<When>, mark: Mark| {
            let in_times = || times.get(mark).filter(|_| record.is_only_planned(mark));
            Bound::from_when(record, scheduled.as_ref().or_else(in_times))
        };
        Self {
            from: bound(&schedule.from, Mark::Started),
            until: bound(&schedule.until, Mark::Ended),
        }
    }
}

impl Endpoints {
    /// Adds the scheduled start and end of work that has not started.
    pub(super) fn plan(&mut self, scheduled: Scheduled) {
        let marks = [
            (Mark::Started, scheduled.from),
            (Mark::Ended, scheduled.until),
        ];
        for (mark, bound) in marks {
            self.marks.extend(bound.map(|bound| Marked {
                mark,
                moment: bound.moment,
                event: bound.event,
            }));
        }
    }
}
