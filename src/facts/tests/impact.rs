//! The windows in which users were affected.

use super::*;

/// A timeline, its windows, and the customer impact that is their sum.
const WINDOWS: &[(&[&str], &[&str], &str)] = &[
    (&[], &[], "pending"),
    (&["14:23:00 = impact_started"], &["14:23:00–"], "pending"),
    (
        &["14:23:00 = impact_started", "14:55:33 = impact_ended"],
        &["14:23:00–14:55:33 32m 33s"],
        "32 minutes 33 seconds",
    ),
    (
        &["14:55:33 = impact_ended", "14:23:00 = impact_started"],
        &["14:23:00–14:55:33 32m 33s"],
        "32 minutes 33 seconds",
    ),
    (
        &["14:23:00 / 14:55:33 = impact_started impact_ended"],
        &["14:23:00–14:55:33 32m 33s"],
        "32 minutes 33 seconds",
    ),
    // Impact that came back.
    (
        &[
            "14:23:00 = impact_started",
            "14:30:00 = impact_ended",
            "14:40:10 = impact_started",
            "14:41:00 = impact_ended",
        ],
        &["14:23:00–14:30:00 7m", "14:40:10–14:41:00 50s"],
        "7 minutes 50 seconds",
    ),
    (
        &[
            "14:23 / 14:30 = impact_started impact_ended",
            "14:40 / 14:41 = impact_started impact_ended",
            "14:50 / 14:52 = impact_started impact_ended",
        ],
        &["14:23–14:30 7m", "14:40–14:41 1m", "14:50–14:52 2m"],
        "10 minutes",
    ),
    (
        &[
            "14:23 = impact_started",
            "14:30 = impact_ended",
            "14:40 = impact_started",
            "15:08 = ended",
        ],
        &["14:23–14:30 7m", "14:40–"],
        "not recorded",
    ),
    (
        &[
            "~14:23 / 14:30 = impact_started impact_ended",
            "14:40 / 14:41 = impact_started impact_ended",
        ],
        &["~14:23–14:30 ~7m", "14:40–14:41 1m"],
        "about 8 minutes",
    ),
    (
        &[
            "14:23 = impact_started",
            "14:30 = impact_ended",
            "14:40 = impact_started",
        ],
        &["14:23–14:30 7m", "14:40–"],
        "pending",
    ),
    // Windows without a duration, and adjacent windows.
    (
        &[
            "14:00:00 / 14:00:00 = impact_started impact_ended",
            "14:00:00 / 14:10:00 = impact_started impact_ended",
        ],
        &["14:00:00–14:00:00 0s", "14:00:00–14:10:00 10m"],
        "10 minutes",
    ),
    // Times too coarse to decide which was first: a start is before its end.
    (
        &["14:23:47 = impact_started", "14:23 = impact_ended"],
        &["14:23:47–14:23 < 1m"],
        "less than a minute",
    ),
    (
        &["14:23:47 = impact_started", "2025-01-14 = impact_ended"],
        &["14:23:47–2025-01-14 < 1d"],
        "less than a day",
    ),
    (
        &["2025-01-14 = impact_ended", "2025-01-14 = impact_started"],
        &["2025-01-14–2025-01-14 < 1d"],
        "less than a day",
    ),
    (
        &["14:23 = impact_ended impact_started"],
        &["14:23–14:23 < 1m"],
        "less than a minute",
    ),
    (
        &[
            "14:20 = impact_started",
            "14:30:00 = impact_started",
            "14:30:00 = impact_ended",
            "14:40 = impact_ended",
        ],
        &["14:20–14:30:00 10m", "14:30:00–14:40 10m"],
        "20 minutes",
    ),
    (
        &[
            "14:20:30 = impact_started",
            "14:20 = impact_ended",
            "14:20:50 = impact_started",
            "14:22 = impact_ended",
        ],
        &["14:20:30–14:20 < 1m", "14:20:50–14:22 2m"],
        "2 minutes",
    ),
    (
        &[
            "10:00 / 11:00 = impact_started impact_ended",
            "15:00 / 2025-01-14 = impact_started impact_ended",
        ],
        &["10:00–11:00 1h", "15:00–2025-01-14 < 1d"],
        "less than a day",
    ),
    (
        &[
            "2025-01-14 / 10:00 = impact_started impact_ended",
            "12:00 / 2025-01-14 = impact_started impact_ended",
        ],
        &["2025-01-14–10:00 < 1d", "12:00–2025-01-14 < 1d"],
        "less than a day",
    ),
    // An end before its start has no duration; a second start or end in a row adds nothing.
    (
        &["14:20:00 = impact_ended", "14:23:00 = impact_started"],
        &["14:23:00–"],
        "invalid",
    ),
    (
        &[
            "14:20 = impact_started",
            "14:21 = impact_started",
            "14:30 = impact_ended",
        ],
        &["14:20–14:30 10m"],
        "10 minutes",
    ),
    (
        &[
            "14:20 = impact_started",
            "14:30 = impact_ended",
            "14:35 = impact_ended",
        ],
        &["14:20–14:30 10m"],
        "10 minutes",
    ),
    (&["14:30 = impact_ended"], &[], "not recorded"),
    // A sum is as precise as the coarsest of its windows, and approximate if one of them is.
    (
        &[
            "14:23 / 14:23 = impact_started impact_ended",
            "14:40:00 / 14:41:30 = impact_started impact_ended",
        ],
        &["14:23–14:23 < 1m", "14:40:00–14:41:30 1m 30s"],
        "1 minute",
    ),
    (
        &[
            "2025-01-14 / 2025-01-16 = impact_started impact_ended",
            "2025-01-17 10:00 / 2025-01-17 14:00 = impact_started impact_ended",
        ],
        &["2025-01-14–2025-01-16 ~2d", "10:00–14:00 4h"],
        "about 2 days",
    ),
];

