//! Commands change only the lines that they mean, whatever is around them, and refuse what would make an error.

use crate::session::Clone;

const INCIDENT: &str = "incidents/INC-2026-0001.toml";

/// An incident as people write it at night.
const COMMENTED: &str = "\
#:schema ../schema/incident.json

# --- the night of the queue ---
title = \"Queue is slow\"  # short, please
severity   = \"P3\"        # was P4
status = 'investigating' # by hand!
services = [\"queue\"]  # more?

# who
[people]
  scribe = \"Ana Reyes\"   # until 6:00

[[impact.customers]]  # the first
name = \"Acme\"
users = 3 # told us by phone

# [[impact.customers]]
# name = \"?\"

[root_cause] # not sure
primary = \"\"\"
Something
# with a hash
\"\"\"

[[action_items]]
action = \"Add a limit\" # soon
owner = \"Platform\"
due = 2026-12-01   # a Tuesday

[lessons]
went_well = [ 'paged fast' ]
";

/// Returns the lines that are only in the first text, and those that are only in the second.
fn differences(before: &str, after: &str) -> (Vec<String>, Vec<String>) {
    let (old, new): (Vec<&str>, Vec<&str>) = (
        before.split_inclusive('\n').collect(),
        after.split_inclusive('\n').collect(),
    );
    let start = old
        .iter()
        .zip(&new)
        .take_while(|(old, new)| old == new)
        .count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev());
    let end = end.take_while(|(old, new)| old == new).count();
    let lines = |lines: &[&str]| {
        lines[start..lines.len() - end]
            .iter()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    (lines(&old), lines(&new))
}

/// Commands, each with the lines that it removes and those that it adds.
const EDITS: &[(&[&str], &[&str], &[&str])] = &[
    (
        &["status", "resolved"],
        &["status = 'investigating' # by hand!"],
        &[],
    ),
    (
        &["assign", "scribe", "Mina Sol"],
        &["  scribe = \"Ana Reyes\"   # until 6:00"],
        &["  scribe = \"Mina Sol\"   # until 6:00"],
    ),
    (
        &["assign", "commander", "Mina Sol"],
        &[],
        &["  commander = \"Mina Sol\""],
    ),
    (
        &["assign", "responder", "Mina", "Sol"],
        &[],
        &["  responders = [\"Mina Sol\"]"],
    ),
    (
        &["affects", "--customer", "acme", "--users", "40"],
        &["users = 3 # told us by phone"],
        &["users = 40 # told us by phone"],
    ),
    (
        &["affects", "--customer", "Bolt", "--users", "7"],
        &[],
        &["[[impact.customers]]", "name  = \"Bolt\"", "users = 7", ""],
    ),
    (
        &["affects", "--service", "payments"],
        &["services = [\"queue\"]  # more?"],
        &["services = [\"queue\", \"payments\"]  # more?"],
    ),
    (
        &["cause", "The queue has no limit"],
        &["primary = \"\"\"", "Something", "# with a hash", "\"\"\""],
        &["primary = \"The queue has no limit\""],
    ),
    (
        &["cause", "--status", "suspected"],
        &[],
        &["status = \"suspected\""],
    ),
    (
        &[
            "actions", "add", "Test it", "--owner", "Ana", "--due", "+14d",
        ],
        &[],
        &[
            "[[action_items]]",
            "action = \"Test it\"",
            "owner  = \"Ana\"",
            "due    = 2026-12-05",
            "",
        ],
    ),
    (
        &["actions", "done", "A1"],
        &[],
        &["status = \"done\"", "done_on = 2026-11-21"],
    ),
    (
        &["actions", "cancel", "1", "--because", "It has one"],
        &[],
        &["status = \"cancelled\"", "reason = \"It has one\""],
    ),
    (
        &["actions", "move", "A1", "--due", "friday"],
        &["due = 2026-12-01   # a Tuesday"],
        &["due = 2026-11-27   # a Tuesday"],
    ),
    (
        &["sign-off", "--role", "reviewer", "--name", "Ana Reyes"],
        &[],
        &[
            "",
            "[[sign_off.signatures]]",
            "role = \"reviewer\"",
            "name = \"Ana Reyes\"",
            "date = 2026-11-21",
        ],
    ),
];

#[test]
fn each_command_changes_only_the_lines_that_it_means() {
    for form in ["\n", "\r\n"] {
        let clone = Clone::with_incident("P4");
        let before = COMMENTED.replace('\n', form);
        for (arguments, removed, added) in EDITS {
            let (old, new) = changed(&clone, &before, arguments);
            assert_eq!(old, *removed, "{arguments:?}");
            assert_eq!(new, *added, "{arguments:?}");
        }
    }
}

#[test]
fn a_change_that_makes_an_error_is_refused() {
    let clone = Clone::with_incident("P4");
    clone.write("incidents/INC-2026-0001.toml", COMMENTED);
    for (arguments, words) in [
        (&["severity", "P9"][..], "unknown severity `P9`"),
        (&["severity", "p3"], "`INC-2026-0001` is P3 already"),
        (&["status", "monitering"], "did you mean `monitoring`?"),
        (&["assign", "commandr", "Mina"], "did you mean `commander`?"),
        (&["assign", "scribe", "  "], "invalid name"),
        (&["affects"], "nothing given"),
        (&["affects", "Acme", "--users", "3"], "unexpected `Acme`"),
        (
            &["affects", "--customer", "Bolt", "--contact", "nobody"],
            "incidents/INC-2026-0001.toml:",
        ),
        (&["cause"], "missing cause"),
        (
            &["actions", "add", "x", "--url", "nowhere"],
            "is not a valid URL",
        ),
        (
            &["actions", "add", "x", "--due", "soon"],
            "invalid date `soon`",
        ),
        (&["actions", "done", "A7"], "has no action item `A7`"),
        (
            &["log", "--move", "resolved", "--at", "5:40"],
            "`resolved` is not marked",
        ),
    ] {
        let printed = clone.refused(arguments);
        assert!(printed.contains(words), "{arguments:?}: {printed}");
    }
    // Impact that has no end cannot start again.
    let before = clone.read("incidents/INC-2026-0001.toml");
    clone.run(&[
        "log",
        "Users see errors",
        "--mark",
        "impact_started",
        "--at",
        "5:40",
    ]);
    clone.run(&["status", "resolved", "--at", "5:42"]);
    let printed = clone.refused(&["status", "investigating", "--at", "5:43"]);
    assert!(printed.contains("--mark impact_ended"), "{printed}");
    clone.run(&["undo"]);
    clone.run(&["undo"]);
    assert_eq!(clone.read("incidents/INC-2026-0001.toml"), before);
    // A change before a later one would make the later one say what was not so.
    clone.run(&["severity", "P1", "--at", "5:41"]);
    let printed = clone.refused(&["severity", "P2", "--at", "5:40"]);
    assert!(
        printed.contains("the severity changes again at"),
        "{printed}"
    );
    clone.run(&["undo"]);
    clone.write("rows.csv", "name,users\nAcme Berlin,50\n");
    let with_file = "title = \"Slow\"\nimpact.customers_file = \"rows.csv\"\n";
    let before = clone.read("incidents/INC-2026-0001.toml");
    clone.write("incidents/INC-2026-0001.toml", with_file);
    let printed = clone.refused(&["affects", "--customer", "acme berlin", "--users", "60"]);
    assert!(printed.contains("has a row in `rows.csv`"), "{printed}");
    clone.write("incidents/INC-2026-0001.toml", &before);
    clone.run(&["actions", "add", "Add an alert"]);
    let number = clone
        .read("incidents/INC-2026-0001.toml")
        .matches("[[action_items]]")
        .count();
    let item = format!("A{number}");
    clone.run(&["actions", "done", &item]);
    let printed = clone.refused(&["actions", "done", &item]);
    assert!(printed.contains("it is done already since"), "{printed}");
    // What was changed by hand is not taken back.
    clone.run(&["affects", "--service", "payments"]);
    let changed = clone
        .read("incidents/INC-2026-0001.toml")
        .replace("payments", "Payments");
    clone.write("incidents/INC-2026-0001.toml", &changed);
    let printed = clone.refused(&["undo"]);
    assert!(printed.contains("was changed after"), "{printed}");
}

#[test]
fn a_timeline_keeps_its_line_endings() {
    let clone = Clone::with_incident("P4");
    clone.write("afterword.toml", "[timeline]\nentries = \"file\"\n");
    let path = "timelines/INC-2026-0001.json";
    let before = format!("\u{feff}{}", clone.read(path).replace('\n', "\r\n"));
    clone.write(path, &before);
    clone.run(&["log", "Alert fired", "--at", "5:33"]);
    let (old, new) = differences(&before, &clone.read(path));
    assert_eq!(old, [before.lines().nth(4).expect("a line")]);
    assert_eq!(new.len(), 2, "{new:?}");
    assert!(clone.read(path).lines().count() + 1 == clone.read(path).split("\r\n").count());
    clone.run(&["undo"]);
    assert_eq!(clone.read(path), before);
}

/// Runs a command on a file, and returns the lines that it removes and those that it adds; `undo` brings the file back.
fn changed(clone: &Clone, before: &str, arguments: &[&str]) -> (Vec<String>, Vec<String>) {
    clone.write(INCIDENT, before);
    clone.run(arguments);
    let after = clone.read(INCIDENT);
    let crlf = after.matches("\r\n").count();
    let all = after.matches('\n').count();
    let expected = if before.contains('\r') { all } else { 0 };
    assert_eq!(crlf, expected, "{arguments:?}");
    clone.run(&["undo"]);
    assert_eq!(clone.read(INCIDENT), before, "{arguments:?}");
    differences(before, &after)
}

#[test]
fn commands_that_read_other_files_change_only_the_lines_that_they_mean() {
    let url = "https://github.com/example/app/issues/1";
    for form in ["\n", "\r\n"] {
        let clone = Clone::with_incident("P4");
        let before = COMMENTED.replace('\n', form);
        clone.write(INCIDENT, &before);
        let message = clone.message();
        let recorded = ["comms", "--record", "--file", &message, "--channel", "sms"];
        let (old, new) = changed(&clone, &before, &recorded);
        assert_eq!(old, [""; 0]);
        let expected = [
            "",
            "[[messages]]",
            "stage   = \"investigating\"",
            "channel = \"sms\"",
        ];
        assert_eq!(new[..4], expected, "{new:?}");
        let plan = clone.run(&["actions", "plan", "--tracker", "github"]);
        let plan: serde_json::Value = serde_json::from_str(&plan).expect("JSON");
        let key = plan["issues"][0]["key"].as_str().expect("a key");
        clone.write(
            "made.json",
            &format!("[{{ \"key\": \"{key}\", \"url\": \"{url}\" }}]"),
        );
        let made = clone.file("made.json");
        let made = made.to_str().expect("UTF-8");
        let (old, new) = changed(&clone, &before, &["actions", "apply", made]);
        assert_eq!((old, new), (Vec::new(), vec![format!("url = \"{url}\"")]));
        let linked = before.replace("# soon", &format!("# soon{form}url = \"{url}\" # ticket"));
        let closed =
            "[{ \"url\": \"URL\", \"state\": \"CLOSED\", \"closedAt\": \"2026-11-20T10:00:00Z\" }]";
        clone.write("export.json", &closed.replace("URL", url));
        let export = clone.file("export.json");
        let export = export.to_str().expect("UTF-8");
        let (old, new) = changed(
            &clone,
            &linked,
            &["actions", "--against", export, "--write"],
        );
        assert_eq!(old, [""; 0]);
        assert_eq!(new, ["status = \"done\"", "done_on = 2026-11-20"]);
    }
}

#[test]
fn other_changes_keep_the_lines_around_them() {
    for form in ["\n", "\r\n"] {
        let clone = Clone::with_incident("P4");
        let before = COMMENTED.replace('\n', form);
        let without = before.replacen("severity   = \"P3\"        # was P4", "# no severity", 1);
        let (old, new) = changed(&clone, &without, &["severity", "P2"]);
        assert_eq!((old.len(), new.len()), (0, 1), "{new:?}");
        assert!(
            new[0].starts_with("severity") && new[0].ends_with("\"P2\""),
            "{new:?}"
        );
        // The severity at the start stays; an event has the later one.
        assert_eq!(
            changed(&clone, &before, &["severity", "P1"]),
            (Vec::new(), Vec::new())
        );
        let stated =
            "[times] # by phone\ndetected = 2026-11-21T05:33:00Z # first\n".replace('\n', form);
        let moved = ["log", "--move", "detected", "--at", "5:34"];
        let (old, new) = changed(&clone, &(before.clone() + &stated), &moved);
        assert_eq!(old, ["detected = 2026-11-21T05:33:00Z # first"]);
        assert!(
            new.len() == 1 && new[0].contains("05:34") && new[0].ends_with(" # first"),
            "{new:?}"
        );
        clone.write(
            INCIDENT,
            &format!("id = \"INC-2026-0001\" # own{form}{before}"),
        );
        clone.run(&["rename", "INC-2026-0001", "OPS-7"]);
        let renamed = clone.read("incidents/OPS-7.toml");
        assert_eq!(renamed, format!("id = \"OPS-7\" # own{form}{before}"));
    }
}
