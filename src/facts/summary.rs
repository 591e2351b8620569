//! The part of an incident that pages about several incidents show.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use serde::{Deserialize, Serialize};

use super::{
    ActionSummary, ActionTexts, Actions, Course, Facts, Length, Neighbor, Replaced, State, Totals,
    replaced_by,
};
use crate::archive::Record;
use crate::audience::Audience;
use crate::cache::{self, Digest, Hasher, Packed};
use crate::config::Config;
use crate::incident::{HealingResult, Kind, Status};
use crate::moment::{Moment, TimeDefaults, Zone};

mod messages;
mod outages;
mod texts;

pub use messages::{MessageSummary, PublicMessage, SentMessage, due, messages};
use outages::Affected;
pub use outages::Outage;
pub use texts::{LessonKind, RuledOutSummary, SummaryTexts};

/// A summary of an incident for lists and statistics: its [`Neighbor`] and more.
///
/// It is dropped as soon as the lists are made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Summary {
    /// The part that other incidents refer to; packed apart.
    #[serde(skip)]
    pub neighbor: Arc<Neighbor>,
    /// The texts; packed apart.
    #[serde(skip)]
    texts: Packed,
    /// The key of the most severe of its severities.
    pub severity: Option<String>,
    /// Its course.
    pub course: Course,
    /// Whether its duration is recorded.
    duration: State,
    /// The totals of the customer table.
    pub totals: Totals,
    /// The time zone of its times without a UTC offset, and of its dates.
    zone: Zone,
    /// The durations of the recorded response times.
    lengths: Vec<MetricLength>,
    /// The IDs of the incidents that this one explains.
    pub explains: Vec<String>,
    /// The affected components of the status page.
    pub components: Vec<String>,
    /// Whether the incident was detected internally, if that is recorded.
    pub detected_internally: Option<bool>,
    /// The action items.
    pub actions: Actions,
    /// The actions that automation took.
    pub healing: Vec<HealingSummary>,
    /// How much automation helped, in percent.
    pub effectiveness: Option<u8>,
    /// The number of lessons learned.
    pub lessons: usize,
    /// The number of false signals that an investigation ruled out.
    pub ruled_out: usize,
    /// The latest time that the report prints in full: a mark, a completed action item, the sign-off.
    pub updated: Option<DateTime<Utc>>,
    /// The values of the custom fields that are counted, by key.
    pub fields: Vec<(String, Vec<String>)>,
    /// The messages to customers and the public, in the order in which they were sent.
    pub messages: Vec<SentMessage>,
    /// The time of the last of these.
    pub last_message: Option<Moment>,
    /// The time at which the next message is due, if the incident is open.
    pub due: Option<Moment>,
    /// When its services were affected, in order.
    affected: Vec<Affected>,
    /// Whether another report replaces this one; only known of all summaries together.
    #[serde(skip)]
    pub is_superseded: bool,
}

/// The summaries of an archive's incidents, which know of each other what an audience may know: which reports others replace.
#[derive(Debug, Default)]
pub struct Summaries(Vec<Summary>);

impl Summaries {
    /// Joins the summaries of all incidents of an archive.
    #[must_use]
    pub fn new(mut summaries: Vec<Summary>, audience: Audience) -> Self {
        let neighbors = summaries.iter().map(|summary| &*summary.neighbor);
        let replaced = replaced_by(neighbors, audience).into_keys();
        let replaced: BTreeSet<String> = replaced.map(str::to_owned).collect();
        let replaced = { summaries.iter_mut() }.filter(|summary| replaced.contains(&summary.id));
        replaced.for_each(|summary| summary.supersede(audience));
        Self(summaries)
    }

    /// Leaves out some.
    pub fn retain(&mut self, keep: impl FnMut(&Summary) -> bool) {
        self.0.retain(keep);
    }
}

impl Deref for Summaries {
    type Target = [Summary];

    fn deref(&self) -> &[Summary] {
        &self.0
    }
}

/// The duration of a recorded response time.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct MetricLength {
    #[serde(deserialize_with = "cache::interned_cow")]
    key: Cow<'static, str>,
    length: Length,
}

