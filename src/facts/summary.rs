//! The part of an incident that the rest of the archive needs to know.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::{ActionSummary, Actions, Facts, Length, Totals, updates};
use crate::archive::{Record, RecordSource};
use crate::audience::Audience;
use crate::config::Config;
use crate::incident::{HealingResult, Kind, Stage, Status};
use crate::kind::Either;
use crate::moment::{Moment, Zone};

/// A summary of an incident: enough for indexes, relations and statistics.
///
/// It stays in memory when the incident itself does not.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The incident's ID.
    pub id: String,
    /// The paths of its files, and their digests when the summary was computed.
    pub source: RecordSource,
    /// The title.
    pub title: String,
    /// The type of record.
    pub kind: Kind,
    /// The key of the severity.
    pub severity: Option<String>,
    /// The status.
    pub status: Status,
    /// The audience that may read the report.
    pub audience: Audience,
    /// The affected services.
    pub services: Vec<String>,
    /// The keywords that group related incidents.
    pub tags: Vec<String>,
    /// The start that the report prints.
    pub started: Option<Moment>,
    /// The date of the start, in the time zone of the report.
    pub day: Option<NaiveDate>,
    /// The computed numbers. Of the response times only the duration is kept here, to save memory.
    pub facts: Facts,
    /// The durations of the recorded response times, by key.
    pub lengths: Vec<(Cow<'static, str>, Length)>,
    /// The IDs of the reports that this one supersedes.
    pub supersedes: Vec<String>,
    /// The IDs of the incidents that this one explains.
    pub explains: Vec<String>,
    /// Whether the incident was detected internally, if that is recorded.
    pub detected_internally: Option<bool>,
    /// The action items.
    pub actions: Actions,
    /// The actions that automation took.
    pub healing: Vec<HealingSummary>,
    /// The lessons learned, each with its kind.
    pub lessons: Vec<(LessonKind, String)>,
    /// The false signals that an investigation ruled out.
    pub ruled_out: Vec<RuledOutSummary>,
    /// The latest time that the report prints in full: a mark, a completed action item, the sign-off.
    pub updated: Option<DateTime<Utc>>,
    /// The ID, title and messages that external readers see.
    pub public: PublicSummary,
    /// The messages to customers and the public, in the order in which they were sent.
    pub messages: Vec<MessageSummary>,
}

/// A summary of a message to customers or the public.
#[derive(Debug, Clone)]
pub struct MessageSummary {
    /// The position among the messages that the incident's internal readers see, from 1.
    pub number: usize,
    /// The stage.
    pub stage: Stage,
    /// The audience that may read it.
    pub audience: Audience,
    /// The channel.
    pub channel: Option<String>,
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

fn messages(record: &Record, zone: Zone) -> Vec<MessageSummary> {
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

/// Collects into a vector without spare capacity, because the items are kept for long.
fn without_spare<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = items.collect();
    list.shrink_to_fit();
    list
}

/// The ID, title and messages of an incident that external readers see.
#[derive(Debug, Clone, Default)]
pub struct PublicSummary {
    /// The ID from `[public] id`.
    pub id: Option<String>,
    /// The title from `[public] title`.
    title: Option<String>,
    /// Whether the whole report is public, under the incident's own ID and title.
    pub is_open: bool,
    /// The messages to the public about a public incident.
    pub messages: Vec<PublicMessage>,
}

/// A message to the public.
#[derive(Debug, Clone)]
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

fn public_messages(record: &Record) -> Vec<PublicMessage> {
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

impl PublicSummary {
    /// Returns the title for external readers, or `None`; `own` is the incident's title.
    #[must_use]
    pub fn title<'a>(&'a self, own: &'a str) -> Option<&'a str> {
        if self.is_open {
            Some(own)
        } else {
            self.title.as_deref()
        }
    }
}

/// A summary of an action that automation took.
#[derive(Debug, Clone)]
pub struct HealingSummary {
    /// The playbook that ran.
    pub playbook: Option<String>,
    /// The result.
    pub result: Option<HealingResult>,
}

/// The kind of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LessonKind {
    /// Something that others can learn.
    Learning,
    /// Something that could be improved.
    Improve,
    /// Something that went well by luck.
    Lucky,
}

/// A summary of a false signal.
#[derive(Debug, Clone)]
pub struct RuledOutSummary {
    /// The signal that was observed.
    pub signal: String,
    /// The cause that it suggested.
    pub looked_like: Option<String>,
    /// The reason why it was not the cause.
    pub ruled_out_by: Option<String>,
    /// The number of signals that it covers.
    pub count: u32,
}

impl Summary {
    /// Computes the summary of an incident.
    #[must_use]
    pub fn from_record(record: &Record, config: &Config) -> Self {
        Self::with(record, Facts::compute(record, config), config)
    }

