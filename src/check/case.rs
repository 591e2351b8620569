//! The input of a check: one incident with its facts, or the summaries of all incidents.

use super::*;
use crate::facts::labelled::RecordedTimes;
use crate::facts::{Update, updates};

/// One incident, with the data that its checks need.
pub struct Case<'a> {
    /// The incident.
    pub record: &'a Record,
    /// The computed values of the incident.
    pub facts: &'a Facts,
    /// The settings of the archive.
    pub config: &'a Config,
    /// The reference date for "overdue" and "in the future".
    pub as_of: AsOf,
    /// The current time, if the reference date is that of the clock.
    pub now: Option<DateTime<Utc>>,
    /// Whether a part of the incident, its timeline or the settings could not be read.
    pub is_partial: bool,
    /// The words that checks look for.
    pub(super) lexicon: &'a Lexicon<'a>,
    /// The texts that a reader may see, collected on first use.
    texts: OnceCell<Vec<Text<'a>>>,
    /// The numbers that the texts state, collected on first use.
    statements: OnceCell<Statements>,
    /// The times that durations in texts are compared with, collected on first use.
    recorded_times: OnceCell<RecordedTimes>,
    /// The confidential terms, collected on first use.
    terms: OnceCell<BTreeMap<String, TermLabel>>,
    /// The messages to readers outside, in the order of sending, collected on first use.
    updates: OnceCell<Vec<Update>>,
    /// The written times, collected on first use.
    written_times: OnceCell<Vec<WrittenTime<'a>>>,
    /// The times that cannot be resolved, collected on first use.
    unresolved_times: OnceCell<Vec<UnresolvedTime<'a>>>,
}

impl<'a> Case<'a> {
    /// Creates the case of an incident.
    #[must_use]
    pub fn new(
        record: &'a Record,
        facts: &'a Facts,
        config: &'a Config,
        lexicon: &'a Lexicon<'a>,
        as_of: NaiveDate,
    ) -> Self {
        Self {
            record,
            facts,
            config,
            as_of: AsOf::new(as_of),
            now: None,
            is_partial: false,
            lexicon,
            texts: OnceCell::new(),
            statements: OnceCell::new(),
            recorded_times: OnceCell::new(),
            terms: OnceCell::new(),
            updates: OnceCell::new(),
            written_times: OnceCell::new(),
            unresolved_times: OnceCell::new(),
        }
    }

