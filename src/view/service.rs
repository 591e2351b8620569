//! The windows in which services were affected, with their durations.

use serde::Serialize;

use super::window::NOT_SHOWN;
use super::{MomentView, Reader, Word, state_text};
use crate::facts::{Bound, Facts, Length, ServiceWindow, State, together};
use crate::incident::ImpactLevel;
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
    /// The duration in seconds; `None` if it is not recorded, or the reader does not see its start or end.
    pub seconds: Option<i64>,
    /// The duration as text, or the reason why there is none.
    pub text: String,
}

/// A service with several windows.
#[derive(Debug, Clone, Serialize)]
pub struct ServiceTotalView {
    /// The service.
    pub service: String,
    /// The number of windows in which it was affected.
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
    // Different services may be redacted to the same name.
    let own = { facts.services.iter() }.filter(|window| reader.record.is_own(&window.service));
    for window in own {
        let key = name_key(&window.service);
        let is_affected = |one: &&ServiceWindow| one.level != Some(ImpactLevel::None);
        let same = { facts.services.iter() }
            .filter(|other| name_key(&other.service) == key)
            .filter(is_affected);
        let is_known = totals.iter().any(|total| name_key(&total.service) == key);
        let windows = same.clone().count();
        if windows < 2 || is_known {
            continue;
        }
        let is_seen = same.clone().all(|one| is_seen(reader, one));
        let open = same.clone().find(|one| one.state != State::Recorded);
        let length = together(same, reader.calendar.zone());
        let length = length.filter(|_| is_seen && open.is_none());
        totals.push(ServiceTotalView {
            service: window.service.clone(),
            windows,
            seconds: length.and_then(Length::exact),
            text: match (length, open) {
                (Some(length), _) => length.to_string(),
                _ if !is_seen => NOT_SHOWN.to_owned(),
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
        let calendar = &reader.calendar;
        let seen = |bound: Option<Bound>| bound.filter(|bound| reader.shows(bound.event));
        let length = window.length.filter(|_| is_seen(reader, window));
        let state = state_text(window.state).1;
        let text = |bound: Option<Bound>| match (bound, seen(bound)) {
            (_, Some(bound)) => calendar.dated(&bound.moment),
            (Some(_), None) => NOT_SHOWN.to_owned(),
            (None, None) => state.to_owned(),
        };
        let moment = |bound: Option<Bound>| seen(bound).map(|bound| calendar.moment(bound.moment));
        Self {
            service: window.service.clone(),
            level: window
                .level
                .map(|level| Word::new(level.as_str(), level.label())),
            from: moment(window.from),
            until: moment(window.until),
            from_text: text(window.from),
            until_text: text(window.until),
            seconds: length.and_then(Length::exact),
            text: match length {
                Some(length) => length.to_string(),
                None if window.length.is_some() => NOT_SHOWN.to_owned(),
                None => state.to_owned(),
            },
        }
    }
}

/// Returns `true` if the reader sees both times of a window. With its duration, one of them would tell the other.
fn is_seen(reader: &Reader, window: &ServiceWindow) -> bool {
    let bounds = [window.from, window.until];
    { bounds.into_iter().flatten() }.all(|bound| reader.shows(bound.event))
}
