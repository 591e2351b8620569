//! The list of all incidents that an audience may read.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;

use super::{Calendar, MomentView, NOT_RECORDED, Word, label};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{State, Summary, counted, separated};
use crate::incident::Kind;

/// Everything that the index's templates see.
#[derive(Debug, Clone, Serialize)]
pub struct IndexView<'a> {
    /// Whose incidents these are.
    pub organization: Option<&'a str>,
    /// How things stand, in words: `1 open incident`, `No open incidents`.
    pub state: String,
    /// The incident that ended last, while none is open.
    pub last: Option<LastView<'a>>,
    /// The incidents that are open, the latest first.
    pub open: Vec<RowView<'a>>,
    /// Everything that is recorded, by year, the latest first.
    pub years: Vec<YearView<'a>>,
}

/// The incident that ended last.
#[derive(Debug, Clone, Serialize)]
pub struct LastView<'a> {
    /// Its id.
    pub id: &'a str,
    /// When it ended.
    pub ended: MomentView,
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

/// A row of the index.
#[derive(Debug, Clone, Serialize)]
pub struct RowView<'a> {
    /// The incident's id.
    pub id: &'a str,
    /// What happened.
    pub title: &'a str,
    /// What kind of record it is.
    pub kind: Word<'static>,
    /// Whether it is an incident, the usual kind.
    pub is_incident: bool,
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
    /// How long it was, for tables.
    pub duration: String,
    /// Customer accounts.
    pub customers: String,
    /// Action items that are still to be done.
    pub open_actions: String,
}

impl<'a> IndexView<'a> {
    /// Builds the index for an audience.
    #[must_use]
    pub fn of(summaries: &'a [Summary], config: &'a Config, audience: Audience) -> Self {
        let mut shown: Vec<&Summary> = summaries
            .iter()
            .filter(|summary| audience.may_read(summary.audience))
            .collect();
        // An incident without a start is new: it stands on top.
        shown.sort_by(|left, right| {
            let order = |summary: &Summary| summary.started.map(|moment| moment.at);
            let (left_at, right_at) = (order(left), order(right));
            left_at
                .is_some()
                .cmp(&right_at.is_some())
                .then(right_at.cmp(&left_at))
                .then_with(|| right.id.cmp(&left.id))
        });
        let calendar = Calendar {
            zone: config.site.timezone.unwrap_or_default(),
            first_day: None,
        };
        let incidents = || {
            let counted = |summary: &&&Summary| summary.kind == Kind::Incident;
            shown.iter().filter(counted)
        };
        let open: Vec<RowView<'a>> = incidents()
            .filter(|summary| summary.status.is_open())
            .map(|summary| RowView::of(summary, config, calendar))
            .collect();
        let last = incidents()
            .filter_map(|summary| Some((summary.facts.ended?.moment, &summary.id)))
            .max_by_key(|(ended, _)| ended.at)
            .filter(|_| open.is_empty());
        let mut years: BTreeMap<Option<i32>, Vec<RowView<'a>>> = BTreeMap::new();
        for summary in &shown {
            let rows = years.entry(summary.day.map(|day| day.year())).or_default();
            rows.push(RowView::of(summary, config, calendar));
        }
        let undated = years.remove(&None).map(|rows| (None, rows));
        Self {
            organization: config.organization.name.as_deref(),
            state: match open.len() {
                0 => "No open incidents".to_owned(),
                count => counted(i64::try_from(count).unwrap_or(i64::MAX), "open incident"),
            },
            last: last.map(|(ended, id)| LastView {
                id,
                ended: calendar.moment(ended),
            }),
            open,
            years: undated
                .into_iter()
                .chain(years.into_iter().rev())
                .map(|(year, rows)| YearView {
                    year,
                    count: counted(i64::try_from(rows.len()).unwrap_or(i64::MAX), "record"),
                    rows,
                })
                .collect(),
        }
    }
}

impl<'a> RowView<'a> {
    fn of(summary: &'a Summary, config: &Config, calendar: Calendar) -> Self {
        let (kind_key, kind) = label::kind(summary.kind);
        let (status_key, status) = label::status(summary.status);
        let duration = summary.facts.clock("duration");
        Self {
            id: &summary.id,
            title: &summary.title,
            kind: Word::new(kind_key, kind),
            is_incident: summary.kind == Kind::Incident,
            severity: summary
                .severity
                .as_deref()
                .map(|key| Word::new(key, super::report::severity_text(config, key))),
            severity_rank: super::report::severity_rank(config, summary.severity.as_deref()),
            status: Word::new(status_key, status),
            started: summary.started.map(|started| calendar.moment(started)),
            day: summary.day.map(|day| day.to_string()),
            duration: duration.map_or_else(
                || NOT_RECORDED.to_owned(),
                |fact| match (fact.length, fact.state) {
                    (Some(length), _) => length.short(),
                    (None, State::Pending) => "pending".to_owned(),
                    (None, State::Invalid) => "invalid".to_owned(),
                    (None, _) => NOT_RECORDED.to_owned(),
                },
            ),
            customers: summary.totals().accounts.map_or_else(
                || NOT_RECORDED.to_owned(),
                |accounts| separated(i64::try_from(accounts).unwrap_or(i64::MAX)),
            ),
            open_actions: summary.open_actions.to_string(),
        }
    }
}
