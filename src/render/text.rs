//! Extracts the text of a report by heading, from its Markdown.
//!
//! The Markdown is parsed, so what a template writes as text never counts as markup. The IDs are those of the page's
//! headings, which come in the same order.

use std::cell::LazyCell;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::html::{Heading, slug};
use crate::dialect::DIALECT;

/// The text of a page, for the search.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageText {
    /// The title.
    pub title: String,
    /// The sections; the first is the text before all headings.
    pub sections: Vec<TextSection>,
}

/// The text below a heading, or of one event of a timeline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextSection {
    /// The ID on the page; empty before the first heading.
    pub id: String,
    /// The heading, or the time of the event.
    pub title: String,
    /// The text, on one line.
    pub text: String,
}

/// An event of a timeline.
pub(super) struct Entry<'a> {
    /// Its ID on the page.
    pub id: &'a str,
    /// Its time as the Markdown prints it.
    pub time: &'a str,
    /// Its time with the date if there are several.
    pub title: String,
}

/// The text of a page while its Markdown is read.
pub(super) struct TextReader<'p> {
    page: PageText,
    /// The headings and events of the page that were not read yet.
    headings: &'p [Heading],
    entries: &'p [Entry<'p>],
    /// Whether a space separates the next text from the last.
    is_apart: bool,
}

impl<'p> TextReader<'p> {
    /// Starts a page; `intro` is text before its headings.
    pub(super) fn new(
        title: String,
        intro: &[&str],
        headings: &'p [Heading],
        entries: &'p [Entry<'p>],
    ) -> Self {
        let mut reader = Self {
            page: PageText {
                title,
                sections: vec![TextSection::default()],
            },
            headings,
            entries,
            is_apart: false,
        };
        for text in intro {
            reader.push(text);
            reader.is_apart = true;
        }
        reader
    }

    /// Returns the page without empty sections.
    pub(super) fn finish(mut self) -> PageText {
        let is_filled =
            |section: &TextSection| !(section.title.is_empty() && section.text.is_empty());
        self.page.sections.retain(is_filled);
        self.page
    }

    /// Reads a part of the page's Markdown.
    pub(super) fn read(&mut self, markdown: &str) {
        // Where bold text began at the start of a line, as the time of an event does.
        let (mut is_line_start, mut bold) = (false, None);
        for event in Parser::new_ext(markdown, DIALECT) {
            let starts_line = matches!(event, Event::Start(Tag::Paragraph) | Event::HardBreak);
            match event {
                Event::Text(text)
                | Event::Code(text)
                | Event::Html(text)
                | Event::InlineHtml(text)
                | Event::InlineMath(text)
                | Event::DisplayMath(text)
                | Event::FootnoteReference(text) => self.push(&text),
                Event::Start(Tag::Heading { .. }) => self.start("", String::new()),
                Event::End(TagEnd::Heading(level)) => self.end_heading(level as u8),
                Event::Start(Tag::Strong) if is_line_start => bold = Some(self.start_of_next()),
                Event::End(TagEnd::Strong) => {
                    if let Some(start) = bold.take() {
                        self.start_entry(start);
                    }
                }
                Event::Start(
                    Tag::Strong | Tag::Emphasis | Tag::Strikethrough | Tag::Link { .. },
                )
                | Event::End(TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Link) => {}
                _ => self.is_apart = true,
            }
            is_line_start = starts_line;
        }
        self.is_apart = true;
    }

    /// Appends text with single spaces.
    fn push(&mut self, text: &str) {
        let Some(section) = self.page.sections.last_mut() else {
            return;
        };
        self.is_apart |= text.starts_with(char::is_whitespace);
        let is_apart_after = text.ends_with(char::is_whitespace);
        let mut text = text.trim();
        // The dash after the time of an event.
        while section.text.is_empty()
            && let Some(rest) = text.strip_prefix('-')
            && (rest.is_empty() || rest.starts_with(char::is_whitespace))
        {
            text = rest.trim_start();
        }
        section.text.reserve(text.len() + 1);
        let mut push = |words: &str| {
            if self.is_apart && !section.text.is_empty() {
                section.text.push(' ');
            }
            self.is_apart = true;
            section.text.push_str(words);
        };
        if text.is_empty() {
            self.is_apart |= is_apart_after;
            return;
        }
        if is_spaced(text) {
            push(text);
        } else {
            text.split_whitespace().for_each(push);
        }
        self.is_apart = is_apart_after;
    }

    fn start_of_next(&self) -> usize {
        let section = self.page.sections.last();
        section.map_or(0, |section| section.text.len())
    }

    fn start(&mut self, id: &str, title: String) {
        self.is_apart = false;
        self.page.sections.push(TextSection {
            id: id.to_owned(),
            title,
            text: String::new(),
        });
    }

    /// Makes the text since the heading began its title; that of the page itself is known.
    fn end_heading(&mut self, level: u8) {
        let Some(section) = self.page.sections.pop() else {
            return;
        };
        self.is_apart = true;
        if level == 1 {
            return;
        }
        let name = LazyCell::new(|| slug(&section.text));
        let is_this =
            |heading: &Heading| heading.text == section.text || slug(&heading.text) == *name;
        let found = self.headings.iter().position(is_this);
        match found.and_then(|found| self.headings.get(found..)?.split_first()) {
            Some((heading, rest)) => {
                self.headings = rest;
                self.start(&heading.id, heading.text.clone());
            }
            None => {
                let above = self.page.sections.last();
                let id = above.map_or(String::new(), |above| above.id.clone());
                self.start(&id, section.text);
            }
        }
    }

    /// Starts a section if the bold text from `start` is the time of an event.
    fn start_entry(&mut self, start: usize) {
        let Some(section) = self.page.sections.last_mut() else {
            return;
        };
        let bold = section.text.get(start..).unwrap_or_default().trim_start();
        let found = self.entries.iter().position(|entry| entry.time == bold);
        if let Some((entry, rest)) =
            found.and_then(|found| self.entries.get(found..)?.split_first())
        {
            self.entries = rest;
            section.text.truncate(start);
            self.start(entry.id, entry.title.clone());
        }
    }
}

