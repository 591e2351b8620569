//! Writes the events of the Markdown parser as HTML, one after another.

use super::escape::{push_attribute, push_target, push_text};
use super::page::Code;
use super::table::{Cell, Table};
use crate::render::link;
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};
use std::ops::Range;

/// An image whose words are being read.
struct Image {
    target: String,
    title: String,
    alt: String,
}

/// The state of one text's translation.
pub(super) struct Writer<'s> {
    out: String,
    source: &'s str,
    shown_as: Code,
    /// The words alone of the cell that is open.
    words: String,
    /// Where the HTML of the cell that is open begins.
    opened: usize,
    /// What closes each open link; empty for one that is not followed.
    links: Vec<&'static str>,
    /// What closes each open strikethrough.
    strikes: Vec<&'static str>,
    /// What closes each open quote.
    quotes: Vec<&'static str>,
    images: Vec<Image>,
    table: Option<Table>,
    code: Option<(Option<&'static str>, String)>,
    /// Words that stand in front of a line, and are not its own.
    before: &'static str,
    paragraph: (&'static str, &'static str),
}

impl<'s> Writer<'s> {
    pub(super) fn new(source: &'s str, shown_as: Code) -> Self {
        Self {
            out: String::with_capacity(source.len() * 2),
            source,
            shown_as,
            words: String::new(),
            opened: 0,
            links: Vec::new(),
            strikes: Vec::new(),
            quotes: Vec::new(),
            images: Vec::new(),
            table: None,
            code: None,
            before: "",
            paragraph: ("<p>", "</p>\n"),
        }
    }

