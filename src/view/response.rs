//! Detection, Resolution and Self-Healing Performance.

use std::borrow::Cow;

use serde::Serialize;

use super::cause::FixView;
use super::parts::{CodeView, FileView, More};
use super::{Reader, Word, label};
use crate::config::Config;
use crate::facts::{Facts, State, capitalized, separated};
use crate::incident::{ActionItem, Detection, HealingResult, Progress, Section, SelfHealing, Step};
use crate::kind::Either;

/// The section Detection.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DetectionView<'a> {
    /// The detection method.
    pub method: Option<&'a str>,
    /// The source of the detection.
    pub source: Option<&'a str>,
    /// The definition of the alert.
    pub alert: Option<CodeView<'a>>,
    /// The file with the definition of the alert, if it is not text.
    pub alert_file: Option<FileView>,
    /// The time to detect as text; `None` without a detection.
    pub time_to_detect: Option<String>,
    /// The start of the time to detect as text; `None` if it is unknown.
    pub measured_from: Option<Cow<'a, str>>,
    /// The assessment of the detection: `Effective`.
    pub assessment: Option<String>,
    /// The note on the assessment.
    pub assessment_note: Option<&'a str>,
    /// Whether it was detected internally: `Yes` or `No`.
    pub internal: Option<&'static str>,
    /// Content added by the author.
    pub more: More<'a>,
}

impl<'a> DetectionView<'a> {
    pub(crate) fn new(reader: &Reader<'a>, facts: &Facts, config: &Config) -> Option<Self> {
        let record = reader.record;
        let more = More::new(reader, Section::Detection);
        let Some(detection) = &record.incident.detection else {
            return (!more.is_empty()).then(|| Self {
                more,
                ..Self::default()
            });
        };
        let fact = facts.response_metric("time_to_detect");
        let recorded = fact.filter(|fact| fact.state == State::Recorded);
        Some(Self {
            method: detection.method.as_deref(),
            source: detection.source.as_deref(),
            alert: alert(reader, detection),
            alert_file: alert_file(reader, detection),
            time_to_detect: Some(match fact.map(|fact| (fact.state, fact.length)) {
                Some((_, Some(length))) => length.to_string(),
                Some((State::Pending, _)) => "pending".to_owned(),
                Some((State::Invalid, _)) => "invalid".to_owned(),
                _ => super::NOT_RECORDED.to_owned(),
            }),
            measured_from: match (recorded, detection.measured_from.as_deref()) {
                (_, Some(text)) => Some(Cow::Borrowed(text)),
                (Some(fact), None) => fact.from.map(|from| label::end(from.source, config).into()),
                (None, None) => None,
            },
            assessment: detection.assessment.as_deref().map(capitalized),
            assessment_note: detection.assessment_note.as_deref(),
            internal: detection
                .internal
                .map(|internal| if internal { "Yes" } else { "No" }),
            more,
        })
    }
}

fn alert<'a>(reader: &Reader<'a>, detection: &'a Detection) -> Option<CodeView<'a>> {
    let record = reader.record;
    let alert = detection.alert.as_ref()?;
    let language = alert.language.as_deref().unwrap_or_default();
    let file = alert.file.as_ref();
    let code = match (&alert.code, file) {
        (Some(code), _) => &**code,
        (None, Some(path)) => record.text_of(path)?,
        (None, None) => return None,
    };
    Some(CodeView {
        language,
        code,
        file: file.and_then(|path| FileView::new(reader, path)),
    })
}

fn alert_file(reader: &Reader, detection: &Detection) -> Option<FileView> {
    let file = detection.alert.as_ref()?.file.as_ref()?;
    match alert(reader, detection) {
        Some(_) => None,
        None => FileView::new(reader, file),
    }
}

/// The section Resolution.
#[derive(Debug, Clone, Serialize)]
pub struct ResolutionView<'a> {
    /// The fix of the cause.
    pub fix: Option<FixView<'a>>,
    /// The steps by horizon or phase; a horizon without steps is omitted.
    pub phases: Vec<PhaseView<'a>>,
    /// The number of steps by status: `5 open, 9 done`.
    pub counts: Option<String>,
    /// Content added by the author.
    pub more: More<'a>,
}

/// A horizon or phase of the resolution.
#[derive(Debug, Clone, Serialize)]
pub struct PhaseView<'a> {
    /// The key; `None` for a custom phase.
    pub key: Option<&'static str>,
    /// The heading.
    pub title: &'a str,
    /// The steps.
    pub steps: Vec<StepView<'a>>,
}

/// A step of the resolution.
#[derive(Debug, Clone, Serialize)]
pub struct StepView<'a> {
    /// The status.
    pub status: ProgressView,
    /// The time it was done: `14:29`.
    pub time: Option<String>,
    /// The description; an entry.
    pub text: &'a str,
}

/// The status of a step or an action item.
#[derive(Debug, Clone, Serialize)]
pub struct ProgressView {
    /// The key that the input uses.
    pub key: &'static str,
    /// The sign: `✅`.
    pub sign: &'static str,
    /// The label: `Done`.
    pub label: &'static str,
}

impl ProgressView {
    pub(crate) fn new(progress: Progress) -> Self {
        Self {
            key: progress.as_str(),
            sign: label::sign(progress),
            label: progress.label(),
        }
    }

