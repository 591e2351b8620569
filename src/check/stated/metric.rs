//! Finds durations of a metric: `detected in 47 seconds`, `took 4 minutes to identify the cause`.

use std::ops::Range;

use super::vocabulary::{
    ACTORS, AUXILIARY, BETWEEN, DESCRIBING, DOUBTFUL, ELSEWHERE, Form, INCIDENT, LEADING,
    LEADING_TO_OBJECT, METRIC_WORDS,
};
use super::{Bounded, Claim, StartPoint, Stated, StatedMetric, clause, ends_clause};
use crate::token::{Bound, Kind, StatedDuration, Tokens};

/// Returns the claim of a duration, or `None` if it is not clearly one.
pub(super) fn claim(tokens: &Tokens, index: usize, duration: StatedDuration) -> Option<Stated> {
    let number = Bounded::new(tokens, index, Bound::Exact);
    let around = clause(tokens, number, |at| ends_clause(tokens, at));
    let mut others = around
        .clone()
        .filter(|at| *at < number.first || *at > number.last);
    if others.any(|at| is_doubtful(tokens.word(at))) {
        return None;
    }
    let start = start(tokens, number.last + 1)?;
    let metric = before(tokens, number, start)
        .or_else(|| after(tokens, number))
        .or_else(|| customers_informed(tokens, around, start))?;
    Some(Stated {
        claim: Claim::Took(metric, start, duration),
        bound: number.bound,
        span: tokens.span(number.first, number.last),
    })
}

fn is_doubtful(word: &str) -> bool {
    DOUBTFUL.contains(&word) || word.ends_with("n't") || word.ends_with("n’t")
}

/// Returns the time that a duration starts from, or `None` if the text names another one.
fn start(tokens: &Tokens, next: usize) -> Option<StartPoint> {
    let article = usize::from(matches!(
        tokens.word(next + 1),
        "the" | "our" | "an" | "this"
    ));
    match tokens.word(next) {
        "into" if INCIDENT.contains(&tokens.word(next + 1 + article)) => Some(StartPoint::Start),
        word if ELSEWHERE.contains(&word) => None,
        _ => Some(StartPoint::Usual),
    }
}

fn metric_at(tokens: &Tokens, index: usize) -> Option<(StatedMetric, Form)> {
    let word = tokens.word(index);
    // `acked` is the shortest of the words.
    (word.len() >= 5).then_some(())?;
    METRIC_WORDS
        .iter()
        .find(|(other, ..)| *other == word)
        .map(|(_, metric, form)| (*metric, *form))
}

/// Returns `true` if `of` after a word introduces its duration: `a duration of`, `a response time of`.
fn is_measure(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at) == "time" || metric_at(tokens, at).is_some_and(|(_, form)| form == Form::Noun)
}

fn is_customer(word: &str) -> bool {
    matches!(word, "customer" | "customers" | "users" | "public")
}

/// Finds the metric's word before the number: `detected in 47 seconds`.
fn before(tokens: &Tokens, number: Bounded, start: StartPoint) -> Option<StatedMetric> {
    let mut at = number.first.wrapping_sub(1);
    let within = tokens.word(number.first) == "within";
    let mut led = within || start == StartPoint::Start;
    let (mut object, mut customers) = (false, false);
    for step in 0..9 {
        match tokens.kind(at) {
            Kind::Open if step == 0 && tokens.kind(number.last + 1) == Kind::Close => led = true,
            Kind::Colon if !led => led = true,
            Kind::Word => {
                let word = tokens.word(at);
                if let Some((metric, form)) = metric_at(tokens, at) {
                    let is_linked = led
                        || step == 0
                        || (metric == StatedMetric::Last && tokens.word(at + 1) == "for");
                    let known = is_linked && is_of_incident(tokens, at, metric, form, object);
                    let is_about_customers = metric != StatedMetric::Notify
                        || customers
                        || is_customer(tokens.word(subject(tokens, at)));
                    return (known && is_about_customers).then_some(metric);
                }
                object |= INCIDENT.contains(&word);
                customers |= is_customer(word);
                let measured = word == "of" && step == 0 && is_measure(tokens, at.wrapping_sub(1));
                let leads = (LEADING.contains(&word) || measured) && !led;
                led |= leads;
                let passes = leads
                    || BETWEEN.contains(&word)
                    || ACTORS.contains(&word)
                    || INCIDENT.contains(&word)
                    || is_customer(word)
                    || (word == "for" && step == 0)
                    || word.ends_with("ly");
                if !passes {
                    return None;
                }
            }
            _ => return None,
        }
        at = at.wrapping_sub(1);
    }
    None
}

