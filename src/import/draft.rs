//! The incident under construction: its keys, its events and the unmapped content.

use std::collections::BTreeSet;

use serde::Serialize;

use super::block::{self, Block};
use super::moment::Times;
use super::normal::SourceLines;
use super::statement::Cue;
use super::vocabulary::WORDS;
use super::words::{self, folded};
use crate::config::FieldSettings;
use crate::facts::labelled::Labels;
use crate::incident::{Incident, Stage};
use crate::kind::{EventId, FilePath, Id, Identifier, Line, Pairs, When};
use crate::moment::{Moment, Written};
use crate::timeline::{Event, EventKind, Mark};

/// Content without a matching key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unmapped {
    /// The heading above it.
    pub section: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its text, as written.
    pub text: String,
}

/// A note for the person who imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The line of the report, from 1; `None` if the note is about the whole report.
    pub line: Option<usize>,
    /// A lowercase phrase without a full stop.
    pub text: String,
}

/// An event with what its text says.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub line: usize,
    /// The start time and, for a span, the end time.
    pub start: Moment,
    pub end: Option<Moment>,
    pub cue: Cue,
    /// The event; its time is as written, with the date it was resolved to.
    pub event: Event,
}

/// A value that the report states, with its line.
#[derive(Debug, Clone)]
pub(super) struct Stated<T> {
    pub line: usize,
    pub value: T,
}

/// An impact window that the report states.
#[derive(Debug, Clone)]
pub(super) struct StatedWindow {
    pub start: Written,
    /// The end; `None` if it is not stated.
    pub end: Option<Written>,
    pub text: String,
}

/// The changes of severity that a report states.
#[derive(Debug, Clone)]
pub(super) struct SeverityChanges {
    /// The severity at the start.
    pub first: Identifier,
    /// The later ones, each with the time from which it holds.
    pub changes: Vec<(Identifier, Moment)>,
    /// The text that states them.
    pub text: String,
}

/// The times and durations that a report states, from which marks are derived.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// The start time; `None` if it is missing or stated as not recorded.
    pub started: Option<Stated<Written>>,
    pub ended: Option<Stated<Written>>,
    /// Whether the start and the end are those of a span in a sentence.
    pub is_span_in_text: bool,
    /// Whether the report mentions its start and its end, even as not recorded.
    pub start_stated: bool,
    pub end_stated: bool,
    /// The date and the duration, as written.
    pub date: Option<Stated<String>>,
    pub length: Option<Stated<String>>,
    /// Whether the report says that the incident is not over.
    pub open: bool,
    /// Whether the report is about several outages.
    pub is_several: bool,
    /// The start, the end and other times that the report states by a label, as written.
    pub labelled: Vec<Stated<String>>,
    /// The label and the value of the priority, which is the severity of a report without one.
    pub priority: Option<Stated<(String, String)>>,
    /// The duration in seconds.
    pub duration: Option<Stated<i64>>,
    /// The time to detect, as text, and its start point.
    pub to_detect: Option<Stated<(String, Option<String>)>>,
    /// The time of the first customer message, and its delay after the impact, as text.
    pub notified: Option<Stated<(Moment, Option<String>)>>,
    /// The index of that message among all messages.
    pub first_message: Option<usize>,
    /// The time the last message was sent.
    pub finished: Option<Moment>,
    /// The impact windows.
    pub windows: Vec<Stated<StatedWindow>>,
    /// The changes of severity.
    pub severities: Option<Stated<SeverityChanges>>,
    /// The marks that the report states by name.
    pub marks: Vec<(Mark, Stated<Written>)>,
}

/// An incident under construction.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub id: Id,
    pub times: Times,
    /// The lines in the source, for the texts that name one.
    pub lines: SourceLines,
    /// The title, if the summary states one.
    pub title: Option<Line>,
    pub incident: Incident,
    pub events: Vec<Entry>,
    pub facts: Facts,
    /// Whether the summary is the text above the first section, and that of a section follows.
    pub has_intro: bool,
    pub unmapped: Vec<Unmapped>,
    pub notes: Vec<Note>,
    /// Notes about the date and the time zone of the times, for a report that has times.
    pub time_notes: Vec<Note>,
    /// Whether it is a report in our own layout.
    pub is_native: bool,
    /// Whether the report of this incident depends on other incidents.
    pub related: bool,
    /// The line of the first time whose date is unknown.
    pub without_date: Option<usize>,
    /// The line and the name of the first time zone that may be several.
    pub unclear_zone: Option<(usize, String)>,
    /// The linked files that exist in the archive, as paths relative to its root.
    pub files: BTreeSet<String>,
    /// The IDs of the archive's incidents.
    pub ids: BTreeSet<String>,
    /// The severities of the archive, as pairs of key and label.
    pub severities: Vec<(String, Option<String>)>,
    /// The custom fields of the archive.
    pub fields: Pairs<FieldSettings>,
    /// The labels by which texts of the archive state durations.
    pub labels: Labels,
}

impl Draft {
    /// Sets a value. A different one that was set before becomes unmapped content with its label.
    pub fn set<T: PartialEq + Serialize>(
        &mut self,
        label: &str,
        field: impl FnOnce(&mut Self) -> &mut Option<T>,
        value: T,
    ) {
        if words::spelled(&value).trim().is_empty() {
            return;
        }
        let field = field(self);
        let previous = field.take().filter(|previous| *previous != value);
        *field = Some(value);
        if let Some(previous) = previous {
            let text = format!("{label}: {}", words::spelled(&previous));
            self.keep_unmapped("Duplicate Values", 0, &text);
        }
    }

