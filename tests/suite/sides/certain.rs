//! What `fold` refuses or leaves as it is, because joining could lose, tear or bring back a text.

use super::*;

const CHECKOUT: &str = "or keep one side with `git checkout --ours";

#[test]
fn an_event_that_was_rewritten_after_it_was_joined_does_not_come_back() {
    let secret = "the password is hunter2";
    for is_one_commit in [true, false] {
        let one = Clone::with_incident("P2");
        change(&one, &[Run(&["log", secret, "--at", "5:33"])]);
        let other = Clone::of(&one);
        let entry = format!("timelines/{ID}.d/{}", one.entries()[0]);
        let actor = "{ \"actor\": \"ana\", \"at\"";
        change(&one, &[Edit(&entry, "{ \"at\"", actor)]);
        let rewritten = Edit(TIMELINE, secret, "a password was logged");
        if is_one_commit {
            change(&other, &[Run(&["fold"]), rewritten]);
        } else {
            change(&other, &[Run(&["fold"])]);
            change(&other, &[rewritten]);
        }
        other.pull(&one);
        let said = other.refused(&["fold", ID]);
        assert!(
            said.contains(&format!(
                "one clone changed `{entry}`, and another one joined it"
            )),
            "{said}"
        );
        // A merge that was committed changes nothing about it.
        change(&other, &[]);
        other.refused(&["fold", ID]);
        other.git(&["rm", "-q", &entry]);
        let said = other.run(&["fold", ID]);
        assert!(said.contains("no entries to join"), "{said}");
        assert!(!other.read(TIMELINE).contains(secret));
    }
}

#[test]
fn an_entry_of_a_fold_that_was_reverted_is_joined_again() {
    let clone = Clone::with_incident("P2");
    change(&clone, &[Run(&["log", "Seen"])]);
    change(&clone, &[Run(&["fold"])]);
    clone.git(&["revert", "--no-edit", "HEAD"]);
    let said = clone.run(&["fold"]);
    assert!(said.contains("joined 1 entry"), "{said}");
}

#[test]
fn only_references_follow_an_item_that_got_another_number() {
    let said_so = [
        ("body", "We will do INC-2026-0001-A1: check hosts."),
        ("url", "https://wiki.example/INC-2026-0001-A1"),
        ("code", "ticket INC-2026-0001-A1 opened"),
    ];
    let [body, url, code] = said_so.map(|(key, text)| format!("{key} = \"{text}\"\n"));
    let rows = format!(
        "\n[resolution]\nlong_term = [{{ action = \"INC-2026-0001-A1\" }}]\n\n[[messages]]\nstage = \"investigating\"\n{body}\n[[references]]\ntitle = \"Wiki\"\n{url}\n[[evidence]]\ntitle = \"Log\"\n{code}\n[[action_items]]"
    );
    let clone = merged(
        &[],
        &[
            Run(&["actions", "add", "Check hosts"]),
            Edit(INCIDENT, "\n[[action_items]]", &rows),
        ],
        &[Run(&["actions", "add", "Fix fallback"])],
    );
    let said = clone.run(&["fold", ID]);
    let text = clone.read(INCIDENT);
    assert!(text.contains("action = \"INC-2026-0001-A2\""), "{text}");
    for (key, kept) in said_so {
        assert!(text.contains(kept), "{text}");
        let named =
            format!("[0].{key}` still says `INC-2026-0001-A1`, which is now `INC-2026-0001-A2`");
        assert!(said.contains(&named), "{said}");
    }
    assert_eq!(said.matches("still says").count(), 3, "{said}");
}

#[test]
fn a_text_with_a_line_like_a_marker_is_never_torn() {
    let root_cause =
        |text: &str| format!("\n[root_cause]\nprimary = '''\n{text}\n'''\n\n[[action_items]]");
    let base = root_cause("It was full.");
    let (first, second) = (
        root_cause("What happened\n=======\nThe pool was too small.\nIt was raised."),
        root_cause("Findings\nThe pool was empty."),
    );
    let clone = merged(
        &[
            Run(&["actions", "add", "Known"]),
            Edit(INCIDENT, "\n[[action_items]]", &base),
        ],
        &[Edit(INCIDENT, &base, &second)],
        &[Edit(INCIDENT, &base, &first)],
    );
    clone.run(&["fold", ID]);
    let text = clone.read(INCIDENT);
    assert!(
        text.contains(&first) && !text.contains("Findings"),
        "{text}"
    );
    // Without the sides that git has, it is uncertain which line is the marker.
    clone.run(&["undo"]);
    let text = clone.read(INCIDENT);
    clone.write(INCIDENT, &(text + "# Changed by hand\n"));
    let said = clone.fails(&["fold", ID]);
    let expected = "looks like one of its markers, so it is uncertain where each side ends";
    assert!(said.contains(expected) && said.contains(CHECKOUT), "{said}");
    change(&clone, &[]);
    let said = clone.fails(&["fold", ID]);
    assert!(
        said.contains(expected) && !said.contains(CHECKOUT),
        "{said}"
    );
}

