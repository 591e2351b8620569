//! Changes that `undo` takes back.

use std::fs;

use crate::session::Clone;
use crate::site::said;

const ID: &str = "INC-2026-0001";

/// Each command that `undo` takes back.
#[test]
fn undo_takes_back_every_change_of_the_archive() {
    let clone = Clone::with_incident("P2");
    clone.run(&["log", "An entry"]);
    clone.run(&["actions", "add", "Widen the pool"]);
    let message = clone.message();
    let alerts = "at,text\n2026-11-21T05:33:00Z,Alert fired\n";
    fs::write(clone.file("alerts.csv"), alerts).expect("writable");
    let report = clone.run(&["show", ID]).replace(ID, "INC-2026-0007");
    fs::write(clone.file("INC-2026-0007.md"), report).expect("writable");
    let memory = include_str!("memory/incidents.md");
    fs::write(clone.file("memory.md"), memory).expect("writable");
    fs::create_dir(clone.file("archive")).expect("writable");
    fs::write(
        clone.file("archive/incidents.md"),
        include_str!("memory/archive.md"),
    )
    .expect("writable");
    let plan = clone.run(&["actions", "plan", "--tracker", "github"]);
    let plan: serde_json::Value = serde_json::from_str(&plan).expect("JSON");
    let key = plan["issues"][0]["key"].as_str().expect("a key");
    let results = format!("[{{\"key\": \"{key}\", \"url\": \"https://t.example/1\"}}]");
    fs::write(clone.file("results.json"), results).expect("writable");
    let in_clone = |name: &str| clone.file(name).to_str().expect("UTF-8").to_owned();
    let (alerts, report, memory) = (
        in_clone("alerts.csv"),
        in_clone("INC-2026-0007.md"),
        in_clone("memory.md"),
    );
    let results = in_clone("results.json");
    for arguments in [
        &["new", "Other", "--severity", "P3"] as &[&str],
        &["log", ID, "x"],
        &["log", ID, "--move", "started", "--at", "5:30"],
        &["status", ID, "identified"],
        &["severity", ID, "P1"],
        &["assign", ID, "commander", "Noor Haddad"],
        &["affects", ID, "--customer", "Acme"],
        &["cause", ID, "A pool was too small"],
        &["actions", "add", ID, "Add an alert"],
        &["actions", "done", "INC-2026-0001-A1"],
        &["actions", "apply", &results],
        &["sign-off", ID, "--role", "reviewer", "--name", "Milo Tervo"],
        &["comms", ID, "--record", "--file", &message],
        &["fold", ID],
        &["rename", ID, "OPS-7"],
        &["import", "timeline", &alerts, "--incident", ID],
        &["import", "report", &report],
        &["memory", "import", &memory],
    ] {
        let before = clone.files();
        let done = clone.output(arguments);
        assert!(done.status.success(), "{arguments:?}: {}", said(&done));
        assert_ne!(clone.files(), before, "{arguments:?} changes something");
        let is_created = matches!(arguments, ["new", ..] | ["import", "report", ..])
            || arguments.starts_with(&["memory"]);
        if is_created {
            let said = clone.refused(&["undo"]);
            assert!(said.contains("run `afterword undo --yes`"), "{said}");
            clone.run(&["undo", "--yes"]);
        } else {
            clone.run(&["undo"]);
        }
        assert_eq!(clone.files(), before, "{arguments:?}");
    }
}

#[test]
fn an_incident_is_not_deleted_by_a_reflex() {
    let clone = Clone::with_incident("P2");
    clone.run(&["new", "Search is slow", "--severity", "P3"]);
    clone.fails(&["log", ID, "a\u{1}b"]);
    let said = clone.refused(&["undo"]);
    let named = "the last change is `new INC-2026-0002 Search is slow`; to take it back, and so to delete `INC-2026-0002`, run";
    assert!(said.contains(named), "{said}");
    clone.run(&["undo", "--yes"]);
    assert!(!clone.file("incidents/INC-2026-0002.toml").exists());
}

#[test]
fn a_change_of_several_incidents_is_one_for_undo() {
    let clone = Clone::with_incident("P2");
    clone.run(&["new", "Other", "--severity", "P3"]);
    for (id, number) in [(ID, "1"), ("INC-2026-0002", "2")] {
        let url = format!("https://github.com/example/app/issues/{number}");
        clone.run(&["actions", "add", id, "Do it", "--url", &url]);
    }
    let issue = |number: u8| {
        format!(
            "{{ \"url\": \"https://github.com/example/app/issues/{number}\", \"state\": \"CLOSED\", \"closedAt\": \"2026-11-20T10:00:00Z\" }}"
        )
    };
    clone.write("gh.json", &format!("[{}, {}]", issue(1), issue(2)));
    let before = clone.files();
    let export = clone.file("gh.json");
    clone.run(&[
        "actions",
        "--against",
        export.to_str().expect("UTF-8"),
        "--write",
    ]);
    for id in [ID, "INC-2026-0002"] {
        assert!(
            clone
                .read(&format!("incidents/{id}.toml"))
                .contains("done_on = 2026-11-20")
        );
    }
    clone.run(&["undo"]);
    assert!(before == clone.files());
}

