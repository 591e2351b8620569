//! Resolution: the fix, and what was done in each horizon or phase.

use serde_json::{Map, Value, json};

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::Draft;
use super::super::vocabulary::{self, key, sign};
use super::super::words::{self, bracket, labelled, link};
use super::{entries, evidence, is_titled, opening, subsection, tail};

/// The horizons: their words, their key, and where a step of it stands by default.
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

/// Reads the section.
pub(super) fn read(draft: &mut Draft, part: &Part) {
    tail(draft, "resolution", part.title, &part.blocks);
    for inner in &part.parts {
        if is_titled(inner, &["fix"]) && fix(draft, inner) {
            continue;
        }
        let (list, proof) = match inner.blocks.split_first() {
            Some((list, proof))
                if list.kind == Kind::List
                    && inner.parts.is_empty()
                    && evidence::trailing(draft, "resolution", proof) == proof.len() =>
            {
                (list, proof)
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
        let signed = items.iter().all(|item| sign(&item.text).0.is_some());
        match horizon {
            Some((_, key, default)) => {
                let steps: Vec<Value> = items
                    .iter()
                    .map(|item| step(draft, &item.text, default))
                    .collect();
                draft.set(&format!("resolution.{key}"), steps);
            }
            None if signed && !list.apart => {
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
        tail(draft, "resolution", inner.title, proof);
    }
}

/// Reads a step: its sign, the time that names its event, its words.
fn step(draft: &mut Draft, text: &str, default: &str) -> Value {
    let (status, words) = sign(text);
    let event = timed(words).and_then(|(time, rest)| Some((draft.event_at(time, rest)?, rest)));
    let words = event.as_ref().map_or(words, |(_, rest)| rest);
    let status = status.filter(|status| *status != default);
    let mut step = Map::new();
    if let Some(status) = status {
        step.insert("status".to_owned(), status.into());
    }
    if let Some((event, _)) = &event {
        step.insert("event".to_owned(), event.as_str().into());
    }
    if step.is_empty() {
        return words.into();
    }
    step.insert("text".to_owned(), words.into());
    Value::Object(step)
}

/// Splits `**14:29** - words`.
fn timed(words: &str) -> Option<(&str, &str)> {
    words.strip_prefix("**")?.split_once("** - ")
}

/// Reads the fix; says whether all of it was understood.
fn fix(draft: &mut Draft, part: &Part) -> bool {
    let mut fix = Map::new();
    let mut rest = part.blocks.as_slice();
    while let Some((first, others)) = rest.split_first() {
        let Some(found) = opening(first).filter(|found| found.colon && !first.text.contains('\n'))
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
    let read = part.parts.is_empty() && !fix.is_empty();
    if read {
        draft.set("fix", Value::Object(fix));
    }
    read
}

fn change(text: &str) -> Value {
    match link(text).filter(|(_, url)| crate::kind::Url::new(url.as_str()).is_ok()) {
        Some((title, url)) => json!({ "title": title, "url": url }),
        None => json!({ "title": text }),
    }
}

/// Reads `[title](url), 2025-01-24 09:00:20 UTC (reason)`.
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

/// Reads `**production**: Deployed since 2025-01-25` with its results.
fn rollout(draft: &Draft, text: &str) -> Option<Value> {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let found = labelled(first).filter(|found| found.colon)?;
    let (status, since) = match found.value.split_once(" since ") {
        Some((status, since)) => (status, Some(draft.moment(since)?)),
        None => (found.value, None),
    };
    let mut place = Map::new();
    place.insert("environment".to_owned(), found.label.into());
    if status != "not recorded" {
        place.insert("status".to_owned(), key(vocabulary::FIX, status)?.into());
    }
    if let Some(since) = since {
        place.insert("since".to_owned(), since);
    }
    let lists: Vec<Block> = block::blocks(rest);
    match lists.as_slice() {
        [] => {}
        [list] if list.kind == Kind::List => {
            place.insert("results".to_owned(), entries(list).into());
        }
        _ => return None,
    }
    Some(Value::Object(place))
}
