//! A time as people type it, parsed and printed again.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{FixedOffset, NaiveDate, NaiveTime, Offset, Utc};

use crate::source::quoted;

/// A time as it was typed: a date, a time of day, or both, with an optional UTC offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The date; `None` in `14:23:47`, which uses the timeline's `date`.
    pub day: Option<NaiveDate>,
    /// The time of day; `None` in a date without a time.
    pub time: Option<TimeOfDay>,
    /// The UTC offset; `None` in local times, which are in the timeline's `tz`.
    pub offset: Option<FixedOffset>,
    /// Whether it was marked as approximate (`~`).
    pub about: bool,
    /// The latest time that it may be, in a range such as `2026-05-01..2026-05-08`.
    pub latest: Option<WrittenEnd>,
}

/// The end of a range in which a time is, in the form of its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenEnd {
    /// The date; that of the start if it was not typed.
    pub day: Option<NaiveDate>,
    /// The time of day.
    pub time: Option<TimeOfDay>,
    /// The UTC offset; that of the start if it was not typed.
    pub offset: Option<FixedOffset>,
}

/// A time of day, and whether its seconds were typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay {
    /// The time; its seconds are zero if they were not typed.
    pub at: NaiveTime,
    /// Whether seconds were typed.
    pub seconds: bool,
}

impl FromStr for Written {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once("..") {
            Some((first, last)) => Self::range(text, first, last),
            None => Self::single(text),
        }
    }
}

impl Written {
    /// Parses a range such as `2026-05-01..2026-05-08` or `14:20..14:35`.
    fn range(text: &str, first: &str, last: &str) -> Result<Self, String> {
        let first = Self::single(first.trim_end())?;
        let last = last.trim_start();
        if last.starts_with('~') {
            return Err(format!(
                "{} has a `~` at its second time; write it once, in front",
                quoted(text)
            ));
        }
        let (day, time, offset) = parse_point(last, text)?;
        let seconds = |time: Option<TimeOfDay>| time.map(|time| time.seconds);
        if seconds(time) != seconds(first.time) {
            return Err(format!(
                "{} is not a range; write two dates, or two times of the same precision",
                quoted(text)
            ));
        }
        if day.is_some() && first.day.is_none() || offset.is_some() && first.offset.is_none() {
            return Err(format!(
                "{} has a date or a UTC offset at its second time only; write it at the first",
                quoted(text)
            ));
        }
        let end = WrittenEnd {
            day: day.or(first.day),
            time,
            offset: offset.or(first.offset),
        };
        let instant =
            |day: Option<NaiveDate>, time: Option<TimeOfDay>, offset: Option<FixedOffset>| {
                let local = day
                    .unwrap_or_default()
                    .and_time(time.map_or(NaiveTime::MIN, |time| time.at));
                let east = offset.map_or(0, |offset| offset.local_minus_utc());
                local.and_utc().timestamp() - i64::from(east)
            };
        if instant(end.day, end.time, end.offset) <= instant(first.day, first.time, first.offset) {
            return Err(format!(
                "{} does not end after it starts; if it ends on another day, write both dates",
                quoted(text)
            ));
        }
        Ok(Self {
            latest: Some(end),
            ..first
        })
    }

    /// Parses a time that is no range.
    fn single(text: &str) -> Result<Self, String> {
        let (rest, about) = match text.strip_prefix('~') {
            Some(rest) => (rest.trim_start(), true),
            None => (text, false),
        };
        let (day, time, offset) = parse_point(rest, text)?;
        if day.is_none() && offset.is_some() {
            return Err(format!(
                "{} has a UTC offset but no date; add the date, \
                 and write the end of a time range as `until`",
                quoted(text)
            ));
        }
        Ok(Self {
            day,
            time,
            offset,
            about,
            latest: None,
        })
    }
}

/// The date, the time of day and the UTC offset of a time.
type Parts = (Option<NaiveDate>, Option<TimeOfDay>, Option<FixedOffset>);

/// Parses a date, a time of day, or both.
fn parse_point(rest: &str, whole: &str) -> Result<Parts, String> {
    // In `9:12-10:00`, the fifth byte is a `-` as in a date.
    let is_dated = rest
        .get(..5)
        .is_some_and(|start| start.ends_with('-') && !start.contains(':'));
    if !is_dated {
        let (time, offset) = parse_time(rest, whole)?;
        return Ok((None, Some(time), offset));
    }
    let (day, time) = match rest.split_once(['T', 't', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (rest, None),
    };
    let day = parse_day(day)?;
    let (time, offset) = match time {
        Some(time) => parse_time(time, whole).map(|(time, offset)| (Some(time), offset))?,
        None => (None, None),
    };
    Ok((Some(day), time, offset))
}

/// Parses `2025-01-14`.
///
/// # Errors
/// Returns an error if the text has another form, or if the calendar has no such date.
pub fn parse_day(text: &str) -> Result<NaiveDate, String> {
    let form = || format!("{} is not a date", quoted(text));
    let digits = |range: std::ops::Range<usize>| -> Result<u32, String> {
        let part = text.get(range).ok_or_else(form)?;
        if part.bytes().all(|byte| byte.is_ascii_digit()) {
            part.parse().map_err(|_| form())
        } else {
            Err(form())
        }
    };
    let bytes = text.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return Err(form());
    }
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    NaiveDate::from_ymd_opt(i32::try_from(year).unwrap_or(0), month, day)
        .filter(|_| year > 0)
        .ok_or_else(|| format!("`{text}` is not a date in the calendar"))
}

