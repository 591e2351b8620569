//! `check --fix` applies what is certain, changes nothing else, and has nothing left to do afterwards.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::site::{afterword, said};

/// 2026-11-21 05:42:08 UTC.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

const INCIDENT: &str = "incidents/INC-2026-0001.toml";
const TIMELINE: &str = "timelines/INC-2026-0001.json";

/// Incidents with a mistake: the text before and after, and what is said about it.
const INCIDENTS: &[(&str, &str, &str)] = &[
    (
        "titel = \"Slow\" # a comment\nclassification  =  \"internal\"\n",
        "title = \"Slow\" # a comment\nclassification  =  \"internal\"\n",
        "fixed incidents/INC-2026-0001.toml:1:1: replaced `titel` by `title`\n",
    ),
    // Lines that end as on Windows, a byte order mark, and no line end at the end.
    (
        "\u{feff}title = \"Slow\"\r\nservces = [ \"a\",\"b\" ]\r\n# last",
        "\u{feff}title = \"Slow\"\r\nservices = [ \"a\",\"b\" ]\r\n# last",
        "fixed incidents/INC-2026-0001.toml:2:1: replaced `servces` by `services`\n",
    ),
    (
        "title = \"Slow\"\nseverity = P2\n",
        "title = \"Slow\"\nseverity = \"P2\"\n",
        "replaced `P2` by `\"P2\"`\n",
    ),
    // Two mistakes, the second of which only shows when the first is corrected.
    (
        "title = 'Slow\n[impct]\nlevel = \"mjor\"\n",
        "title = 'Slow\n[impct]\nlevel = \"mjor\"\n",
        "",
    ),
    (
        "title = \"Slow\"\n[impct]\nlevel = \"mjor\"\n",
        "title = \"Slow\"\n[impact]\nlevel = \"major\"\n",
        "replaced `\"mjor\"` by `\"major\"`\n",
    ),
    // Two keys have the same correction, so it is certain for neither; the other mistake is corrected.
    (
        "titel = \"Slow\"\nservces = [\"b\"]\nservics = [\"c\"]\n",
        "title = \"Slow\"\nservces = [\"b\"]\nservics = [\"c\"]\n",
        "replaced `titel` by `title`\n",
    ),
    // The right key is there already, so another one cannot be corrected to it.
    (
        "title = \"Slow\"\ntitel = \"Other\"\n",
        "title = \"Slow\"\ntitel = \"Other\"\n",
        "",
    ),
];

fn archive(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let at = folder.to_str().expect("UTF-8");
    afterword(&[&["-C", at, "check"], arguments].concat(), &[NOW])
}

fn read(folder: &Path, path: &str) -> String {
    fs::read_to_string(folder.join(path)).expect("readable")
}

#[test]
fn what_is_certain_is_corrected_and_nothing_else() {
    for (before, after, expected) in INCIDENTS {
        let folder = archive(&[(INCIDENT, before)]);
        let folder = folder.path();
        let output = run(folder, &["--fix"]);
        assert_eq!(&read(folder, INCIDENT), after, "{}", said(&output));
        let listed = said(&output);
        assert!(listed.contains(expected), "{listed}");
        assert_eq!(listed.is_empty(), before == after, "{listed}");
        let again = run(folder, &["--fix"]);
        assert_eq!(said(&again), "");
        assert_eq!(&read(folder, INCIDENT), after);
    }
}

