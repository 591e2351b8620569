//! Which incidents a build renders, and which it takes over from an earlier one.

use std::collections::HashMap;

use rayon::prelude::*;

use super::earlier::Made;
use super::output::Output;
use super::search::Words;
use super::{PublishError, Site};
use crate::cache::{Cache, Digest, Hasher};
use crate::facts::Neighbor;

/// What is to be done for the incidents of a site.
pub(super) struct Plan<'p> {
    /// What stands for the templates and settings.
    pub site: Digest,
    /// The incidents that the audience may read, by ID.
    pub incidents: Vec<Planned<'p>>,
    /// The files of the search that stay, because no page changed.
    pub search: Option<Made>,
    /// What stands for all pages; `None` if that is not known.
    pub search_key: Option<Digest>,
    /// The words of the pages that stay, where others changed.
    pub words: Option<Words>,
}

/// What is to be done for one incident.
pub(super) struct Planned<'p> {
    /// The incident.
    pub neighbor: &'p Neighbor,
    /// The ID under which the audience knows it.
    name: &'p str,
    /// What stands for everything that its files depend on; `None` if that is not known.
    pub key: Option<Digest>,
    /// Whether an earlier build made its files from the same, and they still are in place.
    pub is_kept: bool,
}

impl<'p> Plan<'p> {
    /// Compares what the incidents depend on with what an earlier build made their files from, and takes over what it can.
    ///
    /// # Errors
    /// Returns an error if two incidents have files of the same path.
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
            let key = inputs.get(&neighbor.id).map(|inputs| {
                let relations = site.neighborhood.relations(neighbor);
                let hasher = Hasher::default().with(&(site_key, inputs, &neighbor.id, name));
                hasher.with(&relations).finish()
            });
            let made = earlier.incidents.get(&neighbor.id);
            let made = made.filter(|made| Some(made.key) == key);
            Ok(Planned {
                neighbor,
                name,
                key,
                is_kept: made.map_or(Ok(false), |made| output.reuse(&made.files))?,
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
                planned.is_kept &= planned.key.is_some() && known == planned.key;
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

    /// Returns how many incidents are not rendered.
    pub fn reused(&self) -> usize {
        let kept = self.incidents.iter().filter(|planned| planned.is_kept);
        kept.count()
    }
}

impl Planned<'_> {
    /// Returns the path of its report, without its ending.
    pub fn page(&self) -> String {
        format!("incidents/{}", self.name)
    }
}
