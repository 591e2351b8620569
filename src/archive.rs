//! An archive in memory: its settings, and each incident with its timeline.
//!
//! A [`Record`] is the source of a report. It answers the questions that need both of its
//! files, such as which event an ID refers to and which instant a time means.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use camino::{Utf8Path, Utf8PathBuf};
use serde::{Deserialize, Serialize};

use crate::audience::Audience;
use crate::config::Config;
use crate::incident::{Customer, Incident, PublicReport};
use crate::kind::{Either, EventId, FilePath, When, name_key};
use crate::moment::{Moment, TimeDefaults, Written, Zone};
use crate::source::{Path, Segment, Span};
use crate::timeline::{Event, Mark, Timeline};

mod links;
mod marks;
mod picture;
mod plan;
mod repeated;
mod seen;
mod severity;
mod source;

pub use links::{
    LocalTarget, ReportAnchors, TextLink, local_target, page, path_in_url, url_path, words,
};
pub use marks::Marked;
pub use picture::{PictureSize, is_picture};
pub use seen::{Phrases, Withheld, occurrences};
pub use severity::{SeverityChange, severity_text, stated_severity_before};
pub use source::{
    CustomerRow, CustomersFile, Entries, EventPlace, RecordSource, ReferredFile, RepeatedMark,
    entries_folder,
};

/// The incidents of an archive and its settings.
#[derive(Debug, Clone, Default)]
pub struct Archive {
    /// The settings.
    pub config: Config,
    /// The incidents, by ID.
    pub records: Vec<Record>,
}

/// An incident with its timeline and files.
#[derive(Debug, Clone)]
pub struct Record {
    /// The incident's ID.
    pub id: String,
    /// The incident's file.
    pub incident: Incident,
    /// The timeline; empty if there is none.
    pub timeline: Timeline,
    /// The paths and digests of its files.
    pub source: RecordSource,
    /// The files that it refers to, by their path relative to the archive.
    pub files: BTreeMap<Utf8PathBuf, ReferredFile>,
    /// The customers of `[impact] customers_file`.
    pub customers_file: Option<CustomersFile>,
    /// The parts that were left out of the copy for an audience; none of a whole incident.
    pub withheld: Withheld,
}

impl Record {
    /// Returns the text of a file that a key refers to.
    #[must_use]
    pub fn text_of(&self, path: &FilePath) -> Option<&str> {
        self.files.get(&self.resolve(path)?)?.text()
    }

    /// Returns the date and the time zone of times that lack them.
    #[must_use]
    pub fn time_defaults(&self) -> TimeDefaults {
        self.timeline.time_defaults()
    }

    /// Returns the time zone in which the report prints times.
    #[must_use]
    pub fn zone(&self, config: &Config) -> Zone {
        self.incident
            .timezone
            .or(config.site.timezone)
            .unwrap_or_default()
    }

    /// Returns `true` if the whole report is public (`[public] report = "full"`).
    #[must_use]
    pub fn is_open(&self) -> bool {
        let public = self.incident.public.as_ref();
        self.audience() == Audience::Public
            && public.is_some_and(|public| public.report == Some(PublicReport::Full))
    }

    /// Returns the customers: those of the incident's file, then those of its customers file.
    pub fn customers(&self) -> impl Iterator<Item = &Customer> {
        self.customer_rows().map(|(_, customer)| customer)
    }

    /// Returns the customers, each with its location.
    pub fn customer_rows(&self) -> impl Iterator<Item = (CustomerRow<'_>, &Customer)> {
        let typed = self.incident.impact.iter();
        let typed = typed.flat_map(|impact| &impact.customers).enumerate();
        let in_file = self.customers_file.iter().flat_map(|file| {
            let spans = file.names.iter();
            let rows = spans.map(|span| CustomerRow::InFile(&file.path, *span));
            rows.zip(&file.rows)
        });
        typed
            .map(|(index, customer)| (CustomerRow::Typed(index), customer))
            .chain(in_file)
    }

    /// Removes the rows of the customers file, which no external reader sees, even of an open report.
    fn drop_customers_file(&mut self) {
        if let Some(file) = &mut self.customers_file {
            file.rows.clear();
        }
    }

