//! Runs `afterword import timeline`: what it writes, what it leaves alone, and what it says.

use std::fs;
use std::io::Write;
use std::process::Command;

use camino::{Utf8Path, Utf8PathBuf};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{archive, folder};

/// Runs the program in an archive; returns its exit code and all that it prints.
pub(super) fn run(root: &Utf8Path, arguments: &[&str]) -> (i32, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_afterword"))
        .env("SOURCE_DATE_EPOCH", "1772500000")
        .args(["-C", root.as_str()])
        .args(arguments)
        .output()
        .expect("it runs");
    let text = String::from_utf8(run.stdout).expect("UTF-8")
        + &String::from_utf8(run.stderr).expect("UTF-8");
    (run.status.code().expect("an exit code"), text)
}

pub(super) fn import(root: &Utf8Path, paths: &[&str], options: &[&str]) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| folder().join(path).into_string())
        .collect();
    let mut arguments = vec!["import", "timeline", "--incident", "INC-1"];
    arguments.extend(paths.iter().map(String::as_str));
    arguments.extend(options);
    let (code, text) = run(root, &arguments);
    assert_eq!(code, 0, "{text}");
    text
}

pub(super) fn timeline(root: &Utf8Path) -> String {
    fs::read_to_string(root.join("timelines/INC-1.json")).expect("a timeline")
}

pub(super) fn write(root: &Utf8Path, path: &str, text: impl AsRef<[u8]>) -> Utf8PathBuf {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
    fs::write(&path, text).expect("writable");
    path
}

/// Returns the facts of the incident's report.
fn facts(root: &Utf8Path) -> serde_json::Value {
    let (_, text) = run(root, &["show", "INC-1", "--format", "json"]);
    let start = text.find('{').expect("JSON");
    let mut values =
        serde_json::Deserializer::from_str(&text[start..]).into_iter::<serde_json::Value>();
    values.next().expect("JSON").expect("JSON")["facts"].take()
}

#[test]
fn a_pager_log_gives_events_and_response_times() {
    let (_folder, root) = archive();
    let text = import(&root, &["pagerduty-log.json"], &["--marks"]);
    assert!(text.contains("acknowledged"), "{text}");
    assert_eq!(facts(&root)["time_to_acknowledge"]["seconds"], 111);
    let (code, text) = run(&root, &["check"]);
    assert!(code == 0 && !text.contains("error"), "{text}");
}

#[test]
fn a_dry_run_writes_nothing() {
    let (_folder, root) = archive();
    let text = import(&root, &["statuspage-public.json"], &["--dry-run"]);
    assert!(
        text.contains("+ 2026-03-02 14:57:00 UTC  [Resolved] This is fixed & monitored."),
        "{text}"
    );
    assert!(text.contains("+ [[messages]] We are looking."), "{text}");
    assert!(!root.join("timelines").exists());
}

#[test]
fn what_people_changed_stays_and_the_rest_is_reported() {
    let (_folder, root) = archive();
    import(&root, &["pagerduty-log.json"], &[]);
    let edited = timeline(&root)
        .replace("\"Acknowledged by Sarah Mitchell\"", "\"Sarah took it\"")
        .replace("Resolved by Sarah Mitchell: Pool is back", "Pool recovered");
    let with_field = edited.replacen(
        "\"text\": \"Pool recovered\"",
        "\"edited\": [\"text\"], \"text\": \"Pool recovered\"",
        1,
    );
    write(&root, "timelines/INC-1.json", &with_field);
    let text = import(&root, &["pagerduty-log.json"], &[]);
    assert_eq!(timeline(&root), with_field);
    assert!(text.contains("differs from the export"), "{text}");
    assert_eq!(text.matches("\n  text  ").count(), 1, "{text}");
    import(&root, &["pagerduty-log.json"], &["--update"]);
    assert_eq!(
        timeline(&root),
        with_field.replace("Sarah took it", "Acknowledged by Sarah Mitchell")
    );
    // Marks are added to events that are there, in their place.
    import(&root, &["pagerduty-log.json"], &["--marks"]);
    assert_eq!(facts(&root)["time_to_acknowledge"]["seconds"], 111);
}

