//! The Markdown dialect of reports: its options, what a text in it links to, and the table rows of which parsers drop cells.

use std::ops::Range;

use camino::Utf8Path;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

/// CommonMark with tables, strikethrough, task lists and alerts, as GitHub reads them.
///
/// Without footnotes, whose IDs would be shared by all sections of a page.
pub(crate) const DIALECT: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// Text before a value for the parser, after which nothing starts a block.
pub(crate) const PREFIX: &str = "x ";

/// The target of a link or an image in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTarget {
    /// The target as CommonMark decodes it.
    pub url: String,
    /// Whether an image was meant.
    pub is_picture: bool,
}

/// Returns the targets of the links and images of a text, in order.
#[must_use]
pub fn targets(text: &str) -> Vec<LinkTarget> {
    if !text.contains("](") && !text.contains("]:") {
        return Vec::new();
    }
    let target = |event: Event<'_>| match event {
        Event::Start(Tag::Link {
            link_type: LinkType::Autolink | LinkType::Email,
            ..
        }) => None,
        Event::Start(Tag::Link { dest_url, .. }) => Some(LinkTarget {
            url: dest_url.into_string(),
            is_picture: false,
        }),
        Event::Start(Tag::Image { dest_url, .. }) => Some(LinkTarget {
            url: dest_url.into_string(),
            is_picture: true,
        }),
        _ => None,
    };
    Parser::new_ext(text, DIALECT).filter_map(target).collect()
}

/// Returns the path that a target has relative to the text's file, or `None` if it leads to another site, to a page of this
/// site, or to a part of the same page.
#[must_use]
pub fn file_path(target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next()?;
    let first = path.split('/').next()?;
    let is_page = Utf8Path::new(path).extension() == Some("html") || report(target).is_some();
    if first.contains([':', '\\']) || path.is_empty() || path.starts_with('/') || is_page {
        return None;
    }
    String::from_utf8(percent_decoded(path)).ok()
}

/// Returns the name and the fragment of a target that is another report, `NAME.md` or `NAME.md#part`.
///
/// The fragment keeps its `#`, which may be empty. `None` for other targets.
#[must_use]
pub fn report(target: &str) -> Option<(&str, &str)> {
    let (file, fragment) = target.split_at_checked(target.find('#').unwrap_or(target.len()))?;
    let name = file.strip_suffix(".md")?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-');
    is_name.then_some((name, fragment))
}

/// Returns the bytes of a target with its percent-encoding decoded.
pub(crate) fn percent_decoded(target: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(target.len());
    let mut rest = target.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = match (byte, after) {
            (b'%', [high, low, after @ ..]) => hex(*high).zip(hex(*low)).map(|pair| (pair, after)),
            _ => None,
        };
        match escaped {
            Some(((high, low), after)) => {
                decoded.push(high * 16 + low);
                rest = after;
            }
            None => {
                decoded.push(byte);
                rest = after;
            }
        }
    }
    decoded
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// A table row with more cells than the head of its table; parsers drop those that are too many.
#[derive(Debug, PartialEq, Eq)]
pub struct LongRow {
    /// The line of the text, from 1.
    pub line: usize,
    /// The number of its cells.
    pub cells: usize,
    /// The number of columns of its table.
    pub columns: usize,
    /// The positions of the bars that are text, not the end of a cell.
    pub(crate) bars: Vec<usize>,
}

/// Returns the table rows of a text that have more cells than their head.
#[must_use]
pub fn long_rows(text: &str) -> Vec<LongRow> {
    if !text.contains('|') {
        return Vec::new();
    }
    let mut columns = 0;
    let mut rows = Vec::new();
    for (event, range) in Parser::new_ext(text, DIALECT).into_offset_iter() {
        match event {
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableRow) => rows.extend(long_row(text, range, columns)),
            _ => {}
        }
    }
    rows
}

/// Returns the row in `range` if it is too long.
pub(crate) fn long_row(text: &str, range: Range<usize>, columns: usize) -> Option<LongRow> {
    let bars = separators(text, range.clone());
    let cells = bars.len() + 1;
    if cells <= columns {
        return None;
    }
    let (mut code, mut ends): (Vec<usize>, Vec<usize>) =
        bars.iter().partition(|bar| is_in_code(text, &range, **bar));
    // Bars that are in no code end the last cells of the row: these become one cell.
    let last = ends.split_off(ends.len().min(columns.saturating_sub(1)));
    code.extend(last);
    code.sort_unstable();
    let before = text.get(..range.start).unwrap_or_default();
    Some(LongRow {
        line: before.matches('\n').count() + 1,
        cells,
        columns,
        bars: code,
    })
}

/// Returns the positions of the bars between two cells of a row.
fn separators(text: &str, range: Range<usize>) -> Vec<usize> {
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
    bars.iter().map(|at| range.start + at).collect()
}

/// Returns `true` if the backticks of a row enclose a position.
fn is_in_code(text: &str, range: &Range<usize>, at: usize) -> bool {
    let row = text.get(range.clone()).unwrap_or_default().as_bytes();
    let at = at - range.start;
    let run = |from: usize| {
        row.iter()
            .skip(from)
            .take_while(|byte| **byte == b'`')
            .count()
    };
    let mut open = 0;
    while let Some(start) = row.iter().skip(open).position(|byte| *byte == b'`') {
        let start = open + start;
        let ticks = run(start);
        let mut close = start + ticks;
        let end = loop {
            let Some(next) = row.iter().skip(close).position(|byte| *byte == b'`') else {
                break None;
            };
            let length = run(close + next);
            if length == ticks {
                break Some(close + next);
            }
            close += next + length;
        };
        match end {
            Some(end) if (start..end).contains(&at) => return true,
            Some(end) => open = end + ticks,
            None => open = start + ticks,
        }
    }
    false
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
            ("| a | b | |", Some("| a | b \\| |")),
        ] {
            let table = format!("> | x | y |\n> |---|---|\n> {row}\n");
            let mut written = table.clone();
            for found in long_rows(&table) {
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
            assert_eq!(long_rows(&written), [], "{row}");
        }
    }

    #[test]
    fn targets_are_those_of_links_and_images() {
        let text =
            "[a](b.txt) ![c](<d e.png> \"t\") <https://f.example> `[g](h)` [i]\n\n[i]: ../j.log\n";
        let found = targets(text);
        let found: Vec<_> = found
            .iter()
            .map(|target| (&*target.url, target.is_picture))
            .collect();
        assert_eq!(
            found,
            [("b.txt", false), ("d e.png", true), ("../j.log", false)]
        );
    }

    #[test]
    fn only_a_relative_target_that_is_no_page_is_a_file() {
        for (target, expected) in [
            ("../pics/q.png", Some("../pics/q.png")),
            ("a%20b.log#L2", Some("a b.log")),
            ("./notes.md?x", Some("./notes.md")),
            ("INC-1.md", None),
            ("../metrics.html#a", None),
            ("https://a.example/b.png", None),
            ("mailto:a@b.example", None),
            ("//a.example/b.png", None),
            ("/b.png", None),
            ("#b.png", None),
        ] {
            assert_eq!(file_path(target).as_deref(), expected, "{target}");
        }
    }
}
