//! The Markdown dialect of reports: its options, where a text in it may link to, and the table rows of which parsers drop
//! cells.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr_iter;
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

pub mod link;
mod rows;

use rows::with_whole_rows;
pub(crate) use rows::{SplitRow, split_row, split_rows};

/// CommonMark with tables, strikethrough, task lists and alerts, as GitHub reads them.
///
/// Without footnotes, whose IDs would be shared by all sections of a page.
pub(crate) const DIALECT: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// Text before a value for the parser, after which nothing starts a block.
pub(crate) const PREFIX: &str = "x ";

/// The target of a link or an image in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkTarget {
    /// The target as CommonMark decodes it.
    pub url: String,
    /// Whether an image was meant.
    pub is_picture: bool,
}

/// Returns the targets of the links and images of a text, in order.
#[must_use]
pub fn targets(text: &str) -> Vec<LinkTarget> {
    if !may_link(text) {
        return Vec::new();
    }
    let target = |event: Event<'_>| match event {
        Event::Start(Tag::Link {
            link_type: LinkType::Autolink | LinkType::Email,
            ..
        }) => None,
        Event::Start(Tag::Link { dest_url, .. }) => Some(LinkTarget {
            url: dest_url.into_string(),
            is_picture: false,
        }),
        Event::Start(Tag::Image { dest_url, .. }) => Some(LinkTarget {
            url: dest_url.into_string(),
            is_picture: true,
        }),
        _ => None,
    };
    Parser::new_ext(&readable(&with_whole_rows(text)), DIALECT)
        .filter_map(target)
        .collect()
}

/// Returns the words of a text as they are printed, without markup.
#[must_use]
pub fn plain(text: &str) -> String {
    // Only words and spaces, as in most names.
    if text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b' ')
    {
        return text.trim().to_owned();
    }
    let words = Parser::new_ext(text, DIALECT).filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(text.into_string()),
        Event::SoftBreak | Event::HardBreak => Some(" ".to_owned()),
        _ => None,
    });
    words.collect::<String>().trim().to_owned()
}

fn may_link(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut closed = memchr_iter(b']', bytes);
    text.contains('<') || closed.any(|at| matches!(bytes.get(at + 1), Some(b'(' | b':')))
}

/// Returns a text as it is parsed: one line is inline Markdown, in which nothing starts a block.
fn readable(text: &str) -> Cow<'_, str> {
    if text.contains('\n') {
        Cow::Borrowed(text)
    } else {
        Cow::Owned([PREFIX, text].concat())
    }
}

/// The number of links inside each other of which a text keeps the words.
const MAX_NESTING: usize = 32;

/// Returns a text with the words of each link and image instead of those whose target is not kept, or `None` if it has
/// no such target.
#[must_use]
pub fn with_words(text: &str, keeps: &dyn Fn(&str) -> bool) -> Option<String> {
    if !may_link(text) {
        return None;
    }
    // A parser drops the cells that a row has too many, with the links in them.
    let text = &*with_whole_rows(text);
    let mut source = readable(text).into_owned();
    let start = source.len() - text.len();
    let mut is_changed = false;
    for _ in 0..MAX_NESTING {
        let markup = link_markup(&source, keeps);
        if markup.is_empty() {
            break;
        }
        is_changed = true;
        for part in markup.into_iter().rev() {
            source.replace_range(part, "");
        }
    }
    is_changed.then(|| source.split_off(start))
}

/// Returns the parts of a text that make its links and images whose target is not kept, without their words, in order.
fn link_markup(text: &str, keeps: &dyn Fn(&str) -> bool) -> Vec<Range<usize>> {
    let parser = Parser::new_ext(text, DIALECT);
    let definitions = parser.reference_definitions().iter();
    let mut markup: Vec<Range<usize>> = definitions
        .filter(|(_, definition)| !keeps(&definition.dest))
        .map(|(_, definition)| definition.span.clone())
        .collect();
    let (mut open, mut seen) = (Vec::new(), 0);
    for (event, range) in parser.into_offset_iter() {
        match &event {
            // The words of `<https://example.com>` are its target.
            Event::Start(Tag::Link {
                link_type: LinkType::Autolink | LinkType::Email,
                dest_url,
                ..
            }) => {
                if !keeps(dest_url) {
                    markup.extend([range.start..range.start + 1, range.end - 1..range.end]);
                }
                open.push(None);
            }
            Event::Start(tag @ (Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. })) => {
                let bracket = if matches!(tag, Tag::Link { .. }) {
                    1
                } else {
                    2
                };
                seen = range.start + bracket;
                open.push((!keeps(dest_url)).then_some(range.start..seen));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                let rest = text.get(seen..range.end).unwrap_or_default();
                if let Some((Some(start), words)) = open.pop().zip(rest.find(']')) {
                    // The parser leaves the `[]` of `[text][]` out of the link.
                    let rest = text.get(range.end..).unwrap_or_default();
                    let more = if rest.starts_with("[]") { 2 } else { 0 };
                    markup.push(start);
                    markup.push(seen + words..range.end + more);
                }
            }
            _ => {}
        }
        if !matches!(event, Event::Start(_)) {
            seen = seen.max(range.end);
        }
    }
    markup.sort_by_key(|part| part.start);
    markup
}

