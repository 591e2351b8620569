//! The response times of incidents in groups: by severity, by quarter of the start, by service, by custom field.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::availability::Every;
use super::{Distribution, ResponseMetric, counted};
use crate::config::Config;
use crate::facts::{self, Summary};
use crate::incident::Kind;
use crate::kind::name_key;

/// A property by which incidents are grouped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// The most severe of their severities.
    Severity,
    /// The quarter of their start.
    Quarter,
    /// The affected services; an incident is in the group of each.
    Service,
    /// A custom field, by its key; an incident is in the group of each value.
    Field(String),
}

/// The incidents of a group, with their response times.
#[derive(Debug, Clone)]
pub struct Group {
    /// What they share, in the order of the groupings; `None` for those that record no such value.
    pub names: Vec<Option<String>>,
    /// The number of incidents.
    pub incidents: usize,
    /// The response times, in the order of the reports.
    pub response_metrics: Vec<ResponseMetric>,
}

/// The value of a grouping, to sort by: rank and key. Groups without a value are last.
type Key = (usize, String);

/// The names of a group, and its incidents.
type Members<'a> = (Vec<Option<String>>, Vec<&'a Summary>);

/// Groups the incidents that started on a date or later; without a grouping, all are one group.
#[must_use]
pub fn groups(
    shown: &[&Summary],
    config: &Config,
    by: &[By],
    since: Option<NaiveDate>,
) -> Vec<Group> {
    let incidents = counted(shown, Kind::Incident).into_iter();
    let incidents = incidents.filter(|one| since.is_none_or(|since| one.day >= Some(since)));
    let mut found: BTreeMap<Vec<Key>, Members> = BTreeMap::new();
    for summary in incidents {
        for values in combinations(summary, config, by) {
            let (keys, names) = values.into_iter().unzip();
            let group = found.entry(keys).or_insert_with(|| (names, Vec::new()));
            group.1.push(summary);
        }
    }
    let groups = found.into_values().map(|(names, incidents)| Group {
        names,
        incidents: incidents.len(),
        response_metrics: facts::definitions(config)
            .map(|definition| ResponseMetric::over(&incidents, definition))
            .collect(),
    });
    groups.collect()
}

/// Returns the groups of an incident, each with the value of every grouping.
fn combinations(summary: &Summary, config: &Config, by: &[By]) -> Vec<Vec<(Key, Option<String>)>> {
    let mut all = vec![Vec::new()];
    for by in by {
        let values = values(summary, config, by);
        let longer = all.iter().flat_map(|start| {
            values
                .iter()
                .map(move |value| [start.as_slice(), std::slice::from_ref(value)].concat())
        });
        all = longer.collect();
    }
    all
}

fn values(summary: &Summary, config: &Config, by: &By) -> Vec<(Key, Option<String>)> {
    let names: Vec<(Key, Option<String>)> = match by {
        By::Severity => {
            let rank = summary.severity_rank(config).unwrap_or(usize::MAX - 1);
            let severity = summary.severity.iter();
            severity
                .map(|key| ((rank, key.clone()), Some(key.clone())))
                .collect()
        }
        By::Quarter => {
            let quarter = summary.day.map(|day| Every::Quarter.name(day));
            quarter
                .into_iter()
                .map(|name| ((0, name.clone()), Some(name)))
                .collect()
        }
        By::Service => {
            let mut services: Vec<(Key, Option<String>)> = summary
                .services
                .iter()
                .map(|name| ((0, name_key(name)), Some(name.clone())))
                .collect();
            services.sort();
            services.dedup_by(|later, first| later.0 == first.0);
            services
        }
        By::Field(key) => {
            let values = summary.field(key).iter();
            let mut values: Vec<(Key, Option<String>)> = values
                .map(|value| ((0, value.clone()), Some(value.clone())))
                .collect();
            values.sort();
            values.dedup();
            values
        }
    };
    if names.is_empty() {
        vec![((usize::MAX, String::new()), None)]
    } else {
        names
    }
}

impl Distribution {
    /// Returns `true` if there are too few durations to judge by.
    #[must_use]
    pub fn is_few(&self) -> bool {
        self.count < super::FEW
    }
}
