//! Finds the first occurrence of a duplicate TOML key.
//!
//! The parser reports only the second one. The first is in the tree, below the header that the
//! second one belongs to.

use crate::source::text::quoted;
use crate::source::{DUPLICATE_KEY, Member, Node, SourceError, Span, Value};
use toml::de::{DeTable, DeValue};

pub fn error(text: &str, root: &Node, span: Span) -> SourceError {
    let header = header_around(text, span.start);
    let in_header = header.is_some_and(|header| header.contains(span));
    let key = span.slice(text);
    if let Some(header) = header.filter(|_| in_header) {
        let error = SourceError::new(
            DUPLICATE_KEY,
            span,
            format!("duplicate table {}", quoted(key)),
        )
        .label("second time")
        .help("join the two tables; a list of tables has `[[name]]` before each entry");
        // The tree has the second header: the parser continues with the same table there.
        let line = header.slice(text).trim();
        let first = text
            .match_indices(line)
            .map(|(at, _)| Span::new(at, at + line.len()));
        return match first
            .into_iter()
            .find(|first| header_around(text, first.start) != Some(header))
        {
            Some(first) => error.related(first, "first time"),
            None => error,
        };
    }
    let first = inline(root, key, span).or_else(|| {
        let path = path(text, header, span)?;
        descend(root, &path, span)
    });
    let (message, help) = match first {
        Some(member) if !matches!(member.node.value, Value::Table(_)) => (
            format!("duplicate key {}", quoted(key)),
            "remove one of the two, or write their values as one list",
        ),
        _ => (
            format!("duplicate key {}", quoted(key)),
            "write all keys of a table under one header",
        ),
    };
    let error = SourceError::new(DUPLICATE_KEY, span, message)
        .label("second time")
        .help(help);
    match first {
        Some(member) => error.related(member.key_span, "first time"),
        None => error,
    }
}

/// Returns the end of the table whose header contains a span, or the span's start if no header does.
pub fn table_end(text: &str, span: Span) -> usize {
    if !header_around(text, span.start).is_some_and(|header| header.contains(span)) {
        return span.start;
    }
    let rest = text.get(span.end..).unwrap_or_default();
    rest.find("\n[")
        .map_or(text.len(), |length| span.end + length)
}

/// Finds the header of the table that contains an offset, or the header that contains it.
fn header_around(text: &str, at: usize) -> Option<Span> {
    let mut end = at + text.get(at..)?.find('\n').unwrap_or(text.len() - at);
    loop {
        let before = text.get(..end)?;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.get(start..)?;
        if line.trim_start().starts_with('[') && !line.contains('=') {
            return Some(Span::new(start, end));
        }
        end = start.checked_sub(1)?;
    }
}

/// Returns the keys of the second occurrence: those of its header, and the key itself.
fn path(text: &str, header: Option<Span>, span: Span) -> Option<Vec<String>> {
    let line = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
    let key = Span::new(line, span.end).slice(text);
    let small = match header {
        Some(header) => format!("{}\n{key} = 0", header.slice(text)),
        None => format!("{key} = 0"),
    };
    let mut path = Vec::new();
    let mut table = DeTable::parse(&small).ok()?.into_inner();
    while let Some((key, value)) = table.into_iter().next() {
        path.push(key.into_inner().into_owned());
        table = match value.into_inner() {
            DeValue::Table(table) => table,
            DeValue::Array(values) => match values.into_iter().next()?.into_inner() {
                DeValue::Table(table) => table,
                _ => break,
            },
            _ => break,
        };
    }
    Some(path)
}

fn descend<'a>(root: &'a Node, path: &[String], before: Span) -> Option<&'a Member> {
    let mut node = root;
    let mut found = None;
    for key in path {
        if let Value::Array(nodes) = &node.value {
            node = nodes.iter().rfind(|node| node.span.start <= before.start)?;
        }
        let Value::Table(members) = &node.value else {
            break;
        };
        let member = members.iter().find(|member| member.key == *key)?;
        found = Some(member);
        node = &member.node;
    }
    found.filter(|member| member.key_span.start < before.start)
}

/// Returns the member with the same key in the innermost `{ }` around a span.
fn inline<'a>(node: &'a Node, key: &str, span: Span) -> Option<&'a Member> {
    match &node.value {
        Value::Array(nodes) => nodes.iter().find_map(|node| inline(node, key, span)),
        Value::Table(members) => members
            .iter()
            .find_map(|member| inline(&member.node, key, span))
            .or_else(|| {
                let is_around = node.span.contains(span);
                members
                    .iter()
                    .find(|member| is_around && member.key == key && member.key_span != span)
            }),
        _ => None,
    }
}
