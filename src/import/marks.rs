//! Finds the marks of a timeline from stated times, stated durations and the text of events.
//!
//! A stated duration determines a missing start or end: 47 seconds to detect, with an alert
//! at 14:23:47, means a start at 14:23:00. Every mark is reported with the reason for it.

use super::draft::{Draft, Entry, Stated};
use super::statement::{Rank, Statement, is_over};
use crate::incident::Message;
use crate::kind::When;
use crate::moment::{Moment, Written, Zone};
use crate::timeline::Mark;

mod candidates;
mod durations;
mod order;
mod outages;
mod stages;
mod stated;

use durations::{Known, StatedDurations};

/// A mark that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The mark.
    pub mark: Mark,
    /// The time, as the report prints it.
    pub at: String,
    /// The reason for this time.
    pub reason: String,
    /// The line of its event, from 1; `None` if no event has this time.
    pub line: Option<usize>,
}

/// The number of events that are tried as the start or end of a stated duration.
const TRIED: usize = 200;

/// Sets the marks and returns them with their reasons.
pub(super) fn find(draft: &mut Draft) -> Vec<Proposal> {
    let mut finder = Finder {
        zone: draft.times.zone,
        draft,
        found: Vec::new(),
    };
    if !finder.draft.is_native {
        finder.use_stages();
    }
    finder.mark_stated_times();
    finder.mark_stated_windows();
    finder.mark_stated_duration();
    if !finder.draft.facts.is_several {
        finder.mark_detection();
    }
    finder.mark_by_cues();
    if !finder.draft.is_native {
        finder.drop_contradictions();
    }
    if !finder.draft.is_native {
        finder.note_candidates();
    }
    finder.found
}

struct Finder<'d> {
    zone: Zone,
    draft: &'d mut Draft,
    found: Vec<Proposal>,
}

