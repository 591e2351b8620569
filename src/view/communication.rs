//! Communication: how people were kept informed, and every message that was sent.

use serde::Serialize;

use super::parts::More;
use super::{MomentView, Reader, Word, label};
use crate::archive::Record;
use crate::facts::{EndpointSource, Facts, Length, State, separated};
use crate::incident::{Message, Section, Stage};
use crate::moment::Calendar;

/// The section Communication.
#[derive(Debug, Clone, Serialize)]
pub struct CommunicationView<'a> {
    /// How we kept each other informed.
    pub internal: Option<InternalView<'a>>,
    /// How we kept those outside informed.
    pub external: Option<ExternalView<'a>>,
    /// The final message, exactly as sent.
    pub template: Option<MessageView<'a>>,
    /// The messages that the lines above do not tell in full.
    pub messages: Vec<MessageView<'a>>,
    /// What an author added.
    pub more: More<'a>,
}

/// How we kept each other informed.
#[derive(Debug, Clone, Serialize)]
pub struct InternalView<'a> {
    /// The incident's chat channel.
    pub channel: Option<&'a str>,
    /// How often there was an update.
    pub update_interval: Option<&'a str>,
    /// How many of whom took part.
    pub participants: Vec<ParticipantsView<'a>>,
    /// The day of the review.
    pub review_on: Option<MomentView>,
}

/// How many of whom took part.
#[derive(Debug, Clone, Serialize)]
pub struct ParticipantsView<'a> {
    /// How many.
    pub count: String,
    /// Of whom.
    pub who: &'a str,
}

/// How we kept those outside informed.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalView<'a> {
    /// When customers first heard.
    pub notified: Option<NotifiedView<'a>>,
    /// How often the status page was updated.
    pub status_page_interval: Option<&'a str>,
    /// The status page's address.
    pub status_page_url: Option<&'a str>,
    /// When the final message was sent.
    pub finished: Option<FinishedView<'a>>,
}

/// When customers first heard.
#[derive(Debug, Clone, Serialize)]
pub struct NotifiedView<'a> {
    /// When.
    pub at: MomentView,
    /// The whole minutes from the first harm, in words: `17 minutes`.
    pub after: Option<String>,
    /// What is to be said of it.
    pub note: Option<&'a str>,
}

/// When the final message was sent.
#[derive(Debug, Clone, Serialize)]
pub struct FinishedView<'a> {
    /// When; absent when it was not recorded.
    pub at: Option<MomentView>,
    /// What is to be said of it.
    pub note: Option<&'a str>,
}

/// A message.
#[derive(Debug, Clone, Serialize)]
pub struct MessageView<'a> {
    /// Its place among all messages, from 1.
    pub number: usize,
    /// What it told.
    pub stage: Word<'static>,
    /// Who may read it.
    pub audience: Word<'static>,
    /// By what way.
    pub channel: Option<&'a str>,
    /// When it was sent.
    pub sent: Option<MomentView>,
    /// What is to be said of the sending.
    pub note: Option<&'a str>,
    /// The subject.
    pub subject: Option<&'a str>,
    /// The text.
    pub body: Option<&'a str>,
    /// Subject and text, exactly as they are to be copied; absent without a text.
    pub text: Option<String>,
    /// Whether the text stands above, as the final message.
    pub is_template: bool,
    /// Whether it is the text that those outside got last, for the button at the top of a report.
    pub is_latest: bool,
    /// Where it can be read.
    pub url: Option<&'a str>,
    /// When it promised the next update.
    pub next_update: Option<MomentView>,
    /// Who approved it.
    pub approved_by: Option<&'a str>,
}

impl<'a> MessageView<'a> {
    pub(super) fn new(
        record: &'a Record,
        place: usize,
        message: &'a Message,
        calendar: &Calendar,
    ) -> Self {
        let audience = message.audience();
        Self {
            number: place + 1,
            stage: Word::new(label::stage(message.stage).0, label::stage(message.stage).1),
            audience: Word::new(audience.as_str(), label::audience(audience)),
            channel: message.channel.as_deref(),
            sent: sent(record, message).map(|at| calendar.moment(at)),
            note: message.note.as_deref(),
            subject: message.subject.as_deref(),
            body: message.body.as_deref(),
            text: text(message),
            is_template: false,
            is_latest: false,
            url: message.url.as_deref(),
            next_update: record
                .when(message.next_update_at.as_ref(), None)
                .map(|at| calendar.moment(at)),
            approved_by: message.approved_by.as_deref(),
        }
    }

    /// Says whether the message has more to tell than when it was sent, a note, and the final text.
    fn has_more(&self) -> bool {
        let text = !self.is_template && (self.subject.is_some() || self.body.is_some());
        text || self.channel.is_some()
            || self.url.is_some()
            || self.next_update.is_some()
            || self.approved_by.is_some()
    }
}

/// Finds the place of the message with a text that was sent to those outside last.
fn latest(record: &Record, shown: &[(usize, &Message)]) -> Option<usize> {
    let texts = shown
        .iter()
        .filter(|(_, message)| message.audience().is_external() && message.body.is_some());
    let sent = texts.filter_map(|(place, message)| Some((sent(record, message)?.order(), *place)));
    sent.max().map(|(_, place)| place)
}

