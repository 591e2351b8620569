//! Values that an earlier run left in `.afterword/cache`, so that this run need not compute them again.
//!
//! Nothing here is needed: a value that is missing, damaged, of another program, or half written is as good as none,
//! and a folder that cannot be written is no error. What a value depends on is part of it, so whoever reads it compares.

#![expect(
    clippy::disallowed_methods,
    reason = "the one reader and writer of the cache"
)]

mod digest;
mod files;
mod frame;
mod packed;
mod paths;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use digest::{Digest, Hasher, interned, interned_cow, shared};
pub use files::{FileState, FileTable, KnownFile, KnownFiles, Stamp};
use frame::FrameWriter;
use packed::HeldFile;
pub use packed::Packed;
pub use paths::{Paths, index};

/// The folder of the cache, from the archive on.
pub const FOLDER: &str = ".afterword/cache";

/// The part of the archive in which no input lies.
pub const RESERVED: &str = ".afterword";

/// The file in a site that lists its files.
pub const MANIFEST: &str = ".afterword.json";

/// The prefix of the names of unfinished files.
const UNFINISHED: &str = "unfinished-";

/// Files that tell other programs what the folder is: git, and those that make backups (<https://bford.info/cachedir/>).
const MARKS: &[(&str, &str)] = &[
    (".gitignore", "*\n"),
    (
        "CACHEDIR.TAG",
        "Signature: 8a477f597d28d172789f06886806bc55\n",
    ),
];

/// The longest file that is read, in bytes.
const LONGEST: u64 = 1 << 30;

/// The cache of an archive.
#[derive(Debug)]
pub struct Cache {
    /// `None` if nothing is read or written.
    folder: Option<Utf8PathBuf>,
    /// The start of this run, by the clock of the file system.
    since: i64,
}

impl Cache {
    /// Opens the cache of an archive, and creates it if it is missing.
    #[must_use]
    pub fn open(root: &Utf8Path) -> Self {
        let folder = root.join(FOLDER);
        match prepare(root, &folder) {
            Ok(since) => Self {
                folder: Some(folder),
                since,
            },
            Err(_) => Self::none(),
        }
    }

    /// Returns a cache that has nothing and keeps nothing.
    #[must_use]
    pub fn none() -> Self {
        Self {
            folder: None,
            since: i64::MIN,
        }
    }

    /// Returns whether anything can be kept.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.folder.is_some()
    }

    /// Returns what is known of the files of a folder; `known` comes from an earlier run.
    ///
    /// Files that are as new as this run are not remembered: they may change again without a new time.
    #[must_use]
    pub fn table(&self, root: &Utf8Path, known: KnownFiles) -> FileTable {
        FileTable::new(root, known, self.since)
    }

    /// Reads a value; `None` if there is none that can be trusted.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let (value, _) = self.read_with(name)?;
        Some(value)
    }

    /// Reads a value, and the packed values that were stored with it.
    #[must_use]
    pub fn read_with<T: DeserializeOwned>(&self, name: &str) -> Option<(T, Vec<Vec<u8>>)> {
        let (file, length) = self.file(name)?;
        let mut frames = Vec::new();
        frame::read(&mut buffered(&file), length, |frame, _, _| {
            frames.push(std::mem::take(frame));
        })?;
        let first = std::mem::take(frames.first_mut()?);
        frames.remove(0);
        Some((unpack(&first)?, frames))
    }

    /// Reads a value; the packed values that were stored with it are checked, and stay in the file until they are used.
    #[must_use]
    pub fn read_packed<T: DeserializeOwned>(&self, name: &str) -> Option<(T, Vec<Packed>)> {
        let (file, length) = self.file(name)?;
        let held = HeldFile::new(file.try_clone().ok()?);
        let (mut first, mut frames) = (None, Vec::new());
        frame::read(&mut buffered(&file), length, |frame, digest, at| {
            if first.is_none() {
                first = Some(unpack(frame));
            } else {
                frames.push(held.value(frame, digest, at));
            }
        })?;
        Some((first??, frames))
    }

    /// Opens the file of a value, and returns its length.
    fn file(&self, name: &str) -> Option<(File, u64)> {
        let path = self.folder.as_ref()?.join(name);
        let found = fs::symlink_metadata(&path).ok()?;
        let is_usable = found.is_file() && found.len() <= LONGEST;
        Some((File::open(&path).ok().filter(|_| is_usable)?, found.len()))
    }

    /// Stores a value in place of the one of its name.
    pub fn write(&self, name: &str, value: &impl Serialize) {
        self.write_with(name, value, &[] as &[&[u8]]);
    }

    /// Stores a value with packed values.
    pub fn write_with(&self, name: &str, value: &impl Serialize, packed: &[impl AsRef<[u8]>]) {
        if let Some(appender) = self.append(name, value) {
            for packed in packed {
                appender.add(&[packed.as_ref()]);
            }
            appender.finish();
        }
    }

    /// Begins to store a value in place of the one of its name; packed values follow one by one.
    #[must_use]
    pub fn append(&self, name: &str, value: &impl Serialize) -> Option<Appender> {
        let folder = self.folder.as_ref()?;
        let waiting = folder.join(format!("{UNFINISHED}{}-{name}", std::process::id()));
        let file = io::BufWriter::with_capacity(64 << 10, create(&waiting).ok()?);
        let appender = Appender {
            writer: Mutex::new(FrameWriter::new(file).ok()),
            written: HeldFile::new(File::open(&waiting).ok()?),
            target: folder.join(name),
            waiting,
        };
        appender.pack(value)?;
        Some(appender)
    }
}

