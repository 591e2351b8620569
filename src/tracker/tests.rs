use super::*;
use crate::archive::tests::record;

/// Reads an export in New York.
fn export(text: &str) -> Result<Vec<Issue>, String> {
    let zone = "America/New_York".parse().expect("a zone");
    let read = read(&Source::new("export", text), zone);
    read.map(|export| export.issues)
        .map_err(|error| error.message)
}

fn action(lines: &str) -> ActionItem {
    let record = record(&format!("[[action_items]]\naction = 'x'\n{lines}\n"), &[]);
    record
        .incident
        .action_items
        .into_iter()
        .next()
        .expect("one")
}

/// Returns the keys in which an action item and an issue differ.
fn differences(item: &str, issue: &Issue) -> Vec<&'static str> {
    let names = |name: &str| match name {
        "Ada" => vec!["Ada".to_owned(), " ADA1 ".to_owned()],
        name => vec![name.to_owned()],
    };
    let found = issue.differences(&action(item), names);
    found.iter().map(|found| found.key).collect()
}

#[test]
fn a_day_is_that_of_the_zone_in_every_form_of_a_time() {
    let zone = "America/New_York".parse().expect("a zone");
    for (text, expected) in [
        ("2025-01-15", Some("2025-01-15")),
        (" 2025-01-15 ", Some("2025-01-15")),
        ("2025-01-15T03:00:00Z", Some("2025-01-14")),
        ("2025-01-15T03:00:00.123Z", Some("2025-01-14")),
        ("2025-01-15T03:00:00+0100", Some("2025-01-14")),
        ("2025-01-15T23:00:00-05:00", Some("2025-01-15")),
        ("2025-01-15 03:00:00 UTC", Some("2025-01-14")),
        ("2025-01-15 03:00:00", Some("2025-01-14")),
        // Jira writes the time of its user.
        ("15/Jan/25 3:00 AM", Some("2025-01-15")),
        ("15/Jan/25", Some("2025-01-15")),
        ("2025-02-30", None),
        ("01/15/2025", None),
        ("tomorrow", None),
        ("", None),
    ] {
        let found = day(text, zone).map(|day| day.to_string());
        assert_eq!(found.as_deref(), expected, "{text}");
    }
}

#[test]
fn an_issue_is_linked_by_its_address_or_by_its_key_as_a_whole_part() {
    for (name, url, is_linked) in [
        (
            "https://github.com/a/b/issues/1",
            "http://GitHub.com/a/b/issues/1/?x#y",
            true,
        ),
        (
            "https://github.com/a/b/issues/1",
            "https://github.com/a/b/issues/12",
            false,
        ),
        (
            "https://gitlab.com/a/-/issues/1",
            "https://gitlab.com/a/-/work_items/1",
            true,
        ),
        (
            "https://gitlab.com/a/-/issues/1",
            "https://gitlab.com/a/-/issues/incident/1",
            true,
        ),
        ("OPS-1", "https://x.atlassian.net/browse/ops-1", true),
        ("OPS-1", "https://x.atlassian.net/browse/OPS-12", false),
        (
            "ENG-7",
            "https://linear.app/team/issue/ENG-7/slug-of-title",
            true,
        ),
        // The host is no key.
        ("ops-1", "https://ops-1/browse/2", false),
    ] {
        let issue = Issue {
            name: name.to_owned(),
            ..Issue::default()
        };
        assert_eq!(issue.is_linked(url), is_linked, "{name} {url}");
    }
}

