//! Searches every file of a folder, whoever put it there.

#![expect(clippy::disallowed_methods, reason = "an audit reads a built site")]

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use walkdir::WalkDir;

use super::{Audit, Found, Hit};

/// What was found in a folder.
#[derive(Debug, Default)]
pub struct ScanResult {
    /// How many files were searched.
    pub files: usize,
    /// What their readers must not see.
    pub found: Found,
}

impl Audit {
    /// Searches every file below a folder; links are not followed.
    ///
    /// # Errors
    /// A folder or file that cannot be read, or a name that is no UTF-8.
    pub fn folder(&self, folder: &Utf8Path) -> io::Result<ScanResult> {
        let mut paths: Vec<Utf8PathBuf> = Vec::new();
        for entry in WalkDir::new(folder).follow_links(false).sort_by_file_name() {
            let entry = entry.map_err(|error| match error.io_error() {
                Some(cause) => io::Error::new(cause.kind(), cause.to_string()),
                None => error.into(),
            })?;
            if entry.file_type().is_file() {
                let path = Utf8PathBuf::from_path_buf(entry.into_path());
                paths.push(path.map_err(|path| {
                    io::Error::other(format!("the name of `{}` is not UTF-8", path.display()))
                })?);
            }
        }
        let read: Vec<io::Result<(Vec<Hit>, Vec<u8>)>> = paths
            .par_iter()
            .map(|path| {
                let bytes = std::fs::read(path).map_err(|error| {
                    io::Error::new(error.kind(), format!("cannot read `{path}`: {error}"))
                })?;
                let hits = self.file(path.strip_prefix(folder).unwrap_or(path), &bytes);
                // Of a clean file nothing is kept.
                let bytes = if hits.is_empty() { Vec::new() } else { bytes };
                Ok((hits, bytes))
            })
            .collect();
        let mut searched = ScanResult {
            files: paths.len(),
            ..ScanResult::default()
        };
        for (path, read) in paths.iter().zip(read) {
            let (hits, bytes) = read?;
            let name = path.strip_prefix(folder).unwrap_or(path);
            searched.found.add(name, &bytes, hits);
        }
        Ok(searched)
    }
}
