//! Builds the tree of a TOML text from the events of `toml_parser`, within the limits.
//!
//! Each table is a row in `Builder::tables` until the end, because a later header may add to it.

pub(super) mod lexer;
mod problem;
mod syntax;
mod table;

use std::borrow::Cow;

use foldhash::{HashMap, HashMapExt};

use super::limits::{Budget, Limits};
use super::repair::Typed;
use super::{Member, Node, SourceError, Span, Value};
use problem::{Problem, Problems};
use table::{Content, Entry, Frame, Key, Origin, Table};
use toml_parser::decoder::ScalarKind;
use toml_parser::lexer::TokenKind;
use toml_parser::parser::{Event, EventKind, RecursionGuard, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, ParseError, Source};

/// Parses a text, which is the repaired one of `typed`.
pub fn tree<'t>(
    text: &'t str,
    typed: &Typed,
    budget: &mut Budget<'_>,
) -> (Node<'t>, Vec<SourceError>) {
    let (root, problems) = parsed(text, budget);
    let errors = match budget.excess {
        Some(_) => Vec::new(),
        None => syntax::errors(typed, problems),
    };
    (root, errors)
}

/// Parses a single value; `None` if it is not valid.
fn value(text: &str) -> Option<Node<'static>> {
    let member = format!("value = {text}");
    let (root, problems) = parsed(&member, &mut Budget::new(&Limits::depth_only()));
    let value = root.get("value").filter(|_| problems.is_empty());
    value.cloned().map(Node::into_owned)
}

fn parsed<'t>(text: &'t str, budget: &mut Budget<'_>) -> (Node<'t>, Vec<Problem>) {
    let source = Source::new(text);
    let mut tokens = Vec::with_capacity(text.len() / 6);
    for token in source.lex() {
        let span = span(token.span());
        // The length of a string that is never closed is that of the rest of the file.
        let is_string = token.kind().encoding().is_some() && lexer::is_closed(span.slice(text));
        let is_counted = !matches!(token.kind(), TokenKind::Whitespace | TokenKind::Eof);
        if (is_string && !budget.string(span)) || (is_counted && !budget.token(span)) {
            return (Node::empty(), Vec::new());
        }
        tokens.push(token);
    }
    let mut found = Problems::default();
    let depth = u32::try_from(budget.most_depth() + 1).unwrap_or(u32::MAX);
    let mut builder = Builder {
        source,
        budget,
        tables: vec![Table::new(Origin::Header)],
        frames: vec![Frame::new(Span::at(0), 0, Content::Table(TOP, Vec::new()))],
        path: Vec::new(),
        is_continued: false,
        header: None,
        is_repeated: false,
        found: Problems::default(),
    };
    let mut event = |event: Event| builder.event(event);
    let mut guarded = RecursionGuard::new(&mut event, depth);
    let mut receiver = ValidateWhitespace::new(&mut guarded, source);
    parse_document(&tokens, &mut receiver, &mut found);
    builder.start_section();
    found.0.append(&mut builder.found.0);
    (Node::new(Span::at(0), builder.taken(TOP)), found.0)
}

fn span(span: toml_parser::Span) -> Span {
    Span::new(span.start(), span.end())
}

/// The index of the top table.
const TOP: usize = 0;

struct Builder<'t, 'b, 'l> {
    source: Source<'t>,
    budget: &'b mut Budget<'l>,
    tables: Vec<Table<'t>>,
    /// The table of the last header, and the values that are open in it.
    frames: Vec<Frame<'t>>,
    /// The parts of the key that is being parsed.
    path: Vec<Key<'t>>,
    /// Whether a dot came last, so that the next part belongs to the same key.
    is_continued: bool,
    /// The header that is being parsed, and whether it has two brackets.
    header: Option<(Span, bool)>,
    /// Whether the last header is a duplicate, so that its keys may be too.
    is_repeated: bool,
    found: Problems,
}

