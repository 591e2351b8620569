//! Decides which incidents a build renders, and which files of an earlier build it reuses.

use std::collections::HashMap;

use rayon::prelude::*;

use super::earlier::Made;
use super::output::Output;
use super::search::Words;
use super::{PublishError, Site};
use crate::cache::{Cache, Digest, Hasher};
use crate::facts::Neighbor;

/// The incidents of a site, each rendered or reused.
pub(super) struct ReusePlan<'p> {
    /// The digest of settings and templates.
    pub site: Digest,
    /// The incidents that the audience may read, by ID.
    pub incidents: Vec<Planned<'p>>,
    /// The files of the search, if they are reused because no page changed.
    pub search: Option<Made>,
    /// The digest of the input of all pages; `None` if it is not known.
    pub search_key: Option<Digest>,
    /// The words of the reused pages, if other pages changed.
    pub words: Option<Words>,
}

/// One incident, rendered or reused.
pub(super) struct Planned<'p> {
    /// The incident.
    pub neighbor: &'p Neighbor,
    /// The ID that the audience sees.
    name: &'p str,
    /// The digest of the input of its files; `None` if it is not known.
    pub key: Option<Digest>,
    /// Whether an earlier build made its files from the same input, and they are still in place.
    pub is_reused: bool,
}

impl<'p> ReusePlan<'p> {
    /// Compares the input of each incident with that of an earlier build, and reuses the files that are the same.
    ///
    /// # Errors
    /// Returns an error if two incidents have files with the same path.
    pub fn new(
        site: &'p Site,
        site_key: Digest,
        inputs: &HashMap<String, Digest>,
        output: &Output,
        cache: &Cache,
    ) -> Result<Self, PublishError> {
        let earlier = &output.earlier.record;
        let readable: Vec<&Neighbor> = site.neighborhood.readable().collect();
        let planned = |neighbor: &&'p Neighbor| -> Result<Planned<'p>, PublishError> {
            let name = site.neighborhood.name(&neighbor.id).unwrap_or_default();
            let files = inputs.get(&neighbor.id);
            let key =
                files.map(|files| site.neighborhood.context(neighbor).digest(site_key, *files));
            let made = earlier.incidents.get(neighbor.id.as_str());
            let made = made.filter(|made| Some(made.key) == key);
            Ok(Planned {
                neighbor,
                name,
                key,
                is_reused: made.map_or(Ok(false), |made| output.reuse(&made.files))?,
            })
        };
        let planned: Vec<_> = readable.par_iter().map(planned).collect();
        let mut incidents = planned.into_iter().collect::<Result<Vec<Planned>, _>>()?;
        let keys = incidents
            .iter()
            .map(|planned| Some((planned.name, planned.key?)));
        let keys: Option<Vec<(&str, Digest)>> = keys.collect();
        let search_key = keys.map(|keys| Hasher::default().with(&(site_key, keys)).finish());
        let mut search = earlier.search.clone();
        search = search.filter(|made| Some(made.key) == search_key);
        if let Some(made) = &search
            && !output.reuse(&made.files)?
        {
            search = None;
        }
        let mut words = None;
        if search.is_none() {
            // Without the words of its page, an incident has to be rendered again.
            words = output.earlier.words(cache);
            let pages = words.as_ref().map(Words::keys).unwrap_or_default();
            for planned in &mut incidents {
                let known = pages.get(planned.page().as_str()).copied();
                planned.is_reused &= planned.key.is_some() && known == planned.key;
            }
        }
        Ok(Self {
            site: site_key,
            incidents,
            search,
            search_key,
            words,
        })
    }

    /// Returns the number of incidents that are not rendered.
    pub fn reused(&self) -> usize {
        let kept = self.incidents.iter().filter(|planned| planned.is_reused);
        kept.count()
    }
}

impl Planned<'_> {
    /// Returns the path of the report without its extension.
    pub fn page(&self) -> String {
        format!("incidents/{}", self.name)
    }
}
