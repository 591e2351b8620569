//! The settings of an archive, `afterword.toml`.
//!
//! Every setting is optional. The doc comments of the fields become the descriptions of
//! `schema/config.json` and the tables of `docs/configuration.md`: `[default: …]` at the end of
//! one is the value that applies when the key is missing, `example` one that may be set.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{self, Deserializer};

use crate::audience::Audience;
use crate::incident::SignatureRole;
use crate::kind::{
    DarkColor, Day, Duration, Either, FilePath, IdPattern, LightColor, Line, Pairs, Period, Url,
};
use crate::moment::Zone;

mod availability;
mod fields;
mod import;
mod marks;
mod severity;
mod words;

pub use availability::{AvailabilitySettings, WeightSettings};
pub use fields::{FieldKind, FieldSettings};
pub use import::{CsvSettings, ImportSettings, ReportLabel, SlackSettings};
pub use marks::{MarkSettings, MetricSettings};
pub use severity::Severity;
pub use words::{CheckWords, Grammar, LabelWords, PromiseWords, UnitWords};

/// The settings of an archive.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The site that `afterword build` writes.
    #[serde(default)]
    pub site: Site,
    /// The organization that the incidents belong to.
    #[serde(default)]
    pub organization: Organization,
    /// Severities, by key. A table changes single settings of the built-in severity of that key, or adds a severity.
    #[serde(default)]
    pub severity: Pairs<SeveritySettings>,
    /// Custom fields of incidents, by key. Their values are in `[extra]` of an incident.
    #[serde(default)]
    pub fields: Pairs<FieldSettings>,
    /// The level of each check, by its code.
    #[serde(default)]
    pub checks: ChecksSettings,
    /// Response times that are measured differently, or in addition to the built-in ones. They start and end at marks,
    /// or at `first_message`, the first message sent to customers or the public, not counting announcements (`stage = "planned"`).
    #[serde(default)]
    pub metrics: Vec<MetricSettings>,
    /// Custom marks, by name: milestones of your own that events carry in `marks`, and at which response times start or end.
    #[serde(default)]
    pub marks: Pairs<MarkSettings>,
    /// The availability of services.
    #[serde(default)]
    pub availability: AvailabilitySettings,
    /// How commands record events.
    #[serde(default)]
    pub timeline: TimelineSettings,
    /// How long reports are retained.
    #[serde(default)]
    pub retention: RetentionSettings,
    /// The scan of a built site for confidential terms and secrets.
    #[serde(default)]
    pub audit: AuditSettings,
    /// Limits on input files. A file over a limit is rejected with the name of the limit.
    #[serde(default)]
    pub limits: LimitSettings,
    /// How `afterword import` reads existing reports and the exports of other systems.
    #[serde(default)]
    pub import: ImportSettings,
    /// Words of your texts that checks look for, in addition to the built-in English ones. Case is ignored unless stated
    /// otherwise; write both the singular and the plural.
    #[serde(default)]
    pub words: CheckWords,
}

/// The site that `afterword build` writes.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// The site's title. [default: `"Incident Reports"`]
    #[schemars(example = &"Ferrowick Incident Reports")]
    pub title: Option<Line>,
    /// The URL that the site is published at. It is needed for the sitemap, for absolute links in feeds, calendars
    /// and `status.json`, and for the links of `404.html` if the site is not at the root of its host.
    #[schemars(example = &"https://incidents.example.com/")]
    pub base_url: Option<Url>,
    /// The audience that a build without `--audience` is for. [default: `"internal"`]
    #[schemars(example = &"internal")]
    pub audience: Option<Audience>,
    /// The time zone in which times are printed, unless an incident sets `timezone`. [default: `"UTC"`]
    #[schemars(example = &"Europe/Berlin")]
    pub timezone: Option<Zone>,
    /// The output directory of a build without `--out`. [default: `"site"`]
    #[schemars(example = &"public")]
    pub out: Option<FilePath>,
    /// The reference date for "overdue" and "in the future". Set it if the built site is committed. [default: today, in UTC]
    #[schemars(example = &"2026-04-17")]
    pub as_of: Option<Day>,
    /// The pattern of new incident IDs: `YYYY` is the year, each `N` a digit of the number. [default: `"INC-YYYY-NNNN"`]
    #[schemars(example = &"SHOP-YYYY-NNN")]
    pub ids: Option<IdPattern>,
    /// The logo, next to the title of the site: an SVG file in `templates/assets/`.
    #[schemars(example = &"templates/assets/logo.svg")]
    pub logo: Option<FilePath>,
    /// The color of links and of the focus, for readers with a light and with a dark theme. [default: blue]
    #[schemars(example = serde_json::json!({ "light": "#7a1f5c", "dark": "#f2a7d3" }))]
    pub accent: Option<AccentSettings>,
    /// Links in the header of sites for customers and the public, such as to a status page.
    #[schemars(example = serde_json::json!([{ "title": "Status", "url": "https://status.example.com" }]))]
    #[serde(default)]
    pub links: Vec<LinkSettings>,
    /// The severities that may be used, most severe first. [default: `P0` to `P4`, and those that have a table]
    #[schemars(example = ["P0", "P1", "P2"])]
    pub severities: Option<Vec<Line>>,
}

/// The color of links and of the focus. Each must have a contrast of 4.5 to 1 to its background.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccentSettings {
    /// The color on the light background.
    #[schemars(example = &"#7a1f5c")]
    pub light: LightColor,
    /// The color on the dark background.
    #[schemars(example = &"#f2a7d3")]
    pub dark: DarkColor,
}

/// A link in the header of a site.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkSettings {
    /// The text.
    #[schemars(example = &"Status")]
    pub title: Line,
    /// The URL.
    #[schemars(example = &"https://status.example.com")]
    pub url: Url,
}

