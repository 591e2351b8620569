//! A duration at the precision to which it is known, and how it is printed.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::token::{DAY, MINUTE, TimeUnit};

/// The unit to which a duration is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Unit {
    /// To the second.
    Second,
    /// To the minute.
    Minute,
    /// To the day.
    Day,
}

impl Unit {
    /// Returns its length in seconds.
    #[must_use]
    pub fn seconds(self) -> i64 {
        match self {
            Self::Second => 1,
            Self::Minute => MINUTE,
            Self::Day => DAY,
        }
    }
}

/// A duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Length {
    /// The number of seconds. A sum may hold more than its unit shows, so that the order of
    /// additions makes no difference.
    pub seconds: i64,
    /// The unit to which it is known.
    pub unit: Unit,
    /// Whether it is approximate.
    pub about: bool,
    /// The number of seconds that it took at most, if its start or its end is only known as a range: then `seconds` is the
    /// least.
    pub most: Option<i64>,
}

/// The units of a printed duration.
const UNITS: &[TimeUnit] = &[
    TimeUnit::Day,
    TimeUnit::Hour,
    TimeUnit::Minute,
    TimeUnit::Second,
];

impl Length {
    /// Adds two durations; the sum is known to the coarser unit.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            seconds: self.seconds + other.seconds,
            unit: self.unit.max(other.unit),
            about: self.about || other.about,
            most: match (self.most, other.most) {
                (None, None) => None,
                _ => Some(self.longest() + other.longest()),
            },
        }
    }

    /// Subtracts a part of it; the rest is known to the coarser unit.
    #[must_use]
    pub fn minus(self, part: Self) -> Self {
        let seconds = (self.seconds - part.longest()).max(0);
        let most = (self.longest() - part.seconds).max(seconds);
        Self {
            seconds,
            unit: self.unit.max(part.unit),
            about: self.about || part.about,
            most: self.most.or(part.most).map(|_| most),
        }
    }

    /// Returns the seconds that it took at most.
    #[must_use]
    pub fn longest(self) -> i64 {
        self.most.unwrap_or(self.seconds)
    }

    /// Returns the shortest and the longest duration that it may be; `None` if they are the same in its unit.
    #[must_use]
    pub fn range(self) -> Option<(Self, Self)> {
        let of = |seconds| Self {
            seconds,
            most: None,
            ..self
        };
        let (least, most) = (of(self.seconds), of(self.longest()));
        (least.known() < most.known()).then_some((least, most))
    }

    /// Returns the duration halfway between two, known to the coarser unit.
    #[must_use]
    pub fn midpoint(self, other: Self) -> Self {
        let sum = self.plus(other);
        Self {
            seconds: sum.seconds / 2,
            most: sum.most.map(|most| most / 2),
            ..sum
        }
    }

    /// Returns the seconds, truncated to the unit: whole minutes, whole days.
    #[must_use]
    pub fn known(self) -> i64 {
        self.seconds - self.seconds % self.unit.seconds()
    }

    /// Returns the same as [`Length::known`], or `None` if it is only known as a range.
    #[must_use]
    pub fn exact(self) -> Option<i64> {
        self.range().is_none().then(|| self.known())
    }

    /// Returns the duration known to the minute at best.
    #[must_use]
    pub fn to_the_minute(self) -> Self {
        Self {
            unit: self.unit.max(Unit::Minute),
            ..self
        }
    }

    /// Prints a range with a printer for each end: `9 to 16 days`, `up to 40 minutes`; `None` if it is none.
    fn printed_range(self, print: fn(Self) -> String) -> Option<String> {
        let (least, most) = self.range()?;
        if least.known() == 0 {
            return Some(format!("up to {}", print(most)));
        }
        let units = |length: Self| {
            length
                .parts()
                .map(|(_, unit)| unit.name())
                .collect::<Vec<_>>()
        };
        let (first, last) = (print(least), print(most));
        match first.split_once(' ') {
            // One unit of both is printed once.
            Some((count, _)) if units(least).len() == 1 && units(least) == units(most) => {
                Some(format!("{count} to {last}"))
            }
            _ => Some(format!("{first} to {last}")),
        }
    }

    /// Prints the whole minutes that have passed: `17 minutes`, `less than a minute`.
    ///
    /// From two hours on it prints hours too (`11 hours 34 minutes`), and a duration that is known in
    /// days as days: `about 2 days`.
    #[must_use]
    pub fn in_minutes(self) -> String {
        match (self.unit, self.seconds / 60) {
            _ if self.range().is_some() => self.to_the_minute().to_string(),
            (Unit::Day, _) => self.to_string(),
            (_, minutes @ 1..=120) if self.about => format!("about {}", counted(minutes, "minute")),
            (_, minutes @ 1..=120) => counted(minutes, "minute"),
            _ => self.to_the_minute().to_string(),
        }
    }

    /// Prints the duration without `about`: `44 minutes 35 seconds`, `less than a minute`.
    #[must_use]
    pub fn long(self) -> String {
        if let Some(range) = self.printed_range(Self::long) {
            return range;
        }
        match self.unit {
            Unit::Minute if self.seconds < MINUTE => "less than a minute".to_owned(),
            Unit::Day if self.seconds < DAY => "less than a day".to_owned(),
            _ if self.seconds == 0 => "0 seconds".to_owned(),
            _ => self
                .parts()
                .map(|(count, unit)| counted(count, unit.name()))
                .collect::<Vec<_>>()
                .join(" "),
        }
    }

    /// Prints the short form for tables: `44m 35s`, `< 1m`.
    #[must_use]
    pub fn short(self) -> String {
        let about = if self.about { "~" } else { "" };
        if let Some(range) = self.printed_range(Self::short) {
            return range;
        }
        match self.unit {
            Unit::Minute if self.seconds < MINUTE => "< 1m".to_owned(),
            Unit::Day if self.seconds < DAY => "< 1d".to_owned(),
            _ if self.seconds == 0 => format!("{about}0s"),
            _ => {
                let parts: Vec<String> = self
                    .parts()
                    .map(|(count, unit)| format!("{count}{}", unit.short()))
                    .collect();
                format!("{about}{}", parts.join(" "))
            }
        }
    }

    fn parts(self) -> impl Iterator<Item = (i64, TimeUnit)> {
        let mut rest = self.known();
        UNITS.iter().filter_map(move |unit| {
            let seconds = unit.seconds()?;
            let count = rest / seconds;
            rest %= seconds;
            (count > 0).then_some((count, *unit))
        })
    }
}

impl fmt::Display for Length {
    /// Prints the duration, with `about` before an approximate one.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let long = self.long();
        if self.about && !long.starts_with("less") && !long.starts_with("up to") {
            out.write_str("about ")?;
        }
        out.write_str(&long)
    }
}

/// Prints a count with its noun and with separators: `1 minute`, `1,247 users`.
#[must_use]
pub fn counted(count: impl TryInto<i64>, noun: &str) -> String {
    let count = saturated(count);
    let end = if count == 1 { "" } else { "s" };
    format!("{} {noun}{end}", separated(count))
}

/// Returns a count as `i64`, or its maximum.
fn saturated(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

/// Returns a text with its first character in uppercase.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.collect::<String>() + characters.as_str()
}

/// Prints a count with separators: `1,247`.
#[must_use]
pub fn separated(count: impl TryInto<i64>) -> String {
    let count = saturated(count);
    let digits = count.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if count < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
