//! Holds what is not yet, or no longer, part of the site.
//!
//! The stage is a folder inside the output, so that each move is a rename on one
//! file system. Files that go into a folder of the site have numbers for names
//! here; a folder that the site lacks is made here whole, and moves as one.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};

use super::{WriteError, mode, name};

/// The stage's name in the output.
pub const STAGE: &str = ".afterword-stage";

/// Where new folders are made in the stage.
const NEW: &str = "new";

/// The number of a file in the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot(usize);

/// The folder of files that wait; removed when dropped.
pub struct Stage {
    folder: Utf8PathBuf,
    next: AtomicUsize,
    /// The folders that were made for files below new folders.
    made: Mutex<HashSet<String>>,
}

impl Stage {
    /// Makes an empty stage in `out`.
    pub fn create(out: &Utf8Path) -> Result<Self, WriteError> {
        let folder = out.join(STAGE);
        clear(&folder).map_err(WriteError::io("remove", &folder))?;
        mode::create_private(&folder).map_err(WriteError::io("create", &folder))?;
        Ok(Self {
            folder,
            next: AtomicUsize::new(0),
            made: Mutex::default(),
        })
    }

    /// Returns the path of the stage.
    pub fn folder(&self) -> &Utf8Path {
        &self.folder
    }

    /// Gives a number that no file has yet.
    pub fn slot(&self) -> Slot {
        Slot(self.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Gives the path of the file with the number `slot`.
    pub fn path(&self, slot: Slot) -> Utf8PathBuf {
        self.folder.join(slot.0.to_string())
    }

    /// Gives the path of a file or folder that is, or lies below, a new folder.
    pub fn path_in_new(&self, path: &str) -> Utf8PathBuf {
        self.folder.join(NEW).join(path)
    }

    /// Writes a file that any user may read, whatever the process's umask is.
    ///
    /// Its bytes are not forced to the disk. What a power cut takes, the next
    /// build sees missing, for it compares contents; forcing each file would
    /// cost many times the writing.
    pub fn write(&self, slot: Slot, bytes: &[u8]) -> io::Result<()> {
        write_new(&self.path(slot), bytes).map(drop)
    }

    /// Writes the file `path` below a new folder, with the folders on its way.
    pub fn write_in_new(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.make_folders(path)?;
        write_new(&self.path_in_new(path), bytes).map(drop)
    }

    /// Writes a file and waits until the disk has it.
    ///
    /// The lists are written so: without them the next build could not tell
    /// which files are a build's. Folders are not forced: a file system with a
    /// journal keeps renames in order, and elsewhere the worst is a refusal.
    pub fn write_durably(&self, slot: Slot, bytes: &[u8]) -> io::Result<()> {
        write_new(&self.path(slot), bytes)?.sync_all()
    }

    fn make_folders(&self, path: &str) -> io::Result<()> {
        // Held throughout, so that nobody takes a folder for made before it is.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let missing: Vec<&str> = name::folders(path)
            .rev()
            .take_while(|folder| !made.contains(*folder))
            .collect();
        if made.is_empty() {
            fs::create_dir(self.folder.join(NEW))?;
        }
        for folder in missing.into_iter().rev() {
            mode::create_public(&self.path_in_new(folder))?;
            made.insert(folder.to_owned());
        }
        Ok(())
    }

    /// Removes the stage and all in it.
    pub fn remove(self) -> io::Result<()> {
        clear(&self.leave())
    }

    /// Leaves the stage for the next build to read, and gives its path.
    pub fn leave(mut self) -> Utf8PathBuf {
        std::mem::take(&mut self.folder)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if !self.folder.as_str().is_empty() {
            // A build that fails has a better error to tell; the next one tries again.
            let _ = clear(&self.folder);
        }
    }
}

/// Replaces the file at `path` by way of the folder `stage`, which exists; waits for the disk.
pub fn replace_durably(stage: &Utf8Path, path: &Utf8Path, bytes: &[u8]) -> io::Result<()> {
    // Not a number, so it meets no file that a killed build left.
    let waiting = stage.join("adopted.json");
    if let Err(e) = fs::remove_file(&waiting)
        && e.kind() != ErrorKind::NotFound
    {
        return Err(e);
    }
    write_new(&waiting, bytes)?.sync_all()?;
    fs::rename(&waiting, path)
}

/// Removes the folder `stage` and all in it, when there is one; links in it are not followed.
fn clear(stage: &Utf8Path) -> io::Result<()> {
    match fs::remove_dir_all(stage) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

fn write_new(path: &Utf8Path, bytes: &[u8]) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    mode::publish(&file)?;
    Ok(file)
}
