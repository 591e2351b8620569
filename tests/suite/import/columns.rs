//! Imports small reports with tables, front matter and lists: `tests/import/columns.txt`.
//!
//! After each report, lines with `>>>` contain a text of a line of the generated report. `{done}`, `{progress}`, `{planned}` and
//! `{unknown}` stand for the rest of a row of action items with that status.

use std::fs;

use afterword::facts::labelled::Labels;
use afterword::import::proof;

use super::{generated, imported, repository};

const MARKER: &str = ">>> ";

/// Returns `true` if a line of a report contains a text; a status may be in any later cell.
fn has(report: &str, expected: &str) -> bool {
    let statuses = [
        ("{done}", "✅ Done"),
        ("{progress}", "In Progress"),
        ("{planned}", "⏳ Planned"),
        ("{unknown}", "❔ Unknown"),
    ];
    let found = statuses
        .iter()
        .find_map(|(name, icon)| Some((expected.strip_suffix(name)?, *icon)));
    let (text, icon) = found.unwrap_or((expected, ""));
    { report.lines() }.any(|line| line.contains(text.trim_end()) && line.contains(icon))
}

fn check(name: &str, body: &str) -> Result<(), String> {
    let (expected, text): (Vec<&str>, Vec<&str>) =
        { body.lines() }.partition(|line| line.starts_with(MARKER));
    let text = text.join("\n") + "\n";
    let report =
        imported(repository(), "INC-2025-0301.md", &text).map_err(|error| error.to_string())?;
    let printed = generated(repository(), &report)?;
    let lost = proof::lost(&text, &printed, &report.kept(), &Labels::default());
    let lost = lost.iter().map(|found| format!("lost: {}", found.original));
    let expected = expected.iter().filter_map(|line| line.strip_prefix(MARKER));
    let missing = expected
        .filter(|expected| !has(&printed, expected))
        .map(|line| format!("missing: {line}"));
    let problems: Vec<String> = lost.chain(missing).collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(format!("{name}\n{}\n{printed}", problems.join("\n")))
}

#[test]
fn every_column_and_key_of_a_report_is_in_the_result() {
    let text = fs::read_to_string(repository().join("tests/import/columns.txt")).expect("readable");
    let cases = text
        .split("=== ")
        .skip(1)
        .map(|part| part.split_once('\n').expect("a report"));
    let failures: Vec<String> = cases
        .filter_map(|(name, body)| check(name, body).err())
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n======\n"));
}

#[test]
fn a_line_that_is_named_is_one_of_the_source() {
    let text = "# Printers offline\n\nPrinting failed.\n\n**Start:** 2025-03-04 09:00 UTC\n**End:** 2025-03-04 10:00 UTC\n";
    let report = imported(repository(), "INC-2025-0301.md", text).expect("a report");
    let reasons: Vec<&str> = report
        .marks
        .iter()
        .map(|mark| mark.reason.as_str())
        .collect();
    assert_eq!(reasons, ["stated on line 5", "stated on line 6"]);
}
