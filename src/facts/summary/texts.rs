//! The texts of an incident that lists show, each of few incidents at once.

use serde::{Deserialize, Serialize};

use super::super::ActionTexts;
use super::messages::{MessageSummary, PublicMessage, messages, public_messages};
use crate::archive::Record;
use crate::config::Config;

/// The texts of an incident that lists show.
///
/// A [`Summary`](super::Summary) holds them packed, so that a list of very many incidents needs memory for few texts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SummaryTexts {
    /// Those of the action items, in their order.
    pub actions: Vec<ActionTexts>,
    /// The lessons learned, each with its kind.
    pub lessons: Vec<(LessonKind, String)>,
    /// The false signals that an investigation ruled out.
    pub ruled_out: Vec<RuledOutSummary>,
    /// The messages to customers and the public, in the order in which they were sent.
    pub messages: Vec<MessageSummary>,
    /// The messages to the public about a public incident.
    pub public_messages: Vec<PublicMessage>,
}

/// The kind of a lesson.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LessonKind {
    /// Something that others can learn.
    Learning,
    /// Something that could be improved.
    Improve,
    /// Something that went well by luck.
    Lucky,
    /// Something that went well.
    WentWell,
}

/// A summary of a false signal.
#[derive(Debug, Clone, Serialize, Deserialize)]
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

impl SummaryTexts {
    pub(super) fn from_record(record: &Record, config: &Config) -> Self {
        let incident = &record.incident;
        let analysis = incident.analysis.iter();
        let signals = analysis.flat_map(|analysis| &analysis.ruled_out);
        Self {
            actions: incident
                .action_items
                .iter()
                .map(ActionTexts::from)
                .collect(),
            lessons: lessons(record),
            ruled_out: signals
                .map(|signal| RuledOutSummary {
                    signal: signal.signal.to_string(),
                    looked_like: signal.looked_like.as_ref().map(ToString::to_string),
                    ruled_out_by: signal.ruled_out_by.as_ref().map(ToString::to_string),
                    count: signal.count.unwrap_or(1),
                })
                .collect(),
            messages: messages(record, config),
            public_messages: public_messages(record),
        }
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
        (LessonKind::WentWell, &lessons.went_well),
    ];
    let entries = kinds
        .into_iter()
        .flat_map(|(kind, entries)| entries.iter().map(move |entry| (kind, entry.to_string())));
    entries.collect()
}
