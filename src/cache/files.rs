//! The content of files, known by their size, times and inode.

use std::collections::HashMap;
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Digest;

/// The time, in nanoseconds, within which two changes may have the same timestamp.
const FINE: i64 = 20_000_000;

/// The same where it counts whole seconds, or every other one.
const COARSE: i64 = 2_000_000_000;

/// The metadata that changes when a file does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    size: u64,
    /// In nanoseconds since 1970.
    modified: i64,
    changed: i64,
    inode: u64,
}

impl Stamp {
    /// Returns the stamp of a file.
    #[cfg(unix)]
    #[must_use]
    pub fn new(found: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        let nanoseconds =
            |seconds: i64, rest: i64| seconds.saturating_mul(1_000_000_000).saturating_add(rest);
        Self {
            size: found.len(),
            modified: nanoseconds(found.mtime(), found.mtime_nsec()),
            changed: nanoseconds(found.ctime(), found.ctime_nsec()),
            inode: found.ino(),
        }
    }

    /// Returns the stamp of a file.
    #[cfg(not(unix))]
    #[must_use]
    pub fn new(found: &Metadata) -> Self {
        let since = |time: std::io::Result<std::time::SystemTime>| {
            let since = time.ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
            i64::try_from(since.as_nanos()).ok()
        };
        Self {
            size: found.len(),
            modified: since(found.modified()).unwrap_or(i64::MAX),
            changed: since(found.created()).unwrap_or(0),
            inode: 0,
        }
    }

    /// Returns when the file last changed in any way: programs set the time of modification, but not that of change.
    fn last_change(&self) -> i64 {
        if cfg!(unix) {
            self.changed
        } else {
            self.modified
        }
    }

    /// Returns the stamp of a file that was written before a time; `None` if it was written later, or is gone.
    ///
    /// So a change that somebody else makes meanwhile is not taken for what was there before.
    #[must_use]
    pub fn before(path: &Utf8Path, time: i64) -> Option<Self> {
        let found = fs::symlink_metadata(path).ok()?;
        let stamp = found.is_file().then(|| Self::new(&found))?;
        (stamp.modified < oldest_new(time)).then_some(stamp)
    }

    /// Returns when the content changed, in nanoseconds since 1970.
    #[must_use]
    pub fn modified(&self) -> i64 {
        self.modified
    }
}

/// A file that an earlier run saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KnownFile {
    /// Its path, from the folder of the table on.
    pub path: Utf8PathBuf,
    /// The metadata; `None` if the file was too new to be identified by it.
    pub stamp: Option<Stamp>,
    /// Its content.
    pub digest: Digest,
}

impl KnownFile {
    /// Reads a file of a folder; it is known by its stamp if it was written before a time.
    #[must_use]
    pub fn read(folder: &Utf8Path, path: Utf8PathBuf, time: Option<i64>) -> Option<Self> {
        let whole = folder.join(&path);
        Some(Self {
            stamp: time.and_then(|time| Stamp::before(&whole, time)),
            digest: content(&whole)?,
            path,
        })
    }
}

/// A regular file as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileState {
    /// Its content.
    pub digest: Digest,
    /// Whether it may change again without a new time.
    pub is_new: bool,
}

/// The content of the files of a folder.
#[derive(Debug)]
pub struct FileTable {
    root: Utf8PathBuf,
    known: HashMap<Utf8PathBuf, (Option<Stamp>, Digest)>,
    /// Files from this time on are new.
    since: i64,
    /// The files that were asked for in this run; `None` if there is none of that path.
    seen: Mutex<HashMap<Utf8PathBuf, Option<(Stamp, FileState)>>>,
    /// Whether a file was read to know its content.
    has_read: AtomicBool,
    /// Whether each folder is one, with no link on the way.
    folders: Mutex<HashMap<Utf8PathBuf, bool>>,
}

impl FileTable {
    /// Creates the table of a folder's files; `known` comes from an earlier run, and `since` is when this one began.
    #[must_use]
    pub fn new(root: &Utf8Path, known: Vec<KnownFile>, since: i64) -> Self {
        let known = known.into_iter();
        Self {
            root: root.to_owned(),
            known: known
                .map(|file| (file.path, (file.stamp, file.digest)))
                .collect(),
            since: oldest_new(since),
            seen: Mutex::default(),
            has_read: AtomicBool::new(false),
            folders: Mutex::default(),
        }
    }

