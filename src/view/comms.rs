//! What customers were told, what they are to be told next, and when: for those who copy it.
//!
//! Only messages for those outside are here, so that nothing else can be copied
//! by mistake.

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use super::communication::MessageView;
use super::draft::{CHANNELS, STAGES};
use super::{Calendar, MomentView, Word, label, latest};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Facts, MessageSummary, Summary, between, interval};
use crate::incident::{Message, Stage, Status};
use crate::metrics;
use crate::moment::{Moment, Zone};

/// How many messages the page over all incidents lists.
const MOST_ROWS: usize = 500;

/// How late an update may be, in seconds: clocks and status pages agree to a minute.
const GRACE: i64 = 60;

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
    is_shown(summary.status, !summary.messages.is_empty())
}

/// Returns whether an incident's report has a page of its messages for an audience.
pub(super) fn is_linked(record: &Record, status: Status, audience: Audience) -> bool {
    let mut messages = record.incident.messages.iter();
    let has_messages = messages.any(|message| message.audience().is_external());
    !audience.is_external() && is_shown(status, has_messages)
}

fn is_shown(status: Status, has_messages: bool) -> bool {
    has_messages || (status.is_open() && status != Status::Planned)
}

/// Lists the stages to draft: those after the last one that was told.
#[must_use]
pub fn stages_to_draft(summary: &Summary) -> Vec<Stage> {
    let last = summary.messages.iter().map(|message| message.stage).max();
    if summary.status == Status::Planned {
        return Vec::new();
    }
    // While it goes on, the next update may be of the stage that was told last.
    let is_next = |stage: &Stage| {
        last.is_none_or(|last| *stage > last || (*stage == last && summary.status.is_open()))
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
        let zone = record.zone(config);
        let calendar = Calendar {
            zone,
            first_day: facts.started.map(|end| end.moment.day(zone)),
        };
        let update_gaps = update_gaps(summary, zone);
        let readers = record.audience().max(Audience::Internal);
        let mut messages: Vec<(Option<DateTime<Utc>>, SentView)> = update_gaps
            .into_iter()
            .filter_map(|(summarized, pace)| {
                let place = summarized.number.checked_sub(1)?;
                let messages = incident.messages.iter();
                let message = messages
                    .filter(|message| readers.may_read(message.audience()))
                    .nth(place)?;
                let view = SentView {
                    recipients: recipients(message),
                    message: MessageView::new(record, place, message, calendar),
                    gap: pace.gap,
                    is_late: pace.is_late,
                };
                Some((summarized.sent.map(|sent| sent.at), view))
            })
            .collect();
        messages.sort_by_key(|(at, view)| std::cmp::Reverse((*at, view.message.number)));
        Self {
            id: &record.id,
            title: &incident.title,
            status: Word::new(label::status(facts.status).0, label::status(facts.status).1),
            interval: incident
                .communication
                .as_ref()
                .and_then(|communication| communication.external.as_ref())
                .and_then(|external| external.status_page_interval.as_deref()),
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
        let calendar = Calendar {
            zone: config.site.timezone.unwrap_or_default(),
            first_day: None,
        };
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
            for (summarized, pace) in update_gaps(summary, calendar.zone) {
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
                        gap: pace.gap,
                        is_late: pace.is_late,
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

/// How a message follows the one before.
struct UpdateGap {
    gap: Option<String>,
    is_late: bool,
}

/// Gives each message for outside, in the order of sending, with the time since the one before.
fn update_gaps(summary: &Summary, zone: Zone) -> Vec<(&MessageSummary, UpdateGap)> {
    let mut messages: Vec<&MessageSummary> = summary.messages.iter().collect();
    messages.sort_by_key(|message| (message.sent.map(|sent| sent.order()), message.number));
    let promised = summary.update_interval.as_deref().and_then(interval);
    let mut last: Option<(&MessageSummary, Moment)> = None;
    let mut update_gaps = Vec::with_capacity(messages.len());
    for message in messages {
        let passed = last
            .zip(message.sent)
            .and_then(|((_, from), to)| between(&from, &to, zone));
        let is_late = last.zip(message.sent).is_some_and(|((before, from), to)| {
            let until = match (before.next_update, promised) {
                (Some(next), _) => Some(next.at),
                (None, Some(seconds)) if before.stage < Stage::Resolved => {
                    TimeDelta::try_seconds(seconds)
                        .and_then(|length| from.at.checked_add_signed(length))
                }
                _ => None,
            };
            let grace = TimeDelta::seconds(GRACE);
            until.is_some_and(|until| to.at > until + grace)
        });
        update_gaps.push((
            message,
            UpdateGap {
                gap: passed.map(|length| length.to_string()),
                is_late,
            },
        ));
        last = message.sent.map(|sent| (message, sent)).or(last);
    }
    update_gaps
}

/// Finds when the next message about an open incident is due: as promised, else by the stated interval.
fn due(summary: &Summary) -> Option<Moment> {
    if !summary.status.is_open() || summary.status == Status::Planned {
        return None;
    }
    let dated = summary
        .messages
        .iter()
        .filter_map(|message| Some((message.sent?, message)));
    let (sent, last) = dated.max_by_key(|(sent, message)| (sent.order(), message.number))?;
    let by_interval = || {
        let seconds = summary.update_interval.as_deref().and_then(interval)?;
        let at = sent
            .at
            .checked_add_signed(TimeDelta::try_seconds(seconds)?)?;
        Some(Moment { at, ..sent })
    };
    last.next_update.or_else(by_interval)
}
