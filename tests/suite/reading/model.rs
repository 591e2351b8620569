//! Types like those of the product, and documents that use all of them.

mod values;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::fmt;

pub use values::{FORMATS, Id, Moment, Pairs};

pub fn schema<T: JsonSchema>() -> serde_json::Value {
    SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<T>()
        .into()
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Incident {
    pub id: Option<Id>,
    pub title: String,
    #[serde(default)]
    pub kind: Kind,
    pub severity: Option<String>,
    pub classification: Option<Audience>,
    #[serde(default)]
    pub tags: Vec<String>,
    pub environment: Option<OneOrMany>,
    #[serde(default)]
    pub people: People,
    pub times: Option<Times>,
    #[serde(default)]
    pub impact: Impact,
    #[serde(default)]
    pub resolution: Resolution,
    #[serde(default)]
    pub communication: Communication,
    pub self_healing: Option<SelfHealing>,
    #[serde(default)]
    pub action_items: Vec<ActionItem>,
    #[serde(default)]
    pub technical: Technical,
    #[serde(default)]
    pub references: Vec<Reference>,
    #[serde(default)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Incident,
    NearMiss,
    Drill,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Anyone.
    Public,
    /// Affected customers.
    Customers,
    /// The organization.
    Internal,
    Confidential,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct People {
    pub commander: Option<Person>,
    pub responders: Vec<Person>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub name: String,
    pub role: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Times {
    pub started: Option<Moment>,
    pub ended: Option<Moment>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Impact {
    pub level: Option<Severe>,
    pub users: Option<u64>,
    pub revenue: Option<f64>,
    pub customers: Vec<Customer>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severe {
    None,
    Minor,
    Major,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Customer {
    pub name: String,
    #[serde(default = "one")]
    pub accounts: u32,
    #[serde(default)]
    pub measures: Pairs<String>,
}

fn one() -> u32 {
    1
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Resolution {
    pub immediate: Vec<Step>,
    pub long_term: Vec<Step>,
}

/// A line of text, or a table with more details.
#[derive(Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Step {
    Text(String),
    Table(StepTable),
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepTable {
    pub text: Option<String>,
    pub status: Option<Status>,
    pub event: Option<Id>,
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Step;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or a table")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Step, E> {
                Ok(Step::Text(text.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<Step, A::Error> {
                StepTable::deserialize(MapAccessDeserializer::new(table)).map(Step::Table)
            }
        }
        deserializer.deserialize_any(Read)
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Done,
    InProgress,
    Planned,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Communication {
    pub internal: Internal,
    pub channels: Vec<String>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Internal {
    pub channel: Option<String>,
    pub participants: Pairs<u16>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfHealing {
    pub effectiveness: u8,
    #[serde(default)]
    pub automatic: bool,
    pub offset: Option<i64>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionItem {
    pub action: String,
    pub owner: Option<String>,
    pub due: Option<Moment>,
    pub status: Option<Status>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Technical {
    pub metrics: Pairs<Vec<Metric>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Metric {
    pub name: String,
    pub value: String,
    pub normal: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    pub title: String,
    pub url: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    pub date: Option<Moment>,
    pub visibility: Option<Audience>,
    #[serde(default)]
    pub people: Pairs<Person>,
    pub events: Vec<Event>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub at: Moment,
    pub text: String,
    #[serde(default)]
    pub kind: EventKind,
    #[serde(default)]
    pub marks: Vec<EventKind>,
    #[serde(default)]
    pub automated: bool,
    pub weight: Option<f64>,
    pub count: Option<u32>,
    #[serde(default)]
    pub links: Vec<Reference>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    Alert,
    #[default]
    Note,
    ImpactEnded,
}

pub const INCIDENT: &str = include_str!("model/incident.toml");

pub const TIMELINE: &str = include_str!("model/timeline.json");
