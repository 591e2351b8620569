//! Turns the staged files into the site, by steps that can each be undone.
//!
//! The steps are data, so that a test can stop after any of them, as a kill does, or let any of them fail.

use std::fs;
use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};

use super::manifest::MANIFEST;
use super::{WriteError, Writer, entry};
use crate::cache::locked;

/// One change on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Creates a folder if it is missing.
    Create(Part),
    /// Removes a folder if it is empty.
    Prune(Part),
    /// Moves an old file into the stage.
    Remove(Part),
    /// Moves a staged file or folder to a path where nothing is.
    Place(Part),
    /// Moves a staged file over an old one, which stays in the stage.
    Replace(Part),
    /// Moves the staged manifest of this name over the old one.
    List(&'static str),
}

/// The beginning of a path: a file, or one of the folders that it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// The number of the file.
    pub file: u32,
    /// The length in bytes.
    pub length: u32,
}

/// Performs the steps in order; after an error, the output is as it was.
pub fn perform(writer: &Writer, steps: Vec<Step>) -> Result<(), WriteError> {
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        match step.perform(writer) {
            Ok(true) => done.push(step),
            Ok(false) => {}
            Err(cause) => return Err(undo(writer, done, cause)),
        }
    }
    Ok(())
}

/// Reverts steps even if one of them cannot be reverted, and returns the error to report.
pub fn undo(writer: &Writer, done: Vec<Step>, cause: WriteError) -> WriteError {
    let mut failed = None;
    for step in done.into_iter().rev() {
        // Files that the old manifest lacks may still be there.
        if failed.is_some() && matches!(step, Step::List(_)) {
            continue;
        }
        failed = failed.or(step.revert(writer).err());
    }
    match failed {
        None => cause,
        Some(error) => WriteError::NotRestored(Box::new((cause, error))),
    }
}

impl Step {
    /// Performs the step; returns whether it changed anything.
    pub fn perform(self, writer: &Writer) -> Result<bool, WriteError> {
        let [path, staged, backup] = self.places(writer);
        let is_new = match self {
            Self::Replace(_) | Self::List(_) => entry::own_file(&path)?.is_none(),
            _ => true,
        };
        let done = match self {
            Self::Create(_) => entry::create_folder(&path, 0o755),
            // A folder that cannot be removed is in use.
            Self::Prune(_) => return Ok(fs::remove_dir(path).is_ok()),
            Self::Remove(_) => fs::rename(&path, backup),
            _ if is_new => {
                check_free(&path)?;
                fs::rename(staged, &path)
            }
            // Not every file system has hard links.
            _ => fs::hard_link(&path, &backup)
                .or_else(|_| fs::copy(&path, &backup).map(drop))
                .and_then(|()| fs::rename(staged, &path)),
        };
        match (self, done) {
            (_, Ok(())) => Ok(true),
            (Self::Create(_), Err(e)) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
            // It was removed under another name, if the output ignores case.
            (Self::Remove(_), Err(e)) if e.kind() == ErrorKind::NotFound => Ok(false),
            (Self::Create(_), Err(e)) => Err(WriteError::io("create", &path)(e)),
            (Self::Remove(_), Err(e)) => Err(WriteError::io("remove", &path)(e)),
            (_, Err(e)) => Err(WriteError::io("write", &path)(e)),
        }
    }

    /// Reverts the step.
    fn revert(self, writer: &Writer) -> Result<(), WriteError> {
        let [path, staged, backup] = self.places(writer);
        let done = match self {
            Self::Create(_) => fs::remove_dir(&path).or(Ok(())),
            Self::Prune(_) => entry::create_folder(&path, 0o755).or_else(|e| match e.kind() {
                ErrorKind::AlreadyExists => Ok(()),
                _ => Err(e),
            }),
            _ if entry::metadata(&backup)?.is_some() => fs::rename(backup, &path),
            _ => fs::rename(&path, staged),
        };
        done.map_err(WriteError::io("restore", &path))
    }

    /// Returns the path that the step changes, and those in the stage of the new and of the old file.
    fn places(self, writer: &Writer) -> [Utf8PathBuf; 3] {
        let output = &writer.output;
        match self {
            Self::List(name) => {
                let staged = output.stage().join(name);
                let backup = output.stage().join(format!("{name}-old"));
                [output.path(MANIFEST), staged, backup]
            }
            Self::Create(part)
            | Self::Prune(part)
            | Self::Remove(part)
            | Self::Place(part)
            | Self::Replace(part) => {
                let names = locked(&writer.names);
                let path = names.get(part.file).get(..part.length as usize);
                let path = path.unwrap_or_default();
                // A file has one step at most that leaves a backup.
                [
                    output.path(path),
                    output.staged(path),
                    output.backup(part.file),
                ]
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