/// Returns the index of the word before a verb and its auxiliaries.
fn subject(tokens: &Tokens, verb: usize) -> usize {
    let mut at = verb.wrapping_sub(1);
    while AUXILIARY.contains(&tokens.word(at)) || tokens.word(at).ends_with("ly") {
        at = at.wrapping_sub(1);
    }
    at
}

/// Returns `true` if a clause, a bracket or a list starts after a token.
fn clause_starts_after(tokens: &Tokens, at: usize) -> bool {
    ends_clause(tokens, at) || matches!(tokens.kind(at), Kind::Colon | Kind::Open)
}

/// Returns `true` if a metric's word is about the incident itself and not about something in it.
fn is_of_incident(
    tokens: &Tokens,
    at: usize,
    metric: StatedMetric,
    form: Form,
    object: bool,
) -> bool {
    let previous = at.wrapping_sub(1);
    let word = tokens.word(previous);
    match (metric, form) {
        (_, Form::Noun) => {
            clause_starts_after(tokens, previous)
                || DESCRIBING.contains(&word)
                || INCIDENT.contains(&word)
        }
        (StatedMetric::Last, _) => {
            INCIDENT.contains(&tokens.word(subject(tokens, at))) || continues_incident(tokens, at)
        }
        (_, Form::Gerund) => clause_starts_after(tokens, previous),
        (_, Form::Base) => {
            word == "to" && matches!(tokens.word(previous.wrapping_sub(1)), "time" | "managed")
        }
        (_, Form::Past) => {
            let subject = subject(tokens, at);
            let word = tokens.word(subject);
            let relative = matches!(word, "which" | "that" | "who");
            let named = INCIDENT.contains(&word) || ACTORS.contains(&word) || is_customer(word);
            object || named || (clause_starts_after(tokens, subject) && !relative)
        }
    }
}

/// Returns `true` if the subject of the sentence is the incident: `The outage began at 14:23 and
/// lasted 45 minutes`.
fn continues_incident(tokens: &Tokens, verb: usize) -> bool {
    let relative = matches!(tokens.word(verb.wrapping_sub(1)), "which" | "that");
    if relative {
        let comma = usize::from(tokens.kind(verb.wrapping_sub(2)) == Kind::Comma);
        return INCIDENT.contains(&tokens.word(verb.wrapping_sub(2 + comma)));
    }
    if tokens.word(verb.wrapping_sub(1)) != "and" {
        return false;
    }
    let first = (0..verb)
        .rev()
        .find(|at| tokens.kind(*at) == Kind::Stop)
        .map_or(0, |stop| stop + 1);
    (first..verb.min(first + 3)).any(|at| INCIDENT.contains(&tokens.word(at)))
}

/// Finds the metric's word after the number: `took 47 seconds to detect`, `47-second detection`.
fn after(tokens: &Tokens, number: Bounded) -> Option<StatedMetric> {
    let (previous, next) = (number.first.wrapping_sub(1), number.last + 1);
    let begins = clause_starts_after(tokens, previous);
    let word = tokens.word(previous);
    if tokens.word(next) != "to" {
        let (metric, form) = metric_at(tokens, next)?;
        let described = begins || matches!(word, "a" | "the" | "our" | "fast" | "quick");
        // `47-second resolution` and `47-second duration` may be about a measurement or a test.
        let other = matches!(metric, StatedMetric::Resolve | StatedMetric::Last);
        return (form == Form::Noun && described && !other).then_some(metric);
    }
    let took = matches!(
        word,
        "took" | "us" | "team" | "needed" | "required" | "spent"
    );
    let (metric, form) = metric_at(tokens, next + 1)?;
    let object = (next + 2..next + 7).find(|at| !LEADING_TO_OBJECT.contains(&tokens.word(*at)))?;
    let word = tokens.word(object);
    let fits = match metric {
        StatedMetric::Notify => is_customer(word),
        _ => {
            let ends = ends_clause(tokens, object)
                || matches!(tokens.kind(object), Kind::Close | Kind::Open);
            ends || INCIDENT.contains(&word) || word == "it"
        }
    };
    (form == Form::Base && (took || begins) && fits).then_some(metric)
}

/// Finds `customers were informed 17 minutes into the incident`.
fn customers_informed(
    tokens: &Tokens,
    clause: Range<usize>,
    start: StartPoint,
) -> Option<StatedMetric> {
    let has = |test: fn(&str) -> bool| clause.clone().any(|at| test(tokens.word(at)));
    let is_informing = |word: &str| {
        matches!(
            word,
            "told" | "informed" | "notice" | "notification" | "heard" | "emailed"
        )
    };
    (start == StartPoint::Start && has(is_customer) && has(is_informing))
        .then_some(StatedMetric::Notify)
}
