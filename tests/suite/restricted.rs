//! Parts of a report that only some of its readers may see: every byte of a site is searched for them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::canaries::said_by;
use crate::site::{afterword, files, said};

/// An incident that has each kind of restricted part, and a phrase wherever a text can be.
const INCIDENT: &str = r#"
title = "Lars Novak stopped the ledger"
severity = "P2"
services = ["ledger lars-novak"]
tags = ["queue", "LARS NOVAK"]
teams = ["Team Lars Novak"]
summary = "On call was **Lars Novak**, see [his notes](https://example.com/lars-novak)."
redact = [{ text = "Lars Novak" }, { text = "Ostrava Mills", audience = "confidential", with = "a customer" }]
[people]
commander = "Lars Novak"
[impact]
level = "major"
summary = "Ostrava Mills waited."
[[impact.customers]]
name = "Ostrava Mills"
users = 40
[root_cause]
primary = "A script of Lars Novak."
[[evidence]]
title = "Hush evidence"
code = "hush_code"
audience = "confidential"
[[evidence]]
title = "Hush file"
file = "../evidence/hush.txt"
audience = "confidential"
[[evidence]]
title = "Query of Lars Novak"
code = "select 'lars_novak'"
[[evidence]]
title = "Log"
file = "../evidence/lars-novak.txt"
[[evidence]]
title = "Notes"
file = "../evidence/notes.txt"
[resolution]
immediate = [{ text = "Hush step", audience = "confidential" }, { action = "INC-2025-0007-A1" }, { text = "Lars Novak stopped the script", event = "call lars novak" }]
[lessons]
went_well = ["Lars Novak answered."]
[[action_items]]
action = "Hush action"
owner = "Ines Adeyemi"
audience = "confidential"
[[action_items]]
action = "Replace the script of Lars Novak"
owner = "Lars Novak"
due = 2025-04-01
[[sections]]
title = "Hush section"
body = "Hush body"
audience = "confidential"
[[sections]]
section = "technical"
title = "Hush subsection"
audience = "confidential"
[[tables]]
title = "Hush table"
columns = ["Hush column"]
rows = [["Hush cell"]]
audience = "confidential"
[[tables]]
title = "Of Lars Novak"
columns = ["Lars Novak"]
rows = [["Lars Novak"]]
[technical.metrics]
"Lars Novak" = [{ name = "Load of Lars Novak", value = "97%" }]
[fix]
status = "deployed"
changes = [{ title = "Hush change", url = "https://example.com/hush" }]
audience = "confidential"
[[messages]]
stage = "resolved"
audience = "public"
sent_at = 2025-03-03T03:33:00Z
subject = "Lars Novak"
body = "Lars Novak fixed it."
[governance]
marking = "TLP:AMBER and Lars Novak"
[public]
title = "Late payments of Lars Novak"
summary = "Lars Novak stopped the payments of Ostrava Mills."
marking = "TLP:GREEN"
measures = ["Lars Novak left."]
[extra]
note = "Lars Novak"
"#;

const TIMELINE: &str = r#"{"date": "2025-03-03", "visibility": "public", "people": {"ln": {"name": "Lars Novak", "role": "Lars Novak"}}, "events": [
    {"at": "01:00:00", "marks": ["started", "impact_started"], "text": "Lars Novak ran a script", "actor": "Lars Novak"},
    {"at": "02:00:00", "id": "call lars novak", "text": "Stopped", "body": "By\n\n> Lars\n> Novak?", "actor": "ln"},
    {"at": "04:00:00", "marks": ["ended", "impact_ended"], "text": "It ended", "links": [{"title": "Lars Novak", "url": "https://example.com/x"}]}
]}"#;

/// Another incident, which refers to the first one.
const OTHER: &str = r#"
title = "Ledger stood still again"
classification = "internal"
severity = "P2"
services = ["ledger"]
tags = ["queue"]
times = { started = 2025-04-03T03:33:00Z, ended = 2025-04-03T04:33:00Z }
references = [{ title = "Earlier", incident = "INC-2025-0007" }]
"#;

fn archive(classification: &str, full: bool) -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| crate::site::write(work.path(), path, text);
    let report = if full { "report = \"full\"\n" } else { "" };
    let incident = INCIDENT.replace("[public]\n", &format!("[public]\n{report}"));
    write(
        "incidents/INC-2025-0007.toml",
        &format!("classification = \"{classification}\"\n{incident}"),
    );
    write("incidents/INC-2025-0008.toml", OTHER);
    // The body of an event spreads the phrase over two lines of a quote, which only the scan of the site could find.
    write(
        "timelines/INC-2025-0007.json",
        &TIMELINE.replace("> Lars\\n> Novak?", "Lars\\nNovak?"),
    );
    write("evidence/hush.txt", "Hush text\n");
    write("evidence/lars-novak.txt", "A log\n");
    write("evidence/notes.txt", "LARS NOVAK wrote this\n");
    write(
        "afterword.toml",
        "[site]\ntitle = \"Ledgers\"\nbase_url = \"https://example.com\"\nas_of = 2025-05-01\n",
    );
    work
}

