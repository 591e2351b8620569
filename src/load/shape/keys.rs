//! Knows every table of a schema, to say where a key belongs and what was meant by it.

use super::schema::Schema;
use super::words::listed;
use crate::source::{Gap, Key, Path, Segment, Step, Syntax};
use serde_json::Value;

/// How deep tables are looked for.
const DEPTH: usize = 6;

/// Every table of a schema with its keys.
pub struct Tables {
    tables: Vec<Table>,
    /// What the file is, such as `an incident`.
    file: String,
}

struct Table {
    place: Vec<Step>,
    keys: Vec<String>,
}

impl Tables {
    pub fn new(schema: Schema<'_>) -> Self {
        let mut tables = Self {
            tables: Vec::new(),
            file: match schema.root().get("title").and_then(Value::as_str) {
                Some(title) => with_article(title),
                None => "this file".to_owned(),
            },
        };
        tables.collect(schema, schema.root(), &mut Vec::new());
        tables
    }

    fn collect(&mut self, schema: Schema<'_>, part: &Value, place: &mut Vec<Step>) {
        if place.len() > DEPTH {
            return;
        }
        for branch in schema.branches(part) {
            if let Some(properties) = branch.get("properties").and_then(Value::as_object) {
                self.tables.push(Table {
                    place: place.clone(),
                    keys: properties.keys().cloned().collect(),
                });
                for (key, value) in properties {
                    self.step(schema, value, place, Step::Key(key.clone()));
                }
            }
            if let Some(items) = branch.get("items") {
                self.step(schema, items, place, Step::Entry);
            }
            if let Some(others) = branch.get("additionalProperties") {
                self.step(schema, others, place, Step::Any);
            }
        }
    }

    fn step(&mut self, schema: Schema<'_>, part: &Value, place: &mut Vec<Step>, step: Step) {
        place.push(step);
        self.collect(schema, part, place);
        place.pop();
    }

    /// Says in which other tables a key belongs.
    pub fn having(&self, key: &str, path: &Path, syntax: Syntax) -> Option<String> {
        let own = steps(path);
        let has = |table: &&Table| table.keys.iter().any(|name| name == key);
        let others = self.tables.iter().filter(has);
        let places: Vec<&[Step]> = others
            .map(|table| table.place.as_slice())
            .filter(|place| !same(place, &own))
            .collect();
        if places.first()?.is_empty() {
            let top = match syntax {
                Syntax::Toml => "above the first table",
                Syntax::Json => "at the top level of the file",
            };
            return Some(format!("`{key}` belongs {top}"));
        }
        let names: Vec<String> = places.iter().map(|place| name(place, syntax)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        (names.len() <= 3).then(|| format!("`{key}` belongs in {}", listed(&names)))
    }

    /// Lists the places at which a key of this name may stand.
    pub fn places(&self, key: &str) -> Vec<Gap> {
        let has = |table: &&Table| table.keys.iter().any(|name| name == key);
        let place = |table: &Table| {
            let mut steps = table.place.clone();
            steps.push(Step::Key(key.to_owned()));
            Gap::Value(steps)
        };
        self.tables.iter().filter(has).map(place).collect()
    }

    /// Describes the table that a path's last key stands in.
    pub fn describe(&self, path: &Path, syntax: Syntax) -> String {
        match steps(path) {
            place if place.is_empty() => self.file.clone(),
            place => format!("`{}`", name(&place, syntax)),
        }
    }
}

/// Gives the way to the table that a path's last key stands in.
fn steps(path: &Path) -> Vec<Step> {
    let outer = path
        .segments()
        .split_last()
        .map_or(&[][..], |(_, outer)| outer);
    let step = |segment: &Segment| match segment {
        Segment::Key(key) => Step::Key(key.clone()),
        Segment::Index(_) => Step::Entry,
    };
    outer.iter().map(step).collect()
}

fn same(place: &[Step], own: &[Step]) -> bool {
    let matches = |(place, own): (&Step, &Step)| place == own || *place == Step::Any;
    place.len() == own.len() && place.iter().zip(own).all(matches)
}

/// Writes the header of a table in TOML, its path in JSON.
fn name(place: &[Step], syntax: Syntax) -> String {
    let mut name = String::new();
    for step in place {
        let key = match step {
            Step::Key(key) => Key(key).to_string(),
            Step::Any => "NAME".to_owned(),
            Step::Entry if syntax == Syntax::Json => {
                name.push_str("[]");
                continue;
            }
            Step::Entry | Step::Index(_) => continue,
        };
        if !name.is_empty() {
            name.push('.');
        }
        name.push_str(&key);
    }
    match (syntax, place.last()) {
        (Syntax::Json, _) => name,
        (Syntax::Toml, Some(Step::Entry)) => format!("[[{name}]]"),
        (Syntax::Toml, _) => format!("[{name}]"),
    }
}

/// Turns a type's name into words: `ActionItem` is `an action item`.
fn with_article(title: &str) -> String {
    let mut words = String::new();
    for character in title.chars() {
        if character.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(character.to_lowercase());
    }
    let article = if words.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {words}")
}
