//! Moves the headings of a value below the heading that it is under.

use super::block::{block_start, closing_marks};
use super::edit::Edit;
use pulldown_cmark::HeadingLevel;
use std::ops::Range;

const MAX_LEVEL: u8 = 6;

/// A heading of a value.
pub(super) struct Heading {
    range: Range<usize>,
    level: u8,
    quotes: usize,
}

impl Heading {
    /// Creates a heading that is in `quotes` block quotes.
    pub(super) fn new(range: Range<usize>, level: HeadingLevel, quotes: usize) -> Self {
        Self {
            range,
            level: level as u8,
            quotes,
        }
    }

    /// Returns `true` if the heading is underlined rather than marked with `#`.
    pub(super) fn is_underlined(&self, source: &str) -> bool {
        let first = self.slice(source).trim_start_matches(' ').lines().next();
        !first.is_some_and(|line| line.starts_with('#') && block_start(line).is_some())
    }

    fn slice<'s>(&self, source: &'s str) -> &'s str {
        source.get(self.range.clone()).unwrap_or_default()
    }

    /// Returns the edit that marks the heading with `#` and gives it this level, or `None` if it is that already.
    fn moved(&self, source: &str, level: u8) -> Option<Edit> {
        let marks = "#".repeat(usize::from(level));
        let slice = self.slice(source);
        if !self.is_underlined(source) {
            let start = self.range.start + slice.len() - slice.trim_start_matches(' ').len();
            let old = start..start + usize::from(self.level);
            return (self.level != level).then(|| Edit::replace(old, marks));
        }
        let lines = slice.trim_end_matches([' ', '\t', '\n']);
        let end = self.range.start + lines.len();
        let text = one_line(lines, self.quotes);
        Some(Edit::replace(
            self.range.start..end,
            format!("{marks} {text}"),
        ))
    }
}

/// Returns the edits that move the highest of `headings` to the level below `under`.
pub(super) fn demote(source: &str, headings: &[Heading], under: u8) -> Vec<Edit> {
    let Some(highest) = headings.iter().map(|heading| heading.level).min() else {
        return Vec::new();
    };
    let target = under.saturating_add(1).clamp(1, MAX_LEVEL);
    let moved = |heading: &Heading| {
        let level = target + (heading.level - highest);
        heading.moved(source, level.min(MAX_LEVEL))
    };
    headings.iter().filter_map(moved).collect()
}

/// Returns the text of an underlined heading on one line.
fn one_line(heading: &str, quotes: usize) -> String {
    let (lines, _) = heading.rsplit_once('\n').unwrap_or_default();
    let (first, rest) = lines.split_once('\n').unwrap_or((lines, ""));
    let mut text = first.trim_matches([' ', '\t']).to_owned();
    for line in rest.lines() {
        drop_hard_break(&mut text);
        text.push(' ');
        text.push_str(unquoted(line, quotes).trim_matches([' ', '\t']));
    }
    if let Some(at) = closing_marks(&text) {
        text.insert(at, '\\');
    }
    text
}

/// Removes a final backslash that breaks the line.
fn drop_hard_break(text: &mut String) {
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    if backslashes % 2 == 1 {
        text.pop();
    }
}

/// Returns a line without the markers of the quotes that it is in.
fn unquoted(line: &str, quotes: usize) -> &str {
    (0..quotes).fold(line, |line, _| {
        line.trim_start_matches([' ', '\t'])
            .strip_prefix('>')
            .unwrap_or(line)
    })
}
