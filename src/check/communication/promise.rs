//! Updates that were promised: by an interval, by a time, or in the words of a message.

use chrono::{NaiveTime, TimeDelta};

use super::{Sent, is_over, place, sent, time_place};
use crate::check::stated::{Kind as Part, Tokens, may_count};
use crate::check::{Case, Finding, Findings};
use crate::facts::{between, interval};
use crate::incident::{Kind, Stage};
use crate::moment::{Moment, Precision, Zone};
use crate::source::Path;

/// Gives how late an update may be: clocks and status pages agree to a minute.
fn grace(about: bool) -> TimeDelta {
    TimeDelta::minutes(if about { 10 } else { 1 })
}

/// Lists the messages that customers follow an incident by: all but announcements of what is planned.
fn updates<'a>(case: &'a Case) -> Vec<Sent<'a>> {
    let mut sent = sent(case);
    sent.retain(|sent| sent.message.stage != Stage::Planned);
    sent
}

pub(super) fn interval_not_kept(case: &Case, findings: &mut Findings) {
    let incident = &case.record.incident;
    let external = incident
        .communication
        .as_ref()
        .and_then(|communication| communication.external.as_ref());
    let Some(stated) = external.and_then(|external| external.status_page_interval.as_deref())
    else {
        return;
    };
    let sent = updates(case);
    let seconds = interval(stated).filter(|_| !sent.is_empty());
    let Some(promised) = seconds.and_then(TimeDelta::try_seconds) else {
        return;
    };
    let zone = case.record.zone(case.config);
    let ended = case
        .facts
        .ended
        .filter(|end| !matches!(end.moment.precision, Precision::Day(_)));
    let path = Path::new()
        .key("communication")
        .key("external")
        .key("status_page_interval");
    for (place, last) in sent.iter().enumerate() {
        // A message that names its own time promises that one.
        if last.message.stage >= Stage::Resolved || promise(case, last).is_some() {
            continue;
        }
        let next = sent.get(place + 1);
        // What comes after the end is no update any more, and before it is over nobody knows how long it lasts.
        let until = match (next.map(|next| next.at), ended) {
            (Some(next), Some(end)) => next.at.min(end.moment.at),
            (Some(next), None) => next.at,
            (None, Some(end)) => end.moment.at,
            (None, None) => continue,
        };
        if until - last.at.at
            <= promised + grace(last.at.about || next.is_some_and(|next| next.at.about))
        {
            continue;
        }
        let (later, label, what) = match (next, ended) {
            (Some(next), _) => (
                (case.file(), time_place(next.message, next.index)),
                "the next message",
                next.at,
            ),
            (None, Some(end)) => (case.place(&end), "the end", end.moment),
            (None, None) => continue,
        };
        let Some(length) = between(&last.at, &what, zone) else {
            continue;
        };
        let until = if next.is_some() {
            "the next message"
        } else {
            "the end"
        };
        let message = format!(
            "{length} passed from the message of {} to {until} at {}, but the stated interval is `{stated}`",
            last.at.clock_time(zone),
            what.clock_time(zone)
        );
        findings.add(
            Finding::new(message)
                .at(case.file(), path.clone(), "the interval")
                .at(case.file(), time_place(last.message, last.index), "a message")
                .at(later.0, later.1, label)
                .help("add the messages that were sent in between, or state the interval that was kept"),
        );
    }
}

pub(super) fn not_promised(case: &Case, findings: &mut Findings) {
    let external = case.record.incident.communication.as_ref();
    let external = external.and_then(|communication| communication.external.as_ref());
    if external.is_some_and(|external| external.status_page_interval.is_some()) {
        return;
    }
    for sent in updates(case) {
        let message = sent.message;
        // What words promise without a time of day, such as an update every hour, is a promise all the same.
        let says = |body: &str| {
            let body = body.to_lowercase();
            ["update", "within", "every"]
                .iter()
                .any(|word| body.contains(word))
        };
        let Some(body) = message.body.as_deref().filter(|body| !says(body)) else {
            continue;
        };
        if message.stage < Stage::Resolved && !body.is_empty() && promise(case, &sent).is_none() {
            let finding = Finding::new("this message does not say when the next one comes");
            findings.add(finding.at(case.file(), place(sent.index), "").help(
                "add `next_update_at`, or `status_page_interval` to `[communication.external]`",
            ));
        }
    }
}

/// A promised update: until when, and where it is promised.
struct Promise {
    at: Moment,
    path: Path,
}

fn promise(case: &Case, sent: &Sent) -> Option<Promise> {
    if let Some(at) = case.record.when(sent.message.next_update_at.as_ref(), None) {
        return Some(Promise {
            at,
            path: place(sent.index).key("next_update_at"),
        });
    }
    let body = sent.message.body.as_deref()?;
    let at = promised(body, sent.at, case.record.zone(case.config))?;
    Some(Promise {
        at,
        path: place(sent.index).key("body"),
    })
}

