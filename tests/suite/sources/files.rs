//! The files of an import: archives that cannot be read, limits, and files that complete each other.

use std::fs;
use std::io::{Cursor, Write};
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use super::archive;

/// Imports files; returns the exit code and all that is printed.
fn import(root: &Utf8Path, files: &[(&str, Vec<u8>)], options: &[&str]) -> (i32, String) {
    let folder = root.join("exports");
    fs::create_dir_all(&folder).expect("writable");
    let paths: Vec<Utf8PathBuf> = files.iter().map(|(name, _)| folder.join(name)).collect();
    for (path, (_, bytes)) in paths.iter().zip(files) {
        fs::write(path, bytes).expect("writable");
    }
    let run = Command::new(env!("CARGO_BIN_EXE_afterword"))
        .env("SOURCE_DATE_EPOCH", "1772500000")
        .args([
            "-C",
            root.as_str(),
            "import",
            "timeline",
            "--incident",
            "INC-1",
        ])
        .args(&paths)
        .args(options)
        .output()
        .expect("it runs");
    let text = String::from_utf8(run.stdout).expect("UTF-8")
        + &String::from_utf8(run.stderr).expect("UTF-8");
    (run.status.code().expect("an exit code"), text)
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default())
            .expect("writable");
        zip.write_all(bytes).expect("writable");
    }
    zip.finish().expect("complete").into_inner()
}

