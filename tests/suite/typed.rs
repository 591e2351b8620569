//! Texts, names and dates on the command line.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use crate::session::Clone;
use crate::site::said;

const INCIDENT: &str = "incidents/INC-2026-0001.toml";

/// Runs a command with a text on standard input.
fn piped(clone: &Clone, arguments: &[&str], text: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_afterword"))
        .args(["-C", clone.path()])
        .args(arguments)
        .env_clear()
        .env("SOURCE_DATE_EPOCH", clone.now.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut input = child.stdin.take().expect("piped");
    // A command that reads nothing may have ended.
    let _ = input.write_all(text.as_bytes());
    drop(input);
    child.wait_with_output().expect("it ends")
}

#[test]
fn every_text_may_come_from_standard_input() {
    let clone = Clone::with_incident("P2");
    clone.run(&["actions", "add", "Widen the pool"]);
    for (index, arguments) in [
        &["log", "-"] as &[&str],
        &["cause", "-"],
        &["cause", "--factor", "-"],
        &["severity", "P1", "--because", "-"],
        &["status", "identified", "--text", "-"],
        &["actions", "add", "-"],
        &["actions", "cancel", "A1", "--because", "-"],
        &["comms", "--record", "--file", "-"],
        &["new", "-", "--severity", "P3"],
    ]
    .iter()
    .enumerate()
    {
        let text = format!("Text {index} from a pipe");
        let output = piped(&clone, arguments, &format!("{text}\n"));
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        let files = clone.files().into_values();
        let written = files.filter(|file| String::from_utf8_lossy(file).contains(&text));
        assert_eq!(written.count(), 1, "{arguments:?}");
        let before = clone.files();
        let output = piped(&clone, arguments, " \n");
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(before == clone.files(), "{arguments:?}");
        if arguments[0] == "new" {
            clone.run(&["undo", "--yes"]);
        }
    }
}

#[test]
fn a_name_is_never_a_dash() {
    let clone = Clone::with_incident("P2");
    for arguments in [
        &["assign", "scribe", "-"] as &[&str],
        &["affects", "--customer", "-"],
        &["affects", "--service", "-"],
        &["actions", "add", "Widen the pool", "--owner", "-"],
        &["sign-off", "--role", "reviewer", "--name", "-"],
        &["log", "x", "--actor", "-"],
    ] {
        let said = clone.fails(arguments);
        assert!(
            said.contains("only texts are read from standard input"),
            "{said}"
        );
    }
}

#[test]
fn exports_may_be_piped() {
    let clone = Clone::with_incident("P2");
    let url = "https://github.com/example/app/issues/12";
    clone.run(&["actions", "add", "Widen the pool", "--url", url]);
    let export = format!("[{{ \"url\": \"{url}\", \"state\": \"CLOSED\" }}]");
    let compared = piped(&clone, &["actions", "--against", "-"], &export);
    let printed = String::from_utf8_lossy(&compared.stdout).into_owned();
    assert!(
        printed.contains("status: `planned` here, `done` in GitHub"),
        "{printed}"
    );
    if cfg!(unix) {
        let said = clone.fails(&["actions", "--against", "/dev/null"]);
        assert!(
            said.contains("is not a regular file; pipe it into standard input"),
            "{said}"
        );
    }
}

#[test]
fn dates_are_typed_as_people_say_them() {
    let clone = Clone::with_incident("P2");
    clone.run(&["actions", "add", "Widen the pool"]);
    clone.run(&["actions", "add", "Add an alert"]);
    clone.run(&["actions", "done", "A1", "--on", "today"]);
    clone.run(&[
        "sign-off",
        "--role",
        "reviewer",
        "--name",
        "Ana Reyes",
        "--on",
        "-2d",
    ]);
    let text = clone.read(INCIDENT);
    assert!(
        text.contains("done_on = 2026-11-21") && text.contains("2026-11-19"),
        "{text}"
    );
    for since in ["-3d", "yesterday", "2 days ago", "2026-11-21"] {
        let listed = clone.run(&["list", "--since", since]);
        assert!(listed.contains("INC-2026-0001"), "{since}: {listed}");
    }
    for (arguments, expected) in [
        (
            &["actions", "add", "x", "--due", "-3d"] as &[&str],
            "invalid date `-3d`",
        ),
        (
            &["actions", "done", "A2", "--on", "soon"],
            "invalid date `soon`",
        ),
        (
            &["actions", "done", "A2", "--on", "2026-12-24"],
            "is in the future",
        ),
        (&["list", "--since", "3d"], "invalid date `3d`"),
        (
            &["log", "x", "--at", "0001-01-01"],
            "`0001-01-01` is before 1970",
        ),
        (
            &["log", "x", "--at", "-1000000d"],
            "`-1000000d` is before 1970",
        ),
        (
            &["actions", "done", "A1", "A2"],
            "one action item at a time",
        ),
        (
            &["actions", "done", "INC-2026-0001-A1", "A2"],
            "one action item at a time",
        ),
    ] {
        let said = clone.fails(arguments);
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[test]
fn a_person_is_named_once_in_a_role() {
    let clone = Clone::with_incident("P2");
    for role in [
        "commander",
        "scribe",
        "communications",
        "reporter",
        "responder",
    ] {
        clone.run(&["assign", role, "Ana Reyes"]);
        let said = clone.refused(&["assign", role, "ana reyes"]);
        assert!(
            said.contains(&format!("`Ana Reyes` is {role} already")),
            "{said}"
        );
    }
    clone.run(&["assign", "scribe", "Mina Sol"]);
    assert!(clone.read(INCIDENT).contains("scribe = \"Mina Sol\""));
}

#[test]
fn a_value_of_several_words_never_becomes_a_part_of_the_text() {
    let clone = Clone::with_incident("P2");
    clone.run(&["actions", "add", "Widen the pool"]);
    let line = |line: &'static str| -> Vec<&str> { line.split(' ').collect() };
    for typed in [
        "log Restarted the workers --actor Ana Reyes",
        "log Restarted --actor Ana Reyes --mark mitigated",
        "actions add Add an alert --owner Ana Reyes",
        "actions add Add an alert --due friday --owner Ana Reyes",
        "new Mail is down --service mail server --severity P2",
        "cause The pool leaked --factor no alert",
        "severity P1 --because all payments fail",
        "status identified --text the pool leaked",
        "affects --customer Zeewinkel Outdoor",
        "sign-off --role reviewer --name Ana Reyes",
        "actions cancel A1 --because too costly",
    ] {
        let said = clone.fails(&line(typed));
        assert!(said.contains("in quotes"), "{typed}: {said}");
    }
    for typed in [
        "log INC-2026-0001 --actor Ana Restarted the workers",
        "log --actor Ana Restarted them",
        "log Alert fired --at 5:33 on a host",
        "actions add --owner Ana Add an alert",
        "new Mail is down --severity P3 --service mail",
    ] {
        clone.run(&line(typed));
    }
    let created = clone.read("incidents/INC-2026-0002.toml");
    assert!(created.contains("\"Mail is down\""), "{created}");
}
