//! The content of files, known by their size, times and inode.

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File, Metadata};
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::paths::index;
use super::{Digest, Hasher, Paths, locked};

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

/// The content of a file that an earlier run saw.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownFile {
    /// The metadata; `None` if the file was too new to be identified by it.
    pub stamp: Option<Stamp>,
    /// Its content.
    pub digest: Digest,
}

impl KnownFile {
    /// Reads a file; it is known by its stamp if it was written before a time.
    #[must_use]
    pub fn read(path: &Utf8Path, time: Option<i64>) -> Option<Self> {
        Some(Self {
            stamp: time.and_then(|time| Stamp::before(path, time)),
            digest: content(path)?,
        })
    }

    /// Returns the file as it is now, if it still has the same content, by its stamp or by reading it; it is known by its
    /// stamp if it was written before `time`.
    #[must_use]
    pub fn unchanged(&self, path: &Utf8Path, found: &Metadata, time: i64) -> Option<Self> {
        let stamp = Stamp::new(found);
        let is_same = self.stamp == Some(stamp) || content(path)? == self.digest;
        is_same.then(|| Self {
            stamp: (stamp.modified < oldest_new(time)).then_some(stamp),
            digest: self.digest,
        })
    }
}

/// The files of a folder that an earlier run saw, sorted by path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownFiles {
    /// Their paths, from the folder on.
    pub paths: Paths,
    /// Their content, by the numbers of their paths.
    pub files: Vec<KnownFile>,
}

impl KnownFiles {
    /// Returns a file with its number.
    #[must_use]
    pub fn find(&self, path: &str) -> Option<(usize, KnownFile)> {
        let number = self.paths.find(path)? as usize;
        Some((number, *self.files.get(number)?))
    }

    /// Returns the digest of all paths and of what the files contain.
    #[must_use]
    pub fn content(&self) -> Digest {
        let mut hasher = Hasher::default();
        hasher.update(self.paths.as_bytes());
        for file in &self.files {
            hasher.update(file.digest.bytes());
        }
        hasher.finish()
    }

    /// Returns whether every file is still in its folder, with the same content.
    ///
    /// Files are read where their stamps are others, and all of them if `verify` says so.
    #[must_use]
    pub fn are_in(&self, root: &Utf8Path, verify: bool) -> bool {
        let above = self
            .paths
            .iter()
            .filter_map(|path| Some(path.rsplit_once('/')?.0));
        let mut folders: Vec<&str> = above.collect();
        folders.dedup();
        let all = folders
            .iter()
            .flat_map(|folder| Utf8Path::new(folder).ancestors());
        let all: BTreeSet<&Utf8Path> = all.collect();
        let is_same = |(number, file): (usize, &KnownFile)| {
            let path = root.join(self.paths.get(index(number)));
            let found = fs::symlink_metadata(&path).ok().filter(Metadata::is_file);
            found.is_some_and(|found| {
                let mut file = *file;
                file.stamp = file.stamp.filter(|_| !verify);
                file.unchanged(&path, &found, i64::MIN).is_some()
            })
        };
        all.into_iter().all(|folder| is_folder(root, folder))
            && self.files.par_iter().enumerate().all(is_same)
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

/// A file as a run saw it first; `None` if there is none.
type Seen = Option<(Stamp, FileState)>;

/// The content of the files of a folder.
#[derive(Debug)]
pub struct FileTable {
    root: Utf8PathBuf,
    known: KnownFiles,
    /// Files from this time on are new.
    since: i64,
    /// The known files that were asked for in this run, by number.
    seen: Vec<OnceLock<Seen>>,
    /// The other files that were.
    others: Mutex<HashMap<String, Seen>>,
    /// Whether a file was read to know its content.
    has_read: AtomicBool,
    /// Whether each folder is one, with no link on the way.
    folders: Mutex<HashMap<String, bool>>,
}

impl FileTable {
    /// Creates the table of a folder's files; `known` comes from an earlier run, and `since` is when this one began.
    #[must_use]
    pub fn new(root: &Utf8Path, known: KnownFiles, since: i64) -> Self {
        Self {
            root: root.to_owned(),
            seen: known.files.iter().map(|_| OnceLock::new()).collect(),
            known,
            since: oldest_new(since),
            others: Mutex::default(),
            has_read: AtomicBool::new(false),
            folders: Mutex::default(),
        }
    }

    /// Returns the state of a file, or of a folder, whose content is the names in it; `None` if there is neither, or it is
    /// reached through a symbolic link.
    ///
    /// The same in the whole run, whatever happens to the file meanwhile.
    #[must_use]
    pub fn state(&self, path: &Utf8Path) -> Option<FileState> {
        let known = self.known.find(path.as_str());
        let known = known.and_then(|(number, known)| Some((self.seen.get(number)?, known)));
        let seen = match known {
            Some((seen, known)) => *seen.get_or_init(|| self.look(path, Some(known))),
            None => {
                let seen = locked(&self.others).get(path.as_str()).copied();
                seen.unwrap_or_else(|| {
                    let seen = self.look(path, None);
                    let mut others = locked(&self.others);
                    *others.entry(path.as_str().to_owned()).or_insert(seen)
                })
            }
        };
        seen.map(|(_, state)| state)
    }

    /// Returns `true` if every requested file is unchanged; one that is too new to tell by its stamp is read again.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let is_same = |(path, seen): &(&str, Seen)| {
            let path = Utf8Path::new(path);
            let whole = self.root.join(path);
            let now = fs::symlink_metadata(&whole).ok().filter(is_file_or_folder);
            match seen {
                Some((stamp, state)) => now.is_some_and(|now| {
                    let is_read = || read(&whole, &now) == Some(state.digest);
                    Stamp::new(&now) == *stamp && (!state.is_new || is_read())
                }),
                // A symbolic link may lead to one. Check again, because a folder may have been created meanwhile.
                None => {
                    let mut above = path.ancestors().skip(1);
                    now.is_none() || !above.all(|folder| is_folder(&self.root, folder))
                }
            }
        };
        let others = locked(&self.others);
        let all: Vec<(&str, Seen)> = self.seen(&others).collect();
        all.par_iter().all(is_same)
    }

