//! Imports the section Incident Summary: the facts at the top, the people and the narrative.

use super::super::block::{Block, Part, span as text_of};
use super::super::draft::{Draft, Stated};
use super::super::moment;
use super::super::open::is_open_value;
use super::super::vocabulary::{SummaryLabel, WORDS};
use super::super::words::{self, Labelled, bracket, folded, labelled, line, link, prose, recorded};
use super::super::zone;
use super::{cause, detection, evidence, is_labelled, numbered, subsections};
use crate::incident::{Incident, Section};
use crate::kind::{Either, Id, Line, When};
use crate::moment::parse_day;

mod again;
mod analysis;
mod field;
mod pairs;
mod people;
mod severity;
mod stated;
mod times;

use again::{reopened, scheduled};
use analysis::analysis_fact;
pub(in super::super) use field::without_fields;
pub(in super::super) use pairs::{fact_heading, is_facts, pair, pairs};
use people::{escalations, people, split_at_commas};
use severity::severity;
pub(in super::super) use severity::{set_changes, use_priority};
use stated::{span, stated_duration, stated_times};
use times::{is_known_zone, labelled_mark, time, window};

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let is_fact = |index: &usize| {
        let rest = part.blocks.get(*index..).unwrap_or_default();
        rest.first().is_some_and(is_labelled)
            && evidence::at(draft, Section::Summary, rest).is_none()
    };
    let facts_end = (0..part.blocks.len()).take_while(is_fact).count();
    let (facts_blocks, rest) = part.blocks.split_at(facts_end);
    for block in facts_blocks {
        facts(draft, part.title, block);
    }
    let narrative_end = rest.len() - evidence::trailing(draft, Section::Summary, rest);
    let (narrative, evidence_blocks) = rest.split_at(narrative_end);
    // A table or a list of facts may come before the narrative.
    let fact_count = narrative
        .iter()
        .take_while(|block| facts_end == 0 && pairs(draft, part.title, block))
        .count();
    let narrative = narrative.get(fact_count..).unwrap_or_default();
    stated_duration(draft, narrative);
    if !draft.is_native {
        stated_times(draft, narrative);
    }
    // A heading without content belongs to the narrative.
    let empty = part.parts.iter().take_while(|inner| inner.body.is_empty());
    let (mut text, mut count) = (text_of(part.body, narrative).to_owned(), 0);
    for inner in empty {
        text.push_str(&format!("\n\n### {}", inner.title));
        count += 1;
    }
    if text.is_empty() {
    } else if let (Some(intro), true) = (
        &draft.incident.summary,
        std::mem::take(&mut draft.has_intro),
    ) {
        draft.incident.summary = Some(prose(&format!("{}\n\n{text}", intro.trim_end())));
    } else if draft.incident.summary.is_some() {
        super::push_section(draft, Some(Section::Summary), part.title, &text);
    } else {
        draft.incident.summary = Some(prose(&text));
    }
    super::remainder(draft, Section::Summary, part.title, evidence_blocks);
    let rest = part.parts.get(count..).unwrap_or_default();
    subsections(draft, Section::Summary, rest);
}

