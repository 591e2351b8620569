use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

use super::*;

mod calendar;
mod printing;
mod zones;

/// Times as typed, and how they are printed again.
const WRITTEN: &[(&str, &str)] = &[
    ("14:23", "14:23"),
    ("14:23:47", "14:23:47"),
    ("00:00", "00:00"),
    ("23:59:59", "23:59:59"),
    ("~14:23", "~14:23"),
    ("~ 14:23:47", "~14:23:47"),
    ("2025-01-14", "2025-01-14"),
    ("~2025-01-14", "~2025-01-14"),
    ("2024-02-29", "2024-02-29"),
    ("2000-02-29", "2000-02-29"),
    ("2026-05-01..2026-05-08", "2026-05-01..2026-05-08"),
    ("~2026-05-01 .. 2026-05-08", "~2026-05-01..2026-05-08"),
    ("14:20..14:35", "14:20..14:35"),
    ("14:20:30.5..14:20:31", "14:20:30.500..14:20:31"),
    ("2026-05-01T14:20..14:35", "2026-05-01 14:20..14:35"),
    (
        "2026-05-01 23:50..2026-05-02 00:10",
        "2026-05-01 23:50..2026-05-02 00:10",
    ),
    (
        "2026-05-01T14:20+02:00..14:35",
        "2026-05-01 14:20+02:00..14:35",
    ),
    (
        "2026-05-01T14:20+02:00..14:35Z",
        "2026-05-01 14:20+02:00..14:35Z",
    ),
    ("0001-01-01", "0001-01-01"),
    ("9999-12-31 23:59:59", "9999-12-31 23:59:59"),
    ("2025-01-15 00:04", "2025-01-15 00:04"),
    ("2025-01-15 00:04:05", "2025-01-15 00:04:05"),
    ("2025-01-15T00:04", "2025-01-15 00:04"),
    ("2025-01-15t00:04:05", "2025-01-15 00:04:05"),
    ("2025-01-15T00:04Z", "2025-01-15 00:04Z"),
    ("2025-01-15T00:04:05z", "2025-01-15 00:04:05Z"),
    ("2025-01-15 00:04:05+00:00", "2025-01-15 00:04:05Z"),
    ("2025-01-15T00:04:05-00:00", "2025-01-15 00:04:05Z"),
    ("2025-01-15T00:04:05+02:00", "2025-01-15 00:04:05+02:00"),
    ("2025-01-15T00:04+14:00", "2025-01-15 00:04+14:00"),
    ("2025-01-15T00:04-12:00", "2025-01-15 00:04-12:00"),
    ("2025-01-15T00:04-03:30", "2025-01-15 00:04-03:30"),
    (
        "~2025-01-15T00:04:05.25+05:45",
        "~2025-01-15 00:04:05.250+05:45",
    ),
    ("14:23:47.5", "14:23:47.500"),
    ("14:23:47.000", "14:23:47"),
    ("9:12", "09:12"),
    ("~9:12:05", "~09:12:05"),
    ("2025-01-15 9:12", "2025-01-15 09:12"),
    ("2025-01-15T9:12+02:00", "2025-01-15 09:12+02:00"),
];

#[test]
fn every_form_is_read_and_printed_back() {
    for (typed, printed) in WRITTEN {
        let written: Written = typed.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(written.to_string(), *printed, "{typed}");
    }
}

/// Seconds with fractions, and their nanoseconds.
const FRACTIONS: &[(&str, u32)] = &[
    ("14:23:47.5", 500_000_000),
    ("14:23:47.000200", 200_000),
    ("14:23:47.123456789", 123_456_789),
    ("14:23:47.1234567899", 123_456_789),
    ("14:23:47.99999999999999999999", 999_999_999),
    ("14:23:47.0", 0),
];

#[test]
fn fractions_of_seconds_are_kept_for_the_order() {
    use chrono::Timelike;
    for (typed, nanos) in FRACTIONS {
        let written: Written = typed.parse().unwrap_or_else(|error| panic!("{error}"));
        let time = written
            .time
            .map(|time| (time.at.nanosecond(), time.seconds));
        assert_eq!(time, Some((*nanos, true)), "{typed}");
    }
}

