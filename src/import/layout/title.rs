//! Finds the title of a report, and the incident ID in the title or in a label near the top.

use super::super::block::{self, Block, Kind};
use super::super::vocabulary::{SummaryLabel, WORDS};
use super::super::words::{folded, labelled};
use super::section_of;
use crate::config::Config;
use crate::kind::Id;

/// A report split at its title: the blocks above it, the title, and the blocks below it.
pub(super) type TitleSplit<'b, 'a> = (&'b [Block<'a>], Option<&'b Block<'a>>, &'b [Block<'a>]);

/// Splits a report at its title: the first heading, unless that is the heading of a section.
pub(super) fn title<'b, 'a>(blocks: &'b [Block<'a>]) -> TitleSplit<'b, 'a> {
    let none: &[Block] = &[];
    let index = blocks
        .iter()
        .position(|block| matches!(block.kind, Kind::Heading(_)));
    let (above, rest) = blocks.split_at(index.unwrap_or(blocks.len()));
    let Some((heading, below)) = rest.split_first() else {
        return (none, None, blocks);
    };
    let same = blocks
        .iter()
        .filter(|block| block.kind == heading.kind)
        .count();
    let known = section_of(block::heading(heading), &Config::default()).is_some();
    if known && (same > 1 || !above.is_empty()) {
        return (none, None, blocks);
    }
    (above, Some(heading), below)
}

/// Returns the folded labels and values near the top, from lines, list items and table rows.
pub(super) fn labels(text: &str) -> impl Iterator<Item = (String, &str)> {
    text.lines().take(60).filter_map(|line| {
        let line = line.trim_start_matches(['|', ' ', '>']);
        let line = line
            .strip_prefix("- ")
            .or_else(|| line.strip_prefix("* "))
            .unwrap_or(line);
        let (label, value) = match labelled(line) {
            Some(found) => (found.label, found.value),
            None => line.split_once([':', '|'])?,
        };
        let value = value.trim_matches(['|', ' ', '"', '\'', '`']);
        Some((folded(label), value))
    })
}

/// Returns the incident ID that a label near the top states.
pub(super) fn stated_id(text: &str) -> Option<Id> {
    let mut ids = labels(text).filter(|(label, _)| is_label(label, SummaryLabel::Id));
    ids.find_map(|(_, value)| Id::new(value).ok())
}

/// Returns `true` if a folded label means `wanted`.
pub(super) fn is_label(label: &str, wanted: SummaryLabel) -> bool {
    WORDS.labels.summary.exact(label) == Some(wanted)
}

/// Returns the incident ID in a title.
pub(super) fn id_in(title: &str) -> Option<Id> {
    let parts = title.split([' ', '(', ')', '[', ']', ':', ',', '#']);
    let looks_like_id = |part: &&str| {
        let has_alphabetic = part.contains(|c: char| c.is_ascii_alphabetic());
        let has_digit = part.contains(|c: char| c.is_ascii_digit());
        has_alphabetic && has_digit && part.contains('-')
    };
    let native = title.strip_prefix("Incident Report: ").map(str::trim);
    let mut candidates = native.into_iter().chain(parts.filter(looks_like_id));
    candidates.find_map(|part| Id::new(part).ok())
}

/// Strips generic prefixes and the incident ID from a title.
pub(super) fn bare_title(title: &str, id: &str) -> String {
    let mut rest = title.trim();
    for prefix in &WORDS.title_prefixes {
        let split = rest
            .split_once([':', '–', '—'])
            .or_else(|| rest.split_once(" - "));
        if let Some((_, after)) = split.filter(|(first, _)| folded(first) == *prefix) {
            rest = after.trim();
        }
    }
    let rest = rest.strip_prefix(id).map_or(rest, |rest| {
        rest.trim_start_matches([':', ' ', '-', '–', '—'])
    });
    let without_id = rest.strip_suffix(&format!("({id})"));
    let rest = without_id.map_or(rest, str::trim_end);
    if rest.is_empty() {
        id.to_owned()
    } else {
        rest.to_owned()
    }
}
