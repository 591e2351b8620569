//! Removes link definitions, which apply to a whole document.
//!
//! `[1]: …` in one value would turn `[1]` in another into a link, and the first of two equal definitions wins. So links
//! are written out where they are used, used definitions are removed, and unused ones show as typed.

use super::edit::Edit;
use pulldown_cmark::{Event, OffsetIter, Tag, TagEnd};
use std::collections::BTreeSet;
use std::ops::Range;

/// The definitions of a value, and what a review finds out about them.
pub(super) struct Definitions<'s> {
    source: &'s str,
    spans: Vec<Range<usize>>,
    used: BTreeSet<usize>,
    /// The end of the last part that is shown; definitions are part of no event.
    covered: usize,
    dropped: Vec<usize>,
}

impl<'s> Definitions<'s> {
    pub(super) fn new(source: &'s str, parser: &OffsetIter<'_>) -> Self {
        let definitions = parser.reference_definitions().iter();
        let mut spans: Vec<_> = definitions.map(|(_, found)| found.span.clone()).collect();
        spans.sort_by_key(|span| span.start);
        Self {
            source,
            spans,
            used: BTreeSet::new(),
            covered: 0,
            dropped: Vec::new(),
        }
    }

    /// Records that the definition at `start` is used.
    pub(super) fn mark_used(&mut self, start: usize) {
        self.used.insert(start);
    }

    /// Records the next event of the parser.
    pub(super) fn visit(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(Tag::Link { .. }) => self.show(range.start..range.start + "[".len()),
            Event::Start(Tag::Image { .. }) => self.show(range.start..range.start + "![".len()),
            Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => self.show(range.clone()),
            Event::Start(Tag::BlockQuote(Some(_))) => {
                let title = self
                    .source
                    .get(range.clone())
                    .and_then(|quote| quote.find(']'));
                let end = title.map_or(range.start, |at| range.start + at + 1);
                self.show(range.start..end);
            }
            Event::End(TagEnd::Link | TagEnd::Image) => self.covered = self.covered.max(range.end),
            Event::Start(_) | Event::End(_) => {}
            _ => self.show(range.clone()),
        }
    }

    /// Returns the edits that remove or escape all definitions.
    pub(super) fn finish(mut self, mut typed: impl FnMut(Range<usize>)) -> Vec<Edit> {
        self.show(self.source.len()..self.source.len());
        let mut edits: Vec<_> = self.dropped.iter().map(|at| Edit::backslash(*at)).collect();
        for span in &self.spans {
            if self.used.contains(&span.start) {
                edits.push(Edit::replace(self.lines_of(span), ""));
            } else {
                typed(span.clone());
            }
        }
        edits
    }

    /// Records a part that is shown, and looks for definitions between it and the last one.
    fn show(&mut self, part: Range<usize>) {
        if let Some(gap) = self.source.get(self.covered..part.start) {
            let mut start = self.covered;
            for line in gap.split_inclusive('\n') {
                self.find_dropped(start, line);
                start += line.len();
            }
        }
        self.covered = self.covered.max(part.end);
    }

    /// Looks for a definition that the parser dropped because an earlier one has the same name.
    fn find_dropped(&mut self, start: usize, line: &str) {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit() || " \t>-+*.)".contains(c));
        let at = start + line.len() - rest.len();
        let next = self.spans.partition_point(|span| span.end <= at);
        let known = self.spans.get(next).is_some_and(|span| span.contains(&at));
        if rest.starts_with('[') && !known {
            self.dropped.push(at);
        }
    }

    /// Returns the span, or its whole lines if nothing else is on them.
    fn lines_of(&self, span: &Range<usize>) -> Range<usize> {
        let before = self.source.get(..span.start).unwrap_or_default();
        let above = before.trim_end_matches(' ');
        let after = self.source.get(span.end..).unwrap_or_default();
        if !(above.is_empty() || above.ends_with('\n')) {
            return span.clone();
        }
        let mut rest = after.strip_prefix('\n').unwrap_or(after);
        if above.is_empty() || above.ends_with("\n\n") {
            rest = rest.trim_start_matches('\n');
        }
        above.len()..self.source.len() - rest.len()
    }
}
