//! Messages to customers and the public in the order in which they were sent, and which were late.
//!
//! This is the only place that decides when the next message is due: by `next_update_at`, else by
//! what the text promises, else by the stated update interval.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::{Length, Unit, between};
use crate::archive::Record;
use crate::incident::{Message, Stage};
use crate::moment::{Moment, Precision, TimeDefaults, TimeOfDay, Written, Zone, parse_day};
use crate::token::{Kind as Part, NumberWords, TimeUnit, Tokens, interval, may_count};

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
        let about = came.about || self.at.about;
        came.at > self.at.last().at + TimeDelta::minutes(if about { 10 } else { 1 })
    }
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
pub fn updates(record: &Record, zone: Zone) -> Vec<Update> {
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
                due: due(record, message, sent, every, zone),
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
    message: &Message,
    sent: Moment,
    every: Option<TimeDelta>,
    zone: Zone,
) -> Option<Due> {
    let from = |at: Moment, source: DueSource| Due { at, source };
    if let Some(at) = record.when(message.next_update_at.as_ref(), None) {
        return Some(from(at, DueSource::Key));
    }
    // An announcement of planned work is no update, and an interval cannot start at a date without a time.
    if message.stage == Stage::Planned || matches!(sent.precision, Precision::Day(_)) {
        return None;
    }
    if let Some(at) = message
        .body
        .as_deref()
        .and_then(|body| promised(body, sent, zone))
    {
        return Some(from(at, DueSource::Body));
    }
    let at = sent
        .at
        .checked_add_signed(every.filter(|_| message.stage < Stage::Resolved)?)?;
    Some(from(Moment { at, ..sent }, DueSource::Interval))
}

/// Returns the time of the next update that a message promises: `next update in 30 minutes`, `by 15:30 UTC`.
fn promised(text: &str, sent: Moment, zone: Zone) -> Option<Moment> {
    if !text.contains("pdate")
        || !(may_count(text, NumberWords::english()) || text.contains("hour"))
    {
        return None;
    }
    let tokens = Tokens::tokenize(text, NumberWords::english());
    let at = (0..tokens.len()).find_map(|index| match Promise::parse(text, &tokens, index)? {
        Promise::In(seconds) => sent.at.checked_add_signed(TimeDelta::try_seconds(seconds)?),
        Promise::At { day, time, word } => at_time(day, time, zone_of(word, sent, zone)?, sent),
    })?;
    Some(Moment {
        at,
        precision: Precision::Minute,
        about: sent.about,
        latest: None,
    })
}

/// Returns `true` if a text promises the next update at a time or after a duration.
#[must_use]
pub fn has_promise(text: &str) -> bool {
    let tokens = Tokens::tokenize(text, NumberWords::english());
    (0..tokens.len()).any(|index| Promise::parse(text, &tokens, index).is_some())
}

/// Returns the line of a text that names the next update, if the text promises none that is understood.
#[must_use]
pub fn unread_promise(text: &str) -> Option<&str> {
    if has_promise(text) {
        return None;
    }
    let names = |line: &&str| {
        let line = line.to_lowercase();
        line.contains("next update") || line.contains("update you by")
    };
    text.lines().find(names).map(str::trim)
}

/// A promise in a sentence.
enum Promise<'a> {
    /// An update after a number of seconds.
    In(i64),
    /// An update at a time of day.
    At {
        day: Option<NaiveDate>,
        time: NaiveTime,
        /// The word after the time, which may name a time zone.
        word: &'a str,
    },
}

impl<'a> Promise<'a> {
    /// Parses the promise around the word `update` at an index, or returns `None`.
    fn parse(text: &str, tokens: &'a Tokens, index: usize) -> Option<Self> {
        let is_update = matches!(tokens.word(index), "update" | "updates");
        let mut number = is_update.then(|| after_update(tokens, index))??;
        let mut leads = false;
        loop {
            match (tokens.word(number), tokens.kind(number)) {
                (
                    "will" | "be" | "is" | "are" | "follow" | "follows" | "sent" | "posted"
                    | "provided" | "shared" | "due" | "expected",
                    _,
                ) if !leads => {}
                ("no" | "later", _) => {}
                ("in" | "within" | "at" | "by" | "before" | "every" | "than", _)
                | (_, Part::Colon) => {
                    leads = true;
                }
                ("about" | "around" | "approximately" | "the" | "an" | "next", _)
                | (_, Part::Sign(_))
                    if leads => {}
                _ => break,
            }
            number += 1;
        }
        let day = text
            .get(tokens.span(number, number))
            .and_then(|day| parse_day(day).ok());
        number += usize::from(day.is_some());
        match (tokens.kind(number), tokens.word(number)) {
            (Part::StatedDuration(lapse), _) if leads => Some(Self::In(lapse.seconds)),
            (Part::Time(time), _) => Some(Self::At {
                day,
                time,
                word: tokens.word(number + 1),
            }),
            (_, "half") if leads && tokens.word(number + 2) == "hour" => Some(Self::In(1_800)),
            (_, word) if leads => {
                let unit = TimeUnit::in_full(word).filter(|unit| unit.name() == word)?;
                unit.seconds().map(Self::In)
            }
            _ => None,
        }
    }
}

