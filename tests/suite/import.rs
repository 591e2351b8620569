//! Imported Markdown reports become incidents whose generated reports match the originals.

use std::collections::BTreeSet;
use std::fs;

use afterword::audience::Audience;
use afterword::config::Config;
use afterword::import::{self, ImportError, Imported, Settings, proof};
use afterword::load;
use afterword::publish::Site;
use afterword::source::{Source, Syntax};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

mod columns;
mod command;
mod fragments;
mod grammar;
mod law;
mod layouts;
mod many;
mod random;

fn repository() -> &'static Utf8Path {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Imports a text as the command does, into the archive at `root`.
fn imported(root: &Utf8Path, name: &str, text: &str) -> Result<Imported, ImportError> {
    imported_on(root, name, text, None)
}

/// Imports a text with `--date`.
fn imported_on(
    root: &Utf8Path,
    name: &str,
    text: &str,
    day: Option<NaiveDate>,
) -> Result<Imported, ImportError> {
    let source = Source::new(name, text);
    let config = load::settings(root).archive.config;
    let files = import::linked_files(source.text());
    let ids: BTreeSet<String> = load::taken_ids(root).into_iter().collect();
    let settings = Settings {
        files: files
            .into_iter()
            .filter(|path| load::is_file(root, Utf8Path::new(path)))
            .collect(),
        ids,
        day,
        ..Settings::default()
    };
    import::report(&source, &config, &settings)
}

/// Returns the generated report of an imported incident, or its errors.
fn generated(root: &Utf8Path, imported: &Imported) -> Result<String, String> {
    let round_trip =
        proof::compare(root, load::settings(root), imported).expect("the templates are valid");
    let errors: Vec<&str> = round_trip
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    round_trip.markdown.ok_or_else(|| errors.join("\n"))
}

/// Normalizes a report for comparison: without table padding and trailing spaces.
fn normal(text: &str) -> String {
    text.lines()
        .map(|line| proof::normal(line) + "\n")
        .collect()
}

/// Compares two reports; returns an error with the first line that differs.
fn compare(name: &str, original: &str, generated: &str) -> Result<(), String> {
    let (original, generated) = (normal(original), normal(generated));
    if original == generated {
        return Ok(());
    }
    let index = original
        .lines()
        .zip(generated.lines())
        .position(|(left, right)| left != right);
    let index = index.unwrap_or_else(|| original.lines().count().min(generated.lines().count()));
    let around = |text: &str| {
        text.lines()
            .skip(index.saturating_sub(1))
            .take(4)
            .collect::<Vec<_>>()
            .join("\n  ")
    };
    Err(format!(
        "{name}, line {}\n- {}\n+ {}",
        index + 1,
        around(&original),
        around(&generated)
    ))
}

/// Returns the reports of an archive with their IDs.
fn reports(root: &Utf8Path) -> Vec<(String, String)> {
    let loaded = load::archive(root);
    let site = Site::new(&loaded.archive, &loaded.templates, Audience::Confidential)
        .expect("the templates are valid");
    let render = |record| {
        site.with_report(record, |report| site.renderer().markdown(report))
            .expect("it renders")
    };
    loaded
        .archive
        .records
        .iter()
        // An existing report keeps its own layout.
        .filter(|record| record.incident.report.is_none())
        .map(|record| (record.id.clone(), render(record)))
        .collect()
}

pub fn golden() -> Option<Utf8PathBuf> {
    let shared = repository().parent()?.join("shared");
    shared
        .join("seeds/INC-2025-0023.md")
        .is_file()
        .then_some(shared)
}

