//! Views in; the files of a site out, and in place.
//!
//! The files of each incident are a function of its [`IncidentInput`], so incidents
//! are rendered in parallel and the result never depends on it. Nothing is in place
//! until everything was rendered.

use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde::Serialize;

use crate::archive::{Archive, OwnTemplate, Record};
use crate::audience::Audience;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Sources};
use crate::facts::{Facts, Neighbor};
use crate::load;
use crate::render::{Renderer, SiteView, TemplateError};
use crate::view::{Report, label};

pub mod actions;
pub mod atom;
pub mod calendar;
pub mod csv;
pub mod customers;
pub mod entry;
mod external;
mod incident;
mod neighborhood;
mod output;
pub mod outputs;
mod pages;
pub mod search;
mod status;
mod timeline;
pub mod write;

pub use incident::{IncidentFiles, IncidentInput};
pub use neighborhood::Neighborhood;
pub use output::Output;
pub use pages::{Lists, own_texts};
use search::Search;
use write::{WriteError, Written};

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path from the site's folder, with forward slashes.
    pub path: String,
    /// Its bytes.
    pub bytes: FileContent,
}

/// What a file of the site holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// Made by this build.
    Made(Vec<u8>),
    /// The bytes of a file of the archive, by its path there.
    Copied(Utf8PathBuf),
}

/// Takes a file of the site as soon as it is made.
pub type FileSink<'p> = &'p (dyn Fn(&File) -> Result<(), PublishError> + Sync);

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
    /// The site would hold what its readers must not see.
    #[error("the site would hold what its readers must not see")]
    Leaks(Box<Leaks>),
    /// An incident is not what it was when it was checked.
    #[error("`{path}` or its timeline changed while the site was built; run it again")]
    Changed {
        /// Its file.
        path: Utf8PathBuf,
    },
    /// A view could not be printed as JSON.
    #[error("cannot print `{path}`: {error}")]
    Json {
        /// The file.
        path: String,
        /// What the library says.
        error: serde_json::Error,
    },
}

/// What readers must not see, with the files of the site that hold it.
#[derive(Debug, Default)]
pub struct Leaks {
    /// What was found, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that it stands in.
    pub sources: Sources,
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
    config: &'a Config,
    audience: Audience,
    renderer: Renderer,
    own: &'a [OwnTemplate],
    neighborhood: Neighborhood,
}

impl<'a> Site<'a> {
    /// Prepares the site of an archive that is in memory.
    ///
    /// # Errors
    /// Returns an error if a template is not well formed.
    pub fn new(
        archive: &'a Archive,
        own: &'a [OwnTemplate],
        audience: Audience,
    ) -> Result<Self, TemplateError> {
        let config = &archive.config;
        let neighbor =
            |record: &Record| Neighbor::new(record, &Facts::compute(record, config), config);
        let neighbors = archive.records.par_iter().map(neighbor).collect();
        Self::from_neighborhood(
            config,
            Neighborhood::new(neighbors, audience),
            own,
            audience,
        )
    }

    /// Prepares the site of incidents that are not in memory, and reads the templates.
    ///
    /// # Errors
    /// Returns an error if a template is not well formed.
    pub fn from_neighborhood(
        config: &'a Config,
        neighborhood: Neighborhood,
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
        Ok(Self {
            renderer: Renderer::new(own, site)?,
            neighborhood,
            config,
            audience,
            own,
        })
    }

    /// Returns the templates that render it.
    #[must_use]
    pub fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// Calls a function with the report of an incident.
    pub fn with_report<T>(&self, record: &Record, read: impl FnOnce(&Report) -> T) -> T {
        read(&self.input(record).report())
    }

    /// Publishes the site: renders everything, then puts it in place.
    ///
    /// `loaded` are the incidents that are still in memory; the others are loaded again, one a thread. The pages of
    /// `kept` incidents, which could not be read, stay as the last build made them.
    ///
    /// # Errors
    /// Returns the first error of a template, of a file of the archive, or of the output, or an error if an incident
    /// is no longer what it was when it was checked; the old site is then as it was.
    pub fn publish(
        &self,
        lists: Lists,
        loaded: BTreeMap<String, Record>,
        kept: &BTreeSet<String>,
        output: Output,
    ) -> Result<Published, PublishError> {
        // First, so that the incidents can have the memory of these large pages, and of what only they list.
        self.lists(&lists, &|file| output.put(file))?;
        drop(lists);
        let search = Search::default();
        let reports = self.incidents(loaded, &search, &output)?;
        search.files(&mut |file| output.put(&file))?;
        let is_kept = |path: &str| belongs_to(path).is_some_and(|id| kept.contains(id));
        let (pages, files) = output.commit(is_kept)?;
        Ok(Published {
            reports,
            pages,
            withheld: self.neighborhood.all().len() - reports,
            files,
        })
    }

    /// Renders the incidents that the audience may read, and returns how many there are.
    fn incidents(
        &self,
        mut loaded: BTreeMap<String, Record>,
        search: &Search,
        output: &Output,
    ) -> Result<usize, PublishError> {
        let readable = self.neighborhood.readable();
        let work: Vec<(&Neighbor, Option<Record>)> = readable
            .map(|neighbor| (neighbor, loaded.remove(&neighbor.id)))
            .collect();
        // What the audience may not read is not rendered, and needs no memory any more.
        drop(loaded);
        let reports = work.len();
        let rendered: Vec<Result<(), PublishError>> = work
            .into_par_iter()
            .map(|(neighbor, record)| {
                let record = record.map_or_else(|| self.load(output.root, neighbor), Ok)?;
                let rendered = self.input(&record).files(&self.renderer)?;
                rendered
                    .terms
                    .into_iter()
                    .for_each(|terms| search.add(terms));
                rendered.files.iter().try_for_each(|file| output.put(file))
            })
            .collect();
        rendered.into_iter().collect::<Result<(), PublishError>>()?;
        Ok(reports)
    }

    /// Loads an incident that was loaded before.
    fn load(&self, root: &Utf8Path, neighbor: &Neighbor) -> Result<Record, PublishError> {
        let source = &neighbor.source;
        load::again(root, self.config, source)
            .filter(|record| record.source == *source)
            .ok_or_else(|| PublishError::Changed {
                path: source.incident.clone(),
            })
    }
}

/// Makes a file of text.
fn made(path: impl Into<String>, text: impl Into<Vec<u8>>) -> File {
    File {
        path: path.into(),
        bytes: FileContent::Made(text.into()),
    }
}

/// Makes a file of JSON.
fn json(path: impl Into<String>, value: &impl Serialize) -> Result<File, PublishError> {
    let path = path.into();
    match serde_json::to_string_pretty(value) {
        Ok(text) => Ok(made(path, text + "\n")),
        Err(error) => Err(PublishError::Json { path, error }),
    }
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
