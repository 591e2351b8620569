//! The costs of waiting: incidents since the due date of an action item that share a tag with its incident.

use crate::site::{self, afterword, files, said};

const SETTINGS: &str = "[site]\nas_of = 2025-05-01\n";

/// An incident that started on a day and lasted so many minutes.
fn incident(day: &str, minutes: u32, more: &str) -> String {
    format!(
        "title = \"Slow\"\nclassification = \"internal\"\nseverity = \"P3\"\n{more}\n\
         [times]\nstarted = {day}T10:00:00Z\nended = {day}T10:{minutes:02}:30Z\n"
    )
}

fn archive() -> tempfile::TempDir {
    let work = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| site::write(work.path(), path, text);
    write("afterword.toml", SETTINGS);
    let actions = "tags = [\"Queue\", \"deploy\"]\nimpact = { users = 1000 }\naction_items = [\
        { id = \"LATE-1\", action = \"Limit the queue\", due = 2025-02-01 },\
        { id = \"LATE-2\", action = \"Check the deploy\", due = 2025-03-20 },\
        { id = \"LATE-3\", action = \"Write it down\", due = 2025-04-30 },\
        { id = \"NEXT-1\", action = \"Alert on the queue\", due = 2025-06-01 },\
        { id = \"DONE-1\", action = \"Stop it\", due = 2025-02-01, status = \"done\" }]";
    let files = [
        ("INC-1", incident("2025-01-10", 50, actions)),
        // On the due date itself, before it, with another tag, and after the reference date.
        ("INC-2", incident("2025-02-01", 10, "tags = [\"queue\"]")),
        ("INC-3", incident("2025-01-20", 10, "tags = [\"queue\"]")),
        ("INC-4", incident("2025-03-01", 10, "tags = [\"network\"]")),
        ("INC-5", incident("2025-05-02", 10, "tags = [\"queue\"]")),
        // A drill and a superseded report are not counted.
        (
            "INC-6",
            incident("2025-03-01", 10, "tags = [\"queue\"]\nkind = \"drill\""),
        ),
        ("INC-7", incident("2025-03-02", 10, "tags = [\"queue\"]")),
        (
            "INC-8",
            incident(
                "2025-03-02",
                20,
                "tags = [\"queue\"]\nimpact = { users = 200 }\nanalysis.supersedes = [\"INC-7\"]",
            ),
        ),
        // With both tags it counts once.
        (
            "INC-9",
            incident("2025-04-01", 31, "tags = [\"deploy\", \"queue\"]"),
        ),
        (
            "SECRET-1",
            incident("2025-04-02", 40, "tags = [\"queue\"]").replace("internal", "confidential"),
        ),
    ];
    for (id, text) in files {
        write(&format!("incidents/{id}.toml"), &text);
    }
    work
}

