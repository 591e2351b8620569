//! The values of a file with their spans, the same for TOML and JSON.

use std::borrow::Cow;

use super::{Path, Segment, Span};

/// A value and its span. Strings without escapes are those of the parsed text.
///
/// A table or list of tables that a TOML `[header]` creates has the span of its header, and one
/// that only dotted keys create has that of the key. The top table of a TOML file has the empty
/// span at its start.
#[derive(Clone, Debug, PartialEq)]
pub struct Node<'a> {
    /// The span.
    pub span: Span,
    /// The value.
    pub value: Value<'a>,
}

/// A value of either language.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
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
        text: Cow<'a, str>,
    },
    /// A string, with its escapes resolved.
    String(Cow<'a, str>),
    /// A date-time in its usual form, in TOML only: `T` before the time, and a capital `Z`.
    Datetime(Cow<'a, str>),
    /// A list.
    Array(Vec<Node<'a>>),
    /// A table, in the order of the file. JSON may contain a key twice.
    Table(Vec<Member<'a>>),
}

/// A key of a table and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<'a> {
    /// The key.
    pub key: Cow<'a, str>,
    /// The span of the key.
    pub key_span: Span,
    /// Its value.
    pub node: Node<'a>,
}

impl Member<'_> {
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

impl<'a> Node<'a> {
    /// Creates a node.
    pub fn new(span: Span, value: Value<'a>) -> Self {
        Self { span, value }
    }

    /// Returns an empty table at the start of a file.
    pub fn empty() -> Self {
        Self::new(Span::at(0), Value::Table(Vec::new()))
    }

    /// Returns the members of a table; none for any other value.
    pub fn members(&self) -> &[Member<'a>] {
        match &self.value {
            Value::Table(members) => members,
            _ => &[],
        }
    }

    /// Returns the member of a table with a key. Of a duplicate key it is the last, as in parsers.
    pub fn member(&self, key: &str) -> Option<&Member<'a>> {
        self.members().iter().rfind(|member| member.key == key)
    }

    /// Returns the value of a key of a table.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.member(key).map(|member| &member.node)
    }

    /// Returns the item of a list at an index.
    pub fn item(&self, index: usize) -> Option<&Self> {
        match &self.value {
            Value::Array(nodes) => nodes.get(index),
            _ => None,
        }
    }

    /// Returns the value one step below.
    pub fn step(&self, segment: &Segment) -> Option<&Self> {
        match segment {
            Segment::Key(key) => self.get(key),
            Segment::Index(index) => self.item(*index),
        }
    }

    /// Returns the value one step below.
    pub fn step_mut(&mut self, segment: &Segment) -> Option<&mut Self> {
        match (segment, &mut self.value) {
            (Segment::Key(key), Value::Table(members)) => {
                let member = members.iter_mut().rfind(|member| member.key == *key);
                member.map(|member| &mut member.node)
            }
            (Segment::Index(index), Value::Array(nodes)) => nodes.get_mut(*index),
            _ => None,
        }
    }

    /// Returns the location of a path, or of its nearest ancestor that exists.
    pub fn find(&self, path: &Path) -> Found {
        let segments = path.segments();
        let (mut node, mut key) = (self, None);
        for (depth, segment) in segments.iter().enumerate() {
            let Some(next) = node.step(segment) else {
                let missing = segments.len() - depth;
                return Found {
                    key,
                    value: node.span,
                    missing,
                };
            };
            key = match segment {
                Segment::Key(name) => node.member(name).map(|member| member.key_span),
                Segment::Index(_) => None,
            };
            node = next;
        }
        Found {
            key,
            value: node.span,
            missing: 0,
        }
    }

    /// Copies the strings that are those of the text, so that the tree outlives it.
    pub fn into_owned(self) -> Node<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        let value = match self.value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Integer(value) => Value::Integer(value),
            Value::Float { value, text } => Value::Float {
                value,
                text: owned(text),
            },
            Value::String(text) => Value::String(owned(text)),
            Value::Datetime(text) => Value::Datetime(owned(text)),
            Value::Array(nodes) => Value::Array(nodes.into_iter().map(Node::into_owned).collect()),
            Value::Table(members) => Value::Table(
                members
                    .into_iter()
                    .map(|member| Member {
                        key: owned(member.key),
                        key_span: member.key_span,
                        node: member.node.into_owned(),
                    })
                    .collect(),
            ),
        };
        Node::new(self.span, value)
    }
}
