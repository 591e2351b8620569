//! Creating an incident and writing its timeline during an incident.

use std::fs;
use std::path::Path;
use std::thread;

use crate::site::{afterword, case, copy, said};

/// 2026-11-21 05:42:08 UTC.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

fn printed(output: &std::process::Output) -> String {
    assert!(output.status.success(), "{}", said(output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn new_archive() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    printed(&afterword(&["init", text(folder.path())], &[]));
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn a_newcomer_goes_from_nothing_to_a_report() {
    let folder = new_archive();
    let at = text(folder.path());
    let run = |arguments: &[&str]| printed(&afterword(&[&["-C", at], arguments].concat(), &[NOW]));
    assert!(
        run(&[
            "new",
            "Checkout errors",
            "--severity",
            "p1",
            "--at",
            "05:31"
        ])
        .starts_with("INC-2026-0001\n")
    );
    run(&[
        "log",
        "Restarted the workers",
        "--kind",
        "mitigation",
        "--mark",
        "mitigated",
        "--actor",
        "Ana Reyes",
    ]);
    run(&[
        "log",
        "INC-2026-0001",
        "Said \"well\" again",
        "--at",
        "5:40",
        "--mark",
        "impact_ended,resolved",
    ]);
    run(&["fold", "INC-2026-0001"]);
    let timeline = fs::read_to_string(folder.path().join("timelines/INC-2026-0001.json"))
        .expect("it is there");
    assert_eq!(
        timeline,
        r#"{
  "incident": "INC-2026-0001",
  "date": "2026-11-21",
  "events": [
    { "at": "05:31", "marks": ["started"], "text": "Incident started" },
    { "at": "05:40", "marks": ["impact_ended", "resolved"], "text": "Said \"well\" again" },
    { "at": "05:42:08", "kind": "mitigation", "marks": ["mitigated"], "text": "Restarted the workers", "actor": "Ana Reyes" }
  ]
}
"#
    );
    let report = run(&["show", "INC-2026-0001"]);
    assert!(
        report.contains("**Start Time**: 2026-11-21 05:31 UTC"),
        "{report}"
    );
    assert!(run(&["build"]).is_empty());
    assert!(
        folder
            .path()
            .join("site/incidents/INC-2026-0001.html")
            .is_file()
    );
    let twice = afterword(
        &[
            "-C",
            at,
            "log",
            "INC-2026-0001",
            "Again",
            "--mark",
            "mitigated",
        ],
        &[NOW],
    );
    assert_eq!(twice.status.code(), Some(1));
    assert!(
        said(&twice).contains("`mitigated` is already marked"),
        "{}",
        said(&twice)
    );
}

#[test]
fn every_skeleton_is_free_of_errors_and_builds() {
    for form in [&[][..], &["--minimal"], &["--full"]] {
        let folder = new_archive();
        let at = text(folder.path());
        let title = "Quotes \" and \\ and {{ braces }} and 'more'";
        let arguments = [&["-C", at, "new", title, "--severity", "P0"], form].concat();
        printed(&afterword(&arguments, &[NOW]));
        let checked = afterword(&["-C", at, "check", "--deny-warnings"], &[NOW]);
        assert!(
            checked.status.success(),
            "{}",
            String::from_utf8_lossy(&checked.stdout)
        );
        let shown = printed(&afterword(&["-C", at, "show", "INC-2026-0001"], &[NOW]));
        assert!(shown.contains("{{ braces }}"), "{shown}");
    }
}

#[test]
fn nothing_is_overwritten() {
    let folder = new_archive();
    fs::write(
        folder.path().join("afterword.toml"),
        "[site]\ntitle = \"Mine\"\n",
    )
    .expect("writable");
    let again = printed(&afterword(&["init", text(folder.path()), "--sample"], &[]));
    assert!(
        again.contains("afterword.toml  already exists, kept"),
        "{again}"
    );
    let config = fs::read_to_string(folder.path().join("afterword.toml")).expect("it is there");
    assert_eq!(config, "[site]\ntitle = \"Mine\"\n");
    let checked = afterword(&["-C", text(folder.path()), "check"], &[NOW]);
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stdout)
    );
}

