//! Files in; every incident read and checked, those that did not change by what the cache knows of them.
//!
//! The content of every file that is looked at is known before it is read, by its stamp where the cache knows that.
//! Results are stored only if the files are unchanged at the end of the run.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use camino::{Utf8Path, Utf8PathBuf};
use chrono::{DateTime, NaiveDate, Utc};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::archive::Record;
use crate::audience::Audience;
use crate::audit::Words;
use crate::cache::{self, Appender, Cache, Digest, FileTable, Hasher};
use crate::check::{Checker, IncidentRefs};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Level};
use crate::facts::{Facts, Neighbor, PackedSummary, Summary};
use crate::load::{self, Files, Inputs, Loaded, UnreadRecord};
use crate::progress::Progress;
use crate::source::Unread;

mod checked;
mod room;
mod seen;
mod stored;
mod summaries;

pub use checked::{CheckedIncidents, ReadIncidents};
use room::Room;
use seen::Seen;
use stored::{Common, Entry, Head, INCIDENTS, Stored};
pub use summaries::ReadSummaries;

/// The content of all input files.
const FILES: &str = "files";

/// The purpose for which incidents are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be checked.
    Check,
    /// To be published for an audience.
    Publish(Audience),
}

/// The input of a run.
pub struct Reading<'a> {
    root: &'a Utf8Path,
    files: Files<'a>,
    cache: &'a Cache,
    /// The current time, if the reference date is that of the clock.
    now: Option<DateTime<Utc>>,
    table: FileTable,
    inputs: Option<Inputs<'a>>,
    /// The digest of the settings, the templates, and the lists of files.
    decided: Hasher,
    /// The files of all incidents that are not in the lists.
    extras: BTreeSet<Utf8PathBuf>,
    listed: Vec<Utf8PathBuf>,
}

/// An incident that was read and checked.
pub struct ReadIncident {
    /// The incident as others refer to it.
    pub neighbor: Arc<Neighbor>,
    /// The data that the site needs; `None` for a check.
    pub listed: Option<Box<ListedIncident>>,
}

/// The data of an incident that a site needs.
pub struct ListedIncident {
    /// The data that lists show.
    pub summary: PackedSummary,
    /// Its confidential terms; `None` if the site may show all of them.
    pub words: Option<Words>,
    /// The incident itself, while memory allows.
    pub record: Option<Box<Record>>,
    /// The digest of all its files; `None` if it is unknown.
    pub inputs: Option<Digest>,
}

/// An incident on its way through a run.
struct Taken {
    incident: ReadIncident,
    /// The findings of the checks of this incident alone.
    diagnostics: Vec<Diagnostic>,
    refs: IncidentRefs,
    /// The files that decided what it is.
    inputs: Vec<Utf8PathBuf>,
    is_cached: bool,
}

/// The context in which all incidents of a run are read.
struct Run<'r> {
    config: &'r Config,
    checker: Checker<'r>,
    /// Whether the settings could be read completely.
    are_settings_read: bool,
    purpose: Purpose,
    common: &'r Common,
    /// The memory for incidents that need not be loaded again.
    room: Room,
    /// The cache file for the results; created with the first one.
    store: OnceLock<Option<Appender>>,
}

/// A result of a whole run, with what it depends on.
#[derive(Serialize, Deserialize)]
struct Remembered<E, T> {
    state: Digest,
    extras: E,
    result: T,
}

impl<'a> Reading<'a> {
    /// Finds the input files of an archive, and reads its settings and templates.
    ///
    /// `others` are further files, apart from those of incidents, on which the result of a run depends.
    #[must_use]
    pub fn begin(root: &'a Utf8Path, cache: &'a Cache, others: &[&str]) -> (Self, Loaded) {
        Self::begin_with(root, root.into(), cache, others)
    }

