//! Incident Summary: the facts at its top, the people, and the story.

use serde_json::{Value, json};

use super::super::block::{Block, Part, span};
use super::super::draft::{Draft, Stated};
use super::super::moment::{self, full};
use super::super::toml::date;
use super::super::vocabulary::{self, key};
use super::super::words::{self, Labelled, bracket, labelled, link, recorded};
use super::{evidence, is_labelled, lines, numbered, subsection};
use crate::kind::Id;
use crate::moment::parse_day;

/// Reads the section.
pub(super) fn read(draft: &mut Draft, part: &Part) {
    let is_fact = |place: &usize| {
        let rest = part.blocks.get(*place..).unwrap_or_default();
        rest.first().is_some_and(is_labelled) && evidence::at(draft, "summary", rest).is_none()
    };
    let facts_end = (0..part.blocks.len()).take_while(is_fact).count();
    let (facts_blocks, rest) = part.blocks.split_at(facts_end);
    for block in facts_blocks {
        facts(draft, part.title, block);
    }
    let story_end = rest.len() - evidence::trailing(draft, "summary", rest);
    let (story, proof) = rest.split_at(story_end);
    // A heading with nothing under it is the story's, not a section's.
    let bare = part.parts.iter().take_while(|inner| inner.body.is_empty());
    let (mut text, mut count) = (span(part.body, story).to_owned(), 0);
    for inner in bare {
        text.push_str(&format!("\n\n### {}", inner.title));
        count += 1;
    }
    if !text.is_empty() {
        draft.set("summary", lines(text.trim_start()));
    }
    super::tail(draft, "summary", part.title, proof);
    for inner in part.parts.iter().skip(count) {
        subsection(draft, "summary", inner);
    }
}

/// Reads a paragraph of labelled lines; what is not known is left over.
pub(in super::super) fn facts(draft: &mut Draft, section: &str, block: &Block) {
    for (line, text) in numbered(block) {
        if !labelled(text).is_some_and(|found| fact(draft, line, found)) {
            draft.leave(section, line, text);
        }
    }
}

/// People, by the words of their label.
const PEOPLE: &[(&str, &str, bool)] = &[
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
    ("ic", "commander", false),
    ("communications lead", "communications", false),
    ("authors", "authors", true),
    ("author", "authors", true),
    ("postmortem owner", "authors", true),
    ("report author", "authors", true),
    ("attendees", "attendees", true),
    ("reporter", "reporter", false),
];

/// Keys of several words, by the words of their label.
const LISTS: &[(&str, &str)] = &[
    ("environment", "environment"),
    ("environments", "environment"),
    ("services", "services"),
    ("affected services", "services"),
    ("services impacted", "services"),
    ("teams", "teams"),
    ("team", "teams"),
    ("team s", "teams"),
    ("tags", "tags"),
    ("service s affected", "services"),
    ("service", "services"),
];

/// Marks, by the words of their label.
const MARKS: &[(&str, &str)] = &[
    ("impact start", "impact_started"),
    ("impact start time", "impact_started"),
    ("impact started", "impact_started"),
    ("impact end", "impact_ended"),
    ("impact end time", "impact_ended"),
    ("impact ended", "impact_ended"),
    ("detected", "detected"),
    ("detected at", "detected"),
    ("time detected", "detected"),
    ("detection time", "detected"),
    ("declared", "declared"),
    ("declared at", "declared"),
    ("paged", "paged"),
    ("acknowledged", "acknowledged"),
    ("acknowledged at", "acknowledged"),
    ("identified", "identified"),
    ("mitigated", "mitigated"),
    ("mitigated at", "mitigated"),
    ("time mitigated", "mitigated"),
    ("resolved", "resolved"),
    ("resolved at", "resolved"),
    ("time resolved", "resolved"),
    ("resolution time", "resolved"),
];

fn fact(draft: &mut Draft, line: usize, found: Labelled) -> bool {
    let value = found.value;
    let label = words::folded(found.label);
    if let Some((_, key, many)) = PEOPLE.iter().find(|(words, ..)| *words == label) {
        return people(draft, key, *many, value);
    }
    if let Some((_, key)) = LISTS.iter().find(|(words, _)| *words == label) {
        let list: Vec<&str> = value
            .split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .collect();
        draft.set(key, list);
        return true;
    }
    if let Some((_, mark)) = MARKS.iter().find(|(words, _)| *words == label) {
        return match full(value).filter(|found| in_zone(found.zone)) {
            Some(found) => {
                draft.facts.marks.push((
                    mark,
                    Stated {
                        line,
                        value: found.written,
                    },
                ));
                true
            }
            None => false,
        };
    }
    match label.as_str() {
        "incident id" | "id" | "incident number" => Id::new(value).is_ok_and(|id| *id == *draft.id),
        "title" | "incident title" | "incident name" => {
            draft.set("title", value);
            true
        }
        "kind" => set_key(draft, "kind", vocabulary::KIND, value),
        "severity" | "severity level" | "priority" => severity(draft, line, value),
        "status" => status(draft, line, value),
        "start time" | "started" | "start" | "incident start" | "started at" => {
            time(draft, line, value, true)
        }
        "end time" | "ended" | "end" | "incident end" | "ended at" => {
            time(draft, line, value, false)
        }
        // It is computed; where it differs, the comparison shows both.
        "duration" => true,
        "customer impact" => impact(draft, value),
        "analysis date" => match parse_day(value) {
            Ok(_) => {
                draft.set("analysis.date", date(value));
                true
            }
            Err(_) => false,
        },
        "analysis status" => {
            draft.set("analysis.status_note", value);
            true
        }
        "incidents" => relations(draft, "analysis.incidents", value),
        "supersedes" => relations(draft, "analysis.supersedes", value),
        _ => false,
    }
}

