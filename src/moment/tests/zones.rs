//! Resolving written times, in zones with and without daylight-saving changes.

use super::*;

/// The zone and the typed time, on 14 January 2025, and the instant that it means.
const RESOLVED: &[(&str, &str, &str)] = &[
    ("UTC", "14:23:47", "2025-01-14T14:23:47Z"),
    ("Z", "14:23", "2025-01-14T14:23Z"),
    ("UTC", "~14:23", "~2025-01-14T14:23Z"),
    ("UTC", "2025-01-15 00:04", "2025-01-15T00:04Z"),
    ("+02:00", "14:23", "2025-01-14T12:23Z"),
    ("-09:30", "14:23", "2025-01-14T23:53Z"),
    ("+02:00", "00:30", "2025-01-13T22:30Z"),
    ("Asia/Kathmandu", "14:23:47", "2025-01-14T08:38:47Z"),
    // A UTC offset in the text takes precedence over the zone.
    ("Europe/Berlin", "2025-01-14T14:23Z", "2025-01-14T14:23Z"),
    (
        "Europe/Berlin",
        "2025-10-26T02:30+02:00",
        "2025-10-26T00:30Z",
    ),
    (
        "Europe/Berlin",
        "2025-10-26T02:30+01:00",
        "2025-10-26T01:30Z",
    ),
    ("Europe/Berlin", "2025-01-14 14:23", "2025-01-14T13:23Z"),
    ("Europe/Berlin", "2025-07-14 14:23", "2025-07-14T12:23Z"),
    // Clocks go back: the hour from 02:00 to 03:00 occurs twice.
    (
        "Europe/Berlin",
        "2025-10-26 01:59:59",
        "2025-10-25T23:59:59Z",
    ),
    (
        "Europe/Berlin",
        "2025-10-26 02:00",
        "twice: 2025-10-26T00:00:00Z, 2025-10-26T01:00:00Z",
    ),
    (
        "Europe/Berlin",
        "2025-10-26 02:30",
        "twice: 2025-10-26T00:30:00Z, 2025-10-26T01:30:00Z",
    ),
    ("Europe/Berlin", "2025-10-26 03:00", "2025-10-26T02:00Z"),
    (
        "America/New_York",
        "2025-11-02 01:30",
        "twice: 2025-11-02T05:30:00Z, 2025-11-02T06:30:00Z",
    ),
    (
        "Australia/Lord_Howe",
        "2025-04-06 01:45",
        "twice: 2025-04-05T14:45:00Z, 2025-04-05T15:15:00Z",
    ),
    // Clocks go forward: the hour does not exist.
    (
        "Europe/Berlin",
        "2025-03-30 01:59:59",
        "2025-03-30T00:59:59Z",
    ),
    (
        "Europe/Berlin",
        "2025-03-30 02:00",
        "never: 2025-03-30T01:00:00Z, 2025-03-30T00:00:00Z",
    ),
    (
        "Europe/Berlin",
        "2025-03-30 02:30",
        "never: 2025-03-30T01:30:00Z, 2025-03-30T00:30:00Z",
    ),
    ("Europe/Berlin", "2025-03-30 03:00", "2025-03-30T01:00Z"),
    (
        "America/Sao_Paulo",
        "2018-11-04 00:30",
        "never: 2018-11-04T03:30:00Z, 2018-11-04T02:30:00Z",
    ),
    // The date that Samoa skipped: its two sides are a day apart.
    (
        "Pacific/Apia",
        "2011-12-29 23:59:59",
        "2011-12-30T09:59:59Z",
    ),
    (
        "Pacific/Apia",
        "2011-12-30 00:00",
        "never: 2011-12-30T10:00:00Z, 2011-12-29T10:00:00Z",
    ),
    (
        "Pacific/Apia",
        "2011-12-30 12:00",
        "never: 2011-12-30T22:00:00Z, 2011-12-29T22:00:00Z",
    ),
    (
        "Pacific/Apia",
        "2011-12-30 23:59",
        "never: 2011-12-31T09:59:00Z, 2011-12-30T09:59:00Z",
    ),
    ("Pacific/Apia", "2011-12-31 00:00", "2011-12-30T10:00Z"),
];

fn printed(resolved: Result<Moment, Unresolved>) -> String {
    let iso = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    match resolved {
        Ok(moment) => format!("{}{}", if moment.about { "~" } else { "" }, moment.iso()),
        Err(Unresolved::NoDay) => "no day".to_owned(),
        Err(Unresolved::Ambiguous(early, late)) => format!("twice: {}, {}", iso(early), iso(late)),
        Err(Unresolved::Skipped(before, after)) => {
            format!("never: {}, {}", iso(before), iso(after))
        }
    }
}

