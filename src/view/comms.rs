//! What customers were told, what they are to be told next, and when: for those who copy it.
//!
//! Only messages for those outside are here, so that nothing else can be copied
//! by mistake.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::communication::MessageView;
use super::draft::{CHANNELS, STAGES};
use super::{MomentView, Word, label, latest};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Facts, Summary, stated_interval};
use crate::incident::{Message, Stage, Status};
use crate::metrics;
use crate::moment::{Calendar, Moment};

/// How many messages the page over all incidents lists.
const MOST_ROWS: usize = 500;

/// Everything that the templates of an incident's messages see.
#[derive(Debug, Clone, Serialize)]
pub struct CommsView<'a> {
    /// The incident's id.
    pub id: &'a str,
    /// What happened.
    pub title: &'a str,
    /// How far it has come.
    pub status: Word<'static>,
    /// The stated interval of updates.
    pub interval: Option<&'a str>,
    /// When the next message is due.
    pub due: Option<MomentView>,
    /// Drafts for the stages that no message has told yet, the nearest first.
    pub drafts: Vec<DraftMessageView>,
    /// The messages, the latest first.
    pub messages: Vec<SentView<'a>>,
}

/// A draft that is ready to be finished.
#[derive(Debug, Clone, Serialize)]
pub struct DraftMessageView {
    /// What it would tell.
    pub stage: Word<'static>,
    /// By what way it would go.
    pub channel: String,
    /// The same in words: `on the status page`, `by e-mail`.
    pub way: String,
    /// The subject.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
    /// Whether something is still to be filled in.
    pub has_placeholders: bool,
    /// When it was sent: never.
    pub sent: Option<MomentView>,
}

/// A message, with the time since the one before.
#[derive(Debug, Clone, Serialize)]
pub struct SentView<'a> {
    /// The message.
    #[serde(flatten)]
    pub message: MessageView<'a>,
    /// To whom and by what way, in words: `the public on the status page`.
    pub recipients: String,
    /// How long after the one before it was sent, in words.
    pub gap: Option<String>,
    /// Whether that was longer than promised.
    pub is_late: bool,
}

/// Everything that the templates of the page over all incidents see.
#[derive(Debug, Clone, Serialize)]
pub struct CommsIndexView<'a> {
    /// The message that is due next.
    pub next: Option<NextView<'a>>,
    /// How many of how many are listed, in words, where that is not all.
    pub cut: Option<String>,
    /// The messages, the latest first.
    pub rows: Vec<CommsRowView<'a>>,
}

/// The message that is due next.
#[derive(Debug, Clone, Serialize)]
pub struct NextView<'a> {
    /// The incident.
    pub id: &'a str,
    /// What happened.
    pub title: &'a str,
    /// When it is due.
    pub due: MomentView,
}

/// A message in the list over all incidents.
#[derive(Debug, Clone, Serialize)]
pub struct CommsRowView<'a> {
    /// The incident.
    pub id: &'a str,
    /// What happened.
    pub title: &'a str,
    /// Its place among all messages of the incident, from 1.
    pub number: usize,
    /// What it told.
    pub stage: Word<'static>,
    /// Who may read it.
    pub audience: Word<'static>,
    /// By what way.
    pub channel: Option<&'a str>,
    /// When it was sent.
    pub sent: Option<MomentView>,
    /// Who approved it.
    pub approved_by: Option<&'a str>,
    /// How long after the one before it was sent, in words.
    pub gap: Option<String>,
    /// Whether that was longer than promised.
    pub is_late: bool,
}

/// Says whether an incident has a page of its messages.
#[must_use]
pub fn has_page(summary: &Summary) -> bool {
    !summary.messages.is_empty() || summary.status.is_open()
}

/// Lists the stages to draft: those after the last one that was told.
///
/// That an incident is closed is for its readers inside; `comms` drafts it where customers are told.
#[must_use]
pub fn stages_to_draft(summary: &Summary) -> Vec<Stage> {
    if summary.status == Status::Planned {
        return vec![Stage::Planned];
    }
    let messages = summary.messages.iter();
    let current = messages.filter(|message| summary.facts.is_current(message.stage, message.sent));
    let last = current.map(|message| message.stage).max();
    // While it goes on, the next update may be of the stage that was told last.
    let is_next = |stage: &Stage| {
        let is_after =
            last.is_none_or(|last| *stage > last || (*stage == last && summary.status.is_open()));
        is_after && !matches!(stage, Stage::Planned | Stage::Closed)
    };
    STAGES.iter().copied().filter(is_next).collect()
}

/// Lists the channels to draft for: those that were used and have templates, else mail.
#[must_use]
pub fn channels_to_draft(summary: &Summary) -> Vec<&'static str> {
    let used = |channel: &&&str| {
        let mut messages = summary.messages.iter();
        messages.any(|message| message.channel.as_deref() == Some(**channel))
    };
    let channels: Vec<&str> = CHANNELS.iter().filter(used).copied().collect();
    if channels.is_empty() {
        vec!["email"]
    } else {
        channels
    }
}

