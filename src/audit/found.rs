//! What a search found, as one diagnostic for each term: how many files hold it, and the first places.
//!
//! A customer's name on an internal site stands on every page, so a diagnostic for each place would bury the others.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};

use super::Form;
use crate::diagnostic::{Diagnostic, Locator, Sources};
use crate::source::{Source, Span};

/// How many places are listed of a term.
const PLACES: usize = 5;

/// How many terms are listed.
const TERMS: usize = 50;

/// A term in a file that must not hold it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// What is listed together, the gravest first.
    pub(super) term: Term,
    pub(super) form: Form,
    pub(super) file: Utf8PathBuf,
    pub(super) span: Span,
}

/// What a site must not hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Term {
    /// How a secret begins.
    Secret(String),
    /// A private word, and what it is.
    Word(String, &'static str),
}

impl Term {
    fn diagnostic(&self, place: &str) -> Diagnostic {
        match self {
            Self::Secret(start) => Diagnostic::error(
                "secret-in-site",
                format!("what looks like a secret, `{start}`, stands {place}"),
            )
            .help("replace the secret where it is valid, and take it out of the incident; if it is none, add it to `[audit] allow`"),
            Self::Word(word, what) => Diagnostic::error(
                "confidential-term-in-site",
                format!("confidential term `{word}` ({what}) {place}"),
            )
            .help("take it out of the public text or the template that says it; if its readers may see it, add it to `[audit] allow`"),
        }
    }
}

/// Everything that a search found.
#[derive(Debug, Default)]
pub struct Found {
    hits: Vec<Hit>,
    sources: Sources,
}

/// What a search found, ready to be printed.
#[derive(Debug)]
pub struct Listed<'f> {
    /// One for each term: secrets first, then what stands in most files.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that they point into.
    pub sources: &'f Sources,
    /// How many terms there are in how many files, in words.
    pub count: String,
}

impl Found {
    /// Adds what was found in a file.
    pub fn add(&mut self, file: &Utf8Path, bytes: &[u8], hits: Vec<Hit>) {
        if !hits.is_empty() {
            self.hits.extend(hits);
            self.sources
                .add(Source::new(file, &String::from_utf8_lossy(bytes)));
        }
    }

    /// Says whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// Lists the terms, in an order that does not depend on that of the search.
    #[must_use]
    pub fn listed(&self) -> Listed<'_> {
        let mut by_term: BTreeMap<&Term, BTreeSet<&Hit>> = BTreeMap::new();
        for hit in &self.hits {
            by_term.entry(&hit.term).or_default().insert(hit);
        }
        let mut terms: Vec<(&Term, BTreeSet<&Hit>, usize)> = by_term
            .into_iter()
            .map(|(term, hits)| {
                let files = files(hits.iter().copied());
                (term, hits, files)
            })
            .collect();
        terms.sort_by_key(|(term, _, files)| {
            (matches!(term, Term::Word(..)), std::cmp::Reverse(*files))
        });
        let listed = terms.iter().take(TERMS);
        Listed {
            diagnostics: listed
                .map(|(term, hits, files)| block(term, hits, *files))
                .collect(),
            sources: &self.sources,
            count: count(terms.len(), files(self.hits.iter())),
        }
    }
}

fn files<'h>(hits: impl Iterator<Item = &'h Hit>) -> usize {
    hits.map(|hit| &hit.file).collect::<BTreeSet<_>>().len()
}

fn block(term: &Term, hits: &BTreeSet<&Hit>, files: usize) -> Diagnostic {
    let place = hits.first().map_or("", |hit| hit.form.words());
    let place = match files {
        1 => place.to_owned(),
        files => format!("{place}, in {files} files"),
    };
    let first = hits.iter().take(PLACES);
    first.fold(term.diagnostic(&place), |block, hit| {
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
        format!("{all}; these are the {TERMS} in most files")
    } else {
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finds `word` in each of `count` files.
    fn hits(word: &str, count: usize) -> Vec<Hit> {
        let hit = |place| Hit {
            term: Term::Word(word.to_owned(), "customer name"),
            form: Form::Plain,
            file: format!("{place}.md").into(),
            span: Span::at(place),
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
    fn each_term_is_listed_once_with_its_count_and_first_places() {
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
            (
                "what looks like a secret, `ghp_…`, stands in the site, behind an encoding",
                1,
            ),
            (
                "confidential term `Vero` (customer name) in the site, in 9 files",
                PLACES,
            ),
            (
                "confidential term `Acme` (customer name) in the site, in 2 files",
                2,
            ),
            (
                "confidential term `Bolt` (customer name) in the site, in 2 files",
                2,
            ),
        ];
        let expected = expected.map(|(message, places)| (message.to_owned(), places));
        for _ in 0..all.len() {
            all.rotate_left(5);
            let (blocks, count) = listed(&all);
            assert_eq!(blocks, expected);
            assert_eq!(count, "4 terms in 10 files");
        }
    }

    #[test]
    fn a_place_that_can_be_shown_comes_first() {
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
            "confidential term `Acme` (customer name) in the site, in 3 files"
        );
        let files: Vec<&str> = block
            .locations
            .iter()
            .map(|place| place.file.as_str())
            .collect();
        assert_eq!(files, ["0.md", "1.md", "0.html"]);
    }

    #[test]
    fn no_more_terms_are_listed_than_a_person_reads() {
        let found = found((0..TERMS + 3).flat_map(|number| hits(&format!("Word {number}"), 1)));
        let listed = found.listed();
        assert_eq!(listed.diagnostics.len(), TERMS);
        assert_eq!(
            listed.count,
            "53 terms in 1 file; these are the 50 in most files"
        );
    }
}
