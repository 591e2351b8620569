//! Earlier incidents that are like one: they share a tag and a service with it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::audience::Audience;
use crate::facts::Neighbor;
use crate::incident::Kind;

/// How many a report names.
const MOST: usize = 5;
/// How many of the latest with the same tag and service are looked at, so that a tag of everything costs little.
const FAR: usize = 50;

/// An earlier incident that is like one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimilarIncidentView {
    /// Its id.
    pub id: String,
    /// What happened.
    pub title: String,
    /// The day it started.
    pub day: Option<String>,
    /// The tags and services that both have.
    pub shared: Vec<String>,
}

/// Finds for each incident the places of those that it may have been seen as before, for an audience.
///
/// Their views would hold each title five times, so they are made when they are shown.
#[must_use]
pub fn all(neighbors: &[Neighbor], audience: Audience) -> Vec<Vec<usize>> {
    let counts = |neighbor: &Neighbor| {
        audience.may_read(neighbor.audience)
            && matches!(neighbor.kind, Kind::Incident | Kind::NearMiss)
    };
    let mut dated: Vec<(DateTime<Utc>, &Neighbor, usize)> = neighbors
        .iter()
        .enumerate()
        .filter(|(_, neighbor)| counts(neighbor))
        .filter_map(|(own, neighbor)| Some((neighbor.started?.at, neighbor, own)))
        .collect();
    dated.sort_by_key(|(at, neighbor, _)| (*at, neighbor.id.as_str()));
    let mut by_pair: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    let mut found = vec![Vec::new(); neighbors.len()];
    for (place, (_, neighbor, own)) in dated.iter().enumerate() {
        let mut earlier: BTreeSet<usize> = BTreeSet::new();
        for tag in &neighbor.tags {
            for service in &neighbor.services {
                let same = by_pair.entry((tag, service)).or_default();
                earlier.extend(same.iter().rev().take(FAR));
                same.push(place);
            }
        }
        // The place itself is there when a name is written twice.
        earlier.remove(&place);
        let mut alike: Vec<(Reverse<usize>, Reverse<usize>)> = earlier
            .into_iter()
            .filter_map(|other| {
                let (_, older, _) = dated.get(other)?;
                Some((Reverse(shared(neighbor, older).count()), Reverse(other)))
            })
            .collect();
        alike.sort_unstable();
        let nearest = alike.into_iter().take(MOST);
        let places = nearest.filter_map(|(_, Reverse(other))| Some(dated.get(other)?.2));
        if let Some(found) = found.get_mut(*own) {
            *found = places.collect();
        }
    }
    found
}

/// Lists the tags and services that two incidents share.
fn shared<'s>(neighbor: &'s Neighbor, older: &'s Neighbor) -> impl Iterator<Item = &'s String> {
    let both = |names: &'s [String], others: &'s [String]| {
        names.iter().filter(move |name| others.contains(name))
    };
    let tags = both(&neighbor.tags, &older.tags);
    tags.chain(both(&neighbor.services, &older.services))
}

impl SimilarIncidentView {
    /// Says what an earlier incident shares with one.
    #[must_use]
    pub fn new(neighbor: &Neighbor, older: &Neighbor) -> Self {
        Self {
            id: older.id.clone(),
            title: older.title.clone(),
            day: older.day.map(|day| day.to_string()),
            shared: shared(neighbor, older).cloned().collect(),
        }
    }
}
