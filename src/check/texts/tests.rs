use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;
use crate::incident::Incident;
use crate::kind::{FORMATS, Strings};
use crate::load::schema;
use crate::timeline::Timeline;

/// The string-valued keys that are neither texts nor of a format of their own, such as a date.
const IDENTIFIERS: &[&str] = &[
    ".action_items[].id",
    ".allow[].check",
    ".detection.alert.language",
    ".evidence[].group",
    ".evidence[].language",
    ".resolution.immediate[].action",
    ".resolution.long_term[].action",
    ".resolution.phases[].items[].action",
    ".resolution.short_term[].action",
    ".severity",
    ".technical.query_analysis[].language",
    "timeline.$schema",
    "timeline.comment",
    "timeline.events[].comment",
    "timeline.events[].edited[]",
    "timeline.events[].id",
    "timeline.events[].severity",
    "timeline.people.*.aliases[]",
];

/// The parts of a schema, with references and alternatives resolved.
struct Parts<'a> {
    root: &'a Value,
}

impl<'a> Parts<'a> {
    /// Returns the alternatives of a schema.
    fn branches(&self, schema: &'a Value) -> Vec<&'a Value> {
        if let Some(reference) = schema["$ref"].as_str() {
            let target = reference
                .strip_prefix('#')
                .and_then(|at| self.root.pointer(at));
            return self.branches(target.expect("it is defined"));
        }
        let lists = ["anyOf", "oneOf", "allOf"].map(|list| schema[list].as_array());
        let inner: Vec<&Value> = lists.into_iter().flatten().flatten().collect();
        if inner.is_empty() {
            return vec![schema];
        }
        let branches = inner.into_iter().flat_map(|inner| self.branches(inner));
        branches.filter(|branch| branch["type"] != "null").collect()
    }

    /// Collects the formats of the strings by their key paths, with `[]` for an index and `*` for a custom key.
    fn formats(&self, schema: &'a Value, path: &str, found: &mut BTreeMap<String, &'a str>) {
        let branches = self.branches(schema).into_iter();
        for branch in branches.filter(|branch| branch.is_object()) {
            let is_word = branch.get("enum").is_some() || branch.get("const").is_some();
            if kind(branch) == "string" && !is_word {
                found.insert(
                    path.to_owned(),
                    branch["format"].as_str().unwrap_or_default(),
                );
            }
            for (key, inner) in branch["properties"].as_object().into_iter().flatten() {
                self.formats(inner, &format!("{path}.{key}"), found);
            }
            self.formats(&branch["items"], &format!("{path}[]"), found);
            self.formats(&branch["additionalProperties"], &format!("{path}.*"), found);
        }
    }

    /// Builds a value with every key, in which each value is of its alternative with an index, or else of the last.
    fn value(&self, schema: &'a Value, index: usize) -> Value {
        let branches = self.branches(schema);
        let last = branches.len() - 1;
        let Some(branch) = branches.get(index.min(last)) else {
            return Value::Null;
        };
        let first = branch["enum"].as_array().and_then(|words| words.first());
        if let Some(word) = first.or_else(|| branch.get("const")) {
            return word.clone();
        }
        match kind(branch) {
            "string" => match branch["format"].as_str().unwrap_or_default() {
                "web-address" => json!("https://example.com"),
                "mail-address" => json!("a@example.com"),
                "period" => json!("7 years"),
                "day" | "moment" => json!("2025-01-14"),
                "time-zone" => json!("UTC"),
                _ => json!("x"),
            },
            "integer" => json!(1),
            "boolean" => json!(true),
            "array" => json!([self.value(&branch["items"], index)]),
            _ => {
                let keys = branch["properties"].as_object().into_iter().flatten();
                let custom = &branch["additionalProperties"];
                let mut table: serde_json::Map<String, Value> = keys
                    .map(|(key, inner)| (key.clone(), self.value(inner, index)))
                    .collect();
                if custom.is_object() {
                    table.insert("*".to_owned(), self.value(custom, index));
                }
                table.into()
            }
        }
    }
}

/// Returns the type that a schema allows beside null.
fn kind(schema: &Value) -> &str {
    let kinds = schema["type"].as_array().into_iter().flatten();
    let mut kinds = kinds.chain([&schema["type"]]).filter_map(Value::as_str);
    kinds.find(|kind| *kind != "null").unwrap_or_default()
}

fn formats(root: &Value) -> BTreeMap<String, &str> {
    let mut found = BTreeMap::new();
    Parts { root }.formats(root, "", &mut found);
    found
}

/// Returns the key paths of the strings of a format that some reader sees, or of none.
fn with_format(root: &Value, is: impl Fn(Option<Role>) -> bool) -> BTreeSet<String> {
    let role = |name: &str| {
        let format = FORMATS.iter().find(|format| format.name == name);
        format
            .map(|format| format.role)
            .filter(|_| name != "identifier")
    };
    let found = formats(root).into_iter();
    found
        .filter(|(_, format)| is(role(format)))
        .map(|(path, _)| path)
        .collect()
}

fn is_text(role: Option<Role>) -> bool {
    matches!(role, Some(Role::Text | Role::Person | Role::Code))
}

#[test]
fn every_string_is_a_text_or_of_a_format_or_on_the_list() {
    let others = |root| with_format(root, |role| role.is_none());
    let incident = others(schema::incident());
    let timeline = others(schema::timeline())
        .into_iter()
        .map(|path| format!("timeline{path}"));
    let found: Vec<String> = incident.into_iter().chain(timeline).collect();
    assert_eq!(found, IDENTIFIERS);
}

/// Returns the key paths of the texts that a visit finds in values with every key of a schema.
fn visited<T: DeserializeOwned + Strings>(root: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for index in 0..2 {
        let value = Parts { root }.value(root, index);
        let value: T = serde_json::from_value(value).expect("it fits its schema");
        Visit::strings(&value, &mut |steps, role, _| {
            let step = |step: &Step| match *step {
                Step::Index(_) => "[]".to_owned(),
                Step::Key(key) => format!(".{key}"),
            };
            if is_text(Some(role)) {
                found.insert(steps.iter().map(step).collect());
            }
        });
    }
    found
}

#[test]
fn the_visit_finds_what_the_schema_calls_a_text() {
    let expected = |root| with_format(root, is_text);
    let keys = |texts: &mut BTreeSet<String>, paths: &[&str]| {
        texts.extend(paths.iter().map(ToString::to_string));
    };
    let mut incident = expected(schema::incident());
    // A single environment or owner is read as a list.
    incident.remove(".environment");
    incident.remove(".action_items[].owner");
    // The names of custom keys are texts too.
    keys(
        &mut incident,
        &[
            ".communication.internal.participants.*",
            ".evidence_groups.*",
            ".impact.customers[].measures.*",
            ".technical.metrics.*",
        ],
    );
    assert_eq!(visited::<Incident>(schema::incident()), incident);
    let mut timeline = expected(schema::timeline());
    keys(&mut timeline, &[".people.*"]);
    assert_eq!(visited::<Timeline>(schema::timeline()), timeline);
}

#[test]
fn what_no_reader_sees_is_not_collected() {
    let folder = Utf8Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/every-key");
    let archive = crate::load::archive(&folder).archive;
    let texts = archive.records.iter().flat_map(collect);
    let texts: Vec<&str> = texts.map(|text| text.text).collect();
    assert!(texts.iter().any(|text| text.ends_with("event source")));
    for hidden in ["reason of an excuse", "alias", "comment", "hidden event"] {
        let found = texts.iter().find(|text| text.ends_with(hidden));
        assert_eq!(found, None);
    }
}
