//! Imports the section Incident Summary: the facts at the top, the people and the narrative.

use serde_json::{Value, json};

use super::super::block::{self, Block, Kind, Part, span};
use super::super::draft::{Draft, Stated, StatedWindow};
use super::super::entry_time::calendar_day;
use super::super::moment::{self, full};
use super::super::toml::date;
use super::super::vocabulary::{self, key};
use super::super::words::{self, Labelled, bracket, folded, labelled, link, recorded};
use super::{evidence, is_labelled, lines, numbered, subsection};
use crate::kind::Id;
use crate::moment::parse_day;

mod pairs;
mod people;

pub(in super::super) use pairs::{pair, pairs};
use people::{PEOPLE, people, split_at_commas};

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let is_fact = |index: &usize| {
        let rest = part.blocks.get(*index..).unwrap_or_default();
        rest.first().is_some_and(is_labelled) && evidence::at(draft, "summary", rest).is_none()
    };
    let facts_end = (0..part.blocks.len()).take_while(is_fact).count();
    let (facts_blocks, rest) = part.blocks.split_at(facts_end);
    for block in facts_blocks {
        facts(draft, part.title, block);
    }
    let narrative_end = rest.len() - evidence::trailing(draft, "summary", rest);
    let (narrative, evidence_blocks) = rest.split_at(narrative_end);
    // A table or a list of facts may come before the narrative.
    let fact_count = narrative
        .iter()
        .take_while(|block| facts_end == 0 && pairs(draft, part.title, block))
        .count();
    let narrative = narrative.get(fact_count..).unwrap_or_default();
    stated_duration(draft, narrative);
    // A heading without content belongs to the narrative.
    let empty = part.parts.iter().take_while(|inner| inner.body.is_empty());
    let (mut text, mut count) = (span(part.body, narrative).to_owned(), 0);
    for inner in empty {
        text.push_str(&format!("\n\n### {}", inner.title));
        count += 1;
    }
    if !text.is_empty() && draft.get("summary").is_some() {
        super::push_section(draft, Some("summary"), part.title, &text);
    } else if !text.is_empty() {
        draft.set("summary", lines(text.trim_start_matches('\n')));
    }
    super::remainder(draft, "summary", part.title, evidence_blocks);
    for inner in part.parts.iter().skip(count) {
        subsection(draft, "summary", inner);
    }
}

/// Records the duration that a list in the narrative states; the text itself is kept.
fn stated_duration(draft: &mut Draft, narrative: &[Block]) {
    for block in narrative.iter().filter(|block| block.kind == Kind::List) {
        for item in block::items(block) {
            let found = labelled(&item.text).or_else(|| words::plain_label(&item.text));
            let stated = found.filter(|found| folded(found.label) == "duration");
            let seconds = stated.and_then(|found| words::seconds(found.value));
            if let (Some(value), None) = (seconds, &draft.facts.duration) {
                draft.facts.duration = Some(Stated {
                    line: item.line,
                    value,
                });
            }
        }
    }
}

/// Imports a paragraph of labelled lines; unknown labels become unmapped content.
pub(in super::super) fn facts(draft: &mut Draft, section: &str, block: &Block) {
    let mut joined: Vec<(usize, String)> = Vec::new();
    for (line, text) in numbered(block) {
        match joined.last_mut() {
            // A line without a label continues the value above.
            Some((_, last)) if labelled(text).is_none() => last.extend([" ", text.trim()]),
            _ => joined.push((line, text.to_owned())),
        }
    }
    for (line, text) in joined {
        if !labelled(&text).is_some_and(|found| fact(draft, line, found)) {
            draft.keep_unmapped(section, line, &text);
        }
    }
}

/// The folded labels of lists, with their keys.
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
    ("affected service s", "services"),
    ("affected service", "services"),
    ("services affected", "services"),
    ("impacted services", "services"),
];

