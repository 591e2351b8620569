//! Writes the files of a built site into the output: all of them or none.
//!
//! Files that differ from the old ones are staged in the output, and `commit` renames them. After an error
//! the old site is as it was. After a kill every file is complete, and the manifest lists all files that builds made,
//! so the next build can finish. Only files in that manifest are ever replaced or removed.

#![expect(clippy::disallowed_methods, reason = "the one writer of sites")]

mod commit;
mod entry;
mod manifest;
mod names;
mod output;
mod plan;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::fs::Metadata;
use std::io;
use std::sync::{Arc, Mutex};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::cache::{self, Paths, locked};
use names::{Names, Use};
use output::{LOCK, Output, STAGE};

pub use entry::Content;
pub(super) use entry::buffered;
pub use manifest::MANIFEST;
pub use output::OutputSpec;
pub use plan::{Difference, RULES};

/// The files of one build on their way into the output folder.
///
/// It holds the lock of the folder, so no other build can write there. If it is dropped without `commit`, the old site
/// stays as it was. Each file has a number: first those of the last build, sorted, then the others.
pub struct Writer {
    output: Output,
    audience: String,
    /// The files of the last build.
    previous: Arc<Paths>,
    names: Mutex<Names>,
    /// The files that could not be added.
    failed: Mutex<BTreeSet<String>>,
    /// The folders of the site that exist in the output.
    existing_folders: Mutex<HashSet<String>>,
    /// Locks that are held while a file is written, so that a second writer of the same path waits.
    paths: [Mutex<()>; 64],
}

/// The numbers of files that a build changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The number of new and changed files.
    pub written: usize,
    /// The number of files that have the same bytes as before.
    pub unchanged: usize,
    /// The number of files of the last build that the site no longer has.
    pub removed: usize,
}

/// Locks the output folder for one build, and creates it if it is missing.
///
/// # Errors
/// Returns an error if the folder may not be the output, if another build is writing to it, or if it holds files that
/// no build created. Nothing is changed in that case.
pub fn open(spec: &OutputSpec) -> Result<Writer, WriteError> {
    let mut output = Output::lock(spec)?;
    let previous = Arc::new(manifest::read(&output, spec.audience)?);
    output.create_stage()?;
    Ok(Writer {
        output,
        audience: spec.audience.to_owned(),
        names: Mutex::new(Names::new(Arc::clone(&previous))),
        previous,
        failed: Mutex::default(),
        existing_folders: Mutex::default(),
        paths: [const { Mutex::new(()) }; 64],
    })
}

/// Returns `true` if a folder is an output in which no build is running or was killed.
pub fn is_at_rest(out: &Utf8Path) -> bool {
    let is_absent = |name: &str| matches!(entry::metadata(&out.join(name)), Ok(None));
    let found = entry::metadata(out).ok().flatten();
    found.is_some_and(|found| found.is_dir()) && is_absent(LOCK) && is_absent(STAGE)
}

impl Writer {
    /// Returns the folder of the output.
    pub fn folder(&self) -> &Utf8Path {
        &self.output.folder
    }

    /// Returns the sorted files of the last build, including those of a killed one.
    pub fn previous(&self) -> &Paths {
        &self.previous
    }

