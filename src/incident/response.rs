//! Detection, resolution, communication, lessons and follow-up work of an incident.

use macro_rules_attribute::{apply, derive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Status;
use crate::audience::Audience;
use crate::kind::{
    Block, Choice, Code, Day, Either, EventId, FilePath, Identifier, Line, OneOrMany, Pairs,
    Percent, Strings, Table, Url, When, is_default,
};

/// How the incident was detected.
#[apply(Table!)]
pub struct Detection {
    /// The detection method, such as `Automated monitoring`.
    pub method: Option<Line>,
    /// The source of the first sign, such as `Prometheus alert`.
    pub source: Option<Line>,
    /// The point from which the time to detect is measured, such as `first slow query execution`.
    pub measured_from: Option<Line>,
    /// How well detection worked, such as `effective`.
    pub assessment: Option<Line>,
    /// The reason for that assessment.
    pub assessment_note: Option<Line>,
    /// Whether your team detected the incident before customers reported it.
    pub internal: Option<bool>,
    /// The definition of the alert.
    pub alert: Option<Alert>,
}

/// The definition of an alert.
#[apply(Table!)]
pub struct Alert {
    /// The language of the definition, such as `yaml`.
    pub language: Option<Identifier>,
    /// The definition.
    pub code: Option<Code>,
    /// A file of the archive with the definition, relative to this file; instead of `code`.
    pub file: Option<FilePath>,
}

/// The steps that resolved the incident.
#[apply(Table!)]
pub struct Resolution {
    /// Immediate steps, taken during the incident.
    #[serde(default, skip_serializing_if = "is_default")]
    pub immediate: Vec<Step>,
    /// Short-term steps, within a day.
    #[serde(default, skip_serializing_if = "is_default")]
    pub short_term: Vec<Step>,
    /// Long-term steps, within a month.
    #[serde(default, skip_serializing_if = "is_default")]
    pub long_term: Vec<Step>,
    /// Custom phases, if immediate, short-term and long-term do not fit.
    #[serde(default, skip_serializing_if = "is_default")]
    pub phases: Vec<Phase>,
}

/// A step: a line, or `{ text, status, event, action }`.
pub type Step = Either<Block, StepTable>;

/// A step with more details.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema, Strings!)]
#[serde(deny_unknown_fields)]
pub struct StepTable {
    /// What was done or will be done.
    pub text: Option<Block>,
    /// The status. [default: `done` for immediate steps, otherwise `planned`]
    pub status: Option<Progress>,
    /// The timeline event of this step, by its ID. The step shows the event's time.
    pub event: Option<EventId>,
    /// The action item of this step, by its ID. The step shows the item's text and status.
    pub action: Option<Identifier>,
    /// The audience that may see the step. [default: everyone who sees the report, or the action item]
    pub audience: Option<Audience>,
}

/// A custom phase of the resolution.
#[apply(Table!)]
pub struct Phase {
    /// The heading.
    pub title: Line,
    /// The steps.
    pub items: Vec<Step>,
}

/// The status of a step or an action item.
#[apply(Choice!)]
pub enum Progress {
    /// Completed.
    Done,
    /// Started.
    InProgress,
    /// Not started.
    Planned,
    /// Will not be done.
    Cancelled,
    /// Not known, such as that of an old report; it counts as open.
    Unknown,
}

impl Progress {
    /// Returns `true` if it is neither done nor cancelled.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Cancelled)
    }

    /// Returns `true` if it is open, and not only because nothing is known.
    pub const fn is_known_open(self) -> bool {
        matches!(self, Self::Planned | Self::InProgress)
    }
}

/// What automation did.
#[apply(Table!)]
pub struct SelfHealing {
    /// How much automation helped, in percent, such as `60`.
    pub effectiveness: Option<Percent>,
    /// The reason for that percentage.
    pub effectiveness_note: Option<Line>,
    /// Why automation did not resolve the incident; one item each.
    #[serde(default, skip_serializing_if = "is_default")]
    pub why_not_resolved: Vec<Block>,
    /// Recommendations for improving it; one item each.
    #[serde(default, skip_serializing_if = "is_default")]
    pub recommendations: Vec<Block>,
    /// The actions that automation took.
    #[serde(default, skip_serializing_if = "is_default")]
    pub actions: Vec<HealingAction>,
}

/// An action that automation took.
#[apply(Table!)]
pub struct HealingAction {
    /// The name of the action.
    pub name: Line,
    /// The timeline event of this action, by its ID.
    pub event: Option<EventId>,
    /// The result.
    pub result: Option<HealingResult>,
    /// A remark on the result.
    pub result_note: Option<Line>,
    /// The playbook that ran.
    pub playbook: Option<Line>,
    /// The record of the run: a file of the archive, relative to this file.
    pub run: Option<FilePath>,
}

/// The result of an automated action.
#[apply(Choice!)]
pub enum HealingResult {
    /// It helped.
    Success,
    /// It helped in part.
    Partial,
    /// It did not help.
    Failed,
    /// It did not run.
    Skipped,
}

/// Internal and external communication.
#[apply(Table!)]
pub struct Communication {
    /// Communication within the organization.
    pub internal: Option<Internal>,
    /// Communication with customers and the public.
    pub external: Option<External>,
}

