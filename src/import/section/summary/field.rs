//! Imports a custom field of the archive by its label.

use serde_json::Value;

use super::super::super::block::{Item, Part};
use super::super::super::draft::Draft;
use super::super::super::words::{folded, labelled, link};
use super::super::list_items;
use crate::config::FieldKind;
use crate::kind::TOML_DATETIME;

/// Imports a labelled value into `[extra]`; returns `false` if it is not a valid value of a field with that label.
pub(super) fn import(draft: &mut Draft, label: &str, value: &str) -> bool {
    let mut fields = draft.fields.0.iter();
    let found = fields.find(|(key, field)| {
        let name = field.label.as_ref().unwrap_or(key);
        folded(name) == folded(label) || folded(key) == folded(label)
    });
    let Some((key, field)) = found else {
        return false;
    };
    let value = match field.kind {
        FieldKind::Text => value.into(),
        FieldKind::Url => link(value)
            .map_or_else(|| value.to_owned(), |(_, target)| target)
            .into(),
        FieldKind::List => value.split(", ").collect(),
        FieldKind::Number => number(value),
        FieldKind::Date => serde_json::json!({ TOML_DATETIME: value }),
        FieldKind::YesNo => match value.to_lowercase().as_str() {
            "yes" | "true" => true.into(),
            "no" | "false" => false.into(),
            _ => Value::Null,
        },
    };
    let is_valid = field.valid(&value).is_some() && !draft.incident.extra.contains_key(&**key);
    if is_valid {
        draft.incident.extra.insert(key.to_string(), value);
    }
    is_valid
}

/// Imports the list of custom fields at the start of a section; returns the section without it.
pub(in super::super::super) fn without_fields<'a>(draft: &mut Draft, part: &Part<'a>) -> Part<'a> {
    let mut rest = part.clone();
    if let Some(first) = part.blocks.first() {
        let items = list_items(first);
        let is_field = |item: &Item| {
            let mut copy = Draft {
                fields: draft.fields.clone(),
                ..Draft::default()
            };
            labelled(&item.text).is_some_and(|found| import(&mut copy, found.label, found.value))
        };
        if !draft.fields.0.is_empty() && !items.is_empty() && items.iter().all(is_field) {
            for item in &items {
                if let Some(found) = labelled(&item.text) {
                    import(draft, found.label, found.value);
                }
            }
            rest.blocks.remove(0);
            rest.flat.remove(0);
        }
    }
    rest
}

/// Parses a number with or without thousands separators.
fn number(text: &str) -> Value {
    let text = text.replace(',', "");
    match (text.parse::<i64>(), text.parse::<f64>()) {
        (Ok(count), _) => count.into(),
        (Err(_), Ok(number)) => number.into(),
        _ => Value::Null,
    }
}
