//! Finds the title of a report, and the incident ID in the title or in a label near the top.

use super::super::block::{self, Block, Kind};
use super::super::vocabulary::{SummaryLabel, WORDS};
use super::super::words::{folded, labelled};
use super::{is_title_key, section_of};
use crate::config::Config;
use crate::kind::Id;

/// A report split at its title: the blocks above it, the title, and the blocks below it.
pub(super) type TitleSplit<'b, 'a> = (&'b [Block<'a>], Option<&'b Block<'a>>, &'b [Block<'a>]);

/// Splits a report at its title: the first heading, unless that is the heading of a section.
///
/// Front matter has the title, so the first heading below it may be that of a section too.
pub(super) fn title<'b, 'a>(
    front: &[(usize, String)],
    blocks: &'b [Block<'a>],
) -> TitleSplit<'b, 'a> {
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
    let has_title = front.iter().any(|(_, line)| is_title_key(line));
    let is_second = has_title && (same > 1 || heading.kind != Kind::Heading(1));
    if is_second || known && (same > 1 || !front.is_empty() || !above.is_empty()) {
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
    // The column `Incident` of a table has a title beside it.
    let has_digit = |value: &str| value.contains(|c: char| c.is_ascii_digit());
    ids.find_map(|(label, value)| {
        Id::new(value)
            .ok()
            .filter(|_| label != "incident" || has_digit(value))
    })
}

/// Returns `true` if a folded label means `wanted`.
pub(super) fn is_label(label: &str, wanted: SummaryLabel) -> bool {
    WORDS.labels.summary.exact(label) == Some(wanted)
}

/// Returns the incident ID in a title: at its start or end, in brackets, or after a word such as `incident`.
pub(super) fn id_in(title: &str) -> Option<Id> {
    let native = title.strip_prefix("Incident Report: ").map(str::trim);
    if let Some(id) = native.and_then(|id| Id::new(id).ok()) {
        return Some(id);
    }
    let is_separator = |c: char| c.is_whitespace() || "()[]:,#–—".contains(c);
    let words: Vec<&str> = title
        .split(is_separator)
        .filter(|word| !word.is_empty())
        .collect();
    let generic = |word: &&&str| {
        let word = folded(word);
        WORDS
            .title_prefixes
            .iter()
            .any(|prefix| prefix.split(' ').any(|part| part == word))
    };
    let after_prefix = words.iter().find(|word| !generic(word));
    let bracketed = title
        .split(['(', '['])
        .skip(1)
        .filter_map(|rest| rest.split([')', ']', ' ']).next());
    let after_incident = words.windows(2).filter_map(|pair| match pair {
        [word, next] if folded(word) == "incident" => Some(*next),
        _ => None,
    });
    let ends = after_prefix.into_iter().chain(words.last()).copied();
    let mut candidates = ends
        .chain(bracketed)
        .chain(after_incident)
        .filter(|word| is_id(word));
    candidates.find_map(|word| Id::new(word).ok())
}

/// Returns the incident ID at the start of a file's name: `PM2021-008 - Spooler.md`.
pub(super) fn id_in_name(stem: &str) -> Option<Id> {
    let first = stem.split([' ', '_', '.']).next()?;
    Id::new(first).ok().filter(|_| is_id(first))
}

/// Returns `true` for a text such as `INC-2025-0023` or `PM2021-008`.
fn is_id(text: &str) -> bool {
    let starts = text.starts_with(|c: char| c.is_ascii_uppercase());
    let last = text.rsplit('-').next().unwrap_or_default();
    // The number of a vulnerability is none of an incident.
    let starts = starts && !text.starts_with("CVE-");
    let is_number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let is_upper = text
        .bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-');
    starts && is_upper && is_number && text.contains('-')
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
