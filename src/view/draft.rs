//! The data for message templates: the external report, with a placeholder for each missing value.
//!
//! A draft says only what facts carry. Every missing value, and everything that a stage says but
//! nobody recorded, is a placeholder in brackets, which `check` reports if it is left in a
//! recorded message. A person completes the draft.

use serde::Serialize;

use super::window::{self, SpanView, is_seen};
use super::{ExternalReport, label};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Endpoint, Facts, Length, Window, between, separated, stated_length};
use crate::incident::{CauseStatus, Customer, Kind, Stage, Status};
use crate::moment::{Calendar, Moment, Zone};
use crate::timeline::Mark;

/// The stages that have templates, in the order in which they are sent.
pub const STAGES: &[Stage] = &Stage::ALL;

/// The channels that have templates.
pub const CHANNELS: &[&str] = &["email", "status", "sms"];

/// The data for message templates.
#[derive(Debug, Clone, Serialize)]
pub struct DraftView<'a> {
    /// The stage: `investigating`.
    pub stage: &'static str,
    /// The stage as text: `Investigating`.
    pub stage_label: &'static str,
    /// Whether it is about a maintenance.
    pub is_maintenance: bool,
    /// Whether what the stage says is recorded, such as that the incident was resolved.
    pub is_recorded: bool,
    /// Whether the impact on users is recorded to have ended.
    pub has_recovered: bool,
    /// Whether the message says when it ended, and how long it lasted.
    pub says_end: bool,
    /// The public title.
    pub title: &'a str,
    /// The impact on users.
    pub impact: &'a str,
    /// The affected services, separated by commas.
    pub services: String,
    /// The parts that are not affected.
    pub not_affected: &'a str,
    /// The workaround.
    pub workaround: &'a str,
    /// The number of this update among those of its channel; `None` for a stage that is no update.
    pub update_number: Option<usize>,
    /// The start, to the minute: `2025-01-14 14:23 UTC`; of the impact if that is recorded, else the official one.
    pub started: String,
    /// The time at which it was reopened last, to the minute.
    pub reopened: Option<String>,
    /// The start in short form: `14:23 UTC`.
    pub started_brief: String,
    /// The end, to the minute.
    pub ended: String,
    /// The end in short form.
    pub ended_brief: String,
    /// The planned end of a maintenance that has not ended.
    pub planned_end: Option<String>,
    /// The duration from this start to this end, in whole minutes.
    pub duration: String,
    /// The impact windows with their times and durations; empty if there is one at most.
    pub windows: Vec<String>,
    /// The total duration of all windows.
    pub windows_total: String,
    /// The confirmed cause.
    pub cause: Option<&'a str>,
    /// The confirmed cause, or a placeholder.
    pub proven_cause: &'a str,
    /// The measures; a line each.
    pub measures: Vec<&'a str>,
    /// The time of the next message: `within 30 minutes`, from the stated interval.
    pub next_update: String,
    /// The URL of the report.
    pub address: &'a str,
    /// The contact.
    pub contact: &'a str,
    /// The organization.
    pub organization: Option<&'a str>,
}

