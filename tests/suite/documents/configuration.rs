//! Renders `docs/configuration.md` from the JSON Schema of `afterword.toml`.

use std::fmt::Write as _;

use afterword::config::Config;
use serde_json::Value;

/// A key that the user chooses: its table, its name in the reference, and an example of it.
const CHOSEN: &[(&str, &str, &str)] = &[
    ("checks", "CODE", "action-without-owner"),
    ("severity", "KEY", "P1"),
    ("fields", "KEY", "region"),
];

const OPENING: &str = "\
# Configuration

The settings of an archive are in `afterword.toml`, in its root folder. All of them are optional, and an
empty file is valid. `afterword init` creates the file with a few commented examples; `afterword check`
reports unknown keys and invalid values with their line.

| type | write |
|---|---|
| string | one line of text: `\"Ferrowick\"` |
| integer | digits: `64` |
| boolean | `true` or `false` |
| date | `2026-04-17` |
| period | `\"7 years\"`, `\"18 months\"`, `\"90 days\"` or `\"indefinite\"` |
| duration | `\"30 minutes\"` or `\"1h 30m\"` |
| percentage | `\"99.95%\"` |
| path | a folder, relative to `afterword.toml`: `\"public\"` |
| time zone | `\"UTC\"`, `\"+02:00\"` or an IANA name: `\"Europe/Berlin\"` |
| URL | `\"https://incidents.example.com/\"` |

This page is generated from the JSON Schema, which `afterword schema config` prints.
";

/// Returns the reference of all settings, a section for each table.
pub fn markdown(schema: &Value) -> String {
    let mut text = String::from(OPENING);
    for (name, property) in properties(schema) {
        let table = Table::new(schema, name, property);
        let description = property["description"].as_str().expect(name);
        let _ = write!(text, "\n## `{}`\n\n{description}\n\n", table.heading("KEY"));
        text.push_str("| key | type | default | description |\n|---|---|---|---|\n");
        let mut examples = String::new();
        for (key, value) in &table.rows {
            let (description, mut default) = described(value);
            if table.required.contains(&key.as_str()) {
                "required".clone_into(&mut default);
            }
            let kind = kind(schema, value);
            let _ = writeln!(text, "| `{key}` | {kind} | {default} | {description} |");
            let example = &value["examples"][0];
            assert!(!example.is_null(), "`{name}.{key}` has no example");
            let key = table.example_key(key);
            let _ = writeln!(examples, "{key} = {}", toml(example, value, schema));
        }
        let _ = write!(
            text,
            "\n```toml config\n{}\n{examples}```\n",
            table.heading(if name == "marks" {
                "regulator_notified"
            } else {
                "P1"
            })
        );
        if name == "severity" {
            text.push_str(&severities());
        }
    }
    text
}

/// Returns the description of a setting, and its default or "none".
pub fn described(value: &Value) -> (String, String) {
    let text = value["description"].as_str().expect("a description");
    let text = text.replace('\n', " ").replace('|', "\\|");
    match text.split_once(" [default: ") {
        Some((text, default)) => {
            let default = default.strip_suffix(']').expect("the default comes last");
            (text.to_owned(), default.to_owned())
        }
        None => (text, "none".to_owned()),
    }
}

/// Lists the settings of all tables: the table, the key, and the schema of the value.
pub fn settings(schema: &Value) -> Vec<(&str, String, &Value)> {
    properties(schema)
        .flat_map(|(name, property)| {
            let rows = Table::new(schema, name, property).rows;
            rows.into_iter().map(move |(key, value)| (name, key, value))
        })
        .collect()
}

/// A table of the settings.
struct Table<'a> {
    name: &'a str,
    chosen: Option<(&'a str, &'a str)>,
    /// Whether the user chooses the names of tables inside this one.
    has_tables: bool,
    is_list: bool,
    rows: Vec<(String, &'a Value)>,
    required: Vec<&'a str>,
}

impl<'a> Table<'a> {
    fn new(schema: &'a Value, name: &'a str, property: &'a Value) -> Self {
        let chosen = CHOSEN.iter().find(|(table, ..)| *table == name);
        let chosen = chosen.map(|(_, label, example)| (*label, *example));
        let is_list = property["type"] == "array";
        let mut table = resolve(
            schema,
            if is_list {
                &property["items"]
            } else {
                property
            },
        );
        let inner = resolve(schema, &table["additionalProperties"]);
        let has_tables = inner["properties"].is_object();
        if has_tables {
            table = inner;
        }
        let mut rows = Vec::new();
        for (key, value) in properties(table) {
            // A table that has a short form is documented key by key.
            let branches = value["anyOf"].as_array().into_iter().flatten();
            let mut branches = branches.map(|branch| resolve(schema, branch));
            match branches.find(|branch| branch["properties"].is_object()) {
                Some(inner) => rows.extend(
                    properties(inner).map(|(inner, value)| (format!("{key}.{inner}"), value)),
                ),
                None if resolve(schema, value)["properties"].is_object() => {
                    let inner = properties(resolve(schema, value));
                    rows.extend(inner.map(|(inner, value)| (format!("{key}.{inner}"), value)));
                }
                None => rows.push((key.to_owned(), value)),
            }
        }
        if let (false, Some((label, _)), true) = (
            has_tables,
            chosen,
            table["additionalProperties"].is_object(),
        ) {
            rows.push((label.to_owned(), &table["additionalProperties"]));
        }
        let required = table["required"].as_array().into_iter().flatten();
        Self {
            required: required.filter_map(Value::as_str).collect(),
            name,
            chosen,
            has_tables,
            is_list,
            rows,
        }
    }

