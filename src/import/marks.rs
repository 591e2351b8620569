//! Finds the marks of a timeline from stated times, stated durations and the text of events.
//!
//! A stated duration determines a missing start or end: 47 seconds to detect, with an alert
//! at 14:23:47, means a start at 14:23:00. Every mark is reported with the reason for it.

use super::draft::{Draft, Stated};
use crate::facts::between;
use crate::incident::Message;
use crate::kind::When;
use crate::moment::{Moment, Written, Zone};
use crate::timeline::Mark;

mod durations;

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
    finder.mark_stated_times();
    finder.mark_stated_windows();
    finder.mark_stated_duration();
    finder.mark_detection();
    finder.mark_by_cues();
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
        let matches = |entry: &super::draft::Entry| entry.moment(mark) == moment;
        // Of several events at this time, prefer the one whose text implies the mark.
        let by_cue = self
            .draft
            .events
            .iter()
            .position(|entry| matches(entry) && entry.cue.mark == Some(mark));
        let index = by_cue.or_else(|| self.draft.events.iter().position(matches));
        let line = match index.and_then(|index| self.draft.events.get_mut(index)) {
            Some(entry) => {
                entry.event.marks.push(mark);
                Some(entry.line)
            }
            None => {
                *self.draft.incident.times.get_mut(mark) = Some(self.draft.when(&moment));
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

    /// Sets the start, the end and other marks that the summary states.
    fn mark_stated_times(&mut self) {
        let facts = self.draft.facts.clone();
        for (mark, stated) in [(Mark::Started, &facts.started), (Mark::Ended, &facts.ended)] {
            if let (Some(moment), Some(line)) = (
                self.moment(stated.as_ref()),
                stated.as_ref().map(|stated| stated.line),
            ) {
                self.set(mark, moment, format!("stated on line {line}"));
            }
        }
        for (mark, stated) in &facts.marks {
            if let Some(moment) = self.moment(Some(stated)) {
                self.set(*mark, moment, format!("stated on line {}", stated.line));
            }
        }
    }

    /// Marks the start and end of every stated impact window, or of none so that no total is wrong.
    fn mark_stated_windows(&mut self) {
        let windows = std::mem::take(&mut self.draft.facts.windows);
        let mut marks = Vec::new();
        for Stated { line, value } in &windows {
            let endpoints = [
                (Mark::ImpactStarted, Some(value.start)),
                (Mark::ImpactEnded, value.end),
            ];
            for (mark, written) in endpoints {
                let moment = written.and_then(|written| self.draft.times.moment(&written));
                marks.extend(moment.map(|moment| (mark, moment, *line)));
            }
        }
        // `[times]` can hold only one start and one end.
        let has_event = |mark: Mark, moment: &Moment| {
            let mut events = self.draft.events.iter();
            events.any(|entry| entry.moment(mark) == *moment)
        };
        let fits = [Mark::ImpactStarted, Mark::ImpactEnded]
            .into_iter()
            .all(|mark| {
                let same_mark = marks.iter().filter(|(other, ..)| *other == mark);
                same_mark
                    .filter(|(_, moment, _)| !has_event(mark, moment))
                    .count()
                    < 2
            });
        if fits {
            for (mark, moment, line) in marks {
                self.add(mark, moment, format!("stated on line {line}"));
            }
            return;
        }
        for Stated { line, value } in windows {
            self.draft
                .keep_unmapped("Incident Summary", line, &value.text);
        }
    }

    /// Sets the start and end to two events that match a stated duration, if the report states neither.
    fn mark_stated_duration(&mut self) {
        let facts = &self.draft.facts;
        let Some(stated) = facts
            .duration
            .clone()
            .filter(|_| !facts.start_stated && !facts.end_stated)
        else {
            return;
        };
        let end_marks = [Mark::Ended, Mark::Resolved, Mark::ImpactEnded];
        let events = self.draft.events.iter().take(TRIED);
        let is_end = |entry: &&super::draft::Entry| {
            entry.cue.mark.is_some_and(|mark| end_marks.contains(&mark))
        };
        let last = self.draft.events.last();
        let fits = |end: &super::draft::Entry| {
            let end = end.moment(Mark::Ended);
            let mut starts = self.draft.events.iter().take(TRIED);
            let start = starts.find(|start| {
                let length = (end.at - start.start.at).num_seconds();
                // Times to the minute are off by up to a minute.
                (length - stated.value).abs() < 60
            });
            start.map(|start| (start.start, end))
        };
        let found = events.rev().filter(is_end).chain(last).find_map(fits);
        if let Some((start, end)) = found {
            let reason = format!("matches the duration stated on line {}", stated.line);
            self.set(Mark::Started, start, reason.clone());
            self.set(Mark::Ended, end, reason);
        }
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
        let events: Vec<Moment> = self
            .draft
            .events
            .iter()
            .take(TRIED)
            .map(|entry| entry.start)
            .collect();
        let durations = StatedDurations::new(&facts, start, self.zone, &events);
        let by_cue = |mark: Mark| {
            let mut events = self.draft.events.iter();
            let entry = events.find(|entry| entry.cue.mark == Some(mark));
            entry.map(|entry| (entry.start, entry.cue.phrase))
        };
        let detected_cue = by_cue(Mark::Detected).filter(|_| !durations.unknown);
        let known = Known {
            detected: self
                .at(Mark::Detected)
                .or(detected_cue.map(|(moment, _)| moment)),
            impact_start: self.at(Mark::ImpactStarted),
            impact_start_cue: by_cue(Mark::ImpactStarted).map(|(moment, _)| moment),
            events,
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
                .map(|(_, phrase)| contains(phrase));
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
        let mut events = self.draft.events.iter();
        let by_cue = || {
            let entry = events.find(|entry| entry.cue.mark == Some(Mark::Detected))?;
            Some(entry.start)
        };
        let detected = self.at(Mark::Detected).or_else(by_cue);
        if let Some((mark, start, stated)) =
            detected.and_then(|detected| durations::start(facts, &detected))
        {
            let reason = format!("computed from the stated time to detect ({stated})");
            self.set(mark, start, reason);
        }
    }

    /// Sets a mark on the first event whose text implies it.
    fn mark_by_cue(&mut self, mark: Mark) {
        let entry = self
            .draft
            .events
            .iter()
            .find(|entry| entry.cue.mark == Some(mark));
        if let Some((moment, phrase)) = entry.map(|entry| (entry.moment(mark), entry.cue.phrase)) {
            self.set(mark, moment, contains(phrase));
        }
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

    /// Sets the marks that only the text of events implies, if their order permits response times.
    fn mark_by_cues(&mut self) {
        let facts = &self.draft.facts;
        let has_end = facts.ended.is_some() || !facts.end_stated;
        if !self.draft.facts.end_stated {
            self.mark_by_cue(Mark::Ended);
        }
        let starts: &[Mark] = &[Mark::Started, Mark::ImpactStarted];
        let orders: &[(Mark, &[Mark])] = &[
            (Mark::Declared, &[]),
            (Mark::Paged, &[]),
            (Mark::Acknowledged, &[Mark::Detected, Mark::Paged]),
            (Mark::Identified, &[Mark::Detected]),
            (Mark::Mitigated, starts),
            (Mark::ImpactEnded, starts),
            (Mark::Resolved, starts),
        ];
        for &(mark, after) in orders {
            let is_end = matches!(mark, Mark::ImpactEnded | Mark::Resolved);
            // If the end is stated as not recorded, these marks would become the end.
            if self.has(mark) || is_end && !has_end {
                continue;
            }
            let has_cue = |entry: &&super::draft::Entry| entry.cue.mark == Some(mark);
            let entry = if mark == Mark::ImpactEnded {
                self.draft.events.iter().rev().find(has_cue)
            } else {
                self.draft.events.iter().find(has_cue)
            };
            let Some((phrase, moment)) = entry.map(|entry| (entry.cue.phrase, entry.moment(mark)))
            else {
                continue;
            };
            let in_order = after.iter().all(|other| {
                self.at(*other)
                    .is_none_or(|other| between(&other, &moment, self.zone).is_some())
            });
            if in_order {
                self.set(mark, moment, contains(phrase));
            }
        }
    }
}

/// Returns the reason for a mark that follows from the text of an event.
fn contains(phrase: &str) -> String {
    format!("text contains `{phrase}`")
}

impl super::draft::Entry {
    /// Returns the time of a mark on this event: the end of a span for an end mark, else its start.
    fn moment(&self, mark: Mark) -> Moment {
        self.end.filter(|_| mark.is_end()).unwrap_or(self.start)
    }
}
