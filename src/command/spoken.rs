//! Times as people say them: `-5m`, `10 minutes ago`, `yesterday 23:50`, `friday`.

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};

use crate::moment::{Moment, Precision, Written, parse_day};
use crate::source;
use crate::token::{self, Languages};

/// The way in which a text counts days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `friday` is the last one, as for an event.
    Past,
    /// `friday` is the next one, as for a due date.
    Future,
}

/// Resolves a time before or after the current one, such as `-5m`, `10 minutes ago` or `now`; `None` for any other text.
pub fn relative(text: &str, now: DateTime<Utc>) -> Option<Moment> {
    let text = text.trim().to_lowercase();
    if text == "now" || text == "just now" {
        return Some(Moment {
            at: now,
            precision: Precision::Second,
            about: false,
            latest: None,
        });
    }
    let (rest, about) = match text.strip_prefix('~') {
        Some(rest) => (rest.trim_start(), true),
        None => (text.as_str(), false),
    };
    let ago = rest.strip_suffix("ago").filter(|rest| rest.ends_with(' '));
    let length = ago.or_else(|| rest.strip_prefix('-'))?.trim();
    let length = match length.split_once(' ') {
        Some(("a" | "an", unit)) => format!("1 {unit}"),
        _ => length.to_owned(),
    };
    let seconds = token::seconds(&length)?;
    let at = now.checked_sub_signed(TimeDelta::try_seconds(seconds)?)?;
    // Nobody who says "10 minutes ago" means a second.
    let is_minute = seconds % 60 == 0 && seconds > 0;
    let (precision, rest) = if is_minute {
        (Precision::Minute, at.timestamp().rem_euclid(60))
    } else {
        (Precision::Second, 0)
    };
    let at = at.checked_sub_signed(TimeDelta::try_seconds(rest)?)?;
    Some(Moment {
        at,
        precision,
        about,
        latest: None,
    })
}

/// Resolves the day and the time of day of a text such as `yesterday`, `friday 3:05` or `23:50 yesterday`; `None` for any
/// other text.
pub fn on_a_day(text: &str, today: NaiveDate, direction: Direction) -> Option<Written> {
    let text = text.trim().to_lowercase();
    let words: Vec<&str> = text
        .split([' ', ','])
        .filter(|word| !word.is_empty() && !matches!(*word, "at" | "last" | "on" | "next"))
        .collect();
    // An event is never on the next day of a name, and a due date never on the last one.
    let contrary = match direction {
        Direction::Past => "next",
        Direction::Future => "last",
    };
    if text.split(' ').any(|word| word == contrary) {
        return None;
    }
    // The last Tuesday is never today.
    let is_last = text.split(' ').any(|word| word == "last");
    let today = match today.pred_opt() {
        Some(yesterday) if is_last => yesterday,
        _ => today,
    };
    let named = |word: &str| named_day(word, today, direction);
    let (day, time) = match words.as_slice() {
        [first, rest @ ..] if named(first).is_some() => (named(first), rest),
        [rest @ .., last] => (named(last), rest),
        [] => return None,
    };
    let written = match time.join(" ").as_str() {
        "" => Written {
            day: None,
            time: None,
            offset: None,
            about: false,
            latest: None,
        },
        // The night between which days?
        "midnight" => return None,
        time => time_of_day(time)?,
    };
    Some(Written {
        day: Some(day?),
        ..written
    })
}

/// Parses a time of day in any format with one meaning, such as `3:05`, `6 pm`, `0912` or `noon`; `None` for any other text.
pub fn time_of_day(text: &str) -> Option<Written> {
    let text = text.trim().to_lowercase();
    let read = |text: &str| {
        let written = text.parse::<Written>().ok();
        written.filter(|time| time.time.is_some() && time.day.is_none() && time.latest.is_none())
    };
    read(&text).or_else(|| match source::clock::times(&text).as_slice() {
        [only] => read(only),
        _ => None,
    })
}