/// Invalid times, and a part of the message.
const INVALID: &[(&str, &str)] = &[
    ("", "`` is not a time"),
    ("~", "`~` is not a time"),
    ("~~14:23", "`~~14:23` is not a time"),
    (" 14:23", "` 14:23` is not a time"),
    ("14:23 ", "`14:23 ` is not a time"),
    ("now", "`now` is not a time"),
    ("9:5", "`9:5` is not a time"),
    ("009:12", "`009:12` is not a time"),
    (":12", "`:12` is not a time"),
    ("9:12-10:00", "add the date"),
    ("2:30 pm", "`2:30 pm` is not a time"),
    ("14:23 UTC", "`14:23 UTC` is not a time"),
    ("14", "`14` is not a time"),
    ("14:2", "`14:2` is not a time"),
    ("14:23:4", "`14:23:4` is not a time"),
    ("14:23:47.", "`14:23:47.` is not a time"),
    ("14:23:47,5", "`14:23:47,5` is not a time"),
    ("14:23:47.5.5", "`14:23:47.5.5` is not a time"),
    ("14:23.5", "`14:23.5` is not a time"),
    ("14:23:47:00", "`14:23:47:00` is not a time"),
    ("+1:+2", "`+1:+2` is not a time"),
    ("１４:２３", "`１４:２３` is not a time"),
    (
        "24:00",
        "`24:00` is not a time of day: hours go to 23, minutes and seconds to 59; for midnight, write `00:00` of the next day",
    ),
    ("14:60", "`14:60` is not a time of day"),
    ("14:23:61", "`14:23:61` is not a time of day"),
    ("99:99:99", "`99:99:99` is not a time of day"),
    (
        "23:59:60",
        "`23:59:60` has a leap second, which is not supported; write `:59`",
    ),
    ("2016-12-31T23:59:60Z", "has a leap second"),
    ("2025-02-30", "`2025-02-30` is not a date in the calendar"),
    (
        "~2025-02-29 10:00",
        "`2025-02-29` is not a date in the calendar",
    ),
    ("1900-02-29", "`1900-02-29` is not a date in the calendar"),
    ("2025-13-01", "`2025-13-01` is not a date in the calendar"),
    ("2025-00-10", "`2025-00-10` is not a date in the calendar"),
    ("2025-01-00", "`2025-01-00` is not a date in the calendar"),
    ("0000-01-14", "`0000-01-14` is not a date in the calendar"),
    ("10000-01-14", "`10000-01-14` is not a time"),
    ("-001-01-14", "`-001-01-14` is not a date"),
    ("2025-1-4", "`2025-1-4` is not a date"),
    ("2025-01-1é", "`2025-01-1é` is not a date"),
    ("2025-é-14", "`2025-é-14` is not a date"),
    ("2025-é1-14", "`2025-é1-14` is not a date"),
    ("2025-1-4 10:00", "`2025-1-4` is not a date"),
    ("2025-001-14T10:00", "`2025-001-14` is not a date"),
    ("2025-+1-14", "`2025-+1-14` is not a date"),
    ("14.01.2025", "`14.01.2025` is not a time"),
    ("01/14/2025", "`01/14/2025` is not a time"),
    ("2025-01-14T", "`2025-01-14T` is not a time"),
    ("2025-01-14 ", "`2025-01-14 ` is not a time"),
    ("2025-01-14Z", "`2025-01-14Z` is not a date"),
    ("2025-01-14  10:00", "`2025-01-14  10:00` is not a time"),
    ("2025-01-14_10:00", "`2025-01-14_10:00` is not a date"),
    ("2025-01-14 10:00 Europe/Berlin", "is not a time"),
    ("2025-01-14 10:00 +02:00", "is not a time"),
    (
        "14:23Z",
        "`14:23Z` has a UTC offset but no date; add the date, and write the end of a time range as `until`",
    ),
    (
        "09:00-10:30",
        "and write the end of a time range as `until`",
    ),
    (
        "2025-01-14T14:23+2:00",
        "`+2:00` is not a UTC offset; expected `Z` or a value from `-12:00` to `+14:00`",
    ),
    ("2025-01-14T14:23+24:00", "`+24:00` is not a UTC offset"),
    ("2025-01-14T14:23-24:00", "`-24:00` is not a UTC offset"),
    ("2025-01-14T14:23+02", "`+02` is not a UTC offset"),
    ("2025-01-14T14:23+0200", "`+0200` is not a UTC offset"),
    ("2025-01-14T14:23+02:60", "`+02:60` is not a UTC offset"),
    ("2025-01-14T14:23+é2:00", "`+é2:00` is not a UTC offset"),
    ("2025-01-14T14:23ZZ", "`ZZ` is not a UTC offset"),
    // No zone has such an offset: these are time ranges.
    ("2025-01-14 14:23-15:10", "`-15:10` is not a UTC offset"),
    (
        "2025-01-14 14:23:00-14:31:10",
        "`-14:31:10` is not a UTC offset",
    ),
    ("2025-01-14T14:23+14:01", "`+14:01` is not a UTC offset"),
    ("2025-01-14T14:23-12:01", "`-12:01` is not a UTC offset"),
];