    /// Returns whether any file had to be read, because nothing was known of it or its stamp is another one.
    #[must_use]
    pub fn has_read(&self) -> bool {
        self.has_read.load(Ordering::Relaxed)
    }

    /// Lists the files whose state was asked for, for the next run.
    #[must_use]
    pub fn known(&self) -> KnownFiles {
        let others = locked(&self.others);
        let there = self.seen(&others).filter_map(|(path, seen)| {
            let (stamp, FileState { digest, is_new }) = seen?;
            let stamp = (!is_new).then_some(stamp);
            Some((path, KnownFile { stamp, digest }))
        });
        let mut all: Vec<(&str, KnownFile)> = there.collect();
        all.sort_unstable_by_key(|(path, _)| *path);
        KnownFiles {
            paths: Paths::of(|| all.iter().map(|(path, _)| *path)),
            files: all.iter().map(|(_, file)| *file).collect(),
        }
    }

    /// Returns the files that were asked for.
    fn seen<'t>(
        &'t self,
        others: &'t HashMap<String, Seen>,
    ) -> impl Iterator<Item = (&'t str, Seen)> {
        let known = self.known.paths.iter().zip(&self.seen);
        let known = known.filter_map(|(path, seen)| Some((path, *seen.get()?)));
        known.chain(others.iter().map(|(path, seen)| (path.as_str(), *seen)))
    }

    fn look(&self, path: &Utf8Path, known: Option<KnownFile>) -> Seen {
        if !self.is_reached(path.parent()?) {
            return None;
        }
        let whole = self.root.join(path);
        let found = fs::symlink_metadata(&whole).ok()?;
        if !is_file_or_folder(&found) {
            return None;
        }
        let stamp = Stamp::new(&found);
        let digest = match known {
            Some(known) if known.stamp == Some(stamp) => known.digest,
            _ => {
                self.has_read.fetch_or(found.is_file(), Ordering::Relaxed);
                read(&whole, &found)?
            }
        };
        let is_new = stamp.last_change() >= self.since;
        Some((stamp, FileState { digest, is_new }))
    }

    fn is_reached(&self, folder: &Utf8Path) -> bool {
        if folder.as_str().is_empty() {
            return true;
        }
        if let Some(is_reached) = locked(&self.folders).get(folder.as_str()) {
            return *is_reached;
        }
        let above = folder.parent().unwrap_or(Utf8Path::new(""));
        let is_reached = self.is_reached(above) && is_folder(&self.root, folder);
        locked(&self.folders).insert(folder.as_str().to_owned(), is_reached);
        is_reached
    }
}

fn is_file_or_folder(found: &Metadata) -> bool {
    found.is_file() || found.is_dir()
}

/// Returns the digest of a file, or of the names in a folder.
fn read(path: &Utf8Path, found: &Metadata) -> Option<Digest> {
    if found.is_dir() {
        names(path)
    } else {
        content(path)
    }
}

/// Returns the digest of the names in a folder.
fn names(folder: &Utf8Path) -> Option<Digest> {
    let names = fs::read_dir(folder)
        .ok()?
        .map(|entry| entry.map(|entry| entry.file_name()));
    let mut names: Vec<_> = names.collect::<Result<_, _>>().ok()?;
    names.sort();
    let names = names.iter().map(|name| name.as_encoded_bytes());
    Some(Digest::new(&names.collect::<Vec<_>>().join(&0)))
}

fn is_folder(root: &Utf8Path, folder: &Utf8Path) -> bool {
    folder.as_str().is_empty()
        || fs::symlink_metadata(root.join(folder)).is_ok_and(|found| found.is_dir())
}

/// Returns the time from which on a file is as new as `since`.
fn oldest_new(since: i64) -> i64 {
    let is_coarse = since % 1_000_000_000 == 0;
    since.saturating_sub(if is_coarse { COARSE } else { FINE })
}

fn content(path: &Utf8Path) -> Option<Digest> {
    let mut file = File::open(path).ok()?;
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; 64 << 10];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Some(hasher.finish()),
            Ok(length) => hasher.update(buffer.get(..length)?),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}
