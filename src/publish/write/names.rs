//! Decides which paths may be published, and which may be published together, by one rule for every machine.
//!
//! A path is relative to the output, with forward slashes. What only some file systems reject (a colon, a final dot,
//! two names that differ in case) is rejected everywhere, so a site that builds here builds everywhere.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use unicase::UniCase;

use super::WriteError;
use crate::cache::{Paths, index};

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

/// The use of a name in this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A file of the last build that this build has not made.
    Former,
    Folder,
    /// A file whose outcome is not known yet.
    Claimed,
    /// A file that the output has already.
    Unchanged,
    /// A file in the stage, with the outermost folder that the output lacks: the first bytes of its path.
    Staged(u32),
}

/// The names of the last build and of this one; those of this build that differ only in case are equal.
pub struct Names {
    /// The files of the last build, sorted; their numbers come first.
    previous: Arc<Paths>,
    /// The files and folders of this build that the last one lacks.
    added: Paths,
    uses: Vec<Use>,
    /// The numbers of the names of this build, by a hash of each name in lowercase, or the next free number after it.
    used: HashMap<u64, u32>,
}

impl Names {
    /// Creates the names of the last build.
    pub fn new(previous: Arc<Paths>) -> Self {
        Self {
            uses: vec![Use::Former; previous.len()],
            added: Paths::default(),
            used: HashMap::new(),
            previous,
        }
    }

    /// Returns the name with a number.
    pub fn get(&self, number: u32) -> &str {
        match number.checked_sub(index(self.previous.len())) {
            None => self.previous.get(number),
            Some(added) => self.added.get(added),
        }
    }

    /// Returns the use of a name.
    pub fn use_of(&self, number: u32) -> Use {
        let used = self.uses.get(number as usize);
        used.copied().unwrap_or(Use::Former)
    }

    /// Sets the use of a name.
    pub fn set(&mut self, number: u32, used: Use) {
        if let Some(own) = self.uses.get_mut(number as usize) {
            *own = used;
        }
    }

    /// Claims a path for a file of this build, whose number may be known, and returns the number.
    pub fn claim(&mut self, path: &str, number: Option<u32>) -> Result<u32, WriteError> {
        if let Some(problem) = problem(path) {
            return Err(WriteError::Name(path.to_owned(), problem));
        }
        if let Ok(known) = self.find(path) {
            return match (self.use_of(known), self.get(known)) {
                (Use::Folder, _) => Err(file_and_folder(path)),
                (_, same) if same == path => Ok(known),
                (_, other) => Err(differ_in_case(other, path)),
            };
        }
        for folder in folders(path).rev() {
            match self.find(folder) {
                Ok(known) => match (self.use_of(known), self.get(known)) {
                    // All folders above a known one are known too.
                    (Use::Folder, same) if same == folder => break,
                    (Use::Folder, other) => return Err(differ_in_case(other, folder)),
                    (_, file) => return Err(file_and_folder(file)),
                },
                Err(_) => drop(self.add(folder, None, Use::Folder)),
            }
        }
        let number = number.or_else(|| self.previous.find(path));
        Ok(self.add(path, number, Use::Claimed))
    }

    fn add(&mut self, name: &str, number: Option<u32>, used: Use) -> u32 {
        let number = number.unwrap_or_else(|| {
            self.added.push(name);
            self.uses.push(used);
            index(self.uses.len() - 1)
        });
        self.set(number, used);
        if let Err(free) = self.find(name) {
            self.used.insert(free, number);
        }
        number
    }

    /// Finds a name of this build in any case, or returns the free key for it.
    fn find(&self, name: &str) -> Result<u32, u64> {
        let name = UniCase::new(name);
        let mut hasher = DefaultHasher::new();
        name.hash(&mut hasher);
        let mut key = hasher.finish();
        while let Some(number) = self.used.get(&key) {
            if UniCase::new(self.get(*number)) == name {
                return Ok(*number);
            }
            key = key.wrapping_add(1);
        }
        Err(key)
    }

    /// Returns the number and use of the name of this build that equals `name` in any case.
    pub fn like(&self, name: &str) -> Option<(u32, Use)> {
        let number = self.find(name).ok()?;
        Some((number, self.use_of(number)))
    }

    /// Returns `true` if exactly `path` is a folder of this build.
    pub fn has_folder(&self, path: &str) -> bool {
        let found = self.like(path);
        found.is_some_and(|(number, used)| used == Use::Folder && self.get(number) == path)
    }

    /// Returns `true` if an old file must be removed before the files of this build can exist.
    pub fn block(&self, old: &str) -> bool {
        let is_file = |name| matches!(self.like(name), Some((_, used)) if used != Use::Folder);
        self.like(old).is_some() || folders(old).any(is_file)
    }

    /// Returns the numbers of the files of this build, sorted by path.
    pub fn files(&self) -> Vec<u32> {
        let is_file = |number: &u32| !matches!(self.use_of(*number), Use::Former | Use::Folder);
        let mut files: Vec<u32> = (0..index(self.uses.len())).filter(is_file).collect();
        // The files of the last build are sorted already.
        files.sort_by(|one, other| self.get(*one).cmp(self.get(*other)));
        files
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
            let mut names = Names::new(Arc::default());
            names.claim(one, None).unwrap();
            assert_eq!(names.claim(other, None).is_err(), collide, "{one} {other}");
        }
    }

    #[test]
    fn folders_come_outermost_first() {
        assert_eq!(folders("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(folders("a").count(), 0);
    }
}
