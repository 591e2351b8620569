//! The list of all incidents that those outside may read.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;

use super::DurationView;
use crate::config::Config;
use crate::facts::{Summary, counted};
use crate::incident::Status;
use crate::metrics;
use crate::view::{Calendar, MomentView, Word, label, report};

/// Everything that the templates of the index for outside see.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalIndexView<'a> {
    /// How things stand, in words: `1 open incident`, `No open incidents`.
    pub state: String,
    /// The incidents that are open, the latest first.
    pub open: Vec<ExternalRowView<'a>>,
    /// All incidents, by year, the latest first.
    pub years: Vec<ExternalYearView<'a>>,
}

/// The incidents of a year.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalYearView<'a> {
    /// The year; absent for what has no start yet.
    pub year: Option<i32>,
    /// Its incidents, the latest first.
    pub rows: Vec<ExternalRowView<'a>>,
}

/// An incident in the index for outside.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalRowView<'a> {
    /// Its id outside.
    pub id: &'a str,
    /// What happened.
    pub title: Option<&'a str>,
    /// How bad it was.
    pub severity: Option<Word<'a>>,
    /// Its place among the severities, from 0, the most severe.
    pub severity_rank: Option<usize>,
    /// How far it has come.
    pub status: Word<'static>,
    /// When it started.
    pub started: Option<MomentView>,
    /// The day it started.
    pub day: Option<String>,
    /// How long it was, in words.
    pub duration: String,
    /// The day it started, for programs.
    #[serde(skip)]
    pub date: Option<chrono::NaiveDate>,
    /// When it ended, else when it started, for programs.
    #[serde(skip)]
    pub updated: Option<chrono::DateTime<chrono::Utc>>,
}

impl<'a> ExternalIndexView<'a> {
    /// Builds the index from incidents that the audience may read, each with its id outside.
    #[must_use]
    pub fn new(shown: &[(&'a str, &'a Summary)], config: &'a Config) -> Self {
        let mut shown = shown.to_vec();
        shown.sort_by_key(|(id, summary)| {
            std::cmp::Reverse((summary.started.map(|moment| moment.at), *id))
        });
        let summaries: Vec<&Summary> = shown.iter().map(|(_, summary)| *summary).collect();
        let superseded = metrics::superseded(&summaries);
        let calendar = Calendar {
            zone: config.site.timezone.unwrap_or_default(),
            first_day: None,
        };
        let row = |&(id, summary): &(&'a str, &'a Summary)| {
            let mut row = ExternalRowView::new(id, summary, config, calendar);
            if superseded.contains(summary.id.as_str()) {
                let (key, words) = label::SUPERSEDED;
                row.status = Word::new(key, words);
            }
            row
        };
        let open: Vec<_> = shown
            .iter()
            .filter(|(_, summary)| {
                let is_open = summary.status.is_open() && summary.status != Status::Planned;
                is_open && !superseded.contains(summary.id.as_str())
            })
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
    fn new(id: &'a str, summary: &'a Summary, config: &Config, calendar: Calendar) -> Self {
        let (status_key, status) = label::status(summary.status);
        Self {
            id,
            title: summary.title_outside(),
            severity: summary
                .severity
                .as_deref()
                .map(|key| Word::new(key, report::severity_text(config, key))),
            severity_rank: report::severity_rank(config, summary.severity.as_deref()),
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
