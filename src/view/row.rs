//! The incidents that an audience may read, the latest first, each as a row of a table.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{NOT_RECORDED, Word, label};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{State, Summary, separated};
use crate::incident::Kind;
use crate::metrics;
use crate::moment::Calendar;

/// The incidents that an audience may read; nothing of the others goes any further.
pub struct Listing<'a> {
    /// The latest first.
    pub summaries: Vec<&'a Summary>,
    /// The settings.
    pub config: &'a Config,
    /// The ids of those that another shown one takes the place of: nobody works on them any more.
    superseded: BTreeSet<&'a str>,
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
    /// The day it started.
    pub day: Option<String>,
    /// How long it was, for tables.
    pub duration: String,
    /// Customer accounts.
    pub customers: String,
    /// Action items that are still to be done.
    pub open_actions: String,
    /// What a reader may look for, in small letters: id, title, services, tags, owners, severity, status.
    pub filter: String,
}

impl<'a> Listing<'a> {
    /// Lists what an audience may read.
    #[must_use]
    pub fn new(summaries: &'a [Summary], config: &'a Config, audience: Audience) -> Self {
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
            superseded: metrics::superseded(&shown),
            summaries: shown,
            config,
        }
    }

    /// Gives the row of an incident; it is made anew, because all rows together are large.
    #[must_use]
    pub fn row(&self, summary: &'a Summary) -> RowView<'a> {
        RowView::new(summary, self)
    }

    /// Says whether another shown report takes the place of one.
    #[must_use]
    pub fn is_superseded(&self, summary: &Summary) -> bool {
        self.superseded.contains(summary.id.as_str())
    }
}

/// Gives the zone in which pages of several incidents print times.
pub(super) fn calendar(config: &Config) -> Calendar {
    Calendar::new(config.site.timezone.unwrap_or_default())
}

impl<'a> RowView<'a> {
    fn new(summary: &'a Summary, listing: &Listing<'a>) -> Self {
        let config = listing.config;
        let (kind_key, kind) = label::kind(summary.kind);
        let (status_key, status) = if listing.is_superseded(summary) {
            label::SUPERSEDED
        } else {
            label::status(summary.status)
        };
        let duration = summary.facts.response_metric("duration");
        let severity = summary
            .severity
            .as_deref()
            .map(|key| Word::new(key, super::report::severity_text(config, key)));
        let owners = summary.actions.iter().filter_map(|item| item.owner);
        let severity_label = severity.as_ref().map(|severity| &severity.label);
        let words: Vec<&str> = [&summary.id, &summary.title]
            .into_iter()
            .chain(&summary.services)
            .chain(&summary.tags)
            .map(String::as_str)
            .chain(owners)
            .chain(severity_label.map(String::as_str))
            .chain([status])
            .collect();
        Self {
            id: &summary.id,
            title: &summary.title,
            kind: Word::new(kind_key, kind),
            is_incident: summary.kind == Kind::Incident,
            severity_rank: super::report::severity_rank(config, summary.severity.as_deref()),
            filter: words.join(" ").to_lowercase(),
            severity,
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
            open_actions: summary.open_actions().to_string(),
        }
    }
}
