//! What the templates of messages see: the view for outside, with a placeholder for what is still unknown.
//!
//! A draft is for someone to finish. Every hole in it is a placeholder in brackets
//! that `check` finds when it was copied into a message as it stands.

use serde::Serialize;

use super::{ExternalReport, label};
use crate::archive::Record;
use crate::facts::separated;
use crate::incident::{CauseStatus, Customer, Stage};

/// The stages that there are templates for, in the order in which they are sent.
pub const STAGES: &[Stage] = &[
    Stage::Investigating,
    Stage::Identified,
    Stage::Monitoring,
    Stage::Resolved,
    Stage::Postmortem,
];

/// The channels that there are templates for.
pub const CHANNELS: &[&str] = &["email", "status", "sms"];

/// Everything that the templates of messages see.
#[derive(Debug, Clone, Serialize)]
pub struct DraftView<'a> {
    /// What it tells: `investigating`.
    pub stage: &'static str,
    /// What happened, in a few words.
    pub title: &'a str,
    /// What users notice.
    pub impact: &'a str,
    /// What works as usual.
    pub not_affected: &'a str,
    /// What users can do until it is over.
    pub workaround: &'a str,
    /// The official start, in full.
    pub started: &'a str,
    /// The official start, as short as can be: `14:23 UTC`.
    pub started_brief: String,
    /// The official end, in full.
    pub ended: &'a str,
    /// The official end, as short as can be.
    pub ended_brief: String,
    /// The official duration, in words.
    pub duration: &'a str,
    /// Why it happened, where that is proven.
    pub cause: Option<&'a str>,
    /// The same, with a placeholder where it is not.
    pub proven_cause: &'a str,
    /// What was and will be done; a line each.
    pub measures: Vec<&'a str>,
    /// When the next message will come.
    pub next_update: &'a str,
    /// Where the report can be read.
    pub address: &'a str,
    /// Whom to ask.
    pub contact: &'a str,
    /// Whose incident it is.
    pub organization: Option<&'a str>,
}

impl<'a> DraftView<'a> {
    /// Builds what a draft sees from the report for outside.
    #[must_use]
    pub fn new(record: &Record, report: &'a ExternalReport, stage: Stage) -> Self {
        let root_cause = record.incident.root_cause.as_ref();
        // A cause that was only suspected is not for customers.
        let is_proven = root_cause.is_none_or(|cause| cause.status == CauseStatus::Confirmed);
        let cause = report.cause.map(str::trim_end).filter(|_| is_proven);
        let or = |value: Option<&'a str>, placeholder: &'a str| value.unwrap_or(placeholder);
        let brief = |moment: Option<&super::MomentView>| {
            let brief = moment.map(|moment| match moment.text.rsplit_once(' ') {
                Some((_, zone)) if !moment.time.is_empty() => format!("{} {zone}", moment.brief),
                _ => moment.brief.clone(),
            });
            brief.unwrap_or_else(|| "[Fill in: time and zone]".to_owned())
        };
        let text = |moment: &'a Option<super::MomentView>| {
            moment.as_ref().map(|moment| moment.text.as_str())
        };
        Self {
            stage: label::stage(stage).0,
            title: or(report.title, "[Fill in: what users notice, in a few words]"),
            impact: or(
                report.summary.map(str::trim_end),
                "[Fill in: what users notice, and which of them]",
            ),
            not_affected: or(report.not_affected, "[Fill in: what works as usual]"),
            workaround: or(
                report.workaround,
                "[Fill in: what users can do meanwhile, or `none`]",
            ),
            started: or(
                text(&report.started),
                "[Fill in: day, time and zone of the start]",
            ),
            started_brief: brief(report.started.as_ref()),
            ended: or(
                text(&report.ended),
                "[Fill in: day, time and zone of the end]",
            ),
            ended_brief: brief(report.ended.as_ref()),
            duration: match report.duration.seconds {
                Some(_) => &report.duration.text,
                None => "[Fill in: how long it lasted]",
            },
            cause,
            proven_cause: or(cause, "[Fill in: why it happened, once that is proven]"),
            measures: report
                .measures
                .iter()
                .map(|measure| measure.trim_end())
                .collect(),
            next_update: "[Fill in: day, time and zone]",
            address: "[Fill in: where the report can be read]",
            contact: or(report.contact, "[Fill in: whom to ask]"),
            organization: report.organization,
        }
    }
}

/// What the template of a message to one customer sees: the message, and that customer's own numbers.
#[derive(Debug, Clone, Serialize)]
pub struct CustomerMessageView<'a> {
    /// The customer.
    pub name: &'a str,
    /// The subject of the message.
    pub subject: Option<&'a str>,
    /// The text of the message.
    pub body: &'a str,
    /// How many of the customer's users were affected.
    pub users: Option<String>,
    /// The customer's own columns of the impact table.
    pub measures: Vec<MeasureView<'a>>,
}

/// A column of the impact table for one customer.
#[derive(Debug, Clone, Serialize)]
pub struct MeasureView<'a> {
    /// Its heading.
    pub name: &'a str,
    /// The customer's value.
    pub value: String,
}

impl<'a> CustomerMessageView<'a> {
    /// Builds what one customer is told.
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
