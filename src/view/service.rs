//! The windows in which services were affected, with their durations.

use serde::Serialize;

use super::{MomentView, Reader, Word, label, state_text};
use crate::facts::{Bound, Facts, Length, ServiceWindow, State, together};
use crate::kind::name_key;

/// The table of affected services. A column without a value in any row is omitted.
#[derive(Debug, Clone, Serialize)]
pub struct ServicesView {
    /// Whether any row has a level.
    pub has_level: bool,
    /// The windows.
    pub rows: Vec<ServiceRowView>,
    /// The services with several windows.
    pub totals: Vec<ServiceTotalView>,
}

/// A window in which a service was affected.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceRowView {
    /// The service.
    pub service: String,
    /// The level.
    pub level: Option<Word<'static>>,
    /// The start; `None` if it is not recorded, or the reader does not see its event.
    pub from: Option<MomentView>,
    /// The end, likewise.
    pub until: Option<MomentView>,
    /// The start as text, or the reason why there is none.
    pub from_text: String,
    /// The end as text, or the reason why there is none.
    pub until_text: String,
    /// The duration in seconds.
    pub seconds: Option<i64>,
    /// The duration as text, or the state if there is none.
    pub text: String,
}

/// A service with several windows.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceTotalView {
    /// The service.
    pub service: String,
    /// The number of windows.
    pub windows: usize,
    /// The duration in seconds, where windows that overlap count once.
    pub seconds: Option<i64>,
    /// The same as text: `45 minutes`; or the state if a window is open.
    pub text: String,
}

impl ServicesView {
    pub(super) fn new(reader: &Reader, facts: &Facts) -> Option<Self> {
        if facts.services.is_empty() {
            return None;
        }
        let windows = facts.services.iter();
        Some(Self {
            has_level: windows.clone().any(|window| window.level.is_some()),
            rows: windows
                .map(|window| ServiceRowView::new(reader, window))
                .collect(),
            totals: totals(reader, facts),
        })
    }
}

fn totals(reader: &Reader, facts: &Facts) -> Vec<ServiceTotalView> {
    let mut totals: Vec<ServiceTotalView> = Vec::new();
    for window in &facts.services {
        let key = name_key(&window.service);
        let same = facts
            .services
            .iter()
            .filter(|other| name_key(&other.service) == key);
        let is_known = totals.iter().any(|total| name_key(&total.service) == key);
        let windows = same.clone().count();
        if windows < 2 || is_known {
            continue;
        }
        let open = same.clone().find(|one| one.state != State::Recorded);
        let length = together(same, reader.calendar.zone()).filter(|_| open.is_none());
        totals.push(ServiceTotalView {
            service: window.service.clone(),
            windows,
            seconds: length.and_then(Length::exact),
            text: match (length, open) {
                (Some(length), _) => length.to_string(),
                (None, open) => state_text(open.map_or(State::NotRecorded, |one| one.state))
                    .1
                    .to_owned(),
            },
        });
    }
    totals
}

impl ServiceRowView {
    fn new(reader: &Reader, window: &ServiceWindow) -> Self {
        let is_shown = |bound: &Bound| reader.shows(bound.event);
        let calendar = &reader.calendar;
        let seen = |bound: Option<Bound>| bound.filter(is_shown);
        let state = state_text(window.state).1;
        let text = |bound: Option<Bound>| match (bound, seen(bound)) {
            (_, Some(bound)) => calendar.dated(&bound.moment),
            (Some(_), None) => "not shown here".to_owned(),
            (None, None) => state.to_owned(),
        };
        let moment = |bound: Option<Bound>| seen(bound).map(|bound| calendar.moment(bound.moment));
        let level = window.level.map(label::impact_level);
        Self {
            service: window.service.clone(),
            level: level.map(Word::from),
            from: moment(window.from),
            until: moment(window.until),
            from_text: text(window.from),
            until_text: text(window.until),
            seconds: window.length.and_then(Length::exact),
            text: window
                .length
                .map_or_else(|| state.to_owned(), |length| length.to_string()),
        }
    }
}
