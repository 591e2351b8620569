//! What counts as a word: letters and digits in lower case, as the search page's script cuts them too.

/// Words that are on every page and tell none from another, sorted.
pub(super) const COMMON: &[&str] = &[
    "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have",
    "if", "in", "into", "is", "it", "its", "no", "not", "of", "on", "or", "so", "than", "that",
    "the", "their", "then", "there", "they", "this", "to", "was", "we", "were", "what", "when",
    "which", "who", "will", "with", "you",
];

/// A single letter finds nothing.
pub(super) const SHORTEST: usize = 2;

/// Longer runs of letters and digits are digests and keys, which nobody types.
const LONGEST: usize = 40;

/// Lists the words of a text that can be searched for.
pub(super) fn split(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| is_searched(word))
        .map(str::to_lowercase)
        .filter(|word| COMMON.binary_search(&word.as_str()).is_err())
}

/// Says whether a word is neither so short nor so long that it finds nothing.
fn is_searched(word: &str) -> bool {
    let is_clock = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.chars().nth(SHORTEST - 1).is_some() && word.len() <= LONGEST && !is_clock
}

/// Gives the end of the name of the file of words that begin so: letters beyond `a` to `z` by their numbers.
pub(super) fn file_name(prefix: &str) -> String {
    let c = |c| match c {
        'a'..='z' | '0'..='9' => format!("-{c}"),
        c => format!("-u{:x}", u32::from(c)),
    };
    prefix.chars().map(c).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        for (text, expected) in [
            ("INC-2025-0023", "inc 2025 0023"),
            ("The pool's `max_size` was 40.", "pool max size"),
            ("14:23:47, 15 %, v3.4.7", "v3"),
            (
                "\u{dc}bersicht \u{65e5}\u{672c}",
                "\u{fc}bersicht \u{65e5}\u{672c}",
            ),
            ("", ""),
        ] {
            assert_eq!(split(text).collect::<Vec<_>>().join(" "), expected);
        }
        assert_eq!(split(&"a".repeat(41)).count(), 0);
    }

    #[test]
    fn common_words_are_sorted() {
        assert!(COMMON.is_sorted());
    }

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(file_name("c0"), "-c-0");
        assert_eq!(file_name("\u{fc}b"), "-ufc-b");
    }
}
