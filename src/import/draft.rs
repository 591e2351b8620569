//! The incident under construction: its keys, its events and the unmapped content.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::block::{self, Block};
use super::cue::Cue;
use super::moment::Times;
use super::words::folded;
use crate::moment::{Moment, Written};

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

/// An entry of the timeline.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub line: usize,
    /// Its time as written, with the date it was resolved to.
    pub at: Written,
    /// The start time and, for a span, the end time.
    pub start: Moment,
    pub end: Option<Moment>,
    pub id: Option<String>,
    pub cue: Cue,
    pub marks: Vec<&'static str>,
    pub text: String,
    pub body: Option<String>,
    pub actor: Option<String>,
    pub url: Option<String>,
    pub links: Vec<(String, String)>,
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

/// The times and durations that a report states, from which marks are derived.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// The start time; `None` if it is missing or stated as not recorded.
    pub started: Option<Stated<Written>>,
    pub ended: Option<Stated<Written>>,
    /// Whether the report mentions its start and its end, even as not recorded.
    pub start_stated: bool,
    pub end_stated: bool,
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
    /// The marks that the report states by name.
    pub marks: Vec<(&'static str, Stated<Written>)>,
}

/// An incident under construction.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub id: String,
    pub times: Times,
    pub incident: Map<String, Value>,
    pub events: Vec<Entry>,
    pub facts: Facts,
    pub unmapped: Vec<Unmapped>,
    pub notes: Vec<Note>,
    /// Whether the report of this incident depends on other incidents.
    pub related: bool,
    /// The line of the first time whose date is unknown.
    pub without_date: Option<usize>,
    /// The linked files that exist in the archive, as paths relative to its root.
    pub files: BTreeSet<String>,
    /// The IDs of the archive's incidents.
    pub ids: BTreeSet<String>,
    /// The severities of the archive, as pairs of key and label.
    pub severities: Vec<(String, Option<String>)>,
}

impl Draft {
    /// Sets the value at a key path, such as `impact.business.revenue`.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        let (table, key) = path.rsplit_once('.').unwrap_or(("", path));
        self.set_in(table, key, value);
    }

    /// Sets the value at a key path if there is one.
    pub fn set_some(&mut self, path: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(path, value);
        }
    }

    /// Appends a value to the list at a key path.
    pub fn push(&mut self, path: &str, value: Value) {
        let (table, key) = path.rsplit_once('.').unwrap_or(("", path));
        within(&mut self.incident, table, |table| {
            let list = table.entry(key.to_owned()).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.push(value);
            }
        });
    }

    /// Returns the value at a key path, or `None` if it is not set.
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut keys = path.split('.');
        let mut found = self.incident.get(keys.next()?)?;
        for key in keys {
            found = found.get(key)?;
        }
        Some(found)
    }

    /// Sets a key in the table at a key path; the key itself may contain any character.
    ///
    /// If the key was set before, the new value is kept and the old one becomes unmapped content.
    pub fn set_in(&mut self, table: &str, key: &str, value: impl Into<Value>) {
        let (name, value) = (key.to_owned(), value.into());
        let mut previous = None;
        within(&mut self.incident, table, |table| {
            previous = table.insert(name, value.clone());
        });
        if let Some(Value::String(previous)) = previous.filter(|previous| *previous != value) {
            self.keep_unmapped("Duplicate Values", 0, &format!("{key}: {previous}"));
        }
    }

    /// Creates the table at a key path unless it exists.
    pub fn open(&mut self, table: &str) {
        within(&mut self.incident, table, |_| ());
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
    pub fn file(&self, path: &str) -> Option<String> {
        let own = format!("{}/{}.json", crate::load::TIMELINES, self.id);
        (path == own || self.files.contains(path)).then(|| format!("../{path}"))
    }

    /// Parses a time and returns it as a TOML value.
    pub fn moment(&self, text: &str) -> Option<Value> {
        let moment = self.times.brief(text)?;
        Some(super::toml::date(&self.times.absolute(&moment)))
    }
}

