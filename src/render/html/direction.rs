//! Keeps the order of words that are written from right to left beside words that are not.
//!
//! Browsers order the punctuation and the numbers around such words by what is next to them, so a value needs an
//! isolated direction, and a block takes that of its first word.

use std::borrow::Cow;
use std::io;

use memchr::memmem;

use super::tag::Tag;

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
        Cow::Owned([START, &html, END].concat())
    } else {
        html
    }
}

/// Escapes a value that a page prints without a filter, and isolates it.
///
/// # Errors
/// Returns an error if `out` does.
pub fn escape(value: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let is_isolated = has_right_to_left(value);
    if is_isolated {
        out.write_all(START.as_bytes())?;
    }
    tera::escape_html(value, out)?;
    if is_isolated {
        out.write_all(END.as_bytes())?;
    }
    Ok(())
}

const START: &str = "<bdi>";
const END: &str = "</bdi>";

/// Elements that isolate their text themselves, or cannot contain elements.
const WHOLE: &[&str] = &["pre", "title"];

/// Returns a page without the elements that isolate values in places that can have none, such as attributes.
pub fn without_misplaced(html: &str) -> Cow<'_, str> {
    if memmem::find(html.as_bytes(), START.as_bytes()).is_none() {
        return Cow::Borrowed(html);
    }
    let bare = |part: &str| part.replace(START, "").replace(END, "");
    let mut out = String::with_capacity(html.len());
    let (mut rest, mut whole) = (html, None);
    while let Some(tag) = Tag::first(rest) {
        let is_misplaced = whole.is_some() && (tag.is("bdi") || tag.is("/bdi"));
        out.push_str(tag.before);
        match tag.whole {
            _ if is_misplaced => {}
            START | END => out.push_str(tag.whole),
            other => out.push_str(&bare(other)),
        }
        whole = match whole {
            None => WHOLE.iter().copied().find(|name| tag.is(name)),
            Some(name) if tag.is(&format!("/{name}")) => None,
            open => open,
        };
        rest = tag.after;
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::html::{fragment, inline};

    #[test]
    fn a_value_is_isolated_where_elements_may_be() {
        let mut value = Vec::new();
        escape("\u{5e9} <a>", &mut value).expect("memory");
        let value = String::from_utf8(value).expect("UTF-8");
        let page = format!(
            "<title>{value}</title><p title=\"{value}\">{value}</p><pre><code>{value}</code></pre>"
        );
        let bare = "\u{5e9} &lt;a&gt;";
        let expected = format!(
            "<title>{bare}</title><p title=\"{bare}\"><bdi>{bare}</bdi></p><pre><code>{bare}</code></pre>"
        );
        assert_eq!(without_misplaced(&page), expected);
        assert!(matches!(without_misplaced("<p>a</p>"), Cow::Borrowed(_)));
    }

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
                "```\n\u{5e9}\n```",
                "<pre tabindex=\"0\" class=\"code\" dir=\"auto\"><code>\u{5e9}\n</code></pre>\n",
            ),
            (
                "| \u{5e9} |\n|---|\n| \u{5e9} |",
                "<div class=\"table\"><table><thead><tr><th scope=\"col\"><bdi>\u{5e9}</bdi></th></tr></thead><tbody>\n\
                 <tr><th scope=\"row\"><bdi>\u{5e9}</bdi></th></tr>\n</tbody></table></div>\n",
            ),
            (
                "**Cause**: \u{5e9} 1.",
                "<p dir=\"auto\"><strong>Cause</strong>: <bdi>\u{5e9} 1.</bdi></p>\n",
            ),
        ] {
            assert_eq!(fragment(markdown), expected);
        }
    }
}
