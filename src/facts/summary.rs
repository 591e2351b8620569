//! What the pages that list several incidents show of one.

use std::borrow::Cow;
use std::ops::Deref;

use chrono::{DateTime, NaiveTime, Utc};

use serde::{Deserialize, Serialize};

use super::{ActionSummary, Actions, Facts, Length, Neighbor, Totals};
use crate::archive::Record;
use crate::audience::Audience;
use crate::cache::{self, Digest};
use crate::config::Config;
use crate::incident::{HealingResult, Stage, Status};
use crate::moment::Moment;

/// An incident as lists and statistics show it; it is its [`Neighbor`] and more.
///
/// It is dropped as soon as the lists are made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Summary {
    /// What other incidents know of it.
    pub neighbor: Neighbor,
    /// The key of its severity.
    pub severity: Option<String>,
    /// How far it has come.
    pub status: Status,
    /// Its numbers; of its clocks the duration alone, because clocks with both of their ends are large.
    pub facts: Facts,
    /// How long each clock took that has both of its ends, by its key.
    pub lengths: Vec<(Cow<'static, str>, Length)>,
    /// The ids of incidents that it explains.
    pub explains: Vec<String>,
    /// Whether we found it ourselves, where that is recorded.
    pub detected_internally: Option<bool>,
    /// Its action items.
    pub actions: Actions,
    /// What the systems tried by themselves.
    pub healing: Vec<HealingSummary>,
    /// What was learned; entries, each of one kind.
    pub lessons: Vec<(LessonKind, String)>,
    /// The false signals that an investigation ruled out.
    pub ruled_out: Vec<RuledOutSummary>,
    /// The latest moment that its report prints in full: a mark, a done action, the sign-off.
    pub updated: Option<DateTime<Utc>>,
    /// The title that its author wrote for outside.
    public_title: Option<String>,
    /// The messages to the public about a public incident.
    pub public_messages: Vec<PublicMessage>,
    /// The messages to those outside, in the order of the file.
    pub messages: Vec<MessageSummary>,
    /// The stated interval of updates.
    pub update_interval: Option<String>,
}

/// A message to those outside, in small.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MessageSummary {
    /// Its place among the messages that the incident's readers inside see, from 1.
    pub number: usize,
    /// What it told.
    pub stage: Stage,
    /// Who may read it.
    pub audience: Audience,
    /// By what way.
    pub channel: Option<String>,
    /// When it was sent.
    pub sent: Option<Moment>,
    /// When it promised the next update.
    pub next_update: Option<Moment>,
    /// Who approved it.
    pub approved_by: Option<String>,
}

fn messages(record: &Record) -> Vec<MessageSummary> {
    // Those who read of it inside; the place among all messages would tell them of the others.
    let readers = record.audience().max(Audience::Internal);
    let all = record.incident.messages.iter();
    let shown = all.filter(|message| readers.may_read(message.audience()));
    let outside = shown.enumerate().filter_map(|(place, message)| {
        let audience = message.audience();
        let text = |line: &Option<crate::kind::Line>| line.as_ref().map(ToString::to_string);
        audience.is_external().then(|| MessageSummary {
            number: place + 1,
            stage: message.stage,
            audience,
            channel: text(&message.channel),
            sent: record.when(message.sent_at.as_ref(), message.event.as_ref()),
            next_update: record.when(message.next_update_at.as_ref(), None),
            approved_by: text(&message.approved_by),
        })
    });
    kept(outside)
}

/// Collects what is kept for long into a list that is no larger than it must be.
fn kept<T>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = all.collect();
    list.shrink_to_fit();
    list
}

/// A message to the public.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublicMessage {
    /// What it told.
    pub stage: Stage,
    /// When it was sent.
    pub sent: Option<Moment>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its text.
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
    kept(public)
}

