//! Adds to the HTML of a section what depends on the whole page: the IDs of headings and the names of tables.
//!
//! Templates and the Markdown writer leave both out, so that their HTML does not depend on its position. Only tags are
//! examined: text and attributes never contain `<`.

use super::escape::push_attribute;
use super::page::Page;

/// The start of a table that has no name yet.
pub(super) const TABLE: &str = "<div class=\"table\">";

/// Adds an ID and a link to itself to each heading, and a name to each table.
///
/// A heading that has an ID keeps it and is not in the table of contents.
pub fn anchor_headings(html: &str, page: &mut Page) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (before, tag) = rest.split_at(start);
        out.push_str(before);
        let after = heading(tag, page, &mut out).or_else(|| table(tag, page, &mut out));
        rest = after.unwrap_or_else(|| {
            let (bracket, after) = tag.split_at(1);
            out.push_str(bracket);
            after
        });
    }
    out.push_str(rest);
    out
}

/// Writes the heading at the start of `html`, and returns the rest.
fn heading<'h>(html: &'h str, page: &mut Page, out: &mut String) -> Option<&'h str> {
    let level = match html.as_bytes() {
        [b'<', b'h', level @ b'1'..=b'6', b'>' | b' ', ..] => level - b'0',
        _ => return None,
    };
    let (attributes, content) = html.get(3..)?.split_once('>')?;
    if attributes.contains(" id=") {
        return None;
    }
    let (inner, rest) = content.split_once(&format!("</h{level}>"))?;
    let text = plain_text(inner);
    let id = page.add_heading(level, &text);
    out.push_str(&format!("<h{level} id=\"{id}\"{attributes}>{inner} "));
    out.push_str(&format!(
        "<a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to section"
    ));
    if !text.is_empty() {
        out.push(' ');
        push_attribute(&text, out);
    }
    out.push_str(&format!("\">#</a></h{level}>"));
    Some(rest)
}

/// Writes the opening tags of the table at the start of `html`, and returns the rest.
///
/// The scrollable region gets the name, and so does the table unless it has a caption.
fn table<'h>(html: &'h str, page: &mut Page, out: &mut String) -> Option<&'h str> {
    let rest = html.strip_prefix(TABLE)?;
    let label = page.table_label();
    out.push_str("<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"");
    push_attribute(&label, out);
    out.push_str("\">");
    let (before, after) = rest.split_once("<table").unwrap_or((rest, ""));
    let (_, content) = after.split_once('>').unwrap_or_default();
    if !before.trim().is_empty() || content.trim_start().starts_with("<caption") {
        return Some(rest);
    }
    out.extend([before, "<table aria-label=\""]);
    push_attribute(&label, out);
    out.push('"');
    Some(after)
}

/// Returns the plain text of HTML that this program wrote, on one line.
pub fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    let decoded = ENTITIES.iter().fold(text, |text, (entity, c)| {
        if text.contains(entity) {
            text.replace(entity, c)
        } else {
            text
        }
    });
    decoded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The entities that this program and the template engine write; the ampersand must be decoded last.
const ENTITIES: &[(&str, &str)] = &[
    ("&lt;", "<"),
    ("&gt;", ">"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&#x27;", "'"),
    ("&#x2F;", "/"),
    ("&amp;", "&"),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// HTML of a section, and the same on a page.
    const ANCHORED: &[(&str, &str)] = &[
        (
            "<h2>Root <em>Cause</em> &amp; more</h2>\n<p>a &lt; b</p>",
            "<h2 id=\"root-cause-more\">Root <em>Cause</em> &amp; more <a class=\"anchor\" \
             href=\"#root-cause-more\" aria-label=\"Link to section Root Cause &amp; more\">#</a></h2>\n<p>a &lt; b</p>",
        ),
        (
            "<h3 data-added>A</h3><h3>A</h3>",
            "<h3 id=\"a\" data-added>A <a class=\"anchor\" href=\"#a\" aria-label=\"Link to section A\">#</a></h3>\
             <h3 id=\"a-2\">A <a class=\"anchor\" href=\"#a-2\" aria-label=\"Link to section A\">#</a></h3>",
        ),
        (
            "<h2></h2>",
            "<h2 id=\"section\"> <a class=\"anchor\" href=\"#section\" aria-label=\"Link to section\">#</a></h2>",
        ),
        ("<h3 id=\"day\">Day</h3>", "<h3 id=\"day\">Day</h3>"),
        ("<hr><h0>x</h0><h7>", "<hr><h0>x</h0><h7>"),
        ("<h2>not closed", "<h2>not closed"),
        ("a < b", "a < b"),
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

    #[test]
    fn plain_text_is_what_a_reader_sees() {
        let html = "a <em title=\"b\">c</em>\n&amp;lt; &lt;d&gt; &quot;e&#39;";
        assert_eq!(plain_text(html), "a c &lt; <d> \"e'");
    }
}
