//! What `fold` keeps of two sides that changed the same rows, events and restrictions.

use crate::session::Clone;

mod certain;
mod rows;

const ID: &str = "INC-2026-0001";
const INCIDENT: &str = "incidents/INC-2026-0001.toml";
const TIMELINE: &str = "timelines/INC-2026-0001.json";

/// A change of a clone: a command, or a text of a file that is replaced by hand.
enum Do<'a> {
    Run(&'a [&'a str]),
    Edit(&'a str, &'a str, &'a str),
}

use Do::{Edit, Run};

fn change(clone: &Clone, changes: &[Do]) {
    for change in changes {
        match change {
            Run(arguments) => {
                clone.run(arguments);
            }
            Edit(path, old, new) => {
                let text = clone.read(path);
                assert!(text.contains(old), "{old}: {text}");
                clone.write(path, &text.replace(old, new));
            }
        }
    }
    clone.git(&["add", "-A"]);
    clone.git(&["commit", "-q", "--allow-empty", "-m", "change"]);
}

/// Two clones that start from one state; the second one, which is returned, pulls what the first one changed.
fn merged(common: &[Do], first: &[Do], second: &[Do]) -> Clone {
    let one = Clone::with_incident("P2");
    change(&one, common);
    let other = Clone::of(&one);
    change(&one, first);
    change(&other, second);
    other.pull(&one);
    other
}

