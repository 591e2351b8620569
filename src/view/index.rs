//! The first page of a site: the current state and all records.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use serde::Serialize;

use super::group::Groups;
use super::row::{Listing, RowView, calendar};
use super::{MomentView, latest};
use crate::facts::{Length, Summary, counted};
use crate::incident::Kind;
use crate::metrics;
use crate::moment::Calendar;

/// The maximum number of rows in the index; the pages of the years have the rest.
pub const MOST_ROWS: usize = 1000;

/// The data for the templates of the index.
#[derive(Debug, Clone, Serialize)]
pub struct IndexView<'a> {
    /// The organization.
    pub organization: Option<&'a str>,
    /// The summary: `1 open incident`, `No open incidents`.
    pub state: String,
    /// The incident that ended last; `None` while one is open.
    pub last: Option<LastView<'a>>,
    /// The key figures.
    pub numbers: NumbersView,
    /// The open incidents, newest first.
    pub open: Vec<OpenView<'a>>,
    /// The maintenance in progress.
    pub running: Vec<UpcomingView<'a>>,
    /// The maintenance that has not started, the next one first.
    pub upcoming: Vec<UpcomingView<'a>>,
    /// The IDs of incidents with errors, whose pages are from an earlier build.
    pub kept: &'a [String],
    /// The other ways to browse incidents.
    pub listed_by: Vec<ListedByView>,
    /// The records that the page lists, if that is not all: `the latest 1,000 of 1,204 records`.
    pub cut: Option<String>,
    /// The records by year, newest first.
    pub years: Vec<YearView<'a>>,
}

/// An open incident.
#[derive(Debug, Clone, Serialize)]
pub struct OpenView<'a> {
    /// The row.
    #[serde(flatten)]
    pub row: RowView<'a>,
    /// The start.
    pub started: Option<MomentView>,
    /// The time of the last message to customers.
    pub last_message: Option<MomentView>,
    /// The time the next message is due.
    pub due: Option<MomentView>,
}

/// Maintenance that has not started, or is in progress.
#[derive(Debug, Clone, Serialize)]
pub struct UpcomingView<'a> {
    /// The row.
    #[serde(flatten)]
    pub row: RowView<'a>,
    /// The start and end as text: `2025-01-14 21:00 to 23:00 UTC`; `None` if no start is recorded.
    pub when: Option<String>,
}

/// The incident that ended last.
#[derive(Debug, Clone, Serialize)]
pub struct LastView<'a> {
    /// The ID.
    pub id: &'a str,
    /// The end.
    pub ended: MomentView,
}

/// The key figures.
#[derive(Debug, Clone, Serialize)]
pub struct NumbersView {
    /// The reference date.
    pub as_of: String,
    /// The number of incidents in the 90 days up to that date.
    pub recent: usize,
    /// The median time to mitigate, and the number of incidents it is based on: `12m 30s`, `8 incidents`.
    pub mitigate: Option<(String, String)>,
    /// The number of overdue action items.
    pub overdue: usize,
}

/// A way to browse incidents.
#[derive(Debug, Clone, Serialize)]
pub struct ListedByView {
    /// The number of groups: `4 services`.
    pub count: String,
    /// The folder of its pages.
    pub folder: &'static str,
}

/// The records of a year.
#[derive(Debug, Clone, Serialize)]
pub struct YearView<'a> {
    /// The year; `None` for incidents without a start.
    pub year: Option<i32>,
    /// The number of records: `3 records`.
    pub count: String,
    /// The records, newest first.
    pub rows: Vec<RowView<'a>>,
}

