//! The summaries of an archive's incidents, for all commands that list them or print numbers over them.

use std::collections::BTreeSet;

use camino::Utf8Path;

use super::clock::now;
use super::{Outcome, Today, cache, eprint_line, has_rules, report, root};
use crate::audience::Audience;
use crate::config::Config;
use crate::diagnostic::{self, Level};
use crate::facts::{Summaries, Summary};
use crate::load::Loaded;
use crate::read::{ReadSummaries, Reading};

/// Reads the summaries of the incidents that an audience may read, from the cache where it has them.
///
/// # Errors
/// Returns an error if the clock is not valid.
pub(super) fn read(root: &Utf8Path, audience: Audience) -> anyhow::Result<(Loaded, ReadSummaries)> {
    read_with(root, audience, false)
}

fn read_with(
    root: &Utf8Path,
    audience: Audience,
    consistent: bool,
) -> anyhow::Result<(Loaded, ReadSummaries)> {
    let cache = cache(root, false);
    let (mut reading, loaded) = Reading::begin(root, &cache, &[]);
    let config = &loaded.archive.config;
    let today = Today::resolve(None, config)?;
    reading.at_time(Some(now()?));
    let read = reading.summaries(config, &loaded.unread, today.0, audience, consistent);
    reading.finish();
    Ok((loaded, read))
}

/// The summaries of an archive, after its problems were printed.
pub(super) struct ListedArchive {
    /// The settings.
    pub loaded: Loaded,
    /// The summaries, by ID.
    pub summaries: Summaries,
    /// The IDs of incidents that cannot be read.
    pub broken: BTreeSet<String>,
    /// The IDs of incidents whose facts do not hold.
    pub contradicted: BTreeSet<String>,
    /// Whether there were errors.
    pub errors: bool,
}

impl ListedArchive {
    /// Reads the summaries, and prints the problems of the files that cannot be read, and the errors by which facts do not
    /// hold.
    ///
    /// # Errors
    /// Returns an error if the clock is not valid.
    pub fn read(root: &Utf8Path, audience: Audience) -> anyhow::Result<Self> {
        let (loaded, read) = read(root, audience)?;
        Ok(Self::reported(loaded, read))
    }

    fn reported(mut loaded: Loaded, read: ReadSummaries) -> Self {
        let mut found = std::mem::take(&mut loaded.diagnostics);
        found.extend(read.diagnostics.into_iter().chain(read.fact_errors));
        diagnostic::sort(&mut found, &loaded.sources);
        report(&found, &loaded.sources);
        Self {
            loaded,
            summaries: read.summaries,
            broken: read.broken,
            contradicted: read.contradicted,
            errors: found.iter().any(|found| found.level == Level::Error),
        }
    }
}

/// The incidents that numbers count, with the settings.
pub(super) struct Counted {
    pub config: Config,
    summaries: Summaries,
    has_errors: bool,
}

/// Reads the incidents that an internal audience may see; `None` if one of `rules` cannot be read.
///
/// Problems are reported. Incidents that cannot be read, and those whose facts do not hold, are left out, and the outcome
/// says so.
pub(super) fn counted(
    directory: Option<&Utf8Path>,
    audience: Audience,
    rules: &[&str],
) -> anyhow::Result<Option<Counted>> {
    let (loaded, read) = read_with(&root(directory)?, audience, true)?;
    let ListedArchive {
        mut loaded,
        summaries,
        contradicted,
        errors,
        ..
    } = ListedArchive::reported(loaded, read);
    if !contradicted.is_empty() {
        let ids: Vec<&str> = contradicted.iter().map(String::as_str).collect();
        eprint_line(&format!("not counted: {}", ids.join(", ")));
    }
    if !has_rules(&mut loaded, rules) {
        return Ok(None);
    }
    Ok(Some(Counted {
        config: loaded.archive.config,
        summaries,
        has_errors: errors,
    }))
}

impl Counted {
    pub(super) fn shown(&self) -> Vec<&Summary> {
        self.summaries.iter().collect()
    }

    pub(super) fn outcome(&self) -> Outcome {
        if self.has_errors {
            Outcome::Problems
        } else {
            Outcome::Done
        }
    }
}

/// Parses an audience that may see numbers over all incidents.
pub(super) fn audience(word: &str) -> Result<Audience, String> {
    let found = Audience::named(word).filter(|audience| !audience.is_external());
    found.ok_or_else(|| "expected `internal` or `confidential`".to_owned())
}
