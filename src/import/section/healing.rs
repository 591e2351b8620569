//! Imports the section Self-Healing Performance.

use super::super::block::{Block, Kind, Part};
use super::super::draft::Draft;
use super::super::vocabulary::{HealingLabel, WORDS};
use super::super::words::{self, Labelled, bracket, labelled, line, link};
use super::{
    each_block, is_labelled, labelled_lines, leading_label, prose_items, remainder, subsections,
};
use crate::incident::{HealingAction, Section, SelfHealing};
use crate::kind::Percent;

fn healing(draft: &mut Draft) -> &mut SelfHealing {
    draft.incident.self_healing.get_or_insert_default()
}

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let kept = each_block(draft, &part.blocks, |draft, rest| {
        let [first, others @ ..] = rest else { return 0 };
        let list = others.first().filter(|list| list.kind == Kind::List);
        let label = leading_label(first).filter(|found| found.colon && found.value.is_empty());
        let label = label.and_then(|found| WORDS.labels.healing.get(found.label));
        match (label, list) {
            (Some(HealingLabel::WhyNotResolved), Some(list)) => {
                healing(draft).why_not_resolved.extend(prose_items(list));
                2
            }
            (Some(HealingLabel::Recommendations), Some(list)) => {
                healing(draft).recommendations.extend(prose_items(list));
                2
            }
            _ => usize::from(facts(draft, part.title, first)),
        }
    });
    remainder(draft, Section::SelfHealing, part.title, &kept);
    subsections(draft, Section::SelfHealing, &part.parts);
}

/// Imports a paragraph of facts; returns `false` if the block is not one.
fn facts(draft: &mut Draft, title: &str, block: &Block) -> bool {
    let first = block.text.lines().next().and_then(labelled);
    if !is_labelled(block) || first.is_none_or(|found| found.value.is_empty()) {
        return false;
    }
    healing(draft);
    let known = healing(draft).actions.len();
    labelled_lines(draft, title, block, |draft, _, found| {
        fact(draft, known, found)
    })
}

/// Imports a fact; `known` is the number of actions of the paragraphs above.
fn fact(draft: &mut Draft, known: usize, found: Labelled) -> bool {
    let value = found.value;
    let label = WORDS.labels.healing.get(found.label);
    let file = link(value).and_then(|(path, _)| draft.file(&path));
    let mut last = healing(draft)
        .actions
        .get_mut(known..)
        .unwrap_or_default()
        .last_mut();
    match (label, &mut last) {
        // The number is computed; if the stated one differs, the comparison shows both.
        (Some(HealingLabel::Count), _) => {}
        (Some(HealingLabel::Action), _) => {
            let action = HealingAction {
                name: line(value),
                event: draft.healing_event(value),
                ..HealingAction::default()
            };
            healing(draft).actions.push(action);
        }
        (Some(HealingLabel::Result), Some(action)) if action.result.is_none() => {
            result(action, value);
        }
        (Some(HealingLabel::Playbook), Some(action)) => action.playbook = Some(line(value)),
        (Some(HealingLabel::Run), Some(action)) if file.is_some() => action.run = file,
        (Some(HealingLabel::Effectiveness), _) => effectiveness(draft, found.label, value),
        _ => return false,
    }
    true
}

fn result(action: &mut HealingAction, value: &str) {
    let (word, note) = bracket(value);
    action.result = WORDS.values.healing.get(word);
    let is_known = action.result.is_some() || word == "not recorded";
    action.result_note = if is_known { note } else { Some(value) }.map(line);
}

fn effectiveness(draft: &mut Draft, label: &str, value: &str) {
    let (share, note) = match value.split_once(" - ") {
        Some((share, note)) => (share, Some(note)),
        None => (value, None),
    };
    let percent = share.trim().strip_suffix('%').and_then(words::count);
    let percent = percent.and_then(|percent| u8::try_from(percent).ok());
    let percent = percent.filter(|percent| *percent <= 100).map(Percent);
    if let Some(percent) = percent {
        draft.set(label, |draft| &mut healing(draft).effectiveness, percent);
    }
    if let Some(note) = if percent.is_some() { note } else { Some(value) } {
        draft.set(
            label,
            |draft| &mut healing(draft).effectiveness_note,
            line(note),
        );
    }
}
