//! The incident as its author typed it: `incidents/ID.toml`, key by key.
//!
//! Plain data that is deserialised and never changed. The doc comment of a field
//! is what an editor shows for its key, by way of the JSON Schema.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::audience::Audience;
use crate::kind::{Block, Day, Either, FilePath, Id, Line, OneOrMany, Pairs, Period, Url, When};
use crate::moment::Zone;
use crate::timeline::Mark;

mod analysis;
mod evidence;
mod impact;
mod response;

pub use analysis::{
    Analysis, AnalysisStatus, Fix, FixStatus, OpenQuestion, Reverted, Rollout, RuledOut, Supersedes,
};
pub use evidence::{Evidence, Reference, Section, Subsection, Table};
pub use impact::{Business, Customer, Effect, Exposure, Impact, ImpactLevel, Loss};
pub use response::{
    ActionItem, Alert, Communication, Deployment, Detection, External, HealingAction,
    HealingResult, Internal, Lessons, Message, Metric, Phase, Progress, Resolution, SelfHealing,
    Stage, Step, StepTable, Technical,
};

/// An incident: what is typed once, and everything else is computed from.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    /// The incident's id; the file's name without `.toml` when absent, and equal to it when given.
    pub id: Option<Id>,
    /// What happened, in one line. The one required key.
    pub title: Line,
    /// What kind of record this is.
    #[serde(default)]
    pub kind: Kind,
    /// How bad it was: a key of `[severity.*]` in `afterword.toml`, such as `P1`.
    pub severity: Option<Line>,
    /// How far it has come; by default what the timeline's marks say.
    pub status: Option<Status>,
    /// Who may read it; `internal` when absent.
    pub classification: Option<Audience>,
    /// The whole story for a reader who goes no further.
    pub summary: Option<Block>,
    /// Where it happened: `production`, or a list.
    #[serde(default)]
    pub environment: OneOrMany<Line>,
    /// The services that were affected.
    #[serde(default)]
    pub services: Vec<Line>,
    /// The teams that took part.
    #[serde(default)]
    pub teams: Vec<Line>,
    /// Words to find it by, such as the kind of cause.
    #[serde(default)]
    pub tags: Vec<Line>,
    /// A report in Markdown that is published as it stands, with what this file adds around it.
    pub report: Option<FilePath>,
    /// The timeline's file, when it is not `timelines/ID.json`.
    pub timeline: Option<FilePath>,
    /// The zone to print times in, when it is not the site's.
    pub timezone: Option<Zone>,
    /// Marks that the timeline does not carry.
    #[serde(default)]
    pub times: Times,
    /// Who did what.
    #[serde(default)]
    pub people: People,
    /// Whom it harmed, and how much.
    pub impact: Option<Impact>,
    /// Why it happened.
    pub root_cause: Option<RootCause>,
    /// Queries, logs and pictures that prove what the report says.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// How it was noticed.
    pub detection: Option<Detection>,
    /// What was done about it.
    pub resolution: Option<Resolution>,
    /// What the systems did by themselves.
    pub self_healing: Option<SelfHealing>,
    /// How people were kept informed.
    pub communication: Option<Communication>,
    /// What was told to whom, in the order of sending.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// What was learned.
    pub lessons: Option<Lessons>,
    /// What will be done, by whom, until when.
    #[serde(default)]
    pub action_items: Vec<ActionItem>,
    /// Numbers of the systems.
    #[serde(default)]
    pub technical: Technical,
    /// Subsections, and sections of your own.
    #[serde(default)]
    pub sections: Vec<Subsection>,
    /// Tables of your own.
    #[serde(default)]
    pub tables: Vec<Table>,
    /// Where to read on.
    #[serde(default)]
    pub references: Vec<Reference>,
    /// Who stands for the report.
    pub sign_off: Option<SignOff>,
    /// How long the report is kept, and for whom it is.
    #[serde(default)]
    pub governance: Governance,
    /// What an investigation over several incidents found.
    pub analysis: Option<Analysis>,
    /// The change that repairs the cause, and where it runs.
    pub fix: Option<Fix>,
    /// What the public and customers are shown.
    pub public: Option<Public>,
    /// Checks that do not apply to this incident, each with its reason.
    #[serde(default)]
    pub allow: Vec<Allow>,
    /// Anything else, handed to your own internal templates.
    #[serde(default)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// What kind of record an incident file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something broke.
    #[default]
    Incident,
    /// Something nearly broke; counted apart.
    NearMiss,
    /// An exercise; never counted.
    Drill,
    /// Planned work; never counted.
    Maintenance,
    /// An analysis of one or several incidents; never counted.
    Investigation,
}

/// How far an incident has come.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema, Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// A maintenance that has not begun.
    Planned,
    /// The cause is being looked for.
    Investigating,
    /// The cause is known.
    Identified,
    /// The harm has stopped; it is being watched.
    Monitoring,
    /// Users are well again.
    Resolved,
    /// It is over, and written up.
    Closed,
}

impl Status {
    /// Says whether the incident still goes on.
    #[must_use]
    pub fn is_open(self) -> bool {
        self < Self::Resolved
    }
}

