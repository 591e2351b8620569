//! The vocabulary of reports: phrases with their meanings, from `words.toml`.
//!
//! A meaning is a value of the model or a variant of an enum below, so that a phrase of an unknown
//! meaning, and a phrase with two, is an error when the file is parsed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::de::{self, Deserialize, DeserializeOwned, Deserializer, IntoDeserializer};

use super::words::{folded, unnumbered};
use crate::audience::Audience;
use crate::incident::{
    CauseStatus, Exposure, FixStatus, HealingResult, ImpactLevel, Kind, Loss, Progress, Section,
    SignatureRole, Stage, Status,
};
use crate::moment::Zone;
use crate::timeline::{EventKind, Mark};

/// The parsed vocabulary. A test parses it, so it is never empty.
pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("words.toml")).unwrap_or_default());

/// The vocabulary, by where a phrase occurs in a report.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Words {
    pub title_prefixes: Vec<String>,
    pub preface: Vec<String>,
    pub about: Vec<String>,
    pub months: Vec<String>,
    pub weekdays: Vec<String>,
    pub stop_words: Vec<String>,
    pub sections: Lookup<Section>,
    pub subsections: Lookup<Section>,
    pub headings: Lookup<Heading>,
    pub labels: Labels,
    pub columns: Columns,
    pub values: Values,
    pub icons: Lookup<Progress>,
    pub zones: Lookup<Zone>,
    cues: Vec<CueGroup>,
}

/// The labels of facts, by section.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Labels {
    pub summary: Lookup<SummaryLabel>,
    pub marks: Lookup<Mark>,
    pub cause: Lookup<CauseLabel>,
    pub detection: Lookup<DetectionLabel>,
    pub impact: Lookup<ImpactLabel>,
    pub business: Lookup<BusinessLabel>,
    pub communication: Lookup<CommunicationLabel>,
    pub message: Lookup<MessageLabel>,
    pub healing: Lookup<HealingLabel>,
    pub fix: Lookup<FixLabel>,
    pub deployment: Lookup<DeploymentLabel>,
    pub evidence: Lookup<EvidenceLabel>,
    pub foot: Lookup<FootLabel>,
    pub action: Lookup<ActionLabel>,
}

/// The titles of columns, by table.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Columns {
    pub timeline: Lookup<TimelineColumn>,
    pub actions: Lookup<ActionColumn>,
    pub customers: Lookup<CustomerColumn>,
    pub questions: Lookup<QuestionColumn>,
    pub ruled_out: Lookup<RuledOutColumn>,
}

/// The words for values of the model.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Values {
    pub status: Lookup<Status>,
    pub kind: Lookup<Kind>,
    pub level: Lookup<ImpactLevel>,
    pub audience: Lookup<Audience>,
    pub data_loss: Lookup<Loss>,
    pub data_exposure: Lookup<Exposure>,
    pub cause: Lookup<CauseStatus>,
    pub fix: Lookup<FixStatus>,
    pub healing: Lookup<HealingResult>,
    pub progress: Lookup<Progress>,
    pub stage: Lookup<Stage>,
    pub role: Lookup<SignatureRole>,
}

/// A heading below a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Heading {
    UserImpact,
    BusinessImpact,
    Customers,
    RuledOut,
    OpenQuestions,
    ContributingFactors,
    Fix,
    Immediate,
    ShortTerm,
    LongTerm,
    Internal,
    External,
    Messages,
    WentWell,
    CouldImprove,
    Lucky,
    Learnings,
    ActionItems,
    Metrics,
    Deployment,
}

