//! An archive in memory: its settings, and each incident with its timeline.
//!
//! A [`Record`] is what a report is made from. It answers the questions that
//! need both of its files: which event an id names, which moment a time means.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use camino::{Utf8Path, Utf8PathBuf};

use serde::{Deserialize, Serialize};

use crate::audience::Audience;
use crate::config::Config;
use crate::incident::{Incident, PublicReport, Status};
use crate::kind::{Either, FilePath, Line, When};
use crate::moment::{Moment, TimeDefaults, Written, Zone};
use crate::timeline::{Event, Mark, Timeline};

/// The incidents of a folder, with the settings that hold for all of them.
#[derive(Debug, Clone, Default)]
pub struct Archive {
    /// The settings.
    pub config: Config,
    /// The incidents, by id.
    pub records: Vec<Record>,
}

/// One incident with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct Record {
    /// The incident's id.
    pub id: String,
    /// What its author typed.
    pub incident: Incident,
    /// Its timeline; empty when it has none.
    pub timeline: Timeline,
    /// Where its files lie, relative to the archive.
    pub source: RecordSource,
    /// The files that it refers to, by their path relative to the archive.
    pub files: BTreeMap<Utf8PathBuf, ReferredFile>,
}

/// Where an incident's files lie, relative to the archive, and what they were.
///
/// Only the paths are serialized: what lists show of an incident stays the same when it says the same in other words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordSource {
    /// The incident's file.
    pub incident: Utf8PathBuf,
    /// The timeline's file, if there is one.
    pub timeline: Option<Utf8PathBuf>,
    /// The SHA-256 of the incident's file, in hexadecimal.
    #[serde(skip)]
    pub incident_digest: String,
    /// The SHA-256 of the timeline's file.
    #[serde(skip)]
    pub timeline_digest: Option<String>,
    /// The size of both files together.
    #[serde(skip)]
    pub bytes: u64,
}

/// What is known of a file that an incident refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferredFile {
    /// There is no regular file of that name inside the archive.
    Missing,
    /// A regular file that is not text, or that nothing prints.
    Opaque,
    /// The text of a file that the report shows.
    Text(String),
    /// The text of a file that the report shows, while the file itself is not published.
    Quoted(String),
}

impl Record {
    /// Gives the day and zone that times without them count on.
    #[must_use]
    pub fn time_defaults(&self) -> TimeDefaults {
        self.timeline.time_defaults()
    }

    /// Gives the zone in which the report prints times.
    #[must_use]
    pub fn zone(&self, config: &Config) -> Zone {
        self.incident
            .timezone
            .or(config.site.timezone)
            .unwrap_or_default()
    }

