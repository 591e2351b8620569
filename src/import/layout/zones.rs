//! Decides the time zone of a report's times once, before any time is read.
//!
//! A statement about all times comes first, then the zone beside a labelled time or date, then that of the
//! entries. The offset of some entries is not that of the others.

use std::collections::BTreeSet;

use super::super::block::Part;
use super::super::calendar::calendar_day;
use super::super::entry_time;
use super::super::vocabulary::{SummaryLabel, WORDS};
use super::super::words::{folded, labelled};
use super::super::zone;
use super::section_of;
use super::title::is_label;
use crate::config::Config;
use crate::incident::Section;
use crate::token::{self, Languages};

/// The name of a time zone with its line.
type Name = (String, usize);

/// The time zones that a report states, by what they are stated for.
#[derive(Debug, Default)]
pub(super) struct Zones {
    /// For all times.
    pub all: Option<Name>,
    /// Beside a labelled time or date.
    pub labelled: Option<Name>,
    /// In the entries of the timeline.
    pub entries: Option<Name>,
    /// Alone in the text above the first section.
    pub above: Option<Name>,
    /// After a time in a sentence.
    pub prose: Option<Name>,
    /// In full in a sentence, without a time in digits.
    pub in_words: Option<Name>,
    /// The first name that cannot be read.
    pub unread: Option<Name>,
}

impl Zones {
    /// Finds the time zones in a report whose body starts on line `first`.
    pub fn find(text: &str, sections: &[Part], first: usize) -> Self {
        let mut found = Self::default();
        let mut entries = Entries::default();
        let timelines: BTreeSet<usize> = {
            sections
                .iter()
                .flat_map(|part| std::iter::once(part).chain(&part.parts))
        }
        .filter(|part| {
            let is_timeline = section_of(part.title, &Config::default())
                .is_some_and(|(section, _)| section == Section::Timeline);
            is_timeline || folded(part.title).contains("timeline")
        })
        .map(|part| part.line)
        .collect();
        let first_section = sections.first().map_or(usize::MAX, |part| part.line);
        let mut prose: Vec<Name> = Vec::new();
        let mut is_above_entries = false;
        let mut lines = text.lines().enumerate().peekable();
        while let Some((index, line)) = lines.next() {
            let number = index + 1;
            // The front matter states when the text was written, and where.
            if number < first && is_date(line) {
                continue;
            }
            let is_head = line.starts_with('|') && { lines.peek() }
                .is_some_and(|(_, next)| next.contains("---"));
            let is_timeline = line.starts_with('#') && timelines.contains(&number);
            if line.starts_with('#') {
                is_above_entries = is_timeline;
            }
            if let Some(rest) = about_all(line) {
                found.all(rest, number, true);
            } else if is_timeline || is_head && has_times(line) {
                found.all(line, number, false);
            } else if let Some(value) = labelled_time(line) {
                let name = zone::within(value).or_else(|| zone::city_in_brackets(value));
                let name = name.map(ToOwned::to_owned);
                let unknown = || zone::unknown_after_time(value);
                match (name, unknown()) {
                    (Some(name), _) if found.labelled.is_none() => {
                        found.labelled = Some((name, number));
                    }
                    (None, Some(name)) => found.unread(name, number),
                    _ => {}
                }
            } else {
                let is_entry = entries.add(line, number);
                is_above_entries &= !is_entry;
                let alone = || Some((zone_of_line(line)?.to_owned(), number));
                let bare = line.trim();
                let is_bracket = bare.starts_with('(') && bare.ends_with(')');
                // `Below are the main events (Pacific time):`
                let led_in = bare
                    .strip_suffix("):")
                    .and_then(|rest| rest.rsplit_once('('));
                if let Some((_, name)) = led_in.filter(|(_, name)| zone::is_zone(name)) {
                    found.all.get_or_insert((name.to_owned(), number));
                }
                if is_above_entries && is_bracket && zone_of_line(line).is_none() {
                    found.all(line, number, false);
                } else if is_above_entries && found.all.is_none() {
                    found.all = alone();
                } else if number < first_section && found.above.is_none() {
                    found.above = alone();
                }
                if !is_entry && !is_of_others(line) {
                    prose.extend(zones_in_prose(line).map(|name| (name.to_owned(), number)));
                }
                if found.in_words.is_none() && !is_of_others(line) {
                    found.in_words = zone::full_name(line).map(|name| (name.to_owned(), number));
                }
            }
        }
        // A word after every time is their time zone rather than the start of every text.
        if let Some((name, line)) = entries.doubtful() {
            found.unread(name, line);
        }
        found.entries = entries.zone();
        // Of several, none is that of the other times.
        let is_same = |first: &Name| prose.iter().all(|(name, _)| *name == first.0);
        found.prose = prose.first().cloned().filter(is_same);
        found
    }

