//! Commands of the night as people type them: slips, short IDs, two clones that fold, a terminal that asks.

use std::fs;
use std::io::{Read, Write};
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

/// Two clones of one archive with an entry each, of which both have the first.
fn two_clones() -> (Clone, Clone) {
    let mut one = Clone::with_incident("P2");
    one.run(&["log", "known", "to", "both"]);
    one.commit();
    let mut other = Clone::of(&one);
    one.now += 60;
    other.now += 120;
    (one, other)
}

#[test]
fn clones_that_fold_the_same_entries_merge() {
    let (one, other) = two_clones();
    one.run(&["fold"]);
    other.run(&["fold"]);
    let timeline = "timelines/INC-2026-0001.json";
    assert_eq!(one.read(timeline), other.read(timeline));
    one.commit();
    other.commit();
    other.merge(&one);
    assert_eq!(one.read(timeline), other.read(timeline));
}

#[test]
fn a_clone_that_folds_merges_with_one_that_logs() {
    let (one, other) = two_clones();
    one.run(&["fold"]);
    one.commit();
    other.run(&["log", "meanwhile"]);
    other.commit();
    other.merge(&one);
    let report = other.run(&["show", ID]);
    assert!(
        report.contains("known to both") && report.contains("meanwhile"),
        "{report}"
    );
    other.run(&["fold"]);
    assert_eq!(other.output(&["check"]).status.code(), Some(0));
}

#[test]
fn clones_that_fold_different_entries_are_joined_by_fold() {
    let (one, other) = two_clones();
    for (clone, text) in [(&one, "from one"), (&other, "from the other")] {
        clone.run(&["log", text, "--mark", "detected"]);
        clone.run(&["fold"]);
        clone.commit();
    }
    let pulled = other.git_output(&["pull", "-q", "--no-rebase", "--no-edit", one.path(), "main"]);
    assert!(!pulled.status.success(), "the same lines were changed");
    let checked = other.output(&["check"]).stdout;
    let checked = String::from_utf8_lossy(&checked);
    assert!(
        checked.contains(&format!("run `afterword fold {ID}`")),
        "{checked}"
    );
    assert_eq!(
        other.run(&["fold", ID]),
        format!(
            "{ID}  joined both sides of a merge conflict, and 1 entry in timelines/{ID}.json\n"
        )
    );
    other.commit();
    let text = other.read("timelines/INC-2026-0001.json");
    let order = ["known to both", "from one", "from the other"].map(|part| text.find(part));
    assert!(
        order.is_sorted() && order.iter().all(Option::is_some),
        "{text}"
    );
    assert_eq!(text.matches("known to both").count(), 1, "{text}");
    // The earliest keeps the mark, as among entries.
    assert_eq!(text.matches("detected").count(), 1, "{text}");
    let first = text.lines().find(|line| line.contains("from one"));
    assert!(
        first.is_some_and(|line| line.contains("detected")),
        "{text}"
    );
    assert_eq!(other.output(&["check"]).status.code(), Some(0));
}

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
        &["import", "timeline", &alerts, "--incident", ID],
        &["import", "report", &report],
        &["memory", "import", &memory],
    ] {
        let before = clone.files();
        let done = clone.output(arguments);
        assert!(done.status.success(), "{arguments:?}: {}", said(&done));
        assert_ne!(clone.files(), before, "{arguments:?} changes something");
        clone.run(&["undo"]);
        assert_eq!(clone.files(), before, "{arguments:?}");
    }
}

