//! Finds the name that a mistyped word most likely means.

use super::character;

/// The maximum length of a word that names are compared with.
const LONGEST: usize = 64;

/// Returns the name that is most similar to a word, and the number of characters that differ.
///
/// Case, blanks, dashes and invisible characters are ignored. Returns `None` if no name is
/// similar, or if several are equally similar.
pub fn nearest<'a>(
    word: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, usize)> {
    if word.len() > LONGEST {
        return None;
    }
    let wanted = folded(word);
    let mut best: Option<(&'a str, usize)> = None;
    let mut is_tied = false;
    for name in names {
        let distance = strsim::osa_distance(&wanted, &folded(name));
        let smallest = best.map_or(usize::MAX, |(_, smallest)| smallest);
        if distance < smallest {
            best = Some((name, distance));
            is_tied = false;
        } else if distance == smallest && best.is_some_and(|(other, _)| other != name) {
            is_tied = true;
        }
    }
    let (name, distance) = best.filter(|_| !is_tied)?;
    let longest = wanted.chars().count().max(name.chars().count());
    (distance <= (longest / 3).max(usize::from(longest > 1)).min(3)).then_some((name, distance))
}

/// Returns `true` if a word can only be a misspelling of a name, so that it may be corrected unasked.
///
/// Apart from case, blanks and dashes, one character is missing, added, or swapped with the next, or in a long name
/// another one: in a short one that makes other words, such as `defect` of `detect`. The first character is the same:
/// the start of a word may turn its meaning around, as in `unresolved`.
pub fn is_misspelling(word: &str, name: &str) -> bool {
    let (word, name) = (folded(word), folded(name));
    let sorted = |text: &str| {
        let mut characters: Vec<char> = text.chars().collect();
        characters.sort_unstable();
        characters
    };
    let (typed, meant) = (sorted(&word), sorted(&name));
    let length = typed.len().min(meant.len());
    let is_replaced = typed.len() == meant.len() && typed != meant;
    match strsim::osa_distance(&word, &name) {
        0 => true,
        1 => {
            word.chars().next() == name.chars().next() && length >= if is_replaced { 8 } else { 4 }
        }
        _ => false,
    }
}

/// Returns the question whether the nearest name was meant, as in ``did you mean `P2`?``.
pub fn did_you_mean<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, names).map(|(name, _)| ask(word, name))
}

/// Returns the question whether a name was meant, which points out a character that only looks like one of the name.
pub fn ask(word: &str, name: &str) -> String {
    let mut foreign = word
        .chars()
        .filter(|character| !character.is_ascii() && !name.contains(*character));
    match foreign.next() {
        Some(foreign) => format!(
            "did you mean `{name}`, without the {}?",
            character::described(foreign)
        ),
        None => format!("did you mean `{name}`?"),
    }
}

/// Returns a word as names are compared: in lowercase ASCII, with `_` for blanks and dashes.
pub fn folded(word: &str) -> String {
    let ascii = character::ascii(word.trim());
    let joined = ascii.trim().chars().map(|character| {
        if " -".contains(character) {
            '_'
        } else {
            character
        }
    });
    joined.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_misspelling_is_certain() {
        for (word, name) in [
            ("Public", "public"),
            ("in-progress", "in_progress"),
            ("titel", "title"),
            ("servces", "services"),
            ("mjor", "major"),
            ("planed", "planned"),
            ("sevarity", "severity"),
        ] {
            assert!(is_misspelling(word, name), "{word}");
        }
        for (word, name) in [
            ("unresolved", "resolved"),
            ("undone", "done"),
            ("disclosed", "closed"),
            ("inactive", "active"),
            ("external", "internal"),
            ("reported", "reverted"),
            ("defect", "detect"),
            ("present", "prevent"),
            ("not", "note"),
            ("none", "one"),
            ("", "a"),
        ] {
            assert!(!is_misspelling(word, name), "{word}");
        }
    }
}
