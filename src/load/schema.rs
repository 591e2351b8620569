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
    SCHEMA.get_or_init(made::<Incident>)
}

/// Gives the schema of `timelines/ID.json`.
pub fn timeline() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(made::<Timeline>)
}

/// Gives the schema of `afterword.toml`.
pub fn config() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(made::<Config>)
}

fn made<T: JsonSchema>() -> Value {
    SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value()
}