    /// Returns the name that a report states elsewhere with another one: `IST (India Standard Time)` for `IST`.
    pub fn in_full(&self, name: &str) -> Option<&Name> {
        let places = [&self.labelled, &self.entries, &self.above, &self.prose];
        let mut found = places.into_iter().flatten();
        found.find(|(other, _)| {
            let rest = other.strip_prefix(name).map(str::trim_start);
            rest.is_some_and(|rest| rest.starts_with('('))
        })
    }

    /// Records the statement of a time zone for all times.
    fn all(&mut self, rest: &str, line: usize, is_sentence: bool) {
        // `All times are local (UTC in parentheses)`
        let is_other = |inner: &str| {
            let inner = inner.to_lowercase();
            ["in parentheses", "in brackets", "in klammern"]
                .iter()
                .any(|words| inner.contains(words))
        };
        let rest = match rest.split_once('(') {
            Some((before, inner)) if is_other(inner) => before,
            _ => rest,
        };
        if let Some(name) = zone::within(rest) {
            self.all.get_or_insert((name.to_owned(), line));
            return;
        }
        if !is_sentence {
            if let Some(name) = zone::city_in_brackets(rest) {
                self.all.get_or_insert((name.to_owned(), line));
            } else if let Some(name) = zone::unknown_in_brackets(rest) {
                self.unread(name, line);
            }
            return;
        }
        let name = rest.trim_start_matches([' ', ':', '*', '_']);
        let name = ["in ", "are in ", "are ", "shown in ", "listed in "]
            .iter()
            .find_map(|word| name.strip_prefix(word))
            .unwrap_or(name);
        let end = name
            .find(['.', ')', ',', '*', '_', '(', ';'])
            .unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default().trim();
        let is_name = name.starts_with(char::is_uppercase) || name.starts_with("local");
        if is_name && calendar_day(name).is_none() {
            self.unread(name, line);
        }
    }

    fn unread(&mut self, name: &str, line: usize) {
        self.unread.get_or_insert((name.to_owned(), line));
    }
}

/// Returns the text that names the time zone of all times: after the words about them, or after a label.
fn about_all(line: &str) -> Option<&str> {
    let stated = zone::preface(line).map(|(before, after)| {
        // `CET is used for all times` names it before them.
        let is_before = zone::within(after).is_none() && zone::within(before).is_some();
        if is_before { before } else { after }
    });
    let lower = line.to_lowercase();
    let label = |phrase: &str| {
        let (_, after) = lower.split_once(phrase)?;
        line.get(line.len().checked_sub(after.len())?..)
    };
    { stated }
        .or_else(|| {
            let mut labels = WORDS.zone_labels.iter();
            labels
                .find_map(|phrase| label(phrase))
                .filter(|_| line.len() < 100)
        })
        .or_else(|| {
            // A date alone in its line, with the zone after it.
            let bare = line.trim().trim_matches(['*', '_', '#', ' ']);
            let (_, rest) = calendar_day(bare)?;
            let rest = rest.trim();
            let in_brackets = { rest.strip_prefix(['(', '（']) }
                .and_then(|inner| inner.strip_suffix([')', '）']));
            let alone = || {
                let name = rest.trim_start_matches([',', ':', '-', '–', '—', ' ']);
                Some(name).filter(|name| zone::is_zone(name))
            };
            in_brackets.and_then(zone::within).or_else(alone)
        })
}

/// Returns `true` if the head of a table has a column of times.
fn has_times(line: &str) -> bool {
    line.split('|').any(|cell| {
        let cell = cell.trim().trim_matches('*');
        let folded = folded(cell);
        zone::is_zone(cell)
            || WORDS
                .time_columns
                .iter()
                .any(|word| folded.contains(word.as_str()))
    })
}

/// Returns `true` for the date in front matter.
fn is_date(line: &str) -> bool {
    let label = line.split_once(':').map(|(label, _)| folded(label));
    label.is_some_and(|label| is_label(&label, SummaryLabel::Date))
}

/// Returns the value of a label for a time, a date or a span.
fn labelled_time(line: &str) -> Option<&str> {
    let bare = line.trim_start_matches(['|', ' ', '>', '-', '+']);
    let bare = bare.strip_prefix("* ").unwrap_or(bare);
    let (label, value) = match labelled(bare) {
        Some(found) => (found.label, found.value),
        None => bare.split_once([':', '|'])?,
    };
    let label = folded(label);
    let is_time = [
        SummaryLabel::Date,
        SummaryLabel::Start,
        SummaryLabel::End,
        SummaryLabel::Duration,
        SummaryLabel::Window,
    ]
    .into_iter()
    .any(|wanted| is_label(&label, wanted))
        || WORDS.labels.marks.exact(&label).is_some();
    let has_number = value.contains(|c: char| c.is_ascii_digit());
    (is_time && has_number).then_some(value)
}

