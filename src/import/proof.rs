//! Loads an imported incident like any other input and compares its report with the original.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;

use super::Imported;
use super::day_name::DayName;
use super::normal::{self, Markup};
use super::vocabulary::{SummaryLabel, WORDS};
use super::words::{Labelled, bare_heading, folded, labelled, plain_label};
use super::{calendar, entry_time, zone};
use crate::archive::Archive;
use crate::audience::Audience;
use crate::diagnostic::{Diagnostic, Sources};
use crate::facts::labelled::Labels;
use crate::load::{self, Loaded};
use crate::publish::Site;
use crate::render::TemplateError;

/// The number of generated lines that are tried as the counterpart of an original line.
const PAIRED: usize = 1_000;

/// A line of the original report that the generated one lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The line number, from 1.
    pub line: usize,
    /// The text of the original line.
    pub original: String,
    /// The number of words that are not in the generated report.
    pub words: usize,
    /// The corresponding line of the generated report, if there is one.
    pub generated: Option<String>,
}

/// The result of loading an imported incident and rendering its report.
pub struct RoundTrip {
    /// The archive with only the incident and the incidents related to it.
    pub archive: Archive,
    /// The generated report; `None` if the incident has errors.
    pub markdown: Option<String>,
    /// The diagnostics of the incident.
    pub diagnostics: Vec<Diagnostic>,
    /// The sources of the diagnostics.
    pub sources: Sources,
}

/// Loads an imported incident from memory and renders its report.
///
/// # Errors
/// Returns an error if a template of the archive is invalid.
pub fn compare(
    root: &Utf8Path,
    settings: Loaded,
    imported: &Imported,
) -> Result<RoundTrip, TemplateError> {
    let read = load::unwritten(
        root,
        &settings.archive.config,
        &imported.id,
        &imported.incident,
        imported.timeline.as_deref(),
    );
    let mut archive = settings.archive;
    let mut markdown = None;
    if let Some(record) = read.record {
        let names = record.names();
        if imported.related || !names.is_empty() {
            archive.records = load::archive(root).archive.records;
            archive
                .records
                .retain(|other| names.contains(&other.id) || other.names().contains(&record.id));
        }
        let id = record.id.clone();
        archive.records.push(record);
        archive
            .records
            .sort_by(|left, right| left.id.cmp(&right.id));
        let site = Site::new(&archive, &settings.templates, Audience::Confidential)?;
        let found = archive.records.iter().find(|record| record.id == id);
        markdown = found
            .map(|record| site.with_report(record, |report| site.renderer().markdown(report)))
            .transpose()?;
    }
    Ok(RoundTrip {
        archive,
        markdown,
        diagnostics: read.diagnostics,
        sources: read.sources,
    })
}

/// Returns the lines of the original report that the generated one lacks.
///
/// Table padding and trailing spaces are ignored.
#[must_use]
pub fn differences(original: &str, generated: &str) -> Vec<Difference> {
    let mut unmatched: BTreeMap<String, usize> = BTreeMap::new();
    for line in generated.lines() {
        *unmatched.entry(normal(line)).or_default() += 1;
    }
    let mut missing = Vec::new();
    for (index, line) in original.lines().enumerate() {
        let line = normal(line);
        match unmatched.get_mut(&line) {
            Some(count) if *count > 0 => *count -= 1,
            _ if line.is_empty() => {}
            _ => missing.push((index + 1, line)),
        }
    }
    let mut candidates: Vec<&String> = unmatched
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(line, _)| line)
        .collect();
    let known: BTreeSet<String> = words(generated).collect();
    let mut found = Vec::new();
    for (line, original) in missing {
        let same_label = |other: &&String| {
            let label = |line: &str| {
                labelled(line.trim_start_matches("- ")).map(|found| found.label.to_owned())
            };
            label(&original).is_some_and(|original| label(other) == Some(original))
        };
        // With more unmatched lines than this, the reports are unrelated and pairing is pointless.
        let index = candidates.iter().take(PAIRED).position(same_label);
        let generated = index.map(|index| candidates.remove(index).clone());
        found.push(Difference {
            line,
            words: words(&original)
                .filter(|word| !known.contains(word))
                .count(),
            original,
            generated,
        });
    }
    found
}

/// Returns the lines of a report in a foreign layout with a word that is neither in the generated report nor
/// in what the import tells.
///
/// Times, labels, headings and names of columns are read as values and printed in another form.
#[must_use]
pub fn lost(original: &str, generated: &str, kept: &str, labels: &Labels) -> Vec<Difference> {
    let known: BTreeSet<String> = words(generated).chain(words(kept)).collect();
    let lost = |line: &str| words(line).filter(|word| !known.contains(word)).count();
    let lines = original
        .lines()
        .enumerate()
        .filter(|(_, line)| lost(line) > 0);
    lines
        .map(|(index, line)| Difference {
            line: index + 1,
            words: lost(&unread(line, labels)),
            original: line.trim().to_owned(),
            generated: None,
        })
        .filter(|found| found.words > 0)
        .collect()
}

