//! What an investigation over one or several incidents found.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Link;
use crate::kind::{Block, Day, Either, Id, Line, Url, When};

/// An investigation.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Analysis {
    /// The day of the analysis.
    pub date: Option<Day>,
    /// Whether its findings stand.
    #[serde(default)]
    pub status: AnalysisStatus,
    /// What is to be said of the status.
    pub status_note: Option<Line>,
    /// The incidents that it explains.
    #[serde(default)]
    pub incidents: Vec<Id>,
    /// The reports that it takes the place of: ids, or `{ title, url }`.
    #[serde(default)]
    pub supersedes: Vec<Supersedes>,
    /// How one thing led to the next; a line each.
    #[serde(default)]
    pub chain: Vec<Block>,
    /// What is not known yet.
    #[serde(default)]
    pub open_questions: Vec<OpenQuestion>,
    /// Signals that pointed elsewhere and were false.
    #[serde(default)]
    pub ruled_out: Vec<RuledOut>,
}

/// Whether the findings of an investigation stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AnalysisStatus {
    /// They may change.
    Provisional,
    /// They stand.
    #[default]
    Final,
}

/// A report that an investigation takes the place of: an id, or a link to one elsewhere.
pub type Supersedes = Either<Id, Link>;

/// What is not known yet.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenQuestion {
    /// The question.
    pub question: Line,
    /// Who looks for the answer.
    pub owner: Option<Line>,
    /// The answer, once there is one.
    pub answer: Option<Line>,
}

/// A false signal.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuledOut {
    /// What was seen.
    pub signal: Line,
    /// What it looked like.
    pub looked_like: Option<Line>,
    /// Why it was not that.
    pub ruled_out_by: Option<Line>,
    /// When it was ruled out.
    pub at: Option<When>,
    /// The event at which it was ruled out, instead of `at`.
    pub event: Option<Line>,
    /// What proves it.
    pub evidence: Option<Line>,
    /// How many signals the row stands for; one when absent.
    pub count: Option<u32>,
}

/// The change that repairs the cause, and where it runs.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// How far it has come.
    pub status: Option<FixStatus>,
    /// The changes, each with its address.
    #[serde(default)]
    pub changes: Vec<Link>,
    /// Changes that were taken back.
    #[serde(default)]
    pub reverted: Vec<Reverted>,
    /// Where it runs.
    #[serde(default)]
    pub rollout: Vec<Rollout>,
}

/// How far a fix has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FixStatus {
    /// There is none.
    None,
    /// It is written.
    Committed,
    /// It is written and waits to be deployed.
    PendingDeploy,
    /// It runs.
    Deployed,
    /// It runs and was seen to work.
    Verified,
    /// It was taken back.
    Reverted,
}

/// A change that was taken back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reverted {
    /// The change.
    pub title: Line,
    /// Its address.
    pub url: Option<Url>,
    /// When it was taken back.
    pub at: Option<When>,
    /// The event at which it was taken back, instead of `at`.
    pub event: Option<Line>,
    /// Why.
    pub reason: Option<Line>,
}

/// Where a fix runs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollout {
    /// The environment.
    pub environment: Line,
    /// How far it has come there.
    pub status: Option<FixStatus>,
    /// Since when.
    pub since: Option<When>,
    /// What was seen there; a line each.
    #[serde(default)]
    pub results: Vec<Line>,
}
