//! The incidents that an audience may read, newest first, each as a table row.

use serde::Serialize;

use super::{NOT_RECORDED, Word, label};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{State, Summaries, Summary, counted, separated};
use crate::incident::Kind;
use crate::moment::Calendar;

/// The incidents that an audience may read. Pages are built from this list only, so other incidents cannot appear.
pub struct Listing<'a> {
    /// The summaries, newest first.
    pub summaries: Vec<&'a Summary>,
    /// The settings.
    pub config: &'a Config,
}

/// A row of the index.
#[derive(Debug, Clone, Serialize)]
pub struct RowView<'a> {
    /// The incident's ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The kind of record.
    pub kind: Word<'static>,
    /// Whether it is an incident, the usual kind.
    pub is_incident: bool,
    /// The severity.
    pub severity: Option<Word<'a>>,
    /// The rank of the severity, where 0 is the most severe.
    pub severity_rank: Option<usize>,
    /// The status.
    pub status: Word<'static>,
    /// The date of the start.
    pub day: Option<String>,
    /// The duration for tables.
    pub duration: String,
    /// The number of customer accounts.
    pub customers: String,
    /// The number of open action items.
    pub open_actions: String,
    /// The affected services.
    pub services: &'a [String],
    /// The duration: `2h 29m`, `ongoing`; `None` if it is not recorded.
    pub length: Option<String>,
    /// The number of customer accounts, if it is recorded: `41 accounts`.
    pub accounts: Option<String>,
    /// The number of open action items, if there are any: `3 open actions`.
    pub actions: Option<String>,
    /// The text that the page's filter searches, in lowercase: ID, title, services, tags, owners, severity, status.
    pub filter: String,
}

impl<'a> Listing<'a> {
    /// Lists the incidents that an audience may read.
    #[must_use]
    pub fn new(summaries: &'a Summaries, config: &'a Config, audience: Audience) -> Self {
        let mut shown: Vec<&Summary> = summaries
            .iter()
            .filter(|summary| audience.may_read(summary.audience))
            .collect();
        // An incident without a start is new, so it comes first.
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
            summaries: shown,
            config,
        }
    }

    /// Creates the row of an incident on each call, because all rows together are large.
    #[must_use]
    pub fn row(&self, summary: &'a Summary) -> RowView<'a> {
        RowView::new(summary, self)
    }
}

/// Returns the calendar for pages about several incidents.
pub(super) fn calendar(config: &Config) -> Calendar {
    Calendar::new(config.site.timezone.unwrap_or_default())
}

impl<'a> RowView<'a> {
    fn new(summary: &'a Summary, listing: &Listing<'a>) -> Self {
        let config = listing.config;
        let status = label::report_status(summary.kind, summary.course.status, summary.replaced());
        let (state, length) = summary.duration();
        let severity = summary
            .severity
            .as_deref()
            .map(|key| Word::severity(config, key));
        let owners = summary.actions.iter().flat_map(|item| item.owners());
        let severity_label = severity.as_ref().map(|severity| &severity.label);
        let searchable: Vec<&str> = [&summary.id, &summary.title]
            .into_iter()
            .chain(&summary.services)
            .chain(&summary.tags)
            .map(String::as_str)
            .chain(owners)
            .chain(severity_label.map(String::as_str))
            .chain([status.1])
            .collect();
        Self {
            id: &summary.id,
            title: &summary.title,
            kind: Word::new(summary.kind.as_str(), summary.kind.label()),
            is_incident: summary.kind == Kind::Incident,
            severity_rank: summary.severity_rank(config),
            filter: searchable.join(" ").to_lowercase(),
            services: &summary.services,
            length: match (length, state) {
                (Some(length), _) => Some(length.short()),
                (None, State::Pending) if summary.is_going_on() => Some("ongoing".to_owned()),
                _ => None,
            },
            accounts: summary
                .totals
                .accounts
                .map(|accounts| counted(accounts, "account")),
            actions: match summary.open_actions() {
                0 => None,
                open => Some(counted(open, "open action")),
            },
            severity,
            status: Word::from(status),
            day: summary.day.map(|day| day.to_string()),
            duration: match (length, state) {
                (Some(length), _) => length.short(),
                (None, State::Pending) => "pending".to_owned(),
                (None, State::Invalid) => "invalid".to_owned(),
                (None, _) => NOT_RECORDED.to_owned(),
            },
            customers: { summary.totals.accounts }
                .map_or_else(|| NOT_RECORDED.to_owned(), separated),
            open_actions: summary.open_actions().to_string(),
        }
    }
}
