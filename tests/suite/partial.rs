//! One error hides no independent finding, and causes no false one.
//!
//! Each value and each key of each case and of each example of a check is made invalid, one at a time. The findings must be a
//! subset of those before: a check whose result depends on the value must be skipped.

use std::collections::BTreeSet;
use std::fs;

use afterword::check::Checker;
use afterword::diagnostic::Diagnostic;
use afterword::facts::Facts;
use afterword::load::{self, shape};
use afterword::source::{Member, Node, Span, Syntax, Value};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use rayon::prelude::*;

use crate::site::copy;
use crate::{cases, checks};

/// The code, message and location of a finding.
type Report = (String, String, String);

/// A key that no schema has.
const UNKNOWN: &str = "qqqqqqqqqqqq";

/// Returns the findings in an archive, and whether all of it could be read.
fn found(root: &Utf8Path) -> (BTreeSet<Report>, bool) {
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 31).expect("a day");
    let loaded = load::settings(root);
    let inputs = load::inputs(root);
    let ids: Vec<String> = inputs.ids().map(str::to_owned).collect();
    let config = &loaded.archive.config;
    let checker = Checker::new(config, as_of, ids.iter().map(String::as_str));
    let checker = checker.without(loaded.unread.clone());
    let read = inputs.each_unknown(
        config,
        |_| None,
        |record| {
            let facts = Facts::compute(&record, config);
            checker.incident(&record, &facts).diagnostics
        },
        |record, unread| checker.parts(record, &unread.incident, &unread.timeline),
    );
    let of_reading: BTreeSet<&str> = load::RULES
        .iter()
        .chain(shape::RULES)
        .map(|rule| rule.code)
        // The incidents that the checked one refers to are removed.
        .chain(["unknown-incident"])
        .collect();
    let report = |found: &Diagnostic| {
        let location = found.primary().map(|location| {
            let path = location.at.path().map(ToString::to_string);
            format!("{} {}", location.file, path.unwrap_or_default())
        });
        (
            found.code.to_owned(),
            found.message.clone(),
            location.unwrap_or_default(),
        )
    };
    let diagnostics = read.kept.iter().flatten().chain(&read.diagnostics);
    let is_whole = read.broken.is_empty() && loaded.unread.is_empty();
    let found = diagnostics
        .filter(|found| !of_reading.contains(found.code))
        .map(report)
        .collect();
    (found, is_whole)
}

/// A change that makes one value or key of a text invalid.
struct Change {
    at: Span,
    text: &'static str,
    /// Whether it removes an item from a list, so that the indexes of the others change.
    shifts_indexes: bool,
}

/// Collects the changes to a text, one for each value and key.
fn changes(node: &Node, syntax: Syntax, changes: &mut Vec<Change>) {
    let wrong = |value: &Value| match (syntax, value) {
        (Syntax::Toml, Value::Table(_)) => "'wrong'",
        (Syntax::Toml, _) => "{ wrong = 1 }",
        (Syntax::Json, Value::Table(_)) => "\"wrong\"",
        (Syntax::Json, _) => "{ \"wrong\": 1 }",
    };
    let mut value = |node: &Node, has_header: bool| {
        if !has_header {
            changes.push(Change {
                at: node.span,
                text: wrong(&node.value),
                shifts_indexes: false,
            });
        }
    };
    match &node.value {
        Value::Table(members) => {
            for member in members {
                value(&member.node, member.has_header() || is_dotted(member));
            }
            for member in members {
                let key = match syntax {
                    Syntax::Toml => UNKNOWN,
                    Syntax::Json => "\"qqqqqqqqqqqq\"",
                };
                if !is_dotted(member) {
                    changes.push(Change {
                        at: member.key_span,
                        text: key,
                        shifts_indexes: matches!(member.node.value, Value::Array(_)),
                    });
                }
                self::changes(&member.node, syntax, changes);
            }
        }
        Value::Array(nodes) => {
            for entry in nodes {
                let is_header = matches!(entry.value, Value::Table(_)) && syntax == Syntax::Toml;
                value(entry, is_header);
            }
            for entry in nodes {
                self::changes(entry, syntax, changes);
            }
        }
        _ => {}
    }
}

/// Returns `true` for a table without a header, defined only by dotted keys.
fn is_dotted(member: &Member) -> bool {
    member.node.span == member.key_span
}

