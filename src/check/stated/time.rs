//! Finds the times of day that a text states for the impact: `from 14:23 to 15:08 UTC`, `since 14:23`.

use chrono::{NaiveTime, Weekday};

use super::vocabulary::{MONTHS, PRESENT, RESTORED, UNREAL_TIME};
use super::{Claim, Reading, Stated, impact};
use crate::check::lexicon::Class;
use crate::moment::{ABBREVIATIONS, parse_day};
use crate::token::{Bound, Kind};

/// A time zone abbreviation, and its offset from UTC in minutes; `None` if several time zones have it.
pub type Abbreviation = (&'static str, Option<i32>);

/// Times of day that a text states, in one time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedTimes {
    /// The span that they delimit.
    pub span: Span,
    /// The time zone that the text names.
    pub zone: Option<Abbreviation>,
    /// Whether the sentence says that something did not work.
    pub is_sure: bool,
}

/// A span whose times a text states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The start and the end of the impact.
    Window(NaiveTime, NaiveTime),
    /// The start of the incident.
    Start(NaiveTime),
    /// The end of the incident.
    End(NaiveTime),
    /// A time since when something has not worked, or people have known it.
    Since(NaiveTime),
}

/// Returns the claim of one or two times of day, or `None` if it is not clearly one.
pub(super) fn claim(reading: &Reading, first: usize) -> Option<Stated> {
    let Kind::Time(from) = reading.kind(first) else {
        return None;
    };
    let (mut bound, mut before) = (Bound::Exact, first.wrapping_sub(1));
    if is_about(reading, before) {
        (bound, before) = (Bound::About, before.wrapping_sub(1));
    }
    let zone = zone(reading, first + 1);
    let mut last = first + usize::from(zone.is_some());
    let (span, zone) = if is_joined(reading, first, last + 1) {
        let mut at = last + 2;
        if is_about(reading, at) {
            (bound, at) = (Bound::About, at + 1);
        }
        let Kind::Time(to) = reading.kind(at) else {
            return None;
        };
        let after = self::zone(reading, at + 1);
        last = at + usize::from(after.is_some());
        (Span::Window(from, to), after.or(zone))
    } else {
        (edge(reading, before, last, from)?, zone)
    };
    let is_sure = !matches!(span, Span::Window(..)) || is_impact(reading, first, last);
    let mut sentence = reading.sentence(first);
    let is_of_component = !is_sure && sentence.any(|at| reading.is(at, Class::Components));
    // An offset such as `UTC+2` or `+02:00` is not read.
    if reading.raw(last + 1).starts_with('+') || is_elsewhen(reading, first) || is_of_component {
        return None;
    }
    let stated = StatedTimes {
        span,
        zone,
        is_sure,
    };
    Some(Stated {
        claim: Claim::Lasted(stated),
        bound,
        is_part: is_part(reading, first, last),
        day: None,
        span: reading.span(first, last),
    })
}

fn is_about(reading: &Reading, at: usize) -> bool {
    matches!(reading.kind(at), Kind::Sign(Bound::About))
        || matches!(
            reading.word(at),
            "about" | "around" | "approximately" | "roughly" | "circa" | "shortly"
        )
}

/// Returns the time zone abbreviation at a token. Any other word after a time is not a time zone.
fn zone(reading: &Reading, at: usize) -> Option<Abbreviation> {
    let word = reading.word(at);
    let mut known = ABBREVIATIONS.iter();
    known.find(|(name, _)| *name == word).copied()
}

fn is_joined(reading: &Reading, first: usize, at: usize) -> bool {
    let between = |back: usize| reading.word(first.wrapping_sub(back)) == "between";
    match (reading.kind(at), reading.word(at)) {
        (Kind::Dash, _) | (_, "to" | "until" | "till" | "through") => true,
        (_, "and") => between(1) || between(2),
        _ => false,
    }
}

