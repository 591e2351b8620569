//! Custom fields: where a report shows them, who sees them, and what counts them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::canaries::said_by;
use crate::site::{afterword, files, said};

const SETTINGS: &str = r#"
[site]
title = "Ledgers"
base_url = "https://example.com"
as_of = 2025-05-01

[fields.region]
label = "Affected Region"
kind = "list"
values = ["Region A", "Region B"]
counted = true

[fields.cost]
label = "Cost of Repair"
kind = "number"
section = "impact"

[fields.lawyer]
label = "Legal Contact"
audience = "confidential"
counted = true

[fields.notice]
label = "Legal Notice"
kind = "url"
audience = "public"

[fields.told_board]
label = "Board Informed"
kind = "yes_no"
section = "lessons"

[fields.told_on]
label = "Board Informed On"
kind = "date"
section = "root_cause"
"#;

const INCIDENT: &str = r#"
title = "Ledger stood still"
severity = "P2"
times = { started = 2025-03-03T03:33:00Z, impact_started = 2025-03-03T03:33:00Z, mitigated = 2025-03-03T04:00:00Z, ended = 2025-03-03T04:33:00Z }
[root_cause]
primary = "A lock."
[public]
title = "Late payments"
summary = "Payments were late."
[extra]
region = ["Region B", "Region A"]
cost = 12500
lawyer = "Hush & Partners"
notice = "https://example.com/notice-7"
told_board = true
told_on = 2025-03-04
"#;

fn archive(classification: &str) -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| crate::site::write(work.path(), path, text);
    write("afterword.toml", SETTINGS);
    let incident = format!("classification = \"{classification}\"\n{INCIDENT}");
    write("incidents/INC-2025-0007.toml", &incident);
    let other = "title = \"Again\"\nclassification = \"internal\"\nseverity = \"P3\"\nextra = { region = [\"Region B\"] }\n";
    write("incidents/INC-2025-0008.toml", other);
    let bare = "title = \"Once more\"\nclassification = \"internal\"\nseverity = \"P3\"\n";
    write("incidents/INC-2025-0009.toml", bare);
    work
}

