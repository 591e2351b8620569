//! External sites: reports, feeds and `status.json` contain public information and nothing else.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::site::{afterword, files, said};

mod shown;
mod watched;

/// Builds an archive of these incidents for an audience, and returns its files.
fn built(incidents: &[(&str, &str)], readers: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
    built_in("UTC", incidents, readers)
}

/// Builds an archive as [`built`] does, with times in a zone.
fn built_in(
    zone: &str,
    incidents: &[(&str, &str)],
    readers: &str,
) -> std::collections::BTreeMap<String, Vec<u8>> {
    let work = tempfile::tempdir().expect("a folder");
    fs::create_dir(work.path().join("incidents")).expect("writable");
    for (id, text) in incidents {
        fs::write(work.path().join(format!("incidents/{id}.toml")), text).expect("writable");
    }
    let settings = format!(
        "[site]\ntitle = \"Ferry times\"\nbase_url = \"https://status.example.com\"\ntimezone = \"{zone}\"\n"
    );
    fs::write(work.path().join("afterword.toml"), settings).expect("writable");
    built_from(work.path(), readers)
}

/// Builds the archive of a folder for an audience, and returns its files.
fn built_from(archive: &Path, readers: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
    let out = archive.join(format!("out-{readers}"));
    let [folder, out_path] = [archive, &out].map(|path| path.to_str().expect("UTF-8"));
    let output = afterword(
        &[
            "build",
            folder,
            "--audience",
            readers,
            "--no-cache",
            "--out",
            out_path,
        ],
        &[("SOURCE_DATE_EPOCH", "1795239728")],
    );
    assert!(output.status.success(), "{}", said(&output));
    files(&out)
}

fn json(site: &std::collections::BTreeMap<String, Vec<u8>>, path: &str) -> Value {
    serde_json::from_slice(&site[path]).expect("JSON")
}

