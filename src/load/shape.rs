//! Checks a file's tree against the JSON Schema of its type, and reports all problems.
//!
//! The schema is the one that `schemars` generates (draft 7, `definitions`) from the types that
//! serde reads. The walk accepts exactly what `load::strict` accepts; a property test proves it.
//! The walk reads only the schema, so a new field needs no change here.

mod correct;
mod hint;
mod keys;
mod scalar;
mod schema;
mod synonyms;
mod table;
mod words;

use crate::diagnostic::{Diagnostic, Locator, Rule};
pub use crate::kind::{Datetime, Format};
use crate::source::{
    CONFLICT, DUPLICATE_KEY, ENCODING, Gap, LIMIT, Node, Path, SYNTAX, Span, Syntax, Value,
};
use camino::Utf8Path;
use keys::Tables;
use schema::Schema;
use std::cell::OnceCell;
pub use synonyms::meant;

/// The code of a key that its table does not have.
pub const UNKNOWN_KEY: &str = "unknown-key";
pub(super) const MISSING_KEY: &str = "missing-key";
pub(super) const WRONG_TYPE: &str = "wrong-type";
const UNKNOWN_VALUE: &str = "unknown-value";
const OUT_OF_RANGE: &str = "out-of-range";
const INVALID_VALUE: &str = "invalid-value";

/// All codes of problems in the content of a file.
pub const RULES: &[Rule] = &[
    Rule {
        code: ENCODING,
        summary: "the file is not valid UTF-8",
        help: "Save it as UTF-8.",
    },
    Rule {
        code: LIMIT,
        summary: "the file is over one of the limits",
        help: "If the file is correct, raise the limit under `[limits]` that the message names.",
    },
    Rule {
        code: SYNTAX,
        summary: "the file is not valid TOML or JSON",
        help: "Write what the help of the message suggests.",
    },
    Rule {
        code: CONFLICT,
        summary: "unresolved merge conflict",
        help: "Keep one side or combine them, and delete the marker lines.",
    },
    Rule {
        code: DUPLICATE_KEY,
        summary: "a table has the same key twice",
        help: "Remove one of the two, or combine them.",
    },
    Rule {
        code: UNKNOWN_KEY,
        summary: "unknown key in a table",
        help: "Rename the key, move it, or remove it. Unknown keys are never ignored.",
    },
    Rule {
        code: MISSING_KEY,
        summary: "a required key is missing",
        help: "Add the key.",
    },
    Rule {
        code: WRONG_TYPE,
        summary: "the value has the wrong type",
        help: "Write a value of the type that the message expects.",
    },
    Rule {
        code: UNKNOWN_VALUE,
        summary: "the value is not one of the allowed values",
        help: "Write one of the values that the help lists.",
    },
    Rule {
        code: OUT_OF_RANGE,
        summary: "the value is too small, too large, too short or too long",
        help: "Use a value in the range that the message gives.",
    },
    Rule {
        code: INVALID_VALUE,
        summary: "the text does not have the format that its key requires",
        help: "The message says what is wrong with it.",
    },
];

/// A problem of a tree, and what cannot be read because of it.
pub struct Problem {
    /// The diagnostic.
    pub diagnostic: Diagnostic,
    /// The path of the invalid value, or of the table that lacks a key.
    pub path: Path,
    /// The other parts that cannot be read because of it.
    pub gaps: Vec<Gap>,
}

/// Reports all problems of a tree; without any, the file can be read into the type.
///
/// The tree must come from a text without syntax errors.
pub fn walk(
    schema: &serde_json::Value,
    node: &Node,
    file: &Utf8Path,
    formats: &[Format],
) -> Vec<Diagnostic> {
    let problems = problems(schema, node, file, formats).into_iter();
    problems.map(|problem| problem.diagnostic).collect()
}

/// Reports all problems of a tree, each with what cannot be read because of it.
pub(super) fn problems(
    schema: &serde_json::Value,
    node: &Node,
    file: &Utf8Path,
    formats: &[Format],
) -> Vec<Problem> {
    let mut walker = Walker {
        schema: Schema::new(schema),
        file,
        syntax: Syntax::from_path(file),
        formats,
        tables: OnceCell::new(),
        header: None,
        table: None,
        found: Vec::new(),
    };
    walker.check(schema, node, &Path::new());
    walker.found
}

struct Walker<'a> {
    schema: Schema<'a>,
    file: &'a Utf8Path,
    syntax: Syntax,
    formats: &'a [Format],
    /// Created for the first key that is unknown or missing.
    tables: OnceCell<Tables>,
    /// The TOML header that creates the value being checked.
    header: Option<Span>,
    /// The schema of the table that the value being checked is in.
    table: Option<&'a serde_json::Value>,
    found: Vec<Problem>,
}

