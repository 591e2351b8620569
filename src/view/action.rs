//! The action items of all incidents by urgency, owner and incident.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

use super::response::ProgressView;
use super::slug::{UsedNames, slugify};
use crate::facts::{ActionSummary, Summary, counted, separated};
use crate::incident::Progress;
use crate::metrics::waiting::Waiting;

mod cost;
mod list;
mod owner;

pub use cost::CostView;
pub use list::{ActionPart, ActionsView};
pub(super) use owner::joined;
use owner::{GroupBy, Key, UNASSIGNED, of_owner, owner_page};

/// The maximum number of open action items of one urgency on a page; the CSV file has all.
const MOST_OPEN: usize = 1000;
/// The maximum number of completed or cancelled action items on a page.
const MOST_CLOSED: usize = 500;

/// The urgency of an action item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// The due date is before the reference date.
    Overdue,
    /// The due date is within seven days.
    Soon,
    /// The due date is later, or not recorded.
    Open,
    /// It is completed or cancelled.
    Closed,
}

/// An action item with its incident.
#[derive(Debug, Clone, Serialize)]
pub struct ActionRow<'a> {
    /// The ID.
    pub id: &'a str,
    /// The anchor on the pages of action items.
    pub anchor: String,
    /// The action.
    pub action: String,
    /// The owners as text: `Ops, Payments`.
    pub owner: Option<Cow<'a, str>>,
    /// The owners, one by one.
    pub owners: Vec<&'a str>,
    /// The due date.
    pub due: Option<String>,
    /// The urgency.
    pub urgency: Urgency,
    /// The time since the due date, if it is overdue: `3 days`.
    pub late: Option<String>,
    /// The incidents since the due date that share a tag with its incident; `None` unless it is overdue and there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<CostView<'a>>,
    /// The status.
    pub status: ProgressView,
    /// The completion date.
    pub done_on: Option<String>,
    /// The priority.
    pub priority: Option<String>,
    /// The type, such as `prevent`.
    #[serde(rename = "type")]
    pub purpose: Option<String>,
    /// The URL of the ticket.
    pub url: Option<String>,
    /// The ID of its incident.
    pub incident: &'a str,
    /// The title of its incident.
    pub incident_title: &'a str,
    /// The status for exports.
    #[serde(skip)]
    pub progress: Progress,
    /// The due date for exports.
    #[serde(skip)]
    pub due_day: Option<NaiveDate>,
    /// The time of the last change of its incident.
    #[serde(skip)]
    pub stamp: DateTime<Utc>,
}

/// The action items of incidents as of a date: the most urgent first, then by due date and ID.
///
/// Rows are large, so each is created on demand and none is held here.
pub struct Items<'a> {
    items: Vec<Item<'a>>,
    as_of: NaiveDate,
    waiting: Arc<Waiting<'a>>,
}

#[derive(Clone, Copy)]
struct Item<'a> {
    urgency: Urgency,
    summary: &'a Summary,
    /// The index among the action items of its incident.
    index: usize,
}

impl<'a> Item<'a> {
    fn action(&self) -> Option<ActionSummary<'a>> {
        self.summary.actions.get(self.index)
    }

    fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.summary, other.summary) && self.index == other.index
    }

    /// Returns the owners, or [`UNASSIGNED`] if there are none.
    fn owners(&self) -> Vec<&'a str> {
        let action = self.action();
        let owners: Vec<&str> = action.iter().flat_map(ActionSummary::owners).collect();
        if owners.is_empty() {
            vec![UNASSIGNED]
        } else {
            owners
        }
    }
}

impl<'a> Items<'a> {
    /// Sorts the action items of incidents as of a date.
    #[must_use]
    pub fn new(shown: &[&'a Summary], as_of: NaiveDate) -> Self {
        let all = shown.iter().flat_map(|summary| {
            let items = summary.actions.iter().enumerate();
            items.map(|(index, action)| Item {
                urgency: Urgency::new(&action, as_of),
                summary,
                index,
            })
        });
        let count = shown
            .iter()
            .map(|summary| summary.actions.iter().count())
            .sum();
        let mut items: Vec<Item<'a>> = Vec::with_capacity(count);
        items.extend(all);
        let order = |item: &Item<'a>| {
            let action = item.action()?;
            // Closed action items are sorted by completion date, the latest first.
            let closed = item.urgency == Urgency::Closed;
            let done = closed.then_some(Reverse(action.done_on));
            Some((
                item.urgency,
                done,
                action.due.is_none(),
                action.due,
                action.id,
            ))
        };
        items.sort_by(|left, right| order(left).cmp(&order(right)));
        Self {
            items,
            as_of,
            waiting: Arc::new(Waiting::new(shown, as_of)),
        }
    }