#[test]
fn marks_of_two_joined_timelines_that_contradict_each_other_are_left_to_a_command() {
    let mark = |mark, text, at| ["log", "--mark", mark, text, "--at", at];
    let clone = merged(
        &[Run(&["log", "Known", "--at", "5:32"]), Run(&["fold"])],
        &[
            Run(&mark("identified", "Cause found", "5:35")),
            Run(&["fold"]),
        ],
        &[Run(&mark("detected", "Alert seen", "5:38")), Run(&["fold"])],
    );
    let said = clone.run(&["fold", ID]);
    assert!(
        said.contains("marks of both sides contradict each other"),
        "{said}"
    );
    assert!(clone.read(TIMELINE).contains("Alert seen"));
    assert_eq!(clone.entries().len(), 1);
    has_no_error(&clone);
    clone.run(&["log", ID, "--move", "identified", "--at", "5:39"]);
    clone.run(&["fold", ID]);
    let text = clone.read(TIMELINE);
    assert!(
        text.contains("\"05:39\"") && text.contains("Alert seen"),
        "{text}"
    );
    has_no_error(&clone);
}

#[test]
fn a_text_before_both_sides_with_conflicts_of_its_own_counts_as_unknown() {
    let one = Clone::with_incident("P2");
    let other = Clone::of(&one);
    change(&one, &[Run(&["actions", "add", "One"])]);
    change(&other, &[Run(&["actions", "add", "Two"])]);
    let before = Clone::of(&one);
    // Both merge each other, and join the same conflict in another order.
    one.pull(&other);
    one.run(&["fold", ID]);
    change(&one, &[Run(&["actions", "add", "Three"])]);
    other.pull(&before);
    other.run(&["fold", ID]);
    change(&other, &[]);
    other.pull(&one);
    other.run(&["fold", ID]);
    let text = other.read(INCIDENT);
    for item in ["One", "Two", "Three"] {
        assert_eq!(text.matches(&format!("\"{item}\"")).count(), 1, "{text}");
    }
    has_no_error(&other);
}

#[test]
fn an_incident_that_one_side_removed_is_named() {
    let one = Clone::with_incident("P2");
    let other = Clone::of(&one);
    one.git(&["rm", "-q", INCIDENT]);
    change(&one, &[]);
    change(&other, &[Run(&["cause", "The pool was too small"])]);
    other.pull(&one);
    let said = other.run(&["fold", ID]);
    let expected = format!("one side changed `{INCIDENT}` and the other removed it");
    assert!(said.contains(&expected), "{said}");
}

#[test]
fn an_event_of_a_public_timeline_keeps_its_restriction() {
    let event = "\"text\": \"Seen\"";
    let restricted = "\"text\": \"Seen\", \"visibility\": \"customers\"";
    for is_first in [true, false] {
        let restrict = [Edit(TIMELINE, event, restricted)];
        let rewrite = [Edit(TIMELINE, event, "\"text\": \"Seen on db\"")];
        let common = [
            Run(&["log", "Seen", "--at", "5:33"]),
            Run(&["fold"]),
            Edit(
                TIMELINE,
                "\"events\"",
                "\"visibility\": \"public\",\n  \"events\"",
            ),
        ];
        let clone = if is_first {
            merged(&common, &restrict, &rewrite)
        } else {
            merged(&common, &rewrite, &restrict)
        };
        clone.run(&["fold", ID]);
        let text = clone.read(TIMELINE);
        assert!(text.contains("\"customers\""), "{text}");
    }
}

#[test]
fn an_event_that_both_sides_rewrote_is_named() {
    let line = |at: &str, text: &str| format!("{{ \"at\": \"{at}\", \"text\": \"{text}\" }}");
    let common = line("05:33", "Seen");
    let clone = merged(
        &[Run(&["log", "Seen", "--at", "5:33"]), Run(&["fold"])],
        &[Edit(TIMELINE, &common, &line("05:34", "Alert on db"))],
        &[Edit(TIMELINE, &common, &line("05:35", "Alert on api"))],
    );
    let said = clone.run(&["fold", ID]);
    let expected = "removed or rewritten by both sides; if it was rewritten, keep one version of it: 2026-11-21 05:33 Seen";
    assert!(said.contains(expected), "{said}");
}
