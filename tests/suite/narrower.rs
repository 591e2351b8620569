//! References to a hidden event reveal neither its time nor its ID.

use std::collections::BTreeMap;

use std::path::Path;

use crate::canaries::said_by;
use crate::site::{afterword, files, said};

/// Marks of hidden events, each with a different time.
const MARKS: &[(&str, &str)] = &[
    ("impact_started", "02:11"),
    ("detected", "02:22"),
    ("paged", "02:33"),
    ("acknowledged", "02:44"),
    ("identified", "03:11"),
    ("mitigated", "03:22"),
    ("customer_notified", "03:33"),
    ("impact_ended", "03:44"),
    ("resolved", "03:55"),
];

const INCIDENT: &str = r#"
title = "Ledger stood still"
severity = "P1"
services = ["ledger"]
tags = ["queue"]
[people]
commander = { name = "Ines Adeyemi" }
[impact]
level = "major"
summary = "Payments waited."
[times]
declared = { event = "hush-first" }
[detection]
method = "Alert"
[resolution]
immediate = [{ text = "Queue drained", event = "hush-first" }]
[self_healing]
actions = [{ name = "Restart", event = "hush-first", result = "success" }]
[[evidence]]
title = "Queue length"
event = "hush-first"
finding = "It grew."
[technical.deployment]
version = "4.2"
event = "hush-first"
[analysis]
status = "final"
[[analysis.ruled_out]]
signal = "Disk"
event = "hush-first"
ruled_out_by = "Graphs"
[fix]
status = "verified"
reverted = [{ title = "Change 7", event = "hush-first" }]
rollout = [{ environment = "production", status = "deployed", since = { event = "hush-first" } }]
[communication.internal]
review_on = { event = "hush-first" }
[[action_items]]
action = "Alert on the queue"
owner = "Ines Adeyemi"
due = 2025-04-01
"#;

/// Builds an incident whose marks, except the start and the end, are on more restricted events.
fn built(
    restriction: &str,
    incident: &str,
    readers: &str,
) -> (tempfile::TempDir, BTreeMap<String, Vec<u8>>) {
    let work = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| crate::site::write(work.path(), path, text);
    let mut hidden = String::new();
    for (index, (mark, at)) in MARKS.iter().enumerate() {
        let id = if index == 0 { "first" } else { mark };
        hidden += &format!(
            r#"{{"at": "{at}:07", "id": "hush-{id}", "marks": ["{mark}"], "text": "Quiet {index}", {restriction}}},"#
        );
    }
    let timeline = format!(
        r#"{{"date": "2025-03-03", "visibility": "public", "events": [
            {{"at": "01:00:00", "text": "Quiet twin", {restriction}}},
            {{"at": "01:00:00", "marks": ["started"], "text": "It began"}},
            {hidden}
            {{"at": "04:00:00", "marks": ["ended"], "text": "It ended"}}
        ]}}"#
    );
    write("incidents/INC-2025-0007.toml", incident);
    write("timelines/INC-2025-0007.json", &timeline);
    write(
        "afterword.toml",
        "[site]\ntitle = \"Ledgers\"\nbase_url = \"https://example.com\"\n",
    );
    let out = work.path().join("out");
    let output = afterword(
        &[
            "build",
            work.path().to_str().expect("UTF-8"),
            "--audience",
            readers,
            "--out",
            out.to_str().expect("UTF-8"),
        ],
        &[("SOURCE_DATE_EPOCH", "1795239728")],
    );
    assert!(output.status.success(), "{}", said(&output));
    let built = files(Path::new(&out));
    (work, built)
}

