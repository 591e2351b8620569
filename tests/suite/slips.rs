//! Slips of the night that would record something false, or nothing: each is refused, or said.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::session::Clone;
use crate::site::said;

const ID: &str = "INC-2026-0001";

/// A clone with a second incident, which is closed.
fn with_a_closed_one() -> Clone {
    let clone = Clone::with_incident("P2");
    clone.run(&["new", "Other", "--severity", "P3", "--at", "5:32"]);
    clone.run(&["status", "INC-2026-0002", "closed"]);
    clone
}

#[test]
fn the_id_of_another_incident_in_the_text_is_refused() {
    let clone = with_a_closed_one();
    for arguments in [
        &["log", "INC-2026-0002 the root cause was DNS"][..],
        &["log", "INC-2026-0002:", "the", "cause"],
        &["log", "incidents/INC-2026-0002.toml", "x"],
        &["cause", "inc-2026-0002 DNS"],
        &["actions", "add", "(INC-2026-0002) Fix DNS"],
    ] {
        let said = clone.refused(arguments);
        assert!(said.contains("`--incident INC-2026-0002`"), "{said}");
    }
    clone.run(&["log", "INC-2026-0001: its own ID is text"]);
    clone.run(&["log", "--incident", ID, "INC-2026-0002 is like this"]);
}

#[test]
fn a_refused_command_does_not_propose_to_undo() {
    let clone = with_a_closed_one();
    let said = clone.refused(&["assign", "0002", "commander", "Ann"]);
    assert!(said.contains("use `--incident 0002`"), "{said}");
    assert!(!said.contains("undo"), "{said}");
}

#[test]
fn a_text_that_is_given_is_never_dropped() {
    let clone = Clone::with_incident("P2");
    clone.run(&["status", "identified"]);
    for option in [["--text", "the balancer"], ["--at", "5:40"]] {
        let said = clone.refused(&[&["status", ID, "identified"][..], &option].concat());
        assert!(said.contains("to record an event, use"), "{said}");
    }
}

#[test]
fn a_dash_reads_standard_input() {
    let clone = Clone::with_incident("P2");
    for arguments in [&["cause", "-"][..], &["actions", "add", "-"]] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_afterword"))
            .args(["-C", clone.path()])
            .args(arguments)
            .env("SOURCE_DATE_EPOCH", clone.now.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut input = child.stdin.take().expect("piped");
        input.write_all(b"Widen the pool\n").expect("it reads");
        drop(input);
        let output = child.wait_with_output().expect("it ends");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(printed.contains("Widen the pool"), "{printed}");
    }
}

