//! Finds the duration of the incident or its impact: `a 2-hour outage`, `users saw errors for 2 hours`.

use std::ops::Range;

use super::{Bounded, Reading, clause, metric, time};
use crate::check::lexicon::Class;
use crate::token::{Kind, TimeUnit};

/// Returns whether a duration of the incident or its impact may be that of a part; `None` if it is of something else.
pub(super) fn stated_part(reading: &Reading, number: Bounded) -> Option<bool> {
    let around = clause_with_lead(reading, number);
    let others = || {
        let around = around.clone();
        around.filter(move |at| *at < number.first || *at > number.last)
    };
    let begins = around.start.wrapping_sub(1);
    let is_before_event = is_before_event(reading, number);
    if (reading.is(number.last + 1, Class::Compared) && !is_before_event)
        || reading.is(begins, Class::NotYet)
        || reading.is(number.first.wrapping_sub(1), Class::NotYet)
        || others().any(|at| is_unreal(reading, at))
    {
        return None;
    }
    let is_part = is_before_event
        || is_in_sequence(reading, number)
        || reading.is(reading.sentence(number.first).start, Class::Until);
    if is_measure(reading, number) || is_of_incident(reading, number) {
        // `A 20-minute outage affected some users` states the outage of all.
        let of_some =
            |at: usize| at < number.first && (is_single(reading, at) || is_some(reading, at));
        return (!others().any(of_some)).then_some(is_part);
    }
    let fails = !others().any(|at| is_single(reading, at)) && fails_for(reading, number, others);
    // Where an activity is not named by the incident, it may be a part of what failed.
    let is_of_some = |at| is_some(reading, at) || reading.is_activity(at);
    fails.then(|| is_part || others().any(is_of_some) || others().any(|at| is_symptom(reading, at)))
}

/// Returns `true` for what was seen of an incident, as the subject of a clause: `Latency was high for 5 minutes`.
///
/// It may have been seen for a part of the time only.
fn is_symptom(reading: &Reading, at: usize) -> bool {
    let article = usize::from(reading.is(at.wrapping_sub(1), Class::Descriptions));
    reading.is(at, Class::Trouble)
        && !reading.is(at, Class::Incident)
        && reading.starts_after(at.wrapping_sub(1 + article))
}

/// Returns `true` for `down for 2 hours after the deploy`, which does not say that it is the whole.
fn is_before_event(reading: &Reading, number: Bounded) -> bool {
    let next = number.last + 1;
    let previous = number.first.wrapping_sub(1);
    let is_of_impact = reading.is(previous, Class::Spanning) || reading.word(previous) == "of";
    // Behind the end, a duration is not that of the impact.
    let is_end = |at: usize| reading.is(at, Class::Incident) || reading.is(at, Class::Recovering);
    is_of_impact
        && match reading.word(next) {
            "before" => true,
            "after" => !(next + 1..next + 5).any(is_end),
            _ => false,
        }
}

/// Returns `true` if another duration goes on where one ends: `for 50 minutes, then slow for 20 minutes`.
fn is_in_sequence(reading: &Reading, number: Bounded) -> bool {
    let sentence = reading.sentence(number.first);
    let is_measured = |at: usize| reading.word(at + 1) == "of";
    let is_other = |at: usize| {
        let mut before = (1..4).map(|back| reading.word(at.wrapping_sub(back)));
        let is_duration = match reading.kind(at) {
            Kind::StatedDuration(_) => true,
            // `Payments failed for 30 minutes, and logins for 70`.
            Kind::Count(..) => {
                reading.word(at.wrapping_sub(1)) == "for" && reading.ends_clause(at + 1)
            }
            _ => false,
        };
        (at < number.first || at > number.last)
            && is_duration
            && (before.any(|word| matches!(word, "for" | "another" | "further"))
                // `75 minutes of downtime and 10 minutes of slowness`
                || (is_measured(at) && is_measured(number.last)))
    };
    let is_ordered = |range: &Range<usize>| {
        let mut words = range.clone();
        words.any(|at| reading.is(at, Class::Sequence))
    };
    let next = Some(reading.sentence(sentence.end + 1)).filter(|next| next.start > sentence.end);
    let before = sentence
        .start
        .checked_sub(1)
        .map(|stop| reading.sentence(stop));
    let mut neighbors = [next, before].into_iter().flatten();
    sentence.clone().any(is_other)
        || neighbors.any(|other| {
            (is_ordered(&other) || is_ordered(&sentence)) && other.clone().any(is_other)
        })
}

/// Returns `true` for a word for some of the users, or for the worst of the time.
pub(super) fn is_some(reading: &Reading, at: usize) -> bool {
    reading.is(at, Class::Some)
}

