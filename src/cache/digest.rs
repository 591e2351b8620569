//! Digests, by which values are compared.

use std::borrow::Cow;
use std::fmt;
use std::io;

use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest as _, Sha256};

use crate::kind;

/// The first half of a SHA-256.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Digest([u8; 16]);

impl Digest {
    /// Returns the digest of some bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        let mut hasher = Hasher::default();
        hasher.update(bytes);
        hasher.finish()
    }

    /// Returns whether it begins a SHA-256 that is written in hexadecimal.
    #[must_use]
    pub fn begins(&self, hexadecimal: &str) -> bool {
        hexadecimal.starts_with(&format!("{self:?}"))
    }

    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

/// Computes one digest of several values. Type and position count, so different lists have different digests.
#[derive(Clone, Default)]
pub struct Hasher(pub(super) Sha256);

impl Hasher {
    /// Adds a value.
    #[must_use]
    pub fn with(mut self, value: &impl Serialize) -> Self {
        self.add(value);
        self
    }

    /// Adds a value. One that cannot be printed as JSON makes a digest that is like no other.
    pub fn add(&mut self, value: &impl Serialize) {
        let mut out = io::BufWriter::with_capacity(4096, Sink(&mut self.0));
        let added = serde_json::to_writer(&mut out, value);
        let written = io::Write::flush(&mut out);
        drop(out);
        if added.is_err() || written.is_err() {
            static UNLIKE: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
            let count = UNLIKE.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            self.0.update(format!("{}-{count}", std::process::id()));
        }
        self.0.update([0]);
    }

    /// Adds bytes as they are.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the digest.
    #[must_use]
    pub fn finish(self) -> Digest {
        let mut half = [0; 16];
        let whole = self.0.finalize();
        for (to, from) in half.iter_mut().zip(whole) {
            *to = from;
        }
        Digest(half)
    }
}

struct Sink<'h>(&'h mut Sha256);

impl io::Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Reads a text that is one of a few for the whole run, such as the code of a check.
///
/// # Errors
/// Returns an error if there is no text.
pub fn interned<'de, D: Deserializer<'de>>(from: D) -> Result<&'static str, D::Error> {
    String::deserialize(from).map(|text| kind::interned(&text))
}

/// Reads a text as [`interned`] does, for a field that may also hold another text.
///
/// # Errors
/// Returns an error if there is no text.
pub fn interned_cow<'de, D: Deserializer<'de>>(from: D) -> Result<Cow<'static, str>, D::Error> {
    interned(from).map(Cow::Borrowed)
}

/// Stores a shared value as the value.
pub mod shared {
    use std::sync::Arc;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes the value.
    ///
    /// # Errors
    /// Returns the error of the value.
    pub fn serialize<T: Serialize, S: Serializer>(
        value: &Arc<T>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        T::serialize(value, to)
    }

    /// Reads the value.
    ///
    /// # Errors
    /// Returns the error of the value.
    pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Arc<T>, D::Error> {
        T::deserialize(from).map(Arc::new)
    }
}
