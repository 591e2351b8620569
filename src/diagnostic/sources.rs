//! The source texts of diagnostics, and the syntax trees that resolve their key paths.

use super::{Diagnostic, Locator};
use crate::source::{Node, Position, Source, Span};
use camino::{Utf8Path, Utf8PathBuf};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Source texts by path; a text is parsed when a key path in it is first resolved.
#[derive(Debug, Default)]
pub struct Sources {
    files: BTreeMap<Utf8PathBuf, Arc<File>>,
    fetch: Option<Fetch>,
    /// The path of the archive as other programs know it; empty or ending with a slash.
    prefix: String,
}

#[derive(Debug)]
struct File {
    source: Source,
    tree: OnceLock<Node<'static>>,
}

/// A function that reads the text of a file.
type Read = dyn Fn(&Utf8Path) -> Option<Source> + Send + Sync;

struct Fetch(Box<Read>);

impl fmt::Debug for Fetch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Fetch")
    }
}

impl Sources {
    /// Creates an empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text; it replaces an earlier one with the same path.
    pub fn add(&mut self, source: Source) {
        let path = source.path().to_owned();
        self.files.insert(path, Arc::new(File::new(source)));
    }

    /// Sets a function that reads each text that was not added, whenever it is needed.
    ///
    /// All texts of an archive with problems in most of its files would take more memory than everything else.
    pub fn fetch_with(
        &mut self,
        fetch: impl Fn(&Utf8Path) -> Option<Source> + Send + Sync + 'static,
    ) {
        self.fetch = Some(Fetch(Box::new(fetch)));
    }

    /// Sets the path of the archive, which formats for programs print before the paths of its files.
    pub fn set_prefix(&mut self, prefix: &Utf8Path) {
        let prefix = prefix.as_str().replace('\\', "/");
        self.prefix = match prefix.trim_end_matches('/').trim_start_matches("./") {
            "" | "." => String::new(),
            folder => format!("{folder}/"),
        };
    }

    /// Returns the path of a file as other programs know it.
    pub(super) fn shown(&self, file: &Utf8Path) -> Utf8PathBuf {
        format!("{}{file}", self.prefix).into()
    }

    /// Returns the texts of the files that some diagnostics point into.
    #[must_use]
    pub fn of(&self, diagnostics: &[Diagnostic]) -> Self {
        let locations = diagnostics.iter().flat_map(|diagnostic| {
            let locations = diagnostic.locations.iter();
            let suggestion = diagnostic.suggestion.iter();
            let locations = locations.map(|location| (&location.file, &location.at));
            locations.chain(suggestion.map(|suggestion| (&suggestion.file, &suggestion.at)))
        });
        let mut files = BTreeMap::new();
        for (path, at) in locations {
            if *at == Locator::File || files.contains_key(path) {
                continue;
            }
            let fetched = || {
                let Fetch(fetch) = self.fetch.as_ref()?;
                Some(Arc::new(File::new(fetch(path)?)))
            };
            if let Some(file) = self.files.get(path).cloned().or_else(fetched) {
                files.insert(path.clone(), file);
            }
        }
        let prefix = self.prefix.clone();
        Self {
            files,
            fetch: None,
            prefix,
        }
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
    fn new(source: Source) -> Self {
        let tree = OnceLock::new();
        Self { source, tree }
    }

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
