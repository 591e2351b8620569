//! How durations and counts are printed.

use chrono::{DateTime, TimeDelta};

use super::*;
use crate::moment::Latest;

/// A duration, its long form and its short form.
const PRINTED: &[(i64, Unit, &str, &str)] = &[
    (0, Unit::Second, "0 seconds", "0s"),
    (1, Unit::Second, "1 second", "1s"),
    (47, Unit::Second, "47 seconds", "47s"),
    (60, Unit::Second, "1 minute", "1m"),
    (61, Unit::Second, "1 minute 1 second", "1m 1s"),
    (111, Unit::Second, "1 minute 51 seconds", "1m 51s"),
    (2675, Unit::Second, "44 minutes 35 seconds", "44m 35s"),
    (3600, Unit::Second, "1 hour", "1h"),
    (3601, Unit::Second, "1 hour 1 second", "1h 1s"),
    (
        7572,
        Unit::Second,
        "2 hours 6 minutes 12 seconds",
        "2h 6m 12s",
    ),
    (86_400, Unit::Second, "1 day", "1d"),
    (
        90_061,
        Unit::Second,
        "1 day 1 hour 1 minute 1 second",
        "1d 1h 1m 1s",
    ),
    (86_400_000, Unit::Second, "1,000 days", "1000d"),
    (0, Unit::Minute, "less than a minute", "< 1m"),
    (60, Unit::Minute, "1 minute", "1m"),
    (1020, Unit::Minute, "17 minutes", "17m"),
    (86_460, Unit::Minute, "1 day 1 minute", "1d 1m"),
    (0, Unit::Day, "less than a day", "< 1d"),
    (86_400, Unit::Day, "1 day", "1d"),
    (345_600, Unit::Day, "4 days", "4d"),
    // The sum of durations that are known to different units.
    (30, Unit::Minute, "less than a minute", "< 1m"),
    (90, Unit::Minute, "1 minute", "1m"),
    (93_599, Unit::Minute, "1 day 1 hour 59 minutes", "1d 1h 59m"),
    (86_399, Unit::Day, "less than a day", "< 1d"),
    (183_600, Unit::Day, "2 days", "2d"),
];

#[test]
fn a_length_is_every_unit_that_is_not_zero() {
    for (seconds, unit, words, short) in PRINTED {
        let length = Length {
            seconds: *seconds,
            unit: *unit,
            about: false,
            most: None,
        };
        assert_eq!(length.long(), *words);
        assert_eq!(length.to_string(), *words);
        assert_eq!(length.short(), *short);
    }
}

#[test]
fn a_length_that_is_about_says_so() {
    let about = |seconds, unit| Length {
        seconds,
        unit,
        about: true,
        most: None,
    };
    let both = |length: Length| (length.to_string(), length.short());
    let pair = |words: &str, short: &str| (words.to_owned(), short.to_owned());
    assert_eq!(
        both(about(111, Unit::Second)),
        pair("about 1 minute 51 seconds", "~1m 51s")
    );
    assert_eq!(
        both(about(1020, Unit::Minute)),
        pair("about 17 minutes", "~17m")
    );
    assert_eq!(both(about(86_400, Unit::Day)), pair("about 1 day", "~1d"));
    assert_eq!(both(about(0, Unit::Second)), pair("about 0 seconds", "~0s"));
    assert_eq!(
        both(about(0, Unit::Minute)),
        pair("less than a minute", "< 1m")
    );
    assert_eq!(both(about(0, Unit::Day)), pair("less than a day", "< 1d"));
}

/// The shortest and the longest duration, their unit, whether they are approximate, and how they are printed.
const RANGES: &[(i64, i64, Unit, bool, &str, &str)] = &[
    (
        777_600,
        1_382_400,
        Unit::Day,
        false,
        "9 to 16 days",
        "9d to 16d",
    ),
    (86_400, 172_800, Unit::Day, false, "1 to 2 days", "1d to 2d"),
    (0, 1_382_400, Unit::Day, false, "up to 16 days", "up to 16d"),
    (0, 1_382_400, Unit::Day, true, "up to 16 days", "up to ~16d"),
    (
        777_600,
        1_382_400,
        Unit::Day,
        true,
        "about 9 to 16 days",
        "~9d to ~16d",
    ),
    (
        2_640,
        4_200,
        Unit::Minute,
        false,
        "44 minutes to 1 hour 10 minutes",
        "44m to 1h 10m",
    ),
    (
        60,
        65,
        Unit::Second,
        false,
        "1 minute to 1 minute 5 seconds",
        "1m to 1m 5s",
    ),
    // Both are the same minute.
    (60, 90, Unit::Minute, false, "1 minute", "1m"),
    (10, 40, Unit::Minute, false, "less than a minute", "< 1m"),
];

