//! Imports the section Root Cause: the cause, the problem, the contributing factors and the analysis.

use serde_json::{Map, Value, json};

use super::super::block::{self, Block, Kind, Part};
use super::super::draft::Draft;
use super::super::vocabulary::{self, key};
use super::super::words::{self, bracket, recorded};
use super::{
    evidence, is_titled, item_values, labelled_prose, leading_label, remainder, subsection,
};

/// The folded labels of the section, with what they introduce.
const LABELS: &[(&str, &str)] = &[
    ("status", "status"),
    ("primary cause", "primary"),
    ("root cause", "primary"),
    ("cause", "primary"),
    ("problem", "problem"),
    ("contributing factors", "factors"),
    ("contributing factor", "factors"),
    ("contributing causes", "factors"),
    ("cause chain", "chain"),
];

fn label(block: &Block) -> Option<&'static str> {
    let found = leading_label(block)?;
    let folded = words::folded(found.label);
    let (_, content) = LABELS.iter().find(|(label, _)| *label == folded)?;
    found.colon.then_some(*content)
}

/// Imports the section.
pub(super) fn import(draft: &mut Draft, part: &Part) {
    // A heading before the last label belongs to the text of an earlier label. A heading
    // directly after the last label, if that has no text yet, starts its text.
    let last = part.flat.iter().rposition(|block| label(block).is_some());
    let is_bare = |index: &usize| {
        let labelled = part
            .flat
            .get(*index)
            .and_then(leading_label)
            .is_some_and(|found| found.value.is_empty());
        let next = part
            .flat
            .get(index + 1)
            .is_some_and(|next| matches!(next.kind, Kind::Heading(_)));
        labelled && next
    };
    let (flat, parts) =
        part.split_after(last.map(|last| if is_bare(&last) { last + 1 } else { last }));
    let mut rest = flat;
    let mut kept: Vec<Block> = Vec::new();
    while let Some((first, others)) = rest.split_first() {
        let Some(content) = label(first) else {
            match evidence::at(draft, "root_cause", rest) {
                Some((found, count)) => {
                    draft.push("evidence", found);
                    rest = rest.get(count..).unwrap_or_default();
                }
                None => {
                    kept.push(*first);
                    rest = others;
                }
            }
            continue;
        };
        let mut count = 1 + match content {
            "status" => 0,
            _ => others
                .iter()
                .take_while(|block| label(block).is_none())
                .count(),
        };
        // Evidence after the cause is its own item; under any other label it is part of the text.
        if content == "primary" {
            let labelled = others.get(..count - 1).unwrap_or_default();
            count -= evidence::trailing(draft, "root_cause", labelled);
        }
        let (blocks, next) = rest.split_at(count);
        kept.extend(labelled_content(draft, part, content, blocks));
        rest = next;
    }
    // Without a label, the first paragraphs are the cause.
    if draft.get("root_cause.primary").is_none()
        && kept
            .first()
            .is_some_and(|block| block.kind == Kind::Paragraph)
    {
        let text: Vec<&str> = kept.iter().map(|block| block.text).collect();
        draft.set("root_cause.primary", super::lines(&text.join("\n\n")));
        kept.clear();
    }
    // So is the only item of a list.
    if draft.get("root_cause.primary").is_none()
        && let [only] = kept.as_slice()
        && only.kind == Kind::List
        && let [item] = item_values(only).as_slice()
    {
        draft.set("root_cause.primary", item.clone());
        kept.clear();
    }
    remainder(draft, "root_cause", part.title, &kept);
    for inner in &parts {
        let imported = match () {
            () if is_titled(inner, &["ruled out"]) => ruled_out(draft, inner),
            () if is_titled(inner, &["open questions"]) => questions(draft, inner),
            () if is_titled(
                inner,
                &[
                    "contributing factors",
                    "contributing factor s",
                    "contributing causes",
                ],
            ) =>
            {
                factors(draft, inner)
            }
            () => false,
        };
        if !imported {
            subsection(draft, "root_cause", inner);
        }
    }
}

