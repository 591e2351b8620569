//! The text of an entry: plain words, with actor and links taken from its end.

use pulldown_cmark::{Event, Parser, Tag};

use super::super::super::block::DIALECT;
use super::super::super::words::{bracket, link, unbroken, unescaped};

/// Takes actor and links from the end of an entry's text.
pub(super) fn parts(text: &str) -> (String, Option<String>, Vec<(String, String)>) {
    let text = unbroken(text).trim();
    if let (before, Some(inner)) = bracket(text)
        && inner.contains("](")
    {
        let (actor, links) = trailing_links(inner);
        if !links.is_empty() {
            let actor = unescaped(actor);
            return (
                plain(before).0,
                Some(actor).filter(|actor| !actor.is_empty()),
                links,
            );
        }
    }
    let (text, links) = plain(text);
    (text, None, links)
}

fn is_url(text: &str) -> bool {
    crate::kind::Url::new(text).is_ok()
}

/// Takes links from the end of words, and gives what stands before them.
fn trailing_links(words: &str) -> (&str, Vec<(String, String)>) {
    let mut rest = words;
    let mut links = Vec::new();
    loop {
        let start = rest
            .rfind(", [")
            .map(|at| (at, at + 2))
            .or_else(|| rest.starts_with('[').then_some((0, 0)));
        let found = start.and_then(|(end, at)| {
            Some((end, link(rest.get(at..)?).filter(|(_, url)| is_url(url))?))
        });
        let Some((end, found)) = found else { break };
        links.insert(0, found);
        rest = rest.get(..end).unwrap_or_default();
    }
    (rest, links)
}

/// Gives the words of inline Markdown as plain text with its code, and the links in it.
pub(super) fn plain(text: &str) -> (String, Vec<(String, String)>) {
    let mut words = String::new();
    let mut links: Vec<(String, String)> = Vec::new();
    let mut open: Option<(String, usize)> = None;
    let mut marked = false;
    let placed = format!("x {text}");
    for event in Parser::new_ext(&placed, DIALECT) {
        match event {
            Event::Text(text) => words.push_str(&text),
            Event::Code(code) => words.extend(["`", &code, "`"]),
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            Event::Start(Tag::Paragraph) | Event::End(_) if open.is_none() => {}
            Event::Start(Tag::Link { dest_url, .. }) => {
                marked = true;
                open = Some((dest_url.into_string(), words.len()));
            }
            Event::End(pulldown_cmark::TagEnd::Link) => {
                if let Some((url, from)) = open.take().filter(|(url, _)| is_url(url)) {
                    links.push((words.get(from..).unwrap_or_default().to_owned(), url));
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => words.push_str(&html),
            Event::Start(_) => marked = true,
            _ => {}
        }
    }
    if !marked {
        return (unescaped(text.trim()), Vec::new());
    }
    let words = words.strip_prefix("x ").unwrap_or(&words);
    (words.trim().to_owned(), links)
}
