//! Checks of promised updates: by an interval, by a time, or in the text of a message.

use super::{is_resolved, message_path, message_time_path, moment};
use crate::check::{Case, Finding, Findings};
use crate::facts::{DueSource, Promise, Update, between, promise, stated_interval};
use crate::incident::{Message, Stage};
use crate::moment::Precision;
use crate::source::Path;

fn message<'a>(case: &Case<'a>, update: &Update) -> Option<&'a Message> {
    case.record.incident.messages.get(update.index)
}

/// Returns the key path of a message's time.
fn sent_path(case: &Case, update: &Update) -> Path {
    match message(case, update) {
        Some(message) => message_time_path(message, update.index),
        None => message_path(update.index),
    }
}

/// Returns the key path of a promise.
fn promise_path(update: &Update, source: DueSource) -> Path {
    match source {
        DueSource::Key => message_path(update.index).key("next_update_at"),
        DueSource::Body => message_path(update.index).key("body"),
        DueSource::Interval => Path::new()
            .key("communication")
            .key("external")
            .key("status_page_interval"),
    }
}

pub(super) fn interval_not_kept(case: &Case, findings: &mut Findings) {
    let Some(stated) = stated_interval(case.record) else {
        return;
    };
    let zone = case.record.zone(case.config);
    let sent = case.updates();
    let ended = case
        .facts
        .ended
        .filter(|end| !matches!(end.moment.precision, Precision::Day(_)));
    for last in sent {
        let Some(due) = last.due.filter(|due| due.source == DueSource::Interval) else {
            continue;
        };
        let next = last.next.and_then(|next| sent.get(next));
        // While the incident is open, the next message may still come.
        let (until, at, (file, path)) = match (next, ended) {
            (Some(next), _) => (
                "the next message",
                next.sent,
                (case.file(), sent_path(case, next)),
            ),
            (None, Some(end)) => ("the end", end.moment, case.endpoint_location(&end)),
            (None, None) => continue,
        };
        if !due.is_missed(&at, zone) {
            continue;
        }
        let Some(length) = between(&last.sent, &at, zone) else {
            continue;
        };
        let (from, to) = case.full_times(&last.sent, &at);
        let message = format!(
            "{length} between the message at {from} and {until} at {to}, but the stated update interval is `{stated}`"
        );
        findings.add(
            Finding::new(message)
                .at(case.file(), promise_path(last, due.source), "stated here")
                .at(case.file(), sent_path(case, last), "the message")
                .at(file, path, until)
                .help(
                    "add messages that were sent in between, or state the interval that was kept",
                ),
        );
    }
}

pub(super) fn not_promised(case: &Case, findings: &mut Findings) {
    let zone = case.record.zone(case.config);
    let is_update =
        |update: &&Update| (Stage::Investigating..Stage::Resolved).contains(&update.stage);
    for update in case.updates().iter().filter(is_update) {
        let body = message(case, update).and_then(|message| message.body.as_deref());
        let is_stated = update
            .due
            .is_some_and(|due| due.source != DueSource::Interval);
        let Some(body) = body.filter(|body| !body.is_empty() && !is_stated) else {
            continue;
        };
        let path = message_path(update.index);
        match promise(body, update.sent, zone, &case.config.words) {
            Some(Promise::Unread(sentence)) => findings.add(
                Finding::new(format!(
                    "the time of the next update is not understood: `{sentence}`"
                ))
                .at(case.file(), path.key("body"), "")
                .help("add `next_update_at`"),
            ),
            None if update.due.is_none() => findings.add(
                Finding::new("this message does not announce the next update")
                    .at(case.file(), path, "")
                    .help(
                        "add `next_update_at`, or `status_page_interval` to `[communication.external]`",
                    ),
            ),
            _ => {}
        }
    }
}

/// Returns `true` if a message without a known time may have been sent after an update.
fn may_have_followed(case: &Case, update: &Update) -> bool {
    let zone = case.record.zone(case.config);
    let messages = case.record.incident.messages.iter().enumerate();
    let mut others = messages
        .filter(|(index, message)| *index != update.index && message.audience().is_external());
    others.any(|(_, message)| match moment(case, message) {
        None => message.sent_at.is_none() && message.event.is_none(),
        Some(at) => {
            matches!(at.precision, Precision::Day(_)) && at.day(zone) >= update.sent.day(zone)
        }
    })
}

pub(super) fn update_late(case: &Case, findings: &mut Findings) {
    let zone = case.record.zone(case.config);
    let sent = case.updates();
    for update in sent {
        let Some(due) = update.due.filter(|due| due.source != DueSource::Interval) else {
            continue;
        };
        let promised = format!(
            "`{}` message promised an update for {}",
            update.stage.as_str(),
            due.at.in_full(zone)
        );
        let next = update.next.and_then(|next| sent.get(next));
        let path = promise_path(update, due.source);
        let finding = match next {
            Some(next) if due.is_missed(&next.sent, zone) => {
                let Some(late) = between(&due.at, &next.sent, zone) else {
                    continue;
                };
                Finding::new(format!(
                    "{promised}, but the next message was sent {late} late"
                ))
                .at(case.file(), path, "promised here")
                .at(case.file(), sent_path(case, next), "the next message")
            }
            None if is_resolved(case)
                && case.as_of.is_after(due.at.day(zone))
                && !may_have_followed(case, update) =>
            {
                Finding::new(format!("{promised}, but no message followed")).at(
                    case.file(),
                    path,
                    "promised here",
                )
            }
            _ => continue,
        };
        findings.add(
            finding.help("add the message if one was sent in time, or correct the promised time"),
        );
    }
}

pub(super) fn update_overdue(case: &Case, findings: &mut Findings) {
    if is_resolved(case) {
        return;
    }
    let zone = case.record.zone(case.config);
    let sent = case.updates();
    let Some((last, due)) = sent.last().and_then(|last| Some((last, last.due?))) else {
        return;
    };
    // The reference date is one in UTC.
    if !case.as_of.is_after(due.at.at.date_naive()) {
        return;
    }
    findings.add(
        Finding::new(format!(
            "an update was promised for {}, but none is recorded by {}",
            due.at.in_full(zone),
            case.as_of.day()
        ))
        .at(case.file(), promise_path(last, due.source), "promised here")
        .help(
            "send the update and add it to `[[messages]]`; if the incident has ended, mark its end",
        ),
    );
}
