//! Common mistakes in TOML and JSON, and what `check` reports for each.
//!
//! Each file in `tests/mistakes/` is a table: `## ` and the name of a case, its text, and the
//! expected diagnostics after `=> `. An invisible character is written `<U+200B>`.
//! `BLESS=1` regenerates the expectations: review their diff as code.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use afterword::source::is_hidden;
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

use crate::site::afterword;

struct Case {
    name: String,
    /// As it stands in the table.
    typed: String,
    expected: String,
}

impl Case {
    /// Returns the text of the file.
    fn text(&self) -> String {
        let mut text = self.typed.clone();
        while let Some((before, rest)) = text.split_once("<U+") {
            let (code, after) = rest.split_once('>').expect("a code point");
            let code = u32::from_str_radix(code, 16).expect("a code point");
            let character = char::from_u32(code).expect("a character");
            text = format!("{before}{character}{after}");
        }
        text
    }
}

fn table(name: &str) -> (Utf8PathBuf, Vec<Case>) {
    let path = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/mistakes/{name}.txt"));
    let text = fs::read_to_string(&path).expect("the table is there");
    let cases = format!("\n{text}");
    let cases = cases.split("\n## ").skip(1).map(|case| {
        let (name, rest) = case.split_once('\n').unwrap_or((case, ""));
        let (typed, expected) = rest.split_once("\n=> ").unwrap_or((rest, ""));
        Case {
            name: name.to_owned(),
            typed: format!("{}\n", typed.trim_end_matches('\n')),
            expected: format!("=> {}\n", expected.trim_end()),
        }
    });
    (path, cases.collect())
}

/// Runs `check` on an archive, and returns its diagnostics by file.
fn checked(archive: &Path) -> BTreeMap<String, Vec<Value>> {
    let folder = archive.to_str().expect("UTF-8");
    let output = afterword(
        &[
            "-C",
            folder,
            "check",
            "--format",
            "json",
            "--as-of",
            "2026-01-31",
        ],
        &[],
    );
    let printed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut found: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for diagnostic in printed["diagnostics"].as_array().expect("a list") {
        let file = diagnostic["file"].as_str().unwrap_or_default();
        found
            .entry(file.to_owned())
            .or_default()
            .push(diagnostic.clone());
    }
    found
}

/// Prints diagnostics in the format of the tables.
fn said(diagnostics: &[&Value]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let of = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let place = |value: &Value| match (value["line"].as_u64(), value["column"].as_u64()) {
            (Some(line), Some(column)) => format!("{line}:{column}"),
            _ => "file".to_owned(),
        };
        let label = match of(diagnostic, "label") {
            label if label.is_empty() => label,
            label => format!(" ({label})"),
        };
        let message = of(diagnostic, "message");
        writeln!(text, "=> {} {message}{label}", place(diagnostic)).unwrap();
        for other in diagnostic["related"].as_array().expect("a list") {
            writeln!(text, "   {} {}", place(other), of(other, "label")).unwrap();
        }
        writeln!(text, "   help: {}", of(diagnostic, "help")).unwrap();
    }
    if text.is_empty() {
        text.push_str("=> accepted\n");
    }
    let mut shown = String::new();
    for character in text.chars() {
        let is_odd_blank = character.is_whitespace() && !character.is_ascii();
        if is_hidden(character) || is_odd_blank {
            write!(shown, "<U+{:04X}>", u32::from(character)).unwrap();
        } else {
            shown.push(character);
        }
    }
    shown
}

