//! Lessons Learned, and the action items.

use serde_json::{Map, Value};

use super::super::block::{self, Block, Kind, Part, Table};
use super::super::draft::Draft;
use super::super::toml::date;
use super::super::vocabulary::{self, key, sign};
use super::super::words::{self, bracket, link, recorded};
use super::{entries, is_titled, labelled_prose, lines, opening, subsection, tail};
use crate::import::is_id;
use crate::kind::Url;
use crate::moment::parse_day;

mod item;

/// The lists, by the words of their headings.
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

/// Reads the section.
pub(super) fn read(draft: &mut Draft, part: &Part) {
    let mut kept: Vec<Block> = Vec::new();
    let mut named: Option<String> = None;
    for (place, block) in part.blocks.iter().enumerate() {
        let next = part.blocks.get(place + 1);
        let is_list = |block: &Block| block.kind == Kind::List;
        // A line in bold may stand for a heading.
        if let Some(path) = listed(draft, block).filter(|_| next.is_some_and(is_list)) {
            named = Some(path);
            continue;
        }
        if let Some(path) = named.take() {
            draft.set(&path, entries(block));
            continue;
        }
        // A list right under the heading is what was learned.
        if block.kind == Kind::List && draft.get("lessons.learnings").is_none() {
            draft.set("lessons.learnings", entries(block));
        } else {
            kept.push(*block);
        }
    }
    tail(draft, "lessons", part.title, &kept);
    for inner in &part.parts {
        let known = LISTS
            .iter()
            .find(|(titles, _)| is_titled(inner, titles))
            .map(|(_, key)| format!("lessons.{key}"));
        match (known, inner.blocks.split_first()) {
            (Some(path), Some((list, rest)))
                if list.kind == Kind::List && draft.get(&path).is_none() =>
            {
                draft.set(&path, entries(list));
                tail(draft, "lessons", inner.title, rest);
                for deeper in &inner.parts {
                    subsection(draft, "lessons", deeper);
                }
            }
            // A paragraph alone is a list of one.
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

/// Finds the list that a line in bold names, where nothing is in it yet.
fn listed(draft: &Draft, block: &Block) -> Option<String> {
    let found = opening(block).filter(|found| found.value.is_empty())?;
    let label = words::folded(found.label);
    let (_, key) = LISTS
        .iter()
        .find(|(titles, _)| titles.contains(&label.as_str()))?;
    let is_line = !block.text.trim().contains('\n');
    Some(format!("lessons.{key}")).filter(|path| is_line && draft.get(path).is_none())
}

/// Says whether a part is action items, by kinds: a heading for each, and its list.
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

/// The headings of action items.
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

/// Says whether a part is a table or a list of action items.
pub(in super::super) fn is_actions(part: &Part) -> bool {
    let holds = part.blocks.iter().any(|block| match block.kind {
        Kind::Table => columns(&block::table(block)).contains(&Column::Action),
        Kind::List => true,
        _ => false,
    });
    is_titled(part, ACTIONS) && holds
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

/// Reads the action items of a part.
pub(in super::super) fn actions(draft: &mut Draft, part: &Part) {
    // A heading among the notes is of one of them.
    let last = part
        .flat
        .iter()
        .rposition(|block| opening(block).is_some_and(|found| found.colon));
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
        let named =
            opening(first).and_then(|found| rows.iter().position(|(id, _)| id == found.label));
        match named.and_then(|place| rows.get_mut(place)) {
            Some((_, row)) => {
                let is_next = |block: &&Block| !opening(block).is_some_and(|found| found.colon);
                let count = 1 + others.iter().take_while(is_next).count();
                let (own, next) = rest.split_at(count);
                row.insert("notes".to_owned(), labelled_prose(part.body, own).into());
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
    tail(draft, "lessons", part.title, &kept);
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
    for (at, (line, cells)) in table.rows.iter().enumerate() {
        let mut row = Map::new();
        let default = format!("{}-A{}", draft.id, before + at + 1);
        let mut id = default.clone();
        let mut lost: Vec<String> = Vec::new();
        let mut noted: Vec<String> = Vec::new();
        for (place, cell) in cells.iter().enumerate() {
            let column = columns.get(place).copied().unwrap_or(Column::Other);
            if column == Column::Id {
                let (words, url) = linked(cell);
                if let Some(url) = url {
                    row.insert("url".to_owned(), url.into());
                }
                // A number that counts the rows names none of them.
                let is_count = words.bytes().all(|byte| byte.is_ascii_digit());
                if words != default && !is_count {
                    row.insert("id".to_owned(), words.as_str().into());
                    id = words;
                }
                continue;
            }
            let cell = ticket(&mut row, column, cell);
            if is_told(column, cell) && !set(&mut row, column, cell) {
                let title = table.columns.get(place).map_or("", String::as_str);
                let words = format!("{title}: {cell}");
                if column == Column::Link && (is_id(cell) || item::is_ticket(cell)) {
                    noted.push(words);
                } else {
                    lost.push(words);
                }
            }
        }
        if !row.contains_key("action") {
            row.insert("action".to_owned(), "not recorded".into());
        }
        for words in lost {
            draft.leave(part.title, *line, &format!("{id}, {words}"));
        }
        if !noted.is_empty() {
            row.insert("notes".to_owned(), noted.join("; ").into());
        }
        rows.push((id, row));
    }
    rows
}

/// Reads a list of actions, each with its box or its sign.
fn read_list(draft: &Draft, block: &Block) -> Vec<(String, Map<String, Value>)> {
    let before = draft
        .get("action_items")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let items = block::items(block).into_iter().enumerate();
    let row = |(at, item): (usize, block::Item)| {
        let (status, words) = sign(&item.text);
        let (first, rest) = words.split_once('\n').unwrap_or((words, ""));
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
        (format!("{}-A{}", draft.id, before + at + 1), row)
    };
    items.map(row).collect()
}

/// Cuts the status from behind a ticket, as in `n/a **DONE**`.
fn ticket<'c>(row: &mut Map<String, Value>, column: Column, cell: &'c str) -> &'c str {
    let cut = cell.rsplit_once(' ');
    let cut = cut.filter(|_| column == Column::Link && !row.contains_key("status"));
    match cut {
        Some((rest, word)) if status(row, word.trim_matches('*')) => rest,
        _ => cell,
    }
}

/// Says whether a cell tells something; a day or a ticket that is still to be found is none.
fn is_told(column: Column, cell: &str) -> bool {
    let is_open = matches!(words::folded(cell).as_str(), "tbd" | "tba" | "n a" | "none");
    recorded(cell).is_some() && !(matches!(column, Column::Due | Column::Link) && is_open)
}

fn linked(cell: &str) -> (String, Option<String>) {
    match link(cell).filter(|(_, url)| Url::new(url.as_str()).is_ok()) {
        Some((words, url)) => (words, Some(url)),
        None => (cell.to_owned(), None),
    }
}

/// Sets what a cell says; says whether it could.
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
            let free = url.is_some() && !row.contains_key("url");
            if let Some(url) = url.filter(|_| free) {
                row.insert("url".to_owned(), url.into());
            }
            return free;
        }
        Column::Id | Column::Other => return false,
    };
    row.insert(name.to_owned(), cell.into());
    true
}

/// Reads `✅ Done (2025-01-20)`, `❌ Cancelled (no longer needed)`.
fn status(row: &mut Map<String, Value>, cell: &str) -> bool {
    let (signed, words) = sign(cell);
    let mut rest = words;
    let mut notes = Vec::new();
    while let (before, Some(note)) = bracket(rest) {
        notes.push(note);
        rest = before;
        if notes.len() == 2 {
            break;
        }
    }
    let found = key(vocabulary::PROGRESS, rest).or(signed.filter(|_| rest.is_empty()));
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
