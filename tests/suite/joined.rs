//! Files that two clones changed at once, and how `fold` and `rename` lead out of it.

use std::fs;

use crate::session::Clone;

const ID: &str = "INC-2026-0001";
const INCIDENT: &str = "incidents/INC-2026-0001.toml";
const TIMELINE: &str = "timelines/INC-2026-0001.json";

fn has_conflict(clone: &Clone) -> bool {
    let output = clone.git_output(&["diff", "--name-only", "--diff-filter=U"]);
    !output.stdout.is_empty()
}

/// Two clones with an incident that has an action item and a customer.
fn two_clones() -> (Clone, Clone) {
    let one = Clone::with_incident("P2");
    one.run(&["affects", "--customer", "Base", "--users", "2"]);
    one.run(&["actions", "add", "Known to both"]);
    one.commit();
    let other = Clone::of(&one);
    (one, other)
}

#[test]
fn what_two_clones_record_in_one_file_is_joined() {
    let (one, other) = two_clones();
    let message = one.message();
    let of_one: &[&[&str]] = &[
        &["affects", "--customer", "Acme", "--users", "3"],
        &["actions", "add", "Fix one", "--owner", "Ana"],
        &["assign", "commander", "Ana Reyes"],
        &["affects", "--service", "db"],
        &["cause", "The pool was too small"],
        &["comms", "--record", "--file", &message],
    ];
    let of_other: &[&[&str]] = &[
        &["affects", "--customer", "Bolt", "--users", "3"],
        &["affects", "--customer", "Base", "--users", "9"],
        &["actions", "add", "Fix the other"],
        &["actions", "done", "A1"],
        &["assign", "scribe", "Mina Sol"],
        &["affects", "--service", "cache"],
        &["severity", "P1"],
        &["cause", "The pool leaked"],
    ];
    for (clone, commands) in [(&one, of_one), (&other, of_other)] {
        for arguments in commands {
            clone.run(arguments);
        }
        clone.commit();
    }
    other.pull(&one);
    assert!(has_conflict(&other));
    let found = other.output(&["check"]).stdout;
    let found = String::from_utf8_lossy(&found).into_owned();
    assert!(
        found.contains(&format!("to join both sides, run `afterword fold {ID}`")),
        "{found}"
    );
    let joined = other.run(&["fold", ID]);
    let contested = "  both sides changed `root_cause.primary`: kept \"The pool leaked\", not \"The pool was too small\"\n";
    assert!(joined.contains(contested), "{joined}");
    let text = other.read(INCIDENT);
    for part in [
        "services = [\"cache\", \"db\"]",
        "name  = \"Base\"\nusers = 9",
        "name  = \"Bolt\"",
        "name  = \"Acme\"",
        "action = \"Known to both\"\nstatus = \"done\"",
        "action = \"Fix the other\"",
        "action = \"Fix one\"\nowner  = \"Ana\"",
        "commander = \"Ana Reyes\"",
        "scribe = \"Mina Sol\"",
        "All is well",
    ] {
        let is_there = |text: &str| text.replace("       =", " =").contains(part);
        assert!(is_there(&text), "{part}: {text}");
    }
    let checked = other.output(&["check"]);
    assert!(checked.status.success(), "{checked:?}");
    assert!(!other.entries().is_empty(), "the timeline had no conflict");
    // One `undo` brings the conflict back.
    other.run(&["undo"]);
    assert!(other.read(INCIDENT).contains("<<<<<<<"));
}