#[test]
fn a_deletion_in_the_system_is_reported_and_kept() {
    let (_folder, root) = archive();
    import(&root, &["pagerduty-log.json"], &[]);
    let before = timeline(&root);
    let log = fs::read_to_string(folder().join("pagerduty-log.json")).expect("a sample");
    let mut log: serde_json::Value = serde_json::from_str(&log).expect("JSON");
    log["log_entries"]
        .as_array_mut()
        .expect("a list")
        .retain(|entry| entry["id"] != "R7");
    let path = write(&root, "later.json", log.to_string());
    let text = import(&root, &[path.as_str()], &[]);
    assert!(
        text.contains("not in the export, but kept") && text.contains("  pagerduty:R7"),
        "{text}"
    );
    assert_eq!(timeline(&root), before);
}

#[test]
fn two_sources_of_one_moment_are_shown_side_by_side() {
    let (_folder, root) = archive();
    let text = import(
        &root,
        &[
            "pagerduty-log.json",
            "alertmanager-api.json",
            "grafana-webhook.json",
        ],
        &[],
    );
    assert!(text.contains("possibly the same moment"), "{text}");
    assert!(
        text.contains("(Grafana)\n  2026-03-02T14:23:47Z")
            || text.contains("(PagerDuty)\n  2026-03-02T14:23:47Z"),
        "{text}"
    );
    assert_eq!(timeline(&root).matches("\"kind\": \"alert\"").count(), 3);
}

#[test]
fn a_zip_is_read_like_its_folder_and_bombs_are_rejected() {
    let zipped = |entries: &[(&str, Vec<u8>)]| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            zip.start_file(*name, zip::write::SimpleFileOptions::default())
                .expect("a name");
            zip.write_all(bytes).expect("in memory");
        }
        zip.finish().expect("in memory").into_inner()
    };
    let file = |name: &str| fs::read(folder().join("slack-export").join(name)).expect("a sample");
    let names = [
        "users.json",
        "channels.json",
        "integration_logs.json",
        "inc-pool/2026-03-02.json",
        "random/2026-03-02.json",
    ];
    let entries: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (*name, file(name))).collect();
    let (_one, packed) = archive();
    let (_two, plain) = archive();
    let path = write(&packed, "export.zip", zipped(&entries));
    import(&packed, &[path.as_str()], &["--channel", "inc-pool"]);
    import(&plain, &["slack-export"], &["--channel", "#inc-pool"]);
    assert_eq!(timeline(&packed), timeline(&plain));
    // Several channels are not mixed.
    let (code, text) = run(
        &packed,
        &["import", "timeline", "--incident", "INC-1", path.as_str()],
    );
    assert!(
        code == 1 && text.contains("messages of 2 channels") && text.contains("#random"),
        "{text}"
    );
    let bomb = write(
        &packed,
        "bomb.zip",
        zipped(&[("a.json", vec![b' '; 8 * 1024 * 1024])]),
    );
    let (code, text) = run(
        &packed,
        &["import", "timeline", "--incident", "INC-1", bomb.as_str()],
    );
    assert!(code == 1 && text.contains("as in a ZIP bomb"), "{text}");
    let large = write(
        &packed,
        "large.zip",
        zipped(&[("a.json", vec![b' '; 20 * 1024 * 1024])]),
    );
    let (code, text) = run(
        &packed,
        &["import", "timeline", "--incident", "INC-1", large.as_str()],
    );
    assert!(
        code == 1 && text.contains("raise `file_bytes` in `[limits]`"),
        "{text}"
    );
}

#[test]
fn a_file_that_nothing_recognizes_is_rejected_with_what_was_looked_for() {
    let (_folder, root) = archive();
    let path = folder().join("unknown.json");
    let (code, text) = run(
        &root,
        &["import", "timeline", "--incident", "INC-1", path.as_str()],
    );
    assert_eq!(code, 1);
    for expected in [
        "unknown.json",
        "none of its 2 parts is an export of a known system",
        "PagerDuty: `log_entries`",
        "nothing written",
    ] {
        assert!(text.contains(expected), "{text}");
    }
    assert!(!root.join("timelines").exists());
}

