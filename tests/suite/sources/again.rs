//! Exports that come in parts, again, or late, and what they still say.

use std::fs;

use serde_json::{Value, json};

use super::archive;
use super::command::{import, run, timeline, write};

fn texts(root: &camino::Utf8Path) -> Vec<String> {
    let value: Value = serde_json::from_str(&timeline(root)).expect("JSON");
    let events = value["events"].as_array().expect("a list");
    events
        .iter()
        .map(|event| event["text"].as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn an_export_and_an_answer_of_slack_are_one_channel() {
    let export = json!([
        { "type": "message", "ts": "1778490000.000100", "text": "Resolved: a", "user": "U1" },
        { "type": "message", "ts": "1778490060.000100", "text": "Verified: b", "user": "U1" }
    ]);
    let answer = json!({ "ok": true, "messages": [
        { "type": "message", "ts": "1778490000.000100", "text": "Resolved: a v2", "user": "U1",
          "edited": { "user": "U1", "ts": "1778490039.000000" } },
        { "type": "message", "subtype": "tombstone", "ts": "1778490060.000100", "text": "This message was deleted.", "hidden": true }
    ] });
    for names in [
        ["c1/2026-05-11.json", "z.json"],
        ["c1/2026-05-11.json", "a.json"],
    ] {
        let (_folder, root) = archive();
        let first = write(&root, names[0], export.to_string());
        let second = write(&root, names[1], answer.to_string());
        import(&root, &[first.as_str(), second.as_str()], &["--all"]);
        assert_eq!(texts(&root), ["Resolved: a v2"]);
        let before = timeline(&root);
        import(&root, &[second.as_str(), first.as_str()], &["--all"]);
        assert_eq!(timeline(&root), before);
    }
}

#[test]
fn an_alert_about_a_deployment_is_an_alert() {
    let (_folder, root) = archive();
    let event = |id: u32, title: &str, level: &str, tag: &str| json!({ "id": id, "title": title, "text": "x", "date_happened": 1_778_490_000 + id, "alert_type": level, "tags": [tag] });
    let events = json!([
        event(
            1,
            "[Triggered] 5xx on checkout",
            "error",
            "kube_deployment:checkout"
        ),
        event(2, "5xx on checkout", "info", "kube_deployment:checkout"),
        event(3, "Not deployed: freeze", "info", "team:deployment"),
        event(4, "checkout v7", "info", "event:deployment"),
        event(5, "Deployed checkout v8", "info", "env:prod"),
    ]);
    let path = write(&root, "events.json", events.to_string());
    import(&root, &[path.as_str()], &[]);
    let value: Value = serde_json::from_str(&timeline(&root)).expect("JSON");
    let events = value["events"].as_array().expect("a list");
    let kinds: Vec<&str> = events
        .iter()
        .map(|event| event["kind"].as_str().unwrap_or("note"))
        .collect();
    assert_eq!(kinds, ["alert", "note", "note", "deploy", "deploy"]);
}

#[test]
fn webhooks_of_a_pager_tell_a_reopening() {
    let (_folder, root) = archive();
    let event = |id: &str, of: &str, minute: u32| {
        json!({ "event": { "id": id, "event_type": format!("incident.{of}"), "resource_type": "incident",
            "occurred_at": format!("2026-05-11T10:{minute}:00Z"), "data": { "id": "P1", "title": "Slow" } } })
    };
    let lines = [
        event("E1", "triggered", 10),
        event("E2", "resolved", 40),
        event("E3", "reopened", 45),
        event("E4", "resolved", 55),
    ]
    .map(|line| line.to_string())
    .join("\n");
    let path = write(&root, "hooks.jsonl", lines);
    let text = import(&root, &[path.as_str()], &[]);
    assert!(text.contains("reopened"), "{text}");
    assert_eq!(text.matches("  resolved ").count(), 2, "{text}");
}

#[test]
fn a_revision_that_was_deployed_before_is_a_rollback() {
    let (_folder, root) = archive();
    let entry = |id: u32, revision: char, minute: u32| json!({ "id": id, "revision": revision.to_string().repeat(40), "deployedAt": format!("2026-05-11T10:{minute}:00Z") });
    let application = json!({ "metadata": { "name": "shop", "uid": "u" },
        "status": { "history": [entry(1, 'a', 10), entry(2, 'b', 15), entry(3, 'a', 40)] } });
    let path = write(&root, "app.json", application.to_string());
    import(&root, &[path.as_str()], &["--deployment"]);
    let incident = fs::read_to_string(root.join("incidents/INC-1.toml")).expect("readable");
    assert!(incident.contains("= \"bbbbbbb\""), "{incident}");
    assert!(
        incident.contains("rollback = \"2026-05-11 10:40:00 UTC\""),
        "{incident}"
    );
}

fn healing(host: &str) -> Value {
    json!({ "playbook": "restart", "action": "Restart pod", "trigger": "x", "started_at": "2026-05-11T10:29:42Z",
        "finished_at": null, "result": null, "parameters": { "host": host } })
}

#[test]
fn a_run_that_was_imported_while_it_ran_gets_its_result() {
    let (_folder, root) = archive();
    let mut of_run = healing("a");
    let path = write(&root, "self_healing/runs/run-1.json", of_run.to_string());
    import(&root, &[path.as_str()], &[]);
    let incident = || fs::read_to_string(root.join("incidents/INC-1.toml")).expect("readable");
    assert!(!incident().contains("result = "), "{}", incident());
    of_run["finished_at"] = json!("2026-05-11T10:32:08Z");
    of_run["result"] = json!("failed");
    of_run["detail"] = json!("boom");
    write(&root, "self_healing/runs/run-1.json", of_run.to_string());
    let text = import(&root, &[path.as_str()], &[]);
    assert!(
        text.contains("+ [[self_healing.actions]] Restart pod: result failed"),
        "{text}"
    );
    assert!(incident().contains("= \"failed\""), "{}", incident());
    assert!(incident().contains("= \"boom\""), "{}", incident());
    let before = incident();
    import(&root, &[path.as_str()], &[]);
    assert_eq!(incident(), before);
}

#[test]
fn runs_without_an_id_stay_apart() {
    let (_folder, root) = archive();
    let both = json!([healing("a"), healing("b")]);
    let path = write(&root, "both.json", both.to_string());
    import(&root, &[path.as_str()], &[]);
    let incident = fs::read_to_string(root.join("incidents/INC-1.toml")).expect("readable");
    assert_eq!(
        incident.matches("[[self_healing.actions]]").count(),
        2,
        "{incident}"
    );
    let mut early = healing("c");
    early["finished_at"] = json!("2026-05-11T10:20:00Z");
    early["result"] = json!("success");
    let path = write(&root, "early.json", early.to_string());
    let text = import(&root, &[path.as_str()], &[]);
    assert!(text.contains("ends before it starts"), "{text}");
    assert!(!texts(&root).iter().any(|text| text.contains("result")));
}

#[test]
fn a_message_that_changed_on_the_status_page_is_reported() {
    let (_folder, root) = archive();
    let update = |body: &str| {
        json!({ "page": { "id": "p", "name": "Ferrowick" }, "incident": { "name": "Slow API", "status": "identified", "incident_updates": [{
            "id": "u1", "status": "identified", "body": body, "display_at": "2026-05-11T10:30:00Z" }] } })
        .to_string()
    };
    let path = write(&root, "page.json", update("50 users are affected."));
    import(&root, &[path.as_str()], &[]);
    let text = import(&root, &[path.as_str()], &[]);
    assert!(!text.contains("differs"), "{text}");
    write(&root, "page.json", update("5 users are affected."));
    let text = import(&root, &[path.as_str()], &["--update"]);
    assert!(
        text.contains("in `[[messages]]` differs from the export"),
        "{text}"
    );
}

#[test]
fn many_events_of_one_second_take_time_in_proportion() {
    let (_folder, root) = archive();
    let rows: Vec<String> = (0..4000)
        .map(|row| format!("2026-05-11T10:30:00Z,alert,row {row}"))
        .collect();
    let table = write(
        &root,
        "rows.csv",
        format!("time,kind,text\n{}", rows.join("\n")),
    );
    let alerts: Vec<Value> = (0..400)
        .map(|id| json!({ "fingerprint": format!("f{id}"), "status": "firing", "startsAt": "2026-05-11T10:30:00Z",
            "labels": { "alertname": format!("A{id}") }, "annotations": {} }))
        .collect();
    let webhook = json!({ "version": "4", "groupKey": "g", "receiver": "r", "status": "firing", "alerts": alerts });
    let webhook = write(&root, "webhook.json", webhook.to_string());
    let arguments = [
        "import",
        "timeline",
        "--incident",
        "INC-1",
        "--dry-run",
        table.as_str(),
        webhook.as_str(),
    ];
    let (code, text) = run(&root, &arguments);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("possibly the same moment, the first 200 pairs"),
        "{text}"
    );
}

#[test]
fn a_message_that_denies_a_change_proposes_no_mark() {
    let (_folder, root) = archive();
    let texts = [
        "Mitigation failed",
        "Verified that it is still broken",
        "Resolved? not yet",
        "Resolved would be nice",
        "Resolved: the DNS question. Still down",
        "Rollback didn't help",
        "Alerts are silent",
        "Alert: payments failed",
    ];
    let messages: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| json!({ "type": "message", "ts": format!("17784900{index:02}.000100"), "text": text, "user": "U1" }))
        .collect();
    let path = write(
        &root,
        "c1/2026-05-11.json",
        Value::from(messages).to_string(),
    );
    let text = import(&root, &[path.as_str()], &[]);
    let proposed: Vec<&str> = text
        .lines()
        .skip_while(|line| !line.starts_with("proposed marks"))
        .filter(|line| line.ends_with(')') && line.starts_with("  "))
        .collect();
    assert_eq!(proposed.len(), 1, "{text}");
    assert!(
        text.contains("Alert: payments failed (the first alert)"),
        "{text}"
    );
}

