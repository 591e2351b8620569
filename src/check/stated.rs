//! Finds the numbers that a text states about its incident: durations, times of day and counts.
//!
//! A number is a claim only if the words around it leave little doubt, because a
//! false warning is worse than a missed one. Numbers in code are not claims, and
//! neither are goals, negations, averages, and numbers about something else.

use std::ops::{Deref, Range};

use chrono::NaiveTime;

use super::lexicon::{Class, Classes, Lexicon};
use crate::token::{Bound, Kind, StatedDuration, Tokens};

mod count;
mod elsewhere;
mod impact;
mod metric;
mod notice;
mod reached;
mod subject;
mod time;

#[cfg(test)]
mod tests;

pub(super) use subject::Subjects;
pub use time::{Context, Span, StatedTimes};

/// A number that a text states, with its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// The claim.
    pub claim: Claim,
    /// Whether it is exact, approximate or a bound.
    pub bound: Bound,
    /// Whether it may cover only a part of the impact: `some users`, `for an hour, then …`.
    pub is_part: bool,
    /// The day that its sentence names.
    pub day: Option<StatedDay>,
    /// The bytes in the text, including the words of the bound.
    pub span: Range<usize>,
}

/// A claim about the incident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// A duration.
    Took(StatedMetric, StartPoint, StatedDuration),
    /// Times of day of the impact.
    Lasted(StatedTimes),
    /// A count.
    Were(Noun, Scope, u64),
}

/// A day that a sentence names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatedDay {
    /// The day of the month, and the month.
    Date(u32, u32),
    /// The day before the text was sent.
    Yesterday,
}

/// A metric that a text mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatedMetric {
    /// Time to detect.
    Detect,
    /// Time to acknowledge.
    Acknowledge,
    /// Time to identify the cause.
    Identify,
    /// Time to mitigate the impact.
    Mitigate,
    /// Time to resolve.
    Resolve,
    /// Time to notify customers.
    Notify,
    /// Duration from start to end.
    Last,
    /// Duration of the impact on customers.
    Impact,
}

/// The time that a stated duration starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartPoint {
    /// The start of the metric, because the text names no other.
    Usual,
    /// The start of the incident: `into the incident`.
    Start,
}

/// A kind of thing that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// Users.
    Users,
    /// Customers.
    Customers,
    /// Customer accounts.
    Accounts,
    /// Support tickets.
    Tickets,
    /// Complaints.
    Complaints,
    /// False signals of an investigation.
    FalseSignals,
    /// Actions of automation.
    HealingActions,
    /// Action items.
    ActionItems,
}

/// Whether a text says that a count is of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// It says so: `12 customers were affected`.
    Said,
    /// It may count only some of them: `3 customers saw errors`.
    Open,
    /// It does not say what happened to them: `3 customers`.
    Alone,
}

/// A text split into tokens, and what their words may be.
pub(super) struct Reading<'a> {
    text: &'a str,
    tokens: Tokens,
    classes: Vec<Classes>,
    lexicon: &'a Lexicon<'a>,
    subjects: &'a Subjects,
}

impl Deref for Reading<'_> {
    type Target = Tokens;

    fn deref(&self) -> &Tokens {
        &self.tokens
    }
}

