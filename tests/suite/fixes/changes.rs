//! `check --changed-since` reports what changed, what relates to it, and every new problem.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::fixes::run;
use crate::site::{archive, said};

fn git(folder: &Path, words: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    let output = Command::new("git")
        .args(identity)
        .args(words)
        .current_dir(folder)
        .output()
        .expect("git");
    assert!(output.status.success(), "{}", said(&output));
}

/// Returns the problems that a check prints, each with how often it does; the same problem may be on another line.
fn problems(folder: &Path, arguments: &[&str]) -> BTreeMap<String, usize> {
    let output = run(folder, &[&["--format", "json"], arguments].concat());
    let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut found = BTreeMap::new();
    for problem in document["diagnostics"].as_array().expect("a list") {
        let parts = ["code", "file", "path", "message"].map(|key| problem[key].to_string());
        *found.entry(parts.join(" ")).or_default() += 1;
    }
    found
}

/// What a branch changed, and the incidents that refer to it or that it refers to.
#[test]
fn what_changed_since_a_commit_is_checked_with_what_relates_to_it() {
    let warned = "title = \"Slow\"\nseverity = \"P3\"\nclassification = \"internal\"\n\n[[action_items]]\naction = \"Check\"\n";
    let file = |number: u32| format!("incidents/INC-2026-000{number}.toml");
    let related =
        format!("{warned}\n[[references]]\ntitle = \"Before\"\nincident = \"INC-2026-0001\"\n");
    let folder = archive(&[
        (&file(1), warned),
        (&file(2), &related),
        (&file(3), warned),
        (
            &file(4),
            "title = \"Gone\"\nclassification = \"internal\"\n",
        ),
        (&file(5), &related.replace("INC-2026-0001", "INC-2026-0004")),
        (
            &file(7),
            "title = \"Seen\"\nclassification = \"internal\"\n\n[[evidence]]\nsection = \"root_cause\"\ntitle = \"E\"\nfile = \"../logs/the rates.log\"\n",
        ),
        (
            &file(8),
            "title = \"Told\"\nclassification = \"internal\"\nsummary = \"See [rates](../logs/the%20rates.log).\"\n",
        ),
        ("logs/the rates.log", "1\n"),
    ]);
    let git = |words: &[&str]| git(folder.path(), words);
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "a"]);
    let files = |commit: &str| {
        let output = run(
            folder.path(),
            &["--format", "json", "--changed-since", commit],
        );
        let document: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let found = document["diagnostics"].as_array().expect("a list").iter();
        let found = found.map(|found| found["file"].as_str().expect("a file").to_owned());
        found.collect::<BTreeSet<_>>()
    };
    assert_eq!(files("HEAD").len(), 0);
    let path = |number: u32| folder.path().join(file(number));
    fs::write(path(1), format!("{warned}# more\n")).expect("writable");
    assert_eq!(files("HEAD"), [file(1), file(2)].into());
    let logs = folder.path().join("logs");
    fs::rename(logs.join("the rates.log"), logs.join("rates.log")).expect("it is there");
    assert_eq!(files("HEAD"), [file(1), file(2), file(7), file(8)].into());
    fs::rename(logs.join("rates.log"), logs.join("the rates.log")).expect("it is there");
    fs::remove_file(path(4)).expect("it is there");
    fs::write(path(6), warned).expect("writable");
    assert_eq!(files("HEAD"), [file(1), file(2), file(5), file(6)].into());
    fs::write(
        folder.path().join("afterword.toml"),
        "[site]\ntitle = \"Ours\"\n",
    )
    .expect("writable");
    assert_eq!(files("HEAD").len(), 7);
    let unknown = run(folder.path(), &["--changed-since", "nowhere"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(said(&unknown).contains("nowhere"), "{}", said(&unknown));
}

/// An archive whose incidents name each other, files and events in each way.
fn related() -> Vec<(String, String)> {
    let head = "title = \"A\"\nseverity = \"P3\"\nclassification = \"internal\"\n";
    let timeline = "{ \"date\": \"2026-01-14\", \"events\": [\n  { \"at\": \"10:00\", \"id\": \"p\", \"marks\": [\"started\"], \"text\": \"a\" },\n  { \"at\": \"10:30\", \"marks\": [\"ended\"], \"text\": \"b\" }\n] }\n";
    let step = "\n[resolution]\nimmediate = [{ text = \"x\", event = \"p\" }]\n";
    let texts = [
        ("incidents/INC-2026-0001.toml", format!("{head}{step}")),
        ("timelines/INC-2026-0001.json", timeline.into()),
        (
            "incidents/INC-2026-0002.toml",
            format!("{head}summary = \"Like INC-2026-0001.\"\n\n[[references]]\ntitle = \"B\"\nincident = \"INC-2026-0003\"\n"),
        ),
        (
            "incidents/INC-2026-0003.toml",
            format!("{head}timeline = \"../timelines/foo.json\"\n{step}"),
        ),
        ("timelines/foo.json", timeline.into()),
        ("incidents/INC-2026-0004.toml", format!("{head}{step}")),
        (
            "timelines/INC-2026-0004.d/a.json",
            "{ \"at\": \"2026-01-14 10:00\", \"id\": \"p\", \"marks\": [\"started\"], \"text\": \"a\" }\n".into(),
        ),
        (
            "incidents/INC-2026-0005.toml",
            format!("{head}summary = \"See [it](logs/caf%C3%A9%20%28b%29.log) and [that](../monitoring/a&amp;b.log).\"\n\n[[evidence]]\nsection = \"root_cause\"\ntitle = \"E\"\nfile = \"logs/\\u00e9.log\"\n"),
        ),
        ("incidents/logs/caf\u{e9} (b).log", "1\n".into()),
        ("incidents/logs/\u{e9}.log", "1\n".into()),
        ("monitoring/a&b.log", "1\n".into()),
        (
            "incidents/INC-2026-0006.toml",
            format!("{head}\n[[references]]\ntitle = \"B\"\nincident = \"INC-2026-0001\"\n\n[[action_items]]\nid = \"X-1\"\naction = \"Do\"\n"),
        ),
        ("memory.toml", String::new()),
    ];
    texts.map(|(path, text)| (path.to_owned(), text)).into()
}

/// Changes one file in a way that a number chooses; returns whether it could.
fn change(folder: &Path, files: &[(String, String)], number: usize) -> bool {
    let (path, _) = &files[number % files.len()];
    let file = folder.join(path);
    let Ok(text) = fs::read_to_string(&file) else {
        return false;
    };
    let edit = |from: &str, to: &str| fs::write(&file, text.replace(from, to)).expect("writable");
    match number / files.len() % 8 {
        0 => fs::remove_file(&file).expect("it is there"),
        1 => {
            let other = file.with_file_name(format!("moved-{}", path.replace('/', "-")));
            fs::rename(&file, other).expect("it is there");
        }
        2 => {
            let name = file.file_name().expect("a name").to_string_lossy();
            let other = file.with_file_name(name.replace("-000", "-100"));
            fs::rename(&file, other).expect("it is there");
        }
        3 => edit("\"internal\"", "\"confidential\""),
        4 => edit("timeline = \"../timelines/foo.json\"\n", ""),
        5 => edit("\"p\"", "\"q\""),
        6 => edit("title = \"A\"", "titel = \"A\"\nsummary2 = [\n"),
        _ => edit(
            "\n\n",
            "\n\n[[action_items]]\nid = \"X-1\"\naction = \"Do\"\n\n",
        ),
    }
    fs::read_to_string(&file).ok() != Some(text.clone())
}

/// Whatever a full check reports now and did not report of the commit.
#[test]
fn every_new_problem_is_reported() {
    let files = related();
    let given: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let folder = archive(&given);
    let folder = folder.path();
    git(folder, &["init", "-q"]);
    git(folder, &["add", "."]);
    git(folder, &["commit", "-qm", "a"]);
    let before = problems(folder, &[]);
    let mut reported = 0;
    let kinds = files.len() * 8;
    // Each change alone, and then several together.
    let alone = (0..kinds).map(|number| vec![number]);
    let together =
        (0..12).map(|round| vec![round * 31 % kinds, round * 17 % kinds, round * 7 + 50]);
    for numbers in alone.chain(together) {
        let changed = numbers.iter().map(|number| change(folder, &files, *number));
        if !changed.fold(false, |any, changed| any | changed) {
            continue;
        }
        let now = problems(folder, &[]);
        let since = problems(folder, &["--changed-since", "HEAD"]);
        for (problem, count) in &now {
            let is_new = before.get(problem).is_none_or(|known| known < count);
            assert!(
                !is_new || since.contains_key(problem),
                "{numbers:?}: {problem}"
            );
            reported += usize::from(is_new);
        }
        assert!(
            since.keys().all(|problem| now.contains_key(problem)),
            "{numbers:?}"
        );
        git(folder, &["checkout", "-qf", "."]);
        git(folder, &["clean", "-fdq"]);
    }
    assert!(reported > 100, "{reported}");
}

/// Git tells its hooks where the work tree is, which is not the folder of the archive.
#[test]
fn a_hook_of_another_work_tree_checks_only_what_changed() {
    let error = "titel = 1\n";
    let folder = archive(&[
        ("ops/afterword.toml", ""),
        ("ops/incidents/INC-2026-0001.toml", error),
        ("readme", "1\n"),
    ]);
    let main = folder.path();
    git(main, &["init", "-q"]);
    git(main, &["add", "."]);
    git(main, &["commit", "-qm", "a"]);
    git(main, &["worktree", "add", "-q", "other"]);
    let hook = main.join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().expect("a folder")).expect("writable");
    let binary = env!("CARGO_BIN_EXE_afterword");
    let script = format!("#!/bin/sh\nexec '{binary}' -C ops check --changed-since HEAD\n");
    fs::write(&hook, script).expect("writable");
    let executable = Command::new("chmod").arg("+x").arg(&hook).status();
    assert!(executable.expect("chmod").success());
    for tree in [main.to_path_buf(), main.join("other")] {
        fs::write(tree.join("readme"), "2\n").expect("writable");
        git(&tree, &["add", "readme"]);
        git(&tree, &["commit", "-qm", "b"]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_no_input_can_have_is_left_out() {
    use std::os::unix::ffi::OsStrExt;
    let folder = archive(&[("incidents/INC-2026-0001.toml", "title = \"A\"\n")]);
    let folder = folder.path();
    git(folder, &["init", "-q"]);
    git(folder, &["add", "."]);
    git(folder, &["commit", "-qm", "a"]);
    fs::write(folder.join(std::ffi::OsStr::from_bytes(b"x\xff.log")), "1").expect("writable");
    let output = run(folder, &["--changed-since", "HEAD"]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}