/// The folded labels of times, with their marks.
const MARKS: &[(&str, &str)] = &[
    ("impact start", "impact_started"),
    ("impact start time", "impact_started"),
    ("impact started", "impact_started"),
    ("impact end", "impact_ended"),
    ("impact end time", "impact_ended"),
    ("impact ended", "impact_ended"),
    ("outage start", "impact_started"),
    ("outage end", "impact_ended"),
    ("detected", "detected"),
    ("reported on", "declared"),
    ("reported at", "declared"),
    ("opened", "declared"),
    ("opened at", "declared"),
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
    ("resolved on", "resolved"),
    ("resolved", "resolved"),
    ("resolved at", "resolved"),
    ("time resolved", "resolved"),
    ("resolution time", "resolved"),
];

/// Imports a labelled value; returns `false` if the label or the value is not recognized.
pub(in super::super) fn fact(draft: &mut Draft, line: usize, found: Labelled) -> bool {
    let value = found.value;
    let label = folded(found.label);
    if let Some((_, key, many)) = PEOPLE.iter().find(|(known, ..)| *known == label) {
        return people(draft, key, *many, unlisted(value));
    }
    if let Some((_, key)) = LISTS.iter().find(|(known, _)| *known == label) {
        let list: Vec<&str> = unlisted(value)
            .split([',', ';'])
            .map(|word| word.trim().trim_matches(['"', '\'']))
            .filter(|word| !word.is_empty())
            .collect();
        draft.set(key, list);
        return true;
    }
    if let Some((_, mark)) = MARKS.iter().find(|(known, _)| *known == label) {
        return match full(value).filter(|found| is_known_zone(found.zone)) {
            Some(found) => {
                let value = draft.times.with_offset(found.written, found.zone);
                draft.facts.marks.push((mark, Stated { line, value }));
                true
            }
            None => false,
        };
    }
    if let Some(rest) = label.strip_prefix("impact window") {
        // The number of windows and their total are computed.
        return rest == "s" || window(draft, line, &found);
    }
    match label.as_str() {
        "incident id" | "id" | "incident number" => Id::new(value).is_ok_and(|id| *id == *draft.id),
        "title" | "incident title" | "incident name" => {
            draft.set("title", value);
            true
        }
        // The layout has determined the time zone already.
        "timezone" | "time zone" => moment::zone(value, None).is_some(),
        "kind" => set_key(draft, "kind", vocabulary::KIND, value),
        "severity" | "severity level" | "priority" | "sev" => severity(draft, line, value),
        "status" => status(draft, line, value),
        "start time"
        | "started"
        | "start"
        | "incident start"
        | "incident start time"
        | "started at"
        | "start date" => time(draft, line, value, true),
        "end time" | "ended" | "end" | "incident end" | "incident end time" | "ended at"
        | "end date" => time(draft, line, value, false),
        // The duration is computed; if the stated one differs, the comparison shows both.
        "duration" | "total duration" | "total downtime" | "downtime" | "outage duration"
        | "incident duration" => {
            let seconds = words::seconds(value);
            draft.facts.duration = seconds.map(|value| Stated { line, value });
            true
        }
        "date" | "incident date" | "date of incident"
            if calendar_day(value).is_some_and(|(_, rest)| rest.trim().is_empty()) =>
        {
            true
        }
        "review scheduled" | "review date" | "review" => match parse_day(value) {
            Ok(_) => {
                draft.set("communication.internal.review_on", date(value));
                true
            }
            Err(_) => false,
        },
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
        "investigations" => {
            draft.related = true;
            draft.note(
                line,
                "link to investigations not imported; it is derived from those that name this incident",
            );
            true
        }
        "supersedes" => relations(draft, "analysis.supersedes", value),
        label => section_fact(draft, label, value),
    }
}

