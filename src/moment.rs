//! Times as people write them, and the moments that they mean.
//!
//! [`Written`] is a time as typed (`14:23`, `~2025-01-14 14:23:47`, an RFC 3339
//! text, a day alone), with its precision. A [`TimeDefaults`] (the day and the zone of
//! a timeline) turns it into a [`Moment`]. Zones matter twice: when a local time
//! is read, and when a moment is printed; arithmetic is always in UTC.

use std::fmt;

use serde::{Deserialize, Serialize};
use std::str::FromStr;

use chrono::{
    DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Utc,
};

mod written;

use written::parse_offset;
pub(crate) use written::quoted;
pub use written::{TimeOfDay, Written, parse_day};

/// A time zone: an offset that never changes, or a place with its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// `UTC`, `Z` or `+02:00`.
    Fixed(FixedOffset),
    /// An IANA name such as `Europe/Berlin`.
    Named(chrono_tz::Tz),
}

impl Default for Zone {
    fn default() -> Self {
        Self::Fixed(Utc.fix())
    }
}

impl FromStr for Zone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if matches!(text, "UTC" | "utc" | "Z" | "z") {
            return Ok(Self::default());
        }
        if let Some(offset) = parse_offset(text) {
            return Ok(Self::Fixed(offset));
        }
        text.parse()
            .map(Self::Named)
            .map_err(|_| format!("{} is not a time zone", quoted(text)))
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(offset) if offset.local_minus_utc() == 0 => out.write_str("UTC"),
            Self::Fixed(offset) => write!(out, "{offset}"),
            Self::Named(tz) => out.write_str(tz.name()),
        }
    }
}

impl Zone {
    /// Gives the wall clock of this zone at an instant.
    #[must_use]
    pub fn wall_clock(self, at: DateTime<Utc>) -> NaiveDateTime {
        match self {
            Self::Fixed(offset) => at.with_timezone(&offset).naive_local(),
            Self::Named(tz) => at.with_timezone(&tz).naive_local(),
        }
    }

    /// Gives the zone's abbreviation at an instant: `UTC`, `CEST`, `+02:00`.
    #[must_use]
    pub fn abbreviation(self, at: DateTime<Utc>) -> String {
        match self {
            Self::Fixed(_) => self.to_string(),
            Self::Named(tz) => at.with_timezone(&tz).format("%Z").to_string(),
        }
    }

    fn instants(self, local: NaiveDateTime) -> MappedLocalTime<DateTime<Utc>> {
        match self {
            Self::Fixed(offset) => offset.from_local_datetime(&local).map(|at| at.to_utc()),
            Self::Named(tz) => tz.from_local_datetime(&local).map(|at| at.to_utc()),
        }
    }
}

/// The day and the zone that times without them count on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeDefaults {
    /// The day of times that have none.
    pub day: Option<NaiveDate>,
    /// The zone of times that have no offset.
    pub zone: Zone,
}

/// How finely a moment is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Precision {
    /// To the second.
    Second,
    /// To the minute.
    Minute,
    /// To the day, which is the day in the zone in which it was written.
    Day(NaiveDate),
}

/// An instant with the precision in which it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// The instant; of a day alone, that day's first instant.
    pub at: DateTime<Utc>,
    /// How finely it is known.
    pub precision: Precision,
    /// Whether it is approximate.
    pub about: bool,
}

/// Why a written time means no single moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unresolved {
    /// It has no day, and neither has the timeline.
    NoDay,
    /// Clocks went back: it happened twice.
    Ambiguous(DateTime<Utc>, DateTime<Utc>),
    /// Clocks went forward over it; the two readings are with the offset before and after.
    Skipped(DateTime<Utc>, DateTime<Utc>),
}

impl TimeDefaults {
    /// Finds the moment that a written time means.
    ///
    /// # Errors
    /// A time without a day where there is none, and a local time that a change
    /// of the clocks makes ambiguous or impossible.
    pub fn resolve(&self, written: &Written) -> Result<Moment, Unresolved> {
        let day = written.day.or(self.day).ok_or(Unresolved::NoDay)?;
        let Some(time) = written.time else {
            return Ok(Moment {
                at: self.first_instant(day),
                precision: Precision::Day(day),
                about: written.about,
            });
        };
        let local = day.and_time(time.at);
        let at = match written.offset {
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
        Ok(Moment {
            at,
            precision,
            about: written.about,
        })
    }

    /// Gives the first instant after all that a moment may be, as far as it is known.
    #[must_use]
    pub fn until(&self, moment: &Moment) -> DateTime<Utc> {
        let second = moment.at - TimeDelta::nanoseconds(moment.at.timestamp_subsec_nanos().into());
        match moment.precision {
            Precision::Second => second + TimeDelta::seconds(1),
            Precision::Minute => second + TimeDelta::minutes(1),
            Precision::Day(day) => match day.succ_opt() {
                Some(next) => self.first_instant(next),
                None => second + TimeDelta::days(1),
            },
        }
    }

    fn first_instant(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.and_time(NaiveTime::MIN);
        match self.zone.instants(midnight) {
            MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at,
            MappedLocalTime::None => self.around_gap(midnight).0,
        }
    }

    // A zone's gap is at most a day wide (Samoa, 2011), so the offsets in force
    // a day before and a day after are those on its two sides.
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
    /// Gives the day on which the moment falls in a zone; a day alone is that day everywhere.
    #[must_use]
    pub fn day(&self, zone: Zone) -> NaiveDate {
        match self.precision {
            Precision::Day(day) => day,
            _ => zone.wall_clock(self.at).date(),
        }
    }

    /// Says whether another moment is the same: to the second, since nothing finer is printed.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let of_day = |moment: &Self| matches!(moment.precision, Precision::Day(_));
        self.at.timestamp() == other.at.timestamp() && of_day(self) == of_day(other)
    }

    /// Orders moments: by instant, and a day alone before that day's times.
    #[must_use]
    pub fn order(&self) -> (DateTime<Utc>, u8) {
        (
            self.at,
            u8::from(!matches!(self.precision, Precision::Day(_))),
        )
    }

    /// Prints the time of day in a zone at its precision (`14:23:47`, `~14:23`); empty for a day alone.
    #[must_use]
    pub fn clock_time(&self, zone: Zone) -> String {
        let about = if self.about { "~" } else { "" };
        let local = zone.wall_clock(self.at);
        match self.precision {
            Precision::Second => format!("{about}{}", local.format("%H:%M:%S")),
            Precision::Minute => format!("{about}{}", local.format("%H:%M")),
            Precision::Day(_) => String::new(),
        }
    }

    /// Prints the time of day without its seconds (`14:23`); empty for a day alone.
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

    /// Prints day, time and zone (`2025-01-14 14:23:47 UTC`), or the day alone.
    #[must_use]
    pub fn in_full(&self, zone: Zone) -> String {
        let about = if self.about { "~" } else { "" };
        let day = self.day(zone);
        match self.precision {
            Precision::Day(_) => format!("{about}{day}"),
            _ => {
                let time = Self {
                    about: false,
                    ..*self
                }
                .clock_time(zone);
                format!("{about}{day} {time} {}", zone.abbreviation(self.at))
            }
        }
    }

    /// Prints the moment for machines: RFC 3339 in UTC at its precision, or the day alone.
    #[must_use]
    pub fn iso(&self) -> String {
        match self.precision {
            Precision::Second => self.at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            Precision::Minute => self.at.format("%Y-%m-%dT%H:%MZ").to_string(),
            Precision::Day(day) => day.to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
