//! The data that templates receive. A value appears in a report only if a view here has a field for it.
//!
//! A view is built from named fields of the model and the facts, for one
//! audience. It holds values as written (a template chooses the filter for each) and
//! numbers as text, so that templates decide on wording and order and compute nothing.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::archive::{self, Record};
use crate::audience::Audience;
use crate::config::Config;
pub(crate) use crate::facts::separated;
use crate::facts::{Endpoint, EndpointSource, Fact, Facts, Length, Replaced, State, Unit, counted};
use crate::kind::{EventId, When};
use crate::moment::{Calendar, Moment};

pub mod action;
pub mod availability;
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
mod links;
pub mod memory;
pub mod metrics;
mod now;
mod parts;
mod people;
mod recurrence;
pub mod report;
mod response;
pub mod row;
mod service;
mod severity;
pub mod similar;
pub mod slug;
mod summary;
mod technical;
mod timeline;
pub mod trends;
mod window;

pub use communication::text as message_text;
pub use external::ExternalReport;
pub use links::LocalLinks;
pub use report::Report;
pub use timeline::{
    EntryView, TimelineView, actor_name, slug as anchor_slug, visible as visible_events,
};
pub use window::WindowsView;

/// The text for a value that was not recorded.
pub const NOT_RECORDED: &str = "not recorded";

/// The other incidents that an incident's report may mention.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Relations {
    /// The incidents that this one names, by ID. An incident without an entry here is left out of the report.
    pub incidents: BTreeMap<String, RelationView>,
    /// The incidents that supersede this one, in order of their IDs.
    pub superseded_by: Vec<RelationView>,
    /// Whether this incident was merged into another, which the audience may not know.
    #[serde(skip)]
    pub is_merged: bool,
    /// The incident that this one was merged into.
    pub merged_into: Option<RelationView>,
    /// The incidents that were merged into this one.
    pub merged: Vec<RelationView>,
    /// The incident from which this one was split off.
    pub split_from: Option<RelationView>,
    /// The incidents that were split off from this one.
    pub split: Vec<RelationView>,
    /// The investigations that explain this incident.
    pub investigations: Vec<RelationView>,
    /// Similar earlier incidents that the audience may read, the most similar first.
    pub seen_before: Vec<similar::SimilarIncidentView>,
    /// The page names of its services, in order; empty if there are no such pages.
    pub service_pages: Vec<Option<String>>,
    /// The page names of its tags.
    pub tag_pages: Vec<Option<String>>,
}

impl Relations {
    /// Returns why the report is history, or `None` if it is not.
    #[must_use]
    pub fn replaced(&self) -> Option<Replaced> {
        match (self.is_merged, self.superseded_by.as_slice()) {
            (true, _) => Some(Replaced::Merged),
            (false, []) => None,
            (false, _) => Some(Replaced::Superseded),
        }
    }

    /// Returns the same for internal readers: what a superseded report said of its status stays.
    #[must_use]
    pub fn replaced_inside(&self) -> Option<Replaced> {
        let replaced = self.replaced();
        replaced.filter(|replaced| *replaced == Replaced::Merged)
    }

    /// Returns the link to an incident, or `None` if the report must not mention that it exists.
    fn link(&self, id: &str) -> Option<RelationView> {
        self.incidents.get(id).cloned()
    }
}

/// A link to another incident's report. Without an ID it is an incident that internal readers may not read; external
/// reports do not mention those.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RelationView {
    /// The ID under which the audience knows the incident; `None` if the incident is not shown.
    pub id: Option<String>,
    /// The title, by which external readers know it.
    pub title: Option<String>,
    /// The status, if the report is superseded.
    pub status: Option<Word<'static>>,
}

impl RelationView {
    /// Creates the link to an incident that the audience may read.
    #[must_use]
    pub fn new(id: &str, title: Option<&str>) -> Self {
        Self {
            id: Some(id.to_owned()),
            title: title.map(str::to_owned),
            status: None,
        }
    }

    /// Adds the status that a list of several reports shows, where a superseded one is beside its successor.
    #[must_use]
    pub fn with_status(self, is_superseded: bool) -> Self {
        let status = is_superseded.then(|| Word::from(label::SUPERSEDED));
        Self { status, ..self }
    }
}

/// A key with its label: `{"key": "P1", "label": "High"}`.
#[derive(Debug, Clone, Serialize)]
pub struct Word<'a> {
    /// The key that the input uses.
    pub key: &'a str,
    /// The printed label.
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

