//! A time as people type it, parsed and printed again.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use chrono::{FixedOffset, NaiveDate, NaiveTime, Offset, Utc};

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
        let (rest, about) = match text.strip_prefix('~') {
            Some(rest) => (rest.trim_start(), true),
            None => (text, false),
        };
        // In `9:12-10:00`, the fifth byte is a `-` as in a date.
        let is_dated = rest
            .get(..5)
            .is_some_and(|start| start.ends_with('-') && !start.contains(':'));
        let written = if is_dated {
            let (day, time) = match rest.split_once(['T', 't', ' ']) {
                Some((day, time)) => (day, Some(time)),
                None => (rest, None),
            };
            let day = parse_day(day)?;
            let (time, offset) = match time {
                Some(time) => parse_time(time, text).map(|(time, offset)| (Some(time), offset))?,
                None => (None, None),
            };
            Self {
                day: Some(day),
                time,
                offset,
                about,
            }
        } else {
            let (time, offset) = parse_time(rest, text)?;
            if offset.is_some() {
                return Err(format!(
                    "{} has a UTC offset but no date; add the date, \
                     and write the end of a time range as `until`",
                    quoted(text)
                ));
            }
            Self {
                day: None,
                time: Some(time),
                offset,
                about,
            }
        };
        Ok(written)
    }
}

/// Quotes a text for a message, and shortens a long one.
///
/// Invisible characters are made visible when the message is printed.
pub(crate) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("`{}…`", text.get(..end).unwrap_or_default()),
        None => format!("`{text}`"),
    }
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
            let (second, fraction) = part.split_once('.').unwrap_or((part, "0"));
            if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(form());
            }
            let nanos = format!("{fraction:0<9.9}").parse().map_err(|_| form())?;
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
        format!(
            "{} is not a time of day: hours go to 23, minutes and seconds to 59",
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
        if let Some(day) = self.day {
            write!(out, "{day}")?;
        }
        if let Some(time) = self.time {
            if self.day.is_some() {
                out.write_str(" ")?;
            }
            let form = if time.seconds { "%H:%M:%S%.f" } else { "%H:%M" };
            write!(out, "{}", time.at.format(form))?;
        }
        if let Some(offset) = self.offset {
            if offset.local_minus_utc() == 0 {
                out.write_str("Z")
            } else {
                write!(out, "{offset}")
            }?;
        }
        Ok(())
    }
}
