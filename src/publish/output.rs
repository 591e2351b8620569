//! The one door to the output: each file of a site is searched by the audit, and then staged.
//!
//! A file that an earlier build made from the same, and that still is in place, is neither made nor read again.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::earlier::Earlier;
use super::write::{MANIFEST, Writer, Written};
use super::{File, FileContent, PublishError};
use crate::audit::{Audit, Found};
use crate::cache::{Digest, KnownFile, Stamp};
use crate::load;

/// The files of one build on their way into the output.
pub struct Output<'a> {
    /// The archive, for the files that are copied.
    pub(super) root: &'a Utf8Path,
    out: &'a Utf8Path,
    writer: Writer,
    pub(super) audit: &'a Audit,
    pub(super) earlier: Earlier,
    leaks: Mutex<Found>,
    /// The files of this build; those that are used again with their stamps.
    files: Mutex<BTreeMap<String, (Option<Stamp>, Digest)>>,
}

/// The result of writing a build.
pub(super) struct Committed {
    /// The number of pages.
    pub pages: usize,
    /// The written files.
    pub written: Written,
    /// All files with their content.
    pub files: Vec<KnownFile>,
}

impl<'a> Output<'a> {
    /// Prepares the output of an archive's site.
    #[must_use]
    pub fn new(
        root: &'a Utf8Path,
        out: &'a Utf8Path,
        writer: Writer,
        audit: &'a Audit,
        earlier: Earlier,
    ) -> Self {
        Self {
            root,
            out,
            writer,
            audit,
            earlier,
            leaks: Mutex::default(),
            files: Mutex::default(),
        }
    }

    /// Searches a file for what the audience must not see, and stages it. Many threads may call this at once.
    ///
    /// # Errors
    /// Returns an error if a file to copy cannot be read, or if the file cannot be staged.
    pub fn put(&self, file: &File) -> Result<(), PublishError> {
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
            let mut leaks = self.leaks.lock().unwrap_or_else(PoisonError::into_inner);
            leaks.add(path, bytes, hits);
        }
        let digest = Digest::new(bytes);
        let known = self.earlier.table.known(path) == Some(digest);
        match known.then(|| self.standing(&file.path)).flatten() {
            Some(standing) => self.leave(&file.path, standing),
            None => {
                self.writer.put(&file.path, bytes)?;
                self.note(&file.path, None, digest);
                Ok(())
            }
        }
    }

    /// Uses files of an earlier build again, if every one of them still is in place; returns whether it did.
    ///
    /// # Errors
    /// Returns an error if this build made one of them with another content.
    pub(super) fn reuse(&self, files: &[String]) -> Result<bool, PublishError> {
        let standing = files.iter().map(|path| self.standing(path));
        let Some(standing) = standing.collect::<Option<Vec<KnownFile>>>() else {
            return Ok(false);
        };
        for (path, file) in files.iter().zip(standing) {
            self.leave(path, file)?;
        }
        Ok(true)
    }

    /// Returns a file of an earlier build, if it still is in place.
    fn standing(&self, path: &str) -> Option<KnownFile> {
        let is_listed = self.writer.previous().contains(path);
        is_listed
            .then(|| self.earlier.table.unchanged(path.as_ref()))
            .flatten()
    }

    fn leave(&self, path: &str, file: KnownFile) -> Result<(), PublishError> {
        self.writer.leave(path)?;
        self.note(path, file.stamp, file.digest);
        Ok(())
    }

    fn note(&self, path: &str, stamp: Option<Stamp>, digest: Digest) {
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(path.to_owned(), (stamp, digest));
    }

    /// Moves all files into place. The files of the last build in `stale` are kept as they are.
    ///
    /// # Errors
    /// Returns an error if a file contains what the audience must not see, or if the system fails.
    pub(super) fn commit(self, stale: &[String]) -> Result<Committed, PublishError> {
        let leaks = self
            .leaks
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if !leaks.is_empty() {
            return Err(PublishError::Leaks(Box::new(leaks)));
        }
        stale.iter().try_for_each(|path| self.writer.keep(path))?;
        let made = self.files.into_inner();
        let made = made.unwrap_or_else(PoisonError::into_inner);
        let is_page = |path: &&String| Utf8Path::new(path).extension() == Some("html");
        let pages = made.keys().filter(is_page).count();
        let (out, began) = (self.out, self.writer.now());
        // While nobody else can write there, so that each stamp is of the content that this build made.
        let (written, files) = self.writer.commit_and(|| {
            let made: Vec<(String, (Option<Stamp>, Digest))> = made.into_iter().collect();
            let known = |(path, (stamp, digest)): (String, (Option<Stamp>, Digest))| KnownFile {
                stamp: stamp.or_else(|| Stamp::before(&out.join(&path), began?)),
                path: path.into(),
                digest,
            };
            let mut files: Vec<KnownFile> = made.into_par_iter().map(known).collect();
            files.extend(KnownFile::read(out, Utf8PathBuf::from(MANIFEST), began));
            files
        })?;
        Ok(Committed {
            pages,
            written,
            files,
        })
    }
}
