//! The source texts of diagnostics, and the syntax trees that resolve their key paths.

use super::Locator;
use crate::source::{Node, Position, Source, Span};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Source texts by path; a text is parsed when a key path in it is first resolved.
#[derive(Debug, Default)]
pub struct Sources {
    files: BTreeMap<Utf8PathBuf, File>,
}

#[derive(Debug)]
struct File {
    source: Source,
    tree: OnceLock<Node<'static>>,
}

impl Sources {
    /// Creates an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text; it replaces an earlier one with the same path.
    pub fn add(&mut self, source: Source) {
        let tree = OnceLock::new();
        self.files
            .insert(source.path().to_owned(), File { source, tree });
    }

    /// Returns a file's text, or `None` if it is unknown.
    pub fn get(&self, file: &Utf8Path) -> Option<&Source> {
        self.files.get(file).map(|file| &file.source)
    }

    /// Returns the span of a position, or `None` for a whole file or a file whose text is unknown.
    pub fn span(&self, file: &Utf8Path, at: &Locator) -> Option<Span> {
        let file = self.files.get(file)?;
        let find = |path| file.tree().find(path);
        match at {
            Locator::File => None,
            Locator::Span(span) | Locator::Known(_, span) => Some(*span),
            Locator::Path(path) => Some(find(path).value),
            Locator::Key(path) => {
                let found = find(path);
                Some(found.key.unwrap_or(found.value))
            }
        }
    }

    /// Returns the start and end of a position as lines and columns.
    pub(super) fn region(&self, file: &Utf8Path, at: &Locator) -> Option<(Position, Position)> {
        let span = self.span(file, at)?;
        let source = self.get(file)?;
        Some((source.position(span.start), source.position(span.end)))
    }
}

impl File {
    fn tree(&self) -> &Node<'static> {
        let read = || self.source.syntax().tree(self.source.text()).0.into_owned();
        self.tree.get_or_init(read)
    }
}

impl FromIterator<Source> for Sources {
    fn from_iter<I: IntoIterator<Item = Source>>(all: I) -> Self {
        let mut sources = Self::new();
        for source in all {
            sources.add(source);
        }
        sources
    }
}
