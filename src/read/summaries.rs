//! The summaries of all incidents, for commands that only list them.
//!
//! An incident with errors has none, so only one that was checked
//! against no clock may have an end that is still to come.

use std::collections::BTreeMap;
use std::collections::{BTreeSet, HashMap};

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use super::stored::{Head, Stored};
use super::{Purpose, Reading, summary};
use crate::archive::Record;
use crate::audience::Audience;
use crate::cache;
use crate::check::{Checker, FACT_ERRORS};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::{Facts, Summary};
use crate::load;
use crate::progress::Progress;
use crate::source::Unread;

/// The summaries of all incidents that could be read.
#[derive(Debug, Default)]
pub struct Summaries {
    /// The summaries, by ID.
    pub summaries: Vec<Summary>,
    /// The IDs of incidents that could not be read.
    pub broken: BTreeSet<String>,
    /// The problems of the files that could not be read completely.
    pub diagnostics: Vec<Diagnostic>,
    /// The errors by which the facts of incidents do not hold.
    pub fact_errors: Vec<Diagnostic>,
}

impl Summaries {
    /// Returns the IDs of the incidents whose facts do not hold.
    #[must_use]
    pub fn contradicted(&self) -> BTreeSet<String> {
        let files = self.fact_errors.iter().filter_map(Diagnostic::primary);
        let files: Vec<&Utf8Path> = files.map(|primary| primary.file.as_path()).collect();
        let is_of = |summary: &&Summary| {
            let mut paths = summary.source.paths();
            paths.any(|path| files.iter().any(|file| file.starts_with(&path)))
        };
        let found = self.summaries.iter().filter(is_of);
        found.map(|summary| summary.id.clone()).collect()
    }
}

impl Reading<'_> {
    /// Reads the summary of each incident.
    ///
    /// If the cache knows nothing of this archive, all incidents are read and checked, so that it does afterwards.
    pub fn summaries(&mut self, config: &Config, unread: &Unread, as_of: NaiveDate) -> Summaries {
        let stored = self.stored().filter(|_| unread.is_empty());
        match stored {
            Some((_, stored)) => self.with_stored(config, as_of, &stored),
            None => {
                let purpose = Purpose::Publish(Audience::Confidential);
                let read = self.incidents(
                    config,
                    unread,
                    as_of,
                    purpose,
                    &|_| BTreeMap::new(),
                    &Progress::default(),
                );
                let listed = read.incidents.into_iter().filter_map(|read| read.listed);
                let mut fact_errors = read.findings;
                fact_errors.retain(|found| {
                    found.level == Level::Error && FACT_ERRORS.contains(&found.code)
                });
                Summaries {
                    fact_errors,
                    summaries: listed
                        .filter_map(|listed| listed.summary.unpack())
                        .collect(),
                    broken: read.broken,
                    diagnostics: read.diagnostics,
                }
            }
        }
    }

    fn with_stored(
        &mut self,
        config: &Config,
        as_of: NaiveDate,
        stored: &HashMap<Utf8PathBuf, Stored>,
    ) -> Summaries {
        let inputs = self
            .inputs
            .take()
            .unwrap_or_else(|| load::inputs(self.files));
        let known = |path: &Utf8Path| {
            let stored = stored.get(path)?;
            let head: Head = cache::unpack_start(&stored.entry.bytes()?)?;
            if !head.seen.is_same_for(Audience::Confidential) || !self.has_files_of(&head) {
                return None;
            }
            let summary = stored.summary(&head.neighbor).unpack()?;
            let is_to_come = self
                .now
                .and_then(|now| summary.facts.still_to_come(summary.kind, now))
                .is_some();
            let timeline = summary.source.timeline.clone();
            Some(((summary, Vec::new()), timeline)).filter(|_| !is_to_come)
        };
        let checker = Checker::new(config, as_of, std::iter::empty()).at_time(self.now);
        let keep = |record: Record| {
            let facts = Facts::compute(&record, config);
            let errors = checker.fact_errors(&record, &facts);
            (
                summary(&record, facts, Audience::Confidential, config),
                errors,
            )
        };
        let read = inputs.each_unknown(config, known, keep, |_, _| Vec::new());
        let (summaries, errors): (_, Vec<_>) = read.kept.into_iter().unzip();
        Summaries {
            summaries,
            broken: read.broken,
            diagnostics: read.diagnostics,
            fact_errors: errors.concat(),
        }
    }
}