/// Returns the decoded path of a target that is relative to the text's file or to the host, or `None` if it leads
/// elsewhere or to a part of the same page.
#[must_use]
pub fn local_path(target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next()?;
    if path.is_empty() || !link::is_relative(target) {
        return None;
    }
    Some(String::from_utf8_lossy(&percent_decoded(path)).into_owned())
}

/// Returns the name and the fragment of a target that is another report, `NAME.md` or `NAME.md#part`.
///
/// The fragment keeps its `#`, which may be empty. `None` for other targets.
#[must_use]
pub fn report(target: &str) -> Option<(&str, &str)> {
    let (file, fragment) = target.split_at_checked(target.find('#').unwrap_or(target.len()))?;
    let name = file.strip_suffix(".md")?;
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-');
    is_name.then_some((name, fragment))
}

/// Returns the bytes of a target with its percent-encoding decoded.
pub(crate) fn percent_decoded(target: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(target.len());
    let mut rest = target.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = match (byte, after) {
            (b'%', [high, low, after @ ..]) => hex(*high).zip(hex(*low)).map(|pair| (pair, after)),
            _ => None,
        };
        match escaped {
            Some(((high, low), after)) => {
                decoded.push(high * 16 + low);
                rest = after;
            }
            None => {
                decoded.push(byte);
                rest = after;
            }
        }
    }
    decoded
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_those_of_links_and_images() {
        let text =
            "[a](b.txt) ![c](<d e.png> \"t\") <https://f.example> `[g](h)` [i]\n\n[i]: ../j.log\n";
        let found = targets(text);
        let found: Vec<_> = found
            .iter()
            .map(|target| (&*target.url, target.is_picture))
            .collect();
        assert_eq!(
            found,
            [("b.txt", false), ("d e.png", true), ("../j.log", false)]
        );
    }

    #[test]
    fn a_text_keeps_the_words_of_links_that_it_loses() {
        let keeps = |target: &str| !link::is_relative(target) && link::allowed(target);
        for (text, expected) in [
            (
                "see ![the *queue*](../pics/q.png \"t\")!",
                Some("see the *queue*!"),
            ),
            ("    [a](b.md)", Some("    a")),
            ("[![q](q.png)](a.log)", Some("q")),
            (
                "[![q](q.png)](https://h.example/)",
                Some("[q](https://h.example/)"),
            ),
            ("[[a](b.md)](c.md)", Some("a")),
            ("![](q.png)", Some("")),
            ("[a\\]b](<c d.md>)", Some("a\\]b")),
            (
                "`[a](b.md)` \\[a](b.md) [a](https://h.example/) <mailto:a@h.example>",
                None,
            ),
            (
                "[x](javascript:void) [y](//h.example) [z](file:///a)",
                Some("x y z"),
            ),
            (
                "[a][], [b][a] and [c]\n\n[a]: ../a.log\n[c]: https://c.example\n",
                Some("a, b and [c]\n\n\n[c]: https://c.example\n"),
            ),
            ("[a]: ../a.log", None),
        ] {
            assert_eq!(with_words(text, &keeps).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn only_a_relative_target_has_a_path() {
        for (target, expected) in [
            ("../pics/q.png", Some("../pics/q.png")),
            ("a%20b.log#L2", Some("a b.log")),
            ("./notes.md?x", Some("./notes.md")),
            ("INC-1.md", Some("INC-1.md")),
            ("../metrics.html#a", Some("../metrics.html")),
            ("/b.png", Some("/b.png")),
            ("a%ff", Some("a\u{fffd}")),
            ("https://a.example/b.png", None),
            ("mailto:a@b.example", None),
            ("//a.example/b.png", None),
            ("#b.png", None),
        ] {
            assert_eq!(local_path(target).as_deref(), expected, "{target}");
        }
    }

    #[test]
    fn only_a_bare_markdown_name_is_a_report() {
        assert_eq!(report("RCA-2026-0316.md"), Some(("RCA-2026-0316", "")));
        assert_eq!(report("INC-1.md#a.md"), Some(("INC-1", "#a.md")));
        for other in [
            "a/b.md", "../b.md", ".md", "b.md?x", "b.MD", "b.html", "#b.md", "a.b.md",
        ] {
            assert_eq!(report(other), None, "{other}");
        }
    }
}