#[test]
fn two_incidents_with_one_id_are_never_mixed() {
    let one = Clone::empty();
    one.run(&["init", one.path()]);
    one.git(&["init", "-q", "-b", "main"]);
    one.commit();
    let other = Clone::of(&one);
    for (clone, title, at) in [
        (&one, "Mail is down", "5:31"),
        (&other, "Queue is slow", "5:35"),
    ] {
        clone.run(&["new", title, "--severity", "P2", "--at", at]);
        clone.run(&["log", title]);
        clone.commit();
    }
    other.pull(&one);
    let found = other.output(&["check"]).stdout;
    let found = String::from_utf8_lossy(&found).into_owned();
    assert!(
        found.contains("= help: if these are two incidents with one ID, undo the merge"),
        "{found}"
    );
    for file in [INCIDENT, TIMELINE] {
        let helps = format!("`afterword fold {ID}`");
        let of_file = found
            .split("error[")
            .filter(|found| found.contains(&format!("--> {file}:")));
        assert_eq!(
            of_file.filter(|found| found.contains(&helps)).count(),
            1,
            "{found}"
        );
    }
    let said = other.refused(&["fold", ID]);
    let way_out = format!("give yours another ID with `afterword rename {ID}`");
    assert!(said.contains(&way_out), "{said}");
    // The conflict in the timeline says so too, if somebody has chosen a side of the other file.
    other.git(&["checkout", "--ours", INCIDENT]);
    let said = other.refused(&["fold", ID]);
    assert!(said.contains(TIMELINE) && said.contains(&way_out), "{said}");
    other.git(&["checkout", "-m", INCIDENT]);
    // The way out.
    other.git(&["merge", "--abort"]);
    let renamed = other.run(&["rename", ID]);
    assert_eq!(renamed, format!("INC-2026-0002  renamed from {ID}\n"));
    other.commit();
    other.pull(&one);
    assert!(!has_conflict(&other));
    for (id, title) in [(ID, "Mail is down"), ("INC-2026-0002", "Queue is slow")] {
        let report = other.run(&["show", id]);
        assert!(report.matches(title).count() > 1, "{report}");
    }
    assert!(other.output(&["check"]).status.success());
}

#[test]
fn an_event_that_another_clone_removed_does_not_come_back() {
    for is_conflict in [false, true] {
        let one = Clone::with_incident("P2");
        one.run(&["log", "a secret", "--at", "5:33"]);
        one.run(&["log", "Alert fired", "--at", "5:34", "--mark", "detected"]);
        one.commit();
        let other = Clone::of(&one);
        let first = format!("timelines/{ID}.d/{}", one.entries()[0]);
        fs::remove_file(one.file(&first)).expect("it is there");
        one.run(&["log", "--move", "detected", "--at", "5:36"]);
        if is_conflict {
            one.run(&["fold"]);
        }
        one.commit();
        other.run(&["log", "meanwhile"]);
        other.run(&["fold"]);
        other.commit();
        other.pull(&one);
        assert_eq!(has_conflict(&other), is_conflict);
        let joined = other.run(&["fold", ID]);
        let text = other.read(TIMELINE);
        let left_out =
            "left out, because another clone removed or changed it: 2026-11-21 05:33 UTC a secret";
        assert!(joined.contains(left_out), "{joined}");
        assert!(
            !text.contains("a secret") && text.contains("meanwhile"),
            "{text}"
        );
        assert_eq!(text.matches("Alert fired").count(), 1, "{text}");
        assert!(
            text.contains("\"at\": \"05:36\", \"marks\": [\"detected\"]"),
            "{text}"
        );
        other.commit();
        // What is recorded again stays.
        other.run(&["log", "a secret", "--at", "5:35"]);
        other.run(&["fold"]);
        assert!(other.read(TIMELINE).contains("a secret"));
    }
}

#[test]
fn an_event_that_was_recorded_again_after_it_was_removed_stays() {
    let one = Clone::with_incident("P2");
    one.run(&["log", "Alert fired", "--at", "5:33"]);
    one.commit();
    let other = Clone::of(&one);
    one.run(&["undo"]);
    one.commit();
    one.git(&["revert", "--no-edit", "HEAD"]);
    one.run(&["fold"]);
    one.commit();
    other.pull(&one);
    let text = other.read(TIMELINE);
    assert!(text.contains("Alert fired"), "{text}");
    other.run(&["fold"]);
    assert_eq!(other.read(TIMELINE), text);
}

