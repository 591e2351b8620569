//! Compares each file with what is in the output, and derives the steps from the old site to the new one.
//!
//! New files come before changed ones, which may link to them; old files go after those, unless they are in the way.

use std::collections::BTreeMap;
use std::fs::Metadata;

use super::commit::{Part, Step};
use super::manifest::{self, MANIFEST};
use super::names::{self, Names, Use};
use super::{Content, WriteError, Writer, Written, entry};
use crate::cache::{index, locked};
use crate::diagnostic::Rule;

/// The codes of a comparison of a site with what a build makes, for `afterword explain`.
pub const RULES: &[Rule] = &[Rule {
    code: "site-not-current",
    summary: "a file of the site is not what a build makes",
    help: "The input, a template or the program has changed since the site was built, or the file was edited. Run `afterword build`, and commit the site.",
}];

/// How a file in the output differs from the one that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It is not in the output.
    Missing,
    /// It has other bytes.
    Changed,
    /// The site does not have it.
    Extra,
}

impl Writer {
    /// Stages a file unless the output has it already.
    pub(super) fn stage(&self, path: &str, content: &dyn Content) -> Result<Use, WriteError> {
        let (at, found) = self.first_entry(path)?;
        let target = self.output.path(path);
        let is_file = at == path && found.is_some_and(|found| found.is_file());
        // A file that no manifest lists may be the same, as after a merge of two branches that hold a site. It counts
        // only under exactly this name, which another may equal if the output ignores case.
        let is_named = || target.canonicalize().is_ok_and(|real| real.ends_with(path));
        let is_ours = || self.previous.find(path).is_some() || is_named();
        // Many pieces are made once: the file is compared in the stage.
        let is_whole = content.length().is_some();
        if is_file && is_whole && entry::holds(&target, content)? && is_ours() {
            return Ok(Use::Unchanged);
        }
        self.output.stage_file(path, content)?;
        if is_file && !is_whole && self.output.is_staged_as(path)? && is_ours() {
            self.output.unstage(path)?;
            return Ok(Use::Unchanged);
        }
        Ok(Use::Staged(index(at.len())))
    }

