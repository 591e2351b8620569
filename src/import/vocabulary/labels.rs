//! What the labels of a report mean, by section.

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum CauseLabel {
    Status,
    Primary,
    Problem,
    Factors,
    Chain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum DetectionLabel {
    Method,
    ToDetect,
    /// A duration that is computed.
    Computed,
    Assessment,
    Internal,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum ImpactLabel {
    Duration,
    Users,
    Customers,
    Type,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum BusinessLabel {
    Revenue,
    Reputation,
    ChurnRisk,
    Tickets,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum CommunicationLabel {
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
pub(in super::super) enum MessageLabel {
    NextUpdate,
    ApprovedBy,
    Published,
    Subject,
    Template,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum HealingLabel {
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
pub(in super::super) enum FixLabel {
    Status,
    Changes,
    Reverted,
    Rollout,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum DeploymentLabel {
    Version,
    At,
    Method,
    Rollback,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum EvidenceLabel {
    Finding,
    Source,
    Link,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum FootLabel {
    Classification,
    Retention,
    LegalHold,
    Marking,
    Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum ActionLabel {
    Owner,
    Due,
    Priority,
    Ticket,
    Status,
}

/// A label at the top of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum SummaryLabel {
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
    Objective,
    Severity,
    /// The severity of a report that states no other.
    Priority,
    Status,
    Start,
    End,
    /// A span from start to end.
    Window,
    Duration,
    Date,
    /// The date on which the text was published.
    Published,
    Review,
    AnalysisDate,
    AnalysisStatus,
    Incidents,
    Investigations,
    /// The incidents that were merged into this one.
    Merged,
    /// The incidents that were split off from this one.
    Split,
    SplitFrom,
    Scheduled,
    /// A span from an end to the reopening after it.
    Reopened,
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
