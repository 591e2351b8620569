//! Action items of all incidents: sorted by urgency, and safe in every output format.

use std::fs;

use crate::site::{afterword, said};

const DAY: &[&str] = &["--as-of", "2025-03-10"];

/// Creates an archive of two internal incidents and a confidential one.
fn archive() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let incidents = folder.path().join("incidents");
    fs::create_dir(&incidents).expect("writable");
    let late = r#"title = "=cmd|' /C calc'!A0"
        [[action_items]]
        action = "@SUM(1;2), \"quoted\""
        owner = "+Web"
        due = 2025-03-01
        [[action_items]]
        id = "NEXT 7"
        action = "Alert on a queue that is deeper than it was yesterday at the same time of the day, in every region"
        owner = "Storage"
        due = 2025-03-17
        status = "in_progress"
        url = "https://tickets.example.com/7""#;
    let later = r#"title = "Slow answers"
        [[action_items]]
        action = "Write the runbook"
        [[action_items]]
        action = "Remove the index"
        owner = "web"
        due = 2025-03-18
        [[action_items]]
        action = "Raise the limit"
        status = "done"
        done_on = 2025-03-02
        due = 2025-03-01
        [[action_items]]
        action = "Rewrite it"
        status = "cancelled"
        reason = "Too dear""#;
    let secret = r#"title = "Zqtitle"
        classification = "confidential"
        [[action_items]]
        action = "Zqaction"
        owner = "Zqowner"
        due = 2024-01-01"#;
    for (name, text) in [("INC-1", late), ("INC-2", later), ("ZQ-3", secret)] {
        let more = if text.contains("classification") {
            ""
        } else {
            "classification = \"internal\"\n"
        };
        fs::write(
            incidents.join(format!("{name}.toml")),
            format!("{more}{text}"),
        )
        .expect("writable");
    }
    folder
}

fn list(more: &[&str]) -> (Option<i32>, String) {
    let folder = archive();
    let at = folder.path().to_str().expect("UTF-8");
    let arguments = [&["-C", at, "actions"], DAY, more].concat();
    let listed = afterword(&arguments, &[]);
    assert!(listed.stderr.is_empty(), "{}", said(&listed));
    let text = String::from_utf8(listed.stdout).expect("text");
    (listed.status.code(), text)
}

#[test]
fn the_table_lists_open_items_most_urgent_first() {
    let (code, text) = list(&[]);
    assert_eq!(code, Some(0));
    let words: Vec<Vec<&str>> = text
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
                .collect()
        })
        .collect();
    assert_eq!(
        words[0],
        ["DUE", "LATE", "ID", "OWNER", "INCIDENT", "ACTION"]
    );
    assert_eq!(
        words[1],
        [
            "2025-03-01",
            "9 days",
            "INC-1-A1",
            "+Web",
            "INC-1",
            "@SUM(1;2), \"quoted\""
        ]
    );
    let ids: Vec<&str> = words[1..].iter().map(|row| row[row.len() - 4]).collect();
    assert_eq!(ids, ["INC-1-A1", "NEXT 7", "INC-2-A2", "INC-2-A1"]);
}

#[test]
fn items_can_be_filtered_and_can_fail_a_pipeline() {
    for (arguments, code, ids) in [
        (&["--overdue"][..], 0, &["INC-1-A1"][..]),
        (&["--overdue", "--fail"], 1, &["INC-1-A1"]),
        (&["--owner", "WEB", "--fail"], 1, &["INC-2-A2"]),
        (&["--owner", "nobody", "--fail"], 0, &[]),
        (
            &["--audience", "confidential", "--overdue"],
            0,
            &["ZQ-3-A1", "INC-1-A1"],
        ),
        (&["--audience", "public"], 0, &[]),
    ] {
        let (found, text) = list(&[arguments, &["--format", "json"]].concat());
        assert_eq!(found, Some(code), "{arguments:?}");
        let listed: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(listed["as_of"], "2025-03-10");
        let listed = listed["actions"].as_array().expect("a list");
        let listed: Vec<&str> = listed.iter().filter_map(|row| row["id"].as_str()).collect();
        assert_eq!(listed, ids, "{arguments:?}");
    }
    let (_, none) = list(&["--owner", "nobody"]);
    assert_eq!(
        none,
        "no open action items of `nobody`; looked at 4 open action items\n"
    );
}

