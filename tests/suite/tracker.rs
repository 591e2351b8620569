//! Action items that live in an issue tracker: differences, plans, and URLs that are written back.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::site::{afterword, said};

const ID: &str = "INC-2026-0001";

/// The action items of the archive, with what must stay around them.
const ITEMS: &str = r#"title = "Exports timed out"   # a comment
classification = "internal"

[[action_items]]
id = "A1"
action = "Add an alert"   # stays
owner = "Noor Haddad"
due = 2026-03-20
url = "https://github.com/example/app/issues/12"

[[action_items]]
action = "Raise the limit"
status = "done"
done_on = 2026-03-05
url = "https://example.atlassian.net/browse/OPS-7"

[[action_items]]
action = "Write the runbook"
owner = "Platform Team"
"#;

fn archive() -> tempfile::TempDir {
    crate::site::archive(&[(&format!("incidents/{ID}.toml"), ITEMS)])
}

fn incident(root: &Path) -> std::path::PathBuf {
    root.join(format!("incidents/{ID}.toml"))
}

fn text(root: &Path) -> String {
    fs::read_to_string(incident(root)).expect("readable")
}

fn actions(root: &Path, arguments: &[&str]) -> Output {
    let at = root.to_str().expect("UTF-8");
    let now = ("SOURCE_DATE_EPOCH", "1795239728");
    afterword(&[&["-C", at, "actions"], arguments].concat(), &[now])
}

/// Writes an export, and returns its path.
fn export(root: &Path, name: &str, text: &str) -> String {
    let path = root.join(name);
    fs::write(&path, text).expect("writable");
    path.to_str().expect("UTF-8").to_owned()
}

/// Returns the differences as `ID key here there`.
fn differences(root: &Path, export: &str) -> Vec<String> {
    let output = actions(root, &["--against", export, "--format", "json"]);
    assert!(output.status.success(), "{}", said(&output));
    let compared: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let all = compared["differences"].as_array().expect("a list").iter();
    all.map(|one| {
        [&one["id"], &one["key"], &one["here"], &one["there"]]
            .map(word)
            .join(" ")
    })
    .collect()
}

const GITHUB: &str = r#"[{ "url": "https://github.com/example/app/issues/12/", "state": "CLOSED", "stateReason": "COMPLETED",
  "assignees": [{ "login": "noor-h", "name": "Noor Haddad" }], "closedAt": "2026-03-12T22:10:00Z" }]"#;

#[test]
fn each_tracker_is_read_in_its_own_shape() {
    let open_in_jira = [
        "INC-2026-0001-A2 status done in_progress",
        "INC-2026-0001-A2 owner - Ada",
    ];
    let closed = ["A1 status planned done"];
    let cases: &[(&str, &str, &[&str])] = &[
        ("gh.json", GITHUB, &closed),
        (
            "rest.json",
            r#"[{ "url": "https://api.github.com/x", "html_url": "https://github.com/example/app/issues/12", "number": 12, "state": "closed", "state_reason": "not_planned", "assignees": [], "closed_at": null }]"#,
            &["A1 status planned cancelled", "A1 owner Noor Haddad -"],
        ),
        (
            "jira.json",
            r#"{ "issues": [{ "key": "OPS-7", "fields": { "status": { "name": "Doing", "statusCategory": { "key": "indeterminate" } }, "assignee": { "displayName": "Ada" }, "duedate": null } }] }"#,
            &open_in_jira,
        ),
        (
            "jira.csv",
            "Summary,Issue key,Status,Status Category,Assignee,Resolved,Due date,Labels,Labels\nRaise,OPS-7,Doing,In Progress,Ada,,,a,b\n",
            &open_in_jira,
        ),
        // A status of one's own workflow, without its category, is not guessed.
        ("own.csv", "Issue key,Status\nOPS-7,Doing\n", &[]),
        (
            "gitlab.csv",
            "Title,Issue ID,URL,State,Assignee,Assignee Username,Due Date,Closed At (UTC)\nx,12,https://github.com/example/app/issues/12,Closed,Noor Haddad,noor,2026-03-27,2026-03-12 10:00:00\n",
            &["A1 status planned done", "A1 due 2026-03-20 2026-03-27"],
        ),
        (
            "linear.csv",
            "ID,Team,Title,Status,Assignee,Started,Completed,Canceled,Due Date\nOPS-7,Ops,Raise,Done,,,2026-03-05T10:00:00.000Z,,\n",
            &[],
        ),
    ];
    for (name, text, expected) in cases {
        let folder = archive();
        let path = export(folder.path(), name, text);
        assert_eq!(differences(folder.path(), &path), *expected, "{name}");
    }
}

