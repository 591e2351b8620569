//! The title of a report, and the id that it, or a label near it, names.

use super::super::block::{self, Block, Kind};
use super::super::headings::PREFIXES;
use super::super::is_id;
use super::super::words::{folded, labelled};
use super::which;
use crate::config::Config;

/// Finds the heading that is the report's title: the first one, when it is the only one of its level.
pub(super) fn title<'b, 'a>(blocks: &'b [Block<'a>]) -> (Option<&'b Block<'a>>, &'b [Block<'a>]) {
    let is_heading = |block: &&Block| matches!(block.kind, Kind::Heading(_));
    let first = blocks.iter().position(|block| is_heading(&block));
    let Some((place, heading)) = first.and_then(|place| Some((place, blocks.get(place)?))) else {
        return (None, blocks);
    };
    let same = blocks
        .iter()
        .filter(|block| block.kind == heading.kind)
        .count();
    let known = which(block::heading(heading), &Config::default()).is_some();
    let above = blocks.get(..place).is_some_and(|before| !before.is_empty());
    if known && (same > 1 || above) {
        return (None, blocks);
    }
    // What stands above the title is read as what stands below it.
    (
        Some(heading),
        if place == 0 {
            blocks.get(1..).unwrap_or_default()
        } else {
            blocks.get(place + 1..).unwrap_or_default()
        },
    )
}

/// Finds the id that a label says, near the top.
pub(super) fn stated_id(text: &str) -> Option<&str> {
    text.lines().take(60).find_map(|line| {
        let line = line.trim_start_matches(['|', ' ']);
        let line = line
            .strip_prefix("- ")
            .or_else(|| line.strip_prefix("* "))
            .unwrap_or(line);
        let (label, value) = match labelled(line) {
            Some(found) => (found.label, found.value),
            None => line.split_once([':', '|'])?,
        };
        let value = value.trim_matches(['|', ' ', '"', '\'', '`']);
        let is_label = matches!(
            folded(label).as_str(),
            "incident id" | "incident" | "id" | "incident number"
        );
        (is_label && is_id(value)).then_some(value)
    })
}

/// Finds an id among the words of a title.
pub(super) fn id_in(words: &str) -> Option<&str> {
    let parts = words.split([' ', '(', ')', '[', ']', ':', ',', '#']);
    let looks = |part: &&str| {
        let letters = part.chars().any(|letter| letter.is_ascii_alphabetic());
        let digits = part.chars().any(|letter| letter.is_ascii_digit());
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
        if let Some((first, behind)) = cut.filter(|(first, _)| folded(first) == *prefix) {
            let _ = first;
            rest = behind.trim();
        }
    }
    let rest = rest.strip_prefix(id).map_or(rest, |rest| {
        rest.trim_start_matches([':', ' ', '-', '–', '—'])
    });
    if rest.is_empty() {
        id.to_owned()
    } else {
        rest.to_owned()
    }
}
