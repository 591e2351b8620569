//! Each audience sees only what it may see: every key of an incident has a marker, and every byte of a site is scanned.
//!
//! `audiences.txt` states for every input key whether external readers may see it.
//! A key that is not listed fails the test, so that nobody adds one without deciding.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use afterword::audience::Audience;
use afterword::audit;
use afterword::load::schema;
use serde_json::Value;

use crate::report::{Types, by_type};
use crate::site::{afterword, case, copy, files, said};

pub const ID: &str = "INC-2025-0100";

/// Who may see a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    /// External readers, if they may see the event or message that it belongs to.
    External,
    /// Internal readers only.
    Internal,
}

fn decisions() -> BTreeMap<String, Decision> {
    let text = include_str!("audiences.txt");
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (key, who) = line.split_once(' ').expect("a key and who sees it");
            let decision = match who {
                "outside" => Decision::External,
                "inside" => Decision::Internal,
                who => panic!("unknown decision `{who}`"),
            };
            (key.to_owned(), decision)
        })
        .collect()
}

/// A document of the case, with the types of its parts.
struct Document {
    name: &'static str,
    schema: &'static Value,
    value: Value,
}

fn documents(folder: &Path) -> [Document; 2] {
    let read = |path: &str| fs::read_to_string(folder.join(path)).expect("the case is there");
    let incident: toml::Value =
        toml::from_str(&read(&format!("incidents/{ID}.toml"))).expect("TOML");
    [
        Document {
            name: "Incident",
            schema: schema::incident(),
            value: serde_json::to_value(incident).expect("JSON"),
        },
        Document {
            name: "Timeline",
            schema: schema::timeline(),
            value: serde_json::from_str(&read(&format!("timelines/{ID}.json"))).expect("JSON"),
        },
    ]
}

fn audience(word: &Value) -> Option<Audience> {
    Some(match word.as_str()? {
        "public" => Audience::Public,
        "customers" => Audience::Customers,
        "internal" => Audience::Internal,
        "confidential" => Audience::Confidential,
        other => panic!("unknown audience `{other}`"),
    })
}

/// Returns the audience of an event or a message; other objects have that of their incident.
fn marked(type_name: &str, object: &Value) -> Audience {
    match type_name {
        "Event" if object["hidden"] == true => Audience::Confidential,
        "Event" => audience(&object["visibility"]).unwrap_or(Audience::Internal),
        "Message" => audience(&object["audience"]).unwrap_or(Audience::Customers),
        _ => Audience::Public,
    }
}

/// Collects the markers directly under a key.
fn markers(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => found.extend(
            text.match_indices("Zq")
                .filter_map(|(at, _)| text.get(at..at + 5).map(str::to_owned)),
        ),
        Value::Array(list) => list
            .iter()
            .filter(|item| item.is_string())
            .for_each(|item| markers(item, found)),
        Value::Object(table) => table
            .iter()
            .filter(|(_, value)| value.is_string())
            .for_each(|(key, value)| {
                markers(&Value::from(key.as_str()), found);
                markers(value, found);
            }),
        _ => {}
    }
}

/// Splits the markers of the case into those that an external audience may see and the others.
fn expected(folder: &Path, readers: Audience) -> (BTreeSet<String>, BTreeSet<String>) {
    let decisions = decisions();
    let (mut shown, mut all) = (BTreeSet::new(), BTreeSet::new());
    for document in documents(folder) {
        let mut types = Types::from([("", vec![&document.value])]);
        by_type(
            document.schema,
            document.schema,
            &[&document.value],
            &mut types,
        );
        for (name, objects) in types {
            let name = if name.is_empty() { document.name } else { name };
            for object in objects {
                let Value::Object(table) = object else {
                    continue;
                };
                for (key, value) in table {
                    let mut found = BTreeSet::new();
                    markers(value, &mut found);
                    let is_external =
                        decisions.get(&format!("{name}.{key}")) == Some(&Decision::External);
                    if is_external && readers.may_read(marked(name, object)) {
                        shown.extend(found.iter().cloned());
                    }
                    all.extend(found);
                }
            }
        }
    }
    let hidden = all.difference(&shown).cloned().collect();
    (shown, hidden)
}

#[test]
fn every_key_has_a_decision() {
    let mut known = decisions();
    let mut missing = Vec::new();
    for (name, schema) in [
        ("Incident", schema::incident()),
        ("Timeline", schema::timeline()),
    ] {
        let definitions = schema["definitions"].as_object().expect("definitions");
        let types = definitions
            .iter()
            .map(|(name, schema)| (name.as_str(), schema));
        for (name, schema) in std::iter::once((name, schema)).chain(types) {
            for key in schema["properties"].as_object().into_iter().flatten() {
                let key = format!("{name}.{}", key.0);
                if known.remove(&key).is_none() {
                    missing.push(key);
                }
            }
        }
    }
    // A type may be in both schemas.
    missing.retain(|key| !decisions().contains_key(key));
    assert!(
        missing.is_empty(),
        "decide in audiences.txt who sees\n{}",
        missing.join("\n")
    );
    assert!(known.is_empty(), "no longer in the schema: {known:#?}");
}

