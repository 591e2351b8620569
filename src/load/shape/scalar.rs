//! Checks single values: types, enums, ranges, lengths and formats.

use super::hint::corrected;
use super::synonyms::{is_certain, meant};
use super::words::{self, Help, listed};
use super::{INVALID_VALUE, OUT_OF_RANGE, UNKNOWN_VALUE, WRONG_TYPE, Walker, schema};
use crate::source::{Node, Path, Segment, Value, ask, literal, quoted};
use serde_json::Value as Json;

/// The ranges of Rust's integers, by their names in `schemars`.
const INTEGERS: &[(&str, i128, i128)] = &[
    ("uint8", 0, u8::MAX as i128),
    ("uint16", 0, u16::MAX as i128),
    ("uint32", 0, u32::MAX as i128),
    ("uint64", 0, u64::MAX as i128),
    ("uint", 0, usize::MAX as i128),
    ("int8", i8::MIN as i128, i8::MAX as i128),
    ("int16", i16::MIN as i128, i16::MAX as i128),
    ("int32", i32::MIN as i128, i32::MAX as i128),
    ("int64", i64::MIN as i128, i64::MAX as i128),
    ("int", isize::MIN as i128, isize::MAX as i128),
];

/// Keys of one line, each with the key that continues its text.
const CONTINUED: &[(&str, &str)] = &[
    ("title", "summary"),
    ("title", "body"),
    ("subject", "body"),
    ("text", "body"),
    ("action", "notes"),
];

impl<'a> Walker<'a> {
    pub(super) fn wrong_type(&mut self, schemas: &[&'a Json], node: &Node, path: &Path) {
        let expected = words::expected(schemas, self.schema, self.syntax);
        let found = words::kind(&node.value, self.syntax);
        let message = format!("expected {expected}, found {found}");
        let header = self.header.filter(|header| *header == node.span);
        let help = header
            .and_then(|header| words::header(schemas, &node.value, header, path))
            .unwrap_or_else(|| self.hint(schemas, node));
        self.report(
            WRONG_TYPE,
            message,
            (path, node.span),
            format!("not {expected}"),
            Some(help),
        );
    }

    pub(super) fn text(&mut self, schema: &'a Json, text: &str, node: &Node, path: &Path) {
        if let Some(allowed) = schema::allowed(schema) {
            self.allowed(&allowed, node, path);
            return;
        }
        let length = text.chars().count();
        self.size(
            schema,
            ("minLength", "maxLength"),
            length,
            "characters",
            node,
            path,
        );
        if let Some(format) = self.format(schema)
            && let Err(message) = (format.check)(text)
        {
            let help = corrected(format, text, node, self.syntax)
                .or_else(|| self.several_lines(text, node, path))
                .unwrap_or_else(|| Help::new(format.help));
            self.report(INVALID_VALUE, message, (path, node.span), "", Some(help));
        }
    }

    /// Checks a string against the values of an enum.
    pub(super) fn allowed(&mut self, allowed: &[&str], node: &Node, path: &Path) {
        let Value::String(text) = &node.value else {
            return;
        };
        if allowed.contains(&text.as_ref()) {
            return;
        }
        let list = listed(allowed);
        let help = match meant(text, allowed).as_slice() {
            [] => several(text, allowed, node)
                .unwrap_or_else(|| Help::new(format!("expected one of {list}"))),
            [name] => Help::new(format!("{} expected one of {list}", ask(text, name)))
                .replace(node.span, literal(name))
                .certain_if(is_certain(text, name)),
            names => Help::new(format!(
                "did you mean {}? expected one of {list}",
                either(names)
            )),
        };
        let message = format!("unknown value {}", quoted(text));
        let label = match path.segments().last() {
            Some(Segment::Key(key)) => format!("not a value of `{key}`"),
            _ => String::new(),
        };
        self.report(UNKNOWN_VALUE, message, (path, node.span), label, Some(help));
    }

    /// Adds the suggestion to write a text as the only value of a table, such as an event's ID.
    pub(super) fn or_table(&mut self, branches: &[&'a Json], node: &Node, before: usize) {
        let Value::String(text) = &node.value else {
            return;
        };
        let mut required = branches.iter().map(|branch| schema::required(branch));
        let only = required.find(|keys| keys.len() == 1);
        let only = only.and_then(|keys| keys.first().copied());
        let is_name = text.starts_with(char::is_alphabetic)
            && text
                .chars()
                .all(|character| character.is_alphanumeric() || "-_:.".contains(character));
        let (Some(only), true, [found]) = (only, is_name, self.found.split_at_mut(before).1) else {
            return;
        };
        if found.diagnostic.code == INVALID_VALUE && found.diagnostic.suggestion.is_none() {
            let table = words::write_member(only, &literal(text), self.syntax);
            let help = found.diagnostic.help.take().unwrap_or_default();
            found.diagnostic.help = Some(format!("{help}; or `{{ {table} }}`"));
        }
    }

    /// Suggests the key of the same table that continues a text of several lines, or to join them.
    fn several_lines(&self, text: &str, node: &Node, path: &Path) -> Option<Help> {
        if !text.trim().contains('\n') {
            return None;
        }
        let properties = self.table.and_then(|table| table.get("properties"));
        let key = path.segments().last().and_then(|last| {
            let has = |(first, _): &&(&str, &str)| *last == Segment::Key((*first).to_owned());
            let mut rows = CONTINUED.iter().filter(has);
            rows.find(|(_, key)| properties.is_some_and(|all| all.get(key).is_some()))
        });
        if let Some((_, key)) = key {
            return Some(Help::new(format!(
                "keep one line here and move the rest to `{key}`"
            )));
        }
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(Help::new("write it on one line").replace(node.span, literal(&joined)))
    }

    pub(super) fn integer(&mut self, schema: &'a Json, value: i128, node: &Node, path: &Path) {
        let name = schema.get("format").and_then(Json::as_str);
        let format_range = INTEGERS.iter().find(|(format, ..)| Some(*format) == name);
        let (mut min, mut max) =
            format_range.map_or((None, None), |(_, min, max)| (Some(*min), Some(*max)));
        if let Some(minimum) = integer_bound(schema, "minimum") {
            min = min.max(Some(minimum));
        }
        if let Some(maximum) = integer_bound(schema, "maximum") {
            max = Some(max.map_or(maximum, |max| max.min(maximum)));
        }
        if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
            // The bounds of 64-bit integers mean "any"; no count is that large.
            let any = [i64::MIN.into(), i64::MAX.into(), u64::MAX.into()];
            let stated = |bound: Option<i128>| bound.filter(|bound| !any.contains(bound));
            let show = |bound| stated(bound).map(|bound| bound.to_string());
            let range = range(show(min), show(max));
            let help = format!("write a number, {range}");
            self.out_of_range(&format!("`{value}`"), help, &range, node, path);
        }
    }

    pub(super) fn float(
        &mut self,
        schema: &'a Json,
        value: f64,
        typed: &str,
        node: &Node,
        path: &Path,
    ) {
        let bound = |keyword| schema.get(keyword).and_then(Json::as_f64);
        let (min, max) = (bound("minimum"), bound("maximum"));
        if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
            let show = |bound: Option<f64>| bound.map(|bound| bound.to_string());
            let range = range(show(min), show(max));
            let help = format!("write a number, {range}");
            self.out_of_range(&quoted(typed), help, &range, node, path);
        }
    }

