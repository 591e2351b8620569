//! Keeps the order of words that are written from right to left beside words that are not.
//!
//! Browsers order the punctuation and the numbers around such words by what is next to them, so a value needs an
//! isolated direction, and a block takes that of its first word.

use std::borrow::Cow;

/// The attribute of a block that takes the direction of its first word.
pub(super) const AUTO: &str = " dir=\"auto\"";

/// Returns `true` if a text has a character of a script that is written from right to left.
pub(super) fn has_right_to_left(text: &str) -> bool {
    !text.is_ascii()
        && text.chars().any(|c| {
            matches!(
                c,
                '\u{590}'..='\u{8FF}'
                    | '\u{FB1D}'..='\u{FDFF}'
                    | '\u{FE70}'..='\u{FEFE}'
                    | '\u{10800}'..='\u{10FFF}'
                    | '\u{1E800}'..='\u{1EFFF}'
            )
        })
}

/// Returns the HTML of a value for use between other text.
pub fn isolated(html: Cow<'_, str>) -> Cow<'_, str> {
    if has_right_to_left(&html) {
        Cow::Owned(["<bdi>", &html, "</bdi>"].concat())
    } else {
        html
    }
}

#[cfg(test)]
mod tests {
    use crate::render::html::{Code, fragment, inline};

    #[test]
    fn only_words_from_right_to_left_are_isolated() {
        for (line, expected) in [
            (
                "Zo\u{eb}, \u{505c}\u{6b62} \u{2705}",
                "Zo\u{eb}, \u{505c}\u{6b62} \u{2705}",
            ),
            (
                "\u{5e9}\u{5dc}\u{5d5}\u{5dd} 12",
                "<bdi>\u{5e9}\u{5dc}\u{5d5}\u{5dd} 12</bdi>",
            ),
            ("*\u{634}\u{631}*", "<bdi><em>\u{634}\u{631}</em></bdi>"),
        ] {
            assert_eq!(inline(line), expected);
        }
    }

    #[test]
    fn blocks_take_the_direction_of_their_first_word() {
        for (markdown, expected) in [
            ("a", "<p>a</p>\n"),
            ("\u{5e9}.", "<p dir=\"auto\">\u{5e9}.</p>\n"),
            ("# \u{5e9}", "<h1 dir=\"auto\">\u{5e9}</h1>\n"),
            (
                "- a\n- \u{5e9}",
                "<ul>\n<li>a</li>\n<li dir=\"auto\">\u{5e9}</li>\n</ul>\n",
            ),
            (
                "**Cause**: \u{5e9} 1.",
                "<p dir=\"auto\"><strong>Cause</strong>: <bdi>\u{5e9} 1.</bdi></p>\n",
            ),
        ] {
            assert_eq!(fragment(markdown, Code::default()), expected);
        }
    }
}
