//! The timeline as a report tells it: sorted, in one zone, each entry with its anchor.

use std::collections::BTreeMap;

use serde::Serialize;

use super::parts::LinkView;
use super::{Reader, Word, label};
use crate::archive::Record;
use crate::audience::Audience;
use crate::facts::Facts;
use crate::moment::{Calendar, Moment, Precision, Zone};

mod pace;
mod strip;

use crate::timeline::{Event, Mark};
use pace::{Days, SinceStart, gap};
use strip::StripView;

/// The timeline of a report.
#[derive(Debug, Clone, Serialize)]
pub struct TimelineView<'a> {
    /// The zone of its times: `UTC`, `CET`; the name of the time zone if the UTC offset varies.
    pub zone: String,
    /// Whether its times differ in their UTC offset, so that each shows its own.
    pub zone_varies: bool,
    /// Whether its Markdown must name the zone, because neither start nor end does.
    pub names_zone: bool,
    /// Its phases on one line, where three are known.
    pub strip: Option<StripView>,
    /// Its entries, in order of time.
    pub entries: Vec<EntryView<'a>>,
    /// What an author added to the section.
    pub more: super::parts::More<'a>,
}

/// An entry of a timeline.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView<'a> {
    /// The id that pages link to; it does not change when entries are added.
    pub anchor: String,
    /// When, as the report prints it: `14:23:47`, `~09:40`, `10:10:00–16:30:00`, `2025-01-15 00:04:10`.
    pub time: String,
    /// The day, when it is not that of the entry before.
    pub new_day: Option<String>,
    /// The day, where a page begins it: at the first entry and where it changes.
    pub day: Option<DayView>,
    /// When, without the day: `14:23:47`, `02:50 CEST`; the day where nothing else is known.
    pub clock: String,
    /// When it began, without the day; `clock` is this, a dash and its end where it has one.
    pub began: String,
    /// When, in full: `2025-01-14 14:23:47 UTC`.
    pub full: String,
    /// When, for machines.
    pub iso: String,
    /// When it ended.
    pub until: Option<String>,
    /// When it ended, for machines.
    pub until_iso: Option<String>,
    /// The time since the start: `T+00:47`, `T+17m`; absent for a day alone or without a start.
    pub offset: Option<String>,
    /// The time since the start, in words: `47 seconds after the start`.
    pub offset_words: Option<String>,
    /// How long nothing had happened before it, in words, when it was more than ten minutes.
    pub gap: Option<String>,
    /// What kind of event it was.
    pub kind: Word<'static>,
    /// The marks that it carries.
    pub marks: Vec<Word<'static>>,
    /// What happened; plain text.
    pub text: &'a str,
    /// More about it; prose.
    pub body: Option<&'a str>,
    /// Who did it.
    pub actor: Option<&'a str>,
    /// Whether a system did it by itself.
    pub automated: bool,
    /// Which system recorded it.
    pub source: Option<&'a str>,
    /// Evidence and further links.
    pub links: Vec<LinkView<'a>>,
    /// Who may see it.
    pub visibility: &'static str,
}

/// A day of a timeline.
#[derive(Debug, Clone, Serialize)]
pub struct DayView {
    /// The id that pages link to.
    pub anchor: String,
    /// The day: `2025-01-14`.
    pub text: String,
    /// Whether the first entry's own time says it too.
    pub is_printed: bool,
}

/// The anchors of the events that an audience sees, by their place in the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Anchors(BTreeMap<usize, String>);

