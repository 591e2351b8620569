//! Recognizes the blocks between the title and the first section.

use super::super::block::{Block, Kind};
use super::super::words::{labelled, plain_label};

/// Returns `true` for a paragraph of text, which the summary starts with.
pub(super) fn is_prose(block: &Block) -> bool {
    let is_text = block.text.starts_with(char::is_alphanumeric);
    let has_label = |line: &str| labelled(line).or_else(|| plain_label(line)).is_some();
    block.kind == Kind::Paragraph && is_text && !block.text.lines().any(has_label)
}

/// Returns `true` if every line of a paragraph is a short label, a colon and a value.
pub(super) fn is_plain_pairs(block: &Block) -> bool {
    let is_pair = |line: &str| plain_label(line).is_some();
    block.kind == Kind::Paragraph && block.text.lines().all(is_pair)
}

/// Parses labelled facts, several on a line: `> **Severity**: P1 · **Lead**: Noor`, `_Status: Draft_ | _Severity: P1_`.
pub(super) fn joined_facts<'a>(block: &Block<'a>) -> Option<Vec<(usize, &'a str)>> {
    let lines = block.text.lines().enumerate().flat_map(|(index, line)| {
        let line = line.trim_start_matches(['>', ' ']);
        let facts = line.split(" · ").flat_map(|part| part.split(" | "));
        facts.map(move |fact| (block.line + index, fact.trim().trim_matches('_')))
    });
    let facts: Vec<_> = lines.filter(|(_, fact)| !fact.is_empty()).collect();
    let is_fact = |fact: &str| labelled(fact).or_else(|| plain_label(fact)).is_some();
    let all = facts.iter().all(|(_, fact)| is_fact(fact));
    let several = facts.len() > block.text.lines().count() || block.kind == Kind::Quote;
    (matches!(block.kind, Kind::Quote | Kind::Paragraph) && several && all).then_some(facts)
}
