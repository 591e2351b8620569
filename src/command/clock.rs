//! The system clock, and the interpretation of times on the command line.
//!
//! Nothing else in the program reads the clock, and `SOURCE_DATE_EPOCH` pins it. A time
//! of day without a date is on the current date, unless the times recorded for the incident
//! make another date certain. A time in the future is rejected, since events are in the past.

use std::time::SystemTime;

use anyhow::{anyhow, bail};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::spoken;
use super::terminal::detail;
use crate::check::with_offset;
use crate::config::Config;
use crate::facts::{Length, Unit};
use crate::moment::{Moment, Precision, TimeDefaults, Unresolved, Written, WrittenEnd, Zone};

/// The reference date for "overdue" and "in the future".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today(pub NaiveDate);

impl Today {
    /// Returns the given date, else that of `SOURCE_DATE_EPOCH`, else `[site] as_of`, else the current date in UTC.
    ///
    /// # Errors
    /// Returns an error if `SOURCE_DATE_EPOCH` is not a number of seconds.
    pub fn resolve(given: Option<NaiveDate>, config: &Config) -> anyhow::Result<Self> {
        let (day, from) = match (given, pinned()?, config.site.as_of) {
            (Some(day), ..) => (day, "given"),
            (None, Some(pinned), _) => (pinned.date_naive(), "`SOURCE_DATE_EPOCH`"),
            (None, None, Some(day)) => (day.0, "`[site] as_of`"),
            (None, None, None) => (now()?.date_naive(), "the clock"),
        };
        detail(|| format!("reference date: {day} ({from})"));
        Ok(Self(day))
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
            "`SOURCE_DATE_EPOCH` is not a number of seconds: `{}`",
            epoch.display()
        )
    })
}

/// Returns the current time, or that of `SOURCE_DATE_EPOCH`.
///
/// # Errors
/// Returns an error if `SOURCE_DATE_EPOCH` is not a number of seconds.
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

/// Converts a time to a `Moment` that is exact to the second.
pub fn exactly(at: DateTime<Utc>) -> Moment {
    Moment {
        at,
        precision: Precision::Second,
        about: false,
        latest: None,
    }
}

/// The context in which a time on the command line is interpreted.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    /// The option that the time was given to, with what separates them: `--at `, `--declared=`.
    pub option: &'a str,
    /// The time zone of times without an offset.
    pub zone: Zone,
    /// The current time.
    pub now: DateTime<Utc>,
    /// The first and the last time recorded for the incident; the last is the current time
    /// while it is open. `None` if nothing is recorded.
    pub recorded: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

/// A time of day on one of the dates that may be meant.
#[derive(Clone, Copy)]
struct Candidate {
    day: NaiveDate,
    read: Result<Moment, Unresolved>,
}

/// The maximum distance between a time of day and the recorded times: half a day, so that at most
/// one of two consecutive days is near.
const NEAR: TimeDelta = TimeDelta::hours(12);

/// How far a time may be in the future, because the clocks of two machines differ and people round up.
const GRACE: TimeDelta = TimeDelta::minutes(1);

