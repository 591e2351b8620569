//! The data for message templates: the external report, with a placeholder for each missing value.
//!
//! A person completes the draft. Every missing value is a placeholder in brackets
//! that `check` reports if it is left in a recorded message.

use serde::Serialize;

use super::window::SpanView;
use super::{ExternalReport, label};
use crate::archive::Record;
use crate::config::Config;
use crate::facts::{Facts, Length, Window, between, separated};
use crate::incident::{CauseStatus, Customer, Stage};
use crate::moment::{Calendar, Moment, Precision, Zone};

/// The stages that have templates, in the order in which they are sent.
pub const STAGES: &[Stage] = &[
    Stage::Planned,
    Stage::Investigating,
    Stage::Identified,
    Stage::Monitoring,
    Stage::Resolved,
    Stage::Closed,
    Stage::Postmortem,
];

/// The channels that have templates.
pub const CHANNELS: &[&str] = &["email", "status", "sms"];

/// The data for message templates.
#[derive(Debug, Clone, Serialize)]
pub struct DraftView<'a> {
    /// The stage: `investigating`.
    pub stage: &'static str,
    /// The public title.
    pub title: &'a str,
    /// The impact on users.
    pub impact: &'a str,
    /// The parts that are not affected.
    pub not_affected: &'a str,
    /// The workaround.
    pub workaround: &'a str,
    /// The official start, to the minute: `2025-01-14 14:23 UTC`.
    pub started: String,
    /// The official start in short form: `14:23 UTC`.
    pub started_brief: String,
    /// The official end, to the minute.
    pub ended: String,
    /// The official end in short form.
    pub ended_brief: String,
    /// The official duration in whole minutes.
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
    /// The time of the next message.
    pub next_update: &'a str,
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
    ) -> Self {
        let root_cause = record.incident.root_cause.as_ref();
        // Customers must not read a cause that is only suspected.
        let is_proven = root_cause.is_none_or(|cause| cause.status == CauseStatus::Confirmed);
        let cause = report.cause.map(str::trim_end).filter(|_| is_proven);
        let or = |value: Option<&'a str>, placeholder: &'a str| value.unwrap_or(placeholder);
        let zone = record.zone(config);
        let minutes = facts.ends().map(|end| to_the_minute(end.moment));
        let started = facts.started.map(|end| to_the_minute(end.moment));
        let ended = facts.ended.map(|end| to_the_minute(end.moment));
        let calendar = Calendar::from_times(
            zone,
            started.map(|moment| moment.day(zone)),
            minutes.chain(started).chain(ended),
        );
        let full = |moment: Moment| about(&calendar.full(&moment));
        let brief = |moment: Moment| about(&calendar.zoned(&moment));
        let start = "[Fill in: start date, time and time zone]";
        let end = "[Fill in: end date, time and time zone]";
        Self {
            stage: label::stage(stage).0,
            title: or(report.title, "[Fill in: short title of what users see]"),
            impact: or(
                report.summary.map(str::trim_end),
                "[Fill in: what users see, and who is affected]",
            ),
            not_affected: or(report.not_affected, "[Fill in: what is not affected]"),
            workaround: or(report.workaround, "[Fill in: workaround, or `none`]"),
            started: started.map_or_else(|| start.to_owned(), full),
            started_brief: started.map_or_else(|| start.to_owned(), brief),
            ended: ended.map_or_else(|| end.to_owned(), full),
            ended_brief: ended.map_or_else(|| end.to_owned(), brief),
            duration: duration(facts, zone).unwrap_or_else(|| "[Fill in: duration]".to_owned()),
            windows: report
                .windows
                .iter()
                .flat_map(|windows| &windows.list)
                .zip(&facts.windows)
                .map(|(shown, window)| span(shown, window, &calendar, stage))
                .collect(),
            windows_total: windows_total(facts, zone)
                .unwrap_or_else(|| "[Fill in: total duration]".to_owned()),
            cause,
            proven_cause: or(cause, "[Fill in: root cause, once confirmed]"),
            measures: report
                .measures
                .iter()
                .map(|measure| measure.trim_end())
                .collect(),
            next_update: "[Fill in: date, time and time zone]",
            address: "[Fill in: link to the report]",
            contact: or(report.contact, "[Fill in: support contact]"),
            organization: report.organization,
        }
    }
}

/// Drops the seconds of a time, because customers do not need them.
fn to_the_minute(moment: Moment) -> Moment {
    let precision = match moment.precision {
        Precision::Second => Precision::Minute,
        other => other,
    };
    Moment {
        precision,
        ..moment
    }
}

/// Replaces a leading `~` with `about`.
fn about(time: &str) -> String {
    match time.strip_prefix('~') {
        Some(time) => format!("about {time}"),
        None => time.to_owned(),
    }
}

/// Returns the official duration between the times that a draft prints.
fn duration(facts: &Facts, zone: Zone) -> Option<String> {
    let fact = facts.response_metric("duration")?;
    let (from, to) = (fact.from?.moment, fact.to?.moment);
    let length = between(&to_the_minute(from), &to_the_minute(to), zone)?;
    Some(length.to_string())
}

/// Returns the total of the impact windows as a draft prints them, or `None` if one of them has no end.
fn windows_total(facts: &Facts, zone: Zone) -> Option<String> {
    let lengths = facts.windows.iter().map(|window| {
        let (from, to) = (window.from.moment, window.to?.moment);
        between(&to_the_minute(from), &to_the_minute(to), zone)
    });
    let lengths: Option<Vec<Length>> = lengths.collect();
    let sum = |sum: Length, next: Length| Length {
        seconds: sum.seconds + next.seconds,
        unit: sum.unit.max(next.unit),
        about: sum.about || next.about,
    };
    lengths?.into_iter().reduce(sum).map(|sum| sum.to_string())
}

/// Returns the times and the duration of an impact window: `2025-01-14 09:55 to 10:10 UTC (15 minutes)`.
fn span(shown: &SpanView, window: &Window, calendar: &Calendar, stage: Stage) -> String {
    let from = to_the_minute(window.from.moment);
    let to = window.to.map(|end| to_the_minute(end.moment));
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
