//! One fault hides nothing that does not depend on it, and nothing wrong is said because of it.
//!
//! Each value and each key of each case is made wrong, one at a time. What is then found must
//! have been found before: a check whose result could rest on the value has to be silent.

use std::collections::BTreeSet;
use std::fs;

use afterword::check::Checker;
use afterword::diagnostic::Diagnostic;
use afterword::load::{self, shape};
use afterword::source::{Member, Node, Span, Syntax, Value};
use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use rayon::prelude::*;

use crate::cases;
use crate::site::copy;

/// What a diagnostic of a check says, and where.
type Said = (String, String, String);

/// A key that nothing has.
const UNKNOWN: &str = "qqqqqqqqqqqq";

/// What the checks find in the incidents of an archive, and whether all of it could be read.
fn found(root: &Utf8Path) -> (BTreeSet<Said>, bool) {
    let as_of = NaiveDate::from_ymd_opt(2026, 1, 31).expect("a day");
    let loaded = load::settings(root);
    let inputs = load::inputs(root);
    let ids: Vec<String> = inputs.ids().map(str::to_owned).collect();
    let config = &loaded.archive.config;
    let checker = Checker::new(config, as_of, ids.iter().map(String::as_str));
    let checker = checker.without(loaded.unread.clone());
    let read = inputs.each_and_parts(
        config,
        |record| checker.incident(&record).diagnostics,
        |record, unread| checker.parts(record, &unread.incident, &unread.timeline),
    );
    let of_reading: BTreeSet<&str> = load::RULES
        .iter()
        .chain(shape::RULES)
        .map(|rule| rule.code)
        .collect();
    let said = |found: &Diagnostic| {
        let place = found.primary().map(|place| {
            let path = place.at.path().map(ToString::to_string);
            format!("{} {}", place.file, path.unwrap_or_default())
        });
        (
            found.code.to_owned(),
            found.message.clone(),
            place.unwrap_or_default(),
        )
    };
    let diagnostics = read.kept.iter().flatten().chain(&read.diagnostics);
    let is_whole = read.broken.is_empty() && loaded.unread.is_empty();
    let found = diagnostics
        .filter(|found| !of_reading.contains(found.code))
        .map(said)
        .collect();
    (found, is_whole)
}

/// A change that makes one value or key of a text wrong.
struct Fault {
    at: Span,
    text: &'static str,
    /// Whether it takes one of several tables out of a list, so that the others have other indexes.
    moves_entries: bool,
}

/// Lists the faults that a text may have, one for each value and key.
fn faults(node: &Node, syntax: Syntax, faults: &mut Vec<Fault>) {
    let wrong = |value: &Value| match (syntax, value) {
        (Syntax::Toml, Value::Table(_)) => "'wrong'",
        (Syntax::Toml, _) => "{ wrong = 1 }",
        (Syntax::Json, Value::Table(_)) => "\"wrong\"",
        (Syntax::Json, _) => "{ \"wrong\": 1 }",
    };
    let mut value = |node: &Node, has_header: bool| {
        if !has_header {
            faults.push(Fault {
                at: node.span,
                text: wrong(&node.value),
                moves_entries: false,
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
                    faults.push(Fault {
                        at: member.key_span,
                        text: key,
                        moves_entries: matches!(member.node.value, Value::Array(_)),
                    });
                }
                self::faults(&member.node, syntax, faults);
            }
        }
        Value::Array(nodes) => {
            for entry in nodes {
                let is_header = matches!(entry.value, Value::Table(_)) && syntax == Syntax::Toml;
                value(entry, is_header);
            }
            for entry in nodes {
                self::faults(entry, syntax, faults);
            }
        }
        _ => {}
    }
}

/// Returns `true` for a table that only the keys in it make.
fn is_dotted(member: &Member) -> bool {
    member.node.span == member.key_span
}

/// Returns what is found in a folder once a file is changed, that was not found before.
fn new_findings(root: &Utf8Path, file: &Utf8Path) -> Vec<String> {
    // Beside another fault, less is found than is there.
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
    faults(&tree, syntax, &mut all);
    let mut new = Vec::new();
    for fault in all {
        let Fault {
            at, text: wrong, ..
        } = fault;
        let mut changed = text.clone();
        changed.replace_range(at.start..at.end, wrong);
        fs::write(root.join(file), &changed).expect("writable");
        let known = |said: &Said| {
            let (code, message, place) = said;
            let bare = |place: &str| place.replace(|c: char| c.is_ascii_digit(), "");
            let is_same = |other: &Said| {
                other.0 == *code && other.1 == *message && bare(&other.2) == bare(place)
            };
            before.contains(said) || fault.moves_entries && before.iter().any(is_same)
        };
        // A level for an unknown code is read and named; the check that was meant keeps its default.
        let config = load::settings(root).archive.config;
        if config
            .checks
            .levels
            .iter()
            .any(|(code, _)| *code == UNKNOWN)
        {
            continue;
        }
        for (code, message, place) in found(root).0.iter().filter(|said| !known(said)) {
            let line = text[..at.start].matches('\n').count() + 1;
            let was = &text[at.start..at.end];
            new.push(format!(
                "{file}:{line}: `{was}` is wrong, and {code} says at {place}: {message}"
            ));
        }
    }
    fs::write(root.join(file), &text).expect("writable");
    new
}

#[test]
fn nothing_is_found_that_rests_on_what_cannot_be_read() {
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
    let all: Vec<_> = cases::folders().iter().flat_map(inputs).collect();
    let new: Vec<String> = all
        .into_par_iter()
        .flat_map_iter(|(folder, file)| {
            let work = tempfile::tempdir().expect("a folder");
            copy(folder.as_std_path(), work.path());
            let root = Utf8Path::from_path(work.path()).expect("UTF-8");
            // Other incidents are no part of it.
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
