//! Reads and writes single files and folders of the output, without following links.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Write};

use camino::Utf8Path;

use super::WriteError;

/// The Unix mode of a file of a site.
#[cfg(unix)]
const MODE: u32 = 0o644;

/// The number of bytes of a piece of a large file.
const PIECE: usize = 64 * 1024;

/// Returns the metadata of a file or folder, or `None` if the path does not exist.
pub fn metadata(path: &Utf8Path) -> Result<Option<Metadata>, WriteError> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(Some(found)),
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(e) => Err(WriteError::io("access", path)(e)),
    }
}

/// Returns the metadata of a regular file, or `None` if there is nothing at `path`.
pub fn own_file(path: &Utf8Path) -> Result<Option<Metadata>, WriteError> {
    match metadata(path)? {
        Some(found) if found.is_symlink() => Err(WriteError::link(path.to_owned())),
        Some(found) if !found.is_file() => Err(WriteError::not_ours(path.to_owned())),
        found => Ok(found),
    }
}

/// The content of a file, which may be made piece by piece, so that a large one is never in memory.
pub trait Content {
    /// Passes the pieces on in order; the same bytes each time.
    ///
    /// # Errors
    /// Returns the first error of `take`.
    fn pieces(&self, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()>;

    /// Returns the number of bytes, if it is known.
    fn length(&self) -> Option<u64> {
        None
    }
}

impl Content for &[u8] {
    fn pieces(&self, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        take(self)
    }

    fn length(&self) -> Option<u64> {
        Some(self.len() as u64)
    }
}

/// The content of a file on the disk.
pub struct Held<'p>(pub &'p Utf8Path);

impl Content for Held<'_> {
    fn pieces(&self, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut file = File::open(self.0)?;
        let mut piece = vec![0; PIECE];
        loop {
            let count = file.read(&mut piece)?;
            match piece.get(..count) {
                Some(piece) if count > 0 => take(piece)?,
                _ => return Ok(()),
            }
        }
    }
}

/// Passes on in large pieces what `write` writes in small ones, none of which is split.
///
/// # Errors
/// Returns the first error of `take` or of `write`.
pub(in crate::publish) fn buffered(
    take: &mut dyn FnMut(&[u8]) -> io::Result<()>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    struct Pieces<'t>(&'t mut dyn FnMut(&[u8]) -> io::Result<()>);
    impl Write for Pieces<'_> {
        fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
            (self.0)(piece).map(|()| piece.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut out = io::BufWriter::with_capacity(PIECE, Pieces(take));
    write(&mut out)?;
    out.flush()
}

/// Returns `true` if the file at `path` has exactly this content.
pub fn holds(path: &Utf8Path, content: &dyn Content) -> Result<bool, WriteError> {
    let Some(found) = metadata(path)? else {
        return Ok(false);
    };
    if content.length().is_some_and(|length| length != found.len()) {
        return Ok(false);
    }
    let compare = || -> io::Result<bool> {
        let mut file = File::open(path)?;
        let (mut same, mut rest) = (true, found.len());
        let mut own = Vec::new();
        content.pieces(&mut |piece| {
            let length = piece.len() as u64;
            same &= length <= rest;
            if same {
                rest -= length;
                own.resize(piece.len(), 0);
                file.read_exact(&mut own)?;
                same = own == piece;
            }
            Ok(())
        })?;
        Ok(same && rest == 0)
    };
    compare().map_err(WriteError::io("read", path))
}

/// Reads a file.
pub fn read(path: &Utf8Path) -> Result<Vec<u8>, WriteError> {
    fs::read(path).map_err(WriteError::io("read", path))
}

/// Writes a file that every user may read, whatever the umask is.
///
/// Its bytes are not forced to the disk, which would cost many times the writing. The next build compares contents, so
/// it notices what a power failure took.
pub fn write(path: &Utf8Path, content: &dyn Content) -> io::Result<File> {
    let mut file = create(path)?;
    content.pieces(&mut |piece| file.write_all(piece))?;
    Ok(file)
}

/// Creates a file, and corrects its mode if the umask asks for another one.
#[cfg(unix)]
fn create(path: &Utf8Path) -> io::Result<File> {
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
    let mut options = fs::OpenOptions::new();
    let file = options.write(true).create_new(true).mode(MODE).open(path)?;
    if file.metadata()?.mode() & 0o777 != MODE {
        set_mode(path, MODE)?;
    }
    Ok(file)
}

#[cfg(not(unix))]
fn create(path: &Utf8Path) -> io::Result<File> {
    File::create_new(path)
}

/// Creates a folder with this Unix mode, whatever the umask is.
pub fn create_folder(folder: &Utf8Path, mode: u32) -> io::Result<()> {
    fs::create_dir(folder)?;
    set_mode(folder, mode)
}

/// Sets the Unix mode of a file or folder; other systems have none.
#[cfg(unix)]
pub fn set_mode(path: &Utf8Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
pub fn set_mode(_: &Utf8Path, _: u32) -> io::Result<()> {
    Ok(())
}