#[test]
fn concurrent_calls_lose_no_event() {
    let folder = new_archive();
    let at = text(folder.path());
    printed(&afterword(
        &["-C", at, "new", "Busy", "--severity", "P2"],
        &[NOW],
    ));
    thread::scope(|scope| {
        for worker in 0..8 {
            scope.spawn(move || {
                for call in 0..25 {
                    let words = format!("event {worker} {call}.");
                    printed(&afterword(
                        &["-C", at, "log", "INC-2026-0001", &words],
                        &[NOW],
                    ));
                }
            });
        }
    });
    let entries = fs::read_dir(folder.path().join("timelines/INC-2026-0001.d"));
    assert_eq!(entries.expect("readable").count(), 200);
    printed(&afterword(&["-C", at, "fold", "INC-2026-0001"], &[NOW]));
    let timeline = fs::read_to_string(folder.path().join("timelines/INC-2026-0001.json"))
        .expect("it is there");
    for worker in 0..8 {
        for call in 0..25 {
            assert!(
                timeline.contains(&format!("\"event {worker} {call}.\"")),
                "event {worker} {call} is lost"
            );
        }
    }
    let left = fs::read_dir(folder.path().join("timelines"))
        .expect("readable")
        .count();
    assert_eq!(left, 2, "another file was left next to the timeline");
}

#[test]
fn concurrent_starts_get_different_ids() {
    let folder = new_archive();
    let at = text(folder.path());
    let ids: Vec<String> = thread::scope(|scope| {
        let start = |number: usize| {
            let title = format!("Start {number}");
            printed(&afterword(
                &["-C", at, "new", &title, "--severity", "P3"],
                &[NOW],
            ))
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
        };
        let handles: Vec<_> = (0..6)
            .map(|number| scope.spawn(move || start(number)))
            .collect();
        handles
            .into_iter()
            .map(|handle| handle.join().expect("it ends"))
            .collect()
    });
    let mut sorted = ids.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), 6, "{ids:?}");
}

#[test]
fn an_invalid_timeline_is_rejected_and_not_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(case("clean").as_std_path(), folder.path());
    let path = folder.path().join("timelines/INC-2025-0001.json");
    fs::write(&path, "{\"events\": [{\"at\": \"14:00\" \"text\": \"x\"}]}").expect("writable");
    let before = fs::read(&path).expect("readable");
    let logged = afterword(
        &[
            "-C",
            text(folder.path()),
            "log",
            "INC-2025-0001",
            "--move",
            "started",
            "--at",
            "14:00",
        ],
        &[NOW],
    );
    assert_eq!(logged.status.code(), Some(1), "{}", said(&logged));
    assert!(
        said(&logged).contains("timelines/INC-2025-0001.json:1:"),
        "{}",
        said(&logged)
    );
    assert_eq!(fs::read(&path).expect("readable"), before);
}

#[test]
fn without_an_id_the_open_incidents_are_listed() {
    let folder = new_archive();
    let at = text(folder.path());
    let none = afterword(&["-C", at, "log", "Nothing is open"], &[NOW]);
    assert!(said(&none).contains("no open incident"), "{}", said(&none));
    for title in ["First", "Second"] {
        printed(&afterword(
            &["-C", at, "new", title, "--severity", "P3"],
            &[NOW],
        ));
    }
    let several = afterword(&["-C", at, "log", "Which?"], &[NOW]);
    assert_eq!(several.status.code(), Some(1));
    assert!(
        said(&several).contains("INC-2026-0001  First")
            && said(&several).contains("INC-2026-0002  Second")
    );
}

