//! Goes through the incidents of an archive, each in memory only while it is looked at.
//!
//! What is kept of them is the caller's choice: all of it for a small archive or a
//! test, a summary for a site of any size.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::input::Faults;
use super::record::{UnreadRecord, default_timeline, record};
use super::{INCIDENTS, TIMELINES, files, limits};
use crate::archive::{Record, RecordSource};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Locator};
use crate::source::Source;

/// The input files of an archive, found and not read yet.
pub struct Inputs<'a> {
    root: &'a Utf8Path,
    incidents: Vec<Utf8PathBuf>,
    timelines: Vec<Utf8PathBuf>,
    diagnostics: Vec<Diagnostic>,
}

/// What was read of all incidents, and what was wrong with them.
pub struct Read<T> {
    /// What was kept of each incident that could be read, by id.
    pub kept: Vec<T>,
    /// The ids of incidents that could not.
    pub broken: BTreeSet<String>,
    /// The timeline of each incident that has one, by the incident's file, whether it can be read or not.
    pub timelines: BTreeMap<Utf8PathBuf, Utf8PathBuf>,
    /// Every fault.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts of the files that have faults.
    pub sources: Vec<Source>,
}

/// Finds the input files of an archive.
#[must_use]
pub fn inputs(root: &Utf8Path) -> Inputs<'_> {
    let mut diagnostics = Vec::new();
    Inputs {
        root,
        incidents: files::list(root, INCIDENTS, "toml", &mut diagnostics),
        timelines: files::list(root, TIMELINES, "json", &mut diagnostics),
        diagnostics,
    }
}

impl Inputs<'_> {
    /// Lists the ids of the incidents, whether they can be read or not.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.incidents.iter().filter_map(|path| path.file_stem())
    }

    /// Reads each incident, and keeps what `keep` makes of it.
    ///
    /// At any time each thread holds one record, unless `keep` gives it back whole.
    pub fn each<T: Send>(self, config: &Config, keep: impl Fn(Record) -> T + Sync) -> Read<T> {
        self.each_and_parts(config, keep, |_, _| Vec::new())
    }

    /// Reads each incident as [`Self::each`] does; what `look` finds in what can be read of one with
    /// faults is among the diagnostics.
    pub fn each_and_parts<T: Send>(
        self,
        config: &Config,
        keep: impl Fn(Record) -> T + Sync,
        look: impl Fn(&Record, &UnreadRecord) -> Vec<Diagnostic> + Sync,
    ) -> Read<T> {
        let limits = limits(&config.limits);
        let mut first_of: BTreeMap<String, &Utf8Path> = BTreeMap::new();
        let mut seconds: BTreeMap<&Utf8Path, &Utf8Path> = BTreeMap::new();
        for path in &self.incidents {
            let folded = path.file_stem().unwrap_or_default().to_ascii_lowercase();
            if let Some(first) = first_of.insert(folded, path) {
                seconds.insert(path, first);
            }
        }
        let taken: Vec<(Claimed, Option<T>)> = self
            .incidents
            .par_iter()
            .map(|path| {
                let read = record(self.root, path, &limits);
                let is_whole =
                    read.faults.diagnostics.is_empty() && !seconds.contains_key(path.as_path());
                let mut taken = Claimed {
                    id: read.id,
                    timeline: read.timeline,
                    faults: read.faults,
                };
                if is_whole {
                    return (taken, read.record.map(&keep));
                }
                if let Some(record) = &read.record {
                    let found = look(record, &read.unread);
                    let found = found
                        .into_iter()
                        .map(|found| read.unread.placed(record, found));
                    taken.faults.diagnostics.extend(found);
                }
                (taken, None)
            })
            .collect();
        let mut faults = Faults {
            diagnostics: self.diagnostics,
            sources: Vec::new(),
        };
        let mut kept: Vec<(String, T)> = Vec::with_capacity(taken.len());
        let mut broken = BTreeSet::new();
        let mut timelines: BTreeMap<Utf8PathBuf, Utf8PathBuf> = BTreeMap::new();
        for (path, (taken, item)) in self.incidents.iter().zip(taken) {
            faults.diagnostics.extend(taken.faults.diagnostics);
            faults.sources.extend(taken.faults.sources);
            if let Some(timeline) = taken.timeline {
                timelines.insert(path.clone(), timeline);
            }
            if let Some(first) = seconds.get(path.as_path()) {
                faults.add(
                    Diagnostic::error("duplicate-id", format!("the id `{}` is taken", taken.id))
                        .at(path, Locator::File, "a second incident of this id")
                        .at(first, Locator::File, "the first one")
                        .help(
                            "ids differ by more than large and small letters; rename one of the files",
                        ),
                );
            }
            match item {
                Some(item) => kept.push((taken.id, item)),
                None => {
                    broken.insert(taken.id);
                }
            }
        }
        let mut used: BTreeSet<&Utf8PathBuf> = timelines.values().collect();
        // A file of the incident's name is its own, even where it names another one.
        let own: Vec<Utf8PathBuf> = self
            .incidents
            .iter()
            .filter_map(|path| Some(default_timeline(path.file_stem()?)))
            .collect();
        used.extend(&own);
        for timeline in self
            .timelines
            .iter()
            .filter(|timeline| !used.contains(*timeline))
        {
            faults.add(
                Diagnostic::warning(
                    "timeline-without-incident",
                    format!("no incident has the timeline `{timeline}`"),
                )
                .at(timeline, Locator::File, "")
                .help("name it after its incident's id, or remove it"),
            );
        }
        kept.sort_by(|(left, _), (right, _)| left.cmp(right));
        Read {
            kept: kept.into_iter().map(|(_, item)| item).collect(),
            broken,
            timelines,
            diagnostics: faults.diagnostics,
            sources: faults.sources,
        }
    }
}

/// What must be known of an incident besides what is kept of it.
struct Claimed {
    id: String,
    timeline: Option<Utf8PathBuf>,
    faults: Faults,
}

/// Loads an incident that was loaded before; nothing when it can no longer be read.
#[must_use]
pub fn again(root: &Utf8Path, config: &Config, source: &RecordSource) -> Option<Record> {
    record(root, &source.incident, &limits(&config.limits)).whole()
}