fn run(folder: &std::path::Path, arguments: &[&str]) -> String {
    let mut all = vec!["-C", folder.to_str().expect("UTF-8")];
    all.extend(arguments);
    let output = afterword(&all, &[]);
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_command_lists_overdue_items_by_their_cost() {
    let work = archive();
    let table = run(work.path(), &["actions", "--cost"]);
    let expected = "\
INCIDENTS  MINUTES  USERS  LATE     ID      OWNER  ACTION
2          52       200+   89 days  LATE-1  -      Limit the queue
1          31       0+     42 days  LATE-2  -      Check the deploy
0          0        0      1 day    LATE-3  -      Write it down
";
    assert_eq!(table, expected);
    let json = run(work.path(), &["actions", "--cost", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let cost = &json["actions"][0]["cost"];
    assert_eq!(cost["count"], 2);
    assert_eq!(cost["incidents"], serde_json::json!(["INC-8", "INC-9"]));
    assert_eq!(
        (&cost["minutes"], &cost["minutes_at_least"]),
        (&52.into(), &false.into())
    );
    assert_eq!(
        (&cost["users"], &cost["users_at_least"]),
        (&200.into(), &true.into())
    );
    assert!(json["actions"][2].get("cost").is_none());
    let csv = run(work.path(), &["actions", "--cost", "--format", "csv"]);
    assert!(
        csv.contains("incidents_since_due,minutes_since_due,users_since_due,number_of_incidents_since_due\r\n"),
        "{csv}"
    );
    // A lower bound is no number for a spreadsheet.
    assert!(csv.contains(",\"INC-8;INC-9\",52,,2\r\n"), "{csv}");
    let all = run(
        work.path(),
        &["actions", "--cost", "--audience", "confidential"],
    );
    assert!(all.contains("3          92       200+"), "{all}");
}

#[test]
fn the_page_states_what_happened_since_the_due_date() {
    let work = archive();
    let out = work.path().join("out");
    let folder = work.path().to_str().expect("UTF-8");
    let output = afterword(
        &["build", folder, "--out", out.to_str().expect("UTF-8")],
        &[],
    );
    assert!(output.status.success(), "{}", said(&output));
    let site = files(&out);
    let text = |path: &str| String::from_utf8_lossy(&site[path]).into_owned();
    let shown = "2 incidents since, 52 minutes, at least 200 users";
    for page in ["actions", "actions/owners", "actions/incidents"] {
        for extension in ["md", "html"] {
            let text = text(&format!("{page}.{extension}"));
            assert!(text.contains(shown), "{page}.{extension}");
            assert!(text.contains("share a tag"), "{page}.{extension}");
        }
    }
    assert!(!text("actions.md").contains("SECRET"));
}

#[test]
fn the_time_for_which_an_incident_was_closed_does_not_count() {
    let work = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| site::write(work.path(), path, text);
    write("afterword.toml", SETTINGS);
    let actions = "tags = [\"queue\"]\naction_items = [{ id = \"LATE-1\", action = \"Limit it\", due = 2025-02-01 }]";
    write("incidents/INC-1.toml", &incident("2025-01-10", 50, actions));
    let ranged =
        "title = \"Slow\"\nclassification = \"internal\"\nseverity = \"P3\"\ntags = [\"queue\"]\n";
    write("incidents/INC-2.toml", ranged);
    // Two hours, of which it was closed for 90 minutes.
    let events = r#"{"date": "2025-03-01", "events": [
        {"at": "10:00", "marks": ["started"], "text": "Slow"},
        {"at": "10:20", "marks": ["ended"], "text": "Fast"},
        {"at": "11:50", "marks": ["reopened"], "text": "Slow again"},
        {"at": "12:00", "marks": ["ended"], "text": "Fast"}]}"#;
    write("timelines/INC-2.json", events);
    // Two to four days.
    write(
        "incidents/INC-3.toml",
        &format!("{ranged}[times]\nstarted = \"2025-03-05\"\nended = \"2025-03-07..2025-03-09\"\n"),
    );
    let table = run(work.path(), &["actions", "--cost"]);
    assert!(table.contains("2          2,910+   0+"), "{table}");
    std::fs::remove_file(work.path().join("incidents/INC-3.toml")).expect("writable");
    let table = run(work.path(), &["actions", "--cost"]);
    assert!(table.contains("1          30       0+"), "{table}");
}

#[test]
fn the_latest_incidents_are_named_and_all_are_counted() {
    let work = archive();
    for number in 10..25 {
        let text = incident(&format!("2025-04-{number}"), 10, "tags = [\"Queue\"]");
        site::write(work.path(), &format!("incidents/MORE-{number}.toml"), text);
    }
    let json = run(work.path(), &["actions", "--cost", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let cost = &json["actions"][0]["cost"];
    assert_eq!(
        (&cost["count"], &cost["minutes"]),
        (&17.into(), &209.into())
    );
    let named: Vec<String> = (15..25).map(|number| format!("MORE-{number}")).collect();
    assert_eq!(cost["incidents"], serde_json::json!(named));
}
