//! The messages to customers and the public, as lists show them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::{Length, updates};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::incident::{Stage, Status};
use crate::moment::Moment;

/// A summary of a message to customers or the public.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageSummary {
    /// The position among the messages that the incident's internal readers see, from 1.
    pub number: usize,
    /// The stage.
    pub stage: Stage,
    /// The audience that may read it.
    pub audience: Audience,
    /// The channel.
    pub channel: Option<String>,
    /// The subject.
    pub subject: Option<String>,
    /// The first line of its text.
    pub first_line: Option<String>,
    /// The time it was sent.
    pub sent: Option<Moment>,
    /// The time since the previous message.
    pub gap: Option<Length>,
    /// The time at which the next message was due, if one was promised.
    pub due: Option<Moment>,
    /// Whether it was sent later than a previous message promised.
    pub is_late: bool,
    /// The person who approved it.
    pub approved_by: Option<String>,
}

/// A message, without its texts.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct SentMessage {
    /// The same as that of the [`MessageSummary`].
    pub number: usize,
    /// The time it was sent.
    pub at: Option<DateTime<Utc>>,
}

impl From<&MessageSummary> for SentMessage {
    fn from(message: &MessageSummary) -> Self {
        Self {
            number: message.number,
            at: message.sent.map(|sent| sent.at),
        }
    }
}

/// Lists the messages of an incident to customers and the public, in the order in which they were sent.
#[must_use]
pub fn messages(record: &Record, config: &Config) -> Vec<MessageSummary> {
    let updates = updates(record, config);
    // Number the messages as internal readers see them: positions among all would reveal more restricted ones.
    let readers = record.audience().max(Audience::Internal);
    let all = record.incident.messages.iter().enumerate();
    let shown = all.filter(|(_, message)| readers.may_read(message.audience()));
    let external = shown
        .enumerate()
        .filter_map(|(position, (index, message))| {
            let audience = message.audience();
            let text = |line: &Option<crate::kind::Line>| line.as_ref().map(ToString::to_string);
            let update = updates.iter().find(|update| update.index == index);
            audience.is_external().then(|| MessageSummary {
                number: position + 1,
                stage: message.stage,
                audience,
                channel: text(&message.channel),
                subject: text(&message.subject),
                first_line: message
                    .body
                    .as_ref()
                    .and_then(|body| Some(body.trim().lines().next()?.trim_end().to_owned())),
                sent: update.map(|update| update.sent),
                gap: update.and_then(|update| update.gap),
                due: update.and_then(|update| update.due).map(|due| due.at),
                is_late: update.is_some_and(|update| update.is_late),
                approved_by: text(&message.approved_by),
            })
        });
    let mut messages: Vec<MessageSummary> = external.collect();
    messages.sort_by_key(|message| (message.sent.map(|sent| sent.order()), message.number));
    messages
}

/// Returns when the next message about an open incident is due; `messages` are those that were sent.
#[must_use]
pub fn due(status: Status, messages: &[MessageSummary]) -> Option<Moment> {
    let is_going_on = status.is_going_on();
    let mut sent = messages.iter().filter(|_| is_going_on);
    sent.rfind(|message| message.sent.is_some())?.due
}

/// A message to the public.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublicMessage {
    /// The stage.
    pub stage: Stage,
    /// The time it was sent.
    pub sent: Option<Moment>,
    /// The subject.
    pub subject: Option<String>,
    /// The text.
    pub body: String,
}

pub(super) fn public_messages(record: &Record) -> Vec<PublicMessage> {
    if record.audience() != Audience::Public {
        return Vec::new();
    }
    let public = record.incident.messages.iter().filter_map(|message| {
        let body = message.body.as_ref()?;
        (message.audience == Some(Audience::Public)).then(|| PublicMessage {
            stage: message.stage,
            sent: record.when(message.sent_at.as_ref(), message.event.as_ref()),
            subject: message.subject.as_ref().map(ToString::to_string),
            body: body.to_string(),
        })
    });
    public.collect()
}
