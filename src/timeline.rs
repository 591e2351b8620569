//! The timeline as recorded or imported: `timelines/ID.json`.
//!
//! Events keep the order of the file; users of the type sort them by time.

use std::borrow::Cow;

use macro_rules_attribute::{apply, derive};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::audience::Audience;
use crate::incident::Link;
use crate::kind::{
    Block, Choice, Day, Id, Identifier, Keys, Line, MarkName, Pairs, PersonName, Strings, Table,
    Url, custom_mark, interned, is_default,
};
use crate::moment::{TimeDefaults, Written, Zone};

/// A timeline: `{"date": "2025-01-14", "events": [{"at": "14:23:47", "text": "…"}]}`.
#[apply(Table!)]
pub struct Timeline {
    /// The URL or path of this file's JSON Schema, for editors.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// The ID of the incident that the timeline belongs to, such as `INC-2025-0141`.
    pub incident: Option<Id>,
    /// The date of times that have none, such as `2025-01-14`.
    pub date: Option<Day>,
    /// The time zone of times without a UTC offset: `UTC`, `+02:00`, or an IANA name. [default: `UTC`]
    pub tz: Option<Zone>,
    /// The audience that may see the events, unless an event sets its own. [default: `internal`]
    pub visibility: Option<Audience>,
    /// The people that events name as `actor`, each by a short key.
    #[serde(default, skip_serializing_if = "is_default")]
    pub people: Pairs<Actor>,
    /// A note for authors. It is never printed.
    pub comment: Option<String>,
    /// The events, in any order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub events: Vec<Event>,
}

impl Timeline {
    /// Returns the date and the time zone of times that lack them.
    #[must_use]
    pub fn time_defaults(&self) -> TimeDefaults {
        TimeDefaults {
            day: self.date.map(|day| day.0),
            zone: self.tz.unwrap_or_default(),
        }
    }
}

/// A person that events name as `actor`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema, Strings!)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The name as it is printed, such as `Dana Fischer`.
    pub name: PersonName,
    /// The role in the incident, such as `Incident Commander`.
    pub role: Option<Line>,
    /// Other names of the person, such as a chat user ID. They are never printed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub aliases: Vec<Identifier>,
}

/// An event of the timeline.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema, Strings!)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The time: `14:23:47`, `2025-01-15 00:04`, RFC 3339, or a date. A leading `~` marks it as approximate.
    pub at: Written,
    /// The end time, if the event lasted.
    pub until: Option<Written>,
    /// Whether the time is approximate; the same as a leading `~`. [default: `false`]
    #[serde(default, skip_serializing_if = "is_default")]
    pub approx: bool,
    /// An ID by which the incident's file refers to the event, such as `rollback`.
    pub id: Option<Identifier>,
    /// The type of event. [default: `note`]
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: EventKind,
    /// The milestones that this event marks, such as `["detected"]`. Durations are computed between marks.
    #[serde(default, skip_serializing_if = "is_default")]
    #[schemars(with = "Vec<AnyMark>")]
    pub marks: Vec<Mark>,
    /// The severity from this event on: a key of `[severity.*]`, such as `P1`. The incident counts by its most severe one.
    #[schemars(
        example = &"P0",
        example = &"P1",
        example = &"P2",
        example = &"P3",
        example = &"P4"
    )]
    pub severity: Option<Identifier>,
    /// A description of the event, in one line.
    pub text: Line,
    /// More details, in Markdown.
    pub body: Option<Block>,
    /// The person or system that acted: a key of `people`, or a name.
    pub actor: Option<Line>,
    /// Whether a system acted without a person. [default: `false`]
    #[serde(default, skip_serializing_if = "is_default")]
    pub automated: bool,
    /// The system that recorded the event, such as `PagerDuty`.
    pub source: Option<Line>,
    /// A URL where the event can be seen.
    pub url: Option<Url>,
    /// More links.
    #[serde(default, skip_serializing_if = "is_default")]
    pub links: Vec<Link>,
    /// The audience that may see the event. [default: the timeline's `visibility`]
    pub visibility: Option<Audience>,
    /// Whether the event is kept in the file but never printed. [default: `false`]
    #[serde(default, skip_serializing_if = "is_default")]
    pub hidden: bool,
    /// The fields that a person changed after an import.
    #[serde(default, skip_serializing_if = "is_default")]
    pub edited: Vec<Identifier>,
    /// A note for authors. It is never printed.
    pub comment: Option<String>,
}

impl Event {
    /// Creates an event with a time and a text.
    #[must_use]
    pub fn new(at: Written, text: Line) -> Self {
        Self {
            at,
            until: None,
            approx: false,
            id: None,
            kind: EventKind::Note,
            marks: Vec::new(),
            severity: None,
            text,
            body: None,
            actor: None,
            automated: false,
            source: None,
            url: None,
            links: Vec::new(),
            visibility: None,
            hidden: false,
            edited: Vec::new(),
            comment: None,
        }
    }
}

