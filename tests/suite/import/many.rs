//! Imports small reports in many layouts: `tests/import/reports.txt`, each with its status, time zone and marks.
//!
//! A report that must be refused has the status `refused`. No word of a report may be lost: each is in the
//! generated report or in what the import tells.

use std::collections::BTreeSet;
use std::fs;

use afterword::facts::labelled::Labels;
use afterword::import::{Imported, proof};
use afterword::load;
use chrono::{DateTime, Utc};

use super::{generated, imported, repository};

/// Returns the marks of an imported incident, as `mark@2025-03-04T09:12` in UTC.
fn marks(imported: &Imported) -> BTreeSet<String> {
    let config = load::settings(repository()).archive.config;
    let read = load::unwritten(
        repository(),
        &config,
        &imported.id,
        &imported.incident,
        imported.timeline.as_deref(),
    );
    let record = read.record.expect("a record");
    let minute = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M").to_string();
    { record.marks().into_iter() }
        .map(|marked| format!("{}@{}", marked.mark.as_str(), minute(marked.moment.at)))
        .collect()
}

fn check(head: &str, text: &str) -> Result<(), String> {
    let mut parts = head.split('|').map(str::trim);
    let mut next = || parts.next().unwrap_or_default();
    let (name, status, zone, expected) = (next(), next(), next(), next());
    let imported = match imported(repository(), &format!("{name}-1.md"), text) {
        Ok(_) if status == "refused" => return Err("not refused".to_owned()),
        Err(_) if status == "refused" => return Ok(()),
        Err(error) => return Err(error.to_string()),
        Ok(imported) => imported,
    };
    let printed = generated(repository(), &imported)?;
    let expected: BTreeSet<String> = expected
        .split(' ')
        .filter(|mark| !mark.is_empty())
        .map(ToOwned::to_owned)
        .collect();
    let found = marks(&imported);
    if found != expected {
        return Err(format!("marks {found:?}, expected {expected:?}"));
    }
    let line = format!("status   = \"{status}\"");
    let is_status = imported
        .incident
        .lines()
        .any(|found| found.split_whitespace().eq(line.split_whitespace()));
    let has_status = imported.incident.contains("\nstatus");
    if !is_status && (has_status || status != "investigating") {
        return Err(format!("status is not {status}:\n{}", imported.incident));
    }
    let default = if zone == "UTC" {
        String::new()
    } else {
        format!("\"{zone}\"")
    };
    if !imported.incident.contains(&default) {
        return Err(format!("time zone is not {zone}:\n{}", imported.incident));
    }
    let lost: Vec<String> =
        { proof::lost(text, &printed, &imported.kept(), &Labels::default()).into_iter() }
            .map(|found| found.original)
            .collect();
    if !lost.is_empty() {
        return Err(format!("lost {lost:?}"));
    }
    Ok(())
}