#[test]
fn an_invalid_command_line_is_reported_with_a_fix() {
    let folder = new_archive();
    let at = text(folder.path());
    let new = ["-C", at, "new", "Search is down", "--severity", "P2"];
    printed(&afterword(&new, &[NOW]));
    for (arguments, words) in [
        (
            &["log", "--at", "99", "x"][..],
            "`99` is not a time; write `14:23`",
        ),
        (
            &["new", "x", "--severity", "P2", "--at", "soon"],
            "`soon` is not a time; write `14:23`",
        ),
        (
            &["check", "--as-of", "yesterday"],
            "`yesterday` is not a date; write it as `2026-03-31`",
        ),
        (&["show", "INC-2026-001"], "did you mean `INC-2026-0001`?"),
        (&["comms", "INC-2026-001"], "did you mean `INC-2026-0001`?"),
        (&["log", "inc-2026-0001"], "missing event text for"),
        (&["log", "INC-2026-0001"], "missing event text for"),
        (
            &["log", "INC-2026-0007", "two", "words"],
            "did you mean `INC-2026-0001`?",
        ),
        (
            &["memory", "touch", "inc-2026-0002"],
            "did you mean `INC-2026-0001`?",
        ),
        (
            &["explain", "severity-misssing"],
            "did you mean `severity-missing`?",
        ),
        (
            &["log", "--help"],
            "Usage: afterword log [OPTIONS] [ID] <TEXT>...",
        ),
        (
            &["new", "--help"],
            "Usage: afterword new [OPTIONS] --severity <KEY> <TITLE>",
        ),
    ] {
        let whole = [&["-C", at], arguments].concat();
        let output = afterword(&whole, &[NOW]);
        let printed_text = said(&output) + &String::from_utf8_lossy(&output.stdout);
        assert!(
            printed_text.contains(words),
            "{arguments:?}: {printed_text}"
        );
    }
}

#[test]
fn init_prints_how_to_enter_the_new_folder() {
    let work = tempfile::tempdir().expect("a folder");
    for (name, words) in [
        ("inc", "inc\n"),
        ("my inc", "my inc'\n"),
        ("it's", "it'\\''s'\n"),
    ] {
        let folder = work.path().join(name);
        let printed_text = printed(&afterword(&["init", text(&folder)], &[NOW]));
        let next = printed_text
            .split_once("next:  cd ")
            .expect("what is next")
            .1;
        assert!(
            next.starts_with(['/', '\'']) && next.contains(words),
            "{printed_text}"
        );
    }
}

/// The same day two days later, and a day before: 2026-11-23 and 2026-11-20, at 05:42:08 UTC.
const TWO_DAYS_LATER: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795412528");

/// The events of a timeline, a line each.
fn events(folder: &Path, id: &str) -> Vec<String> {
    printed(&afterword(&["-C", text(folder), "fold", id], &[NOW]));
    let path = folder.join(format!("timelines/{id}.json"));
    let text = fs::read_to_string(path).expect("it is there");
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("{ "));
    lines
        .map(|line| line.trim_end_matches(',').to_owned())
        .collect()
}

#[test]
fn an_event_is_inserted_in_chronological_order() {
    let folder = new_archive();
    let at = text(folder.path());
    let run = |arguments: &[&str]| printed(&afterword(&[&["-C", at], arguments].concat(), &[NOW]));
    run(&[
        "new",
        "Checkout errors",
        "--severity",
        "P1",
        "--at",
        "05:31",
    ]);
    for (time, words) in [
        ("05:40", "b"),
        ("05:35", "a"),
        ("05:40", "c"),
        ("5:20", "first"),
    ] {
        run(&["log", words, "--at", time]);
    }
    assert_eq!(
        events(folder.path(), "INC-2026-0001"),
        [
            "{ \"at\": \"05:20\", \"text\": \"first\" }",
            "{ \"at\": \"05:31\", \"marks\": [\"started\"], \"text\": \"Incident started\" }",
            "{ \"at\": \"05:35\", \"text\": \"a\" }",
            "{ \"at\": \"05:40\", \"text\": \"b\" }",
            "{ \"at\": \"05:40\", \"text\": \"c\" }",
        ]
    );
    let checked = run(&["check"]);
    assert!(!checked.contains("timeline-out-of-order"), "{checked}");
}

