//! The list of all incidents that an audience may read.

use serde::Serialize;

use super::{NOT_RECORDED, Word, label};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{State, Summary, separated};

/// Everything that the index's templates see.
#[derive(Debug, Clone, Serialize)]
pub struct IndexView<'a> {
    /// Whose incidents these are.
    pub organization: Option<&'a str>,
    /// Incidents, the latest first.
    pub incidents: Vec<RowView<'a>>,
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
    /// How far it has come.
    pub status: Word<'static>,
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
        Self {
            organization: config.organization.name.as_deref(),
            incidents: shown
                .into_iter()
                .map(|summary| RowView::of(summary, config))
                .collect(),
        }
    }
}

impl<'a> RowView<'a> {
    fn of(summary: &'a Summary, config: &Config) -> Self {
        let (kind_key, kind) = label::kind(summary.kind);
        let (status_key, status) = label::status(summary.status);
        let duration = summary.facts.clock("duration");
        Self {
            id: &summary.id,
            title: &summary.title,
            kind: Word::new(kind_key, kind),
            is_incident: summary.kind == crate::incident::Kind::Incident,
            severity: summary
                .severity
                .as_deref()
                .map(|key| Word::new(key, super::report::severity_text(config, key))),
            status: Word::new(status_key, status),
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
