//! Takes in the files of one build: no two may meet, and each is held against
//! what stands at its place.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;

use super::name::Name;
use super::path_state::{self, PathState, Seen};
use super::stage::Slot;
use super::{WriteError, Writer, name};

/// What became of a file that a build made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteOutcome {
    /// It stands in place already.
    Unchanged,
    /// It waits; nothing of its name is in place, or what is goes away first.
    New(Slot),
    /// It waits in a folder that the site lacks.
    InNewFolder,
    /// It waits; the file in place is another.
    Changed(Slot),
    /// The file of the last build stays.
    Kept,
}

/// The files of one build so far.
#[derive(Default)]
pub struct Targets {
    /// What became of each file; nothing while it is made.
    pub files: HashMap<Name, Option<WriteOutcome>>,
    /// By folded path: the folders that those files lie in, as they were given.
    pub folders: HashMap<String, String>,
    /// What stands in the output where folders are needed.
    pub seen: Seen,
    /// The outermost folders that the site lacks.
    pub new_folders: BTreeSet<String>,
    /// The first file, by name, that could not be taken in.
    pub failed: Option<String>,
}

impl Targets {
    /// Takes `path` for a file, and gives what became of it where it came before.
    pub fn claim(&mut self, path: &str) -> Result<Option<WriteOutcome>, WriteError> {
        let name = Name::new(path);
        match self.files.get_key_value(&name) {
            Some((known, made)) if known.as_given() == path => return Ok(*made),
            Some((known, _)) => return Err(differ_in_case(known.as_given(), path)),
            None => {}
        }
        if self.folders.contains_key(&name::folded(path)) {
            return Err(WriteError::FileAndFolder {
                path: path.to_owned(),
            });
        }
        // From the inside out: above a folder that is known all are known.
        for folder in name::folders(path).rev() {
            if let Some((file, _)) = self.files.get_key_value(&Name::new(folder)) {
                return Err(WriteError::FileAndFolder {
                    path: file.as_given().to_owned(),
                });
            }
            let folded = name::folded(folder);
            match self.folders.get(&folded) {
                Some(known) if known == folder => break,
                Some(known) => return Err(differ_in_case(known, folder)),
                None => self.folders.insert(folded, folder.to_owned()),
            };
        }
        self.files.insert(name, None);
        Ok(None)
    }

    /// Says whether a file came by exactly this path.
    pub fn has(&self, path: &str) -> bool {
        let found = self.files.get_key_value(&Name::new(path));
        found.is_some_and(|(known, _)| known.as_given() == path)
    }

    /// Notes what became of a file that was claimed.
    pub fn done(&mut self, path: &str, made: WriteOutcome) {
        self.files.insert(Name::new(path), Some(made));
    }

    /// Notes that the file at `path` could not be taken in.
    pub fn fail(&mut self, path: &str) {
        if self.failed.as_deref().is_none_or(|first| path < first) {
            self.failed = Some(path.to_owned());
        }
    }
}

fn differ_in_case(one: &str, other: &str) -> WriteError {
    // In one order, whichever thread came first.
    let (one, other) = if one < other {
        (one, other)
    } else {
        (other, one)
    };
    WriteError::Case {
        one: one.to_owned(),
        other: other.to_owned(),
    }
}

/// What stands in place of a file that a build made, when the file may take that place.
enum ExistingEntry<'a> {
    Nothing,
    /// Not even the file's folders stand, from this one on.
    NoFolder(&'a str),
    Same,
    Different,
}

impl Writer {
    /// Puts a file into the stage, unless it stands in place already.
    pub(super) fn make(&self, path: &str, bytes: &[u8]) -> Result<WriteOutcome, WriteError> {
        let slot = self.stage.slot();
        let (made, result) = match self.before(path, bytes)? {
            ExistingEntry::Same => return Ok(WriteOutcome::Unchanged),
            ExistingEntry::Nothing => (WriteOutcome::New(slot), self.stage.write(slot, bytes)),
            ExistingEntry::Different => {
                (WriteOutcome::Changed(slot), self.stage.write(slot, bytes))
            }
            ExistingEntry::NoFolder(folder) => {
                self.targets().new_folders.insert(folder.to_owned());
                (
                    WriteOutcome::InNewFolder,
                    self.stage.write_in_new(path, bytes),
                )
            }
        };
        // The error names the place that the reader knows, not the stage.
        result.map_err(WriteError::io("write", &self.out.join(path)))?;
        Ok(made)
    }

