//! The system clock, and the interpretation of times on the command line.
//!
//! Nothing else in the program reads the clock, and `SOURCE_DATE_EPOCH` pins it. A time
//! of day without a date is on the current date, unless the times recorded for the incident
//! make another date certain. A time in the future is rejected, since events are in the past.

use std::fmt;
use std::time::SystemTime;

use anyhow::{anyhow, bail};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use super::spoken;
use super::terminal::detail;
use crate::check::with_offset;
use crate::config::Config;
use crate::facts::{GRACE, Length, Unit};
use crate::moment::{Moment, Precision, TimeDefaults, Unresolved, Written, WrittenEnd, Zone};
use crate::source;

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

/// Returns the current time as far as the checks of an archive may know it: not beside a fixed reference date.
///
/// # Errors
/// Returns an error if `SOURCE_DATE_EPOCH` is not a number of seconds.
pub fn known_time(
    given: Option<NaiveDate>,
    config: &Config,
) -> anyhow::Result<Option<DateTime<Utc>>> {
    let is_fixed = given.is_some() || (config.site.as_of.is_some() && pinned()?.is_none());
    if is_fixed { Ok(None) } else { now().map(Some) }
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

/// A time of the command line, and the time zone that is written after it, or else that of the incident.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'t> {
    /// The time.
    pub written: Written,
    /// Its time zone.
    pub zone: Zone,
    /// The time zone as it was typed; empty if none was.
    zone_name: &'t str,
}

impl fmt::Display for Typed<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let space = if self.zone_name.is_empty() { "" } else { " " };
        write!(out, "{}{space}{}", self.written, self.zone_name)
    }
}

impl<'t> Typed<'t> {
    /// Parses a time as input files write it, as people say it, or in another format that has one meaning, such as `6pm`.
    ///
    /// A time zone may follow. `now` is a time near it, which says what a weekday and an abbreviation of a zone mean.
    ///
    /// # Errors
    /// Returns why the text is no time.
    pub fn parse(
        text: &'t str,
        zone: Zone,
        now: DateTime<Utc>,
        direction: spoken::Direction,
    ) -> Result<Self, String> {
        let text = text.trim();
        let read = |text: &str, zone: Zone| {
            let today = zone.wall_clock(now).date();
            if let Some(whole) = half_typed(text) {
                return Err(whole);
            }
            let written = text.parse::<Written>();
            let said =
                || spoken::on_a_day(text, today, direction).or_else(|| spoken::time_of_day(text));
            let written = written.or_else(|reason| said().ok_or(reason));
            written.or_else(|reason| match source::clock::times(text).as_slice() {
                [] => Err(format!("{reason}; {FORMATS}")),
                [only] => only.parse().map_err(|_| format!("{reason}; {FORMATS}")),
                several => Err(format!(
                    "`{text}` may be {}; {FORMATS}",
                    several.join(" or ")
                )),
            })
        };
        let reason = match read(text, zone) {
            Ok(written) => {
                return Ok(Self {
                    written,
                    zone,
                    zone_name: "",
                });
            }
            Err(reason) => reason,
        };
        let ends = text.char_indices().skip(1).find_map(|(at, _)| {
            let (head, name) = text.split_at_checked(at)?;
            // `9:12-10:00` is a range.
            let is_name = head.ends_with(|c: char| !c.is_alphabetic()) && !name.starts_with('-');
            let name = name.trim();
            let inner = name
                .strip_prefix('(')
                .and_then(|name| name.strip_suffix(')'));
            let named = zone.named(inner.unwrap_or(name), now).filter(|_| is_name)?;
            let written = read(head.trim_end(), named).ok()?;
            (written.time.is_some() && written.offset.is_none()).then_some(Self {
                written,
                zone: named,
                zone_name: name,
            })
        });
        ends.ok_or_else(|| {
            let (head, name) = text.rsplit_once(' ').unwrap_or_default();
            let is_name = name.len() > 1 && name.chars().all(char::is_alphabetic);
            let time = read(head, zone).ok();
            match time.filter(|time| is_name && time.time.is_some() && time.offset.is_none()) {
                Some(time) => {
                    format!("the time zone `{name}` is not known here; use a UTC offset, as in `{time}+01:00`")
                }
                None => reason,
            }
        })
    }

