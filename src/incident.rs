//! The incident as recorded in `incidents/ID.toml`, key by key.
//!
//! Plain data that is deserialized and never changed. The doc comment of a field becomes its
//! description in the JSON Schema, which editors show as the key's tooltip.

use macro_rules_attribute::{apply, derive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::audience::Audience;
use crate::kind::{
    Block, Choice, Day, FilePath, Id, Identifier, Line, OneOrMany, Pairs, Period, PersonName,
    Strings, Table, Url, When, is_default,
};
use crate::moment::Zone;
use crate::timeline::Mark;

mod analysis;
mod evidence;
mod impact;
mod people;
mod redaction;
mod response;
mod technical;

pub use analysis::{
    Analysis, AnalysisStatus, Fix, FixStatus, OpenQuestion, Reverted, Rollout, RuledOut, Supersedes,
};
pub use evidence::{Evidence, EvidenceGroup, Reference, Section, Subsection, Table};
pub use impact::{Business, Customer, Effect, Exposure, Impact, ImpactLevel, Loss, ServiceImpact};
pub use people::{Command, Escalation, People, Person, PersonTable, name};
pub use redaction::Redaction;
pub use response::{
    ActionItem, Alert, Communication, Detection, External, HealingAction, HealingResult, Internal,
    Lessons, Message, Phase, Progress, Resolution, SelfHealing, Stage, Step, StepTable,
};
pub use technical::{Deployment, Metric, Query, QueryRun, Technical};

/// An incident. Write each fact once; durations, totals and counts are computed from it.
#[apply(Table!)]
pub struct Incident {
    /// The incident's ID, such as `INC-2025-0141`. It must match the file name. [default: the file name without `.toml`]
    pub id: Option<Id>,
    /// The title, in one line. The only required key.
    pub title: Line,
    /// The type of record. Only incidents are counted; near misses are counted separately. [default: `incident`]
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: Kind,
    /// The severity at the start: a key of `[severity.*]` in `afterword.toml`, such as `P1`. Events of the timeline may change it.
    #[schemars(
        example = &"P0",
        example = &"P1",
        example = &"P2",
        example = &"P3",
        example = &"P4"
    )]
    pub severity: Option<Identifier>,
    /// A remark on the severity, such as `self-recovering, no data loss`.
    pub severity_note: Option<Line>,
    /// The status. [default: computed from the timeline's marks]
    pub status: Option<Status>,
    /// A remark on the status, such as `fix committed and pending deploy`.
    pub status_note: Option<Line>,
    /// The audience that may read the report. [default: `internal`]
    pub classification: Option<Audience>,
    /// What a maintenance, a migration or a drill is to achieve.
    pub objective: Option<Line>,
    /// The summary, for readers who read nothing else of the report.
    pub summary: Option<Block>,
    /// The affected environment, such as `production`, or a list.
    #[serde(default, skip_serializing_if = "is_default")]
    pub environment: OneOrMany<Line>,
    /// The affected services, such as `["orders-api"]`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub services: Vec<Line>,
    /// The teams that took part, such as `["Platform"]`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub teams: Vec<Line>,
    /// Keywords that group related incidents, such as the kind of cause: `["database", "deploy"]`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tags: Vec<Line>,
    /// The ID of the incident that this one was merged into: it counts there and needs no report of its own.
    pub merged_into: Option<Id>,
    /// The ID of the incident from which this one was split off.
    pub split_from: Option<Id>,
    /// An existing report in Markdown, published unchanged. Other keys of this file add to it.
    pub report: Option<FilePath>,
    /// The timeline's file, relative to this file. [default: `../timelines/ID.json`]
    pub timeline: Option<FilePath>,
    /// The time zone in which times are printed, such as `Europe/Berlin`. [default: `[site] timezone`]
    pub timezone: Option<Zone>,
    /// Times of marks that no event of the timeline carries.
    #[serde(default, skip_serializing_if = "is_default")]
    pub times: Times,
    /// When planned work is scheduled. Its actual times are marks, like those of an incident.
    #[serde(default, skip_serializing_if = "is_default")]
    pub schedule: Schedule,
    /// The people involved, by role.
    #[serde(default, skip_serializing_if = "is_default")]
    pub people: People,
    /// Who was affected, and how much.
    pub impact: Option<Impact>,
    /// The root cause and the contributing factors.
    pub root_cause: Option<RootCause>,
    /// Evidence for the findings: queries, logs and images.
    #[serde(default, skip_serializing_if = "is_default")]
    pub evidence: Vec<Evidence>,
    /// Warnings that are shown once for several pieces of evidence, by the name of their `group`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub evidence_groups: Pairs<EvidenceGroup>,
    /// How the incident was detected.
    pub detection: Option<Detection>,
    /// The steps that resolved the incident.
    pub resolution: Option<Resolution>,
    /// What automation did.
    pub self_healing: Option<SelfHealing>,
    /// Internal and external communication.
    pub communication: Option<Communication>,
    /// Messages to customers, the public or colleagues, in the order in which they were sent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub messages: Vec<Message>,
    /// Lessons learned.
    pub lessons: Option<Lessons>,
    /// Action items: follow-up work with owner and due date.
    #[serde(default, skip_serializing_if = "is_default")]
    pub action_items: Vec<ActionItem>,
    /// Technical details: system metrics, analyzed queries and the deployment involved.
    #[serde(default, skip_serializing_if = "is_default")]
    pub technical: Technical,
    /// Subsections of report sections, and custom sections.
    #[serde(default, skip_serializing_if = "is_default")]
    pub sections: Vec<Subsection>,
    /// Custom tables.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tables: Vec<Table>,
    /// Related files, pages and incidents.
    #[serde(default, skip_serializing_if = "is_default")]
    pub references: Vec<Reference>,
    /// The signatures on the report.
    pub sign_off: Option<SignOff>,
    /// How long the report is retained, and who it is for.
    #[serde(default, skip_serializing_if = "is_default")]
    pub governance: Governance,
    /// The findings of an investigation. Use it with `kind = "investigation"`.
    pub analysis: Option<Analysis>,
    /// The change that fixes the cause, and where it is deployed.
    pub fix: Option<Fix>,
    /// The text of the report for customers and the public, who see nothing else of the incident.
    pub public: Option<Public>,
    /// Phrases that only a more restricted audience may see. Others see another text in their place, everywhere.
    #[serde(default, skip_serializing_if = "is_default")]
    pub redact: Vec<Redaction>,
    /// Checks that this incident is exempt from, each with a reason.
    #[serde(default, skip_serializing_if = "is_default")]
    pub allow: Vec<Allow>,
    /// Any other data. Only custom templates of the internal report see it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// The type of record that an incident file holds.
