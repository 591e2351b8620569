//! The vocabulary of reports: phrases with their meanings, from `words.toml`.
//!
//! A meaning is a value of the model or a variant of an enum below, so that a phrase of an unknown
//! meaning, and a phrase with two, is an error when the file is parsed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::words::{folded, unnumbered};
use crate::audience::Audience;
use crate::incident::{
    CauseStatus, Exposure, FixStatus, HealingResult, ImpactLevel, Kind, Loss, Progress, Section,
    SignatureRole, Stage, Status,
};
use crate::moment::Zone;
use crate::timeline::Mark;

mod columns;
mod labels;
mod lookup;

pub(super) use columns::{
    ActionColumn, CustomerColumn, QuestionColumn, RuledOutColumn, TimelineColumn,
};
pub(super) use labels::{
    ActionLabel, BusinessLabel, CauseLabel, CommunicationLabel, DeploymentLabel, DetectionLabel,
    EvidenceLabel, FixLabel, FootLabel, HealingLabel, ImpactLabel, MessageLabel, SummaryLabel,
};
pub(super) use lookup::Lookup;

/// The parsed vocabulary. A test parses it, so it is never empty.
pub(super) static WORDS: LazyLock<Words> =
    LazyLock::new(|| toml::from_str(include_str!("words.toml")).unwrap_or_default());

/// The vocabulary, by where a phrase occurs in a report.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Words {
    pub title_prefixes: Vec<String>,
    pub preface: Vec<String>,
    pub stop_words: Vec<String>,
    /// What the duration of an incident is told of.
    pub open_subjects: Vec<String>,
    /// Values that confirm the title of their column, and words after a status: `done by Kim`.
    pub yes: Vec<String>,
    pub after_status: Vec<String>,
    /// Labels of the time zone of all times, and words in the titles of columns of times.
    pub zone_labels: Vec<String>,
    pub time_columns: Vec<String>,
    /// Words before and after the name of a time zone in a line about all times.
    pub before_zones: Vec<String>,
    pub after_zones: Vec<String>,
    /// Words before times that are none of the report.
    pub other_times: Vec<String>,
    /// Names of the local time of a place.
    pub local_times: Vec<String>,
    pub time_notes: Vec<String>,
    /// Words that look like abbreviations of time zones.
    pub not_zones: Vec<String>,
    /// Names of time zones that are other words too.
    pub zone_words: Vec<String>,
    /// Labels of the subject of an email.
    pub subject: Vec<String>,
    /// Values of an end or a duration that say that the incident is not over.
    pub open_values: Vec<String>,
    /// Values of a mark of the end that say the same.
    pub open_answers: Vec<String>,
    /// Words before a date that is not that of the incident: of writing, of a meeting, of a version.
    pub writing: Vec<String>,
    /// Values that say that there is none.
    pub nothing: Vec<String>,
    /// Words for those whose times are not the report's.
    pub others: Vec<String>,
    /// Words for a day before its number, and phrases for the day after.
    pub day_words: Vec<String>,
    pub next_day: Vec<String>,
    /// Words before the first time of a span in a sentence, and between its two times.
    pub span_starts: Vec<String>,
    pub span_joints: Vec<String>,
    /// Words between the dates and the time zones of a heading.
    pub heading_joints: Vec<String>,
    /// Words before a duration that is that of the times beside it.
    pub lasting: Vec<String>,
    /// Words before and after a duration that is not that of the times beside it.
    pub before_other_lengths: Vec<String>,
    pub after_other_lengths: Vec<String>,
    /// Words of a sentence about a part of an incident.
    pub part_words: Vec<String>,
    /// The macros of wikis whose lines say nothing else.
    pub macros: Vec<String>,
    /// Words for a time in the name of a local time: `Colombia time`, `hora de Colombia`.
    pub time_words: Vec<String>,
    /// The stages of a status page's updates.
    pub update_stages: Vec<String>,
    /// Those of them that are a report on its own.
    pub report_stages: Vec<String>,
    /// Those of them that only planned work has.
    pub maintenance_stages: Vec<String>,
    /// Words at the start of an entry that are a time which cannot be placed.
    pub unread_times: Vec<String>,
    /// Words before the date by which an action is due, and those of them that are English.
    pub due_words: Vec<String>,
    pub english_due_words: Vec<String>,
    /// Words of headings of action items.
    pub action_words: Vec<String>,
    /// Remarks after a time that is approximate.
    pub about_remarks: Vec<String>,
    /// Words before a name that is no owner, and words in the names of teams.
    pub before_names: Vec<String>,
    pub team_words: Vec<String>,
    /// Words of a sentence that says that actions are not done, and phrases that say that they are.
    pub not_done: Vec<String>,
    pub done_phrases: Vec<String>,
    /// Words between `have` and its participle, participles that do not end in `ed`, and those of unfinished work.
    pub between_perfect: Vec<String>,
    /// Verbs before a participle, and the starts of sentences with both.
    pub perfect_verbs: Vec<String>,
    pub perfect_starts: Vec<String>,
    pub participles: Vec<String>,
    pub unfinished: Vec<String>,
    /// Words at the start of a story, and within it.
    pub story_starts: Vec<String>,
    pub story_words: Vec<String>,
    /// Words of sentences that say that something did not work.
    pub impaired: Vec<String>,
    /// Words of sentences whose times are not those of the incident.
    pub other_spans: Vec<String>,
    pub sections: Lookup<Section>,
    pub subsections: Lookup<Section>,
    pub headings: Lookup<Heading>,
    pub labels: Labels,
    pub columns: Columns,
    pub values: Values,
    pub icons: Lookup<Progress>,
    pub zones: Lookup<Zone>,
    pub several_zones: BTreeMap<String, Vec<Zone>>,
    pub zone_names: Lookup<Zone>,
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
    ServiceImpact,
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

impl Words {
    /// Returns `true` for a label, a heading or the title of a column that is read by its meaning.
    pub fn is_known(&self, text: &str) -> bool {
        let text = folded(unnumbered(text));
        let Labels {
            summary,
            marks,
            cause,
            detection,
            impact,
            business,
            communication,
            action,
            ..
        } = &self.labels;
        let Columns {
            timeline,
            actions,
            customers,
            questions,
            ruled_out,
        } = &self.columns;
        self.subject.contains(&text)
            || self.sections.has(&text)
            || self.subsections.has(&text)
            || self.headings.has(&text)
            || summary.has(&text)
            || marks.has(&text)
            || cause.has(&text)
            || detection.has(&text)
            || impact.has(&text)
            || business.has(&text)
            || communication.has(&text)
            || action.has(&text)
            || timeline.has(&text)
            || actions.has(&text)
            || customers.has(&text)
            || questions.has(&text)
            || ruled_out.has(&text)
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
            .chain(["labels", "columns", "values"])
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
                    // An apostrophe joins two words: `d'action` is `daction`.
                    let is_elided = phrase.split(' ').any(|word| matches!(word, "d" | "l"));
                    assert!(!is_elided, "{phrase}");
                }
                _ => {}
            }
        }
    }
}
