//! The only reader of input files: sorted walks, regular files, no symbolic links.

#![expect(clippy::disallowed_methods, reason = "the one reader of input files")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use walkdir::WalkDir;

use super::{CONFIG, INCIDENTS};
use crate::archive::PictureSize;
use crate::cache::{MANIFEST, RESERVED};
use crate::diagnostic::Diagnostic;

/// Texts by the paths of their files; `None` for a file that is to be removed.
pub type Unwritten = BTreeMap<Utf8PathBuf, Option<String>>;

/// The files of an archive as they will be once some texts are written.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    root: &'a Utf8Path,
    unwritten: Option<&'a Unwritten>,
}

impl<'a> From<&'a Utf8Path> for Files<'a> {
    fn from(root: &'a Utf8Path) -> Self {
        Self {
            root,
            unwritten: None,
        }
    }
}

impl<'a> From<&'a Utf8PathBuf> for Files<'a> {
    fn from(root: &'a Utf8PathBuf) -> Self {
        root.as_path().into()
    }
}

impl<'a> Files<'a> {
    /// Takes the files of an archive, with some texts written.
    #[must_use]
    pub fn with(root: &'a Utf8Path, unwritten: &'a Unwritten) -> Self {
        Self {
            root,
            unwritten: Some(unwritten),
        }
    }

    fn unwritten(&self, path: &Utf8Path) -> Option<&'a Option<String>> {
        self.unwritten?.get(path)
    }

    /// Returns the folder of the archive.
    pub(super) fn root(&self) -> &'a Utf8Path {
        self.root
    }

    /// Returns `true` if anything has this path, even a symbolic link.
    pub(super) fn is_there(&self, path: &Utf8Path) -> bool {
        match self.unwritten(path) {
            Some(text) => text.is_some(),
            None => is_there(self.root, path),
        }
    }

    /// Returns `true` if the path is a regular file inside the archive, without a symbolic link on the way.
    pub(super) fn exists(&self, path: &Utf8Path) -> bool {
        match self.unwritten(path) {
            Some(text) => text.is_some(),
            None => exists(self.root, path),
        }
    }

    /// Reads a file as [`read`] does.
    pub(super) fn read(&self, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
        match self.unwritten(path) {
            Some(Some(text)) => Ok(text.clone().into_bytes()),
            Some(None) => Err(io::ErrorKind::NotFound.into()),
            None => read(self.root, path, limit),
        }
    }

    /// Reads the size of a picture that [`exists`](Self::exists), or returns `None` if its format is unknown.
    pub(super) fn picture_size(&self, path: &Utf8Path) -> Option<PictureSize> {
        let is_written = self.unwritten(path).is_none();
        let size = is_written
            .then(|| imagesize::size(self.root.join(path)))?
            .ok()?;
        let length = |pixels| u32::try_from(pixels).ok().filter(|pixels| *pixels > 0);
        Some(PictureSize {
            width: length(size.width)?,
            height: length(size.height)?,
        })
    }

    /// Returns the files of a folder as [`list`] does.
    pub(super) fn list(
        &self,
        folder: &Utf8Path,
        extension: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Utf8PathBuf> {
        let mut files = list(self.root, folder.as_str(), extension, diagnostics);
        if let Some(unwritten) = self.unwritten {
            files.retain(|file| unwritten.get(file).is_none_or(Option::is_some));
            let new = unwritten.iter().filter(|(file, text)| {
                text.is_some() && file.starts_with(folder) && file.extension() == Some(extension)
            });
            files.extend(new.map(|(file, _)| file.clone()));
            files.sort();
            files.dedup();
        }
        files
    }
}

/// Returns `true` if a folder is an archive, and not a site, which has a folder with the reports of incidents.
#[must_use]
pub fn is_root(folder: &Utf8Path) -> bool {
    let is_site = || folder.join(MANIFEST).is_file();
    folder.join(CONFIG).is_file() || (folder.join(INCIDENTS).is_dir() && !is_site())
}

/// Returns the archive that contains a folder: the folder itself or its nearest parent that is one.
#[must_use]
pub fn find_root(from: &Utf8Path) -> Option<Utf8PathBuf> {
    from.ancestors()
        .find(|folder| is_root(folder))
        .map(Utf8Path::to_path_buf)
}

/// Returns `true` if the path is a regular file inside the archive, without a symbolic link on the way.
pub(super) fn exists(root: &Utf8Path, path: &Utf8Path) -> bool {
    no_links(root, path)
        && fs::symlink_metadata(root.join(path)).is_ok_and(|metadata| metadata.is_file())
}

/// Returns the absolute path of a file or folder without symbolic links on the way.
pub(super) fn absolute(path: &Utf8Path) -> Option<Utf8PathBuf> {
    path.canonicalize_utf8().ok()
}

/// Returns `true` if anything has this path, even a symbolic link.
pub(super) fn is_there(root: &Utf8Path, path: &Utf8Path) -> bool {
    fs::symlink_metadata(root.join(path)).is_ok()
}

/// Returns `true` if the path is or is inside a symbolic link, even if nothing is there yet.
fn has_link(root: &Utf8Path, path: &Utf8Path) -> bool {
    let mut prefix = root.to_path_buf();
    path.components().any(|part| {
        prefix.push(part);
        fs::symlink_metadata(&prefix).is_ok_and(|metadata| metadata.is_symlink())
    })
}

