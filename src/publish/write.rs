//! Puts the files of a built site in place: all of them, or none.
//!
//! Files that differ from those in place wait in a stage and are renamed into
//! place by `commit`, the list of files last. An error on the way leaves the old
//! site as it was; after a kill every file is whole, and the next build goes on.
//! Only files that a build made, by that list, are ever replaced or removed.

#![expect(clippy::disallowed_methods, reason = "the one writer of sites")]

mod commit;
mod manifest;
mod mode;
mod name;
mod output_dir;
mod output_spec;
mod path_state;
mod plan;
mod recover;
mod stage;
mod target;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::cache;
use manifest::Manifest;
use output_dir::OutputDir;
use path_state::PathState;
use stage::Stage;
use target::{Targets, WriteOutcome};

pub use manifest::MANIFEST;
pub use output_spec::OutputSpec;

/// The files of one build on their way into the output folder.
///
/// Dropped without `commit`, it leaves the old site as it was. It holds the
/// folder alone: until then no other build can write there.
pub struct Writer {
    out: Utf8PathBuf,
    audience: String,
    /// The files of the last build.
    previous: Manifest,
    /// The same by their folded paths; made when something stands in the way.
    previous_folded: OnceLock<BTreeMap<String, String>>,
    targets: Mutex<Targets>,
    /// One is held while a file is made, so that whoever brings the same file waits.
    making: [Mutex<()>; 64],
    // Dropped in this order: the stage lies in the ground.
    stage: Stage,
    ground: OutputDir,
}

/// What a build did, in files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// New ones and changed ones.
    pub written: usize,
    /// Those whose bytes were there already.
    pub unchanged: usize,
    /// Those of the last build that this one does not make.
    pub removed: usize,
    /// Those that `keep` named.
    pub kept: usize,
}

/// Takes hold of the output folder and finishes what a killed build left there.
///
/// Makes the folder when it is missing.
///
/// # Errors
/// The folder may not be the output, another build is writing to it, or it
/// holds something that no build made. Nothing is changed then.
pub fn open(place: &OutputSpec) -> Result<Writer, WriteError> {
    let out = output_spec::check(place)?;
    let ground = OutputDir::take(&out)?;
    let previous = recover::recover(&out, place.audience)?;
    let stage = Stage::create(&out)?;
    Ok(Writer {
        out,
        audience: place.audience.to_owned(),
        previous,
        previous_folded: OnceLock::new(),
        targets: Mutex::default(),
        making: [const { Mutex::new(()) }; 64],
        stage,
        ground,
    })
}

/// Returns whether a folder is the output of a build that ended, with none that writes to it or was killed.
pub fn is_at_rest(out: &Utf8Path) -> bool {
    let is = |path: &Utf8Path, wanted| path_state::at(path).is_ok_and(|found| found == wanted);
    let nothing = |name: &str| is(&out.join(name), PathState::Nothing);
    is(out, PathState::Folder) && nothing(output_dir::LOCK) && nothing(stage::STAGE)
}

impl Writer {
    /// Gives the files of the last build, and those of a killed one, sorted.
    pub fn previous(&self) -> &BTreeSet<String> {
        &self.previous.files
    }

    /// Takes one file of the site; it appears at `path` with `commit`.
    ///
    /// `path` leads from the output on, with forward slashes. Many threads may
    /// call this at once. The same file may come twice, but not with other
    /// bytes.
    ///
    /// # Errors
    /// The path may not be published, or the system fails. `commit` then fails too.
    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.noting_failure(path, || {
            let _alone = self.alone(path);
            match self.claim(path)? {
                None => {
                    let made = self.make(path, bytes)?;
                    self.targets().done(path, made);
                    Ok(())
                }
                Some(made) => self.confirm(path, made, bytes),
            }
        })
    }

    /// Leaves a file of the last build as it is, although this build did not make it.
    ///
    /// For a build that goes on after the error of one incident. The file was
    /// made for the same audience, but by the rules and data of the last build.
    ///
    /// # Errors
    /// The last build has no such file, or this one made it.
    pub fn keep(&self, path: &str) -> Result<(), WriteError> {
        self.noting_failure(path, || {
            let _alone = self.alone(path);
            let made = self.claim(path)?;
            if made.is_some_and(|made| made != WriteOutcome::Kept) {
                return Err(WriteError::Twice {
                    path: path.to_owned(),
                });
            }
            let listed = self.previous.files.contains(path);
            let standing = self.targets().seen.through(&self.out, path)?;
            match standing {
                PathState::File { .. } if listed => {}
                _ => {
                    return Err(WriteError::NothingToKeep {
                        path: self.out.join(path),
                    });
                }
            }
            self.targets().done(path, WriteOutcome::Kept);
            Ok(())
        })
    }

    /// Leaves a file of the last build as it is, because this build would make the same.
    ///
    /// # Errors
    /// Returns an error if the path may not be published, or if this build made the file with another content.
    pub fn leave(&self, path: &str) -> Result<(), WriteError> {
        self.noting_failure(path, || {
            let _alone = self.alone(path);
            match self.claim(path)? {
                None => {
                    self.targets().done(path, WriteOutcome::Unchanged);
                    Ok(())
                }
                Some(WriteOutcome::Unchanged) => Ok(()),
                Some(_) => Err(WriteError::Twice {
                    path: path.to_owned(),
                }),
            }
        })
    }

    /// Returns the time by the clock of the output's file system.
    pub fn now(&self) -> Option<i64> {
        cache::now_in(self.stage.folder())
    }

    /// Puts all files in place and removes those that the site no longer has.
    ///
    /// # Errors
    /// A file failed before, or the system fails. The old site is then as it was, unless the error says so.
    pub fn commit(self) -> Result<Written, WriteError> {
        self.commit_and(|| ()).map(|(written, ())| written)
    }

    /// Puts all files in place, and looks at them before anybody else can write there.
    ///
    /// # Errors
    /// As [`Writer::commit`].
    pub fn commit_and<T>(self, look: impl FnOnce() -> T) -> Result<(Written, T), WriteError> {
        commit::commit(self, look)
    }

    /// Waits until nobody else makes the file at `path`; other files may share its lock.
    fn alone(&self, path: &str) -> Option<MutexGuard<'_, ()>> {
        let place = path.bytes().map(usize::from).sum::<usize>() % self.making.len();
        let lock = self.making.get(place)?;
        Some(lock.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn claim(&self, path: &str) -> Result<Option<WriteOutcome>, WriteError> {
        if let Some(reason) = name::fault(path) {
            return Err(WriteError::Name {
                path: path.to_owned(),
                reason,
            });
        }
        self.targets().claim(path)
    }

    fn targets(&self) -> MutexGuard<'_, Targets> {
        self.targets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn noting_failure(
        &self,
        path: &str,
        run: impl FnOnce() -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let result = run();
        if result.is_err() {
            self.targets().fail(path);
        }
        result
    }
}

