//! The marks of an incident, their times and their order.

use super::*;

/// The lines of `[times]`, the timeline, and the marks with time and event.
const MARKS: &[(&str, &[&str], &[&str])] = &[
    ("", &[], &[]),
    ("", &["14:23 = #a"], &[]),
    (
        "",
        &["14:27 = identified", "14:23:47 = started detected"],
        &[
            "started 14:23:47 @1",
            "detected 14:23:47 @1",
            "identified 14:27 @0",
        ],
    ),
    (
        "times.impact_started = 2025-01-14T14:23:00Z",
        &["14:23:47 = detected"],
        &["impact_started 14:23:00", "detected 14:23:47 @0"],
    ),
    // The same mark in both files is one, and keeps its event.
    (
        "times.detected = 14:23:47",
        &["14:23:47 = detected"],
        &["detected 14:23:47 @0"],
    ),
    (
        "times.detected = 2025-01-14T15:23:47+01:00",
        &["14:23:47 = detected"],
        &["detected 14:23:47 @0"],
    ),
    // Fractions of a second are never printed: two times that print alike are the same.
    (
        "times.detected = 14:23:47",
        &["14:23:47.000200 = detected"],
        &["detected 14:23:47 @0"],
    ),
    (
        "times.detected = 14:23:47.5",
        &["14:23:47.000200 = detected"],
        &["detected 14:23:47 @0"],
    ),
    (
        "times.detected = 14:23:00",
        &["14:23 = detected"],
        &["detected 14:23 @0"],
    ),
    // Only a mark in both files can be one: two events with the same mark are two.
    (
        "",
        &["14:23:47 = detected", "14:23:47 = detected"],
        &["detected 14:23:47 @0", "detected 14:23:47 @1"],
    ),
    // A coarser time agrees with a finer one within its own precision: the mark has the finer one.
    (
        "times.detected = 14:23:41",
        &["14:23 = detected"],
        &["detected 14:23:41 @0"],
    ),
    (
        "times.detected = \"14:23\"",
        &["14:23:41 = detected"],
        &["detected 14:23:41 @0"],
    ),
    (
        "times.detected = 2025-01-14",
        &["2025-01-14 00:00:00 = detected"],
        &["detected 00:00:00 @0"],
    ),
    // Different times are two marks, which a check reports.
    (
        "times.detected = 2025-01-14",
        &["2025-01-15 00:00:00 = detected"],
        &["detected 2025-01-14", "detected 00:00:00 @0"],
    ),
    (
        "times.detected = 14:23:48",
        &["14:23:47 = detected"],
        &["detected 14:23:47 @0", "detected 14:23:48"],
    ),
    // An event with an end gives it to an end mark, and its start to any other.
    (
        "",
        &["14:23 / 14:31:10 = acknowledged mitigated"],
        &["acknowledged 14:23 @0", "mitigated 14:31:10 @0"],
    ),
    (
        "",
        &["14:23 / 14:31 = impact_started impact_ended"],
        &["impact_started 14:23 @0", "impact_ended 14:31 @0"],
    ),
    (
        "times.ended = { event = 'end' }\ntimes.paged = { event = 'end' }",
        &["14:23 = detected", "15:00 / 15:08 = #end"],
        &["detected 14:23 @0", "paged 15:00 @1", "ended 15:08 @1"],
    ),
    (
        "times.ended = { event = 'end' }",
        &["15:00 / 15:08 = ended #end"],
        &["ended 15:08 @0"],
    ),
    // A mark whose time cannot be resolved is not listed.
    (
        "",
        &["date -", "14:23 = detected", "2025-01-14 14:24 = paged"],
        &["paged 14:24 @1"],
    ),
    (
        "",
        &[
            "tz Europe/Berlin",
            "2025-10-26 02:30 = detected",
            "2025-10-26T02:30+01:00 = paged",
        ],
        &["paged 01:30 @1"],
    ),
    ("times.ended = { event = 'nobody' }", &[], &[]),
    ("", &["~14:23 = detected"], &["detected ~14:23 @0"]),
];

#[track_caller]
fn check(incident: &str, timeline: &[&str], expect: &[&str]) {
    let marks = record(incident, timeline).marks();
    let printed: Vec<String> = marks
        .iter()
        .map(|marked| {
            let time = match marked.moment.clock_time(Zone::default()) {
                time if time.is_empty() => marked.moment.iso(),
                time => time,
            };
            let event = marked
                .event
                .map_or_else(String::new, |event| format!(" @{event}"));
            format!("{} {time}{event}", marked.mark.as_str())
        })
        .collect();
    assert_eq!(printed, expect, "{incident} {timeline:?}");
}

#[test]
fn marks_are_sorted_and_know_their_events() {
    for (incident, timeline, expect) in MARKS {
        check(incident, timeline, expect);
    }
}

#[test]
fn each_mark_has_a_word_and_a_time_of_its_own() {
    for mark in Mark::ALL {
        let word = mark.as_str();
        let record = record(
            &format!("times.{word} = 14:23:47"),
            &[&format!("14:23:48 = {word}")],
        );
        let found: Vec<Mark> = record.marks().iter().map(|marked| marked.mark).collect();
        assert_eq!(found, [*mark, *mark], "{word}");
    }
    let mut all = Mark::ALL.to_vec();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 13, "no mark is listed twice");
}
