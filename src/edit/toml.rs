//! Changes values in the text of a TOML file, and keeps every other byte of it.
//!
//! A change is one splice, at a place that the spanned tree of the text gives. So comments, order, spaces, line
//! endings, a byte order mark and a missing final newline stay by construction. After each splice the values that were
//! not meant are compared with those before, and if one differs the text stays as it was.

use serde::Serialize;
use serde_json::Value as Json;

mod list;
mod merge;

pub use merge::{merge, read};

use super::incident::{body, inline, written};
use super::spliced;
use crate::source::{Key, Member, Node, Path, Segment, Source, Span, Syntax, Value};

/// The text of a TOML file that is being changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TomlText {
    /// The text as it is in the file.
    text: String,
}

/// The reason why a value cannot be changed.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// The text is not valid TOML.
    #[error("the file has syntax errors; run `afterword check`")]
    Invalid,
    /// There is no such table or list, or it is written so that other values would change too.
    #[error("`{0}` cannot be changed as the file is written; edit it by hand")]
    NoPlace(Path),
}

/// A span of the text, and what replaces it.
type Splice = (Span, String);

impl TomlText {
    /// Starts to change the text of a file.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// Returns the text as it is to be written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns `true` if there is a value at a path.
    #[must_use]
    pub fn has(&self, path: &Path) -> bool {
        let source = Source::new("", &self.text);
        let (root, _) = Syntax::Toml.tree(source.text());
        root.find(path).missing == 0
    }

    /// Sets the value at a path: in its place, or else below the last key of its table, which is created if missing.
    ///
    /// # Errors
    /// Returns an error if the text is not valid TOML, or the path leads through a list that has no such item.
    pub fn set(&mut self, path: &Path, value: impl Serialize) -> Result<(), EditError> {
        let value = serde_json::to_value(value).unwrap_or_default();
        let before = self.clone();
        let is_there = self.has(path);
        if is_there && !self.is_plain(path) {
            self.remove(path)?;
        }
        let result = self.change(path, |text, root| match at(root, path) {
            Some(node) => Some((node.span, in_place(text, node, &value))),
            None => inserted(text, root, path, &value),
        });
        result.inspect_err(|_| *self = before)
    }

    /// Adds an item to the end of a list, which is created if missing.
    ///
    /// # Errors
    /// Returns an error if the text is not valid TOML, or has something other than a list there.
    pub fn append(&mut self, path: &Path, item: impl Serialize) -> Result<(), EditError> {
        let item = serde_json::to_value(item).unwrap_or_default();
        let source = Source::new("", &self.text);
        let (root, _) = Syntax::Toml.tree(source.text());
        let length = match at(&root, path).map(|node| &node.value) {
            None => 0,
            Some(Value::Array(items)) => items.len(),
            Some(_) => return Err(EditError::NoPlace(path.clone())),
        };
        self.change(&path.clone().index(length), |text, root| {
            match at(root, path) {
                None => inserted(text, root, path, &Json::Array(vec![item])),
                Some(list) if member(root, path)?.has_header() => {
                    Some(section(text, end_of(list), path, Header::List, &item))
                }
                Some(list) => Some(item_added(text, list, &item)),
            }
        })
    }

    /// Removes the value at a path with its line, or the whole section of a table; nothing happens if there is none.
    ///
    /// # Errors
    /// Returns an error if the text is not valid TOML, or another value would be removed too.
    pub fn remove(&mut self, path: &Path) -> Result<(), EditError> {
        if !self.has(path) {
            return Ok(());
        }
        self.change(path, |text, root| removed(text, root, path))
    }

    /// Returns `true` if the value at a path is written after an equals sign, not below a header or by dotted keys.
    fn is_plain(&self, path: &Path) -> bool {
        let source = Source::new("", &self.text);
        let (root, _) = Syntax::Toml.tree(source.text());
        match (at(&root, path), member(&root, path)) {
            (_, Some(member)) if member.has_header() => false,
            (Some(node), _) => is_inline(source.text(), node),
            (None, _) => false,
        }
    }

    /// Makes a change that concerns only the value at a path.
    fn change(
        &mut self,
        path: &Path,
        splice: impl FnOnce(&str, &Node) -> Option<Splice>,
    ) -> Result<(), EditError> {
        let source = Source::new("", &self.text);
        let (root, problems) = Syntax::Toml.tree(source.text());
        if !problems.is_empty() {
            return Err(EditError::Invalid);
        }
        let changed = splice(source.text(), &root)
            .and_then(|(span, new)| spliced(&self.text, span, &new))
            .filter(|changed| {
                let after = Source::new("", changed);
                let (tree, problems) = Syntax::Toml.tree(after.text());
                problems.is_empty() && others(&root, path) == others(&tree, path)
            });
        self.text = changed.ok_or_else(|| EditError::NoPlace(path.clone()))?;
        Ok(())
    }
}

