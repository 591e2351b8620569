//! Composes a base character and a diacritic into one character, and writes a text without diacritics.
//!
//! Some systems write `á` as an `a` and a combining character; HTML may write it as
//! `&aacute;`. A name must be found in both.

/// A diacritic, its name in character references, and its base and composed characters.
struct Diacritic {
    combining: char,
    name: &'static str,
    bare: &'static str,
    marked: &'static str,
}

const fn diacritic(
    combining: char,
    name: &'static str,
    bare: &'static str,
    marked: &'static str,
) -> Diacritic {
    Diacritic {
        combining,
        name,
        bare,
        marked,
    }
}

/// The diacritics of languages in Latin script.
const DIACRITICS: &[Diacritic] = &[
    diacritic('\u{300}', "grave", "aeioun", "àèìòùǹ"),
    diacritic('\u{301}', "acute", "aeiouyclnrsz", "áéíóúýćĺńŕśź"),
    diacritic('\u{302}', "circ", "aeioucghjswy", "âêîôûĉĝĥĵŝŵŷ"),
    diacritic('\u{303}', "tilde", "aionu", "ãĩõñũ"),
    diacritic('\u{304}', "macr", "aeiou", "āēīōū"),
    diacritic('\u{306}', "breve", "aegiou", "ăĕğĭŏŭ"),
    diacritic('\u{307}', "dot", "cegz", "ċėġż"),
    diacritic('\u{308}', "uml", "aeiouy", "äëïöüÿ"),
    diacritic('\u{30a}', "ring", "au", "åů"),
    diacritic('\u{30b}', "dblac", "ou", "őű"),
    diacritic('\u{30c}', "caron", "cdelnrstz", "čďěľňřšťž"),
    diacritic('\u{327}', "cedil", "cgklnrst", "çģķļņŗşţ"),
    diacritic('\u{328}', "ogon", "aeiu", "ąęįų"),
];

/// Returns a base character with a combining one, in lowercase, or `None` if they do not combine.
pub(super) fn composed(bare: char, combining: char) -> Option<char> {
    let diacritic = DIACRITICS
        .iter()
        .find(|known| known.combining == combining)?;
    diacritic.on(bare)
}

/// Returns the character named by a reference such as `aacute`, in lowercase, or `None` if it is unknown.
pub(super) fn named(name: &str) -> Option<char> {
    let mut chars = name.chars();
    let bare = chars.next()?;
    let diacritic = DIACRITICS
        .iter()
        .find(|known| known.name == chars.as_str())?;
    diacritic.on(bare)
}

/// Letters that are no composed characters, and how they are written in ASCII.
const LETTERS: &[(char, &str)] = &[
    ('æ', "ae"),
    ('ð', "d"),
    ('ø', "o"),
    ('þ', "th"),
    ('đ', "d"),
    ('ı', "i"),
    ('ł', "l"),
    ('œ', "oe"),
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

fn bare(c: char) -> Option<char> {
    DIACRITICS.iter().find_map(|known| {
        let mut pairs = known.bare.chars().zip(known.marked.chars());
        pairs.find(|pair| pair.1 == c).map(|pair| pair.0)
    })
}

impl Diacritic {
    fn on(&self, bare: char) -> Option<char> {
        let bare = bare.to_ascii_lowercase();
        let mut pairs = self.bare.chars().zip(self.marked.chars());
        pairs.find(|pair| pair.0 == bare).map(|pair| pair.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diacritics_combine_with_their_base_characters_only() {
        for diacritic in DIACRITICS {
            assert_eq!(
                diacritic.bare.chars().count(),
                diacritic.marked.chars().count()
            );
        }
        assert_eq!(composed('A', '\u{301}'), Some('á'));
        assert_eq!(composed('n', '\u{303}'), Some('ñ'));
        assert_eq!(composed('q', '\u{301}'), None);
        assert_eq!(named("Ouml"), Some('ö'));
        assert_eq!(named("ocirc"), Some('ô'));
        assert_eq!(named("dot"), None);
        assert_eq!(named(""), None);
    }
}