impl<'a> DraftView<'a> {
    /// Creates the data for a draft from the external report.
    #[must_use]
    pub fn new(
        record: &Record,
        facts: &Facts,
        config: &Config,
        report: &'a ExternalReport,
        stage: Stage,
        channel: &str,
    ) -> Self {
        let root_cause = record.incident.root_cause.as_ref();
        // Customers must not read a cause that is only suspected.
        let is_proven = root_cause.is_none_or(|cause| cause.status == CauseStatus::Confirmed);
        let cause = report.cause.map(str::trim_end).filter(|_| is_proven);
        let or = |value: Option<&'a str>, placeholder: &'a str| value.unwrap_or(placeholder);
        let zone = record.zone(config);
        let is_maintenance = record.incident.kind == Kind::Maintenance;
        // Times that nobody planned are not those of a plan.
        let has_times = is_maintenance || stage != Stage::Planned;
        // A plan says nothing of when the work started and ended.
        let is_only_planned = facts.status == Status::Planned && stage != Stage::Planned;
        let (started, ended) = Some(times(record, facts, stage))
            .filter(|_| has_times)
            .unwrap_or_default();
        let minutes = facts.ends().map(|end| end.moment.to_the_minute());
        let calendar = Calendar::from_times(
            zone,
            started.map(|moment| moment.day(zone)),
            minutes.chain(started).chain(ended),
        );
        // A single window of impact has nothing to do with when the incident was closed.
        let is_official = started == facts.started.map(|end| end.moment.to_the_minute());
        let again = facts.reopenings.last();
        let again = again.filter(|again| again.is_shown && has_times && is_official);
        let closed = if is_official {
            window::reopened(facts)
        } else {
            String::new()
        };
        let full = |moment: Moment| about(&calendar.full(&moment));
        let brief = |moment: Moment| about(&calendar.zoned(&moment));
        let start = "[Fill in: start date, time and time zone]";
        let end = "[Fill in: end date, time and time zone]";
        // The end of a maintenance that has not ended is only planned.
        let is_planned = is_maintenance && facts.status.is_open();
        let scheduled = window::scheduled(record, facts, Audience::Customers);
        let until = scheduled.and_then(|(_, until)| until);
        let until = until.map(Moment::to_the_minute).or(ended);
        let planned_end = until.filter(|_| is_planned && stage < Stage::Resolved);
        let started = started.filter(|_| !is_only_planned);
        let ended = ended.filter(|_| !is_planned || stage == Stage::Planned);
        let has_recovered =
            !facts.status.is_open() || facts.windows.last().is_some_and(|last| last.to.is_some());
        let lasted = started.zip(ended);
        let lasted = lasted.and_then(|(from, to)| between(&from, &to, zone));
        let interval = stated_length(record).filter(|_| stage != Stage::Planned);
        let mut shown = report.windows.iter().flat_map(|windows| &windows.list);
        let are_windows_shown = shown.all(|window| window.is_shown);
        let services = record.services();
        Self {
            stage: stage.as_str(),
            stage_label: label::stage(record.incident.kind, stage).1,
            is_maintenance,
            is_recorded: is_recorded(record, facts, cause.is_some(), stage),
            has_recovered,
            says_end: stage >= Stage::Resolved || (has_recovered && ended.is_some()),
            title: or(report.title, "[Fill in: short title of what users see]"),
            impact: or(
                report.summary.map(str::trim_end),
                "[Fill in: what users see, and who is affected]",
            ),
            services: if services.is_empty() {
                "[Fill in: affected services]".to_owned()
            } else {
                services.join(", ")
            },
            not_affected: or(report.not_affected, "[Fill in: what is not affected]"),
            workaround: or(report.workaround, "[Fill in: workaround, or none]"),
            update_number: update_number(record, stage, channel),
            started: started.map_or_else(|| start.to_owned(), full),
            started_brief: started.map_or_else(|| start.to_owned(), brief),
            ended: ended.map_or_else(|| end.to_owned(), full),
            ended_brief: ended.map_or_else(|| end.to_owned(), brief),
            planned_end: planned_end.map(full),
            duration: lasted.map_or_else(
                || "[Fill in: duration]".to_owned(),
                |length| length.to_string() + &closed,
            ),
            reopened: again.map(|again| full(again.at.moment.to_the_minute())),
            windows: report
                .windows
                .iter()
                .flat_map(|windows| &windows.list)
                .zip(&facts.windows)
                .map(|(shown, window)| span(shown, window, &calendar, stage))
                .collect(),
            windows_total: windows_total(facts, zone)
                .filter(|_| are_windows_shown)
                .unwrap_or_else(|| "[Fill in: total duration]".to_owned()),
            cause,
            proven_cause: or(cause, "[Fill in: root cause, once confirmed]"),
            measures: report
                .measures
                .iter()
                .map(|measure| measure.trim_end())
                .collect(),
            next_update: interval.map_or_else(
                || "[Fill in: date, time and time zone]".to_owned(),
                |interval| format!("within {interval}"),
            ),
            address: "[Fill in: link to the report]",
            contact: or(report.contact, "[Fill in: support contact]"),
            organization: report.organization,
        }
    }
}

/// Returns the start and the end that a draft prints, to the minute: in an announcement, those of the schedule.
///
/// Users noticed the impact, not the official times; these are used where the impact is not recorded or not shown.
fn times(record: &Record, facts: &Facts, stage: Stage) -> (Option<Moment>, Option<Moment>) {
    let scheduled = window::scheduled(record, facts, Audience::Customers);
    if let Some((from, until)) = scheduled.filter(|_| stage == Stage::Planned) {
        let minute = |at: Option<Moment>| at.map(Moment::to_the_minute);
        return (minute(from), minute(until));
    }
    let window = match facts.windows.as_slice() {
        // Impact that came back is not all of it, if that of the first time is not recorded.
        [only]
            if stage != Stage::Planned
                && !facts.came_back
                && is_seen(only, record, Audience::Customers) =>
        {
            Some(only)
        }
        _ => None,
    };
    let started = window.map(|window| window.from).or(facts.started);
    let ended = window.and_then(|window| window.to).or(facts.ended);
    let minute = |end: Endpoint| end.moment.to_the_minute();
    (started.map(minute), ended.map(minute))
}

