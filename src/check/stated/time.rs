//! Finds the times of day that a text states for the impact: `from 14:23 to 15:08 UTC`, `since 14:23`.

use chrono::{Datelike, NaiveTime, Timelike};

use super::{Bounded, Claim, Reading, Stated, StatedDay, StatedMetric, impact, metric, reached};
use crate::check::lexicon::Class;
use crate::moment::parse_day;
use crate::token::{Bound, Kind, Languages, month, weekday};

/// The time zone that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedZone {
    /// Its abbreviation, in lowercase.
    pub abbreviation: String,
    /// Its offset from UTC in minutes; `None` if it is unknown.
    pub offset: Option<i32>,
}

/// Times of day that a text states, in one time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedTimes {
    /// The span that they delimit.
    pub span: Span,
    /// The time zone that the text names.
    pub zone: Option<StatedZone>,
    /// The meaning of the words around them.
    pub context: Context,
}

/// The meaning of times of day by the words around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// Something did not work.
    Impact,
    /// A label says that they are the start or the end, but not of what: `Start: 09:50 UTC`.
    Label,
    /// Little, so that they may be those of the impact: `Time: 09:50 to 11:00 UTC`.
    Bare,
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
    /// The time at which a response was reached: `detected at 14:23`.
    Reached(StatedMetric, NaiveTime),
}

/// Returns the claim of one or two times of day, or `None` if it is not clearly one.
pub(super) fn claim(reading: &Reading, first: usize) -> Option<Stated> {
    let from = reading.time(first)?;
    let (mut bound, mut before) = (Bound::Exact, first.wrapping_sub(1));
    if is_about(reading, before) {
        (bound, before) = (Bound::About, before.wrapping_sub(1));
    }
    let zone = zone(reading, first + 1);
    let mut last = first + usize::from(zone.is_some());
    let mut start = first;
    let is_about_end = is_about(reading, last + 2);
    let at = last + 2 + usize::from(is_about_end);
    let joined = reading
        .time(at)
        .filter(|_| is_joined(reading, first, last + 1));
    let (span, zone, context) = if let Some(to) = joined {
        if is_about_end {
            bound = Bound::About;
        }
        let is_half_open = has_half(reading, at) && !has_half(reading, first);
        let from = if is_half_open {
            in_half_before(from, to)?
        } else {
            from
        };
        let after = self::zone(reading, at + 1);
        last = at + usize::from(after.is_some());
        (Span::Window(from, to), after.or(zone), None)
    } else if let Some((hour, from)) = hour_before(reading, first, from) {
        start = hour;
        (Span::Window(from, reading.time(first)?), zone, None)
    } else if let Some(span) = labelled(reading, before, from) {
        (span, zone, Some(Context::Label))
    } else {
        let edge = edge(reading, before, last, from);
        let response = || reached::reached(reading, first, before, last);
        let span = edge.or_else(|| Some(Span::Reached(response()?, from)))?;
        (span, zone, Some(Context::Impact))
    };
    let context = match context {
        Some(context) => context,
        None if is_impact(reading, start, last) => Context::Impact,
        None if is_bare(reading, start, last) => Context::Bare,
        None => return None,
    };
    // An offset such as `UTC+2` or `+02:00` is not read.
    let is_elsewhen = context != Context::Label && is_elsewhen(reading, first);
    if reading.raw(last + 1).starts_with('+') || is_elsewhen {
        return None;
    }
    let stated = StatedTimes {
        span,
        zone,
        context,
    };
    Some(Stated {
        claim: Claim::Lasted(stated),
        bound,
        is_part: is_part(reading, start, last),
        day: None,
        span: reading.span(start, last),
    })
}

fn is_about(reading: &Reading, at: usize) -> bool {
    matches!(reading.kind(at), Kind::Sign(Bound::About))
        || reading.is(at, Class::About)
        || reading.is(at, Class::Shortly)
}