/// A value that is wrong only once its key is right, in two files; one `undo` takes all of it back.
#[test]
fn a_diff_shows_all_that_is_written_and_undo_takes_it_back() {
    let other = "incidents/INC-2026-0002.toml";
    let first = "title = \"A\"\nseverty = \"p2\"\nclassification = \"internal\"\n";
    let second = "titel = \"B\"\nclassification = \"internal\"\n";
    let folder = archive(&[(INCIDENT, first), (other, second)]);
    let folder = folder.path();
    let diff = run(folder, &["--diff"]);
    assert_eq!(diff.status.code(), Some(1));
    let shown = String::from_utf8(diff.stdout).expect("UTF-8");
    let added: Vec<&str> = shown.lines().filter(|line| line.starts_with('+')).collect();
    assert_eq!(
        added,
        [
            "+++ b/incidents/INC-2026-0001.toml",
            "+severity = \"P2\"",
            "+++ b/incidents/INC-2026-0002.toml",
            "+title = \"B\"",
        ]
    );
    assert_eq!(read(folder, INCIDENT), first);
    run(folder, &["--fix"]);
    assert_eq!(
        read(folder, INCIDENT),
        first.replace("severty = \"p2\"", "severity = \"P2\"")
    );
    assert_eq!(run(folder, &["--diff"]).stdout, b"");
    let at = folder.to_str().expect("UTF-8");
    afterword(&["-C", at, "undo"], &[NOW]);
    assert_eq!(
        (read(folder, INCIDENT), read(folder, other)),
        (first.into(), second.into())
    );
}

#[test]
fn events_are_put_in_order() {
    let before = "{ \"date\": \"2026-11-20\", \"events\": [\r\n  { \"at\": \"14:05\", \"text\": \"b\" },\r\n\r\n    { \"at\": \"14:01\", \"text\": \"a\",\r\n      \"kind\": \"note\" },\r\n  { \"at\": \"14:05\", \"text\": \"c\" }\r\n] }";
    let after = "{ \"date\": \"2026-11-20\", \"events\": [\r\n  { \"at\": \"14:01\", \"text\": \"a\",\r\n      \"kind\": \"note\" },\r\n\r\n    { \"at\": \"14:05\", \"text\": \"b\" },\r\n  { \"at\": \"14:05\", \"text\": \"c\" }\r\n] }";
    let folder = archive(&[(INCIDENT, "title = \"Slow\"\n"), (TIMELINE, before)]);
    let output = run(folder.path(), &["--fix"]);
    assert_eq!(
        said(&output),
        format!("fixed {TIMELINE}: put the events in order\n")
    );
    assert_eq!(read(folder.path(), TIMELINE), after);
    assert_eq!(said(&run(folder.path(), &["--fix"])), "");
}

#[test]
fn events_that_step_back_over_midnight_are_left() {
    let text = r#"{ "date": "2026-01-14", "events": [
  { "at": "23:40", "text": "First alert", "marks": ["started"] },
  { "at": "2026-01-15 00:30", "text": "Verified", "marks": ["ended"] },
  { "at": "00:10", "text": "Rollback done" }
] }
"#;
    let folder = archive(&[(INCIDENT, "title = \"Slow\"\n"), (TIMELINE, text)]);
    run(folder.path(), &["--fix"]);
    assert_eq!(read(folder.path(), TIMELINE), text);
}

