//! What happened while an action item was waiting: the incidents since its due date that share a tag with its incident.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::counted;
use crate::facts::{ActionSummary, Length, Summary};
use crate::incident::Kind;
use crate::kind::name_key;

/// The incidents of each tag.
#[derive(Debug, Default)]
pub struct Waiting<'a> {
    by_tag: BTreeMap<String, Vec<&'a Summary>>,
}

/// What happened since the due date of an action item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cost<'a> {
    /// The IDs of the incidents, in the order of their starts.
    pub incidents: Vec<&'a str>,
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
    /// Sorts incidents by their tags. Pass only those that the audience may read.
    #[must_use]
    pub fn new(shown: &[&'a Summary]) -> Self {
        let mut by_tag: BTreeMap<String, Vec<&Summary>> = BTreeMap::new();
        for summary in counted(shown, Kind::Incident) {
            for tag in &summary.tags {
                by_tag.entry(name_key(tag)).or_default().push(summary);
            }
        }
        Self { by_tag }
    }

    /// Returns what happened since the due date of an action item of an incident; `None` unless it is overdue.
    ///
    /// An incident counts if it started after the due date, and at the latest on the reference date.
    #[must_use]
    pub fn cost(
        &self,
        summary: &Summary,
        action: &ActionSummary,
        as_of: NaiveDate,
    ) -> Option<Cost<'a>> {
        let due = action.due.filter(|_| action.is_overdue(as_of))?;
        let tags = summary.tags.iter();
        let related = tags.flat_map(|tag| self.by_tag.get(&name_key(tag)).into_iter().flatten());
        let is_later = |day: NaiveDate| day > due && day <= as_of;
        let since = related.filter(|one| one.id != summary.id && one.day.is_some_and(is_later));
        let mut since: Vec<&'a Summary> = since.copied().collect();
        since.sort_by_key(|one| (one.started.map(|started| started.at), &one.id));
        since.dedup_by_key(|one| &one.id);
        let seconds = since.iter().filter_map(|one| one.affected());
        let seconds: i64 = seconds.map(Length::known).sum();
        let users = since.iter().filter_map(|one| one.totals().users);
        Some(Cost {
            minutes: seconds / 60,
            minutes_at_least: since
                .iter()
                .any(|one| one.affected().is_none_or(|length| length.range().is_some())),
            users: users.fold(0, u64::saturating_add),
            users_at_least: since.iter().any(|one| {
                let totals = one.totals();
                totals.users.is_none() || totals.at_least
            }),
            incidents: since.iter().map(|one| one.id.as_str()).collect(),
        })
    }
}
