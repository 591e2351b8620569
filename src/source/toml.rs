//! Parses TOML into a tree, and reports each syntax error that does not merely follow from another.

pub(super) mod lexer;
mod syntax;

use super::repair::Typed;
use super::{Member, Node, SYNTAX, SourceError, Span, Value};
use ::toml::Spanned;
use ::toml::de::{DeInteger, DeTable, DeValue};

/// The size above which only the first error is reported: the parser keeps an error for each
/// token that it cannot use, and a hostile file has millions.
const RECOVERABLE_BYTES: usize = 1 << 20;

pub fn tree(typed: &Typed) -> (Node, Vec<SourceError>) {
    let text = typed.repaired();
    let (root, errors) = if text.len() <= RECOVERABLE_BYTES {
        DeTable::parse_recoverable(text)
    } else {
        match DeTable::parse(text) {
            Ok(root) => (root, Vec::new()),
            Err(error) => (Spanned::new(0..0, DeTable::new()), vec![error]),
        }
    };
    let mut builder = Builder {
        text,
        errors: Vec::new(),
    };
    let root = Node {
        span: Span::at(0),
        value: builder.table(root.into_inner()),
    };
    let errors = if errors.is_empty() {
        builder.errors
    } else {
        syntax::errors(typed, &root, &errors)
    };
    (root, errors)
}

struct Builder<'a> {
    text: &'a str,
    errors: Vec<SourceError>,
}

impl Builder<'_> {
    fn node(&mut self, value: Spanned<DeValue<'_>>) -> Node {
        let range = value.span();
        let span = Span::new(range.start, range.end);
        let value = match value.into_inner() {
            DeValue::Boolean(value) => Value::Bool(value),
            DeValue::String(value) => Value::String(value.into_owned()),
            DeValue::Datetime(_) => Value::Datetime(span.slice(self.text).to_owned()),
            DeValue::Integer(value) => self.integer(&value, span),
            DeValue::Float(value) => self.float(value.as_str(), span),
            DeValue::Array(values) => {
                Value::Array(values.into_iter().map(|value| self.node(value)).collect())
            }
            DeValue::Table(table) => self.table(table),
        };
        Node { span, value }
    }

    fn table(&mut self, table: DeTable<'_>) -> Value {
        let members = table.into_iter().map(|(key, node)| {
            let range = key.span();
            Member {
                key_span: Span::new(range.start, range.end),
                key: key.into_inner().into_owned(),
                node: self.node(node),
            }
        });
        let mut members: Vec<Member> = members.collect();
        members.sort_by_key(|member| member.key_span);
        Value::Table(members)
    }

    fn integer(&mut self, integer: &DeInteger<'_>, span: Span) -> Value {
        let value = i128::from_str_radix(integer.as_str(), integer.radix()).ok();
        match value.filter(|value| (i64::MIN.into()..=u64::MAX.into()).contains(value)) {
            Some(value) => Value::Integer(value),
            None => self.too_large(span),
        }
    }

    fn float(&mut self, text: &str, span: Span) -> Value {
        match text.parse::<f64>() {
            Ok(value) if value.is_finite() || !text.contains(|c: char| c.is_ascii_digit()) => {
                let text = span.slice(self.text).to_owned();
                Value::Float { value, text }
            }
            _ => self.too_large(span),
        }
    }

    fn too_large(&mut self, span: Span) -> Value {
        let number = span.slice(self.text);
        let message = format!("{} is too large for a number", super::text::quoted(number));
        let error = SourceError::new(SYNTAX, span, message).help("put it in quotes if it is text");
        self.errors.push(error);
        Value::Integer(0)
    }
}