#[test]
fn the_settings_name_people_reactions_and_columns() {
    let (_folder, root) = archive();
    write(
        &root,
        "afterword.toml",
        "[import.people]\nU2 = \"Lee Okafor\"\n\"Sarah Mitchell\" = \"S. Mitchell\"\n[import.slack]\nworkspace = \"ferrowick\"\n\
         [import.slack.reactions]\nwhite_check_mark = \"closed\"\n[import.csv]\nat = \"When\"\ntext = \"What\"\ntz = \"+01:00\"\n",
    );
    let table = write(
        &root,
        "t.csv",
        "When,What,Text\n2026-03-02 15:30,Called the vendor,no\n",
    );
    import(
        &root,
        &["slack-export", table.as_str()],
        &["--channel", "inc-pool"],
    );
    let text = timeline(&root);
    for expected in [
        "\"actor\": \"S. Mitchell\"",
        "\"kind\": \"closed\"",
        "https://ferrowick.slack.com/archives/C1/p1772463333000200?thread_ts=1772462095.000100&cid=C1",
        "\"at\": \"14:30\"",
        "Called the vendor",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
}

/// The incident that a team would have typed: the times of its alert, its pager, its chat and its automation.
#[test]
fn an_incident_is_rebuilt_from_what_systems_recorded() {
    let (_folder, root) = archive();
    let at = |clock: &str| format!("2025-01-14T{clock}Z");
    let ts = |clock: &str| {
        chrono::DateTime::parse_from_rfc3339(&at(clock))
            .expect("a time")
            .timestamp()
    };
    let alert = write(&root, "monitoring/alerts/alert-2025-01-14-142347.json", serde_json::json!({
        "version": "4", "groupKey": "{}", "status": "firing", "receiver": "pager", "alerts": [{
            "status": "firing", "labels": { "alertname": "PoolUtilization" }, "fingerprint": "00ff00ff00ff00ff",
            "annotations": { "summary": "Database connection pool utilization > 95%" },
            "startsAt": at("14:23:47"), "endsAt": "0001-01-01T00:00:00Z" }]
    }).to_string());
    let entry = |id: &str, kind: &str, clock: &str, summary: &str| {
        serde_json::json!({
        "id": id, "type": format!("{kind}_log_entry"), "created_at": at(clock), "summary": summary,
        "agent": { "type": "user_reference", "summary": "Sarah Mitchell" } })
    };
    let pager = write(
        &root,
        "pager.json",
        serde_json::json!({ "log_entries": [
        entry("L3", "annotate", "14:27:15", "Identified: Slow query causing connection leak"),
        entry("L2", "acknowledge", "14:25:38", "Acknowledged by Sarah Mitchell."),
        entry("L1", "notify", "14:24:12", "Notified Sarah Mitchell by push notification."),
    ] })
        .to_string(),
    );
    let message = |clock: &str, text: &str, reaction: &str| {
        serde_json::json!({
        "type": "message", "user": "U1", "text": text, "ts": format!("{}.000100", ts(clock)),
        "reactions": [{ "name": reaction, "users": ["U1"], "count": 1 }] })
    };
    let day = write(&root, "export/inc/2025-01-14.json", serde_json::json!([
        message("14:34:55", "Manual intervention: Killed long-running queries", "eyes"),
        message("14:37:21", "Deployed hotfix: Added query timeout", "rocket"),
        message("14:42:10", "Monitoring: Pool utilization declining", "eyes"),
        message("14:55:33", "Verified: All services recovered", "white_check_mark"),
        message("15:08:22", "Incident closed", "lock"),
        { "type": "message", "user": "U1", "text": "who has lunch?", "ts": format!("{}.000100", ts("14:50:00")) },
    ]).to_string());
    let healing = write(&root, "self_healing/runs/run-2025-01-14-142942.json", serde_json::json!({
        "id": "run-2025-01-14-142942", "playbook": "pool-increase", "action": "Increase pool size", "trigger": "PoolUtilization",
        "started_at": at("14:29:42"), "finished_at": at("14:32:08"), "result": "partial", "detail": "connections still leaking"
    }).to_string());
    let paths = [
        alert.as_str(),
        pager.as_str(),
        day.as_str(),
        healing.as_str(),
    ];
    // No system knows when it began, so that is typed: an alert comes later than what it is about.
    let file = root.join("incidents/INC-1.toml");
    let typed = fs::read_to_string(&file).expect("the incident");
    let typed = format!("{typed}\n[times]\nstarted = 2025-01-14T14:23:47Z\n");
    fs::write(&file, typed).expect("writable");
    import(&root, &paths, &["--marks"]);
    let text = timeline(&root);
    let clocks: Vec<&str> = text
        .match_indices("\"at\": \"")
        .map(|(start, _)| &text[start + 7..start + 15])
        .collect();
    let expected = [
        "14:23:47", "14:24:12", "14:25:38", "14:27:15", "14:29:42", "14:32:08", "14:34:55",
        "14:37:21", "14:42:10", "14:55:33", "15:08:22",
    ];
    assert_eq!(clocks, expected, "{text}");
    let facts = facts(&root);
    assert_eq!(facts["time_to_acknowledge"]["seconds"], 111, "{text}");
    assert_eq!(facts["page_to_acknowledge"]["seconds"], 86, "{text}");
    assert_eq!(facts["duration"]["seconds"], 44 * 60 + 35, "{text}");
    let incident = fs::read_to_string(root.join("incidents/INC-1.toml")).expect("the incident");
    for expected in [
        "[[self_healing.actions]]",
        "../self_healing/runs/run-2025-01-14-142942.json",
        "self-healing:run-2025-01-14-142942:started",
        "partial",
    ] {
        assert!(incident.contains(expected), "{incident}");
    }
    let before = (timeline(&root), incident);
    import(&root, &paths, &["--marks"]);
    let after = (
        timeline(&root),
        fs::read_to_string(root.join("incidents/INC-1.toml")).expect("the incident"),
    );
    assert_eq!(before, after);
}

#[test]
fn deployments_are_recorded_when_asked_for() {
    let (_folder, root) = archive();
    import(&root, &["github-deployment-status.json"], &["--deployment"]);
    let incident = fs::read_to_string(root.join("incidents/INC-1.toml")).expect("the incident");
    for expected in [
        "[technical.deployment]",
        "v3.4.7 (0123456)",
        "github:deployment-status:21",
        "GitHub deployment",
    ] {
        assert!(incident.contains(expected), "{incident}");
    }
    let (code, text) = run(&root, &["check"]);
    assert_eq!(code, 0, "{text}");
}

/// A second import of any subset of what was imported changes no byte, in any order and with any options.
#[test]
fn a_second_import_changes_no_byte() {
    let names = [
        "alertmanager-webhook.json",
        "pagerduty-log.json",
        "pagerduty-notes.json",
        "pagerduty-webhooks.jsonl",
        "statuspage-public.json",
        "slack-history.json",
        "github-issue-timeline.json",
        "gitlab-timeline.json",
        "kubernetes-events.json",
        "self-healing.json",
        "firehydrant-incident.json",
        "table.tsv",
        "argocd.json",
        "jira-issue.json",
        "opsgenie-logs.json",
    ];
    let strategy = (
        proptest::sample::subsequence(names.to_vec(), 1..5).prop_shuffle(),
        proptest::sample::subsequence(names.to_vec(), 0..4),
        proptest::sample::subsequence(vec!["--all", "--marks"], 0..3),
    );
    let config = Config {
        cases: 48,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]));
    let result = runner.run(&strategy, |(first, second, options)| {
        let (_folder, root) = archive();
        import(&root, &first, &options);
        if !second.is_empty() {
            import(&root, &second, &options);
        }
        let files = || {
            let read = |path: &str| fs::read_to_string(root.join(path)).unwrap_or_default();
            (read("timelines/INC-1.json"), read("incidents/INC-1.toml"))
        };
        let before = files();
        import(&root, &first, &options);
        prop_assert_eq!(&files(), &before);
        let reversed: Vec<&str> = second.iter().rev().chain(&first).copied().collect();
        import(&root, &reversed, &options);
        prop_assert_eq!(&files(), &before);
        Ok(())
    });
    result.expect("a second import changes nothing");
}

