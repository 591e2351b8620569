//! The one door to the output: each file of a site is searched by the audit, and then staged.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use camino::Utf8Path;

use super::write::{Writer, Written};
use super::{File, FileContent, Leaks, PublishError};
use crate::audit::Audit;
use crate::diagnostic;
use crate::load;
use crate::source::Source;

/// The files of one build on their way into the output.
pub struct Output<'a> {
    /// The archive, for the files that are copied.
    pub(super) root: &'a Utf8Path,
    writer: Writer,
    audit: &'a Audit,
    leaks: Mutex<Leaks>,
    pages: AtomicUsize,
}

impl<'a> Output<'a> {
    /// Prepares the output of an archive's site.
    #[must_use]
    pub fn new(root: &'a Utf8Path, writer: Writer, audit: &'a Audit) -> Self {
        Self {
            root,
            writer,
            audit,
            leaks: Mutex::default(),
            pages: AtomicUsize::new(0),
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
        let found = self.audit.file(Utf8Path::new(&file.path), bytes);
        if !found.is_empty() {
            let mut leaks = self.leaks.lock().unwrap_or_else(PoisonError::into_inner);
            leaks.diagnostics.extend(found);
            let text = String::from_utf8_lossy(bytes);
            leaks.sources.add(Source::new(&file.path, &text));
        }
        let is_page = Utf8Path::new(&file.path).extension() == Some("html");
        self.pages
            .fetch_add(usize::from(is_page), Ordering::Relaxed);
        Ok(self.writer.put(&file.path, bytes)?)
    }

    /// Returns whether the last build made a file.
    #[must_use]
    pub fn had(&self, path: &str) -> bool {
        self.writer.previous().contains(path)
    }

    /// Puts all files in place; returns how many pages there are, and what became of the files.
    ///
    /// The files of the last build that `is_kept` chooses by their paths stay as they are.
    ///
    /// # Errors
    /// Returns an error if a file contains what the audience must not see, or if the system fails.
    pub(super) fn commit(
        self,
        is_kept: impl Fn(&str) -> bool,
    ) -> Result<(usize, Written), PublishError> {
        let mut leaks = self
            .leaks
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        if !leaks.diagnostics.is_empty() {
            diagnostic::sort(&mut leaks.diagnostics, &leaks.sources);
            return Err(PublishError::Leaks(Box::new(leaks)));
        }
        let previous = self.writer.previous().iter();
        let mut kept = previous.filter(|path| is_kept(path));
        kept.try_for_each(|path| self.writer.keep(path))?;
        Ok((self.pages.into_inner(), self.writer.commit()?))
    }
}
