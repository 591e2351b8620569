//! Imports the section Lessons Learned and the action items.

use serde_json::{Map, Value};

use super::super::block::{self, Block, Kind, Part, Table};
use super::super::draft::Draft;
use super::super::toml::date;
use super::super::vocabulary::{self, key, strip_icon};
use super::super::words::{self, bracket, link, recorded};
use super::{is_titled, item_values, labelled_prose, leading_label, lines, remainder, subsection};
use crate::import::is_id;
use crate::kind::Url;
use crate::moment::parse_day;

mod item;

/// The folded headings of the lists, with their keys.
const LISTS: &[(&[&str], &str)] = &[
    (
        &[
            "what went well",
            "what worked well",
            "things that went well",
            "went well",
        ],
        "went_well",
    ),
    (
        &[
            "what could be improved",
            "what went wrong",
            "what didnt go well",
            "what went badly",
            "what didnt go so well",
            "things that went poorly",
            "what could have gone better",
            "what could we do better",
            "did not go well",
            "went poorly",
            "went badly",
            "went wrong",
            "what went poorly",
        ],
        "could_improve",
    ),
    (
        &[
            "where we got lucky",
            "got lucky",
            "what got lucky",
            "things that went lucky",
        ],
        "lucky",
    ),
    (
        &[
            "learnings",
            "lessons",
            "what we learned",
            "what did we learn",
        ],
        "learnings",
    ),
];

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    let mut kept: Vec<Block> = Vec::new();
    let mut named: Option<String> = None;
    for (index, block) in part.blocks.iter().enumerate() {
        let next = part.blocks.get(index + 1);
        let is_list = |block: &Block| block.kind == Kind::List;
        // A bold line before a list serves as its heading.
        if let Some(path) = list_key_path(draft, block).filter(|_| next.is_some_and(is_list)) {
            named = Some(path);
            continue;
        }
        if let Some(path) = named.take() {
            draft.set(&path, item_values(block));
            continue;
        }
        // A list directly under the heading contains the learnings.
        if block.kind == Kind::List && draft.get("lessons.learnings").is_none() {
            draft.set("lessons.learnings", item_values(block));
        } else {
            kept.push(*block);
        }
    }
    remainder(draft, "lessons", part.title, &kept);
    for inner in &part.parts {
        let known = LISTS
            .iter()
            .find(|(titles, _)| is_titled(inner, titles))
            .map(|(_, key)| format!("lessons.{key}"));
        match (known, inner.blocks.split_first()) {
            (Some(path), Some((list, rest)))
                if list.kind == Kind::List && draft.get(&path).is_none() =>
            {
                draft.set(&path, item_values(list));
                remainder(draft, "lessons", inner.title, rest);
                for deeper in &inner.parts {
                    subsection(draft, "lessons", deeper);
                }
            }
            // A single paragraph is a list of one item.
            (Some(path), Some((only, [])))
                if only.kind == Kind::Paragraph
                    && inner.parts.is_empty()
                    && draft.get(&path).is_none() =>
            {
                draft.set(&path, vec![Value::from(lines(only.text))]);
            }
            _ if is_actions(inner) => actions(draft, inner),
            _ if is_actions_by_kind(inner) => actions_by_kind(draft, inner),
            _ => subsection(draft, "lessons", inner),
        }
    }
}

/// Returns the key path of the list that a bold line names, or `None` if that list is set already.
fn list_key_path(draft: &Draft, block: &Block) -> Option<String> {
    let found = leading_label(block).filter(|found| found.value.is_empty())?;
    let label = words::folded(found.label);
    let (_, key) = LISTS
        .iter()
        .find(|(titles, _)| titles.contains(&label.as_str()))?;
    let is_line = !block.text.trim().contains('\n');
    Some(format!("lessons.{key}")).filter(|path| is_line && draft.get(path).is_none())
}

/// Returns `true` if a part contains action items grouped by type, each group a heading and a list.
fn is_actions_by_kind(part: &Part) -> bool {
    let is_kind = |inner: &Part| {
        matches!(inner.blocks.as_slice(), [only] if only.kind == Kind::List)
            && inner.parts.is_empty()
    };
    let kinds = part.parts.as_slice();
    part.blocks.is_empty()
        && !kinds.is_empty()
        && kinds.iter().all(is_kind)
        && is_titled(part, ACTIONS)
}

fn actions_by_kind(draft: &mut Draft, part: &Part) {
    for kind in &part.parts {
        for block in &kind.blocks {
            for (_, mut row) in read_list(draft, block) {
                row.insert("type".to_owned(), words::one_line(kind.title).into());
                draft.push("action_items", Value::Object(row));
            }
        }
    }
}

