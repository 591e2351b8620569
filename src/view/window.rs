//! The windows of customer impact, where there are several: each of them, and their sum.

use serde::Serialize;

use super::{MomentView, state_words};
use crate::archive::Record;
use crate::audience::Audience;
use crate::facts::{Facts, Length, Window};
use crate::moment::Calendar;

/// The windows of an impact that came back.
#[derive(Debug, Clone, Serialize)]
pub struct WindowsView {
    /// The number of windows.
    pub count: usize,
    /// `recorded`, `pending` or `not_recorded`: whether their sum is known.
    pub state: &'static str,
    /// Their sum, in seconds.
    pub seconds: Option<i64>,
    /// Their sum in words: `45 minutes`; else its state in words.
    pub text: String,
    /// The windows, in order of time.
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
    /// How long it was, in seconds.
    pub seconds: Option<i64>,
    /// How long it was, in words; else its state in words.
    pub text: String,
    /// Both of its times in one phrase: `2025-01-14 09:55 to 10:10 UTC`.
    #[serde(skip)]
    pub span: Option<String>,
}

impl WindowsView {
    /// Lists the windows of an incident; `None` if there is one at most.
    ///
    /// Like the official start and end they are for everyone who may read of the incident, unless
    /// their events are not even for readers inside.
    pub(super) fn new(
        record: &Record,
        facts: &Facts,
        calendar: &Calendar,
        audience: Audience,
    ) -> Option<Self> {
        let [_, _, ..] = facts.windows.as_slice() else {
            return None;
        };
        let (state, length) = facts.impact();
        let (state, words) = state_words(state);
        let spans = facts.windows.iter();
        Some(Self {
            count: facts.windows.len(),
            state,
            seconds: length.map(Length::known),
            text: length.map_or_else(|| words.to_owned(), |length| length.to_string()),
            list: spans
                .map(|window| SpanView::new(record, facts, window, calendar, audience))
                .collect(),
        })
    }
}

/// Returns `true` if readers of the incident may know when a window was.
pub(super) fn is_seen(window: &Window, record: &Record, audience: Audience) -> bool {
    let readers = audience.max(Audience::Internal);
    let mut ends = [Some(window.from), window.to].into_iter().flatten();
    ends.all(|end| end.is_seen(record, readers))
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
        let words = state_words(window.state(facts.status)).1;
        let length = window.length;
        Self {
            from: from.map(|from| calendar.moment(from)),
            to: to.map(|to| calendar.moment(to)),
            is_shown,
            seconds: length.map(Length::known),
            text: length.map_or_else(|| words.to_owned(), |length| length.to_string()),
            span: from.zip(to).map(|(from, to)| calendar.span(&from, &to)),
        }
    }
}
