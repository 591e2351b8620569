//! Finds what the text of an event states: that the incident was declared, mitigated, resolved and so on.
//!
//! A statement is a clause that a pattern of `cues.toml` covers as a whole, in a text without a word
//! of doubt. So `Rollback complete; the error rate is unchanged` states nothing. Words that only point to a mark
//! are hints: the event is then named as a candidate.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::words::folded;
use crate::timeline::{EventKind, Mark};

mod pattern;
mod sentences;

use pattern::Pattern;
use sentences::{clauses, sentences};

/// The parsed patterns. A test parses them, so they are never empty.
static CUES: LazyLock<Cues> =
    LazyLock::new(|| toml::from_str(include_str!("cues.toml")).unwrap_or_default());

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Cues {
    tails: Vec<Pattern>,
    sets: BTreeMap<String, Vec<String>>,
    subjects: Vec<String>,
    denials: Vec<String>,
    doubt: Vec<String>,
    doubt_phrases: Vec<String>,
    doubt_before: Vec<String>,
    goes_on: Vec<String>,
    no_alarm: Vec<String>,
    counts: Vec<String>,
    ordinals: Vec<String>,
    outage: Vec<String>,
    trouble: Vec<String>,
    relapse: Vec<String>,
    aware: Vec<String>,
    hints: BTreeMap<Mark, Vec<String>>,
    statements: Vec<Patterns>,
    kinds: Vec<KindWords>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {
    mark: Mark,
    /// Words that no clause with this mark has.
    #[serde(default)]
    without: Vec<String>,
    sure: Vec<Pattern>,
    #[serde(default)]
    weak: Vec<Pattern>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct KindWords {
    kind: EventKind,
    #[serde(default)]
    automated: bool,
    words: Vec<String>,
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

    /// Returns `true` if the text is about a repair or an end.
    pub fn is_repair(&self) -> bool {
        self.hints.iter().any(|mark| is_over(*mark))
    }
}

/// Returns what a text says.
pub(super) fn cue(text: &str) -> Cue {
    let all = format!(" {} ", folded(text));
    let has = |words: &[String]| words.iter().any(|word| all.contains(&format!(" {word} ")));
    let starts = |words: &[String]| words.iter().any(|word| all.contains(&format!(" {word}")));
    let statements = statements(text);
    let kind = statements.iter().find_map(|found| kind_of(found.mark));
    // `Fix not deployed` is no deployment.
    let is_doubted = has(&CUES.denials) || has(&CUES.doubt);
    let fits = |group: &&KindWords| has(&group.words) && (group.automated || !is_doubted);
    let words = CUES.kinds.iter().find(fits);
    Cue {
        kind: kind.or(words.map(|group| group.kind)).unwrap_or_default(),
        automated: words.is_some_and(|group| group.automated),
        hints: { CUES.hints.iter() }
            .filter(|(_, words)| starts(words))
            .map(|(mark, _)| *mark)
            .collect(),
        trouble: has(&CUES.trouble),
        relapse: has(&CUES.relapse),
        aware: has(&CUES.aware),
        statements,
    }
}

/// Returns the kind of an event that states a mark.
const fn kind_of(mark: Mark) -> Option<EventKind> {
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

/// What the text around a clause says of it.
struct Around<'t> {
    /// Whether all clauses of the text are statements or harmless ones.
    is_plain: bool,
    /// Whether something is said to go on.
    goes_on: bool,
    /// Whether another sentence denies the statement: `Incident resolved. It was not.`
    is_denied: bool,
    /// Whether the sentence asks, plans or has an opinion.
    is_doubted: bool,
    /// Whether an alert is about something that is well.
    is_no_alarm: bool,
    /// The label at the start of the sentence, with the two words after it.
    label: Option<&'t str>,
}

impl Around<'_> {
    /// Returns `true` if what is around a clause takes back that it states a mark.
    ///
    /// `before` are the words before it in its sentence, and `after` the clauses after it.
    fn doubts(
        &self,
        (mark, rank): (Mark, Rank),
        clause: &str,
        before: &str,
        after: &[String],
    ) -> bool {
        let label = self.label.filter(|_| before.is_empty());
        // What an alert is about may sound like doubt: `Alert fired: logins fail`.
        if mark == Mark::Detected {
            return self.is_no_alarm || has_doubt(clause) || has_doubt(before);
        }
        if self.is_denied || self.goes_on && is_over(mark) {
            return true;
        }
        match label {
            // A lone word before other text is no statement of a person: `Acknowledged: we were slow`.
            Some(_) if mark == Mark::Acknowledged && !clause.contains(' ') => true,
            // What is behind a label is not in doubt: `Identified: a slow query`.
            Some(scope) if rank == Rank::Sure => has_doubt(&folded(scope)),
            // What follows a colon says what was done: `Deployed hotfix: added a timeout`.
            Some(_) => self.is_doubted,
            None => {
                let is_last = after.iter().all(|clause| is_harmless(clause));
                let is_alone = is_last && (self.is_plain || rank > Rank::Weak);
                self.is_doubted || is_over(mark) && !is_alone
            }
        }
    }
}

fn statements(text: &str) -> Vec<Statement> {
    // A failover is no failure.
    let text = unquoted(&with_label(text).replace("ailed over", "ailedover"));
    let all: Vec<&str> = sentences(&text).collect();
    let whole = folded(&text);
    let folded_clauses = |sentence: &str| clauses(sentence).map(folded).collect::<Vec<_>>();
    let is_denial = |text: &str| text.ends_with('?') || has_any(&folded(text), &CUES.denials);
    let is_plain = { all.iter().flat_map(|sentence| folded_clauses(sentence)) }
        .all(|clause| is_harmless(&clause));
    let mut found: Vec<Statement> = Vec::new();
    for (index, sentence) in all.iter().copied().enumerate() {
        // A question states nothing.
        if sentence.ends_with('?') {
            continue;
        }
        let mut others = all.iter().enumerate();
        let around = Around {
            is_plain,
            goes_on: has_any(&whole, &CUES.goes_on),
            is_denied: others.any(|(other, text)| other != index && is_denial(text)),
            is_doubted: has_doubt(&folded(sentence)) || is_share(sentence),
            is_no_alarm: has_any(&whole, &CUES.no_alarm),
            label: label(sentence),
        };
        let clauses = folded_clauses(sentence);
        let mut before = String::new();
        for (at, clause) in clauses.iter().enumerate() {
            let after = clauses.get(at + 1..).unwrap_or_default();
            for (mark, rank) in matches(clause) {
                let is_doubted = around.doubts((mark, rank), clause, &before, after);
                if !is_doubted && !leads_away(&before) {
                    let is_whole = *clause == whole && rank == Rank::Sure;
                    found.push(Statement {
                        mark,
                        rank: if is_whole { Rank::Label } else { rank },
                        clause: clause.clone(),
                    });
                }
            }
            before = format!("{before} {clause}");
        }
    }
    found
}

/// Adds a colon to words in capitals at the start of a text, which are its label: `INCIDENT ENDS Reached the criterion`.
fn with_label(text: &str) -> String {
    let is_capital =
        |word: &&str| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    let words: Vec<&str> = text.split(' ').collect();
    let count = words.iter().take_while(|word| is_capital(word)).count();
    let (label, rest) = words.split_at(count);
    let is_text = rest
        .first()
        .is_some_and(|word| word.starts_with(char::is_alphabetic));
    if count < 2 || !is_text {
        return text.to_owned();
    }
    format!("{}: {}", label.join(" "), rest.join(" "))
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

fn has_doubt(clause: &str) -> bool {
    has_any(clause, &CUES.denials)
        || has_any(clause, &CUES.doubt)
        || has_any(clause, &CUES.doubt_phrases)
}

/// Returns `true` if a line denies, doubts, plans or asks what its first words say: `mitigation failed`, `Resolved by Friday, I hope`.
///
/// What follows a label describes it; only its first two words may deny it.
pub(super) fn is_doubted(line: &str) -> bool {
    let mut sentences = sentences(line);
    let first = sentences.next().unwrap_or_default();
    let scope = label(first).unwrap_or(first);
    line.contains('?')
        || has_doubt(&folded(scope))
        || sentences.any(|sentence| has_any(&folded(sentence), &CUES.denials))
}

/// Returns `true` if a line denies or asks what it says.
pub(super) fn is_denied(line: &str) -> bool {
    line.contains('?') || has_any(&folded(line), &CUES.denials)
}

/// Returns `true` if a line about an alert says that nothing is wrong, or that nobody sees the alert.
pub(super) fn is_no_alarm(line: &str) -> bool {
    has_any(&folded(line), &CUES.no_alarm)
}

/// Returns `true` if a folded text contains one of some words or phrases.
fn has_any(text: &str, phrases: &[String]) -> bool {
    let text = format!(" {text} ");
    { phrases.iter() }.any(|phrase| text.contains(&format!(" {phrase} ")))
}

/// Returns `true` for a mark of an event after which less is wrong.
const fn is_over(mark: Mark) -> bool {
    matches!(
        mark,
        Mark::Mitigated | Mark::ImpactEnded | Mark::Resolved | Mark::Ended
    )
}

/// Returns `true` if a report is about several outages: `Two outages in May`, or `First outage` and `Second outage`.
pub(super) fn are_several<'a>(title: &str, lines: impl Iterator<Item = &'a str>) -> bool {
    let is_one_of = |list: &[String], word: &str| list.iter().any(|other| other == word);
    let title = folded(title);
    let words: Vec<&str> = title.split(' ').collect();
    let is_plural = |word: &&str| {
        word.strip_suffix('s')
            .is_some_and(|word| is_one_of(&CUES.outage, word))
    };
    let is_counted = { words.iter().enumerate() }
        .filter(|(_, word)| is_one_of(&CUES.counts, word))
        .any(|(index, _)| words.iter().skip(index + 1).take(3).any(is_plural));
    let ordinal = |line: &str| {
        let heading = folded(line.strip_prefix('#')?);
        let pair: Vec<&str> = heading.split(' ').take(2).collect();
        let [first, second] = pair.as_slice() else {
            return None;
        };
        let (number, noun) = if is_one_of(&CUES.outage, first) {
            (second, first)
        } else {
            (first, second)
        };
        (is_one_of(&CUES.ordinals, number) && is_one_of(&CUES.outage, noun))
            .then(|| (*number).to_owned())
    };
    let numbers: BTreeSet<String> = lines.filter_map(ordinal).collect();
    is_counted || numbers.len() > 1
}

/// Returns `true` if a sentence is about a part of something: `10 % of hosts`, `3 of 5 regions`.
fn is_share(sentence: &str) -> bool {
    let mut words = sentence.split(' ').peekable();
    while let Some(word) = words.next() {
        let number = word.trim_end_matches('%');
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let is_of = words.peek().is_some_and(|next| matches!(*next, "%" | "of"));
        if is_number && number != "100" && (is_of || number.len() < word.len()) {
            return true;
        }
    }
    false
}

/// Returns `true` if the words before a clause make it a condition or an opinion.
fn leads_away(before: &str) -> bool {
    before
        .split(' ')
        .any(|word| CUES.doubt_before.iter().any(|doubt| doubt == word))
}

/// Returns `true` for a clause that states a mark, or that takes nothing back from one: `monitoring`.
fn is_harmless(clause: &str) -> bool {
    let words: Vec<&str> = clause.split(' ').filter(|word| !word.is_empty()).collect();
    let states = |mark: &Mark| is_over(*mark) || *mark == Mark::Identified;
    is_tail(&words) || matches(clause).iter().any(|(mark, _)| states(mark))
}

/// Returns `true` for words after a statement that take nothing back from it: `to all hosts`.
fn is_tail(words: &[&str]) -> bool {
    words.is_empty() || CUES.tails.iter().any(|tail| tail.covers(words))
}

/// Returns the marks whose patterns cover a clause.
fn matches(clause: &str) -> Vec<(Mark, Rank)> {
    let words: Vec<&str> = clause.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() || words.len() > 40 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for group in &CUES.statements {
        if has_any(clause, &group.without) {
            continue;
        }
        let fits = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.covers(&words));
        if fits(&group.sure) {
            found.push((group.mark, Rank::Sure));
        } else if fits(&group.weak) {
            found.push((group.mark, Rank::Weak));
        }
    }
    found
}

/// Removes what is quoted or code: it names something, and states nothing.
fn unquoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<char> = None;
    for c in text.chars() {
        match (open, c) {
            (Some(end), c) if c == end => open = None,
            (Some(_), _) => {}
            (None, '`' | '"' | '“') => {
                // ``Alert: `QueueStuck` fired`` is `Alert fired`.
                if out.ends_with(": ") {
                    out.truncate(out.len() - 2);
                    out.push(' ');
                }
                open = Some(if c == '“' { '”' } else { c });
            }
            (None, c) => out.push(c),
        }
    }
    // An unclosed quote hides nothing.
    if open.is_some() { text.to_owned() } else { out }
}

#[cfg(test)]
mod tests;