#[test]
fn names_and_titles_have_no_placeholder() {
    let clone = Clone::with_incident("P2");
    let name = "[Fill in: name]";
    let message = clone.message();
    for arguments in [
        &["assign", "commander", name][..],
        &["sign-off", "--role", "reviewer", "--name", name],
        &["actions", "add", "Fix it", "--owner", name],
        &[
            "comms",
            "--record",
            "--file",
            &message,
            "--approved-by",
            name,
        ],
        &["new", name, "--severity", "P3"],
    ] {
        let said = clone.fails(arguments);
        assert!(
            said.contains("has the placeholder"),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn a_person_is_named_once() {
    let clone = Clone::with_incident("P2");
    clone.run(&["assign", "commander", "Ann"]);
    let said = clone.refused(&["assign", "commander", "ann"]);
    assert!(said.contains("is commander already"), "{said}");
}

#[test]
fn what_cannot_have_been_is_refused() {
    let clone = Clone::with_incident("P2");
    clone.run(&["assign", "commander", "Ann"]);
    clone.run(&[
        "actions",
        "add",
        "Fix it",
        "--owner",
        "Ann",
        "--due",
        "2026-12-01",
    ]);
    clone.run(&["affects", "--customer", "C1", "--users", "1"]);
    for (arguments, expected) in [
        (
            &["assign", "commander", "Bo", "--at", "5:20"][..],
            "2026-11-21 05:20 UTC is before `INC-2026-0001` started at 2026-11-21 05:31 UTC",
        ),
        (
            &["actions", "done", "A1", "--on", "2026-11-20"],
            "2026-11-20 is before `INC-2026-0001` started on 2026-11-21",
        ),
        (
            &["actions", "move", "A1", "--owner", "Ann"],
            "it is owned by Ann already",
        ),
        (
            &[
                "actions",
                "move",
                "A1",
                "--due",
                "2026-12-01",
                "--owner",
                "Ann",
            ],
            "it is due 2026-12-01, owned by Ann already",
        ),
        (
            &["affects", "--users", "4294967296"],
            "expected at most 4294967295",
        ),
        (
            &["affects", "--users", "4 294 967 296"],
            "expected at most 4294967295",
        ),
        (
            &["new", "Other", "--severity", "P3", "--service", ""],
            "invalid service",
        ),
    ] {
        let said = clone.fails(arguments);
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    clone.run(&[
        "actions",
        "move",
        "A1",
        "--due",
        "2026-12-02",
        "--owner",
        "Ann",
    ]);
    // Short names are alike by chance.
    clone.run(&["affects", "--customer", "X1", "--users", "1"]);
}

#[test]
fn an_incident_may_be_reopened_in_the_second_in_which_it_was_resolved() {
    let clone = Clone::with_incident("P2");
    clone.run(&["status", "resolved"]);
    let said = clone.run(&["log", ID, "--mark", "reopened", "It is back"]);
    assert!(said.contains("investigating (was resolved)"), "{said}");
}

#[test]
fn the_time_since_which_a_status_holds() {
    let mut clone = Clone::with_incident("P2");
    let mut at = |arguments: &[&str], expected: &str| {
        clone.now += 60;
        clone.run(arguments);
        let status = clone.run(&["status", ID]);
        assert!(status.contains(expected), "{arguments:?}: {status}");
    };
    at(
        &["log", "--mark", "impact_started", "--at", "5:32"],
        "investigating  since 2026-11-21 05:31 UTC",
    );
    at(
        &["log", "--mark", "impact_ended", "--at", "5:34"],
        "resolved  since 2026-11-21 05:34 UTC",
    );
    at(
        &["status", ID, "resolved"],
        "resolved  since 2026-11-21 05:34 UTC",
    );
    at(
        &["status", ID, "investigating"],
        "investigating  since 2026-11-21 05:46:08 UTC",
    );
    at(
        &["status", ID, "resolved"],
        "resolved  since 2026-11-21 05:47:08 UTC",
    );
}

#[test]
fn an_incident_without_recorded_impact_is_reopened() {
    let mut clone = Clone::with_incident("P2");
    clone.run(&["status", ID, "closed"]);
    clone.now += 60;
    let done = clone.run(&["status", ID, "investigating"]);
    assert!(done.contains("marks   reopened"), "{done}");
    clone.now += 60;
    clone.run(&["status", ID, "closed"]);
    clone.run(&["check"]);
}

#[test]
fn a_new_incident_that_others_record_is_not_undone() {
    let one = Clone::with_incident("P2");
    one.run(&["new", "Other", "--severity", "P3"]);
    one.commit();
    let other = Clone::of(&one);
    other.run(&["log", "INC-2026-0002", "a fact"]);
    other.commit();
    one.merge(&other);
    let said = one.refused(&["undo"]);
    assert!(said.contains("was recorded after"), "{said}");
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_symbolic_link() {
    use std::os::unix::fs::symlink;
    let clone = Clone::with_incident("P2");
    let away = tempfile::tempdir().expect("a folder");
    let link = clone.file(&format!("timelines/{ID}.d"));
    symlink(away.path(), &link).expect("a link");
    let is_refused = |arguments: &[&str]| {
        let output = clone.output(arguments);
        let printed = said(&output) + &String::from_utf8_lossy(&output.stdout);
        assert!(!output.status.success(), "{printed}");
        assert!(
            printed.contains("symbolic links are not followed"),
            "{printed}"
        );
        let written = fs::read_dir(away.path()).expect("a folder").count();
        assert_eq!(written, 0, "{arguments:?}");
    };
    is_refused(&["log", ID, "important"]);
    is_refused(&["check"]);
    fs::remove_file(&link).expect("a link");
    fs::rename(clone.file("timelines"), clone.file("moved")).expect("a folder");
    symlink(away.path(), clone.file("timelines")).expect("a link");
    is_refused(&["log", ID, "important"]);
    is_refused(&["check"]);
}

#[test]
fn the_next_update_has_the_facts_of_now() {
    let clone = Clone::with_incident("P2");
    let first = "Some users see errors.\n\n- Update number: 1\n- Started: 2026-11-21 05:31 UTC\n- Workaround: use the app\n- Affected services: checkout\n\nNext update in 30 minutes.\n";
    clone.write("first.txt", first);
    let file = clone.file("first.txt").to_str().expect("UTF-8").to_owned();
    clone.run(&["affects", "--service", "checkout"]);
    clone.run(&["comms", "--record", "--file", &file, "--at", "5:40"]);
    clone.run(&["affects", "--service", "payments"]);
    clone.run(&["log", "--move", "started", "--at", "5:30"]);
    let next = clone.run(&["comms", "--next"]);
    for line in [
        "- Update number: 2",
        "05:30 UTC",
        "checkout, payments",
        "- Workaround: use the app",
        "Some users see errors.",
    ] {
        assert!(next.contains(line), "{line}: {next}");
    }
    assert!(
        !next.contains("Update number: 1") && !next.contains("05:31"),
        "{next}"
    );
}

#[test]
fn a_promise_that_is_not_understood_is_said() {
    let clone = Clone::with_incident("P2");
    clone.write(
        "first.txt",
        "Errors.\n\nNext update: as soon as we know more\n",
    );
    let file = clone.file("first.txt").to_str().expect("UTF-8").to_owned();
    let note =
        "the time of the next update is not understood: `Next update: as soon as we know more`";
    let recorded = clone.output(&["comms", "--record", "--file", &file]);
    assert!(said(&recorded).contains(note), "{}", said(&recorded));
    let next = clone.output(&["comms", "--next"]);
    assert!(said(&next).contains(note), "{}", said(&next));
    let checked = clone.output(&["check"]).stdout;
    let checked = String::from_utf8(checked).expect("UTF-8");
    assert!(
        checked.contains(&format!("[update-not-promised]: {note}")),
        "{checked}"
    );
    clone.run(&["undo"]);
    clone.write("read.txt", "Errors.\n\nNext update: tomorrow at 9:00\n");
    let read = clone.file("read.txt").to_str().expect("UTF-8").to_owned();
    let recorded = clone.output(&["comms", "--record", "--file", &read]);
    assert!(
        !said(&recorded).contains("not understood"),
        "{}",
        said(&recorded)
    );
    let next = said(&clone.output(&["comms", "--next"]));
    assert!(
        next.contains("next update due 2026-11-22 09:00 UTC"),
        "{next}"
    );
    clone.run(&["undo"]);
    for (typed, due) in [
        ("tomorrow 9:00", "2026-11-22 09:00 UTC"),
        ("5:50", "2026-11-21 05:50 UTC"),
        ("5:30", "2026-11-22 05:30 UTC"),
        ("30m", "2026-11-21 06:12"),
        ("6:30 CET", "2026-11-22 05:30 UTC"),
        ("6pm", "2026-11-21 18:00 UTC"),
    ] {
        let record = ["comms", "--record", "--file", &file, "--next-at", typed];
        let recorded = clone.output(&record);
        assert!(!said(&recorded).contains(note), "{}", said(&recorded));
        let next = said(&clone.output(&["comms", "--next"]));
        assert!(
            next.contains(&format!("next update due {due}")),
            "{typed}: {next}"
        );
        clone.run(&["undo"]);
    }
    let record = ["comms", "--record", "--file", &file, "--next-at"];
    for typed in ["soon", "2026-11-20 9:00"] {
        clone.refused(&[&record[..], &[typed]].concat());
    }
}

#[test]
fn other_words_for_a_mark_a_status_or_a_time_are_suggested() {
    let clone = Clone::with_incident("P2");
    let cases: &[(&[&str], &str)] = &[
        (
            &["log", "--mark", "ack", "x"],
            "did you mean `acknowledged`?",
        ),
        (&["log", "--mark", "fixed", "x"], "did you mean `resolved`?"),
        (&["log", "--at", "5m", "x"], "did you mean `-5m`?"),
        (&["log", "--at=-5", "x"], "did you mean `-5m`?"),
        (&["status", "in progress"], "did you mean `investigating`?"),
        (
            &["log", "--at", "24:00", "x"],
            "write `00:00` of the next day",
        ),
    ];
    for (arguments, suggestion) in cases {
        let said = clone.fails(arguments);
        assert!(said.contains(suggestion), "{arguments:?}: {said}");
    }
}
