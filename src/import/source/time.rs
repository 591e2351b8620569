//! Parses the times of exports: RFC 3339 and its relatives, and seconds since 1970 in any unit.

use chrono::{DateTime, Datelike};
use serde_json::Value;

use crate::moment::{Moment, Precision, TimeDefaults, Written, Zone};
use crate::source::clock::times;

/// Parses a time.
///
/// `zone` is that of times without a UTC offset.
///
/// # Errors
/// Returns the reason why the value is no time. The placeholders `0001-01-01T00:00:00Z` and 0 are none.
pub fn moment(value: &Value, zone: Option<Zone>) -> Result<Moment, &'static str> {
    match value {
        Value::Number(number) => since_epoch(&number.to_string()).ok_or("no time"),
        Value::String(text) => parse(text.trim(), zone),
        _ => Err("no time"),
    }
}

/// Parses the text of a time.
pub fn parse(text: &str, zone: Option<Zone>) -> Result<Moment, &'static str> {
    if text.is_empty() {
        return Err("no time");
    }
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return since_epoch(text).ok_or("no time");
    }
    let unreadable = "a time in an unknown form";
    let written = text.parse::<Written>().ok();
    let written = written.or_else(|| match times(text).as_slice() {
        [only] => only.parse().ok(),
        _ => None,
    });
    let written = written.ok_or(unreadable)?;
    let is_local = written.time.is_some() && written.offset.is_none();
    if is_local && zone.is_none() {
        return Err("a time without a UTC offset; pass `--tz`");
    }
    let defaults = TimeDefaults {
        day: None,
        zone: zone.unwrap_or_default(),
    };
    let at = defaults.resolve(&written).map_err(|_| unreadable)?;
    // Programs print the time zero for a time that is not set.
    let is_zero = at.at.year() <= 1 || at.at.timestamp() == 0;
    if is_zero { Err("no time") } else { Ok(at) }
}

/// Returns the moment that a number means, by its magnitude: seconds, milliseconds, microseconds or nanoseconds.
///
/// The text is never read as a floating-point number, which would lose digits.
fn since_epoch(text: &str) -> Option<Moment> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let count: i128 = whole.parse().ok()?;
    let unit: i128 = match count {
        ..=0 => return None,
        1..100_000_000_000 => 1_000_000_000,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        _ => 1,
    };
    // A small number is a count or a version, not a time.
    if count < 100_000_000 {
        return None;
    }
    let digits: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    let part: i128 = digits.parse().ok()?;
    let nanos = count.checked_mul(unit)? + part * unit / 1_000_000_000;
    let seconds = i64::try_from(nanos / 1_000_000_000).ok()?;
    let rest = u32::try_from(nanos % 1_000_000_000).ok()?;
    Some(Moment {
        at: DateTime::from_timestamp(seconds, rest).filter(|at| at.year() < 10_000)?,
        precision: Precision::Second,
        about: false,
        latest: None,
    })
}

#[cfg(test)]
mod tests {
    use chrono::SecondsFormat;
    use serde_json::json;

    use super::*;

    #[test]
    fn times_are_read_in_all_the_forms_that_systems_export() {
        let cases = [
            (json!("2026-03-02T14:43:05.1Z"), "2026-03-02T14:43:05.1Z"),
            (
                json!("2018-11-04T22:43:58.283995108+01:00"),
                "2018-11-04T21:43:58.283995108Z",
            ),
            (
                json!("2021-01-25T11:09:27.985+0800"),
                "2021-01-25T03:09:27.985Z",
            ),
            (json!("2021-04-28 21:50:00 +0200"), "2021-04-28T19:50:00Z"),
            (json!("2021-04-28T21:50:00-03"), "2021-04-29T00:50:00Z"),
            (json!("2026-03-02 14:43:05 UTC"), "2026-03-02T14:43:05Z"),
            (
                json!("2026/03/02 14:43:05,250 UTC"),
                "2026-03-02T14:43:05.250Z",
            ),
            (json!("02.03.2026 14:43:05Z"), "2026-03-02T14:43:05Z"),
            (json!("1736478514.897649"), "2025-01-10T03:08:34.897649Z"),
            (json!(1_736_478_514), "2025-01-10T03:08:34Z"),
            (json!("1736478514897"), "2025-01-10T03:08:34.897Z"),
            (
                json!(1_736_478_514_897_649_i64),
                "2025-01-10T03:08:34.897649Z",
            ),
            (
                json!(1_736_478_514_897_649_001_i64),
                "2025-01-10T03:08:34.897649001Z",
            ),
        ];
        for (value, expected) in cases {
            let at = moment(&value, None).unwrap_or_else(|reason| panic!("{value}: {reason}"));
            let expected = DateTime::parse_from_rfc3339(expected).expect("RFC 3339");
            assert_eq!(
                at.at.to_rfc3339_opts(SecondsFormat::Nanos, true),
                expected
                    .to_utc()
                    .to_rfc3339_opts(SecondsFormat::Nanos, true),
                "{value}"
            );
        }
    }

    #[test]
    fn what_is_no_time_has_a_reason() {
        let cases = [
            (json!("0001-01-01T00:00:00Z"), "no time"),
            (json!("1970-01-01T00:00:00Z"), "no time"),
            (json!(0), "no time"),
            (json!(-5), "no time"),
            (json!(42), "no time"),
            (json!(""), "no time"),
            (json!([1]), "no time"),
            (
                json!("99999999999999999999999999999999999999999999"),
                "no time",
            ),
            (
                json!("2026-03-02T14:43:05"),
                "a time without a UTC offset; pass `--tz`",
            ),
            (json!("yesterday"), "a time in an unknown form"),
            (json!("2026-03-02T14:43:05é+é"), "a time in an unknown form"),
            (json!("2026-13-02T14:43:05Z"), "a time in an unknown form"),
        ];
        for (value, expected) in cases {
            assert_eq!(moment(&value, None).err(), Some(expected), "{value}");
        }
    }

    #[test]
    fn a_local_time_is_in_the_zone_of_the_option() {
        let zone: Zone = "+02:00".parse().expect("a zone");
        let at = moment(&json!("2026-03-02 14:43"), Some(zone)).expect("a time");
        assert_eq!(
            (at.iso().as_str(), at.precision),
            ("2026-03-02T12:43Z", Precision::Minute)
        );
    }
}