#[test]
fn events_of_one_incident_or_alert_stay_apart() {
    let event = |minute: u32, message: &str| {
        json!({ "incident_id": "6", "alert_source_id": "p", "message": message, "description": "",
            "time_of_creation": format!("2026-05-11T10:{minute}:00Z"), "payload": { "status": "triggered" } })
    };
    let (one, two) = (event(24, "CPU"), event(30, "Disk"));
    for order in [[&one, &two], [&two, &one]] {
        let (_folder, root) = archive();
        let both = write(&root, "both.json", json!(order).to_string());
        import(&root, &[both.as_str()], &[]);
        let expected = ["Incident opened: CPU", "Incident opened: Disk"];
        assert_eq!(texts(&root), expected);
        let before = timeline(&root);
        let single = write(&root, "single.json", json!([one]).to_string());
        import(&root, &[single.as_str()], &["--update"]);
        assert_eq!(timeline(&root), before);
    }
    let honeycomb = json!({ "id": "t1", "name": "Slow", "status": "TRIGGERED", "trigger_url": "https://example.com/t" });
    let grafana = json!({ "ruleName": "Slow", "ruleId": 1, "state": "alerting", "message": "CPU" });
    for notification in [honeycomb, grafana] {
        let (_folder, root) = archive();
        let file = write(&root, "alert.json", notification.to_string());
        for at in [
            "2026-03-02T10:25:00Z",
            "2026-03-02T10:40:00Z",
            "2026-03-02T10:40:00Z",
        ] {
            import(&root, &[file.as_str()], &["--at", at]);
        }
        assert_eq!(texts(&root).len(), 2, "{notification}");
    }
}
