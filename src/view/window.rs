//! The windows of customer impact, if there are several, and their total.

use serde::Serialize;

use super::{MomentView, state_text};
use crate::archive::Record;
use crate::audience::Audience;
use crate::facts::{Bound, Course, Facts, Length, State, Window, between};
use crate::incident::Status;
use crate::moment::{Calendar, Moment};

/// The windows of recurring impact.
#[derive(Debug, Clone, Serialize)]
pub struct WindowsView {
    /// The number of windows.
    pub count: usize,
    /// The state of the total: `recorded`, `pending` or `not_recorded`.
    pub state: &'static str,
    /// The total in seconds.
    pub seconds: Option<i64>,
    /// The total as text: `45 minutes`; or its state if it is unknown.
    pub text: String,
    /// The windows in order of time.
    pub list: Vec<SpanView>,
}

/// A window with its times.
#[derive(Debug, Clone, Serialize)]
pub struct SpanView {
    /// The start; `None` if the reader does not see it.
    pub from: Option<MomentView>,
    /// The end; `None` if it is not recorded, or the reader does not see it.
    pub to: Option<MomentView>,
    /// Whether the reader sees its times.
    pub is_shown: bool,
    /// The duration in seconds.
    pub seconds: Option<i64>,
    /// The duration as text, or the state if there is none.
    pub text: String,
    /// The start and the end as text: `2025-01-14 09:55 to 10:10 UTC`.
    #[serde(skip)]
    pub span: Option<String>,
}

impl WindowsView {
    /// Returns the windows of an incident, or `None` if there is one at most.
    ///
    /// Like the official start and end, they are shown to everyone who may read about the incident, unless
    /// their events are hidden even from internal readers.
    pub(super) fn new(
        record: &Record,
        facts: &Facts,
        calendar: &Calendar,
        audience: Audience,
    ) -> Option<Self> {
        let [_, _, ..] = facts.windows.as_slice() else {
            return None;
        };
        let (state, length) = total(facts, calendar);
        let (state, state_label) = state_text(state);
        let spans = facts.windows.iter();
        let list: Vec<SpanView> = spans
            .map(|window| SpanView::new(record, facts, window, calendar, audience))
            .collect();
        // The total less the windows that are shown would be the length of the other.
        let are_shown = !audience.is_external() || list.iter().all(|window| window.is_shown);
        let length = length.filter(|_| are_shown);
        Some(Self {
            count: list.len(),
            state,
            seconds: facts
                .impact()
                .1
                .filter(|_| are_shown)
                .and_then(Length::exact),
            text: match length {
                Some(length) => length.to_string(),
                None if are_shown => state_label.to_owned(),
                None => NOT_SHOWN.to_owned(),
            },
            list,
        })
    }

    /// Returns each window as text: `2025-01-14 09:55 to 10:10 UTC`.
    pub fn spans(&self) -> Vec<Option<&str>> {
        let list = self.list.iter();
        list.map(|window| window.span.as_deref()).collect()
    }

    /// Describes the total impact: `45 minutes of impact in 3 windows`.
    pub(super) fn described(&self) -> String {
        let count = self.count;
        match (self.state, &*self.text) {
            ("recorded", text) if text != NOT_SHOWN => {
                format!("{} of impact in {count} windows", self.text)
            }
            ("pending", _) => format!("{count} windows of impact so far"),
            _ => format!("{count} windows of impact"),
        }
    }
}

/// The text of a length that readers could subtract a confidential time from.
pub(super) const NOT_SHOWN: &str = "not shown here";

/// Returns a duration that agrees with its ends as a calendar prints them: with times to the minute, that between these.
pub(super) fn printed(
    length: Length,
    ends: (Option<Moment>, Option<Moment>),
    calendar: &Calendar,
) -> Length {
    if !calendar.is_coarse() {
        return length;
    }
    let ends = ends
        .0
        .map(Moment::to_the_minute)
        .zip(ends.1.map(Moment::to_the_minute));
    let length_of = |(from, to): (Moment, Moment)| between(&from, &to, calendar.zone());
    ends.and_then(length_of).unwrap_or(length.to_the_minute())
}

/// Returns what a duration to the last end must say of an incident that was reopened; empty for any other.
pub(super) fn reopened(course: &Course) -> String {
    match course.closed() {
        Some(closed) => format!(", of which it was closed for {}", closed.to_the_minute()),
        None if course.reopenings.is_empty() => String::new(),
        None => " to the last end".to_owned(),
    }
}

impl Window {
    /// Returns its duration as a calendar prints it.
    fn printed(&self, calendar: &Calendar) -> Option<Length> {
        let ends = (Some(self.from.moment), self.to.map(|to| to.moment));
        Some(printed(self.length?, ends, calendar))
    }
}

/// Returns the total of the impact windows as a calendar prints them, and its state.
fn total(facts: &Facts, calendar: &Calendar) -> (State, Option<Length>) {
    let (state, length) = facts.impact();
    let lengths = facts.windows.iter().map(|window| window.printed(calendar));
    let sum = || {
        lengths
            .collect::<Option<Vec<Length>>>()?
            .into_iter()
            .reduce(Length::plus)
    };
    (state, length.and_then(|_| sum()))
}

/// Returns `true` if readers of the incident may know the times of a window.
pub(super) fn is_seen(window: &Window, record: &Record, audience: Audience) -> bool {
    let readers = audience.max(Audience::Internal);
    let mut ends = [Some(window.from), window.to].into_iter().flatten();
    ends.all(|end| end.is_seen(record, readers))
}

/// Returns when work that has started was scheduled; `None` if nothing is recorded, or readers of the incident may not know
/// a time of it.
///
/// Of work that has not started, the schedule is the start and the end.
pub(super) fn scheduled(
    record: &Record,
    facts: &Facts,
    audience: Audience,
) -> Option<(Option<Moment>, Option<Moment>)> {
    let readers = audience.max(Audience::Internal);
    let is_shown = |bound: &Bound| {
        let event = bound
            .event
            .and_then(|index| record.timeline.events.get(index));
        event.is_none_or(|event| record.shows(event, readers))
    };
    let ends = [facts.scheduled.from, facts.scheduled.until];
    let mut bounds = ends.into_iter().flatten();
    let has_any = ends.iter().any(Option::is_some);
    if !has_any || facts.status == Status::Planned || !bounds.all(|bound| is_shown(&bound)) {
        return None;
    }
    let [from, until] = ends.map(|bound| bound.map(|bound| bound.moment));
    Some((from, until))
}

impl SpanView {
    fn new(
        record: &Record,
        facts: &Facts,
        window: &Window,
        calendar: &Calendar,
        audience: Audience,
    ) -> Self {
        let is_shown = is_seen(window, record, audience);
        let from = Some(window.from.moment).filter(|_| is_shown);
        let to = window.to.map(|to| to.moment).filter(|_| is_shown);
        let state_label = state_text(window.state(facts.status)).1;
        // Outside, one end of the window may be known from elsewhere: its length would give the other away.
        let has_length = is_shown || !audience.is_external();
        let length = window.length.filter(|_| has_length);
        Self {
            from: from.map(|from| calendar.moment(from)),
            to: to.map(|to| calendar.moment(to)),
            is_shown,
            seconds: length.and_then(Length::exact),
            text: match window.printed(calendar).filter(|_| has_length) {
                Some(length) => length.to_string(),
                None if has_length => state_label.to_owned(),
                None => NOT_SHOWN.to_owned(),
            },
            span: from.zip(to).map(|(from, to)| calendar.span(&from, &to)),
        }
    }
}