#[test]
fn a_length_between_two_bounds_prints_both() {
    for (seconds, most, unit, about, words, short) in RANGES {
        let length = Length {
            seconds: *seconds,
            unit: *unit,
            about: *about,
            most: Some(*most),
        };
        assert_eq!(length.to_string(), *words);
        assert_eq!(length.short(), *short);
    }
}

/// A duration, and how many minutes into the incident that was.
const MINUTES: &[(i64, Unit, bool, &str)] = &[
    (0, Unit::Second, false, "less than a minute"),
    (59, Unit::Second, true, "less than a minute"),
    (60, Unit::Second, false, "1 minute"),
    (1079, Unit::Second, false, "17 minutes"),
    (1020, Unit::Minute, false, "17 minutes"),
    (1020, Unit::Minute, true, "about 17 minutes"),
    (7_259, Unit::Second, false, "120 minutes"),
    (7_260, Unit::Second, false, "2 hours 1 minute"),
    (41_675, Unit::Second, false, "11 hours 34 minutes"),
    (41_640, Unit::Minute, true, "about 11 hours 34 minutes"),
    (90_000, Unit::Second, false, "1 day 1 hour"),
    (0, Unit::Minute, false, "less than a minute"),
    // A duration in days is never printed in minutes.
    (0, Unit::Day, true, "less than a day"),
    (172_800, Unit::Day, true, "about 2 days"),
];

#[test]
fn minutes_into_an_incident_are_whole_and_no_finer_than_known() {
    for (seconds, unit, about, expect) in MINUTES {
        let length = Length {
            seconds: *seconds,
            unit: *unit,
            about: *about,
            most: None,
        };
        assert_eq!(length.in_minutes(), *expect);
    }
}

/// A count with separators, and of minutes.
const COUNTS: &[(i64, &str, &str)] = &[
    (0, "0", "0 minutes"),
    (1, "1", "1 minute"),
    (2, "2", "2 minutes"),
    (999, "999", "999 minutes"),
    (1000, "1,000", "1,000 minutes"),
    (1247, "1,247", "1,247 minutes"),
    (999_999, "999,999", "999,999 minutes"),
    (1_000_000, "1,000,000", "1,000,000 minutes"),
    (-1, "-1", "-1 minutes"),
    (-999, "-999", "-999 minutes"),
    (-1000, "-1,000", "-1,000 minutes"),
    (
        i64::MAX,
        "9,223,372,036,854,775,807",
        "9,223,372,036,854,775,807 minutes",
    ),
    (
        i64::MIN,
        "-9,223,372,036,854,775,808",
        "-9,223,372,036,854,775,808 minutes",
    ),
];

#[test]
fn counts_have_separators_and_one_is_singular() {
    for (count, digits, minutes) in COUNTS {
        assert_eq!(separated(*count), *digits);
        assert_eq!(counted(*count, "minute"), *minutes);
    }
}

/// Parses a printed duration back to seconds.
fn seconds_of(words: &str) -> Option<i64> {
    let mut seconds = 0;
    let mut words = words.split(' ');
    while let (Some(count), Some(unit)) = (words.next(), words.next()) {
        let unit = match unit.trim_end_matches('s') {
            "day" => 86_400,
            "hour" => 3_600,
            "minute" => 60,
            "second" => 1,
            _ => return None,
        };
        seconds += count.replace(',', "").parse::<i64>().ok()? * unit;
    }
    Some(seconds)
}

fn any_length() -> impl Strategy<Value = Length> {
    let unit = select(&[Unit::Second, Unit::Minute, Unit::Day][..]);
    let count = prop_oneof![0..400_i64, 0..4_000_000_i64];
    (count, unit, any::<bool>()).prop_map(|(count, unit, about)| {
        let seconds = match unit {
            Unit::Second => count,
            Unit::Minute => count * 60,
            Unit::Day => count * 86_400,
        };
        Length {
            seconds,
            unit,
            about,
            most: None,
        }
    })
}

