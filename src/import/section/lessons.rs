//! Imports the section Lessons Learned and the action items.

use super::super::block::{self, Block, Item, Kind, Part};
use super::super::calendar::calendar_day;
use super::super::draft::Draft;
use super::super::statement::is_denied;
use super::super::vocabulary::{ActionColumn, Heading, WORDS, strip_icon};
use super::super::words::{self, bracket, line, prose, recorded, web_link};
use super::{
    columns, each_block, heading, labelled_prose, leading_label, prose_items, remainder,
    subsection, subsections,
};
use crate::incident::{ActionItem, Lessons, Progress, Section};
use crate::kind::{Block as Text, Day, Id, OneOrMany, Url};
use crate::moment::parse_day;
use chrono::NaiveDate;

mod done;
mod item;

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
        // A bold line before a list serves as its heading.
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

/// Returns `true` if a part is a table or a list of action items, or has some below its subheadings.
fn is_actions(part: &Part) -> bool {
    heading(part) == Some(Heading::ActionItems) && has_actions(part)
        || is_action_table(part)
        || has_groups_by_status(part)
}

/// Returns `true` if the subheadings of a part are the statuses of action items: `Completed`, `In Progress`.
pub(in super::super) fn has_groups_by_status(part: &Part) -> bool {
    let is_status =
        |inner: &Part| WORDS.values.progress.get(inner.title).is_some() && has_actions(inner);
    part.parts.iter().any(is_status)
}

/// Returns `true` if a part starts with a table of actions with owners, whatever its heading.
pub(in super::super) fn is_action_table(part: &Part) -> bool {
    let Some(first) = part
        .blocks
        .iter()
        .find(|block| block.kind != Kind::Paragraph)
    else {
        return false;
    };
    let columns = match first.kind {
        Kind::Table => columns(&block::table(first), &WORDS.columns.actions),
        _ => Vec::new(),
    };
    let has = |column: ActionColumn| columns.contains(&Some(column));
    let is_followed = has(ActionColumn::Due) || has(ActionColumn::Status);
    has(ActionColumn::Action) && has(ActionColumn::Owner) && is_followed
}

fn has_actions(part: &Part) -> bool {
    part.blocks.iter().any(holds_actions) || part.parts.iter().any(is_group)
}

/// Returns `true` for a table or a list of action items.
fn holds_actions(block: &Block) -> bool {
    match block.kind {
        Kind::Table => action_columns(&block::table(block)).contains(&Some(ActionColumn::Action)),
        Kind::List => true,
        _ => false,
    }
}

/// Returns the meanings of a table's columns below the heading of action items.
///
/// Beside an owner or a date, the longest column without a meaning has the actions.
fn action_columns(table: &block::Table) -> Vec<Option<ActionColumn>> {
    use ActionColumn::{Action, Due, Owner};
    let mut columns = columns(table, &WORDS.columns.actions);
    let has = |column: ActionColumn| columns.contains(&Some(column));
    let is_missing = !has(Action) && (has(Owner) || has(Due));
    let length = |index: usize| -> usize {
        let cells = table.rows.iter().filter_map(|(_, row)| row.get(index));
        cells.map(String::len).sum()
    };
    let unknown = columns.iter_mut().enumerate().rev();
    let longest = { unknown }
        .filter(|(_, column)| is_missing && column.is_none())
        .max_by_key(|(index, _)| length(*index));
    if let Some((_, column)) = longest {
        *column = Some(Action);
    }
    columns
}

/// Returns `true` for a subheading with action items below it.
fn is_group(part: &Part) -> bool {
    let is_lesson = matches!(
        heading(part),
        Some(Heading::WentWell | Heading::CouldImprove | Heading::Lucky | Heading::Learnings)
    );
    !is_lesson && has_actions(part)
}

/// Imports the action items of a part and of those below it; the text among them stays prose.
///
/// A subheading is the type of its items, or their status: `Done`.
fn grouped_actions(draft: &mut Draft, part: &Part, group: Option<&str>) {
    let status = group.and_then(|title| WORDS.values.progress.get(title));
    let purpose = group.filter(|_| status.is_none()).map(line);
    let near = draft.times.day;
    let mut above = None;
    let kept = each_block(draft, &part.blocks, |draft, rest| {
        let Some(first) = rest.first().filter(|first| holds_actions(first)) else {
            let found = rest.first().and_then(done::stated_above);
            above = found.map(|found| found.status);
            let is_above = rest.get(1).is_some_and(holds_actions);
            return usize::from(found.is_some_and(|found| found.is_whole) && is_above);
        };
        let status = above.take().or(status);
        let rows: Vec<ActionItem> = match first.kind {
            Kind::Table => { read_rows(draft, part, first).into_iter() }
                .map(|(_, row)| row)
                .collect(),
            _ => {
                let items = block::items(first);
                items.iter().map(|item| action(item, near)).collect()
            }
        };
        let (none, rows): (Vec<ActionItem>, Vec<ActionItem>) =
            { rows.into_iter() }.partition(|row| words::is_nothing(&row.action));
        for row in none {
            draft.note(
                first.line,
                format!("`{}` read as no action item", &*row.action),
            );
        }
        let rows = rows.into_iter().map(|row| ActionItem {
            status: row.status.or(status),
            purpose: row.purpose.clone().or_else(|| purpose.clone()),
            ..row
        });
        draft.incident.action_items.extend(rows);
        1
    });
    remainder(draft, Section::Lessons, part.title, &kept);
    for inner in &part.parts {
        if is_group(inner) {
            grouped_actions(draft, inner, Some(inner.title));
        } else {
            subsection(draft, Section::Lessons, inner);
        }
    }
}