/// Returns `true` if a time is written with `am` or `pm`.
fn has_half(reading: &Reading, at: usize) -> bool {
    matches!(reading.kind(at), Kind::Time(_)) && reading.raw(at).contains(['m', 'M'])
}

/// Returns a time without `am` or `pm` in the half of the day that fits the end of its span: `1:15 to 2:30 pm`.
fn in_half_before(from: NaiveTime, to: NaiveTime) -> Option<NaiveTime> {
    let hour = from.hour() % 12;
    let halves = [
        hour + to.hour() / 12 * 12,
        (hour + to.hour() / 12 * 12 + 12) % 24,
    ];
    let mut times = halves.into_iter().filter_map(|hour| from.with_hour(hour));
    let first = times.next()?;
    if from.hour() > 12 {
        Some(from)
    } else if first <= to {
        Some(first)
    } else {
        times.next()
    }
}

/// Returns the index and the time of the bare hour before a time with `am` or `pm`: `from 9 to 11 am`.
fn hour_before(reading: &Reading, at: usize, to: NaiveTime) -> Option<(usize, NaiveTime)> {
    let first = at.checked_sub(2).filter(|_| has_half(reading, at))?;
    let Kind::Count(hour @ 1..=12, _) = reading.kind(first) else {
        return None;
    };
    let is_span = match reading.word(first.wrapping_sub(1)) {
        "from" => reading.is(first + 1, Class::Through),
        "between" => reading.word(first + 1) == "and",
        _ => false,
    };
    let from = NaiveTime::from_hms_opt(u32::try_from(hour).ok()? % 12, 0, 0)?;
    Some((first, in_half_before(from, to).filter(|_| is_span)?))
}

/// Returns the time zone that the word at a token abbreviates. Any other word after a time is not a time zone.
///
/// The abbreviation may be one that is not known or that several time zones share, such as `BST`.
fn zone(reading: &Reading, at: usize) -> Option<StatedZone> {
    let (word, raw) = (reading.word(at), reading.raw(at));
    let is_abbreviation = || {
        (2..=5).contains(&raw.len())
            && raw.ends_with('T')
            && raw.bytes().all(|byte| byte.is_ascii_uppercase())
    };
    let offset = reading.lexicon.zone(word);
    (offset.is_some() || is_abbreviation()).then(|| StatedZone {
        abbreviation: word.to_owned(),
        offset,
    })
}

fn is_joined(reading: &Reading, first: usize, at: usize) -> bool {
    let between = |back: usize| reading.word(first.wrapping_sub(back)) == "between";
    match (reading.kind(at), reading.word(at)) {
        (Kind::Dash, _) => true,
        (_, "and") => between(1) || between(2),
        _ => reading.is(at, Class::Through),
    }
}

/// Returns the start or the end that a label says that a time is: `Start: 09:50 UTC`, `| Ended at | 11:00 |`.
///
/// The label starts a line or a clause, and no line before it says what it is about.
fn labelled(reading: &Reading, before: usize, time: NaiveTime) -> Option<Span> {
    let mut at = before;
    while is_day(reading, at) {
        at = at.wrapping_sub(1);
    }
    let is_colon = reading.kind(at) == Kind::Colon || reading.raw(at) == "|";
    at = at.checked_sub(1).filter(|_| is_colon)?;
    if matches!(reading.word(at), "at" | "time") {
        at = at.checked_sub(1)?;
    }
    let span = match () {
        () if reading.is(at, Class::StartLabels) => Span::Start(time),
        () if reading.is(at, Class::EndLabels) => Span::End(time),
        () => return None,
    };
    if at > 0 && reading.is(at - 1, Class::Incident) {
        at -= 1;
    }
    (reading.begins_line(at) && is_alone(reading, at, before)).then_some(span)
}

