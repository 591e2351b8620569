//! What happened while an action item was waiting: the incidents since its due date that share a tag with its incident.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::counted;
use crate::facts::{Length, Summary};
use crate::incident::Kind;
use crate::kind::name_key;

/// The number of incidents that are named of each action item, the latest ones.
const NAMED: usize = 10;

/// What happened since the due dates of action items.
#[derive(Debug, Default)]
pub struct Waiting<'a> {
    /// By the ID of the incident and the index of the action item, sorted, because there may be very many.
    costs: Vec<((&'a str, usize), Cost<'a>)>,
}

/// What happened since the due date of an action item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost<'a> {
    /// The number of incidents.
    pub count: usize,
    /// The IDs of the latest of them, in the order of their starts.
    pub latest: Arc<[&'a str]>,
    /// The minutes of customer impact, or else of the whole incident without the time for which it was closed.
    pub minutes: i64,
    /// Whether the duration of an incident is not known.
    pub minutes_at_least: bool,
    /// The affected users.
    pub users: u64,
    /// Whether the number of users of an incident is not known.
    pub users_at_least: bool,
}

impl<'a> Waiting<'a> {
    /// Computes the costs of all overdue action items. Pass only incidents that the audience may read.
    ///
    /// An incident counts if it started after the due date, and at the latest on the reference date. The time is linear in
    /// the numbers of incidents and action items, for each set of tags.
    #[must_use]
    pub fn new(shown: &[&'a Summary], as_of: NaiveDate) -> Self {
        let mut overdue: BTreeMap<Vec<String>, Vec<(&'a Summary, usize, NaiveDate)>> =
            BTreeMap::new();
        for summary in shown.iter().copied().filter(|one| !one.tags.is_empty()) {
            for (index, action) in summary.actions.iter().enumerate() {
                if let Some(due) = action.due.filter(|_| action.is_overdue(as_of)) {
                    let mut tags: Vec<String> =
                        summary.tags.iter().map(|tag| name_key(tag)).collect();
                    tags.sort_unstable();
                    overdue.entry(tags).or_default().push((summary, index, due));
                }
            }
        }
        let mut by_tag: BTreeMap<String, Vec<&'a Summary>> = BTreeMap::new();
        for summary in counted(shown, Kind::Incident) {
            if summary.day.is_some_and(|day| day <= as_of) {
                for tag in &summary.tags {
                    by_tag.entry(name_key(tag)).or_default().push(summary);
                }
            }
        }
        let mut costs = Vec::new();
        for (tags, items) in overdue {
            let related = tags.iter().filter_map(|tag| by_tag.get(tag)).flatten();
            let history = History::new(related.copied().collect());
            for (summary, index, due) in items {
                if let Some(cost) = history.since(due, summary) {
                    costs.push(((summary.id.as_str(), index), cost));
                }
            }
        }
        costs.sort_unstable_by_key(|(item, _)| *item);
        costs.shrink_to_fit();
        Self { costs }
    }

    /// Returns what happened since the due date of an action item, by the ID of its incident and its index there; `None` if
    /// nothing did, or if it is not overdue.
    #[must_use]
    pub fn cost(&self, incident: &'a str, index: usize) -> Option<&Cost<'a>> {
        let item = (incident, index);
        let place = self.costs.binary_search_by_key(&item, |(item, _)| *item);
        Some(&self.costs.get(place.ok()?)?.1)
    }
}

/// The incidents with one of some tags, in the order of their starts.
struct History<'a> {
    incidents: Vec<&'a Summary>,
    /// The IDs of the latest, which most action items share.
    latest: Arc<[&'a str]>,
    /// The sum of each incident and those after it.
    sums: Vec<Sum>,
}

/// The sum of some incidents.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    count: usize,
    seconds: i64,
    /// The number of incidents whose duration is not known exactly.
    open_seconds: usize,
    users: u128,
    /// The number of incidents whose number of users is not known exactly.
    open_users: usize,
}

impl Sum {
    fn of(one: &Summary) -> Self {
        let affected = one.affected();
        let totals = one.totals;
        Self {
            count: 1,
            seconds: affected.map_or(0, Length::known),
            open_seconds: usize::from(affected.is_none_or(|length| length.range().is_some())),
            users: totals.users.unwrap_or(0).into(),
            open_users: usize::from(totals.users.is_none() || totals.at_least),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            seconds: self.seconds.saturating_add(other.seconds),
            open_seconds: self.open_seconds + other.open_seconds,
            users: self.users + other.users,
            open_users: self.open_users + other.open_users,
        }
    }

    fn without(self, part: Self) -> Self {
        Self {
            count: self.count - part.count,
            seconds: self.seconds - part.seconds,
            open_seconds: self.open_seconds - part.open_seconds,
            users: self.users - part.users,
            open_users: self.open_users - part.open_users,
        }
    }
}

/// Returns the order of an incident among others.
fn order(one: &Summary) -> (Option<NaiveDate>, Option<DateTime<Utc>>, &str) {
    (one.day, one.started.map(|started| started.at), &one.id)
}

/// Returns the IDs of the latest incidents, in their order, without one of them.
fn latest<'a>(incidents: &[&'a Summary], own: Option<&Summary>) -> Arc<[&'a str]> {
    let is_other = |id: &&str| own.is_none_or(|own| own.id != *id);
    let ids = incidents.iter().rev().map(|one| one.id.as_str());
    let mut latest: Vec<&str> = ids.filter(is_other).take(NAMED).collect();
    latest.reverse();
    latest.into()
}

impl<'a> History<'a> {
    fn new(mut incidents: Vec<&'a Summary>) -> Self {
        incidents.sort_by(|left, right| order(left).cmp(&order(right)));
        incidents.dedup_by_key(|one| &one.id);
        let mut sum = Sum::default();
        let sums = incidents.iter().rev().map(|one| {
            sum = sum.and(Sum::of(one));
            sum
        });
        let mut sums: Vec<Sum> = sums.collect();
        sums.reverse();
        Self {
            latest: latest(&incidents, None),
            incidents,
            sums,
        }
    }

    /// Returns what happened after a date, without one incident; `None` if nothing did.
    fn since(&self, due: NaiveDate, own: &Summary) -> Option<Cost<'a>> {
        let is_until = |one: &&Summary| one.day.is_none_or(|day| day <= due);
        let first = self.incidents.partition_point(is_until);
        let after = self.incidents.get(first..)?;
        let mut sum = *self.sums.get(first)?;
        if after
            .binary_search_by(|one| order(one).cmp(&order(own)))
            .is_ok()
        {
            sum = sum.without(Sum::of(own));
        }
        let is_shared = after.len() >= self.latest.len() && !self.latest.contains(&own.id.as_str());
        let latest = if is_shared {
            Arc::clone(&self.latest)
        } else {
            latest(after, Some(own))
        };
        (sum.count > 0).then(|| Cost {
            count: sum.count,
            latest,
            minutes: sum.seconds / 60,
            minutes_at_least: sum.open_seconds > 0,
            users: u64::try_from(sum.users).unwrap_or(u64::MAX),
            users_at_least: sum.open_users > 0,
        })
    }
}
