//! Rows and events of which it is easy to lose one: signatures, hand-overs, emptied tables, restrictions, references.

use super::*;

#[test]
fn what_two_people_add_at_once_stays() {
    let sign = |role| ["sign-off", "--role", role, "--name", "Ann"];
    let clone = merged(
        &[
            Run(&["affects", "--customer", "Osei", "--users", "85"]),
            Run(&["assign", "commander", "Ann"]),
        ],
        &[
            Run(&sign("commander")),
            Run(&["assign", "commander", "Bo", "--at", "5:37"]),
            Run(&["assign", "commander", "Cy", "--at", "5:38"]),
            Run(&["affects", "--customer", "Lind", "--users", "40"]),
        ],
        &[
            Run(&sign("reviewer")),
            Run(&["assign", "commander", "Bo", "--at", "5:39"]),
            Edit(
                INCIDENT,
                "[[impact.customers]]\nname  = \"Osei\"\nusers = 85\n",
                "",
            ),
        ],
    );
    let said = clone.run(&["fold", ID]);
    assert!(!said.contains("both sides changed"), "{said}");
    let text = clone.read(INCIDENT);
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part}: {text}"));
    assert_eq!(text.matches("[[sign_off.signatures]]").count(), 2, "{text}");
    assert!(at("05:37") < at("05:38") && at("05:38") < at("05:39"));
    assert!(text.contains("Lind") && !text.contains("Osei"), "{text}");
    has_no_error(&clone);
}

#[test]
fn a_reference_to_a_removed_item_is_named() {
    let clone = merged(
        &[
            Run(&["actions", "add", "One"]),
            Run(&["actions", "add", "Two"]),
        ],
        &[
            Edit(INCIDENT, "[[action_items]]\naction = \"One\"\n", ""),
            Run(&["actions", "add", "Three"]),
        ],
        &[
            Run(&["actions", "add", "Four"]),
            Run(&["cause", "To be solved by INC-2026-0001-A1"]),
            Run(&["actions", "done", "A2"]),
        ],
    );
    let said = clone.run(&["fold", ID]);
    let expected = "action item `INC-2026-0001-A1` was removed by one side, but the other names it";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn a_restriction_is_never_lost_with_a_rewritten_event() {
    let secret = "the password is hunter2";
    let restricted = "\", \"visibility\": \"confidential\" }";
    let cases = [
        (
            vec![(secret, "5:32")],
            vec![
                ("{ \"at\": \"05:32\"", "{ \"at\": \"05:33\""),
                (secret, "a password was logged"),
            ],
            "hunter2\" }",
            "hunter2",
        ),
        (
            vec![("one", "5:32"), ("two", "5:32")],
            vec![("one", "one!"), ("two", "two!")],
            "one\" }",
            "one",
        ),
    ];
    for (logged, rewritten, old, text) in cases {
        for is_pulled in [false, true] {
            let one = Clone::with_incident("P2");
            for (text, at) in &logged {
                one.run(&["log", text, "--at", at]);
            }
            change(&one, &[Run(&["fold"])]);
            let other = Clone::of(&one);
            for (old, new) in &rewritten {
                change(&one, &[Edit(TIMELINE, old, new)]);
            }
            let new = old.replace("\" }", restricted);
            change(&other, &[Edit(TIMELINE, old, &new)]);
            let (clone, from) = if is_pulled {
                (&one, &other)
            } else {
                (&other, &one)
            };
            clone.pull(from);
            let said = clone.fails(&["fold", ID]);
            let expected = "one side changed who may read the event";
            assert!(said.contains(expected) && said.contains(text), "{said}");
        }
    }
}

#[test]
fn an_entry_that_was_changed_and_removed_is_named() {
    let one = Clone::with_incident("P2");
    change(&one, &[Run(&["log", "Seen"])]);
    let other = Clone::of(&one);
    let entry = format!("timelines/{ID}.d/{}", one.entries()[0]);
    change(&one, &[Edit(&entry, "Seen", "Seen by Ana")]);
    other.git(&["rm", "-q", &entry]);
    change(&other, &[Run(&["log", "Meanwhile"])]);
    other.pull(&one);
    let said = other.run(&["fold", ID]);
    let expected = "  kept, because one side changed what the other removed: 2026-11-21 05:42:08 UTC Seen by Ana\n";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn the_sides_of_a_rebase_are_joined_by_what_was_before() {
    let old = "classification = \"internal\"        # or public, customers, confidential";
    let services = |list: &str| format!("{old}\nservices = [{list}]");
    let one = Clone::with_incident("P2");
    let base = services("\"a\", \"b\"");
    change(&one, &[Edit(INCIDENT, old, &base)]);
    let other = Clone::of(&one);
    change(&one, &[Edit(INCIDENT, &base, &services("\"b\", \"c\""))]);
    change(
        &other,
        &[Edit(INCIDENT, &base, &services("\"a\", \"b\", \"d\""))],
    );
    other.git(&["fetch", "-q", one.path(), "main"]);
    other.git_output(&["rebase", "FETCH_HEAD"]);
    // Markers that were added are no conflict for git any more.
    other.git(&["add", "-A"]);
    other.run(&["fold", ID]);
    let text = other.read(INCIDENT);
    assert!(text.contains("services = [\"b\", \"c\", \"d\"]"), "{text}");
    // Without the text before both sides, what only one has is named.
    let head = clone_of_a_squash(&one);
    let said = head.run(&["fold", ID]);
    let expected = "git does not know the text before both sides; only on one side, so delete what the other removed: `c` in `services`, `e` in `services`";
    assert!(said.contains(expected), "{said}");
}

/// A clone in which another branch was squashed, and the markers of the conflict were added.
fn clone_of_a_squash(one: &Clone) -> Clone {
    let clone = Clone::of(one);
    clone.git(&["checkout", "-q", "-b", "side", "HEAD~1"]);
    change(&clone, &[Edit(INCIDENT, "\"a\", \"b\"", "\"b\", \"e\"")]);
    clone.git(&["checkout", "-q", "main"]);
    clone.git_output(&["merge", "--squash", "side"]);
    clone.git(&["add", "-A"]);
    clone
}
