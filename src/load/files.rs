//! The only reader of input files: sorted walks, regular files, no links.

#![expect(clippy::disallowed_methods, reason = "the one reader of input files")]

use std::fs::{self, File};
use std::io::{self, Read};

use camino::{Utf8Path, Utf8PathBuf};
use walkdir::WalkDir;

use super::{CONFIG, INCIDENTS};
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

/// Returns `true` if anything has this name, a link among them.
pub(super) fn is_there(root: &Utf8Path, path: &Utf8Path) -> bool {
    fs::symlink_metadata(root.join(path)).is_ok()
}

fn no_links(root: &Utf8Path, path: &Utf8Path) -> bool {
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
                diagnostics.push(Diagnostic::error("unreadable", message).at(
                    Utf8Path::new(folder),
                    Locator::File,
                    "",
                ));
                continue;
            }
        };
        let name = entry.file_name().to_string_lossy();
        let path = Utf8Path::from_path(entry.path()).and_then(|path| path.strip_prefix(root).ok());
        if entry.depth() == 0 || !name.to_ascii_lowercase().ends_with(&format!(".{ending}")) {
            others.extend(
                path.filter(|_| entry.file_type().is_file())
                    .map(Utf8Path::to_path_buf),
            );
            continue;
        }
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
    diagnostics.extend(
        others
            .iter()
            .filter_map(|other| ignored(other, ending, &files)),
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
        .at(path, Locator::File, "")
        .help(format!(
            "convert it to {format} and name it `{stem}.{ending}`"
        )),
    )
}
