//! Holds what the sections of one page share: IDs, headings and the names of tables.

use crate::view::slug::UsedNames;
use std::collections::BTreeMap;

/// The maximum length in bytes of an ID, up to the end of a character.
const MAX_ID_LENGTH: usize = 80;

/// A heading of a page, for its table of contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The level, from 1 to 6.
    pub level: u8,
    /// The ID that links lead to.
    pub id: String,
    /// The text without markup.
    pub text: String,
}

/// A page while its sections are written, in their order.
#[derive(Debug, Default)]
pub struct Page {
    ids: UsedNames,
    labels: BTreeMap<String, usize>,
    headings: Vec<Heading>,
}

impl Page {
    /// Reserves an ID for `text`, and returns it in a form that is unique on the page.
    ///
    /// Alphanumeric characters are kept, in lowercase; everything else becomes `-`. The second of two equal IDs ends with
    /// `-2`.
    pub fn reserve(&mut self, text: &str) -> String {
        self.ids.assign(&slug(text))
    }

    /// Returns the headings so far, in order.
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// Adds a heading, and returns its ID.
    pub fn add_heading(&mut self, level: u8, text: &str) -> String {
        let id = self.reserve(text);
        self.headings.push(Heading {
            level,
            id: id.clone(),
            text: text.to_owned(),
        });
        id
    }

    /// Adds a heading that has an ID of its own.
    pub(super) fn add_heading_with_id(&mut self, level: u8, id: &str, text: &str) {
        self.ids.add(id);
        self.headings.push(Heading {
            level,
            id: id.to_owned(),
            text: text.to_owned(),
        });
    }

    /// Returns a unique name for a table, from the heading above it.
    pub(super) fn table_label(&mut self) -> String {
        let heading = self.headings.last().map_or("", |heading| &heading.text);
        let label = if heading.is_empty() { "Table" } else { heading };
        let count = self.labels.entry(label.to_owned()).or_insert(0);
        *count += 1;
        match *count {
            1 => label.to_owned(),
            count => format!("{label} ({count})"),
        }
    }
}

/// Returns the ID of a heading, before it is made unique.
pub fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if slug.len() >= MAX_ID_LENGTH {
            break;
        }
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    if slug.is_empty() {
        slug.push_str("section");
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_alphanumeric_characters_and_dashes() {
        let ids = [
            ("Root Cause", "root-cause"),
            ("What Went Well \u{2705}", "what-went-well"),
            (
                "Short-term Fixes (Within 24 hours)",
                "short-term-fixes-within-24-hours",
            ),
            ("\u{dc}bersicht & <b>", "\u{fc}bersicht-b"),
            ("\u{65e5}\u{672c}", "\u{65e5}\u{672c}"),
            ("--- \" ---", "section"),
            ("", "section"),
        ];
        for (text, id) in ids {
            assert_eq!(slug(text), id);
        }
        assert_eq!(slug(&"long ".repeat(1000)).len(), 79);
    }

    #[test]
    fn no_two_parts_of_a_page_have_one_id() {
        let mut page = Page::default();
        let texts = ["A", "A 2", "a", "a", "A-2", "a", "main"];
        let ids: Vec<_> = texts.iter().map(|text| page.reserve(text)).collect();
        assert_eq!(ids, ["a", "a-2", "a-3", "a-4", "a-2-2", "a-5", "main"]);
        assert_eq!(page.add_heading(2, "Main"), "main-2");
    }
}
