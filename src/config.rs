//! The archive's settings: `afterword.toml`, all of which have defaults.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer};

use crate::audience::Audience;
use crate::incident::{Section, SignatureRole};
use crate::kind::{Day, Duration, Either, FilePath, Line, OneOrMany, Pairs, Period, Url};
use crate::moment::Zone;

/// The settings of an archive.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The site that is published.
    #[serde(default)]
    pub site: Site,
    /// Whose incidents these are.
    #[serde(default)]
    pub organization: Organization,
    /// Severities, by key; each merges with the default of the same key.
    #[serde(default)]
    pub severity: Pairs<SeveritySettings>,
    /// Levels of checks, by code.
    #[serde(default)]
    pub checks: ChecksSettings,
    /// Clocks that are defined otherwise than by default.
    #[serde(default)]
    pub metrics: Vec<MetricSettings>,
    /// How long reports are kept that do not say.
    #[serde(default)]
    pub retention: RetentionSettings,
    /// The search for private words in a built site.
    #[serde(default)]
    pub audit: AuditSettings,
    /// How large input files may be.
    #[serde(default)]
    pub limits: LimitSettings,
    /// How reports from elsewhere are read.
    #[serde(default)]
    pub import: ImportSettings,
}

/// The site that is published.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its title; `Incident Reports` when absent.
    pub title: Option<Line>,
    /// Its address on the web, for feeds and canonical links.
    pub base_url: Option<Url>,
    /// Who reads it; `internal` when absent.
    pub audience: Option<Audience>,
    /// The zone to print times in; `UTC` when absent.
    pub timezone: Option<Zone>,
    /// The folder it is written to; `site` when absent.
    pub out: Option<FilePath>,
    /// The day that `overdue` and `future` are measured against; today when absent.
    pub as_of: Option<Day>,
    /// How new incidents are named: `INC-YYYY-NNNN` when absent; `YYYY` is the year, `N`s are the number.
    pub ids: Option<Line>,
    /// The severities there are, most severe first; `P0` to `P4` when absent.
    pub severities: Option<Vec<Line>>,
}

/// Whose incidents these are.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// Its name.
    pub name: Option<Line>,
    /// Where to ask.
    pub contact: Option<Line>,
}

/// What a severity means and asks for.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeveritySettings {
    /// The word behind the key: `High`.
    pub label: Option<Line>,
    /// Its place among the severities; lower is more severe.
    pub order: Option<u32>,
    /// When to choose it.
    pub description: Option<Line>,
    /// The sections that a resolved incident needs.
    pub require: Option<Vec<Requirement>>,
    /// The signatures that a resolved incident needs.
    pub sign_off: Option<Vec<SignatureRole>>,
    /// How soon after its end it is reviewed: `5 days`.
    pub review_within: Option<Period>,
}

/// Something that a severity may require of a resolved incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// A summary for those who go no further.
    Summary,
    /// A timeline.
    Timeline,
    /// A root cause.
    RootCause,
    /// How it was detected.
    Detection,
    /// Whom it harmed.
    Impact,
    /// What was done.
    Resolution,
    /// What the systems did by themselves.
    SelfHealing,
    /// At least one message.
    Communication,
    /// Lessons.
    Lessons,
    /// At least one action item.
    ActionItems,
    /// Technical details.
    Technical,
    /// References.
    References,
    /// A sign-off.
    SignOff,
}

/// Levels of checks.
#[derive(Debug, Clone, Default)]
pub struct ChecksSettings {
    /// Incidents that ended before this day are spared.
    pub since: Option<Day>,
    /// The level of a check, by its code.
    pub levels: Vec<(String, LevelSetting)>,
    /// What `gap-in-timeline` reports.
    pub gap_in_timeline: GapSettings,
}

/// The check that has settings beside its level.
const GAP: &str = "gap-in-timeline";

/// The settings of `gap-in-timeline`, where its level alone is not enough.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GapSettings {
    /// The level of the check.
    pub level: Option<LevelSetting>,
    /// The longest time without an event that is not reported; `30 minutes` when absent.
    pub over: Option<Duration>,
}

/// The level that a check is set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelSetting {
    /// It stops a build.
    Error,
    /// It is named.
    Warning,
    /// It is not run.
    Off,
}

impl<'de> Deserialize<'de> for ChecksSettings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Table;
        impl<'de> de::Visitor<'de> for Table {
            type Value = ChecksSettings;

            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("a table of checks")
            }

            fn visit_map<A: de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<ChecksSettings, A::Error> {
                let mut settings = ChecksSettings::default();
                while let Some(key) = map.next_key::<String>()? {
                    if key == "since" {
                        settings.since = Some(map.next_value()?);
                        continue;
                    }
                    let level = if key == GAP {
                        match map.next_value()? {
                            Either::Short(level) => Some(level),
                            Either::Table(gap) => {
                                settings.gap_in_timeline = gap;
                                settings.gap_in_timeline.level
                            }
                        }
                    } else {
                        Some(map.next_value()?)
                    };
                    settings.levels.extend(level.map(|level| (key, level)));
                }
                Ok(settings)
            }
        }
        from.deserialize_map(Table)
    }
}

impl JsonSchema for ChecksSettings {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Checks".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (day, level, gap) = (
            generator.subschema_for::<Day>(),
            generator.subschema_for::<LevelSetting>(),
            generator.subschema_for::<Either<LevelSetting, GapSettings>>(),
        );
        json_schema!({
            "description": "Levels of checks, by code.",
            "type": "object",
            "properties": { "since": day, GAP: gap },
            "additionalProperties": level
        })
    }
}

