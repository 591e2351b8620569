//! Prints an incident as TOML, in the layout that a person would use.
//!
//! The keys are in the order of the types' fields, which is that of the documentation. Keys that
//! are missing or have the default value are left out.

use serde_json::{Map, Value};

use crate::incident::Incident;
use crate::kind::TOML_DATETIME;
use crate::source::{Key, literal};

/// The line that tells editors which schema describes the file.
const HEAD: &str = "#:schema ../schema/incident.json\n\n";

/// The keys whose tables a person writes in one line.
pub const INLINE: &[&str] = &[
    "attendees",
    "authors",
    "changes",
    "commander",
    "communications",
    "effects",
    "immediate",
    "investigators",
    "items",
    "long_term",
    "measures",
    "open_questions",
    "participants",
    "reporter",
    "responders",
    "reverted",
    "scribe",
    "short_term",
    "supersedes",
];

/// The key of the table whose values are lists of tables, each in one line.
pub const GROUPS: &str = "metrics";

/// Prints an incident.
#[must_use]
pub fn print(incident: &Incident) -> String {
    let mut out = HEAD.to_owned();
    let tree = serde_json::to_value(incident).unwrap_or_default();
    if let Some(keys) = tree.as_object() {
        body("", "", keys, &mut out);
    }
    out
}

/// Returns the entries of a table without the keys that are missing.
pub(super) fn set_entries(table: &Map<String, Value>) -> impl Iterator<Item = (&String, &Value)> {
    table.iter().filter(|(_, value)| !value.is_null())
}

/// Returns the text of a value that TOML writes as a date-time.
pub(super) fn datetime(table: &Map<String, Value>) -> Option<&str> {
    table.get(TOML_DATETIME)?.as_str()
}

/// Prints the entries of a table: plain ones first, then tables, each below its own header.
pub(super) fn body(path: &str, name: &str, table: &Map<String, Value>, out: &mut String) {
    let (tables, plain): (Vec<_>, Vec<_>) =
        set_entries(table).partition(|(key, value)| is_table(name, key, value));
    assignments(&plain, out);
    for (key, value) in tables {
        let separator = if path.is_empty() { "" } else { "." };
        let path = format!("{path}{separator}{}", Key(key));
        match value {
            Value::Array(list) => {
                for entry in list.iter().filter_map(Value::as_object) {
                    out.push_str(&format!("\n[[{path}]]\n"));
                    body(&path, key, entry, out);
                }
            }
            Value::Object(entries) => {
                let mut inner = set_entries(entries).peekable();
                let is_empty = inner.peek().is_none();
                if is_empty || inner.any(|(inner, value)| !is_table(key, inner, value)) {
                    out.push_str(&format!("\n[{path}]\n"));
                }
                body(&path, key, entries, out);
            }
            _ => {}
        }
    }
}

/// Returns `true` if the value of a key of the table `parent` has its own table header.
fn is_table(parent: &str, key: &str, value: &Value) -> bool {
    let is_large = |value: &Value| {
        value.as_object().is_some_and(|table| {
            // `{ event = "rollback" }` stands for a time.
            let is_event = table.len() == 1 && table.get("event").is_some_and(Value::is_string);
            datetime(table).is_none() && !is_event
        })
    };
    let is_inline = INLINE.contains(&key) || parent == GROUPS;
    !is_inline
        && match value {
            Value::Array(list) => !list.is_empty() && list.iter().all(is_large),
            value => is_large(value),
        }
}

/// Prints one line for each entry, with aligned values.
fn assignments(entries: &[(&String, &Value)], out: &mut String) {
    let lines: Vec<(String, String)> = entries
        .iter()
        .map(|(key, value)| (Key(key).to_string(), written(value)))
        .collect();
    let is_list = |value: &str| value.starts_with("[\n");
    let short = lines.iter().filter(|(_, value)| !is_list(value));
    let width = short.map(|(key, _)| key.chars().count()).max();
    for (key, value) in &lines {
        let width = if is_list(value) { None } else { width }.unwrap_or_default();
        out.push_str(&format!("{key:width$} = {value}\n"));
    }
}

/// Prints a text of several lines as such, if TOML can write it without escapes.
fn text(value: &str) -> String {
    let is_plain = |c: char| c == '\n' || c == '\t' || !c.is_control();
    if value.contains('\n')
        && !value.contains("'''")
        && !value.ends_with('\'')
        && value.chars().all(is_plain)
    {
        format!("'''\n{value}'''")
    } else {
        literal(value)
    }
}

/// The length up to which the words of a list are on one line.
const SHORT: usize = 40;
/// The length up to which the only entry of a list is on its line.
const SINGLE: usize = 60;

pub(super) fn written(value: &Value) -> String {
    let Value::Array(list) = value else {
        return entry(value);
    };
    let entries: Vec<String> = list.iter().map(entry).collect();
    let length: usize = entries.iter().map(String::len).sum();
    let is_words = length < SHORT && list.iter().all(Value::is_string);
    let is_single = length < SINGLE && entries.len() < 2;
    if (is_words || is_single) && entries.iter().all(|entry| !entry.contains('\n')) {
        return format!("[{}]", entries.join(", "));
    }
    let lines: Vec<String> = entries
        .iter()
        .map(|entry| format!("  {entry},\n"))
        .collect();
    format!("[\n{}]", lines.concat())
}

