//! Views in; the files of a site out, and in place.
//!
//! Each incident's files are a function of its own record, the templates, the
//! settings, the audience and the relations that name it, so incidents are
//! rendered in parallel and the result never depends on it. Nothing is in place
//! until everything was rendered.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;

use crate::archive::{Archive, OwnTemplate, Record, RecordSource};
use crate::audience::Audience;
use crate::audit::{Audit, Found};
use crate::config::Config;
use crate::facts::{Facts, Summary};
use crate::kind::Line;
use crate::render::{Renderer, SiteView, TemplateError};
use crate::view::comms;
use crate::view::memory::MemoryEntrySummary;
use crate::view::similar::{self, SimilarIncidentView};
use crate::view::slug::Slugs;
use crate::view::{Relation, Relations, Report, label};

pub mod actions;
pub mod atom;
pub mod calendar;
pub mod csv;
pub mod customers;
pub mod entry;
mod external;
mod incident;
pub mod outputs;
mod pages;
pub mod plan;
pub mod search;
mod status;
mod timeline;
pub mod write;

pub use pages::own_texts;
use plan::Plan;
use search::Search;
use write::{WriteError, Writer, Written};

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path from the site's folder, with forward slashes.
    pub path: String,
    /// Its bytes.
    pub bytes: FileContent,
}

/// The content of a file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// Made by this build.
    Made(Vec<u8>),
    /// The bytes of a file of the archive, by its path there.
    Copied(Utf8PathBuf),
}

/// Receives each file of the site as soon as it is rendered.
pub type FileSink<'p> = &'p (dyn Fn(&File) -> Result<(), PublishError> + Sync);

/// The reason a build failed.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A template is invalid.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The output is.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A file of the archive could not be read.
    #[error("cannot read `{path}`: {error}")]
    Read {
        /// The file.
        path: Utf8PathBuf,
        /// The error of the operating system.
        error: std::io::Error,
    },
    /// The site would hold what its readers must not see.
    #[error("the site contains information that its audience must not see")]
    Leaks(Box<Found>),
    /// An incident is not what it was when it was checked.
    #[error("`{path}` or its timeline changed during the build; run the build again")]
    Changed {
        /// Its file.
        path: Utf8PathBuf,
    },
    /// A view could not be printed as JSON.
    #[error("cannot print `{path}`: {error}")]
    Json {
        /// The file.
        path: String,
        /// The error of the serializer.
        error: serde_json::Error,
    },
}

/// The counts of a finished build.
#[derive(Debug, Clone, Copy, Default)]
pub struct Published {
    /// Reports.
    pub reports: usize,
    /// Pages, of reports and others.
    pub pages: usize,
    /// Incidents that the audience may not read.
    pub withheld: usize,
    /// Files.
    pub files: Written,
}

/// The site of one archive for one audience.
///
/// Of the incidents it holds the summaries alone; each is rendered from a record that is given, and not kept.
pub struct Site<'a> {
    config: &'a Config,
    audience: Audience,
    renderer: Renderer,
    own: &'a [OwnTemplate],
    /// By id.
    summaries: Vec<Summary>,
    /// The ids under which the audience knows each incident that it may read.
    names: BTreeMap<String, String>,
    superseded_by: BTreeMap<String, Vec<String>>,
    /// Of each summary, the places of earlier ones that are like it.
    alike: Vec<Vec<usize>>,
    service_pages: Slugs,
    tag_pages: Slugs,
    memory: Vec<MemoryEntrySummary>,
}

impl<'a> Site<'a> {
    /// Prepares the site of an archive that is in memory.
    ///
    /// # Errors
    /// A template that is not well formed.
    pub fn new(
        archive: &'a Archive,
        own: &'a [OwnTemplate],
        audience: Audience,
    ) -> Result<Self, TemplateError> {
        let config = &archive.config;
        let summaries = archive
            .records
            .par_iter()
            .map(|record| Summary::from_record(record, config))
            .collect();
        Self::from_summaries(config, summaries, &BTreeSet::new(), own, audience)
    }

