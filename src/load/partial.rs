//! Reads the valid parts of a file with errors.
//!
//! An invalid value is removed from the tree, with whatever cannot be read without it, until the
//! rest matches the type. A TOML line with a syntax error is removed if the text without it, or without the table that it
//! is the header of, has no such errors; of any other text with syntax errors nothing is kept.

use camino::Utf8Path;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::shape::{self, MISSING_KEY, UNKNOWN_KEY, WRONG_TYPE};
use super::strict;
use crate::diagnostic::{Diagnostic, Location, Locator};
use crate::kind;
use crate::source::{
    CONFLICT, DUPLICATE_KEY, Gap, LIMIT, Limits, Member, Node, Path, Segment, Source, SourceError,
    Span, Syntax, Unread, Value, original, quoted,
};

mod line;

use line::{BrokenLine, value_of};

/// The parts of a text that could be read, those that could not, and the problems.
pub(super) struct Partial<T> {
    /// `None` only if even an empty file does not match the type.
    pub value: Option<T>,
    pub unread: Unread,
    pub diagnostics: Vec<Diagnostic>,
}

/// The maximum number of rounds: after each removal, the rest may lack something else.
const ROUNDS: usize = 16;

/// The number of problems above which nothing of a file is kept.
const MOST: usize = 200;

/// Reads a text into its type as far as possible, and reports all of its problems.
///
/// A value that matches the type but is not allowed is walked along the schema, which reports what is wrong with it.
pub(super) fn read<'s, T: DeserializeOwned>(
    source: &Source,
    schema: &dyn Fn() -> &'s Json,
    limits: &Limits,
    is_allowed: &dyn Fn(&T) -> bool,
) -> Partial<T> {
    let (tree, problems) = source.syntax().parse(source.text(), limits);
    let mut diagnostics: Vec<Diagnostic> = problems
        .iter()
        .map(|problem| Diagnostic::in_file(source.path(), problem.clone()))
        .collect();
    // After a syntax error the tree is a guess, so missing values in it mean nothing.
    let is_parsed = problems.iter().all(|problem| problem.code == DUPLICATE_KEY);
    let read = is_parsed.then(|| strict::tree(&tree));
    let reason = match read {
        Some(Ok(value)) if problems.is_empty() && is_allowed(&value) => {
            return Partial {
                value: Some(value),
                unread: Unread::default(),
                diagnostics,
            };
        }
        read => read.and_then(Result::err),
    };
    let schema = schema();
    if is_parsed {
        let found = shape::problems(schema, &tree, source.path(), kind::FORMATS);
        let found = found.into_iter().map(|problem| problem.diagnostic);
        let mut found: Vec<Diagnostic> =
            found.filter(|found| found.code != DUPLICATE_KEY).collect();
        diagnostics.retain(|twice| !is_entry(twice, &mut found));
        diagnostics.extend(found);
        if diagnostics.is_empty() {
            // A property test proves that serde and the walk agree. If they do not, the file is rejected all the same.
            let reason = reason.unwrap_or_default();
            let message = format!("the file cannot be read: {reason}");
            let invalid = Diagnostic::error("invalid-file", message);
            diagnostics.push(invalid.of_file(source.path()));
        }
    }
    // Of a merge conflict it is not known which side is meant.
    let is_unknown = |problem: &SourceError| [CONFLICT, LIMIT].contains(&problem.code);
    let is_readable = diagnostics.len() <= MOST && !problems.iter().any(is_unknown);
    let mut pruned = Pruned::new(source.path(), schema);
    match (is_parsed, is_readable) {
        (true, true) => pruned.tree(tree, &problems),
        (false, true) => {
            if pruned.lines(source, &problems) {
                pruned.expect(source.text(), &problems, &mut diagnostics);
                diagnostics.extend(pruned.rest());
            }
        }
        (_, false) => {}
    }
    let (value, unread) = match pruned.finish() {
        (None, _) => nothing(source.path(), schema),
        read => read,
    };
    Partial {
        value,
        unread,
        diagnostics,
    }
}

