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

/// The number of bytes before each piece: its length and its digest.
const HEAD: u64 = 8 + 16;

/// Reads the pieces of a file of some length, and passes each to `take` with its digest and where its bytes begin; `None`
/// if any of them is damaged, or of another program.
pub(super) fn read(
    from: &mut impl Read,
    length: u64,
    mut take: impl FnMut(&mut Vec<u8>, Digest, u64),
) -> Option<()> {
    let mut magic = [0; MAGIC.len()];
    from.read_exact(&mut magic).ok()?;
    if magic != MAGIC {
        return None;
    }
    let (mut frame, mut frames, mut at) = (Vec::new(), 0, MAGIC.len() as u64);
    loop {
        let (mut size, mut digest) = ([0; 8], [0; 16]);
        from.read_exact(&mut size).ok()?;
        from.read_exact(&mut digest).ok()?;
        at += HEAD;
        let size = u64::from_le_bytes(size);
        if size == END {
            // The end says how many pieces there are, so that none is missing, and nothing comes after it.
            let is_whole = *count(frames).bytes() == digest;
            return (is_whole && from.read(&mut [0]).ok()? == 0).then_some(());
        }
        // A damaged length must not ask for more memory than the file can fill.
        if size > length {
            return None;
        }
        frame.resize(usize::try_from(size).ok()?, 0);
        from.read_exact(&mut frame).ok()?;
        let found = Digest::new(&frame);
        if *found.bytes() != digest {
            return None;
        }
        take(&mut frame, found, at);
        at += size;
        frames += 1;
    }
}

/// Writes a file piece by piece.
#[derive(Debug)]
pub(super) struct FrameWriter<W> {
    out: W,
    count: u64,
    /// The number of bytes so far.
    length: u64,
}

impl<W: Write> FrameWriter<W> {
    /// Begins a file.
    pub fn new(mut out: W) -> io::Result<Self> {
        out.write_all(MAGIC)?;
        let length = MAGIC.len() as u64;
        Ok(Self {
            out,
            count: 0,
            length,
        })
    }

    /// Adds a piece with its digest, and returns where its bytes begin.
    pub fn add(&mut self, frame: &[u8], digest: Digest) -> io::Result<u64> {
        self.add_with(frame.len() as u64, digest, |out| out.write_all(frame))
    }

    /// Adds a piece of a known length, which `write` writes, and returns where its bytes begin.
    pub fn add_with(
        &mut self,
        length: u64,
        digest: Digest,
        write: impl FnOnce(&mut W) -> io::Result<()>,
    ) -> io::Result<u64> {
        let at = self.length + HEAD;
        self.count += 1;
        self.length = at + length;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(digest.bytes())?;
        write(&mut self.out)?;
        Ok(at)
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
