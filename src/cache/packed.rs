//! Packed values that are kept for long: in memory, or in a file of the cache, from which they are read when they are
//! needed.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde::de::DeserializeOwned;

use super::{Digest, locked, unpack, unpack_start};

/// The length up to which a value is kept in memory, because its place in a file takes as much.
const SHORT: usize = 64;

/// A packed value.
#[derive(Debug, Clone, Default)]
pub struct Packed {
    digest: Digest,
    bytes: Kept,
}

#[derive(Debug, Clone)]
enum Kept {
    Memory(Arc<[u8]>),
    File {
        file: Arc<HeldFile>,
        at: u64,
        length: u32,
    },
}

/// A file of the cache that stays open, so that its values can be read even after another one took its name.
#[derive(Debug)]
pub(super) struct HeldFile {
    file: Mutex<File>,
    /// Whether a value could not be read.
    is_damaged: AtomicBool,
}

impl HeldFile {
    /// Holds a file.
    pub fn new(file: File) -> Arc<Self> {
        Arc::new(Self {
            file: Mutex::new(file),
            is_damaged: AtomicBool::new(false),
        })
    }

    /// Returns a value of the file; `at` is where its bytes begin.
    pub fn value(self: &Arc<Self>, bytes: &[u8], digest: Digest, at: u64) -> Packed {
        let bytes = match u32::try_from(bytes.len()) {
            Ok(length) if bytes.len() > SHORT => Kept::File {
                file: Arc::clone(self),
                at,
                length,
            },
            _ => Kept::Memory(bytes.into()),
        };
        Packed { digest, bytes }
    }

    fn read(&self, at: u64, length: u32) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length as usize];
        read_at(&mut locked(&self.file), at, &mut bytes)?;
        Ok(bytes)
    }
}

/// Reads bytes of a file from a place on, with one call of the system where there is one.
#[cfg(unix)]
fn read_at(file: &mut File, at: u64, bytes: &mut [u8]) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(not(unix))]
fn read_at(file: &mut File, at: u64, bytes: &mut [u8]) -> io::Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(bytes)
}

impl Packed {
    /// Returns the bytes; `None` if the file cannot be read any more.
    #[must_use]
    pub fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        match &self.bytes {
            Kept::Memory(bytes) => Some(Cow::Borrowed(bytes)),
            Kept::File { file, at, length } => file.read(*at, *length).ok().map(Cow::Owned),
        }
    }

    /// Returns the digest of the bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Unpacks the value. If it cannot be read, the default is returned, and [`is_damaged`](Self::is_damaged) says so.
    #[must_use]
    pub fn unpacked<T: DeserializeOwned + Default>(&self) -> T {
        self.read(unpack)
    }

    /// Unpacks the start of the value, such as the first field of a struct, as [`unpacked`](Self::unpacked) does.
    #[must_use]
    pub fn unpacked_start<T: DeserializeOwned + Default>(&self) -> T {
        self.read(unpack_start)
    }

    /// Returns whether any value of its file could not be read.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        match &self.bytes {
            Kept::Memory(_) => false,
            Kept::File { file, .. } => file.is_damaged.load(Ordering::Relaxed),
        }
    }

    fn read<T: Default>(&self, unpack: fn(&[u8]) -> Option<T>) -> T {
        let value = self.bytes().and_then(|bytes| unpack(&bytes));
        if value.is_none()
            && let Kept::File { file, .. } = &self.bytes
        {
            file.is_damaged.store(true, Ordering::Relaxed);
        }
        value.unwrap_or_default()
    }
}

impl Default for Kept {
    fn default() -> Self {
        Self::Memory(Arc::default())
    }
}

impl From<Vec<u8>> for Packed {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            digest: Digest::new(&bytes),
            bytes: Kept::Memory(bytes.into()),
        }
    }
}