/// Builds the case for an audience with another classification of its incident.
fn site(
    classification: &str,
    full: bool,
    readers: &str,
) -> (tempfile::TempDir, BTreeMap<String, Vec<u8>>) {
    let work = tempfile::tempdir().expect("a folder");
    copy(case("every-key").as_std_path(), work.path());
    let path = work.path().join(format!("incidents/{ID}.toml"));
    let text = fs::read_to_string(&path).expect("readable");
    let mut text = text.replace(
        "classification = \"internal\"",
        &format!("classification = \"{classification}\""),
    );
    if !full {
        text = text.replace("report = \"full\"\n", "");
    }
    // A near miss affects no component.
    text = text.replace("kind = \"near_miss\"\n", "");
    fs::write(&path, text).expect("writable");
    let out = work.path().join("out");
    let directory = work.path().to_str().expect("UTF-8");
    let output = afterword(
        &[
            "build",
            directory,
            "--audience",
            readers,
            "--out",
            out.to_str().expect("UTF-8"),
        ],
        &[("SOURCE_DATE_EPOCH", "1795239728")],
    );
    assert!(output.status.success(), "{}", said(&output));
    let built = files(&out);
    (work, built)
}

/// Returns the content of a site, in all forms that a reader could decode.
pub fn said_by(site: &BTreeMap<String, Vec<u8>>) -> String {
    let mut all = String::new();
    for (path, bytes) in site {
        all.push_str(path);
        for form in audit::forms(bytes) {
            all.push('\n');
            all.push_str(&form);
        }
    }
    all
}

#[test]
fn external_readers_see_only_the_decided_keys() {
    for readers in [Audience::Public, Audience::Customers] {
        for classification in ["public", "customers", "internal", "confidential"] {
            let (work, built) = site(classification, false, readers.as_str());
            let said = said_by(&built);
            let may_read =
                readers.may_read(audience(&Value::from(classification)).expect("a word"));
            let (shown, hidden) = expected(work.path(), readers);
            for marker in &shown {
                assert_eq!(
                    said.contains(marker),
                    may_read,
                    "{marker} of a {classification} incident to {readers}"
                );
            }
            for marker in &hidden {
                assert!(
                    !said.contains(marker),
                    "{marker} of a {classification} incident leaks to {readers}"
                );
            }
            // The internal id, those of the other incidents, counts, files, rows of the customers file, and the people's handles.
            for word in [
                "Xq801",
                "Xq802",
                "Xq803",
                "Xq804",
                "INC-2025-01",
                "Another",
                "An older one",
                "77001",
                "77,001",
                "78101",
                "78,101",
                "zqactor",
                "zq@example.com",
                "evidence/",
                "78,302",
                "zq-file@example.com",
                "zq-event",
            ] {
                assert!(!said.contains(word), "`{word}` leaks to {readers}");
            }
            assert_eq!(said.contains("zq-public"), may_read, "the public id");
        }
    }
}

#[test]
fn internal_readers_see_nothing_of_a_confidential_incident() {
    let (_work, built) = site("confidential", false, "internal");
    let said = said_by(&built);
    assert!(!said.contains("Zq"), "a marker leaks");
    assert!(!said.contains(ID), "the id leaks");
    assert!(said.contains("INC-2025-0101"), "the others are there");
}

#[test]
fn an_open_report_withholds_more_restricted_content() {
    let (_work, built) = site("public", true, "public");
    let said = said_by(&built);
    for shown in ["Zq001", "Zq160", "Zq008", ID] {
        assert!(said.contains(shown), "{shown} is missing");
    }
    for hidden in [
        "Zq148",
        "Zq155",
        "Zq156",
        "Zq167",
        "Zq168",
        "Zq143",
        "INC-2025-0101",
        "INC-2025-0102",
        "Xq801",
        "Xq802",
        "Xq803",
        "Xq804",
        "zq-file@example.com",
        "78302",
        "78,302",
    ] {
        assert!(!said.contains(hidden), "{hidden} leaks");
    }
    let copied = built.keys().filter(|path| path.starts_with("evidence/"));
    assert_eq!(
        copied.count(),
        0,
        "no file of the archive is published externally"
    );
}

#[test]
fn an_output_directory_contains_the_site_of_one_audience() {
    let (work, before) = site("public", false, "public");
    let out = work.path().join("out");
    let output = afterword(
        &[
            "build",
            work.path().to_str().expect("UTF-8"),
            "--out",
            out.to_str().expect("UTF-8"),
        ],
        &[("SOURCE_DATE_EPOCH", "1795239728")],
    );
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("public"), "{}", said(&output));
    assert_eq!(files(&out), before);
}
