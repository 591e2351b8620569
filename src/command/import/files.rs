//! Reads the files of exports: single files, folders, ZIP archives, and files packed with gzip, within limits.

#![expect(
    clippy::disallowed_methods,
    reason = "exports are read from where the user says, outside of the archive"
)]

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;

use anyhow::{Context, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use flate2::read::MultiGzDecoder;
use walkdir::WalkDir;

use crate::config::Config;
use crate::import::source::ExportFile;
use crate::load;
use crate::moment::parse_day;

/// The number of files of an import.
const MOST_FILES: usize = 20_000;
/// The number of entries of a ZIP archive.
const MOST_ENTRIES: usize = 200_000;
/// The number of bytes of all files of an import.
const MOST_BYTES: u64 = 256 * 1024 * 1024;
/// How many times its packed size a file may be, if it is over [`SMALL`].
const MOST_RATIO: u64 = 200;
/// The number of bytes that every packed file may have.
const SMALL: u64 = 1024 * 1024;

/// Reads the files that the user names.
#[derive(Debug)]
pub struct Files<'a> {
    config: &'a Config,
    /// The Slack channels whose folders are read; all if empty.
    channels: &'a [String],
    files: Vec<ExportFile>,
    bytes: u64,
}

impl<'a> Files<'a> {
    /// Reads all files of the paths, folders and ZIP archives in the order of their names.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read, or if a limit is exceeded; it names the limit.
    pub fn read(
        paths: &[Utf8PathBuf],
        config: &'a Config,
        channels: &'a [String],
    ) -> anyhow::Result<Vec<ExportFile>> {
        let mut files = Self {
            config,
            channels,
            files: Vec::new(),
            bytes: 0,
        };
        for path in paths {
            if path.is_dir() {
                files.folder(path)?;
            } else if has_ending(path, &["zip"]) || is_packed(path) {
                files.archive(path)?;
            } else {
                files.file(path)?;
            }
        }
        Ok(files.files)
    }

    fn folder(&mut self, folder: &Utf8Path) -> anyhow::Result<()> {
        let mut count = 0;
        let mut archives = Vec::new();
        for entry in WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.with_context(|| format!("cannot read `{folder}`"))?;
            let path = Utf8Path::from_path(entry.path())
                .ok_or_else(|| anyhow!("the path `{}` is not UTF-8", entry.path().display()))?;
            // Only what is hidden inside the folder is left out.
            let inner = path.strip_prefix(folder).unwrap_or(path);
            if entry.file_type().is_file() && is_export(inner) && self.is_wanted(path.as_str()) {
                self.file(path)?;
                count += 1;
            } else if has_ending(path, ARCHIVES) {
                archives.push(path.to_string());
            }
        }
        if count == 0 {
            return Err(no_export(
                folder,
                &archives,
                "unpack it, or pass a ZIP archive instead of the folder",
            ));
        }
        Ok(())
    }

    fn file(&mut self, path: &Utf8Path) -> anyhow::Result<()> {
        let name = format!("`{path}`");
        let bytes = load::outside_bytes(path, self.config);
        self.add(
            path,
            &name,
            bytes.with_context(|| format!("cannot read {name}"))?,
        )
    }

    /// Adds a file, which may be packed with gzip; `name` is how messages call it.
    fn add(&mut self, path: &Utf8Path, name: &str, mut bytes: Vec<u8>) -> anyhow::Result<()> {
        if bytes.starts_with(GZIP) {
            let packed = bytes.len() as u64;
            bytes = self.unpacked(MultiGzDecoder::new(&*bytes), packed, name)?;
        }
        if bytes
            .get(TAR_AT..)
            .is_some_and(|rest| rest.starts_with(TAR))
        {
            bail!("{name} is a tar archive; unpack it, and pass the folder");
        }
        let source = load::decoded(path, &bytes).with_context(|| format!("cannot read {name}"))?;
        self.bytes += source.text().len() as u64;
        if self.bytes > MOST_BYTES {
            bail!(
                "the files have more than {} MiB in all; pass fewer of them, or one `--channel`",
                MOST_BYTES / 1024 / 1024
            );
        }
        if self.files.len() >= MOST_FILES {
            bail!("more than {MOST_FILES} files; pass fewer of them, or one `--channel`");
        }
        self.files.push(ExportFile {
            path: path.to_string(),
            text: source.text().to_owned(),
        });
        Ok(())
    }

    /// Unpacks a file of this packed size, within the limits.
    fn unpacked(&self, packed: impl Read, size: u64, name: &str) -> anyhow::Result<Vec<u8>> {
        let limit = load::limits(&self.config.limits).file_bytes as u64;
        let mut bytes = Vec::new();
        // The size that an archive states may be wrong, so the bytes themselves are counted.
        packed
            .take(limit + 1)
            .read_to_end(&mut bytes)
            .with_context(|| format!("cannot unpack {name}; it may be truncated"))?;
        let unpacked = bytes.len() as u64;
        if unpacked > limit {
            bail!("{name} is over {limit} bytes; raise `file_bytes` in `[limits]` if it must be");
        }
        if unpacked > SMALL && unpacked / size.max(1) > MOST_RATIO {
            bail!("{name} is packed to less than 1/{MOST_RATIO} of its size, as in a ZIP bomb");
        }
        Ok(bytes)
    }

    fn archive(&mut self, path: &Utf8Path) -> anyhow::Result<()> {
        let cannot = || format!("cannot read `{path}`");
        let file = File::open(path).with_context(cannot)?;
        let mut archive = zip::ZipArchive::new(file).map_err(|_| {
            anyhow!("`{path}` is no complete ZIP archive; download it again, or unpack it and pass the folder")
        })?;
        if archive.len() > MOST_ENTRIES {
            bail!("`{path}` has more than {MOST_ENTRIES} entries");
        }
        let mut wanted = Vec::new();
        let mut archives = Vec::new();
        for index in 0..archive.len() {
            let entry = archive.by_index(index).with_context(cannot)?;
            let name = entry.name().map(Cow::into_owned).unwrap_or_default();
            if entry.is_file() && is_export(Utf8Path::new(&name)) && self.is_wanted(&name) {
                wanted.push((name, index));
            } else if has_ending(Utf8Path::new(&name), ARCHIVES) {
                archives.push(name);
            }
        }
        if wanted.is_empty() {
            return Err(no_export(
                path,
                &archives,
                "unpack it, and pass what is in it",
            ));
        }
        wanted.sort();
        for (name, index) in wanted {
            let entry = archive.by_index(index).with_context(cannot)?;
            let size = entry.compressed_size();
            let called = format!("`{name}` of `{path}`");
            let bytes = self.unpacked(entry, size, &called)?;
            self.add(Utf8Path::new(&name), &called, bytes)?;
        }
        Ok(())
    }

    /// Returns `false` for a day file of a Slack channel that was not asked for.
    fn is_wanted(&self, path: &str) -> bool {
        let path = Utf8Path::new(without_packing(path));
        let is_day = path.file_stem().is_some_and(|stem| parse_day(stem).is_ok());
        let channel = path
            .parent()
            .and_then(Utf8Path::file_name)
            .filter(|_| is_day);
        // The name of a channel that is given by its ID is known only after reading.
        let by_id = |channel: &String| {
            channel.starts_with(['C', 'G'])
                && channel
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
        };
        let is_it = |channel: &str| {
            self.channels
                .iter()
                .any(|wanted| wanted.trim_start_matches('#') == channel)
        };
        self.channels.is_empty() || self.channels.iter().any(by_id) || channel.is_none_or(is_it)
    }
}

