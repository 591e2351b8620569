//! Checks, creates and locks the output folder, and holds the stage inside it.
//!
//! The stage is in the output so that every move is a rename on one file system. Folders that a build created are
//! removed after it if they are empty.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::PathBuf;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use same_file::Handle;

use super::manifest::{self, MANIFEST};
use super::{Content, WriteError, entry, names};

/// The lock's name in the output.
pub const LOCK: &str = ".afterword-lock";

/// The stage's name in the output.
pub const STAGE: &str = ".afterword-stage";

/// The folder that a site goes to, and the paths that it must not overlap.
#[derive(Clone, Copy, Debug)]
pub struct OutputSpec<'a> {
    /// The folder of the site.
    pub out: &'a Utf8Path,
    /// The audience of the site; one folder holds the site of one audience.
    pub audience: &'a str,
    /// The archive's own folder; the output may be in it, but not be it or contain it.
    pub project: &'a Utf8Path,
    /// The folders and files that are read; the output may not be, contain or be in any of them.
    pub inputs: &'a [&'a Utf8Path],
}

/// The output folder of one build.
pub struct Output {
    pub folder: Utf8PathBuf,
    /// The folders that this build created on the way to the output, innermost first.
    created: Vec<Utf8PathBuf>,
    lock: Option<File>,
    has_stage: bool,
}

impl Output {
    /// Locks the output, and creates it if it is missing.
    pub fn lock(spec: &OutputSpec) -> Result<Self, WriteError> {
        let mut output = Self::new(spec.out);
        output.check(spec)?;
        output.create()?;
        output.lock = Some(output.acquire_lock()?);
        Ok(output)
    }

    fn new(out: &Utf8Path) -> Self {
        // A final `/` would make the system follow a link.
        let mut folder: Utf8PathBuf = out.components().collect();
        if folder.as_str().is_empty() {
            folder.push(".");
        }
        Self {
            folder,
            created: Vec::new(),
            lock: None,
            has_stage: false,
        }
    }

    /// Returns the location of a file of the site.
    pub fn path(&self, path: &str) -> Utf8PathBuf {
        self.folder.join(path)
    }

    /// Returns the location of the stage.
    pub fn stage(&self) -> Utf8PathBuf {
        self.folder.join(STAGE)
    }

    /// Returns the location in the stage of a new or changed file or folder of the site.
    pub fn staged(&self, path: &str) -> Utf8PathBuf {
        self.stage().join("new").join(path)
    }

    /// Returns the location in the stage of an old file of the site.
    pub fn backup(&self, number: u32) -> Utf8PathBuf {
        self.stage().join(number.to_string())
    }

    /// Creates an empty stage, and removes that of a killed build.
    pub fn create_stage(&mut self) -> Result<(), WriteError> {
        let stage = self.stage();
        match entry::metadata(&stage)? {
            None => {}
            Some(found) if found.is_symlink() => return Err(WriteError::link(stage)),
            Some(_) => fs::remove_dir_all(&stage).map_err(WriteError::io("remove", &stage))?,
        }
        self.has_stage = true;
        entry::create_folder(&stage, 0o700)
            .and_then(|()| fs::create_dir(self.staged("")))
            .map_err(WriteError::io("create", &stage))
    }

    /// Writes a file into the stage, in the folders that it has in the site.
    pub fn stage_file(&self, path: &str, content: &dyn Content) -> Result<(), WriteError> {
        let staged = self.staged(path);
        let written = entry::write(&staged, content).or_else(|e| {
            if e.kind() != ErrorKind::NotFound {
                return Err(e);
            }
            for folder in names::folders(path) {
                // Another thread may have created it meanwhile.
                let _ = entry::create_folder(&self.staged(folder), 0o755);
            }
            entry::write(&staged, content)
        });
        // The error names the path in the site, which the user knows.
        written
            .map(drop)
            .map_err(WriteError::io("write", &self.path(path)))
    }

    /// Returns whether a staged file has the same bytes as the one in the output.
    pub fn is_staged_as(&self, path: &str) -> Result<bool, WriteError> {
        entry::holds(&self.path(path), &entry::Held(&self.staged(path)))
    }

    /// Removes a file from the stage.
    pub fn unstage(&self, path: &str) -> Result<(), WriteError> {
        let removed = fs::remove_file(self.staged(path));
        removed.map_err(WriteError::io("write", &self.path(path)))
    }

    /// Removes the stage once all files have been moved.
    pub fn remove_stage(&mut self) -> Result<(), WriteError> {
        self.has_stage = false;
        let stage = self.stage();
        fs::remove_dir_all(&stage).map_err(|e| WriteError::StageRemains(stage, e))
    }

    /// Leaves everything as a killed process does.
    #[cfg(test)]
    pub fn die(mut self) {
        self.created.clear();
        self.has_stage = false;
        self.lock.take().unwrap().unlock().unwrap();
    }

    /// Returns an error about the whole output.
    pub fn problem(&self, problem: impl Into<String>) -> WriteError {
        WriteError::Output(self.folder.clone(), problem.into())
    }

