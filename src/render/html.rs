//! Converts Markdown to HTML that has only a fixed set of elements.
//!
//! Every element and attribute is written here by name, so there is nothing to filter afterwards: no scripts, no styles,
//! no handlers, and nothing that loads from another origin. Raw HTML is shown as text.

mod direction;
mod escape;
mod headings;
mod page;
mod table;
mod tag;
mod wide;
mod writer;

pub use direction::{escape, isolated, without_misplaced};
pub use escape::{push_attribute, push_text};
pub use headings::anchor_headings;
pub(super) use page::slug;
pub use page::{Heading, Page};
pub use tag::{ids, plain_text};
pub use wide::mark_wide_tables;

use crate::dialect::{DIALECT, PREFIX};
use memchr::memchr2;
use pulldown_cmark::Parser;
use std::borrow::Cow;
use writer::Writer;

/// Returns the HTML of blocks whose headings and tables [`anchor_headings`] completes for a page.
pub fn fragment(markdown: &str) -> String {
    write(markdown, Writer::new(markdown))
}

/// Returns the same as [`fragment`], with each part folded behind its heading of the third level.
pub fn folded(markdown: &str) -> String {
    let mut writer = Writer::new(markdown);
    writer.fold_parts();
    write(markdown, writer)
}

/// Returns the HTML of one line, for use between other text.
pub fn inline(markdown: &str) -> String {
    isolated(unisolated(markdown)).into_owned()
}

fn unisolated(markdown: &str) -> Cow<'_, str> {
    if escape::is_plain(markdown) {
        return Cow::Borrowed(markdown);
    }
    // After other text nothing starts a block.
    let mut prefixed = [PREFIX, markdown].concat();
    if memchr2(b'\n', b'\r', prefixed.as_bytes()).is_some() {
        prefixed = prefixed.replace(['\n', '\r'], " ");
    }
    let mut writer = Writer::new(&prefixed);
    writer.skip_paragraphs(PREFIX);
    Cow::Owned(write(&prefixed, writer))
}

fn write(markdown: &str, mut writer: Writer<'_>) -> String {
    for (event, range) in Parser::new_ext(markdown, DIALECT).into_offset_iter() {
        writer.visit(event, &range);
    }
    writer.finish()
}
