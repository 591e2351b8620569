//! Builds sites in separate folders and looks at the result.

mod build;
mod crash;
mod law;
#[cfg(unix)]
mod limit;
mod refusal;

use std::collections::BTreeMap;
use std::fs;

use camino::{Utf8Path, Utf8PathBuf};
use tempfile::TempDir;

use super::*;

/// A project in a temporary folder, with the site in `site`.
pub(super) struct Project {
    root: Utf8PathBuf,
    // Removed when dropped.
    _folder: TempDir,
}

/// The content of a folder: a file's text by its path, and `a/` for an empty folder.
type Tree = BTreeMap<String, String>;

/// The files of a site: path and text.
type Files<'a> = &'a [(&'a str, &'a str)];

impl Project {
    fn new() -> Self {
        // A build waits for the disk; in memory, where Linux has a folder for it, that is short.
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let root: Utf8PathBuf = folder.path().to_owned().try_into().unwrap();
        fs::create_dir(root.join("incidents")).unwrap();
        fs::write(root.join("incidents/INC-1.toml"), "").unwrap();
        Self {
            root,
            _folder: folder,
        }
    }

    pub(super) fn with(files: Files) -> Self {
        let project = Self::new();
        project.build(files).unwrap();
        project
    }

    fn out(&self) -> Utf8PathBuf {
        self.root.join("site")
    }

    pub(super) fn path(&self, path: &str) -> Utf8PathBuf {
        self.out().join(path)
    }

    /// Writes a file into the site that no build made.
    fn add(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(super) fn open(&self) -> Result<Writer, WriteError> {
        self.open_for("public", &self.out())
    }

    fn open_for(&self, audience: &str, out: &Utf8Path) -> Result<Writer, WriteError> {
        let inputs = [self.root.join("incidents"), self.root.join("timelines")];
        open(&OutputSpec {
            out,
            audience,
            project: &self.root,
            inputs: &[&inputs[0], &inputs[1]],
        })
    }

    /// Opens the site and hands over `files`.
    fn staged(&self, files: Files) -> Result<Writer, WriteError> {
        let writer = self.open()?;
        for (path, text) in files {
            writer.put(path, text.as_bytes())?;
        }
        Ok(writer)
    }

    fn build(&self, files: Files) -> Result<Written, WriteError> {
        self.staged(files)?.commit()
    }

    fn tree(&self) -> Tree {
        tree(&self.out())
    }

    /// Asserts that an attempt fails with a message that contains `part`, and changes nothing.
    #[track_caller]
    pub(super) fn refuses<T>(
        &self,
        part: &str,
        attempt: impl FnOnce(&Self) -> Result<T, WriteError>,
    ) {
        let before = tree(&self.root);
        let message = attempt(self).err().expect("refused").to_string();
        assert!(message.contains(part), "`{part}` in: {message}");
        assert_eq!(tree(&self.root), before, "{message}");
    }
}

impl Writer {
    /// Ends as a killed process does.
    fn die(self) {
        self.output.die();
    }
}

/// Returns the tree that a first build of `files` makes.
fn clean(files: Files) -> Tree {
    Project::with(files).tree()
}

fn tree(folder: &Utf8Path) -> Tree {
    let mut tree = Tree::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let name = path.strip_prefix(folder).unwrap();
        let Ok(found) = fs::symlink_metadata(&path) else {
            continue;
        };
        if found.is_dir() {
            let inner: Vec<Utf8PathBuf> = path
                .read_dir_utf8()
                .unwrap()
                .map(|entry| entry.unwrap().into_path())
                .collect();
            if inner.is_empty() {
                tree.insert(format!("{name}/"), String::new());
            }
            waiting.extend(inner);
        } else if found.is_file() {
            tree.insert(name.to_string(), fs::read_to_string(&path).unwrap());
        } else {
            tree.insert(name.to_string(), "neither file nor folder".to_owned());
        }
    }
    tree
}
