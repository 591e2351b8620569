//! Property tests: a report that is imported and generated again does not change.

use super::{compare, generated, imported, imported_on, normal, reports, repository};
use afterword::audience::Audience;
use afterword::facts::{Facts, State};
use afterword::load;
use afterword::publish::Site;
use camino::Utf8Path;
use chrono::NaiveDate;
use serde_json::Value;

use super::random::{Dice, incident, timeline};

/// Renders an incident; returns `None` if its times are inconsistent, which a check reports.
fn rendered(root: &Utf8Path, id: &str, incident: &Value, timeline: &Value) -> Option<String> {
    let mut settings = load::settings(root);
    let text = toml::to_string(incident).expect("TOML");
    let read = load::unwritten(
        root,
        &settings.archive.config,
        id,
        &text,
        Some(&timeline.to_string()),
    );
    let errors: Vec<&str> = read
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.message.as_str())
        .collect();
    let record = read
        .record
        .unwrap_or_else(|| panic!("{errors:?}\n{text}\n{timeline}"));
    let facts = Facts::compute(&record, &settings.archive.config);
    if facts
        .response_metrics
        .iter()
        .any(|fact| fact.state == State::Invalid)
    {
        return None;
    }
    settings.archive.records.push(record);
    let site =
        Site::new(&settings.archive, &[], Audience::Confidential).expect("the templates are valid");
    Some(
        site.with_report(&settings.archive.records[0], |report| {
            site.renderer().markdown(report)
        })
        .expect("it renders"),
    )
}

/// Moves a random document to the days around a daylight-saving change.
fn moved(document: &Value) -> Value {
    let mut text = document.to_string();
    for (from, to) in [
        ("2025-01-13", "2025-10-24"),
        ("2025-01-14", "2025-10-25"),
        ("2025-01-15", "2025-10-26"),
        ("2025-01-16", "2025-10-27"),
        ("2025-01-17", "2025-10-28"),
        ("2025-01-18", "2025-10-29"),
    ] {
        text = text.replace(from, to);
    }
    serde_json::from_str(&text).expect("JSON")
}

/// Adds an event a fraction of a second after each event with a time to the second.
fn doubled(timeline: &mut Value) {
    let events = timeline["events"].as_array().expect("events").iter();
    let later = events.filter_map(|event| {
        let at = event["at"].as_str().filter(|at| at.len() == 19)?;
        Some(serde_json::json!({ "at": format!("{at}.250"), "text": "And then" }))
    });
    let later: Vec<Value> = later.collect();
    timeline["events"]
        .as_array_mut()
        .expect("events")
        .extend(later);
}

#[test]
fn the_report_of_a_random_incident_survives_the_round_trip() {
    check_round_trips(NaiveDate::from_ymd_opt(2025, 1, 14), &[], |_, _| ());
}

#[test]
fn the_report_of_a_random_incident_survives_the_round_trip_over_a_daylight_saving_change() {
    check_round_trips(
        NaiveDate::from_ymd_opt(2025, 10, 25),
        &[" CEST** - ", " CET** - ", " CEST–", ".250 ", "02:"],
        |incident, timeline| {
            (*incident, *timeline) = (moved(incident), moved(timeline));
            incident["timezone"] = "Europe/Berlin".into();
            doubled(timeline);
        },
    );
}