impl<'t> Builder<'t, '_, '_> {
    fn event(&mut self, event: Event) {
        let at = span(event.span());
        if self.budget.excess.is_some() {
            return;
        }
        match event.kind() {
            EventKind::StdTableOpen | EventKind::ArrayTableOpen => {
                self.start_section();
                self.header = Some((at, event.kind() == EventKind::ArrayTableOpen));
            }
            EventKind::StdTableClose | EventKind::ArrayTableClose => {
                if let Some((header, _)) = &mut self.header {
                    header.end = at.end;
                }
                self.start_section();
            }
            // A header that is not closed ends with its line.
            EventKind::Newline => self.start_section(),
            EventKind::SimpleKey => self.key(event),
            EventKind::KeySep => self.is_continued = true,
            EventKind::KeyValSep => {
                if let Some(frame) = self.frames.last_mut()
                    && let Content::Table(_, keys) = &mut frame.content
                {
                    *keys = std::mem::take(&mut self.path);
                }
            }
            EventKind::Scalar => {
                let value = self.scalar(event);
                self.place(Node::new(at, value));
            }
            EventKind::ArrayOpen => self.open(at, Content::List(Vec::new())),
            EventKind::InlineTableOpen => {
                let table = self.new_table(Origin::Header);
                self.open(at, Content::Table(table, Vec::new()));
            }
            EventKind::ArrayClose | EventKind::InlineTableClose => self.close(at),
            EventKind::ValueSep | EventKind::Whitespace | EventKind::Comment | EventKind::Error => {
            }
        }
    }

    fn key(&mut self, event: Event) {
        if !std::mem::take(&mut self.is_continued) {
            self.path.clear();
        }
        let (mut name, span) = (Cow::Borrowed(""), span(event.span()));
        if let Some(raw) = self.source.get(event) {
            raw.decode_key(&mut name, &mut self.found);
        }
        self.path.push(Key { name, span });
        let outer = match (self.header, self.frames.last()) {
            (None, Some(frame)) => frame.depth,
            _ => 1,
        };
        self.budget.depth(outer + self.path.len() - 1, span);
    }

