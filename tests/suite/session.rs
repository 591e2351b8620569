//! An incident that is run from the terminal by two people, each with a clone of the archive.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::thread;

use crate::site::{afterword, files, said};

/// 2026-11-21 05:42:08 UTC, a Saturday.
const NOW: u64 = 1_795_239_728;

/// A clone of an archive in which somebody runs commands.
pub(crate) struct Clone {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) now: u64,
}

impl Clone {
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, now: NOW }
    }

    /// Creates an archive with one open incident, under git.
    pub(crate) fn with_incident(severity: &str) -> Self {
        let clone = Self::empty();
        clone.run(&["init", clone.path()]);
        clone.git(&["init", "-q", "-b", "main"]);
        clone.run(&[
            "new",
            "Queue is slow",
            "--severity",
            severity,
            "--at",
            "5:31",
        ]);
        clone.commit();
        clone
    }

    pub(crate) fn of(other: &Self) -> Self {
        let clone = Self::empty();
        clone.git(&["clone", "-q", other.path(), "."]);
        clone
    }

    pub(crate) fn path(&self) -> &str {
        self.folder.path().to_str().expect("UTF-8")
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let output = self.git_output(arguments);
        assert!(
            output.status.success(),
            "git {arguments:?}: {}",
            said(&output)
        );
    }

    pub(crate) fn git_output(&self, arguments: &[&str]) -> Output {
        Command::new("git")
            .args(arguments)
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .envs([("GIT_AUTHOR_NAME", "A"), ("GIT_COMMITTER_NAME", "A")])
            .envs([
                ("GIT_AUTHOR_EMAIL", "a@example.com"),
                ("GIT_COMMITTER_EMAIL", "a@example.com"),
            ])
            .output()
            .expect("git runs")
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "recorded"]);
    }

    /// Merges what another clone has committed. No merge driver is set up, as on the server of a code host.
    pub(crate) fn merge(&self, other: &Self) {
        let output = self.pull(other);
        assert!(output.status.success(), "{}", said(&output));
    }

    /// Merges what another clone has committed, and leaves conflicts in the files.
    pub(crate) fn pull(&self, other: &Self) -> Output {
        let pull = ["pull", "-q", "--no-rebase", "--no-edit"];
        self.git_output(&[&pull[..], &[other.path(), "main"]].concat())
    }

    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        let now = self.now.to_string();
        let whole = [&["-C", self.path()], arguments].concat();
        afterword(&whole, &[("SOURCE_DATE_EPOCH", &now)])
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments);
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{arguments:?}: {printed}{}",
            said(&output)
        );
        printed
    }

    /// Runs a command that is refused: it exits with 1, and changes no file.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let said = self.fails(arguments);
        assert!(said.contains("nothing written"), "{said}");
        said
    }

    /// Runs a command that exits with 1, and changes no file.
    pub(crate) fn fails(&self, arguments: &[&str]) -> String {
        let before = self.files();
        let output = self.output(arguments);
        assert_eq!(
            output.status.code(),
            Some(1),
            "{arguments:?}: {}",
            said(&output)
        );
        assert!(before == self.files(), "{arguments:?} changed a file");
        said(&output)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).expect("it is there")
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        crate::site::write(self.folder.path(), path, text);
    }

    pub(crate) fn file(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a message outside of the archive's inputs, and returns its path.
    pub(crate) fn message(&self) -> String {
        self.write("m.txt", "All is well\n");
        self.file("m.txt").to_str().expect("UTF-8").to_owned()
    }

    /// Returns the files of the archive, without those of git and of the program itself.
    pub(crate) fn files(&self) -> std::collections::BTreeMap<String, Vec<u8>> {
        let mut files = files(self.folder.path());
        files.retain(|path, _| !path.starts_with(".git/") && !path.starts_with(".afterword/"));
        files
    }

    pub(crate) fn entries(&self) -> Vec<String> {
        let folder = self.folder.path().join("timelines/INC-2026-0001.d");
        let names = fs::read_dir(folder).into_iter().flatten();
        let names = names.map(|entry| entry.expect("readable").file_name().into_string());
        let mut names: Vec<String> = names.map(|name| name.expect("UTF-8")).collect();
        names.sort();
        names
    }

    pub(crate) fn site(&self) -> std::collections::BTreeMap<String, Vec<u8>> {
        let out = self.folder.path().join("built");
        self.run(&["build", "--out", out.to_str().expect("UTF-8")]);
        files(&out)
    }
}

