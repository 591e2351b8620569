//! The relations between the incidents of a site, for one audience.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{IncidentContext, external};
use crate::audience::Audience;
use crate::facts::{Neighbor, replaced_by};
use crate::view::similar::{self, SimilarIncidentView};
use crate::view::slug::Slugs;
use crate::view::{RelationView, Relations};

/// The incidents of an archive as they refer to each other.
///
/// The [`Relations`] of one incident are all that its pages learn of the others.
pub struct Neighborhood {
    audience: Audience,
    /// By ID.
    neighbors: Vec<Arc<Neighbor>>,
    /// The IDs under which the audience knows each incident that it may read.
    names: BTreeMap<String, String>,
    superseded_by: BTreeMap<String, Vec<String>>,
    explained_by: BTreeMap<String, Vec<String>>,
    /// The incidents that were merged into each.
    merged: BTreeMap<String, Vec<String>>,
    /// The incidents that were split off from each.
    split: BTreeMap<String, Vec<String>>,
    /// Of each neighbor, the positions of earlier ones that are like it.
    alike: Vec<Box<[usize]>>,
    service_pages: Slugs,
    tag_pages: Slugs,
}

impl Neighborhood {
    /// Collects the relations of the incidents.
    ///
    /// Those that are left out keep their ID, so that no other incident gets it, and with it their address.
    #[must_use]
    pub fn new(
        mut neighbors: Vec<Arc<Neighbor>>,
        left_out: &BTreeSet<String>,
        audience: Audience,
    ) -> Self {
        let mut names = if audience.is_external() {
            let readable = neighbors
                .iter()
                .filter(|one| audience.may_read(one.audience));
            external::ids(&readable.map(|one| &**one).collect::<Vec<_>>())
        } else {
            let readable = neighbors
                .iter()
                .filter(|one| audience.may_read(one.audience));
            readable
                .map(|one| (one.id.clone(), one.id.clone()))
                .collect()
        };
        names.retain(|id, _| !left_out.contains(id));
        neighbors.retain(|neighbor| !left_out.contains(&neighbor.id));
        neighbors.sort_by(|left, right| left.id.cmp(&right.id));
        let owned = |(older, newer): (&str, Vec<&str>)| {
            let newer = newer.into_iter().map(str::to_owned);
            (older.to_owned(), newer.collect())
        };
        let superseded_by = replaced_by(neighbors.iter().map(|one| &**one), audience);
        let superseded_by = superseded_by.into_iter().map(owned).collect();
        let may_read = |neighbor: &&Neighbor| audience.may_read(neighbor.audience);
        let all = neighbors.iter().map(|one| &**one);
        let readable: Vec<&Neighbor> = all.filter(may_read).collect();
        Self {
            names,
            // External readers see an open report alone: the others have other IDs, and no lists by service or tag.
            alike: if audience.is_external() {
                Vec::new()
            } else {
                similar::all(&neighbors, audience)
            },
            service_pages: slugs(&readable, audience, |neighbor| &neighbor.services),
            tag_pages: slugs(&readable, audience, |neighbor| &neighbor.tags),
            superseded_by,
            explained_by: named_by(&neighbors, |neighbor| &neighbor.explains),
            merged: named_by(&neighbors, |neighbor| neighbor.merged_into.as_slice()),
            split: named_by(&neighbors, |neighbor| neighbor.split_from.as_slice()),
            audience,
            neighbors,
        }
    }

    /// Lists all incidents, by ID.
    #[must_use]
    pub fn all(&self) -> &[Arc<Neighbor>] {
        &self.neighbors
    }

    /// Lists the incidents that the audience may read, by ID.
    pub fn readable(&self) -> impl Iterator<Item = &Neighbor> {
        let all = self.neighbors.iter().map(|neighbor| &**neighbor);
        all.filter(|neighbor| self.audience.may_read(neighbor.audience))
    }

    /// Returns the ID under which the audience knows an incident; `None` if it may not read it.
    #[must_use]
    pub fn name(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(String::as_str)
    }