#[test]
fn bash_completes_ids_of_incidents_and_action_items() {
    let clone = Clone::with_incident("P2");
    clone.run(&["actions", "add", "Widen the pool"]);
    let completed = |line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        let script = format!(
            "source <(\"$0\" completions bash)\nCOMP_WORDS=({})\nCOMP_CWORD={}\nCOMP_TYPE=9\n_clap_complete_afterword \"$0\"\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
            line.replace("''", "\"\""),
            words.len() - 1
        );
        let binary = env!("CARGO_BIN_EXE_afterword");
        let path = std::path::Path::new(binary).parent().expect("a folder");
        let path = format!(
            "{}:{}",
            path.display(),
            std::env::var("PATH").unwrap_or_default()
        );
        let output = Command::new("bash")
            .args(["-c", &script, binary])
            .env("PATH", path)
            .current_dir(clone.file("incidents"))
            .output()
            .expect("bash runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    };
    for (line, expected) in [
        ("afterword show INC", ID),
        ("afterword log INC", ID),
        ("afterword log --incident 0001", ID),
        ("afterword actions done INC-2026-0001-", "INC-2026-0001-A1"),
        ("afterword status ident", "identified"),
        ("afterword severity P", "P1"),
        ("afterword assign comm", "commander"),
    ] {
        let found = completed(line);
        assert!(found.contains(expected), "{line}: {found}");
    }
    assert!(!completed(&format!("afterword log {ID} INC")).contains(ID));
}

/// Runs a command on a terminal, and types each answer once its question is there; `None` without the program `script`.
fn on_a_terminal(clone: &Clone, arguments: &str, typed: &[(&str, &[u8])]) -> Option<(i32, String)> {
    let line = format!(
        "'{}' -C '{}' {arguments}",
        env!("CARGO_BIN_EXE_afterword"),
        clone.path()
    );
    let script = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env("SOURCE_DATE_EPOCH", clone.now.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut script) = script else {
        return None;
    };
    let mut keyboard = script.stdin.take().expect("piped");
    let mut screen = script.stdout.take().expect("piped");
    let (mut shown, mut seen, mut answers) = (String::new(), 0, typed.iter());
    let mut next = answers.next();
    let mut part = [0; 1024];
    loop {
        let count = screen.read(&mut part).unwrap_or_default();
        if count == 0 {
            break;
        }
        shown.push_str(&String::from_utf8_lossy(&part[..count]));
        while let Some((question, answer)) = next
            && let Some(at) = shown[seen..].find(question)
        {
            seen += at + question.len();
            keyboard.write_all(answer).expect("it reads");
            next = answers.next();
        }
    }
    let status = script.wait().expect("it ends");
    Some((status.code().unwrap_or(-1), shown))
}

#[test]
fn new_asks_on_a_terminal_for_what_is_not_given() {
    let clone = Clone::empty();
    clone.run(&["init", clone.path()]);
    let typed: &[(&str, &[u8])] = &[
        ("Severity, one of", b"P9\n"),
        ("Severity, one of", b"\n"),
        ("Severity, one of", b"p2\n"),
        ("(may be empty): ", b"checkout, search\n"),
    ];
    let Some((code, text)) = on_a_terminal(&clone, "new Slow", typed) else {
        return;
    };
    assert_eq!(code, 0, "{text}");
    assert!(text.contains("unknown severity `P9`"), "{text}");
    assert_eq!(text.matches("Severity, one of").count(), 3, "{text}");
    let file = clone.read("incidents/INC-2026-0001.toml");
    assert!(
        file.contains("\"P2\"") && file.contains("[\"checkout\", \"search\"]"),
        "{file}"
    );
    let before = clone.files();
    for answer in [b"\x04" as &[u8], b"\x03"] {
        let typed = [("Severity, one of", answer)];
        let (code, text) = on_a_terminal(&clone, "new Again", &typed).expect("as above");
        assert!(code == 1 || code == 130, "{code}: {text}");
        assert_eq!(clone.files(), before, "{text}");
    }
    let (code, text) =
        on_a_terminal(&clone, "new Third --severity P3 --service api", &[]).expect("as above");
    assert!(code == 0 && !text.contains("one of"), "{text}");
    // Without a terminal it never waits.
    let said = clone.fails(&["new", "Fourth"]);
    assert!(said.contains("missing `--severity`"), "{said}");
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

#[cfg(unix)]
#[test]
fn a_message_is_edited_by_a_program_with_quotes_in_its_name() {
    let clone = Clone::with_incident("P2");
    clone.write("my editor.sh", "printf 'All is well\\n' > \"$1\"\n");
    let script = clone.file("my editor.sh");
    let with = |editor: &str| {
        let now = clone.now.to_string();
        let arguments = ["-C", clone.path(), "comms", "--record", "--edit"];
        let environment = [
            ("SOURCE_DATE_EPOCH", now.as_str()),
            ("VISUAL", ""),
            ("EDITOR", editor),
        ];
        crate::site::afterword(&arguments, &environment)
    };
    let before = clone.files();
    for editor in ["false", "truncate -s 0", "no-such-editor"] {
        let failed = with(editor);
        assert_eq!(failed.status.code(), Some(1), "{editor}: {}", said(&failed));
        assert_eq!(clone.files(), before, "{editor}");
    }
    let edited = with(&format!("sh \"{}\"", script.display()));
    assert!(edited.status.success(), "{}", said(&edited));
    assert!(
        clone
            .read("incidents/INC-2026-0001.toml")
            .contains("All is well")
    );
}