#[test]
fn no_cell_is_a_formula() {
    let (_, text) = list(&["--format", "csv"]);
    let first = text.lines().nth(1).expect("a row");
    assert_eq!(
        first,
        "INC-1-A1,\"'@SUM(1;2), \"\"quoted\"\"\",'+Web,2025-03-01,planned,yes,,,,INC-1,\"'=cmd|' /C calc'!A0\",,'+Web,,,,"
    );
}

#[test]
fn the_calendar_is_well_formed_and_keeps_its_ids() {
    let (_, text) = list(&["--format", "ics"]);
    assert_eq!(list(&["--format", "ics"]).1, text);
    assert!(
        text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n'])
    );
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    let whole = text.replace("\r\n ", "");
    let todos: Vec<&str> = whole.split("BEGIN:VTODO\r\n").skip(1).collect();
    assert_eq!(todos.len(), 4);
    let expected = "UID:NEXT 7@afterword\r\nDTSTAMP:20250310T000000Z\r\nSUMMARY:Alert on a queue that is deeper \
                    than it was yesterday at the same time of the day\\, in every region\r\n\
                    DESCRIPTION:Owner: Storage\\nINC-1: =cmd|' /C calc'!A0\r\nDUE;VALUE=DATE:20250317\r\n\
                    STATUS:IN-PROCESS\r\nEND:VTODO\r\n";
    assert_eq!(todos[1], expected);
}

#[test]
fn the_pages_list_every_action_item_that_their_audience_may_see() {
    let folder = archive();
    let at = folder.path().to_str().expect("UTF-8");
    let built = afterword(&[&["build", at], DAY].concat(), &[]);
    assert!(built.status.success(), "{}", said(&built));
    let read =
        |path: &str| fs::read_to_string(folder.path().join("site").join(path)).expect("it is made");
    let order = |page: &str| -> Vec<String> {
        let rows = page.split("<tr id=\"").skip(1);
        rows.map(|row| row.split('"').next().unwrap_or_default().to_owned())
            .collect()
    };
    let all = [
        "INC-1-A1", "NEXT-7", "INC-2-A2", "INC-2-A1", "INC-2-A3", "INC-2-A4",
    ];
    let page = read("actions.html");
    assert_eq!(order(&page), all);
    assert!(
        page.contains("<strong>9 days overdue</strong>")
            && page.contains("datetime=\"2025-03-10\"")
    );
    assert!(page.contains("4 open action items, 1 overdue."));
    assert_eq!(
        order(&read("actions/owners.html")),
        ["INC-2-A1", "INC-1-A1", "NEXT-7", "INC-2-A2"]
    );
    assert_eq!(
        order(&read("actions/incidents.html")),
        ["INC-2-A2", "INC-2-A1", "INC-1-A1", "NEXT-7"]
    );
    assert_eq!(read("actions.csv").lines().count(), 7);
    assert_eq!(read("actions.ics").matches("BEGIN:VTODO").count(), 4);
    for path in [
        "index.html",
        "index.md",
        "actions.html",
        "actions/owners.md",
        "actions.csv",
        "actions.ics",
        "services/index.html",
    ] {
        let text = fs::read_to_string(folder.path().join("site").join(path)).unwrap_or_default();
        assert!(!text.contains("Zq") && !text.contains("ZQ"), "{path}");
    }
}

