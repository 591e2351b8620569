//! The clock, and what times on the command line mean.
//!
//! Nothing else in the program reads the clock, and `SOURCE_DATE_EPOCH` pins it. A time
//! of day without a date is today's, unless the incident tells that another day is meant;
//! a time in the future is rejected, since nothing has happened then.

use std::time::SystemTime;

use anyhow::{anyhow, bail};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::config::Config;
use crate::facts::{Length, Unit};
use crate::moment::{Moment, Precision, TimeDefaults, Unresolved, Written, Zone};

/// The day that `overdue` and `future` are measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today(pub NaiveDate);

impl Today {
    /// Finds the day: as told, else `SOURCE_DATE_EPOCH`, else `[site] as_of`, else today in UTC.
    ///
    /// # Errors
    /// `SOURCE_DATE_EPOCH` is not a count of seconds.
    pub fn resolve(told: Option<NaiveDate>, config: &Config) -> anyhow::Result<Self> {
        if let Some(day) = told {
            return Ok(Self(day));
        }
        match (pinned()?, config.site.as_of) {
            (Some(pinned), _) => Ok(Self(pinned.date_naive())),
            (None, Some(day)) => Ok(Self(day.0)),
            (None, None) => Ok(Self(now()?.date_naive())),
        }
    }
}

/// Returns the time that `SOURCE_DATE_EPOCH` pins the clock to, or `None` if it is not set.
fn pinned() -> anyhow::Result<Option<DateTime<Utc>>> {
    let Some(epoch) = std::env::var_os("SOURCE_DATE_EPOCH").filter(|epoch| !epoch.is_empty())
    else {
        return Ok(None);
    };
    let seconds = epoch.to_str().and_then(|text| text.parse().ok());
    let moment = seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    moment.map(Some).ok_or_else(|| {
        anyhow!(
            "SOURCE_DATE_EPOCH is not a count of seconds: {}",
            epoch.display()
        )
    })
}

/// Reads the clock.
///
/// # Errors
/// Returns an error if `SOURCE_DATE_EPOCH` is not a count of seconds.
pub fn now() -> anyhow::Result<DateTime<Utc>> {
    if let Some(pinned) = pinned()? {
        return Ok(pinned);
    }
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    Ok(DateTime::from_timestamp(seconds, 0).unwrap_or_default())
}

/// Returns the moment of an instant, to the second.
pub fn exactly(at: DateTime<Utc>) -> Moment {
    Moment {
        at,
        precision: Precision::Second,
        about: false,
    }
}

/// What a time on the command line is read against.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The option that the time was given to, such as `--at`.
    pub option: &'a str,
    /// The time zone of times without an offset.
    pub zone: Zone,
    /// The current time.
    pub now: DateTime<Utc>,
    /// The first and the last time recorded for the incident; the last is the current time
    /// while it is open. `None` if nothing is recorded.
    pub recorded: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// One of the days that a time of day may be on.
#[derive(Clone, Copy)]
struct Candidate {
    day: NaiveDate,
    read: Result<Moment, Unresolved>,
}

/// How far from what is recorded a time of day may be: half a day, so that of two
/// consecutive days one is nearer.
const NEAR: TimeDelta = TimeDelta::hours(12);

/// How far a time may be in the future: the clocks of two machines differ, and people round up.
const GRACE: TimeDelta = TimeDelta::minutes(1);