#[test]
fn reports_in_many_layouts_say_what_they_said() {
    let text = fs::read_to_string(repository().join("tests/import/reports.txt")).expect("readable");
    let mut failures = Vec::new();
    let mut count = 0;
    for part in text.split("=== ").skip(1) {
        let (head, text) = part.split_once('\n').expect("a report");
        count += 1;
        if let Err(problem) = check(head, text) {
            failures.push(format!("{head}\n  {problem}"));
        }
    }
    assert!(count >= 40, "{count} reports");
    assert!(
        failures.is_empty(),
        "{} of {count}\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn a_stated_duration_is_named_only_if_it_differs() {
    let list =
        fs::read_to_string(repository().join("tests/import/durations.txt")).expect("readable");
    let lines = list
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut failures = Vec::new();
    for (expected, line) in lines.map(|line| line.split_once(" | ").expect("two parts")) {
        let text = format!(
            "# Printers offline\n\n- Start: 2025-03-04 09:00 UTC\n- End: 2025-03-04 10:30 UTC\n- {line}\n\n## Timeline (UTC)\n\n- 09:20 Alert fired\n"
        );
        let imported = imported(repository(), "INC-2025-0301.md", &text).expect("a report");
        let mut notes = imported.notes.iter();
        let is_named = notes.any(|note| note.text.starts_with("stated duration differs"));
        if is_named != (expected == "differs") {
            failures.push(format!("{expected}: {line}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Returns a report that states no end, with a line in its summary or as its newest event.
fn without_end(line: &str) -> String {
    let (summary, newest) = match line.strip_prefix("newest: ") {
        Some(newest) => ("A paper jam.", format!("- 09:20 {newest}\n")),
        None => (line, String::new()),
    };
    format!(
        "# Printers offline\n\n**Date:** 2025-03-04\n\n{summary}\n\n## Timeline (UTC)\n\n- 09:00 Printers stop\n{newest}"
    )
}

#[test]
fn a_report_is_open_only_if_it_says_so() {
    let list = fs::read_to_string(repository().join("tests/import/open.txt")).expect("readable");
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    let mut failures = Vec::new();
    for (expected, line) in lines.filter_map(|line| line.split_once(" | ")) {
        let text = without_end(line);
        let imported = imported(repository(), "INC-2025-0301.md", &text).expect("a report");
        let is_closed = imported.incident.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some("status") && words.next_back() == Some("\"closed\"")
        });
        if is_closed != (expected == "closed") {
            failures.push(format!("{expected}: {line}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn a_report_with_an_end_is_closed_whatever_it_says_of_the_time_before() {
    let text = without_end("We are still investigating this outage.")
        + "- 10:00 Incident resolved\n- 10:30 Review scheduled\n";
    let imported = imported(repository(), "INC-2025-0301.md", &text).expect("a report");
    assert!(
        imported.incident.contains("= \"closed\""),
        "{}",
        imported.incident
    );
}

#[test]
fn a_duration_that_no_two_times_are_apart_is_named_without_a_start() {
    for (line, is_named) in [
        ("Incident duration: 2 hours 38 minutes", true),
        ("The outage lasted 2 hours and 38 minutes.", true),
        ("Incident duration: 1 hour 38 minutes", false),
        ("The outage lasted 27 minutes.", false),
        ("The meeting lasted 2 hours and 38 minutes.", false),
        ("Incident duration: ongoing", false),
    ] {
        let text = format!(
            "# Printers offline\n\n**Date:** 2025-03-04\n\n{line}\n\n## Timeline (UTC)\n\n- 13:04 Printers stop\n- 13:31 Dana looks\n- 14:42 Queue is empty\n"
        );
        let imported = imported(repository(), "INC-2025-0301.md", &text).expect("a report");
        let mut notes = imported.notes.iter();
        let found = notes.any(|note| note.text.starts_with("stated duration differs"));
        assert_eq!(found, is_named, "{line}");
    }
}

#[test]
fn a_duration_is_compared_with_the_times_to_which_its_sentence_ties_it() {
    for (text, is_named) in [
        (
            "On March 4, 2025, between 10:40 and 13:02 UTC, we had a 3 hour 22 minute outage in the US region.",
            true,
        ),
        (
            "On March 4, 2025, between 10:40 and 13:02 UTC, we had a 2 hour 22 minute outage in the US region.",
            false,
        ),
        (
            "On March 4, 2025, between 10:40 and 13:02 UTC, printing failed, and for 20 minutes in the EU scanning.",
            false,
        ),
        (
            "On March 4, 2025, from 10:40 to 13:02 UTC, for 50 minutes, printing in the EU failed.",
            true,
        ),
        (
            "Printing failed for ~90 minutes (17:30 report → 18:40 fix).",
            true,
        ),
        (
            "Printing failed for ~70 minutes (17:30 report → 18:40 fix).",
            false,
        ),
        (
            "On March 4, 2025 printing failed at 10:00 UTC for a total of 135 minutes, and worked again at 11:00 UTC.",
            true,
        ),
        (
            "## March 4, 2025 02:01 UTC (lasting 3 hours)\n\nBetween 02:01 and 04:01 UTC printing failed. Between 03:00 and 03:30 UTC we rerouted jobs.",
            true,
        ),
        (
            "## March 4, 2025 02:01 UTC (lasting 2 hours)\n\nBetween 02:01 and 04:01 UTC printing failed. Between 03:00 and 03:30 UTC we rerouted jobs.",
            false,
        ),
    ] {
        let text = format!("# Printers offline\n\n{text}\n");
        assert_eq!(names_duration(&text), is_named, "{text}");
    }
}

/// Returns `true` if the import of a report names a stated duration.
fn names_duration(text: &str) -> bool {
    let imported = imported(repository(), "INC-2025-0301.md", text).expect("a report");
    let mut notes = imported.notes.iter();
    notes.any(|note| note.text.starts_with("stated duration differs"))
}

#[test]
fn a_duration_in_a_sentence_is_compared_with_the_times_in_it() {
    for (text, is_named) in [
        (
            "On March 4, 2025 printing was down for 86 minutes, from 15:56 UTC to 17:04 UTC.",
            true,
        ),
        (
            "On March 4, 2025 printing was down for 68 minutes, from 15:56 UTC to 17:04 UTC.",
            false,
        ),
        (
            "The disruption lasted for one hour and 12 minutes between March 4, 2025, 02:36 and March 4, 2025, 04:08 UTC.",
            true,
        ),
        (
            "On March 4, 2025, from 4:19 pm to 4:34 pm UTC (25 minutes), printing failed.",
            true,
        ),
        (
            "On March 4, 2025, from 4:19 pm to 4:34 pm UTC (15 minutes), printing failed.",
            false,
        ),
        (
            "On Tuesday, between 10:40 UTC and 13:02 UTC, we had a 3 hour 22 minute SEV-1.",
            true,
        ),
        (
            "On Tuesday, between 10:40 UTC and 13:02 UTC, we had a 2 hour 22 minute SEV-1.",
            false,
        ),
        (
            "On March 4, 2025, from 04:52 UTC to 06:53 UTC printing stopped. During this 195 minute period nobody printed.",
            true,
        ),
        (
            "On March 4, 2025, from 04:52 UTC to 06:53 UTC printing stopped. An alert fired 12 minutes later.",
            false,
        ),
        (
            "On March 4, 2025, 76 minutes of downtime came from 15:12 UTC to 22:36 UTC in intervals of 12 minutes.",
            false,
        ),
        (
            "On March 4, 2025, from 04:52 to 06:53 UTC printing failed within 5 minutes of each start.",
            false,
        ),
        (
            "On March 4, 2025, between 15:45 UTC and 20:11 UTC, printing failed. The first wave lasted 44 minutes.",
            false,
        ),
        (
            "On March 4, 2025, between 15:45 UTC and 20:11 UTC, printing failed. The outage lasted 12 minutes in the EU.",
            false,
        ),
        (
            "At 02:01 UTC printing failed. The incident was resolved on March 4, 2025 at 9:34 UTC, lasting 7 hours 3 minutes.",
            true,
        ),
    ] {
        let report = format!("# Printers offline\n\n## Summary\n\n{text}\n");
        assert_eq!(names_duration(&report), is_named, "{text}");
    }
}

#[test]
fn a_duration_of_several_outages_is_compared_with_their_sum() {
    for (length, is_named) in [
        ("2 hours 20 minutes", true),
        ("1 hour", false),
        ("30 minutes", false),
    ] {
        let report = format!(
            "# Printers offline\n\n**Date:** 2025-03-04\n\n## Timeline (UTC)\n\n- 14:00 Start of outage\n- 14:30 End of outage\n- 15:10 Start of outage\n- 15:40 End of outage\n\n## Impact\n\nTotal downtime: {length}\n"
        );
        assert_eq!(names_duration(&report), is_named, "{length}");
    }
}

#[test]
fn a_sentence_with_a_wrong_duration_is_not_kept_a_second_time() {
    let text = "# Printers offline\n\n## Summary\n\nOn March 4, 2025, from 15:56 to 17:04 UTC, printing failed. The outage lasted 3 hours 47 minutes.\n";
    let imported = imported(repository(), "INC-2025-0301.md", text).expect("a report");
    let mut kept = imported.unmapped.iter().map(|content| &content.text);
    assert!(kept.all(|text| !text.contains("3 hours")));
}

#[test]
fn the_status_in_an_action_table_is_read_in_other_languages() {
    for (head, status, expected) in [
        (
            "Action | Responsable | Échéance | Statut",
            "Terminé",
            "done",
        ),
        (
            "Tâche | Pilote | Date limite | État",
            "En cours",
            "in_progress",
        ),
        (
            "Acción | Responsable | Fecha límite | Estado",
            "Completado",
            "done",
        ),
        (
            "Tarea | Responsable | Plazo | Estado",
            "En curso",
            "in_progress",
        ),
        ("Ação | Responsável | Prazo | Situação", "Concluído", "done"),
        (
            "Aufgabe | Zuständig | Frist | Stand",
            "In Arbeit",
            "in_progress",
        ),
        ("対策 | 担当 | 期限 | 状況", "完了", "done"),
        ("Action | Owner | Due | Status", "Done by Kim", "done"),
        (
            "Action | Owner | Due | Status",
            "Completed - see OPS-7",
            "done",
        ),
        (
            "Action | Responsable | Échéance | Statut",
            "Terminé le 3 mars",
            "done",
        ),
    ] {
        let text = format!(
            "# Printers offline\n\n## Action Items\n\n| {head} |\n|---|---|---|---|\n| Watch the queue | Iker | 2025-04-01 | {status} |\n"
        );
        let imported = imported(repository(), "INC-2025-0301.md", &text).expect("a report");
        let is_read = imported.incident.lines().any(|line| {
            let mut words = line.split_whitespace();
            words.next() == Some("status") && words.next_back() == Some(&format!("\"{expected}\""))
        });
        assert!(imported.incident.contains("2025-04-01"), "{head}");
        assert!(is_read, "{head}\n{}", imported.incident);
    }
}
