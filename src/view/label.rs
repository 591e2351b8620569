//! The labels for the keys of the input that are not the words of the key.

use super::Word;
use crate::config::Config;
use crate::facts::{EndpointSource, Replaced};
use crate::incident::{
    Exposure, FixStatus, HealingResult, Kind, Loss, Progress, SignatureRole, Stage, Status,
};
use crate::timeline::{EventKind, Mark};

/// The label of maintenance under way, in which nothing is investigated.
const IN_PROGRESS: &str = "In Progress";

/// Returns key and label of the status of a record.
#[must_use]
pub const fn status(kind: Kind, status: Status) -> (&'static str, &'static str) {
    let label = match (kind, status) {
        (Kind::Maintenance, Status::Investigating | Status::Identified) => IN_PROGRESS,
        (_, status) => status.label(),
    };
    (status.as_str(), label)
}

/// Key and label that replace the status of a superseded report.
pub const SUPERSEDED: (&str, &str) = ("superseded", "Superseded");

/// Key and label that replace the status of an incident that was merged into another.
pub const MERGED: (&str, &str) = ("merged", "Merged");

/// Returns the key and label of a report's status.
#[must_use]
pub const fn report_status(
    kind: Kind,
    of: Status,
    replaced: Option<Replaced>,
) -> (&'static str, &'static str) {
    match replaced {
        None => status(kind, of),
        Some(Replaced::Superseded) => SUPERSEDED,
        Some(Replaced::Merged) => MERGED,
    }
}

/// Returns what external readers must know of a record that is neither an incident nor maintenance: `Drill`.
#[must_use]
pub const fn unusual(of: Kind) -> Option<&'static str> {
    match of {
        Kind::Incident | Kind::Maintenance => None,
        Kind::NearMiss | Kind::Drill | Kind::Investigation => Some(of.label()),
    }
}

/// Returns the status of a report for external readers, with its kind unless that is usual: `Drill, Investigating`.
pub(super) fn external_status(kind: Kind, of: Status, replaced: Option<Replaced>) -> Word<'static> {
    let (key, status) = report_status(kind, of, replaced);
    match unusual(kind) {
        Some(kind) => Word::new(key, format!("{kind}, {status}")),
        None => Word::new(key, status),
    }
}

/// Returns key and label of the stage of a message about a record.
#[must_use]
pub const fn stage(kind: Kind, stage: Stage) -> (&'static str, &'static str) {
    let label = match (kind, stage) {
        (Kind::Maintenance, Stage::Investigating | Stage::Identified) => IN_PROGRESS,
        (_, stage) => stage.label(),
    };
    (stage.as_str(), label)
}

/// Returns the name of a channel: `the status page`, `email`.
#[must_use]
pub fn channel(channel: &str) -> &str {
    match channel {
        "status" => "the status page",
        "sms" => "SMS",
        other => other,
    }
}

/// Returns a channel as a phrase: `on the status page`, `by email`.
#[must_use]
pub fn via(key: &str) -> String {
    format!("{} {}", preposition(key), channel(key))
}

/// Returns the preposition of a channel: `on`, `by`.
#[must_use]
pub fn preposition(key: &str) -> &'static str {
    if key == "status" { "on" } else { "by" }
}

/// Returns the label of a data loss.
#[must_use]
pub const fn loss(loss: Loss) -> &'static str {
    match loss {
        Loss::None => "No Data Loss",
        Loss::Partial => "Partial Data Loss",
        Loss::Total => "Data Loss",
        Loss::Unknown => "Data Loss Not Known",
    }
}

/// Returns the label of a data exposure.
#[must_use]
pub const fn exposure(exposure: Exposure) -> &'static str {
    match exposure {
        Exposure::None => "No Data Exposure",
        Exposure::Suspected => "Suspected Data Exposure",
        Exposure::Confirmed => "Data Exposure",
        Exposure::Unknown => "Data Exposure Not Known",
    }
}

/// Returns key and label of a fix's status.
#[must_use]
pub const fn fix(status: FixStatus) -> (&'static str, &'static str) {
    let label = match status {
        FixStatus::PendingDeploy => "Committed, pending deploy",
        status => status.label(),
    };
    (status.as_str(), label)
}

/// Returns the sign of a step's progress.
#[must_use]
pub const fn sign(progress: Progress) -> &'static str {
    match progress {
        Progress::Done => "✅",
        Progress::InProgress | Progress::Planned => "⏳",
        Progress::Cancelled => "❌",
        Progress::Unknown => "❔",
    }
}

/// Returns key and label of a self-healing result.
#[must_use]
pub const fn healing(result: HealingResult) -> (&'static str, &'static str) {
    let label = match result {
        HealingResult::Partial => "Partial success",
        result => result.label(),
    };
    (result.as_str(), label)
}

/// Returns key and label of a signature's role.
#[must_use]
pub const fn signature(role: SignatureRole) -> (&'static str, &'static str) {
    let label = match role {
        SignatureRole::Commander => "Incident Commander",
        SignatureRole::Reviewer => "Reviewed By",
        SignatureRole::Approver => "Approved By",
    };
    (role.as_str(), label)
}

/// Returns the label of an end that counts because it is after the last reopening; `None` for any other endpoint.
#[must_use]
pub const fn last_end(source: EndpointSource) -> Option<&'static str> {
    match source {
        EndpointSource::Mark(Mark::Resolved) => Some("last resolution"),
        EndpointSource::Mark(Mark::Ended) => Some("last end"),
        _ => None,
    }
}

/// Label of the start of a window of impact other than the first.
pub const LATER_IMPACT: &str = "start of customer impact";

/// Returns the label of an endpoint of a response metric.
#[must_use]
pub fn end(source: EndpointSource, config: &Config) -> String {
    if let EndpointSource::Mark(custom @ Mark::Custom(_)) = source {
        return mark(custom, config);
    }
    built_in_end(source).to_owned()
}

const fn built_in_end(source: EndpointSource) -> &'static str {
    match source {
        EndpointSource::Message(_) => "first message to customers",
        EndpointSource::Mark(mark) => match mark {
            Mark::Started => "start",
            Mark::ImpactStarted => "first customer impact",
            Mark::ImpactEnded => "end of customer impact",
            Mark::Detected => "detection",
            Mark::Declared => "declaration",
            Mark::Paged => "page",
            Mark::Acknowledged => "acknowledgment",
            Mark::Identified => "identification of the cause",
            Mark::Mitigated => "mitigation",
            Mark::Resolved => "resolution",
            Mark::Ended => "end",
            Mark::Reopened => "reopening",
            Mark::CustomerNotified => "customer notification",
            Mark::Custom(name) => name,
        },
    }
}

/// Returns the label of a mark, as printed next to the event that carries it.
#[must_use]
pub fn mark(mark: Mark, config: &Config) -> String {
    config
        .mark_label(mark)
        .unwrap_or(built_in_mark(mark))
        .to_owned()
}

const fn built_in_mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Identified => "Cause Identified",
        Mark::CustomerNotified => "Customers Notified",
        mark => mark.label(),
    }
}

/// Returns key and label of an event's kind.
#[must_use]
pub const fn event(kind: EventKind) -> (&'static str, &'static str) {
    let label = match kind {
        EventKind::Ack => "Acknowledged",
        kind => kind.label(),
    };
    (kind.as_str(), label)
}
