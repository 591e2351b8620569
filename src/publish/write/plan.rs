//! Derives the steps that turn the old site into the new one, in an order that keeps it whole.
//!
//! The names of all files that are about to appear go to the disk first, and the
//! new list of files last. So whatever a kill leaves is named by one of the two.
//! New pages come before changed ones, which may link to them, and old pages go
//! after those, unless they are in the way.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::commit::Step;
use super::manifest::{Listed, MANIFEST};
use super::name::Name;
use super::path_state::{self, PathState, Seen};
use super::target::{Targets, WriteOutcome};
use super::{WriteError, Writer, Written, name};

/// Gives the steps, and what they amount to.
pub fn plan(writer: &Writer) -> Result<(Vec<Step>, Written), WriteError> {
    let targets = writer.targets();
    let files = made(&targets)?;
    let (in_the_way, others): (Vec<ObsoleteFile>, Vec<ObsoleteFile>) = removed(writer, &targets)?
        .into_iter()
        .partition(|file| is_in_the_way(&targets, file.path));
    let (early, late) = (aside(writer, &in_the_way), aside(writer, &others));

    let mut written = Written {
        removed: early.len() + late.len(),
        ..Written::default()
    };
    let (mut appear, mut replace) = (Vec::new(), Vec::new());
    let mut folders = BTreeSet::new();
    for &(path, made) in &files {
        match made {
            WriteOutcome::Unchanged => written.unchanged += 1,
            WriteOutcome::Kept => written.kept += 1,
            WriteOutcome::InNewFolder => written.written += 1,
            WriteOutcome::New(slot) => {
                written.written += 1;
                folders.extend(name::folders(path));
                appear.push(Step::Appear(path.to_owned(), slot));
            }
            WriteOutcome::Changed(slot) => {
                written.written += 1;
                replace.push(Step::Replace(path.to_owned(), slot, writer.stage.slot()));
            }
        }
    }
    let whole = targets
        .new_folders
        .iter()
        .map(|folder| Step::AppearWhole(folder.clone()));
    appear.extend(whole);

    let list = Arc::new(bytes(writer, files.iter().map(|(path, _)| *path))?);
    let appears = |made| matches!(made, WriteOutcome::New(_) | WriteOutcome::InNewFolder);
    let announced = || files.iter().filter(|(_, made)| appears(*made));
    let mut steps = Vec::new();
    if announced().next().is_some() {
        let slot = writer.stage.slot();
        // Where all is new, the two lists are one.
        let announced = if announced().count() == files.len() {
            list.clone()
        } else {
            Arc::new(bytes(writer, announced().map(|(path, _)| *path))?)
        };
        steps.push(Step::Prepare(slot, announced));
        steps.push(Step::Announce(slot));
    }
    let list = (!stands_already(writer, &list)?).then(|| (writer.stage.slot(), list));
    let publish = list
        .as_ref()
        .map(|&(slot, _)| Step::List(slot, writer.stage.slot()));
    // Prepared before the site changes, for a full disk shows here.
    steps.extend(list.map(|(slot, list)| Step::Prepare(slot, list)));
    steps.extend(early);
    steps.extend(prune(&targets, &in_the_way));
    steps.extend(
        folders
            .into_iter()
            .map(|folder| Step::Folder(folder.to_owned())),
    );
    steps.extend(appear);
    steps.extend(replace);
    steps.extend(late);
    steps.extend(prune(&targets, &others));
    steps.extend(publish);
    Ok((steps, written))
}

/// Gives the files of this build, sorted.
fn made(targets: &Targets) -> Result<Vec<(&str, WriteOutcome)>, WriteError> {
    if let Some(path) = &targets.failed {
        return Err(WriteError::Incomplete { path: path.clone() });
    }
    let made = targets.files.iter().map(|(name, made)| match made {
        Some(made) => Ok((name.as_given(), *made)),
        // Its thread panicked.
        None => Err(WriteError::Incomplete {
            path: name.as_given().to_owned(),
        }),
    });
    let mut sorted = Vec::with_capacity(targets.files.len());
    for one in made {
        sorted.push(one?);
    }
    sorted.sort_unstable_by_key(|(path, _): &(&str, WriteOutcome)| *path);
    Ok(sorted)
}

/// A file of the last build that this one did not make.
struct ObsoleteFile<'a> {
    path: &'a str,
    presence: Presence,
}

#[derive(PartialEq, Eq)]
enum Presence {
    Present,
    /// Somebody removed it, or put something else in its place.
    Gone,
}

fn removed<'a>(writer: &'a Writer, targets: &Targets) -> Result<Vec<ObsoleteFile<'a>>, WriteError> {
    let mut seen = Seen::default();
    let old = writer
        .previous
        .files
        .iter()
        .filter(|path| !targets.has(path));
    let removed = old.map(|path| {
        let presence = match seen.through(&writer.out, path)? {
            PathState::File { .. } if !is_another_name(writer, targets, path)? => Presence::Present,
            _ => Presence::Gone,
        };
        Ok(ObsoleteFile { path, presence })
    });
    removed.collect()
}

/// Says whether the old file `path` is one that stays, by a name in other case.
fn is_another_name(writer: &Writer, targets: &Targets, path: &str) -> Result<bool, WriteError> {
    let Some((other, made)) = targets.files.get_key_value(&Name::new(path)) else {
        return Ok(false);
    };
    let other = other.as_given();
    match made {
        None | Some(WriteOutcome::New(_) | WriteOutcome::InNewFolder) => Ok(false),
        Some(WriteOutcome::Unchanged | WriteOutcome::Changed(_) | WriteOutcome::Kept) => {
            path_state::are_one(&writer.out.join(path), &writer.out.join(other))
        }
    }
}

/// Says whether the old file `path` stands where a new file or folder must go.
fn is_in_the_way(targets: &Targets, path: &str) -> bool {
    let is_file = |path| targets.files.contains_key(&Name::new(path));
    is_file(path)
        || targets.folders.contains_key(&name::folded(path))
        || name::folders(path).any(is_file)
}

fn aside(writer: &Writer, removed: &[ObsoleteFile]) -> Vec<Step> {
    let present = removed
        .iter()
        .filter(|file| file.presence == Presence::Present);
    present
        .map(|file| Step::Aside(file.path.to_owned(), writer.stage.slot()))
        .collect()
}

/// Gives the steps for the folders that may be empty now, those of files long gone included.
fn prune(targets: &Targets, removed: &[ObsoleteFile]) -> impl Iterator<Item = Step> {
    let needed: BTreeSet<&str> = targets.folders.values().map(String::as_str).collect();
    let folders = removed.iter().flat_map(|file| name::folders(file.path));
    let folders: BTreeSet<&str> = folders.filter(|folder| !needed.contains(folder)).collect();
    // Backwards: what lies in a folder sorts after it.
    folders
        .into_iter()
        .rev()
        .map(|folder| Step::Prune(folder.to_owned()))
}

fn bytes<'a>(
    writer: &'a Writer,
    files: impl Iterator<Item = &'a str>,
) -> Result<Vec<u8>, WriteError> {
    let list = Listed::new(&writer.audience, files);
    list.bytes()
        .map_err(WriteError::io("write", &writer.out.join(MANIFEST)))
}

fn stands_already(writer: &Writer, list: &[u8]) -> Result<bool, WriteError> {
    let path = writer.out.join(MANIFEST);
    match path_state::at(&path)? {
        PathState::File { length } if length == list.len() as u64 => path_state::holds(&path, list),
        _ => Ok(false),
    }
}