/// Returns `true` if the clause of a number names a place: `The outage lasted 12 minutes in the EU`.
pub(super) fn is_in_place(reading: &Reading, number: Bounded) -> bool {
    let mut around = clause_with_lead(reading, number);
    around.any(|at| is_single(reading, at))
}

/// Returns `true` for a word for single users or services, and before the name of a place.
fn is_single(reading: &Reading, at: usize) -> bool {
    let word = reading.word(at);
    let is_one = matches!(reading.kind(at), Kind::Count(1, _)) && reading.word(at + 1) == "of";
    let place = at + 1 + usize::from(reading.word(at + 1) == "the");
    let is_place = matches!(word, "in" | "at")
        && reading.raw(place).starts_with(char::is_uppercase)
        && !reading.has_subject(place);
    reading.is(at, Class::Single) || is_one || is_place
}

/// Returns the clause around a number, with the next one after a start such as `For 2 hours,`.
pub(super) fn clause_with_lead(reading: &Reading, number: Bounded) -> Range<usize> {
    let ends = |at: usize| reading.ends_clause(at);
    let around = clause(reading, number, ends);
    // `On 10 March from 9:50 to 11:00, …` and `For 4 hours on Tuesday, …`.
    let is_lead = |at: usize| {
        let word = reading.word(at);
        matches!(
            word,
            "on" | "from" | "between" | "for" | "today" | "yesterday"
        ) || time::is_day(reading, at)
    };
    let begins = around.start + 1 >= number.first || (around.start..number.first).all(is_lead);
    let leads = begins && (number.last + 1..around.end).all(is_lead);
    if !leads || reading.kind(around.end) != Kind::Comma {
        return around;
    }
    let next = around.end + 1;
    // `For 2 hours, sellers and buyers saw errors.`
    let end = (next..reading.len())
        .find(|at| ends(*at) && reading.word(*at) != "and")
        .unwrap_or(reading.len());
    around.start..end
}

/// Returns `true` if a word says that a clause is not about what happened in this incident.
fn is_unreal(reading: &Reading, at: usize) -> bool {
    let (word, next) = (reading.word(at), reading.word(at + 1));
    match word {
        // `Nobody could pay` states an outage.
        "nobody" | "without" => !is_unable(reading, at),
        // `You may have seen errors` states errors.
        _ if reading.is(at, Class::Modals) => next != "have" && !is_unable(reading, at),
        "not" | "no" | "could" | "did" | "didn't" | "couldn't" | "weren't" | "wasn't" => {
            let before = at.checked_sub(1);
            !is_unable(reading, at) && before.is_none_or(|before| !is_unable(reading, before))
        }
        "every" => TimeUnit::in_full(next).is_some(),
        _ if reading.is(at, Class::Articles) => TimeUnit::in_full(next).is_some(),
        _ if word.ends_with("n't") || word.ends_with("n’t") => true,
        _ => {
            let classes = [Class::Unreal, Class::UnrealImpact, Class::Others];
            classes.into_iter().any(|class| reading.is(at, class)) || reading.is_other_name(at)
        }
    }
}

/// Returns `true` if something could not be done, or did not work, from a word on.
fn is_unable(reading: &Reading, at: usize) -> bool {
    let (verb, rest) = match (reading.word(at), reading.word(at + 1)) {
        ("no", _) => {
            let mut near = (at + 1..at + 4).map(|at| reading.word(at));
            return near.any(|word| matches!(word, "could" | "access"));
        }
        ("couldn't" | "couldn’t", _) => ("could", at + 1),
        ("didn't" | "didn’t", _) => ("did", at + 1),
        ("wasn't" | "weren't" | "wasn’t" | "weren’t", _) => ("was", at + 1),
        ("could", "not") => ("could", at + 2),
        ("nobody", "could") => return reading.is(at + 2, Class::Served),
        ("nobody", "was") => {
            return reading.word(at + 2) == "able" && reading.is(at + 4, Class::Served);
        }
        ("without", _) => return is_service(reading, at + 1),
        // `You may not have been able to pay`.
        (_, "not") if reading.is(at, Class::Modals) && reading.word(at + 2) == "have" => {
            ("was", at + 3 + usize::from(reading.word(at + 3) == "been"))
        }
        ("did", "not") => ("did", at + 2),
        ("was" | "were", "not") => ("was", at + 2),
        _ => return false,
    };
    match verb {
        "could" => true,
        "did" => reading.is(rest, Class::Working),
        _ => reading.is(rest, Class::Usable),
    }
}

/// Returns `true` for what users miss when it does not work: `the checkout`, `access`.
fn is_service(reading: &Reading, at: usize) -> bool {
    let noun = at + usize::from(matches!(reading.word(at), "the" | "our" | "any"));
    let is_whole = reading.is(noun, Class::WholeServices) && reading.word(noun) != "we";
    let ends = reading.kind(noun + 1) != Kind::Word
        || reading.ends_clause(noun + 1)
        || matches!(reading.word(noun + 1), "for" | "to" | "during");
    ends && (is_whole || reading.word(noun) == "access" || reading.has_subject(noun))
}

