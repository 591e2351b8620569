//! The findings of an investigation of one or more incidents.

use macro_rules_attribute::{apply, derive};

use super::Link;
use crate::audience::Audience;
use crate::kind::{Block, Choice, Day, Either, EventId, Id, Line, Table, Url, When, is_default};

/// The findings of an investigation.
#[apply(Table!)]
pub struct Analysis {
    /// The date of the analysis, such as `2025-02-03`.
    pub date: Option<Day>,
    /// Whether the findings may still change. [default: `final`]
    #[serde(default, skip_serializing_if = "is_default")]
    pub status: AnalysisStatus,
    /// A remark on the status.
    pub status_note: Option<Line>,
    /// The IDs of the incidents that the investigation explains.
    #[serde(default, skip_serializing_if = "is_default")]
    pub incidents: Vec<Id>,
    /// The reports that this one supersedes: IDs, or `{ title, url }` for reports elsewhere.
    #[serde(default, skip_serializing_if = "is_default")]
    pub supersedes: Vec<Supersedes>,
    /// The chain of causes, from the first to the impact; one item each.
    #[serde(default, skip_serializing_if = "is_default")]
    pub chain: Vec<Block>,
    /// Questions that are not answered yet.
    #[serde(default, skip_serializing_if = "is_default")]
    pub open_questions: Vec<OpenQuestion>,
    /// False signals: what looked like a cause and was not.
    #[serde(default, skip_serializing_if = "is_default")]
    pub ruled_out: Vec<RuledOut>,
}

/// Whether the findings of an investigation may still change.
#[apply(Choice!)]
#[derive(Default)]
pub enum AnalysisStatus {
    /// The findings may change.
    Provisional,
    /// The findings are final.
    #[default]
    Final,
}

/// A report that an investigation supersedes: an ID, or a link to a report elsewhere.
pub type Supersedes = Either<Id, Link>;

/// A question that is not answered yet.
#[apply(Table!)]
pub struct OpenQuestion {
    /// The question.
    pub question: Line,
    /// The person or team that looks for the answer.
    pub owner: Option<Line>,
    /// The answer, once it is known.
    pub answer: Option<Line>,
}

/// A false signal.
#[apply(Table!)]
pub struct RuledOut {
    /// The signal that was observed.
    pub signal: Line,
    /// The cause that it suggested.
    pub looked_like: Option<Line>,
    /// The reason why it was not the cause.
    pub ruled_out_by: Option<Line>,
    /// The time at which it was ruled out.
    pub at: Option<When>,
    /// The event at which it was ruled out, by its ID; instead of `at`.
    pub event: Option<EventId>,
    /// The evidence for it.
    pub evidence: Option<Line>,
    /// The number of signals in this row. [default: `1`]
    pub count: Option<u32>,
}

/// The change that fixes the cause, and where it is deployed.
#[apply(Table!)]
pub struct Fix {
    /// The status of the fix.
    pub status: Option<FixStatus>,
    /// The changes, each with a title and a URL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub changes: Vec<Link>,
    /// Changes that were reverted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reverted: Vec<Reverted>,
    /// The environments in which the fix is deployed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rollout: Vec<Rollout>,
    /// The audience that may see the fix. [default: everyone who sees the report]
    pub audience: Option<Audience>,
}

impl Fix {
    /// Returns `true` if the fix is deployed. Without a status of its own, it has that of its rollout.
    #[must_use]
    pub fn is_deployed(&self) -> bool {
        match self.status {
            Some(status) => status.is_deployed(),
            None if self.rollout.is_empty() => self.changes.is_empty(),
            None => {
                let mut rollout = self.rollout.iter();
                rollout.all(|one| one.status.is_some_and(FixStatus::is_deployed))
            }
        }
    }
}

/// The status of a fix.
#[apply(Choice!)]
pub enum FixStatus {
    /// No fix exists yet.
    None,
    /// The fix is committed.
    Committed,
    /// The fix is ready and waits for deployment.
    PendingDeploy,
    /// The fix is deployed.
    Deployed,
    /// The fix is deployed and was verified.
    Verified,
    /// The fix was reverted.
    Reverted,
}

impl FixStatus {
    /// Returns `true` if the fix is deployed.
    #[must_use]
    pub fn is_deployed(self) -> bool {
        matches!(self, Self::Deployed | Self::Verified)
    }
}

/// A change that was reverted.
#[apply(Table!)]
pub struct Reverted {
    /// The title of the change.
    pub title: Line,
    /// The URL of the change.
    pub url: Option<Url>,
    /// The time at which it was reverted.
    pub at: Option<When>,
    /// The event at which it was reverted, by its ID; instead of `at`.
    pub event: Option<EventId>,
    /// The reason for the revert.
    pub reason: Option<Line>,
}

/// The deployment of a fix to an environment.
#[apply(Table!)]
pub struct Rollout {
    /// The environment, such as `staging`.
    pub environment: Line,
    /// The status of the fix in this environment.
    pub status: Option<FixStatus>,
    /// The time since when it has that status.
    pub since: Option<When>,
    /// The results that were observed there; one item each.
    #[serde(default, skip_serializing_if = "is_default")]
    pub results: Vec<Line>,
}
