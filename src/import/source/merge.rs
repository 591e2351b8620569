//! Adds the events of exports to a timeline: what is new is inserted, and what is there stays.
//!
//! An event is known by its ID. So a second import adds nothing, and a later export adds what is new.
//! What a person may have changed is never overwritten: differences are reported, and `--update` takes
//! them over, except for the fields that `edited` names. An event that is gone from an export stays too.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

mod compare;
mod marks;

pub use compare::MOST_PAIRS;

use super::alertmanager::short_digest;
use super::{Draft, Exports, Extra, Importer, clean};
use crate::archive::Record;
use crate::audience::Audience;
use crate::config::{Config, ImportSettings};
use crate::incident::Link;
use crate::kind::{Block, Identifier, Line, Url};
use crate::moment::{Moment, TimeDefaults};
use crate::timeline::{Event, EventKind, Mark, Timeline};

/// The options of a merge.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The start of the time window.
    pub since: Option<DateTime<Utc>>,
    /// The end of the time window.
    pub until: Option<DateTime<Utc>>,
    /// Whether to keep the events that are left out by default.
    pub all: bool,
    /// Whether to set the proposed marks.
    pub marks: bool,
    /// The incidents, alerts or channels to import, by the name in their system; all if empty.
    pub only: Vec<String>,
}

/// An event that an import adds, or that is there already.
#[derive(Debug, Clone)]
pub struct Placed {
    /// The importer.
    pub importer: &'static Importer,
    /// The time.
    pub at: Moment,
    /// The end time, if the event lasted.
    until: Option<Moment>,
    /// The event as it is to be written.
    pub event: Event,
    /// The index in the timeline, if it is there already.
    pub existing: Option<usize>,
    /// The incident, alert or channel that it belongs to in its system.
    pub group: Option<String>,
    /// What else the export says.
    pub extra: Option<Extra>,
    stated: Vec<Mark>,
    candidates: Vec<(Mark, &'static str)>,
}

/// A mark for an event, and why.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The mark.
    pub mark: Mark,
    /// The reason.
    pub reason: String,
    /// The index of its event in [`Plan::placed`].
    pub index: usize,
    /// Whether it is set.
    pub is_set: bool,
    /// Whether it cannot be set, because it would put an end before its start.
    pub is_refused: bool,
}

/// A field that differs from the export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The index of the event in [`Plan::placed`].
    pub index: usize,
    /// The field.
    pub field: &'static str,
}

/// The number of events of a source.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// The events in the exports.
    pub found: usize,
    /// The events that are added.
    pub new: usize,
    /// The events that are there already.
    pub present: usize,
    /// The events without a time.
    pub unplaced: usize,
}