/// Lists the values that are not at a path or below it, each with its own path.
fn others<'n>(root: &'n Node, except: &Path) -> Vec<(Path, &'n Value<'n>)> {
    fn walk<'n>(node: &'n Node, path: Path, except: &Path, found: &mut Vec<(Path, &'n Value<'n>)>) {
        if path == *except {
            return;
        }
        match &node.value {
            Value::Table(members) => members
                .iter()
                .for_each(|inner| walk(&inner.node, path.clone().key(&*inner.key), except, found)),
            Value::Array(items) => items
                .iter()
                .enumerate()
                .for_each(|(index, item)| walk(item, path.clone().index(index), except, found)),
            value => found.push((path, value)),
        }
    }
    let mut found = Vec::new();
    walk(root, Path::new(), except, &mut found);
    found.sort_by(|(left, _), (right, _)| left.cmp(right));
    found
}

/// Returns the value at a path.
fn at<'n, 't>(root: &'n Node<'t>, path: &Path) -> Option<&'n Node<'t>> {
    path.segments().iter().try_fold(root, Node::step)
}

/// Returns the key and value at a path that ends in a key.
fn member<'n, 't>(root: &'n Node<'t>, path: &Path) -> Option<&'n Member<'t>> {
    match path.segments().last()? {
        Segment::Key(key) => at(root, &path.parent())?.member(key),
        Segment::Index(_) => None,
    }
}

/// Returns `true` for any value but a table that headers or dotted keys make up.
fn is_inline(text: &str, node: &Node) -> bool {
    match node.value {
        Value::Table(_) => text
            .get(node.span.start..)
            .is_some_and(|text| text.starts_with('{')),
        _ => true,
    }
}

/// The way in which a table that is not inline is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    /// As the top of the file, or below a header.
    Section,
    /// Only as part of longer headers.
    Implied,
    /// By dotted keys.
    Dotted,
    /// In braces.
    Inline,
}

fn written_as(text: &str, root: &Node, path: &Path) -> Option<Written> {
    let node = at(root, path)?;
    if path.is_root() {
        return Some(Written::Section);
    }
    if !matches!(node.value, Value::Table(_)) {
        return None;
    }
    if is_inline(text, node) {
        return Some(Written::Inline);
    }
    let is_below_header = member(root, path).is_none_or(Member::has_header);
    if is_below_header {
        return Some(Written::Section);
    }
    let line = text
        .get(line_start(text, node.span.start)..)
        .unwrap_or_default();
    let is_header = line.trim_start().starts_with('[');
    Some(if is_header {
        Written::Implied
    } else {
        Written::Dotted
    })
}

/// Inserts a value whose path does not exist yet.
fn inserted(text: &str, root: &Node, path: &Path, value: &Json) -> Option<Splice> {
    // The nearest table that exists, and below it the keys that a line must name.
    let mut table = path.parent();
    while at(root, &table).is_none() {
        table = table.parent();
    }
    let existing = table.clone();
    while written_as(text, root, &table)? == Written::Dotted {
        table = table.parent();
    }
    let keys = path.segments().get(table.segments().len()..)?;
    let names: Vec<String> = keys
        .iter()
        .map(|segment| match segment {
            Segment::Key(key) => Some(Key(key).to_string()),
            Segment::Index(_) => None,
        })
        .collect::<Option<_>>()?;
    let name = names.join(".");
    let node = at(root, &table)?;
    let has_items = path
        .segments()
        .iter()
        .any(|segment| matches!(segment, Segment::Index(_)));
    let is_dotted = existing != table;
    match written_as(text, root, &table)? {
        Written::Inline => {
            let new = format!("{name} = {}", inline(value));
            Some(match node.members().last() {
                Some(last) => (Span::at(end_of(&last.node)), format!(", {new}")),
                None => (node.span, format!("{{ {new} }}")),
            })
        }
        Written::Section if is_dotted => {
            let after = end_of(at(root, &existing)?);
            Some(line_below(text, after, &name, &written(value)))
        }
        Written::Section if has_items || (names.len() == 1 && !is_section(value)) => {
            let entries = node.members().iter().filter(|entry| {
                let path = table.clone().key(&*entry.key);
                !entry.has_header() && written_as(text, root, &path) != Some(Written::Implied)
            });
            let entries: Vec<&Member> = entries.collect();
            Some(match entries.last() {
                Some(last) => {
                    let name = aligned(text, &entries, name);
                    line_below(text, end_of(&last.node), &name, &written(value))
                }
                None if table.is_root() => {
                    let start = after_head(text);
                    (Span::at(start), format!("{name} = {}\n\n", written(value)))
                }
                None => line_below(text, node.span.end, &name, &written(value)),
            })
        }
        _ => {
            let after = if existing.is_root() {
                text.len()
            } else {
                end_of(at(root, &existing)?)
            };
            Some(match value {
                Json::Array(items) if is_section(value) => {
                    let [item] = items.as_slice() else {
                        return None;
                    };
                    section(text, after, path, Header::List, item)
                }
                Json::Object(_) if is_section(value) => {
                    section(text, after, path, Header::Table, value)
                }
                value => {
                    let key = names.last()?.clone();
                    let line = format!("{key} = {}\n", written(value));
                    new_section(text, after, &path.parent(), Header::Table, &line)
                }
            })
        }
    }
}

