//! Runs `afterword import report`: the files it writes, its messages and the input it rejects.

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

const REPORT: &str = "# Incident Report: INC-2025-0001\n\n## Incident Summary\n\n**Title**: Checkout errors\n**Severity**: P2 (Medium)\n**Status**: Resolved\n**Start Time**: 2025-01-14 14:23:47 UTC\n**End Time**: 2025-01-14 15:08:22 UTC\n\n## Timeline\n\n**14:23:47** - Alert fired: errors  \n**15:08:22** - Incident closed\n";

fn archive() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("incidents")).expect("writable");
    folder
}

fn write(archive: &TempDir, name: &str, text: impl AsRef<[u8]>) {
    fs::write(archive.path().join(name), text).expect("writable");
}

fn import(archive: &TempDir, arguments: &[&str]) -> (i32, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_afterword"))
        .current_dir(archive.path())
        .args(["import", "report"])
        .args(arguments)
        .output();
    let Output {
        status,
        stdout,
        stderr,
    } = run.expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (
        status.code().expect("an exit code"),
        text(stdout),
        text(stderr),
    )
}

/// Returns the paths of all files of an archive, sorted.
fn files(archive: &TempDir) -> Vec<String> {
    let mut open = vec![archive.path().to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.ends_with(".afterword") {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else {
                files.push(
                    path.strip_prefix(archive.path())
                        .expect("inside")
                        .display()
                        .to_string(),
                );
            }
        }
    }
    files.sort();
    files
}

#[test]
fn an_import_prints_the_created_files_and_the_archive_is_valid() {
    let archive = archive();
    write(&archive, "report.md", REPORT);
    let (code, out, err) = import(&archive, &["report.md"]);
    assert_eq!(
        (code, out.as_str()),
        (
            0,
            "created timelines/INC-2025-0001.json\ncreated incidents/INC-2025-0001.toml\n"
        ),
        "{err}"
    );
    assert!(
        err.contains("started        2025-01-14 14:23:47 UTC (line 13): stated on line 8"),
        "{err}"
    );
    let check = Command::new(env!("CARGO_BIN_EXE_afterword"))
        .current_dir(archive.path())
        .arg("check")
        .output()
        .expect("it runs");
    assert_eq!(
        check.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&check.stdout)
    );
}

#[test]
fn a_dry_run_prints_the_files_and_writes_none() {
    let archive = archive();
    write(&archive, "report.md", REPORT);
    let (code, out, _) = import(&archive, &["--dry-run", "report.md"]);
    assert_eq!(code, 0);
    for words in [
        "# timelines/INC-2025-0001.json\n{",
        "# incidents/INC-2025-0001.toml\n#:schema ../schema/incident.json\n\ntitle",
        "Checkout errors",
    ] {
        assert!(out.contains(words), "{words}\n{out}");
    }
    assert_eq!(files(&archive), ["report.md"]);
}

#[test]
fn no_file_is_overwritten_and_a_problem_does_not_stop_the_other_reports() {
    let archive = archive();
    write(&archive, "good.md", REPORT.replace("0001", "0002"));
    write(&archive, "report.md", REPORT);
    write(&archive, "bad.md", "no report\n");
    let before = files(&archive);
    // One invalid report does not stop the import of the others; two reports have the same ID.
    let (code, out, err) = import(&archive, &["good.md", "bad.md", "good.md"]);
    assert_eq!(code, 1, "{err}");
    assert!(
        out.contains("created incidents/INC-2025-0002.toml"),
        "{out}"
    );
    assert!(err.contains("bad.md: not an incident report"), "{err}");
    assert!(
        err.contains("incident `INC-2025-0002` already exists"),
        "{err}"
    );
    assert!(err.contains("1 of 3 reports imported"), "{err}");
    for path in [
        "incidents/INC-2025-0002.toml",
        "timelines/INC-2025-0002.json",
    ] {
        fs::remove_file(archive.path().join(path)).expect("it is there");
    }
    fs::remove_dir(archive.path().join("timelines")).expect("it is empty");
    assert_eq!(files(&archive), before);
    // The timeline exists already.
    fs::create_dir(archive.path().join("timelines")).expect("writable");
    write(&archive, "timelines/INC-2025-0001.json", "{}");
    let (code, _, err) = import(&archive, &["report.md"]);
    assert_eq!(code, 1);
    assert!(
        err.contains(
            "`timelines/INC-2025-0001.json` has events that `INC-2025-0001` would take over"
        ),
        "{err}"
    );
    assert_eq!(
        fs::read_to_string(archive.path().join("timelines/INC-2025-0001.json")).expect("readable"),
        "{}"
    );
    assert!(!archive.path().join("incidents/INC-2025-0002.toml").exists());
    // The incident exists already, in a subfolder and in lowercase.
    fs::create_dir(archive.path().join("incidents/2025")).expect("writable");
    write(
        &archive,
        "incidents/2025/inc-2025-0002.toml",
        "title = \"x\"\n",
    );
    let (code, _, err) = import(&archive, &["good.md"]);
    assert_eq!(code, 1);
    assert!(
        err.contains("incident `INC-2025-0002` already exists"),
        "{err}"
    );
    let (code, out, _) = import(&archive, &["--id", "INC-2025-0003", "good.md"]);
    assert_eq!(
        (code, out.contains("created incidents/INC-2025-0003.toml")),
        (0, true)
    );
}