/// Returns the error for a folder or an archive without exports; `help` says what to do with an archive in it.
fn no_export(path: &Utf8Path, archives: &[String], help: &str) -> anyhow::Error {
    let inner = archives
        .first()
        .map(|archive| format!("; it has the archive `{archive}`: {help}"));
    anyhow!(
        "`{path}` has no file of an export (`.json`, `.jsonl`, `.ndjson`, `.csv` or `.tsv`){}",
        inner.unwrap_or_default()
    )
}

/// How a file that is packed with gzip starts.
const GZIP: &[u8] = b"\x1f\x8b";

/// What a tar archive has after the name and the times of its first file, and where.
const TAR: &[u8] = b"ustar";
const TAR_AT: usize = 257;

/// Returns the name of a file that is packed with gzip as it is without it.
fn without_packing(path: &str) -> &str {
    path.strip_suffix(".gz").unwrap_or(path)
}

/// The endings of packed files, of which only ZIP archives are read as folders.
const ARCHIVES: &[&str] = &["zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar"];

/// The endings of exports.
const EXPORTS: &[&str] = &["json", "jsonl", "ndjson", "csv", "tsv"];

fn has_ending(path: &Utf8Path, endings: &[&str]) -> bool {
    path.extension().is_some_and(|extension| {
        endings
            .iter()
            .any(|known| known.eq_ignore_ascii_case(extension))
    })
}

/// Returns `true` for a file that starts as a ZIP archive does, whatever its name.
fn is_packed(path: &Utf8Path) -> bool {
    let mut start = [0; 4];
    let is_file = path.is_file();
    is_file
        && File::open(path)
            .and_then(|mut file| file.read_exact(&mut start))
            .is_ok()
        && start == *b"PK\x03\x04"
}

/// Returns `true` for the name of a file that an export may have; hidden ones are not.
fn is_export(path: &Utf8Path) -> bool {
    has_ending(Utf8Path::new(without_packing(path.as_str())), EXPORTS)
        && !path.components().any(|part| {
            matches!(part.as_str().chars().next(), Some('.')) && part.as_str().len() > 2
        })
}
