//! Imports the section Technical Details: metrics by group, and the deployment.

use serde_json::{Map, Value};

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::Draft;
use super::super::words::{self, bracket, labelled, recorded};
use super::{is_titled, leading_label, remainder, subsection};

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    remainder(draft, "technical", part.title, &part.blocks);
    for inner in &part.parts {
        if is_titled(
            inner,
            &[
                "system metrics during incident",
                "system metrics",
                "metrics",
            ],
        ) {
            metrics(draft, inner);
        } else if !(is_titled(inner, &["deployment information", "deployment"])
            && deployment(draft, inner))
        {
            subsection(draft, "technical", inner);
        }
    }
}

fn metrics(draft: &mut Draft, part: &Part) {
    let mut rest = part.blocks.as_slice();
    let mut kept: Vec<Block> = Vec::new();
    while let Some((first, others)) = rest.split_first() {
        let group = leading_label(first)
            .filter(|found| found.colon && found.value.is_empty() && !first.text.contains('\n'));
        let list = others.first().filter(|list| list.kind == Kind::List);
        let found = group.zip(list).and_then(|(group, list)| {
            let metrics: Option<Vec<Value>> = block::items(list)
                .iter()
                .map(|item| metric(&item.text))
                .collect();
            Some((group.label, metrics?))
        });
        match found {
            Some((group, metrics)) => {
                draft.set_in("technical.metrics", group, metrics);
                rest = others.get(1..).unwrap_or_default();
            }
            None => {
                kept.push(*first);
                rest = others;
            }
        }
    }
    remainder(draft, "technical", part.title, &kept);
    for inner in &part.parts {
        subsection(draft, "technical", inner);
    }
}

/// Parses `CPU utilization: 90% (normal: 20%)`.
fn metric(text: &str) -> Option<Value> {
    if text.contains('\n') {
        return None;
    }
    let (name, value) = text.split_once(": ")?;
    let (value, normal) = match bracket(value) {
        (value, Some(note)) if note.starts_with("normal: ") => {
            (value, note.strip_prefix("normal: "))
        }
        _ => (value, None),
    };
    let mut metric = Map::new();
    for (key, value) in [
        ("name", Some(name)),
        ("value", Some(value)),
        ("normal", normal),
    ] {
        if let Some(value) = value {
            metric.insert(key.to_owned(), value.trim().into());
        }
    }
    Some(Value::Object(metric))
}

fn deployment(draft: &mut Draft, part: &Part) -> bool {
    let [list] = part.blocks.as_slice() else {
        return false;
    };
    let items = block::items(list);
    if list.kind != Kind::List
        || !part.parts.is_empty()
        || items.iter().any(|item| labelled(&item.text).is_none())
    {
        return false;
    }
    for item in items {
        let Some(found) = labelled(&item.text) else {
            continue;
        };
        let key = match words::folded(found.label).as_str() {
            "version" => "version",
            "deployment time" => "at",
            "deployment method" => "method",
            "rollback time" => "rollback",
            _ => {
                draft.keep_unmapped(part.title, item.line, &item.text);
                continue;
            }
        };
        let path = format!("technical.deployment.{key}");
        match (key, draft.moment(found.value)) {
            ("at", Some(at)) => draft.set(&path, at),
            ("at", None) if recorded(found.value).is_some() => {
                draft.keep_unmapped(part.title, item.line, &item.text);
            }
            ("at", None) => {}
            _ => draft.set(&path, found.value),
        }
    }
    true
}