/// A value that is being stored; dropped without `finish`, it leaves the old one.
#[derive(Debug)]
pub struct Appender {
    /// `None` after an error.
    writer: Mutex<Option<FrameWriter<io::BufWriter<File>>>>,
    /// The same file, to read what was added.
    written: Arc<HeldFile>,
    waiting: Utf8PathBuf,
    target: Utf8PathBuf,
}

impl Appender {
    /// Adds packed values, one after another, and returns each as it is kept in the file; `None` after an error. Many
    /// threads may call this at once. The values can be read once the appender is finished or dropped.
    pub fn add(&self, packed: &[&[u8]]) -> Option<Vec<Packed>> {
        let digests: Vec<Digest> = packed.iter().map(|bytes| Digest::new(bytes)).collect();
        let packed = packed.iter().zip(digests);
        self.add_known(packed.map(|(bytes, digest)| (*bytes, digest)))
    }

    /// Packs a value into the file, which needs no memory for the bytes.
    fn pack(&self, value: &impl Serialize) -> Option<()> {
        let mut measured = Measured::default();
        packed_to(value, &mut measured)?;
        let mut writer = locked(&self.writer);
        let out = writer.as_mut()?;
        let added = out.add_with(measured.length, measured.hasher.finish(), |out| {
            packed_to(value, out).ok_or_else(|| io::ErrorKind::InvalidData.into())
        });
        if added.is_err() {
            *writer = None;
        }
        added.ok().map(drop)
    }

    /// Adds packed values that are kept, as [`add`](Self::add) does.
    pub fn add_packed(&self, packed: &[&Packed]) -> Option<Vec<Packed>> {
        let bytes: Option<Vec<_>> = packed.iter().map(|packed| packed.bytes()).collect();
        let bytes = bytes?;
        let known = bytes.iter().zip(packed);
        self.add_known(known.map(|(bytes, packed)| (&**bytes, packed.digest())))
    }

    fn add_known<'b>(
        &self,
        packed: impl Iterator<Item = (&'b [u8], Digest)>,
    ) -> Option<Vec<Packed>> {
        let mut writer = locked(&self.writer);
        let added: io::Result<Vec<Packed>> = {
            let writer = writer.as_mut()?;
            let add = |(bytes, digest)| {
                let at = writer.add(bytes, digest)?;
                Ok(self.written.value(bytes, digest, at))
            };
            packed.map(add).collect()
        };
        if added.is_err() {
            *writer = None;
        }
        added.ok()
    }

