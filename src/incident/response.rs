//! How an incident was noticed, handled and told, and what comes after it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Groups;
use crate::audience::Audience;
use crate::kind::{Block, Day, Either, FilePath, Line, Pairs, Percent, Url, When};

/// How it was noticed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Detection {
    /// By what means: `Automated monitoring`.
    pub method: Option<Line>,
    /// By what exactly: `Prometheus alert`.
    pub source: Option<Line>,
    /// What the time to detect counts from, in words: `first slow query execution`.
    pub measured_from: Option<Line>,
    /// How well detection worked: `effective`.
    pub assessment: Option<Line>,
    /// Why that assessment.
    pub assessment_note: Option<Line>,
    /// Whether we found it ourselves, before customers told us.
    pub internal: Option<bool>,
    /// The alert's definition.
    pub alert: Option<Alert>,
}

/// An alert's definition.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// The language it is written in: `yaml`.
    pub language: Option<Line>,
    /// The definition.
    pub code: Option<Block>,
    /// A file of the archive that holds it, instead of `code`.
    pub file: Option<FilePath>,
}

/// What was done about it.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resolution {
    /// What was done while it lasted.
    #[serde(default)]
    pub immediate: Vec<Step>,
    /// What was done within a day.
    #[serde(default)]
    pub short_term: Vec<Step>,
    /// What is to be done within a month.
    #[serde(default)]
    pub long_term: Vec<Step>,
    /// Phases of your own, where the three horizons do not fit.
    #[serde(default)]
    pub phases: Vec<Phase>,
}

/// Something done: a line, or `{ text, status, event, action }`.
pub type Step = Either<Block, StepTable>;

/// Something done, with where it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepTable {
    /// What was done.
    pub text: Option<Block>,
    /// Where it stands; `done` for immediate steps, else `planned`.
    pub status: Option<Progress>,
    /// The event of the timeline that it was; gives the time.
    pub event: Option<Line>,
    /// The action item that it is; gives text and status.
    pub action: Option<Line>,
}

/// A phase of the resolution.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its heading.
    pub title: Line,
    /// Its steps.
    pub items: Vec<Step>,
}

/// Where a step or an action item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Progress {
    /// It is done.
    Done,
    /// It has begun.
    InProgress,
    /// It has not begun.
    Planned,
    /// It will not be done.
    Cancelled,
}

/// What the systems did by themselves.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfHealing {
    /// How much it helped, in percent.
    pub effectiveness: Option<Percent>,
    /// Why that much.
    pub effectiveness_note: Option<Line>,
    /// Why it did not resolve the incident; a line each.
    #[serde(default)]
    pub why_not_resolved: Vec<Block>,
    /// How to make it better; a line each.
    #[serde(default)]
    pub recommendations: Vec<Block>,
    /// What was tried.
    #[serde(default)]
    pub actions: Vec<HealingAction>,
}

/// Something that the systems tried.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HealingAction {
    /// What was tried.
    pub name: Line,
    /// The event of the timeline that it was.
    pub event: Option<Line>,
    /// How it went.
    pub result: Option<HealingResult>,
    /// What is to be said of the result.
    pub result_note: Option<Line>,
    /// The playbook that ran.
    pub playbook: Option<Line>,
    /// The record of the run: a file of the archive.
    pub run: Option<FilePath>,
}

/// How a self-healing action went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
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

/// How people were kept informed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Communication {
    /// Among ourselves.
    pub internal: Option<Internal>,
    /// To those outside.
    pub external: Option<External>,
}

/// How we kept each other informed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Internal {
    /// The incident's chat channel.
    pub channel: Option<Line>,
    /// How often there was an update: `10 minutes`.
    pub update_interval: Option<Line>,
    /// How many of whom took part: `{ "engineers" = 8 }`.
    #[serde(default)]
    pub participants: Pairs<u32>,
    /// The day of the review.
    pub review_on: Option<When>,
}

