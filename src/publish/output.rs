//! The one door to the output: each file of a site is searched by the audit, and then staged.
//!
//! A file that an earlier build made from the same, and that still is in place, is neither made nor read again.

use std::sync::Mutex;

use camino::Utf8Path;
use rayon::prelude::*;

use super::earlier::{self, Earlier, SiteFiles};
use super::write::{Difference, MANIFEST, Writer, Written};
use super::{File, FileContent, PublishError};
use crate::audit::{Audit, Found};
use crate::cache::{Digest, KnownFile, KnownFiles, Stamp, into_inner, locked};
use crate::load;

/// The files of one build on their way into the output.
pub struct Output<'a> {
    /// The archive, for the files that are copied.
    pub(super) root: &'a Utf8Path,
    writer: Writer,
    pub(super) audit: &'a Audit,
    pub(super) earlier: Earlier,
    leaks: Mutex<Found>,
    /// The files of this build by number; those that are used again with their stamps.
    made: Mutex<Vec<Option<KnownFile>>>,
}

/// The result of writing a build.
pub(super) struct Committed {
    /// The number of pages.
    pub pages: usize,
    /// The written files.
    pub written: Written,
    /// All files with their content.
    pub site: SiteFiles,
    /// The number of each file in `site`, by its number during the build.
    pub numbers: Vec<Option<u32>>,
}

impl<'a> Output<'a> {
    /// Prepares the output of an archive's site.
    #[must_use]
    pub fn new(root: &'a Utf8Path, writer: Writer, audit: &'a Audit, earlier: Earlier) -> Self {
        Self {
            root,
            writer,
            audit,
            earlier,
            leaks: Mutex::default(),
            made: Mutex::default(),
        }
    }

    /// Searches a file for what the audience must not see, stages it, and returns its number. Many threads may call this
    /// at once.
    ///
    /// # Errors
    /// Returns an error if a file to copy cannot be read, or if the file cannot be staged.
    pub fn put(&self, file: &File) -> Result<u32, PublishError> {
        let copied;
        let bytes = match &file.bytes {
            FileContent::Made(bytes) => bytes,
            FileContent::Copied(path) => {
                let read = load::referred_file(self.root, path);
                copied = read.map_err(|error| PublishError::Read {
                    path: path.clone(),
                    error,
                })?;
                &copied
            }
        };
        let path = Utf8Path::new(&file.path);
        let hits = self.audit.file(path, bytes);
        if !hits.is_empty() {
            locked(&self.leaks).add(path, bytes, hits);
        }
        let digest = Digest::new(bytes);
        if let Some(number) = self.number(&file.path)
            && (self.earlier.known(number)).is_some_and(|known| known.digest == digest)
            && self.reuse(&[number])?
        {
            return Ok(number);
        }
        let number = self.writer.put(&file.path, bytes)?;
        self.note(
            number,
            KnownFile {
                stamp: None,
                digest,
            },
        );
        Ok(number)
    }

    /// Returns the number of a file of the last build.
    pub(super) fn number(&self, path: &str) -> Option<u32> {
        self.writer.previous().find(path)
    }

    /// Uses files of an earlier build again, if every one of them still is in place; returns whether it did.
    ///
    /// # Errors
    /// Returns an error if this build made one of them with another content.
    pub(super) fn reuse(&self, files: &[u32]) -> Result<bool, PublishError> {
        let standing = files.iter().map(|number| self.standing(*number));
        let Some(standing) = standing.collect::<Option<Vec<KnownFile>>>() else {
            return Ok(false);
        };
        for (number, file) in files.iter().zip(standing) {
            self.writer.leave(*number)?;
            self.note(*number, file);
        }
        Ok(true)
    }

    /// Returns a file of an earlier build, if it still is in place.
    fn standing(&self, number: u32) -> Option<KnownFile> {
        let known = self.earlier.known(number)?;
        // A symbolic link is reported once the file is made again.
        let found = self.writer.standing(number).ok()??;
        let path = self
            .writer
            .folder()
            .join(self.writer.previous().get(number));
        known.unchanged(&path, &found, self.earlier.now)
    }

    fn note(&self, number: u32, file: KnownFile) {
        let mut made = locked(&self.made);
        let number = number as usize;
        if made.len() <= number {
            made.resize(number + 1, None);
        }
        if let Some(made) = made.get_mut(number) {
            *made = Some(file);
        }
    }

    /// Completes the site by the files of the last build in `stale`, which are kept as they are.
    ///
    /// # Errors
    /// Returns an error if a file contains what the audience must not see, or if a stale file is not there.
    pub(super) fn complete(&mut self, stale: &[String]) -> Result<(), PublishError> {
        let leaks = std::mem::take(&mut *locked(&self.leaks));
        if !leaks.is_empty() {
            return Err(PublishError::Leaks(Box::new(leaks)));
        }
        stale.iter().try_for_each(|path| self.writer.keep(path))?;
        Ok(())
    }

    /// Returns how the folder differs from the site that was made; nothing in it is changed.
    ///
    /// # Errors
    /// Returns an error if the system fails.
    pub(super) fn differences(self) -> Result<Vec<(String, Difference)>, PublishError> {
        Ok(self.writer.differences()?)
    }

    /// Moves all files into place.
    ///
    /// # Errors
    /// Returns an error if the system fails.
    pub(super) fn commit(self) -> Result<Committed, PublishError> {
        let made = into_inner(self.made);
        let made = |number: u32| made.get(number as usize).copied().flatten();
        let (began, out) = (self.writer.now(), self.writer.folder().to_owned());
        // While nobody else can write there, so that each stamp is of the content that this build made.
        let (written, (numbers, site)) = self.writer.commit_and(|numbers, paths| {
            let all = numbers.iter().zip(paths.iter());
            // All but the stale files.
            let own = all.filter_map(|(number, path)| Some((*number, path, made(*number)?)));
            let own: Vec<(u32, &str, KnownFile)> = own.collect();
            let stamped = |(_, path, file): &(u32, &str, KnownFile)| KnownFile {
                stamp: file
                    .stamp
                    .or_else(|| Stamp::before(&out.join(path), began?)),
                digest: file.digest,
            };
            let files = KnownFiles {
                paths: own.iter().map(|(_, path, _)| *path).collect(),
                files: own.par_iter().map(stamped).collect(),
            };
            let manifest = KnownFile::read(&out.join(MANIFEST), began);
            let numbers: Vec<u32> = own.into_iter().map(|(number, ..)| number).collect();
            (numbers, SiteFiles { files, manifest })
        })?;
        let is_page = |path: &&str| Utf8Path::new(path).extension() == Some("html");
        let pages = site.files.paths.iter().filter(is_page);
        Ok(Committed {
            pages: pages.count(),
            written,
            numbers: earlier::numbers(&numbers),
            site,
        })
    }
}
