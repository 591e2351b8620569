//! What templates see, and the only place where a field can become visible.
//!
//! A view is built from named fields of the model and the facts, for one
//! audience. It holds values as typed (a template says of what kind each is) and
//! numbers in words, so that templates choose words and order and compute nothing.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::archive::{self, Record};
use crate::audience::Audience;
use crate::facts::{Endpoint, EndpointSource, Fact, Length, State, counted, separated};
use crate::kind::{Line, When};
use crate::moment::{Moment, Zone};

pub mod action;
mod cause;
pub mod chart;
mod closing;
pub mod comms;
mod communication;
pub mod draft;
pub mod external;
pub mod group;
mod impact;
pub mod index;
pub mod label;
mod lead;
pub mod learning;
pub mod memory;
pub mod metrics;
mod parts;
pub mod report;
mod response;
pub mod row;
pub mod similar;
pub mod slug;
mod timeline;

pub use communication::text as message_text;
pub use external::ExternalReport;
pub use parts::published;
pub use report::Report;
pub use timeline::{TimelineView, actor_name, slug as anchor_slug, visible as visible_events};

/// What stands where nobody recorded anything.
pub const NOT_RECORDED: &str = "not recorded";

/// What an incident's report may say of other incidents.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Relations {
    /// The incidents that this one names, by id.
    pub incidents: BTreeMap<String, Relation>,
    /// The incidents that take the place of this one, in order of their ids.
    pub superseded_by: Vec<Relation>,
    /// Earlier incidents that are like this one and may be read, the most alike first.
    pub seen_before: Vec<similar::SimilarIncidentView>,
    /// The names of the pages of its services, in order; empty where there are no such pages.
    pub service_pages: Vec<Option<String>>,
    /// The names of the pages of its tags.
    pub tag_pages: Vec<Option<String>>,
}

/// Another incident, as far as the audience may know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Relation {
    /// It may be read: its id.
    Shown(String),
    /// It may not.
    Hidden,
}

impl Relations {
    fn link(&self, id: &str) -> RelationView {
        match self.incidents.get(id) {
            Some(Relation::Shown(id)) => RelationView {
                id: Some(id.clone()),
            },
            _ => RelationView { id: None },
        }
    }

    fn superseded_by(&self) -> Vec<RelationView> {
        let view = |relation: &Relation| RelationView {
            id: match relation {
                Relation::Shown(id) => Some(id.clone()),
                Relation::Hidden => None,
            },
        };
        self.superseded_by.iter().map(view).collect()
    }
}

/// A link to another incident's report; without an id, one that is not shown.
#[derive(Debug, Clone, Serialize)]
pub struct RelationView {
    /// Its id.
    pub id: Option<String>,
}

/// A word with its key: `{"key": "P1", "label": "High"}`.
#[derive(Debug, Clone, Serialize)]
pub struct Word<'a> {
    /// The key that the input uses.
    pub key: &'a str,
    /// The words that are printed.
    pub label: String,
}

impl<'a> Word<'a> {
    fn new(key: &'a str, label: impl Into<String>) -> Self {
        Self {
            key,
            label: label.into(),
        }
    }
}

/// A moment in the forms that templates print.
#[derive(Debug, Clone, Serialize)]
pub struct MomentView {
    /// For machines: `2025-01-14T14:23:47Z`.
    pub iso: String,
    /// In full: `2025-01-14 14:23:47 UTC`.
    pub text: String,
    /// The day: `2025-01-14`.
    pub day: String,
    /// The time at its precision: `14:23:47`; empty for a day alone.
    pub time: String,
    /// The time to the minute, with the day when it is not the day the incident started.
    pub brief: String,
}

/// The zone that a report prints in, and the day that it counts from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calendar {
    /// The zone.
    pub zone: Zone,
    /// The day on which the incident started.
    pub first_day: Option<chrono::NaiveDate>,
}

impl Calendar {
    fn moment(&self, moment: Moment) -> MomentView {
        let day = moment.day(self.zone);
        let short = moment.short_time(self.zone);
        let brief = match self.first_day {
            _ if short.is_empty() => day.to_string(),
            Some(first) if first != day => format!("{day} {short}"),
            _ => short,
        };
        MomentView {
            iso: moment.iso(),
            text: moment.in_full(self.zone),
            day: day.to_string(),
            time: moment.clock_time(self.zone),
            brief,
        }
    }
}

/// For whom a report is made, and how its times are printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    /// The incident.
    pub record: &'a Record,
    /// Who reads of it.
    pub audience: Audience,
    /// The zone and the day that its times count from.
    pub calendar: Calendar,
}

