//! Marks that two clones set at once, and the files that both changed, as they are merged.

use crate::session::Clone;
use crate::site::said;

const ID: &str = "INC-2026-0001";
const TIMELINE: &str = "timelines/INC-2026-0001.json";

/// Two clones, of which each runs its commands and commits; the second one has merged the first.
fn merged(common: &[&[&str]], one_runs: &[&[&str]], other_runs: &[&[&str]]) -> Clone {
    let one = Clone::with_incident("P2");
    for arguments in common {
        one.run(arguments);
    }
    one.git(&["add", "-A"]);
    one.git(&["commit", "-q", "--allow-empty", "-m", "common"]);
    let other = Clone::of(&one);
    for (clone, commands) in [(&one, one_runs), (&other, other_runs)] {
        for arguments in commands {
            clone.run(arguments);
        }
        clone.commit();
    }
    // A conflict is left in the files.
    let pull = ["pull", "-q", "--no-rebase", "--no-edit", one.path(), "main"];
    other.git_output(&pull);
    other
}

/// Runs `check`, which finds no error, and returns what it prints.
fn checked(clone: &Clone) -> String {
    let output = clone.output(&["check"]);
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{}", said(&output));
    printed
}

fn mark<'a>(mark: &'a str, at: &'a str, text: &'a str) -> Vec<&'a str> {
    vec!["log", ID, text, "--mark", mark, "--at", at]
}