fn has_no_error(clone: &Clone) {
    let output = clone.output(&["check"]);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn one_item_that_both_sides_changed_keeps_both_changes() {
    let restricted = "action = \"Known\"\naudience = \"confidential\"";
    let clone = merged(
        &[
            Run(&["actions", "add", "Known"]),
            Run(&["actions", "add", "Other"]),
            Run(&["affects", "--customer", "Base", "--users", "2"]),
        ],
        &[
            Run(&["actions", "done", "A1"]),
            Run(&["affects", "--customer", "Base", "--complaints", "3"]),
            Run(&["affects", "--customer", "Zed", "--users", "1"]),
            Edit(INCIDENT, "action = \"Known\"", restricted),
        ],
        &[
            Run(&["actions", "move", "A1", "--due", "+20d", "--owner", "Ana"]),
            Run(&[
                "affects",
                "--customer",
                "Base",
                "--contact",
                "x@example.com",
            ]),
            Run(&["affects", "--customer", "Zed", "--users", "2"]),
        ],
    );
    let said = clone.run(&["fold", ID]);
    let text = clone.read(INCIDENT).replace("  ", "").replace(" =", "=");
    for part in [
        "status= \"done\"",
        "owner= \"Ana\"",
        "due= 2026-12-11",
        "audience= \"confidential\"",
        "complaints= 3",
        "contact= \"x@example.com\"",
    ] {
        assert_eq!(text.matches(part).count(), 1, "{part}: {text}");
    }
    assert_eq!(text.matches("Zed").count(), 1, "{text}");
    let contested = "both sides changed `users` of `Zed` in `impact.customers`: kept 2, not 1";
    assert!(said.contains(contested), "{said}");
    has_no_error(&clone);
}

#[test]
fn a_row_that_one_side_removed_and_the_other_changed_is_for_a_person() {
    let one = "[[action_items]]\naction = \"One\"\n";
    let clone = merged(
        &[
            Run(&["actions", "add", "One"]),
            Run(&["actions", "add", "Two"]),
        ],
        &[Edit(INCIDENT, one, ""), Run(&["actions", "add", "New"])],
        &[
            Run(&["actions", "done", "A1"]),
            Run(&["actions", "add", "Later"]),
        ],
    );
    let said = clone.fails(&["fold", ID]);
    assert!(
        said.contains("both sides changed or removed `One` in `action_items`")
            && said.contains("`git checkout --ours incidents/INC-2026-0001.toml`"),
        "{said}"
    );
}

#[test]
fn a_reference_still_means_the_item_that_got_another_number() {
    let reference = [
        Run(&["actions", "add", "Check hosts"]),
        Edit(
            INCIDENT,
            "\n[[action_items]]",
            "\n[resolution]\nlong_term = [{ action = \"INC-2026-0001-A1\" }]\n\n[[action_items]]",
        ),
    ];
    let clone = merged(&[], &reference, &[Run(&["actions", "add", "Fix fallback"])]);
    let said = clone.run(&["fold", ID]);
    let moved = "action item `INC-2026-0001-A1` of the second side is now `INC-2026-0001-A2`";
    assert!(said.contains(moved), "{said}");
    let text = clone.read(INCIDENT);
    assert!(text.contains("action = \"INC-2026-0001-A2\""), "{text}");
    let items = clone.run(&["actions"]);
    let line = items.lines().find(|line| line.contains("INC-2026-0001-A2"));
    assert!(
        line.is_some_and(|line| line.contains("Check hosts")),
        "{items}"
    );
}

#[test]
fn other_files_that_name_an_item_with_another_number_are_named() {
    let clone = merged(
        &[Run(&["new", "Other", "--severity", "P3"])],
        &[
            Run(&["actions", "add", ID, "Check hosts"]),
            Run(&["cause", "--incident", "0002", "See INC-2026-0001-A1"]),
        ],
        &[
            Run(&["actions", "add", ID, "Fix fallback"]),
            Run(&["log", ID, "INC-2026-0001-A1 is for the fallback"]),
            Run(&["log", ID, "INC-2026-0001-A12 is another"]),
        ],
    );
    let joined = clone.run(&["fold", ID]);
    let named = joined
        .lines()
        .find(|line| line.contains("check which one is meant"));
    let named = named.expect("a line");
    assert!(named.contains("`incidents/INC-2026-0002.toml`"), "{joined}");
    assert_eq!(named.matches(".d/").count(), 1, "{joined}");
}

#[test]
fn the_more_restricted_side_wins() {
    let stated = "\"internal\"";
    let (public, confidential) = ("\"public\"", "\"confidential\"");
    for (first, second) in [(confidential, public), (public, confidential)] {
        let clone = merged(
            &[],
            &[Edit(INCIDENT, stated, first)],
            &[Edit(INCIDENT, stated, second)],
        );
        let said = clone.run(&["fold", ID]);
        let text = clone.read(INCIDENT);
        assert!(text.contains(confidential), "{text}");
        assert!(
            said.contains("kept \"confidential\", which is more restricted than \"public\""),
            "{said}"
        );
    }
    // What only one side changed counts too.
    let clone = merged(
        &[],
        &[Run(&["affects", "--service", "db"])],
        &[
            Run(&["affects", "--service", "api"]),
            Edit(INCIDENT, stated, public),
        ],
    );
    let said = clone.run(&["fold", ID]);
    assert!(!clone.read(INCIDENT).contains(public));
    assert!(
        said.contains("kept \"internal\", which is more restricted than \"public\""),
        "{said}"
    );
}

#[test]
fn hand_overs_of_two_clones_are_in_the_order_of_their_times() {
    let clone = merged(
        &[Run(&["assign", "commander", "Ann"])],
        &[Run(&["assign", "commander", "Bo", "--at", "5:33"])],
        &[Run(&["assign", "commander", "Di", "--at", "5:34"])],
    );
    clone.run(&["fold", ID]);
    let text = clone.read(INCIDENT);
    let at = |name: &str| text.find(name).expect("it is there");
    assert!(at("\"Bo\"") < at("\"Di\""), "{text}");
    has_no_error(&clone);
}

#[test]
fn a_redacted_event_does_not_come_back() {
    let secret = "the password is hunter2";
    let logged = [Run(&["log", secret, "--at", "5:33"])];
    let redactions = [
        (secret, "a password was logged", "a password was logged"),
        (
            "hunter2\"",
            "hunter2\", \"visibility\": \"confidential\"",
            "\"visibility\": \"confidential\"",
        ),
    ];
    for (old, new, kept) in redactions {
        for is_pulled in [false, true] {
            // One clone changes the entry, the other joins it.
            let one = Clone::with_incident("P2");
            change(&one, &logged);
            let other = Clone::of(&one);
            let entry = format!("timelines/{ID}.d/{}", one.entries()[0]);
            change(&one, &[Edit(&entry, old, new)]);
            change(&other, &[Run(&["log", "meanwhile"]), Run(&["fold"])]);
            let (clone, from) = if is_pulled {
                (&one, &other)
            } else {
                (&other, &one)
            };
            clone.pull(from);
            let said = clone.run(&["fold", ID]);
            let text = clone.read(TIMELINE);
            assert!(text.contains("meanwhile") && text.contains(kept), "{text}");
            assert_eq!(text.matches("password").count(), 1, "{text}");
            assert!(said.contains("left out, because"), "{said}");
        }
    }
}

#[test]
fn versions_of_one_event_are_joined_key_by_key() {
    let common = [
        Run(&["log", "Seen", "--at", "5:33"]),
        Run(&["log", "Other", "--at", "5:34"]),
        Run(&["fold"]),
    ];
    let event = "\"text\": \"Seen\"";
    let cases = [
        // Both changed the text.
        (
            "\"text\": \"Seen on db\"",
            "\"text\": \"Seen by Ana\"",
            "\"text\": \"Seen by Ana\"",
            "both sides changed `text` of the event 2026-11-21 05:33 Seen: kept \"Seen by Ana\", not \"Seen on db\"",
        ),
        (
            "\"text\": \"Seen\", \"visibility\": \"confidential\"",
            "\"actor\": \"Ana\", \"text\": \"Seen\"",
            "\"text\": \"Seen\", \"actor\": \"Ana\", \"visibility\": \"confidential\"",
            "",
        ),
        (
            "\"text\": \"Seen\", \"visibility\": \"public\"",
            "\"text\": \"Seen again\"",
            "\"text\": \"Seen again\"",
            "more restricted than \"public\"",
        ),
    ];
    for (first, second, expected, note) in cases {
        let clone = merged(
            &common,
            &[Edit(TIMELINE, event, first)],
            &[Edit(TIMELINE, event, second)],
        );
        let said = clone.run(&["fold", ID]);
        let text = clone.read(TIMELINE);
        assert_eq!(text.matches("Seen").count(), 1, "{text}");
        let line = text.lines().find(|line| line.contains("Seen"));
        let line = line.expect("a line");
        assert!(
            line.contains(expected) && !line.contains("\"public\""),
            "{text}"
        );
        assert!(said.contains(note), "{said}");
    }
    // What one side removed stays removed, also if the other changed it.
    let line = "    { \"at\": \"05:33\", \"text\": \"Seen\" },\n";
    for is_first in [true, false] {
        let removed = [Edit(TIMELINE, line, "")];
        let changed = [Edit(TIMELINE, event, "\"text\": \"Seen again\"")];
        let clone = if is_first {
            merged(&common, &removed, &changed)
        } else {
            merged(&common, &changed, &removed)
        };
        let said = clone.run(&["fold", ID]);
        assert!(
            !clone.read(TIMELINE).contains("Seen"),
            "{}",
            clone.read(TIMELINE)
        );
        assert!(said.contains("05:33 Seen again"), "{said}");
    }
}

#[test]
fn markers_that_were_committed_are_joined_by_the_common_text() {
    let clone = merged(
        &[
            Run(&["affects", "--customer", "Base", "--users", "2"]),
            Run(&["affects", "--service", "db"]),
            Run(&["affects", "--service", "api"]),
        ],
        &[
            Run(&["affects", "--customer", "Base", "--users", "90"]),
            Edit(INCIDENT, "[\"db\", \"api\"]", "[\"db\"]"),
        ],
        &[
            Run(&["affects", "--service", "mail"]),
            Run(&[
                "affects",
                "--customer",
                "Base",
                "--contact",
                "x@example.com",
            ]),
        ],
    );
    change(&clone, &[]);
    let output = clone.output(&["status"]);
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        format!("no incident that can be read is open\n\nnot included, because of errors: {ID}\n")
    );
    clone.run(&["fold", ID]);
    let text = clone.read(INCIDENT);
    assert_eq!(text.matches("Base").count(), 1, "{text}");
    assert!(
        text.contains("users = 90") || text.contains("users   = 90"),
        "{text}"
    );
    assert!(text.contains("= [\"db\", \"mail\"]"), "{text}");
}

