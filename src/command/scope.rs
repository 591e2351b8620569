//! The part of an archive that a check reports on: paths, incidents, or what changed since a commit.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::{Context, anyhow, bail};
use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::check::CheckRun;
use super::{incident, root};
use crate::archive::{entries_folder, url_path};
use crate::diagnostic::Diagnostic;
use crate::facts::counted;
use crate::load;

/// The files that a check was asked for.
pub struct Wanted {
    /// The archive.
    pub root: Utf8PathBuf,
    /// The paths in it as diagnostics name them; `None` if all of it is meant.
    pub paths: Option<Vec<Utf8PathBuf>>,
    /// Whether incidents that refer to one of these files, or that one refers to, are meant, too.
    pub with_related: bool,
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
            with_related: false,
        })
    }

    /// Finds the archive and the files in it that differ from a commit, also deleted ones and those that git does not know.
    ///
    /// # Errors
    /// Returns an error if there is no archive, or if git does not run, or does not know the commit.
    pub fn changed_since(directory: Option<&Utf8Path>, commit: &str) -> anyhow::Result<Self> {
        let root = root(directory)?;
        // Outside of a repository, `git diff` compares folders.
        git(&root, ["rev-parse", "--git-dir"])?;
        // On a branch, what others changed in the meantime is not meant.
        let compare = [
            "diff",
            "--name-only",
            "--relative",
            "--no-renames",
            "-z",
            "--merge-base",
        ];
        let compare = compare
            .into_iter()
            .chain(["--end-of-options", commit, "--", "."]);
        let new = ["ls-files", "--others", "--exclude-standard", "-z"];
        let mut paths = git(&root, compare)?;
        paths.extend(git(&root, new)?);
        // The settings and the templates may change any report.
        let is_shared =
            |path: &Utf8PathBuf| path == load::CONFIG || path.starts_with(load::TEMPLATES);
        let paths = Some(paths).filter(|paths| !paths.iter().any(is_shared));
        Ok(Self {
            root,
            paths,
            with_related: true,
        })
    }
}

/// Runs git in a folder, and returns the paths that it prints.
fn git<'w>(
    folder: &Utf8Path,
    words: impl IntoIterator<Item = &'w str>,
) -> anyhow::Result<Vec<Utf8PathBuf>> {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).args(words);
    let output = command.output().context("cannot run `git`")?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        bail!("git: {}", message.trim().trim_start_matches("fatal: "));
    }
    let paths = String::from_utf8(output.stdout).context("a path in git is not UTF-8")?;
    let paths = paths.split('\0').filter(|path| !path.is_empty());
    Ok(paths.map(Utf8PathBuf::from).collect())
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
    /// The number of these incidents, and of all.
    incidents: (usize, usize),
}

impl<'a> Scope<'a> {
    /// Finds the incidents of the files that were asked for.
    pub fn new(wanted: &'a Wanted, run: &CheckRun) -> Self {
        let all = load::incident_files(&wanted.root);
        let Some(paths) = wanted.paths.as_deref() else {
            return Self {
                paths: None,
                files: BTreeSet::new(),
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
        if wanted.with_related {
            chosen.extend(naming(&wanted.root, paths, &all, run));
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
        // The timeline of an incident that was renamed or deleted has none any more.
        let left = paths
            .iter()
            .filter(|path| wanted.with_related && !all.contains(*path));
        let left = left.filter_map(|path| {
            let inside = path.strip_prefix("incidents").ok()?;
            Some(
                Utf8Path::new("timelines")
                    .join(inside)
                    .with_extension("json"),
            )
        });
        let left: Vec<Utf8PathBuf> = left
            .flat_map(|file| [entries_folder(&file), file])
            .collect();
        Self {
            paths: Some(paths),
            incidents: (chosen.len(), all.len()),
            files: (chosen.iter().map(|file| (*file).clone()))
                .chain(timelines)
                .chain(left)
                .collect(),
        }
    }

    /// Returns `true` if all of the archive is reported on.
    pub fn is_all(&self) -> bool {
        self.paths.is_none()
    }

    /// Returns `true` if a diagnostic points into one of the files, also if it only explains the problem.
    pub fn has(&self, diagnostic: &Diagnostic) -> bool {
        let Some(paths) = self.paths else {
            return true;
        };
        diagnostic.locations.iter().any(|place| {
            let mut above = place.file.ancestors();
            is_below(&place.file, paths) || above.any(|path| self.files.contains(path))
        })
    }

    /// Describes what was checked, with counts.
    pub fn looked_at(&self) -> String {
        let count = |count: usize| counted(i64::try_from(count).unwrap_or(i64::MAX), "incident");
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

/// Returns the incidents whose files have the name of one of the paths, even of a file that is no longer there.
fn naming<'i>(
    root: &Utf8Path,
    paths: &[Utf8PathBuf],
    incidents: &'i [Utf8PathBuf],
    run: &CheckRun,
) -> Vec<&'i Utf8PathBuf> {
    let is_input = |path: &Utf8Path| {
        let folders = [load::INCIDENTS, load::TIMELINES];
        folders.iter().any(|folder| path.starts_with(folder))
    };
    let referred = paths.iter().filter(|path| !is_input(path));
    let names = referred.filter_map(|path| path.file_name());
    // A link may write a space as `%20`.
    let names: BTreeSet<String> = names
        .flat_map(|name| [name.to_owned(), url_path(name)])
        .collect();
    if names.is_empty() {
        return Vec::new();
    }
    let is_naming = |incident: &&Utf8PathBuf| {
        let timeline = run.timelines.get(*incident);
        let entries = timeline.map(|file| load::entry_files(root, file));
        let files = [*incident].into_iter().chain(timeline);
        let files = files.cloned().chain(entries.into_iter().flatten());
        let mut texts = files.filter_map(|file| load::referred_file(root, &file).ok());
        texts.any(|text| {
            let text = String::from_utf8_lossy(&text);
            names.iter().any(|name| text.contains(name.as_str()))
        })
    };
    incidents.par_iter().filter(is_naming).collect()
}

fn is_below(file: &Utf8Path, paths: &[Utf8PathBuf]) -> bool {
    paths.iter().any(|path| file.starts_with(path))
}
