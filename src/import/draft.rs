//! What has been understood of a report so far: keys of the incident, events, and what is left over.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::block::{self, Block};
use super::cue::Cue;
use super::moment::Times;
use super::words::folded;
use crate::moment::{Moment, Written};

/// Something that has no key of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unmapped {
    /// The heading that it stood under.
    pub section: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its words, as typed.
    pub text: String,
}

/// Something to tell whoever imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The line of the report that it is about, from 1; absent where it is about all of it.
    pub line: Option<usize>,
    /// A lower-case phrase without a full stop.
    pub text: String,
}

/// An entry of the timeline.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub line: usize,
    /// Its time as typed, with the day that it was taken to be on.
    pub at: Written,
    /// When it began and ended.
    pub began: Moment,
    pub ended: Option<Moment>,
    pub id: Option<String>,
    pub sign: Cue,
    pub marks: Vec<&'static str>,
    pub text: String,
    pub body: Option<String>,
    pub actor: Option<String>,
    pub url: Option<String>,
    pub links: Vec<(String, String)>,
}

/// A number or a time that the report states, with its line.
#[derive(Debug, Clone)]
pub(super) struct Stated<T> {
    pub line: usize,
    pub value: T,
}

/// A window of impact that the report states.
#[derive(Debug, Clone)]
pub(super) struct StatedWindow {
    pub from: Written,
    /// The end, where it is stated.
    pub to: Option<Written>,
    pub text: String,
}

/// What a report states of times, from which marks are found.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    /// Absent where the report says that it is not recorded, or nothing.
    pub started: Option<Stated<Written>>,
    pub ended: Option<Stated<Written>>,
    /// Whether it says anything of its start, and of its end.
    pub start_told: bool,
    pub end_told: bool,
    /// How long it took, in seconds.
    pub duration: Option<Stated<i64>>,
    /// The time to detect in words, and what it counts from.
    pub to_detect: Option<Stated<(String, Option<String>)>>,
    /// When customers were first told, and how long that was after the impact, in words.
    pub notified: Option<Stated<(Moment, Option<String>)>>,
    /// The place of that message among all.
    pub first_message: Option<usize>,
    /// When the last message was sent.
    pub finished: Option<Moment>,
    /// Windows of impact, each as typed.
    pub windows: Vec<Stated<StatedWindow>>,
    /// Marks that the report states by their names.
    pub marks: Vec<(&'static str, Stated<Written>)>,
}

/// An incident in the making.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub id: String,
    pub times: Times,
    pub incident: Map<String, Value>,
    pub events: Vec<Entry>,
    pub facts: Facts,
    pub left: Vec<Unmapped>,
    pub notes: Vec<Note>,
    /// Whether other incidents say something of this one.
    pub related: bool,
    /// The line of the first time that has no day, where none is known.
    pub without_day: Option<usize>,
    /// Files that the archive has, by their path in it.
    pub files: BTreeSet<String>,
    /// The incidents of the archive.
    pub ids: BTreeSet<String>,
    /// The severities of the archive: key and label.
    pub severities: Vec<(String, Option<String>)>,
}

impl Draft {
    /// Sets a key by its path, such as `impact.business.revenue`.
    pub fn set(&mut self, path: &str, value: impl Into<Value>) {
        let (table, key) = path.rsplit_once('.').unwrap_or(("", path));
        self.set_in(table, key, value);
    }

    /// Sets a key where there is something to set.
    pub fn set_some(&mut self, path: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.set(path, value);
        }
    }

    /// Adds an entry to a list by its path.
    pub fn push(&mut self, path: &str, value: Value) {
        let (table, key) = path.rsplit_once('.').unwrap_or(("", path));
        within(&mut self.incident, table, |table| {
            let list = table.entry(key.to_owned()).or_insert_with(|| json!([]));
            if let Some(list) = list.as_array_mut() {
                list.push(value);
            }
        });
    }

    /// Gives the value of a key by its path.
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut keys = path.split('.');
        let mut found = self.incident.get(keys.next()?)?;
        for key in keys {
            found = found.get(key)?;
        }
        Some(found)
    }

    /// Sets a key of a table by the table's path; the key may have any letters.
    ///
    /// What a report says twice is kept as it was said last; what was said before is left over.
    pub fn set_in(&mut self, table: &str, key: &str, value: impl Into<Value>) {
        let (name, value) = (key.to_owned(), value.into());
        let mut before = None;
        within(&mut self.incident, table, |table| {
            before = table.insert(name, value.clone());
        });
        if let Some(Value::String(before)) = before.filter(|before| *before != value) {
            self.leave("Said Twice", 0, &format!("{key}: {before}"));
        }
    }

    /// Makes a table where there is none.
    pub fn open(&mut self, table: &str) {
        within(&mut self.incident, table, |_| ());
    }

    /// Keeps what has no key.
    pub fn leave(&mut self, section: &str, line: usize, text: &str) {
        if !text.trim().is_empty() {
            self.left.push(Unmapped {
                section: section.to_owned(),
                line,
                text: text.trim_matches('\n').to_owned(),
            });
        }
    }

    /// Keeps a block that has no key.
    pub fn leave_block(&mut self, section: &str, block: &Block) {
        let text = match block.kind {
            block::Kind::Heading(_) => format!("**{}**", block::heading(block)),
            _ => block.text.to_owned(),
        };
        self.leave(section, block.line, &text);
    }

    /// Tells something.
    pub fn note(&mut self, line: impl Into<Option<usize>>, text: impl Into<String>) {
        self.notes.push(Note {
            line: line.into(),
            text: text.into(),
        });
    }
}