/// Returns the start or the end that a single time is, by the words before it.
fn edge(reading: &Reading, before: usize, last: usize, time: NaiveTime) -> Option<Span> {
    if reading.word(before) == "since" {
        let around = impact::clause_with_lead(reading, super::Bounded::at(before, last));
        let mut words = around.map(|at| (at, reading.word(at)));
        let is_sure = words.any(|(at, word)| {
            impact::is_trouble(reading, at) || matches!(word, "fail" | "fails" | "investigating")
        });
        return is_sure.then_some(Span::Since(time));
    }
    if !matches!(reading.word(before), "at" | "by") {
        return None;
    }
    let verb = (0..before)
        .rev()
        .find(|at| !BACK.contains(&reading.word(*at)))?;
    let is_back = verb + 1 < before;
    let subject = super::metric::subject(reading, if is_back { verb + 1 } else { verb });
    let is_present = PRESENT.contains(&reading.word(verb.wrapping_sub(1)));
    let is_incident = || {
        super::metric::continues_incident(reading, verb)
            || ([Class::Incident, Class::Trouble]
                .into_iter()
                .any(|class| reading.is(subject, class))
                && reading.is_plain(subject))
    };
    let is_at = reading.word(before) == "at";
    match reading.word(verb) {
        "began" | "started" if is_at && is_incident() => Some(Span::Start(time)),
        "ended" | "stopped" | "cleared" | "over" if is_at && is_incident() => Some(Span::End(time)),
        "resolved" if !is_present && reading.is_problem(subject) => Some(Span::End(time)),
        "restored" | "recovered" if !is_present && reading.kind(subject) == Kind::Word => {
            let is_own = reading.is_own(subject) || RESTORED.contains(&reading.word(subject));
            is_own.then_some(Span::End(time))
        }
        "was" | "were" | "came" if is_back && reading.kind(subject) == Kind::Word => {
            reading.is_own(subject).then_some(Span::End(time))
        }
        _ => None,
    }
}

/// Words that say after a verb that something works again.
const BACK: &[&str] = &["back", "up", "online", "to", "normal", "again"];

/// Returns `true` if times may be those of a part: for some users, or beside those of another part.
fn is_part(reading: &Reading, first: usize, last: usize) -> bool {
    let around = impact::clause_with_lead(reading, super::Bounded::at(first, last));
    let is_time = |at: &usize| matches!(reading.kind(*at), Kind::Time(_));
    around.clone().any(|at| impact::is_some(reading, at))
        || reading.sentence(first).filter(is_time).count() > 2
}

/// Returns `true` if the sentence around a token is about another time than that of the impact.
fn is_elsewhen(reading: &Reading, at: usize) -> bool {
    // `On Tuesday, 10 March` names the day itself.
    let has_day = day(reading, at).is_some();
    let is_weekday = |at: usize| has_day && reading.word(at).parse::<Weekday>().is_ok();
    reading.sentence(at).any(|at| {
        (reading.is(at, Class::Elsewhen) && !is_weekday(at))
            || reading.is(at, Class::Others)
            || reading.is_other_name(at)
            || UNREAL_TIME.contains(&reading.word(at))
    })
}

/// Returns `true` if the clause around times of day says that something did not work.
fn is_impact(reading: &Reading, first: usize, last: usize) -> bool {
    let around = impact::clause_with_lead(reading, super::Bounded::at(first, last));
    let has = |class: Class| around.clone().any(|at| reading.is(at, class));
    let is_about_people = has(Class::Users) || has(Class::Customers) || has(Class::Incident);
    around.clone().any(|at| {
        let end = if at < first { first } else { around.end };
        impact::is_trouble(reading, at)
            && (is_about_people || !impact::has_component(reading, at, end))
            && around.clone().any(|at| reading.is_own(at))
    })
}

/// Returns the day and the month that a sentence names.
pub(super) fn day(reading: &Reading, at: usize) -> Option<(u32, u32)> {
    reading.sentence(at).find_map(|at| {
        if let Ok(day) = parse_day(reading.raw(at)) {
            return Some((chrono::Datelike::day(&day), chrono::Datelike::month(&day)));
        }
        let month = MONTHS.iter().position(|month| {
            let word = reading.word(at);
            word.len() >= 3 && month.starts_with(word)
        })?;
        let count = |at: usize| match reading.kind(at) {
            Kind::Count(day @ 1..=31, _) => u32::try_from(day).ok(),
            _ => None,
        };
        let day = count(at.wrapping_sub(1)).or_else(|| count(at + 1))?;
        Some((day, u32::try_from(month).ok()? + 1))
    })
}