/// Returns whether a table is repeated because it should be a list, and adds its first header there.
fn is_entry(twice: &Diagnostic, walked: &mut [Diagnostic]) -> bool {
    let span = |place: &Location| match place.at {
        Locator::Span(span) | Locator::Known(_, span) => Some(span),
        Locator::File | Locator::Path(_) | Locator::Key(_) => None,
    };
    let Some(key) = twice.primary().and_then(span) else {
        return false;
    };
    let mut lists = walked.iter_mut().filter(|problem| {
        let suggestion = problem.suggestion.as_ref();
        suggestion.is_some_and(|new| new.replacement.starts_with("[["))
    });
    let is_around = |problem: &&mut Diagnostic| {
        let header = problem.primary().and_then(span);
        header.is_some_and(|header| header.contains(key))
    };
    let Some(list) = lists.find(is_around) else {
        return false;
    };
    list.locations
        .extend(twice.locations.get(1).map(|first| Location {
            label: "and this one".to_owned(),
            ..first.clone()
        }));
    true
}

/// Returns the value of a file of which nothing could be read.
pub(super) fn nothing<T: DeserializeOwned>(file: &Utf8Path, schema: &Json) -> (Option<T>, Unread) {
    Pruned::new(file, schema).finish()
}

/// A tree without its invalid values.
struct Pruned<'a> {
    file: &'a Utf8Path,
    schema: &'a Json,
    parsed: Option<Node<'a>>,
    kept: Node<'a>,
    gaps: Vec<Gap>,
    /// The keys of lines with syntax errors, and their locations.
    broken: Vec<(Path, Span)>,
}

impl<'a> Pruned<'a> {
    fn new(file: &'a Utf8Path, schema: &'a Json) -> Self {
        Self {
            file,
            schema,
            parsed: None,
            kept: Node::empty(),
            gaps: Vec::new(),
            broken: Vec::new(),
        }
    }

    /// Uses a tree without its duplicate keys, because it is unclear which of them was meant.
    fn tree(&mut self, tree: Node<'a>, duplicates: &[SourceError]) {
        let paths = duplicates.iter().map(|problem| {
            let related = problem.related.as_ref().map(|(span, _)| *span);
            let mut spans = problem.span.into_iter().chain(related);
            let is_at = |member: &Member, span| member.key_span == span || member.node.span == span;
            spans.find_map(|span| find(&tree, Path::new(), &|member| is_at(member, span)))
        });
        let paths = paths.collect();
        self.without(tree, paths);
    }

    /// Uses a tree without the values at some paths, unless one of the paths is not known.
    fn without(&mut self, tree: Node<'a>, paths: Option<Vec<Path>>) {
        let Some(paths) = paths else { return };
        self.kept = tree.clone();
        self.parsed = Some(tree);
        for path in paths {
            self.gaps.push(Gap::from(&path));
            remove(&mut self.kept, &path);
        }
    }

    /// Uses the tree of the text without the lines with syntax errors; returns `false` if that has errors too.
    ///
    /// The key of such a line is in the tree without a value, so that the walk finds what it may have been.
    fn lines(&mut self, source: &Source, problems: &[SourceError]) -> bool {
        if source.syntax() != Syntax::Toml {
            return false;
        }
        let mut repaired = source.text().to_owned();
        let mut lines: Vec<BrokenLine> = Vec::new();
        let mut problems = problems.to_vec();
        for _ in 0..ROUNDS {
            for problem in &problems {
                let line = problem
                    .span
                    .and_then(|span| BrokenLine::new(&repaired, span.start, lines.len()));
                let Some(line) = line else {
                    return false;
                };
                if lines.iter().all(|known| known.span != line.span) {
                    repaired.replace_range(line.span.start..line.span.end, &line.replacement);
                    lines.push(line);
                }
            }
            let (tree, rest) = Syntax::Toml.tree(&repaired);
            if rest.is_empty() {
                self.without_lines(tree.into_owned(), source.text(), &lines);
                return true;
            }
            problems = rest;
        }
        false
    }

