//! How a moment is printed at each precision, also in other zones than it was typed in.

use super::*;

struct Case {
    typed: &'static str,
    /// The zone that it was typed in.
    read_in: &'static str,
    /// The zone that it is printed in.
    zone: &'static str,
    full: &'static str,
    time: &'static str,
    short: &'static str,
    iso: &'static str,
}

const CASES: &[Case] = &[
    Case {
        typed: "2025-01-14 14:23:47",
        read_in: "UTC",
        zone: "UTC",
        full: "2025-01-14 14:23:47 UTC",
        time: "14:23:47",
        short: "14:23",
        iso: "2025-01-14T14:23:47Z",
    },
    Case {
        typed: "~2025-01-14 14:23:47.9",
        read_in: "UTC",
        zone: "UTC",
        full: "~2025-01-14 14:23:47 UTC",
        time: "~14:23:47",
        short: "~14:23",
        iso: "2025-01-14T14:23:47Z",
    },
    Case {
        typed: "2025-01-14 16:30",
        read_in: "UTC",
        zone: "UTC",
        full: "2025-01-14 16:30 UTC",
        time: "16:30",
        short: "16:30",
        iso: "2025-01-14T16:30Z",
    },
    Case {
        typed: "2025-01-14 23:30",
        read_in: "UTC",
        zone: "Europe/Berlin",
        full: "2025-01-15 00:30 CET",
        time: "00:30",
        short: "00:30",
        iso: "2025-01-14T23:30Z",
    },
    Case {
        typed: "2025-07-14 14:23",
        read_in: "Europe/Berlin",
        zone: "Europe/Berlin",
        full: "2025-07-14 14:23 CEST",
        time: "14:23",
        short: "14:23",
        iso: "2025-07-14T12:23Z",
    },
    Case {
        typed: "2025-10-26T02:30+02:00",
        read_in: "UTC",
        zone: "Europe/Berlin",
        full: "2025-10-26 02:30 CEST",
        time: "02:30",
        short: "02:30",
        iso: "2025-10-26T00:30Z",
    },
    Case {
        typed: "2025-10-26T02:30+01:00",
        read_in: "UTC",
        zone: "Europe/Berlin",
        full: "2025-10-26 02:30 CET",
        time: "02:30",
        short: "02:30",
        iso: "2025-10-26T01:30Z",
    },
    Case {
        typed: "2025-01-14 14:23",
        read_in: "UTC",
        zone: "-03:30",
        full: "2025-01-14 10:53 -03:30",
        time: "10:53",
        short: "10:53",
        iso: "2025-01-14T14:23Z",
    },
    Case {
        typed: "2025-01-14 14:23",
        read_in: "UTC",
        zone: "America/Sao_Paulo",
        full: "2025-01-14 11:23 -03",
        time: "11:23",
        short: "11:23",
        iso: "2025-01-14T14:23Z",
    },
    // A date without a time is the same in every zone.
    Case {
        typed: "2025-01-14",
        read_in: "Pacific/Auckland",
        zone: "America/New_York",
        full: "2025-01-14",
        time: "",
        short: "",
        iso: "2025-01-14",
    },
    Case {
        typed: "~2025-01-14",
        read_in: "UTC",
        zone: "UTC",
        full: "~2025-01-14",
        time: "",
        short: "",
        iso: "2025-01-14",
    },
];

#[test]
fn a_moment_is_printed_as_finely_as_it_is_known() {
    for case in CASES {
        let defaults = TimeDefaults {
            day: None,
            zone: case.read_in.parse().unwrap(),
        };
        let zone: Zone = case.zone.parse().unwrap();
        let moment = defaults.resolve(&case.typed.parse().unwrap()).unwrap();
        let name = format!("{} from {} in {}", case.typed, case.read_in, case.zone);
        assert_eq!(moment.in_full(zone), case.full, "{name}");
        assert_eq!(moment.clock_time(zone), case.time, "{name}");
        assert_eq!(moment.short_time(zone), case.short, "{name}");
        assert_eq!(moment.iso(), case.iso, "{name}");
    }
}

/// Two times, and whether they are the same.
const SAME: &[(&str, &str, bool)] = &[
    ("2025-01-14 14:23:47", "2025-01-14 14:23:47", true),
    ("2025-01-14 14:23:47", "~2025-01-14 14:23:47.9", true),
    ("2025-01-14 14:23:47", "2025-01-14T15:23:47+01:00", true),
    ("2025-01-14 14:23", "2025-01-14 14:23:00", true),
    ("2025-01-14 14:23", "2025-01-14 14:23:47", false),
    ("2025-01-14 14:23:47", "2025-01-14 14:23:48", false),
    ("2025-01-14", "2025-01-14", true),
    ("2025-01-14", "2025-01-14 00:00", false),
    ("2025-01-14", "2025-01-15", false),
];

#[test]
fn two_times_that_print_alike_are_the_same() {
    for (one, other, same) in SAME {
        let moment = |text: &str| {
            TimeDefaults::default()
                .resolve(&text.parse().unwrap())
                .unwrap()
        };
        let (one_moment, other_moment) = (moment(one), moment(other));
        assert_eq!(one_moment.is_same(&other_moment), *same, "{one}, {other}");
        assert_eq!(other_moment.is_same(&one_moment), *same, "{other}, {one}");
    }
}

#[test]
fn a_time_is_as_short_as_its_timeline_allows() {
    for (zone, typed, expected) in [
        ("UTC", "14:23:47", "14:23:47"),
        ("UTC", "~14:23", "~14:23"),
        ("UTC", "2026-01-15 00:04", "2026-01-15 00:04"),
        ("UTC", "~2026-01-15 00:04", "~2026-01-15 00:04"),
        ("UTC", "2026-01-14", "2026-01-14"),
        (
            "Europe/Berlin",
            "2026-01-14T23:30:00Z",
            "2026-01-15 00:30:00",
        ),
        // The local time occurs twice.
        (
            "Europe/Berlin",
            "2026-10-25T00:30:00Z",
            "2026-10-25 02:30:00+02:00",
        ),
        (
            "Europe/Berlin",
            "2026-10-25T01:30Z",
            "2026-10-25 02:30+01:00",
        ),
    ] {
        let defaults = TimeDefaults {
            day: NaiveDate::from_ymd_opt(2026, 1, 14),
            zone: zone.parse().unwrap(),
        };
        let moment = defaults.resolve(&typed.parse().unwrap()).unwrap();
        let shortest = defaults.shortest(&moment);
        assert_eq!(shortest.to_string(), expected, "{zone} {typed}");
    }
}

#[test]
fn every_instant_is_printed_as_rfc_3339_prints_it() {
    for day in [
        "0000-01-01",
        "0999-12-31",
        "2024-02-29",
        "9999-12-31",
        "+12026-05-06",
    ] {
        let day: NaiveDate = day.parse().expect("a date");
        let at = day.and_hms_opt(7, 8, 59).expect("a time").and_utc();
        assert_eq!(rfc3339(at), at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    }
}
