//! The page that lists the messages of all incidents.

use std::cmp::Reverse;

use super::latest as cut;
use super::*;
use crate::facts::SentMessage;

/// The maximum number of messages on the page for all incidents.
const MOST_ROWS: usize = 500;

/// The latest messages of some incidents, with their texts.
pub struct LatestMessages<'a> {
    /// The messages that the page lists, newest first.
    listed: Vec<(&'a Summary, MessageSummary)>,
    /// The number of all.
    all: usize,
}

impl<'a> LatestMessages<'a> {
    /// Reads the texts of the latest messages.
    #[must_use]
    pub fn new(summaries: &[&'a Summary]) -> Self {
        let of = |summary: &&'a Summary| -> Vec<(SentMessage, &'a Summary)> {
            let messages = summary.messages.iter();
            messages.map(|message| (*message, *summary)).collect()
        };
        let mut sent: Vec<(SentMessage, &Summary)> = summaries.iter().flat_map(of).collect();
        sent.sort_unstable_by_key(|(message, summary)| {
            Reverse((message.at, &summary.id, message.number))
        });
        let all = sent.len();
        let listed = sent.into_iter().take(MOST_ROWS);
        let listed = listed.filter_map(|(message, summary)| {
            let mut messages = summary.texts().messages.into_iter();
            let found = messages.find(|one| one.number == message.number)?;
            Some((summary, found))
        });
        Self {
            listed: listed.collect(),
            all,
        }
    }
}

/// The data for the templates of the messages of all incidents.
#[derive(Debug, Clone, Serialize)]
pub struct CommsIndexView<'a> {
    /// The message that is due next.
    pub next: Option<NextView<'a>>,
    /// The items that the page lists, if that is not all: `the latest 500 of 812 messages`.
    pub cut: Option<String>,
    /// The messages, newest first.
    pub rows: Vec<CommsRowView<'a>>,
}

/// The message that is due next.
#[derive(Debug, Clone, Serialize)]
pub struct NextView<'a> {
    /// The incident's ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The time it is due.
    pub due: MomentView,
}

/// A message in the list over all incidents.
#[derive(Debug, Clone, Serialize)]
pub struct CommsRowView<'a> {
    /// The incident's ID.
    pub id: &'a str,
    /// The title.
    pub title: &'a str,
    /// The position among all messages of the incident, from 1.
    pub number: usize,
    /// The stage.
    pub stage: Word<'static>,
    /// The audience.
    pub audience: Word<'static>,
    /// The subject, or the first line of the text if it has none.
    pub headline: Option<&'a str>,
    /// The first line of the text below the subject.
    pub first_line: Option<&'a str>,
    /// The channel with its preposition.
    pub via: Option<ViaView<'a>>,
    /// The time it was sent.
    pub sent: Option<MomentView>,
    /// The approver.
    pub approved_by: Option<&'a str>,
    /// The time since the previous message as text.
    pub gap: Option<String>,
    /// Whether that was longer than promised.
    pub is_late: bool,
}

impl<'a> CommsIndexView<'a> {
    /// Creates the page for all incidents that an audience may read.
    #[must_use]
    pub fn new(latest: &'a LatestMessages<'a>, summaries: &[&'a Summary], config: &Config) -> Self {
        let calendar = crate::view::row::calendar(config);
        let row = |(summary, message): &'a (&'a Summary, MessageSummary)| {
            CommsRowView::new(summary, message, &calendar)
        };
        let next = summaries
            .iter()
            .filter(|summary| !summary.is_superseded)
            .filter_map(|summary| Some((summary.due?, summary)))
            .min_by_key(|(due, summary)| (due.at, &summary.id));
        Self {
            next: next.map(|(due, summary)| NextView {
                id: &summary.id,
                title: &summary.title,
                due: calendar.moment(due),
            }),
            cut: cut(MOST_ROWS, latest.all, "message"),
            rows: latest.listed.iter().map(row).collect(),
        }
    }
}

impl<'a> CommsRowView<'a> {
    fn new(summary: &'a Summary, message: &'a MessageSummary, calendar: &Calendar) -> Self {
        let (subject, first_line) = (message.subject.as_deref(), message.first_line.as_deref());
        Self {
            id: &summary.id,
            title: &summary.title,
            number: message.number,
            stage: Word::from(label::stage(summary.kind, message.stage)),
            audience: Word::new(message.audience.as_str(), message.audience.label()),
            headline: subject.or(first_line),
            first_line: first_line.filter(|_| subject.is_some()),
            via: message.channel.as_deref().map(ViaView::new),
            sent: message.sent.map(|sent| calendar.moment(sent)),
            approved_by: message.approved_by.as_deref(),
            gap: message.gap.map(|gap| gap.to_string()),
            is_late: message.is_late,
        }
    }
}