/// Returns `true` for `2 hours of downtime`, `2 hours without checkout` and `2-hour outage`.
fn is_measure(reading: &Reading, number: Bounded) -> bool {
    let next = number.last + 1;
    let before = reading.word(number.first.wrapping_sub(1));
    if reading.word(next) == "without" {
        let begins = number.first == 0 || reading.starts_after(number.first.wrapping_sub(1));
        return (begins || matches!(before, "had" | "for")) && is_service(reading, next + 1);
    }
    if reading.word(next) == "of" {
        let mut words = (next + 1..next + 4).take_while(|at| reading.kind(*at) == Kind::Word);
        return !matches!(before, "after" | "within" | "in" | "every")
            && words.any(|at| {
                let classes = [Class::Incident, Class::Trouble, Class::Failing];
                classes.into_iter().any(|class| reading.is(at, class))
                    || reading.is(at, Class::Qualities)
            });
    }
    let Some(noun) = (next..next + 3)
        .take_while(|at| {
            let is_between = matches!(reading.word(*at), "into" | "the" | "our" | "after");
            reading.kind(*at) == Kind::Word && !reading.ends_clause(*at) && !is_between
        })
        .find(|at| reading.is(*at, Class::Incident))
    else {
        return false;
    };
    // `A 2-hour incident review` is a review, and `a 2-hour outage costs` says what any of them does.
    let after = reading.word(noun + 1);
    let is_head = reading.kind(noun + 1) != Kind::Word
        || reading.ends_clause(noun + 1)
        || [Class::Linking, Class::Auxiliaries, Class::Compared]
            .into_iter()
            .any(|class| reading.is(noun + 1, class))
        || after.ends_with("ed");
    let article = number.first.wrapping_sub(1);
    let is_any = reading.is(article, Class::Articles) && is_habitual(reading, noun + 1);
    let is_any = is_any || reading.is_only_imagined(article);
    is_head && !is_any && reading.is_plain(noun) && reading.is_of_own(noun)
}

/// Returns `true` for a verb that says what any thing of a kind does: `an outage of 2 hours costs`.
fn is_habitual(reading: &Reading, at: usize) -> bool {
    reading.is(at, Class::Habitual) || matches!(reading.word(at), "is" | "are")
}

/// Returns `true` for `an outage of 2 hours`, `the outage took 2 hours` and `downtime: 2 hours`.
fn is_of_incident(reading: &Reading, number: Bounded) -> bool {
    let mut at = number.first.wrapping_sub(1);
    let (mut passed, mut ended) = (false, false);
    for step in 0..5 {
        match reading.kind(at) {
            Kind::Open if step == 0 && is_bracketed(reading, number) => {}
            Kind::Colon => {}
            Kind::Word if reading.is(at, Class::Incident) => {
                let article = reading.word(at.wrapping_sub(1));
                let is_any = reading.is(at.wrapping_sub(1), Class::Articles)
                    && is_habitual(reading, number.last + 1);
                let has_owner = article.ends_with("'s") || article.ends_with("’s");
                // `A checkout outage` has its article two words before.
                let is_any =
                    is_any || (1..3).any(|back| reading.is_only_imagined(at.wrapping_sub(back)));
                let is_meant = !is_any && (!has_owner || article == "today's");
                return is_meant && reading.is_plain(at) && (!passed || ended);
            }
            Kind::Word => match reading.word(at) {
                "after" => passed = true,
                _ if reading.is(at, Class::Ended) => ended = true,
                _ if reading.is(at, Class::Linking) => {}
                _ => return false,
            },
            _ => return false,
        }
        at = at.wrapping_sub(1);
    }
    false
}

/// Returns `true` for `users saw errors for 2 hours` and `for 2 hours, checkouts failed`.
fn fails_for<I: Iterator<Item = usize>>(
    reading: &Reading,
    number: Bounded,
    others: impl Fn() -> I,
) -> bool {
    let mut previous = number.first.wrapping_sub(1);
    // `Checkout unavailable (4 hours)`.
    let is_bracketed = is_bracketed(reading, number);
    if is_bracketed {
        previous = previous.wrapping_sub(1);
    }
    let has_for = reading.is(previous, Class::Spanning);
    let is_label = reading.is(previous, Class::Failing)
        || (is_bracketed && reading.ends_clause(number.last + 2));
    if !has_for && !is_label {
        return false;
    }
    let end = if has_for { previous } else { number.first };
    // A title is in the present: `Checkout fails (3 h)`.
    let is_titled = |at: usize| {
        is_bracketed
            && reading.is(at, Class::Fails)
            && reading.is_own(metric::subject(reading, at))
            && !has_component(reading, at, end)
    };
    others().any(|at| is_predicate(reading, at, end) || is_titled(at))
}

