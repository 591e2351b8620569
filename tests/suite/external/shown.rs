//! What external readers are shown of full reports, maintenance, superseded reports and windows.

use super::*;

fn is_markdown(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|end| end == "md")
}

/// A public incident whose whole report is published.
const FULL: &str = r#"
title = "Late tide tables"
severity = "P2"
classification = "public"

[times]
started = 2026-02-03T08:00:00Z
ended = 2026-02-03T09:00:00Z

[detection.alert]
file = "../monitoring/private-alert.bin"

[[evidence]]
title = "Load of the store"
file = "none/private-evidence.txt"

[[references]]
title = "Runbook"
file = "none/private-runbook.md"

[[self_healing.actions]]
name = "Restart"
run = "none/private-run.json"

[public]
report = "full"
"#;

#[test]
fn a_full_report_names_no_file_that_its_readers_cannot_open() {
    let work = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| crate::site::write(work.path(), path, text);
    // The files of other purposes are never published.
    let text = FULL.replace("none/", "../templates/notes/");
    write("incidents/INC-1.toml", &text);
    for file in [
        "private-evidence.txt",
        "private-runbook.md",
        "private-run.json",
    ] {
        write(&format!("templates/notes/{file}"), "{}");
    }
    write("monitoring/private-alert.bin", "alert: tide");
    let site = built_from(work.path(), "public");
    for (path, content) in &site {
        let content = String::from_utf8_lossy(content);
        assert!(!content.contains("private-"), "{path}: {content}");
    }
    let page = String::from_utf8_lossy(&site["incidents/INC-1.md"]);
    assert!(page.contains("alert: tide"), "{page}");
    assert!(!page.contains("Runbook"), "{page}");
}

#[test]
fn maintenance_is_planned_until_something_says_that_it_started() {
    const WORK: &str = r#"
title = "Move of the tide store"
kind = "maintenance"
classification = "public"

[times]
started = 2027-02-03T08:00:00Z

[public]
title = "Work on tide tables"
summary = "Tide tables move to new machines."

[[messages]]
stage = "planned"
audience = "public"
sent_at = 2026-01-20T08:00:00Z
body = "On 3 February tide tables are read-only."
"#;
    let underway = format!(
        "{WORK}\n[[messages]]\nstage = \"investigating\"\naudience = \"public\"\nsent_at = 2027-02-03T08:00:00Z\nbody = \"Work has started.\"\n"
    );
    for (text, label, heading, name) in [
        (WORK, "Planned", "Upcoming Maintenance", "scheduled"),
        (
            &underway,
            "In Progress",
            "Maintenance in Progress",
            "in_progress",
        ),
    ] {
        let site = built(&[("MNT-1", text)], "public");
        let index = String::from_utf8_lossy(&site["index.html"]);
        assert!(index.contains("No open incidents"), "{index}");
        let list = index.split("</section>").next().unwrap_or_default();
        assert!(list.contains(heading), "{index}");
        assert_eq!(index.matches("Work on tide tables").count(), 1, "{index}");
        let status = json(&site, "status.json");
        assert_eq!(status["scheduled_maintenances"][0]["status"], name);
        let inside = built(&[("MNT-1", text)], "internal");
        let page = String::from_utf8_lossy(&inside["incidents/MNT-1.md"]);
        assert!(page.contains(label), "{page}");
    }
}

#[test]
fn a_superseded_report_is_superseded_everywhere_outside() {
    let newer = format!("{PUBLISHED}\n[analysis]\nsupersedes = [\"INC-1\"]\n");
    let older = PUBLISHED.replace("ended = 2026-02-03T09:30:00Z\n", "");
    for readers in ["customers", "public"] {
        let site = built(&[("INC-1", &older), ("INC-2", &newer)], readers);
        let pages = site.iter().filter(|(path, text)| {
            path.starts_with("incidents/")
                && is_markdown(path)
                && String::from_utf8_lossy(text).contains("is superseded by")
        });
        let (path, text) = pages.into_iter().next().expect("the older report");
        let text = String::from_utf8_lossy(text);
        assert!(
            !text.contains("pending") && !text.contains("Status**: Investigating"),
            "{path}: {text}"
        );
        let name = path.strip_suffix(".md").expect("a report");
        let report = json(&site, &format!("{name}.json"));
        assert_eq!(report["status"]["key"], "superseded", "{path}");
        assert_eq!(report["open"], false, "{path}");
        let index = String::from_utf8_lossy(&site["index.html"]);
        assert!(
            index.contains("Superseded") && index.contains("No open incidents"),
            "{index}"
        );
    }
}

#[test]
fn a_planned_window_is_not_told_as_one_that_has_passed() {
    let work = r#"
title = "Move of the tide store"
kind = "maintenance"
status = "planned"
classification = "public"

[times]
started = 2027-02-03T08:00:00Z
ended = 2027-02-03T10:00:00Z

[public]
title = "Work on tide tables"
summary = "Tide tables move to new machines."
"#;
    for readers in ["internal", "public"] {
        let site = built(&[("MNT-1", work)], readers);
        for (path, text) in &site {
            let text = String::from_utf8_lossy(text);
            assert!(!text.contains("2 hours"), "{readers} {path}: {text}");
        }
        let page = site
            .iter()
            .find(|(path, _)| path.starts_with("incidents/") && is_markdown(path));
        let page = String::from_utf8_lossy(page.expect("a report").1);
        let planned = match readers {
            "internal" => "**planned end**: 2027-02-03 10:00",
            _ => "scheduled for 2027-02-03 08:00 to 10:00 utc",
        };
        assert!(page.to_lowercase().contains(planned), "{page}");
    }
}

#[test]
fn an_end_that_readers_do_not_see_cannot_be_computed_from_the_windows() {
    let work = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| crate::site::write(work.path(), path, text);
    write(
        "incidents/INC-1.toml",
        "title = \"Stuck\"\nclassification = \"public\"\n[public]\ntitle = \"Queue stuck\"\nsummary = \"It was stuck.\"\n",
    );
    write(
        "timelines/INC-1.json",
        r#"{"date": "2026-02-03", "visibility": "public", "events": [
            {"at": "09:10", "text": "Stuck", "marks": ["started", "impact_started"]},
            {"at": "09:35", "text": "Secret", "marks": ["impact_ended"], "visibility": "confidential"},
            {"at": "10:05", "text": "Stuck again", "marks": ["impact_started"]},
            {"at": "11:10", "text": "Over", "marks": ["impact_ended", "ended"]}
        ]}"#,
    );
    for readers in ["customers", "public"] {
        for (path, text) in built_from(work.path(), readers) {
            let text = String::from_utf8_lossy(&text);
            for hidden in ["25 minutes", "1 hour 30", "1500", "5400"] {
                assert!(
                    !text.contains(hidden),
                    "{hidden} in {readers} {path}: {text}"
                );
            }
        }
    }
}

#[test]
fn a_message_before_a_relapse_is_not_the_final_one() {
    let work = r#"
title = "Stuck"
classification = "internal"

[[messages]]
stage = "resolved"
sent_at = 2026-02-03T09:40:00Z
body = "It is resolved."

[[messages]]
stage = "investigating"
sent_at = 2026-02-03T10:10:00Z
body = "It is back."
"#;
    let site = built(&[("INC-1", work)], "internal");
    let page = String::from_utf8_lossy(&site["incidents/INC-1.md"]);
    assert!(
        !page.contains("Final Communication") && page.contains("It is resolved."),
        "{page}"
    );
}
