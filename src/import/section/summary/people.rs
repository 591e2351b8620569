//! Imports the people of an incident: commander, authors, reporter, responders.

use super::super::super::draft::Draft;
use super::super::super::vocabulary::SummaryLabel;
use super::super::super::words::{bracket, is_nothing, line, recorded};
use crate::incident::{Command, Escalation, People, Person, PersonTable, name};
use crate::kind::{Either, PersonName, When};

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
        _ if recorded(value).is_none() || !draft.is_native && is_nothing(value) => {}
        (Some(_), _) if role == SummaryLabel::Commander && handovers(draft, value) => {}
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

/// Imports `Dana Fischer until 14:20; Sam Lee from 14:20`; returns `false` if no part has such a time.
fn handovers(draft: &mut Draft, value: &str) -> bool {
    let parts: Vec<(&str, Span)> = value.split("; ").map(|part| span(draft, part)).collect();
    if parts.iter().all(|(_, span)| *span == Span::Whole) {
        return false;
    }
    for (index, (text, span)) in parts.into_iter().enumerate() {
        let person = person(text, true);
        let from = match span {
            Span::Whole | Span::Until if index == 0 => {
                draft.incident.people.commander = Some(person);
                continue;
            }
            Span::Whole | Span::Until => None,
            Span::From(from) => Some(from),
        };
        draft.incident.people.command.push(Command {
            name: line(name(&person)),
            title: match person {
                Either::Table(person) => person.title,
                Either::Short(_) => None,
            },
            from,
        });
    }
    true
}

/// The part of a response that a person led.
#[derive(Debug, Clone, PartialEq)]
enum Span {
    /// No time is stated.
    Whole,
    /// It started with the response.
    Until,
    /// It started at a time.
    From(When),
}

/// Splits `Sam Lee from 14:20 to 15:00` into the person and the part of the response.
fn span<'t>(draft: &Draft, text: &'t str) -> (&'t str, Span) {
    if let Some((before, time)) = text.rsplit_once(" until ")
        && draft.moment(time).is_some()
    {
        return (before, Span::Until);
    }
    if let Some((before, times)) = text.rsplit_once(" from ") {
        let (from, until) = match times.split_once(" to ") {
            Some((from, until)) => (from, Some(until)),
            None => (times, None),
        };
        let is_time = |text: &str| draft.moment(text).is_some();
        if let (Some(from), true) = (draft.moment(from), until.is_none_or(is_time)) {
            return (before, Span::From(from));
        }
    }
    (text, Span::Whole)
}

/// Imports `L2 to Database on-call at 14:20; L3 to Kim Noor`; returns `false` if a part has another form.
pub(super) fn escalations(draft: &mut Draft, value: &str) -> bool {
    let parts = value.split("; ").map(|part| {
        let (level, rest) = part.split_once(" to ")?;
        let timed = rest.rsplit_once(" at ");
        let timed = timed.and_then(|(to, time)| Some((to, draft.moment(time)?)));
        let (to, at) = timed.map_or((rest, None), |(to, at)| (to, Some(at)));
        Some(Escalation {
            level: line(level),
            to: line(to),
            at,
            event: None,
        })
    });
    let Some(parts) = parts.collect::<Option<Vec<Escalation>>>() else {
        return false;
    };
    draft.incident.people.escalations.extend(parts);
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
