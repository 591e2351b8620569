//! Finds durations of a metric: `detected in 47 seconds`, `took 4 minutes to identify the cause`.

use std::ops::Range;

use chrono::{NaiveTime, Timelike};

use super::vocabulary::{
    ACTORS, AUXILIARY, BETWEEN, DESCRIBING, DOUBTFUL, ELSEWHERE, Form, LEADING, LEADING_TO_OBJECT,
    METRIC_WORDS, RESTORED, SEEN,
};
use super::{Bounded, Claim, Reading, StartPoint, Stated, StatedMetric, clause, impact};
use crate::check::lexicon::Class;
use crate::token::{Bound, Kind, StatedDuration};

/// Returns the claim of a duration, or `None` if it is not clearly one.
pub(super) fn claim(reading: &Reading, index: usize, duration: StatedDuration) -> Option<Stated> {
    let number = Bounded::new(reading, index, Bound::Exact);
    let of_impact = || {
        let is_part = impact::stated_part(reading, number)?;
        Some(((StatedMetric::Last, StartPoint::Usual), is_part))
    };
    let response = response(reading, number).map(|metric| (metric, false));
    let ((metric, start), is_part) = response.or_else(of_impact)?;
    let metric = match metric {
        StatedMetric::Last if says_customer_impact(reading, index) => StatedMetric::Impact,
        metric => metric,
    };
    Some(Stated {
        claim: Claim::Took(metric, start, duration),
        bound: number.bound,
        is_part,
        day: None,
        span: reading.span(number.first, number.last),
    })
}

/// Returns `true` if a sentence is about the impact on customers, which may be shorter than the incident.
fn says_customer_impact(reading: &Reading, at: usize) -> bool {
    let mut words = reading.sentence(at).skip(1);
    words.any(|at| reading.word(at) == "impact" && is_customer(reading, at.wrapping_sub(1)))
}

/// Returns the claim of a duration that is written as on a clock: `downtime: 00:35:00`.
pub(super) fn on_clock(reading: &Reading, index: usize, time: NaiveTime) -> Option<Stated> {
    let mut words = (0..index).rev().skip_while(|at| {
        reading.kind(*at) == Kind::Colon || matches!(reading.word(*at), "of" | "was" | "is" | "for")
    });
    let label = words.next()?;
    let is_measured = matches!(
        reading.word(label),
        "duration" | "downtime" | "lasted" | "lasting"
    );
    let is_full = reading.raw(index).matches(':').count() == 2;
    let seconds = i64::from(time.num_seconds_from_midnight());
    let step = if seconds % 60 == 0 { 60 } else { 1 };
    let claim = || claim(reading, index, StatedDuration { seconds, step });
    (is_measured && is_full).then(claim).flatten()
}

/// Returns the metric whose words are near a duration, and the time that it starts from.
fn response(reading: &Reading, number: Bounded) -> Option<(StatedMetric, StartPoint)> {
    let around = clause(reading, number, |at| reading.ends_clause(at));
    let mut others = around
        .clone()
        .filter(|at| *at < number.first || *at > number.last);
    if others.any(|at| is_doubtful(reading.word(at)) || reading.is(at, Class::Others)) {
        return None;
    }
    let start = start(reading, number.last + 1)?;
    let metric = before(reading, number, start)
        .or_else(|| after(reading, number))
        .or_else(|| customers_informed(reading, around, start))?;
    Some((metric, start))
}

fn is_doubtful(word: &str) -> bool {
    DOUBTFUL.contains(&word) || word.ends_with("n't") || word.ends_with("n’t")
}

/// Returns the time that a duration starts from, or `None` if the text names another one.
fn start(reading: &Reading, next: usize) -> Option<StartPoint> {
    let article = usize::from(matches!(
        reading.word(next + 1),
        "the" | "our" | "an" | "this"
    ));
    match reading.word(next) {
        "after" if starts_incident(reading, next + 1 + article) => Some(StartPoint::Start),
        "into" if reading.is_problem(next + 1 + article) => Some(StartPoint::Start),
        word if ELSEWHERE.contains(&word) => None,
        _ => Some(StartPoint::Usual),
    }
}

/// Returns `true` for `the start`, `the start of the outage` and `the outage began`.
fn starts_incident(reading: &Reading, at: usize) -> bool {
    match reading.word(at) {
        "start" | "onset" | "beginning" => {
            let object = at + 2 + usize::from(reading.word(at + 2) == "the");
            reading.word(at + 1) != "of" || reading.is(object, Class::Incident)
        }
        _ => {
            let is_verb = matches!(
                reading.word(at + 1),
                "began" | "started" | "failed" | "broke"
            );
            is_verb && (reading.is_problem(at) || reading.word(at) == "it")
        }
    }
}

