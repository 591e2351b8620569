//! Exports that are parts of one: a later one, a page of several, a packed one.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use super::archive;
use super::command::{import, run, timeline, write};

fn events(root: &camino::Utf8Path) -> Vec<Value> {
    let value: Value = serde_json::from_str(&timeline(root)).expect("JSON");
    value["events"].as_array().expect("a list").clone()
}

/// Returns the time, the end and the text of each event.
fn told(root: &camino::Utf8Path) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let line = |event: &Value| {
        let (at, until) = (text(&event["at"]), text(&event["until"]));
        let end = if until.is_empty() {
            until
        } else {
            format!("–{until}")
        };
        format!("{at}{end} {}", text(&event["text"]))
    };
    events(root).iter().map(line).collect()
}

fn warning(pod: &str, count: u32, first: u32, last: u32) -> Value {
    json!({ "metadata": { "uid": format!("uid-{pod}"), "namespace": "shop", "name": pod }, "type": "Warning", "reason": "BackOff",
        "message": "Back-off restarting failed container", "count": count,
        "involvedObject": { "kind": "Pod", "namespace": "shop", "name": pod },
        "firstTimestamp": format!("2026-05-11T10:{first}:00Z"), "lastTimestamp": format!("2026-05-11T10:{last}:00Z") })
}

#[test]
fn a_later_export_of_a_workload_adds_to_its_event() {
    let (_folder, root) = archive();
    let items = |items: &[Value]| json!({ "kind": "List", "items": items }).to_string();
    let (one, two) = ("api-5d4f8b7c9d-x7k2p", "api-5d4f8b7c9d-q9z4m");
    let both = items(&[warning(one, 9, 10, 30), warning(two, 2, 20, 35)]);
    let both = write(&root, "both.json", both);
    import(&root, &[both.as_str()], &[]);
    let first = told(&root);
    assert_eq!(first.len(), 1, "{first:?}");
    assert!(first[0].starts_with("10:10:00–10:35:00 BackOff") && first[0].ends_with("(×11)"));
    // The first events have expired.
    let later = write(&root, "later.json", items(&[warning(two, 2, 20, 35)]));
    let text = import(&root, &[later.as_str()], &[]);
    assert!(!text.contains("differs"), "{text}");
    assert_eq!(told(&root), first);
    let longer = write(&root, "longer.json", items(&[warning(two, 30, 20, 50)]));
    let text = import(&root, &[longer.as_str()], &["--update"]);
    assert!(text.contains("changed as in the export"), "{text}");
    let last = told(&root);
    assert!(
        last[0].starts_with("10:10:00–10:50:00 BackOff") && last[0].ends_with("(×30)"),
        "{last:?}"
    );
    import(&root, &[both.as_str()], &["--update"]);
    assert_eq!(told(&root), last);
}

fn paged(id: &str, way: &str, second: u32) -> Value {
    json!({ "id": id, "type": "notify_log_entry", "summary": format!("Notified Dana Fischer by {way}"),
        "created_at": format!("2026-05-11T10:24:{second:02}Z"), "user": { "summary": "Dana Fischer" },
        "channel": { "type": "auto", "notification": { "type": way, "address": "x" } } })
}

#[test]
fn the_pages_of_a_log_may_be_imported_one_after_the_other() {
    let entries = |entries: &[Value]| json!({ "log_entries": entries }).to_string();
    for order in [["a.json", "b.json"], ["b.json", "a.json"]] {
        let (_folder, root) = archive();
        write(&root, "a.json", entries(&[paged("R1", "sms", 5)]));
        write(&root, "b.json", entries(&[paged("R2", "email", 10)]));
        let [one, two] = order.map(|name| root.join(name));
        import(&root, &[one.as_str()], &[]);
        let text = import(&root, &[two.as_str()], &["--update"]);
        assert!(text.contains("changed as in the export"), "{text}");
        let first = told(&root);
        assert_eq!(first.len(), 1, "{first:?}");
        assert!(
            first[0].starts_with("10:24:05 Paged Dana Fischer ("),
            "{first:?}"
        );
        for paths in [
            vec![two.as_str()],
            vec![one.as_str()],
            vec![one.as_str(), two.as_str()],
        ] {
            let text = import(&root, &paths, &["--update"]);
            assert!(!text.contains("changed as in the export"), "{text}");
            assert_eq!(told(&root), first);
        }
    }
}

