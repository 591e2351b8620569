//! Which events get a proposal for a mark, and who acted by the names in the settings.

use std::fs;

use camino::Utf8Path;
use serde_json::{Value, json};

use super::archive;
use super::command::{import, timeline, write};

/// Returns the events with each mark, as `mark time`.
fn marks(root: &Utf8Path) -> Vec<String> {
    let value: Value = serde_json::from_str(&timeline(root)).expect("JSON");
    let events = value["events"].as_array().expect("a list").clone();
    let of = |event: &Value| {
        let marks = event["marks"].as_array().cloned().unwrap_or_default();
        let at = event["at"].as_str().unwrap_or_default().to_owned();
        let mark = |mark: &Value| format!("{} {at}", mark.as_str().unwrap_or_default());
        marks.iter().map(mark).collect::<Vec<_>>()
    };
    events.iter().flat_map(of).collect()
}

fn entry(of: &str, minute: u32, summary: &str) -> Value {
    json!({ "id": format!("R{minute}"), "type": format!("{of}_log_entry"), "summary": summary,
        "created_at": format!("2026-05-11T10:{minute}:00Z"),
        "agent": { "id": "PDANA", "type": "user_reference", "summary": "dana@example.com" },
        "incident": { "id": "Q1", "summary": "[#1] Slow API" } })
}

#[test]
fn handing_over_after_the_acknowledgement_is_no_first_page() {
    let trigger = entry("trigger", 24, "Triggered");
    let acknowledged = entry("acknowledge", 25, "Acknowledged");
    for of in ["assign", "delegate", "escalate", "responder_request"] {
        let (_folder, root) = archive();
        let log = json!([trigger, acknowledged, entry(of, 26, "Handed to Sam")]);
        let log = write(&root, "log.json", log.to_string());
        import(&root, &[log.as_str()], &["--marks"]);
        assert_eq!(
            marks(&root),
            ["detected 10:24:00", "acknowledged 10:25:00"],
            "{of}"
        );
    }
    let (_folder, root) = archive();
    let log = json!([
        trigger,
        entry("notify", 25, "Notified Dana"),
        entry("acknowledge", 26, "x"),
        entry("assign", 27, "y")
    ]);
    let log = write(&root, "log.json", log.to_string());
    import(&root, &[log.as_str()], &["--marks"]);
    let expected = [
        "detected 10:24:00",
        "paged 10:25:00",
        "acknowledged 10:26:00",
    ];
    assert_eq!(marks(&root), expected);
}

#[test]
fn the_first_alert_after_the_start_is_proposed() {
    let (_folder, root) = archive();
    let incident = root.join("timelines");
    fs::create_dir_all(&incident).expect("writable");
    let start = json!({ "date": "2026-05-11", "tz": "UTC", "events": [{ "at": "10:23:00", "text": "Errors begin", "marks": ["started"] }] });
    fs::write(incident.join("INC-1.json"), start.to_string()).expect("writable");
    let alerts = "at,text,kind\n2026-05-11T10:20:00Z,Disk is full,alert\n2026-05-11T10:24:00Z,API is slow,alert\n";
    let alerts = write(&root, "alerts.csv", alerts);
    import(&root, &[alerts.as_str()], &["--marks"]);
    assert_eq!(marks(&root), ["started 10:23:00", "detected 10:24:00"]);
}

fn message(number: usize, text: &str, reaction: Option<&str>) -> Value {
    let reactions: Vec<Value> = reaction
        .map(|name| json!({ "name": name, "users": ["U2"], "count": 1 }))
        .into_iter()
        .collect();
    json!({ "type": "message", "user": "U1", "text": text, "ts": format!("{}.000100", 1_778_495_000 + 60 * number),
        "reactions": reactions })
}

fn proposals(texts: &[(&str, Option<&str>)]) -> String {
    let (_folder, root) = archive();
    let settings = "[import.slack.reactions]\nmag = \"diagnosis\"\n";
    fs::write(root.join("afterword.toml"), settings).expect("writable");
    let messages: Vec<Value> = { texts.iter().enumerate() }
        .map(|(number, (text, reaction))| message(number, text, *reaction))
        .collect();
    let day = write(&root, "day.json", Value::from(messages).to_string());
    import(&root, &[day.as_str()], &["--marks"]);
    marks(&root).join(", ")
}

#[test]
fn a_reaction_a_quote_and_a_doubt_give_no_mark() {
    let texts = [
        ("look", Some("mag")),
        ("all good?", Some("white_check_mark")),
        ("&gt; Resolved: by somebody else", Some("eyes")),
        ("\"Resolved\" is what the customer wants to hear", None),
        ("Resolved by Friday, I hope", None),
        ("Resolved yesterday's ticket", None),
        ("Root cause: unknown", None),
        ("Root cause analysis on Friday", None),
        ("Identified nobody yet", None),
        ("Mitigation plan: later", None),
        ("Verified account needed", None),
    ];
    assert_eq!(proposals(&texts), "");
}

#[test]
fn a_message_that_says_so_gives_its_mark_whatever_the_reaction() {
    let texts = [
        ("Alert: payments failed", None),
        ("&gt; what is it?\nIdentified: a slow query", None),
        ("*Rolled back* to v3", Some("mag")),
        ("Resolved, closing the channel", Some("eyes")),
    ];
    let found = proposals(&texts);
    for mark in ["detected", "identified", "mitigated", "resolved"] {
        assert!(found.contains(mark), "{mark}: {found}");
    }
}

#[test]
fn a_person_is_named_by_id_or_address() {
    for key in ["PDANA", "dana@example.com"] {
        let (_folder, root) = archive();
        let settings = format!("[import.people]\n\"{key}\" = \"Dana Fischer\"\n");
        fs::write(root.join("afterword.toml"), settings).expect("writable");
        let mut page = entry("notify", 24, "Notified dana@example.com by phone");
        page["user"] = json!({ "id": "PDANA", "summary": "dana@example.com" });
        let log = json!([
            page,
            entry("acknowledge", 25, "Acknowledged by the responder")
        ]);
        let log = write(&root, "log.json", log.to_string());
        import(&root, &[log.as_str()], &[]);
        let text = timeline(&root);
        assert!(text.contains("Paged Dana Fischer (phone)"), "{text}");
        assert!(text.contains("\"actor\": \"Dana Fischer\""), "{text}");
        assert!(!text.contains("removed"), "{text}");
    }
}

#[test]
fn an_error_that_came_back_is_detected_if_its_first_time_was_long_before() {
    let (_folder, root) = archive();
    let timelines = root.join("timelines");
    fs::create_dir_all(&timelines).expect("writable");
    let start = json!({ "date": "2026-05-11", "tz": "UTC", "events": [{ "at": "10:23:00", "text": "Errors begin", "marks": ["started"] }] });
    fs::write(timelines.join("INC-1.json"), start.to_string()).expect("writable");
    let activity = |id: &str, of: &str, at: &str| json!({ "id": id, "type": of, "dateCreated": at, "data": {} });
    let issue = json!({ "id": "s", "shortId": "SHOP-1", "title": "Timeout", "firstSeen": "2026-02-01T08:00:00Z", "activity": [
        activity("1", "set_resolved", "2026-02-02T08:00:00Z"),
        activity("2", "set_regression", "2026-05-11T10:24:30Z"),
    ] });
    let issue = write(&root, "issue.json", issue.to_string());
    import(&root, &[issue.as_str()], &["--marks"]);
    assert_eq!(marks(&root), ["started 10:23:00", "detected 10:24:30"]);
}