/// Imports the action items of a part.
fn actions(draft: &mut Draft, part: &Part) {
    // A heading before the last labelled note belongs to a note.
    let is_label = |block: &Block| leading_label(block).is_some_and(|found| found.colon);
    let last = part.flat.iter().rposition(is_label);
    if last.is_none() && !draft.is_native {
        grouped_actions(draft, part, None);
        return;
    }
    let (flat, parts) = part.split_after(last);
    // The items with the IDs by which notes refer to them.
    let mut rows: Vec<(String, ActionItem)> = Vec::new();
    let kept = each_block(draft, flat, |draft, rest| {
        let [first, others @ ..] = rest else { return 0 };
        match first.kind {
            Kind::Table if rows.is_empty() => rows = read_rows(draft, part, first),
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

fn read_rows(draft: &mut Draft, part: &Part, block: &Block) -> Vec<(String, ActionItem)> {
    let table = block::table(block);
    let columns = action_columns(&table);
    for (title, column) in table.columns.iter().zip(&columns) {
        if *column != WORDS.columns.actions.get(title) {
            draft.note(block.line, format!("column `{title}` read as the actions"));
        }
    }
    let mut rows = Vec::new();
    for (index, (number, cells)) in table.rows.iter().enumerate() {
        let mut row = ActionItem {
            action: line("not recorded"),
            ..ActionItem::default()
        };
        let default = default_id(draft, index);
        let mut id = default.clone();
        let mut unmapped: Vec<String> = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        let mut known: Vec<ActionColumn> = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            let column = columns.get(index).copied().flatten();
            if column == Some(ActionColumn::Id) {
                let (text, url) = match web_link(cell) {
                    Some((text, url)) => (text, Some(url)),
                    None => (cell.clone(), None),
                };
                row.url = url.or(row.url);
                // A plain row number is not an ID.
                let is_row_number = text.bytes().all(|byte| byte.is_ascii_digit());
                if row.id.is_some() && text != id {
                    let title = table.columns.get(index).map_or("", String::as_str);
                    notes.push(format!("{title}: {text}"));
                } else if text != default && !is_row_number {
                    row.id = Some(line(&text));
                    id = text;
                }
                continue;
            }
            let cell = ticket(&mut row, column, cell);
            if !is_stated(column, cell, draft.is_native) {
                continue;
            }
            // A second column of one meaning is a note.
            let is_second = column.is_some_and(|column| known.contains(&column));
            if !is_second && set(&mut row, column, cell) {
                known.extend(column.filter(|column| *column != ActionColumn::Link));
                continue;
            }
            let title = table.columns.get(index).map_or("", String::as_str);
            let text = format!("{title}: {cell}");
            let is_ticket = Id::new(cell).is_ok() || item::is_ticket(cell);
            if is_second || column == Some(ActionColumn::Link) && is_ticket {
                notes.push(text);
            } else {
                unmapped.push(text);
            }
        }
        for text in unmapped {
            draft.keep_unmapped(part.title, *number, &format!("{id}, {text}"));
        }
        if !notes.is_empty() {
            row.notes = Some(words::block(&notes.join("; ")));
        }
        rows.push((id, row));
    }
    rows
}

/// Parses an action with an optional checkbox or status icon.
fn action(item: &Item, near: Option<NaiveDate>) -> ActionItem {
    let (icon, text) = strip_icon(&item.text);
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let mut row = ActionItem::default();
    let (status, first) = item::status(first);
    let (in_front, first) = done::in_front(first);
    row.status = icon.or(status).or(in_front);
    row.action = line(item::details(first, &mut row, near));
    row.status = row.status.or_else(|| done::told(&row.action));
    if !rest.trim().is_empty() {
        let ticket = row.notes.map(|ticket| format!("{ticket}\n\n"));
        row.notes = Some(prose(&format!("{}{rest}", ticket.unwrap_or_default())));
    }
    row
}

/// Strips a status after a ticket, as in `n/a **DONE**`, and sets it.
fn ticket<'c>(row: &mut ActionItem, column: Option<ActionColumn>, cell: &'c str) -> &'c str {
    let is_open = column == Some(ActionColumn::Link) && row.status.is_none();
    match cell.rsplit_once(' ').filter(|_| is_open) {
        Some((rest, word)) if status(row, word.trim_matches('*')) => rest,
        _ => cell,
    }
}

/// Returns `true` if a cell has a value; `TBD` as a due date or link does not count.
fn is_stated(column: Option<ActionColumn>, cell: &str, is_native: bool) -> bool {
    let is_nothing = words::is_nothing(cell) && !is_native;
    let is_open = is_nothing || matches!(words::folded(cell).as_str(), "tbd" | "tba");
    let may_be_open = matches!(
        column,
        Some(ActionColumn::Due | ActionColumn::Link | ActionColumn::Owner)
    );
    recorded(cell).is_some() && !(may_be_open && is_open)
}

/// Parses a cell that is only a date.
fn day(cell: &str) -> Option<Day> {
    let (day, rest) = calendar_day(cell)?;
    rest.trim().is_empty().then_some(Day(day))
}

/// Sets the value of a cell; returns `false` if it cannot be represented.
fn set(row: &mut ActionItem, column: Option<ActionColumn>, cell: &str) -> bool {
    match column {
        Some(ActionColumn::Action) => row.action = line(cell),
        Some(ActionColumn::Owner) => row.owner = OneOrMany(vec![line(cell)]),
        Some(ActionColumn::Priority) => row.priority = Some(line(cell)),
        Some(ActionColumn::Type) => row.purpose = Some(line(cell)),
        Some(ActionColumn::Due) => {
            let day = day(cell);
            row.due = day.or(row.due);
            return day.is_some();
        }
        Some(ActionColumn::Status) => return status(row, cell),
        Some(ActionColumn::Done) => {
            let answer = words::folded(cell);
            row.status = match answer.as_str() {
                _ if WORDS.yes.contains(&answer) => Some(Progress::Done),
                _ if answer == "n" || WORDS.open_answers.contains(&answer) => {
                    Some(Progress::Planned)
                }
                _ => return status(row, cell),
            };
        }
        Some(ActionColumn::Link) => {
            let url = web_link(cell).map(|(_, url)| url);
            let url = url.or_else(|| Url::new(cell).ok());
            let is_new = url.is_some() && row.url.is_none();
            row.url = row.url.take().or(url);
            return is_new;
        }
        Some(ActionColumn::Id) | None => return false,
    }
    true
}

/// Parses `✅ Done (2025-01-20)` and `❌ Cancelled (no longer needed)`.
fn status(row: &mut ActionItem, cell: &str) -> bool {
    let (icon, text) = strip_icon(cell);
    let mut rest = text;
    let mut notes = Vec::new();
    while let (before, Some(note)) = bracket(rest) {
        notes.push(note);
        rest = before;
        if notes.len() == 2 {
            break;
        }
    }
    let found = WORDS.values.progress.get(rest).map(|status| (status, ""));
    let found = found.or_else(|| leading_status(rest));
    let found = found.or(icon.filter(|_| rest.is_empty()).map(|status| (status, "")));
    let Some((status, remark)) = found else {
        return false;
    };
    match parse_day(remark) {
        Ok(day) => row.done_on = Some(Day(day)),
        Err(_) if !remark.is_empty() => notes.push(remark),
        Err(_) => {}
    }
    row.status = Some(status);
    let day = |note: &&str| parse_day(note).map(Day).ok();
    let (done_on, reason) = match notes.as_slice() {
        [] => (None, None),
        [one] => match day(one) {
            Some(day) => (Some(day), None),
            None => (None, Some(*one)),
        },
        [reason, second, ..] => match day(second) {
            Some(day) => (Some(day), Some(*reason)),
            None => (None, Some(*second)),
        },
    };
    row.done_on = done_on.or(row.done_on);
    row.reason = reason.map(line).or(row.reason.take());
    true
}

/// Splits a status from the remark after it: `Done by Kim`, `Terminé le 3 mars`; `None` if the remark denies it.
fn leading_status(text: &str) -> Option<(Progress, &str)> {
    let ends = text.match_indices(|c: char| !c.is_alphanumeric());
    let ends: Vec<usize> = ends.map(|(at, _)| at).collect();
    ends.into_iter().rev().find_map(|end| {
        let (status, rest) = text.split_at_checked(end)?;
        let status = WORDS.values.progress.get(status)?;
        let remark = rest.trim_start_matches([' ', ',', ';', '.', ':', '-', '–', '—']);
        let is_separate = !rest.starts_with(' ') || rest.trim_start().len() > remark.len();
        let first = words::folded(remark.split(' ').next().unwrap_or_default());
        let is_remark = is_separate
            || WORDS.after_status.contains(&first)
            || remark.starts_with(|c: char| c.is_ascii_digit());
        (is_remark && !is_denied(remark)).then_some((status, remark))
    })
}
