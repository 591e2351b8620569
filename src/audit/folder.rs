//! Scans every file of a folder, including files that no build wrote.

#![expect(clippy::disallowed_methods, reason = "an audit reads a built site")]

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use walkdir::WalkDir;

use super::{Audit, Found, Hit};

/// The result of scanning a folder.
#[derive(Debug, Default)]
pub struct ScanResult {
    /// The number of files scanned.
    pub files: usize,
    /// The findings.
    pub found: Found,
}

impl Audit {
    /// Scans every file below a folder; symbolic links are not followed.
    ///
    /// # Errors
    /// Returns an error if a folder or file cannot be read, or its path is not UTF-8.
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
                    io::Error::other(format!("the path `{}` is not UTF-8", path.display()))
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
                // The content of a clean file is not needed any more.
                let bytes = if hits.is_empty() { Vec::new() } else { bytes };
                Ok((hits, bytes))
            })
            .collect();
        let mut result = ScanResult {
            files: paths.len(),
            ..ScanResult::default()
        };
        for (path, read) in paths.iter().zip(read) {
            let (hits, bytes) = read?;
            let name = path.strip_prefix(folder).unwrap_or(path);
            result.found.add(name, &bytes, hits);
        }
        Ok(result)
    }
}