    fn without_lines(&mut self, mut tree: Node<'a>, text: &str, lines: &[BrokenLine]) {
        for line in lines {
            let key_span = Span::new(line.span.start, line.span.start + line.key.len());
            let number = find(&tree, Path::new(), &|member| member.key_span == key_span);
            if let Some(number) = &number {
                remove(&mut tree, number);
            }
            let table = number.map_or_else(Path::new, |number| number.parent());
            match line.names(text) {
                None if line.is_comment => {}
                None => {
                    self.gaps.push(Gap::Absent(table.clone()));
                    self.gaps.push(Gap::AbsentList(table));
                }
                Some(names) => {
                    let key = names.iter().fold(table, Path::key);
                    self.gaps.push(Gap::from(&key));
                    add(&mut tree, &key, line.value(text));
                    self.broken.push((key, line.span));
                }
            }
        }
        self.kept = tree.clone();
        self.parsed = Some(tree);
    }

    /// Corrects the advice of syntax errors in values: text gets quotes only where the key accepts text.
    fn expect(&self, text: &str, problems: &[SourceError], diagnostics: &mut [Diagnostic]) {
        for (problem, diagnostic) in problems.iter().zip(diagnostics) {
            let help = problem.help.as_deref().unwrap_or_default();
            let value = self.broken.iter().find_map(|(path, line)| {
                let value = value_of(text, *line)?;
                let is_in = problem.span.is_some_and(|span| value.contains(span));
                is_in.then_some((path, value))
            });
            let Some((path, span)) = value.filter(|_| help.starts_with("write ")) else {
                continue;
            };
            let typed = span.slice(text);
            let is_bare = !typed.starts_with(['"', '\'', '[', '{', '(']);
            if !is_bare || typed.is_empty() || typed.parse::<f64>().is_ok() {
                continue;
            }
            let own = problem.replacement.as_ref().and_then(|(_, new)| {
                let text = format!("value = {new}");
                let (tree, wrong) = Syntax::Toml.tree(&text);
                let value = tree.get("value").filter(|_| wrong.is_empty())?;
                Some(value.clone().into_owned())
            });
            if own.is_some_and(|own| self.wrong_type(path, own.value, span).is_none()) {
                continue;
            }
            let typed_text = Value::String(typed.to_owned().into());
            if let Some(mut found) = self.wrong_type(path, typed_text, span) {
                found.message = found
                    .message
                    .replace("found a string", &format!("found {}", quoted(typed)));
                found.help = found.help.map(|help| help.replace(" without quotes", ""));
                found.suggestion = None;
                *diagnostic = found;
            }
        }
    }

    /// Returns the problem with the type of a value at a path, or `None`.
    fn wrong_type(&self, path: &Path, value: Value<'static>, span: Span) -> Option<Diagnostic> {
        let mut tree = self.kept.clone();
        let mut node = &mut tree;
        for segment in path.segments() {
            node = node.step_mut(segment)?;
        }
        *node = Node::new(span, value);
        let found = shape::problems(self.schema, &tree, self.file, kind::FORMATS);
        let mut found = found.into_iter().filter(|problem| problem.path == *path);
        let found = found.find(|problem| problem.diagnostic.code == WRONG_TYPE)?;
        Some(found.diagnostic)
    }

    /// Reports what else is wrong in the lines without syntax errors. It is not corrected before these are.
    fn rest(&self) -> Vec<Diagnostic> {
        let found = shape::problems(self.schema, &self.kept, self.file, kind::FORMATS);
        let is_broken = |path: &Path| self.broken.iter().any(|(broken, _)| broken == path);
        let rest = found
            .into_iter()
            .filter(|problem| problem.diagnostic.code != MISSING_KEY && !is_broken(&problem.path));
        let rest = rest.map(|problem| Diagnostic {
            suggestion: None,
            ..problem.diagnostic
        });
        rest.collect()
    }