#[test]
fn what_an_export_does_not_say_is_no_difference() {
    let silent = Issue::default();
    let owned = |names: &[&str]| Issue {
        owners: Some(names.iter().map(|name| vec![(*name).to_owned()]).collect()),
        ..Issue::default()
    };
    let due = |due: Option<&str>| Issue {
        due: Some(due.map(|due| due.parse().expect("a day"))),
        ..Issue::default()
    };
    let is = |state| Issue {
        state: Some(state),
        ..Issue::default()
    };
    let done = State::Is(Progress::Done);
    let full = "owner = 'Ada'\ndue = 2025-01-15\nstatus = 'done'";
    for (item, issue, expected) in [
        ("", &silent, vec![]),
        (full, &silent, vec![]),
        ("", &owned(&[]), vec![]),
        ("", &owned(&["Bo"]), vec!["owner"]),
        ("owner = 'Ada'", &owned(&[]), vec!["owner"]),
        ("owner = 'Ada'", &owned(&["ada"]), vec![]),
        ("owner = 'Ada'", &owned(&["ada1"]), vec![]),
        ("owner = 'Ada'", &owned(&["Bo", "Ada"]), vec![]),
        ("owner = 'Ada'", &owned(&["Bo"]), vec!["owner"]),
        ("", &due(None), vec![]),
        ("due = 2025-01-15", &due(None), vec!["due"]),
        ("due = 2025-01-15", &due(Some("2025-01-15")), vec![]),
        ("", &due(Some("2025-01-15")), vec!["due"]),
        ("status = 'done'", &is(done), vec![]),
        ("status = 'planned'", &is(done), vec!["status"]),
        // Whether work has begun is not known of an open issue.
        ("status = 'in_progress'", &is(State::Open), vec![]),
        ("status = 'planned'", &is(State::Open), vec![]),
        ("status = 'done'", &is(State::Open), vec!["status"]),
    ] {
        assert_eq!(differences(item, issue), expected, "{item} {issue:?}");
    }
}

#[test]
fn a_status_of_ones_own_workflow_is_named_and_not_guessed() {
    let csv =
        |row: &str| format!("Issue key,Status,Status Category,Resolution,Due date\nOPS-1,{row}\n");
    for (row, state, unknown) in [
        ("To Do,,,", Some(State::Is(Progress::Planned)), None),
        ("Shipped,Done,,", Some(State::Is(Progress::Done)), None),
        (
            "Shipped,Done,Won't Do,",
            Some(State::Is(Progress::Cancelled)),
            None,
        ),
        (
            "In Progress,,,",
            Some(State::Is(Progress::InProgress)),
            None,
        ),
        ("Shipped,,,", None, Some(("state", "Shipped"))),
        ("Done,Abgeschlossen,,", None, Some(("state", "Done"))),
        (
            "To Do,,,soon",
            Some(State::Is(Progress::Planned)),
            Some(("due date", "soon")),
        ),
    ] {
        let issue = export(&csv(row)).expect("an export").remove(0);
        assert_eq!(issue.state, state, "{row}");
        let found = issue.unknown.first();
        let found = found.map(|found| (found.what, found.value.as_str()));
        assert_eq!(found, unknown, "{row}");
        // A due date that cannot be read is none that differs.
        assert_eq!(issue.due.is_none(), row.ends_with("soon"), "{row}");
    }
}

#[test]
fn an_export_with_an_issue_that_has_no_name_or_two_meanings_is_rejected() {
    let csv = |rows: &str| format!("Issue key,Status\n{rows}");
    for (text, expected) in [
        (csv("OPS-1,Done\nOPS-1,Done\n"), Ok(2)),
        (
            csv("OPS-1,Done\nops-1,To Do\n"),
            Err("two issues have the name `ops-1` and differ"),
        ),
        (csv("OPS-1,Done\n,Done\n"), Err("issue 2 has no URL or key")),
        ("[]".to_owned(), Ok(0)),
        (
            "Key,State\n1,2\n".to_owned(),
            Err("not a list of issues of GitHub, GitLab, Jira or Linear"),
        ),
        (
            "{\"a\": 1}".to_owned(),
            Err("not a list of issues of GitHub, GitLab, Jira or Linear"),
        ),
    ] {
        let found = export(&text).map(|issues| issues.len());
        assert_eq!(found, expected.map_err(str::to_owned), "{text}");
    }
}