fn sent(record: &Record, message: &Message) -> Option<crate::moment::Moment> {
    record.when(message.sent_at.as_ref(), message.event.as_ref())
}

/// Gives subject and text of a message as they are to be copied; nothing without a text.
#[must_use]
pub fn text(message: &Message) -> Option<String> {
    let body = message.body.as_deref()?;
    let body = body.strip_suffix('\n').unwrap_or(body);
    Some(match &message.subject {
        Some(subject) => format!("Subject: {subject}\n\n{body}\n"),
        None => format!("{body}\n"),
    })
}

/// Numbers messages among those that are shown, so that a gap tells of nothing else.
fn renumber<'m, 'a: 'm>(
    shown: &[(usize, &Message)],
    messages: impl Iterator<Item = &'m mut MessageView<'a>>,
) {
    for message in messages {
        let place = shown
            .iter()
            .position(|(place, _)| place + 1 == message.number);
        message.number = place.map_or(message.number, |place| place + 1);
    }
}

impl<'a> InternalView<'a> {
    fn new(reader: &Reader<'a>) -> Option<Self> {
        let communication = reader.record.incident.communication.as_ref();
        let internal = communication?.internal.as_ref()?;
        let participants = internal.participants.0.iter();
        Some(Self {
            channel: internal.channel.as_deref(),
            update_interval: internal.update_interval.as_deref(),
            participants: participants
                .map(|(who, count)| ParticipantsView {
                    count: separated(i64::from(*count)),
                    who,
                })
                .collect(),
            review_on: reader.when(internal.review_on.as_ref(), None),
        })
    }
}

impl<'a> CommunicationView<'a> {
    pub(crate) fn new(reader: &Reader<'a>, facts: &Facts) -> Option<Self> {
        let &Reader {
            record,
            audience,
            ref calendar,
        } = reader;
        let incident = &record.incident;
        let shown: Vec<(usize, &Message)> = incident
            .messages
            .iter()
            .enumerate()
            .filter(|(_, message)| super::external::sees_message(audience, message))
            .collect();
        let finals = shown
            .iter()
            .filter(|(_, message)| message.stage == Stage::Resolved);
        let last = finals
            .max_by_key(|(place, message)| (sent(record, message).map(|at| at.order()), *place))
            .copied();
        let notify = facts
            .response_metric("time_to_notify")
            .and_then(|fact| fact.to.map(|to| (fact, to)))
            .filter(|(_, to)| reader.sees(to));
        let first = notify.and_then(|(_, to)| match to.source {
            EndpointSource::Message(place) => {
                shown.iter().find(|(index, _)| *index == place).copied()
            }
            EndpointSource::Mark(_) => None,
        });
        let notified = notify.map(|(fact, to)| NotifiedView {
            at: calendar.moment(to.moment),
            after: fact
                .length
                .filter(|_| fact.state == State::Recorded)
                .map(Length::in_minutes),
            note: first.and_then(|(_, message)| message.note.as_deref()),
        });
        let mut by_time = shown.clone();
        // What has no time comes last.
        by_time.sort_by_key(|(_, message)| {
            let at = sent(record, message).map(|at| at.order());
            (at.is_none(), at)
        });
        let mut messages: Vec<MessageView<'a>> = by_time
            .iter()
            .map(|(place, message)| MessageView::new(record, *place, message, calendar))
            .collect();
        let latest = latest(record, &shown);
        for message in &mut messages {
            message.is_latest = latest.is_some_and(|place| place + 1 == message.number);
        }
        let mut template = messages
            .iter_mut()
            .find(|message| {
                Some(message.number) == last.map(|(place, _)| place + 1) && message.body.is_some()
            })
            .map(|message| {
                message.is_template = true;
                message.clone()
            });
        let is_final = |message: &MessageView| {
            [first, last]
                .iter()
                .flatten()
                .any(|(place, _)| place + 1 == message.number)
                && !message.has_more()
        };
        messages.retain(|message| !is_final(message));
        renumber(&shown, messages.iter_mut().chain(&mut template));

        let external = incident
            .communication
            .as_ref()
            .and_then(|communication| communication.external.as_ref());
        let external =
            (notified.is_some() || last.is_some() || external.is_some()).then(|| ExternalView {
                notified,
                status_page_interval: external
                    .and_then(|external| external.status_page_interval.as_deref()),
                status_page_url: external.and_then(|external| external.status_page_url.as_deref()),
                finished: last.map(|(_, message)| FinishedView {
                    at: sent(record, message).map(|at| calendar.moment(at)),
                    note: message.note.as_deref(),
                }),
            });
        let internal = InternalView::new(reader);
        let more = More::new(reader, Section::Communication);
        let empty =
            internal.is_none() && external.is_none() && messages.is_empty() && more.is_empty();
        (!empty).then_some(Self {
            internal,
            external,
            template,
            messages,
            more,
        })
    }
}
