//! What programs that watch status pages read, and that it agrees with the pages.

use super::*;

/// A public record with these lines at the start and at the end, without a message.
fn silent(head: &str, tail: &str) -> String {
    format!(
        "title = \"Ferry map down\"\nclassification = \"public\"\nseverity = \"P1\"\n{head}\n[public]\ntitle = \"Map\"\n\
         summary = \"Sum.\"\ncomponents = [\"Map\"]\n{tail}"
    )
}

const OPEN: &str = "status = \"identified\"\ntimes.started = 2026-03-03T08:00:00Z";
const MESSAGE: &str = "[[messages]]\nstage = \"identified\"\naudience = \"public\"\nsent_at = 2026-03-03T08:05:00Z\nbody = \"Text.\"\n";

/// Returns the state of each component as `NAME STATE`.
fn components(site: &std::collections::BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let answer = json(site, "api/v2/components.json");
    let list = answer["components"].as_array().expect("a list");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    list.iter()
        .map(|one| text(&one["name"]) + " " + &text(&one["status"]))
        .collect()
}

#[test]
fn what_is_going_on_is_listed_before_its_first_message() {
    let closed = silent(
        "times = { started = 2026-02-03T08:00:00Z, ended = 2026-02-03T09:00:00Z }",
        MESSAGE,
    );
    let open = silent(OPEN, "");
    let site = built(&[("INC-1", &closed), ("INC-2", &open)], "public");
    assert_eq!(components(&site), ["Map partial_outage"]);
    let unresolved = json(&site, "api/v2/incidents/unresolved.json");
    assert_eq!(unresolved["incidents"][0]["id"], "2026-03-03");
    assert_eq!(
        unresolved["incidents"][0]["incident_updates"],
        serde_json::json!([])
    );
    for key in ["created_at", "updated_at", "started_at"] {
        let time = &unresolved["incidents"][0][key];
        assert_eq!(time, "2026-03-03T08:00:00.000Z", "{key}");
    }

    let running = format!("kind = \"maintenance\"\n{OPEN}");
    let site = built(&[("MNT-1", &silent(&running, ""))], "public");
    assert_eq!(components(&site), ["Map under_maintenance"]);
    let active = json(&site, "api/v2/scheduled-maintenances/active.json");
    assert_eq!(active["scheduled_maintenances"][0]["status"], "in_progress");

    let internal = silent(OPEN, "").replace("\"public\"", "\"customers\"");
    let site = built(&[("INC-2", &internal)], "customers");
    assert!(components(&site).is_empty());
}

#[test]
fn the_state_of_the_page_is_the_impact_of_its_most_severe_incident() {
    for (severity, degree) in [
        ("severity = \"P0\"\n", "critical"),
        ("severity = \"P1\"\n", "major"),
        ("severity = \"P2\"\n", "minor"),
        ("severity = \"P3\"\n", "minor"),
        ("", "minor"),
    ] {
        let open = silent(OPEN, MESSAGE).replace("severity = \"P1\"\n", severity);
        let summary = json(&built(&[("INC-2", &open)], "public"), "api/v2/summary.json");
        assert_eq!(summary["status"]["indicator"], degree, "{severity}");
        assert_eq!(summary["incidents"][0]["impact"], degree, "{severity}");
    }
}

#[test]
fn a_component_has_the_keys_that_programs_expect() {
    let site = built(&[("INC-2", &silent(OPEN, MESSAGE))], "public");
    let expected = serde_json::json!({
        "id": "map", "name": "Map", "status": "partial_outage", "page_id": "ferry-times", "description": null,
        "group_id": null, "group": false, "only_show_if_degraded": false,
    });
    let summary = json(&site, "api/v2/summary.json");
    assert_eq!(summary["components"][0], expected);
    assert_eq!(summary["incidents"][0]["components"][0], expected);
}

