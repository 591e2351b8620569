//! Commands of the night as people type them: slips, short IDs, new names, times that cannot be.

use std::fs;
use std::process::{Command, Stdio};

use crate::session::Clone;
use crate::site::said;

const ID: &str = "INC-2026-0001";

/// Runs commands that exit with 1, write nothing, and print what is wrong.
fn each_fails(clone: &Clone, cases: &[(&[&str], &str)]) {
    for (arguments, message) in cases {
        let said = clone.fails(arguments);
        assert!(said.contains(message), "{arguments:?}: {said}");
    }
}

#[test]
fn bad_input_exits_with_1_and_writes_nothing() {
    let clone = Clone::with_incident("P2");
    let acted = [
        "actions",
        "add",
        "Fix the pool",
        "--type",
        "prevent",
        "--url",
        "https://t.example/1",
    ];
    clone.run(&acted);
    clone.run(&["affects", "--customer", "Zeewinkel Outdoor", "--users", "3"]);
    clone.run(&["affects", "--service", "checkout"]);
    let message = clone.message();
    let cases: &[(&[&str], &str)] = &[
        (&["chek"], "unrecognized subcommand"),
        (
            &["log", "--mark", "detcted", "x"],
            "did you mean `detected`?",
        ),
        (&["show", "--nothing"], "unexpected argument"),
        (&[], "Usage"),
        (&["show", "INC-2026-0009"], "not found"),
        (&["import", "report", "nowhere.md"], "cannot read"),
        (
            &["affects", "--customer", "Zeewinkel"],
            "did you mean `Zeewinkel Outdoor`?",
        ),
        (
            &["affects", "--customer", "Zeewinkel Outdor"],
            "did you mean `Zeewinkel Outdoor`?",
        ),
        (
            &["affects", "--service", "chekout"],
            "did you mean `checkout`?",
        ),
        (
            &["actions", "add", "Y", "--type", "prevnt"],
            "did you mean `prevent`?",
        ),
        (
            &["actions", "add", "fix the pool."],
            "`INC-2026-0001-A1` says the same already",
        ),
        (
            &["actions", "add", "Z", "--url", "https://T.example/1/"],
            "`INC-2026-0001-A1` links to that URL",
        ),
        (
            &[
                "comms",
                "--record",
                "--file",
                &message,
                "--channel",
                "emial",
            ],
            "did you mean `email`?",
        ),
        (
            &["new", "T", "--severity", "P1", "--service", "chekout"],
            "did you mean `checkout`?",
        ),
        (
            &["affects", "--customer", "X", "--users", "-4"],
            "expected a whole number",
        ),
        (&["affects", "--users", "1.5"], "expected a whole number"),
        (
            &["severity", "0001", "P0"],
            "for `INC-2026-0001`, use `--incident 0001`",
        ),
        (
            &["severity", "P0", "--at", "5:00"],
            "is before `INC-2026-0001` started at 2026-11-21 05:31 UTC",
        ),
        (
            &["cause", "[Fill in: the cause]"],
            "the placeholder `[Fill in: the cause]`",
        ),
        (
            &["cause", "x", "--factor", "[Fill in: y]"],
            "the placeholder",
        ),
        (&["log", "[Fill in: text]"], "the placeholder"),
        (&["actions", "add", "[Fill in: work]"], "the placeholder"),
        (&["assign", "commander"], "<ROLE> <NAME>..."),
    ];
    each_fails(&clone, cases);
}

#[test]
fn what_is_in_the_future_is_refused() {
    let clone = Clone::with_incident("P2");
    clone.run(&["actions", "add", "Fix the pool"]);
    let message = clone.message();
    let cases: &[(&[&str], &str)] = &[
        (
            &["actions", "done", "A1", "--on", "2099-01-01"],
            "is in the future; use a date up to 2026-11-21",
        ),
        (
            &[
                "sign-off",
                "--role",
                "reviewer",
                "--name",
                "Noor",
                "--on",
                "2026-11-22",
            ],
            "is in the future",
        ),
        (&["log", "x", "--at", "2026-11-22 10:00"], "in the future"),
        (
            &["status", "identified", "--at", "2026-11-22 10:00"],
            "in the future",
        ),
        (
            &["severity", "P1", "--at", "2026-11-22 10:00"],
            "in the future",
        ),
        (
            &[
                "comms",
                "--record",
                "--file",
                &message,
                "--at",
                "2026-11-22 10:00",
            ],
            "in the future",
        ),
    ];
    each_fails(&clone, cases);
    clone.run(&["assign", "commander", "Noor Haddad"]);
    let said = clone.fails(&[
        "assign",
        "commander",
        "Milo Tervo",
        "--at",
        "2026-11-22 10:00",
    ]);
    assert!(said.contains("in the future"), "{said}");
}

