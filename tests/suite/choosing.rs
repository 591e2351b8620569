//! The incident that a command works on: one given by its full or short name, or the only open one.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::site::{afterword, said, write};

mod orphans;
mod refused;

/// 2026-11-21 05:42:08 UTC.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

const SECOND: &str = "{ \"date\": \"2026-11-21\", \"events\": [\n  { \"at\": \"05:00\", \"marks\": [\"started\"], \"text\": \"b\" }\n] }\n";

/// An archive with two open incidents and a closed one.
fn archive() -> tempfile::TempDir {
    crate::site::archive(&[
        (
            "incidents/INC-2026-0001.toml",
            "title = \"First\"\nstatus = \"investigating\"\n",
        ),
        ("incidents/INC-2026-0002.toml", "title = \"Second\"\n"),
        ("timelines/INC-2026-0002.json", SECOND),
        (
            "incidents/2025/INC-2025-0141.toml",
            "title = \"Old\"\nstatus = \"closed\"\n",
        ),
    ])
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let at = folder.to_str().expect("UTF-8");
    afterword(&[&["-C", at], arguments].concat(), &[NOW])
}

fn all_output(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &said(output)
}

#[test]
fn an_incident_that_cannot_be_read_may_be_the_open_one() {
    let missing_comma = (
        "timelines/INC-2026-0001.json",
        "{ \"events\": [{ \"at\": \"2026-11-21 05:00\" \"text\": \"a\" }] }",
        "timelines/INC-2026-0001.json:1:40",
    );
    let mistyped_key = (
        "incidents/INC-2026-0001.toml",
        "title = \"First\"\nstaus = \"investigating\"\n",
        "did you mean `status`?",
    );
    for (path, text, words) in [missing_comma, mistyped_key] {
        for only_the_broken_one in [false, true] {
            let folder = archive();
            write(folder.path(), path, text);
            if only_the_broken_one {
                let closed = SECOND.replace("started", "ended");
                write(folder.path(), "timelines/INC-2026-0002.json", &closed);
            }
            let timeline = folder.path().join("timelines/INC-2026-0002.json");
            let before = fs::read(&timeline).expect("readable");
            for command in [&["log", "Restarted the workers"][..], &["comms"], &["show"]] {
                let output = run(folder.path(), command);
                let all_output = all_output(&output);
                assert_eq!(output.status.code(), Some(1), "{command:?}: {all_output}");
                assert!(all_output.contains(words), "{command:?}: {all_output}");
                assert!(
                    all_output.contains(
                        "error: `INC-2026-0001` cannot be read and may be open; fix the errors"
                    ),
                    "{command:?}: {all_output}"
                );
                let names_the_other = all_output.contains("\n  INC-2026-0002  Second\n");
                assert_eq!(
                    names_the_other, !only_the_broken_one,
                    "{command:?}: {all_output}"
                );
            }
            assert_eq!(fs::read(&timeline).expect("readable"), before);
            // With its full ID, the other one can still be changed.
            let named = run(
                folder.path(),
                &["log", "INC-2026-0002", "Restarted the workers"],
            );
            assert!(named.status.success(), "{}", all_output(&named));
        }
    }
}

#[test]
fn without_an_id_a_command_uses_the_only_open_incident() {
    let folder = archive();
    write(
        folder.path(),
        "incidents/INC-2026-0001.toml",
        "title = \"First\"\nstatus = \"closed\"\n",
    );
    for (command, words) in [
        (
            &["log", "Restarted the workers"][..],
            "INC-2026-0002  2026-11-21 05:42:08 UTC  Restarted",
        ),
        (&["show"], "**Title**: Second"),
        (&["comms"], "INC-2026-0002: "),
    ] {
        let output = run(folder.path(), command);
        assert!(
            output.status.success() && all_output(&output).contains(words),
            "{}",
            all_output(&output)
        );
    }
}

