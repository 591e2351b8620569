//! The list of all incidents on an external site.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::DurationView;
use crate::config::Config;
use crate::facts::{Summary, counted};
use crate::incident::{Kind, Status};
use crate::moment::Calendar;
use crate::view::index::{next_first, when};
use crate::view::{MomentView, Word, label};

/// The data for the templates of an external index.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalIndexView<'a> {
    /// The summary: `1 open incident`, `No open incidents`.
    pub state: String,
    /// The open incidents, newest first.
    pub open: Vec<ExternalRowView<'a>>,
    /// The maintenance in progress.
    pub running: Vec<ExternalUpcomingView<'a>>,
    /// The maintenance that has not started, the next one first.
    pub upcoming: Vec<ExternalUpcomingView<'a>>,
    /// The incident that ended last; `None` while one is open.
    pub last: Option<ExternalRowView<'a>>,
    /// The other incidents by month, newest first.
    pub months: Vec<ExternalMonthView<'a>>,
}

/// Maintenance that has not started, or is in progress.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalUpcomingView<'a> {
    /// The row.
    #[serde(flatten)]
    pub row: ExternalRowView<'a>,
    /// The start and end as text; `None` if no start is recorded.
    pub when: Option<String>,
}

/// The incidents of a month.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalMonthView<'a> {
    /// The month: `2026-01`; `None` for incidents without a start.
    pub month: Option<String>,
    /// The month as text: `January 2026`, `Start not recorded`.
    pub label: String,
    /// The incidents, newest first.
    pub rows: Vec<ExternalRowView<'a>>,
}

/// An incident in an external index.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalRowView<'a> {
    /// The public ID.
    pub id: &'a str,
    /// The title.
    pub title: Option<&'a str>,
    /// The severity.
    pub severity: Option<Word<'a>>,
    /// The rank of the severity, where 0 is the most severe.
    pub severity_rank: Option<usize>,
    /// The status.
    pub status: Word<'static>,
    /// The start.
    pub started: Option<MomentView>,
    /// The date of the start.
    pub day: Option<String>,
    /// The duration as text, or its state.
    pub duration: String,
    /// The duration: `2 hours 29 minutes`, `ongoing`; `None` if it is not recorded.
    pub length: Option<String>,
    /// The date of the start, for feeds.
    #[serde(skip)]
    pub date: Option<NaiveDate>,
    /// The end, or the start if there is none, for feeds.
    #[serde(skip)]
    pub updated: Option<chrono::DateTime<chrono::Utc>>,
}

impl<'a> ExternalIndexView<'a> {
    /// Creates the index as of a date from incidents that the audience may read, each with its public ID.
    #[must_use]
    pub fn new(shown: &[(&'a str, &'a Summary)], config: &'a Config, as_of: NaiveDate) -> Self {
        let mut shown = shown.to_vec();
        shown.sort_by_key(|(id, summary)| {
            std::cmp::Reverse((summary.started.map(|moment| moment.at), *id))
        });
        let calendar = crate::view::row::calendar(config).to_the_minute();
        let row = |&(id, summary): &(&'a str, &'a Summary)| {
            ExternalRowView::new(id, summary, config, &calendar)
        };
        let open: Vec<_> = shown
            .iter()
            .filter(|(_, summary)| summary.is_open_incident())
            .map(row)
            .collect();
        let maintenance = |is_listed: &dyn Fn(&Summary) -> bool| {
            let mut listed: Vec<_> = shown.clone();
            listed.retain(|(_, summary)| is_listed(summary));
            listed.sort_by_key(|(_, summary)| next_first(summary));
            let view = |entry| ExternalUpcomingView {
                row: row(entry),
                when: when(entry.1, &calendar),
            };
            listed.iter().map(view).collect()
        };
        let is_over = |(_, summary): &&(&str, &Summary)| {
            let is_closed = summary.kind == Kind::Incident && !summary.course.status.is_open();
            is_closed && !summary.is_superseded
        };
        let last = shown.iter().filter(is_over);
        let last = last
            .max_by_key(|(id, summary)| (summary.course.ended.map(|ended| ended.moment.at), *id));
        let mut months: BTreeMap<Option<(i32, u32)>, Vec<ExternalRowView>> = BTreeMap::new();
        let is_listed = |summary: &Summary| {
            summary.is_open_incident() || summary.is_running() || summary.is_upcoming(as_of)
        };
        for entry in shown.iter().filter(|(_, summary)| !is_listed(summary)) {
            let month = entry.1.day.map(|day| (day.year(), day.month()));
            months.entry(month).or_default().push(row(entry));
        }
        Self {
            state: match open.len() {
                0 => "No open incidents reported".to_owned(),
                count => counted(count, "open incident"),
            },
            last: last.filter(|_| open.is_empty()).map(row),
            open,
            running: maintenance(&Summary::is_running),
            upcoming: maintenance(&|summary| summary.is_upcoming(as_of)),
            months: months
                .into_values()
                .rev()
                .map(ExternalMonthView::new)
                .collect(),
        }
    }
}

impl<'a> ExternalMonthView<'a> {
    fn new(rows: Vec<ExternalRowView<'a>>) -> Self {
        let day = rows.first().and_then(|row| row.date);
        Self {
            month: day.map(|day| day.format("%Y-%m").to_string()),
            label: day.map_or_else(
                || "Start not recorded".to_owned(),
                |day| day.format("%B %Y").to_string(),
            ),
            rows,
        }
    }
}

impl<'a> ExternalRowView<'a> {
    fn new(id: &'a str, summary: &'a Summary, config: &Config, calendar: &Calendar) -> Self {
        let status =
            label::external_status(summary.kind, summary.course.status, summary.replaced());
        let duration = DurationView::new(summary.duration(), &summary.course, calendar);
        Self {
            id,
            title: summary.public_title.as_deref(),
            severity: summary
                .severity
                .as_deref()
                .map(|key| Word::severity(config, key)),
            severity_rank: summary.severity_rank(config),
            status,
            started: summary.started.map(|started| calendar.moment(started)),
            day: summary.day.map(|day| day.to_string()),
            length: match duration.state {
                "recorded" => Some(duration.text.clone()),
                "pending" if summary.course.status != Status::Planned => Some("ongoing".to_owned()),
                _ => None,
            },
            duration: duration.text,
            date: summary.day,
            updated: { summary.course.ended }
                .map(|end| end.moment)
                .or(summary.started)
                .map(|moment| moment.at),
        }
    }
}
