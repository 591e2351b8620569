//! The section Incident Summary of a report.

use serde::Serialize;

use super::parts::{FieldView, More, PersonView};
use super::people::{self, CommanderView, EscalationView};
use super::window::{self, WindowsView};
use super::{MomentView, Reader, Word};
use crate::facts::{Endpoint, Facts};
use crate::incident::Section;

/// The section Incident Summary; most of it is printed from the report's own fields.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryView<'a> {
    /// The severity with its changes: `P1 (High; P3 until 03:05)`.
    pub severity: Option<String>,
    /// The remark on the status.
    pub status_note: Option<&'a str>,
    /// The objective of a maintenance or a drill.
    pub objective: Option<&'a str>,
    /// The start as text, or its state.
    pub start: String,
    /// The end as text, or its state.
    pub end: String,
    /// The scheduled start and end, if the work has started.
    pub scheduled: Option<ScheduleView>,
    /// The times at which the incident was open again, if the reader sees them.
    pub reopenings: Vec<ReopeningView>,
    /// The impact windows, if there are several.
    pub windows: Option<WindowsView>,
    /// The level of customer impact.
    pub impact_level: Option<Word<'static>>,
    /// The summary of the customer impact.
    pub impact_summary: Option<&'a str>,
    /// The incident commander, if recorded under `[people]`.
    pub commander: Option<PersonView<'a>>,
    /// Everyone who led the response, in order, if command was handed over.
    pub commanders: Vec<CommanderView<'a>>,
    /// The escalations, in order.
    pub escalations: Vec<EscalationView<'a>>,
    /// The scribe.
    pub scribe: Option<PersonView<'a>>,
    /// The communications lead.
    pub communications: Option<PersonView<'a>>,
    /// The responders.
    pub responders: Vec<PersonView<'a>>,
    /// The attendees of the review.
    pub attendees: Vec<PersonView<'a>>,
    /// The authors of the report.
    pub authors: Vec<PersonView<'a>>,
    /// The reporter.
    pub reporter: Option<PersonView<'a>>,
    /// The investigators.
    pub investigators: Vec<PersonView<'a>>,
    /// The custom fields that the summary shows.
    pub fields: Vec<FieldView<'a>>,
    /// The summary; prose.
    pub text: Option<&'a str>,
    /// Content added by the author.
    pub more: More<'a>,
}

/// When work that has started was scheduled.
#[derive(Debug, Clone, Serialize)]
pub struct ScheduleView {
    /// The scheduled start.
    pub from: Option<MomentView>,
    /// The scheduled end.
    pub until: Option<MomentView>,
}

/// A time at which an incident was open again.
#[derive(Debug, Clone, Serialize)]
pub struct ReopeningView {
    /// The end that did not last; `None` if the reader does not see it.
    pub ended: Option<MomentView>,
    /// The time.
    pub at: MomentView,
    /// The time between them.
    pub text: Option<String>,
}

impl<'a> SummaryView<'a> {
    pub(super) fn new(reader: &Reader<'a>, facts: &Facts, severity: Option<String>) -> Self {
        let &Reader {
            record,
            ref calendar,
            ..
        } = reader;
        let incident = &record.incident;
        let named = &incident.people;
        let person =
            |person: &'a Option<crate::incident::Person>| person.as_ref().map(PersonView::new);
        let impact = incident.impact.as_ref();
        let text = |end: Option<Endpoint>, missing: &str| {
            end.map_or_else(|| missing.to_owned(), |end| calendar.full(&end.moment))
        };
        let mut more = More::new(reader, Section::Summary);
        let planned = facts.status == crate::incident::Status::Planned;
        let not_ended = if facts.status.is_open() {
            "pending"
        } else {
            super::NOT_RECORDED
        };
        Self {
            severity,
            status_note: incident.status_note.as_deref(),
            objective: incident.objective.as_deref(),
            start: text(
                facts.started,
                if planned {
                    "pending"
                } else {
                    super::NOT_RECORDED
                },
            ),
            end: text(facts.ended, not_ended),
            scheduled: window::scheduled(reader.record, facts, reader.audience).map(
                |(from, until)| ScheduleView {
                    from: from.map(|from| calendar.moment(from)),
                    until: until.map(|until| calendar.moment(until)),
                },
            ),
            reopenings: facts
                .reopenings
                .iter()
                .filter(|reopening| reader.sees(&reopening.at))
                .map(|reopening| {
                    let ended = Some(reopening.ended).filter(|ended| reader.sees(ended));
                    ReopeningView {
                        ended: ended.map(|ended| calendar.moment(ended.moment)),
                        at: calendar.moment(reopening.at.moment),
                        text: reopening.length.map(|length| length.to_string()),
                    }
                })
                .collect(),
            windows: WindowsView::new(record, facts, calendar, reader.audience),
            impact_level: impact
                .and_then(|impact| impact.level)
                .map(|level| Word::new(level.as_str(), level.label())),
            impact_summary: impact.and_then(|impact| impact.summary.as_deref()),
            commander: person(&named.commander),
            commanders: people::commanders(reader),
            escalations: people::escalations(reader),
            scribe: person(&named.scribe),
            communications: person(&named.communications),
            responders: PersonView::all(&named.responders),
            attendees: PersonView::all(&named.attendees),
            authors: PersonView::all(&named.authors),
            reporter: person(&named.reporter),
            investigators: PersonView::all(&named.investigators),
            text: incident.summary.as_deref(),
            fields: std::mem::take(&mut more.fields),
            more,
        }
    }
}