#[test]
fn a_command_that_reads_accepts_every_name_of_an_incident() {
    let folder = archive();
    let whole = folder.path().join("incidents/2025/INC-2025-0141.toml");
    for name in [
        "INC-2025-0141",
        "inc-2025-0141",
        "0141",
        "41",
        "inc-2025",
        "INC-2025-0141.toml",
        "2025/INC-2025-0141.toml",
        "incidents/2025/INC-2025-0141.toml",
        whole.to_str().expect("UTF-8"),
    ] {
        let shown = run(folder.path(), &["show", name]);
        assert!(
            all_output(&shown).contains("**Title**: Old"),
            "{name}: {}",
            all_output(&shown)
        );
        let drafted = run(folder.path(), &["comms", name]);
        assert!(
            all_output(&drafted).contains("INC-2025-0141: "),
            "{name}: {}",
            all_output(&drafted)
        );
    }
    let timeline = run(folder.path(), &["show", "timelines/INC-2026-0002.json"]);
    assert!(
        all_output(&timeline).contains("**Title**: Second"),
        "{}",
        all_output(&timeline)
    );
    let several = run(folder.path(), &["show", "INC-2026"]);
    assert_eq!(several.status.code(), Some(1));
    assert!(
        all_output(&several).contains(
            "`INC-2026` matches 2 incidents; pass one of these IDs:\n  INC-2026-0001\n  INC-2026-0002\n"
        ),
        "{}",
        all_output(&several)
    );
    for name in [
        "9999",
        "",
        "2025",
        "incidents/INC-2025-0141.toml",
        "/elsewhere/INC-2025-0141.toml",
    ] {
        let none = run(folder.path(), &["show", name]);
        assert_eq!(none.status.code(), Some(1), "{name}");
        assert!(
            all_output(&none).contains("not found in"),
            "{name}: {}",
            all_output(&none)
        );
    }
}

#[test]
fn a_command_that_writes_accepts_a_short_name_only_as_an_option() {
    let folder = archive();
    let old = folder.path().join("timelines/INC-2025-0141.d");
    for (arguments, words) in [
        (
            &["log", "0141", "errors seen"][..],
            "several incidents are open",
        ),
        (
            &["log", "INC-2025-0141.toml", "errors seen"],
            "not found in",
        ),
        (
            &["log", "0141", "errors", "seen"],
            "several incidents are open",
        ),
        (
            &["log", "--incident", "INC-2026", "errors seen"],
            "matches 2 incidents",
        ),
        (
            &["log", "--incident", "0141", "INC-2026-0002", "errors seen"],
            "`INC-2026-0002` and `--incident 0141` name two incidents",
        ),
        (&["memory", "touch", "0141"], "use `--incident 0141`"),
        (&["fold", "0141"], "use `--incident 0141`"),
        (
            &["comms", "0141", "--record", "--stage", "resolved"],
            "use `--incident 0141`",
        ),
        (&["memory", "touch"], "required"),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(
            output.status.code(),
            Some(1),
            "{arguments:?}: {}",
            all_output(&output)
        );
        assert!(
            all_output(&output).contains(words),
            "{arguments:?}: {}",
            all_output(&output)
        );
    }
    assert!(!old.exists());
    let logged = run(folder.path(), &["log", "--incident", "0141", "errors seen"]);
    assert_eq!(
        all_output(&logged),
        "INC-2025-0141  2026-11-21 05:42:08 UTC  errors seen\n"
    );
    assert!(old.exists());
    let folded = run(folder.path(), &["fold", "--incident", "0141"]);
    assert!(
        all_output(&folded).contains("INC-2025-0141  joined 1 entry"),
        "{}",
        all_output(&folded)
    );
    // A command that only reads accepts it in front.
    let draft = run(folder.path(), &["comms", "0141", "--stage", "resolved"]);
    assert!(draft.status.success(), "{}", all_output(&draft));
    // The incident is found, but has no entry in the memory.
    let pinned = run(folder.path(), &["memory", "pin", "--incident", "0141"]);
    assert!(
        all_output(&pinned).contains("`INC-2025-0141`"),
        "{}",
        all_output(&pinned)
    );
}

