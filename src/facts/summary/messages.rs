//! The messages to customers and the public, as lists show them.

use serde::{Deserialize, Serialize};

use super::super::{Length, updates};
use super::without_spare;
use crate::archive::Record;
use crate::audience::Audience;
use crate::incident::Stage;
use crate::moment::{Moment, Zone};

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

pub(super) fn messages(record: &Record, zone: Zone) -> Vec<MessageSummary> {
    let updates = updates(record, zone);
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
    let mut messages = without_spare(external);
    messages.sort_by_key(|message| (message.sent.map(|sent| sent.order()), message.number));
    messages
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
    without_spare(public)
}
