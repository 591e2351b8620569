//! Messages as they are sent: recorded, and drafted from the one before.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Output;

use crate::site::{afterword, said};

const ID: &str = "INC-2026-0001";

/// 2026-03-10 09:57 UTC.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1773136620");

const INCIDENT: &str = r#"title = "Checkout errors"   # stays
severity = "P2"
classification = "internal"
times.started = 2026-03-10T09:10:00Z

[[impact.customers]]
name = "Zeewinkel Outdoor"
users = 61001

[[impact.customers]]
name = "Lindqvist Books"

[[impact.customers]]
name = "Lindqvist Music"

# The messages follow.
[[messages]]
stage = "investigating"
channel = "status"
sent_at = 2026-03-10T09:26:00Z
subject = "Checkout errors"
body = """
Some checkouts fail. We are looking into it.

- Next update: 09:45 UTC
"""
"#;

fn archive(incident: &str) -> tempfile::TempDir {
    crate::site::archive(&[(&format!("incidents/{ID}.toml"), incident)])
}

fn path(root: &Path) -> std::path::PathBuf {
    root.join(format!("incidents/{ID}.toml"))
}

fn text(root: &Path) -> String {
    fs::read_to_string(path(root)).expect("readable")
}

fn comms(root: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let at = root.to_str().expect("UTF-8");
    afterword(
        &[&["-C", at, "comms", ID], arguments].concat(),
        &[&[NOW], variables].concat(),
    )
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_message_is_recorded_as_it_was_sent() {
    for crlf in [false, true] {
        let ends = |text: &str| {
            if crlf {
                text.replace('\n', "\r\n")
            } else {
                text.to_owned()
            }
        };
        let folder = archive(&ends(INCIDENT));
        let sent = folder.path().join("sent.txt");
        fs::write(&sent, "Subject: Checkout works\r\n\r\nIt works again.\r\n").expect("writable");
        let sent = sent.to_str().expect("UTF-8");
        let output = comms(
            folder.path(),
            &[
                "--record",
                "--stage",
                "monitoring",
                "--channel",
                "email",
                "--at",
                "9:50",
                "--approved-by",
                "Noor Haddad",
                "--file",
                sent,
            ],
            &[],
        );
        assert!(output.status.success(), "{}", said(&output));
        let new = text(folder.path());
        let added = new
            .strip_prefix(&ends(INCIDENT))
            .expect("nothing else changed");
        assert_eq!(added.contains('\r'), crlf);
        let added: toml::Value = toml::from_str(added).expect("TOML");
        let message = &added["messages"][0];
        for (key, expected) in [
            ("stage", "monitoring"),
            ("channel", "email"),
            ("subject", "Checkout works"),
            ("approved_by", "Noor Haddad"),
        ] {
            assert_eq!(message[key].as_str(), Some(expected));
        }
        assert_eq!(
            message["body"].as_str().map(str::trim_end),
            Some("It works again.")
        );
        assert!(
            message["sent_at"].to_string().contains("09:50"),
            "{message}"
        );
        // What was recorded is what `comms` prints from now on.
        let printed = printed(&comms(folder.path(), &["--stage", "monitoring"], &[]));
        assert_eq!(printed, "Subject: Checkout works\n\nIt works again.\n");
        // The same message again is a mistake.
        let before = text(folder.path());
        let again = comms(
            folder.path(),
            &[
                "--record",
                "--stage",
                "monitoring",
                "--channel",
                "email",
                "--at",
                "9:50",
                "--file",
                sent,
            ],
            &[],
        );
        assert_eq!(again.status.code(), Some(1), "{}", said(&again));
        assert_eq!(text(folder.path()), before);
    }
}

#[test]
fn a_message_that_cannot_have_been_sent_is_not_recorded() {
    let folder = archive(INCIDENT);
    let file = folder.path().join("sent.txt");
    let sent = file.to_str().expect("UTF-8");
    for (text_sent, arguments, expected) in [
        ("", &["--file", sent][..], "the message is empty"),
        (
            "We are on it. [Fill in: impact]",
            &["--file", sent],
            "`[Fill in: impact]`",
        ),
        // The draft lacks what only a person knows.
        ("", &["--stage", "identified"], "placeholder"),
        (
            "We are on it.",
            &["--file", sent, "--at", "12:00"],
            "future",
        ),
    ] {
        let mut new = fs::File::create(&file).expect("writable");
        new.write_all(text_sent.as_bytes()).expect("writable");
        let output = comms(folder.path(), &[&["--record"], arguments].concat(), &[]);
        assert!(!output.status.success(), "{arguments:?}");
        assert!(said(&output).contains(expected), "{}", said(&output));
        assert_eq!(text(folder.path()), INCIDENT);
    }
}

#[test]
fn the_promised_time_is_stated_once() {
    let folder = archive(INCIDENT);
    let file = folder.path().join("sent.txt");
    fs::write(&file, "Some fail.\n\nNext update: 10:30 UTC\n").expect("writable");
    let record = |next: &[&str]| {
        let sent = file.to_str().expect("UTF-8");
        let arguments = ["--record", "--file", sent, "--channel", "sms"];
        comms(folder.path(), &[&arguments, next].concat(), &[])
    };
    let output = record(&["--next-at", "11:00"]);
    assert_eq!(output.status.code(), Some(1));
    for words in [
        "the text promises the next update by 2026-03-10 10:30 UTC",
        "`--next-at` says 2026-03-10 11:00 UTC",
        "nothing written",
    ] {
        assert!(said(&output).contains(words), "{}", said(&output));
    }
    assert_eq!(text(folder.path()), INCIDENT);
    let due = "; next update due 2026-03-10 10:30 UTC";
    let output = record(&["--next-at", "33m"]);
    assert!(said(&output).contains(due), "{}", said(&output));
    fs::write(folder.path().join(format!("incidents/{ID}.toml")), INCIDENT).expect("writable");
    let output = record(&[]);
    assert!(said(&output).contains(due), "{}", said(&output));
    // A time of day that is past is that of the next day, which the echo says.
    fs::write(&file, "Some fail.\n").expect("writable");
    let output = record(&["--next-at", "9:00"]);
    assert!(
        said(&output).contains("due 2026-03-11 09:00 UTC"),
        "{}",
        said(&output)
    );
}

#[test]
fn one_text_may_be_sent_by_several_channels_at_once() {
    let folder = archive(INCIDENT);
    let file = folder.path().join("sent.txt");
    fs::write(&file, "Some fail.\n").expect("writable");
    let record = |arguments: &[&str]| {
        let sent = file.to_str().expect("UTF-8");
        let all = ["--record", "--file", sent, "--at", "9:50"];
        comms(folder.path(), &[&all, arguments].concat(), &[])
            .status
            .success()
    };
    assert!(record(&["--channel", "status"]));
    assert!(!record(&["--channel", "status"]));
    assert!(!record(&["--channel", "status", "--stage", "identified"]));
    assert!(record(&["--channel", "email"]));
    assert!(record(&["--channel", "status", "--audience", "public"]));
    assert_eq!(text(folder.path()).matches("Some fail.").count(), 3);
}

#[cfg(unix)]
#[test]
fn a_draft_is_edited_before_it_is_recorded() {
    use std::os::unix::fs::PermissionsExt;
    let folder = archive(INCIDENT);
    let editor = folder.path().join("editor");
    fs::write(
        &editor,
        "#!/bin/sh\nprintf 'Subject: Edited\\n\\n%s\\n' \"$1\" > \"$2\"\n",
    )
    .expect("writable");
    fs::set_permissions(&editor, fs::Permissions::from_mode(0o755)).expect("writable");
    let command = format!("{} words", editor.display());
    let output = comms(
        folder.path(),
        &["--record", "--edit"],
        &[("VISUAL", ""), ("EDITOR", &command)],
    );
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        text(folder.path()).contains("subject = \"Edited\""),
        "{}",
        text(folder.path())
    );
    let before = text(folder.path());
    for editor in ["", "false", "/does/not/exist"] {
        let output = comms(
            folder.path(),
            &["--record", "--edit"],
            &[("VISUAL", ""), ("EDITOR", editor)],
        );
        assert!(!output.status.success(), "{editor}");
        assert_eq!(text(folder.path()), before);
    }
    let drafts = folder.path().join(".afterword/drafts");
    let kept = || fs::read_dir(&drafts).expect("readable").count();
    assert_eq!(kept(), 1, "only what git needs to ignore the folder");
    // A text that cannot be recorded is kept, where nobody else can read it.
    fs::write(
        &editor,
        "#!/bin/sh\nprintf 'Hello [Fill in: name]\\n' > \"$2\"\n",
    )
    .expect("writable");
    let output = comms(
        folder.path(),
        &["--record", "--edit"],
        &[("VISUAL", ""), ("EDITOR", &command)],
    );
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    let (_, path) = said.split_once("kept in `").expect("its path");
    let (path, _) = path.split_once('`').expect("its end");
    let mode = fs::metadata(path)
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600, "{said}");
    assert_eq!(
        fs::read_to_string(path).expect("readable"),
        "Hello [Fill in: name]\n"
    );
}