/// Any time to the second or to the minute.
fn any_point() -> impl Strategy<Value = Moment> {
    let precision = select(&[Precision::Second, Precision::Minute][..]);
    (0..500_000_i64, precision).prop_map(|(seconds, precision)| Moment {
        at: DateTime::from_timestamp(seconds, 0).unwrap(),
        precision,
        about: false,
        latest: None,
    })
}

/// Any range, with a time of it.
fn any_range() -> impl Strategy<Value = (Moment, Moment)> {
    (any_point(), 1..500_i64, 0..500_i64).prop_map(|(first, longer, into)| {
        let later = |minutes: i64| first.at + TimeDelta::minutes(minutes);
        let latest = Some(Latest {
            at: later(longer),
            precision: first.precision,
        });
        let inside = Moment {
            at: later(into.min(longer)),
            ..first
        };
        (Moment { latest, ..first }, inside)
    })
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn every_duration_between_two_ranges_is_within_their_bounds(
        (from, first) in any_range(),
        (to, last) in any_range(),
    ) {
        let zone = Zone::default();
        let bounds = between(&from, &to, zone);
        if let Some(exact) = between(&first, &last, zone) {
            let bounds = bounds.expect("a range in which the end can be after the start");
            prop_assert!((bounds.seconds..=bounds.longest()).contains(&exact.seconds));
            prop_assert_eq!(bounds.unit, exact.unit);
        }
        // Both bounds are reached, unless the end can be before the start.
        let longest = between(&from.first(), &to.last(), zone);
        prop_assert_eq!(bounds.map(Length::longest), longest.map(|length| length.seconds));
        let shortest = between(&from.last(), &to.first(), zone);
        prop_assert_eq!(
            bounds.map(|bounds| bounds.seconds),
            longest.map(|_| shortest.map_or(0, |length| length.seconds))
        );
    }

    #[test]
    fn the_bounds_of_a_sum_are_the_sums_of_the_bounds(
        lengths in proptest::collection::vec((any_range(), any_range()), 1..5),
    ) {
        let lengths = lengths.into_iter();
        let lengths = lengths.filter_map(|((from, _), (to, _))| between(&from, &to, Zone::default()));
        let lengths: Vec<Length> = lengths.collect();
        if let Some(sum) = lengths.iter().copied().reduce(Length::plus) {
            let total = |bound: fn(&Length) -> i64| lengths.iter().map(bound).sum::<i64>();
            prop_assert_eq!(sum.seconds, total(|length| length.seconds));
            prop_assert_eq!(sum.longest(), total(|length| length.longest()));
        }
    }

    #[test]
    fn the_long_form_parses_back_to_its_seconds(length in any_length()) {
        let words = length.long();
        if words.starts_with("less than") {
            prop_assert_eq!(length.known(), 0);
        } else {
            prop_assert_eq!(seconds_of(&words), Some(length.known()));
        }
    }

    #[test]
    fn the_short_form_abbreviates_the_long_form(length in any_length()) {
        if !length.long().starts_with("less than") {
            let words = length.long().replace(',', "");
            let abbreviated = words.split(' ').enumerate().map(|(index, word)| {
                let most = if index % 2 == 0 { word.len() } else { 1 };
                word.chars().take(most).collect::<String>()
            });
            let short = abbreviated.collect::<Vec<_>>();
            let short: Vec<String> = short.chunks(2).map(<[String]>::concat).collect();
            let about = if length.about { "~" } else { "" };
            prop_assert_eq!(length.short(), format!("{about}{}", short.join(" ")));
        }
    }

    #[test]
    fn the_order_of_adding_lengths_does_not_matter(
        one in any_length(),
        two in any_length(),
        three in any_length(),
    ) {
        prop_assert_eq!(one.plus(two).plus(three), one.plus(two.plus(three)));
        prop_assert_eq!(one.plus(two), two.plus(one));
    }

    #[test]
    fn a_sum_is_as_coarse_as_its_coarsest_part(one in any_length(), two in any_length()) {
        let sum = one.plus(two);
        let words = sum.long();
        match sum.unit {
            Unit::Second => prop_assert_eq!(seconds_of(&words), Some(one.seconds + two.seconds)),
            Unit::Minute => prop_assert!(!words.contains("second"), "{}", words),
            Unit::Day => {
                prop_assert!(!words.contains("hour") && !words.contains("second"), "{}", words);
                prop_assert!(!words.contains("minute"), "{}", words);
            }
        }
        prop_assert_eq!(sum.about, one.about || two.about);
    }
}
