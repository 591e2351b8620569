//! Imports the section Lessons Learned and the action items.

use super::super::block::{self, Block, Item, Kind, Part};
use super::super::draft::Draft;
use super::super::vocabulary::{Heading, WORDS, strip_icon};
use super::super::words::{line, prose};
use super::{
    each_block, heading, labelled_prose, leading_label, prose_items, remainder, subsection,
    subsections,
};
use crate::incident::{ActionItem, Lessons, Section};
use crate::kind::Block as Text;
use chrono::NaiveDate;

mod done;
mod group;
mod item;
mod shape;
mod table;

pub(in super::super) use shape::{has_groups_by_status, is_actions_by_form, several};
use shape::{is_action_heading, is_actions};

/// A list of lessons.
type List = fn(&mut Lessons) -> &mut Vec<Text>;

/// Returns the list that a heading names, or `None` if it is no list or has items already.
fn empty_list(draft: &Draft, heading: Option<Heading>) -> Option<List> {
    let list: List = match heading? {
        Heading::WentWell => |lessons| &mut lessons.went_well,
        Heading::CouldImprove => |lessons| &mut lessons.could_improve,
        Heading::Lucky => |lessons| &mut lessons.lucky,
        Heading::Learnings => |lessons| &mut lessons.learnings,
        _ => return None,
    };
    let mut lessons = draft.incident.lessons.clone().unwrap_or_default();
    list(&mut lessons).is_empty().then_some(list)
}

fn fill(draft: &mut Draft, list: List, items: Vec<Text>) {
    list(draft.incident.lessons.get_or_insert_default()).extend(items);
}

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let kept = each_block(draft, &part.blocks, |draft, rest| {
        let [first, others @ ..] = rest else { return 0 };
        // A bold line before a list or a table serves as its heading.
        if let [next, ..] = others
            && is_action_line(first)
            && shape::holds_actions(next)
        {
            group::import(draft, &part.with_blocks(&[*next]));
            return 2;
        }
        let next = others.first().filter(|next| next.kind == Kind::List);
        if let (Some(list), Some(next)) = (named_list(draft, first), next) {
            fill(draft, list, prose_items(next));
            return 2;
        }
        // A list directly under the heading contains the learnings.
        match empty_list(draft, Some(Heading::Learnings)) {
            Some(list) if first.kind == Kind::List => {
                fill(draft, list, prose_items(first));
                1
            }
            _ => 0,
        }
    });
    remainder(draft, Section::Lessons, part.title, &kept);
    for inner in &part.parts {
        match (empty_list(draft, heading(inner)), inner.blocks.as_slice()) {
            (Some(list), [first, rest @ ..]) if first.kind == Kind::List => {
                fill(draft, list, prose_items(first));
                remainder(draft, Section::Lessons, inner.title, rest);
                subsections(draft, Section::Lessons, &inner.parts);
            }
            // A single paragraph is a list of one item.
            (Some(list), [only]) if only.kind == Kind::Paragraph && inner.parts.is_empty() => {
                fill(draft, list, vec![prose(only.text)]);
            }
            _ if is_actions(inner) => actions(draft, inner),
            _ => subsection(draft, Section::Lessons, inner),
        }
    }
}

/// Returns the list that a bold line names.
fn named_list(draft: &Draft, block: &Block) -> Option<List> {
    let found = leading_label(block).filter(|found| found.value.is_empty())?;
    let is_line = !block.text.trim().contains('\n');
    empty_list(draft, WORDS.headings.get(found.label)).filter(|_| is_line)
}

/// Returns `true` for a bold line that is a heading of action items: `**Action Items:**`.
fn is_action_line(block: &Block) -> bool {
    let found = leading_label(block).filter(|found| found.value.is_empty());
    let is_line = !block.text.trim().contains('\n');
    is_line && found.is_some_and(|found| is_action_heading(found.label))
}

/// Imports the action items of a part.
fn actions(draft: &mut Draft, part: &Part) {
    // A heading before the last labelled note belongs to a note.
    let is_label = |block: &Block| leading_label(block).is_some_and(|found| found.colon);
    let last = part.flat.iter().rposition(is_label);
    if last.is_none() && !draft.is_native {
        group::import(draft, part);
        return;
    }
    let (flat, parts) = part.split_after(last);
    // The items with the IDs by which notes refer to them.
    let mut rows: Vec<(String, ActionItem)> = Vec::new();
    let kept = each_block(draft, flat, |draft, rest| {
        let [first, others @ ..] = rest else { return 0 };
        match first.kind {
            Kind::Table if rows.is_empty() => rows = table::read(draft, part, first),
            Kind::List if rows.is_empty() => {
                let items = block::items(first).into_iter().enumerate();
                let named =
                    |(index, item): (usize, Item)| (default_id(draft, index), action(&item, None));
                rows = items.map(named).collect();
            }
            _ => {
                let label = leading_label(first);
                let named =
                    label.and_then(|found| rows.iter_mut().find(|(id, _)| id == found.label));
                let Some((_, row)) = named else { return 0 };
                let count = 1 + others.iter().take_while(|block| !is_label(block)).count();
                let note = rest.get(..count).unwrap_or_default();
                row.notes = Some(labelled_prose(part.body, note));
                return count;
            }
        }
        1
    });
    let rows = rows.into_iter().map(|(_, row)| row);
    draft.incident.action_items.extend(rows);
    remainder(draft, Section::Lessons, part.title, &kept);
    subsections(draft, Section::Lessons, &parts);
}

/// Returns the ID that a report prints for an item without one.
fn default_id(draft: &Draft, index: usize) -> String {
    let number = draft.incident.action_items.len() + index + 1;
    format!("{}-A{number}", draft.id)
}

/// Parses an action with an optional checkbox or status icon; what follows its first paragraph is its notes.
fn action(item: &Item, near: Option<NaiveDate>) -> ActionItem {
    let (icon, text) = strip_icon(&item.text);
    let (first, rest) = item::first_paragraph(text);
    let mut row = ActionItem::default();
    let (status, first) = item::status(&first);
    let (in_front, first) = done::in_front(first);
    row.status = icon.or(status).or(in_front);
    row.action = line(item::unemphasized(item::details(first, &mut row, near)));
    row.status = row.status.or_else(|| done::told(&row.action));
    if !rest.trim().is_empty() {
        let ticket = row.notes.map(|ticket| format!("{ticket}\n\n"));
        row.notes = Some(prose(&format!("{}{rest}", ticket.unwrap_or_default())));
    }
    row
}
