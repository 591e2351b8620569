//! The values of a file with their spans, the same for TOML and JSON.

use super::{Path, Segment, Span};

/// A value and its span.
///
/// A table or list of tables that a TOML `[header]` creates has the span of its header, and one
/// that only dotted keys create has that of the key. The top table of a TOML file has the empty
/// span at its start.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The span.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A value of either language.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, in JSON only.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer from `i64::MIN` to `u64::MAX`.
    Integer(i128),
    /// A number with a decimal point or an exponent.
    Float {
        /// The number.
        value: f64,
        /// The number as typed: `1.10` is not `1.1` if it was meant as a version.
        text: String,
    },
    /// A string, with its escapes resolved.
    String(String),
    /// A date-time as typed, in TOML only.
    Datetime(String),
    /// A list.
    Array(Vec<Node>),
    /// A table, in the order of the file. JSON may contain a key twice.
    Table(Vec<Member>),
}

/// A key of a table and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// The span of the key.
    pub key_span: Span,
    /// Its value.
    pub node: Node,
}

impl Member {
    /// Returns `true` if a TOML `[header]` creates the value, rather than `key = value`.
    pub fn has_header(&self) -> bool {
        self.node.span != self.key_span && self.node.span.contains(self.key_span)
    }
}

/// The location of a path in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// The span of the key; `None` for the top table and for items of a list.
    pub key: Option<Span>,
    /// The span of the value.
    pub value: Span,
    /// The number of the path's last segments that the file does not have.
    pub missing: usize,
}

impl Node {
    /// Returns the location of a path, or of its nearest ancestor that exists.
    ///
    /// Of a duplicate key it returns the last, as parsers do.
    pub fn find(&self, path: &Path) -> Found {
        let segments = path.segments();
        let mut node = self;
        let mut key = None;
        for (depth, segment) in segments.iter().enumerate() {
            let next = match (segment, &node.value) {
                (Segment::Key(name), Value::Table(members)) => members
                    .iter()
                    .rfind(|member| member.key == *name)
                    .map(|member| (Some(member.key_span), &member.node)),
                (Segment::Index(index), Value::Array(nodes)) => {
                    nodes.get(*index).map(|node| (None, node))
                }
                _ => None,
            };
            let Some((next_key, next_node)) = next else {
                let missing = segments.len() - depth;
                return node.found(key, missing);
            };
            (key, node) = (next_key, next_node);
        }
        node.found(key, 0)
    }

    fn found(&self, key: Option<Span>, missing: usize) -> Found {
        Found {
            key,
            value: self.span,
            missing,
        }
    }
}
