//! Finds the rows of tables of which parsers lose a cell, or split what belongs together.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::{DIALECT, PREFIX};

/// A table row in which a bar that was meant as text ends a cell.
#[derive(Debug, PartialEq, Eq)]
pub struct SplitRow {
    /// The line of the text, from 1.
    pub line: usize,
    /// The number of its cells. Parsers drop those that the head of the table does not have.
    pub cells: usize,
    /// The number of columns of its table.
    pub columns: usize,
    /// The positions of the bars that are text, not the end of a cell.
    pub(crate) bars: Vec<usize>,
}

impl SplitRow {
    /// Returns `true` if the row has more cells than its table has columns.
    #[must_use]
    pub fn is_long(&self) -> bool {
        self.cells > self.columns
    }
}

/// Returns the table rows of a text that have more cells than their head, or split code, a link or an image.
#[must_use]
pub fn split_rows(text: &str) -> Vec<SplitRow> {
    if !text.contains('|') {
        return Vec::new();
    }
    let mut columns = 0;
    let mut rows = Vec::new();
    for (event, range) in Parser::new_ext(text, DIALECT).into_offset_iter() {
        match event {
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableRow) => rows.extend(split_row(text, range, columns)),
            _ => {}
        }
    }
    rows
}

/// Returns a text in which the bars that would end surplus cells are text, as they are printed.
#[must_use]
pub fn with_whole_rows(text: &str) -> Cow<'_, str> {
    let rows = split_rows(text);
    let bars = rows.iter().filter(|row| row.is_long());
    let mut bars: Vec<usize> = bars.flat_map(|row| row.bars.iter().copied()).collect();
    if bars.is_empty() {
        return Cow::Borrowed(text);
    }
    bars.sort_unstable();
    let mut whole = text.to_owned();
    for bar in bars.into_iter().rev() {
        whole.insert(bar, '\\');
    }
    Cow::Owned(whole)
}

/// Returns the row in `range` if it is too long, or splits code, a link or an image.
pub(crate) fn split_row(text: &str, range: Range<usize>, columns: usize) -> Option<SplitRow> {
    let bars = separators(text, range.clone(), columns);
    let cells = bars.len() + 1;
    let spans = spans(text, &range);
    let is_inside = |bar: &usize| spans.iter().any(|span| span.contains(bar));
    let (mut inside, mut ends): (Vec<usize>, Vec<usize>) =
        bars.into_iter().partition(|bar| is_inside(bar));
    if cells > columns {
        // Bars that are in no code end the last cells of the row: these become one cell.
        inside.extend(ends.split_off(ends.len().min(columns.saturating_sub(1))));
        inside.sort_unstable();
    }
    let before = text.get(..range.start).unwrap_or_default();
    (!inside.is_empty()).then(|| SplitRow {
        line: before.matches('\n').count() + 1,
        cells,
        columns,
        bars: inside,
    })
}

/// Returns where a row would have code, links and images if its bars were text.
fn spans(text: &str, range: &Range<usize>) -> Vec<Range<usize>> {
    let row = text.get(range.clone()).unwrap_or_default();
    if !row.contains('`') && !row.contains("](") {
        return Vec::new();
    }
    let line = [PREFIX, row].concat();
    let at = |position: usize| (position + range.start).saturating_sub(PREFIX.len());
    let events = Parser::new_ext(&line, DIALECT).into_offset_iter();
    let spans = events.filter_map(|(event, span)| {
        let is_span = matches!(
            event,
            Event::Code(_) | Event::Start(Tag::Link { .. } | Tag::Image { .. })
        );
        is_span.then(|| at(span.start)..at(span.end))
    });
    spans.collect()
}

/// Returns the positions of the bars between two cells of a row, without those after which it is empty.
fn separators(text: &str, range: Range<usize>, columns: usize) -> Vec<usize> {
    let row = text.get(range.clone()).unwrap_or_default();
    let mut bars = Vec::new();
    let mut is_escaped = false;
    for (at, byte) in row.bytes().enumerate() {
        if byte == b'|' && !is_escaped {
            bars.push(at);
        }
        is_escaped = byte == b'\\' && !is_escaped;
    }
    // The bars at both ends of a row are its frame.
    let is_blank = |part: Option<&str>| part.is_some_and(|part| part.trim().is_empty());
    if bars
        .last()
        .is_some_and(|last| is_blank(row.get(last + 1..)))
    {
        bars.pop();
    }
    if bars
        .first()
        .is_some_and(|first| is_blank(row.get(..*first)))
    {
        bars.remove(0);
    }
    // An empty cell beyond the last column is nothing that readers miss.
    let is_empty = |rest: &str| rest.chars().all(|c| c.is_whitespace() || c == '|');
    while bars.len() >= columns
        && let Some(last) = bars.last()
        && row.get(last + 1..).is_some_and(is_empty)
    {
        bars.pop();
    }
    bars.iter().map(|at| range.start + at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_in_code_and_beyond_the_last_column_are_text() {
        for (row, expected) in [
            ("| a | b |", None),
            ("| a |", None),
            ("| a \\| b | c |", None),
            ("| `a|b` | c |", Some("| `a\\|b` | c |")),
            ("a | ``b` | c`` | d", Some("a | ``b` \\| c`` \\| d")),
            ("| a | b | c | d |", Some("| a | b \\| c \\| d |")),
            ("| `a | b | c |", Some("| `a | b \\| c |")),
            ("| a | b | |", None),
            ("| a | b | | |", None),
            ("| a | b | c | |", Some("| a | b \\| c | |")),
            ("| [a|b](c) |", Some("| [a\\|b](c) |")),
            ("| ![a|b](c|d) |", Some("| ![a\\|b](c\\|d) |")),
            ("| `a|b` |", Some("| `a\\|b` |")),
        ] {
            let table = format!("> | x | y |\n> |---|---|\n> {row}\n");
            let mut written = table.clone();
            for found in split_rows(&table) {
                assert_eq!((found.line, found.columns), (3, 2), "{row}");
                for bar in found.bars.iter().rev() {
                    written.insert(*bar, '\\');
                }
            }
            let expected = expected.unwrap_or(row);
            assert_eq!(
                written.lines().nth(2),
                Some(&*format!("> {expected}")),
                "{row}"
            );
            assert_eq!(split_rows(&written), [], "{row}");
        }
    }
}