    /// Returns the incident's file.
    #[must_use]
    pub fn file(&self) -> &'a Utf8Path {
        &self.record.source.incident
    }

    /// Returns the timeline's file, or the incident's if it has no timeline.
    #[must_use]
    pub fn timeline_file(&self) -> &'a Utf8Path {
        self.record
            .source
            .timeline
            .as_deref()
            .unwrap_or(&self.record.source.incident)
    }

    /// Returns two times with all parts that are needed to see how they differ.
    pub(super) fn full_times(&self, left: &Moment, right: &Moment) -> (String, String) {
        let calendar = Calendar::from_times(self.record.zone(self.config), None, [*left, *right]);
        (calendar.full(left), calendar.full(right))
    }

    /// Returns every text of the incident and its timeline that a reader may see.
    pub(super) fn texts(&self) -> &[Text<'a>] {
        self.texts.get_or_init(|| texts::collect(self.record))
    }

    /// Returns the numbers that the texts state.
    pub(super) fn statements(&self) -> &Statements {
        let find = || numbers::statements(self.record, self.texts(), self.lexicon);
        self.statements.get_or_init(find)
    }

    /// Returns the times that durations in texts are compared with.
    pub(super) fn recorded_times(&self) -> &RecordedTimes {
        let collect = || numbers::recorded_times(self);
        self.recorded_times.get_or_init(collect)
    }

    /// Returns the sent messages to customers and the public, in the order of sending.
    pub(super) fn updates(&self) -> &[Update] {
        let find = || updates(self.record, self.config);
        self.updates.get_or_init(find)
    }

    /// Returns the confidential terms of the incident, with its ID.
    pub(super) fn terms(&self) -> &BTreeMap<String, TermLabel> {
        self.terms.get_or_init(|| {
            let mut terms = sensitive_terms::words(self.record, &self.config.words);
            terms.insert(self.record.id.clone(), "internal ID");
            terms
        })
    }

    /// Returns every written time of the incident and its timeline, with its file and key path.
    pub(super) fn written_times(&self) -> &[WrittenTime<'a>] {
        self.written_times.get_or_init(|| time::written(self))
    }

    /// Returns the written times that are not one point in time.
    pub(super) fn unresolved_times(&self) -> &[UnresolvedTime<'a>] {
        self.unresolved_times
            .get_or_init(|| time::unresolved_times(self))
    }

    /// Returns the file and key path of a mark: in the timeline, or else in `[times]`.
    #[must_use]
    pub fn mark_location(&self, mark: Mark, event: Option<usize>) -> (&'a Utf8Path, Path) {
        let event = event.and_then(|index| Some((index, self.record.timeline.events.get(index)?)));
        match event.and_then(|(index, event)| {
            Some((index, event.marks.iter().position(|other| *other == mark)?))
        }) {
            Some((event, at)) => (
                self.timeline_file(),
                Path::new()
                    .key("events")
                    .index(event)
                    .key("marks")
                    .index(at),
            ),
            None => (self.file(), Path::new().key("times").key(mark.as_str())),
        }
    }

    /// Returns the file and key path of the severity by which the incident counts.
    pub(super) fn severity_location(&self) -> (&'a Utf8Path, Path) {
        match self.record.peak(self.config).and_then(|peak| peak.event) {
            Some((event, _)) => {
                let path = Path::new().key("events").index(event);
                (self.timeline_file(), path.key("severity"))
            }
            None => (self.file(), Path::new().key("severity")),
        }
    }

    /// Returns the file and key path of the start or end of a metric.
    #[must_use]
    pub fn endpoint_location(&self, end: &Endpoint) -> (&'a Utf8Path, Path) {
        match end.source {
            EndpointSource::Mark(mark) => self.mark_location(mark, end.event),
            EndpointSource::Message(index) => {
                let message = self.record.incident.messages.get(index);
                let key = if message.is_some_and(|message| message.sent_at.is_some()) {
                    "sent_at"
                } else {
                    "event"
                };
                (
                    self.file(),
                    Path::new().key("messages").index(index).key(key),
                )
            }
        }
    }
}

/// All incidents of an archive.
pub struct ArchiveCase<'a> {
    /// The archive's settings.
    pub config: &'a Config,
    /// The words that checks look for.
    pub(super) lexicon: Lexicon<'a>,
    /// The incidents, by ID.
    pub members: &'a [Member<'a>],
    /// The IDs of incidents that could not be read.
    pub broken: &'a BTreeSet<String>,
    /// The anchors on the pages of those to whose parts texts link, as far as they are known.
    pub anchors: &'a BTreeMap<String, ReportAnchors>,
}

impl<'a> ArchiveCase<'a> {
    /// Collects what the checks of an archive look at.
    #[must_use]
    pub fn new(
        config: &'a Config,
        members: &'a [Member<'a>],
        broken: &'a BTreeSet<String>,
        anchors: &'a BTreeMap<String, ReportAnchors>,
    ) -> Self {
        Self {
            config,
            lexicon: Lexicon::new(&config.words),
            members,
            broken,
            anchors,
        }
    }
}

/// An incident, with the data that checks of the archive need.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    /// The incident as others refer to it.
    pub neighbor: &'a Neighbor,
    /// The references to other incidents.
    pub refs: &'a IncidentRefs,
}

impl<'a> Member<'a> {
    /// Returns the incident's file.
    #[must_use]
    pub fn file(&self) -> &'a Utf8Path {
        &self.neighbor.source.incident
    }
}
