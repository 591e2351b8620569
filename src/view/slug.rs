//! Unique, safe file names and anchors for names.
//!
//! The same names give the same slugs in any order, so that a page
//! keeps its URL when an incident is added.

use std::collections::{BTreeMap, BTreeSet};

/// The maximum length of a name that every file system stores; longer names are truncated.
const LONGEST: usize = 60;

/// The slugs of some names.
#[derive(Debug, Clone, Default)]
pub struct Slugs(BTreeMap<String, String>);

impl Slugs {
    /// Assigns each name a slug of lowercase ASCII letters, digits and dashes; equal slugs are numbered.
    #[must_use]
    pub fn from_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: BTreeSet<&str> = names.into_iter().collect();
        let mut used = UsedNames::from_names(&["index"]);
        // A name that is its own slug keeps it, even if other names have the same slug.
        let (exact, other): (Vec<&str>, Vec<&str>) =
            names.into_iter().partition(|name| slug(name) == **name);
        let given = exact.into_iter().chain(other).map(|name| {
            let slug = used.assign(&slug(name));
            (name.to_owned(), slug)
        });
        Self(given.collect())
    }

    /// Returns the slug of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// The names that are already in use.
#[derive(Debug, Clone, Default)]
pub(crate) struct UsedNames {
    names: BTreeSet<String>,
    /// The last number assigned to a name, so that many equal names are not tried one by one.
    numbers: BTreeMap<String, u64>,
}

impl UsedNames {
    /// Creates the set with names that are already in use.
    pub(super) fn from_names(used: &[&str]) -> Self {
        Self {
            names: used.iter().map(ToString::to_string).collect(),
            numbers: BTreeMap::new(),
        }
    }

    /// Marks a name as in use, if it is not.
    pub(crate) fn add(&mut self, name: &str) {
        self.names.insert(name.to_owned());
    }

    /// Assigns a name, with a number if it is already in use.
    pub(crate) fn assign(&mut self, wanted: &str) -> String {
        let mut assigned = wanted.to_owned();
        while !self.names.insert(assigned.clone()) {
            let number = self.numbers.entry(wanted.to_owned()).or_insert(1);
            *number += 1;
            assigned = format!("{wanted}-{number}");
        }
        assigned
    }
}

/// Replaces runs of other characters than ASCII letters and digits with a dash; a name without any becomes its code points.
pub(super) fn slugify(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for c in name.chars().take(LONGEST) {
        if c.is_ascii_alphanumeric() {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with('-') {
            text.push('-');
        }
    }
    text.truncate(text.trim_end_matches('-').len());
    if text.is_empty() {
        let characters = name.chars().filter(|c| c.is_alphanumeric());
        let code_points: Vec<String> = characters
            .take(LONGEST / 6)
            .map(|c| format!("{:x}", u32::from(c)))
            .collect();
        text = code_points.join("-");
    }
    if text.is_empty() {
        text.push_str("other");
    }
    text
}

fn slug(name: &str) -> String {
    let text = slugify(name).to_ascii_lowercase();
    // Windows reserves these names.
    let device = matches!(text.as_str(), "con" | "prn" | "aux" | "nul")
        || matches!(
            text.as_bytes(),
            [b'c', b'o', b'm', b'0'..=b'9'] | [b'l', b'p', b't', b'0'..=b'9']
        );
    if device { text + "-" } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_become_readable_slugs() {
        for (name, expected) in [
            ("checkout", "checkout"),
            ("Checkout API", "checkout-api"),
            ("  a//b  ", "a-b"),
            ("../../etc/passwd", "etc-passwd"),
            ("Größe", "gr-e"),
            ("数据库", "6570-636e-5e93"),
            ("—", "other"),
            ("", "other"),
            ("NUL", "nul-"),
            ("com1", "com1-"),
            ("index", "index-2"),
        ] {
            assert_eq!(
                Slugs::from_names([name]).get(name),
                Some(expected),
                "{name:?}"
            );
        }
        let alike = Slugs::from_names(["a b", "A-B", "a-b", "a-b-2"]);
        let given = ["a-b", "A-B", "a b", "a-b-2"].map(|name| alike.get(name));
        assert_eq!(given, ["a-b", "a-b-3", "a-b-4", "a-b-2"].map(Some));
        assert_eq!(alike.get("another"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn slugs_are_safe_unique_and_independent_of_order(names in prop::collection::vec(".{0,80}", 0..20)) {
            let slugs = Slugs::from_names(names.iter().map(String::as_str));
            let reversed = Slugs::from_names(names.iter().rev().map(String::as_str));
            let mut used = BTreeSet::new();
            for name in names.iter().collect::<BTreeSet<_>>() {
                let slug = slugs.get(name).expect("every name has one");
                prop_assert_eq!(Some(slug), reversed.get(name));
                prop_assert!(used.insert(slug.to_owned()), "{} twice", slug);
                prop_assert!(slug.starts_with(|first: char| first.is_ascii_alphanumeric()));
                prop_assert!(slug.len() < 80 && slug.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')));
            }
        }
    }
}
