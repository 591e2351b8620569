//! Reports in the layouts of others: `tests/import/NAME/report.md` with what must come of it.
//!
//! `expected/` holds the two files and `told.txt`, what the import says: the marks, what it
//! read otherwise, what it could not place, and what the new report says otherwise.

use std::fs;

use afterword::import::{Imported, proof};
use camino::Utf8PathBuf;

use super::{again, imported, repository};

pub fn folders() -> Vec<Utf8PathBuf> {
    let layouts = repository().join("tests/import");
    let entries = layouts.read_dir_utf8().expect("tests/import is there");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("readable").path().to_owned())
        .collect();
    folders.sort();
    folders
}

fn told(text: &str, imported: &Imported, gives: &str) -> String {
    let mut told = String::new();
    for found in &imported.marks {
        told.push_str(&format!(
            "mark {} {}: {}\n",
            found.mark, found.at, found.reason
        ));
    }
    for (what, notes) in [("know", &imported.notes), ("left", &imported.left)] {
        for note in notes {
            let line = note.line.map(|line| format!("{line} ")).unwrap_or_default();
            told.push_str(&format!("{what} {line}{}\n", note.text));
        }
    }
    for found in proof::lost(text, gives) {
        told.push_str(&format!(
            "words not in the report {} {}\n",
            found.line, found.said
        ));
    }
    told
}

#[test]
fn each_layout_gives_what_it_expects_and_loses_nothing() {
    let mut failures = Vec::new();
    for folder in folders() {
        let text = fs::read_to_string(folder.join("report.md")).expect("a report");
        let name = format!("{}-1.md", folder.file_name().unwrap_or_default());
        let imported = match imported(repository(), &name, &text) {
            Ok(imported) => imported,
            Err(refusal) => {
                failures.push(format!("{folder}: {refusal}"));
                continue;
            }
        };
        let gives = match again(repository(), &imported) {
            Ok(gives) => gives,
            Err(faults) => {
                failures.push(format!("{folder}: {faults}\n{}", imported.incident));
                continue;
            }
        };
        let files = [
            ("incident.toml", imported.incident.clone()),
            (
                "timeline.json",
                imported.timeline.clone().unwrap_or_default(),
            ),
            ("told.txt", told(&text, &imported, &gives)),
        ];
        for (name, found) in files {
            let path = folder.join("expected").join(name);
            if std::env::var_os("BLESS").is_some() {
                fs::create_dir_all(folder.join("expected")).expect("writable");
                fs::write(path, found).expect("writable");
            } else if fs::read_to_string(&path).unwrap_or_default() != found {
                failures.push(format!("{path} differs\n{found}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
