//! Exports of other systems become events: every sample of `tests/sources` gives what its `.expected` says.
//!
//! The samples are invented, in the shapes that the systems export.

use std::collections::BTreeSet;
use std::fs;

use afterword::edit;
use afterword::import::source::merge::{self, Options, Plan};
use afterword::import::source::{self, ExportFile, Exports, IMPORTERS, Settings};
use afterword::load::{self, Loaded};
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

mod again;
mod command;
mod files;
mod hostile;
mod marks;
mod parts;
mod together;

fn folder() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources")
}

/// Returns the samples: each a file, or the files of a folder.
fn samples() -> Vec<(String, Vec<ExportFile>)> {
    let mut names: Vec<Utf8PathBuf> = folder()
        .read_dir_utf8()
        .expect("the samples")
        .map(|entry| entry.expect("readable").into_path())
        .filter(|path| path.extension() != Some("expected"))
        .collect();
    names.sort();
    let read = |path: &Utf8Path| ExportFile {
        path: path.strip_prefix(folder()).expect("inside").to_string(),
        text: fs::read_to_string(path).expect("readable"),
    };
    names
        .into_iter()
        .map(|path| {
            let name = path.file_name().expect("a name").to_owned();
            let mut files = Vec::new();
            let mut open = vec![path];
            while let Some(path) = open.pop() {
                if path.is_dir() {
                    let entries = path.read_dir_utf8().expect("readable");
                    open.extend(entries.map(|entry| entry.expect("readable").into_path()));
                } else {
                    files.push(read(&path));
                }
            }
            files.sort_by(|left, right| left.path.cmp(&right.path));
            (name, files)
        })
        .collect()
}

/// An archive with one incident and without a timeline.
fn archive() -> (tempfile::TempDir, Utf8PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Utf8PathBuf::from_path_buf(folder.path().to_path_buf()).expect("UTF-8");
    fs::create_dir(root.join("incidents")).expect("writable");
    let text = "title = \"Slow API\"\nseverity = \"P1\"\nclassification = \"internal\"\n";
    fs::write(root.join("incidents/INC-1.toml"), text).expect("writable");
    (folder, root)
}

fn incident(root: &Utf8Path) -> Loaded {
    load::one(root, "INC-1").expect("the incident")
}

fn plan(loaded: &Loaded, exports: Exports, options: &Options) -> Plan {
    let archive = &loaded.archive;
    merge::plan(exports, &archive.records[0], &archive.config, options)
}

/// Describes what an import would do.
fn described(exports: &Exports, plan: &Plan) -> String {
    let mut out = String::new();
    for rejected in &exports.rejected {
        let first = rejected.reason.lines().next().unwrap_or_default();
        out.push_str(&format!("rejected: {}: {first}\n", rejected.path));
    }
    for note in &exports.notes {
        out.push_str(&format!("note: {note}\n"));
    }
    for unplaced in &exports.unplaced {
        out.push_str(&format!(
            "not placed: {} ({})\n",
            unplaced.text, unplaced.reason
        ));
    }
    for placed in &plan.placed {
        let group = placed
            .group
            .as_deref()
            .map(|group| format!("  of {group}"))
            .unwrap_or_default();
        out.push_str(&format!(
            "{}{group}\n",
            edit::timeline::event(&placed.event)
        ));
        if let Some(extra) = &placed.extra {
            out.push_str(&format!("  {extra:?}\n"));
        }
    }
    for proposal in &plan.proposals {
        let event = &plan.placed[proposal.index].event;
        let set = match (proposal.is_set, proposal.is_refused) {
            (true, _) => "set",
            (false, true) => "refused",
            (false, false) => "proposed",
        };
        out.push_str(&format!(
            "{set}: {} at {} ({})\n",
            proposal.mark.as_str(),
            event.at,
            proposal.reason
        ));
    }
    for ((importer, reason), count) in &plan.left_out {
        out.push_str(&format!("left out: {count} {importer}: {reason}\n"));
    }
    for (importer, count) in &plan.counts {
        out.push_str(&format!(
            "{importer}: {count:?}, private values removed: {}\n",
            plan.removed
        ));
    }
    out
}

#[test]
fn every_sample_gives_the_expected_events() {
    let (_folder, root) = archive();
    let loaded = incident(&root);
    let mut wrong = Vec::new();
    for (name, files) in samples() {
        let exports = source::read(&files, &Settings::default());
        let shown = {
            let again = source::read(&files, &Settings::default());
            let plan = plan(&loaded, again, &Options::default());
            described(&exports, &plan)
        };
        let path = folder().join(format!("{name}.expected"));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &shown).expect("writable");
        } else if fs::read_to_string(&path).unwrap_or_default() != shown {
            wrong.push(format!("{path}:\n{shown}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "run with BLESS=1 and review:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_importer_has_a_sample_and_no_sample_has_two() {
    let mut seen = BTreeSet::new();
    for (name, files) in samples() {
        let exports = source::read(&files, &Settings::default());
        let importers = exports.found.iter().map(|found| found.importer.name);
        let importers: BTreeSet<&str> = importers
            .chain(exports.unplaced.iter().map(|unplaced| unplaced.importer))
            .collect();
        assert!(importers.len() < 2, "{name} is read by {importers:?}");
        seen.extend(importers);
    }
    let known: BTreeSet<&str> = IMPORTERS
        .iter()
        .chain([source::TABLE])
        .map(|importer| importer.name)
        .collect();
    assert_eq!(seen, known);
}

#[test]
fn other_envelopes_hold_the_same_events() {
    let (_folder, root) = archive();
    let loaded = incident(&root);
    for (name, files) in samples() {
        let [file] = files.as_slice() else {
            continue;
        };
        let Ok(value) = serde_json::from_str::<Value>(&file.text) else {
            continue;
        };
        let events = |text: String| {
            let file = ExportFile {
                path: file.path.clone(),
                text,
            };
            let exports = source::read(&[file], &Settings::default());
            let plan = plan(&loaded, exports, &Options::default());
            plan.placed
                .iter()
                .map(|placed| edit::timeline::event(&placed.event))
                .collect::<Vec<_>>()
        };
        let plain = events(file.text.clone());
        for wrapped in [
            serde_json::json!({ "data": value }),
            serde_json::json!([value]),
            serde_json::json!({ "result": [value] }),
        ] {
            assert_eq!(events(wrapped.to_string()), plain, "{name} in an envelope");
        }
    }
}
