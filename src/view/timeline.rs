//! The timeline of a report: sorted, in one time zone, each entry with its anchor.

use std::collections::BTreeMap;

use serde::Serialize;

use super::parts::LinkView;
use super::{Reader, Word, label};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::Config;
use crate::facts::Facts;
use crate::moment::{Calendar, Moment, Precision};

mod pace;
mod strip;

use crate::timeline::Event;
pub(super) use pace::since;
use pace::{Days, gap};
use strip::StripView;
pub(super) use strip::{Axis, StretchView};

/// The timeline of a report.
#[derive(Debug, Clone, Serialize)]
pub struct TimelineView<'a> {
    /// The time zone of its times: `UTC`, `CET`; its full name if the UTC offset varies.
    pub zone: String,
    /// Whether its times differ in their UTC offset, so that each shows its own.
    pub zone_varies: bool,
    /// Whether its Markdown must name the time zone, because neither start nor end does.
    pub names_zone: bool,
    /// The phases on one line, if at least three are known; only a page has them.
    #[serde(skip)]
    pub strip: Option<StripView>,
    /// The entries in order of time.
    pub entries: Vec<EntryView<'a>>,
    /// Content added by the author.
    pub more: super::parts::More<'a>,
}

/// An entry of a timeline.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView<'a> {
    /// The anchor; it does not change when entries are added.
    pub anchor: String,
    /// The time.
    pub at: EntryTimeView,
    /// The end.
    pub until: Option<EndView>,
    /// The kind of event.
    pub kind: Word<'static>,
    /// The marks of the event.
    pub marks: Vec<Word<'static>>,
    /// The severity from this entry on.
    pub severity: Option<Word<'a>>,
    /// The description; plain text.
    pub text: &'a str,
    /// The details; prose.
    pub body: Option<&'a str>,
    /// The actor.
    pub actor: Option<&'a str>,
    /// Whether a system acted automatically.
    pub automated: bool,
    /// The system that recorded it.
    pub source: Option<&'a str>,
    /// The links to evidence and other resources.
    pub links: Vec<LinkView<'a>>,
    /// The audience that may see it.
    pub visibility: &'static str,
}

/// The time of an entry, and what templates print of it.
#[derive(Debug, Clone, Serialize)]
pub struct EntryTimeView {
    /// The time in ISO 8601.
    pub iso: String,
    /// The latest time that it may be, if only a range is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<String>,
    /// Whether it is approximate.
    pub about: bool,
    /// The printed time, with the end: `14:23:47`, `~09:40`, `10:10:00–16:30:00`, `2025-01-15 00:04:10`.
    pub text: String,
    /// The time without the date: `14:23:47`, `02:50 CEST`; the date if there is no time of day.
    pub time: String,
    /// The day that a page starts here: at the first entry and at each change of date.
    pub day: Option<DayView>,
    /// The time since the start: `T+00:47`, `T+17m`; `None` for a date without a time, or without a start.
    pub offset: Option<String>,
    /// The gap before the entry as text, if it is longer than ten minutes.
    pub gap: Option<String>,
}

/// The end of an entry.
#[derive(Debug, Clone, Serialize)]
pub struct EndView {
    /// The time in ISO 8601.
    pub iso: String,
    /// The latest time that it may be, if only a range is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<String>,
    /// Whether it is approximate.
    pub about: bool,
    /// The printed time, with the date if it differs from that of the entry.
    pub text: String,
}

/// A day of a timeline.
#[derive(Debug, Clone, Serialize)]
pub struct DayView {
    /// The anchor.
    pub anchor: String,
    /// The date: `2025-01-14`.
    pub text: String,
    /// Whether the time of its first entry also includes the date.
    pub is_printed: bool,
}

/// The anchors of the events that an audience sees, by index in the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Anchors(BTreeMap<usize, String>);