#[test]
fn a_start_entered_later_is_not_a_declaration() {
    let started = |at: &str| {
        format!("{{ \"at\": \"{at}\", \"marks\": [\"started\"], \"text\": \"Incident started\" }}")
    };
    let declared = |at: &str| {
        format!(
            "{{ \"at\": \"{at}\", \"marks\": [\"declared\"], \"text\": \"Incident declared\" }}"
        )
    };
    let both = "{ \"at\": \"05:42:08\", \"marks\": [\"started\", \"declared\"], \"text\": \"Incident declared\" }";
    for (options, expected) in [
        (&[][..], vec![both.to_owned()]),
        (&["--at", "2026-11-14 10:00"], vec![started("10:00")]),
        (
            &["--at", "05:31", "--declared"],
            vec![started("05:31"), declared("05:42:08")],
        ),
        (
            &["--at", "2026-11-19 23:50", "--declared=0:05"],
            vec![started("23:50"), declared("2026-11-20 00:05")],
        ),
    ] {
        let folder = new_archive();
        let new = ["-C", text(folder.path()), "new", "x", "--severity", "P2"];
        printed(&afterword(&[&new, options].concat(), &[NOW]));
        assert_eq!(
            events(folder.path(), "INC-2026-0001"),
            expected,
            "{options:?}"
        );
    }
    let folder = new_archive();
    let new = ["-C", text(folder.path()), "new", "x", "--severity", "P2"];
    let reversed = ["--at", "05:31", "--declared=5:20"];
    let refused = afterword(&[&new[..], &reversed].concat(), &[NOW]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        said(&refused).contains("before it started at"),
        "{}",
        said(&refused)
    );
}

#[test]
fn an_impossible_time_is_rejected_with_a_suggestion() {
    let folder = new_archive();
    let at = text(folder.path());
    let run = |arguments: &[&str]| afterword(&[&["-C", at], arguments].concat(), &[NOW]);
    let new = ["new", "x", "--severity", "P2", "--at"];
    printed(&run(&[&new[..], &["2026-11-20 23:50"]].concat()));
    let before = events(folder.path(), "INC-2026-0001");
    for (arguments, words) in [
        (
            &["log", "Over", "--at", "2026-11-20 00:10", "--mark", "ended"][..],
            "`ended` at 2026-11-20 00:10 UTC is before `started` at 2026-11-20 23:50 UTC; \
             for the next day, use `--at \"2026-11-21 00:10\"`",
        ),
        (
            &[
                "log",
                "Well",
                "--at",
                "2026-11-20 23:40",
                "--mark",
                "impact_ended,resolved",
            ],
            "is before `started` at 2026-11-20 23:50 UTC",
        ),
        (
            &["log", "x", "--at", "06:00"],
            "`06:00` is 17 minutes in the future; for yesterday, use `--at \"2026-11-20 06:00\"`",
        ),
        (
            &["log", "x", "--at", "2027-01-01"],
            "use a time in the past",
        ),
        (
            &["new", "y", "--severity", "P2", "--at", "23:59"],
            "for yesterday, use `--at \"2026-11-20 23:59\"`",
        ),
        (
            &[
                "new",
                "y",
                "--severity",
                "P2",
                "--at",
                "5:00",
                "--declared=6:00",
            ],
            "`06:00` is 17 minutes in the future",
        ),
        // The next word is the title, never the time.
        (
            &[
                "new",
                "--severity",
                "P2",
                "--at",
                "5:00",
                "--declared",
                "5:10",
            ],
            "the title is `5:10`, a time; write `--at 5:10` or `--declared=5:10`, and a title",
        ),
        (
            &[
                "new",
                "y",
                "--severity",
                "P2",
                "--at",
                "5:00",
                "--declared",
                "5:10",
            ],
            "the title has `5:10`, a time; write `--at 5:10` or `--declared=5:10`, or the title in quotes",
        ),
    ] {
        let output = run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(
            said(&output).contains(words),
            "{arguments:?}: {}",
            said(&output)
        );
    }
    assert_eq!(events(folder.path(), "INC-2026-0001"), before);
    assert!(!folder.path().join("incidents/INC-2026-0002.toml").exists());
}