/// Returns the findings that appear only after a change to a file.
fn new_findings(root: &Utf8Path, file: &Utf8Path) -> Vec<String> {
    // With another error in the archive, some findings are hidden already.
    let (before, true) = found(root) else {
        return Vec::new();
    };
    let text = fs::read_to_string(root.join(file)).expect("readable");
    let syntax = Syntax::from_path(file);
    let (tree, wrong) = syntax.tree(&text);
    if !wrong.is_empty() {
        return Vec::new();
    }
    let mut all = Vec::new();
    changes(&tree, syntax, &mut all);
    let mut new = Vec::new();
    for change in all {
        let Change {
            at, text: wrong, ..
        } = change;
        // Any key is valid there, and any value in `[extra]`, so nothing of it is unread.
        let line = text[..at.start].rfind('\n').map_or(0, |end| end + 1);
        let line = text[line..].lines().next().unwrap_or_default();
        let table = text[..at.start].rfind("\n[");
        let table = table.map_or("", |start| &text[start + 1..]);
        let is_free = ["[extra]", "[technical.metrics]"]
            .iter()
            .any(|head| table.starts_with(head));
        let has_names = ["[fields.", "extra", "evidence_groups"]
            .iter()
            .any(|name| line.contains(name));
        if is_free || has_names {
            continue;
        }
        let mut changed = text.clone();
        changed.replace_range(at.start..at.end, wrong);
        fs::write(root.join(file), &changed).expect("writable");
        let known = |report: &Report| {
            let (code, message, location) = report;
            let bare = |location: &str| location.replace(|c: char| c.is_ascii_digit(), "");
            let is_same = |other: &Report| {
                other.0 == *code && other.1 == *message && bare(&other.2) == bare(location)
            };
            before.contains(report) || change.shifts_indexes && before.iter().any(is_same)
        };
        // A level for an unknown check is reported; the intended check keeps its default level.
        let config = load::settings(root).archive.config;
        if config
            .checks
            .levels
            .iter()
            .any(|(code, _)| *code == UNKNOWN)
        {
            continue;
        }
        for (code, message, location) in found(root).0.iter().filter(|report| !known(report)) {
            let line = text[..at.start].matches('\n').count() + 1;
            let was = &text[at.start..at.end];
            new.push(format!(
                "{file}:{line}: without `{was}`, {code} reports at {location}: {message}"
            ));
        }
    }
    fs::write(root.join(file), &text).expect("writable");
    new
}

#[test]
fn no_finding_depends_on_unread_input() {
    let inputs = |folder: &Utf8PathBuf| {
        let incidents = load::incident_files(folder);
        let timelines = incidents
            .iter()
            .map(|path| load::default_timeline(path.file_stem().unwrap_or_default()));
        let files: Vec<Utf8PathBuf> = incidents.iter().cloned().chain(timelines).collect();
        files
            .into_iter()
            .chain([load::CONFIG.into()])
            .filter(|file| folder.join(file).is_file())
            .map(|file| (folder.clone(), file))
            .collect::<Vec<_>>()
    };
    let work = tempfile::tempdir().expect("a folder");
    let small = checks::unpack(Utf8Path::from_path(work.path()).expect("UTF-8"));
    let folders = cases::folders().into_iter().chain(small);
    let all: Vec<_> = folders.flat_map(|folder| inputs(&folder)).collect();
    let new: Vec<String> = all
        .into_par_iter()
        .flat_map_iter(|(folder, file)| {
            let work = tempfile::tempdir().expect("a folder");
            copy(folder.as_std_path(), work.path());
            let root = Utf8Path::from_path(work.path()).expect("UTF-8");
            // Findings in other incidents do not depend on this file.
            for other in load::incident_files(root) {
                if file != load::CONFIG && other.file_stem() != file.file_stem() {
                    fs::remove_file(root.join(other)).expect("it is there");
                }
            }
            let name = folder.file_name().unwrap_or_default().to_owned();
            new_findings(root, &file)
                .into_iter()
                .map(move |found| format!("{name}/{found}"))
        })
        .collect();
    assert!(new.is_empty(), "{}\n{}", new.len(), new.join("\n"));
}

