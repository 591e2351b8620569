//! Finds durations of a metric: `detected in 47 seconds`, `took 4 minutes to identify the cause`.

use chrono::{NaiveTime, Timelike};

use super::{
    Bounded, Claim, Reading, StartPoint, Stated, StatedMetric, clause, impact, notice, reached,
};
use crate::check::lexicon::Class;
use crate::token::{Bound, Kind, StatedDuration};

/// The metrics, by the lists of their words.
const METRICS: &[(Class, StatedMetric)] = &[
    (Class::Detect, StatedMetric::Detect),
    (Class::Acknowledge, StatedMetric::Acknowledge),
    (Class::Identify, StatedMetric::Identify),
    (Class::Mitigate, StatedMetric::Mitigate),
    (Class::Resolve, StatedMetric::Resolve),
    (Class::Notify, StatedMetric::Notify),
    (Class::Last, StatedMetric::Last),
];

/// The grammatical form of a metric's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `detect`
    Base,
    /// `detected`
    Past,
    /// `detecting`
    Gerund,
    /// `detection`
    Noun,
}

/// Returns the claim of a duration, or `None` if it is not clearly one.
pub(super) fn claim(reading: &Reading, index: usize, duration: StatedDuration) -> Option<Stated> {
    let number = Bounded::new(reading, index, Bound::Exact);
    let of_impact = || {
        let is_part = impact::stated_part(reading, number)?;
        Some(((StatedMetric::Last, StartPoint::Usual), is_part))
    };
    let response = response(reading, number).map(|metric| {
        let is_part = is_since_action(reading, number) || impact::is_in_place(reading, number);
        (metric, is_part)
    });
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

/// Returns `true` if a recovery may be measured from an action: `the rollback brought checkout back after 2 hours`.
fn is_since_action(reading: &Reading, number: Bounded) -> bool {
    let mut before = reading.sentence(number.first).start..number.first;
    reading.is(before.start, Class::Following) || before.any(|at| is_brought_back(reading, at))
}

/// Returns `true` for `back` in `brought checkout back`.
fn is_brought_back(reading: &Reading, at: usize) -> bool {
    let object = at.wrapping_sub(1);
    let is_bringing = |back: usize| reading.is(at.wrapping_sub(back), Class::Bringing);
    reading.word(at) == "back"
        && reading.kind(object) == Kind::Word
        && reading.is_own(object)
        && (2..5).any(is_bringing)
}

/// Returns `true` if a sentence is about the impact on customers, which may be shorter than the incident.
fn says_customer_impact(reading: &Reading, at: usize) -> bool {
    let mut words = reading.sentence(at).skip(1);
    words.any(|at| reading.word(at) == "impact" && is_customer(reading, at.wrapping_sub(1)))
}

/// Returns the claim of a duration that is written as on a clock: `downtime: 00:35:00`.
pub(super) fn on_clock(reading: &Reading, index: usize, time: NaiveTime) -> Option<Stated> {
    let mut words = (0..index).rev().skip_while(|at| {
        let is_linking = matches!(reading.word(*at), "of" | "was" | "is" | "for" | "the");
        is_linking || reading.kind(*at) == Kind::Colon || reading.is_problem(*at)
    });
    let label = words.next()?;
    let is_measured = reading.is(label, Class::Measured);
    let is_full = reading.raw(index).matches(':').count() == 2
        || matches!(reading.word(index + 1), "hours" | "hrs" | "h");
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
    if others.clone().any(|at| is_doubtful(reading, at)) {
        return None;
    }
    let is_sent =
        || reached::is_taken(reading, number) && notice::is_sending(reading, number.last + 1);
    let delayed = reached::until(reading, number)
        .or_else(|| is_sent().then_some(StatedMetric::Notify))
        .or_else(|| notice::uninformed(reading, number))
        .or_else(|| notice::came(reading, number, start(reading, number.last + 1)));
    if let Some(metric) = delayed {
        return Some((metric, StartPoint::Usual));
    }
    if others.any(|at| reading.is(at, Class::Others)) {
        return None;
    }
    let start = start(reading, number.last + 1)?;
    let metric = before(reading, number, start)
        .or_else(|| notice::waited(reading, number))
        .or_else(|| after(reading, number))
        .or_else(|| notice::informed(reading, around, start))?;
    Some((metric, start))
}

pub(super) fn is_doubtful(reading: &Reading, at: usize) -> bool {
    let word = reading.word(at);
    // `After the first failed login`.
    let is_first = reading.word(at.wrapping_sub(1)) == "first" && reading.is(at, Class::Failing);
    reading.is(at, Class::Unreal)
        || (reading.is(at, Class::UnrealResponses) && !is_first)
        || word.ends_with("n't")
        || word.ends_with("n’t")
}

/// Returns the time that a duration starts from, or `None` if the text names another one.
fn start(reading: &Reading, next: usize) -> Option<StartPoint> {
    let article = usize::from(matches!(
        reading.word(next + 1),
        "the" | "our" | "an" | "this"
    ));
    match reading.word(next) {
        "after" | "of" | "from" if starts_incident(reading, next + 1 + article) => {
            Some(StartPoint::Start)
        }
        "into" if reading.is_problem(next + 1 + article) => Some(StartPoint::Start),
        _ if reading.is(next, Class::Compared) || reading.is(next, Class::NotAfterResponses) => {
            None
        }
        _ => Some(StartPoint::Usual),
    }
}

/// Returns `true` for `the start`, `the start of the outage` and `the outage began`.
fn starts_incident(reading: &Reading, at: usize) -> bool {
    match reading.word(at) {
        // `After the first failed login`.
        "first" => reading.is(at + 1, Class::Failing),
        _ if reading.is(at, Class::Beginnings) => {
            let object = at + 2 + usize::from(reading.word(at + 2) == "the");
            reading.word(at + 1) != "of" || reading.is(object, Class::Incident)
        }
        _ => {
            let is_verb = reading.is(at + 1, Class::Began) || reading.is(at + 1, Class::Broke);
            is_verb && (reading.is_problem(at) || reading.word(at) == "it")
        }
    }
}

pub(super) fn metric_at(reading: &Reading, index: usize) -> Option<(StatedMetric, Form)> {
    let mut metrics = METRICS.iter();
    let (_, metric) = metrics.find(|(class, _)| reading.is(index, *class))?;
    Some((*metric, form(reading, index)))
}

/// Returns the form of a metric's word, by its ending; of a phrase, that of its first word.
fn form(reading: &Reading, at: usize) -> Form {
    let word = reading.word(at).split(' ').next().unwrap_or_default();
    let ends = |endings: [&str; 3]| endings.iter().any(|ending| word.ends_with(ending));
    if reading.is(at, Class::Past) || reading.is(at, Class::Back) || word.ends_with("ed") {
        Form::Past
    } else if word.ends_with("ing") {
        Form::Gerund
    } else if ends(["tion", "ment", "ery"]) {
        Form::Noun
    } else {
        Form::Base
    }
}

/// Returns `true` if `of` after a word introduces its duration: `a duration of`, `a response time of`.
fn is_measure(reading: &Reading, at: usize) -> bool {
    reading.word(at) == "time" || metric_at(reading, at).is_some_and(|(_, form)| form == Form::Noun)
}

pub(super) fn is_customer(reading: &Reading, at: usize) -> bool {
    let classes = [Class::Users, Class::Customers, Class::Public];
    classes.into_iter().any(|class| reading.is(at, class))
}

/// Finds the metric's word before the number: `detected in 47 seconds`.
pub(super) fn before(
    reading: &Reading,
    number: Bounded,
    start: StartPoint,
) -> Option<StatedMetric> {
    let mut at = number.first.wrapping_sub(1);
    let within = reading.word(number.first) == "within";
    let mut led = within || start == StartPoint::Start;
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
                    let object = (at + 1..number.first).any(|at| is_object(reading, at));
                    let known = is_linked
                        && fits(reading, number, (at, metric), start)
                        && is_of_incident(reading, at, metric, form, object);
                    return known.then_some(metric);
                }
                let measured = word == "of" && step == 0 && is_measure(reading, at.wrapping_sub(1));
                let leads = (reading.is(at, Class::Introducing) || measured) && !led;
                led |= leads;
                let passes = leads
                    || reading.is(at, Class::Fillers)
                    || is_actor(reading, at)
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

/// Returns `true` for a word for the incident or its cause, or `it` at the start of a sentence: `We noticed it`.
fn is_object(reading: &Reading, at: usize) -> bool {
    let is_it = reading.word(at) == "it" && at < reading.sentence(at).start + 4;
    reading.is_problem(at) || (is_it && is_in_question(reading, at))
}

/// Returns `true` unless the subject or the object of a metric's verb makes it one of something else.
///
/// `We answered the page` and `we found the cause`: the verb alone is of anything.
fn fits(
    reading: &Reading,
    number: Bounded,
    (verb, metric): (usize, StatedMetric),
    start: StartPoint,
) -> bool {
    let subject = subject(reading, verb);
    let is = |class: Class| reading.is(verb, class);
    let has = |class: Class| (verb + 1..number.first).any(|at| reading.is(at, class));
    let next = number.last + 1;
    let is_end = || ends(reading, next) && reading.word(next) != "that";
    let is_all = || start == StartPoint::Start || is_end();
    match () {
        () if is(Class::OfPages) => has(Class::Alerts) || reading.is(subject, Class::Alerts),
        () if is(Class::OfResponders) => reading.is(subject, Class::Responders) && is_all(),
        () if is(Class::OfCauses) => has(Class::Causes),
        () if metric == StatedMetric::Notify => {
            let mut informed = (verb + 1..number.first).chain([subject]);
            is_all() && informed.any(|at| is_customer(reading, at))
        }
        () => true,
    }
}

/// Returns `true` for a word for those who respond, or for what tells them.
fn is_actor(reading: &Reading, at: usize) -> bool {
    reading.is(at, Class::Actors) || reading.is(at, Class::Responders)
}

/// Returns `true` if those who respond, or what tells them, are the subject of a verb, and not those of something else:
/// `the page of another team was acknowledged`.
pub(super) fn is_acting(reading: &Reading, subject: usize) -> bool {
    if reading.is(subject, Class::Responders) {
        let mut before = (1..5).map(|back| subject.wrapping_sub(back));
        return !before
            .any(|at| reading.word(at) == "of" && reading.is(at.wrapping_sub(1), Class::Alerts));
    }
    reading.is(subject, Class::Actors) && reading.is_plain(subject)
}

/// Returns the index of the word before a verb and its auxiliaries.
pub(super) fn subject(reading: &Reading, verb: usize) -> usize {
    let mut at = verb.wrapping_sub(1);
    while reading.is(at, Class::Auxiliaries) || reading.word(at).ends_with("ly") {
        at = at.wrapping_sub(1);
    }
    at
}

/// Returns `true` if a metric's word is about the incident itself and not about something in it.
pub(super) fn is_of_incident(
    reading: &Reading,
    at: usize,
    metric: StatedMetric,
    form: Form,
    object: bool,
) -> bool {
    let previous = at.wrapping_sub(1);
    match (metric, form) {
        (_, Form::Noun) => {
            reading.starts_after(previous)
                || reading.is(previous, Class::ResponseAdjectives)
                || reading.is_problem(previous)
                || (reading.word(previous) == "to" && is_measure(reading, previous.wrapping_sub(1)))
        }
        (StatedMetric::Last, _) => {
            let subject = subject(reading, at);
            (reading.is_problem(subject) && reading.is_plain(subject))
                || continues_incident(reading, at)
                || (reading.word(subject) == "it" && is_in_question(reading, subject))
        }
        (_, Form::Gerund) => reading.starts_after(previous),
        (_, Form::Base) => {
            reading.word(previous) == "to" && reading.is(previous.wrapping_sub(1), Class::Managing)
        }
        (_, Form::Past) => {
            let subject = subject(reading, at);
            let word = reading.word(subject);
            if reading.word(at) == "back" {
                let is_again = reading.is(previous, Class::Returning);
                return (is_again && reading.is_own(subject)) || is_brought_back(reading, at);
            }
            if reading.is(at, Class::Seen) {
                return is_acting(reading, subject) && object;
            }
            let relative = reading.is(subject, Class::Relatives) || word == "who";
            let works_again = reading.is(at, Class::Recovered)
                && reading.kind(subject) == Kind::Word
                && reading.is_own(subject);
            let named = works_again
                || reading.is_problem(subject)
                || is_acting(reading, subject)
                || (word == "call" && reading.word(subject.wrapping_sub(1)) == "on")
                || is_customer(reading, subject);
            object || named || (reading.starts_after(subject) && !relative)
        }
    }
}

/// Returns `true` if the subject of the sentence is the incident: `The outage began at 14:23 and
/// lasted 45 minutes`, `The outage ended at 15:08, lasting 45 minutes`.
pub(super) fn continues_incident(reading: &Reading, verb: usize) -> bool {
    if reading.is(verb.wrapping_sub(1), Class::Relatives) {
        let comma = usize::from(reading.kind(verb.wrapping_sub(2)) == Kind::Comma);
        return reading.is_problem(verb.wrapping_sub(2 + comma));
    }
    let previous = verb.wrapping_sub(1);
    let is_joined = match reading.word(verb) {
        "lasting" => reading.kind(previous) == Kind::Comma,
        _ => reading.word(previous) == "and",
    };
    if !is_joined {
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

/// Returns `true` if a clause, or the bracket around it, ends at a token.
pub(super) fn ends(reading: &Reading, at: usize) -> bool {
    reading.ends_clause(at) || matches!(reading.kind(at), Kind::Close | Kind::Open)
}

/// Finds the metric's word after the number: `took 47 seconds to detect`, `47-second detection`.
pub(super) fn after(reading: &Reading, number: Bounded) -> Option<StatedMetric> {
    let (previous, next) = (number.first.wrapping_sub(1), number.last + 1);
    let begins = reading.starts_after(previous);
    if reading.word(next) != "to" {
        let (metric, form) = metric_at(reading, next)?;
        let described = begins
            || reading.is(previous, Class::Determiners)
            || reading.is(previous, Class::Quick);
        // `47-second resolution` and `47-second duration` may be about a measurement or a test.
        let other = matches!(metric, StatedMetric::Resolve | StatedMetric::Last);
        return (form == Form::Noun && described && !other).then_some(metric);
    }
    let (metric, form) = metric_at(reading, next + 1)?;
    let object = (next + 2..next + 7).find(|at| !reading.is(*at, Class::Fillers))?;
    let fits = match metric {
        StatedMetric::Notify => is_customer(reading, object),
        _ => {
            let is_resolved = metric == StatedMetric::Resolve;
            let is_service = is_resolved && reading.is(object, Class::Restored);
            // Impact may end long before its cause is removed.
            let is_cause = reading.is(object, Class::Causes);
            let is_finding = reading.is(next + 1, Class::OfCauses);
            if (is_resolved && is_cause) || (is_finding && !is_cause) {
                return None;
            }
            let is_end = ends(reading, object) && !is_of_other_clause(reading, object);
            let is_page = metric == StatedMetric::Acknowledge && reading.is(object, Class::Alerts);
            is_end || is_service || is_page || reading.is_problem(object)
        }
    };
    (form == Form::Base && (reached::is_taken(reading, number) || begins) && fits).then_some(metric)
}

/// Returns `true` if the clause that is the object of a verb is about something else: `notice that the clock was wrong`.
fn is_of_other_clause(reading: &Reading, conjunction: usize) -> bool {
    let is_object = matches!(
        reading.word(conjunction),
        "that" | "which" | "when" | "where" | "if"
    );
    let mut object = conjunction + 1..reading.sentence(conjunction).end;
    is_object
        && !object.any(|at| impact::is_trouble(reading, at) && reading.is_own(subject(reading, at)))
}
