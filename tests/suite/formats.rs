//! The formats of problems for other programs, and what commands print about themselves.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use crate::site::{afterword, said};

/// 2026-11-21 05:42:08 UTC.
const NOW: (&str, &str) = ("SOURCE_DATE_EPOCH", "1795239728");

const INCIDENT: &str = "title = \"Checkout <errors> & \\\"more\\\"\"\nclassification = \"internal\"\nservces = [\"checkout\"]\n\n[[action_items]]\naction = \"Check the list\"\ndue = 2026-04-30\n\n[[action_items]]\naction = \"Check the list\"\ndue = 2026-04-30\n";

const CLEAN: &str = "title = \"a\"\nseverity = \"P3\"\nclassification = \"internal\"\n";

/// A repository with an archive in a folder of it.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new(incident: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join(".git")).expect("writable");
        fs::create_dir_all(folder.path().join("ops/reports/incidents")).expect("writable");
        let repository = Self(folder);
        repository.write(incident);
        repository
    }

    fn write(&self, incident: &str) {
        let file = "ops/reports/incidents/INC-2026-0001.toml";
        fs::write(self.0.path().join(file), incident).expect("writable");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.run_with(arguments, &[NOW])
    }

    fn run_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
        let archive = self.0.path().join("ops/reports");
        let archive = archive.to_str().expect("UTF-8");
        afterword(&[&["-C", archive], arguments].concat(), environment)
    }
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Returns the values of one key of the issues of a Code Quality report.
fn each(report: &Value, key: &str) -> Vec<String> {
    let issues = report.as_array().expect("a list").iter();
    issues.map(|issue| issue[key].to_string()).collect()
}

#[test]
fn gitlab_tells_known_problems_from_new_ones() {
    let repository = Repository::new(INCIDENT);
    let check = ["check", "--format", "gitlab"];
    let output = repository.run(&check);
    assert_eq!(output.status.code(), Some(1));
    let report = json(&output);
    for issue in report.as_array().expect("a list") {
        assert_eq!(
            issue["location"]["path"],
            "ops/reports/incidents/INC-2026-0001.toml"
        );
        assert!(issue["location"]["lines"]["begin"].as_u64() > Some(0));
        assert!(issue["description"].is_string());
        let severity = issue["severity"].as_str().expect("a text");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
    }
    let error = &report.as_array().expect("a list")[1];
    assert_eq!(error["check_name"], "unknown-key");
    assert_eq!(error["severity"], "major");
    let known = each(&report, "fingerprint");
    let different: BTreeSet<&String> = known.iter().collect();
    assert_eq!(different.len(), known.len(), "{known:?}");

    // Neither the line nor the day makes a problem another one.
    repository.write(&format!("# A comment\n\n{INCIDENT}"));
    let later = repository.run(&[&check[..], &["--as-of", "2026-12-24"]].concat());
    assert_ne!(text(&later), text(&output));
    assert_eq!(each(&json(&later), "fingerprint"), known);

    repository.write(CLEAN);
    let clean = repository.run(&check);
    assert_eq!(
        (text(&clean).as_str(), clean.status.code()),
        ("[]\n", Some(0))
    );
}

/// An ID is no number that changes by the day: another one is another problem.
#[test]
fn a_fingerprint_depends_on_what_is_quoted() {
    let steps = |events: &[&str]| {
        let step = |event: &&str| format!("{{ text = \"x\", event = \"{event}\" }}");
        let steps: Vec<String> = events.iter().map(step).collect();
        let repository = Repository::new(&format!(
            "{CLEAN}\n[resolution]\nimmediate = [{}]\n",
            steps.join(", ")
        ));
        let output = repository.run(&["check", "--format", "gitlab"]);
        each(&json(&output), "fingerprint")
    };
    let both = steps(&["step-1", "step-2"]);
    assert_eq!(both.len(), 2);
    assert_eq!(steps(&["step-2"]), both[1..]);
    assert!(!both.contains(&steps(&["step-9"])[0]));
}

#[test]
fn a_site_is_not_taken_for_an_archive() {
    let repository = Repository::new(CLEAN);
    repository.run(&["build"]);
    let site = repository.0.path().join("ops/reports/site");
    assert!(site.join("incidents").is_dir());
    let listed = afterword(&["-C", site.to_str().expect("UTF-8"), "list"], &[NOW]);
    assert!(text(&listed).contains("INC-2026-0001"), "{}", said(&listed));
    assert!(!site.join(".afterword").exists());
}

/// Returns the number of test cases of a `JUnit` report and of the failures among them, as counted and as stated.
fn cases(report: &str) -> [(usize, usize); 2] {
    let document = roxmltree::Document::parse(report).expect("XML");
    let root = document.root_element();
    let count = |name: &str| {
        document
            .descendants()
            .filter(|node| node.has_tag_name(name))
            .count()
    };
    let stated = |name: &str| {
        root.attribute(name)
            .expect("a number")
            .parse()
            .expect("a number")
    };
    [
        (count("testcase"), count("failure")),
        (stated("tests"), stated("failures")),
    ]
}

