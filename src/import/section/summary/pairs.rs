//! Imports facts from front matter, two-column tables and lists.

use super::super::super::block::{self, Block, Kind, Part};
use super::super::super::draft::Draft;
use super::super::super::vocabulary::{SummaryLabel, WORDS};
use super::super::super::words::{Labelled, bare_heading, bracket};
use super::super::any_label;
use super::fact;
use crate::facts::labelled::Labels;

/// Imports a plain line `label: value`.
pub(in super::super::super) fn pair(draft: &mut Draft, section: &str, line: usize, text: &str) {
    let found = text.split_once(':').map(|(label, value)| Labelled {
        label: label.trim(),
        value: value.trim().trim_matches(['"', '\'']),
        colon: true,
    });
    if !found.is_some_and(|found| fact(draft, line, found)) {
        draft.keep_unmapped(section, line, text);
    }
}

/// Imports a table whose columns are labels, with one row of values; returns `false` for another block.
fn row(draft: &mut Draft, section: &str, block: &Block) -> bool {
    if block.kind != Kind::Table {
        return false;
    }
    let table = block::table(block);
    let is_label = |title: &String| is_known(bracket(title).0);
    let known = table.columns.iter().filter(|title| is_label(title)).count();
    let [(line, cells)] = table.rows.as_slice() else {
        return false;
    };
    if known < 2 || known * 2 < table.columns.len() || cells.len() > table.columns.len() {
        return false;
    }
    for (title, value) in table
        .columns
        .iter()
        .zip(cells)
        .filter(|(_, value)| !value.is_empty())
    {
        let found = Labelled {
            label: title,
            value,
            colon: true,
        };
        if !fact(draft, *line, found) {
            draft.keep_unmapped(section, *line, &format!("**{title}**: {value}"));
        }
    }
    true
}

/// Returns `true` for the label of a fact.
fn is_known(label: &str) -> bool {
    WORDS.labels.summary.get(label).is_some() || WORDS.labels.marks.get(label).is_some()
}

/// Returns `true` if a part starts with a table or a list of facts, most of which are known.
pub(in super::super::super) fn is_facts(part: &Part, labels: &Labels) -> bool {
    let rows = |block| rows(block, labels);
    let facts = part.blocks.first().and_then(rows).unwrap_or_default();
    let is_fact = |label: &str| {
        is_known(label) && WORDS.labels.summary.get(label) != Some(SummaryLabel::Header)
    };
    let known = { facts.iter() }
        .filter(|(_, label, _)| is_fact(label))
        .count();
    known > 1 && known * 2 >= facts.len()
}

/// Imports a heading that is a fact, with nothing below it: `## Severity: High`; returns `false` for another one.
pub(in super::super::super) fn fact_heading(draft: &mut Draft, part: &Part) -> bool {
    let is_bare = part.flat.iter().all(|block| block.kind == Kind::Rule);
    let found = any_label(bare_heading(part.title)).filter(|_| is_bare);
    found.is_some_and(|found| fact(draft, part.line, found))
}

/// Imports a two-column table, a list of labelled values or a row of values; returns `false` for another block.
pub(in super::super::super) fn pairs(draft: &mut Draft, section: &str, block: &Block) -> bool {
    if row(draft, section, block) {
        return true;
    }
    let Some(rows) = rows(block, &draft.labels) else {
        return false;
    };
    for (line, label, value) in rows {
        let is_header = || WORDS.labels.summary.get(&label) == Some(SummaryLabel::Header);
        let head = block.kind == Kind::Table && (label.is_empty() || is_header());
        let found = Labelled {
            label: &label,
            value: &value,
            colon: true,
        };
        if !head && !value.is_empty() && !fact(draft, line, found) {
            draft.keep_unmapped(section, line, &format!("**{label}**: {value}"));
        }
    }
    true
}

/// Returns the line, the label and the value of each row or item; `None` if one has no label.
fn rows(block: &Block, labels: &Labels) -> Option<Vec<(usize, String, String)>> {
    let rows: Vec<(usize, String, String)> = match block.kind {
        Kind::Table => {
            let table = block::table(block);
            let head = (block.line, table.columns.clone());
            let rows = [head].into_iter().chain(table.rows);
            rows.filter_map(|(line, row)| match row.as_slice() {
                [label, value] => Some((line, label.trim_matches('*').to_owned(), value.clone())),
                _ => None,
            })
            .collect()
        }
        Kind::List => {
            let items = block::items(block).into_iter();
            items
                .filter_map(|item| {
                    let length = || labels.parse(&item.text);
                    let found = any_label(&item.text).map(|found| (found.label, found.value));
                    let found = found.or_else(|| length().map(|found| (found.label, found.value)));
                    let (label, value) = found?;
                    Some((item.line, label.to_owned(), value.to_owned()))
                })
                .collect()
        }
        _ => return None,
    };
    let row_count = match block.kind {
        Kind::Table => block.text.lines().count().saturating_sub(1),
        _ => block::items(block).len(),
    };
    (!rows.is_empty() && rows.len() == row_count).then_some(rows)
}
