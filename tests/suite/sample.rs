//! The sample archive shows what an incident may say: it uses every key of the schemas, and every mark.

use std::collections::BTreeSet;
use std::path::Path;

use afterword::load::schema;
use afterword::timeline::Mark;
use serde_json::Value;

use crate::report::{Types, by_type};
use crate::site::files;

/// Returns the keys of a schema that some documents do not use.
fn unused(name: &str, schema: &Value, documents: &[Value]) -> Vec<String> {
    let documents: Vec<&Value> = documents.iter().collect();
    let mut types = Types::from([(name, documents.clone())]);
    by_type(schema, schema, &documents, &mut types);
    let definitions = schema["definitions"].as_object().expect("definitions");
    let all = definitions.iter().map(|(name, one)| (name.as_str(), one));
    let mut unused = Vec::new();
    for (name, one) in all.chain([(name, schema)]) {
        for key in one["properties"].as_object().into_iter().flatten() {
            let is_used = |object: &&Value| object.get(key.0).is_some();
            if !types.get(name).into_iter().flatten().any(is_used) {
                unused.push(format!("{name}.{}", key.0));
            }
        }
    }
    unused
}

#[test]
fn the_sample_uses_every_key_and_every_mark() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts = |folder: &str, ending: &str| -> Vec<String> {
        let all = files(&root.join(folder)).into_iter();
        let wanted = all.filter(|(path, _)| path.ends_with(ending));
        wanted
            .map(|(_, bytes)| String::from_utf8(bytes).expect("UTF-8"))
            .collect()
    };
    let incidents: Vec<Value> = { texts("incidents", ".toml").into_iter() }
        .map(|text| toml::from_str::<toml::Value>(&text).expect("TOML"))
        .map(|incident| serde_json::to_value(incident).expect("JSON"))
        .collect();
    let timelines: Vec<Value> = { texts("timelines", ".json").into_iter() }
        .map(|text| serde_json::from_str(&text).expect("JSON"))
        .collect();
    let mut missing = unused("Incident", schema::incident(), &incidents);
    missing.extend(unused("Timeline", schema::timeline(), &timelines));
    assert!(missing.is_empty(), "no sample uses {missing:#?}");
    let mut marks: BTreeSet<&str> = BTreeSet::new();
    for timeline in &timelines {
        let events = timeline["events"].as_array().into_iter().flatten();
        let of_events = events.flat_map(|event| event["marks"].as_array().into_iter().flatten());
        marks.extend(of_events.filter_map(Value::as_str));
    }
    let times = incidents.iter().filter_map(|one| one["times"].as_object());
    marks.extend(times.flat_map(|times| times.keys().map(String::as_str)));
    let all: BTreeSet<&str> = Mark::ALL.iter().map(|mark| mark.as_str()).collect();
    let missing: Vec<&&str> = all.difference(&marks).collect();
    assert!(missing.is_empty(), "no sample has the marks {missing:?}");
}