/// Compares the diagnostics of each case with its table.
fn compare(name: &str, say: impl Fn(&[Case]) -> Vec<Vec<Value>>) {
    let (path, cases) = table(name);
    assert!(
        cases.len() > 20,
        "the table of {name} is not where it should be"
    );
    let mut blessed = String::new();
    let mut wrong = String::new();
    for (case, diagnostics) in cases.iter().zip(say(&cases)) {
        let diagnostics: Vec<&Value> = diagnostics.iter().collect();
        for diagnostic in &diagnostics {
            let help = diagnostic["help"].as_str().unwrap_or_default();
            assert!(
                !help.is_empty(),
                "no help for {diagnostic} in {}",
                case.name
            );
        }
        let said = said(&diagnostics);
        writeln!(blessed, "## {}\n{}{said}", case.name, case.typed).unwrap();
        if said != case.expected {
            writeln!(
                wrong,
                "## {}\n{}{said}--- expected\n{}",
                case.name, case.typed, case.expected
            )
            .unwrap();
        }
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, blessed).expect("writable");
        return;
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Returns the errors of each case, and unknown checks; all cases are files of one archive.
fn of_one_archive(
    cases: &[Case],
    ending: &str,
    write: impl Fn(&Path, &str, &str),
) -> Vec<Vec<Value>> {
    let work = tempfile::tempdir().expect("a folder");
    for folder in ["incidents", "timelines"] {
        fs::create_dir(work.path().join(folder)).expect("writable");
    }
    let id = |place: usize| format!("INC-2025-{place:04}");
    for (place, case) in cases.iter().enumerate() {
        write(work.path(), &id(place), &case.text());
    }
    let mut found = checked(work.path());
    let of = |place: usize| {
        let folder = if ending == "toml" {
            "incidents"
        } else {
            "timelines"
        };
        let file = format!("{folder}/{}.{ending}", id(place));
        let found = found.remove(&file).unwrap_or_default();
        found
            .into_iter()
            .filter(|found| found["level"] == "error" || found["code"] == "unknown-check")
            .collect()
    };
    (0..cases.len()).map(of).collect()
}

#[test]
fn mistakes_in_an_incident_are_named_with_their_remedy() {
    compare("incident", |cases| {
        of_one_archive(cases, "toml", |folder, id, text| {
            fs::write(folder.join(format!("incidents/{id}.toml")), text).expect("writable");
        })
    });
}

#[test]
fn mistakes_in_a_timeline_are_named_with_their_remedy() {
    compare("timeline", |cases| {
        of_one_archive(cases, "json", |folder, id, text| {
            let incident = folder.join(format!("incidents/{id}.toml"));
            fs::write(incident, "title = \"T\"\n").expect("writable");
            fs::write(folder.join(format!("timelines/{id}.json")), text).expect("writable");
        })
    });
}

#[test]
fn an_incident_or_timeline_of_another_format_is_not_passed_over_in_silence() {
    let work = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| crate::site::write(work.path(), path, text);
    write("incidents/INC-2026-0001.toml", "title = \"T\"\n");
    write("timelines/INC-2026-0001.json", "{\"events\": []}\n");
    for ignored in [
        "incidents/INC-2026-0002.yaml",
        "incidents/2026/INC-2026-0003.toml.txt",
        "timelines/INC-2026-0002.yml",
        "timelines/INC-2026-0003.jsonl",
    ] {
        write(ignored, "title: T\n");
    }
    // Evidence, notes, and copies of what is read are nobody's mistake.
    for fine in [
        "incidents/deploy.yaml",
        "incidents/INC-2026-0001.yaml",
        "incidents/README.md",
        "incidents/alert-1.json",
        "timelines/notes.toml",
    ] {
        write(fine, "");
    }
    let found = checked(work.path());
    let ignored = found
        .iter()
        .filter(|(_, found)| found[0]["code"] == "ignored-file");
    let said: Vec<String> = ignored
        .map(|(file, found)| format!("{file}: {}", found[0]["help"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(
        said,
        [
            "incidents/2026/INC-2026-0003.toml.txt: convert it to TOML and name it `INC-2026-0003.toml`",
            "incidents/INC-2026-0002.yaml: convert it to TOML and name it `INC-2026-0002.toml`",
            "timelines/INC-2026-0002.yml: convert it to JSON and name it `INC-2026-0002.json`",
            "timelines/INC-2026-0003.jsonl: convert it to JSON and name it `INC-2026-0003.json`",
        ]
    );
}

#[test]
fn a_conflict_in_what_is_read_as_markdown_is_named_with_its_line() {
    let work = tempfile::tempdir().expect("a folder");
    let folder = work.path().to_str().expect("UTF-8");
    let conflict = "# Notes\n\n<<<<<<< HEAD\none\n=======\ntwo\n>>>>>>> main\n";
    for path in [
        "afterword.toml",
        "report.md",
        "memory/incidents.md",
        "memory.toml",
    ] {
        let path = work.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        let is_markdown = path.extension().is_some_and(|ending| ending == "md");
        fs::write(path, if is_markdown { conflict } else { "" }).expect("writable");
    }
    let report = work.path().join("report.md");
    let report = report.to_str().expect("UTF-8");
    for command in [&["import", "report", report][..], &["memory", "check"]] {
        let output = afterword(&[&["-C", folder], command].concat(), &[]);
        let said = crate::site::said(&output);
        assert!(!output.status.success(), "{said}");
        let message = "unresolved merge conflict between `HEAD` and `main`, at line 3";
        assert!(said.contains(message), "{command:?}: {said}");
    }
}

#[test]
fn mistakes_in_the_settings_are_named_with_their_remedy() {
    compare("settings", |cases| {
        let of = |case: &Case| {
            let work = tempfile::tempdir().expect("a folder");
            fs::write(work.path().join("afterword.toml"), case.text()).expect("writable");
            checked(work.path())
                .remove("afterword.toml")
                .unwrap_or_default()
        };
        cases.iter().map(of).collect()
    });
}