impl Anchors {
    /// Assigns every event an anchor that is the same for each audience, and keeps those of the visible events.
    ///
    /// A numbered anchor reveals that there are other events with the same one, so the least restricted events come first.
    pub(crate) fn new(record: &Record, audience: Audience) -> Self {
        let mut used: BTreeMap<String, usize> = BTreeMap::new();
        let mut anchors = BTreeMap::new();
        let mut least_restricted_first: Vec<_> =
            record.timeline.events.iter().enumerate().collect();
        least_restricted_first
            .sort_by_key(|(_, event)| (event.hidden, record.event_audience(event)));
        for (index, event) in least_restricted_first {
            let base = match (&event.id, record.began(event)) {
                (Some(id), _) => format!("event-{}", slug(id)),
                (None, Some(moment)) => moment.anchor(),
                (None, None) => format!("event-{}", index + 1),
            };
            let count = used.entry(base.clone()).or_default();
            *count += 1;
            anchors.insert(
                index,
                if *count == 1 {
                    base
                } else {
                    format!("{base}-{count}")
                },
            );
        }
        anchors.retain(|index, _| {
            let event = record.timeline.events.get(*index);
            event.is_some_and(|event| record.shows(event, audience))
        });
        Self(anchors)
    }

    pub(crate) fn get(&self, event: usize) -> Option<&String> {
        self.0.get(&event)
    }
}

/// Returns a name for anchors and files: lowercase letters and digits, with `-` for other characters.
#[must_use]
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// Returns the events that an audience sees with their times, in order of time.
#[must_use]
pub fn visible(record: &Record, audience: Audience) -> Vec<(usize, &Event, Moment)> {
    let mut events: Vec<(usize, &Event, Moment)> = record
        .timeline
        .events
        .iter()
        .enumerate()
        .filter(|(_, event)| record.shows(event, audience))
        .filter_map(|(index, event)| Some((index, event, record.began(event)?)))
        .collect();
    events.sort_by_key(|(_, _, moment)| moment.order());
    events
}

impl<'a> TimelineView<'a> {
    /// Returns the IDs of its entries and days on a page.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().flat_map(|entry| {
            let day = entry.at.day.as_ref().map(|day| day.anchor.as_str());
            day.into_iter().chain([entry.anchor.as_str()])
        })
    }

    /// Returns what a page prints before the text of each entry, by anchor.
    pub fn headings(&self) -> BTreeMap<&str, String> {
        let entries = self.entries.iter();
        entries
            .filter_map(|entry| Some((entry.anchor.as_str(), heading(&entry.marks, entry.text)?)))
            .collect()
    }

    pub(crate) fn new(
        reader: &Reader<'a>,
        facts: &Facts,
        config: &Config,
        anchors: &Anchors,
        more: super::parts::More<'a>,
    ) -> Option<Self> {
        let &Reader {
            record,
            audience,
            ref calendar,
            ..
        } = reader;
        let events = visible(record, audience);
        let (zone, start) = (calendar.zone(), facts.started.map(|end| end.moment));
        if events.is_empty() {
            return (!more.is_empty()).then(|| Self {
                zone: zone.to_string(),
                zone_varies: false,
                names_zone: false,
                strip: None,
                entries: Vec::new(),
                more,
            });
        }
        let strip = StripView::new(record, facts, config, &events, anchors, calendar);
        let mut day = calendar.first_day();
        let mut days = Days::default();
        let mut last_end: Option<Moment> = None;
        let entries = events
            .into_iter()
            .map(|(index, event, moment)| {
                let on = moment.day(zone);
                let is_new = day.replace(on) != Some(on) && !moment.is_day();
                let (began, until) = times_of_day(record, event, moment, calendar);
                let clock = match &until {
                    Some(until) => format!("{began}–{}", until.text),
                    None => began.clone(),
                };
                let end = record.finished(event).unwrap_or(moment).last();
                let gap = last_end.and_then(|since| gap(since, moment, zone));
                if last_end.is_none_or(|since| since.at < end.at) {
                    last_end = Some(end);
                }
                EntryView {
                    anchor: anchors.get(index).cloned().unwrap_or_default(),
                    at: EntryTimeView {
                        iso: calendar.iso(&moment),
                        latest: calendar.latest(&moment),
                        about: moment.about,
                        text: if is_new {
                            format!("{on} {clock}")
                        } else {
                            clock
                        },
                        time: began,
                        day: days.start(on, is_new),
                        offset: since(start, moment, zone),
                        gap,
                    },
                    until,
                    kind: Word::from(label::event(event.kind)),
                    marks: event
                        .marks
                        .iter()
                        .map(|mark| Word::new(mark.as_str(), label::mark(*mark, config)))
                        .collect(),
                    severity: event
                        .severity
                        .as_deref()
                        .map(|key| Word::severity(config, key)),
                    text: &event.text,
                    body: event.body.as_deref(),
                    actor: event
                        .actor
                        .as_deref()
                        .map(|actor| actor_name(record, actor)),
                    automated: event.automated,
                    source: event.source.as_deref(),
                    links: links(event),
                    visibility: record.event_audience(event).as_str(),
                }
            })
            .collect();
        Some(Self {
            zone: calendar.announced(),
            zone_varies: calendar.varies(),
            names_zone: names_zone(calendar, facts),
            strip,
            entries,
            more,
        })
    }
}

