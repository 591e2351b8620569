//! Moves the headings of a value under the heading that it stands below.

use super::block::block_start;
use super::edit::Edit;
use pulldown_cmark::HeadingLevel;
use std::ops::Range;

const DEEPEST: u8 = 6;

/// A heading as it was found.
pub(super) struct Heading {
    range: Range<usize>,
    level: u8,
    quotes: usize,
}

impl Heading {
    /// Remembers a heading that stands within `quotes` block quotes.
    pub(super) fn new(range: Range<usize>, level: HeadingLevel, quotes: usize) -> Self {
        Self {
            range,
            level: level as u8,
            quotes,
        }
    }

    /// Says whether the heading is one that is underlined.
    pub(super) fn is_underlined(&self, source: &str) -> bool {
        let first = self.slice(source).trim_start_matches(' ').lines().next();
        !first.is_some_and(|line| line.starts_with('#') && block_start(line).is_some())
    }

    fn slice<'s>(&self, source: &'s str) -> &'s str {
        source.get(self.range.clone()).unwrap_or_default()
    }

    /// Gives what must change for the heading to be one of `#`, of `level`.
    fn moved(&self, source: &str, level: u8) -> Option<Edit> {
        let marks = "#".repeat(usize::from(level));
        let slice = self.slice(source);
        if !self.is_underlined(source) {
            let start = self.range.start + slice.len() - slice.trim_start_matches(' ').len();
            let old = start..start + usize::from(self.level);
            return (self.level != level).then(|| Edit::replace(old, marks));
        }
        let words = slice.trim_end_matches([' ', '\t', '\n']);
        let end = self.range.start + words.len();
        let text = one_line(words, self.quotes);
        Some(Edit::replace(
            self.range.start..end,
            format!("{marks} {text}"),
        ))
    }
}

/// Gives the edits that bring the highest of `headings` to the level below `under`.
pub(super) fn demote(source: &str, headings: &[Heading], under: u8) -> Vec<Edit> {
    let Some(highest) = headings.iter().map(|heading| heading.level).min() else {
        return Vec::new();
    };
    let target = under.saturating_add(1).clamp(1, DEEPEST);
    let moved = |heading: &Heading| {
        let level = target + (heading.level - highest);
        heading.moved(source, level.min(DEEPEST))
    };
    headings.iter().filter_map(moved).collect()
}

/// Gives the words of an underlined heading, without the underline, on one line.
fn one_line(heading: &str, quotes: usize) -> String {
    let words = heading.rsplit_once('\n').map_or("", |(words, _)| words);
    let mut text = String::with_capacity(words.len() + 1);
    for (number, line) in words.split('\n').enumerate() {
        let line = if number == 0 {
            line
        } else {
            unquoted(line, quotes)
        };
        if number > 0 {
            drop_hard_break(&mut text);
            text.push(' ');
        }
        text.push_str(line.trim_matches([' ', '\t']));
    }
    let rest = text.trim_end_matches('#').len();
    if rest < text.len()
        && text
            .get(..rest)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with([' ', '\t']))
    {
        text.insert(rest, '\\');
    }
    text
}

/// Drops a last backslash that was there to break the line.
fn drop_hard_break(text: &mut String) {
    let backslashes = text.len() - text.trim_end_matches('\\').len();
    if backslashes % 2 == 1 {
        text.pop();
    }
}

/// Gives a line without the marks of the quotes around it.
fn unquoted(line: &str, quotes: usize) -> &str {
    (0..quotes).fold(line, |line, _| {
        line.trim_start_matches([' ', '\t'])
            .strip_prefix('>')
            .unwrap_or(line)
    })
}
