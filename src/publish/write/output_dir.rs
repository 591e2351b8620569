//! Holds the output folder for one build: makes it when it is missing, and locks it.
//!
//! Given up without `keep`, it leaves no folder that was not there before. The
//! lock is a file that goes away with the build. Another build may have opened
//! that file just before it went; so a lock counts only while its name still
//! leads to the file that was locked.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;

use camino::{Utf8Path, Utf8PathBuf};
use same_file::Handle;

use super::{WriteError, mode, path_state, path_state::PathState};

/// The lock's name in the output.
pub const LOCK: &str = ".afterword-lock";

/// How often a build tries again when the folder or the lock vanishes under its hands.
const ATTEMPTS: usize = 16;

/// The output folder, held by this build alone.
pub struct OutputDir {
    /// The folders that this build made on the way to the output, outermost first.
    created: Vec<Utf8PathBuf>,
    lock: Option<Lock>,
}

struct Lock {
    path: Utf8PathBuf,
    file: Handle,
}

impl OutputDir {
    /// Takes hold of `out`; fails at once when another build has it.
    pub fn take(out: &Utf8Path) -> Result<Self, WriteError> {
        let mut ground = Self {
            created: Vec::new(),
            lock: None,
        };
        for _ in 0..ATTEMPTS {
            ground.create(out)?;
            ground.lock = Lock::take(out)?;
            if ground.lock.is_some() {
                return Ok(ground);
            }
        }
        Err(WriteError::Busy {
            out: out.to_owned(),
        })
    }

    /// Lets the lock go and leaves the folders where they are.
    pub fn keep(mut self) {
        self.created.clear();
    }

    /// Lets the lock go as a killed process does: nothing is tidied.
    #[cfg(test)]
    pub fn die(mut self) {
        self.created.clear();
        let lock = self.lock.take().map(std::mem::ManuallyDrop::new);
        if let Some(lock) = lock {
            lock.file.as_file().unlock().unwrap();
        }
    }

    fn create(&mut self, out: &Utf8Path) -> Result<(), WriteError> {
        let mut missing = Vec::new();
        for folder in out.ancestors().filter(|folder| !folder.as_str().is_empty()) {
            if folder.exists() {
                break;
            }
            missing.push(folder);
        }
        for folder in missing.into_iter().rev() {
            // Only the output is ours to open to readers; the way to it follows the umask.
            let made = if folder == out {
                mode::create_public(folder)
            } else {
                fs::create_dir(folder)
            };
            match made {
                Ok(()) => self.created.push(folder.to_owned()),
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
                Err(e) => return Err(WriteError::io("create", folder)(e)),
            }
        }
        Ok(())
    }
}

impl Drop for OutputDir {
    fn drop(&mut self) {
        // The lock lies in the folder, so it goes first.
        self.lock = None;
        for folder in self.created.iter().rev() {
            // Not empty means that somebody else uses it by now.
            let _ = fs::remove_dir(folder);
        }
    }
}

impl Lock {
    /// Takes the lock of `out`; `None` when it or the folder vanished meanwhile.
    fn take(out: &Utf8Path) -> Result<Option<Self>, WriteError> {
        let path = out.join(LOCK);
        match path_state::at(&path)? {
            PathState::Nothing | PathState::File { .. } => {}
            PathState::Link => return Err(WriteError::Link { path }),
            PathState::Folder | PathState::Other => return Err(WriteError::NotOurs { path }),
        }
        let opened = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        let opened = match opened {
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(WriteError::io("create", &path))?,
        };
        Self::on(opened, path, out)
    }

    /// Locks `opened`; `None` when `path` does not lead to it any more.
    fn on(opened: File, path: Utf8PathBuf, out: &Utf8Path) -> Result<Option<Self>, WriteError> {
        let file = Handle::from_file(opened).map_err(WriteError::io("look at", &path))?;
        match file.as_file().try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(WriteError::Busy {
                    out: out.to_owned(),
                });
            }
            // Some network file systems know no locks; a build there goes without.
            Err(TryLockError::Error(e)) if e.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(e)) => return Err(WriteError::io("lock", &path)(e)),
        }
        match Handle::from_path(&path) {
            Ok(now) if now == file => Ok(Some(Self { path, file })),
            Ok(_) => Ok(None),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(WriteError::io("look at", &path)(e)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Removed while still locked: nobody else can have taken it under this name.
        let _ = fs::remove_file(&self.path);
        let _ = self.file.as_file().unlock();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_counts_only_while_its_name_leads_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let out = Utf8Path::from_path(folder.path()).unwrap();
        let path = out.join(LOCK);
        let stale = || {
            let file = File::create(&path).unwrap();
            fs::remove_file(&path).unwrap();
            file
        };
        assert!(Lock::on(stale(), path.clone(), out).unwrap().is_none());
        let old = stale();
        let other = Lock::take(out).unwrap().unwrap();
        assert!(Lock::on(old, path.clone(), out).unwrap().is_none());
        assert!(path.exists(), "the other build's lock stays");
        drop(other);
        assert!(!path.exists());
    }
}
