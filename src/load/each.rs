//! Loads the incidents of an archive one by one; each is in memory only while it is processed.
//!
//! The caller decides what is kept of each: everything for a small archive or a test, a summary
//! for a site of any size.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::input::{Problems, input};
use super::record::{UnreadRecord, default_timeline, record};
use super::rules::Rules;
use super::{Files, INCIDENTS, TIMELINE_UNUSED, TIMELINES};
use crate::archive::{Record, RecordSource, entries_folder};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Level, Locator};
use crate::timeline::{Event, Timeline};

/// The input files of an archive, before they are read.
pub struct Inputs<'a> {
    files: Files<'a>,
    incidents: Vec<Utf8PathBuf>,
    timelines: Vec<Utf8PathBuf>,
    diagnostics: Vec<Diagnostic>,
}

/// The result of reading all incidents.
pub struct Read<T> {
    /// The values kept of the incidents that could be read, by ID.
    pub kept: Vec<T>,
    /// The IDs of incidents that could not be read.
    pub broken: BTreeSet<String>,
    /// The timeline of each incident that has one, by the incident's file, even if it cannot be read.
    pub timelines: BTreeMap<Utf8PathBuf, Utf8PathBuf>,
    /// All problems.
    pub diagnostics: Vec<Diagnostic>,
}

/// Finds the input files of an archive.
#[must_use]
pub fn inputs<'a>(files: impl Into<Files<'a>>) -> Inputs<'a> {
    let files = files.into();
    let mut diagnostics = Vec::new();
    Inputs {
        files,
        incidents: files.list(INCIDENTS.as_ref(), "toml", &mut diagnostics),
        timelines: files.list(TIMELINES.as_ref(), "json", &mut diagnostics),
        diagnostics,
    }
}

