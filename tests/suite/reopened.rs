//! Incidents that were reopened or merged, and maintenance, on pages and in messages.

use std::fs;

use crate::site::{built, printed, text, write};

const PUBLIC: &str = "classification = \"public\"\nseverity = \"P2\"\nservices = [\"Api\"]\npublic = { title = \"Slow\", summary = \"Slow.\", components = [\"Api\"] }\n";

fn archive(incidents: &[(&str, &str)]) -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    for (id, text) in incidents {
        write(work.path(), &format!("incidents/{id}.toml"), text);
    }
    let config =
        "[site]\ntitle = \"Ledgers\"\nbase_url = \"https://example.com\"\nas_of = 2025-05-01\n";
    fs::write(work.path().join("afterword.toml"), config).expect("writable");
    work
}

fn timeline(work: &tempfile::TempDir, id: &str, events: &str) {
    let text = format!("{{\"date\": \"2025-03-20\", \"events\": [{events}]}}");
    write(work.path(), &format!("timelines/{id}.json"), text);
}

const REOPENED: &str = r#"{"at": "10:00", "marks": ["started"], "text": "Slow"},
    {"at": "11:00", "marks": ["resolved"], "text": "Fast"},
    {"at": "13:00", "marks": ["reopened"], "text": "Slow again""#;

#[test]
fn a_duration_says_how_long_a_reopened_incident_was_closed() {
    let work = archive(&[("INC-2025-0002", &format!("title = \"Slow\"\n{PUBLIC}"))]);
    let ended =
        format!("{REOPENED}}}, {{\"at\": \"14:00\", \"marks\": [\"ended\"], \"text\": \"Fast\"}}");
    timeline(&work, "INC-2025-0002", &ended);
    let site = built(&work, "public");
    let duration = "4 hours, of which it was closed for 2 hours";
    for path in [
        "incidents/2025-03-20.md",
        "incidents/2025-03-20.html",
        "index.md",
    ] {
        assert!(
            text(&site, path).contains(duration),
            "{path}: {}",
            text(&site, path)
        );
    }
    let lead = format!("<span class=\"lead\">{duration}.");
    let internal = built(&work, "internal");
    let page = text(&internal, "incidents/INC-2025-0002.html");
    assert!(page.contains(&lead), "{page}");
    let draft = printed(
        &work,
        &["comms", "INC-2025-0002", "--stage", "resolved", "--draft"],
    );
    assert!(
        draft.contains(&format!("- Duration: {duration}\n")),
        "{draft}"
    );
    assert!(
        draft.contains("- Reopened: 2025-03-20 13:00 UTC\n"),
        "{draft}"
    );
    // Nobody outside may know the time at which it was reopened.
    let hidden = ended.replace(
        "\"Slow again\"",
        "\"Slow again\", \"visibility\": \"confidential\"",
    );
    timeline(&work, "INC-2025-0002", &hidden);
    let site = built(&work, "public");
    let report = text(&site, "incidents/2025-03-20.md");
    assert!(report.contains("4 hours to the last end"), "{report}");
    let draft = printed(
        &work,
        &["comms", "INC-2025-0002", "--stage", "resolved", "--draft"],
    );
    assert!(
        !draft.contains("13:00") && !draft.contains("2 hours"),
        "{draft}"
    );
}

#[test]
fn an_open_incident_says_when_it_was_reopened() {
    let work = archive(&[("INC-2025-0002", &format!("title = \"Slow\"\n{PUBLIC}"))]);
    timeline(&work, "INC-2025-0002", &format!("{REOPENED}}}"));
    let report = text(&built(&work, "public"), "incidents/2025-03-20.md");
    let lead = "Since 2025-03-20 10:00 UTC, reopened 2025-03-20 13:00 UTC.";
    assert!(report.contains(lead), "{report}");
}

#[test]
fn a_merged_incident_has_no_drafts_and_names_the_other() {
    let message = "[[messages]]\nstage = \"investigating\"\nchannel = \"email\"\nsent_at = 2025-03-20T10:12:00Z\nbody = \"We look into it.\"\n";
    let merged = format!(
        "title = \"Slow\"\nclassification = \"internal\"\nseverity = \"P2\"\nmerged_into = \"INC-2025-0003\"\ntimes = {{ started = 2025-03-20T10:00:00Z }}\n{message}"
    );
    let other = "title = \"Slower\"\nclassification = \"internal\"\nseverity = \"P2\"\ntimes = { started = 2025-03-20T09:00:00Z }\n";
    let work = archive(&[("INC-2025-0002", &merged), ("INC-2025-0003", other)]);
    let site = built(&work, "internal");
    let page = text(&site, "comms/INC-2025-0002.md");
    assert!(
        page.contains("Slow: Merged into [INC-2025-0003](INC-2025-0003.md)."),
        "{page}"
    );
    assert!(!page.contains("Drafts"), "{page}");
    let refused = printed(&work, &["comms", "INC-2025-0002", "--draft"]);
    assert!(
        refused.contains("run `afterword comms INC-2025-0003`"),
        "{refused}"
    );
    let asked = printed(&work, &["comms", "INC-2025-0002", "--stage", "identified"]);
    assert!(asked.contains("We have identified the cause"), "{asked}");
    let next = printed(&work, &["comms", "INC-2025-0002", "--next"]);
    assert!(
        next.contains("merged into another") && !next.contains("Next update:"),
        "{next}"
    );
    let hidden = other.replace("internal", "confidential");
    fs::write(work.path().join("incidents/INC-2025-0003.toml"), hidden).expect("writable");
    let page = text(&built(&work, "internal"), "comms/INC-2025-0002.md");
    assert!(
        page.contains("Merged into an incident not shown here."),
        "{page}"
    );
}

#[test]
fn maintenance_is_upcoming_then_in_progress_and_never_investigated() {
    let plan = |schedule: &str| {
        format!("title = \"Upgrade\"\nkind = \"maintenance\"\n{PUBLIC}[schedule]\n{schedule}\n")
    };
    let past = plan("from = 2025-04-20T10:00:00Z\nuntil = 2025-04-20T11:00:00Z");
    let today = plan("from = 2025-05-01T10:00:00Z\nuntil = 2025-05-01T11:00:00Z");
    let running = plan(
        "from = 2025-04-30T10:00:00Z\nuntil = 2025-05-02T11:00:00Z\n[times]\nstarted = 2025-04-30T10:05:00Z\n[[messages]]\nstage = \"investigating\"\naudience = \"public\"\nsent_at = 2025-04-30T10:06:00Z\nbody = \"Started.\"",
    );
    let work = archive(&[
        ("MNT-2025-0001", &past),
        ("MNT-2025-0002", &today),
        ("MNT-2025-0003", &running),
    ]);
    let site = built(&work, "internal");
    let index = text(&site, "index.md");
    let block = |heading: &str| {
        let (_, rest) = index
            .split_once(heading)
            .unwrap_or_else(|| panic!("{index}"));
        rest.split("\n\n- ")
            .next()
            .unwrap_or_default()
            .split("\n## ")
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let upcoming = block("## Upcoming\n");
    assert!(
        upcoming.contains("0002") && !upcoming.contains("0001"),
        "{upcoming}"
    );
    assert!(
        block("## Maintenance in Progress\n").contains("0003"),
        "{index}"
    );
    let report = text(&site, "incidents/MNT-2025-0003.md");
    assert!(report.contains("**Status**: In Progress"), "{report}");
    let public = built(&work, "public");
    let index = text(&public, "index.md");
    assert!(index.contains("## Maintenance in Progress"), "{index}");
    let report = text(&public, "incidents/2025-04-30.md");
    assert!(report.contains("### In Progress, "), "{report}");
    assert!(!report.contains("Investigating"), "{report}");
    let upcoming = text(&public, "api/v2/scheduled-maintenances/upcoming.json");
    assert!(
        upcoming.contains("2025-05-01") && !upcoming.contains("2025-04-20"),
        "{upcoming}"
    );
    let draft = printed(
        &work,
        &["comms", "MNT-2025-0002", "--stage", "investigating"],
    );
    assert!(draft.contains("- Started: [Fill in: start date"), "{draft}");
    let draft = printed(&work, &["comms", "MNT-2025-0002", "--stage", "planned"]);
    assert!(
        draft.contains("- Planned start: 2025-05-01 10:00 UTC"),
        "{draft}"
    );
}

#[test]
fn a_missed_target_is_a_number_in_csv() {
    let incident = "title = \"Slow\"\nclassification = \"internal\"\nseverity = \"P2\"\nservices = [\"api\"]\ntimes = { started = 2025-04-01T00:00:00Z, ended = 2025-04-02T00:00:00Z }\n";
    let work = archive(&[("INC-2025-0002", incident)]);
    let config = "[site]\nas_of = 2025-05-01\n[availability]\ntarget = \"99.9%\"\n";
    fs::write(work.path().join("afterword.toml"), config).expect("writable");
    let table = printed(&work, &["availability", "--format", "csv", "--by", "month"]);
    // April has 2,592,000 seconds, of which 2,592 may be lost.
    assert!(table.contains(",86400,1,0,99.9,-83808\r\n"), "{table}");
}

#[test]
fn a_draft_after_a_relapse_has_the_times_of_the_report() {
    let work = archive(&[("INC-2025-0002", &format!("title = \"Slow\"\n{PUBLIC}"))]);
    timeline(
        &work,
        "INC-2025-0002",
        r#"{"at": "09:00", "marks": ["started"], "text": "Slow"},
        {"at": "10:00", "marks": ["resolved"], "text": "Fast"},
        {"at": "11:00", "marks": ["impact_started"], "text": "Slow again"},
        {"at": "12:00", "marks": ["impact_ended"], "text": "Fast"}"#,
    );
    let report = text(&built(&work, "public"), "incidents/2025-03-20.md");
    assert!(report.contains("3 hours"), "{report}");
    for stage in ["resolved", "postmortem"] {
        let draft = printed(
            &work,
            &["comms", "INC-2025-0002", "--stage", stage, "--draft"],
        );
        for line in ["Started: 2025-03-20 09:00 UTC", "Duration: 3 hours"] {
            assert!(draft.contains(line), "{stage}: {draft}");
        }
    }
}

#[test]
fn customers_are_not_told_that_maintenance_is_complete_when_it_starts() {
    let work = archive(&[(
        "MNT-1",
        &format!(
            "title = \"Move\"\nkind = \"maintenance\"\n{PUBLIC}times = {{ started = 2025-03-20T09:00:00Z, ended = 2025-03-20T11:00:00Z }}\n"
        ),
    )]);
    let begun = r#"{"at": "09:02", "marks": ["impact_started"], "text": "Work begins"}"#;
    timeline(&work, "MNT-1", begun);
    let report = printed(&work, &["show", "MNT-1"]);
    assert!(report.contains("**Status**: In Progress"), "{report}");
    assert!(!report.contains("2 hours"), "{report}");
    let draft = printed(&work, &["comms", "MNT-1", "--draft"]);
    assert!(draft.contains("Started: 2025-03-20 09:02 UTC"), "{draft}");
    assert!(
        draft.contains("Planned end: 2025-03-20 11:00 UTC"),
        "{draft}"
    );
    let ended = format!(
        "{begun}, {{\"at\": \"10:45\", \"marks\": [\"impact_ended\", \"ended\"], \"text\": \"Done\"}}"
    );
    timeline(&work, "MNT-1", &ended);
    let report = printed(&work, &["show", "MNT-1"]);
    assert!(
        report.contains("**End Time**: 2025-03-20 10:45"),
        "{report}"
    );
}
