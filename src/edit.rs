//! Prints and writes users' files: one writer at a time, complete files only, no accidental overwriting.
//!
//! A changed file is written under a temporary name in the same directory and then renamed, so
//! that a reader sees either the old or the new file and a full disk loses nothing. A lock on
//! the directory serializes writers.

#![expect(
    clippy::disallowed_methods,
    reason = "the only module that writes users' files"
)]

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

use crate::cache::RESERVED;
use crate::source::Span;

pub mod history;
pub mod incident;
pub mod join;
pub mod timeline;
pub mod toml;

/// An exclusive lock on a directory; dropping it releases the lock.
#[derive(Debug)]
pub struct Lock {
    _held: File,
}

impl Lock {
    /// Waits until no other writer holds the lock, then acquires it.
    ///
    /// # Errors
    /// Returns an error if the directory cannot be opened or locked.
    pub fn acquire(directory: &Utf8Path) -> Result<Self, LockError> {
        Self::acquire_by(directory, File::lock)
    }

    fn acquire_by(
        directory: &Utf8Path,
        lock: impl Fn(&File) -> io::Result<()>,
    ) -> Result<Self, LockError> {
        // A directory can be locked directly on most systems. NFS locks only what is open for writing.
        if let Ok(held) = File::open(directory)
            && lock(&held).is_ok()
        {
            return Ok(Self { _held: held });
        }
        let held = lock_file(directory).map_err(LockError::Open)?;
        lock(&held).map_err(LockError::Lock)?;
        Ok(Self { _held: held })
    }
}

/// The reason why a directory cannot be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// The directory, or the file that is locked in its place, cannot be opened.
    #[error("it cannot be opened")]
    Open(#[source] io::Error),
    /// Its file system has no locks.
    #[error(
        "its file system has no locks; keep the archive on a local disk, and share it with git"
    )]
    Lock(#[source] io::Error),
}

/// Opens the file that is locked if the directory of an archive cannot be.
fn lock_file(directory: &Utf8Path) -> io::Result<File> {
    fs::metadata(directory)?;
    fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(ignored_folder(directory, "lock")?.join("writer"))
}

/// Returns a folder of an archive that git ignores, and creates it if it is missing.
///
/// # Errors
/// Returns an error if it cannot be created.
fn ignored_folder(root: &Utf8Path, name: &str) -> io::Result<Utf8PathBuf> {
    let folder = root.join(RESERVED).join(name);
    fs::create_dir_all(&folder)?;
    let ignore = folder.join(".gitignore");
    if fs::symlink_metadata(&ignore).is_err() {
        fs::write(&ignore, "*\n")?;
    }
    Ok(folder)
}

/// Creates a file for a text that the user edits, which nobody else can read or replace.
///
/// # Errors
/// Returns an error if it cannot be created.
pub fn draft(root: &Utf8Path, name: &str, text: &str) -> io::Result<Utf8PathBuf> {
    let random = RandomState::new().hash_one(text);
    let path = ignored_folder(root, "drafts")?.join(format!("{name}-{random:016x}.txt"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&path)?.write_all(text.as_bytes())?;
    Ok(path)
}

/// Replaces a span of a text as [`Source`](crate::source::Source) has it, in the text as it is in the file.
///
/// What is new gets the line endings of the lines around it. `None` if the text has no such span.
#[must_use]
pub fn spliced(text: &str, span: Span, new: &str) -> Option<String> {
    let before = text.get(..in_file(text, span.start)?)?;
    let after = text.get(in_file(text, span.end)?..)?;
    let line_end = match (before.rfind('\n'), after.find('\n')) {
        (Some(at), _) => before.get(..at),
        (None, Some(at)) => after.get(..at),
        (None, None) => None,
    };
    if line_end.is_some_and(|line| line.ends_with('\r')) {
        Some(format!("{before}{}{after}", new.replace('\n', "\r\n")))
    } else {
        Some(format!("{before}{new}{after}"))
    }
}

/// Returns the offset in a file of an offset in its text with LF line endings and without a byte order mark.
fn in_file(text: &str, offset: usize) -> Option<usize> {
    let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut bytes = text.bytes().enumerate().skip(mark).peekable();
    for _ in 0..offset {
        let (_, byte) = bytes.next()?;
        if byte == b'\r' {
            bytes.next_if(|(_, next)| *next == b'\n');
        }
    }
    Some(bytes.peek().map_or(text.len(), |(at, _)| *at))
}

/// Creates a new file and its parent directories.
///
/// The file has its whole text as soon as it has its name, so that a reader never sees a part of it.
///
/// # Errors
/// Returns an error if the file exists or cannot be written; nothing is left of it then.
pub fn create(path: &Utf8Path, text: &str) -> io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    written_aside(path, text, |file, temporary| {
        file.sync_all()?;
        match fs::hard_link(temporary, path) {
            // Some file systems have no hard links. The lock keeps other writers away.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                if fs::symlink_metadata(path).is_ok() {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                fs::rename(temporary, path)
            }
            done => done,
        }
    })
}