fn named_day(word: &str, today: NaiveDate, direction: Direction) -> Option<NaiveDate> {
    match word {
        "today" | "tonight" => return Some(today),
        "yesterday" => return today.pred_opt(),
        "tomorrow" => return today.succ_opt(),
        _ => {}
    }
    let day = token::weekday(word, Languages::English)?;
    let (before, after) = (
        today.weekday().days_since(day),
        day.days_since(today.weekday()),
    );
    match direction {
        Direction::Past => today.checked_sub_days(Days::new(before.into())),
        // A due date that is named by its weekday is never the same day.
        Direction::Future if after == 0 => today.checked_add_days(Days::new(7)),
        Direction::Future => today.checked_add_days(Days::new(after.into())),
    }
}

/// Returns the time that a duration without its sign or its unit may mean: `-5m` for `5m` and for `-5`.
pub fn meant(text: &str) -> Option<String> {
    let bare = text.trim().trim_start_matches('-');
    if !bare.is_empty() && bare.len() <= 2 && bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.trim().starts_with('-').then(|| format!("-{bare}m"));
    }
    token::duration(bare).map(|_| format!("-{bare}"))
}

/// Resolves a date in the past, such as `yesterday`, `friday`, `-3d`, `2 weeks ago` or `2026-03-31`.
///
/// # Errors
/// Returns an error if the text is none of these; its message shows them.
pub fn past(text: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    let trimmed = text.trim().to_lowercase();
    let length = (trimmed.strip_suffix("ago")).or_else(|| trimmed.strip_prefix('-'));
    let named = on_a_day(&trimmed, today, Direction::Past).filter(|day| day.time.is_none());
    let day = parse_day(&trimmed).ok();
    let day = day.or_else(|| named.and_then(|day| day.day));
    let day = day.or_else(|| today.checked_sub_days(Days::new(whole_days(length?)?)));
    day.ok_or_else(|| {
        format!("invalid date `{text}`; write it as `2026-03-31`, `yesterday`, `friday` or `-3d`")
    })
}

/// Returns the days of a duration such as `14d` or `2 weeks`; `None` if it is not one of whole days.
fn whole_days(length: &str) -> Option<u64> {
    let seconds = token::seconds(length.trim())?;
    let days = (seconds % token::DAY == 0).then_some(seconds / token::DAY);
    days.and_then(|days| u64::try_from(days).ok())
}

