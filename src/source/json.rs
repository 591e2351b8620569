//! Parses JSON into a tree, and continues after common mistakes.
//!
//! It accepts exactly what `serde_json` accepts, except duplicate keys.

mod bare;
mod scalar;

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use foldhash::{HashMap, HashMapExt};

use super::limits::Budget;
use super::repair::Typed;
use super::text::quoted;
use super::{DUPLICATE_KEY, Member, Node, SYNTAX, SourceError, Span, Value};

/// The maximum number of syntax errors that are shown per file.
const MOST: usize = 5;

/// Parses a text, which is the repaired one of `typed`.
pub fn tree<'t>(
    text: &'t str,
    typed: &Typed,
    budget: &mut Budget<'_>,
) -> (Node<'t>, Vec<SourceError>) {
    let mut reader = Reader {
        text,
        typed,
        budget,
        at: 0,
        depth: 0,
        errors: Vec::new(),
    };
    let read = reader.document();
    let nothing = Node::new(Span::at(0), Value::Null);
    (read.unwrap_or(nothing), reader.errors)
}

/// The parser cannot continue, and has reported the error or the limit.
struct Abort;

struct Reader<'t, 'a, 'l> {
    text: &'t str,
    typed: &'a Typed<'a>,
    budget: &'a mut Budget<'l>,
    at: usize,
    depth: usize,
    errors: Vec<SourceError>,
}

