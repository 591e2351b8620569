//! The JSON Schemas of the three inputs, generated from the types of the model.
//!
//! They are the one source of validation, of completion in editors and of the reference. Each is
//! generated once.

use std::sync::OnceLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::config::Config;
use crate::incident::Incident;
use crate::kind::CUSTOM_MARK;
use crate::timeline::{Event, Timeline};

/// Returns the schema of `incidents/ID.toml`.
pub fn incident() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| without_null(made::<Incident>()))
}

/// Returns the schema of `timelines/ID.json`.
pub fn timeline() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(made::<Timeline>)
}

/// Returns the schema of an entry in `timelines/ID.d/`.
pub fn event() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(made::<Event>)
}

/// Returns the schema of `afterword.toml`.
pub fn config() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| without_null(made::<Config>()))
}

/// Returns a schema that allows only some custom marks: what an editor cannot know, a reader of an archive does.
#[must_use]
pub fn with_marks(schema: &Value, names: &[String]) -> Value {
    match schema {
        Value::Object(table) if table.get("format").is_some_and(|name| name == CUSTOM_MARK) => {
            json!({ "enum": names })
        }
        Value::Object(table) => {
            let inner = |(key, value): (&String, &Value)| (key.clone(), with_marks(value, names));
            Value::Object(table.iter().map(inner).collect())
        }
        Value::Array(list) => list.iter().map(|value| with_marks(value, names)).collect(),
        other => other.clone(),
    }
}

fn made<T: JsonSchema>() -> Value {
    SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// Removes `null` from the types of a schema: TOML does not have it, and editors would suggest it.
fn without_null(mut schema: Value) -> Value {
    let is_null = |branch: &Value| branch.get("type").is_some_and(|kind| kind == "null");
    match &mut schema {
        Value::Object(table) => {
            if let Some(Value::Array(kinds)) = table.get_mut("type") {
                kinds.retain(|kind| kind != "null");
                if let [only] = kinds.as_slice() {
                    let only = only.clone();
                    table.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(branches)) = table.get_mut("anyOf") {
                branches.retain(|branch| !is_null(branch));
                // A single remaining branch is a reference, and draft 7 ignores a description next to one.
                if branches.len() == 1 {
                    let branches = std::mem::take(branches);
                    table.remove("anyOf");
                    table.insert("allOf".to_owned(), Value::Array(branches));
                }
            }
            for value in table.values_mut() {
                *value = without_null(value.take());
            }
        }
        Value::Array(list) => list
            .iter_mut()
            .for_each(|value| *value = without_null(value.take())),
        _ => {}
    }
    schema
}
