//! An error in `afterword.toml` is reported by every command that reads the file. The valid
//! settings apply, and nothing is written by a setting that is invalid.

use std::fs;
use std::path::Path;
use std::process::Output;

use crate::site::{afterword, case, copy, said};

/// 2026-11-21 05:42:08 UTC.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

const GOOD: &str = "[site]\nids = \"OPS-NNNN\"\nseverities = [\"SEV1\"]\ntimezone = \"Asia/Tokyo\"\n\n[severity.SEV1]\nlabel = \"Bad\"\n";

/// Errors: the text to replace in the good settings, its replacement, the expected message, and whether a
/// setting that `new` needs becomes unknown.
const ERRORS: &[(&str, &str, &str, bool)] = &[
    (
        "ids =",
        "titel = \"Ours\"\nids =",
        "did you mean `title`?",
        false,
    ),
    ("label =", "labl =", "did you mean `label`?", false),
    (
        "label = \"Bad\"",
        "require = [\"impct\"]",
        "did you mean `impact`?",
        false,
    ),
    (
        "label = \"Bad\"",
        "label = \"Bad",
        "this string is not closed",
        false,
    ),
    (
        "[severity",
        "[audit]\nallow = 3\n\n[severity",
        "expected",
        false,
    ),
    ("\"OPS-NNNN\"", "3", "expected a string", true),
    ("ids =", "idz =", "did you mean `ids`?", true),
    (
        "ids =",
        "name_pattern =",
        "unknown key `name_pattern`",
        true,
    ),
    ("[\"SEV1\"]", "\"SEV1\"", "expected a list", true),
    (
        "Asia/Tokyo",
        "Asia/Tokio",
        "`Asia/Tokio` is not a time zone",
        true,
    ),
    (
        "[severity.SEV1]",
        "[sevrity.SEV1]",
        "did you mean `severity`?",
        true,
    ),
    (
        "\"OPS-NNNN\"",
        "\"OPS-NNNN",
        "this string is not closed",
        true,
    ),
    ("[site]", "[site", "header", true),
];

fn with(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("incidents")).expect("writable");
    fs::write(folder.path().join("afterword.toml"), settings).expect("writable");
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let at = folder.to_str().expect("UTF-8");
    afterword(&[&["-C", at], arguments].concat(), &[NOW])
}

fn all_output(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &said(output)
}

#[test]
fn only_valid_settings_apply() {
    for (old, new, words, is_needed) in ERRORS {
        assert!(GOOD.contains(old), "{old}");
        let folder = with(&GOOD.replacen(old, new, 1));
        let made = run(folder.path(), &["new", "x", "--severity", "SEV1"]);
        let printed = all_output(&made);
        assert!(printed.contains(words), "{new}: {printed}");
        let file = folder.path().join("incidents/OPS-0001.toml");
        let count = fs::read_dir(folder.path().join("incidents"))
            .expect("readable")
            .count();
        if *is_needed {
            assert_eq!(made.status.code(), Some(1), "{new}: {printed}");
            assert!(printed.contains("nothing done: `s"), "{new}: {printed}");
            assert_eq!(count, 0, "{new}");
        } else {
            assert!(made.status.success() && count == 1, "{new}: {printed}");
            let text = fs::read_to_string(file).expect("it has the ID of the settings");
            assert!(text.contains("\"SEV1\""), "{new}: {text}");
            let timeline = folder.path().join("timelines/OPS-0001.json");
            let timeline = fs::read_to_string(timeline).expect("it is there");
            assert!(timeline.contains("Asia/Tokyo"), "{new}: {timeline}");
        }
    }
}

#[test]
fn an_event_is_logged_despite_errors_in_the_settings() {
    for (old, new, words, _) in ERRORS {
        let folder = with(&GOOD.replacen(old, new, 1));
        fs::write(
            folder.path().join("incidents/OPS-0007.toml"),
            "title = \"x\"\n",
        )
        .expect("writable");
        for id in [&["OPS-0007"][..], &[]] {
            let logged = run(folder.path(), &[&["log"], id, &["Restarted"]].concat());
            let printed = all_output(&logged);
            assert!(logged.status.success(), "{new}: {printed}");
            // In the archive's time zone, if it could be read.
            let times = ["14:42:08 JST", "05:42:08 UTC"];
            let echo =
                |time: &&str| printed.contains(&format!("OPS-0007  2026-11-21 {time}  Restarted"));
            assert!(
                printed.contains(words) && times.iter().any(echo),
                "{new}: {printed}"
            );
        }
    }
}

#[test]
fn every_command_that_reads_the_settings_reports_their_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(case("clean").as_std_path(), folder.path());
    let report = folder.path().join("report.md");
    fs::write(&report, "# Incident Report\n").expect("writable");
    fs::write(folder.path().join("incidents-memory.md"), "# Memory\n").expect("writable");
    let settings = folder.path().join("afterword.toml");
    fs::write(&settings, "[site]\nas_of = \"today\"\ntimezone = 3\n").expect("writable");
    for arguments in [
        &["check"][..],
        &["build", "--out", "site"],
        &["build", "--out", "site", "--keep-going"],
        &["show", "INC-2025-0001"],
        &["comms", "INC-2025-0001"],
        &["actions"],
        &["memory", "touch", "INC-2025-0001"],
        &["memory", "export"],
        &["import", "report", report.to_str().expect("UTF-8")],
        &["new", "x", "--severity", "P1"],
        &["audit", "."],
    ] {
        let output = run(folder.path(), arguments);
        let printed = all_output(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {printed}");
        assert!(
            printed.contains("afterword.toml:3:12"),
            "{arguments:?}: {printed}"
        );
        assert!(
            printed.contains("`today` is not a date"),
            "{arguments:?}: {printed}"
        );
    }
    assert!(!folder.path().join("site").exists());
}

#[test]
fn a_check_that_needs_an_invalid_setting_is_skipped() {
    let incident = "title = \"x\"\nseverity = \"SEV1\"\n\n[[action_items]]\naction = \"Add an alert\"\ndue = 2026-01-20\n";
    for (settings, silent, named) in [
        (
            GOOD.to_owned(),
            &[][..],
            &[
                "action-without-owner",
                "action-overdue",
                "classification-missing",
            ][..],
        ),
        // There may be a severity of that name.
        (
            GOOD.replace("[\"SEV1\"]", "1"),
            &["unknown-severity"],
            &["action-without-owner", "action-overdue"],
        ),
        (
            GOOD.replace("[site]", "[site]\nas_of = 1"),
            &["action-overdue"],
            &["action-without-owner", "classification-missing"],
        ),
        (
            GOOD.to_owned() + "[checks]\naction-without-owner = \"offf\"\n",
            &["action-without-owner"],
            &["action-overdue", "classification-missing"],
        ),
    ] {
        let folder = with(&settings);
        fs::write(folder.path().join("incidents/OPS-0007.toml"), incident).expect("writable");
        let printed = all_output(&run(folder.path(), &["check"]));
        for code in silent {
            assert!(
                !printed.contains(&format!("[{code}]")),
                "{settings}: {printed}"
            );
        }
        for code in named {
            assert!(
                printed.contains(&format!("[{code}]")),
                "{settings}: {printed}"
            );
        }
    }
}
