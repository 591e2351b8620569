//! Imports the people of an incident: commander, authors, reporter, responders.

use serde_json::{Map, Value};

use super::super::super::draft::Draft;
use super::super::super::words::{bracket, recorded};

/// The folded labels of people, with their keys and whether the key holds a list.
pub(super) const PEOPLE: &[(&str, &str, bool)] = &[
    ("incident commander", "commander", false),
    ("scribe", "scribe", false),
    ("communications", "communications", false),
    ("reported by", "reporter", false),
    ("responders", "responders", true),
    ("investigated by", "investigators", true),
    ("review attended by", "attendees", true),
    ("written by", "authors", true),
    ("commander", "commander", false),
    ("incident lead", "commander", false),
    ("incident manager", "commander", false),
    ("major incident manager", "commander", false),
    ("lead", "commander", false),
    ("ic", "commander", false),
    ("communications lead", "communications", false),
    ("authors", "authors", true),
    ("author", "authors", true),
    ("author s", "authors", true),
    ("postmortem owner", "authors", true),
    ("report author", "authors", true),
    ("attendees", "attendees", true),
    ("reporter", "reporter", false),
    ("owner", "authors", true),
    ("owner of review process", "authors", true),
];

/// Imports one person or a list of people.
///
/// In a list, a comma separates people; for one person, it separates name and title.
pub(super) fn people(draft: &mut Draft, key: &str, many: bool, value: &str) -> bool {
    if recorded(value).is_none() {
        return true;
    }
    let path = format!("people.{key}");
    if many {
        let list: Vec<Value> = split_at_commas(value)
            .into_iter()
            .map(|text| person(text.trim_matches(['"', '\'']), false))
            .collect();
        draft.set(&path, list);
    } else {
        draft.set(&path, person(value, true));
    }
    true
}

/// Splits a text at the commas that are not in brackets.
pub(super) fn split_at_commas(text: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut parts = Vec::new();
    let mut start = 0;
    for (index, c) in text.char_indices() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(text.get(start..index));
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.extend(text.get(start..));
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// Parses `Name, Title (role, team) via X (with Y)`.
fn person(text: &str, has_title: bool) -> Value {
    let mut person = Map::new();
    let (rest, assistant) = match bracket(text) {
        (rest, Some(note)) if note.starts_with("with ") => (rest, note.strip_prefix("with ")),
        _ => (text, None),
    };
    let (rest, via) = match rest.split_once(" via ") {
        Some((rest, via)) => (rest.trim_end(), Some(via)),
        None => (rest, None),
    };
    let (rest, roles) = bracket(rest);
    let (name, title) = match rest.split_once(", ").filter(|_| has_title) {
        Some((name, title)) => (name, Some(title)),
        None => (rest, None),
    };
    let (role, team) = match roles.and_then(|roles| roles.split_once(", ")) {
        Some((role, team)) => (Some(role), Some(team)),
        None => (roles, None),
    };
    for (key, value) in [
        ("title", title),
        ("role", role),
        ("team", team),
        ("via", via),
        ("assisted_by", assistant),
    ] {
        if let Some(value) = value {
            person.insert(key.to_owned(), value.trim().into());
        }
    }
    if person.is_empty() {
        return name.trim().into();
    }
    person.insert("name".to_owned(), name.trim().into());
    Value::Object(person)
}
