//! Times as reports print them, read back.

use chrono::{DateTime, NaiveDate, Utc};

use super::entry_time;
use crate::moment::{Moment, TimeDefaults, TimeOfDay, Unresolved, Written, Zone};

/// The zone of a report's times and the day that it counts from.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Times {
    pub zone: Zone,
    /// The day of times that have none: that of the start.
    pub day: Option<NaiveDate>,
}

/// Abbreviations with a place that has them; an abbreviation alone names no rule for summer and winter.
const ZONES: &[(&str, &str)] = &[
    ("GMT", "Europe/London"),
    ("BST", "Europe/London"),
    ("WET", "Europe/Lisbon"),
    ("WEST", "Europe/Lisbon"),
    ("CET", "Europe/Berlin"),
    ("CEST", "Europe/Berlin"),
    ("EET", "Europe/Helsinki"),
    ("EEST", "Europe/Helsinki"),
    ("MSK", "Europe/Moscow"),
    ("IST", "Asia/Kolkata"),
    ("JST", "Asia/Tokyo"),
    ("KST", "Asia/Seoul"),
    ("AEST", "Australia/Sydney"),
    ("AEDT", "Australia/Sydney"),
    ("NZST", "Pacific/Auckland"),
    ("NZDT", "Pacific/Auckland"),
    ("EST", "America/New_York"),
    ("EDT", "America/New_York"),
    ("ET", "America/New_York"),
    ("CST", "America/Chicago"),
    ("CDT", "America/Chicago"),
    ("CT", "America/Chicago"),
    ("MST", "America/Denver"),
    ("MDT", "America/Denver"),
    ("MT", "America/Denver"),
    ("PST", "America/Los_Angeles"),
    ("PDT", "America/Los_Angeles"),
    ("PT", "America/Los_Angeles"),
    ("Pacific", "America/Los_Angeles"),
    ("Eastern", "America/New_York"),
    ("Central", "America/Chicago"),
];

/// Finds the zone that a word stands for; `near` is a moment at which it is used.
pub(super) fn zone(word: &str, near: Option<DateTime<Utc>>) -> Option<Zone> {
    if let Ok(zone @ Zone::Fixed(_)) = word.parse() {
        return Some(zone);
    }
    let place = ZONES
        .iter()
        .find(|(name, _)| *name == word)
        .and_then(|(_, place)| place.parse::<Zone>().ok());
    let says = |zone: &Zone| near.is_none_or(|at| zone.abbreviation(at) == word);
    let named = || {
        word.parse::<Zone>()
            .ok()
            .filter(|_| word.contains('/') || is_short(word))
    };
    // A place that says so itself at that moment; else the name as a rule of its own; else the place all the same.
    place.filter(says).or_else(named).or(place)
}

/// Says whether a word is an abbreviation, and no name of a place that a sentence may begin with.
fn is_short(word: &str) -> bool {
    word.len() > 2
        && word
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// A time as a report prints it in full, and the word behind it for the zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Full<'a> {
    pub written: Written,
    pub zone: Option<&'a str>,
}

/// Reads `2025-01-14 14:23:47 UTC`, with `~` in front, without seconds, or a day alone.
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
    let known = zone.is_none_or(|word| self::zone(word, None).is_some());
    (written.day.is_some() && known).then_some(Full { written, zone })
}

/// Reads `Sep 30, 2025 16:05 EDT`, `30 September 2025, 4:05 PM`.
fn in_words(text: &str) -> Option<Full<'_>> {
    let (written, zone, rest) = entry_time::one(text)?;
    let is_full = written.day.is_some() && written.time.is_some() && rest.trim().is_empty();
    is_full.then_some(Full { written, zone })
}

impl Times {
    fn time_defaults(&self) -> TimeDefaults {
        TimeDefaults {
            day: self.day,
            zone: self.zone,
        }
    }

    /// Finds the moment of a time; of two that a change of the clocks leaves, the first.
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