impl Reading<'_> {
    /// Returns `true` if the word at an index is of a class.
    fn is(&self, at: usize, class: Class) -> bool {
        let classes = self.classes.get(at);
        classes.is_some_and(|classes| classes.includes(class))
    }

    /// Returns `true` for a word for an incident or its cause.
    fn is_problem(&self, at: usize) -> bool {
        self.is(at, Class::Incident) || self.is(at, Class::Problem)
    }

    /// Returns the token at an index as it was typed.
    fn raw(&self, at: usize) -> &str {
        if at >= self.len() {
            return "";
        }
        self.text.get(self.span(at, at)).unwrap_or_default()
    }

    /// Returns `true` if a token is the first of a line or a clause.
    fn begins_line(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else {
            return true;
        };
        let between = self.span(before, before).end..self.span(at, at).start;
        let is_next_line = || {
            self.text
                .get(between)
                .is_some_and(|text| text.contains('\n'))
        };
        self.starts_after(before) || is_next_line()
    }

    /// Returns the time of day at an index, by its digits or a word such as `noon`.
    fn time(&self, at: usize) -> Option<NaiveTime> {
        match self.kind(at) {
            Kind::Time(time) => Some(time),
            Kind::Word => self.lexicon.time(self.word(at)),
            _ => None,
        }
    }

    /// Returns `true` if a clause ends at a token. A bracketed aside belongs to the clause.
    fn ends_clause(&self, at: usize) -> bool {
        match self.kind(at) {
            Kind::Stop | Kind::Dash | Kind::Comma => true,
            Kind::Word => self.is(at, Class::Conjunctions),
            _ => false,
        }
    }

    /// Returns `true` if a clause, a bracket or a list starts after a token.
    fn starts_after(&self, at: usize) -> bool {
        self.ends_clause(at) || matches!(self.kind(at), Kind::Colon | Kind::Open)
    }

    /// Returns the tokens of the sentence around a token.
    fn sentence(&self, at: usize) -> Range<usize> {
        let is_stop = |at: &usize| self.kind(*at) == Kind::Stop;
        let first = (0..at).rev().find(is_stop).map_or(0, |stop| stop + 1);
        first..(at..self.len()).find(is_stop).unwrap_or(self.len())
    }
}

/// Returns `true` if a title is that of a section about the incident as a whole, such as `Summary` and `The Outage`.
pub(super) fn is_overview(title: &str, lexicon: &Lexicon) -> bool {
    let (tokens, classes) = lexicon.read(title);
    let own = [Class::Overviews, Class::Incident];
    let passed = [Class::Descriptions, Class::Conjunctions];
    let is = |classes: Classes, list: &[Class]| list.iter().any(|class| classes.includes(*class));
    classes.iter().any(|classes| is(*classes, &own))
        && (0..tokens.len()).zip(&classes).all(|(at, classes)| {
            tokens.kind(at) != Kind::Word || is(*classes, &own) || is(*classes, &passed)
        })
}

/// Returns the claims of a text about an incident that affected some subjects.
pub(super) fn find(text: &str, lexicon: &Lexicon, subjects: &Subjects) -> Vec<Stated> {
    if !lexicon.may_count(text) {
        return Vec::new();
    }
    let (tokens, classes) = lexicon.read(text);
    let reading = Reading {
        text,
        tokens,
        classes,
        lexicon,
        subjects,
    };
    let mut claims = Vec::new();
    let mut read = 0;
    for index in 0..reading.len() {
        let claim = match reading.kind(index) {
            Kind::StatedDuration(duration) => metric::claim(&reading, index, duration),
            Kind::Time(time) => {
                metric::on_clock(&reading, index, time).or_else(|| time::claim(&reading, index))
            }
            Kind::Count(value, bound) => count::claim(&reading, index, value, bound),
            Kind::Word => time::claim(&reading, index),
            _ => None,
        };
        // The end of a span is no claim of its own.
        let claim = claim.filter(|claim| claim.span.start >= read);
        if let Some(claim) = claim.filter(|_| !reading.is_elsewhere(index)) {
            read = claim.span.end;
            let day = time::day(&reading, index);
            claims.push(Stated { day, ..claim });
        }
    }
    claims
}

/// A number with the words of its bound, such as `at least`.
#[derive(Debug, Clone, Copy)]
struct Bounded {
    bound: Bound,
    /// The index of the first token, including words before the number.
    first: usize,
    /// The index of the last token, including words after the number.
    last: usize,
}

impl Bounded {
    /// Creates a number without a bound from its tokens.
    fn at(first: usize, last: usize) -> Self {
        let bound = Bound::Exact;
        Self { bound, first, last }
    }