fn no_links(root: &Utf8Path, path: &Utf8Path) -> bool {
    // The program's own files are not part of the archive.
    if path.starts_with(RESERVED) {
        return false;
    }
    let mut prefix = root.to_path_buf();
    path.components().all(|part| {
        prefix.push(part);
        fs::symlink_metadata(&prefix).is_ok_and(|metadata| !metadata.is_symlink())
    })
}

/// Reads a regular file inside the archive.
///
/// # Errors
/// Returns an error for a symbolic link on the way, anything but a regular file, a file over
/// `limit` bytes, or an I/O error.
pub(super) fn read(root: &Utf8Path, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
    let absolute = root.join(path);
    if !no_links(root, path) {
        // A missing file also fails the check for links: report that it is missing, unless a link leads to it.
        if !has_link(root, path) {
            fs::symlink_metadata(&absolute)?;
        }
        return Err(io::Error::other(format!(
            "`{path}` is or is inside a symbolic link; symbolic links are not followed"
        )));
    }
    regular(&absolute, path, limit)
}

/// Reads a regular file from anywhere; `path` is its path as messages show it.
///
/// # Errors
/// Returns an error for anything but a regular file, a file over `limit` bytes, or an I/O error.
pub(super) fn regular(absolute: &Utf8Path, path: &Utf8Path, limit: u64) -> io::Result<Vec<u8>> {
    // Check the type first: opening a named pipe would block until someone writes to it.
    if !fs::metadata(absolute)?.is_file() {
        return Err(io::Error::other(format!("`{path}` is not a regular file")));
    }
    let file = File::open(absolute)?;
    let size = file.metadata()?.len();
    if size > limit {
        return Err(io::Error::other(format!(
            "the file is {size} bytes, over the limit of {limit}; raise `[limits] file_bytes` in `{CONFIG}`"
        )));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Returns the files with an extension below a folder of the archive, sorted by path.
///
/// Hidden files and folders are skipped. A path with the extension that is not a regular file, or
/// whose name is not UTF-8, is reported and skipped.
pub(super) fn list(
    root: &Utf8Path,
    folder: &str,
    extension: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Utf8PathBuf> {
    let start = root.join(folder);
    if !start.is_dir() {
        return Vec::new();
    }
    if has_link(root, Utf8Path::new(folder)) {
        let message =
            format!("`{folder}` is or is inside a symbolic link; symbolic links are not followed");
        diagnostics.push(Diagnostic::error("unreadable", message).of_file(Utf8Path::new(folder)));
        return Vec::new();
    }
    let mut files = Vec::new();
    let mut others = Vec::new();
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
                diagnostics
                    .push(Diagnostic::error("unreadable", message).of_file(Utf8Path::new(folder)));
                continue;
            }
        };
        let name = entry.file_name().to_string_lossy();
        let path = Utf8Path::from_path(entry.path()).and_then(|path| path.strip_prefix(root).ok());
        if entry.depth() == 0
            || !name
                .to_ascii_lowercase()
                .ends_with(&format!(".{extension}"))
        {
            others.extend(
                path.filter(|_| entry.file_type().is_file())
                    .map(Utf8Path::to_path_buf),
            );
            continue;
        }
        let unreadable = |message: String| {
            let above = entry.path().parent().and_then(Utf8Path::from_path);
            let above = above.and_then(|above| above.strip_prefix(root).ok());
            let above = above.unwrap_or(Utf8Path::new(folder));
            let shown = above.join(name.escape_debug().to_string());
            Diagnostic::error("unreadable", message).of_file(path.unwrap_or(&shown))
        };
        match path {
            None => diagnostics.push(unreadable("the file name is not UTF-8".to_owned())),
            Some(path) if path.extension() != Some(extension) => {
                diagnostics.push(unreadable(format!(
                    "the file extension must be lowercase `.{extension}`"
                )));
            }
            Some(path) if entry.file_type().is_file() => files.push(path.to_path_buf()),
            Some(_) if entry.file_type().is_symlink() => {
                diagnostics.push(unreadable("symbolic links are not followed".to_owned()));
            }
            Some(_) => diagnostics.push(unreadable("not a regular file".to_owned())),
        }
    }
    files.sort();
    diagnostics.extend(
        others
            .iter()
            .filter_map(|other| ignored(other, extension, &files)),
    );
    files
}

/// The extensions that a file may have by mistake, for each extension that is read.
const ENDINGS: &[(&str, &[&str])] = &[
    ("toml", &["yaml", "yml", "tml", "toml.txt"]),
    (
        "json",
        &["yaml", "yml", "toml", "jsonl", "jsonc", "json5", "json.txt"],
    ),
];

/// Reports a file that is named like an incident or timeline, but has another extension.
fn ignored(path: &Utf8Path, ending: &str, files: &[Utf8PathBuf]) -> Option<Diagnostic> {
    let (_, others) = ENDINGS.iter().find(|(own, _)| *own == ending)?;
    let name = path.file_name()?;
    let stem = others
        .iter()
        .find_map(|other| name.strip_suffix(other)?.strip_suffix('.'))?;
    let is_taken = files.iter().any(|file| file.file_stem() == Some(stem));
    let (_, number) = stem.rsplit_once('-')?;
    if is_taken || number.is_empty() || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let what = if ending == "toml" {
        "incidents"
    } else {
        "timelines"
    };
    let format = ending.to_uppercase();
    Some(
        Diagnostic::warning(
            "ignored-file",
            format!("file is ignored: {what} are `.{ending}` files"),
        )
        .of_file(path)
        .help(format!(
            "convert it to {format} and name it `{stem}.{ending}`"
        )),
    )
}
