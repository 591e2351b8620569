//! Incidents whose times are unknown, contradicted or still to come: no output states them.

use super::{SECOND, all_output, archive, run};
use crate::site::write;

/// Checks what each command does with an incident whose facts do not hold by an error.
#[track_caller]
fn states_no_fact(folder: &tempfile::TempDir, code: &str) {
    let is_said = |command: &[&str]| {
        let output = run(folder.path(), command);
        let printed = all_output(&output);
        assert_eq!(output.status.code(), Some(1), "{command:?}: {printed}");
        assert!(
            printed.contains(&format!("error[{code}]")),
            "{code}, {command:?}: {printed}"
        );
        (
            String::from_utf8_lossy(&output.stdout).into_owned(),
            printed,
        )
    };
    let refuses: &[&[&str]] = &[
        &["show", "INC-2026-0002"],
        &["comms", "INC-2026-0002"],
        &["status", "INC-2026-0002"],
        &["memory", "export"],
        &["build", "--out", "/nonexistent/never"],
    ];
    for command in refuses {
        let (out, printed) = is_said(command);
        assert!(out.is_empty(), "{command:?}: {printed}");
    }
    for command in ["metrics", "availability"] {
        let (out, printed) = is_said(&[command]);
        assert!(printed.contains("not counted: INC-2026-0002"), "{printed}");
        assert!(!out.contains("INC-2026-0002"), "{printed}");
    }
    // The second time, what the first run stored is used.
    for _ in 0..2 {
        let (out, printed) = is_said(&["list"]);
        let mut lines = out.lines();
        let row = lines.find(|line| line.starts_with("INC-2026-0002"));
        let cells: Vec<&str> = row.unwrap_or_default().split_whitespace().collect();
        assert_eq!(cells[2], "invalid", "{printed}");
        assert!(!out.contains("INC-2026-0001  -         invalid"), "{out}");
    }
    let (out, _) = is_said(&["list", "--format", "json"]);
    assert_eq!(out.matches("\"has_errors\": true").count(), 1, "{out}");
    // What happens is recorded all the same.
    let output = run(
        folder.path(),
        &["log", "--incident", "INC-2026-0002", "Seen again"],
    );
    assert!(output.status.success(), "{code}: {}", all_output(&output));
}

