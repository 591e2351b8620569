//! The current state of an open incident, for the top of its report.
//!
//! It depends on no clock: how long ago a time was is added by the script of the pages.

use serde::Serialize;

use super::comms::RecipientsView;
use super::parts::PersonView;
use super::{MomentView, Reader, people};
use crate::config::Config;
use crate::facts::{Facts, updates};
use crate::incident::{Kind, Status};
use crate::timeline::Mark;

/// The current state of an open incident.
#[derive(Debug, Clone, Serialize)]
pub struct NowView<'a> {
    /// The time since which it has had its status, if that is recorded.
    pub since: Option<MomentView>,
    /// The last message to customers.
    pub last_message: Option<LastMessageView<'a>>,
    /// The time the next message is due.
    pub due: Option<MomentView>,
    /// The person who leads the response.
    pub commander: Option<PersonView<'a>>,
    /// The channel of the responders.
    pub channel: Option<&'a str>,
    /// What is not recorded yet: `severity`, `start time`.
    pub missing: Vec<&'static str>,
}

/// The last message to customers.
#[derive(Debug, Clone, Serialize)]
pub struct LastMessageView<'a> {
    /// The time it was sent.
    pub sent: MomentView,
    /// The subject, or the first paragraph of the text if it has none.
    pub text: Option<&'a str>,
    /// The audience and the channel.
    pub recipients: RecipientsView<'a>,
}

impl<'a> NowView<'a> {
    /// Creates the state, or returns `None` if it is no open incident.
    pub(super) fn new(reader: &Reader<'a>, facts: &Facts, config: &Config) -> Option<Self> {
        let &Reader {
            record,
            audience,
            ref calendar,
            ..
        } = reader;
        let incident = &record.incident;
        let is_planned = facts.status == Status::Planned;
        if incident.kind != Kind::Incident || !facts.status.is_open() || is_planned {
            return None;
        }
        let updates = updates(record, config);
        let mut seen = updates.iter().rev().filter_map(|update| {
            let message = incident.messages.get(update.index)?;
            audience
                .may_read(message.audience())
                .then_some((update, message))
        });
        let last = seen.next();
        let commander = people::commander(record);
        let internal = incident
            .communication
            .as_ref()
            .and_then(|communication| communication.internal.as_ref());
        let is_known = [
            ("severity", record.severity(config).is_some()),
            ("start time", facts.started.is_some()),
            ("incident commander", commander.is_some()),
            ("customer impact", incident.impact.is_some()),
        ];
        let missing = is_known.into_iter().filter(|(_, is_known)| !is_known);
        Some(Self {
            since: since(reader, facts),
            last_message: last.map(|(update, message)| LastMessageView {
                sent: calendar.moment(update.sent),
                text: (message.subject.as_deref()).or_else(|| first(message.body.as_deref()?)),
                recipients: RecipientsView::new(message),
            }),
            due: last
                .and_then(|(update, _)| update.due)
                .map(|due| calendar.moment(due.at)),
            channel: internal.and_then(|internal| internal.channel.as_deref()),
            commander,
            missing: missing.map(|(name, _)| name).collect(),
        })
    }
}

/// Returns the time of the mark that the status follows from.
fn since(reader: &Reader, facts: &Facts) -> Option<MomentView> {
    if facts.reopened.is_some() {
        return None;
    }
    let mark = match facts.status {
        Status::Investigating => Mark::Detected,
        Status::Identified => Mark::Identified,
        Status::Monitoring => Mark::Mitigated,
        _ => return None,
    };
    let events = &reader.record.timeline.events;
    let marked = reader.record.marks();
    let marked = marked.iter().find(|marked| marked.mark == mark)?;
    let is_seen = marked
        .event
        .and_then(|event| events.get(event))
        .is_none_or(|event| reader.record.shows(event, reader.audience));
    is_seen.then(|| reader.calendar.moment(marked.moment))
}

/// Returns the first paragraph of a text.
fn first(text: &str) -> Option<&str> {
    text.trim().split("\n\n").next()
}