#[test]
fn invalid_input_is_rejected_with_a_clear_error() {
    let archive = archive();
    let cases: &[(&str, &[u8], &str)] = &[
        ("empty.md", b"", "not an incident report: missing heading"),
        ("binary.md", b"\x7fELF\x00\x01", "NUL"),
        (
            "latin.md",
            b"# Incident Report: INC-1\n\ncaf\xe9\n",
            "not UTF-8",
        ),
        ("zipped.md", b"\x1f\x8b\x08\x00", "gzip"),
        (
            "page.md",
            b"<html><body><h1>Incident Report: INC-1</h1></body></html>",
            "not an incident report: missing heading",
            ),
        (
            "data.md",
            b"{\"events\": []}",
            "not an incident report: missing heading",
        ),
        (
            "cut.md",
            b"# Incident Report: INC-2025-0001\n\n#",
            "all sections are empty",
        ),
        (
            "fence.md",
            b"# Incident Report: INC-2025-0001\n\n## Resolution\n\n```sh\nkubectl\n",
            "fence.md:5: unterminated code block; the file may be truncated",
        ),
        (
            "comment.md",
            b"# Incident Report: INC-2025-0001\n\n<!-- draft\n## Resolution\n\nIt was.\n",
            "comment.md:3: unterminated comment",
        ),
        (
            "row.md",
            b"# Incident Report: INC-2025-0001\n\n## Timeline\n\n| Time | Event |\n|--|--|\n| 10:00 | Ale",
            "row.md:7: unterminated table row",
        ),
    ];
    for (name, bytes, expected) in cases {
        write(&archive, name, bytes);
        let (code, out, err) = import(&archive, &[name]);
        assert_eq!((code, out.as_str()), (1, ""), "{name}: {err}");
        assert!(err.contains(expected), "{name}: {err}");
    }
    let large = fs::File::create(archive.path().join("large.md")).expect("writable");
    large.set_len(100 << 20).expect("a sparse file");
    let (code, _, err) = import(&archive, &["large.md"]);
    assert!(
        code == 1 && err.contains("the file is 104857600 bytes, over the limit of"),
        "{err}"
    );
    let (code, _, err) = import(&archive, &["incidents"]);
    assert!(code == 1 && err.contains("not a regular file"), "{err}");
    let (code, _, err) = import(&archive, &["nowhere.md"]);
    assert!(
        code == 1 && err.contains("cannot read `nowhere.md`"),
        "{err}"
    );
}

#[test]
fn a_number_in_prose_that_differs_from_the_computed_one_is_reported() {
    let archive = archive();
    let lessons =
        "\n## Lessons Learned\n\n### What Went Well ✅\n1. Fast detection (3 minutes to detect)\n";
    write(
        &archive,
        "report.md",
        format!("{REPORT}\n## Detection\n\n**Time to Detect**: 0 seconds\n{lessons}"),
    );
    let (code, _, err) = import(&archive, &["report.md"]);
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("stated-number-differs"), "{err}");
}

#[test]
fn a_report_truncated_anywhere_is_imported_or_rejected() {
    let text = REPORT.replace(
        "15:08:22** - Incident closed",
        "15:08:22** - Incident \u{1F600} `closed",
    ) + "\n## Root Cause\n\n**Query**: \n```sql\nselect 1;\n```\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n";
    let config = afterword::config::Config::default();
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        let source = afterword::source::Source::new("INC-2025-0001.md", &text[..end]);
        let _ =
            afterword::import::report(&source, &config, &afterword::import::Settings::default());
    }
}