    /// Says whether the whole report is for outside, as a team that works in the open wants it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let public = self.incident.public.as_ref();
        self.audience() == Audience::Public
            && public.is_some_and(|public| public.report == Some(PublicReport::Full))
    }

    /// Copies the incident for readers outside: they get no file, and nothing that only own templates see.
    #[must_use]
    pub fn without_files(&self) -> Self {
        let mut record = self.clone();
        for file in record.files.values_mut() {
            *file = match std::mem::replace(file, ReferredFile::Missing) {
                ReferredFile::Text(text) | ReferredFile::Quoted(text) => ReferredFile::Quoted(text),
                ReferredFile::Opaque | ReferredFile::Missing => ReferredFile::Missing,
            };
        }
        record.incident.extra.clear();
        record
    }

    /// Copies the incident without the events, messages and references that an audience does not see.
    #[must_use]
    pub fn filtered_for(&self, audience: Audience) -> Self {
        let mut record = self.clone();
        let (incident, timeline) = (&mut record.incident, &mut record.timeline);
        timeline.events.retain(|event| self.shows(event, audience));
        let events = &timeline.events;
        let acts = |handle: &str| {
            events
                .iter()
                .any(|event| event.actor.as_deref() == Some(handle))
        };
        timeline.people.0.retain(|(handle, _)| acts(handle));
        let sees = |marked: Option<Audience>| marked.is_none_or(|marked| audience.may_read(marked));
        incident
            .messages
            .retain(|message| audience.may_read(message.audience()));
        incident
            .references
            .retain(|reference| sees(reference.audience));
        record
    }

    /// Gives who may read the incident.
    #[must_use]
    pub fn audience(&self) -> Audience {
        self.incident.classification.unwrap_or_default()
    }

    /// Gives who may see an event.
    #[must_use]
    pub fn event_audience(&self, event: &Event) -> Audience {
        event
            .visibility
            .or(self.timeline.visibility)
            .unwrap_or_default()
    }

    /// Says whether an audience sees an event.
    #[must_use]
    pub fn shows(&self, event: &Event, audience: Audience) -> bool {
        !event.hidden && audience.may_read(self.event_audience(event))
    }

    /// Finds an event by its id.
    #[must_use]
    pub fn event(&self, id: &str) -> Option<&Event> {
        self.timeline.events.get(self.place(id)?)
    }

    /// Finds the place of an event by its id.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<usize> {
        let mut events = self.timeline.events.iter();
        events.position(|event| event.id.as_deref() == Some(id))
    }

    /// Finds the moment of a time; nothing where it means none, which a check names.
    #[must_use]
    pub fn moment(&self, written: &Written) -> Option<Moment> {
        self.time_defaults().resolve(written).ok()
    }

    /// Finds the moment at which an event began.
    #[must_use]
    pub fn began(&self, event: &Event) -> Option<Moment> {
        let moment = self.moment(&event.at)?;
        Some(Moment {
            about: moment.about || event.approx,
            ..moment
        })
    }

    /// Finds the moment at which an event ended, if it lasted.
    #[must_use]
    pub fn finished(&self, event: &Event) -> Option<Moment> {
        let moment = self.moment(event.until.as_ref()?)?;
        Some(Moment {
            about: moment.about || event.approx,
            ..moment
        })
    }

    /// Finds the moment of a time in the incident, or of the event that stands in its place.
    #[must_use]
    pub fn when(&self, at: Option<&When>, event: Option<&Line>) -> Option<Moment> {
        match (at, named(at, event)) {
            (_, Some(id)) => self.began(self.event(id)?),
            (Some(When::Written(written)), None) => self.moment(written),
            _ => None,
        }
    }

    /// Finds the moment that an event gives to a mark: a span gives its end to an end mark.
    #[must_use]
    pub fn marked_at(&self, event: &Event, mark: Mark) -> Option<Moment> {
        let end = mark.is_end().then(|| self.finished(event)).flatten();
        end.or_else(|| self.began(event))
    }

    /// Finds a mark that `[times]` states, at a time or by an event.
    #[must_use]
    pub fn stated(&self, mark: Mark) -> Option<Marked> {
        let (moment, event) = match self.incident.times.get(mark)? {
            When::Written(written) => (self.moment(written)?, None),
            When::Event(id) => {
                let place = self.place(id)?;
                let event = self.timeline.events.get(place)?;
                (self.marked_at(event, mark)?, Some(place))
            }
        };
        Some(Marked {
            mark,
            moment,
            event,
        })
    }

    /// Lists the marks with their moments, sorted by moment.
    ///
    /// Impact starts and ends in turn where its times allow it: an end of `14:23` is
    /// after a start of `14:23:47`, and an end on a day alone after a start on that day.
    #[must_use]
    pub fn marks(&self) -> Vec<Marked> {
        let events = self.timeline.events.iter().enumerate();
        let marked = events.flat_map(|(place, event)| {
            event.marks.iter().filter_map(move |mark| {
                Some(Marked {
                    mark: *mark,
                    moment: self.marked_at(event, *mark)?,
                    event: Some(place),
                })
            })
        });
        let mut marks: Vec<Marked> = marked.collect();
        let typed = marks.len();
        for stated in Mark::ALL.iter().filter_map(|mark| self.stated(*mark)) {
            // The same mark may stand in both files if it says the same: keep the timeline's.
            let is_there = |marked: &Marked| {
                marked.mark == stated.mark && marked.moment.is_same(&stated.moment)
            };
            if !marks.iter().take(typed).any(is_there) {
                marks.push(stated);
            }
        }
        marks.sort_by_key(|marked| marked.moment.order());
        alternate_impact_marks(&mut marks, &self.time_defaults());
        marks
    }

    /// Gives the id of an action item by its place: as typed, else the incident's with `-A1`, `-A2` …
    #[must_use]
    pub fn action_id(&self, place: usize) -> String {
        match self
            .incident
            .action_items
            .get(place)
            .and_then(|item| item.id.as_ref())
        {
            Some(id) => id.to_string(),
            None => format!("{}-A{}", self.id, place + 1),
        }
    }

    /// Lists the ids of the incidents whose place this one takes.
    pub fn supersedes(&self) -> impl Iterator<Item = String> {
        let analysis = self.incident.analysis.iter();
        let older = analysis.flat_map(|analysis| &analysis.supersedes);
        older.filter_map(|older| match older {
            Either::Short(id) => Some(id.to_string()),
            Either::Table(_) => None,
        })
    }

    /// Lists the ids of other incidents that this one names.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let analysis = self.incident.analysis.iter();
        let explained = analysis
            .flat_map(|analysis| &analysis.incidents)
            .map(ToString::to_string);
        let referred = self
            .incident
            .references
            .iter()
            .filter_map(|reference| reference.incident.as_ref());
        explained
            .chain(self.supersedes())
            .chain(referred.map(ToString::to_string))
            .collect()
    }

    /// Finds the path of a file that the incident names, relative to the archive.
    ///
    /// Nothing when the path leads out of the archive.
    #[must_use]
    pub fn resolve(&self, path: &FilePath) -> Option<Utf8PathBuf> {
        let mut resolved = self
            .source
            .incident
            .parent()
            .unwrap_or(Utf8Path::new(""))
            .to_path_buf();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    if !resolved.pop() {
                        return None;
                    }
                }
                name => resolved.push(name),
            }
        }
        Some(resolved)
    }

    /// Gives the incident's status: as typed, else as the marks say.
    #[must_use]
    pub fn status(&self) -> Status {
        let marked = |mark: Mark| {
            self.incident.times.get(mark).is_some()
                || self
                    .timeline
                    .events
                    .iter()
                    .any(|event| event.marks.contains(&mark))
        };
        // Impact that came back is not over.
        let harmless = || {
            let marks = self.marks();
            let last = marks.iter().rfind(|marked| marked.mark.may_repeat());
            last.is_some_and(|last| last.mark == Mark::ImpactEnded)
        };
        self.incident.status.unwrap_or_else(|| match () {
            () if marked(Mark::Ended) => Status::Closed,
            () if marked(Mark::Resolved) || harmless() => Status::Resolved,
            () if marked(Mark::Mitigated) => Status::Monitoring,
            () if marked(Mark::Identified) => Status::Identified,
            // What was written up elsewhere is over.
            () if self.incident.report.is_some() => Status::Closed,
            () => Status::Investigating,
        })
    }
}

