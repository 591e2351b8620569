//! Incidents whose times are unknown, contradicted or still to come: `show` and `comms` print nothing.

use super::{SECOND, all_output, archive, run};
use crate::site::write;

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
        for command in [&["show", "INC-2026-0002"][..], &["comms", "INC-2026-0002"]] {
            let output = run(folder.path(), command);
            let printed = all_output(&output);
            assert_eq!(output.status.code(), Some(1), "{command:?}: {printed}");
            assert!(printed.contains(&format!("error[{code}]")), "{printed}");
            assert!(output.stdout.is_empty(), "{command:?}: {printed}");
        }
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
        for command in [&["show", "INC-2026-0002"][..], &["comms", "INC-2026-0002"]] {
            let output = run(folder.path(), command);
            let printed = all_output(&output);
            assert_eq!(output.status.code(), Some(1), "{command:?}: {printed}");
            assert!(
                printed.contains(&format!("error[{code}]")),
                "{code}: {printed}"
            );
            assert!(output.stdout.is_empty(), "{command:?}: {printed}");
        }
    }
}

#[test]
fn customers_are_not_told_of_an_end_that_is_still_to_come() {
    let folder = archive();
    let later = SECOND.replace(
        "] }",
        ", { \"at\": \"23:00\", \"marks\": [\"ended\"], \"text\": \"Over\" }\n] }",
    );
    write(folder.path(), "timelines/INC-2026-0002.json", &later);
    let output = run(folder.path(), &["comms", "INC-2026-0002"]);
    let printed = all_output(&output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    assert!(
        printed.contains("over at 2026-11-21 23:00 UTC, which is in the future"),
        "{printed}"
    );
    let past = later.replace("23:00", "05:30");
    write(folder.path(), "timelines/INC-2026-0002.json", &past);
    let output = run(folder.path(), &["comms", "INC-2026-0002"]);
    assert!(output.status.success(), "{}", all_output(&output));
}
