//! Prints the times of one text so that each of them is unambiguous.
//!
//! A reader of the text knows the time zone that it announces and the date of its first day, so a
//! time omits them where they apply. A time shows its zone if its UTC offset is not the announced
//! one, or if its local time occurred twice; if the offsets differ or no zone is announced, all times do. It shows a
//! fraction of a second if another time of the text is in the same second.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, FixedOffset, NaiveDate, Timelike, Utc};

use super::{Moment, Precision, Zone, push_day};

/// The time zone and the first day of a text, and what its times need to be distinguished.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    zone: Zone,
    first_day: Option<NaiveDate>,
    /// The UTC offsets of the times, each with the abbreviation of one of them.
    offsets: Vec<(FixedOffset, String)>,
    /// The number of digits of a fraction, by the second that several times share.
    digits: BTreeMap<i64, usize>,
    /// Whether times are printed to the minute.
    is_coarse: bool,
    /// Whether the text does not announce its time zone, so that each time shows it.
    is_unannounced: bool,
}

impl Calendar {
    /// Creates a calendar for single times, each printed in full.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        Self {
            zone,
            ..Self::default()
        }
    }

    /// Creates a calendar for the times of one text.
    #[must_use]
    pub fn from_times(
        zone: Zone,
        first_day: Option<NaiveDate>,
        times: impl IntoIterator<Item = Moment>,
    ) -> Self {
        let mut calendar = Self {
            first_day,
            ..Self::new(zone)
        };
        let mut seconds: BTreeMap<i64, BTreeSet<u32>> = BTreeMap::new();
        for moment in times
            .into_iter()
            .flat_map(|time| [time.first(), time.last()])
        {
            if moment.is_day() {
                continue;
            }
            let offset = zone.offset(moment.at);
            if calendar.offsets.iter().all(|(known, _)| *known != offset) {
                let name = zone.bare_abbreviation(moment.at);
                calendar.offsets.push((offset, name));
            }
            if moment.precision == Precision::Second {
                let fractions = seconds.entry(moment.at.timestamp()).or_default();
                fractions.insert(moment.at.nanosecond());
            }
        }
        let shared = seconds.into_iter().filter(|(_, found)| found.len() > 1);
        calendar.digits = shared
            .map(|(second, found)| (second, digits(&found)))
            .collect();
        calendar
    }

    /// Returns the calendar that prints times to the minute.
    #[must_use]
    pub fn to_the_minute(self) -> Self {
        Self {
            is_coarse: true,
            digits: BTreeMap::new(),
            ..self
        }
    }

    /// Returns the calendar of a text that does not announce its time zone: each time shows it.
    #[must_use]
    pub fn unannounced(self) -> Self {
        Self {
            is_unannounced: true,
            ..self
        }
    }

    /// Returns whether times are printed to the minute.
    #[must_use]
    pub fn is_coarse(&self) -> bool {
        self.is_coarse
    }

    /// Prints the time of day at its precision, or to the minute.
    fn clock_time(&self, moment: &Moment) -> String {
        if self.is_coarse {
            moment.short_time(self.zone)
        } else {
            moment.clock_time(self.zone)
        }
    }

    /// Returns the time zone.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// Returns the first day of the text, whose date its times omit.
    #[must_use]
    pub fn first_day(&self) -> Option<NaiveDate> {
        self.first_day
    }

    /// Returns the time zone to announce: the abbreviation if all times of the text share it (`CEST`),
    /// otherwise the name of the time zone (`Europe/Berlin`).
    #[must_use]
    pub fn announced(&self) -> String {
        match self.offsets.as_slice() {
            [(_, abbreviation)] => abbreviation.clone(),
            _ => self.zone.to_string(),
        }
    }

    /// Returns `true` if the UTC offsets of the times differ, so that each time shows its own.
    #[must_use]
    pub fn varies(&self) -> bool {
        self.offsets.len() > 1
    }

    /// Returns `true` if the text has dates only.
    #[must_use]
    pub fn has_no_time(&self) -> bool {
        self.offsets.is_empty()
    }

    /// Returns the name of the zone at an instant: its abbreviation, or the UTC offset if two offsets
    /// of this text share the abbreviation.
    fn name(&self, at: DateTime<Utc>) -> String {
        let (offset, name) = (self.zone.offset(at), self.zone.bare_abbreviation(at));
        let is_other = |(known, other): &(FixedOffset, String)| *known != offset && *other == name;
        if self.offsets.iter().any(is_other) {
            Zone::Fixed(offset).to_string()
        } else {
            self.zone.abbreviation(at)
        }
    }

    /// Returns a space and the time zone if the time must show it, otherwise an empty text.
    fn suffix(&self, at: DateTime<Utc>) -> String {
        let is_announced = match self.offsets.as_slice() {
            [(offset, _)] => !self.is_unannounced && *offset == self.zone.offset(at),
            _ => false,
        };
        if is_announced && !self.zone.repeats(at) {
            String::new()
        } else {
            format!(" {}", self.name(at))
        }
    }

    /// Returns the fraction of a second if the moment needs it: `.250`.
    fn fraction(&self, moment: &Moment) -> String {
        let nanos = moment.at.nanosecond();
        match self.digits.get(&moment.at.timestamp()) {
            // A time without a fraction was typed without one.
            Some(digits) if moment.precision == Precision::Second && nanos > 0 => {
                format!(".{:.digits$}", format!("{nanos:09}"))
            }
            _ => String::new(),
        }
    }

    /// Prints both times of a range, as they are typed: `14:20..14:35`; `None` if the moment is none.
    ///
    /// The second has its date if that is not the date of the first.
    fn range(
        &self,
        moment: &Moment,
        first: &dyn Fn(&Self, &Moment) -> String,
        last: &dyn Fn(&Self, &Moment) -> String,
    ) -> Option<String> {
        moment.latest?;
        let (from, to) = (moment.first(), end_of(moment));
        let (from_day, day) = (from.day(self.zone), to.day(self.zone));
        let end = match last(self, &to) {
            _ if to.is_day() => self.full(&to),
            end if from_day == day => end,
            end => format!("{day} {end}"),
        };
        Some(format!("{}..{end}", first(self, &from)))
    }

    /// Prints the time of day: `14:23:47`, `~14:23`, `02:50 CEST`, `14:20..14:35`; empty for a date without a time.
    #[must_use]
    pub fn time(&self, moment: &Moment) -> String {
        if moment.is_day() {
            return String::new();
        }
        if let Some(range) = self.range(moment, &Self::time, &Self::time) {
            return range;
        }
        let mut time = self.clock_time(moment);
        time.push_str(&self.fraction(moment));
        time.push_str(&self.suffix(moment.at));
        time
    }

    /// Prints the time of day, with the date if it is not the first day of the text.
    #[must_use]
    pub fn dated(&self, moment: &Moment) -> String {
        if let Some(range) = self.range(moment, &Self::dated, &Self::time) {
            return range;
        }
        self.with_date(moment, self.time(moment))
    }

    /// Prints the time of day to the minute, with the date if it is not the first day of the text.
    #[must_use]
    pub fn brief(&self, moment: &Moment) -> String {
        let time_of_day = |calendar: &Self, moment: &Moment| {
            let time = moment.short_time(calendar.zone);
            format!("{time}{}", calendar.suffix(moment.at))
        };
        if let Some(range) = self.range(moment, &Self::brief, &time_of_day) {
            return range;
        }
        self.with_date(moment, time_of_day(self, moment))
    }

    /// Prints the same as [`Calendar::brief`], always with the time zone: `14:23 UTC`.
    #[must_use]
    pub fn zoned(&self, moment: &Moment) -> String {
        let time_of_day = |calendar: &Self, moment: &Moment| {
            let time = moment.short_time(calendar.zone);
            format!("{time} {}", calendar.name(moment.at))
        };
        if let Some(range) = self.range(moment, &Self::brief, &time_of_day) {
            return range;
        }
        self.with_date(moment, time_of_day(self, moment))
    }

    fn with_date(&self, moment: &Moment, time: String) -> String {
        match moment.day(self.zone) {
            _ if moment.is_day() => self.full(moment),
            day if self.first_day == Some(day) => time,
            day => format!("{day} {time}"),
        }
    }

    /// Prints date, time and zone (`2025-01-14 14:23:47 UTC`), or the date alone.
    ///
    /// A range is `2025-01-14 14:20..14:35 UTC`.
    #[must_use]
    pub fn full(&self, moment: &Moment) -> String {
        if moment.latest.is_some() {
            let (from, to) = self.ends(&moment.first(), &end_of(moment));
            return format!("{from}..{to}");
        }
        let mut text = String::with_capacity("~2025-01-14 14:23:47 CEST".len());
        text.push_str(if moment.about { "~" } else { "" });
        push_day(moment.day(self.zone), &mut text);
        if moment.is_day() {
            return text;
        }
        let exact = Moment {
            about: false,
            ..*moment
        };
        let (time, fraction) = (self.clock_time(&exact), self.fraction(moment));
        text.extend([" ", &time, &fraction, " ", &self.name(moment.at)]);
        text
    }

    /// Prints a moment for machines: RFC 3339 in UTC at its precision, or the date alone.
    #[must_use]
    pub fn iso(&self, moment: &Moment) -> String {
        let (iso, fraction) = (moment.iso(), self.fraction(moment));
        match iso.strip_suffix('Z') {
            Some(time) if !fraction.is_empty() => format!("{time}{fraction}Z"),
            _ => iso,
        }
    }

    /// Prints a time range, with one date and zone if both ends share them: `2025-01-14 09:55 to 10:10 UTC`. A whole day is
    /// its date.
    #[must_use]
    pub fn span(&self, from: &Moment, to: &Moment) -> String {
        let (start, end) = self.ends(from, to);
        if from.is_day() && start == end {
            return start;
        }
        format!("{start} to {end}")
    }

    /// Prints a time range to the minute, or its start if it has no end.
    #[must_use]
    pub fn coarse_span(&self, from: &Moment, to: Option<Moment>) -> String {
        let calendar = self.clone().to_the_minute();
        match to {
            Some(to) => calendar.span(from, &to),
            None => calendar.full(from),
        }
    }

    /// Prints two times, with one date and zone if both share them.
    fn ends(&self, from: &Moment, to: &Moment) -> (String, String) {
        let offset = |moment: &Moment| self.zone.offset(moment.at);
        let (start, end) = (self.full(from), self.full(to));
        let names_itself = |moment: &Moment| {
            !moment.is_day() && moment.latest.is_none() && !self.zone.repeats(moment.at)
        };
        let is_short = names_itself(from)
            && names_itself(to)
            && from.day(self.zone) == to.day(self.zone)
            && offset(from) == offset(to);
        let start = match start.rsplit_once(' ') {
            Some((start, _)) if is_short => start.to_owned(),
            _ => start,
        };
        let end = match end.split_once(' ') {
            Some((_, time)) if is_short => format!("{}{time}", if to.about { "~" } else { "" }),
            _ => end,
        };
        (start, end)
    }
}

/// Returns the end of a range without a `~`, which is in front of its start.
fn end_of(moment: &Moment) -> Moment {
    Moment {
        about: false,
        ..moment.last()
    }
}

/// Returns the number of digits needed to distinguish fractions of one second.
fn digits(nanos: &BTreeSet<u32>) -> usize {
    let differ = |step: u32| {
        let cut: BTreeSet<u32> = nanos.iter().map(|nanos| nanos / step).collect();
        cut.len() == nanos.len()
    };
    match () {
        () if differ(1_000_000) => 3,
        () if differ(1_000) => 6,
        () => 9,
    }
}
