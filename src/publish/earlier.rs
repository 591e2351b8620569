//! The files of an earlier build of a site, and the digests of their inputs.
//!
//! It holds digests, not the content of files. So a file is reused only if it is still in place.

use std::collections::BTreeMap;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::search::Words;
use crate::cache::{self, Cache, Digest, FileTable, Hasher, KnownFile};

/// Files that were rendered together, with the digest of everything they depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The digest of what they depend on.
    pub key: Digest,
    /// Their paths in the site.
    pub files: Vec<String>,
}

/// The record of one build.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SiteRecord {
    /// The files of each incident, by its ID.
    pub incidents: BTreeMap<String, Made>,
    /// The files of no one incident.
    pub lists: Option<Made>,
    /// The digest of the view of each page, by its path without an extension.
    pub pages: BTreeMap<String, Digest>,
    /// The digest of the words of each search file, by its path.
    pub words_files: BTreeMap<String, Digest>,
    /// The files of the search that are of no one page.
    pub search: Option<Made>,
    /// All files with their content, by path; read and stored apart, because they are most of it.
    #[serde(skip)]
    pub files: Vec<KnownFile>,
    /// The words of the pages; `None` if nothing of them changed. Stored apart.
    #[serde(skip)]
    pub words: Option<Words>,
}

impl SiteRecord {
    /// Stores it; returns the digest of all files.
    pub fn store(&self, cache: &Cache, name: &str) -> Digest {
        if let Some(words) = &self.words {
            words.store(cache, &words_of(name));
        }
        let packed = cache::pack(self).unwrap_or_default();
        cache.write_with(name, &self.files, &[packed]);
        content(&self.files)
    }

    /// Looks whether every file that a build made still is in place, and nothing shows another build.
    ///
    /// Files are read where their size and times are others, and all of them if `verify` says so.
    #[must_use]
    pub fn files_in_place(
        cache: &Cache,
        name: &str,
        out: &Utf8Path,
        verify: bool,
    ) -> Option<FilesInPlace> {
        let (files, _) = cache.read_with::<Vec<KnownFile>>(name)?;
        if !super::write::is_at_rest(out) {
            return None;
        }
        let paths: Vec<Utf8PathBuf> = files.iter().map(|file| file.path.clone()).collect();
        let in_place = FilesInPlace {
            content: content(&files),
            // The list of files is none of the site.
            count: files.len().saturating_sub(1),
        };
        let mut table = FileTable::new(out, files, i64::MIN);
        if verify {
            table.distrust();
        }
        let all = paths.par_iter();
        all.all(|path| table.unchanged(path).is_some())
            .then_some(in_place)
    }
}

/// The files of a site that are in place.
#[derive(Debug, Clone, Copy)]
pub struct FilesInPlace {
    /// The digest of their content.
    pub content: Digest,
    /// The number of files.
    pub count: usize,
}

/// The files of an earlier build that are still in place.
#[derive(Debug)]
pub struct Earlier {
    /// The record of that build.
    pub(super) record: SiteRecord,
    /// Its files.
    pub(super) table: FileTable,
    cache_name: String,
}

impl Earlier {
    /// Reads what an earlier build left in an output folder; `now` is the time by the clock of its file system.
    #[must_use]
    pub fn read(cache: &Cache, name: &str, out: &Utf8Path, now: Option<i64>) -> Self {
        let read = now.and_then(|_| cache.read_with::<Vec<KnownFile>>(name));
        let read = read.and_then(|(files, frames)| {
            let record: SiteRecord = cache::unpack(frames.first()?)?;
            Some((files, record))
        });
        let (files, record) = read.unwrap_or_default();
        Self {
            record,
            table: FileTable::new(out, files, now.unwrap_or(i64::MIN)),
            cache_name: name.to_owned(),
        }
    }

    /// Reads every file that an earlier build made instead of looking at its size and times.
    #[must_use]
    pub fn verified(mut self) -> Self {
        self.table.distrust();
        self
    }

    /// Reads the words of all pages.
    pub(super) fn words(&self, cache: &Cache) -> Option<Words> {
        Words::read(cache, &words_of(&self.cache_name))
    }
}

/// Returns the digest of all files.
fn content(files: &[KnownFile]) -> Digest {
    let mut packed = Vec::with_capacity(files.len() * 64);
    for file in files {
        packed.extend_from_slice(file.path.as_str().as_bytes());
        packed.push(0);
        packed.extend_from_slice(file.digest.bytes());
    }
    Hasher::default().with(&Digest::new(&packed)).finish()
}

fn words_of(name: &str) -> String {
    format!("{name}-words")
}