#[test]
fn an_owner_is_the_same_in_any_case_and_spacing() {
    let work = tempfile::tempdir().expect("a folder");
    let incidents = work.path().join("incidents");
    fs::create_dir(&incidents).expect("writable");
    let owners = [
        "ana reyes",
        "Ana  Reyes",
        "Ana Reyes",
        "Ana Reyes",
        "Tom Weiss",
    ];
    let items = owners.iter().enumerate().map(|(number, owner)| {
        format!(
            "[[action_items]]\naction = \"Do {number}\"\nowner = \"{owner}\"\ndue = 2025-03-01\n"
        )
    });
    let items: String = items.collect();
    let text = format!("title = \"Late\"\nclassification = \"internal\"\n{items}");
    fs::write(incidents.join("INC-1.toml"), text).expect("writable");
    let directory = work.path().to_str().expect("UTF-8");
    let run = |arguments: &[&str]| {
        let output = afterword(&[&["-C", directory], arguments, DAY].concat(), &[]);
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let out = work.path().join("out");
    run(&["build", "--out", out.to_str().expect("UTF-8")]);
    let page = fs::read_to_string(out.join("actions/owners.md")).expect("it is there");
    assert_eq!(page.matches("\n## ").count(), 2, "{page}");
    assert!(
        page.contains("## Ana Reyes") && page.contains("4 open"),
        "{page}"
    );
    let listed = run(&["actions", "--owner", "ANA REYES"]);
    assert_eq!(listed.matches("INC-1-A").count(), 4, "{listed}");
}

#[test]
fn owners_have_pages_of_their_own_if_one_page_does_not_list_all() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = "title = \"Slow answers\"\nclassification = \"internal\"\n".to_owned();
    for number in 0..1002 {
        let owner = ["Web & Co", "Storage", ""][number.min(2)];
        text.push_str(&format!(
            "[[action_items]]\naction = \"Remove the index {number}\"\ndue = 2025-03-01\n"
        ));
        if !owner.is_empty() {
            text.push_str(&format!("owner = \"{owner}\"\n"));
        }
    }
    fs::create_dir(folder.path().join("incidents")).expect("writable");
    fs::write(folder.path().join("incidents/INC-1.toml"), text).expect("writable");
    let at = folder.path().to_str().expect("UTF-8");
    let built = afterword(&[&["build", at], DAY].concat(), &[]);
    assert!(built.status.success(), "{}", said(&built));
    let read =
        |path: &str| fs::read_to_string(folder.path().join("site").join(path)).expect("it is made");
    let rows = |path: &str| read(path).matches("<tr id=\"").count();
    assert_eq!(rows("actions.html"), 1000);
    assert!(
        read("actions.html").contains("Showing the first 1,000 of 1,002; the CSV file has all.")
    );
    let owners = read("actions/owners.html");
    assert_eq!(rows("actions/owners.html"), 0);
    for (page, owner, count) in [
        ("storage", "Storage", 1),
        ("unassigned", "Unassigned", 1000),
        ("web-co", "Web &amp; Co", 1),
    ] {
        let link = format!("<a href=\"../actions/owners/{page}.html\">{owner}</a>");
        assert!(owners.contains(&link), "{link} in {owners}");
        assert_eq!(rows(&format!("actions/owners/{page}.html")), count);
        assert!(read(&format!("actions/owners/{page}.md")).contains("# Action Items of "));
    }
    assert_eq!(read("actions.csv").lines().count(), 1003);
}

/// Creates an archive with an action item of two owners.
fn shared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("incidents")).expect("writable");
    let text = r#"title = "Slow answers"
        classification = "internal"
        severity = "P4"
        [[action_items]]
        id = "SHARED-1"
        action = "Raise the limit"
        owner = ["Payments", "Ops"]
        due = 2025-03-18
        [[action_items]]
        action = "Remove the index"
        owner = ["ops", "Ops"]
        due = 2025-03-18"#;
    fs::write(folder.path().join("incidents/INC-1.toml"), text).expect("writable");
    folder
}

#[test]
fn an_item_of_several_owners_is_found_by_each() {
    let folder = shared();
    let at = folder.path().to_str().expect("UTF-8");
    let run = |more: &[&str]| {
        let output = afterword(&[&["-C", at], more, DAY].concat(), &[]);
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).expect("text")
    };
    for (owner, found) in [("payments", 1), ("OPS", 2), ("Payments, Ops", 0)] {
        let text = run(&["actions", "--owner", owner, "--format", "json"]);
        let listed: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let rows = listed["actions"].as_array().expect("a list");
        assert_eq!(rows.len(), found, "{owner}");
        if let Some(row) = rows.iter().find(|row| row["id"] == "SHARED-1") {
            assert_eq!(row["owner"], "Payments, Ops");
            assert_eq!(row["owners"], serde_json::json!(["Payments", "Ops"]));
        }
    }
    let csv = run(&["actions", "--format", "csv"]);
    assert!(
        csv.contains("SHARED-1,Raise the limit,\"Payments, Ops\","),
        "{csv}"
    );
    assert!(csv.contains(",\"Payments;Ops\""), "{csv}");
    run(&["build"]);
    let page = fs::read_to_string(folder.path().join("site/actions/owners.html")).expect("a page");
    assert_eq!(
        page.matches("SHARED-1</th>").count(),
        2,
        "once for each owner"
    );
    assert_eq!(
        page.matches("Remove the index").count(),
        1,
        "an owner named twice lists it once"
    );
    for id in page
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        assert_eq!(page.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
}