    /// Begins as [`begin`](Self::begin) does, with the files as they will be. Only without a cache, which knows files as they are.
    #[must_use]
    pub fn begin_with(
        root: &'a Utf8Path,
        files: Files<'a>,
        cache: &'a Cache,
        others: &[&str],
    ) -> (Self, Loaded) {
        let table = cache.table(root, cache.read(FILES).unwrap_or_default());
        // Known before they are read, so that a change meanwhile shows at the end.
        let states: Vec<_> = [load::CONFIG]
            .iter()
            .chain(others)
            .map(|path| table.state(path.as_ref()).map(|state| state.digest))
            .collect();
        let loaded = load::settings(files);
        let inputs = load::inputs(files);
        let (incidents, timelines, diagnostics) = inputs.found();
        let mut decided = Hasher::default().with(&states);
        for own in &loaded.templates {
            decided.add(&(&own.path, &own.text));
        }
        decided.add(&(diagnostics, &loaded.diagnostics));
        let listed = incidents.iter().chain(timelines).cloned().collect();
        let reading = Self {
            root,
            files,
            cache,
            now: None,
            table,
            inputs: Some(inputs),
            decided,
            extras: BTreeSet::new(),
            listed,
        };
        (reading, loaded)
    }

    /// Also checks the incidents against the clock.
    pub fn at_time(&mut self, now: Option<DateTime<Utc>>) {
        self.now = now;
    }