impl<'a> Walker<'a> {
    fn check(&mut self, schema: &'a serde_json::Value, node: &Node, path: &Path) {
        let branches = self.schema.branches(schema);
        let fitting = branches
            .iter()
            .copied()
            .filter(|branch| self.accepts(branch, node));
        let fitting: Vec<&serde_json::Value> = fitting.collect();
        match fitting.as_slice() {
            [] => self.wrong_type(&branches, node, path),
            [only] => {
                let before = self.found.len();
                self.one(only, node, path);
                self.or_table(&branches, node, before);
            }
            // An enum whose variants are documented has one branch for each.
            _ if fitting
                .iter()
                .all(|branch| schema::allowed(branch).is_some()) =>
            {
                self.allowed(&schema::choices(&fitting), node, path);
            }
            _ => self.report_best_branch(&fitting, node, path),
        }
    }

    /// Reports the problems of the branch that fits best: the one with the fewest.
    fn report_best_branch(&mut self, branches: &[&'a serde_json::Value], node: &Node, path: &Path) {
        let before = std::mem::take(&mut self.found);
        let results = branches.iter().map(|branch| {
            self.one(branch, node, path);
            std::mem::take(&mut self.found)
        });
        let best = results.min_by_key(Vec::len).unwrap_or_default();
        self.found = before;
        self.found.extend(best);
    }

    /// Checks against a schema without alternatives, whose type the value has.
    fn one(&mut self, schema: &'a serde_json::Value, node: &Node, path: &Path) {
        if let Some(all) = schema::list(schema, "allOf") {
            for part in all {
                self.check(part, node, path);
            }
            return;
        }
        match &node.value {
            Value::Table(members) => self.table(schema, node, members, path),
            Value::Array(nodes) => self.array(schema, node, nodes, path),
            Value::String(text) | Value::Datetime(text) => self.text(schema, text, node, path),
            Value::Integer(value) => self.integer(schema, *value, node, path),
            Value::Float { value, text } => self.float(schema, *value, text, node, path),
            Value::Bool(_) | Value::Null => {}
        }
    }

    /// Returns `true` if the schema allows the type of a value.
    fn accepts(&self, schema: &serde_json::Value, node: &Node) -> bool {
        let Some(types) = schema::types(schema) else {
            return *schema != serde_json::Value::Bool(false);
        };
        let has = |name: &str| types.contains(&name);
        match &node.value {
            Value::Null => has("null"),
            Value::Bool(_) => has("boolean"),
            Value::Integer(_) => has("integer") || has("number"),
            Value::Float { .. } => has("number"),
            Value::String(_) => has("string"),
            Value::Datetime(_) => {
                let format = self.format(schema);
                has("string") && format.is_some_and(|format| format.datetime == Datetime::Accepted)
            }
            Value::Array(_) => has("array"),
            Value::Table(_) => has("object"),
        }
    }

    fn format(&self, schema: &serde_json::Value) -> Option<&'a Format> {
        let name = schema.get("format")?.as_str()?;
        self.formats.iter().find(|format| format.name == name)
    }

    fn array(&mut self, schema: &'a serde_json::Value, node: &Node, nodes: &[Node], path: &Path) {
        self.size(
            schema,
            ("minItems", "maxItems"),
            nodes.len(),
            "entries",
            node,
            path,
        );
        let Some(items) = schema.get("items") else {
            return;
        };
        for (index, entry) in nodes.iter().enumerate() {
            // A tuple has a schema for each index.
            let items = match items.as_array() {
                Some(items) => items.get(index),
                None => Some(items),
            };
            if let Some(items) = items {
                self.check(items, entry, &path.clone().index(index));
            }
        }
    }

    fn report(
        &mut self,
        code: &'static str,
        message: String,
        location: (&Path, Span),
        label: impl Into<String>,
        help: Option<words::Help>,
    ) {
        let (path, span) = location;
        let at = Locator::Known(path.clone(), span);
        let mut diagnostic = Diagnostic::error(code, message).at(self.file, at, label);
        if let Some(help) = help {
            diagnostic = diagnostic.help(help.text);
            if let Some((span, text)) = help.replacement {
                diagnostic = diagnostic.suggest(self.file, Locator::Span(span), text);
            }
        }
        self.found.push(Problem {
            diagnostic,
            path: path.clone(),
            gaps: Vec::new(),
        });
    }
}