const PUBLISHED: &str = r#"
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
fn status_json_lists_the_public_messages() {
    for readers in ["public", "customers"] {
        let site = built(&[("INC-2026-0001", PUBLISHED)], readers);
        let status = json(&site, "status.json");
        assert_eq!(status["page"]["name"], "Ferry times");
        assert_eq!(status["page"]["time_zone"], "Etc/UTC");
        assert_eq!(status["page"]["updated_at"], "2026-02-03T09:40:00.000Z");
        let incident = &status["incidents"][0];
        for (key, value) in [
            ("id", "2026-02-03"),
            ("name", "Ferry times late"),
            ("status", "resolved"),
            ("impact", "major"),
            ("started_at", "2026-02-03T08:00:00.000Z"),
            ("created_at", "2026-02-03T08:10:00.000Z"),
            ("updated_at", "2026-02-03T09:40:00.000Z"),
            ("resolved_at", "2026-02-03T09:40:00.000Z"),
            (
                "shortlink",
                "https://status.example.com/incidents/2026-02-03.html",
            ),
        ] {
            assert_eq!(incident[key], value, "{key}");
        }
        assert_eq!(incident["monitoring_at"], Value::Null);
        let updates = incident["incident_updates"].as_array().expect("a list");
        let sent: Vec<(&str, &str)> = updates
            .iter()
            .map(|update| {
                (
                    update["status"].as_str().expect("a word"),
                    update["body"].as_str().expect("a text"),
                )
            })
            .collect();
        assert_eq!(
            sent,
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
fn without_public_messages_the_feeds_are_empty_but_valid() {
    let restricted = PUBLISHED.replace(
        "classification = \"public\"",
        "classification = \"customers\"",
    );
    for (incidents, readers) in [
        (&[][..], "public"),
        (&[("INC-2026-0001", restricted.as_str())][..], "customers"),
    ] {
        let site = built(incidents, readers);
        let status = json(&site, "status.json");
        assert_eq!(status["incidents"], Value::Array(Vec::new()));
        assert_eq!(status["scheduled_maintenances"], Value::Array(Vec::new()));
        assert_eq!(status["page"]["updated_at"], Value::Null);
        let feed = String::from_utf8(site["feed.atom"].clone()).expect("UTF-8");
        assert!(
            feed.contains("<updated>1970-01-01T00:00:00Z</updated>") && !feed.contains("<entry>"),
            "{feed}"
        );
    }
}

/// Settings of an incident, a later message to the public, and what `status.json` says of it.
const COURSES: &[(&str, &str, [&str; 3])] = &[
    ("", "", ["resolved", "Closed", "2026-02-03T09:40:00.000Z"]),
    // The marks say closed; a message says otherwise, and so does whoever types it.
    (
        "status = \"investigating\"",
        "investigating",
        ["investigating", "Investigating", ""],
    ),
    (
        "status = \"closed\"",
        "investigating",
        ["resolved", "Closed", ""],
    ),
    // The last resolution counts.
    (
        "",
        "investigating resolved",
        ["resolved", "Closed", "2026-02-03T11:40:00.000Z"],
    ),
    (
        "",
        "postmortem",
        ["postmortem", "Closed", "2026-02-03T09:40:00.000Z"],
    ),
];

#[test]
fn status_json_and_pages_agree_on_the_status() {
    for (settings, stages, [status, label, resolved]) in COURSES {
        let mut incident = format!("{settings}\n{PUBLISHED}");
        for (hour, stage) in stages.split_whitespace().enumerate() {
            incident.push_str(&format!(
                "[[messages]]\nstage = \"{stage}\"\naudience = \"public\"\nsent_at = 2026-02-03T1{hour}:40:00Z\nbody = \"Next update soon.\"\n"
            ));
        }
        let site = built(&[("INC-2026-0001", &incident)], "public");
        let published = json(&site, "status.json")["incidents"][0].clone();
        assert_eq!(published["status"], *status, "{incident}");
        let wanted = Some(*resolved).filter(|resolved| !resolved.is_empty());
        assert_eq!(published["resolved_at"].as_str(), wanted, "{incident}");
        let report = json(&site, "incidents/2026-02-03.json");
        assert_eq!(report["status"]["label"], *label);
        let index = String::from_utf8(site["index.html"].clone()).expect("UTF-8");
        assert!(index.contains(label), "{index}");
    }
}

const PLANNED: &str = r#"
title = "Exchange of a switch"
kind = "maintenance"
status = "planned"
classification = "public"

[times]
started = 2026-12-10T22:00:00Z
ended = 2026-12-10T23:30:00Z

[public]
title = "Ferry times may be late"
summary = "Times may be up to 5 minutes late."

[[messages]]
stage = "planned"
audience = "public"
sent_at = 2026-02-03T08:10:00Z
body = "We will exchange a switch."
"#;

#[test]
fn maintenance_is_listed_as_scheduled_and_not_as_an_incident() {
    let site = built_in("Europe/Berlin", &[("INC-2026-0002", PLANNED)], "public");
    let status = json(&site, "status.json");
    assert_eq!(status["incidents"], Value::Array(Vec::new()));
    assert_eq!(status["page"]["updated_at"], "2026-02-03T08:10:00.000Z");
    assert_eq!(status["page"]["time_zone"], "Europe/Berlin");
    let maintenance = &status["scheduled_maintenances"][0];
    for (key, value) in [
        ("name", "Ferry times may be late"),
        ("status", "scheduled"),
        ("impact", "maintenance"),
        ("scheduled_for", "2026-12-10T22:00:00.000Z"),
        ("scheduled_until", "2026-12-10T23:30:00.000Z"),
        ("updated_at", "2026-02-03T08:10:00.000Z"),
    ] {
        assert_eq!(maintenance[key], value, "{key}");
    }
    assert_eq!(maintenance["started_at"], Value::Null);
    assert_eq!(maintenance["resolved_at"], Value::Null);
    assert_eq!(maintenance["incident_updates"][0]["status"], "scheduled");
    for (status, word) in [
        ("investigating", "in_progress"),
        ("monitoring", "verifying"),
        ("closed", "completed"),
    ] {
        let now = PLANNED
            .replace(
                "\"planned\"\nclassification",
                &format!("\"{status}\"\nclassification"),
            )
            .replace("2026-12-10", "2026-02-04");
        let site = built(&[("INC-2026-0002", &now)], "public");
        let published = json(&site, "status.json")["scheduled_maintenances"][0].clone();
        assert_eq!(published["status"], word);
    }
    let feed = String::from_utf8(site["feed.atom"].clone()).expect("UTF-8");
    assert!(
        feed.contains("<title>Planned: Ferry times may be late</title>"),
        "{feed}"
    );
}

#[test]
fn public_ids_count_only_incidents_that_the_audience_sees() {
    let other = PUBLISHED.replace("title = \"Ferry times late\"", "title = \"Map missing\"");
    let hidden = PUBLISHED.replace(
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
    let both: &[(&str, &str)] = &[("INC-2026-0001", PUBLISHED), ("INC-2026-0002", &chosen)];
    assert_eq!(names(both, "public"), ["2026-02-03", "2026-02-03-2"]);
}

#[test]
fn the_external_report_contains_exactly_the_public_texts() {
    let site = built(&[("INC-2026-0001", PUBLISHED)], "public");
    let report = String::from_utf8(site["incidents/2026-02-03.md"].clone()).expect("UTF-8");
    let expected = "# Ferry times late

**Closed**: 2026-02-03 08:00 to 09:30 UTC, 1 hour 30 minutes.

## What Happened

Times were up to 20 minutes late.

## Messages

### Resolved, 2026-02-03 09:40 UTC

**Resolved: \\<times> & \"all\"**

```
Times are right again. We are sorry. Ask help@example.com
```

### Investigating, 2026-02-03 08:10 UTC

```
Times are late.
```
";
    assert_eq!(report, expected);
    let page = String::from_utf8(site["incidents/2026-02-03.html"].clone()).expect("UTF-8");
    let position = |part: &str| page.find(part).expect("it is there");
    assert!(position("class=\"lead\"") < position("data-controls"));
}

#[test]
fn the_status_api_agrees_with_the_index() {
    let open = "title = \"Ferry map down\"\nclassification = \"public\"\nseverity = \"P1\"\nstatus = \"identified\"\n\
         [times]\nstarted = 2026-03-03T08:00:00Z\n[public]\ntitle = \"Map down\"\nsummary = \"Down.\"\n\
         components = [\"Map\"]\n[[messages]]\nstage = \"identified\"\naudience = \"public\"\n\
         sent_at = 2026-03-03T08:05:00Z\nbody = \"Down.\"\n";
    let calm = built(&[("INC-1", PUBLISHED)], "public");
    let both = built(&[("INC-1", PUBLISHED), ("INC-2", open)], "public");
    for (site, indicator, state, unresolved) in [
        (&calm, "none", "No open incidents reported", 0),
        (&both, "major", "1 open incident", 1),
    ] {
        let summary = json(site, "api/v2/summary.json");
        assert_eq!(summary["status"]["indicator"], indicator);
        assert_eq!(summary["status"]["description"], state);
        let count = |path: &str, list: &str| json(site, path)[list].as_array().map(Vec::len);
        assert_eq!(count("api/v2/summary.json", "incidents"), Some(unresolved));
        assert_eq!(
            count("api/v2/incidents/unresolved.json", "incidents"),
            Some(unresolved)
        );
        assert_eq!(
            count("api/v2/incidents.json", "incidents"),
            Some(unresolved + 1)
        );
        assert_eq!(
            count(
                "api/v2/scheduled-maintenances/upcoming.json",
                "scheduled_maintenances"
            ),
            Some(0)
        );
        assert_eq!(
            json(site, "api/v2/status.json")["status"],
            summary["status"]
        );
        let badge = String::from_utf8_lossy(&site["badge.svg"]);
        assert!(badge.contains(&format!(">{state}</text>")), "{badge}");
        let index = String::from_utf8_lossy(&site["index.md"]);
        assert!(index.contains(&format!("\n{state}.")), "{index}");
    }
    let components = json(&both, "api/v2/components.json");
    assert_eq!(components["components"][0]["name"], "Map");
    assert_eq!(components["components"][0]["status"], "partial_outage");
}

/// An open report with these lines in `[analysis]`, and one reference beside others.
fn related(analysis: &str, reference: &str) -> String {
    format!(
        "title = \"Ferry times late\"\nseverity = \"P2\"\nclassification = \"public\"\nkind = \"investigation\"\n\
         public = {{ report = \"full\" }}\n[times]\nstarted = 2026-02-03T08:00:00Z\nended = 2026-02-03T09:30:00Z\n\
         [analysis]\n{analysis}\n[[references]]\ntitle = \"Tide tables\"\nurl = \"https://tides.example.com\"\n{reference}"
    )
}

const HIDDEN_REFERENCE: &str =
    "[[references]]\ntitle = \"The harbour that flooded\"\nincident = \"INC-2026-0002\"\n";

/// A public report with a relation of every kind to `hidden` incidents, and one that supersedes it.
fn archive_of_relations(classification: &str) -> [(&'static str, String); 4] {
    let hidden = format!("title = \"Flooded\"\nclassification = \"{classification}\"\n");
    let analysis =
        "incidents = [\"INC-2026-0002\", \"INC-2026-0004\"]\nsupersedes = [\"INC-2026-0002\"]";
    [
        ("INC-2026-0001", related(analysis, HIDDEN_REFERENCE)),
        ("INC-2026-0002", hidden.clone()),
        (
            "INC-2026-0003",
            format!("{hidden}[analysis]\nsupersedes = [\"INC-2026-0001\"]\n"),
        ),
        ("INC-2026-0004", related("", "")),
    ]
}

#[test]
fn an_external_site_is_the_same_with_and_without_relations_to_hidden_incidents() {
    let with = archive_of_relations("internal");
    let mut without = with.clone();
    without[0].1 = related("incidents = [\"INC-2026-0004\"]", "");
    without[2].1 = without[1].1.clone();
    for readers in ["public", "customers"] {
        let build = |archive: &[(&'static str, String); 4]| {
            let archive = archive.each_ref().map(|(id, text)| (*id, text.as_str()));
            built(&archive, readers)
        };
        let (with, without) = (build(&with), build(&without));
        assert!(with.contains_key("incidents/INC-2026-0001.html"));
        for path in with.keys().chain(without.keys()) {
            assert!(with.get(path) == without.get(path), "{readers}: {path}");
        }
    }
}

#[test]
fn an_internal_site_says_that_an_incident_is_not_shown() {
    let archive = archive_of_relations("confidential");
    let archive = archive.each_ref().map(|(id, text)| (*id, text.as_str()));
    let site = built(&archive, "internal");
    let page = |ending: &str| {
        let bytes = &site[&format!("incidents/INC-2026-0001.{ending}")];
        String::from_utf8(bytes.clone()).expect("UTF-8")
    };
    // The banner, the incidents that it explains, those that it supersedes, and the references.
    for ending in ["md", "html"] {
        let page = page(ending);
        assert_eq!(
            page.matches("an incident not shown here").count(),
            4,
            "{page}"
        );
        assert!(!page.contains("INC-2026-0002") && !page.contains("INC-2026-0003"));
    }
    let report = json(&site, "incidents/INC-2026-0001.json");
    assert_eq!(report["superseded_by"], serde_json::json!([{}]));
    assert_eq!(
        report["analysis"]["incidents"],
        serde_json::json!([{}, {"id": "INC-2026-0004"}])
    );
}

/// A public incident with an open status, and the reports that supersede it.
fn superseded(newer: &str) -> [(&'static str, String); 2] {
    let text = |title: &str, classification: &str, more: &str| {
        format!(
            "title = \"{title}\"\nseverity = \"P1\"\nclassification = \"{classification}\"\nstatus = \"identified\"\n\
             times.started = 2026-02-03T08:00:00Z\n[public]\ntitle = \"{title}\"\nsummary = \"Times were late.\"\n\
             [[messages]]\nstage = \"investigating\"\naudience = \"public\"\nsent_at = 2026-02-03T08:10:00Z\n\
             body = \"Times are late.\"\n{more}"
        )
    };
    let supersedes = "[analysis]\nsupersedes = [\"INC-2026-0001\"]\n";
    [
        ("INC-2026-0001", text("Ferry times late", "public", "")),
        (
            "INC-2026-0002",
            text("Tide tables wrong", newer, supersedes),
        ),
    ]
}

#[test]
fn a_superseded_report_names_the_newer_one_to_those_who_may_read_it() {
    let build = |newer: &str, readers: &str| {
        let archive = superseded(newer);
        built(
            &archive.each_ref().map(|(id, text)| (*id, text.as_str())),
            readers,
        )
    };
    let text = |site: &std::collections::BTreeMap<String, Vec<u8>>, path: &str| {
        String::from_utf8(site[path].clone()).expect("UTF-8")
    };
    for (newer, readers) in [("public", "public"), ("customers", "customers")] {
        let site = build(newer, readers);
        let old = "incidents/2026-02-03";
        let page = text(&site, &format!("{old}.html"));
        assert!(
            page.contains("superseded by <a href=\"2026-02-03-2.html\">Tide tables wrong</a>"),
            "{page}"
        );
        assert!(page.contains("status-superseded"), "{page}");
        assert!(
            !page.contains("Identified") && !page.contains("Since 2026"),
            "{page}"
        );
        let report = text(&site, &format!("{old}.md"));
        assert!(
            report.contains("superseded by [Tide tables wrong](2026-02-03-2.md)"),
            "{report}"
        );
        assert!(report.contains("**Superseded**"), "{report}");
        assert!(text(&site, "index.md").contains(": Superseded"));
        assert!(text(&site, "index.md").contains("1 open incident"));
    }
    let status = json(&build("public", "public"), "status.json");
    assert_eq!(
        status["incidents"].as_array().map(Vec::len),
        Some(1),
        "{status}"
    );
    // Who may not read the newer report learns nothing of it.
    let site = build("internal", "public");
    let page = text(&site, "incidents/2026-02-03.html");
    assert!(!page.to_lowercase().contains("supersede"), "{page}");
    assert!(text(&site, "index.md").contains(": Identified"));
    // Internal readers learn that there is one, in its report and in the list alike.
    let site = build("confidential", "internal");
    let report = text(&site, "incidents/INC-2026-0001.md");
    assert!(
        report.contains("superseded by an incident not shown here"),
        "{report}"
    );
    assert!(text(&site, "index.md").contains(", Superseded"));
}

#[test]
fn a_superseded_report_needs_no_more_content() {
    let work = tempfile::tempdir().expect("a folder");
    let incidents = work.path().join("incidents");
    fs::create_dir(&incidents).expect("writable");
    let old = "title = \"Old\"\nseverity = \"P1\"\nclassification = \"internal\"\nstatus = \"closed\"\n\
               [times]\nstarted = 2026-02-03T08:00:00Z\nended = 2026-02-03T09:00:00Z\n";
    fs::write(incidents.join("INC-1.toml"), old).expect("writable");
    let checked = || {
        let directory = work.path().to_str().expect("UTF-8");
        let output = afterword(&["-C", directory, "check"], &[]);
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    for code in ["required-section-missing", "required-signature-missing"] {
        assert!(checked().contains(code), "{}", checked());
    }
    let newer = "title = \"New\"\nkind = \"investigation\"\nclassification = \"internal\"\n\
                 [analysis]\nsupersedes = [\"INC-1\"]\n";
    fs::write(incidents.join("INC-2.toml"), newer).expect("writable");
    assert!(!checked().contains("required-"), "{}", checked());
}

#[test]
fn the_page_and_status_json_name_the_affected_components() {
    let message = |stage: &str, at: &str| {
        format!(
            "[[messages]]\nstage = \"{stage}\"\naudience = \"public\"\nsent_at = {at}\nsubject = \"{stage}\"\nbody = \"{stage}\"\n"
        )
    };
    let text = format!(
        "{}components = [\"Tide Times\", \"Ferry Map\"]\n{}{}",
        PUBLISHED.split("[[messages]]").next().expect("a start"),
        message("investigating", "2026-02-03T08:10:00Z"),
        message("resolved", "2026-02-03T09:40:00Z"),
    );
    let site = built(&[("INC-1", &text)], "public");
    let published = json(&site, "status.json")["incidents"][0].clone();
    let names = |list: &Value| -> Vec<String> {
        let list = list.as_array().expect("a list").iter();
        list.map(|one| one["name"].as_str().expect("a name").to_owned())
            .collect()
    };
    assert_eq!(names(&published["components"]), ["Tide Times", "Ferry Map"]);
    assert_eq!(published["components"][0]["status"], "operational");
    for (update, old, new) in [
        (1, "operational", "partial_outage"),
        (0, "partial_outage", "operational"),
    ] {
        let affected = &published["incident_updates"][update]["affected_components"];
        assert_eq!(names(affected), ["Tide Times", "Ferry Map"]);
        assert_eq!(affected[0]["code"], "tide-times");
        assert_eq!(
            (
                affected[1]["old_status"].as_str(),
                affected[1]["new_status"].as_str()
            ),
            (Some(old), Some(new))
        );
    }
    let page = site.keys().find(|path| {
        path.starts_with("incidents/") && Path::new(path).extension().is_some_and(|end| end == "md")
    });
    let page = String::from_utf8_lossy(&site[page.expect("a page")]);
    assert!(
        page.contains("\n**Affected**: Tide Times, Ferry Map\n"),
        "{page}"
    );
}

#[test]
fn a_message_to_customers_changes_no_public_value() {
    let message = |stage: &str, at: &str, audience: &str| {
        format!(
            "[[messages]]\nstage = \"{stage}\"\naudience = \"{audience}\"\nsent_at = \"2026-11-20 {at}\"\nbody = \"We say so.\"\n"
        )
    };
    let public = format!(
        "title = \"Late\"\nseverity = \"P3\"\nclassification = \"public\"\n\
         [times]\nstarted = \"2026-11-20 09:00\"\nresolved = \"2026-11-20 10:00\"\n\
         [public]\nid = \"p1\"\ntitle = \"Late\"\nsummary = \"Late.\"\n{}{}",
        message("investigating", "09:10", "public"),
        message("resolved", "10:05", "public"),
    );
    let all = format!("{public}{}", message("monitoring", "10:30", "customers"));
    let alone = built(&[("INC-2026-0001", &public)], "public");
    assert_eq!(
        json(&alone, "status.json")["incidents"][0]["resolved_at"],
        "2026-11-20T10:05:00.000Z"
    );
    assert_eq!(built(&[("INC-2026-0001", &all)], "public"), alone);
}

#[test]
fn internal_readers_learn_that_there_is_a_hidden_investigation() {
    let incident = "title = \"Late\"\nseverity = \"P3\"\nclassification = \"public\"\n\
        [public]\nid = \"p1\"\ntitle = \"Late\"\nsummary = \"Late.\"\n";
    let hidden = "title = \"Why\"\nseverity = \"P3\"\nclassification = \"confidential\"\nkind = \"investigation\"\n\
        [analysis]\nincidents = [\"INC-2026-0001\"]\n";
    let both = [("INC-2026-0001", incident), ("RCA-2026-0001", hidden)];
    let report = |site: &std::collections::BTreeMap<String, Vec<u8>>| {
        String::from_utf8_lossy(&site["incidents/INC-2026-0001.md"]).into_owned()
    };
    let inside = report(&built(&both, "internal"));
    assert!(
        inside.contains("**Investigations**: an incident not shown here"),
        "{inside}"
    );
    assert!(!inside.contains("RCA-2026-0001"), "{inside}");
    let all = report(&built(&both, "confidential"));
    assert!(all.contains("[RCA-2026-0001](RCA-2026-0001.md)"), "{all}");
    assert_eq!(built(&both, "public"), built(&both[..1], "public"));
}