    /// Returns what an incident's files depend on apart from its own and the site.
    #[must_use]
    pub fn context(&self, own: &Neighbor) -> IncidentContext<'_> {
        IncidentContext {
            name: self.name(&own.id),
            relations: self.relations(own),
        }
    }

    /// Returns what an incident's pages may say of others.
    fn relations(&self, own: &Neighbor) -> Relations {
        let newer = self.superseded_by.get(&own.id).into_iter().flatten();
        let into = own.merged_into.as_ref();
        let (merged, newer): (Vec<&String>, Vec<&String>) = newer.partition(|id| Some(*id) == into);
        let named = |by: &BTreeMap<String, Vec<String>>| {
            let ids = by.get(&own.id).into_iter().flatten();
            ids.filter_map(|id| self.relation(id)).collect()
        };
        let explained_by = self.explained_by.get(&own.id).into_iter().flatten();
        let pages = |slugs: &Slugs, names: &[String]| -> Vec<Option<String>> {
            let page = |name: &String| slugs.get(name).map(ToOwned::to_owned);
            names.iter().map(page).collect()
        };
        Relations {
            service_pages: pages(&self.service_pages, &own.services),
            tag_pages: pages(&self.tag_pages, &own.tags),
            incidents: own
                .names
                .iter()
                .filter_map(|id| Some((id.clone(), self.relation(id)?)))
                .collect(),
            superseded_by: newer
                .into_iter()
                .filter_map(|id| self.relation(id))
                .collect(),
            is_merged: own.merged_into.is_some() && self.superseded_by.contains_key(&own.id),
            merged_into: merged.first().and_then(|id| self.relation(id)),
            merged: named(&self.merged),
            split_from: own.split_from.as_ref().and_then(|id| self.relation(id)),
            split: named(&self.split),
            investigations: explained_by
                .filter_map(|id| {
                    let is_superseded = self.superseded_by.contains_key(id);
                    Some(self.relation(id)?.with_status(is_superseded))
                })
                .collect(),
            seen_before: self.seen_before(&own.id),
        }
    }

    /// Returns what a report says of another incident, or `None` if it says nothing.
    ///
    /// Internal readers read of a hidden one that there is one: without it they would stumble over a gap, or take the
    /// report for complete.
    fn relation(&self, id: &str) -> Option<RelationView> {
        let hidden = || (!self.audience.is_external()).then(RelationView::default);
        self.shown(id).or_else(hidden)
    }

    /// Returns the link to another incident, or `None` if the audience may not read it.
    fn shown(&self, id: &str) -> Option<RelationView> {
        let other = self.neighbors.get(self.position(id)?)?;
        let title = other.public_title.as_deref();
        let title = title.filter(|_| self.audience.is_external());
        Some(RelationView::new(self.name(id)?, title))
    }

    fn position(&self, id: &str) -> Option<usize> {
        let by_id = |neighbor: &Arc<Neighbor>| neighbor.id.as_str().cmp(id);
        self.neighbors.binary_search_by(by_id).ok()
    }

    /// Lists the earlier incidents that are like one.
    fn seen_before(&self, id: &str) -> Vec<SimilarIncidentView> {
        let seen = || {
            let position = self.position(id)?;
            let (own, alike) = (self.neighbors.get(position)?, self.alike.get(position)?);
            let older = alike.iter().filter_map(|place| self.neighbors.get(*place));
            Some(older.map(|older| SimilarIncidentView::new(own, older)))
        };
        seen().into_iter().flatten().collect()
    }
}

/// Returns, for each ID that incidents name in a list, the IDs of these incidents.
fn named_by(
    neighbors: &[Arc<Neighbor>],
    list: fn(&Neighbor) -> &[String],
) -> BTreeMap<String, Vec<String>> {
    let mut named_by: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for neighbor in neighbors {
        for id in list(neighbor) {
            let by = named_by.entry(id.clone()).or_default();
            by.push(neighbor.id.clone());
        }
    }
    named_by
}

/// Returns the names of the pages of services or tags; external audiences have none.
fn slugs(
    readable: &[&Neighbor],
    audience: Audience,
    names: fn(&Neighbor) -> &Vec<String>,
) -> Slugs {
    let shown = readable.iter().filter(|_| !audience.is_external());
    Slugs::from_names(
        shown
            .flat_map(|neighbor| names(neighbor))
            .map(String::as_str),
    )
}
