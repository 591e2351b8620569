//! Imports the blocks around the sections: banners, signatures, classification and retention.

use serde_json::{Map, Value};

use super::super::block::{Block, Kind, Part};
use super::super::draft::Draft;
use super::super::toml::date;
use super::super::vocabulary::{self, key};
use super::super::words::{self, bracket, labelled};
use super::{is_labelled, numbered, remainder, subsection};
use crate::kind::Period;
use crate::moment::parse_day;

/// Imports the section Sign-off.
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
                None => draft.keep_unmapped(part.title, line, text),
            }
        }
    }
    remainder(draft, "sign_off", part.title, &kept);
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

/// Imports classification and retention; returns `false` if the block contains neither.
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
                    draft.keep_unmapped("Retention", line, text);
                    continue;
                }
                draft.set_some("governance.retention_basis", basis);
            }
            "legal hold" => draft.set("governance.legal_hold", found.value),
            _ => draft.keep_unmapped("Classification", line, text),
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
            // An unknown classification may be more restricted than any guess.
            draft.set("classification", "confidential");
            draft.note(
                line,
                format!(
                    "unknown classification `{word}`; set to `confidential` until you choose one"
                ),
            );
            draft.keep_unmapped("Classification", line, value);
        }
    }
    draft.set_some("governance.scope", scope);
}

/// Imports a banner below the title; returns `false` if the block is not a banner.
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
            draft.note(
                block.line,
                "superseded notice not imported; it is derived from the report that supersedes this one",
            );
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