/// Gives the id of the event that stands in the place of a time.
#[must_use]
pub fn named<'a>(at: Option<&'a When>, event: Option<&'a Line>) -> Option<&'a str> {
    match at {
        Some(When::Written(_)) => None,
        Some(When::Event(id)) => Some(id),
        None => event.map(|id| &**id),
    }
}

/// Puts starts and ends of impact in turn, each into a place that one of them has.
fn alternate_impact_marks(marks: &mut [Marked], defaults: &TimeDefaults) {
    let of = |mark: Mark| {
        marks
            .iter()
            .filter(move |marked| marked.mark == mark)
            .copied()
    };
    let mut starts: VecDeque<Marked> = of(Mark::ImpactStarted).collect();
    let mut ends: Vec<Marked> = of(Mark::ImpactEnded).collect();
    ends.sort_by_key(|end| defaults.until(&end.moment));
    let mut ends = VecDeque::from(ends);
    let mut open = false;
    for place in marks.iter_mut().filter(|marked| marked.mark.may_repeat()) {
        let (wanted, other) = if open {
            (&mut ends, &mut starts)
        } else {
            (&mut starts, &mut ends)
        };
        let in_turn = match (wanted.front(), other.front()) {
            (Some(wanted), Some(other)) => wanted.moment.at < defaults.until(&other.moment),
            (wanted, _) => wanted.is_some(),
        };
        if let Some(next) = if in_turn { wanted } else { other }.pop_front() {
            open = next.mark == Mark::ImpactStarted;
            *place = next;
        }
    }
}

/// A mark with its moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// The mark.
    pub mark: Mark,
    /// Its moment.
    pub moment: Moment,
    /// The place among the timeline's of the event that carries it, or that `[times]` names for it.
    pub event: Option<usize>,
}

/// A template of the user's own, in place of the embedded one of the same path.
#[derive(Debug, Clone)]
pub struct OwnTemplate {
    /// Its path under `templates/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Says whether a file is a picture that a page may show. SVG may carry scripts: it is linked, not shown.
#[must_use]
pub fn is_picture(path: &str) -> bool {
    let ending = path
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    matches!(
        ending.as_str(),
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif"
    )
}

#[cfg(test)]
pub(crate) mod tests;