/// Returns `true` if a bracket has nothing but a number.
fn is_bracketed(reading: &Reading, number: Bounded) -> bool {
    let before = reading.kind(number.first.wrapping_sub(1));
    before == Kind::Open && reading.kind(number.last + 1) == Kind::Close
}

/// Returns `true` for the code of an answer that says that a request failed: `503`, `5xx`.
fn is_error_code(reading: &Reading, at: usize) -> bool {
    matches!(reading.kind(at), Kind::Count(400..=599, _))
        || matches!(reading.raw(at), "4xx" | "5xx")
}

/// Returns `true` if a word says that something that users need did not work.
fn is_predicate(reading: &Reading, at: usize, end: usize) -> bool {
    let previous = at.wrapping_sub(1);
    let subject = metric::subject(reading, at);
    if is_unable(reading, at) {
        let names_subject = matches!(reading.word(at), "nobody" | "no");
        return !has_component(reading, at, at) && (names_subject || reading.is_own(subject));
    }
    let is_brought = reading.is(subject.wrapping_sub(1), Class::Bringing);
    if reading.is(at, Class::Failing) || (reading.word(at) == "fail" && is_brought) {
        let is_made = (at.saturating_sub(5)..at).any(|at| reading.is(at, Class::Habitual));
        let is_state = reading.is(previous, Class::Staying);
        let is_other_down = reading.word(at) == "down"
            && !is_state
            && (reading.word(previous).ends_with("ed") || reading.is(previous, Class::Lowering));
        let is_present = reading.is(previous, Class::Present);
        // `Had been broken` may be a state before the incident.
        let was_before = reading.word(previous) == "had"
            || (reading.word(previous) == "been"
                && reading.word(previous.wrapping_sub(1)) == "had");
        let has_object = reading.is(at, Class::Disrupting);
        let is_own = !(has_object && is_one_person(reading, at + 1))
            && (reading.is_own(subject)
                || (has_object && (at + 1..end).any(|at| reading.is_own(at))));
        return !is_other_down
            && !is_made
            && !is_present
            && !was_before
            && is_own
            && !has_component(reading, at, end);
    }
    let is_noun = reading.is(at, Class::Trouble) || reading.is(at, Class::Incident);
    let is_noticed = |back: usize| {
        let verb = at.wrapping_sub(back);
        reading.is(verb, Class::Noticing) && reading.is_own(metric::subject(reading, verb))
    };
    let is_titled = || reading.word(at + 1) == "for" || reading.kind(at + 1) == Kind::Open;
    if is_error_code(reading, at) {
        return (1..5).any(is_noticed) && !has_component(reading, at, end);
    }
    is_noun
        && reading.is_of_own(at)
        && ((1..5).any(is_noticed)
            || reading.starts_after(previous)
            || (reading.has_subject(previous) && is_titled())
            || (reading.is(at + 1, Class::Continuing) && reading.is_plain(at)))
        && !has_component(reading, at, end)
}

/// Returns `true` for `one noisy client`, whose impact is not that of all.
fn is_one_person(reading: &Reading, at: usize) -> bool {
    let is_one = matches!(reading.kind(at), Kind::Count(1, _))
        || reading.is(at, Class::Articles)
        || reading.word(at) == "single";
    let people = [Class::Users, Class::Customers, Class::Accounts];
    let mut nouns = (at + 1..at + 4).take_while(|at| reading.kind(*at) == Kind::Word);
    is_one && nouns.any(|at| people.into_iter().any(|class| reading.is(at, class)))
}

/// Returns `true` if a word says that something does not work, whatever its place in the sentence.
pub(super) fn is_trouble(reading: &Reading, at: usize) -> bool {
    let classes = [Class::Failing, Class::Trouble, Class::Incident];
    is_unable(reading, at) || classes.into_iter().any(|class| reading.is(at, class))
}

/// Returns `true` if the subject or the object of a predicate is a part of a system, such as a replica.
pub(super) fn has_component(reading: &Reading, predicate: usize, end: usize) -> bool {
    let has_object = predicate + 1 < end && reading.is(predicate, Class::Disrupting);
    // After `to`, a word is a verb: `unable to check out`.
    let is_component =
        |at: usize| reading.is(at, Class::Components) && reading.word(at.wrapping_sub(1)) != "to";
    let is_subject = || reading.is(metric::subject(reading, predicate), Class::Components);
    let is_object = || (predicate + 1..end).any(is_component);
    (!has_object && is_subject()) || is_object()
}
