//! Numbers are as precise as the times that they are computed from.

use super::*;

/// A start, an end, and the duration between them.
const LENGTHS: &[(&str, &str, &str)] = &[
    ("14:23:00", "14:23:47", "47 seconds"),
    ("14:23:47", "14:23:47", "0 seconds"),
    ("14:23:00.9", "14:23:47.1", "47 seconds"),
    ("14:23:47.9", "14:23:47.1", "0 seconds"),
    // In minutes if one is typed in minutes: both are truncated.
    ("14:23:47", "14:40", "17 minutes"),
    ("14:23", "14:40:59", "17 minutes"),
    ("14:23", "14:40", "17 minutes"),
    ("14:23", "14:24", "1 minute"),
    ("14:23:59", "14:24", "1 minute"),
    ("14:23", "14:23", "less than a minute"),
    ("14:23", "14:23:47", "less than a minute"),
    ("14:23:47", "14:23", "less than a minute"),
    ("14:23", "15:23", "1 hour"),
    ("14:24", "14:23:59", "invalid"),
    ("14:23:47", "14:22", "invalid"),
    // In days and approximate if one is a date without a time.
    ("2025-01-14", "2025-01-14", "less than a day"),
    ("2025-01-14", "2025-01-14 23:59", "less than a day"),
    ("14:23:47", "2025-01-14", "less than a day"),
    ("2025-01-14 23:59", "2025-01-15", "about 1 day"),
    ("2025-01-14", "2025-01-17 14:23:47", "about 3 days"),
    ("2025-02-28", "2025-03-01", "about 1 day"),
    ("2024-02-28", "2024-03-01", "about 2 days"),
    ("2025-01-14", "2025-01-13 23:59", "invalid"),
    ("0001-01-01", "9999-12-31", "about 3,652,058 days"),
    // Approximate if one is approximate.
    ("~14:23:00", "14:23:47", "about 47 seconds"),
    ("14:23", "~14:40", "about 17 minutes"),
    ("~14:23", "14:23", "less than a minute"),
    ("~14:23:47", "14:23:47", "about 0 seconds"),
    ("~2025-01-14", "2025-01-14", "less than a day"),
    ("~14:24", "14:23", "invalid"),
];

#[test]
fn a_length_is_as_fine_as_the_coarser_of_its_ends() {
    for (from, to, expect) in LENGTHS {
        let timeline = [
            &*format!("{from} = detected"),
            &*format!("{to} = acknowledged"),
        ];
        let facts = facts("", &timeline);
        let fact = facts.response_metric("time_to_acknowledge").unwrap();
        assert_eq!(printed(fact), *expect, "{from} to {to}");
    }
}

#[test]
fn days_are_counted_in_the_zone_of_the_report() {
    let timeline = &[
        "2025-01-14 = detected",
        "2025-01-14T23:30:00Z = acknowledged",
    ];
    check(&("", timeline, &[("time_to_acknowledge", "less than a day")]));
    check(&(
        "timezone = '+02:00'",
        timeline,
        &[("time_to_acknowledge", "about 1 day")],
    ));
}

#[test]
fn an_event_that_is_about_makes_about_numbers() {
    let mut record = record("", &["14:23:00 = detected", "14:23:47 = acknowledged"]);
    record.timeline.events[1].approx = true;
    let facts = Facts::compute(&record, &Config::default());
    let fact = facts.response_metric("time_to_acknowledge").map(printed);
    assert_eq!(fact.as_deref(), Some("about 47 seconds"));
}

fn any_written() -> impl Strategy<Value = String> {
    let form = select(&["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"][..]);
    (0..200_000_i64, form).prop_map(|(second, form)| {
        let start = NaiveDate::from_ymd_opt(2025, 1, 14)
            .unwrap()
            .and_time(chrono::NaiveTime::MIN);
        (start + TimeDelta::seconds(second))
            .format(form)
            .to_string()
    })
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn one_of_two_moments_is_not_before_the_other(one in any_written(), other in any_written()) {
        let length = |from: &str, to: &str| {
            let facts = facts("", &[&format!("{from} = detected"), &format!("{to} = acknowledged")]);
            facts.response_metric("time_to_acknowledge").and_then(|fact| fact.length)
        };
        match (length(&one, &other), length(&other, &one)) {
            (None, None) => prop_assert!(false, "neither {} nor {} is first", one, other),
            (Some(there), Some(back)) => prop_assert_eq!((there.seconds, back.seconds), (0, 0)),
            (Some(length), None) | (None, Some(length)) => {
                prop_assert!(length.seconds > 0);
                let unit = match length.unit { Unit::Second => 1, Unit::Minute => 60, Unit::Day => 86_400 };
                prop_assert_eq!(length.seconds % unit, 0, "a length is in whole units");
            }
        }
    }
}