fn built(work: &Path, readers: &str) -> BTreeMap<String, Vec<u8>> {
    let out = work.join(readers);
    let folder = work.to_str().expect("UTF-8");
    let out_path = out.to_str().expect("UTF-8");
    let output = afterword(
        &["build", folder, "--audience", readers, "--out", out_path],
        &[],
    );
    assert!(output.status.success(), "{}", said(&output));
    files(&out)
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    let mut all = vec!["-C", folder.to_str().expect("UTF-8")];
    all.extend(arguments);
    let output = afterword(&all, &[]);
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn each_field_is_in_its_section_of_the_report() {
    let work = archive("internal");
    let site = built(work.path(), "internal");
    let text = |path: &str| String::from_utf8_lossy(&site[path]).into_owned();
    let report = text("incidents/INC-2025-0007.md");
    for shown in [
        "**Affected Region**: Region B, Region A",
        "## Impact Analysis\n\n- **Cost of Repair**: 12,500\n",
        "- **Board Informed On**: 2025-03-04\n",
        "## Lessons Learned\n\n- **Board Informed**: Yes\n",
        "**Legal Notice**: [https://example.com/notice-7](https://example.com/notice-7)",
    ] {
        assert!(report.contains(shown), "{shown}\n{report}");
    }
    let page = text("incidents/INC-2025-0007.html");
    for shown in [
        "<dt>Affected Region</dt><dd>Region B, Region A</dd>",
        "Cost of Repair",
        "Board Informed On",
        "href=\"https://example.com/notice-7\"",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    let json = text("incidents/INC-2025-0007.json");
    assert!(json.contains(r#""key":"region""#), "{json}");
    assert!(json.contains("\"region\":[\n\"Region B\""), "{json}");
}

#[test]
fn a_field_is_seen_by_its_audience_only() {
    for (classification, readers, shown, hidden) in [
        ("internal", "internal", "Region A", "Hush"),
        ("internal", "confidential", "Hush &amp; Partners", "zqzq"),
        ("public", "public", "notice-7", "Region"),
        ("customers", "customers", "notice-7", "12,500"),
    ] {
        let work = archive(classification);
        let site = built(work.path(), readers);
        let said = said_by(&site);
        assert!(said.contains(shown), "{shown} for {readers}");
        assert!(!said.contains(hidden), "{hidden} for {readers}");
        if readers != "confidential" {
            for word in ["Hush", "Legal Contact", "lawyer"] {
                assert!(!said.contains(word), "{word} for {readers}");
            }
        }
        if readers == "public" {
            let report = String::from_utf8_lossy(&site["incidents/2025-03-03.md"]);
            assert!(report.contains("**Legal Notice**: ["), "{report}");
            assert!(!said.contains("12500") && !said.contains("Board"));
        }
    }
}

#[test]
fn counted_fields_are_in_metrics_and_lists() {
    let work = archive("internal");
    let site = built(work.path(), "internal");
    let metrics = String::from_utf8_lossy(&site["metrics.md"]);
    let table = "| Affected Region | Incidents |\n|---|---:|\n| Region B | 2 |\n| Region A | 1 |\n| not recorded | 1 |\n";
    assert!(metrics.contains(table), "{metrics}");
    let json = String::from_utf8_lossy(&site["metrics.json"]);
    assert!(
        json.contains(r#""value":"Region B","incidents":2"#),
        "{json}"
    );
    assert!(!metrics.contains("Cost of Repair"), "it is not counted");
    let listed = printed(work.path(), &["list", "--field", "region=region a"]);
    assert!(
        listed.contains("INC-2025-0007") && !listed.contains("INC-2025-0008"),
        "{listed}"
    );
    let listed = printed(work.path(), &["list", "--format", "json"]);
    assert!(
        listed.contains("\"fields\"") && listed.contains("Region B"),
        "{listed}"
    );
    let grouped = printed(
        work.path(),
        &["metrics", "--by", "region", "--format", "csv"],
    );
    assert!(grouped.starts_with("region,metric,"), "{grouped}");
    assert!(
        grouped.contains("Region A,time_to_mitigate,1,1620"),
        "{grouped}"
    );
}

#[test]
fn a_field_that_is_not_counted_selects_nothing() {
    let work = archive("internal");
    let folder = work.path().to_str().expect("UTF-8");
    for (arguments, problem) in [
        (
            ["list", "--field", "regoin=Region A"],
            "did you mean `region`?",
        ),
        (["list", "--field", "cost=1"], "set `counted = true`"),
        (["list", "--field", "region"], "as in `region=EU`"),
        (
            ["metrics", "--by", "cost"],
            "expected one of severity, quarter, service, region, lawyer",
        ),
        (["metrics", "--by", "regions"], "did you mean `region`?"),
    ] {
        let mut all = vec!["-C", folder];
        all.extend(arguments);
        let output = afterword(&all, &[]);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(said(&output).contains(problem), "{}", said(&output));
    }
}

#[test]
fn an_imported_report_keeps_its_fields() {
    let work = archive("internal");
    let report = printed(work.path(), &["show", "INC-2025-0007"]);
    let path = work.path().join("INC-2025-0017.md");
    fs::write(&path, report.replace("INC-2025-0007", "INC-2025-0017")).expect("writable");
    printed(
        work.path(),
        &["import", "report", path.to_str().expect("UTF-8")],
    );
    let read =
        fs::read_to_string(work.path().join("incidents/INC-2025-0017.toml")).expect("it is there");
    assert!(read.contains("[\"Region B\", \"Region A\"]"), "{read}");
    assert!(read.contains("\"https://example.com/notice-7\""), "{read}");
    let again = printed(work.path(), &["show", "INC-2025-0017"]);
    assert_eq!(again.replace("INC-2025-0017", "INC-2025-0007"), report);
}