    /// Returns the number of open, done and cancelled items as text, or `None` if there are none.
    pub(crate) fn counts<'p>(all: impl Iterator<Item = &'p Self>) -> Option<String> {
        let (mut open, mut done, mut cancelled) = (0, 0, 0);
        for progress in all {
            match progress.key {
                "done" => done += 1,
                "cancelled" => cancelled += 1,
                _ => open += 1,
            }
        }
        let part = |count: i64, word| (count > 0).then(|| format!("{} {word}", separated(count)));
        let parts = [(open, "open"), (done, "done"), (cancelled, "cancelled")];
        let parts: Vec<String> = parts
            .into_iter()
            .filter_map(|(count, word)| part(count, word))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

impl<'a> ResolutionView<'a> {
    pub(crate) fn new(reader: &Reader<'a>) -> Option<Self> {
        let mut phases = Vec::new();
        if let Some(resolution) = &reader.record.incident.resolution {
            let horizons = [
                (
                    "immediate",
                    "Immediate Actions (During Incident)",
                    &resolution.immediate,
                    Progress::Done,
                ),
                (
                    "short_term",
                    "Short-term Fixes (Within 24 hours)",
                    &resolution.short_term,
                    Progress::Planned,
                ),
                (
                    "long_term",
                    "Long-term Improvements (Within 30 days)",
                    &resolution.long_term,
                    Progress::Planned,
                ),
            ];
            for (key, title, steps, default) in horizons {
                phases.push((Some(key), title, steps, default));
            }
            for phase in &resolution.phases {
                phases.push((None, &*phase.title, &phase.items, Progress::Planned));
            }
        }
        let phases: Vec<PhaseView<'a>> = phases
            .into_iter()
            .filter(|(_, _, steps, _)| !steps.is_empty())
            .map(|(key, title, steps, default)| PhaseView {
                key,
                title,
                steps: steps
                    .iter()
                    .map(|step| StepView::new(reader, step, default))
                    .collect(),
            })
            .collect();
        let steps = phases.iter().flat_map(|phase| &phase.steps);
        let view = Self {
            fix: FixView::new(reader),
            counts: ProgressView::counts(steps.map(|step| &step.status)),
            phases,
            more: More::new(reader, Section::Resolution),
        };
        let empty = view.fix.is_none() && view.phases.is_empty() && view.more.is_empty();
        (!empty).then_some(view)
    }
}

impl<'a> StepView<'a> {
    fn new(reader: &Reader<'a>, step: &'a Step, default: Progress) -> Self {
        let record = reader.record;
        let table = match step {
            Either::Short(text) => {
                return Self {
                    status: ProgressView::new(default),
                    time: None,
                    text,
                };
            }
            Either::Table(table) => table,
        };
        let action = table.action.as_deref().and_then(|id| {
            let index = (0..record.incident.action_items.len())
                .find(|index| record.action_id(*index) == id)?;
            record.incident.action_items.get(index)
        });
        let status = table
            .status
            .or(action.map(ActionItem::progress))
            .unwrap_or(default);
        let text = table.text.as_deref().or(action.map(|item| &*item.action));
        Self {
            status: ProgressView::new(status),
            time: reader.when(None, table.event.as_ref()).map(|at| at.brief),
            text: text
                .or(table.action.as_deref())
                .unwrap_or(super::NOT_RECORDED),
        }
    }
}

/// The section Self-Healing Performance.
#[derive(Debug, Clone, Serialize)]
pub struct SelfHealingView<'a> {
    /// Whether the incident has a `[self_healing]` table, apart from added content.
    pub written: bool,
    /// The number of actions that ran.
    pub taken: String,
    /// The actions, in order.
    pub actions: Vec<HealingActionView<'a>>,
    /// The effectiveness: `60%`.
    pub effectiveness: Option<String>,
    /// The note on the effectiveness.
    pub effectiveness_note: Option<&'a str>,
    /// The reasons that it did not resolve the incident; entries.
    pub why_not_resolved: Vec<&'a str>,
    /// The recommendations; entries.
    pub recommendations: Vec<&'a str>,
    /// Content added by the author.
    pub more: More<'a>,
}

/// A self-healing action.
#[derive(Debug, Clone, Serialize)]
pub struct HealingActionView<'a> {
    /// The name.
    pub name: &'a str,
    /// The result.
    pub result: Option<Word<'static>>,
    /// The note on the result.
    pub result_note: Option<&'a str>,
    /// The playbook that ran.
    pub playbook: Option<&'a str>,
    /// The record of the run.
    pub run: Option<FileView>,
}

impl<'a> SelfHealingView<'a> {
    pub(crate) fn new(reader: &Reader<'a>) -> Option<Self> {
        static NOTHING: SelfHealing = SelfHealing {
            effectiveness: None,
            effectiveness_note: None,
            why_not_resolved: Vec::new(),
            recommendations: Vec::new(),
            actions: Vec::new(),
        };
        let record = reader.record;
        let more = More::new(reader, Section::SelfHealing);
        let healing = record.incident.self_healing.as_ref();
        if healing.is_none() && more.is_empty() {
            return None;
        }
        let written = healing.is_some();
        let healing = healing.unwrap_or(&NOTHING);
        let taken = healing
            .actions
            .iter()
            .filter(|action| action.result != Some(HealingResult::Skipped))
            .count();
        Some(Self {
            written,
            taken: taken.to_string(),
            actions: healing
                .actions
                .iter()
                .map(|action| HealingActionView {
                    name: &action.name,
                    result: action
                        .result
                        .map(|result| Word::from(label::healing(result))),
                    result_note: action.result_note.as_deref(),
                    playbook: action.playbook.as_deref(),
                    run: action
                        .run
                        .as_ref()
                        .and_then(|run| FileView::new(reader, run)),
                })
                .collect(),
            effectiveness: healing
                .effectiveness
                .map(|percent| format!("{}%", percent.0)),
            effectiveness_note: healing.effectiveness_note.as_deref(),
            why_not_resolved: healing
                .why_not_resolved
                .iter()
                .map(|line| &**line)
                .collect(),
            recommendations: healing.recommendations.iter().map(|line| &**line).collect(),
            more,
        })
    }
}
