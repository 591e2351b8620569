//! What the sections of one page share: its ids, its headings, its code.

use super::escape::push_text;
use std::collections::BTreeMap;

/// An id is cut here, between letters.
const LONGEST_ID: usize = 80;

/// A heading of a page, for its table of contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// From 1 to 6.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its words, without markup.
    pub text: String,
}

/// How the page shows code.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// Gives the name under which a language is known, from the word behind the fence.
    pub known: fn(&str) -> Option<&'static str>,
    /// Appends the HTML of code in a known language.
    pub code: fn(code: &str, language: &str, out: &mut String),
}

impl Default for Code {
    fn default() -> Self {
        Self {
            known: |_| None,
            code: |code, _, out| push_text(code, out),
        }
    }
}

/// A page while its sections are written, in their order.
#[derive(Debug, Default)]
pub struct Page {
    ids: BTreeMap<String, usize>,
    labels: BTreeMap<String, usize>,
    headings: Vec<Heading>,
    code: Code,
}

impl Page {
    /// Starts a page that shows its code in this way.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            ..Self::default()
        }
    }

    /// Takes an id made from `words`, and gives it in the form that no other part of the page has.
    ///
    /// Letters and digits are kept, in lower case; all else becomes `-`. The
    /// second of two equal ones ends in `-2`.
    pub fn reserve(&mut self, words: &str) -> String {
        let id = slug(words);
        let mut free = id.clone();
        let mut count = self.ids.get(&id).copied().unwrap_or(0);
        if count > 0 {
            while self.ids.contains_key(&free) {
                count += 1;
                free = format!("{id}-{count}");
            }
            self.ids.insert(id, count);
        }
        self.ids.entry(free.clone()).or_insert(1);
        free
    }

    /// Gives the headings written so far, in their order.
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// Takes in a heading and gives its id.
    pub fn add_heading(&mut self, level: u8, text: &str) -> String {
        let id = self.reserve(text);
        self.headings.push(Heading {
            level,
            id: id.clone(),
            text: text.to_owned(),
        });
        id
    }

    /// Gives a name for a table, from the heading above it, that no other table has.
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

    pub(super) fn code(&self) -> Code {
        self.code
    }
}

fn slug(words: &str) -> String {
    let mut slug = String::with_capacity(words.len());
    for c in words.chars() {
        if slug.len() >= LONGEST_ID {
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
    fn ids_are_made_of_letters_and_digits() {
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
        for (words, id) in ids {
            assert_eq!(slug(words), id);
        }
        assert_eq!(slug(&"long ".repeat(1000)).len(), 79);
    }

    #[test]
    fn no_two_parts_of_a_page_have_one_id() {
        let mut page = Page::default();
        let words = ["A", "A 2", "a", "a", "A-2", "a", "main"];
        let ids: Vec<_> = words.iter().map(|words| page.reserve(words)).collect();
        assert_eq!(ids, ["a", "a-2", "a-3", "a-4", "a-2-2", "a-5", "main"]);
        assert_eq!(page.add_heading(2, "Main"), "main-2");
    }
}
