//! The table of languages, which is data: `languages.toml`.

use std::collections::HashSet;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer};

/// Every language; a name or alias occurs once.
pub static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    // A test proves that it parses; without it all code would be plain.
    parse(include_str!("languages.toml")).unwrap_or_default()
});

/// Finds a language by its name or an alias, in any case.
pub fn find(name: &str) -> Option<&'static Language> {
    let mut languages = LANGUAGES.iter();
    languages.find(|language| {
        language
            .names
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    })
}

pub fn parse(text: &str) -> Result<Vec<Language>, toml::de::Error> {
    #[derive(Deserialize)]
    struct Table {
        language: Vec<Language>,
    }
    Ok(toml::from_str::<Table>(text)?.language)
}

/// The rules of a language.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// The name in one word, then its aliases, all in lowercase.
    pub names: Vec<String>,
    /// Comments, strings and other marks; the first that opens wins.
    #[serde(default)]
    pub marks: Vec<Mark>,
    /// The characters that a word may have after its first one, in addition to alphanumeric characters and `_`.
    #[serde(default)]
    pub joins: String,
    /// The keywords, in lowercase if case is ignored.
    #[serde(default, deserialize_with = "words")]
    pub keywords: HashSet<String>,
    /// The types, constants and builtins, in lowercase if case is ignored.
    #[serde(default, deserialize_with = "words")]
    pub constants: HashSet<String>,
    /// Whether words that differ only in case are equal.
    #[serde(default)]
    pub ignores_case: bool,
    /// Whether every word such as `Duration` is a type; `MAX` is a constant and stays plain.
    #[serde(default)]
    pub capitalized_types: bool,
    /// The characters that may join two digits of one number; `None` leaves numbers plain.
    ///
    /// `-.:` joins dates, times, versions and addresses: `2026-03-06T08:44:00`, `10.0.0.1:8080`.
    pub numbers: Option<String>,
    /// The text after a word, string or number that makes it a key.
    pub keys: Option<Keys>,
}

fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HashSet<String>, D::Error> {
    let list = String::deserialize(deserializer)?;
    Ok(list.split_whitespace().map(str::to_owned).collect())
}

impl Language {
    /// Returns the class of a whole word, or `None` for a plain one.
    pub fn class_of(&self, word: &str) -> Option<Class> {
        let lowercase = self.ignores_case.then(|| word.to_ascii_lowercase());
        let listed = lowercase.as_deref().unwrap_or(word);
        let is_capitalized = || {
            word.starts_with(|c: char| c.is_ascii_uppercase())
                && word.contains(|c: char| c.is_ascii_lowercase())
        };
        if self.keywords.contains(listed) {
            Some(Class::Keyword)
        } else if self.constants.contains(listed) || self.capitalized_types && is_capitalized() {
            Some(Class::Type)
        } else {
            None
        }
    }
}

/// The kind of a token, which decides its class in the page.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    Comment,
    String,
    Number,
    Keyword,
    Type,
    Property,
    Inserted,
    Deleted,
}

impl Class {
    /// Returns what follows `hl-` in the class attribute.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Comment => "c",
            Self::String => "s",
            Self::Number => "n",
            Self::Keyword => "k",
            Self::Type => "t",
            Self::Property => "p",
            Self::Inserted => "i",
            Self::Deleted => "d",
        }
    }
}

/// The text after a key.
#[derive(Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Keys {
    /// A colon, after blanks or none: JSON.
    Colon,
    /// A colon at once, and then a blank or the end of the line: YAML.
    ColonBlank,
    /// An equals sign at once: shell.
    Assigned,
    /// An equals sign, after blanks or none: TOML.
    Equals,
    /// `=`, or one of `!=` and `!~` with a quote at once: PromQL.
    Label,
    /// A colon or an equals sign, for the first word of a line: INI.
    LineStart,
}

/// A part of the text with its own class, known by how it opens.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    pub class: Class,
    pub open: String,
    #[serde(default)]
    pub at: OpensAt,
    /// The text that closes it, or `None` for a mark that ends as `end` says.
    pub close: Option<String>,
    /// Whether a backslash hides the next byte from the search for the end.
    #[serde(default)]
    pub escapes: bool,
    /// Whether the mark may continue on the next line.
    ///
    /// Reports quote truncated code, so most strings end with their line: one missing quote then spoils one line, even
    /// where the language would let the string continue.
    #[serde(default)]
    pub multiline: bool,
    #[serde(default)]
    pub end: End,
}

/// The position where a mark may open.
#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OpensAt {
    #[default]
    Anywhere,
    /// Not directly after a word, so that the apostrophe of `it's` opens no string.
    Apart,
    /// After a blank or at the start of a line: the `#` of `a#b`, `$#` and an anchor opens no comment.
    AfterBlank,
    AfterEquals,
    /// After nothing but blanks on its line.
    LineStart,
    /// At the very start of a line.
    Column,
}

/// The end of a mark without closing text.
#[derive(Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// At the end of the line.
    #[default]
    Line,
    /// At the end of the word that follows; without one, nothing is highlighted.
    Word,
    /// At the quote after one character or escape; without one, nothing is highlighted: `'a'`, not `'static`.
    Character,
}
