//! Finds what the text of an event states: that the incident was declared, mitigated, resolved and so on.
//!
//! A text states a mark only if the grammar of `statements.toml` covers it: a statement, and parts that take
//! nothing back from it. So `Rollback complete; the error rate is unchanged` states nothing. Words that only point to
//! a mark are hints: the event is then named as a candidate.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::words::folded;
use crate::timeline::{EventKind, Mark};

mod grammar;
mod pattern;
mod phrases;
mod token;

use grammar::Grammar;
pub(super) use grammar::open_part;
use phrases::Phrases;
use token::sentences;

/// The parsed words. A test parses them, so they are never empty.
static CUES: LazyLock<Cues> =
    LazyLock::new(|| toml::from_str(include_str!("cues.toml")).unwrap_or_default());

/// The parsed grammar. A test parses it, so it is never empty.
static GRAMMAR: LazyLock<Grammar> =
    LazyLock::new(|| toml::from_str(include_str!("statements.toml")).unwrap_or_default());

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Cues {
    denials: Phrases,
    negations: Phrases,
    unsure: Phrases,
    elsewhere: Phrases,
    doubt: Phrases,
    doubt_phrases: Phrases,
    outsiders: Phrases,
    not_names: Phrases,
    not_plain: Phrases,
    symptoms: Phrases,
    goes_on: Phrases,
    no_alarm: Phrases,
    counts: Phrases,
    ordinals: Phrases,
    outage: Phrases,
    trouble: Phrases,
    no_trouble: Phrases,
    relapse: Phrases,
    aware: Phrases,
    hints: BTreeMap<Mark, Vec<String>>,
    kinds: Vec<KindWords>,
}

impl Cues {
    /// Returns `true` if a folded text denies, doubts, plans or asks something, or is about something else.
    fn raises_doubt(&self, text: &str) -> bool {
        let lists = [
            &self.denials,
            &self.unsure,
            &self.elsewhere,
            &self.doubt,
            &self.doubt_phrases,
        ];
        lists.iter().any(|list| list.is_in(text))
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct KindWords {
    kind: EventKind,
    #[serde(default)]
    automated: bool,
    words: Phrases,
}

/// How firmly a text states a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// It names an action or a result that another event may put in doubt.
    Weak,
    /// It names the mark in so many words.
    Sure,
    /// The text is nothing but the name of the mark.
    Label,
}

/// A mark that a text states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    pub mark: Mark,
    pub rank: Rank,
    /// The clause, in the form used for lookups.
    pub clause: String,
}

/// What the text of an event says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cue {
    pub kind: EventKind,
    /// Whether a system acted without a person.
    pub automated: bool,
    pub statements: Vec<Statement>,
    /// The marks that it may be about.
    pub hints: Vec<Mark>,
    /// Whether something is still or again wrong.
    pub trouble: bool,
    /// Whether the incident came back.
    pub relapse: bool,
    /// Whether somebody knows of the incident.
    pub aware: bool,
}

impl Cue {
    /// Returns what the text states about a mark.
    pub fn states(&self, mark: Mark) -> Option<&Statement> {
        let found = self.statements.iter().filter(|found| found.mark == mark);
        found.max_by_key(|found| found.rank)
    }

    /// Returns `true` if something is wrong after an end: trouble, or an alert.
    pub fn is_trouble(&self) -> bool {
        self.trouble || self.states(Mark::Detected).is_some()
    }
}

/// Returns what a text says.
pub(super) fn cue(text: &str) -> Cue {
    let all = folded(text);
    let padded = format!(" {all}");
    let starts = |words: &[String]| {
        words
            .iter()
            .any(|word| padded.contains(&format!(" {word}")))
    };
    let statements = grammar::statements(text);
    let kind = statements.iter().find_map(|found| kind_of(found.mark));
    // `Fix not deployed` is no deployment.
    let is_doubted = CUES.raises_doubt(&all);
    let fits = |group: &&KindWords| group.words.is_in(&all) && (group.automated || !is_doubted);
    let words = CUES.kinds.iter().find(fits);
    // `Service operational again` is no relapse.
    let is_well = statements.iter().any(|found| is_over(found.mark));
    Cue {
        kind: kind.or(words.map(|group| group.kind)).unwrap_or_default(),
        automated: words.is_some_and(|group| group.automated),
        hints: { CUES.hints.iter() }
            .filter(|(_, words)| starts(words))
            .map(|(mark, _)| *mark)
            .collect(),
        trouble: !is_well && CUES.trouble.is_in(&all) && !CUES.no_trouble.is_in(&all),
        relapse: !is_well && CUES.relapse.is_in(&all),
        aware: CUES.aware.is_in(&all),
        statements,
    }
}