/// Resolves a date in the future, such as `friday`, `tomorrow`, `+14d`, `2 weeks` or `2026-12-01`.
///
/// # Errors
/// Returns an error if the text is none of these; its message shows them.
pub fn due(text: &str, today: NaiveDate) -> Result<NaiveDate, String> {
    let trimmed = text.trim();
    if let Ok(day) = parse_day(trimmed) {
        return Ok(day);
    }
    if let Some(day) = on_a_day(trimmed, today, Direction::Future).filter(|day| day.time.is_none())
        && let Some(day) = day.day
    {
        return Ok(day);
    }
    let length = trimmed
        .strip_prefix('+')
        .or(trimmed.strip_prefix("in "))
        .unwrap_or(trimmed);
    whole_days(&length.to_lowercase())
        .and_then(|days| today.checked_add_days(Days::new(days)))
        .ok_or_else(|| {
            format!(
                "invalid date `{text}`; write it as `2026-03-31`, `friday`, `tomorrow` or `+14d`"
            )
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moment::Zone;

    #[test]
    fn a_time_before_the_current_one() {
        let now: DateTime<Utc> = "2026-11-21T05:42:08Z".parse().expect("a time");
        let cases = [
            ("now", Some("2026-11-21 05:42:08 UTC")),
            ("-5m", Some("2026-11-21 05:37 UTC")),
            ("-90s", Some("2026-11-21 05:40:38 UTC")),
            ("-1h30m", Some("2026-11-21 04:12 UTC")),
            ("~-1h", Some("~2026-11-21 04:42 UTC")),
            ("10 minutes ago", Some("2026-11-21 05:32 UTC")),
            ("10m ago", Some("2026-11-21 05:32 UTC")),
            ("an hour ago", Some("2026-11-21 04:42 UTC")),
            ("A minute ago", Some("2026-11-21 05:41 UTC")),
            ("6 hours ago", Some("2026-11-20 23:42 UTC")),
            ("10 minutes", None),
            ("+5m", None),
            ("-x", None),
            ("ago", None),
            ("3:05", None),
        ];
        for (text, expected) in cases {
            let found = relative(text, now).map(|moment| moment.in_full(Zone::default()));
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_day_by_its_name() {
        // A Saturday.
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a date");
        let cases = [
            ("next friday", None, Some("2026-11-27")),
            ("last friday", Some("2026-11-20"), None),
            ("friday", Some("2026-11-20"), Some("2026-11-27")),
            ("Fri", Some("2026-11-20"), Some("2026-11-27")),
            ("saturday", Some("2026-11-21"), Some("2026-11-28")),
            ("last sunday", Some("2026-11-15"), None),
            ("last saturday", Some("2026-11-14"), None),
            ("last saturday 9:12", Some("2026-11-14 09:12"), None),
            ("yesterday", Some("2026-11-20"), Some("2026-11-20")),
            ("tomorrow", Some("2026-11-22"), Some("2026-11-22")),
            (
                "yesterday 23:50",
                Some("2026-11-20 23:50"),
                Some("2026-11-20 23:50"),
            ),
            (
                "23:50 yesterday",
                Some("2026-11-20 23:50"),
                Some("2026-11-20 23:50"),
            ),
            (
                "friday at 3:05",
                Some("2026-11-20 03:05"),
                Some("2026-11-27 03:05"),
            ),
            (
                "yesterday 6pm",
                Some("2026-11-20 18:00"),
                Some("2026-11-20 18:00"),
            ),
            (
                "6 pm yesterday",
                Some("2026-11-20 18:00"),
                Some("2026-11-20 18:00"),
            ),
            (
                "today at 0912",
                Some("2026-11-21 09:12"),
                Some("2026-11-21 09:12"),
            ),
            (
                "friday noon",
                Some("2026-11-20 12:00"),
                Some("2026-11-27 12:00"),
            ),
            ("yesterday midnight", None, None),
            ("yesterday 2026-11-20", None, None),
            ("someday", None, None),
            ("friday 99", None, None),
            ("", None, None),
        ];
        for (text, past, future) in cases {
            let written = |direction| on_a_day(text, today, direction).map(|day| day.to_string());
            assert_eq!(written(Direction::Past).as_deref(), past, "{text}");
            assert_eq!(written(Direction::Future).as_deref(), future, "{text}");
        }
    }

    #[test]
    fn a_past_date() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a date");
        let cases = [
            ("2026-12-01", "2026-12-01"),
            ("yesterday", "2026-11-20"),
            ("Friday", "2026-11-20"),
            ("today", "2026-11-21"),
            ("-3d", "2026-11-18"),
            ("2 weeks ago", "2026-11-07"),
        ];
        for (text, expected) in cases {
            let found = past(text, today).map(|day| day.to_string());
            assert_eq!(found.as_deref(), Ok(expected), "{text}");
        }
        for text in [
            "soon",
            "-90m",
            "friday 3:05",
            "3d",
            "+3d",
            "next friday",
            "",
        ] {
            assert!(past(text, today).is_err(), "{text}");
        }
    }

    #[test]
    fn a_due_date() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).expect("a date");
        let cases = [
            ("2026-12-01", "2026-12-01"),
            ("friday", "2026-11-27"),
            ("+14d", "2026-12-05"),
            ("in 2 weeks", "2026-12-05"),
            ("2 weeks", "2026-12-05"),
            ("tomorrow", "2026-11-22"),
        ];
        for (text, expected) in cases {
            assert_eq!(
                due(text, today).map(|day| day.to_string()).as_deref(),
                Ok(expected),
                "{text}"
            );
        }
        for text in ["soon", "+90m", "friday 3:05", "-3d", ""] {
            assert!(due(text, today).is_err(), "{text}");
        }
    }
}