#[test]
fn two_people_run_an_incident() {
    let (mut one, mut two) = {
        let one = Clone::with_incident("P4");
        let two = Clone::of(&one);
        (one, two)
    };
    // Both log at once, and both notice the first sign.
    one.run(&[
        "log",
        "Alert",
        "fired",
        "--at",
        "5:33",
        "--mark",
        "detected,paged",
    ]);
    one.run(&["log", "Restarted the workers"]);
    one.commit();
    two.run(&[
        "log",
        "A customer called",
        "--at",
        "7 minutes ago",
        "--mark",
        "detected",
    ]);
    two.now += 30;
    two.run(&["log", "restarted the workers."]);
    two.commit();
    one.merge(&two);
    assert_eq!(one.entries().len(), 4);
    let checked = one.run(&["check"]);
    for words in [
        "`detected` is set twice, at 2026-11-21 05:33 UTC and at 2026-11-21 05:35 UTC",
        "afterword log INC-2026-0001 --move detected --at TIME",
        "two events say `restarted the workers.` within a minute",
        "timelines/INC-2026-0001.d/2026",
    ] {
        assert!(checked.contains(words), "{words}: {checked}");
    }
    one.run(&["build"]);
    let moved = one.run(&["log", "--move", "detected", "--at", "5:32"]);
    assert!(
        moved.contains("`detected` is at 2026-11-21 05:32 UTC"),
        "{moved}"
    );
    let twice = one
        .entries()
        .into_iter()
        .rfind(|name| name.contains("T0542"))
        .expect("it is there");
    fs::remove_file(
        one.folder
            .path()
            .join("timelines/INC-2026-0001.d")
            .join(twice),
    )
    .expect("writable");
    record_what_is_known(&mut one);
    close(&mut one);
    two.now = one.now;
    two.commit_nothing_and_merge(&one);
}

/// Records the severity, the people, the customers, the cause and the status.
fn record_what_is_known(one: &mut Clone) {
    one.now += 60;
    let raised = one.run(&["severity", "P3", "--because", "payments wait too"]);
    assert!(
        raised.contains("Severity raised from P4 to P3: payments wait too"),
        "{raised}"
    );
    one.run(&["assign", "commander", "Mina", "Sol"]);
    one.now += 60;
    let handover = one.run(&["assign", "commander", "Taro Abe"]);
    assert!(
        handover.contains("commander: Taro Abe, from Mina Sol, at 2026-11-21 05:44:08 UTC"),
        "{handover}"
    );
    let file = one.read("incidents/INC-2026-0001.toml");
    assert!(
        file.contains("severity       = \"P4\"") && file.contains("[[people.command]]"),
        "{file}"
    );
    one.run(&["affects", "--customer", "Acme", "--users", "12"]);
    let affected = one.run(&[
        "affects",
        "--customer",
        "acme",
        "--users",
        "14",
        "--service",
        "queue",
    ]);
    assert!(affected.contains("1 customer, 14 users"), "{affected}");
    one.run(&[
        "cause",
        "The queue has no limit",
        "--factor",
        "Nobody is paged when it grows",
    ]);
    let identified = one.run(&["status", "identified"]);
    assert!(
        identified.contains("identified (was investigating)"),
        "{identified}"
    );
    one.now += 60;
    let mitigated = one.run(&[
        "status",
        "INC-2026-0001",
        "monitoring",
        "--text",
        "Set a limit",
    ]);
    assert!(mitigated.contains("time to mitigate  14m"), "{mitigated}");
    assert!(
        one.run(&["status", "INC-2026-0001"])
            .contains("monitoring  since 2026-11-21 05:45:08 UTC")
    );
}

/// Records a message as it was sent.
fn send(one: &Clone, stage: &str, text: &str) {
    one.write("sent.txt", text);
    let sent = one.file("sent.txt");
    let sent = sent.to_str().expect("UTF-8");
    let arguments = [
        "comms",
        "INC-2026-0001",
        "--record",
        "--file",
        sent,
        "--stage",
        stage,
    ];
    let by = ["--channel", "email", "--approved-by", "Taro Abe"];
    one.run(&[&arguments[..], &by].concat());
    fs::remove_file(one.file("sent.txt")).expect("it is there");
}

