//! Computes the availability of each service by quarter or month.
//!
//! Pure and in integers: windows in, shares of time out. Windows of one service that overlap count once, each moment with
//! the highest weight that covers it; the incidents that count are those of the other metrics, so maintenance does not.

use std::collections::BTreeMap;

use chrono::{Datelike, Months, NaiveDate};

use super::counted;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Outage, Summary};
use crate::incident::Kind;
use crate::kind::name_key;
use crate::moment::{TimeDefaults, Zone};

/// The length of the periods for which availability is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
}

/// A period of the calendar, up to the reference date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub first: NaiveDate,
    /// The length.
    pub every: Every,
    /// The first second, as seconds since 1970.
    from: i64,
    /// The second after the last that has passed at the start of the reference date.
    until: i64,
    /// The second after the last of the whole period.
    end: i64,
}

/// The availability of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceAvailability {
    /// The service, in its most frequent spelling.
    pub service: String,
    /// The target, in millionths of the time.
    pub target: Option<u32>,
    /// The periods, in order.
    pub periods: Vec<PeriodAvailability>,
    /// The number of incidents whose start or end is not recorded or not seen, which are not counted.
    pub unknown: usize,
}

/// The availability of a service in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodAvailability {
    /// The period.
    pub span: Span,
    /// The number of incidents that count.
    pub incidents: usize,
    /// The time lost, in hundredths of a second: a degree of 25% loses a quarter of its time.
    pub lost: i64,
}

/// The whole of a share, in millionths.
pub const WHOLE: i64 = 1_000_000;

impl Every {
    /// Returns the number of months.
    fn months(self) -> u32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
        }
    }

    /// Returns the first day of the period of a date.
    fn first(self, day: NaiveDate) -> NaiveDate {
        let month = day.month0() - day.month0() % self.months();
        NaiveDate::from_ymd_opt(day.year(), month + 1, 1).unwrap_or(day)
    }

    /// Returns the name of the period of a date: `2025-Q1`, `2025-01`.
    #[must_use]
    pub fn name(self, day: NaiveDate) -> String {
        match self {
            Self::Month => day.format("%Y-%m").to_string(),
            Self::Quarter => format!("{}-Q{}", day.year(), day.month0() / 3 + 1),
        }
    }
}

impl Span {
    /// Returns the name: `2025-Q1`, `2025-01`.
    #[must_use]
    pub fn name(&self) -> String {
        self.every.name(self.first)
    }

    /// Returns the seconds that had passed at the start of the reference date.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        self.until - self.from
    }
}

impl PeriodAvailability {
    /// Returns the availability in millionths, rounded down; `None` if none of the period has passed.
    #[must_use]
    pub fn share(&self) -> Option<i64> {
        let whole = self.span.seconds() * 100;
        ((whole - self.lost) * WHOLE).checked_div(whole)
    }

    /// Returns the seconds of the whole period that a target still allows to lose; negative if it is missed.
    #[must_use]
    pub fn budget(&self, target: u32) -> i64 {
        let whole = (self.span.end - self.span.from) * 100;
        let allowed = whole * (WHOLE - i64::from(target)) / WHOLE;
        (allowed - self.lost).div_euclid(100)
    }
}

/// Returns the availability of each service that was ever affected, from the first recorded incident to a date.
///
/// A window with a time that the audience does not see is not counted: what it takes from a period would tell the time.
#[must_use]
pub fn availability(
    shown: &[&Summary],
    config: &Config,
    every: Every,
    as_of: NaiveDate,
    audience: Audience,
) -> Vec<ServiceAvailability> {
    let incidents = counted(shown, Kind::Incident);
    let zone = config.site.timezone.unwrap_or_default();
    let spans = spans(&incidents, every, as_of, zone);
    let mut services: BTreeMap<String, Found> = BTreeMap::new();
    let now = second(as_of, zone);
    for summary in &incidents {
        for outage in summary.outages(audience) {
            let found = services.entry(name_key(&outage.service)).or_default();
            *found.spellings.entry(outage.service.clone()).or_default() += 1;
            match window(&outage, config, summary, now) {
                Some(window) => found.windows.push((summary.id.as_str(), window)),
                None => found.unknown.push(&summary.id),
            }
        }
    }
    // A service with a target is listed even if it was never affected.
    for (name, _) in &config.availability.targets.0 {
        let found = services.entry(name_key(name)).or_default();
        found.spellings.entry(name.to_string()).or_default();
    }
    let of_service = |found: Found| {
        let service = found.most_used();
        let periods = spans.iter().map(|span| found.within(span)).collect();
        let mut unknown = found.unknown;
        unknown.dedup();
        ServiceAvailability {
            target: config.availability.target(&service),
            unknown: unknown.len(),
            service,
            periods,
        }
    };
    services.into_values().map(of_service).collect()
}