/// Returns `true` for a line whose times are those of others: of the post itself, of a provider.
fn is_of_others(line: &str) -> bool {
    let folded = folded(line);
    let first = folded.split(' ').next().unwrap_or_default();
    let is_other = |word: &str| WORDS.others.iter().any(|other| other == word);
    let is_of_post = WORDS.writing.iter().any(|word| word == first);
    is_of_post || zone::is_about_others(line) || folded.split(' ').any(is_other)
}

/// Returns the names of the time zones after the times of a sentence: `between 14:10 and 15:25 UTC`.
fn zones_in_prose(line: &str) -> impl Iterator<Item = &str> {
    let starts = line.match_indices([' ', '(', '[']).map(|(at, _)| at + 1);
    { [0].into_iter().chain(starts) }.filter_map(|at| {
        let text = line
            .get(at..)
            .filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))?;
        let (written, zone, _) = entry_time::single_time(text)?;
        let zone = zone.filter(|_| written.time.is_some())?;
        (!zone.starts_with(['+', '-', '−'])).then_some(zone)
    })
}

/// Returns the time zone that a line names by itself: `(PDT)`, `PDT unless noted`, `Everything below is in PDT.`
///
/// `The CET team` and `the Pacific offices` name something else.
fn zone_of_line(line: &str) -> Option<&str> {
    let line = line.trim();
    let name = zone::within(line).filter(|_| line.len() < 100 && !line.starts_with('|'))?;
    let at = line.find(name)?;
    let before = line.get(..at)?.trim_end_matches(['*', '_', '`', ' ', '>']);
    let last = before.rsplit(' ').next().unwrap_or_default();
    let after = line
        .get(at + name.len()..)?
        .trim_start_matches(['*', '_', '`', ' ']);
    let next = after
        .split(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or_default();
    let is_known =
        |list: &[String], word: &str| list.iter().any(|other| *other == word.to_lowercase());
    let leads = before.is_empty()
        || before.ends_with(['(', '[', ':', ',', '-', '–', '—'])
        || is_known(&WORDS.before_zones, last);
    let is_over = next.is_empty()
        || is_known(&WORDS.after_zones, next)
        || token::month(next, Languages::English).is_some();
    let has_time = zones_in_prose(line).next().is_some() || zone::is_about_others(line);
    (leads && is_over && !has_time).then_some(name)
}

/// The time zones of entries.
#[derive(Default)]
struct Entries {
    /// The entries with a time, and those with a time zone.
    timed: usize,
    zoned: usize,
    names: Vec<Name>,
    /// The words after the times that may be time zones.
    doubtful: Vec<Name>,
}

impl Entries {
    /// Adds a line; returns `false` if it is no entry.
    fn add(&mut self, line: &str, number: usize) -> bool {
        let bare = line.trim_start_matches(['#', ' ', '|']);
        let bare = bare.trim_start_matches("- ").trim_start_matches("* ");
        let Some((time, text)) = entry_time::entry(bare) else {
            return false;
        };
        // `14:00 - Printers stop (PST)`
        let in_brackets = || {
            let (_, inner) = text.strip_suffix(')')?.rsplit_once('(')?;
            zone::is_zone(inner).then(|| inner.to_owned())
        };
        self.timed += usize::from(time.at.time.is_some());
        if let Some(name) = entry_time::doubtful_zone(bare) {
            self.doubtful.push((name.to_owned(), number));
        }
        if let Some(zone) = time.zone.or_else(in_brackets) {
            self.zoned += 1;
            if self.names.iter().all(|(name, _)| *name != zone) {
                self.names.push((zone, number));
            }
        }
        true
    }

    /// Returns the word after every time that may be a time zone.
    fn doubtful(&self) -> Option<(&str, usize)> {
        let ((name, line), others) = self.doubtful.split_first()?;
        let is_of_all = self.doubtful.len() == self.timed && !others.is_empty();
        let is_same = others.iter().all(|(other, _)| other == name);
        (is_of_all && is_same).then_some((name.as_str(), *line))
    }

    /// Returns the time zone of all entries.
    fn zone(self) -> Option<Name> {
        let first = self.names.first()?;
        let is_offset = first.0.starts_with(['+', '-', '−']);
        let is_of_all = self.zoned == self.timed || self.names.len() == 1 && !is_offset;
        is_of_all.then(|| first.clone())
    }
}

#[cfg(test)]
mod tests;