#[test]
fn a_start_that_is_too_late_is_moved() {
    let folder = new_archive();
    let at = text(folder.path());
    let run = |arguments: &[&str]| afterword(&[&["-C", at], arguments].concat(), &[NOW]);
    let new = ["new", "x", "--severity", "P2", "--at", "2026-11-20 23:50"];
    printed(&run(&new));
    // A negative duration would be an error, so the start is moved first.
    let seen = [
        "log",
        "Seen",
        "--at",
        "2026-11-20 23:45",
        "--mark",
        "detected",
    ];
    let early = run(&seen);
    assert!(
        said(&early).contains(
            "to move `started`, use `afterword log INC-2026-0001 --move started --at TIME`"
        ),
        "{}",
        said(&early)
    );
    printed(&run(&[
        "log",
        "--move",
        "started",
        "--at",
        "2026-11-20 23:40",
    ]));
    printed(&run(&seen));
    // An end may be at the time of the start.
    printed(&run(&[
        "log",
        "Over",
        "--at",
        "2026-11-20 23:45",
        "--mark",
        "ended",
    ]));
}

#[test]
fn a_time_of_day_is_on_the_only_date_near_the_incident() {
    let folder = new_archive();
    let at = text(folder.path());
    let log = |now, arguments: &[&str]| {
        let output = afterword(
            &[&["-C", at, "log", "INC-2026-0001"], arguments].concat(),
            &[now],
        );
        (printed(&output), said(&output))
    };
    let new = ["-C", at, "new", "x", "--severity", "P2", "--at"];
    printed(&afterword(
        &[&new[..], &["2026-11-20 22:00"]].concat(),
        &[NOW],
    ));
    // It is open, so both days are near.
    let (out, note) = log(NOW, &["early", "--at", "5:00"]);
    assert_eq!(
        (out.as_str(), note.as_str()),
        ("INC-2026-0001  2026-11-21 05:00 UTC  early\n", "")
    );
    let (out, note) = log(NOW, &["late", "--at", "23:00"]);
    assert_eq!(out, "INC-2026-0001  2026-11-20 23:00 UTC  late\n");
    assert_eq!(
        note,
        "note: `23:00` is on 2026-11-20, the only date near the incident\n"
    );
    log(NOW, &["Over", "--at", "5:30", "--mark", "ended"]);
    let (out, note) = log(TWO_DAYS_LATER, &["forgotten", "--at", "2:00"]);
    assert_eq!(out, "INC-2026-0001  2026-11-21 02:00 UTC  forgotten\n");
    assert!(
        note.ends_with(
            "the only date near the incident; for today, use `--at \"2026-11-23 02:00\"`\n"
        ),
        "{note}"
    );
    assert_eq!(
        events(folder.path(), "INC-2026-0001")
            .first()
            .map(String::as_str),
        Some("{ \"at\": \"22:00\", \"marks\": [\"started\"], \"text\": \"Incident started\" }")
    );
}

#[test]
fn the_first_event_is_on_the_date_of_the_timeline() {
    let folder = new_archive();
    let at = text(folder.path());
    let toml = "title = \"Late in Tokyo\"\ntimezone = \"Asia/Tokyo\"\nstatus = \"investigating\"\n";
    fs::write(folder.path().join("incidents/INC-2026-0001.toml"), toml).expect("writable");
    // 2026-11-20 22:00 UTC is the next day in Tokyo.
    printed(&afterword(
        &["-C", at, "log", "x", "--at", "2026-11-20 22:00"],
        &[NOW],
    ));
    let shown = printed(&afterword(&["-C", at, "show"], &[NOW]));
    assert!(
        shown.contains("**07:00** - x") || shown.contains("**2026-11-21 07:00** - x"),
        "{shown}"
    );
    printed(&afterword(&["-C", at, "fold"], &[NOW]));
    let timeline = fs::read_to_string(folder.path().join("timelines/INC-2026-0001.json"));
    assert!(
        timeline
            .expect("it is there")
            .contains("\"date\": \"2026-11-20\"")
    );
}