fn parse_time(tail: &str, whole: &str) -> Result<(TimeOfDay, Option<FixedOffset>), String> {
    let form = || format!("{} is not a time", quoted(whole));
    let end = tail.find(['Z', 'z', '+', '-']).unwrap_or(tail.len());
    let (time, offset) = tail.split_at(end);
    let digits = |text: &str, count: RangeInclusive<usize>| -> Result<u32, String> {
        if count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            text.parse().map_err(|_| form())
        } else {
            Err(form())
        }
    };
    let two = |text: &str| digits(text, 2..=2);
    let mut parts = time.splitn(3, ':');
    // People type `9:12`, which can mean nothing else.
    let hour = digits(parts.next().unwrap_or_default(), 1..=2)?;
    let minute = two(parts.next().ok_or_else(form)?)?;
    let (second, nanos, seconds) = match parts.next() {
        None => (0, 0, false),
        Some(part) => {
            let (second, fraction) = match part.split_once('.') {
                Some((second, fraction)) => (second, Some(fraction)),
                None => (part, None),
            };
            let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            let nanos = match fraction {
                None => 0,
                Some(digits) if !digits.is_empty() && is_number(digits) => {
                    format!("{digits:0<9.9}").parse().map_err(|_| form())?
                }
                Some(_) => return Err(form()),
            };
            (two(second)?, nanos, true)
        }
    };
    if second == 60 {
        return Err(format!(
            "{} has a leap second, which is not supported; write `:59`",
            quoted(whole)
        ));
    }
    let at = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos).ok_or_else(|| {
        // With a date, the next one is suggested.
        let midnight = if (hour, minute, second) == (24, 0, 0) && !whole.contains('-') {
            "; for midnight, write `00:00` of the next day"
        } else {
            ""
        };
        format!(
            "{} is not a time of day: hours go to 23, minutes and seconds to 59{midnight}",
            quoted(whole)
        )
    })?;
    let offset = if offset.is_empty() {
        None
    } else {
        Some(parse_offset(offset).ok_or_else(|| {
            format!(
                "{} is not a UTC offset; expected `Z` or a value from `-12:00` to `+14:00`",
                quoted(offset)
            )
        })?)
    };
    Ok((TimeOfDay { at, seconds }, offset))
}

/// The range of UTC offsets in minutes that time zones have.
// Anything else is a time range typed as one time, such as `14:23-15:10`.
const FARTHEST: RangeInclusive<i32> = -12 * 60..=14 * 60;

pub(super) fn parse_offset(text: &str) -> Option<FixedOffset> {
    if text.eq_ignore_ascii_case("z") {
        return Some(Utc.fix());
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let number = |part: &str| -> Option<i32> {
        (part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse().ok())?
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let east = sign * (hours * 60 + minutes);
    if minutes > 59 || !FARTHEST.contains(&east) {
        return None;
    }
    FixedOffset::east_opt(east * 60)
}

impl fmt::Display for Written {
    /// Prints the time in the form in which it was typed, with a space between date and time.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.about {
            out.write_str("~")?;
        }
        print_point(out, (self.day, self.time, self.offset))?;
        let Some(end) = self.latest else {
            return Ok(());
        };
        out.write_str("..")?;
        // The end omits what it shares with the start.
        let day = end
            .day
            .filter(|_| end.day != self.day || end.time.is_none());
        let offset = end.offset.filter(|_| end.offset != self.offset);
        print_point(out, (day, end.time, offset))
    }
}

fn print_point(out: &mut fmt::Formatter<'_>, (day, time, offset): Parts) -> fmt::Result {
    if let Some(day) = day {
        write!(out, "{day}")?;
    }
    if let Some(time) = time {
        if day.is_some() {
            out.write_str(" ")?;
        }
        let form = if time.seconds { "%H:%M:%S%.f" } else { "%H:%M" };
        write!(out, "{}", time.at.format(form))?;
    }
    match offset {
        Some(offset) if offset.local_minus_utc() == 0 => out.write_str("Z"),
        Some(offset) => write!(out, "{offset}"),
        None => Ok(()),
    }
}
