//! The timeline as it was typed or imported: `timelines/ID.json`.
//!
//! Events may stand in any order and keep it here; readers sort them by moment.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::audience::Audience;
use crate::incident::Link;
use crate::kind::{Block, Day, Id, Line, Pairs, Url};
use crate::moment::{TimeDefaults, Written, Zone};

/// A timeline: `{"date": "2025-01-14", "events": [{"at": "14:23:47", "text": "…"}]}`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timeline {
    /// Where the schema of this file is, for editors.
    #[serde(rename = "$schema")]
    pub schema: Option<String>,
    /// The incident's id.
    pub incident: Option<Id>,
    /// The day of times that have none.
    pub date: Option<Day>,
    /// The zone of times without an offset: `UTC` (the default), `+02:00`, or an IANA name.
    pub tz: Option<Zone>,
    /// Who may see its events, where they do not say; `internal` when absent.
    pub visibility: Option<Audience>,
    /// The people whom events name as actors, by a short name.
    #[serde(default)]
    pub people: Pairs<Actor>,
    /// For the author; never printed.
    pub comment: Option<String>,
    /// What happened.
    #[serde(default)]
    pub events: Vec<Event>,
}

impl Timeline {
    /// Gives the day and the zone that its times count on.
    #[must_use]
    pub fn time_defaults(&self) -> TimeDefaults {
        TimeDefaults {
            day: self.date.map(|day| day.0),
            zone: self.tz.unwrap_or_default(),
        }
    }
}

/// A person of a timeline.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The name as it is printed.
    pub name: Line,
    /// What they did.
    pub role: Option<Line>,
    /// Other names of theirs, such as their id in a chat.
    #[serde(default)]
    pub aliases: Vec<Line>,
}

/// Something that happened.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// When: RFC 3339, `2025-01-15 00:04`, `14:23:47`, or a day; `~` in front for about.
    pub at: Written,
    /// When it ended, if it lasted.
    pub until: Option<Written>,
    /// Whether the time is approximate, as with `~`.
    #[serde(default)]
    pub approx: bool,
    /// A name for references from the incident's file.
    pub id: Option<Line>,
    /// What kind of event it was.
    #[serde(default)]
    pub kind: EventKind,
    /// The moments of the incident that this event is.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// What happened, in one line.
    pub text: Line,
    /// More about it.
    pub body: Option<Block>,
    /// Who did it: a key of `people`, or a name.
    pub actor: Option<Line>,
    /// Whether a system did it by itself.
    #[serde(default)]
    pub automated: bool,
    /// Which system recorded it.
    pub source: Option<Line>,
    /// Where it can be seen.
    pub url: Option<Url>,
    /// Further links.
    #[serde(default)]
    pub links: Vec<Link>,
    /// Who may see it; the timeline's `visibility` when absent.
    pub visibility: Option<Audience>,
    /// Whether it is kept and never printed.
    #[serde(default)]
    pub hidden: bool,
    /// The fields that a person changed after an import.
    #[serde(default)]
    pub edited: Vec<Line>,
    /// For the author; never printed.
    pub comment: Option<String>,
}

/// What kind of event it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// An alert fired.
    Alert,
    /// A person was called.
    Page,
    /// A person took it.
    Ack,
    /// Something was found out.
    Diagnosis,
    /// Something was done.
    Action,
    /// Something was done that reduced the harm.
    Mitigation,
    /// A change went live.
    Deploy,
    /// Somebody was told.
    Communication,
    /// Something was watched.
    Monitoring,
    /// Something was seen to work.
    Verified,
    /// The incident was closed.
    Closed,
    /// Anything else.
    #[default]
    Note,
}

/// A moment of an incident from which its numbers are computed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema, Serialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// The official start.
    Started,
    /// Users were first harmed.
    ImpactStarted,
    /// Users were well again.
    ImpactEnded,
    /// The first sign was seen by us.
    Detected,
    /// An incident was declared.
    Declared,
    /// A person was called.
    Paged,
    /// A person took it.
    Acknowledged,
    /// The cause was known.
    Identified,
    /// The harm was stopped or reduced.
    Mitigated,
    /// The fix was in and verified.
    Resolved,
    /// The official end.
    Ended,
    /// Customers first heard.
    CustomerNotified,
}

impl Mark {
    /// Every mark, in the order in which an incident usually meets them.
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
    ];

    /// Gives the word that the input uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::ImpactStarted => "impact_started",
            Self::ImpactEnded => "impact_ended",
            Self::Detected => "detected",
            Self::Declared => "declared",
            Self::Paged => "paged",
            Self::Acknowledged => "acknowledged",
            Self::Identified => "identified",
            Self::Mitigated => "mitigated",
            Self::Resolved => "resolved",
            Self::Ended => "ended",
            Self::CustomerNotified => "customer_notified",
        }
    }

    /// Says whether a mark is an end, which a span gives with its end rather than its start.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(
            self,
            Self::ImpactEnded | Self::Mitigated | Self::Resolved | Self::Ended
        )
    }

    /// Says whether an incident may carry the mark more than once.
    #[must_use]
    pub const fn may_repeat(self) -> bool {
        matches!(self, Self::ImpactStarted | Self::ImpactEnded)
    }
}