#[test]
fn a_new_incident_takes_over_no_entries_of_another() {
    let clone = merged(
        &[],
        &[Run(&["rename", ID, "PD-77"])],
        &[Run(&["log", "recorded meanwhile"])],
    );
    assert!(clone.file("timelines/INC-2026-0001.d").exists());
    let created = clone.run(&["new", "Search is slow", "--severity", "P3"]);
    assert!(created.starts_with("INC-2026-0002"), "{created}");
    for arguments in [
        [
            "new",
            "Search is slow",
            "--severity",
            "P3",
            "--id",
            "inc-2026-0001",
        ]
        .as_slice(),
        &["rename", "PD-77", ID],
    ] {
        let said = clone.fails(arguments);
        assert!(
            said.contains("`timelines/INC-2026-0001.d` has events"),
            "{said}"
        );
    }
    let report = clone.run(&["show", "PD-77"]).replace("PD-77", ID);
    clone.write("report.md", &report);
    let memory = include_str!("memory/incidents.md");
    clone.write("memory.md", &memory.replace("INC-1234", ID));
    for arguments in [
        ["import", "report", "report.md"].as_slice(),
        &["memory", "import", "memory.md"],
    ] {
        let file = clone.file(arguments[2]);
        let words = [&arguments[..2], &[file.to_str().expect("UTF-8")]].concat();
        let said = clone.fails(&words);
        assert!(
            said.contains("has events that `INC-2026-0001` would take over"),
            "{said}"
        );
    }
}