#[track_caller]
fn check_rejected(typed: &str, message: &str) {
    match typed.parse::<Written>() {
        Ok(written) => panic!("`{typed}` was read as {written:?}"),
        Err(error) => assert!(error.contains(message), "`{typed}`: {error}"),
    }
}

#[test]
fn an_invalid_time_is_rejected_with_a_reason() {
    for (typed, message) in INVALID {
        check_rejected(typed, message);
    }
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(1, 1, 1).unwrap();
    let last = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();
    (0..=(last - first).num_days()).prop_map(move |days| first + TimeDelta::days(days))
}

fn any_time() -> impl Strategy<Value = TimeOfDay> {
    (0..86_400_u32, any::<bool>()).prop_map(|(second, seconds)| TimeOfDay {
        at: NaiveTime::from_num_seconds_from_midnight_opt(
            if seconds { second } else { second / 60 * 60 },
            0,
        )
        .unwrap(),
        seconds,
    })
}

fn any_offset() -> impl Strategy<Value = FixedOffset> {
    (-12 * 60..=14 * 60).prop_map(|minutes| FixedOffset::east_opt(minutes * 60).unwrap())
}

fn any_written() -> impl Strategy<Value = Written> {
    let day_and_time = (any_day(), any_time(), proptest::option::of(any_offset()))
        .prop_map(|(day, time, offset)| (Some(day), Some(time), offset));
    let form = prop_oneof![
        any_day().prop_map(|day| (Some(day), None, None)),
        any_time().prop_map(|time| (None, Some(time), None)),
        day_and_time,
    ];
    (form, any::<bool>(), proptest::option::of(1..200_000_i64)).prop_map(
        |((day, time, offset), about, longer)| Written {
            day,
            time,
            offset,
            about,
            latest: longer.and_then(|longer| range_end(day, time, offset, longer)),
        },
    )
}

/// The end of a range that is a number of seconds, minutes or days long, in the precision of its start.
fn range_end(
    day: Option<NaiveDate>,
    time: Option<TimeOfDay>,
    offset: Option<FixedOffset>,
    longer: i64,
) -> Option<WrittenEnd> {
    let Some(start) = time else {
        let day = day?.checked_add_signed(TimeDelta::days(longer % 1_000 + 1))?;
        return Some(WrittenEnd {
            day: Some(day),
            time: None,
            offset,
        });
    };
    let unit = if start.seconds { 1 } else { 60 };
    let longer = TimeDelta::seconds(longer * unit);
    let local = day
        .unwrap_or_default()
        .and_time(start.at)
        .checked_add_signed(longer)?;
    let is_dated = day.is_some() || local.date() == NaiveDate::default();
    is_dated.then(|| WrittenEnd {
        day: day.map(|_| local.date()),
        time: Some(TimeOfDay {
            at: local.time(),
            seconds: start.seconds,
        }),
        offset,
    })
}

/// Any zone, in the form that its name is parsed to: `UTC` is an offset.
fn any_zone() -> impl Strategy<Value = Zone> {
    prop_oneof![
        1 => any_offset().prop_map(Zone::Fixed),
        4 => select(chrono_tz::TZ_VARIANTS.as_slice()).prop_map(|tz| tz.name().parse().unwrap()),
    ]
}

fn laws() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(14_23_47),
        ..ProptestConfig::with_cases(500)
    }
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn what_is_printed_is_read_back(written in any_written()) {
        prop_assert_eq!(written.to_string().parse(), Ok(written));
    }

    #[test]
    fn no_text_makes_reading_panic(
        text in "(~? ?[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]?)?[0-9:.+~Zé -]{0,14}",
        noise in ".{0,20}",
    ) {
        let _ = (text.parse::<Written>(), noise.parse::<Written>(), noise.parse::<Zone>());
    }

    #[test]
    fn a_zone_is_read_back_from_its_name(zone in any_zone()) {
        prop_assert_eq!(zone.to_string().parse(), Ok(zone));
    }
}
