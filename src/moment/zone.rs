//! Time zones.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, Offset, TimeZone, Utc};

use super::written::parse_offset;
use crate::source::quoted;

/// A time zone: a fixed UTC offset, or a named zone with its history.
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
    /// Returns the local date and time of this zone at an instant.
    #[must_use]
    pub fn wall_clock(self, at: DateTime<Utc>) -> NaiveDateTime {
        match self {
            Self::Fixed(offset) => at.with_timezone(&offset).naive_local(),
            Self::Named(tz) => at.with_timezone(&tz).naive_local(),
        }
    }

    /// Returns the zone's abbreviation at an instant: `UTC`, `CEST`, `+02:00`.
    ///
    /// If a local time occurred twice with the same abbreviation (`MSK`, 2014), it is the UTC offset.
    #[must_use]
    pub fn abbreviation(self, at: DateTime<Utc>) -> String {
        match self.instants(self.wall_clock(at)) {
            MappedLocalTime::Ambiguous(first, second)
                if self.bare_abbreviation(first) == self.bare_abbreviation(second) =>
            {
                Self::Fixed(self.offset(at)).to_string()
            }
            _ => self.bare_abbreviation(at),
        }
    }

    /// Returns the abbreviation, even if two UTC offsets share it.
    pub(super) fn bare_abbreviation(self, at: DateTime<Utc>) -> String {
        match self {
            Self::Fixed(_) => self.to_string(),
            Self::Named(tz) => tz.offset_from_utc_datetime(&at.naive_utc()).to_string(),
        }
    }

    /// Returns the zone's UTC offset at an instant.
    #[must_use]
    pub fn offset(self, at: DateTime<Utc>) -> FixedOffset {
        match self {
            Self::Fixed(offset) => offset,
            Self::Named(tz) => tz.offset_from_utc_datetime(&at.naive_utc()).fix(),
        }
    }

    /// Returns `true` if the local time of an instant occurred twice, because the UTC offset changed.
    #[must_use]
    pub fn repeats(self, at: DateTime<Utc>) -> bool {
        let local = self.wall_clock(at);
        matches!(self.instants(local), MappedLocalTime::Ambiguous(..))
    }

    pub(super) fn instants(self, local: NaiveDateTime) -> MappedLocalTime<DateTime<Utc>> {
        match self {
            Self::Fixed(offset) => offset.from_local_datetime(&local).map(|at| at.to_utc()),
            Self::Named(tz) => tz.from_local_datetime(&local).map(|at| at.to_utc()),
        }
    }
}