/// Returns the index after an announced update; `None` if another kind of update is meant.
fn after_update(tokens: &Tokens, index: usize) -> Option<usize> {
    let before = |count: usize| tokens.word(index.wrapping_sub(count));
    let sends = |word: &str| {
        matches!(
            word,
            "provide" | "post" | "share" | "give" | "send" | "publish" | "you"
        )
    };
    let after = |count: usize| tokens.word(index + count);
    match before(1) {
        "next" | "another" | "further" | "regular" => Some(index + 1),
        "an" if sends(before(2)) => Some(index + 1),
        word if sends(word) && tokens.word(index) == "updates" => Some(index + 1),
        "will" | "we'll" | "we’ll" => match (after(1), after(2)) {
            ("you" | "customers" | "everyone" | "again", _) => Some(index + 2),
            ("this", "page") => Some(index + 3),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the time zone that the word after a time names, or `None` if it is unknown.
fn zone_of(word: &str, sent: Moment, zone: Zone) -> Option<Zone> {
    Some(match word {
        "utc" | "gmt" => Zone::default(),
        word if (2..=5).contains(&word.len())
            && zone.abbreviation(sent.at).eq_ignore_ascii_case(word) =>
        {
            zone
        }
        "" | "and" | "or" | "at" | "today" | "with" | "on" => zone,
        _ => return None,
    })
}

/// Returns the moment of a time on a date, or without a date the first such time after a message was sent.
fn at_time(
    day: Option<NaiveDate>,
    time: NaiveTime,
    zone: Zone,
    sent: Moment,
) -> Option<DateTime<Utc>> {
    if day.is_some() {
        let written = Written {
            day,
            time: Some(TimeOfDay {
                at: time,
                seconds: true,
            }),
            offset: None,
            about: false,
            latest: None,
        };
        let moment = TimeDefaults { day, zone }.resolve(&written).ok()?;
        return Some(moment.at);
    }
    let ahead = time - zone.wall_clock(sent.at).time();
    let day = TimeDelta::days(1);
    let ahead = if ahead < TimeDelta::zero() {
        ahead + day
    } else {
        ahead
    };
    sent.at.checked_add_signed(ahead)
}

#[cfg(test)]
mod tests {
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
    fn promises_are_found_in_messages() {
        let sent = moment("2025-01-14T14:40:00Z");
        let cases = [
            ("Next update in 30 minutes.", Some("15:10")),
            ("Next update: 15:30 UTC", Some("15:30")),
            ("Next update: 30 minutes", Some("15:10")),
            ("- Next update: 2025-01-15 15:30 UTC", Some("15:30")),
            ("- Next update: 2025-01-15 15:30 PST", None),
            ("The next update will be posted by 15:30.", Some("15:30")),
            (
                "We will send another update within the next 2 hours.",
                Some("16:40"),
            ),
            ("We will provide an update within 30 minutes", Some("15:10")),
            ("We will provide an update within the hour", Some("15:40")),
            ("Next update in half an hour", Some("15:10")),
            ("Another update follows in an hour", Some("15:40")),
            ("We will post updates every 20 minutes", Some("15:00")),
            ("We'll update you by 15:00 UTC", Some("15:00")),
            ("We will update this page in 15 minutes", Some("14:55")),
            ("Next update at 00:10 UTC", Some("00:10")),
            ("Next update at 10:30 PST", None),
            ("Next update: no later than 15:30 UTC.", Some("15:30")),
            ("The update took 30 minutes", None),
            ("an update of the client in 3 parts", None),
            ("Install an update in 5 minutes", None),
            ("The cache updates every 5 minutes", None),
            ("We will update the client in 5 minutes", None),
            ("Next update soon", None),
        ];
        for (text, expected) in cases {
            let found =
                promised(text, sent, Zone::default()).map(|at| at.at.format("%H:%M").to_string());
            assert_eq!(found.as_deref(), expected, "{text}");
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