pub(super) fn entry(value: &Value) -> String {
    match value {
        Value::String(value) => text(value),
        value => inline(value),
    }
}

/// Prints a value on one line.
pub(super) fn inline(value: &Value) -> String {
    match value {
        Value::String(value) => literal(value),
        Value::Array(list) => {
            let entries: Vec<String> = list.iter().map(inline).collect();
            format!("[{}]", entries.join(", "))
        }
        Value::Object(table) => match datetime(table) {
            Some(text) => text.to_owned(),
            None => {
                let pairs: Vec<String> = set_entries(table)
                    .map(|(key, value)| format!("{} = {}", Key(key), inline(value)))
                    .collect();
                format!("{{ {} }}", pairs.join(", "))
            }
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind::{Block, Line};

    /// Reads an incident as a user wrote it, and prints it.
    fn printed(text: &str) -> String {
        let incident: Incident = toml::from_str(text).unwrap_or_else(|error| panic!("{error}"));
        let printed = print(&incident);
        let again: Incident =
            toml::from_str(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
        assert_eq!(again, incident, "{printed}");
        printed.strip_prefix(HEAD).expect("the schema").to_owned()
    }

    #[test]
    fn the_order_and_the_layout_do_not_depend_on_the_input() {
        let text = "severity = 'P1'\nservices = ['a', 'b']\nkind = 'incident'\ntitle = 'Slow'\n\
            [impact.business]\nrevenue = '$5'\n[times]\nended = { event = 'end' }\nstarted = 2025-01-14T14:23:00Z\n\
            [detection]\n[root_cause]\nprimary = \"\"\"Two\nlines.\n\"\"\"\n\
            [[action_items]]\naction = 'Fix'\ndue = 2025-02-14\n[technical.metrics]\n'CPU load' = [{ name = 'CPU', value = '97%' }]\n";
        let expected = "title    = \"Slow\"\nseverity = \"P1\"\nservices = [\"a\", \"b\"]\n\
            \n[times]\nstarted = 2025-01-14T14:23:00Z\nended   = { event = \"end\" }\n\
            \n[impact.business]\nrevenue = \"$5\"\n\
            \n[root_cause]\nprimary = '''\nTwo\nlines.\n'''\n\
            \n[detection]\n\
            \n[[action_items]]\naction = \"Fix\"\ndue    = 2025-02-14\n\
            \n[technical.metrics]\n\"CPU load\" = [{ name = \"CPU\", value = \"97%\" }]\n";
        assert_eq!(printed(text), expected);
    }

    #[test]
    fn a_whole_time_is_a_toml_date_and_any_other_a_string() {
        for (time, expected) in [
            ("2025-01-14", "2025-01-14"),
            ("2025-01-14T14:23:00.250Z", "2025-01-14T14:23:00.250Z"),
            ("2025-01-14 14:23:00", "2025-01-14 14:23:00"),
            ("'2025-01-14T14:23+01:00'", "\"2025-01-14T14:23+01:00\""),
            ("'~2025-01-14'", "\"~2025-01-14\""),
            ("'14:23'", "\"14:23\""),
            ("'2025-01-10..2025-01-14'", "\"2025-01-10..2025-01-14\""),
        ] {
            let text = format!("title = 'x'\n[times]\nstarted = {time}\n");
            let expected = format!("title = \"x\"\n\n[times]\nstarted = {expected}\n");
            assert_eq!(printed(&text), expected);
        }
    }

    #[test]
    fn any_text_is_read_as_it_was() {
        let hostile = [
            "plain",
            "a \"quoted\" text",
            "back\\slash",
            "two\nlines\n",
            "'''",
            "it's '''\nall'''\n",
            "ends in '\n'",
            "tab\there",
            "]\n[times]\nstarted = 1",
        ];
        let block = |text: &str| Block::new(text).expect("visible");
        let one_line = |text: &str| Line::new(text.replace('\n', " ")).expect("a line");
        let mut incident = Incident::default();
        for text in hostile {
            incident.title = one_line(text);
            incident.summary = Some(block(text));
            incident.tags.push(one_line(text));
            let lessons = incident.lessons.get_or_insert_default();
            lessons.went_well.push(block(text));
            let technical = &mut incident.technical;
            technical.metrics.0.push((one_line(text), Vec::new()));
            let printed = print(&incident);
            let read: Incident =
                toml::from_str(&printed).unwrap_or_else(|error| panic!("{error}\n{printed}"));
            assert_eq!(read.lessons, incident.lessons, "{printed}");
            assert_eq!(read.summary, incident.summary, "{printed}");
            assert_eq!(read.tags, incident.tags, "{printed}");
        }
    }

    #[test]
    fn the_keys_in_one_line_are_keys_of_the_format() {
        let schema = schemars::schema_for!(Incident).to_value().to_string();
        for key in INLINE.iter().chain([&GROUPS]) {
            assert!(schema.contains(&format!("\"{key}\":{{")), "{key}");
        }
    }
}
