//! Checks of technical details: system metrics, analyzed queries, and groups of evidence.

use super::partial::EVERYTHING;
use super::{Case, Check, Finding, Findings, Run};
use crate::diagnostic::Level;
use crate::facts::is_time;
use crate::source::{self, Path};

/// The checks of this topic.
pub const CHECKS: &[Check] = &[
    Check {
        code: "metric-without-value",
        level: Level::Warning,
        traits: &[],
        summary: "a system metric has no value",
        why: "Readers learn its name, but not what was wrong with it.",
        example: "`{ name = \"Memory\", value = \"97%\" }`, or `before` and `after` for a change",
        reads: EVERYTHING,
        run: Run::Incident(metric_without_value),
    },
    Check {
        code: "query-time-unclear",
        level: Level::Warning,
        traits: &[],
        summary: "the time of an analyzed query has no number or no unit",
        why: "The report cannot state how much faster the query became.",
        example: "`before = { time = \"120 seconds\" }` and `after = { time = \"800 ms\" }`",
        reads: EVERYTHING,
        run: Run::Incident(query_time_unclear),
    },
    Check {
        code: "unknown-evidence-group",
        level: Level::Warning,
        traits: &[],
        summary: "evidence names a group that is not in `[evidence_groups]`, or no evidence names a group",
        why: "The warning of the group is not shown.",
        example: "`group = \"queries\"` needs `[evidence_groups.queries]` with a `warning`.",
        reads: EVERYTHING,
        run: Run::Incident(unknown_evidence_group),
    },
];

fn metric_without_value(case: &Case, findings: &mut Findings) {
    let technical = Path::new().key("technical").key("metrics");
    for (group, metrics) in &case.record.incident.technical.metrics.0 {
        for (index, metric) in metrics.iter().enumerate() {
            let values = [&metric.value, &metric.before, &metric.after];
            if values.iter().all(|value| value.is_none()) {
                let path = technical.clone().key(&**group).index(index);
                findings.add(
                    Finding::new(format!("the metric `{}` has no value", metric.name))
                        .at(case.file(), path, "")
                        .help("add `value`, or `before` and `after`"),
                );
            }
        }
    }
}

fn query_time_unclear(case: &Case, findings: &mut Findings) {
    for (index, query) in case
        .record
        .incident
        .technical
        .query_analysis
        .iter()
        .enumerate()
    {
        let path = Path::new()
            .key("technical")
            .key("query_analysis")
            .index(index);
        for (key, run) in [("before", &query.before), ("after", &query.after)] {
            let Some(time) = run.time.as_deref().filter(|time| !is_time(time)) else {
                continue;
            };
            let path = path.clone().key(key).key("time");
            findings.add(
                Finding::new(format!("`{time}` is not a duration"))
                    .at(case.file(), path, "")
                    .help("write a number and its unit, such as `120 seconds` or `350 ms`"),
            );
        }
    }
}

fn unknown_evidence_group(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let groups = &incident.evidence_groups;
    for (index, piece) in incident.evidence.iter().enumerate() {
        let Some(group) = piece
            .group
            .as_deref()
            .filter(|key| groups.get(key).is_none())
        else {
            continue;
        };
        let known = groups.0.iter().map(|(key, _)| &**key);
        let help = source::did_you_mean(group, known);
        let path = Path::new().key("evidence").index(index).key("group");
        findings.add(
            Finding::new(format!("unknown group of evidence `{group}`"))
                .at(case.file(), path, "")
                .help(help.unwrap_or_else(|| {
                    format!("add `[evidence_groups.{group}]` with a `warning`")
                })),
        );
    }
    for (key, _) in &groups.0 {
        let mut pieces = incident.evidence.iter();
        if !pieces.any(|piece| piece.group.as_deref() == Some(&**key)) {
            let path = Path::new().key("evidence_groups").key(&**key);
            findings.add(
                Finding::new(format!("no evidence is in the group `{key}`"))
                    .at_key(case.file(), path, "")
                    .help(format!(
                        "add `group = \"{key}\"` to its evidence, or remove it"
                    )),
            );
        }
    }
}
