//! Writes the events of the Markdown parser as HTML, one after another.

use super::direction::{AUTO, has_right_to_left, isolated};
use super::escape::{push_attribute, push_target, push_text};
use super::table::{Cell, Table};
use crate::dialect::{self, link};
use crate::render::highlight;
use crate::render::markdown::picture_size;
use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, LinkType, Tag, TagEnd};
use std::borrow::Cow;
use std::ops::Range;

/// The lines of the longest code block that is shown without a click.
const SHOWN_LINES: usize = 10;

/// An image whose alternative text is being read.
struct Image {
    target: String,
    title: String,
    alt: String,
}

/// The state of the conversion of one text.
pub(super) struct Writer<'s> {
    out: String,
    source: &'s str,
    /// The closing tags of the open elements; empty for those that are not written.
    ends: Vec<Cow<'static, str>>,
    /// The number of open links that are written.
    links: usize,
    images: Vec<Image>,
    table: Option<Table>,
    /// The plain text of the open cell.
    cell_text: String,
    /// The index in `out` of the open cell.
    cell_start: usize,
    /// The open code block, with its language if it is known.
    code: Option<(Option<&'static str>, String)>,
    /// The start of the text that is not written.
    prefix: &'static str,
    paragraph: (&'static str, &'static str),
    /// Whether the blocks of the text need a direction.
    has_right_to_left: bool,
    /// The closing tag of the open part; `None` if parts are not folded.
    part: Option<&'static str>,
}

impl<'s> Writer<'s> {
    pub(super) fn new(source: &'s str) -> Self {
        Self {
            out: String::with_capacity(source.len() * 2),
            source,
            ends: Vec::new(),
            links: 0,
            images: Vec::new(),
            table: None,
            cell_text: String::new(),
            cell_start: 0,
            code: None,
            prefix: "",
            paragraph: ("<p>", "</p>\n"),
            has_right_to_left: has_right_to_left(source),
            part: None,
        }
    }

    /// Leaves out the elements of paragraphs, and the start of the text.
    pub(super) fn skip_paragraphs(&mut self, prefix: &'static str) {
        self.prefix = prefix;
        self.paragraph = ("", "");
        self.has_right_to_left = false;
    }

    /// Folds each part behind its heading of the third level.
    pub(super) fn fold_parts(&mut self) {
        self.part = Some("");
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push_str(self.part.unwrap_or_default());
        self.out
    }