    /// Returns the files of the archive.
    #[must_use]
    pub fn files(&self) -> Files<'a> {
        self.files
    }

    /// Returns the folder of the archive.
    #[must_use]
    pub fn root(&self) -> &'a Utf8Path {
        self.root
    }

    /// Returns the digest of the settings file, or `None` if it does not exist.
    #[must_use]
    pub fn settings(&self) -> Option<Digest> {
        let state = self.table.state(load::CONFIG.as_ref());
        state.map(|state| state.digest)
    }

    /// Returns what an earlier run of this name gave, if everything that it depends on is the same.
    #[must_use]
    pub fn recall<T: DeserializeOwned>(&self, name: &str, arguments: Digest) -> Option<T> {
        let known: Remembered<BTreeSet<Utf8PathBuf>, T> = self.cache.read(name)?;
        let state = self.state(&known.extras, arguments);
        (state == known.state).then_some(known.result)
    }

    /// Stores what this run gave.
    pub fn remember(&self, name: &str, arguments: Digest, result: &impl Serialize) {
        let known = Remembered {
            state: self.state(&self.extras, arguments),
            extras: &self.extras,
            result,
        };
        self.cache.write(name, &known);
    }

    /// Returns whether all input still is what it was when the run began, so that results may be stored.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.cache.is_open() && self.table.is_settled()
    }

    /// Stores what is known of the files, if their stamps changed.
    pub fn finish(self) {
        if self.table.has_read() && self.is_settled() {
            self.cache.write(FILES, &self.table.known());
        }
    }

    /// Returns the digest of the whole input.
    fn state(&self, extras: &BTreeSet<Utf8PathBuf>, arguments: Digest) -> Digest {
        let paths: Vec<&Utf8PathBuf> = self.listed.iter().chain(extras).collect();
        let digest = |path: &&Utf8PathBuf| self.table.state(path).map(|state| state.digest);
        let digests: Vec<Option<Digest>> = paths.par_iter().map(digest).collect();
        let mut packed = Vec::with_capacity(paths.len() * 64);
        for (path, digest) in paths.iter().zip(digests) {
            packed.extend_from_slice(path.as_str().as_bytes());
            packed.push(0);
            packed.push(u8::from(digest.is_some()));
            packed.extend_from_slice(digest.unwrap_or_default().bytes());
        }
        let hasher = self.decided.clone().with(&(arguments, self.now.is_some()));
        hasher.with(&Digest::new(&packed)).finish()
    }

    /// Reads the incidents, and checks each alone; `unread` has the parts of the settings that could not be read.
    ///
    /// With such settings nothing is read from the cache or stored.
    pub fn incidents(
        &mut self,
        config: &Config,
        unread: &Unread,
        as_of: NaiveDate,
        purpose: Purpose,
        progress: &Progress,
    ) -> CheckedIncidents {
        let inputs = self
            .inputs
            .take()
            .unwrap_or_else(|| load::inputs(self.files));
        let common = Common {
            settings: self.settings(),
            ids: inputs.ids().map(str::to_owned).collect(),
        };
        let are_settings_read = unread.is_empty();
        let stored = self.stored().filter(|_| are_settings_read);
        let (stored, changed) = stored
            .and_then(|(older, stored)| Some((stored, common.changed_ids(&older)?)))
            .unwrap_or_default();
        let run = Run {
            config,
            checker: Checker::new(config, as_of, common.ids.iter().map(String::as_str))
                .without(unread.clone())
                .at_time(self.now),
            are_settings_read,
            purpose,
            common: &common,
            room: Room::new(common.ids.len()),
            store: OnceLock::new(),
        };
        progress.begin("reading incidents", common.ids.len());
        let known = |path: &Utf8Path| {
            progress.step();
            let stored = stored.get(path)?;
            let mut entry = self.entry(stored, &changed)?;
            entry.checked = entry.checked.on(as_of, self.now)?;
            let timeline = entry.head.neighbor.source.timeline.clone();
            Some((entry.taken(stored, purpose)?, timeline))
        };
        let keep = |record: Record| {
            let older = stored.get(&record.source.incident);
            let older = older.and_then(|older| self.entry(older, &changed));
            let words = older.map(|entry| entry.words).unwrap_or_default();
            self.taken(record, words, &run)
        };
        let look = |record: &Record, unread: &UnreadRecord| {
            run.checker
                .parts(record, &unread.incident, &unread.timeline)
        };
        let mut read = inputs.each_unknown(config, known, keep, look);
        let store = run.store.into_inner().flatten();
        self.store(&common, stored, &mut read.kept, store);
        CheckedIncidents {
            kept: read.kept,
            broken: read.broken,
            timelines: read.timelines,
            diagnostics: read.diagnostics,
        }
    }

    /// Checks an incident that was loaded, and takes it apart.
    fn taken(&self, record: Record, mut words: BTreeMap<Audience, Words>, run: &Run) -> Taken {
        let facts = Facts::compute(&record, run.config);
        let checked = run.checker.incident(&record, &facts);
        let latest = facts.latest(record.incident.kind);
        let audience = run.purpose.audience();
        let levels = record.restrictions(run.config).collect();
        let summary = PackedSummary::from(&summary(&record, facts, audience, run.config));
        if audience.is_external() {
            words.insert(audience, Words::from_record(&record, audience, run.config));
        } else if !record.incident.redact.is_empty() {
            words.insert(audience, Words::redacted(&record, audience));
        }
        let source = record.source.clone();
        let inputs = self.looked_at(&record);
        let digest = inputs.as_ref().map(digest);
        let shown = words.get(&audience).cloned();
        let mut diagnostics = checked.diagnostics.iter();
        let has_errors = diagnostics.any(|diagnostic| diagnostic.level == Level::Error);
        let is_storable = inputs.is_some() && run.are_settings_read && !has_errors;
        let entry = Entry {
            head: Head {
                inputs: inputs.unwrap_or_default(),
                seen: Seen { audience, levels },
                latest,
                digests: (source.incident_digest, source.timeline_digest, source.bytes),
                neighbor: Arc::clone(&summary.neighbor),
            },
            checked,
            words,
        };
        let stored = is_storable.then(|| self.stored_as(&entry, &summary, run));
        let listed = (run.purpose != Purpose::Check).then(|| {
            Box::new(ListedIncident {
                summary: stored.flatten().unwrap_or(summary),
                words: shown,
                record: run.room.take(&record).then(|| Box::new(record)),
                inputs: digest,
            })
        });
        Taken {
            incident: ReadIncident {
                neighbor: entry.head.neighbor,
                listed,
            },
            diagnostics: entry.checked.diagnostics,
            refs: entry.checked.refs,
            inputs: entry
                .head
                .inputs
                .into_iter()
                .map(|(path, _)| path)
                .collect(),
            is_cached: false,
        }
    }

    /// Stores an entry and its summary, and returns the summary as it is kept in the file.
    fn stored_as(
        &self,
        entry: &Entry,
        summary: &PackedSummary,
        run: &Run,
    ) -> Option<PackedSummary> {
        let store = run
            .store
            .get_or_init(|| self.cache.append(INCIDENTS, run.common));
        let values = Stored {
            entry: cache::pack(entry)?.into(),
            listed: summary.listed.clone(),
            texts: summary.texts.clone(),
        };
        values.stored_in(store.as_ref()?, &summary.neighbor)
    }

    /// Lists the files that decided what an incident is; `None` if it was not loaded from what is known of them.
    fn looked_at(&self, record: &Record) -> Option<Vec<(Utf8PathBuf, Option<Digest>)>> {
        if !self.cache.is_open() {
            return None;
        }
        let state = |path: &Utf8Path| self.table.state(path).map(|state| state.digest);
        let source = &record.source;
        let is_loaded =
            |path: &Utf8Path, loaded: &str| state(path).is_some_and(|digest| digest.begins(loaded));
        let entries = &source.entries;
        let digest = match entries.files.as_slice() {
            [] => source.timeline_digest.as_ref(),
            _ => entries.timeline_digest.as_ref(),
        };
        let timeline = source.timeline.as_ref().zip(digest);
        let customers = record.customers_file.as_ref();
        let is_same = is_loaded(&source.incident, &source.incident_digest)
            && timeline.is_none_or(|(path, digest)| is_loaded(path, digest))
            && (entries.files.iter()).all(|(path, digest)| is_loaded(path, digest))
            && customers.is_none_or(|file| is_loaded(&file.path, &file.digest));
        let all = load::looked_at(record).into_iter();
        is_same.then(|| all.map(|path| (path.clone(), state(&path))).collect())
    }

    /// Stores what was read, if anything is new, and notes which files it was read from.
    ///
    /// New data is in `store` already, so memory need not hold it.
    fn store(
        &mut self,
        common: &Common,
        stored: HashMap<Utf8PathBuf, Stored>,
        kept: &mut [Taken],
        store: Option<Appender>,
    ) {
        let listed: HashSet<&Utf8PathBuf> = self.listed.iter().collect();
        for taken in &mut *kept {
            let inputs = std::mem::take(&mut taken.inputs).into_iter();
            self.extras
                .extend(inputs.filter(|path| !listed.contains(path)));
        }
        let cached = || kept.iter().filter(|taken| taken.is_cached);
        let is_same = store.is_none() && cached().count() == stored.len();
        if is_same || !self.is_settled() {
            return;
        }
        let Some(store) = store.or_else(|| self.cache.append(INCIDENTS, common)) else {
            return;
        };
        for neighbor in cached().map(|taken| &taken.incident.neighbor) {
            if let Some(values) = stored.get(&neighbor.source.incident)
                && values.stored_in(&store, neighbor).is_none()
            {
                return;
            }
        }
        store.finish();
    }
}

impl Purpose {
    /// Returns the audience that sees the result; checks see everything.
    fn audience(self) -> Audience {
        match self {
            Self::Check => Audience::Confidential,
            Self::Publish(audience) => audience,
        }
    }
}

/// Returns the summary of an incident as an audience sees it.
fn summary(record: &Record, facts: Facts, audience: Audience, config: &Config) -> Summary {
    let seen = record.seen_by(audience, config);
    let facts = match &seen {
        Cow::Borrowed(_) => facts,
        Cow::Owned(seen) => Facts::compute(seen, config),
    };
    Summary::with(&seen, facts, config)
}

/// Returns the digest of the files of an incident.
fn digest(inputs: &Vec<(Utf8PathBuf, Option<Digest>)>) -> Digest {
    Hasher::default().with(inputs).finish()
}
