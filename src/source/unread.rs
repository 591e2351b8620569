//! The parts of a file that could not be read, so that checks do not report on them.
//!
//! A part is given by a pattern. `events` is the list with everything in it; `events.at` is one key
//! of all items; `events[].at` is the same key if missing items make no difference;
//! `severity.*.label` is one key under any name; `impact?` is only whether such a value exists.

use super::{Node, Path, Segment, Value};

/// The parts of a file that could not be read; none for a file without errors.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    gaps: Vec<Gap>,
    /// The file's tree as it was parsed, and without these parts; `None` if all of it is unread.
    trees: Option<Box<Trees>>,
}

#[derive(Clone, Debug)]
struct Trees {
    parsed: Node<'static>,
    kept: Node<'static>,
}

/// A part of a file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The value at a path.
    Value(Vec<Step>),
    /// A key that the table at a path does not have: an unknown key may be a misspelling of it.
    Absent(Path),
    /// Such a key, or further items of one of the table's lists.
    AbsentList(Path),
}

/// A step of the path to a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A key of a table.
    Key(String),
    /// An item of a list, by its index.
    Index(usize),
    /// Any item of a list.
    Entry,
    /// Any key of a table.
    Any,
}

impl From<&Path> for Gap {
    fn from(path: &Path) -> Self {
        let step = |segment: &Segment| match segment {
            Segment::Key(key) => Step::Key(key.clone()),
            Segment::Index(index) => Step::Index(*index),
        };
        Self::Value(path.segments().iter().map(step).collect())
    }
}

impl Unread {
    /// Returns the unread parts of a file of which nothing could be read.
    pub fn everything() -> Self {
        Self {
            gaps: vec![Gap::Value(Vec::new())],
            trees: None,
        }
    }

    /// Returns the unread parts of a file, from its tree as it was parsed and the tree without these parts.
    ///
    /// Paths are those in the parsed tree.
    pub fn new(gaps: Vec<Gap>, parsed: Node<'_>, kept: Node<'_>) -> Self {
        let trees = Some(Box::new(Trees {
            parsed: parsed.into_owned(),
            kept: kept.into_owned(),
        }));
        Self { gaps, trees }
    }

    /// Adds a value that could not be read, although its file could: it is in another file.
    pub fn add(&mut self, path: &Path) {
        self.gaps.push(Gap::from(path));
    }

    /// Returns `true` if the whole file was read.
    pub fn is_empty(&self) -> bool {
        self.gaps.is_empty()
    }

    /// Returns `true` if a part, or anything in it, could not be read.
    pub fn touches(&self, pattern: &str) -> bool {
        if self.gaps.is_empty() {
            return false;
        }
        let key_path = pattern.trim_end_matches('?');
        let tokens: Vec<Token> = key_path
            .split('.')
            .filter(|name| !name.is_empty())
            .flat_map(Token::new)
            .collect();
        let reads = if key_path == pattern {
            Reads::Value
        } else {
            Reads::Presence
        };
        self.gaps.iter().any(|gap| match gap {
            Gap::Value(steps) => meets(steps, &tokens, reads),
            Gap::Absent(table) => self.may_be_in(table, &tokens, reads, |_| false),
            Gap::AbsentList(table) => self.may_be_in(table, &tokens, reads, |value| {
                matches!(value, Value::Array(_))
            }),
        })
    }

    /// Returns the path in the file for a path in the part that was kept.
    pub fn original_path(&self, path: &Path) -> Path {
        match self.trees.as_deref() {
            Some(trees) => original(path, &trees.kept, &trees.parsed),
            None => path.clone(),
        }
    }

    /// Returns `true` if a part may be a key that the table at a path does not have, or has only partly.
    fn may_be_in(
        &self,
        table: &Path,
        tokens: &[Token],
        reads: Reads,
        may_have_more: impl Fn(&Value) -> bool,
    ) -> bool {
        let mut rest = tokens;
        for segment in table.segments() {
            rest = match (segment, rest) {
                (_, []) => return reads == Reads::Value,
                (Segment::Index(_), [Token::Each, rest @ ..]) => rest,
                // A pattern without `[]` covers all items.
                (Segment::Index(_), _) => rest,
                (Segment::Key(key), [token, rest @ ..]) if token.is(key) => rest,
                (Segment::Key(_), _) => return false,
            };
        }
        let key = match rest {
            [] => return reads == Reads::Value,
            [Token::Key(key), ..] => *key,
            [Token::Each | Token::Any, ..] => return true,
        };
        let is_each = matches!(rest, [_, Token::Each, ..]);
        let parsed = self.trees.as_deref().map(|trees| &trees.parsed);
        let mut table = table.segments().iter();
        let there = parsed.and_then(|parsed| table.try_fold(parsed, Node::step));
        match there.and_then(|table| table.get(key)) {
            Some(node) => !is_each && may_have_more(&node.value),
            None => true,
        }
    }
}

/// A step of a pattern.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Key(&'a str),
    /// Each item on its own.
    Each,
    /// Any key.
    Any,
}

impl<'a> Token<'a> {
    fn new(name: &'a str) -> impl Iterator<Item = Self> {
        let key = name.trim_end_matches("[]");
        let first = if key == "*" {
            Self::Any
        } else {
            Self::Key(key)
        };
        let each = (key != name).then_some(Self::Each);
        std::iter::once(first).chain(each)
    }

