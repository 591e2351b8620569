//! Reads a page as a reader does: its title, and under each heading that can be linked to, its text.
//!
//! Only what this program writes is read, so tags are well formed and text holds no `<`.

use serde::Serialize;

use crate::render::html::plain_text;

/// What is not read: ways through the page, drawings, and words for those who cannot see them.
const LEFT_OUT: &[&str] = &["nav", "svg", "summary", "script"];
const LEFT_OUT_CLASSES: &[&str] = &["anchor", "hidden", "breadcrumb", "downloads"];

/// Elements within a sentence; all others part words.
const INLINE: &[&str] = &[
    "a", "code", "del", "em", "small", "span", "strong", "time", "b", "i",
];

/// What a page says.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Page {
    /// Its path in the site, without its ending.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Its sections; the first is what stands before all headings.
    pub sections: Vec<Section>,
}

/// What stands under a heading.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Section {
    /// The heading's id; empty before the first.
    pub id: String,
    /// The heading.
    pub title: String,
    /// The text under it, on one line.
    pub text: String,
}

impl Page {
    /// Reads the main part of a page.
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
                _ if is_left_out(name, tag) => rest = inside().map_or(after, |(_, after)| after),
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

fn is_left_out(name: &str, tag: &str) -> bool {
    let mut classes = attribute(tag, "class").unwrap_or_default().split(' ');
    LEFT_OUT.contains(&name) || classes.any(|class| LEFT_OUT_CLASSES.contains(&class))
}

/// Gives the value of an attribute of a tag.
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