#[test]
fn a_message_is_not_recorded_while_a_time_is_unknown() {
    let stated = INCIDENT.replace(
        "times.started",
        "times.resolved = \"2026-03-29 02:30\"\ntimes.started",
    );
    let folder = archive(&stated);
    let timeline = folder.path().join("timelines/INC-2026-0001.json");
    fs::create_dir_all(timeline.parent().expect("a folder")).expect("writable");
    fs::write(&timeline, "{ \"tz\": \"Europe/Berlin\", \"events\": [] }").expect("writable");
    let before = text(folder.path());
    let sent = folder.path().join("sent.txt");
    fs::write(&sent, "All is well\n").expect("writable");
    let sent = sent.to_str().expect("UTF-8");
    let output = comms(folder.path(), &["--record", "--file", sent], &[]);
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(
        said.contains("error[impossible-time]") && said.contains("nothing written"),
        "{said}"
    );
    assert_eq!(text(folder.path()), before);
}

#[test]
fn the_next_update_is_drafted_from_the_one_before() {
    let folder = archive(INCIDENT);
    let output = comms(folder.path(), &["--next"], &[]);
    let expected = "\
Subject: Checkout errors

[Fill in: what is new since 2026-03-10 09:26 UTC]

Some checkouts fail. We are looking into it.

- Next update: [Fill in: time of the next update]
";
    assert_eq!(printed(&output), expected);
    let due = "next update due 2026-03-10 09:45 UTC (12 minutes ago), promised by the `investigating` message of 2026-03-10 09:26 UTC";
    assert!(said(&output).contains(due), "{}", said(&output));
    // Once the cause is known, the template of the new stage says so.
    let known = INCIDENT.replace(
        "times.started",
        "times.identified = 2026-03-10T09:50:00Z\ntimes.started",
    );
    let identified = printed(&comms(archive(&known).path(), &["--next"], &[]));
    assert!(identified.contains("identified the cause"), "{identified}");
    let first = INCIDENT
        .split("# The messages follow.")
        .next()
        .expect("a start");
    let output = comms(archive(first).path(), &["--next"], &[]);
    assert!(
        said(&output).contains("no message was sent yet"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_customer_is_found_by_a_part_of_the_name() {
    let folder = archive(INCIDENT);
    let copy = printed(&comms(
        folder.path(),
        &["--draft", "--customer", "zeewinkel"],
        &[],
    ));
    assert!(copy.contains("61001") || copy.contains("61,001"), "{copy}");
    let output = comms(folder.path(), &["--draft", "--customer", "Lindqvist"], &[]);
    assert_eq!(output.status.code(), Some(1));
    for name in ["2 customers", "Lindqvist Books", "Lindqvist Music"] {
        assert!(said(&output).contains(name), "{}", said(&output));
    }
}

#[test]
fn shells_complete_ids() {
    let folder = archive(INCIDENT);
    let at = folder.path().to_str().expect("UTF-8");
    let asked = |words: &[&str]| {
        let line = [&["--", "afterword", "-C", at], words].concat();
        let output = afterword(&line, &[("AFTERWORD_COMPLETE", "fish")]);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for words in [
        &["show", "INC"][..],
        &["show", "0001"],
        &["comms", ""],
        &["log", "--incident", "inc-2026"],
    ] {
        assert!(asked(words).contains(ID), "{words:?}: {}", asked(words));
    }
    assert!(asked(&["sho"]).contains("show"), "{}", asked(&["sho"]));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = afterword(&["completions", shell], &[]);
        let script = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(script.contains("AFTERWORD_COMPLETE"), "{shell}: {script}");
    }
}

#[test]
fn each_command_has_a_manual_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().join("man");
    let write = || {
        let output = afterword(&["man", at.to_str().expect("UTF-8")], &[]);
        assert!(output.status.success(), "{}", said(&output));
        crate::site::files(&at)
    };
    let pages = write();
    for page in [
        "afterword.1",
        "afterword-build.1",
        "afterword-actions-plan.1",
    ] {
        let text = String::from_utf8_lossy(&pages[page]).into_owned();
        assert!(text.contains(".SH SYNOPSIS"), "{page}: {text}");
    }
    assert_eq!(write(), pages);
}