/// Writes an incident that ends before it starts, with one more line, and returns the codes of the findings.
fn beside(line: &str, is_first: bool) -> (BTreeSet<String>, Vec<String>) {
    let work = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(work.path()).expect("UTF-8");
    fs::create_dir(root.join("incidents")).expect("writable");
    let head = "title = \"T\"\nseverity = \"P3\"\n";
    let times = "[times]\nstarted = \"2026-01-14 10:00\"\nended = \"2026-01-14 09:00\"\n";
    let text = if is_first {
        format!("{line}\n{head}{times}")
    } else {
        format!("{head}{times}{line}\n")
    };
    fs::write(root.join("incidents/INC-1.toml"), text).expect("writable");
    let codes = found(root).0.into_iter().map(|(code, ..)| code).collect();
    let read = load::archive(root).diagnostics;
    let read = read.iter().map(|found| found.message.clone()).collect();
    (codes, read)
}

#[test]
fn an_error_on_one_line_hides_no_finding_on_others() {
    for line in [
        "foo = 1",
        "tag = [1, 2]",
        "services =",
        "summary: \"x\"",
        "summary\u{a0}= \"x\"",
        "\u{a0}summary = \"x\"",
        "foo bar = 1",
        "summary \"x\"",
        "summary == \"x\"",
        "// a note",
    ] {
        for is_first in [true, false] {
            let (codes, read) = beside(line, is_first);
            assert!(codes.contains("end-before-start"), "{line}: {codes:?}");
            assert!(!read.is_empty(), "{line} is reported");
        }
    }
    for header in [
        "[impact\nusers = 3",
        "[[action_items]\naction = \"x\"",
        "[nope]\nx = 1",
        "[impact] x\nusers = 3",
        "impact:\nusers = 3",
        "impact]\nusers = 3",
        "［impact］\nusers = 3",
    ] {
        let (codes, read) = beside(header, false);
        assert_eq!(read.len(), 1, "{header}: {read:?}");
        assert!(codes.contains("end-before-start"), "{header}: {codes:?}");
    }
    // What the line may have been is not reported as missing.
    for line in ["severity P2 x", "severity: P2", "sevrity: P2"] {
        let (codes, _) = beside(&format!("{line}\n#"), true);
        assert!(!codes.contains("severity-missing"), "{line}: {codes:?}");
    }
    // An error of syntax hides no other error.
    let (_, read) = beside("sumary = \"x\"\nservices =", true);
    assert_eq!(read, ["missing value", "unknown key `sumary`"]);
}

#[test]
fn a_timeline_that_no_incident_uses_is_read_too() {
    let work = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(work.path()).expect("UTF-8");
    for (path, text) in [
        ("incidents/INC-1.toml", "title = \"T\"\n"),
        (
            "timelines/OLD.json",
            "{\"date\": \"2026-01-01\" \"events\": []}",
        ),
        (
            "timelines/OLDER.d/1.json",
            "{\"at\": \"2026-01-01 09:00\", \"tex\": \"x\"}",
        ),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    let read = load::archive(root);
    let found = read.diagnostics.iter().map(|found| {
        let file = found.primary().map(|at| at.file.as_str());
        (file.unwrap_or_default(), found.code, found.level)
    });
    let found: BTreeSet<_> = found.collect();
    let warning = afterword::diagnostic::Level::Warning;
    for expected in [
        ("timelines/OLD.json", "syntax", warning),
        ("timelines/OLD.json", "timeline-without-incident", warning),
        ("timelines/OLDER.d/1.json", "unknown-key", warning),
    ] {
        assert!(found.contains(&expected), "{found:?}");
    }
    assert_eq!(read.archive.records.len(), 1);
}

#[test]
fn an_unknown_incident_is_named_beside_an_error() {
    let work = tempfile::tempdir().expect("a folder");
    let root = Utf8Path::from_path(work.path()).expect("UTF-8");
    fs::create_dir(root.join("incidents")).expect("writable");
    let text = "title = \"T\"\nbogus = 1\nreferences = [{ title = \"x\", incident = \"INC-9\" }, { title = \"y\", incident = \"INC-2\" }]\n";
    fs::write(root.join("incidents/INC-1.toml"), text).expect("writable");
    fs::write(root.join("incidents/INC-2.toml"), "titl = 1\n").expect("writable");
    let checked = crate::site::afterword(&["-C", root.as_str(), "check"], &[]);
    let checked = String::from_utf8(checked.stdout).expect("UTF-8");
    assert_eq!(checked.matches("unknown-incident").count(), 1, "{checked}");
    assert!(checked.contains("unknown incident `INC-9`"), "{checked}");
}
