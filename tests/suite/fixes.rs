//! `check --fix` applies what is certain, changes nothing else, and has nothing left to do afterwards.
//!
//! What is not certain, and so is left, is in `fixes/uncertain.rs`.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::site::{afterword, archive, said};

mod changes;
mod uncertain;

/// 2026-11-21 05:42:08 UTC.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

pub const INCIDENT: &str = "incidents/INC-2026-0001.toml";
pub const TIMELINE: &str = "timelines/INC-2026-0001.json";

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
    // The same in one table does not keep the others from being corrected.
    (
        "title = \"Slow\"\nservces = [\"b\"]\nservics = [\"c\"]\n\n[[action_items]]\naction = \"A\"\nownr = \"B\"\n\n[[action_items]]\naction = \"C\"\nownr = \"B\"\n",
        "title = \"Slow\"\nservces = [\"b\"]\nservics = [\"c\"]\n\n[[action_items]]\naction = \"A\"\nowner = \"B\"\n\n[[action_items]]\naction = \"C\"\nowner = \"B\"\n",
        "7:1: replaced `ownr` by `owner`\n",
    ),
    // A mistake that keeps the file from being parsed hides the others.
    (
        "title = “Slow”\nservces = [\"a\"]\nsumary = \"x\"\n",
        "title = \"Slow\"\nservices = [\"a\"]\nsummary = \"x\"\n",
        "replaced `sumary` by `summary`\n",
    ),
    (
        "title = \"Slow\"\nallow = [{ check = \"action-without-ownr\", reason = \"x\" }]\n",
        "title = \"Slow\"\nallow = [{ check = \"action-without-owner\", reason = \"x\" }]\n",
        "by `\"action-without-owner\"`\n",
    ),
    // The right key is there already, so another one cannot be corrected to it.
    (
        "title = \"Slow\"\ntitel = \"Other\"\n",
        "title = \"Slow\"\ntitel = \"Other\"\n",
        "",
    ),
];

pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    let at = folder.to_str().expect("UTF-8");
    afterword(&[&["-C", at, "check"], arguments].concat(), &[NOW])
}

pub fn read(folder: &Path, path: &str) -> String {
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
    let before = "{ \"date\": \"2026-11-20\", \"events\": [ { \"at\": \"14:00\", \"text\": \"0\" },\r\n  { \"at\": \"14:05\", \"text\": \"b\" },\r\n\r\n    { \"at\": \"14:01\", \"text\": \"a\",\r\n      \"kind\": \"note\" },\r\n  { \"at\": \"14:05\", \"text\": \"c\" }\r\n] }";
    let after = "{ \"date\": \"2026-11-20\", \"events\": [ { \"at\": \"14:00\", \"text\": \"0\" },\r\n  { \"at\": \"14:01\", \"text\": \"a\",\r\n      \"kind\": \"note\" },\r\n\r\n    { \"at\": \"14:05\", \"text\": \"b\" },\r\n  { \"at\": \"14:05\", \"text\": \"c\" }\r\n] }";
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

/// A correction of a key can show errors that it hid; what was corrected before stays corrected.
#[test]
fn a_correction_that_cannot_be_applied_does_not_undo_the_others() {
    let text =
        "{ 'date': \"2026-11-20\", \"evnts\": [{ \"at\": \"14:05\", \"txt\": 1, \"xyz\": 2 }] }";
    let folder = archive(&[(INCIDENT, "title = \"Slow\"\n"), (TIMELINE, text)]);
    run(folder.path(), &["--fix"]);
    assert_eq!(read(folder.path(), TIMELINE), text.replace('\'', "\""));
}

#[test]
fn entries_and_the_memory_are_corrected_as_what_they_are() {
    let entry = "timelines/INC-2026-0001.d/a.json";
    let folder = archive(&[
        (INCIDENT, "title = \"Slow\"\n"),
        (TIMELINE, "{ \"date\": \"2026-11-20\", \"events\": [] }"),
        (entry, "{ “at”: \"14:05\", \"txt\": \"a\" }"),
        ("memory.toml", "“x” = 1\n"),
    ]);
    run(folder.path(), &["--fix"]);
    assert_eq!(read(folder.path(), "memory.toml"), "\"x\" = 1\n");
    assert_eq!(
        read(folder.path(), entry),
        "{ \"at\": \"14:05\", \"txt\": \"a\" }"
    );
}

/// A path that a terminal would obey or a diff would misread.
#[test]
fn a_change_names_its_file_safely() {
    let odd = "incidents/a\u{1b}[31m\t\"b\"/INC-2026-0001.toml";
    let (before, after, _) = INCIDENTS[0];
    let folder = archive(&[(odd, before)]);
    let patch = run(folder.path(), &["--diff"]).stdout;
    let output = run(folder.path(), &["--fix"]);
    let listed = said(&output);
    assert!(
        !listed.contains('\u{1b}') && listed.contains("<U+001B>[31m"),
        "{listed}"
    );
    assert_eq!(read(folder.path(), odd), after);
    fs::write(folder.path().join(odd), before).expect("writable");
    fs::write(folder.path().join("patch"), patch).expect("writable");
    let applied = std::process::Command::new("git")
        .args(["apply", "patch"])
        .current_dir(folder.path())
        .output()
        .expect("git");
    assert!(applied.status.success(), "{}", said(&applied));
    assert_eq!(read(folder.path(), odd), after);
}