    /// Returns the time on another date; the end of a range without a date is on the same one.
    fn on(self, day: NaiveDate) -> Self {
        let written = self.written;
        Self {
            written: Written {
                day: Some(day),
                latest: written.latest.map(|end| WrittenEnd {
                    day: end.day.filter(|_| end.day != written.day).or(Some(day)),
                    ..end
                }),
                ..written
            },
            ..self
        }
    }
}

/// The help on a text that is no time.
const FORMATS: &str = "write `14:23`, `14:23:47`, `2025-01-14 14:23`, `-5m`, `10 minutes ago` or `yesterday 23:50`, with a leading `~` if approximate";

/// Returns what a time may be whose minutes or seconds have one digit; `None` if they are complete.
fn half_typed(text: &str) -> Option<String> {
    let digits =
        |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mut parts = text.match_indices(':').filter_map(|(at, _)| {
        let is_time = text.get(..at)?.ends_with(|c: char| c.is_ascii_digit());
        let after = text
            .get(at + 1..)
            .filter(|after| is_time && digits(after) == 1)?;
        Some((text.get(..=at)?, after.split_at_checked(1)?))
    });
    let (before, (digit, after)) = parts.next()?;
    Some(format!(
        "`{text}` may be `{before}0{digit}{after}` or `{before}{digit}0{after}`; write two digits"
    ))
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

impl Reading<'_> {
    /// Resolves a time of the command line.
    ///
    /// A time of day is on the current date if it is then not in the future and near the recorded
    /// times of the incident. Otherwise it is on the only date on which it is near them, if the
    /// incident is of an earlier date.
    ///
    /// # Errors
    /// Returns an error if the text is not a time, or its time is ambiguous or in the future.
    pub fn moment(&self, text: &str) -> anyhow::Result<Moment> {
        let moment = self.resolved(text)?;
        // A slip of a key: nobody records what was so long ago.
        if moment.at < DateTime::UNIX_EPOCH {
            bail!("`{text}` is before 1970; check the year, or the number of days");
        }
        Ok(moment)
    }

    fn resolved(&self, text: &str) -> anyhow::Result<Moment> {
        if let Some(moment) = spoken::relative(text, self.now) {
            return Ok(moment);
        }
        let typed = self
            .typed(text)
            .map_err(|reason| match spoken::meant(text) {
                Some(meant) => anyhow!("`{text}` is not a time; did you mean `{meant}`?"),
                None => anyhow!(reason),
            })?;
        let local = |at: DateTime<Utc>| typed.zone.wall_clock(at).date();
        let today = local(self.now);
        let typed_day = candidate(&typed, typed.written.day.unwrap_or(today));
        if typed.written.day.is_some() {
            return self.past(&typed, typed_day, None);
        }
        let is_past = !self.is_future(typed_day);
        let Some((from, to)) = self.recorded else {
            return self.past(&typed, typed_day, today.pred_opt());
        };
        // Of an incident of today, a time in the future is more likely an error than yesterday's.
        if !is_past && local(from) >= today {
            return self.past(&typed, typed_day, today.pred_opt());
        }
        let (from, to) = (from - NEAR, to + NEAR);
        let is_near = |candidate: &Candidate| (from..=to).contains(&candidate.at());
        if is_past && is_near(&typed_day) {
            return self.single(&typed, typed_day);
        }
        let last = local(to).min(today);
        let near: Vec<Candidate> = local(from)
            .iter_days()
            .take_while(|day| *day <= last)
            .map(|day| candidate(&typed, day))
            .filter(|candidate| is_near(candidate) && !self.is_future(*candidate))
            .collect();
        match near.as_slice() {
            [only] => self.single(&typed, *only),
            [] => self.past(&typed, typed_day, today.pred_opt()),
            [.., last] if !is_past => self.past(&typed, typed_day, Some(last.day)),
            [.., before, last] => bail!(
                "`{typed}` may be on {} or {}; add the date, such as {}",
                before.day,
                last.day,
                self.with_day(&typed, last.day)
            ),
        }
    }

    fn typed<'t>(&self, text: &'t str) -> Result<Typed<'t>, String> {
        Typed::parse(text, self.zone, self.now, spoken::Direction::Past)
    }

    /// Returns `true` if what a text means depends on the time zone of the incident.
    pub fn needs_zone(&self, text: &str) -> bool {
        let has_zone = |typed: Typed| typed.written.offset.is_some() || !typed.zone_name.is_empty();
        spoken::relative(text, self.now).is_none() && !self.typed(text).is_ok_and(has_zone)
    }

    /// Returns a note on the date of a time of day, or `None` if it is the current date.
    pub fn note(&self, text: &str, moment: &Moment) -> Option<String> {
        let typed = self.typed(text).ok()?;
        let today = typed.zone.wall_clock(self.now).date();
        let day = moment.day(typed.zone);
        if typed.written.day.is_some() || day == today {
            return None;
        }
        let other = if self.is_future(candidate(&typed, today)) {
            String::new()
        } else {
            format!("; for today, use {}", self.with_day(&typed, today))
        };
        Some(format!(
            "note: `{text}` is on {day}, the only date near the incident{other}"
        ))
    }

    /// Returns the option with the same time of day one day later, or `None` if that is before `start` or in the future.
    pub fn next_day(&self, text: &str, moment: &Moment, start: DateTime<Utc>) -> Option<String> {
        let typed = self.typed(text).ok()?;
        let day = moment.day(typed.zone).succ_opt()?;
        let candidate = candidate(&typed.on(day), day);
        let fits = candidate.read.is_ok() && candidate.at() >= start && !self.is_future(candidate);
        fits.then(|| self.with_day(&typed, day))
    }

    /// Returns the option with a date and time.
    fn with_day(&self, typed: &Typed, day: NaiveDate) -> String {
        format!("`{}\"{}\"`", self.option, typed.on(day))
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
        typed: &Typed,
        candidate: Candidate,
        meant: Option<NaiveDate>,
    ) -> anyhow::Result<Moment> {
        let moment = self.single(typed, candidate)?;
        if !self.is_future(candidate) {
            return Ok(moment);
        }
        let ahead = Length {
            seconds: (moment.last().at - self.now).num_seconds() / 60 * 60,
            unit: Unit::Minute,
            about: false,
            most: None,
        };
        let yesterday = typed.zone.wall_clock(self.now).date() - Days::new(1);
        match meant {
            Some(day) => {
                let name = if day == yesterday {
                    "yesterday".to_owned()
                } else {
                    day.to_string()
                };
                let option = self.with_day(typed, day);
                bail!("`{typed}` is {ahead} in the future; for {name}, use {option}")
            }
            None => bail!("`{typed}` is {ahead} in the future; use a time in the past"),
        }
    }

    fn single(&self, typed: &Typed, candidate: Candidate) -> anyhow::Result<Moment> {
        let zone = typed.zone;
        candidate.read.map_err(|reason| {
            let typed = typed.on(candidate.day);
            let advice = match reason {
                _ if typed.written.latest.is_some() => {
                    "; write both times of the range with the date and the UTC offset".to_owned()
                }
                Unresolved::Ambiguous(early, late) | Unresolved::Skipped(early, late) => {
                    let about = if typed.written.about { "~" } else { "" };
                    let [early, late] =
                        [early, late].map(|at| with_offset(typed.written, zone, at));
                    let option = self.option;
                    format!("; use `{option}{about}{early}` or `{option}{about}{late}`")
                }
                Unresolved::NoDay => String::new(),
            };
            let problem = match reason {
                Unresolved::Skipped(..) => "does not exist",
                _ => "is ambiguous",
            };
            anyhow!("`{typed}` {problem} in {zone} because of a daylight-saving change{advice}")
        })
    }
}

/// Returns a time on one of the dates that may be meant.
fn candidate(typed: &Typed, day: NaiveDate) -> Candidate {
    let defaults = TimeDefaults {
        day: Some(day),
        zone: typed.zone,
    };
    Candidate {
        day,
        read: defaults.resolve(&typed.written),
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
