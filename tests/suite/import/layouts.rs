//! Imports reports in foreign layouts: `tests/import/NAME/report.md` with its `expected/` files.
//!
//! `expected/` contains the two files of the incident and `summary.txt`, which lists the marks,
//! the notes, the unmapped content and the lines that the generated report lacks.

use std::fs;

use afterword::facts::labelled::Labels;
use afterword::import::{Imported, proof};
use camino::Utf8PathBuf;

use super::{generated, imported, repository};

pub fn folders() -> Vec<Utf8PathBuf> {
    let layouts = repository().join("tests/import");
    let entries = layouts.read_dir_utf8().expect("tests/import is there");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("readable").path().to_owned())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn summary(text: &str, imported: &Imported, generated: &str) -> String {
    let mut summary = String::new();
    for found in &imported.marks {
        summary.push_str(&format!(
            "mark {} {}: {}\n",
            found.mark.as_str(),
            found.at,
            found.reason
        ));
    }
    for (label, notes) in [("note", &imported.notes), ("unmapped", &imported.unmapped)] {
        for note in notes {
            let line = note.line.map(|line| format!("{line} ")).unwrap_or_default();
            summary.push_str(&format!("{label} {line}{}\n", note.text));
        }
    }
    for found in proof::lost(text, generated, &imported.kept(), &Labels::default()) {
        summary.push_str(&format!(
            "missing from the generated report {} {}\n",
            found.line, found.original
        ));
    }
    summary
}

#[test]
fn each_layout_is_imported_as_expected() {
    let mut failures = Vec::new();
    for folder in folders() {
        let text = fs::read_to_string(folder.join("report.md")).expect("a report");
        let name = format!("{}-1.md", folder.file_name().unwrap_or_default());
        let imported = match imported(repository(), &name, &text) {
            Ok(imported) => imported,
            Err(error) => {
                failures.push(format!("{folder}: {error}"));
                continue;
            }
        };
        let generated = match generated(repository(), &imported) {
            Ok(generated) => generated,
            Err(errors) => {
                failures.push(format!("{folder}: {errors}\n{}", imported.incident));
                continue;
            }
        };
        let files = [
            ("incident.toml", imported.incident.clone()),
            (
                "timeline.json",
                imported.timeline.clone().unwrap_or_default(),
            ),
            ("summary.txt", summary(&text, &imported, &generated)),
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