    /// Returns a time with its UTC offset, if its local time happened twice and the word for its zone says which it was.
    pub fn placed(&self, written: Written, word: Option<&str>) -> Written {
        let Some(Unresolved::Ambiguous(first, second)) =
            self.time_defaults().resolve(&written).err()
        else {
            return written;
        };
        let offset = |at: &DateTime<Utc>| self.zone.offset(*at);
        let is_it = |at: &DateTime<Utc>| {
            word.is_some_and(|word| {
                self.zone.abbreviation(*at) == word || Zone::Fixed(offset(at)).to_string() == word
            })
        };
        Written {
            day: written.day.or(self.day),
            offset: [first, second].iter().find(|at| is_it(at)).map(offset),
            ..written
        }
    }

    /// Reads a time as it stands in a sentence: `14:40`, `2025-01-15 00:10`, with a zone behind or none.
    pub fn brief(&self, text: &str) -> Option<Moment> {
        let text = text.trim();
        let (written, zone) = match (full(text), text.parse::<Written>()) {
            (Some(found), _) => (found.written, found.zone),
            (None, Ok(written)) => (written, None),
            (None, Err(_)) => {
                let (written, zone, _) =
                    entry_time::one(text).filter(|(.., rest)| rest.is_empty())?;
                (written, zone)
            }
        };
        self.moment(&self.placed(written, zone))
    }

    /// Writes a moment for TOML: the day alone, or day and time with its offset.
    pub fn typed(&self, moment: &Moment) -> String {
        let about = if moment.about { "~" } else { "" };
        let wall = self.zone.wall_clock(moment.at);
        let form = match moment.precision {
            crate::moment::Precision::Day(day) => return format!("{about}{day}"),
            crate::moment::Precision::Second => "%Y-%m-%dT%H:%M:%S%.f",
            crate::moment::Precision::Minute => "%Y-%m-%dT%H:%M",
        };
        let minutes = (wall - moment.at.naive_utc()).num_minutes();
        let offset = match minutes {
            0 => "Z".to_owned(),
            _ => format!(
                "{}{:02}:{:02}",
                if minutes < 0 { '-' } else { '+' },
                minutes.abs() / 60,
                minutes.abs() % 60
            ),
        };
        format!("{about}{}{offset}", wall.format(form))
    }

    /// Writes a moment for the timeline, whose day and zone it has: as short as it reads back.
    pub fn local(&self, moment: &Moment) -> String {
        let day = moment.day(self.zone);
        let about = if moment.about { "~" } else { "" };
        let form = match moment.precision {
            crate::moment::Precision::Day(_) => "",
            crate::moment::Precision::Second => "%H:%M:%S%.f",
            crate::moment::Precision::Minute => "%H:%M",
        };
        let time = self.zone.wall_clock(moment.at).format(form).to_string();
        let text = match (time.is_empty(), self.day == Some(day)) {
            (true, _) => format!("{about}{day}"),
            (false, true) => format!("{about}{time}"),
            (false, false) => format!("{about}{day} {time}"),
        };
        let read = text
            .parse::<Written>()
            .ok()
            .and_then(|written| self.time_defaults().resolve(&written).ok());
        if read.is_some_and(|read| read.is_same(moment)) {
            text
        } else {
            self.typed(moment)
        }
    }
}

/// Gives a day alone as a time.
pub(super) fn day(day: NaiveDate, about: bool) -> Written {
    Written {
        day: Some(day),
        time: None,
        offset: None,
        about,
    }
}

/// Gives a time of day on a day, if any.
pub(super) fn time(day: Option<NaiveDate>, time: TimeOfDay, about: bool) -> Written {
    Written {
        day,
        time: Some(time),
        offset: None,
        about,
    }
}

/// Gives a time without its day.
pub(super) fn day_of(written: Written) -> Written {
    Written {
        day: None,
        ..written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_full_are_read_as_printed() {
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

    #[test]
    fn a_time_for_the_timeline_is_as_short_as_it_reads_back() {
        let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
        let times = Times {
            zone: berlin,
            day: NaiveDate::from_ymd_opt(2025, 10, 26),
        };
        let at = |text: &str| times.moment(&text.parse().expect(text)).expect(text);
        assert_eq!(times.local(&at("2025-10-26 14:23:07")), "14:23:07");
        assert_eq!(times.local(&at("2025-10-27 14:23")), "2025-10-27 14:23");
        assert_eq!(
            times.local(&at("2025-10-26T02:30+01:00")),
            "2025-10-26T02:30+01:00"
        );
    }
}
