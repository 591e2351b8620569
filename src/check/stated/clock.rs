//! Lengths of time that are said of a clock: `detected in 47 seconds`, `took 4 minutes to identify the cause`.

use std::ops::Range;

use super::vocabulary::{
    ACTORS, AUXILIARY, BETWEEN, DESCRIBING, DOUBTFUL, ELSEWHERE, Form, INCIDENT, LEADING,
    LEADING_TO_OBJECT, WORDS,
};
use super::{Bounded, Claim, StartPoint, Stated, StatedMetric, clause, ends_clause};
use crate::token::{Bound, Kind, StatedDuration, Tokens};

/// Finds what a length of time is said of.
pub(super) fn claim(tokens: &Tokens, place: usize, lapse: StatedDuration) -> Option<Stated> {
    let number = Bounded::new(tokens, place, Bound::Exact);
    let around = clause(tokens, number, |at| ends_clause(tokens, at));
    let mut others = around
        .clone()
        .filter(|at| *at < number.first || *at > number.last);
    if others.any(|at| is_doubtful(tokens.word(at))) {
        return None;
    }
    let since = since(tokens, number.last + 1)?;
    let clock = before(tokens, number, since)
        .or_else(|| behind(tokens, number))
        .or_else(|| told(tokens, around, since))?;
    Some(Stated {
        claim: Claim::Took(clock, since, lapse),
        bound: number.bound,
        span: tokens.span(number.first, number.last),
    })
}

fn is_doubtful(word: &str) -> bool {
    DOUBTFUL.contains(&word) || word.ends_with("n't") || word.ends_with("n’t")
}

/// Says what the clock counts from; nothing where that is something else than usual.
fn since(tokens: &Tokens, next: usize) -> Option<StartPoint> {
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

fn clock_at(tokens: &Tokens, place: usize) -> Option<(StatedMetric, Form)> {
    let word = tokens.word(place);
    // The shortest is `acked`.
    (word.len() >= 5).then_some(())?;
    WORDS
        .iter()
        .find(|(other, ..)| *other == word)
        .map(|(_, clock, form)| (*clock, *form))
}

/// Says whether `of` after a word gives its length: `a duration of`, `a response time of`.
fn is_measure(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at) == "time" || clock_at(tokens, at).is_some_and(|(_, form)| form == Form::Noun)
}

fn is_customer(word: &str) -> bool {
    matches!(word, "customer" | "customers" | "users" | "public")
}

/// Looks for the clock's word before the number: `detected in 47 seconds`.
fn before(tokens: &Tokens, number: Bounded, since: StartPoint) -> Option<StatedMetric> {
    let mut at = number.first.wrapping_sub(1);
    let within = tokens.word(number.first) == "within";
    let mut led = within || since == StartPoint::Start;
    let (mut object, mut customers) = (false, false);
    for step in 0..9 {
        match tokens.kind(at) {
            Kind::Open if step == 0 && tokens.kind(number.last + 1) == Kind::Close => led = true,
            Kind::Colon if !led => led = true,
            Kind::Word => {
                let word = tokens.word(at);
                if let Some((clock, form)) = clock_at(tokens, at) {
                    let said = led
                        || step == 0
                        || (clock == StatedMetric::Last && tokens.word(at + 1) == "for");
                    let known = said && is_of_incident(tokens, at, clock, form, object);
                    let told = clock != StatedMetric::Notify
                        || customers
                        || is_customer(tokens.word(subject(tokens, at)));
                    return (known && told).then_some(clock);
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

/// Gives the place before a verb and the words that belong to it.
fn subject(tokens: &Tokens, verb: usize) -> usize {
    let mut at = verb.wrapping_sub(1);
    while AUXILIARY.contains(&tokens.word(at)) || tokens.word(at).ends_with("ly") {
        at = at.wrapping_sub(1);
    }
    at
}

/// Says whether something begins behind a part: a clause, a bracket, or what a colon announces.
fn begins_behind(tokens: &Tokens, at: usize) -> bool {
    ends_clause(tokens, at) || matches!(tokens.kind(at), Kind::Colon | Kind::Open)
}

/// Says whether a clock's word is said of the incident itself and not of something in it.
fn is_of_incident(
    tokens: &Tokens,
    at: usize,
    clock: StatedMetric,
    form: Form,
    object: bool,
) -> bool {
    let previous = at.wrapping_sub(1);
    let word = tokens.word(previous);
    match (clock, form) {
        (_, Form::Noun) => {
            begins_behind(tokens, previous)
                || DESCRIBING.contains(&word)
                || INCIDENT.contains(&word)
        }
        (StatedMetric::Last, _) => {
            INCIDENT.contains(&tokens.word(subject(tokens, at))) || continues_incident(tokens, at)
        }
        (_, Form::Gerund) => begins_behind(tokens, previous),
        (_, Form::Base) => {
            word == "to" && matches!(tokens.word(previous.wrapping_sub(1)), "time" | "managed")
        }
        (_, Form::Past) => {
            let subject = subject(tokens, at);
            let word = tokens.word(subject);
            let relative = matches!(word, "which" | "that" | "who");
            let named = INCIDENT.contains(&word) || ACTORS.contains(&word) || is_customer(word);
            object || named || (begins_behind(tokens, subject) && !relative)
        }
    }
}

/// Says whether the subject before is the incident: `The outage began at 14:23 and lasted 45 minutes`.
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

/// Looks for the clock's word behind the number: `took 47 seconds to detect`, `47-second detection`.
fn behind(tokens: &Tokens, number: Bounded) -> Option<StatedMetric> {
    let (previous, next) = (number.first.wrapping_sub(1), number.last + 1);
    let begins = begins_behind(tokens, previous);
    let word = tokens.word(previous);
    if tokens.word(next) != "to" {
        let (clock, form) = clock_at(tokens, next)?;
        let described = begins || matches!(word, "a" | "the" | "our" | "fast" | "quick");
        // A resolution and a duration may be those of a metric or a test.
        let other = matches!(clock, StatedMetric::Resolve | StatedMetric::Last);
        return (form == Form::Noun && described && !other).then_some(clock);
    }
    let took = matches!(
        word,
        "took" | "us" | "team" | "needed" | "required" | "spent"
    );
    let (clock, form) = clock_at(tokens, next + 1)?;
    let object = (next + 2..next + 7).find(|at| !LEADING_TO_OBJECT.contains(&tokens.word(*at)))?;
    let word = tokens.word(object);
    let fits = match clock {
        StatedMetric::Notify => is_customer(word),
        _ => {
            let ends = ends_clause(tokens, object)
                || matches!(tokens.kind(object), Kind::Close | Kind::Open);
            ends || INCIDENT.contains(&word) || word == "it"
        }
    };
    (form == Form::Base && (took || begins) && fits).then_some(clock)
}

/// `Customers were told 17 minutes into the incident`.
fn told(tokens: &Tokens, clause: Range<usize>, since: StartPoint) -> Option<StatedMetric> {
    let has = |test: fn(&str) -> bool| clause.clone().any(|at| test(tokens.word(at)));
    let heard = |word: &str| {
        matches!(
            word,
            "told" | "informed" | "notice" | "notification" | "heard" | "emailed"
        )
    };
    (since == StartPoint::Start && has(is_customer) && has(heard)).then_some(StatedMetric::Notify)
}