#[test]
fn pages_of_two_incidents_stay_apart() {
    let (_folder, root) = archive();
    for (id, incident) in [("R1", "Q1"), ("R2", "Q2")] {
        let mut entry = paged(id, "sms", 5);
        entry["incident"] = json!({ "id": incident, "html_url": format!("https://pager.example/incidents/{incident}") });
        let path = write(
            &root,
            "log.json",
            json!({ "log_entries": [entry] }).to_string(),
        );
        import(&root, &[path.as_str()], &[]);
    }
    assert_eq!(told(&root).len(), 2);
}

#[test]
fn a_note_is_in_the_log_and_in_the_list_of_notes() {
    let entry = json!({ "log_entries": [{ "id": "R3", "type": "annotate_log_entry", "summary": "Dana Fischer added a note",
        "created_at": "2026-05-11T10:27:15Z", "agent": { "type": "user_reference", "summary": "Dana Fischer" },
        "channel": { "type": "note", "content": "Slow query" } }] });
    let note = json!({ "notes": [{ "id": "PN1", "user": { "summary": "Dana Fischer" }, "content": "Slow query",
        "created_at": "2026-05-11T10:27:15Z" }] });
    for order in [["log.json", "notes.json"], ["notes.json", "log.json"]] {
        let (_folder, root) = archive();
        write(&root, "log.json", entry.to_string());
        write(&root, "notes.json", note.to_string());
        for name in order {
            import(&root, &[root.join(name).as_str()], &[]);
        }
        assert_eq!(told(&root), ["10:27:15 Slow query"]);
    }
}

