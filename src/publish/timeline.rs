//! The published timeline of an incident for an audience, in the input format.
//!
//! Hidden and more restricted events are omitted, times are in UTC, and what only
//! the author needs (comments, aliases, edit markers) is omitted too.

use serde::Serialize;

use crate::archive::Record;
use crate::audience::Audience;
use crate::moment::{Calendar, Moment, Zone};
use crate::view::{self};

/// A published timeline.
#[derive(Serialize)]
pub(super) struct PublishedTimeline<'a> {
    incident: &'a str,
    events: Vec<PublishedEvent<'a>>,
}

#[derive(Serialize)]
struct PublishedEvent<'a> {
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    approx: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<&'static str>,
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    automated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<PublishedLink<'a>>,
    visibility: &'static str,
}

#[derive(Serialize)]
struct PublishedLink<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

/// Prints a time or a range of times as timelines write them.
fn range(calendar: &Calendar, moment: &Moment) -> String {
    let first = calendar.iso(moment);
    match moment.latest {
        Some(_) => format!("{first}..{}", calendar.iso(&moment.last())),
        None => first,
    }
}

/// Builds the timeline of an incident for an audience.
pub(super) fn view(record: &Record, audience: Audience) -> PublishedTimeline<'_> {
    let yes = |truth: bool| truth.then_some(true);
    let events = view::visible_events(record, audience);
    let times = events.iter();
    let times = times.flat_map(|(_, event, moment)| [Some(*moment), record.finished(event)]);
    let calendar = Calendar::from_times(Zone::default(), None, times.flatten());
    let events = events
        .into_iter()
        .map(|(_, event, moment)| PublishedEvent {
            at: range(&calendar, &moment),
            until: record.finished(event).map(|end| range(&calendar, &end)),
            approx: yes(moment.about),
            id: event.id.as_deref(),
            kind: event.kind.as_str(),
            marks: event.marks.iter().map(|mark| mark.as_str()).collect(),
            text: &event.text,
            body: event.body.as_deref(),
            actor: event
                .actor
                .as_deref()
                .map(|actor| view::actor_name(record, actor)),
            automated: yes(event.automated),
            source: event.source.as_deref(),
            url: event.url.as_deref(),
            links: event
                .links
                .iter()
                .map(|link| PublishedLink {
                    title: &link.title,
                    url: link.url.as_deref(),
                })
                .collect(),
            visibility: record.event_audience(event).as_str(),
        })
        .collect();
    PublishedTimeline {
        incident: &record.id,
        events,
    }
}
