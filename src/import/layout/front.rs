//! Splits off the front matter of a page: lines with a key and a value between two rules.

use chrono::NaiveDate;

use super::super::block::Block;
use super::super::calendar::calendar_day;
use super::super::draft::Draft;
use super::super::moment::full;
use super::super::section::summary::pair;
use super::super::vocabulary::{SummaryLabel, WORDS};
use super::super::words::folded;
use super::title::is_label;
use crate::timeline::Mark;

/// Splits off the front matter.
pub(super) fn front_matter<'a, 'b>(
    text: &'a str,
    blocks: &'b [Block<'a>],
) -> (Vec<(usize, String)>, &'b [Block<'a>]) {
    let inner = { text.strip_prefix("---\n") }.and_then(|rest| rest.split_once("\n---"));
    let Some((inner, _)) = inner.filter(|(inner, _)| is_front_matter(inner.lines())) else {
        return (Vec::new(), blocks);
    };
    let count = inner.lines().count();
    let after = blocks
        .iter()
        .position(|block| block.line > count + 2)
        .unwrap_or(blocks.len());
    let mut lines: Vec<(usize, String)> = Vec::new();
    for (index, line) in inner.lines().enumerate() {
        let mut keys = lines.iter_mut().rev();
        match keys.find(|(_, line)| !line.starts_with([' ', '\t', '#'])) {
            _ if line.trim().is_empty() => {}
            Some((_, key)) if !is_key(line.trim_start()) => extend(key, line.trim()),
            _ => lines.push((index + 2, line.trim_end().to_owned())),
        }
    }
    (lines, blocks.get(after..).unwrap_or_default())
}

/// Adds an item of a list, or a line of a text, to the key above; an item with a name is that name.
fn extend(key: &mut String, line: &str) {
    let item = line.strip_prefix("- ").map(str::trim_start);
    let value = item.map_or(line, |item| item.strip_prefix("name:").unwrap_or(item));
    let value = unquoted(value);
    // `description: >` is followed by a text.
    let bare = key.trim_end_matches(['>', '|', '-', ' ']);
    if bare.ends_with(':') {
        key.truncate(bare.len());
    }
    let is_next = item.is_some() && !key.ends_with(':');
    key.extend([if is_next { ", " } else { " " }, value]);
}

/// Strips the quotes around a value.
fn unquoted(value: &str) -> &str {
    let value = value.trim();
    let inner = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

/// Returns `true` for a line that starts with a key: `title: Printers`, but not for an item, a comment or a text.
fn is_key(line: &str) -> bool {
    let is_start = |c: char| c.is_alphanumeric() || "_\"'".contains(c);
    line.starts_with('#')
        || line.starts_with(is_start) && { line.split_once(':') }
            .is_some_and(|(_, value)| value.is_empty() || value.starts_with(' '))
}

/// Returns `true` for the key of the title.
pub(in super::super) fn is_title_key(line: &str) -> bool {
    let key = line.split_once(':').map(|(key, _)| folded(key));
    !line.starts_with('#') && key.is_some_and(|key| is_label(&key, SummaryLabel::Title))
}

/// Returns `true` for lines with keys, and lists, nested lines and comments among them.
pub(in super::super) fn is_front_matter<'l>(lines: impl Iterator<Item = &'l str> + Clone) -> bool {
    let mut stated = lines.filter(|line| !line.trim().is_empty());
    let is_comment = |line: &str| line.starts_with('#');
    let first = { stated.clone() }.find(|line| !is_comment(line));
    // A heading above a label looks like a comment.
    let is_page =
        !stated.clone().next().is_some_and(is_comment) || stated.clone().any(is_title_key);
    is_page
        && first.is_some_and(is_key)
        && stated.all(|line| is_key(line) || line.starts_with(['-', ' ', '\t']))
}

/// Returns the value of the first key with a meaning.
pub(super) fn value(front: &[(usize, String)], wanted: SummaryLabel) -> Option<&str> {
    let mut pairs = front.iter().filter_map(|(_, line)| line.split_once(':'));
    let (_, value) = pairs.find(|(label, _)| is_label(&folded(label), wanted))?;
    Some(unquoted(value))
}

/// Returns `true` for a title with a date or a status, which may stand alone.
pub(super) fn is_report(front: &[(usize, String)]) -> bool {
    let has = |label: SummaryLabel| value(front, label).is_some();
    let has_fact = has(SummaryLabel::Date) || has(SummaryLabel::Start) || has(SummaryLabel::Status);
    has(SummaryLabel::Title) && has_fact
}

/// Imports the lines; `heading` is the title below them, or the ID if there is none.
///
/// The heading is the title of the report, unless it is a word such as `Postmortem`.
pub(super) fn import(draft: &mut Draft, front: &[(usize, String)], heading: &str) {
    let is_generic = *heading == *draft.id || WORDS.title_prefixes.contains(&folded(heading));
    let mut pairs = front.iter().filter_map(|(_, line)| line.split_once(':'));
    let date = value(front, SummaryLabel::Date);
    let is_end = |key: &str| WORDS.labels.marks.get(key).is_some_and(Mark::is_end);
    let is_repeated = |key: &str, value: &str| is_end(key) && date == Some(unquoted(value));
    let has_end = pairs.clone().any(|(key, _)| is_end(key))
        && !pairs.any(|(key, value)| is_repeated(key, value));
    for (line, text) in front {
        let (key, value) = text.split_once(':').unwrap_or_default();
        let value = unquoted(value);
        let is_second = || !is_generic && folded(heading) != folded(value);
        let is_timed = || full(value).is_some_and(|found| found.written.time.is_some());
        match WORDS.labels.summary.get(key) {
            // As text, a comment would be a heading.
            _ if text.starts_with('#') => {
                draft.keep_unmapped("Front Matter", *line, &format!("`{text}`"));
            }
            // A nested key says something of the value above.
            _ if text.starts_with([' ', '\t']) => {
                draft.keep_unmapped("Front Matter", *line, text.trim());
            }
            Some(SummaryLabel::Title) if is_second() => {
                draft.keep_unmapped("Front Matter", *line, text);
            }
            // An end at the time of the text is not that of the incident.
            _ if is_repeated(key, value) => {
                draft.keep_unmapped("Front Matter", *line, text);
            }
            // Beside the time of the end, it is that of the start, not of the text.
            Some(SummaryLabel::Date) if has_end && is_timed() => {
                pair(draft, "Front Matter", *line, &format!("start: {value}"));
            }
            _ => pair(draft, "Front Matter", *line, text),
        }
    }
}

/// Returns the date of the first mark in front matter that is not that of an end: `detected: 2025-03-04T13:30Z`.
pub(super) fn day_of_mark(front: &[(usize, String)]) -> Option<NaiveDate> {
    front.iter().find_map(|(_, line)| {
        let (key, value) = line.split_once(':')?;
        WORDS.labels.marks.get(key).filter(|mark| !mark.is_end())?;
        full(unquoted(value))?.written.day
    })
}

/// Returns the date that front matter calls that of the incident, beside the date of writing.
pub(super) fn day_of_incident(front: &[(usize, String)]) -> Option<NaiveDate> {
    front.iter().find_map(|(_, line)| {
        let (label, value) = line.split_once(':')?;
        let label = folded(label);
        let is_date = label.contains("incident") && is_label(&label, SummaryLabel::Date);
        let (day, _) = calendar_day(value.trim())?;
        is_date.then_some(day)
    })
}
