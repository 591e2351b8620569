//! Searches every file of a folder, whoever put it there.

#![expect(clippy::disallowed_methods, reason = "an audit reads a built site")]

use std::io;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use walkdir::WalkDir;

use super::Audit;
use crate::diagnostic::{Diagnostic, Sources};
use crate::source::Source;

/// What was found in a folder.
#[derive(Debug, Default)]
pub struct ScanResult {
    /// How many files were searched.
    pub files: usize,
    /// What their readers must not see.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that it stands in.
    pub sources: Sources,
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
        let found: Vec<io::Result<(Vec<Diagnostic>, Option<Source>)>> = paths
            .par_iter()
            .map(|path| {
                let bytes = std::fs::read(path).map_err(|error| {
                    io::Error::new(error.kind(), format!("cannot read `{path}`: {error}"))
                })?;
                let name = path.strip_prefix(folder).unwrap_or(path);
                let found = self.file(name, &bytes);
                let source = (!found.is_empty())
                    .then(|| Source::new(name, &String::from_utf8_lossy(&bytes)));
                Ok((found, source))
            })
            .collect();
        let mut searched = ScanResult {
            files: paths.len(),
            ..ScanResult::default()
        };
        for found in found {
            let (diagnostics, source) = found?;
            searched.diagnostics.extend(diagnostics);
            if let Some(source) = source {
                searched.sources.add(source);
            }
        }
        Ok(searched)
    }
}
