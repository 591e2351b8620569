//! Converts Markdown to HTML that has only a fixed set of elements.
//!
//! Every element and attribute is written here by name, so there is nothing to filter afterwards: no scripts, no styles,
//! no handlers, and nothing that loads from another origin. Raw HTML is shown as text.

mod escape;
mod headings;
mod page;
mod table;
mod tag;
mod writer;

pub use escape::{push_attribute, push_text};
pub use headings::anchor_headings;
pub(super) use page::slug;
pub use page::{Code, Heading, Page};
pub use tag::plain_text;

use crate::render::dialect::{DIALECT, PREFIX};
use pulldown_cmark::Parser;
use writer::Writer;

/// Returns the HTML of a section of a page.
pub fn blocks(markdown: &str, page: &mut Page) -> String {
    anchor_headings(&fragment(markdown, page.code()), page)
}

/// Returns the HTML of blocks whose headings and tables [`anchor_headings`] completes for a page.
pub fn fragment(markdown: &str, code: Code) -> String {
    let mut writer = Writer::new(markdown, code);
    for (event, range) in Parser::new_ext(markdown, DIALECT).into_offset_iter() {
        writer.visit(event, &range);
    }
    writer.finish()
}

/// Returns the HTML of one line, for use between other text.
pub fn inline(markdown: &str) -> String {
    if escape::is_plain(markdown) {
        return markdown.to_owned();
    }
    // After other text nothing starts a block.
    let prefixed = [PREFIX, markdown].concat().replace(['\n', '\r'], " ");
    let mut writer = Writer::new(&prefixed, Code::default());
    writer.skip_paragraphs(PREFIX);
    for (event, range) in Parser::new_ext(&prefixed, DIALECT).into_offset_iter() {
        writer.visit(event, &range);
    }
    writer.finish()
}