/// Changes the table at a key path, creating missing tables on the way.
fn within(
    table: &mut Map<String, Value>,
    path: &str,
    change: impl FnOnce(&mut Map<String, Value>),
) {
    if path.is_empty() {
        return change(table);
    }
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    if let Value::Object(inside) = table.entry(key.to_owned()).or_insert_with(|| json!({})) {
        within(inside, rest, change);
    }
}

/// The keys whose values may span several lines.
const BLOCKS: &[&str] = &[
    "summary",
    "primary",
    "problem",
    "contributing_factors",
    "chain",
    "code",
    "body",
    "notes",
    "warning",
    "went_well",
    "could_improve",
    "lucky",
    "learnings",
    "why_not_resolved",
    "recommendations",
    "immediate",
    "short_term",
    "long_term",
    "items",
    "steps",
];

/// Joins the lines of every value that must be a single line.
///
/// A list item in a report may span several lines or paragraphs.
pub(super) fn collapse_lines(value: &mut Value, key: &str, table: &str) {
    match value {
        Value::String(text) if text.contains('\n') => {
            let step = key == "text" && BLOCKS.contains(&table);
            let block = BLOCKS.contains(&key) && (key, table) != ("summary", "impact");
            if !step && !block {
                *text = super::words::one_line(text);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| match value {
            Value::Object(_) => collapse_lines(value, key, key),
            _ => collapse_lines(value, key, table),
        }),
        Value::Object(entries) => {
            for (inner, value) in entries.iter_mut() {
                collapse_lines(value, inner, key);
            }
        }
        _ => {}
    }
}

/// The words that are ignored when texts are compared.
const STOP_WORDS: &[&str] = &[
    "a", "an", "and", "by", "for", "from", "in", "of", "on", "self", "healing", "the", "to", "was",
    "with",
];

/// Returns the number of words that two texts share.
fn shared(left: &str, right: &str) -> usize {
    let words = |text: &str| -> BTreeSet<String> {
        folded(text)
            .split(' ')
            .filter(|word| !STOP_WORDS.contains(word) && !word.is_empty())
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
    pub fn event_at(&mut self, time: &str, text: &str) -> Option<String> {
        let moment = self.times.brief(time)?;
        let fits = |entry: &&Entry| is_same_minute(&entry.start, &moment);
        let candidates = self
            .events
            .iter()
            .enumerate()
            .filter(|(_, entry)| fits(entry));
        let (index, _) = candidates
            .rev()
            .max_by_key(|(_, entry)| shared(&entry.text, text))?;
        self.id_of(index)
    }

    /// Returns the ID of the event that describes an automated mitigation with this name.
    pub fn healing_event(&mut self, name: &str) -> Option<String> {
        let candidates = self
            .events
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.cue.automated && entry.cue.kind == "mitigation");
        let (index, score) = candidates
            .rev()
            .map(|(index, entry)| (index, shared(&entry.text, name)))
            .max_by_key(|(_, score)| *score)?;
        if score == 0 { None } else { self.id_of(index) }
    }

    /// Returns the ID of an event, creating one from its text if it has none.
    pub fn id_of(&mut self, index: usize) -> Option<String> {
        let entry = self.events.get(index)?;
        if let Some(id) = &entry.id {
            return Some(id.clone());
        }
        let text = entry
            .text
            .split_once(": ")
            .map_or(entry.text.as_str(), |(_, text)| text);
        let text = folded(text);
        let words: Vec<&str> = text
            .split(' ')
            .filter(|word| !word.is_empty())
            .take(4)
            .collect();
        let base = if words.is_empty() {
            "event".to_owned()
        } else {
            words.join("-")
        };
        let taken = |id: &str| {
            self.events
                .iter()
                .any(|entry| entry.id.as_deref() == Some(id))
        };
        let numbered = (1..=self.events.len() + 1).map(|count| match count {
            1 => base.clone(),
            _ => format!("{base}-{count}"),
        });
        let id = { numbered }.find(|id| !taken(id))?;
        self.events.get_mut(index)?.id = Some(id.clone());
        Some(id)
    }

    /// Returns the stage of a message that was sent at a time.
    pub fn stage_at(&self, moment: &Moment) -> &'static str {
        let known = self.events.iter().any(|entry| {
            entry.cue.mark == Some("identified") && entry.start.order() <= moment.order()
        });
        if known { "identified" } else { "investigating" }
    }
}
