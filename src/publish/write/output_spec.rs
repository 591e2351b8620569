//! Says whether a folder may be the output, before anything in it is touched.
//!
//! Paths are compared after links, `.` and `..` are resolved, as far as the
//! folders exist: `site` may be one more name for `incidents`.

use std::fs;
use std::path::PathBuf;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::{WriteError, manifest::MANIFEST, output_dir::LOCK, path_state, stage::STAGE};
use path_state::PathState;

/// Where a site goes, and what it must stay clear of.
#[derive(Clone, Copy, Debug)]
pub struct OutputSpec<'a> {
    /// The folder of the site.
    pub out: &'a Utf8Path,
    /// Who the site is for; one folder holds the site of one audience.
    pub audience: &'a str,
    /// The project's own folder; the output may lie in it, but not be or hold it.
    pub project: &'a Utf8Path,
    /// Folders and files that are read; none may be the output, hold it or lie in it.
    pub inputs: &'a [&'a Utf8Path],
}

/// Gives the output's path without needless parts, or says why it cannot be the output.
pub fn check(place: &OutputSpec) -> Result<Utf8PathBuf, WriteError> {
    // A final `/` would make the system follow a link.
    let mut out: Utf8PathBuf = place.out.components().collect();
    if out.as_str().is_empty() {
        out.push(".");
    }
    let standing = path_state::at(&out)?;
    match standing {
        PathState::Nothing | PathState::Folder => {}
        PathState::Link => return Err(WriteError::OutputIsLink { out }),
        PathState::File { .. } | PathState::Other => return Err(WriteError::OutputIsFile { out }),
    }
    let real = resolved(&out)?;
    if resolved(place.project)?.starts_with(&real) {
        return Err(WriteError::OutputHoldsProject { out });
    }
    for &input in place.inputs {
        let other = resolved(input)?;
        if real.starts_with(&other) || other.starts_with(&real) {
            return Err(WriteError::OutputMeetsInput {
                out,
                input: input.to_owned(),
            });
        }
    }
    if standing == PathState::Folder && !may_be_ours(&out)? {
        return Err(WriteError::NotEmpty { out });
    }
    Ok(out)
}

/// Says whether `out` is empty but for the names in `known`.
pub fn is_empty_but_for(out: &Utf8Path, known: &[&str]) -> Result<bool, WriteError> {
    for entry in fs::read_dir(out).map_err(WriteError::io("read", out))? {
        let entry = entry.map_err(WriteError::io("read", out))?;
        if !entry
            .file_name()
            .to_str()
            .is_some_and(|name| known.contains(&name))
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Says whether a build may have made the folder; the answer counts once it is locked.
fn may_be_ours(out: &Utf8Path) -> Result<bool, WriteError> {
    // In this order: a build that ends meanwhile has put its list before it lets the lock go.
    for name in [LOCK, MANIFEST, STAGE] {
        if path_state::at(&out.join(name))? != PathState::Nothing {
            return Ok(true);
        }
    }
    is_empty_but_for(out, &[])
}

/// Gives the absolute path without links; what does not exist yet is appended as it is written.
fn resolved(path: &Utf8Path) -> Result<PathBuf, WriteError> {
    for existing in path.ancestors() {
        let from = if existing.as_str().is_empty() {
            Utf8Path::new(".")
        } else {
            existing
        };
        let Ok(mut real) = from.canonicalize() else {
            continue;
        };
        for part in path.strip_prefix(existing).unwrap_or(path).components() {
            match part {
                Utf8Component::Normal(name) => real.push(name),
                Utf8Component::ParentDir => {
                    return Err(WriteError::Climbs {
                        path: path.to_owned(),
                    });
                }
                Utf8Component::CurDir | Utf8Component::RootDir | Utf8Component::Prefix(_) => {}
            }
        }
        return Ok(real);
    }
    // Not even the current folder can be looked at.
    std::path::absolute(path).map_err(WriteError::io("look at", path))
}
