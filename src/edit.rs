//! The one writer of users' files: whole files, new ones never over old ones, one writer at a time.
//!
//! A change goes into a file beside the old one that then takes its name, so a
//! reader sees the old file or the new one and a full disk loses nothing. A lock
//! on the folder makes writers wait for each other.

#![expect(clippy::disallowed_methods, reason = "the one writer of users' files")]

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};

use camino::{Utf8Path, Utf8PathBuf};

pub mod timeline;

/// A folder that only one writer may change; let go when it is dropped.
#[derive(Debug)]
pub struct Lock {
    _held: File,
}

impl Lock {
    /// Waits until no other writer holds the folder, and takes it.
    ///
    /// # Errors
    /// What the system says.
    pub fn acquire(folder: &Utf8Path) -> io::Result<Self> {
        let held = handle(folder)?;
        held.lock()?;
        Ok(Self { _held: held })
    }
}

#[cfg(unix)]
fn handle(folder: &Utf8Path) -> io::Result<File> {
    // A folder can be locked by itself, so no file is left behind.
    File::open(folder)
}

#[cfg(not(unix))]
fn handle(folder: &Utf8Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(".afterword-lock"))
}

/// Makes a new file, with the folders it lies in.
///
/// # Errors
/// There is a file of that name, or what the system says; nothing is left of a file half written.
pub fn create(path: &Utf8Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = file
        .write_all(text.as_bytes())
        .and_then(|()| file.sync_all());
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(path);
    }
    written
}

/// Puts a new text in the place of a file's old one.
///
/// # Errors
/// What the system says; the old file is then as it was.
pub fn replace(path: &Utf8Path, text: &str) -> io::Result<()> {
    let beside = beside(path);
    let permissions = fs::metadata(path)?.permissions();
    let write = || -> io::Result<()> {
        let mut file = File::create(&beside)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(permissions)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    let written = write();
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

fn beside(path: &Utf8Path) -> Utf8PathBuf {
    let name = path.file_name().unwrap_or_default();
    path.with_file_name(format!(".{name}.{}.new", std::process::id()))
}
