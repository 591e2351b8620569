//! The external report: the information about an incident for customers and the public.
//!
//! It is a separate type, built from an explicit list of fields: severity, status, the official
//! start, end and duration, `[public]`, and the events and messages of that
//! audience. Its templates cannot reach anything internal.

use serde::Serialize;

use super::parts::FieldView;
use super::timeline::{Axis, StretchView};
use super::window::{self, WindowsView, printed};
use super::{LocalLinks, MomentView, RelationView, Relations, Word, label, state_text};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Course, Facts, Length, State};
use crate::incident::{Message, Status};
use crate::moment::Calendar;

pub mod index;

/// The data for the templates of an external report.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalReport<'a> {
    /// The public ID.
    pub id: &'a str,
    /// The title.
    pub title: Option<&'a str>,
    /// The severity: `P1 (High)`.
    pub severity: Option<Word<'a>>,
    /// The rank of the severity, where 0 is the most severe.
    pub severity_rank: Option<usize>,
    /// The status.
    pub status: Word<'static>,
    /// Whether it is ongoing.
    pub open: bool,
    /// Whether it is maintenance that was cancelled: it is closed, and nothing says that it started.
    pub is_cancelled: bool,
    /// The start, the end and the duration in one sentence.
    pub lead: Option<String>,
    /// The official start.
    pub started: Option<MomentView>,
    /// The official end.
    pub ended: Option<MomentView>,
    /// The scheduled start and end as text, if the work has started.
    pub scheduled: Option<String>,
    /// The official duration.
    pub duration: DurationView,
    /// The impact windows, if there are several.
    pub windows: Option<WindowsView>,
    /// The impact windows to scale; only a page has them.
    #[serde(skip)]
    pub band: Vec<StretchView>,
    /// The summary; prose.
    pub summary: Option<&'a str>,
    /// The affected components of the status page.
    pub components: Vec<&'a str>,
    /// The custom fields that the audience may see.
    pub fields: Vec<FieldView<'a>>,
    /// The parts that were not affected.
    pub not_affected: Option<&'a str>,
    /// The workaround.
    pub workaround: Option<&'a str>,
    /// The cause; prose.
    pub cause: Option<&'a str>,
    /// The measures; a line each.
    pub measures: Vec<&'a str>,
    /// The time zone of the events: `UTC`, `CET`; its full name if the UTC offset varies.
    pub zone: String,
    /// Whether these times differ in their UTC offset, so that each shows its own.
    pub zone_varies: bool,
    /// Whether the Markdown must name the time zone, because neither start nor end does.
    pub names_zone: bool,
    /// The events that this audience sees, in order of time.
    pub events: Vec<ExternalEventView<'a>>,
    /// The messages that this audience sees, newest first.
    pub messages: Vec<ExternalMessageView<'a>>,
    /// The organization.
    pub organization: Option<&'a str>,
    /// The contact.
    pub contact: Option<&'a str>,
    /// The audience: `Public`.
    pub audience: &'static str,
    /// The line on every page: `TLP:CLEAR`.
    pub marking: Option<&'a str>,
    /// The reports that supersede this one.
    pub superseded_by: Vec<RelationView>,
    /// The incident that this one was merged into.
    pub merged_into: Option<RelationView>,
    /// The investigations that explain this incident and that the audience may read.
    pub investigations: Vec<RelationView>,
    /// The files of the site to which its texts may link.
    #[serde(skip)]
    pub links: LocalLinks,
}

/// The official duration.
#[derive(Debug, Clone, Serialize)]
pub struct DurationView {
    /// The state: `recorded`, `pending`, `not_recorded` or `invalid`.
    pub state: &'static str,
    /// The duration in seconds.
    pub seconds: Option<i64>,
    /// The duration as text, or the state if there is none.
    pub text: String,
}

/// An event in an external report: its time and text, without its actor and source.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalEventView<'a> {
    /// The anchor, which is derived from the time only.
    pub anchor: String,
    /// The time.
    pub at: ExternalTimeView,
    /// The description; plain text.
    pub text: &'a str,
    /// The details; prose.
    pub body: Option<&'a str>,
}

/// The time of an event in an external report, and what templates print of it.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalTimeView {
    /// The time in ISO 8601.
    pub iso: String,
    /// The latest time that it may be, if only a range is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<String>,
    /// Whether it is approximate.
    pub about: bool,
    /// The printed time.
    pub text: String,
    /// The time since the start: `T+00:47`; `None` for a date without a time, or without a start.
    pub offset: Option<String>,
}

