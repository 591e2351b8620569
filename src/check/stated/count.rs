//! Finds counts: `12 customers`, `1,247 users`, `42 documented false signals`.

use super::{Bounded, CLAUSE, Claim, Noun, Scope, Stated, clause};
use crate::token::{Bound, Kind, Tokens};

/// Words between a number and its noun that do not change the meaning.
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

/// Words that say that a count is of all who were affected.
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

/// Words before a number that make it a part of a total, or a change.
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

/// Words after a noun that make the count a part of a total.
const QUALIFIED: &[&str] = &[
    "at", "of", "from", "in", "on", "with", "who", "whose", "that", "which", "to", "via", "using",
];

/// Words of clauses that count a part of a total, or something else than this incident.
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

/// Returns the claim of a count, or `None` if it is not clearly one.
pub(super) fn claim(tokens: &Tokens, index: usize, value: u64, bound: Bound) -> Option<Stated> {
    let number = Bounded::new(tokens, index, bound);
    let describing = (number.last + 1..number.last + 4)
        .take_while(|at| DESCRIBING.contains(&tokens.word(*at)))
        .count();
    let at = number.last + 1 + describing;
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
    let scope = match noun {
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
        claim: Claim::Were(noun, scope, value),
        bound: number.bound,
        span: tokens.span(number.first, last),
    })
}

/// Returns `true` if a clause with this word counts a part of a total, or something else than this
/// incident.
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

/// Returns the noun at an index and the index of its last word.
///
/// `None` if singular or plural does not fit the count.
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
    // `1 customer success manager` does not count a customer.
    let alone = !singular
        || tokens.kind(at + 1) != Kind::Word
        || matches!(tokens.word(at + 1), "was" | "is" | "experienced");
    (singular == (value == 1) && alone).then_some((noun, at))
}
