//! Times as people write them, and the instants that they mean.
//!
//! [`Written`] is a time as it was typed (`14:23`, `~2025-01-14 14:23:47`, an RFC 3339 text, a
//! date without a time, or a range of these such as `2026-05-01..2026-05-08`), with its precision. [`TimeDefaults`] (the date and the time zone of a
//! timeline) turn it into a [`Moment`]. Time zones are used when a local time is read and when a
//! time is printed; arithmetic is always in UTC.

use chrono::{
    DateTime, Datelike, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset,
    TimeDelta, TimeZone, Timelike, Utc,
};
use serde::{Deserialize, Serialize};

mod calendar;
mod written;
mod zone;

pub use calendar::Calendar;
pub use written::{TimeOfDay, Written, WrittenEnd, parse_day};
pub use zone::{ABBREVIATIONS, Zone};

/// The date and the time zone of times that lack them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeDefaults {
    /// The date of times that have none.
    pub day: Option<NaiveDate>,
    /// The time zone of times without a UTC offset.
    pub zone: Zone,
}

/// The precision of a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Precision {
    /// To the second.
    Second,
    /// To the minute.
    Minute,
    /// To the day. The date is the one in the time zone in which it was written.
    Day(NaiveDate),
}

/// An instant with the precision in which it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The instant; for a date without a time, the first instant of that date; for a range, its start.
    pub at: DateTime<Utc>,
    /// The precision.
    pub precision: Precision,
    /// Whether it is approximate.
    pub about: bool,
    /// The latest time that it may be, if only a range is known.
    pub latest: Option<Latest>,
}

/// The end of a range in which a time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Latest {
    /// The instant.
    pub at: DateTime<Utc>,
    /// The precision.
    pub precision: Precision,
}

/// The reason why a written time has no single instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unresolved {
    /// It has no date, and neither has the timeline.
    NoDay,
    /// It occurred twice, because clocks went back. Both instants are given.
    Ambiguous(DateTime<Utc>, DateTime<Utc>),
    /// It does not exist, because clocks went forward. The instants use the UTC offset before and after the change.
    Skipped(DateTime<Utc>, DateTime<Utc>),
}

impl TimeDefaults {
    /// Resolves a written time to its instant.
    ///
    /// # Errors
    /// Returns an error for a time without a date if the defaults have none, and for a local time
    /// that a daylight-saving change makes ambiguous or skips.
    pub fn resolve(&self, written: &Written) -> Result<Moment, Unresolved> {
        let (at, precision) = self.point(written.day, written.time, written.offset)?;
        let latest = written
            .latest
            .map(|end| {
                let (day, offset) = (end.day.or(written.day), end.offset.or(written.offset));
                self.point(day, end.time, offset)
            })
            .transpose()?;
        Ok(Moment {
            at,
            precision,
            about: written.about,
            latest: latest.map(|(at, precision)| Latest { at, precision }),
        })
    }

    fn point(
        &self,
        day: Option<NaiveDate>,
        time: Option<TimeOfDay>,
        offset: Option<FixedOffset>,
    ) -> Result<(DateTime<Utc>, Precision), Unresolved> {
        let day = day.or(self.day).ok_or(Unresolved::NoDay)?;
        let Some(time) = time else {
            return Ok((self.midnight(day), Precision::Day(day)));
        };
        let local = day.and_time(time.at);
        let at = match offset {
            Some(offset) => match offset.from_local_datetime(&local) {
                MappedLocalTime::Single(at) => at.to_utc(),
                _ => local.and_utc(),
            },
            None => match self.zone.instants(local) {
                MappedLocalTime::Single(at) => at,
                MappedLocalTime::Ambiguous(early, late) => {
                    return Err(Unresolved::Ambiguous(early, late));
                }
                MappedLocalTime::None => {
                    let (before, after) = self.around_gap(local);
                    return Err(Unresolved::Skipped(before, after));
                }
            },
        };
        let precision = if time.seconds {
            Precision::Second
        } else {
            Precision::Minute
        };
        Ok((at, precision))
    }

    /// Returns the shortest form that resolves to a moment to the second.
    ///
    /// A local time that a daylight-saving change makes ambiguous has a UTC offset.
    #[must_use]
    pub fn shortest(&self, moment: &Moment) -> Written {
        let written = moment.written(self.zone);
        let is_default = |day: Option<NaiveDate>| day == self.day && !moment.is_day();
        let omits_day =
            is_default(written.day) && written.latest.is_none_or(|end| is_default(end.day));
        let day = |day: Option<NaiveDate>| day.filter(|_| !omits_day);
        let local = Written {
            day: day(written.day),
            offset: None,
            latest: written.latest.map(|end| WrittenEnd {
                day: day(end.day),
                offset: None,
                ..end
            }),
            ..written
        };
        match self.resolve(&local) {
            Ok(read) if read.is_same(moment) || moment.precision == Precision::Minute => local,
            _ => moment.written(self.zone),
        }
    }