/// Imports a labelled value that belongs to another section; returns `false` if it is unknown.
fn section_fact(draft: &mut Draft, label: &str, value: &str) -> bool {
    match label {
        "summary" | "overview" | "description" if draft.get("summary").is_none() => {
            draft.set("summary", value);
            true
        }
        "impact" if draft.get("impact.summary").is_none() => impact(draft, value),
        "root cause" | "root causes" | "cause" if draft.get("root_cause.primary").is_none() => {
            draft.set("root_cause.primary", value);
            true
        }
        "trigger" => {
            draft.push(
                "root_cause.contributing_factors",
                format!("Trigger: {value}").into(),
            );
            true
        }
        "detection" | "how detected" if draft.get("detection.method").is_none() => {
            draft.set("detection.method", value);
            true
        }
        "resolution" | "mitigation" => {
            draft.push("resolution.immediate", value.into());
            true
        }
        "customer impact" => impact(draft, value),
        "users affected" | "affected users" | "users impacted" => {
            super::impact::affected(draft, value, "users")
        }
        "customers affected" | "affected customers" | "customers impacted" => {
            super::impact::affected(draft, value, "customers")
        }
        _ => false,
    }
}

/// Strips the brackets from a list in front matter: `["a", "b"]`.
fn unlisted(value: &str) -> &str {
    let inner = value
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inner
        .filter(|inner| !inner.contains(['[', ']']))
        .unwrap_or(value)
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
    // In `Complete, action items in progress`, only the first part is the status.
    let first = value.split([',', '(', ';', '/']).next().unwrap_or_default();
    if set_key(draft, "status", vocabulary::STATUS, first) {
        draft.note(
            line,
            format!("status `{value}` read as `{}`", words::one_line(first)),
        );
        draft.keep_unmapped("Status", line, value);
        return true;
    }
    false
}

/// Imports a severity by its key or label; returns `false` if the archive does not define it.
fn severity(draft: &mut Draft, line: usize, value: &str) -> bool {
    if recorded(value).is_none() {
        return true;
    }
    let (word, label) = bracket(value);
    let same =
        |left: &str, right: &str| folded(left).replace(' ', "") == folded(right).replace(' ', "");
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
            draft.note(
                line,
                format!("unknown severity `{value}`; define it with `[severity.KEY]` in `afterword.toml`"),
            );
            false
        }
    }
}

/// Returns `true` if the time zone is absent or its name is known.
fn is_known_zone(name: Option<&str>) -> bool {
    match name {
        None => true,
        Some(name) => moment::zone(name, None).is_some(),
    }
}

fn time(draft: &mut Draft, line: usize, value: &str, start: bool) -> bool {
    if start {
        draft.facts.start_stated = true;
    } else {
        draft.facts.end_stated = true;
    }
    if recorded(value).is_none() {
        return true;
    }
    let Some(found) = full(value) else {
        return false;
    };
    let stated = Stated {
        line,
        value: draft.times.with_offset(found.written, found.zone),
    };
    if start {
        draft.facts.started = Some(stated);
    } else {
        draft.facts.ended = Some(stated);
    }
    is_known_zone(found.zone)
}

/// Imports an impact window: `2025-01-14 09:55 UTC to 2025-01-14 10:10 UTC (15 minutes)`.
fn window(draft: &mut Draft, line: usize, found: &Labelled) -> bool {
    let (times, _) = bracket(found.value);
    let (start, end) = match times.split_once(" to ") {
        Some((start, end)) => (full(start), full(end)),
        None => (full(times), None),
    };
    let Some(start) = start.filter(|start| is_known_zone(start.zone)) else {
        return false;
    };
    let with_offset = |found: moment::Full| draft.times.with_offset(found.written, found.zone);
    let value = StatedWindow {
        start: with_offset(start),
        end: end.map(with_offset),
        text: format!("**{}**: {}", found.label, found.value),
    };
    draft.facts.windows.push(Stated { line, value });
    true
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

/// Imports incidents that are listed as links to their reports.
fn relations(draft: &mut Draft, path: &str, value: &str) -> bool {
    let found: Option<Vec<Value>> = split_at_commas(value)
        .into_iter()
        .map(|text| {
            let (title, target) = link(text)?;
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
