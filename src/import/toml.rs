//! Prints an incident as TOML, in the layout a person would use.
//!
//! The input is a tree of JSON values in insertion order; a date is a value from [`date`].

use serde_json::{Map, Value, json};

/// The key of a value that is printed verbatim.
const BARE: &str = "$bare";

/// The tables of the format, in the order of its documentation.
const TABLES: &[&str] = &[
    "times",
    "people",
    "impact",
    "root_cause",
    "analysis",
    "evidence",
    "detection",
    "resolution",
    "fix",
    "self_healing",
    "communication",
    "messages",
    "lessons",
    "action_items",
    "technical",
    "sections",
    "tables",
    "references",
    "sign_off",
    "governance",
];

/// The lists that are printed as `[[tables]]`.
const LISTS: &[&str] = &[
    "customers",
    "evidence",
    "phases",
    "actions",
    "messages",
    "action_items",
    "sections",
    "tables",
    "references",
    "signatures",
    "ruled_out",
    "rollout",
];

/// Returns a value that prints as a TOML date or date-time if there is one for it, else as a string.
pub(super) fn date(text: &str) -> Value {
    let whole = text.len() == 10
        || text
            .get(10..)
            .is_some_and(|time| time.matches(':').count() >= 2);
    if whole && !text.starts_with('~') {
        json!({ BARE: text })
    } else {
        Value::from(text)
    }
}

/// Prints an incident.
pub(super) fn print(incident: &Map<String, Value>) -> String {
    let mut out = String::new();
    let is_table = |key: &str| TABLES.contains(&key);
    let plain = incident.iter().filter(|(key, _)| !is_table(key));
    assignments(plain.map(|(key, value)| (key.as_str(), value)), &mut out);
    for key in TABLES {
        if let Some(value) = incident.get(*key) {
            table(key, value, &mut out);
        }
    }
    out
}

/// Prints a table, or a list of tables; nested tables come after the plain keys.
fn table(path: &str, value: &Value, out: &mut String) {
    match value {
        Value::Array(list) => {
            for entry in list.iter().filter_map(Value::as_object) {
                out.push_str(&format!("\n[[{path}]]\n"));
                body(path, entry, out);
            }
        }
        Value::Object(entries) => {
            let own = entries.iter().any(|(key, value)| !is_table(key, value));
            if own || entries.is_empty() {
                out.push_str(&format!("\n[{path}]\n"));
            }
            body(path, entries, out);
        }
        _ => {}
    }
}

fn body(path: &str, entries: &Map<String, Value>, out: &mut String) {
    let plain = entries.iter().filter(|(key, value)| !is_table(key, value));
    assignments(plain.map(|(key, value)| (key.as_str(), value)), out);
    for (key, value) in entries.iter().filter(|(key, value)| is_table(key, value)) {
        table(&format!("{path}.{}", name(key)), value, out);
    }
}

/// Returns `true` if a value is printed under its own table header.
fn is_table(key: &str, value: &Value) -> bool {
    match value {
        Value::Array(_) => LISTS.contains(&key),
        Value::Object(entries) => {
            !entries.contains_key(BARE)
                && !matches!(key, "measures" | "participants")
                && !is_person(entries)
        }
        _ => false,
    }
}

fn is_person(entries: &Map<String, Value>) -> bool {
    entries.contains_key("name")
}

fn assignments<'a>(entries: impl Iterator<Item = (&'a str, &'a Value)>, out: &mut String) {
    let entries: Vec<(String, String)> = entries
        .map(|(key, value)| (name(key), written(value)))
        .collect();
    let short = entries
        .iter()
        .filter(|(_, value)| !value.starts_with("[\n"));
    let width = short
        .map(|(key, _)| key.chars().count())
        .max()
        .unwrap_or_default();
    for (key, value) in entries {
        let width = if value.starts_with("[\n") { 0 } else { width };
        out.push_str(&format!("{key:width$} = {value}\n"));
    }
}

fn name(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(bare) {
        key.to_owned()
    } else {
        quoted(key)
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn text(value: &str) -> String {
    let literal = |c: char| c == '\n' || c == '\t' || !c.is_control();
    if value.contains('\n')
        && !value.contains("'''")
        && !value.ends_with('\'')
        && value.chars().all(literal)
    {
        format!("'''\n{value}'''")
    } else {
        quoted(value)
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(value) => text(value),
        Value::Array(list) => {
            let entries: Vec<String> = list.iter().map(written).collect();
            let length: usize = entries.iter().map(String::len).sum();
            let short = length < 60 && entries.iter().all(|entry| !entry.contains('\n'));
            let words = list.iter().all(Value::is_string) && length < 40;
            if short && (entries.len() < 2 || words) {
                format!("[{}]", entries.join(", "))
            } else {
                let lines: Vec<String> = entries
                    .iter()
                    .map(|entry| format!("  {entry},\n"))
                    .collect();
                format!("[\n{}]", lines.concat())
            }
        }
        Value::Object(entries) => match entries.get(BARE) {
            Some(bare) => bare.as_str().unwrap_or_default().to_owned(),
            None => {
                let pairs: Vec<String> = entries
                    .iter()
                    .map(|(key, value)| format!("{} = {}", name(key), inline(value)))
                    .collect();
                format!("{{ {} }}", pairs.join(", "))
            }
        },
        other => other.to_string(),
    }
}

/// Prints a value of an inline table, which is always on one line.
fn inline(value: &Value) -> String {
    match value {
        Value::String(value) => quoted(value),
        other => written(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_values_are_parsed_unchanged() {
        let hostile = [
            "plain",
            "",
            "a \"quoted\" text",
            "back\\slash",
            "two\nlines\n",
            "'''",
            "it's '''\nall'''\n",
            "ends in '\n'",
            "tab\there",
            "]\n[times]\nstarted = 1",
            "\u{7f}",
        ];
        let mut incident = Map::new();
        for (index, text) in hostile.iter().enumerate() {
            incident.insert(format!("key {index} = \""), Value::from(*text));
        }
        incident.insert("list".to_owned(), json!(hostile));
        incident.insert(
            "lessons".to_owned(),
            json!({ "went_well": hostile, "measures": { "a.b": hostile } }),
        );
        incident.insert(
            "sections".to_owned(),
            json!([{ "title": "x", "body": hostile }]),
        );
        let printed = print(&incident);
        let read: toml::Value =
            toml::from_str(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
        assert_eq!(
            serde_json::to_value(read).ok(),
            serde_json::to_value(&incident).ok(),
            "{printed}"
        );
    }

    #[test]
    fn a_date_is_a_toml_date_and_an_approximate_time_is_a_string() {
        let incident = json!({ "times": {
            "started": date("2025-01-14"), "ended": date("2025-01-14T14:23:00Z"), "detected": date("~2025-01-14T14:23Z"),
        }});
        let expected = "\n[times]\nstarted  = 2025-01-14\nended    = 2025-01-14T14:23:00Z\ndetected = \"~2025-01-14T14:23Z\"\n";
        assert_eq!(incident.as_object().map(print).as_deref(), Some(expected));
    }
}