#[test]
fn the_seed_report_survives_the_round_trip() {
    let Some(shared) = golden() else { return };
    let text = fs::read_to_string(shared.join("seeds/INC-2025-0023.md")).expect("readable");
    let root = shared.join("golden");
    let imported = imported(&root, "INC-2025-0023.md", &text).expect("a report");
    assert!(imported.unmapped.is_empty(), "{:?}", imported.unmapped);
    let generated = generated(&root, &imported).expect("no errors");
    compare("the seed", &text, &generated).unwrap_or_else(|difference| panic!("{difference}"));
    assert_eq!(proof::differences(&text, &generated), []);
    let marks: Vec<&str> = imported
        .marks
        .iter()
        .map(|found| found.mark.as_str())
        .collect();
    let expected = [
        "started",
        "ended",
        "impact_started",
        "detected",
        "paged",
        "acknowledged",
        "identified",
        "mitigated",
        "impact_ended",
    ];
    assert_eq!(marks, expected);
}

#[test]
fn the_report_of_an_investigation_survives_the_round_trip() {
    let Some(shared) = golden() else { return };
    let root = shared.join("golden-investigation");
    let reports = root.join("expected").read_dir_utf8().expect("it is there");
    for report in reports {
        let path = report.expect("readable").path().to_owned();
        let text = fs::read_to_string(&path).expect("readable");
        let imported = imported(&root, path.as_str(), &text).expect("a report");
        let generated = generated(&root, &imported).expect("no errors");
        compare(path.as_str(), &text, &generated)
            .unwrap_or_else(|difference| panic!("{difference}"));
    }
}

#[test]
fn computed_numbers_are_not_stored() {
    let Some(shared) = golden() else { return };
    let text = fs::read_to_string(shared.join("seeds/INC-2025-0023.md")).expect("readable");
    let mut imported =
        imported(&shared.join("golden"), "INC-2025-0023.md", &text).expect("a report");
    for number in [
        "44 minutes 35 seconds",
        "47 seconds after",
        "1,247 users",
        "17 minutes",
    ] {
        assert!(!imported.incident.contains(number), "{number}");
    }
    let later = imported
        .timeline
        .as_deref()
        .expect("events")
        .replace("\"15:08:22\"", "\"15:09:22\"");
    imported.timeline = Some(later);
    let generated = generated(&shared.join("golden"), &imported).expect("no errors");
    assert!(
        generated.contains("**Duration**: 45 minutes 35 seconds"),
        "{generated}"
    );
}