/// Returns `true` for a date, a part of one, or a comma between a date and a time.
pub(super) fn is_day(reading: &Reading, at: usize) -> bool {
    let word = reading.word(at);
    let is_date =
        || parse_day(reading.raw(at)).is_ok() || month(word, Languages::English).is_some();
    let is_weekday = || weekday(word, Languages::English).is_some();
    match reading.kind(at) {
        Kind::Comma => true,
        Kind::Count(number, _) => number <= 31 || (1900..2200).contains(&number),
        Kind::Word | Kind::Other => is_date() || is_weekday(),
        _ => false,
    }
}

/// Returns `true` if no words before a label or in its paragraph say that it is about something else.
///
/// Other lines before it have labels too, or are about the incident.
fn is_alone(reading: &Reading, label: usize, time: usize) -> bool {
    let text = reading.text;
    let at = reading.span(label, label).start;
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let rest = text.get(at..).unwrap_or_default();
    let end = at + rest.find('\n').unwrap_or(rest.len());
    let paragraph = at + rest.find("\n\n").unwrap_or(rest.len());
    // In a row of a table, the label and the time are all cells.
    let line = text.get(start..end).unwrap_or_default();
    let is_row = reading.raw(label.wrapping_sub(1)) == "|" || reading.raw(time) == "|";
    let begins = before
        .get(start..)
        .is_some_and(|text| text.trim().trim_matches('|').is_empty());
    if is_row && (!begins || line.matches('|').count() > 3) {
        return false;
    }
    let is_other = |at: &usize| {
        let classes = [
            Class::Elsewhen,
            Class::Others,
            Class::OtherIncidents,
            Class::Components,
        ];
        // `Next update: 12:30` may follow.
        reading.word(*at) != "next" && classes.into_iter().any(|class| reading.is(*at, class))
    };
    let is_own = |at: usize| reading.is(at, Class::Incident) || reading.has_subject(at);
    let is_labelled = |line: &str| line.contains([':', '|']);
    let is_mark = |c: char| !c.is_alphanumeric();
    let mut lines = text.get(..start).unwrap_or_default().lines();
    let mut around = (0..reading.len()).take_while(|at| reading.span(*at, *at).start < paragraph);
    !around.any(|at| is_other(&at))
        && ((0..label).any(is_own)
            || lines.all(|line| is_labelled(line) || line.trim_matches(is_mark).is_empty()))
}

/// Returns the start or the end that a single time is, by the words before it.
fn edge(reading: &Reading, before: usize, last: usize, time: NaiveTime) -> Option<Span> {
    if reading.word(before) == "since" {
        let around = impact::clause_with_lead(reading, Bounded::at(before, last));
        let is_sure = |at: usize| {
            let classes = [Class::Fails, Class::Investigating];
            impact::is_trouble(reading, at)
                || classes.into_iter().any(|class| reading.is(at, class))
        };
        return around.into_iter().any(is_sure).then_some(Span::Since(time));
    }
    if !matches!(reading.word(before), "at" | "by") {
        return None;
    }
    let verb = (0..before).rev().find(|at| !reading.is(*at, Class::Back))?;
    let is_back = verb + 1 < before;
    let subject = metric::subject(reading, if is_back { verb + 1 } else { verb });
    let is_present = reading.is(verb.wrapping_sub(1), Class::Present);
    let is_incident = || {
        metric::continues_incident(reading, verb)
            || ([Class::Incident, Class::Trouble]
                .into_iter()
                .any(|class| reading.is(subject, class))
                && reading.is_plain(subject))
    };
    let is_at = reading.word(before) == "at";
    let is = |class: Class| reading.is(verb, class);
    match reading.word(verb) {
        _ if is(Class::Began) && is_at && is_incident() => Some(Span::Start(time)),
        _ if is(Class::Ended) && is_at && is_incident() => Some(Span::End(time)),
        "resolved" if !is_present && reading.is_problem(subject) => Some(Span::End(time)),
        _ if is(Class::Recovered) && !is_present && reading.kind(subject) == Kind::Word => {
            let is_own = reading.is_own(subject) || reading.is(subject, Class::Restored);
            is_own.then_some(Span::End(time))
        }
        _ if is(Class::Returning) && is_back && reading.kind(subject) == Kind::Word => {
            reading.is_own(subject).then_some(Span::End(time))
        }
        _ => None,
    }
}