fn windows(facts: &Facts) -> Vec<String> {
    let time = |end: &Endpoint| match end.moment.clock_time(Zone::default()) {
        time if time.is_empty() => end.moment.iso(),
        time => time,
    };
    let window = |window: &Window| {
        let to = window.to.as_ref().map_or_else(String::new, time);
        let length = window
            .length
            .map_or_else(String::new, |length| format!(" {}", length.short()));
        format!("{}–{to}{length}", time(&window.from))
    };
    facts.windows.iter().map(window).collect()
}

#[track_caller]
fn check_windows(timeline: &[&str], expect: &[&str], impact: &str) {
    let facts = facts("", timeline);
    assert_eq!(windows(&facts), expect, "{timeline:?}");
    let fact = facts.response_metric("customer_impact").map(printed);
    assert_eq!(fact.as_deref(), Some(impact), "{timeline:?}");
}

#[test]
fn impact_is_the_sum_of_its_windows() {
    for (timeline, expect, impact) in WINDOWS {
        check_windows(timeline, expect, impact);
    }
}

#[test]
fn a_window_that_ends_before_it_starts_in_the_zone_of_the_report_is_invalid() {
    let timeline = &[
        "10:00 / 11:00 = impact_started impact_ended",
        "2025-01-14T23:30Z = impact_started",
        "2025-01-14 = impact_ended",
    ];
    check(&("", timeline, &[("customer_impact", "less than a day")]));
    let zone = "timezone = '+02:00'";
    check(&(zone, timeline, &[("customer_impact", "invalid")]));
}

/// The status, the recorded end of a window, and the state of the window.
const STATES: &[(&str, &str, State)] = &[
    ("", "", State::Pending),
    ("status = 'monitoring'", "", State::Pending),
    ("status = 'closed'", "", State::NotRecorded),
    ("", "14:30 = impact_ended", State::Recorded),
    ("status = 'closed'", "14:23 = impact_ended", State::Recorded),
    (
        "timezone = '+14:00'",
        "2025-01-14 = impact_ended",
        State::Invalid,
    ),
];

#[test]
fn a_window_says_why_it_has_no_length() {
    for (incident, end, expect) in STATES {
        let lines = ["14:23 = impact_started", end];
        let timeline = if end.is_empty() { &lines[..1] } else { &lines };
        let facts = facts(incident, timeline);
        let window = facts.windows.first().unwrap();
        assert_eq!(window.state(facts.status), *expect, "{incident} {end}");
        assert_eq!(window.length.is_some(), *expect == State::Recorded);
        assert_eq!(
            facts.response_metric("customer_impact").unwrap().state,
            *expect
        );
    }
}

fn any_windows() -> impl Strategy<Value = Vec<String>> {
    let form = select(&["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"][..]);
    let turn = (60..90_000_i64, form);
    proptest::collection::vec(turn, 0..9).prop_map(|turns| {
        let start = NaiveDate::from_ymd_opt(2025, 1, 14)
            .unwrap()
            .and_time(chrono::NaiveTime::MIN);
        let mut second = 0;
        let mut lines = Vec::new();
        for (index, (after, form)) in turns.iter().enumerate() {
            second += after;
            let at = (start + TimeDelta::seconds(second)).format(form);
            let mark = if index % 2 == 0 {
                "impact_started"
            } else {
                "impact_ended"
            };
            lines.push(format!("{at} = {mark}"));
        }
        lines
    })
}

proptest! {
    #![proptest_config(laws())]

    #[test]
    fn the_windows_add_up_to_the_impact(lines in any_windows()) {
        let timeline: Vec<&str> = lines.iter().map(String::as_str).collect();
        let facts = facts("", &timeline);
        prop_assert_eq!(facts.windows.len(), lines.len().div_ceil(2));
        let fact = facts.response_metric("customer_impact").unwrap();
        let sum = facts.windows.iter().map(|window| window.length).reduce(|sum, next| Some(sum?.plus(next?)));
        prop_assert_eq!(fact.length, sum.flatten());
        prop_assert_eq!(fact.length.is_some(), lines.len() % 2 == 0 && !lines.is_empty());
    }
}