fn built(work: &Path, readers: &str) -> BTreeMap<String, Vec<u8>> {
    let out = work.join(format!("out-{readers}"));
    let folder = work.to_str().expect("UTF-8");
    let out_path = out.to_str().expect("UTF-8");
    let output = afterword(
        &["build", folder, "--audience", readers, "--out", out_path],
        &[],
    );
    assert!(output.status.success(), "{}", said(&output));
    files(&out)
}

/// Returns what a command prints.
fn printed(arguments: &[&str]) -> String {
    String::from_utf8(afterword(arguments, &[]).stdout).expect("UTF-8")
}

#[track_caller]
fn holds_nothing(site: &BTreeMap<String, Vec<u8>>, context: &str) {
    for (path, bytes) in site {
        let said = said_by(&BTreeMap::from([(path.clone(), bytes.clone())])).to_lowercase();
        for word in ["hush", "novak", "ostrava"] {
            assert!(!said.contains(word), "{word} in {path}: {context}");
        }
    }
}

#[test]
fn readers_see_no_restricted_part_and_no_redacted_phrase() {
    let cases = [
        ("internal", false, "internal"),
        ("public", false, "internal"),
        ("public", false, "customers"),
        ("public", false, "public"),
        ("public", true, "public"),
    ];
    for (classification, full, readers) in cases {
        let work = archive(classification, full);
        // The cache knows the whole incident from this build and must not give it to the next one.
        let whole = said_by(&built(work.path(), "confidential"));
        for word in [
            "Hush evidence",
            "hush_code",
            "Hush file",
            "Hush text",
            "Hush step",
            "Hush action",
            "Hush section",
            "Hush body",
            "Hush subsection",
            "Hush column",
            "Hush cell",
            "Hush change",
            "evidence/lars-novak.txt",
            "Ostrava Mills waited",
        ] {
            assert!(whole.contains(word), "{word}");
        }
        let site = built(work.path(), readers);
        holds_nothing(&site, &format!("{classification} for {readers}"));
        let shown = said_by(&site);
        assert!(shown.contains("[redacted]"), "{readers}");
        if readers == "internal" || full {
            assert!(
                shown.contains("INC-2025-0007-A2"),
                "the ID of the item stays"
            );
            assert!(shown.contains("a customer waited"));
        }
        let (marking, other) = match readers {
            "internal" => ("TLP:AMBER", "TLP:GREEN"),
            _ => ("TLP:GREEN", "TLP:AMBER"),
        };
        assert!(
            shown.contains(marking) && !shown.contains(other),
            "{readers}"
        );
        let again = said_by(&built(work.path(), "confidential"));
        assert_eq!(again, whole, "the whole incident is still there");
        let folder = work.path().to_str().expect("UTF-8");
        let listed = printed(&["-C", folder, "list"]);
        assert!(listed.contains("Lars Novak stopped the ledger"), "{listed}");
        let actions = printed(&["-C", folder, "actions"]);
        assert!(
            !actions.contains("Hush") && actions.contains("[redacted]"),
            "{actions}"
        );
        let all = ["-C", folder, "actions", "--audience", "confidential"];
        assert!(printed(&all).contains("Hush action"));
    }
}

#[test]
fn a_build_fails_if_a_redacted_phrase_is_elsewhere() {
    for (path, text) in [
        (
            "incidents/INC-2025-0009.toml",
            "title = \"Lars Novak again\"\nclassification = \"internal\"\nseverity = \"P3\"\n",
        ),
        (
            "incidents/INC-2025-0009.toml",
            "title = \"Again\"\nclassification = \"internal\"\nsummary = \"*Lars* Novak\"\n",
        ),
    ] {
        let work = archive("internal", false);
        fs::write(work.path().join(path), text).expect("writable");
        let folder = work.path().to_str().expect("UTF-8");
        let output = afterword(&["build", folder, "--audience", "internal"], &[]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("redacted phrase"), "{said}");
        assert!(!work.path().join("site").exists());
        let output = afterword(&["build", folder, "--audience", "confidential"], &[]);
        assert!(output.status.success());
    }
}

#[test]
fn each_page_and_sheet_of_an_incident_has_its_marking() {
    let work = archive("internal", false);
    let site = built(work.path(), "confidential");
    let text = |path: &str| String::from_utf8_lossy(&site[path]).into_owned();
    for path in ["incidents/INC-2025-0007", "comms/INC-2025-0007"] {
        let html = text(&format!("{path}.html"));
        let marked = html.matches("TLP:AMBER and Lars Novak").count();
        assert!(marked >= 3, "{path}: sheet, header and footer");
        assert!(
            html.contains("data-classification=\"Internal · TLP:AMBER")
                || path.starts_with("comms"),
            "{path}"
        );
        assert!(text(&format!("{path}.md")).contains("**Marking**: TLP:AMBER and Lars Novak\n"));
    }
    assert!(
        text("incidents/INC-2025-0007.json").contains("\"marking\":\"TLP:AMBER and Lars Novak\"")
    );
    assert!(!text("incidents/INC-2025-0008.html").contains("TLP"));
}