/// Records messages and action items, and closes the incident.
fn close(one: &mut Clone) {
    send(
        one,
        "monitoring",
        "Subject: Slow queue\n\nJobs were slow. We have fixed this and are monitoring. \
         We send the next update by 06:45 UTC.\n\nQuestions? Contact support@example.com\n",
    );
    let added = one.run(&[
        "actions", "add", "Add", "an", "alert", "on", "queue", "length", "--owner", "Platform",
        "--due", "friday", "--type", "detect",
    ]);
    assert!(added.contains("due 2026-11-27"), "{added}");
    one.run(&[
        "actions",
        "add",
        "Test the limit",
        "--owner",
        "Platform",
        "--due",
        "+14d",
        "--type",
        "prevent",
    ]);
    one.run(&["actions", "done", "INC-2026-0001-A2"]);
    one.now += 3600;
    one.run(&["status", "resolved"]);
    send(
        one,
        "resolved",
        "Subject: Slow queue: resolved\n\nJobs are as fast as before. We are sorry for the delay.\n\n\
         Questions? Contact support@example.com\n",
    );
    let closed = one.run(&["status", "closed", "--fold"]);
    assert!(
        closed.contains("closed (was resolved)") && closed.contains("joined"),
        "{closed}"
    );
    assert!(one.entries().is_empty());
    let checked = one.run(&["check"]);
    assert_eq!(checked, "checked 1 incident: no problems found\n");
    one.run(&["build"]);
    let report = one.run(&["show", "0001"]);
    assert!(
        report.contains("P3") && report.contains("Taro Abe"),
        "{report}"
    );
    one.commit();
}

impl Clone {
    fn commit_nothing_and_merge(&self, other: &Self) {
        self.merge(other);
        self.run(&["check"]);
    }
}

#[test]
fn entries_of_two_clones_are_all_kept() {
    let one = Clone::with_incident("P4");
    let two = Clone::of(&one);
    thread::scope(|scope| {
        for (name, clone) in [("one", &one), ("two", &two)] {
            for worker in 0..2 {
                scope.spawn(move || {
                    for call in 0..25 {
                        clone.run(&["log", name, &format!("{worker}-{call}.")]);
                    }
                });
            }
        }
    });
    one.commit();
    two.commit();
    one.merge(&two);
    assert_eq!(one.entries().len(), 100);
    let before = one.site();
    one.run(&["fold"]);
    assert!(
        before == one.site(),
        "the site differs once the entries are joined"
    );
    let timeline = one.read("timelines/INC-2026-0001.json");
    for name in ["one", "two"] {
        for worker in 0..2 {
            for call in 0..25 {
                assert!(
                    timeline.contains(&format!("\"{name} {worker}-{call}.\"")),
                    "{name} {worker}-{call}"
                );
            }
        }
    }
    // Entries of the same second are in the order in which they were recorded.
    let order: Vec<usize> = (0..25)
        .map(|call| timeline.find(&format!("\"one 0-{call}.\"")).expect("there"))
        .collect();
    assert!(order.is_sorted(), "{order:?}");
    one.run(&["undo"]);
    assert_eq!(one.entries().len(), 100);
}

#[test]
fn every_output_is_the_same_in_one_file_and_in_entries() {
    let build = |settings: &str| {
        let clone = Clone::empty();
        clone.run(&["init", clone.path()]);
        let old = clone.read("afterword.toml");
        clone.write("afterword.toml", &format!("{old}{settings}"));
        clone.run(&[
            "new",
            "Queue is slow",
            "--severity",
            "P3",
            "--at",
            "2026-11-20 23:50",
        ]);
        for arguments in [
            &["late", "--at", "5:40", "--mark", "mitigated"][..],
            &[
                "Alert fired",
                "--at",
                "2026-11-20 23:55",
                "--mark",
                "detected",
                "--kind",
                "alert",
            ],
            &["about then", "--at", "~0:10", "--actor", "Mina Sol"],
            &["a day", "--at", "2026-11-20"],
            &["same time, first", "--at", "5:40"],
            &[
                "same time, second",
                "--at",
                "5:40",
                "--visibility",
                "public",
            ],
            &["early", "--at", "2026-11-20 23:40"],
        ] {
            clone.run(&[&["log"], arguments].concat());
        }
        clone
    };
    let folder = build("");
    let file = build("\n[timeline]\nentries = \"file\"\n");
    assert_eq!(folder.entries().len(), 7);
    assert!(file.entries().is_empty());
    let (entries, joined) = (folder.site(), file.site());
    assert!(!entries.is_empty());
    for (name, bytes) in &joined {
        let other = entries
            .get(name)
            .map(|bytes| String::from_utf8_lossy(bytes));
        assert_eq!(other, Some(String::from_utf8_lossy(bytes)), "{name}");
    }
    assert_eq!(entries.len(), joined.len());
    folder.run(&["fold"]);
    assert_eq!(
        folder.read("timelines/INC-2026-0001.json"),
        file.read("timelines/INC-2026-0001.json")
    );
}

