//! The part of an incident that the pages of other incidents, and checks of the whole archive, need.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Facts;
use crate::archive::{Record, RecordSource, words};
use crate::audience::Audience;
use crate::config::Config;
use crate::incident::Kind;
use crate::moment::Moment;

/// An incident as others refer to it.
///
/// It stays in memory for the whole build; the incident and its [`Summary`](super::Summary) do not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbor {
    /// The ID.
    pub id: String,
    /// The paths of its files, and their digests when they were read.
    pub source: RecordSource,
    /// The title.
    pub title: String,
    /// The type of record.
    pub kind: Kind,
    /// The audience that may read the report.
    pub audience: Audience,
    /// The affected services.
    pub services: Vec<String>,
    /// The keywords that group related incidents.
    pub tags: Vec<String>,
    /// The start that the report prints.
    pub started: Option<Moment>,
    /// The date of the start, in the time zone of the report.
    pub day: Option<NaiveDate>,
    /// The IDs of the incidents that this one refers to.
    pub names: Vec<String>,
    /// The IDs of the reports that this one supersedes.
    pub supersedes: Vec<String>,
    /// The IDs of the incidents that this investigation explains.
    pub explains: Vec<String>,
    /// The ID of the incident that this one was merged into.
    pub merged_into: Option<String>,
    /// The ID of the incident from which this one was split off.
    pub split_from: Option<String>,
    /// The title for external readers.
    pub public_title: Option<String>,
    /// The ID from `[public] id`.
    pub public_id: Option<String>,
    /// Whether the whole report is public, under the incident's own ID and title.
    pub is_open: bool,
}

/// Why a report is history: another one says what it said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// A newer report supersedes it.
    Superseded,
    /// Its incident was merged into another.
    Merged,
}

impl Replaced {
    /// Returns `true` if nothing of the report is still to come. Internally, what a superseded report said stays.
    #[must_use]
    pub fn is_final(self, audience: Audience) -> bool {
        audience.is_external() || self == Self::Merged
    }
}

/// Returns the IDs of the reports that replace each report, as far as an audience may know of them: those that supersede
/// it, and that of the incident into which its own was merged.
///
/// Internal readers learn that a newer report exists even if they may not read it; external readers must not.
pub fn replaced_by<'a>(
    neighbors: impl IntoIterator<Item = &'a Neighbor>,
    audience: Audience,
) -> BTreeMap<&'a str, Vec<&'a str>> {
    let mut newer: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let neighbors: Vec<&Neighbor> = neighbors.into_iter().collect();
    let is_known =
        |other: &&&Neighbor| !audience.is_external() || audience.may_read(other.audience);
    let known: BTreeSet<&str> = { neighbors.iter() }
        .filter(is_known)
        .map(|one| one.id.as_str())
        .collect();
    for one in &neighbors {
        let into = one.merged_into.as_deref();
        let Some(into) = into.filter(|into| *into != one.id) else {
            continue;
        };
        // Of a target that they may not know of, external readers learn nothing, but this incident is not open.
        if known.contains(into) {
            newer.entry(&one.id).or_default().push(into);
        } else if audience.is_external() {
            newer.entry(&one.id).or_default();
        }
    }
    for neighbor in neighbors.iter().filter(is_known) {
        for older in neighbor.supersedes.iter().filter(|id| **id != neighbor.id) {
            newer.entry(older).or_default().push(&neighbor.id);
        }
    }
    for ids in newer.values_mut() {
        ids.sort_unstable();
        ids.dedup();
    }
    newer
}

impl Neighbor {
    /// Creates the neighbor of an incident from its computed facts.
    #[must_use]
    pub fn new(record: &Record, facts: &Facts, config: &Config) -> Self {
        let incident = &record.incident;
        let texts = |lines: &[crate::kind::Line]| lines.iter().map(ToString::to_string).collect();
        let started = facts.since().map(|end| end.moment);
        let public = incident.public.as_ref();
        Self {
            id: record.id.clone(),
            source: record.source.clone(),
            title: words(&incident.title).into_owned(),
            kind: incident.kind,
            audience: record.audience(),
            services: { record.services().into_iter() }
                .filter(|name| record.is_own(name))
                .map(str::to_owned)
                .collect(),
            tags: texts(&incident.tags),
            day: started.map(|moment| moment.day(record.zone(config))),
            started,
            names: record.names().into_iter().collect(),
            supersedes: record.supersedes().collect(),
            explains: record.explains().collect(),
            merged_into: incident.merged_into.as_ref().map(ToString::to_string),
            split_from: incident.split_from.as_ref().map(ToString::to_string),
            public_title: match public {
                _ if record.is_open() => Some(words(&incident.title).into_owned()),
                public => {
                    public.and_then(|public| Some(words(public.title.as_deref()?).into_owned()))
                }
            },
            public_id: public.and_then(|public| public.id.as_ref().map(ToString::to_string)),
            is_open: record.is_open(),
        }
    }
}