/// A label at the top of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SummaryLabel {
    Commander,
    Scribe,
    Communications,
    Reporter,
    Responders,
    Investigators,
    Escalations,
    Attendees,
    Authors,
    Environment,
    Services,
    Teams,
    Tags,
    Id,
    Title,
    Timezone,
    Kind,
    Severity,
    Status,
    Start,
    End,
    Duration,
    Date,
    Review,
    AnalysisDate,
    AnalysisStatus,
    Incidents,
    Investigations,
    Supersedes,
    Summary,
    Impact,
    CustomerImpact,
    RootCause,
    Trigger,
    Detection,
    Resolution,
    Users,
    Customers,
    Header,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CauseLabel {
    Status,
    Primary,
    Problem,
    Factors,
    Chain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DetectionLabel {
    Method,
    ToDetect,
    /// A duration that is computed.
    Computed,
    Assessment,
    Internal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ImpactLabel {
    Duration,
    Users,
    Customers,
    Type,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BusinessLabel {
    Revenue,
    Reputation,
    ChurnRisk,
    Tickets,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CommunicationLabel {
    Channel,
    Updates,
    Participants,
    Review,
    Notified,
    StatusPage,
    Finished,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum MessageLabel {
    NextUpdate,
    ApprovedBy,
    Published,
    Subject,
    Template,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum HealingLabel {
    WhyNotResolved,
    Recommendations,
    Count,
    Action,
    Result,
    Playbook,
    Run,
    Effectiveness,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FixLabel {
    Status,
    Changes,
    Reverted,
    Rollout,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum DeploymentLabel {
    Version,
    At,
    Method,
    Rollback,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum EvidenceLabel {
    Finding,
    Source,
    Link,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum FootLabel {
    Classification,
    Retention,
    LegalHold,
    Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActionLabel {
    Owner,
    Due,
    Priority,
    Ticket,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum TimelineColumn {
    Date,
    Time,
    Text,
    Actor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActionColumn {
    Id,
    Action,
    Owner,
    Due,
    Status,
    Priority,
    Type,
    Link,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum CustomerColumn {
    Users,
    Complaints,
    Contact,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum QuestionColumn {
    Question,
    Owner,
    Answer,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum RuledOutColumn {
    Signal,
    LookedLike,
    RuledOutBy,
    At,
    Evidence,
}

/// Phrases with their meanings.
#[derive(Debug)]
pub(super) struct Lookup<T>(BTreeMap<String, T>);

impl<T> Default for Lookup<T> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<T: Copy> Lookup<T> {
    /// Returns the meaning of a text, ignoring case and punctuation.
    pub fn get(&self, text: &str) -> Option<T> {
        self.exact(&folded(text))
    }

    /// Returns the meaning of a text as written.
    pub fn exact(&self, text: &str) -> Option<T> {
        self.0.get(text).copied()
    }

    /// Returns the meaning of a heading, ignoring a leading number.
    pub fn heading(&self, title: &str) -> Option<T> {
        self.get(title).or_else(|| self.get(unnumbered(title)))
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Lookup<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut lookup = Self::default();
        for (meaning, phrases) in BTreeMap::<String, Vec<String>>::deserialize(from)? {
            for phrase in phrases {
                let meaning = T::deserialize(meaning.as_str().into_deserializer())?;
                if lookup.0.insert(phrase.clone(), meaning).is_some() {
                    return Err(de::Error::custom(format!("`{phrase}` has two meanings")));
                }
            }
        }
        Ok(lookup)
    }
}

/// Strips a status icon or checkbox from the start of a text; returns its status and the rest.
pub(super) fn strip_icon(text: &str) -> (Option<Progress>, &str) {
    let text = text.trim_start();
    let mut icons = WORDS.icons.0.iter();
    match icons.find_map(|(icon, status)| Some((*status, text.strip_prefix(icon.as_str())?))) {
        // An emoji may be followed by a variation selector.
        Some((status, rest)) => (Some(status), {
            let rest = rest.trim_start_matches('\u{fe0f}');
            rest.strip_prefix(' ').unwrap_or(rest)
        }),
        None => (None, text),
    }
}

/// Phrases in the text of events, and what they say of an event.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct CueGroup {
    kind: EventKind,
    mark: Option<Mark>,
    #[serde(default)]
    automated: bool,
    phrases: Vec<String>,
}

/// The meaning that the text of an event gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cue {
    pub kind: EventKind,
    pub mark: Option<Mark>,
    /// Whether a system acted without a person.
    pub automated: bool,
    /// The phrase; empty if no phrase matched.
    pub phrase: &'static str,
}

/// Returns the first cue in the text of an event, or that of a plain note.
pub(super) fn cue(text: &str) -> Cue {
    let words = format!(" {} ", folded(text));
    let found = WORDS.cues.iter().find_map(|group| {
        let mut phrases = group.phrases.iter();
        let phrase = phrases.find(|phrase| words.contains(&format!(" {phrase} ")))?;
        Some(Cue {
            kind: group.kind,
            mark: group.mark,
            automated: group.automated,
            phrase,
        })
    });
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_written_as_they_are_compared() {
        let text = include_str!("words.toml");
        toml::from_str::<Words>(text).unwrap_or_else(|error| panic!("{error}"));
        let table: toml::Table = toml::from_str(text).expect("TOML");
        let mut open: Vec<(&str, &toml::Value)> = ["sections", "subsections", "headings"]
            .into_iter()
            .chain(["labels", "columns", "values", "cues"])
            .map(|key| (key, &table[key]))
            .collect();
        while let Some((key, value)) = open.pop() {
            match value {
                toml::Value::Table(table) => {
                    open.extend(table.iter().map(|(key, value)| (key.as_str(), value)));
                }
                toml::Value::Array(list) => open.extend(list.iter().map(|value| (key, value))),
                toml::Value::String(phrase) if !matches!(key, "kind" | "mark") => {
                    assert_eq!(*phrase, folded(phrase), "{key}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn the_kind_and_mark_of_an_event_follow_from_its_text() {
        let cases = [
            (
                "Alert fired: \"pool > 95%\"",
                EventKind::Alert,
                Some(Mark::Detected),
            ),
            (
                "Automated page sent to on-call engineer (Sarah)",
                EventKind::Page,
                Some(Mark::Paged),
            ),
            (
                "On-call acknowledged, began investigation",
                EventKind::Ack,
                Some(Mark::Acknowledged),
            ),
            (
                "Self-healing result: Partial mitigation",
                EventKind::Note,
                None,
            ),
            (
                "Deployed hotfix: Added query timeout",
                EventKind::Deploy,
                Some(Mark::Mitigated),
            ),
            (
                "Verified: All services recovered",
                EventKind::Verified,
                Some(Mark::ImpactEnded),
            ),
            ("Incident closed", EventKind::Closed, Some(Mark::Ended)),
            ("Somebody had lunch", EventKind::Note, None),
            ("An unidentified object", EventKind::Note, None),
        ];
        for (text, kind, mark) in cases {
            let cue = cue(text);
            assert_eq!((cue.kind, cue.mark), (kind, mark), "{text}");
        }
    }
}
