use super::*;
use crate::moment::{TimeDefaults, Written};
use crate::timeline::Mark;

fn labels() -> Labels {
    Labels::default()
}

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
        assert_eq!(labels().seconds(text), expected, "{text}");
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
        ("45Minuten", Some(2_700)),
        ("3 j", Some(259_200)),
        ("2 Wochen", Some(1_209_600)),
        ("2h30", Some(9_000)),
        ("Minuten", None),
    ];
    for (text, expected) in cases {
        assert_eq!(labels().seconds(text), expected, "{text}");
    }
}

#[test]
fn every_text_with_a_label_passes_the_fast_test() {
    for text in [
        "Duration: 45 min",
        "**Duration:** 45 min",
        "| Duration | 45 min |",
        "Duration = 45 min",
        "TTR - 90 minutes",
        "Dauer – 90 Minuten",
        "How long did it last? 2 hours",
        "**How long did it last?** 2 hours",
        "**MTTD 31 min**",
        "期間：45分",
    ] {
        assert!(may_label(text) && labels().parse(text).is_some(), "{text}");
    }
    assert!(!may_label(
        "The edge-proxy was slow for 45 minutes, and then\n- it was not."
    ));
}

#[test]
fn labelled_durations_are_parsed_from_lines_items_and_rows() {
    let words = toml::from_str::<Words>(include_str!("../labelled.toml")).expect("labels");
    let counts = words.counts.values().chain(words.bare_counts.values());
    let durations = LABELS.iter().flat_map(|(_, _, list)| list(&words.labels));
    let durations = durations.map(|label| &**label);
    for label in durations.chain(counts.flatten().map(String::as_str)) {
        // An apostrophe joins two words: `l'incident` is `lincident`.
        let is_elided = label.split(' ').any(|word| matches!(word, "d" | "l"));
        assert!(label == folded(label) && !is_elided, "{label}");
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
        let found = labels().parse(line).map(|found| (found.label, found.value));
        assert_eq!(found, Some(("Duration", "45 min")), "{line}");
    }
    for line in [
        "Duration",
        "| Duration | 45 min | 50 min |",
        "Owner: Lena",
        "",
    ] {
        assert_eq!(labels().parse(line), None, "{line}");
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
        marks: marks.map(|(mark, text)| (mark, vec![at(text)])).into(),
        ..RecordedTimes::default()
    };
    let differing = |line: &str| {
        let stated = labels().parse(line).expect("a labelled duration");
        let differing = stated.differing(&times, Zone::default());
        differing.map(|differing| match differing {
            Differing::Between(.., length) | Differing::Sum(.., length) => length.to_string(),
            Differing::Any => "none".to_owned(),
        })
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
    for (line, is_right) in [
        ("Duration: under 70 minutes", true),
        ("Duration: less than 30 minutes", false),
        ("Duration: over 45 minutes", true),
        ("Duration: more than 2 hours", false),
        ("Duration: 45+ minutes", true),
        ("Duration: 3+ hours", false),
        ("Duration: nearly an hour", true),
        ("Duration: just over 2 hours", false),
        ("Duration: 58 min (approx.)", true),
    ] {
        assert_eq!(differing(line).is_none(), is_right, "{line}");
    }
}

#[test]
fn the_words_of_a_label_may_be_in_any_order_and_have_others_beside_them() {
    for (label, expected) in [
        ("Total duration of the incident", Some(Measure::Whole)),
        ("Incident Duration", Some(Measure::Whole)),
        ("Duration of customer impact", Some(Measure::Impact)),
        ("Total outage time", Some(Measure::Whole)),
        ("Total service downtime", Some(Measure::Impact)),
        ("Mean Time To Detect (MTTD)", Some(Measure::Detect)),
        ("Time to full recovery", Some(Measure::Recover)),
        ("Incident resolution time", Some(Measure::Resolve)),
        ("Durée totale de l'incident", Some(Measure::Whole)),
        ("Tiempo total de resolución", Some(Measure::Resolve)),
        ("Dauer der Störung", Some(Measure::Whole)),
        ("Time", None),
        ("Impact", None),
        ("Duration of the migration", None),
        ("Estimated time to resolution", None),
        ("Time to notify customers", None),
    ] {
        assert_eq!(labels().measure_of(label), expected, "{label}");
    }
}

#[test]
fn a_table_with_one_row_has_its_labels_above_the_values() {
    let stated = |text: &str| -> Vec<String> {
        let found = labels().find(text).into_iter();
        found
            .map(|(_, stated)| format!("{} {}", stated.label, stated.value))
            .collect()
    };
    let table = "| TTD | Owner | TTR |\n|---|---|:-:|\n| 5 min | Kim | 1 h |\n";
    assert_eq!(stated(table), ["TTD 5 min", "TTR 1 h"]);
    assert_eq!(stated(&format!("{table}| 6 min | Bo | 2 h |\n")), [""; 0]);
}

/// Returns the times of an incident with events, and some of them marked.
fn recorded(events: &[&str], marks: &[(Mark, &[&str])]) -> RecordedTimes {
    let at = |text: &&str| {
        let written: Written = format!("2026-03-04T{text}:00Z").parse().expect("a time");
        TimeDefaults::default().resolve(&written).expect("a moment")
    };
    RecordedTimes {
        marks: { marks.iter() }
            .map(|(mark, times)| (*mark, times.iter().map(at).collect()))
            .collect(),
        events: events.iter().map(at).collect(),
        ..RecordedTimes::default()
    }
}

#[test]
fn the_duration_of_several_windows_is_one_of_them_or_their_sum() {
    let times = recorded(
        &[],
        &[
            (Mark::ImpactStarted, &["14:00", "15:10"]),
            (Mark::ImpactEnded, &["14:30", "15:40"]),
        ],
    );
    for (line, is_right) in [
        ("Downtime: 1 hour", true),
        ("Downtime: 30 minutes", true),
        ("Duration: 1 hour 40 minutes", true),
        ("Total downtime: 2 hours 20 minutes", false),
    ] {
        let stated = labels().parse(line).expect("a labelled duration");
        let differing = stated.differing(&times, Zone::default());
        assert_eq!(differing.is_none(), is_right, "{line}");
    }
}

#[test]
fn without_a_start_or_an_end_a_duration_differs_if_no_two_times_are_as_far_apart() {
    let events = ["09:00", "09:07", "09:40", "10:10"];
    let started: &[(Mark, &[&str])] = &[(Mark::Started, &["09:00"])];
    let declared: &[(Mark, &[&str])] = &[(Mark::Declared, &["09:40"])];
    let unmarked: &[(Mark, &[&str])] = &[];
    for (events, marks, line, is_right) in [
        (&events[..], started, "Time to detect: 7 minutes", true),
        (&events[..], started, "Time to detect: 20 minutes", false),
        (&events[..], started, "Time to detect: 33 minutes", false),
        (&events[..], declared, "Time to recover: 70 minutes", true),
        (
            &events[..],
            declared,
            "Time to recover: 2 hours 5 minutes",
            false,
        ),
        (&events[..], unmarked, "Duration: 63 minutes", true),
        (&events[..], unmarked, "Duration: 17 minutes", false),
        // Too few times decide nothing.
        (&events[..2], started, "Time to detect: 20 minutes", true),
        (&events[..2], unmarked, "Duration: 17 minutes", true),
    ] {
        let stated = labels().parse(line).expect("a labelled duration");
        let differing = stated.differing(&recorded(events, marks), Zone::default());
        assert_eq!(differing.is_none(), is_right, "{line}");
    }
}

#[test]
fn without_the_start_of_the_incident_a_duration_may_begin_at_the_first_event() {
    let events = ["12:10", "12:40", "14:05", "15:18"];
    let marks: &[(Mark, &[&str])] = &[(Mark::Declared, &["12:40"]), (Mark::Resolved, &["14:05"])];
    for (line, is_right) in [
        ("Time to repair: 3h 8m", true),
        ("Time to resolve: 1h 25m", true),
        ("Time to repair: 0h 30m", false),
        ("Time to repair: 2h 8m", false),
    ] {
        let stated = labels().parse(line).expect("a labelled duration");
        let differing = stated.differing(&recorded(&events, marks), Zone::default());
        assert_eq!(differing.is_none(), is_right, "{line}");
    }
}

#[test]
fn an_archive_adds_labels_and_units() {
    let added: CheckWords = toml::from_str(
        "labels.detect = ['Czas do wykrycia']\nlabels.whole = ['Zeitraum', '—']\nunits.minutes = ['minut']\nunits.hours = ['godz']",
    )
    .expect("words");
    let own = Labels::new(&added);
    let stated = |labels: &Labels, line: &str| {
        let found = labels.parse(line)?;
        Some((found.measure, found.is_comparable()))
    };
    for (line, expected) in [
        ("Czas do wykrycia: 12 minut", Some((Measure::Detect, true))),
        (
            "- **Wykrycia do czas**: 12 min",
            Some((Measure::Detect, true)),
        ),
        (
            "Zeitraum des Vorfalls: 2 Stunden",
            Some((Measure::Whole, true)),
        ),
        ("Duration: 12 Minut", Some((Measure::Whole, true))),
        ("Duration: 1:30 godz", Some((Measure::Whole, true))),
        ("Time to detect: 12 min", Some((Measure::Detect, true))),
        ("—: 12 min", None),
    ] {
        assert_eq!(stated(&own, line), expected, "{line}");
    }
    assert_eq!(stated(&labels(), "Czas do wykrycia: 12 min"), None);
    assert_eq!(
        stated(&labels(), "Duration: 12 minut"),
        Some((Measure::Whole, false))
    );
}
