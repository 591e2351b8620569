//! An alert's payload as the start of an incident, and the payload itself without private data.

use serde_json::{Map, Value};

use super::{Draft, ExportFile, Importer, Item, Markup, Settings, clean, read};
use crate::facts::capitalized;
use crate::secret;
use crate::timeline::EventKind;

/// What an alert says about the incident that it starts.
#[derive(Debug, Clone)]
pub struct Alert {
    /// The alert's summary.
    pub title: String,
    /// The severity as its system names it.
    pub severity: Option<String>,
    /// The system.
    pub importer: &'static Importer,
    /// What identifies the alert, one `key: value` per line.
    pub code: String,
    /// The event.
    pub draft: Draft,
}

/// Reads the first alert of a file.
///
/// # Errors
/// Returns the reason if the file has no alert with a time.
pub fn alert(file: &ExportFile, settings: &Settings) -> Result<Alert, String> {
    let exports = read(std::slice::from_ref(file), settings);
    if let Some(rejected) = exports.rejected.into_iter().next() {
        return Err(rejected.reason);
    }
    let alerts = exports.found.into_iter().flat_map(|found| {
        let importer = found.importer;
        found.drafts.into_iter().map(move |draft| (importer, draft))
    });
    let first = alerts
        .filter(|(_, draft)| draft.kind == EventKind::Alert)
        .min_by_key(|(_, draft)| (draft.is_repeat, draft.at.order()));
    let Some((importer, draft)) = first else {
        let reason = exports
            .unplaced
            .first()
            .map(|unplaced| format!(": {}", unplaced.reason));
        return Err(format!(
            "no alert with a time{}",
            reason.unwrap_or_default()
        ));
    };
    let json: Value =
        serde_json::from_str(file.text.trim_start_matches('\u{feff}')).unwrap_or_default();
    let title = title(&draft);
    let own = narrowed(&json, &draft.id, settings);
    let stated = |key: &&str| under(own, key, 8).or_else(|| under(&json, key, 8));
    let labels = ["alertname", "severity", "instance"];
    let mut code: Vec<String> = labels
        .iter()
        .filter_map(|key| Some(format!("{key}: {}", clean::name(&stated(key)?))))
        .collect();
    code.push(format!("summary: {title}"));
    Ok(Alert {
        title,
        severity: ["severity", "priority", "level", "urgency"]
            .iter()
            .find_map(stated),
        importer,
        code: code.join("\n") + "\n",
        draft,
    })
}

/// Returns what an alert says, without what the event's text puts around it.
fn title(draft: &Draft) -> String {
    let text = clean::one_line(draft.text.clone());
    let quoted = text
        .split_once('"')
        .and_then(|(_, rest)| Some(rest.rsplit_once('"')?.0));
    let quoted = quoted
        .filter(|quoted| !quoted.trim().is_empty())
        .map(str::to_owned);
    quoted.unwrap_or_else(|| match text.split_once(": ") {
        Some((label, rest)) if label.split(' ').count() < 5 => rest.to_owned(),
        _ => text,
    })
}

/// Returns the innermost part of an export that is the alert with this ID: its labels, not those of another one.
fn narrowed<'a>(value: &'a Value, id: &str, settings: &Settings) -> &'a Value {
    let has_it = |inner: &&Value| {
        let file = ExportFile {
            path: String::new(),
            text: inner.to_string(),
        };
        let found = read(&[file], settings).found;
        let mut drafts = found.iter().flat_map(|found| &found.drafts);
        drafts.any(|draft| draft.id == id)
    };
    let members = value
        .as_object()
        .into_iter()
        .flat_map(|table| table.values());
    let mut inner = value
        .as_array()
        .into_iter()
        .flatten()
        .chain(members)
        .filter(|inner| inner.is_object() || inner.is_array());
    inner
        .find(has_it)
        .map_or(value, |inner| narrowed(inner, id, settings))
}

/// Returns the first text under a key, anywhere in a value.
fn under(value: &Value, key: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Object(table) => {
            let item = Item(value);
            let named = [
                key.to_owned(),
                format!("{key}.summary"),
                format!("{key}.name"),
            ];
            let found = named
                .iter()
                .find_map(|path| item.text(path))
                .map(str::to_owned);
            found.or_else(|| table.values().find_map(|inner| under(inner, key, depth)))
        }
        Value::Array(list) => list.iter().find_map(|inner| under(inner, key, depth)),
        _ => None,
    }
}

/// Parts of names of keys whose values are private, whatever they are.
const PRIVATE: &[&str] = &[
    "avatar", "email", "phone", "token", "password", "secret", "apikey", "api_key", "gravatar",
    "address",
];

/// The keys that name the variable whose value is beside them.
const NAMES: &[&str] = &["name", "key", "variable", "label", "field"];

/// Prints a payload without private data.
///
/// # Errors
/// Returns an error if it is not JSON, or if a possible secret would remain in it.
pub fn redacted(text: &str) -> Result<String, String> {
    let value: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| format!("invalid JSON: {error}"))?;
    let printed = serde_json::to_string_pretty(&without_private(value)).unwrap_or_default() + "\n";
    let found = secret::find(&printed).next().map(|found| found.start);
    match found {
        Some(start) => Err(format!("a possible secret, `{start}`, would remain")),
        None => Ok(printed),
    }
}

fn without_private(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let mut removed = 0;
            Value::String(clean::redacted(&clean::shown(&text), &mut removed))
        }
        Value::Array(list) => list.into_iter().map(without_private).collect(),
        Value::Object(table) => {
            let is_private = |key: &str| {
                let key = key.to_lowercase();
                PRIVATE.iter().any(|part| key.contains(part)) || key.ends_with("_pass")
            };
            // `{"name": "DB_PASSWORD", "value": "…"}`
            let is_one =
                |key: &str, names: &[&str]| names.iter().any(|name| key.eq_ignore_ascii_case(name));
            let is_named = table
                .iter()
                .any(|(key, name)| is_one(key, NAMES) && name.as_str().is_some_and(is_private));
            let kept = { table.into_iter() }
                .filter(|(key, _)| !(is_private(key) || is_named && is_one(key, &["value"])));
            let kept: Map<String, Value> = kept
                .map(|(key, value)| (key, without_private(value)))
                .collect();
            Value::Object(kept)
        }
        other => other,
    }
}

/// Returns a text with a capital first letter and without underscores: `in_progress` is `In Progress`.
pub fn title_case(text: &str) -> String {
    let words: Vec<String> = text.split(['_', ' ']).map(capitalized).collect();
    words.join(" ")
}

/// Returns the subject of a message, in one line.
#[must_use]
pub fn subject(text: &str) -> String {
    clean::one_line(Markup::Html(text.to_owned()))
}

/// Returns the text of a message as it was published, without markup.
#[must_use]
pub fn published(body: &Markup) -> String {
    let text = match body {
        Markup::Html(html) => clean::without_html(html),
        Markup::Plain(text) | Markup::Markdown(text) => text.clone(),
    };
    clean::redacted(clean::shown(&text).trim(), &mut 0)
}

#[cfg(test)]
mod tests;