/// A clock that is defined otherwise than by default, or a new one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricSettings {
    /// Its key: `time_to_detect`, or a new one.
    pub key: Line,
    /// Its name in reports.
    pub label: Option<Line>,
    /// The mark it starts at; of several, the first that is there.
    #[serde(default)]
    pub from: OneOrMany<Line>,
    /// The mark it ends at; of several, the first that is there.
    #[serde(default)]
    pub to: OneOrMany<Line>,
    /// What it should stay under: `5 minutes`.
    pub target: Option<Line>,
}

/// How long reports are kept that do not say.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionSettings {
    /// How long after its end: `7 years`.
    pub default: Option<Period>,
}

/// The search for private words in a built site.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditSettings {
    /// Words that are no secret though the archive holds them.
    #[serde(default)]
    pub allow: Vec<Line>,
}

/// How large input files may be.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// Bytes in a file; 16 MiB when absent.
    pub file_bytes: Option<u32>,
    /// Tables and lists inside each other; 64 when absent.
    pub depth: Option<u32>,
    /// Bytes in a string; 64 KiB when absent.
    pub string_bytes: Option<u32>,
    /// Entries in a list; 100,000 when absent.
    pub entries: Option<u32>,
}

/// How reports from elsewhere are read.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSettings {
    /// Headings with the section that each stands for: `{ "Blast Radius" = "impact" }`.
    #[serde(default)]
    pub headings: Pairs<Section>,
}

/// A severity of the archive, with its defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Severity {
    /// Its key: `P1`.
    pub key: String,
    /// The word behind the key: `High`.
    pub label: Option<String>,
    /// When to choose it.
    pub description: Option<String>,
    /// The sections that a resolved incident needs.
    pub require: Vec<Requirement>,
    /// The signatures that a resolved incident needs.
    pub sign_off: Vec<SignatureRole>,
    /// How soon after its end it is reviewed.
    pub review_within: Option<Period>,
}

const FULL: &[Requirement] = &[
    Requirement::Impact,
    Requirement::RootCause,
    Requirement::Detection,
    Requirement::Resolution,
    Requirement::Communication,
    Requirement::Lessons,
    Requirement::ActionItems,
];

/// A severity as it is by default: key, label, required sections, required signatures.
type DefaultSeverity = (
    &'static str,
    &'static str,
    &'static [Requirement],
    &'static [SignatureRole],
);

/// The severities of an archive that names none.
const SEVERITIES: &[DefaultSeverity] = &[
    (
        "P0",
        "Critical",
        FULL,
        &[
            SignatureRole::Commander,
            SignatureRole::Reviewer,
            SignatureRole::Approver,
        ],
    ),
    (
        "P1",
        "High",
        FULL,
        &[SignatureRole::Commander, SignatureRole::Reviewer],
    ),
    (
        "P2",
        "Medium",
        &[Requirement::RootCause, Requirement::ActionItems],
        &[],
    ),
    ("P3", "Low", &[], &[]),
    ("P4", "Informational", &[], &[]),
];

impl Config {
    /// Lists the severities of the archive, the most severe first.
    ///
    /// `[site] severities` says which there are; else they are the default ones
    /// and those that have a table, by `order`.
    #[must_use]
    pub fn severities(&self) -> Vec<Severity> {
        let default = |key: &str| SEVERITIES.iter().position(|severity| severity.0 == key);
        let keys: Vec<&str> = match &self.site.severities {
            Some(keys) => keys.iter().map(|key| &**key).collect(),
            None => {
                let own = self
                    .severity
                    .0
                    .iter()
                    .map(|(key, _)| &**key)
                    .filter(|key| default(key).is_none());
                let mut keys: Vec<&str> = SEVERITIES
                    .iter()
                    .map(|severity| severity.0)
                    .chain(own)
                    .collect();
                let order = |key: &str| {
                    let set = self.severity.get(key).and_then(|settings| settings.order);
                    set.map(u64::from)
                        .or(default(key).map(|place| place as u64))
                        .unwrap_or(u64::MAX)
                };
                keys.sort_by_key(|key| order(key));
                keys
            }
        };
        keys.into_iter()
            .map(|key| {
                self.severity(
                    key,
                    default(key).and_then(|place| SEVERITIES.get(place).copied()),
                )
            })
            .collect()
    }

    fn severity(&self, key: &str, default: Option<DefaultSeverity>) -> Severity {
        let own = self.severity.get(key);
        let words = |line: &Option<Line>| line.as_ref().map(ToString::to_string);
        Severity {
            key: key.to_owned(),
            label: own
                .and_then(|own| words(&own.label))
                .or(default.map(|(_, label, ..)| label.to_owned())),
            description: own.and_then(|own| words(&own.description)),
            require: own
                .and_then(|own| own.require.clone())
                .or(default.map(|(_, _, require, _)| require.to_vec()))
                .unwrap_or_default(),
            sign_off: own
                .and_then(|own| own.sign_off.clone())
                .or(default.map(|(_, _, _, roles)| roles.to_vec()))
                .unwrap_or_default(),
            review_within: own.and_then(|own| own.review_within.clone()),
        }
    }

    /// Gives the site's title.
    #[must_use]
    pub fn title(&self) -> &str {
        self.site.title.as_deref().unwrap_or("Incident Reports")
    }
}
