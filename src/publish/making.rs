//! The parts of a build: its lists, its incidents and the search, each rendered or reused.

use std::collections::{BTreeMap, HashMap};

use camino::Utf8Path;
use rayon::prelude::*;

use super::reuse::{Planned, ReusePlan};
use super::search::Search;
use super::{Inputs, Lists, Made, MadeIncident, Output, PageReuse, PublishError, Site, SiteRecord};
use crate::archive::Record;
use crate::cache::{Cache, Digest, Hasher};
use crate::facts::Neighbor;
use crate::load;
use crate::progress::Progress;

impl Site<'_> {
    /// Returns the digest of everything that all pages depend on: settings, templates, audience, confidential terms.
    pub(super) fn key(&self, inputs: &Inputs, output: &Output) -> Digest {
        let own = self.own.iter().map(|own| (&own.path, &own.text));
        Hasher::default()
            .with(&(inputs.settings, self.audience, output.audit.digest()))
            .with(&own.collect::<Vec<_>>())
            .finish()
    }

    /// Renders the files that cover several incidents, unless an earlier build made them from the same data.
    pub(super) fn reuse_lists(
        &self,
        site: Digest,
        lists: Lists,
        output: &Output,
        cache: &Cache,
    ) -> Result<(Made, BTreeMap<String, Digest>), PublishError> {
        if !cache.is_open() {
            // Nobody will ask from which data they were made.
            self.lists(lists, &|file| output.put(file).map(drop), None)?;
            return Ok(Default::default());
        }
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
    pub(super) fn render(
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