/// Something that the systems tried, in small.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HealingSummary {
    /// The playbook that ran.
    pub playbook: Option<String>,
    /// How it went.
    pub result: Option<HealingResult>,
}

/// What a lesson is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LessonKind {
    /// What others can learn.
    Learning,
    /// What could be improved.
    Improve,
    /// Where we got lucky.
    Lucky,
}

/// A false signal in small.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RuledOutSummary {
    /// What was seen.
    pub signal: String,
    /// What it looked like.
    pub looked_like: Option<String>,
    /// Why it was not that.
    pub ruled_out_by: Option<String>,
    /// How many signals it stands for.
    pub count: u32,
}

/// A summary in little memory, which can be stored.
#[derive(Debug, Clone, Default)]
pub struct PackedSummary(Vec<u8>);

impl PackedSummary {
    /// Returns the summary; `None` if the bytes are of none.
    #[must_use]
    pub fn unpack(&self) -> Option<Summary> {
        cache::unpack(&self.0)
    }

    /// Returns what stands for all that lists show of the incident.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::new(&self.0)
    }
}

impl From<&Summary> for PackedSummary {
    fn from(summary: &Summary) -> Self {
        let mut packed = cache::pack(summary).unwrap_or_default();
        // It is kept for long.
        packed.shrink_to_fit();
        Self(packed)
    }
}

impl From<Vec<u8>> for PackedSummary {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for PackedSummary {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Deref for Summary {
    type Target = Neighbor;

    fn deref(&self) -> &Neighbor {
        &self.neighbor
    }
}

impl Summary {
    /// Takes the summary of an incident.
    #[must_use]
    pub fn from_record(record: &Record, config: &Config) -> Self {
        Self::with(record, Facts::compute(record, config), config)
    }

    /// Takes the summary of an incident whose numbers are known.
    #[must_use]
    pub fn with(record: &Record, mut facts: Facts, config: &Config) -> Self {
        // It is kept for long, and nearly every incident has one window.
        facts.windows.shrink_to_fit();
        let updated = updated(record, &facts);
        let lengths = facts.response_metrics.iter();
        let lengths = kept(lengths.filter_map(|fact| Some((fact.key.clone(), fact.length?))));
        facts.response_metrics.retain(|fact| fact.key == "duration");
        facts.response_metrics.shrink_to_fit();
        let incident = &record.incident;
        let analysis = incident.analysis.as_ref();
        Self {
            neighbor: Neighbor::new(record, &facts, config),
            severity: incident.severity.as_ref().map(ToString::to_string),
            status: facts.status,
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
            healing: kept(
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
            messages: messages(record),
            update_interval: incident
                .communication
                .as_ref()
                .and_then(|communication| communication.external.as_ref())
                .and_then(|external| external.status_page_interval.as_ref())
                .map(ToString::to_string),
            public_title: incident
                .public
                .as_ref()
                .and_then(|public| public.title.as_ref())
                .map(ToString::to_string),
            public_messages: public_messages(record),
            facts,
        }
    }

    /// Returns the title for external readers; `None` if they are told none.
    #[must_use]
    pub fn title_outside(&self) -> Option<&str> {
        if self.is_open {
            Some(&self.title)
        } else {
            self.public_title.as_deref()
        }
    }

    /// Says how long a clock took, by its key; nothing where one of its ends is not recorded.
    #[must_use]
    pub fn length(&self, key: &str) -> Option<Length> {
        let found = self.lengths.iter().find(|(own, _)| own == key);
        found.map(|(_, length)| *length)
    }

    /// Counts the action items that are still to be done.
    #[must_use]
    pub fn open_actions(&self) -> usize {
        self.actions.iter().filter(ActionSummary::is_open).count()
    }

    /// Gives the totals over customers.
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
    kept(entries)
}

fn updated(record: &Record, facts: &Facts) -> Option<DateTime<Utc>> {
    let incident = &record.incident;
    // Those outside are told of the official start and end alone, and by other means.
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
