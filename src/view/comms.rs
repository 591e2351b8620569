//! Messages to customers: those that were sent, drafts of the next ones, and when those are due.
//!
//! The pages hold external messages only, so that nothing else can be copied
//! by mistake.

mod index;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::communication::{MessageView, ViaView};
use super::draft::STAGES;
use super::{MomentView, RelationView, Relations, Word, label, latest};
use crate::archive::{Record, words};
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{Facts, MessageSummary, Summary, counted, due, stated_interval};
use crate::incident::{Kind, Message, Stage, Status};
use crate::moment::{Calendar, Moment};
pub use index::{CommsIndexView, CommsRowView, LatestMessages, NextView};

/// The data for the templates of an incident's messages.
#[derive(Debug, Clone, Serialize)]
pub struct CommsView<'a> {
    /// The incident's ID.
    pub id: &'a str,
    /// The title.
    pub title: Cow<'a, str>,
    /// The status.
    pub status: Word<'static>,
    /// The incident that this one was merged into.
    pub merged_into: Option<RelationView>,
    /// The line on every page of the incident: `TLP:AMBER`.
    pub marking: Option<&'a str>,
    /// The stated update interval.
    pub interval: Option<&'a str>,
    /// The time the next message is due.
    pub due: Option<MomentView>,
    /// The drafts for the stages without a message yet, the nearest stage first.
    pub drafts: Vec<DraftMessageView<'a>>,
    /// A copy of the last message for each customer.
    pub copies: Option<CopiesView<'a>>,
    /// The messages, newest first.
    pub messages: Vec<SentView<'a>>,
}

/// A draft to be completed and sent.
#[derive(Debug, Clone, Serialize)]
pub struct DraftMessageView<'a> {
    /// The stage.
    pub stage: Word<'static>,
    /// The channel with its preposition.
    pub via: ViaView<'a>,
    /// The subject.
    pub subject: Option<String>,
    /// The subject in parts.
    pub subject_parts: Vec<DraftPart>,
    /// The text.
    pub body: String,
    /// The text in parts.
    pub body_parts: Vec<DraftPart>,
    /// Whether it contains placeholders.
    pub has_placeholders: bool,
    /// The time it was sent: always `None`.
    pub sent: Option<MomentView>,
}

/// A part of the text of a draft.
#[derive(Debug, Clone, Serialize)]
pub struct DraftPart {
    /// The text.
    pub text: String,
    /// Whether it is a placeholder that is to be filled in.
    pub is_placeholder: bool,
}

/// The copies of a message for customers.
#[derive(Debug, Clone, Serialize)]
pub struct CopiesView<'a> {
    /// The stage of the message.
    pub stage: Word<'static>,
    /// The time the message was sent.
    pub sent: Option<MomentView>,
    /// The number of copies: `5 customers`.
    pub count: String,
    /// The copies that the page lists, if that is not all.
    pub cut: Option<String>,
    /// The copies, in the order of the customers.
    pub list: Vec<CopyView<'a>>,
}

/// The copy of a message for a customer.
#[derive(Debug, Clone, Serialize)]
pub struct CopyView<'a> {
    /// The customer.
    pub customer: &'a str,
    /// The text that the page's filter searches: the customer in lowercase.
    pub filter: String,
    /// The subject.
    pub subject: Option<String>,
    /// The text, with the customer's figures.
    pub body: String,
}

/// Who got a message, and how.
#[derive(Debug, Clone, Serialize)]
pub struct RecipientsView<'a> {
    /// The audience: `the public`, `customers`.
    pub audience: &'static str,
    /// The channel with its preposition.
    pub via: Option<ViaView<'a>>,
}

/// A message with the time since the previous one.
#[derive(Debug, Clone, Serialize)]
pub struct SentView<'a> {
    /// The message.
    #[serde(flatten)]
    pub message: MessageView<'a>,
    /// The audience and the channel.
    pub recipients: RecipientsView<'a>,
    /// The time since the previous message as text.
    pub gap: Option<String>,
    /// Whether that was longer than promised.
    pub is_late: bool,
}

/// Returns `true` if an incident with a status and a number of messages has a page of these.
#[must_use]
pub fn has_page(status: Status, messages: usize) -> bool {
    messages > 0 || status.is_open()
}

/// Returns `true` if the report of an incident links to a page of its messages for an audience.
pub(super) fn is_linked(record: &Record, status: Status, audience: Audience) -> bool {
    let messages = record.incident.messages.iter();
    let messages = messages.filter(|message| message.audience().is_external());
    !audience.is_external() && has_page(status, messages.count())
}

/// Returns the stages to draft: those after the stage of the last message.
///
/// Of planned work these are the announcement, the start and the end.
/// The `closed` stage is usually internal only, so it is not offered here; `comms` drafts it on request.
#[must_use]
pub fn stages_to_draft(record: &Record, facts: &Facts, messages: &[MessageSummary]) -> Vec<Stage> {
    let (incident, status) = (&record.incident, facts.status);
    // What is still to be told is told of the incident into which this one was merged. Drafts would tell of an end that cancelled
    // maintenance never had, and apologize for a drill.
    let is_unusual = label::unusual(incident.kind).is_some() || facts.is_cancelled;
    if incident.merged_into.is_some() || is_unusual {
        return Vec::new();
    }
    if status == Status::Planned {
        return vec![Stage::Planned, Stage::Investigating, Stage::Resolved];
    }
    let messages = messages.iter();
    let current = messages.filter(|message| facts.is_current(message.stage, message.sent));
    let last = current.map(|message| message.stage).max();
    // During an ongoing incident the next update may repeat the last stage.
    let is_next = |stage: &Stage| {
        let is_after =
            last.is_none_or(|last| *stage > last || (*stage == last && status.is_open()));
        // Nothing is investigated in planned work.
        let is_told = incident.kind != Kind::Maintenance
            || !matches!(stage, Stage::Identified | Stage::Postmortem);
        is_after && is_told && !matches!(stage, Stage::Planned | Stage::Closed)
    };
    STAGES.iter().copied().filter(is_next).collect()
}

