//! Times as people write them, and the moments that they mean.
//!
//! [`Written`] is a time as typed (`14:23`, `~2025-01-14 14:23:47`, an RFC 3339
//! text, a day alone), with its precision. A [`Clock`] (the day and the zone of
//! a timeline) turns it into a [`Moment`]. Zones matter twice: when a local time
//! is read, and when a moment is printed; arithmetic is always in UTC.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Utc,
};

/// A time as it was typed: a day, a time of day, or both, perhaps with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The day; absent in `14:23:47`, which counts on the timeline's `date`.
    pub day: Option<NaiveDate>,
    /// The time of day; absent in a day alone.
    pub time: Option<TimeOfDay>,
    /// The offset from UTC; absent in local times, which are in the timeline's `tz`.
    pub offset: Option<FixedOffset>,
    /// Whether it was marked as approximate (`~`).
    pub about: bool,
}

/// A time of day and whether its seconds were typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay {
    /// The time; its seconds are zero when they were not typed.
    pub at: NaiveTime,
    /// Whether seconds were typed.
    pub seconds: bool,
}

impl FromStr for Written {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (rest, about) = match text.strip_prefix('~') {
            Some(rest) => (rest.trim_start(), true),
            None => (text, false),
        };
        let written = if rest.as_bytes().get(4) == Some(&b'-') {
            let (day, time) = match rest.split_once(['T', 't', ' ']) {
                Some((day, time)) => (day, Some(time)),
                None => (rest, None),
            };
            let day = parse_day(day)?;
            let (time, offset) = match time {
                Some(time) => parse_time(time, text).map(|(time, offset)| (Some(time), offset))?,
                None => (None, None),
            };
            Self {
                day: Some(day),
                time,
                offset,
                about,
            }
        } else {
            let (time, offset) = parse_time(rest, text)?;
            if offset.is_some() {
                return Err(format!(
                    "{} has an offset but no day; write the day in front, \
                     and the end of a span as `until`",
                    quoted(text)
                ));
            }
            Self {
                day: None,
                time: Some(time),
                offset,
                about,
            }
        };
        Ok(written)
    }
}

/// Quotes a text for a message, shortened where it is long.
///
/// What is invisible in it is made visible where the message is printed.
pub(crate) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
        None => format!("`{text}`"),
    }
}

/// Parses `2025-01-14`.
///
/// # Errors
/// Says what is wrong with the text: its form, or a day that the calendar lacks.
pub fn parse_day(text: &str) -> Result<NaiveDate, String> {
    let form = || format!("{} is not a day", quoted(text));
    let digits = |range: std::ops::Range<usize>| -> Result<u32, String> {
        let part = text.get(range).ok_or_else(form)?;
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            part.parse().map_err(|_| form())
        } else {
            Err(form())
        }
    };
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return Err(form());
    }
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(0), month, day)
        .filter(|_| year > 0)
        .ok_or_else(|| format!("`{text}` is not a day of the calendar"))
}

fn parse_time(tail: &str, whole: &str) -> Result<(TimeOfDay, Option<FixedOffset>), String> {
    let form = || format!("{} is not a time", quoted(whole));
    let end = tail.find(['Z', 'z', '+', '-']).unwrap_or(tail.len());
    let (clock, offset) = tail.split_at(end);
    let two = |text: &str| -> Result<u32, String> {
        if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse().map_err(|_| form())
        } else {
            Err(form())
        }
    };
    let mut parts = clock.splitn(3, ':');
    let hour = two(parts.next().unwrap_or_default())?;
    let minute = two(parts.next().ok_or_else(form)?)?;
    let (second, nanos, seconds) = match parts.next() {
        None => (0, 0, false),
        Some(part) => {
            let (second, fraction) = part.split_once('.').unwrap_or((part, "0"));
            if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(form());
            }
            let nanos = format!("{fraction:0<9.9}").parse().map_err(|_| form())?;
            (two(second)?, nanos, true)
        }
    };
    if second == 60 {
        return Err(format!(
            "{} has a leap second, which no clock here counts; write `:59`",
            quoted(whole)
        ));
    }
    let at = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos).ok_or_else(|| {
        format!(
            "{} is not a time of day: hours go to 23, minutes and seconds to 59",
            quoted(whole)
        )
    })?;
    let offset = if offset.is_empty() {
        None
    } else {
        Some(parse_offset(offset).ok_or_else(|| {
            format!(
                "{} is not an offset from UTC, which is `Z` or from `-12:00` to `+14:00`",
                quoted(offset)
            )
        })?)
    };
    Ok((TimeOfDay { at, seconds }, offset))
}

/// The minutes from UTC at which there are zones.
// What lies outside is a span typed as one time, such as `14:23-15:10`.
const FARTHEST: std::ops::RangeInclusive<i32> = -12 * 60..=14 * 60;

fn parse_offset(text: &str) -> Option<FixedOffset> {
    if text.eq_ignore_ascii_case("z") {
        return Some(Utc.fix());
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let number = |part: &str| -> Option<i32> {
        (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let east = sign * (hours * 60 + minutes);
    if minutes > 59 || !FARTHEST.contains(&east) {
        return None;
    }
    FixedOffset::east_opt(east * 60)
}

impl fmt::Display for Written {
    /// Prints the time in the form in which it was typed, with a blank between day and time.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.about {
            out.write_str("~")?;
        }
        if let Some(day) = self.day {
            write!(out, "{day}")?;
        }
        if let Some(time) = self.time {
            if self.day.is_some() {
                out.write_str(" ")?;
            }
            let form = if time.seconds { "%H:%M:%S" } else { "%H:%M" };
            write!(out, "{}", time.at.format(form))?;
        }
        if let Some(offset) = self.offset {
            if offset.local_minus_utc() == 0 {
                out.write_str("Z")
            } else {
                write!(out, "{offset}")
            }?;
        }
        Ok(())
    }
}

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
pub struct Clock {
    /// The day of times that have none.
    pub day: Option<NaiveDate>,
    /// The zone of times that have no offset.
    pub zone: Zone,
}

/// How finely a moment is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// To the second.
    Second,
    /// To the minute.
    Minute,
    /// To the day, which is the day in the zone in which it was written.
    Day(NaiveDate),
}

/// An instant with the precision in which it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl Clock {
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