#[test]
fn junit_fails_for_errors_and_for_denied_warnings() {
    let repository = Repository::new(INCIDENT);
    let run =
        |more: &[&str]| text(&repository.run(&[&["check", "--format", "junit"], more].concat()));
    let all = json(&repository.run(&["check", "--format", "json"]));
    let all = all["diagnostics"].as_array().expect("a list").len();
    assert_eq!(cases(&run(&[])), [(all, 1); 2]);
    assert_eq!(cases(&run(&["--deny-warnings"])), [(all, all); 2]);
    let document = run(&[]);
    let document = roxmltree::Document::parse(&document).expect("XML");
    let failure = document
        .descendants()
        .find(|node| node.has_tag_name("failure"));
    let case = failure
        .and_then(|failure| failure.parent())
        .expect("a case");
    assert_eq!(
        (case.attribute("file"), case.attribute("line")),
        (Some("ops/reports/incidents/INC-2026-0001.toml"), Some("3"))
    );
    repository.write(CLEAN);
    assert_eq!(cases(&run(&[])), [(1, 0); 2]);
}

#[test]
fn sarif_keeps_to_its_schema() {
    let repository = Repository::new(INCIDENT);
    let printed = json(&repository.run(&["check", "--format", "sarif"]));
    // The types are generated from the schema, so a key that it does not have is lost, and a wrong value is an error.
    let typed: serde_sarif::sarif::Sarif =
        serde_json::from_value(printed.clone()).expect("what the schema describes");
    assert_eq!(serde_json::to_value(&typed).expect("JSON"), printed);
    let first = &printed["runs"][0]["results"][0];
    assert_eq!(
        first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "ops/reports/incidents/INC-2026-0001.toml"
    );
}

#[test]
fn file_names_are_those_of_the_repository_unless_others_are_given() {
    let repository = Repository::new(INCIDENT);
    let first = |arguments: &[&str]| {
        let output = repository.run(&[&["check"], arguments].concat());
        text(&output).lines().next().unwrap_or_default().to_owned()
    };
    for (arguments, expected) in [
        (&["--format", "github"][..], "file=ops/reports/incidents/"),
        (
            &["--format", "github", "--path-prefix", "a/b/"],
            "file=a/b/incidents/",
        ),
        (
            &["--format", "github", "--path-prefix", ""],
            "file=incidents/",
        ),
    ] {
        let line = first(arguments);
        assert!(line.contains(expected), "{line}");
    }
    let file = |arguments: &[&str]| {
        let output = repository.run(&[&["check", "--format", "json"], arguments].concat());
        json(&output)["diagnostics"][0]["file"].to_string()
    };
    assert_eq!(file(&[]), "\"incidents/INC-2026-0001.toml\"");
    assert_eq!(
        file(&["--path-prefix", "x"]),
        "\"x/incidents/INC-2026-0001.toml\""
    );
    fs::remove_dir(repository.0.path().join(".git")).expect("writable");
    assert!(first(&["--format", "github"]).contains("file=incidents/"));
}

#[test]
fn a_build_and_an_audit_print_one_document_for_programs() {
    let repository = Repository::new(INCIDENT);
    let build = ["build", "--format", "json"];
    let refused = repository.run(&build);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(json(&refused)["errors"], 1);
    assert_eq!(json(&refused)["warnings"], 0);
    repository.write(&INCIDENT.replace("servces", "services"));
    // From the cache, too.
    for _ in 0..2 {
        let built = repository.run(&build);
        assert_eq!(built.status.code(), Some(0), "{}", said(&built));
        assert_eq!(json(&built)["diagnostics"], Value::Array(Vec::new()));
        assert!(said(&built).contains("built 1 report"));
    }
    let warned = json(&repository.run(&["build", "--format", "json", "--warnings"]));
    assert!(warned["warnings"].as_u64() > Some(0), "{warned}");
    let site = repository.0.path().join("ops/reports/site");
    let site = site.to_str().expect("UTF-8");
    let audit = ["audit", site, "--audience", "public", "--format", "gitlab"];
    let found = repository.run(&audit);
    assert_eq!(found.status.code(), Some(1));
    let report = json(&found);
    assert_eq!(report[0]["check_name"], "confidential-term-in-site");
    let path = report[0]["location"]["path"].as_str().expect("a path");
    assert!(path.starts_with("ops/reports/site/"), "{path}");
    let nothing = json(&repository.run(&[
        "audit",
        site,
        "--audience",
        "internal",
        "--format",
        "gitlab",
    ]));
    assert_eq!(nothing, Value::Array(Vec::new()));
}

#[test]
fn a_leak_that_stops_a_build_is_in_the_document() {
    let repository = Repository::new(
        "title = \"a\"\nclassification = \"public\"\n\n[public]\ntitle = \"Slow\"\nsummary = \"Call +1 555 0100, AKIAIOSFODNN7EXAMPL2\"\n",
    );
    let output = repository.run(&[
        "build",
        "--audience",
        "public",
        "--out",
        "public",
        "--format",
        "json",
    ]);
    assert_eq!(output.status.code(), Some(1));
    let codes = &json(&output)["diagnostics"];
    assert_eq!(codes[0]["code"], "secret-in-site", "{codes}");
}

