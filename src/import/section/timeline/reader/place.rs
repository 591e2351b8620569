//! Adds entries with their dates: their own, that of the day that is named beside the time, or that of the entry above.

use chrono::{NaiveDate, TimeDelta};

use super::super::text::parts;
use super::Reader;
use crate::import::day_name::Days;
use crate::import::draft::Entry;
use crate::import::entry_time::{self, EntryTime};
use crate::import::statement::cue;
use crate::import::words::line as one_line;
use crate::import::zone;
use crate::moment::{Moment, Written};
use crate::timeline::Event;

impl Reader<'_> {
    /// Adds an entry.
    pub fn add(&mut self, line: usize, time: &EntryTime, text: &str) {
        self.open = false;
        self.is_untimed = false;
        self.heading = None;
        let mut at = time.at;
        let day = at
            .day
            .or_else(|| self.named_day(line, time))
            .or_else(|| self.next_day(line, &at));
        if day.is_none() {
            self.draft.without_date.get_or_insert(line);
            return;
        }
        at.day = day;
        let times = self.draft.times;
        if time.zone.is_none()
            && let Some(name) = zone::unknown_before_text(text)
        {
            self.draft
                .unclear_zone
                .get_or_insert((line, name.to_owned()));
            return;
        }
        let Some(placed) = times.placed(at, time.zone.as_deref()) else {
            let name = time.zone.clone().unwrap_or_default();
            self.draft.unclear_zone.get_or_insert((line, name));
            return;
        };
        let is_moved = placed.offset.is_some() && at.offset.is_none();
        if let Some(zone) = time
            .zone
            .as_deref()
            .filter(|_| is_moved && !self.draft.is_native)
        {
            self.draft
                .note(line, format!("{at} {zone} read as {placed}"));
        }
        at = placed;
        let Some(start) = times.moment(&at) else {
            self.draft.without_date.get_or_insert(line);
            return;
        };
        let day = day.unwrap_or_default();
        self.set_day(day);
        self.note_order(line, &start);
        let until = time.until.map(|mut until| {
            let named = time.until_day.as_ref();
            let days = Days {
                current: Some(day),
                ..self.days()
            };
            until.day = until
                .day
                .or(named.and_then(|name| name.date(days)))
                .or(Some(day));
            until = times
                .placed(until, time.until_zone.as_deref())
                .unwrap_or(until);
            // An end time before the start time is on the next day.
            if until.offset.is_some() {
            } else if until
                .time
                .zip(at.time)
                .is_some_and(|(end, start)| until.day == Some(day) && end.at < start.at)
            {
                until.day = day.succ_opt();
            }
            until
        });
        let end = until.as_ref().and_then(|until| times.moment(until));
        let (text, actor, mut links) = parts(text);
        let is_evidence = links.first().is_some_and(|link| *link.title == *"evidence");
        let mut event = Event::new(at, one_line(&text));
        if is_evidence {
            event.url = links.remove(0).url;
        }
        event.actor = actor.as_deref().map(one_line);
        event.links = links;
        self.draft.events.push(Entry {
            line,
            start,
            end,
            cue: cue(&event.text),
            event,
        });
        self.open = true;
    }

    /// Returns the date of the day that is named beside a time.
    fn named_day(&mut self, line: usize, time: &EntryTime) -> Option<NaiveDate> {
        // Several entries may name the same day as the next one.
        let is_same = std::mem::take(&mut self.is_next_day);
        let name = time.day.as_ref()?;
        self.is_next_day = name.is_next();
        let day = self.day.filter(|_| is_same && name.is_next());
        let day = day.or_else(|| name.date(self.days()))?;
        if !name.is_weekday_of(self.day?) {
            self.draft
                .note(line, format!("`{}` read as {day}", name.text));
        }
        Some(day)
    }

    /// Returns `true` if a time may be one of several.
    pub fn is_unclear(&mut self, line: &str, time: &EntryTime) -> bool {
        let days = self.days();
        let day = time.day.as_ref().filter(|_| days.current.is_some());
        self.is_half_missing(line, time) || day.is_some_and(|name| name.date(days).is_none())
    }

    /// Returns `true` if a time would follow the one above only in the other half of the day: `1:50 PM`, `2:20`.
    fn is_half_missing(&mut self, line: &str, time: &EntryTime) -> bool {
        if entry_time::says_day_half(line) {
            self.has_halves = true;
            return false;
        }
        let last = self.draft.events.last().map(|last| last.event.at);
        let (Some(last), Some(at)) = (last.and_then(|last| last.time), time.at.time) else {
            return false;
        };
        let hours = (last.at - at.at).num_minutes();
        self.has_halves && time.at.day.is_none() && (1..=12 * 60).contains(&hours)
    }

    /// Notes the first event that is earlier than the one above.
    fn note_order(&mut self, line: usize, start: &Moment) {
        let is_earlier =
            { self.draft.events.last() }.is_some_and(|last| start.order() < last.start.order());
        if is_earlier && !self.is_reordered && !self.draft.is_native {
            self.is_reordered = true;
            self.draft.note(
                line,
                "the time is earlier than that of the event above; events are sorted by time",
            );
        }
    }

    /// Returns the date of a time without one: that of the previous entry, or the next day after midnight.
    fn next_day(&mut self, line: usize, at: &Written) -> Option<NaiveDate> {
        let day = self.day?;
        let (Some(time), Some(last)) = (at.time, self.draft.events.last()) else {
            return Some(day);
        };
        let (time, last) = (time.at, last.event.at);
        let is_past_midnight = last
            .time
            .filter(|_| last.day == Some(day))
            .is_some_and(|last| last.at - time > TimeDelta::hours(12));
        if is_past_midnight && let Some(next) = day.succ_opt() {
            self.draft.note(
                line,
                format!("the time is earlier than that of the previous entry: read as {next}"),
            );
            return Some(next);
        }
        Some(day)
    }
}