/// Finds the time of the next update in a message: `next update in 30 minutes`, `by 15:30 UTC`.
fn promised(text: &str, sent: Moment, zone: Zone) -> Option<Moment> {
    if !text.contains("pdate") || !may_count(text) {
        return None;
    }
    let tokens = Tokens::tokenize(text);
    let updates = (0..tokens.len()).filter(|at| matches!(tokens.word(*at), "update" | "updates"));
    let mut updates = updates;
    updates.find_map(|at| {
        let sends = |word: &str| {
            matches!(
                word,
                "provide" | "post" | "share" | "give" | "send" | "publish" | "you"
            )
        };
        let promises = match tokens.word(at.wrapping_sub(1)) {
            "next" | "another" | "further" => true,
            "an" => sends(tokens.word(at.wrapping_sub(2))),
            _ => false,
        };
        if !promises {
            return None;
        }
        let mut number = at + 1;
        while matches!(
            tokens.word(number),
            "will" | "be" | "is" | "follow" | "sent" | "posted" | "provided" | "due" | "expected"
        ) || tokens.kind(number) == Part::Colon
        {
            number += 1;
        }
        let leads = matches!(
            tokens.word(number),
            "in" | "within" | "at" | "by" | "before"
        );
        number += usize::from(leads);
        number += usize::from(
            matches!(
                tokens.word(number),
                "about" | "around" | "approximately" | "the"
            ) || matches!(tokens.kind(number), Part::Sign(_)),
        );
        number += usize::from(tokens.word(number) == "next");
        let at = match tokens.kind(number) {
            Part::StatedDuration(lapse) if leads => {
                sent.at + TimeDelta::try_seconds(lapse.seconds)?
            }
            Part::Time(time) => at_time(time, tokens.word(number + 1), sent, zone)?,
            _ => return None,
        };
        Some(Moment {
            at,
            precision: Precision::Minute,
            about: sent.about,
        })
    })
}

/// Gives the first moment after a message that has a time of day; nothing where its zone is not known.
fn at_time(
    time: NaiveTime,
    word: &str,
    sent: Moment,
    zone: Zone,
) -> Option<chrono::DateTime<chrono::Utc>> {
    let zone = match word {
        "utc" | "gmt" => Zone::default(),
        word if (2..=5).contains(&word.len())
            && zone.abbreviation(sent.at).eq_ignore_ascii_case(word) =>
        {
            zone
        }
        "" | "and" | "or" | "at" | "today" | "with" | "on" => zone,
        _ => return None,
    };
    let ahead = time - zone.wall_clock(sent.at).time();
    let day = TimeDelta::days(1);
    Some(
        sent.at
            + if ahead < TimeDelta::zero() {
                ahead + day
            } else {
                ahead
            },
    )
}

pub(super) fn update_late(case: &Case, findings: &mut Findings) {
    let sent = updates(case);
    let zone = case.record.zone(case.config);
    for (place, message) in sent.iter().enumerate() {
        let Some(promise) = promise(case, message) else {
            continue;
        };
        let stage = message.message.stage.as_str();
        let told = format!(
            "the message of stage `{stage}` promised an update for {}",
            promise.at.in_full(zone)
        );
        let next = sent
            .iter()
            .skip(place + 1)
            .find(|next| next.at.at > message.at.at);
        let finding = match next {
            Some(next) if is_after(&next.at, &promise.at, zone) => {
                let Some(late) = between(&promise.at, &next.at, zone) else {
                    continue;
                };
                Finding::new(format!("{told}, and the next one came {late} later"))
                    .at(case.file(), promise.path, "promised here")
                    .at(
                        case.file(),
                        time_place(next.message, next.index),
                        "the next message",
                    )
            }
            None if is_over(case) && promise.at.day(zone) < case.as_of => Finding::new(format!(
                "{told}, and no message followed"
            ))
            .at(case.file(), promise.path, "promised here"),
            _ => continue,
        };
        findings.add(
            finding.help("add the message that was sent in time, or correct the promised time"),
        );
    }
}

fn is_after(next: &Moment, promised: &Moment, zone: Zone) -> bool {
    match promised.precision {
        Precision::Day(day) => next.day(zone) > day,
        _ => next.at > promised.at + grace(next.about || promised.about),
    }
}

pub(super) fn update_overdue(case: &Case, findings: &mut Findings) {
    if is_over(case)
        || case.record.incident.messages.is_empty()
        || case.record.incident.kind == Kind::Maintenance
    {
        return;
    }
    let zone = case.record.zone(case.config);
    let sent = updates(case);
    let Some(last) = sent.last() else { return };
    let Some(promise) = promise(case, last).filter(|promise| promise.at.day(zone) < case.as_of)
    else {
        return;
    };
    findings.add(
        Finding::new(format!(
            "an update was promised for {}, and none is recorded by {}",
            promise.at.in_full(zone),
            case.as_of
        ))
        .at(case.file(), promise.path, "promised here")
        .help("send the update and add it; if the incident is over, mark its end"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Moment {
        let at = chrono::DateTime::parse_from_rfc3339(text)
            .expect("a moment")
            .to_utc();
        Moment {
            at,
            precision: Precision::Minute,
            about: false,
        }
    }

    #[test]
    fn promises_are_found_in_messages() {
        let sent = moment("2025-01-14T14:40:00Z");
        let cases = [
            ("Next update in 30 minutes.", Some("15:10")),
            ("Next update: 15:30 UTC", Some("15:30")),
            ("The next update will be posted by 15:30.", Some("15:30")),
            (
                "We will send another update within the next 2 hours.",
                Some("16:40"),
            ),
            ("We will provide an update within 30 minutes", Some("15:10")),
            ("Next update at 00:10 UTC", Some("00:10")),
            ("Next update at 10:30 PST", None),
            ("The update took 30 minutes", None),
            ("an update of the client in 3 parts", None),
            ("Install an update in 5 minutes", None),
            ("Next update soon", None),
        ];
        for (text, expected) in cases {
            let found =
                promised(text, sent, Zone::default()).map(|at| at.at.format("%H:%M").to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }
}
