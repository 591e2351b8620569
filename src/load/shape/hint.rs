//! Suggests how to write a value of the wrong type.

use super::correct::{Correction, correction};
use super::schema;
use super::synonyms::{is_certain, meant};
use super::words::{Help, allows_type, expected, is_map, listed, write_member};
use super::{Format, Walker};
use crate::source::{Member, Node, Syntax, Value, ascii, literal, number, truth};
use serde_json::Value as Json;

/// Keys that say in a text what their table is about, the most specific first.
const MAIN: &[&str] = &["primary", "summary", "label"];

/// The help for a key without a value.
const EMPTY: &str = "remove the key, or give it a value";

impl<'a> Walker<'a> {
    /// Suggests what to write instead of a value whose type no schema allows.
    pub(super) fn hint(&self, schemas: &[&'a Json], node: &Node) -> Help {
        let accepts = |name| allows_type(schemas, name);
        let other = match &node.value {
            Value::Null => Some(Help::new(EMPTY)),
            Value::Array(entries) if accepts("object") => {
                Some(self.wrapped(schemas, node, entries))
            }
            Value::Table(members) if accepts("array") => self.listed(schemas, members),
            _ if accepts("integer") || accepts("number") => count(schemas, node),
            _ if accepts("boolean") => Some(boolean(node)),
            _ => None,
        };
        let other = other.or_else(|| {
            let typed = typed(&node.value)?;
            if accepts("string") && !matches!(node.value, Value::String(_)) {
                return Some(self.quoted(schemas, node, &typed));
            }
            if accepts("array") {
                return Some(self.entries(schemas, node, &typed));
            }
            accepts("object")
                .then(|| self.as_table(schemas, node))
                .flatten()
        });
        let expected = || {
            let expected = expected(schemas, self.schema, self.syntax);
            let properties = schemas
                .iter()
                .filter_map(|part| part.get("properties")?.as_object());
            let keys: Vec<&str> = properties.flatten().map(|(key, _)| key.as_str()).collect();
            match keys.as_slice() {
                [] => Help::new(format!("write {expected}")),
                keys => Help::new(format!(
                    "write {expected} with keys such as {}",
                    listed(keys)
                )),
            }
        };
        other.unwrap_or_else(expected)
    }

    /// Suggests the value as a string, in the format that the string must have.
    fn quoted(&self, schemas: &[&'a Json], node: &Node, typed: &str) -> Help {
        let span = node.span;
        let choices = schema::choices(schemas);
        if !choices.is_empty() {
            return match meant(typed, &choices).as_slice() {
                [only] => Help::write(span, literal(only)).certain_if(is_certain(typed, only)),
                _ => Help::new(format!("expected one of {}", listed(&choices))),
            };
        }
        let format = schemas.iter().find_map(|part| self.format(part));
        match format.filter(|format| (format.check)(typed).is_err()) {
            Some(format) => corrected(format, typed, node, self.syntax)
                .unwrap_or_else(|| Help::new(format.help)),
            None => match numbered(schemas, typed) {
                // The archive may have other names for these.
                Some(Ok(example)) => Help::write(span, literal(example)).certain_if(false),
                Some(Err(examples)) => {
                    Help::new(format!("write one such as {}", listed(&examples)))
                }
                None => Help::write(span, literal(typed)).certain_if(is_as_typed(node, typed)),
            },
        }
    }

    /// Suggests a list of one value, or of several in one string.
    fn entries(&self, schemas: &[&'a Json], node: &Node, typed: &str) -> Help {
        let entries = self.schema.items(schemas);
        let is_text = allows_type(&entries, "string");
        if let Some(part) = entries.iter().find(|part| allows_type(&[**part], "object"))
            && !is_text
            && matches!(node.value, Value::String(_))
        {
            let entry = self.example(&schema::required(part));
            return Help::new(format!("write a list of them: `[{entry}]`"));
        }
        let choices = schema::choices(&entries);
        let meant = |entry: &str| match meant(entry, &choices).as_slice() {
            [only] => ((*only).to_owned(), is_certain(entry, only)),
            _ => (entry.to_owned(), choices.is_empty()),
        };
        let (list, is_certain) = match &node.value {
            Value::String(text) => {
                let entries: Vec<(String, bool)> = parts(text).into_iter().map(meant).collect();
                let are_certain = entries.iter().all(|(_, is_certain)| *is_certain);
                let entries = entries.iter().map(|(entry, _)| literal(entry));
                (
                    entries.collect::<Vec<_>>().join(", "),
                    are_certain && is_one(text),
                )
            }
            _ if is_text => (literal(&meant(typed).0), is_as_typed(node, typed)),
            _ => (typed.to_owned(), is_as_typed(node, typed)),
        };
        Help::write(node.span, format!("[{list}]")).certain_if(is_certain)
    }

    /// Suggests the table whose list accepts some entries, as in `{"events": […]}`.
    fn wrapped(&self, schemas: &[&'a Json], node: &Node, entries: &[Node]) -> Help {
        let tables = entries.iter().filter_map(|entry| match &entry.value {
            Value::Table(members) => Some(members.as_slice()),
            _ => None,
        });
        let tables: Vec<&[Member]> = tables.collect();
        for part in schemas {
            if is_map(part) {
                let entry = self.braces(&[write_member("NAME", "…", self.syntax)]);
                return Help::new(format!("write `{entry}`, with a key for each entry"));
            }
            let keys = schema::required(part);
            if tables.is_empty() && !keys.is_empty() {
                return Help::new(format!("write it as `{}`", self.example(&keys)));
            }
            let properties = part.get("properties").and_then(Json::as_object);
            let mut lists = properties
                .into_iter()
                .flatten()
                .filter(|(_, value)| self.may_hold(value, &tables));
            let (Some((key, list)), other) = (lists.next(), lists.next()) else {
                continue;
            };
            // Without a table in the list, it could be any of several lists.
            if tables.is_empty() && other.is_some() {
                continue;
            }
            let mut written = Vec::new();
            if tables.is_empty() || !tables.iter().copied().all(has_day) {
                let days = properties.into_iter().flatten();
                let days = days.filter(|(_, value)| self.is_day(value));
                written
                    .extend(days.map(|(day, _)| write_member(day, "\"YYYY-MM-DD\"", self.syntax)));
            }
            let first = match tables.first() {
                Some(members) => self.shown(members),
                None => self.example(&required(&self.schema.items(&self.schema.branches(list)))),
            };
            let list = match entries.len() {
                0 => "[]".to_owned(),
                1 => format!("[{first}]"),
                _ => format!("[{first}, …]"),
            };
            written.push(write_member(key, &list, self.syntax));
            return Help::new(format!("write it as `{}`", self.braces(&written)));
        }
        let is_accepted = |value: &'a Json| {
            let branches = self.schema.branches(value);
            let items = self.schema.items(&branches);
            let mut entries = entries.iter();
            branches.iter().any(|branch| self.accepts(branch, node))
                && entries.all(|entry| items.iter().any(|item| self.accepts(item, entry)))
        };
        let properties = schemas
            .iter()
            .filter_map(|part| part.get("properties")?.as_object());
        let keys = properties.flatten().filter(|(_, value)| is_accepted(value));
        match keys
            .map(|(key, _)| key.as_str())
            .collect::<Vec<_>>()
            .as_slice()
        {
            [] => Help::new("write a single value, without `[` and `]`"),
            [only] => Help::new(format!("write the list under its key `{only}`")),
            keys => Help::new(format!(
                "write the list under one of the keys {}",
                listed(keys)
            )),
        }
    }

    /// Returns `true` if a key accepts a list of tables that have the keys of these.
    fn may_hold(&self, value: &'a Json, tables: &[&[Member]]) -> bool {
        let entries = self.schema.items(&self.schema.branches(value));
        let known: Vec<_> = entries
            .iter()
            .filter_map(|entry| entry.get("properties")?.as_object())
            .collect();
        let has = |member: &Member| {
            known
                .iter()
                .any(|known| known.contains_key(member.key.as_ref()))
        };
        let mut members = tables.iter().copied().flatten();
        !known.is_empty() && (tables.is_empty() || members.any(has))
    }

    /// Returns a table with some keys.
    fn example(&self, keys: &[&str]) -> String {
        let written = keys
            .iter()
            .map(|key| write_member(key, "\"…\"", self.syntax));
        self.braces(&written.collect::<Vec<_>>())
    }

    fn is_day(&self, value: &'a Json) -> bool {
        let mut branches = self.schema.branches(value).into_iter();
        branches.any(|branch| branch.get("format").is_some_and(|format| format == "day"))
    }

    /// Suggests a list of tables instead of one table.
    fn listed(&self, schemas: &[&'a Json], members: &[Member]) -> Option<Help> {
        let entries = self.schema.items(schemas);
        if !allows_type(&entries, "object") {
            return None;
        }
        let required = required(&entries);
        let is_known = |member: &Member| required.contains(&member.key.as_ref());
        let texts = members.iter().map(|member| match &member.node.value {
            Value::String(text) => Some((member.key.as_ref(), text.as_ref())),
            _ => None,
        });
        // A table from the first required key of an entry to its second, such as time to text.
        let pairs: Option<Vec<(&str, &str)>> = texts.collect();
        let entry = match (pairs.as_deref(), required.as_slice()) {
            (Some([(key, text), ..]), [first, second]) if !members.iter().any(is_known) => {
                let member =
                    |name: &str, text: &str| write_member(name, &literal(text), self.syntax);
                self.braces(&[member(first, key), member(second, text)])
            }
            _ => self.shown(members),
        };
        Some(Help::new(format!("write a list of them: `[{entry}]`")))
    }

    /// Suggests a table with its required keys instead of a text.
    fn as_table(&self, schemas: &[&'a Json], node: &Node) -> Option<Help> {
        let part = schemas
            .iter()
            .find(|part| allows_type(&[**part], "object"))?;
        let Value::String(text) = &node.value else {
            return None;
        };
        let known = part.get("properties").and_then(Json::as_object);
        let main = || {
            MAIN.iter()
                .find(|key| known.is_some_and(|known| known.contains_key(**key)))
        };
        let written = match schema::required(part).as_slice() {
            [] => self.braces(&[write_member(main()?, &literal(text), self.syntax)]),
            [only] => self.braces(&[write_member(only, &literal(text), self.syntax)]),
            several => self.example(several),
        };
        Some(Help::new(format!("write it as `{written}`")))
    }

    /// Returns the first members of a table as they are written.
    fn shown(&self, members: &[Member]) -> String {
        let written = members.iter().take(2).map(|member| {
            let value = match &member.node.value {
                Value::String(text) if text.chars().count() > 30 => "\"…\"".to_owned(),
                Value::String(text) => literal(text),
                other => typed(other).unwrap_or_else(|| "…".to_owned()),
            };
            write_member(&member.key, &value, self.syntax)
        });
        let mut written: Vec<String> = written.collect();
        if members.len() > 2 {
            written.push("…".to_owned());
        }
        self.braces(&written)
    }

    fn braces(&self, members: &[String]) -> String {
        let members = members.join(", ");
        match self.syntax {
            Syntax::Toml => format!("{{ {members} }}"),
            Syntax::Json => format!("{{{members}}}"),
        }
    }
}

/// Returns the required keys of the first kind of items that has any.
fn required<'a>(entries: &[&'a Json]) -> Vec<&'a str> {
    let mut keys = entries.iter().map(|entry| schema::required(entry));
    keys.find(|keys| !keys.is_empty()).unwrap_or_default()
}

/// Suggests what to write instead of a text that its format rejects.
pub(super) fn corrected(format: &Format, text: &str, node: &Node, syntax: Syntax) -> Option<Help> {
    if text.trim().is_empty() {
        return Some(Help::new(EMPTY));
    }
    let mut texts = match correction(format.name, text)? {
        Correction::Do(instruction) => return Some(Help::new(instruction)),
        Correction::Write(texts) => texts,
    };
    texts.retain(|text| (format.check)(text).is_ok());
    // A day that was written as a TOML date stays one.
    let is_bare = matches!(node.value, Value::Datetime(_)) && syntax == Syntax::Toml;
    let is_date = |text: &str| text.parse::<toml::value::Datetime>().is_ok();
    let written = |text: &str| {
        if is_bare && is_date(text) {
            text.to_owned()
        } else {
            literal(text)
        }
    };
    match texts.as_slice() {
        [] => None,
        [only] => {
            let help = Help::write(node.span, written(only));
            Some(help.certain_if(kept(text) == kept(only)))
        }
        several => {
            let ways: Vec<String> = several
                .iter()
                .map(|text| format!("`{}`", written(text)))
                .collect();
            Some(Help::new(format!("write {}", ways.join(" or "))))
        }
    }
}

/// Returns the letters and digits that a correction must keep, in any order, for it to be certain.
///
/// A date is written in another order, and a time gets a leading zero.
fn kept(text: &str) -> Vec<char> {
    let characters = ascii(text);
    let characters = characters
        .chars()
        .filter(|c| c.is_alphanumeric() && *c != '0');
    let mut kept: Vec<char> = characters.flat_map(char::to_lowercase).collect();
    kept.sort_unstable();
    kept
}

/// Returns `true` if a value is written in the file as it is printed, unlike `0xff` or `1_000`.
fn is_as_typed(node: &Node, typed: &str) -> bool {
    node.span.end - node.span.start == typed.len()
}

/// Returns `true` if a text is certain to be one entry of a list, and not several.
fn is_one(text: &str) -> bool {
    let is_joint = |word: &str| ["and", "or", "und", "et", "y"].contains(&word);
    !text.contains([',', ';', '/', '&', '+', '|', '\n']) && !text.split_whitespace().any(is_joint)
}

/// Suggests the number that a value contains.
fn count(schemas: &[&Json], node: &Node) -> Option<Help> {
    let has_fractions = allows_type(schemas, "number");
    match &node.value {
        Value::String(text) => {
            let text = text.trim();
            if let Some(number) = number::without_separators(text) {
                let help = Help::write(node.span, number).without_quotes();
                // In `1.240` the point may be that of a fraction.
                return Some(help.certain_if(!has_fractions && !text.contains('.')));
            }
            let is_number = text.parse::<i64>().is_ok()
                || (has_fractions && text.parse::<f64>().is_ok_and(f64::is_finite));
            let number = if is_number {
                Some(text.to_owned())
            } else {
                number::only(text)
            };
            // A bound or an estimate, such as `>100`, says less than its number.
            Some(
                Help::write(node.span, number?)
                    .without_quotes()
                    .certain_if(is_number),
            )
        }
        Value::Float { value, text } => {
            let is_whole = value.fract() == 0.0 && value.abs() < 1e15;
            let is_share =
                *value > 0.0 && *value < 1.0 && schemas.iter().any(|part| is_percent(part));
            let separated = number::without_separators(text);
            let is_certain = is_whole && separated.is_none();
            let number = match separated {
                Some(number) => number,
                None if is_whole => format!("{:.0}", *value + 0.0),
                None if is_share => format!("{:.0}", value * 100.0),
                None => return Some(Help::new("write a whole number")),
            };
            Some(Help::write(node.span, number).certain_if(is_certain))
        }
        _ => None,
    }
}

fn is_percent(part: &Json) -> bool {
    part.get("maximum").and_then(Json::as_u64) == Some(100)
}

fn boolean(node: &Node) -> Help {
    let value = match &node.value {
        Value::String(text) => match (truth(text.trim()), text.trim()) {
            (Some(value), _) => value,
            (None, "1") => "true",
            (None, "0") => "false",
            _ => return Help::new("write `true` or `false`"),
        },
        Value::Integer(1) => return Help::write(node.span, "true"),
        Value::Integer(0) => return Help::write(node.span, "false"),
        _ => return Help::new("write `true` or `false`"),
    };
    Help::write(node.span, value).without_quotes()
}

/// Splits a text at its commas.
fn parts(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    if parts.is_empty() { vec![text] } else { parts }
}

/// Returns `true` if a table contains a time with its date.
fn has_day(members: &[Member]) -> bool {
    members.iter().any(|member| match &member.node.value {
        Value::String(text) => text.trim_start_matches('~').as_bytes().get(4) == Some(&b'-'),
        Value::Datetime(_) => true,
        _ => false,
    })
}

/// Returns a single value as it was typed, without quotes.
fn typed(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Integer(value) => Some(value.to_string()),
        Value::Float { text, .. } | Value::String(text) | Value::Datetime(text) => {
            Some(text.to_string())
        }
        Value::Null | Value::Array(_) | Value::Table(_) => None,
    }
}

/// Returns the example of a schema that ends with a number, such as `P2` for `2`, or else all examples.
///
/// `None` if there are none that end with a number.
fn numbered<'t>(schemas: &[&'t Json], typed: &str) -> Option<Result<&'t str, Vec<&'t str>>> {
    let examples = schemas
        .iter()
        .filter_map(|schema| schema.get("examples")?.as_array());
    let examples = examples.flatten().filter_map(Json::as_str);
    let is_numbered = |example: &&str| {
        let name = example.trim_end_matches(|end: char| end.is_ascii_digit());
        name.len() < example.len() && name.chars().all(char::is_alphabetic)
    };
    let examples: Vec<&str> = examples.filter(is_numbered).collect();
    let meant = |example: &&&str| example.trim_start_matches(char::is_alphabetic) == typed;
    match examples.iter().find(meant) {
        Some(example) => Some(Ok(*example)),
        None => (!examples.is_empty()).then_some(Err(examples)),
    }
}
