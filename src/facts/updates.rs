//! Messages to customers and the public in the order in which they were sent, and which were late.
//!
//! This is the only place that decides when the next message is due: by `next_update_at`, else by
//! what the text promises, else by the stated update interval.

use chrono::TimeDelta;

use super::promise::{Promise, promise};
use super::{Length, Unit, between};
use crate::archive::Record;
use crate::config::Config;
use crate::incident::{Message, Stage};
use crate::moment::{Moment, Precision, Zone};
use crate::token::interval;

/// A message to customers or the public that was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Update {
    /// Its index among all messages of the incident.
    pub index: usize,
    /// Its stage.
    pub stage: Stage,
    /// The time it was sent.
    pub sent: Moment,
    /// The time since the previous message; `None` for the first, and for the first after an announcement.
    pub gap: Option<Length>,
    /// The time at which the next message was due, if one was promised.
    pub due: Option<Due>,
    /// The index of the first message that was sent later.
    pub next: Option<usize>,
    /// Whether it was sent later than a previous message promised.
    pub is_late: bool,
}

/// The time by which the next message is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The time.
    pub at: Moment,
    /// The source of the promise.
    pub source: DueSource,
}

/// The source of a promised time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueSource {
    /// `next_update_at`.
    Key,
    /// The text of the message.
    Body,
    /// The stated update interval.
    Interval,
}

impl Due {
    /// Returns `true` if a message at `came` is too late for the promise.
    ///
    /// People and status pages keep time to a minute, and approximate times are within ten.
    #[must_use]
    pub fn is_missed(&self, came: &Moment, zone: Zone) -> bool {
        let day = |moment: &Moment| matches!(moment.precision, Precision::Day(_));
        if day(came) || day(&self.at) {
            return came.day(zone) > self.at.last().day(zone);
        }
        came.at > self.at.last().at + tolerance(came, &self.at)
    }
}

/// Returns how far apart two times may be that mean the same time.
fn tolerance(one: &Moment, other: &Moment) -> TimeDelta {
    TimeDelta::minutes(if one.about || other.about { 10 } else { 1 })
}

/// Returns `true` if two times for the next message may be one promise.
#[must_use]
pub fn is_same_promise(one: &Moment, other: &Moment, zone: Zone) -> bool {
    let is_day = |moment: &Moment| matches!(moment.precision, Precision::Day(_));
    if is_day(one) || is_day(other) {
        return one.day(zone) == other.day(zone);
    }
    (one.at - other.at).abs() <= tolerance(one, other)
}

/// Returns the stated interval of updates to customers.
#[must_use]
pub fn stated_interval(record: &Record) -> Option<&str> {
    let communication = record.incident.communication.as_ref()?;
    let external = communication.external.as_ref()?;
    external.status_page_interval.as_deref()
}

/// Returns the stated interval as a duration, or `None` if it is not one.
#[must_use]
pub fn stated_length(record: &Record) -> Option<Length> {
    Some(Length {
        seconds: stated_interval(record).and_then(interval)?,
        unit: Unit::Minute,
        about: false,
        most: None,
    })
}

/// Returns the sent messages to customers and the public, in the order in which they were sent.
#[must_use]
pub fn updates(record: &Record, config: &Config) -> Vec<Update> {
    let zone = record.zone(config);
    let every = stated_length(record).and_then(|every| TimeDelta::try_seconds(every.seconds));
    let messages = record.incident.messages.iter().enumerate();
    let external = messages.filter(|(_, message)| message.audience().is_external());
    let mut updates: Vec<Update> = external
        .filter_map(|(index, message)| {
            let sent = record.when(message.sent_at.as_ref(), message.event.as_ref())?;
            Some(Update {
                index,
                stage: message.stage,
                sent,
                gap: None,
                due: due(record, config, message, sent, every),
                next: None,
                is_late: false,
            })
        })
        .collect();
    updates.sort_by_key(|update| (update.sent.order(), update.index));
    for position in 0..updates.len() {
        let Some(update) = updates.get(position).copied() else {
            break;
        };
        let next = updates
            .iter()
            .position(|next| next.sent.at > update.sent.at);
        let late = |next: &Update| {
            update
                .due
                .is_some_and(|due| due.is_missed(&next.sent, zone))
        };
        if let Some(next) = next.and_then(|next| updates.get_mut(next)) {
            next.is_late |= late(next);
        }
        let before = position
            .checked_sub(1)
            .and_then(|before| updates.get(before));
        // An announcement of planned work is no earlier message about what happened.
        let is_first =
            |before: &Update| (before.stage == Stage::Planned) != (update.stage == Stage::Planned);
        let before = before.filter(|before| !is_first(before));
        let gap = before.and_then(|before| between(&before.sent, &update.sent, zone));
        if let Some(update) = updates.get_mut(position) {
            (update.next, update.gap) = (next, gap);
        }
    }
    updates
}

fn due(
    record: &Record,
    config: &Config,
    message: &Message,
    sent: Moment,
    every: Option<TimeDelta>,
) -> Option<Due> {
    let from = |at: Moment, source: DueSource| Due { at, source };
    if let Some(at) = record.when(message.next_update_at.as_ref(), None) {
        return Some(from(at, DueSource::Key));
    }
    // An announcement of planned work is no update, and an interval cannot start at a date without a time.
    if message.stage == Stage::Planned || matches!(sent.precision, Precision::Day(_)) {
        return None;
    }
    let stated = |body| promise(body, sent, record.zone(config), &config.words);
    if let Some(Promise::At(at)) = message.body.as_deref().and_then(stated) {
        return Some(from(at, DueSource::Body));
    }
    let at = sent
        .at
        .checked_add_signed(every.filter(|_| message.stage < Stage::Resolved)?)?;
    Some(from(Moment { at, ..sent }, DueSource::Interval))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn moment(text: &str) -> Moment {
        let at = DateTime::parse_from_rfc3339(text)
            .expect("a moment")
            .to_utc();
        Moment {
            at,
            precision: Precision::Minute,
            about: false,
            latest: None,
        }
    }

    #[test]
    fn a_promise_is_missed_after_a_minute_or_ten_about() {
        let about = |text: &str| Moment {
            about: true,
            ..moment(text)
        };
        let day = |text: &str| {
            let at = moment(text);
            Moment {
                precision: Precision::Day(at.at.date_naive()),
                ..at
            }
        };
        let due = "2025-01-14T15:00:00Z";
        let cases = [
            (moment(due), moment("2025-01-14T15:01:00Z"), false),
            (moment(due), moment("2025-01-14T15:01:01Z"), true),
            (moment(due), about("2025-01-14T15:10:00Z"), false),
            (about(due), moment("2025-01-14T15:11:00Z"), true),
            (day(due), moment("2025-01-14T23:00:00Z"), false),
            (day(due), moment("2025-01-15T00:00:00Z"), true),
            (moment(due), day("2025-01-15T00:00:00Z"), true),
        ];
        for (at, came, expected) in cases {
            let due = Due {
                at,
                source: DueSource::Key,
            };
            assert_eq!(due.is_missed(&came, Zone::default()), expected, "{came:?}");
        }
    }
}
