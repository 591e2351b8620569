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
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

use crate::source::Span;

pub mod history;
pub mod incident;
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
    pub fn acquire(directory: &Utf8Path) -> io::Result<Self> {
        let held = handle(directory)?;
        held.lock()?;
        Ok(Self { _held: held })
    }
}

#[cfg(unix)]
fn handle(directory: &Utf8Path) -> io::Result<File> {
    // A directory can be locked directly, so no lock file is needed.
    File::open(directory)
}

#[cfg(not(unix))]
fn handle(directory: &Utf8Path) -> io::Result<File> {
    fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(directory.join(".afterword-lock"))
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
    let temporary = temporary_path(path);
    let write = || -> io::Result<()> {
        let mut file = File::create(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        match fs::hard_link(&temporary, path) {
            // Some file systems have no hard links. The lock keeps other writers away.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                if fs::symlink_metadata(path).is_ok() {
                    return Err(io::ErrorKind::AlreadyExists.into());
                }
                fs::rename(&temporary, path)
            }
            done => done,
        }
    };
    let written = write();
    // After a rename it is gone already; otherwise report the error of writing, not that of the cleanup.
    let _ = fs::remove_file(&temporary);
    written
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
    let temporary = temporary_path(path);
    let permissions = fs::metadata(path)?.permissions();
    let write = || -> io::Result<()> {
        let mut file = File::create(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(permissions)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    };
    let written = write();
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn temporary_path(path: &Utf8Path) -> Utf8PathBuf {
    let name = path.file_name().unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.new", std::process::id()))
}