impl<'t> Reader<'t, '_, '_> {
    fn document(&mut self) -> Result<Node<'t>, Abort> {
        self.blanks()?;
        if self.peek().is_none() {
            return self.abort(
                Span::at(self.at),
                "the file is empty",
                "write at least `{}`",
            );
        }
        let node = self.value()?;
        self.blanks()?;
        if let Some(next) = self.peek() {
            let rest = Span::new(self.at, self.at + self.width());
            if let b'}' | b']' = next {
                let message = format!("unexpected `{}`", char::from(next));
                let help = "remove it, or check the brackets above it";
                return self
                    .report(SourceError::new(SYNTAX, rest, message).help(help))
                    .map(|()| node);
            }
            self.report(
                SourceError::new(SYNTAX, rest, "unexpected text after the end")
                    .label("the file ended before this")
                    .help("remove it, or check the brackets above it"),
            )?;
        }
        Ok(node)
    }

    fn value(&mut self) -> Result<Node<'t>, Abort> {
        let start = self.at;
        within(self.budget.token(Span::new(start, start + self.width())))?;
        let value = match self.peek() {
            Some(b'{') => self.nested(Self::table)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"' | b'\'') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => self.word()?,
        };
        Ok(Node::new(Span::new(start, self.at), value))
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Value<'t>, Abort>,
    ) -> Result<Value<'t>, Abort> {
        self.depth += 1;
        within(
            self.budget
                .depth(self.depth, Span::new(self.at, self.at + 1)),
        )?;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn array(&mut self) -> Result<Value<'t>, Abort> {
        let open = self.at;
        let mut nodes = Vec::new();
        while self.has_next(open, b']', !nodes.is_empty())? {
            let node = self.value()?;
            within(self.budget.entries(nodes.len() + 1, node.span))?;
            nodes.push(node);
        }
        Ok(Value::Array(nodes))
    }

    fn table(&mut self) -> Result<Value<'t>, Abort> {
        let open = self.at;
        let mut members: Vec<Member<'t>> = Vec::new();
        let mut seen: HashMap<Cow<'t, str>, Span> = HashMap::new();
        while self.has_next(open, b'}', !members.is_empty())? {
            let start = self.at;
            let key = self.key()?;
            let key_span = Span::new(start, self.at);
            within(self.budget.entries(members.len() + 1, key_span))?;
            match seen.entry(key.clone()) {
                Entry::Occupied(first) => {
                    let message = format!("duplicate key {}", quoted(&key));
                    let error = SourceError::new(DUPLICATE_KEY, key_span, message)
                        .label("second time")
                        .related(*first.get(), "first time")
                        .help("remove one of the two");
                    self.errors.push(error);
                }
                Entry::Vacant(free) => drop(free.insert(key_span)),
            }
            self.blanks()?;
            match self.peek() {
                Some(b':') => self.at += 1,
                Some(b'=') => {
                    let span = Span::new(self.at, self.at + 1);
                    let error =
                        SourceError::new(SYNTAX, span, "JSON has `:` between a key and its value");
                    self.report(error.help("write `:`").replace(span, ":"))?;
                    self.at += 1;
                }
                _ => {
                    return self.abort(
                        Span::at(self.at),
                        "expected `:` after the key",
                        "write `\"key\": value`",
                    );
                }
            }
            self.blanks()?;
            let mut node = self.value()?;
            if self.separated(&node)? {
                node.span.end = self.at;
            }
            members.push(Member {
                key,
                key_span,
                node,
            });
        }
        Ok(Value::Table(members))
    }

    fn key(&mut self) -> Result<Cow<'t, str>, Abort> {
        if let Some(b'"' | b'\'') = self.peek() {
            return self.string();
        }
        let start = self.at;
        let word = self.take_word();
        let span = Span::new(start, self.at);
        if word.is_empty() {
            let span = Span::new(start, start + self.width());
            return self.abort(span, "expected a key", "write `\"key\": value`");
        }
        let message = format!("the key {} needs quotes", quoted(word));
        let error = SourceError::new(SYNTAX, span, message).write(span, format!("\"{word}\""));
        // Another word may be the rest of a text without quotes.
        let is_key = self.rest().trim_start().starts_with([':', '=']);
        self.report(error.certain_if(is_key))?;
        Ok(word.into())
    }

    /// Moves to the next member of a list or table, or past its closing bracket.
    fn has_next(&mut self, open: usize, close: u8, has_some: bool) -> Result<bool, Abort> {
        if self.at == open {
            self.at += 1;
        }
        let value_end = self.at;
        self.blanks()?;
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(false);
        }
        if self.peek().is_none() {
            return self.not_closed(open, close);
        }
        if !has_some {
            return Ok(true);
        }
        if self.peek() == Some(b';') {
            let semicolon = Span::new(self.at, self.at + 1);
            let error = SourceError::new(
                SYNTAX,
                semicolon,
                "expected `,` between two values, found `;`",
            )
            .help("write `,` instead of `;`")
            .replace(semicolon, ",");
            self.report(error)?;
            self.at += 1;
            self.blanks()?;
            let is_last = self.peek() == Some(close);
            self.at += usize::from(is_last);
            return Ok(!is_last);
        }
        if self.peek() != Some(b',') {
            if let Some(b']' | b'}') = self.peek() {
                return self.not_closed(open, close);
            }
            let error =
                SourceError::new(SYNTAX, Span::at(value_end), "missing comma between values")
                    .help("write `,` after each value but the last")
                    .replace(Span::at(value_end), ",");
            self.report(error)?;
            return Ok(true);
        }
        let comma = Span::new(self.at, self.at + 1);
        self.at += 1;
        self.blanks()?;
        match self.peek() {
            Some(byte) if byte == close => {
                let error = SourceError::new(SYNTAX, comma, "trailing comma")
                    .help("remove it: JSON does not allow a comma before `]` or `}`")
                    .replace(comma, "");
                self.report(error)?;
                self.at += 1;
                Ok(false)
            }
            Some(b',') => {
                let span = Span::new(self.at, self.at + 1);
                self.abort(span, "extra comma", "remove this comma")
            }
            Some(_) => Ok(true),
            None => self.not_closed(open, close),
        }
    }

    fn not_closed<T>(&mut self, open: usize, close: u8) -> Result<T, Abort> {
        let close = char::from(close);
        let what = if close == ']' { "list" } else { "object" };
        let error = SourceError::new(
            SYNTAX,
            Span::new(open, open + 1),
            format!("this {what} is not closed"),
        )
        .label(format!("needs `{close}` at its end"))
        .help(format!("write `{close}` where the {what} ends"));
        let error = match self.peek() {
            Some(found) => {
                let message = format!("missing `{close}` before this `{}`", char::from(found));
                error.related(Span::new(self.at, self.at + 1), message)
            }
            None => error,
        };
        self.report(error)?;
        Err(Abort)
    }

    /// Skips whitespace, and reports comments.
    fn blanks(&mut self) -> Result<(), Abort> {
        loop {
            while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
                self.at += 1;
            }
            if !matches!(self.peek(), Some(b'/' | b'#')) {
                return Ok(());
            }
            let rest = self.rest();
            let length = if rest.starts_with("//") || rest.starts_with('#') {
                rest.find('\n').unwrap_or(rest.len())
            } else if rest.starts_with("/*") {
                rest.find("*/").map_or(rest.len(), |at| at + 2)
            } else {
                return Ok(());
            };
            let span = Span::new(self.at, self.at + length);
            let error = SourceError::new(SYNTAX, span, "JSON has no comments")
                .help("remove it, or write it as a value: `\"comment\": \"…\"`");
            self.report(error)?;
            self.at += length;
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Returns the number of bytes of the next character.
    fn width(&self) -> usize {
        self.rest().chars().next().map_or(0, char::len_utf8)
    }

    fn report(&mut self, error: SourceError) -> Result<(), Abort> {
        self.errors.push(error);
        let syntax = self.errors.iter().filter(|error| error.code == SYNTAX);
        if syntax.count() < MOST {
            Ok(())
        } else {
            Err(Abort)
        }
    }

    fn abort<T>(&mut self, span: Span, message: &str, help: &str) -> Result<T, Abort> {
        self.report(SourceError::new(SYNTAX, span, message).help(help))?;
        Err(Abort)
    }
}

fn within(is_within: bool) -> Result<(), Abort> {
    if is_within { Ok(()) } else { Err(Abort) }
}
