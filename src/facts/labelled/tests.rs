use super::*;
use crate::moment::{TimeDefaults, Written};

#[test]
fn durations_are_parsed_in_common_notations() {
    let cases = [
        ("47 seconds", Some(47)),
        ("44 minutes 35 seconds", Some(2675)),
        ("1m 51s", Some(111)),
        ("2h", Some(7200)),
        ("1 hour and 5 min", Some(3900)),
        ("about 2 days", Some(172_800)),
        ("~5m", Some(300)),
        ("5", None),
        ("soon", None),
        ("minutes", None),
        ("", None),
        ("99999999999999999999 d", None),
    ];
    for (text, expected) in cases {
        assert_eq!(seconds(text), expected, "{text}");
    }
}

#[test]
fn durations_are_parsed_in_other_languages() {
    let cases = [
        ("45 Minuten", Some(2_700)),
        ("1 Std. 5 Min.", Some(3_900)),
        ("1 Stunde und 5 Minuten", Some(3_900)),
        ("1,5 Stunden", Some(5_400)),
        ("2 heures 10 minutes", Some(7_800)),
        ("3 horas y 2 minutos", Some(10_920)),
        ("1時間5分", Some(3_900)),
        ("45分", Some(2_700)),
        ("1,500 minutes", Some(90_000)),
        ("Minuten", None),
    ];
    for (text, expected) in cases {
        assert_eq!(seconds(text), expected, "{text}");
    }
}

#[test]
fn labelled_durations_are_parsed_from_lines_items_and_rows() {
    let words = toml::from_str::<Words>(include_str!("../labelled.toml")).expect("labels");
    let counts = words.counts.values().chain(words.bare_counts.values());
    for label in words.labels.values().chain(counts).flatten() {
        // An apostrophe joins two words: `l'incident` is `lincident`.
        let is_elided = label.split(' ').any(|word| matches!(word, "d" | "l"));
        assert!(*label == folded(label) && !is_elided, "{label}");
    }
    for line in [
        "Duration: 45 min",
        "**Duration:** 45 min",
        "- **Duration**: 45 min",
        "* Duration: 45 min",
        "> Duration: 45 min",
        "| Duration | 45 min |",
        "| **Duration:** | 45 min |",
    ] {
        let found = parse(line).map(|found| (found.label, found.value));
        assert_eq!(found, Some(("Duration", "45 min")), "{line}");
    }
    for line in [
        "Duration",
        "| Duration | 45 min | 50 min |",
        "Owner: Lena",
        "",
    ] {
        assert_eq!(parse(line), None, "{line}");
    }
}

#[test]
fn a_duration_differs_if_no_two_times_are_as_far_apart() {
    let at = |text: &str| {
        let written: Written = text.parse().expect("a time");
        TimeDefaults::default().resolve(&written).expect("a moment")
    };
    let marks = [
        (Mark::ImpactStarted, "2026-03-04T09:00:00Z"),
        (Mark::Detected, "2026-03-04T09:10:00Z"),
        (Mark::Resolved, "2026-03-04T10:00:00Z"),
    ];
    let times = RecordedTimes {
        marks: marks.map(|(mark, text)| (mark, (at(text), true))).into(),
        ..RecordedTimes::default()
    };
    let differing = |line: &str| {
        let stated = parse(line).expect("a labelled duration");
        differs(stated, &times, Zone::default()).map(|found| found.computed)
    };
    for line in [
        "Duration: 1h",
        "Dauer: 60 Minuten",
        "TTD: 10 min",
        "TTR: 50m",
        "Duration: ~55 min",
    ] {
        assert_eq!(differing(line), None, "{line}");
    }
    for line in [
        // `1:00` may be an hour.
        "Duration: 1:00",
        "Duration: 1:00:00",
        "Duration: PT1H",
        "Duration: 1 hour, 0 minutes",
        "Duration: 60 minutes (09:00 - 10:00 UTC)",
        // They state several durations, or that of something else.
        "Duration: 20 minutes (web), 3 hours (API)",
        "Duration: 20 minutes, 3 hours in total",
        "Time to detect: 45 minutes (target)",
        "Time to resolve: 3 hours (30-day average)",
    ] {
        assert_eq!(differing(line), None, "{line}");
    }
    for line in [
        "Duration: 1 hour, 44 minutes",
        "Duration: 1:44",
        "Duration: 1:44:00",
        "Durée : 2h30",
        "Durée de l'incident : 2 h 30",
        "**Durée de l'incident** : 2\u{a0}h\u{202f}17\u{a0}min",
        "**Total duration of the incident**: 2 hours & 30 minutes",
        "Time to resolve (TTR): 3h",
        "Duration: 2½ hours",
        "Duration: PT2H30M",
        "Duration: 2 hours 30 minutes (in total)",
        "Duration: 2 days, 11 hours",
        "Duration (minutes): 105",
        "**Minutes of downtime:** 105",
        "**How long did it last?** 1 hour 45 minutes",
        "Time To Resolve (TTR) = 105 minutes",
        "TTR - 105 minutes",
        "Time from start to resolution: 105 minutes",
        "Duration: 1:45 h",
        "Duration: 2 hours",
        "Duration: 2 1/2 hours",
    ] {
        assert!(differing(line).is_some(), "{line}");
    }
    assert_eq!(differing("Duration: 2h 10m").as_deref(), Some("1 hour"));
    assert_eq!(
        differing("Dauer: 45 Minuten").as_deref(),
        Some("50 minutes")
    );
    assert_eq!(differing("障害時間: 35分").as_deref(), Some("50 minutes"));
    assert_eq!(differing("TTD: 25 min").as_deref(), Some("10 minutes"));
}
