//! Turns the staged files into the site, by steps that can each be undone.
//!
//! The steps are data, so that a test can stop after any of them, as a kill does, or let any of them fail.

use std::fs;
use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};

use super::manifest::MANIFEST;
use super::{WriteError, entry};

/// One change on the disk.
#[derive(Debug)]
pub enum Step {
    /// Creates a folder if it is missing.
    Create(Utf8PathBuf),
    /// Removes a folder if it is empty.
    Prune(Utf8PathBuf),
    /// Moves an old file into the stage: path, backup.
    Remove(Utf8PathBuf, Utf8PathBuf),
    /// Moves a staged file or folder to a path where nothing is: staged, path.
    Place(Utf8PathBuf, Utf8PathBuf),
    /// Moves a staged file over an old one, which stays in the stage: staged, path, backup.
    Replace(Utf8PathBuf, Utf8PathBuf, Utf8PathBuf),
    /// Reverts a change of a path by a move: path, from, to.
    Revert(Utf8PathBuf, Utf8PathBuf, Utf8PathBuf),
}

/// Performs the steps in order; after an error, the output is as it was.
pub fn perform(steps: Vec<Step>) -> Result<(), WriteError> {
    let mut done = Vec::new();
    for step in steps {
        match step.perform() {
            Ok(revert) => done.extend(revert),
            Err(cause) => return Err(undo(done, cause)),
        }
    }
    Ok(())
}

/// Reverts steps even if one of them cannot be reverted, and returns the error to report.
pub fn undo(done: Vec<Step>, cause: WriteError) -> WriteError {
    let mut failed = None;
    for revert in done.into_iter().rev() {
        // Files that the old manifest lacks may still be there.
        let is_manifest = matches!(&revert, Step::Revert(path, ..) if path.ends_with(MANIFEST));
        if failed.is_some() && is_manifest {
            continue;
        }
        failed = failed.or(revert.perform().err());
    }
    match failed {
        None => cause,
        Some(error) => WriteError::NotRestored(Box::new((cause, error))),
    }
}

impl Step {
    /// Performs the step, and returns the step that reverts it.
    pub fn perform(self) -> Result<Option<Self>, WriteError> {
        match self {
            Self::Create(folder) => match entry::create_folder(&folder, 0o755) {
                Ok(()) => Ok(Some(Self::Prune(folder))),
                Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(None),
                Err(e) => Err(WriteError::io("create", &folder)(e)),
            },
            // A folder that cannot be removed is in use.
            Self::Prune(folder) => Ok(fs::remove_dir(&folder).ok().map(|()| Self::Create(folder))),
            Self::Remove(path, backup) => match fs::rename(&path, &backup) {
                Ok(()) => Ok(Some(Self::Revert(path.clone(), backup, path))),
                // It was removed under another name, if the output ignores case.
                Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
                Err(e) => Err(WriteError::io("remove", &path)(e)),
            },
            Self::Place(staged, path) => {
                check_free(&path)?;
                fs::rename(&staged, &path).map_err(WriteError::io("write", &path))?;
                Ok(Some(Self::Revert(path.clone(), path, staged)))
            }
            Self::Replace(staged, path, _) if entry::own_file(&path)?.is_none() => {
                Self::Place(staged, path).perform()
            }
            Self::Replace(staged, path, backup) => {
                // Not every file system has hard links.
                fs::hard_link(&path, &backup)
                    .or_else(|_| fs::copy(&path, &backup).map(drop))
                    .and_then(|()| fs::rename(staged, &path))
                    .map_err(WriteError::io("write", &path))?;
                Ok(Some(Self::Revert(path.clone(), backup, path)))
            }
            Self::Revert(path, from, to) => {
                fs::rename(from, to).map_err(WriteError::io("restore", &path))?;
                Ok(None)
            }
        }
    }
}

fn check_free(path: &Utf8Path) -> Result<(), WriteError> {
    let Some(found) = entry::metadata(path)? else {
        return Ok(());
    };
    // Old files were removed, so whatever is left in a folder is someone else's.
    let inside = path.read_dir_utf8().ok().filter(|_| found.is_dir());
    let foreign = inside.and_then(|mut entries| Some(entries.next()?.ok()?.into_path()));
    Err(WriteError::not_ours(foreign.unwrap_or(path.to_owned())))
}
