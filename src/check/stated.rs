//! Finds the numbers that a text states of its incident: how long something took, how many were affected.
//!
//! It takes a number for such a claim only where the words around it leave hardly
//! a doubt, since a warning on a good text is worse than a missed one. What stands
//! in code, and all that is wished, denied, usual or of another thing, claims nothing.

use std::ops::Range;

use crate::token::{Bound, Kind, StatedDuration, Tokens, may_count};

mod clock;
mod count;
mod vocabulary;

#[cfg(test)]
mod tests;

/// A number that a text states.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// What it states.
    pub claim: Claim,
    /// How it is meant.
    pub bound: Bound,
    /// Its bytes in the text, with the words of its bound.
    pub span: Range<usize>,
}

/// What a number states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// How long something took.
    Took(StatedMetric, StartPoint, StatedDuration),
    /// How many there were.
    Were(Noun, Scope, u64),
}

/// A clock that a text speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatedMetric {
    /// Until it was noticed.
    Detect,
    /// Until somebody took it.
    Acknowledge,
    /// Until the cause was known.
    Identify,
    /// Until the harm was stopped or reduced.
    Mitigate,
    /// Until it was over.
    Resolve,
    /// Until customers heard.
    Notify,
    /// From start to end.
    Last,
}

/// What a clock is said to count from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartPoint {
    /// Nothing is said: from where the clock starts.
    Usual,
    /// `into the incident`: from its start.
    Start,
}

/// What is counted.
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
}

/// Whether a count is said to be of all who were affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// It is: `12 customers were affected`.
    Said,
    /// It may be of some of them: `3 customers saw errors`.
    Open,
}

/// Finds what a text states.
pub fn find(text: &str) -> Vec<Stated> {
    if !may_count(text) {
        return Vec::new();
    }
    let tokens = Tokens::tokenize(text);
    let claims = (0..tokens.len()).filter_map(|place| match tokens.kind(place) {
        Kind::StatedDuration(lapse) => clock::claim(&tokens, place, lapse),
        Kind::Count(value, own) => count::claim(&tokens, place, value, own),
        _ => None,
    });
    claims.collect()
}

/// A number with the words that say how it is meant.
#[derive(Debug, Clone, Copy)]
struct Bounded {
    bound: Bound,
    /// Where the words before the number begin.
    first: usize,
    /// Where those behind it end.
    last: usize,
}

impl Bounded {
    /// Reads the words of a bound on both sides of a number.
    fn new(tokens: &Tokens, place: usize, own: Bound) -> Self {
        let back = |count: usize| place.wrapping_sub(count);
        let word = |count: usize| tokens.word(back(count));
        let (bound, words) = match (tokens.kind(back(1)), word(1)) {
            (Kind::Sign(bound), _) => (bound, 1),
            (_, "under" | "below" | "within") => (Bound::AtMost, 1),
            (_, "over" | "above" | "exceeding") => (Bound::AtLeast, 1),
            (_, "than") => match (word(2), matches!(word(3), "no" | "not")) {
                ("less" | "fewer", true) => (Bound::AtLeast, 3),
                ("more" | "longer" | "greater", true) => (Bound::AtMost, 3),
                ("less" | "fewer", _) => (Bound::AtMost, 2),
                ("more" | "longer" | "greater", _) => (Bound::AtLeast, 2),
                _ => (own, 0),
            },
            (_, "least") if word(2) == "at" => (Bound::AtLeast, 2),
            (_, "most") if word(2) == "at" => (Bound::AtMost, 2),
            (_, "to") if word(2) == "up" => (Bound::AtMost, 2),
            (_, word) if ABOUT.contains(&word) => (Bound::About, 1),
            (_, "just" | "only" | "exactly" | "precisely") => (own, 1),
            _ => (own, 0),
        };
        let softened = matches!(
            word(words + 1),
            "just" | "well" | "only" | "slightly" | "estimated"
        ) && words > 0;
        let first = back(words + usize::from(softened));
        match (tokens.word(place + 1), tokens.word(place + 2)) {
            ("or", "less" | "fewer" | "under") => Self {
                bound: Bound::AtMost,
                first,
                last: place + 2,
            },
            ("or", "more" | "longer" | "over") => Self {
                bound: Bound::AtLeast,
                first,
                last: place + 2,
            },
            ("or", "so") => Self {
                bound: Bound::About,
                first,
                last: place + 2,
            },
            _ => Self {
                bound,
                first,
                last: place,
            },
        }
    }
}

/// Words that make a number approximate.
const ABOUT: &[&str] = &[
    "about",
    "around",
    "approximately",
    "approx",
    "roughly",
    "circa",
    "ca",
    "some",
    "nearly",
    "almost",
    "estimated",
];

/// Words that begin another clause.
const CLAUSE: &[&str] = &[
    "and", "but", "or", "while", "which", "that", "who", "whom", "whose", "when", "where",
    "because", "so", "then", "although", "though", "until", "till", "before", "whereas", "if",
    "since", "once", "as", "despite", "unless",
];

/// Says whether a clause ends at a part; bracketed asides belong to it.
fn ends_clause(tokens: &Tokens, place: usize) -> bool {
    match tokens.kind(place) {
        Kind::Stop | Kind::Dash | Kind::Comma => true,
        Kind::Word => CLAUSE.contains(&tokens.word(place)),
        _ => false,
    }
}

/// Gives the parts of the clause around a number.
///
/// A bracket that holds more than the number is a clause of its own.
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
