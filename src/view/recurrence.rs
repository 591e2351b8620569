//! What came back: the tags of several incidents, with the action items that were completed before and after the latest
//! of them.
//!
//! An action item that was completed before the cause came back did not stop it. Whether one that was completed after
//! it did is only known by the time that has passed since.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::latest;
use super::learning::PageNames;
use crate::facts::counted;
use crate::facts::{ActionSummary, Summary};
use crate::incident::Kind;
use crate::metrics::{self, Metrics};

/// The maximum number of causes on a page, and of incidents and action items of each.
const MOST: usize = 20;

/// A cause of several incidents.
#[derive(Debug, Clone, Serialize)]
pub struct RecurrenceView<'a> {
    /// The tag.
    pub tag: String,
    /// The name of its page.
    pub slug: Option<String>,
    /// The services that all of the incidents affected.
    pub services: Vec<&'a str>,
    /// The number of incidents: `2 incidents`.
    pub count: String,
    /// The latest start.
    pub last: String,
    /// The time that has passed since: `60 days`.
    pub since: String,
    /// The incidents, newest first.
    pub incidents: Vec<RecurredView<'a>>,
    /// The incidents that the page lists, if that is not all.
    pub cut: Option<String>,
    /// The action items that were completed before the latest incident.
    pub before: Vec<DoneView<'a>>,
    /// The action items that were completed since then.
    pub after: Vec<DoneView<'a>>,
    /// The action items that are open.
    pub open: Vec<DoneView<'a>>,
}

/// An incident of a cause that came back.
#[derive(Debug, Clone, Serialize)]
pub struct RecurredView<'a> {
    /// The ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The date of the start.
    pub day: String,
}

/// An action item of a cause that came back.
#[derive(Debug, Clone, Serialize)]
pub struct DoneView<'a> {
    /// The ID of the incident.
    pub incident: &'a str,
    /// The ID.
    pub id: &'a str,
    /// The work.
    pub action: String,
    /// The date of completion.
    pub done_on: Option<String>,
}

/// Returns the causes that came back; those of most incidents come first.
#[must_use]
pub fn recurrences<'a>(
    shown: &[&'a Summary],
    metrics: &Metrics,
    tags: &PageNames,
    as_of: NaiveDate,
) -> Vec<RecurrenceView<'a>> {
    let incidents = metrics::counted(shown, Kind::Incident);
    let mut by_tag: BTreeMap<&str, Vec<(NaiveDate, &'a Summary)>> = BTreeMap::new();
    for summary in incidents {
        for tag in &summary.tags {
            let same = by_tag.entry(tag).or_default();
            let is_other = same.last().is_none_or(|(_, last)| last.id != summary.id);
            // Without a start it is unknown which of them came back.
            same.extend(summary.day.filter(|_| is_other).map(|day| (day, summary)));
        }
    }
    let views = metrics.repeats.iter().filter_map(|repeat| {
        let same = by_tag.remove(repeat.tag.as_str())?;
        let last = same.iter().map(|(day, _)| *day).max()?;
        (same.len() > 1).then(|| RecurrenceView::new(&repeat.tag, &same, last, tags, as_of))
    });
    views.take(MOST).collect()
}

impl<'a> RecurrenceView<'a> {
    fn new(
        tag: &str,
        same: &[(NaiveDate, &'a Summary)],
        last: NaiveDate,
        tags: &PageNames,
        as_of: NaiveDate,
    ) -> Self {
        let days = usize::try_from((as_of - last).num_days()).unwrap_or_default();
        let first = same.first().map(|(_, first)| *first);
        let services = first.map_or(&[][..], |first| &first.services).iter();
        let are_all =
            |service: &&'a String| same.iter().all(|(_, one)| one.services.contains(service));
        let actions = |is_wanted: &dyn Fn(&ActionSummary) -> bool| {
            let all = same.iter().flat_map(|(_, summary)| {
                let items = summary.actions.iter().enumerate();
                let items = items.filter(|(_, item)| is_wanted(item));
                items.map(|(index, item)| DoneView::new(summary, index, &item))
            });
            all.take(MOST).collect()
        };
        let done = |is_wanted: fn(NaiveDate, NaiveDate) -> bool| {
            let is_in = |day: NaiveDate| is_wanted(day, last);
            actions(&|item| item.is_done() && item.done_on.is_some_and(is_in))
        };
        Self {
            tag: tag.to_owned(),
            slug: tags.get(tag).map(ToString::to_string),
            services: services.filter(are_all).map(String::as_str).collect(),
            count: counted(same.len(), "incident"),
            last: last.to_string(),
            since: counted(days, "day"),
            incidents: (same.iter().take(MOST))
                .map(|(day, summary)| RecurredView {
                    id: &summary.id,
                    title: &summary.title,
                    day: day.to_string(),
                })
                .collect(),
            cut: latest(MOST, same.len(), "incident"),
            before: done(|day, last| day < last),
            after: done(|day, last| day >= last),
            open: actions(&|item| item.is_open()),
        }
    }
}

impl<'a> DoneView<'a> {
    fn new(of: &'a Summary, index: usize, item: &ActionSummary<'a>) -> Self {
        Self {
            incident: &of.id,
            id: item.id,
            action: of.action_texts(index).action,
            done_on: item.done_on.map(|day| day.to_string()),
        }
    }
}