/// Starts the summary with the text above the first section.
pub(in super::super) fn intro(draft: &mut Draft, blocks: &[Block]) {
    let texts: Vec<&str> = blocks.iter().map(|block| block.text).collect();
    if texts.is_empty() {
        return;
    }
    stated_duration(draft, blocks);
    stated_times(draft, blocks);
    // The description in front matter is above the text.
    let above = draft.incident.summary.take();
    let texts: Vec<&str> = { above.iter().map(|above| above.trim_end()) }
        .chain(texts)
        .collect();
    draft.incident.summary = Some(prose(&texts.join("\n\n")));
    draft.has_intro = true;
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

/// Returns `true` for the label of a time.
fn is_time_label(label: &str) -> bool {
    let meaning = WORDS.labels.summary.get(label);
    let is_end = matches!(meaning, Some(SummaryLabel::Start | SummaryLabel::End));
    is_end || WORDS.labels.marks.get(label).is_some()
}

/// Imports a labelled value; returns `false` if the label or the value is not recognized.
pub(in super::super) fn fact(draft: &mut Draft, number: usize, found: Labelled) -> bool {
    let Labelled { label, value, .. } = found;
    // The zone of a label is that of its time: `Start time (CET): 2025-03-04 09:00`.
    if let (bare, Some(remark)) = bracket(label)
        && (zone::is_zone(remark) || is_time_label(bare))
    {
        let zone = Some(remark).filter(|remark| zone::is_zone(remark));
        let value = [value, zone.unwrap_or_default()].join(" ");
        let value = value.trim_end();
        let found = Labelled {
            label: bare,
            value,
            ..found
        };
        return fact(draft, number, found);
    }
    if field::import(draft, label, value) {
        return true;
    }
    let mark = WORDS.labels.marks.get(label);
    if is_time_label(label) {
        draft.facts.labelled.push(Stated {
            line: number,
            value: format!("**{label}**: {value}"),
        });
    }
    if let Some(mark) = mark {
        return labelled_mark(draft, number, mark, value);
    }
    if let Some(rest) = folded(label).strip_prefix("impact window") {
        // The number of windows and their total are computed.
        return rest == "s" || window(draft, number, &found);
    }
    let Some(meaning) = WORDS.labels.summary.get(label) else {
        // The layout has read `Timezone of this document: CET` already.
        let label = label.to_lowercase();
        let is_of_zone = WORDS
            .zone_labels
            .iter()
            .any(|phrase| label.contains(phrase.as_str()));
        return is_of_zone && zone::is_zone(value);
    };
    meant(draft, number, found, meaning)
}

/// Imports a value by the meaning of its label; returns `false` if it is not recognized.
fn meant(draft: &mut Draft, number: usize, found: Labelled, meaning: SummaryLabel) -> bool {
    let Labelled { label, value, .. } = found;
    match meaning {
        SummaryLabel::Environment => add(draft, |incident| &mut incident.environment.0, value),
        SummaryLabel::Services => add(draft, |incident| &mut incident.services, value),
        SummaryLabel::Teams => add(draft, |incident| &mut incident.teams, value),
        SummaryLabel::Tags => add(draft, |incident| &mut incident.tags, value),
        SummaryLabel::Id => return Id::new(value).is_ok_and(|id| id == draft.id),
        SummaryLabel::Title => draft.set(label, |draft| &mut draft.title, line(value)),
        // The layout has determined the time zone already.
        SummaryLabel::Timezone => return zone::is_zone(value),
        SummaryLabel::Kind => match WORDS.values.kind.get(value) {
            Some(kind) => draft.incident.kind = kind,
            None => return false,
        },
        SummaryLabel::Objective => {
            draft.set(label, |draft| &mut draft.incident.objective, line(value));
        }
        SummaryLabel::Severity => return severity(draft, number, label, value),
        SummaryLabel::Priority => return priority(draft, number, label, value),
        SummaryLabel::Escalations => return escalations(draft, value),
        SummaryLabel::Status => return status(draft, number, label, value),
        SummaryLabel::Start | SummaryLabel::End => {
            return time(draft, number, value, meaning == SummaryLabel::Start);
        }
        SummaryLabel::Window => return span(draft, number, value),
        SummaryLabel::Duration if span(draft, number, value) => {}
        SummaryLabel::Duration if is_open_value(value) => {
            times::set_open(draft, number, value);
            return false;
        }
        SummaryLabel::Duration => duration(draft, number, label, value),
        SummaryLabel::Date => return date(draft, number, label, value),
        SummaryLabel::Review => return review(draft, label, value),
        SummaryLabel::Header => return false,
        SummaryLabel::Investigations | SummaryLabel::Merged | SummaryLabel::Split => {
            again::linked_from(draft, number, meaning);
        }
        SummaryLabel::SplitFrom => return again::split_from(draft, label, value),
        SummaryLabel::Scheduled => return scheduled(draft, label, value),
        SummaryLabel::Reopened => return reopened(draft, number, value),
        meaning => {
            return people(draft, meaning, label, unlisted(value))
                || analysis_fact(draft, meaning, label, value)
                || section_fact(draft, meaning, label, value);
        }
    }
    true
}

/// Records the priority, which is the severity of a report that states no other; returns `false` for a second one.
fn priority(draft: &mut Draft, line: usize, label: &str, value: &str) -> bool {
    let is_new = draft.facts.priority.is_none();
    draft.facts.priority.get_or_insert(Stated {
        line,
        value: (label.to_owned(), value.to_owned()),
    });
    is_new
}

/// Records the duration, which is computed; if the stated one differs, the comparison shows both.
fn duration(draft: &mut Draft, line: usize, label: &str, value: &str) {
    if recorded(value).is_some() {
        draft.facts.length = Some(Stated {
            line,
            value: format!("**{label}**: {value}"),
        });
    }
    let seconds = draft.labels.seconds(value);
    draft.facts.duration = seconds.map(|value| Stated { line, value });
}

/// Records the date, which the layout has determined already; returns `false` for a value that is none.
fn date(draft: &mut Draft, line: usize, label: &str, value: &str) -> bool {
    let is_day = super::timeline::bare_date(value).is_some();
    let value = format!("**{label}**: {value}");
    draft.facts.date = Some(Stated { line, value }).filter(|_| is_day);
    is_day
}

/// Imports the date of the review; returns `false` for a value that is none.
fn review(draft: &mut Draft, label: &str, value: &str) -> bool {
    let Ok(day) = parse_day(value) else {
        return false;
    };
    let review = When::Written(moment::day(day, false));
    draft.set(label, |draft| super::communication::review(draft), review);
    true
}

/// Adds the words of a list to a key.
fn add(draft: &mut Draft, list: fn(&mut Incident) -> &mut Vec<Line>, value: &str) {
    let words = unlisted(value)
        .split([',', ';'])
        .map(|word| word.trim().trim_matches(['"', '\'']))
        .filter(|word| !word.is_empty());
    draft.add(list, words.map(line));
}

/// Parses a link to the report of an incident of the archive.
pub(super) fn incident(draft: &Draft, text: &str) -> Option<Id> {
    let (title, target) = link(text)?;
    let is_known = target == format!("{title}.md") && draft.ids.contains(&title);
    Id::new(title).ok().filter(|_| is_known)
}

/// Imports a labelled value that belongs to another section; returns `false` if it is unknown.
fn section_fact(draft: &mut Draft, meaning: SummaryLabel, label: &str, value: &str) -> bool {
    match meaning {
        SummaryLabel::Summary if draft.incident.summary.is_none() => {
            draft.incident.summary = Some(words::block(value));
        }
        SummaryLabel::Impact
            if draft
                .incident
                .impact
                .as_ref()
                .is_some_and(|impact| impact.summary.is_some()) =>
        {
            return false;
        }
        SummaryLabel::Impact | SummaryLabel::CustomerImpact => impact(draft, label, value),
        SummaryLabel::RootCause if !cause::is_set(draft) => {
            cause::set(draft, label, words::block(value));
        }
        SummaryLabel::Trigger => {
            cause::add_factors(draft, [words::block(&format!("Trigger: {value}"))]);
        }
        SummaryLabel::Detection if !detection::has_method(draft) => {
            detection::set_method(draft, label, value);
        }
        SummaryLabel::Resolution => super::resolution::resolution(draft)
            .immediate
            .push(Either::Short(words::block(value))),
        SummaryLabel::Users => return super::impact::affected(draft, value, "users"),
        SummaryLabel::Customers => return super::impact::affected(draft, value, "customers"),
        _ => return false,
    }
    true
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

fn status(draft: &mut Draft, number: usize, label: &str, value: &str) -> bool {
    // In `Complete, action items in progress`, only the first part is the status.
    let first = value.split([',', '(', ';', '/']).next().unwrap_or_default();
    // The banner of a merged incident names the other one.
    if draft.incident.merged_into.is_some() && folded(first.trim()) == "merged" {
        if first.len() == value.len() {
            return true;
        }
    } else {
        let whole = WORDS.values.status.get(value);
        let Some(status) = whole.or_else(|| WORDS.values.status.get(first)) else {
            return false;
        };
        draft.set(label, |draft| &mut draft.incident.status, status);
        if whole.is_some() {
            return true;
        }
    }
    let rest = value.get(first.len()..).unwrap_or_default();
    let in_brackets = rest
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'));
    let remark = in_brackets.unwrap_or_else(|| rest.trim_start_matches([',', ';', '/']));
    draft.note(
        number,
        format!(
            "status `{value}` read as `{}` with a remark",
            words::one_line(first)
        ),
    );
    draft.set(
        label,
        |draft| &mut draft.incident.status_note,
        line(remark.trim()),
    );
    true
}

fn impact(draft: &mut Draft, label: &str, value: &str) {
    let (word, note) = bracket(value);
    let level = WORDS.values.level.get(word);
    if let Some(level) = level {
        draft.set(
            label,
            |draft| &mut super::impact::impact(draft).level,
            level,
        );
    }
    if let Some(text) = if level.is_some() { note } else { Some(value) } {
        let text = line(text);
        draft.set(
            label,
            |draft| &mut super::impact::impact(draft).summary,
            text,
        );
    }
}