fn set_key(draft: &mut Draft, path: &str, table: vocabulary::Words, value: &str) -> bool {
    let found = key(table, value);
    draft.set_some(path, found);
    found.is_some()
}

fn status(draft: &mut Draft, line: usize, value: &str) -> bool {
    if set_key(draft, "status", vocabulary::STATUS, value) {
        return true;
    }
    // `Complete, action items in progress` begins with the word.
    let first = value.split([',', '(', ';', '/']).next().unwrap_or_default();
    if set_key(draft, "status", vocabulary::STATUS, first) {
        draft.note(
            line,
            format!(
                "the status `{value}` is read as `{}`",
                words::one_line(first)
            ),
        );
        draft.leave("Status", line, value);
        return true;
    }
    false
}

/// Finds a severity of the archive by its key or its label.
fn severity(draft: &mut Draft, line: usize, value: &str) -> bool {
    if recorded(value).is_none() {
        return true;
    }
    let (word, label) = bracket(value);
    let same = |left: &str, right: &str| {
        words::folded(left).replace(' ', "") == words::folded(right).replace(' ', "")
    };
    let by_key = draft.severities.iter().find(|(key, _)| same(key, word));
    let by_label = || {
        let labelled = |name: &str| {
            draft
                .severities
                .iter()
                .find(|(_, label)| label.as_deref().is_some_and(|label| same(label, name)))
        };
        labelled(word).or_else(|| label.and_then(labelled))
    };
    match by_key.or_else(by_label).map(|(key, _)| key.clone()) {
        Some(key) => {
            draft.set("severity", key);
            true
        }
        None => {
            draft.note(line, format!("`{value}` is no severity of this archive; `[severity.KEY]` in `afterword.toml` adds one"));
            false
        }
    }
}

/// Says whether the word for a zone is known, where there is one.
fn in_zone(word: Option<&str>) -> bool {
    match word {
        None => true,
        Some(word) => moment::zone(word, None).is_some(),
    }
}

fn time(draft: &mut Draft, line: usize, value: &str, start: bool) -> bool {
    if recorded(value).is_none() {
        return true;
    }
    let Some(found) = full(value) else {
        return false;
    };
    // A time of its own offset needs no zone; a word gives that of the whole report.
    let stated = Stated {
        line,
        value: found.written,
    };
    if start {
        draft.facts.started = Some(stated);
    } else {
        draft.facts.ended = Some(stated);
    }
    in_zone(found.zone)
}

fn impact(draft: &mut Draft, value: &str) -> bool {
    let (word, note) = bracket(value);
    match key(vocabulary::LEVEL, word) {
        Some(level) => {
            draft.set("impact.level", level);
            draft.set_some("impact.summary", note);
        }
        None => draft.set("impact.summary", value),
    }
    true
}

/// Reads people; a comma between two of them is none of a title.
fn people(draft: &mut Draft, key: &str, many: bool, value: &str) -> bool {
    if recorded(value).is_none() {
        return true;
    }
    let path = format!("people.{key}");
    if many {
        let list: Vec<Value> = outside_brackets(value)
            .into_iter()
            .map(|words| person(words, false))
            .collect();
        draft.set(&path, list);
    } else {
        draft.set(&path, person(value, true));
    }
    true
}

/// Splits words at the commas that stand outside of brackets.
fn outside_brackets(words: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, letter) in words.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.extend(words.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.extend(words.get(start..));
    parts
        .into_iter()
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// Reads `Name, Title (role, team) via X (with Y)`.
pub(in super::super) fn person(words: &str, titled: bool) -> Value {
    let mut person = serde_json::Map::new();
    let (rest, assistant) = match bracket(words) {
        (rest, Some(note)) if note.starts_with("with ") => (rest, note.strip_prefix("with ")),
        _ => (words, None),
    };
    let (rest, via) = match rest.split_once(" via ") {
        Some((rest, via)) => (rest.trim_end(), Some(via)),
        None => (rest, None),
    };
    let (rest, roles) = bracket(rest);
    let (name, title) = match rest.split_once(", ").filter(|_| titled) {
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

/// Reads incidents that are named by links to their reports.
fn relations(draft: &mut Draft, path: &str, value: &str) -> bool {
    let found: Option<Vec<Value>> = outside_brackets(value)
        .into_iter()
        .map(|words| {
            let (title, target) = link(words)?;
            if target == format!("{title}.md") && draft.ids.contains(&title) {
                return Some(title.into());
            }
            (path.ends_with("supersedes") && crate::kind::Url::new(target.as_str()).is_ok())
                .then(|| json!({ "title": title, "url": target }))
        })
        .collect();
    let is_known = found.is_some();
    draft.set_some(path, found);
    is_known
}
