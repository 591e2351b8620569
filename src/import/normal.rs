//! Rewrites layouts that have no headings, or misplaced ones, to sections with headings.
//!
//! Lists of labels and bold lines become sections, a second title becomes a section, and reference links and
//! footnotes are written where they are used, because their definitions may land in another section. Each
//! line keeps the number that it has in the source.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::Note;
use super::entry_time;
use super::layout::section_of;
use super::section::timeline::{bare_date, is_time};
use super::truncation::opened_fence;
use super::words::labelled;
use crate::config::Config;
use crate::facts::labelled::Labels;
use crate::incident::Section;

mod email;
mod front;
mod labels;
mod markup;
mod newest;
mod posts;
mod updates;

pub(super) use markup::{Markup, markup};
pub(super) use updates::is_time_of_update;

/// A text with the numbers of its lines in the source.
pub(super) struct Normal {
    pub text: String,
    pub lines: SourceLines,
    /// Notes about the labels that were replaced.
    pub labels: Vec<Note>,
}

/// The line in the source of each line of a text, from 1.
#[derive(Debug, Clone, Default)]
pub(super) struct SourceLines(Vec<usize>);

impl SourceLines {
    /// Returns the line in the source of a line of the text.
    pub fn of(&self, line: usize) -> usize {
        let index = line.saturating_sub(1);
        let found = self.0.get(index).or(self.0.last());
        found.copied().unwrap_or(line)
    }
}

/// A line with its number in the source.
type Line = (usize, String);

/// Rewrites a report; a report in our own layout is kept as it is.
pub(super) fn normalize(text: &str, config: &Config, durations: &Labels, is_own: bool) -> Normal {
    if is_own {
        return Normal {
            text: text.to_owned(),
            lines: SourceLines::default(),
            labels: Vec::new(),
        };
    }
    let mut lines: Vec<Line> = text
        .split('\n')
        .map(ToOwned::to_owned)
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .collect();
    let labels = labels::rename(&mut lines, &config.import.labels);
    email::header(&mut lines);
    front::normalize(&mut lines);
    labels::beside_values(&mut lines, durations);
    markup::join_rows(&mut lines);
    mark_entries(&mut lines);
    part_days(&mut lines);
    let lines = markup::in_markdown(lines, config);
    let lines = updates::in_order(posts::in_rows(lines, config), config);
    let mut lines = newest::oldest_first(lines);
    inline_references(&mut lines);
    demote_titles(&mut lines);
    let start = front::end(&lines);
    let headings = headings(&lines);
    let has_title = headings.first().is_some_and(|(_, level)| *level == 1) || start > 0;
    if headings.len() <= 1 && has_title {
        // With a title in the front matter, a heading below a title is that of a section.
        let is_title = |level: usize| level == 1 || !front::has_title(&lines);
        let title = headings.first().filter(|(_, level)| is_title(*level));
        let from = title.map_or(start, |(index, _)| index + 1);
        let body = lines.split_off(from.min(lines.len()));
        let body = sections(body, config);
        lines.extend(body);
    }
    Normal {
        text: lines
            .iter()
            .map(|(_, line)| line.as_str())
            .collect::<Vec<_>>()
            .join("\n"),
        lines: SourceLines(lines.into_iter().map(|(number, _)| number).collect()),
        labels,
    }
}

/// Returns for each line whether it is code.
fn code_lines(lines: &[Line]) -> Vec<bool> {
    let mut fence: Option<&str> = None;
    lines
        .iter()
        .map(|(_, line)| {
            let bare = line.trim_start();
            match fence {
                Some(open) => {
                    if bare.starts_with(open) {
                        fence = None;
                    }
                    true
                }
                None => {
                    fence = opened_fence(bare);
                    fence.is_some()
                }
            }
        })
        .collect()
}

/// Adds the space that a heading with a time lacks, `##2025-03-04 14:00`, and replaces signs that are no list mark.
fn mark_entries(lines: &mut [Line]) {
    let code = code_lines(lines);
    for ((_, line), _) in lines.iter_mut().zip(code).filter(|(_, is_code)| !is_code) {
        let bare = line.trim_start_matches('#');
        let level = line.len() - bare.len();
        let has_digit = bare.starts_with(|c: char| c.is_ascii_digit());
        if (2..=6).contains(&level) && has_digit && is_time(bare) {
            line.insert(level, ' ');
        }
        let item = ["– ", "— ", "• "]
            .iter()
            .find_map(|sign| line.strip_prefix(sign));
        if let Some(item) = item.filter(|item| is_time(item)) {
            *line = format!("- {item}");
        }
    }
}

