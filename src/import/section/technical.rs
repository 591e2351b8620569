//! Imports the section Technical Details: metrics by group, and the deployment.

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::Draft;
use super::super::vocabulary::{DeploymentLabel, Heading, WORDS};
use super::super::words::{Labelled, bracket, folded, labelled, line, recorded};
use super::{
    each_block, heading, labelled_list, leading_label, remainder, subsection, subsections,
};
use crate::incident::{Deployment, Metric, Section};

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    remainder(draft, Section::Technical, part.title, &part.blocks);
    for inner in &part.parts {
        match heading(inner) {
            Some(Heading::Metrics) => metrics(draft, inner),
            Some(Heading::Deployment) if is_deployment(draft, inner) => {}
            _ => subsection(draft, Section::Technical, inner),
        }
    }
}

fn metrics(draft: &mut Draft, part: &Part) {
    let kept = each_block(draft, &part.blocks, |draft, rest| {
        let [first, list, ..] = rest else { return 0 };
        let group = leading_label(first)
            .filter(|found| found.colon && found.value.is_empty() && !first.text.contains('\n'));
        let Some(group) = group else { return 0 };
        let metrics = match list.kind {
            Kind::List => {
                let items = block::items(list);
                items.iter().map(|item| metric(&item.text)).collect()
            }
            Kind::Table => changes(list),
            _ => None,
        };
        let Some(metrics) = metrics else { return 0 };
        let metrics: Vec<Metric> = metrics;
        let groups = &mut draft.incident.technical.metrics.0;
        let name = line(group.label);
        match groups.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => known.extend(metrics),
            None => groups.push((name, metrics)),
        }
        2
    });
    remainder(draft, Section::Technical, part.title, &kept);
    subsections(draft, Section::Technical, &part.parts);
}

/// Reads a table of metrics before and after a change; `None` if it has other columns.
fn changes(table: &Block) -> Option<Vec<Metric>> {
    let table = block::table(table);
    let columns: Vec<String> = table.columns.iter().map(|column| folded(column)).collect();
    let known = ["metric", "before", "during", "after", "limit", "normal"];
    let is_known = columns
        .iter()
        .all(|column| known.contains(&column.as_str()));
    let has = |wanted: &str| columns.iter().any(|column| column == wanted);
    if !is_known || !has("metric") || !(has("before") || has("after")) {
        return None;
    }
    let read = |(_, cells): &(usize, Vec<String>)| {
        let cell = |wanted: &str| {
            let index = columns.iter().position(|column| column == wanted)?;
            cells.get(index).and_then(|cell| recorded(cell)).map(line)
        };
        let metric = Metric {
            name: cell("metric")?,
            value: cell("during"),
            before: cell("before"),
            after: cell("after"),
            limit: cell("limit"),
            normal: cell("normal"),
        };
        (metric.before.is_some() || metric.after.is_some()).then_some(metric)
    };
    table.rows.iter().map(read).collect()
}

/// Parses `CPU utilization: 90% (limit: 80%, normal: 20%)`.
fn metric(text: &str) -> Option<Metric> {
    let (name, value) = text.split_once(": ").filter(|_| !text.contains('\n'))?;
    let (before, note) = bracket(value);
    let after_limit = note.and_then(|note| note.strip_prefix("limit: "));
    let (limit, normal) = match after_limit {
        Some(limit) => match limit.split_once(", normal: ") {
            Some((limit, normal)) => (Some(limit), Some(normal)),
            None => (Some(limit), None),
        },
        None => (None, note.and_then(|note| note.strip_prefix("normal: "))),
    };
    let value = if limit.or(normal).is_some() {
        before
    } else {
        value
    };
    Some(Metric {
        name: line(name.trim()),
        value: recorded(value.trim()).map(line),
        limit: limit.map(|limit| line(limit.trim())),
        normal: normal.map(|normal| line(normal.trim())),
        ..Metric::default()
    })
}

/// Imports the deployment; returns `false` if the part is not a list of labelled lines.
fn is_deployment(draft: &mut Draft, part: &Part) -> bool {
    match part.blocks.as_slice() {
        [list] if part.parts.is_empty() => {
            labelled_list(draft, part.title, list, labelled, in_deployment)
        }
        _ => false,
    }
}

fn deployment(draft: &mut Draft) -> &mut Deployment {
    draft.incident.technical.deployment.get_or_insert_default()
}

fn in_deployment(draft: &mut Draft, _: usize, found: Labelled) -> bool {
    let Labelled { label, value, .. } = found;
    let field: fn(&mut Deployment) -> &mut Option<_> = match WORDS.labels.deployment.get(label) {
        Some(DeploymentLabel::Version) => |deployment| &mut deployment.version,
        Some(DeploymentLabel::Method) => |deployment| &mut deployment.method,
        Some(DeploymentLabel::Rollback) => |deployment| &mut deployment.rollback,
        Some(DeploymentLabel::At) => {
            let Some(at) = draft.moment(value) else {
                return recorded(value).is_none();
            };
            draft.set(label, |draft| &mut deployment(draft).at, at);
            return true;
        }
        None => return false,
    };
    draft.set(label, |draft| field(deployment(draft)), line(value));
    true
}
