//! Finds the name that a mistyped word most likely means.

use super::character;

/// Names are not compared with longer words.
const LONGEST: usize = 64;

/// Finds the one name that is most like a word, and how many characters differ.
///
/// Case, blanks, dashes and characters that cannot be seen make no difference. Returns `None`
/// if no name is near, or if several are equally near.
pub fn nearest<'a>(
    word: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<(&'a str, usize)> {
    if word.len() > LONGEST {
        return None;
    }
    let typed = folded(word);
    let mut best: Option<(&'a str, usize)> = None;
    let mut is_tied = false;
    for name in names {
        let distance = strsim::osa_distance(&typed, &folded(name));
        let least = best.map_or(usize::MAX, |(_, least)| least);
        if distance < least {
            best = Some((name, distance));
            is_tied = false;
        } else if distance == least && best.is_some_and(|(other, _)| other != name) {
            is_tied = true;
        }
    }
    let (name, distance) = best.filter(|_| !is_tied)?;
    let longest = typed.chars().count().max(name.chars().count());
    (distance <= (longest / 3).max(usize::from(longest > 1)).min(3)).then_some((name, distance))
}

/// Asks whether the nearest name was meant, as in ``did you mean `P2`?``.
pub fn did_you_mean<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(word, names).map(|(name, _)| ask(word, name))
}

/// Asks whether a name was meant, and points out a character that only looks like one of it.
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

/// Returns a word without the differences that do not count.
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
