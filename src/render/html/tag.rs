//! Reads the tags of HTML, also of a custom template: a `>` or `<` in a quoted attribute or a comment ends or starts no tag.

use std::collections::BTreeSet;
use std::ops::Range;

use memchr::memchr;
use pulldown_cmark::{Event, Parser};

/// Elements whose content has no tags and is not shown as text; their names start with an `s`.
const RAW: &[&str] = &["script", "style"];

/// A tag with the text before it and the HTML after it.
#[derive(Clone, Copy)]
pub(super) struct Tag<'h> {
    pub before: &'h str,
    /// The whole tag; for a comment or a script, all of it.
    pub whole: &'h str,
    pub after: &'h str,
}

impl<'h> Tag<'h> {
    /// Finds the first tag.
    pub(super) fn first(html: &'h str) -> Option<Self> {
        Self::at(html, next(html, 0)?)
    }

    /// Returns the tag at a range of HTML.
    pub(super) fn at(html: &'h str, range: Range<usize>) -> Option<Self> {
        Some(Self {
            before: html.get(..range.start)?,
            after: html.get(range.end..)?,
            whole: html.get(range)?,
        })
    }

    /// Returns `true` if it opens (`h2`) or closes (`/h2`) an element.
    pub(super) fn is(&self, name: &str) -> bool {
        let rest = self.whole.get(1..=name.len());
        let next = self.whole.as_bytes().get(name.len() + 1);
        rest.is_some_and(|start| start.eq_ignore_ascii_case(name))
            && next.is_some_and(|next| next.is_ascii_whitespace() || b"/>".contains(next))
    }

    /// Returns the value of an attribute as it is written, without quotes.
    pub(super) fn value(&self, attribute: &str) -> Option<&'h str> {
        let is_space = |c: char| c.is_ascii_whitespace() || c == '/';
        if self.whole.starts_with("<!") {
            return None;
        }
        // A script has its content in `whole`.
        let tag = self.whole.get(..end(self.whole)?)?;
        let (_, mut rest) = tag.split_once(is_space)?;
        loop {
            rest = rest.trim_start_matches(is_space);
            let (name, after) =
                rest.split_at_checked(rest.find(|c| is_space(c) || "=>".contains(c))?)?;
            rest = after.trim_start();
            if name.is_empty() && !rest.starts_with('=') {
                return None;
            }
            let Some(value) = rest.strip_prefix('=') else {
                continue;
            };
            let value = value.trim_start();
            let quote = value.chars().next().filter(|first| "\"'".contains(*first));
            let (value, after) = match quote {
                Some(quote) => value.get(1..)?.split_once(quote)?,
                None => value.split_at_checked(value.find(|c: char| is_space(c) || c == '>')?)?,
            };
            if name.eq_ignore_ascii_case(attribute) {
                return Some(value);
            }
            rest = after;
        }
    }
}

/// Returns the IDs of all elements of a page.
pub fn ids(html: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut rest = html;
    while let Some(tag) = Tag::first(rest) {
        ids.extend(tag.value("id").map(str::to_owned));
        rest = tag.after;
    }
    ids
}

/// Finds the first tag that starts at `from` or later.
pub(super) fn next(html: &str, from: usize) -> Option<Range<usize>> {
    let mut start = from;
    loop {
        start += memchr(b'<', html.as_bytes().get(start..)?)?;
        if let Some(length) = length(html.get(start..)?) {
            return Some(start..start + length);
        }
        start += 1;
    }
}

/// Returns the length of the tag, the comment or the script at the start, or `None` if the `<` is text.
fn length(html: &str) -> Option<usize> {
    let ends = |from: usize, end: &str| Some(from + html.get(from..)?.find(end)? + end.len());
    match html.as_bytes().get(1..)? {
        [b'!', b'-', b'-', ..] => ends(2, "-->"),
        [b'!' | b'?', ..] => ends(1, ">"),
        [b'/', b'a'..=b'z' | b'A'..=b'Z', ..] => end(html),
        [b's' | b'S', ..] => {
            let length = end(html)?;
            let tag = Tag::at(html, 0..length)?;
            let raw = RAW.iter().find(|name| tag.is(name));
            Some(
                raw.and_then(|name| ends(length, &format!("</{name}>")))
                    .unwrap_or(length),
            )
        }
        [b'a'..=b'z' | b'A'..=b'Z', ..] => end(html),
        _ => None,
    }
}

/// Returns the length of the tag at the start; a `>` in a quoted value does not end it.
fn end(html: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    let mut at = 0;
    loop {
        // The next one is near.
        let is_stop = |byte: &u8| matches!(byte, b'>' | b'"' | b'\'');
        let found = at + bytes.get(at..)?.iter().position(is_stop)?;
        let (before, after) = (bytes.get(..found)?, bytes.get(found + 1..)?);
        at = match bytes.get(found)? {
            b'>' => return Some(found + 1),
            quote if before.trim_ascii_end().ends_with(b"=") => {
                found + 1 + memchr(*quote, after)? + 1
            }
            _ => found + 1,
        };
    }
}

/// Returns the plain text of HTML, on one line.
pub fn plain_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(tag) = Tag::first(rest) {
        push_decoded(tag.before, &mut text);
        rest = tag.after;
    }
    push_decoded(rest, &mut text);
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// Appends text with its character references replaced.
fn push_decoded(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some((before, reference)) = rest.split_once('&') {
        out.push_str(before);
        let found = reference.split_once(';');
        rest = match found.and_then(|(name, after)| Some((character(name)?, after))) {
            Some((character, after)) => {
                out.push_str(&character);
                after
            }
            None => {
                out.push('&');
                reference
            }
        };
    }
    out.push_str(rest);
}

/// Returns the character with a name or a number.
fn character(name: &str) -> Option<String> {
    if !name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
    {
        return None;
    }
    // Markdown has the character references of HTML.
    let reference = format!("&{name};");
    match Parser::new(&reference).nth(1) {
        Some(Event::Text(text)) if *text != *reference => Some(text.into_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_a_page_are_those_of_its_elements() {
        let html = "<p id=\"a\">id=x <!-- <b id=b> --><i title=\"id='c'\" ID = 'd'><b id=e/><u hidden id=f>\
                    <script>\"<s id=g>\"</script><br/><a href='#h'>";
        let found: Vec<String> = ids(html).into_iter().collect();
        assert_eq!(found, ["a", "d", "e", "f"]);
    }

    #[test]
    fn plain_text_is_what_a_reader_sees() {
        let cases = [
            (
                "a <em title=\"b\">c</em>\n&amp;lt; &lt;d&gt; &quot;e&#39;",
                "a c &lt; <d> \"e'",
            ),
            ("<abbr title=\"a > b\">CPU</abbr> at 100 %", "CPU at 100 %"),
            ("<a x='>' y = \">\" z=\"'>\">b</a>", "b"),
            ("<a x\">b</a>", "b"),
            (
                "a < b & c <3 &mdash; &nope; &a b;",
                "a < b & c <3 — &nope; &a b;",
            ),
            ("a<!-- <b> > -->b<?c?>d<script>\"<e>\"</script>f", "abdf"),
            ("never closed <a b=\"", "never closed <a b=\""),
        ];
        for (html, expected) in cases {
            assert_eq!(plain_text(html), expected);
        }
    }
}