#[test]
fn a_diff_shows_what_would_be_corrected_and_writes_nothing() {
    let (before, ..) = INCIDENTS[0];
    let folder = archive(&[(INCIDENT, before)]);
    let output = run(folder.path(), &["--diff"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "--- a/incidents/INC-2026-0001.toml\n+++ b/incidents/INC-2026-0001.toml\n@@ -1,2 +1,2 @@\n-titel = \"Slow\" # a comment\n+title = \"Slow\" # a comment\n classification  =  \"internal\"\n"
    );
    assert_eq!(read(folder.path(), INCIDENT), before);
    fs::write(folder.path().join(INCIDENT), "title = \"Slow\"\n").expect("writable");
    let nothing = run(folder.path(), &["--diff"]);
    assert_eq!((nothing.status.code(), nothing.stdout.len()), (Some(0), 0));
}

#[test]
fn only_the_files_that_were_asked_for_are_corrected() {
    let (before, ..) = INCIDENTS[0];
    let other = "incidents/INC-2026-0002.toml";
    let folder = archive(&[(INCIDENT, before), (other, before)]);
    run(folder.path(), &["--fix", "INC-2026-0002"]);
    assert_eq!(read(folder.path(), INCIDENT), before);
    assert_ne!(read(folder.path(), other), before);
}

#[test]
fn the_case_of_an_id_is_corrected() {
    let other = "incidents/INC-2026-0002.toml";
    let folder = archive(&[
        (
            INCIDENT,
            "title = \"Slow\"\n\n[[references]]\ntitle = \"Before\"\nincident = \"inc-2026-0002\" # see there\n\n[resolution]\nimmediate = [{ action = \"ops-1\", event = \"Rollback\" }]\n\n[[action_items]]\nid = \"OPS-1\"\naction = \"Check\"\n",
        ),
        (other, "title = \"Other\"\n"),
        (
            TIMELINE,
            "{ \"date\": \"2026-11-20\", \"events\": [{ \"at\": \"14:05\", \"id\": \"rollback\", \"text\": \"b\" }] }",
        ),
    ]);
    let output = run(folder.path(), &["--fix"]);
    let fixed = read(folder.path(), INCIDENT);
    for part in [
        "incident = \"INC-2026-0002\" # see there\n",
        "{ action = \"OPS-1\", event = \"rollback\" }",
    ] {
        assert!(fixed.contains(part), "{fixed}{}", said(&output));
    }
    assert_eq!(said(&output).lines().count(), 3, "{}", said(&output));
    assert_eq!(said(&run(folder.path(), &["--fix"])), "");
}

/// What a branch changed, and the incidents that refer to it or that it refers to.
#[test]
fn what_changed_since_a_commit_is_checked_with_what_relates_to_it() {
    let warned = "title = \"Slow\"\nseverity = \"P3\"\nclassification = \"internal\"\n\n[[action_items]]\naction = \"Check\"\n";
    let file = |number: u32| format!("incidents/INC-2026-000{number}.toml");
    let related =
        format!("{warned}\n[[references]]\ntitle = \"Before\"\nincident = \"INC-2026-0001\"\n");
    let folder = archive(&[
        (&file(1), warned),
        (&file(2), &related),
        (&file(3), warned),
        (
            &file(4),
            "title = \"Gone\"\nclassification = \"internal\"\n",
        ),
        (&file(5), &related.replace("INC-2026-0001", "INC-2026-0004")),
        (
            &file(7),
            "title = \"Seen\"\nclassification = \"internal\"\n\n[[evidence]]\nfile = \"logs/the rates.log\"\n",
        ),
        (
            &file(8),
            "title = \"Told\"\nclassification = \"internal\"\nsummary = \"See [rates](../logs/the%20rates.log).\"\n",
        ),
        ("logs/the rates.log", "1\n"),
    ]);
    let git = |words: &[&str]| {
        let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let output = std::process::Command::new("git")
            .args(identity)
            .args(words)
            .current_dir(folder.path())
            .output()
            .expect("git");
        assert!(output.status.success(), "{}", said(&output));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "a"]);
    let files = |commit: &str| {
        let output = run(
            folder.path(),
            &["--format", "json", "--changed-since", commit],
        );
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let found = document["diagnostics"].as_array().expect("a list").iter();
        let found = found.map(|found| found["file"].as_str().expect("a file").to_owned());
        found.collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(files("HEAD").len(), 0);
    let path = |number: u32| folder.path().join(file(number));
    fs::write(path(1), format!("{warned}# more\n")).expect("writable");
    assert_eq!(files("HEAD"), [file(1), file(2)].into());
    let logs = folder.path().join("logs");
    fs::rename(logs.join("the rates.log"), logs.join("rates.log")).expect("it is there");
    assert_eq!(files("HEAD"), [file(1), file(2), file(7), file(8)].into());
    fs::rename(logs.join("rates.log"), logs.join("the rates.log")).expect("it is there");
    fs::remove_file(path(4)).expect("it is there");
    fs::write(path(6), warned).expect("writable");
    assert_eq!(files("HEAD"), [file(1), file(2), file(5), file(6)].into());
    fs::write(
        folder.path().join("afterword.toml"),
        "[site]\ntitle = \"Ours\"\n",
    )
    .expect("writable");
    assert_eq!(files("HEAD").len(), 7);
    let unknown = run(folder.path(), &["--changed-since", "nowhere"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(said(&unknown).contains("nowhere"), "{}", said(&unknown));
}
