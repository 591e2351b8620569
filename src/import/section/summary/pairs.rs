//! Imports facts from front matter, two-column tables and lists.

use super::super::super::block::{self, Block, Kind};
use super::super::super::draft::Draft;
use super::super::super::vocabulary::{SummaryLabel, WORDS};
use super::super::super::words::Labelled;
use super::super::any_label;
use super::fact;

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

/// Imports a two-column table or a list of labelled values; returns `false` if the block is neither.
pub(in super::super::super) fn pairs(draft: &mut Draft, section: &str, block: &Block) -> bool {
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
                    let found = any_label(&item.text)?;
                    Some((item.line, found.label.to_owned(), found.value.to_owned()))
                })
                .collect()
        }
        _ => return false,
    };
    let row_count = match block.kind {
        Kind::Table => block.text.lines().count().saturating_sub(1),
        _ => block::items(block).len(),
    };
    if rows.is_empty() || rows.len() != row_count {
        return false;
    }
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
