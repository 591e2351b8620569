//! Decides which paths may be published, and which may be published together, by one rule for every machine.
//!
//! A path is relative to the output, with forward slashes. What only some file systems reject (a colon, a final dot,
//! two names that differ in case) is rejected everywhere, so a site that builds here builds everywhere.

use std::collections::HashMap;

use unicase::UniCase;

use super::WriteError;

/// The start of the names of the writer's own files.
const RESERVED: &str = ".afterword";

/// Returns the reason why `path` cannot be published, or `None` if it can.
pub fn problem(path: &str) -> Option<&'static str> {
    let has_part = |is_bad: fn(&str) -> bool| path.split('/').any(is_bad);
    Some(if path.starts_with('/') {
        "it starts with `/`; use a path relative to the output folder"
    } else if path.contains(char::is_control) {
        "it contains a control character; rename the file"
    } else if path.contains('\\') {
        "it contains `\\`; separate folders with `/`"
    } else if path.contains(':') {
        "it contains `:`, which some systems cannot store; rename the file"
    } else if has_part(|part| matches!(part, "" | "." | "..")) {
        "a part of it is empty, `.` or `..`; remove that part"
    } else if has_part(|part| part.ends_with(['.', ' '])) {
        "a part of it ends with a dot or a space; rename the file"
    } else if (path.get(..RESERVED.len())).is_some_and(|start| start.eq_ignore_ascii_case(RESERVED))
    {
        "names that start with `.afterword` are reserved; rename the file"
    } else {
        return None;
    })
}

/// Returns the folders that `path` is in, outermost first: `a`, `a/b` for `a/b/c`.
pub fn folders(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    let slashes = path.match_indices('/');
    slashes.filter_map(|(index, _)| path.get(..index))
}

/// The state of a file of this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The output has it already.
    Unchanged,
    /// The file of the last build stays.
    Kept,
    /// It is staged, with the outermost folder that the output lacks: the first `moved` bytes of its path.
    Staged { moved: usize },
}

/// The use of a name in this build.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Folder,
    /// A file, with its outcome; `None` until that is known, and if the file failed.
    File(Option<Outcome>),
}

/// The files of this build and the folders that they are in; names that differ only in case are equal.
#[derive(Default)]
pub struct Names(HashMap<UniCase<Box<str>>, Use>);

impl Names {
    /// Claims `path` for a file, and returns its outcome if it has one already.
    pub fn claim(&mut self, path: &str) -> Result<Option<Outcome>, WriteError> {
        if let Some(problem) = problem(path) {
            return Err(WriteError::Name(path.to_owned(), problem));
        }
        match self.find(path) {
            Some((known, Use::File(outcome))) if known == path => return Ok(outcome),
            Some((known, Use::File(_))) => return Err(differ_in_case(known, path)),
            Some((_, Use::Folder)) => return Err(file_and_folder(path)),
            None => {}
        }
        for folder in folders(path).rev() {
            match self.find(folder) {
                Some((known, Use::File(_))) => return Err(file_and_folder(known)),
                // All folders above a known one are known too.
                Some((known, Use::Folder)) if known == folder => break,
                Some((known, Use::Folder)) => return Err(differ_in_case(known, folder)),
                None => self.0.insert(UniCase::new(folder.into()), Use::Folder),
            };
        }
        self.set(path, None);
        Ok(None)
    }

    /// Records the outcome of a file, or that it failed.
    pub fn set(&mut self, path: &str, outcome: Option<Outcome>) {
        self.0.insert(UniCase::new(path.into()), Use::File(outcome));
    }

    /// Finds a name in any case, and returns it as it was claimed.
    pub fn find(&self, path: &str) -> Option<(&str, Use)> {
        let (known, used) = self.0.get_key_value(&UniCase::new(path.into()))?;
        Some((known, *used))
    }

    /// Returns `true` if exactly `path` is a file of this build.
    pub fn has_file(&self, path: &str) -> bool {
        matches!(self.find(path), Some((known, Use::File(_))) if known == path)
    }

    /// Returns `true` if exactly `path` is a folder of this build.
    pub fn has_folder(&self, path: &str) -> bool {
        self.find(path) == Some((path, Use::Folder))
    }

    /// Returns `true` if an old file must be removed before the files of this build can exist.
    pub fn block(&self, old: &str) -> bool {
        let is_file = |folder| matches!(self.find(folder), Some((_, Use::File(_))));
        self.find(old).is_some() || folders(old).any(is_file)
    }

    /// Returns the sorted files of this build.
    pub fn files(&self) -> Result<Vec<(&str, Outcome)>, WriteError> {
        let files = self.0.iter().filter_map(|(name, used)| match used {
            Use::Folder => None,
            Use::File(outcome) => Some((name.as_ref(), *outcome)),
        });
        let mut files: Vec<_> = files.collect();
        files.sort_unstable_by_key(|(path, _)| *path);
        let complete = files.into_iter().map(|(path, outcome)| match outcome {
            Some(outcome) => Ok((path, outcome)),
            None => Err(WriteError::Incomplete(path.to_owned())),
        });
        complete.collect()
    }
}

fn file_and_folder(path: &str) -> WriteError {
    WriteError::path(path, "is both a file and a folder of the site; rename one")
}

fn differ_in_case(one: &str, other: &str) -> WriteError {
    // Sorted, so that the message does not depend on which thread came first.
    let (one, other) = (one.min(other), one.max(other));
    WriteError::path(
        one,
        format!("and `{other}` differ only in case; rename one"),
    )
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
            assert_eq!(problem(path), None, "{path}");
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
            assert!(problem(path).is_some(), "{path:?}");
        }
    }

    #[test]
    fn names_that_differ_in_case_collide_and_others_do_not() {
        for (one, other, collide) in [
            ("A/b.HTML", "A/B.html", true),
            ("ΑΣ", "ας", true),
            ("ΑΣ", "ασ", true),
            ("É", "é", true),
            ("a", "b", false),
            ("a/b", "ab", false),
            ("a", "á", false),
        ] {
            let mut names = Names::default();
            names.claim(one).unwrap();
            assert_eq!(names.claim(other).is_err(), collide, "{one} {other}");
        }
    }

    #[test]
    fn folders_come_outermost_first() {
        assert_eq!(folders("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(folders("a").count(), 0);
    }
}