    /// Says that a file which comes again is the same one.
    pub(super) fn confirm(
        &self,
        path: &str,
        made: WriteOutcome,
        bytes: &[u8],
    ) -> Result<(), WriteError> {
        let first = match made {
            WriteOutcome::Unchanged => self.out.join(path),
            WriteOutcome::New(slot) | WriteOutcome::Changed(slot) => self.stage.path(slot),
            WriteOutcome::InNewFolder => self.stage.path_in_new(path),
            WriteOutcome::Kept => {
                return Err(WriteError::Twice {
                    path: path.to_owned(),
                });
            }
        };
        if path_state::holds(&first, bytes)? {
            return Ok(());
        }
        Err(WriteError::Twice {
            path: path.to_owned(),
        })
    }

    fn before<'a>(&self, path: &'a str, bytes: &[u8]) -> Result<ExistingEntry<'a>, WriteError> {
        // Of its own, so that the lock is free again.
        let gap = self.targets().seen.gap(&self.out, path)?;
        if let Some((folder, standing)) = gap {
            let target = self.out.join(folder);
            return match standing {
                PathState::Nothing => Ok(ExistingEntry::NoFolder(folder)),
                PathState::File { .. } if self.made_before(folder)? => {
                    Ok(ExistingEntry::NoFolder(folder))
                }
                PathState::Link => Err(WriteError::Link { path: target }),
                _ => Err(WriteError::NotOurs { path: target }),
            };
        }
        let target = self.out.join(path);
        match path_state::at(&target)? {
            PathState::Nothing => Ok(ExistingEntry::Nothing),
            PathState::Link => Err(WriteError::Link { path: target }),
            PathState::Other => Err(WriteError::NotOurs { path: target }),
            PathState::Folder => self.only_ours_below(path).map(|()| ExistingEntry::Nothing),
            PathState::File { length } => {
                let listed = self.previous.files.contains(path);
                if !listed && self.made_in_other_case(path)? {
                    return Ok(ExistingEntry::Nothing);
                }
                // A file that no list names may be the very one, as after two branches
                // that hold a site were merged: nothing is lost by calling it ours.
                if length == bytes.len() as u64 && path_state::holds(&target, bytes)? {
                    Ok(ExistingEntry::Same)
                } else if listed {
                    Ok(ExistingEntry::Different)
                } else {
                    Err(WriteError::NotOurs { path: target })
                }
            }
        }
    }

    fn made_before(&self, path: &str) -> Result<bool, WriteError> {
        Ok(self.previous.files.contains(path) || self.made_in_other_case(path)?)
    }

    /// Says whether the file at `path` is one of the last build, by a name in other case.
    ///
    /// That can only be where the file system does not tell the two names apart.
    fn made_in_other_case(&self, path: &str) -> Result<bool, WriteError> {
        let Some(listed) = self.previous_folded().get(&name::folded(path)) else {
            return Ok(false);
        };
        let (here, there) = (self.out.join(path), self.out.join(listed));
        match path_state::at(&there)? {
            PathState::File { .. } => path_state::are_one(&here, &there),
            _ => Ok(false),
        }
    }

    /// Says whether the last build made files below `folder`, in whatever case.
    fn made_below(&self, folder: &str) -> bool {
        let below = name::folded(folder) + "/";
        let mut from = self.previous_folded().range(below.clone()..);
        from.next()
            .is_some_and(|(first, _)| first.starts_with(&below))
    }

    fn previous_folded(&self) -> &BTreeMap<String, String> {
        self.previous_folded.get_or_init(|| {
            let files = self.previous.files.iter();
            files
                .map(|file| (name::folded(file), file.clone()))
                .collect()
        })
    }

    /// Refuses a folder that must give way to a file and holds what no build made.
    fn only_ours_below(&self, folder: &str) -> Result<(), WriteError> {
        let path = self.out.join(folder);
        if !self.made_below(folder) {
            return Err(WriteError::NotOurs { path });
        }
        let mut waiting = vec![folder.to_owned()];
        while let Some(folder) = waiting.pop() {
            let path = self.out.join(&folder);
            for entry in fs::read_dir(&path).map_err(WriteError::io("read", &path))? {
                let entry = entry.map_err(WriteError::io("read", &path))?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let inner = format!("{folder}/{name}");
                match path_state::at(&self.out.join(&inner))? {
                    PathState::File { .. } if self.made_before(&inner)? => {}
                    PathState::Folder if self.made_below(&inner) => waiting.push(inner),
                    _ => {
                        return Err(WriteError::NotOurs {
                            path: self.out.join(inner),
                        });
                    }
                }
            }
        }
        Ok(())
    }
}