/// The channel to draft for if none that has a template was used.
pub const DEFAULT_CHANNEL: &str = "email";

/// Returns the least restricted audience that a channel's messages reach. A status page may always be public.
#[must_use]
pub fn channel_audience(messages: &[MessageSummary], channel: &str) -> Audience {
    let messages = messages.iter();
    let is_public = messages
        .filter(|message| message.channel.as_deref() == Some(channel))
        .any(|message| message.audience == Audience::Public);
    if is_public || channel == "status" {
        Audience::Public
    } else {
        Audience::Customers
    }
}

/// Returns the channels by which customers and the public were informed, the last used first.
#[must_use]
pub fn used_channels(messages: &[MessageSummary]) -> Vec<&str> {
    let mut used: Vec<&str> = Vec::new();
    let messages = messages.iter().rev();
    for channel in messages.filter_map(|message| message.channel.as_deref()) {
        if !used.contains(&channel) {
            used.push(channel);
        }
    }
    used
}

impl<'a> CommsView<'a> {
    /// Creates the page of an incident.
    #[must_use]
    pub fn new(
        record: &'a Record,
        facts: &Facts,
        sent: &[MessageSummary],
        config: &Config,
        relations: &Relations,
        drafts: Vec<DraftMessageView<'a>>,
        copies: Option<CopiesView<'a>>,
    ) -> Self {
        let incident = &record.incident;
        let readers = record.audience().max(Audience::Internal);
        let calendar = Calendar::of_report(record, facts, config, readers);
        let status = label::report_status(incident.kind, facts.status, relations.replaced_inside());
        let mut messages: Vec<(Option<DateTime<Utc>>, SentView)> = sent
            .iter()
            .filter_map(|summarized| {
                let index = summarized.number.checked_sub(1)?;
                let messages = incident.messages.iter();
                let message = messages
                    .filter(|message| readers.may_read(message.audience()))
                    .nth(index)?;
                let view = SentView {
                    recipients: RecipientsView::new(message),
                    message: MessageView::new(record, index, message, &calendar),
                    gap: summarized.gap.map(|gap| gap.to_string()),
                    is_late: summarized.is_late,
                };
                Some((summarized.sent.map(|sent| sent.at), view))
            })
            .collect();
        messages.sort_by_key(|(at, view)| std::cmp::Reverse((*at, view.message.number)));
        Self {
            id: &record.id,
            title: words(&incident.title),
            status: Word::from(status),
            merged_into: relations.merged_into.clone(),
            marking: record.incident.governance.marking.as_deref(),
            interval: stated_interval(record),
            due: due(facts.status, sent).map(|due| calendar.moment(due)),
            drafts,
            copies,
            messages: messages.into_iter().map(|(_, view)| view).collect(),
        }
    }
}

impl<'a> RecipientsView<'a> {
    /// Creates the view of an external message.
    pub(super) fn new(message: &'a Message) -> Self {
        Self {
            audience: match message.audience() {
                Audience::Public => "the public",
                _ => "customers",
            },
            via: message.channel.as_deref().map(ViaView::new),
        }
    }
}

impl<'a> DraftMessageView<'a> {
    /// Creates the view of a rendered draft.
    #[must_use]
    pub fn new(
        kind: Kind,
        stage: Stage,
        channel: &'a str,
        subject: Option<&str>,
        body: &str,
    ) -> Self {
        let body = body.trim_end();
        let (subject_parts, body_parts) = (parts(subject.unwrap_or_default()), parts(body));
        let mut all = subject_parts.iter().chain(&body_parts);
        Self {
            stage: Word::from(label::stage(kind, stage)),
            via: ViaView::new(channel),
            subject: subject.map(str::to_owned),
            body: body.to_owned(),
            has_placeholders: all.any(|part| part.is_placeholder),
            subject_parts,
            body_parts,
            sent: None,
        }
    }
}

/// Splits the text of a draft at its placeholders.
fn parts(text: &str) -> Vec<DraftPart> {
    let mut parts = Vec::new();
    let mut push = |text: &str, is_placeholder| {
        if !text.is_empty() {
            let text = text.to_owned();
            parts.push(DraftPart {
                text,
                is_placeholder,
            });
        }
    };
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[Fill in")
        && let Some((inside, after)) = after.split_once(']')
    {
        push(before, false);
        push(&format!("[Fill in{inside}]"), true);
        rest = after;
    }
    push(rest, false);
    parts
}

impl<'a> CopiesView<'a> {
    /// The maximum number of copies on a page.
    pub const MOST: usize = 50;

    /// Creates the view of the copies of a message; `all` is the number of customers that can get one.
    #[must_use]
    pub fn new(
        stage: Word<'static>,
        sent: Option<Moment>,
        calendar: &Calendar,
        all: usize,
        list: Vec<CopyView<'a>>,
    ) -> Self {
        Self {
            stage,
            sent: sent.map(|sent| calendar.moment(sent)),
            count: counted(all, "customer"),
            cut: (all > Self::MOST).then(|| format!("the first {} of {all} customers", Self::MOST)),
            list,
        }
    }
}
