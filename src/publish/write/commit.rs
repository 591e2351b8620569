//! Turns the waiting files into the site, by steps that can each be undone.
//!
//! The steps are data, so that a test can stop after any of them, as a kill does,
//! or let any of them fail.

use std::fs::{self, Permissions};
use std::io::{self, ErrorKind};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use super::manifest::{MANIFEST, PENDING};
use super::path_state::{self, PathState};
use super::plan::plan;
use super::stage::{STAGE, Slot};
use super::{WriteError, Writer, Written, mode};

/// One change on the disk; paths lead from the output on.
#[derive(Debug)]
pub enum Step {
    /// Brings a list of files to the disk, in the stage.
    Prepare(Slot, Arc<Vec<u8>>),
    /// Makes a prepared list the one of the files that are about to appear.
    Announce(Slot),
    /// Moves a file that the site no longer has into the stage.
    Aside(String, Slot),
    /// Removes a folder if it is empty.
    Prune(String),
    /// Makes a folder if it is missing.
    Folder(String),
    /// Moves a waiting file to a place where nothing stands.
    Appear(String, Slot),
    /// Moves a whole waiting folder to a place where nothing stands.
    AppearWhole(String),
    /// Moves a waiting file over an old one, which lives on under the second slot.
    Replace(String, Slot, Slot),
    /// Makes a prepared list the one of the site; the old one lives on under the second slot.
    List(Slot, Slot),
}

/// What takes one step back.
#[derive(Debug)]
enum Undo {
    Rename { from: Utf8PathBuf, to: Utf8PathBuf },
    RemoveFolder(Utf8PathBuf),
    CreateFolder(Utf8PathBuf, Permissions),
}

/// Carries out all steps, and looks at the result while the folder is held; after an error, the site is as it was.
pub fn commit<T>(writer: Writer, look: impl FnOnce() -> T) -> Result<(Written, T), WriteError> {
    let (steps, written) = plan(&writer)?;
    let result = perform(&writer, &steps).map(|()| look());
    let (result, seen) = match result {
        Ok(seen) => (Ok(()), Some(seen)),
        Err(error) => (Err(error), None),
    };
    finish(writer, result)?;
    // Without an error there is always one.
    seen.map(|seen| (written, seen))
        .ok_or(WriteError::Incomplete {
            path: MANIFEST.to_owned(),
        })
}

/// Tidies up after the steps.
pub fn finish(writer: Writer, result: Result<(), WriteError>) -> Result<(), WriteError> {
    match result {
        Ok(()) => {
            let path = writer.out.join(STAGE);
            let removed = writer.stage.remove();
            writer.ground.keep();
            removed.map_err(|reason| WriteError::LeftOver { path, reason })
        }
        Err(error) => {
            if let WriteError::NotPutBack { .. } = error {
                // The announced names stay for the next build, as after a kill.
                writer.stage.leave();
                writer.ground.keep();
            }
            Err(error)
        }
    }
}

/// Carries out `steps` in order; after an error it takes back those that were done.
pub fn perform(writer: &Writer, steps: &[Step]) -> Result<(), WriteError> {
    let mut done = Vec::new();
    for step in steps {
        match step.perform(writer) {
            Ok(undo) => done.extend(undo),
            Err(cause) => return Err(take_back(done, cause)),
        }
    }
    Ok(())
}

/// Takes all steps back, even when one of them cannot be, and gives the error to tell.
fn take_back(done: Vec<Undo>, cause: WriteError) -> WriteError {
    let mut first = None;
    for undo in done.into_iter().rev() {
        if let Err((path, reason)) = undo.perform() {
            first.get_or_insert((path, reason));
        }
    }
    match first {
        None => cause,
        Some((path, reason)) => WriteError::NotPutBack {
            cause: Box::new(cause),
            path,
            reason,
        },
    }
}