#[apply(Choice!)]
#[derive(Default)]
pub enum Kind {
    /// Something failed.
    #[default]
    Incident,
    /// Something almost failed. Counted separately.
    NearMiss,
    /// An exercise. Not counted.
    Drill,
    /// Planned work. Not counted.
    Maintenance,
    /// An analysis of one or more incidents. Not counted.
    Investigation,
}

/// The status of an incident.
#[apply(Choice!)]
#[derive(PartialOrd, Ord)]
pub enum Status {
    /// A maintenance that has not started.
    Planned,
    /// The cause is not known yet.
    Investigating,
    /// The cause is known.
    Identified,
    /// The impact has been stopped or reduced, and the result is being monitored.
    Monitoring,
    /// Users have recovered.
    Resolved,
    /// The incident has ended and its report is complete.
    Closed,
}

impl Status {
    /// Returns `true` if it is neither resolved nor closed, or only planned.
    #[must_use]
    pub fn is_open(self) -> bool {
        self < Self::Resolved
    }

    /// Returns `true` if it has begun and is neither resolved nor closed.
    #[must_use]
    pub fn is_going_on(self) -> bool {
        self.is_open() && self != Self::Planned
    }
}

/// Times of marks that no event of the timeline carries. A time without an offset is in the timeline's `tz`.
#[apply(Table!)]
pub struct Times {
    /// The official start, printed as the start in the report.
    pub started: Option<When>,
    /// The time at which users were first affected.
    pub impact_started: Option<When>,
    /// The time at which users had recovered.
    pub impact_ended: Option<When>,
    /// The time at which your team or its monitoring first noticed a sign of the incident.
    pub detected: Option<When>,
    /// The time at which an incident was declared.
    pub declared: Option<When>,
    /// The time at which a person was paged.
    pub paged: Option<When>,
    /// The time at which a person acknowledged the page.
    pub acknowledged: Option<When>,
    /// The time at which the cause was identified.
    pub identified: Option<When>,
    /// The time at which the impact was stopped or reduced.
    pub mitigated: Option<When>,
    /// The time at which the fix was in place and verified.
    pub resolved: Option<When>,
    /// The official end.
    pub ended: Option<When>,
    /// The last time at which the incident was open again after it had been resolved or had ended.
    pub reopened: Option<When>,
    /// The time at which customers were first notified, if no message is recorded.
    pub customer_notified: Option<When>,
}

/// When planned work is scheduled.
#[apply(Table!)]
pub struct Schedule {
    /// The scheduled start.
    pub from: Option<When>,
    /// The scheduled end.
    pub until: Option<When>,
}

/// The root cause and the contributing factors.
#[apply(Table!)]
pub struct RootCause {
    /// How certain the cause is. Printed unless it is `confirmed`. [default: `confirmed`]
    #[serde(default, skip_serializing_if = "is_default")]
    pub status: CauseStatus,
    /// The root cause, in one or two sentences: a condition that you can change, not a person.
    pub primary: Option<Block>,
    /// How the cause led to the impact.
    pub problem: Option<Block>,
    /// Conditions that allowed the cause to have impact, or that delayed detection; one item each.
    #[serde(default, skip_serializing_if = "is_default")]
    pub contributing_factors: Vec<Block>,
}

/// How certain a cause is.
#[apply(Choice!)]
#[derive(Default)]
pub enum CauseStatus {
    /// Not known yet.
    Unknown,
    /// Likely, but not confirmed.
    Suspected,
    /// Confirmed by evidence.
    #[default]
    Confirmed,
}