    /// Returns the state of a file; `None` if there is no regular file, or it is reached through a symbolic link.
    ///
    /// The same in the whole run, whatever happens to the file meanwhile.
    #[must_use]
    pub fn state(&self, path: &Utf8Path) -> Option<FileState> {
        if let Some(seen) = lock(&self.seen).get(path) {
            return seen.map(|(_, state)| state);
        }
        let seen = self.look(path).map(|(stamp, digest)| {
            let is_new = stamp.last_change() >= self.since;
            (stamp, FileState { digest, is_new })
        });
        let mut all = lock(&self.seen);
        let seen = all.entry(path.to_owned()).or_insert(seen);
        seen.map(|(_, state)| state)
    }

    /// Returns `true` if every requested file is unchanged, and none is too new to be sure.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let seen = lock(&self.seen);
        let all: Vec<_> = seen.iter().collect();
        all.par_iter().all(|(path, seen)| {
            let now = fs::symlink_metadata(self.root.join(path)).ok();
            let now = now
                .filter(Metadata::is_file)
                .map(|found| Stamp::new(&found));
            match seen {
                Some((stamp, state)) => now == Some(*stamp) && !state.is_new,
                // A symbolic link may lead to one. Check again, because a folder may have been created meanwhile.
                None => {
                    now.is_none() || !path.ancestors().skip(1).all(|above| self.is_folder(above))
                }
            }
        })
    }

    /// Returns a file that still is what an earlier run knew of it, by its stamp, or by its content otherwise.
    #[must_use]
    pub fn unchanged(&self, path: &Utf8Path) -> Option<KnownFile> {
        let known = self.known(path)?;
        let (stamp, digest) = self.look(path)?;
        (digest == known).then(|| KnownFile {
            path: path.to_owned(),
            stamp: (stamp.modified < self.since).then_some(stamp),
            digest,
        })
    }

    /// Returns the content that an earlier run knew of a file.
    #[must_use]
    pub fn known(&self, path: &Utf8Path) -> Option<Digest> {
        self.known.get(path).map(|(_, digest)| *digest)
    }

    /// Returns whether any file had to be read, because nothing was known of it or its stamp is another one.
    #[must_use]
    pub fn has_read(&self) -> bool {
        self.has_read.load(Ordering::Relaxed)
    }

    /// Forgets the stamps, so that every file is read.
    pub fn distrust(&mut self) {
        for (stamp, _) in self.known.values_mut() {
            *stamp = None;
        }
    }

    /// Lists the files whose state was asked for, for the next run.
    #[must_use]
    pub fn into_known(self) -> Vec<KnownFile> {
        let seen = self
            .seen
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let mut known: Vec<KnownFile> = seen
            .into_iter()
            .filter_map(|(path, seen)| {
                let (stamp, state) = seen?;
                Some(KnownFile {
                    path,
                    stamp: (!state.is_new).then_some(stamp),
                    digest: state.digest,
                })
            })
            .collect();
        known.sort_by(|left, right| left.path.cmp(&right.path));
        known
    }

    fn look(&self, path: &Utf8Path) -> Option<(Stamp, Digest)> {
        if !self.is_reached(path.parent()?) {
            return None;
        }
        let whole = self.root.join(path);
        let found = fs::symlink_metadata(&whole).ok()?;
        if !found.is_file() {
            return None;
        }
        let stamp = Stamp::new(&found);
        match self.known.get(path) {
            Some((Some(known), digest)) if *known == stamp => Some((stamp, *digest)),
            _ => {
                self.has_read.store(true, Ordering::Relaxed);
                Some((stamp, content(&whole)?))
            }
        }
    }

    fn is_folder(&self, folder: &Utf8Path) -> bool {
        folder.as_str().is_empty()
            || fs::symlink_metadata(self.root.join(folder)).is_ok_and(|found| found.is_dir())
    }

    fn is_reached(&self, folder: &Utf8Path) -> bool {
        if folder.as_str().is_empty() {
            return true;
        }
        if let Some(is_reached) = lock(&self.folders).get(folder) {
            return *is_reached;
        }
        let above = folder.parent().unwrap_or(Utf8Path::new(""));
        let is_reached = self.is_reached(above) && self.is_folder(folder);
        lock(&self.folders).insert(folder.to_owned(), is_reached);
        is_reached
    }
}

/// Returns the time from which on a file is as new as `since`.
fn oldest_new(since: i64) -> i64 {
    let is_coarse = since % 1_000_000_000 == 0;
    since.saturating_sub(if is_coarse { COARSE } else { FINE })
}

fn content(path: &Utf8Path) -> Option<Digest> {
    let mut file = File::open(path).ok()?;
    let mut hasher = super::Hasher(Sha256::new());
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Some(hasher.finish()),
            Ok(length) => hasher.0.update(buffer.get(..length)?),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