/// The folded headings of action items.
const ACTIONS: &[&str] = &[
    "action items",
    "actions",
    "follow up actions",
    "corrective actions",
    "follow ups",
    "next steps",
    "followup actions",
    "remediation items",
    "corrective and preventive actions",
    "preventive actions",
    "improvement actions",
    "action points",
    "action plan",
    "follow up items",
    "what are we doing about it",
];

/// Returns `true` if a part is a table or a list of action items.
pub(in super::super) fn is_actions(part: &Part) -> bool {
    let has_actions = part.blocks.iter().any(|block| match block.kind {
        Kind::Table => columns(&block::table(block)).contains(&Column::Action),
        Kind::List => true,
        _ => false,
    });
    is_titled(part, ACTIONS) && has_actions
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Action,
    Owner,
    Due,
    Status,
    Priority,
    Type,
    Link,
    Other,
}

fn columns(table: &Table) -> Vec<Column> {
    let named = table
        .columns
        .iter()
        .map(|title| match words::folded(title).as_str() {
            "id" | "number" | "no" | "nr" | "ref" | "reference" | "" => Column::Id,
            "action" | "action item" | "task" | "description" | "item" | "what" | "title" => {
                Column::Action
            }
            "owner" | "owners" | "assignee" | "assigned to" | "who" | "responsible" | "dri"
            | "action owner" | "person" => Column::Owner,
            "due date" | "due" | "deadline" | "by when" | "target date" | "target" | "eta"
            | "when" => Column::Due,
            "status" | "state" => Column::Status,
            "priority" | "prio" => Column::Priority,
            "type" | "kind" | "category" => Column::Type,
            "bug" | "ticket" | "tickets" | "issue" | "link" | "tracking" | "jira" | "tracker" => {
                Column::Link
            }
            _ => Column::Other,
        });
    named.collect()
}

/// Imports the action items of a part.
pub(in super::super) fn actions(draft: &mut Draft, part: &Part) {
    // A heading before the last labelled note belongs to a note.
    let last = part
        .flat
        .iter()
        .rposition(|block| leading_label(block).is_some_and(|found| found.colon));
    let (flat, parts) = part.split_after(last);
    let mut rest = flat;
    let mut kept: Vec<Block> = Vec::new();
    let mut rows: Vec<(String, Map<String, Value>)> = Vec::new();
    while let Some((first, others)) = rest.split_first() {
        if first.kind == Kind::Table && rows.is_empty() {
            rows = read_rows(draft, part, first);
            rest = others;
            continue;
        }
        if first.kind == Kind::List && rows.is_empty() {
            rows = read_list(draft, first);
            rest = others;
            continue;
        }
        let named = leading_label(first)
            .and_then(|found| rows.iter().position(|(id, _)| id == found.label));
        match named.and_then(|index| rows.get_mut(index)) {
            Some((_, row)) => {
                let is_next =
                    |block: &&Block| !leading_label(block).is_some_and(|found| found.colon);
                let count = 1 + others.iter().take_while(is_next).count();
                let (note, next) = rest.split_at(count);
                row.insert("notes".to_owned(), labelled_prose(part.body, note).into());
                rest = next;
            }
            None => {
                kept.push(*first);
                rest = others;
            }
        }
    }
    for (_, row) in rows {
        draft.push("action_items", Value::Object(row));
    }
    remainder(draft, "lessons", part.title, &kept);
    for inner in &parts {
        subsection(draft, "lessons", inner);
    }
}

fn read_rows(draft: &mut Draft, part: &Part, block: &Block) -> Vec<(String, Map<String, Value>)> {
    let table = block::table(block);
    let columns = columns(&table);
    let before = draft
        .get("action_items")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let mut rows = Vec::new();
    for (index, (line, cells)) in table.rows.iter().enumerate() {
        let mut row = Map::new();
        let default = format!("{}-A{}", draft.id, before + index + 1);
        let mut id = default.clone();
        let mut unmapped: Vec<String> = Vec::new();
        let mut notes: Vec<String> = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            let column = columns.get(index).copied().unwrap_or(Column::Other);
            if column == Column::Id {
                let (text, url) = linked(cell);
                if let Some(url) = url {
                    row.insert("url".to_owned(), url.into());
                }
                // A plain row number is not an ID.
                let is_row_number = text.bytes().all(|byte| byte.is_ascii_digit());
                if text != default && !is_row_number {
                    row.insert("id".to_owned(), text.as_str().into());
                    id = text;
                }
                continue;
            }
            let cell = ticket(&mut row, column, cell);
            if is_stated(column, cell) && !set(&mut row, column, cell) {
                let title = table.columns.get(index).map_or("", String::as_str);
                let text = format!("{title}: {cell}");
                if column == Column::Link && (is_id(cell) || item::is_ticket(cell)) {
                    notes.push(text);
                } else {
                    unmapped.push(text);
                }
            }
        }
        if !row.contains_key("action") {
            row.insert("action".to_owned(), "not recorded".into());
        }
        for text in unmapped {
            draft.keep_unmapped(part.title, *line, &format!("{id}, {text}"));
        }
        if !notes.is_empty() {
            row.insert("notes".to_owned(), notes.join("; ").into());
        }
        rows.push((id, row));
    }
    rows
}

