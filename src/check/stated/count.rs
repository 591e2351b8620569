//! Counts of those who were affected: `12 customers`, `1,247 users`, `42 documented false signals`.

use super::{Bounded, CLAUSE, Claim, Noun, Scope, Stated, clause};
use crate::token::{Bound, Kind, Tokens};

/// Words between a number and its noun that leave it what it is.
const DESCRIBING: &[&str] = &[
    "affected",
    "impacted",
    "individual",
    "end",
    "unique",
    "distinct",
    "our",
    "customer",
    "user",
    "support",
    "documented",
    "known",
    "separate",
    "formal",
    "total",
];

/// Words that say of a count that it is of all.
const AFFECTED: &[&str] = &[
    "affected",
    "affecting",
    "affects",
    "impacted",
    "impacting",
    "impacts",
    "experienced",
    "experiencing",
    "suffered",
    "hit",
    "harmed",
    "disrupted",
    "interrupted",
];

/// Words before a number that make it a part, or a change.
const PART: &[&str] = &[
    "of",
    "another",
    "other",
    "first",
    "last",
    "top",
    "among",
    "remaining",
    "next",
    "at",
    "from",
    "to",
    "than",
    "only",
    "for",
    "between",
    "these",
    "those",
];

/// Words behind a noun that make it a part.
const QUALIFIED: &[&str] = &[
    "at", "of", "from", "in", "on", "with", "who", "whose", "that", "which", "to", "via", "using",
];

/// Words with which a clause counts a part, or nothing of this incident.
const DOUBTFUL: &[&str] = &[
    "reported",
    "report",
    "complained",
    "called",
    "wrote",
    "contacted",
    "asked",
    "requested",
    "returned",
    "recovered",
    "restored",
    "migrated",
    "unaffected",
    "remaining",
    "still",
    "already",
    "per",
    "each",
    "every",
    "average",
    "most",
    "mostly",
    "including",
    "includes",
    "others",
    "some",
    "half",
    "percent",
    "never",
    "none",
    "without",
    "may",
    "might",
    "would",
    "should",
    "will",
    "potential",
    "potentially",
    "possibly",
    "capacity",
    "reopened",
    "closed",
    "escalated",
    "previous",
    "previously",
    "similar",
    "initially",
    "additional",
];

/// Finds what a count is said of.
pub(super) fn claim(tokens: &Tokens, place: usize, value: u64, own: Bound) -> Option<Stated> {
    let number = Bounded::new(tokens, place, own);
    let described = (number.last + 1..number.last + 4)
        .take_while(|at| DESCRIBING.contains(&tokens.word(*at)))
        .count();
    let at = number.last + 1 + described;
    let (noun, last) = noun(tokens, at, value)?;
    let before = tokens.word(number.first.wrapping_sub(1));
    let in_total = tokens.word(last + 1) == "in" && tokens.word(last + 2) == "total";
    if PART.contains(&before) || (QUALIFIED.contains(&tokens.word(last + 1)) && !in_total) {
        return None;
    }
    let ends = |at: usize| match tokens.kind(at) {
        Kind::Stop | Kind::Dash | Kind::Comma => true,
        Kind::Word => tokens.word(at) != "and" && CLAUSE.contains(&tokens.word(at)),
        _ => false,
    };
    let around = clause(tokens, Bounded { last, ..number }, ends);
    let mut others = around.clone().filter(|at| *at < number.first || *at > last);
    if others.any(|at| is_doubtful(tokens, at)) {
        return None;
    }
    let has = |list: &[&str]| around.clone().any(|at| list.contains(&tokens.word(at)));
    let whole = match noun {
        Noun::Users | Noun::Customers | Noun::Accounts if !has(AFFECTED) => Scope::Open,
        Noun::Tickets
            if !has(&[
                "support", "opened", "received", "filed", "raised", "created",
            ]) =>
        {
            return None;
        }
        _ => Scope::Said,
    };
    Some(Stated {
        claim: Claim::Were(noun, whole, value),
        bound: number.bound,
        span: tokens.span(number.first, last),
    })
}

/// Says whether a clause with this word counts a part, or nothing of this incident.
fn is_doubtful(tokens: &Tokens, at: usize) -> bool {
    let (before, after) = (tokens.word(at.wrapping_sub(1)), tokens.word(at + 1));
    match tokens.word(at) {
        "not" => AFFECTED.contains(&after),
        "more" | "fewer" => after != "than",
        "first" => before == "at",
        "minute" | "hour" | "day" => matches!(before, "a" | "an"),
        word => DOUBTFUL.contains(&word),
    }
}

/// Gives the noun at a place, in the number that the count asks for, and its last word.
fn noun(tokens: &Tokens, at: usize, value: u64) -> Option<(Noun, usize)> {
    if tokens.word(at) == "false" {
        return matches!(tokens.word(at + 1), "signals" | "signal")
            .then_some((Noun::FalseSignals, at + 1));
    }
    let (noun, singular) = match tokens.word(at) {
        "users" => (Noun::Users, false),
        "user" => (Noun::Users, true),
        "customers" => (Noun::Customers, false),
        "customer" => (Noun::Customers, true),
        "accounts" => (Noun::Accounts, false),
        "account" => (Noun::Accounts, true),
        "tickets" => (Noun::Tickets, false),
        "ticket" => (Noun::Tickets, true),
        "complaints" => (Noun::Complaints, false),
        "complaint" => (Noun::Complaints, true),
        _ => return None,
    };
    // `1 customer success manager` counts no customer.
    let alone = !singular
        || tokens.kind(at + 1) != Kind::Word
        || matches!(tokens.word(at + 1), "was" | "is" | "experienced");
    (singular == (value == 1) && alone).then_some((noun, at))
}
