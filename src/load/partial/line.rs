//! A line of a TOML file with a syntax error: its key, its value, and what replaces it so that the rest can be parsed.

use crate::source::{Span, Syntax, Value, ascii};

/// A line of a TOML file with a syntax error, or the table below a header with one.
pub(super) struct BrokenLine {
    pub(super) span: Span,
    /// The key that the line has instead; empty if it has none.
    pub(super) key: String,
    /// What replaces the line; of the same length, so that all other spans stay correct.
    pub(super) replacement: String,
    /// Whether it is a comment in the syntax of another language.
    pub(super) is_comment: bool,
}

/// The starts of a comment in other languages.
const COMMENTS: &[&str] = &["//", "/*", "--", ";", "%"];

impl BrokenLine {
    /// Finds the line at an offset; `None` if it is part of a multi-line string. `number` makes the keys of several lines different.
    pub(super) fn new(text: &str, at: usize, number: usize) -> Option<Self> {
        let start = text.get(..at)?.rfind('\n').map_or(0, |at| at + 1);
        let rest = text.get(start..)?;
        let length = rest.find('\n').unwrap_or(rest.len());
        let line = rest.get(..length)?;
        // A multi-line string continues below, and what looks like a key in it is text.
        if ["\"\"\"", "'''"].iter().any(|quotes| line.contains(quotes)) {
            return None;
        }
        let start_of = ascii(line.trim());
        // The keys below a header that is not read belong to its table.
        // After a colon a bracket starts a list: `services: ['a']` is a key with its value.
        let name = start_of.split(':').next().unwrap_or_default();
        let is_header = start_of.starts_with('[')
            || !line.contains('=') && name.contains(['[', ']'])
            || start_of.split_whitespace().count() == 1 && start_of.ends_with(':');
        let is_comment = COMMENTS.iter().any(|sign| line.trim().starts_with(sign));
        let blank = |text: &str| -> String {
            let blank = |byte| if byte == b'\n' { '\n' } else { ' ' };
            text.bytes().map(blank).collect()
        };
        let key = number.to_string();
        let (length, key, replacement) = if is_header {
            let below = rest.get(length..)?.find("\n[");
            let length = below.map_or(rest.len(), |below| length + below);
            (length, String::new(), blank(rest.get(..length)?))
        } else if is_comment {
            (length, String::new(), blank(line))
        } else {
            let entry = format!("{key}=0");
            let entry = format!("{entry:<length$}");
            (entry.len() == length).then_some((length, key, entry))?
        };
        Some(Self {
            span: Span::new(start, start + length),
            key,
            replacement,
            is_comment,
        })
    }

    /// Returns the parts of the key of the line, or of its header; `None` if it has none.
    pub(super) fn names(&self, text: &str) -> Option<Vec<String>> {
        let line = ascii(self.span.slice(text).lines().next()?.trim());
        let is_edge = |c: char| "[]:".contains(c) || c.is_whitespace();
        let key = match line.split_once(['=', ':']) {
            Some((key, _)) => key,
            // What follows the bracket is no part of the name: `[impact] x`.
            None if self.key.is_empty() => line.trim_start_matches('[').split(']').next()?,
            None => line.split_whitespace().next()?,
        };
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let name = |name: &str| name.split_whitespace().collect::<Vec<_>>().join("_");
        let names: Vec<String> = key.trim_matches(is_edge).split('.').map(name).collect();
        let are_keys = names
            .iter()
            .all(|name| name.starts_with(char::is_alphanumeric) && name.chars().all(is_part));
        are_keys.then_some(names)
    }

    /// Returns the value on the line, or `Null` if it cannot be read.
    pub(super) fn value(&self, text: &str) -> Value<'static> {
        let line = self.span.slice(text);
        let value = line.split_once(['=', ':']).map(|(_, value)| value);
        let member = format!("value ={}", value.unwrap_or_default());
        let (tree, wrong) = Syntax::Toml.tree(&member);
        let value = tree
            .get("value")
            .filter(|_| wrong.is_empty() && !self.key.is_empty());
        value.map_or(Value::Null, |node| node.clone().into_owned().value)
    }
}

/// Returns the span of the value on a line, without the spaces around it and without a comment.
pub(super) fn value_of(text: &str, line: Span) -> Option<Span> {
    let (key, value) = line.slice(text).split_once('=')?;
    let value = value
        .find(" #")
        .map_or(value, |end| value.get(..end).unwrap_or(value));
    let start = line.start + key.len() + 1 + (value.len() - value.trim_start().len());
    Some(Span::new(start, start + value.trim().len()))
}

#[cfg(test)]
mod tests;
