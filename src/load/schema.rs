//! The JSON Schemas of the three inputs, made from the model's own types.
//!
//! They are the one source of validation, of editors' completion and of the
//! reference; each is made once.

use std::sync::OnceLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use crate::config::Config;
use crate::incident::Incident;
use crate::timeline::Timeline;

/// Gives the schema of `incidents/ID.toml`.
pub fn incident() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| without_null(made::<Incident>()))
}

/// Gives the schema of `timelines/ID.json`.
pub fn timeline() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(made::<Timeline>)
}

/// Gives the schema of `afterword.toml`.
pub fn config() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| without_null(made::<Config>()))
}

fn made<T: JsonSchema>() -> Value {
    SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}

/// Takes `null` out of the types of a schema: TOML has none, and an editor would offer it.
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
                // One branch that is left is a reference, beside which draft 7 ignores the description.
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
