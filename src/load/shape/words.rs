//! Descriptions of types, and the help of a diagnostic.

use super::schema::{self, Schema};
use crate::source::{Key, Path, Segment, Span, Syntax, Value, literal, quoted};
use serde_json::Value as Json;

/// The suggested fix of a problem, and the replacement if it is certain.
pub struct Help {
    pub text: String,
    pub replacement: Option<(Span, String)>,
}

impl Help {
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            replacement: None,
        }
    }

    pub fn replace(mut self, span: Span, text: impl Into<String>) -> Self {
        self.replacement = Some((span, text.into()));
        self
    }

    /// Suggests a text to write in a span.
    pub fn write(span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new(format!("write {}", quoted(&text))).replace(span, text)
    }

    /// Removes the replacement unless it is certain; the text stays.
    pub fn certain_if(mut self, is_certain: bool) -> Self {
        self.replacement = self.replacement.filter(|_| is_certain);
        self
    }

    pub fn without_quotes(mut self) -> Self {
        self.text.push_str(" without quotes");
        self
    }
}

/// Returns the name of a value's type with its article.
pub fn kind(value: &Value, syntax: Syntax) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Integer(_) => "an integer",
        Value::Float { .. } => "a decimal number",
        Value::String(_) => "a string",
        Value::Datetime(_) => "a date or time",
        Value::Array(_) => "a list",
        Value::Table(_) => type_name("object", syntax),
    }
}

fn type_name(name: &str, syntax: Syntax) -> &'static str {
    match (name, syntax) {
        ("string", _) => "a string",
        ("integer", _) => "an integer",
        ("number", _) => "a number",
        ("boolean", _) => "a boolean",
        ("array", _) => "a list",
        ("object", Syntax::Toml) => "a table",
        ("object", Syntax::Json) => "an object",
        _ => "another value",
    }
}

/// Joins the types that some schemas allow, as in `a string or a list of strings`.
pub fn expected(schemas: &[&Json], schema: Schema<'_>, syntax: Syntax) -> String {
    let mut names: Vec<String> = Vec::new();
    for part in schemas {
        let items = part
            .get("items")
            .map(|items| schema.branches(items))
            .unwrap_or_default();
        let item_type = match items.as_slice() {
            [only] => {
                schema::types(only).and_then(|types| types.first().copied().map(str::to_owned))
            }
            _ => None,
        };
        for name in schema::types(part)
            .into_iter()
            .flatten()
            .filter(|name| *name != "null")
        {
            let word = match (name, item_type.as_deref()) {
                ("array", Some("string")) => "a list of strings",
                ("array", Some("object")) if syntax == Syntax::Toml => "a list of tables",
                ("array", Some("object")) => "a list of objects",
                _ => type_name(name, syntax),
            };
            if !names.iter().any(|known| known == word) {
                names.push(word.to_owned());
            }
        }
    }
    match names.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Returns `true` if one of the schemas allows a type.
pub fn allows_type(schemas: &[&Json], name: &str) -> bool {
    let mut types = schemas
        .iter()
        .filter_map(|part| schema::types(part))
        .flatten();
    types.any(|found| found == name)
}

/// Suggests `[name]` or `[[name]]` if a TOML header creates the one instead of the other.
pub fn header(schemas: &[&Json], value: &Value, span: Span, path: &Path) -> Option<Help> {
    let keys = path.segments().iter().filter_map(|segment| match segment {
        Segment::Key(key) => Some(Key(key).to_string()),
        Segment::Index(_) => None,
    });
    let name = keys.collect::<Vec<_>>().join(".");
    match value {
        Value::Table(_) if allows_type(schemas, "array") => {
            Some(Help::write(span, format!("[[{name}]]")))
        }
        Value::Array(_) if schemas.iter().any(|part| is_map(part)) => Some(Help::new(format!(
            "write `[{name}.NAME]` for each, by its own name"
        ))),
        Value::Array(_) if allows_type(schemas, "object") => {
            Some(Help::write(span, format!("[{name}]")))
        }
        _ => None,
    }
}

/// Returns `true` if the author chooses the keys of a table.
pub fn is_map(part: &Json) -> bool {
    part.get("properties").is_none()
        && part
            .get("additionalProperties")
            .is_some_and(Json::is_object)
}

/// Writes a key as the file's syntax does.
pub fn write_key(key: &str, syntax: Syntax) -> String {
    match syntax {
        Syntax::Toml => Key(key).to_string(),
        Syntax::Json => literal(key),
    }
}

/// Returns an example of a missing key.
pub fn example(key: &str, part: Option<&Json>, schema: Schema<'_>, syntax: Syntax) -> String {
    let branches = part.map(|part| schema.branches(part)).unwrap_or_default();
    let first = branches.first();
    let choice = first.and_then(|first| schema::allowed(first)?.first().copied());
    let name = first.and_then(|first| schema::types(first)?.first().copied());
    let value = match (name, choice) {
        (_, Some(choice)) => literal(choice),
        (Some("integer" | "number"), _) => "0".to_owned(),
        (Some("boolean"), _) => "true".to_owned(),
        (Some("array"), _) => "[…]".to_owned(),
        (Some("object"), _) => "{ … }".to_owned(),
        _ => "\"…\"".to_owned(),
    };
    write_member(key, &value, syntax)
}

/// Writes a key with its value as the file's syntax does.
pub fn write_member(key: &str, value: &str, syntax: Syntax) -> String {
    let key = write_key(key, syntax);
    match syntax {
        Syntax::Toml => format!("{key} = {value}"),
        Syntax::Json => format!("{key}: {value}"),
    }
}

/// The maximum number of names that a message lists.
const MOST: usize = 12;

/// Lists names in backticks, as in `a`, `b` and `c`.
pub fn listed(names: &[&str]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{name}`"))
        .collect();
    match (shown.as_slice(), names.len()) {
        ([], _) => "none".to_owned(),
        (shown, MOST..) if names.len() > MOST => format!("{}, …", shown.join(", ")),
        ([one], _) => one.clone(),
        ([first @ .., last], _) => format!("{} and {last}", first.join(", ")),
    }
}
