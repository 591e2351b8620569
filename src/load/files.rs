//! The only reader of input files: sorted walks, regular files, no links.

#![expect(clippy::disallowed_methods, reason = "the one reader of input files")]

use std::fs::{self, File};
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use walkdir::WalkDir;

use super::{CONFIG, INCIDENTS};
use crate::cache::RESERVED;
use crate::diagnostic::{Diagnostic, Locator};

/// Says whether a folder is an archive.
#[must_use]
pub fn is_root(folder: &Utf8Path) -> bool {
    folder.join(CONFIG).is_file() || folder.join(INCIDENTS).is_dir()
}

/// Finds the archive that a folder lies in: itself or its nearest parent that is one.
#[must_use]
pub fn find_root(from: &Utf8Path) -> Option<Utf8PathBuf> {
    from.ancestors()
        .find(|folder| is_root(folder))
        .map(Utf8Path::to_path_buf)
}

/// Says whether there is a regular file inside the archive, with no link on the way.
pub(super) fn exists(root: &Utf8Path, path: &Utf8Path) -> bool {
    no_links(root, path)
        && fs::symlink_metadata(root.join(path)).is_ok_and(|metadata| metadata.is_file())
}

fn no_links(root: &Utf8Path, path: &Utf8Path) -> bool {
    // What the program keeps for itself is no part of the archive.
    if path.starts_with(RESERVED) {
        return false;
    }
    let mut whole = root.to_path_buf();
    path.components().all(|part| {
        whole.push(part);
        fs::symlink_metadata(&whole).is_ok_and(|metadata| !metadata.is_symlink())
    })
}

/// Reads a regular file inside the archive.
///
/// # Errors
/// A link on the way, anything but a regular file, a file larger than `limit`
/// bytes, and what the system says.
pub(super) fn read(root: &Utf8Path, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
    let whole = root.join(path);
    if !no_links(root, path) {
        // A missing file has no link either: say that first.
        fs::symlink_metadata(&whole)?;
        return Err(io::Error::other(format!(
            "`{path}` is or lies behind a link, and links are not followed"
        )));
    }
    if !fs::symlink_metadata(&whole)?.is_file() {
        return Err(io::Error::other(format!("`{path}` is not a regular file")));
    }
    let file = File::open(&whole)?;
    let size = file.metadata()?.len();
    if size > limit {
        return Err(io::Error::other(format!(
            "the file has {size} bytes, more than {limit}; `[limits] file_bytes` in `{CONFIG}` allows more"
        )));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Lists the files with an ending below a folder of the archive, sorted by path.
///
/// Hidden files and folders are passed over. What has the ending and is no
/// regular file, or a name that is no UTF-8, is named and left out.
pub(super) fn list(
    root: &Utf8Path,
    folder: &str,
    ending: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Utf8PathBuf> {
    let start = root.join(folder);
    if !start.is_dir() {
        return Vec::new();
    }
    let mut files = Vec::new();
    let walk = WalkDir::new(&start)
        .follow_links(false)
        .sort_by_file_name()
        .into_iter();
    let visible = |entry: &walkdir::DirEntry| {
        entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".")
    };
    for entry in walk.filter_entry(visible) {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let message = format!("`{folder}` cannot be read: {error}");
                diagnostics.push(Diagnostic::error("unreadable", message).at(
                    Utf8Path::new(folder),
                    Locator::File,
                    "",
                ));
                continue;
            }
        };
        let name = entry.file_name().to_string_lossy();
        if entry.depth() == 0 || !name.to_ascii_lowercase().ends_with(&format!(".{ending}")) {
            continue;
        }
        let path = Utf8Path::from_path(entry.path()).and_then(|path| path.strip_prefix(root).ok());
        let refuse = |message: String| {
            let shown = Utf8PathBuf::from(format!("{folder}/{}", name.escape_debug()));
            Diagnostic::error("unreadable", message).at(path.unwrap_or(&shown), Locator::File, "")
        };
        match path {
            None => diagnostics.push(refuse("the file's name is not UTF-8".to_owned())),
            Some(path) if path.extension() != Some(ending) => {
                diagnostics.push(refuse(format!(
                    "the ending is not `.{ending}`: write it in small letters"
                )));
            }
            Some(path) if entry.file_type().is_file() => files.push(path.to_path_buf()),
            Some(_) if entry.file_type().is_symlink() => {
                diagnostics.push(refuse(
                    "this is a link, and links are not followed".to_owned(),
                ));
            }
            Some(_) => diagnostics.push(refuse("this is not a regular file".to_owned())),
        }
    }
    files.sort();
    files
}