impl From<(&'static str, &'static str)> for Word<'static> {
    fn from((key, label): (&'static str, &'static str)) -> Self {
        Self::new(key, label)
    }
}

/// A time in the formats that templates print.
#[derive(Debug, Clone, Serialize)]
pub struct MomentView {
    /// The time in ISO 8601: `2025-01-14T14:23:47Z`.
    pub iso: String,
    /// The latest time that it may be, in ISO 8601, if only a range is known: then `iso` is the earliest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<String>,
    /// Whether it is approximate.
    pub about: bool,
    /// The time in full: `2025-01-14 14:23:47 UTC`.
    pub text: String,
    /// The date: `2025-01-14`.
    pub day: String,
    /// The time of day at its precision: `14:23:47`; empty for a date without a time.
    pub time: String,
    /// The time of day to the minute, with the date if that is not the date of the start.
    pub brief: String,
}

impl Calendar {
    /// Returns the calendar of a report: its first day is that of the start, and its times are those
    /// of the timeline, the start, the end and the facts that `readers` may see.
    fn of_report(record: &Record, facts: &Facts, config: &Config, readers: Audience) -> Self {
        let visible = visible_events(record, readers);
        let has_timeline = !visible.is_empty();
        let events = visible.into_iter();
        let events = events.flat_map(|(_, event, moment)| [Some(moment), record.finished(event)]);
        let facts_ends = facts.ends().filter(|end| end.is_seen(record, readers));
        let official = [facts.started, facts.ended].into_iter().flatten();
        let windows = facts.windows.iter();
        let windows = windows.filter(|shown| window::is_seen(shown, record, readers));
        let windows = windows
            .flat_map(|shown| [Some(shown.from), shown.to])
            .flatten();
        let ends = official.chain(facts_ends).chain(windows);
        let ends = ends.map(|end| end.moment);
        let zone = record.zone(config);
        let first_day = facts.started.map(|start| start.moment.day(zone));
        let calendar = Self::from_times(zone, first_day, events.flatten().chain(ends));
        // The summary announces the time zone at the start and the end, and the timeline if neither has a time of day.
        let mut official = [facts.started, facts.ended].into_iter().flatten();
        if has_timeline && !calendar.has_no_time() || official.any(|end| !end.moment.is_day()) {
            calendar
        } else {
            calendar.unannounced()
        }
    }

    /// Prints the end of a range for machines.
    fn latest(&self, moment: &Moment) -> Option<String> {
        moment.latest.map(|_| self.iso(&moment.last()))
    }

    fn moment(&self, moment: Moment) -> MomentView {
        MomentView {
            iso: self.iso(&moment),
            latest: self.latest(&moment),
            about: moment.about,
            text: self.full(&moment),
            day: moment.day(self.zone()).to_string(),
            time: self.time(&moment),
            brief: self.brief(&moment),
        }
    }
}

/// An incident with the audience of its report and the calendar for its times.
#[derive(Debug, Clone)]
pub(crate) struct Reader<'a> {
    /// The incident.
    pub record: &'a Record,
    /// The settings.
    pub config: &'a Config,
    /// The audience of the report.
    pub audience: Audience,
    /// The calendar for its times.
    pub calendar: Calendar,
}

impl Reader<'_> {
    /// Returns a time, or that of the event named instead; `None` if the reader does not see that event.
    fn when(&self, at: Option<&When>, event: Option<&EventId>) -> Option<MomentView> {
        self.point(at, event)
            .map(|moment| self.calendar.moment(moment))
    }

    /// Returns the same as [`Reader::when`], to compute with.
    fn point(&self, at: Option<&When>, event: Option<&EventId>) -> Option<Moment> {
        let hides = |id| {
            let event = self.record.event(id);
            event.is_some_and(|event| !self.record.shows(event, self.audience))
        };
        let moment = self.record.when(at, event);
        moment.filter(|_| !archive::named(at, event).is_some_and(hides))
    }

    /// Returns `true` if the reader sees the event at an index, or if there is none.
    fn shows(&self, event: Option<usize>) -> bool {
        let event = event.and_then(|index| self.record.timeline.events.get(index));
        event.is_none_or(|event| self.record.shows(event, self.audience))
    }

    /// Returns `true` if the reader may know the time of an endpoint.
    fn sees(&self, end: &Endpoint) -> bool {
        end.is_seen(self.record, self.audience)
    }
}