#[test]
fn every_report_of_the_sample_archive_survives_the_round_trip() {
    let mut failures = Vec::new();
    for root in [
        repository().to_owned(),
        repository().join("tests/cases/every-key"),
        repository().join("tests/cases/printed-times"),
    ] {
        for (id, text) in reports(&root) {
            let result = imported(&root, &format!("{id}.md"), &text)
                .map_err(|error| error.to_string())
                .and_then(|imported| generated(&root, &imported))
                .and_then(|generated| compare(&id, &text, &generated));
            failures.extend(result.err());
        }
    }
    assert!(
        failures.is_empty(),
        "{} differ\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn a_text_that_is_not_a_report_is_rejected_with_a_reason() {
    let cases = [
        ("", "missing heading"),
        ("plain words\n", "missing heading"),
        ("{\"events\": []}\n", "missing heading"),
        ("# Incident Report: INC-2025-0001\n", "no sections"),
        (
            "# Something else?\n\n## Timeline\n\n**14:00** - x\n",
            "states no incident ID",
        ),
        (
            "# Incident Report: INC-2025-0001\n\n## Timeline\n\n**14:00** - x\n",
            "has no date",
        ),
    ];
    for (text, expected) in cases {
        let error = imported(repository(), "a report.md", text).expect_err(text);
        assert!(error.message.contains(expected), "{text}: {error}");
    }
}

#[test]
fn unmapped_content_is_kept_and_reported_with_its_line() {
    let text = "# Incident Report: INC-2025-0001\n\n## Incident Summary\n\n**Title**: A\n**Start Time**: 2025-01-14 14:23 UTC\n**Mood**: grim\n\n## Moon Phase\n\nFull.\n";
    let imported = imported(repository(), "x.md", text).expect("a report");
    let unmapped: Vec<_> = imported
        .unmapped
        .iter()
        .map(|note| (note.line, note.text.as_str()))
        .collect();
    assert_eq!(unmapped, [(Some(7), "Incident Summary: **Mood**: grim")]);
    let generated = generated(repository(), &imported).expect("no errors");
    for words in [
        "## Unmapped Content",
        "**Mood**: grim",
        "## Moon Phase",
        "Full.",
    ] {
        assert!(generated.contains(words), "{words}\n{generated}");
    }
}

#[test]
fn impact_windows_without_events_are_kept_and_not_counted() {
    let window = |number: usize, from: &str, to: &str| {
        format!(
            "**Impact Window {number}**: 2025-01-14 {from} UTC to 2025-01-14 {to} UTC (5 minutes)  \n"
        )
    };
    let windows = [window(1, "14:25", "14:30"), window(2, "15:00", "15:05")].concat();
    let report = |timeline: &str| {
        format!(
            "# Incident Report: INC-2025-0001\n\n## Incident Summary\n\n**Title**: A  \n**Start Time**: 2025-01-14 14:23 UTC  \n**Impact Windows**: 2 (10 minutes in total)  \n{windows}\n{timeline}"
        )
    };
    let bare = imported(repository(), "x.md", &report("")).expect("a report");
    assert_eq!(bare.unmapped.len(), 2);
    assert!(!bare.incident.contains("impact_"), "{}", bare.incident);
    // `[times]` can hold one of them.
    let timeline = "## Timeline\n\n**15:00** - Slow again  \n**15:05** - Fast again  \n";
    let result = imported(repository(), "x.md", &report(timeline)).expect("a report");
    assert!(result.unmapped.is_empty());
    let printed = generated(repository(), &result).expect("no problems");
    assert!(printed.contains(windows.trim_end()), "{printed}");
}

#[test]
fn text_above_the_title_is_kept() {
    let text = "Words above.\n\n# INC-1: A\n\n## Summary\n\nIt broke.\n";
    let imported = imported(repository(), "x.md", text).expect("a report");
    assert!(
        imported.incident.contains("Words above."),
        "{}",
        imported.incident
    );
}

#[test]
fn lines_directly_above_a_rule_are_not_a_heading() {
    let text = "# Incident Report: INC-2025-0001\n\n## Incident Summary\n\n**Title**: A\n**Status**: Closed\n---\n\n**Classification**: Internal\n";
    let imported = imported(repository(), "x.md", text).expect("a report");
    let start = "#:schema ../schema/incident.json\n\n\
        title          = \"A\"\nstatus         = \"closed\"\nclassification = \"internal\"\n";
    assert_eq!(imported.incident, start);
}

#[test]
fn a_number_that_differs_is_reported_with_both_values() {
    let text = "# Incident Report: INC-2025-0001\n\n## Incident Summary\n\n**Title**: A\n**Start Time**: 2025-01-14 14:23 UTC\n**End Time**: 2025-01-14 14:43 UTC\n**Duration**: 44 minutes\n";
    let imported = imported(repository(), "x.md", text).expect("a report");
    let generated = generated(repository(), &imported).expect("no errors");
    let found = proof::differences(text, &generated);
    let [found] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(found.line, 8);
    assert_eq!(found.generated.as_deref(), Some("**Duration**: 20 minutes"));
}

#[test]
fn a_customer_table_without_users_keeps_the_stated_total() {
    let text = "# Incident Report: INC-2025-0001\n\n## Incident Summary\n\n**Title**: A\n\n## Impact Analysis\n\n### User Impact\n- **Users Affected**: ~1,247 users across 9 customer accounts\n\n### Customer-Specific Impact\n| Customer | Failed Orders |\n|---|---|\n| A | 12 |\n| Others (8 accounts) | 5 |\n";
    let imported = imported(repository(), "x.md", text).expect("a report");
    let generated = generated(repository(), &imported).expect("no errors");
    assert_eq!(proof::differences(text, &generated), []);
    assert!(imported.incident.contains("users           = 1247"));
    assert!(!imported.incident.contains("\naccounts = 9"));
}

/// A report that states no start, only a timeline, the time to detect and the date of its sign-off.
const WITHOUT_START: &str = "# Incident Report: INC-2025-0001\n\n## Timeline\n\n**14:23:47** - Alert fired: slow\n**14:55:33** - Incident closed\n\n## Detection\n\n**Time to Detect**: 47 seconds after first slow query\n\n## Communication\n\n### External\n- **Customer Notification**: Sent at 14:40 (17 minutes into incident)\n\n## Sign-off\n\n**Date**: 2025-01-15\n";

#[test]
fn a_start_that_is_not_stated_follows_from_the_time_to_detect() {
    let day = NaiveDate::from_ymd_opt(2025, 1, 14);
    let imported = imported_on(repository(), "x.md", WITHOUT_START, day).expect("a report");
    let generated = generated(repository(), &imported).expect("no errors");
    assert_eq!(proof::differences(WITHOUT_START, &generated), []);
    let found = imported.marks.first().expect("a mark");
    let summary = format!("{} {}: {}", found.mark.as_str(), found.at, found.reason);
    assert_eq!(
        summary,
        "started 2025-01-14 14:23:00 UTC: computed from the stated time to detect (47 seconds)"
    );
}

#[test]
fn the_date_of_a_sign_off_is_not_the_date_of_the_incident() {
    let error = imported(repository(), "x.md", WITHOUT_START).expect_err("no date");
    assert_eq!(error.line, Some(5));
    assert!(error.message.contains("has no date"), "{error}");
    let dated = WITHOUT_START.replace("## Timeline", "**Date**: 2025-01-14\n\n## Timeline");
    let imported = imported(repository(), "x.md", &dated).expect("a report");
    let timeline = imported.timeline.expect("a timeline");
    assert!(timeline.contains("\"2025-01-14\""), "{timeline}");
}

#[test]
fn labels_of_earlier_versions_are_still_imported() {
    for label in ["Found by Ourselves", "Detected Internally"] {
        let text = format!(
            "# Incident Report: INC-2025-0001\n\n## Incident Summary\n\n**Title**: A\n\n## Detection\n\n**{label}**: Yes\n"
        );
        let imported = imported(repository(), "x.md", &text).expect("a report");
        assert!(imported.incident.contains("internal = true"), "{label}");
    }
}

#[test]
fn severities_come_from_the_configuration() {
    let config: Config =
        load::strict::text("[severity.SEV1]\nlabel = \"Major\"\n", Syntax::Toml).expect("settings");
    let text = "# Incident Report: INC-2025-0001\n\n## Incident Summary\n\n**Title**: A\n**Severity**: SEV1 (Major)\n";
    let source = Source::new("x.md", text);
    let known = import::report(&source, &config, &Settings::default()).expect("a report");
    assert!(
        known.incident.contains("severity = \"SEV1\""),
        "{}",
        known.incident
    );
    let unknown =
        import::report(&source, &Config::default(), &Settings::default()).expect("a report");
    assert!(
        !unknown.incident.contains("severity ="),
        "{}",
        unknown.incident
    );
    assert_eq!(unknown.unmapped.len(), 1);
}

#[test]
fn an_archive_may_define_custom_headings() {
    let settings = "[import.headings]\n\"Who Was Hurt\" = \"impact\"\n\"Story\" = \"summary\"\n";
    let config: Config = load::strict::text(settings, Syntax::Toml).expect("settings");
    let text = "# INC-1: A\n\n## Story\n\nIt broke.\n\n## Who Was Hurt\n\n- **Users Affected**: 12 users\n";
    let imported = import::report(&Source::new("x.md", text), &config, &Settings::default())
        .expect("a report");
    for words in ["summary = \"It broke.\"", "users = 12"] {
        assert!(
            imported.incident.replace("  ", " ").contains(words),
            "{}",
            imported.incident
        );
    }
}
