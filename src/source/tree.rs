//! A file's values with the span of each, the same for TOML and JSON.

use super::{Path, Segment, Span};

/// A value and where it stands.
///
/// A table or list of tables that a TOML `[header]` makes has its header as span;
/// one that only dotted keys make has the key's. The top table of a TOML file
/// has the empty span at its start.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A value of either language.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// JSON only.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// From `i64::MIN` to `u64::MAX`.
    Integer(i128),
    /// A number with a point or an exponent.
    Float {
        /// The number.
        value: f64,
        /// As typed: `1.10` is not `1.1` to someone who meant a version.
        text: String,
    },
    /// A string, with its escapes resolved.
    String(String),
    /// TOML only, as typed.
    Datetime(String),
    /// A list.
    Array(Vec<Node>),
    /// In order of appearance; JSON may give one key twice.
    Table(Vec<Member>),
}

/// One key of a table and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// Its value.
    pub node: Node,
}

impl Member {
    /// Tells whether a TOML `[header]` makes the value, rather than `key = value`.
    pub fn has_header(&self) -> bool {
        self.node.span != self.key_span && self.node.span.contains(self.key_span)
    }
}

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Absent for the top table and for an entry of a list.
    pub key: Option<Span>,
    /// The value.
    pub value: Span,
    /// How many of the path's last segments the file does not have.
    pub missing: usize,
}

impl Node {
    /// Finds the place of a path, or of its nearest ancestor that exists.
    ///
    /// Of a key that is given twice it takes the last, as parsers do.
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
