//! Splits text into words without case and accents, as the search page's script does.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

pub(super) use crate::audit::accent::LETTERS;

/// Words that are too common to distinguish pages, sorted.
pub(super) const COMMON: &[&str] = &[
    "an", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have",
    "if", "in", "into", "is", "it", "its", "no", "not", "of", "on", "or", "so", "than", "that",
    "the", "their", "then", "there", "they", "this", "to", "was", "we", "were", "what", "when",
    "which", "who", "will", "with", "you",
];

/// The maximum length of a common word in bytes.
const LONGEST_COMMON: usize = 5;

/// The minimum length of a word: single characters are not indexed.
pub(super) const SHORTEST: usize = 2;

/// The maximum length of a word in bytes: longer ones are digests and keys, which nobody types.
const LONGEST: usize = 40;

/// Returns a text in lowercase, without accents and with plain letters for ligatures and letters with strokes.
pub(super) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for word in text.split_inclusive(' ') {
        if word.is_ascii() {
            folded.push_str(word);
        } else {
            let is_accent = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
            let bare: String = word.nfkd().filter(|c| !is_accent(c)).nfc().collect();
            for c in bare.to_lowercase().chars() {
                match LETTERS.iter().find(|(letter, _)| *letter == c) {
                    Some((_, plain)) => folded.push_str(plain),
                    None => folded.push(c),
                }
            }
        }
    }
    folded.make_ascii_lowercase();
    folded
}

/// Returns the words of a folded text that are indexed, including the common ones.
///
/// In a script without spaces, each pair of neighboring characters is a word.
pub(super) fn split(folded: &str) -> impl Iterator<Item = &str> {
    let (mut rest, mut unspaced) = (folded, "");
    std::iter::from_fn(move || {
        loop {
            if let Some((pair, after)) = first_pair(unspaced) {
                unspaced = after;
                return Some(pair);
            }
            let (run, is_unspaced) = next_run(&mut rest)?;
            if is_unspaced {
                unspaced = run;
            } else if is_searched(run) {
                return Some(run);
            }
        }
    })
}

/// Returns the first two characters of a run, and the run from the second character on.
fn first_pair(run: &str) -> Option<(&str, &str)> {
    let mut next = run.char_indices().map(|(at, _)| at).skip(1);
    let second = next.next()?;
    let end = next.next().unwrap_or(run.len());
    Some((run.get(..end)?, run.get(second..)?))
}

/// Returns the next run of word characters, and whether its script has no spaces between words.
fn next_run<'t>(rest: &mut &'t str) -> Option<(&'t str, bool)> {
    // Most words are of ASCII characters, and need no look at scripts.
    let may_begin = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let start = rest.bytes().position(may_begin)?;
    let mut text = rest.get(start..)?;
    if !text.starts_with(|c: char| c.is_ascii()) {
        text = text.trim_start_matches(|c| !is_word(c));
    }
    let ascii = text.bytes().position(|byte| !byte.is_ascii_alphanumeric());
    let end = ascii.unwrap_or(text.len());
    let is_whole = end > 0 && text.as_bytes().get(end).is_none_or(u8::is_ascii);
    let is_unspaced = !is_whole && is_unspaced_script(text.chars().next()?);
    let ends = |c| !is_word(c) || is_unspaced_script(c) != is_unspaced;
    let end = if is_whole {
        end
    } else {
        text.find(ends).unwrap_or(text.len())
    };
    let (run, after) = text.split_at_checked(end)?;
    *rest = after;
    Some((run, is_unspaced))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || (!c.is_ascii() && is_combining_mark(c))
}

/// Returns `true` for Thai, Lao, Burmese, Khmer, Chinese, Japanese and Korean.
fn is_unspaced_script(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Returns `true` if a word is too common to distinguish pages.
pub(super) fn is_common(word: &str) -> bool {
    word.len() <= LONGEST_COMMON && COMMON.binary_search(&word).is_ok()
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
    fn words_are_folded_runs_of_letters_and_digits_or_pairs_of_characters() {
        for (text, expected) in [
            ("INC-2025-0023", "inc 2025 0023"),
            ("The pool's `max_size` was 40.", "the pool max size was"),
            ("14:23:47, 15 %, v3.4.7", "v3"),
            (
                "\u{dc}bersicht, Zoe\u{308} und Zo\u{eb}",
                "ubersicht zoe und zoe",
            ),
            (
                "Łódź Ørsted STRASSE Straße \u{fb01}le Ærø Ħal ½ ﾃｽﾄ",
                "lodz orsted strasse strasse file aero hal テス スト",
            ),
            ("決済サービス停止", "決済 済サ サー ービ ビス ス停 停止"),
            ("停。止 V2停止x", "v2 停止"),
            ("서비스 장애", "서비 비스 장애"),
            ("ガス", "ガス"),
            ("ระบบล่ม", "ระ ะบ บบ บล ล่ ่ม"),
            ("", ""),
        ] {
            let folded = fold(text);
            assert_eq!(split(&folded).collect::<Vec<_>>().join(" "), expected);
        }
        assert_eq!(split(&"a".repeat(41)).count(), 0);
    }

    #[test]
    fn common_words_are_sorted_and_short() {
        assert!(COMMON.is_sorted());
        let lengths = COMMON.iter().map(|word| word.len());
        assert_eq!(lengths.max(), Some(LONGEST_COMMON));
    }

    #[test]
    fn names_of_files_are_plain() {
        assert_eq!(file_name("c0"), "-c-0");
        assert_eq!(file_name("\u{fc}b"), "-ufc-b");
    }
}
