//! Says what the lexer has to know about each language: one row a language.
//!
//! To add one, write a row in the table of its family and an example in the
//! tests. A row says only where it differs from `PLAIN`.

use std::cmp::Ordering;

mod formats;
mod operations;
mod programming;

/// Every language, family by family; a name or alias stands in one row only.
pub const FAMILIES: &[&[Language]] = &[
    operations::LANGUAGES,
    formats::LANGUAGES,
    programming::LANGUAGES,
];

/// Finds a language by its name or an alias, in any case.
pub fn find(name: &str) -> Option<&'static Language> {
    (FAMILIES.iter().copied().flatten()).find(|language| {
        let mut names = language.names.iter();
        names.any(|known| known.eq_ignore_ascii_case(name))
    })
}

/// What the lexer knows about a language.
pub struct Language {
    /// The name in one word, then its aliases, all in lower case.
    pub names: &'static [&'static str],
    /// Comments, strings and other stretches; the first that opens wins.
    pub marks: &'static [Mark],
    /// What a word may hold after its first character, besides letters, digits and `_`.
    pub joins: &'static str,
    /// Sorted words parted by one blank, in lower case if case is ignored.
    pub keywords: &'static str,
    /// Types, constants and builtins, written as the keywords are.
    pub constants: &'static str,
    pub case: Case,
    pub types: Types,
    /// What may join two digits of one number; `None` leaves numbers plain.
    pub numbers: Option<&'static str>,
    pub keys: Keys,
}

impl Language {
    /// Gives the class of a whole word; `None` for a plain one.
    pub fn class_of(&self, word: &[u8]) -> Option<Class> {
        if is_listed(word, self.keywords, self.case) {
            Some(Class::Keyword)
        } else if is_listed(word, self.constants, self.case)
            || self.types == Types::Capitalised && is_capitalised(word)
        {
            Some(Class::Type)
        } else {
            None
        }
    }
}

/// Finds a word in a sorted list, whose words are parted by one blank, by halving it.
pub fn is_listed(word: &[u8], list: &str, case: Case) -> bool {
    let mut list = list.as_bytes();
    while !list.is_empty() {
        let (front, back) = list.split_at(list.len() / 2);
        let start = front.iter().rposition(|byte| *byte == b' ');
        let start = start.map_or(0, |blank| blank + 1);
        let end = back.iter().position(|byte| *byte == b' ');
        let end = end.map_or(list.len(), |blank| front.len() + blank);
        let listed = list.get(start..end).unwrap_or_default().iter().copied();
        let order = match case {
            Case::Exact => word.iter().copied().cmp(listed),
            Case::Ignored => word.iter().map(u8::to_ascii_lowercase).cmp(listed),
        };
        list = match order {
            Ordering::Equal => return true,
            Ordering::Less => list.get(..start.saturating_sub(1)),
            Ordering::Greater => list.get(end + 1..),
        }
        .unwrap_or_default();
    }
    false
}

fn is_capitalised(word: &[u8]) -> bool {
    word.first().is_some_and(u8::is_ascii_uppercase) && word.iter().any(u8::is_ascii_lowercase)
}

/// A language in which nothing is marked.
pub const PLAIN: Language = Language {
    names: &[],
    marks: &[],
    joins: "",
    keywords: "",
    constants: "",
    case: Case::Exact,
    types: Types::Listed,
    numbers: None,
    keys: Keys::None,
};

pub const DECIMAL: Option<&str> = Some(".");

/// Also joins dates, times, versions and addresses: `2026-03-06T08:44:00`, `10.0.0.1:8080`.
pub const DATED: Option<&str> = Some("-.:");

/// The kind of a token, which decides its class in the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Class {
    Comment,
    Text,
    Number,
    Keyword,
    Type,
    Property,
    Inserted,
    Deleted,
}

impl Class {
    /// Gives what follows `hl-` in the class attribute.
    pub fn class_suffix(self) -> &'static str {
        match self {
            Class::Comment => "c",
            Class::Text => "s",
            Class::Number => "n",
            Class::Keyword => "k",
            Class::Type => "t",
            Class::Property => "p",
            Class::Inserted => "i",
            Class::Deleted => "d",
        }
    }
}

/// Whether the words of a language are told apart by case.
#[derive(Clone, Copy, PartialEq)]
pub enum Case {
    Exact,
    Ignored,
}

/// Which words are types, besides those listed.
#[derive(Clone, Copy, PartialEq)]
pub enum Types {
    Listed,
    /// Every word such as `Duration`; `MAX` is a constant and stays plain.
    Capitalised,
}

