//! `list` and `status`: what the archive has, what is open, and what each open incident needs next.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::site::{afterword, said, write};

/// 2026-11-21 05:42:08 UTC.
const NOW: &str = "1795239728";

/// An archive with an open incident, a new one, a resolved one and a closed one.
fn archive() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [
        (
            "incidents/INC-2026-0003.toml",
            "title = \"Checkout errors\"\nseverity = \"P2\"\nclassification = \"public\"\nservices = [\"checkout\"]\ntags = [\"release\"]\npeople.commander = \"Noor Haddad\"\n[[messages]]\nstage = \"investigating\"\nsent_at = 2026-11-21T05:20:00Z\nbody = \"We are on it. Next update in 15 minutes.\"\n",
        ),
        (
            "timelines/INC-2026-0003.json",
            "{ \"date\": \"2026-11-21\", \"events\": [\n  { \"at\": \"05:00\", \"marks\": [\"started\"], \"text\": \"First checkout fails\" },\n  { \"at\": \"05:30\", \"text\": \"The pool of Zeewinkel is empty\" }\n] }\n",
        ),
        ("incidents/INC-2026-0004.toml", "title = \"Odd graphs\"\n"),
        (
            "incidents/INC-2026-0002.toml",
            "title = \"Slow search\"\nseverity = \"P1\"\nstatus = \"resolved\"\nservices = [\"search\"]\ntimes.started = 2026-11-19T10:00:00Z\n",
        ),
        (
            "incidents/2025/INC-2025-0141.toml",
            "title = \"Old\"\nseverity = \"P1\"\nstatus = \"closed\"\nservices = [\"checkout\", \"search\"]\ntimes.started = 2025-02-01T10:00:00Z\ntimes.ended = 2025-02-01T11:30:00Z\n",
        ),
    ] {
        write(folder.path(), path, text);
    }
    folder
}

fn run(root: &Path, arguments: &[&str]) -> Output {
    let at = root.to_str().expect("UTF-8");
    afterword(
        &[&["-C", at], arguments].concat(),
        &[("SOURCE_DATE_EPOCH", NOW)],
    )
}

fn printed(root: &Path, arguments: &[&str]) -> String {
    let output = run(root, arguments);
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Returns the last digits of the IDs that `list` prints as JSON.
fn listed(root: &Path, arguments: &[&str]) -> Vec<String> {
    let text = printed(root, &[&["list", "--format", "json"], arguments].concat());
    let list: Value = serde_json::from_str(&text).expect("JSON");
    let rows = list["incidents"].as_array().expect("a list").iter();
    rows.map(|row| row["id"].as_str().expect("an ID")[9..].to_owned())
        .collect()
}

#[test]
fn incidents_are_listed_newest_first() {
    let expected = "\
ID             SEVERITY  STATUS         STARTED     DURATION      TITLE
INC-2026-0004  -         Investigating  -           pending       Odd graphs
INC-2026-0003  P2        Investigating  2026-11-21  pending       Checkout errors
INC-2026-0002  P1        Resolved       2026-11-19  not recorded  Slow search
INC-2025-0141  P1        Closed         2025-02-01  1h 30m        Old
";
    let folder = archive();
    // The second time from the cache.
    for _ in 0..2 {
        assert_eq!(printed(folder.path(), &["list"]), expected);
    }
}

#[test]
fn each_filter_leaves_what_it_names() {
    let folder = archive();
    let cases: &[(&[&str], &[&str])] = &[
        (&["--open"], &["0004", "0003"]),
        (&["--severity", "p1"], &["0002", "0141"]),
        (
            &["--severity", "P1,P2", "--service", "Checkout"],
            &["0003", "0141"],
        ),
        (
            &["--service", "checkout", "--service", "search"],
            &["0003", "0002", "0141"],
        ),
        (&["--tag", "release"], &["0003"]),
        (&["--since", "2026-11-20"], &["0003"]),
        (&["--text", "zeewinkel POOL"], &["0003"]),
        (&["--text", "checkout"], &["0003", "0141"]),
        // A key of the file is no text.
        (&["--text", "sent_at"], &[]),
        (&["--text", "slow", "--open"], &[]),
    ];
    for (arguments, expected) in cases {
        assert_eq!(listed(folder.path(), arguments), *expected, "{arguments:?}");
    }
}

#[test]
fn a_name_that_no_incident_has_is_pointed_out() {
    let folder = archive();
    let output = run(folder.path(), &["list", "--service", "chekout"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout), "no incidents\n");
    let expected = "no incident has the service `chekout`; did you mean `checkout`?";
    assert!(said(&output).contains(expected), "{}", said(&output));
}

#[test]
fn a_changed_file_is_read_again() {
    let folder = archive();
    assert_eq!(listed(folder.path(), &["--tag", "release"]), ["0003"]);
    write(
        folder.path(),
        "incidents/INC-2026-0004.toml",
        "title = \"Odd graphs\"\ntags = [\"release\"]\n",
    );
    write(
        folder.path(),
        "incidents/INC-2026-0005.toml",
        "title = \"New\"\ntags = [\"release\"]\n",
    );
    assert_eq!(
        listed(folder.path(), &["--tag", "release"]),
        ["0005", "0004", "0003"]
    );
    fs::remove_file(folder.path().join("incidents/INC-2026-0004.toml")).expect("writable");
    assert_eq!(
        listed(folder.path(), &["--tag", "release"]),
        ["0005", "0003"]
    );
}

#[test]
fn an_incident_that_cannot_be_read_is_reported() {
    let folder = archive();
    write(
        folder.path(),
        "incidents/INC-2026-0004.toml",
        "title = \"Odd graphs\"\nstaus = \"closed\"\n",
    );
    let named = "not included, because of errors: INC-2026-0004\n";
    for arguments in [
        &["list"][..],
        &["list", "--tag", "none"],
        &["status"],
        &["actions"],
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(
            said(&output).contains("did you mean `status`?"),
            "{}",
            said(&output)
        );
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.ends_with(named), "{text}");
    }
    let output = run(folder.path(), &["list", "--open", "--format", "json"]);
    let listed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(listed["unreadable"], serde_json::json!(["INC-2026-0004"]));
    let output = run(folder.path(), &["actions", "--format", "json"]);
    let listed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(listed["unreadable"], serde_json::json!(["INC-2026-0004"]));
}

#[test]
fn the_status_says_what_is_open_and_what_is_missing() {
    let expected = "\
INC-2026-0004  Odd graphs
  Status       Investigating, no severity
  Missing      severity, commander, mark `started`, mark `identified` (gives Identified)

INC-2026-0003  Checkout errors
  Status       Investigating, P2
  Since        2026-11-21 05:00 UTC (42 minutes ago)
  Commander    Noor Haddad
  Last entry   2026-11-21 05:30 UTC (12 minutes ago): The pool of Zeewinkel is empty
  Next update  2026-11-21 05:35 UTC (7 minutes ago)
  Missing      mark `identified` (gives Identified)

resolved, not closed: INC-2026-0002
";
    assert_eq!(printed(archive().path(), &["status"]), expected);
    let empty = tempfile::tempdir().expect("a folder");
    fs::create_dir(empty.path().join("incidents")).expect("writable");
    assert_eq!(printed(empty.path(), &["status"]), "no incident is open\n");
}
