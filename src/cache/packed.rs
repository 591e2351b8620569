//! Packed values that are kept for long: in memory, or in a file of the cache, from which they are read when they are
//! needed.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex};

use super::{Digest, locked};

/// The length up to which a value is kept in memory, because its place in a file takes as much.
const SHORT: usize = 64;

/// A packed value.
#[derive(Debug, Clone)]
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
pub(super) struct HeldFile(Mutex<File>);

impl HeldFile {
    /// Holds a file.
    pub fn new(file: File) -> Arc<Self> {
        Arc::new(Self(Mutex::new(file)))
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
        let mut file = locked(&self.0);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
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
}

impl From<Vec<u8>> for Packed {
    fn from(bytes: Vec<u8>) -> Self {
        Self {
            digest: Digest::new(&bytes),
            bytes: Kept::Memory(bytes.into()),
        }
    }
}
