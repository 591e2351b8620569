//! The list of all incidents on an external site.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;

use super::DurationView;
use crate::config::Config;
use crate::facts::{Summary, counted};
use crate::moment::Calendar;
use crate::view::{MomentView, Word, label};

/// The data for the templates of an external index.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalIndexView<'a> {
    /// The summary: `1 open incident`, `No open incidents`.
    pub state: String,
    /// The open incidents, newest first.
    pub open: Vec<ExternalRowView<'a>>,
    /// All incidents by year, newest first.
    pub years: Vec<ExternalYearView<'a>>,
}

/// The incidents of a year.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalYearView<'a> {
    /// The year; `None` for incidents without a start.
    pub year: Option<i32>,
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
    /// The duration as text.
    pub duration: String,
    /// The date of the start, for feeds.
    #[serde(skip)]
    pub date: Option<chrono::NaiveDate>,
    /// The end, or the start if there is none, for feeds.
    #[serde(skip)]
    pub updated: Option<chrono::DateTime<chrono::Utc>>,
}

impl<'a> ExternalIndexView<'a> {
    /// Creates the index from incidents that the audience may read, each with its public ID.
    #[must_use]
    pub fn new(shown: &[(&'a str, &'a Summary)], config: &'a Config) -> Self {
        let mut shown = shown.to_vec();
        shown.sort_by_key(|(id, summary)| {
            std::cmp::Reverse((summary.started.map(|moment| moment.at), *id))
        });
        let calendar = crate::view::row::calendar(config);
        let row = |&(id, summary): &(&'a str, &'a Summary)| {
            ExternalRowView::new(id, summary, config, &calendar)
        };
        let open: Vec<_> = shown
            .iter()
            .filter(|(_, summary)| summary.is_open_incident())
            .map(row)
            .collect();
        let mut years: BTreeMap<Option<i32>, Vec<ExternalRowView>> = BTreeMap::new();
        for entry in &shown {
            let year = entry.1.day.map(|day| day.year());
            years.entry(year).or_default().push(row(entry));
        }
        Self {
            state: match open.len() {
                0 => "No open incidents".to_owned(),
                count => counted(i64::try_from(count).unwrap_or(i64::MAX), "open incident"),
            },
            open,
            years: years
                .into_iter()
                .rev()
                .map(|(year, rows)| ExternalYearView { year, rows })
                .collect(),
        }
    }
}

impl<'a> ExternalRowView<'a> {
    fn new(id: &'a str, summary: &'a Summary, config: &Config, calendar: &Calendar) -> Self {
        let (status_key, status) = label::report_status(summary.status, summary.is_superseded);
        Self {
            id,
            title: summary.public_title.as_deref(),
            severity: summary
                .severity
                .as_deref()
                .map(|key| Word::severity(config, key)),
            severity_rank: summary.severity_rank(config),
            status: Word::new(status_key, status),
            started: summary.started.map(|started| calendar.moment(started)),
            day: summary.day.map(|day| day.to_string()),
            duration: DurationView::new(&summary.facts).text,
            date: summary.day,
            updated: summary
                .facts
                .ended
                .map(|end| end.moment)
                .or(summary.started)
                .map(|moment| moment.at),
        }
    }
}