    /// Returns the first instant that a moment cannot mean any more, given its precision.
    #[must_use]
    pub fn until(&self, moment: &Moment) -> DateTime<Utc> {
        let moment = &moment.last();
        let second = moment.at - TimeDelta::nanoseconds(moment.at.timestamp_subsec_nanos().into());
        match moment.precision {
            Precision::Second => second + TimeDelta::seconds(1),
            Precision::Minute => second + TimeDelta::minutes(1),
            Precision::Day(day) => match day.succ_opt() {
                Some(next) => self.midnight(next),
                None => second + TimeDelta::days(1),
            },
        }
    }

    /// Returns the latest instant at which something ended: the end of a range, and of a date without a time.
    #[must_use]
    pub fn end(&self, moment: &Moment) -> DateTime<Utc> {
        let last = moment.last();
        if last.is_day() {
            self.until(&last)
        } else {
            last.at
        }
    }

    /// Returns `true` if a moment can mean every instant that another one can mean.
    #[must_use]
    pub fn covers(&self, coarse: &Moment, fine: &Moment) -> bool {
        coarse.at.timestamp() <= fine.at.timestamp() && self.until(fine) <= self.until(coarse)
    }

    /// Returns `true` if two moments are the same at the precision of the coarser one.
    #[must_use]
    pub fn agree(&self, one: &Moment, other: &Moment) -> bool {
        self.covers(one, other) || self.covers(other, one)
    }

    /// Returns the first instant of a date in the time zone.
    #[must_use]
    pub fn midnight(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        match self.zone.instants(midnight) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at,
            MappedLocalTime::None => self.around_gap(midnight).0,
        }
    }

    // A gap is at most a day long (Samoa, 2011), so the UTC offsets a day before and a day after
    // are those on its two sides.
    fn around_gap(&self, local: NaiveDateTime) -> (DateTime<Utc>, DateTime<Utc>) {
        let with_offset_at = |probe: DateTime<Utc>| {
            let offset = self.zone.wall_clock(probe) - probe.naive_utc();
            (local - offset).and_utc()
        };
        let utc = local.and_utc();
        (
            with_offset_at(utc - TimeDelta::days(1)),
            with_offset_at(utc + TimeDelta::days(1)),
        )
    }
}

impl Moment {
    /// Returns the date of the moment in a zone. A date without a time is the same in every zone.
    #[must_use]
    pub fn day(&self, zone: Zone) -> NaiveDate {
        match self.precision {
            Precision::Day(day) => day,
            _ => zone.wall_clock(self.at).date(),
        }
    }

    /// Returns the last date that it may be on, in UTC unless it is a date without a time.
    #[must_use]
    pub fn last_day(&self) -> NaiveDate {
        self.last().day(Zone::default())
    }

    /// Returns the moment without its seconds.
    #[must_use]
    pub fn to_the_minute(self) -> Self {
        let coarse = |precision: Precision| match precision {
            Precision::Second => Precision::Minute,
            other => other,
        };
        Self {
            precision: coarse(self.precision),
            latest: self.latest.map(|end| Latest {
                precision: coarse(end.precision),
                ..end
            }),
            ..self
        }
    }

    /// Returns the start of a range, or the moment itself.
    #[must_use]
    pub fn first(&self) -> Self {
        Self {
            latest: None,
            ..*self
        }
    }

    /// Returns the end of a range, or the moment itself.
    #[must_use]
    pub fn last(&self) -> Self {
        match self.latest {
            Some(Latest { at, precision }) => Self {
                at,
                precision,
                ..self.first()
            },
            None => *self,
        }
    }

    /// Returns the moment with its date and, unless it is a date, with the UTC offset of a zone.
    #[must_use]
    pub fn written(&self, zone: Zone) -> Written {
        let end = |end: Written| WrittenEnd {
            day: end.day,
            time: end.time,
            offset: end.offset,
        };
        Written {
            latest: self.latest.map(|_| end(self.last().written_point(zone))),
            ..self.written_point(zone)
        }
    }

    fn written_point(&self, zone: Zone) -> Written {
        // A UTC offset is written to the minute, and some before 1900 had seconds.
        let minutes = zone.offset(self.at).local_minus_utc() / 60;
        let offset = FixedOffset::east_opt(minutes * 60).unwrap_or_else(|| Utc.fix());
        let local = self.at.with_timezone(&offset).naive_local();
        let time = |at: NaiveTime, seconds| Some(TimeOfDay { at, seconds });
        let time = match self.precision {
            Precision::Day(_) => None,
            Precision::Second => time(local.time(), true),
            Precision::Minute => {
                let minute = NaiveTime::from_hms_opt(local.hour(), local.minute(), 0);
                time(minute.unwrap_or_default(), false)
            }
        };
        Written {
            day: Some(match self.precision {
                Precision::Day(day) => day,
                _ => local.date(),
            }),
            time,
            offset: time.map(|_| offset),
            about: self.about,
            latest: None,
        }
    }

