//! What programs outside read: the messages to the public, and nothing else.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::site::{afterword, files, said};

/// Builds an archive of these incidents for an audience, and gives its files.
fn built(incidents: &[(&str, &str)], readers: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
    let work = tempfile::tempdir().expect("a folder");
    fs::create_dir(work.path().join("incidents")).expect("writable");
    for (id, text) in incidents {
        fs::write(work.path().join(format!("incidents/{id}.toml")), text).expect("writable");
    }
    let settings = "[site]\ntitle = \"Ferry times\"\nbase_url = \"https://status.example.com\"\n";
    fs::write(work.path().join("afterword.toml"), settings).expect("writable");
    let out = work.path().join("out");
    let directory = work.path().to_str().expect("UTF-8");
    let output = afterword(
        &[
            "build",
            directory,
            "--audience",
            readers,
            "--out",
            out.to_str().expect("UTF-8"),
        ],
        &[("SOURCE_DATE_EPOCH", "1795239728")],
    );
    assert!(output.status.success(), "{}", said(&output));
    files(Path::new(&out))
}

fn json(site: &std::collections::BTreeMap<String, Vec<u8>>, path: &str) -> Value {
    serde_json::from_slice(&site[path]).expect("JSON")
}

const TOLD: &str = r#"
title = "Queue of the tide service stuck"
severity = "P1"
classification = "public"

[times]
started = 2026-02-03T08:00:00Z
ended = 2026-02-03T09:30:00Z

[public]
title = "Ferry times late"
summary = "Times were up to 20 minutes late."

[[messages]]
stage = "investigating"
audience = "public"
sent_at = 2026-02-03T08:10:00Z
body = "Times are late."

[[messages]]
stage = "monitoring"
audience = "customers"
sent_at = 2026-02-03T08:50:00Z
body = "For operators: push times by hand."

[[messages]]
stage = "resolved"
audience = "public"
sent_at = 2026-02-03T09:40:00Z
subject = "Resolved: <times> & \"all\""
body = "Times are right again. We are sorry. Ask help@example.com"
"#;

#[test]
fn the_feed_of_status_pages_tells_the_public_messages() {
    for readers in ["public", "customers"] {
        let site = built(&[("INC-2026-0001", TOLD)], readers);
        let status = json(&site, "status.json");
        assert_eq!(status["page"]["name"], "Ferry times");
        assert_eq!(status["page"]["updated_at"], "2026-02-03T09:40:00Z");
        let incident = &status["incidents"][0];
        for (key, value) in [
            ("id", "2026-02-03"),
            ("name", "Ferry times late"),
            ("status", "resolved"),
            ("impact", "major"),
            ("started_at", "2026-02-03T08:00:00Z"),
            ("created_at", "2026-02-03T08:10:00Z"),
            ("updated_at", "2026-02-03T09:40:00Z"),
            ("resolved_at", "2026-02-03T09:40:00Z"),
            (
                "shortlink",
                "https://status.example.com/incidents/2026-02-03.html",
            ),
        ] {
            assert_eq!(incident[key], value, "{key}");
        }
        assert_eq!(incident["monitoring_at"], Value::Null);
        let updates = incident["incident_updates"].as_array().expect("a list");
        let told: Vec<(&str, &str)> = updates
            .iter()
            .map(|update| {
                (
                    update["status"].as_str().expect("a word"),
                    update["body"].as_str().expect("a text"),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (
                    "resolved",
                    "Times are right again. We are sorry. Ask help@example.com"
                ),
                ("investigating", "Times are late."),
            ]
        );
        let feed = String::from_utf8(site["feed.atom"].clone()).expect("UTF-8");
        assert_eq!(feed.matches("<entry>").count(), 2, "{feed}");
        assert!(
            feed.contains("<title>Resolved: &lt;times&gt; &amp; &quot;all&quot;</title>"),
            "{feed}"
        );
        assert!(!feed.contains("operators"), "{feed}");
    }
}

#[test]
fn without_public_messages_the_feeds_are_empty_and_whole() {
    let inside = TOLD.replace(
        "classification = \"public\"",
        "classification = \"customers\"",
    );
    for (incidents, readers) in [
        (&[][..], "public"),
        (&[("INC-2026-0001", inside.as_str())][..], "customers"),
    ] {
        let site = built(incidents, readers);
        let status = json(&site, "status.json");
        assert_eq!(status["incidents"], Value::Array(Vec::new()));
        assert_eq!(status["page"]["updated_at"], "1970-01-01T00:00:00Z");
        let feed = String::from_utf8(site["feed.atom"].clone()).expect("UTF-8");
        assert!(
            feed.contains("<updated>1970-01-01T00:00:00Z</updated>") && !feed.contains("<entry>"),
            "{feed}"
        );
    }
}

#[test]
fn an_id_external_counts_only_what_its_readers_see() {
    let other = TOLD.replace("title = \"Ferry times late\"", "title = \"Map missing\"");
    let hidden = TOLD.replace(
        "classification = \"public\"",
        "classification = \"customers\"",
    );
    let chosen = other.replace("[public]\n", "[public]\nid = \"2026-02-03\"\n");
    let names = |incidents: &[(&str, &str)], readers: &str| -> Vec<String> {
        let site = built(incidents, readers);
        let reports = site
            .keys()
            .filter_map(|path| path.strip_prefix("incidents/")?.strip_suffix(".md"));
        let mut names: Vec<String> = reports.map(str::to_owned).collect();
        names.sort();
        names
    };
    let both: &[(&str, &str)] = &[("INC-2026-0001", &hidden), ("INC-2026-0002", &other)];
    assert_eq!(names(both, "public"), ["2026-02-03"]);
    assert_eq!(names(both, "customers"), ["2026-02-03", "2026-02-03-2"]);
    let both: &[(&str, &str)] = &[("INC-2026-0001", TOLD), ("INC-2026-0002", &chosen)];
    assert_eq!(names(both, "public"), ["2026-02-03", "2026-02-03-2"]);
}

#[test]
fn the_report_for_external_is_what_was_written_for_it() {
    let site = built(&[("INC-2026-0001", TOLD)], "public");
    let report = String::from_utf8(site["incidents/2026-02-03.md"].clone()).expect("UTF-8");
    let expected = "# Ferry times late

From 2026-02-03 08:00:00 UTC to 2026-02-03 09:30:00 UTC, 1 hour 30 minutes.

- **Status**: Closed
- **Severity**: P1 (High)
- **Started**: 2026-02-03 08:00:00 UTC
- **Ended**: 2026-02-03 09:30:00 UTC
- **Duration**: 1 hour 30 minutes

## What Happened

Times were up to 20 minutes late.

## Messages

### Resolved, 2026-02-03 09:40:00 UTC

```
Subject: Resolved: <times> & \"all\"

Times are right again. We are sorry. Ask help@example.com
```

### Investigating, 2026-02-03 08:10:00 UTC

```
Times are late.
```
";
    assert_eq!(report, expected);
    let page = String::from_utf8(site["incidents/2026-02-03.html"].clone()).expect("UTF-8");
    let place = |part: &str| page.find(part).expect("it is there");
    assert!(place("class=\"lead\"") < place("data-controls"));
}
