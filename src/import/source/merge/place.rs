//! Decides which events of an import are in the timeline already, and writes the others as a timeline has them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Placed, Plan, identify};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::{Config, ImportSettings};
use crate::import::source::alertmanager::short_digest;
use crate::import::source::clean::{self, Clean};
use crate::import::source::{Draft, Importer, people};
use crate::incident::Link;
use crate::kind::{Block, Identifier, Line, Url};
use crate::moment::{Moment, TimeDefaults};
use crate::timeline::{Event, Timeline};

/// Why an event is left out that the exports have more than once.
const TWICE: &str = "in the exports more than once";

/// The time within which an event of the timeline may combine a new one.
const NEAR: TimeDelta = TimeDelta::seconds(60);

/// The number of events of the timeline with which a new one is compared.
const MOST_NEAR: usize = 40;

/// What tells events with the same ID apart: the time and the text.
type Said = (DateTime<Utc>, String);

/// The timeline to which events are added.
pub(super) struct Placing<'a> {
    record: &'a Record,
    form: Form<'a>,
    /// The date and the time zone that the timeline's times have, or will have.
    pub times: TimeDefaults,
    /// The events of the timeline, by ID.
    existing: BTreeMap<&'a str, usize>,
    /// The events of the timeline, by time.
    by_time: Vec<(DateTime<Utc>, usize)>,
    /// The IDs that are given to events of the import.
    used: BTreeMap<String, Said>,
}

impl<'a> Placing<'a> {
    /// Creates the state of an import whose first event is at this time.
    pub fn new(record: &'a Record, config: &'a Config, first: Option<&Moment>) -> Self {
        let times = defaults(record, config, first);
        let events = || record.timeline.events.iter().enumerate();
        let existing = events().filter_map(|(index, event)| Some((&**event.id.as_ref()?, index)));
        let by_time = events().filter_map(|(index, event)| Some((record.began(event)?.at, index)));
        let mut by_time: Vec<(DateTime<Utc>, usize)> = by_time.collect();
        by_time.sort_unstable();
        Self {
            record,
            form: Form {
                timeline: &record.timeline,
                settings: &config.import,
                times,
            },
            times,
            existing: existing.collect(),
            by_time,
            used: BTreeMap::new(),
        }
    }

