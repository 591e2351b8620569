//! Reads and writes single files and folders of the output, without following links.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Write};

use camino::Utf8Path;

use super::WriteError;

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

/// Returns `true` if the file at `path` has exactly these bytes.
pub fn holds(path: &Utf8Path, bytes: &[u8]) -> Result<bool, WriteError> {
    let length = metadata(path)?.map(|found| found.len());
    Ok(length == Some(bytes.len() as u64) && read(path)? == bytes)
}

/// Reads a file.
pub fn read(path: &Utf8Path) -> Result<Vec<u8>, WriteError> {
    fs::read(path).map_err(WriteError::io("read", path))
}

/// Writes a file that every user may read, whatever the umask is.
///
/// Its bytes are not forced to the disk, which would cost many times the writing. The next build compares contents, so
/// it notices what a power failure took.
pub fn write(path: &Utf8Path, bytes: &[u8]) -> io::Result<File> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    set_mode(path, 0o644)?;
    Ok(file)
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
