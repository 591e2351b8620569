//! The people involved in an incident, by role.

use macro_rules_attribute::{apply, derive};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kind::{Either, EventId, Line, PersonName, Strings, Table, When, is_default};

/// A person: a name, or a table with more details.
pub type Person = Either<PersonName, PersonTable>;

/// A person with more details.
#[apply(Table!)]
pub struct PersonTable {
    /// The name as it is printed, such as `Dana Fischer`.
    pub name: PersonName,
    /// The job title, such as `Senior SRE`.
    pub title: Option<Line>,
    /// The role in this incident, such as `Database`.
    pub role: Option<Line>,
    /// The team, such as `Platform`.
    pub team: Option<Line>,
    /// How the report arrived, such as `support ticket`. For a reporter.
    pub via: Option<Line>,
    /// A person or tool that assisted. For an investigator.
    pub assisted_by: Option<Line>,
}

/// Returns the name of a person.
#[must_use]
pub fn name(person: &Person) -> &str {
    match person {
        Either::Short(name) => name,
        Either::Table(person) => &person.name,
    }
}

/// The people involved, by role.
#[apply(Table!)]
pub struct People {
    /// The incident commander; the first one, if command was handed over. [default: the `commander` of the sign-off]
    pub commander: Option<Person>,
    /// Who took over command, and when, in order. The last one leads the response.
    #[serde(default, skip_serializing_if = "is_default")]
    pub command: Vec<Command>,
    /// Who was called in, by level, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub escalations: Vec<Escalation>,
    /// The person who kept the timeline.
    pub scribe: Option<Person>,
    /// The person who informed customers and colleagues.
    pub communications: Option<Person>,
    /// The person who reported the incident: a name, or `{ name, title, via }`.
    pub reporter: Option<Person>,
    /// The people who investigated: names, or `{ name, assisted_by }`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub investigators: Vec<Person>,
    /// The people who responded: names, or `{ name, role, team }`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub responders: Vec<Person>,
    /// The people who attended the review.
    #[serde(default, skip_serializing_if = "is_default")]
    pub attendees: Vec<Person>,
    /// The authors of the report.
    #[serde(default, skip_serializing_if = "is_default")]
    pub authors: Vec<Person>,
}

/// A person who took over command.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema, Strings!)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The name as it is printed, such as `Dana Fischer`.
    pub name: PersonName,
    /// The job title, such as `Senior SRE`.
    pub title: Option<Line>,
    /// The time of the handover, or its event: `{ event = "ID" }`.
    pub from: Option<When>,
}

/// A person or team that was called in.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema, Strings!)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// The level, such as `L2` or `Management`.
    pub level: Line,
    /// The person or team, such as `Database on-call`.
    pub to: Line,
    /// The time at which they were called in.
    pub at: Option<When>,
    /// The event at which they were called in, by its ID; instead of `at`.
    pub event: Option<EventId>,
}

impl People {
    /// Returns the people who led the response, in order: the commander, then those who took over.
    pub fn commanders(&self) -> impl Iterator<Item = &str> {
        let first = self.commander.iter().map(name);
        first.chain(self.command.iter().map(|next| &*next.name))
    }
}
