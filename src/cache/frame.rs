//! A file of the cache: pieces of bytes, each with its length and digest, so that damage shows.

use std::io::{self, Read, Write};

use super::Digest;

/// The first bytes of a file, which identify the format.
const MAGIC: &[u8] = concat!(
    "afterword cache 1 ",
    env!("CARGO_PKG_VERSION"),
    " ",
    env!("AFTERWORD_FINGERPRINT"),
    "\n"
)
.as_bytes();

/// The length that marks the end.
const END: u64 = u64::MAX;

/// Reads the pieces of a file of some length; `None` if any of it is damaged, or of another program.
pub(super) fn read(from: &mut impl Read, length: u64) -> Option<Vec<Vec<u8>>> {
    let mut magic = [0; MAGIC.len()];
    from.read_exact(&mut magic).ok()?;
    if magic != MAGIC {
        return None;
    }
    let mut frames = Vec::new();
    loop {
        let (mut size, mut digest) = ([0; 8], [0; 16]);
        from.read_exact(&mut size).ok()?;
        from.read_exact(&mut digest).ok()?;
        let size = u64::from_le_bytes(size);
        if size == END {
            // The end says how many pieces there are, so that none is missing, and nothing comes after it.
            let is_whole = *count(frames.len() as u64).bytes() == digest;
            return (is_whole && from.read(&mut [0]).ok()? == 0).then_some(frames);
        }
        // A damaged length must not ask for more memory than the file can fill.
        if size > length {
            return None;
        }
        let mut frame = vec![0; usize::try_from(size).ok()?];
        from.read_exact(&mut frame).ok()?;
        if *Digest::new(&frame).bytes() != digest {
            return None;
        }
        frames.push(frame);
    }
}

/// Writes a file piece by piece.
#[derive(Debug)]
pub(super) struct FrameWriter<W> {
    out: W,
    count: u64,
}

impl<W: Write> FrameWriter<W> {
    /// Begins a file.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        Ok(Self { out, count: 0 })
    }

    /// Adds a piece.
    pub fn add(&mut self, frame: &[u8]) -> io::Result<()> {
        self.count += 1;
        self.out.write_all(&(frame.len() as u64).to_le_bytes())?;
        self.out.write_all(Digest::new(frame).bytes())?;
        self.out.write_all(frame)
    }

    /// Ends the file.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.write_all(&END.to_le_bytes())?;
        self.out.write_all(count(self.count).bytes())?;
        self.out.flush()
    }
}

fn count(frames: u64) -> Digest {
    Digest::new(&frames.to_le_bytes())
}