#[test]
fn hostile_text_in_a_report_stays_data() {
    let archive = archive();
    let hostile = [
        "\"]\n[public]\nreport = \"full\"",
        "'''\nclassification = \"public\"\n'''",
        "{{ 7919*7907 }}",
        "{% include \"x\" %}",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "\u{1b}[31mred",
        "a\u{202e}b",
        "\\u0000",
        "](../../etc/passwd)",
    ];
    for (index, words) in hostile.iter().enumerate() {
        let one_line = words.replace('\n', " ");
        let id = format!("INC-2025-1{index:03}");
        let report = REPORT
            .replace("INC-2025-0001", &id)
            .replace("Checkout errors", &one_line)
            .replace("errors  \n", &format!("{one_line}  \n"));
        write(
            &archive,
            "report.md",
            format!("{report}\n## Mine\n\n{words}\n"),
        );
        let (code, _, err) = import(&archive, &["report.md"]);
        assert_eq!(code, 0, "{words:?}: {err}");
        assert!(
            !err.contains('\u{1b}') && !err.contains('\u{202e}'),
            "{err:?}"
        );
        let incident =
            fs::read_to_string(archive.path().join(format!("incidents/{id}.toml"))).expect("made");
        let read: toml::Value = toml::from_str(&incident).expect("TOML");
        assert!(
            read.get("public").is_none() && read.get("classification").is_none(),
            "{incident}"
        );
        let seen: String = one_line
            .chars()
            .filter(|c| !c.is_control() && *c != '\u{202e}')
            .collect();
        assert_eq!(read["title"].as_str(), Some(seen.trim()), "{incident}");
    }
    let (code, _, err) = import(&archive, &["--id", "../escape", "report.md"]);
    assert!(code == 1 && err.contains("invalid ID `../escape`"), "{err}");
}

#[test]
fn labels_of_the_settings_are_read() {
    let archive = archive();
    let settings =
        "[import.labels]\n\"Gesamtausfall\" = \"duration\"\n\"Erstes Zeichen\" = \"detected\"\n";
    write(&archive, "afterword.toml", settings);
    let report = "# Printers offline INC-2025-0301\n\n**Date:** 2025-03-04\n**Gesamtausfall:** 50 min\n**Erstes Zeichen:** 2025-03-04 09:10 UTC\n\n## Timeline (UTC)\n\n- 09:00 Start of outage\n- 10:00 Incident resolved\n";
    write(&archive, "report.md", report);
    let (code, out, err) = import(&archive, &["report.md"]);
    let text = out + &err;
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("label `Gesamtausfall` read as `Duration`"),
        "{text}"
    );
    assert!(
        text.contains("detected       2025-03-04 09:10 UTC"),
        "{text}"
    );
}

#[test]
fn a_duration_that_the_import_names_is_named_by_the_check() {
    for line in [
        "**Time to repair:** 3h 20m",
        "- Dauer: 45 Minuten",
        "| Ausfalldauer | 45 Min. |",
        "障害時間: 45分",
        "Zeitspanne: 45 minut",
    ] {
        let archive = archive();
        let settings = "[words]\nlabels.whole = [\"Zeitspanne\"]\nunits.minutes = [\"minut\"]\n";
        write(&archive, "afterword.toml", settings);
        let report = format!(
            "# Printers offline INC-2025-0301\n\n**Date:** 2025-03-04\n\n## Timeline (UTC)\n\n- 09:00 Start of outage\n- 10:00 Incident resolved\n\n## Impact\n\n{line}\n"
        );
        write(&archive, "report.md", report);
        let (code, out, err) = import(&archive, &["report.md"]);
        assert_eq!(code, 0, "{out}{err}");
        assert!((out + &err).contains("stated duration differs"), "{line}");
        let check = Command::new(env!("CARGO_BIN_EXE_afterword"))
            .current_dir(archive.path())
            .arg("check")
            .output()
            .expect("it runs");
        let text = String::from_utf8(check.stdout).expect("UTF-8");
        assert_eq!(
            text.matches("warning[stated-number-differs]").count(),
            1,
            "{line}\n{text}"
        );
    }
}
