//! Goes through the incidents of an archive, each in memory only while it is looked at.
//!
//! What is kept of them is the caller's choice: all of it for a small archive or a
//! test, a summary for a site of any size.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;

use super::input::Faults;
use super::record::{default_timeline, record};
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

    /// Lists the paths of the incidents and timelines, and what is wrong with them.
    #[must_use]
    pub fn found(&self) -> (&[Utf8PathBuf], &[Utf8PathBuf], &[Diagnostic]) {
        (&self.incidents, &self.timelines, &self.diagnostics)
    }

    /// Reads each incident, and keeps what `keep` makes of it.
    ///
    /// At any time each thread holds one record, unless `keep` gives it back whole.
    pub fn each<T: Send>(self, config: &Config, keep: impl Fn(Record) -> T + Sync) -> Read<T> {
        self.each_unknown(config, |_| None, keep)
    }

    /// Reads each incident of whose file nothing is known.
    ///
    /// `known` returns what is kept of one that was read before without a fault, and the path of its timeline.
    pub fn each_unknown<T: Send>(
        self,
        config: &Config,
        known: impl Fn(&Utf8Path) -> Option<(T, Option<Utf8PathBuf>)> + Sync,
        keep: impl Fn(Record) -> T + Sync,
    ) -> Read<T> {
        let limits = limits(&config.limits);
        let taken: Vec<(Claimed, Option<T>)> = self
            .incidents
            .par_iter()
            .map(|path| {
                if let Some((item, timeline)) = known(path) {
                    let taken = Claimed {
                        id: path.file_stem().unwrap_or_default().to_owned(),
                        timeline,
                        faults: Faults::default(),
                    };
                    return (taken, Some(item));
                }
                let read = record(self.root, path, &limits);
                let timeline = read
                    .record
                    .as_ref()
                    .and_then(|record| record.source.timeline.clone());
                let taken = Claimed {
                    id: read.id,
                    timeline,
                    faults: read.faults,
                };
                (taken, read.record.map(&keep))
            })
            .collect();
        let mut faults = Faults {
            diagnostics: self.diagnostics,
            sources: Vec::new(),
        };
        let mut kept: Vec<(String, T)> = Vec::with_capacity(taken.len());
        let mut broken = BTreeSet::new();
        let mut by_folded_id: BTreeMap<String, &Utf8Path> = BTreeMap::new();
        let mut used: BTreeSet<Utf8PathBuf> = BTreeSet::new();
        for (path, (taken, item)) in self.incidents.iter().zip(taken) {
            faults.diagnostics.extend(taken.faults.diagnostics);
            faults.sources.extend(taken.faults.sources);
            used.insert(default_timeline(&taken.id));
            if let Some(first) = by_folded_id.insert(taken.id.to_ascii_lowercase(), path) {
                faults.add(
                    Diagnostic::error("duplicate-id", format!("the id `{}` is taken", taken.id))
                        .at(path, Locator::File, "a second incident of this id")
                        .at(first, Locator::File, "the first one")
                        .help(
                            "ids differ by more than large and small letters; rename one of the files",
                        ),
                );
                broken.insert(taken.id);
                continue;
            }
            match item {
                Some(item) => {
                    used.extend(taken.timeline);
                    kept.push((taken.id, item));
                }
                None => {
                    broken.insert(taken.id);
                }
            }
        }
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

/// Lists the files that decided what an incident is, whether they are there or not.
#[must_use]
pub fn looked_at(record: &Record) -> Vec<Utf8PathBuf> {
    let source = &record.source;
    let timeline = source.timeline.clone();
    let timeline = timeline.unwrap_or_else(|| default_timeline(&record.id));
    let referred = record.files.keys().cloned();
    [source.incident.clone(), timeline]
        .into_iter()
        .chain(referred)
        .collect()
}

/// Loads an incident that was loaded before; nothing when it can no longer be read.
#[must_use]
pub fn again(root: &Utf8Path, config: &Config, source: &RecordSource) -> Option<Record> {
    record(root, &source.incident, &limits(&config.limits)).record
}
