//! Tests builds whose process is limited.
//!
//! A limit applies to a whole process, so each test runs one of the ignored ones in a separate process, limited by a
//! shell.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::*;

#[track_caller]
fn passes_under(limit: &str, test: &str) {
    let output = Command::new("sh")
        .args(["-c", &format!("{limit}; exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--test-threads=1"])
        .arg(format!(
            "{}::{test}",
            module_path!().split_once("::").unwrap().1
        ))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{output:?}"
    );
}

#[test]
fn the_umask_does_not_matter() {
    passes_under("umask 077", "everybody_may_read_the_site");
}

#[test]
fn a_file_that_may_not_grow_so_long_is_named_and_the_old_site_stays() {
    passes_under("trap '' XFSZ; ulimit -f 40", "a_long_file_fails");
}

#[test]
fn few_open_files_are_enough() {
    passes_under("ulimit -n 20", "hundreds_of_files_are_built");
}

#[test]
fn no_open_file_to_spare_is_an_error_and_the_old_site_stays() {
    passes_under("ulimit -n 20", "a_build_without_open_files_fails");
}

#[test]
#[ignore = "runs under a umask"]
fn everybody_may_read_the_site() {
    let project = Project::with(&[("a/b", "1"), ("c", "1")]);
    project
        .build(&[("a/b", "2"), ("c", "1"), ("d", "1")])
        .unwrap();
    for (path, expected) in [
        ("", 0o755),
        ("a", 0o755),
        ("a/b", 0o644),
        ("c", 0o644),
        ("d", 0o644),
    ] {
        let mode = fs::metadata(project.path(path))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, expected, "{path}");
    }
}

#[test]
#[ignore = "runs under a limit of file sizes"]
fn a_long_file_fails() {
    let project = Project::with(&[("a", "1")]);
    let long = "x".repeat(1 << 20);
    for path in ["a", "b", "c/d"] {
        let part = format!("{path}`: File too large");
        project.refuses(&part, |p| p.build(&[("e", "1"), (path, &long)]));
    }
}

#[test]
#[ignore = "runs under a limit of open files"]
fn hundreds_of_files_are_built() {
    let names: Vec<String> = (0..300).map(|n| format!("{}/{n}", n % 9)).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    assert_eq!(Project::new().build(&files).unwrap().written, 300);
}

#[test]
#[ignore = "runs under a limit of open files"]
fn a_build_without_open_files_fails() {
    let project = Project::with(&[("a", "1")]);
    let before = project.tree();
    let mut open = Vec::new();
    let writer = project.open().unwrap();
    while let Ok(file) = fs::File::open(project.path("a")) {
        open.push(file);
    }
    for (path, text) in [("a", "2"), ("b", "1"), ("c/d", "1")] {
        let message = writer.put(path, text.as_bytes()).unwrap_err().to_string();
        assert!(
            message.contains(&format!("site/{path}`: Too many open files")),
            "{message}"
        );
    }
    assert!(project.open().is_err());
    open.clear();
    assert!(writer.commit().is_err());
    assert_eq!(project.tree(), before);
}