#[track_caller]
fn check_resolved(zone: &str, typed: &str, expect: &str) {
    let defaults = TimeDefaults {
        day: NaiveDate::from_ymd_opt(2025, 1, 14),
        zone: zone.parse().unwrap(),
    };
    let written = typed.parse().unwrap();
    assert_eq!(
        printed(defaults.resolve(&written)),
        expect,
        "{typed} in {zone}"
    );
}

#[test]
fn a_written_time_means_a_moment_or_both_readings_are_named() {
    for (zone, typed, expect) in RESOLVED {
        check_resolved(zone, typed, expect);
    }
}

#[test]
fn a_time_needs_a_day() {
    let defaults = TimeDefaults::default();
    let resolve = |text: &str| printed(defaults.resolve(&text.parse().unwrap()));
    assert_eq!(resolve("14:23"), "no day");
    assert_eq!(resolve("~14:23:47"), "no day");
    assert_eq!(resolve("2025-01-14 14:23"), "2025-01-14T14:23Z");
    assert_eq!(resolve("2025-01-14"), "2025-01-14");
}

/// A zone, a date without a time, and the first instant of that date.
const FIRST_INSTANTS: &[(&str, &str, &str)] = &[
    ("UTC", "2025-01-14", "2025-01-14T00:00:00Z"),
    ("+02:00", "2025-01-14", "2025-01-13T22:00:00Z"),
    ("Europe/Berlin", "2025-07-14", "2025-07-13T22:00:00Z"),
    // Midnight was skipped: the date starts at one o'clock.
    ("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z"),
    ("Africa/Cairo", "2023-04-28", "2023-04-27T22:00:00Z"),
    ("Asia/Beirut", "2025-03-30", "2025-03-29T22:00:00Z"),
    // Midnight occurred twice: the date starts with the first.
    ("America/Havana", "2025-11-02", "2025-11-02T04:00:00Z"),
    // The hour before midnight occurred twice: midnight itself once.
    ("America/Sao_Paulo", "2018-02-18", "2018-02-18T03:00:00Z"),
    // A date that was skipped starts where it was left out.
    ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z"),
    ("UTC", "0001-01-01", "0001-01-01T00:00:00Z"),
    ("+14:00", "0001-01-01", "0000-12-31T10:00:00Z"),
];

#[test]
fn a_day_alone_begins_at_its_first_instant() {
    for (zone, day, expect) in FIRST_INSTANTS {
        let defaults = TimeDefaults {
            day: None,
            zone: zone.parse().unwrap(),
        };
        let moment = defaults.resolve(&day.parse().unwrap()).unwrap();
        let at = moment.at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
        assert_eq!(at, *expect, "{day} in {zone}");
        assert_eq!(moment.iso(), *day, "a day alone is printed as typed");
    }
}

#[test]
fn a_day_alone_comes_before_its_times_and_after_the_day_before() {
    let defaults = TimeDefaults {
        day: None,
        zone: "America/Sao_Paulo".parse().unwrap(),
    };
    let texts = [
        "2018-11-03 23:59:59",
        "2018-11-04",
        "2018-11-04 01:00",
        "2018-11-04 01:00:00.5",
        "2018-11-05",
        "2018-11-05 00:00",
    ];
    let moments = texts.map(|text| defaults.resolve(&text.parse().unwrap()).unwrap());
    assert!(
        moments.is_sorted_by(|left, right| left.order() < right.order()),
        "{moments:?}"
    );
}

/// A zone, a time, and the first instant that it cannot mean.
const UNTIL: &[(&str, &str, &str)] = &[
    ("UTC", "2025-01-14 14:23:47", "2025-01-14T14:23:48Z"),
    ("UTC", "2025-01-14 14:23:47.9", "2025-01-14T14:23:48Z"),
    ("UTC", "2025-01-14 14:23", "2025-01-14T14:24:00Z"),
    ("UTC", "2025-01-14", "2025-01-15T00:00:00Z"),
    ("+02:00", "2025-01-14", "2025-01-14T22:00:00Z"),
    // Days of 25 and of 23 hours.
    ("Europe/Berlin", "2025-10-26", "2025-10-26T23:00:00Z"),
    ("Europe/Berlin", "2025-03-30", "2025-03-30T22:00:00Z"),
    ("UTC", "9999-12-31", "+10000-01-01T00:00:00Z"),
];

#[test]
fn a_time_means_moments_until_the_next_of_its_precision() {
    for (zone, typed, expect) in UNTIL {
        let defaults = TimeDefaults {
            day: None,
            zone: zone.parse().unwrap(),
        };
        let moment = defaults.resolve(&typed.parse().unwrap()).unwrap();
        let until = defaults
            .until(&moment)
            .format("%Y-%m-%dT%H:%M:%SZ")
            .to_string();
        assert_eq!(until, *expect, "{typed} in {zone}");
    }
}