    /// Returns the rows of all action items, without anchors.
    pub fn rows(&self) -> impl Iterator<Item = ActionRow<'a>> {
        self.items.iter().filter_map(|item| self.row(item))
    }

    fn row(&self, item: &Item<'a>) -> Option<ActionRow<'a>> {
        let action = item.action()?;
        let cost = self.waiting.cost(&item.summary.id, item.index);
        Some(ActionRow {
            cost: cost.map(CostView::from),
            ..ActionRow::new(item, &action, self.as_of)
        })
    }

    fn with_urgency(&self, urgency: Urgency) -> impl Iterator<Item = &Item<'a>> {
        self.items
            .iter()
            .filter(move |item| item.urgency == urgency)
    }

    /// Returns the rows that the pages list, up to a maximum of open and of closed action items.
    #[must_use]
    pub fn listed(&self) -> Vec<ActionRow<'a>> {
        let open = [Urgency::Overdue, Urgency::Soon, Urgency::Open].into_iter();
        let open = open.flat_map(|urgency| self.with_urgency(urgency).take(MOST_OPEN));
        let items = open.chain(self.with_urgency(Urgency::Closed).take(MOST_CLOSED));
        anchored(items.filter_map(|item| self.row(item)).collect())
    }

    /// Returns whether the pages list fewer open action items than there are.
    fn is_cut(&self) -> bool {
        let open = [Urgency::Overdue, Urgency::Soon, Urgency::Open];
        open.iter().any(|urgency| self.count(*urgency) > MOST_OPEN)
    }

    /// Returns the open action items of each owner, and the owner, by the path of the page that lists them; none if the
    /// page by owner lists all.
    ///
    /// Owners whose names make the same page name share a page.
    #[must_use]
    pub fn owner_pages(&self) -> BTreeMap<String, (&'a str, Self)> {
        let mut paths: BTreeMap<&str, String> = BTreeMap::new();
        let mut pages: BTreeMap<String, (&'a str, Self)> = BTreeMap::new();
        let is_cut = self.is_cut();
        let open = self.items.iter();
        for item in open.filter(|item| is_cut && item.urgency != Urgency::Closed) {
            for owner in item.owners() {
                let path = paths.entry(owner).or_insert_with(|| owner_page(owner));
                let none = || (owner, self.without_items());
                let (first, own) = pages.entry(path.clone()).or_insert_with(none);
                *first = owner.min(*first);
                if own.items.last().is_none_or(|last| !last.is_same(item)) {
                    own.items.push(*item);
                }
            }
        }
        pages
    }

    fn without_items(&self) -> Self {
        Self {
            items: Vec::new(),
            as_of: self.as_of,
            waiting: Arc::clone(&self.waiting),
        }
    }

    fn count(&self, urgency: Urgency) -> usize {
        self.with_urgency(urgency).count()
    }

    fn open(&self) -> usize {
        self.items.len() - self.count(Urgency::Closed)
    }
}

/// Returns the action items of incidents as of a date: the most urgent first, then by due date and ID.
#[must_use]
pub fn rows<'a>(shown: &[&'a Summary], as_of: NaiveDate) -> Vec<ActionRow<'a>> {
    anchored(Items::new(shown, as_of).rows().collect())
}

fn anchored(mut rows: Vec<ActionRow<'_>>) -> Vec<ActionRow<'_>> {
    let mut anchors =
        UsedNames::from_names(&["content", "actions", "overdue", "soon", "open", "closed"]);
    for row in &mut rows {
        row.anchor = anchors.assign(&slugify(row.id));
    }
    rows
}

impl Urgency {
    fn new(action: &ActionSummary, as_of: NaiveDate) -> Self {
        let soon = as_of.checked_add_days(Days::new(7));
        match action.due {
            _ if !action.is_open() => Self::Closed,
            Some(due) if due < as_of => Self::Overdue,
            Some(due) if Some(due) <= soon => Self::Soon,
            _ => Self::Open,
        }
    }
}

impl<'a> ActionRow<'a> {
    fn new(item: &Item<'a>, action: &ActionSummary<'a>, as_of: NaiveDate) -> Self {
        let Item {
            urgency, summary, ..
        } = *item;
        let late = |due: NaiveDate| usize::try_from((as_of - due).num_days()).unwrap_or_default();
        let owners: Vec<&str> = action.owners().collect();
        let stamp = || as_of.and_time(NaiveTime::MIN).and_utc();
        let texts = summary.action_texts(item.index);
        Self {
            id: action.id,
            anchor: String::new(),
            action: texts.action,
            owner: joined(&owners),
            owners,
            due: action.due.map(|day| day.to_string()),
            late: action
                .due
                .filter(|_| urgency == Urgency::Overdue)
                .map(|due| counted(late(due), "day")),
            urgency,
            cost: None,
            status: ProgressView::new(action.progress),
            done_on: action.done_on.map(|day| day.to_string()),
            priority: texts.priority,
            purpose: texts.purpose,
            url: texts.url,
            incident: &summary.id,
            incident_title: &summary.title,
            progress: action.progress,
            due_day: action.due,
            stamp: summary.updated.unwrap_or_else(stamp),
        }
    }
}
