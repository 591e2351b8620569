//! Descriptions of types, and how to write a value of another type correctly.

use super::schema::{self, Schema};
use crate::source::{Key, Node, Path, Segment, Span, Syntax, Value, literal, quoted};
use serde_json::Value as Json;

/// What to do about a problem, and the text that would fix it.
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

    fn write(span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        Self::new(format!("write {}", quoted(&text))).replace(span, text)
    }

    fn without_quotes(mut self) -> Self {
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
        Value::Table(_) => of_type("object", syntax),
    }
}

fn of_type(name: &str, syntax: Syntax) -> &'static str {
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
    let mut words: Vec<String> = Vec::new();
    for part in schemas {
        let items = part
            .get("items")
            .map(|items| schema.branches(items))
            .unwrap_or_default();
        let of = match items.as_slice() {
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
            let word = match (name, of.as_deref()) {
                ("array", Some("string")) => "a list of strings",
                ("array", Some("object")) if syntax == Syntax::Toml => "a list of tables",
                ("array", Some("object")) => "a list of objects",
                _ => of_type(name, syntax),
            };
            if !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
    }
    match words.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

fn takes(schemas: &[&Json], name: &str) -> bool {
    let mut types = schemas
        .iter()
        .filter_map(|part| schema::types(part))
        .flatten();
    types.any(|found| found == name)
}

/// Describes how to write a value of another type so that it fits, or returns `None`.
pub fn hint(schemas: &[&Json], schema: Schema<'_>, node: &Node, syntax: Syntax) -> Option<Help> {
    let takes = |name| takes(schemas, name);
    let span = node.span;
    match &node.value {
        Value::Null => return Some(Help::new("remove the key, or give it a value")),
        Value::Array(_) if takes("object") => {
            let list = schemas.iter().find_map(|part| required_list(part, schema));
            return Some(Help::new(match list {
                Some(key) => format!("write it as `{{ {} }}`", write_member(key, "[…]", syntax)),
                None => "write a single value, without `[` and `]`".to_owned(),
            }));
        }
        Value::String(text) if takes("integer") || takes("number") => {
            let is_number = text.parse::<i64>().is_ok()
                || (takes("number") && text.parse::<f64>().is_ok_and(f64::is_finite));
            if is_number {
                return Some(Help::write(span, text).without_quotes());
            }
        }
        Value::String(text) if takes("boolean") => {
            let value = match text.to_lowercase().as_str() {
                "true" | "yes" | "on" => "true",
                "false" | "no" | "off" => "false",
                _ => return Some(Help::new("write `true` or `false`")),
            };
            return Some(Help::write(span, value).without_quotes());
        }
        Value::Float { value, text } if takes("integer") => {
            let whole = text.strip_suffix(".0").filter(|_| value.fract() == 0.0);
            return Some(match whole {
                Some(whole) => Help::write(span, whole),
                None => Help::new("write a whole number"),
            });
        }
        _ => {}
    }
    let typed = typed(&node.value)?;
    if takes("string") && !matches!(node.value, Value::String(_)) {
        return Some(Help::write(span, literal(&typed).as_ref()));
    }
    if takes("array") {
        let items = schemas.iter().filter_map(|part| part.get("items"));
        let mut entries = items.flat_map(|items| schema.branches(items));
        let is_text = entries
            .any(|entry| schema::types(entry).is_some_and(|types| types.contains(&"string")));
        let entry = match &node.value {
            Value::String(text) => literal(text).into_owned(),
            _ if is_text => literal(&typed).into_owned(),
            _ => typed,
        };
        return Some(Help::write(span, format!("[{entry}]")));
    }
    if takes("object") && syntax == Syntax::Toml {
        return Some(Help::new("write a table: `{ key = \"value\" }`"));
    }
    None
}

/// Returns a required key of a table whose value is a list, because the author may have written only that list.
fn required_list<'a>(part: &'a Json, schema: Schema<'a>) -> Option<&'a str> {
    let mut required = schema::list(part, "required")?
        .iter()
        .filter_map(Json::as_str);
    let properties = part.get("properties")?;
    required.find(|key| {
        let value = properties.get(key).map(|value| schema.resolve(value));
        value
            .and_then(schema::types)
            .is_some_and(|types| types == ["array"])
    })
}

/// Returns a single value as it was typed, without quotes.
fn typed(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Integer(value) => Some(value.to_string()),
        Value::Float { text, .. } => Some(text.clone()),
        Value::String(text) | Value::Datetime(text) => Some(text.clone()),
        Value::Null | Value::Array(_) | Value::Table(_) => None,
    }
}

/// Suggests `[name]` or `[[name]]` if a TOML header created the wrong one of the two.
pub fn header(schemas: &[&Json], value: &Value, span: Span, path: &Path) -> Option<Help> {
    let keys = path.segments().iter().filter_map(|segment| match segment {
        Segment::Key(key) => Some(Key(key).to_string()),
        Segment::Index(_) => None,
    });
    let name = keys.collect::<Vec<_>>().join(".");
    match value {
        Value::Table(_) if takes(schemas, "array") => {
            Some(Help::write(span, format!("[[{name}]]")))
        }
        Value::Array(_) if takes(schemas, "object") => Some(Help::write(span, format!("[{name}]"))),
        _ => None,
    }
}

/// Writes a key in the syntax of the file.
pub fn write_key(key: &str, syntax: Syntax) -> String {
    match syntax {
        Syntax::Toml => Key(key).to_string(),
        Syntax::Json => literal(key).into_owned(),
    }
}

/// Returns an example of a missing key.
pub fn example(key: &str, part: Option<&Json>, schema: Schema<'_>, syntax: Syntax) -> String {
    let branches = part.map(|part| schema.branches(part)).unwrap_or_default();
    let first = branches.first();
    let choice = first.and_then(|first| schema::allowed(first)?.first().copied());
    let name = first.and_then(|first| schema::types(first)?.first().copied());
    let value = match (name, choice) {
        (_, Some(choice)) => literal(choice).into_owned(),
        (Some("integer" | "number"), _) => "0".to_owned(),
        (Some("boolean"), _) => "true".to_owned(),
        (Some("array"), _) => "[…]".to_owned(),
        (Some("object"), _) => "{ … }".to_owned(),
        _ => "\"…\"".to_owned(),
    };
    write_member(key, &value, syntax)
}

fn write_member(key: &str, value: &str, syntax: Syntax) -> String {
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