    /// Returns a copy without anything that an audience may not see.
    #[must_use]
    pub fn filtered_for(&self, audience: Audience, config: &Config) -> Self {
        let mut record = self.seen_by(audience, config).into_owned();
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
        if audience.is_external() {
            record.drop_customers_file();
        }
        record
    }

    /// Returns the audience that may read the incident.
    #[must_use]
    pub fn audience(&self) -> Audience {
        self.incident.classification.unwrap_or_default()
    }

    /// Returns the audience that may see an event.
    #[must_use]
    pub fn event_audience(&self, event: &Event) -> Audience {
        event
            .visibility
            .or(self.timeline.visibility)
            .unwrap_or_default()
    }

    /// Returns `true` if an audience may see an event.
    #[must_use]
    pub fn shows(&self, event: &Event, audience: Audience) -> bool {
        !event.hidden && audience.may_read(self.event_audience(event))
    }

    /// Returns the event with an ID, or `None`.
    #[must_use]
    pub fn event(&self, id: &str) -> Option<&Event> {
        self.timeline.events.get(self.event_index(id)?)
    }

    /// Returns the index of the event with an ID, or `None`.
    #[must_use]
    pub fn event_index(&self, id: &str) -> Option<usize> {
        let mut events = self.timeline.events.iter();
        events.position(|event| event.id.as_deref() == Some(id))
    }

    /// Returns the instant that a time means, or `None` if it has none; a check reports those.
    #[must_use]
    pub fn moment(&self, written: &Written) -> Option<Moment> {
        self.time_defaults().resolve(written).ok()
    }

    /// Returns the start of an event, or `None` if its time cannot be resolved.
    #[must_use]
    pub fn began(&self, event: &Event) -> Option<Moment> {
        let moment = self.moment(&event.at)?;
        Some(Moment {
            about: moment.about || event.approx,
            ..moment
        })
    }

    /// Returns the end of an event, or `None` if it has none or its time cannot be resolved.
    #[must_use]
    pub fn finished(&self, event: &Event) -> Option<Moment> {
        let moment = self.moment(event.until.as_ref()?)?;
        Some(Moment {
            about: moment.about || event.approx,
            ..moment
        })
    }

    /// Returns the instant of a time in the incident, or of the event that is given instead.
    #[must_use]
    pub fn when(&self, at: Option<&When>, event: Option<&EventId>) -> Option<Moment> {
        match (at, named(at, event)) {
            (_, Some(id)) => self.began(self.event(id)?),
            (Some(When::Written(written)), None) => self.moment(written),
            _ => None,
        }
    }

    /// Returns the ID of the action item at an index: the recorded one, else the incident's with `-A1`, `-A2`, …
    #[must_use]
    pub fn action_id(&self, index: usize) -> String {
        match self
            .incident
            .action_items
            .get(index)
            .and_then(|item| item.id.as_ref())
        {
            Some(id) => id.to_string(),
            None => format!("{}-A{}", self.id, index + 1),
        }
    }

    /// Returns the affected services: those of the incident, then those that only have a window of impact.
    #[must_use]
    pub fn services(&self) -> Vec<&str> {
        let mut services: Vec<&str> = self.incident.services.iter().map(|name| &**name).collect();
        let impact = self.incident.impact.iter();
        for service in impact.flat_map(|impact| &impact.services) {
            let key = name_key(&service.name);
            if services.iter().all(|known| name_key(known) != key) {
                services.push(&service.name);
            }
        }
        services
    }

    /// Returns the IDs of the incidents that this one supersedes.
    pub fn supersedes(&self) -> impl Iterator<Item = String> {
        let analysis = self.incident.analysis.iter();
        let older = analysis.flat_map(|analysis| &analysis.supersedes);
        older.filter_map(|older| match older {
            Either::Short(id) => Some(id.to_string()),
            Either::Table(_) => None,
        })
    }

