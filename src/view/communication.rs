//! Communication during the incident, and every message that was sent.

use serde::Serialize;

use super::parts::More;
use super::{MomentView, Reader, Word, label};
use crate::archive::Record;
use crate::facts::{EndpointSource, Facts, Length, State, separated};
use crate::incident::{Message, Reference, Section, Stage};
use crate::moment::Calendar;

/// The section Communication.
#[derive(Debug, Clone, Serialize)]
pub struct CommunicationView<'a> {
    /// The communication among responders.
    pub internal: Option<InternalView<'a>>,
    /// The communication with customers and the public.
    pub external: Option<ExternalView<'a>>,
    /// The final message, exactly as sent.
    pub template: Option<MessageView<'a>>,
    /// The messages that have more details than the lines above show.
    pub messages: Vec<MessageView<'a>>,
    /// Content added by the author.
    pub more: More<'a>,
}

/// The communication among responders.
#[derive(Debug, Clone, Serialize)]
pub struct InternalView<'a> {
    /// The incident's chat channel.
    pub channel: Option<&'a str>,
    /// Whether the channel is in Slack.
    pub is_slack: bool,
    /// The update interval.
    pub update_interval: Option<&'a str>,
    /// The number of participants by role.
    pub participants: Vec<ParticipantsView<'a>>,
    /// The time of the review meeting.
    pub review_on: Option<MomentView>,
}

/// The number of participants by role.
#[derive(Debug, Clone, Serialize)]
pub struct ParticipantsView<'a> {
    /// The number.
    pub count: String,
    /// The role.
    pub who: &'a str,
}

/// The communication with customers and the public.
#[derive(Debug, Clone, Serialize)]
pub struct ExternalView<'a> {
    /// The first notification of customers.
    pub notified: Option<NotifiedView<'a>>,
    /// The update interval of the status page.
    pub status_page_interval: Option<&'a str>,
    /// The URL of the status page.
    pub status_page_url: Option<&'a str>,
    /// The final message.
    pub finished: Option<FinishedView<'a>>,
}

/// The first notification of customers.
#[derive(Debug, Clone, Serialize)]
pub struct NotifiedView<'a> {
    /// The time.
    pub at: MomentView,
    /// The whole minutes since impact started: `17 minutes`.
    pub after: Option<String>,
    /// The note.
    pub note: Option<&'a str>,
}

/// The final message.
#[derive(Debug, Clone, Serialize)]
pub struct FinishedView<'a> {
    /// The time; `None` if it was not recorded.
    pub at: Option<MomentView>,
    /// The note.
    pub note: Option<&'a str>,
}

/// A message.
#[derive(Debug, Clone, Serialize)]
pub struct MessageView<'a> {
    /// The position among all messages, from 1.
    pub number: usize,
    /// The stage.
    pub stage: Word<'static>,
    /// The audience.
    pub audience: Word<'static>,
    /// The channel.
    pub channel: Option<&'a str>,
    /// The channel with its preposition: `on`, `the status page`.
    pub via: Option<ViaView<'a>>,
    /// The time it was sent.
    pub sent: Option<MomentView>,
    /// The note.
    pub note: Option<&'a str>,
    /// The subject.
    pub subject: Option<&'a str>,
    /// The text.
    pub body: Option<&'a str>,
    /// Subject and text as they are copied; `None` without a text.
    pub text: Option<String>,
    /// Whether the text is printed above, as the final message.
    pub is_template: bool,
    /// Whether it is the latest external message, which the button at the top of a report copies.
    pub is_latest: bool,
    /// The URL.
    pub url: Option<&'a str>,
    /// The promised time of the next update.
    pub next_update: Option<MomentView>,
    /// The approver.
    pub approved_by: Option<&'a str>,
}

/// A channel with its preposition, which is text of ours beside text of any script.
#[derive(Debug, Clone, Serialize)]
pub struct ViaView<'a> {
    /// The preposition: `on`, `by`.
    pub by: &'static str,
    /// The channel: `the status page`, `email`.
    pub channel: &'a str,
}

impl<'a> ViaView<'a> {
    pub(super) fn new(key: &'a str) -> Self {
        Self {
            by: label::preposition(key),
            channel: label::channel(key),
        }
    }
}