impl Finder<'_> {
    fn moment(&self, stated: Option<&Stated<Written>>) -> Option<Moment> {
        self.draft.times.moment(&stated?.value)
    }

    fn has(&self, mark: Mark) -> bool {
        self.found.iter().any(|found| found.mark == mark)
    }

    fn at(&self, mark: Mark) -> Option<Moment> {
        let mut events = self.draft.events.iter();
        let marked = events.find(|entry| entry.event.marks.contains(&mark));
        match (marked, self.draft.incident.times.get(mark)) {
            (Some(entry), _) => Some(entry.moment(mark)),
            (None, Some(When::Written(written))) => self.draft.times.moment(written),
            _ => None,
        }
    }

    /// Sets a mark that is not set yet.
    fn set(&mut self, mark: Mark, moment: Moment, reason: String) {
        if !self.has(mark) {
            self.add(mark, moment, reason);
        }
    }

    /// Adds a mark to the event at that time, or to `[times]` without such an event.
    fn add(&mut self, mark: Mark, moment: Moment, reason: String) {
        let matches = |entry: &Entry| entry.moment(mark) == moment;
        // Of several events at this time, prefer the one whose text implies the mark.
        let by_cue = self
            .draft
            .events
            .iter()
            .position(|entry| matches(entry) && entry.cue.states(mark).is_some());
        let index = by_cue.or_else(|| self.draft.events.iter().position(matches));
        let line = match index.and_then(|index| self.draft.events.get_mut(index)) {
            Some(entry) => {
                entry.event.marks.push(mark);
                Some(entry.line)
            }
            None => {
                let when = self.draft.when(&moment);
                if let Some(place) = self.draft.incident.times.get_mut(mark) {
                    *place = Some(when);
                }
                None
            }
        };
        self.found.push(Proposal {
            mark,
            at: moment.in_full(self.zone),
            reason,
            line,
        });
    }

    /// Sets the detection and the impact start, from the text of events and from stated durations.
    fn mark_detection(&mut self) {
        let facts = self.draft.facts.clone();
        // Derive a start from the text of events only if the report does not mention it. A start
        // that is stated as not recorded stays unknown.
        if !facts.start_stated {
            self.mark_by_cue(Mark::Started);
            self.mark_by_cue(Mark::ImpactStarted);
        }
        if !facts.start_stated {
            self.mark_computed_start(&facts);
        }
        let Some(start) = self
            .at(Mark::Started)
            .or_else(|| self.at(Mark::ImpactStarted))
        else {
            if !facts.start_stated {
                self.mark_by_cue(Mark::Detected);
            }
            return;
        };
        let labels = self.draft.labels.clone();
        let events: Vec<Moment> = self
            .draft
            .events
            .iter()
            .take(TRIED)
            .map(|entry| entry.start)
            .collect();
        let durations = StatedDurations::new(&facts, &labels, start, self.zone, &events);
        let by_cue = |mark: Mark| {
            let (entry, statement) = self.stated_by(mark)?;
            Some((entry.start, statement.clause.clone()))
        };
        let detected_cue = by_cue(Mark::Detected).filter(|_| !durations.unknown);
        let known = Known {
            detected: self
                .at(Mark::Detected)
                .or(detected_cue.as_ref().map(|(moment, _)| *moment)),
            impact_start: self.at(Mark::ImpactStarted),
            impact_start_cue: by_cue(Mark::ImpactStarted).map(|(moment, _)| moment),
            // Of many events, two are as far apart as any stated duration by chance.
            events: if self.draft.is_native {
                events
            } else {
                Vec::new()
            },
        };
        let (impact_start, detected) = durations.fit(&known);
        if let Some(sent) = durations.notification(impact_start) {
            self.refine_first_message(sent);
        }
        if let Some(impact_start) = impact_start {
            self.set(Mark::ImpactStarted, impact_start, durations.reason());
        }
        if let Some(detected) = detected {
            let cue = detected_cue
                .filter(|(moment, _)| *moment == detected)
                .map(|(_, clause)| says(&clause));
            let stated = durations
                .to_detect
                .map(|stated| format!("matches the stated time to detect ({stated})"));
            let reasons: Vec<String> = cue.into_iter().chain(stated).collect();
            self.set(Mark::Detected, detected, reasons.join("; "));
        }
    }

    /// Sets the start to the detection minus the stated time to detect, if no start is known.
    fn mark_computed_start(&mut self, facts: &super::draft::Facts) {
        if self.has(Mark::Started) || self.has(Mark::ImpactStarted) {
            return;
        }
        let by_cue = || Some(self.stated_by(Mark::Detected)?.0.start);
        let detected = self.at(Mark::Detected).or_else(by_cue);
        if let Some((mark, start, stated)) =
            detected.and_then(|detected| durations::start(facts, &self.draft.labels, &detected))
        {
            let reason = format!("computed from the stated time to detect ({stated})");
            self.set(mark, start, reason);
        }
    }

    /// Sets a mark on the event whose text states it.
    fn mark_by_cue(&mut self, mark: Mark) {
        let found = self.stated_by(mark);
        let found = found.map(|(entry, statement)| (entry.moment(mark), says(&statement.clause)));
        if let Some((moment, reason)) = found.filter(|(moment, _)| self.is_in_order(mark, moment)) {
            self.set(mark, moment, reason);
        }
    }

    /// Returns the event whose text states a mark, unless other events put it in doubt.
    fn stated_by(&self, mark: Mark) -> Option<(&Entry, &Statement)> {
        let stated = |entry| Some((entry, Entry::states(entry, mark)?));
        // An alert before the stated start is one of something else.
        let start = [Mark::Started, Mark::ImpactStarted].map(|mark| self.at(mark));
        let start = start.into_iter().flatten().map(|start| start.order()).min();
        let is_too_early = |entry: &&Entry| {
            mark == Mark::Detected && start.is_some_and(|start| entry.start.order() < start)
        };
        let events = self.draft.events.iter();
        let found: Vec<(&Entry, &Statement)> = events
            .filter(|entry| self.draft.is_native || !is_too_early(entry))
            .filter_map(stated)
            .collect();
        let rank = found.iter().map(|(_, statement)| statement.rank).max()?;
        let mut best = found
            .iter()
            .filter(|(_, statement)| statement.rank == rank)
            .copied();
        let (entry, statement) = best.next()?;
        let is_first = matches!(mark, Mark::Detected | Mark::Paged | Mark::Acknowledged);
        let moment = entry.moment(mark);
        let is_single = best.all(|(other, _)| other.moment(mark) == moment);
        if !is_single && !is_first {
            return None;
        }
        let order = entry.start.order();
        let others = || self.draft.events.iter();
        let is_doubted = match mark {
            // An alert is the detection only if nobody knew before.
            Mark::Detected if rank == Rank::Weak => {
                let is_after =
                    |other: &&Entry| start.is_none_or(|start| other.start.order() >= start);
                let mut others = others().filter(is_after);
                others.any(|other| other.start.order() < order && other.cue.aware)
            }
            mark if is_over(mark) => {
                let mut later = others().filter(|other| other.start.order() > order);
                later.any(|other| takes_back(mark, rank, entry, other))
            }
            _ => false,
        };
        (!is_doubted).then_some((entry, statement))
    }

    /// Sets the time of the first message, if a stated duration determines it more precisely.
    fn refine_first_message(&mut self, sent: Moment) {
        let facts = &self.draft.facts;
        let is_unchanged = facts
            .notified
            .as_ref()
            .is_none_or(|stated| stated.value.0 == sent);
        let Some(index) = facts.first_message.filter(|_| !is_unchanged) else {
            return;
        };
        let event = self
            .draft
            .events
            .iter()
            .position(|entry| entry.start == sent);
        let id = event.and_then(|event| self.draft.id_of(event));
        let sent_at = self.draft.when(&sent);
        if let Some(message) = self.draft.incident.messages.get_mut(index) {
            let has_event = id.is_some();
            *message = Message {
                sent_at: Some(sent_at).filter(|_| !has_event),
                event: id.or(message.event.take()),
                ..message.clone()
            };
        }
    }

    /// Sets the marks that only the text of events states, if their order permits response times.
    fn mark_by_cues(&mut self) {
        let facts = &self.draft.facts;
        let has_end = facts.ended.is_some() || !facts.end_stated;
        let is_end_stated = facts.end_stated;
        let several = !self.draft.is_native && self.mark_outages();
        // An alert of one outage and the fix of another are no times of one incident.
        if self.draft.facts.is_several {
            return;
        }
        let mut wanted = Vec::new();
        for mark in [
            Mark::Declared,
            Mark::Paged,
            Mark::Acknowledged,
            Mark::Identified,
            Mark::Mitigated,
            Mark::ImpactEnded,
            Mark::Resolved,
            Mark::Ended,
        ] {
            let is_end = matches!(mark, Mark::ImpactEnded | Mark::Resolved);
            // If the end is stated as not recorded, these marks would become the end.
            let is_unwanted = is_end && !has_end || mark == Mark::Ended && is_end_stated;
            if !(self.has(mark) || is_unwanted || several && is_over(mark)) {
                wanted.push(mark);
            }
        }
        // A sure statement is set before one that it may contradict.
        let is_weak = |mark: &Mark| {
            self.stated_by(*mark)
                .is_none_or(|(_, found)| found.rank == Rank::Weak)
        };
        let (weak, sure): (Vec<Mark>, Vec<Mark>) = wanted.into_iter().partition(is_weak);
        for mark in sure.into_iter().chain(weak) {
            self.mark_by_cue(mark);
        }
    }
}