/// The organization that the incidents belong to.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Organization {
    /// The name of the organization, used in feeds and on pages for customers.
    #[schemars(example = &"Ferrowick")]
    pub name: Option<Line>,
    /// The contact for questions: an email address (`name@example.com` or `Name <name@example.com>`) or other text.
    /// It fills `contact` in drafts of messages; an email address is also the sender of customer emails.
    #[schemars(example = &"Ferrowick Support <support@example.com>")]
    pub contact: Option<Line>,
}

/// The meaning of a severity, and what it requires.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeveritySettings {
    /// The name that is printed after the key.
    #[schemars(example = &"High")]
    pub label: Option<Line>,
    /// The position among the severities; lower is more severe. Ignored if `[site] severities` is set.
    #[schemars(example = 1)]
    pub order: Option<u32>,
    /// When to use this severity.
    #[schemars(example = &"Many customers cannot work.")]
    pub description: Option<Line>,
    /// The sections that a resolved incident must have; `check` reports the missing ones.
    #[schemars(example = ["impact", "root_cause", "action_items"])]
    pub require: Option<Vec<Requirement>>,
    /// The signatures that a resolved incident must have; `check` reports the missing ones.
    #[schemars(example = ["commander", "reviewer"])]
    pub sign_off: Option<Vec<SignatureRole>>,
    /// The time from the end of an incident to its review; `check` reports a review that is later or missing.
    #[schemars(example = &"5 days")]
    pub review_within: Option<Period>,
}

/// Something that a severity may require of a resolved incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Requirement {
    /// The text under `summary`.
    Summary,
    /// The timeline.
    Timeline,
    /// The root cause.
    RootCause,
    /// How the incident was detected.
    Detection,
    /// Who was affected.
    Impact,
    /// What was done to resolve it.
    Resolution,
    /// What automation did.
    SelfHealing,
    /// At least one message.
    Communication,
    /// Lessons learned.
    Lessons,
    /// At least one action item.
    ActionItems,
    /// Technical details.
    Technical,
    /// References.
    References,
    /// The sign-off.
    SignOff,
}

/// The levels of checks.
#[derive(Debug, Clone, Default)]
pub struct ChecksSettings {
    /// The date before which ended incidents are skipped.
    pub since: Option<Day>,
    /// The level of each check, by its code.
    pub levels: Vec<(String, LevelSetting)>,
    /// The settings of `gap-in-timeline`.
    pub gap_in_timeline: GapSettings,
}

/// The check that has another setting besides its level.
const GAP: &str = "gap-in-timeline";

/// The settings of `gap-in-timeline`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GapSettings {
    /// The level of `gap-in-timeline`. [default: `"warning"`]
    #[schemars(example = &"error")]
    pub level: Option<LevelSetting>,
    /// The longest time without an event that is not reported. [default: `"30 minutes"`]
    #[schemars(example = &"1 hour")]
    pub over: Option<Duration>,
}

/// The level of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LevelSetting {
    /// Reported, and stops a build.
    Error,
    /// Reported.
    Warning,
    /// Not reported.
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
            "description": "The level of each check, by its code.",
            "type": "object",
            "properties": {
                "since": {
                    "description": "Skip incidents that ended before this date.",
                    "allOf": [day],
                    "examples": ["2026-01-01"]
                },
                GAP: gap
            },
            "additionalProperties": {
                "description": "The level of the check `CODE`. [default: the check's own level]",
                "allOf": [level],
                "examples": ["error"]
            }
        })
    }
}

/// How long reports are retained.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionSettings {
    /// How long a report is retained after its incident ended, unless the incident sets `[governance] retention`.
    #[schemars(example = &"7 years")]
    pub default: Option<Period>,
}

/// The scan of a built site for confidential terms and secrets.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditSettings {
    /// Terms of the archive that everyone may read, such as your own name.
    #[schemars(example = ["Ferrowick", "production"])]
    #[serde(default)]
    pub allow: Vec<Line>,
}

/// How commands record events.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimelineSettings {
    /// Where `afterword log` writes an event: `folder` is a file of its own in `timelines/ID.d/`, so that events that two
    /// people record in two clones merge without a conflict; `file` is `timelines/ID.json`. Both are read in any case.
    /// [default: `"folder"`]
    #[schemars(example = &"file")]
    #[serde(default)]
    pub entries: EntryStorage,
}

/// Where commands write an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EntryStorage {
    /// In a file of its own in `timelines/ID.d/`.
    #[default]
    Folder,
    /// In `timelines/ID.json`.
    File,
}

/// Limits on input files.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitSettings {
    /// The number of bytes in a file. [default: `16777216`, 16 MiB]
    #[schemars(example = 33_554_432)]
    pub file_bytes: Option<u32>,
    /// The depth of nested tables and lists. It can only be lowered. [default: `64`]
    #[schemars(example = 32)]
    pub depth: Option<u32>,
    /// The number of bytes in a string. [default: `65536`, 64 KiB]
    #[schemars(example = 131_072)]
    pub string_bytes: Option<u32>,
    /// The number of items in a list. A file may hold ten times as many in all. [default: `100000`]
    #[schemars(example = 200_000)]
    pub entries: Option<u32>,
}

impl Config {
    /// Returns the site's title.
    #[must_use]
    pub fn title(&self) -> &str {
        self.site.title.as_deref().unwrap_or("Incident Reports")
    }

    /// Returns the author of the site: the organization, or the site's title without one.
    #[must_use]
    pub fn author(&self) -> &str {
        self.organization.name.as_deref().unwrap_or(self.title())
    }
}
