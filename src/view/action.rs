//! The action items of all incidents: what is late, what is next, who does it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

use super::response::ProgressView;
use super::slug::{UsedNames, slugify};
use super::{count, number};
use crate::facts::{ActionSummary, Summary};
use crate::incident::Progress;

/// How many open action items that are not due soon the pages list; the table of values has all.
const MOST_OPEN: usize = 1000;
/// How many of the latest that are done or cancelled.
const MOST_CLOSED: usize = 500;

/// How soon an action item is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// It was to be done before the day of measuring.
    Overdue,
    /// It is to be done within seven days.
    Soon,
    /// It is to be done later, or nobody said when.
    Open,
    /// It is done, or will not be done.
    Closed,
}

/// An action item with its incident.
#[derive(Debug, Clone, Serialize)]
pub struct ActionRow<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its anchor on the pages of action items.
    pub anchor: String,
    /// What is to be done.
    pub action: &'a str,
    /// Who does it.
    pub owner: Option<&'a str>,
    /// Until when.
    pub due: Option<String>,
    /// How soon that is.
    pub urgency: Urgency,
    /// How late it is, in words, while it is overdue: `3 days`.
    pub late: Option<String>,
    /// Where it stands.
    pub status: ProgressView,
    /// When it was done.
    pub done_on: Option<String>,
    /// How urgent it is.
    pub priority: Option<&'a str>,
    /// What it does.
    #[serde(rename = "type")]
    pub purpose: Option<&'a str>,
    /// Its ticket.
    pub url: Option<&'a str>,
    /// The id of its incident.
    pub incident: &'a str,
    /// What happened.
    pub incident_title: &'a str,
    /// Where it stands, for programs.
    #[serde(skip)]
    pub progress: Progress,
    /// Until when, for programs.
    #[serde(skip)]
    pub due_day: Option<NaiveDate>,
    /// When its incident last changed.
    #[serde(skip)]
    pub stamp: DateTime<Utc>,
}

/// The action items of incidents as of a day: the most urgent first, then by due date and id.
///
/// It holds no rows, which are large; each is made when it is asked for.
pub struct Items<'a> {
    items: Vec<Item<'a>>,
    as_of: NaiveDate,
}

#[derive(Clone, Copy)]
struct Item<'a> {
    urgency: Urgency,
    summary: &'a Summary,
    /// Its place among those of its incident.
    place: usize,
}

impl<'a> Item<'a> {
    fn action(&self) -> Option<ActionSummary<'a>> {
        self.summary.actions.get(self.place)
    }
}

impl<'a> Items<'a> {
    /// Sorts the action items of incidents as of a day.
    #[must_use]
    pub fn new(shown: &[&'a Summary], as_of: NaiveDate) -> Self {
        let all = shown.iter().flat_map(|summary| {
            let items = summary.actions.iter().enumerate();
            items.map(|(place, action)| Item {
                urgency: Urgency::new(&action, as_of),
                summary,
                place,
            })
        });
        let mut items: Vec<Item<'a>> = all.collect();
        let order = |item: &Item<'a>| {
            let action = item.action()?;
            // Of what is done, the latest comes first.
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
        Self { items, as_of }
    }

    /// Makes the rows of all, one by one, without anchors.
    pub fn rows(&self) -> impl Iterator<Item = ActionRow<'a>> {
        self.items.iter().filter_map(|item| self.row(item))
    }

    fn row(&self, item: &Item<'a>) -> Option<ActionRow<'a>> {
        Some(ActionRow::new(item, &item.action()?, self.as_of))
    }

    fn with_urgency(&self, urgency: Urgency) -> impl Iterator<Item = &Item<'a>> {
        self.items
            .iter()
            .filter(move |item| item.urgency == urgency)
    }

    /// Makes the rows that the pages list: of what is open and not due soon, and of what is done, only so many.
    #[must_use]
    pub fn listed(&self) -> Vec<ActionRow<'a>> {
        let items = (self.with_urgency(Urgency::Overdue))
            .chain(self.with_urgency(Urgency::Soon))
            .chain(self.with_urgency(Urgency::Open).take(MOST_OPEN))
            .chain(self.with_urgency(Urgency::Closed).take(MOST_CLOSED));
        anchored(items.filter_map(|item| self.row(item)).collect())
    }

    fn count(&self, urgency: Urgency) -> usize {
        self.with_urgency(urgency).count()
    }

    fn open(&self) -> usize {
        self.items.len() - self.count(Urgency::Closed)
    }
}