/// Texts for zones, and the name that each is printed with; `None` for invalid ones.
const ZONES: &[(&str, Option<&str>)] = &[
    ("UTC", Some("UTC")),
    ("utc", Some("UTC")),
    ("Z", Some("UTC")),
    ("+00:00", Some("UTC")),
    ("+02:00", Some("+02:00")),
    ("-03:30", Some("-03:30")),
    ("Europe/Berlin", Some("Europe/Berlin")),
    ("Etc/UTC", Some("Etc/UTC")),
    ("CET", Some("CET")),
    ("", None),
    ("Berlin", None),
    ("europe/berlin", None),
    ("CEST", None),
    ("+2:00", None),
    ("+0200", None),
    ("+24:00", None),
    ("+02:60", None),
    ("UTC+2", None),
    (" UTC", None),
];

#[test]
fn a_zone_is_an_offset_or_a_name() {
    for (text, expect) in ZONES {
        match (text.parse::<Zone>(), expect) {
            (Ok(zone), Some(name)) => assert_eq!(zone.to_string(), *name),
            (Err(error), None) => assert_eq!(error, format!("`{text}` is not a time zone")),
            (found, _) => panic!("`{text}` was read as {found:?}"),
        }
    }
}

fn recent_day() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
    (0..30_000_i64).prop_map(move |days| first + TimeDelta::days(days))
}

/// Zones and dates with a clock change, which random dates rarely include.
const CHANGES: &[(&str, &str)] = &[
    ("Europe/Berlin", "2025-10-26"),
    ("Europe/Berlin", "2025-03-30"),
    ("America/Sao_Paulo", "2018-11-04"),
    ("Africa/Cairo", "2023-04-28"),
    ("Pacific/Apia", "2011-12-30"),
    ("Australia/Lord_Howe", "2025-10-05"),
    ("Antarctica/Troll", "2025-03-30"),
    ("Asia/Kathmandu", "1986-01-01"),
];

fn zone_and_day() -> impl Strategy<Value = (Zone, NaiveDate)> {
    let change =
        select(CHANGES).prop_map(|(zone, day)| (zone.parse().unwrap(), day.parse().unwrap()));
    prop_oneof![2 => change, 1 => (any_zone(), any_day()), 1 => (any_zone(), recent_day())]
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn a_moment_prints_the_time_that_was_parsed((zone, day) in zone_and_day(), time in any_time()) {
        let written = Written { day: Some(day), time: Some(time), offset: None, about: false, latest: None };
        let local = day.and_time(time.at);
        match (TimeDefaults { day: None, zone }).resolve(&written) {
            Ok(moment) => {
                prop_assert_eq!(zone.wall_clock(moment.at), local);
                prop_assert_eq!(moment.day(zone), day);
            }
            Err(Unresolved::Ambiguous(early, late)) => {
                prop_assert!(early < late);
                prop_assert_eq!(zone.wall_clock(early), local);
                prop_assert_eq!(zone.wall_clock(late), local);
            }
            Err(Unresolved::Skipped(before, after)) => {
                let gap = before - after;
                prop_assert!(gap > TimeDelta::zero());
                prop_assert_eq!(zone.wall_clock(before), local + gap);
                prop_assert_eq!(zone.wall_clock(after), local - gap);
            }
            Err(Unresolved::NoDay) => prop_assert!(false, "the day is there"),
        }
    }

    #[test]
    fn an_offset_gives_the_same_moment_in_every_zone(
        (zone, day) in zone_and_day(),
        time in any_time(),
        offset in any_offset(),
    ) {
        let written = Written { day: Some(day), time: Some(time), offset: Some(offset), about: false, latest: None };
        let resolve = |zone| (TimeDefaults { day: None, zone }).resolve(&written);
        prop_assert_eq!(resolve(zone), resolve(Zone::default()));
        let at = resolve(zone).map(|moment| Zone::Fixed(offset).wall_clock(moment.at));
        prop_assert_eq!(at, Ok(day.and_time(time.at)));
    }

    #[test]
    fn no_second_before_a_day_belongs_to_it((zone, day) in (any_zone(), recent_day())) {
        let written = Written { day: Some(day), time: None, offset: None, about: false, latest: None };
        let first = (TimeDefaults { day: None, zone }).resolve(&written).unwrap().at;
        prop_assert!(zone.wall_clock(first).date() >= day);
        prop_assert!(zone.wall_clock(first - TimeDelta::seconds(1)).date() < day);
    }

    #[test]
    fn printing_never_panics(written in any_written(), read_in in any_zone(), zone in any_zone()) {
        let defaults = TimeDefaults { day: NaiveDate::from_ymd_opt(9999, 12, 31), zone: read_in };
        if let Ok(moment) = defaults.resolve(&written) {
            let time = moment.clock_time(zone);
            prop_assert_eq!(time.is_empty(), written.time.is_none());
            prop_assert!(moment.in_full(zone).contains(time.trim_start_matches('~')));
            prop_assert!(time.starts_with(&moment.short_time(zone)));
            prop_assert!(!moment.iso().contains('~'));
        }
    }
}