    fn scalar(&mut self, event: Event) -> Value<'t> {
        let span = span(event.span());
        let Some(raw) = self.source.get(event) else {
            return Value::Null;
        };
        let mut text = Cow::Borrowed("");
        let before = self.found.0.len();
        let number = match raw.decode_scalar(&mut text, &mut self.found) {
            ScalarKind::String => return Value::String(text),
            ScalarKind::Boolean(value) => return Value::Bool(value),
            ScalarKind::DateTime => match text.parse::<::toml::value::Datetime>() {
                Ok(date) => return Value::Datetime(date.to_string().into()),
                Err(error) => {
                    let error = ParseError::new(error.to_string());
                    self.found.report_error(error.with_unexpected(event.span()));
                    return Value::Datetime(text);
                }
            },
            ScalarKind::Integer(radix) => i128::from_str_radix(&text, radix.value())
                .ok()
                .filter(|value| (i64::MIN.into()..=u64::MAX.into()).contains(value))
                .map(Value::Integer),
            // `inf` and `nan` have no digits.
            ScalarKind::Float => text
                .parse::<f64>()
                .ok()
                .filter(|value| value.is_finite() || !text.contains(|c: char| c.is_ascii_digit()))
                .map(|value| Value::Float {
                    value,
                    text: raw.as_str().into(),
                }),
        };
        if number.is_none() && self.found.0.len() == before {
            self.found.add(Problem::TooLarge(span));
        }
        number.unwrap_or(Value::Integer(0))
    }

    fn open(&mut self, start: Span, content: Content<'t>) {
        let depth = self.frames.last().map_or(0, |frame| match &frame.content {
            Content::List(_) => frame.depth + 1,
            Content::Table(_, keys) => frame.depth + keys.len().max(1),
        });
        self.budget.depth(depth, start);
        self.frames.push(Frame::new(start, depth, content));
    }

    /// Ends the innermost list or table, but not the table of the last header.
    fn close(&mut self, end: Span) {
        let Some(frame) = self.frames.pop_if(|frame| frame.start.end > 0) else {
            return;
        };
        let value = match frame.content {
            Content::List(nodes) => Value::Array(nodes),
            Content::Table(table, _) => self.taken(table),
        };
        self.place(Node::new(Span::new(frame.start.start, end.end), value));
    }

    /// Adds a value to the innermost list or table.
    fn place(&mut self, node: Node<'t>) {
        let span = node.span;
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        match &mut frame.content {
            Content::List(nodes) => {
                nodes.push(node);
                self.budget.entries(nodes.len(), span);
            }
            Content::Table(table, keys) => {
                let (table, mut keys) = (*table, std::mem::take(keys));
                if let Some(last) = keys.pop()
                    && let Some(table) = self.descend(table, keys, Origin::Dotted)
                {
                    self.insert(table, last, node, Vec::new());
                }
            }
        }
    }

    fn new_table(&mut self, origin: Origin) -> usize {
        self.tables.push(Table::new(origin));
        self.tables.len() - 1
    }

    /// Finds the table of a dotted key or of a header, and creates what is missing on the way.
    fn descend(&mut self, from: usize, keys: Vec<Key<'t>>, origin: Origin) -> Option<usize> {
        let mut table = from;
        for key in keys {
            let Some(entry) = self.tables.get_mut(table)?.find(&key.name) else {
                let inner = self.new_table(origin);
                let node = Node::new(key.span, Value::Table(Vec::new()));
                self.insert(table, key, node, vec![inner]);
                table = inner;
                continue;
            };
            let problem = entry.duplicate(key.span, false);
            let inner = entry.rows.last().copied();
            let row = inner.and_then(|inner| self.tables.get_mut(inner));
            // A dotted key only adds to tables that no header creates.
            match row.filter(|row| origin == Origin::Implicit || row.origin != Origin::Header) {
                Some(row) if origin == Origin::Dotted => row.origin = Origin::Dotted,
                Some(_) => {}
                None => {
                    self.report(problem);
                    return None;
                }
            }
            table = inner?;
        }
        Some(table)
    }

    /// Adds a key to a table, or reports that the table has it.
    fn insert(&mut self, table: usize, key: Key<'t>, node: Node<'t>, rows: Vec<usize>) {
        let Some(table) = self.tables.get_mut(table) else {
            return;
        };
        if let Some(entry) = table.find(&key.name) {
            let problem = entry.duplicate(key.span, false);
            return self.report(problem);
        }
        table.names.insert(key.name.clone(), table.entries.len());
        let member = Member {
            key: key.name,
            key_span: key.span,
            node,
        };
        table.entries.push(Entry { member, rows });
        self.budget.entries(table.entries.len(), key.span);
    }

    fn report(&mut self, problem: Problem) {
        if !self.is_repeated {
            self.found.add(problem);
        }
    }

    /// Starts the table of the last header, if there is one that was not started.
    fn start_section(&mut self) {
        let Some((header, is_list)) = self.header.take() else {
            return;
        };
        self.is_repeated = false;
        let mut path = std::mem::take(&mut self.path);
        let depth = path.len();
        let last = path.pop();
        let parent = self.descend(TOP, path, Origin::Implicit);
        let table = match (parent, last) {
            (Some(parent), Some(key)) => self.section(parent, key, header, is_list),
            _ => None,
        };
        // A table that is part of nothing takes the keys below a header with an error.
        let table = table.unwrap_or_else(|| self.new_table(Origin::Header));
        let content = Content::Table(table, Vec::new());
        self.frames = vec![Frame::new(Span::at(0), depth, content)];
    }

    fn section(
        &mut self,
        parent: usize,
        key: Key<'t>,
        header: Span,
        is_list: bool,
    ) -> Option<usize> {
        let new = self.new_table(Origin::Header);
        let node = Node::new(header, Value::Table(Vec::new()));
        let Some(entry) = self.tables.get_mut(parent)?.find(&key.name) else {
            let node = if is_list {
                Node::new(header, Value::Array(vec![node]))
            } else {
                node
            };
            self.insert(parent, key, node, vec![new]);
            return Some(new);
        };
        let problem = entry.duplicate(key.span, true);
        match (&mut entry.member.node.value, entry.rows.as_mut_slice()) {
            (Value::Array(nodes), [_, ..]) if is_list => {
                nodes.push(node);
                entry.rows.push(new);
                self.budget.entries(entry.rows.len(), key.span);
                Some(new)
            }
            (Value::Table(_), [row]) if !is_list => {
                let row = *row;
                (entry.member.key_span, entry.member.node.span) = (key.span, header);
                let table = self.tables.get_mut(row)?;
                if std::mem::replace(&mut table.origin, Origin::Header) != Origin::Implicit {
                    self.report(problem);
                    self.is_repeated = true;
                }
                Some(row)
            }
            _ => {
                self.report(problem);
                None
            }
        }
    }

    /// Returns a table as a value, with everything in it. It is empty afterwards.
    fn taken(&mut self, table: usize) -> Value<'t> {
        let table = self.tables.get_mut(table);
        let table = table.map(|table| std::mem::replace(table, Table::new(Origin::Header)));
        let entries = table.into_iter().flat_map(|table| table.entries);
        let members = entries.map(|Entry { mut member, rows }| {
            let mut tables = rows.into_iter().map(|row| self.taken(row));
            match &mut member.node.value {
                Value::Array(nodes) => {
                    let nodes = nodes.iter_mut().zip(tables);
                    nodes.for_each(|(node, table)| node.value = table);
                }
                value => {
                    if let Some(table) = tables.next() {
                        *value = table;
                    }
                }
            }
            member
        });
        let mut members: Vec<Member<'t>> = members.collect();
        members.sort_by_key(|member| member.key_span);
        Value::Table(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Path, Syntax};

    /// Returns the parts of a text at the spans of a path's key and value.
    fn at(text: &str, path: Path) -> (&str, &str) {
        let found = Syntax::Toml.tree(text).0.find(&path);
        assert_eq!(found.missing, 0, "{path} in {text}");
        (
            found.key.unwrap_or_default().slice(text),
            found.value.slice(text),
        )
    }

    #[test]
    fn a_table_has_the_span_of_what_creates_it() {
        let key = |name| Path::new().key(name);
        let text = "[a.b]\nc.d = 1\n[a]\ne = { f.g = 2 }\n[[l]]\n[l.m]\n[[l]]\n";
        assert_eq!(at(text, key("a")), ("a", "[a]"));
        assert_eq!(at(text, key("a").key("b")), ("b", "[a.b]"));
        assert_eq!(at(text, key("a").key("b").key("c")), ("c", "c"));
        assert_eq!(at(text, key("a").key("e").key("f").key("g")), ("g", "2"));
        assert_eq!(at(text, key("l").index(0).key("m")), ("m", "[l.m]"));
        assert_eq!(at(text, key("l").index(1)), ("", "[[l]]"));
    }

    #[test]
    fn a_line_with_an_error_hides_no_other_line() {
        let text = "a = x y\nb\n[c\nd = 1\n[c.e]\nf = 2\n";
        let (tree, errors) = Syntax::Toml.tree(text);
        assert_eq!(errors.len(), 3, "{errors:?}");
        let c = tree.get("c").expect("the table of the broken header");
        assert_eq!(c.get("d").map(|d| d.value.clone()), Some(Value::Integer(1)));
        assert!(c.get("e").and_then(|e| e.get("f")).is_some());
    }

    #[test]
    fn an_error_without_a_rule_says_what_the_parser_expects() {
        let (_, errors) = Syntax::Toml.tree("a = 77002.\n");
        let messages: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(messages, ["invalid fraction, expected digits"]);
    }
}