#[test]
fn a_check_reports_its_scope() {
    let folder = archive();
    // Both of the others lack a classification, and the timeline of the second has an unknown key.
    let clean = "title = \"Old\"\nseverity = \"P3\"\nclassification = \"internal\"\n";
    let old = "incidents/2025/INC-2025-0141.toml";
    write(folder.path(), old, clean);
    write(
        folder.path(),
        "timelines/INC-2026-0002.json",
        SECOND.replace("text", "txt"),
    );
    write(folder.path(), "afterword.toml", "");
    let quiet = "checked 1 of 3 incidents: no problems found\n";
    for (paths, words, code) in [
        (&[old][..], quiet, 0),
        (&["0141"], quiet, 0),
        (&["incidents/2025"], quiet, 0),
        (
            &["afterword.toml"],
            "checked `afterword.toml`: no problems found\n",
            0,
        ),
        (&["incidents/INC-2026-0002.toml"], "did you mean `text`?", 1),
        (&["INC-2026-0002", old], "\nchecked 2 of 3 incidents\n", 1),
        (&["timelines"], "\nchecked 1 of 3 incidents\n", 1),
        (&["INC-2026-0009"], "cannot find", 1),
        (&[], "1 error and 3 warnings", 1),
    ] {
        let output = run(folder.path(), &[&["check"], paths].concat());
        assert_eq!(
            output.status.code(),
            Some(code),
            "{paths:?}: {}",
            all_output(&output)
        );
        assert!(
            all_output(&output).contains(words),
            "{paths:?}: {}",
            all_output(&output)
        );
    }
    write(folder.path(), "timelines/INC-2026-0002.json", SECOND);
    for name in ["INC-2026-0001", "INC-2026-0002"] {
        write(folder.path(), &format!("incidents/{name}.toml"), clean);
    }
    assert_eq!(
        all_output(&run(folder.path(), &["check"])),
        "checked 3 incidents: no problems found\n"
    );
}

#[test]
fn a_text_that_starts_with_the_id_of_another_incident_changes_none() {
    let closed = "title = \"First\"\nstatus = \"closed\"\n";
    for text in [
        "INC-2025-0141: errors",
        "INC-2025-0141 errors seen",
        "incidents/2025/INC-2025-0141.toml",
        "[INC-2025-0141]",
        "INC_2025_0141",
        "inc-2025-0141,",
        "INC 2025 0141",
        "INC20250141",
        "INC\u{2013}2025\u{2013}0141",
        "2025-0141",
    ] {
        let folder = archive();
        write(folder.path(), "incidents/INC-2026-0001.toml", closed);
        for command in ["log", "cause"] {
            let output = run(folder.path(), &[command, text, "x"]);
            let printed = all_output(&output);
            assert!(!output.status.success(), "{text}: {printed}");
            assert!(printed.contains("INC-2025-0141"), "{text}: {printed}");
        }
        let timeline = folder.path().join("timelines/INC-2026-0002.json");
        assert_eq!(fs::read_to_string(timeline).expect("readable"), SECOND);
        let output = run(
            folder.path(),
            &["log", "--incident", "INC-2026-0002", "as", text],
        );
        assert!(output.status.success(), "{text}: {}", all_output(&output));
    }
    // Elsewhere in a text, an ID is only mentioned.
    for text in [
        "as in INC-2025-0141",
        "INC-2026-0002: errors",
        "INC-2025-01410 is no ID",
    ] {
        let folder = archive();
        write(folder.path(), "incidents/INC-2026-0001.toml", closed);
        let output = run(folder.path(), &["log", text]);
        assert!(output.status.success(), "{text}: {}", all_output(&output));
    }
}

#[test]
fn an_incident_is_no_name_of_a_person() {
    let folder = archive();
    let closed = "title = \"First\"\nstatus = \"closed\"\n";
    write(folder.path(), "incidents/INC-2026-0001.toml", closed);
    let output = run(
        folder.path(),
        &["assign", "commander", "INC-2025-0141", "Bo"],
    );
    let printed = all_output(&output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("write `afterword assign INC-2025-0141 commander NAME`"),
        "{printed}"
    );
    // A number in front that may be a short ID is named.
    for words in [
        &["0141 disk full"][..],
        &["0141:", "errors"],
        &["#0141", "errors"],
    ] {
        let output = run(folder.path(), &[&["log"], words].concat());
        let printed = all_output(&output);
        assert!(output.status.success(), "{printed}");
        assert!(
            printed.contains("note: `0141` is taken as text, for `INC-2026-0002`"),
            "{printed}"
        );
    }
}