    /// Moves the value into place, unless it could not be written.
    pub fn finish(self) {
        let mut writer = locked(&self.writer);
        if let Some(writer) = writer.take()
            && writer.finish().is_ok()
        {
            let _ = fs::rename(&self.waiting, &self.target);
        }
    }
}

impl Drop for Appender {
    fn drop(&mut self) {
        // Gone already where the value is in place.
        let _ = fs::remove_file(&self.waiting);
    }
}

/// Packs a value; `None` if its type cannot be packed.
#[must_use]
pub fn pack(value: &impl Serialize) -> Option<Vec<u8>> {
    postcard::to_stdvec(value).ok()
}

/// Packs a value into a writer; `None` if its type cannot be packed, or after an error of the writer.
fn packed_to(value: &impl Serialize, out: &mut impl Write) -> Option<()> {
    let mut out = io::BufWriter::with_capacity(4096, out);
    postcard::to_io(value, &mut out).ok()?;
    out.flush().ok()
}

/// The length and the digest of what is written.
#[derive(Default)]
struct Measured {
    length: u64,
    hasher: Hasher,
}

impl Write for Measured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.length += bytes.len() as u64;
        self.hasher.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Unpacks a value; `None` if the bytes are of no such value.
#[must_use]
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (value, rest) = postcard::take_from_bytes(bytes).ok()?;
    rest.is_empty().then_some(value)
}

/// Unpacks the value at the start of some bytes, such as the first fields of a struct.
#[must_use]
pub fn unpack_start<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    postcard::from_bytes(bytes).ok()
}

/// Returns a reader of a file that asks the system for much at once.
fn buffered(file: &File) -> impl io::Read {
    io::BufReader::with_capacity(64 << 10, file)
}

/// Creates the folder if it is missing, and returns what time its file system says it is.
fn prepare(root: &Utf8Path, folder: &Utf8Path) -> io::Result<i64> {
    // A symbolic link may point to a folder of another program.
    for part in [root.join(RESERVED), folder.to_owned()] {
        match fs::symlink_metadata(&part) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(io::Error::other("not a folder")),
            Err(_) => match fs::create_dir(&part) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            },
        }
    }
    for (name, text) in MARKS {
        match create(&folder.join(name)) {
            Ok(mut file) => file.write_all(text.as_bytes())?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    let probe = folder.join(format!("{UNFINISHED}{}", std::process::id()));
    let now = touch(&probe);
    let _ = fs::remove_file(&probe);
    let now = now?;
    tidy(folder, now);
    Ok(now)
}

/// Creates a file where there is none, and never follows a link.
fn create(path: &Utf8Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).open(path)
}

/// Creates a file, and returns when that was by the clock of its file system.
fn touch(path: &Utf8Path) -> io::Result<i64> {
    let mut file = create(path)?;
    file.write_all(b"now")?;
    Ok(Stamp::new(&file.metadata()?).modified())
}

/// Returns the time by the clock of the file system that a folder is on; `None` if nothing can be written there.
#[must_use]
pub fn now_in(folder: &Utf8Path) -> Option<i64> {
    let probe = folder.join(format!("now-{}", std::process::id()));
    let now = touch(&probe).ok();
    let _ = fs::remove_file(&probe);
    now
}

/// Locks a value. Another thread may have panicked while it held the lock; the values stay valid between two steps.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the value that other threads shared.
pub(crate) fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what runs left that were killed more than an hour ago.
fn tidy(folder: &Utf8Path, now: i64) {
    const HOUR: i64 = 3_600_000_000_000;
    for entry in folder.read_dir_utf8().into_iter().flatten().flatten() {
        let is_old = || {
            let found = entry.metadata().ok();
            found.is_some_and(|found| Stamp::new(&found).modified() < now.saturating_sub(HOUR))
        };
        if entry.file_name().starts_with(UNFINISHED) && is_old() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests;
