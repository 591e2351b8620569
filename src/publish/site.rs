//! The site of an archive: its settings and renderer, and the types of its input and of its files.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use camino::Utf8PathBuf;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::write::{Content, Written};
use super::{Made, Neighborhood, PublishError, pages};
use crate::archive::{Archive, OwnTemplate, Record};
use crate::audience::Audience;
use crate::cache::Digest;
use crate::config::{Config, LinkSettings};
use crate::facts::{Facts, Neighbor};
use crate::load;
use crate::render::{self, Renderer, SiteLinkView, SiteView, TemplateError};
use crate::view::Report;

/// A file of the site.
pub struct File<'f> {
    /// Its path from the site's folder, with forward slashes.
    pub path: String,
    /// Its bytes.
    pub bytes: FileContent<'f>,
}

/// The content of a file of the site.
pub enum FileContent<'f> {
    /// Made by this build.
    Made(Vec<u8>),
    /// The bytes of a file of the archive, by its path there.
    Copied(Utf8PathBuf),
    /// Made by this build row by row, because there may be very many.
    Rows(&'f (dyn Content + Sync)),
}

/// The ID of an incident, and its files.
pub(super) type MadeIncident = (Box<str>, Made);

/// Receives each file of the site as soon as it is rendered.
pub type FileSink<'p> = &'p (dyn Fn(&File) -> Result<(), PublishError> + Sync);

/// The incidents of a build.
#[derive(Debug, Default)]
pub struct Incidents {
    /// The incidents that are still in memory; the others are loaded again, one per thread.
    pub loaded: BTreeMap<String, Box<Record>>,
    /// The digests of the input.
    pub inputs: Inputs,
    /// The files of an earlier build that are kept: stale pages.
    pub stale_files: Vec<String>,
}

/// The digests of the input of a build.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The settings.
    pub settings: Option<Digest>,
    /// The files of each incident, by its ID; an incident without an entry is always rendered.
    pub incidents: HashMap<String, Digest>,
}

/// The counts of a finished build.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct Published {
    /// Reports.
    pub reports: usize,
    /// The number of these whose files were reused from an earlier build.
    pub reused: usize,
    /// Pages, of reports and others.
    pub pages: usize,
    /// Incidents that the audience may not read.
    pub withheld: usize,
    /// Files.
    pub files: Written,
}

/// The site of one archive for one audience.
pub struct Site<'a> {
    pub(super) config: &'a Config,
    pub(super) audience: Audience,
    pub(super) renderer: Renderer,
    pub(super) own: &'a [OwnTemplate],
    pub(super) neighborhood: Neighborhood,
    pub(super) rules: load::Rules,
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
        let neighbor = |record: &Record| {
            let seen = record.seen_by(audience, config);
            Arc::new(Neighbor::new(&seen, &Facts::compute(&seen, config), config))
        };
        let neighbors = archive.records.par_iter().map(neighbor).collect();
        let neighborhood = Neighborhood::new(neighbors, &BTreeSet::new(), audience);
        Self::from_neighborhood(config, neighborhood, own, audience)
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
            audience_label: audience.label(),
            base_url: config
                .site
                .base_url
                .as_ref()
                .map(|url| format!("{}/", url.trim_end_matches('/'))),
            logo: config.site.logo.as_deref().and_then(|logo| {
                let logo = own.iter().find(|own| load::is_logo(own, logo))?;
                Some(logo.path.clone())
            }),
            links: if audience.is_external() {
                config.site.links.iter().map(site_link).collect()
            } else {
                Vec::new()
            },
            navigation: pages::navigation(audience),
        };
        Ok(Self {
            renderer: Renderer::new(own, site)?,
            rules: load::Rules::new(config),
            neighborhood,
            config,
            audience,
            own,
        })
    }

    /// Returns the renderer.
    #[must_use]
    pub fn renderer(&self) -> &Renderer {
        &self.renderer
    }

    /// Calls a function with the report of an incident.
    pub fn with_report<T>(&self, record: &Record, read: impl FnOnce(&Report) -> T) -> T {
        read(&self.input(record).report())
    }
}

/// Returns a text file.
pub(super) fn made(path: impl Into<String>, text: impl Into<Vec<u8>>) -> File<'static> {
    File {
        path: path.into(),
        bytes: FileContent::Made(text.into()),
    }
}

/// Returns a JSON file.
pub(super) fn json(
    path: impl Into<String>,
    value: &impl Serialize,
) -> Result<File<'static>, PublishError> {
    let path = path.into();
    match render::json::lines(value) {
        Ok(text) => Ok(made(path, text)),
        Err(error) => Err(PublishError::Json { path, error }),
    }
}

/// Returns a link of the header.
fn site_link(link: &LinkSettings) -> SiteLinkView {
    SiteLinkView {
        title: link.title.to_string(),
        url: link.url.to_string(),
    }
}