    /// Prepares the site: reads the templates, and finds what the incidents say of each other.
    ///
    /// Those that are left out keep their ID, so that no other incident gets it, and with it their address.
    ///
    /// # Errors
    /// A template that is not well formed.
    pub fn from_summaries(
        config: &'a Config,
        mut summaries: Vec<Summary>,
        left_out: &BTreeSet<String>,
        own: &'a [OwnTemplate],
        audience: Audience,
    ) -> Result<Self, TemplateError> {
        let site = SiteView {
            title: config.title().to_owned(),
            audience: audience.as_str(),
            audience_label: label::audience(audience),
            base_url: config
                .site
                .base_url
                .as_ref()
                .map(|url| format!("{}/", url.trim_end_matches('/'))),
            navigation: pages::navigation(audience),
        };
        let readable: Vec<&Summary> = summaries
            .iter()
            .filter(|summary| audience.may_read(summary.audience))
            .collect();
        let mut names = if audience.is_external() {
            external::ids(&readable)
        } else {
            let own = readable.iter().map(|one| (one.id.clone(), one.id.clone()));
            own.collect()
        };
        names.retain(|id, _| !left_out.contains(id));
        summaries.retain(|summary| !left_out.contains(&summary.id));
        summaries.sort_by(|left, right| left.id.cmp(&right.id));
        let mut superseded_by: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for summary in &summaries {
            for older in &summary.supersedes {
                superseded_by
                    .entry(older.clone())
                    .or_default()
                    .push(summary.id.clone());
            }
        }
        Ok(Self {
            renderer: Renderer::new(own, site)?,
            names,
            config,
            audience,
            own,
            // Outside, an open report stands alone: the others have other ids, and no lists by service or tag.
            alike: if audience.is_external() {
                Vec::new()
            } else {
                similar::all(&summaries, audience)
            },
            service_pages: slugs(&summaries, audience, |summary| &summary.services),
            tag_pages: slugs(&summaries, audience, |summary| &summary.tags),
            summaries,
            superseded_by,
            memory: Vec::new(),
        })
    }

    /// Adds what is kept of the memory that agents read.
    #[must_use]
    pub fn remembering(self, memory: Vec<MemoryEntrySummary>) -> Self {
        Self { memory, ..self }
    }

    /// Lists the incidents that the audience may read.
    pub fn readable(&self) -> impl Iterator<Item = &Summary> {
        self.summaries
            .iter()
            .filter(|summary| self.audience.may_read(summary.audience))
    }

    /// Returns the renderer.
    #[must_use]
    pub fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// Calls a function with the report of an incident.
    pub fn with_report<T>(&self, record: &Record, read: impl FnOnce(&Report) -> T) -> T {
        let facts = Facts::compute(record, self.config);
        let relations = self.relations(record);
        read(&Report::new(
            record,
            &facts,
            self.config,
            &relations,
            self.audience,
        ))
    }

    /// Returns what a report says of another incident, or `None` if it says nothing.
    ///
    /// Internal readers stumble over a gap where a relation was, so they read that there is one.
    fn relation(&self, id: &str) -> Option<Relation> {
        let shown = self.names.get(id).cloned().map(Relation::Shown);
        shown.or_else(|| (!self.audience.is_external()).then_some(Relation::Hidden))
    }

    fn place(&self, id: &str) -> Option<usize> {
        let by_id = |summary: &Summary| summary.id.as_str().cmp(id);
        self.summaries.binary_search_by(by_id).ok()
    }

    fn summary(&self, id: &str) -> Option<&Summary> {
        self.summaries.get(self.place(id)?)
    }

    /// Lists the earlier incidents that are like one.
    fn seen_before(&self, id: &str) -> Vec<SimilarIncidentView> {
        let seen = || {
            let place = self.place(id)?;
            let (own, alike) = (self.summaries.get(place)?, self.alike.get(place)?);
            let older = alike.iter().filter_map(|place| self.summaries.get(*place));
            Some(
                older
                    .map(|older| SimilarIncidentView::new(own, older))
                    .collect(),
            )
        };
        seen().unwrap_or_default()
    }

    fn relations(&self, record: &Record) -> Relations {
        let named = record.names();
        let newer = self
            .superseded_by
            .get(&record.id)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let pages = |slugs: &Slugs, names: &[Line]| -> Vec<Option<String>> {
            let page = |name: &Line| slugs.get(name).map(ToOwned::to_owned);
            names.iter().map(page).collect()
        };
        Relations {
            service_pages: pages(&self.service_pages, &record.incident.services),
            tag_pages: pages(&self.tag_pages, &record.incident.tags),
            incidents: named
                .into_iter()
                .filter_map(|id| Some((id.clone(), self.relation(&id)?)))
                .collect(),
            superseded_by: newer.iter().filter_map(|id| self.relation(id)).collect(),
            messages_page: !self.audience.is_external()
                && self.summary(&record.id).is_some_and(comms::has_page),
            seen_before: self.seen_before(&record.id),
        }
    }