#[test]
fn an_alert_starts_an_incident() {
    let (_folder, root) = archive();
    let alert = folder().join("alertmanager-webhook.json");
    let new = |options: &[&str]| {
        let arguments = ["new", "--from", alert.as_str()];
        run(&root, &[&arguments[..], options].concat())
    };
    let (code, text) = new(&[]);
    assert!(
        code == 1
            && text.contains("the alert's severity is `critical`; add it to `[import.severities]`"),
        "{text}"
    );
    write(
        &root,
        "afterword.toml",
        "[import.severities]\nCritical = \"P1\"\n",
    );
    let (code, text) = new(&["--keep-payload"]);
    assert_eq!(code, 0, "{text}");
    let read = |path: &str| fs::read_to_string(root.join(path)).expect("a file");
    let incident = read("incidents/INC-2026-0001.toml");
    for expected in [
        "title          = \"Connection pool > 95%\"",
        "severity       = \"P1\"",
        "source = \"Alertmanager alert\"",
        "file     = \"../monitoring/alerts/alert-2026-03-02-142347.json\"",
    ] {
        assert!(incident.contains(expected), "{incident}");
    }
    let kept = read("monitoring/alerts/alert-2026-03-02-142347.json");
    assert!(
        kept.contains("PoolFull") && !kept.contains("token=abc"),
        "{kept}"
    );
    let timeline = read("timelines/INC-2026-0001.json");
    assert!(
        timeline.contains("\"marks\": [\"started\", \"detected\"]"),
        "{timeline}"
    );
    let (code, text) = run(&root, &["check"]);
    assert_eq!(code, 0, "{text}");
    // The event is the one that an import adds.
    let (_, text) = run(
        &root,
        &[
            "import",
            "timeline",
            "--incident",
            "INC-2026-0001",
            alert.as_str(),
        ],
    );
    assert!(
        text.contains("Alertmanager         5      4        1"),
        "{text}"
    );
    let token = format!("AKIA{}", "ABCDEFGH12345678");
    let path = write(
        &root,
        "secret.json",
        fs::read_to_string(&alert)
            .expect("a sample")
            .replace("14:23:47", "13:23:47")
            .replace("db-1:9187", &token),
    );
    let kept = |name: &str| {
        let path = root.join(format!("monitoring/alerts/alert-2026-03-02-{name}.json"));
        fs::read_to_string(path).expect("a file")
    };
    let first = kept("142347");
    let (code, text) = run(&root, &["new", "--from", path.as_str(), "--keep-payload"]);
    assert_eq!(code, 0, "{text}");
    // Another alert of the same second gets a number.
    assert_eq!(kept("142347"), first);
    assert!(!kept("142347-2").contains(&token));
}

