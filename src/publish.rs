//! Views in; the files of a site out, and in place.
//!
//! The files of each incident are a function of its [`IncidentInput`], so incidents
//! are rendered in parallel and the result never depends on it. Nothing is in place
//! until everything was rendered.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::archive::{Archive, OwnTemplate, Record};
use crate::audience::Audience;
use crate::audit::Found;
use crate::cache::{self, Cache, Digest, Hasher};
use crate::config::{Config, LinkSettings};
use crate::facts::{Facts, Neighbor};
use crate::load;
use crate::progress::Progress;
use crate::render::{self, Renderer, SiteLinkView, SiteView, TemplateError};
use crate::view::{Report, label};

pub mod actions;
mod anchors;
pub mod atom;
pub mod calendar;
pub mod csv;
pub mod customers;
mod earlier;
pub mod entry;
mod error;
mod external;
mod incident;
mod messages;
mod neighborhood;
mod output;
pub mod outputs;
mod pages;
pub mod plan;
mod reuse;
pub mod search;
mod stale;
mod status;
mod timeline;
pub mod write;

pub use anchors::anchors;
pub use earlier::{Earlier, FilesInPlace, Made, SiteRecord};
pub use error::PublishError;
pub use incident::{IncidentContext, IncidentFiles, IncidentInput};
pub use neighborhood::Neighborhood;
pub use output::Output;
pub use pages::{Lists, PageReuse, own_texts};
use plan::Plan;
use reuse::{Planned, ReusePlan};
use search::Search;
pub use stale::stale_files;
use write::{Content, Difference, WriteError, Writer, Written};

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
type MadeIncident = (Box<str>, Made);

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
    config: &'a Config,
    audience: Audience,
    renderer: Renderer,
    own: &'a [OwnTemplate],
    neighborhood: Neighborhood,
    rules: load::Rules,
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
            audience_label: label::audience(audience),
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

    /// Publishes the site: makes it, and puts all files in place.
    ///
    /// # Errors
    /// Returns the first error of a template, of a file of the archive, or of the output, or an error if an incident
    /// is no longer what it was when it was checked; the old site is then as it was.
    pub fn publish(
        self,
        incidents: Incidents,
        lists: Lists,
        mut output: Output,
        cache: &Cache,
        progress: &Progress,
    ) -> Result<(Published, SiteRecord), PublishError> {
        let (mut published, mut record) =
            self.make(incidents, lists, &mut output, cache, progress)?;
        progress.begin("putting the site in place", 0);
        let committed = output.commit()?;
        record.renumber(&committed.numbers);
        record.site = committed.site;
        published.pages = committed.pages;
        published.files = committed.written;
        Ok((published, record))
    }

    /// Makes the site, and returns how the output differs from it; nothing in the output is changed.
    ///
    /// # Errors
    /// The same as those of [`Site::publish`].
    pub fn compare(
        self,
        incidents: Incidents,
        lists: Lists,
        mut output: Output,
        progress: &Progress,
    ) -> Result<Vec<(String, Difference)>, PublishError> {
        self.make(incidents, lists, &mut output, &Cache::none(), progress)?;
        output.differences()
    }

    /// Makes all files of the site: decides what is reused, and renders the rest.
    fn make(
        &self,
        incidents: Incidents,
        lists: Lists,
        output: &mut Output,
        cache: &Cache,
        progress: &Progress,
    ) -> Result<(Published, SiteRecord), PublishError> {
        let Incidents {
            loaded,
            inputs,
            stale_files,
        } = incidents;
        let site = self.key(&inputs, output);
        let plan = ReusePlan::new(self, site, &inputs.incidents, output, cache)?;
        let (reports, reused) = (plan.incidents.len(), plan.reused());
        let building_lists = || progress.begin("building the lists", 0);
        building_lists();
        // One thread makes the lists, whose data takes much memory, while the others render reports.
        let (lists, rendered) = rayon::join(
            || self.reuse_lists(site, lists, output),
            || {
                let rendered = self.render(plan, loaded, output, progress);
                building_lists();
                rendered
            },
        );
        let (lists, pages) = lists?;
        let record = SiteRecord {
            lists: Some(lists),
            pages,
            ..rendered?
        };
        output.complete(&stale_files)?;
        let published = Published {
            reports,
            reused,
            withheld: self.neighborhood.all().len() - reports,
            ..Published::default()
        };
        Ok((published, record))
    }

    /// Returns the digest of everything that all pages depend on: settings, templates, audience, confidential terms.
    fn key(&self, inputs: &Inputs, output: &Output) -> Digest {
        let own = self.own.iter().map(|own| (&own.path, &own.text));
        Hasher::default()
            .with(&(inputs.settings, self.audience, output.audit.digest()))
            .with(&own.collect::<Vec<_>>())
            .finish()
    }

    /// Renders the files that cover several incidents, unless an earlier build made them from the same data.
    fn reuse_lists(
        &self,
        site: Digest,
        lists: Lists,
        output: &Output,
    ) -> Result<(Made, BTreeMap<String, Digest>), PublishError> {
        let key = lists.key(site);
        let earlier = &output.earlier.record;
        if let Some(lists) = earlier.lists.as_ref().filter(|lists| lists.key == key)
            && output.reuse(&lists.files)?
        {
            return Ok((lists.clone(), earlier.pages.clone()));
        }
        let reuse = PageReuse::new(site, output);
        self.lists(lists, &|file| reuse.put(file), Some(&reuse))?;
        Ok(reuse.into_made(key))
    }

    /// Renders the incidents of the plan, and the search over all pages.
    fn render(
        &self,
        plan: ReusePlan,
        mut loaded: BTreeMap<String, Box<Record>>,
        output: &Output,
        progress: &Progress,
    ) -> Result<SiteRecord, PublishError> {
        progress.begin("rendering reports", plan.incidents.len());
        let mut record = SiteRecord::default();
        let mut search = Search::default();
        if let Some(words) = plan.words {
            let keys = plan.incidents.iter().filter(|planned| planned.is_reused);
            let keys = keys.filter_map(|planned| Some((planned.page(), planned.key?)));
            let keys: HashMap<String, Digest> = keys.collect();
            search.start(words, &|path, key| keys.get(path) == Some(&key));
        }
        let work: Vec<(Planned, Option<Box<Record>>)> = plan
            .incidents
            .into_iter()
            .map(|planned| {
                let record = loaded.remove(&planned.neighbor.id);
                (planned, record)
            })
            .collect();
        // What is not rendered needs no memory any more.
        drop(loaded);
        let rendered: Vec<Result<Option<MadeIncident>, PublishError>> = work
            .into_par_iter()
            .map(|(planned, record)| {
                progress.step();
                self.incident(planned, record, &search, output)
            })
            .collect();
        for made in rendered {
            let made = made?;
            record.incidents.extend(made);
        }
        if plan.search.is_some() {
            record.search = plan.search;
            record.words_files = output.earlier.record.words_files.clone();
            return Ok(record);
        }
        progress.begin("building the search", 0);
        let reuse = PageReuse::new(plan.site, output);
        search.files(
            &mut |path, key| reuse.files(path, key, &[""]),
            &mut |file| reuse.put(&file),
        )?;
        let (made, words_files) = reuse.into_made(plan.search_key.unwrap_or_default());
        record.search = plan.search_key.map(|_| made);
        record.words_files = words_files;
        record.words = Some(search.into_words());
        Ok(record)
    }

    /// Renders one incident, or reuses its files.
    fn incident(
        &self,
        planned: Planned,
        record: Option<Box<Record>>,
        search: &Search,
        output: &Output,
    ) -> Result<Option<MadeIncident>, PublishError> {
        let id: Box<str> = planned.neighbor.id.as_str().into();
        if planned.is_reused {
            let made = output.earlier.record.incidents.get(&id);
            return Ok(made.map(|made| (id, made.clone())));
        }
        let record = record.map_or_else(|| self.load(output.root, planned.neighbor), Ok)?;
        let context = self.neighborhood.context(planned.neighbor);
        let rendered = self.planned_input(&record, context).files(&self.renderer)?;
        if let Some(terms) = rendered.terms {
            search.add(terms, planned.key);
        }
        let files = rendered.files.iter().map(|file| output.put(file));
        let files = files.collect::<Result<_, _>>()?;
        Ok(planned.key.map(|key| (id, Made { key, files })))
    }

    /// Loads an incident again.
    fn load(&self, root: &Utf8Path, neighbor: &Neighbor) -> Result<Box<Record>, PublishError> {
        let source = &neighbor.source;
        load::again(root, &self.rules, source)
            .filter(|record| record.source.has_content_of(source))
            .map(Box::new)
            .ok_or_else(|| PublishError::Changed {
                path: source.incident.clone(),
            })
    }
}

/// Returns a text file.
fn made(path: impl Into<String>, text: impl Into<Vec<u8>>) -> File<'static> {
    File {
        path: path.into(),
        bytes: FileContent::Made(text.into()),
    }
}

/// Returns a JSON file.
fn json(path: impl Into<String>, value: &impl Serialize) -> Result<File<'static>, PublishError> {
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