    /// Returns the IDs of the incidents that this investigation explains.
    pub fn explains(&self) -> impl Iterator<Item = String> {
        let analysis = self.incident.analysis.iter();
        let explained = analysis.flat_map(|analysis| &analysis.incidents);
        explained.map(ToString::to_string)
    }

    /// Returns the IDs of the incidents that it was merged into or split from, each with its key.
    pub fn origins(&self) -> impl Iterator<Item = (&'static str, String)> {
        let incident = &self.incident;
        let keys = [
            ("merged_into", &incident.merged_into),
            ("split_from", &incident.split_from),
        ];
        keys.into_iter()
            .filter_map(|(key, id)| Some((key, id.as_ref()?.to_string())))
    }

    /// Returns the IDs of other incidents that this one refers to, also by the links of its texts.
    #[must_use]
    pub fn names(&self) -> BTreeSet<String> {
        let referred = self
            .incident
            .references
            .iter()
            .filter_map(|reference| reference.incident.as_ref());
        let mut names: BTreeSet<String> = self
            .explains()
            .chain(self.supersedes())
            .chain(referred.map(ToString::to_string))
            .chain(self.origins().map(|(_, id)| id))
            .collect();
        self.each_link(|link| {
            if let Some(LocalTarget::Report { id, .. }) = link.place() {
                names.insert(id);
            }
        });
        names
    }

    /// Resolves the path of a file that the incident refers to, relative to the archive.
    ///
    /// `None` if the path leaves the archive.
    #[must_use]
    pub fn resolve(&self, path: &FilePath) -> Option<Utf8PathBuf> {
        resolve(&self.source.incident, path)
    }

    /// Returns the path in the site of a file of the archive, or `None` if it is not published.
    ///
    /// The incident's own timeline is published as its audience sees it. Other inputs, templates and missing files are
    /// not published.
    #[must_use]
    pub fn published(&self, path: &Utf8Path) -> Option<String> {
        if self.source.timeline.as_deref() == Some(path) {
            return Some(format!("timelines/{}.json", self.id));
        }
        match self.files.get(path) {
            Some(ReferredFile::Opaque(_) | ReferredFile::Text(_)) if !is_input(path) => {
                Some(path.to_string())
            }
            _ => None,
        }
    }

    /// Returns `true` if an event or `[times]` has a mark, even if its time cannot be resolved.
    #[must_use]
    pub fn is_marked(&self, mark: Mark) -> bool {
        let mut events = self.timeline.events.iter();
        self.is_in_times(mark) || events.any(|event| event.marks.contains(&mark))
    }

    /// Returns `true` if `[times]` has a mark, and not only as that of a plan.
    #[must_use]
    pub fn is_in_times(&self, mark: Mark) -> bool {
        self.incident.times.get(mark).is_some() && !self.is_only_planned(mark)
    }
}

/// Returns `true` if the site does not publish a file because it is, or could be, read for another purpose.
fn is_input(path: &Utf8Path) -> bool {
    let first = path.components().next().map(|part| part.as_str());
    matches!(
        first,
        Some("incidents" | "timelines" | "templates" | "assets" | "comms" | "site")
    ) || path.components().any(|part| part.as_str().starts_with('.'))
        || path.components().count() == 1
}

/// Resolves a path in a file of the archive, relative to the archive; `None` if it leaves the archive.
#[must_use]
pub fn resolve(from: &Utf8Path, path: &str) -> Option<Utf8PathBuf> {
    let folder = from.parent().unwrap_or(Utf8Path::new(""));
    let mut resolved = folder.to_path_buf();
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

/// Returns the ID of the event that is given instead of a time.
#[must_use]
pub fn named<'a>(at: Option<&'a When>, event: Option<&'a EventId>) -> Option<&'a str> {
    match at {
        Some(When::Written(_)) => None,
        Some(When::Event(id)) => Some(id),
        None => event.map(|id| &**id),
    }
}

/// A custom template, which replaces the built-in one of the same path.
#[derive(Debug, Clone)]
pub struct OwnTemplate {
    /// The path under `templates/`.
    pub path: String,
    /// The text.
    pub text: String,
}

#[cfg(test)]
pub(crate) mod tests;
