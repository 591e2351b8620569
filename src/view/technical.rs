//! Technical Details: system metrics, analyzed queries, and the deployment involved.

use serde::Serialize;

use super::parts::More;
use super::{MomentView, Reader};
use crate::facts::Speed;
use crate::incident::{Kind, Metric, Query, QueryRun, Section, Technical};

/// The section Technical Details.
#[derive(Debug, Clone, Serialize)]
pub struct TechnicalView<'a> {
    /// The heading of the system metrics, by the kind of record.
    pub metrics_title: &'static str,
    /// The system metrics during the incident, by group.
    pub metrics: Vec<MetricGroupView<'a>>,
    /// The system metrics before and after a change, by group.
    pub changes: Vec<MetricGroupView<'a>>,
    /// The analyzed queries.
    pub queries: Vec<QueryView<'a>>,
    /// Content added by the author.
    pub more: More<'a>,
    /// The deployment involved.
    pub deployment: Option<DeploymentView<'a>>,
}

/// A group of system metrics.
#[derive(Debug, Clone, Serialize)]
pub struct MetricGroupView<'a> {
    /// The name.
    pub name: &'a str,
    /// Whether any metric has a value during the incident.
    pub has_value: bool,
    /// Whether any metric has a limit.
    pub has_limit: bool,
    /// Whether any metric has a normal value.
    pub has_normal: bool,
    /// The metrics.
    pub metrics: Vec<MetricView<'a>>,
}

/// A system metric.
#[derive(Debug, Clone, Serialize)]
pub struct MetricView<'a> {
    /// The name.
    pub name: &'a str,
    /// The value during the incident.
    pub value: Option<&'a str>,
    /// The value before the change.
    pub before: Option<&'a str>,
    /// The value after the change.
    pub after: Option<&'a str>,
    /// The limit.
    pub limit: Option<&'a str>,
    /// The normal value.
    pub normal: Option<&'a str>,
}

/// An analyzed query.
#[derive(Debug, Clone, Serialize)]
pub struct QueryView<'a> {
    /// The name.
    pub title: &'a str,
    /// The language of the code.
    pub language: &'a str,
    /// The change.
    pub change: Option<&'a str>,
    /// The query before the change.
    pub before: QueryRunView<'a>,
    /// The query after the change.
    pub after: QueryRunView<'a>,
    /// How much faster it became, if both times are known: `150x faster`.
    pub improvement: Option<String>,
    /// The finding.
    pub finding: Option<&'a str>,
}

/// A query before or after a change.
#[derive(Debug, Clone, Serialize)]
pub struct QueryRunView<'a> {
    /// The time that it took.
    pub time: Option<&'a str>,
    /// The code.
    pub code: Option<&'a str>,
    /// The query plan.
    pub plan: Option<&'a str>,
}

/// The deployment involved.
#[derive(Debug, Clone, Serialize)]
pub struct DeploymentView<'a> {
    /// The version.
    pub version: Option<&'a str>,
    /// The time of the deployment.
    pub at: Option<MomentView>,
    /// The method of the deployment.
    pub method: Option<&'a str>,
    /// The time of the rollback, or the reason that there was none.
    pub rollback: Option<&'a str>,
}

impl<'a> TechnicalView<'a> {
    pub(crate) fn new(reader: &Reader<'a>) -> Option<Self> {
        let record = reader.record;
        let technical = &record.incident.technical;
        let view = Self {
            metrics_title: match record.incident.kind {
                Kind::Maintenance => "System Metrics During Maintenance",
                Kind::Drill => "System Metrics During Drill",
                Kind::Incident | Kind::NearMiss | Kind::Investigation => {
                    "System Metrics During Incident"
                }
            },
            metrics: groups(technical, |metric| !is_change(metric)),
            changes: groups(technical, is_change),
            queries: technical
                .query_analysis
                .iter()
                .map(QueryView::new)
                .collect(),
            more: More::new(reader, Section::Technical),
            deployment: technical
                .deployment
                .as_ref()
                .map(|deployment| DeploymentView {
                    version: deployment.version.as_deref(),
                    at: reader.when(deployment.at.as_ref(), deployment.event.as_ref()),
                    method: deployment.method.as_deref(),
                    rollback: deployment.rollback.as_deref(),
                }),
        };
        let empty = view.metrics.is_empty()
            && view.changes.is_empty()
            && view.queries.is_empty()
            && view.more.is_empty()
            && view.deployment.is_none();
        (!empty).then_some(view)
    }
}

/// Returns `true` if a metric compares two states rather than states one.
fn is_change(metric: &Metric) -> bool {
    metric.before.is_some() || metric.after.is_some()
}

/// Returns the groups that have metrics of a kind, with these.
fn groups(technical: &Technical, is_wanted: fn(&Metric) -> bool) -> Vec<MetricGroupView<'_>> {
    let groups = technical.metrics.0.iter().map(|(name, metrics)| {
        let metrics = metrics.iter().filter(|metric| is_wanted(metric));
        (name, metrics.map(MetricView::new).collect::<Vec<_>>())
    });
    let groups = groups.filter(|(_, metrics)| !metrics.is_empty());
    groups
        .map(|(name, metrics)| MetricGroupView {
            name,
            has_value: metrics.iter().any(|metric| metric.value.is_some()),
            has_limit: metrics.iter().any(|metric| metric.limit.is_some()),
            has_normal: metrics.iter().any(|metric| metric.normal.is_some()),
            metrics,
        })
        .collect()
}

impl<'a> MetricView<'a> {
    fn new(metric: &'a Metric) -> Self {
        Self {
            name: &metric.name,
            value: metric.value.as_deref(),
            before: metric.before.as_deref(),
            after: metric.after.as_deref(),
            limit: metric.limit.as_deref(),
            normal: metric.normal.as_deref(),
        }
    }
}

impl<'a> QueryView<'a> {
    fn new(query: &'a Query) -> Self {
        let run = |run: &'a QueryRun| QueryRunView {
            time: run.time.as_deref(),
            code: run.code.as_deref(),
            plan: run.plan.as_deref(),
        };
        let (before, after) = (run(&query.before), run(&query.after));
        let times = before.time.zip(after.time);
        let speed = times.and_then(|(before, after)| Speed::between(before, after));
        Self {
            title: &query.title,
            language: query.language.as_deref().unwrap_or("sql"),
            change: query.change.as_deref(),
            before,
            after,
            improvement: speed.map(Speed::text),
            finding: query.finding.as_deref(),
        }
    }
}