/// Returns `true` for a text of printable ASCII without two spaces in a row, as most are.
fn is_spaced(text: &str) -> bool {
    // Without an early exit, many bytes are compared at once.
    let is_printable = |all, byte: &u8| all && (b' '..=b'~').contains(byte);
    let bytes = text.as_bytes();
    let next = bytes.get(1..).unwrap_or_default();
    let is_single = |all, (byte, next): (&u8, &u8)| all && (*byte != b' ' || *next != b' ');
    bytes.iter().fold(true, is_printable) && bytes.iter().zip(next).fold(true, is_single)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(markdown: &str, headings: &[&str], times: &[&str]) -> Vec<[String; 3]> {
        let heading = |text: &&str| Heading {
            level: 2,
            id: format!("on-page-{}", slug(text)),
            text: (*text).to_owned(),
        };
        let headings: Vec<Heading> = headings.iter().map(heading).collect();
        let entry = |time| Entry {
            id: "event",
            time,
            title: format!("2025-01-14 {time}"),
        };
        let entries: Vec<Entry> = times.iter().copied().map(entry).collect();
        let mut reader =
            TextReader::new("A title".to_owned(), &["One.", "two"], &headings, &entries);
        reader.read(markdown);
        let page = reader.finish();
        let sections = page.sections.into_iter();
        sections
            .map(|section| [section.id, section.title, section.text])
            .collect()
    }

    #[test]
    fn the_text_is_read_by_heading() {
        let markdown = "# Report\n\nLead *in*side.\n\n## Root \\*Cause ✅\n\n- `max(a)` a&amp;b\n- <abbr title=\"a > b\">x</abbr>\n\n\
                        | a | b |\n|---|---|\n| 1 | 2 |\n\n### Other\n\n```sql\nSELECT 1;\n```\n\n## Empty\n";
        let sections = read(markdown, &["Summary", "Root *Cause", "Empty"], &[]);
        let expected = [
            ["", "", "One. two Lead inside."],
            [
                "on-page-root-cause",
                "Root *Cause",
                "max(a) a&b <abbr title=\"a > b\">x</abbr> a b 1 2",
            ],
            ["on-page-root-cause", "Other", "SELECT 1;"],
            ["on-page-empty", "Empty", ""],
        ];
        assert_eq!(sections, expected.map(|section| section.map(str::to_owned)));
    }

    #[test]
    fn an_event_of_the_timeline_is_a_section() {
        let markdown = "## Timeline\n\n**9:00** is no event.\n\n**~14:23** - a **14:24** b  \n**2025-01-15 00:10–00:12** - c\n\nbody  \n**14:23** d";
        let times = ["~14:23", "14:24", "2025-01-15 00:10–00:12"];
        let sections = read(markdown, &["Timeline"], &times);
        let expected = [
            ["", "", "One. two"],
            ["on-page-timeline", "Timeline", "9:00 is no event."],
            ["event", "2025-01-14 ~14:23", "a 14:24 b"],
            [
                "event",
                "2025-01-14 2025-01-15 00:10–00:12",
                "c body 14:23 d",
            ],
        ];
        assert_eq!(sections, expected.map(|section| section.map(str::to_owned)));
    }
}
