//! Imports the severity of an incident, with its changes and a remark: `P1 (High; P3 until 03:05; nobody could print)`.

use super::super::super::draft::{Draft, SeverityChanges, Stated};
use super::super::super::words::{bracket, folded, line, recorded};
use crate::kind::Identifier;

/// Imports a severity by its key or label; returns `false` if the archive does not define it.
pub(super) fn severity(draft: &mut Draft, number: usize, label: &str, value: &str) -> bool {
    if recorded(value).is_none() {
        return true;
    }
    let (word, note) = split(draft, value);
    if recorded(word).is_none() {
        let remark = note.map(line).unwrap_or_default();
        draft.set(label, |draft| &mut draft.incident.severity_note, remark);
        return true;
    }
    let parts: Vec<&str> = note.iter().flat_map(|note| note.split("; ")).collect();
    let name = parts.first().copied();
    let by_label = || labelled(draft, word).or_else(|| name.and_then(|name| labelled(draft, name)));
    let Some(key) = keyed(draft, word).or_else(by_label) else {
        draft.note(
            number,
            format!(
                "unknown severity `{value}`; define it with `[severity.KEY]` in `afterword.toml`"
            ),
        );
        return false;
    };
    let is_label = |text: &str| keyed(draft, text).or(labelled(draft, text)).as_ref() == Some(&key);
    let mut remarks = parts.as_slice();
    if let Some((_, rest)) = remarks.split_first().filter(|(first, _)| is_label(first)) {
        remarks = rest;
    }
    let stated = remarks.split_first().and_then(|(first, rest)| {
        let changes = changes(draft, &key, first)?;
        Some((changes, rest))
    });
    if let Some((value, rest)) = stated {
        remarks = rest;
        draft.facts.severities = Some(Stated {
            line: number,
            value,
        });
    }
    // What is neither a change nor the label is a remark, such as `nobody in the warehouse could print`.
    if !remarks.is_empty() {
        let remark = line(&remarks.join("; "));
        draft.set(label, |draft| &mut draft.incident.severity_note, remark);
    }
    draft.set(label, |draft| &mut draft.incident.severity, key);
    true
}

/// Imports the priority as the severity of a report that states no other.
pub(in super::super::super) fn use_priority(draft: &mut Draft) {
    let Some(Stated { line, value }) = draft.facts.priority.take() else {
        return;
    };
    let (label, value) = value;
    if draft.incident.severity.is_some() || !severity(draft, line, &label, &value) {
        draft.keep_unmapped("Facts", line, &format!("**{label}**: {value}"));
    }
}

/// Splits a severity from the remark after it: `P1 (High)`, `P1 High`, `P1 - nobody could print`.
fn split<'v>(draft: &Draft, value: &'v str) -> (&'v str, Option<&'v str>) {
    let (word, note) = bracket(value);
    let Some((first, rest)) = word.split_once([' ', ':']) else {
        return (word, note);
    };
    let remark = rest.trim_start_matches([' ', ':', '-', '–', '—']);
    let is_remark = remark.len() < rest.len() || labelled(draft, rest).is_some();
    let is_alone = note.is_none() && keyed(draft, first).is_some() && keyed(draft, word).is_none();
    if is_alone && is_remark && !remark.is_empty() {
        (first, Some(remark))
    } else {
        (word, note)
    }
}

fn same(left: &str, right: &str) -> bool {
    folded(left).replace(' ', "") == folded(right).replace(' ', "")
}

fn keyed(draft: &Draft, word: &str) -> Option<Identifier> {
    let mut known = draft.severities.iter();
    known
        .find(|(key, _)| same(key, word))
        .map(|(key, _)| line(key))
}

fn labelled(draft: &Draft, name: &str) -> Option<Identifier> {
    let mut known = draft.severities.iter();
    let found = known.find(|(_, label)| label.as_deref().is_some_and(|label| same(label, name)));
    found.map(|(key, _)| line(key))
}

/// Parses `P3 until 03:05, P2 from 04:00`; returns `None` for any other text.
fn changes(draft: &Draft, peak: &Identifier, text: &str) -> Option<SeverityChanges> {
    let mut earlier: Vec<(Identifier, _)> = Vec::new();
    let mut later = Vec::new();
    for part in text.split(", ") {
        let (key, time, is_end) = match (part.split_once(" until "), part.split_once(" from ")) {
            (Some((key, time)), None) => (key, time, true),
            (None, Some((key, time))) => (key, time, false),
            _ => return None,
        };
        let list = if is_end { &mut earlier } else { &mut later };
        list.push((keyed(draft, key)?, draft.times.brief(time)?));
    }
    let first = earlier.first().map_or(peak, |(key, _)| key).clone();
    // Each severity lasts until the time at which the next one starts.
    let next = earlier.iter().skip(1).map(|(key, _)| key).chain([peak]);
    let mut changes: Vec<_> = next
        .cloned()
        .zip(earlier.iter().map(|(_, at)| *at))
        .collect();
    if earlier.is_empty() {
        changes.clear();
    }
    changes.extend(later);
    let text = text.to_owned();
    Some(SeverityChanges {
        first,
        changes,
        text,
    })
}

/// Sets the stated changes on the events of their times; without an event for each, they become unmapped content.
pub(in super::super::super) fn set_changes(draft: &mut Draft) {
    let Some(Stated { line, value }) = draft.facts.severities.take() else {
        return;
    };
    let events = &draft.events;
    let index = |(_, at): &(_, _)| events.iter().position(|entry| entry.start == *at);
    let found: Option<Vec<usize>> = value.changes.iter().map(index).collect();
    let Some(found) = found else {
        draft.note(line, "no event at the time of a change of severity");
        draft.keep_unmapped("Severity", line, &value.text);
        return;
    };
    for (index, (key, _)) in found.into_iter().zip(value.changes) {
        if let Some(entry) = draft.events.get_mut(index) {
            entry.event.severity = Some(key);
        }
    }
    draft.incident.severity = Some(value.first);
}
