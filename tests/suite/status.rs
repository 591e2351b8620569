//! The statuses that follow each other: each step is taken, or refused with a way that leads there.

use std::fs;

use crate::session::Clone;
use crate::site::said;

const ID: &str = "INC-2026-0001";

const STATUSES: [&str; 5] = [
    "investigating",
    "identified",
    "monitoring",
    "resolved",
    "closed",
];

/// How an incident came to its status.
const HISTORIES: &[&[&str]] = &[
    &[],
    &["status identified"],
    &["status monitoring"],
    &["status resolved"],
    &["status closed"],
    &[
        "status identified",
        "status monitoring",
        "status resolved",
        "status closed",
    ],
    &["log --mark impact_started --at 5:31", "status monitoring"],
    &["log --mark impact_started --at 5:31", "status resolved"],
    &[
        "log --mark impact_started --at 5:31",
        "log --mark impact_ended",
        "status closed",
    ],
    &[
        "log --mark impact_started --at 5:31",
        "status identified",
        "status monitoring",
        "log --mark impact_ended",
        "status resolved",
        "status investigating",
    ],
    &[
        "log --mark impact_started --at 5:31",
        "log --mark impact_ended",
        "status closed",
        "status investigating",
        "status monitoring",
    ],
    &[
        "log --mark impact_started --at 5:31",
        "log --mark impact_ended",
        "status closed",
        "status investigating",
        "status resolved",
    ],
];

/// Runs a command one minute after the one before.
fn next(clone: &mut Clone, command: &str) -> std::process::Output {
    clone.now += 60;
    let words: Vec<&str> = command.split(' ').collect();
    let (verb, rest) = words.split_first().expect("a command");
    clone.output(&[&[*verb, ID], rest].concat())
}

fn status(clone: &Clone) -> String {
    let printed = clone.run(&["status", ID]);
    printed
        .split_whitespace()
        .nth(1)
        .expect("a status")
        .to_owned()
}

/// Does what a refusal says: runs its commands, or removes the marks that it names.
fn follow(clone: &mut Clone, refusal: &str) {
    let parts: Vec<&str> = refusal.split('`').collect();
    if refusal.contains("remove the mark") {
        let named = refusal.split("remove the mark").nth(1).expect("marks");
        let parts: Vec<&str> = named.split('`').collect();
        for pair in parts.chunks(4) {
            if let [_, mark, _, file] = pair {
                let text = clone.read(file);
                let without = text.replace(&format!("\"marks\": [\"{mark}\"], "), "");
                assert_ne!(text, without, "`{mark}` is in `{file}`");
                clone.write(file, &without);
            }
        }
        return;
    }
    let commands = parts
        .iter()
        .filter(|part| part.starts_with("afterword log "));
    for command in commands {
        let at = match command {
            command if command.contains("impact_started") => "5:31",
            _ => "now",
        };
        let command = command.replace("TIME", at).replace(&format!("{ID} "), "");
        let done = next(clone, command.trim_start_matches("afterword "));
        assert!(done.status.success(), "{command}: {}", said(&done));
    }
}

#[test]
fn each_status_follows_each_other_or_a_refusal_says_how() {
    for history in HISTORIES {
        for new in STATUSES {
            let mut clone = Clone::with_incident("P2");
            for command in *history {
                let done = next(&mut clone, command);
                assert!(done.status.success(), "{history:?}: {}", said(&done));
            }
            let before = clone.files();
            let done = next(&mut clone, &format!("status {new}"));
            if !done.status.success() {
                let reason = said(&done);
                assert!(
                    reason.contains("nothing written"),
                    "{history:?} {new}: {reason}"
                );
                assert!(before == clone.files(), "{history:?} {new}");
                follow(&mut clone, &reason);
                let again = next(&mut clone, &format!("status {new}"));
                assert!(
                    again.status.success(),
                    "{history:?} {new}: after {reason}: {}",
                    said(&again)
                );
            }
            assert_eq!(status(&clone), new, "{history:?}");
            let checked = clone.output(&["check"]);
            assert!(
                checked.status.success(),
                "{history:?} {new}: {}",
                String::from_utf8_lossy(&checked.stdout)
            );
        }
    }
}

#[test]
fn an_end_before_users_were_affected_again_is_no_end() {
    let mut clone = Clone::with_incident("P2");
    for command in *HISTORIES.last().expect("one") {
        assert!(next(&mut clone, command).status.success());
    }
    let report = clone.run(&["show", ID]);
    assert!(
        report.contains("**End Time**: 2026-11-21 05:47:08 UTC"),
        "{report}"
    );
}

#[test]
fn options_of_a_change_need_a_status() {
    let clone = Clone::with_incident("P2");
    for arguments in [
        &["status", "--fold"][..],
        &["status", ID, "--fold"],
        &["status", "--incident", ID, "--at", "5:40"],
        &["status", "--text", "x"],
    ] {
        let said = clone.refused(arguments);
        assert!(said.contains("needs a new status"), "{arguments:?}: {said}");
    }
    let said = clone.refused(&["status", "planned"]);
    assert!(said.contains("unknown status `planned`"), "{said}");
}

#[test]
fn maintenance_starts_by_its_status() {
    let clone = Clone::with_incident("P2");
    let path = format!("incidents/{ID}.toml");
    let text = clone.read(&path);
    clone.write(
        &path,
        &format!("kind = \"maintenance\"\nstatus = \"planned\"\n{text}"),
    );
    fs::remove_file(clone.file(&format!("timelines/{ID}.json"))).expect("it is there");
    clone.run(&["status", ID, "investigating"]);
    assert_eq!(status(&clone), "investigating");
    assert!(
        clone
            .run(&["show", ID])
            .contains("**Start Time**: 2026-11-21 05:42:08 UTC")
    );
    clone.run(&["undo"]);
    let planned = clone.read(&path) + "\n[times]\nstarted = 2026-11-21T05:00:00Z\n";
    clone.write(&path, &planned);
    clone.run(&["status", ID, "investigating"]);
    let shown = clone.run(&["show", ID]);
    assert!(
        shown.contains("**Start Time**: 2026-11-21 05:42:08 UTC"),
        "{shown}"
    );
    // The start in `[times]` is still that of the plan.
    assert!(
        shown.contains("**Scheduled**: from 2026-11-21 05:00:00 UTC"),
        "{shown}"
    );
}

#[test]
fn closing_and_folding_is_one_change() {
    let clone = Clone::with_incident("P2");
    clone.run(&["log", "An entry"]);
    let before = clone.files();
    let closed = clone.run(&["status", ID, "closed", "--fold"]);
    assert!(
        closed.contains("closed (was investigating)") && closed.contains("joined 2 entries"),
        "{closed}"
    );
    assert!(clone.entries().is_empty());
    clone.run(&["undo"]);
    assert!(before == clone.files(), "the closing is taken back too");
    // A status that it has already is kept, and the entries are joined.
    clone.run(&["status", ID, "closed"]);
    let closed = clone.run(&["status", ID, "closed", "--fold"]);
    assert!(
        closed.contains("is already closed") && closed.contains("joined 2 entries"),
        "{closed}"
    );
}