    /// Publishes the site: renders everything, then moves it into place.
    ///
    /// Each incident is loaded again by `load`, rendered, and dropped, so that memory holds one per thread. The files
    /// of incidents that are stale by `plan` stay as the last build made them, unless they name an incident that is
    /// not on the site. `read` returns the bytes of a file of the archive. `audit` scans every file first. `as_of` is
    /// the date for what is overdue; the pages of a single incident do not depend on it.
    ///
    /// # Errors
    /// Returns an error if a template is invalid, a file cannot be read or written, or an incident changed since its
    /// summary was taken; the previous site is then unchanged.
    pub fn publish(
        mut self,
        writer: Writer,
        plan: &Plan,
        as_of: NaiveDate,
        audit: &Audit,
        load: &(dyn Fn(&RecordSource) -> Option<Record> + Sync),
        read: &(dyn Fn(&Utf8Path) -> std::io::Result<Vec<u8>> + Sync),
    ) -> Result<Published, PublishError> {
        let leaks = Mutex::new(Found::default());
        let pages = AtomicUsize::new(0);
        let put = |file: &File| -> Result<(), PublishError> {
            let copied;
            let bytes = match &file.bytes {
                FileContent::Made(bytes) => bytes,
                FileContent::Copied(path) => {
                    copied = read(path).map_err(|error| PublishError::Read {
                        path: path.clone(),
                        error,
                    })?;
                    &copied
                }
            };
            let path = Utf8Path::new(&file.path);
            let hits = audit.file(path, bytes);
            if !hits.is_empty() {
                let mut leaks = leaks.lock().unwrap_or_else(PoisonError::into_inner);
                leaks.add(path, bytes, hits);
            }
            let is_page = Utf8Path::new(&file.path).extension() == Some("html");
            pages.fetch_add(usize::from(is_page), Ordering::Relaxed);
            Ok(writer.put(&file.path, bytes)?)
        };
        let stale = stale_files(&writer, plan)?;
        let has_page = |id: &&String| stale.contains(&format!("incidents/{id}.html"));
        let stale_pages: Vec<String> = plan.stale.iter().filter(has_page).cloned().collect();
        // Before the incidents, which can have the memory of these large pages after them, and of what they alone list.
        self.common(&stale_pages, as_of, &put)?;
        self.summaries.iter_mut().for_each(Summary::drop_list_data);
        let readable: Vec<&Summary> = self.readable().collect();
        let search = Search::default();
        let put_searched = |file: &File| {
            if file.path.starts_with("incidents/") {
                search.read(file).iter().try_for_each(put)?;
            }
            put(file)
        };
        let made: Vec<Result<(), PublishError>> = readable
            .par_iter()
            .map(|summary| {
                let source = &summary.source;
                let record = load(source).filter(|record| record.source == *source);
                let record = record.ok_or_else(|| PublishError::Changed {
                    path: source.incident.clone(),
                })?;
                self.incident(&record)?.iter().try_for_each(put_searched)
            })
            .collect();
        made.into_iter().collect::<Result<(), PublishError>>()?;
        let reports = readable.len();
        let withheld = self.summaries.len() - reports;
        // The words of all pages can have its memory.
        drop(self);
        search.files(&mut |file| put(&file))?;
        let leaks = leaks.into_inner().unwrap_or_else(PoisonError::into_inner);
        if !leaks.is_empty() {
            return Err(PublishError::Leaks(Box::new(leaks)));
        }
        stale.iter().try_for_each(|path| writer.keep(path))?;
        Ok(Published {
            reports,
            pages: pages.into_inner(),
            withheld,
            files: writer.commit()?,
        })
    }
}

/// Returns a text file.
fn made(path: impl Into<String>, text: impl Into<Vec<u8>>) -> File {
    File {
        path: path.into(),
        bytes: FileContent::Made(text.into()),
    }
}

/// Returns a JSON file.
fn json(path: impl Into<String>, value: &impl Serialize) -> Result<File, PublishError> {
    let path = path.into();
    match serde_json::to_string_pretty(value) {
        Ok(text) => Ok(made(path, text + "\n")),
        Err(error) => Err(PublishError::Json { path, error }),
    }
}

/// Returns the names of the pages of services or tags; external audiences have none.
fn slugs(summaries: &[Summary], audience: Audience, names: fn(&Summary) -> &Vec<String>) -> Slugs {
    let shown = summaries
        .iter()
        .filter(|summary| !audience.is_external() && audience.may_read(summary.audience));
    Slugs::from_names(shown.flat_map(names).map(String::as_str))
}

/// Lists the files of an earlier build that stay.
///
/// Its pages link to incidents, with their titles, that its readers might know of then; none stays of those that name
/// one that is no longer on the site.
fn stale_files(writer: &Writer, plan: &Plan) -> Result<Vec<String>, WriteError> {
    let mut files: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for path in writer.previous() {
        if let Some(id) = belongs_to(path).filter(|id| plan.stale.contains(*id)) {
            files.entry(id).or_default().push(path);
        }
    }
    let names_removed = plan.removed_in();
    let mut stale = Vec::new();
    for files in files.into_values() {
        let texts = files.iter().map(|path| writer.read_previous(path));
        let texts: Vec<Vec<u8>> = texts.collect::<Result<_, _>>()?;
        if !texts
            .iter()
            .any(|text| names_removed(&String::from_utf8_lossy(text)))
        {
            stale.extend(files.into_iter().cloned());
        }
    }
    Ok(stale)
}

/// Finds the incident to which a file of the site belongs, by its name.
fn belongs_to(path: &str) -> Option<&str> {
    let (folder, name) = path.split_once('/')?;
    let (stem, ending) = name.rsplit_once('.')?;
    match folder {
        "incidents" | "timelines" => Some(stem),
        "comms" if ending == "txt" => {
            let (rest, _) = stem.rsplit_once('-')?;
            rest.rsplit_once('-').map(|(id, _)| id)
        }
        "comms" => Some(stem),
        _ => None,
    }
}
