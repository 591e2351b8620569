//! Root cause, what an investigation found, and the fix.

use serde::Serialize;

use super::parts::{LinkView, More};
use super::{MomentView, Reader, RelationView, Relations, Word, label};
use crate::archive::Record;
use crate::facts::{Facts, separated};
use crate::incident::{AnalysisStatus, CauseStatus, FixStatus, Section};
use crate::kind::Either;

/// The section Root Cause.
#[derive(Debug, Clone, Serialize)]
pub struct RootCauseView<'a> {
    /// The status of the cause; `None` if it is confirmed.
    pub status: Option<Word<'static>>,
    /// The primary cause; prose.
    pub primary: Option<&'a str>,
    /// The mechanism by which the cause led to the impact; prose.
    pub problem: Option<&'a str>,
    /// The contributing factors; entries.
    pub contributing_factors: Vec<&'a str>,
    /// The chain of causes; entries.
    pub chain: Vec<&'a str>,
    /// The false signals.
    pub ruled_out: Option<RuledOutView<'a>>,
    /// The open questions.
    pub open_questions: Vec<QuestionView<'a>>,
    /// Content added by the author.
    pub more: More<'a>,
}

/// The table of false signals.
#[derive(Debug, Clone, Serialize)]
pub struct RuledOutView<'a> {
    /// The number of false signals.
    pub total: String,
    /// Whether any row has a time.
    pub has_at: bool,
    /// Whether any row has evidence.
    pub has_evidence: bool,
    /// The rows.
    pub rows: Vec<SignalView<'a>>,
}

/// A false signal.
#[derive(Debug, Clone, Serialize)]
pub struct SignalView<'a> {
    /// The signal.
    pub signal: &'a str,
    /// The number of signals that the row covers, if more than one.
    pub count: Option<String>,
    /// The problem that it looked like.
    pub looked_like: Option<&'a str>,
    /// The reason that it was ruled out.
    pub ruled_out_by: Option<&'a str>,
    /// The time it was ruled out.
    pub at: Option<MomentView>,
    /// The evidence.
    pub evidence: Option<&'a str>,
}

/// An open question.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionView<'a> {
    /// The question.
    pub question: &'a str,
    /// The owner.
    pub owner: Option<&'a str>,
    /// The answer.
    pub answer: Option<&'a str>,
}

impl<'a> RootCauseView<'a> {
    pub(crate) fn new(reader: &Reader<'a>, facts: &Facts) -> Option<Self> {
        let record = reader.record;
        let cause = record.incident.root_cause.as_ref();
        let analysis = record.incident.analysis.as_ref();
        let lines =
            |lines: &'a [crate::kind::Block]| lines.iter().map(|line| &**line).collect::<Vec<_>>();
        let ruled_out = analysis
            .filter(|analysis| !analysis.ruled_out.is_empty())
            .map(|analysis| {
                let rows: Vec<SignalView<'a>> = analysis
                    .ruled_out
                    .iter()
                    .map(|signal| SignalView {
                        signal: &signal.signal,
                        count: signal
                            .count
                            .filter(|count| *count != 1)
                            .map(|count| separated(i64::from(count))),
                        looked_like: signal.looked_like.as_deref(),
                        ruled_out_by: signal.ruled_out_by.as_deref(),
                        at: reader.when(signal.at.as_ref(), signal.event.as_ref()),
                        evidence: signal.evidence.as_deref(),
                    })
                    .collect();
                RuledOutView {
                    total: separated(facts.false_signals),
                    has_at: rows.iter().any(|row| row.at.is_some()),
                    has_evidence: rows.iter().any(|row| row.evidence.is_some()),
                    rows,
                }
            });
        let view = Self {
            status: cause
                .map(|cause| cause.status)
                .filter(|status| *status != CauseStatus::Confirmed)
                .map(|status| Word::new(status.as_str(), status.label())),
            primary: cause.and_then(|cause| cause.primary.as_deref()),
            problem: cause.and_then(|cause| cause.problem.as_deref()),
            contributing_factors: cause
                .map(|cause| lines(&cause.contributing_factors))
                .unwrap_or_default(),
            chain: analysis
                .map(|analysis| lines(&analysis.chain))
                .unwrap_or_default(),
            ruled_out,
            open_questions: analysis
                .iter()
                .flat_map(|analysis| &analysis.open_questions)
                .map(|open| QuestionView {
                    question: &open.question,
                    owner: open.owner.as_deref(),
                    answer: open.answer.as_deref(),
                })
                .collect(),
            more: More::new(reader, Section::RootCause),
        };
        let empty = view.status.is_none()
            && view.primary.is_none()
            && view.problem.is_none()
            && view.contributing_factors.is_empty()
            && view.chain.is_empty()
            && view.ruled_out.is_none()
            && view.open_questions.is_empty()
            && view.more.is_empty();
        (!empty).then_some(view)
    }
}

