//! Reads a JSON Schema, following references.

use serde_json::Value;

/// The maximum number of references and alternatives on the way to a type.
const DEPTH: usize = 16;

/// The schema of a file, with its definitions.
#[derive(Clone, Copy)]
pub struct Schema<'a> {
    root: &'a Value,
}

impl<'a> Schema<'a> {
    pub fn new(root: &'a Value) -> Self {
        Self { root }
    }

    pub fn root(&self) -> &'a Value {
        self.root
    }

    /// Follows a `$ref` to its schema; an unresolved reference allows everything.
    pub fn resolve(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        for _ in 0..DEPTH {
            let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
                break;
            };
            let pointer = reference.strip_prefix('#').unwrap_or(reference);
            schema = self.root.pointer(pointer).unwrap_or(&Value::Bool(true));
        }
        schema
    }

    /// Returns the alternatives of a schema, with nested alternatives flattened.
    pub fn branches(&self, schema: &'a Value) -> Vec<&'a Value> {
        let mut found = Vec::new();
        self.collect(schema, DEPTH, &mut found);
        found
    }

    /// Returns the alternatives of the items of lists.
    pub fn items(&self, lists: &[&'a Value]) -> Vec<&'a Value> {
        let items = lists.iter().filter_map(|list| list.get("items"));
        items.flat_map(|items| self.branches(items)).collect()
    }

    fn collect(&self, schema: &'a Value, depth: usize, found: &mut Vec<&'a Value>) {
        let schema = self.resolve(schema);
        let groups = list(schema, "anyOf").or_else(|| list(schema, "oneOf"));
        match (groups, list(schema, "allOf").map(Vec::as_slice), depth) {
            (Some(alternatives), _, 1..) => {
                let inner = alternatives.iter();
                inner.for_each(|inner| self.collect(inner, depth - 1, found));
            }
            // `schemars` wraps a reference like this to add a description.
            (None, Some([only]), 1..) => self.collect(only, depth - 1, found),
            _ => found.push(schema),
        }
    }
}

pub fn list<'a>(schema: &'a Value, keyword: &str) -> Option<&'a Vec<Value>> {
    schema.get(keyword)?.as_array()
}

/// Returns the keys that a table must have.
pub fn required(schema: &Value) -> Vec<&str> {
    let keys = list(schema, "required").into_iter().flatten();
    keys.filter_map(Value::as_str).collect()
}

/// Returns the strings that some schemas allow, of those that are enums.
pub fn choices<'a>(schemas: &[&'a Value]) -> Vec<&'a str> {
    let allowed = schemas.iter().filter_map(|schema| allowed(schema));
    allowed.flatten().collect()
}

/// Returns the types that a schema allows; `None` if it allows all.
pub fn types(schema: &Value) -> Option<Vec<&str>> {
    match schema.get("type") {
        Some(Value::String(name)) => Some(vec![name]),
        Some(Value::Array(names)) => Some(names.iter().filter_map(Value::as_str).collect()),
        _ => allowed(schema).map(|_| vec!["string"]),
    }
}

/// Returns the strings of an enum; `None` if the schema is not an enum.
pub fn allowed(schema: &Value) -> Option<Vec<&str>> {
    if let Some(only) = schema.get("const").and_then(Value::as_str) {
        return Some(vec![only]);
    }
    let values = list(schema, "enum")?;
    Some(values.iter().filter_map(Value::as_str).collect())
}
