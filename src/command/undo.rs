//! `afterword undo`: takes back the last change that a command made.

use anyhow::{Context, anyhow};
use camino::{Utf8Path, Utf8PathBuf};

use super::change::{lock, refused};
use super::terminal::echo;
use super::{Outcome, root};
use crate::edit::history::Change;
use crate::load;

/// The arguments of `undo`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Also take back a change that created an incident, and delete the incident.
    #[arg(long)]
    yes: bool,
}

/// Takes back the last change.
///
/// # Errors
/// Returns an error if there is none, or a file cannot be read or written.
pub fn run(directory: Option<&Utf8Path>, arguments: &Arguments) -> anyhow::Result<Outcome> {
    let root = root(directory)?;
    let _lock = lock(&root)?;
    let Some(last) = Change::last(&root) else {
        return Ok(refused("no change to undo"));
    };
    let mut back = last.reversed();
    for file in &last.files {
        let now = match load::referred_file(&root, &file.path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                return Err(anyhow!(error).context(format!("cannot read `{}`", file.path)));
            }
        };
        let is = |text: &Option<String>| now.as_deref() == text.as_deref().map(str::as_bytes);
        if is(&file.before) {
            // The program was stopped before it was written, or somebody took it back.
            back.files.retain(|other| other.path != file.path);
        } else if !is(&file.after) {
            return Ok(refused(format!(
                "`{}` was changed after `{}`; take that back by hand or with git",
                file.path, last.what
            )));
        }
    }
    if let Some(entry) = entry_of_others(&root, &last) {
        return Ok(refused(format!(
            "`{entry}` was recorded after `{}`; take that back by hand or with git",
            last.what
        )));
    }
    if let Some(deleted) = deleted_incidents(&back).filter(|_| !arguments.yes) {
        return Ok(refused(format!(
            "the last change is `{}`; to take it back, and so to delete {deleted}, run `afterword undo --yes`",
            last.what
        )));
    }
    back.write(&root)
        .map_err(|(path, error)| anyhow!(error).context(format!("cannot write `{path}`")))?;
    Change::forget_last(&root).context("cannot remove the change from `.afterword/undo`")?;
    let id = match last.id.as_str() {
        "" => String::new(),
        id => format!("{id}  "),
    };
    echo(&format!("{id}undone: {}\n", last.what))?;
    Ok(Outcome::Done)
}

/// Describes the incidents that a change deletes; `None` if there are none, as if it renames one.
fn deleted_incidents(change: &Change) -> Option<String> {
    let incidents = || {
        let files = change.files.iter();
        files.filter(|file| file.path.starts_with(load::INCIDENTS))
    };
    if incidents().any(|file| file.before.is_none()) {
        return None;
    }
    let deleted = incidents().filter(|file| file.after.is_none());
    let deleted: Vec<&str> = deleted.filter_map(|file| file.path.file_stem()).collect();
    match deleted.as_slice() {
        [] => None,
        [only] => Some(format!("`{only}`")),
        several => Some(format!("{} incidents", several.len())),
    }
}

/// Returns an entry of an incident that a change created and that has not made the entry; `None` if there is none.
fn entry_of_others(root: &Utf8Path, change: &Change) -> Option<Utf8PathBuf> {
    let created = |path: &Utf8Path| {
        let mut files = change.files.iter();
        files.any(|file| file.path == path && file.before.is_none())
    };
    let mut files = change.files.iter();
    files.find(|file| file.before.is_none() && file.path.starts_with(load::INCIDENTS))?;
    let timelines = change
        .files
        .iter()
        .filter(|file| file.before.is_none() && file.path.extension() == Some("json"));
    let mut entries = timelines.flat_map(|file| load::entries::paths(root, &file.path));
    entries.find(|entry| !created(entry))
}
