//! The findings of a scan, as one diagnostic per term with the number of files and the first locations.
//!
//! A customer's name may be on every page, so a diagnostic for each location would bury the others.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::Form;
use crate::diagnostic::{Diagnostic, Locator, Sources};
use crate::source::{Source, Span};

/// The maximum number of locations listed for a term.
const LOCATIONS: usize = 5;

/// The maximum number of terms listed.
const TERMS: usize = 50;

/// A term in a file that must not hold it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The term; findings are sorted and grouped by it.
    pub(super) term: Term,
    pub(super) form: Form,
    pub(super) file: Utf8PathBuf,
    pub(super) span: Span,
}

/// A term that a site must not contain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Term {
    /// The first characters of a secret.
    Secret(String),
    /// A confidential term, with its label.
    Word(String, &'static str),
    /// A placeholder, which customers or the public would read.
    Placeholder,
}

impl Term {
    fn diagnostic(&self, found_in: &str) -> Diagnostic {
        match self {
            Self::Secret(start) => Diagnostic::error(
                "secret-in-site",
                format!("possible secret `{start}`{found_in}"),
            )
            .help("rotate the secret and remove it from the incident; if it is not a secret, add it to `[audit] allow`"),
            Self::Placeholder => Diagnostic::error(
                "placeholder-in-site",
                format!("unfilled placeholder `[Fill in…]`{found_in}"),
            )
            .help("fill it in, or remove the key; `afterword check` prints where each placeholder is"),
            Self::Word(word, label) => Diagnostic::error(
                "confidential-term-in-site",
                format!("confidential term `{word}` ({label}){found_in}"),
            )
            .help("remove it from the public text or the template that contains it; if the audience may see it, add it to `[audit] allow`"),
        }
    }
}

/// The findings of a scan. Of the files, only the texts of those that may be listed are kept.
#[derive(Debug, Default)]
pub struct Found {
    terms: BTreeMap<Term, Places>,
    sources: Sources,
}

/// Where a term was found.
#[derive(Debug, Default)]
struct Places {
    /// The first of them, up to [`LOCATIONS`].
    first: BTreeSet<Hit>,
    files: BTreeSet<Utf8PathBuf>,
}

impl Places {
    /// Adds a place; returns `true` if it is one of the first so far.
    fn add(&mut self, hit: Hit) -> bool {
        self.files.insert(hit.file.clone());
        let is_first = self.first.len() < LOCATIONS || self.first.last() > Some(&hit);
        if is_first {
            self.first.insert(hit);
        }
        if self.first.len() > LOCATIONS {
            self.first.pop_last();
        }
        is_first
    }
}

/// The findings of a scan, ready to be printed.
#[derive(Debug)]
pub struct Listed<'f> {
    /// One diagnostic per term: secrets first, then the terms in most files.
    pub diagnostics: Vec<Diagnostic>,
    /// The source texts of the diagnostics.
    pub sources: &'f Sources,
    /// The number of terms and of files, as text.
    pub count: String,
}

impl Found {
    /// Adds the findings in a file.
    pub fn add(&mut self, file: &Utf8Path, bytes: &[u8], hits: Vec<Hit>) {
        let mut is_listed = false;
        for hit in hits {
            is_listed |= self.terms.entry(hit.term.clone()).or_default().add(hit);
        }
        if is_listed {
            let text = String::from_utf8_lossy(bytes);
            self.sources.add(Source::new(file, &text));
        }
    }

    /// Sets the path of the site, which formats for programs print before the paths of its files.
    pub fn set_prefix(&mut self, prefix: &Utf8Path) {
        self.sources.set_prefix(prefix);
    }

    /// Returns `true` if nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Lists the terms, in an order that does not depend on that of the scan.
    #[must_use]
    pub fn listed(&self) -> Listed<'_> {
        let mut terms: Vec<(&Term, &Places)> = self.terms.iter().collect();
        terms.sort_by_key(|(term, places)| {
            let files = Reverse(places.files.len());
            (matches!(term, Term::Word(..)), files)
        });
        let files = self.terms.values().flat_map(|places| &places.files);
        let files: BTreeSet<&Utf8PathBuf> = files.collect();
        let listed = terms.iter().take(TERMS);
        Listed {
            diagnostics: listed.map(|(term, places)| block(term, places)).collect(),
            sources: &self.sources,
            count: count(terms.len(), files.len()),
        }
    }
}

