//! Views in; the files of a site out, and in place.
//!
//! Each incident's files are a function of its own record, the templates, the
//! settings, the audience and the relations that name it, so incidents are
//! rendered in parallel and the result never depends on it. Nothing is in place
//! until everything was rendered.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use chrono::NaiveDate;
use rayon::prelude::*;

use crate::archive::{Archive, OwnTemplate, Record, ReferredFile};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Facts, Summary};
use crate::kind::Line;
use crate::render::{Renderer, SiteView, TemplateError};
use crate::view::alike::{self, AlikeView};
use crate::view::slug::Slugs;
use crate::view::{self, Relation, Relations, Report, label};

pub mod actions;
pub mod atom;
pub mod calendar;
pub mod csv;
pub mod entry;
pub mod outputs;
mod pages;
mod timeline;
pub mod write;

use write::{WriteError, Writer, Written};

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path from the site's folder, with forward slashes.
    pub path: String,
    /// Its bytes.
    pub bytes: Bytes,
}

/// What a file of the site holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bytes {
    /// Made by this build.
    Made(Vec<u8>),
    /// The bytes of a file of the archive, by its path there.
    Copied(Utf8PathBuf),
}

/// What a build cannot do.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A template is at fault.
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
        /// What the system says.
        error: std::io::Error,
    },
    /// A view could not be printed as JSON.
    #[error("cannot print `{id}` as JSON: {error}")]
    Json {
        /// The incident.
        id: String,
        /// What the library says.
        error: serde_json::Error,
    },
}

/// What a build made.
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
pub struct Site<'a> {
    archive: &'a Archive,
    audience: Audience,
    renderer: Renderer,
    own: &'a [OwnTemplate],
    summaries: Vec<Summary>,
    shown: BTreeMap<&'a str, bool>,
    superseded_by: BTreeMap<String, Vec<&'a str>>,
    alike: BTreeMap<String, Vec<AlikeView>>,
    service_pages: Slugs,
    tag_pages: Slugs,
}

impl<'a> Site<'a> {
    /// Prepares the site: reads the templates, and finds what the incidents say of each other.
    ///
    /// # Errors
    /// A template that is not well formed.
    pub fn new(
        archive: &'a Archive,
        own: &'a [OwnTemplate],
        audience: Audience,
    ) -> Result<Self, TemplateError> {
        let config = &archive.config;
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
        let summaries: Vec<Summary> = archive
            .records
            .par_iter()
            .map(|record| Summary::of(record, config))
            .collect();
        let mut superseded_by: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        for (record, summary) in archive.records.iter().zip(&summaries) {
            for older in &summary.supersedes {
                superseded_by
                    .entry(older.clone())
                    .or_default()
                    .push(&record.id);
            }
        }
        Ok(Self {
            renderer: Renderer::new(own, site)?,
            shown: archive
                .records
                .iter()
                .map(|record| (record.id.as_str(), audience.may_read(record.audience())))
                .collect(),
            archive,
            audience,
            own,
            alike: alike::all(&summaries, audience),
            service_pages: slugs(&summaries, audience, |summary| &summary.services),
            tag_pages: slugs(&summaries, audience, |summary| &summary.tags),
            summaries,
            superseded_by,
        })
    }