    /// Reads a file of the last build as it is now.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub fn read_previous(&self, path: &str) -> Result<Vec<u8>, WriteError> {
        entry::read(&self.output.path(path))
    }

    /// Returns the metadata of a file of the last build, or `None` if it is not in the output.
    ///
    /// # Errors
    /// Returns an error if a symbolic link is in its place, or if the system fails.
    pub fn standing(&self, number: u32) -> Result<Option<Metadata>, WriteError> {
        let path = self.previous.get(number);
        let (at, found) = self.first_entry(path)?;
        Ok(found.filter(|found| at == path && found.is_file()))
    }

    /// Adds a file to the site, which appears with `commit`, and returns its number.
    ///
    /// `path` is relative to the output, with forward slashes. Threads may call this concurrently. The same file may
    /// be added twice, but only with the same bytes.
    ///
    /// # Errors
    /// Returns an error if the path may not be published or a file cannot be read or written. `commit` then fails too.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<u32, WriteError> {
        self.put_content(path, &bytes)
    }

    /// Adds a file as [`Writer::put`] does, and reads its content once if it has no known length.
    ///
    /// # Errors
    /// The same as those of [`Writer::put`].
    pub fn put_content(&self, path: &str, content: &dyn Content) -> Result<u32, WriteError> {
        self.claim(path, None, |earlier| {
            let earlier_file = match earlier {
                Use::Unchanged => self.output.path(path),
                Use::Staged(_) => self.output.staged(path),
                _ => return self.stage(path, content),
            };
            let is_same = entry::holds(&earlier_file, content)?;
            is_same.then_some(earlier).ok_or_else(|| twice(path))
        })
    }

    /// Leaves a file of the last build as it is.
    ///
    /// # Errors
    /// Returns an error if the last build has no such file, or if this build made it with different bytes.
    pub fn keep(&self, path: &str) -> Result<(), WriteError> {
        let number = self.previous.find(path);
        let found = number.map(|number| Ok(self.standing(number)?.map(|_| number)));
        match found.transpose()?.flatten() {
            Some(number) => self.leave(number),
            None => {
                let problem = "is not a file of the last build, so it cannot be kept";
                Err(WriteError::path(self.output.path(path), problem))
            }
        }
    }

    /// Leaves a file of the last build as it is, which is still standing.
    ///
    /// # Errors
    /// Returns an error if this build made it with different bytes.
    pub fn leave(&self, number: u32) -> Result<(), WriteError> {
        let path = self.previous.get(number);
        let left = self.claim(path, Some(number), |earlier| match earlier {
            Use::Staged(_) => Err(twice(path)),
            _ => Ok(Use::Unchanged),
        });
        left.map(drop)
    }

    /// Returns the current time by the clock of the output's file system.
    pub fn now(&self) -> Option<i64> {
        cache::now_in(&self.output.stage())
    }

    /// Moves all files into the output, and removes those that the site no longer has.
    ///
    /// # Errors
    /// Returns an error if a file failed before, or if a change fails. The old site is then as it was, unless the
    /// error says otherwise.
    pub fn commit(self) -> Result<Written, WriteError> {
        self.commit_and(|_, _| ()).map(|(written, ())| written)
    }

    /// Commits as [`Writer::commit`] does, and calls `look` with the names, and the numbers of the site's files, sorted by name,
    /// before another build can write to the output.
    ///
    /// # Errors
    /// The same as those of [`Writer::commit`].
    pub fn commit_and<T>(
        mut self,
        look: impl FnOnce(&Names, Vec<u32>) -> T,
    ) -> Result<(Written, T), WriteError> {
        let (steps, written) = self.plan()?;
        commit::perform(&self, steps)?;
        let names = locked(&self.names);
        let seen = look(&names, names.files());
        drop(names);
        self.output.remove_stage()?;
        Ok((written, seen))
    }

    /// Claims `path`, whose number may be known, and records what `decide` makes of its earlier use, or that it failed.
    fn claim(
        &self,
        path: &str,
        number: Option<u32>,
        decide: impl FnOnce(Use) -> Result<Use, WriteError>,
    ) -> Result<u32, WriteError> {
        let index = path.bytes().map(usize::from).sum::<usize>() % self.paths.len();
        let _alone = self.paths.get(index).map(locked);
        let claim = || {
            let mut names = locked(&self.names);
            let number = names.claim(path, number)?;
            let earlier = names.use_of(number);
            drop(names);
            let decided = decide(earlier)?;
            locked(&self.names).set(number, decided);
            Ok(number)
        };
        claim().inspect_err(|_| {
            locked(&self.failed).insert(path.to_owned());
        })
    }
}

/// The reason why a site could not be written. Nothing was changed unless the message says so.
#[expect(missing_docs, reason = "the messages describe the variants")]
#[derive(Debug, Error)]
pub enum WriteError {
    #[error("the output `{0}` {1}")]
    Output(Utf8PathBuf, String),
    #[error("`{0}` {1}")]
    Path(Utf8PathBuf, Cow<'static, str>),
    #[error("cannot publish `{0}`: {1}")]
    Name(String, &'static str),
    #[error("another build is writing to `{0}`; wait until it has finished")]
    Busy(Utf8PathBuf),
    #[error("the site lacks `{0}`, which failed; fix that and build again")]
    Incomplete(String),
    #[error("cannot {0} `{1}`: {2}")]
    Io(&'static str, Utf8PathBuf, io::Error),
    #[error("{}; {}; build again to complete the site", .0.0, .0.1)]
    NotRestored(Box<(WriteError, WriteError)>),
    #[error("the site is complete, but old files remain in `{0}`: {1}; delete it")]
    StageRemains(Utf8PathBuf, io::Error),
}

impl WriteError {
    /// Returns the error of the operating system; `None` if something else is wrong.
    pub(crate) fn cause(&self) -> Option<&io::Error> {
        match self {
            Self::Io(_, _, cause) | Self::StageRemains(_, cause) => Some(cause),
            Self::NotRestored(both) => both.0.cause(),
            _ => None,
        }
    }

    fn path(path: impl Into<Utf8PathBuf>, problem: impl Into<Cow<'static, str>>) -> Self {
        Self::Path(path.into(), problem.into())
    }

    fn not_ours(path: Utf8PathBuf) -> Self {
        Self::path(path, "was not created by a build; move it away")
    }

    fn link(path: Utf8PathBuf) -> Self {
        let problem = "is a symbolic link, which a build does not follow; move it away";
        Self::path(path, problem)
    }

    /// Returns a conversion from an I/O error that names the action and the path.
    fn io(verb: &'static str, path: &Utf8Path) -> impl FnOnce(io::Error) -> Self {
        move |reason| Self::Io(verb, path.to_owned(), reason)
    }
}

fn twice(path: &str) -> WriteError {
    let problem = "was generated twice with different content; rename one";
    WriteError::path(path, problem)
}