fn block(term: &Term, Places { first, files }: &Places) -> Diagnostic {
    let found_in = first.first().map_or("", |hit| hit.form.describe());
    let found_in = match files.len() {
        1 => found_in.to_owned(),
        files if found_in.is_empty() => format!(" in {files} files"),
        files => format!("{found_in}, in {files} files"),
    };
    first.iter().fold(term.diagnostic(&found_in), |block, hit| {
        let at = match hit.form {
            Form::Plain => Locator::Span(hit.span),
            Form::Name | Form::Decoded => Locator::File,
        };
        block.at(&hit.file, at, "")
    })
}

fn count(terms: usize, files: usize) -> String {
    let number = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    };
    let all = format!("{} in {}", number(terms, "term"), number(files, "file"));
    if terms > TERMS {
        format!("{all}; showing the {TERMS} found in most files")
    } else {
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds `word` in each of `count` files.
    fn hits(word: &str, count: usize) -> Vec<Hit> {
        let hit = |number| Hit {
            term: Term::Word(word.to_owned(), "customer name"),
            form: Form::Plain,
            file: format!("{number}.md").into(),
            span: Span::at(number),
        };
        (0..count).map(hit).collect()
    }

    fn found(hits: impl IntoIterator<Item = Hit>) -> Found {
        let mut found = Found::default();
        for hit in hits {
            let file = hit.file.clone();
            found.add(&file, b"text", vec![hit]);
        }
        found
    }

    #[test]
    fn each_term_is_listed_once_with_its_count_and_first_locations() {
        let secret = Hit {
            term: Term::Secret("ghp_…".to_owned()),
            form: Form::Decoded,
            file: "a.md".into(),
            span: Span::default(),
        };
        let mut all = [
            hits("Acme", 2),
            hits("Vero", 9),
            hits("Bolt", 2),
            vec![secret],
        ]
        .concat();
        let listed = |all: &[Hit]| {
            let found = found(all.to_vec());
            let listed = found.listed();
            let blocks = listed.diagnostics.iter();
            let blocks = blocks.map(|block| (block.message.clone(), block.locations.len()));
            (blocks.collect::<Vec<_>>(), listed.count)
        };
        let expected = [
            ("possible secret `ghp_…` (encoded)", 1),
            (
                "confidential term `Vero` (customer name) in 9 files",
                LOCATIONS,
            ),
            ("confidential term `Acme` (customer name) in 2 files", 2),
            ("confidential term `Bolt` (customer name) in 2 files", 2),
        ];
        let expected = expected.map(|(message, locations)| (message.to_owned(), locations));
        for _ in 0..all.len() {
            all.rotate_left(5);
            let (blocks, count) = listed(&all);
            assert_eq!(blocks, expected);
            assert_eq!(count, "4 terms in 10 files");
        }
    }

    #[test]
    fn only_texts_that_might_be_listed_are_kept() {
        let found = found(hits("Acme", 100));
        let texts = (0..100).filter(|number| {
            found
                .sources
                .get(format!("{number}.md").as_str().into())
                .is_some()
        });
        // `2.md` to `4.md` were among the first until `10.md` came.
        assert_eq!(texts.count(), LOCATIONS + 3);
    }

    #[test]
    fn a_location_that_can_be_shown_comes_first() {
        let mut all = hits("Acme", 2);
        let named = Hit {
            form: Form::Name,
            ..all[0].clone()
        };
        all.push(Hit {
            file: "0.html".into(),
            ..named
        });
        let found = found(all);
        let block = found.listed().diagnostics.remove(0);
        assert_eq!(
            block.message,
            "confidential term `Acme` (customer name) in 3 files"
        );
        let files: Vec<&str> = block
            .locations
            .iter()
            .map(|location| location.file.as_str())
            .collect();
        assert_eq!(files, ["0.md", "1.md", "0.html"]);
    }

    #[test]
    fn the_number_of_listed_terms_is_limited() {
        let found = found((0..TERMS + 3).flat_map(|number| hits(&format!("Word {number}"), 1)));
        let listed = found.listed();
        assert_eq!(listed.diagnostics.len(), TERMS);
        assert_eq!(
            listed.count,
            "53 terms in 1 file; showing the 50 found in most files"
        );
    }
}