    fn is(self, key: &str) -> bool {
        match self {
            Self::Key(name) => name == key,
            Self::Any => true,
            Self::Each => false,
        }
    }
}

/// The aspect of a part that matters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Value,
    Presence,
}

/// Returns `true` if an unread value is in a part, or a part in it.
fn meets(steps: &[Step], tokens: &[Token], reads: Reads) -> bool {
    match (steps, tokens) {
        ([], _) => true,
        // Something inside is unread, but the value itself exists.
        (_, []) => reads == Reads::Value,
        ([Step::Index(_) | Step::Entry], [Token::Each, ..]) => false,
        ([Step::Index(_) | Step::Entry, steps @ ..], [Token::Each, tokens @ ..]) => {
            meets(steps, tokens, reads)
        }
        ([Step::Index(_) | Step::Entry, steps @ ..], tokens) => meets(steps, tokens, reads),
        (steps, [Token::Each, tokens @ ..]) => meets(steps, tokens, reads),
        ([Step::Any, steps @ ..], [_, tokens @ ..]) => meets(steps, tokens, reads),
        ([Step::Key(key), steps @ ..], [token, tokens @ ..]) => {
            token.is(key) && meets(steps, tokens, reads)
        }
    }
}

/// Returns the path in a parsed tree for a path in the part that was kept; items are matched by their spans.
pub(crate) fn original(path: &Path, kept: &Node, parsed: &Node) -> Path {
    let mut resolved = Path::new();
    let mut nodes = Some((kept, parsed));
    for segment in path.segments() {
        let mut segment = segment.clone();
        nodes = nodes.and_then(|(kept, parsed)| {
            let next = kept.step(&segment)?;
            if let (Segment::Index(index), Value::Array(all)) = (&mut segment, &parsed.value) {
                *index = all.iter().position(|other| other.span == next.span)?;
            }
            Some((next, parsed.step(&segment)?))
        });
        resolved = resolved.step(segment);
    }
    resolved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Syntax;

    fn unread(gap: Gap) -> Unread {
        let text = "[detection]\nsource = \"logs\"\n[[events]]\nat = \"9:12\"\n";
        let (tree, _) = Syntax::Toml.tree(text);
        Unread::new(vec![gap], tree.clone(), tree)
    }

    #[test]
    fn a_part_is_touched_by_a_value_above_or_in_it() {
        let key = |name: &str| Path::new().key(name);
        let cases = [
            (Path::new(), "anything", true),
            (key("events"), "events.at", true),
            (key("events").index(3), "events.at", true),
            (key("events").index(3), "events[].at", false),
            (key("events").index(3).key("at"), "events[].at", true),
            (key("events").index(3).key("kind"), "events[].at", false),
            (key("events").index(3).key("kind"), "events.at", false),
            (key("events").index(3).key("kind"), "events", true),
            (key("events").index(3).key("kind"), "", true),
            (
                key("severity").key("P1").key("label"),
                "severity.*.label",
                true,
            ),
            (
                key("severity").key("P1").key("label"),
                "severity.*.order",
                false,
            ),
            (key("severity").key("P1"), "severity.*.order", true),
            (key("impact").key("level"), "impact", true),
            (key("impact").key("level"), "impact?", false),
            (key("impact"), "impact?", true),
            (key("impact"), "impact_total", false),
        ];
        for (path, pattern, expected) in cases {
            let unread = unread(Gap::from(&path));
            assert_eq!(unread.touches(pattern), expected, "{path} {pattern}");
        }
        assert!(!Unread::default().touches(""));
        assert!(Unread::everything().touches("events[].at"));
    }

    #[test]
    fn a_missing_key_may_exist_under_another_name() {
        let key = |name: &str| Path::new().key(name);
        let cases = [
            (key("detection"), "detection.method", true),
            (key("detection"), "detection.source", false),
            (key("detection"), "detection", true),
            (key("detection"), "detection?", false),
            (key("detection"), "impact", false),
            (key("events").index(0), "events[].marks", true),
            (key("events").index(0), "events.marks", true),
            (key("events").index(0), "events[].at", false),
            (Path::new(), "impact?", true),
            (Path::new(), "detection.method", false),
        ];
        for (table, pattern, expected) in cases {
            let unread = unread(Gap::Absent(table.clone()));
            assert_eq!(unread.touches(pattern), expected, "{table} {pattern}");
        }
    }

    #[test]
    fn a_list_of_an_unknown_name_may_be_more_of_another() {
        let cases = [
            ("events.at", true),
            ("events[].at", false),
            ("detection.source", false),
        ];
        for (pattern, expected) in cases {
            let unread = unread(Gap::AbsentList(Path::new()));
            assert_eq!(unread.touches(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn a_path_is_resolved_although_items_were_left_out() {
        let (parsed, _) = Syntax::Json.tree("{\"events\": [{\"a\": 1}, {\"a\": 2}, {\"a\": 3}]}");
        let mut kept = parsed.clone();
        if let Value::Table(members) = &mut kept.value
            && let Some(Value::Array(events)) =
                members.first_mut().map(|member| &mut member.node.value)
        {
            events.remove(1);
        }
        let unread = Unread::new(Vec::new(), parsed, kept);
        let at = |index: usize| Path::new().key("events").index(index).key("a");
        assert_eq!(unread.original_path(&at(0)), at(0));
        assert_eq!(unread.original_path(&at(1)), at(2));
    }
}
