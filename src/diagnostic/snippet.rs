//! Extracts the source lines of spans for display.
//!
//! Hidden characters are made visible, and long lines are shortened to the parts near
//! the spans, so that a snippet is small and safe for any file. The spans are adjusted.

use super::visible;
use crate::source::{Source, Span};
use std::ops::Range;

/// The length of the part of a long line that is shown on each side of a span, in bytes.
const AROUND: usize = 120;

/// A few lines of a file, with spans in them.
pub struct Snippet {
    pub text: String,
    /// The number of the first line.
    pub line: usize,
    /// The spans within `text`, in the given order.
    pub spans: Vec<Range<usize>>,
    /// The line and column at which the snippet shows the first span.
    pub shown: (usize, usize),
}

/// Creates the snippet from the first to the last line of some spans.
///
/// A span of several lines is shortened to its first one: a header or an opening
/// bracket is enough, and the rest of a table would bury the message.
pub fn snippet(source: &Source, spans: &[Span]) -> Snippet {
    let lines = spans.iter().map(|span| source.position(span.start).line);
    let first = lines.clone().min().unwrap_or(1);
    let last = lines.max().unwrap_or(1);
    let spans: Vec<Span> = spans
        .iter()
        .map(|span| on_one_line(source, *span))
        .collect();
    let mut builder = Builder {
        text: String::new(),
        offsets: spans
            .iter()
            .flat_map(|span| [span.start, span.end])
            .map(|at| (at, 0))
            .collect(),
    };
    for line in first..=last {
        builder.line(source, line);
    }
    let range = |at: usize| {
        let shown = |at: usize| builder.offsets.get(at).map_or(0, |(_, offset)| *offset);
        shown(2 * at)..shown(2 * at + 1)
    };
    let ranges: Vec<Range<usize>> = (0..spans.len()).map(range).collect();
    let start = ranges.first().map_or(0, |range| range.start);
    let before = builder.text.get(..start).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before
        .get(line_start..)
        .map_or(0, |text| text.chars().count());
    Snippet {
        shown: (first + before.matches('\n').count(), column + 1),
        text: builder.text,
        line: first,
        spans: ranges,
    }
}

fn on_one_line(source: &Source, span: Span) -> Span {
    let line = source.line(source.position(span.start).line);
    let start = source.floor(span.start).min(line.end);
    let end = source.floor(span.end).clamp(start, line.end);
    Span::new(start, end)
}

struct Builder {
    text: String,
    /// Offsets in the source, each with its offset in the snippet once that is known.
    offsets: Vec<(usize, usize)>,
}

impl Builder {
    fn line(&mut self, source: &Source, line: usize) {
        let line = source.line(line);
        let near = self.near(source.text(), line);
        if near.first().is_none_or(|part| part.start > line.start) {
            self.text.push('…');
        }
        let mut end = line.start;
        for part in &near {
            if part.start > end && end > line.start {
                self.text.push('…');
            }
            self.part(source.text(), *part);
            end = part.end;
        }
        if end < line.end && !near.is_empty() {
            self.text.push('…');
        }
        self.text.push('\n');
    }

    /// Returns the parts of a line near one of the offsets, sorted and disjoint.
    fn near(&self, text: &str, line: Span) -> Vec<Span> {
        if line.end - line.start <= 2 * AROUND {
            return vec![line];
        }
        let offsets = self.offsets.iter().map(|(at, _)| *at);
        let mut offsets: Vec<usize> = offsets
            .filter(|at| (line.start..=line.end).contains(at))
            .collect();
        offsets.sort_unstable();
        let mut parts: Vec<Span> = Vec::new();
        for offset in offsets {
            let mut start = offset.saturating_sub(AROUND).max(line.start);
            let mut end = (offset + AROUND).min(line.end);
            while !text.is_char_boundary(start) {
                start -= 1;
            }
            while !text.is_char_boundary(end) {
                end += 1;
            }
            match parts.last_mut() {
                Some(part) if start <= part.end => part.end = end.max(part.end),
                _ => parts.push(Span::new(start, end)),
            }
        }
        parts
    }

    fn part(&mut self, text: &str, part: Span) {
        let characters = part.slice(text).char_indices();
        for (at, character) in characters.map(|(at, c)| (part.start + at, c)) {
            self.record(at);
            visible::push(&mut self.text, character);
        }
        self.record(part.end);
    }

    fn record(&mut self, at: usize) {
        let shown = self.text.len();
        let passed = self.offsets.iter_mut().filter(|(offset, _)| *offset == at);
        passed.for_each(|offset| offset.1 = shown);
    }
}