impl<'a> CommsView<'a> {
    /// Builds the page of an incident.
    #[must_use]
    pub fn new(
        record: &'a Record,
        facts: &Facts,
        summary: &Summary,
        config: &Config,
        drafts: Vec<DraftMessageView>,
    ) -> Self {
        let incident = &record.incident;
        let readers = record.audience().max(Audience::Internal);
        let calendar = Calendar::of_report(record, facts, config, readers);
        let mut messages: Vec<(Option<DateTime<Utc>>, SentView)> = summary
            .messages
            .iter()
            .filter_map(|summarized| {
                let place = summarized.number.checked_sub(1)?;
                let messages = incident.messages.iter();
                let message = messages
                    .filter(|message| readers.may_read(message.audience()))
                    .nth(place)?;
                let view = SentView {
                    recipients: recipients(message),
                    message: MessageView::new(record, place, message, &calendar),
                    gap: summarized.gap.map(|gap| gap.to_string()),
                    is_late: summarized.is_late,
                };
                Some((summarized.sent.map(|sent| sent.at), view))
            })
            .collect();
        messages.sort_by_key(|(at, view)| std::cmp::Reverse((*at, view.message.number)));
        Self {
            id: &record.id,
            title: &incident.title,
            status: Word::new(label::status(facts.status).0, label::status(facts.status).1),
            interval: stated_interval(record),
            due: due(summary).map(|due| calendar.moment(due)),
            drafts,
            messages: messages.into_iter().map(|(_, view)| view).collect(),
        }
    }
}

/// Says to whom a message for those outside went, and by what way.
fn recipients(message: &Message) -> String {
    let whom = match message.audience() {
        Audience::Public => "the public",
        _ => "customers",
    };
    let way = message.channel.as_deref().map(label::way);
    way.map_or_else(|| whom.to_owned(), |way| format!("{whom} {way}"))
}

impl DraftMessageView {
    /// Takes a draft as it was rendered, with its subject in the first line if it has one.
    #[must_use]
    pub fn new(stage: Stage, channel: &str, subject: Option<&str>, body: &str) -> Self {
        Self {
            stage: Word::new(label::stage(stage).0, label::stage(stage).1),
            channel: channel.to_owned(),
            way: label::way(channel),
            subject: subject.map(str::to_owned),
            body: body.trim_end().to_owned(),
            has_placeholders: body.contains("[Fill in")
                || subject.is_some_and(|subject| subject.contains("[Fill in")),
            sent: None,
        }
    }
}

impl<'a> CommsIndexView<'a> {
    /// Builds the page over all incidents that an audience may read.
    #[must_use]
    pub fn new(summaries: &[&'a Summary], config: &Config) -> Self {
        let calendar = super::row::calendar(config);
        let mut rows: Vec<(Option<DateTime<Utc>>, CommsRowView)> = Vec::new();
        let latest_only = |rows: &mut Vec<(Option<DateTime<Utc>>, CommsRowView)>| {
            rows.sort_by_key(|(at, row)| std::cmp::Reverse((*at, row.id, row.number)));
            rows.truncate(MOST_ROWS);
        };
        let mut all = 0;
        for summary in summaries {
            // The rest is never held, because all rows together are large.
            if rows.len() > 4 * MOST_ROWS {
                latest_only(&mut rows);
            }
            for summarized in &summary.messages {
                all += 1;
                rows.push((
                    summarized.sent.map(|sent| sent.at),
                    CommsRowView {
                        id: &summary.id,
                        title: &summary.title,
                        number: summarized.number,
                        stage: Word::new(
                            label::stage(summarized.stage).0,
                            label::stage(summarized.stage).1,
                        ),
                        audience: Word::new(
                            summarized.audience.as_str(),
                            label::audience(summarized.audience),
                        ),
                        channel: summarized.channel.as_deref(),
                        sent: summarized.sent.map(|sent| calendar.moment(sent)),
                        approved_by: summarized.approved_by.as_deref(),
                        gap: summarized.gap.map(|gap| gap.to_string()),
                        is_late: summarized.is_late,
                    },
                ));
            }
        }
        latest_only(&mut rows);
        let superseded = metrics::superseded(summaries);
        let next = summaries
            .iter()
            .filter(|summary| !superseded.contains(summary.id.as_str()))
            .filter_map(|summary| Some((due(summary)?, summary)))
            .min_by_key(|(due, summary)| (due.at, &summary.id));
        Self {
            next: next.map(|(due, summary)| NextView {
                id: &summary.id,
                title: &summary.title,
                due: calendar.moment(due),
            }),
            cut: latest(MOST_ROWS, all, "message"),
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        }
    }
}

/// Returns when the next message about an open incident is due.
fn due(summary: &Summary) -> Option<Moment> {
    if !summary.status.is_open() || summary.status == Status::Planned {
        return None;
    }
    let last = summary
        .messages
        .iter()
        .rfind(|message| message.sent.is_some())?;
    last.due
}
