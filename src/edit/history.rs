//! The last changes that commands made to users' files, so that `afterword undo` can take them back.
//!
//! Each change is a file in `.afterword/undo/`. It holds the texts before and after, so that a file that was changed
//! since is never overwritten. Nothing else is needed: without the folder, nothing can be taken back.

use std::fs;
use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::cache::RESERVED;

/// The number of changes that are kept.
const KEPT: usize = 50;

/// A change that a command made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What was done, as `afterword undo` names it.
    pub what: String,
    /// The incident's ID; empty if the change is not of one incident.
    pub id: String,
    /// The files, in the order in which they were written.
    pub files: Vec<ChangedFile>,
}

/// A file that a command changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFile {
    /// Its path in the archive.
    pub path: Utf8PathBuf,
    /// Its text before; `None` if it did not exist.
    pub before: Option<String>,
    /// Its text after; `None` if it was removed.
    pub after: Option<String>,
}

impl ChangedFile {
    /// Writes the text that the file has after the change.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written or removed.
    pub fn write(&self, root: &Utf8Path) -> io::Result<()> {
        let path = root.join(&self.path);
        match (&self.before, &self.after) {
            (None, Some(text)) => super::create(&path, text),
            (Some(_), Some(text)) => super::replace(&path, text),
            (Some(_), None) => super::remove(&path),
            (None, None) => Ok(()),
        }
    }

    /// Returns the change that takes this one back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self {
            path: self.path.clone(),
            before: self.after.clone(),
            after: self.before.clone(),
        }
    }
}

impl Change {
    /// Writes all files; if one cannot be written, those before it are as they were.
    ///
    /// # Errors
    /// Returns the path of the file that cannot be written, and the reason.
    pub fn write(&self, root: &Utf8Path) -> Result<(), (Utf8PathBuf, io::Error)> {
        for (index, file) in self.files.iter().enumerate() {
            super::remove_leftovers(&root.join(&file.path));
            if let Err(error) = file.write(root) {
                for written in self.files.iter().take(index).rev() {
                    // Report the first error, not that of the cleanup.
                    let _ = written.reversed().write(root);
                }
                return Err((file.path.clone(), error));
            }
        }
        Ok(())
    }

    /// Returns the change that takes this one back.
    #[must_use]
    pub fn reversed(&self) -> Self {
        Self {
            files: self.files.iter().rev().map(ChangedFile::reversed).collect(),
            ..self.clone()
        }
    }

    /// Keeps the change, so that it can be taken back.
    ///
    /// # Errors
    /// Returns an error if it cannot be written.
    pub fn keep(&self, root: &Utf8Path) -> io::Result<()> {
        super::ignored_folder(root, FOLDER)?;
        let numbers = numbers(root);
        let next = numbers.last().map_or(1, |last| last + 1);
        super::create(&file(root, next), &serde_json::to_string(self)?)?;
        for number in numbers.iter().rev().skip(KEPT - 1) {
            fs::remove_file(file(root, *number))?;
        }
        Ok(())
    }

    /// Returns the last change, or `None` if none can be taken back.
    #[must_use]
    pub fn last(root: &Utf8Path) -> Option<Self> {
        let text = fs::read_to_string(file(root, *numbers(root).last()?)).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Forgets the last change.
    ///
    /// # Errors
    /// Returns an error if it cannot be removed.
    pub fn forget_last(root: &Utf8Path) -> io::Result<()> {
        match numbers(root).last() {
            Some(last) => fs::remove_file(file(root, *last)),
            None => Ok(()),
        }
    }
}

/// Returns the numbers of the changes that are kept, in order.
fn numbers(root: &Utf8Path) -> Vec<u64> {
    let entries = fs::read_dir(folder(root)).into_iter().flatten();
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut numbers: Vec<u64> = names
        .filter_map(|name| name.strip_suffix(".json")?.parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers
}

/// The name of the folder of the changes.
const FOLDER: &str = "undo";

fn folder(root: &Utf8Path) -> Utf8PathBuf {
    root.join(RESERVED).join(FOLDER)
}

fn file(root: &Utf8Path, number: u64) -> Utf8PathBuf {
    folder(root).join(format!("{number}.json"))
}