#[test]
fn an_output_that_would_lack_a_time_is_not_printed() {
    let fine = r#"{ "at": "2026-11-20 09:00", "marks": ["started"], "text": "Seen" }"#;
    for (head, code) in [
        (
            r#""tz": "Europe/Berlin", "date": "2026-10-25""#,
            "ambiguous-time",
        ),
        (
            r#""tz": "Europe/Berlin", "date": "2026-03-29""#,
            "impossible-time",
        ),
        (r#""tz": "Europe/Berlin""#, "time-without-day"),
    ] {
        let folder = archive();
        let text = format!(
            "{{ {head}, \"events\": [{{ \"at\": \"02:30\", \"text\": \"Lost\" }}, {fine}] }}"
        );
        write(folder.path(), "timelines/INC-2026-0002.json", &text);
        states_no_fact(&folder, code);
    }
}

#[test]
fn an_output_with_a_time_that_another_contradicts_is_not_printed() {
    let event = |at: &str, mark: &str| {
        format!(r#"{{ "at": "{at}", "marks": ["{mark}"], "id": "{mark}", "text": "Seen" }}"#)
    };
    let (start, end) = (event("09:05", "started"), event("10:30", "ended"));
    let again = event("09:20", "started").replace("\"id\": \"started\"", "\"id\": \"again\"");
    let same_id = event("09:20", "detected").replace("\"id\": \"detected\"", "\"id\": \"started\"");
    for (times, events, code) in [
        (
            "[times]\nended = 2026-11-20T11:00:00Z\n",
            [&start, &end],
            "mark-disagrees",
        ),
        (
            "[times]\nended = 2026-11-20T08:30:00Z\n",
            [&start, &event("09:10", "detected")],
            "end-before-start",
        ),
        ("", [&start, &again], "duplicate-mark"),
        ("", [&start, &same_id], "duplicate-event-id"),
        (
            "",
            [
                &event("09:05", "impact_started"),
                &event("09:10", "impact_started")
                    .replace("\"id\": \"impact_started\"", "\"id\": \"later\""),
            ],
            "unpaired-impact-mark",
        ),
    ] {
        let folder = archive();
        write(
            folder.path(),
            "incidents/INC-2026-0002.toml",
            format!("title = \"Second\"\n{times}"),
        );
        let events = events.map(String::as_str).join(", ");
        let text = format!("{{ \"date\": \"2026-11-20\", \"events\": [{events}] }}");
        write(folder.path(), "timelines/INC-2026-0002.json", &text);
        states_no_fact(&folder, code);
    }
}

#[test]
fn an_end_that_is_still_to_come_is_stated_nowhere() {
    let folder = archive();
    let later = SECOND.replace(
        "] }",
        ", { \"at\": \"23:00\", \"marks\": [\"ended\"], \"text\": \"Over\" }\n] }",
    );
    let past = later.replace("23:00", "05:30");
    write(folder.path(), "timelines/INC-2026-0002.json", &later);
    states_no_fact(&folder, "mark-in-the-future");
    let status = all_output(&run(folder.path(), &["status"]));
    assert!(
        status.contains("not included, because of errors: INC-2026-0002"),
        "{status}"
    );
    // With a fixed reference date, the time of day is not known.
    let output = run(folder.path(), &["check", "--as-of", "2026-11-21"]);
    assert!(output.status.success(), "{}", all_output(&output));
    let output = run(folder.path(), &["check"]);
    assert_eq!(output.status.code(), Some(1), "{}", all_output(&output));
    write(folder.path(), "timelines/INC-2026-0002.json", &past);
    for command in [&["comms", "INC-2026-0002"][..], &["check"], &["metrics"]] {
        let output = run(folder.path(), command);
        assert!(output.status.success(), "{}", all_output(&output));
    }
}

#[test]
fn what_was_checked_without_a_clock_states_no_fact_that_is_still_to_come() {
    let folder = archive();
    for mark in ["ended", "mitigated", "detected", "impact_started"] {
        let event = format!(
            ", {{ \"at\": \"23:00\", \"marks\": [\"{mark}\"], \"text\": \"Later\" }}\n] }}"
        );
        let text = SECOND.replace("] }", &event);
        write(folder.path(), "timelines/INC-2026-0002.json", text);
        let output = run(folder.path(), &["check", "--as-of", "2026-11-21"]);
        assert!(output.status.success(), "{}", all_output(&output));
        states_no_fact(&folder, "mark-in-the-future");
    }
}

#[test]
fn what_is_merged_into_an_incident_that_is_not_counted_is_counted() {
    let folder = archive();
    let event = |at: &str, mark: &str| {
        format!("{{ \"at\": \"{at}\", \"marks\": [\"{mark}\"], \"text\": \"x\" }}")
    };
    let timeline = |first: String, second: String| {
        format!("{{ \"date\": \"2026-11-20\", \"events\": [{first}, {second}] }}")
    };
    let ended = timeline(event("05:00", "started"), event("04:00", "ended"));
    write(folder.path(), "timelines/INC-2026-0002.json", ended);
    write(
        folder.path(),
        "incidents/INC-2026-0003.toml",
        "title = \"Third\"\nmerged_into = \"INC-2026-0002\"\n",
    );
    let detected = timeline(event("05:00", "started"), event("05:10", "detected"));
    write(folder.path(), "timelines/INC-2026-0003.json", detected);
    let output = run(folder.path(), &["metrics", "--format", "json"]);
    let said = all_output(&output);
    assert!(said.contains("not counted: INC-2026-0002"), "{said}");
    assert!(said.contains("\"time_to_detect\""), "{said}");
}

#[test]
fn an_incident_with_errors_in_its_times_may_be_open() {
    let folder = archive();
    for (mark, time) in [("ended", "23:00"), ("mitigated", "23:00")] {
        let event = format!(
            ", {{ \"at\": \"{time}\", \"marks\": [\"{mark}\"], \"text\": \"Over\" }}\n] }}"
        );
        write(
            folder.path(),
            "timelines/INC-2026-0002.json",
            SECOND.replace("] }", &event),
        );
        if mark == "ended" {
            let output = run(folder.path(), &["log", "errors", "are", "back"]);
            let said = all_output(&output);
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(
                said.contains("`INC-2026-0002` has errors in its times and may be open")
                    && said.contains("INC-2026-0001"),
                "{said}"
            );
        }
        states_no_fact(&folder, "mark-in-the-future");
    }
}
