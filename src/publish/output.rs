//! The one door to the output: each file of a site is searched by the audit, and then staged.
//!
//! A file that an earlier build made from the same, and that still is in place, is neither made nor read again.

use std::cell::Cell;
use std::collections::HashMap;
use std::io;
use std::sync::Mutex;

use camino::Utf8Path;
use rayon::prelude::*;

use super::earlier::{self, Earlier, SiteFiles};
use super::write::{Content, Difference, MANIFEST, Writer, Written};
use super::{File, FileContent, PublishError};
use crate::audit::{Audit, Found};
use crate::cache::{Digest, Hasher, KnownFile, KnownFiles, Paths, Stamp, into_inner, locked};
use crate::load;

/// The files of one build on their way into the output.
pub struct Output<'a> {
    /// The archive, for the files that are copied.
    pub(super) root: &'a Utf8Path,
    writer: Writer,
    pub(super) audit: &'a Audit,
    pub(super) earlier: Earlier,
    leaks: Mutex<Found>,
    made: Mutex<MadeFiles>,
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

/// The files of a build by number; there are very many.
#[derive(Default)]
struct MadeFiles {
    origins: Vec<Origin>,
    /// Those that are used again under another stamp.
    stamped: HashMap<u32, KnownFile>,
}

/// Where a file of a build comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// It is not one.
    Absent,
    /// An earlier build.
    Kept,
    /// This build, with this content.
    New(Digest),
}

impl MadeFiles {
    fn set(&mut self, number: u32, origin: Origin) {
        let number = number as usize;
        if self.origins.len() <= number {
            self.origins.resize(number + 1, Origin::Absent);
        }
        if let Some(own) = self.origins.get_mut(number) {
            *own = origin;
        }
    }

    fn origin(&self, number: u32) -> Origin {
        let origin = self.origins.get(number as usize).copied();
        origin.unwrap_or(Origin::Absent)
    }

    /// Returns what is known of a file; `stamp` reads the stamp of a new one.
    fn known(
        &self,
        number: u32,
        earlier: &Earlier,
        stamp: impl Fn() -> Option<Stamp>,
    ) -> KnownFile {
        let kept = || {
            self.stamped
                .get(&number)
                .copied()
                .or_else(|| earlier.known(number))
        };
        let known = match self.origin(number) {
            Origin::Kept => kept(),
            Origin::New(digest) => Some(KnownFile {
                stamp: None,
                digest,
            }),
            Origin::Absent => None,
        };
        let known = known.unwrap_or_default();
        KnownFile {
            stamp: known.stamp.or_else(stamp),
            ..known
        }
    }
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
        let unreadable = |path: &Utf8Path| {
            let path = path.to_owned();
            |error| PublishError::Read { path, error }
        };
        let content: &dyn Content = match &file.bytes {
            FileContent::Made(bytes) => &bytes.as_slice(),
            FileContent::Rows(rows) => *rows,
            FileContent::Copied(path) => {
                copied = load::referred_file(self.root, path).map_err(unreadable(path))?;
                &copied.as_slice()
            }
        };
        let path = Utf8Path::new(&file.path);
        let searched = Searched::new(path, content, self.audit);
        let known = self.number(&file.path);
        let known = known.and_then(|number| Some((number, self.earlier.known(number)?)));
        // Rows are made once, and compared in the stage.
        if content.length().is_some()
            && let Some((number, known)) = known
            && searched.found().map_err(unreadable(path))? == (known.digest, false)
            && self.reuse(&[number])?
        {
            return Ok(number);
        }
        let number = self.writer.put_content(&file.path, &searched)?;
        let (digest, has_hits) = searched.found().map_err(unreadable(path))?;
        if has_hits {
            let whole = whole(content).map_err(unreadable(path))?;
            locked(&self.leaks).add(path, &whole, self.audit.file(path, &whole));
        }
        locked(&self.made).set(number, Origin::New(digest));
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
            let mut made = locked(&self.made);
            made.set(*number, Origin::Kept);
            if self.earlier.known(*number) != Some(file) {
                made.stamped.insert(*number, file);
            }
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
        let (began, out) = (self.writer.now(), self.writer.folder().to_owned());
        let earlier = self.earlier;
        // While nobody else can write there, so that each stamp is of the content that this build made.
        let (written, (numbers, site)) = self.writer.commit_and(|names, mut own| {
            // All but the stale files.
            own.retain(|number| made.origin(*number) != Origin::Absent);
            let known = |number: &u32| {
                let path = || out.join(names.get(*number));
                made.known(*number, &earlier, || Stamp::before(&path(), began?))
            };
            let files = KnownFiles {
                paths: Paths::of(|| own.iter().map(|number| names.get(*number))),
                files: own.par_iter().map(known).collect(),
            };
            let manifest = KnownFile::read(&out.join(MANIFEST), began);
            (own, SiteFiles { files, manifest })
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

/// The content of a file, which is searched while it is read for the first time.
struct Searched<'s> {
    path: &'s Utf8Path,
    content: &'s dyn Content,
    audit: &'s Audit,
    /// The digest, and whether the audit found anything.
    found: Cell<Option<(Digest, bool)>>,
}

impl<'s> Searched<'s> {
    fn new(path: &'s Utf8Path, content: &'s dyn Content, audit: &'s Audit) -> Self {
        Self {
            path,
            content,
            audit,
            found: Cell::new(None),
        }
    }

    /// Returns the digest, and whether the audit found anything.
    fn found(&self) -> io::Result<(Digest, bool)> {
        if let Some(found) = self.found.get() {
            return Ok(found);
        }
        self.pieces(&mut |_| Ok(()))?;
        Ok(self.found.get().unwrap_or_default())
    }
}

impl Content for Searched<'_> {
    fn pieces(&self, take: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        if self.found.get().is_some() {
            return self.content.pieces(take);
        }
        let (mut hasher, mut has_hits) = (Hasher::default(), false);
        self.content.pieces(&mut |piece| {
            has_hits |= !self.audit.file(self.path, piece).is_empty();
            hasher.update(piece);
            take(piece)
        })?;
        self.found.set(Some((hasher.finish(), has_hits)));
        Ok(())
    }

    fn length(&self) -> Option<u64> {
        self.content.length()
    }
}

/// Returns all bytes of a content.
fn whole(content: &dyn Content) -> io::Result<Vec<u8>> {
    let mut whole = Vec::new();
    content.pieces(&mut |piece| {
        whole.extend_from_slice(piece);
        Ok(())
    })?;
    Ok(whole)
}