/// Marks that the timeline does not carry. A local time is in the timeline's `tz`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// The official start that the report prints.
    pub started: Option<When>,
    /// Users were first harmed.
    pub impact_started: Option<When>,
    /// Users were well again.
    pub impact_ended: Option<When>,
    /// The first sign was seen by us.
    pub detected: Option<When>,
    /// An incident was declared.
    pub declared: Option<When>,
    /// A person was called.
    pub paged: Option<When>,
    /// A person took it.
    pub acknowledged: Option<When>,
    /// The cause was known.
    pub identified: Option<When>,
    /// The harm was stopped or reduced.
    pub mitigated: Option<When>,
    /// The fix was in and verified.
    pub resolved: Option<When>,
    /// The official end.
    pub ended: Option<When>,
    /// Customers first heard, where no message is recorded.
    pub customer_notified: Option<When>,
}

/// A person: a name, or a table that says more.
pub type Person = Either<Line, PersonTable>;

/// A person with what is to be said of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonTable {
    /// The name as it is printed.
    pub name: Line,
    /// The title, such as `Senior SRE`.
    pub title: Option<Line>,
    /// What they did in this incident.
    pub role: Option<Line>,
    /// Their team.
    pub team: Option<Line>,
    /// How their report reached us.
    pub via: Option<Line>,
    /// Who or what helped them.
    pub assisted_by: Option<Line>,
}

/// Gives the name of a person.
#[must_use]
pub fn name(person: &Person) -> &str {
    match person {
        Either::Short(name) => name,
        Either::Table(person) => &person.name,
    }
}

/// Who did what.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct People {
    /// Who led; taken from the sign-off when absent.
    pub commander: Option<Person>,
    /// Who wrote the timeline.
    pub scribe: Option<Person>,
    /// Who spoke to customers and colleagues.
    pub communications: Option<Person>,
    /// Who reported it: a name, or `{ name, title, via }`.
    pub reporter: Option<Person>,
    /// Who analysed it: names, or `{ name, assisted_by }`.
    #[serde(default)]
    pub investigators: Vec<Person>,
    /// Who worked on it: names, or `{ name, role, team }`.
    #[serde(default)]
    pub responders: Vec<Person>,
    /// Who attended the review.
    #[serde(default)]
    pub attendees: Vec<Person>,
    /// Who wrote the report.
    #[serde(default)]
    pub authors: Vec<Person>,
}

/// Why it happened.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RootCause {
    /// How sure we are; printed unless `confirmed`.
    #[serde(default)]
    pub status: CauseStatus,
    /// The cause, in a sentence or two.
    pub primary: Option<Block>,
    /// How the cause led to the harm.
    pub problem: Option<Block>,
    /// What else had to come together; a line each.
    #[serde(default)]
    pub contributing_factors: Vec<Block>,
}

/// How sure a cause is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CauseStatus {
    /// Not known yet.
    Unknown,
    /// Likely, but not proved.
    Suspected,
    /// Proved.
    #[default]
    Confirmed,
}

/// Who stands for the report.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    /// The day of the sign-off.
    pub date: Option<Day>,
    /// Who signed, in the order of printing.
    #[serde(default)]
    pub signatures: Vec<Signature>,
}

/// One signature.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// As what they signed.
    pub role: SignatureRole,
    /// The name.
    pub name: Line,
    /// The title.
    pub title: Option<Line>,
    /// The day, when it is not the sign-off's.
    pub date: Option<Day>,
}

/// As what a person signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignatureRole {
    /// Led the response.
    Commander,
    /// Read the report.
    Reviewer,
    /// Accepted it for the organization.
    Approver,
}

impl SignatureRole {
    /// Gives the word that the input uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Commander => "commander",
            Self::Reviewer => "reviewer",
            Self::Approver => "approver",
        }
    }
}

/// How long the report is kept, and for whom it is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Governance {
    /// Within the classification, for whom: `Engineering Team`.
    pub scope: Option<Line>,
    /// How long it is kept after its end: `7 years`.
    pub retention: Option<Period>,
    /// Why that long.
    pub retention_basis: Option<Line>,
    /// Why it must not be deleted for now.
    pub legal_hold: Option<Line>,
}

/// What the public and customers are shown; nothing else of the incident is.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Public {
    /// The id outside, instead of the internal one; the day it started when absent.
    pub id: Option<Id>,
    /// What happened, in words for outside.
    pub title: Option<Line>,
    /// The story for outside.
    pub summary: Option<Block>,
    /// Why it happened, for outside.
    pub cause: Option<Block>,
    /// What was done and will be done, for outside.
    #[serde(default)]
    pub measures: Vec<Block>,
    /// What was not affected, for outside: `Payments and sign-in`.
    pub not_affected: Option<Line>,
    /// What those affected can do until it is over.
    pub workaround: Option<Line>,
    /// `full`: the whole report is public, for teams that work in the open.
    pub report: Option<PublicReport>,
}

/// How much of a public incident is public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PublicReport {
    /// All of it, but for what is marked narrower.
    Full,
}

/// A check that does not apply here.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// The check's code, such as `action-without-owner`.
    pub check: Line,
    /// Why it does not apply.
    pub reason: Line,
}

/// A title with an address.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The words of the link.
    pub title: Line,
    /// Its address.
    pub url: Option<Url>,
}

/// A table whose keys the author chooses, of lists.
pub type Groups<T> = Pairs<Vec<T>>;

impl Times {
    /// Gives the time of a mark, if it is stated here.
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
            Mark::CustomerNotified => self.customer_notified.as_ref(),
        }
    }
}
