//! The windows in which users were affected, and their sum.

use super::response_metrics::ResponseMetricDefinition;
use super::{Endpoint, Endpoints, Fact, Length, State, between, missing};
use crate::archive::Marked;
use crate::incident::Status;
use crate::moment::Zone;
use crate::timeline::Mark;

/// A window in which users were affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Its start.
    pub from: Endpoint,
    /// Its end; `None` while it is open.
    pub to: Option<Endpoint>,
    /// Its duration; `None` while it is open.
    pub length: Option<Length>,
}

impl Window {
    /// Returns whether its duration is recorded, in an incident of that status.
    #[must_use]
    pub fn state(&self, status: Status) -> State {
        match (self.to, self.length) {
            (_, Some(_)) => State::Recorded,
            (Some(_), None) => State::Invalid,
            (None, None) => missing(status),
        }
    }
}

pub(super) fn windows(marks: &[Marked], zone: Zone) -> Vec<Window> {
    let mut windows: Vec<Window> = Vec::new();
    for marked in marks {
        let end = Endpoint::from(marked);
        let open = windows.last_mut().filter(|window| window.to.is_none());
        match (marked.mark, open) {
            (Mark::ImpactStarted, None) => windows.push(Window {
                from: end,
                to: None,
                length: None,
            }),
            (Mark::ImpactEnded, Some(window)) => {
                window.to = Some(end);
                window.length = between(&window.from.moment, &end.moment, zone);
            }
            // A second start or end in a row adds nothing; a check reports it.
            _ => {}
        }
    }
    windows
}

/// Returns the sum of windows, and whether it is recorded.
pub(super) fn window_sum(windows: &[Window], status: Status) -> (State, Option<Length>) {
    let mut states = windows.iter().map(|window| window.state(status));
    let lengths = windows.iter().map(|window| window.length);
    (
        states
            .find(|state| *state != State::Recorded)
            .unwrap_or(State::Recorded),
        lengths.reduce(|sum, next| Some(sum?.plus(next?))).flatten(),
    )
}

pub(super) fn customer_impact(
    definition: ResponseMetricDefinition,
    ends: &Endpoints,
    status: Status,
    zone: Zone,
) -> Fact {
    let is_one = ends.windows.len() == 1 && !ends.has_only_relapse;
    let (Some(first), Some(last), false) = (ends.windows.first(), ends.windows.last(), is_one)
    else {
        return definition.fact(ends, status, zone);
    };
    let (state, length) = window_sum(&ends.windows, status);
    Fact {
        state,
        length,
        from: Some(first.from),
        to: last.to,
        key: definition.key,
        label: definition.label,
    }
}
