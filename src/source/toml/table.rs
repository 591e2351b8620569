//! The tables of a TOML text while they are built.

use super::*;

/// A table that keys can still be added to.
pub(super) struct Table<'t> {
    pub(super) origin: Origin,
    pub(super) entries: Vec<Entry<'t>>,
    pub(super) names: HashMap<Cow<'t, str>, usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// `[header]`, the top of the file, or `{ }`.
    Header,
    /// Part of a longer header.
    Implicit,
    /// Part of a dotted key.
    Dotted,
}

/// A key and its value.
pub(super) struct Entry<'t> {
    /// The member, whose tables are still empty if they have a row.
    pub(super) member: Member<'t>,
    /// The row of the table, or those of a list of `[[header]]` tables; none for another value.
    pub(super) rows: Vec<usize>,
}

#[derive(Clone)]
pub(super) struct Key<'t> {
    pub(super) name: Cow<'t, str>,
    pub(super) span: Span,
}

impl<'t> Table<'t> {
    pub(super) fn new(origin: Origin) -> Self {
        let (entries, names) = (Vec::new(), HashMap::new());
        Self {
            origin,
            entries,
            names,
        }
    }

    pub(super) fn find(&mut self, name: &str) -> Option<&mut Entry<'t>> {
        let index = *self.names.get(name)?;
        self.entries.get_mut(index)
    }
}

impl Entry<'_> {
    pub(super) fn duplicate(&self, key: Span, is_header: bool) -> Problem {
        let member = &self.member;
        Problem::Duplicate {
            key,
            first: match (is_header, self.rows.as_slice()) {
                (false, _) | (_, []) => member.key_span,
                (true, _) => member.node.span,
            },
            is_header,
            is_table: matches!(member.node.value, Value::Table(_)),
        }
    }
}

/// A list or table whose values are being parsed.
pub(super) struct Frame<'t> {
    pub(super) start: Span,
    pub(super) depth: usize,
    pub(super) content: Content<'t>,
}

pub(super) enum Content<'t> {
    List(Vec<Node<'t>>),
    /// A table, and the key whose value comes next.
    Table(usize, Vec<Key<'t>>),
}

impl<'t> Frame<'t> {
    pub(super) fn new(start: Span, depth: usize, content: Content<'t>) -> Self {
        Self {
            start,
            depth,
            content,
        }
    }
}