/// Returns the labels of the marks of an entry, or `None` if its text starts with them.
fn heading(marks: &[Word], text: &str) -> Option<String> {
    if marks.is_empty() {
        return None;
    }
    let has = |key: &str| marks.iter().any(|mark| mark.key == key);
    // The start of the impact says more than the start.
    let shown = marks
        .iter()
        .filter(|mark| !has(&format!("impact_{}", mark.key)));
    let labels: Vec<&str> = shown.map(|mark| &*mark.label).collect();
    let heading = labels.join(", ");
    let text = text.to_lowercase();
    let rest = text.strip_prefix(&heading.to_lowercase());
    let is_said =
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([';', ':', ',', '.']));
    (!heading.is_empty() && !is_said).then_some(heading)
}

/// Returns `true` if a timeline must name its time zone because neither its times nor the summary do.
pub(super) fn names_zone(calendar: &Calendar, facts: &Facts) -> bool {
    let mut official = [facts.started, facts.ended].into_iter().flatten();
    !calendar.varies() && !calendar.has_no_time() && official.all(|end| end.moment.is_day())
}

/// Returns the name of an actor: that of the person with this key, or the key itself.
#[must_use]
pub fn actor_name<'a>(record: &'a Record, actor: &'a str) -> &'a str {
    record
        .timeline
        .people
        .get(actor)
        .map_or(actor, |person| &*person.name)
}

fn links(event: &Event) -> Vec<LinkView<'_>> {
    let evidence = event.url.as_deref().map(|url| LinkView {
        title: "evidence",
        url: Some(url),
    });
    let further = event
        .links
        .iter()
        .map(|link| LinkView::new(&link.title, &link.url));
    evidence.into_iter().chain(further).collect()
}

/// Formats the start and the end of an event, without the date of the start.
pub(super) fn times_of_day(
    record: &Record,
    event: &Event,
    moment: Moment,
    calendar: &Calendar,
) -> (String, Option<EndView>) {
    let zone = calendar.zone();
    let time = |moment: Moment| match moment.precision {
        Precision::Day(_) => calendar.full(&moment),
        _ => calendar.time(&moment),
    };
    // The `~` before the start already says that the event is approximate.
    let end = event.until.as_ref().and_then(|until| record.moment(until));
    let end = end.map(|end| EndView {
        iso: calendar.iso(&end),
        latest: calendar.latest(&end),
        about: end.about,
        text: match end.precision {
            Precision::Day(_) => time(end),
            _ if end.day(zone) == moment.day(zone) => time(end),
            _ => format!("{} {}", end.day(zone), time(end)),
        },
    });
    (time(moment), end)
}

#[cfg(test)]
mod tests {
    use super::{Word, heading};

    #[test]
    fn marks_are_said_once() {
        let cases = [
            (
                vec![("declared", "Declared")],
                "Hotline called",
                Some("Declared"),
            ),
            (vec![("declared", "Declared")], "declared", None),
            (
                vec![("declared", "Declared")],
                "Declared; nobody answers",
                None,
            ),
            (
                vec![("started", "Started")],
                "Started the rollback",
                Some("Started"),
            ),
            (
                vec![("started", "Started"), ("impact_started", "Impact Started")],
                "Tokens expire",
                Some("Impact Started"),
            ),
            (vec![], "Queue empty", None),
        ];
        for (marks, text, expected) in cases {
            let marks = marks.into_iter().map(Word::from);
            let marks: Vec<Word> = marks.collect();
            assert_eq!(heading(&marks, text).as_deref(), expected, "{text}");
        }
    }
}
