//! The title of a report, and the id that it, or a label near it, names.

use super::super::block::{self, Block, Kind};
use super::super::headings::PREFIXES;
use super::super::is_id;
use super::super::words::{folded, labelled};
use super::which;
use crate::config::Config;

/// A report cut at its title: what stands above it, itself, and what stands below.
pub(super) type Cut<'b, 'a> = (&'b [Block<'a>], Option<&'b Block<'a>>, &'b [Block<'a>]);

/// Finds the heading that is the report's title: the first one, unless it is one of several sections.
pub(super) fn title<'b, 'a>(blocks: &'b [Block<'a>]) -> Cut<'b, 'a> {
    let nothing: &[Block] = &[];
    let place = blocks
        .iter()
        .position(|block| matches!(block.kind, Kind::Heading(_)));
    let (above, rest) = blocks.split_at(place.unwrap_or(blocks.len()));
    let Some((heading, below)) = rest.split_first() else {
        return (nothing, None, blocks);
    };
    let same = blocks
        .iter()
        .filter(|block| block.kind == heading.kind)
        .count();
    let known = which(block::heading(heading), &Config::default()).is_some();
    if known && (same > 1 || !above.is_empty()) {
        return (nothing, None, blocks);
    }
    (above, Some(heading), below)
}

/// Lists what labels near the top say: lines, items, rows of tables.
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

/// Finds the id that a label says, near the top.
pub(super) fn stated_id(text: &str) -> Option<&str> {
    let is_label =
        |label: &str| matches!(label, "incident id" | "incident" | "id" | "incident number");
    let mut found = labels(text);
    found.find_map(|(label, value)| (is_label(&label) && is_id(value)).then_some(value))
}

/// Finds an id among the words of a title.
pub(super) fn id_in(words: &str) -> Option<&str> {
    let parts = words.split([' ', '(', ')', '[', ']', ':', ',', '#']);
    let looks = |part: &&str| {
        let letters = part.chars().any(|c| c.is_ascii_alphabetic());
        let digits = part.chars().any(|c| c.is_ascii_digit());
        letters && digits && part.contains('-') && is_id(part)
    };
    let only = || {
        words
            .strip_prefix("Incident Report: ")
            .map(str::trim)
            .filter(|id| is_id(id))
    };
    only().or_else(|| { parts }.find(looks))
}

/// Takes from a title what it is and whose id it has.
pub(super) fn title_words(words: &str, id: &str) -> String {
    let mut rest = words.trim();
    for prefix in PREFIXES {
        let cut = rest
            .split_once([':', '–', '—'])
            .or_else(|| rest.split_once(" - "));
        if let Some((_, behind)) = cut.filter(|(first, _)| folded(first) == *prefix) {
            rest = behind.trim();
        }
    }
    let rest = rest.strip_prefix(id).map_or(rest, |rest| {
        rest.trim_start_matches([':', ' ', '-', '–', '—'])
    });
    let behind = rest.strip_suffix(&format!("({id})"));
    let rest = behind.map_or(rest, str::trim_end);
    if rest.is_empty() {
        id.to_owned()
    } else {
        rest.to_owned()
    }
}