/// Imports the content of a label; returns the blocks that do not belong to it.
fn labelled_content<'a>(
    draft: &mut Draft,
    part: &Part<'a>,
    content: &str,
    blocks: &[Block<'a>],
) -> Vec<Block<'a>> {
    let text = labelled_prose(part.body, blocks);
    match (content, blocks) {
        ("status", _) => match key(vocabulary::CAUSE, &text) {
            Some(status) => draft.set("root_cause.status", status),
            None => return blocks.to_vec(),
        },
        ("primary" | "problem", _) if !text.is_empty() => {
            draft.set(&format!("root_cause.{content}"), text);
        }
        ("factors" | "chain", [_, list, more @ ..]) if list.kind == Kind::List => {
            let path = if content == "chain" {
                "analysis.chain"
            } else {
                "root_cause.contributing_factors"
            };
            draft.set(path, item_values(list));
            return more.to_vec();
        }
        ("factors", [_]) if !text.is_empty() => draft.set(
            "root_cause.contributing_factors",
            vec![words::one_line(&text)],
        ),
        _ => return blocks.to_vec(),
    }
    Vec::new()
}

fn factors(draft: &mut Draft, part: &Part) -> bool {
    match part.blocks.as_slice() {
        [list]
            if list.kind == Kind::List
                && part.parts.is_empty()
                && draft.get("root_cause.contributing_factors").is_none() =>
        {
            draft.set("root_cause.contributing_factors", item_values(list));
            true
        }
        _ => false,
    }
}

fn set(entry: &mut Map<String, Value>, key: &str, value: Option<&String>) {
    if let Some(value) = value.and_then(|value| recorded(value)) {
        entry.insert(key.to_owned(), value.into());
    }
}

fn questions(draft: &mut Draft, part: &Part) -> bool {
    let [only] = part.blocks.as_slice() else {
        return false;
    };
    let columns = ["question", "owner", "answer"];
    let Some(rows) = rows(only, &columns) else {
        return false;
    };
    for row in rows {
        let mut entry = Map::new();
        for (column, value) in columns.iter().zip(&row) {
            set(&mut entry, column, Some(value));
        }
        draft.push("analysis.open_questions", Value::Object(entry));
    }
    part.parts.is_empty()
}

/// Returns the rows of a table whose columns are `columns` or a prefix of them.
fn rows(block: &Block, columns: &[&str]) -> Option<Vec<Vec<String>>> {
    if block.kind != Kind::Table {
        return None;
    }
    let table = block::table(block);
    let named: Vec<String> = table
        .columns
        .iter()
        .map(|column| words::folded(column))
        .collect();
    let fits = named
        .iter()
        .map(String::as_str)
        .eq(columns.iter().copied().take(named.len()));
    let is_complete = fits && table.rows.iter().all(|(_, row)| row.len() == named.len());
    is_complete.then(|| table.rows.into_iter().map(|(_, row)| row).collect())
}

fn ruled_out(draft: &mut Draft, part: &Part) -> bool {
    let table = part
        .blocks
        .last()
        .filter(|block| block.kind == Kind::Table)
        .map(block::table);
    let Some(table) = table.filter(|_| part.parts.is_empty() && part.blocks.len() <= 2) else {
        return false;
    };
    let named: Vec<String> = table
        .columns
        .iter()
        .map(|column| words::folded(column))
        .collect();
    let known = ["signal", "looked like", "ruled out by", "at", "evidence"];
    if named.first().map(String::as_str) != Some("signal")
        || named.iter().any(|name| !known.contains(&name.as_str()))
    {
        return false;
    }
    for (line, row) in &table.rows {
        let mut entry = Map::new();
        for (name, value) in named.iter().zip(row) {
            match name.as_str() {
                "signal" => {
                    let (signal, count) = match bracket(value) {
                        (signal, Some(number)) if words::count(number).is_some() => {
                            (signal, words::count(number))
                        }
                        _ => (value.as_str(), None),
                    };
                    entry.insert("signal".to_owned(), signal.into());
                    if let Some(count) = count {
                        entry.insert("count".to_owned(), json!(count));
                    }
                }
                "at" => match draft.moment(value) {
                    Some(at) => {
                        entry.insert("at".to_owned(), at);
                    }
                    None if recorded(value).is_some() => {
                        draft.keep_unmapped(part.title, *line, value);
                    }
                    None => {}
                },
                name => set(&mut entry, &name.replace(' ', "_"), Some(value)),
            }
        }
        draft.push("analysis.ruled_out", Value::Object(entry));
    }
    true
}
