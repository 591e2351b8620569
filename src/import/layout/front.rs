//! Splits off the front matter of a page: lines with a key and a value between two rules.

use chrono::NaiveDate;

use super::super::block::Block;
use super::super::calendar::calendar_day;
use super::super::vocabulary::SummaryLabel;
use super::super::words::folded;
use super::title::is_label;

/// Splits off the front matter.
pub(super) fn front_matter<'a, 'b>(
    text: &'a str,
    blocks: &'b [Block<'a>],
) -> (Vec<(usize, String)>, &'b [Block<'a>]) {
    let Some(inner) = text
        .strip_prefix("---\n")
        .and_then(|rest| rest.split_once("\n---"))
        .map(|(inner, _)| inner)
    else {
        return (Vec::new(), blocks);
    };
    if inner.lines().any(|line| {
        !line.trim().is_empty() && !line.contains(':') && !line.trim_start().starts_with('-')
    }) {
        return (Vec::new(), blocks);
    }
    let count = inner.lines().count();
    let after = blocks
        .iter()
        .position(|block| block.line > count + 2)
        .unwrap_or(blocks.len());
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in inner.lines().enumerate() {
        let item = line.trim_start().strip_prefix("- ");
        match (item, lines.last_mut()) {
            // The items of a list belong to the key above.
            (Some(item), Some((_, key))) => {
                let separator = if key.ends_with(':') { " " } else { ", " };
                key.extend([separator, item.trim()]);
            }
            _ if line.trim().is_empty() => {}
            _ => lines.push((index + 2, line.trim_end().to_owned())),
        }
    }
    (lines, blocks.get(after..).unwrap_or_default())
}

/// Returns the date that front matter calls that of the incident, beside the date of writing.
pub(super) fn day_of_incident(front: &[(usize, String)]) -> Option<NaiveDate> {
    front.iter().find_map(|(_, line)| {
        let (label, value) = line.split_once(':')?;
        let label = folded(label);
        let is_date = label.contains("incident") && is_label(&label, SummaryLabel::Date);
        let (day, _) = calendar_day(value.trim())?;
        is_date.then_some(day)
    })
}