/// Lists the action items of incidents as of a day: the most urgent first, then by due date and id.
#[must_use]
pub fn rows<'a>(shown: &[&'a Summary], as_of: NaiveDate) -> Vec<ActionRow<'a>> {
    anchored(Items::new(shown, as_of).rows().collect())
}

fn anchored(mut rows: Vec<ActionRow<'_>>) -> Vec<ActionRow<'_>> {
    let mut anchors =
        UsedNames::from_names(&["content", "actions", "overdue", "soon", "open", "closed"]);
    for row in &mut rows {
        row.anchor = anchors.give(&slugify(row.id));
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
        let stamp = || as_of.and_time(NaiveTime::MIN).and_utc();
        Self {
            id: action.id,
            anchor: String::new(),
            action: action.action,
            owner: action.owner,
            due: action.due.map(|day| day.to_string()),
            late: action
                .due
                .filter(|_| urgency == Urgency::Overdue)
                .map(|due| count(late(due), "day")),
            urgency,
            status: ProgressView::new(action.progress),
            done_on: action.done_on.map(|day| day.to_string()),
            priority: action.priority,
            purpose: action.purpose,
            url: action.url,
            incident: &summary.id,
            incident_title: &summary.title,
            progress: action.progress,
            due_day: action.due,
            stamp: summary.updated.unwrap_or_else(stamp),
        }
    }
}

/// What the templates of the page of action items see.
#[derive(Debug, Clone, Serialize)]
pub struct ActionsView<'a, 'v> {
    /// The heading of the page.
    pub heading: &'static str,
    /// The day they are measured against.
    pub as_of: String,
    /// How things stand, in words.
    pub state: String,
    /// How many of how many are listed, in words, where that is not all.
    pub cut: Option<String>,
    /// The parts of the list; those without action items are absent.
    pub parts: Vec<ActionPart<'a, 'v>>,
}

/// A part of a list of action items.
#[derive(Debug, Clone, Serialize)]
pub struct ActionPart<'a, 'v> {
    /// Its anchor.
    pub anchor: String,
    /// Its heading.
    pub title: String,
    /// The id of the incident, where it is of one.
    pub incident: Option<&'a str>,
    /// How much it is, in words.
    pub count: String,
    /// How many of how many are listed, in words, where that is not all.
    pub cut: Option<String>,
    /// Whether it is folded until a reader asks for it.
    pub folded: bool,
    /// The action items.
    pub rows: Vec<&'v ActionRow<'a>>,
}

impl<'a, 'v> ActionsView<'a, 'v> {
    /// Lists action items by how soon they are to be done; `listed` are those of `items` that pages list.
    #[must_use]
    pub fn new(items: &Items<'a>, listed: &'v [ActionRow<'a>]) -> Self {
        let parts = [
            (Urgency::Overdue, "overdue", "Overdue"),
            (Urgency::Soon, "soon", "Due Within 7 Days"),
            (Urgency::Open, "open", "Open"),
            (Urgency::Closed, "closed", "Done"),
        ];
        let parts = parts.into_iter().map(|(urgency, anchor, title)| {
            let listed = listed.iter().filter(|row| row.urgency == urgency);
            let rows: Vec<&'v ActionRow<'a>> = listed.collect();
            let all = items.count(urgency);
            let cut = |which| format!("The {which} {} of {}", number(rows.len()), number(all));
            let is_cut = rows.len() < all;
            ActionPart {
                anchor: anchor.to_owned(),
                title: title.to_owned(),
                incident: None,
                count: match urgency {
                    Urgency::Closed => format!("{} done or cancelled", number(all)),
                    _ => count(all, "action item"),
                },
                cut: is_cut.then(|| match urgency {
                    Urgency::Closed => cut("latest"),
                    _ => cut("first"),
                }),
                folded: urgency == Urgency::Closed,
                rows,
            }
        });
        Self {
            heading: "Action Items",
            as_of: items.as_of.to_string(),
            state: state(items),
            cut: None,
            parts: parts.filter(|part| !part.rows.is_empty()).collect(),
        }
    }

    /// Lists open action items by owner; those that nobody owns come first.
    #[must_use]
    pub fn by_owner(items: &Items<'a>, listed: &'v [ActionRow<'a>]) -> Self {
        Self::grouped(items, listed, GroupBy::Owner)
    }

    /// Lists open action items by incident, the latest id first.
    #[must_use]
    pub fn by_incident(items: &Items<'a>, listed: &'v [ActionRow<'a>]) -> Self {
        Self::grouped(items, listed, GroupBy::Incident)
    }

    fn grouped(items: &Items<'a>, listed: &'v [ActionRow<'a>], by: GroupBy) -> Self {
        let mut anchors = UsedNames::from_names(&["content", "actions"]);
        for row in listed {
            anchors.give(&row.anchor);
        }
        let mut totals: BTreeMap<Key<'a>, (usize, usize)> = BTreeMap::new();
        for item in &items.items {
            let owner = item.action().and_then(|action| action.owner);
            let key = by.key(owner, &item.summary.id);
            let (open, overdue) = totals.entry(key).or_default();
            *open += usize::from(item.urgency != Urgency::Closed);
            *overdue += usize::from(item.urgency == Urgency::Overdue);
        }
        let mut found: BTreeMap<Key<'a>, Vec<&'v ActionRow<'a>>> = BTreeMap::new();
        let listed = listed.iter().filter(|row| row.urgency != Urgency::Closed);
        for row in listed.clone() {
            let key = by.key(row.owner, row.incident);
            found.entry(key).or_default().push(row);
        }
        let parts = found.into_iter().filter_map(|(key, rows)| {
            let first = rows.first()?;
            let (open, overdue) = totals.get(&key).copied()?;
            let overdue = match overdue {
                0 => String::new(),
                overdue => format!(", {} overdue", number(overdue)),
            };
            let (title, incident) = match by {
                GroupBy::Owner => (first.owner.unwrap_or("Without an Owner"), None),
                GroupBy::Incident => (first.incident_title, Some(first.incident)),
            };
            Some(ActionPart {
                anchor: anchors.give(&format!("of-{}", slugify(title))),
                title: title.to_owned(),
                incident,
                count: format!("{} open{overdue}", number(open)),
                cut: None,
                folded: false,
                rows,
            })
        });
        let (shown, all) = (listed.count(), items.open());
        Self {
            heading: match by {
                GroupBy::Owner => "Action Items by Owner",
                GroupBy::Incident => "Action Items by Incident",
            },
            as_of: items.as_of.to_string(),
            state: state(items),
            cut: (shown < all)
                .then(|| format!("The first {} of {} by due date", number(shown), number(all))),
            parts: parts.collect(),
        }
    }
}

/// By what open action items are listed together.
#[derive(Clone, Copy)]
enum GroupBy {
    Owner,
    Incident,
}

/// What the action items of one part have in common, in the order of the parts.
type Key<'a> = (Option<String>, Option<&'a str>, Reverse<&'a str>);

impl GroupBy {
    fn key<'a>(self, owner: Option<&'a str>, incident: &'a str) -> Key<'a> {
        match self {
            Self::Owner => (owner.map(str::to_lowercase), owner, Reverse("")),
            Self::Incident => (None, None, Reverse(incident)),
        }
    }
}

fn state(items: &Items) -> String {
    let (open, overdue) = (items.open(), items.count(Urgency::Overdue));
    if items.items.is_empty() {
        return "No action items are recorded yet.".to_owned();
    }
    if open > 0 {
        return format!(
            "{}, {} overdue.",
            count(open, "open action item"),
            number(overdue)
        );
    }
    let since = items.as_of.checked_sub_days(Days::new(30));
    let recent = items.items.iter().filter_map(Item::action);
    let recent = recent.filter(|action| {
        action.is_done() && action.done_on > since && action.done_on <= Some(items.as_of)
    });
    format!(
        "No open action items. {} done in the last 30 days.",
        number(recent.count())
    )
}