/// Renders random incidents after a change, imports each report and compares; each of `texts` must occur in some report.
fn check_round_trips(day: Option<NaiveDate>, texts: &[&str], change: fn(&mut Value, &mut Value)) {
    let cases = std::env::var("CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(40);
    let root = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(root.path()).expect("UTF-8");
    let mut failures = Vec::new();
    let (mut compared, mut all) = (0, String::new());
    for seed in 1..=cases {
        let mut dice = Dice(seed * 7_919);
        let (mut incident, mut timeline) = (incident(&mut dice), timeline(&mut dice));
        change(&mut incident, &mut timeline);
        let Some(text) = rendered(root, "INC-2025-0042", &incident, &timeline) else {
            continue;
        };
        let result =
            imported_on(root, "INC-2025-0042.md", &text, day).map_err(|error| error.to_string());
        let result = result
            .and_then(|imported| generated(root, &imported))
            .and_then(|generated| compare(&format!("seed {seed}"), &text, &generated));
        compared += 1;
        all.push_str(&text);
        failures.extend(
            result
                .map_err(|difference| format!("{difference}\n{text}"))
                .err(),
        );
    }
    assert!(
        compared * 3 > cases,
        "only {compared} of {cases} have consistent times"
    );
    for text in texts {
        assert!(all.contains(text), "no report has `{text}`");
    }
    assert!(
        failures.is_empty(),
        "{} of {cases} differ\n{}",
        failures.len(),
        failures.join("\n\n")
    );
}

#[test]
fn a_report_without_one_of_its_sections_survives_the_round_trip() {
    let mut failures = Vec::new();
    for (id, text) in reports(repository()).into_iter().take(6) {
        for section in text
            .split("\n## ")
            .skip(2)
            .filter(|section| !section.contains("\n---\n"))
        {
            let title = section.lines().next().unwrap_or_default();
            // The events of several impact windows are in the timeline: `[times]` can hold one window.
            // So are those that changed the severity.
            let is_needed = text.contains("**Impact Windows**") || text.contains("; P2 until ");
            if title == "Timeline" && is_needed {
                continue;
            }
            let shorter = text.replacen(&format!("\n## {section}"), "", 1);
            let result = imported(repository(), &format!("{id}.md"), &shorter)
                .map_err(|error| error.to_string());
            let result = result
                .and_then(|imported| generated(repository(), &imported))
                .and_then(|generated| {
                    compare(&format!("{id} without {title}"), &shorter, &generated)
                });
            failures.extend(result.err());
        }
    }
    assert!(
        failures.is_empty(),
        "{} differ\n{}",
        failures.len(),
        failures.join("\n\n")
    );
    assert_eq!(normal("| a |\n|-----|\n"), normal("|  a  |\n|---|\n"));
}

#[test]
fn a_report_with_misplaced_lines_is_imported_completely_or_rejected() {
    let rounds = std::env::var("CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(60);
    let mut texts: Vec<String> = reports(repository())
        .into_iter()
        .map(|(_, text)| text)
        .collect();
    for folder in super::layouts::folders() {
        texts.push(std::fs::read_to_string(folder.join("report.md")).expect("a report"));
    }
    let odd = [
        "",
        "---",
        "```",
        "- x",
        "# Title",
        "## Timeline",
        "### 14:00",
        "| a | b |",
        "|---|---|",
        "> [!WARNING]",
        "**A**:",
        "    code",
        "1. x",
        "**99:99** - x",
        "**14:00–13:00** - x",
        "9999-12-31",
        "0001-01-01 00:00 UTC",
        "**Time to Detect**: 999999999 days",
    ];
    for seed in 1..=rounds {
        let mut dice = Dice(seed * 104_729);
        let text = &texts[dice.roll(texts.len())];
        let mut lines: Vec<&str> = text.lines().collect();
        for _ in 0..=dice.roll(6) {
            let index = dice.roll(lines.len());
            match dice.roll(4) {
                0 => drop(lines.remove(index)),
                1 => lines.insert(index, odd[dice.roll(odd.len())]),
                2 => {
                    let other = dice.roll(lines.len());
                    lines.swap(index, other);
                }
                _ => lines.truncate(lines.len().max(2) - dice.roll(2)),
            }
        }
        let text = lines.join("\n");
        let Ok(imported) = imported_on(
            repository(),
            "INC-2025-0042.md",
            &text,
            NaiveDate::from_ymd_opt(2025, 1, 14),
        ) else {
            continue;
        };
        let files = format!(
            "{}{}",
            imported.incident,
            imported.timeline.as_deref().unwrap_or_default()
        );
        let errors = generated(repository(), &imported).err().unwrap_or_default();
        assert!(errors.is_empty(), "seed {seed}: {errors}\n{text}\n{files}");
    }
}
