//! The settings of `afterword import`.

use macro_rules_attribute::apply;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::incident::Section;
use crate::kind::{Choice, Identifier, Line, Pairs, PersonName};
use crate::moment::Zone;
use crate::timeline::EventKind;

/// How `afterword import` reads existing reports and the exports of other systems.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSettings {
    /// Headings in your reports, and the report section of each.
    #[schemars(example = serde_json::json!({ "Blast Radius": "impact" }))]
    #[serde(default)]
    pub headings: Pairs<Section>,
    /// Labels of facts in your reports, and the meaning of each.
    #[schemars(example = serde_json::json!({ "Störungsbeginn": "start", "Wer": "commander" }))]
    #[serde(default)]
    pub labels: Pairs<ReportLabel>,
    /// Handles in exports, such as user IDs, logins and email addresses, and the name of each person.
    #[schemars(example = serde_json::json!({ "U062HDG5FNE": "Dana Fischer" }))]
    #[serde(default)]
    pub people: Pairs<PersonName>,
    /// Severities of alerts, and your severity for each. `afterword new --from` uses them.
    #[schemars(example = serde_json::json!({ "critical": "P1", "warning": "P3" }))]
    #[serde(default)]
    pub severities: Pairs<Line>,
    /// How Slack messages are read.
    #[schemars(example = serde_json::json!({ "workspace": "ferrowick" }))]
    #[serde(default)]
    pub slack: SlackSettings,
    /// Which columns of a table (CSV, TSV or JSON lines) are read, if they do not have the usual names.
    #[schemars(example = serde_json::json!({ "at": "Occurred At", "text": "What Happened" }))]
    #[serde(default)]
    pub csv: CsvSettings,
}

/// How Slack messages are read.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SlackSettings {
    /// The name of the workspace, the first part of `NAME.slack.com`. Without it, messages have no links.
    #[schemars(example = &"ferrowick")]
    pub workspace: Option<Identifier>,
    /// Reactions, without colons, and the type of event that each makes of a message.
    #[schemars(example = serde_json::json!({ "mag": "diagnosis", "rocket": "deploy" }))]
    #[serde(default)]
    pub reactions: Pairs<EventKind>,
}

/// Which columns of a table are read.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CsvSettings {
    /// The column of the time.
    #[schemars(example = &"Occurred At")]
    pub at: Option<Line>,
    /// The column of the date, if that of the time has only a time of day.
    #[schemars(example = &"Day")]
    pub date: Option<Line>,
    /// The column of the end time.
    #[schemars(example = &"Ended At")]
    pub until: Option<Line>,
    /// The column of the text.
    #[schemars(example = &"What Happened")]
    pub text: Option<Line>,
    /// The column of the person or system that acted.
    #[schemars(example = &"Responder")]
    pub actor: Option<Line>,
    /// The column of the type of event.
    #[schemars(example = &"Category")]
    pub kind: Option<Line>,
    /// The column of the URL.
    #[schemars(example = &"Permalink")]
    pub url: Option<Line>,
    /// The column of the ID.
    #[schemars(example = &"Row")]
    pub id: Option<Line>,
    /// The time zone of times without a UTC offset, unless `--tz` is given.
    #[schemars(example = &"Europe/Berlin")]
    pub tz: Option<Zone>,
}

/// The meaning of a label in a report.
#[apply(Choice!)]
pub enum ReportLabel {
    /// The time of the acknowledgement.
    Acknowledged,
    /// The authors of the report.
    Authors,
    /// The incident commander.
    Commander,
    /// The number of affected customers.
    Customers,
    /// The date of the incident.
    Date,
    /// The time of the detection.
    Detected,
    /// The way of the detection.
    Detection,
    /// The duration.
    Duration,
    /// The end.
    End,
    /// The environments.
    Environment,
    /// The ID.
    Id,
    /// The time at which the cause was known.
    Identified,
    /// The impact.
    Impact,
    /// The end of the impact.
    ImpactEnded,
    /// The start of the impact.
    ImpactStarted,
    /// The kind of record.
    Kind,
    /// The time of the mitigation.
    Mitigated,
    /// The person who reported it.
    Reporter,
    /// The resolution.
    Resolution,
    /// The time of the resolution.
    Resolved,
    /// The responders.
    Responders,
    /// The root cause.
    RootCause,
    /// The affected services.
    Services,
    /// The severity.
    Severity,
    /// The start.
    Start,
    /// The status.
    Status,
    /// The summary.
    Summary,
    /// The tags.
    Tags,
    /// The teams.
    Teams,
    /// The time to acknowledge.
    TimeToAcknowledge,
    /// The time to detect.
    TimeToDetect,
    /// The time to mitigate.
    TimeToMitigate,
    /// The time to resolve.
    TimeToResolve,
    /// The time zone of all times.
    Timezone,
    /// The title.
    Title,
    /// The trigger.
    Trigger,
    /// The number of affected users.
    Users,
    /// The start and end in one value.
    Window,
}

impl ReportLabel {
    /// Returns the label that the import of reports knows.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Acknowledged => "Acknowledged at",
            Self::Commander => "Incident Commander",
            Self::Customers => "Customers affected",
            Self::Detected => "Detected at",
            Self::End => "End Time",
            Self::Id => "Incident ID",
            Self::ImpactEnded => "Impact end",
            Self::ImpactStarted => "Impact start",
            Self::Mitigated => "Mitigated at",
            Self::Reporter => "Reported by",
            Self::Resolved => "Resolved at",
            Self::Start => "Start Time",
            Self::TimeToAcknowledge => "Time to acknowledge",
            Self::TimeToDetect => "Time to detect",
            Self::TimeToMitigate => "Time to mitigate",
            Self::TimeToResolve => "Time to resolve",
            Self::Timezone => "Time zone",
            Self::Users => "Users affected",
            Self::Window => "Incident window",
            label => label.label(),
        }
    }
}
