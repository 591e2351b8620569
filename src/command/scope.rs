//! The part of an archive that a check reports on: paths, incidents, or what changed since a commit.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::check::CheckRun;
use super::{git, incident, root};
use crate::archive::entries_folder;
use crate::diagnostic::{Diagnostic, Locator};
use crate::facts::counted;
use crate::load::{self, Unwritten};

/// The files that a check was asked for.
pub struct Wanted {
    /// The archive.
    pub root: Utf8PathBuf,
    /// The paths in it as diagnostics name them; `None` if all of it is meant.
    pub paths: Option<Vec<Utf8PathBuf>>,
    /// The paths with their texts in the commit that changes are counted from; `None` if no commit was given.
    ///
    /// Then incidents that refer to one of the files, or that one refers to, are meant, too, and all new problems.
    pub before: Option<Unwritten>,
}

impl Wanted {
    /// Finds the archive and what is to be reported on, by paths and by names of incidents.
    ///
    /// # Errors
    /// Returns an error if there is no archive or no such path in it.
    pub fn paths(directory: Option<&Utf8Path>, names: &[Utf8PathBuf]) -> anyhow::Result<Self> {
        let from_here = |path: &Utf8PathBuf| directory.map_or(path.clone(), |from| from.join(path));
        // An archive elsewhere may be given by a path in it.
        let first = names.first().map(from_here).filter(|path| path.exists());
        let root = root(first.as_deref().map(folder_of).or(directory))?;
        let mut paths = Vec::new();
        for name in names {
            let path = from_here(name);
            let whole = match path.canonicalize_utf8() {
                Ok(whole) => whole,
                Err(error) => {
                    let id = incident::by_any_name(&root, name.as_str());
                    let id = id.map_err(|_| anyhow!("cannot find `{path}`: {error}"))?;
                    let files = load::incident_files(&root);
                    let file = files.into_iter().find(|file| file.file_stem() == Some(&id));
                    paths.extend(file);
                    continue;
                }
            };
            let inside = whole
                .strip_prefix(root.canonicalize_utf8()?)
                .map_err(|_| anyhow!("`{path}` is not inside the archive `{root}`"))?;
            if inside.as_str().is_empty() {
                paths.clear();
                break;
            }
            paths.push(inside.to_path_buf());
        }
        let paths = Some(paths).filter(|paths| !paths.is_empty());
        Ok(Self {
            root,
            paths,
            before: None,
        })
    }

    /// Finds the archive and the files in it that differ from a commit, also deleted ones and those that git does not know.
    ///
    /// `before` is `None` if the settings or the templates differ, which may change any report.
    ///
    /// # Errors
    /// Returns an error if there is no archive, or if git does not run, or does not know the commit.
    pub fn changed_since(directory: Option<&Utf8Path>, commit: &str) -> anyhow::Result<Self> {
        let root = root(directory)?;
        let before = git::texts_since(&root, commit)?;
        let paths: Vec<Utf8PathBuf> = before.keys().cloned().collect();
        let is_shared =
            |path: &Utf8PathBuf| path == load::CONFIG || path.starts_with(load::TEMPLATES);
        let paths = Some(paths).filter(|paths| !paths.iter().any(is_shared));
        Ok(Self {
            root,
            before: paths.as_ref().map(|_| before),
            paths,
        })
    }
}

fn folder_of(path: &Utf8Path) -> &Utf8Path {
    if path.is_dir() {
        path
    } else {
        path.parent()
            .filter(|parent| !parent.as_str().is_empty())
            .unwrap_or(Utf8Path::new("."))
    }
}

/// The number of paths that are named as looked at.
const NAMED: usize = 5;

/// The part of an archive to report on.
pub struct Scope<'a> {
    /// The paths that were asked for; `None` for all of the archive.
    paths: Option<&'a [Utf8PathBuf]>,
    /// The files and folders of the incidents that one of the paths has a file of, and of related ones.
    files: BTreeSet<Utf8PathBuf>,
    /// The problems that are new.
    new: BTreeSet<Identity>,
    /// The number of these incidents, and of all.
    incidents: (usize, usize),
}