#[test]
fn a_branch_that_was_squashed_and_went_on_is_one_incident() {
    let one = Clone::empty();
    one.run(&["init", one.path()]);
    one.git(&["init", "-q", "-b", "main"]);
    one.commit();
    one.git(&["checkout", "-q", "-b", "night"]);
    one.run(&["new", "Queue is slow", "--severity", "P2", "--at", "5:31"]);
    one.commit();
    one.git(&["checkout", "-q", "main"]);
    one.git(&["merge", "-q", "--squash", "night"]);
    one.run(&["affects", "--service", "queue"]);
    one.run(&["log", "on main"]);
    one.run(&["fold"]);
    one.commit();
    one.git(&["checkout", "-q", "night"]);
    one.run(&["assign", "commander", "Ana Reyes"]);
    one.run(&["log", "on the branch"]);
    one.run(&["fold"]);
    one.commit();
    one.git_output(&["merge", "-q", "--no-edit", "main"]);
    assert!(has_conflict(&one));
    one.run(&["fold", ID]);
    let (text, incident) = (one.read(TIMELINE), one.read(INCIDENT));
    assert!(
        text.contains("on main") && text.contains("on the branch"),
        "{text}"
    );
    assert_eq!(text.matches("Incident started").count(), 1, "{text}");
    assert!(
        incident.contains("[\"queue\"]") && incident.contains("Ana Reyes"),
        "{incident}"
    );
}

