//! A letter and the mark on it, as one letter.
//!
//! Some systems write `á` as an `a` and a mark that follows it; pages write it as
//! `&aacute;`. A name has to be found in each.

/// A mark, what a character reference calls it, and the letters that it stands on, without it and with it.
struct Mark {
    combining: char,
    name: &'static str,
    bare: &'static str,
    marked: &'static str,
}

const fn mark(
    combining: char,
    name: &'static str,
    bare: &'static str,
    marked: &'static str,
) -> Mark {
    Mark {
        combining,
        name,
        bare,
        marked,
    }
}

/// The marks of languages in Latin letters.
const MARKS: &[Mark] = &[
    mark('\u{300}', "grave", "aeioun", "àèìòùǹ"),
    mark('\u{301}', "acute", "aeiouyclnrsz", "áéíóúýćĺńŕśź"),
    mark('\u{302}', "circ", "aeioucghjswy", "âêîôûĉĝĥĵŝŵŷ"),
    mark('\u{303}', "tilde", "aionu", "ãĩõñũ"),
    mark('\u{304}', "macr", "aeiou", "āēīōū"),
    mark('\u{306}', "breve", "aegiou", "ăĕğĭŏŭ"),
    mark('\u{307}', "dot", "cegz", "ċėġż"),
    mark('\u{308}', "uml", "aeiouy", "äëïöüÿ"),
    mark('\u{30a}', "ring", "au", "åů"),
    mark('\u{30b}', "dblac", "ou", "őű"),
    mark('\u{30c}', "caron", "cdelnrstz", "čďěľňřšťž"),
    mark('\u{327}', "cedil", "cgklnrst", "çģķļņŗşţ"),
    mark('\u{328}', "ogon", "aeiu", "ąęįų"),
];

/// Gives a letter with a combining mark on it, as a small letter.
pub(super) fn composed(bare: char, combining: char) -> Option<char> {
    let mark = MARKS.iter().find(|mark| mark.combining == combining)?;
    mark.on(bare)
}

/// Gives the letter that a character reference names, as `aacute`; as a small letter.
pub(super) fn named(name: &str) -> Option<char> {
    let mut letters = name.chars();
    let bare = letters.next()?;
    let mark = MARKS.iter().find(|mark| mark.name == letters.as_str())?;
    mark.on(bare)
}

impl Mark {
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
    fn every_letter_has_its_mark_and_no_other() {
        for mark in MARKS {
            assert_eq!(mark.bare.chars().count(), mark.marked.chars().count());
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
