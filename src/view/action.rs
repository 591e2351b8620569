//! The action items of all incidents: what is late, what is next, who does it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

use super::count;
use super::response::ProgressView;
use super::slug::{Taken, dashed};
use crate::facts::{ActionSummary, Summary};
use crate::incident::Progress;

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
    /// When it was done, for programs.
    #[serde(skip)]
    pub done_day: Option<NaiveDate>,
    /// When its incident last changed.
    #[serde(skip)]
    pub stamp: DateTime<Utc>,
}

/// Lists the action items of incidents as of a day: the most urgent first, then by due date and id.
#[must_use]
pub fn rows<'a>(shown: &[&'a Summary], as_of: NaiveDate) -> Vec<ActionRow<'a>> {
    let mut anchors = Taken::of(&["content", "actions", "overdue", "soon", "open", "closed"]);
    let items = shown
        .iter()
        .flat_map(|summary| summary.actions.iter().map(|item| (*summary, item)));
    let mut rows: Vec<ActionRow<'a>> = items
        .map(|(summary, item)| ActionRow::of(summary, item, as_of))
        .collect();
    rows.sort_by(|left, right| {
        // Of what is done, the latest comes first.
        let done =
            |row: &ActionRow<'a>| (row.urgency == Urgency::Closed).then_some(Reverse(row.done_day));
        let due = |row: &ActionRow<'a>| (row.due_day.is_none(), row.due_day);
        let order = |row: &ActionRow<'a>| (row.urgency, done(row), due(row), row.id);
        order(left).cmp(&order(right))
    });
    for row in &mut rows {
        row.anchor = anchors.give(&dashed(row.id));
    }
    rows
}

impl<'a> ActionRow<'a> {
    fn of(summary: &'a Summary, item: &'a ActionSummary, as_of: NaiveDate) -> Self {
        let soon = as_of.checked_add_days(Days::new(7));
        let urgency = match item.due {
            _ if !item.is_open() => Urgency::Closed,
            Some(due) if due < as_of => Urgency::Overdue,
            Some(due) if Some(due) <= soon => Urgency::Soon,
            _ => Urgency::Open,
        };
        let late = |due: NaiveDate| usize::try_from((as_of - due).num_days()).unwrap_or_default();
        let stamp = || as_of.and_time(NaiveTime::MIN).and_utc();
        Self {
            id: &item.id,
            anchor: String::new(),
            action: &item.action,
            owner: item.owner.as_deref(),
            due: item.due.map(|day| day.to_string()),
            late: item
                .due
                .filter(|_| urgency == Urgency::Overdue)
                .map(|due| count(late(due), "day")),
            urgency,
            status: ProgressView::of(item.progress),
            done_on: item.done_on.map(|day| day.to_string()),
            priority: item.priority.as_deref(),
            purpose: item.purpose.as_deref(),
            url: item.url.as_deref(),
            incident: &summary.id,
            incident_title: &summary.title,
            progress: item.progress,
            due_day: item.due,
            done_day: item.done_on,
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
    /// Whether it is folded until a reader asks for it.
    pub folded: bool,
    /// The action items.
    pub rows: Vec<&'v ActionRow<'a>>,
}

impl<'a, 'v> ActionsView<'a, 'v> {
    /// Lists action items by how soon they are to be done.
    #[must_use]
    pub fn of(rows: &'v [ActionRow<'a>], as_of: NaiveDate) -> Self {
        let parts = [
            (Urgency::Overdue, "overdue", "Overdue", ""),
            (Urgency::Soon, "soon", "Due Within 7 Days", ""),
            (Urgency::Open, "open", "Open", ""),
            (Urgency::Closed, "closed", "Done", "done or cancelled"),
        ];
        let parts = parts.into_iter().map(|(urgency, anchor, title, words)| {
            let rows: Vec<_> = rows.iter().filter(|row| row.urgency == urgency).collect();
            ActionPart {
                anchor: anchor.to_owned(),
                title: title.to_owned(),
                incident: None,
                count: match words {
                    "" => count(rows.len(), "action item"),
                    words => format!("{} {words}", rows.len()),
                },
                folded: urgency == Urgency::Closed,
                rows,
            }
        });
        Self {
            heading: "Action Items",
            as_of: as_of.to_string(),
            state: state(rows, as_of),
            parts: parts.filter(|part| !part.rows.is_empty()).collect(),
        }
    }

    /// Lists open action items by owner; those that nobody owns come first.
    #[must_use]
    pub fn by_owner(rows: &'v [ActionRow<'a>], as_of: NaiveDate) -> Self {
        let key = |row: &ActionRow<'a>| (row.owner.map(str::to_lowercase), row.owner);
        let title = |row: &ActionRow<'a>| row.owner.unwrap_or("Without an Owner").to_owned();
        Self::grouped("Action Items by Owner", rows, as_of, key, title, |_| None)
    }

    /// Lists open action items by incident, the latest id first.
    #[must_use]
    pub fn by_incident(rows: &'v [ActionRow<'a>], as_of: NaiveDate) -> Self {
        let key = |row: &ActionRow<'a>| Reverse(row.incident);
        let title = |row: &ActionRow<'a>| row.incident_title.to_owned();
        let heading = "Action Items by Incident";
        Self::grouped(heading, rows, as_of, key, title, |row| Some(row.incident))
    }

    fn grouped<Key: Ord>(
        heading: &'static str,
        rows: &'v [ActionRow<'a>],
        as_of: NaiveDate,
        key: impl Fn(&ActionRow<'a>) -> Key,
        title: impl Fn(&ActionRow<'a>) -> String,
        incident: impl Fn(&ActionRow<'a>) -> Option<&'a str>,
    ) -> Self {
        let mut anchors = Taken::of(&["content", "actions"]);
        for row in rows {
            anchors.give(&row.anchor);
        }
        let mut found: BTreeMap<Key, Vec<&'v ActionRow<'a>>> = BTreeMap::new();
        for row in rows.iter().filter(|row| row.urgency != Urgency::Closed) {
            found.entry(key(row)).or_default().push(row);
        }
        let parts = found.into_values().filter_map(|rows| {
            let first = rows.first()?;
            let overdue = rows.iter().filter(|row| row.urgency == Urgency::Overdue);
            let overdue = match overdue.count() {
                0 => String::new(),
                count => format!(", {count} overdue"),
            };
            Some(ActionPart {
                anchor: anchors.give(&format!("of-{}", dashed(&title(first)))),
                title: title(first),
                incident: incident(first),
                count: format!("{} open{overdue}", rows.len()),
                folded: false,
                rows,
            })
        });
        Self {
            heading,
            as_of: as_of.to_string(),
            state: state(rows, as_of),
            parts: parts.collect(),
        }
    }
}

fn state(rows: &[ActionRow], as_of: NaiveDate) -> String {
    let urgent = |urgency| rows.iter().filter(|row| row.urgency == urgency).count();
    let overdue = urgent(Urgency::Overdue);
    let open = overdue + urgent(Urgency::Soon) + urgent(Urgency::Open);
    if rows.is_empty() {
        return "No action items are recorded yet.".to_owned();
    }
    if open > 0 {
        return format!("{}, {overdue} overdue.", count(open, "open action item"));
    }
    let since = as_of.checked_sub_days(Days::new(30));
    let recent = rows.iter().filter(|row| {
        row.progress == Progress::Done && row.done_day > since && row.done_day <= Some(as_of)
    });
    format!(
        "No open action items. {} done in the last 30 days.",
        recent.count()
    )
}
