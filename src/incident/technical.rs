//! Technical details: system metrics, analyzed queries, and the deployment involved.

use macro_rules_attribute::apply;

use super::Groups;
use crate::audience::Audience;
use crate::kind::{Code, EventId, Identifier, Line, Table, When, is_default};

/// System metrics, queries, and the deployment involved.
#[apply(Table!)]
pub struct Technical {
    /// System metrics during the incident, by group, such as `Database`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub metrics: Groups<Metric>,
    /// Queries that were analyzed, before and after a change.
    #[serde(default, skip_serializing_if = "is_default")]
    pub query_analysis: Vec<Query>,
    /// The deployment that was involved.
    pub deployment: Option<Deployment>,
}

/// A system metric: its value during the incident, or before and after a change.
#[apply(Table!)]
pub struct Metric {
    /// The name of the metric, such as `CPU`.
    pub name: Line,
    /// The value during the incident, with its unit, such as `97%`.
    pub value: Option<Line>,
    /// The value before the change, such as `700 MiB`.
    pub before: Option<Line>,
    /// The value after the change, such as `162 MiB`.
    pub after: Option<Line>,
    /// The limit, such as `368 MiB`.
    pub limit: Option<Line>,
    /// The value on a normal day, such as `40%`.
    pub normal: Option<Line>,
}

/// A query that was analyzed. How much faster it became is computed from the times before and after.
#[apply(Table!)]
pub struct Query {
    /// The name of the query, such as `Activity of the last month`.
    pub title: Line,
    /// The language. [default: `sql`]
    pub language: Option<Identifier>,
    /// What was changed, such as `adding an index`.
    pub change: Option<Line>,
    /// The query before the change.
    #[serde(default, skip_serializing_if = "is_default")]
    pub before: QueryRun,
    /// The query after the change.
    #[serde(default, skip_serializing_if = "is_default")]
    pub after: QueryRun,
    /// What the analysis shows.
    pub finding: Option<Line>,
    /// The audience that may see the query. [default: everyone who sees the report]
    pub audience: Option<Audience>,
}

/// A query as it ran before or after a change.
#[apply(Table!)]
pub struct QueryRun {
    /// The time that it took, such as `120 seconds`, `350 ms` or `120+ seconds`.
    pub time: Option<Line>,
    /// The query. If it did not change, write it once.
    pub code: Option<Code>,
    /// The query plan.
    pub plan: Option<Code>,
}

/// The deployment that was involved.
#[apply(Table!)]
pub struct Deployment {
    /// The deployed version.
    pub version: Option<Line>,
    /// The time of the deployment.
    pub at: Option<When>,
    /// The timeline event of the deployment, by its ID; instead of `at`.
    pub event: Option<EventId>,
    /// The deployment method, such as `blue-green`.
    pub method: Option<Line>,
    /// The rollback: when it happened, or why there was none.
    pub rollback: Option<Line>,
}