#[test]
fn a_message_that_is_printed_to_be_sent_has_no_redacted_phrase() {
    let work = archive("internal", false);
    let folder = work.path().to_str().expect("UTF-8");
    for stage in ["resolved", "postmortem"] {
        let text = printed(&["-C", folder, "comms", "INC-2025-0007", "--stage", stage]);
        assert!(text.contains("[redacted]"), "{text}");
        assert!(!text.contains("Novak"), "{text}");
    }
}

#[test]
fn a_memory_has_no_restricted_part() {
    let work = archive("internal", false);
    let folder = work.path().to_str().expect("UTF-8");
    let output = afterword(&["-C", folder, "memory", "export"], &[]);
    assert!(output.status.success(), "{}", said(&output));
    let memory = BTreeMap::from([("memory.md".to_owned(), output.stdout)]);
    assert!(said_by(&memory).contains("[redacted]"));
    holds_nothing(&memory, "memory");
}

/// Creates an archive with one incident.
fn incident(text: &str) -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    fs::create_dir(work.path().join("incidents")).expect("writable");
    let path = work.path().join("incidents/INC-2025-0009.toml");
    fs::write(path, text).expect("writable");
    work
}

#[test]
fn a_customer_reads_their_own_name_and_no_redacted_figure() {
    let work = incident(
        "title = \"Slow\"\nseverity = \"P2\"\nredact = [{ text = \"Ostrava Mills\" }, { text = \"Lars Novak\" }]\n[[impact.customers]]\nname = \"Ostrava Mills\"\nmeasures = { \"Answer\" = \"Lars Novak lost 9\" }\n",
    );
    let folder = work.path().to_str().expect("UTF-8");
    let comms = ["-C", folder, "comms", "INC-2025-0009"];
    let text = printed(&[&comms[..], &["--customer", "Ostrava Mills"]].concat());
    assert!(text.contains("Ostrava Mills"), "{text}");
    assert!(text.contains("[redacted] lost 9"), "{text}");
    let out = work.path().join("out");
    printed(&[&comms[..], &["--out", out.to_str().expect("UTF-8")]].concat());
    let written = said_by(&files(&out));
    assert!(written.contains("Ostrava Mills"), "{written}");
    assert!(!written.contains("Novak"), "{written}");
}

#[test]
fn a_draft_for_the_status_page_is_redacted_for_the_public() {
    let work = incident(
        "title = \"Pay Gate down\"\nclassification = \"public\"\nredact = [{ text = \"Pay Gate\", audience = \"customers\" }]\n[impact]\nlevel = \"major\"\n[public]\ntitle = \"Pay Gate down\"\nsummary = \"Pay Gate is slow.\"\n",
    );
    let folder = work.path().to_str().expect("UTF-8");
    for (channel, is_seen) in [("status", false), ("email", true)] {
        let text = printed(&["-C", folder, "comms", "INC-2025-0009", "--channel", channel]);
        assert_eq!(text.contains("Pay Gate"), is_seen, "{text}");
    }
}

#[test]
fn a_full_public_report_has_the_public_marking_and_the_highest_severity() {
    let work = incident(
        "title = \"Slow\"\nclassification = \"public\"\nseverity = \"P3\"\n[governance]\nmarking = \"TLP:RED\"\n[public]\nreport = \"full\"\nmarking = \"TLP:CLEAR\"\n",
    );
    fs::create_dir(work.path().join("timelines")).expect("writable");
    let timeline = r#"{"date":"2025-03-20","events":[{"at":"10:00","text":"Up","severity":"P1","visibility":"confidential"},{"at":"11:00","text":"Down","severity":"P2","visibility":"public"}]}"#;
    fs::write(work.path().join("timelines/INC-2025-0009.json"), timeline).expect("writable");
    let site = built(work.path(), "public");
    let report = site
        .iter()
        .find(|(path, _)| path.ends_with("INC-2025-0009.md"))
        .map(|(_, text)| String::from_utf8_lossy(text));
    let report = report.expect("a report");
    assert!(
        report.contains("TLP:CLEAR") && !report.contains("TLP:RED"),
        "{report}"
    );
    assert!(
        report.contains("P1") && !report.contains("P2") && !report.contains("P3"),
        "{report}"
    );
}

#[test]
fn a_merged_incident_is_not_open_to_readers_who_may_not_know_of_the_other() {
    let work = incident(
        "title = \"Slow\"\nclassification = \"public\"\nseverity = \"P1\"\nmerged_into = \"INC-2025-0010\"\nservices = [\"Api\"]\n[times]\nstarted = 2025-03-20T10:00:00Z\n[public]\ntitle = \"Slow\"\nsummary = \"Slow.\"\n",
    );
    let other = "title = \"Hidden cause\"\nstatus = \"closed\"\nseverity = \"P1\"\n";
    fs::write(work.path().join("incidents/INC-2025-0010.toml"), other).expect("writable");
    let site = built(work.path(), "public");
    let text = said_by(&site);
    assert!(
        !text.contains("Investigating") && !text.contains("0010"),
        "{text}"
    );
}
