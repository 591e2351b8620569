//! Every printed time is unambiguous for a reader who knows what the text announces.

use std::collections::BTreeSet;

use chrono::{Timelike, Utc};

use super::*;

fn zone(name: &str) -> Zone {
    name.parse().unwrap()
}

fn moments(typed: &[&str]) -> Vec<Moment> {
    let defaults = TimeDefaults::default();
    let read = |text: &&str| defaults.resolve(&text.parse().unwrap()).unwrap();
    typed.iter().map(read).collect()
}

/// A zone, the times of a text in UTC, and how each is printed; the first day is that of the first time.
const TEXTS: &[(&str, &[&str], &[&str])] = &[
    (
        "UTC",
        &["2025-01-14 14:23:47", "2025-01-15 00:04"],
        &["14:23:47", "2025-01-15 00:04"],
    ),
    // Clocks go back: all times show their zone.
    (
        "Europe/Berlin",
        &[
            "2025-10-25 23:30",
            "2025-10-26 00:50:10",
            "2025-10-26 01:10",
            "~2025-10-26 01:50",
        ],
        &["01:30 CEST", "02:50:10 CEST", "02:10 CET", "~02:50 CET"],
    ),
    // Clocks go forward.
    (
        "Europe/Berlin",
        &["2025-03-30 00:59", "2025-03-30 01:00"],
        &["01:59 CET", "03:00 CEST"],
    ),
    // An hour that occurred twice, even before the change.
    (
        "Europe/Berlin",
        &["2025-10-25 23:30", "2025-10-26 00:50"],
        &["01:30", "02:50 CEST"],
    ),
    // Both instants have the same abbreviation.
    (
        "Europe/Moscow",
        &["2014-10-25 21:30", "2014-10-25 22:30", "2014-10-25 23:30"],
        &["01:30 +04:00", "01:30 +03:00", "02:30 +03:00"],
    ),
    // A fraction distinguishes two times in one second; a time without one keeps its form.
    (
        "UTC",
        &[
            "2025-01-14 09:00:00",
            "2025-01-14 09:00:00.250",
            "2025-01-14 09:00:00.9",
            "2025-01-14 09:00:01.5",
            "~2025-01-14 09:00:02.0001",
            "2025-01-14 09:00:02.0002",
        ],
        &[
            "09:00:00",
            "09:00:00.250",
            "09:00:00.900",
            "09:00:01",
            "~09:00:02.000100",
            "09:00:02.000200",
        ],
    ),
    // Two identical times need none.
    (
        "UTC",
        &["2025-01-14 09:00:00.250", "2025-01-14 09:00:00.250"],
        &["09:00:00", "09:00:00"],
    ),
    // A date without a time has no zone.
    (
        "Europe/Berlin",
        &["2025-10-25", "~2025-10-27", "2025-10-27 12:00"],
        &["2025-10-25", "~2025-10-27", "2025-10-27 13:00"],
    ),
];

#[test]
fn a_time_shows_its_zone_if_the_text_does_not_announce_it() {
    for (name, typed, printed) in TEXTS {
        let times = moments(typed);
        let first = times.first().map(|first| first.day(zone(name)));
        let calendar = Calendar::from_times(zone(name), first, times.iter().copied());
        let found: Vec<String> = times.iter().map(|time| calendar.dated(time)).collect();
        assert_eq!(found, *printed, "{typed:?} in {name}");
    }
}

#[test]
fn without_an_announced_zone_or_day_a_time_shows_both() {
    let times = moments(&["2025-01-14 14:23:47"]);
    for (calendar, brief) in [
        (Calendar::new(zone("UTC")), "2025-01-14 14:23 UTC"),
        (
            Calendar::from_times(zone("UTC"), None, times.clone()),
            "2025-01-14 14:23",
        ),
    ] {
        assert_eq!(calendar.brief(&times[0]), brief);
        assert_eq!(calendar.full(&times[0]), "2025-01-14 14:23:47 UTC");
        assert_eq!(calendar.zoned(&times[0]), "2025-01-14 14:23 UTC");
    }
}

/// A zone, a time range in UTC, and how it is printed.
const SPANS: &[(&str, &str, &str, &str)] = &[
    (
        "UTC",
        "2025-01-14 09:55",
        "2025-01-14 10:10",
        "2025-01-14 09:55 to 10:10 UTC",
    ),
    (
        "UTC",
        "~2025-01-14 09:55",
        "~2025-01-14 10:10",
        "~2025-01-14 09:55 to ~10:10 UTC",
    ),
    (
        "UTC",
        "2025-01-14 23:55",
        "2025-01-15 00:10",
        "2025-01-14 23:55 UTC to 2025-01-15 00:10 UTC",
    ),
    (
        "Europe/Berlin",
        "2025-10-26 00:50",
        "2025-10-26 01:10",
        "2025-10-26 02:50 CEST to 2025-10-26 02:10 CET",
    ),
    (
        "Europe/Berlin",
        "2025-10-26 01:30",
        "2025-10-26 03:25",
        "2025-10-26 02:30 CET to 2025-10-26 04:25 CET",
    ),
    (
        "UTC",
        "2025-01-14",
        "2025-01-15 00:10",
        "2025-01-14 to 2025-01-15 00:10 UTC",
    ),
    (
        "UTC",
        "2025-01-14 09:00:00.1",
        "2025-01-14 09:00:00.2",
        "2025-01-14 09:00:00.100 to 09:00:00.200 UTC",
    ),
];

