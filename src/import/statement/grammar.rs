//! Parses a text by the grammar of `statements.toml`.

use std::collections::BTreeMap;

use super::pattern::{Pattern, is_description, is_plain, joined, starts_with_denial};
use super::token::{Token, TokenKind, sentences, tokens, unquoted, with_label};
use super::{CUES, Rank, Statement, is_over};
use crate::import::words::folded;
use crate::timeline::Mark;

/// The patterns of statements, and of the parts that take nothing back from them.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Grammar {
    /// Words that separate the parts of a sentence.
    pub conjunctions: Vec<String>,
    /// Pairs of words that are read as one.
    pub joined: Vec<String>,
    /// Parts of a sentence that take nothing back from a statement.
    neutral: Vec<Pattern>,
    /// Parts that take nothing back from a statement that is no end.
    response: Vec<Pattern>,
    /// Parts of a sentence that say that the incident is not over.
    open: Vec<Pattern>,
    /// Texts within a sentence that say the same.
    open_texts: Vec<String>,
    pub rules: BTreeMap<String, Vec<Pattern>>,
    pub statements: Vec<Patterns>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Patterns {
    mark: Mark,
    #[serde(default)]
    sure: Vec<Pattern>,
    #[serde(default)]
    weak: Vec<Pattern>,
}

/// The number of words from which on a sentence is a story, and no statement.
const LONG: usize = 80;

/// Returns the statements of a text.
pub(super) fn statements(text: &str) -> Vec<Statement> {
    let whole = folded(text);
    let text = unquoted(&with_label(text));
    // A question states nothing, and puts in doubt what other sentences state.
    if text.contains('?') {
        return Vec::new();
    }
    let all: Vec<Vec<Token>> = sentences(&text).map(tokens).collect();
    let is_no_alarm = CUES.no_alarm.is_in(&whole);
    let mut found: Vec<Statement> = Vec::new();
    for (index, sentence) in all.iter().enumerate() {
        for is_end in [true, false] {
            let stated = parse(sentence, is_end).unwrap_or_default();
            let of_kind = stated
                .into_iter()
                .filter(|found| is_over(found.mark) == is_end);
            let of_kind = of_kind.filter(|found| found.mark != Mark::Detected || !is_no_alarm);
            found.extend(of_kind.filter(|found| is_kept(found, &all, index)));
        }
    }
    for found in found.iter_mut().filter(|found| found.rank == Rank::Sure) {
        if found.clause == whole {
            found.rank = Rank::Label;
        }
    }
    found
}

/// Returns `true` if no other sentence takes a statement back.
fn is_kept(found: &Statement, all: &[Vec<Token>], index: usize) -> bool {
    let is_end = is_over(found.mark);
    let is_start = matches!(found.mark, Mark::Started | Mark::ImpactStarted);
    let mut others = { all.iter().enumerate() }.filter(|(other, _)| *other != index);
    others.all(|(other, words)| {
        parse(words, is_end).is_some()
            || match is_end {
                // What follows an end may be that it was none.
                true => other < index && found.rank > Rank::Weak && is_plain(words),
                // What follows a start is a story.
                false if is_start && index == 0 => !starts_with_denial(words),
                false => is_description(words) && !CUES.denials.is_in(&joined(words)),
            }
    })
}

/// Returns the statements of a sentence; `None` if a part of it is neither a statement nor takes nothing back from one.
///
/// After an end, fewer parts take nothing back: `Incident resolved, working on a fix`.
fn parse(sentence: &[Token], is_end: bool) -> Option<Vec<Statement>> {
    if sentence.len() > LONG {
        return None;
    }
    let separators = sentence.iter().enumerate().rev();
    let starts = separators
        .filter(|(_, token)| token.is_separator())
        .map(|(at, _)| at + 1);
    // What the sentence states from each part on.
    let mut from: BTreeMap<usize, Vec<Statement>> =
        BTreeMap::from([(sentence.len() + 1, Vec::new())]);
    for start in starts.chain([0]) {
        let rest = sentence.get(start..).unwrap_or_default();
        let parts = parts(rest, is_end);
        // The shortest part after which the others are covered.
        let found = parts.into_iter().find_map(|(length, marks)| {
            let after = from.get(&(start + length + 1))?;
            let clause = first_part(rest.get(..length)?);
            let stated = marks.into_iter().map(|(mark, rank)| Statement {
                mark,
                rank,
                clause: clause.clone(),
            });
            Some(stated.chain(after.iter().cloned()).collect())
        });
        from.extend(found.map(|found: Vec<Statement>| (start, found)));
    }
    from.remove(&0)
}

/// Returns the part of a text that says that the incident is not over.
pub(in crate::import) fn open_part(text: &str) -> Option<String> {
    let grammar = &*super::GRAMMAR;
    let text = unquoted(text);
    let folded = folded(&text);
    let wide = grammar
        .open_texts
        .iter()
        .find(|open| folded.contains(open.as_str()));
    let open_in = |sentence: &str| {
        let words = tokens(sentence);
        // `Status at 14:10: Investigating` was so at that time.
        let is_start = |at: &usize| {
            let before = words.get(..*at).unwrap_or_default();
            let is_past = before.iter().any(Token::is_number);
            match before.last() {
                Some(last) => last.is_separator() && !(is_past && last.kind == TokenKind::Colon),
                None => true,
            }
        };
        let mut starts = (0..words.len()).filter(is_start);
        starts.find_map(|start| {
            let rest = words.get(start..)?;
            let mut ends = grammar.open.iter().flat_map(|pattern| whole(pattern, rest));
            ends.find_map(|end| Some(joined(rest.get(..end)?)))
        })
    };
    let mut stated = sentences(&text).filter(|sentence| !sentence.ends_with('?'));
    wide.cloned().or_else(|| stated.find_map(open_in))
}

/// Returns the ends of the whole parts of a sentence that a pattern covers from the first word on.
fn whole(pattern: &Pattern, words: &[Token]) -> Vec<usize> {
    let mut ends = pattern.ends(words);
    ends.retain(|end| words.get(*end).is_none_or(Token::is_separator));
    ends
}

/// Returns the words before the first separator.
fn first_part(words: &[Token]) -> String {
    let end = words.iter().position(Token::is_separator);
    joined(words.get(..end.unwrap_or(words.len())).unwrap_or_default())
}

/// Returns the lengths of the parts at the start of some words that the grammar covers, with the marks that they state.
fn parts(words: &[Token], is_end: bool) -> BTreeMap<usize, BTreeMap<Mark, Rank>> {
    let grammar = &*super::GRAMMAR;
    let mut found: BTreeMap<usize, BTreeMap<Mark, Rank>> = BTreeMap::new();
    for group in &grammar.statements {
        let sure = group.sure.iter().map(|pattern| (pattern, Rank::Sure));
        let weak = group.weak.iter().map(|pattern| (pattern, Rank::Weak));
        for (pattern, rank) in sure.chain(weak) {
            for end in whole(pattern, words) {
                found
                    .entry(end)
                    .or_default()
                    .entry(group.mark)
                    .or_insert(rank);
            }
        }
    }
    let response = grammar.response.iter().filter(|_| !is_end);
    for pattern in grammar.neutral.iter().chain(response) {
        for end in whole(pattern, words) {
            found.entry(end).or_default();
        }
    }
    found
}