impl Reader<'_> {
    /// Prints a time, or that of the event in its place; nothing where the reader does not see that event.
    fn when(&self, at: Option<&When>, event: Option<&Line>) -> Option<MomentView> {
        let hides = |id| {
            let event = self.record.event(id);
            event.is_some_and(|event| !self.record.shows(event, self.audience))
        };
        let moment = self.record.when(at, event);
        let shown = moment.filter(|_| !archive::named(at, event).is_some_and(hides));
        shown.map(|moment| self.calendar.moment(moment))
    }

    /// Says whether the reader may know when an end of a clock was.
    fn sees(&self, end: &Endpoint) -> bool {
        end.is_seen(self.record, self.audience)
    }
}

/// The facts of an incident, by key.
#[derive(Debug, Clone)]
pub struct FactsView(pub Vec<FactView>);

impl Serialize for FactsView {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        let mut map = into.serialize_map(Some(self.0.len()))?;
        for fact in &self.0 {
            map.serialize_entry(&fact.key, fact)?;
        }
        map.end()
    }
}

/// A fact with its words.
#[derive(Debug, Clone, Serialize)]
pub struct FactView {
    #[serde(skip)]
    key: String,
    /// Its name: `Time to Detect`.
    pub label: String,
    /// `recorded`, `pending`, `not_recorded` or `invalid`.
    pub state: &'static str,
    /// How long it was, in seconds.
    pub seconds: Option<i64>,
    /// How long it was, in words; else its state in words.
    pub text: String,
    /// How long it was, for tables: `44m 35s`.
    pub short: String,
    /// Whole minutes that passed, in words: `17 minutes`.
    pub minutes: Option<String>,
    /// Where it starts; absent where the reader does not see that.
    pub from: Option<EndpointView>,
    /// Where it ends.
    pub to: Option<EndpointView>,
    /// The windows it is the sum of, for the customer impact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<WindowView>>,
}

/// An end of a fact.
#[derive(Debug, Clone, Serialize)]
pub struct EndpointView {
    /// The mark, or `message`.
    pub name: &'static str,
    /// The mark in words: `first customer impact`.
    pub label: &'static str,
    /// When it was, for machines.
    pub at: String,
    /// When it was, in full.
    pub text: String,
    /// The anchor of its entry in the timeline.
    pub anchor: Option<String>,
}

/// A window of customer impact.
#[derive(Debug, Clone, Serialize)]
pub struct WindowView {
    /// Its start.
    pub from: Option<EndpointView>,
    /// Its end, once it is over.
    pub to: Option<EndpointView>,
    /// How long it was, in seconds.
    pub seconds: Option<i64>,
    /// How long it was, in words; else its state in words.
    pub text: String,
}

impl FactView {
    fn new(fact: &Fact, end: &dyn Fn(&Endpoint) -> Option<EndpointView>) -> Self {
        let (state, words) = state_words(fact.state);
        let length = fact.length;
        Self {
            key: fact.key.to_string(),
            label: fact.label.to_string(),
            state,
            seconds: fact.seconds(),
            text: length.map_or_else(|| words.to_owned(), |length| length.to_string()),
            short: length.map_or_else(|| words.to_owned(), Length::short),
            minutes: length.map(Length::in_minutes),
            from: fact.from.as_ref().and_then(end),
            to: fact.to.as_ref().and_then(end),
            windows: None,
        }
    }
}

/// Gives key and words of what is to be said of a fact; no words where its length is.
fn state_words(state: State) -> (&'static str, &'static str) {
    match state {
        State::Recorded => ("recorded", ""),
        State::Pending => ("pending", "pending"),
        State::NotRecorded => ("not_recorded", NOT_RECORDED),
        State::Invalid => ("invalid", "invalid"),
    }
}

fn end_name(source: EndpointSource) -> &'static str {
    match source {
        EndpointSource::Mark(mark) => mark.as_str(),
        EndpointSource::Message(_) => "message",
    }
}

/// Says whether an audience sees what is marked for `marked`, where unmarked means everyone who sees the report.
fn shown_to(audience: Audience, marked: Option<Audience>) -> bool {
    marked.is_none_or(|marked| audience.may_read(marked))
}

/// Says how many of how many are listed, where that is not all: `The latest 1,000 of 1,204 records`.
fn latest(most: usize, all: usize, noun: &str) -> Option<String> {
    (all > most).then(|| format!("The latest {} of {}", number(most), count(all, noun)))
}

/// Prints a number with its thousands apart.
#[must_use]
pub fn number(number: usize) -> String {
    separated(i64::try_from(number).unwrap_or(i64::MAX))
}

/// Counts in words: `1 record`, `1,204 records`.
fn count(count: usize, noun: &str) -> String {
    counted(i64::try_from(count).unwrap_or(i64::MAX), noun)
}
