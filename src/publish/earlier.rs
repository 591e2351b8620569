//! The files of an earlier build of a site, and the digests of their inputs.
//!
//! It holds digests, not the content of files. So a file is reused only if it is still in place.

use std::collections::BTreeMap;

use camino::Utf8Path;
use serde::{Deserialize, Serialize};

use super::search::Words;
use super::write::MANIFEST;
use crate::cache::{self, Cache, Digest, Hasher, KnownFile, KnownFiles, Paths, index};

/// Files that were rendered together, with the digest of everything they depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The digest of what they depend on.
    pub key: Digest,
    /// Their numbers among the files of the site.
    pub files: Box<[u32]>,
}

/// The record of one build.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SiteRecord {
    /// The files of each incident, by its ID.
    pub incidents: BTreeMap<Box<str>, Made>,
    /// The files of no one incident.
    pub lists: Option<Made>,
    /// The digest of the view of each page, by its path without an extension.
    pub pages: BTreeMap<String, Digest>,
    /// The digest of the words of each search file, by its path.
    pub words_files: BTreeMap<String, Digest>,
    /// The files of the search that are of no one page.
    pub search: Option<Made>,
    /// All files with their content; read and stored apart, because they are most of it.
    #[serde(skip)]
    pub site: SiteFiles,
    /// The words of the pages; `None` if nothing of them changed. Stored apart.
    #[serde(skip)]
    pub words: Option<Words>,
}

/// The files of a site.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct SiteFiles {
    /// The files, without the manifest.
    pub files: KnownFiles,
    /// The manifest.
    pub manifest: Option<KnownFile>,
}

impl SiteFiles {
    fn content(&self) -> Digest {
        let manifest = self.manifest.map(|file| file.digest);
        Hasher::default()
            .with(&(self.files.content(), manifest))
            .finish()
    }
}

impl SiteRecord {
    /// Stores it; returns the digest of all files.
    pub fn store(&self, cache: &Cache, name: &str) -> Digest {
        if let Some(words) = &self.words {
            words.store(cache, &words_of(name));
        }
        let packed = cache::pack(self).unwrap_or_default();
        cache.write_with(name, &self.site, &[packed]);
        self.site.content()
    }

    /// Replaces the number of each file by that in `numbers`, and forgets what was made with files that have none.
    pub(super) fn renumber(&mut self, numbers: &[Option<u32>]) {
        let renumbered = |made: &mut Made| {
            made.files.iter_mut().all(|file| {
                let number = numbers.get(*file as usize).copied().flatten();
                *file = number.unwrap_or(*file);
                number.is_some()
            })
        };
        self.incidents.retain(|_, made| renumbered(made));
        for part in [&mut self.lists, &mut self.search] {
            if !part.as_mut().is_some_and(renumbered) {
                *part = None;
            }
        }
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
        let (mut site, _) = cache.read_with::<SiteFiles>(name)?;
        let in_place = FilesInPlace {
            content: site.content(),
            count: site.files.files.len(),
        };
        site.files.paths.push(MANIFEST);
        site.files.files.push(site.manifest?);
        (super::write::is_at_rest(out) && site.files.are_in(out, verify)).then_some(in_place)
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

/// The record of an earlier build, and what is known of the files in its output.
#[derive(Debug)]
pub struct Earlier {
    /// The record of that build, with the numbers of the last build's files.
    pub(super) record: SiteRecord,
    /// The content of the last build's files, by number.
    known: Vec<Option<KnownFile>>,
    /// The time of this build by the clock of the output's file system.
    pub(super) now: i64,
    cache_name: String,
}

impl Earlier {
    /// Reads what an earlier build left; `previous` are the files that the output has of the last build, and `now` is the
    /// time by the clock of its file system.
    #[must_use]
    pub fn read(cache: &Cache, name: &str, previous: &Paths, now: Option<i64>) -> Self {
        let read = now.and_then(|_| cache.read_with::<SiteFiles>(name));
        let read = read.and_then(|(site, frames)| {
            let record: SiteRecord = cache::unpack(frames.first()?)?;
            Some((site.files, record))
        });
        let (KnownFiles { paths, files }, mut record) = read.unwrap_or_default();
        let known = if paths == *previous {
            files.into_iter().map(Some).collect()
        } else {
            // Another build was here, or another branch is checked out.
            let numbers: Vec<Option<u32>> = paths.iter().map(|path| previous.find(path)).collect();
            record.renumber(&numbers);
            let mut known = vec![None; previous.len()];
            for (number, file) in numbers.iter().zip(files) {
                if let Some(known) = number.and_then(|number| known.get_mut(number as usize)) {
                    *known = Some(file);
                }
            }
            known
        };
        Self {
            record,
            known,
            now: now.unwrap_or(i64::MIN),
            cache_name: name.to_owned(),
        }
    }

    /// Reads every file that an earlier build made instead of looking at its size and times.
    #[must_use]
    pub fn verified(mut self) -> Self {
        for known in self.known.iter_mut().flatten() {
            known.stamp = None;
        }
        self
    }

    /// Returns what is known of a file of the last build.
    pub(super) fn known(&self, number: u32) -> Option<KnownFile> {
        self.known.get(number as usize).copied().flatten()
    }

    /// Reads the words of all pages.
    pub(super) fn words(&self, cache: &Cache) -> Option<Words> {
        Words::read(cache, &words_of(&self.cache_name))
    }
}

/// Returns the new number of each file, for [`SiteRecord::renumber`], if `files` have the old numbers in the new order.
pub(super) fn numbers(files: &[u32]) -> Vec<Option<u32>> {
    let last = files.iter().max().map_or(0, |last| *last as usize + 1);
    let mut numbers = vec![None; last];
    for (new, old) in files.iter().enumerate() {
        if let Some(number) = numbers.get_mut(*old as usize) {
            *number = Some(index(new));
        }
    }
    numbers
}

fn words_of(name: &str) -> String {
    format!("{name}-words")
}