#[test]
fn a_span_prints_date_and_zone_once_if_both_ends_share_them() {
    for (name, from, to, printed) in SPANS {
        let ends = moments(&[from, to]);
        let calendar = Calendar::from_times(zone(name), None, ends.iter().copied());
        assert_eq!(calendar.span(&ends[0], &ends[1]), *printed);
    }
}

/// Returns the second of the zone's next UTC offset change, or `None` if it is not within two years.
fn next_change(zone: Zone, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let is_same = |at: DateTime<Utc>| zone.offset(at) == zone.offset(from);
    let mut late = (1..=2 * 53).map(|weeks| from + TimeDelta::weeks(weeks));
    let (mut early, mut late) = (from, late.find(|at| !is_same(*at))?);
    while late - early > TimeDelta::seconds(1) {
        let middle = early + (late - early) / 2;
        let middle = middle.with_nanosecond(0).unwrap();
        if is_same(middle) && middle > early {
            early = middle;
        } else {
            late = middle;
        }
    }
    Some(late)
}

/// Returns the instants that a printed time can mean for a reader who knows the first day and the announced zone.
fn named(
    zone: Zone,
    calendar: &Calendar,
    announced: FixedOffset,
    printed: &str,
) -> Vec<DateTime<Utc>> {
    let parts: Vec<&str> = printed.trim_start_matches('~').split(' ').collect();
    let (day, time, word) = match parts.as_slice() {
        [day, time, word] => (day.parse().unwrap(), *time, Some(*word)),
        [day, time] if day.len() == 10 => (day.parse().unwrap(), *time, None),
        [time, word] => (calendar.first_day().unwrap(), *time, Some(*word)),
        [time] => (calendar.first_day().unwrap(), *time, None),
        _ => panic!("{printed}"),
    };
    let time = time.parse::<NaiveTime>().unwrap();
    let local = day.and_time(time);
    let abbreviation = |at: &DateTime<Utc>| match zone {
        Zone::Fixed(_) => zone.to_string(),
        Zone::Named(tz) => at.with_timezone(&tz).format("%Z").to_string(),
    };
    if let Zone::Fixed(offset) = zone {
        return vec![(local - offset).and_utc()];
    }
    // All UTC offsets that have existed since 1973.
    let steps = -15 * 12..=15 * 12;
    let all = steps.map(|step| local.and_utc() + TimeDelta::minutes(5 * step));
    let is_it = |at: &DateTime<Utc>| zone.wall_clock(*at) == local;
    let is_named = |at: &DateTime<Utc>| match word {
        Some(word) => abbreviation(at) == word || Zone::Fixed(zone.offset(*at)).to_string() == word,
        None => !calendar.varies() && zone.offset(*at) == announced,
    };
    all.filter(|at| is_it(at) && is_named(at)).collect()
}

fn around_a_change() -> impl Strategy<Value = (Zone, DateTime<Utc>)> {
    let from = NaiveDate::from_ymd_opt(1973, 1, 1).unwrap();
    let from = from.and_time(NaiveTime::MIN).and_utc();
    (any_zone(), 0..20_000_i64).prop_map(move |(zone, days)| {
        let from = from + TimeDelta::days(days);
        (zone, next_change(zone, from).unwrap_or(from))
    })
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn a_printed_time_names_one_moment(
        (zone, change) in around_a_change(),
        away in prop::collection::vec((-9_000..9_000_i64, 0..3_u32, any::<bool>()), 1..6),
        far in 0..400_i64,
    ) {
        let mut times: Vec<Moment> = away
            .iter()
            .map(|(seconds, fraction, to_second)| {
                let at = change + TimeDelta::seconds(*seconds);
                let minute = at - TimeDelta::seconds(i64::from(at.second()));
                let fraction = TimeDelta::milliseconds(i64::from(*fraction) * 250);
                Moment {
                    at: if *to_second { at + fraction } else { minute },
                    precision: if *to_second { Precision::Second } else { Precision::Minute },
                    about: false,
                    latest: None,
                }
            })
            .collect();
        let first = times[0].day(zone);
        let calendar = Calendar::from_times(zone, Some(first), times.iter().copied());
        let announced = zone.offset(times[0].at);
        // Another time that is printed with them, such as that of a message.
        let other = Moment {
            at: change + TimeDelta::days(far - 200),
            precision: Precision::Minute,
            about: false,
            latest: None,
        };
        times.push(other);
        let mut texts = BTreeSet::new();
        for time in &times {
            for printed in [calendar.dated(time), calendar.full(time), calendar.zoned(time)] {
                let found = named(zone, &calendar, announced, &printed);
                prop_assert_eq!(found.len(), 1, "{} in {} is {:?}", printed, zone, found);
                let cut = (time.at - found[0]).num_seconds();
                prop_assert!((0..60).contains(&cut), "{} in {}", printed, zone);
                prop_assert!(cut == 0 || printed == calendar.zoned(time));
            }
            let seconds = time.precision == Precision::Second;
            texts.insert((calendar.dated(time), seconds));
        }
        let apart: BTreeSet<_> = times
            .iter()
            .map(|time| (time.at, time.precision == Precision::Second))
            .collect();
        prop_assert_eq!(texts.len(), apart.len(), "{:?}", texts);
    }
}