    /// Returns `true` if it is a date without a time.
    #[must_use]
    pub fn is_day(&self) -> bool {
        matches!(self.precision, Precision::Day(_))
    }

    /// Returns `true` if it is one time of day: no date without a time, and no range.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        !self.is_day() && self.latest.is_none()
    }

    /// Returns `true` if another moment is the same to the second.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let instants = |moment: &Self| (moment.at.timestamp(), moment.last().at.timestamp());
        instants(self) == instants(other) && self.is_day() == other.is_day()
    }

    /// Returns a sort key: by instant, a range by its start, and a date without a time before the times of that date.
    #[must_use]
    pub fn order(&self) -> (DateTime<Utc>, u8) {
        (self.at, u8::from(!self.is_day()))
    }

    /// Prints the time of day in a zone at its precision (`14:23:47`, `~14:23`), of a range that of its start; empty for a
    /// date without a time.
    #[must_use]
    pub fn clock_time(&self, zone: Zone) -> String {
        let mut text = String::with_capacity("~14:23:47".len());
        if !self.is_day() {
            text.push_str(if self.about { "~" } else { "" });
            let has_seconds = self.precision == Precision::Second;
            push_time(zone.wall_clock(self.at).time(), has_seconds, &mut text);
        }
        text
    }

    /// Prints the time of day without seconds (`14:23`); empty for a date without a time.
    #[must_use]
    pub fn short_time(&self, zone: Zone) -> String {
        Self {
            precision: if let Precision::Day(_) = self.precision {
                self.precision
            } else {
                Precision::Minute
            },
            ..*self
        }
        .clock_time(zone)
    }

    /// Prints date, time and zone (`2025-01-14 14:23:47 UTC`), or the date alone.
    #[must_use]
    pub fn in_full(&self, zone: Zone) -> String {
        Calendar::new(zone).full(self)
    }

    /// Prints the moment for machines: RFC 3339 in UTC at its precision, or the date alone; of a range, its start.
    #[must_use]
    pub fn iso(&self) -> String {
        match self.precision {
            Precision::Second => rfc3339(self.at),
            Precision::Minute => instant(self.at, false),
            Precision::Day(day) => day.to_string(),
        }
    }

    /// Returns the anchor of an event at the moment: `t-2025-01-14-142347` in UTC, or `t-2025-01-14`.
    #[must_use]
    pub fn anchor(&self) -> String {
        match self.precision {
            Precision::Day(day) => format!("t-{day}"),
            _ => {
                let time = self.at.time();
                let (hour, minute, second) = (time.hour(), time.minute(), time.second());
                format!("t-{}-{hour:02}{minute:02}{second:02}", self.at.date_naive())
            }
        }
    }
}

/// Prints an instant to the second: `2025-01-14T14:23:47Z`.
#[must_use]
pub fn rfc3339(at: DateTime<Utc>) -> String {
    instant(at, true)
}

/// Prints an instant in UTC, with or without its seconds.
fn instant(at: DateTime<Utc>, has_seconds: bool) -> String {
    let mut text = String::with_capacity("2025-01-14T14:23:47Z".len());
    push_day(at.date_naive(), &mut text);
    text.push('T');
    push_time(at.time(), has_seconds, &mut text);
    text.push('Z');
    text
}

/// Appends a date: `2025-01-14`.
fn push_day(day: NaiveDate, out: &mut String) {
    match u32::try_from(day.year()) {
        Ok(year @ 0..=9999) => {
            push_two(year / 100, out);
            push_two(year % 100, out);
        }
        _ => return out.push_str(&day.to_string()),
    }
    out.push('-');
    push_two(day.month(), out);
    out.push('-');
    push_two(day.day(), out);
}

/// Appends a time of day: `14:23:47` or `14:23`.
fn push_time(time: NaiveTime, has_seconds: bool, out: &mut String) {
    push_two(time.hour(), out);
    out.push(':');
    push_two(time.minute(), out);
    if has_seconds {
        out.push(':');
        push_two(time.second(), out);
    }
}

/// Appends a number below 100 as two digits. The machinery of `format!` takes longer than all times of a report otherwise do.
fn push_two(number: u32, out: &mut String) {
    for digit in [number / 10, number % 10] {
        out.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

#[cfg(test)]
mod tests;