fn bytes(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

fn messages() -> Value {
    json!([{ "type": "message", "user": "U1", "ts": "1772461440.000100", "text": "Identified: the pool" }])
}

#[test]
fn an_archive_that_cannot_be_read_says_what_to_do() {
    let inner = zipped(&[("inc-pool/2026-03-02.json", &bytes(&messages()))]);
    let outer = zipped(&[("inner.zip", &inner)]);
    let half = inner.get(..inner.len() / 2).expect("half").to_vec();
    for (name, content, expected) in [
        (
            "outer.zip",
            outer,
            "it has the archive `inner.zip`: unpack it",
        ),
        (
            "half.zip",
            half,
            "is no complete ZIP archive; download it again",
        ),
        (
            "page.zip",
            b"<html>".to_vec(),
            "is no complete ZIP archive; download it again",
        ),
    ] {
        let (_folder, root) = archive();
        let (code, text) = import(&root, &[(name, content)], &[]);
        assert_eq!(code, 1, "{text}");
        assert!(text.contains(expected), "{text}");
    }
    let (_folder, root) = archive();
    let (code, text) = import(&root, &[("download", inner)], &[]);
    assert!(
        code == 0 && text.contains("+ 2026-03-02 14:24:00 UTC  Identified"),
        "{text}"
    );
}

#[test]
fn a_timeline_over_the_limit_is_rejected_before_it_is_written() {
    let (_folder, root) = archive();
    fs::write(root.join("afterword.toml"), "[limits]\nentries = 10\n").expect("writable");
    let rows = (0..11).map(|minute| format!("2026-03-02T14:{minute:02}:00Z,Queue {minute}\n"));
    let rows = format!("time,text\n{}", rows.collect::<String>());
    let (code, text) = import(&root, &[("rows.csv", rows.clone().into())], &[]);
    assert_eq!(code, 1, "{text}");
    assert!(
        text.contains("the timeline would have 11 events, over the limit of 10"),
        "{text}"
    );
    assert!(!root.join("timelines").exists());
    let until = ["--until", "2026-03-02T14:08:00Z"];
    assert_eq!(
        import(&root, &[("rows.csv", rows.clone().into())], &until).0,
        0
    );
}

#[test]
fn a_status_of_a_deployment_reads_as_its_deployment_says() {
    let deployment = |task: &str| {
        bytes(&json!([{
            "id": 11, "sha": "9f8e7d6c5b4a3210", "ref": "v3.4.7", "task": task, "environment": "production",
            "created_at": "2026-03-02T14:26:00Z", "creator": { "login": "dana" }
        }]))
    };
    let statuses = || {
        bytes(&json!([{
            "id": 21, "state": "success", "environment": "production", "created_at": "2026-03-02T14:28:00Z",
            "deployment_url": "https://api.example.com/repos/a/b/deployments/11"
        }]))
    };
    let (_folder, root) = archive();
    let files = [
        ("a.json", statuses()),
        ("b.json", deployment("deploy:rollback")),
    ];
    let (code, text) = import(&root, &files, &[]);
    assert_eq!(code, 0, "{text}");
    assert!(
        text.contains("Rolled back to v3.4.7 (9f8e7d6) in production"),
        "{text}"
    );
    assert!(text.contains("mitigated"), "{text}");

    let (_folder, root) = archive();
    let (_, text) = import(&root, &[("a.json", statuses())], &["--deployment"]);
    assert!(
        text.contains("note: no finished deployment states its version"),
        "{text}"
    );
    let files = [("a.json", statuses()), ("b.json", deployment("deploy"))];
    let (_, text) = import(&root, &files, &["--deployment"]);
    assert!(
        text.contains("+ [technical.deployment] v3.4.7 (9f8e7d6)"),
        "{text}"
    );
    let (_, text) = import(&root, &files, &["--deployment"]);
    assert!(
        text.contains("note: `[technical.deployment]` is there already"),
        "{text}"
    );
}

#[test]
fn a_rollback_is_the_end_of_a_deployment_and_not_its_version() {
    let deployments = bytes(&json!([
        { "id": 11, "sha": "9f8e7d6c5b4a3210", "ref": "v3.4.7", "task": "deploy", "environment": "production",
          "created_at": "2026-03-02T14:20:00Z" },
        { "id": 12, "sha": "0f8e7d6c5b4a3210", "ref": "v3.4.6", "task": "deploy:rollback", "environment": "production",
          "created_at": "2026-03-02T14:40:00Z" }
    ]));
    let status = |id: u32, at: &str| {
        json!({ "id": 20 + id, "state": "success", "environment": "production", "created_at": at,
            "deployment_url": format!("https://api.example.com/repos/a/b/deployments/{id}") })
    };
    let rollback = status(12, "2026-03-02T14:45:00Z");
    let (_folder, root) = archive();
    let files = [
        ("a.json", bytes(&json!([rollback.clone()]))),
        ("b.json", deployments.clone()),
    ];
    let (_, text) = import(&root, &files, &["--deployment"]);
    assert!(
        text.contains("note: the only finished deployments are rollbacks"),
        "{text}"
    );
    let both = bytes(&json!([status(11, "2026-03-02T14:28:00Z"), rollback]));
    let files = [("a.json", both), ("b.json", deployments)];
    let (_, text) = import(&root, &files, &["--deployment"]);
    assert!(text.contains("+ [technical.deployment] v3.4.7"), "{text}");
    let file = root.join("incidents/INC-1.toml");
    let incident = fs::read_to_string(file).expect("an incident");
    assert!(
        incident.contains("rollback = \"2026-03-02 14:45:00 UTC\""),
        "{incident}"
    );
}

#[test]
fn the_file_of_a_channel_names_it() {
    let (_folder, root) = archive();
    fs::write(
        root.join("afterword.toml"),
        "[import.slack]\nworkspace = \"ferrowick\"\n",
    )
    .expect("writable");
    let reply = json!({ "type": "message", "ts": "1772461500.000200", "thread_ts": "1772461440.000100", "text": "Rolled back" });
    let mut list = messages();
    list[0]["slackdump_thread_replies"] = json!([reply]);
    let dump = json!({ "name": "inc-pool", "channel_id": "C042", "messages": list });
    let (_, text) = import(
        &root,
        &[("C042.json", bytes(&dump))],
        &["--channel", "other"],
    );
    assert!(text.contains("2  Slack: in other channels"), "{text}");
    let (code, text) = import(
        &root,
        &[("C042.json", bytes(&dump))],
        &["--channel", "inc-pool"],
    );
    assert!(code == 0 && text.contains("Rolled back"), "{text}");
    let timeline = fs::read_to_string(root.join("timelines/INC-1.json")).expect("a timeline");
    assert!(
        timeline.contains("https://ferrowick.slack.com/archives/C042/p1772461440000100"),
        "{timeline}"
    );
}

#[test]
fn a_mark_that_contradicts_a_window_of_a_service_is_not_set() {
    let (_folder, root) = archive();
    let path = root.join("incidents/INC-1.toml");
    let service = "[[impact.services]]\nname = \"Checkout\"\nfrom = 2026-03-02T14:23:00Z\n";
    let text = fs::read_to_string(&path).expect("readable") + service;
    fs::write(&path, text).expect("writable");
    let event = json!({ "data": { "project": { "incidentManagementTimelineEvents": { "nodes": [{
        "id": "gid://gitlab/TimelineEvent/1", "note": "All over", "noteHtml": "", "occurredAt": "2026-03-02T14:10:00Z",
        "timelineEventTags": { "nodes": [{ "name": "End time" }] }
    }] } } } });
    let (code, text) = import(&root, &[("gitlab.json", bytes(&event))], &[]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("marks not set"), "{text}");
}