/// Returns `true` for a table, or a list of one, that a person writes below a header.
fn is_section(value: &Json) -> bool {
    let is_table = |value: &Json| {
        let table = value.as_object();
        table.is_some_and(|table| super::incident::datetime(table).is_none() && table.len() > 1)
    };
    match value {
        Json::Array(items) => matches!(items.as_slice(), [Json::Object(_)]),
        value => is_table(value),
    }
}

/// Prints a new value as the old one is written: in quotes of several lines only if it is new or has them already.
fn in_place(text: &str, old: &Node, value: &Json) -> String {
    let is_in_braces = matches!(old.value, Value::Table(_)) && is_inline(text, old);
    if is_in_braces {
        inline(value)
    } else {
        written(value)
    }
}

/// Pads a key so that its equals sign is below those of the other keys, if these are aligned.
fn aligned(text: &str, entries: &[&Member], name: String) -> String {
    let widths: Option<Vec<(usize, usize)>> = entries
        .iter()
        .map(|entry| {
            let line = text.get(line_start(text, entry.key_span.start)..)?;
            let padded = line.split_once('=')?.0;
            let key = padded.trim();
            Some((padded.trim_start().chars().count(), key.chars().count()))
        })
        .collect();
    let Some([(width, first), rest @ ..]) = widths.as_deref() else {
        return name;
    };
    let is_aligned = rest.iter().all(|(other, _)| other == width)
        && rest.iter().any(|(_, other)| other != first);
    if is_aligned {
        format!("{name:0$}", width.saturating_sub(1))
    } else {
        name
    }
}

/// Inserts a key below the line of an offset, with the same indentation.
fn line_below(text: &str, after: usize, key: &str, value: &str) -> Splice {
    let start = line_start(text, after);
    let line = text.get(start..).unwrap_or_default();
    let indent: String = line
        .chars()
        .take_while(|c| matches!(c, ' ' | '\t'))
        .collect();
    // The last line of a value of several lines says nothing about the indentation.
    let indent = if line.trim_start().starts_with([']', '\'', '"', '}']) {
        ""
    } else {
        &indent
    };
    (
        Span::at(line_end(text, after)),
        format!("\n{indent}{key} = {value}"),
    )
}

/// The two kinds of headers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    Table,
    List,
}

/// Inserts a table below a new header, after an offset.
fn section(text: &str, after: usize, path: &Path, header: Header, table: &Json) -> Splice {
    let mut printed = String::new();
    let name = keys_of(path).to_string();
    let key = path
        .segments()
        .iter()
        .rev()
        .find_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        });
    if let Some(table) = table.as_object() {
        body(&name, key.unwrap_or_default(), table, &mut printed);
    }
    new_section(text, after, path, header, &printed)
}

fn new_section(text: &str, after: usize, path: &Path, header: Header, lines: &str) -> Splice {
    let name = keys_of(path);
    let header = match header {
        Header::Table => format!("[{name}]"),
        Header::List => format!("[[{name}]]"),
    };
    let at = if text.trim_end().len() <= after {
        text.trim_end().len()
    } else {
        section_end(text, after)
    };
    let before = if at == 0 { "" } else { "\n\n" };
    let next = text.get(at..).unwrap_or_default();
    let is_close = next
        .strip_prefix('\n')
        .is_some_and(|next| !next.is_empty() && !next.starts_with('\n'));
    let after = if is_close { "\n" } else { "" };
    let lines = lines.trim_end();
    (Span::at(at), format!("{before}{header}\n{lines}{after}"))
}

/// Returns the end of the line of an offset, or of the comments below it if they are not those of what follows.
fn section_end(text: &str, after: usize) -> usize {
    let end = line_end(text, after);
    let mut last = end;
    loop {
        let Some(rest) = text.get(last + 1..) else {
            return last;
        };
        let line = rest.lines().next().unwrap_or_default();
        if line.trim().is_empty() {
            return last;
        }
        if !line.trim_start().starts_with('#') {
            return end;
        }
        last += 1 + line.len();
    }
}

