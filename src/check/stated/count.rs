//! Finds counts: `12 customers`, `1,247 users`, `42 documented false signals`.

use super::vocabulary::CONDITIONS;
use super::{Bounded, CLAUSE, Claim, Noun, Reading, Scope, Stated, clause, impact};
use crate::check::lexicon::Class;
use crate::token::{Bound, Kind};

/// Words between a number and its noun that do not change the meaning.
#[rustfmt::skip]
const DESCRIBING: &[&str] = &[
    "affected", "impacted", "individual", "end", "unique", "distinct", "our", "customer", "user",
    "support", "documented", "known", "separate", "formal", "total", "new", "active",
];

/// Words before a number that make it a part of a total, a change, or the number of all that there are.
#[rustfmt::skip]
const PART: &[&str] = &[
    "of", "another", "other", "first", "last", "top", "among", "remaining", "next", "at", "from",
    "to", "than", "only", "for", "between", "these", "those", "our", "has", "have", "serves",
    "serve",
];

/// Words after a noun that make the count a part of a total.
#[rustfmt::skip]
const QUALIFIED: &[&str] = &[
    "at", "of", "from", "in", "on", "with", "who", "whose", "that", "which", "to", "via", "using",
];

/// Words of clauses that count a part of a total, or something else than this incident.
#[rustfmt::skip]
const DOUBTFUL: &[&str] = &[
    "reported", "report", "complained", "called", "wrote", "contacted", "asked", "requested",
    "returned", "recovered", "restored", "migrated", "unaffected", "remaining", "still",
    "already", "per", "each", "every", "average", "most", "mostly", "including", "includes",
    "others", "some", "half", "percent", "never", "none", "would", "should", "will", "potential",
    "potentially", "possibly", "capacity", "reopened", "closed", "escalated", "previous",
    "previously", "similar", "initially", "additional", "if",
];

/// Verbs of support tickets, and of what automation and a review bring about.
#[rustfmt::skip]
const OPENED: &[&str] = &[
    "support", "opened", "received", "filed", "raised", "created", "handled", "got", "logged",
    "submitted", "resulted", "led", "caused",
];
const RAN: &[&str] = &[
    "ran",
    "took",
    "executed",
    "performed",
    "triggered",
    "fired",
    "started",
    "attempted",
];
#[rustfmt::skip]
const AGREED: &[&str] = &[
    "came", "resulted", "recorded", "created", "opened", "agreed", "defined", "identified",
    "yielded", "produced", "follow", "list", "lists",
];

/// Returns the claim of a count, or `None` if it is not clearly one.
pub(super) fn claim(reading: &Reading, index: usize, value: u64, bound: Bound) -> Option<Stated> {
    let number = Bounded::new(reading, index, bound);
    let describing = (number.last + 1..number.last + 4)
        .take_while(|at| DESCRIBING.contains(&reading.word(*at)))
        .count();
    let at = number.last + 1 + describing;
    let (noun, last) = noun(reading, at, value)?;
    if let Some(complained) = complained(reading, noun, last) {
        // One customer may complain more than once, so there are at least as many complaints.
        let is_bound = matches!(number.bound, Bound::Exact | Bound::AtLeast);
        return (is_bound && !is_part(reading, number, last)).then(|| Stated {
            claim: Claim::Were(Noun::Complaints, Scope::Said, value),
            bound: Bound::AtLeast,
            is_part: false,
            day: None,
            span: reading.span(number.first, complained),
        });
    }
    if is_part(reading, number, last) {
        return None;
    }
    let ends = |at: usize| match reading.kind(at) {
        Kind::Stop | Kind::Dash | Kind::Comma => true,
        Kind::Word => reading.word(at) != "and" && CLAUSE.contains(&reading.word(at)),
        _ => false,
    };
    let around = clause(reading, Bounded { last, ..number }, ends);
    let mut others = around.clone().filter(|at| *at < number.first || *at > last);
    let begins = reading.word(around.start.wrapping_sub(1));
    if CONDITIONS.contains(&begins) || others.any(|at| is_doubtful(reading, at)) {
        return None;
    }
    let has = |list: &[&str]| around.clone().any(|at| list.contains(&reading.word(at)));
    let is_affected = around.clone().any(|at| reading.is(at, Class::Affected));
    let is_troubled = || {
        around.clone().any(|at| {
            impact::is_trouble(reading, at)
                || matches!(reading.word(at), "without" | "error" | "failure")
        })
    };
    let begins = number.first == around.start;
    let scope = match noun {
        Noun::Users | Noun::Customers | Noun::Accounts if is_affected => Scope::Said,
        Noun::Users | Noun::Customers | Noun::Accounts if is_troubled() => Scope::Open,
        Noun::Users | Noun::Customers | Noun::Accounts => Scope::Alone,
        Noun::Tickets if !has(OPENED) && !begins => return None,
        Noun::HealingActions if !has(RAN) => Scope::Open,
        Noun::ActionItems if !has(AGREED) => return None,
        _ => Scope::Said,
    };
    Some(Stated {
        claim: Claim::Were(noun, scope, value),
        bound: number.bound,
        is_part: false,
        day: None,
        span: reading.span(number.first, last),
    })
}

