//! Adds to the HTML of a section what depends on the whole page: the IDs of headings and the names of tables.
//!
//! Templates and the Markdown writer leave both out, so that their HTML does not depend on its position.

use super::escape::push_attribute;
use super::page::Page;
use super::tag::{self, Tag, plain_text};

/// The start of a table that has no name yet.
pub(super) const TABLE: &str = "<div class=\"table\">";

/// Adds an ID to each heading, to the upper ones a link to themselves unless they are folded, and a name to each table.
///
/// A heading that has an ID keeps it.
pub fn anchor_headings(html: &str, page: &mut Page) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let (mut at, mut copied) = (0, 0);
    while let Some(range) = tag::next(html, at) {
        at = range.end;
        let is_heading = matches!(html.as_bytes().get(range.start + 1), Some(b'h' | b'H'));
        if !is_heading && html.get(range.clone()) != Some(TABLE) {
            continue;
        }
        out.push_str(html.get(copied..range.start).unwrap_or_default());
        copied = range.start;
        let tag = Tag::at(html, range);
        let after = tag
            .and_then(|tag| heading(&tag, page, &mut out).or_else(|| table(&tag, page, &mut out)));
        if let Some(after) = after {
            at = html.len() - after.len();
            copied = at;
        }
    }
    out.push_str(html.get(copied..).unwrap_or_default());
    out
}

/// Writes the heading that a tag opens, and returns the rest.
fn heading<'h>(tag: &Tag<'h>, page: &mut Page, out: &mut String) -> Option<&'h str> {
    let level = match tag.whole.as_bytes() {
        [
            b'<',
            b'h' | b'H',
            level @ b'1'..=b'6',
            b'>' | b' ' | b'\n',
            ..,
        ] => level - b'0',
        _ => return None,
    };
    let end = format!("/h{level}");
    let mut rest = tag.after;
    let close = loop {
        let next = Tag::first(rest)?;
        if next.is(&end) {
            break next;
        }
        rest = next.after;
    };
    let length = tag.after.len() - close.whole.len() - close.after.len();
    let inner = tag.after.get(..length)?;
    let attributes = tag.whole.get(3..)?;
    let text = plain_text(inner);
    let is_summary = out.ends_with("<summary>");
    let id = match tag.value("id") {
        Some(own) => {
            page.add_heading_with_id(level, own, &text);
            out.push_str(tag.whole);
            own.to_owned()
        }
        None => {
            let id = page.add_heading(level, &text);
            out.extend(["<h", tag.whole.get(2..3).unwrap_or_default()]);
            out.extend([" id=\"", &id, "\"", attributes]);
            id
        }
    };
    // A link cannot contain another one, and one in a summary would not open the fold.
    if level > 3 || is_summary || text.is_empty() || has_link(inner) {
        out.push_str(inner);
    } else {
        out.push_str(&format!("<a href=\"#{id}\">{inner}</a>"));
    }
    out.push_str(&format!("</h{level}>"));
    Some(close.after)
}

fn has_link(html: &str) -> bool {
    let mut rest = html;
    while let Some(tag) = Tag::first(rest) {
        if tag.is("a") {
            return true;
        }
        rest = tag.after;
    }
    false
}

/// Writes the opening tags of the table that a tag opens, and returns the rest.
///
/// The scrollable region gets the name, and so does the table unless it has a caption.
fn table<'h>(tag: &Tag<'h>, page: &mut Page, out: &mut String) -> Option<&'h str> {
    if tag.whole != TABLE {
        return None;
    }
    let label = page.table_label();
    out.push_str("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"");
    push_attribute(&label, out);
    out.push_str("\">");
    let inside = Tag::first(tag.after).filter(|inside| inside.is("table"));
    let Some(inside) = inside.filter(|inside| inside.before.trim().is_empty()) else {
        return Some(tag.after);
    };
    if Tag::first(inside.after).is_some_and(|next| next.is("caption")) {
        return Some(tag.after);
    }
    out.extend([inside.before, "<table aria-label=\""]);
    push_attribute(&label, out);
    out.push('"');
    tag.after.get(inside.before.len() + "<table".len()..)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HTML of a section, and the same on a page.
    const ANCHORED: &[(&str, &str)] = &[
        (
            "<h2>Root <em>Cause</em> &amp; more</h2>\n<p>a &lt; b</p>",
            "<h2 id=\"root-cause-more\"><a href=\"#root-cause-more\">Root <em>Cause</em> &amp; more</a></h2>\n<p>a &lt; b</p>",
        ),
        (
            "<h3 data-added>A</h3><h3>A</h3>",
            "<h3 id=\"a\" data-added><a href=\"#a\">A</a></h3><h3 id=\"a-2\"><a href=\"#a-2\">A</a></h3>",
        ),
        ("<h2></h2>", "<h2 id=\"section\"></h2>"),
        (
            "<h2>A <a href=\"b\">b</a></h2>",
            "<h2 id=\"a-b\">A <a href=\"b\">b</a></h2>",
        ),
        (
            "<h3 id=\"day\">Day</h3><h3>Day</h3>",
            "<h3 id=\"day\"><a href=\"#day\">Day</a></h3><h3 id=\"day-2\"><a href=\"#day-2\">Day</a></h3>",
        ),
        (
            "<summary><h3>A</h3></summary>",
            "<summary><h3 id=\"a\">A</h3></summary>",
        ),
        ("<hr><h0>x</h0><h7>", "<hr><h0>x</h0><h7>"),
        ("<h2>not closed", "<h2>not closed"),
        ("a < b", "a < b"),
        (
            "<p title=\"<h2>\"><!-- <h2>b</h2> --></p><h2 title=\"> id=b\"><i title=\"</h2>\">A</i></h2>",
            "<p title=\"<h2>\"><!-- <h2>b</h2> --></p><h2 id=\"a\" title=\"> id=b\">\
             <a href=\"#a\"><i title=\"</h2>\">A</i></a></h2>",
        ),
    ];

    #[test]
    fn headings_get_an_id_and_a_link_to_themselves() {
        for (html, expected) in ANCHORED {
            assert_eq!(anchor_headings(html, &mut Page::default()), *expected);
        }
    }

    #[test]
    fn tables_are_named_after_the_heading_above_them() {
        let table = "<div class=\"table\">\n<table class=\"x\"></table></div>";
        let html = format!("{table}<h2>\"A\"</h2>{table}{table}");
        let page = anchor_headings(&html, &mut Page::default());
        for name in ["Table", "&quot;A&quot;", "&quot;A&quot; (2)"] {
            let named = format!(
                "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{name}\">\n\
                 <table aria-label=\"{name}\" class=\"x\"></table></div>"
            );
            assert_eq!(page.matches(&named).count(), 1, "{name} in {page}");
        }
        for unnamed in [
            "<table>\n<caption>B</caption></table>",
            "<p>no table</p>",
            "",
        ] {
            let html = format!("<div class=\"table\">{unnamed}</div>");
            let page = anchor_headings(&html, &mut Page::default());
            assert!(page.ends_with(&format!("aria-label=\"Table\">{unnamed}</div>")));
        }
    }
}