/// Returns the words of a text in lowercase.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Returns `true` for the title of a column of times in a time zone: `Date and Time in CET`.
fn is_time_column(cell: &str) -> bool {
    let folded = folded(cell);
    let has_word = WORDS
        .time_columns
        .iter()
        .any(|word| folded.contains(word.as_str()));
    has_word && zone::within(cell).is_some() && folded.split(' ').count() < 6
}

/// Returns a line without what is read as a value: known labels, and times with their zones.
fn unread(line: &str, labels: &Labels) -> String {
    if normal::is_time_of_update(line) {
        return String::new();
    }
    let line = match normal::markup(line) {
        Some(Markup::Empty) => "",
        Some(Markup::Title(title)) => title,
        None => line,
    };
    let bare = line
        .trim()
        .trim_start_matches(['#', '=', '>', '-', '+', ' ']);
    let bare = bare.strip_prefix("* ").unwrap_or(bare);
    // The number of an item.
    let number = bare.trim_start_matches(|c: char| c.is_ascii_digit());
    let bare = number
        .strip_prefix(". ")
        .filter(|_| number.len() < bare.len())
        .unwrap_or(bare);
    let is_title = line.starts_with(['#', '=']) || line.starts_with("**") && line.ends_with("**");
    let bare = if is_title { bare_heading(bare) } else { bare };
    // The name of an item in front matter.
    let bare = bare.strip_prefix("name: ").unwrap_or(bare);
    let whole = bare.trim_matches(['*', ':', ' ']);
    if WORDS.is_known(whole) || WORDS.values.progress.get(whole).is_some() {
        return String::new();
    }
    let mut cells = bare
        .split('|')
        .map(str::trim)
        .filter(|cell| !cell.is_empty());
    let is_head = |cell: &str| WORDS.labels.summary.get(cell) == Some(SummaryLabel::Header);
    if bare.contains('|') && cells.next().is_some_and(is_head) {
        return String::new();
    }
    let prefix =
        { WORDS.title_prefixes.iter() }.find(|prefix| folded(bare).starts_with(prefix.as_str()));
    if let Some(prefix) = prefix.filter(|_| is_title) {
        let count = prefix.split(' ').count();
        return words(bare).skip(count).collect::<Vec<_>>().join(" ");
    }
    // A duration, or the day of the time beside it.
    let is_value = |cell: &str| {
        let day = DayName::leading(cell);
        labels.seconds(cell).is_some() || day.is_some_and(|(_, rest)| rest.is_empty())
    };
    let cells: Vec<&str> = bare
        .split('|')
        .filter(|cell| !WORDS.is_known(cell.trim().trim_matches('*')) && !is_time_column(cell))
        .filter(|cell| !bare.starts_with('|') || !is_value(cell.trim()))
        .collect();
    let mut text = cells.join(" | ");
    text = text.replacen(" = ", ": ", 1);
    let found = labelled(&text).or_else(|| plain_label(&text));
    let is_length = |found: &Labelled| {
        let value = found.value.trim_matches('*');
        labels.seconds(value).is_some() || WORDS.values.status.get(value).is_some()
    };
    if found.as_ref().is_some_and(is_length) {
        return String::new();
    }
    if let Some(value) = found
        .filter(|found| WORDS.is_known(found.label))
        .map(|found| found.value.to_owned())
    {
        text = value;
    }
    let out = without_times(&text);
    // The status of an action.
    let words = out
        .split(' ')
        .filter(|word| WORDS.values.progress.get(word).is_none());
    words.collect::<Vec<_>>().join(" ")
}

/// Returns a text without its times, days, time zones and numbers of footnotes.
fn without_times(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_start = !out.ends_with(char::is_alphanumeric);
        let time = entry_time::leading_time(rest).filter(|_| is_start);
        let day = || {
            let (.., after) = calendar::month_day(rest).filter(|_| is_start)?;
            Some(after)
        };
        let footnote = || {
            let (number, after) = rest.strip_prefix("[^")?.split_once(']')?;
            number
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then_some(after)
        };
        let zone = || {
            zone::leading(rest)
                .filter(|_| is_start)
                .map(|(_, rest)| rest)
        };
        match time
            .map(|(_, rest)| rest)
            .or_else(zone)
            .or_else(day)
            .or_else(footnote)
        {
            Some(after) if after.len() < rest.len() => {
                out.push(' ');
                rest = after;
            }
            _ => {
                out.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    out
}

/// Normalizes a line for comparison: without trailing spaces and cell padding.
#[must_use]
pub fn normal(line: &str) -> String {
    let line = line.trim_end();
    if !line.starts_with('|') {
        return line.to_owned();
    }
    let cells = line.trim_matches('|').split('|').map(|cell| {
        let cell = cell.trim();
        let rule = cell.len() > 1 && cell.chars().all(|c| matches!(c, '-' | ':'));
        if rule { "---" } else { cell }
    });
    format!("| {} |", cells.collect::<Vec<_>>().join(" | "))
}