#[test]
fn an_incident_stays_current_until_it_has_ended() {
    let folder = new_archive();
    let at = text(folder.path());
    let run = |arguments: &[&str], now: (&str, &str)| {
        afterword(&[&["-C", at], arguments].concat(), &[now])
    };
    let new = |title: &str| printed(&run(&["new", title, "--severity", "P2"], NOW));
    new("Search is down");
    let recovered = [
        "log",
        "Rolled back",
        "--mark",
        "impact_started,impact_ended",
    ];
    printed(&run(&recovered, NOW));
    let logged = run(&["log", "Error rate normal"], NOW);
    assert!(printed(&logged).starts_with("INC-2026-0001  2026-11-21 05:42:08 UTC  Error rate"));
    let note = "note: no incident is open; `INC-2026-0001` was resolved last";
    assert!(said(&logged).contains(note), "{}", said(&logged));
    assert!(printed(&run(&["comms"], NOW)).contains("Subject: Resolved"));
    // Half a day later, it may be about something else.
    let (name, seconds) = NOW;
    let later = (seconds.parse::<u64>().expect("seconds") + 13 * 3600).to_string();
    let stale = run(&["log", "Errors again"], (name, &later));
    assert!(
        said(&stale).contains("no open incident"),
        "{}",
        said(&stale)
    );
    // Beside an open one, nothing says which of the two is meant.
    new("Checkout is down");
    let two = run(&["log", "Errors again"], NOW);
    assert_eq!(two.status.code(), Some(1));
    for words in [
        "several incidents are open or were resolved recently; pass one of these IDs:",
        "\n  INC-2026-0001  Search is down  (resolved)",
        "\n  INC-2026-0002  Checkout is down",
    ] {
        assert!(said(&two).contains(words), "{}", said(&two));
    }
    printed(&run(
        &["log", "INC-2026-0001", "Over", "--mark", "ended"],
        NOW,
    ));
    let one = printed(&run(&["log", "Errors again"], NOW));
    assert!(one.starts_with("INC-2026-0002"), "{one}");
    // A person who wrote the status down has finished.
    let path = folder.path().join("incidents/INC-2026-0002.toml");
    let incident = fs::read_to_string(&path).expect("it is there");
    fs::write(&path, format!("status = \"resolved\"\n{incident}")).expect("writable");
    let none = run(&["log", "Errors again"], NOW);
    assert!(said(&none).contains("no open incident"), "{}", said(&none));
}

#[test]
fn the_fraction_of_a_second_is_kept() {
    let folder = new_archive();
    let at = text(folder.path());
    let new = [
        "-C",
        at,
        "new",
        "x",
        "--severity",
        "P2",
        "--at",
        "05:31:07.25",
    ];
    printed(&afterword(&new, &[NOW]));
    for time in ["05:40:00.5", "2026-11-19T23:59:59.125Z"] {
        printed(&afterword(&["-C", at, "log", "y", "--at", time], &[NOW]));
    }
    let events = events(folder.path(), "INC-2026-0001");
    for (event, time) in
        events
            .iter()
            .zip(["2026-11-19 23:59:59.125", "05:31:07.250", "05:40:00.500"])
    {
        assert!(event.contains(&format!("\"at\": \"{time}\"")), "{events:?}");
    }
    // Without a date in the timeline, times are written in full.
    fs::write(
        folder.path().join("timelines/INC-2026-0002.json"),
        "{\"events\": []}",
    )
    .expect("writable");
    let toml = "title = \"y\"\nstatus = \"investigating\"\n";
    fs::write(folder.path().join("incidents/INC-2026-0002.toml"), toml).expect("writable");
    printed(&afterword(
        &["-C", at, "log", "INC-2026-0002", "y", "--at", "05:40:00.5"],
        &[NOW],
    ));
    printed(&afterword(&["-C", at, "fold", "INC-2026-0002"], &[NOW]));
    let timeline = fs::read_to_string(folder.path().join("timelines/INC-2026-0002.json"))
        .expect("it is there");
    assert!(
        timeline.contains("\"2026-11-21 05:40:00.500\""),
        "{timeline}"
    );
}
