//! Imports the people of an incident: commander, authors, reporter, responders.

use super::super::super::draft::Draft;
use super::super::super::vocabulary::SummaryLabel;
use super::super::super::words::{bracket, line, recorded};
use crate::incident::{People, Person, PersonTable};
use crate::kind::{Either, PersonName};

/// Imports one person or a list of people; returns `false` if the label is about something else.
///
/// In a list, a comma separates people; for one person, it separates name and title.
pub(super) fn people(draft: &mut Draft, role: SummaryLabel, label: &str, value: &str) -> bool {
    let one: Option<fn(&mut People) -> &mut Option<Person>> = match role {
        SummaryLabel::Commander => Some(|people| &mut people.commander),
        SummaryLabel::Scribe => Some(|people| &mut people.scribe),
        SummaryLabel::Communications => Some(|people| &mut people.communications),
        SummaryLabel::Reporter => Some(|people| &mut people.reporter),
        _ => None,
    };
    let many: Option<fn(&mut People) -> &mut Vec<Person>> = match role {
        SummaryLabel::Responders => Some(|people| &mut people.responders),
        SummaryLabel::Investigators => Some(|people| &mut people.investigators),
        SummaryLabel::Attendees => Some(|people| &mut people.attendees),
        SummaryLabel::Authors => Some(|people| &mut people.authors),
        _ => None,
    };
    match (one, many) {
        (None, None) => return false,
        _ if recorded(value).is_none() => {}
        (Some(one), _) => {
            let person = person(value, true);
            draft.set(label, |draft| one(&mut draft.incident.people), person);
        }
        (_, Some(many)) => {
            let people = split_at_commas(value).into_iter();
            let people = people.map(|text| person(text.trim_matches(['"', '\'']), false));
            draft.add(|incident| many(&mut incident.people), people);
        }
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
fn person(text: &str, has_title: bool) -> Person {
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
    let trimmed = |text: &str| line(text.trim());
    let name: PersonName = line(name.trim());
    let bare = PersonTable {
        name: name.clone(),
        ..PersonTable::default()
    };
    let person = PersonTable {
        name,
        title: title.map(trimmed),
        role: role.map(trimmed),
        team: team.map(trimmed),
        via: via.map(trimmed),
        assisted_by: assistant.map(trimmed),
    };
    if person == bare {
        Either::Short(person.name)
    } else {
        Either::Table(person)
    }
}