/// Parses a list of actions, each with an optional checkbox or status icon.
fn read_list(draft: &Draft, block: &Block) -> Vec<(String, Map<String, Value>)> {
    let before = draft
        .get("action_items")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let items = block::items(block).into_iter().enumerate();
    let row = |(index, item): (usize, block::Item)| {
        let (status, text) = strip_icon(&item.text);
        let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
        let mut row = Map::new();
        row.insert("action".to_owned(), first.into());
        let action = item::details(first, &mut row);
        row.insert("action".to_owned(), action.into());
        if let Some(status) = status {
            row.insert("status".to_owned(), status.into());
        }
        if !rest.trim().is_empty() {
            let ticket = row.get("notes").and_then(Value::as_str);
            let ticket = ticket.map(|ticket| format!("{ticket}\n\n"));
            let notes = format!("{}{rest}", ticket.unwrap_or_default());
            row.insert("notes".to_owned(), lines(&notes).into());
        }
        (format!("{}-A{}", draft.id, before + index + 1), row)
    };
    items.map(row).collect()
}

/// Strips a status after a ticket, as in `n/a **DONE**`, and sets it.
fn ticket<'c>(row: &mut Map<String, Value>, column: Column, cell: &'c str) -> &'c str {
    let split = cell.rsplit_once(' ');
    let split = split.filter(|_| column == Column::Link && !row.contains_key("status"));
    match split {
        Some((rest, word)) if status(row, word.trim_matches('*')) => rest,
        _ => cell,
    }
}

/// Returns `true` if a cell has a value; `TBD` as a due date or link does not count.
fn is_stated(column: Column, cell: &str) -> bool {
    let is_open = matches!(words::folded(cell).as_str(), "tbd" | "tba" | "n a" | "none");
    recorded(cell).is_some() && !(matches!(column, Column::Due | Column::Link) && is_open)
}

fn linked(cell: &str) -> (String, Option<String>) {
    match link(cell).filter(|(_, url)| Url::new(url.as_str()).is_ok()) {
        Some((text, url)) => (text, Some(url)),
        None => (cell.to_owned(), None),
    }
}

/// Sets the value of a cell; returns `false` if it cannot be represented.
fn set(row: &mut Map<String, Value>, column: Column, cell: &str) -> bool {
    let name = match column {
        Column::Action => "action",
        Column::Owner => "owner",
        Column::Priority => "priority",
        Column::Type => "type",
        Column::Due => {
            let day = super::super::entry_time::calendar_day(cell)
                .filter(|(_, rest)| rest.trim().is_empty());
            if let Some((day, _)) = day {
                row.insert("due".to_owned(), date(&day.to_string()));
            }
            return day.is_some();
        }
        Column::Status => return status(row, cell),
        Column::Link => {
            let (_, url) = linked(cell);
            let url = url.or_else(|| Url::new(cell).is_ok().then(|| cell.to_owned()));
            let is_new = url.is_some() && !row.contains_key("url");
            if let Some(url) = url.filter(|_| is_new) {
                row.insert("url".to_owned(), url.into());
            }
            return is_new;
        }
        Column::Id | Column::Other => return false,
    };
    row.insert(name.to_owned(), cell.into());
    true
}

/// Parses `✅ Done (2025-01-20)` and `❌ Cancelled (no longer needed)`.
fn status(row: &mut Map<String, Value>, cell: &str) -> bool {
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
    let found = key(vocabulary::PROGRESS, rest).or(icon.filter(|_| rest.is_empty()));
    let Some(status) = found else { return false };
    row.insert("status".to_owned(), status.into());
    let (day, reason) = match notes.as_slice() {
        [] => (None, None),
        [one] if parse_day(one).is_ok() => (Some(*one), None),
        [one] => (None, Some(*one)),
        [reason, day, ..] if parse_day(day).is_ok() => (Some(*day), Some(*reason)),
        [.., first] => (None, Some(*first)),
    };
    if let Some(day) = day {
        row.insert("done_on".to_owned(), date(day));
    }
    if let Some(reason) = reason {
        row.insert("reason".to_owned(), lines(reason).into());
    }
    true
}
