//! Reviews the inline events of a parser, and collects what must be escaped.
//!
//! The parser decides what is markup, so nothing else changes. An edit can reveal other markup, so callers parse again
//! until nothing changes.

use super::edit::Edit;
use super::line::label;
use super::scan::{ParagraphContext, Reading, Scan};
use super::target;
use crate::archive::is_picture;
use crate::dialect::{self, link};
use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
use std::ops::Range;

/// The treatment of delimiters that have no partner in the value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum UnpairedDelimiters {
    Escape(ParagraphContext),
    Keep,
}

/// The treatment of the end of a link.
#[derive(PartialEq, Eq)]
enum LinkEnd {
    Keep,
    Escape,
    Replace(String),
}

/// The end of a link in another one, which would be lost: the inner one loses its target.
const NO_TARGET: LinkEnd = LinkEnd::Replace(String::new());

/// The state of a review.
pub(super) struct Inline<'s> {
    pub(super) edits: Vec<Edit>,
    source: &'s str,
    start: usize,
    unpaired: UnpairedDelimiters,
    leftover: Scan<'s>,
    links: Vec<LinkEnd>,
    /// The end of the last event.
    seen: usize,
    /// The end of the last text.
    text_end: usize,
    /// The end of the last autolink, whose text is not Markdown.
    raw_end: usize,
}

impl<'s> Inline<'s> {
    /// Creates a review of `source`, in which the value starts at byte `start`.
    pub(super) fn new(source: &'s str, start: usize, unpaired: UnpairedDelimiters) -> Self {
        let context = match unpaired {
            UnpairedDelimiters::Escape(context) => context,
            UnpairedDelimiters::Keep => ParagraphContext::Shared,
        };
        Self {
            edits: Vec::new(),
            source,
            start,
            unpaired,
            leftover: Scan::new(source, start, Reading::Leftover).in_context(context),
            links: Vec::new(),
            seen: start,
            text_end: start,
            raw_end: start,
        }
    }

    /// Reviews the next event of the parser; block events only move the position.
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

    /// Escapes everything in `range` that may be markup, so that it shows as typed.
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
                let mut end = self.link_end(*link_type, range, dest_url, title);
                let is_typed = matches!(link_type, LinkType::Autolink | LinkType::Email);
                if self.is_in_link() && end != LinkEnd::Escape && !is_typed {
                    self.edits
                        .push(Edit::replace(range.start..range.start + "[".len(), ""));
                    end = NO_TARGET;
                }
                self.links.push(end);
                self.seen = self.seen.max(range.start + "[".len());
            }
            Tag::Image {
                link_type,
                dest_url,
                title,
                ..
            } => {
                let mut end = self.link_end(*link_type, range, dest_url, title);
                if end != LinkEnd::Escape && link::allowed(dest_url) && !is_shown(dest_url) {
                    let is_in_link = self.is_in_link();
                    self.link_to_picture(range, dest_url, is_in_link);
                    if is_in_link {
                        end = NO_TARGET;
                    }
                }
                self.links.push(end);
                self.seen = self.seen.max(range.start + "![".len());
            }
            Tag::Strikethrough => {
                let source = self.source.get(range.clone()).unwrap_or_default();
                if !source.starts_with("~~") {
                    self.edits.push(Edit::backslash(range.end - 1));
                }
            }
            _ => {}
        }
    }

    fn link_end(
        &mut self,
        kind: LinkType,
        range: &Range<usize>,
        dest: &str,
        title: &str,
    ) -> LinkEnd {
        match kind {
            LinkType::Autolink | LinkType::Email => {
                self.raw_end = range.end;
                let is_allowed = match kind {
                    LinkType::Email => link::allowed(&format!("mailto:{dest}")),
                    _ => link::allowed(dest),
                };
                if !is_allowed {
                    self.typed(range.clone());
                }
                LinkEnd::Keep
            }
            LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut => {
                if !link::allowed(dest) {
                    // Its definition is escaped, so this becomes text.
                    return LinkEnd::Keep;
                }
                let target = target::published(dest);
                // The definition of a link to a file that is not published is removed, so the link is written out.
                LinkEnd::Replace(match target {
                    Some(target) => target::tail(&target, title),
                    None => format!("\\{}", target::tail(dest, title)),
                })
            }
            _ if !link::allowed(dest) => LinkEnd::Escape,
            _ => match target::published(dest) {
                None => LinkEnd::Escape,
                Some(target) if target == dest => LinkEnd::Keep,
                Some(target) => LinkEnd::Replace(target::tail(&target, title)),
            },
        }
    }

    /// Returns `true` inside a link, or an image that becomes one.
    fn is_in_link(&self) -> bool {
        self.links.iter().any(|end| *end != LinkEnd::Escape)
    }

    /// Turns an image that is not shown into a link to it, or into its words.
    fn link_to_picture(&mut self, range: &Range<usize>, dest: &str, is_in_link: bool) {
        let start = range.start..range.start + "![".len();
        let rest = self.source.get(start.end..).unwrap_or_default();
        let text = if rest.starts_with(']') {
            label(dest)
        } else {
            "".into()
        };
        let bracket = if is_in_link { "" } else { "[" };
        self.edits
            .push(Edit::replace(start, format!("{bracket}{text}")));
    }

    fn end_link(&mut self, end: usize) {
        let bracket = || {
            let rest = self.source.get(self.seen..end)?;
            Some(self.seen + rest.find(']')?)
        };
        match (self.links.pop(), bracket()) {
            (Some(LinkEnd::Escape), Some(bracket)) => self.typed(bracket..end),
            (Some(LinkEnd::Replace(tail)), Some(bracket)) => {
                // The parser leaves the `[]` of `[text][]` out of the link.
                let rest = self.source.get(end..).unwrap_or_default();
                let end = end + if rest.starts_with("[]") { 2 } else { 0 };
                self.edits.push(Edit::replace(bracket..end, tail));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, range: &Range<usize>) {
        // The text before the value may be in the same event.
        let from = range.start.max(self.start);
        let previous = std::mem::replace(&mut self.text_end, range.end);
        let decoded = self.source.get(range.clone()) != Some(text);
        if self.unpaired == UnpairedDelimiters::Keep || decoded || from < self.raw_end {
            return;
        }
        // A backslash that is not part of the text escapes the next byte.
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

/// Returns `true` if a page shows an image: one of the site, and of a format without scripts.
fn is_shown(target: &str) -> bool {
    link::is_relative(target) && dialect::local_path(target).is_some_and(|path| is_picture(&path))
}
