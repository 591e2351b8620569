//! Finds durations until customers were notified: `informed 17 minutes into the incident`, `in the dark for 45 minutes`.

use std::ops::Range;

use super::metric::is_customer;
use super::{Bounded, Reading, StartPoint, StatedMetric, clause};
use crate::check::lexicon::Class;

/// Finds `customers were informed 17 minutes into the incident`.
pub(super) fn informed(
    reading: &Reading,
    clause: Range<usize>,
    start: StartPoint,
) -> Option<StatedMetric> {
    let is_to_customers = || clause.clone().any(|at| is_customer(reading, at));
    let is_news = || clause.clone().any(|at| reading.is(at, Class::Informing));
    (start == StartPoint::Start && is_to_customers() && is_news()).then_some(StatedMetric::Notify)
}

/// Finds `customers waited 50 minutes for a first message`.
pub(super) fn waited(reading: &Reading, number: Bounded) -> Option<StatedMetric> {
    let (previous, next) = (number.first.wrapping_sub(1), number.last + 1);
    let is_waiting = reading.is(previous, Class::Waiting) && reading.word(next) == "for";
    let is_news = || (next + 1..next + 5).any(|at| reading.is(at, Class::News));
    (is_waiting && is_news()).then_some(StatedMetric::Notify)
}

/// Finds `the first status update came after 45 minutes` and `the first alert fired 45 minutes in`.
pub(super) fn came(
    reading: &Reading,
    number: Bounded,
    start: Option<StartPoint>,
) -> Option<StatedMetric> {
    let (previous, next) = (number.first.wrapping_sub(1), number.last + 1);
    let is_after = reading.word(previous) == "after";
    let is_in = reading.word(next) == "in" && reading.ends_clause(next + 1);
    if !is_after && !is_in && start != Some(StartPoint::Start) {
        return None;
    }
    let mut verb = number.first.wrapping_sub(1 + usize::from(is_after));
    if reading.is(verb, Class::Particles) {
        verb = verb.wrapping_sub(1);
    }
    let metrics = [
        (Class::News, StatedMetric::Notify),
        (Class::Alerts, StatedMetric::Detect),
    ];
    let is_first =
        |class: Class| (1..4).any(|back| is_first_of(reading, verb.wrapping_sub(back), class));
    let mut found = metrics.into_iter().filter(|(class, _)| is_first(*class));
    // A page is sent after the detection.
    let is_page = (1..3).any(|back| reading.word(verb.wrapping_sub(back)) == "page");
    let is_coming = reading.is(verb, Class::Coming) && !is_page;
    let (_, metric) = found.next().filter(|_| is_coming)?;
    Some(metric)
}

/// Returns `true` for `the first status update` from an index on.
pub(super) fn is_first(reading: &Reading, at: usize) -> bool {
    is_first_of(reading, at, Class::News)
}

/// Returns `true` for the first thing of a class from an index on: `the first status update`, `our first alert`.
pub(super) fn is_first_of(reading: &Reading, at: usize, class: Class) -> bool {
    let first = at + usize::from(reading.is(at, Class::Determiners));
    reading.word(first) == "first" && (first + 1..first + 4).any(|at| reading.is(at, class))
}

/// Returns `true` for `to post the first status update` from an index on.
pub(super) fn is_sending(reading: &Reading, at: usize) -> bool {
    reading.word(at) == "to" && reading.is(at + 1, Class::Sending) && is_first(reading, at + 2)
}

/// Finds `customers were left in the dark for 45 minutes`.
///
/// After another message, the duration is not the one until the first.
pub(super) fn uninformed(reading: &Reading, number: Bounded) -> Option<StatedMetric> {
    let around = clause(reading, number, |at| reading.ends_clause(at));
    let has = |class: Class| around.clone().any(|at| reading.is(at, class));
    let is_for = reading.word(number.first.wrapping_sub(1)) == "for";
    if !is_for || !has(Class::Uninformed) || !around.clone().any(|at| is_customer(reading, at)) {
        return None;
    }
    let next = number.last + 1;
    let is_until_first = reading.word(next) == "before"
        && (next + 1..next + 5).any(|at| matches!(reading.word(at), "first" | "any"));
    let is_other = |at: usize| reading.is(at, Class::NotFirst) || reading.is(at, Class::News);
    let is_alone = !reading.sentence(number.first).any(is_other);
    (is_until_first || is_alone).then_some(StatedMetric::Notify)
}
