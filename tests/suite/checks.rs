//! Each file of `tests/checks/` shows one check: the smallest incidents that it reports, and that it does not.
//!
//! `CODE.txt`, or `CODE.VARIANT.txt` for other settings, is an archive: `-- PATH --` precedes the text of each
//! file. The last part, `-- findings --`, is what `afterword check` prints for that code on 2026-01-31.
//! An incident whose ID starts with `quiet` has no such finding; every other incident has one.
//! `BLESS=1 cargo test` regenerates the findings: review the diff like code.

use std::collections::BTreeSet;
use std::fs;

use afterword::check;
use afterword::command::check::CheckRun;
use afterword::diagnostic::{Diagnostic, text};
use afterword::load;
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use crate::cases;

const FINDINGS: &str = "findings";

/// A file of `tests/checks/`.
struct Example {
    path: Utf8PathBuf,
    /// The check code.
    code: String,
    /// The text up to the findings.
    input: String,
    findings: String,
}

impl Example {
    fn read(path: Utf8PathBuf) -> Self {
        let text = fs::read_to_string(&path).expect("readable");
        let header = format!("-- {FINDINGS} --\n");
        let (input, findings) = text.split_once(&header).unwrap_or((&text, ""));
        let name = path.file_name().expect("a file");
        Self {
            code: name.split('.').next().unwrap_or_default().to_owned(),
            input: input.to_owned(),
            findings: findings.to_owned(),
            path,
        }
    }

    /// Writes the files of the archive to a folder.
    fn unpack(&self, folder: &Utf8Path) {
        for part in format!("\n{}", self.input).split("\n-- ").skip(1) {
            let (path, text) = part.split_once(" --\n").expect("a header");
            crate::site::write(folder, path, text);
        }
    }

    /// Runs `check`, and returns the findings of the code, their text, and the files of the incidents.
    fn check(&self) -> (Vec<Diagnostic>, String, Vec<Utf8PathBuf>) {
        let folder = tempfile::tempdir().expect("a folder");
        let root = Utf8Path::from_path(folder.path()).expect("UTF-8");
        self.unpack(root);
        let CheckRun {
            loaded,
            diagnostics,
            ..
        } = cases::check(root);
        let (own, others): (Vec<_>, Vec<_>) = diagnostics
            .into_iter()
            .partition(|found| found.code == self.code);
        let is_check =
            |found: &&Diagnostic| check::rules().iter().any(|rule| rule.code == found.code);
        let invalid = others.iter().find(|found| !is_check(found));
        assert!(invalid.is_none(), "{}: {invalid:#?}", self.path);
        let printed = text::blocks(&own, &loaded.sources, text::Style::Plain);
        let printed = printed.strip_suffix('\n').unwrap_or(&printed).to_owned();
        (own, printed, load::incident_files(root))
    }
}

fn examples() -> Vec<Example> {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks");
    let files = folder.read_dir_utf8().expect("tests/checks is there");
    let mut paths: Vec<_> = files
        .map(|file| file.expect("readable").path().to_owned())
        .collect();
    paths.sort();
    paths.into_iter().map(Example::read).collect()
}

/// Writes the archive of each file to a folder of its name.
pub fn unpack(folder: &Utf8Path) -> Vec<Utf8PathBuf> {
    let unpacked = examples().into_iter().map(|example| {
        let archive = folder.join(example.path.file_stem().expect("a file"));
        example.unpack(&archive);
        archive
    });
    unpacked.collect()
}

/// Returns `true` if a diagnostic has a location in an incident's file, in its timeline, or in an entry of it.
fn is_about(found: &Diagnostic, id: &str) -> bool {
    let mut files = found.locations.iter().map(|location| &location.file);
    files.any(|file| {
        let mut paths = file.ancestors();
        paths.any(|path| path.file_stem() == Some(id))
    })
}

#[test]
fn each_finding_is_as_expected() {
    let problems = |example: Example| {
        let (own, printed, incidents) = example.check();
        let mut problems = Vec::new();
        if own.is_empty() {
            problems.push("no finding".to_owned());
        }
        for found in &own {
            if found.primary().is_none() || found.help.is_none() {
                problems.push(format!("no location or no help: {}", found.message));
            }
        }
        for incident in &incidents {
            let id = incident.file_stem().unwrap_or_default();
            let is_found = own.iter().any(|found| is_about(found, id));
            if is_found == id.starts_with("quiet") {
                problems.push(format!(
                    "{id}: expected {}",
                    if is_found { "none" } else { "one" }
                ));
            }
        }
        if !incidents
            .iter()
            .any(|path| path.as_str().contains("/quiet"))
        {
            problems.push("no incident `quiet`".to_owned());
        }
        if std::env::var_os("BLESS").is_some() {
            let text = format!("{}-- {FINDINGS} --\n{printed}", example.input);
            fs::write(&example.path, text).expect("writable");
        } else if example.findings != printed {
            problems.push(format!("expected:\n{}found:\n{printed}", example.findings));
        }
        problems
            .into_iter()
            .map(move |problem| format!("{}: {problem}", example.path))
            .collect::<Vec<_>>()
    };
    let problems: Vec<String> = examples().into_par_iter().flat_map(problems).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn each_check_has_a_file() {
    let shown: BTreeSet<String> = examples().into_iter().map(|example| example.code).collect();
    let reading = load::RULES.iter().chain(check::RULES).map(|rule| rule.code);
    let checks: BTreeSet<&str> = check::all().map(|check| check.code).collect();
    let missing: Vec<_> = checks
        .iter()
        .filter(|code| !shown.contains(**code))
        .collect();
    assert!(missing.is_empty(), "no file in tests/checks: {missing:?}");
    let known: BTreeSet<&str> = checks.iter().copied().chain(reading).collect();
    let unknown: Vec<_> = shown
        .iter()
        .filter(|code| !known.contains(code.as_str()))
        .collect();
    assert!(unknown.is_empty(), "not a code: {unknown:?}");
}