impl<'a> IndexView<'a> {
    /// Creates the index as of a date.
    #[must_use]
    pub fn new(
        listing: &Listing<'a>,
        groups: &[Groups<'a>],
        kept: &'a [String],
        as_of: NaiveDate,
    ) -> Self {
        let incidents = || {
            let shown = listing.summaries.iter().copied();
            shown.filter(|summary| summary.kind == Kind::Incident && !summary.is_superseded)
        };
        let open: Vec<OpenView<'a>> = incidents()
            .filter(|summary| summary.is_open_incident())
            .map(|summary| {
                let time = |moment| calendar(listing.config).moment(moment);
                OpenView {
                    row: listing.row(summary),
                    started: summary.started.map(time),
                    last_message: summary.last_message.map(time),
                    due: summary.due.map(time),
                }
            })
            .collect();
        let maintenance = |is_listed: &dyn Fn(&Summary) -> bool| {
            let mut listed: Vec<&Summary> = listing.summaries.clone();
            listed.retain(|summary| is_listed(summary));
            listed.sort_by_key(|summary| next_first(summary));
            let view = |summary| UpcomingView {
                row: listing.row(summary),
                when: when(summary, &calendar(listing.config)),
            };
            listed.into_iter().map(view).collect()
        };
        let last = incidents()
            .filter_map(|summary| Some((summary.course.ended?.moment, &summary.id)))
            .max_by_key(|(ended, _)| ended.at)
            .filter(|_| open.is_empty());
        let mut years: BTreeMap<Option<i32>, Vec<RowView<'a>>> = BTreeMap::new();
        for summary in listing.summaries.iter().take(MOST_ROWS) {
            let rows = years.entry(summary.day.map(|day| day.year())).or_default();
            rows.push(listing.row(summary));
        }
        let undated = years.remove(&None).map(|rows| (None, rows));
        let all = listing.summaries.len();
        Self {
            organization: listing.config.organization.name.as_deref(),
            state: match open.len() {
                0 => "No open incidents".to_owned(),
                open => counted(open, "open incident"),
            },
            last: last.map(|(ended, id)| LastView {
                id,
                ended: calendar(listing.config).moment(ended),
            }),
            numbers: NumbersView::new(&listing.summaries, as_of),
            open,
            running: maintenance(&Summary::is_running),
            upcoming: maintenance(&|summary| summary.is_upcoming(as_of)),
            kept,
            listed_by: groups
                .iter()
                .filter(|groups| !groups.groups.is_empty())
                .map(|groups| ListedByView {
                    count: groups.counted(),
                    folder: groups.by.folder,
                })
                .collect(),
            cut: latest(MOST_ROWS, all, "record"),
            years: years
                .into_iter()
                .rev()
                .chain(undated)
                .map(|(year, rows)| YearView {
                    year,
                    count: counted(rows.len(), "record"),
                    rows,
                })
                .collect(),
        }
    }
}

/// Returns a sort key for maintenance: by its start, and last without one.
pub(super) fn next_first(summary: &Summary) -> (bool, Option<DateTime<Utc>>, String) {
    let start = summary.started.map(|moment| moment.at);
    (start.is_none(), start, summary.id.clone())
}

/// Describes when maintenance is scheduled, or since when it is in progress.
pub(super) fn when(summary: &Summary, calendar: &Calendar) -> Option<String> {
    let started = summary.started?;
    if summary.is_running() {
        return Some(format!("since {}", calendar.coarse_span(&started, None)));
    }
    let end = summary.course.ended.map(|end| end.moment);
    Some(calendar.coarse_span(&started, end))
}

impl NumbersView {
    fn new(shown: &[&Summary], as_of: NaiveDate) -> Self {
        let incidents = metrics::counted(shown, Kind::Incident);
        let since = as_of.checked_sub_days(Days::new(90));
        let recent = |summary: &&&Summary| {
            summary
                .day
                .is_some_and(|day| Some(day) > since && day <= as_of)
        };
        let spread = metrics::spread(&incidents, "time_to_mitigate");
        let overdue = |summary: &&Summary| {
            let items = summary.actions.iter();
            items.filter(|item| item.is_overdue(as_of)).count()
        };
        Self {
            as_of: as_of.to_string(),
            recent: incidents.iter().filter(recent).count(),
            mitigate: spread.map(|spread| {
                let median: Length = spread.median;
                (median.short(), counted(spread.count, "incident"))
            }),
            overdue: shown.iter().map(overdue).sum(),
        }
    }
}
