//! Every folder of `tests/cases/` is an archive, with the expected output in `expected/`.
//!
//! `check.txt` is the output of `afterword check` on 2026-01-31; `ID.md` is a report.
//! `BLESS=1 cargo test` regenerates them: review the diff like code.

use std::fs;
use std::path::Path;

use afterword::audience::Audience;
use afterword::cache::Cache;
use afterword::command::check::{CheckRun, everything};
use afterword::diagnostic::text;
use afterword::load;
use afterword::memory::ledger::LEDGER;
use afterword::publish::Site;
use afterword::read::{Purpose, Reading};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

/// Returns the folders of `tests/cases/`, sorted.
pub fn folders() -> Vec<Utf8PathBuf> {
    let cases = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = cases.read_dir_utf8().expect("tests/cases is there");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("readable").path().to_owned())
        .collect();
    folders.sort();
    folders
}

/// Checks an archive at noon on 2026-01-31.
pub fn check(folder: &Utf8Path) -> CheckRun {
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 31).expect("a day");
    let cache = Cache::none();
    let (mut reading, loaded) = Reading::begin(folder, &cache, &[LEDGER]);
    reading.at_time(as_of.and_hms_opt(12, 0, 0).map(|noon| noon.and_utc()));
    everything(&mut reading, loaded, as_of, Purpose::Check)
}

fn compare(path: &Utf8Path, found: &str, failures: &mut Vec<String>) {
    if std::env::var_os("BLESS").is_some() {
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, found).expect("writable");
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    if expected != found {
        failures.push(format!(
            "{path}\n--- expected\n{expected}\n--- found\n{found}"
        ));
    }
}

#[test]
fn each_case_has_its_expected_output() {
    let mut failures = Vec::new();
    for folder in folders() {
        let run = check(&folder);
        let printed = text::print(&run.diagnostics, &run.loaded.sources, text::Style::Plain);
        compare(&folder.join("expected/check.txt"), &printed, &mut failures);
        let reports = fs::read_dir(folder.join("expected"))
            .into_iter()
            .flatten()
            .filter_map(Result::ok);
        let reports: Vec<_> = reports
            .map(|entry| entry.path())
            .filter(|path| ends_with_md(path))
            .collect();
        let archive = load::archive(&folder).archive;
        let site =
            Site::new(&archive, &[], Audience::Internal).expect("the templates are well formed");
        for path in reports {
            let id = path
                .file_stem()
                .and_then(|stem| stem.to_str())
                .expect("an id");
            let record = archive
                .records
                .iter()
                .find(|record| record.id == id)
                .expect("the report's incident");
            let found = site
                .with_report(record, |report| site.renderer().markdown(report))
                .expect("it renders");
            compare(
                Utf8Path::from_path(&path).expect("UTF-8"),
                &found,
                &mut failures,
            );
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn ends_with_md(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "md")
}