    pub(super) fn visit(&mut self, event: Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag),
            Event::Code(code) => {
                self.tag("<code>");
                self.text(&code);
                self.tag("</code>");
            }
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text) => self.text(&text),
            Event::SoftBreak => self.text("\n"),
            Event::HardBreak => {
                self.tag("<br>");
                self.text("\n");
            }
            Event::Rule => self.tag("<hr>\n"),
            Event::TaskListMarker(true) => self.text("\u{2611} "),
            Event::TaskListMarker(false) => self.text("\u{2610} "),
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        let (start, end) = match tag {
            Tag::HtmlBlock => ("<p>", "</p>\n"),
            Tag::BlockQuote(None) => ("<blockquote>\n", "</blockquote>\n"),
            Tag::List(None) => ("<ul>\n", "</ul>\n"),
            Tag::List(Some(1)) => ("<ol>\n", "</ol>\n"),
            Tag::Emphasis => ("<em>", "</em>"),
            Tag::Strong => ("<strong>", "</strong>"),
            Tag::Strikethrough => {
                let source = self.source.get(range.clone()).unwrap_or_default();
                if source.starts_with("~~") {
                    ("<del>", "</del>")
                } else {
                    // A single tilde means "about": `(~5 to ~6)` strikes nothing out.
                    self.text("~");
                    ("", "~")
                }
            }
            Tag::Paragraph | Tag::Item if self.is_right_to_left(range) => {
                let (name, end) = match tag {
                    Tag::Item => ("li", "</li>\n"),
                    _ => ("p", "</p>\n"),
                };
                self.tag(&format!("<{name}{AUTO}>"));
                ("", end)
            }
            Tag::Paragraph => self.paragraph,
            Tag::Item => ("<li>", "</li>\n"),
            Tag::Heading { level, .. } => return self.start_heading(level as u8, range),
            Tag::List(Some(first)) => {
                self.tag(&format!("<ol start=\"{first}\">\n"));
                ("", "</ol>\n")
            }
            Tag::BlockQuote(Some(kind)) => {
                let (name, title) = alert(kind);
                self.tag(&format!("<div class=\"alert alert-{name}\" role=\"note\">"));
                self.tag(&format!("<p class=\"alert-title\">{title}</p>\n"));
                ("", "</div>\n")
            }
            Tag::Link {
                link_type,
                dest_url,
                title,
                ..
            } => self.start_link(link_type, &dest_url, &title),
            Tag::Image {
                dest_url, title, ..
            } => {
                self.images.push(Image {
                    target: dest_url.into_string(),
                    title: title.into_string(),
                    alt: String::new(),
                });
                ("", "")
            }
            Tag::CodeBlock(kind) => {
                self.code = Some((language(&kind), String::new()));
                ("", "")
            }
            Tag::Table(alignments) => {
                self.table = Some(Table::new(alignments));
                ("", "")
            }
            Tag::TableHead | Tag::TableRow => {
                self.table.iter_mut().for_each(Table::start_row);
                ("", "")
            }
            Tag::TableCell => {
                self.cell_text.clear();
                self.cell_start = self.out.len();
                ("", "")
            }
            // The dialect has none of these; what is inside them is written nevertheless.
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => ("", ""),
        };
        self.tag(start);
        self.ends.push(end.into());
    }

    fn start_heading(&mut self, level: u8, range: &Range<usize>) {
        let direction = if self.is_right_to_left(range) {
            AUTO
        } else {
            ""
        };
        let part = self.part.as_mut();
        let part = part.filter(|_| level == 3 && self.ends.is_empty());
        let (start, end) = match part {
            Some(part) => {
                let before = std::mem::replace(part, "</details>\n");
                self.out.push_str(before);
                ("<details>\n<summary>", "</summary>")
            }
            None => ("", ""),
        };
        self.tag(&format!("{start}<h{level}{direction}>"));
        self.ends.push(format!("</h{level}>{end}\n").into());
    }

    fn end(&mut self, tag: TagEnd) {
        let end = self.ends.pop().unwrap_or_default();
        match tag {
            TagEnd::Strikethrough if end == "~" => self.text("~"),
            TagEnd::Link if !end.is_empty() => self.links = self.links.saturating_sub(1),
            TagEnd::Image => self.end_image(),
            TagEnd::CodeBlock => self.end_code(),
            TagEnd::TableCell => {
                let html = self.out.split_off(self.cell_start);
                let html = isolated(html.into()).into_owned();
                let text = std::mem::take(&mut self.cell_text);
                if let Some(table) = &mut self.table {
                    table.push(Cell { html, text });
                }
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    table.write(&mut self.out);
                }
            }
            _ => {}
        }
        if end != "~" {
            self.tag(&end);
        }
    }

    /// Appends a tag, unless it is in the alternative text of an image.
    fn tag(&mut self, tag: &str) {
        if self.images.is_empty() {
            self.out.push_str(tag);
        }
    }

    /// Appends text to whatever is open.
    fn text(&mut self, text: &str) {
        let prefix = std::mem::take(&mut self.prefix);
        let text = text.strip_prefix(prefix.trim_end()).unwrap_or(text);
        let text = if prefix.is_empty() {
            text
        } else {
            text.strip_prefix(' ').unwrap_or(text)
        };
        if let Some(image) = self.images.last_mut() {
            image.alt.push_str(text);
        } else if let Some((_, code)) = &mut self.code {
            code.push_str(text);
        } else {
            self.isolated_text(text);
            self.cell_text.push_str(text);
        }
    }

    /// Returns `true` if a part of the source has words that are written from right to left.
    fn is_right_to_left(&self, range: &Range<usize>) -> bool {
        let part = || self.source.get(range.clone()).unwrap_or_default();
        self.has_right_to_left && has_right_to_left(part())
    }

    /// Appends text; a value after a label has a direction of its own.
    fn isolated_text(&mut self, text: &str) {
        let value = text
            .strip_prefix(": ")
            .filter(|_| self.out.ends_with("</strong>"));
        match value.filter(|value| self.has_right_to_left && has_right_to_left(value)) {
            Some(value) => {
                self.out.push_str(": <bdi>");
                push_text(value, &mut self.out);
                self.out.push_str("</bdi>");
            }
            None => push_text(text, &mut self.out),
        }
    }

    fn start_link(
        &mut self,
        kind: LinkType,
        target: &str,
        title: &str,
    ) -> (&'static str, &'static str) {
        let target = match kind {
            LinkType::Email => &format!("mailto:{target}"),
            _ => target,
        };
        if self.links > 0 || !self.images.is_empty() || !link::allowed(target) {
            return ("", "");
        }
        self.links += 1;
        let out = &mut self.out;
        out.push_str("<a href=\"");
        match dialect::report(target) {
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
        (">", "</a>")
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
        // The page keeps their place until they are loaded.
        if let Some(size) = picture_size(&target) {
            let (width, height) = (size.width, size.height);
            out.push_str(&format!(" width=\"{width}\" height=\"{height}\""));
        }
        out.push_str(" loading=\"lazy\">");
        self.cell_text.push_str(&alt);
    }

    fn end_code(&mut self) {
        let Some((language, code)) = self.code.take() else {
            return;
        };
        let out = &mut self.out;
        let lines = code.lines().count();
        let is_folded = lines > SHOWN_LINES && self.part.is_none();
        if is_folded {
            out.push_str(&format!(
                "<details>\n<summary data-added>{lines} lines</summary>\n"
            ));
        }
        let direction = if has_right_to_left(&code) { AUTO } else { "" };
        out.extend(["<pre tabindex=\"0\" class=\"code\"", direction, "><code"]);
        match language {
            Some(language) => {
                out.push_str(" class=\"language-");
                push_attribute(language, out);
                out.push_str("\">");
                highlight::highlight(&code, language, out);
            }
            None => {
                out.push('>');
                push_text(&code, out);
            }
        }
        out.push_str("</code></pre>\n");
        if is_folded {
            out.push_str("</details>\n");
        }
    }
}

/// Returns the name of a code block's language, or `None` if it is unknown.
fn language(kind: &CodeBlockKind<'_>) -> Option<&'static str> {
    match kind {
        CodeBlockKind::Fenced(info) => {
            highlight::known(info.split_whitespace().next().unwrap_or_default())
        }
        CodeBlockKind::Indented => None,
    }
}

fn alert(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", "Note"),
        BlockQuoteKind::Tip => ("tip", "Tip"),
        BlockQuoteKind::Important => ("important", "Important"),
        BlockQuoteKind::Warning => ("warning", "Warning"),
        BlockQuoteKind::Caution => ("caution", "Caution"),
    }
}

fn push_title(title: &str, out: &mut String) {
    if !title.is_empty() {
        out.push_str(" title=\"");
        push_attribute(title, out);
        out.push('"');
    }
}