/// Returns `true` if a later event puts in doubt that something was over: by trouble, a further repair or another end.
fn takes_back(mark: Mark, rank: Rank, entry: &Entry, later: &Entry) -> bool {
    // A repair on another day is what makes the end last.
    let is_soon = (later.start.at - entry.start.at).num_hours() < 24;
    let later = &later.cue;
    let states = |other: Mark| later.states(other).is_some();
    let is_repaired_later = is_soon && mark != Mark::Mitigated && states(Mark::Mitigated);
    let is_over_later = match mark {
        Mark::Ended => states(Mark::ImpactEnded) || states(Mark::Resolved),
        Mark::Resolved => states(Mark::ImpactEnded),
        _ => false,
    };
    // A later event about the same mark makes it that of a part.
    let is_hint = rank == Rank::Weak && later.hints.contains(&mark);
    later.relapse
        || later.is_trouble()
        || states(mark)
        || is_repaired_later
        || is_over_later
        || is_hint
}

/// The start of the reason for a mark that follows from the text of an event.
const SAYS: &str = "text says";

/// Returns the reason for a mark that follows from the text of an event.
fn says(clause: &str) -> String {
    format!("{SAYS} `{clause}`")
}

impl Entry {
    /// Returns what the text states about a mark.
    fn states(&self, mark: Mark) -> Option<&Statement> {
        self.cue.states(mark)
    }

    /// Returns the time of a mark on this event: the end of a span for an end mark, else its start.
    pub(super) fn moment(&self, mark: Mark) -> Moment {
        self.end.filter(|_| mark.is_end()).unwrap_or(self.start)
    }
}