/// Why a site could not be put in place. Nothing was changed, unless the message says so.
#[expect(missing_docs, reason = "the message of each says what it is")]
#[derive(Debug, Error)]
pub enum WriteError {
    #[error("the output `{out}` is a symbolic link; name the folder that it leads to")]
    OutputIsLink { out: Utf8PathBuf },
    #[error("the output `{out}` is not a folder; name a folder")]
    OutputIsFile { out: Utf8PathBuf },
    #[error("`{path}` goes up by `..` from a folder that does not exist; write it without `..`")]
    Climbs { path: Utf8PathBuf },
    #[error(
        "the output `{out}` is or contains the project's own folder; \
         choose a folder inside it, such as `site`"
    )]
    OutputHoldsProject { out: Utf8PathBuf },
    #[error(
        "the output `{out}` and the input `{input}` lie one in the other; \
         choose a folder of its own, such as `site`"
    )]
    OutputMeetsInput {
        out: Utf8PathBuf,
        input: Utf8PathBuf,
    },
    #[error(
        "the output `{out}` is not empty and no build made it; \
         move its files away or choose another folder"
    )]
    NotEmpty { out: Utf8PathBuf },
    #[error("the output `{out}` holds the `{held}` site; build `{wanted}` elsewhere")]
    OtherAudience {
        out: Utf8PathBuf,
        held: String,
        wanted: String,
    },
    #[error("another build is writing to `{out}`; wait until it has ended")]
    Busy { out: Utf8PathBuf },
    #[error(
        "`{path}` is damaged: {reason}; restore any earlier version of it, \
         or move the folder away and build again"
    )]
    Damaged { path: Utf8PathBuf, reason: String },
    #[error(
        "`{path}` has format {format}, which this version does not know; \
         build with a newer version or into another folder"
    )]
    Format { path: Utf8PathBuf, format: u32 },
    #[error("`{path}` was not made by a build; move it away")]
    NotOurs { path: Utf8PathBuf },
    #[error("`{path}` is a symbolic link, which a build does not follow; move it away")]
    Link { path: Utf8PathBuf },
    #[error("cannot publish `{path}`: {reason}")]
    Name { path: String, reason: &'static str },
    #[error("`{one}` and `{other}` are the same where case does not count; rename one")]
    Case { one: String, other: String },
    #[error("`{path}` would be a file and also the folder of another; rename one")]
    FileAndFolder { path: String },
    #[error("`{path}` was made twice with different contents; rename one")]
    Twice { path: String },
    #[error("`{path}` is not there from the last build, so it cannot be kept")]
    NothingToKeep { path: Utf8PathBuf },
    #[error("the site lacks `{path}`, which failed; build again once that is mended")]
    Incomplete { path: String },
    #[error("cannot {verb} `{path}`: {reason}")]
    Io {
        verb: &'static str,
        path: Utf8PathBuf,
        reason: io::Error,
    },
    #[error(
        "{cause}; `{path}` could not be put back: {reason}; \
         build again to complete the site"
    )]
    NotPutBack {
        cause: Box<WriteError>,
        path: Utf8PathBuf,
        reason: io::Error,
    },
    #[error("the site is complete, but old files are left in `{path}`: {reason}; delete it")]
    LeftOver {
        path: Utf8PathBuf,
        reason: io::Error,
    },
}

impl WriteError {
    /// Gives what turns a system's error into one that says what could not be done where.
    fn io(verb: &'static str, path: &Utf8Path) -> impl FnOnce(io::Error) -> Self {
        move |reason| Self::Io {
            verb,
            path: path.to_owned(),
            reason,
        }
    }
}
