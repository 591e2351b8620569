//! The words for the keys of the input, each in one place.

use crate::audience::Audience;
use crate::facts::EndpointSource;
use crate::incident::{
    CauseStatus, Exposure, FixStatus, HealingResult, ImpactLevel, Kind, Loss, Progress,
    SignatureRole, Stage, Status,
};
use crate::timeline::{EventKind, Mark};

/// Gives key and words of a kind of record.
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

/// Gives key and words of a status.
#[must_use]
pub const fn status(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Planned => ("planned", "Planned"),
        Status::Investigating => ("investigating", "Investigating"),
        Status::Identified => ("identified", "Identified"),
        Status::Monitoring => ("monitoring", "Monitoring"),
        Status::Resolved => ("resolved", "Resolved"),
        Status::Closed => ("closed", "Closed"),
    }
}

/// Key and words of a report that another one takes the place of, where its status would stand.
pub const SUPERSEDED: (&str, &str) = ("superseded", "Superseded");

/// Gives key and words of a message's stage.
#[must_use]
pub const fn stage(stage: Stage) -> (&'static str, &'static str) {
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

/// Gives the words of a channel: by what way a message went.
#[must_use]
pub fn way(channel: &str) -> String {
    match channel {
        "status" => "on the status page".to_owned(),
        "email" => "by e-mail".to_owned(),
        "sms" => "by SMS".to_owned(),
        other => format!("by {other}"),
    }
}

/// Gives the words of an audience.
#[must_use]
pub const fn audience(audience: Audience) -> &'static str {
    match audience {
        Audience::Public => "Public",
        Audience::Customers => "Customers",
        Audience::Internal => "Internal",
        Audience::Confidential => "Confidential",
    }
}

/// Gives key and words of an impact's level.
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

/// Gives the words of a loss of data.
#[must_use]
pub const fn loss(loss: Loss) -> &'static str {
    match loss {
        Loss::None => "No Data Loss",
        Loss::Partial => "Partial Data Loss",
        Loss::Total => "Data Loss",
        Loss::Unknown => "Data Loss Not Known",
    }
}

/// Gives the words of an exposure of data.
#[must_use]
pub const fn exposure(exposure: Exposure) -> &'static str {
    match exposure {
        Exposure::None => "No Data Exposure",
        Exposure::Suspected => "Suspected Data Exposure",
        Exposure::Confirmed => "Data Exposure",
        Exposure::Unknown => "Data Exposure Not Known",
    }
}

/// Gives key and words of how sure a cause is.
#[must_use]
pub const fn cause(status: CauseStatus) -> (&'static str, &'static str) {
    match status {
        CauseStatus::Unknown => ("unknown", "Unknown"),
        CauseStatus::Suspected => ("suspected", "Suspected"),
        CauseStatus::Confirmed => ("confirmed", "Confirmed"),
    }
}

/// Gives key and words of a fix's status.
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

/// Gives key, sign and words of a step's progress.
#[must_use]
pub const fn progress(progress: Progress) -> (&'static str, &'static str, &'static str) {
    match progress {
        Progress::Done => ("done", "✅", "Done"),
        Progress::InProgress => ("in_progress", "⏳", "In Progress"),
        Progress::Planned => ("planned", "⏳", "Planned"),
        Progress::Cancelled => ("cancelled", "❌", "Cancelled"),
    }
}

/// Gives key and words of a self-healing result.
#[must_use]
pub const fn healing(result: HealingResult) -> (&'static str, &'static str) {
    match result {
        HealingResult::Success => ("success", "Success"),
        HealingResult::Partial => ("partial", "Partial success"),
        HealingResult::Failed => ("failed", "Failed"),
        HealingResult::Skipped => ("skipped", "Skipped"),
    }
}

/// Gives key and words of a signature's role.
#[must_use]
pub const fn signature(role: SignatureRole) -> (&'static str, &'static str) {
    match role {
        SignatureRole::Commander => ("commander", "Incident Commander"),
        SignatureRole::Reviewer => ("reviewer", "Reviewed By"),
        SignatureRole::Approver => ("approver", "Approved By"),
    }
}

/// Gives the words of an end of a clock.
#[must_use]
pub const fn end(source: EndpointSource) -> &'static str {
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
            Mark::CustomerNotified => "notice to customers",
        },
    }
}

/// Gives the words of a mark, as they stand beside the event that carries it.
#[must_use]
pub const fn mark(mark: Mark) -> &'static str {
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
        Mark::CustomerNotified => "Customers Told",
    }
}

/// Gives key and words of an event's kind.
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

/// Writes the first letter large.
pub(super) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