#[test]
fn a_site_in_place_is_compared_with_what_a_build_makes() {
    let repository = Repository::new(&INCIDENT.replace("servces", "services"));
    let missing = repository.run(&["build", "--check"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(said(&missing).contains("build the site first"));
    assert_eq!(
        repository
            .run(&["build", "--as-of", "2026-05-01"])
            .status
            .code(),
        Some(0)
    );
    let site = repository.0.path().join("ops/reports/site");
    let tree = || {
        let files = walkdir::WalkDir::new(&site).sort_by_file_name();
        let files = files
            .into_iter()
            .map(|file| file.expect("readable").into_path());
        let files = files.map(|file| (fs::read(&file).unwrap_or_default(), file));
        files.collect::<Vec<_>>()
    };
    // The day is that of the site, although it is another one now.
    let same = repository.run(&["build", "--check"]);
    assert_eq!(
        (same.status.code(), text(&same)),
        (Some(0), String::new()),
        "{}",
        said(&same)
    );
    let later = repository.run(&["build", "--check", "--as-of", "2026-05-02"]);
    assert_eq!(later.status.code(), Some(1));
    assert!(text(&later).contains("/index.html\n"), "{}", text(&later));

    fs::write(site.join("index.md"), "edited").expect("writable");
    fs::remove_file(site.join("learnings.html")).expect("it is there");
    let manifest = site.join(".afterword.json");
    let listed = fs::read_to_string(&manifest).expect("a manifest");
    fs::write(
        &manifest,
        listed.replace("\"404.html\"", "\"404.html\",\n    \"old.html\""),
    )
    .expect("writable");
    fs::write(site.join("old.html"), "old").expect("writable");
    let before = tree();
    let differs = repository.run(&["build", "--check"]);
    assert_eq!(differs.status.code(), Some(1));
    let lines = text(&differs);
    let lines: Vec<(&str, &str)> = lines
        .lines()
        .map(|line| {
            let (how, path) = line.split_once(' ').expect("two words");
            (how, path.rsplit_once('/').expect("a path").1)
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("changed", ".afterword.json"),
            ("changed", "index.md"),
            ("missing", "learnings.html"),
            ("extra", "old.html"),
        ]
    );
    let named = repository.run(&["build", "--check", "--format", "json"]);
    let named = json(&named);
    let named = named["diagnostics"].as_array().expect("a list").iter();
    let named: Vec<(&str, &str)> = named
        .map(|found| {
            let part = |key: &str| found[key].as_str().expect("a text");
            (part("code"), part("file"))
        })
        .collect();
    let code = "site-not-current";
    assert_eq!(
        named,
        [
            (code, "site/.afterword.json"),
            (code, "site/index.md"),
            (code, "site/learnings.html"),
            (code, "site/old.html"),
        ]
    );
    assert_eq!(tree(), before);
}

#[test]
fn colors_follow_the_option_and_then_the_environment() {
    let repository = Repository::new(INCIDENT);
    let is_coloured = |arguments: &[&str], environment: &[(&str, &str)]| {
        let environment = [&[NOW], environment].concat();
        let output = repository.run_with(&[&["check"], arguments].concat(), &environment);
        (text(&output) + &said(&output)).contains('\u{1b}')
    };
    let (force, none) = (("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1"));
    assert!(!is_coloured(&[], &[]));
    assert!(is_coloured(&["--color", "always"], &[none]));
    assert!(is_coloured(&[], &[force]));
    assert!(!is_coloured(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!is_coloured(&[], &[force, none]));
    assert!(!is_coloured(&["--color", "never"], &[force]));
    // Also what is printed before the options are known to be valid.
    for words in [["--bogus"], ["--help"]] {
        assert!(!is_coloured(&words, &[]), "{words:?}");
        assert!(
            is_coloured(&[&words[..], &["--color=always"]].concat(), &[none]),
            "{words:?}"
        );
        assert!(
            !is_coloured(&[&words[..], &["--color", "never"]].concat(), &[force]),
            "{words:?}"
        );
    }
}

#[test]
fn a_command_says_less_or_more() {
    let repository = Repository::new(&INCIDENT.replace("servces", "services"));
    let quiet = said(&repository.run(&["--quiet", "build"]));
    assert!(
        quiet.contains("warnings") && !quiet.contains("built"),
        "{quiet}"
    );
    let verbose = said(&repository.run(&["build", "-v", "--no-cache"]));
    for part in [
        "archive: ",
        "reference date: 2026-11-21 (`SOURCE_DATE_EPOCH`)",
        "cache: not used",
        " ms\n",
        "built 1 report",
    ] {
        assert!(verbose.contains(part), "{part}: {verbose}");
    }
    let both = repository.run(&["build", "-q", "-v"]);
    assert_eq!(both.status.code(), Some(1));
}

#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::{Command, Stdio};
    let repository = Repository::new(INCIDENT);
    let mut child = Command::new(env!("CARGO_BIN_EXE_afterword"))
        .current_dir(Path::new(repository.0.path()).join("ops/reports"))
        .arg("check")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(said(&output), "");
}