    /// Lists the incidents that the audience may read.
    pub fn readable(&self) -> impl Iterator<Item = &'a Record> {
        let audience = self.audience;
        self.archive
            .records
            .iter()
            .filter(move |record| audience.may_read(record.audience()))
    }

    /// Gives the templates that render it.
    #[must_use]
    pub fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// Calls a function with the report of an incident.
    pub fn with_report<T>(&self, record: &Record, read: impl FnOnce(&Report) -> T) -> T {
        let config: &Config = &self.archive.config;
        let facts = Facts::of(record, config);
        let relations = self.relations(record);
        read(&Report::of(
            record,
            &facts,
            config,
            &relations,
            self.audience,
        ))
    }

    fn relation(&self, id: &str) -> Option<Relation> {
        self.shown.get(id).map(|shown| {
            if *shown {
                Relation::Shown(id.to_owned())
            } else {
                Relation::Hidden
            }
        })
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
            seen_before: self.alike.get(&record.id).cloned().unwrap_or_default(),
        }
    }

    /// Makes the files of one incident.
    ///
    /// # Errors
    /// A template that asks for what the view does not have.
    pub fn incident(&self, record: &Record) -> Result<Vec<File>, PublishError> {
        let id = &record.id;
        let json_error = |error| PublishError::Json {
            id: id.clone(),
            error,
        };
        let (rendered, json) = self.with_report(record, |report| {
            let json = serde_json::to_vec_pretty(report).map_err(json_error);
            (self.renderer.report(report), json)
        });
        let (rendered, mut json) = (rendered?, json?);
        json.push(b'\n');
        let made = |path: String, bytes: Vec<u8>| File {
            path,
            bytes: Bytes::Made(bytes),
        };
        let mut files = vec![
            made(format!("incidents/{id}.html"), rendered.html.into_bytes()),
            made(format!("incidents/{id}.json"), json),
            made(format!("incidents/{id}.md"), rendered.markdown.into_bytes()),
        ];
        if record.source.timeline.is_some() {
            files.push(made(
                format!("timelines/{id}.json"),
                timeline::json(record, self.audience).map_err(json_error)?,
            ));
        }
        for (place, message) in record.incident.messages.iter().enumerate() {
            let audience = message.audience.unwrap_or(Audience::Customers);
            if let Some(text) =
                view::message_text(message).filter(|_| self.audience.may_read(audience))
            {
                let stage = label::stage(message.stage).0;
                files.push(made(
                    format!("comms/{id}-{:02}-{stage}.txt", place + 1),
                    text.into_bytes(),
                ));
            }
        }
        for (path, file) in &record.files {
            if *file != ReferredFile::Missing
                && record.source.timeline.as_ref() != Some(path)
                && let Some(target) = view::published(record, path)
                && self.is_referred(record, path)
            {
                files.push(File {
                    path: target,
                    bytes: Bytes::Copied(path.clone()),
                });
            }
        }
        Ok(files)
    }

    /// Says whether anything that the audience sees refers to a file.
    fn is_referred(&self, record: &Record, path: &Utf8Path) -> bool {
        let incident = &record.incident;
        let is = |file: &Option<crate::kind::FilePath>| {
            file.as_ref()
                .and_then(|file| record.resolve(file))
                .is_some_and(|resolved| resolved == path)
        };
        let healing = incident
            .self_healing
            .iter()
            .flat_map(|healing| &healing.actions);
        let alert = incident
            .detection
            .iter()
            .filter_map(|detection| detection.alert.as_ref());
        incident.references.iter().any(|reference| {
            is(&reference.file)
                && reference
                    .audience
                    .is_none_or(|marked| self.audience.may_read(marked))
        }) || incident.evidence.iter().any(|evidence| is(&evidence.file))
            || alert.into_iter().any(|alert| is(&alert.file))
            || healing.into_iter().any(|action| is(&action.run))
    }

    /// Publishes the site: renders everything, then puts it in place.
    ///
    /// The files of `kept` incidents, which could not be read, stay as the last build made them. `read` gives
    /// the bytes of a file of the archive. The pages of no one incident say what is overdue `as_of` a day.
    ///
    /// # Errors
    /// The first fault of a template, of a file of the archive, or of the output; the old site is then as it was.
    pub fn publish(
        &self,
        writer: Writer,
        kept: &BTreeSet<String>,
        as_of: NaiveDate,
        read: &(dyn Fn(&Utf8Path) -> std::io::Result<Vec<u8>> + Sync),
    ) -> Result<Published, PublishError> {
        let put = |file: &File| -> Result<(), PublishError> {
            match &file.bytes {
                Bytes::Made(bytes) => Ok(writer.put(&file.path, bytes)?),
                Bytes::Copied(path) => {
                    let bytes = read(path).map_err(|error| PublishError::Read {
                        path: path.clone(),
                        error,
                    })?;
                    Ok(writer.put(&file.path, &bytes)?)
                }
            }
        };
        let records: Vec<&Record> = self.readable().collect();
        let made: Vec<Result<(), PublishError>> = records
            .par_iter()
            .map(|record| self.incident(record)?.iter().try_for_each(put))
            .collect();
        made.into_iter().collect::<Result<(), PublishError>>()?;
        let common = self.common(as_of)?;
        common.iter().try_for_each(put)?;
        for path in writer.previous().clone() {
            if belongs_to(&path).is_some_and(|id| kept.contains(id)) {
                writer.keep(&path)?;
            }
        }
        let pages = common
            .iter()
            .filter(|file| Utf8Path::new(&file.path).extension() == Some("html"))
            .count();
        Ok(Published {
            reports: records.len(),
            pages: records.len() + pages,
            withheld: self.archive.records.len() - records.len(),
            files: writer.commit()?,
        })
    }
}

/// Names the pages of services or tags; an audience outside has none.
fn slugs(summaries: &[Summary], audience: Audience, names: fn(&Summary) -> &Vec<String>) -> Slugs {
    let shown = summaries
        .iter()
        .filter(|summary| audience >= Audience::Internal && audience.may_read(summary.audience));
    Slugs::of(shown.flat_map(names).map(String::as_str))
}

/// Finds the incident to which a file of the site belongs, by its name.
fn belongs_to(path: &str) -> Option<&str> {
    let (folder, name) = path.split_once('/')?;
    let (stem, _) = name.rsplit_once('.')?;
    match folder {
        "incidents" | "timelines" => Some(stem),
        "comms" => {
            let (rest, _) = stem.rsplit_once('-')?;
            rest.rsplit_once('-').map(|(id, _)| id)
        }
        _ => None,
    }
}
