//! The summaries of the incidents that an audience may read, for commands that only list or count them.

use std::collections::BTreeSet;

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;

use super::stored::{Entry, Head, Stored};
use super::{Purpose, Reading, summary};
use crate::archive::Record;
use crate::audience::Audience;
use crate::audit::Words;
use crate::cache;
use crate::check::Checker;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::facts::{Facts, GRACE, Summaries, Summary};
use crate::load;
use crate::progress::Progress;
use crate::source::Unread;

/// The summaries of the incidents that could be read.
#[derive(Debug, Default)]
pub struct ReadSummaries {
    /// The summaries of those that the audience may read, by ID.
    pub summaries: Summaries,
    /// The confidential terms of all incidents; none for an audience that is not external.
    pub words: Vec<Words>,
    /// The IDs of incidents that could not be read.
    pub broken: BTreeSet<String>,
    /// The problems of the files that could not be read completely.
    pub diagnostics: Vec<Diagnostic>,
    /// The errors by which the facts of incidents in `summaries` do not hold.
    pub fact_errors: Vec<Diagnostic>,
    /// The IDs of these.
    pub contradicted: BTreeSet<String>,
}

/// The part of an incident that is kept.
#[derive(Default)]
struct Kept {
    /// `None` if the audience may not read it.
    summary: Option<Summary>,
    words: Option<Words>,
    fact_errors: Vec<Diagnostic>,
}

impl Reading<'_> {
    /// Reads the summary of each incident that an audience may read, as it sees it.
    ///
    /// With `consistent`, those whose facts do not hold are left out, and what they say of others does not count.
    ///
    /// If the cache knows nothing of this archive, all incidents are read and checked first, so that it does afterwards.
    pub fn summaries(
        &mut self,
        config: &Config,
        unread: &Unread,
        as_of: NaiveDate,
        audience: Audience,
        consistent: bool,
    ) -> ReadSummaries {
        let mut stored = self.stored();
        if stored.is_none() && unread.is_empty() && self.cache.is_open() {
            let (purpose, progress) = (Purpose::Publish(audience), Progress::default());
            self.incidents(config, unread, as_of, purpose, &progress);
            stored = self.stored();
        }
        let stored = stored.filter(|_| unread.is_empty());
        let stored = stored.map(|(_, stored)| stored).unwrap_or_default();
        let inputs = self
            .inputs
            .take()
            .unwrap_or_else(|| load::inputs(self.files));
        let known = |path: &Utf8Path| self.known(stored.get(path)?, audience);
        let checker = Checker::new(config, as_of, std::iter::empty());
        let checker = checker.without(unread.clone()).at_time(self.now);
        let keep = |record: Record| kept(&record, config, &checker, audience);
        let read = inputs.each_unknown(config, known, keep, |_, _| Vec::new());
        let mut found = ReadSummaries {
            broken: read.broken,
            diagnostics: read.diagnostics,
            ..ReadSummaries::default()
        };
        // Without spare capacity, because there may be very many.
        let mut summaries = Vec::with_capacity(read.kept.len());
        for kept in read.kept {
            if let Some(summary) = kept.summary {
                if !kept.fact_errors.is_empty() {
                    found.contradicted.insert(summary.id.clone());
                }
                summaries.push(summary);
            }
            found.fact_errors.extend(kept.fact_errors);
            found.words.extend(kept.words);
        }
        summaries.retain(|summary| !consistent || !found.contradicted.contains(&summary.id));
        found.summaries = Summaries::new(summaries, audience);
        found
    }

    /// Returns what the cache knows of an incident, with the path of its timeline, or `None` if that is not sufficient.
    fn known(&self, stored: &Stored, audience: Audience) -> Option<(Kept, Option<Utf8PathBuf>)> {
        let packed = stored.entry.bytes()?;
        let head: Head = cache::unpack_start(&packed)?;
        // An incident with errors is not stored, so only one that was checked against no clock, or an earlier time, may have
        // a time that is still to come.
        let is_to_come = self.now.is_some_and(|now| head.latest > Some(now + GRACE));
        if is_to_come || !head.seen.is_same_for(audience) || !self.has_files_of(&head) {
            return None;
        }
        let mut kept = Kept::default();
        if audience.is_external() {
            let mut entry: Entry = cache::unpack(&packed)?;
            kept.words = Some(entry.words.remove(&audience)?);
        }
        let neighbor = head.neighbor;
        if audience.may_read(neighbor.audience) {
            let summary = stored.summary(&neighbor).unpack()?;
            kept.summary = Some(summary);
        }
        Some((kept, neighbor.source.timeline.clone()))
    }
}

/// Keeps what is needed of an incident that was loaded.
fn kept(record: &Record, config: &Config, checker: &Checker, audience: Audience) -> Kept {
    let words = || Words::from_record(record, audience, config);
    let mut kept = Kept {
        words: audience.is_external().then(words),
        ..Kept::default()
    };
    if audience.may_read(record.audience()) {
        let facts = Facts::compute(record, config);
        kept.fact_errors = checker.fact_errors(record, &facts);
        kept.summary = Some(summary(record, facts, audience, config));
    }
    kept
}
