//! Says which paths may be published, by one rule for every machine.
//!
//! A path is relative to the output, with forward slashes. What only some file
//! systems refuse (a colon, a final dot) is refused everywhere, so that a site
//! that builds here builds everywhere.

use std::hash::{Hash, Hasher};

/// What the names of the writer's own files begin with.
const RESERVED: &str = ".afterword";

/// Says why `path` cannot be published; `None` when it can.
pub fn fault(path: &str) -> Option<&'static str> {
    if path.starts_with('/') {
        return Some("it begins with `/`; name it from the output folder on");
    }
    if path.contains(|c: char| c.is_control()) {
        return Some("it holds a control character; rename the file");
    }
    if path.contains('\\') {
        return Some("it holds `\\`; separate folders with `/`");
    }
    if path.contains(':') {
        return Some("it holds `:`, which not every system can store; rename the file");
    }
    for segment in path.split('/') {
        if segment.is_empty() || segment == "." || segment == ".." {
            return Some("a part of it is empty, `.` or `..`; leave that part out");
        }
        if segment.ends_with(['.', ' ']) {
            return Some("a part of it ends with a dot or a space; rename the file");
        }
    }
    if folded(path).starts_with(RESERVED) {
        return Some("names that begin with `.afterword` are the writer's own; rename the file");
    }
    None
}

/// Gives the form in which two paths are equal where case does not count.
///
/// Upper case first: `Σ`, `σ` and `ς` then come out the same.
pub fn folded(path: &str) -> String {
    folded_characters(path).collect()
}

fn folded_characters(path: &str) -> impl Iterator<Item = char> {
    let all = path.chars();
    all.flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
}

/// A path as it was given; equal to every other where case does not count.
#[derive(Debug)]
pub struct Name(Box<str>);

impl Name {
    /// Takes a path.
    pub fn new(path: &str) -> Self {
        Self(path.into())
    }

    /// Gives the path.
    pub fn as_given(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || folded_characters(&self.0).eq(folded_characters(&other.0))
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        folded_characters(&self.0).for_each(|c| c.hash(state));
    }
}

/// Gives the folders that `path` lies in, outermost first: `a`, `a/b` for `a/b/c`.
pub fn folders(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_relative_paths_may_be_published() {
        for path in [
            "index.html",
            "incidents/INC-1/index.html",
            ".nojekyll",
            "a b/ü.txt",
            "..a/b..c",
        ] {
            assert_eq!(fault(path), None, "{path}");
        }
    }

    #[test]
    fn a_path_that_could_leave_the_output_or_differ_by_system_is_refused() {
        for path in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "./a",
            "a/./b",
            "a/..",
            "../a",
            "a\\b",
            "C:/a",
            "C:a",
            "a\0b",
            "a\nb",
            "a\u{85}",
            "a.",
            "a /b",
            "...",
            ".afterword.json",
            ".Afterword-stage/0",
            ".afterword-lock",
        ] {
            assert!(fault(path).is_some(), "{path:?}");
        }
    }

    #[test]
    fn folding_ignores_case_and_nothing_else() {
        for (one, other) in [
            ("A/b.HTML", "a/B.html"),
            ("ΑΣ", "ας"),
            ("ΑΣ", "ασ"),
            ("É", "é"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("a"), folded("b"));
        assert_ne!(folded("a/b"), folded("ab"));
    }

    #[test]
    fn folders_come_outermost_first() {
        assert_eq!(folders("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(folders("a").count(), 0);
    }
}
