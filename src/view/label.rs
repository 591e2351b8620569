//! The labels for the keys of the input.

use super::Word;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::{EndpointSource, Replaced};
use crate::incident::{
    CauseStatus, Exposure, FixStatus, HealingResult, ImpactLevel, Kind, Loss, Progress,
    SignatureRole, Stage, Status,
};
use crate::timeline::{EventKind, Mark};

/// Returns key and label of a kind of record.
#[must_use]
pub const fn kind(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Incident => ("incident", "Incident"),
        Kind::NearMiss => ("near_miss", "Near Miss"),
        Kind::Drill => ("drill", "Drill"),
        Kind::Maintenance => ("maintenance", "Maintenance"),
        Kind::Investigation => ("investigation", "Investigation"),
    }
}

/// The label of maintenance under way, in which nothing is investigated.
const IN_PROGRESS: &str = "In Progress";

/// Returns key and label of the status of a record.
#[must_use]
pub const fn status(kind: Kind, status: Status) -> (&'static str, &'static str) {
    match (kind, status) {
        (Kind::Maintenance, Status::Investigating) => ("investigating", IN_PROGRESS),
        (Kind::Maintenance, Status::Identified) => ("identified", IN_PROGRESS),
        (_, status) => status_of_incident(status),
    }
}

const fn status_of_incident(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Planned => ("planned", "Planned"),
        Status::Investigating => ("investigating", "Investigating"),
        Status::Identified => ("identified", "Identified"),
        Status::Monitoring => ("monitoring", "Monitoring"),
        Status::Resolved => ("resolved", "Resolved"),
        Status::Closed => ("closed", "Closed"),
    }
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
        Kind::NearMiss | Kind::Drill | Kind::Investigation => Some(kind(of).1),
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
    match (kind, stage) {
        (Kind::Maintenance, Stage::Investigating) => ("investigating", IN_PROGRESS),
        (Kind::Maintenance, Stage::Identified) => ("identified", IN_PROGRESS),
        (_, stage) => stage_of_incident(stage),
    }
}

const fn stage_of_incident(stage: Stage) -> (&'static str, &'static str) {
    match stage {
        Stage::Planned => ("planned", "Planned"),
        Stage::Investigating => ("investigating", "Investigating"),
        Stage::Identified => ("identified", "Identified"),
        Stage::Monitoring => ("monitoring", "Monitoring"),
        Stage::Resolved => ("resolved", "Resolved"),
        Stage::Closed => ("closed", "Closed"),
        Stage::Postmortem => ("postmortem", "Postmortem"),
    }
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

/// Returns the label of an audience.
#[must_use]
pub const fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "Public",
        Audience::Customers => "Customers",
        Audience::Internal => "Internal",
        Audience::Confidential => "Confidential",
    }
}

/// Returns key and label of an impact level.
#[must_use]
pub const fn impact_level(level: ImpactLevel) -> (&'static str, &'static str) {
    match level {
        ImpactLevel::None => ("none", "None"),
        ImpactLevel::Minor => ("minor", "Minor"),
        ImpactLevel::Moderate => ("moderate", "Moderate"),
        ImpactLevel::Major => ("major", "Major"),
        ImpactLevel::Critical => ("critical", "Critical"),
    }
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

/// Returns key and label of a cause's status.
#[must_use]
pub const fn cause(status: CauseStatus) -> (&'static str, &'static str) {
    match status {
        CauseStatus::Unknown => ("unknown", "Unknown"),
        CauseStatus::Suspected => ("suspected", "Suspected"),
        CauseStatus::Confirmed => ("confirmed", "Confirmed"),
    }
}

/// Returns key and label of a fix's status.
#[must_use]
pub const fn fix(status: FixStatus) -> (&'static str, &'static str) {
    match status {
        FixStatus::None => ("none", "None"),
        FixStatus::Committed => ("committed", "Committed"),
        FixStatus::PendingDeploy => ("pending_deploy", "Committed, pending deploy"),
        FixStatus::Deployed => ("deployed", "Deployed"),
        FixStatus::Verified => ("verified", "Verified"),
        FixStatus::Reverted => ("reverted", "Reverted"),
    }
}

/// Returns key, sign and label of a step's progress.
#[must_use]
pub const fn progress(progress: Progress) -> (&'static str, &'static str, &'static str) {
    match progress {
        Progress::Done => ("done", "✅", "Done"),
        Progress::InProgress => ("in_progress", "⏳", "In Progress"),
        Progress::Planned => ("planned", "⏳", "Planned"),
        Progress::Cancelled => ("cancelled", "❌", "Cancelled"),
        Progress::Unknown => ("unknown", "❔", "Unknown"),
    }
}

/// Returns key and label of a self-healing result.
#[must_use]
pub const fn healing(result: HealingResult) -> (&'static str, &'static str) {
    match result {
        HealingResult::Success => ("success", "Success"),
        HealingResult::Partial => ("partial", "Partial success"),
        HealingResult::Failed => ("failed", "Failed"),
        HealingResult::Skipped => ("skipped", "Skipped"),
    }
}

/// Returns key and label of a signature's role.
#[must_use]
pub const fn signature(role: SignatureRole) -> (&'static str, &'static str) {
    match role {
        SignatureRole::Commander => ("commander", "Incident Commander"),
        SignatureRole::Reviewer => ("reviewer", "Reviewed By"),
        SignatureRole::Approver => ("approver", "Approved By"),
    }
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
        Mark::Started => "Started",
        Mark::ImpactStarted => "Impact Started",
        Mark::ImpactEnded => "Impact Ended",
        Mark::Detected => "Detected",
        Mark::Declared => "Declared",
        Mark::Paged => "Paged",
        Mark::Acknowledged => "Acknowledged",
        Mark::Identified => "Cause Identified",
        Mark::Mitigated => "Mitigated",
        Mark::Resolved => "Resolved",
        Mark::Ended => "Ended",
        Mark::Reopened => "Reopened",
        Mark::CustomerNotified => "Customers Notified",
        Mark::Custom(name) => name,
    }
}

/// Returns key and label of an event's kind.
#[must_use]
pub const fn event(kind: EventKind) -> (&'static str, &'static str) {
    match kind {
        EventKind::Alert => ("alert", "Alert"),
        EventKind::Page => ("page", "Page"),
        EventKind::Ack => ("ack", "Acknowledged"),
        EventKind::Diagnosis => ("diagnosis", "Diagnosis"),
        EventKind::Action => ("action", "Action"),
        EventKind::Mitigation => ("mitigation", "Mitigation"),
        EventKind::Deploy => ("deploy", "Deploy"),
        EventKind::Communication => ("communication", "Communication"),
        EventKind::Monitoring => ("monitoring", "Monitoring"),
        EventKind::Verified => ("verified", "Verified"),
        EventKind::Closed => ("closed", "Closed"),
        EventKind::Note => ("note", "Note"),
    }
}

/// Returns a text with its first character in uppercase.
pub(super) fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}