/// The facts of an incident, by key.
#[derive(Debug, Clone)]
pub struct FactsView(pub Vec<FactView>);

impl FactsView {
    /// Returns those that a page lists: the recorded ones and, of an ongoing incident, those that have started.
    pub fn shown(&self, is_ongoing: bool) -> Vec<&FactView> {
        let has_started = |fact: &FactView| fact.state == "pending" && fact.from.is_some();
        let facts = self.0.iter();
        facts
            .filter(|fact| {
                matches!(fact.state, "recorded" | "invalid") || is_ongoing && has_started(fact)
            })
            .collect()
    }
}

impl Serialize for FactsView {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        let mut map = into.serialize_map(Some(self.0.len()))?;
        for fact in &self.0 {
            map.serialize_entry(&fact.key, fact)?;
        }
        map.end()
    }
}

/// A fact with its texts.
#[derive(Debug, Clone, Serialize)]
pub struct FactView {
    #[serde(skip)]
    key: String,
    /// The label: `Time to Detect`.
    pub label: String,
    /// The state: `recorded`, `pending`, `not_recorded` or `invalid`.
    pub state: &'static str,
    /// The duration in seconds; `None` if it is not recorded, or only as a range.
    pub seconds: Option<i64>,
    /// The shortest and the longest duration in seconds, if it is only known as a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[i64; 2]>,
    /// The duration as text, or the state if there is none.
    pub text: String,
    /// The duration for tables: `44m 35s`.
    pub short: String,
    /// The duration in whole minutes: `17 minutes`.
    pub minutes: Option<String>,
    /// The start; `None` if the reader does not see it.
    pub from: Option<EndpointView>,
    /// The end; `None` if the reader does not see it.
    pub to: Option<EndpointView>,
    /// The windows that it sums up, for the customer impact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub windows: Option<Vec<WindowView>>,
}

/// The start or the end of a fact.
#[derive(Debug, Clone, Serialize)]
pub struct EndpointView {
    /// The mark, or `message`.
    pub name: &'static str,
    /// The label: `first customer impact`.
    pub label: String,
    /// The time.
    pub at: MomentView,
    /// The anchor of its event in the timeline.
    pub anchor: Option<String>,
}

/// A window of customer impact.
#[derive(Debug, Clone, Serialize)]
pub struct WindowView {
    /// The start.
    pub from: Option<EndpointView>,
    /// The end; `None` while it is ongoing.
    pub to: Option<EndpointView>,
    /// The duration in seconds.
    pub seconds: Option<i64>,
    /// The duration as text, or the state if there is none.
    pub text: String,
}

impl FactView {
    fn new(fact: &Fact, end: &dyn Fn(&Endpoint) -> Option<EndpointView>) -> Self {
        let (state, state_label) = state_text(fact.state);
        let length = fact.length;
        Self {
            key: fact.key.to_string(),
            label: fact.label.to_string(),
            state,
            seconds: fact.seconds(),
            range: length
                .and_then(Length::range)
                .map(|(least, most)| [least.known(), most.known()]),
            text: length.map_or_else(|| state_label.to_owned(), |length| length.to_string()),
            short: length.map_or_else(|| state_label.to_owned(), Length::short),
            minutes: length.map(Length::in_minutes),
            from: fact.from.as_ref().and_then(end),
            to: fact.to.as_ref().and_then(end),
            windows: None,
        }
    }
}

/// Returns the key of a fact's state, and the text that is printed instead of a duration.
fn state_text(state: State) -> (&'static str, &'static str) {
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

/// Returns `true` if an audience may see an item classified as `marked`; everyone who sees the report sees an unclassified one.
fn shown_to(audience: Audience, marked: Option<Audience>) -> bool {
    marked.is_none_or(|marked| audience.may_read(marked))
}

/// Describes which items a shortened list shows: `the latest 1,000 of 1,204 records`; `None` if it shows all.
fn latest(most: usize, all: usize, noun: &str) -> Option<String> {
    (all > most).then(|| format!("the latest {} of {}", separated(most), counted(all, noun)))
}

/// Prints a number of seconds in the two largest units: `1h 23m`.
fn short(seconds: i64) -> String {
    let length = Length {
        seconds,
        unit: Unit::Second,
        about: false,
        most: None,
    };
    length.short()
}
