//! What stands around the sections: banners, signatures, classification and retention.

use serde_json::{Map, Value};

use super::super::block::{Block, Kind, Part};
use super::super::draft::Draft;
use super::super::toml::date;
use super::super::vocabulary::{self, key};
use super::super::words::{self, bracket, labelled};
use super::{is_labelled, numbered, subsection, tail};
use crate::kind::Period;
use crate::moment::parse_day;

/// Reads Sign-off.
pub(super) fn sign_off(draft: &mut Draft, part: &Part) {
    let mut kept: Vec<Block> = Vec::new();
    for block in &part.blocks {
        if !is_labelled(block) {
            kept.push(*block);
            continue;
        }
        for (line, text) in numbered(block) {
            let Some(found) = labelled(text) else {
                continue;
            };
            match key(vocabulary::ROLE, found.label) {
                Some(role) => signature(draft, role, found.value),
                None if words::folded(found.label) == "date" && parse_day(found.value).is_ok() => {
                    draft.set("sign_off.date", date(found.value));
                }
                None => draft.leave(part.title, line, text),
            }
        }
    }
    tail(draft, "sign_off", part.title, &kept);
    for inner in &part.parts {
        subsection(draft, "sign_off", inner);
    }
}

fn signature(draft: &mut Draft, role: &str, value: &str) {
    let (rest, day) = match bracket(value) {
        (rest, Some(day)) if parse_day(day).is_ok() => (rest, Some(day)),
        _ => (value, None),
    };
    let (name, title) = match rest.split_once(", ") {
        Some((name, title)) => (name, Some(title)),
        None => (rest, None),
    };
    let mut entry = Map::new();
    entry.insert("role".to_owned(), role.into());
    entry.insert("name".to_owned(), name.trim().into());
    if let Some(title) = title {
        entry.insert("title".to_owned(), title.trim().into());
    }
    if let Some(day) = day {
        entry.insert("date".to_owned(), date(day));
    }
    draft.push("sign_off.signatures", Value::Object(entry));
}

/// Reads classification and retention; says whether the block was of these.
pub(in super::super) fn foot(draft: &mut Draft, block: &Block) -> bool {
    let first = block.text.lines().next().and_then(labelled);
    if !is_labelled(block)
        || !first.is_some_and(|found| {
            words::folded(found.label) == "classification"
                || words::folded(found.label) == "retention"
        })
    {
        return false;
    }
    for (line, text) in numbered(block) {
        let Some(found) = labelled(text) else {
            continue;
        };
        match words::folded(found.label).as_str() {
            "classification" => classification(draft, line, found.value),
            "retention" => {
                let (period, basis) = bracket(found.value);
                if Period::new(period).is_ok() {
                    draft.set("governance.retention", period);
                } else if period != "not recorded" {
                    draft.leave("Retention", line, text);
                    continue;
                }
                draft.set_some("governance.retention_basis", basis);
            }
            "legal hold" => draft.set("governance.legal_hold", found.value),
            _ => draft.leave("Classification", line, text),
        }
    }
    true
}

fn classification(draft: &mut Draft, line: usize, value: &str) {
    let (word, scope) = match value.split_once(" - ") {
        Some((word, scope)) => (word, Some(scope)),
        None => (value, None),
    };
    match key(vocabulary::AUDIENCE, word) {
        Some(audience) => draft.set("classification", audience),
        None => {
            // What nobody here knows may be narrower than what anybody would guess.
            draft.set("classification", "confidential");
            draft.note(
                line,
                format!(
                    "`{word}` is no classification here, so it is `confidential` until you choose"
                ),
            );
            draft.leave("Classification", line, value);
        }
    }
    draft.set_some("governance.scope", scope);
}

/// Reads a banner under the heading; says whether it was one.
pub(in super::super) fn banners(draft: &mut Draft, block: &Block) -> bool {
    let mut lines = block
        .text
        .lines()
        .map(|line| line.trim_start_matches('>').trim());
    if block.kind != Kind::Quote || lines.next() != Some("[!WARNING]") {
        return false;
    }
    let text = words::one_line(&lines.collect::<Vec<_>>().join("\n"));
    match labelled(&text).map(|found| (found.label, found.value)) {
        Some(("Superseded", _)) => {
            draft.related = true;
            draft.note(block.line, "that a report is superseded is told by the one that supersedes it, so it is not kept here");
            true
        }
        Some(("Provisional", value)) => {
            draft.set("analysis.status", "provisional");
            if value != "the findings of this report may change." {
                draft.set("analysis.status_note", value);
            }
            true
        }
        _ => false,
    }
}
