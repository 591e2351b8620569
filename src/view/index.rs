//! The first page of a site: how things stand, and everything that is recorded.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;

use super::count;
use super::group::Groups;
use super::row::{Listing, RowView, calendar};
use super::{MomentView, latest};
use crate::facts::{Length, Summary};
use crate::incident::Kind;
use crate::metrics;

/// How many rows the index lists; where there are more, the years have the rest.
pub const MOST_ROWS: usize = 1000;

/// Everything that the index's templates see.
#[derive(Debug, Clone, Serialize)]
pub struct IndexView<'a> {
    /// Whose incidents these are.
    pub organization: Option<&'a str>,
    /// How things stand, in words: `1 open incident`, `No open incidents`.
    pub state: String,
    /// The incident that ended last, while none is open.
    pub last: Option<LastView<'a>>,
    /// What a reader asks about first, in numbers.
    pub numbers: NumbersView,
    /// The incidents that are open, the latest first.
    pub open: Vec<OpenView<'a>>,
    /// The ids of incidents that could not be built, and whose pages are those of an earlier build.
    pub kept: &'a [String],
    /// By what else incidents are listed.
    pub listed_by: Vec<ListedByView>,
    /// How many of how many are listed here, in words, where that is not all: `The latest 1,000 of 1,204 records`.
    pub cut: Option<String>,
    /// What is recorded, by year, the latest first.
    pub years: Vec<YearView<'a>>,
}

/// An incident that is open.
#[derive(Debug, Clone, Serialize)]
pub struct OpenView<'a> {
    /// Its row.
    #[serde(flatten)]
    pub row: RowView<'a>,
    /// When it started.
    pub started: Option<MomentView>,
}

/// The incident that ended last.
#[derive(Debug, Clone, Serialize)]
pub struct LastView<'a> {
    /// Its id.
    pub id: &'a str,
    /// When it ended.
    pub ended: MomentView,
}

/// What a reader asks about first, in numbers.
#[derive(Debug, Clone, Serialize)]
pub struct NumbersView {
    /// The day they are measured against.
    pub as_of: String,
    /// Incidents in the 90 days up to it.
    pub recent: usize,
    /// The median time to mitigate, and of how many incidents: `12m 30s`, `8 incidents`.
    pub mitigate: Option<(String, String)>,
    /// Overdue action items.
    pub overdue: usize,
}

/// A way to list incidents.
#[derive(Debug, Clone, Serialize)]
pub struct ListedByView {
    /// How many there are, in words: `4 services`.
    pub count: String,
    /// The folder of its pages.
    pub folder: &'static str,
}

/// What is recorded of a year.
#[derive(Debug, Clone, Serialize)]
pub struct YearView<'a> {
    /// The year; absent for what has no start yet.
    pub year: Option<i32>,
    /// How much that is, in words: `3 records`.
    pub count: String,
    /// The records, the latest first.
    pub rows: Vec<RowView<'a>>,
}

impl<'a> IndexView<'a> {
    /// Builds the index, as of a day.
    #[must_use]
    pub fn new(
        listing: &Listing<'a>,
        groups: &[Groups<'a>],
        kept: &'a [String],
        as_of: NaiveDate,
    ) -> Self {
        let incidents = || {
            let shown = listing.summaries.iter().copied();
            shown
                .filter(|summary| summary.kind == Kind::Incident && !listing.is_superseded(summary))
        };
        let open: Vec<OpenView<'a>> = incidents()
            .filter(|summary| summary.status.is_open())
            .map(|summary| OpenView {
                row: listing.row(summary),
                started: summary
                    .started
                    .map(|started| calendar(listing.config).moment(started)),
            })
            .collect();
        let last = incidents()
            .filter_map(|summary| Some((summary.facts.ended?.moment, &summary.id)))
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
                open => count(open, "open incident"),
            },
            last: last.map(|(ended, id)| LastView {
                id,
                ended: calendar(listing.config).moment(ended),
            }),
            numbers: NumbersView::new(&listing.summaries, as_of),
            open,
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
            years: undated
                .into_iter()
                .chain(years.into_iter().rev())
                .map(|(year, rows)| YearView {
                    year,
                    count: count(rows.len(), "record"),
                    rows,
                })
                .collect(),
        }
    }
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
                (median.short(), count(spread.count, "incident"))
            }),
            overdue: shown.iter().map(overdue).sum(),
        }
    }
}
