//! Finds counts: `12 customers`, `1,247 users`, `42 documented false signals`.

use super::{Bounded, Claim, Noun, Reading, Scope, Stated, clause, impact};
use crate::check::lexicon::Class;
use crate::token::{Bound, Kind, TimeUnit};

/// Returns the claim of a count, or `None` if it is not clearly one.
pub(super) fn claim(reading: &Reading, index: usize, value: u64, bound: Bound) -> Option<Stated> {
    let number = Bounded::new(reading, index, bound);
    // `12 of our customers` are all of those who are counted.
    let of = usize::from(matches!(
        (reading.word(number.last + 1), reading.word(number.last + 2)),
        ("of", "our" | "your")
    ));
    let first = number.last + 1 + of;
    let describing = (first..first + 3).take_while(|at| reading.is(*at, Class::CountAdjectives));
    let last = first + describing.count();
    let noun = noun(reading, last, value)?;
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
        Kind::Word => reading.word(at) != "and" && reading.is(at, Class::Conjunctions),
        _ => false,
    };
    let around = clause(reading, Bounded { last, ..number }, ends);
    let mut others = around.clone().filter(|at| *at < number.first || *at > last);
    let is_condition = reading.is(around.start.wrapping_sub(1), Class::Conditions);
    if is_condition || others.any(|at| is_doubtful(reading, at)) || is_estimate(reading, number) {
        return None;
    }
    let has = |class: Class| around.clone().any(|at| reading.is(at, class));
    let is_troubled = || {
        around
            .clone()
            .any(|at| impact::is_trouble(reading, at) || reading.is(at, Class::Lacking))
    };
    let begins = number.first == around.start;
    let scope = match noun {
        Noun::Users | Noun::Customers | Noun::Accounts
            if has(Class::Affected) && !is_at_a_moment(reading, number) =>
        {
            Scope::Said
        }
        Noun::Users | Noun::Customers | Noun::Accounts if has(Class::Affected) => Scope::Open,
        Noun::Users | Noun::Customers | Noun::Accounts if is_troubled() => Scope::Open,
        _ if reading.is(last, Class::People) => return None,
        Noun::Users | Noun::Customers | Noun::Accounts => Scope::Alone,
        Noun::Tickets if !has(Class::Opened) && !begins => return None,
        Noun::HealingActions if !has(Class::Ran) => Scope::Open,
        Noun::ActionItems if !has(Class::Agreed) => return None,
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

/// Returns `true` if a sentence counts at a moment, when more may follow: `By 22:15, …`, `When we declared, …`.
fn is_at_a_moment(reading: &Reading, number: Bounded) -> bool {
    let sentence = reading.sentence(number.first);
    let is_unit = |at: usize| {
        let unit = reading.word(at);
        TimeUnit::in_full(unit.strip_suffix('s').unwrap_or(unit)).is_some()
    };
    let is_moment = |at: usize| match reading.word(at) {
        "by" | "until" | "till" | "at" | "before" | "after" | "within" | "in" => {
            matches!(
                reading.kind(at + 1),
                Kind::Time(_) | Kind::StatedDuration(_)
            ) || (reading.word(at + 1) == "the"
                && reading.word(at + 2) == "first"
                && (is_unit(at + 3) || matches!(reading.kind(at + 3), Kind::StatedDuration(_))))
        }
        _ => false,
    };
    let opens = reading.word(sentence.start);
    matches!(opens, "when" | "after" | "before" | "until") || sentence.into_iter().any(is_moment)
}

/// Returns `true` if the words before a count say that it is an estimate, an earlier statement or the number on a screen.
fn is_estimate(reading: &Reading, number: Bounded) -> bool {
    let sentence = reading.sentence(number.first);
    (sentence.start..number.first).any(|at| reading.is(at, Class::Estimating))
}

/// Returns the index of the verb in `7 customers complained`, where no other place of complaint follows.
fn complained(reading: &Reading, noun: Noun, last: usize) -> Option<usize> {
    let is_people = matches!(noun, Noun::Users | Noun::Customers | Noun::Accounts);
    let auxiliary = usize::from(matches!(
        reading.word(last + 1),
        "have" | "had" | "formally"
    ));
    let at = last + 1 + auxiliary;
    let ends =
        reading.ends_clause(at + 1) || matches!(reading.kind(at + 1), Kind::Close | Kind::Open);
    let is_all = ends || reading.is(at + 1, Class::AfterComplaints);
    (is_people && reading.is(at, Class::Complaining) && is_all).then_some(at)
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
    (reading.is(number.first.wrapping_sub(1), Class::BeforeParts) && !is_of_counted)
        || (reading.is(last + 1, Class::AfterParts) && !in_total && !of_all && !of_people)
}

/// Returns `true` if a clause with this word counts a part of a total, or something else than this
/// incident.
fn is_doubtful(reading: &Reading, at: usize) -> bool {
    let (before, after) = (reading.word(at.wrapping_sub(1)), reading.word(at + 1));
    match reading.word(at) {
        "not" => reading.is(at + 1, Class::Affected),
        _ if reading.is(at, Class::Modals) => after != "have",
        "more" | "fewer" => after != "than",
        "first" => before == "at",
        "minute" | "hour" | "day" => reading.is(at.wrapping_sub(1), Class::Articles),
        _ => reading.is(at, Class::UnrealCounts) || reading.is_other_name(at),
    }
}

/// The nouns that are counted, by the lists of their words.
const NOUNS: &[(Class, Noun)] = &[
    (Class::Actions, Noun::HealingActions),
    (Class::FalseSignals, Noun::FalseSignals),
    (Class::HealingActions, Noun::HealingActions),
    (Class::ActionItems, Noun::ActionItems),
    (Class::Users, Noun::Users),
    (Class::People, Noun::Users),
    (Class::Customers, Noun::Customers),
    (Class::Accounts, Noun::Accounts),
    (Class::Tickets, Noun::Tickets),
    (Class::Complaints, Noun::Complaints),
];

/// Returns the noun at an index; `None` if singular or plural does not fit the count.
fn noun(reading: &Reading, at: usize, value: u64) -> Option<Noun> {
    let is_automated = || {
        let mut words = reading.sentence(at);
        words.any(|at| reading.is(at, Class::Automation))
    };
    let (class, noun) = NOUNS.iter().find(|(class, _)| {
        reading.is(at, *class) && (*class != Class::Actions || is_automated())
    })?;
    let is_plural = is_plural(reading, at, *class);
    // `1 customer success manager` does not count a customer.
    let alone =
        is_plural || reading.kind(at + 1) != Kind::Word || reading.is(at + 1, Class::AfterOne);
    (is_plural == (value != 1) && alone).then_some(*noun)
}

/// Returns `true` for a word in the plural: it ends in `s`, or its list has no plural of it, as for `people`.
fn is_plural(reading: &Reading, at: usize, class: Class) -> bool {
    let word = reading.word(at);
    let plural = match word.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{word}s"),
    };
    word.ends_with('s') || !reading.lexicon.is(&plural, class)
}
