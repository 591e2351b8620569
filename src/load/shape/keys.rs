//! The tables of a schema, to find where a key belongs and which key was meant.

use super::schema::Schema;
use super::words::listed;
use crate::source::{Gap, Key, Path, Segment, Step, Syntax};
use serde_json::Value;

/// The maximum depth of tables that are searched.
const DEPTH: usize = 6;

/// All tables of a schema with their keys.
pub struct Tables {
    tables: Vec<Table>,
    /// The name of the file's type, such as `an incident`.
    file: String,
}

struct Table {
    path_steps: Vec<Step>,
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

    fn collect(&mut self, schema: Schema<'_>, part: &Value, path_steps: &mut Vec<Step>) {
        if path_steps.len() > DEPTH {
            return;
        }
        for branch in schema.branches(part) {
            if let Some(properties) = branch.get("properties").and_then(Value::as_object) {
                self.tables.push(Table {
                    path_steps: path_steps.clone(),
                    keys: properties.keys().cloned().collect(),
                });
                for (key, value) in properties {
                    self.step(schema, value, path_steps, Step::Key(key.clone()));
                }
            }
            if let Some(items) = branch.get("items") {
                self.step(schema, items, path_steps, Step::Entry);
            }
            if let Some(others) = branch.get("additionalProperties") {
                self.step(schema, others, path_steps, Step::Any);
            }
        }
    }

    fn step(&mut self, schema: Schema<'_>, part: &Value, path_steps: &mut Vec<Step>, step: Step) {
        path_steps.push(step);
        self.collect(schema, part, path_steps);
        path_steps.pop();
    }

    /// Returns the keys of all tables.
    pub fn names(&self) -> Vec<&str> {
        let names = self.tables.iter().flat_map(|table| &table.keys);
        names.map(String::as_str).collect()
    }

    /// Describes the other tables that have a key, or returns `None`.
    pub fn having(&self, key: &str, path: &Path, syntax: Syntax) -> Option<String> {
        let current = steps(path);
        let has = |table: &&Table| table.keys.iter().any(|name| name == key);
        let others = self.tables.iter().filter(has);
        let paths: Vec<&[Step]> = others
            .map(|table| table.path_steps.as_slice())
            .filter(|path| !same(path, &current))
            .collect();
        if paths.first()?.is_empty() {
            if let Some(header) = self.header(key).filter(|_| syntax == Syntax::Toml) {
                return Some(own_header(&header));
            }
            let top = match syntax {
                Syntax::Toml => "above the first table",
                Syntax::Json => "at the top level of the file",
            };
            return Some(format!("`{key}` belongs {top}"));
        }
        let names: Vec<String> = paths.iter().map(|path| name(path, syntax)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        (names.len() <= 3).then(|| format!("`{key}` belongs in {}", listed(&names)))
    }

    /// Returns the header of a key at the top of a TOML file; `None` if its value is no table.
    pub fn header(&self, key: &str) -> Option<String> {
        let is_own = |table: &&Table| {
            let steps = table.path_steps.as_slice();
            matches!(steps, [Step::Key(name)] | [Step::Key(name), Step::Entry] if name == key)
        };
        let own = self.tables.iter().find(is_own)?;
        Some(name(&own.path_steps, Syntax::Toml))
    }

    /// Returns the paths at which a key of this name is allowed.
    pub fn paths(&self, key: &str) -> Vec<Gap> {
        let has = |table: &&Table| table.keys.iter().any(|name| name == key);
        let gap = |table: &Table| {
            let mut steps = table.path_steps.clone();
            steps.push(Step::Key(key.to_owned()));
            Gap::Value(steps)
        };
        self.tables.iter().filter(has).map(gap).collect()
    }

    /// Describes the table that contains the last key of a path.
    pub fn describe(&self, path: &Path, syntax: Syntax) -> String {
        match steps(path) {
            path_steps if path_steps.is_empty() => self.file.clone(),
            path_steps => format!("`{}`", name(&path_steps, syntax)),
        }
    }
}

/// Suggests a header for a key whose value is a table.
pub fn own_header(header: &str) -> String {
    format!("write it under its own header, `{header}`")
}

/// Returns the steps to the table that contains the last key of a path.
fn steps(path: &Path) -> Vec<Step> {
    let outer = path.parent();
    let step = |segment: &Segment| match segment {
        Segment::Key(key) => Step::Key(key.clone()),
        Segment::Index(_) => Step::Entry,
    };
    outer.segments().iter().map(step).collect()
}

fn same(path_steps: &[Step], current: &[Step]) -> bool {
    let matches = |(step, current): (&Step, &Step)| step == current || *step == Step::Any;
    path_steps.len() == current.len() && path_steps.iter().zip(current).all(matches)
}

/// Returns the header of a table in TOML, or its path in JSON.
fn name(path_steps: &[Step], syntax: Syntax) -> String {
    let mut name = String::new();
    for step in path_steps {
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
    match (syntax, path_steps.last()) {
        (Syntax::Json, _) => name,
        (Syntax::Toml, Some(Step::Entry)) => format!("[[{name}]]"),
        (Syntax::Toml, _) => format!("[{name}]"),
    }
}

/// Returns a type's name with its article: `ActionItem` is `an action item`.
fn with_article(title: &str) -> String {
    let mut phrase = String::new();
    for character in title.chars() {
        if character.is_uppercase() && !phrase.is_empty() {
            phrase.push(' ');
        }
        phrase.extend(character.to_lowercase());
    }
    let article = if phrase.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {phrase}")
}