/// Collects into a vector without spare capacity, because the items are kept for long.
fn without_spare<T>(items: impl Iterator<Item = T>) -> Vec<T> {
    let mut list: Vec<T> = items.collect();
    list.shrink_to_fit();
    list
}

/// A summary of an action that automation took.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HealingSummary {
    /// The playbook that ran.
    pub playbook: Option<String>,
    /// The result.
    pub result: Option<HealingResult>,
}

/// A summary in packed form, which takes little memory and can be stored.
#[derive(Debug, Clone)]
pub struct PackedSummary {
    /// The part that other incidents refer to, which stays in memory.
    pub neighbor: Arc<Neighbor>,
    /// The other parts of the [`Summary`].
    pub listed: Packed,
    /// The [`SummaryTexts`].
    pub texts: Packed,
}

impl PackedSummary {
    /// Returns the summary, or `None` if the bytes are not one.
    #[must_use]
    pub fn unpack(&self) -> Option<Summary> {
        let listed: Summary = cache::unpack(&self.listed.bytes()?)?;
        Some(Summary {
            neighbor: Arc::clone(&self.neighbor),
            texts: self.texts.clone(),
            ..listed
        })
    }

    /// Returns the digest of everything that lists show of the incident.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let packed = (self.listed.digest(), self.texts.digest());
        Hasher::default().with(&(&*self.neighbor, packed)).finish()
    }
}

impl From<&Summary> for PackedSummary {
    fn from(summary: &Summary) -> Self {
        Self {
            neighbor: Arc::clone(&summary.neighbor),
            listed: cache::pack(summary).unwrap_or_default().into(),
            texts: summary.texts.clone(),
        }
    }
}

impl Deref for Summary {
    type Target = Neighbor;

    fn deref(&self) -> &Neighbor {
        &self.neighbor
    }
}

impl Summary {
    /// Computes the summary of an incident.
    #[must_use]
    pub fn from_record(record: &Record, config: &Config) -> Self {
        Self::with(record, Facts::compute(record, config), config)
    }

