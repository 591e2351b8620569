//! What the pages of one incident, and the checks of all, need to know of another.

use chrono::NaiveDate;

use serde::{Deserialize, Serialize};

use super::Facts;
use crate::archive::{Record, RecordSource};
use crate::audience::Audience;
use crate::config::Config;
use crate::incident::Kind;
use crate::moment::Moment;

/// An incident as others refer to it.
///
/// It stays in memory for the whole build, where the incident and its [`Summary`](super::Summary) do not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Neighbor {
    /// Its ID.
    pub id: String,
    /// The paths of its files, and the digests that they had when they were read.
    pub source: RecordSource,
    /// Its title.
    pub title: String,
    /// What kind of record it is.
    pub kind: Kind,
    /// Who may read it.
    pub audience: Audience,
    /// The affected services.
    pub services: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The start that its report prints.
    pub started: Option<Moment>,
    /// The day on which it started, in the time zone of its report.
    pub day: Option<NaiveDate>,
    /// The IDs of the incidents that it names.
    pub names: Vec<String>,
    /// The IDs of the reports that it supersedes.
    pub supersedes: Vec<String>,
    /// The ID for external readers that its author chose.
    pub public_id: Option<String>,
    /// Whether external readers get the full report, under its own ID and title.
    pub is_open: bool,
}

impl Neighbor {
    /// Creates the neighbor that an incident is to others.
    #[must_use]
    pub fn new(record: &Record, facts: &Facts, config: &Config) -> Self {
        let incident = &record.incident;
        let words = |lines: &[crate::kind::Line]| lines.iter().map(ToString::to_string).collect();
        let started = facts.started.map(|end| end.moment);
        let public = incident.public.as_ref();
        Self {
            id: record.id.clone(),
            source: record.source.clone(),
            title: incident.title.to_string(),
            kind: incident.kind,
            audience: record.audience(),
            services: words(&incident.services),
            tags: words(&incident.tags),
            day: started.map(|moment| moment.day(record.zone(config))),
            started,
            names: record.names().into_iter().collect(),
            supersedes: record.supersedes().collect(),
            public_id: public.and_then(|public| public.id.as_ref().map(ToString::to_string)),
            is_open: record.is_open(),
        }
    }
}