    /// Parses the words of a bound on both sides of a number; `typed` is the bound of the number itself.
    fn new(tokens: &Reading, index: usize, typed: Bound) -> Self {
        let back = |count: usize| index.wrapping_sub(count);
        let word = |count: usize| tokens.word(back(count));
        let is = |count: usize, class: Class| tokens.is(back(count), class);
        let (bound, words) = match (tokens.kind(back(1)), word(1)) {
            (Kind::Sign(bound), _) => (bound, 1),
            _ if is(1, Class::AtMost) => (Bound::AtMost, 1),
            _ if is(1, Class::AtLeast) => (Bound::AtLeast, 1),
            (_, "than") => match matches!(word(3), "no" | "not") {
                true if is(2, Class::Fewer) => (Bound::AtLeast, 3),
                true if is(2, Class::More) => (Bound::AtMost, 3),
                false if is(2, Class::Fewer) => (Bound::AtMost, 2),
                false if is(2, Class::More) => (Bound::AtLeast, 2),
                _ => (typed, 0),
            },
            (_, "least") if word(2) == "at" => (Bound::AtLeast, 2),
            (_, "most") if word(2) == "at" => (Bound::AtMost, 2),
            (_, "to") if word(2) == "up" => (Bound::UpTo, 2),
            (_, "of") if word(2) == "total" && word(3) == "a" => (typed, 3),
            (_, "of") if word(2) == "part" && matches!(word(3), "better" | "best" | "greater") => {
                (Bound::MostOf, 4)
            }
            _ if is(1, Class::About) => (Bound::About, 1),
            (_, "good") if is(2, Class::Articles) => (Bound::AtLeast, 2),
            (_, other) if other != "good" && tokens.lexicon.is_whole(other) => {
                (typed, 1 + usize::from(is(2, Class::Articles)))
            }
            _ if is(1, Class::Exactly) => (typed, 1),
            _ => (typed, 0),
        };
        let softened = match word(words + 1) {
            _ if words == 0 => 0,
            _ if is(words + 1, Class::Softening) => 1,
            "little" | "bit" if word(words + 2) == "a" => 2,
            _ => 0,
        };
        let first = back(words + softened);
        let last = index + 2;
        let after = match tokens.word(last) {
            _ if tokens.word(index + 1) != "or" => None,
            "so" => Some(Bound::About),
            _ if tokens.is(last, Class::OrFewer) => Some(Bound::AtMost),
            _ if tokens.is(last, Class::OrMore) => Some(Bound::AtLeast),
            _ => None,
        };
        let (bound, last) = after.map_or((bound, index), |bound| (bound, last));
        Self { bound, first, last }
    }
}

/// Returns the tokens of the clause around a number.
///
/// A bracket that contains more than the number is a separate clause.
fn clause(tokens: &Tokens, number: Bounded, ends: impl Fn(usize) -> bool) -> Range<usize> {
    let opens = tokens.kind(number.first.wrapping_sub(1)) == Kind::Open;
    let alone = usize::from(opens && tokens.kind(number.last + 1) == Kind::Close);
    let (mut first, mut last) = (number.first.saturating_sub(alone), number.last + alone);
    let mut depth = 0_usize;
    while first > 0 && !ends(first - 1) {
        depth = match (tokens.kind(first - 1), depth) {
            (Kind::Close, depth) => depth + 1,
            (Kind::Open, 0) => break,
            (Kind::Open, depth) => depth - 1,
            (_, depth) => depth,
        };
        first -= 1;
    }
    depth = 0;
    while last + 1 < tokens.len() && !ends(last + 1) {
        depth = match (tokens.kind(last + 1), depth) {
            (Kind::Open, depth) => depth + 1,
            (Kind::Close, 0) => break,
            (Kind::Close, depth) => depth - 1,
            (_, depth) => depth,
        };
        last += 1;
    }
    first..last + 1
}
