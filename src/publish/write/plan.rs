//! Compares each file with what is in the output, and derives the steps from the old site to the new one.
//!
//! New files come before changed ones, which may link to them; old files go after those, unless they are in the way.

use std::collections::BTreeSet;
use std::fs::Metadata;

use super::commit::Step;
use super::manifest::{self, MANIFEST};
use super::names::{self, Names, Outcome, Use};
use super::{WriteError, Writer, Written, entry, locked};

impl Writer {
    /// Stages a file unless the output has it already.
    pub(super) fn stage(&self, path: &str, bytes: &[u8]) -> Result<Outcome, WriteError> {
        let (at, found) = self.first_entry(path)?;
        let target = self.output.path(path);
        let is_file = at == path && found.is_some_and(|found| found.is_file());
        // A file that no manifest lists may be the same, as after a merge of two branches that hold a site. It counts
        // only under exactly this name, which another may equal if the output ignores case.
        let is_named = || target.canonicalize().is_ok_and(|real| real.ends_with(path));
        if is_file && entry::holds(&target, bytes)? && (self.previous.contains(path) || is_named())
        {
            return Ok(Outcome::Unchanged);
        }
        self.output.stage_file(path, bytes)?;
        Ok(Outcome::Staged { moved: at.len() })
    }

    /// Returns the metadata of a file of the last build, or `None` if it is not in the output.
    pub(super) fn previous_file(&self, path: &str) -> Result<Option<Metadata>, WriteError> {
        let (at, found) = self.first_entry(path)?;
        let is_listed = at == path && self.previous.contains(path);
        Ok(found.filter(|found| is_listed && found.is_file()))
    }

    /// Finds the outermost part of `path` that is not a folder in the output: the whole path if all its folders exist.
    fn first_entry<'p>(&self, path: &'p str) -> Result<(&'p str, Option<Metadata>), WriteError> {
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
        let obsolete = self.obsolete()?;
        let names = locked(&self.names);
        let files = names.files()?;
        let paths = || files.iter().map(|(path, _)| *path);
        let is_listed = |path: &str| self.previous.contains(path);
        let mut written = Written {
            removed: obsolete.iter().filter(|(_, exists)| *exists).count(),
            ..Written::default()
        };
        let (mut new, mut changed) = (BTreeSet::new(), Vec::new());
        for &(path, outcome) in &files {
            match outcome {
                Outcome::Unchanged => written.unchanged += 1,
                Outcome::Kept => written.kept += 1,
                Outcome::Staged { moved } => {
                    written.written += 1;
                    match path.get(..moved) {
                        Some(moved) if moved != path || !is_listed(path) => drop(new.insert(moved)),
                        _ => changed.push(path),
                    }
                }
            }
        }
        let (appears, vanishes) = (paths().any(|path| !is_listed(path)), !obsolete.is_empty());
        let (in_the_way, obsolete): (Vec<_>, Vec<_>) = obsolete
            .into_iter()
            .partition(|(path, _)| names.block(path));

        let mut steps = Vec::new();
        if appears {
            let previous = self.previous.iter().map(String::as_str);
            let all: BTreeSet<&str> = previous.chain(paths()).collect();
            steps.extend(self.list("announced", all)?);
        }
        self.remove(&in_the_way, &names, &mut steps);
        let folders: BTreeSet<&str> = new.iter().flat_map(|path| names::folders(path)).collect();
        steps.extend(
            folders
                .into_iter()
                .map(|folder| Step::Create(self.output.path(folder))),
        );
        steps.extend(
            new.into_iter()
                .map(|path| Step::Place(self.output.staged(path), self.output.path(path))),
        );
        for path in changed {
            let backup = self.output.backup(steps.len());
            steps.push(Step::Replace(
                self.output.staged(path),
                self.output.path(path),
                backup,
            ));
        }
        self.remove(&obsolete, &names, &mut steps);
        if vanishes || !appears {
            steps.extend(self.list("published", paths())?);
        }
        Ok((steps, written))
    }

    /// Adds the steps that remove old files, and then the folders that may be empty.
    fn remove(&self, obsolete: &[(&str, bool)], names: &Names, steps: &mut Vec<Step>) {
        for (path, _) in obsolete.iter().filter(|(_, exists)| *exists) {
            let backup = self.output.backup(steps.len());
            steps.push(Step::Remove(self.output.path(path), backup));
        }
        let folders = obsolete.iter().flat_map(|(path, _)| names::folders(path));
        let unused: BTreeSet<&str> = folders.filter(|folder| !names.has_folder(folder)).collect();
        // In reverse, so that inner folders come first.
        steps.extend(
            unused
                .into_iter()
                .rev()
                .map(|folder| Step::Prune(self.output.path(folder))),
        );
    }

    /// Returns the files of the last build that this one did not make, and whether each is still in the output.
    fn obsolete(&self) -> Result<Vec<(&str, bool)>, WriteError> {
        let mut obsolete = Vec::new();
        for path in &self.previous {
            if locked(&self.names).has_file(path) {
                continue;
            }
            // If the output ignores case, the file may stay under another name.
            let stays = match locked(&self.names).find(path) {
                Some((other, Use::File(Some(Outcome::Unchanged | Outcome::Kept)))) => {
                    same_file::is_same_file(self.output.path(path), self.output.path(other))
                }
                _ => Ok(false),
            };
            let exists = self.previous_file(path)?.is_some() && !stays.unwrap_or(false);
            obsolete.push((path.as_str(), exists));
        }
        Ok(obsolete)
    }

    /// Stages a manifest, and returns the step that replaces the old one, unless that is the same.
    ///
    /// It is forced to the disk: without it the next build could not tell which files builds made.
    fn list<'f>(
        &self,
        name: &str,
        files: impl IntoIterator<Item = &'f str>,
    ) -> Result<Option<Step>, WriteError> {
        let path = self.output.path(MANIFEST);
        let staged = self.output.stage().join(name);
        let bytes =
            manifest::bytes(&self.audience, files).map_err(WriteError::io("write", &path))?;
        if entry::metadata(&path)?.is_some() && entry::holds(&path, &bytes)? {
            return Ok(None);
        }
        let written = entry::write(&staged, &bytes).and_then(|file| file.sync_all());
        written.map_err(WriteError::io("write", &path))?;
        let backup = self.output.stage().join(format!("{name}-old"));
        Ok(Some(Step::Replace(staged, path, backup)))
    }
}