/// What both clones have, what is said, and the arguments of each.
type Case<'a> = (&'a [&'a [&'a str]], &'a str, [&'a str; 2], [&'a str; 2]);

#[test]
fn marks_of_two_clones_never_stop_a_build() {
    let started = mark("impact_started", "5:31", "Errors");
    let ended = mark("impact_ended", "5:34", "Recovered");
    let window: &[&[&str]] = &[&started, &ended];
    let closed: &[&[&str]] = &[&["status", "closed", "--at", "5:34"]];
    let cases: &[Case] = &[
        (
            &[],
            "`impact_started` is set twice",
            ["impact_started", "5:32"],
            ["impact_started", "5:33"],
        ),
        (
            &window[..1],
            "`impact_ended` is set twice",
            ["impact_ended", "5:35"],
            ["impact_ended", "5:36"],
        ),
        (
            &[],
            "`impact_ended` is set twice",
            ["impact_ended", "5:35"],
            ["impact_ended", "5:36"],
        ),
        (
            window,
            "`impact_started` is set twice",
            ["impact_started", "5:36"],
            ["impact_started", "5:37"],
        ),
        (
            closed,
            "`reopened` is set twice",
            ["reopened", "5:36"],
            ["reopened", "5:37"],
        ),
        (
            &[],
            "is negative",
            ["detected", "5:35"],
            ["acknowledged", "5:33"],
        ),
    ];
    for (common, warning, [one, one_at], [other, other_at]) in cases {
        let one_runs = mark(one, one_at, "Seen here");
        let other_runs = mark(other, other_at, "Noticed there");
        let clone = merged(common, &[&one_runs], &[&other_runs]);
        let printed = checked(&clone);
        assert!(printed.contains(warning), "{printed}");
        clone.site();
        // What the warning proposes leads to a timeline without it.
        let (_, command) = printed.split_once("`afterword log ").expect("a command");
        let (command, _) = command.split_once('`').expect("its end");
        let command = command.replace("TIME", if one == other { "5:39" } else { one_at });
        let words: Vec<&str> = command.split(' ').collect();
        clone.run(&[&["log"], &words[..]].concat());
        let printed = checked(&clone);
        assert!(!printed.contains(warning), "{command}: {printed}");
    }
}

#[test]
fn two_changes_of_the_severity_are_named() {
    let severity = |key, at| ["severity", key, "--because", "x", "--at", at];
    let clone = merged(&[], &[&severity("P1", "5:40")], &[&severity("P4", "5:41")]);
    for is_folded in [false, true] {
        let printed = checked(&clone);
        for words in [
            "the event says that the severity was `P2`, but it was `P1`",
            "write `from P1` in the text",
        ] {
            assert!(printed.contains(words), "{is_folded}: {printed}");
        }
        clone.run(&["fold", ID]);
    }
    let again = merged(&[], &[&severity("P1", "5:40")], &[&severity("P1", "5:41")]);
    let printed = checked(&again);
    assert!(
        printed.contains("the severity already is `P1`"),
        "{printed}"
    );
    assert!(!printed.contains("the severity was"), "{printed}");
}

#[test]
fn two_marks_of_one_second_leave_nothing_to_choose() {
    let one = mark("acknowledged", "5:40", "Mina");
    let other = mark("acknowledged", "5:40", "Taro");
    let clone = merged(&[], &[&one], &[&other]);
    let printed = checked(&clone);
    assert!(
        printed.contains("`acknowledged` is set twice at 2026-11-21 05:40 UTC\n"),
        "{printed}"
    );
    let joined = clone.run(&["fold", ID]);
    assert!(
        joined.contains("`acknowledged` is marked twice at 2026-11-21 05:40 UTC, so no longer by"),
        "{joined}"
    );
    assert!(!joined.contains("--move"), "{joined}");
}

#[test]
fn a_mark_is_set_twice_only_by_two_clones() {
    let clone = Clone::with_incident("P2");
    clone.run(&mark("impact_started", "5:33", "Errors"));
    let said = clone.fails(&mark("impact_started", "5:34", "More errors"));
    assert!(said.contains("is already marked"), "{said}");
    clone.run(&mark("impact_ended", "5:36", "Recovered"));
    let said = clone.refused(&mark("impact_started", "5:32", "Before"));
    assert!(said.contains("error[mark-repeated]"), "{said}");
    let said = clone.fails(&mark("impact_ended", "5:37", "Again"));
    assert!(said.contains("is already marked"), "{said}");
}

#[test]
fn joining_names_each_mark_that_it_drops() {
    let (one, other) = (mark("detected", "5:32", "x"), mark("detected", "5:33", "y"));
    let clone = merged(&[], &[&one], &[&other]);
    let joined = clone.run(&["fold", ID]);
    let line =
        "`detected` is marked at 2026-11-21 05:32 UTC, so no longer at 2026-11-21 05:33 UTC by `y`";
    assert!(joined.contains(line), "{joined}");
    let (_, command) = joined.split_once("--at \"").expect("a command");
    let (at, _) = command.split_once('"').expect("its end");
    clone.run(&["log", ID, "--move", "detected", "--at", at]);
    // The mark goes back to its event, and the other event keeps its time.
    let text = clone.read(TIMELINE);
    let marked = "\"at\": \"05:33\", \"marks\": [\"detected\"], \"text\": \"y\"";
    assert!(text.contains(marked), "{text}");
    assert!(
        text.contains("\"at\": \"05:32\", \"text\": \"x\""),
        "{text}"
    );
}

#[test]
fn joining_does_not_hide_marks_in_a_wrong_order() {
    let (one, other) = (
        mark("detected", "5:35", "x"),
        mark("acknowledged", "5:33", "y"),
    );
    let clone = merged(&[], &[&one], &[&other]);
    let said = clone.refused(&["fold", ID]);
    assert!(said.contains("error[end-before-start]"), "{said}");
}

#[test]
fn what_one_side_of_a_conflict_corrected_stays_corrected() {
    let common: &[&[&str]] = &[
        &mark("detected", "5:32", "Rolback"),
        &["log", "a secret", "--at", "5:32:30"],
        &["fold", ID],
    ];
    let clone = merged(
        common,
        &[&["log", "--move", "detected", "--at", "5:33"]],
        &[&["log", "hello"], &["fold", ID]],
    );
    let joined = clone.run(&["fold", ID]);
    assert!(
        joined
            .contains("left out, because one side removed or changed it: 2026-11-21 05:32 Rolback"),
        "{joined}"
    );
    let text = clone.read(TIMELINE);
    assert_eq!(text.matches("Rolback").count(), 1, "{text}");
    assert!(
        text.contains("\"at\": \"05:33\", \"marks\": [\"detected\"]"),
        "{text}"
    );
    assert!(text.contains("hello"), "{text}");

    // An event that one side deleted does not come back.
    let one = Clone::with_incident("P2");
    for arguments in common {
        one.run(arguments);
    }
    one.commit();
    let other = Clone::of(&one);
    let text = one.read(TIMELINE);
    let kept: Vec<&str> = text
        .lines()
        .filter(|line| !line.contains("a secret"))
        .collect();
    one.write(
        TIMELINE,
        &(kept.join("\n") + "\n").replace("Rolback\" },\n  ]", "Rollback\" }\n  ]"),
    );
    one.run(&["check"]);
    one.commit();
    other.run(&["log", "new"]);
    other.run(&["fold", ID]);
    other.commit();
    other.git_output(&["pull", "-q", "--no-rebase", "--no-edit", one.path(), "main"]);
    let joined = other.run(&["fold", ID]);
    let text = other.read(TIMELINE);
    assert!(
        !text.contains("a secret") && !text.contains("Rolback"),
        "{text}"
    );
    assert!(text.contains("Rollback") && text.contains("new"), "{text}");
    assert!(joined.contains("left out"), "{joined}");
}

#[test]
fn without_the_common_text_each_event_of_one_side_is_named() {
    let clone = Clone::with_incident("P2");
    let event =
        |text: &str| format!("    {{ \"at\": \"2026-11-21 05:32\", \"text\": \"{text}\" }}\n");
    let text = clone.read(TIMELINE);
    let (head, _) = text.split_once("\"events\": [").expect("events");
    let conflict = format!(
        "{head}\"events\": [\n<<<<<<< a\n{}=======\n{}>>>>>>> b\n  ]\n}}\n",
        event("one"),
        event("two")
    );
    clone.write(TIMELINE, &conflict);
    let joined = clone.run(&["fold", ID]);
    for text in ["one", "two"] {
        let line =
            format!("only on one side; delete it if the other removed it: 2026-11-21 05:32 {text}");
        assert!(joined.contains(&line), "{joined}");
    }
}

#[test]
fn marks_that_both_sides_moved_from_one_entry_are_moved() {
    let clone = merged(
        &[&["log", "x", "--mark", "detected,paged", "--at", "5:32"]],
        &[&["log", "--move", "detected", "--at", "5:33"]],
        &[&["log", "--move", "paged", "--at", "5:34"]],
    );
    clone.run(&["fold", ID]);
    let text = clone.read(TIMELINE);
    let line = |at: &str| text.lines().find(|line| line.contains(at)).expect("a line");
    assert!(
        line("05:33").contains("\"marks\": [\"detected\"]"),
        "{text}"
    );
    assert!(line("05:34").contains("\"marks\": [\"paged\"]"), "{text}");
    assert!(!line("05:32").contains("marks"), "{text}");
}

#[test]
fn the_mark_of_one_window_is_moved() {
    let clone = Clone::with_incident("P2");
    for (name, at) in [
        ("impact_started", "5:32"),
        ("impact_ended", "5:34"),
        ("impact_started", "5:39"),
        ("impact_ended", "5:41"),
    ] {
        clone.run(&mark(name, at, "Impact"));
    }
    // Each is moved without passing the end or the start that it alternates with.
    for (name, to) in [
        ("impact_started", "5:35"),
        ("impact_ended", "5:33"),
        ("impact_started", "5:31"),
        ("impact_ended", "5:42"),
    ] {
        clone.run(&["log", "--move", name, "--at", to]);
    }
    let report = clone.run(&["show", ID]);
    let marks = ["05:31", "05:33", "05:35", "05:42"];
    assert!(marks.iter().all(|at| report.contains(at)), "{report}");
    assert!(
        !report.contains("05:39") && !report.contains("05:41"),
        "{report}"
    );
    checked(&clone);
}

#[test]
fn a_mark_at_the_end_of_an_event_moves_the_end() {
    let clone = Clone::with_incident("P2");
    let event = |until: &str| {
        format!(
            "{{ \"at\": \"2026-11-21 05:32\", \"until\": \"{until}\", \"marks\": [\"mitigated\"], \"text\": \"Rollback\" }}\n"
        )
    };
    let path = format!("timelines/{ID}.d/20261121T053200Z-001-0.json");
    clone.write(&path, &event("05:40"));
    let moved = clone.run(&["log", "--move", "mitigated", "--at", "5:35"]);
    assert!(moved.contains("the end of its event: Rollback"), "{moved}");
    assert_eq!(clone.read(&path), event("2026-11-21 05:35"));
    let status = clone.run(&["status", ID]);
    assert!(
        status.contains("monitoring  since 2026-11-21 05:35 UTC"),
        "{status}"
    );
    let said = clone.refused(&["log", "--move", "mitigated", "--at", "5:31"]);
    assert!(
        said.contains("is the end of an event that starts at"),
        "{said}"
    );
}
