//! A file of the cache: pieces of bytes, each with its length and digest, so that damage shows.

use std::io::{self, Write};

use super::Digest;

/// What a file begins with; no other program's file does.
const MAGIC: &[u8] = concat!(
    "afterword cache 1 ",
    env!("CARGO_PKG_VERSION"),
    " ",
    env!("AFTERWORD_FINGERPRINT"),
    "\n"
)
.as_bytes();

/// The pieces of a file.
pub(super) struct Frames;

impl Frames {
    /// Returns the pieces of a file; `None` if any of it is damaged, or of another program.
    pub fn read(bytes: &[u8]) -> Option<Vec<&[u8]>> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut frames = Vec::new();
        loop {
            let (length, after) = rest.split_first_chunk::<8>()?;
            let (digest, after) = after.split_first_chunk::<16>()?;
            let length = u64::from_le_bytes(*length);
            if length == u64::MAX {
                // The end says how many pieces there are, so that none is missing.
                let count = Digest::new(&(frames.len() as u64).to_le_bytes());
                return (after.is_empty() && digest == count.bytes()).then_some(frames);
            }
            let (frame, after) = after.split_at_checked(usize::try_from(length).ok()?)?;
            if digest != Digest::new(frame).bytes() {
                return None;
            }
            frames.push(frame);
            rest = after;
        }
    }
}

/// Writes a file of pieces.
pub(super) fn write<'f>(
    out: &mut impl Write,
    frames: impl Iterator<Item = &'f [u8]>,
) -> io::Result<()> {
    out.write_all(MAGIC)?;
    let mut count = 0_u64;
    for frame in frames {
        out.write_all(&(frame.len() as u64).to_le_bytes())?;
        out.write_all(Digest::new(frame).bytes())?;
        out.write_all(frame)?;
        count += 1;
    }
    out.write_all(&u64::MAX.to_le_bytes())?;
    out.write_all(Digest::new(&count.to_le_bytes()).bytes())
}
