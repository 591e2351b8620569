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
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::cache;
use names::{Names, Outcome};
use output::{LOCK, Output, STAGE};

pub use manifest::MANIFEST;
pub use output::OutputSpec;

/// The files of one build on their way into the output folder.
///
/// It holds the lock of the folder, so no other build can write there. If it is dropped without `commit`, the old site
/// stays as it was.
pub struct Writer {
    output: Output,
    audience: String,
    /// The files of the last build.
    previous: BTreeSet<String>,
    names: Mutex<Names>,
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
    /// The number of files that were kept by `keep`.
    pub kept: usize,
}

/// Locks the output folder for one build, and creates it if it is missing.
///
/// # Errors
/// Returns an error if the folder may not be the output, if another build is writing to it, or if it holds files that
/// no build created. Nothing is changed in that case.
pub fn open(spec: &OutputSpec) -> Result<Writer, WriteError> {
    let mut output = Output::lock(spec)?;
    let previous = manifest::read(&output, spec.audience)?;
    output.create_stage()?;
    Ok(Writer {
        output,
        audience: spec.audience.to_owned(),
        previous,
        names: Mutex::default(),
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
    /// Returns the sorted paths of the files of the last build, including those of a killed one.
    pub fn previous(&self) -> &BTreeSet<String> {
        &self.previous
    }

    /// Reads a file of the last build as it is now.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub fn read_previous(&self, path: &str) -> Result<Vec<u8>, WriteError> {
        entry::read(&self.output.path(path))
    }

    /// Adds a file to the site, which appears with `commit`.
    ///
    /// `path` is relative to the output, with forward slashes. Threads may call this concurrently. The same file may
    /// be added twice, but only with the same bytes.
    ///
    /// # Errors
    /// Returns an error if the path may not be published or a file cannot be read or written. `commit` then fails too.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.claim(path, |earlier| {
            let earlier_file = match earlier {
                None => return self.stage(path, bytes),
                Some(Outcome::Kept) => return Err(twice(path)),
                Some(Outcome::Unchanged) => self.output.path(path),
                Some(Outcome::Staged { .. }) => self.output.staged(path),
            };
            let is_same = entry::holds(&earlier_file, bytes)?;
            earlier.filter(|_| is_same).ok_or_else(|| twice(path))
        })
    }

    /// Leaves a file of the last build as it is.
    ///
    /// The file was made for the same audience, but from the templates and data of the last build.
    ///
    /// # Errors
    /// Returns an error if the last build has no such file, or if this build made it.
    pub fn keep(&self, path: &str) -> Result<(), WriteError> {
        self.claim(path, |earlier| match earlier {
            None if self.previous_file(path)?.is_some() => Ok(Outcome::Kept),
            None => {
                let problem = "is not a file of the last build, so it cannot be kept";
                Err(WriteError::path(self.output.path(path), problem))
            }
            Some(Outcome::Kept) => Ok(Outcome::Kept),
            Some(_) => Err(twice(path)),
        })
    }

    /// Leaves a file of the last build as it is, because this build would make the same bytes.
    ///
    /// # Errors
    /// Returns an error if the last build has no such file, or if this build made it with different bytes.
    pub fn leave(&self, path: &str) -> Result<(), WriteError> {
        self.claim(path, |earlier| match earlier {
            None if self.previous_file(path)?.is_some() => Ok(Outcome::Unchanged),
            None => {
                let problem = "is not a file of the last build, so it cannot be left as it is";
                Err(WriteError::path(self.output.path(path), problem))
            }
            Some(Outcome::Unchanged) => Ok(Outcome::Unchanged),
            Some(_) => Err(twice(path)),
        })
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
        self.commit_and(|| ()).map(|(written, ())| written)
    }

    /// Commits as [`Writer::commit`] does, and calls `look` before another build can write to the output.
    ///
    /// # Errors
    /// The same as those of [`Writer::commit`].
    pub fn commit_and<T>(mut self, look: impl FnOnce() -> T) -> Result<(Written, T), WriteError> {
        let (steps, written) = self.plan()?;
        commit::perform(steps)?;
        let seen = look();
        self.output.remove_stage()?;
        Ok((written, seen))
    }

    /// Claims `path`, and records what `decide` makes of its earlier outcome, or that it failed.
    fn claim(
        &self,
        path: &str,
        decide: impl FnOnce(Option<Outcome>) -> Result<Outcome, WriteError>,
    ) -> Result<(), WriteError> {
        let index = path.bytes().map(usize::from).sum::<usize>() % self.paths.len();
        let _alone = self.paths.get(index).map(locked);
        let earlier = locked(&self.names).claim(path);
        let decided = earlier.and_then(decide);
        let outcome = decided.as_ref().ok().copied();
        locked(&self.names).set(path, outcome);
        decided.map(drop)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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