/// A message in an external report.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalMessageView<'a> {
    /// The position among the messages that this audience sees, from 1.
    pub number: usize,
    /// The stage.
    pub stage: Word<'static>,
    /// The time it was sent.
    pub sent: Option<MomentView>,
    /// The subject.
    pub subject: Option<&'a str>,
    /// The text.
    pub body: Option<&'a str>,
    /// Subject and text as they are copied; `None` without a text.
    pub text: Option<String>,
    /// The promised time of the next update.
    pub next_update: Option<MomentView>,
}

impl<'a> ExternalReport<'a> {
    /// Creates the external report of an incident under its public ID.
    #[must_use]
    pub fn new(
        record: &'a Record,
        facts: &Facts,
        config: &'a Config,
        relations: &Relations,
        id: &'a str,
        audience: Audience,
    ) -> Self {
        let incident = &record.incident;
        let start = facts.started.map(|end| end.moment);
        let calendar = Calendar::of_report(record, facts, config, audience);
        let calendar = &calendar.to_the_minute();
        let public = incident.public.as_ref();
        let status = label::external_status(incident.kind, facts.status, relations.replaced());
        let severity = record.severity(config);
        let events = super::visible_events(record, audience);
        let started = start.map(|moment| calendar.moment(moment));
        let ended = facts.ended.map(|end| calendar.moment(end.moment));
        let duration = DurationView::new(facts.duration(), facts, calendar);
        let ends = facts.started.zip(facts.ended);
        let span = ends.map(|(from, to)| calendar.span(&from.moment, &to.moment));
        let windows = WindowsView::new(record, facts, calendar, audience);
        let again = facts.reopenings.last().filter(|last| last.is_shown);
        let again = again.map(|last| calendar.full(&last.at.moment));
        Self {
            id,
            title: public.and_then(|public| public.title.as_deref()),
            severity: severity.map(|key| Word::severity(config, key)),
            severity_rank: severity.and_then(|key| config.severity_rank(key)),
            status,
            open: facts.status.is_open(),
            is_cancelled: facts.is_cancelled,
            lead: lead(
                started.as_ref(),
                span,
                &duration,
                windows.as_ref(),
                facts,
                again,
            ),
            band: windows
                .as_ref()
                .map_or_else(Vec::new, |windows| band(facts, windows)),
            windows,
            summary: public.and_then(|public| public.summary.as_deref()),
            // An exercise, say, affected nobody.
            components: public
                .iter()
                .filter(|_| label::unusual(incident.kind).is_none())
                .flat_map(|public| &public.components)
                .map(|component| &**component)
                .collect(),
            fields: FieldView::all(record, config, None),
            not_affected: public.and_then(|public| public.not_affected.as_deref()),
            workaround: public.and_then(|public| public.workaround.as_deref()),
            cause: public.and_then(|public| public.cause.as_deref()),
            measures: public
                .iter()
                .flat_map(|public| &public.measures)
                .map(|measure| &**measure)
                .collect(),
            zone: calendar.announced(),
            zone_varies: calendar.varies(),
            names_zone: super::timeline::names_zone(calendar, facts),
            events: event_views(&events, record, start, calendar),
            messages: messages(record, calendar, audience),
            organization: config.organization.name.as_deref(),
            contact: config.organization.contact.as_deref(),
            audience: audience.label(),
            marking: public.and_then(|public| public.marking.as_deref()),
            superseded_by: relations.superseded_by.clone(),
            merged_into: relations.merged_into.clone(),
            investigations: relations.investigations.clone(),
            links: LocalLinks::new(record, relations, audience),
            scheduled: window::scheduled(record, facts, audience).and_then(|ends| match ends {
                (Some(from), Some(until)) => Some(calendar.span(&from, &until)),
                (Some(from), None) => Some(format!("from {}", calendar.full(&from))),
                (None, Some(until)) => Some(format!("until {}", calendar.full(&until))),
                (None, None) => None,
            }),
            started,
            ended,
            duration,
        }
    }
}

/// Returns `true` if an audience that may read an incident sees a message of it.
#[must_use]
pub fn sees_message(audience: Audience, message: &Message) -> bool {
    audience.may_read(message.audience())
}

impl DurationView {
    fn new((state, length): (State, Option<Length>), course: &Course, calendar: &Calendar) -> Self {
        let (state, state_label) = state_text(state);
        Self {
            state,
            seconds: length.and_then(Length::exact),
            text: length.map_or_else(
                || state_label.to_owned(),
                |length| {
                    let ends = [course.started, course.ended];
                    let [from, to] = ends.map(|end| end.map(|end| end.moment));
                    let length = printed(length, (from, to), calendar).to_string();
                    length + &window::reopened(course)
                },
            ),
        }
    }
}