#[test]
fn only_the_status_and_its_date_are_written() {
    for crlf in [false, true] {
        let folder = archive();
        let ends = |text: &str| {
            if crlf {
                text.replace('\n', "\r\n")
            } else {
                text.to_owned()
            }
        };
        fs::write(incident(folder.path()), ends(ITEMS)).expect("writable");
        let path = export(folder.path(), "gh.json", GITHUB);
        let output = actions(folder.path(), &["--against", &path, "--write"]);
        assert!(output.status.success(), "{}", said(&output));
        let link = "url = \"https://github.com/example/app/issues/12\"\n";
        let expected = ITEMS.replace(
            link,
            &format!("{link}status = \"done\"\ndone_on = 2026-03-12\n"),
        );
        assert_eq!(text(folder.path()), ends(&expected));
        // Nothing is left to change.
        assert_eq!(differences(folder.path(), &path), [""; 0]);
        let output = actions(folder.path(), &["--against", &path, "--write"]);
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(text(folder.path()), ends(&expected));
    }
}

#[test]
fn an_export_that_is_none_is_rejected() {
    let folder = archive();
    for (name, text, expected) in [
        (
            "a.json",
            "[{ \"id\": 1 }]",
            "not a list of issues of GitHub, GitLab, Jira or Linear",
        ),
        ("b.json", "[{ \"url\": \"https://x\", }]", "b.json:1"),
        ("c.csv", "a,b\n1,2\n", "not a list of issues"),
        ("d.csv", "Issue key,Status\nOPS-7,Done,3\n", "d.csv:2:12"),
        ("e.csv", "", "not a list of issues"),
        (
            "f.json",
            r#"[{ "url": "https://x.example/1", "state": "OPEN" }, { "url": "https://X.example/1/", "state": "CLOSED" }]"#,
            "two issues have the name",
        ),
        (
            "g.csv",
            "Issue key,Status\nOPS-7,Done\nOPS-7,In Progress\n",
            "two issues have the name `OPS-7`",
        ),
        (
            "h.json",
            r#"[{ "url": "https://x.example/1", "state": "OPEN" }, { "state": "CLOSED" }]"#,
            "issue 2 has no URL or key",
        ),
    ] {
        let path = export(folder.path(), name, text);
        let output = actions(folder.path(), &["--against", &path, "--write"]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(
            said(&output).contains(expected),
            "{name}: {}",
            said(&output)
        );
        assert!(said(&output).contains("help:"), "{name}: {}", said(&output));
    }
    assert_eq!(text(folder.path()), ITEMS);
}

#[test]
fn what_an_export_says_without_a_known_meaning_is_named() {
    let url = "https://github.com/example/app/issues/12";
    for (name, text, expected) in [
        (
            "gh.json",
            format!(r#"[{{ "url": "{url}", "state": "weird", "closedAt": null }}]"#),
            "state: `weird` in GitHub is not known",
        ),
        (
            "gh-date.json",
            format!(r#"[{{ "url": "{url}", "state": "CLOSED", "closedAt": "garbage" }}]"#),
            "closing date: `garbage` in GitHub is not known",
        ),
        (
            "jira.csv",
            "Issue key,Status,Due date\nOPS-7,Abgeschlossen,bald\n".to_owned(),
            "due date: `bald` in Jira is not known",
        ),
        (
            "jira.json",
            r#"[{ "key": "OPS-7", "fields": { "status": { "name": "Abgeschlossen" } } }]"#
                .to_owned(),
            "state: `Abgeschlossen` in Jira is not known",
        ),
        (
            "linear.json",
            r#"[{ "identifier": "OPS-7", "state": { "type": "parked" } }]"#.to_owned(),
            "state: `parked` in Linear is not known",
        ),
    ] {
        let folder = archive();
        let path = export(folder.path(), name, &text);
        let output = actions(folder.path(), &["--against", &path, "--fail"]);
        let printed = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{name}: {printed}");
        assert!(printed.contains(expected), "{name}: {printed}");
        let output = actions(folder.path(), &["--against", &path, "--format", "json"]);
        let compared: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let unknown = &compared["unknown"][0];
        assert!(
            unknown["value"].is_string() && unknown["id"].is_string(),
            "{compared}"
        );
        // No date is made up for one that cannot be read.
        actions(folder.path(), &["--against", &path, "--write"]);
        assert!(!text_of(folder.path(), "A1").contains("done_on"), "{name}");
    }
}

/// Returns the lines of an action item with an ID.
fn text_of(root: &Path, id: &str) -> String {
    let text = text(root);
    let mut items = text.split("[[action_items]]");
    let item = items.find(|item| item.contains(&format!("id = \"{id}\"")));
    item.expect("it is there").to_owned()
}

#[test]
fn an_empty_export_has_no_issues() {
    let folder = archive();
    for (name, text) in [("gh.json", "[]"), ("jira.csv", "Issue key,Status\n")] {
        let path = export(folder.path(), name, text);
        let output = actions(folder.path(), &["--against", &path, "--write"]);
        assert!(output.status.success(), "{}", said(&output));
        assert!(String::from_utf8_lossy(&output.stdout).starts_with("no issues in the export"));
        assert!(
            said(&output).contains("not in the export: A1"),
            "{}",
            said(&output)
        );
    }
}

/// Returns the issues of the plan.
fn plan(root: &Path) -> Vec<Value> {
    let output = actions(root, &["plan", "--tracker", "github"]);
    assert!(output.status.success(), "{}", said(&output));
    let plan: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    plan["issues"].as_array().expect("a list").clone()
}

#[test]
fn a_plan_is_the_same_until_its_results_are_applied() {
    let folder = archive();
    let first = plan(folder.path());
    assert_eq!(first, plan(folder.path()));
    let [issue] = first.as_slice() else {
        panic!("{first:?}")
    };
    assert_eq!(issue["title"], "Write the runbook");
    assert_eq!(issue["command"][4], "Write the runbook");
    // An item before it changes no key.
    let key = issue["key"].clone();
    let more = ITEMS.replace(
        "[[action_items]]\nid = \"A1\"",
        "[[action_items]]\naction = \"First\"\nstatus = \"done\"\n\n[[action_items]]\nid = \"A1\"",
    );
    fs::write(incident(folder.path()), &more).expect("writable");
    assert_eq!(plan(folder.path())[0]["key"], key);
    let results =
        json!([{ "key": key, "url": "https://github.com/example/app/issues/40", "number": 40 }]);
    let path = export(folder.path(), "results.json", &results.to_string());
    for _ in 0..2 {
        let output = actions(folder.path(), &["apply", &path]);
        assert!(output.status.success(), "{}", said(&output));
        let expected = more.clone() + "url = \"https://github.com/example/app/issues/40\"\n";
        assert_eq!(text(folder.path()), expected);
    }
    assert!(plan(folder.path()).is_empty());
}

#[test]
fn an_issue_of_gitlab_is_found_at_each_of_its_paths() {
    let folder = archive();
    let own = "https://gitlab.com/example/app/-/issues/7";
    let items = ITEMS.replace("https://github.com/example/app/issues/12", own);
    for path in ["/-/work_items/7", "/-/issues/incident/7", "/-/issues/7"] {
        fs::write(incident(folder.path()), &items).expect("writable");
        let issue =
            json!([{ "iid": 7, "web_url": own.replace("/-/issues/7", path), "state": "closed" }]);
        let path = export(folder.path(), "gitlab.json", &issue.to_string());
        let found = differences(folder.path(), &path);
        assert!(
            found.contains(&"A1 status planned done".to_owned()),
            "{path}: {found:?}"
        );
    }
}

#[test]
fn an_item_that_is_not_cancelled_any_more_keeps_its_reason_and_says_so() {
    let folder = archive();
    let cancelled = "owner = \"Noor Haddad\"\nstatus = \"cancelled\"\nreason = \"Too costly\"\n";
    let items = ITEMS.replacen("owner = \"Noor Haddad\"\n", cancelled, 1);
    fs::write(incident(folder.path()), &items).expect("writable");
    let path = export(folder.path(), "gh.json", GITHUB);
    let output = actions(folder.path(), &["--against", &path, "--write"]);
    assert!(output.status.success(), "{}", said(&output));
    let note = "note: `A1` is not cancelled any more, but keeps its `reason`: Too costly";
    assert!(said(&output).contains(note), "{}", said(&output));
    assert!(text(folder.path()).contains("reason = \"Too costly\""));
}

#[test]
fn results_that_cannot_be_applied_change_nothing() {
    let folder = archive();
    let key = plan(folder.path())[0]["key"]
        .as_str()
        .expect("a key")
        .to_owned();
    let good = json!({ "key": key, "url": "https://github.com/example/app/issues/40" });
    for (bad, expected) in [
        (
            json!({ "key": "A2", "url": "https://example.com/1" }),
            "no action item has the key `A2`",
        ),
        (
            json!({ "key": "A1", "url": "https://example.com/1" }),
            "`A1` already links to",
        ),
        (
            json!({ "key": key, "url": "https://example.com/1" }),
            "has two URLs",
        ),
        (json!({ "key": key, "url": "javascript:1" }), key.as_str()),
        (
            json!({ "key": "A1", "url": "https://github.com/Example/app/issues/40/" }),
            "have the same URL",
        ),
        (json!({ "key": key }), "not a list of created issues"),
    ] {
        let path = export(
            folder.path(),
            "results.json",
            &json!([good, bad]).to_string(),
        );
        let output = actions(folder.path(), &["apply", &path]);
        assert_eq!(output.status.code(), Some(1), "{bad}");
        assert!(said(&output).contains(expected), "{bad}: {}", said(&output));
        assert_eq!(text(folder.path()), ITEMS);
    }
}

#[test]
fn a_plan_has_only_what_internal_readers_may_see() {
    let folder = archive();
    let hidden =
        "title = \"A\"\nclassification = \"confidential\"\n[[action_items]]\naction = \"Hush\"\n";
    fs::write(folder.path().join("incidents/INC-2026-0002.toml"), hidden).expect("writable");
    let more = "[[action_items]]\naction = \"Hush\"\naudience = \"confidential\"\n[[action_items]]\naction = \"Ask Lars Novak\"\nowner = \"Lars Novak\"\n[[redact]]\ntext = \"Lars Novak\"\n";
    fs::write(incident(folder.path()), format!("{ITEMS}{more}")).expect("writable");
    let issues = plan(folder.path());
    assert_eq!(issues.len(), 2, "{issues:?}");
    assert_eq!(issues[1]["title"], "Ask [redacted]");
    assert!(
        !serde_json::to_string(&issues)
            .expect("JSON")
            .contains("Novak")
    );
    let output = actions(folder.path(), &["plan", "--tracker", "github"]);
    assert!(
        said(&output).contains("left out 2 action items"),
        "{}",
        said(&output)
    );
}