impl Reading<'_> {
    /// Resolves a time of the command line.
    ///
    /// A time of day is on the current date if it is then not in the future and near the recorded
    /// times of the incident. Otherwise it is on the only date on which it is near them, if the
    /// incident is of an earlier date.
    ///
    /// # Errors
    /// Returns an error if the text is not a time, or its time is ambiguous or in the future.
    pub fn moment(&self, typed: &str) -> anyhow::Result<Moment> {
        let moment = self.resolved(typed)?;
        // A slip of a key: nobody records what was so long ago.
        if moment.at < DateTime::UNIX_EPOCH {
            bail!("`{typed}` is before 1970; check the year, or the number of days");
        }
        Ok(moment)
    }

    fn resolved(&self, typed: &str) -> anyhow::Result<Moment> {
        if let Some(moment) = spoken::relative(typed, self.now) {
            return Ok(moment);
        }
        let today = self.zone.wall_clock(self.now).date();
        let written: Written = self.written(typed).map_err(|reason| {
            anyhow!(
                "{reason}; write `14:23`, `14:23:47`, `2025-01-14 14:23`, `-5m`, `10 minutes ago` or `yesterday 23:50`, with a leading `~` if approximate"
            )
        })?;
        let typed_day = self.candidate(&written, written.day.unwrap_or(today));
        if written.day.is_some() {
            return self.past(&written, typed_day, None);
        }
        let is_past = !self.is_future(typed_day);
        let Some((from, to)) = self.recorded else {
            return self.past(&written, typed_day, today.pred_opt());
        };
        // Of an incident of today, a time in the future is more likely an error than yesterday's.
        if !is_past && self.zone.wall_clock(from).date() >= today {
            return self.past(&written, typed_day, today.pred_opt());
        }
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
                "`{written}` may be on {} or {}; add the date, such as {}",
                before.day,
                last.day,
                self.with_day(&written, last.day)
            ),
        }
    }

    /// Parses a time as it is written, or with a day by its name.
    fn written(&self, typed: &str) -> Result<Written, String> {
        let today = self.zone.wall_clock(self.now).date();
        let written = typed.trim().parse::<Written>();
        written
            .or_else(|reason| spoken::on_a_day(typed, today, spoken::Direction::Past).ok_or(reason))
    }

    /// Returns a note on the date of a time of day, or `None` if it is the current date.
    pub fn note(&self, typed: &str, moment: &Moment) -> Option<String> {
        let written = self.written(typed).ok()?;
        let (day, today) = (moment.day(self.zone), self.zone.wall_clock(self.now).date());
        if written.day.is_some() || day == today {
            return None;
        }
        let todays = self.candidate(&written, today);
        let other = if self.is_future(todays) {
            String::new()
        } else {
            format!("; for today, use {}", self.with_day(&written, today))
        };
        Some(format!(
            "note: `{typed}` is on {day}, the only date near the incident{other}"
        ))
    }

    /// Returns the option with the same time of day one day later, or `None` if that is before `start` or in the future.
    pub fn next_day(&self, typed: &str, moment: &Moment, start: DateTime<Utc>) -> Option<String> {
        let written = self.written(typed).ok()?;
        let day = moment.day(self.zone).succ_opt()?;
        let written = on(&written, day);
        let candidate = self.candidate(&written, day);
        let fits = candidate.read.is_ok() && candidate.at() >= start && !self.is_future(candidate);
        fits.then(|| self.with_day(&written, day))
    }

    /// Returns the option with a date and time.
    fn with_day(&self, written: &Written, day: NaiveDate) -> String {
        let written = on(written, day);
        format!("`{}\"{written}\"`", self.option)
    }

    fn candidate(&self, written: &Written, day: NaiveDate) -> Candidate {
        let defaults = TimeDefaults {
            day: Some(day),
            zone: self.zone,
        };
        Candidate {
            day,
            read: defaults.resolve(written),
        }
    }

    fn is_future(&self, candidate: Candidate) -> bool {
        let latest = candidate.read.map(|moment| moment.last().at);
        latest.unwrap_or(candidate.at()) > self.now + GRACE
    }

    /// Returns the time of a candidate.
    ///
    /// # Errors
    /// Returns an error if it is ambiguous or in the future; the message suggests the date `meant`.
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
            seconds: (moment.last().at - self.now).num_seconds() / 60 * 60,
            unit: Unit::Minute,
            about: false,
            most: None,
        };
        let yesterday = self.zone.wall_clock(self.now).date() - Days::new(1);
        match meant {
            Some(day) => {
                let name = if day == yesterday {
                    "yesterday".to_owned()
                } else {
                    day.to_string()
                };
                let option = self.with_day(written, day);
                bail!("`{written}` is {ahead} in the future; for {name}, use {option}")
            }
            None => bail!("`{written}` is {ahead} in the future; use a time in the past"),
        }
    }

    fn single(&self, written: &Written, candidate: Candidate) -> anyhow::Result<Moment> {
        let zone = self.zone;
        candidate.read.map_err(|reason| {
            let written = on(written, candidate.day);
            let advice = match reason {
                Unresolved::Ambiguous(early, late) | Unresolved::Skipped(early, late) => {
                    let [early, late] = [early, late].map(|at| with_offset(written, zone, at));
                    format!("; use `{option}{early}` or `{option}{late}`", option = self.option)
                }
                Unresolved::NoDay => String::new(),
            };
            anyhow!("`{written}` is ambiguous or does not exist in {zone} because of a daylight-saving change{advice}")
        })
    }
}

/// Returns a time on another date; the end of a range without a date is on the same one.
fn on(written: &Written, day: NaiveDate) -> Written {
    Written {
        day: Some(day),
        latest: written.latest.map(|end| WrittenEnd {
            day: end.day.filter(|_| end.day != written.day).or(Some(day)),
            ..end
        }),
        ..*written
    }
}

impl Candidate {
    /// Returns the candidate's time; for a local time that a daylight-saving change repeats or skips, the earlier reading.
    fn at(&self) -> DateTime<Utc> {
        match self.read {
            Ok(moment) => moment.at,
            Err(Unresolved::Ambiguous(early, _) | Unresolved::Skipped(early, _)) => early,
            // A candidate always has a date.
            Err(Unresolved::NoDay) => DateTime::default(),
        }
    }
}

#[cfg(test)]
mod tests;
