//! Finds clauses that state when a response ended: `it took an hour until we understood the cause`, `detected at 14:23`.

use std::ops::Range;

use super::metric::{
    self, Form, ends, is_acting, is_customer, is_doubtful, is_of_incident, metric_at,
};
use super::{Bounded, Reading, StartPoint, StatedMetric, impact, notice};
use crate::check::lexicon::Class;

/// Finds the metric's word in `took an hour until we understood the cause`.
pub(super) fn until(reading: &Reading, number: Bounded) -> Option<StatedMetric> {
    let next = number.last + 1;
    if !reading.is(next, Class::Until) || !is_taken(reading, number) {
        return None;
    }
    if notice::is_first(reading, next + 1) {
        return Some(StatedMetric::Notify);
    }
    if notice::is_first_of(reading, next + 1, Class::Alerts) {
        return Some(StatedMetric::Detect);
    }
    response_in(reading, next + 1..reading.sentence(next).end.min(next + 8))
}

/// Returns `true` if a duration is what something took: `took 4 minutes`, `took our team 4 minutes`, `it was 4 minutes`.
pub(super) fn is_taken(reading: &Reading, number: Bounded) -> bool {
    let is_person = |at: usize| {
        let classes = [Class::Determiners, Class::Articles, Class::Responders];
        reading.word(at) == "first" || classes.into_iter().any(|class| reading.is(at, class))
    };
    let mut verb = number.first.wrapping_sub(1);
    if reading.word(verb) == "was" {
        return reading.word(verb.wrapping_sub(1)) == "it";
    }
    while is_person(verb) {
        verb = verb.wrapping_sub(1);
    }
    reading.is(verb, Class::Taking)
}

/// Returns the metric whose end a clause states: `we understood the cause`, `the alert was acknowledged`.
fn response_in(reading: &Reading, clause: Range<usize>) -> Option<StatedMetric> {
    let is_past = |at: &usize| metric_at(reading, *at).is_some_and(|(_, form)| form == Form::Past);
    let at = clause.clone().find(is_past)?;
    let (metric, form) = metric_at(reading, at)?;
    let subject = metric::subject(reading, at);
    let mut objects = at + 1..(at + 5).min(clause.end);
    let is_own = |at: usize| reading.is_problem(at) || reading.is(at, Class::Causes);
    let by_responders = is_acting(reading, subject);
    let fits = match metric {
        StatedMetric::Identify => is_own(subject) || (by_responders && objects.any(is_own)),
        StatedMetric::Detect => {
            by_responders && (ends(reading, at + 1) || objects.any(|at| reading.is_problem(at)))
        }
        StatedMetric::Resolve | StatedMetric::Mitigate => {
            is_of_incident(reading, at, metric, form, false)
        }
        StatedMetric::Notify => is_customer(reading, subject),
        StatedMetric::Acknowledge => {
            let is_page = |at: usize| reading.is(at, Class::Alerts);
            by_responders && (is_page(subject) || objects.any(is_page))
        }
        StatedMetric::Last | StatedMetric::Impact => false,
    };
    (fits && !clause.clone().any(|at| is_doubtful(reading, at))).then_some(metric)
}

/// Returns the metric whose end was at a time of day: `detected at 14:23`, `took us until 14:23 to identify the cause`.
///
/// The tokens are those of the time, of the word before it, and of its last word.
pub(super) fn reached(
    reading: &Reading,
    time: usize,
    before: usize,
    last: usize,
) -> Option<StatedMetric> {
    if before >= reading.len() {
        return None;
    }
    let around = impact::clause_with_lead(reading, Bounded::at(before, last));
    let is_other = |at: usize| is_doubtful(reading, at) || reading.is(at, Class::Others);
    if around.clone().any(is_other) {
        return None;
    }
    let metric = match reading.word(before) {
        "at" if before == around.start => stated_after(reading, last + 1..around.end),
        "at" => metric::before(reading, Bounded::at(before, last), StartPoint::Start),
        "until" => metric::after(reading, Bounded::at(before, last)),
        _ => until(reading, Bounded::at(time, last)),
    }?;
    // The end of the incident may be long before its cause is removed.
    let is_end = matches!(metric, StatedMetric::Resolve | StatedMetric::Last);
    (!is_end).then_some(metric)
}

/// Returns the metric whose end a clause after its time states: `At 14:23 we detected the problem`.
///
/// A detection counts only if its object is the problem, and an identification only if it is the problem or its cause.
fn stated_after(reading: &Reading, clause: Range<usize>) -> Option<StatedMetric> {
    let metric = response_in(reading, clause.clone())?;
    let mut nouns = clause.filter(|at| reading.word(at.wrapping_sub(1)) == "the");
    let is_named = match metric {
        StatedMetric::Detect => nouns.any(|at| reading.is_problem(at)),
        StatedMetric::Identify => nouns.any(|at| reading.is_problem(at) || is_cause(reading, at)),
        _ => true,
    };
    is_named.then_some(metric)
}

/// Returns `true` for `cause` and `root cause`.
fn is_cause(reading: &Reading, at: usize) -> bool {
    reading.is(at + usize::from(reading.word(at) == "root"), Class::Causes)
}