#[test]
fn an_exercise_is_no_outage_and_its_pages_say_what_it_is() {
    for (kind, label) in [
        ("drill", "Drill"),
        ("near_miss", "Near Miss"),
        ("investigation", "Investigation"),
    ] {
        let text = silent(&format!("kind = \"{kind}\"\n{OPEN}"), MESSAGE);
        let site = built(&[("INC-1", &text)], "public");
        assert!(components(&site).is_empty(), "{kind}");
        for path in ["status.json", "api/v2/summary.json"] {
            assert_eq!(
                json(&site, path)["incidents"],
                serde_json::json!([]),
                "{kind}"
            );
        }
        let said = format!("{label}, Identified");
        for path in [
            "index.html",
            "index.md",
            "incidents/2026-03-03.html",
            "incidents/2026-03-03.md",
            "incidents/2026-03-03.json",
            "feed.atom",
        ] {
            let page = String::from_utf8_lossy(&site[path]);
            assert!(page.contains(&said), "{path}: {page}");
            assert!(!page.contains("Affected"), "{path}: {page}");
        }
    }
}

#[test]
fn a_schedule_and_an_end_count_to_the_end_of_their_day() {
    for (from, until, expected) in [
        ("2026-12-20", "2026-12-20", "2026-12-21T00:00:00.000Z"),
        (
            "2026-12-20",
            "2026-12-21..2026-12-22",
            "2026-12-23T00:00:00.000Z",
        ),
        (
            "2026-12-20",
            "2026-12-21T10:00Z",
            "2026-12-21T10:00:00.000Z",
        ),
    ] {
        let schedule = format!(
            "kind = \"maintenance\"\nschedule = {{ from = \"{from}\", until = \"{until}\" }}"
        );
        let site = built(&[("MNT-1", &silent(&schedule, ""))], "public");
        let upcoming = json(&site, "api/v2/scheduled-maintenances/upcoming.json");
        let one = &upcoming["scheduled_maintenances"][0];
        assert_eq!(one["scheduled_for"], "2026-12-20T00:00:00.000Z");
        assert_eq!(one["scheduled_until"], expected);
        let index = String::from_utf8_lossy(&site["index.md"]);
        assert!(
            !index.contains("2026-12-20 to 2026-12-20"),
            "a whole day is its date: {index}"
        );
    }
}

#[test]
fn an_incident_that_has_ended_was_resolved_then_unless_a_message_says_when() {
    let times = "times = { started = 2026-03-03T08:00:00Z, ended = 2026-03-03T09:00:00Z }";
    let resolved = MESSAGE
        .replace("identified", "resolved")
        .replace("08:05", "09:04");
    for (messages, expected) in [
        (MESSAGE.to_owned(), "2026-03-03T09:00:00.000Z"),
        (format!("{MESSAGE}{resolved}"), "2026-03-03T09:04:00.000Z"),
    ] {
        let site = built(&[("INC-1", &silent(times, &messages))], "public");
        let status = json(&site, "status.json");
        assert_eq!(status["incidents"][0]["resolved_at"], expected);
    }
}

#[test]
fn cancelled_maintenance_is_not_published_as_completed() {
    let cancelled = PLANNED
        .replace("\"planned\"\nclassification", "\"closed\"\nclassification")
        .replace("[times]\nstarted", "[schedule]\nfrom")
        .replace("\nended", "\nuntil")
        + "\n[[messages]]\nstage = \"closed\"\naudience = \"public\"\n\
           sent_at = 2026-02-04T08:10:00Z\nbody = \"The exchange is cancelled.\"\n";
    let page = |text: &str| {
        let site = built(&[("INC-2026-0002", text)], "public");
        let listed = json(&site, "status.json")["scheduled_maintenances"].clone();
        let is_report = |path: &&String| path.starts_with("incidents/") && path.contains(".md");
        let path = site.keys().find(is_report);
        let page = site[path.expect("a report")].clone();
        (listed, String::from_utf8(page).expect("UTF-8"))
    };
    let (listed, report) = page(&cancelled);
    assert_eq!(listed, Value::Array(Vec::new()));
    assert!(report.contains("## What Was Planned"), "{report}");
    assert!(!report.contains("What Happened"), "{report}");
    // A message that it is resolved says that it took place.
    let (listed, report) =
        page(&cancelled.replace("\"closed\"\naudience", "\"resolved\"\naudience"));
    assert_eq!(listed[0]["status"], "completed");
    assert!(report.contains("## What Happened"), "{report}");
}