/// Removes a file, and its folder if nothing else is in it and it held only entries of a timeline.
///
/// # Errors
/// Returns an error if the file cannot be removed.
pub fn remove(path: &Utf8Path) -> io::Result<()> {
    fs::remove_file(path)?;
    if let Some(folder) = path
        .parent()
        .filter(|folder| folder.extension() == Some("d"))
    {
        // The folder still holds other files, or is used by another program: both are as good.
        let _ = fs::remove_dir(folder);
    }
    Ok(())
}

/// Replaces the text of a file.
///
/// # Errors
/// Returns an error if the file cannot be replaced; its old text is then unchanged.
pub fn replace(path: &Utf8Path, text: &str) -> io::Result<()> {
    let permissions = fs::metadata(path)?.permissions();
    written_aside(path, text, |file, temporary| {
        file.set_permissions(permissions)?;
        file.sync_all()?;
        fs::rename(temporary, path)
    })
}

/// Writes a text under a temporary name in the same directory, and lets `place` give it the right one.
fn written_aside(
    path: &Utf8Path,
    text: &str,
    place: impl FnOnce(&File, &Utf8Path) -> io::Result<()>,
) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default();
    let temporary = path.with_file_name(format!(".{name}.{}{TEMPORARY}", std::process::id()));
    let write = || {
        let mut file = File::create(&temporary)?;
        file.write_all(text.as_bytes())?;
        place(&file, &temporary)
    };
    let written = write();
    // After a rename it is gone already; otherwise report the error of writing, not that of the cleanup.
    let _ = fs::remove_file(&temporary);
    written
}

/// The ending of the names of temporary files; no file of an archive has it.
const TEMPORARY: &str = ".new";

/// Removes the temporary files that a killed program has left in the directory of a file of an archive.
///
/// The lock on the archive keeps other writers away, so none of them is in use.
fn remove_leftovers(path: &Utf8Path) {
    let directory = path.parent().map(Utf8Path::read_dir_utf8);
    let entries = directory.into_iter().flatten().flatten().flatten();
    for entry in entries.filter(|entry| is_temporary(entry.file_name())) {
        // A leftover is in nobody's way; the new text matters.
        let _ = fs::remove_file(entry.path());
    }
}

/// Returns `true` for `.NAME.PID.new`, in which `PID` is a number.
fn is_temporary(name: &str) -> bool {
    let inner = name
        .strip_prefix('.')
        .and_then(|name| name.strip_suffix(TEMPORARY));
    let process = inner.and_then(|inner| inner.rsplit_once('.'));
    process.is_some_and(|(_, process)| process.parse::<u32>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = Utf8PathBuf::from_path_buf(folder.path().to_owned()).expect("UTF-8");
        (folder, path)
    }

    #[test]
    fn a_file_is_locked_where_a_directory_cannot_be() {
        let (_folder, root) = folder();
        let files_only = |held: &File| {
            if held.metadata()?.is_dir() {
                return Err(io::Error::from_raw_os_error(9));
            }
            held.lock()
        };
        let first = Lock::acquire_by(&root, files_only).expect("a lock");
        let try_lock = |held: &File| {
            if held.metadata()?.is_dir() {
                return Err(io::Error::from_raw_os_error(9));
            }
            held.try_lock().map_err(io::Error::from)
        };
        Lock::acquire_by(&root, try_lock).expect_err("it is held");
        drop(first);
        Lock::acquire_by(&root, try_lock).expect("a lock");
        let ignored = fs::read_to_string(root.join(".afterword/lock/.gitignore"));
        assert_eq!(ignored.expect("it is there"), "*\n");
    }

    #[test]
    fn a_file_system_without_locks_is_named() {
        let (_folder, root) = folder();
        let none = |_: &File| Err(io::Error::from_raw_os_error(37));
        let error = Lock::acquire_by(&root, none).expect_err("no locks");
        assert!(
            error
                .to_string()
                .contains("keep the archive on a local disk"),
            "{error}"
        );
        let missing = Lock::acquire(&root.join("nowhere")).expect_err("not there");
        assert!(matches!(missing, LockError::Open(_)), "{missing}");
        assert!(!root.join("nowhere").exists());
    }
}