/// What an import changes.
#[derive(Debug, Default)]
pub struct Plan {
    /// The events, in the order of their times.
    pub placed: Vec<Placed>,
    /// The marks.
    pub proposals: Vec<Proposal>,
    /// The fields that differ from the export.
    pub differences: Vec<Difference>,
    /// The IDs of events that are not in the export any more.
    pub gone: Vec<String>,
    /// The events that are left out, by importer and reason.
    pub left_out: BTreeMap<(&'static str, String), usize>,
    /// Pairs of events of two sources that may have recorded the same moment.
    pub pairs: Vec<(String, String)>,
    /// The counts of each source.
    pub counts: BTreeMap<&'static str, Count>,
    /// The number of private values that were removed.
    pub removed: usize,
}

/// Why an event is left out that `--channel` excludes, even with `--all`.
pub const OTHER_CHANNEL: &str = "in other channels; see `--channel`";

/// Why a version of an event is left out that its system has replaced or deleted, even with `--all`.
pub const REPLACED: &str = "edited or deleted later";

/// Plans an import.
#[must_use]
pub fn plan(exports: Exports, record: &Record, config: &Config, options: &Options) -> Plan {
    let mut plan = Plan::default();
    let mut known: BTreeMap<&'static str, Known> = BTreeMap::new();
    let mut kept: Vec<(&'static Importer, Draft)> = Vec::new();
    for unplaced in &exports.unplaced {
        let count = plan.counts.entry(unplaced.importer).or_default();
        count.found += 1;
        count.unplaced += 1;
    }
    for found in exports.found {
        let importer = found.importer;
        plan.counts.entry(importer.name).or_default().found += found.count;
        let known = known.entry(importer.prefix).or_default();
        for mut draft in found.drafts {
            if draft.left_out != Some(REPLACED) {
                known.learn(importer, &mut draft);
            }
            match left_out(&draft, options) {
                Some(reason) => {
                    plan.leave_out(importer, reason, 1 + draft.also.len());
                }
                None => {
                    plan.leave_out(
                        importer,
                        "combined with an event that is imported".to_owned(),
                        draft.also.len(),
                    );
                    kept.push((importer, draft));
                }
            }
        }
    }
    // At the same time, an alert comes before what it causes.
    kept.sort_by_key(|(_, draft)| (draft.at.order(), draft.kind != EventKind::Alert));
    let existing: BTreeMap<&str, usize> = record
        .timeline
        .events
        .iter()
        .enumerate()
        .filter_map(|(index, event)| Some((&**event.id.as_ref()?, index)))
        .collect();
    let times = defaults(record, config, kept.first().map(|(_, draft)| &draft.at));
    place(kept, record, &config.import, times, &existing, &mut plan);
    plan.differences = compare::differences(record, &plan.placed);
    plan.gone = compare::gone(record, &known);
    plan.pairs = compare::pairs(record, &plan.placed);
    marks::propose(record, config, options, times, &mut plan);
    plan
}

impl Plan {
    fn leave_out(&mut self, importer: &Importer, reason: String, count: usize) {
        if count > 0 {
            *self.left_out.entry((importer.name, reason)).or_default() += count;
        }
    }
}

/// The IDs of an importer's exports, and the time that they cover.
#[derive(Debug, Default)]
struct Known {
    ids: BTreeSet<String>,
    span: Option<(DateTime<Utc>, DateTime<Utc>)>,
}

impl Known {
    fn learn(&mut self, importer: &Importer, draft: &mut Draft) {
        identify(importer, draft);
        self.ids.insert(draft.id.clone());
        self.ids.extend(draft.also.iter().cloned());
        let at = draft.at.at;
        let (first, last) = self.span.unwrap_or((at, at));
        self.span = Some((first.min(at), last.max(at)));
    }
}

/// The number of characters of an ID after its prefix.
const LONGEST_ID: usize = 200;

/// Gives an event and those that it combines the IDs that they have in a timeline.
fn identify(importer: &Importer, draft: &mut Draft) {
    let full = |id: &str| {
        let id = clean::redacted(&clean::shown(id).replace('\n', " "), &mut 0);
        let id: String = id.chars().take(LONGEST_ID).collect();
        format!("{}:{id}", importer.prefix)
    };
    if draft.id.is_empty() || draft.id.ends_with(':') {
        // Two events without an ID must not be taken for one.
        let text = clean::one_line(draft.text.clone());
        draft
            .id
            .push_str(&short_digest(&format!("{:?}{text}", draft.at.at)));
    }
    draft.id = full(&draft.id);
    draft.also = draft.also.iter().map(|id| full(id)).collect();
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
    let cleaned = clean::clean(&draft.text);
    let id = draft.id.clone();
    event(
        importer,
        &draft,
        id,
        &cleaned,
        &Timeline::default(),
        settings,
        times,
    )
}

/// Returns why an event is left out; `None` if it is imported.
fn left_out(draft: &Draft, options: &Options) -> Option<String> {
    let end = draft.until.unwrap_or(draft.at).at;
    if options.since.is_some_and(|since| end < since)
        || options.until.is_some_and(|until| draft.at.at > until)
    {
        return Some("outside of the time window; see `--since` and `--until`".to_owned());
    }
    let is_it = |wanted: &String| {
        let group = draft.group.as_deref().unwrap_or_default();
        group
            .trim_start_matches('#')
            .eq_ignore_ascii_case(wanted.trim_start_matches('#'))
    };
    if !options.only.is_empty() && !options.only.iter().any(is_it) {
        return Some("of other incidents or channels; see `--only`".to_owned());
    }
    match draft.left_out? {
        reason @ (OTHER_CHANNEL | REPLACED) => Some(reason.to_owned()),
        reason => (!options.all).then(|| format!("{reason}; see `--all`")),
    }
}

/// Why an event is left out that the exports have more than once.
const TWICE: &str = "in the exports more than once";

/// Finds out which events are there already, and prepares the others.
fn place(
    kept: Vec<(&'static Importer, Draft)>,
    record: &Record,
    settings: &ImportSettings,
    times: TimeDefaults,
    existing: &BTreeMap<&str, usize>,
    plan: &mut Plan,
) {
    let mut used: BTreeMap<String, (DateTime<Utc>, String)> = BTreeMap::new();
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let kept: Vec<_> = { kept.into_iter() }
        .map(|(importer, draft)| (importer, clean::clean(&draft.text), draft))
        .collect();
    for (_, cleaned, draft) in &kept {
        let texts = texts.entry(draft.id.clone()).or_default();
        texts.push(cleaned.text.clone());
    }
    for (importer, cleaned, draft) in kept {
        if cleaned.text.is_empty() {
            plan.leave_out(importer, "without a text".to_owned(), 1);
            continue;
        }
        let mark = (draft.at.at, cleaned.text.clone());
        let ids = [&draft.id].into_iter().chain(&draft.also);
        let mut index = ids
            .clone()
            .find_map(|id| existing.get(id.as_str()).copied());
        let mut id = draft.id.clone();
        // Some systems give several events one ID.
        let digest = || {
            format!(
                "{}:{}",
                draft.id,
                short_digest(&format!("{:?}{}", mark.0, mark.1))
            )
        };
        if used.get(&id).is_some_and(|other| *other == mark) {
            plan.leave_out(importer, TWICE.to_owned(), 1);
            continue;
        }
        let differs = |index: usize| {
            let event = record.timeline.events.get(index);
            event.is_some_and(|event| {
                record.began(event).is_none_or(|began| began.at != mark.0) && *event.text != *mark.1
            })
        };
        // Of several events with one ID, the one that is there has it.
        let is_of_another = |index: usize| {
            let event = record.timeline.events.get(index);
            let same = texts.get(&draft.id).filter(|texts| texts.len() > 1);
            event.zip(same).is_some_and(|(event, texts)| {
                *event.text != *mark.1 && texts.iter().any(|text| **text == *event.text)
            })
        };
        let digest = digest();
        if let Some(other) = existing.get(digest.as_str()) {
            (id, index) = (digest, Some(*other));
        } else if used.contains_key(&id)
            || index.is_some_and(is_of_another)
            || (index.is_some_and(differs) && draft.also.is_empty() && importer.repeats_ids())
        {
            (id, index) = (digest, None);
        }
        if used.insert(id.clone(), mark).is_some() {
            plan.leave_out(importer, TWICE.to_owned(), 1);
            continue;
        }
        let Some(event) = event(
            importer,
            &draft,
            id,
            &cleaned,
            &record.timeline,
            settings,
            times,
        ) else {
            continue;
        };
        plan.removed += cleaned.removed;
        let count = plan.counts.entry(importer.name).or_default();
        match index {
            Some(_) => count.present += 1,
            None => count.new += 1,
        }
        plan.placed.push(Placed {
            importer,
            at: draft.at,
            until: draft.until.filter(|until| until.at >= draft.at.at),
            event,
            existing: index,
            group: draft.group,
            extra: draft.extra,
            stated: draft.stated,
            candidates: draft.candidates,
        });
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

fn event(
    importer: &Importer,
    draft: &Draft,
    id: String,
    cleaned: &clean::Clean,
    timeline: &Timeline,
    settings: &ImportSettings,
    times: TimeDefaults,
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
    let default = timeline.visibility.unwrap_or(Audience::Internal);
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
        until: until.as_ref().map(|until| times.shortest(until)),
        id: Identifier::new(id).ok(),
        kind: draft.kind,
        body: cleaned.body.clone().and_then(|body| Block::new(body).ok()),
        actor: actor(&draft.actor, timeline, settings).and_then(|name| Line::new(name).ok()),
        automated: draft.automated,
        source: Line::new(importer.name).ok(),
        url: draft.url.as_deref().and_then(url),
        links: links.collect(),
        visibility,
        ..Event::new(times.shortest(&draft.at), text)
    })
}

/// Returns the name of an actor: as the timeline's `people` and the settings have it, else as the export does.
fn actor(names: &[String], timeline: &Timeline, settings: &ImportSettings) -> Option<String> {
    let known = names.iter().find_map(|name| {
        let is_it = |other: &str| other.eq_ignore_ascii_case(name);
        let person = timeline.people.0.iter().find(|(key, person)| {
            is_it(key) || is_it(&person.name) || person.aliases.iter().any(|alias| is_it(alias))
        });
        let set = || {
            settings
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
    known.or_else(exported).filter(|name| !name.is_empty())
}