/// Returns `true` if times may be those of a part: for some users, or beside those of another part.
fn is_part(reading: &Reading, first: usize, last: usize) -> bool {
    let around = impact::clause_with_lead(reading, Bounded::at(first, last));
    let is_time = |at: &usize| matches!(reading.kind(*at), Kind::Time(_));
    around.clone().any(|at| impact::is_some(reading, at))
        || reading.sentence(first).filter(is_time).count() > 2
}

/// Returns `true` if the sentence around a token is about another time than that of the impact.
fn is_elsewhen(reading: &Reading, at: usize) -> bool {
    // `On Tuesday, 10 March` names the day itself.
    let has_day = day(reading, at).is_some();
    let is_weekday = |at: usize| has_day && weekday(reading.word(at), Languages::English).is_some();
    reading.sentence(at).any(|at| {
        (reading.is(at, Class::Elsewhen) && !is_weekday(at) && !is_yesterday(reading, at))
            || reading.is(at, Class::Others)
            || reading.is_other_name(at)
            || reading.is(at, Class::Expectations)
            || reading.is(at, Class::Conditions)
    })
}

/// Returns `true` if the clause around times of day says that something did not work.
fn is_impact(reading: &Reading, first: usize, last: usize) -> bool {
    let around = impact::clause_with_lead(reading, Bounded::at(first, last));
    let has = |class: Class| around.clone().any(|at| reading.is(at, class));
    let is_about_people = has(Class::Users) || has(Class::Customers) || has(Class::Incident);
    around.clone().any(|at| {
        let end = if at < first { first } else { around.end };
        impact::is_trouble(reading, at)
            && (is_about_people || !impact::has_component(reading, at, end))
            && around.clone().any(|at| reading.is_own(at))
    })
}

/// Returns `true` if a sentence has few words other than a span, or names it by a label or as one more: `and again from 09:03`.
fn is_bare(reading: &Reading, first: usize, last: usize) -> bool {
    let mut sentence = reading.sentence(first);
    let is_named = reading.word(first.wrapping_sub(2)) == "again"
        || reading.kind(first.wrapping_sub(1)) == Kind::Colon;
    let is_other = |at: &usize| {
        (*at < first || *at > last) && !matches!(reading.word(*at), "from" | "between" | "")
    };
    let others = sentence.clone().filter(is_other).count();
    (is_named || others < 4) && !sentence.any(|at| reading.is(at, Class::Components))
}

/// Returns `true` for `yesterday`, but not in `the day before yesterday`.
fn is_yesterday(reading: &Reading, at: usize) -> bool {
    reading.word(at) == "yesterday" && reading.word(at.wrapping_sub(1)) != "before"
}

/// Returns the day that a sentence names.
pub(super) fn day(reading: &Reading, at: usize) -> Option<StatedDay> {
    reading.sentence(at).find_map(|at| {
        if is_yesterday(reading, at) {
            return Some(StatedDay::Yesterday);
        }
        if let Ok(day) = parse_day(reading.raw(at)) {
            return Some(StatedDay::Date(day.day(), day.month()));
        }
        let month = month(reading.word(at), Languages::English)?;
        let count = |at: usize| match reading.kind(at) {
            Kind::Count(day @ 1..=31, _) => u32::try_from(day).ok(),
            _ => None,
        };
        let day = count(at.wrapping_sub(1)).or_else(|| count(at + 1))?;
        Some(StatedDay::Date(day, month.number_from_month()))
    })
}