/// Returns the heading of a timeline, whose lines have the number of a line of the source.
fn timeline_heading(number: usize) -> [Line; 3] {
    ["", "## Timeline", ""].map(|line| (number, line.to_owned()))
}

/// Returns `true` for the heading of a timeline.
fn is_timeline(line: &str, config: &Config) -> bool {
    let heading = line.trim_start_matches('#').trim();
    let found = section_of(heading, config);
    line.starts_with('#') && found.is_some_and(|(section, _)| section == Section::Timeline)
}

/// Adds a blank line between an item and a line below it that is a date, or starts with a date and a time.
fn part_days(lines: &mut Vec<Line>) {
    let code = code_lines(lines);
    let is_day = |line: &str| {
        let dated = || {
            let (time, _) = entry_time::entry(line)?;
            time.at.time.filter(|_| time.at.day.is_some())
        };
        line.starts_with(|c: char| !c.is_whitespace() && !"-+|>#".contains(c))
            && !line.starts_with("* ")
            && (bare_date(line).is_some() || dated().is_some())
    };
    let is_item = |line: &str| ["- ", "* ", "+ "].iter().any(|sign| line.starts_with(sign));
    let mut is_in_list = false;
    let mut parted = Vec::with_capacity(lines.len());
    for (line, is_code) in std::mem::take(lines).into_iter().zip(code) {
        if is_in_list && !is_code && is_day(&line.1) {
            parted.push((line.0, String::new()));
        }
        is_in_list = is_item(&line.1) || is_in_list && !line.1.trim().is_empty();
        parted.push(line);
    }
    *lines = parted;
}

/// Returns the indexes and levels of the headings.
fn headings(lines: &[Line]) -> Vec<(usize, usize)> {
    let code = code_lines(lines);
    let level = |line: &str| {
        let level = line.len() - line.trim_start_matches('#').len();
        let is_heading =
            (1..=6).contains(&level) && line.get(level..).is_some_and(|rest| rest.starts_with(' '));
        is_heading.then_some(level)
    };
    let plain = lines
        .iter()
        .zip(code)
        .enumerate()
        .skip(front::end(lines))
        .filter(|(_, (_, is_code))| !is_code);
    { plain }
        .filter_map(|(index, ((_, line), _))| Some((index, level(line)?)))
        .collect()
}

/// Makes further titles sections, if the sections above them are one level deeper.
fn demote_titles(lines: &mut [Line]) {
    let headings = headings(lines);
    let mut titles = headings
        .iter()
        .filter(|(_, level)| *level == 1)
        .map(|(index, _)| *index);
    let (Some(first), Some(second)) = (titles.next(), titles.next()) else {
        return;
    };
    let is_first = headings.first().is_some_and(|(index, _)| *index == first);
    let has_sections = headings
        .iter()
        .any(|(index, level)| *level == 2 && (first..second).contains(index));
    if is_first && has_sections {
        for index in [second].into_iter().chain(titles) {
            if let Some((_, line)) = lines.get_mut(index) {
                line.insert(0, '#');
            }
        }
    }
}

/// Returns the label of a list item that starts a line: `- **Key events**: ...`.
fn list_label(line: &str) -> Option<(&str, &str)> {
    let item = ["- ", "* ", "+ "]
        .iter()
        .find_map(|marker| line.strip_prefix(marker))?;
    let found = labelled(item.trim())?;
    let is_known = found.colon || found.value.is_empty();
    is_known.then_some((found.label, found.value))
}

/// Returns the label of a bold line that serves as a heading.
fn bold_label(line: &str) -> Option<&str> {
    let bare = line.trim();
    let inner = bare
        .strip_prefix("**")
        .and_then(|rest| rest.strip_suffix("**").or_else(|| rest.strip_suffix("**:")))?;
    let label = inner.trim_end_matches(':').trim();
    (!label.is_empty() && !label.contains("**") && label.len() < 80).then_some(label)
}

