//! Reviews the inline events of a parser and gathers what must be escaped.
//!
//! The parser decides what is markup, so nothing else is touched. An edit can
//! bring to light what it had hidden: callers parse again until all is well.

use super::edit::Edit;
use super::scan::{ParagraphContext, Reading, Scan};
use super::target;
use crate::render::link;
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
use std::ops::Range;

/// Whether marks without a partner in the value are escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UnpairedDelimiters {
    Escape(ParagraphContext),
    Keep,
}

/// What becomes of a link when its end is reached.
enum Ending {
    Kept,
    Typed,
    Inlined(String),
}

/// The state of a review.
pub(super) struct Inline<'s> {
    pub(super) edits: Vec<Edit>,
    source: &'s str,
    start: usize,
    unpaired: UnpairedDelimiters,
    leftover: Scan<'s>,
    links: Vec<Ending>,
    /// Where the last event that was seen ends.
    seen: usize,
    /// Where the last piece of text ends.
    text_end: usize,
    /// Where an autolink ends, whose text is no Markdown.
    raw_end: usize,
}

impl<'s> Inline<'s> {
    /// Prepares a review of `source`, in which the value begins at byte `start`.
    pub(super) fn new(source: &'s str, start: usize, unpaired: UnpairedDelimiters) -> Self {
        let company = match unpaired {
            UnpairedDelimiters::Escape(company) => company,
            UnpairedDelimiters::Keep => ParagraphContext::Shared,
        };
        Self {
            edits: Vec::new(),
            source,
            start,
            unpaired,
            leftover: Scan::new(source, start, Reading::Leftover).in_company(company),
            links: Vec::new(),
            seen: start,
            text_end: start,
            raw_end: start,
        }
    }

    /// Takes in the next event of the parser; block events only move the place.
    pub(super) fn visit(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(TagEnd::Link | TagEnd::Image) => self.end_link(range.end),
            Event::InlineHtml(_) => self.typed(range.clone()),
            Event::Text(text) => self.text(text, range),
            _ => {}
        }
        if !matches!(event, Event::Start(_)) {
            self.seen = self.seen.max(range.end);
        }
    }

    /// Escapes all that could be markup in `range`, so that it shows as it was typed.
    pub(super) fn typed(&mut self, range: Range<usize>) {
        let edits = &mut self.edits;
        Scan::new(self.source, 0, Reading::Typed).over(range, |at| edits.push(Edit::backslash(at)));
    }

    fn start(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => {
                let ending = self.ending(*link_type, range, dest_url, title, is_link);
                self.links.push(ending);
                self.seen = self.seen.max(range.start + "[".len());
            }
            Tag::Image {
                link_type,
                dest_url,
                title,
                ..
            } => {
                let ending = self.ending(*link_type, range, dest_url, title, link::is_relative);
                self.links.push(ending);
                self.seen = self.seen.max(range.start + "![".len());
            }
            Tag::Strikethrough => {
                let marks = self.source.get(range.clone()).unwrap_or_default();
                if !marks.starts_with("~~") {
                    self.edits.push(Edit::backslash(range.end - 1));
                }
            }
            _ => {}
        }
    }

    fn ending(
        &mut self,
        kind: LinkType,
        range: &Range<usize>,
        dest: &str,
        title: &str,
        allowed: fn(&str) -> bool,
    ) -> Ending {
        match kind {
            LinkType::Autolink | LinkType::Email => {
                self.raw_end = range.end;
                let fine = match kind {
                    LinkType::Email => link::allowed(&format!("mailto:{dest}")),
                    _ => allowed(dest),
                };
                if !fine {
                    self.typed(range.clone());
                }
                Ending::Kept
            }
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {
                if allowed(dest) {
                    Ending::Inlined(target::tail(dest, title))
                } else {
                    // Its definition is escaped, after which this is text.
                    Ending::Kept
                }
            }
            _ if allowed(dest) => Ending::Kept,
            _ => Ending::Typed,
        }
    }

    fn end_link(&mut self, end: usize) {
        let bracket = || {
            let rest = self.source.get(self.seen..end)?;
            Some(self.seen + rest.find(']')?)
        };
        match (self.links.pop(), bracket()) {
            (Some(Ending::Typed), Some(bracket)) => self.typed(bracket..end),
            (Some(Ending::Inlined(tail)), Some(bracket)) => {
                // The parser leaves the `[]` of `[words][]` out of the link.
                let behind = self.source.get(end..).unwrap_or_default();
                let end = if behind.starts_with("[]") {
                    end + 2
                } else {
                    end
                };
                self.edits.push(Edit::replace(bracket..end, tail));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, range: &Range<usize>) {
        // The words in front come in one piece with those of the value.
        let from = range.start.max(self.start);
        let previous = std::mem::replace(&mut self.text_end, range.end);
        let decoded = self.source.get(range.clone()) != Some(text);
        if self.unpaired == UnpairedDelimiters::Keep || decoded || from < self.raw_end {
            return;
        }
        // A backslash that is no text itself escapes the byte after it.
        let backslash = from
            .checked_sub(1)
            .and_then(|at| self.source.as_bytes().get(at));
        let escaped = backslash == Some(&b'\\') && previous != from;
        if escaped {
            self.leftover.skip_escaped(from);
        }
        let edits = &mut self.edits;
        self.leftover
            .over(from + usize::from(escaped)..range.end, |at| {
                edits.push(Edit::backslash(at));
            });
    }
}

fn is_link(dest: &str) -> bool {
    link::allowed(dest)
}