#[test]
fn a_dry_run_refuses_what_the_import_refuses() {
    let (_folder, root) = archive();
    let text =
        "[[messages]]\nstage = \"resolved\"\nsent_at = \"2026-03-02 14:00\"\nbody = \"Done.\"\n";
    let path = root.join("incidents/INC-1.toml");
    let own = fs::read_to_string(&path).expect("it is there") + "messages = 3\n" + text;
    fs::write(&path, own).expect("writable");
    let file = folder().join("statuspage-public.json");
    let arguments = ["import", "timeline", "--incident", "INC-1", file.as_str()];
    let (real, _) = run(&root, &arguments);
    let (dry, _) = run(&root, &[&arguments[..], &["--dry-run"]].concat());
    assert_eq!((real, dry), (1, 1));
}

#[test]
fn exports_without_events_are_refused() {
    let (_folder, root) = archive();
    for (name, text, reason) in [
        ("list.json", "[]", "it has no events"),
        ("empty.json", "{\"incidents\": []}", "it has no events"),
        (
            "table.csv",
            "moment,happened\nnow,x\n",
            "a table without a column for the time",
        ),
    ] {
        let path = write(&root, name, text);
        let arguments = ["import", "timeline", "--incident", "INC-1", path.as_str()];
        let (code, text) = run(&root, &arguments);
        assert!(code == 1 && text.contains(reason), "{text}");
    }
}

#[test]
fn an_alert_without_a_time_needs_one() {
    let (_folder, root) = archive();
    let alert = folder().join("honeycomb.json");
    let new = |options: &[&str]| {
        run(
            &root,
            &[
                &["new", "--severity", "P2", "--from", alert.as_str()][..],
                options,
            ]
            .concat(),
        )
    };
    let (code, text) = new(&[]);
    assert!(code == 1 && text.contains("pass `--at`"), "{text}");
    assert_eq!(new(&["--at", "2026-03-02 14:23"]).0, 0);
}