    /// Creates the summary of an incident from its computed facts.
    #[must_use]
    pub fn with(record: &Record, mut facts: Facts, config: &Config) -> Self {
        // Summaries are kept for long, and nearly every incident has one window.
        facts.windows.shrink_to_fit();
        let updated = updated(record, &facts);
        let lengths = facts.response_metrics.iter();
        let lengths =
            without_spare(lengths.filter_map(|fact| Some((fact.key.clone(), fact.length?))));
        facts.response_metrics.retain(|fact| fact.key == "duration");
        facts.response_metrics.shrink_to_fit();
        let incident = &record.incident;
        let texts = |lines: &[crate::kind::Line]| lines.iter().map(ToString::to_string).collect();
        let analysis = incident.analysis.as_ref();
        let started = facts.started.map(|end| end.moment);
        Self {
            id: record.id.clone(),
            source: record.source.clone(),
            title: incident.title.to_string(),
            kind: incident.kind,
            severity: incident.severity.as_ref().map(ToString::to_string),
            status: facts.status,
            audience: record.audience(),
            services: texts(&incident.services),
            tags: texts(&incident.tags),
            day: started.map(|moment| moment.day(record.zone(config))),
            started,
            supersedes: analysis
                .iter()
                .flat_map(|analysis| &analysis.supersedes)
                .filter_map(|older| match older {
                    Either::Short(id) => Some(id.to_string()),
                    Either::Table(_) => None,
                })
                .collect(),
            explains: analysis
                .iter()
                .flat_map(|analysis| &analysis.incidents)
                .map(ToString::to_string)
                .collect(),
            detected_internally: incident
                .detection
                .as_ref()
                .and_then(|detection| detection.internal),
            actions: Actions::from_record(record),
            healing: without_spare(
                incident
                    .self_healing
                    .iter()
                    .flat_map(|healing| &healing.actions)
                    .map(|action| HealingSummary {
                        playbook: action.playbook.as_ref().map(ToString::to_string),
                        result: action.result,
                    }),
            ),
            lessons: lessons(record),
            ruled_out: analysis
                .iter()
                .flat_map(|analysis| &analysis.ruled_out)
                .map(|signal| RuledOutSummary {
                    signal: signal.signal.to_string(),
                    looked_like: signal.looked_like.as_ref().map(ToString::to_string),
                    ruled_out_by: signal.ruled_out_by.as_ref().map(ToString::to_string),
                    count: signal.count.unwrap_or(1),
                })
                .collect(),
            updated,
            lengths,
            messages: messages(record, record.zone(config)),
            public: PublicSummary {
                id: incident
                    .public
                    .as_ref()
                    .and_then(|public| public.id.as_ref())
                    .map(ToString::to_string),
                title: incident
                    .public
                    .as_ref()
                    .and_then(|public| public.title.as_ref())
                    .map(ToString::to_string),
                is_open: record.is_open(),
                messages: public_messages(record),
            },
            facts,
        }
    }

    /// Drops what only pages about several incidents show; the pages of one incident do not need it.
    pub fn drop_list_data(&mut self) {
        self.actions = Actions::default();
        self.healing = Vec::new();
        self.lessons = Vec::new();
        self.ruled_out = Vec::new();
        self.public.messages = Vec::new();
        self.lengths = Vec::new();
        self.facts.response_metrics = Vec::new();
        self.facts.windows = Vec::new();
    }

    /// Drops what only the pages of a site show; checks across incidents do not need it.
    pub fn drop_page_data(&mut self) {
        let actions = self.actions.ids_alone();
        self.drop_list_data();
        self.messages = Vec::new();
        self.actions = actions;
    }

    /// Returns the duration of a response time, or `None` if its start or end is not recorded.
    #[must_use]
    pub fn length(&self, key: &str) -> Option<Length> {
        let found = self.lengths.iter().find(|(own, _)| own == key);
        found.map(|(_, length)| *length)
    }

    /// Returns the number of open action items.
    #[must_use]
    pub fn open_actions(&self) -> usize {
        self.actions.iter().filter(ActionSummary::is_open).count()
    }

    /// Returns the totals of the customer table.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.facts.totals
    }
}

fn lessons(record: &Record) -> Vec<(LessonKind, String)> {
    let Some(lessons) = &record.incident.lessons else {
        return Vec::new();
    };
    let kinds = [
        (LessonKind::Learning, &lessons.learnings),
        (LessonKind::Improve, &lessons.could_improve),
        (LessonKind::Lucky, &lessons.lucky),
    ];
    let entries = kinds
        .into_iter()
        .flat_map(|(kind, entries)| entries.iter().map(move |entry| (kind, entry.to_string())));
    without_spare(entries)
}

fn updated(record: &Record, facts: &Facts) -> Option<DateTime<Utc>> {
    let incident = &record.incident;
    // External readers see only the official start and end, and those do not depend on this time.
    let readers = record.audience().max(Audience::Internal);
    let response_metrics = facts
        .response_metrics
        .iter()
        .flat_map(|response_metric| [response_metric.from, response_metric.to])
        .flatten()
        .filter(|end| end.is_seen(record, readers))
        .chain([facts.started, facts.ended].into_iter().flatten())
        .map(|end| end.moment.at);
    let signed = incident.sign_off.iter().filter_map(|signed| signed.date);
    let done = incident.action_items.iter().filter_map(|item| item.done_on);
    let days = signed
        .chain(done)
        .map(|day| day.0.and_time(NaiveTime::MIN).and_utc());
    response_metrics.chain(days).max()
}