/// What has to follow a word, string or number that is a key.
#[derive(Clone, Copy, PartialEq)]
pub enum Keys {
    None,
    /// A colon, blanks before it allowed: JSON.
    Colon,
    /// A colon at once and a blank or line end after it: YAML.
    ColonBlank,
    /// An equals sign at once: shell.
    Assigned,
    /// An equals sign, blanks before it allowed: TOML.
    Equals,
    /// `=`, or one of `!=` and `!~` with a quote at once: PromQL.
    Label,
    /// A colon or an equals sign, for the first word of a line: INI.
    LeadsLine,
}

/// A stretch of text with a class of its own, known by how it opens.
#[derive(Clone, Copy)]
pub struct Mark {
    pub class: Class,
    pub place: OpensAt,
    pub open: &'static str,
    pub end: End,
}

/// Where a mark may open.
#[derive(Clone, Copy, PartialEq)]
pub enum OpensAt {
    Anywhere,
    /// Not right after a word: keeps the apostrophe of `it's` from opening a string.
    Apart,
    /// After a blank or at the start of a line.
    AfterBlank,
    AfterEquals,
    /// With only blanks before it on its line.
    LeadsLine,
    /// At the very start of a line.
    Column,
}

/// Where a mark ends.
#[derive(Clone, Copy, PartialEq)]
pub enum End {
    /// At the end of the line.
    Line,
    /// At the end of the word that follows at once; without one it is no mark.
    Word,
    /// At the quote after one character or escape, else it is no mark: `'a'`, not `'static`.
    Character,
    /// After the closing text. A closing quote that is doubled needs no rule: it
    /// reads as two strings side by side.
    Close(&'static str, Escape, Extent),
}

/// Whether a backslash hides the byte after it from the search for the end.
#[derive(Clone, Copy, PartialEq)]
pub enum Escape {
    None,
    Backslash,
}

/// How far a mark that is never closed goes.
///
/// Reports quote cut-off code, so most strings are held to their line: then one
/// lost quote spoils one line, even where the language would let it go on.
#[derive(Clone, Copy, PartialEq)]
pub enum Extent {
    Line,
    Text,
}

impl Mark {
    pub const fn at(self, place: OpensAt) -> Mark {
        Mark { place, ..self }
    }

    pub const fn class(self, class: Class) -> Mark {
        Mark { class, ..self }
    }
}

const fn mark(class: Class, open: &'static str, end: End) -> Mark {
    let place = OpensAt::Anywhere;
    Mark {
        class,
        place,
        open,
        end,
    }
}

/// Marks a comment up to the end of its line.
pub const fn comment(open: &'static str) -> Mark {
    mark(Class::Comment, open, End::Line)
}

/// Marks a comment that may go over lines.
pub const fn block_comment(open: &'static str, close: &'static str) -> Mark {
    let end = End::Close(close, Escape::None, Extent::Text);
    mark(Class::Comment, open, end)
}

/// Marks a string on one line, with backslash escapes.
pub const fn string(quote: &'static str) -> Mark {
    let end = End::Close(quote, Escape::Backslash, Extent::Line);
    mark(Class::Text, quote, end)
}

/// Marks a string on one line, in which a backslash means itself.
pub const fn raw(open: &'static str, close: &'static str) -> Mark {
    let end = End::Close(close, Escape::None, Extent::Line);
    mark(Class::Text, open, end)
}

/// Marks a string that may go over lines, with backslash escapes.
pub const fn long(quote: &'static str) -> Mark {
    let end = End::Close(quote, Escape::Backslash, Extent::Text);
    mark(Class::Text, quote, end)
}

/// Marks a string that may go over lines, in which a backslash means itself.
pub const fn long_raw(open: &'static str, close: &'static str) -> Mark {
    let end = End::Close(close, Escape::None, Extent::Text);
    mark(Class::Text, open, end)
}

/// Marks a quoted character.
pub const fn character() -> Mark {
    mark(Class::Text, "'", End::Character)
}

/// Marks a word together with the sign before it, such as `$HOME`.
pub const fn word(class: Class, sign: &'static str) -> Mark {
    mark(class, sign, End::Word)
}

/// Marks a whole line by what it starts with.
pub const fn line(class: Class, open: &'static str) -> Mark {
    mark(class, open, End::Line).at(OpensAt::Column)
}

pub const SLASHES: Mark = comment("//");
pub const SLASH_STAR: Mark = block_comment("/*", "*/");
pub const HASH: Mark = comment("#");
/// The `#` of `a#b`, `$#` and of an anchor in an address opens no comment.
pub const HASH_APART: Mark = HASH.at(OpensAt::AfterBlank);
