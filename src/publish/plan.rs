//! Plans what a build does with the pages of each incident: rebuild them, keep stale ones, or remove them.
//!
//! This module does no I/O. A stale page reflects an earlier classification of its incident, so it is kept only if the
//! current classification is known.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use camino::Utf8Path;

use crate::audience::Audience;
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::Neighbor;
use crate::source::Span;

/// An incident whose pages are planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// The ID.
    pub id: &'a str,
    /// The audience; `None` if it cannot be read from the files.
    pub audience: Option<Audience>,
    /// Whether it has errors.
    pub has_errors: bool,
}

/// The plan of a build: the IDs of incidents by what happens to their pages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Incidents whose pages are rendered.
    pub rebuilt: BTreeSet<String>,
    /// Incidents whose pages of an earlier build are kept, if there are any.
    pub stale: BTreeSet<String>,
    /// Incidents without pages on the site.
    pub removed: BTreeSet<String>,
}

impl Plan {
    /// Plans a build for an audience.
    #[must_use]
    pub fn new<'a>(
        audience: Audience,
        candidates: impl IntoIterator<Item = Candidate<'a>>,
    ) -> Self {
        let mut plan = Self::default();
        for candidate in candidates {
            let may_read = candidate.audience.is_some_and(|own| audience.may_read(own));
            let pages = match candidate.has_errors {
                false if may_read => &mut plan.rebuilt,
                true if may_read && !audience.is_external() => &mut plan.stale,
                _ => &mut plan.removed,
            };
            pages.insert(candidate.id.to_owned());
        }
        plan
    }

    /// Returns a function that tells whether a text names a removed incident, as a stale page still may.
    pub(super) fn removed_in(&self) -> impl Fn(&str) -> bool + use<> {
        let search = AhoCorasick::new(&self.removed).ok();
        move |text| {
            let found = search
                .iter()
                .flat_map(|ids| ids.find_overlapping_iter(text));
            found
                .map(|found| Span::new(found.start(), found.end()))
                .any(|span| span.is_word(text))
        }
    }
}

/// Returns the incidents with errors: those that could not be read, and those with an error in one of their files.
#[must_use]
pub fn with_errors<'a>(
    neighbors: impl Iterator<Item = &'a Neighbor>,
    broken: &BTreeSet<String>,
    diagnostics: &[Diagnostic],
) -> BTreeSet<String> {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.level == Level::Error);
    let files: BTreeSet<&Utf8Path> = errors
        .flat_map(|error| &error.locations)
        .flat_map(|location| location.file.ancestors())
        .collect();
    let with_errors = neighbors.filter(|neighbor| {
        let mut paths = neighbor.source.paths();
        paths.any(|path| files.contains(path.as_path()))
    });
    let with_errors = with_errors.map(|neighbor| neighbor.id.clone());
    with_errors.chain(broken.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Audience::{Confidential, Customers, Internal, Public};

    /// Plans one incident: `r` for rebuilt, `s` for stale, `-` for removed.
    fn planned(audience: Audience, own: Option<Audience>, has_errors: bool) -> char {
        let id = "INC-1";
        let plan = Plan::new(
            audience,
            [Candidate {
                id,
                audience: own,
                has_errors,
            }],
        );
        let all = [
            ('r', &plan.rebuilt),
            ('s', &plan.stale),
            ('-', &plan.removed),
        ];
        let found: Vec<char> = all
            .into_iter()
            .filter(|(_, ids)| ids.contains(id))
            .map(|(c, _)| c)
            .collect();
        match found.as_slice() {
            [only] => *only,
            other => panic!("not exactly one: {other:?}"),
        }
    }

    #[test]
    fn every_incident_is_rebuilt_stale_or_removed() {
        let own = [
            Some(Public),
            Some(Customers),
            Some(Internal),
            Some(Confidential),
            None,
        ];
        for (audience, sound, faulty) in [
            (Public, "r----", "-----"),
            (Customers, "rr---", "-----"),
            (Internal, "rrr--", "sss--"),
            (Confidential, "rrrr-", "ssss-"),
        ] {
            let row = |has_errors| -> String {
                own.into_iter()
                    .map(|own| planned(audience, own, has_errors))
                    .collect()
            };
            assert_eq!(row(false), sound, "{audience} without errors");
            assert_eq!(row(true), faulty, "{audience} with errors");
        }
    }

    #[test]
    fn an_id_is_found_as_a_whole_word() {
        let plan = Plan {
            removed: ["INC-2".to_owned()].into(),
            ..Plan::default()
        };
        let is_named = plan.removed_in();
        for (text, expected) in [
            ("<a href=\"INC-2.html\">", true),
            ("[INC-2](INC-2.md)", true),
            ("INC-2-A1", true),
            ("INC-20 and XINC-2", false),
            ("", false),
        ] {
            assert_eq!(is_named(text), expected, "{text}");
        }
        assert!(!Plan::default().removed_in()("INC-2"));
    }
}