/// How we kept those outside informed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct External {
    /// How often the status page was updated: `15 minutes`.
    pub status_page_interval: Option<Line>,
    /// The status page's address.
    pub status_page_url: Option<Url>,
}

/// A message that was sent, or is to be sent.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// What it told: the status at that time, or `postmortem`.
    pub stage: Stage,
    /// Who may read it; `customers` when absent.
    pub audience: Option<Audience>,
    /// By what way: `email`, `status`, `sms`, or another word.
    pub channel: Option<Line>,
    /// When it was sent.
    pub sent_at: Option<When>,
    /// The event of the timeline at which it was sent, instead of `sent_at`.
    pub event: Option<Line>,
    /// What is to be said of the sending.
    pub note: Option<Line>,
    /// The subject.
    pub subject: Option<Line>,
    /// The text, exactly as sent.
    pub body: Option<Block>,
    /// Where it can be read.
    pub url: Option<Url>,
    /// When it promised the next update.
    pub next_update_at: Option<When>,
    /// Who approved it.
    pub approved_by: Option<Line>,
}

impl Message {
    /// Gives who may read it.
    #[must_use]
    pub fn audience(&self) -> Audience {
        self.audience.unwrap_or(Audience::Customers)
    }
}

/// What a message told.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema, Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Work is planned.
    Planned,
    /// We look into it.
    Investigating,
    /// We know the cause.
    Identified,
    /// The harm has stopped; we watch.
    Monitoring,
    /// It is over.
    Resolved,
    /// It is closed.
    Closed,
    /// What happened and what we do about it.
    Postmortem,
}

impl Stage {
    /// Gives the word that the input uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Investigating => "investigating",
            Self::Identified => "identified",
            Self::Monitoring => "monitoring",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
            Self::Postmortem => "postmortem",
        }
    }
}

/// What was learned.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lessons {
    /// What went well; a line each.
    #[serde(default)]
    pub went_well: Vec<Block>,
    /// What could be improved; a line each.
    #[serde(default)]
    pub could_improve: Vec<Block>,
    /// Where we got lucky; a line each.
    #[serde(default)]
    pub lucky: Vec<Block>,
    /// What others can learn from it; a line each.
    #[serde(default)]
    pub learnings: Vec<Block>,
}

/// What will be done, by whom, until when.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionItem {
    /// Its id, unique in the archive; the incident's with `-A1`, `-A2` … when absent.
    pub id: Option<Line>,
    /// What is to be done; starts with a verb.
    pub action: Line,
    /// Who does it.
    pub owner: Option<Line>,
    /// Until when.
    pub due: Option<Day>,
    /// Where it stands; `planned` when absent.
    pub status: Option<Progress>,
    /// How urgent it is.
    pub priority: Option<Line>,
    /// What it does: `prevent`, `detect`, `mitigate`, `process`, or another word.
    #[serde(rename = "type")]
    pub purpose: Option<Line>,
    /// Its ticket.
    pub url: Option<Url>,
    /// More about it.
    pub notes: Option<Block>,
    /// When it was done.
    pub done_on: Option<Day>,
    /// Why it was cancelled.
    pub reason: Option<Line>,
}

/// Numbers of the systems.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Technical {
    /// Metrics during the incident, by group.
    #[serde(default)]
    pub metrics: Groups<Metric>,
    /// The deployment that was involved.
    pub deployment: Option<Deployment>,
}

/// A metric during the incident.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// What was measured.
    pub name: Line,
    /// Its value during the incident, with its unit.
    pub value: Line,
    /// Its value on a normal day.
    pub normal: Option<Line>,
}

/// The deployment that was involved.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// The version that was deployed.
    pub version: Option<Line>,
    /// When it was deployed.
    pub at: Option<When>,
    /// The event of the timeline at which it was deployed, instead of `at`.
    pub event: Option<Line>,
    /// How it was deployed.
    pub method: Option<Line>,
    /// When it was rolled back, or why not.
    pub rollback: Option<Line>,
}