/// Returns the index of `complained` in `7 customers complained`, where no other place of complaint follows.
fn complained(reading: &Reading, noun: Noun, last: usize) -> Option<usize> {
    let is_people = matches!(noun, Noun::Users | Noun::Customers | Noun::Accounts);
    let auxiliary = usize::from(matches!(
        reading.word(last + 1),
        "have" | "had" | "formally"
    ));
    let at = last + 1 + auxiliary;
    let after = reading.word(at + 1);
    let ends =
        reading.ends_clause(at + 1) || matches!(reading.kind(at + 1), Kind::Close | Kind::Open);
    let is_all = ends || matches!(after, "about" | "to" | "that" | "during" | "because" | "by");
    (is_people && reading.word(at) == "complained" && is_all).then_some(at)
}

/// Returns `true` if a count is of a part: `one of 3 customers`, `3 customers at one site`.
fn is_part(reading: &Reading, number: Bounded, last: usize) -> bool {
    let (before, after) = (
        reading.word(number.first.wrapping_sub(1)),
        reading.word(last + 1),
    );
    let in_total = after == "in" && reading.word(last + 2) == "total";
    // `900 users of 12 customers` counts both.
    let of_all = after == "of"
        && matches!(reading.kind(last + 2), Kind::Count(..))
        && (last + 3..last + 5)
            .any(|at| reading.is(at, Class::Customers) || reading.is(at, Class::Accounts));
    let is_of_counted = before == "of"
        && (2..4).any(|back| reading.is(number.first.wrapping_sub(back), Class::Users))
        && matches!(reading.kind(number.first.wrapping_sub(3)), Kind::Count(..));
    let of_people = after == "from"
        && (reading.is(last + 2, Class::Customers) || reading.is(last + 2, Class::Users));
    (PART.contains(&before) && !is_of_counted)
        || (QUALIFIED.contains(&after) && !in_total && !of_all && !of_people)
}

/// Returns `true` if a clause with this word counts a part of a total, or something else than this
/// incident.
fn is_doubtful(reading: &Reading, at: usize) -> bool {
    let (before, after) = (reading.word(at.wrapping_sub(1)), reading.word(at + 1));
    match reading.word(at) {
        "not" => reading.is(at + 1, Class::Affected),
        "may" | "might" => after != "have",
        "more" | "fewer" => after != "than",
        "first" => before == "at",
        "minute" | "hour" | "day" => matches!(before, "a" | "an"),
        word => DOUBTFUL.contains(&word) || reading.is_other_name(at),
    }
}

/// Returns the noun at an index and the index of its last word.
///
/// `None` if singular or plural does not fit the count.
fn noun(reading: &Reading, at: usize, value: u64) -> Option<(Noun, usize)> {
    let is_plural = |at: usize| reading.word(at).ends_with('s');
    let fits = |at: usize| is_plural(at) == (value != 1);
    let pair = match (reading.word(at), reading.word(at + 1)) {
        ("false", "signal" | "signals") => Some(Noun::FalseSignals),
        ("self-healing" | "automated" | "automatic" | "remediation", "action" | "actions") => {
            Some(Noun::HealingActions)
        }
        ("action", "item" | "items") => Some(Noun::ActionItems),
        _ => None,
    };
    if let Some(noun) = pair {
        return fits(at + 1).then_some((noun, at + 1));
    }
    let is_automated = || {
        let mut words = reading.sentence(at);
        words.any(|at| matches!(reading.word(at), "automation" | "self-healing"))
    };
    let noun = match reading.word(at) {
        "action" | "actions" if is_automated() => Noun::HealingActions,
        _ => {
            const CLASSES: &[(Class, Noun)] = &[
                (Class::Users, Noun::Users),
                (Class::Customers, Noun::Customers),
                (Class::Accounts, Noun::Accounts),
                (Class::Tickets, Noun::Tickets),
                (Class::Complaints, Noun::Complaints),
            ];
            CLASSES.iter().find(|(class, _)| reading.is(at, *class))?.1
        }
    };
    // `1 customer success manager` does not count a customer.
    let alone = is_plural(at)
        || reading.kind(at + 1) != Kind::Word
        || matches!(reading.word(at + 1), "was" | "is" | "experienced" | "ran");
    (fits(at) && alone).then_some((noun, at))
}