impl Step {
    fn perform(&self, writer: &Writer) -> Result<Option<Undo>, WriteError> {
        let stage = &writer.stage;
        match self {
            Self::Prepare(slot, bytes) => {
                let path = writer.out.join(MANIFEST);
                stage
                    .write_durably(*slot, bytes)
                    .map_err(WriteError::io("write", &path))?;
                Ok(None)
            }
            Self::Announce(slot) => {
                let path = writer.out.join(STAGE).join(PENDING);
                rename(&stage.path(*slot), &path).map(|_| None)
            }
            Self::List(slot, old) => {
                let path = writer.out.join(MANIFEST);
                match path_state::at(&path)? {
                    PathState::Nothing => rename(&stage.path(*slot), &path),
                    _ => replace(&stage.path(*slot), path, stage.path(*old)),
                }
                .map(Some)
            }
            Self::Aside(path, slot) => {
                let (path, aside) = (writer.out.join(path), stage.path(*slot));
                match fs::rename(&path, &aside) {
                    Ok(()) => Ok(Some(Undo::Rename {
                        from: aside,
                        to: path,
                    })),
                    // Gone under another name, where the system does not tell case apart.
                    Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
                    Err(e) => Err(WriteError::io("remove", &path)(e)),
                }
            }
            Self::Appear(path, slot) => {
                let path = writer.out.join(path);
                rename(&stage.path(*slot), &path).map(Some)
            }
            Self::AppearWhole(folder) => {
                let path = writer.out.join(folder);
                rename(&stage.path_in_new(folder), &path).map(Some)
            }
            Self::Replace(path, slot, old) => {
                replace(&stage.path(*slot), writer.out.join(path), stage.path(*old)).map(Some)
            }
            Self::Folder(folder) => create_folder(&writer.out.join(folder)),
            Self::Prune(folder) => prune(&writer.out.join(folder)),
        }
    }
}

impl Undo {
    fn perform(self) -> Result<(), (Utf8PathBuf, io::Error)> {
        let (result, path) = match self {
            Self::Rename { from, to } => (fs::rename(&from, &to), to),
            Self::RemoveFolder(path) => (fs::remove_dir(&path), path),
            Self::CreateFolder(path, permissions) => {
                let made = fs::create_dir(&path);
                (
                    made.and_then(|()| fs::set_permissions(&path, permissions)),
                    path,
                )
            }
        };
        result.map_err(|reason| (path, reason))
    }
}

/// Moves what waits at `from` to its place.
fn rename(from: &Utf8Path, path: &Utf8Path) -> Result<Undo, WriteError> {
    fs::rename(from, path).map_err(WriteError::io("write", path))?;
    Ok(Undo::Rename {
        from: path.to_owned(),
        to: from.to_owned(),
    })
}

/// Replaces the file at `path`, and lets the old one live on at `old`.
fn replace(from: &Utf8Path, path: Utf8PathBuf, old: Utf8PathBuf) -> Result<Undo, WriteError> {
    // Not every file system has second names for a file.
    fs::hard_link(&path, &old)
        .or_else(|_| fs::copy(&path, &old).map(drop))
        .map_err(WriteError::io("back up", &path))?;
    rename(from, &path)?;
    Ok(Undo::Rename {
        from: old,
        to: path,
    })
}

fn create_folder(folder: &Utf8Path) -> Result<Option<Undo>, WriteError> {
    match mode::create_public(folder) {
        Ok(()) => Ok(Some(Undo::RemoveFolder(folder.to_owned()))),
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(None),
        Err(e) => Err(WriteError::io("create", folder)(e)),
    }
}

fn prune(folder: &Utf8Path) -> Result<Option<Undo>, WriteError> {
    let permissions = match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => found.permissions(),
        Ok(_) => return Ok(None),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        Err(e) => return Err(WriteError::io("look at", folder)(e)),
    };
    match fs::remove_dir(folder) {
        Ok(()) => Ok(Some(Undo::CreateFolder(folder.to_owned(), permissions))),
        // Somebody keeps something there, or has mounted it.
        Err(e) if stays(e.kind()) => Ok(None),
        Err(e) => Err(WriteError::io("remove", folder)(e)),
    }
}

fn stays(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::DirectoryNotEmpty | ErrorKind::ResourceBusy | ErrorKind::NotFound
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_put_back_is_named_beside_the_cause_and_the_rest_is_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let folder = Utf8Path::from_path(folder.path()).unwrap();
        fs::write(folder.join("b"), "").unwrap();
        let done = ["b", "lost"].map(|name| Undo::Rename {
            from: folder.join(name),
            to: folder.join(format!("{name}-back")),
        });
        let cause = WriteError::io("write", Utf8Path::new("site/x"))(io::Error::other("full"));
        let message = take_back(done.into(), cause).to_string();
        for part in [
            "cannot write `site/x`: full; `",
            "lost-back` could not be put back: ",
        ] {
            assert!(message.contains(part), "{message}");
        }
        assert!(folder.join("b-back").exists());
    }
}