    /// Removes invalid values until the rest matches the type, and reads it.
    fn finish<T: DeserializeOwned>(mut self) -> (Option<T>, Unread) {
        for _ in 0..ROUNDS {
            let mut found = shape::problems(self.schema, &self.kept, self.file, kind::FORMATS);
            if found.is_empty() {
                let value = strict::tree(&self.kept).ok();
                let unread = match self.parsed {
                    Some(parsed) if value.is_some() => Unread::new(self.gaps, parsed, self.kept),
                    _ => Unread::everything(),
                };
                return (value, unread);
            }
            // Remove the last first, so that the indexes of the others stay correct.
            found.sort_by(|left, right| right.path.cmp(&left.path));
            for problem in &found {
                let original = |path: &Path| match &self.parsed {
                    Some(parsed) => original(path, &self.kept, parsed),
                    None => path.clone(),
                };
                let gaps = problem.gaps.iter().map(|gap| match gap {
                    Gap::Absent(table) => Gap::Absent(original(table)),
                    Gap::AbsentList(table) => Gap::AbsentList(original(table)),
                    Gap::Value(_) => gap.clone(),
                });
                let gaps: Vec<Gap> = gaps.collect();
                self.gaps.extend(gaps);
            }
            found.dedup_by(|left, right| left.path == right.path);
            for problem in found {
                let code = problem.diagnostic.code;
                if code == MISSING_KEY && problem.path.is_root() {
                    self.fill();
                    continue;
                }
                if code != UNKNOWN_KEY {
                    self.gaps.push(Gap::from(&problem.path));
                }
                remove(&mut self.kept, &problem.path);
            }
        }
        (None, Unread::everything())
    }

    /// Adds a text for each required key of the top table that is missing. No check reads it, because the key is unread.
    fn fill(&mut self) {
        let required = self.schema.get("required").and_then(Json::as_array);
        let keys = required.into_iter().flatten().filter_map(Json::as_str);
        let Value::Table(members) = &mut self.kept.value else {
            return;
        };
        for key in keys {
            if members.iter().any(|member| member.key == key) {
                continue;
            }
            self.gaps.push(Gap::from(&Path::new().key(key)));
            members.push(Member {
                key: key.to_owned().into(),
                key_span: Span::at(0),
                node: Node::new(Span::at(0), Value::String("unread".into())),
            });
        }
    }
}

/// Removes the value at a path from a tree: an item of a list, or a key of a table with its value.
fn remove(node: &mut Node, path: &Path) {
    let Some((last, outer)) = path.segments().split_last() else {
        node.value = Value::Table(Vec::new());
        return;
    };
    let mut node = node;
    for segment in outer {
        let Some(next) = node.step_mut(segment) else {
            return;
        };
        node = next;
    }
    match (last, &mut node.value) {
        (Segment::Key(key), Value::Table(members)) => members.retain(|member| member.key != *key),
        (Segment::Index(index), Value::Array(nodes)) if *index < nodes.len() => {
            nodes.remove(*index);
        }
        _ => {}
    }
}

/// Adds a value at a path, and the tables that lead to it, unless the tree has a value there.
fn add(tree: &mut Node, path: &Path, value: Value<'static>) {
    let Some((last, outer)) = path.segments().split_last() else {
        return;
    };
    let empty = || Value::Table(Vec::new());
    let values = outer.iter().map(|_| empty()).chain([value]);
    let mut node = tree;
    for (segment, value) in outer.iter().chain([last]).zip(values) {
        if let (Segment::Key(key), Value::Table(members)) = (segment, &mut node.value)
            && members.iter().all(|member| member.key != *key)
        {
            members.push(Member {
                key: key.clone().into(),
                key_span: Span::at(0),
                node: Node::new(Span::at(0), value),
            });
        }
        let Some(next) = node.step_mut(segment) else {
            return;
        };
        node = next;
    }
}

/// Returns the path of a member, or `None`.
fn find(node: &Node, path: Path, wanted: &dyn Fn(&Member) -> bool) -> Option<Path> {
    match &node.value {
        Value::Table(members) => members.iter().find_map(|member| {
            let path = path.clone().key(member.key.as_ref());
            if wanted(member) {
                return Some(path);
            }
            find(&member.node, path, wanted)
        }),
        Value::Array(nodes) => {
            let mut nodes = nodes.iter().enumerate();
            nodes.find_map(|(index, node)| find(node, path.clone().index(index), wanted))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