impl Inputs<'_> {
    /// Returns the IDs of the incidents, even of those that cannot be read.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.incidents.iter().filter_map(|path| path.file_stem())
    }

    /// Returns the paths of the incidents and timelines, and the problems with them.
    #[must_use]
    pub fn found(&self) -> (&[Utf8PathBuf], &[Utf8PathBuf], &[Diagnostic]) {
        (&self.incidents, &self.timelines, &self.diagnostics)
    }

    /// Reads each incident, and keeps what `keep` returns.
    ///
    /// Each thread holds one record at a time, unless `keep` returns the whole record.
    pub fn each<T: Send>(self, config: &Config, keep: impl Fn(Record) -> T + Sync) -> Read<T> {
        self.each_unknown(config, |_| None, keep, |_, _| Vec::new())
    }

    /// Reads each incident as [`Self::each`] does, unless `known` returns what is kept of it. For an incident with errors,
    /// `look` checks the parts that could be read, and its diagnostics are reported too.
    ///
    /// `known` is called with the path of an incident, and returns the path of the timeline too. It is not called for
    /// an incident with a duplicate ID.
    pub fn each_unknown<T: Send>(
        mut self,
        config: &Config,
        known: impl Fn(&Utf8Path) -> Option<(T, Option<Utf8PathBuf>)> + Sync,
        keep: impl Fn(Record) -> T + Sync,
        look: impl Fn(&Record, &UnreadRecord) -> Vec<Diagnostic> + Sync,
    ) -> Read<T> {
        let rules = Rules::new(config);
        let mut first_of: BTreeMap<String, &Utf8Path> = BTreeMap::new();
        let mut seconds: BTreeMap<&Utf8Path, &Utf8Path> = BTreeMap::new();
        for path in &self.incidents {
            let folded = path.file_stem().unwrap_or_default().to_ascii_lowercase();
            if let Some(first) = first_of.insert(folded, path) {
                seconds.insert(path, first);
            }
        }
        let read: Vec<(Claimed, Option<T>)> = self
            .incidents
            .par_iter()
            .map(|path| {
                let is_second = seconds.contains_key(path.as_path());
                if !is_second && let Some((item, timeline)) = known(path) {
                    let claimed = Claimed {
                        id: path.file_stem().unwrap_or_default().to_owned(),
                        timeline,
                        diagnostics: Vec::new(),
                    };
                    return (claimed, Some(item));
                }
                let read = record(self.files, path, &rules);
                let is_complete = read.problems.diagnostics.is_empty() && !is_second;
                let mut claimed = Claimed {
                    id: read.id,
                    timeline: read.timeline,
                    diagnostics: read.problems.diagnostics,
                };
                if is_complete {
                    return (claimed, read.record.map(&keep));
                }
                if let Some(record) = &read.record {
                    let found = look(record, &read.unread);
                    let found = found
                        .into_iter()
                        .map(|found| read.unread.located(record, found));
                    claimed.diagnostics.extend(found);
                }
                (claimed, None)
            })
            .collect();
        let mut problems = Problems {
            diagnostics: std::mem::take(&mut self.diagnostics),
            sources: Vec::new(),
        };
        let mut kept: Vec<(String, T)> = Vec::with_capacity(read.len());
        let mut broken = BTreeSet::new();
        let mut timelines: BTreeMap<Utf8PathBuf, Utf8PathBuf> = BTreeMap::new();
        for (path, (claimed, item)) in self.incidents.iter().zip(read) {
            problems.diagnostics.extend(claimed.diagnostics);
            if let Some(timeline) = claimed.timeline {
                timelines.insert(path.clone(), timeline);
            }
            if let Some(first) = seconds.get(path.as_path()) {
                problems.add(
                    Diagnostic::error(
                        "duplicate-id",
                        format!("duplicate incident ID `{}`", claimed.id),
                    )
                    .at(path, Locator::File, "second incident with this ID")
                    .at(first, Locator::File, "first one")
                    .help("IDs are case-insensitive; rename one of the files"),
                );
            }
            match item {
                Some(item) => kept.push((claimed.id, item)),
                None => {
                    broken.insert(claimed.id);
                }
            }
        }
        self.report_unused(&timelines, &rules, &mut problems);
        // An entry that cannot be read is found below its timeline and below the folder of all timelines.
        let mut known = BTreeSet::new();
        problems.diagnostics.retain(|found| {
            let file = found.primary().map(|primary| primary.file.clone());
            found.code != "unreadable" || known.insert((file, found.message.clone()))
        });
        kept.sort_by(|(left, _), (right, _)| left.cmp(right));
        Read {
            kept: kept.into_iter().map(|(_, item)| item).collect(),
            broken,
            timelines,
            diagnostics: problems.diagnostics,
        }
    }

    /// Adds a diagnostic for each timeline that no incident uses, and for each problem in it.
    ///
    /// All are warnings, because no report depends on such a file.
    fn report_unused(
        &self,
        timelines: &BTreeMap<Utf8PathBuf, Utf8PathBuf>,
        rules: &Rules,
        problems: &mut Problems,
    ) {
        let mut used: BTreeSet<&Utf8PathBuf> = timelines.values().collect();
        // The timeline named after an incident belongs to it, even if the incident names another file.
        let default_timelines: Vec<Utf8PathBuf> = self
            .incidents
            .iter()
            .filter_map(|path| Some(default_timeline(path.file_stem()?)))
            .collect();
        used.extend(&default_timelines);
        let folders: BTreeSet<Utf8PathBuf> = used.iter().map(|path| entries_folder(path)).collect();
        let is_entry = |file: &Utf8Path| {
            let mut above = file.ancestors().skip(1);
            above.any(|folder| folders.contains(folder))
        };
        let mut last = None;
        for timeline in self
            .timelines
            .iter()
            .filter(|timeline| !used.contains(*timeline) && !is_entry(timeline))
        {
            let folder = timeline.parent();
            let folder = folder.filter(|folder| folder.extension() == Some("d"));
            // The entries of one folder belong together.
            if folder.is_none() || folder != last {
                problems.add(self.unused(timeline, folder));
            }
            last = folder;
            let known = problems.diagnostics.len();
            if folder.is_some() {
                input::<Event>(self.files, timeline, rules.event(), &rules.limits, problems);
            } else {
                let form = rules.timeline();
                input::<Timeline>(self.files, timeline, form, &rules.limits, problems);
            }
            for found in problems.diagnostics.iter_mut().skip(known) {
                found.level = Level::Warning;
            }
        }
    }

    /// Returns the warning on a timeline that no incident uses, or on the folder of such an entry.
    fn unused(&self, timeline: &Utf8Path, folder: Option<&Utf8Path>) -> Diagnostic {
        let (what, help) = match folder {
            Some(folder) => (
                format!("no incident uses the entries in `{folder}`"),
                format!(
                    "if their incident was renamed, run `afterword rename {} NEW` with its new ID; otherwise remove `{folder}`",
                    folder.file_stem().unwrap_or_default()
                ),
            ),
            None => (
                format!("no incident uses timeline `{timeline}`"),
                "name it after its incident's ID, or remove it".to_owned(),
            ),
        };
        let help = self.owner_of(timeline).unwrap_or(help);
        Diagnostic::warning(TIMELINE_UNUSED, what)
            .of_file(timeline)
            .help(help)
    }

    /// Describes how the incident after which a timeline is named can use it; `None` if no incident has that ID.
    fn owner_of(&self, timeline: &Utf8Path) -> Option<String> {
        let mut incidents = self.incidents.iter();
        let incident = incidents.find(|path| path.file_stem() == timeline.file_stem())?;
        let up = "../".repeat(incident.components().count().saturating_sub(1));
        Some(format!(
            "set `timeline = \"{up}{timeline}\"` in `{incident}`, or move it to `{}`",
            default_timeline(incident.file_stem()?)
        ))
    }
}

/// The result for one incident, apart from what is kept of it.
struct Claimed {
    id: String,
    timeline: Option<Utf8PathBuf>,
    diagnostics: Vec<Diagnostic>,
}

/// Returns the paths of the files and of the folder that an incident was read from, even of those that do not exist.
#[must_use]
pub fn looked_at(record: &Record) -> Vec<Utf8PathBuf> {
    let source = &record.source;
    let timeline = source.timeline.clone();
    let timeline = timeline.unwrap_or_else(|| default_timeline(&record.id));
    let referred = record.files.keys().cloned();
    let entries = source.entries.files.iter().map(|(path, _)| path.clone());
    // A new entry changes only its folder.
    let folder = entries_folder(&timeline);
    [source.incident.clone(), timeline, folder]
        .into_iter()
        .chain(entries)
        .chain(referred)
        .collect()
}

/// Returns the paths as [`looked_at`] does, for an incident that may have errors, as far as it can be read.
#[must_use]
pub fn files_of(root: &Utf8Path, config: &Config, incident: &Utf8Path) -> Vec<Utf8PathBuf> {
    let read = record(root.into(), incident, &Rules::new(config));
    read.record
        .map_or_else(Vec::new, |record| looked_at(&record))
}

/// Loads an incident again; `None` if it can no longer be read.
#[must_use]
pub fn again(root: &Utf8Path, rules: &Rules, source: &RecordSource) -> Option<Record> {
    record(root.into(), &source.incident, rules).complete()
}

#[cfg(test)]
mod tests;