fn metric_at(reading: &Reading, index: usize) -> Option<(StatedMetric, Form)> {
    let word = reading.word(index);
    // `fix` is the shortest of the words.
    (word.len() >= 3).then_some(())?;
    METRIC_WORDS
        .iter()
        .find(|(other, ..)| *other == word)
        .map(|(_, metric, form)| (*metric, *form))
}

/// Returns `true` if `of` after a word introduces its duration: `a duration of`, `a response time of`.
fn is_measure(reading: &Reading, at: usize) -> bool {
    reading.word(at) == "time" || metric_at(reading, at).is_some_and(|(_, form)| form == Form::Noun)
}

fn is_customer(reading: &Reading, at: usize) -> bool {
    reading.is(at, Class::Users) || reading.is(at, Class::Customers) || reading.word(at) == "public"
}

/// Finds the metric's word before the number: `detected in 47 seconds`.
fn before(reading: &Reading, number: Bounded, start: StartPoint) -> Option<StatedMetric> {
    let mut at = number.first.wrapping_sub(1);
    let within = reading.word(number.first) == "within";
    let mut led = within || start == StartPoint::Start;
    let (mut object, mut customers) = (false, false);
    let mut named = None;
    for step in 0..9 {
        match reading.kind(at) {
            Kind::Open if step == 0 && reading.kind(number.last + 1) == Kind::Close => led = true,
            Kind::Colon if !led => led = true,
            Kind::Word => {
                let word = reading.word(at);
                if let Some((metric, form)) = metric_at(reading, at) {
                    let is_linked = led
                        || step == 0
                        || (metric == StatedMetric::Last && reading.word(at + 1) == "for");
                    // `We answered the page` and `we found the cause`: the verb alone is of anything.
                    let fits = match word {
                        "answered" => named == Some("page"),
                        "found" | "understood" => named == Some("cause"),
                        _ => true,
                    };
                    let known =
                        is_linked && fits && is_of_incident(reading, at, metric, form, object);
                    let is_about_customers = metric != StatedMetric::Notify
                        || customers
                        || is_customer(reading, subject(reading, at));
                    return (known && is_about_customers).then_some(metric);
                }
                object |= reading.is_problem(at);
                if matches!(word, "page" | "cause") {
                    named = Some(word);
                }
                customers |= is_customer(reading, at);
                let measured = word == "of" && step == 0 && is_measure(reading, at.wrapping_sub(1));
                let leads = (LEADING.contains(&word) || measured) && !led;
                led |= leads;
                let passes = leads
                    || BETWEEN.contains(&word)
                    || ACTORS.contains(&word)
                    || reading.is_problem(at)
                    || is_customer(reading, at)
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
pub(super) fn subject(reading: &Reading, verb: usize) -> usize {
    let mut at = verb.wrapping_sub(1);
    while AUXILIARY.contains(&reading.word(at)) || reading.word(at).ends_with("ly") {
        at = at.wrapping_sub(1);
    }
    at
}

/// Returns `true` if a metric's word is about the incident itself and not about something in it.
fn is_of_incident(
    reading: &Reading,
    at: usize,
    metric: StatedMetric,
    form: Form,
    object: bool,
) -> bool {
    let previous = at.wrapping_sub(1);
    let word = reading.word(previous);
    match (metric, form) {
        (_, Form::Noun) => {
            reading.starts_after(previous)
                || DESCRIBING.contains(&word)
                || reading.is_problem(previous)
        }
        (StatedMetric::Last, _) => {
            let subject = subject(reading, at);
            (reading.is_problem(subject) && reading.is_plain(subject))
                || continues_incident(reading, at)
                || (reading.word(subject) == "it" && is_in_question(reading, subject))
        }
        (_, Form::Gerund) => reading.starts_after(previous),
        (_, Form::Base) => {
            word == "to" && matches!(reading.word(previous.wrapping_sub(1)), "time" | "managed")
        }
        (_, Form::Past) => {
            let subject = subject(reading, at);
            let word = reading.word(subject);
            if reading.word(at) == "back" {
                let verb = reading.word(previous);
                return matches!(verb, "was" | "were" | "came") && reading.is_own(subject);
            }
            if SEEN.contains(&reading.word(at)) {
                return ACTORS.contains(&word) && object;
            }
            let relative = matches!(word, "which" | "that" | "who");
            let works_again = matches!(reading.word(at), "recovered" | "restored")
                && reading.kind(subject) == Kind::Word
                && reading.is_own(subject);
            let named = works_again
                || reading.is_problem(subject)
                || ACTORS.contains(&word)
                || (word == "call" && reading.word(subject.wrapping_sub(1)) == "on")
                || is_customer(reading, subject);
            object || named || (reading.starts_after(subject) && !relative)
        }
    }
}

/// Returns `true` if the subject of the sentence is the incident: `The outage began at 14:23 and
/// lasted 45 minutes`.
pub(super) fn continues_incident(reading: &Reading, verb: usize) -> bool {
    let relative = matches!(reading.word(verb.wrapping_sub(1)), "which" | "that");
    if relative {
        let comma = usize::from(reading.kind(verb.wrapping_sub(2)) == Kind::Comma);
        return reading.is_problem(verb.wrapping_sub(2 + comma));
    }
    if reading.word(verb.wrapping_sub(1)) != "and" {
        return false;
    }
    let first = (0..verb)
        .rev()
        .find(|at| reading.kind(*at) == Kind::Stop)
        .map_or(0, |stop| stop + 1);
    (first..verb.min(first + 3)).any(|at| reading.is_problem(at))
}

/// Returns `true` if the sentence before `it` is about the incident, or if there is none.
fn is_in_question(reading: &Reading, it: usize) -> bool {
    let Some(stop) = reading.sentence(it).start.checked_sub(1) else {
        return true;
    };
    let mut before = reading.sentence(stop);
    before.any(|at| reading.is(at, Class::Incident))
}

/// Finds the metric's word after the number: `took 47 seconds to detect`, `47-second detection`.
fn after(reading: &Reading, number: Bounded) -> Option<StatedMetric> {
    let (previous, next) = (number.first.wrapping_sub(1), number.last + 1);
    let begins = reading.starts_after(previous);
    let word = reading.word(previous);
    // `Customers waited 50 minutes for a first message`.
    if word == "waited" && reading.word(next) == "for" {
        let mut words = (next + 1..next + 5).map(|at| reading.word(at));
        let is_news = |word: &str| {
            matches!(
                word,
                "message" | "update" | "notice" | "notification" | "word" | "news" | "email"
            )
        };
        return words.any(is_news).then_some(StatedMetric::Notify);
    }
    if reading.word(next) != "to" {
        let (metric, form) = metric_at(reading, next)?;
        let described = begins || matches!(word, "a" | "the" | "our" | "fast" | "quick");
        // `47-second resolution` and `47-second duration` may be about a measurement or a test.
        let other = matches!(metric, StatedMetric::Resolve | StatedMetric::Last);
        return (form == Form::Noun && described && !other).then_some(metric);
    }
    let took = matches!(
        word,
        "took" | "us" | "team" | "needed" | "required" | "spent"
    );
    let (metric, form) = metric_at(reading, next + 1)?;
    let verb = reading.word(next + 1);
    let object = (next + 2..next + 7).find(|at| !LEADING_TO_OBJECT.contains(&reading.word(*at)))?;
    let word = reading.word(object);
    let fits = match metric {
        StatedMetric::Notify => is_customer(reading, object),
        _ => {
            let ends = reading.ends_clause(object)
                || matches!(reading.kind(object), Kind::Close | Kind::Open);
            let is_resolved = metric == StatedMetric::Resolve;
            let is_service = is_resolved && RESTORED.contains(&word);
            // Impact may end long before its cause is removed.
            let is_cause = matches!(word, "cause" | "causes" | "bug" | "leak");
            if (is_resolved && is_cause) || (FOUND.contains(&verb) && !is_cause) {
                return None;
            }
            ends || is_service || reading.is_problem(object) || word == "it"
        }
    };
    (form == Form::Base && (took || begins) && fits).then_some(metric)
}

/// Verbs that are about the cause if their object is.
const FOUND: &[&str] = &["find", "understand"];

/// Finds `customers were informed 17 minutes into the incident`.
fn customers_informed(
    reading: &Reading,
    clause: Range<usize>,
    start: StartPoint,
) -> Option<StatedMetric> {
    let is_informing = |word: &str| {
        matches!(
            word,
            "told" | "informed" | "notice" | "notification" | "heard" | "emailed"
        )
    };
    let is_to_customers = || clause.clone().any(|at| is_customer(reading, at));
    let is_news = || clause.clone().any(|at| is_informing(reading.word(at)));
    (start == StartPoint::Start && is_to_customers() && is_news()).then_some(StatedMetric::Notify)
}
