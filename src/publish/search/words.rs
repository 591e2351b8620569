//! Splits text into words: letters and digits in lowercase, as the search page's script does.

/// Words that are too common to distinguish pages, sorted.
pub(super) const COMMON: &[&str] = &[
    "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have",
    "if", "in", "into", "is", "it", "its", "no", "not", "of", "on", "or", "so", "than", "that",
    "the", "their", "then", "there", "they", "this", "to", "was", "we", "were", "what", "when",
    "which", "who", "will", "with", "you",
];

/// The minimum length of a word: single characters are not indexed.
pub(super) const SHORTEST: usize = 2;

/// The maximum length of a word: longer ones are digests and keys, which nobody types.
const LONGEST: usize = 40;

/// Returns the words of a text that are indexed.
pub(super) fn split(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| is_searched(word))
        .map(str::to_lowercase)
        .filter(|word| COMMON.binary_search(&word.as_str()).is_err())
}

/// Returns `true` if a word is indexed: not too short, not too long, and not two digits of a time.
fn is_searched(word: &str) -> bool {
    let is_time_part = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit());
    word.chars().nth(SHORTEST - 1).is_some() && word.len() <= LONGEST && !is_time_part
}

/// Returns the file name suffix for words with a prefix; characters other than `a` to `z` and digits become code points.
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
    fn words_are_alphanumeric_runs() {
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
