//! Imports timelines in all combinations of day, time, row and time zone: each row is an event at its time, or listed.
//!
//! The rows are at 14:00 and 23:50 on 2025-03-04, and at 00:20 and 09:30 on the next day.

use afterword::config::Config;
use afterword::import::{self, Imported, Settings};
use afterword::load;
use afterword::source::Source;
use chrono::{DateTime, TimeDelta, Utc};

use super::repository;

/// Where the days of the rows are.
struct DayForm {
    /// The lines above the timeline.
    label: &'static str,
    /// The lines above the rows of each day.
    above: [&'static str; 2],
    /// The texts before and after the times of each day.
    beside: [(&'static str, &'static str); 2],
}

const PLAIN: [(&str, &str); 2] = [("", ""), ("", "")];
const LABEL: &str = "**Date:** 2025-03-04\n\n";

/// Returns a form with lines above the rows of each day.
const fn above(label: &'static str, first: &'static str, second: &'static str) -> DayForm {
    DayForm {
        label,
        above: [first, second],
        beside: PLAIN,
    }
}

/// Returns a form with texts beside the times of the second day.
const fn beside(before: &'static str, after: &'static str) -> DayForm {
    DayForm {
        label: LABEL,
        above: ["", ""],
        beside: [("", ""), (before, after)],
    }
}

const DAYS: &[DayForm] = &[
    above(LABEL, "", ""),
    above("On March 4–5, 2025, printers were silent.\n\n", "", ""),
    above("", "### March 4, 2025", "### Wednesday, March 5, 2025"),
    above("", "**2025-03-04**", "**2025-03-05**"),
    above("", "*4 March 2025*", "*5 March 2025*"),
    above("", "4 March 2025", "5 March 2025"),
    above("", "**Tuesday 2025-03-04:**", "**Wednesday 2025-03-05:**"),
    above(
        "",
        "**March 4, 2025 (night shift)**",
        "**March 5, 2025 (day shift)**",
    ),
    above(
        "",
        "March 4, 2025 — first day",
        "March 5, 2025 — second day",
    ),
    above("", "#### Day 1 (2025-03-04)", "#### Day 2"),
    above(LABEL, "", "### Wednesday"),
    above(LABEL, "", "**Wednesday (day shift)**"),
    above(LABEL, "", "**Next day: recovery**"),
    above(LABEL, "### Phase 1: silence", "### Phase 2: recovery"),
    above(LABEL, "**Phase 1**", "**Phase 2**"),
    beside("", " (+1d)"),
    beside("", " (Wednesday)"),
    beside("Wed ", ""),
    beside("Day 2, ", ""),
    beside("March 5, 2025, ", ""),
    beside("2025-03-05 ", ""),
    beside("2025-03-05T", ""),
    DayForm {
        label: "",
        above: ["", ""],
        beside: [("Mar 4, 2025 ", ""), ("Mar 5, 2025 ", "")],
    },
];

/// The times of the rows in one notation.
const TIMES: &[[&str; 4]] = &[
    ["14:00", "23:50", "00:20", "09:30"],
    ["2:00 PM", "11:50 PM", "12:20 AM", "9:30 AM"],
    ["2:00pm", "11:50pm", "12:20am", "9:30am"],
    ["14:00:00", "23:50:00", "00:20:00", "09:30:00"],
    ["14h00", "23h50", "00h20", "09h30"],
    ["14.00", "23.50", "00.20", "09.30"],
    ["~14:00", "~23:50", "~00:20", "~09:30"],
];

/// Rows with `T` for the time and `X` for the text, and whether each is a block of its own.
const ROWS: &[(&str, bool)] = &[
    ("- T - X", false),
    ("- T X", false),
    ("* **T** X", false),
    ("- **T:** X", false),
    ("- [T] X", false),
    ("- `T` X", false),
    ("- T: X", false),
    ("1. T – X", false),
    ("• T X", false),
    ("\tT - X", true),
    ("    T - X", false),
    ("T – X", false),
    ("T – X", true),
    ("**T** - X", true),
    ("**T**: X", false),
    ("#### T X", true),
    ("| T | X |", false),
];

/// The time zone: in the heading, in a line above the rows and after each time, with its distance from UTC in hours.
const ZONES: &[(&str, &str, &str, i64)] = &[
    (" (UTC)", "", "", 0),
    (" (all times PST)", "", "", 8),
    ("", "All times are in CET.\n\n", "", -1),
    ("", "*Times: UTC+2*\n\n", "", -2),
    ("", "", " UTC", 0),
    ("", "", " EST", 5),
];

const TEXTS: [&str; 4] = [
    "First zebra",
    "Second wombat",
    "Third gecko",
    "Fourth heron",
];

fn report(
    day: &DayForm,
    times: &[&str; 4],
    row: (&str, bool),
    zone: (&str, &str, &str, i64),
) -> String {
    let (heading, preface, name, _) = zone;
    let mut text = format!(
        "# Printers offline\n\n{}## Timeline{heading}\n\n{preface}",
        day.label
    );
    for index in 0..2 {
        if !day.above[index].is_empty() {
            text.push_str(&format!("{}\n\n", day.above[index]));
        }
        let is_table = row.0.starts_with('|');
        if is_table && (index == 0 || !day.above[1].is_empty()) {
            text.push_str("| Time | Event |\n|---|---|\n");
        }
        let (before, after) = day.beside[index];
        for at in 2 * index..2 * index + 2 {
            let time = format!("{before}{}{name}{after}", times[at]);
            text.push_str(&row.0.replace('T', &time).replace('X', TEXTS[at]));
            text.push_str(if row.1 { "\n\n" } else { "\n" });
        }
        if index == 0 && !row.1 && !day.above[1].is_empty() {
            text.push('\n');
        }
    }
    text
}

/// Returns the events of an imported incident, each with its time in UTC.
fn events(imported: &Imported) -> Vec<(String, DateTime<Utc>)> {
    let config = Config::default();
    let timeline = imported.timeline.as_deref();
    let read = load::unwritten(
        repository(),
        &config,
        &imported.id,
        &imported.incident,
        timeline,
    );
    let record = read.record.expect("a record");
    let defaults = record.time_defaults();
    { record.timeline.events.iter() }
        .map(|event| {
            let moment = defaults.resolve(&event.at).expect("a time");
            (event.text.to_string(), moment.at)
        })
        .collect()
}

/// Returns the rows that are neither an event at their time nor listed, or the events that are no row.
fn faults(imported: &Imported, found: &[(String, DateTime<Utc>)], hours: i64) -> Vec<String> {
    let first: DateTime<Utc> = "2025-03-04T00:00:00Z".parse().expect("a time");
    let minutes = [14 * 60, 23 * 60 + 50, 24 * 60 + 20, 33 * 60 + 30];
    let expected: Vec<(String, DateTime<Utc>)> = { TEXTS.iter().zip(minutes) }
        .map(|(text, minutes)| {
            let at = first + TimeDelta::minutes(minutes) + TimeDelta::hours(hours);
            ((*text).to_owned(), at)
        })
        .collect();
    let is_listed = |text: &str| {
        imported
            .unmapped
            .iter()
            .any(|note| note.text.contains(text))
    };
    let missing = expected
        .iter()
        .filter(|row| !found.contains(row) && !is_listed(&row.0));
    let wrong = found.iter().filter(|event| !expected.contains(event));
    missing
        .map(|(text, at)| format!("no event `{text}` at {at}"))
        .chain(wrong.map(|(text, at)| format!("wrong event `{text}` at {at}")))
        .collect()
}

#[test]
fn each_row_of_a_timeline_is_an_event_at_its_time_or_listed() {
    let (mut failures, mut count, mut whole) = (Vec::new(), 0, 0);
    // Each day form with each row form; the times and the time zones take turns.
    let pairs = DAYS
        .iter()
        .flat_map(|day| ROWS.iter().map(move |row| (day, row)));
    for (index, (day, row)) in pairs.enumerate() {
        let (times, zone) = (&TIMES[index % TIMES.len()], &ZONES[index % ZONES.len()]);
        let text = report(day, times, *row, *zone);
        count += 1;
        let source = Source::new("INC-2025-0301.md", text.as_str());
        let Ok(imported) = import::report(&source, &Config::default(), &Settings::default()) else {
            continue;
        };
        let events = events(&imported);
        let found = faults(&imported, &events, zone.3);
        whole += usize::from(found.is_empty() && events.len() == 4);
        if !found.is_empty() {
            failures.push(format!("{text}\n{}", found.join("\n")));
        }
    }
    let shown: Vec<&str> = failures.iter().map(String::as_str).take(5).collect();
    assert!(
        failures.is_empty(),
        "{} of {count}\n{}",
        failures.len(),
        shown.join("\n\n")
    );
    assert!(
        whole * 100 >= count * 95,
        "{whole} of {count} are imported as a whole"
    );
}