/// Runs a command that changes files, and takes it back.
fn is_undone(clone: &Clone, arguments: &[&str]) {
    let before = clone.files();
    let done = clone.output(arguments);
    assert!(done.status.success(), "{arguments:?}: {}", said(&done));
    assert!(before != clone.files(), "{arguments:?} changes something");
    clone.run(&["undo"]);
    assert!(before == clone.files(), "{arguments:?}");
}

#[test]
fn a_change_that_was_stopped_half_way_is_taken_back() {
    let clone = Clone::with_incident("P2");
    clone.run(&["log", "One"]);
    clone.run(&["log", "Two"]);
    let before = clone.files();
    let entry = format!("timelines/{ID}.d/{}", clone.entries()[1]);
    let text = clone.read(&entry);
    clone.run(&["fold"]);
    // As after a kill before the last file was removed.
    clone.write(&entry, &text);
    assert!(clone.run(&["check"]).contains("entry-repeated"));
    clone.run(&["undo"]);
    assert!(before == clone.files());
}

#[test]
fn what_a_killed_command_left_is_no_input_and_is_removed() {
    let clone = Clone::with_incident("P2");
    clone.run(&["log", "One"]);
    let folder = format!("timelines/{ID}.d");
    let left = [
        format!("{folder}/.20261121T054208Z-001-0123abcd.json.17.new"),
        "incidents/.INC-2026-0001.toml.4711.new".to_owned(),
    ];
    let kept = ["incidents/.x.new", "incidents/.notes.1.txt"].map(str::to_owned);
    for path in left.iter().chain(&kept) {
        clone.write(path, "{ \"at\": ");
    }
    assert!(clone.run(&["check"]).contains("no problems found"));
    clone.run(&["log", "Two"]);
    clone.run(&["affects", "--service", "mail"]);
    assert!(!left.iter().any(|path| clone.file(path).exists()));
    assert!(kept.iter().all(|path| clone.file(path).exists()));
}

#[test]
fn a_change_that_cannot_be_written_leaves_nothing_to_undo() {
    let clone = Clone::with_incident("P2");
    clone.run(&["log", "One"]);
    // A folder in the place of a temporary file or of the entries stops the change.
    let folder = clone.file(&format!("timelines/{ID}.d"));
    fs::rename(&folder, clone.file("elsewhere")).expect("it is there");
    fs::write(&folder, "a file").expect("writable");
    assert!(!clone.output(&["log", "Two"]).status.success());
    fs::remove_file(&folder).expect("it is there");
    fs::rename(clone.file("elsewhere"), &folder).expect("it is there");
    assert!(
        clone
            .run(&["undo"])
            .contains("undone: log INC-2026-0001 One")
    );
}

#[test]
fn undo_takes_back_changes_of_the_memory() {
    let clone = Clone::with_incident("P2");
    clone.write("memory.md", include_str!("memory/incidents.md"));
    clone.write("archive/incidents.md", include_str!("memory/archive.md"));
    let memory = clone.file("memory.md");
    clone.run(&["memory", "import", memory.to_str().expect("UTF-8")]);
    is_undone(&clone, &["memory", "touch", "INC-1234"]);
    is_undone(&clone, &["memory", "pin", "INC-1234"]);
    is_undone(&clone, &["memory", "summarize", "INC-1234"]);
    is_undone(
        &clone,
        &[
            "memory",
            "archive",
            "--unused",
            "90d",
            "--as-of",
            "2027-11-21",
        ],
    );
    clone.run(&["memory", "pin", "INC-1234"]);
    is_undone(&clone, &["memory", "unpin", "INC-1234"]);
}

#[test]
fn undo_takes_back_a_fix() {
    let clone = Clone::with_incident("P2");
    let path = format!("incidents/{ID}.toml");
    clone.write(
        &path,
        &format!(
            "titel = \"Slow\"\n{}",
            clone.read(&path).replace("title ", "# ")
        ),
    );
    let before = clone.files();
    clone.output(&["check", "--fix"]);
    assert!(
        clone.read(&path).contains("title = \"Slow\""),
        "{}",
        clone.read(&path)
    );
    clone.run(&["undo"]);
    assert!(before == clone.files());
}
