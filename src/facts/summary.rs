//! What the rest of the archive needs to know of an incident.

use chrono::NaiveDate;

use super::{Facts, Totals};
use crate::archive::{Record, RecordSource};
use crate::audience::Audience;
use crate::config::Config;
use crate::incident::{Kind, Progress, Status};
use crate::kind::Either;
use crate::moment::Moment;

/// An incident in small: enough for indexes, relations and statistics.
///
/// It stays in memory where the incident itself does not.
#[derive(Debug, Clone)]
pub struct Summary {
    /// Its id.
    pub id: String,
    /// Where its files lie, and what they were when this was taken.
    pub source: RecordSource,
    /// Its title.
    pub title: String,
    /// What kind of record it is.
    pub kind: Kind,
    /// The key of its severity.
    pub severity: Option<String>,
    /// How far it has come.
    pub status: Status,
    /// Who may read it.
    pub audience: Audience,
    /// The services that were affected.
    pub services: Vec<String>,
    /// The words to find it by.
    pub tags: Vec<String>,
    /// The start that its report prints.
    pub started: Option<Moment>,
    /// The day it started, in the zone of its report.
    pub day: Option<NaiveDate>,
    /// Its numbers.
    pub facts: Facts,
    /// The ids of reports that it takes the place of.
    pub supersedes: Vec<String>,
    /// The ids of incidents that it explains.
    pub explains: Vec<String>,
    /// The ids of all action items.
    pub action_ids: Vec<String>,
    /// How many action items are still to be done.
    pub open_actions: usize,
    /// What it is called outside.
    pub public: PublicWords,
}

/// What an incident is called outside.
#[derive(Debug, Clone, Default)]
pub struct PublicWords {
    /// The id that its author chose.
    pub id: Option<String>,
    /// The title that its author wrote.
    title: Option<String>,
    /// Whether the whole report is for outside, under its own id and title.
    pub is_open: bool,
}

impl PublicWords {
    /// Gives the title for outside; `own` is the incident's.
    #[must_use]
    pub fn title<'a>(&'a self, own: &'a str) -> Option<&'a str> {
        if self.is_open {
            Some(own)
        } else {
            self.title.as_deref()
        }
    }
}

impl Summary {
    /// Takes the summary of an incident.
    #[must_use]
    pub fn of(record: &Record, config: &Config) -> Self {
        Self::with(record, Facts::of(record, config), config)
    }

    /// Takes the summary of an incident whose numbers are known.
    #[must_use]
    pub fn with(record: &Record, mut facts: Facts, config: &Config) -> Self {
        // It is kept for long, and nearly every incident has one window.
        facts.windows.shrink_to_fit();
        let incident = &record.incident;
        let words = |lines: &[crate::kind::Line]| lines.iter().map(ToString::to_string).collect();
        let analysis = incident.analysis.as_ref();
        let started = facts.started.map(|end| end.moment);
        Self {
            id: record.id.clone(),
            source: record.source.clone(),
            title: incident.title.to_string(),
            kind: incident.kind,
            severity: incident.severity.as_ref().map(ToString::to_string),
            status: facts.status,
            audience: record.audience(),
            services: words(&incident.services),
            tags: words(&incident.tags),
            day: started.map(|moment| moment.day(record.zone(config))),
            started,
            facts,
            supersedes: analysis
                .iter()
                .flat_map(|analysis| &analysis.supersedes)
                .filter_map(|older| match older {
                    Either::Short(id) => Some(id.to_string()),
                    Either::Table(_) => None,
                })
                .collect(),
            explains: analysis
                .iter()
                .flat_map(|analysis| &analysis.incidents)
                .map(ToString::to_string)
                .collect(),
            action_ids: (0..incident.action_items.len())
                .map(|place| record.action_id(place))
                .collect(),
            open_actions: incident
                .action_items
                .iter()
                .filter(|item| {
                    matches!(
                        item.status,
                        None | Some(Progress::Planned | Progress::InProgress)
                    )
                })
                .count(),
            public: PublicWords {
                id: incident
                    .public
                    .as_ref()
                    .and_then(|public| public.id.as_ref())
                    .map(ToString::to_string),
                title: incident
                    .public
                    .as_ref()
                    .and_then(|public| public.title.as_ref())
                    .map(ToString::to_string),
                is_open: record.is_open(),
            },
        }
    }

    /// Gives the totals over customers.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.facts.totals
    }
}
