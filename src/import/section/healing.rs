//! Imports the section Self-Healing Performance.

use serde_json::{Map, Value, json};

use super::super::block::{Block, Kind, Part};
use super::super::draft::Draft;
use super::super::vocabulary::{self, key};
use super::super::words::{self, bracket, labelled, link};
use super::{is_labelled, item_values, leading_label, numbered, remainder, subsection};

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let mut rest = part.blocks.as_slice();
    let mut kept: Vec<Block> = Vec::new();
    while let Some((first, others)) = rest.split_first() {
        rest = others;
        let list = others.first().filter(|list| list.kind == Kind::List);
        let label = leading_label(first)
            .filter(|found| found.colon && found.value.is_empty())
            .map(|found| words::folded(found.label));
        let path = match label.as_deref() {
            Some(
                "why self healing didnt fully resolve" | "why self healing did not fully resolve",
            ) => Some("self_healing.why_not_resolved"),
            Some("recommendations for self healing enhancement" | "recommendations") => {
                Some("self_healing.recommendations")
            }
            _ => None,
        };
        match (path, list) {
            (Some(path), Some(list)) => {
                draft.set(path, item_values(list));
                rest = others.get(1..).unwrap_or_default();
            }
            _ if is_labelled(first)
                && first
                    .text
                    .lines()
                    .next()
                    .and_then(labelled)
                    .is_some_and(|found| !found.value.is_empty()) =>
            {
                facts(draft, part.title, first);
            }
            _ => kept.push(*first),
        }
    }
    remainder(draft, "self_healing", part.title, &kept);
    for inner in &part.parts {
        subsection(draft, "self_healing", inner);
    }
}

fn facts(draft: &mut Draft, title: &str, block: &Block) {
    let mut actions: Vec<Map<String, Value>> = Vec::new();
    draft.open("self_healing");
    for (line, text) in numbered(block) {
        let Some(found) = labelled(text) else {
            continue;
        };
        let value = found.value;
        let known = match (words::folded(found.label).as_str(), actions.last_mut()) {
            // The number is computed; if the stated one differs, the comparison shows both.
            ("self healing actions taken", _) => true,
            ("action", _) => {
                let mut action = Map::new();
                action.insert("name".to_owned(), value.into());
                if let Some(event) = draft.healing_event(value) {
                    action.insert("event".to_owned(), event.into());
                }
                actions.push(action);
                true
            }
            ("result", Some(action)) if !action.contains_key("result") => result(action, value),
            ("playbook", Some(action)) => {
                action.insert("playbook".to_owned(), value.into());
                true
            }
            ("run", Some(action)) => match link(value).and_then(|(path, _)| draft.file(&path)) {
                Some(file) => {
                    action.insert("run".to_owned(), file.into());
                    true
                }
                None => false,
            },
            ("effectiveness", _) => {
                effectiveness(draft, value);
                true
            }
            _ => false,
        };
        if !known {
            draft.keep_unmapped(title, line, text);
        }
    }
    if !actions.is_empty() {
        let actions: Vec<Value> = actions.into_iter().map(Value::Object).collect();
        draft.set("self_healing.actions", actions);
    }
}

fn result(action: &mut Map<String, Value>, value: &str) -> bool {
    let (word, note) = bracket(value);
    let found = key(vocabulary::HEALING, word);
    if let Some(result) = found {
        action.insert("result".to_owned(), result.into());
    }
    let not_recorded = word == "not recorded";
    let note = if found.is_some() || not_recorded {
        note
    } else {
        Some(value)
    };
    if let Some(note) = note {
        action.insert("result_note".to_owned(), note.into());
    }
    found.is_some() || not_recorded || note.is_some()
}

fn effectiveness(draft: &mut Draft, value: &str) {
    let (share, note) = match value.split_once(" - ") {
        Some((share, note)) => (share, Some(note)),
        None => (value, None),
    };
    let percent = share
        .trim()
        .strip_suffix('%')
        .and_then(words::count)
        .filter(|percent| *percent <= 100);
    match percent {
        Some(percent) => {
            draft.set("self_healing.effectiveness", json!(percent));
            draft.set_some("self_healing.effectiveness_note", note);
        }
        None => draft.set("self_healing.effectiveness_note", value),
    }
}
