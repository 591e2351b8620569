use super::*;
use crate::load::tests::{codes, load};

const TIMELINE: &str = r#"{"date": "2025-01-14", "events": [{"at": "14:00", "text": "x"}]}"#;

/// Loads an incident of these lines with a timeline.
fn with(incident: &str, timeline: &str) -> LoadedRecord {
    let incident = format!("title = 'Slow'\n{incident}");
    load(&[
        ("incidents/INC-1.toml", &incident),
        ("timelines/INC-1.json", timeline),
    ])
}

#[test]
fn what_contradicts_another_file_is_an_error_although_both_are_read() {
    for (incident, timeline, expected) in [
        ("", TIMELINE, None),
        ("id = 'INC-1'\n", "{\"incident\": \"INC-1\"}", None),
        (
            "id = 'INC-2'\n",
            TIMELINE,
            Some("id-differs-from-file-name"),
        ),
        (
            "",
            "{\"incident\": \"INC-2\"}",
            Some("timeline-incident-differs"),
        ),
    ] {
        let read = with(incident, timeline);
        let expected: Vec<&str> = expected.into_iter().collect();
        assert_eq!(codes(&read), expected, "{incident} {timeline}");
        assert!(read.unread.incident.is_empty() && read.unread.timeline.is_empty());
        assert_eq!(read.complete().is_some(), expected.is_empty());
    }
}

#[test]
fn the_timeline_is_unread_whenever_it_is_not_known_which_one_it_is() {
    // The lines of the incident, its timeline's file as found, and whether the events are unread.
    let own = Some("timelines/INC-1.json");
    for (incident, timeline, is_unread) in [
        ("", own, false),
        ("timeline = '../timelines/INC-1.json'\n", own, false),
        ("timeline = '../timelines/none.json'\n", None, true),
        ("timeline = '../../timelines/INC-1.json'\n", None, true),
        // The name may have been another one, so that the default is not it for certain.
        ("timeline = 1\n", own, false),
    ] {
        let read = with(incident, TIMELINE);
        assert_eq!(
            read.timeline.as_deref(),
            timeline.map(Utf8Path::new),
            "{incident}"
        );
        assert_eq!(
            read.unread.timeline.touches("events"),
            is_unread,
            "{incident}"
        );
    }
    let read = load(&[("incidents/INC-1.toml", "title = 'Slow'\ntimeline = 1\n")]);
    assert!(read.timeline.is_none() && read.unread.timeline.touches("events"));
    let read = load(&[("incidents/INC-1.toml", "title = 'Slow'\n")]);
    assert!(read.timeline.is_none() && !read.unread.timeline.touches("events"));
    assert!(codes(&read).is_empty());
}

#[test]
fn customers_that_cannot_be_read_are_unread_and_nothing_else_is() {
    let incident = "title = 'Slow'\n[impact]\nsummary = 'x'\ncustomers_file = '../c.csv'\n";
    for (csv, is_unread) in [("name\nA\n", false), ("name\n\"", true)] {
        let read = load(&[("incidents/INC-1.toml", incident), ("c.csv", csv)]);
        assert_eq!(read.unread.incident.touches("impact.customers"), is_unread);
        assert!(!read.unread.incident.touches("impact.summary"));
        let is_there = read
            .record
            .is_some_and(|record| record.customers_file.is_some());
        assert_eq!(is_there, !is_unread);
    }
}

#[test]
fn files_are_read_only_if_the_report_shows_them() {
    let incident = "\
report = '../old/report.md'
[[evidence]]
title = 'Log'
file = '../logs/shown.txt'
[[evidence]]
title = 'Picture'
file = '../logs/graph.png'
[[evidence]]
title = 'Gone'
file = '../logs/gone.txt'
[[references]]
title = 'Linked'
file = '../logs/linked.txt'
[[references]]
title = 'The same'
file = '../logs/shown.txt'
";
    let incident = format!("title = 'Slow'\nsummary = 'See [it](../logs/link.txt).'\n{incident}");
    let read = load(&[
        ("incidents/INC-1.toml", &incident),
        ("logs/shown.txt", "shown"),
        ("logs/graph.png", "no picture"),
        ("logs/linked.txt", "linked"),
        ("logs/link.txt", "link"),
        ("logs/other.txt", "other"),
        ("old/report.md", "[old](../logs/of-report.txt)\n"),
        ("logs/of-report.txt", "text"),
    ]);
    assert!(codes(&read).is_empty(), "{:?}", read.problems.diagnostics);
    let text = |text: &str| ReferredFile::Text(text.to_owned());
    let files: Vec<_> = read.record.expect("a record").files.into_iter().collect();
    let opaque = || ReferredFile::Opaque(None);
    let expected = [
        ("logs/gone.txt", ReferredFile::Missing),
        ("logs/graph.png", opaque()),
        ("logs/link.txt", opaque()),
        ("logs/linked.txt", opaque()),
        ("logs/of-report.txt", opaque()),
        ("logs/shown.txt", text("shown")),
        ("old/report.md", text("[old](../logs/of-report.txt)\n")),
    ];
    assert_eq!(files, expected.map(|(path, file)| (path.into(), file)));
}

#[test]
fn a_problem_after_a_removed_part_is_located_where_the_file_has_it() {
    let items = "[[action_items]]\naction = 1\n[[action_items]]\naction = 'b'\n";
    let events = r#"{"date": "2025-01-14", "events": [{"at": "noon", "text": "x"}, {"at": "14:00", "text": "y"}]}"#;
    let read = with(items, events);
    let record = read.record.as_ref().expect("a record");
    assert_eq!(record.incident.action_items.len(), 1);
    assert_eq!(record.timeline.events.len(), 1);
    for (file, list) in [
        ("incidents/INC-1.toml", "action_items"),
        ("timelines/INC-1.json", "events"),
    ] {
        let path = |index| Locator::Path(Path::new().key(list).index(index));
        let found = Diagnostic::error("x", "x").at(file.into(), path(0), "");
        let found = found.at("other.toml".into(), path(0), "");
        let found = read.unread.located(record, found);
        let places: Vec<_> = found.locations.into_iter().map(|place| place.at).collect();
        assert_eq!(places, [path(1), path(0)]);
    }
}