#[test]
fn what_was_recorded_under_the_old_id_follows_its_incident() {
    let one = Clone::with_incident("P2");
    let other = Clone::of(&one);
    one.run(&["rename", "--incident", "0001", "PD-77"]);
    one.run(&["log", "From one", "--mark", "detected", "--at", "5:33"]);
    one.commit();
    other.run(&["log", "From the other"]);
    other.run(&["log", "--mark", "detected", "--at", "5:34"]);
    other.commit();
    other.merge(&one);
    let before = other.files();
    let checked = other.run(&["check"]);
    let help = format!("if their incident was renamed, run `afterword rename {ID} NEW`");
    assert_eq!(checked.matches(&help).count(), 1, "{checked}");
    let said = other.fails(&["new", "Other", "--severity", "P3", "--id", ID]);
    assert!(
        said.contains(&format!("`afterword rename {ID} NEW`")),
        "{said}"
    );
    let moved = other.run(&["rename", ID, "PD-77"]);
    assert!(
        moved.contains(&format!(
            "PD-77  moved 2 entries of {ID} to timelines/PD-77.d"
        )),
        "{moved}"
    );
    let report = other.run(&["show", "PD-77"]);
    assert!(
        report.contains("From one") && report.contains("From the other"),
        "{report}"
    );
    let checked = other.run(&["check"]);
    assert!(checked.contains("`detected` is set twice"), "{checked}");
    assert!(!checked.contains(ID), "{checked}");
    other.run(&["undo"]);
    assert!(before == other.files());
    for (arguments, expected) in [
        (
            &["rename", "INC-2026-0009", "PD-77"][..],
            "incident `INC-2026-0009` not found",
        ),
        (&["rename", ID, "PD-78"], "incident `PD-78` not found"),
        (
            &["rename", "PD", "PD-78"],
            "for `PD-77`, use `--incident PD`",
        ),
        (
            &["rename", "--incident", "PD", "PD-77", "PD-78"],
            "expected one new ID",
        ),
    ] {
        let said = other.fails(arguments);
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
    other.write(&format!("timelines/{ID}.json"), "{}");
    let said = other.refused(&["rename", ID, "PD-77"]);
    assert!(said.contains("is a whole timeline"), "{said}");
}

#[test]
fn what_only_git_knows_of_a_conflict_is_named() {
    let one = Clone::with_incident("P2");
    one.run(&["log", "the password is hunter2"]);
    one.commit();
    let other = Clone::of(&one);
    let entry = format!("timelines/{ID}.d/{}", one.entries()[0]);
    one.write(&entry, &one.read(&entry).replace("hunter2", "redacted"));
    one.commit();
    other.run(&["fold"]);
    other.commit();
    assert!(other.run(&["check"]).contains("no problems found"));
    other.pull(&one);
    let checked = other.run(&["check"]);
    for words in [
        "warning[merge-conflict]: one side of the merge changed this file, and the other removed it",
        &format!("--> {entry}"),
        &format!("run `afterword fold {ID}`"),
    ] {
        assert!(checked.contains(words), "{words}: {checked}");
    }
    other.run(&["fold", ID]);
    assert!(!other.read(TIMELINE).contains("hunter2"));
    assert!(other.run(&["check"]).contains("no problems found"));
    // The file of an incident is for a person to decide.
    let other = Clone::of(&one);
    one.git(&["rm", "-q", INCIDENT]);
    one.git(&["commit", "-q", "-m", "removed"]);
    other.run(&["affects", "--service", "queue"]);
    other.commit();
    other.pull(&one);
    let checked = other.run(&["check"]);
    assert!(
        checked.contains(&format!("`git rm {INCIDENT}`")),
        "{checked}"
    );
}

#[test]
fn the_only_incident_with_a_conflict_needs_no_id() {
    let (one, other) = two_clones();
    one.run(&["cause", "A full disk"]);
    one.commit();
    other.run(&["new", "Search is slow", "--severity", "P3"]);
    other.run(&["cause", "--incident", "0001", "A small disk"]);
    other.commit();
    other.pull(&one);
    let joined = other.run(&["fold"]);
    assert!(
        joined.starts_with(&format!("{ID}  joined both sides")),
        "{joined}"
    );
}

#[test]
fn a_renamed_incident_keeps_its_texts() {
    let clone = Clone::with_incident("P2");
    clone.run(&["log", "Alert fired"]);
    let (own, kept) = (
        "timelines/2026/INC-2026-0001.json",
        "timelines/2026/night-7.json",
    );
    clone.write(own, &clone.read(TIMELINE));
    fs::remove_file(clone.file(TIMELINE)).expect("it is there");
    let folder = |path: &str| clone.file(&path.replace(".json", ".d"));
    fs::rename(folder(TIMELINE), folder(own)).expect("it is there");
    let head = |path: &str| format!("id = \"{ID}\" # own\ntimeline = \"../{path}\"\n");
    let text = clone.read(INCIDENT);
    clone.write(INCIDENT, &(head(own) + &text));
    let before = clone.files();
    clone.run(&["rename", ID, "OPS-7"]);
    let renamed = clone.read("incidents/OPS-7.toml");
    let start = "id = \"OPS-7\" # own\ntimeline = \"../timelines/2026/OPS-7.json\"\n";
    assert!(renamed.starts_with(start), "{renamed}");
    let timeline = clone.read("timelines/2026/OPS-7.json");
    assert_eq!(timeline, clone_text(&before, own).replace(ID, "OPS-7"));
    assert!(clone.run(&["show", "OPS-7"]).contains("Alert fired"));
    assert!(!clone.file(INCIDENT).exists() && !clone.file(own).exists());
    clone.run(&["undo"]);
    assert!(before == clone.files());
    // A timeline with a name of its own keeps it.
    fs::rename(clone.file(own), clone.file(kept)).expect("it is there");
    fs::rename(folder(own), folder(kept)).expect("it is there");
    clone.write(INCIDENT, &(head(kept) + &text));
    clone.run(&["rename", ID, "OPS-7"]);
    assert!(clone.read(kept).contains("\"incident\": \"OPS-7\""));
    clone.run(&["undo"]);
    clone.run(&["new", "Other", "--severity", "P3"]);
    for (new, expected) in [
        ("INC-2026-0002", "`INC-2026-0002` already exists"),
        ("closed", "is a status"),
        ("a b", "invalid ID `a b`"),
    ] {
        let said = clone.fails(&["rename", ID, new]);
        assert!(said.contains(expected), "{said}");
    }
}

fn clone_text(files: &std::collections::BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files[path].clone()).expect("UTF-8")
}
