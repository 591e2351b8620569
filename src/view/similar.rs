//! Similar earlier incidents: those that share a tag and a service.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::audience::Audience;
use crate::facts::Neighbor;
use crate::incident::Kind;

/// The maximum number of similar incidents in a report.
const MOST: usize = 5;
/// The number of latest candidates for each tag and service, so that a tag used everywhere stays cheap.
const CANDIDATES: usize = 50;

/// A similar earlier incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SimilarIncidentView {
    /// The ID.
    pub id: String,
    /// The title.
    pub title: String,
    /// The date of the start.
    pub day: Option<String>,
    /// The tags in common.
    pub tags: Vec<String>,
    /// The services in common.
    pub services: Vec<String>,
}

/// Returns for each incident the indexes of similar earlier ones that an audience may read.
///
/// Views are created only when they are shown, because together they would hold each title five times.
#[must_use]
pub fn all(neighbors: &[Arc<Neighbor>], audience: Audience) -> Vec<Box<[usize]>> {
    let counts = |neighbor: &Neighbor| {
        audience.may_read(neighbor.audience)
            && matches!(neighbor.kind, Kind::Incident | Kind::NearMiss)
    };
    let mut dated: Vec<(DateTime<Utc>, &Neighbor, usize)> = neighbors
        .iter()
        .map(|neighbor| &**neighbor)
        .enumerate()
        .filter(|(_, neighbor)| counts(neighbor))
        .filter_map(|(position, neighbor)| Some((neighbor.started?.at, neighbor, position)))
        .collect();
    dated.sort_by_key(|(at, neighbor, _)| (*at, neighbor.id.as_str()));
    let mut by_pair: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    let mut found = vec![Box::default(); neighbors.len()];
    for (rank, (_, neighbor, position)) in dated.iter().enumerate() {
        let mut earlier: BTreeSet<usize> = BTreeSet::new();
        for tag in &neighbor.tags {
            for service in &neighbor.services {
                let same = by_pair.entry((tag, service)).or_default();
                earlier.extend(same.iter().rev().take(CANDIDATES));
                same.push(rank);
            }
        }
        // The incident finds itself if it repeats a tag or a service.
        earlier.remove(&rank);
        let mut similar: Vec<(Reverse<usize>, Reverse<usize>)> = earlier
            .into_iter()
            .filter_map(|other| {
                let (_, older, _) = dated.get(other)?;
                let tags = both(&neighbor.tags, &older.tags).count();
                let services = both(&neighbor.services, &older.services).count();
                Some((Reverse(tags + services), Reverse(other)))
            })
            .collect();
        similar.sort_unstable();
        let nearest = similar.into_iter().take(MOST);
        let indexes = nearest.filter_map(|(_, Reverse(other))| Some(dated.get(other)?.2));
        if let Some(found) = found.get_mut(*position) {
            // Not into a vector, which would keep the memory of all candidates.
            *found = indexes.collect();
        }
    }
    found
}

/// Returns the tags or services that two incidents share.
fn both<'s>(names: &'s [String], others: &'s [String]) -> impl Iterator<Item = &'s String> {
    names.iter().filter(move |name| others.contains(name))
}

impl SimilarIncidentView {
    /// Creates the view of an earlier incident that is similar to `summary`.
    #[must_use]
    pub fn new(neighbor: &Neighbor, older: &Neighbor) -> Self {
        Self {
            id: older.id.clone(),
            title: older.title.clone(),
            day: older.day.map(|day| day.to_string()),
            tags: both(&neighbor.tags, &older.tags).cloned().collect(),
            services: both(&neighbor.services, &older.services).cloned().collect(),
        }
    }
}
