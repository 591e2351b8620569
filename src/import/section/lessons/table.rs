//! Imports tables of action items.

use super::super::super::block::{self, Block, Part};
use super::super::super::calendar::calendar_day;
use super::super::super::draft::Draft;
use super::super::super::statement::is_denied;
use super::super::super::vocabulary::{ActionColumn, WORDS, strip_icon};
use super::super::super::words::{self, bracket, line, recorded, web_link};
use super::shape::action_columns;
use super::{default_id, item};
use crate::incident::{ActionItem, Progress};
use crate::kind::{Day, Id, OneOrMany, Url};
use crate::moment::parse_day;

/// Reads the rows of a table of action items, each with its ID.
pub(super) fn read(draft: &mut Draft, part: &Part, block: &Block) -> Vec<(String, ActionItem)> {
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
            let is_status = matches!(column, Some(ActionColumn::Status | ActionColumn::Done));
            if is_status && !is_second {
                row.status = Some(Progress::Unknown);
            }
            if is_second || is_status || column == Some(ActionColumn::Link) && is_ticket {
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
pub(super) fn day(cell: &str) -> Option<Day> {
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
    let found = found
        .or_else(|| leading_status(rest))
        .or_else(|| Some((share_done(rest)?, "")));
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

/// Returns the status of a share of the work: `50 %`.
fn share_done(text: &str) -> Option<Progress> {
    let number = text.trim().strip_suffix('%')?.trim_end();
    match number.parse().ok()? {
        0_u8 => Some(Progress::Planned),
        1..=99 => Some(Progress::InProgress),
        100 => Some(Progress::Done),
        _ => None,
    }
}

/// Splits a status from the remark after it: `Done by Kim`, `Terminé le 3 mars`; `None` if the remark denies it.
pub(super) fn leading_status(text: &str) -> Option<(Progress, &str)> {
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
            || status == Progress::Planned && first == "for"
            || remark.starts_with(|c: char| c.is_ascii_digit());
        (is_remark && !is_denied(remark)).then_some((status, remark))
    })
}
