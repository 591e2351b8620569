//! Several exports of one incident: which version, which deployment and which alert of them counts.

use std::fs;

use serde_json::{Value, json};

use super::archive;
use super::command::{import, run, timeline, write};

fn events(root: &camino::Utf8Path) -> Vec<Value> {
    let value: Value = serde_json::from_str(&timeline(root)).expect("JSON");
    value["events"].as_array().expect("a list").clone()
}

#[test]
fn the_version_that_was_edited_last_counts_in_any_order() {
    let update = |body: &str, minute: u32| {
        json!({ "page": { "id": "p", "name": "Ferrowick" }, "incident": { "name": "Slow API", "status": "identified", "incident_updates": [{
            "id": "u1", "status": "identified", "body": body, "display_at": "2026-05-11T10:30:00Z",
            "updated_at": format!("2026-05-11T10:{minute}:00Z") }] } })
    };
    let comment = |body: &str, minute: u32| {
        json!({ "id": 5, "body": body, "user": { "login": "kim" }, "created_at": "2026-05-11T10:00:00Z",
            "updated_at": format!("2026-05-11T10:{minute}:00Z"), "issue_url": "https://api.example/issues/3", "html_url": "https://x.example/3" })
    };
    let files = [
        ("a.json", update("Found it.", 30)),
        ("b.json", update("Found it: a bad deploy.", 35)),
        ("c.json", comment("Cause: expired certificate", 40)),
        ("d.json", comment("Cause?", 10)),
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0]] {
        let (_folder, root) = archive();
        let paths = order.map(|index| {
            let (name, value) = &files[index];
            write(&root, name, value.to_string())
        });
        let paths = paths.each_ref().map(|path| path.as_str());
        let text = import(&root, &paths, &[]);
        assert_eq!(text.matches("edited or deleted later").count(), 2, "{text}");
        let texts: Vec<Value> = events(&root)
            .iter()
            .map(|event| event["text"].clone())
            .collect();
        assert_eq!(
            texts,
            [
                "Cause: expired certificate",
                "[Identified] Found it: a bad deploy."
            ]
        );
    }
}

#[test]
fn a_deployment_to_production_is_recorded_before_one_elsewhere() {
    let deployed = |id: u32, environment: &str, minute: u32| {
        json!({ "object_kind": "deployment", "status": "success", "deployment_id": id, "environment": environment, "ref": format!("v{id}"),
            "short_sha": "279484c0", "status_changed_at": format!("2026-05-11 10:{minute}:00 +0000"), "user": { "name": "Kim" } })
    };
    let cases = [
        (["production", "staging"], "v1 (279484c0)"),
        (["review/7", "staging"], "v2 (279484c0)"),
    ];
    for (environments, expected) in cases {
        let (_folder, root) = archive();
        let both = json!([
            deployed(1, environments[0], 10),
            deployed(2, environments[1], 20)
        ]);
        let path = write(&root, "deployments.json", both.to_string());
        import(&root, &[path.as_str()], &["--deployment"]);
        let incident = fs::read_to_string(root.join("incidents/INC-1.toml")).expect("readable");
        assert!(
            incident.contains(&format!("version = \"{expected}\"")),
            "{incident}"
        );
    }
}

#[test]
fn an_incident_has_the_severity_of_the_alert_that_starts_it() {
    let (_folder, root) = archive();
    write(
        &root,
        "afterword.toml",
        "[import.severities]\ninfo = \"P4\"\ncritical = \"P1\"\n",
    );
    let alert = |name: &str, severity: &str, minute: u32| {
        json!({ "status": "firing", "labels": { "alertname": name, "severity": severity },
            "annotations": { "summary": name }, "startsAt": format!("2026-03-02T10:{minute}:00Z") })
    };
    let hook = json!({ "version": "4", "groupKey": "k", "alerts": [alert("Disk", "info", 20), alert("Pool", "critical", 10)] });
    let path = write(&root, "alert.json", hook.to_string());
    let (code, text) = run(&root, &["new", "--from", path.as_str(), "--id", "INC-2"]);
    assert_eq!(code, 0, "{text}");
    let incident = fs::read_to_string(root.join("incidents/INC-2.toml")).expect("readable");
    assert!(
        incident.contains("\"Pool\"")
            && incident.contains("\"P1\"")
            && incident.contains("alertname: Pool"),
        "{incident}"
    );
}

#[test]
fn people_of_the_settings_are_named_in_messages_and_others_are_listed() {
    let (_folder, root) = archive();
    write(
        &root,
        "afterword.toml",
        "[import.people]\nU0000002 = \"Lee Okafor\"\n",
    );
    let messages = json!({ "messages": [
        { "type": "message", "user": "U0000001", "ts": "1778500800.000100", "text": "Identified with <@U0000002>" },
        { "type": "message", "user": "U0000002", "ts": "1778500900.000100", "text": "Rolled back for <@U0000003>" },
        { "type": "message", "user": "U0000003", "user_profile": { "real_name": "Kim Berg" }, "ts": "1778500910.000100", "text": "hm" } ] });
    let path = write(&root, "slack.json", messages.to_string());
    let text = import(&root, &[path.as_str()], &[]);
    assert!(
        text.contains("no names for the Slack users `U0000001`; set them in `[import.people]`"),
        "{text}"
    );
    let shown: Vec<String> = events(&root)
        .iter()
        .map(|event| format!("{} {}", event["actor"], event["text"]))
        .collect();
    assert_eq!(
        shown,
        [
            "\"U0000001\" \"Identified with Lee Okafor\"",
            "\"Lee Okafor\" \"Rolled back for Kim Berg\""
        ]
    );
}

#[test]
fn a_table_may_have_the_date_in_a_column_of_its_own() {
    let (_folder, root) = archive();
    write(
        &root,
        "afterword.toml",
        "[import.csv]\ndate = \"Datum\"\nat = \"Uhrzeit\"\ntext = \"Ereignis\"\ntz = \"Europe/Berlin\"\n",
    );
    let table =
        "\u{feff}Datum;Uhrzeit;Ereignis\r\n11.05.2026;12:00;\"Pool full\r\nsecond; line\"\r\n";
    let path = write(&root, "t.csv", table);
    import(&root, &[path.as_str()], &[]);
    let events = events(&root);
    assert_eq!(
        (&events[0]["at"], &events[0]["text"]),
        (&json!("10:00"), &json!("Pool full"))
    );
}

#[test]
fn an_end_before_the_start_is_never_marked() {
    let (_folder, root) = archive();
    write(
        &root,
        "timelines/INC-1.json",
        r#"{ "incident": "INC-1", "date": "2026-05-11", "events": [{ "at": "14:23", "marks": ["started"], "text": "Errors" }] }"#,
    );
    let incident = json!({ "data": { "id": "dd", "type": "incidents", "attributes": { "title": "Cart errors", "customer_impacted": true,
        "customer_impact_start": "2026-05-11T14:30:00Z", "resolved": "2026-05-11T14:10:00Z" } } });
    let path = write(&root, "datadog.json", incident.to_string());
    let text = import(&root, &[path.as_str()], &["--marks"]);
    assert!(
        text.contains("each would put an end before its start\n  resolved "),
        "{text}"
    );
}