    /// Finds the outermost part of `path` that is not a folder in the output: the whole path if all its folders exist.
    pub(super) fn first_entry<'p>(
        &self,
        path: &'p str,
    ) -> Result<(&'p str, Option<Metadata>), WriteError> {
        for at in names::folders(path).chain([path]) {
            if locked(&self.existing_folders).contains(at) {
                continue;
            }
            match entry::metadata(&self.output.path(at))? {
                Some(found) if found.is_symlink() => {
                    return Err(WriteError::link(self.output.path(at)));
                }
                Some(found) if found.is_dir() && at != path => {
                    locked(&self.existing_folders).insert(at.to_owned());
                }
                found => return Ok((at, found)),
            }
        }
        Ok((path, None))
    }

    /// Returns the steps to the new site, and the numbers of files that they change.
    pub(super) fn plan(&self) -> Result<(Vec<Step>, Written), WriteError> {
        if let Some(path) = locked(&self.failed).first() {
            return Err(WriteError::Incomplete(path.clone()));
        }
        let names = locked(&self.names);
        let files = names.files();
        let obsolete = self.obsolete(&names)?;
        let mut written = Written {
            removed: obsolete.iter().filter(|(_, exists)| *exists).count(),
            ..Written::default()
        };
        let is_listed = |file: u32| (file as usize) < self.previous.len();
        // New files by the part of their path that the output lacks, which moves as a whole.
        let (mut new, mut changed) = (BTreeMap::new(), Vec::new());
        for &file in &files {
            let Use::Staged(length) = names.use_of(file) else {
                written.unchanged += 1;
                continue;
            };
            written.written += 1;
            let path = names.get(file);
            match path.get(..length as usize) {
                Some(moved) if moved != path || !is_listed(file) => {
                    new.entry(moved).or_insert(Part { file, length });
                }
                _ => changed.push(Step::Replace(Part { file, length })),
            }
        }
        let appears = files.iter().any(|file| !is_listed(*file));
        let vanishes = !obsolete.is_empty();
        let (in_the_way, obsolete): (Vec<_>, Vec<_>) = obsolete
            .into_iter()
            .partition(|(file, _)| names.block(names.get(*file)));

        let mut steps = Vec::new();
        if appears {
            let paths = files.iter().map(|file| names.get(*file));
            let mut all: Vec<&str> = self.previous.iter().chain(paths).collect();
            all.sort_unstable();
            all.dedup();
            steps.extend(self.list("announced", &all)?);
        }
        remove(&names, in_the_way, &mut steps);
        let around = new.iter().map(|(path, part)| (*path, part.file));
        steps.extend(folders(around).into_values().map(Step::Create));
        steps.extend(new.into_values().map(Step::Place));
        steps.extend(changed);
        remove(&names, obsolete, &mut steps);
        if vanishes || !appears {
            let published: Vec<&str> = files.iter().map(|file| names.get(*file)).collect();
            steps.extend(self.list("published", &published)?);
        }
        Ok((steps, written))
    }

    /// Returns how the output differs from the site that was made, sorted by path.
    ///
    /// # Errors
    /// Returns an error if a file failed before, or if the system fails.
    pub fn differences(&self) -> Result<Vec<(String, Difference)>, WriteError> {
        if let Some(path) = locked(&self.failed).first() {
            return Err(WriteError::Incomplete(path.clone()));
        }
        let names = locked(&self.names);
        let files = names.files();
        let staged = files.iter().filter_map(|file| match names.use_of(*file) {
            Use::Staged(_) => Some(names.get(*file)),
            _ => None,
        });
        let mut found = Vec::new();
        for path in staged {
            let (at, there) = self.first_entry(path)?;
            let is_file = at == path && there.is_some_and(|there| there.is_file());
            let how = if is_file {
                Difference::Changed
            } else {
                Difference::Missing
            };
            found.push((path.to_owned(), how));
        }
        let obsolete = self.obsolete(&names)?.into_iter();
        let obsolete = obsolete.filter(|(_, exists)| *exists);
        found.extend(obsolete.map(|(file, _)| (names.get(file).to_owned(), Difference::Extra)));
        let published: Vec<&str> = files.iter().map(|file| names.get(*file)).collect();
        if self.list("published", &published)?.is_some() {
            found.push((MANIFEST.to_owned(), Difference::Changed));
        }
        found.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        Ok(found)
    }

    /// Returns the files of the last build that this one did not make, and whether each is still in the output.
    fn obsolete(&self, names: &Names) -> Result<Vec<(u32, bool)>, WriteError> {
        let former = (0..index(self.previous.len()))
            .filter(|file| names.use_of(*file) == Use::Former)
            .map(|file| {
                let path = self.output.path(names.get(file));
                // If the output ignores case, the file may stay under another name.
                let stays = match names.like(names.get(file)) {
                    Some((other, Use::Unchanged)) => {
                        same_file::is_same_file(path, self.output.path(names.get(other)))
                            .unwrap_or(false)
                    }
                    _ => false,
                };
                Ok((file, self.standing(file)?.is_some() && !stays))
            });
        former.collect()
    }

    /// Stages a manifest, and returns the step that replaces the old one, unless that is the same.
    ///
    /// It is forced to the disk: without it the next build could not tell which files builds made.
    fn list(&self, name: &'static str, files: &[&str]) -> Result<Option<Step>, WriteError> {
        let path = self.output.path(MANIFEST);
        let content = manifest::Listing {
            audience: &self.audience,
            files,
        };
        if entry::holds(&path, &content)? {
            return Ok(None);
        }
        let written = entry::write(&self.output.stage().join(name), &content);
        let synced = written.and_then(|file| file.sync_all());
        synced.map_err(WriteError::io("write", &path))?;
        Ok(Some(Step::List(name)))
    }
}

/// Returns the folders around some parts of files, each with one of the files in it.
fn folders<'n>(parts: impl Iterator<Item = (&'n str, u32)>) -> BTreeMap<&'n str, Part> {
    let all = parts.flat_map(|(path, file)| {
        names::folders(path).map(move |folder| {
            let length = index(folder.len());
            (folder, Part { file, length })
        })
    });
    all.collect()
}

/// Adds the steps that remove old files, and then the folders that may be empty.
fn remove(names: &Names, obsolete: Vec<(u32, bool)>, steps: &mut Vec<Step>) {
    let path = |file: u32| (names.get(file), file);
    let there = obsolete.iter().filter(|(_, exists)| *exists);
    steps.extend(there.map(|(file, _)| {
        let length = index(names.get(*file).len());
        Step::Remove(Part {
            file: *file,
            length,
        })
    }));
    let mut unused = folders(obsolete.iter().map(|(file, _)| path(*file)));
    unused.retain(|folder, _| !names.has_folder(folder));
    // In reverse, so that inner folders come first.
    steps.extend(unused.into_values().rev().map(Step::Prune));
}
