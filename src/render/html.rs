//! Turns Markdown into HTML that holds nothing but a fixed set of elements.
//!
//! Every element and attribute is written here by name, so there is nothing to
//! filter afterwards: no script, no style, no handler, and nothing that loads
//! from another place. Raw HTML is shown as text.

mod escape;
mod headings;
mod page;
mod table;
mod writer;

pub use escape::{push_attribute, push_text};
pub use headings::{place, words};
pub use page::{Code, Heading, Page};

use crate::render::dialect::DIALECT;
use pulldown_cmark::Parser;
use writer::Writer;

/// Gives the HTML of a section of a page.
pub fn blocks(markdown: &str, page: &mut Page) -> String {
    place(&fragment(markdown, page.code()), page)
}

/// Gives the HTML of blocks that [`place`] will put on a page, with what is around them.
pub fn fragment(markdown: &str, code: Code) -> String {
    let mut writer = Writer::new(markdown, code);
    for (event, range) in Parser::new_ext(markdown, DIALECT).into_offset_iter() {
        writer.visit(event, &range);
    }
    writer.finish()
}

/// Gives the HTML of one line, to stand between other words.
pub fn inline(markdown: &str) -> String {
    if escape::is_plain(markdown) {
        return markdown.to_owned();
    }
    // Behind other words nothing starts a block.
    let placed = [BEFORE, markdown].concat().replace(['\n', '\r'], " ");
    let mut writer = Writer::new(&placed, Code::default());
    writer.skip_paragraphs(BEFORE);
    for (event, range) in Parser::new_ext(&placed, DIALECT).into_offset_iter() {
        writer.visit(event, &range);
    }
    writer.finish()
}

const BEFORE: &str = "x ";