impl<'a> MessageView<'a> {
    pub(super) fn new(
        record: &'a Record,
        index: usize,
        message: &'a Message,
        calendar: &Calendar,
    ) -> Self {
        let audience = message.audience();
        Self {
            number: index + 1,
            stage: Word::from(label::stage(record.incident.kind, message.stage)),
            audience: Word::new(audience.as_str(), audience.label()),
            channel: message.channel.as_deref(),
            via: message.channel.as_deref().map(ViaView::new),
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

    /// Returns `true` if the message has more details than its time, its note and the final text.
    fn has_more(&self) -> bool {
        let text = !self.is_template && (self.subject.is_some() || self.body.is_some());
        text || self.channel.is_some()
            || self.url.is_some()
            || self.next_update.is_some()
            || self.approved_by.is_some()
    }
}

/// Returns the index of the latest external message that has a text.
fn latest(record: &Record, shown: &[(usize, &Message)]) -> Option<usize> {
    let texts = shown
        .iter()
        .filter(|(_, message)| message.audience().is_external() && message.body.is_some());
    let sent = texts.filter_map(|(index, message)| Some((sent(record, message)?.order(), *index)));
    sent.max().map(|(_, index)| index)
}

fn sent(record: &Record, message: &Message) -> Option<crate::moment::Moment> {
    record.when(message.sent_at.as_ref(), message.event.as_ref())
}

/// Returns subject and text of a message as they are copied, or `None` without a text.
#[must_use]
pub fn text(message: &Message) -> Option<String> {
    let body = message.body.as_deref()?;
    let body = body.strip_suffix('\n').unwrap_or(body);
    Some(match &message.subject {
        Some(subject) => format!("Subject: {subject}\n\n{body}\n"),
        None => format!("{body}\n"),
    })
}

/// Numbers messages among those that are shown, so that no gap reveals a hidden one.
fn renumber<'m, 'a: 'm>(
    shown: &[(usize, &Message)],
    messages: impl Iterator<Item = &'m mut MessageView<'a>>,
) {
    for message in messages {
        let index = shown
            .iter()
            .position(|(index, _)| index + 1 == message.number);
        message.number = index.map_or(message.number, |index| index + 1);
    }
}

impl<'a> InternalView<'a> {
    fn new(reader: &Reader<'a>) -> Option<Self> {
        let communication = reader.record.incident.communication.as_ref();
        let internal = communication?.internal.as_ref()?;
        let channel = internal.channel.as_deref();
        let channel = channel.map(|channel| slack(channel, &reader.record.incident.references));
        let participants = internal.participants.0.iter();
        Some(Self {
            channel: channel.map(|(_, channel)| channel),
            is_slack: channel.is_some_and(|(is_slack, _)| is_slack),
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

/// Returns whether a channel is in Slack, and its name without that word.
///
/// A name such as `#inc-0141` says nothing about the chat, unless a reference such as `Slack Thread`
/// has the same text.
fn slack<'a>(channel: &'a str, references: &[Reference]) -> (bool, &'a str) {
    let says = |text: &str| text.to_lowercase().contains("slack");
    let is_named = |reference: &Reference| {
        reference.text.as_deref() == Some(channel) && says(&reference.title)
    };
    let name = channel.strip_prefix("Slack ").map(str::trim_start);
    match name.filter(|name| name.starts_with('#')) {
        Some(name) => (true, name),
        None => (says(channel) || references.iter().any(is_named), channel),
    }
}

impl<'a> CommunicationView<'a> {
    pub(crate) fn new(reader: &Reader<'a>, facts: &Facts) -> Option<Self> {
        let &Reader {
            record,
            audience,
            ref calendar,
            ..
        } = reader;
        let incident = &record.incident;
        let shown: Vec<(usize, &Message)> = incident
            .messages
            .iter()
            .enumerate()
            .filter(|(_, message)| super::external::sees_message(audience, message))
            .collect();
        // Once the incident is open again, an earlier message is not the final one.
        let finals = shown.iter().filter(|(_, message)| {
            message.stage == Stage::Resolved
                && facts.is_current(Stage::Resolved, sent(record, message))
        });
        let last = finals
            .max_by_key(|(index, message)| (sent(record, message).map(|at| at.order()), *index))
            .copied();
        let notify = facts
            .response_metric("time_to_notify")
            .and_then(|fact| fact.to.map(|to| (fact, to)))
            .filter(|(_, to)| reader.sees(to));
        let first = notify.and_then(|(_, to)| match to.source {
            EndpointSource::Message(first) => {
                shown.iter().find(|(index, _)| *index == first).copied()
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
        // Messages without a time come last.
        by_time.sort_by_key(|(_, message)| {
            let at = sent(record, message).map(|at| at.order());
            (at.is_none(), at)
        });
        let mut messages: Vec<MessageView<'a>> = by_time
            .iter()
            .map(|(index, message)| MessageView::new(record, *index, message, calendar))
            .collect();
        let latest = latest(record, &shown);
        for message in &mut messages {
            message.is_latest = latest.is_some_and(|index| index + 1 == message.number);
        }
        let mut template = messages
            .iter_mut()
            .find(|message| {
                Some(message.number) == last.map(|(index, _)| index + 1) && message.body.is_some()
            })
            .map(|message| {
                message.is_template = true;
                message.clone()
            });
        let is_final = |message: &MessageView| {
            [first, last]
                .iter()
                .flatten()
                .any(|(index, _)| index + 1 == message.number)
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

#[cfg(test)]
mod tests {
    use super::slack;
    use crate::incident::Reference;
    use crate::kind::Line;

    #[test]
    fn only_a_channel_of_slack_is_called_one() {
        let line = |text: &str| Line::new(text).expect("a line");
        let reference = |title: &str| Reference {
            title: line(title),
            text: Some(line("#inc-0141")),
            ..Reference::default()
        };
        for (channel, title, expected) in [
            ("#inc-0141", "Notes", (false, "#inc-0141")),
            ("#inc-0141", "Slack Thread", (true, "#inc-0141")),
            ("#inc-0142", "Slack Thread", (false, "#inc-0142")),
            ("Slack #inc-0141", "Notes", (true, "#inc-0141")),
            ("Slack: incidents", "Notes", (true, "Slack: incidents")),
            ("Teams: Incidents", "Notes", (false, "Teams: Incidents")),
            (
                "#incidents on Discord",
                "Notes",
                (false, "#incidents on Discord"),
            ),
        ] {
            assert_eq!(slack(channel, &[reference(title)]), expected, "{channel}");
        }
        let link = "https://example.slack.com/archives/C01";
        assert_eq!(slack(link, &[]), (true, link));
    }
}
