//! Time zones.

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, FixedOffset, MappedLocalTime, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc,
};

use super::written::parse_offset;
use crate::source::{clock, quoted};

/// A time zone: a fixed UTC offset, or a named zone with its history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zone {
    /// `UTC`, `Z` or `+02:00`.
    Fixed(FixedOffset),
    /// An IANA name such as `Europe/Berlin`.
    Named(chrono_tz::Tz),
}

/// Time zone abbreviations with their offsets from UTC in minutes, where only one time zone has them.
pub const ABBREVIATIONS: &[(&str, Option<i32>)] = &[
    ("utc", Some(0)),
    ("gmt", Some(0)),
    ("z", Some(0)),
    ("wet", Some(0)),
    ("cet", Some(60)),
    ("cest", Some(120)),
    ("eet", Some(120)),
    ("eest", Some(180)),
    ("msk", Some(180)),
    ("est", Some(-300)),
    ("edt", Some(-240)),
    ("mst", Some(-420)),
    ("mdt", Some(-360)),
    ("pst", Some(-480)),
    ("pdt", Some(-420)),
    ("jst", Some(540)),
    ("kst", Some(540)),
    ("sgt", Some(480)),
    ("hkt", Some(480)),
    ("aest", Some(600)),
    ("aedt", Some(660)),
    ("nzst", Some(720)),
    ("nzdt", Some(780)),
    ("bst", None),
    ("ist", None),
    ("cst", None),
    ("cdt", None),
    ("west", None),
    ("et", None),
    ("ct", None),
    ("mt", None),
    ("pt", None),
];

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
    /// Returns the zone that a text after a time names: `UTC`, `Z`, `+02:00`, `UTC+2`, `Europe/Berlin`, or an abbreviation.
    ///
    /// An abbreviation is one that this zone has within a year of `near`, or else one that no other zone has.
    #[must_use]
    pub fn named(self, text: &str, near: DateTime<Utc>) -> Option<Self> {
        let name = text.trim().to_ascii_lowercase();
        let offset = name.strip_prefix("utc").or(name.strip_prefix("gmt"));
        match offset.unwrap_or(&name).trim_start() {
            "" | "z" => return Some(Self::default()),
            offset if offset.starts_with(['+', '-']) => {
                return parse_offset(&clock::offset(offset)?).map(Self::Fixed);
            }
            _ => {}
        }
        if name.contains('/') {
            let names = chrono_tz::TZ_VARIANTS.iter();
            let mut same = names.filter(|zone| zone.name().eq_ignore_ascii_case(&name));
            return same.next().copied().map(Self::Named);
        }
        let days = (0..12).flat_map(|month| [month * 30, month * -30]);
        let mut times = days.map(|days| near + TimeDelta::days(days));
        let own = times.find(|at| self.bare_abbreviation(*at).eq_ignore_ascii_case(&name));
        own.map(|at| self.offset(at))
            .or_else(|| {
                let (_, minutes) = ABBREVIATIONS.iter().find(|(other, _)| *other == name)?;
                FixedOffset::east_opt((*minutes)? * 60)
            })
            .map(Self::Fixed)
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_named_by_its_offset_its_name_or_an_abbreviation() {
        let near: DateTime<Utc> = "2026-11-30T12:00:00Z".parse().expect("a time");
        let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
        let dublin: Zone = "Europe/Dublin".parse().expect("a zone");
        let cases = [
            (berlin, "UTC", Some("UTC")),
            (berlin, "z", Some("UTC")),
            (berlin, "UTC+1", Some("+01:00")),
            (berlin, "+0530", Some("+05:30")),
            (berlin, "CET", Some("+01:00")),
            (berlin, "cest", Some("+02:00")),
            (Zone::default(), "CET", Some("+01:00")),
            (Zone::default(), "PST", Some("-08:00")),
            (Zone::default(), "asia/tokyo", Some("Asia/Tokyo")),
            // Irish, Indian or Israel time.
            (Zone::default(), "IST", None),
            (dublin, "IST", Some("+01:00")),
            (berlin, "and", None),
            (berlin, "+99", None),
            (berlin, "-", None),
        ];
        for (zone, name, expected) in cases {
            let found = zone.named(name, near).map(|zone| zone.to_string());
            assert_eq!(found.as_deref(), expected, "{name} in {zone}");
        }
    }
}