    /// Checks that the folder may be the output before anything in it is changed.
    fn check(&self, spec: &OutputSpec) -> Result<(), WriteError> {
        let found = entry::metadata(&self.folder)?;
        if found.as_ref().is_some_and(fs::Metadata::is_symlink) {
            return Err(self.problem("is a symbolic link; name the folder it points to"));
        }
        if found.as_ref().is_some_and(|found| !found.is_dir()) {
            return Err(self.problem("is not a folder; name a folder"));
        }
        // Resolved, because `site` may be another name for `incidents`.
        let real = resolve(&self.folder)?;
        if resolve(spec.project)?.starts_with(&real) {
            return Err(self.problem("is or contains the archive's own folder; choose a folder inside it, such as `site`"));
        }
        for &input in spec.inputs {
            let other = resolve(input)?;
            if real.starts_with(&other) || other.starts_with(&real) {
                return Err(self.problem(format!(
                    "overlaps the input `{input}`; choose a separate folder, such as `site`"
                )));
            }
        }
        // The other site's builds would leave these files in place, where its readers find them.
        let around = real.ancestors().skip(1).filter_map(Utf8Path::from_path);
        for outer in around {
            if let Some(held) = manifest::audience(outer)?.filter(|held| *held != spec.audience) {
                return Err(self.problem(format!(
                    "is inside `{outer}`, which holds the `{held}` site; choose a folder outside it"
                )));
            }
        }
        let exists = |name| Ok(entry::metadata(&self.path(name))?.is_some());
        // A build may have created it if it has one of these; whether it did is checked once the folder is locked.
        if found.is_none() || exists(LOCK)? || exists(MANIFEST)? || exists(STAGE)? {
            return Ok(());
        }
        self.check_only(&[])
    }

    /// Checks that the folder has no entries except those in `known`.
    pub fn check_only(&self, known: &[&str]) -> Result<(), WriteError> {
        let entries = self
            .folder
            .read_dir()
            .map_err(WriteError::io("read", &self.folder))?;
        for found in entries {
            let name = found
                .map_err(WriteError::io("read", &self.folder))?
                .file_name();
            if !known.iter().any(|known| name == *known) {
                return Err(self.problem("is not empty and was not created by a build; move its files away or choose another folder"));
            }
        }
        Ok(())
    }

    fn create(&mut self) -> Result<(), WriteError> {
        let folders = self
            .folder
            .ancestors()
            .filter(|folder| !folder.as_str().is_empty());
        self.created = folders
            .take_while(|folder| !folder.exists())
            .map(Utf8Path::to_owned)
            .collect();
        if self.created.is_empty() {
            return Ok(());
        }
        // Only the output is opened to all readers; the folders around it follow the umask.
        fs::create_dir_all(&self.folder)
            .and_then(|()| entry::set_mode(&self.folder, 0o755))
            .map_err(WriteError::io("create", &self.folder))
    }

    fn acquire_lock(&self) -> Result<File, WriteError> {
        let path = self.path(LOCK);
        entry::own_file(&path)?;
        let opened = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path);
        self.lock_file(opened.map_err(WriteError::io("create", &path))?)
    }

    /// Locks an opened lock file, unless the build that held it has removed it since.
    fn lock_file(&self, file: File) -> Result<File, WriteError> {
        let path = self.path(LOCK);
        let is_locked = match file.try_lock() {
            Ok(()) => true,
            Err(TryLockError::WouldBlock) => false,
            // Some network file systems have no locks; a build there goes without.
            Err(TryLockError::Error(e)) if e.kind() == ErrorKind::Unsupported => true,
            Err(TryLockError::Error(e)) => return Err(WriteError::io("lock", &path)(e)),
        };
        let locked = file.try_clone().and_then(Handle::from_file);
        let locked = locked.map_err(WriteError::io("lock", &path))?;
        if is_locked && Handle::from_path(&path).is_ok_and(|named| named == locked) {
            return Ok(file);
        }
        Err(WriteError::Busy(self.folder.clone()))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // Errors are ignored: a failed build has a better one to report, and the next build tries again.
        if self.has_stage {
            let _ = fs::remove_dir_all(self.stage());
        }
        if self.lock.is_some() {
            // Removed before it is unlocked, so that no other build can have locked it.
            let _ = fs::remove_file(self.path(LOCK));
        }
        for folder in &self.created {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Returns the absolute path without links; what does not exist yet is appended as written.
fn resolve(path: &Utf8Path) -> Result<PathBuf, WriteError> {
    let resolved = path.ancestors().find_map(|existing| {
        let start = if existing.as_str().is_empty() {
            ".".into()
        } else {
            existing
        };
        Some((
            start.canonicalize().ok()?,
            path.strip_prefix(existing).ok()?,
        ))
    });
    match resolved {
        Some((_, rest))
            if rest
                .components()
                .any(|part| part == Utf8Component::ParentDir) =>
        {
            Err(WriteError::path(
                path,
                "has `..` after a folder that does not exist; write it without `..`",
            ))
        }
        Some((real, rest)) => Ok(real.join(rest)),
        // Not even the current folder is accessible.
        None => std::path::absolute(path).map_err(WriteError::io("access", path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_counts_only_while_its_name_leads_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let new = || Output::new(Utf8Path::from_path(folder.path()).unwrap());
        let (output, mut other) = (new(), new());
        let path = output.path(LOCK);
        let stale = || {
            let file = File::create(&path).unwrap();
            fs::remove_file(&path).unwrap();
            file
        };
        assert!(output.lock_file(stale()).is_err());
        let old = stale();
        other.lock = Some(other.acquire_lock().unwrap());
        assert!(output.lock_file(old).is_err());
        assert!(path.exists(), "the other build's lock stays");
        drop(other);
        assert!(!path.exists());
        output.acquire_lock().unwrap();
    }
}