#[test]
fn a_page_of_several_says_that_the_others_are_missing() {
    let note = |id: u32| json!({ "id": id, "user": { "summary": "Kim" }, "content": "x", "created_at": format!("2026-05-11T10:{id}:00Z") });
    let missing = [
        (
            json!({ "notes": [note(10)], "more": true, "total": null }),
            "has only a part of the `notes`",
        ),
        (
            json!({ "notes": [note(10)], "more": false, "offset": 25, "total": null }),
            "has only a part of the `notes`",
        ),
        (
            json!({ "notes": [note(10)], "total": 40 }),
            "has only 1 of 40 `notes`",
        ),
        (
            json!({ "notes": [note(10)], "pagination": { "page": 1, "pages": 5 } }),
            "has only a part of the `notes`",
        ),
        (
            json!({ "data": [note(10)], "links": { "next": "https://x.example/2" } }),
            "has only a part of the `data`",
        ),
        (
            json!({ "nodes": [note(10)], "pageInfo": { "hasNextPage": true } }),
            "has only a part of the `nodes`",
        ),
        (
            json!({ "values": [note(10)], "isLast": false }),
            "has only a part of the `values`",
        ),
    ];
    for (answer, expected) in missing {
        let (_folder, root) = archive();
        let path = write(&root, "page.json", answer.to_string());
        let text = import(&root, &[path.as_str()], &["--dry-run"]);
        assert!(text.contains(expected), "{answer}: {text}");
    }
    let whole = [
        vec![json!({ "notes": [note(10)], "more": false, "offset": 0, "total": 1 })],
        vec![json!({ "notes": [note(10)], "pagination": { "page": 1, "pages": 1, "next": null } })],
        vec![json!({ "data": [note(10)], "links": { "self": "x", "next": null } })],
        vec![
            json!({ "notes": [note(10), note(11)], "more": true, "offset": 0 }),
            json!({ "notes": [note(12)], "more": false, "offset": 2 }),
        ],
        vec![
            json!({ "notes": [note(10), note(11)], "total": 3 }),
            json!({ "notes": [note(12)], "total": 3, "startAt": 2 }),
        ],
    ];
    for answers in whole {
        let (_folder, root) = archive();
        let paths = answers.iter().enumerate();
        let paths: Vec<_> = paths
            .map(|(index, answer)| write(&root, &format!("{index}.json"), answer.to_string()))
            .collect();
        let paths: Vec<&str> = paths.iter().map(|path| path.as_str()).collect();
        let text = import(&root, &paths, &["--dry-run"]);
        assert!(!text.contains("has only"), "{answers:?}: {text}");
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("writable");
    encoder.finish().expect("complete")
}

#[test]
fn a_file_that_is_packed_with_gzip_is_read() {
    let (_folder, root) = archive();
    let table = "time,text\n2026-05-11T10:30:00Z,Pool full\n";
    let exports = root.join("exports");
    std::fs::create_dir(&exports).expect("writable");
    std::fs::write(exports.join("rows.csv.gz"), packed(table.as_bytes())).expect("writable");
    import(&root, &[exports.as_str()], &[]);
    assert_eq!(told(&root), ["10:30:00 Pool full"]);
    let half = packed(table.as_bytes());
    let half = half.get(..half.len() / 2).expect("half");
    let bomb = packed(&vec![b' '; 8_000_000]);
    let mut tar = vec![b'x'; 512];
    tar.splice(257..262, *b"ustar");
    for (content, expected) in [
        (half.to_vec(), "cannot unpack"),
        (bomb, "as in a ZIP bomb"),
        (packed(&tar), "is a tar archive; unpack it"),
    ] {
        let path = root.join("bad.json.gz");
        std::fs::write(&path, content).expect("writable");
        let arguments = ["import", "timeline", "--incident", "INC-1", path.as_str()];
        let (code, text) = run(&root, &arguments);
        assert!(code != 0 && text.contains(expected), "{text}");
    }
}

#[test]
fn an_error_that_came_back_proposes_a_reopening() {
    let (_folder, root) = archive();
    let activity = |id: u32, of: &str, minute: u32| json!({ "id": id, "type": of, "dateCreated": format!("2026-05-11T10:{minute}:00Z"), "data": {} });
    let issue = json!({ "id": "5", "shortId": "SHOP-1", "title": "Timeout", "firstSeen": "2026-05-11T10:20:00Z", "activity": [
        activity(1, "set_resolved", 30), activity(2, "set_regression", 40), activity(3, "set_resolved", 50)] });
    let path = write(&root, "issue.json", issue.to_string());
    let text = import(&root, &[path.as_str()], &["--dry-run"]);
    for expected in [
        "resolved          2026-05-11 10:30",
        "reopened          2026-05-11 10:40",
        "resolved          2026-05-11 10:50",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn the_runs_of_one_file_have_ids_of_their_own() {
    let (_folder, root) = archive();
    let of_run = |minute: u32| {
        json!({ "playbook": "restart", "action": "Restart pod", "trigger": "x", "result": "success",
        "started_at": format!("2026-05-11T10:{minute}:00Z"), "finished_at": format!("2026-05-11T10:{minute}:30Z") })
    };
    let both = json!([of_run(10), of_run(20)]).to_string();
    let path = write(&root, "self_healing/runs/run-1.json", both);
    import(&root, &[path.as_str()], &[]);
    let ids: Vec<String> = events(&root)
        .iter()
        .map(|event| event["id"].to_string())
        .collect();
    assert!(
        ids[0].contains("run-1:started") && ids[2].contains("10:20:00Z:started"),
        "{ids:?}"
    );
    let incident = std::fs::read_to_string(root.join("incidents/INC-1.toml")).expect("readable");
    assert!(incident.contains("10:20:00Z:started"), "{incident}");
}

fn alert(status: &str, value: u32, ends: &str) -> Value {
    json!({ "version": "4", "groupKey": "g", "status": status, "alerts": [{ "status": status, "fingerprint": "a1b2c3d4e5f60718",
        "labels": { "alertname": "Cpu" }, "annotations": { "summary": format!("CPU at {value}%") },
        "startsAt": "2026-05-11T10:24:00Z", "endsAt": ends }] })
}

#[test]
fn an_alert_is_one_event_whatever_value_its_text_has() {
    let none = "0001-01-01T00:00:00Z";
    let files = [
        ("a.json", alert("firing", 95, none)),
        ("b.json", alert("resolved", 20, "2026-05-11T10:40:00Z")),
    ];
    let expected = [
        "10:24:00 Alert fired: \"CPU at 95%\"",
        "10:40:00 Alert resolved: \"CPU at 20%\"",
    ];
    for order in [[0, 1], [1, 0]] {
        let (_folder, root) = archive();
        let paths = order.map(|index| write(&root, files[index].0, files[index].1.to_string()));
        let paths = paths.each_ref().map(|path| path.as_str());
        import(&root, &paths, &[]);
        assert_eq!(told(&root), expected);
        let text = import(&root, &[root.join("b.json").as_str()], &["--update"]);
        assert!(!text.contains("changed as in the export"), "{text}");
        assert_eq!(told(&root), expected);
    }
    let both = json!({ "version": "4", "groupKey": "g", "status": "firing", "alerts": [
        alert("resolved", 20, "2026-05-11T10:25:00Z")["alerts"][0],
        { "status": "firing", "fingerprint": "ff", "labels": { "alertname": "Pool" }, "annotations": { "summary": "Pool full" },
          "startsAt": "2026-05-11T10:30:00Z", "endsAt": none } ] });
    let (_folder, root) = archive();
    let path = write(&root, "both.json", both.to_string());
    let arguments = [
        "new",
        "--from",
        path.as_str(),
        "--id",
        "INC-2",
        "--severity",
        "P1",
    ];
    let (code, text) = run(&root, &arguments);
    assert_eq!(code, 0, "{text}");
    let incident = std::fs::read_to_string(root.join("incidents/INC-2.toml")).expect("readable");
    assert!(incident.contains("\"Pool full\""), "{incident}");
}

#[test]
fn a_rollback_belongs_to_the_deployment_of_its_own_target() {
    let entry = |id: u32, revision: char, minute: u32| json!({ "id": id, "revision": revision.to_string().repeat(40), "deployedAt": format!("2026-05-11T10:{minute}:00Z") });
    let app = |name: &str, history: Value| json!({ "metadata": { "name": name, "uid": name }, "status": { "history": history } });
    let list = json!({ "items": [
        app("checkout", json!([entry(1, 'a', 10), entry(2, 'b', 15), entry(3, 'a', 40)])),
        app("search", json!([entry(1, 'c', 30)])) ] });
    let gitlab = |id: u32, version: &str, minute: u32| {
        json!({ "id": id, "iid": id, "ref": format!("{version}/kim@example.com"), "sha": "279484c09fbe", "status": "success",
        "created_at": format!("2026-05-11T10:{minute}:00Z"), "environment": { "name": "production" }, "user": { "name": "Kim" } })
    };
    let again = json!([
        gitlab(1, "v1", 10),
        gitlab(2, "v2", 20),
        gitlab(3, "v1", 40)
    ]);
    let cases = [
        (list, "version = \"ccccccc\"", None),
        (
            again,
            "v2/[removed]",
            Some("rollback = \"2026-05-11 10:40:00 UTC\""),
        ),
    ];
    for (export, version, rollback) in cases {
        let (_folder, root) = archive();
        let path = write(&root, "deployments.json", export.to_string());
        import(&root, &[path.as_str()], &["--deployment"]);
        let incident =
            std::fs::read_to_string(root.join("incidents/INC-1.toml")).expect("readable");
        let incident = incident.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(incident.contains(version), "{incident}");
        assert_eq!(
            incident.contains("rollback"),
            rollback.is_some(),
            "{incident}"
        );
        assert!(
            rollback.is_none_or(|rollback| incident.contains(rollback)),
            "{incident}"
        );
    }
}

#[test]
fn a_run_without_a_result_is_imported_while_it_runs() {
    let (_folder, root) = archive();
    let of_run = json!({ "id": "r", "playbook": "restart", "trigger": "x", "started_at": "2026-05-11T10:10:00Z" });
    let path = write(&root, "run.json", of_run.to_string());
    import(&root, &[path.as_str()], &[]);
    assert_eq!(told(&root), ["10:10:00 Self-healing attempted: restart"]);
}