/// Returns the offset below the comments at the start of a file.
fn after_head(text: &str) -> usize {
    let comments = text
        .split_inclusive('\n')
        .take_while(|line| line.starts_with('#'));
    let end: usize = comments.map(str::len).sum();
    let is_blank = text.get(end..).is_some_and(|rest| rest.starts_with('\n'));
    end + usize::from(is_blank && end > 0)
}

/// Adds an item to a list in brackets, in the layout of the items before it.
fn item_added(text: &str, list: &Node, item: &Json) -> Splice {
    let (Value::Array(items), close) = (&list.value, list.span.end.saturating_sub(1)) else {
        return (Span::at(list.span.end), String::new());
    };
    let new = super::incident::entry(item);
    let Some(last) = items.last() else {
        let open = list.span.start + 1;
        let is_empty = text
            .get(open..close)
            .is_some_and(|inner| inner.trim().is_empty());
        return (Span::new(if is_empty { open } else { close }, close), new);
    };
    let end = last.span.end;
    let comma = comma_after(text, end, close);
    let line = line_end(text, comma.unwrap_or(end));
    if line >= close {
        return match comma {
            Some(comma) => (Span::at(comma), format!(" {new},")),
            None => (Span::at(end), format!(", {new}")),
        };
    }
    let start = text
        .get(line_start(text, last.span.start)..)
        .unwrap_or_default();
    let indent: String = start
        .chars()
        .take_while(|c| matches!(c, ' ' | '\t'))
        .collect();
    match comma {
        Some(_) => (Span::at(line), format!("\n{indent}{new},")),
        None => {
            let rest = text.get(end..line).unwrap_or_default();
            (Span::new(end, line), format!(",{rest}\n{indent}{new}"))
        }
    }
}

/// Returns the offset after the comma that follows an item, or `None`.
fn comma_after(text: &str, from: usize, close: usize) -> Option<usize> {
    let mut in_comment = false;
    for (offset, c) in text.get(from..close)?.char_indices() {
        match c {
            '\n' => in_comment = false,
            '#' => in_comment = true,
            ',' if !in_comment => return Some(from + offset + 1),
            _ => {}
        }
    }
    None
}

fn removed(text: &str, root: &Node, path: &Path) -> Option<Splice> {
    let found = member(root, path)?;
    let parent = path.parent();
    let mut table = parent.clone();
    while written_as(text, root, &table)? == Written::Dotted {
        table = table.parent();
    }
    if written_as(text, root, &table)? == Written::Inline {
        let members = at(root, &table)?.members();
        let place = members
            .iter()
            .position(|member| member.key_span == found.key_span)?;
        let before = place.checked_sub(1).and_then(|before| members.get(before));
        let span = match (before, members.get(place + 1)) {
            (Some(before), _) => Span::new(end_of(&before.node), end_of(&found.node)),
            (None, Some(next)) => Span::new(found.key_span.start, next.key_span.start),
            (None, None) => Span::new(found.key_span.start, end_of(&found.node)),
        };
        return Some((span, String::new()));
    }
    let Span { start, end } = lines_of(text, found);
    let span = if end < text.len() {
        Span::new(start, end + 1)
    } else {
        Span::new(start.saturating_sub(1), end)
    };
    Some((span, String::new()))
}

/// Returns the span of the lines of a value with its key or header and all that is in it.
#[must_use]
pub fn lines_of(text: &str, member: &Member) -> Span {
    let start = member.key_span.start.min(member.node.span.start);
    let end = end_of(&member.node);
    Span::new(line_start(text, start), line_end(text, end))
}

/// Returns the path without the indexes of list items, as headers write it.
fn keys_of(path: &Path) -> Path {
    let keys = path
        .segments()
        .iter()
        .filter(|segment| matches!(segment, Segment::Key(_)));
    keys.fold(Path::new(), |path, key| path.step(key.clone()))
}

/// Returns the end of a value and of everything in it.
fn end_of(node: &Node) -> usize {
    let inner = match &node.value {
        Value::Table(members) => members.iter().map(|member| end_of(&member.node)).max(),
        Value::Array(items) => items.iter().map(end_of).max(),
        _ => None,
    };
    inner.unwrap_or_default().max(node.span.end)
}

fn line_start(text: &str, offset: usize) -> usize {
    let before = text.get(..offset).unwrap_or_default();
    before.rfind('\n').map_or(0, |at| at + 1)
}

fn line_end(text: &str, offset: usize) -> usize {
    let after = text.get(offset..).unwrap_or_default();
    after
        .find('\n')
        .map_or(text.len(), |length| offset + length)
}

#[cfg(test)]
mod tests;