impl Reading<'_> {
    /// Finds the moment that a time means.
    ///
    /// A time of day is today's if that is not in the future and is near what is recorded of
    /// the incident; else it is on the one day on which it is near that.
    ///
    /// # Errors
    /// Returns an error if the text is not a time, or its time is ambiguous or in the future.
    pub fn moment(&self, typed: &str) -> anyhow::Result<Moment> {
        let written: Written = typed.parse().map_err(|reason| {
            anyhow!(
                "{reason}; write `14:23`, `14:23:47` or `2025-01-14 14:23`, with `~` in front for about"
            )
        })?;
        let today = self.zone.wall_clock(self.now).date();
        let typed_day = self.candidate(&written, written.day.unwrap_or(today));
        if written.day.is_some() {
            return self.past(&written, typed_day, None);
        }
        let is_past = !self.is_future(typed_day);
        let Some((from, to)) = self.recorded else {
            return self.past(&written, typed_day, today.pred_opt());
        };
        let (from, to) = (from - NEAR, to + NEAR);
        let is_near = |candidate: &Candidate| (from..=to).contains(&candidate.at());
        if is_past && is_near(&typed_day) {
            return self.single(&written, typed_day);
        }
        let last = self.zone.wall_clock(to).date().min(today);
        let days = self.zone.wall_clock(from).date().iter_days();
        let near: Vec<Candidate> = days
            .take_while(|day| *day <= last)
            .map(|day| self.candidate(&written, day))
            .filter(|candidate| is_near(candidate) && !self.is_future(*candidate))
            .collect();
        match near.as_slice() {
            [only] => self.single(&written, *only),
            [] => self.past(&written, typed_day, today.pred_opt()),
            [.., last] if !is_past => self.past(&written, typed_day, Some(last.day)),
            [.., before, last] => bail!(
                "`{written}` may be on {} or {}; add the date: {}",
                before.day,
                last.day,
                self.with_day(&written, last.day)
            ),
        }
    }

    /// Says on which day a time of day was taken to be, if that is not today.
    pub fn note(&self, typed: &str, moment: &Moment) -> Option<String> {
        let written: Written = typed.parse().ok()?;
        let (day, today) = (moment.day(self.zone), self.zone.wall_clock(self.now).date());
        if written.day.is_some() || day == today {
            return None;
        }
        let todays = self.candidate(&written, today);
        let other = if self.is_future(todays) {
            String::new()
        } else {
            format!("; today's: {}", self.with_day(&written, today))
        };
        Some(format!(
            "note: `{typed}` is on {day}, the only day near the incident{other}"
        ))
    }

    /// Writes the option with the same time of day a day later, if that is not before `start` and has passed.
    pub fn next_day(&self, typed: &str, moment: &Moment, start: DateTime<Utc>) -> Option<String> {
        let written: Written = typed.parse().ok()?;
        let day = moment.day(self.zone).succ_opt()?;
        let written = Written {
            day: Some(day),
            ..written
        };
        let candidate = self.candidate(&written, day);
        let fits = candidate.read.is_ok() && candidate.at() >= start && !self.is_future(candidate);
        fits.then(|| self.with_day(&written, day))
    }

    /// Writes the option with a time on a day.
    fn with_day(&self, written: &Written, day: NaiveDate) -> String {
        let written = Written {
            day: Some(day),
            ..*written
        };
        format!("`{} \"{written}\"`", self.option)
    }

    fn candidate(&self, written: &Written, day: NaiveDate) -> Candidate {
        let clock = TimeDefaults {
            day: Some(day),
            zone: self.zone,
        };
        Candidate {
            day,
            read: clock.resolve(written),
        }
    }

    fn is_future(&self, candidate: Candidate) -> bool {
        candidate.at() > self.now + GRACE
    }

    /// Returns the moment of a candidate unless it is in the future; `meant` is the day to name then.
    fn past(
        &self,
        written: &Written,
        candidate: Candidate,
        meant: Option<NaiveDate>,
    ) -> anyhow::Result<Moment> {
        let moment = self.single(written, candidate)?;
        if !self.is_future(candidate) {
            return Ok(moment);
        }
        let ahead = Length {
            seconds: (moment.at - self.now).num_seconds() / 60 * 60,
            unit: Unit::Minute,
            about: false,
        };
        let yesterday = self.zone.wall_clock(self.now).date() - Days::new(1);
        match meant {
            Some(day) => {
                let whose = if day == yesterday {
                    "yesterday's".to_owned()
                } else {
                    format!("that of {day}")
                };
                let option = self.with_day(written, day);
                bail!("`{written}` is in {ahead}; {whose}: {option}")
            }
            None => bail!("`{written}` is in {ahead}; give a time that has passed"),
        }
    }

    fn single(&self, written: &Written, candidate: Candidate) -> anyhow::Result<Moment> {
        let zone = self.zone;
        candidate.read.map_err(|_| {
            anyhow!("`{written}` is ambiguous or does not exist in {zone} because of a daylight-saving change; add a UTC offset, such as `2025-10-26T02:30+01:00`")
        })
    }
}