/// A window in seconds, with the percentage of it that is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// The first second, as seconds since 1970.
    pub from: i64,
    /// The second after the last.
    pub until: i64,
    /// The weight, in percent.
    pub weight: u8,
}

/// What is known of a service.
#[derive(Default)]
struct Found<'a> {
    spellings: BTreeMap<String, usize>,
    windows: Vec<(&'a str, Lost)>,
    unknown: Vec<&'a str>,
}

impl Found<'_> {
    fn most_used(&self) -> String {
        let all = self.spellings.iter();
        let most = all.max_by_key(|(name, uses)| (**uses, std::cmp::Reverse(*name)));
        most.map(|(name, _)| name.clone()).unwrap_or_default()
    }

    fn within(&self, span: &Span) -> PeriodAvailability {
        let (from, until) = (span.from, span.until);
        let inside = self.windows.iter();
        let inside = inside.filter(|(_, lost)| lost.from < until && lost.until > from);
        let mut ids: Vec<&str> = inside.clone().map(|(id, _)| *id).collect();
        ids.sort_unstable();
        ids.dedup();
        let windows: Vec<Lost> = inside.map(|(_, lost)| *lost).collect();
        PeriodAvailability {
            span: *span,
            incidents: ids.len(),
            lost: lost(&windows, from, until),
        }
    }
}

/// Returns the hundredths of a second that windows take from a period, each moment once at the highest weight over it.
#[must_use]
pub fn lost(windows: &[Lost], from: i64, until: i64) -> i64 {
    let mut changes: Vec<(i64, usize, bool)> = Vec::new();
    for window in windows {
        let (start, end) = (window.from.max(from), window.until.min(until));
        if start < end {
            let weight = usize::from(window.weight.min(100));
            changes.push((start, weight, true));
            changes.push((end, weight, false));
        }
    }
    changes.sort_unstable();
    // How many open windows there are of each weight.
    let mut open = [0_usize; 101];
    let (mut sum, mut last) = (0, from);
    for (at, weight, starts) in changes {
        let highest = open.iter().rposition(|count| *count > 0).unwrap_or(0);
        sum += (at - last) * i64::try_from(highest).unwrap_or(0);
        last = at;
        if let Some(count) = open.get_mut(weight) {
            *count = if starts {
                *count + 1
            } else {
                count.saturating_sub(1)
            };
        }
    }
    sum
}

/// Returns the seconds of an outage, of which a range counts in full, and a date without a time to the end of its day;
/// `None` if its start is unknown, or its end although the incident has ended.
fn window(outage: &Outage, config: &Config, summary: &Summary, now: i64) -> Option<Lost> {
    let from = outage.from?.at.timestamp();
    let until = match outage.until {
        Some(until) => summary.end_of(&until).timestamp(),
        None if summary.course.status.is_open() => now.max(from),
        None => return None,
    };
    Some(Lost {
        from,
        until,
        weight: config.availability.weight(outage.level),
    })
}

fn second(day: NaiveDate, zone: Zone) -> i64 {
    TimeDefaults { day: None, zone }.midnight(day).timestamp()
}

fn spans(incidents: &[&Summary], every: Every, as_of: NaiveDate, zone: Zone) -> Vec<Span> {
    let days = incidents.iter().filter_map(|summary| summary.day);
    let Some(earliest) = days.min() else {
        return Vec::new();
    };
    let now = second(as_of, zone);
    let step = Months::new(every.months());
    let firsts = std::iter::successors(Some(every.first(earliest)), |first| {
        first.checked_add_months(step)
    });
    firsts
        .take_while(|first| *first < as_of)
        .filter_map(|first| {
            let (from, end) = (
                second(first, zone),
                second(first.checked_add_months(step)?, zone),
            );
            Some(Span {
                first,
                every,
                from,
                until: end.min(now),
                end,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