/// The type of an event.
#[apply(Choice!)]
#[derive(PartialOrd, Ord, Default)]
pub enum EventKind {
    /// An alert fired.
    Alert,
    /// A person was paged.
    Page,
    /// A person acknowledged the page.
    Ack,
    /// Something was found out.
    Diagnosis,
    /// An action was taken.
    Action,
    /// An action reduced the impact.
    Mitigation,
    /// A change was deployed.
    Deploy,
    /// Customers or colleagues were informed.
    Communication,
    /// A system was monitored.
    Monitoring,
    /// A fix or a recovery was verified.
    Verified,
    /// The incident was closed.
    Closed,
    /// Anything else.
    #[default]
    Note,
}

/// A milestone of an incident. Durations are computed between the times of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, JsonSchema, Strings!, Keys!)]
#[schemars(rename_all = "snake_case")]
pub enum Mark {
    /// The official start.
    Started,
    /// Users were first affected.
    ImpactStarted,
    /// Users had recovered.
    ImpactEnded,
    /// Your team or its monitoring first noticed a sign of the incident.
    Detected,
    /// An incident was declared.
    Declared,
    /// A person was paged.
    Paged,
    /// A person acknowledged the page.
    Acknowledged,
    /// The cause was identified.
    Identified,
    /// The impact was stopped or reduced.
    Mitigated,
    /// The fix was in place and verified.
    Resolved,
    /// The official end.
    Ended,
    /// The incident was open again after it had been resolved or had ended.
    Reopened,
    /// Customers were first notified.
    CustomerNotified,
    /// A custom mark, by its name in `[marks]`.
    #[schemars(skip)]
    Custom(&'static str),
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Mark {
    /// Reads any name: only the settings say which custom marks there are.
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        MarkName::deserialize(from).map(|name| Self::named(&name))
    }
}

/// The schema of a mark: a built-in one, or the name of a custom one.
pub(crate) struct AnyMark;

impl JsonSchema for AnyMark {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "AnyMark".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let built_in = generator.subschema_for::<Mark>();
        json_schema!({ "title": "mark", "anyOf": [built_in, custom_mark()] })
    }
}

/// A point at which a response time may start or end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A mark.
    Mark(Mark),
    /// The first message sent to customers or the public.
    FirstMessage,
}

impl Point {
    /// The name by which settings refer to the first message.
    pub const FIRST_MESSAGE: &str = "first_message";

    /// Returns the names of all points, as settings write them.
    fn names() -> Vec<&'static str> {
        let marks = Mark::ALL.iter().map(|mark| mark.as_str());
        marks.chain([Self::FIRST_MESSAGE]).collect()
    }
}

impl From<Mark> for Point {
    fn from(mark: Mark) -> Self {
        Self::Mark(mark)
    }
}

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = MarkName::deserialize(from)?;
        Ok(if *name == *Self::FIRST_MESSAGE {
            Self::FirstMessage
        } else {
            Self::Mark(Mark::named(&name))
        })
    }
}

impl JsonSchema for Point {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Point".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let built_in = json_schema!({ "type": "string", "enum": Self::names() });
        json_schema!({ "title": "mark", "anyOf": [built_in, custom_mark()] })
    }
}

impl Mark {
    /// All built-in marks, in the order in which they usually occur.
    pub const ALL: &[Self] = &[
        Self::Started,
        Self::ImpactStarted,
        Self::Detected,
        Self::Declared,
        Self::Paged,
        Self::Acknowledged,
        Self::Identified,
        Self::CustomerNotified,
        Self::Mitigated,
        Self::ImpactEnded,
        Self::Resolved,
        Self::Ended,
        Self::Reopened,
    ];

    /// Returns the mark with a name: a built-in one, or else a custom one.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let built_in = Self::ALL.iter().find(|mark| mark.as_str() == name);
        built_in.map_or_else(|| Self::Custom(interned(name)), |mark| *mark)
    }

    /// Returns `true` for a mark that only the settings of an archive define.
    #[must_use]
    pub const fn is_custom(self) -> bool {
        matches!(self, Self::Custom(_))
    }

    /// Returns `true` for a mark that an event with an end time sets at its end, not at its start.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(
            self,
            Self::ImpactEnded | Self::Mitigated | Self::Resolved | Self::Ended
        )
    }

    /// Returns `true` for the start and the end of a window of impact, of which there may be several.
    #[must_use]
    pub const fn is_impact(self) -> bool {
        matches!(self, Self::ImpactStarted | Self::ImpactEnded)
    }

    /// Returns `true` if the last event with the mark counts: the incident may have ended, and been open again, before.
    #[must_use]
    pub const fn counts_last(self) -> bool {
        matches!(self, Self::Resolved | Self::Ended | Self::Reopened)
    }

    /// Returns the marks of which one must be between two events with this mark; without any, only one event may have it.
    #[must_use]
    pub const fn alternates_with(self) -> &'static [Self] {
        match self {
            Self::Resolved | Self::Ended => &[Self::Reopened],
            Self::Reopened => &[Self::Resolved, Self::Ended, Self::ImpactEnded],
            Self::ImpactStarted => &[Self::ImpactEnded],
            Self::ImpactEnded => &[Self::ImpactStarted],
            _ => &[],
        }
    }
}