    /// Adds values to a list, except those that it had before.
    pub fn add<T: PartialEq>(
        &mut self,
        list: impl FnOnce(&mut Incident) -> &mut Vec<T>,
        values: impl IntoIterator<Item = T>,
    ) {
        let list = list(&mut self.incident);
        let known = list.len();
        for value in values {
            if !list.iter().take(known).any(|other| *other == value) {
                list.push(value);
            }
        }
    }

    /// Records content without a matching key.
    pub fn keep_unmapped(&mut self, section: &str, line: usize, text: &str) {
        if !text.trim().is_empty() {
            self.unmapped.push(Unmapped {
                section: section.to_owned(),
                line,
                text: text.trim_matches('\n').to_owned(),
            });
        }
    }

    /// Records a block without a matching key.
    pub fn keep_unmapped_block(&mut self, section: &str, block: &Block) {
        let text = match block.kind {
            block::Kind::Heading(_) => format!("**{}**", block::heading(block)),
            _ => block.text.to_owned(),
        };
        self.keep_unmapped(section, block.line, &text);
    }

    /// Adds a note.
    pub fn note(&mut self, line: impl Into<Option<usize>>, text: impl Into<String>) {
        self.notes.push(Note {
            line: line.into(),
            text: text.into(),
        });
    }
}

impl Draft {
    /// Returns a file's path relative to the incident file, or `None` if the archive lacks the file.
    pub fn file(&self, path: &str) -> Option<FilePath> {
        let own = crate::load::default_timeline(&self.id);
        let is_known = own == path || self.files.contains(path);
        let path = FilePath::new(format!("../{path}")).ok();
        path.filter(|_| is_known)
    }

    /// Parses a time.
    pub fn moment(&self, text: &str) -> Option<When> {
        let moment = self.times.brief(text)?;
        Some(self.when(&moment))
    }

    /// Returns a time with its date and UTC offset.
    pub fn when(&self, moment: &Moment) -> When {
        When::Written(moment.written(self.times.zone))
    }
}

/// Returns the number of words that two texts share.
fn shared(left: &str, right: &str) -> usize {
    let words = |text: &str| -> BTreeSet<String> {
        folded(text)
            .split(' ')
            .filter(|word| !word.is_empty() && !WORDS.stop_words.iter().any(|stop| stop == word))
            .map(stem)
            .collect()
    };
    words(left).intersection(&words(right)).count()
}

/// Strips a grammatical ending, so that `killed` matches `kill`.
fn stem(word: &str) -> String {
    let ending = ["ing", "ed", "es", "s"]
        .into_iter()
        .find(|ending| word.len() > ending.len() + 3 && word.ends_with(ending));
    ending
        .and_then(|ending| word.strip_suffix(ending))
        .unwrap_or(word)
        .to_owned()
}

/// Returns `true` if steps and messages print two times alike: to the minute, or as a date.
pub(super) fn is_same_minute(left: &Moment, right: &Moment) -> bool {
    let minute = |moment: &Moment| moment.at.timestamp().div_euclid(60);
    let is_alike = left.is_day() == right.is_day() && left.about == right.about;
    is_alike && minute(left) == minute(right)
}

impl Draft {
    /// Returns the ID of the event at a time whose text is most similar to `text`.
    pub fn event_at(&mut self, time: &str, text: &str) -> Option<EventId> {
        let moment = self.times.brief(time)?;
        let fits = |entry: &&Entry| is_same_minute(&entry.start, &moment);
        let candidates = self
            .events
            .iter()
            .enumerate()
            .filter(|(_, entry)| fits(entry));
        let (index, _) = candidates
            .rev()
            .max_by_key(|(_, entry)| shared(&entry.event.text, text))?;
        self.id_of(index)
    }

    /// Returns the ID of the event that describes an automated mitigation with this name.
    pub fn healing_event(&mut self, name: &str) -> Option<EventId> {
        let candidates =
            self.events.iter().enumerate().filter(|(_, entry)| {
                entry.cue.automated && entry.cue.kind == EventKind::Mitigation
            });
        let (index, score) = candidates
            .rev()
            .map(|(index, entry)| (index, shared(&entry.event.text, name)))
            .max_by_key(|(_, score)| *score)?;
        if score == 0 { None } else { self.id_of(index) }
    }

    /// Returns the ID of an event, creating one from its text if it has none.
    pub fn id_of(&mut self, index: usize) -> Option<EventId> {
        let event = &self.events.get(index)?.event;
        if let Some(id) = &event.id {
            return Some(words::line(id));
        }
        let text = event.text.split_once(": ");
        let text = folded(text.map_or(&event.text, |(_, text)| text));
        let words = text.split(' ').filter(|word| !word.is_empty());
        let words: Vec<&str> = words.take(4).collect();
        let base = if words.is_empty() {
            "event".to_owned()
        } else {
            words.join("-")
        };
        let taken = |id: &Identifier| {
            let mut events = self.events.iter();
            events.any(|entry| entry.event.id.as_ref() == Some(id))
        };
        let numbered = (1..=self.events.len() + 1).map(|count| match count {
            1 => words::line(&base),
            _ => words::line(&format!("{base}-{count}")),
        });
        let id = { numbered }.find(|id| !taken(id))?;
        let reference = words::line(&id);
        self.events.get_mut(index)?.event.id = Some(id);
        Some(reference)
    }

    /// Returns the stage of a message that was sent at a time.
    pub fn stage_at(&self, moment: &Moment) -> Stage {
        let known = self.events.iter().any(|entry| {
            entry.cue.states(Mark::Identified).is_some() && entry.start.order() <= moment.order()
        });
        if known {
            Stage::Identified
        } else {
            Stage::Investigating
        }
    }
}
