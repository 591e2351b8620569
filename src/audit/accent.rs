//! Composes a base character and a diacritic into one character, and writes a text without diacritics.
//!
//! Some systems write `á` as an `a` and a combining character; HTML may write it as
//! `&aacute;`. A name must be found in both.

use unicode_normalization::char::{compose, decompose_canonical};

/// The diacritics that character references name.
const DIACRITICS: &[(char, &str)] = &[
    ('\u{300}', "grave"),
    ('\u{301}', "acute"),
    ('\u{302}', "circ"),
    ('\u{303}', "tilde"),
    ('\u{304}', "macr"),
    ('\u{306}', "breve"),
    ('\u{307}', "dot"),
    ('\u{308}', "uml"),
    ('\u{30a}', "ring"),
    ('\u{30b}', "dblac"),
    ('\u{30c}', "caron"),
    ('\u{327}', "cedil"),
    ('\u{328}', "ogon"),
];

/// Returns a base character with a combining one, in lowercase, or `None` if they do not combine.
pub(super) fn composed(bare: char, combining: char) -> Option<char> {
    compose(bare.to_ascii_lowercase(), combining)
}

/// Returns the character named by a reference such as `aacute`, in lowercase, or `None` if it is unknown.
pub(super) fn named(name: &str) -> Option<char> {
    let mut chars = name.chars();
    let bare = chars.next()?;
    let mut known = DIACRITICS.iter();
    let (combining, _) = known.find(|(_, name)| *name == chars.as_str())?;
    composed(bare, *combining)
}

/// Letters that Unicode does not decompose, and what is typed for them.
pub(crate) const LETTERS: &[(char, &str)] = &[
    ('æ', "ae"),
    ('ð', "d"),
    ('đ', "d"),
    ('ħ', "h"),
    ('ı', "i"),
    ('ł', "l"),
    ('ø', "o"),
    ('œ', "oe"),
    ('ß', "ss"),
    ('þ', "th"),
    ('ŧ', "t"),
    ('ς', "σ"),
];

/// Letters that some languages write as two in ASCII.
const SPELLED_OUT: &[(char, &str)] = &[
    ('ä', "ae"),
    ('å', "aa"),
    ('ö', "oe"),
    ('ø', "oe"),
    ('ü', "ue"),
];

/// Returns a text in lowercase, as [`folded`](super::plain::folded) gives it, without its diacritics: `zurich`.
pub(super) fn stripped(text: &str) -> String {
    replaced(text, &[])
}

/// Returns a text in lowercase with its umlauts written as two letters, and without other diacritics: `zuerich`.
pub(super) fn spelled_out(text: &str) -> String {
    replaced(text, SPELLED_OUT)
}

fn replaced(text: &str, first: &[(char, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let mut letters = first.iter().chain(LETTERS);
        match letters.find(|(letter, _)| *letter == c) {
            Some((_, ascii)) => out.push_str(ascii),
            None => out.push(bare(c).unwrap_or(c)),
        }
    }
    out
}

/// Returns the letter of ASCII that a character has a diacritic on, or `None` for another character.
fn bare(c: char) -> Option<char> {
    let mut first = None;
    decompose_canonical(c, |part| {
        first.get_or_insert(part);
    });
    first.filter(char::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diacritics_combine_with_their_base_characters_only() {
        assert_eq!(composed('A', '\u{301}'), Some('á'));
        assert_eq!(composed('n', '\u{303}'), Some('ñ'));
        assert_eq!(composed('ê', '\u{301}'), Some('ế'));
        assert_eq!(composed('q', '\u{301}'), None);
        assert_eq!(named("Ouml"), Some('ö'));
        assert_eq!(named("ocirc"), Some('ô'));
        assert_eq!(named("dot"), None);
        assert_eq!(named(""), None);
    }

    #[test]
    fn only_letters_of_ascii_lose_their_diacritics() {
        assert_eq!(
            stripped("zürich łódź đặng nguyễn"),
            "zurich lodz dang nguyen"
        );
        assert_eq!(spelled_out("zürich"), "zuerich");
        assert_eq!(stripped("が й ≠"), "が й ≠");
    }
}
