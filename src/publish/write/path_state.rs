//! Looks at what stands at a path, without following a link there.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};

use camino::Utf8Path;

use super::{WriteError, name};

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathState {
    Nothing,
    /// A regular file and its length in bytes.
    File {
        length: u64,
    },
    Folder,
    /// A symbolic link, wherever it points.
    Link,
    /// A pipe, a socket, a device.
    Other,
}

/// Says what stands at `path`.
pub fn at(path: &Utf8Path) -> Result<PathState, WriteError> {
    let found = match fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            return Ok(PathState::Nothing);
        }
        Err(e) => return Err(WriteError::io("look at", path)(e)),
    };
    let kind = found.file_type();
    Ok(if kind.is_symlink() {
        PathState::Link
    } else if kind.is_dir() {
        PathState::Folder
    } else if kind.is_file() {
        PathState::File {
            length: found.len(),
        }
    } else {
        PathState::Other
    })
}

/// Says whether two paths lead to one file, which is so where case does not count.
pub fn are_one(path: &Utf8Path, other: &Utf8Path) -> Result<bool, WriteError> {
    same_file::is_same_file(path, other).map_err(WriteError::io("look at", path))
}

/// What stands where a site has folders, looked at once each.
#[derive(Default)]
pub struct Seen(HashMap<String, PathState>);

impl Seen {
    /// Gives the outermost of the folders of `path` that does not stand in `out` as a folder,
    /// and what stands there instead.
    pub fn gap<'a>(
        &mut self,
        out: &Utf8Path,
        path: &'a str,
    ) -> Result<Option<(&'a str, PathState)>, WriteError> {
        for folder in name::folders(path) {
            let standing = match self.0.get(folder) {
                Some(&standing) => standing,
                None => {
                    let standing = at(&out.join(folder))?;
                    self.0.insert(folder.to_owned(), standing);
                    standing
                }
            };
            if standing != PathState::Folder {
                return Ok(Some((folder, standing)));
            }
        }
        Ok(None)
    }

    /// Says what stands at `path` in `out`; an error, by name, when a link is on the way or there.
    pub fn through(&mut self, out: &Utf8Path, path: &str) -> Result<PathState, WriteError> {
        let (path, standing) = match self.gap(out, path)? {
            Some((folder, PathState::Link)) => (out.join(folder), PathState::Link),
            Some(_) => return Ok(PathState::Nothing),
            None => {
                let path = out.join(path);
                let standing = at(&path)?;
                (path, standing)
            }
        };
        match standing {
            PathState::Link => Err(WriteError::Link { path }),
            standing => Ok(standing),
        }
    }
}

/// Says whether the file at `path` holds exactly `bytes`, reading no more than it must.
pub fn holds(path: &Utf8Path, bytes: &[u8]) -> Result<bool, WriteError> {
    let same = || -> io::Result<bool> {
        let mut file = File::open(path)?;
        let mut rest = bytes;
        let mut buffer = [0; 32 << 10];
        loop {
            let length = match file.read(&mut buffer) {
                Ok(length) => length,
                Err(e) if e.kind() == ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            let read = buffer.get(..length).unwrap_or_default();
            if read.is_empty() {
                return Ok(rest.is_empty());
            }
            match rest.strip_prefix(read) {
                Some(after) => rest = after,
                None => return Ok(false),
            }
        }
    };
    same().map_err(WriteError::io("read", path))
}
