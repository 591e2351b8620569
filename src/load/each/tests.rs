use std::sync::Mutex;

use super::*;
use crate::load::tests::{archive, files};

const VALID: &str = "title = 'Slow'\n";
const INVALID: &str = "title = 'Slow'\nseverity = 1\n";
const TIMELINE: &str = r#"{"date": "2025-01-14", "events": []}"#;
const EVENT: &str = r#"{"at": "2025-01-14T14:00:00Z", "text": "x"}"#;

/// Reads an archive, and keeps the IDs of its incidents.
fn read(texts: &[(&str, &str)]) -> Read<String> {
    let archive = archive(texts);
    inputs(files(&archive)).each(&Config::default(), |record| record.id)
}

/// Returns the code, the level and the files of each problem.
fn found(read: &Read<String>) -> Vec<(&str, Level, Vec<&str>)> {
    let found = read.diagnostics.iter().map(|found| {
        let places = found.locations.iter().map(|place| place.file.as_str());
        (found.code, found.level, places.collect())
    });
    found.collect()
}

#[test]
fn every_incident_is_either_kept_or_broken_in_the_order_of_ids() {
    let read = read(&[
        ("incidents/2025/INC-3.toml", VALID),
        ("incidents/INC-1.toml", VALID),
        ("incidents/INC-2.toml", INVALID),
        ("incidents/z/INC-0.toml", VALID),
        ("incidents/notes.txt", "no incident"),
    ]);
    assert_eq!(read.kept, ["INC-0", "INC-1", "INC-3"]);
    assert_eq!(read.broken, BTreeSet::from(["INC-2".to_owned()]));
    assert_eq!(
        found(&read),
        [("wrong-type", Level::Error, vec!["incidents/INC-2.toml"])]
    );
}

#[test]
fn of_incidents_whose_ids_differ_in_case_only_the_first_is_kept() {
    let read = read(&[
        ("incidents/2024/INC-A.toml", VALID),
        ("incidents/2025/inc-a.toml", VALID),
        ("incidents/2026/Inc-A.toml", VALID),
    ]);
    assert_eq!(read.kept, ["INC-A"]);
    assert_eq!(read.broken.len(), 2);
    let codes: Vec<_> = read.diagnostics.iter().map(|found| found.code).collect();
    assert_eq!(codes, ["duplicate-id"; 2]);
    assert_eq!(
        found(&read)[0].2,
        ["incidents/2025/inc-a.toml", "incidents/2024/INC-A.toml"]
    );
}

#[test]
fn what_is_known_is_not_read_and_only_an_incident_with_errors_is_looked_at() {
    let archive = archive(&[
        ("incidents/INC-1.toml", INVALID),
        ("incidents/INC-2.toml", INVALID),
        ("incidents/INC-3.toml", VALID),
        ("incidents/x/INC-1.toml", VALID),
    ]);
    let (kept, looked) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let read = inputs(files(&archive)).each_unknown(
        &Config::default(),
        |path| {
            let is_known = path.file_stem() == Some("INC-1");
            is_known.then(|| ("known".to_owned(), Some("timelines/known.json".into())))
        },
        |record| {
            kept.lock().expect("one").push(record.id.clone());
            record.id
        },
        |record, _| {
            let path = record.source.incident.to_string();
            looked.lock().expect("one").push(path);
            vec![Diagnostic::warning("seen", "seen")]
        },
    );
    assert_eq!(read.kept, ["known", "INC-3"]);
    assert_eq!(*kept.lock().expect("one"), ["INC-3"]);
    // The second incident with an ID is never known, because its file may be another one.
    let mut looked = looked.into_inner().expect("one");
    looked.sort();
    assert_eq!(looked, ["incidents/INC-2.toml", "incidents/x/INC-1.toml"]);
    let timeline = read.timelines.get(Utf8Path::new("incidents/INC-1.toml"));
    assert_eq!(
        timeline.map(|path| path.as_str()),
        Some("timelines/known.json")
    );
    let seen = read.diagnostics.iter().filter(|found| found.code == "seen");
    assert_eq!(seen.count(), 2);
}

#[test]
fn a_timeline_that_no_incident_uses_is_a_warning_with_all_of_its_problems() {
    for (files, expected) in [
        (vec![("timelines/INC-1.json", TIMELINE)], vec![]),
        (vec![("timelines/INC-1.d/a.json", EVENT)], vec![]),
        // It is the incident's own, even if the incident names another one.
        (
            vec![("timelines/named.json", TIMELINE)],
            vec![(TIMELINE_UNUSED, "timelines/named.json")],
        ),
        (
            vec![("timelines/other.json", "{\"evnts\": []}")],
            vec![
                (TIMELINE_UNUSED, "timelines/other.json"),
                ("unknown-key", "timelines/other.json"),
            ],
        ),
        // The entries of one folder belong together.
        (
            vec![
                ("timelines/old.d/a.json", EVENT),
                (
                    "timelines/old.d/b.json",
                    "{\"at\": \"noon\", \"text\": \"x\"}",
                ),
                ("timelines/older.d/a.json", EVENT),
            ],
            vec![
                (TIMELINE_UNUSED, "timelines/old.d/a.json"),
                ("invalid-value", "timelines/old.d/b.json"),
                (TIMELINE_UNUSED, "timelines/older.d/a.json"),
            ],
        ),
    ] {
        let texts: Vec<_> = [("incidents/INC-1.toml", VALID)]
            .into_iter()
            .chain(files)
            .collect();
        let read = read(&texts);
        let found = found(&read);
        assert!(found.iter().all(|(_, level, _)| *level == Level::Warning));
        let found: Vec<_> = found
            .iter()
            .map(|(code, _, files)| (*code, files[0]))
            .collect();
        assert_eq!(found, expected);
        assert_eq!(read.kept, ["INC-1"]);
    }
}

#[test]
fn the_default_timeline_of_an_incident_that_names_another_is_not_unused() {
    let read = read(&[
        (
            "incidents/INC-1.toml",
            "title = 'Slow'\ntimeline = '../timelines/named.json'\n",
        ),
        ("timelines/INC-1.json", TIMELINE),
        ("timelines/named.json", TIMELINE),
    ]);
    assert_eq!(found(&read), []);
    assert_eq!(
        read.timelines.into_iter().collect::<Vec<_>>(),
        [("incidents/INC-1.toml".into(), "timelines/named.json".into())]
    );
}

#[test]
fn an_incident_depends_on_each_file_that_was_looked_for_even_if_it_is_not_there() {
    let incident = "title = 'Slow'\n[[evidence]]\ntitle = 'Log'\nfile = '../logs/a.txt'\n";
    let archive = archive(&[
        ("incidents/INC-1.toml", incident),
        ("timelines/INC-1.d/a.json", EVENT),
    ]);
    let mut looked = inputs(files(&archive)).each(&Config::default(), |record| looked_at(&record));
    assert!(looked.diagnostics.is_empty(), "{:?}", looked.diagnostics);
    assert_eq!(
        looked.kept.remove(0),
        [
            "incidents/INC-1.toml",
            "timelines/INC-1.json",
            "timelines/INC-1.d",
            "timelines/INC-1.d/a.json",
            "logs/a.txt"
        ]
    );
}