#[test]
fn a_failure_of_the_system_exits_with_2() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        return;
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_afterword"));
    let status = command
        .args(["schema", "entry"])
        .stdout(full)
        .stderr(Stdio::null())
        .status();
    assert_eq!(status.expect("it runs").code(), Some(2));
}

#[test]
fn what_is_new_is_accepted_with_a_flag() {
    let clone = Clone::with_incident("P2");
    clone.run(&["affects", "--customer", "Zeewinkel Outdoor", "--users", "3"]);
    let known = clone.run(&["affects", "--customer", "zeewinkel outdoor", "--users", "4"]);
    assert_eq!(
        known,
        format!("{ID}  customer Zeewinkel Outdoor\n  affected  1 customer, 4 users\n")
    );
    let new = clone.run(&["affects", "--customer", "Zeewinkel", "--new"]);
    assert!(new.contains("2 customers"), "{new}");
    let message = clone.message();
    let output = clone.output(&[
        "comms",
        "--record",
        "--file",
        &message,
        "--channel",
        "pager",
    ]);
    assert!(
        said(&output).contains("`pager` is a new channel"),
        "{}",
        said(&output)
    );
    let output = clone.output(&[
        "comms",
        "--record",
        "--file",
        &message,
        "--channel",
        "SMS",
        "--at",
        "5:40",
    ]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(
        clone
            .read("incidents/INC-2026-0001.toml")
            .contains("\"sms\"")
    );
}

#[test]
fn quiet_commands_print_nothing() {
    let clone = Clone::with_incident("P2");
    let message = clone.message();
    for arguments in [
        &["log", "x"] as &[&str],
        &["log", "--move", "started", "--at", "5:30"],
        &["status", "identified"],
        &["severity", "P1"],
        &["assign", "commander", "Noor Haddad"],
        &["affects", "--customer", "Acme", "--users", "1"],
        &["cause", "A pool was too small"],
        &["actions", "add", "Widen the pool"],
        &["actions", "done", "A1"],
        &["comms", "--record", "--file", &message],
        &["fold"],
        &["undo"],
        &["sign-off", "--role", "reviewer", "--name", "Milo Tervo"],
        &["build"],
    ] {
        let output = clone.output(&[&["-q"], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", said(&output));
        assert!(
            output.stdout.is_empty(),
            "{arguments:?}: {:?}",
            output.stdout
        );
        assert!(
            !said(&output).contains("note:"),
            "{arguments:?}: {}",
            said(&output)
        );
    }
    assert_eq!(
        clone.run(&["new", "Next", "--severity", "P3", "-q"]),
        "INC-2026-0002\n"
    );
}

#[test]
fn an_action_item_is_found_by_each_form_of_its_id() {
    let clone = Clone::with_incident("P2");
    for form in [
        "INC-2026-0001-A1",
        "inc-2026-0001-a2",
        "0001-A3",
        "2026-0001-a4",
        "A5",
        "a6",
        "7",
    ] {
        clone.run(&["actions", "add", &format!("Check {form}")]);
        let done = clone.run(&["actions", "done", form]);
        assert!(
            done.contains(&format!("Check {form}: done")),
            "{form}: {done}"
        );
    }
    let logged = clone.run(&["log", "inc-2026-0001", "lower", "case"]);
    assert!(logged.ends_with("lower case\n"), "{logged}");
    assert!(clone.run(&["status", "inc-2026-0001"]).starts_with(ID));
}

#[test]
fn no_overdue_items_is_not_no_open_items() {
    let clone = Clone::with_incident("P2");
    assert_eq!(
        clone.run(&["actions", "--overdue"]),
        "no open action items\n"
    );
    clone.run(&[
        "actions",
        "add",
        "Widen the pool",
        "--owner",
        "Payments",
        "--due",
        "+14d",
    ]);
    assert_eq!(
        clone.run(&["actions", "--overdue"]),
        "no overdue action items on 2026-11-21; looked at 1 open action item\n"
    );
    assert_eq!(
        clone.run(&["actions", "--owner", "Paymets"]),
        "no open action items of `Paymets`; looked at 1 open action item; did you mean `Payments`?\n"
    );
}

#[test]
fn times_are_printed_in_the_zone_of_the_report() {
    let clone = Clone::with_incident("P2");
    let path = "incidents/INC-2026-0001.toml";
    fs::write(
        clone.file(path),
        format!("timezone = \"Europe/Berlin\"\n{}", clone.read(path)),
    )
    .expect("writable");
    let logged = clone.run(&["log", "x"]);
    assert!(logged.contains("06:42:08 CET"), "{logged}");
    let moved = clone.run(&["log", "--move", "started", "--at", "-20m"]);
    assert!(moved.contains("06:22 CET"), "{moved}");
    assert!(clone.run(&["status", ID]).contains("06:22 CET"));
}

#[test]
fn every_file_of_an_incident_names_it() {
    let clone = Clone::with_incident("P2");
    clone.run(&["log", "x"]);
    fs::create_dir(clone.file("customers")).expect("writable");
    fs::write(clone.file("customers/night.csv"), "name,users\nAcme,3\n").expect("writable");
    let path = "incidents/INC-2026-0001.toml";
    let text = clone.read(path) + "\n[impact]\ncustomers_file = \"customers/night.csv\"\n";
    fs::write(clone.file(path), text).expect("writable");
    let folder = fs::read_dir(clone.file("timelines/INC-2026-0001.d")).expect("a folder");
    let entry = folder.flatten().next().expect("an entry").path();
    let entry = entry.to_str().expect("UTF-8");
    for path in [
        path,
        "timelines/INC-2026-0001.json",
        entry,
        "customers/night.csv",
        "0001",
    ] {
        assert!(clone.run(&["status", path]).starts_with(ID), "{path}");
        assert!(clone.run(&["show", path]).contains(ID), "{path}");
    }
}

#[test]
fn an_unreadable_setting_does_not_stop_the_log() {
    let clone = Clone::with_incident("P2");
    let settings = clone.read("afterword.toml") + "\n[timeline]\nentries = \"x\"\n";
    fs::write(clone.file("afterword.toml"), settings).expect("writable");
    let output = clone.output(&["log", "still recorded"]);
    assert!(output.status.success());
    assert!(
        said(&output).contains("so the event is in a file of its own"),
        "{}",
        said(&output)
    );
    assert_eq!(clone.entries().len(), 1);
}

#[test]
fn what_was_done_is_printed() {
    let clone = Clone::with_incident("P2");
    let affected = clone.run(&["affects", "--users", "500"]);
    assert!(
        affected.starts_with("INC-2026-0001  500 users\n"),
        "{affected}"
    );
    let added = clone.output(&["actions", "add", "Fix it", "--due", "2020-01-01"]);
    assert!(added.status.success());
    assert!(
        said(&added).contains("note: the due date 2020-01-01 is in the past"),
        "{}",
        said(&added)
    );
}

#[test]
fn an_action_item_may_be_in_an_incident_that_cannot_be_read() {
    let clone = Clone::with_incident("P2");
    clone.run(&["actions", "add", "Fix it", "--action-id", "X-2"]);
    let path = format!("incidents/{ID}.toml");
    clone.write(&path, &(clone.read(&path) + "\nservices = [\n"));
    let said = clone.refused(&["actions", "done", "X-2"]);
    assert!(
        said.contains(&format!("{path}:")) && said.contains("in the incidents that can be read"),
        "{said}"
    );
}

#[test]
fn a_customer_with_several_accounts_is_named() {
    let clone = Clone::with_incident("P2");
    clone.run(&[
        "affects",
        "--customer",
        "Zeewinkel Outdoor",
        "--accounts",
        "3",
    ]);
    clone.run(&["affects", "--customer", "Lindqvist", "--users", "3"]);
    let said = clone.fails(&["comms", ID, "--customer", "zeewinkel"]);
    assert!(
        said.contains("`Zeewinkel Outdoor` covers several accounts"),
        "{said}"
    );
    clone.run(&[
        "affects",
        "--customer",
        "Zeewinkel Outdoor",
        "--contact",
        "a@z.example",
    ]);
    clone.run(&["comms", ID, "--customer", "zeewinkel"]);
}

#[test]
fn the_next_update_is_drafted_once() {
    let clone = Clone::with_incident("P2");
    let first = "Some users see errors. We look into it. Next update in 30 minutes.\n";
    clone.write("first.txt", first);
    let file = clone.file("first.txt").to_str().expect("UTF-8").to_owned();
    clone.run(&["comms", "--record", "--file", &file, "--at", "5:40"]);
    let next = clone.run(&["comms", "--next"]);
    assert_eq!(next.matches("Next update").count(), 1, "{next}");
    assert!(
        next.contains("We look into it. Next update: [Fill in"),
        "{next}"
    );
    clone.run(&["status", "closed"]);
    let message = clone.message();
    assert!(clone.run(&["comms", ID, "--next"]).contains("Resolved:"));
    clone.run(&[
        "comms", ID, "--record", "--stage", "resolved", "--file", &message,
    ]);
    let next = clone.run(&["comms", ID, "--next"]);
    assert!(!next.contains("has been resolved"), "{next}");
    assert!(next.contains("[Fill in"), "{next}");
}