    /// Checks a length against the two keywords of the schema for it.
    pub(super) fn size(
        &mut self,
        schema: &'a Json,
        (min, max): (&str, &str),
        found: usize,
        unit: &str,
        node: &Node,
        path: &Path,
    ) {
        let bound = |keyword| usize::try_from(schema.get(keyword)?.as_u64()?).ok();
        let (min, max) = (bound(min), bound(max));
        if min.is_some_and(|min| found < min) || max.is_some_and(|max| found > max) {
            let show = |bound: Option<usize>| bound.map(|bound| bound.to_string());
            let range = range(show(min), show(max));
            let help = format!("write {range} {unit}");
            self.out_of_range(
                &format!("the number of {unit}, {found},"),
                help,
                &range,
                node,
                path,
            );
        }
    }

    fn out_of_range(&mut self, found: &str, help: String, range: &str, node: &Node, path: &Path) {
        let message = format!("{found} is out of range");
        let help = Some(Help::new(help));
        self.report(
            OUT_OF_RANGE,
            message,
            (path, node.span),
            format!("must be {range}"),
            help,
        );
    }
}

/// Suggests one string for each of several values in one string.
fn several(text: &str, allowed: &[&str], node: &Node) -> Option<Help> {
    let mut names = Vec::new();
    let mut are_certain = true;
    for part in text.split([',', ';', '/', '+']) {
        match meant(part, allowed).as_slice() {
            [only] => {
                are_certain &= is_certain(part, only);
                names.push(literal(only));
            }
            _ => return None,
        }
    }
    let list = names.join(", ");
    (names.len() > 1).then(|| {
        Help::new(format!("write each one separately: `{list}`"))
            .replace(node.span, list)
            .certain_if(are_certain)
    })
}

/// Returns a list of names of which one may have been meant.
fn either(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(" or ")
}

/// Describes the range between two bounds.
fn range(min: Option<String>, max: Option<String>) -> String {
    match (min, max) {
        (Some(min), Some(max)) if min == max => format!("exactly {min}"),
        (Some(min), Some(max)) => format!("from {min} to {max}"),
        (Some(min), None) => format!("at least {min}"),
        (None, Some(max)) => format!("at most {max}"),
        (None, None) => "of 64 bits".to_owned(),
    }
}

fn integer_bound(schema: &Json, keyword: &str) -> Option<i128> {
    let bound = schema.get(keyword)?;
    match (bound.as_i64(), bound.as_u64()) {
        (Some(bound), _) => Some(bound.into()),
        (None, Some(bound)) => Some(bound.into()),
        // A bound with a fraction belongs to a number, not to an integer type.
        (None, None) => None,
    }
}
