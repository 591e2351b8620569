//! Extracts the text of a page: its title, and the text below each heading.
//!
//! Only pages of this program are read, so tags are well formed and text contains no `<`.

use serde::Serialize;

use crate::render::html::plain_text;

/// Elements that are not indexed: navigation, drawings and scripts.
const SKIPPED: &[&str] = &["nav", "svg", "summary", "script"];
/// Classes of elements that are not indexed.
const SKIPPED_CLASSES: &[&str] = &["anchor", "hidden", "breadcrumb", "downloads"];

/// Inline elements; all others separate words.
const INLINE: &[&str] = &[
    "a", "code", "del", "em", "small", "span", "strong", "time", "b", "i",
];

/// The text of a page.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Page {
    /// The path in the site, without its extension.
    pub path: String,
    /// The title.
    pub title: String,
    /// The sections; the first is the text before all headings.
    pub sections: Vec<Section>,
}

/// The text below a heading.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Section {
    /// The heading's ID; empty before the first heading.
    pub id: String,
    /// The heading.
    pub title: String,
    /// The text, on one line.
    pub text: String,
}

impl Page {
    /// Parses the main part of a page.
    pub(super) fn parse(path: &str, html: &str) -> Self {
        let main = html.split_once("<main").map_or(html, |(_, main)| main);
        let main = main.split_once('>').map_or(main, |(_, main)| main);
        let mut rest = main.split_once("</main>").map_or(main, |(main, _)| main);
        let mut page = Self {
            path: path.to_owned(),
            title: String::new(),
            sections: vec![Section::default()],
        };
        while let Some((text, after)) = rest.split_once('<') {
            page.push(text);
            let Some((tag, after)) = after.split_once('>') else {
                break;
            };
            let name = tag.split([' ', '\n']).next().unwrap_or_default();
            let inside = || after.split_once(&format!("</{name}>"));
            rest = after;
            match name {
                "h1" => {
                    if let Some((inner, after)) = inside() {
                        page.title = plain_text(inner);
                        rest = after;
                    }
                }
                "h2" | "h3" | "h4" => {
                    if let Some((inner, after)) = inside() {
                        let title = inner.split_once("<a class=\"anchor\"");
                        page.sections.push(Section {
                            id: attribute(tag, "id").unwrap_or_default().to_owned(),
                            title: plain_text(title.map_or(inner, |(title, _)| title)),
                            text: String::new(),
                        });
                        rest = after;
                    }
                }
                _ if is_skipped(name, tag) => rest = inside().map_or(after, |(_, after)| after),
                _ if INLINE.contains(&name.trim_start_matches('/')) => {}
                _ => page.push(" "),
            }
        }
        for section in &mut page.sections {
            section.text = plain_text(&section.text);
        }
        page.sections
            .retain(|section| !section.title.is_empty() || !section.text.is_empty());
        page
    }

    fn push(&mut self, text: &str) {
        if let Some(section) = self.sections.last_mut() {
            section.text.push_str(text);
        }
    }
}

fn is_skipped(name: &str, tag: &str) -> bool {
    let mut classes = attribute(tag, "class").unwrap_or_default().split(' ');
    SKIPPED.contains(&name) || classes.any(|class| SKIPPED_CLASSES.contains(&class))
}

/// Returns the value of a tag's attribute.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut parts = tag.split('"');
    while let (Some(before), Some(value)) = (parts.next(), parts.next()) {
        if before.trim_start().strip_suffix('=')?.rsplit(' ').next() == Some(name) {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_read_section_by_section() {
        let html = "<nav>Site</nav><main id=\"content\"><p class=\"breadcrumb\"><a href=\"x\">Incidents</a></p>\
                    <h1 id=\"a\"><span class=\"id\">INC-1</span> Pool &amp; queue</h1><p>Lead.</p>\
                    <h2 id=\"timeline\">Timeline <a class=\"anchor\" href=\"#timeline\">#</a></h2><svg><path></path></svg>\
                    <p>at <time>14:23</time><span class=\"hidden\">2 minutes after</span></p><p>a &lt;b&gt;</p></main><p>End</p>";
        let page = Page::parse("incidents/INC-1", html);
        assert_eq!(page.title, "INC-1 Pool & queue");
        let sections: Vec<(&str, &str, &str)> = page
            .sections
            .iter()
            .map(|section| (&*section.id, &*section.title, &*section.text))
            .collect();
        assert_eq!(
            sections,
            [
                ("", "", "Lead."),
                ("timeline", "Timeline", "at 14:23 a <b>")
            ]
        );
    }
}