fn lead(
    started: Option<&MomentView>,
    span: Option<String>,
    duration: &DurationView,
    windows: Option<&WindowsView>,
    facts: &Facts,
    again: Option<String>,
) -> Option<String> {
    let from = &started?.text;
    let is_planned = facts.status == Status::Planned;
    let span = match span {
        Some(span) if is_planned => format!("Scheduled for {span}"),
        Some(span) if duration.state == "recorded" => format!("{span}, {}", duration.text),
        Some(span) => span,
        None if is_planned => {
            format!("Scheduled for {from}")
        }
        None if facts.status.is_open() => match again {
            Some(again) => format!("Since {from}, reopened {again}"),
            None => format!("Since {from}"),
        },
        None => format!("Started {from}"),
    };
    Some(match windows {
        Some(windows) => format!("{span}; {}.", windows.described()),
        None => format!("{span}."),
    })
}

/// Returns several impact windows to scale, from the start of the first to the end of the last; empty if one is not shown.
fn band(facts: &Facts, windows: &WindowsView) -> Vec<StretchView> {
    let all = || facts.windows.iter();
    let ends = all().map(|window| Some((window.from.moment.at, window.to?.moment.at)));
    let Some(ends) = ends.collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let is_exact = all().all(|window| {
        let ends = [Some(window.from), window.to].into_iter().flatten();
        ends.into_iter().all(|end| end.moment.is_timed())
    });
    let is_shown = windows.list.iter().all(|window| window.is_shown);
    let from = ends.iter().map(|(from, _)| *from).min();
    let to = ends.iter().map(|(_, to)| *to).max();
    match from.zip(to) {
        Some((from, to)) if is_exact && is_shown && to > from => {
            let axis = Axis::new(from, to);
            let stretches = ends
                .iter()
                .filter_map(|(from, to)| axis.stretch(*from, *to, 0));
            stretches.collect()
        }
        _ => Vec::new(),
    }
}

fn event_views<'a>(
    events: &[(usize, &'a crate::timeline::Event, crate::moment::Moment)],
    record: &'a Record,
    start: Option<crate::moment::Moment>,
    calendar: &Calendar,
) -> Vec<ExternalEventView<'a>> {
    let mut used = std::collections::BTreeMap::<String, usize>::new();
    let mut day = calendar.first_day();
    events
        .iter()
        .map(|(_, event, moment)| {
            let base = moment.anchor();
            let count = used.entry(base.clone()).or_default();
            *count += 1;
            let (from, until) = super::timeline::times_of_day(record, event, *moment, calendar);
            let time = match until {
                Some(until) => format!("{from}–{}", until.text),
                None => from,
            };
            let on = moment.day(calendar.zone());
            let is_new = day.replace(on) != Some(on);
            let with_day = is_new && !moment.is_day();
            ExternalEventView {
                anchor: match *count {
                    1 => base,
                    count => format!("{base}-{count}"),
                },
                at: ExternalTimeView {
                    iso: calendar.iso(moment),
                    latest: calendar.latest(moment),
                    about: moment.about,
                    text: if with_day {
                        format!("{on} {time}")
                    } else {
                        time
                    },
                    offset: super::timeline::since(start, *moment, calendar.zone()),
                },
                text: &event.text,
                body: event.body.as_deref(),
            }
        })
        .collect()
}

fn messages<'a>(
    record: &'a Record,
    calendar: &Calendar,
    audience: Audience,
) -> Vec<ExternalMessageView<'a>> {
    let shown = record
        .incident
        .messages
        .iter()
        .filter(|message| sees_message(audience, message));
    let mut messages: Vec<_> = shown
        .enumerate()
        .map(|(index, message)| {
            let at = record.when(message.sent_at.as_ref(), message.event.as_ref());
            let view = ExternalMessageView {
                number: index + 1,
                stage: Word::from(label::stage(record.incident.kind, message.stage)),
                sent: at.map(|at| calendar.moment(at)),
                subject: message.subject.as_deref(),
                body: message.body.as_deref(),
                text: super::message_text(message),
                next_update: record
                    .when(message.next_update_at.as_ref(), None)
                    .map(|at| calendar.moment(at)),
            };
            (at.map(|at| at.order()), index, view)
        })
        .filter(|(_, _, view)| view.subject.is_some() || view.body.is_some())
        .collect();
    messages.sort_by(|left, right| (&right.0, right.1).cmp(&(&left.0, left.1)));
    messages.into_iter().map(|(_, _, view)| view).collect()
}
