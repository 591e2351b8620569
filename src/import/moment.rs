//! Parses times as reports print them.

use chrono::{DateTime, NaiveDate, Utc};

use super::entry_time;
use super::zone::{self, Named};
use crate::moment::{Moment, TimeDefaults, TimeOfDay, Unresolved, Written, Zone};

/// The time zone of a report's times and the date that they start on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    pub zone: Zone,
    /// The date for times without one: that of the start.
    pub day: Option<NaiveDate>,
    /// The time zone that the user passed, which decides between those of one abbreviation.
    pub given: Option<Zone>,
}

/// A time with a date, and the name of the time zone after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full<'a> {
    pub written: Written,
    pub zone: Option<&'a str>,
}

/// Parses `2025-01-14 14:23:47 UTC`; `~`, seconds and the time are optional.
pub(super) fn full(text: &str) -> Option<Full<'_>> {
    let text = text.trim();
    // Our own notation first: it is exact.
    if let Ok(written) = text.parse::<Written>() {
        return written.day.is_some().then_some(Full {
            written,
            zone: None,
        });
    }
    let (written, zone, rest) = entry_time::single_time(text)?;
    let is_full = written.day.is_some() && rest.trim().is_empty();
    is_full.then_some(Full { written, zone })
}

/// Parses the start of a span: `March 4, 2025, 9:00 AM to 10:24 AM`.
pub(super) fn start_of_span(text: &str) -> Option<Full<'_>> {
    let (time, _) = entry_time::leading_time(text)?;
    time.until.and_then(|until| until.time)?;
    let (written, zone, _) = entry_time::single_time(text.trim_start())?;
    let is_full = written.day.is_some() && written.time.is_some();
    is_full.then_some(Full { written, zone })
}

impl Times {
    pub fn time_defaults(&self) -> TimeDefaults {
        TimeDefaults {
            day: self.day,
            zone: self.zone,
        }
    }

    /// Resolves a time; if a daylight-saving change makes it ambiguous, to the earlier of the two.
    pub fn moment(&self, written: &Written) -> Option<Moment> {
        self.time_defaults().resolve(written).ok().or_else(|| {
            let at = match self.time_defaults().resolve(written) {
                Err(Unresolved::Ambiguous(first, _)) => first,
                Err(Unresolved::Skipped(before, _)) => before,
                _ => return None,
            };
            let seconds = written.time.is_some_and(|time| time.seconds);
            let precision = if seconds {
                crate::moment::Precision::Second
            } else {
                crate::moment::Precision::Minute
            };
            Some(Moment {
                at,
                precision,
                about: written.about,
                latest: None,
            })
        })
    }

    /// Adds the UTC offset to a time that occurs twice, if the name of its time zone tells which one is meant.
    pub fn with_offset(&self, written: Written, name: Option<&str>) -> Written {
        let Some(Unresolved::Ambiguous(first, second)) =
            self.time_defaults().resolve(&written).err()
        else {
            return written;
        };
        let offset = |at: &DateTime<Utc>| self.zone.offset(*at);
        let is_meant = |at: &DateTime<Utc>| {
            name.is_some_and(|name| {
                self.zone.abbreviation(*at) == name || Zone::Fixed(offset(at)).to_string() == name
            })
        };
        Written {
            day: written.day.or(self.day),
            offset: [first, second].iter().find(|at| is_meant(at)).map(offset),
            ..written
        }
    }

    /// Returns a time in this time zone if the name of its own is another one, with its UTC offset.
    ///
    /// `None` if the name is that of several time zones.
    pub fn placed(&self, written: Written, name: Option<&str>) -> Option<Written> {
        let own = self.with_offset(written, name);
        let (Some(name), None, Some(_)) = (name, own.offset, own.time) else {
            return Some(own);
        };
        let near = self.moment(&own).map(|moment| moment.at);
        if near.is_some_and(|near| self.zone.abbreviation(near) == name) {
            return Some(own);
        }
        let found = match (zone::named(name, near)?, self.given) {
            (Named::Several(zones), Some(given)) if !zones.contains(&self.zone) => {
                Named::One(given)
            }
            (found, _) => found,
        };
        match found {
            Named::One(zone) if zone == self.zone => Some(own),
            Named::One(zone) => {
                let other = Self { zone, ..*self };
                let moment = other.moment(&other.with_offset(own, Some(name)))?;
                let mut placed = moment.written(self.zone);
                placed.offset = placed.offset.or_else(|| Some(self.zone.offset(moment.at)));
                Some(placed)
            }
            Named::Several(zones) => zones.contains(&self.zone).then_some(own),
        }
    }

    /// Parses a time as it appears in a sentence: `14:40`, `2025-01-15 00:10`, optionally with a time zone.
    pub fn brief(&self, text: &str) -> Option<Moment> {
        let text = text.trim();
        let (written, zone) = match (full(text), text.parse::<Written>()) {
            (Some(found), _) => (found.written, found.zone),
            (None, Ok(written)) => (written, None),
            (None, Err(_)) => {
                let (written, zone, _) =
                    entry_time::single_time(text).filter(|(.., rest)| rest.is_empty())?;
                (written, zone)
            }
        };
        self.moment(&self.placed(written, zone)?)
    }
}

/// Creates a date without a time.
pub(super) fn day(day: NaiveDate, about: bool) -> Written {
    Written {
        day: Some(day),
        time: None,
        offset: None,
        about,
        latest: None,
    }
}

/// Creates a time of day, with a date if there is one.
pub(super) fn time(day: Option<NaiveDate>, time: TimeOfDay, about: bool) -> Written {
    Written {
        day,
        time: Some(time),
        offset: None,
        about,
        latest: None,
    }
}

/// Returns a time without its date.
pub(super) fn without_date(written: Written) -> Written {
    Written {
        day: None,
        ..written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_times_are_parsed_as_printed() {
        for text in [
            "2025-01-14 14:23:47 UTC",
            "~2025-01-14 14:23 UTC",
            "2025-07-14 14:23 CEST",
            "2025-01-14",
            "~2025-01-14",
        ] {
            let found = full(text).expect(text);
            let near = found
                .written
                .day
                .map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc());
            let zone = found
                .zone
                .map_or(Some(Named::One(Zone::default())), |word| {
                    zone::named(word, near)
                });
            let Some(Named::One(zone)) = zone else {
                panic!("{text}")
            };
            let times = Times {
                zone,
                ..Times::default()
            };
            assert_eq!(
                times.moment(&found.written).expect(text).in_full(zone),
                text
            );
        }
        for text in [
            "",
            "soon",
            "14:23",
            "not recorded",
            "2025-01-14 14:23 lunch",
            "2025-13-01",
        ] {
            assert_eq!(full(text), None, "{text}");
        }
    }
}
