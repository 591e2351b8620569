//! Imports the section Resolution: the fix, and the steps of each horizon or phase.

use serde_json::{Map, Value, json};

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::Draft;
use super::super::vocabulary::{self, key, strip_icon};
use super::super::words::{self, bracket, labelled, link};
use super::{evidence, is_titled, item_values, leading_label, remainder, subsection};

/// The horizons: their folded headings, their key, and the default status of their steps.
const HORIZONS: &[(&[&str], &str, &str)] = &[
    (
        &[
            "immediate actions during incident",
            "immediate actions",
            "immediate",
        ],
        "immediate",
        "done",
    ),
    (
        &[
            "short term fixes within 24 hours",
            "short term fixes",
            "short term",
            "short term actions",
        ],
        "short_term",
        "planned",
    ),
    (
        &[
            "long term improvements within 30 days",
            "long term improvements",
            "long term",
            "long term actions",
        ],
        "long_term",
        "planned",
    ),
];

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    remainder(draft, "resolution", part.title, &part.blocks);
    for inner in &part.parts {
        if is_titled(inner, &["fix"]) && fix(draft, inner) {
            continue;
        }
        let (list, evidence_blocks) = match inner.blocks.split_first() {
            Some((list, evidence_blocks))
                if list.kind == Kind::List
                    && inner.parts.is_empty()
                    && evidence::trailing(draft, "resolution", evidence_blocks)
                        == evidence_blocks.len() =>
            {
                (list, evidence_blocks)
            }
            _ => {
                subsection(draft, "resolution", inner);
                continue;
            }
        };
        let horizon = HORIZONS.iter().find(|(titles, key, _)| {
            is_titled(inner, titles) && draft.get(&format!("resolution.{key}")).is_none()
        });
        let items = block::items(list);
        let all_have_icons = items.iter().all(|item| strip_icon(&item.text).0.is_some());
        match horizon {
            Some((_, key, default)) => {
                let steps: Vec<Value> = items
                    .iter()
                    .map(|item| step(draft, &item.text, default))
                    .collect();
                draft.set(&format!("resolution.{key}"), steps);
            }
            None if all_have_icons && !list.after_blank => {
                let steps: Vec<Value> = items
                    .iter()
                    .map(|item| step(draft, &item.text, "planned"))
                    .collect();
                draft.push(
                    "resolution.phases",
                    json!({ "title": words::one_line(inner.title), "items": steps }),
                );
            }
            None => {
                subsection(draft, "resolution", inner);
                continue;
            }
        }
        remainder(draft, "resolution", inner.title, evidence_blocks);
    }
}

/// Parses a step: its status icon, the time of its event, and its text.
fn step(draft: &mut Draft, text: &str, default: &str) -> Value {
    let (status, text) = strip_icon(text);
    let event = timed(text).and_then(|(time, rest)| Some((draft.event_at(time, rest)?, rest)));
    let text = event.as_ref().map_or(text, |(_, rest)| rest);
    let status = status.filter(|status| *status != default);
    let mut step = Map::new();
    if let Some(status) = status {
        step.insert("status".to_owned(), status.into());
    }
    if let Some((event, _)) = &event {
        step.insert("event".to_owned(), event.as_str().into());
    }
    if step.is_empty() {
        return text.into();
    }
    step.insert("text".to_owned(), text.into());
    Value::Object(step)
}

/// Splits `**14:29** - text` into time and text.
fn timed(step: &str) -> Option<(&str, &str)> {
    step.strip_prefix("**")?.split_once("** - ")
}

/// Imports the fix; returns `false` if a part of it is not recognized.
fn fix(draft: &mut Draft, part: &Part) -> bool {
    let mut fix = Map::new();
    let mut rest = part.blocks.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let Some(found) =
            leading_label(first).filter(|found| found.colon && !first.text.contains('\n'))
        else {
            return false;
        };
        let list = others.first().filter(|list| list.kind == Kind::List);
        match (found.label, list) {
            ("Status", _) => {
                let Some(status) = key(vocabulary::FIX, found.value) else {
                    return false;
                };
                fix.insert("status".to_owned(), status.into());
                rest = others;
                continue;
            }
            ("Changes", Some(list)) => {
                let changes: Vec<Value> = block::items(list)
                    .iter()
                    .map(|item| change(&item.text))
                    .collect();
                fix.insert("changes".to_owned(), changes.into());
            }
            ("Reverted", Some(list)) => {
                let reverted = block::items(list)
                    .iter()
                    .map(|item| reverted(draft, &item.text))
                    .collect();
                fix.insert("reverted".to_owned(), reverted);
            }
            ("Rollout", Some(list)) => {
                let Some(rollout) = block::items(list)
                    .iter()
                    .map(|item| rollout(draft, &item.text))
                    .collect::<Option<Vec<Value>>>()
                else {
                    return false;
                };
                fix.insert("rollout".to_owned(), rollout.into());
            }
            _ => return false,
        }
        rest = others.get(1..).unwrap_or_default();
    }
    let is_complete = part.parts.is_empty() && !fix.is_empty();
    if is_complete {
        draft.set("fix", Value::Object(fix));
    }
    is_complete
}

fn change(text: &str) -> Value {
    match link(text).filter(|(_, url)| crate::kind::Url::new(url.as_str()).is_ok()) {
        Some((title, url)) => json!({ "title": title, "url": url }),
        None => json!({ "title": text }),
    }
}

/// Parses `[title](url), 2025-01-24 09:00:20 UTC (reason)`.
fn reverted(draft: &Draft, text: &str) -> Value {
    let (rest, reason) = bracket(text);
    let (rest, reason) = if link(text).is_some() {
        (text, None)
    } else {
        (rest, reason)
    };
    let (rest, at) = match rest.rsplit_once(", ") {
        Some((before, time)) => match draft.moment(time) {
            Some(at) => (before, Some(at)),
            None => (rest, None),
        },
        None => (rest, None),
    };
    let mut reverted = change(rest);
    if let Some(entry) = reverted.as_object_mut() {
        if let Some(at) = at {
            entry.insert("at".to_owned(), at);
        }
        if let Some(reason) = reason {
            entry.insert("reason".to_owned(), reason.into());
        }
    }
    reverted
}

/// Parses `**production**: Deployed since 2025-01-25` with its results.
fn rollout(draft: &Draft, text: &str) -> Option<Value> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let found = labelled(first).filter(|found| found.colon)?;
    let (status, since) = match found.value.split_once(" since ") {
        Some((status, since)) => (status, Some(draft.moment(since)?)),
        None => (found.value, None),
    };
    let mut rollout = Map::new();
    rollout.insert("environment".to_owned(), found.label.into());
    if status != "not recorded" {
        rollout.insert("status".to_owned(), key(vocabulary::FIX, status)?.into());
    }
    if let Some(since) = since {
        rollout.insert("since".to_owned(), since);
    }
    let lists: Vec<Block> = block::blocks(rest);
    match lists.as_slice() {
        [] => {}
        [list] if list.kind == Kind::List => {
            rollout.insert("results".to_owned(), item_values(list).into());
        }
        _ => return None,
    }
    Some(Value::Object(rollout))
}