#[test]
fn references_to_a_hidden_event_do_not_reveal_it() {
    let open = format!(
        "classification = \"public\"\npublic = {{ report = \"full\", title = \"Late payments\", summary = \"Payments were late.\" }}\n{INCIDENT}"
    );
    let summarized = format!(
        "classification = \"public\"\npublic = {{ title = \"Late payments\", summary = \"Payments were late.\" }}\n{INCIDENT}"
    );
    let inside = format!("classification = \"internal\"\n{INCIDENT}");
    let cases = [
        (r#""visibility": "confidential""#, &inside, "internal"),
        (r#""hidden": true"#, &inside, "confidential"),
        (r#""visibility": "internal""#, &open, "public"),
        (r#""visibility": "internal""#, &summarized, "public"),
        (r#""visibility": "internal""#, &summarized, "customers"),
        (r#""visibility": "confidential""#, &open, "internal"),
    ];
    for (restriction, incident, readers) in cases {
        let (_work, site) = built(restriction, incident, readers);
        for (path, bytes) in &site {
            let one = BTreeMap::from([(path.clone(), bytes.clone())]);
            let said = said_by(&one);
            let context = format!("{path} for {readers}, {restriction}");
            for (mark, at) in MARKS {
                let short = at.replace(':', "");
                for form in [(*at).to_owned(), format!("T{short}"), format!("-{short}07")] {
                    assert!(!said.contains(&form), "{mark}, {form}: {context}");
                }
            }
            for word in ["hush", "Quiet", "010000-2"] {
                assert!(!said.contains(word), "{word}: {context}");
            }
        }
        let page = said_by(&site);
        assert!(page.contains("3 hours"), "the official duration stays");
        assert!(page.contains("01:00"), "the official start stays");
    }
}

#[test]
fn an_audience_of_the_events_sees_their_times() {
    let inside = format!("classification = \"internal\"\n{INCIDENT}");
    let (_work, site) = built(r#""visibility": "confidential""#, &inside, "confidential");
    let said = said_by(&site);
    for (mark, at) in MARKS {
        assert!(said.contains(at), "{mark}");
    }
}

#[test]
fn numbers_do_not_reveal_hidden_messages() {
    let incident = r#"
title = "Ledger stood still"
classification = "internal"
[[messages]]
stage = "investigating"
audience = "confidential"
sent_at = 2025-03-03T03:30:00Z
body = "For the board."
[[messages]]
stage = "resolved"
sent_at = 2025-03-03T03:33:00Z
body = "It works again."
"#;
    let (_work, site) = built(r#""visibility": "internal""#, incident, "internal");
    assert!(
        site.contains_key("comms/INC-2025-0007-01-resolved.txt"),
        "{:?}",
        site.keys()
    );
    let page = String::from_utf8_lossy(&site["comms/INC-2025-0007.html"]);
    assert!(
        page.contains("id=\"message-1\"") && page.contains("It works again."),
        "{page}"
    );
    let said = said_by(&site);
    assert!(!said.contains("message-2") && !said.contains("For the board"));
    assert!(!said.contains("\"number\": 2"));
}

#[test]
fn a_hidden_message_ends_no_metric() {
    let incident = r#"
title = "Ledger stood still"
classification = "public"
public = { report = "full" }
[[messages]]
stage = "resolved"
audience = "customers"
sent_at = 2025-03-03T03:33:00Z
body = "It works again."
"#;
    let (_work, site) = built(r#""visibility": "internal""#, incident, "public");
    assert!(!said_by(&site).contains("03:33"));
    let (_work, site) = built(r#""visibility": "internal""#, incident, "customers");
    assert!(said_by(&site).contains("03:33"));
}

#[test]
fn an_impact_window_is_shown_unless_its_events_are_confidential() {
    let incident = "title = \"Late\"\nclassification = \"public\"\n[public]\ntitle = \"Late\"\nsummary = \"Late.\"\n";
    for (restriction, is_shown) in [
        (r#""visibility": "internal""#, true),
        (r#""visibility": "confidential""#, false),
        (r#""hidden": true"#, false),
    ] {
        let work = tempfile::tempdir().expect("a folder");
        let write = |path: &str, text: &str| crate::site::write(work.path(), path, text);
        let timeline = format!(
            r#"{{"date": "2025-03-03", "events": [
                {{"at": "01:00", "marks": ["started", "impact_started"], "text": "It began"}},
                {{"at": "01:15", "marks": ["impact_ended"], "text": "It was over"}},
                {{"at": "02:11", "marks": ["impact_started"], "text": "It came back", {restriction}}},
                {{"at": "02:41", "marks": ["impact_ended"], "text": "It was over again", {restriction}}},
                {{"at": "04:00", "marks": ["ended"], "text": "It ended"}}
            ]}}"#
        );
        write("incidents/INC-2025-0007.toml", incident);
        write("timelines/INC-2025-0007.json", &timeline);
        for readers in ["internal", "public"] {
            let out = work.path().join(readers);
            let folder = work.path().to_str().expect("UTF-8");
            let out_path = out.to_str().expect("UTF-8");
            let output = afterword(
                &["build", folder, "--audience", readers, "--out", out_path],
                &[("SOURCE_DATE_EPOCH", "1795239728")],
            );
            assert!(output.status.success(), "{}", said(&output));
            let said = said_by(&files(&out));
            let context = format!("{restriction} for {readers}");
            for time in ["02:11", "02:41"] {
                assert_eq!(said.contains(time), is_shown, "{time}: {context}");
            }
            // Outside, the length of a window that is not shown, or the total, would give its end away.
            let has_lengths = is_shown || readers == "internal";
            assert_eq!(
                said.contains("not shown here (30 minutes)"),
                !is_shown && has_lengths,
                "{context}"
            );
            assert_eq!(said.contains("45 minutes"), has_lengths, "{context}");
        }
    }
}