impl Draft {
    /// Finds a file of the archive, as the incident's file names it.
    pub fn file(&self, path: &str) -> Option<String> {
        let own = format!("{}/{}.json", crate::load::TIMELINES, self.id);
        (path == own || self.files.contains(path)).then(|| format!("../{path}"))
    }

    /// Reads a time in full and writes it for TOML.
    pub fn moment(&self, text: &str) -> Option<Value> {
        let moment = self.times.brief(text)?;
        Some(super::toml::date(&self.times.typed(&moment)))
    }
}

/// Changes a table by its path; each table on the way is made where there is none.
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

/// Keys whose values may have several lines.
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

/// Writes on one line every value that must be one: a list may hold what a report has in paragraphs.
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

/// Words that tell nothing of what an event was.
const SMALL: &[&str] = &[
    "a", "an", "and", "by", "for", "from", "in", "of", "on", "self", "healing", "the", "to", "was",
    "with",
];

/// Counts the words that two texts share.
fn shared(left: &str, right: &str) -> usize {
    let words = |text: &str| -> BTreeSet<String> {
        folded(text)
            .split(' ')
            .filter(|word| !SMALL.contains(word) && !word.is_empty())
            .map(stem)
            .collect()
    };
    words(left).intersection(&words(right)).count()
}

/// Cuts the ending that tells `killed` from `kill`.
fn stem(word: &str) -> String {
    let ending = ["ing", "ed", "es", "s"]
        .into_iter()
        .find(|ending| word.len() > ending.len() + 3 && word.ends_with(ending));
    ending
        .and_then(|ending| word.strip_suffix(ending))
        .unwrap_or(word)
        .to_owned()
}

/// Returns `true` if steps and messages print two moments alike: to the minute, or a date without a time.
pub(super) fn is_same_minute(left: &Moment, right: &Moment) -> bool {
    let minute = |moment: &Moment| moment.at.timestamp().div_euclid(60);
    let is_alike = left.is_day() == right.is_day() && left.about == right.about;
    is_alike && minute(left) == minute(right)
}

impl Draft {
    /// Finds the event at a time that says most of some words, and gives its id.
    pub fn event_at(&mut self, time: &str, words: &str) -> Option<String> {
        let moment = self.times.brief(time)?;
        let fits = |entry: &&Entry| is_same_minute(&entry.began, &moment);
        let places = self
            .events
            .iter()
            .enumerate()
            .filter(|(_, entry)| fits(entry));
        let (place, _) = places
            .rev()
            .max_by_key(|(_, entry)| shared(&entry.text, words))?;
        self.id_of(place)
    }

    /// Finds the event at which the systems tried something by themselves.
    pub fn healing_event(&mut self, name: &str) -> Option<String> {
        let places = self
            .events
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.sign.automated && entry.sign.kind == "mitigation");
        let (place, score) = places
            .rev()
            .map(|(place, entry)| (place, shared(&entry.text, name)))
            .max_by_key(|(_, score)| *score)?;
        if score == 0 { None } else { self.id_of(place) }
    }

    /// Gives the id of an event, which gets one from its words where it has none.
    pub fn id_of(&mut self, place: usize) -> Option<String> {
        let entry = self.events.get(place)?;
        if let Some(id) = &entry.id {
            return Some(id.clone());
        }
        let words = entry
            .text
            .split_once(": ")
            .map_or(entry.text.as_str(), |(_, words)| words);
        let words = folded(words);
        let words: Vec<&str> = words
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
        self.events.get_mut(place)?.id = Some(id.clone());
        Some(id)
    }

    /// Says what a message told that was sent at a moment.
    pub fn stage_at(&self, moment: &Moment) -> &'static str {
        let known = self.events.iter().any(|entry| {
            entry.sign.mark == Some("identified") && entry.began.order() <= moment.order()
        });
        if known { "identified" } else { "investigating" }
    }
}
