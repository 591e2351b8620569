//! Parses times as reports print them.

use chrono::{DateTime, NaiveDate, Utc};

use super::entry_time;
use super::vocabulary::WORDS;
use crate::moment::{Moment, TimeDefaults, TimeOfDay, Unresolved, Written, Zone};

/// The time zone of a report's times and the date that they start on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    pub zone: Zone,
    /// The date for times without one: that of the start.
    pub day: Option<NaiveDate>,
}

/// Returns the time zone for a name or abbreviation, or `None` if it is unknown.
///
/// `near` is a time at which the abbreviation must apply.
pub(super) fn zone(name: &str, near: Option<DateTime<Utc>>) -> Option<Zone> {
    if let Ok(zone @ Zone::Fixed(_)) = name.parse() {
        return Some(zone);
    }
    let regional = WORDS.zones.exact(name);
    let applies = |zone: &Zone| near.is_none_or(|at| zone.abbreviation(at) == name);
    let named = || {
        name.parse::<Zone>()
            .ok()
            .filter(|_| name.contains('/') || is_abbreviation(name))
    };
    // Prefer the regional zone if it uses the abbreviation at that time, then a zone of that
    // exact name, then the regional zone regardless of the time of year.
    regional.filter(applies).or_else(named).or(regional)
}

/// Returns `true` if a word is an abbreviation, not a place name that may start a sentence.
fn is_abbreviation(word: &str) -> bool {
    word.len() > 2
        && word
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
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
    let (moment, zone) = match text.rsplit_once(' ') {
        Some((moment, zone))
            if moment
                .parse::<Written>()
                .is_ok_and(|written| written.time.is_some()) =>
        {
            (moment, Some(zone))
        }
        _ => (text, None),
    };
    let Ok(written) = moment.parse::<Written>() else {
        return in_words(text);
    };
    let known = zone.is_none_or(|name| self::zone(name, None).is_some());
    (written.day.is_some() && known).then_some(Full { written, zone })
}

/// Parses `Sep 30, 2025 16:05 EDT` and `30 September 2025, 4:05 PM`.
fn in_words(text: &str) -> Option<Full<'_>> {
    let (written, zone, rest) = entry_time::single_time(text)?;
    let is_full = written.day.is_some() && written.time.is_some() && rest.trim().is_empty();
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
        self.moment(&self.with_offset(written, zone))
    }
}

/// Creates a date without a time.
pub(super) fn day(day: NaiveDate, about: bool) -> Written {
    Written {
        day: Some(day),
        time: None,
        offset: None,
        about,
    }
}

/// Creates a time of day, with a date if there is one.
pub(super) fn time(day: Option<NaiveDate>, time: TimeOfDay, about: bool) -> Written {
    Written {
        day,
        time: Some(time),
        offset: None,
        about,
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
                .map_or(Some(Zone::default()), |word| zone(word, near))
                .expect(text);
            let times = Times { zone, day: None };
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