/// What stays the same of a problem while its file does: its code, its file, its key path, and its message.
type Identity = (&'static str, String, String, String);

fn identity(problem: &Diagnostic) -> Identity {
    let location = problem.primary();
    let file = location.map(|location| location.file.to_string());
    let path = location.and_then(|location| match &location.at {
        Locator::Path(path) | Locator::Key(path) | Locator::Known(path, _) => {
            Some(path.to_string())
        }
        Locator::File | Locator::Span(_) => None,
    });
    let (file, path) = (file.unwrap_or_default(), path.unwrap_or_default());
    (problem.code, file, path, problem.message.clone())
}

/// Returns the problems of which there are more than before.
fn new_problems(before: &[Diagnostic], now: &[Diagnostic]) -> BTreeSet<Identity> {
    let counted = |problems: &[Diagnostic]| {
        let mut counts: BTreeMap<Identity, usize> = BTreeMap::new();
        for problem in problems {
            *counts.entry(identity(problem)).or_default() += 1;
        }
        counts
    };
    let known = counted(before);
    let is_new =
        |(problem, count): &(Identity, usize)| known.get(problem).is_none_or(|known| known < count);
    let new = counted(now).into_iter().filter(is_new);
    new.map(|(problem, _)| problem).collect()
}

impl<'a> Scope<'a> {
    /// Finds the incidents of the files that were asked for; `before` are the problems in the commit, if one was given.
    pub fn new(wanted: &'a Wanted, run: &CheckRun, before: Option<&[Diagnostic]>) -> Self {
        let all = load::incident_files(&wanted.root);
        let Some(paths) = wanted.paths.as_deref() else {
            return Self {
                paths: None,
                files: BTreeSet::new(),
                new: BTreeSet::new(),
                incidents: (all.len(), all.len()),
            };
        };
        let mut chosen: BTreeSet<&Utf8PathBuf> = all
            .iter()
            .filter(|incident| {
                let timeline = run.timelines.get(*incident);
                is_below(incident, paths)
                    || timeline.is_some_and(|file| {
                        let entries = entries_folder(file);
                        // A path may be that of an entry.
                        is_below(file, paths)
                            || is_below(&entries, paths)
                            || paths.iter().any(|path| path.starts_with(&entries))
                    })
            })
            .collect();
        if wanted.before.is_some() {
            chosen.extend(referring(paths, &all, &wanted.root, run));
            // A file that was deleted has no incident any more, but others may name its ID.
            let ids = paths.iter().filter_map(|path| path.file_stem());
            let ids: BTreeSet<&str> = ids
                .chain(chosen.iter().filter_map(|file| file.file_stem()))
                .collect();
            let neighbors = || run.incidents.iter().map(|incident| &incident.neighbor);
            let named = neighbors().filter(|neighbor| ids.contains(neighbor.id.as_str()));
            let named: BTreeSet<&str> = named
                .flat_map(|neighbor| neighbor.names.iter().map(String::as_str))
                .collect();
            let related = neighbors().filter(|neighbor| {
                named.contains(neighbor.id.as_str())
                    || neighbor
                        .names
                        .iter()
                        .any(|name| ids.contains(name.as_str()))
            });
            chosen.extend(
                related.filter_map(|neighbor| {
                    all.iter().find(|file| **file == neighbor.source.incident)
                }),
            );
        }
        let timelines = chosen
            .iter()
            .filter_map(|incident| run.timelines.get(*incident))
            .flat_map(|file| [file.clone(), entries_folder(file)]);
        Self {
            paths: Some(paths),
            incidents: (chosen.len(), all.len()),
            files: (chosen.iter().map(|file| (*file).clone()))
                .chain(timelines)
                .collect(),
            new: before.map_or_else(BTreeSet::new, |before| {
                new_problems(before, &run.diagnostics)
            }),
        }
    }

    /// Returns `true` if all of the archive is reported on.
    pub fn is_all(&self) -> bool {
        self.paths.is_none()
    }

    /// Returns `true` if a diagnostic is new, or points into one of the files, also if it only explains the problem.
    pub fn has(&self, diagnostic: &Diagnostic) -> bool {
        let Some(paths) = self.paths else {
            return true;
        };
        let mut locations = diagnostic.locations.iter();
        locations.any(|place| {
            let mut above = place.file.ancestors();
            is_below(&place.file, paths) || above.any(|path| self.files.contains(path))
        }) || (!self.new.is_empty() && self.new.contains(&identity(diagnostic)))
    }

    /// Describes what was checked, with counts.
    pub fn looked_at(&self) -> String {
        let count = |count: usize| counted(count, "incident");
        match (self.paths, self.incidents) {
            (None, (_, all)) => count(all),
            (Some(paths @ [_, ..]), (0, _)) => {
                let first = paths.iter().take(NAMED);
                let mut names: Vec<String> = first.map(|path| format!("`{path}`")).collect();
                if let more @ 1.. = paths.len().saturating_sub(NAMED) {
                    names.push(format!("{more} more"));
                }
                names.join(", ")
            }
            (_, (some, all)) => format!("{some} of {}", count(all)),
        }
    }
}

/// Returns the incidents that were read from one of the paths, or looked for it.
fn referring<'i>(
    paths: &[Utf8PathBuf],
    incidents: &'i [Utf8PathBuf],
    root: &Utf8Path,
    run: &CheckRun,
) -> Vec<&'i Utf8PathBuf> {
    let paths: BTreeSet<&Utf8PathBuf> = paths.iter().collect();
    let is_referring = |incident: &&Utf8PathBuf| {
        let files = load::files_of(root, &run.loaded.archive.config, incident);
        files.iter().any(|file| paths.contains(file))
    };
    incidents.par_iter().filter(is_referring).collect()
}

fn is_below(file: &Utf8Path, paths: &[Utf8PathBuf]) -> bool {
    paths.iter().any(|path| file.starts_with(path))
}