/// The facts about an investigation in the summary.
#[derive(Debug, Clone, Serialize)]
pub struct AnalysisView<'a> {
    /// The date of the analysis.
    pub date: Option<String>,
    /// Whether its findings may change.
    pub provisional: bool,
    /// The note on the status.
    pub status_note: Option<&'a str>,
    /// The incidents that it explains.
    pub incidents: Vec<RelationView>,
    /// The reports that it supersedes.
    pub supersedes: Vec<SupersededView<'a>>,
}

/// A report that an investigation supersedes.
#[derive(Debug, Clone, Serialize)]
pub struct SupersededView<'a> {
    /// An incident of the archive.
    pub incident: Option<RelationView>,
    /// A report outside the archive.
    pub link: Option<LinkView<'a>>,
}

impl<'a> AnalysisView<'a> {
    pub(crate) fn new(record: &'a Record, relations: &Relations) -> Option<Self> {
        let analysis = record.incident.analysis.as_ref()?;
        Some(Self {
            date: analysis.date.map(|day| day.0.to_string()),
            provisional: analysis.status == AnalysisStatus::Provisional,
            status_note: analysis.status_note.as_deref(),
            incidents: analysis
                .incidents
                .iter()
                .filter_map(|id| relations.link(id))
                .collect(),
            supersedes: analysis
                .supersedes
                .iter()
                .filter_map(|older| match older {
                    Either::Short(id) => Some(SupersededView {
                        incident: Some(relations.link(id)?),
                        link: None,
                    }),
                    Either::Table(link) => Some(SupersededView {
                        incident: None,
                        link: Some(LinkView::new(&link.title, &link.url)),
                    }),
                })
                .collect(),
        })
    }
}

/// The fix of an incident.
#[derive(Debug, Clone, Serialize)]
pub struct FixView<'a> {
    /// The status.
    pub status: Option<Word<'static>>,
    /// The changes.
    pub changes: Vec<LinkView<'a>>,
    /// The reverted changes.
    pub reverted: Vec<RevertedView<'a>>,
    /// The rollout by environment.
    pub rollout: Vec<RolloutView<'a>>,
}

/// A reverted change.
#[derive(Debug, Clone, Serialize)]
pub struct RevertedView<'a> {
    /// The change.
    pub change: LinkView<'a>,
    /// The time.
    pub at: Option<MomentView>,
    /// The reason.
    pub reason: Option<&'a str>,
}

/// The rollout of a fix in one environment.
#[derive(Debug, Clone, Serialize)]
pub struct RolloutView<'a> {
    /// The environment.
    pub environment: &'a str,
    /// The status in that environment.
    pub status: Option<Word<'static>>,
    /// The time since which it has that status.
    pub since: Option<MomentView>,
    /// The results observed there.
    pub results: Vec<&'a str>,
}

impl<'a> FixView<'a> {
    pub(crate) fn new(reader: &Reader<'a>) -> Option<Self> {
        let fix = reader.record.incident.fix.as_ref()?;
        let word = |status: FixStatus| Word::from(label::fix(status));
        Some(Self {
            status: fix.status.map(word),
            changes: fix
                .changes
                .iter()
                .map(|change| LinkView::new(&change.title, &change.url))
                .collect(),
            reverted: fix
                .reverted
                .iter()
                .map(|reverted| RevertedView {
                    change: LinkView::new(&reverted.title, &reverted.url),
                    at: reader.when(reverted.at.as_ref(), reverted.event.as_ref()),
                    reason: reverted.reason.as_deref(),
                })
                .collect(),
            rollout: fix
                .rollout
                .iter()
                .map(|rollout| RolloutView {
                    environment: &rollout.environment,
                    status: rollout.status.map(word),
                    since: reader.when(rollout.since.as_ref(), None),
                    results: rollout.results.iter().map(|line| &**line).collect(),
                })
                .collect(),
        })
    }
}