/// The signatures on the report.
#[apply(Table!)]
pub struct SignOff {
    /// The date of the sign-off, such as `2025-01-20`.
    pub date: Option<Day>,
    /// The signatures, in the order in which they are printed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub signatures: Vec<Signature>,
}

/// A signature on the report.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema, Strings!)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The role in which the person signed.
    pub role: SignatureRole,
    /// The person's name.
    pub name: PersonName,
    /// The person's job title.
    pub title: Option<Line>,
    /// The date of this signature. [default: the `date` of the sign-off]
    pub date: Option<Day>,
}

/// The role in which a person signs.
#[apply(Choice!)]
pub enum SignatureRole {
    /// Led the response.
    Commander,
    /// Reviewed the report.
    Reviewer,
    /// Approved the report for the organization.
    Approver,
}

/// How long the report is retained, and who it is for.
#[apply(Table!)]
pub struct Governance {
    /// The group that the report is for, within its classification, such as `Engineering Team`.
    pub scope: Option<Line>,
    /// How long the report is retained after the incident ended, such as `7 years`. [default: `[retention] default`]
    pub retention: Option<Period>,
    /// The reason for that retention period, such as a contract or a law.
    pub retention_basis: Option<Line>,
    /// The reason why the report must not be deleted for now, such as pending litigation.
    pub legal_hold: Option<Line>,
    /// A line on every page and printed sheet of the report, such as `TLP:AMBER` or `Privileged and confidential`.
    pub marking: Option<Line>,
}

/// The text of the report for customers and the public, who see nothing else of the incident.
#[apply(Table!)]
pub struct Public {
    /// The ID in the external report, which hides the internal one. [default: the date of the start]
    pub id: Option<Id>,
    /// The title for external readers.
    pub title: Option<Line>,
    /// The summary for external readers.
    pub summary: Option<Block>,
    /// The cause, for external readers.
    pub cause: Option<Block>,
    /// What you have done and will do, for external readers; one item each.
    #[serde(default, skip_serializing_if = "is_default")]
    pub measures: Vec<Block>,
    /// The affected components of your status page, such as `["Checkout"]`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub components: Vec<Line>,
    /// What was not affected, such as `Payments and sign-in`.
    pub not_affected: Option<Line>,
    /// What affected users can do until the incident is resolved.
    pub workaround: Option<Line>,
    /// A line on every page and printed sheet for external readers, such as `TLP:CLEAR`.
    pub marking: Option<Line>,
    /// `full` publishes the whole report to everyone. It needs `classification = "public"`.
    pub report: Option<PublicReport>,
}

/// How much of a public incident's report is published to everyone.
#[apply(Choice!)]
pub enum PublicReport {
    /// All of it, except what is marked for a more restricted audience.
    Full,
}

/// A check that this incident is exempt from.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema, Strings!)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// The check code, such as `action-without-owner`.
    pub check: Identifier,
    /// The reason for the exemption.
    pub reason: Line,
}

/// A title with a URL.
#[apply(Table!)]
pub struct Link {
    /// The text of the link.
    pub title: Line,
    /// The URL.
    pub url: Option<Url>,
}

/// A table with custom keys, whose values are lists.
pub type Groups<T> = Pairs<Vec<T>>;

impl Times {
    /// Returns the time that is recorded here for a mark, or `None`.
    #[must_use]
    pub fn get(&self, mark: Mark) -> Option<&When> {
        match mark {
            Mark::Started => self.started.as_ref(),
            Mark::ImpactStarted => self.impact_started.as_ref(),
            Mark::ImpactEnded => self.impact_ended.as_ref(),
            Mark::Detected => self.detected.as_ref(),
            Mark::Declared => self.declared.as_ref(),
            Mark::Paged => self.paged.as_ref(),
            Mark::Acknowledged => self.acknowledged.as_ref(),
            Mark::Identified => self.identified.as_ref(),
            Mark::Mitigated => self.mitigated.as_ref(),
            Mark::Resolved => self.resolved.as_ref(),
            Mark::Ended => self.ended.as_ref(),
            Mark::Reopened => self.reopened.as_ref(),
            Mark::CustomerNotified => self.customer_notified.as_ref(),
            Mark::Custom(_) => None,
        }
    }

    /// Returns the place of the time for a mark; `None` for a custom one, which only events carry.
    pub fn get_mut(&mut self, mark: Mark) -> Option<&mut Option<When>> {
        Some(match mark {
            Mark::Started => &mut self.started,
            Mark::ImpactStarted => &mut self.impact_started,
            Mark::ImpactEnded => &mut self.impact_ended,
            Mark::Detected => &mut self.detected,
            Mark::Declared => &mut self.declared,
            Mark::Paged => &mut self.paged,
            Mark::Acknowledged => &mut self.acknowledged,
            Mark::Identified => &mut self.identified,
            Mark::Mitigated => &mut self.mitigated,
            Mark::Resolved => &mut self.resolved,
            Mark::Ended => &mut self.ended,
            Mark::Reopened => &mut self.reopened,
            Mark::CustomerNotified => &mut self.customer_notified,
            Mark::Custom(_) => return None,
        })
    }
}