    /// Returns the header of the table, with a name for the key that the user chooses.
    fn heading(&self, key: &str) -> String {
        let name = self.name;
        match (self.is_list, self.has_tables) {
            (true, _) => format!("[[{name}]]"),
            (false, true) => format!("[{name}.{key}]"),
            (false, false) => format!("[{name}]"),
        }
    }

    /// Returns a key as an example writes it.
    fn example_key(&self, key: &str) -> String {
        match self.chosen {
            Some((label, example)) if label == key => format!("\"{example}\""),
            _ => key.to_owned(),
        }
    }
}

fn properties(table: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let properties = table["properties"].as_object().expect("properties");
    properties.iter().map(|(key, value)| (key.as_str(), value))
}

/// Follows references to the schema that describes the value.
fn resolve<'a>(schema: &'a Value, value: &'a Value) -> &'a Value {
    if let Some(path) = value["$ref"].as_str() {
        let name = path.strip_prefix("#/definitions/").expect("a definition");
        return resolve(schema, &schema["definitions"][name]);
    }
    match &value["allOf"][0] {
        Value::Null => value,
        only => resolve(schema, only),
    }
}

/// Describes the type of a value.
fn kind(schema: &Value, value: &Value) -> String {
    let value = resolve(schema, value);
    let all = |list: &Value| -> Vec<String> {
        let branches = list.as_array().expect("a list").iter();
        branches.map(|branch| kind(schema, branch)).collect()
    };
    if value["const"].is_string() {
        return format!("`{}`", value["const"].as_str().expect("a string"));
    }
    if let (Some(name), false) = (value["title"].as_str(), value["properties"].is_object()) {
        return name.to_owned();
    }
    for key in ["oneOf", "anyOf"] {
        if value[key].is_array() {
            let branches = all(&value[key]);
            let (last, rest) = branches.split_last().expect("a branch");
            return format!("{} or {last}", rest.join(", "));
        }
    }
    match value["type"].as_str() {
        Some("array") => match kind(schema, &value["items"]) {
            items if items.starts_with('`') => format!("list of {items}"),
            items => format!("list of {items}s"),
        },
        Some("object") if value["additionalProperties"].is_object() => {
            format!("table of {}", kind(schema, &value["additionalProperties"]))
        }
        Some("object") => "table".to_owned(),
        Some("integer") => "integer".to_owned(),
        Some("boolean") => "boolean".to_owned(),
        _ => match value["format"].as_str().expect("a format") {
            "line" | "identifier" | "person-name" | "id-pattern" => "string",
            "web-address" => "URL",
            "archive-path" => "path",
            "time-zone" => "time zone",
            "period" => "period",
            "time-span" => "duration",
            "day" => "date",
            "share" => "percentage",
            "color-on-light" | "color-on-dark" => "color",
            other => panic!("the reference has no word for the format `{other}`"),
        }
        .to_owned(),
    }
}

/// Writes a value as TOML.
fn toml(value: &Value, of: &Value, schema: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| toml(item, of, schema)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(table) => {
            let pairs = table
                .iter()
                .map(|(key, value)| format!("\"{key}\" = {}", toml(value, of, schema)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if resolve(schema, of)["format"] == "day" => text.clone(),
        _ => value.to_string(),
    }
}

/// Returns the table of the built-in severities.
fn severities() -> String {
    let mut text = String::from(
        "\nThese are built in:\n\n\
         | key | label | required sections | required signatures |\n|---|---|---|---|\n",
    );
    for severity in Config::default().severities() {
        let label = severity.label.unwrap_or_default();
        let require = severity
            .require
            .iter()
            .map(|section| snake(&format!("{section:?}")));
        let roles = severity
            .sign_off
            .iter()
            .map(|role| role.as_str().to_owned());
        let (require, roles) = (listed(require), listed(roles));
        let _ = writeln!(
            text,
            "| `{}` | {label} | {require} | {roles} |",
            severity.key
        );
    }
    text
}

fn listed(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for (index, c) in name.char_indices() {
        if index > 0 && c.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(c.to_ascii_lowercase());
    }
    text
}