    /// Adds the events to a plan.
    pub fn place(mut self, kept: Vec<(&'static Importer, Draft)>, plan: &mut Plan) {
        let kept: Vec<_> = { kept.into_iter() }
            .map(|(importer, draft)| (importer, cleaned(&draft, self.form.settings), draft))
            .collect();
        let counting = self.counting(&kept);
        for (place, (importer, cleaned, draft)) in kept.into_iter().enumerate() {
            if cleaned.text.is_empty() {
                plan.leave_out(importer, "without a text".to_owned(), 1);
                continue;
            }
            let counts = importer.repeats_ids || counting.get(&draft.id) == Some(&place);
            let identity = counts.then(|| self.identity(importer, &draft, &cleaned.text));
            let Some((id, existing)) = identity.flatten() else {
                plan.leave_out(importer, TWICE.to_owned(), 1);
                continue;
            };
            let Some(event) = self.form.event(importer, &draft, id, &cleaned) else {
                continue;
            };
            plan.removed += cleaned.removed;
            let mut placed = Placed {
                importer,
                at: draft.at,
                until: draft.until.filter(|until| until.at >= draft.at.at),
                event,
                existing,
                group: draft.group,
                extra: draft.extra,
                stated: draft.stated,
                candidates: draft.candidates,
            };
            self.complete(&mut placed);
            if draft.is_repeat {
                self.keep_text(&mut placed);
            }
            let count = plan.counts.entry(importer.name).or_default();
            match placed.existing {
                Some(_) => count.present += 1,
                None => count.new += 1,
            }
            plan.placed.push(placed);
        }
    }

    /// Finds which of the records of one event counts, by its ID: the one that the timeline has, else one that is no
    /// repetition, else the last. An event may be exported at several times, with other values in its text.
    fn counting(&self, kept: &[(&Importer, Clean, Draft)]) -> BTreeMap<String, usize> {
        let mut counting: BTreeMap<String, ((bool, bool), usize)> = BTreeMap::new();
        for (place, (_, cleaned, draft)) in kept.iter().enumerate() {
            let index = self.existing.get(draft.id.as_str());
            let there = index.and_then(|index| self.record.timeline.events.get(*index));
            let is_there = there.is_some_and(|event| *event.text == *cleaned.text);
            let worth = (is_there, !draft.is_repeat);
            let best = counting.entry(draft.id.clone()).or_insert((worth, place));
            if worth >= best.0 {
                *best = (worth, place);
            }
        }
        let counting = counting.into_iter();
        counting.map(|(id, (_, place))| (id, place)).collect()
    }

    /// Returns the ID of an event and its index in the timeline, if it is there; `None` if the exports have it twice.
    fn identity(
        &mut self,
        importer: &Importer,
        draft: &Draft,
        text: &str,
    ) -> Option<(String, Option<usize>)> {
        let ids = [&draft.id].into_iter().chain(&draft.also);
        let found = |id: &str| self.existing.get(id).copied();
        let mut index = { ids }.find_map(|id| found(id));
        let mut id = draft.id.clone();
        let said: Said = (draft.at.at, text.to_owned());
        if importer.repeats_ids {
            if self.used.get(&id) == Some(&said) {
                return None;
            }
            let digest = short_digest(&format!("{:?}{text}", said.0));
            let digest = format!("{id}:{digest}");
            if let Some(other) = found(&digest) {
                (id, index) = (digest, Some(other));
            } else if self.used.contains_key(&id)
                || index.is_some_and(|index| self.is_of_another(index, draft, &said))
            {
                (id, index) = (digest, None);
            }
        }
        let is_new = self.used.insert(id.clone(), said).is_none();
        is_new.then_some((id, index))
    }

    /// Returns `true` if the event of the timeline that has the ID of a draft is another one with this ID.
    fn is_of_another(&self, index: usize, draft: &Draft, said: &Said) -> bool {
        let Some(event) = self.record.timeline.events.get(index) else {
            return false;
        };
        let began = self.record.began(event);
        // A time that a person corrected tells nothing of the export's.
        let is_corrected = event.edited.iter().any(|edited| &**edited == "at");
        let differs = !is_corrected && began.is_none_or(|began| began.at != said.0);
        *event.text != *said.1 && differs && draft.also.is_empty()
    }

    /// Keeps the text of an event that is there: a repetition of it may have other values.
    fn keep_text(&self, placed: &mut Placed) {
        let index = placed.existing;
        if let Some(there) = index.and_then(|index| self.record.timeline.events.get(index)) {
            placed.event.text = there.text.clone();
            placed.event.body = there.body.clone();
        }
    }

    /// Completes an event by the one of the timeline that is the same or combines it, also under another ID: the export
    /// may be a part of the one that was imported.
    fn complete(&self, placed: &mut Placed) {
        let Some(complete) = placed.importer.complete else {
            return;
        };
        let near = match placed.existing {
            Some(index) => vec![index],
            None => self.near(placed),
        };
        for index in near {
            let Some(there) = self.there(placed.importer, index) else {
                continue;
            };
            if complete(placed, &there) {
                placed.existing = Some(index);
                self.form.set_times(placed);
                return;
            }
        }
    }

    /// Lists the events of the timeline around the time of an event.
    fn near(&self, placed: &Placed) -> Vec<usize> {
        let (start, end) = (placed.at.at - NEAR, placed.at.at + NEAR);
        let first = self.by_time.partition_point(|(at, _)| *at < start);
        let after = self.by_time.get(first..).unwrap_or_default().iter();
        let near = after.take_while(|(at, _)| *at <= end);
        near.map(|(_, index)| *index).take(MOST_NEAR).collect()
    }

    /// Returns an event of the timeline; `None` if it is of another system.
    fn there(&self, importer: &'static Importer, index: usize) -> Option<Placed> {
        let event = self.record.timeline.events.get(index)?;
        let (prefix, _) = event.id.as_ref()?.split_once(':')?;
        let until = event.until.as_ref();
        (prefix == importer.prefix).then_some(Placed {
            importer,
            at: self.record.began(event)?,
            until: until.and_then(|until| self.times.resolve(until).ok()),
            event: event.clone(),
            existing: Some(index),
            group: None,
            extra: None,
            stated: Vec::new(),
            candidates: Vec::new(),
        })
    }
}

/// Returns the date and the time zone that the timeline's times have, or will have.
fn defaults(record: &Record, config: &Config, first: Option<&Moment>) -> TimeDefaults {
    if record.source.timeline.is_some() {
        return record.timeline.time_defaults();
    }
    let zone = config.site.timezone.unwrap_or_default();
    TimeDefaults {
        day: first.map(|at| at.day(zone)),
        zone,
    }
}

/// Returns the event of a draft, as an import into a timeline without events adds it.
#[must_use]
pub fn first_event(
    importer: &Importer,
    mut draft: Draft,
    settings: &ImportSettings,
    times: TimeDefaults,
) -> Option<Event> {
    identify(importer, &mut draft);
    let form = Form {
        timeline: &Timeline::default(),
        settings,
        times,
    };
    form.event(
        importer,
        &draft,
        draft.id.clone(),
        &cleaned(&draft, settings),
    )
}

/// Returns the text of an event without private data, with the names of the people that the settings name.
fn cleaned(draft: &Draft, settings: &ImportSettings) -> Clean {
    let named = |text: String| people::named(text, &settings.people);
    clean::clean(&draft.text.clone().map(named))
}

/// What the form of an event depends on.
struct Form<'a> {
    timeline: &'a Timeline,
    settings: &'a ImportSettings,
    times: TimeDefaults,
}