/// Communication within the organization.
#[apply(Table!)]
pub struct Internal {
    /// The incident's chat channel, such as `Slack #inc-0141`.
    pub channel: Option<Line>,
    /// The interval between updates, such as `10 minutes`.
    pub update_interval: Option<Line>,
    /// The number of participants by group, such as `{ "engineers" = 8 }`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub participants: Pairs<u32>,
    /// The date or time of the review meeting, such as `2025-01-17 10:00`.
    pub review_on: Option<When>,
}

/// Communication with customers and the public.
#[apply(Table!)]
pub struct External {
    /// The interval between status page updates, such as `15 minutes`.
    pub status_page_interval: Option<Line>,
    /// The URL of the status page.
    pub status_page_url: Option<Url>,
}

/// A message that was sent or will be sent.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema, Strings!)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// The stage that the message announces: the status at that time, or `postmortem`.
    pub stage: Stage,
    /// The audience that may read the message. [default: `customers`]
    pub audience: Option<Audience>,
    /// The channel: `email`, `status`, `sms`, or a custom channel.
    pub channel: Option<Line>,
    /// The time at which the message was sent.
    pub sent_at: Option<When>,
    /// The timeline event at which it was sent, by its ID; instead of `sent_at`.
    pub event: Option<EventId>,
    /// A remark on the message, for internal readers.
    pub note: Option<Line>,
    /// The subject.
    pub subject: Option<Line>,
    /// The text, exactly as sent.
    pub body: Option<Block>,
    /// The URL at which the message can be read.
    pub url: Option<Url>,
    /// The time that the message gives for the next update.
    pub next_update_at: Option<When>,
    /// The person who approved the message.
    pub approved_by: Option<Line>,
}

impl Message {
    /// Creates a message of a stage without other content.
    #[must_use]
    pub fn new(stage: Stage) -> Self {
        Self {
            stage,
            audience: None,
            channel: None,
            sent_at: None,
            event: None,
            note: None,
            subject: None,
            body: None,
            url: None,
            next_update_at: None,
            approved_by: None,
        }
    }

    /// Returns the audience that may read the message.
    #[must_use]
    pub fn audience(&self) -> Audience {
        self.audience.unwrap_or(Audience::Customers)
    }

    /// Returns `true` if the message tells customers or the public of the incident; an announcement of planned work,
    /// which comes before it, does not.
    #[must_use]
    pub fn is_notice(&self) -> bool {
        self.audience().is_external() && self.stage != Stage::Planned
    }
}

/// The stage that a message announces.
#[apply(Choice!)]
#[derive(PartialOrd, Ord)]
pub enum Stage {
    /// Work is planned.
    Planned,
    /// The cause is being investigated.
    Investigating,
    /// The cause is known.
    Identified,
    /// A mitigation is in place and the result is being monitored.
    Monitoring,
    /// The incident has been resolved.
    Resolved,
    /// The incident is closed.
    Closed,
    /// The explanation of what happened and what is being done about it.
    Postmortem,
}

impl From<Status> for Stage {
    fn from(status: Status) -> Self {
        match status {
            Status::Planned => Self::Planned,
            Status::Investigating => Self::Investigating,
            Status::Identified => Self::Identified,
            Status::Monitoring => Self::Monitoring,
            Status::Resolved => Self::Resolved,
            Status::Closed => Self::Closed,
        }
    }
}

/// Lessons learned.
#[apply(Table!)]
pub struct Lessons {
    /// What went well; one item each.
    #[serde(default, skip_serializing_if = "is_default")]
    pub went_well: Vec<Block>,
    /// What could be improved; one item each.
    #[serde(default, skip_serializing_if = "is_default")]
    pub could_improve: Vec<Block>,
    /// Where you were lucky; one item each.
    #[serde(default, skip_serializing_if = "is_default")]
    pub lucky: Vec<Block>,
    /// What others can learn from the incident; one item each.
    #[serde(default, skip_serializing_if = "is_default")]
    pub learnings: Vec<Block>,
}

/// An action item: follow-up work with an owner and a due date.
#[apply(Table!)]
pub struct ActionItem {
    /// The ID, unique in the archive. [default: the incident's ID with `-A1`, `-A2`, …]
    pub id: Option<Identifier>,
    /// The work to be done, starting with a verb, such as `Add an alert on replication lag`.
    pub action: Line,
    /// The owner, a person or a team; or a list, if several share the work.
    #[serde(default, skip_serializing_if = "is_default")]
    pub owner: OneOrMany<Line>,
    /// The due date, such as `2025-02-14`.
    pub due: Option<Day>,
    /// The status. [default: `planned`]
    pub status: Option<Progress>,
    /// The priority, such as `high`.
    pub priority: Option<Line>,
    /// The purpose: `prevent`, `detect`, `mitigate`, `process`, or a custom one.
    #[serde(rename = "type")]
    pub purpose: Option<Line>,
    /// The URL of the ticket.
    pub url: Option<Url>,
    /// More details, in Markdown.
    pub notes: Option<Block>,
    /// The date of completion.
    pub done_on: Option<Day>,
    /// The reason, if the item was cancelled.
    pub reason: Option<Line>,
    /// The audience that may see the item. [default: everyone who sees the report]
    pub audience: Option<Audience>,
}

impl ActionItem {
    /// Returns the status, or its default.
    pub fn progress(&self) -> Progress {
        self.status.unwrap_or(Progress::Planned)
    }

    /// Returns the owners.
    #[must_use]
    pub fn owners(&self) -> Vec<&str> {
        self.owner.0.iter().map(|owner| &**owner).collect()
    }
}