#[test]
fn a_new_entry_is_seen_by_every_command() {
    let clone = Clone::with_incident("P4");
    for _ in 0..2 {
        assert!(clone.run(&["check"]).contains("no problems"));
        clone.run(&["build"]);
    }
    let path = "timelines/INC-2026-0001.d/20261121T060000Z-001-00000000.json";
    clone.write(
        path,
        "{ \"at\": \"2026-11-21 05:40\", \"text\": \"By hand\" }\n",
    );
    clone.run(&["build"]);
    let report = clone.read("site/incidents/INC-2026-0001.md");
    assert!(report.contains("**05:40** - By hand"), "{report}");
    clone.write(
        path,
        "{ \"at\": \"2026-11-21 05:40\", \"txt\": \"By hand\" }\n",
    );
    for scope in [&[][..], &["INC-2026-0001"], &["timelines"]] {
        let checked = clone.output(&[&["check"], scope].concat());
        let printed = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert_eq!(checked.status.code(), Some(1), "{printed}");
        assert!(printed.contains(&format!("{path}:1:")), "{printed}");
    }
    clone.refused(&["affects", "INC-2026-0001", "--users", "3"]);
    fs::remove_file(clone.folder.path().join(path)).expect("writable");
    assert!(clone.run(&["check"]).contains("no problems"));
    clone.run(&["build"]);
    assert!(
        !clone
            .read("site/incidents/INC-2026-0001.md")
            .contains("By hand")
    );
    // Entries that no incident uses are reported.
    clone.write(
        "timelines/INC-2026-0009.d/1.json",
        "{ \"at\": \"2026-11-21 05:40\", \"text\": \"x\" }\n",
    );
    let checked = clone.run(&["check"]);
    assert!(checked.contains("timeline-without-incident"), "{checked}");
}

#[test]
fn the_text_of_an_event_comes_from_standard_input() {
    use std::io::Write;
    use std::process::Stdio;
    let clone = Clone::with_incident("P4");
    let mut child = Command::new(env!("CARGO_BIN_EXE_afterword"))
        .args(["-C", clone.path(), "log", "--mark", "detected", "-"])
        .env_clear()
        .env("SOURCE_DATE_EPOCH", NOW.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut input = child.stdin.take().expect("piped");
    input
        .write_all(b"Alert fired\n\nqueue > 500\n")
        .expect("it reads");
    drop(input);
    assert!(child.wait_with_output().expect("it ends").status.success());
    let entries = clone.entries();
    let entry = clone.read(&format!("timelines/INC-2026-0001.d/{}", entries[0]));
    assert_eq!(
        entry,
        "{ \"at\": \"2026-11-21 05:42:08\", \"marks\": [\"detected\"], \"text\": \"Alert fired\", \"body\": \"queue > 500\" }\n"
    );
}

#[test]
fn a_command_without_a_terminal_never_asks() {
    let clone = Clone::empty();
    clone.run(&["init", clone.path()]);
    let output = clone.output(&["new", "Queue is slow"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("missing `--severity`"),
        "{}",
        said(&output)
    );
    clone.run(&[
        "new",
        "Queue is slow",
        "--severity",
        "P3",
        "--service",
        "queue",
        "--service",
        "jobs",
    ]);
    let file = clone.read("incidents/INC-2026-0001.toml");
    assert!(
        file.contains("services       = [\"queue\", \"jobs\"]\n"),
        "{file}"
    );
    assert_eq!(file.matches("services ").count(), 1, "{file}");
    clone.run(&["undo", "--yes"]);
    assert!(
        !Path::new(clone.path())
            .join("incidents/INC-2026-0001.toml")
            .exists()
    );
}