/// Returns `true` if the facts carry what a message of a stage says.
fn is_recorded(record: &Record, facts: &Facts, is_cause_known: bool, stage: Stage) -> bool {
    let status = facts.status;
    let is_ongoing = status.is_going_on();
    // What was marked before the incident was open again no longer holds.
    let is_marked = |mark: Mark| {
        let mut marks = record.marks().into_iter();
        let is_since = |at: Moment| facts.reopened.is_none_or(|from| at.order() >= from.order());
        marks.any(|marked| marked.mark == mark && is_since(marked.moment))
    };
    // What customers already read is recorded as said.
    let is_said = |said: Stage| {
        let mut messages = record.incident.messages.iter();
        messages.any(|message| {
            let sent = record.when(message.sent_at.as_ref(), message.event.as_ref());
            message.audience().is_external()
                && message.stage == said
                && facts.is_current(said, sent)
        })
    };
    let is_identified = || {
        is_cause_known
            || status == Status::Identified
            || is_marked(Mark::Identified)
            || is_said(Stage::Identified)
    };
    let is_maintenance = record.incident.kind == Kind::Maintenance;
    match stage {
        Stage::Planned => is_maintenance,
        Stage::Investigating | Stage::Identified if is_maintenance => is_ongoing,
        Stage::Investigating => is_ongoing && !is_identified(),
        Stage::Identified => is_ongoing && is_identified(),
        Stage::Monitoring => {
            status == Status::Monitoring || is_marked(Mark::Mitigated) || is_said(Stage::Monitoring)
        }
        Stage::Resolved => !status.is_open(),
        Stage::Closed => status == Status::Closed,
        Stage::Postmortem => true,
    }
}

/// Returns the number of an update: one more than those that were sent by the same channel.
fn update_number(record: &Record, stage: Stage, channel: &str) -> Option<usize> {
    let is_update =
        |stage: Stage| !matches!(stage, Stage::Planned | Stage::Closed | Stage::Postmortem);
    let messages = record.incident.messages.iter();
    let sent = messages.filter(|message| {
        let used = message.channel.as_deref();
        message.audience().is_external()
            && is_update(message.stage)
            && used.is_none_or(|used| used == channel)
    });
    is_update(stage).then(|| sent.count() + 1)
}

/// Replaces a leading `~` with `about`.
fn about(time: &str) -> String {
    match time.strip_prefix('~') {
        Some(time) => format!("about {time}"),
        None => time.to_owned(),
    }
}

/// Returns the total of the impact windows as a draft prints them, or `None` if one of them has no end.
fn windows_total(facts: &Facts, zone: Zone) -> Option<String> {
    let lengths = facts.windows.iter().map(|window| {
        let (from, to) = (window.from.moment, window.to?.moment);
        between(&from.to_the_minute(), &to.to_the_minute(), zone)
    });
    let lengths: Option<Vec<Length>> = lengths.collect();
    let sum = lengths?.into_iter().reduce(Length::plus);
    sum.map(|sum| sum.to_string())
}

/// Returns the times and the duration of an impact window: `2025-01-14 09:55 to 10:10 UTC (15 minutes)`.
fn span(shown: &SpanView, window: &Window, calendar: &Calendar, stage: Stage) -> String {
    let from = window.from.moment.to_the_minute();
    let to = window.to.map(|end| end.moment.to_the_minute());
    match to {
        _ if !shown.is_shown => "[Fill in: start and end date, time and time zone]".to_owned(),
        Some(to) => {
            let length = between(&from, &to, calendar.zone());
            let length = length.map_or_else(String::new, |length| format!(" ({length})"));
            format!("{}{length}", about(&calendar.span(&from, &to)))
        }
        None if stage < Stage::Resolved => format!("since {}", about(&calendar.full(&from))),
        None => {
            let from = about(&calendar.full(&from));
            format!("{from} to [Fill in: end date, time and time zone]")
        }
    }
}

/// The data for the template of a customer message: the message and that customer's figures.
#[derive(Debug, Clone, Serialize)]
pub struct CustomerMessageView<'a> {
    /// The customer.
    pub name: &'a str,
    /// The subject of the message.
    pub subject: Option<&'a str>,
    /// The text of the message.
    pub body: &'a str,
    /// The number of the customer's users that were affected.
    pub users: Option<String>,
    /// The customer's values in the other columns of the impact table.
    pub measures: Vec<MeasureView<'a>>,
}

/// A column of the impact table for one customer.
#[derive(Debug, Clone, Serialize)]
pub struct MeasureView<'a> {
    /// The heading.
    pub name: &'a str,
    /// The customer's value.
    pub value: String,
}

impl<'a> CustomerMessageView<'a> {
    /// Creates the data for one customer's message.
    #[must_use]
    pub fn new(customer: &'a Customer, subject: Option<&'a str>, body: &'a str) -> Self {
        Self {
            name: &customer.name,
            subject,
            body,
            users: customer.users.map(|users| separated(i64::from(users))),
            measures: customer
                .measures
                .0
                .iter()
                .map(|(name, value)| MeasureView {
                    name,
                    value: super::parts::cell(value),
                })
                .collect(),
        }
    }
}