impl Form<'_> {
    /// Writes a draft as an event; `None` if it has no text.
    fn event(
        &self,
        importer: &Importer,
        draft: &Draft,
        id: String,
        cleaned: &Clean,
    ) -> Option<Event> {
        let text = Line::new(cleaned.text.clone()).ok()?;
        let url = |text: &str| clean::url(text).and_then(|url| Url::new(url).ok());
        let links = draft.links.iter().filter_map(|(title, target)| {
            Some(Link {
                title: Line::new(clean::name(title))
                    .ok()
                    .filter(|title| !title.is_empty())?,
                url: Some(url(target)?),
            })
        });
        let default = self.timeline.visibility.unwrap_or(Audience::Internal);
        let visibility = match (draft.is_public, default) {
            (true, Audience::Public) => None,
            (true, _) => Some(Audience::Public),
            (false, Audience::Public | Audience::Customers) => Some(Audience::Internal),
            (false, _) => None,
        };
        // An end before the start is none.
        let until = draft
            .until
            .filter(|until| until.order() >= draft.at.order());
        Some(Event {
            until: until.as_ref().map(|until| self.times.shortest(until)),
            id: Identifier::new(id).ok(),
            kind: draft.kind,
            body: cleaned.body.clone().and_then(|body| Block::new(body).ok()),
            actor: self.actor(&draft.actor),
            automated: draft.automated,
            source: Line::new(importer.name).ok(),
            url: draft.url.as_deref().and_then(url),
            links: links.collect(),
            visibility,
            ..Event::new(self.times.shortest(&draft.at), text)
        })
    }

    /// Writes the times of an event anew.
    fn set_times(&self, placed: &mut Placed) {
        placed.event.at = self.times.shortest(&placed.at);
        let until = placed.until.as_ref();
        placed.event.until = until.map(|until| self.times.shortest(until));
    }

    /// Returns the name of an actor: as the timeline's `people` and the settings have it, else as the export does.
    fn actor(&self, names: &[String]) -> Option<Line> {
        let known = names.iter().find_map(|name| {
            let is_it = |other: &str| other.eq_ignore_ascii_case(name);
            let person = self.timeline.people.0.iter().find(|(key, person)| {
                is_it(key) || is_it(&person.name) || person.aliases.iter().any(|alias| is_it(alias))
            });
            let set = || {
                self.settings
                    .people
                    .0
                    .iter()
                    .find(|(handle, _)| is_it(handle.trim_start_matches('@')))
            };
            person
                .map(|(key, _)| key.to_string())
                .or_else(|| Some(set()?.1.to_string()))
        });
        let exported = || names.first().map(|name| clean::name(name));
        let name = known.or_else(exported).filter(|name| !name.is_empty())?;
        Line::new(name).ok()
    }
}