/// Returns the kind of an event that states a mark.
pub const fn kind_of(mark: Mark) -> Option<EventKind> {
    match mark {
        Mark::Detected => Some(EventKind::Alert),
        Mark::Paged => Some(EventKind::Page),
        Mark::Acknowledged => Some(EventKind::Ack),
        Mark::Identified => Some(EventKind::Diagnosis),
        Mark::Mitigated => Some(EventKind::Mitigation),
        Mark::ImpactEnded | Mark::Resolved => Some(EventKind::Verified),
        Mark::Ended => Some(EventKind::Closed),
        _ => None,
    }
}

/// Returns the label at the start of a sentence with the two words after it.
fn label(sentence: &str) -> Option<&str> {
    let (label, rest) = sentence.split_once(": ")?;
    let words = rest
        .match_indices(' ')
        .map(|(at, _)| at)
        .nth(1)
        .unwrap_or(rest.len());
    sentence.get(..label.len() + 2 + words)
}

/// Returns `true` if a line denies, doubts, plans or asks what its first words say: `mitigation failed`, `Resolved by Friday, I hope`.
///
/// What follows a label describes it; only its first two words may deny it.
pub(super) fn is_doubted(line: &str) -> bool {
    let mut sentences = sentences(line);
    let first = sentences.next().unwrap_or_default();
    let scope = label(first).unwrap_or(first);
    line.contains('?')
        || CUES.raises_doubt(&folded(scope))
        || sentences.any(|sentence| CUES.denials.is_in(&folded(sentence)))
}

/// Returns `true` if a line denies or asks what it says.
pub(super) fn is_denied(line: &str) -> bool {
    line.contains('?') || CUES.denials.is_in(&folded(line))
}

/// Returns `true` if a line about an alert says that nothing is wrong, or that nobody sees the alert.
pub(super) fn is_no_alarm(line: &str) -> bool {
    CUES.no_alarm.is_in(&folded(line))
}

/// Returns `true` for a mark of an event after which less is wrong.
pub(super) const fn is_over(mark: Mark) -> bool {
    matches!(
        mark,
        Mark::Mitigated | Mark::ImpactEnded | Mark::Resolved | Mark::Ended
    )
}

/// Returns `true` if a report is about several outages: `Two outages in May`, or `First outage` and `Second outage`.
pub(super) fn are_several<'a>(title: &str, lines: impl Iterator<Item = &'a str>) -> bool {
    let title = folded(title);
    let words: Vec<&str> = title.split(' ').collect();
    let is_plural = |word: &&str| {
        word.strip_suffix('s')
            .is_some_and(|word| CUES.outage.has(word))
    };
    let is_counted = { words.iter().enumerate() }
        .filter(|(_, word)| CUES.counts.has(word))
        .any(|(index, _)| words.iter().skip(index + 1).take(3).any(is_plural));
    let ordinal = |line: &str| {
        let heading = folded(line.strip_prefix('#')?);
        let pair: Vec<&str> = heading.split(' ').take(2).collect();
        let [first, second] = pair.as_slice() else {
            return None;
        };
        let (number, noun) = if CUES.outage.has(first) {
            (second, first)
        } else {
            (first, second)
        };
        (CUES.ordinals.has(number) && CUES.outage.has(noun)).then(|| (*number).to_owned())
    };
    let numbers: BTreeSet<String> = lines.filter_map(ordinal).collect();
    is_counted || numbers.len() > 1
}

#[cfg(test)]
mod tests;