impl Anchors {
    /// Gives every event its anchor, the same for each audience, and keeps those that one sees.
    ///
    /// A count after a name tells of others of that name, so those that more readers see come first.
    pub(crate) fn new(record: &Record, audience: Audience) -> Self {
        let mut taken: BTreeMap<String, usize> = BTreeMap::new();
        let mut anchors = BTreeMap::new();
        let mut widest_first: Vec<_> = record.timeline.events.iter().enumerate().collect();
        widest_first.sort_by_key(|(_, event)| (event.hidden, record.event_audience(event)));
        for (index, event) in widest_first {
            let base = match (&event.id, record.began(event)) {
                (Some(id), _) => format!("event-{}", slug(id)),
                (None, Some(moment)) => match moment.precision {
                    Precision::Day(day) => format!("t-{day}"),
                    _ => moment.at.format("t-%Y-%m-%d-%H%M%S").to_string(),
                },
                (None, None) => format!("event-{}", index + 1),
            };
            let count = taken.entry(base.clone()).or_default();
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

/// Makes a word for anchors and file names: lower-case letters and digits, others as `-`.
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

/// Lists the events that an audience sees, with their moments, in order of time.
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
    /// Lists the ids that its entries and days have on a page.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().flat_map(|entry| {
            let day = entry.day.as_ref().map(|day| day.anchor.as_str());
            day.into_iter().chain([entry.anchor.as_str()])
        })
    }

    pub(crate) fn new(
        reader: &Reader<'a>,
        facts: &Facts,
        anchors: &Anchors,
        more: super::parts::More<'a>,
    ) -> Option<Self> {
        let &Reader {
            record,
            audience,
            ref calendar,
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
        let strip = StripView::new(record, facts, anchors, calendar);
        let mut day = calendar.first_day();
        let mut days = Days::default();
        let mut quiet_since: Option<Moment> = None;
        let entries = events
            .into_iter()
            .map(|(index, event, moment)| {
                let on = moment.day(zone);
                let new_day = (day.replace(on) != Some(on)).then(|| on.to_string());
                let (began, until) = clock(record, event, moment, calendar);
                let clock = match &until {
                    Some(until) => format!("{began}–{until}"),
                    None => began.clone(),
                };
                let timed = !moment.is_day();
                let time = match &new_day {
                    Some(day) if timed => format!("{day} {clock}"),
                    _ => clock.clone(),
                };
                let end = record.finished(event).unwrap_or(moment);
                let gap = quiet_since.and_then(|since| gap(since, moment, zone));
                if quiet_since.is_none_or(|since| since.at < end.at) {
                    quiet_since = Some(end);
                }
                let since_start = start.and_then(|start| SinceStart::new(start, moment, zone));
                EntryView {
                    anchor: anchors.get(index).cloned().unwrap_or_default(),
                    time,
                    day: days.begin(on, new_day.is_some() && timed),
                    new_day,
                    clock,
                    began,
                    until,
                    full: calendar.full(&moment),
                    iso: calendar.iso(&moment),
                    until_iso: record.finished(event).map(|end| calendar.iso(&end)),
                    offset: since_start.map(SinceStart::short),
                    offset_words: since_start.map(SinceStart::words),
                    gap,
                    kind: Word::new(label::event(event.kind).0, label::event(event.kind).1),
                    marks: event.marks.iter().map(|mark| mark_word(*mark)).collect(),
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

/// Returns `true` if a timeline must name its zone: its times do not, and neither does the summary.
pub(super) fn names_zone(calendar: &Calendar, facts: &Facts) -> bool {
    let mut official = [facts.started, facts.ended].into_iter().flatten();
    !calendar.varies() && !calendar.has_no_time() && official.all(|end| end.moment.is_day())
}

/// Gives the name of an actor: that of the person whom the word stands for, else the word.
#[must_use]
pub fn actor_name<'a>(record: &'a Record, actor: &'a str) -> &'a str {
    record
        .timeline
        .people
        .get(actor)
        .map_or(actor, |person| &*person.name)
}

fn mark_word(mark: Mark) -> Word<'static> {
    Word::new(mark.as_str(), label::mark(mark))
}

fn links(event: &Event) -> Vec<LinkView<'_>> {
    let evidence = event.url.as_deref().map(|url| LinkView {
        title: "evidence",
        url: Some(url),
    });
    let further = event.links.iter().map(|link| LinkView {
        title: &link.title,
        url: link.url.as_deref(),
    });
    evidence.into_iter().chain(further).collect()
}

/// Prints how long after the start a moment was: `T+00:47`, and in words.
pub(super) fn since(start: Option<Moment>, moment: Moment, zone: Zone) -> Option<(String, String)> {
    let since = SinceStart::new(start?, moment, zone)?;
    Some((since.short(), since.words()))
}

/// Prints when an event began and when it ended, without the day on which it began.
pub(super) fn clock(
    record: &Record,
    event: &Event,
    moment: Moment,
    calendar: &Calendar,
) -> (String, Option<String>) {
    let zone = calendar.zone();
    let alone = |moment: Moment| match moment.precision {
        Precision::Day(_) => calendar.full(&moment),
        _ => calendar.time(&moment),
    };
    // The event's `approx` is told once, by the `~` in front of its start.
    let end = event.until.as_ref().and_then(|until| record.moment(until));
    let end = end.map(|end| match end.precision {
        Precision::Day(_) => alone(end),
        _ if end.day(zone) == moment.day(zone) => alone(end),
        _ => format!("{} {}", end.day(zone), alone(end)),
    });
    (alone(moment), end)
}