    /// Creates the summary of an incident from its computed facts.
    #[must_use]
    pub fn with(record: &Record, facts: Facts, config: &Config) -> Self {
        let neighbor = Arc::new(Neighbor::new(record, &facts, config));
        let affected = outages::affected(record, &facts);
        let record = &*record.for_lists();
        let texts = SummaryTexts::from_record(record, config);
        let updated = updated(record, &facts);
        let lengths = facts.response_metrics.iter().filter_map(|fact| {
            let key = fact.key.clone();
            fact.length.map(|length| MetricLength { key, length })
        });
        let lengths = without_spare(lengths);
        let (duration, _) = facts.duration();
        let incident = &record.incident;
        let analysis = incident.analysis.as_ref();
        Self {
            neighbor,
            severity: record.severity(config).map(ToOwned::to_owned),
            duration,
            totals: facts.totals,
            zone: record.time_defaults().zone,
            explains: analysis
                .iter()
                .flat_map(|analysis| &analysis.incidents)
                .map(ToString::to_string)
                .collect(),
            components: without_spare(
                incident
                    .public
                    .iter()
                    .flat_map(|public| &public.components)
                    .filter(|name| record.is_own(name))
                    .map(ToString::to_string),
            ),
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
                    .filter(|action| {
                        (action.playbook.as_ref()).is_none_or(|name| record.is_own(name))
                    })
                    .map(|action| HealingSummary {
                        playbook: action.playbook.as_ref().map(ToString::to_string),
                        result: action.result,
                    }),
            ),
            effectiveness: incident
                .self_healing
                .as_ref()
                .and_then(|healing| healing.effectiveness)
                .map(|percent| percent.0),
            lessons: texts.lessons.len(),
            ruled_out: texts.ruled_out.len(),
            fields: fields(record, config),
            updated,
            affected,
            lengths,
            messages: texts.messages.iter().map(SentMessage::from).collect(),
            last_message: { texts.messages.iter().filter_map(|message| message.sent) }
                .max_by_key(|sent| sent.at),
            due: due(facts.status, &texts.messages),
            texts: cache::pack(&texts).unwrap_or_default().into(),
            is_superseded: false,
            course: facts.course,
        }
    }

    fn supersede(&mut self, audience: Audience) {
        self.is_superseded = true;
        if { self.replaced() }.is_some_and(|replaced| replaced.is_final(audience)) {
            self.course.status = Status::Closed;
            self.duration = self.duration.superseded();
            self.due = None;
        }
    }

    /// Reads the texts.
    #[must_use]
    pub fn texts(&self) -> SummaryTexts {
        self.texts.unpacked()
    }

    /// Reads the texts of an action item, by its index.
    #[must_use]
    pub fn action_texts(&self, index: usize) -> ActionTexts {
        // They are the first of the texts, so the others need not be unpacked.
        let mut actions: Vec<ActionTexts> = self.texts.unpacked_start();
        if index < actions.len() {
            actions.swap_remove(index)
        } else {
            ActionTexts::default()
        }
    }

    /// Returns whether texts could not be read; then pages that show them are wrong.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        self.texts.is_damaged()
    }

    /// Returns why its report is history, or `None` if it is not.
    #[must_use]
    pub fn replaced(&self) -> Option<Replaced> {
        let merged = self.neighbor.merged_into.is_some();
        self.is_superseded.then_some(if merged {
            Replaced::Merged
        } else {
            Replaced::Superseded
        })
    }

    /// Returns the official duration, and whether it is recorded.
    #[must_use]
    pub fn duration(&self) -> (State, Option<Length>) {
        (self.duration, self.length("duration"))
    }

    /// Returns the duration of a response time, or `None` if its start or end is not recorded.
    #[must_use]
    pub fn length(&self, key: &str) -> Option<Length> {
        let found = self.lengths.iter().find(|metric| metric.key == key);
        found.map(|metric| metric.length)
    }

    /// Returns the latest instant at which something of it ended: the end of a range, and of a date without a time.
    #[must_use]
    pub fn end_of(&self, moment: &Moment) -> DateTime<Utc> {
        let zone = self.zone;
        TimeDefaults { day: None, zone }.end(moment)
    }

    /// Returns the rank of its severity, where 0 is the most severe; `None` if it is not defined.
    #[must_use]
    pub fn severity_rank(&self, config: &Config) -> Option<usize> {
        config.severity_rank(self.severity.as_deref()?)
    }

    /// Returns `true` if it is going on, and no other report says how it continues.
    #[must_use]
    pub fn is_going_on(&self) -> bool {
        self.course.status.is_going_on() && !self.is_superseded
    }

    /// Returns `true` for an incident that is going on: no maintenance, investigation or drill.
    #[must_use]
    pub fn is_open_incident(&self) -> bool {
        self.kind == Kind::Incident && self.is_going_on()
    }

    /// Returns `true` for planned maintenance that has not started, unless its planned time was over before a date.
    #[must_use]
    pub fn is_upcoming(&self, as_of: NaiveDate) -> bool {
        let end = self.course.ended.or(self.course.started);
        self.course.status == Status::Planned
            && !self.is_superseded
            && end.is_none_or(|end| end.moment.last_day() >= as_of)
    }

    /// Returns `true` for maintenance that has started and not ended.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.kind == Kind::Maintenance && self.is_going_on()
    }

    /// Returns the number of open action items.
    #[must_use]
    pub fn open_actions(&self) -> usize {
        self.actions.iter().filter(ActionSummary::is_open).count()
    }

    /// Returns the values of a custom field that is counted.
    #[must_use]
    pub fn field(&self, key: &str) -> &[String] {
        let found = self.fields.iter().find(|(own, _)| own == key);
        found.map_or(&[], |(_, values)| values)
    }
}

/// Returns the valid values of the custom fields that are counted.
fn fields(record: &Record, config: &Config) -> Vec<(String, Vec<String>)> {
    let counted = config.fields.0.iter().filter(|(_, field)| field.counted);
    let values = counted.filter_map(|(key, field)| {
        let mut values = field.valid(record.incident.extra.get(&**key)?)?;
        values.retain(|value| record.is_own(value));
        Some((key.to_string(), values))
    });
    without_spare(values)
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