impl Candidate {
    /// Returns an instant of the candidate, the earlier one of a time that a clock change doubles or skips.
    fn at(&self) -> DateTime<Utc> {
        match self.read {
            Ok(moment) => moment.at,
            Err(Unresolved::Ambiguous(early, _) | Unresolved::Skipped(early, _)) => early,
            // A candidate has a day.
            Err(Unresolved::NoDay) => DateTime::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn reading(now: &str, recorded: Option<(&str, &str)>) -> Reading<'static> {
        Reading {
            option: "--at",
            zone: Zone::default(),
            now: at(now),
            recorded: recorded.map(|(from, to)| (at(from), at(to))),
        }
    }

    fn meant(typed: &str, now: &str, recorded: Option<(&str, &str)>) -> String {
        match reading(now, recorded).moment(typed) {
            Ok(moment) => moment.in_full(Zone::default()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_time_of_day_is_on_the_only_day_near_the_incident() {
        let night = "2026-11-29T00:30:00Z";
        let open = Some(("2026-11-28T23:50:00Z", night));
        let week_ago = Some(("2026-11-22T14:00:00Z", "2026-11-22T15:00:00Z"));
        let cases = [
            ("00:10", night, open, "2026-11-29 00:10 UTC"),
            ("23:58", night, open, "2026-11-28 23:58 UTC"),
            // Before the first event, as far as half a day.
            ("23:40", night, open, "2026-11-28 23:40 UTC"),
            ("0:10", night, None, "2026-11-29 00:10 UTC"),
            ("14:30", night, week_ago, "2026-11-22 14:30 UTC"),
            ("~00:10", night, week_ago, "~2026-11-23 00:10 UTC"),
            ("2026-11-01 10:00", night, week_ago, "2026-11-01 10:00 UTC"),
            ("2026-11-29", night, open, "2026-11-29"),
        ];
        for (typed, now, recorded, expected) in cases {
            assert_eq!(
                meant(typed, now, recorded),
                expected,
                "{typed} {recorded:?}"
            );
        }
    }

    #[test]
    fn a_time_in_the_future_is_rejected_with_the_reading_that_was_meant() {
        let now = "2026-11-29T17:59:00Z";
        let today = Some(("2026-11-29T17:00:00Z", now));
        let days = Some(("2026-11-26T17:00:00Z", now));
        let cases = [
            (
                "23:59",
                None,
                "`23:59` is in 6 hours; yesterday's: `--at \"2026-11-28 23:59\"`",
            ),
            (
                "~23:59",
                today,
                "`~23:59` is in 6 hours; yesterday's: `--at \"~2026-11-28 23:59\"`",
            ),
            // Any of three days.
            (
                "18:30",
                days,
                "`18:30` is in 31 minutes; yesterday's: `--at \"2026-11-28 18:30\"`",
            ),
            (
                "2026-12-01 17:59",
                None,
                "`2026-12-01 17:59` is in 2 days; give a time that has passed",
            ),
        ];
        for (typed, recorded, expected) in cases {
            assert_eq!(meant(typed, now, recorded), expected, "{typed}");
        }
        assert_eq!(meant("18:00", now, today), "2026-11-29 18:00 UTC");
    }

    #[test]
    fn a_time_that_may_be_on_two_days_is_rejected() {
        let recorded = Some(("2026-11-20T10:00:00Z", "2026-11-21T10:00:00Z"));
        assert_eq!(
            meant("10:00", "2026-11-29T17:59:00Z", recorded),
            "`10:00` may be on 2026-11-20 or 2026-11-21; add the date: `--at \"2026-11-21 10:00\"`"
        );
    }

    #[test]
    fn a_time_that_a_clock_change_doubles_is_rejected() {
        let reading = Reading {
            zone: "Europe/Berlin".parse().expect("a zone"),
            ..reading("2026-10-25T09:00:00Z", None)
        };
        let error = reading.moment("02:30").expect_err("it is ambiguous");
        assert!(
            error
                .to_string()
                .contains("is ambiguous or does not exist in Europe/Berlin"),
            "{error}"
        );
    }
}