    /// Leaves out the element of a paragraph, and the words that the text begins with.
    pub(super) fn skip_paragraphs(&mut self, before: &'static str) {
        self.before = before;
        self.paragraph = ("", "");
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn visit(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => {
                self.mark("<code>");
                self.text(&code);
                self.mark("</code>");
            }
            Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.text(&text),
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => {
                self.mark("<br>");
                self.text("\n");
            }
            Event::Rule => self.mark("<hr>\n"),
            Event::TaskListMarker(true) => self.text("\u{2611} "),
            Event::TaskListMarker(false) => self.text("\u{2610} "),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Paragraph => self.mark(self.paragraph.0),
            Tag::Heading { level, .. } => self.mark(&format!("<h{}>", level as u8)),
            Tag::TableCell => {
                self.words.clear();
                self.opened = self.out.len();
            }
            Tag::BlockQuote(kind) => self.start_quote(kind),
            Tag::CodeBlock(kind) => self.code = Some((self.language(&kind), String::new())),
            Tag::HtmlBlock => self.mark("<p>"),
            Tag::List(None) => self.mark("<ul>\n"),
            Tag::List(Some(1)) => self.mark("<ol>\n"),
            Tag::List(Some(first)) => self.mark(&format!("<ol start=\"{first}\">\n")),
            Tag::Item => self.mark("<li>"),
            Tag::Table(alignments) => self.table = Some(Table::new(alignments)),
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.begin_row();
                }
            }
            Tag::Emphasis => self.mark("<em>"),
            Tag::Strong => self.mark("<strong>"),
            Tag::Strikethrough => self.start_strike(range),
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => self.start_link(link_type, &dest_url, &title),
            Tag::Image {
                dest_url, title, ..
            } => self.images.push(Image {
                target: dest_url.into_string(),
                title: title.into_string(),
                alt: String::new(),
            }),
            // The dialect has none of these; what is inside them shows all the same.
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.mark(self.paragraph.1),
            TagEnd::Heading(level) => self.mark(&format!("</h{}>\n", level as u8)),
            TagEnd::BlockQuote(_) => {
                let end = self.quotes.pop().unwrap_or_default();
                self.mark(end);
            }
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::HtmlBlock => self.mark("</p>\n"),
            TagEnd::List(true) => self.mark("</ol>\n"),
            TagEnd::List(false) => self.mark("</ul>\n"),
            TagEnd::Item => self.mark("</li>\n"),
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    table.write(&mut self.out);
                }
            }
            TagEnd::TableCell => {
                let html = self.take_opened();
                let text = std::mem::take(&mut self.words);
                if let Some(table) = &mut self.table {
                    table.push(Cell { html, text });
                }
            }
            TagEnd::Emphasis => self.mark("</em>"),
            TagEnd::Strong => self.mark("</strong>"),
            TagEnd::Strikethrough => {
                let end = self.strikes.pop().unwrap_or_default();
                self.strike(end);
            }
            TagEnd::Link => {
                let end = self.links.pop().unwrap_or_default();
                self.mark(end);
            }
            TagEnd::Image => self.end_image(),
            TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// Appends a tag, or nothing while the words of an image are read.
    fn mark(&mut self, tag: &str) {
        if self.images.is_empty() {
            self.out.push_str(tag);
        }
    }

    /// Appends words wherever they belong.
    fn text(&mut self, text: &str) {
        let before = std::mem::take(&mut self.before);
        let text = text.strip_prefix(before.trim_end()).unwrap_or(text);
        let text = if before.is_empty() {
            text
        } else {
            text.strip_prefix(' ').unwrap_or(text)
        };
        if let Some(image) = self.images.last_mut() {
            image.alt.push_str(text);
        } else if let Some((_, code)) = &mut self.code {
            code.push_str(text);
        } else {
            push_text(text, &mut self.out);
            self.words.push_str(text);
        }
    }

    /// Cuts off the HTML of the cell that is open.
    fn take_opened(&mut self) -> String {
        let opened = self.opened.min(self.out.len());
        if self.out.is_char_boundary(opened) {
            self.out.split_off(opened)
        } else {
            String::new()
        }
    }

    fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
        let (name, title) = match kind {
            None => {
                self.quotes.push("</blockquote>\n");
                return self.mark("<blockquote>\n");
            }
            Some(BlockQuoteKind::Note) => ("note", "Note"),
            Some(BlockQuoteKind::Tip) => ("tip", "Tip"),
            Some(BlockQuoteKind::Important) => ("important", "Important"),
            Some(BlockQuoteKind::Warning) => ("warning", "Warning"),
            Some(BlockQuoteKind::Caution) => ("caution", "Caution"),
        };
        self.quotes.push("</div>\n");
        self.out
            .extend(["<div class=\"alert alert-", name, "\" role=\"note\">"]);
        self.out
            .extend(["<p class=\"alert-title\">", title, "</p>\n"]);
    }

    fn start_strike(&mut self, range: &Range<usize>) {
        // A single tilde means "about": `(~5 to ~6)` strikes nothing out.
        let source = self.source.get(range.clone()).unwrap_or_default();
        let (start, end) = if source.starts_with("~~") {
            ("<del>", "</del>")
        } else {
            ("~", "~")
        };
        self.strikes.push(end);
        self.strike(start);
    }

    fn strike(&mut self, mark: &'static str) {
        if mark == "~" {
            self.text(mark);
        } else {
            self.mark(mark);
        }
    }

    fn start_link(&mut self, kind: LinkType, target: &str, title: &str) {
        let mail;
        let target = match kind {
            LinkType::Email => {
                mail = format!("mailto:{target}");
                &mail
            }
            _ => target,
        };
        let within = self.links.iter().any(|end| !end.is_empty());
        if within || !self.images.is_empty() || !link::allowed(target) {
            return self.links.push("");
        }
        self.links.push("</a>");
        let out = &mut self.out;
        out.push_str("<a href=\"");
        match link::report(target) {
            Some((name, fragment)) => {
                push_target(name, out);
                out.push_str(".html");
                push_target(fragment, out);
            }
            None => push_target(target, out),
        }
        out.push('"');
        push_title(title, out);
        if link::is_external(target) {
            out.push_str(" rel=\"noopener noreferrer\"");
        }
        out.push('>');
    }

    fn end_image(&mut self) {
        let Some(Image { target, title, alt }) = self.images.pop() else {
            return;
        };
        if !self.images.is_empty() {
            return self.text(&alt);
        }
        if !link::is_relative(&target) {
            return self.text(&format!("{alt} ({target})"));
        }
        let out = &mut self.out;
        out.push_str("<img src=\"");
        push_target(&target, out);
        out.push_str("\" alt=\"");
        push_attribute(&alt, out);
        out.push('"');
        push_title(&title, out);
        out.push_str(" loading=\"lazy\">");
        self.words.push_str(&alt);
    }

    /// Gives the name of a fence's language, when it is a known one.
    fn language(&self, kind: &CodeBlockKind<'_>) -> Option<&'static str> {
        let CodeBlockKind::Fenced(info) = kind else {
            return None;
        };
        (self.shown_as.known)(first_word(info))
    }

    fn end_code(&mut self) {
        let Some((language, code)) = self.code.take() else {
            return;
        };
        self.out
            .push_str("<pre tabindex=\"0\" class=\"code\"><code");
        match language {
            Some(language) => {
                self.out.push_str(" class=\"language-");
                push_attribute(language, &mut self.out);
                self.out.push_str("\">");
                (self.shown_as.code)(&code, language, &mut self.out);
            }
            None => {
                self.out.push('>');
                push_text(&code, &mut self.out);
            }
        }
        self.out.push_str("</code></pre>\n");
    }
}

fn push_title(title: &str, out: &mut String) {
    if !title.is_empty() {
        out.push_str(" title=\"");
        push_attribute(title, out);
        out.push('"');
    }
}

fn first_word<'i>(info: &'i CowStr<'_>) -> &'i str {
    info.split_whitespace().next().unwrap_or_default()
}