/// Returns the label of a section that is a line of its own: `Next steps:`.
fn plain_heading<'l>(line: &'l str, config: &Config) -> Option<&'l str> {
    let label = line.trim_end().strip_suffix([':', '：'])?;
    let is_label = label.starts_with(char::is_alphanumeric) && label.split(' ').count() < 6;
    (is_label && section_of(label, config).is_some()).then_some(label)
}

/// Writes the text below a title as sections.
fn sections(mut body: Vec<Line>, config: &Config) -> Vec<Line> {
    let code = code_lines(&body);
    for ((_, line), _) in body.iter_mut().zip(&code).filter(|(_, is_code)| !**is_code) {
        if let Some(label) = plain_heading(line, config) {
            *line = format!("## {label}");
        }
    }
    let count = |is_start: &dyn Fn(&str) -> bool| {
        body.iter()
            .zip(&code)
            .filter(|((_, line), is_code)| !**is_code && is_start(line))
            .count()
    };
    let is_section = |label: &str| section_of(label, config).is_some();
    if count(&|line| list_label(line).is_some()) >= 2 {
        let listed = from_list(body.clone(), &code, config);
        if listed.iter().any(|(_, line)| line.starts_with("## ")) {
            return listed;
        }
    }
    let bold = count(&|line| bold_label(line).is_some());
    let known = count(&|line| bold_label(line).is_some_and(is_section));
    if bold >= 2 && known >= 1 {
        return body
            .into_iter()
            .zip(code)
            .map(
                |((number, line), is_code)| match bold_label(&line).filter(|_| !is_code) {
                    Some(label) => (number, format!("## {label}")),
                    None => (number, line),
                },
            )
            .collect();
    }
    with_headings(body, &code)
}

/// Writes a list of labels as facts and sections.
fn from_list(body: Vec<Line>, code: &[bool], config: &Config) -> Vec<Line> {
    let (mut facts, mut sections): (Vec<Line>, Vec<Line>) = (Vec::new(), Vec::new());
    let starts: Vec<usize> = { body.iter().enumerate().zip(code) }
        .filter(|((_, (_, line)), is_code)| !**is_code && list_label(line).is_some())
        .map(|((index, _), _)| index)
        .collect();
    facts.extend(
        body.iter()
            .take(starts.first().copied().unwrap_or(0))
            .cloned(),
    );
    for (at, start) in starts.iter().enumerate() {
        let end = starts.get(at + 1).copied().unwrap_or(body.len());
        let Some([first, rest @ ..]) = body.get(*start..end) else {
            continue;
        };
        let Some((label, value)) = list_label(&first.1) else {
            continue;
        };
        let is_nested = rest.iter().any(|(_, line)| !line.trim().is_empty());
        let is_section = section_of(label, config).is_some();
        if !is_nested && !is_section {
            facts.push(first.clone());
            continue;
        }
        sections.push((first.0, String::new()));
        sections.push((first.0, format!("## {label}")));
        sections.push((first.0, String::new()));
        if !value.is_empty() {
            sections.push((first.0, value.to_owned()));
        }
        let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let lines = rest.iter().filter(|(_, line)| !line.trim().is_empty());
        let width = { lines }.map(|(_, line)| indent(line)).min().unwrap_or(0);
        sections.extend(rest.iter().map(|(number, line)| {
            let cut = indent(line).min(width);
            (*number, line.get(cut..).unwrap_or_default().to_owned())
        }));
    }
    facts.push((facts.last().map_or(1, |(number, _)| *number), String::new()));
    facts.extend(sections);
    facts
}

/// Returns `true` for a list item, a table row or another line that starts with a time.
fn is_entry(line: &str) -> bool {
    let bare = line.trim_start_matches(['-', '*', '+', '|', '>', ' ']);
    let is_item =
        bare.len() < line.len() || [" - ", " – ", " — "].iter().any(|dash| line.contains(dash));
    is_item && entry_time::entry(bare).is_some_and(|(time, _)| time.at.time.is_some())
}

/// Adds a heading above prose, and one above the first times; `body` may have headings below them.
fn with_headings(body: Vec<Line>, code: &[bool]) -> Vec<Line> {
    let heading = body.iter().position(|(_, line)| line.starts_with("## "));
    let entries: Vec<usize> = { body.iter().enumerate().zip(code) }
        .take(heading.unwrap_or(body.len()))
        .filter(|((_, (_, line)), is_code)| !**is_code && is_entry(line))
        .map(|((index, _), _)| index)
        .collect();
    let first = body.iter().position(|(_, line)| !line.trim().is_empty());
    let Some(first) = first else {
        return body;
    };
    // The header of a table of times is above them.
    let timeline = entries.first().filter(|_| entries.len() > 1).map(|entry| {
        let above = body.get(..*entry).unwrap_or_default().iter().rev();
        entry - above.take_while(|(_, line)| line.starts_with('|')).count()
    });
    let mut out = Vec::with_capacity(body.len() + 4);
    for (index, line) in body.into_iter().enumerate() {
        let heading = if timeline == Some(index) {
            Some("## Timeline")
        } else if index == first && heading != Some(first) {
            Some("## Summary")
        } else {
            None
        };
        if let Some(heading) = heading {
            out.push((line.0, String::new()));
            out.push((line.0, heading.to_owned()));
            out.push((line.0, String::new()));
        }
        out.push(line);
    }
    out
}

/// Writes reference links and footnotes where they are used.
fn inline_references(lines: &mut [Line]) {
    let code = code_lines(lines);
    let mut targets: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (index, ((_, line), is_code)) in lines.iter().zip(&code).enumerate() {
        let definition = line
            .trim_start()
            .strip_prefix('[')
            .and_then(|rest| rest.split_once("]:"));
        if let Some((name, target)) =
            definition.filter(|(name, _)| !is_code && !name.is_empty() && !name.contains(']'))
        {
            let target = target.trim();
            let is_footnote = name.starts_with('^');
            let bare = target.split([' ', '\t']).next().unwrap_or_default();
            let bare = bare
                .strip_prefix('<')
                .and_then(|bare| bare.strip_suffix('>'))
                .unwrap_or(bare);
            if is_footnote && !target.is_empty() {
                targets.insert(name.to_lowercase(), (index, target.to_owned()));
            } else if !is_footnote
                && (bare.contains("://")
                    || bare.starts_with(['/', '#', '.'])
                    || bare.starts_with("mailto:"))
            {
                targets.insert(name.to_lowercase(), (index, bare.to_owned()));
            }
        }
    }
    if targets.is_empty() {
        return;
    }
    let definitions: BTreeSet<usize> = targets.values().map(|(index, _)| *index).collect();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    for (index, ((_, line), is_code)) in lines.iter_mut().zip(&code).enumerate() {
        if !is_code && line.contains('[') && !definitions.contains(&index) {
            *line = inlined(line, &targets, &mut used);
        }
    }
    for (index, (_, line)) in lines.iter_mut().enumerate() {
        if used.contains(&index) {
            line.clear();
        }
    }
}

/// Returns a line with its references written inline.
fn inlined(
    line: &str,
    targets: &BTreeMap<String, (usize, String)>,
    used: &mut BTreeSet<usize>,
) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['[', '`']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        // Code is kept as it is.
        if let Some(code) = from.strip_prefix('`') {
            let end = code.find('`').map_or(from.len(), |end| end + 2);
            out.push_str(from.get(..end).unwrap_or(from));
            rest = from.get(end..).unwrap_or_default();
            continue;
        }
        let Some(end) = from.find(']') else {
            out.push_str(from);
            return out;
        };
        let text = from.get(1..end).unwrap_or_default();
        let after = from.get(end + 1..).unwrap_or_default();
        let second = after
            .strip_prefix('[')
            .and_then(|after| after.split_once(']'));
        let (name, tail) = match second {
            Some(("", tail)) => (text, tail),
            Some((name, tail)) => (name, tail),
            None => (text, after),
        };
        let is_link = after.starts_with('(') || after.starts_with(':');
        match targets.get(&name.to_lowercase()).filter(|_| !is_link) {
            Some((index, target)) if text.starts_with('^') => {
                out.push_str(&format!(" ({target})"));
                used.insert(*index);
                rest = after;
            }
            Some((index, target)) => {
                out.push_str(&format!("[{text}]({target})"));
                used.insert(*index);
                rest = tail;
            }
            None => {
                out.push('[');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}
